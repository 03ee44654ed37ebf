package limit

import (
	"context"
	"io"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// Bounds are the limits that the adapters of a service share.
type Bounds struct {
	MaxBody  int64         // bytes of a request
	Time     time.Duration // of the work for one request
	SendTime time.Duration // from the beginning of a request to the end of its answer, if the handler sets no other; 5 min
	Progress time.Duration // within which a client must take more of its answer; 30 s
	Gate     *Gate         // of the workers
	Budget   *Budget       // of bodies and answers
}

// Work reads the body of a request, and does the work for it when a worker is free. The error is one of read
// and do, ErrBusy, ErrFull, *http.MaxBytesError, or that of the context, which ends with the request and with
// the time.
func Work[B, T any](b *Bounds, r *http.Request, read func(io.Reader) (B, error), do func(context.Context, B) (T, error)) (T, error) {
	return WorkTaking(b, r, read, func(ctx context.Context, body B, _ *Share) (T, error) { return do(ctx, body) })
}

// WorkTaking is Work whose work takes memory beside the body: of the share, which ends with the work.
func WorkTaking[B, T any](b *Bounds, r *http.Request, read func(io.Reader) (B, error), do func(context.Context, B, *Share) (T, error)) (T, error) {
	var zero T
	if r.ContentLength > b.MaxBody {
		return zero, &http.MaxBytesError{Limit: b.MaxBody}
	}
	share := b.Budget.Share()
	defer share.Release()
	_, ended := span(r.Context(), "read")
	body, err := read(share.Reader(http.MaxBytesReader(nil, r.Body, b.MaxBody)))
	ended()
	if err != nil {
		return zero, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), b.Time)
	defer cancel()
	share.Hold()
	_, begun := span(ctx, "wait")
	defer begun() // when it never begins; a span ends once
	return Do(ctx, b.Gate, func() (T, error) {
		begun()
		ctx, ended := span(ctx, "work")
		defer ended()
		return do(ctx, body, share)
	}, share.Release)
}

// span begins a span below that of the context, if it has one that is kept.
func span(ctx context.Context, name string) (context.Context, func()) {
	ctx, s := trace.SpanFromContext(ctx).TracerProvider().Tracer("elmobridge").Start(ctx, name)
	return ctx, func() { s.End() }
}
