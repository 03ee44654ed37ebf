package dc4eu

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elmobridge/api/limit"
	"elmobridge/testdata/judge"

	"github.com/go-chi/chi/v5"
)

// noon is the time of all conversions here.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 5_999_999, time.FixedZone("CET", 3600))

// usual is a configuration that refuses nothing.
func usual() Config {
	return Config{
		Version: "test", Now: func() time.Time { return noon },
		Bounds: &limit.Bounds{MaxBody: 8 << 20, Time: time.Minute, Gate: limit.NewGate(2, time.Minute), Budget: limit.NewBudget(64 << 20)},
	}
}

// mounted is the endpoint with a configuration.
func mounted(c Config) http.Handler {
	r := chi.NewRouter()
	Mount(r, c)
	return r
}

// post sends a body as the client of the gateway does.
func post(h http.Handler, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// javaRequest is what the Java client sends: the members in the order of the generated classes, those that are null
// as well.
const javaRequest = `{"From":{"Name":"FROM","Version":"FV"},"To":TO,"Parameters":{"PreferredLanguages":["en","sv","no"],"flags":null,"defaultLanguage":"en"},"Content":"CONTENT"}`

// javaBody fills in such a request.
func javaBody(from, to protocol, content []byte) string {
	target := `{"Name":"` + to.Name + `","Version":"` + to.Version + `"}`
	return strings.NewReplacer("FROM", from.Name, "FV", from.Version, "TO", target,
		"CONTENT", base64.StdEncoding.EncodeToString(content)).Replace(javaRequest)
}

var (
	elmo17 = protocol{"elmo", "1.7"}
	elm32  = protocol{"elm", "3.2"}
)

// converted is the answer to such a request, which must be well.
func converted(t testing.TB, h http.Handler, from, to protocol, content []byte) *response {
	t.Helper()
	return good(t, post(h, "/rest/request", javaBody(from, to, content)))
}

// good is an answer that must be well.
func good(t testing.TB, w *httptest.ResponseRecorder) *response {
	t.Helper()
	r := &response{}
	if err := json.Unmarshal(w.Body.Bytes(), r); err != nil || w.Code != http.StatusOK || len(r.Content) == 0 || r.Report == nil {
		t.Fatalf("%d %v %.500s", w.Code, err, w.Body)
	}
	return r
}

// refused is the text of an answer that must be an error.
func refused(t testing.TB, what string, w *httptest.ResponseRecorder, status int) string {
	t.Helper()
	var body map[string][]map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s: %d %v %.300s", what, w.Code, err, w.Body)
	}
	if w.Code != status || len(body) != 1 || len(body["Errors"]) == 0 || len(body["Errors"][0]) != 1 {
		t.Fatalf("%s: %d %.300s, want %d", what, w.Code, w.Body, status)
	}
	if got := w.Header().Get("Content-Type"); got != mediaType {
		t.Errorf("%s: %s", what, got)
	}
	text := body["Errors"][0]["Message"]
	if !strings.HasSuffix(text, ".") || strings.Contains(text, "..") || strings.Contains(text, " .") {
		t.Errorf("%s: %q is no sentence", what, text)
	}
	return text
}

// file is a document of ours.
func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// corpus is a document of others.
func corpus(t testing.TB, elem ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(judge.Corpus(t, elem...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// texts are those of messages.
func texts(list []message) string {
	var b bytes.Buffer
	for _, m := range list {
		b.WriteString(m.Message + "\n")
	}
	return b.String()
}
