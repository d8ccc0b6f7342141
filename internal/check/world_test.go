package check

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

// goodNow is when the good release is looked at: 1 March 2026, noon.
const goodNow = 1772366400000000

func doc(name string) check.Document {
	return check.Document{Digest: strings.Repeat("0f", 32), Format: name, Tool: "maker 1", ProducedAt: goodNow - day, ReceivedAt: goodNow - day}
}

func of[T any](f T) check.Of[T] { return check.Of[T]{Document: doc("document"), Fact: f} }

const commit = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

// goodRelease has every fact in the best state.
func goodRelease() check.Facts {
	digest := strings.Repeat("ab", 32)
	bill := check.InventoryFact{Document: doc("cyclonedx-json"), Subject: "shop 1.2.0", Components: 10, Identified: 10, Versioned: 10, Licensed: 10, Hashed: 10,
		Supplied: 10, Dependencies: 20, Authors: 1, Types: map[string]int{"library": 9, "machine-learning-model": 1}, Ecosystems: map[string]int{"npm": 10}, Licences: map[string]int{"MIT": 10}}
	return check.Facts{
		Now: goodNow, Release: "1.2.0", ReleasedAt: goodNow - 2*day,
		System:      check.SystemFact{Exposed: true, Exposure: "public", Stage: "in_service", Kind: "service"},
		Inventories: []check.InventoryFact{bill},
		Coverage:    check.CoverageFact{Verdicts: map[finding.Verdict]int{finding.NoKnown: 9, finding.NotAffectedByDecision: 1}, FeedsAsOf: goodNow - day/2},
		Findings: []check.FindingFact{{ID: "CVE-2026-1", Component: "pkg:npm/left@1.0.0", Verdict: finding.NotAffectedByDecision, Band: advisory.BandHigh,
			FirstSeen: goodNow - 5*day, DecidedBy: "A. Person"}},
		Scans:        goodScans(),
		Tests:        []check.Of[fact.Tests]{of(fact.Tests{Tool: "go test", Tests: 20, Suites: []fact.Suite{{Name: "shop/authentication", Tests: 10}, {Name: "shop/cart", Tests: 10}}})},
		Scorecards:   []check.Of[fact.Scorecard]{of(goodScorecard())},
		Repositories: []check.Of[fact.Repository]{of(goodRepository())},
		Artifacts:    []check.Of[fact.Artifacts]{of(fact.Artifacts{Files: []fact.Artifact{{Name: "shop.tar.gz", SHA256: digest}}})},
		Attestations: []check.Of[fact.Attestation]{
			of(fact.Attestation{PredicateType: "https://slsa.dev/provenance/v1", Envelope: "sigstore-bundle", Signed: true, Counts: true, Identity: "https://github.com/example/shop/.github/workflows/release.yml@refs/tags/v1.2.0",
				Issuer: "https://token.actions.githubusercontent.com", Subjects: []fact.Subject{{Name: "shop.tar.gz", Digests: map[string]string{"sha256": digest}}},
				Builder: "https://github.com/actions/runner", BuildType: "https://actions.github.io/buildtypes/workflow/v1", Source: "git+https://github.com/example/shop", Commit: commit, BuiltAt: goodNow - 2*day, Parameters: true, Materials: 3}),
			of(fact.Attestation{PredicateType: "https://cyclonedx.org/bom", Envelope: "dsse", Signed: true, Counts: true, Subjects: []fact.Subject{{Name: "shop.tar.gz", Digests: map[string]string{"sha256": digest}}}}),
		},
		SecurityTxts: []check.Of[fact.SecurityTxt]{of(fact.SecurityTxt{Contacts: []string{"mailto:security@example.com"}, ExpiresAt: goodNow + 200*day, Policies: []string{"https://example.com/policy"},
			Canonical: []string{"https://example.com/.well-known/security.txt"}, CSAF: []string{"https://example.com/.well-known/csaf/provider-metadata.json"}, Signed: true})},
		Statements: []check.Of[fact.Statements]{of(fact.Statements{Author: "Example", At: goodNow - day, ByStatus: map[string]int{"not_affected": 1}, Justified: 1})},
		CVEs: []check.Of[fact.CVERecord]{of(fact.CVERecord{ID: "CVE-2026-2", State: "PUBLISHED", Completeness: 100, CWEs: []string{"CWE-918"}, CPE: true, PURL: true, Severity: true,
			PublishedAt: goodNow - 30*day})},
		Publications: []check.Of[fact.Publication]{of(fact.Publication{ID: "EX-2026-1", Title: "Request forgery in shop", Publisher: "Example", Category: "csaf_security_advisory", CSAFVersion: "2.0",
			Status: "final", ReleasedAt: goodNow - 30*day, Vulnerabilities: 1})},
	}
}

func goodScans() []check.Of[fact.Scan] {
	run := func(tool string, kind fact.ScanKind, rules ...fact.Rule) check.Of[fact.Scan] {
		return of(fact.Scan{Tool: tool, ToolVersion: "1", Kind: kind, EndAt: goodNow - day, Rules: rules, RulesTotal: len(rules), Revision: commit, Repository: "https://github.com/example/shop"})
	}
	rule := func(id string, cwes ...string) fact.Rule { return fact.Rule{ID: id, CWEs: cwes, Security: true} }
	return []check.Of[fact.Scan]{
		run("CodeQL", fact.Static, rule("js/sql-injection", "CWE-89"), rule("js/command-line-injection", "CWE-78"), rule("js/xss", "CWE-79"), rule("js/path-injection", "CWE-22"),
			rule("cpp/overflow", "CWE-120", "CWE-787"), rule("js/hardcoded-credentials", "CWE-798"), rule("js/weak-cryptographic-algorithm", "CWE-327"),
			rule("js/request-forgery", "CWE-918"), rule("js/unsafe-deserialization", "CWE-502"), rule("js/disabling-certificate-validation", "CWE-295")),
		run("ZAP", fact.Dynamic, rule("40018", "CWE-89")),
		run("gitleaks", fact.Secrets, rule("private-key")),
		run("trivy", fact.Infrastructure, rule("DS002")),
	}
}

func goodScorecard() fact.Scorecard {
	s := fact.Scorecard{Version: "v5.0.0", Repository: "github.com/example/shop", Commit: commit, At: goodNow - day, Score: 10, Checks: map[string]fact.ScorecardCheck{}}
	for _, name := range []string{"Binary-Artifacts", "Branch-Protection", "CI-Tests", "CII-Best-Practices", "Code-Review", "Contributors", "Dangerous-Workflow", "Dependency-Update-Tool",
		"Fuzzing", "License", "Maintained", "Packaging", "Pinned-Dependencies", "SAST", "SBOM", "Security-Policy", "Signed-Releases", "Token-Permissions", "Vulnerabilities", "Webhooks"} {
		s.Checks[name] = fact.ScorecardCheck{Score: 10}
	}
	return s
}

func goodRepository() fact.Repository {
	yes := func() *bool { return new(true) }
	r := fact.Repository{Repository: "https://github.com/example/shop", Commit: commit, DefaultBranch: "main", CollectedAt: goodNow - day, Collector: "touchstone",
		ReviewsRequired: new(1), CodeOwnersRequired: yes(), ChecksRequired: yes(), ForcePushBlocked: yes(), DeletionBlocked: yes(), AdminsBound: yes(), SignedCommits: yes(), MFARequired: yes(),
		SecretScanning: yes(), PushProtection: yes(), PrivateReporting: yes(), DependencyUpdates: yes(), WorkflowTokenRead: yes(), ActionsPinned: yes(), SecretsInRepository: new(0),
		Merged: new(40), Reviewed: new(40), Files: map[fact.FileRole]string{}, Manifests: []string{"package.json"}, Lockfiles: []string{"package-lock.json"},
		Languages: map[string]int64{"TypeScript": 900_000, "C": 10_000}, FilesListed: true}
	for _, role := range []fact.FileRole{fact.FileReadme, fact.FileLicence, fact.FileSecurity, fact.FileContributing, fact.FileCodeOwners, fact.FileChangelog, fact.FileGovernance, fact.FileSupport,
		fact.FileThreatModel, fact.FileArchitecture, fact.FileSecurityTxt, fact.FileBuild, fact.FileCI, fact.FileDependencyBot, fact.FileFuzz, fact.FileLoosening, fact.FileMemoryRoadmap, fact.FileConfigTemplate} {
		r.Files[role] = "docs/" + string(role) + ".md"
	}
	return r
}

// withhold takes away every fact of a kind.
func withhold(f *check.Facts, k check.Kind) {
	switch k {
	case check.Register:
		f.System = check.SystemFact{}
	case check.Inventory:
		f.Inventories = nil
	case check.Findings:
		f.Findings, f.Coverage = nil, check.CoverageFact{}
	case check.Scan:
		f.Scans = nil
	case check.Tests:
		f.Tests = nil
	case check.Scorecard:
		f.Scorecards = nil
	case check.Repository:
		f.Repositories = nil
	case check.Provenance:
		f.Artifacts, f.Attestations = nil, nil
	case check.Disclosure:
		f.SecurityTxts = nil
	case check.VEX:
		f.Statements = nil
	case check.CVE:
		f.CVEs = nil
	case check.Advisories:
		f.Publications = nil
	}
}

// clone copies facts to the bottom, so that a change of the copy is none of the
// original.
func clone(f check.Facts) check.Facts {
	out := reflect.New(reflect.TypeFor[check.Facts]()).Elem()
	deep(out, reflect.ValueOf(f))
	return out.Interface().(check.Facts)
}

func deep(to, from reflect.Value) {
	switch from.Kind() {
	case reflect.Struct:
		for i := range from.NumField() {
			deep(to.Field(i), from.Field(i))
		}
	case reflect.Slice:
		if !from.IsNil() {
			to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
			for i := range from.Len() {
				deep(to.Index(i), from.Index(i))
			}
		}
	case reflect.Map:
		if !from.IsNil() {
			to.Set(reflect.MakeMap(from.Type()))
			for _, k := range from.MapKeys() {
				e := reflect.New(from.Type().Elem()).Elem()
				deep(e, from.MapIndex(k))
				to.SetMapIndex(k, e)
			}
		}
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			deep(to.Elem(), from.Elem())
		}
	default:
		to.Set(from)
	}
}

// printable is facts as text, pointers followed.
func printable(f check.Facts) string {
	b, err := json.Marshal(f)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
