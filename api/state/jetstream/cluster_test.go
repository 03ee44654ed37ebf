package jetstream_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"elmobridge/api/state"
	"elmobridge/api/state/jetstream"
	"elmobridge/api/state/statetest"

	js "github.com/nats-io/nats.go/jetstream"
)

// TestCluster: the contract holds with three replicas.
func TestCluster(t *testing.T) {
	t.Parallel()
	nodes := newNodes(t, 3)
	for _, n := range nodes {
		serve(t, n.options())
	}
	var services atomic.Int32
	statetest.Contract(t, func(t testing.TB) state.Engine {
		c := jetstream.Config{URLs: urls(nodes), Replicas: 3, Name: fmt.Sprint("service-", services.Add(1))}
		t.Cleanup(func() { drop(t, behind(t, nodes...), c.Name) })
		return open(t, c)
	})
}

// drop removes the streams of a service, which would take the room of the next.
func drop(t testing.TB, j js.JetStream, name string) {
	t.Helper()
	for _, s := range []string{"state", "jobs", "audit"} {
		if err := j.DeleteStream(within(t), name+"_"+s); err != nil {
			t.Error(err)
		}
	}
}
