// Package state is what the service remembers from one request to the next: sessions, one-time codes and
// results, each with a time to live; jobs that wait for a worker; and an audit log that only grows.
//
// Engine is the port: Memory implements it within one process, package jetstream with NATS on one machine
// or on many. Nothing above knows which it is. Store is what the service uses: it seals every value for the
// bearer of a token before an engine gets it, so that neither an engine, nor its files, nor its operator can
// read what a learner has fetched, and what has expired needs no erasing.
//
// Values are held in memory by every engine, on several machines where there are several. What is lost when
// all of them stop can be done again: nothing here is the only copy of a result. The audit log is durable.
package state

import (
	"context"
	"errors"
	"time"
)

var (
	// ErrNone is returned when there is no such entry: it never was, it has expired, or somebody has taken it.
	ErrNone = errors.New("no such entry")

	// ErrExists is returned when there is an entry of that name already.
	ErrExists = errors.New("there is such an entry")

	// ErrChanged is returned when an entry is not as it was when it was read.
	ErrChanged = errors.New("the entry has been changed")

	// ErrUnavailable is returned when the engine does not answer; nothing is known of what it was to do.
	ErrUnavailable = errors.New("the store is not available")

	// ErrTooLarge is returned when a value, or all of them together, is larger than the engine holds.
	ErrTooLarge = errors.New("no room for a value of that size")
)

// Revision tells versions of an entry apart.
type Revision uint64

// Engine keeps entries, jobs and records. All methods can be used at the same time; a context that ends makes
// them give up with its error. Other errors are those above, possibly wrapped.
type Engine interface {
	// Create adds an entry, which is gone when its life is over. Lives are at least a second, and exact to
	// about one. The error is ErrExists when there is an entry with that key. Keys are of the letters, digits,
	// full stops, dashes and low lines of ASCII.
	Create(ctx context.Context, key string, value []byte, life time.Duration) (Revision, error)

	// Get gives an entry. The caller may keep and change the value.
	Get(ctx context.Context, key string) ([]byte, Revision, error)

	// Swap changes an entry that is as it was at a revision, else the error is ErrChanged. Its life goes on
	// as it was.
	Swap(ctx context.Context, key string, value []byte, from Revision) (Revision, error)

	// Take gives an entry and removes it. Of any number of callers, one gets it.
	Take(ctx context.Context, key string) ([]byte, error)

	// Enqueue adds a job to a queue. When it returns nil, the job survives whatever the engine survives.
	Enqueue(ctx context.Context, queue string, job []byte) error

	// Work does the jobs of a queue one after the other until the context ends, whose error it returns. A job whose
	// worker fails, or stops in the middle, is done again later, by this worker or another, up to a number of attempts.
	Work(ctx context.Context, queue string, do func(context.Context, Job) error) error

	// Append adds a record behind the last one, from which it is made; nil stands for the last one of an empty log.
	// Next can be called again when others append at the same time. When Append returns nil, the record is durable.
	Append(ctx context.Context, next func(last []byte) []byte) error

	// Records gives all records in their order until a function returns an error, which it returns.
	Records(ctx context.Context, each func(record []byte) error) error

	// Ready tells whether the engine can do all that now.
	Ready(ctx context.Context) error

	// Close ends the engine.
	Close() error
}

// Job is one attempt at a job.
type Job struct {
	Body []byte
	Last bool // there will be no further attempt
}

// Attempts is how often a job is begun.
const Attempts = 5
