// Package osv reads records of the Open Source Vulnerability format (OSV schema
// 1.7, ossf.github.io/osv-schema) into advisories.
//
// A record that breaks the schema in a way that matters to what it affects is
// refused, with every place that is wrong; what does not matter (unknown members,
// members of other schema versions, dates that nobody filled in) is passed over.
// It does not say which versions are affected (internal/match) and does not read
// archives (internal/feed).
package osv

import (
	"bytes"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// Detect says whether the beginning of a document looks like an OSV record.
func Detect(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom), " \t\r\n")
	return bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte(`"id"`)) &&
		(bytes.Contains(head, []byte(`"modified"`)) || bytes.Contains(head, []byte(`"affected"`))) &&
		!bytes.Contains(head, []byte(`"bomFormat"`)) && !bytes.Contains(head, []byte(`"dataType"`))
}

// Parse reads one record. The error is a fault: Invalid with a JSON pointer for
// each place that is wrong, or TooLarge.
func Parse(r io.Reader, l budget.Limits) (advisory.Advisory, error) {
	b, err := io.ReadAll(l.Reader(r))
	if err != nil {
		return advisory.Advisory{}, fmt.Errorf("read an OSV record: %w", err)
	}
	return NewReader(l).Read(b)
}

// Reader reads many records with the same buffers. It is not for concurrent use.
type Reader struct {
	limits  budget.Limits
	brief   bool
	dec     *jsontext.Decoder
	buf     bytes.Buffer
	scratch []byte
	scores  map[[2]string]float64 // of vectors seen before; most records share a few
	items   int
	faults  fault.Problems
	err     error // what ended the walk early
}

// NewReader returns a reader of records within the limits.
func NewReader(l budget.Limits) *Reader {
	return &Reader{limits: l.OrDefaults(), dec: jsontext.NewDecoder(&bytes.Buffer{}), scores: map[[2]string]float64{}}
}

// Brief makes the reader leave out details and references, which are most of a
// record and say nothing about what is affected. They are still checked.
func (r *Reader) Brief() *Reader {
	r.brief = true
	return r
}

var bom = []byte("\xef\xbb\xbf")

// Read reads the record that is the whole of b. The advisory keeps nothing of b.
func (r *Reader) Read(b []byte) (advisory.Advisory, error) {
	var a advisory.Advisory
	if int64(len(b)) > r.limits.Bytes {
		_, err := io.ReadAll(r.limits.Reader(bytes.NewReader(b)))
		return a, err
	}
	r.buf = *bytes.NewBuffer(bytes.TrimPrefix(b, bom))
	r.dec.Reset(&r.buf)
	r.items, r.faults, r.err = 0, nil, nil
	r.record(&a)
	if r.err != nil {
		return advisory.Advisory{}, r.err
	}
	if _, err := r.dec.ReadToken(); err != io.EOF {
		r.faults.Add("", "There is something after the end of the record.")
	}
	if err := r.faults.Err(); err != nil {
		return advisory.Advisory{}, err
	}
	return a, nil
}

func (r *Reader) record(a *advisory.Advisory) {
	if !r.object(func(name string) {
		switch name {
		case "id":
			a.ID = r.text()
		case "modified":
			a.Modified = r.moment(false)
		case "published":
			a.Published = r.moment(false)
		case "withdrawn":
			a.Withdrawn = r.moment(true)
		case "aliases":
			a.Aliases = r.texts()
		case "upstream":
			a.Upstream = r.texts()
		case "related":
			a.Related = r.texts()
		case "summary":
			a.Summary = r.text()
		case "details":
			if r.brief {
				r.quiet()
			} else {
				a.Details = r.text()
			}
		case "severity":
			a.Severities = r.severities()
		case "affected":
			r.array(func() { a.Affected = append(a.Affected, r.affected()) })
		case "references":
			r.array(func() { a.References = r.reference(a.References) })
		case "database_specific":
			a.CWEs = r.weaknesses()
		default:
			r.skip()
		}
	}) {
		return
	}
	if a.ID == "" {
		r.faults.Add("/id", "The record has no id.")
	}
}

// weaknesses are the CWE identifiers that GitHub's database puts in its own part
// of the record. Whatever else is there is its maker's business and not checked.
func (r *Reader) weaknesses() []string {
	var out []string
	if r.dec.PeekKind() != '{' {
		r.skip()
		return nil
	}
	r.object(func(name string) {
		if name != "cwe_ids" || r.dec.PeekKind() != '[' {
			r.skip()
			return
		}
		r.array(func() {
			if r.dec.PeekKind() != '"' {
				r.skip()
				return
			}
			out = append(out, r.text())
		})
	})
	return out
}

func (r *Reader) reference(list []string) []string {
	r.object(func(name string) {
		switch {
		case name != "url":
			r.skip()
		case r.brief:
			r.quiet()
		default:
			if url := r.text(); url != "" {
				list = append(list, url)
			}
		}
	})
	return list
}
