package state

import (
	"bytes"
	"context"
	"sync"
	"time"
)

// Memory is an engine within one process; its log ends with it.
type Memory struct {
	most int

	mu       sync.Mutex
	entries  map[string]*entry
	size     int // bytes of all values
	revision Revision
	queues   map[string]chan Job
	log      [][]byte
	closed   bool
}

type entry struct {
	value    []byte
	revision Revision
	expiry   *time.Timer
}

// waiting is how many jobs of one queue can wait.
const waiting = 10_000

// NewMemory gives an engine whose values have together no more than so many bytes.
func NewMemory(bytes int) *Memory {
	return &Memory{most: bytes, entries: map[string]*entry{}, queues: map[string]chan Job{}}
}

// Create adds an entry.
func (m *Memory) Create(_ context.Context, key string, value []byte, life time.Duration) (Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.closed:
		return 0, ErrUnavailable
	case m.entries[key] != nil:
		return 0, ErrExists
	case m.size+len(value) > m.most:
		return 0, ErrTooLarge
	}
	m.revision++
	e := &entry{value: bytes.Clone(value), revision: m.revision}
	e.expiry = time.AfterFunc(life, func() { m.expire(key, e) })
	m.entries[key] = e
	m.size += len(value)
	return e.revision, nil
}

func (m *Memory) expire(key string, e *entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries[key] == e {
		m.remove(key, e)
	}
}

func (m *Memory) remove(key string, e *entry) {
	e.expiry.Stop()
	m.size -= len(e.value)
	delete(m.entries, key)
}

// Get gives an entry.
func (m *Memory) Get(_ context.Context, key string) ([]byte, Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, err := m.find(key)
	if err != nil {
		return nil, 0, err
	}
	return bytes.Clone(e.value), e.revision, nil
}

func (m *Memory) find(key string) (*entry, error) {
	if m.closed {
		return nil, ErrUnavailable
	}
	e := m.entries[key]
	if e == nil {
		return nil, ErrNone
	}
	return e, nil
}

// Swap changes an entry.
func (m *Memory) Swap(_ context.Context, key string, value []byte, from Revision) (Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, err := m.find(key)
	switch {
	case err != nil:
		return 0, err
	case e.revision != from:
		return 0, ErrChanged
	case m.size-len(e.value)+len(value) > m.most:
		return 0, ErrTooLarge
	}
	m.revision++
	m.size += len(value) - len(e.value)
	e.value, e.revision = bytes.Clone(value), m.revision
	return e.revision, nil
}

// Take gives an entry and removes it.
func (m *Memory) Take(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, err := m.find(key)
	if err != nil {
		return nil, err
	}
	m.remove(key, e)
	return e.value, nil
}

// Enqueue adds a job to a queue.
func (m *Memory) Enqueue(_ context.Context, queue string, job []byte) error {
	select {
	case m.queue(queue) <- Job{Body: bytes.Clone(job)}:
		return nil
	default:
		return ErrTooLarge
	}
}

func (m *Memory) queue(name string) chan Job {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queues[name] == nil {
		m.queues[name] = make(chan Job, waiting)
	}
	return m.queues[name]
}

// Work does the jobs of a queue. A job that fails is tried again at once.
func (m *Memory) Work(ctx context.Context, queue string, do func(context.Context, Job) error) error {
	jobs := m.queue(queue)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case j := <-jobs:
			attempt(ctx, j, do)
		}
	}
}

func attempt(ctx context.Context, j Job, do func(context.Context, Job) error) {
	for n := range Attempts {
		j.Last = n == Attempts-1
		if do(ctx, j) == nil {
			return
		}
	}
}

// Append adds a record.
func (m *Memory) Append(_ context.Context, next func(last []byte) []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrUnavailable
	}
	var last []byte
	if n := len(m.log); n > 0 {
		last = m.log[n-1]
	}
	m.log = append(m.log, bytes.Clone(next(last)))
	return nil
}

// Records gives all records.
func (m *Memory) Records(_ context.Context, each func([]byte) error) error {
	m.mu.Lock()
	log := m.log
	m.mu.Unlock()
	for _, r := range log {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// Ready tells whether the engine has not been closed.
func (m *Memory) Ready(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrUnavailable
	}
	return nil
}

// Close forgets all values.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, e := range m.entries {
		m.remove(key, e)
	}
	m.closed = true
	return nil
}
