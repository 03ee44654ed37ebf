package limit

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// TestDo: workers are bounded, and what is released is released once, however the work ends.
func TestDo(t *testing.T) {
	g := NewGate(1, time.Millisecond)
	released := 0
	release := func() { released++ }
	if v, err := Do(t.Context(), g, func() (int, error) { return 7, io.EOF }, release); v != 7 || err != io.EOF {
		t.Error(v, err)
	}
	g.slots <- struct{}{}
	never := func() (int, error) { t.Error("it worked without a worker"); return 0, nil }
	if _, err := Do(t.Context(), g, never, release); err != ErrBusy {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	patient := &Gate{g.slots, g.behind, time.Hour}
	if _, err := Do(ctx, patient, never, release); err != context.Canceled {
		t.Error(err)
	}
	<-g.slots
	if released != 3 || g.Working() != 0 {
		t.Errorf("%d released, %d working", released, g.Working())
	}
}

// TestGivenUp: the worker of work that was given up is taken until the work ends.
func TestGivenUp(t *testing.T) {
	g := NewGate(1, 0)
	free, released := make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Do(ctx, g, func() (int, error) { cancel(); <-free; panic("late") }, func() { close(released) })
	if err != context.Canceled || g.Working() != 1 {
		t.Error(err, g.Working())
	}
	close(free)
	<-released
}

// TestPanic: a panic of the work is one of the caller, with the stack and without the value.
func TestPanic(t *testing.T) {
	defer func() {
		p, ok := recover().(*Panic)
		if !ok || strings.Contains(p.Error(), "secret") {
			t.Fatal(p)
		}
		if !slices.ContainsFunc(p.Stack, func(f string) bool { return strings.Contains(f, "TestPanic") }) {
			t.Error(p.Stack)
		}
	}()
	_, _ = Do(t.Context(), NewGate(1, 0), func() (int, error) { panic("secret") }, func() {})
}

// TestDoBehind: work that has many behind it leaves a worker for other work, and lets go of its place however it ends.
func TestDoBehind(t *testing.T) {
	g := NewGate(2, time.Millisecond)
	released := 0
	_, err := DoBehind(t.Context(), g, func() (int, error) {
		if _, err := DoBehind(t.Context(), g, func() (int, error) { return 0, nil }, func() { released++ }); err != ErrBusy {
			t.Errorf("%v: both workers do work of batches", err)
		}
		return Do(t.Context(), g, func() (int, error) { return 1, nil }, func() { released++ })
	}, func() { released++ })
	if err != nil || released != 3 || g.Working() != 0 || len(g.behind) != 0 {
		t.Error(err, released, g.Working(), len(g.behind))
	}
	g.slots <- struct{}{}
	g.slots <- struct{}{}
	if _, err := DoBehind(t.Context(), g, func() (int, error) { return 0, nil }, func() {}); err != ErrBusy || len(g.behind) != 0 {
		t.Error(err, len(g.behind))
	}
}

// TestBudget: what is read is taken until the last holder lets go.
func TestBudget(t *testing.T) {
	b := NewBudget(lastStep)
	s := b.Share()
	const size = lastStep / 2
	if n, err := io.Copy(io.Discard, s.Reader(strings.NewReader(strings.Repeat("x", size)))); err != nil || n != size || b.Used() < size {
		t.Fatal(n, b.Used(), err)
	}
	other := b.Share()
	if _, err := io.Copy(io.Discard, other.Reader(strings.NewReader(strings.Repeat("x", size+1)))); !errors.Is(err, ErrFull) {
		t.Error(err)
	}
	if err := other.Take(lastStep); !errors.Is(err, ErrFull) {
		t.Error(err)
	}
	other.Release()
	s.Hold()
	s.Release()
	if b.Used() < size {
		t.Error("given back while it is held")
	}
	s.Release()
	if b.Used() != 0 {
		t.Error(b.Used())
	}
}

// TestFirstByte: who has sent little has taken little, and nobody more than twice what was sent or a step.
func TestFirstByte(t *testing.T) {
	b := NewBudget(16 << 20)
	for range 2060 {
		if _, err := io.ReadAll(b.Share().Reader(strings.NewReader("x"))); err != nil {
			t.Fatal(err)
		}
	}
	if most := int64(2060 * firstStep); b.Used() > most {
		t.Errorf("%d bytes are taken for 2060", b.Used())
	}
	for size := 1; size < 4*lastStep; size *= 3 {
		b := NewBudget(4 << 20)
		s := b.Share()
		if _, err := io.Copy(io.Discard, s.Reader(iotest.OneByteReader(strings.NewReader(strings.Repeat("x", size))))); err != nil {
			t.Fatal(err)
		}
		if n := b.Used(); n < int64(size) || n > int64(max(firstStep, min(2*size, size+lastStep))) {
			t.Errorf("%d bytes are taken for %d", n, size)
		}
	}
}

// TestTakeAndRead: what is taken beside what is read is not what is read.
func TestTakeAndRead(t *testing.T) {
	b := NewBudget(1 << 20)
	s := b.Share()
	if err := s.Take(100 << 10); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, s.Reader(strings.NewReader(strings.Repeat("x", 50<<10)))); err != nil || b.Used() < 150<<10 {
		t.Error(b.Used(), err)
	}
}

// TestClients: each client has so many requests; those of one /64 are one client; nothing is kept of those
// that have none.
func TestClients(t *testing.T) {
	c := NewClients(1)
	for _, x := range []struct {
		address string
		want    bool
	}{{"192.0.2.1", true}, {"192.0.2.1", false}, {"192.0.2.2", true}, {"2001:db8::1", true}, {"2001:db8::2", false}, {"2001:db8:0:1::1", true}} {
		if got := c.Enter(netip.MustParseAddr(x.address)); got != x.want {
			t.Errorf("%s: %v", x.address, got)
		}
	}
	if !c.Enter(netip.Addr{}) || c.Enter(netip.Addr{}) {
		t.Error("clients without an address are not one client")
	}
	for _, a := range []string{"192.0.2.1", "192.0.2.2", "2001:db8::9", "2001:db8:0:1::1"} {
		c.Leave(netip.MustParseAddr(a))
	}
	c.Leave(netip.Addr{})
	if len(c.at) != 0 {
		t.Errorf("%d clients are kept", len(c.at))
	}
}
