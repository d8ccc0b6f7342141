package feed

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Source is one archive, or one directory of loose records.
type Source struct {
	Ecosystem string
	Path      string
	loose     []string // files, by name, when it is not an archive
}

// archiveName is what the public bulk layout calls every archive.
const archiveName = "all.zip"

// Sources finds what there is to read under a path: a directory in the bulk
// layout, an archive, a directory of records, or one record. They are in the order
// of their ecosystems' names.
func Sources(path string) ([]Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, cannotOpen(path, err)
	}
	if !info.IsDir() {
		if isRecord(path) {
			return []Source{{Ecosystem: ecosystemOf(path), Path: path, loose: []string{path}}}, nil
		}
		return []Source{{Ecosystem: ecosystemOf(path), Path: path}}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, cannotOpen(path, err)
	}
	found, err := sourceIn(path)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		sub := filepath.Join(path, e.Name())
		if info, err := os.Stat(sub); err != nil || !info.IsDir() {
			continue
		}
		more, err := sourceIn(sub)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	if len(found) == 0 {
		return nil, fault.Newf(fault.Invalid, "There are no advisories in %s. A directory of advisories has one directory for each ecosystem, each with a file all.zip; or give one archive, or a directory of OSV records.", path)
	}
	slices.SortStableFunc(found, func(a, b Source) int { return strings.Compare(a.Ecosystem, b.Ecosystem) })
	return found, nil
}

// sourceIn is the archive of a directory, its loose records, or both.
func sourceIn(dir string) ([]Source, error) {
	var out []Source
	archive := filepath.Join(dir, archiveName)
	switch info, err := os.Stat(archive); {
	case err == nil && info.Mode().IsRegular():
		out = append(out, Source{Ecosystem: ecosystemOf(archive), Path: archive})
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, cannotOpen(archive, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, cannotOpen(dir, err)
	}
	var loose []string
	for _, e := range entries {
		if e.Type().IsRegular() && isRecord(e.Name()) {
			loose = append(loose, filepath.Join(dir, e.Name()))
		}
	}
	if len(loose) > 0 {
		out = append(out, Source{Ecosystem: filepath.Base(dir), Path: dir, loose: loose})
	}
	return out, nil
}

// isRecord says whether a file is a record by its name. The catalogue of exploited
// vulnerabilities lies beside the archives and is none.
func isRecord(name string) bool {
	base := strings.ToLower(filepath.Base(name))
	return strings.HasSuffix(base, ".json") && !isCatalogue(base) && !strings.HasPrefix(base, ".")
}

// ecosystemOf is the directory's name for all.zip, else the file's without its ending.
func ecosystemOf(path string) string {
	base := filepath.Base(path)
	if base != archiveName {
		return strings.TrimSuffix(base, filepath.Ext(base))
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return filepath.Base(filepath.Dir(path))
}

func cannotOpen(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Newf(fault.NotFound, "There is no file or directory %s.", path).Because(err)
	}
	return fault.Newf(fault.Invalid, "%s cannot be read.", path).Because(err)
}
