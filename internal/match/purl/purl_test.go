package purl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/package-url/packageurl-go"

	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

func TestIdentify(t *testing.T) {
	for _, c := range []struct {
		name   string
		in     inventory.Component
		want   string // ecosystem key version
		reason finding.Reason
	}{
		{"npm", inventory.Component{Name: "left-pad", Version: "1.0.0", PURL: "pkg:npm/left-pad@1.0.0"}, "npm left-pad 1.0.0", ""},
		{"npm with a scope in the group", inventory.Component{Group: "@angular", Name: "core", Version: "1.0.0", PURL: "pkg:npm/%40angular/core@1.0.0"}, "npm @angular/core 1.0.0", ""},
		{"npm with a scope in the name", inventory.Component{Name: "@angular/core", PURL: "pkg:npm/%40angular/core@1.0.0"}, "npm @angular/core 1.0.0", ""},
		{"npm with capitals", inventory.Component{Name: "JSONStream", PURL: "pkg:npm/JSONStream@1.0.0"}, "npm JSONStream 1.0.0", ""},
		{"Go keeps its case", inventory.Component{Name: "github.com/BurntSushi/toml", Version: "v1.2.0", PURL: "pkg:golang/github.com/BurntSushi/toml@v1.2.0"}, "Go github.com/BurntSushi/toml v1.2.0", ""},
		{"Go with a major version", inventory.Component{Name: "yaml", PURL: "pkg:golang/go.yaml.in/yaml/v3@v3.0.1"}, "Go go.yaml.in/yaml/v3 v3.0.1", ""},
		{"Go with a version of the escaped kind", inventory.Component{Name: "gopkg.in/yaml.v2", PURL: "pkg:golang/gopkg.in/yaml.v2@v2.0.0%2Bincompatible"}, "Go gopkg.in/yaml.v2 v2.0.0+incompatible", ""},
		{"the Go standard library", inventory.Component{Name: "stdlib", Version: "go1.18.1", PURL: "pkg:golang/stdlib@1.18.1"}, "Go stdlib 1.18.1", ""},
		{"PyPI", inventory.Component{Name: "Zope.Interface", PURL: "pkg:pypi/zope.interface@5.0"}, "PyPI zope-interface 5.0", ""},
		{"Maven without a group beside it", inventory.Component{Name: "jackson-core", PURL: "pkg:maven/com.fasterxml.jackson.core/jackson-core@2.9.0"}, "Maven com.fasterxml.jackson.core:jackson-core 2.9.0", ""},
		{"NuGet", inventory.Component{Name: "Newtonsoft.Json", PURL: "pkg:nuget/Newtonsoft.Json@12.0.1"}, "NuGet newtonsoft.json 12.0.1", ""},
		{"Packagist", inventory.Component{Name: "drupal/core", PURL: "pkg:composer/drupal/core@10.4.5"}, "Packagist drupal/core 10.4.5", ""},
		{"Swift", inventory.Component{Name: "swift-nio", PURL: "pkg:swift/github.com/apple/swift-nio@1.19.1"}, "SwiftURL github.com/apple/swift-nio 1.19.1", ""},
		{"crates", inventory.Component{Name: "form_urlencoded", PURL: "pkg:cargo/form_urlencoded@1.2.2"}, "crates.io form-urlencoded 1.2.2", ""},
		{"Debian speaks of the source", inventory.Component{Name: "libssl3", Version: "3.0.11-1~deb12u2", PURL: "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&upstream=openssl&distro=debian-12"}, "Debian:12 openssl 3.0.11-1~deb12u2", ""},
		{"Debian with the source's own version", inventory.Component{Name: "libc-bin", Version: "2.36-9+b1", PURL: "pkg:deb/debian/libc-bin@2.36-9%2Bb1?upstream=glibc%402.36-9&distro=bookworm"}, "Debian:12 glibc 2.36-9", ""},
		{"Ubuntu", inventory.Component{Name: "bash", PURL: "pkg:deb/ubuntu/bash@5.1-6ubuntu1?distro=ubuntu-22.04"}, "Ubuntu:22.04 bash 5.1-6ubuntu1", ""},
		{"Alpine", inventory.Component{Name: "libcrypto3", PURL: "pkg:apk/alpine/libcrypto3@3.1.4-r1?upstream=openssl&distro=alpine-3.18.4"}, "Alpine:v3.18 openssl 3.1.4-r1", ""},
		{"Enterprise Linux from the version", inventory.Component{Name: "bash", Version: "5.1-1.el9", PURL: "pkg:rpm/almalinux/bash@5.1-1.el9?arch=x86_64"}, "AlmaLinux:9 bash 5.1-1.el9", ""},
		{"an epoch beside the version", inventory.Component{Name: "bind", Version: "32:9.16-1.el9", PURL: "pkg:rpm/almalinux/bind@9.16-1.el9?epoch=32&distro=almalinux-9.2"}, "AlmaLinux:9 bind 32:9.16-1.el9", ""},
		{"openSUSE", inventory.Component{Name: "bash", PURL: "pkg:rpm/opensuse/bash@5.1-1?distro=opensuse-leap-15.5"}, "openSUSE:Leap 15.5 bash 5.1-1", ""},

		{"no package URL", inventory.Component{Name: "thing", Version: "1"}, " thing 1", finding.NoIdentity},
		{"not a package URL", inventory.Component{Name: "thing", Version: "1", PURL: "left-pad"}, " thing 1", finding.NoIdentity},
		{"a type without advisories", inventory.Component{Name: "thing", PURL: "pkg:generic/thing@1"}, " thing 1", finding.UnknownEcosystem},
		{"a distribution that nobody speaks of", inventory.Component{Name: "bash", PURL: "pkg:deb/devuan/bash@5"}, " bash 5", finding.UnknownEcosystem},
		{"no version anywhere", inventory.Component{Name: "left-pad", PURL: "pkg:npm/left-pad"}, "npm left-pad ", finding.NoVersion},
		{"the version beside it", inventory.Component{Name: "left-pad", Version: "1.0.0", PURL: "pkg:npm/left-pad"}, "npm left-pad 1.0.0", ""},
		{"a version that is none", inventory.Component{Name: "left-pad", Version: "latest", PURL: "pkg:npm/left-pad@latest"}, "npm left-pad latest", finding.VersionNotComparable},
		{"another version beside it", inventory.Component{Name: "left-pad", Version: "2.0.0", PURL: "pkg:npm/left-pad@1.0.0"}, " left-pad 2.0.0", finding.IdentityConflict},
		{"the same version in other letters", inventory.Component{Name: "left-pad", Version: "v1.0.0", PURL: "pkg:npm/left-pad@1.0.0"}, "npm left-pad 1.0.0", ""},
		{"another name beside it", inventory.Component{Name: "right-pad", Version: "1.0.0", PURL: "pkg:npm/left-pad@1.0.0"}, " right-pad 1.0.0", finding.IdentityConflict},
		{"two package URLs that disagree", inventory.Component{Name: "a", PURL: "pkg:npm/a@1.0.0", PURLs: []string{"pkg:npm/a@1.0.1"}}, " a ", finding.IdentityConflict},
		{"two package URLs that agree", inventory.Component{Name: "a", PURL: "pkg:npm/a@1.0.0", PURLs: []string{"pkg:npm/a@1.0.0?x=y"}}, "npm a 1.0.0", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			id, reason := purl.Identify(c.in)
			if got := id.Ecosystem + " " + id.Key + " " + id.Version; got != c.want || reason != c.reason {
				t.Errorf("got %q %q, want %q %q", got, reason, c.want, c.reason)
			}
			if id.PURL != c.in.PURL || id.Name == "" {
				t.Errorf("what the document says was lost: %+v", id)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	for in, want := range map[string]string{"npm": "npm|", "Debian:12": "Debian|12", "Ubuntu:22.04:LTS": "Ubuntu|22.04", "Ubuntu:Pro:16.04:LTS": "Ubuntu|Pro:16.04",
		"Alpine:v3.18": "Alpine|v3.18", "AlmaLinux:9": "AlmaLinux|9", "Red Hat:enterprise_linux:9::baseos": "Red Hat|9", "openSUSE:Leap 15.5": "openSUSE|Leap 15.5"} {
		name, release := purl.Split(in)
		if got := name + "|" + release; got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add("left-pad", "1.0.0", "pkg:npm/left-pad@1.0.0")
	f.Add("x", "", "pkg:golang/a/b@%")
	f.Add("x", "", "pkg:deb/debian/@?distro=-&upstream=@")
	f.Add("", "", "pkg:npm/")
	f.Fuzz(func(t *testing.T, name, version, text string) {
		id, reason := purl.Identify(inventory.Component{Name: name, Version: version, PURL: text})
		if reason == "" && (id.Ecosystem == "" || id.Key == "" || id.Version == "") {
			t.Errorf("%q %q %q gives %+v without a reason", name, version, text, id)
		}
	})
}

// exceptions are published cases in which the library and the specification differ;
// none of them changes which package is matched.
var exceptions = map[string]string{
	"pkg:gem/jruby-launcher@1.1.2?Platform=java":                                                             "a qualifier with a capital is taken",
	"pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25":                                           "the same",
	"pkg:git/codeberg.org/forgejo/forgejo@a72d2c07cfca03b55371089de6aa230d8c951fa0":                          "the path of a git repository is split after its last part; there is no ecosystem for it",
	"pkg:git/codeberg.org/forgejo/forgejo@a72d2c07cfca03b55371089de6aa230d8c951fa0#options/locale_readme.md": "the same",
}

func TestCorpusPackageURLs(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	files, err := filepath.Glob(filepath.Join(folder, "purl", "*", "*.json"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	cases := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Tests []struct {
				Description string          `json:"description"`
				Type        string          `json:"test_type"`
				Input       json.RawMessage `json:"input"`
				Expected    json.RawMessage `json:"expected_output"`
				Fails       bool            `json:"expected_failure"`
			} `json:"tests"`
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		for _, c := range doc.Tests {
			if c.Type != "parse" {
				continue
			}
			cases++
			var input string
			if err := json.Unmarshal(c.Input, &input); err != nil {
				t.Fatal(err)
			}
			got, err := packageurl.FromString(input)
			problem := ""
			switch {
			case c.Fails && err == nil:
				problem = "was read"
			case !c.Fails && err != nil:
				problem = "was refused: " + err.Error()
			case !c.Fails:
				var want struct{ Type, Namespace, Name, Version, Subpath string }
				if err := json.Unmarshal(c.Expected, &want); err != nil {
					t.Fatal(err)
				}
				have := strings.Join([]string{got.Type, got.Namespace, got.Name, got.Version, got.Subpath}, "|")
				if w := strings.Join([]string{want.Type, want.Namespace, want.Name, want.Version, want.Subpath}, "|"); have != w {
					problem = "is read as " + have + " and not " + w
				}
			}
			if problem != "" && exceptions[input] == "" {
				t.Errorf("%s: %s %s", filepath.Base(file), input, problem)
			}
			if problem == "" && exceptions[input] != "" {
				t.Errorf("%s is on the list of exceptions and is read right", input)
			}
		}
	}
	if cases < 180 {
		t.Errorf("only %d cases", cases)
	}
}
