package check

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed mapping.yaml
var mapping string

// Mapped is a framework with the rows that a machine could decide.
type Mapped struct {
	Framework string `yaml:"framework"`
	Title     string `yaml:"title"`
	Note      string `yaml:"note"`
	Rows      []Row  `yaml:"rows"`
}

// Row is a requirement that a machine could decide. Missing says which fact is
// still missing to decide it, or the rest of it.
type Row struct {
	ID      string `yaml:"id"`
	Missing string `yaml:"missing"`
}

// Mapping lists what a machine could decide. Which checks speak to a row is
// Library.For.
func Mapping() ([]Mapped, error) {
	var out []Mapped
	dec := yaml.NewDecoder(strings.NewReader(mapping))
	dec.KnownFields(true)
	if err := dec.Decode(&out); err != nil {
		return nil, fmt.Errorf("read the mapping of checks: %w", err)
	}
	return out, nil
}

// Markdown writes the library as the page docs/checks.md.
func (l *Library) Markdown() (string, error) {
	maps, err := Mapping()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, head, len(l.checks))
	for _, k := range check.Kinds() {
		l.kind(&b, k)
	}
	b.WriteString(mappingHead)
	for _, m := range maps {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| Row | Checks | Fact still missing |\n|---|---|---|\n", m.Title, m.Note)
		for _, r := range m.Rows {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", r.ID, l.names(m.Framework, r.ID), r.Missing)
		}
	}
	return b.String(), nil
}

const head = `# Automated checks

This page is made from the definitions in ` + "`internal/check`" + `; a test compares it with them. To add a check, see
[add-a-check.md](add-a-check.md).

There are %d checks. Each answers one question from facts that were delivered for a release, and says which fact decided. There are four
answers: **pass**, **fail**, **cannot assess** (facts are missing, too old, or say too little) and **nothing to decide**. Missing facts
are never a pass: a scan that broke off, a rule that did not run, an inconclusive rating, an inventory without versions and a feed that
stands still are not good news.

A check is bound to requirements. A **whole** binding decides the requirement, so a pass verifies a claim. A **part** binding decides
some of it, so a pass is shown beside what holds the claim up. After a failure a claim may be no higher than the level that the binding
permits (in brackets below); a higher one is shown as contradicted, and is never changed by the machine. An honest “not met” is never
contradicted. What could not be assessed makes a requirement unassessed by a whole binding; by a part binding it is noted, with what to
deliver, and support stays as it is.

Facts are good for the days that are given, counted from when they were produced. “The release” means as long as the release is.

`

const mappingHead = `
## What a machine could decide

Each row below can be decided by a machine, or for the most part, if it has the facts. The table says which checks look at it, and what
is still missing to decide it or the rest of it.
`

// kind writes the checks whose first need is the kind.
func (l *Library) kind(b *strings.Builder, k check.Kind) {
	first := true
	for _, c := range l.checks {
		if c.Needs[0] != k {
			continue
		}
		if first {
			fmt.Fprintf(b, "## %s\n\n", k.Title())
			first = false
		}
		c.markdown(b)
	}
}

func (c Check) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "### %s\n\n`%s`: %s\n\n", c.Title, c.ID, c.Question)
	var needs []string
	for _, k := range c.Needs {
		needs = append(needs, k.Title())
	}
	fresh := "the release"
	if c.FreshDays > 0 {
		fresh = fmt.Sprintf("%d days", c.FreshDays)
	}
	fmt.Fprintf(b, "| | |\n|---|---|\n| Clause | %s, in effect from %s ([source](%s)) |\n| Facts | %s; good for %s |\n", c.Clause, c.Effective, c.Source, strings.Join(needs, ", "), fresh)
	fmt.Fprintf(b, "| Pass | %s |\n| Fail | %s |\n| Cannot assess | %s |\n| Remedy (%s) | %s |\n\n", c.Definition.Pass, c.Fail, c.Cannot, c.Effort, c.Remedy)
	for _, decides := range []assessment.Decides{assessment.Whole, assessment.Part} {
		if list := c.bound(decides); list != "" {
			fmt.Fprintf(b, "Decides %s of: %s.\n\n", map[assessment.Decides]string{assessment.Whole: "the whole", assessment.Part: "a part"}[decides], list)
		}
	}
}

// bound lists the requirements of the bindings with what a failure permits.
func (c Check) bound(decides assessment.Decides) string {
	var frameworks []string
	byFramework := map[string][]string{}
	for _, x := range c.Bindings {
		if x.Decides != decides {
			continue
		}
		if byFramework[x.Framework] == nil {
			frameworks = append(frameworks, x.Framework)
		}
		byFramework[x.Framework] = append(byFramework[x.Framework], fmt.Sprintf("%s (%s)", x.Requirement, strings.ReplaceAll(x.Permits[assessment.Fail], "_", " ")))
	}
	slices.Sort(frameworks)
	for i, f := range frameworks {
		frameworks[i] = f + " " + strings.Join(byFramework[f], ", ")
	}
	return strings.Join(frameworks, "; ")
}

func (l *Library) names(framework, requirement string) string {
	var out []string
	for _, b := range l.For(framework, requirement) {
		out = append(out, "`"+b.Check.ID+"`")
	}
	return strings.Join(out, ", ")
}
