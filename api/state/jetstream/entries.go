package jetstream

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"elmobridge/api/state"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
)

// expires is the header of an entry that says when it is gone, in nanoseconds of UTC. The server removes entries at
// the full second behind it. What has been taken leaves a message without the header for takenLife, as the place
// of an entry can only be changed, not emptied, with an expected sequence number.
const expires = "Elmobridge-Expires"

const takenLife = time.Second

// entry is a message in the place of an entry.
type entry struct {
	revision uint64 // 0: there is none
	expiry   time.Time
	parts    *parts // nil: the value is the body
	body     []byte
}

func (e entry) live() bool { return time.Now().Before(e.expiry) }

// find reads what is in the place of an entry, from the leader: a follower could answer with what has been taken.
func (e *engine) find(ctx context.Context, key string) (entry, error) {
	if state.CheckKey(key) != nil {
		return entry{}, nil // and a wildcard is no entry
	}
	m, err := e.last(ctx, e.entries, e.subject("entry."+key))
	if errors.Is(err, state.ErrNone) {
		return entry{}, nil
	}
	if err != nil {
		return entry{}, err
	}
	return parseEntry(m)
}

// last gives the last message of a subject.
func (e *engine) last(ctx context.Context, s js.Stream, subject string) (m *js.RawStreamMsg, err error) {
	err = e.request(ctx, func(ctx context.Context) error {
		m, err = s.GetLastMsgForSubject(ctx, subject)
		return err
	})
	return m, err
}

func parseEntry(m *js.RawStreamMsg) (entry, error) {
	at := m.Header.Get(expires)
	if at == "" {
		return entry{revision: m.Sequence}, nil
	}
	expiry, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return entry{}, fmt.Errorf("%w: the expiry of message %d is not a time", state.ErrUnavailable, m.Sequence)
	}
	p, err := parseParts(m)
	return entry{m.Sequence, expiry, p, m.Data}, err
}

// put publishes an entry in the place of a revision, 0 for none. The error is errMoved when it is not there.
func (e *engine) put(ctx context.Context, key string, value []byte, expiry time.Time, from uint64) (state.Revision, error) {
	if err := e.room.take(ctx, e, len(value)); err != nil {
		return 0, err
	}
	m := nats.NewMsg(e.subject("entry." + key))
	m.Header.Set(expires, expiry.UTC().Format(time.RFC3339Nano))
	m.Data = value
	var p *parts
	if len(value) > partSize {
		var err error
		if p, err = e.split(ctx, value, expiry); err != nil {
			return 0, err
		}
		p.into(m)
	}
	revision, err := e.publish(ctx, m, seconds(time.Until(expiry)), from)
	if errors.Is(err, errMoved) || errors.Is(err, state.ErrTooLarge) { // after other errors the entry may be there
		e.discard(ctx, p)
	}
	return state.Revision(revision), err
}

// seconds is a time to live as servers count: in full ones, at least one.
func seconds(d time.Duration) time.Duration {
	return max(time.Second, (d + time.Second - 1).Truncate(time.Second))
}

// publish puts a message in the place of a sequence number of its subject.
func (e *engine) publish(ctx context.Context, m *nats.Msg, life time.Duration, from uint64) (revision uint64, err error) {
	err = e.request(ctx, func(ctx context.Context) error {
		ack, err := e.js.PublishMsg(ctx, m, js.WithMsgTTL(life), js.WithExpectLastSequencePerSubject(from))
		if err == nil {
			revision = ack.Sequence
		}
		return err
	})
	return revision, err
}

// Create adds an entry, also in the place of one that was taken a moment ago.
func (e *engine) Create(ctx context.Context, key string, value []byte, life time.Duration) (state.Revision, error) {
	if err := state.CheckEntry(key, life); err != nil {
		return 0, err
	}
	expiry := time.Now().Add(life)
	revision, err := e.put(ctx, key, value, expiry, 0)
	for errors.Is(err, errMoved) {
		var before entry
		if before, err = e.find(ctx, key); err != nil {
			return 0, err
		}
		if before.live() {
			return 0, state.ErrExists
		}
		revision, err = e.put(ctx, key, value, expiry, before.revision)
	}
	return revision, err
}

// Get gives an entry.
func (e *engine) Get(ctx context.Context, key string) ([]byte, state.Revision, error) {
	found, value, err := e.read(ctx, key)
	return value, state.Revision(found.revision), err
}

// rereads is how often a value is looked for whose parts are not there. It has been changed or taken then.
const rereads = 10

// read gives an entry and its value.
func (e *engine) read(ctx context.Context, key string) (found entry, value []byte, err error) {
	for range rereads {
		if found, err = e.find(ctx, key); err != nil {
			return entry{}, nil, err
		}
		if !found.live() {
			return entry{}, nil, state.ErrNone
		}
		if value, err = e.join(ctx, found); !errors.Is(err, state.ErrNone) {
			return found, value, err
		}
	}
	return entry{}, nil, fmt.Errorf("%w: the parts of a value are not there", state.ErrUnavailable)
}

// Swap changes an entry. Its message gets the time that is left of the life of the one before.
func (e *engine) Swap(ctx context.Context, key string, value []byte, from state.Revision) (state.Revision, error) {
	before, err := e.find(ctx, key)
	switch {
	case err != nil:
		return 0, err
	case !before.live():
		return 0, state.ErrNone
	case before.revision != uint64(from):
		return 0, state.ErrChanged
	}
	revision, err := e.put(ctx, key, value, before.expiry, before.revision)
	switch {
	case errors.Is(err, errMoved):
		return 0, state.ErrChanged
	case err == nil:
		e.discard(ctx, before.parts)
	}
	return revision, err
}

// Take gives an entry and removes it. The value is read before it is removed: when a part cannot be read, it can
// be taken again.
func (e *engine) Take(ctx context.Context, key string) ([]byte, error) {
	for {
		found, value, err := e.read(ctx, key)
		if err != nil {
			return nil, err
		}
		_, err = e.publish(ctx, nats.NewMsg(e.subject("entry."+key)), takenLife, found.revision)
		if err == nil {
			e.discard(ctx, found.parts)
			return value, nil
		}
		if !errors.Is(err, errMoved) {
			return nil, err
		}
	}
}

// room keeps some of the stream free, as a message that says that an entry has been taken needs room, too.
type room struct {
	mu    sync.Mutex
	known time.Time
	used  int64 // bytes, then and by us since
}

const (
	reserve = 8           // the share of MaxBytes that the stream holds beyond
	fresh   = time.Second // for how long it is known what others have used
	extra   = 256         // bytes of a message beside key and value, about
)

// take makes a note of a value, unless there is no room for it.
func (r *room) take(ctx context.Context, e *engine, size int) error {
	need := int64(size + extra)
	if size > state.MaxSealed || need > e.config.MaxBytes {
		return state.ErrTooLarge
	}
	if r.note(need, e.config.MaxBytes) {
		return nil
	}
	if err := r.look(ctx, e); err != nil {
		return err
	}
	if !r.note(need, e.config.MaxBytes) {
		return state.ErrTooLarge
	}
	return nil
}

// Filled is the share of MaxBytes that is taken.
func (e *engine) Filled(ctx context.Context) (float64, error) {
	used, known := e.room.now()
	if !known {
		if err := e.room.look(ctx, e); err != nil {
			return 0, err
		}
		used, _ = e.room.now()
	}
	return min(float64(used)/float64(e.config.MaxBytes), 1), nil
}

// now is what is used, and whether that is known.
func (r *room) now() (used int64, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.used, time.Since(r.known) <= fresh
}

// note adds to what is used, if it is known that there is room.
func (r *room) note(need, most int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.known) > fresh || r.used+need > most {
		return false
	}
	r.used += need
	return true
}

// look asks how much is used.
func (r *room) look(ctx context.Context, e *engine) error {
	return e.request(ctx, func(ctx context.Context) error {
		info, err := e.entries.Info(ctx)
		if err == nil {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.known, r.used = time.Now(), int64(info.State.Bytes)
		}
		return err
	})
}
