package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"elmobridge/api/state"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
)

// tail is the last record of the log as far as it is known. One caller at a time has the turn to append, so that only
// other machines can be in the way.
type tail struct {
	turn   chan struct{}
	known  bool
	number uint64 // sequence number, 0 for an empty log
	record []byte
}

// wait waits for the turn.
func (t *tail) wait(ctx context.Context) error {
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Append adds a record behind the last one. The server refuses it when another machine was quicker.
func (e *engine) Append(ctx context.Context, next func(last []byte) []byte) error {
	if err := e.request(ctx, e.tail.wait); err != nil {
		return err
	}
	defer func() { <-e.tail.turn }()
	err := errMoved
	for errors.Is(err, errMoved) {
		if err = e.lookUp(ctx); err == nil {
			err = e.append(ctx, next(bytes.Clone(e.tail.record)))
		}
	}
	return err
}

// lookUp reads the last record, unless it is known.
func (e *engine) lookUp(ctx context.Context) error {
	if e.tail.known {
		return nil
	}
	m, err := e.last(ctx, e.logs, e.subject("audit"))
	switch {
	case errors.Is(err, state.ErrNone):
		e.tail.number, e.tail.record = 0, nil
	case err != nil:
		return err
	default:
		e.tail.number, e.tail.record = m.Sequence, m.Data
	}
	e.tail.known = true
	return nil
}

// append publishes a record. After an error the last one is not known: it may have been written all the same.
func (e *engine) append(ctx context.Context, record []byte) error {
	e.tail.known = false
	return e.request(ctx, func(ctx context.Context) error {
		ack, err := e.js.PublishMsg(ctx, &nats.Msg{Subject: e.subject("audit"), Data: record}, js.WithExpectLastSequence(e.tail.number))
		if err == nil {
			e.tail.known, e.tail.number, e.tail.record = true, ack.Sequence, record
		}
		return err
	})
}

// stuck is how many times the time of a request the reading of the log may stand still: a cluster that loses a server
// needs some.
const stuck = 6

// Records gives all records up to the one that is the last when it is called. When a server is lost it goes on where it
// was, at another.
func (e *engine) Records(ctx context.Context, each func([]byte) error) error {
	var enough error // of the caller, whatever it is
	r := reading{engine: e, each: func(record []byte) error { enough = each(record); return enough }}
	for moved := time.Now(); ; {
		before := r.at
		err := r.goOn(ctx)
		if r.at > before {
			moved = time.Now()
		}
		if enough != nil || !errors.Is(err, state.ErrUnavailable) || time.Since(moved) > stuck*e.config.Timeout {
			return err
		}
		if err := rest(ctx); err != nil {
			return err
		}
	}
}

// reading is how far somebody has read the log.
type reading struct {
	*engine
	each    func([]byte) error
	at, end uint64 // sequence numbers of what was read and of what is the last to be read
}

// goOn reads on up to the end.
func (r *reading) goOn(ctx context.Context) error {
	if r.end == 0 {
		m, err := r.last(ctx, r.logs, r.subject("audit"))
		if errors.Is(err, state.ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		r.end = m.Sequence
	}
	messages, err := r.messages(ctx)
	if err != nil {
		return err
	}
	defer messages.Stop()
	for r.at < r.end {
		if err := r.next(ctx, messages); err != nil {
			return err
		}
	}
	return nil
}

// messages are those that have not been read.
func (r *reading) messages(ctx context.Context) (messages js.MessagesContext, err error) {
	err = r.request(ctx, func(ctx context.Context) error {
		reader, err := r.logs.OrderedConsumer(ctx, js.OrderedConsumerConfig{DeliverPolicy: js.DeliverByStartSequencePolicy, OptStartSeq: r.at + 1})
		if err == nil {
			messages, err = reader.Messages()
		}
		return err
	})
	return messages, err
}

// next reads one.
func (r *reading) next(ctx context.Context, messages js.MessagesContext) error {
	var m js.Msg
	err := r.request(ctx, func(ctx context.Context) (err error) {
		m, err = messages.Next(js.NextContext(ctx))
		return err
	})
	if err != nil {
		return err
	}
	data, err := m.Metadata()
	if err != nil {
		return fmt.Errorf("%w: %w", state.ErrUnavailable, err)
	}
	r.at = data.Sequence.Stream
	return r.each(bytes.Clone(m.Data()))
}
