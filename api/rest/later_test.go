package rest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/state"
	"elmobridge/api/state/jetstream"
)

// engine is an engine in memory whose entries a test can look at, and which fails where it is told to.
type engine struct {
	*state.Memory

	mu      sync.Mutex
	entries map[string][]byte
	fails   map[string]error // by the beginning of the key, or "queue"
	read    func(key string) // called when an entry has been read; nil: nothing
}

func newEngine(bytes int) *engine {
	return &engine{Memory: state.NewMemory(bytes), entries: map[string][]byte{}, fails: map[string]error{}}
}

func (e *engine) failure(key string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	kind, _, _ := strings.Cut(key, ".")
	return e.fails[kind]
}

func (e *engine) Create(ctx context.Context, key string, value []byte, life time.Duration) (state.Revision, error) {
	if err := e.failure(key); err != nil {
		return 0, err
	}
	r, err := e.Memory.Create(ctx, key, value, life)
	if err == nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.entries[key] = value
	}
	return r, err
}

func (e *engine) Get(ctx context.Context, key string) ([]byte, state.Revision, error) {
	value, r, err := e.Memory.Get(ctx, key)
	if e.read != nil {
		e.read(key)
	}
	return value, r, err
}

func (e *engine) Take(ctx context.Context, key string) ([]byte, error) {
	e.mu.Lock()
	delete(e.entries, key)
	e.mu.Unlock()
	return e.Memory.Take(ctx, key)
}

func (e *engine) Enqueue(ctx context.Context, queue string, job []byte) error {
	if err := e.failure("queue"); err != nil {
		return err
	}
	return e.Memory.Enqueue(ctx, queue, job)
}

// count is the number of entries of a kind; "" counts all.
func (e *engine) count(k state.Kind) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for key := range e.entries {
		if k == "" || strings.HasPrefix(key, string(k)+".") {
			n++
		}
	}
	return n
}

// remembering is a configuration with a store.
func remembering(t testing.TB, e *engine) Config {
	t.Helper()
	key := make([]byte, state.KeySize)
	_, _ = rand.Read(key)
	store, err := state.New(e, key)
	if err != nil {
		t.Fatal(err)
	}
	c := usual()
	c.State = store
	return c
}

// ask sends a request with a header.
func ask(h http.Handler, method, path string, header map[string]string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// later begins a batch.
func later(t testing.TB, h http.Handler, path string, sent []byte) accepted202 {
	t.Helper()
	w := ask(h, http.MethodPost, path, map[string]string{"Content-Type": typeZip, "Accept": typeZip, "Prefer": "wait=10, Respond-Async; x=y"}, sent)
	if w.Code != http.StatusAccepted || w.Header().Get("Preference-Applied") != respondAsync || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	conforms(t, http.MethodPost, path, w)
	var a accepted202
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// follow asks how far a batch is.
func follow(t testing.TB, h http.Handler, token state.Token) batchState {
	t.Helper()
	w := ask(h, http.MethodGet, "/v1/batch", map[string]string{"Authorization": "Bearer " + string(token)}, nil)
	conforms(t, http.MethodGet, "/v1/batch", w)
	var s batchState
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || w.Code != http.StatusOK {
		t.Fatal(w.Code, err)
	}
	return s
}

// workers do the work of a configuration until the test ends.
func workers(t testing.TB, c Config, n int) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			if err := c.Work(ctx); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() { cancel(); all.Wait() })
}

// many are more documents than one job converts, two of which cannot be.
func many(t testing.TB) []named {
	t.Helper()
	xml := string(file(t, "elmo/one-course.xml"))
	var files []named
	for range 2*perChunk + 3 {
		files = append(files, named{"a.xml", xml})
	}
	files[perChunk].text = "Ada was here"
	files[1].text = string(zipped(t, named{"a", xml}))
	return files
}

// TestLater: the results of a batch that is done later are those of one that is done now; what it stored is sealed,
// and gone when it is forgotten.
func TestLater(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	h, files := mounted(c), many(t)
	sent := zipped(t, files...)
	now := good(t, h, "/v1/batch?display=minimal", typeZip, typeLines, sent)
	a := later(t, h, "/v1/batch?display=minimal", sent)
	auth := map[string]string{"Authorization": "bearer " + string(a.Token), "Accept": typeLines}
	if s := follow(t, h, a.Token); s.Done || s.Waiting != len(files)-1 || s.Failed != 1 || s.Count != len(files) || !s.Expires.Equal(a.Expires) {
		t.Errorf("%+v", s)
	}
	w := ask(h, http.MethodGet, "/v1/batch/results", auth, nil)
	refused(t, "early", w, problem.NotReady)
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	workers(t, c, 3)
	for !follow(t, h, a.Token).Done { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
	s := follow(t, h, a.Token)
	if s.Converted != len(files)-2 || s.Failed != 2 || s.Files[1].Problem.Type != problem.Base+problem.BadEntry.Name || s.Files[perChunk].Problem.Type != problem.Base+problem.NotADocument.Name {
		t.Errorf("%+v", s)
	}
	for range 2 {
		w := ask(h, http.MethodGet, "/v1/batch/results", auth, nil)
		conforms(t, http.MethodGet, "/v1/batch/results", w)
		if !bytes.Equal(w.Body.Bytes(), now) {
			t.Errorf("other results than now: %.300s, want %.300s", w.Body, now)
		}
	}
	list, _ := readLines(t, now)
	auth["Accept"] = typeZip
	checkArchive(t, ask(h, http.MethodGet, "/v1/batch/results", auth, nil).Body.Bytes(), list)
	for key, value := range e.entries {
		if bytes.Contains(value, []byte("Example")) || strings.Contains(key, string(a.Token)) {
			t.Errorf("%s is not sealed", key)
		}
	}
	if n := e.count(kindDocument); n != 0 {
		t.Errorf("%d documents are still stored", n)
	}
	if w := ask(h, http.MethodDelete, "/v1/batch", auth, nil); w.Code != http.StatusNoContent || w.Body.Len() != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if n := e.count(""); n != 0 {
		t.Errorf("%d entries are left", n)
	}
	for method, path := range map[string]string{http.MethodGet: "/v1/batch", http.MethodDelete: "/v1/batch"} {
		refused(t, "forgotten", ask(h, method, path, auth, nil), problem.Unauthenticated)
	}
	quiet(c)
}

// TestLaterElsewhere: with the engine of a fleet a batch that one machine took is converted by another, and its
// results are had from both.
func TestLaterElsewhere(t *testing.T) {
	key := make([]byte, state.KeySize)
	_, _ = rand.Read(key)
	nats, err := jetstream.Open(t.Context(), jetstream.Config{Dir: t.TempDir(), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nats.Close() })
	store, err := state.New(nats, key)
	if err != nil {
		t.Fatal(err)
	}
	here, there := usual(), usual()
	here.State, there.State = store, store
	sent := zipped(t, many(t)...)
	a := later(t, mounted(here), "/v1/batch?display=minimal", sent)
	workers(t, there, 2)
	for !follow(t, mounted(here), a.Token).Done { // the test fails by its own time limit
		time.Sleep(10 * time.Millisecond)
	}
	now := good(t, mounted(here), "/v1/batch?display=minimal", typeZip, typeLines, sent)
	for _, c := range []Config{here, there} {
		w := ask(mounted(c), http.MethodGet, "/v1/batch/results", map[string]string{"Authorization": "Bearer " + string(a.Token), "Accept": typeLines}, nil)
		if !bytes.Equal(w.Body.Bytes(), now) {
			t.Error("other results than now")
		}
	}
}

// TestLaterOptions: issuer and options of the form reach the worker.
func TestLaterOptions(t *testing.T) {
	c := remembering(t, newEngine(64<<20))
	h := mounted(c)
	xml := string(file(t, "elmo/one-course.xml"))
	contentType, body := formOf(t, [3]string{"document", "", xml}, [3]string{"document", typeJSON, xml},
		[3]string{"issuer", "", string(file(t, "issuer.json"))}, [3]string{"options", "", `{"keep":"none","display":"minimal","birth-country":"NO"}`})
	now := good(t, h, "/v1/batch", contentType, typeLines, body)
	w := ask(h, http.MethodPost, "/v1/batch", map[string]string{"Content-Type": contentType, "Prefer": respondAsync}, body)
	var a accepted202
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	workers(t, c, 1)
	for !follow(t, h, a.Token).Done { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
	got := ask(h, http.MethodGet, "/v1/batch/results", map[string]string{"Authorization": "Bearer " + string(a.Token), "Accept": typeLines}, nil)
	if !bytes.Equal(got.Body.Bytes(), now) || !bytes.Contains(now, []byte("VATNO-000000000")) {
		t.Error("other results than now")
	}
}

// TestRedelivered: a job that is done by several, and again, converts each document once.
func TestRedelivered(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	h := &handlers{Config: c.withDefaults()}
	files := many(t)[perChunk+1:]
	a := later(t, mounted(c), "/v1/batch?display=minimal", zipped(t, files...))
	b, _, err := load[storedBatch](t.Context(), h, kindBatch, a.Token)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		for _, chunk := range b.Chunks {
			all.Go(func() {
				for range 2 { // a document that another worker has taken away in the middle makes one attempt fail
					_ = h.convertChunk(t.Context(), chunk, false)
				}
			})
		}
	}
	all.Wait()
	if s := follow(t, mounted(c), a.Token); s.Converted != len(files) {
		t.Errorf("%+v", s.BatchCount)
	}
	if n := e.count(kindResult); n != len(files) {
		t.Errorf("%d results of %d documents", n, len(files))
	}
	if err := h.convertChunk(t.Context(), state.NewToken(), false); err != nil {
		t.Errorf("a chunk that has gone: %v", err)
	}
}

// TestLastAttempt: what cannot be done is tried again, and noted after the last attempt; all else goes on.
func TestLastAttempt(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	a := later(t, mounted(c), "/v1/batch?display=minimal", zipped(t, many(t)...))
	h := &handlers{Config: c.withDefaults()}
	b, _, err := load[storedBatch](t.Context(), h, kindBatch, a.Token)
	if err != nil {
		t.Fatal(err)
	}
	chunk, _, err := load[storedChunk](t.Context(), h, kindChunk, b.Chunks[0])
	if err != nil {
		t.Fatal(err)
	}
	h.take(kindDocument, chunk.Files[0].Document) // a machine with it has stopped
	workers(t, c, 1)
	for !follow(t, mounted(c), a.Token).Done { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
	s := follow(t, mounted(c), a.Token)
	if s.Failed != 3 || s.Files[0].Problem.Type != problem.Base+problem.StoreUnavailable.Name || s.Files[0].Number != 1 || s.Files[0].Name != "a.xml" {
		t.Errorf("%+v", s.Files[0])
	}
}

// TestForgottenAtWork: what is converted when its batch is forgotten is not kept.
func TestForgottenAtWork(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	h := &handlers{Config: c.withDefaults()}
	a := later(t, mounted(c), "/v1/batch?display=minimal", zipped(t, many(t)[:1]...))
	b, _, err := load[storedBatch](t.Context(), h, kindBatch, a.Token)
	if err != nil {
		t.Fatal(err)
	}
	forgotten := 0
	e.read = func(key string) {
		if strings.HasPrefix(key, string(kindDocument)) {
			e.read = nil
			forgotten = ask(mounted(c), http.MethodDelete, "/v1/batch", map[string]string{"Authorization": "Bearer " + string(a.Token)}, nil).Code
		}
	}
	if err := h.convertChunk(t.Context(), b.Chunks[0], false); err != nil || forgotten != http.StatusNoContent {
		t.Error(forgotten, err)
	}
	if n := e.count(""); n != 0 {
		t.Errorf("%d entries are left", n)
	}
	quiet(c)
}

// TestLaterRefused: a batch that cannot be stored or queued leaves nothing behind; without a store it is not offered.
func TestLaterRefused(t *testing.T) {
	sent := zipped(t, many(t)...)
	header := map[string]string{"Content-Type": typeZip, "Prefer": respondAsync}
	for kind, err := range map[state.Kind]error{kindBatch: state.ErrUnavailable, kindChunk: state.ErrUnavailable, kindWish: state.ErrUnavailable, kindDocument: state.ErrTooLarge, "queue": state.ErrTooLarge} {
		e := newEngine(64 << 20)
		e.fails[string(kind)] = err
		c := remembering(t, e)
		w := ask(mounted(c), http.MethodPost, "/v1/batch", header, sent)
		refused(t, string(kind), w, problem.StoreUnavailable)
		conforms(t, http.MethodPost, "/v1/batch", w)
		if n := e.count(""); n != 0 || c.Budget.Used() != 0 {
			t.Errorf("%s: %d entries are left, %d bytes", kind, n, c.Budget.Used())
		}
	}
	small := newEngine(5000)
	refused(t, "small", ask(mounted(remembering(t, small)), http.MethodPost, "/v1/batch", header, sent), problem.StoreUnavailable)
	if n := small.count(""); n != 0 {
		t.Errorf("%d entries are left", n)
	}
	e := newEngine(64 << 20)
	c := remembering(t, e)
	c.BatchBytes = 5000
	refused(t, "large", ask(mounted(c), http.MethodPost, "/v1/batch", header, sent), problem.TooLarge)
	if n := e.count(""); n != 0 || c.Budget.Used() != 0 {
		t.Errorf("%d entries are left", n)
	}
	without, with := mounted(usual()), mounted(remembering(t, newEngine(1<<20)))
	refused(t, "not offered", ask(without, http.MethodPost, "/v1/batch", header, sent), problem.NotOffered)
	refused(t, "not offered", ask(without, http.MethodGet, "/v1/batch", nil, nil), problem.NotOffered)
	for _, auth := range []string{"", "Bearer", "Bearer ", "Basic QQ==", "Bearer " + string(state.NewToken())} {
		for _, path := range []string{"/v1/batch", "/v1/batch/results"} {
			w := ask(with, http.MethodGet, path, map[string]string{"Authorization": auth}, nil)
			refused(t, auth, w, problem.Unauthenticated)
			conforms(t, http.MethodGet, path, w)
			if w.Header().Get("WWW-Authenticate") == "" {
				t.Error("no WWW-Authenticate")
			}
		}
	}
}

// TestLaterLost: a result that the store has lost ends the answer before its last line.
func TestLaterLost(t *testing.T) {
	c := remembering(t, newEngine(64<<20))
	h := &handlers{Config: c.withDefaults()}
	a := later(t, mounted(c), "/v1/batch?display=minimal", zipped(t, many(t)[2:4]...))
	b, _, err := load[storedBatch](t.Context(), h, kindBatch, a.Token)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.convertChunk(t.Context(), b.Chunks[0], true); err != nil {
		t.Fatal(err)
	}
	chunk, _, err := load[storedChunk](t.Context(), h, kindChunk, b.Chunks[0])
	if err != nil {
		t.Fatal(err)
	}
	h.take(kindResult, chunk.Files[1].Result)
	w := ask(mounted(c), http.MethodGet, "/v1/batch/results", map[string]string{"Authorization": "Bearer " + string(a.Token), "Accept": typeLines}, nil)
	if list, count := readLines(t, w.Body.Bytes()); len(list) != 1 || count != nil {
		t.Errorf("%d lines, %v", len(list), count)
	}
}

// TestLaterRoom: results beyond what those of a batch may have are not stored, and failed; the others are there.
func TestLaterRoom(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	c.BatchBytes = 100_000 // documents have 3 kB, results 30 kB
	a := later(t, mounted(c), "/v1/batch?display=minimal", zipped(t, many(t)...))
	workers(t, c, 2)
	for !follow(t, mounted(c), a.Token).Done { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
	stored := 0
	for key, value := range e.entries {
		if strings.HasPrefix(key, string(kindResult)+".") {
			stored += len(value)
		}
	}
	s := follow(t, mounted(c), a.Token)
	if s.Converted == 0 || s.Failed < 10 || stored > 101_000 || e.count(kindResult) != s.Converted {
		t.Errorf("%+v, %d bytes in %d results", s.BatchCount, stored, e.count(kindResult))
	}
	refusals := 0
	for _, f := range s.Files {
		if f.Status == wasRefused && f.Problem.Type == problem.Base+problem.TooLarge.Name {
			refusals++
		}
	}
	if refusals != s.Failed-2 || e.count(kindDocument) != 0 {
		t.Errorf("%d are too large; %d documents are left", refusals, e.count(kindDocument))
	}
	w := ask(mounted(c), http.MethodGet, "/v1/batch/results", map[string]string{"Authorization": "Bearer " + string(a.Token), "Accept": typeLines}, nil)
	if list, count := readLines(t, w.Body.Bytes()); len(list) != s.Count || count == nil || count.Converted != s.Converted {
		t.Errorf("%d lines, %v", len(list), count)
	}
	quiet(c)
}

// TestLaterFull: a store that is full is noted at once, and documents are not converted again for it.
func TestLaterFull(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	h := &handlers{Config: c.withDefaults()}
	a := later(t, mounted(c), "/v1/batch?display=minimal", zipped(t, many(t)[2:4]...))
	b, _, err := load[storedBatch](t.Context(), h, kindBatch, a.Token)
	if err != nil {
		t.Fatal(err)
	}
	e.fails[string(kindResult)] = state.ErrTooLarge
	if err := h.convertChunk(t.Context(), b.Chunks[0], false); err != nil {
		t.Error(err)
	}
	if s := follow(t, mounted(c), a.Token); s.Failed != 2 || s.Files[0].Problem.Type != problem.Base+problem.StoreUnavailable.Name {
		t.Errorf("%+v", s)
	}
}

// TestResultsMemory: the results that are sent to a client have memory of the budget as long as it does not read them; when
// there is none, others are refused.
func TestResultsMemory(t *testing.T) {
	c := remembering(t, newEngine(64<<20))
	a := later(t, mounted(c), "/v1/batch?display=minimal", zipped(t, many(t)[2:4]...))
	workers(t, c, 1)
	for !follow(t, mounted(c), a.Token).Done { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
	c.Budget = limit.NewBudget(100_000)
	h := mounted(c)
	for _, mediaType := range bundleTypes {
		auth := map[string]string{"Authorization": "Bearer " + string(a.Token), "Accept": mediaType}
		w := &unreading{ResponseRecorder: httptest.NewRecorder(), at: make(chan struct{}), read: make(chan struct{})}
		var gone sync.WaitGroup
		gone.Go(func() {
			r := httptest.NewRequest(http.MethodGet, "/v1/batch/results", nil)
			for name, value := range auth {
				r.Header.Set(name, value)
			}
			h.ServeHTTP(w, r)
		})
		<-w.at
		if n := c.Budget.Used(); n < 10_000 {
			t.Errorf("%s: %d bytes are taken", mediaType, n)
		}
		rest := c.Budget.Share()
		if err := rest.Take(100_000 - c.Budget.Used()); err != nil {
			t.Fatal(err)
		}
		refused(t, mediaType, ask(h, http.MethodGet, "/v1/batch/results", auth, nil), problem.Busy)
		rest.Release()
		close(w.read)
		gone.Wait()
		quiet(c)
	}
	c.BatchTime = time.Nanosecond
	w := ask(mounted(c), http.MethodGet, "/v1/batch/results", map[string]string{"Authorization": "Bearer " + string(a.Token), "Accept": typeLines}, nil)
	if _, count := readLines(t, w.Body.Bytes()); count != nil {
		t.Error("results are sent after the time is over")
	}
}

// unreading is a client that does not read for a while.
type unreading struct {
	*httptest.ResponseRecorder
	once     sync.Once
	at, read chan struct{}
}

func (u *unreading) Write(p []byte) (int, error) {
	u.once.Do(func() { close(u.at) })
	<-u.read
	return u.ResponseRecorder.Write(p)
}
