package boot

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests here are lines of section 2 of the contracts that are about the
// program as a process: push and feed.

// pushed is a server with one system, and what a pipeline needs to push to it.
type pushed struct {
	touchstone
	data, url, system string
	admin             string // token
	flags             []string
	running           *running
}

func newPushed(t *testing.T) *pushed {
	needsAssets(t)
	p := &pushed{touchstone: newTouchstone(t)}
	p.data = filepath.Join(p.home, "data")
	p.admin = p.described("token", 0, "token", "create", "--data", p.data, "--org", "Harbour Agency", "--create-org", "--role", "administrator")["token"].(string)
	p.serve()
	p.system = p.call(201, "POST", "/api/v1/systems", `{"name":"Tide tables","organisation":"Harbour Agency","exposure":"restricted"}`)["id"].(string)
	file := p.file("token", p.described("token", 0, "token", "create", "--data", p.data, "--org", "Harbour Agency", "--role", "team_member", "--system", p.system)["token"].(string)+"\n")
	p.flags = []string{"--token-file", file, "--ca", filepath.Join(p.data, "ca.crt"), "--system", p.system, "--release", "1.0"}
	return p
}

func (p *pushed) serve() {
	p.running = p.begin("serve", "--data", p.data, "--listen", "127.0.0.1:0")
	var said struct{ URL string }
	if err := json.Unmarshal([]byte(p.running.line), &said); err != nil {
		p.t.Fatal(err)
	}
	p.url = said.URL
}

func (p *pushed) file(name, content string) string {
	p.t.Helper()
	path := filepath.Join(p.home, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// call asks the API as the administrator.
func (p *pushed) call(want int, method, path, body string) map[string]any {
	p.t.Helper()
	client := trusting(p.t, filepath.Join(p.data, "ca.crt"))
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.admin)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != want {
		p.t.Fatalf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, want, b)
	}
	var out map[string]any
	json.Unmarshal(b, &out) //nolint:errcheck // an answer may be empty
	return out
}

func (p *pushed) push(want int, args ...string) map[string]any {
	p.t.Helper()
	return p.described("push", want, append(append([]string{"push", "--server", p.url}, p.flags...), args...)...)
}

func components(n int) string {
	var b strings.Builder
	b.WriteString(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application","bom-ref":"root","name":"tides","version":"1.0"}},"components":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"library","bom-ref":"c%d","name":"part-%d","version":"1.0.%d","purl":"pkg:npm/part-%d@1.0.%d"}`, i, i, i, i, i)
	}
	b.WriteString("]}")
	return b.String()
}

func TestPushSaysWhatWasUnderstoodAndEndsAsContracted(t *testing.T) {
	p := newPushed(t)
	small, broken := p.file("small.json", components(3)), p.file("broken.json", components(3)[:200])
	large := p.file("large.json", components(20_000)) // read in a process of its own
	binary := p.file("tides.bin", "the program")

	out := p.push(0, "--artifact", binary, small, large)
	docs := out["documents"].([]any)
	for i, want := range []struct {
		path, format string
		items        float64
	}{{"artifacts.json", "touchstone-artifacts", 1}, {small, "cyclonedx-json", 3}, {large, "cyclonedx-json", 20_000}} {
		d := docs[i].(map[string]any)
		if d["path"] != want.path || d["format"] != want.format || d["items"] != want.items || d["evidence"] == "" || d["status"] == "refused" {
			t.Errorf("%+v", d)
		}
	}
	if again := p.push(0, small); again["documents"].([]any)[0].(map[string]any)["evidence"] != docs[1].(map[string]any)["evidence"] {
		t.Errorf("the same file again: %v", again)
	}
	refused := p.push(1, broken, small)
	if d := refused["documents"].([]any)[0].(map[string]any); d["status"] != "refused" || d["problem"] == "" {
		t.Errorf("%v", d)
	}
	text := p.run(0, append(append([]string{"push", "--server", p.url}, p.flags...), small)...)
	if !strings.Contains(text, "cyclonedx-json") || !strings.Contains(text, "Policy: met") {
		t.Errorf("%s", text)
	}

	wrong := p.file("wrong", "tst_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	foreign := p.file("foreign", p.described("token", 0, "token", "create", "--data", p.data, "--org", "Forest Office", "--create-org", "--role", "administrator")["token"].(string))
	reader := p.file("reader", p.described("token", 0, "token", "create", "--data", p.data, "--org", "Harbour Agency", "--role", "portfolio_reader")["token"].(string))
	with := func(token string) []string {
		return []string{"push", "--server", p.url, "--token-file", token, "--ca", filepath.Join(p.data, "ca.crt"), "--system", p.system, "--release", "1.0", small, "--format", "json"}
	}
	p.run(4, with(wrong)...)
	p.run(4, with(reader)...)
	p.run(1, with(foreign)...) // it is as if the system were not there
	p.run(2, "push", "--server", "http://localhost", "--token-file", reader, "--system", p.system, "--release", "1.0", small)
	p.run(2, append([]string{"push", "--server", p.url}, p.flags...)...)
	p.run(1, append(append([]string{"push", "--server", "https://localhost:1"}, p.flags...), small)...)
}

func TestPushTakesItsServerFromTheEnvironment(t *testing.T) {
	p := newPushed(t)
	small := p.file("small.json", components(1))
	cmd, stdout, stderr := p.command(t.Context(), "push", "--system", p.system, "--release", "1.0", "--format", "json", small)
	cmd.Env = append(cmd.Env, "TOUCHSTONE_SERVER="+p.url, "TOUCHSTONE_TOKEN_FILE="+p.flags[1], "TOUCHSTONE_CA="+p.flags[3])
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	described(t, "push", stdout.String())
}

// TestANewAdvisoryAndTheFixMoveAStandingThroughPush is what a pipeline shows: down
// on an advisory about something known to be exploited, up on the fix.
func TestANewAdvisoryAndTheFixMoveAStandingThroughPush(t *testing.T) {
	p := newPushed(t)
	feeds := filepath.Join(p.home, "feeds")
	if err := os.MkdirAll(filepath.Join(feeds, "npm"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.file("feeds/npm/1.json", `{"id":"TEST-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"nobody-uses-this"},"versions":["1.0.0"]}]}`)
	p.file("feeds/kev.json", `{"title":"t","catalogVersion":"1","dateReleased":"2026-01-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2026-1000","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2026-01-01","shortDescription":"s","requiredAction":"r","dueDate":"2026-01-20","knownRansomwareCampaignUse":"Unknown","notes":"","cwes":[]}]}`)
	if out := p.described("feed-sync", 0, "feed", "sync", "--data", p.data, "--from", feeds); len(out["feeds"].([]any)) != 2 {
		t.Errorf("%v", out)
	}
	p.described("feed-status", 0, "feed", "status", "--data", p.data)
	p.described("feed-verify", 0, "feed", "verify", "--data", p.data, "--from", feeds)
	p.described("feed-sync", 3, "feed", "sync", "--data", p.data, "--from", filepath.Join(p.home, "nowhere"))

	assessment := p.call(201, "POST", "/api/v1/systems/"+p.system+"/assessments", `{"framework":"touchstone-in-service"}`)["id"].(string)
	for _, r := range p.call(200, "GET", "/api/v1/assessments/"+assessment+"/responses", "")["items"].([]any) {
		r := r.(map[string]any)
		levels := r["levels"].([]any)
		p.call(200, "PUT", "/api/v1/assessments/"+assessment+"/responses/"+r["id"].(string), fmt.Sprintf(`{"claim":%q,"rationale":"Seen."}`, levels[len(levels)-1]))
	}
	bill := strings.NewReplacer(`"purl"`, `"supplier":{"name":"Somebody"},"purl"`)
	before := p.push(0, p.file("one.json", bill.Replace(components(2))))
	if len(before["standings"].([]any)) == 0 {
		t.Errorf("%v", before)
	}
	p.call(201, "POST", "/api/v1/advisories", `{"id":"TEST-2","aliases":["CVE-2026-1000"],"modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"part-1"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.2"}]}]}]}`)
	found := p.call(200, "GET", "/api/v1/advisories/CVE-2026-1000/affected", "")
	if found["total"] != 1.0 || found["items"].([]any)[0].(map[string]any)["release"] != "1.0" {
		t.Fatalf("who is affected, asked when the advisory was taken: %v", found)
	}
	down := p.push(3, p.file("one.json", bill.Replace(components(2))))
	if !strings.Contains(fmt.Sprint(down["reasons"]), "CVE-2026-1000") {
		t.Errorf("%v", down)
	}
	p.flags[len(p.flags)-1] = "1.1"
	up := p.push(0, p.file("two.json", bill.Replace(strings.NewReplacer(`"version":"1.0"`, `"version":"1.1"`, "1.0.1", "1.0.2").Replace(components(2)))))
	moved := false
	for _, m := range up["standings"].([]any) {
		moved = moved || m.(map[string]any)["before"] == "contradicted"
	}
	if !moved {
		t.Errorf("%v", up)
	}
	if v := p.described("verify", 0, "verify", "--data", p.data); v["ok"] != true {
		t.Errorf("%v", v)
	}
	p.running.end()
}

// TestADeliveryOutlivesACrash kills the server right after it took a document in.
func TestADeliveryOutlivesACrash(t *testing.T) {
	p := newPushed(t)
	body := components(50)
	took := p.call(202, "POST", "/api/v1/systems/"+p.system+"/releases/1.0/documents", body)
	if err := p.running.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.running.rest
	p.running.cmd.Wait() //nolint:errcheck // it was killed
	p.serve()
	eventually(t, "the document is judged", func() bool {
		return p.call(200, "GET", "/api/v1/jobs/"+took["job"].(string), "")["state"] == "done"
	})
	again := p.call(202, "POST", "/api/v1/systems/"+p.system+"/releases/1.0/documents", body)
	if again["evidence"] != took["evidence"] {
		t.Errorf("%v, then %v", took, again)
	}
	if v := p.described("verify", 0, "verify", "--data", p.data); v["ok"] != true {
		t.Errorf("%v", v)
	}
}
