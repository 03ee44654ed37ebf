package limit

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
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
	patient := &Gate{g.slots, time.Hour}
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

// TestBudget: what is read is taken until the last holder lets go.
func TestBudget(t *testing.T) {
	b := NewBudget(2 * step)
	s := b.Share()
	if _, err := io.Copy(io.Discard, s.Reader(strings.NewReader(strings.Repeat("x", step+1)))); err != nil || b.Used() != 2*step {
		t.Fatal(b.Used(), err)
	}
	other := b.Share()
	if _, err := io.Copy(io.Discard, other.Reader(strings.NewReader("x"))); !errors.Is(err, ErrFull) {
		t.Error(err)
	}
	other.Release()
	s.Hold()
	s.Release()
	if b.Used() != 2*step {
		t.Error("given back while it is held")
	}
	s.Release()
	if b.Used() != 0 {
		t.Error(b.Used())
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
