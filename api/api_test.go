package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/testdata/judge"

	"github.com/go-chi/chi/v5"
)

// diary is a log that tests read.
type diary struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.String()
}

func (d *diary) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(d, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// running is a service on a connection of its own; it ends with the test.
func running(t testing.TB, c Config) (address string, d *diary) {
	t.Helper()
	d = &diary{}
	c.Log = d.logger()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- made(t, c).Serve(ctx, l, nil) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), d
}

// made is a service.
func made(t testing.TB, c Config) *Service {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func own(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// ask sends a request to a handler.
func ask(h http.Handler, method, path, contentType string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// refused checks that an answer is a problem of a type.
func refused(t testing.TB, what string, w *httptest.ResponseRecorder, want *problem.Type) {
	t.Helper()
	var p problem.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%s: %d %.200s", what, w.Code, w.Body)
	}
	if w.Code != want.Status || p.Type != problem.Base+want.Name || p.Request != w.Header().Get(problem.RequestID) || p.Request == "" {
		t.Errorf("%s: %d %+v, want %s", what, w.Code, p, want.Name)
	}
}

// TestFrame: what is around every answer: ids, headers, problems of paths and methods, probes.
func TestFrame(t *testing.T) {
	s := made(t, Config{})
	w := ask(s, http.MethodGet, "/v1/nothing", "", nil)
	refused(t, "path", w, problem.NoSuchPath)
	for name, value := range headers {
		if w.Header().Get(name) != value {
			t.Errorf("%s: %s", name, w.Header().Get(name))
		}
	}
	for path, allow := range map[string]string{"/v1/convert": "POST", "/v1/gaps": "GET, HEAD, POST", "/livez": "GET, HEAD", "/v1/openapi.yaml": "GET, HEAD"} {
		w := ask(s, http.MethodDelete, path, "", nil)
		refused(t, path, w, problem.NoSuchMethod)
		if got := w.Header().Get("Allow"); got != allow {
			t.Errorf("%s: Allow %q, want %q", path, got, allow)
		}
	}
	for _, path := range []string{"/livez", "/readyz", "/metrics", "/v1/openapi.json"} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if w := ask(s, method, path, "", nil); w.Code != http.StatusOK {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
		}
	}
	s.Drain()
	refused(t, "draining", ask(s, http.MethodGet, "/readyz", "", nil), problem.Stopping)
	if w := ask(s, http.MethodGet, "/livez", "", nil); w.Code != http.StatusOK {
		t.Error("not alive while draining")
	}
}

// TestPanic: a handler that panics is answered with a problem, and neither answer nor log says with what.
func TestPanic(t *testing.T) {
	d := &diary{}
	s := made(t, Config{Log: d.logger()})
	s.Handler.(chi.Router).Get("/panic", func(http.ResponseWriter, *http.Request) { panic("secret") })
	w := ask(s, http.MethodGet, "/panic", "", nil)
	refused(t, "panic", w, problem.Fault)
	if text := d.String() + w.Body.String(); strings.Contains(text, "secret") || !strings.Contains(text, "TestPanic") {
		t.Error(text)
	}
	s.Handler.(chi.Router).Get("/late", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		panic("secret")
	})
	server := httptest.NewServer(s)
	defer server.Close()
	if r, err := http.Get(server.URL + "/late"); err == nil {
		if _, err = io.ReadAll(r.Body); err == nil {
			t.Error("half an answer looks whole")
		}
		r.Body.Close()
	}
}

// logged are the members of a line of the log with what they may say.
var logged = map[string]*regexp.Regexp{
	"time": regexp.MustCompile(`^\d{4}-[-0-9T:.]+(Z|[-+]\d\d:\d\d)$`), "level": regexp.MustCompile(`^(DEBUG|INFO|WARN)$`),
	"msg": regexp.MustCompile(`^(request|draining|connection)$`), "id": regexp.MustCompile(`^[A-Z2-7]{26}$`),
	"method": regexp.MustCompile(`^(GET|HEAD|POST|PUT|DELETE|OPTIONS|other)$`), "route": regexp.MustCompile(`^(none|/[a-z0-9/.{}-]*)$`),
	"status": regexp.MustCompile(`^\d{3}$`), "problem": regexp.MustCompile(`^[a-z-]*$`), "bytes_out": regexp.MustCompile(`^[\d.e+]+$`),
	"took_ms": regexp.MustCompile(`^[\d.e+-]+$`), "what": regexp.MustCompile(`^http: [A-Za-z: ]+$`),
}

// discreet checks that a log has nothing but what it may have.
func discreet(t testing.TB, text string) (lines int) {
	t.Helper()
	for line := range strings.Lines(text) {
		lines++
		var members map[string]any
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Fatal(err, line)
		}
		for name, value := range members {
			if may := logged[name]; may == nil || !may.MatchString(fmt.Sprint(value)) {
				t.Errorf("logged: %s %.100v", name, value)
			}
		}
	}
	return lines
}

// hostile are requests that nobody sends in good faith.
func hostile(t *testing.T) map[string][]byte {
	t.Helper()
	deep := strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000)
	all := map[string][]byte{
		"deep.json": []byte(strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)), "deep-objects.json": []byte(strings.Repeat(`{"a":`, 10_000)),
		"deep-elements.xml": []byte(deep), "deep-elmo.xml": bytes.Replace(own(t, "elmo/one-course.xml"), []byte("</elmo>"), []byte("<extension>"+deep+"</extension></elmo>"), 1),
		"zip.xml": append([]byte("PK\x03\x04"), make([]byte, 1000)...), "gzip.json": []byte("\x1f\x8b\x08\x00garbage"),
		"utf-16.xml": []byte("\xff\xfe<\x00e\x00\xd8\xd8"), "utf-32.xml": []byte("\x00\x00\xfe\xff\x00\x00\x00<"), "nul.json": []byte("{\"a\":\"\x00\"}"),
		"latin1.json": []byte("{\"type\":\"\xe9\"}"), "encoding.xml": []byte(`<?xml version="1.0" encoding="EBCDIC-CP-US"?><elmo/>`),
		"attributes.xml": []byte("<elmo" + strings.Repeat(" a='1'", 50_000) + "/>"), "dots.jwt": []byte("a.b.c"), "long.jwt": []byte(strings.Repeat("a", 1<<20) + ".." + "~"),
	}
	names, err := filepath.Glob("../testdata/invalid/*.xml")
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		all[filepath.Base(name)] = own(t, "invalid/"+filepath.Base(name))
	}
	return all
}

var typeOf = map[string]string{".xml": "application/xml", ".json": "application/json", ".jwt": "application/jwt"}

// TestHostile: every hostile request to every path is refused as a fault of the client, nothing of it is
// logged, and no memory is kept.
func TestHostile(t *testing.T) {
	d := &diary{}
	s := made(t, Config{Log: d.logger()})
	sent := 0
	for name, data := range hostile(t) {
		for _, path := range []string{"convert", "roundtrip", "validate", "verify", "inspect", "gaps"} {
			w := ask(s, http.MethodPost, "/v1/"+path, typeOf[filepath.Ext(name)], data)
			if w.Code < 400 || w.Code > 499 || w.Header().Get("Content-Type") != problem.MediaType {
				// what is no signature, verify says in its answer
				if path != "verify" || w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"status":"passed"`) {
					t.Errorf("%s %s: %d %.100s", name, path, w.Code, w.Body)
				}
			}
			sent++
		}
	}
	ask(s, http.MethodPost, "/v1/Ada%20Example?learner=Ada", "application/xml", nil)
	ask(s, "ADA", "/v1/convert", "application/xml", nil)
	if n := discreet(t, d.String()); n != sent+2 {
		t.Errorf("%d lines of log for %d requests", n, sent+2)
	}
	if w := ask(s, http.MethodGet, "/metrics", "", nil); !strings.Contains(w.Body.String(), "\nelmobridge_body_bytes 0\n") || strings.Contains(w.Body.String(), "Ada") {
		t.Error("memory is still taken, or the figures name a person")
	}
}

// channels are ways for a file besides /v1/convert and the like: the request, and whether its answer is a refusal.
var channels = map[string]struct {
	request func(name string, data []byte) *http.Request
	refuses func(*httptest.ResponseRecorder) bool
}{
	"page": {func(name string, data []byte) *http.Request { return formOf("/results", "file", name, data) },
		func(w *httptest.ResponseRecorder) bool { return w.Code >= 400 && w.Code < 500 }},
	"batch": {func(name string, data []byte) *http.Request {
		r := formOf("/v1/batch", "document", name, data)
		r.Header.Set("Accept", "application/x-ndjson")
		return r
	}, func(w *httptest.ResponseRecorder) bool {
		return w.Code >= 400 && w.Code < 500 || strings.HasSuffix(w.Body.String(), `{"count":1,"converted":0,"failed":1}`+"\n")
	}},
	"converter of DC4EU": {func(_ string, data []byte) *http.Request {
		body := fmt.Sprintf(`{"From":{"Name":"elmo","Version":"1.7"},"To":{"Name":"elm","Version":"3.2"},"Content":%q}`, base64.StdEncoding.EncodeToString(data))
		r := httptest.NewRequest(http.MethodPost, "/rest/request", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		return r
	}, func(w *httptest.ResponseRecorder) bool {
		// 500 is what its interface has for documents that cannot be converted
		return (w.Code >= 400 && w.Code < 500 || w.Code == 500) && strings.Contains(w.Body.String(), `"Errors":[{`)
	}},
}

// formOf is a request with a file in a form.
func formOf(path, field, name string, data []byte) *http.Request {
	var b bytes.Buffer
	parts := multipart.NewWriter(&b)
	if w, err := parts.CreateFormFile(field, name); err == nil { // a buffer takes everything
		_, _ = w.Write(data)
	}
	_ = parts.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", parts.FormDataContentType())
	return r
}

// TestHostileChannels: the same requests are refused on the other channels, and neither they nor the names of their
// files are logged.
func TestHostileChannels(t *testing.T) {
	for channel, c := range channels {
		d := &diary{}
		s := made(t, Config{Log: d.logger()})
		for name, data := range hostile(t) {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, c.request("Ada "+name, data))
			if !c.refuses(w) || strings.Contains(strings.ToLower(w.Body.String()), "a fault of the") {
				t.Errorf("%s: %s: %d %.300s", channel, name, w.Code, w.Body)
			}
		}
		discreet(t, d.String())
		if w := ask(s, http.MethodGet, "/metrics", "", nil); !strings.Contains(w.Body.String(), "\nelmobridge_body_bytes 0\n") || strings.Contains(w.Body.String(), "Ada") {
			t.Errorf("%s: memory is still taken, or the figures name a person", channel)
		}
	}
}

// TestAttacks: the attacks of the corpus do not pass, and no document of it makes the service fail.
func TestAttacks(t *testing.T) {
	dir := judge.Corpus(t, "elmo", "documents")
	names, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	d := &diary{}
	s := made(t, Config{Log: d.logger()})
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"convert?display=minimal&issued=2020-01-01T00:00:00Z", "validate", "verify"} {
			w := ask(s, http.MethodPost, "/v1/"+path, "application/xml", data)
			if w.Code != http.StatusOK && (w.Code < 400 || w.Code > 499) {
				t.Errorf("%s %s: %d %.200s", filepath.Base(name), path, w.Code, w.Body)
			}
		}
		if strings.HasPrefix(filepath.Base(name), "attack-") {
			w := ask(s, http.MethodPost, "/v1/convert?require-signature=true", "application/xml", data)
			if w.Code < 400 || w.Code > 499 {
				t.Errorf("%s: %d, though a signature is required", filepath.Base(name), w.Code)
			}
		}
	}
	discreet(t, d.String())
}

// TestSlow: a body that does not arrive in time, and one that is too large, end the connection.
func TestSlow(t *testing.T) {
	address, d := running(t, Config{ReadTime: 300 * time.Millisecond, MaxBody: 1 << 20})
	for name, c := range map[string]struct {
		send   string
		status int
	}{
		"slow":  {"Content-Length: 1000\r\n\r\n<elmo", http.StatusRequestTimeout},
		"large": {"Content-Length: 9000000000\r\n\r\n", http.StatusRequestEntityTooLarge},
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /v1/convert HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n%s", c.send)
		r, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(name, err)
		}
		if r.StatusCode != c.status || !r.Close {
			t.Errorf("%s: %d, close %v", name, r.StatusCode, r.Close)
		}
	}
	discreet(t, d.String())
}

// TestPerClient: a client that has too many requests at work is refused, others are not.
func TestPerClient(t *testing.T) {
	s := made(t, Config{PerClient: 1, Proxies: 1})
	reader, writer := io.Pipe()
	first := httptest.NewRequest(http.MethodPost, "/v1/convert", reader)
	first.Header.Set("Content-Type", "application/xml")
	first.Header.Set("X-Forwarded-For", "203.0.113.1")
	done := make(chan int)
	go func() {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, first)
		done <- w.Code
	}()
	fmt.Fprint(writer, "<") // it has begun
	from := func(client string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/v1/gaps", nil)
		r.Header.Set("X-Forwarded-For", client)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	w := from("198.51.100.7, 203.0.113.1") // the left one anybody can write
	refused(t, "second", w, problem.TooMany)
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if w := from("203.0.113.2"); w.Code != http.StatusOK {
		t.Errorf("another client: %d", w.Code)
	}
	writer.Close()
	if code := <-done; code != http.StatusBadRequest {
		t.Errorf("the first request: %d", code)
	}
	if w := from("203.0.113.1"); w.Code != http.StatusOK {
		t.Errorf("afterwards: %d", w.Code)
	}
}

// TestOverload: of many requests at once each is served whole or refused with 503, some of both, and the
// service works afterwards.
func TestOverload(t *testing.T) {
	xml, err := elmo.Marshal(elmotest.Courses(400), elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s := made(t, Config{Workers: 1, Wait: time.Millisecond})
	path := "/v1/convert?display=minimal&issued=2020-01-01T00:00:00Z"
	want := ask(s, http.MethodPost, path, "application/xml", xml).Body.Bytes()
	codes := make(chan int, 40)
	var all sync.WaitGroup
	for range cap(codes) {
		all.Go(func() {
			w := ask(s, http.MethodPost, path, "application/xml", xml)
			if w.Code == http.StatusOK && !bytes.Equal(w.Body.Bytes(), want) {
				t.Error("another answer under load")
			}
			codes <- w.Code
		})
	}
	all.Wait()
	close(codes)
	count := map[int]int{}
	for code := range codes {
		count[code]++
	}
	if count[200] == 0 || count[503] == 0 || count[200]+count[503] != cap(codes) {
		t.Errorf("%v", count)
	}
	if w := ask(s, http.MethodPost, path, "application/xml", xml); w.Code != http.StatusOK {
		t.Errorf("afterwards: %d", w.Code)
	}
	t.Logf("%d served, %d refused", count[200], count[503])
}

// TestDrain: when the service is told to stop, it is not ready any more, requests at work are answered, and
// no new connections are taken.
func TestDrain(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := made(t, Config{})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l, nil) }()
	xml := own(t, "elmo/one-course.xml")
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/convert HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n", len(xml))
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100") { // the handler reads
		t.Fatal(line, err)
	}
	stop()
	for ask(s, http.MethodGet, "/readyz", "", nil).Code == http.StatusOK {
		time.Sleep(time.Millisecond)
	}
	for { // the listener is closed soon
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		c.Close()
	}
	if _, err := conn.Write(xml); err != nil {
		t.Fatal(err)
	}
	if _, err := answers.ReadString('\n'); err != nil { // the end of the interim answer
		t.Fatal(err)
	}
	r, err := http.ReadResponse(answers, nil)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatal(r, err)
	}
	if body, err := io.ReadAll(r.Body); err != nil || convert.Detect(body) != convert.FormatEDC {
		t.Error("the request at work was not answered whole", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestDrainTime: requests that take too long to end are cut off, and Serve says so.
func TestDrainTime(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- made(t, Config{DrainTime: time.Millisecond}).Serve(ctx, l, nil) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /v1/convert HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/xml\r\nContent-Length: 9\r\n\r\n")
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "still at work") {
		t.Error(err)
	}
}

// TestFigures: the metrics are there, and their labels are of fixed sets.
func TestFigures(t *testing.T) {
	s := made(t, Config{})
	ask(s, http.MethodPost, "/v1/convert", "application/xml", own(t, "elmo/one-course.xml"))
	ask(s, http.MethodPost, "/v1/convert", "application/xml", nil)
	ask(s, "ADA", "/ada", "", nil)
	text := ask(s, http.MethodGet, "/metrics", "", nil).Body.String()
	for _, line := range []string{
		`elmobridge_requests_total{method="POST",route="/v1/convert",status="200"} 1`, `elmobridge_requests_total{method="POST",route="/v1/convert",status="422"} 1`,
		`elmobridge_problems_total{problem="unknown-document"} 1`, `elmobridge_request_duration_seconds_count{route="/v1/convert"} 2`,
		`elmobridge_workers_busy 0`, `elmobridge_requests_active 1`, `elmobridge_requests_total{method="other",route="none",status="405"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no %s", line)
		}
	}
}
