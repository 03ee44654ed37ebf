package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"elmobridge/api"
	"elmobridge/api/state/jetstream"
	"elmobridge/convert"
	"elmobridge/convert/keys"

	"github.com/alecthomas/kong"
)

// serveCommand has a variable ELMOBRIDGE_... for each flag, and each can stand in the file of --config.
type serveCommand struct {
	Listen string          `env:"ELMOBRIDGE_LISTEN" default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address to listen on; :8080 is every address of the machine (default ${default})."`
	Config kong.ConfigFlag `env:"ELMOBRIDGE_CONFIG" placeholder:"FILE" help:"Configuration as YAML, see below."`

	TLSCert string `name:"tls-cert" env:"ELMOBRIDGE_TLS_CERT" placeholder:"FILE" help:"Certificate and its chain (PEM), for HTTPS."`
	TLSKey  string `name:"tls-key" env:"ELMOBRIDGE_TLS_KEY" placeholder:"FILE" help:"Its private key (PEM)."`

	HTTPS bool `name:"https" env:"ELMOBRIDGE_HTTPS" help:"Browsers come by HTTPS though it ends at a proxy in front; cookies then go over HTTPS alone."`
	Demo  bool `env:"ELMOBRIDGE_DEMO" help:"Add made-up institutions and learners, to try everything with."`

	stateFlags
	serviceSeal

	Issuer   string   `group:"Conversion" env:"ELMOBRIDGE_ISSUER" placeholder:"FILE" help:"The organisation that will seal, for requests that name none: JSON, see convert --help."`
	Trust    []string `group:"Trust" env:"ELMOBRIDGE_TRUST" sep:"," placeholder:"FILE|DIR" help:"Certificates and public keys (PEM) to believe, or a folder of them, as for verify."`
	TSATrust []string `name:"tsa-trust" group:"Trust" env:"ELMOBRIDGE_TSA_TRUST" sep:"," placeholder:"FILE|DIR" help:"The same for time-stamping authorities: certificates."`
	SHA1     string   `name:"sha1" group:"Trust" env:"ELMOBRIDGE_SHA1" enum:"warn,refuse,accept" default:"warn" placeholder:"warn|refuse|accept" help:"Signatures of ELMO documents with SHA-1 (default ${default})."`

	MaxBody     int           `group:"Limits" env:"ELMOBRIDGE_MAX_BODY" default:"32" placeholder:"MIB" help:"Largest request in MiB, up to 256 (default ${default})."`
	Memory      int           `group:"Limits" env:"ELMOBRIDGE_MEMORY" default:"512" placeholder:"MIB" help:"Memory in MiB that the bodies and answers of all requests may take together; each conversion at work takes 4 to 30 times its document besides (default ${default})."`
	Workers     int           `group:"Limits" env:"ELMOBRIDGE_WORKERS" default:"0" placeholder:"N" help:"Conversions at a time. Without it one for each processor."`
	Wait        time.Duration `group:"Limits" env:"ELMOBRIDGE_WAIT" default:"1s" placeholder:"TIME" help:"How long a request waits for a worker before it is refused with 503 (default ${default})."`
	Time        time.Duration `group:"Limits" env:"ELMOBRIDGE_TIME" default:"30s" placeholder:"TIME" help:"How long the work for a request may take (default ${default})."`
	ReadTime    time.Duration `group:"Limits" env:"ELMOBRIDGE_READ_TIME" default:"1m" placeholder:"TIME" help:"How long a request may take to arrive (default ${default})."`
	PerClient   int           `group:"Limits" env:"ELMOBRIDGE_PER_CLIENT" default:"0" placeholder:"N" help:"Requests of one client address at a time; more are refused with 429, and connections beyond four times as many closed, where there is no proxy in front. Without it any number."`
	Connections int           `group:"Limits" env:"ELMOBRIDGE_CONNECTIONS" default:"4096" placeholder:"N" help:"Connections at a time; others wait until one ends (default ${default})."`
	Proxies     int           `group:"Limits" env:"ELMOBRIDGE_PROXIES" default:"0" placeholder:"N" help:"Reverse proxies in front, whose X-Forwarded-For tells clients apart."`

	Session time.Duration `group:"Results of learners" env:"ELMOBRIDGE_SESSION" default:"15m" placeholder:"TIME" help:"How long a learner may choose (default ${default})."`
	Code    time.Duration `group:"Results of learners" env:"ELMOBRIDGE_CODE" default:"5m" placeholder:"TIME" help:"How long the one-time code for the delivery is good (default ${default})."`

	Batch   time.Duration `group:"Results of learners" env:"ELMOBRIDGE_BATCH" default:"1h" placeholder:"TIME" help:"How long batches that are done later, and their results, are kept (default ${default})."`
	Results time.Duration `group:"Results of learners" env:"ELMOBRIDGE_RESULTS" default:"15m" placeholder:"TIME" help:"How long the pages keep a file and what came of it (default ${default})."`

	Metrics     string  `group:"Watching" env:"ELMOBRIDGE_METRICS" placeholder:"ADDR" help:"Answer /metrics on this address, and no longer on that of the service."`
	Operator    string  `group:"Watching" env:"ELMOBRIDGE_OPERATOR" placeholder:"SHA-256" help:"Digest of the token that opens /operator; elmobridge config token makes both."`
	Traces      string  `group:"Watching" env:"ELMOBRIDGE_TRACES" placeholder:"URL" help:"Send traces to this collector of OpenTelemetry (OTLP over HTTP), such as http://localhost:4318/v1/traces."`
	TracesShare float64 `group:"Watching" env:"ELMOBRIDGE_TRACES_SHARE" default:"1" placeholder:"SHARE" help:"Of so many requests, from 0 to 1 (default ${default})."`

	Settle    time.Duration `group:"Stopping" env:"ELMOBRIDGE_SETTLE" default:"0s" placeholder:"TIME" help:"How long connections are still taken after /readyz has turned false, for a load balancer to notice (default ${default})."`
	DrainTime time.Duration `group:"Stopping" env:"ELMOBRIDGE_DRAIN_TIME" default:"30s" placeholder:"TIME" help:"How long requests at work may take when the service stops (default ${default})."`
}

// Help is the text below the flags.
func (serveCommand) Help() string {
	return `Serves everything over HTTP: pages for people at /, the API for programs below /v1 (/v1/openapi.yaml describes it), the interface of the DC4EU converter below /rest, the crosswalk, and, where sources are configured, results of learners. What outlives a request is kept sealed and in memory, for a short time; --data keeps the audit log and, for the time of a restart, the list of what is to be done, but not the documents of batches: those end with the program, unless --nats spreads them over a cluster. The log goes to standard error as JSON, without anything of documents, queries and addresses. /livez and /readyz tell how the service is, /metrics has figures for Prometheus. SIGTERM and SIGINT stop it once all requests are answered.

Examples:

    elmobridge serve
    elmobridge serve --demo
    elmobridge serve --listen :8443 --tls-cert cert.pem --tls-key key.pem --trust emreg/
    curl --data-binary @transcript.xml -H "Content-Type: application/xml" http://127.0.0.1:8080/v1/convert

Each flag can stand in the file of --config, and in a variable such as ELMOBRIDGE_MAX_BODY; a flag goes before a variable, that before the file:

    serve:
      listen: 0.0.0.0:8080
      max-body: 64
      trust: [emreg/]

Sources, clients and consent are sections of the file beside serve; elmobridge config check --help describes them. elmobridge config check FILE tells whether a file can be used.

Exit codes: 0 stopped after all requests were answered; 1 it cannot listen, or requests were cut off; 2 wrong usage.`
}

// Run serves until a signal comes.
func (c *serveCommand) Run(a *app) error {
	log := slog.New(slog.NewJSONHandler(a.stderr, nil))
	more, err := c.partners()
	if err != nil {
		return err
	}
	settings, err := c.load(more, log)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	return c.serve(ctx, stop, settings, log)
}

// partners reads the sections of the configuration file that are no flags.
func (c *serveCommand) partners() (*partners, error) {
	if c.Config == "" {
		return &partners{}, nil
	}
	data, err := os.ReadFile(string(c.Config))
	if err != nil {
		return nil, usage("--config: %w", reason(err))
	}
	more, err := readPartners(data)
	if err != nil {
		return nil, usage("--config: %w", err)
	}
	return more, nil
}

// settings are what flags and files say.
type settings struct {
	api   api.Config
	state jetstream.Config
	tls   *tls.Config
	key   *keys.Pair // that seals; nil: none
}

// serve opens what the service needs, and serves until the context ends.
func (c *serveCommand) serve(ctx context.Context, stop func(), s *settings, log *slog.Logger) (err error) {
	if s.key != nil {
		defer s.key.Close()
	}
	if s.api.Traces, err = c.traces(ctx); err != nil {
		return err
	}
	store, err := c.stateFlags.open(ctx, s.state)
	if err != nil {
		return err
	}
	defer func() { err = finish(err, store) }()
	s.api.State = store
	service, err := api.New(s.api)
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	closeMetrics, err := c.serveMetrics(ctx, service)
	if err != nil {
		return err
	}
	defer closeMetrics()
	log.Info("serving", "address", l.Addr().String(), "tls", s.tls != nil, "state", s.api.Engine)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err = service.Serve(ctx, l, s.tls)
	if s.api.Traces != nil {
		err = errors.Join(err, closeTraces(s.api.Traces))
	}
	return err
}

// serveMetrics answers /metrics on an address of its own, if there is one.
func (c *serveCommand) serveMetrics(ctx context.Context, service *api.Service) (stop func(), err error) {
	if c.Metrics == "" {
		return func() {}, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Metrics)
	if err != nil {
		return nil, fmt.Errorf("--metrics: %w", err)
	}
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", service.Metrics())
	srv := &http.Server{Handler: routes, ReadTimeout: metricsTime, WriteTimeout: metricsTime, MaxHeaderBytes: 8 << 10}
	go func() { _ = srv.Serve(l) }() // it ends with the program
	return func() { _ = srv.Close() }, nil
}

// metricsTime is how long a request for figures, or its answer, may take.
const metricsTime = 10 * time.Second

// traces opens the connection to a collector, if one is named.
func (c *serveCommand) traces(ctx context.Context) (*api.Traces, error) {
	if c.Traces == "" {
		return nil, nil
	}
	t, err := api.OpenTraces(ctx, c.Traces, c.TracesShare, programVersion())
	if err != nil {
		return nil, usage("--traces: %w", err)
	}
	return t, nil
}

// lastTraces is how long the collector may take for what is left at the end.
const lastTraces = 5 * time.Second

func closeTraces(t *api.Traces) error {
	ctx, cancel := context.WithTimeout(context.Background(), lastTraces)
	defer cancel()
	if err := t.Close(ctx); err != nil {
		return errors.New("the collector of --traces did not take the last of them")
	}
	return nil
}

// load reads the files that are named, and checks what does not go together.
func (c *serveCommand) load(more *partners, log *slog.Logger) (*settings, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	s := &settings{api: api.Config{
		Version: programVersion(), Log: log, Engine: c.engine(), Demo: c.Demo, Secure: c.HTTPS || c.TLSCert != "",
		Session: c.Session, Code: c.Code, Batch: c.Batch, Results: c.Results, MetricsApart: c.Metrics != "", Clients: more.clients(), Consent: more.Consent,
		MaxBody: int64(c.MaxBody) << 20, Memory: int64(c.Memory) << 20, Workers: c.Workers, Wait: c.Wait, Time: c.Time,
		ReadTime: c.ReadTime, PerClient: c.PerClient, Proxies: c.Proxies, Connections: c.Connections, Settle: c.Settle, DrainTime: c.DrainTime,
	}}
	if c.Operator != "" {
		s.api.Operator = digest(c.Operator)
	}
	var err error
	if s.api.Trust, err = (&trustFlags{Trust: c.Trust, TSATrust: c.TSATrust, SHA1: c.SHA1}).load(); err != nil {
		return nil, err
	}
	if s.api.Issuer, err = readIssuer(c.Issuer); err != nil {
		return nil, err
	}
	if more.asksDemo() && !c.Demo {
		return nil, usage("clients: the source %s is there with --demo alone", api.DemoSource)
	}
	if s.api.Sources, err = more.sources(log); err != nil {
		return nil, err
	}
	if s.state, err = c.stateFlags.load(log); err != nil {
		return nil, err
	}
	if err = c.serviceSeal.load(s); err != nil {
		return nil, err
	}
	s.tls, err = c.tls()
	return s, err
}

// mostLife is how long an entry of the store can live.
const mostLife = 24 * time.Hour

// lives tells whether entries of the store can live so long.
func lives(all ...time.Duration) bool {
	return !slices.ContainsFunc(all, func(d time.Duration) bool { return d < time.Second || d > mostLife })
}

// check refuses numbers that cannot be meant.
func (c *serveCommand) check() error {
	switch {
	case c.MaxBody < 1 || c.MaxBody > documentLimit>>20:
		return usage("--max-body is not from 1 to %d", documentLimit>>20)
	case c.Memory < c.MaxBody:
		return usage("--memory is less than --max-body, so that no large request could be read")
	case c.Connections < 1:
		return usage("--connections is at least 1")
	case c.Workers < 0 || c.PerClient < 0 || c.Proxies < 0 || c.Settle < 0:
		return usage("--workers, --per-client, --proxies and --settle are not negative")
	case c.Wait <= 0 || c.Time <= 0 || c.ReadTime <= 0 || c.DrainTime <= 0:
		return usage("--wait, --time, --read-time and --drain-time are more than 0")
	case !lives(c.Session, c.Code, c.Batch, c.Results):
		return usage("--session, --code, --batch and --results are from a second to a day")
	case c.TracesShare < 0 || c.TracesShare > 1:
		return usage("--traces-share is from 0 to 1")
	case c.Operator != "" && checks.Var(c.Operator, "len=64,hexadecimal") != nil:
		return usage("--operator is not a SHA-256 digest as 64 hexadecimal digits; elmobridge config token makes one")
	}
	return nil
}

// readIssuer reads an issuer file, if one is named.
func readIssuer(file string) (*convert.Issuer, error) {
	f := conversionFlags{Issuer: file}
	return f.issuer()
}

// tls reads certificate and key.
func (c *serveCommand) tls() (*tls.Config, error) {
	switch {
	case c.TLSCert == "" && c.TLSKey == "":
		return nil, nil
	case c.TLSCert == "" || c.TLSKey == "":
		return nil, usage("--tls-cert and --tls-key go together")
	}
	pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, usage("--tls-cert and --tls-key: %w", reason(err))
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
