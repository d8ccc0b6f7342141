// Package artifacts reads the list of the files of a release with their SHA-256:
// touchstone.artifacts/v1, our own format (docs/formats.md,
// docs/schemas/artifacts.schema.json), and the listing that sha256sum prints, in the
// GNU and the BSD style.
//
// The list says what provenance must speak of to count. An entry that cannot be read
// therefore refuses the whole list: a file that fell out of it would be a file for
// which nobody asks. A member of our format that is not known is a fault.
//
// It does not look at the files themselves.
package artifacts

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// Schema names the version that is read, in the member schema.
const Schema = "touchstone.artifacts/v1"

const (
	largest      = 64 << 20 // bytes
	mostFiles    = 100_000
	longest      = 1000 // bytes of a name
	mostProblems = 100
)

var bom = []byte("\xef\xbb\xbf")

// Detect reports whether a document that begins with head means to be a list of
// artifacts, of any version, or a listing of sha256sum.
func Detect(head []byte) bool {
	for _, f := range jsonstream.Fields(head) {
		if f.Name == "schema" && strings.HasPrefix(f.Text, "touchstone.artifacts/") {
			return true
		}
	}
	line, _, _ := bytes.Cut(bytes.TrimLeft(bytes.TrimPrefix(head, bom), "\r\n"), []byte("\n"))
	_, ok := listed(string(bytes.TrimRight(line, "\r")))
	return ok
}

// Parse reads a list in either form. The error is a fault.
func Parse(r io.Reader, l budget.Limits) (*fact.Artifacts, []fact.Fault, error) {
	l = l.OrDefaults()
	l.Bytes = min(l.Bytes, largest)
	in := bufio.NewReader(l.Reader(r))
	head, err := in.Peek(3)
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	if bytes.Equal(head, bom) {
		_, _ = in.Discard(3) // the three bytes have just been seen
	}
	p := &parser{limits: l, digests: map[string]string{}}
	if isJSON(in) {
		err = p.json(jsonstream.New(in, l))
	} else {
		err = p.listing(in)
	}
	if err == nil {
		err = p.problems.Err()
	}
	if err != nil {
		return nil, nil, err
	}
	if len(p.out.Files) == 0 {
		return nil, nil, fault.New(fault.Invalid, "The list names no file, so there is nothing that provenance could speak of.")
	}
	return &p.out, p.faults, nil
}

// isJSON looks at the first byte that is not blank; digests are never one of these.
func isJSON(in *bufio.Reader) bool {
	for {
		b, err := in.Peek(1)
		if err != nil || !bytes.ContainsAny(b, " \t\r\n") {
			return err == nil && bytes.ContainsAny(b, `{["`)
		}
		_, _ = in.Discard(1) // the byte has just been seen
	}
}

type parser struct {
	limits   budget.Limits
	in       *jsonstream.Reader
	out      fact.Artifacts
	digests  map[string]string // by name
	faults   []fact.Fault
	problems fault.Problems
}

func (p *parser) json(in *jsonstream.Reader) error {
	p.in = in
	schema, files := "", false
	ok, err := in.Object(func(name string) error {
		switch name {
		case "schema":
			s, _, err := in.Text()
			schema = s
			return err
		case "files":
			var err error
			files, err = in.Array(p.file)
			return err
		}
		err := in.Skip(nil)
		p.unknown(in.Pointer(), name)
		return err
	})
	if err == nil {
		err = in.Close()
	}
	switch {
	case err != nil:
		return err
	case !ok || schema == "":
		return fault.Newf(fault.Unsupported, `The document is not in the format %s: it has no "schema" that says so.`, Schema)
	case schema != Schema:
		return fault.Newf(fault.Unsupported, "The document has the schema %s. Touchstone reads %s.", quote(schema), Schema)
	case !files:
		return fault.New(fault.Invalid, "The document has no list of files (/files).")
	}
	return nil
}

func (p *parser) file() error {
	var name, digest, size string
	ok, err := p.in.Object(func(member string) error {
		kind := p.in.Kind()
		switch member {
		case "name", "sha256":
			s, ok, err := p.in.Text()
			switch {
			case ok && member == "name":
				name = s
			case ok:
				digest = s
			}
			return err
		case "size":
			s, _, err := p.in.Text()
			if kind != 'n' {
				size = s
			}
			if kind != 'n' && kind != '0' {
				size = "no number"
			}
			return err
		}
		err := p.in.Skip(nil)
		p.unknown(p.in.Pointer(), member)
		return err
	})
	if err != nil {
		return err
	}
	at := p.in.Pointer()
	if !ok {
		p.problem(at, "The entry is not an object with name and sha256")
		return nil
	}
	f := fact.Artifact{Name: name, SHA256: strings.ToLower(digest)}
	if size != "" {
		n, err := strconv.ParseInt(size, 10, 64)
		if err != nil || n < 0 {
			p.problem(at+"/size", "The size is not a whole number from 0 up")
		}
		f.Size = n
	}
	return p.add(at, at+"/name", at+"/sha256", f)
}

func (p *parser) unknown(at, name string) {
	if len(p.faults) < mostProblems {
		p.faults = append(p.faults, fact.Fault{Pointer: at, Rule: "unknown", Detail: fmt.Sprintf("The member %s is not part of %s. Check how it is spelt.", quote(name), Schema)})
	}
}

// A line of sha256sum. GNU puts "\" in front when the name holds an escape.
var (
	gnu = regexp.MustCompile(`^(\\?)([0-9A-Fa-f]{64}) [ *](.+)$`)
	bsd = regexp.MustCompile(`^(\\?)SHA256 \((.+)\) = ([0-9A-Fa-f]{64})$`)
)

func listed(line string) (fact.Artifact, bool) {
	escaped, digest, name := "", "", ""
	if m := gnu.FindStringSubmatch(line); m != nil {
		escaped, digest, name = m[1], m[2], m[3]
	} else if m := bsd.FindStringSubmatch(line); m != nil {
		escaped, name, digest = m[1], m[2], m[3]
	} else {
		return fact.Artifact{}, false
	}
	if escaped != "" {
		name = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r").Replace(name)
	}
	return fact.Artifact{Name: name, SHA256: strings.ToLower(digest)}, true
}

func (p *parser) listing(in io.Reader) error {
	s := bufio.NewScanner(in)
	s.Buffer(nil, 8*longest)
	for n := 1; len(p.problems) < mostProblems && s.Scan(); n++ {
		line := strings.TrimSuffix(s.Text(), "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		at := fmt.Sprintf("line %d", n)
		f, ok := listed(line)
		if !ok {
			p.problem(at, "The line is not as sha256sum prints it: 64 hexadecimal digits, two blanks, a name")
			continue
		}
		if err := p.add(at, at, at, f); err != nil {
			return err
		}
	}
	if err := s.Err(); err == bufio.ErrTooLong {
		return fault.Newf(fault.TooLarge, "A line of the listing is longer than %d bytes.", 8*longest)
	} else if err != nil {
		return err
	}
	return nil
}

var digest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// add takes one file, or says why it cannot.
func (p *parser) add(at, atName, atDigest string, f fact.Artifact) error {
	if len(p.out.Files) >= min(mostFiles, p.limits.Items) {
		return fault.Newf(fault.TooLarge, "The list has more than %d files.", min(mostFiles, p.limits.Items))
	}
	good := true
	bad := func(at, text string) { good = false; p.problem(at, text) }
	switch {
	case f.Name == "":
		bad(atName, "The file has no name")
	case len(f.Name) > longest:
		bad(atName, fmt.Sprintf("The name is longer than %d bytes", longest))
	case !utf8.ValidString(f.Name) || strings.ContainsFunc(f.Name, unicode.IsControl):
		bad(atName, "The name holds characters that are no text")
	}
	if !digest.MatchString(f.SHA256) {
		bad(atDigest, "A SHA-256 has 64 hexadecimal digits")
	}
	if !good {
		return nil
	}
	if before, twice := p.digests[f.Name]; twice {
		if before != f.SHA256 {
			p.problem(at, "The file "+quote(f.Name)+" is there twice with different digests")
		} else if len(p.faults) < mostProblems {
			p.faults = append(p.faults, p.twice(at, f.Name))
		}
		return nil
	}
	p.digests[f.Name] = f.SHA256
	p.out.Files = append(p.out.Files, f)
	return nil
}

func (p *parser) twice(at, name string) fact.Fault {
	f := fact.Fault{Rule: "twice", Detail: "The file " + quote(name) + " is there twice with the same digest."}
	if n, ok := strings.CutPrefix(at, "line "); ok {
		f.Line, _ = strconv.Atoi(n) // at was made from a number
	} else {
		f.Pointer = at
	}
	return f
}

// problem records why the list cannot be taken; the first hundred will do.
func (p *parser) problem(at, text string) {
	if len(p.problems) < mostProblems && !slices.Contains(p.problems, fault.Problem{Pointer: at, Detail: text}) {
		p.problems.Add(at, "%s", text)
	}
}

// quote shortens what a document says for the text of a fault.
func quote(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:79]) + "…"
	}
	return strconv.Quote(s)
}
