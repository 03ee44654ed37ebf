package limit

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Bounds are the limits that the adapters of a service share.
type Bounds struct {
	MaxBody int64         // bytes of a request
	Time    time.Duration // of the work for one request
	Gate    *Gate         // of the workers
	Budget  *Budget       // of the bodies
}

// Work reads the body of a request, and does the work for it when a worker is free. The error is one of read
// and do, ErrBusy, ErrFull, *http.MaxBytesError, or that of the context, which ends with the request and with
// the time.
func Work[B, T any](b *Bounds, r *http.Request, read func(io.Reader) (B, error), do func(context.Context, B) (T, error)) (T, error) {
	var zero T
	if r.ContentLength > b.MaxBody {
		return zero, &http.MaxBytesError{Limit: b.MaxBody}
	}
	share := b.Budget.Share()
	defer share.Release()
	body, err := read(share.Reader(http.MaxBytesReader(nil, r.Body, b.MaxBody)))
	if err != nil {
		return zero, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), b.Time)
	defer cancel()
	share.Hold()
	return Do(ctx, b.Gate, func() (T, error) { return do(ctx, body) }, share.Release)
}
