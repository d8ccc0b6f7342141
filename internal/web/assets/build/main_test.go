package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const sample = `.a{font-family:GDS Transport,arial,sans-serif;color:red}` +
	`@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2) format("woff2")}` +
	`.govuk-footer__copyright-logo:before{background-image:url(/assets/images/govuk-crest.svg)}` +
	`@media (x){.govuk-footer__crown{color:red}}.b{color:blue}` + "\n/*# sourceMappingURL=govuk.css.map */"

func TestTheFontAndTheCrestAreFilteredOutAndTheRestStays(t *testing.T) {
	got, err := withoutRestricted([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	want := `.a{font-family:var(--app-font-family);color:red}.b{color:blue}`
	if string(got) != want {
		t.Errorf("filtered to %s, not %s", got, want)
	}
}

func TestAStyleSheetWithARestrictedRemainderIsRefused(t *testing.T) {
	for does, css := range map[string]string{
		"the font in another place": sample + `:root{--font:"GDS Transport"}`,
		"a crest under a new name":  sample + `.new{mask:url(crest.svg)}`,
		"an address":                sample + `.new{background:url(x.png)}`,
		"a crown under a new name":  sample + `.govuk-new-crown{color:red}`,
		"no font at all":            `.a{color:red}`,
		"nothing":                   "",
	} {
		if got, err := withoutRestricted([]byte(css)); err == nil {
			t.Errorf("%s passes: %s", does, got)
		}
	}
}

func built(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := collect("../../../../node_modules", "../src")
	if err != nil {
		t.Fatalf("the assets cannot be made: %v", err)
	}
	return files
}

func TestThePinnedPackagesGiveExactlyTheAssetsThatPagesName(t *testing.T) {
	files := built(t)
	want := []string{"app.css", "app.js", "govuk-frontend.min.js", "htmx.min.js", "icon.svg", "notices.txt"}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("assets are %v, not %v", got, want)
	}
	for name, content := range files {
		if len(content) < 100 {
			t.Errorf("%s has only %d bytes", name, len(content))
		}
		if bytes.Contains(content, []byte("sourceMappingURL")) {
			t.Errorf("%s names a source map that is not served", name)
		}
	}
	css := string(files["app.css"])
	for _, part := range []string{".govuk-error-summary", ".govuk-generic-header", ".app-standings", "--app-font-family:"} {
		if !strings.Contains(css, part) {
			t.Errorf("the style sheet lacks %s", part)
		}
	}
	if at := remains.FindString(css); at != "" {
		t.Errorf("the style sheet still names %q", at)
	}
	for _, licence := range []string{"Crown Copyright (Government Digital Service)", "Zero-Clause BSD"} {
		if !bytes.Contains(files["notices.txt"], []byte(licence)) {
			t.Errorf("the notices lack %q", licence)
		}
	}
}

func TestOurScriptNeedsNoExceptionFromTheContentSecurityPolicy(t *testing.T) {
	script := string(built(t)["app.js"])
	for _, forbidden := range []string{"eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", ".style", "setAttribute('style", "javascript:"} {
		if strings.Contains(script, forbidden) {
			t.Errorf("app.js contains %s", forbidden)
		}
	}
}

func TestWritingReplacesWhatAnOlderBuildLeft(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{".placeholder", "old.js"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := write(folder, map[string][]byte{"app.js": []byte("content")}); err != nil {
		t.Fatal(err)
	}
	entries, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(entries) != 3 {
		t.Errorf("the folder has %v (%v), not the placeholder, app.js and app.js.gz", entries, err)
	}
	if _, err := os.Stat(filepath.Join(folder, ".placeholder")); err != nil {
		t.Errorf("the placeholder is gone: %v", err)
	}
	compressed, err := os.Open(filepath.Join(folder, "app.js.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer compressed.Close()
	r, err := gzip.NewReader(compressed)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(r); err != nil || string(content) != "content" {
		t.Errorf("app.js.gz holds %q (%v)", content, err)
	}
}

func TestMissingPackagesNameTheRemedyAndWriteNothing(t *testing.T) {
	root := t.TempDir()
	err := build(root)
	if err == nil || !strings.Contains(err.Error(), "make assets") {
		t.Errorf("the error is %v, without the remedy", err)
	}
	if entries, _ := os.ReadDir(root); len(entries) != 0 {
		t.Errorf("%v was written", entries)
	}
}

// Every pair of colours that app.css marks reaches its contrast (WCAG 2.2, 1.4.3
// and 1.4.11).
func TestTheColoursReachTheirContrast(t *testing.T) {
	css, err := os.ReadFile("../src/app.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string]string{}
	for _, m := range regexp.MustCompile(`(--app-[a-z-]+): (#[0-9a-f]{6});`).FindAllSubmatch(css, -1) {
		colours[string(m[1])] = string(m[2])
	}
	pairs := regexp.MustCompile(`pair (\S+) (\S+) ([0-9.]+)`).FindAllSubmatch(css, -1)
	if len(pairs) < 10 {
		t.Fatalf("only %d pairs of colours are marked", len(pairs))
	}
	for _, m := range pairs {
		least, err := strconv.ParseFloat(string(m[3]), 64)
		if err != nil {
			t.Fatal(err)
		}
		front, back := colourOf(colours, string(m[1])), colourOf(colours, string(m[2]))
		if got := contrast(t, front, back); got < least {
			t.Errorf("%s on %s has a contrast of %.2f, less than %.1f", m[1], m[2], got, least)
		}
	}
}

func colourOf(colours map[string]string, name string) string {
	if strings.HasPrefix(name, "#") {
		return name
	}
	return colours[name]
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != 7 {
		t.Fatalf("%q is no colour", colour)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("%q is no colour: %v", colour, err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

func TestContrastIsThatOfTheSpecification(t *testing.T) {
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 0.001 {
		t.Errorf("black on white has a contrast of %.3f, not 21", got)
	}
	if got := contrast(t, "#777777", "#ffffff"); math.Abs(got-4.478) > 0.01 {
		t.Errorf("grey on white has a contrast of %.3f, not 4.478", got)
	}
}
