package feed

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"crypto/sha256"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

const (
	cacheEnding = ".touchstone-feed"
	// mostCached is how many compiled archives a cache keeps: several times what one
	// run reads, so that those of replaced archives go in the end.
	mostCached = 256
)

// part is one source and its compiled form.
type part struct {
	source Source
	info   Info
	pack   *pack
	file   *os.File // of the cache; nil when the form is in memory
}

func (p *part) close() error {
	if p.file == nil {
		return nil
	}
	return p.file.Close()
}

// load opens the compiled form of a source from the cache, or makes it. A cache
// that cannot be read, or is not what was written there, is made anew; one that
// cannot be written is a warning and no more.
func load(ctx context.Context, s Source, o Options) (p *part, warning string, err error) {
	if o.Cache == "" {
		p, err = fresh(ctx, s, o)
		return p, "", err
	}
	in, err := identify(s, o.Limits)
	if err != nil {
		return nil, "", err
	}
	path := cachePath(o, in.Digest)
	if p, err := fromCache(s, in, path, o); err == nil {
		return p, "", nil
	} else if errors.Is(err, errDamaged) {
		warning = fmt.Sprintf("The compiled form of %s was damaged and has been made again.", s.Path)
	}
	info, compiled, err := compile(ctx, s, o)
	if err != nil {
		return nil, "", err
	}
	if err := writeCache(cachePath(o, info.Digest), compiled); err != nil {
		warning = fmt.Sprintf("The compiled form of %s could not be kept in %s, so the next run will be as slow.", s.Path, o.Cache)
	} else {
		prune(o.Cache)
	}
	p, err = inMemory(s, info, compiled, o)
	return p, warning, err
}

func fresh(ctx context.Context, s Source, o Options) (*part, error) {
	info, compiled, err := compile(ctx, s, o)
	if err != nil {
		return nil, err
	}
	return inMemory(s, info, compiled, o)
}

func inMemory(s Source, info Info, compiled []byte, o Options) (*part, error) {
	p, _, err := openPack(bytes.NewReader(compiled), int64(len(compiled)), info.Digest, o.KeyVersion)
	if err != nil {
		return nil, fmt.Errorf("open what was just compiled: %w", err)
	}
	return &part{source: s, info: info, pack: p}, nil
}

// identify gives what can be said of a source without reading its records.
func identify(s Source, l Limits) (Info, error) {
	if s.loose != nil {
		in, err := openLoose(s, l)
		if err != nil {
			return Info{}, err
		}
		return in.info, nil
	}
	in, err := openFile(s, l)
	if err != nil {
		return Info{}, err
	}
	return in.info, in.Close()
}

func cachePath(o Options, digest string) string {
	name := sha256.Sum256(identity(digest, o.KeyVersion))
	return filepath.Join(o.Cache, hex.EncodeToString(name[:16])+cacheEnding)
}

func fromCache(s Source, in Info, path string, o Options) (*part, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	stat, err := f.Stat()
	if err == nil {
		var quarantined []advisory.Quarantined
		p := &part{source: s, info: in, file: f}
		if p.pack, quarantined, err = openPack(f, stat.Size(), in.Digest, o.KeyVersion); err == nil {
			p.info.Records, p.info.Quarantined = p.pack.records(), quarantined
			return p, nil
		}
	}
	f.Close()
	return nil, err
}

// writeCache puts a file in its place whole, or not at all.
func writeCache(path string, b []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the cache: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return fmt.Errorf("write the cache: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = io.Copy(f, bytes.NewReader(b))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the cache: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write the cache: %w", err)
	}
	return nil
}

// prune removes the oldest compiled archives beyond mostCached. What cannot be
// looked at or removed stays: a full cache harms nobody.
func prune(dir string) {
	found, err := filepath.Glob(filepath.Join(dir, "*"+cacheEnding))
	if err != nil || len(found) <= mostCached {
		return
	}
	age := func(path string) int64 {
		if info, err := os.Stat(path); err == nil {
			return info.ModTime().UnixNano()
		}
		return 0
	}
	slices.SortFunc(found, func(a, b string) int { return int(min(max(age(a)-age(b), -1), 1)) })
	for _, path := range found[:len(found)-mostCached] {
		os.Remove(path)
	}
}
