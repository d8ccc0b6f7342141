package feed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/epss"
	"github.com/touchstone-assurance/touchstone/internal/format/kev"
)

// Catalogues lie beside the archives of a directory, under these names. The first
// that is there is read.
var (
	kevNames  = []string{"kev.json", "kev.csv", "known_exploited_vulnerabilities.json", "known_exploited_vulnerabilities.csv"}
	epssNames = []string{"epss.csv", "epss.csv.gz"}
)

// largestCatalogue is many times what either catalogue has, unpacked.
const largestCatalogue = 256 << 20

func isCatalogue(base string) bool {
	return slices.Contains(kevNames, base) || slices.Contains(epssNames, base)
}

// KEV reads the catalogue of known exploited vulnerabilities of a directory. found
// is false when there is none. Info has no ecosystem; its quarantine is the
// catalogue's faults.
func KEV(dir string) (c advisory.Catalogue, info Info, found bool, err error) {
	info, found, err = catalogue(dir, kevNames, func(r io.Reader, l budget.Limits) (err error) {
		c, err = kev.Parse(r, l)
		return err
	})
	info.Records, info.Quarantined = len(c.Entries), quarantine(info.Path, c.Faults)
	return c, info, found, err
}

// EPSS reads the exploit predictions of a directory, packed or not. found is false
// when there are none.
func EPSS(dir string) (p advisory.Predictions, info Info, found bool, err error) {
	info, found, err = catalogue(dir, epssNames, func(r io.Reader, l budget.Limits) (err error) {
		p, err = epss.Parse(r, l)
		return err
	})
	info.Records, info.Quarantined = len(p.Rows), quarantine(info.Path, p.Faults)
	return p, info, found, err
}

// catalogue reads a file once, so that the digest is of what was understood.
func catalogue(dir string, names []string, parse func(io.Reader, budget.Limits) error) (Info, bool, error) {
	for _, name := range names {
		info := Info{Path: filepath.Join(dir, name)}
		f, err := os.Open(info.Path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return info, true, cannotOpen(info.Path, err)
		}
		defer f.Close()
		stat, err := f.Stat()
		if err != nil {
			return info, true, cannotOpen(info.Path, err)
		}
		b, err := io.ReadAll(budget.Limits{Bytes: largestCatalogue}.Reader(f))
		if err != nil {
			return info, true, fmt.Errorf("read %s: %w", info.Path, err)
		}
		sum := sha256.Sum256(b)
		info.AsOf, info.Digest = stat.ModTime().UnixMicro(), "sha256:"+hex.EncodeToString(sum[:])
		if err := parse(bytes.NewReader(b), budget.Limits{Bytes: largestCatalogue}); err != nil {
			return info, true, named(info.Path, err)
		}
		return info, true, nil
	}
	return Info{}, false, nil
}

// named puts the file's name in front of a fault: there are several in a directory.
func named(path string, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	c := *f
	c.Public = path + ": " + f.Public
	return &c
}

func quarantine(path string, faults []string) []advisory.Quarantined {
	var out []advisory.Quarantined
	for _, f := range faults {
		out = append(out, advisory.Quarantined{ID: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), Reason: f})
	}
	return out
}
