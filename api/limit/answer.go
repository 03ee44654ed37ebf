package limit

import (
	"cmp"
	"maps"
	"net/http"
	"time"
)

// Defaults of Bounds for answers.
const (
	sendTime = 5 * time.Minute
	progress = 30 * time.Second
)

// piece is how many bytes of an answer a client must take within Bounds.Progress.
const piece = 32 << 10

// Answers bounds what answers take: what a handler writes at a time is of the budget until the handler ends, and who does
// not take an answer is cut off. When there is no room for the beginning of an answer, refuse writes another one, of a few
// bytes, for ErrFull; later, writing fails with ErrFull.
func Answers(b *Bounds, refuse func(http.ResponseWriter, error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			share := b.Budget.Share()
			defer share.Release()
			a := &answer{ResponseWriter: w, bounds: b, share: share, refuse: refuse, before: w.Header().Clone(), until: time.Now().Add(cmp.Or(b.SendTime, sendTime))}
			next.ServeHTTP(a, r)
			a.begin()
		})
	}
}

// answer is written in pieces. The status is held back until there is something to write.
type answer struct {
	http.ResponseWriter
	bounds *Bounds
	share  *Share
	refuse func(http.ResponseWriter, error)
	before http.Header // of the frame around the handler
	until  time.Time   // when all must have been written
	taken  int64       // for the largest write
	status int         // to be sent; 0: none was named, or it has been sent
	begun  bool
	err    error // nothing more is written
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Note passes the name of a problem on.
func (a *answer) Note(name string) {
	if n, ok := a.ResponseWriter.(interface{ Note(string) }); ok {
		n.Note(name)
	}
}

// SetWriteDeadline changes when all must have been written.
func (a *answer) SetWriteDeadline(t time.Time) error {
	a.until = t
	return nil
}

// WriteHeader keeps the status.
func (a *answer) WriteHeader(status int) {
	if !a.begun && a.status == 0 {
		a.status = status
	}
}

// begin sends the status, if one was named.
func (a *answer) begin() {
	if a.begun = true; a.status != 0 {
		a.ResponseWriter.WriteHeader(a.status)
		a.status = 0
	}
}

// FlushError sends what has been written.
func (a *answer) FlushError() error {
	a.begin()
	a.extend()
	return http.NewResponseController(a.ResponseWriter).Flush()
}

// Write takes the memory of what is written, and writes it.
func (a *answer) Write(p []byte) (int, error) {
	if a.take(int64(len(p))); a.err != nil {
		return 0, a.err
	}
	a.begin()
	written := 0
	for {
		a.extend()
		n, err := a.ResponseWriter.Write(p[written:min(written+piece, len(p))])
		if written += n; err != nil || written == len(p) {
			return written, err
		}
	}
}

// take makes room for a write, unless an earlier one needed as much.
func (a *answer) take(size int64) {
	if a.err != nil || size <= a.taken {
		return
	}
	if a.err = a.share.Take(size - a.taken); a.err == nil {
		a.taken = size
		return
	}
	if !a.begun {
		a.begun, a.status = true, 0
		clear(a.Header())
		maps.Copy(a.Header(), a.before)
		a.refuse(a.ResponseWriter, a.err)
	}
}

// extend gives the client its time for the next piece. Where connections have no deadlines, writing has none.
func (a *answer) extend() {
	next := time.Now().Add(cmp.Or(a.bounds.Progress, progress))
	if a.until.Before(next) {
		next = a.until
	}
	_ = http.NewResponseController(a.ResponseWriter).SetWriteDeadline(next)
}
