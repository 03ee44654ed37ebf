// Package limit bounds what requests use at the same time: workers, memory for bodies, and requests of one
// client. What is over a bound is refused, not kept waiting without end.
package limit

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

var (
	// ErrBusy is returned when no worker became free in time.
	ErrBusy = errors.New("all workers are busy")

	// ErrFull is returned when bodies and answers use all the memory that is meant for them.
	ErrFull = errors.New("no memory left for the body or the answer")
)

// Gate lets a number of workers work at a time.
type Gate struct {
	slots  chan struct{}
	behind chan struct{} // of DoBehind
	wait   time.Duration
}

// NewGate gives a gate for so many workers, on which others wait no longer than that.
func NewGate(workers int, wait time.Duration) *Gate {
	return &Gate{make(chan struct{}, workers), make(chan struct{}, max(1, workers/2)), wait}
}

// Workers is the number of workers that there are.
func (g *Gate) Workers() int { return cap(g.slots) }

// Working is the number of workers at work.
func (g *Gate) Working() int { return len(g.slots) }

// enter waits for a free slot.
func (g *Gate) enter(ctx context.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case slots <- struct{}{}:
		return nil
	case <-timer.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Panic is what Do panics with when the work did: where, without the value, which may hold parts of a document.
type Panic struct{ Stack []string }

// Error makes it fit to be looked for in a chain of errors.
func (p *Panic) Error() string { return "panic" }

// Frames are the functions on the stack of a goroutine that panics, called by what recovers.
func Frames() []string {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	var list []string
	for {
		f, more := frames.Next()
		list = append(list, f.Function)
		if !more {
			return list
		}
	}
}

// Do runs work when a worker is free. When the context ends before the work does, Do returns the context's
// error, and the worker stays taken until the work ends, for it cannot be interrupted. Release is called
// once, when the work has ended and the worker is free, or the work will not begin.
func Do[T any](ctx context.Context, g *Gate, work func() (T, error), release func()) (T, error) {
	var zero T
	if err := g.enter(ctx, g.slots); err != nil {
		release()
		return zero, err
	}
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if recover() != nil {
				o.err = &Panic{Frames()}
			}
			<-g.slots
			release()
			done <- o
		}()
		o.value, o.err = work()
	}()
	select {
	case o := <-done:
		var p *Panic
		if errors.As(o.err, &p) {
			panic(p)
		}
		return o.value, o.err
	case <-ctx.Done():
		return zero, ctx.Err()
	}
}

// DoBehind is Do for a piece of work that has many behind it: no more than half of the workers, or one, do such work
// or wait for it, so that all other work gets its turn.
func DoBehind[T any](ctx context.Context, g *Gate, work func() (T, error), release func()) (T, error) {
	if err := g.enter(ctx, g.behind); err != nil {
		var zero T
		release()
		return zero, err
	}
	return Do(ctx, g, work, func() {
		<-g.behind
		release()
	})
}

// Budget is memory that bodies and answers share.
type Budget struct {
	most int64
	used atomic.Int64
}

// NewBudget gives a budget of so many bytes.
func NewBudget(bytes int64) *Budget { return &Budget{most: bytes} }

// Used is the number of bytes taken.
func (b *Budget) Used() int64 { return b.used.Load() }

// Share is what one request takes of a budget.
type Share struct {
	budget  *Budget
	holders atomic.Int32
	taken   int64 // of the budget
	ahead   int64 // of that, for what is yet to be read
}

// Share begins a share of nothing, with one holder.
func (b *Budget) Share() *Share {
	s := &Share{budget: b}
	s.holders.Store(1)
	return s
}

// Hold adds a holder.
func (s *Share) Hold() { s.holders.Add(1) }

// What a reader takes at a time: as much as it has, from firstStep to lastStep, so that a sender takes no more than twice
// what it has sent.
const (
	firstStep = 4 << 10
	lastStep  = 256 << 10
)

// Reader takes what is read through it; the error is ErrFull when there is not enough.
func (s *Share) Reader(r io.Reader) io.Reader { return shareReader{s, r} }

type shareReader struct {
	share *Share
	from  io.Reader
}

func (r shareReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if short := int64(n) - r.share.ahead; short > 0 {
		step := max(short, min(max(r.share.taken, firstStep), lastStep))
		if full := r.share.Take(step); full != nil {
			return 0, full
		}
		r.share.ahead += step
	}
	r.share.ahead -= int64(n)
	return n, err
}

// Take takes so many bytes more; the error is ErrFull when there are not enough.
func (s *Share) Take(bytes int64) error {
	if s.budget.used.Add(bytes) > s.budget.most {
		s.budget.used.Add(-bytes)
		return ErrFull
	}
	s.taken += bytes
	return nil
}

// Release takes a holder away; the last one gives everything back.
func (s *Share) Release() {
	if s.holders.Add(-1) == 0 {
		s.budget.used.Add(-s.taken)
	}
}

// Clients counts the requests at work of each client.
type Clients struct {
	most int
	mu   sync.Mutex
	at   map[netip.Prefix]int
}

// NewClients allows so many requests of one client at a time.
func NewClients(most int) *Clients { return &Clients{most: most, at: map[netip.Prefix]int{}} }

// Enter tells whether one more request of a client may begin; if so, it ends with Leave. IPv6 addresses of
// one /64 are one client: a host has them all.
func (c *Clients) Enter(a netip.Addr) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := client(a)
	if c.at[key] >= c.most {
		return false
	}
	c.at[key]++
	return true
}

// Leave ends a request.
func (c *Clients) Leave(a netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := client(a)
	if c.at[key]--; c.at[key] == 0 {
		delete(c.at, key)
	}
}

func client(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // the address of an unknown client is not valid, as is its prefix
	return p
}
