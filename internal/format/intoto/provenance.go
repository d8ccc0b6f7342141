package intoto

import (
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// The predicates of SLSA provenance.
const (
	slsa    = "https://slsa.dev/provenance/"
	slsa01  = slsa + "v0.1"
	slsa02  = slsa + "v0.2"
	slsa1   = slsa + "v1"
	slsaRC1 = slsa + "v1-rc1" // differs from v1 in nothing that is read here
)

// tree looks into a predicate, which is whatever its author sent: what is not where
// it should be is empty.
type tree struct{ v any }

func (t tree) at(path ...string) tree {
	for _, name := range path {
		m, _ := t.v.(map[string]any)
		t = tree{m[name]}
	}
	return t
}

func (t tree) text() string { s, _ := t.v.(string); return s }

func (t tree) list() []any { l, _ := t.v.([]any); return l }

// filled reports whether there is an object with something in it.
func (t tree) filled() bool { m, _ := t.v.(map[string]any); return len(m) > 0 }

func (t tree) micros() int64 {
	when, err := time.Parse(time.RFC3339Nano, t.text())
	if err != nil {
		return 0
	}
	return when.UnixMicro()
}

func (t tree) commit() string {
	for _, algorithm := range []string{"gitCommit", "sha1"} {
		if c := t.at("digest", algorithm).text(); hexadecimal.MatchString(c) {
			return strings.ToLower(c)
		}
	}
	return ""
}

// provenance fills in what SLSA provenance says.
func provenance(a *fact.Attestation, predicate any) {
	t := tree{predicate}
	switch a.PredicateType {
	case slsa01:
		a.Builder, a.BuildType = t.at("builder", "id").text(), t.at("recipe", "type").text()
		a.Parameters = t.at("recipe", "arguments").filled() || t.at("recipe", "entryPoint").text() != ""
		a.Materials = len(t.at("materials").list())
		a.BuiltAt = t.built("buildFinishedOn", "buildStartedOn")
		sourceOf(a, t.at("materials").list())
	case slsa02:
		a.Builder, a.BuildType = t.at("builder", "id").text(), t.at("buildType").text()
		config := t.at("invocation", "configSource")
		a.Parameters = t.at("invocation", "parameters").filled() || config.filled()
		a.Materials = len(t.at("materials").list())
		a.BuiltAt = t.built("buildFinishedOn", "buildStartedOn")
		a.Source, a.Commit = config.at("uri").text(), config.commit()
		sourceOf(a, t.at("materials").list())
	case slsa1, slsaRC1:
		build, run := t.at("buildDefinition"), t.at("runDetails")
		a.Builder, a.BuildType = run.at("builder", "id").text(), build.at("buildType").text()
		a.Parameters = build.at("externalParameters").filled()
		a.Materials = len(build.at("resolvedDependencies").list())
		a.BuiltAt = run.built("finishedOn", "startedOn")
		source := build.at("externalParameters", "source")
		a.Source, a.Commit = source.at("uri").text(), source.commit()
		if a.Source == "" {
			a.Source = build.at("externalParameters", "workflow", "repository").text()
		}
		sourceOf(a, build.at("resolvedDependencies").list())
	}
}

func (t tree) built(finished, started string) int64 {
	if at := t.at("metadata", finished).micros(); at != 0 {
		return at
	}
	return t.at("metadata", started).micros()
}

// sourceOf takes the source from what the build was made of, where the provenance
// does not say it elsewhere: the first thing that has a commit.
func sourceOf(a *fact.Attestation, materials []any) {
	if a.Commit != "" && a.Source != "" {
		return
	}
	for _, m := range materials {
		t := tree{m}
		uri, commit := t.at("uri").text(), t.commit()
		if commit == "" || a.Source != "" && !sameSource(a.Source, uri) {
			continue
		}
		if a.Source == "" {
			a.Source = uri
		}
		a.Commit = commit
		return
	}
}

// sameSource reports whether two names of a repository mean the same: one may have
// "git+" before it and a reference behind it.
func sameSource(a, b string) bool { return bare(a) == bare(b) }

func bare(uri string) string {
	uri, _, _ = strings.Cut(strings.TrimPrefix(uri, "git+"), "@refs/")
	return strings.TrimSuffix(uri, ".git")
}
