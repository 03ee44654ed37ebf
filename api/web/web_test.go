package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/state"
	"elmobridge/api/web"

	"github.com/go-chi/chi/v5"
)

// token is that of the operator of the tests.
const token = "token of the tests"

// configuration is that of the tests.
func configuration(t testing.TB) web.Config {
	t.Helper()
	key := make([]byte, state.KeySize)
	rand.Read(key)
	store, err := state.New(state.NewMemory(64<<20), key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(token))
	return web.Config{
		Bounds:   &limit.Bounds{MaxBody: 8 << 20, Time: time.Minute, Gate: limit.NewGate(4, time.Minute), Budget: limit.NewBudget(64 << 20)},
		State:    store,
		Examples: []web.Example{{Name: "A course", Data: document(t, "one-course")}, {Name: "A diploma", Data: document(t, "diploma")}},
		Version:  "test", Operator: sum[:],
		Figures: func(context.Context) web.Figures {
			return web.Figures{Started: time.Date(2024, 9, 1, 12, 0, 0, 0, time.UTC), Workers: 4, StateKind: "memory",
				Requests: []web.Count{{Of: []string{"web", "ok"}, N: 12345}}}
		},
	}
}

// document is one of the made-up documents of the repository.
func document(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elmo", name+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// visitor is a browser without a screen.
type visitor struct {
	t   testing.TB
	url string
	*http.Client
}

// mount serves the pages.
func mount(t testing.TB, c web.Config) *httptest.Server {
	t.Helper()
	r := chi.NewRouter()
	web.Mount(r, c)
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	return s
}

func visit(t testing.TB, c web.Config) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, mount(t, c).URL, &http.Client{Jar: jar}}
}

// another is another visitor of the same pages.
func (v *visitor) another() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return &visitor{v.t, v.url, &http.Client{Jar: jar}}
}

// page is an answer.
type page struct {
	*http.Response
	text string
}

func (v *visitor) do(r *http.Request) page {
	v.t.Helper()
	answer, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return page{answer, string(data)}
}

func (v *visitor) get(path string, header ...string) page {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodGet, v.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return v.do(r)
}

func (v *visitor) post(path string, fields url.Values, header ...string) page {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.url+path, strings.NewReader(fields.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return v.do(r)
}

// form is the form with a file, or with fields alone when the name is empty.
func form(t testing.TB, name string, data []byte, fields ...string) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		w, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), b.Bytes()
}

// send sends the form and follows to the result.
func (v *visitor) send(name string, data []byte, fields ...string) page {
	v.t.Helper()
	contentType, body := form(v.t, name, data, fields...)
	r, err := http.NewRequest(http.MethodPost, v.url+"/results", bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	return v.do(r)
}

// want fails when the page lacks a text.
func (p page) want(t testing.TB, status int, texts ...string) {
	t.Helper()
	if p.StatusCode != status {
		t.Errorf("%s: %s, want %d", p.Request.URL.Path, p.Status, status)
	}
	for _, text := range texts {
		if !strings.Contains(p.text, text) {
			t.Errorf("%s: no %q in %.2000s", p.Request.URL.Path, text, p.text)
		}
	}
}

// TestResult: a document is shown with transcript, report and credential, for the browser that sent it alone.
func TestResult(t *testing.T) {
	v := visit(t, configuration(t))
	v.get("/").want(t, http.StatusOK, `<html lang="en">`, `action="/results"`)
	p := v.send("transcript.xml", document(t, "transcript"))
	p.want(t, http.StatusOK, "Ada Ilona Example", "Foundations of Language Technology", "12 April 1998", `href="/audit#LOI-10"`, "Not signed",
		"A (excellent) to F (fail)", "urn:", "University of Fjordheim")
	if p.Request.URL.Path != "/results/1" {
		t.Error(p.Request.URL)
	}
	v.another().get("/results/1").want(t, http.StatusNotFound, "There is nothing here")
	v.get("/").want(t, http.StatusOK, `href="/results/1"`, "transcript.xml")
}
