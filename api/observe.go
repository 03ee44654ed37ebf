package api

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"time"

	"elmobridge/api/figures"
	"elmobridge/api/limit"
	"elmobridge/api/problem"

	"github.com/go-chi/chi/v5"
)

// record is what is known of an answer when it has been written.
type record struct {
	http.ResponseWriter
	status  int
	bytes   int64
	problem string
}

// WriteHeader keeps the status.
func (r *record) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (r *record) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *record) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Note keeps the name of a problem.
func (r *record) Note(name string) { r.problem = name }

// observe gives requests their ids, counts and logs them. The log has the pattern of the path, not the path,
// and neither query nor address: what a client writes there may name a person.
func observe(log *slog.Logger, count *figures.Figures) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			begin, id := time.Now(), rand.Text()
			w.Header().Set(problem.RequestID, id)
			rec := &record{ResponseWriter: w}
			count.Begin()
			defer func() {
				took := time.Since(begin)
				method, route := methodOf(r), routeOf(r)
				count.End(figures.Request{Method: method, Route: route, Status: rec.status, Problem: rec.problem,
					In: r.ContentLength, Out: rec.bytes, Took: took})
				log.LogAttrs(context.Background(), levelOf(route), "request", slog.String("id", id), slog.String("method", method),
					slog.String("route", route), slog.Int("status", rec.status), slog.String("problem", rec.problem),
					slog.Int64("bytes_out", rec.bytes), slog.Float64("took_ms", float64(took.Microseconds())/1000))
			}()
			next.ServeHTTP(rec, r)
		})
	}
}

// levelOf keeps what asks every few seconds out of the log.
func levelOf(route string) slog.Level {
	switch route {
	case "/livez", "/readyz", "/metrics":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// routeOf is the pattern of the path.
func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil && c.RoutePattern() != "" && c.RoutePattern() != "/*" {
		return c.RoutePattern()
	}
	return "none"
}

// methodOf is a method of a fixed set.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// recovering answers requests whose handler panics. What it panicked with may hold parts of a document, so
// that only the functions on the stack are logged.
func recovering(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				v := recover()
				if v == nil {
					return
				}
				stack := limit.Frames()
				if p, ok := v.(*limit.Panic); ok {
					stack = p.Stack
				}
				log.LogAttrs(context.Background(), slog.LevelError, "panic",
					slog.String("id", w.Header().Get(problem.RequestID)), slog.Any("stack", stack))
				if rec, ok := w.(*record); ok && rec.status != 0 {
					panic(http.ErrAbortHandler) // it is too late for another answer: the client sees a broken one
				}
				problem.Write(w, problem.New(problem.Fault, ""))
			}()
			next.ServeHTTP(w, r)
		})
	}
}
