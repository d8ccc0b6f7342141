// Package sbommodels asks whether models and firmware that are shipped stand in the bill of materials.
package sbommodels

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// kinds are the types of component with the endings of files that are one.
var kinds = []struct {
	component, words string
	endings          []string
}{
	{"firmware", "firmware", []string{".fw", ".hex", ".uf2", ".dfu", ".rom", ".efi", ".cap"}},
	{"machine-learning-model", "a model of machine learning", []string{".onnx", ".safetensors", ".gguf", ".tflite", ".pt", ".pth", ".mlmodel", ".keras"}},
}

// Evaluate compares the files of the release with the types of component.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	listed := map[string]int{}
	for _, i := range f.Inventories {
		for _, k := range kinds {
			listed[k.component] += max(i.Types[k.component], 0)
		}
		g.Saw(i.Document, "Subject", i.Subject)
	}
	var missing, have []string
	for _, k := range kinds {
		if listed[k.component] > 0 {
			have = append(have, ground.Count(listed[k.component], "component", "components")+" of type "+k.component)
		}
		for _, a := range f.Artifacts {
			for _, file := range a.Fact.Files {
				if slices.Contains(k.endings, strings.ToLower(path.Ext(file.Name))) && listed[k.component] == 0 {
					g.Saw(a.Document, "File of the release", file.Name)
					missing = append(missing, ground.Text(file.Name)+" looks like "+k.words)
				}
			}
		}
	}
	slices.Sort(missing)
	switch {
	case len(f.Inventories) == 0:
		return g.Cannot("There is no bill of materials. %s", ground.NoInventory)
	case len(missing) > 0:
		return g.Fail("%s, and no bill of materials lists one.%s", missing[0], ground.Others(len(missing)-1))
	case len(have) > 0:
		return g.Pass("The bill of materials lists %s.", strings.Join(have, " and "))
	case len(f.Artifacts) == 0:
		return g.Cannot("The bill of materials lists neither models nor firmware, and the files of the release are not known. Push them as touchstone.artifacts/v1.")
	}
	return g.Nothing("No file of the release looks like firmware or a model of machine learning.")
}
