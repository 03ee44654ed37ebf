package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"elmobridge/api/problem"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Traces sends a span for each request, and within it for each wait and each piece of work, to a collector of
// OpenTelemetry. Spans have what the log has: neither content, nor queries, nor addresses of clients.
type Traces struct {
	provider *sdk.TracerProvider
}

// OpenTraces sends spans to a collector by OTLP over HTTP, such as http://localhost:4318/v1/traces: those of a share
// of the requests, from 0 to 1. Package otlptracehttp takes more settings, such as headers, from variables named
// OTEL_EXPORTER_OTLP_...
func OpenTraces(ctx context.Context, endpoint string, share float64, version string) (*Traces, error) {
	if u, err := url.Parse(endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the collector of traces is not an http or https URL")
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint))
	if err != nil {
		return nil, err
	}
	about := resource.NewSchemaless(attribute.String("service.name", "elmobridge"), attribute.String("service.version", version))
	return &Traces{sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithSampler(sdk.TraceIDRatioBased(share)), sdk.WithResource(about))}, nil
}

// Close sends what is left.
func (t *Traces) Close(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// traced gives each request a span, which goes on where the sender of the request has begun. W3C Trace Context; whether
// it is kept is decided here, not by the sender.
func traced(t *Traces) func(http.Handler) http.Handler {
	if t == nil {
		return func(next http.Handler) http.Handler { return next }
	}
	tracer := t.provider.Tracer("elmobridge")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
			ctx, span := tracer.Start(ctx, methodOf(r), trace.WithSpanKind(trace.SpanKindServer))
			defer span.End()
			r = r.WithContext(ctx)
			next.ServeHTTP(w, r)
			describe(span, r, w)
		})
	}
}

// describe writes into a span what is known of a request that was answered.
func describe(span trace.Span, r *http.Request, w http.ResponseWriter) {
	method, route := methodOf(r), routeOf(r)
	span.SetName(method + " " + route)
	span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route),
		attribute.String("elmobridge.request", w.Header().Get(problem.RequestID)))
	rec, ok := w.(*record)
	if !ok {
		return
	}
	span.SetAttributes(attribute.Int("http.response.status_code", rec.status), attribute.String("error.type", rec.problem))
	if rec.status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, rec.problem)
	}
}
