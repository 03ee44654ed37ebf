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
	queues   map[string]*line
	log      [][]byte

	closed chan struct{}
}

type entry struct {
	value    []byte
	revision Revision
	expiry   *time.Timer
}

// line is the jobs of one queue that wait. It is guarded by the mutex of the engine.
type line struct {
	jobs []waiting
	more chan struct{} // holds one when there are jobs
}

type waiting struct {
	body   []byte
	begun  int       // attempts
	expiry time.Time // when nobody wants it any more
}

// maxWaiting is how many jobs of one queue can wait.
const maxWaiting = 10_000

// NewMemory gives an engine whose values have together no more than so many bytes.
func NewMemory(bytes int) *Memory {
	return &Memory{most: bytes, entries: map[string]*entry{}, queues: map[string]*line{}, closed: make(chan struct{})}
}

// begin locks the engine, unless the context has ended or the engine has been closed.
func (m *Memory) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	if m.isClosed() {
		m.mu.Unlock()
		return ErrUnavailable
	}
	return nil
}

func (m *Memory) isClosed() bool {
	select {
	case <-m.closed:
		return true
	default:
		return false
	}
}

// Create adds an entry.
func (m *Memory) Create(ctx context.Context, key string, value []byte, life time.Duration) (Revision, error) {
	if err := CheckEntry(key, life); err != nil {
		return 0, err
	}
	if err := m.begin(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	switch {
	case m.entries[key] != nil:
		return 0, ErrExists
	case m.full(len(value), 0):
		return 0, ErrTooLarge
	}
	m.revision++
	e := &entry{value: bytes.Clone(value), revision: m.revision}
	e.expiry = time.AfterFunc(life, func() { m.expire(key, e) })
	m.entries[key] = e
	m.size += len(value)
	return e.revision, nil
}

// full tells whether there is no room for a value in the place of another.
func (m *Memory) full(value, instead int) bool {
	return value > MaxSealed || m.size-instead+value > m.most
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
func (m *Memory) Get(ctx context.Context, key string) ([]byte, Revision, error) {
	if err := m.begin(ctx); err != nil {
		return nil, 0, err
	}
	defer m.mu.Unlock()
	e := m.entries[key]
	if e == nil {
		return nil, 0, ErrNone
	}
	return bytes.Clone(e.value), e.revision, nil
}

// Swap changes an entry.
func (m *Memory) Swap(ctx context.Context, key string, value []byte, from Revision) (Revision, error) {
	if err := m.begin(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	e := m.entries[key]
	switch {
	case e == nil:
		return 0, ErrNone
	case e.revision != from:
		return 0, ErrChanged
	case m.full(len(value), len(e.value)):
		return 0, ErrTooLarge
	}
	m.revision++
	m.size += len(value) - len(e.value)
	e.value, e.revision = bytes.Clone(value), m.revision
	return e.revision, nil
}

// Take gives an entry and removes it.
func (m *Memory) Take(ctx context.Context, key string) ([]byte, error) {
	if err := m.begin(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	e := m.entries[key]
	if e == nil {
		return nil, ErrNone
	}
	m.remove(key, e)
	return e.value, nil
}

// Enqueue adds a job to a queue.
func (m *Memory) Enqueue(ctx context.Context, queue string, job []byte) error {
	if err := CheckQueue(queue); err != nil {
		return err
	}
	if err := m.begin(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	l := m.line(queue)
	if len(job) > MaxSealedJob || len(l.jobs) >= maxWaiting {
		return ErrTooLarge
	}
	l.add(waiting{body: bytes.Clone(job), expiry: time.Now().Add(MaxLife)})
	return nil
}

func (m *Memory) line(name string) *line {
	if m.queues[name] == nil {
		m.queues[name] = &line{more: make(chan struct{}, 1)}
	}
	return m.queues[name]
}

func (l *line) add(w waiting) {
	l.jobs = append(l.jobs, w)
	l.tell()
}

func (l *line) tell() {
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// Work does the jobs of a queue. A job that fails is tried again behind those that wait.
func (m *Memory) Work(ctx context.Context, queue string, do func(context.Context, Job) error) error {
	if err := CheckQueue(queue); err != nil {
		return err
	}
	if err := m.begin(ctx); err != nil {
		return err
	}
	l := m.line(queue)
	m.mu.Unlock()
	for ctx.Err() == nil { // a job that was given back as the context ended is for another worker
		select {
		case <-ctx.Done():
		case <-m.closed:
			return ErrUnavailable
		case <-l.more:
			m.attempt(ctx, l, do)
		}
	}
	return ctx.Err()
}

// attempt does the first job of a line, if there is one.
func (m *Memory) attempt(ctx context.Context, l *line, do func(context.Context, Job) error) {
	w, ok := m.next(l)
	if !ok || do(ctx, Job{bytes.Clone(w.body), w.begun == Attempts}) == nil || w.begun == Attempts {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l.add(w)
}

// next takes the first job out of a line, and lets another worker have the one behind it.
func (m *Memory) next(l *line) (waiting, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(l.jobs) == 0 {
		return waiting{}, false
	}
	w := l.jobs[0]
	if l.jobs = l.jobs[1:]; len(l.jobs) > 0 {
		l.tell()
	}
	w.begun++
	return w, time.Now().Before(w.expiry)
}

// Append adds a record.
func (m *Memory) Append(ctx context.Context, next func(last []byte) []byte) error {
	if err := m.begin(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	var last []byte
	if n := len(m.log); n > 0 {
		last = m.log[n-1]
	}
	m.log = append(m.log, bytes.Clone(next(last)))
	return nil
}

// Records gives all records that there are when it is called.
func (m *Memory) Records(ctx context.Context, each func([]byte) error) error {
	if err := m.begin(ctx); err != nil {
		return err
	}
	log := m.log
	m.mu.Unlock()
	for _, r := range log {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(bytes.Clone(r)); err != nil {
			return err
		}
	}
	return nil
}

// Filled is the share of the room that is taken.
func (m *Memory) Filled(ctx context.Context) (float64, error) {
	if err := m.begin(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	return float64(m.size) / float64(m.most), nil
}

// Ready tells whether the engine has not been closed.
func (m *Memory) Ready(ctx context.Context) error {
	if err := m.begin(ctx); err != nil {
		return err
	}
	m.mu.Unlock()
	return nil
}

// Close forgets all values.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.isClosed() {
		return nil
	}
	for key, e := range m.entries {
		m.remove(key, e)
	}
	close(m.closed)
	return nil
}
