// Package rest is the API of the service under /v1: convert, batch, roundtrip, validate, verify, inspect, gaps.
//
// Requests are answered from their own content alone, and nothing is stored, but for what a client asks for: a batch that
// is done later and answers by Idempotency-Key are kept for a while, sealed (package state), and results of a learner for
// the few minutes in which the learner chooses (evidence.go). openapi.yaml describes all of it, and is written from what
// is registered here.
package rest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/figures"
	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/state"
	"elmobridge/convert"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
)

// Config is what the API needs.
type Config struct {
	Issuer *convert.Issuer // for requests that name none; nil: the issuer of the report
	Trust  convert.Trust   // whom to believe
	Seal   *Sealer         // of sealed forms; nil: they are not offered

	Evidence *evidence.Service // for Clients, with the issuer of Seal; nil: no operations on results of learners
	Clients  []Client

	Figures *figures.Figures // nil: nothing is counted
	Log     *slog.Logger     // of what has no answer to stand in; nil: none

	// State keeps batches that are done later, and answers by their Idempotency-Key; nil: neither is offered.
	State      *state.Store
	BatchTime  time.Duration // for converting and sending a batch; 10 min
	BatchLife  time.Duration // of a batch that is done later; 1 h
	BatchBytes int64         // of its documents together, and of its results; 64 MiB
	AnswerLife time.Duration // of an answer that is kept; 15 min
	AnswerSize int           // bytes of an answer that is kept; 4 MiB

	*limit.Bounds
}

func (c Config) withDefaults() Config {
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	c.BatchTime = cmp.Or(c.BatchTime, 10*time.Minute)
	c.BatchLife = cmp.Or(c.BatchLife, time.Hour)
	c.BatchBytes = cmp.Or(c.BatchBytes, 64<<20)
	c.AnswerLife = cmp.Or(c.AnswerLife, 15*time.Minute)
	c.AnswerSize = cmp.Or(c.AnswerSize, 4<<20)
	return c
}

// handlers answer requests.
type handlers struct {
	Config
	about huma.API
}

// Mount adds the API to a router.
func Mount(r chi.Router, c Config) {
	c = c.withDefaults()
	h := register(r.With(strictQuery, c.once, keepRequest), c)
	yaml, json := described(h.about)
	r.Get("/v1/openapi.yaml", static("application/openapi+yaml", yaml))
	r.Get("/v1/openapi.json", static("application/openapi+json", json))
	r.Get(problem.Base+"{name}", describeProblem)
}

// register adds the operations.
func register(r chi.Router, c Config) *handlers {
	h := &handlers{c, humachi.New(r, description())}
	reg := h.about.OpenAPI().Components.Schemas
	operation(h, converting(reg), h.convert)
	operation(h, batching(reg), h.batch)
	operation(h, following(reg), h.batchStatus)
	operation(h, fetching(reg), h.batchResults)
	operation(h, forgetting(reg), h.batchForget)
	operation(h, roundTripping(reg), h.roundTrip)
	operation(h, validating(reg), h.validate)
	operation(h, verifying(reg), h.verify)
	operation(h, inspecting(reg), h.inspect)
	operation(h, counting(reg), h.count)
	operation(h, crosswalking(reg), h.crosswalk)
	registerEvidence(h)
	return h
}

// handler answers a request whose query parameters are in the input.
type handler[I any, A responder] func(r *http.Request, in *I) (A, error)

// output writes an answer.
type output struct{ Body func(huma.Context) }

// operation registers a handler; package huma reads and checks the query parameters. Were the body described
// before, it would read that as well.
func operation[I any, A responder](h *handlers, op huma.Operation, run handler[I, A]) {
	sent := op.RequestBody
	op.RequestBody = nil
	defer func() {
		if sent != nil {
			h.about.OpenAPI().Paths[op.Path].Post.RequestBody = sent
		}
	}()
	huma.Register(h.about, op, func(ctx context.Context, in *I) (*output, error) {
		a, err := run(requestOf(ctx), in)
		return &output{func(hc huma.Context) {
			r, w := humachi.Unwrap(hc)
			if err != nil {
				problem.Write(w, problem.Of(err))
				return
			}
			a.write(w, r)
		}}, nil
	})
}

type requestKey struct{} // of the request in a context

// keepRequest puts the request where handlers find it. Package huma gets it without Accept: it looks there
// before it writes an error, and panics at ranges such as " ;".
func keepRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown := r.WithContext(context.WithValue(r.Context(), requestKey{}, r))
		shown.Header = r.Header.Clone()
		shown.Header.Del("Accept")
		next.ServeHTTP(w, shown)
	})
}

func requestOf(ctx context.Context) *http.Request { return ctx.Value(requestKey{}).(*http.Request) }

// strictQuery refuses parameters that would be dropped or shadowed in silence: malformed ones, a name twice,
// or no value.
func strictQuery(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := checkQuery(r.URL.RawQuery); p != nil {
			problem.Write(w, p)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func checkQuery(raw string) *problem.Problem {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return problem.New(problem.BadRequest, "the query is not name=value pairs with & between")
	}
	for _, values := range query {
		if len(values) > 1 {
			return problem.New(problem.BadRequest, "a query parameter is given twice")
		}
		if values[0] == "" {
			return problem.New(problem.BadRequest, "a query parameter has no value; leave it out, or write true for a switch")
		}
	}
	return nil
}

// refusal is the problem of a request that package huma refuses, without values: they are personal data, and
// unknown parameters may be as well.
func refusal(errs []error) *problem.Problem {
	var texts []string
	for _, err := range errs {
		var d *huma.ErrorDetail
		if !errors.As(err, &d) {
			continue
		}
		if name, ok := strings.CutPrefix(d.Location, "query."); ok && d.Message != unknownParameter {
			texts = append(texts, "query parameter "+name+": "+d.Message)
		} else {
			texts = append(texts, d.Message)
		}
	}
	return problem.New(problem.BadRequest, strings.Join(texts, "; "))
}

// unknownParameter is what package huma says of a parameter that the operation does not have.
const unknownParameter = "unknown query parameter"

// Package huma has no other place for this than its own variables.
func init() {
	huma.ValidateStrictCasing = true
	huma.NewError = func(_ int, _ string, errs ...error) huma.StatusError { return refusal(errs) }
	huma.NewErrorWithContext = func(ctx huma.Context, _ int, _ string, errs ...error) huma.StatusError {
		_, w := humachi.Unwrap(ctx)
		return problem.Announce(w, refusal(errs))
	}
}

// work does the work of a request that has a body when a worker is free.
func work[T any](h *handlers, r *http.Request, f form, do func(context.Context, *upload) (T, error)) (T, error) {
	return limit.Work(h.Bounds, r, func(body io.Reader) (*upload, error) { return f.read(r, body) }, do)
}

// static answers with what never changes while the program runs.
func static(mediaType string, data []byte) http.HandlerFunc {
	tag := entityTag(data)
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}
}

// describeProblem answers what a type URI of a problem leads to.
func describeProblem(w http.ResponseWriter, r *http.Request) {
	for _, t := range problem.Types {
		if t.Name == chi.URLParam(r, "name") {
			static("application/json", encode(t))(w, r)
			return
		}
	}
	problem.Write(w, problem.New(problem.NoSuchPath, ""))
}
