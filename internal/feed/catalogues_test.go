package feed_test

import (
	"path/filepath"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/feed"
)

func TestCataloguesLieBesideTheArchives(t *testing.T) {
	dir := t.TempDir()
	if _, _, found, err := feed.KEV(dir); found || err != nil {
		t.Errorf("a directory without catalogue: %v, %v", found, err)
	}
	write(t, filepath.Join(dir, "kev.json"), []byte(`{"vulnerabilities":[{"cveID":"CVE-2026-0001","dateAdded":"2026-01-01"},{"cveID":"X"}]}`))
	write(t, filepath.Join(dir, "epss.csv"), []byte("cve,epss,percentile\nCVE-2026-0001,0.1,0.2\n"))
	c, info, found, err := feed.KEV(dir)
	if _, listed := c.Find("CVE-2026-0001"); err != nil || !found || !listed || info.Records != 1 || len(info.Quarantined) != 1 || info.AsOf == 0 || len(info.Digest) != 71 {
		t.Errorf("KEV: %+v, %v", info, err)
	}
	p, info, found, err := feed.EPSS(dir)
	if _, scored := p.Find("CVE-2026-0001"); err != nil || !found || !scored || info.Records != 1 {
		t.Errorf("EPSS: %+v, %v", info, err)
	}
	write(t, filepath.Join(dir, "kev.json"), []byte(`[]`))
	if _, _, found, err := feed.KEV(dir); !found || !fault.Is(err, fault.Invalid) {
		t.Errorf("a broken catalogue: %v, %v", found, err)
	}
}
