// Package api is the service: conversion over HTTP. New gives its handler with everything around it, Serve
// runs it until it is told to stop.
//
//	/v1/...    package rest
//	/rest/...  package dc4eu
//	/livez     200 while the process works
//	/readyz    200 while it takes requests, 503 when it is about to stop
//	/metrics   figures for Prometheus
//
// Nothing of a document is stored or logged, nor is the address of a client or a query.
package api

import (
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"elmobridge/api/dc4eu"
	"elmobridge/api/figures"
	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/rest"
	"elmobridge/convert"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// Config says how the service works. Fields left out take the default.
type Config struct {
	Version string          // of the program
	Issuer  *convert.Issuer // of credentials, for requests that name none; nil: the issuer of the report
	Trust   convert.Trust   // whom verify believes; nobody by default
	Log     *slog.Logger    // one line a request; nil: none
	Traces  *Traces         // nil: none

	MaxBody   int64         // bytes of a request; 32 MiB
	Memory    int64         // bytes that the bodies of all requests may take together, conversions not counted; 512 MiB
	Workers   int           // conversions at a time; one for each processor
	Wait      time.Duration // for a worker, before a request is refused; 1 s
	Time      time.Duration // for the work of a request; 30 s
	PerClient int           // requests of one client at a time; 0: any number
	Proxies   int           // reverse proxies in front, which tell clients apart by X-Forwarded-For; 0: none

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
	draining atomic.Bool
}

// New gives the service.
func New(c Config) *Service {
	c = c.withDefaults()
	s := &Service{config: c}
	gate, budget := limit.NewGate(c.Workers, c.Wait), limit.NewBudget(c.Memory)
	count := figures.New()
	count.Gauge("workers_busy", "Workers at work.", func() float64 { return float64(gate.Working()) })
	count.Gauge("body_bytes", "Memory that the bodies of requests take.", func() float64 { return float64(budget.Used()) })
	r := chi.NewRouter()
	r.Use(observe(c.Log, count), traced(c.Traces), recovering(c.Log), secure, middleware.GetHead)
	r.NotFound(func(w http.ResponseWriter, _ *http.Request) { problem.Write(w, problem.New(problem.NoSuchPath, "")) })
	r.MethodNotAllowed(notAllowed(r))
	r.Get("/livez", fine)
	r.Get("/readyz", s.ready)
	r.Method(http.MethodGet, "/metrics", count.Handler())
	r.Group(func(r chi.Router) {
		if c.PerClient > 0 {
			r.Use(clientOf(c.Proxies), perClient(limit.NewClients(c.PerClient)))
		}
		bounds := &limit.Bounds{MaxBody: c.MaxBody, Time: c.Time, Gate: gate, Budget: budget}
		rest.Mount(r, rest.Config{Issuer: c.Issuer, Trust: c.Trust, Bounds: bounds})
		dc4eu.Mount(r, dc4eu.Config{Version: c.Version, Issuer: c.Issuer, Figures: count, Bounds: bounds})
	})
	s.Handler = r
	return s
}

// Drain makes the service say that it is not ready.
func (s *Service) Drain() { s.draining.Store(true) }

func (s *Service) ready(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		problem.Write(w, problem.New(problem.Stopping, ""))
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
		if routes.Match(chi.NewRouteContext(), http.MethodGet, r.URL.Path) {
			allow = append(allow, http.MethodGet, http.MethodHead)
		}
		if routes.Match(chi.NewRouteContext(), http.MethodPost, r.URL.Path) {
			allow = append(allow, http.MethodPost)
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

func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		if r.TLS != nil {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
