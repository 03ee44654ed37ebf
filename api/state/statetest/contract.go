// Package statetest has the tests that every engine of package state passes.
package statetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elmobridge/api/state"
)

// Room is how many bytes the values of an engine under test may have together.
const Room = 160 << 20

// patience is the longest that a test waits for anything. It only ends tests that fail.
const patience = 2 * time.Minute

// Contract tests engines, each new, empty and with Room, that wait no longer than a second before they try a job again.
func Contract(t *testing.T, open func(testing.TB) state.Engine) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *suite)
	}{
		{"create, get, swap, take", entries},
		{"swap does not prolong a life", lives},
		{"a key of an expired entry is free", expired},
		{"keys and lives that cannot be", refused},
		{"of many that take, one gets it", takers},
		{"of many that swap, one succeeds", swappers},
		{"of many that create, one succeeds", creators},
		{"swaps and a take in a row", swapsAndTake},
		{"large values", large},
		{"no room", full},
		{"jobs", jobs},
		{"a job that fails is done again", retries},
		{"a job whose worker is stopped is done again", stopped},
		{"jobs that cannot be", refusedJobs},
		{"records", records},
		{"records of many", chain},
		{"contexts that have ended", ended},
		{"ready, and closed", closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := open(t)
			t.Cleanup(func() { _ = e.Close() })
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			t.Cleanup(cancel)
			c.test(t, &suite{e, ctx})
		})
	}
}

type suite struct {
	state.Engine
	ctx context.Context
}

// filled checks how much of the room is taken.
func (s *suite) filled(t *testing.T, least, most float64) {
	t.Helper()
	if share, err := s.Filled(s.ctx); err != nil || share < least || share > most {
		t.Errorf("%v is taken, not from %v to %v: %v", share, least, most, err)
	}
}

const life = time.Minute

func (s *suite) create(t *testing.T, key string, value []byte, life time.Duration) state.Revision {
	t.Helper()
	r, err := s.Create(s.ctx, key, value, life)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s *suite) has(t *testing.T, key string, value []byte) state.Revision {
	t.Helper()
	v, r, err := s.Get(s.ctx, key)
	if err != nil || !bytes.Equal(v, value) {
		t.Fatalf("get %s: %d bytes, %v; want %d bytes", key, len(v), err, len(value))
	}
	return r
}

func want(t *testing.T, err, is error) {
	t.Helper()
	if !errors.Is(err, is) {
		t.Fatalf("error %v, want %v", err, is)
	}
}

func entries(t *testing.T, s *suite) {
	_, _, err := s.Get(s.ctx, "a.b")
	want(t, err, state.ErrNone)
	_, err = s.Take(s.ctx, "a.b")
	want(t, err, state.ErrNone)
	_, err = s.Swap(s.ctx, "a.b", []byte("x"), 1)
	want(t, err, state.ErrNone)

	first := s.create(t, "a.b", []byte("one"), life)
	_, err = s.Create(s.ctx, "a.b", []byte("two"), life)
	want(t, err, state.ErrExists)
	if got := s.has(t, "a.b", []byte("one")); got != first {
		t.Fatalf("revision %d, want %d", got, first)
	}
	second, err := s.Swap(s.ctx, "a.b", []byte("two"), first)
	if err != nil || second == first {
		t.Fatalf("swap: revision %d after %d: %v", second, first, err)
	}
	_, err = s.Swap(s.ctx, "a.b", []byte("three"), first)
	want(t, err, state.ErrChanged)
	s.has(t, "a.b", []byte("two"))

	v, err := s.Take(s.ctx, "a.b")
	if err != nil || string(v) != "two" {
		t.Fatalf("take: %q, %v", v, err)
	}
	_, err = s.Take(s.ctx, "a.b")
	want(t, err, state.ErrNone)
	_, _, err = s.Get(s.ctx, "a.b")
	want(t, err, state.ErrNone)
	_, err = s.Swap(s.ctx, "a.b", []byte("four"), second)
	want(t, err, state.ErrNone)

	s.create(t, "a.b", nil, life) // a key is free again at once
	s.has(t, "a.b", nil)
	_, err = s.Swap(s.ctx, "a.b", []byte("x"), second)
	want(t, err, state.ErrChanged)
}

// gone waits until there is no such entry.
func (s *suite) gone(t *testing.T, key string) {
	t.Helper()
	for {
		_, _, err := s.Get(s.ctx, key)
		if errors.Is(err, state.ErrNone) {
			return
		}
		if err != nil {
			t.Fatalf("%s has not expired: %v", key, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func lives(t *testing.T, s *suite) {
	const short = 2 * time.Second
	s.create(t, "stays", []byte("v"), life)
	begun := time.Now()
	r := s.create(t, "goes", []byte("v"), short)
	for n := 0; ; n++ { // each of these would begin a life of its own if the engine let it
		next, err := s.Swap(s.ctx, "goes", fmt.Appendf(nil, "v%d", n), r)
		if errors.Is(err, state.ErrNone) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		r = next
		time.Sleep(100 * time.Millisecond)
	}
	if lived := time.Since(begun); lived < short-time.Second {
		t.Errorf("lived %v, less than %v", lived, short)
	}
	s.gone(t, "goes")
	_, err := s.Take(s.ctx, "goes")
	want(t, err, state.ErrNone)
	s.has(t, "stays", []byte("v"))
}

func expired(t *testing.T, s *suite) {
	old := s.create(t, "k", []byte("old"), state.MinLife)
	s.gone(t, "k")
	s.create(t, "k", []byte("new"), life)
	s.has(t, "k", []byte("new"))
	_, err := s.Swap(s.ctx, "k", []byte("x"), old)
	want(t, err, state.ErrChanged)
}

func refused(t *testing.T, s *suite) {
	s.create(t, "a.b", []byte("v"), life)
	for _, key := range []string{"", "*", "a.*", ">", "a.>", ".a", "a.", "a..b", "a b", "ä", "a\r\nb", "a/b", strings.Repeat("a", 101), "a.b.c.d.e"} {
		if _, err := s.Create(s.ctx, key, nil, life); err == nil || key != "" && strings.Contains(err.Error(), key) && len(key) > 3 {
			t.Errorf("key %q: %v", key, err)
		}
		if _, _, err := s.Get(s.ctx, key); !errors.Is(err, state.ErrNone) {
			t.Errorf("get %q: %v", key, err)
		}
		if _, err := s.Take(s.ctx, key); !errors.Is(err, state.ErrNone) {
			t.Errorf("take %q: %v", key, err)
		}
		if _, err := s.Swap(s.ctx, key, nil, 1); !errors.Is(err, state.ErrNone) {
			t.Errorf("swap %q: %v", key, err)
		}
	}
	for _, life := range []time.Duration{-1, 0, state.MinLife - 1, state.MaxLife + 1} {
		if _, err := s.Create(s.ctx, "c", nil, life); err == nil || !strings.Contains(err.Error(), "lives are from") {
			t.Errorf("life %v: %v", life, err)
		}
	}
	s.has(t, "a.b", []byte("v"))
}

// race calls a function many times at once, and gives the number of calls without an error. All others fail with one of
// the errors that may be.
func race(t *testing.T, n int, do func(int) error, maybe ...error) int {
	t.Helper()
	var all sync.WaitGroup
	start := make(chan struct{})
	var won atomic.Int32
	for i := range n {
		all.Go(func() {
			<-start
			err := do(i)
			if err == nil {
				won.Add(1)
				return
			}
			for _, m := range maybe {
				if errors.Is(err, m) {
					return
				}
			}
			t.Errorf("call %d: %v", i, err)
		})
	}
	close(start)
	all.Wait()
	return int(won.Load())
}

func takers(t *testing.T, s *suite) {
	for round := range 5 {
		key := fmt.Sprint("code.", round)
		s.create(t, key, []byte("secret"), life)
		if won := race(t, 50, func(int) error { _, err := s.Take(s.ctx, key); return err }, state.ErrNone); won != 1 {
			t.Fatalf("%d got it", won)
		}
	}
}

func swappers(t *testing.T, s *suite) {
	r := s.create(t, "k", []byte("0"), life)
	if won := race(t, 50, func(i int) error { _, err := s.Swap(s.ctx, "k", fmt.Append(nil, i), r); return err }, state.ErrChanged); won != 1 {
		t.Fatalf("%d succeeded", won)
	}
}

func creators(t *testing.T, s *suite) {
	for _, before := range []string{"nothing", "taken"} {
		if won := race(t, 20, func(i int) error { _, err := s.Create(s.ctx, "k", fmt.Append(nil, i), life); return err }, state.ErrExists); won != 1 {
			t.Fatalf("%s: %d succeeded", before, won)
		}
		if _, err := s.Take(s.ctx, "k"); err != nil {
			t.Fatal(err)
		}
	}
}

// swapsAndTake: what a take gives is what the last swap that succeeded has put.
func swapsAndTake(t *testing.T, s *suite) {
	for round := range 20 {
		key := fmt.Sprint("k.", round)
		s.create(t, key, []byte("0"), life)
		put, took := 0, ""
		race(t, 2, func(i int) error {
			if i == 0 {
				v, err := s.Take(s.ctx, key)
				took = string(v)
				return err
			}
			for n := 1; ; n++ {
				_, r, err := s.Get(s.ctx, key)
				if err == nil {
					_, err = s.Swap(s.ctx, key, fmt.Append(nil, n), r)
				}
				if err != nil {
					return err
				}
				put = n
			}
		}, state.ErrNone, state.ErrChanged)
		if took != fmt.Sprint(put) {
			t.Fatalf("took %q, but %d was put last", took, put)
		}
	}
}

// noise is a value of a size.
func noise(size int) []byte {
	v := make([]byte, size)
	_, _ = rand.Read(v)
	return v
}

func large(t *testing.T, s *suite) {
	sizes := []int{512 << 10, 512<<10 + 1, 1 << 20, 5<<20 + 7, state.MaxSealed}
	if testing.Short() {
		sizes = sizes[:4]
	}
	for i, size := range sizes {
		key, v := fmt.Sprint("large.", i), noise(size)
		r := s.create(t, key, v, life)
		s.has(t, key, v)
		_, err := s.Create(s.ctx, key, v, life)
		want(t, err, state.ErrExists)
		s.has(t, key, v)
		for _, next := range [][]byte{[]byte("small"), noise(1 << 20), v[:size/2]} {
			_, err = s.Swap(s.ctx, key, next, r+1e6)
			want(t, err, state.ErrChanged)
			if r, err = s.Swap(s.ctx, key, next, r); err != nil {
				t.Fatal(err)
			}
			s.has(t, key, next)
		}
		if took, err := s.Take(s.ctx, key); err != nil || !bytes.Equal(took, v[:size/2]) {
			t.Fatalf("take of %d bytes: %d, %v", size, len(took), err)
		}
	}
	s.create(t, "short", noise(2<<20), state.MinLife)
	s.gone(t, "short")

	s.create(t, "raced", noise(2<<20), life)
	if won := race(t, 10, func(int) error { _, err := s.Take(s.ctx, "raced"); return err }, state.ErrNone); won != 1 {
		t.Fatalf("%d got it", won)
	}
}

func full(t *testing.T, s *suite) {
	_, err := s.Create(s.ctx, "k", make([]byte, state.MaxSealed+1), life)
	want(t, err, state.ErrTooLarge)

	const size = 8 << 20
	v := noise(size)
	s.filled(t, 0, .1)
	first := s.create(t, "k.0", v, life)
	n := 1
	for ; err == nil || n == 1; n++ {
		if n*size > 2*Room {
			t.Fatalf("there was room for %d values of %d bytes", n, size)
		}
		_, err = s.Create(s.ctx, fmt.Sprint("k.", n), v, life)
	}
	want(t, err, state.ErrTooLarge)
	s.filled(t, .5, 1)
	if n*size < Room/2 {
		t.Errorf("there was room for no more than %d values of %d bytes", n, size)
	}
	for size := len(v); size > 0; size /= 8 { // then smaller ones, until not even the smallest fits
		for i := 0; ; i++ {
			if _, err = s.Create(s.ctx, fmt.Sprint("s.", size, ".", i), v[:size], life); err != nil {
				break
			}
		}
		want(t, err, state.ErrTooLarge)
	}
	_, err = s.Swap(s.ctx, "k.0", noise(5*size), first)
	want(t, err, state.ErrTooLarge)

	s.has(t, "k.0", v) // what is there stays, can be taken, and makes room
	for i := range 3 {
		if _, err := s.Take(s.ctx, fmt.Sprint("k.", i)); err != nil {
			t.Fatal(err)
		}
	}
	s.create(t, "k.0", v, life)
}

// work starts workers of a queue, and gives a function that stops them.
func (s *suite) work(t *testing.T, queue string, workers int, do func(context.Context, state.Job) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(s.ctx)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			if err := s.Work(ctx, queue, do); !errors.Is(err, context.Canceled) {
				t.Errorf("work: %v", err)
			}
		})
	}
	return func() { cancel(); all.Wait() }
}

// await waits for a number of values.
func await[T any](t *testing.T, s *suite, c <-chan T, n int) []T {
	t.Helper()
	var list []T
	for range n {
		select {
		case v := <-c:
			list = append(list, v)
		case <-s.ctx.Done():
			t.Fatalf("%d of %d: %v", len(list), n, list)
		}
	}
	return list
}

func jobs(t *testing.T, s *suite) {
	const n = 60
	done := make(chan string, 2*n)
	stop := s.work(t, "first", 3, func(_ context.Context, j state.Job) error {
		if j.Last {
			t.Error("the first attempt is the last")
		}
		done <- string(j.Body)
		return nil
	})
	defer stop()
	for i := range n {
		if err := s.Enqueue(s.ctx, "first", fmt.Append(nil, i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Enqueue(s.ctx, "second", []byte("other")); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, j := range await(t, s, done, n) {
		if seen[j] || j == "other" {
			t.Errorf("job %s again", j)
		}
		seen[j] = true
	}
	other := make(chan string, 1)
	defer s.work(t, "second", 1, func(_ context.Context, j state.Job) error { other <- string(j.Body); return nil })()
	await(t, s, other, 1)
}

func retries(t *testing.T, s *suite) {
	attempts := make(chan string, 100)
	stop := s.work(t, "q", 2, func(_ context.Context, j state.Job) error {
		attempts <- fmt.Sprintf("%s %v", j.Body, j.Last)
		return errors.New("made to fail")
	})
	defer stop()
	if err := s.Enqueue(s.ctx, "q", []byte("bad")); err != nil {
		t.Fatal(err)
	}
	for n, a := range await(t, s, attempts, state.Attempts) {
		if want := fmt.Sprintf("bad %v", n == state.Attempts-1); a != want {
			t.Errorf("attempt %d: %s, want %s", n+1, a, want)
		}
	}
	if err := s.Enqueue(s.ctx, "q", []byte("next")); err != nil {
		t.Fatal(err)
	}
	if a := await(t, s, attempts, 1)[0]; a != "next false" {
		t.Errorf("after the last attempt: %s", a)
	}
}

func stopped(t *testing.T, s *suite) {
	begun := make(chan bool, state.Attempts)
	stop := s.work(t, "q", 1, func(ctx context.Context, _ state.Job) error {
		begun <- true
		<-ctx.Done()
		return ctx.Err()
	})
	if err := s.Enqueue(s.ctx, "q", []byte("j")); err != nil {
		t.Fatal(err)
	}
	await(t, s, begun, 1)
	stop()
	if n := len(begun); n > 0 {
		t.Errorf("the worker that was told to stop began it %d times more", n)
	}
	done := make(chan string, 1)
	defer s.work(t, "q", 1, func(_ context.Context, j state.Job) error { done <- string(j.Body); return nil })()
	await(t, s, done, 1)
}

func refusedJobs(t *testing.T, s *suite) {
	want(t, s.Enqueue(s.ctx, "q", make([]byte, state.MaxSealedJob+1)), state.ErrTooLarge)
	if err := s.Enqueue(s.ctx, "q", make([]byte, state.MaxSealedJob)); err != nil {
		t.Error(err)
	}
	for _, queue := range []string{"", "*", "a.b", "a b", ">"} {
		if s.Enqueue(s.ctx, queue, nil) == nil || s.Work(s.ctx, queue, nil) == nil {
			t.Errorf("there is a queue %q", queue)
		}
	}
}

// all gives the records.
func (s *suite) all(t *testing.T) []string {
	t.Helper()
	var list []string
	if err := s.Records(s.ctx, func(r []byte) error { list = append(list, string(r)); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}

func records(t *testing.T, s *suite) {
	if got := s.all(t); got != nil {
		t.Fatalf("new log: %q", got)
	}
	for i := range 3 {
		err := s.Append(s.ctx, func(last []byte) []byte {
			if (last == nil) != (i == 0) {
				t.Errorf("record %d after %q", i, last)
			}
			return fmt.Appendf(nil, "%s%d", last, i)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(s.all(t)); got != "[0 01 012]" {
		t.Fatal(got)
	}
	enough := fmt.Errorf("%w: enough", state.ErrUnavailable) // which it would try again for if it were its own
	n := 0
	want(t, s.Records(s.ctx, func([]byte) error { n++; return enough }), enough)
	if n != 1 {
		t.Errorf("%d records after an error", n)
	}
}

// chain: each record counts one more than the one before, and nobody's is missing.
func chain(t *testing.T, s *suite) {
	const writers, each = 8, 20
	race(t, writers, func(w int) error {
		for i := range each {
			err := s.Append(s.ctx, func(last []byte) []byte {
				number := 0
				if last != nil {
					_, _ = fmt.Sscanf(string(last), "%d", &number)
				}
				return fmt.Appendf(nil, "%d %d/%d", number+1, w, i)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	seen := map[string]bool{}
	for i, r := range s.all(t) {
		number, who, _ := strings.Cut(r, " ")
		if number != fmt.Sprint(i+1) || seen[who] {
			t.Fatalf("record %d is %q", i+1, r)
		}
		seen[who] = true
	}
	if len(seen) != writers*each {
		t.Errorf("%d records, want %d", len(seen), writers*each)
	}
}

func ended(t *testing.T, s *suite) {
	r := s.create(t, "k", []byte("v"), life)
	if err := s.Append(s.ctx, func([]byte) []byte { return []byte("r") }); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	for name, err := range s.everything(ctx, r) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.has(t, "k", []byte("v")) // and nothing was done
	if got := s.all(t); len(got) != 1 {
		t.Errorf("records: %q", got)
	}
}

// everything calls all methods but Close, with what they would do if they could.
func (s *suite) everything(ctx context.Context, r state.Revision) map[string]error {
	errs := map[string]error{
		"enqueue": s.Enqueue(ctx, "q", []byte("j")),
		"work":    s.Work(ctx, "q", func(context.Context, state.Job) error { return nil }),
		"append":  s.Append(ctx, func([]byte) []byte { return []byte("r") }),
		"records": s.Records(ctx, func([]byte) error { return nil }),
		"ready":   s.Ready(ctx),
	}
	_, errs["create"] = s.Create(ctx, "new", nil, life)
	_, _, errs["get"] = s.Get(ctx, "k")
	_, errs["swap"] = s.Swap(ctx, "k", nil, r)
	_, errs["take"] = s.Take(ctx, "k")
	return errs
}

func closed(t *testing.T, s *suite) {
	if err := s.Ready(s.ctx); err != nil {
		t.Fatal(err)
	}
	r := s.create(t, "k", []byte("v"), life)
	begun, over := make(chan bool, 1), make(chan error, 1)
	go func() {
		over <- s.Work(s.ctx, "q", func(context.Context, state.Job) error { begun <- true; return nil })
	}()
	if err := s.Enqueue(s.ctx, "q", nil); err != nil {
		t.Fatal(err)
	}
	await(t, s, begun, 1)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	want(t, await(t, s, over, 1)[0], state.ErrUnavailable)
	for name, err := range s.everything(s.ctx, r) {
		if !errors.Is(err, state.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
