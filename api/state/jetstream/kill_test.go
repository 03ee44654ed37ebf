package jetstream_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/state"
	"elmobridge/api/state/jetstream"
)

const code state.Kind = "code"

// testKey is the key of a store of no secret.
var testKey = bytes.Repeat([]byte{7}, state.KeySize)

// store gives a store over an engine.
func store(t testing.TB, e state.Engine) *state.Store {
	t.Helper()
	s, err := state.New(e, testKey)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// audited gives the requests that the log knows of, in a chain that holds.
func audited(t *testing.T, s *state.Store) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	err := s.Events(within(t), func(line []byte) error {
		var e state.Event
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		seen[e.Request] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// runSessions is a service with 200 sessions, eight at a time: in each a one-time code is made, taken and put on record. It says what has
// been acknowledged.
func runSessions(arg string) error {
	var dir string
	if err := json.Unmarshal([]byte(arg), &dir); err != nil {
		return err
	}
	e, err := jetstream.Open(context.Background(), jetstream.Config{Dir: dir, Key: testKey})
	if err != nil {
		return err
	}
	s, err := state.New(e, testKey)
	if err != nil {
		return err
	}
	ready()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 / 8 {
				session(s)
			}
		})
	}
	all.Wait()
	untilParentEnds()
	return nil
}

func session(s *state.Store) {
	ctx := context.Background()
	t, err := s.Put(ctx, code, []byte("a result"), time.Hour)
	if err != nil {
		return
	}
	fmt.Printf("made %s\n", t)
	if _, err := s.Take(ctx, code, t); err != nil {
		return
	}
	fmt.Printf("took %s\n", t)
	if s.Audit(ctx, state.Event{Time: time.Now(), Name: "delivered", Channel: "test", Request: string(t), Outcome: "ok"}) == nil {
		fmt.Printf("audit %s\n", t)
	}
}

// TestKillProcess: kill -9 in the middle of 200 sessions, and a start on the same folder. No code that has been taken
// can be taken again, no record that was acknowledged is missing.
func TestKillProcess(t *testing.T) {
	dir := t.TempDir()
	rounds := []int{150, 300, 590} // lines after which the process is killed, of 600
	if testing.Short() {
		rounds = rounds[1:2]
	}
	acknowledged := map[string]bool{}
	for _, after := range rounds {
		said := killed(t, dir, after)
		if len(said["made"]) == 0 || len(said["took"]) == 0 || len(said["audit"]) == 0 {
			t.Fatalf("killed too early: %d made, %d taken, %d on record", len(said["made"]), len(said["took"]), len(said["audit"]))
		}
		for _, id := range said["audit"] {
			acknowledged[id] = true
		}
		e := open(t, jetstream.Config{Dir: dir, Key: testKey})
		s := store(t, e)
		for _, token := range slices.Concat(said["made"], said["took"]) {
			if _, err := s.Take(within(t), code, state.Token(token)); !errors.Is(err, state.ErrNone) {
				t.Fatalf("a code can be taken after the restart: %v", err)
			}
		}
		seen := audited(t, s)
		for id := range acknowledged {
			if !seen[id] {
				t.Errorf("the record of a session is missing after the process was killed behind line %d", after)
			}
		}
		if err := s.Audit(within(t), state.Event{Name: "restarted"}); err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d acknowledged records", len(acknowledged))
}

// killed runs sessions, kills the process behind a number of lines, and gives what it has said until then.
func killed(t *testing.T, dir string, after int) map[string][]string {
	t.Helper()
	c := run(t, "sessions", dir)
	said := map[string][]string{}
	for n := 0; ; n++ {
		if n == after {
			_ = c.Process.Kill()
		}
		if !c.lines.Scan() {
			break
		}
		what, token, whole := strings.Cut(c.lines.Text(), " ")
		if whole && len(token) == len(state.NewToken()) {
			said[what] = append(said[what], token)
		}
	}
	c.kill()
	return said
}

// runWorker takes a job and never ends it.
func runWorker(arg string) error {
	var dir string
	if err := json.Unmarshal([]byte(arg), &dir); err != nil {
		return err
	}
	ctx := context.Background()
	e, err := jetstream.Open(ctx, jetstream.Config{Dir: dir, Key: testKey})
	if err != nil {
		return err
	}
	if err := e.Enqueue(ctx, "batch", []byte("a reference")); err != nil {
		return err
	}
	return e.Work(ctx, "batch", func(context.Context, state.Job) error {
		ready()
		untilParentEnds()
		return nil
	})
}

// TestKillWorker: a job whose worker is killed is done by the next.
func TestKillWorker(t *testing.T) {
	dir := t.TempDir()
	run(t, "worker", dir).kill()
	e := open(t, jetstream.Config{Dir: dir, Key: testKey, AckWait: time.Second})
	ctx, cancel := context.WithCancel(within(t))
	defer cancel()
	err := e.Work(ctx, "batch", func(_ context.Context, j state.Job) error {
		if string(j.Body) != "a reference" {
			t.Errorf("job %q", j.Body)
		}
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// load is what clients of a cluster have been told.
type load struct {
	*state.Store
	mu    sync.Mutex
	kept  map[state.Token]bool // codes that were made and that nobody has tried to take
	taken map[state.Token]int  // how often a code has been given away
	acks  map[string]bool      // records that were acknowledged
}

func newLoad(s *state.Store) *load {
	return &load{Store: s, kept: map[state.Token]bool{}, taken: map[state.Token]int{}, acks: map[string]bool{}}
}

// step makes two codes, tries to take one of them three times, and puts that on record. The error is state.ErrUnavailable
// when any of that could not be done.
func (l *load) step(ctx context.Context) error {
	keep, err := l.Put(ctx, code, []byte("v"), time.Hour)
	if err != nil {
		return err
	}
	l.note(func() { l.kept[keep] = true })
	use, err := l.Put(ctx, code, []byte("v"), time.Hour)
	if err != nil {
		return err
	}
	l.note(func() { l.taken[use] = 0 })
	if err := l.use(ctx, use); err != nil {
		return err
	}
	id := string(state.NewToken())
	if err := l.Audit(ctx, state.Event{Name: "delivered", Request: id}); err != nil {
		return err
	}
	l.note(func() { l.acks[id] = true })
	return nil
}

// use tries to take a code three times at once.
func (l *load) use(ctx context.Context, t state.Token) error {
	errs := make([]error, 3)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			_, err := l.Take(ctx, code, t)
			if err == nil {
				l.note(func() { l.taken[t]++ })
			} else if !errors.Is(err, state.ErrNone) {
				errs[i] = err
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func (l *load) note(what func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	what()
}

// until makes steps until so many in a row have succeeded. Only state.ErrUnavailable may come between.
func (l *load) until(t *testing.T, successes int) {
	t.Helper()
	ctx := within(t)
	for row := 0; row < successes; {
		switch err := l.step(ctx); {
		case err == nil:
			row++
		case errors.Is(err, state.ErrUnavailable):
			row = 0
		default:
			t.Fatalf("in a row: %d of %d: %v", row, successes, err)
		}
	}
}

// check looks for what was acknowledged, and for the codes that nobody took if they were kept.
func (l *load) check(t *testing.T, kept bool) {
	t.Helper()
	ctx := within(t)
	l.mu.Lock()
	defer l.mu.Unlock()
	for token := range l.taken {
		err := insist(func() error { _, err := l.Take(ctx, code, token); return err })
		if err == nil {
			l.taken[token]++
		} else if !errors.Is(err, state.ErrNone) {
			t.Fatal(err)
		}
		if l.taken[token] > 1 {
			t.Errorf("a code worked %d times", l.taken[token])
		}
	}
	for token := range l.kept {
		err := insist(func() error { _, _, err := l.Get(ctx, code, token); return err })
		if kept && err != nil {
			t.Errorf("a code that nobody took: %v", err)
		}
	}
	seen := audited(t, l.Store)
	for id := range l.acks {
		if !seen[id] {
			t.Error("a record that was acknowledged is missing")
		}
	}
}

// nodes are the servers of a cluster, each in a process of its own.
type nodes struct {
	all     []node
	running map[string]*child
}

func startNodes(t *testing.T) *nodes {
	ns := &nodes{newNodes(t, 3), map[string]*child{}}
	for _, n := range ns.all {
		ns.run(t, n.Name)
	}
	return ns
}

func (ns *nodes) run(t *testing.T, name string) {
	i := slices.IndexFunc(ns.all, func(n node) bool { return n.Name == name })
	ns.running[name] = run(t, "node", ns.all[i])
}

func (ns *nodes) kill(name string) {
	ns.running[name].kill()
	delete(ns.running, name)
}

// leader is the server that leads a stream.
func (ns *nodes) leader(t *testing.T, stream string) string {
	t.Helper()
	s, err := behind(t, ns.all...).Stream(within(t), stream)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().Cluster.Leader
}

// TestKillNodes: three servers in processes of their own. The service goes on without one of them; it stops, and does
// not guess, without two, and goes on when they are back.
func TestKillNodes(t *testing.T) {
	t.Parallel()
	ns := startNodes(t)
	l := newLoad(store(t, open(t, jetstream.Config{URLs: urls(ns.all), Replicas: 3, Timeout: time.Second})))
	l.until(t, 20)

	stop := l.background(t)
	first := ns.leader(t, "elmobridge_state")
	ns.kill(first)
	l.until(t, 20)
	stop()
	l.check(t, true)
	if testing.Short() {
		return
	}

	second := ns.leader(t, "elmobridge_audit")
	ns.kill(second)
	unavailable(t, l)
	ns.run(t, first)
	l.records(t) // there is a majority again of what is on disks
	ns.run(t, second)
	l.until(t, 5) // what is in memory waits for all, as that of two is gone
	l.check(t, false)
	t.Logf("%d codes taken, %d not, %d records", len(l.taken), len(l.kept), len(l.acks))
}

// background makes steps until it is stopped.
func (l *load) background(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := l.step(ctx); err != nil && !errors.Is(err, state.ErrUnavailable) && ctx.Err() == nil {
					t.Errorf("under load: %v", err)
				}
			}
		})
	}
	return func() { cancel(); all.Wait() }
}

// records appends until it succeeds.
func (l *load) records(t *testing.T) {
	t.Helper()
	ctx := within(t)
	if err := insist(func() error { return l.Audit(ctx, state.Event{Name: "back"}) }); err != nil {
		t.Fatal(err)
	}
}

// insist tries until the cluster, which may have lost a server a moment ago, has an answer.
func insist(do func() error) error {
	for {
		if err := do(); !errors.Is(err, state.ErrUnavailable) {
			return err
		}
	}
}

// unavailable tells whether nothing can be changed, and whether the engine says so.
func unavailable(t *testing.T, l *load) {
	t.Helper()
	ctx := within(t)
	_, put := l.Put(ctx, code, nil, time.Hour)
	for name, err := range map[string]error{
		"put":     put,
		"audit":   l.Audit(ctx, state.Event{}),
		"enqueue": l.Enqueue(ctx, "q", nil),
	} {
		if !errors.Is(err, state.ErrUnavailable) {
			t.Errorf("%s with one server of three: %v", name, err)
		}
	}
	err := l.Ready(ctx)
	for ; err == nil; err = l.Ready(ctx) { // the last server takes a while to find out
		time.Sleep(100 * time.Millisecond)
	}
	if !errors.Is(err, state.ErrUnavailable) {
		t.Errorf("ready with one server of three: %v", err)
	}
}
