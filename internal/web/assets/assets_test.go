package assets

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func sample(t *testing.T, extra ...string) *Assets {
	t.Helper()
	root := fstest.MapFS{".placeholder": {Data: []byte("x")}}
	for _, name := range append(extra, required()...) {
		root[name] = &fstest.MapFile{Data: []byte("plain " + name)}
		root[name+".gz"] = &fstest.MapFile{Data: []byte("small " + name)}
	}
	a, err := load(root)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func get(a *Assets, method, path, encoding string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestAFileIsServedForEverUnderItsAddress(t *testing.T) {
	a := sample(t)
	for name, kind := range map[string]string{
		"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"icon.svg": "image/svg+xml", "notices.txt": "text/plain; charset=utf-8",
	} {
		answer := get(a, "GET", a.URL(name), "")
		for header, want := range map[string]string{
			"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable",
			"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding", "Content-Encoding": "",
		} {
			if got := answer.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, not %q", name, header, got, want)
			}
		}
		body := make([]byte, 99)
		n, _ := answer.Body.Read(body)
		if answer.StatusCode != 200 || string(body[:n]) != "plain "+name {
			t.Errorf("%s answers %d %q", name, answer.StatusCode, body[:n])
		}
	}
}

func TestWhatIsNotAnAssetIsNotFoundAndNotKept(t *testing.T) {
	a := sample(t)
	good := a.URL("app.css")
	for _, path := range []string{
		"/assets/", "/assets/app.css", "/assets/0000000000000000/app.css", a.URL("other.css"), a.URL("app.css.gz"),
		a.URL(".placeholder"), a.URL(""), a.URL("../assets.go"), good + "/", good + "/../app.js",
	} {
		answer := get(a, "GET", path, "")
		if answer.StatusCode != http.StatusNotFound || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s answers %d, %q", path, answer.StatusCode, answer.Header.Get("Cache-Control"))
		}
	}
	if answer := get(a, "POST", good, ""); answer.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST answers %d", answer.StatusCode)
	}
}

func TestTheCompressedFormIsSentOnlyToThoseWhoTakeIt(t *testing.T) {
	a := sample(t)
	for header, want := range map[string]string{
		"": "", "gzip": "gzip", "br, GZIP;q=0.5": "gzip", "*": "gzip", "*, gzip;q=0": "", "gzip; q=0.000, *": "", "br": "", "x-gzip": "", "gzip;q=1.0": "gzip",
	} {
		answer := get(a, "HEAD", a.URL("app.js"), header)
		if got := answer.Header.Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q gives %q, not %q", header, got, want)
		}
		if got := answer.Header.Get("Content-Length"); got != "12" {
			t.Errorf("Accept-Encoding %q: length %s", header, got)
		}
	}
}

func TestTheAddressChangesWithTheContentOfAnyFile(t *testing.T) {
	one, same, other := sample(t), sample(t), sample(t, "more.css")
	if one.URL("app.css") != same.URL("app.css") {
		t.Error("equal files have different addresses")
	}
	if one.URL("app.css") == other.URL("app.css") {
		t.Error("different files have the same address")
	}
}

func TestABinaryWithoutAssetsSaysSo(t *testing.T) {
	empty, err := load(fstest.MapFS{".placeholder": {}})
	if err != nil {
		t.Fatal(err)
	}
	if empty.Built() {
		t.Error("no assets count as built")
	}
	if !sample(t).Built() {
		t.Error("all assets do not count as built")
	}
	if answer := get(empty, "GET", empty.URL("app.css"), ""); answer.StatusCode != http.StatusNotFound {
		t.Errorf("a missing asset answers %d", answer.StatusCode)
	}
}

func TestTheEmbeddedFolderLoads(t *testing.T) {
	a, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(a.URL("app.css"), a.Pattern()) {
		t.Errorf("address %s is not under %s", a.URL("app.css"), a.Pattern())
	}
	if a.Built() != (get(a, "GET", a.URL("app.css"), "").StatusCode == 200) {
		t.Error("Built and what is served disagree")
	}
}
