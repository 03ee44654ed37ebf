package rest

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
)

// responder writes an answer.
type responder interface {
	write(http.ResponseWriter, *http.Request)
}

// batch converts the documents of a request, now or later.
func (h *handlers) batch(r *http.Request, q *convertQuery) (responder, error) {
	later := prefersLater(r)
	switch {
	case later && h.State == nil:
		return nil, problem.New(problem.NotOffered, "")
	case !later && r.Header.Get(idempotencyKey) != "":
		return nil, problem.New(problem.BadRequest, "Idempotency-Key goes with Prefer: respond-async here; else nothing is made that could be made twice")
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	mediaType := ""
	if !later {
		var err error
		if mediaType, err = choose(r, bundleTypes...); err != nil {
			return nil, err
		}
	}
	spool := h.Budget.Share()
	u, items, err := h.spooled(r, spool, q)
	if err != nil {
		spool.Release()
		return nil, err
	}
	if later {
		defer spool.Release()
		return h.begin(r.Context(), q, u, items, spool)
	}
	return &batchNow{h, &conversion{q, q.options(h.Issuer, u)}, items, mediaType, spool}, nil
}

// spooled reads a request whose documents are yet to be unpacked.
func (h *handlers) spooled(r *http.Request, spool *limit.Share, q *convertQuery) (*upload, []*item, error) {
	if r.ContentLength > h.MaxBody {
		return nil, nil, &http.MaxBytesError{Limit: h.MaxBody}
	}
	u, err := batchForm.read(r, spool.Reader(http.MaxBytesReader(nil, r.Body, h.MaxBody)))
	if err != nil {
		return nil, nil, err
	}
	if err := q.complete(r, u); err != nil {
		return nil, nil, err
	}
	items, err := u.items(h.MaxBody)
	return u, items, err
}

// prefersLater tells whether a request prefers respond-async. RFC 7240, 4.1.
func prefersLater(r *http.Request) bool {
	for _, p := range strings.Split(strings.Join(r.Header.Values("Prefer"), ","), ",") {
		name, _, _ := strings.Cut(p, ";")
		if strings.EqualFold(strings.TrimSpace(name), respondAsync) {
			return true
		}
	}
	return false
}

const respondAsync = "respond-async"

// conversion is what a batch wants of each of its documents.
type conversion struct {
	query   *convertQuery
	options convert.Options
}

// batchNow converts the documents of a batch while the answer is sent. One is at work at a time, so that a batch has
// one worker, for which it waits in line with all other batches, and these with all other requests.
type batchNow struct {
	h         *handlers
	want      *conversion
	items     []*item
	mediaType string
	spool     *limit.Share
}

// write converts and sends. It ends between two documents when the client has gone or the time is over: then the
// last line or the directory of the archive is missing.
func (b *batchNow) write(w http.ResponseWriter, r *http.Request) {
	defer b.spool.Release()
	ctx, cancel := context.WithTimeout(r.Context(), b.h.BatchTime)
	defer cancel()
	send := b.h.bundleHeader(w, b.mediaType)
	out := newBundle(b.mediaType, w)
	w.WriteHeader(http.StatusOK)
	for i, item := range b.items {
		o, err := b.h.settle(ctx, item, b.want, b.spool)
		if err != nil {
			return
		}
		o.Number = i + 1
		if b.h.sendOutcome(send, out, o) != nil {
			return
		}
	}
	_ = send.send(out.close()) // the client has gone: nobody is left to tell
}

// sender sends what has been written.
type sender struct{ *http.ResponseController }

// bundleHeader writes the header of results, but for the status, and sets the time for all of them.
func (h *handlers) bundleHeader(w http.ResponseWriter, mediaType string) sender {
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Vary", "Accept, Prefer")
	header.Set("Cache-Control", "no-store")
	if mediaType == typeZip {
		header.Set("Content-Disposition", `attachment; filename="results.zip"`)
	}
	s := sender{http.NewResponseController(w)}
	_ = s.SetWriteDeadline(time.Now().Add(h.BatchTime)) // where there is no such thing, writing does not end
	return s
}

// send sends what has been written, unless that failed.
func (s sender) send(err error) error {
	if err != nil {
		return err
	}
	return s.Flush()
}

// sendOutcome sends what became of a document, whose result takes memory until it has been sent. Without memory for the
// result it failed.
func (h *handlers) sendOutcome(send sender, out bundle, o *outcome) error {
	memory := h.Budget.Share()
	defer memory.Release()
	if err := memory.Take(int64(len(o.document) + len(o.report))); err != nil {
		o = &outcome{BatchFile: BatchFile{o.Number, o.Name, wasRefused, "", problem.Of(err)}}
	}
	return send.send(out.add(o))
}

// settle converts a document of a batch when a worker is free. The error is that of the context; whatever is wrong
// with the document is in the outcome. Spool is held while the work takes.
func (h *handlers) settle(ctx context.Context, i *item, want *conversion, spool *limit.Share) (*outcome, error) {
	o, err := (*outcome)(nil), limit.ErrBusy
	for err == limit.ErrBusy {
		o, err = h.attempt(ctx, i, want, spool)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		o = &outcome{err: err}
		o.Status, o.Problem = wasRefused, problem.Of(err)
	}
	o.Name = label(i.name)
	return o, nil
}

// attempt waits once for a worker. It returns when the worker is free again, if the context does not end before.
func (h *handlers) attempt(ctx context.Context, i *item, want *conversion, spool *limit.Share) (o *outcome, err error) {
	timed, cancel := context.WithTimeout(ctx, h.Time)
	defer cancel()
	share, ended := h.Budget.Share(), make(chan struct{})
	defer h.caught(&err)
	defer func() {
		select {
		case <-ended:
		case <-ctx.Done():
		}
	}()
	spool.Hold()
	return limit.DoBehind(timed, h.Gate, func() (*outcome, error) { return h.convertItem(i, want, share) }, func() {
		share.Release()
		spool.Release()
		close(ended)
	})
}

// caught makes an error of a panic of the work, which is of one document; it is logged without its value.
func (h *handlers) caught(err *error) {
	switch v := recover().(type) {
	case nil:
	case *limit.Panic:
		h.Log.LogAttrs(context.Background(), slog.LevelError, "panic", slog.Any("stack", v.Stack))
		*err = v
	default:
		panic(v)
	}
}

func (h *handlers) convertItem(i *item, want *conversion, share *limit.Share) (*outcome, error) {
	data, err := i.open(share)
	if err != nil {
		return nil, err
	}
	in, err := h.read(data, want.query)
	if err != nil {
		return nil, err
	}
	res, err := h.convertRead(in, want.options, "batch")
	if err != nil {
		return nil, err
	}
	o := &outcome{format: res.format, document: res.document(), report: encode(res.report)}
	o.Status, o.Losses = wasDone, losses(res.reports)
	return o, nil
}
