// Package scan analyses documents about software against advisories, offline: it
// reads bills of materials, looks every component up, lets the VEX statements that
// were given decide where they may, and says of every component what is known. It
// is what `touchstone scan` runs, with no server, no database and no network.
//
// Run is the engine and knows no output format. Each format is a Writer in a file
// of its own (writer.go lists them); a new one touches nothing else. How ranges are
// evaluated is in internal/match, how advisories are read in internal/feed, how
// documents are read in internal/format.
//
// It never turns doubt into a clean answer: what could not be read, compared or
// looked up is in the result with its reason.
package scan

import (
	"context"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// Source is a document that is to be read once.
type Source struct {
	Path string // as the person named it; “-” is standard input
	Open func() (io.ReadCloser, error)
}

// Options say what to scan.
type Options struct {
	Documents  []Source // bills of materials, and VEX documents about them
	Advisories string   // a directory in the bulk layout of osv.dev, an archive, or records
	Cache      string   // directory of compiled advisories; empty keeps nothing
	MaxFeedAge int64    // microseconds; 0 = however old
	Now        int64    // microseconds since 1970 UTC
	// Read reads a document of whatever format; nil is format.Parse.
	Read func(ctx context.Context, name string, r io.Reader) (*format.Parsed, error)
	// Say is told what is being done; it may be nil.
	Say func(what string)
}

func (o *Options) say(what string) {
	if o.Say != nil {
		o.Say(what)
	}
}

// keyVersion goes up whenever keyOf gives other keys for the same package, so that
// no compiled advisories are asked by keys they do not have (TestKeysOfCompiledAdvisories).
const keyVersion = "package 1"

// keyOf is the key under which compiled advisories are found: the ecosystem without
// its release, and the name in the form in which it is matched.
func keyOf(ecosystem, name string) string {
	base, _ := purl.Split(ecosystem)
	return base + "\x00" + purl.Key(base, name)
}

// Run scans. A document that cannot be read is in the result as refused; Run itself
// fails only where nothing can be said at all: no advisories, or interrupted.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Read == nil {
		o.Read = func(ctx context.Context, name string, r io.Reader) (*format.Parsed, error) {
			return format.Parse(ctx, name, r, format.Options{Now: o.Now})
		}
	}
	k, err := openKnown(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer k.set.Close()
	docs, err := readAll(ctx, &o)
	if err != nil {
		return nil, err
	}
	o.say("Comparing versions")
	said := statements(docs)
	if err := k.assess(ctx, docs, said); err != nil {
		return nil, err
	}
	r := &Result{At: o.Now, MaxFeedAge: o.MaxFeedAge, Feeds: k.feeds, Catalogues: k.catalogues, Warnings: k.set.Warnings(), Used: k.used, Missing: k.missing}
	for _, d := range docs {
		d.Applied = said.applied(d.Path)
		r.Documents = append(r.Documents, d.Document)
	}
	return r, ctx.Err()
}
