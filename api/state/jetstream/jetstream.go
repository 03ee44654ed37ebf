// Package jetstream keeps the state of the service in NATS JetStream: in a server of its own within the process, which
// nobody else can reach, or in a cluster that many machines share. Both are used in the same way.
//
//	NAME_state  memory  entry.KEY   a value, or where its parts are; the expiry in a header
//	                    part.ID.N   part N of a value that is larger than one message
//	NAME_jobs   file    job.QUEUE   work queue; a job is gone when it is done, given up, or a day old
//	NAME_audit  file    audit       records; none can be deleted or changed
//
// Entries are never on a disk. They are changed by publishing in their place with the sequence number that is expected
// there, which the leader of the stream checks: of any number of machines, one succeeds. What is published brings its
// own time to live along, for it does not take over that of the message in whose place it is.
//
// The clocks of the machines of a fleet must agree to about a second.
package jetstream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"time"

	"elmobridge/api/state"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
)

// Config says where the state is. Without Dir and URLs it is in a temporary folder, which Close removes.
type Config struct {
	Dir string // folder of the server within the process, for it alone
	Key []byte // with Dir: the key of the store, state.KeySize bytes, from which that of the files is derived

	URLs        []string // of the servers of a cluster: nats, tls, ws or wss
	Credentials string   // file of the NATS user, .creds
	CA          string   // PEM file of those who may have issued the certificates of the servers; then TLS is a must
	Certificate string   // PEM file of the client's certificate
	PrivateKey  string   // PEM file of its key
	Replicas    int      // machines that hold each value; 1, or up to 5 in a cluster

	Name     string        // of the streams, for more than one service in a cluster; elmobridge
	AsItIs   bool          // with URLs: streams are neither made nor changed, for who only reads
	MaxBytes int64         // of all entries together; 512 MiB
	Timeout  time.Duration // of one request to a server; 5 s
	AckWait  time.Duration // after which the worker of a job that does not say that it lives is dead; 30 s
	Retry    time.Duration // before a job that failed is done again, doubled each time; 5 s

	Log *slog.Logger // warnings of the server and the connection; nil: none
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,50}$`)

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Name == "" {
		c.Name = "elmobridge"
	}
	c.Replicas = orElse(c.Replicas, 1)
	c.MaxBytes = orElse(c.MaxBytes, 512<<20)
	c.Timeout = orElse(c.Timeout, 5*time.Second)
	c.AckWait = orElse(c.AckWait, 30*time.Second)
	c.Retry = orElse(c.Retry, 5*time.Second)
	return c
}

func orElse[T int | int64 | time.Duration](n, otherwise T) T {
	if n > 0 {
		return n
	}
	return otherwise
}

func (c Config) check() error {
	switch {
	case !nameForm.MatchString(c.Name):
		return fmt.Errorf("the name of the streams, %q, is not made of up to 50 letters, digits and dashes", c.Name)
	case c.Dir != "" && len(c.URLs) > 0:
		return errors.New("the state is either in a folder or in a cluster: give one of them")
	case c.Dir != "" && len(c.Key) != state.KeySize:
		return fmt.Errorf("the key for the files of the state has %d bytes, not %d", len(c.Key), state.KeySize)
	case c.Replicas > 5:
		return fmt.Errorf("%d replicas are too many: give 1, 3 or 5", c.Replicas)
	case c.Replicas > 1 && len(c.URLs) == 0:
		return fmt.Errorf("there cannot be %d replicas within one process: give the addresses of a cluster", c.Replicas)
	case (c.Certificate == "") != (c.PrivateKey == ""):
		return errors.New("a certificate of the client and its key are given together")
	}
	return nil
}

// engine keeps entries, jobs and records in JetStream.
type engine struct {
	config Config
	server *server.Server // nil in a cluster
	folder *folder        // of the server

	life context.Context // ends with Close
	end  context.CancelFunc

	conn                *nats.Conn
	js                  js.JetStream
	entries, jobs, logs js.Stream
	room                room
	tail                tail
}

var _ state.Engine = (*engine)(nil)

// Open starts the server or connects to the cluster, and makes the streams that are not there. It tries until the
// context ends; the error then says why it could not.
func Open(ctx context.Context, c Config) (state.Engine, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	e := &engine{config: c, tail: tail{turn: make(chan struct{}, 1)}}
	e.life, e.end = context.WithCancel(context.Background())
	if err := e.open(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *engine) open(ctx context.Context) (err error) {
	options := e.config.options()
	if len(e.config.URLs) == 0 {
		if err := e.serve(); err != nil {
			return err
		}
		options = append(options, nats.InProcessServer(e.server))
	} else {
		e.config.Log.Warn("it cannot be known whether the cluster writes the audit log to its disks before it answers: set sync_interval: always in the jetstream block of each server")
	}
	if e.conn, err = connect(ctx, e.config, options); err != nil {
		return err
	}
	if e.js, err = js.New(e.conn); err != nil {
		return err
	}
	if err := persist(ctx, e.config.Log, e.streams); err != nil {
		return fmt.Errorf("the streams of the state: %w", err)
	}
	return e.clear()
}

// persist tries until it succeeds or the context ends: those who start at the same time need not start in order.
func persist(ctx context.Context, log *slog.Logger, try func(context.Context) error) error {
	for told := false; ; told = true {
		err := try(ctx)
		if err == nil || hopeless(err) {
			return err
		}
		if !told {
			log.Warn("the state is not available yet", "why", err.Error())
		}
		if ended := rest(ctx); ended != nil {
			return fmt.Errorf("%w: %w", ended, err)
		}
	}
}

// pause is between two tries.
const pause = 250 * time.Millisecond

// rest waits until the next try. The error is that of the context, when it ends.
func rest(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// hopeless tells whether trying again will not help.
func hopeless(err error) bool {
	var api *js.APIError
	return errors.Is(err, nats.ErrAuthorization) || errors.Is(err, os.ErrNotExist) ||
		errors.As(err, &api) && api.Code < 500 && api.ErrorCode != noPeers
}

// streams makes the streams, or changes those that are there to what the configuration says.
func (e *engine) streams(ctx context.Context) error {
	for _, s := range []struct {
		to     *js.Stream
		config js.StreamConfig
	}{
		{&e.entries, js.StreamConfig{Name: e.name("state"), Subjects: []string{e.subject("entry.>"), e.subject("part.>")},
			Description: "entries with a time to live", Storage: js.MemoryStorage, MaxMsgsPerSubject: 1, AllowMsgTTL: true, MaxAge: state.MaxLife,
			AllowDirect: e.config.Replicas == 1, // quicker, and only where no follower can answer with what has been taken
			MaxBytes:    e.config.MaxBytes + e.config.MaxBytes/reserve, Discard: js.DiscardNew}},
		{&e.jobs, js.StreamConfig{Name: e.name("jobs"), Subjects: []string{e.subject("job.*")},
			Description: "jobs that wait for a worker", Storage: js.FileStorage, Retention: js.WorkQueuePolicy, MaxAge: state.MaxLife,
			MaxMsgs: maxJobs, MaxBytes: maxJobBytes, Discard: js.DiscardNew}},
		{&e.logs, js.StreamConfig{Name: e.name("audit"), Subjects: []string{e.subject("audit")},
			Description: "audit log", Storage: js.FileStorage, DenyDelete: true, DenyPurge: true, Discard: js.DiscardNew}},
	} {
		s.config.Replicas = e.config.Replicas
		err := e.request(ctx, func(ctx context.Context) (err error) {
			if e.config.AsItIs {
				*s.to, err = e.js.Stream(ctx, s.config.Name)
			} else {
				*s.to, err = e.js.CreateOrUpdateStream(ctx, s.config)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", s.config.Name, err)
		}
	}
	return nil
}

func (e *engine) name(stream string) string { return e.config.Name + "_" + stream }

// subject has the name in front, as streams of a cluster cannot have subjects in common.
func (e *engine) subject(s string) string { return e.config.Name + "." + s }

// request gives a request its time. The error is that of the caller's context when that has ended, else one of state.
func (e *engine) request(ctx context.Context, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	timed, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()
	err := do(timed)
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return translate(err)
}

// Codes of errors of JetStream that package jetstream of nats.go has no names for; server/errors.json.
const (
	noPeers          js.ErrorCode = 10005 // servers that the stream needs have not come up yet
	accountResources js.ErrorCode = 10002
	noResources      js.ErrorCode = 10023
	memoryResources  js.ErrorCode = 10028
	diskResources    js.ErrorCode = 10047
	notStored        js.ErrorCode = 10077 // the description says why
)

// full are descriptions of notStored when a limit of the stream is reached.
var full = []string{server.ErrMaxBytes.Error(), server.ErrMaxMsgs.Error()}

// errMoved is the error when the last message is not the one that was expected.
var errMoved = errors.New("another message is the last one")

// translate says an error of JetStream as one of state.
func translate(err error) error {
	var api *js.APIError
	switch {
	case errors.Is(err, nats.ErrMaxPayload):
		return state.ErrTooLarge
	case errors.Is(err, js.ErrMsgNotFound):
		return state.ErrNone
	case !errors.As(err, &api):
		return fmt.Errorf("%w: %w", state.ErrUnavailable, err)
	}
	switch api.ErrorCode {
	case js.JSErrCodeStreamWrongLastSequence, js.JSErrCodeStreamWrongLastSequenceConstant:
		return errMoved
	case accountResources, noResources, memoryResources, diskResources, js.JSErrCodeStreamMessageExceedsMaximum:
		return fmt.Errorf("%w: %w", state.ErrTooLarge, err)
	case notStored:
		for _, f := range full {
			if api.Description == f {
				return state.ErrTooLarge
			}
		}
	}
	return fmt.Errorf("%w: %w", state.ErrUnavailable, err)
}

// Ready tells whether every stream has a leader that answers.
func (e *engine) Ready(ctx context.Context) error {
	for _, s := range []js.Stream{e.entries, e.jobs, e.logs} {
		err := e.request(ctx, func(ctx context.Context) error {
			_, err := s.Info(ctx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Close ends the connection and the server.
func (e *engine) Close() error {
	e.end()
	if e.conn != nil {
		e.conn.Close()
	}
	if e.server != nil {
		e.server.Shutdown()
		e.server.WaitForShutdown()
	}
	if e.folder != nil {
		return e.folder.close()
	}
	return nil
}
