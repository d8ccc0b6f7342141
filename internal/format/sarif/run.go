package sarif

import (
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// run is what has been read of a run, until settle makes a scan of it.
type run struct {
	driver                 component
	extensions, taxonomies []component
	rules                  int // read so far, notifications too
	texts, references      int

	category             string
	revision, repository string
	endAt                int64
	failed               bool
	problem              string // the first thing that went wrong
	invocations          [][]override
	overrides            int
	troubles             []trouble // notifications that do not give their own level

	// indexes, made at the end of the run
	byPart, byTaxonomy map[string]int // of a name or a guid, in extensions and in taxonomies
	byID               map[string]*rule
	levels             []map[*rule]string // overrides of levels, by invocation

	listed bool // there is a list of results
	counts fact.Scan
	groups map[key]*group
	order  []*group // in the order of their first results
	kept   int
	each   int // how many results a group keeps
	paths  []string
}

// override is a configurationOverride (section 3.51) of one invocation.
type override struct {
	rule  reference
	on    *bool
	level string
}

// trouble is a notification whose level stands with its descriptor.
type trouble struct {
	descriptor reference
	text       string
}

func (p *parser) run() error {
	if len(p.scans) >= mostRuns {
		return p.limits.TooMany(fmt.Sprintf("runs: one log may have %d,", mostRuns))
	}
	r := &run{groups: map[key]*group{}, each: fact.MaxResults}
	tool, results := false, byte(0)
	err := p.object(func(name string) error {
		switch name {
		case "tool":
			tool = true
			return p.tool(r)
		case "results":
			results = p.in.Kind()
			r.listed = results == '['
			return p.array(func() error { return p.result(r) })
		case "invocations":
			return p.array(func() error { return p.invocation(r) })
		case "taxonomies":
			return p.array(func() error { return p.extra(r, &r.taxonomies) })
		case "artifacts":
			return p.array(func() error { return p.artifact(r) })
		case "versionControlProvenance":
			return p.array(func() error { return p.provenance(r) })
		case "automationDetails":
			return p.object(func(name string) error {
				if name == "id" {
					return p.name(&r.category)
				}
				return p.in.Skip(nil)
			})
		case "externalPropertyFileReferences":
			return p.elsewhere(r)
		}
		return p.in.Skip(nil)
	})
	if err != nil {
		return err
	}
	if !tool {
		p.fault("tool", p.place()+"/tool", "The run does not say which tool it is of.")
	}
	p.scans = append(p.scans, p.settle(r))
	return nil
}

// elsewhere notes what the run leaves to other files. Results that are not here
// are no clean bill of health, and neither is a run whose rules are not here.
func (p *parser) elsewhere(r *run) error {
	return p.object(func(name string) error {
		if k := p.in.Kind(); k == 'n' || name == "guid" {
			return p.in.Skip(nil)
		}
		p.fault("external-properties", p.place()+"/externalPropertyFileReferences/"+name, "The run keeps its %s in other files, which are not read. Write them into the run.", cut(name, 40))
		if name == "results" || name == "invocations" {
			r.fail(fmt.Sprintf("the %s of the run are in other files", name))
		}
		return p.in.Skip(nil)
	})
}

// fail records that the run did not end well, and the first reason.
func (r *run) fail(why string) {
	r.failed = true
	if r.problem == "" {
		r.problem = cut(why, longestMessage)
	}
}

func (p *parser) invocation(r *run) error {
	var succeeded *bool
	var list []override
	err := p.object(func(name string) error {
		switch name {
		case "executionSuccessful":
			return p.truth(&succeeded)
		case "endTimeUtc":
			var at int64
			err := p.instant(&at)
			r.endAt = max(r.endAt, at)
			return err
		case "toolExecutionNotifications", "toolConfigurationNotifications":
			return p.array(func() error { return p.notification(r) })
		case "ruleConfigurationOverrides":
			return p.array(func() error {
				o, err := p.override()
				if r.overrides++; r.overrides > mostRules {
					return p.limits.TooMany(fmt.Sprintf("overrides of rules: one run may have %d,", mostRules))
				}
				list = append(list, o)
				return err
			})
		}
		return p.in.Skip(nil)
	})
	r.invocations = append(r.invocations, list)
	if err != nil {
		return err
	}
	if succeeded == nil {
		p.fault("execution-successful", fmt.Sprintf("%s/invocations/%d", p.place(), len(r.invocations)-1), "The invocation does not say whether it succeeded (executionSuccessful).")
	} else if !*succeeded {
		r.failed = true // the notifications give the better reason
	}
	return nil
}

// notification reads a notification of the tool about itself (section 3.58).
func (p *parser) notification(r *run) error {
	var level string
	t := trouble{descriptor: noReference}
	err := p.object(func(name string) (err error) {
		switch name {
		case "level":
			return p.level(&level)
		case "message":
			return p.sentence(&t.text)
		case "descriptor":
			t.descriptor, err = p.reference()
			return err
		}
		return p.in.Skip(nil)
	})
	switch {
	case level == "error":
		r.fail(t.text)
	case level == "" && len(r.troubles) < mostTroubles:
		r.troubles = append(r.troubles, t)
	}
	return err
}

func (p *parser) override() (o override, err error) {
	o.rule = noReference
	err = p.object(func(name string) (err error) {
		switch name {
		case "descriptor":
			o.rule, err = p.reference()
			return err
		case "configuration":
			return p.configuration(&o.on, &o.level)
		}
		return p.in.Skip(nil)
	})
	return o, err
}

func (p *parser) artifact(r *run) error {
	var path string
	err := p.object(func(name string) error {
		if name != "location" {
			return p.in.Skip(nil)
		}
		return p.object(func(name string) error {
			if name == "uri" {
				return p.text(&path)
			}
			return p.in.Skip(nil)
		})
	})
	if len(r.paths) < mostPaths {
		r.paths = append(r.paths, cut(path, longestPath))
	}
	return err
}

// provenance keeps the first repository that is named.
func (p *parser) provenance(r *run) error {
	var repository, revision string
	err := p.object(func(name string) error {
		switch name {
		case "repositoryUri":
			return p.text(&repository)
		case "revisionId":
			return p.text(&revision)
		}
		return p.in.Skip(nil)
	})
	if r.repository == "" && r.revision == "" {
		r.repository, r.revision = cut(repository, longestPath), cut(revision, longestPath)
	}
	return err
}
