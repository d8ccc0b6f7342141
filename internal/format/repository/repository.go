// Package repository reads touchstone.repository/v1, our own format for what a forge
// and a source tree say about themselves: rules for changes, settings, and files by
// what they are for. There is no common format for that, so this one is small enough
// for anybody's script to write (docs/formats.md, docs/schemas/repository.schema.json).
//
// It is strict, since a misspelt setting would otherwise be a setting that nobody
// knows: a member that is not known, and a value that is not what belongs there, is a
// fault with its JSON pointer and says nothing. What is not there, or null, says
// nothing either; that is not the same as false.
//
// It does not read what forges export themselves, and fetches nothing.
package repository

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// Schema names the version that is read, in the member schema.
const Schema = "touchstone.repository/v1"

const (
	largest  = 16 << 20 // bytes
	mostList = 20_000   // entries of one list
	longest  = 1000     // bytes of one text
)

// Detect reports whether a document that begins with head means to be in this
// format, of any version.
func Detect(head []byte) bool {
	return slices.ContainsFunc(jsonstream.Fields(head), func(f jsonstream.Field) bool {
		return f.Name == "schema" && strings.HasPrefix(f.Text, "touchstone.repository/")
	})
}

// Parse reads a document. The error is a fault.
func Parse(r io.Reader, l budget.Limits) (*fact.Repository, []fact.Fault, error) {
	l = l.OrDefaults()
	l.Bytes = min(l.Bytes, largest)
	p := &parser{in: jsonstream.New(r, l), limits: l}
	schema := ""
	ok, err := p.in.Object(func(name string) error {
		if name == "schema" {
			s, _, err := p.in.Text()
			schema = s
			return err
		}
		return p.member(name)
	})
	if err == nil {
		err = p.in.Close()
	}
	switch {
	case err != nil:
		return nil, nil, err
	case !ok || schema == "":
		return nil, nil, fault.Newf(fault.Unsupported, `The document is not in the format %s: it has no "schema" that says so.`, Schema)
	case schema != Schema:
		return nil, nil, fault.Newf(fault.Unsupported, "The document has the schema %s. Touchstone reads %s.", quote(schema), Schema)
	}
	// Facts without a source or a day would count for any repository and for ever.
	var missing fault.Problems
	if p.out.Repository == "" {
		missing.Add("/repository", "The document does not say which repository it is about")
	}
	if p.out.CollectedAt == 0 {
		missing.Add("/collected_at", "The document does not say when it was collected, as a time such as 2026-01-31T09:30:00Z")
	}
	if err := missing.Err(); err != nil {
		return nil, nil, err
	}
	p.compare()
	return &p.out, p.faults, nil
}

type parser struct {
	in     *jsonstream.Reader
	limits budget.Limits
	out    fact.Repository
	faults []fact.Fault
}

func (p *parser) member(name string) error {
	o := &p.out
	switch name {
	case "repository":
		return p.text(&o.Repository)
	case "commit":
		return p.text(&o.Commit)
	case "default_branch":
		return p.text(&o.DefaultBranch)
	case "collected_at":
		return p.instant(&o.CollectedAt)
	case "collector":
		return p.text(&o.Collector)
	case "files":
		return p.files()
	case "manifests":
		return p.paths(&o.Manifests)
	case "lockfiles":
		return p.paths(&o.Lockfiles)
	case "binaries":
		return p.paths(&o.Binaries)
	case "languages":
		return p.languages()
	case "files_listed":
		var listed *bool
		err := p.truth(&listed)
		o.FilesListed = listed != nil && *listed
		return err
	}
	if into := p.number(name); into != nil {
		return p.count(into)
	}
	if into := p.setting(name); into != nil {
		return p.truth(into)
	}
	err := p.in.Skip(nil)
	p.fault("unknown", "/"+escape(name), "The member %s is not part of %s. Check how it is spelt.", quote(name), Schema)
	return err
}

// number finds the field of a member that is a number.
func (p *parser) number(name string) **int {
	return map[string]**int{
		"reviews_required": &p.out.ReviewsRequired,
		"secrets_found":    &p.out.SecretsInRepository,
		"merged_90_days":   &p.out.Merged,
		"reviewed_90_days": &p.out.Reviewed,
	}[name]
}

// setting finds the field of a member that is true or false.
func (p *parser) setting(name string) **bool {
	return map[string]**bool{
		"code_owners_required":     &p.out.CodeOwnersRequired,
		"checks_required":          &p.out.ChecksRequired,
		"force_push_blocked":       &p.out.ForcePushBlocked,
		"deletion_blocked":         &p.out.DeletionBlocked,
		"admins_bound":             &p.out.AdminsBound,
		"signed_commits_required":  &p.out.SignedCommits,
		"mfa_required":             &p.out.MFARequired,
		"secret_scanning":          &p.out.SecretScanning,
		"push_protection":          &p.out.PushProtection,
		"private_reporting":        &p.out.PrivateReporting,
		"dependency_updates":       &p.out.DependencyUpdates,
		"workflow_token_read_only": &p.out.WorkflowTokenRead,
		"actions_pinned":           &p.out.ActionsPinned,
	}[name]
}

// compare looks at values that must fit each other.
func (p *parser) compare() {
	if o := &p.out; o.Merged != nil && o.Reviewed != nil && *o.Reviewed > *o.Merged {
		p.fault("reviewed", "/reviewed_90_days", "%d changes were reviewed of %d that were merged. Neither number counts.", *o.Reviewed, *o.Merged)
		o.Merged, o.Reviewed = nil, nil
	}
}

func (p *parser) files() error {
	n := 0
	return p.object(func(name string) error {
		var at string
		if err := p.path(&at); err != nil {
			return err
		}
		if n++; n > mostList {
			return p.limits.TooMany("entries in one list")
		}
		switch role := fact.FileRole(name); {
		case !slices.Contains(roles, role):
			p.fault("role", p.in.Pointer(), "%s is not a role of a file.", quote(name))
		case at != "":
			if p.out.Files == nil {
				p.out.Files = map[fact.FileRole]string{}
			}
			p.out.Files[role] = at
		}
		return nil
	})
}

var roles = []fact.FileRole{fact.FileReadme, fact.FileLicence, fact.FileSecurity, fact.FileContributing, fact.FileCodeOwners, fact.FileChangelog,
	fact.FileGovernance, fact.FileSupport, fact.FileThreatModel, fact.FileArchitecture, fact.FileSecurityTxt, fact.FileBuild, fact.FileCI,
	fact.FileDependencyBot, fact.FileFuzz, fact.FileLoosening, fact.FileMemoryRoadmap, fact.FileConfigTemplate}

func (p *parser) paths(into *[]string) error {
	null := p.in.Kind() == 'n'
	ok, err := p.in.Array(func() error {
		var at string
		if err := p.path(&at); err != nil {
			return err
		}
		if at != "" {
			*into = append(*into, at)
		}
		if len(*into) > mostList {
			return fault.Newf(fault.TooLarge, "The list at %s has more than %d entries.", p.in.Pointer(), mostList)
		}
		return nil
	})
	if err == nil && !ok && !null {
		p.fault("type", p.in.Pointer(), "A list of paths belongs here.")
	}
	return err
}

func (p *parser) languages() error {
	return p.object(func(name string) error {
		var n *int
		if err := p.count(&n); err != nil {
			return err
		}
		if n != nil && len(name) <= longest && len(p.out.Languages) < mostList {
			if p.out.Languages == nil {
				p.out.Languages = map[string]int64{}
			}
			p.out.Languages[name] = int64(*n)
		}
		return nil
	})
}

// path reads the path of a file inside the tree.
func (p *parser) path(into *string) error {
	var s string
	if err := p.text(&s); err != nil || s == "" {
		return err
	}
	if path.IsAbs(s) || strings.ContainsAny(s, "\\\x00") || s != path.Clean(s) || s == ".." || strings.HasPrefix(s, "../") {
		p.fault("path", p.in.Pointer(), "%s is not a path inside the tree, such as docs/threat-model.md.", quote(s))
		return nil
	}
	*into = s
	return nil
}

func (p *parser) object(visit func(string) error) error {
	null := p.in.Kind() == 'n'
	ok, err := p.in.Object(visit)
	if err == nil && !ok && !null {
		p.fault("type", p.in.Pointer(), "An object belongs here.")
	}
	return err
}

func (p *parser) text(into *string) error {
	null := p.in.Kind() == 'n'
	s, ok, err := p.in.Text()
	switch {
	case err != nil || null:
		return err
	case !ok:
		p.fault("type", p.in.Pointer(), "A text belongs here.")
	case len(s) > longest:
		return fault.Newf(fault.TooLarge, "The text at %s is longer than %d bytes.", p.in.Pointer(), longest)
	default:
		*into = s
	}
	return nil
}

func (p *parser) instant(into *int64) error {
	var s string
	if err := p.text(&s); err != nil || s == "" {
		return err
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		p.fault("time", p.in.Pointer(), "%s is not a time such as 2026-01-31T09:30:00Z.", quote(s))
		return nil
	}
	*into = t.UnixMicro()
	return nil
}

// count reads a number of things.
func (p *parser) count(into **int) error {
	kind := p.in.Kind()
	s, _, err := p.in.Text()
	if err != nil || kind == 'n' {
		return err
	}
	n, bad := strconv.Atoi(s)
	if kind != '0' || bad != nil || n < 0 {
		p.fault("type", p.in.Pointer(), "A whole number from 0 up belongs here.")
		return nil
	}
	*into = &n
	return nil
}

func (p *parser) truth(into **bool) error {
	kind := p.in.Kind()
	if err := p.in.Skip(nil); err != nil || kind == 'n' {
		return err
	}
	if kind != 't' && kind != 'f' {
		p.fault("type", p.in.Pointer(), "True or false belongs here.")
		return nil
	}
	yes := kind == 't'
	*into = &yes
	return nil
}

const mostFaults = 1000

func (p *parser) fault(rule, pointer, format string, args ...any) {
	switch {
	case len(p.faults) < mostFaults:
		p.faults = append(p.faults, fact.Fault{Pointer: pointer, Rule: rule, Detail: fmt.Sprintf(format, args...)})
	case len(p.faults) == mostFaults:
		p.faults = append(p.faults, fact.Fault{Rule: "more-faults", Detail: "There are more faults, which are not listed."})
	}
}

// escape writes a name as a part of a JSON pointer.
func escape(name string) string {
	if len(name) > 80 {
		name = strings.ToValidUTF8(name[:80], "")
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// quote shortens what a document says for the text of a fault.
func quote(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:79]) + "…"
	}
	return strconv.Quote(s)
}
