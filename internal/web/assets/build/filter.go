package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"regexp"
)

// The restricted parts of govuk-frontend: GDS Transport may be used on GOV.UK
// only, and neither crown nor crest may be shown by anyone else.
var (
	fontFace   = regexp.MustCompile(`@font-face\s*\{[^}]*\}`)
	fontFamily = regexp.MustCompile(`(?i)font-family:\s*"?GDS Transport"?\s*,\s*arial\s*,\s*sans-serif`)
	crownRule  = regexp.MustCompile(`[^{}]*(?:govuk-footer__copyright-logo|govuk-footer__crown|govuk-logo-dot|govuk-header__logotype)[^{}]*\{[^{}]*\}`)
	emptyMedia = regexp.MustCompile(`@media[^{}]*\{\s*\}`)
	sourceMap  = regexp.MustCompile(`(?m)(//# sourceMappingURL=.*$|/\*# sourceMappingURL=[^*]*\*/)`)
	remains    = regexp.MustCompile(`(?i)transport|crest|crown|@font-face|url\(|woff|logotype`)
)

// withoutRestricted removes the font, the crown and the crest from the style
// sheet, and fails if any mention of them or any address remains: a new release
// of govuk-frontend may name them in another way.
func withoutRestricted(css []byte) ([]byte, error) {
	if !fontFace.Match(css) || !fontFamily.Match(css) {
		return nil, fmt.Errorf("the style sheet does not look like govuk-frontend: no font to replace")
	}
	css = sourceMap.ReplaceAll(css, nil)
	css = fontFace.ReplaceAll(css, nil)
	css = fontFamily.ReplaceAll(css, []byte("font-family:var(--app-font-family)"))
	css = crownRule.ReplaceAll(css, nil)
	css = emptyMedia.ReplaceAll(css, nil)
	if at := remains.FindIndex(css); at != nil {
		return nil, fmt.Errorf("a restricted part remains: …%s…", css[max(0, at[0]-40):min(len(css), at[1]+40)])
	}
	return bytes.TrimSpace(css), nil
}

// withoutSourceMap removes the address of a map that is not served.
func withoutSourceMap(script []byte) ([]byte, error) {
	return sourceMap.ReplaceAll(script, nil), nil
}

// gzipped compresses without a time, so that equal input gives equal bytes.
func gzipped(content []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
