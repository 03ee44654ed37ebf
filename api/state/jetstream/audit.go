package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"

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

// Records gives all records up to the one that is the last when it is called.
func (e *engine) Records(ctx context.Context, each func([]byte) error) error {
	end, err := e.last(ctx, e.logs, e.subject("audit"))
	if errors.Is(err, state.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	var messages js.MessagesContext
	err = e.request(ctx, func(ctx context.Context) error {
		reader, err := e.logs.OrderedConsumer(ctx, js.OrderedConsumerConfig{DeliverPolicy: js.DeliverAllPolicy})
		if err == nil {
			messages, err = reader.Messages()
		}
		return err
	})
	if err != nil {
		return err
	}
	defer messages.Stop()
	return e.pass(ctx, messages, end.Sequence, each)
}

// pass gives messages to a function, up to a sequence number.
func (e *engine) pass(ctx context.Context, messages js.MessagesContext, end uint64, each func([]byte) error) error {
	for number := uint64(0); number < end; {
		var m js.Msg
		err := e.request(ctx, func(ctx context.Context) (err error) {
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
		number = data.Sequence.Stream
		if err := each(bytes.Clone(m.Data())); err != nil {
			return err
		}
	}
	return nil
}
