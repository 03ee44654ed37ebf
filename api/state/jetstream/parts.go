package jetstream

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"elmobridge/api/state"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
)

// partSize is how many bytes of a value a message has. Servers take 1 MiB, header included, unless they are told
// otherwise, and answer in base64.
const partSize = 512 << 10

// lag is how much longer parts live than their entry, so that who has found the entry can read them.
const lag = 10 * time.Second

// isParts is the header of an entry whose body says where the parts of its value are.
const isParts = "Elmobridge-Parts"

// parts is where a value is that is too large for one message. They are never changed: a value that comes in the place
// of another has parts of its own, which are there before the entry is. Those that no entry knows of expire.
type parts struct {
	ID   string `json:"id"`
	Size int    `json:"size"` // bytes of the value
}

func (p *parts) count() int { return (p.Size + partSize - 1) / partSize }

func (e *engine) part(p *parts, n int) string { return e.subject(fmt.Sprintf("part.%s.%d", p.ID, n)) }

// into makes a message the entry of parts.
func (p *parts) into(m *nats.Msg) {
	m.Header.Set(isParts, "1")
	m.Data, _ = json.Marshal(p) // never fails
}

// parseParts gives nil when the value is in the message.
func parseParts(m *js.RawStreamMsg) (*parts, error) {
	if m.Header.Get(isParts) == "" {
		return nil, nil
	}
	var p parts
	if err := json.Unmarshal(m.Data, &p); err != nil || p.Size < 0 || p.Size > state.MaxSealed || state.CheckKey(p.ID) != nil {
		return nil, fmt.Errorf("%w: message %d does not say where the parts of its value are", state.ErrUnavailable, m.Sequence)
	}
	return &p, nil
}

// split stores a value in parts.
func (e *engine) split(ctx context.Context, value []byte, expiry time.Time) (*parts, error) {
	p := &parts{ID: rand.Text(), Size: len(value)}
	for n := range p.count() {
		m := &nats.Msg{Subject: e.part(p, n), Data: value[n*partSize : min((n+1)*partSize, len(value))]}
		if _, err := e.publish(ctx, m, seconds(time.Until(expiry)+lag), 0); err != nil {
			e.discard(ctx, p)
			return nil, err
		}
	}
	return p, nil
}

// join gives the value of an entry. The error is state.ErrNone when a part is not there.
func (e *engine) join(ctx context.Context, found entry) ([]byte, error) {
	p := found.parts
	if p == nil {
		return found.body, nil
	}
	value := make([]byte, 0, p.Size)
	for n := range p.count() {
		m, err := e.last(ctx, e.entries, e.part(p, n))
		if err != nil {
			return nil, err
		}
		value = append(value, m.Data...)
	}
	if len(value) != p.Size {
		return nil, fmt.Errorf("%w: the parts of a value have %d bytes, not %d", state.ErrUnavailable, len(value), p.Size)
	}
	return value, nil
}

// discard removes parts that no entry knows of any more. What it cannot remove expires.
func (e *engine) discard(ctx context.Context, p *parts) {
	if p == nil {
		return
	}
	_ = e.request(context.WithoutCancel(ctx), func(ctx context.Context) error {
		return e.entries.Purge(ctx, js.WithPurgeSubject(e.subject("part."+p.ID+".*")))
	})
}
