// Package feed reads archives of public advisories (the bulk layout of osv.dev:
// DIR/<Ecosystem>/all.zip), says what each of them is worth (records, age, digest,
// what could not be understood), and hands advisories out by package.
//
// What matching needs is compiled into a compact form that may be kept on disk, so
// that a second run reads only the advisories of packages that occur. The form is
// bound to the digest of the archive it was made from.
//
// It does not compare versions or decide what is affected (internal/match), and
// does not know how names are made comparable: its caller says so (Options.Key).
package feed

import (
	"runtime"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// Limits bound what an archive may cost. The zero value of a field means its
// default. An archive beyond Archive, Entries or Total is refused; an entry beyond
// Entry or Ratio is put into quarantine.
type Limits struct {
	Archive int64         // bytes of an archive
	Entries int           // entries of an archive, or loose files of a directory
	Total   int64         // bytes of all entries unpacked
	Entry   int64         // bytes of one entry unpacked
	Ratio   int64         // bytes unpacked for each byte packed
	Record  budget.Limits // of the record in an entry
}

func (l Limits) orDefaults() Limits {
	set(&l.Archive, 4<<30)
	set(&l.Entries, 2_000_000)
	set(&l.Total, 32<<30)
	set(&l.Entry, 32<<20)
	set(&l.Ratio, 300)
	l.Record.Bytes = l.Entry
	l.Record = l.Record.OrDefaults()
	return l
}

func set[T int | int64](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// Options say how to read.
type Options struct {
	// Key makes an ecosystem and a name, as an advisory writes them, into the key
	// under which Advisories will be asked. An advisory whose packages have only
	// empty keys is found by All alone.
	Key func(ecosystem, name string) string
	// KeyVersion changes whenever Key gives other keys: what was compiled with
	// another is not used.
	KeyVersion string
	// Cache is the directory of compiled archives; empty keeps nothing.
	Cache   string
	Workers int // that unpack and read at once; 0 = one for each processor
	Limits  Limits
}

func (o Options) orDefaults() Options {
	if o.Key == nil {
		o.Key = func(ecosystem, name string) string { return ecosystem + "\x00" + name }
		o.KeyVersion = "as written"
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	o.Limits = o.Limits.orDefaults()
	return o
}

// Info is what is known about one archive.
type Info struct {
	Ecosystem string // the name of its directory
	Path      string
	Records   int    // understood; those in quarantine are not among them
	AsOf      int64  // the file's time, microseconds since 1970 UTC; never a date inside records
	Digest    string // "sha256:" and hexadecimal digits, of the archive's bytes
	// Quarantined are the records that were not understood, by id.
	Quarantined []advisory.Quarantined
}
