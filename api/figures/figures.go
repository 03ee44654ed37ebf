// Package figures counts what the service does, for Prometheus and for the page of the operator. Nothing of a
// document, a client or a learner is in a figure: all labels are of fixed sets.
package figures

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"elmobridge/convert"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Figures are those of one service. A nil *Figures counts nothing.
type Figures struct {
	registry    *prometheus.Registry
	active      prometheus.Gauge
	requests    *prometheus.CounterVec
	problems    *prometheus.CounterVec
	duration    *prometheus.HistogramVec
	bytes       *prometheus.CounterVec
	conversions *prometheus.CounterVec
	losses      *prometheus.CounterVec
	signatures  *prometheus.CounterVec
	steps       *prometheus.CounterVec
}

// New gives figures that are all zero.
func New() *Figures {
	f := &Figures{
		registry: prometheus.NewRegistry(),
		active:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "elmobridge_requests_active", Help: "Requests at work."}),
		requests: counter("requests_total", "Requests that were answered.", "method", "route", "status"),
		problems: counter("problems_total", "Answers that are problems, by type.", "problem"),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "elmobridge_request_duration_seconds", Help: "From the header of a request to the end of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"route"}),
		bytes:       counter("bytes_total", "Bytes of bodies: in, those of requests; out, those of answers.", "direction"),
		conversions: counter("conversions_total", "Documents that were converted.", "channel", "source", "target"),
		losses:      counter("losses_total", "Entries of loss reports, by row of the mapping and verdict.", "row", "verdict"),
		signatures:  counter("signatures_total", "Files that were verified, by form of the signature, algorithm and outcome.", "form", "algorithm", "outcome"),
		steps:       counter("evidence_steps_total", "Steps of the hand-over of results, by channel and outcome.", "channel", "step", "outcome"),
	}
	f.registry.MustRegister(f.active, f.requests, f.problems, f.duration, f.bytes, f.conversions, f.losses, f.signatures, f.steps,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "elmobridge_" + name, Help: help}, labels)
}

// Gauge adds a figure that is asked for when somebody looks.
func (f *Figures) Gauge(name, help string, value func() float64) {
	f.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "elmobridge_" + name, Help: help}, value))
}

// Handler answers in the text format of Prometheus.
func (f *Figures) Handler() http.Handler {
	return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{})
}

// Begin counts a request that is at work until End.
func (f *Figures) Begin() { f.active.Inc() }

// Request is one request that was answered.
type Request struct {
	Method  string // of a fixed set
	Route   string // the pattern of the path
	Status  int
	Problem string // the type, if the answer is a problem
	In, Out int64  // bytes of the bodies
	Took    time.Duration
}

// End counts a request.
func (f *Figures) End(r Request) {
	f.active.Dec()
	f.requests.WithLabelValues(r.Method, r.Route, strconv.Itoa(r.Status)).Inc()
	f.duration.WithLabelValues(r.Route).Observe(r.Took.Seconds())
	f.bytes.WithLabelValues("in").Add(float64(max(r.In, 0)))
	f.bytes.WithLabelValues("out").Add(float64(r.Out))
	if r.Problem != "" {
		f.problems.WithLabelValues(r.Problem).Inc()
	}
}

// Converted counts a document that was converted on a channel, and what its reports say.
func (f *Figures) Converted(channel string, reports ...*convert.Report) {
	if f == nil {
		return
	}
	for _, r := range reports {
		f.conversions.WithLabelValues(channel, standard(r.Source.Name, r.Source.Version), standard(r.Target.Name, r.Target.Version)).Inc()
		for _, e := range r.Losses {
			f.losses.WithLabelValues(e.Row, string(e.Verdict)).Inc()
		}
	}
}

// version is the form of versions that are written as they are.
var version = regexp.MustCompile(`^[1-3]\.[0-9](-v2)?$`)

func standard(name, v string) string {
	if !version.MatchString(v) {
		return name
	}
	return name + " " + v
}

// algorithms are those that are named: values of RFC 7518, and the last part of the URIs of XML Signature.
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
	"rsa-sha1", "rsa-sha256", "rsa-sha384", "rsa-sha512", "ecdsa-sha1", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"}

// Verified counts a file that was verified, once for each of its signatures.
func (f *Figures) Verified(v *convert.Verification) {
	if f == nil {
		return
	}
	outcome := string(v.Status)
	for _, s := range v.Signatures {
		f.signatures.WithLabelValues(string(s.Form), algorithm(s.Algorithm), outcome).Inc()
	}
	if len(v.Signatures) == 0 {
		f.signatures.WithLabelValues("none", "none", outcome).Inc()
	}
}

func algorithm(name string) string {
	if name = name[strings.LastIndex(name, "#")+1:]; slices.Contains(algorithms, name) {
		return name
	}
	return "other"
}

// Step counts a step of the hand-over of results; the outcome is ok or the type of a problem.
func (f *Figures) Step(channel, step, outcome string) {
	if f != nil {
		f.steps.WithLabelValues(channel, step, outcome).Inc()
	}
}
