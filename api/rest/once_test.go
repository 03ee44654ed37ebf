package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/state"
)

const someKey = "b0a7f5ce-2a1c-4d3c-9f0e-3b1d5c6f7a88"

// keyedPost sends a document with a key.
func keyedPost(h http.Handler, path, key string, body []byte) *httptest.ResponseRecorder {
	return ask(h, http.MethodPost, path, map[string]string{"Content-Type": typeXML, idempotencyKey: key}, body)
}

// TestOnce: a request that is sent again has the answer of the first time, byte for byte; with another key it is
// another request.
func TestOnce(t *testing.T) {
	e := newEngine(64 << 20)
	h := mounted(remembering(t, e))
	xml := file(t, "elmo/one-course.xml")
	const path = "/v1/convert?display=minimal&random-ids=true"
	first := keyedPost(h, path, someKey, xml)
	if first.Code != http.StatusOK || first.Header().Get(keptHeader) != "kept" || e.count(kindClaim) != 0 {
		t.Fatal(first.Code, first.Header(), e.count(kindClaim))
	}
	conforms(t, http.MethodPost, path, first)
	for range 3 {
		again := keyedPost(h, path, `"`+someKey+`"`, xml)
		if again.Code != http.StatusOK || !bytes.Equal(again.Body.Bytes(), first.Body.Bytes()) || again.Header().Get(keptHeader) != "replayed" {
			t.Errorf("%d %s", again.Code, again.Header())
		}
		for _, name := range replayed {
			if again.Header().Get(name) != first.Header().Get(name) {
				t.Errorf("%s: %q, was %q", name, again.Header().Get(name), first.Header().Get(name))
			}
		}
	}
	if other := keyedPost(h, path, someKey+"x", xml); bytes.Equal(other.Body.Bytes(), first.Body.Bytes()) {
		t.Error("the same answer for another key")
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"body":   keyedPost(h, path, someKey, append(xml, '\n')),
		"query":  keyedPost(h, path+"&keep=none", someKey, xml),
		"path":   ask(h, http.MethodPost, "/v1/batch", map[string]string{"Content-Type": typeXML, "Prefer": respondAsync, idempotencyKey: someKey}, xml),
		"accept": ask(h, http.MethodPost, path, map[string]string{"Content-Type": typeXML, "Accept": typeWrapped, idempotencyKey: someKey}, xml),
		"type":   ask(h, http.MethodPost, path, map[string]string{"Content-Type": "text/xml", idempotencyKey: someKey}, xml),
	} {
		refused(t, name, w, problem.KeyReused)
		conforms(t, http.MethodPost, "/v1/convert", w)
	}
	for key, value := range e.entries {
		if bytes.Contains(value, []byte("Example")) || strings.Contains(key, someKey) {
			t.Errorf("%s is not sealed", key)
		}
	}
}

// TestOnceLater: a batch that is sent again is the same batch.
func TestOnceLater(t *testing.T) {
	e := newEngine(64 << 20)
	h := mounted(remembering(t, e))
	header := map[string]string{"Content-Type": typeXML, "Prefer": respondAsync, idempotencyKey: someKey}
	var tokens []state.Token
	for range 3 {
		w := ask(h, http.MethodPost, "/v1/batch", header, file(t, "elmo/one-course.xml"))
		var a accepted202
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusAccepted || w.Header().Get("Preference-Applied") != respondAsync {
			t.Fatal(w.Code, err, w.Header())
		}
		tokens = append(tokens, a.Token)
	}
	if tokens[0] != tokens[1] || tokens[1] != tokens[2] || e.count(kindBatch) != 1 {
		t.Errorf("%d batches", e.count(kindBatch))
	}
}

// TestKeys: what is no key is refused; where it makes no difference it is not looked at.
func TestKeys(t *testing.T) {
	h := mounted(remembering(t, newEngine(64<<20)))
	xml := file(t, "elmo/one-course.xml")
	for _, key := range []string{"", "short", strings.Repeat("x", 15), strings.Repeat("x", 129), `"` + strings.Repeat("x", 15) + `"`, strings.Repeat("é", 20), `"` + someKey, someKey + " ", "a b" + someKey, "\\" + someKey} {
		refused(t, key, keyedPost(h, "/v1/convert", key, xml), problem.BadRequest)
	}
	for _, key := range []string{strings.Repeat("x", 16), strings.Repeat("x", 128), `"a key with spaces in it"`} {
		if w := keyedPost(h, "/v1/convert?display=minimal", key, xml); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", key, w.Code, w.Body)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/v1/convert", bytes.NewReader(xml))
	r.Header = http.Header{"Content-Type": {typeXML}, idempotencyKey: {someKey, someKey}}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	refused(t, "two keys", w, problem.BadRequest)
	refused(t, "a batch now", keyedPost(h, "/v1/batch", someKey, xml), problem.BadRequest)
	refused(t, "no store", keyedPost(mounted(usual()), "/v1/convert", someKey, xml), problem.NotOffered)
	if w := keyedPost(h, "/v1/validate", "short", xml); w.Code != http.StatusOK || w.Header().Get(keptHeader) != "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	c := remembering(t, newEngine(1<<20))
	c.MaxBody = 100
	refused(t, "large", keyedPost(mounted(c), "/v1/convert", someKey, xml), problem.TooLarge)
	if c.Budget.Used() != 0 {
		t.Error("memory is still taken")
	}
}

// TestNotKept: answers that are problems, or too large, are not kept: the request is done again.
func TestNotKept(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	c.AnswerSize = 100
	h := mounted(c)
	xml := file(t, "elmo/one-course.xml")
	for range 2 {
		w := keyedPost(h, "/v1/convert?display=minimal", someKey, xml)
		if w.Code != http.StatusOK || w.Header().Get(keptHeader) != "not-kept" || w.Body.Len() <= 100 {
			t.Errorf("%d %s", w.Code, w.Header())
		}
	}
	refused(t, "bad", keyedPost(h, "/v1/convert", someKey, xml[:100]), problem.Malformed)
	if n := e.count(""); n != 0 {
		t.Errorf("%d entries are left", n)
	}
	full := remembering(t, newEngine(1000)) // room for the claim, not for the answer
	if w := keyedPost(mounted(full), "/v1/convert?display=minimal", someKey, xml); w.Code != http.StatusOK || w.Header().Get(keptHeader) != "not-kept" {
		t.Errorf("%d %s", w.Code, w.Header())
	}
}

// TestOnceAtWork: while a request is at work the same one is told to wait, and another one that the key is taken.
func TestOnceAtWork(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	c.Gate = limit.NewGate(1, time.Minute)
	h := mounted(c)
	xml := file(t, "elmo/one-course.xml")
	leave := occupied(t, c.Gate, 1)
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- keyedPost(h, "/v1/convert?display=minimal", someKey, xml) }()
	for e.count(kindClaim) == 0 { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
	w := keyedPost(h, "/v1/convert?display=minimal", someKey, xml)
	refused(t, "same", w, problem.KeyInUse)
	conforms(t, http.MethodPost, "/v1/convert", w)
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	refused(t, "other", keyedPost(h, "/v1/convert", someKey, xml), problem.KeyReused)
	leave()
	if w := <-first; w.Code != http.StatusOK || w.Header().Get(keptHeader) != "kept" {
		t.Errorf("%d %s", w.Code, w.Header())
	}
}

// TestOnceTogether: of many at the same time one is done, and the others have its answer or are told to wait.
func TestOnceTogether(t *testing.T) {
	h := mounted(remembering(t, newEngine(64<<20)))
	xml := file(t, "elmo/one-course.xml")
	answers := make([]*httptest.ResponseRecorder, 20)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = keyedPost(h, "/v1/convert?display=minimal&random-ids=true", someKey, xml)
		})
	}
	all.Wait()
	bodies, kept := map[string]int{}, 0
	for _, w := range answers {
		switch {
		case w.Code == http.StatusConflict:
			continue
		case w.Header().Get(keptHeader) == "kept":
			kept++
		}
		bodies[w.Body.String()]++
	}
	if kept != 1 || len(bodies) != 1 {
		t.Errorf("done %d times, %d different answers", kept, len(bodies))
	}
}

// TestOnceBroken: a handler that panics and a client that goes leave the key free; a store that is away is told.
func TestOnceBroken(t *testing.T) {
	e := newEngine(1 << 20)
	c := remembering(t, e)
	broken := c.once(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("fault") }))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		keyedPost(broken, "/v1/convert", someKey, nil)
	}()
	leave := occupied(t, c.Gate, 2)
	defer leave()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequest(http.MethodPost, "/v1/convert", bytes.NewReader(file(t, "elmo/one-course.xml"))).WithContext(ctx)
	r.Header = http.Header{"Content-Type": {typeXML}, idempotencyKey: {someKey}}
	w := httptest.NewRecorder()
	mounted(c).ServeHTTP(w, r)
	refused(t, "gone", w, problem.Cancelled)
	if n := e.count(""); n != 0 || c.Budget.Used() != 0 {
		t.Errorf("%d entries are left", n)
	}
	if err := c.State.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, "away", keyedPost(mounted(c), "/v1/convert", someKey, nil), problem.StoreUnavailable)
}

// TestHeldBack: an answer for which there is no memory is not held back to be kept.
func TestHeldBack(t *testing.T) {
	e := newEngine(64 << 20)
	c := remembering(t, e)
	c.Budget = limit.NewBudget(12 << 10)
	w := keyedPost(mounted(c), "/v1/convert?display=minimal", someKey, file(t, "elmo/one-course.xml"))
	if w.Code != http.StatusOK || w.Header().Get(keptHeader) != "not-kept" || e.count("") != 0 || c.Budget.Used() != 0 {
		t.Errorf("%d %v, %d entries, %d bytes", w.Code, w.Header(), e.count(""), c.Budget.Used())
	}
}
