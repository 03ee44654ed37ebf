package api

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// collector keeps what is sent to it.
type collector struct {
	mu   sync.Mutex
	sent strings.Builder
}

func (c *collector) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent.Write(body)
}

// TestTraces: a collector gets spans of requests and of what they wait for and do, and nothing of their content,
// query or address.
func TestTraces(t *testing.T) {
	c := &collector{}
	server := httptest.NewServer(c)
	defer server.Close()
	traces, err := OpenTraces(context.Background(), server.URL+"/v1/traces", 1, "test")
	if err != nil {
		t.Fatal(err)
	}
	s := made(t, Config{Traces: traces})
	r := httptest.NewRequest(http.MethodPost, "/v1/convert?name-language=en-x-ada", strings.NewReader(string(own(t, "elmo/one-course.xml"))))
	r.Header.Set("Content-Type", "application/xml")
	r.Header.Set("User-Agent", "Ada")
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	refused := ask(s, http.MethodPost, "/v1/convert", "application/xml", []byte("<elmo>Ada"))
	if w.Code != http.StatusOK || refused.Code != http.StatusBadRequest && refused.Code != http.StatusUnprocessableEntity {
		t.Fatal(w.Code, refused.Code)
	}
	if err := traces.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"POST /v1/convert", "\x04read", "\x04wait", "\x04work", "http.response.status_code", w.Header().Get("X-Request-Id"),
		"\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c"} {
		if !strings.Contains(c.sent.String(), part) {
			t.Errorf("no %q", part)
		}
	}
	for _, part := range []string{"Ada", "ada", "192.0.2.1", "example.org"} {
		if strings.Contains(c.sent.String(), part) {
			t.Errorf("%q is sent", part)
		}
	}
}

// TestNoTraces: an address that cannot be one is refused when the service starts, without telling it.
func TestNoTraces(t *testing.T) {
	for _, endpoint := range []string{"", "localhost:4318", "ftp://localhost/secret", "http://user:secret@[::1"} {
		if _, err := OpenTraces(context.Background(), endpoint, 1, ""); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}
