package stand

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
)

// API speaks for the holder of one token.
type API struct {
	Server *Server
	Token  string
	// Cookie is sent instead of a token when there is none.
	Cookie string
}

// Answer is what the server said.
type Answer struct {
	Status int
	Header http.Header
	Raw    []byte
	Body   map[string]any // of JSON objects
}

// ID is the identifier in the body.
func (a Answer) ID() string { id, _ := a.Body["id"].(string); return id }

// Items are the entries of a list.
func (a Answer) Items() []map[string]any {
	var out []map[string]any
	list, _ := a.Body["items"].([]any)
	for _, entry := range list {
		if m, ok := entry.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// Try sends a request and returns what came of it; body is sent as JSON unless it
// is nil. header holds pairs of name and value.
func (a API) Try(method, path string, body any, header ...string) (Answer, error) {
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return Answer{}, err
		}
		sent = bytes.NewReader(raw)
		header = append([]string{"Content-Type", "application/json"}, header...)
	}
	return a.send(method, path, sent, header)
}

func (a API) send(method, path string, body io.Reader, header []string) (Answer, error) {
	r, err := http.NewRequest(method, a.Server.URL+path, body)
	if err != nil {
		return Answer{}, err
	}
	if a.Token != "" {
		r.Header.Set("Authorization", "Bearer "+a.Token)
	}
	if a.Cookie != "" {
		r.Header.Set("Cookie", a.Cookie)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := a.Server.client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	out := Answer{Status: response.StatusCode, Header: response.Header, Raw: raw}
	json.Unmarshal(raw, &out.Body) // a page or a file is no object
	return out, err
}

// Do is Try for what has to be answered with a status; 0 takes any.
func (a API) Do(t testing.TB, want int, method, path string, body any, header ...string) Answer {
	t.Helper()
	a.Server.Client(t)
	got, err := a.Try(method, path, body, header...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if want != 0 && got.Status != want {
		t.Fatalf("%s %s: %d, want %d: %.600s", method, path, got.Status, want, got.Raw)
	}
	return got
}

// Upload records evidence with a file.
func (a API) Upload(t testing.TB, want int, fields map[string]string, name string, content []byte) Answer {
	t.Helper()
	a.Server.Client(t)
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for field, value := range fields {
		form.WriteField(field, value)
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	got, err := a.send("POST", "/api/v1/evidence", &b, []string{"Content-Type", form.FormDataContentType()})
	if err != nil || got.Status != want {
		t.Fatalf("upload: %v, %d, want %d: %.600s", err, got.Status, want, got.Raw)
	}
	return got
}

// AnswerAll answers every question of an assessment that has no answer with the
// lowest level that there is.
func (a API) AnswerAll(t testing.TB, assessment string) int {
	t.Helper()
	path := "/api/v1/assessments/" + assessment + "/responses"
	n := 0
	for after := ""; ; {
		page := a.Do(t, 200, "GET", path+after, nil)
		for _, r := range page.Items() {
			if answer, _ := r["response"].(map[string]any); answer != nil && answer["claim"] != "unanswered" {
				continue
			}
			levels := r["levels"].([]any)
			a.Do(t, 200, "PUT", fmt.Sprintf("%s/%s", path, r["id"]), map[string]any{"claim": levels[n%len(levels)], "rationale": "Seen in the test report of this quarter."},
				"If-Match", fmt.Sprintf("%q", fmt.Sprint(r["version"])))
			n++
		}
		next, _ := page.Body["next"].(string)
		if next == "" {
			return n
		}
		after = "?after=" + next
	}
}
