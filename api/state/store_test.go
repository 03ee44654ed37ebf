package state_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/state"
	"elmobridge/api/state/statetest"
)

const (
	session state.Kind = "session"
	code    state.Kind = "code"
)

var testKey = bytes.Repeat([]byte{7}, state.KeySize)

// spy is an engine that keeps what it was given, and gives back what it is told to.
type spy struct {
	state.Engine
	mu      sync.Mutex
	seen    [][]byte
	keys    []string
	instead func(record []byte) []byte // of a record; nil: the record itself
}

func newSpy() *spy { return &spy{Engine: state.NewMemory(statetest.Room)} }

func (s *spy) see(key string, value []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys, s.seen = append(s.keys, key), append(s.seen, bytes.Clone(value))
}

func (s *spy) Create(ctx context.Context, key string, value []byte, life time.Duration) (state.Revision, error) {
	s.see(key, value)
	return s.Engine.Create(ctx, key, value, life)
}

func (s *spy) Swap(ctx context.Context, key string, value []byte, from state.Revision) (state.Revision, error) {
	s.see(key, value)
	return s.Engine.Swap(ctx, key, value, from)
}

func (s *spy) Enqueue(ctx context.Context, queue string, job []byte) error {
	s.see(queue, job)
	return s.Engine.Enqueue(ctx, queue, job)
}

func (s *spy) Records(ctx context.Context, each func([]byte) error) error {
	return s.Engine.Records(ctx, func(r []byte) error {
		if s.instead != nil {
			r = s.instead(r)
		}
		if r == nil {
			return nil
		}
		return each(r)
	})
}

func newStore(t testing.TB, e state.Engine, key []byte) *state.Store {
	t.Helper()
	s, err := state.New(e, key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t testing.TB, s *state.Store, k state.Kind, value string) state.Token {
	t.Helper()
	token, err := s.Put(t.Context(), k, []byte(value), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestKey(t *testing.T) {
	for _, size := range []int{0, 16, 31, 33, 64} {
		if s, err := state.New(newSpy(), make([]byte, size)); err == nil || s != nil {
			t.Errorf("a key of %d bytes", size)
		}
	}
	key := bytes.Clone(testKey)
	s := newStore(t, newSpy(), key)
	token := put(t, s, code, "v")
	clear(key) // the caller may wipe it
	if v, _, err := s.Get(t.Context(), code, token); err != nil || string(v) != "v" {
		t.Errorf("%q, %v", v, err)
	}
}

func TestToken(t *testing.T) {
	seen := map[state.Token]bool{}
	for range 1000 {
		token := state.NewToken()
		if len(token) != 26 || seen[token] {
			t.Fatalf("token %q", token)
		}
		seen[token] = true
	}
}

func TestStore(t *testing.T) {
	s, ctx := newStore(t, newSpy(), testKey), t.Context()
	token := put(t, s, session, "one")
	v, r, err := s.Get(ctx, session, token)
	if err != nil || string(v) != "one" {
		t.Fatalf("%q, %v", v, err)
	}
	if _, err := s.Swap(ctx, session, token, []byte("two"), r); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Swap(ctx, session, token, []byte("three"), r); !errors.Is(err, state.ErrChanged) {
		t.Error(err)
	}
	if _, err := s.PutAs(ctx, session, token, nil, time.Minute); !errors.Is(err, state.ErrExists) {
		t.Error(err)
	}
	if _, err := s.PutAs(ctx, code, token, nil, time.Minute); err != nil {
		t.Errorf("the same token for another kind: %v", err)
	}
	if v, err := s.Take(ctx, session, token); err != nil || string(v) != "two" {
		t.Errorf("%q, %v", v, err)
	}
	if _, err := s.Take(ctx, session, token); !errors.Is(err, state.ErrNone) {
		t.Error(err)
	}
	if token, err := s.Put(ctx, session, nil, 25*time.Hour); err == nil || token != "" {
		t.Errorf("a life of more than a day: %q, %v", token, err)
	}
	if _, err := s.Put(ctx, "two words", nil, time.Minute); err == nil {
		t.Error("a kind that is not a word")
	}
}

// TestLargest: what callers may give is what engines take when it is sealed.
func TestLargest(t *testing.T) {
	s, ctx := newStore(t, newSpy(), testKey), t.Context()
	if _, err := s.Put(ctx, session, make([]byte, state.MaxValue), time.Minute); err != nil {
		t.Error(err)
	}
	if _, err := s.Put(ctx, session, make([]byte, state.MaxValue+1), time.Minute); !errors.Is(err, state.ErrTooLarge) {
		t.Error(err)
	}
	if err := s.Enqueue(ctx, "q", make([]byte, state.MaxJob)); err != nil {
		t.Error(err)
	}
	if err := s.Enqueue(ctx, "q", make([]byte, state.MaxJob+1)); !errors.Is(err, state.ErrTooLarge) {
		t.Error(err)
	}
}

// TestEngineSeesNothing: neither values nor tokens, and not whether two values are the same.
func TestEngineSeesNothing(t *testing.T) {
	e := newSpy()
	s, ctx := newStore(t, e, testKey), t.Context()
	const value = "a value to be found"
	tokens := []state.Token{put(t, s, session, value), put(t, s, session, value)}
	for range 2 {
		_, r, err := s.Get(ctx, session, tokens[0])
		if err == nil {
			_, err = s.Swap(ctx, session, tokens[0], []byte(value), r)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Enqueue(ctx, "q", []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	for i, seen := range e.seen {
		for _, secret := range []string{value, string(tokens[0]), string(tokens[1])} {
			if strings.Contains(string(seen)+e.keys[i], secret) {
				t.Errorf("call %d shows %q", i, secret)
			}
		}
		if n := slices.IndexFunc(e.seen, func(b []byte) bool { return bytes.Equal(b, seen) }); n != i {
			t.Errorf("calls %d and %d are the same", n, i)
		}
	}
}

// TestSealed: what was sealed opens with its key, kind and token alone, and unchanged.
func TestSealed(t *testing.T) {
	e := newSpy()
	s, ctx := newStore(t, e, testKey), t.Context()
	other := newStore(t, e, bytes.Repeat([]byte{8}, state.KeySize))
	token := put(t, s, session, "secret")
	key, sealed := e.keys[0], e.seen[0]

	if _, _, err := other.Get(ctx, session, token); err == nil || errors.Is(err, state.ErrNone) || strings.Contains(err.Error(), string(token)) {
		t.Errorf("another key: %v", err)
	}
	for name, at := range map[string]struct {
		kind  state.Kind
		token state.Token
	}{"another kind": {code, token}, "another token": {session, state.NewToken()}} {
		put := e.entry(t, s, at.kind, at.token)
		if err := e.replace(ctx, put, sealed); err != nil {
			t.Fatal(err)
		}
		if v, _, err := s.Get(ctx, at.kind, at.token); err == nil {
			t.Errorf("%s: %q", name, v)
		}
	}
	for i := range sealed {
		for _, bit := range []byte{1, 0x80} {
			changed := bytes.Clone(sealed)
			changed[i] ^= bit
			opens(t, e, s, token, key, changed)
		}
		opens(t, e, s, token, key, sealed[:i])
	}
	opens(t, e, s, token, key, append(bytes.Clone(sealed), 0))
	if err := e.replace(ctx, key, sealed); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Take(ctx, session, token); err != nil || string(v) != "secret" {
		t.Errorf("unchanged: %q, %v", v, err)
	}
}

// entry makes an entry, and gives its key in the engine.
func (s *spy) entry(t *testing.T, store *state.Store, k state.Kind, token state.Token) string {
	t.Helper()
	if _, err := store.PutAs(t.Context(), k, token, nil, time.Minute); err != nil {
		t.Fatal(err)
	}
	return s.keys[len(s.keys)-1]
}

// replace changes a value behind the back of the store.
func (s *spy) replace(ctx context.Context, key string, value []byte) error {
	_, r, err := s.Engine.Get(ctx, key)
	if err == nil {
		_, err = s.Engine.Swap(ctx, key, value, r)
	}
	return err
}

// opens fails the test if a changed value can be read.
func opens(t *testing.T, e *spy, s *state.Store, token state.Token, key string, changed []byte) {
	t.Helper()
	if err := e.replace(t.Context(), key, changed); err != nil {
		t.Fatal(err)
	}
	if v, _, err := s.Get(t.Context(), session, token); err == nil {
		t.Fatalf("a changed value was opened: %q", v)
	}
}

// TestJobs: a worker gets what its key opens, and another's job is dropped.
func TestJobs(t *testing.T) {
	e := newSpy()
	s, other := newStore(t, e, testKey), newStore(t, e, bytes.Repeat([]byte{8}, state.KeySize))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := errors.Join(other.Enqueue(ctx, "q", []byte("other's")), s.Enqueue(ctx, "elsewhere", []byte("moved"))); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Engine.Enqueue(ctx, "q", e.seen[1]), s.Enqueue(ctx, "q", []byte("ours"))); err != nil {
		t.Fatal(err)
	}
	var got []string
	_ = s.Work(ctx, "q", func(_ context.Context, j state.Job) error {
		got = append(got, fmt.Sprintf("%s %v", j.Body, j.Last))
		if j.Last {
			cancel()
		}
		return errors.New("made to fail")
	})
	want := append(slices.Repeat([]string{"ours false"}, state.Attempts-1), "ours true")
	if !slices.Equal(got, want) {
		t.Errorf("jobs: %q", got)
	}
}

var event = state.Event{
	Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600)), Name: "delivered", Channel: "rest", Source: "registry", Client: "portal",
	Request: "r1", Outcome: "ok", Count: 2,
}

func TestAudit(t *testing.T) {
	e := newSpy()
	s := newStore(t, e, testKey)
	audit(t, s, 2)
	var lines []string
	if err := s.Events(t.Context(), func(line []byte) error { lines = append(lines, string(line)); return nil }); err != nil {
		t.Fatal(err)
	}
	const first = `{"number":1,"time":"2026-03-01T11:00:00Z","event":"delivered","channel":"rest","source":"registry","client":"portal","request":"r1","outcome":"ok","count":2}`
	if len(lines) != 2 || lines[0] != first {
		t.Fatalf("%q", lines)
	}
	const digest = "f4d431080cfa8c1451d567ddc57cd647966b25e8163ec770cb94ae3baaffe73c" // printf %s "$first" | sha256sum
	if !strings.HasPrefix(lines[1], `{"number":2,"previous":"`+digest+`","time":`) {
		t.Errorf("%q", lines[1])
	}
}

func audit(t *testing.T, s *state.Store, n int) {
	t.Helper()
	for range n {
		if err := s.Audit(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
}

// TestChanged: a log in which a record was changed, left out, doubled or moved is not passed on beyond.
func TestChanged(t *testing.T) {
	const records = 5
	e := newSpy()
	s := newStore(t, e, testKey)
	audit(t, s, records)
	for name, c := range map[string]struct {
		instead func(n int, r []byte) []byte
		read    int // records before the error
	}{
		"value":          {func(n int, r []byte) []byte { return changeAt(n, 3, r, `"ok"`, `"no"`) }, 3},
		"number":         {func(n int, r []byte) []byte { return changeAt(n, 3, r, `"number":3`, `"number":4`) }, 2},
		"not JSON":       {func(n int, r []byte) []byte { return changeAt(n, 3, r, `{`, `[`) }, 2},
		"left out":       {func(n int, r []byte) []byte { return when(n != 3, r) }, 2},
		"first left out": {func(n int, r []byte) []byte { return when(n != 1, r) }, 0},
		"space":          {func(n int, r []byte) []byte { return changeAt(n, 1, r, `,`, `, `) }, 1},
		"first chained":  {func(n int, r []byte) []byte { return changeAt(n, 1, r, `"number":1`, `"number":1,"previous":"00"`) }, 0},
	} {
		n := 0
		e.instead = func(r []byte) []byte { n++; return c.instead(n, r) }
		read := 0
		err := s.Events(t.Context(), func([]byte) error { read++; return nil })
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("record %d of", c.read+1)) || read != c.read {
			t.Errorf("%s: %d records, then %v", name, read, err)
		}
	}
	e.instead = nil
	if err := s.Events(t.Context(), func([]byte) error { return nil }); err != nil {
		t.Error(err)
	}
}

func changeAt(n, at int, r []byte, from, to string) []byte {
	if n != at {
		return r
	}
	return bytes.Replace(r, []byte(from), []byte(to), 1)
}

func when(keep bool, r []byte) []byte {
	if !keep {
		return nil
	}
	return r
}

// TestDamagedEnd: a log whose last record cannot be read goes on behind it, and does not begin anew.
func TestDamagedEnd(t *testing.T) {
	e := newSpy()
	s := newStore(t, e, testKey)
	if err := e.Append(t.Context(), func([]byte) []byte { return []byte("damaged") }); err != nil {
		t.Fatal(err)
	}
	audit(t, s, 1)
	var last string
	if err := e.Records(t.Context(), func(r []byte) error { last = string(r); return nil }); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(last, `"previous":"`) {
		t.Errorf("a new log was begun: %s", last)
	}
	if err := s.Events(t.Context(), func([]byte) error { return nil }); err == nil {
		t.Error("the damage was not found")
	}
}

// TestForAnybody: who has not said who they are fill half of the room, and the rest is for the others.
func TestForAnybody(t *testing.T) {
	s, err := state.New(state.NewMemory(1<<20), make([]byte, state.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	for ; err == nil; n++ {
		if _, err = s.ForAnybody().Put(t.Context(), session, make([]byte, 64<<10), time.Minute); n > 16 {
			t.Fatal("all of the room is for anybody")
		}
	}
	if !errors.Is(err, state.ErrTooLarge) || n < 8 {
		t.Errorf("%d values, then %v", n, err)
	}
	token, err := s.ForAnybody().ForKnown().Put(t.Context(), session, []byte("known"), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.ForAnybody().Take(t.Context(), session, token); err != nil || string(v) != "known" {
		t.Errorf("%q %v", v, err)
	}
}
