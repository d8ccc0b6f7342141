package intoto_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/intoto"
)

var update = flag.Bool("update", false, "write testdata/corpus.txt anew; read the difference before it is kept")

// address is an address of a person, which does not belong into the table.
var address = regexp.MustCompile(`[\w.]+@[\w.]+\.\w+`)

// npmKey is the public key that the npm registry signs publications with.
const npmKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==
-----END PUBLIC KEY-----
`

// TestCorpusEveryFileIsReadOrRefusedAsTheTableSays reads real attestations with the
// root of the public Sigstore, the key of the npm registry and every workflow of
// GitHub as trusted.
func TestCorpusEveryFileIsReadOrRefusedAsTheTableSays(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	folder = filepath.Join(folder, "attestation")
	root, err := os.ReadFile(filepath.Join(folder, "sigstore-go", "trusted-root-public-good.json"))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := intoto.NewTrust([]intoto.Key{{Name: "npm", PEM: npmKey}}, root,
		[]intoto.Identity{{Issuer: "https://token.actions.githubusercontent.com", Subject: "https://github.com/", Prefix: true}})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	files, counting := 0, 0
	err = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(folder, path)
		files++
		fmt.Fprintln(&got, filepath.ToSlash(rel))
		list, faults, err := intoto.Parse(bytes.NewReader(b), budget.Limits{}, trust, now)
		if err != nil {
			fmt.Fprintln(&got, "\trefused:", strings.ReplaceAll(err.Error(), "\n", " "))
		}
		for _, a := range list {
			says := address.ReplaceAllString(a.Problem, "somebody")
			if a.Counts {
				says = "counts"
				counting++
			}
			fmt.Fprintf(&got, "\t%s, %d subjects: %s\n", a.PredicateType, len(a.Subjects), says)
			if a.Counts && wrong(rel, a.PredicateType) {
				t.Errorf("%s was made wrong on purpose and counts", rel)
			}
		}
		for _, f := range faults {
			if err == nil {
				fmt.Fprintf(&got, "\tfault: %s %s\n", f.Rule, f.Detail)
			}
		}
		if err == nil && !intoto.Detect(b[:min(len(b), 4096)]) {
			t.Errorf("%s is not recognised", rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files != 80 {
		t.Errorf("%d files, want 80", files)
	}
	table := filepath.Join("testdata", "corpus.txt")
	if *update {
		if err := os.WriteFile(table, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Error(d)
	}
	t.Logf("%d attestations count", counting)
}

// wrong reports whether an attestation of a file was spoilt by those who made the
// file. In the lists of the registry it is one of two.
func wrong(file, predicate string) bool {
	switch {
	case strings.Contains(file, "invalidsigprov"):
		return strings.Contains(predicate, "slsa.dev")
	case strings.Contains(file, "invalidsigpub"):
		return strings.Contains(predicate, "publish")
	}
	for _, word := range []string{"mismatch", "empty", "invalid", "no-signature", "no-keyid", "2sigs"} {
		if strings.Contains(file, word) {
			return true
		}
	}
	return false
}

// TestCorpusOneChangedByteOfARealBundleNeverMakesSomethingElseCount changes every
// 41st byte.
func TestCorpusOneChangedByteOfARealBundleNeverMakesSomethingElseCount(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(folder, "attestation", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	trust, err := intoto.NewTrust(nil, read("sigstore-go/trusted-root-public-good.json"), []intoto.Identity{{Issuer: "https://token.actions.githubusercontent.com", Subject: "https://github.com/", Prefix: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sigstore-go/bundle-provenance.json", "slsa-verifier/gha_generic/v2.1.0/binary-linux-amd64-push-v14.intoto.jsonl"} {
		text := read(name)
		want := one(t, text, trust)
		if !want.Counts {
			t.Fatal(want.Problem)
		}
		for i := 0; i < len(text); i += 41 {
			changed := bytes.Clone(text)
			changed[i] ^= 1
			list, _, _ := parse(changed, trust)
			for _, a := range list {
				if d := same(want, a); a.Counts && d != "" {
					t.Errorf("%s, byte %d: %s", name, i, d)
				}
			}
		}
	}
}
