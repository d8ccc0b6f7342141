package sarif

import (
	"strings"
	"unicode"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// What a tool looks for is told by its name, and by nothing else when the name is
// known: the list below holds tools that do one thing. Tools that do several (Trivy,
// Snyk without its product, SonarQube with its hotspots for infrastructure) are left
// out on purpose.
//
// A tool that is not in the list is told by the tags of its rules, when every rule
// has a tag of the same kind. Tags that only say what a rule
// protects ("security", a CWE) do not tell how it looks. Whatever remains has no
// kind: a check then cannot tell that this sort of scan took place, which is the safe
// side.

// names are the beginnings of names, as words joined by a blank in lower case.
var names = map[fact.ScanKind][]string{
	fact.Static: {"codeql", "semmle ql", "lgtm com", "semgrep oss", "semgrep pro", "opengrep", "bandit", "gosec", "golang security checks by gosec", "brakeman", "flawfinder",
		"spotbugs", "find security bugs", "findsecbugs", "pmd", "eslint", "njsscan", "nodejsscan", "mobsfscan", "cppcheck", "clang analyzer", "clang tidy", "pvs studio", "coverity",
		"fortify", "fortify sca", "contrast scan", "checkmarx sast", "klocwork", "devskim", "security code scan", "binskim", "infer", "staticcheck", "psalm", "phpstan", "phan", "pylint", "ruff",
		"rubocop", "detekt", "android lint", "androidstudio", "shellcheck", "shell script analysis", "prefast", "microsoft r visual c compiler", "snykcode", "snyk code",
		"clippy", "staticdriververifier", "errorprone", "bearer"},
	fact.Secrets: {"gitleaks", "trufflehog", "detect secrets", "credscan", "credential scanner", "noseyparker", "nosey parker", "whispers", "talisman",
		"kingfisher", "betterleaks", "git secrets", "ripsecrets", "secretlint"},
	fact.Composition: {"grype", "dependency check", "owasp dependency check", "osv scanner", "govulncheck", "snyk open source", "snyk container", "npm audit", "pip audit",
		"cargo audit", "bundler audit", "composer audit", "yarn audit", "retire js", "black duck sca", "black duck hub", "mend sca", "whitesource", "docker scout", "clair", "dependency track",
		"jfrog xray", "nancy", "sonatype", "pyup safety", "anchore"},
	fact.Infrastructure: {"checkov", "tfsec", "terrascan", "kics", "hadolint", "dockle", "kube linter", "kube score", "kubesec", "kubescape", "tflint", "cfn lint",
		"cfn nag", "cfn guard", "templateanalyzer", "template analyzer", "psrule", "ansible lint", "snyk iac", "zizmor", "actionlint", "trivy config", "conftest"},
	fact.Dynamic: {"fortify webinspect", "owasp zap", "zap", "zaproxy", "burp", "burp suite", "nuclei", "nikto", "wapiti", "contrast assess", "stackhawk", "hawkscan", "invicti",
		"acunetix", "netsparker", "arachni", "restler", "schemathesis", "cifuzz", "clusterfuzz", "clusterfuzzlite", "oss fuzz", "libfuzzer", "afl", "mayhem", "jazzer"},
}

var tags = map[string]fact.ScanKind{
	"sast": fact.Static, "static-analysis": fact.Static,
	"dast": fact.Dynamic, "fuzzing": fact.Dynamic, "fuzz": fact.Dynamic,
	"secret": fact.Secrets, "secrets": fact.Secrets, "credential": fact.Secrets, "credentials": fact.Secrets,
	"vulnerability": fact.Composition, "sca": fact.Composition, "dependency": fact.Composition, "dependencies": fact.Composition,
	"misconfiguration": fact.Infrastructure, "iac": fact.Infrastructure, "infrastructure-as-code": fact.Infrastructure,
}

func kindOf(r *run) fact.ScanKind {
	if k := kindOfName(r.driver.name); k != "" {
		return k
	}
	kind := fact.ScanKind("")
	for _, c := range r.parts() {
		for i := range c.rules {
			k := c.rules[i].kind
			if k == "" || kind != "" && k != kind {
				return ""
			}
			kind = k
		}
	}
	return kind
}

// kindOfName finds the longest beginning in the list that ends with a word.
func kindOfName(name string) fact.ScanKind {
	name = words(name)
	longest, kind := 0, fact.ScanKind("")
	for k, list := range names {
		for _, n := range list {
			if len(n) > longest && (name == n || strings.HasPrefix(name, n+" ")) {
				longest, kind = len(n), k
			}
		}
	}
	return kind
}

func words(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(cut(name, 200)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// byTags is the kind that the tags of a rule agree on.
func byTags(list []string) fact.ScanKind {
	kind := fact.ScanKind("")
	for _, t := range list {
		k := tags[strings.ToLower(t)]
		if k != "" && kind != "" && k != kind {
			return ""
		}
		if k != "" {
			kind = k
		}
	}
	return kind
}
