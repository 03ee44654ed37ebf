package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/state"
	"elmobridge/convert"
)

// A batch that is done later is a few kinds of entries, each sealed for a token of its own:
//
//	batch     by the token of the client: the tokens of the chunks
//	chunk     some documents that one job converts: the token of each, and what became of it
//	wish      what is wanted of the documents; one for all chunks
//	room      how many bytes the results may still have; one for all chunks
//	document  before it is converted
//	result    afterwards
//
// A job names a chunk, and nothing of a document.
const (
	kindBatch    state.Kind = "batch"
	kindChunk    state.Kind = "batch-chunk"
	kindWish     state.Kind = "batch-wish"
	kindRoom     state.Kind = "batch-room"
	kindDocument state.Kind = "batch-document"
	kindResult   state.Kind = "batch-result"

	queueBatch = "batch"
)

// perChunk is how many documents one job converts: few, so that a fleet shares even small batches.
const perChunk = 10

// storedBatch is an entry of kindBatch.
type storedBatch struct {
	Expires time.Time
	Wish    state.Token
	Room    state.Token
	Chunks  []state.Token
}

// storedChunk is an entry of kindChunk.
type storedChunk struct {
	Expires time.Time
	Wish    state.Token
	Room    state.Token
	Files   []*storedFile
}

// storedFile is a document of a chunk.
type storedFile struct {
	BatchFile
	Document state.Token `json:",omitempty"` // until it is converted
	Result   state.Token `json:",omitempty"` // afterwards
	Size     int64       `json:",omitempty"` // bytes of the result
}

// wish is an entry of kindWish.
type wish struct {
	Query  convertQuery
	Issuer json.RawMessage `json:",omitempty"`
}

// accepted202 is the answer to a batch that is done later.
type accepted202 struct {
	Token   state.Token `json:"token" doc:"Names the batch, and is the only thing that opens it: a secret, to be sent as Authorization: Bearer TOKEN."`
	Expires time.Time   `json:"expires" doc:"When documents and results are forgotten."`
}

// begin stores the documents of a batch and queues their conversion. What was stored is removed when that fails.
func (h *handlers) begin(ctx context.Context, q *convertQuery, u *upload, items []*item, spool *limit.Share) (*answer, error) {
	b := &storedBatch{Expires: time.Now().Add(h.BatchLife).UTC().Truncate(time.Second)}
	token, err := h.keep(ctx, b, wish{*q, u.issuerRaw}, items, &storing{spool, h.BatchBytes})
	if err != nil {
		h.remove(b)
		return nil, stateProblem(err)
	}
	return &answer{mediaType: typeJSON, status: http.StatusAccepted, applied: respondAsync, body: encode(accepted202{token, b.Expires})}, nil
}

func (h *handlers) keep(ctx context.Context, b *storedBatch, want wish, items []*item, way *storing) (state.Token, error) {
	var err error
	if b.Wish, err = h.put(ctx, kindWish, encode(want), b.Expires); err != nil {
		return "", err
	}
	if b.Room, err = h.put(ctx, kindRoom, encode(h.BatchBytes), b.Expires); err != nil {
		return "", err
	}
	for from := 0; from < len(items); from += perChunk {
		c := &storedChunk{Expires: b.Expires, Wish: b.Wish, Room: b.Room}
		err := h.keepDocuments(ctx, c, items[from:min(from+perChunk, len(items))], from, way)
		var token state.Token
		if err == nil {
			token, err = h.put(ctx, kindChunk, encode(c), b.Expires)
		}
		if err != nil {
			h.removeFiles(c)
			return "", err
		}
		b.Chunks = append(b.Chunks, token)
	}
	token, err := h.put(ctx, kindBatch, encode(b), b.Expires)
	if err != nil {
		return "", err
	}
	for _, c := range b.Chunks {
		if err := h.State.Enqueue(ctx, queueBatch, []byte(c)); err != nil {
			h.take(kindBatch, token)
			return "", err
		}
	}
	return token, nil
}

// storing is a batch on its way to the store.
type storing struct {
	spool *limit.Share
	room  int64 // bytes that documents may still have
}

// keepDocuments stores the documents of a chunk. Those that cannot be read have failed already.
func (h *handlers) keepDocuments(ctx context.Context, c *storedChunk, items []*item, before int, way *storing) error {
	for i, item := range items {
		f := &storedFile{BatchFile: BatchFile{Number: before + i + 1, Name: label(item.name), Status: waiting}}
		c.Files = append(c.Files, f)
		var (
			p   *problem.Problem
			err error
		)
		if f.Document, err = h.keepDocument(ctx, item, c.Expires, way); errors.As(err, &p) {
			f.Status, f.Problem = wasRefused, p
		} else if err != nil {
			return err
		}
	}
	return nil
}

// keepDocument unpacks a document when a worker is free, and stores it. The error is a problem when the document
// cannot be unpacked.
func (h *handlers) keepDocument(ctx context.Context, i *item, until time.Time, way *storing) (state.Token, error) {
	share := h.Budget.Share()
	defer share.Release()
	share.Hold()
	way.spool.Hold()
	data, err := limit.Do(ctx, h.Gate, func() ([]byte, error) { return i.open(share) }, func() {
		share.Release()
		way.spool.Release()
	})
	if err != nil {
		return "", err
	}
	if way.room -= int64(len(data)); way.room < 0 {
		return "", &http.MaxBytesError{Limit: h.BatchBytes}
	}
	return h.put(ctx, kindDocument, data, until)
}

// put stores a value until a time.
func (h *handlers) put(ctx context.Context, k state.Kind, value []byte, until time.Time) (state.Token, error) {
	return h.State.Put(ctx, k, value, max(time.Until(until), state.MinLife))
}

// load gives a value that is JSON.
func load[T any](ctx context.Context, h *handlers, k state.Kind, t state.Token) (*T, state.Revision, error) {
	data, revision, err := h.State.Get(ctx, k, t)
	if err != nil {
		return nil, 0, err
	}
	v := new(T)
	return v, revision, json.Unmarshal(data, v)
}

// remove forgets a batch; what cannot be removed expires.
func (h *handlers) remove(b *storedBatch) {
	for _, t := range b.Chunks {
		var c storedChunk
		if json.Unmarshal(h.take(kindChunk, t), &c) == nil {
			h.removeFiles(&c)
		}
	}
	h.take(kindWish, b.Wish)
	h.take(kindRoom, b.Room)
}

func (h *handlers) removeFiles(c *storedChunk) {
	for _, f := range c.Files {
		h.take(kindDocument, f.Document)
		h.take(kindResult, f.Result)
	}
}

// take removes an entry if there is one, also after the client has gone.
func (h *handlers) take(k state.Kind, t state.Token) []byte {
	if t == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), h.Time)
	defer cancel()
	value, _ := h.State.Take(ctx, k, t) // else it expires
	return value
}

// stateProblem is the problem of an error of the store.
func stateProblem(err error) error {
	for _, away := range []error{state.ErrUnavailable, state.ErrTooLarge, state.ErrNone} {
		if errors.Is(err, away) {
			return problem.New(problem.StoreUnavailable, "")
		}
	}
	return err
}

// Work converts documents of batches that are done later, one at a time, until the context ends, whose error it
// returns. Any number of machines and goroutines can share the work; State and Bounds must be set.
func (c Config) Work(ctx context.Context) error {
	h := &handlers{Config: c.withDefaults()}
	return c.State.Work(ctx, queueBatch, func(ctx context.Context, j state.Job) error {
		err := h.convertChunk(ctx, state.Token(j.Body), j.Last)
		if err != nil && j.Last {
			h.Log.LogAttrs(ctx, slog.LevelError, "batch", slog.String("error", problem.Of(stateProblem(err)).Title))
		}
		return err
	})
}

// convertChunk converts the documents of a chunk that have not been. It can be done again, and by several at the
// same time: who changes the entry first has done it.
func (h *handlers) convertChunk(ctx context.Context, t state.Token, last bool) error {
	c, revision, err := load[storedChunk](ctx, h, kindChunk, t)
	if errors.Is(err, state.ErrNone) {
		return nil // expired or forgotten: nobody waits for it
	}
	if err != nil {
		return err
	}
	want, err := h.wanted(ctx, c.Wish)
	if errors.Is(err, state.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	again := error(nil)
	for _, f := range c.Files {
		if f.Status != waiting {
			continue
		}
		after, err := h.convertFile(ctx, f, want, c)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && !last && !errors.Is(err, state.ErrTooLarge): // a store that is full stays so for longer than attempts take
			again = err
			continue
		case err != nil:
			after = &storedFile{BatchFile: BatchFile{f.Number, f.Name, wasRefused, "", problem.Of(stateProblem(err))}}
		}
		document := f.Document
		*f = *after
		if revision, err = h.State.Swap(ctx, kindChunk, t, encode(c), revision); err != nil {
			h.take(kindResult, f.Result)
			return h.overtaken(ctx, t, err, last)
		}
		h.take(kindDocument, document)
	}
	return again
}

// overtaken goes on with a chunk whose entry could not be changed: when somebody else has, from what it is now; when
// it has gone, all is done.
func (h *handlers) overtaken(ctx context.Context, t state.Token, err error, last bool) error {
	switch {
	case errors.Is(err, state.ErrChanged):
		return h.convertChunk(ctx, t, last)
	case errors.Is(err, state.ErrNone):
		return nil
	}
	return err
}

// wanted reads what is wanted of the documents of a batch.
func (h *handlers) wanted(ctx context.Context, t state.Token) (*conversion, error) {
	w, _, err := load[wish](ctx, h, kindWish, t)
	if err != nil {
		return nil, err
	}
	u := &upload{}
	if w.Issuer != nil {
		if u.issuer, err = convert.ReadIssuer(w.Issuer); err != nil {
			return nil, err
		}
	}
	return &conversion{&w.Query, w.Query.options(h.Issuer, u)}, nil
}

// convertFile converts a document and stores its result. The error is that of the store or the context, or
// limit.ErrFull: it can be tried again.
func (h *handlers) convertFile(ctx context.Context, f *storedFile, want *conversion, c *storedChunk) (*storedFile, error) {
	data, _, err := h.State.Get(ctx, kindDocument, f.Document)
	if err != nil {
		return nil, err
	}
	spool := h.Budget.Share()
	defer spool.Release()
	open := func(s *limit.Share) ([]byte, error) { return io.ReadAll(s.Reader(bytes.NewReader(data))) }
	o, err := h.settle(ctx, &item{f.Name, open}, want, spool)
	if err != nil {
		return nil, err
	}
	if errors.Is(o.err, limit.ErrFull) {
		return nil, o.err
	}
	after := &storedFile{BatchFile: o.BatchFile}
	after.Number = f.Number
	if o.Status != wasDone {
		return after, nil
	}
	result := o.stored()
	after.Size = int64(len(result))
	if err := h.makeRoom(ctx, c.Room, after.Size); errors.Is(err, errNoRoom) {
		return &storedFile{BatchFile: BatchFile{f.Number, f.Name, wasRefused, "", errNoRoom}}, nil
	} else if err != nil {
		return nil, err
	}
	after.Result, err = h.put(ctx, kindResult, result, c.Expires)
	return after, err
}

// errNoRoom is the problem of a result that goes beyond what those of its batch may have.
var errNoRoom = problem.New(problem.TooLarge, "the results before it have all the room of a batch that is done later; send it in another batch, or without "+respondAsync)

// makeRoom takes the bytes of a result from the room of its batch. The error is errNoRoom, or that of the store. They are
// not given back when the result is lost, which is seldom.
func (h *handlers) makeRoom(ctx context.Context, t state.Token, size int64) error {
	room, revision, err := load[int64](ctx, h, kindRoom, t)
	switch {
	case errors.Is(err, state.ErrNone):
		return nil // forgotten: so is the chunk, and what is stored for it is removed
	case err != nil:
		return err
	case *room < size:
		return errNoRoom
	}
	_, err = h.State.Swap(ctx, kindRoom, t, encode(*room-size), revision)
	if errors.Is(err, state.ErrChanged) {
		return h.makeRoom(ctx, t, size) // another worker has taken some
	}
	return err
}

// stored is the form of a result in the store: format, report and document, with a line feed between. Reports have none.
func (o *outcome) stored() []byte {
	return bytes.Join([][]byte{[]byte(o.format), bytes.TrimSpace(o.report), o.document}, []byte("\n"))
}

// restore reads that form.
func (o *outcome) restore(data []byte) {
	parts := bytes.SplitN(data, []byte("\n"), 3)
	o.format, o.report, o.document = convert.Format(parts[0]), parts[1], parts[2]
}

// bearerOf is the token of a request. RFC 6750, 2.1.
func bearerOf(r *http.Request) (state.Token, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", problem.New(problem.Unauthenticated, "")
	}
	return state.Token(strings.TrimSpace(token)), nil
}

// found gives the batch that a request names.
func (h *handlers) found(r *http.Request) (*storedBatch, state.Token, error) {
	if h.State == nil {
		return nil, "", problem.New(problem.NotOffered, "")
	}
	token, err := bearerOf(r)
	if err != nil {
		return nil, "", err
	}
	b, _, err := load[storedBatch](r.Context(), h, kindBatch, token)
	return b, token, storedProblem(err)
}

// storedProblem is stateProblem for what a token of the client names.
func storedProblem(err error) error {
	if errors.Is(err, state.ErrNone) {
		return problem.New(problem.Unauthenticated, "")
	}
	return stateProblem(err)
}

// files are those of a batch.
func (h *handlers) files(ctx context.Context, b *storedBatch) ([]*storedFile, error) {
	var all []*storedFile
	for _, t := range b.Chunks {
		c, _, err := load[storedChunk](ctx, h, kindChunk, t)
		if err != nil {
			return nil, storedProblem(err)
		}
		all = append(all, c.Files...)
	}
	return all, nil
}

// batchState tells how far a batch is.
type batchState struct {
	Expires time.Time `json:"expires"`
	Done    bool      `json:"done" doc:"Nothing waits any more: the results are complete."`
	Waiting int       `json:"waiting"`
	BatchCount
	Files []BatchFile `json:"files" nullable:"false"`
}

// batchStatus tells how far a batch is.
func (h *handlers) batchStatus(r *http.Request, _ *none) (*answer, error) {
	b, _, err := h.found(r)
	if err != nil {
		return nil, err
	}
	files, err := h.files(r.Context(), b)
	if err != nil {
		return nil, err
	}
	s := batchState{Expires: b.Expires, Files: []BatchFile{}}
	for _, f := range files {
		s.add(&f.BatchFile)
		s.Files = append(s.Files, f.BatchFile)
	}
	s.Waiting = s.Count - s.Converted - s.Failed
	s.Done = s.Waiting == 0
	return &answer{mediaType: typeJSON, body: encode(s)}, nil
}

// batchForget forgets a batch. Of what is being converted the result is not kept.
func (h *handlers) batchForget(r *http.Request, _ *none) (*answer, error) {
	b, token, err := h.found(r)
	if err != nil {
		return nil, err
	}
	if _, err := h.State.Take(r.Context(), kindBatch, token); err != nil {
		return nil, storedProblem(err)
	}
	h.remove(b)
	return &answer{status: http.StatusNoContent}, nil
}

// batchResults gives the results of a batch when they are complete; as often as somebody asks.
func (h *handlers) batchResults(r *http.Request, _ *none) (*batchLater, error) {
	mediaType, err := choose(r, bundleTypes...)
	if err != nil {
		return nil, err
	}
	b, _, err := h.found(r)
	if err != nil {
		return nil, err
	}
	files, err := h.files(r.Context(), b)
	if err != nil {
		return nil, err
	}
	largest := int64(0)
	for _, f := range files {
		if f.Status == waiting {
			return nil, problem.New(problem.NotReady, "")
		}
		largest = max(largest, f.Size)
	}
	memory := h.Budget.Share()
	if err := memory.Take(largest); err != nil {
		memory.Release()
		return nil, err
	}
	return &batchLater{h, files, mediaType, memory}, nil
}

// batchLater sends results that are in the store.
type batchLater struct {
	h         *handlers
	files     []*storedFile
	mediaType string
	memory    *limit.Share // for the largest result
}

// write sends one result after the other, until the time is over. When one cannot be had any more, the last line or the
// directory of the archive is missing.
func (b *batchLater) write(w http.ResponseWriter, r *http.Request) {
	defer b.memory.Release()
	ctx, cancel := context.WithTimeout(r.Context(), b.h.BatchTime)
	defer cancel()
	send := b.h.bundleHeader(w, b.mediaType)
	out := newBundle(b.mediaType, w)
	w.WriteHeader(http.StatusOK)
	for _, f := range b.files {
		o := &outcome{BatchFile: f.BatchFile}
		if f.Status == wasDone {
			data, _, err := b.h.State.Get(ctx, kindResult, f.Result)
			if err != nil {
				return
			}
			o.restore(data)
		}
		if send.send(out.add(o)) != nil {
			return
		}
	}
	_ = send.send(out.close()) // the client has gone: nobody is left to tell
}
