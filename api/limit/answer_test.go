package limit

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// refuse answers as the adapters do.
func refuse(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), http.StatusServiceUnavailable)
}

// TestAnswers: an answer goes through as it is; one for which there is no memory is refused, whole, with the header of the
// frame; nothing is taken afterwards.
func TestAnswers(t *testing.T) {
	b := &Bounds{Budget: NewBudget(100 << 10)}
	h := Answers(b, refuse)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Of-Handler", "yes")
		w.WriteHeader(http.StatusTeapot)
		for range 2 {
			_, err := w.Write(bytes.Repeat([]byte("x"), int(r.ContentLength)))
			if (err != nil) != (r.ContentLength > 100<<10) {
				t.Error(r.ContentLength, err)
			}
		}
		if r.ContentLength <= 100<<10 && b.Budget.Used() != r.ContentLength {
			t.Errorf("%d bytes are taken for %d", b.Budget.Used(), r.ContentLength)
		}
	}))
	for size, want := range map[int64]int{0: http.StatusTeapot, 70 << 10: http.StatusTeapot, 101 << 10: http.StatusServiceUnavailable} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.ContentLength = size
		w := httptest.NewRecorder()
		w.Header().Set("X-Of-Frame", "yes")
		h.ServeHTTP(w, r)
		refused := want == http.StatusServiceUnavailable
		if w.Code != want || w.Header().Get("X-Of-Frame") == "" || (w.Header().Get("X-Of-Handler") == "") != refused || !refused && w.Body.Len() != int(2*size) {
			t.Errorf("%d: %d, %d bytes, %v", size, w.Code, w.Body.Len(), w.Header())
		}
		if b.Budget.Used() != 0 {
			t.Errorf("%d: %d bytes are still taken", size, b.Budget.Used())
		}
	}
}

// TestUnread: who does not read an answer is cut off, without progress or when the time for all of it is over; until then
// the memory is taken.
func TestUnread(t *testing.T) {
	huge := bytes.Repeat([]byte("x"), 64<<20) // more than connections buffer
	for name, b := range map[string]*Bounds{
		"progress": {Budget: NewBudget(64 << 20), Progress: 50 * time.Millisecond},
		"time":     {Budget: NewBudget(64 << 20), SendTime: 50 * time.Millisecond},
	} {
		ended := make(chan error, 1)
		server := httptest.NewServer(Answers(b, refuse)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, err := w.Write(huge)
			if b.Budget.Used() != 64<<20 {
				t.Errorf("%s: %d bytes are taken", name, b.Budget.Used())
			}
			ended <- err
		})))
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) { // the test fails by its own time limit
			t.Errorf("%s: %v", name, err)
		}
		conn.Close()
		server.Close()
		if b.Budget.Used() != 0 {
			t.Errorf("%s: %d bytes are still taken", name, b.Budget.Used())
		}
	}
}

// TestSlowReader: who reads slowly, but reads, gets all of an answer that takes many times as long as one piece may.
func TestSlowReader(t *testing.T) {
	b := &Bounds{Budget: NewBudget(1 << 20), Progress: time.Minute}
	server := httptest.NewUnstartedServer(Answers(b, refuse)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour))
		for range 20 {
			if _, err := io.WriteString(w, strings.Repeat("x", 100<<10)); err != nil {
				t.Error(err)
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
		}
	})))
	server.Config.WriteTimeout = time.Nanosecond // which each piece extends
	server.Start()
	defer server.Close()
	r, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if n, err := io.Copy(io.Discard, r.Body); err != nil || n != 2000<<10 {
		t.Error(n, err)
	}
}
