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
	"fmt"
	"regexp"
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
// them give up with its error. Other errors are those above, possibly wrapped, and those of CheckEntry and
// CheckQueue. After Close all fail with ErrUnavailable. Package statetest has the tests that every engine passes.
type Engine interface {
	// Create adds an entry, which is gone when its life is over. The error is that of CheckEntry, ErrTooLarge for
	// more than MaxSealed bytes, or ErrExists when there is an entry with that key.
	Create(ctx context.Context, key string, value []byte, life time.Duration) (Revision, error)

	// Get gives an entry. The caller may keep and change the value.
	Get(ctx context.Context, key string) ([]byte, Revision, error)

	// Swap changes an entry that is as it was at a revision, else the error is ErrChanged. Its life goes on
	// as it was.
	Swap(ctx context.Context, key string, value []byte, from Revision) (Revision, error)

	// Take gives an entry and removes it. Of any number of callers, one gets it.
	Take(ctx context.Context, key string) ([]byte, error)

	// Enqueue adds a job to a queue. When it returns nil, the job survives whatever the engine survives, for MaxLife.
	// The error is that of CheckQueue, or ErrTooLarge for more than MaxSealedJob bytes and when too many jobs wait.
	Enqueue(ctx context.Context, queue string, job []byte) error

	// Work does the jobs of a queue one after the other until the context ends, whose error it returns. A job whose
	// worker fails, or stops in the middle, is done again later, by this worker or another, up to Attempts times. It
	// can be done again after it succeeded, when the engine did not hear of that.
	Work(ctx context.Context, queue string, do func(context.Context, Job) error) error

	// Append adds a record behind the last one, from which it is made; nil stands for the last one of an empty log.
	// Next can be called again when others append at the same time. When Append returns nil, the record is durable.
	Append(ctx context.Context, next func(last []byte) []byte) error

	// Records gives all records that there are in their order, until a function returns an error, which it returns.
	Records(ctx context.Context, each func(record []byte) error) error

	// Filled is the share of the room for values that is taken, from 0 to 1. What others have added within the last
	// second need not be in it.
	Filled(ctx context.Context) (float64, error)

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

// Limits of every engine. What is sealed is larger by overhead.
const (
	MaxValue     = 64 << 20 // bytes of a value
	MaxJob       = 64 << 10 // bytes of a job, which refers to values and holds none
	MaxSealed    = MaxValue + overhead
	MaxSealedJob = MaxJob + overhead

	MinLife = time.Second    // of an entry; lives are exact to about as much
	MaxLife = 24 * time.Hour // of an entry and of a job: nothing is to outlive a day, whoever asks for it
)

var (
	keyForm   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}(\.[A-Za-z0-9_-]{1,100}){0,3}$`)
	queueForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)
)

// CheckKey tells whether there can be an entry with a key: up to four words of letters, digits, dashes and low lines
// of ASCII, with full stops between. The error does not show the key.
func CheckKey(key string) error {
	if !keyForm.MatchString(key) {
		return errors.New("the key of an entry is not made of up to four words of letters, digits, - and _ with full stops between")
	}
	return nil
}

// CheckEntry tells what is wrong with a key or a life.
func CheckEntry(key string, life time.Duration) error {
	if life < MinLife || life > MaxLife {
		return fmt.Errorf("an entry cannot live for %v: lives are from %v to %v", life, MinLife, MaxLife)
	}
	return CheckKey(key)
}

// CheckQueue tells what is wrong with the name of a queue, which is one word as in keys.
func CheckQueue(name string) error {
	if !queueForm.MatchString(name) {
		return fmt.Errorf("the name of a queue, %q, is not a word of letters, digits, - and _", name)
	}
	return nil
}
