// Package api is the service: one core behind several channels. New gives its handler with everything around it, Serve
// runs it until it is told to stop.
//
//	/            package web: pages for people
//	/v1/...      package rest
//	/rest/...    package dc4eu
//	/livez       200 while the process works
//	/readyz      200 while it takes requests, 503 when it is about to stop or its store does not answer
//	/metrics     figures for Prometheus
//
// What outlives a request is in package state: sealed, and for a short time. Of a document nothing is logged, nor is the
// address of a client or a query.
package api

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"elmobridge/api/dc4eu"
	"elmobridge/api/evidence"
	"elmobridge/api/figures"
	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/rest"
	"elmobridge/api/state"
	"elmobridge/api/web"
	"elmobridge/convert"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// Config says how the service works. Fields left out take the default.
type Config struct {
	Version string          // of the program
	Issuer  *convert.Issuer // of credentials, for requests that name none; nil: the issuer of the report
	Trust   convert.Trust   // whom verify believes; nobody by default
	Seal    *rest.Sealer    // of sealed forms; nil: there are none
	Log     *slog.Logger    // one line a request; nil: none
	Traces  *Traces         // nil: none

	State  *state.Store // nil: in the memory of this process
	Engine string       // what the store is in, for the operator

	Sources map[string]evidence.Provider // of results of learners, by name
	Consent []string                     // keys of the texts that clients show to learners
	Clients []rest.Client                // who may ask sources
	Session time.Duration                // how long a learner may choose; 15 min
	Code    time.Duration                // how long a one-time code is good; 5 min

	Batch   time.Duration // how long batches that are done later are kept; 1 h
	Results time.Duration // how long pages keep a file and what came of it; 15 min

	Demo     bool   // with made-up learners, and documents to try
	Operator []byte // SHA-256 of the token for the page with figures; nil: there is no such page
	Secure   bool   // browsers come by HTTPS, whoever ends it

	MetricsApart bool // /metrics is not here, see Service.Metrics

	MaxBody   int64         // bytes of a request; 32 MiB
	Memory    int64         // bytes that the bodies of all requests and answers may take together, conversions not counted; 512 MiB
	Workers   int           // conversions at a time; one for each processor
	Wait      time.Duration // for a worker, before a request is refused; 1 s
	Time      time.Duration // for the work of a request; 30 s
	PerClient int           // requests of one client at a time, and a quarter of its connections; 0: any number
	Proxies   int           // reverse proxies in front, which tell clients apart by X-Forwarded-For; 0: none

	Connections int           // at a time; others wait to be accepted; 4096
	Progress    time.Duration // within which a client must take more of its answer; 30 s

	HeaderTime time.Duration // for the header of a request; 10 s
	ReadTime   time.Duration // for a whole request; 60 s
	IdleTime   time.Duration // between requests on a connection; 2 min
	Settle     time.Duration // between not ready and refusing connections, for a load balancer to notice; 0
	DrainTime  time.Duration // for requests that are at work when the service stops; 30 s
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.MaxBody = orElse(c.MaxBody, 32<<20)
	c.Memory = orElse(c.Memory, 512<<20)
	c.Workers = orElse(c.Workers, runtime.GOMAXPROCS(0))
	c.Wait = orElse(c.Wait, time.Second)
	c.Time = orElse(c.Time, 30*time.Second)
	c.Connections = orElse(c.Connections, 4096)
	c.Progress = orElse(c.Progress, 30*time.Second)
	c.HeaderTime = orElse(c.HeaderTime, 10*time.Second)
	c.ReadTime = orElse(c.ReadTime, time.Minute)
	c.IdleTime = orElse(c.IdleTime, 2*time.Minute)
	c.DrainTime = orElse(c.DrainTime, 30*time.Second)
	return c
}

func orElse[T int | int64 | time.Duration](n, otherwise T) T {
	if n > 0 {
		return n
	}
	return otherwise
}

// Service is a handler that can be drained.
type Service struct {
	http.Handler
	config   Config
	rest     rest.Config
	figures  http.Handler
	draining atomic.Bool
}

// Metrics is the handler of /metrics, for an address of its own.
func (s *Service) Metrics() http.Handler { return s.figures }

// New gives the service. The error tells what is wrong with the configuration.
func New(c Config) (*Service, error) {
	c = c.withDefaults()
	if c.Demo && c.Seal != nil {
		return nil, errors.New("results of made-up learners would be sealed: a service has the demo or a seal")
	}
	if c.State == nil {
		var err error
		if c.State, err = memory(); err != nil {
			return nil, err
		}
		c.Engine = "memory of this process"
	}
	bounds := &limit.Bounds{MaxBody: c.MaxBody, Time: c.Time, SendTime: c.sendTime(), Progress: c.Progress,
		Gate: limit.NewGate(c.Workers, c.Wait), Budget: limit.NewBudget(c.Memory)}
	count := figures.New()
	count.Gauge("workers_busy", "Workers at work.", func() float64 { return float64(bounds.Gate.Working()) })
	count.Gauge("body_bytes", "Memory that the bodies of requests and answers take.", func() float64 { return float64(bounds.Budget.Used()) })
	count.Gauge("state_filled", "Share of the room for what is kept that is taken.", func() float64 { return filled(c.State) })
	use, err := handOver(c, bounds.Gate, count)
	if err != nil {
		return nil, err
	}
	s := &Service{config: c, figures: count.Handler()}
	s.rest = rest.Config{Issuer: c.Issuer, Trust: c.Trust, Seal: c.Seal, Evidence: use, Clients: c.Clients, Figures: count, Log: c.Log,
		State: c.State.ForAnybody(), BatchLife: c.Batch, Bounds: bounds}
	s.Handler = s.routes(bounds, count)
	return s, nil
}

// filled is the share of the room of the store that is taken; not a number when the store does not tell.
func filled(s *state.Store) float64 {
	ctx, cancel := context.WithTimeout(context.Background(), readyTime)
	defer cancel()
	share, err := s.Filled(ctx)
	if err != nil {
		return math.NaN()
	}
	return share
}

// memoryBytes is how much is kept where no store is given.
const memoryBytes = 256 << 20

func memory() (*state.Store, error) {
	key := make([]byte, state.KeySize)
	_, _ = rand.Read(key) // never fails
	return state.New(state.NewMemory(memoryBytes), key)
}

// handOver is the use case of handing over results of learners, nil where there are no sources.
func handOver(c Config, gate *limit.Gate, count *figures.Figures) (*evidence.Service, error) {
	sources, texts := maps.Clone(c.Sources), c.Consent
	if c.Demo {
		sources, texts = withDemo(sources), append(slices.Clone(texts), demoText)
	}
	if len(sources) == 0 {
		return nil, nil
	}
	store := c.State
	if len(c.Clients) == 0 {
		store = store.ForAnybody() // visitors of the demo
	}
	return evidence.New(evidence.Config{Store: store, Sources: sources, Texts: texts, Options: convert.Options{Issuer: c.vouching()},
		Gate: gate, SessionLife: c.Session, CodeLife: c.Code, Log: c.Log, Figures: count})
}

// vouching is the issuer of what sources give: with a key the organisation that seals.
func (c Config) vouching() *convert.Issuer {
	if c.Seal != nil {
		return c.Seal.Issuer()
	}
	return c.Issuer
}

// routes mounts everything.
func (s *Service) routes(bounds *limit.Bounds, count *figures.Figures) http.Handler {
	c := s.config
	r := chi.NewRouter()
	r.Use(observe(c.Log, count), traced(c.Traces), recovering(c.Log), secure(c.Secure), clientOf(c.Proxies), middleware.GetHead)
	r.NotFound(func(w http.ResponseWriter, _ *http.Request) { problem.Write(w, problem.New(problem.NoSuchPath, "")) })
	r.MethodNotAllowed(notAllowed(r))
	r.Get("/livez", fine)
	r.Get("/readyz", s.ready)
	if !c.MetricsApart {
		r.Method(http.MethodGet, "/metrics", s.figures)
	}
	r.Group(func(r chi.Router) {
		if c.PerClient > 0 {
			r.Use(perClient(limit.NewClients(c.PerClient)))
		}
		dc4eu.Mount(r, dc4eu.Config{Version: c.Version, Issuer: c.Issuer, Figures: count, Bounds: bounds})
		pages := web.Config{Issuer: c.Issuer, Trust: c.Trust, State: c.State.ForAnybody(), Version: c.Version, Secure: c.Secure,
			Operator: c.Operator, Figures: count, Engine: c.Engine, Life: c.Results, Bounds: bounds}
		if c.Demo {
			pages.Examples, pages.Evidence, pages.Journeys = examples(), s.rest.Evidence, journeys()
		}
		r.Group(func(r chi.Router) {
			r.Use(limit.Answers(bounds, func(w http.ResponseWriter, err error) { problem.Write(w, problem.Of(err)) }))
			rest.Mount(r, s.rest)
			web.Mount(r, pages)
		})
	})
	return r
}

// Drain makes the service say that it is not ready.
func (s *Service) Drain() { s.draining.Store(true) }

// readyTime is how long the store may take to say that it is ready.
const readyTime = 2 * time.Second

func (s *Service) ready(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		problem.Write(w, problem.New(problem.Stopping, ""))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if err := s.config.State.Ready(ctx); err != nil {
		problem.Write(w, problem.New(problem.StoreUnavailable, ""))
		return
	}
	fine(w, r)
}

func fine(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}

// notAllowed refuses methods with Allow. RFC 9110, 15.5.6.
func notAllowed(routes chi.Routes) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allow []string
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			if !routes.Match(chi.NewRouteContext(), method, r.URL.Path) {
				continue
			}
			if allow = append(allow, method); method == http.MethodGet {
				allow = append(allow, http.MethodHead)
			}
		}
		w.Header().Set("Allow", strings.Join(allow, ", "))
		problem.Write(w, problem.New(problem.NoSuchMethod, ""))
	}
}

// clientOf finds out who asks.
func clientOf(proxies int) func(http.Handler) http.Handler {
	if proxies > 0 {
		return middleware.ClientIPFromXFFTrustedProxies(proxies)
	}
	return middleware.ClientIPFromRemoteAddr
}

// perClient refuses requests of clients that have too many at work.
func perClient(clients *limit.Clients) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := middleware.GetClientIPAddr(r.Context())
			if !clients.Enter(a) {
				problem.Write(w, problem.New(problem.TooMany, ""))
				return
			}
			defer clients.Leave(a)
			next.ServeHTTP(w, r)
		})
	}
}

// headers are those of every answer: nothing here is a page, nothing may be framed or run.
var headers = map[string]string{
	"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
}

// secure sets them; with HTTPS, also where a proxy ends it, browsers are told to stay with it.
func secure(https bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, value := range headers {
				w.Header().Set(name, value)
			}
			if r.TLS != nil || https {
				w.Header().Set("Strict-Transport-Security", "max-age=31536000")
			}
			next.ServeHTTP(w, r)
		})
	}
}
