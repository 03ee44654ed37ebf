package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"elmobridge/api/state"
	"elmobridge/api/state/jetstream"
)

// road is a way to a server on which everything can be made to stand still.
type road struct {
	net.Listener
	to    string
	still sync.RWMutex // locked while it does
}

func newRoad(t *testing.T, to string) *road {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	r := &road{Listener: l, to: to}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.join(c)
		}
	}()
	return r
}

func (r *road) join(c net.Conn) {
	defer c.Close()
	s, err := net.Dial("tcp", r.to)
	if err != nil {
		return
	}
	defer s.Close()
	go func() { _, _ = io.Copy(lane{s, r}, c); s.Close() }()
	_, _ = io.Copy(lane{c, r}, s)
}

// lane hides that a connection could be copied to without Write.
type lane struct {
	to io.Writer
	r  *road
}

func (l lane) Write(p []byte) (int, error) {
	l.r.still.RLock()
	defer l.r.still.RUnlock()
	return l.to.Write(p)
}

// TestStall: with a server that does not answer, all callers are told so after their own time, and not one after the
// other: a row of them would take longer than the test may.
func TestStall(t *testing.T) {
	n := alone(t)
	serve(t, n.options())
	r := newRoad(t, fmt.Sprintf("127.0.0.1:%d", n.Client))
	const callers, timeout = 3000, 200 * time.Millisecond
	e, err := jetstream.Open(within(t), jetstream.Config{URLs: []string{"nats://" + r.Addr().String()}, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Create(within(t), "k", []byte("v"), time.Hour); err != nil {
		t.Fatal(err)
	}

	r.still.Lock()
	done := make(chan error, 2*callers)
	for i := range callers {
		go func() { done <- e.Append(context.Background(), func([]byte) []byte { return []byte("r") }) }()
		go func() {
			_, err := e.Create(context.Background(), fmt.Sprint("k.", i), nil, time.Hour)
			done <- err
		}()
	}
	ctx := within(t)
	for i := range 2 * callers {
		select {
		case err := <-done:
			if !errors.Is(err, state.ErrUnavailable) {
				t.Errorf("call %d: %v", i, err)
			}
		case <-ctx.Done():
			t.Fatalf("%d of %d callers still wait", 2*callers-i, 2*callers)
		}
	}
	r.still.Unlock()
	for e.Ready(ctx) != nil && ctx.Err() == nil {
		time.Sleep(timeout)
	}
	if v, err := e.Take(ctx, "k"); err != nil || string(v) != "v" {
		t.Errorf("when the server answers again: %q, %v", v, err)
	}
}

// TestStallReading: who reads the log goes on when the server answers again, with no record twice or missing, and is told
// when it does not.
func TestStallReading(t *testing.T) {
	n := alone(t)
	serve(t, n.options())
	r := newRoad(t, fmt.Sprintf("127.0.0.1:%d", n.Client))
	const records, timeout = 2000, 200 * time.Millisecond // more than come in one go
	e := open(t, jetstream.Config{URLs: []string{"nats://" + r.Addr().String()}, Timeout: timeout})
	for i := range records {
		if err := e.Append(within(t), func([]byte) []byte { return fmt.Append(nil, i) }); err != nil {
			t.Fatal(err)
		}
	}

	var read int
	still := func(then func()) func([]byte) error {
		return func(record []byte) error {
			if string(record) != fmt.Sprint(read) {
				t.Errorf("record %s follows %d others", record, read)
			}
			if read++; read == 1 {
				r.still.Lock()
				then()
			}
			return nil
		}
	}
	if err := e.Records(within(t), still(func() { time.AfterFunc(3*timeout, r.still.Unlock) })); err != nil || read != records {
		t.Errorf("a server that stood still: %d records, %v", read, err)
	}
	read = 0
	if err := e.Records(within(t), still(func() {})); !errors.Is(err, state.ErrUnavailable) || read == records {
		t.Errorf("a server that stands still: %d records, %v", read, err)
	}
	r.still.Unlock()
}
