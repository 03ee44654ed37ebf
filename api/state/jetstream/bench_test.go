package jetstream_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"elmobridge/api/state"
	"elmobridge/api/state/jetstream"
)

// BenchmarkStore does the same with every engine: values of 2 KB and of 4 MB, one caller, and 16 at a time. The metric
// of those but memory is how many times as long they take as memory did before them.
func BenchmarkStore(b *testing.B) {
	memory := map[string]float64{}
	for _, engine := range []struct {
		name string
		open func(*testing.B) state.Engine
	}{
		{"memory", func(*testing.B) state.Engine { return state.NewMemory(1 << 30) }},
		{"embedded", func(b *testing.B) state.Engine { return openRoomy(b, jetstream.Config{}) }},
		{"cluster", openCluster},
	} {
		e := engine.open(b)
		s := store(b, e)
		for _, o := range operations {
			b.Run(engine.name+"/"+o.name, func(b *testing.B) {
				took := measure(b, s, o)
				if engine.name == "memory" {
					memory[o.name] = took
				} else {
					b.ReportMetric(took/memory[o.name], "x-memory")
				}
			})
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

type operation struct {
	name    string
	size    int // of the values
	callers int
	do      func(ctx context.Context, s *state.Store, value []byte, t state.Token) error
}

var operations = []operation{
	{"put-take", 2 << 10, 1, putTake},
	{"put-take/16", 2 << 10, 16, putTake},
	{"put-take-large", 4 << 20, 1, putTake},
	{"get", 2 << 10, 1, get},
	{"get/16", 2 << 10, 16, get},
	{"audit", 0, 1, audit},
	{"audit/16", 0, 16, audit},
}

func putTake(ctx context.Context, s *state.Store, value []byte, _ state.Token) error {
	t, err := s.Put(ctx, code, value, time.Hour)
	if err == nil {
		_, err = s.Take(ctx, code, t)
	}
	return err
}

func get(ctx context.Context, s *state.Store, _ []byte, t state.Token) error {
	_, _, err := s.Get(ctx, code, t)
	return err
}

func audit(ctx context.Context, s *state.Store, _ []byte, _ state.Token) error {
	return s.Audit(ctx, state.Event{Time: time.Now(), Name: "delivered", Channel: "rest", Outcome: "ok"})
}

// measure gives how long an operation takes.
func measure(b *testing.B, s *state.Store, o operation) float64 {
	ctx, value := b.Context(), make([]byte, o.size)
	t, err := s.Put(ctx, code, value, time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(o.callers)
	b.ResetTimer()
	if o.callers == 1 {
		for range b.N {
			if err := o.do(ctx, s, value, t); err != nil {
				b.Fatal(err)
			}
		}
	} else {
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if err := o.do(ctx, s, value, t); err != nil {
					b.Error(err)
				}
			}
		})
	}
	return float64(b.Elapsed()) / float64(b.N)
}

func openRoomy(b *testing.B, c jetstream.Config) state.Engine {
	c.MaxBytes = 1 << 30
	e, err := jetstream.Open(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// openCluster opens an engine with three replicas on servers in this process.
func openCluster(b *testing.B) state.Engine {
	nodes := newNodes(b, 3)
	for _, n := range nodes {
		serve(b, n.options())
	}
	return openRoomy(b, jetstream.Config{URLs: urls(nodes), Replicas: 3, Name: fmt.Sprint("bench-", nodes[0].Client)})
}
