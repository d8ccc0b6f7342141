package sample

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// What the pipelines of the sample systems deliver: documents in the formats of
// the tools that write them, made here so that they fit the day of the story.

// document is one file that is delivered.
type document struct{ name, text string }

type object = map[string]any

func encoded(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err) // maps of plain values
	}
	return string(b) + "\n"
}

// product is what a bill of materials is about.
type product struct {
	name, ecosystem, maker, repository string
	parts                              []part
}

// bill is a CycloneDX 1.6 document. A flawed one names a dependency that it does
// not list, which a reader is told of.
func (p product) bill(release string, at time.Time, flawed bool) document {
	root := "pkg:generic/" + p.name + "@" + release
	var components []any
	var direct []string
	deps := []any{}
	for _, c := range p.parts {
		ref := "pkg:" + p.ecosystem + "/" + c.name + "@" + c.version
		one := object{"type": "library", "bom-ref": ref, "name": c.name, "version": c.version, "purl": ref,
			"supplier": object{"name": "Maintainers of " + c.name}, "licenses": []any{object{"license": object{"id": c.licence}}}}
		if group, name, grouped := strings.Cut(c.name, "/"); grouped {
			one["group"], one["name"] = group, name
		}
		components = append(components, one)
		direct = append(direct, ref)
		deps = append(deps, object{"ref": ref, "dependsOn": []string{}})
	}
	if flawed {
		direct = append(direct, "pkg:"+p.ecosystem+"/was-removed@1.0.0")
	}
	deps = append(deps, object{"ref": root, "dependsOn": direct})
	return document{"sbom.cdx.json", encoded(object{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:" + uuidOf(p.name, release),
		"metadata": object{
			"timestamp":  at.UTC().Format(time.RFC3339),
			"lifecycles": []any{object{"phase": "build"}},
			"tools":      object{"components": []any{object{"type": "application", "name": "sample-sbom-maker", "version": "3.2.0"}}},
			"authors":    []any{object{"name": "Build of " + p.name}},
			"supplier":   object{"name": p.maker},
			"component":  object{"type": "application", "bom-ref": root, "name": p.name, "version": release, "purl": root, "supplier": object{"name": p.maker}},
		},
		"components": components, "dependencies": deps})}
}

// uuidOf is the same for the same release, so that each demo holds the same files.
func uuidOf(names ...any) string {
	h := hash(names...)
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", uint32(h>>32), uint16(h>>16), h>>4&0xfff, h>>8&0xfff, h&0xffffffffffff)
}

// analysis is a SARIF 2.1.0 log of a run with security rules; what it found is
// suppressed with a reason.
func (p product) analysis(at time.Time) document {
	rules := []any{}
	for _, r := range []struct{ id, text, cwe, severity string }{
		{"js/sql-injection", "A database query is built from what a user sends.", "cwe-089", "8.8"},
		{"js/reflected-xss", "What a user sends comes back on a page as it is.", "cwe-079", "7.8"},
		{"js/path-injection", "A path of a file is built from what a user sends.", "cwe-022", "7.5"},
		{"js/weak-cryptographic-algorithm", "An algorithm is used that is known to be weak.", "cwe-327", "7.5"},
		{"js/command-line-injection", "A command line is built from what a user sends.", "cwe-078", "9.8"},
	} {
		rules = append(rules, object{"id": r.id, "name": r.id, "shortDescription": object{"text": r.text}, "defaultConfiguration": object{"level": "error"},
			"properties": object{"tags": []string{"security", "external/cwe/" + r.cwe}, "security-severity": r.severity}})
	}
	result := object{"ruleId": "js/weak-cryptographic-algorithm", "ruleIndex": 3, "level": "error", "message": object{"text": "SHA-1 is used here."},
		"locations":           []any{object{"physicalLocation": object{"artifactLocation": object{"uri": "src/cache/key.js"}, "region": object{"startLine": 17}}}},
		"partialFingerprints": object{"primaryLocationLineHash": "39fa2ee980eb94b0:1"},
		"suppressions":        []any{object{"kind": "external", "status": "accepted", "justification": "The value names an entry of a cache and protects nothing."}}}
	return document{"analysis.sarif", encoded(object{"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": []any{object{
		"tool":        object{"driver": object{"name": "CodeQL", "semanticVersion": "2.19.3", "rules": rules}},
		"invocations": []any{object{"executionSuccessful": true, "endTimeUtc": at.UTC().Format(time.RFC3339)}},
		"results":     []any{result}}}})}
}

// tests is a JUnit report.
func (p product) tests(at time.Time) document {
	type testCase struct {
		Class string  `xml:"classname,attr"`
		Name  string  `xml:"name,attr"`
		Time  float64 `xml:"time,attr"`
	}
	type suite struct {
		XMLName  xml.Name   `xml:"testsuite"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Skipped  int        `xml:"skipped,attr"`
		At       string     `xml:"timestamp,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	s := suite{Name: p.name, At: at.UTC().Format("2006-01-02T15:04:05")}
	for i, name := range []string{"signs in", "refuses a wrong password", "locks after five attempts", "keeps sessions apart", "refuses a forged request", "escapes what users send",
		"logs who changed what", "restores from a backup", "answers under load", "shows plain errors"} {
		s.Cases = append(s.Cases, testCase{"security." + p.name, name, 0.12 + float64(i)/100})
	}
	s.Tests = len(s.Cases)
	b, err := xml.MarshalIndent(s, "", " ")
	if err != nil {
		panic(err)
	}
	return document{"tests.xml", xml.Header + string(b) + "\n"}
}

// scorecard is a result of OpenSSF Scorecard.
func (p product) scorecard(at time.Time) document {
	var checks []any
	for _, c := range []struct {
		name, reason string
		score        int
	}{
		{"Binary-Artifacts", "no binaries found in the repo", 10}, {"Branch-Protection", "branch protection is not maximal on development and all release branches", 8},
		{"Code-Review", "all changesets reviewed", 10}, {"Dangerous-Workflow", "no dangerous workflow patterns detected", 10},
		{"Dependency-Update-Tool", "update tool detected", 10}, {"License", "license file detected", 10}, {"Maintained", "30 commits and 5 issues in 90 days", 10},
		{"Pinned-Dependencies", "all dependencies are pinned", 10}, {"SAST", "SAST tool is run on all commits", 10}, {"Security-Policy", "security policy file detected", 10},
		{"Token-Permissions", "tokens are read-only in workflows", 10},
	} {
		checks = append(checks, object{"name": c.name, "score": c.score, "reason": c.reason, "details": nil, "documentation": object{"url": "https://scorecard.dev", "short": c.name}})
	}
	return document{"scorecard.json", encoded(object{"date": at.UTC().Format(time.RFC3339), "repo": object{"name": p.repository, "commit": commitOf(p.name)},
		"scorecard": object{"version": "v5.2.1", "commit": commitOf("scorecard")}, "score": 9.7, "checks": checks, "metadata": nil})}
}

func commitOf(name string) string {
	return fmt.Sprintf("%016x%016x%08x", hash(name, 1), hash(name, 2), uint32(hash(name, 3)))
}

// facts are what a script read from the forge.
func (p product) facts(at time.Time) document {
	manifests, locks, language := []string{"package.json"}, []string{"package-lock.json"}, "TypeScript"
	if p.ecosystem == "maven" {
		manifests, locks, language = []string{"pom.xml"}, []string{}, "Java"
	}
	return document{"repository.json", encoded(object{"schema": "touchstone.repository/v1", "repository": "https://" + p.repository, "commit": commitOf(p.name),
		"default_branch": "main", "collected_at": at.UTC().Format(time.RFC3339), "collector": "sample script 1.0",
		"reviews_required": 1, "code_owners_required": true, "checks_required": true, "force_push_blocked": true, "deletion_blocked": true, "admins_bound": true,
		"mfa_required": true, "secret_scanning": true, "push_protection": true, "private_reporting": true, "dependency_updates": true, "workflow_token_read_only": true,
		"actions_pinned": true, "secrets_found": 0, "merged_90_days": 41, "reviewed_90_days": 41,
		"files":     object{"readme": "README.md", "licence": "LICENSE", "security_policy": "SECURITY.md", "code_owners": "CODEOWNERS", "changelog": "CHANGELOG.md", "ci": ".github/workflows/ci.yml"},
		"languages": object{language: 412_000, "CSS": 31_000}, "manifests": manifests, "lockfiles": locks, "binaries": []string{}, "files_listed": true})}
}

// contact is a security.txt (RFC 9116).
func contact(domain string, at time.Time) document {
	return document{"security.txt", "Contact: mailto:security@" + domain + "\nExpires: " + at.AddDate(0, 0, 300).UTC().Format(time.RFC3339) +
		"\nPreferred-Languages: en\nCanonical: https://" + domain + "/.well-known/security.txt\nPolicy: https://" + domain + "/security\n"}
}

// statement is an OpenVEX document with one statement of not affected.
func (p product) statement(release, vulnerability string, c part, at time.Time) document {
	return document{"statement.openvex.json", encoded(object{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://" + p.repository + "/vex/1", "author": p.maker,
		"timestamp": at.UTC().Format(time.RFC3339), "version": 1, "statements": []any{object{
			"vulnerability": object{"name": vulnerability}, "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path",
			"impact_statement": "The flaw is in how redirects through a proxy are followed. Redirects are switched off, and there is no proxy.",
			"products": []any{object{"@id": "pkg:generic/" + p.name + "@" + release,
				"subcomponents": []any{object{"@id": "pkg:" + p.ecosystem + "/" + c.name + "@" + c.version}}}}}}})}
}
