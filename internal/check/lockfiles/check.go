// Package lockfiles asks whether a build takes the same components again.
package lockfiles

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// locks are the lock files of each kind of manifest.
var locks = map[string][]string{
	"package.json":     {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"},
	"go.mod":           {"go.sum"},
	"Cargo.toml":       {"Cargo.lock"},
	"pyproject.toml":   {"uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "requirements.txt"},
	"Pipfile":          {"Pipfile.lock"},
	"requirements.in":  {"requirements.txt"},
	"Gemfile":          {"Gemfile.lock"},
	"composer.json":    {"composer.lock"},
	"pubspec.yaml":     {"pubspec.lock"},
	"mix.exs":          {"mix.lock"},
	"build.gradle":     {"gradle.lockfile"},
	"build.gradle.kts": {"gradle.lockfile"},
	"Podfile":          {"Podfile.lock"},
	"Package.swift":    {"Package.resolved"},
	"deno.json":        {"deno.lock"},
}

// locked looks beside the manifest and in every folder above it, where workspaces
// keep theirs.
func locked(manifest string, lockfiles []string) ground.Answer {
	names, ok := locks[path.Base(manifest)]
	if !ok {
		return ground.Unsaid
	}
	dir := path.Dir(path.Clean("/" + manifest))
	for _, l := range lockfiles {
		at := path.Dir(path.Clean("/" + l))
		if slices.Contains(names, path.Base(l)) && (at == "/" || at == dir || strings.HasPrefix(dir, at+"/")) {
			return ground.Yes
		}
	}
	return ground.No
}

// Evaluate looks for the lock file of each manifest. A manifest of a package manager that has
// none, such as Maven, is passed over.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Lock files",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			known := 0
			for _, m := range slices.Sorted(slices.Values(r.Manifests)) {
				switch locked(m, r.Lockfiles) {
				case ground.No:
					return ground.No, ground.Text(m) + " in " + name + " has no lock file."
				case ground.Yes:
					known++
				}
			}
			if known == 0 {
				return ground.Unsaid, ""
			}
			return ground.Yes, ground.Count(known, "manifest", "manifests") + " in " + name + " with lock files."
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
