package api

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
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
func observe(log *slog.Logger, figures *figures) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			begin, id := time.Now(), rand.Text()
			w.Header().Set(problem.RequestID, id)
			rec := &record{ResponseWriter: w}
			figures.active.Inc()
			defer func() {
				figures.active.Dec()
				took := time.Since(begin)
				method, route := methodOf(r), routeOf(r)
				figures.requests.WithLabelValues(method, route, strconv.Itoa(rec.status)).Inc()
				figures.duration.WithLabelValues(route).Observe(took.Seconds())
				if rec.problem != "" {
					figures.problems.WithLabelValues(rec.problem).Inc()
				}
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

// figures are the metrics. All labels are of fixed sets.
type figures struct {
	registry *prometheus.Registry
	active   prometheus.Gauge
	requests *prometheus.CounterVec
	problems *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newFigures(gate *limit.Gate, budget *limit.Budget) *figures {
	f := &figures{
		registry: prometheus.NewRegistry(),
		active:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "elmobridge_requests_active", Help: "Requests at work."}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "elmobridge_requests_total", Help: "Requests that were answered."}, []string{"method", "route", "status"}),
		problems: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "elmobridge_problems_total", Help: "Answers that are problems, by type."}, []string{"problem"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "elmobridge_request_duration_seconds", Help: "From the header of a request to the end of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"route"}),
	}
	f.registry.MustRegister(f.active, f.requests, f.problems, f.duration, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "elmobridge_workers_busy", Help: "Workers at work."},
			func() float64 { return float64(gate.Working()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "elmobridge_body_bytes", Help: "Memory that the bodies of requests take."},
			func() float64 { return float64(budget.Used()) }))
	return f
}

func (f *figures) handler() http.Handler {
	return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{})
}
