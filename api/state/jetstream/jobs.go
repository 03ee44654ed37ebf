package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"elmobridge/api/state"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
)

// How many jobs of all queues can wait.
const (
	maxJobs     = 100_000
	maxJobBytes = 256 << 20
)

// Enqueue adds a job to a queue.
func (e *engine) Enqueue(ctx context.Context, queue string, job []byte) error {
	if err := state.CheckQueue(queue); err != nil {
		return err
	}
	if len(job) > state.MaxSealedJob {
		return state.ErrTooLarge
	}
	return e.request(ctx, func(ctx context.Context) error {
		_, err := e.js.PublishMsg(ctx, &nats.Msg{Subject: e.subject("job." + queue), Data: job})
		return err
	})
}

// wait is for how long a worker waits for a job before it asks again.
const wait = 5 * time.Second

// Work does the jobs of a queue. While the engine does not answer, it tries again.
func (e *engine) Work(ctx context.Context, queue string, do func(context.Context, state.Job) error) error {
	if err := state.CheckQueue(queue); err != nil {
		return err
	}
	consumer, err := e.consumer(ctx, queue)
	for err == nil && ctx.Err() == nil { // what a context that has ended asks for is delivered to nobody
		var m js.Msg
		if m, err = e.next(ctx, consumer); err == nil {
			e.attempt(ctx, m, do)
			continue
		}
		err = e.idle(ctx, err)
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// next waits for a job.
func (e *engine) next(ctx context.Context, c js.Consumer) (js.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	defer context.AfterFunc(e.life, cancel)()
	return c.Next(js.FetchContext(ctx))
}

// idle is the end of a worker's wait without a job: it goes on unless the context or the engine has ended.
func (e *engine) idle(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case e.life.Err() != nil:
		return state.ErrUnavailable
	case errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded):
		return nil
	}
	e.config.Log.Warn("a worker gets no jobs", "why", err.Error())
	return sleep(ctx, pause)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// consumer makes the consumer that the workers of a queue share.
func (e *engine) consumer(ctx context.Context, queue string) (c js.Consumer, err error) {
	err = e.request(ctx, func(ctx context.Context) error {
		c, err = e.jobs.CreateOrUpdateConsumer(ctx, js.ConsumerConfig{
			Durable: queue, FilterSubject: e.subject("job." + queue),
			AckPolicy: js.AckExplicitPolicy, AckWait: e.config.AckWait, MaxDeliver: state.Attempts,
		})
		return err
	})
	return c, err
}

// attempt does a job, and says so as long as it lasts.
func (e *engine) attempt(ctx context.Context, m js.Msg, do func(context.Context, state.Job) error) {
	data, err := m.Metadata()
	if err != nil {
		e.config.Log.Warn("a job that is none", "why", err.Error())
		return
	}
	last := data.NumDelivered >= state.Attempts
	stop := e.alive(m)
	err = do(ctx, state.Job{Body: m.Data(), Last: last})
	stop()
	e.answer(ctx, m, data.NumDelivered, err)
}

// alive tells the server that a job is being done, until it is stopped.
func (e *engine) alive(m js.Msg) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(e.config.AckWait / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				_ = m.InProgress() // when it is lost, the next is in time
			}
		}
	}()
	return func() { close(done); <-ended }
}

// answer says how an attempt ended. When that is lost, the job is done again.
func (e *engine) answer(ctx context.Context, m js.Msg, attempts uint64, failed error) {
	err := e.request(context.WithoutCancel(ctx), func(timed context.Context) error {
		switch {
		case failed == nil:
			return m.DoubleAck(timed)
		case attempts >= state.Attempts:
			return m.Term()
		case ctx.Err() != nil:
			return m.Nak() // the worker was told to stop: another can have the job at once
		}
		return m.NakWithDelay(e.config.Retry << (attempts - 1))
	})
	if err != nil {
		e.config.Log.Warn("the end of a job is not known to the store: it will be done again", "why", err.Error())
	}
}

// clear removes jobs whose last worker has died: they would stay in the stream until they are a day old.
func (e *engine) clear() error {
	const given = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES."
	_, err := e.conn.QueueSubscribe(given+e.name("jobs")+".*", e.config.Name, func(m *nats.Msg) {
		var advisory struct {
			Sequence uint64 `json:"stream_seq"`
		}
		if json.Unmarshal(m.Data, &advisory) != nil || advisory.Sequence == 0 {
			return
		}
		queue := m.Subject[strings.LastIndexByte(m.Subject, '.')+1:]
		e.config.Log.Warn("a job was given up: its last worker has died", "queue", queue, "attempts", state.Attempts)
		err := e.request(context.Background(), func(ctx context.Context) error { return e.jobs.DeleteMsg(ctx, advisory.Sequence) })
		if err != nil && !errors.Is(err, state.ErrNone) {
			e.config.Log.Warn("a job that was given up is still there", "queue", queue, "why", err.Error())
		}
	})
	if err != nil {
		return fmt.Errorf("%w: %w", state.ErrUnavailable, err)
	}
	return nil
}
