package feed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Set is the archives under one path, ready to be asked. It may be used by several
// goroutines at once.
type Set struct {
	options  Options
	warnings []string

	mu    sync.RWMutex // guards what a part points to: a damaged one is replaced
	parts []*part
}

// Open reads or compiles every source under a path (see Sources). Advisories come
// without details and references; Walk gives those.
func Open(ctx context.Context, path string, o Options) (*Set, error) {
	sources, err := Sources(path)
	if err != nil {
		return nil, err
	}
	s := &Set{options: o.orDefaults()}
	for _, src := range sources {
		p, warning, err := load(ctx, src, s.options)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		if warning != "" {
			s.warnings = append(s.warnings, warning)
		}
		s.parts = append(s.parts, p)
	}
	return s, nil
}

// Close closes the files of the cache.
func (s *Set) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, p := range s.parts {
		errs = append(errs, p.close())
	}
	s.parts = nil
	return errors.Join(errs...)
}

// Feeds describes the archives, in the order of their ecosystems' names.
func (s *Set) Feeds() []Info {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Info, len(s.parts))
	for i, p := range s.parts {
		out[i] = p.info
	}
	return out
}

// Warnings are sentences about a cache that could not be used as meant.
func (s *Set) Warnings() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.warnings)
}

// Advisories gives the advisories that name a package of this key, withdrawn ones
// too, in the order of their ids. Of a record that several archives hold in
// different revisions the last modified one is given, and where that does not say,
// the one of the first archive that is newest.
func (s *Set) Advisories(ctx context.Context, key string) ([]advisory.Advisory, error) {
	return retry(ctx, s, func() ([]advisory.Advisory, error) {
		var out []advisory.Advisory
		for i, p := range s.parts {
			for _, n := range p.pack.keyed(key) {
				a, holds, err := s.revision(i, int(n))
				if err != nil {
					return nil, err
				}
				if holds {
					out = append(out, a)
				}
			}
		}
		slices.SortFunc(out, func(a, b advisory.Advisory) int { return strings.Compare(a.ID, b.ID) })
		return out, nil
	})
}

// All gives every advisory once, in the order of ids. It ends after an error.
func (s *Set) All(ctx context.Context) iter.Seq2[advisory.Advisory, error] {
	return func(yield func(advisory.Advisory, error) bool) {
		for at := range s.order() {
			a, err := retry(ctx, s, func() (found, error) {
				a, holds, err := s.revision(at.part, at.record)
				return found{a, holds}, err
			})
			if err != nil {
				yield(advisory.Advisory{}, err)
				return
			}
			if a.holds && !yield(a.advisory, nil) {
				return
			}
		}
	}
}

// Count is the number of advisories, each once however many archives hold it.
func (s *Set) Count() int {
	n, last := 0, ""
	for at := range s.order() {
		if at.id != last {
			n, last = n+1, at.id
		}
	}
	return n
}

type found struct {
	advisory advisory.Advisory
	holds    bool
}

// place is where a record lies.
type place struct {
	id           string
	part, record int
}

// order gives the place of every record of every part, by id.
func (s *Set) order() iter.Seq[place] {
	return func(yield func(place) bool) {
		s.mu.RLock()
		packs := make([]*pack, len(s.parts))
		for i, p := range s.parts {
			packs[i] = p.pack
		}
		s.mu.RUnlock()
		next := make([]int, len(packs))
		for {
			first := place{part: -1}
			for i, p := range packs {
				if next[i] < p.records() {
					if id := p.id(next[i]); first.part < 0 || id < first.id {
						first = place{id: id, part: i, record: next[i]}
					}
				}
			}
			if first.part < 0 || !yield(first) {
				return
			}
			next[first.part]++
		}
	}
}

// revision reads a record and says whether it is the one that holds: another
// archive may have a newer one under the same id.
func (s *Set) revision(part, n int) (advisory.Advisory, bool, error) {
	mine, err := s.parts[part].record(n)
	if err != nil {
		return mine, false, err
	}
	for i, p := range s.parts {
		if i == part {
			continue
		}
		m, found := p.pack.find(mine.ID)
		if !found {
			continue
		}
		other, err := p.record(m)
		if err != nil {
			return mine, false, err
		}
		if newer(other, p.info, mine, s.parts[part].info, i < part) {
			return mine, false, nil
		}
	}
	return mine, true, nil
}

// newer says whether the record a, of one archive, holds against b of another. The
// order of the archives decides between those that are alike in everything else.
func newer(a advisory.Advisory, from Info, b advisory.Advisory, against Info, first bool) bool {
	if a.Modified != b.Modified {
		return a.Modified > b.Modified
	}
	if from.AsOf != against.AsOf {
		return from.AsOf > against.AsOf
	}
	return first
}

// damage is the error of a part whose compiled form is not what was written.
type damage struct {
	part *part
	err  error
}

func (d *damage) Error() string { return d.err.Error() }
func (d *damage) Unwrap() error { return d.err }

func (p *part) record(n int) (advisory.Advisory, error) {
	a, err := p.pack.record(n)
	if errors.Is(err, errDamaged) {
		return a, &damage{p, err}
	}
	return a, err
}

// retry asks, and asks again after a part that turned out to be damaged was
// compiled anew, at most once for each part.
func retry[T any](ctx context.Context, s *Set, ask func() (T, error)) (T, error) {
	for tries := 0; ; tries++ {
		s.mu.RLock()
		out, err := ask()
		most := len(s.parts)
		s.mu.RUnlock()
		var d *damage
		if !errors.As(err, &d) || tries == most {
			return out, err
		}
		if err := s.repair(ctx, d.part); err != nil {
			return out, err
		}
	}
}

// repair compiles a part again. The archive must still be the one that was opened:
// records of two states would else be mixed in one answer.
func (s *Set) repair(ctx context.Context, bad *part) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.parts, bad)
	if i < 0 {
		return nil // somebody else was faster
	}
	good, err := fresh(ctx, bad.source, s.options)
	if err != nil {
		return err
	}
	if good.info.Digest != bad.info.Digest {
		return fault.Newf(fault.Conflict, "%s was replaced while it was in use, and its compiled form is damaged. Start again.", bad.source.Path)
	}
	s.warnings = append(s.warnings, fmt.Sprintf("The compiled form of %s was damaged and is made again.", bad.source.Path))
	s.parts[i] = good
	if bad.file != nil {
		name := bad.file.Name()
		return errors.Join(bad.close(), os.Remove(name))
	}
	return nil
}
