package inventory

import (
	"fmt"
	"strings"
)

// Verdict says in one sentence what the difference is and whose.
func (d *Difference) Verdict() string {
	if d.Empty() {
		switch {
		case d.Unchanged == 0:
			return "Neither document lists a component."
		case d.Before.Components != d.After.Components:
			return fmt.Sprintf("Nothing changed: both documents list the same %s, though one lists some of them more often.", number(d.Unchanged, "package version"))
		}
		return fmt.Sprintf("Nothing changed: both documents list the same %s.", number(d.Unchanged, "package version"))
	}
	switch d.Basis {
	case OneBuildOtherTools:
		return fmt.Sprintf("Different tools describing one build: %s. These are differences between %s and %s, not changes of the product.", d.summary(ofTools()), tools(d.ToolsBefore), tools(d.ToolsAfter))
	case OneBuild:
		return fmt.Sprintf("Both documents describe one build and come from the same tools, yet %s: the build or one of the documents is not what it was.", d.summary(ofProduct()))
	case OtherBuildOtherTools:
		return fmt.Sprintf("Between the two documents %s; they come from different tools (%s, then %s), so some of this may be no change of the product.", d.summary(ofProduct()), tools(d.ToolsBefore), tools(d.ToolsAfter))
	}
	return fmt.Sprintf("Since the document before, %s.", d.summary(ofProduct()))
}

// phrases say how many of what; each has a form for one and one for more.
type phrases struct{ added, removed, versions, contents, licences [2]string }

func ofProduct() phrases {
	return phrases{
		added:    [2]string{"1 package was added", "%d packages were added"},
		removed:  [2]string{"1 package was removed", "%d packages were removed"},
		versions: [2]string{"1 package changed its version", "%d packages changed their version"},
		contents: [2]string{"1 package has other content in the same version", "%d packages have other content in the same version"},
		licences: [2]string{"1 package has other licences", "%d packages have other licences"},
	}
}

func ofTools() phrases {
	return phrases{
		added:    [2]string{"the second alone lists 1 package", "the second alone lists %d packages"},
		removed:  [2]string{"the first alone lists 1 package", "the first alone lists %d packages"},
		versions: [2]string{"they give 1 package another version", "they give %d packages other versions"},
		contents: [2]string{"they give 1 package other digests", "they give %d packages other digests"},
		licences: [2]string{"they give 1 package other licences", "they give %d packages other licences"},
	}
}

// summary is "2 packages were added and 1 package was removed".
func (d *Difference) summary(p phrases) string {
	var parts []string
	for _, x := range []struct {
		n    int
		form [2]string
	}{{len(d.Added), p.added}, {len(d.Removed), p.removed}, {len(d.Versions), p.versions}, {len(d.Contents), p.contents}, {len(d.Licences), p.licences}} {
		switch {
		case x.n == 1:
			parts = append(parts, x.form[0])
		case x.n > 1:
			parts = append(parts, fmt.Sprintf(x.form[1], x.n))
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

func tools(names []string) string {
	if len(names) == 0 {
		return "a tool that is not named"
	}
	return strings.Join(names, ", ")
}

func number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
