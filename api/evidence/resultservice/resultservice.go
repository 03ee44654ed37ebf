// Package resultservice is a source of ELMO documents that are asked for over HTTP:
//
//	GET https://sis.example.org/elmo     with the identifier of the learner
//	200 application/xml                  an ELMO document
//	204, 404                             no results of that learner
//
// Anything else means that the service is not available. The identifier goes into a header, a query parameter or the
// path, as the service wants it; prefer a header, for addresses end up in the logs of servers and proxies. We log
// neither. Only the configured host is asked: redirects to another one are refused, and no proxy is used unless that
// is asked for.
package resultservice

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"elmobridge/api/evidence"
)

// Place is where the identifier of a learner goes.
type Place string

// The places.
const (
	InHeader Place = "header" // the header that is named
	InQuery  Place = "query"  // the query parameter that is named
	InPath   Place = "path"   // Hole in the path
)

// Hole is what the identifier replaces in the path of a URL.
const Hole = "{identifier}"

// Config says how a service is asked. Zero means the default.
type Config struct {
	URL        string // https; http for this machine alone
	Identifier string // the type of identifier that the service knows learners by, as ELMO has it
	In         Place
	Name       string // of the header or the query parameter

	TokenFile   string           // with a bearer token, read for each request, so that it can be replaced; empty: none
	Certificate *tls.Certificate // of this client, for mutual TLS; nil: none
	Roots       *x509.CertPool   // of the service; nil: those of the system
	Proxy       bool             // use the proxy that the environment names
	Time        time.Duration    // for an answer; 10 s
	Bytes       int64            // of an answer; 32 MiB
	Requests    int              // at a time, others wait; 16
}

// Service asks a result service.
type Service struct {
	config Config
	url    *url.URL
	client *http.Client
	slots  chan struct{}
}

// New gives a source. The error tells what is wrong with the configuration.
func New(c Config) (*Service, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, errors.New("the URL of the result service cannot be read")
	}
	if err := c.check(u); err != nil {
		return nil, err
	}
	if c.Time <= 0 {
		c.Time = 10 * time.Second
	}
	if c.Bytes <= 0 {
		c.Bytes = 32 << 20
	}
	if c.Requests <= 0 {
		c.Requests = 16
	}
	return &Service{c, u, c.client(u), make(chan struct{}, c.Requests)}, nil
}

func (c *Config) check(u *url.URL) error {
	switch {
	case u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("the URL of the result service has a host, no user and no fragment")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLocal(u.Hostname())):
		return errors.New("the URL of the result service begins with https; http is for this machine alone")
	case c.Identifier == "":
		return errors.New("say by which type of identifier the result service knows learners, such as nationalIdentifier")
	case !slices.Contains([]Place{InHeader, InQuery, InPath}, c.In):
		return errors.New("the identifier of a learner goes into the header, the query or the path")
	case (c.In == InPath) != strings.Contains(u.Path, Hole), strings.Count(c.URL, Hole) != strings.Count(u.Path, Hole):
		return errors.New(Hole + " stands in the path of the URL, and exactly when the identifier goes there")
	case c.In != InPath && !isToken(c.Name):
		return errors.New("say in which header or query parameter the identifier goes")
	case c.In == InHeader && slices.Contains(taken, http.CanonicalHeaderKey(c.Name)):
		return errors.New("the identifier cannot go into a header that says something else")
	}
	return nil
}

// taken are headers that requests have.
var taken = []string{"Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Length", "Content-Type", "Cookie", "Host",
	"Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent"}

// isToken tells whether a name is one of RFC 9110, 5.6.2, letters, digits and dashes alone.
func isToken(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// errRedirect is the error of an answer that leads elsewhere.
var errRedirect = errors.New("it redirects to another host, or too often")

// mostRedirects is how many redirects are followed.
const mostRedirects = 3

func (c *Config) client(u *url.URL) *http.Client {
	t := &http.Transport{
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots},
		TLSHandshakeTimeout: c.Time, ResponseHeaderTimeout: c.Time, IdleConnTimeout: time.Minute,
		MaxConnsPerHost: c.Requests, MaxIdleConnsPerHost: c.Requests, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
	}
	if c.Certificate != nil {
		t.TLSClientConfig.Certificates = []tls.Certificate{*c.Certificate}
	}
	if c.Proxy {
		t.Proxy = http.ProxyFromEnvironment
	}
	return &http.Client{Transport: t, CheckRedirect: func(r *http.Request, before []*http.Request) error {
		if r.URL.Scheme != u.Scheme || r.URL.Host != u.Host || len(before) > mostRedirects {
			return errRedirect
		}
		return nil
	}}
}

// Results asks the service.
func (s *Service) Results(ctx context.Context, l evidence.Learner) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Time)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return nil, unavailable("all requests that are allowed at a time are waiting for it")
	}
	r, err := s.request(ctx, l)
	if err != nil {
		return nil, err
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, failed(err)
	}
	defer func() { _ = answer.Body.Close() }() // it was read as far as it is wanted
	return s.read(answer)
}

// request makes the request for a learner.
func (s *Service) request(ctx context.Context, l evidence.Learner) (*http.Request, error) {
	id := s.identifier(l)
	if id == "" {
		return nil, evidence.ErrUnknownLearner
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address(id), nil)
	if err != nil {
		return nil, unavailable("its address cannot be used")
	}
	r.Header.Set("Accept", "application/xml, text/xml;q=0.9")
	r.Header.Set("User-Agent", "elmobridge")
	if s.config.In == InHeader {
		r.Header.Set(s.config.Name, id)
	}
	if s.config.TokenFile != "" {
		token, err := readToken(s.config.TokenFile)
		if err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}

// identifier is what the service knows a learner by; empty when there is none, or it cannot be sent as it is.
func (s *Service) identifier(l evidence.Learner) string {
	for _, id := range l.Identifiers {
		if id.Type == s.config.Identifier && s.config.In.carries(id.Value) {
			return id.Value
		}
	}
	return ""
}

// carries tells whether a value can be sent in a place: headers are ASCII, and a path of dots leads elsewhere.
func (p Place) carries(value string) bool {
	switch p {
	case InHeader:
		return strings.TrimSpace(value) == value && !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' })
	case InPath:
		return strings.Trim(value, ".") != ""
	}
	return true
}

// address is the URL for an identifier.
func (s *Service) address(id string) string {
	if s.config.In == InPath {
		return strings.ReplaceAll(s.config.URL, Hole, url.PathEscape(id))
	}
	u := *s.url
	if s.config.In == InQuery {
		q := u.Query()
		q.Set(s.config.Name, id)
		u.RawQuery = q.Encode()
	}
	return u.String()
}

// mostToken is how many bytes a file with a token may have.
const mostToken = 64 << 10

func readToken(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", unavailable("the file with its token cannot be opened")
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, mostToken))
	token := strings.TrimSpace(string(data))
	if err != nil || token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", unavailable("the file with its token holds none")
	}
	return token, nil
}

// read gives the document in an answer.
func (s *Service) read(r *http.Response) ([]byte, error) {
	switch {
	case r.StatusCode == http.StatusNoContent || r.StatusCode == http.StatusNotFound:
		return nil, evidence.ErrNoResults
	case r.StatusCode != http.StatusOK:
		return nil, unavailable(fmt.Sprintf("it answers with status %d", r.StatusCode))
	case !isXML(r.Header.Get("Content-Type")):
		return nil, fmt.Errorf("%w: the result service answers with something else than XML", evidence.ErrDamaged)
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, s.config.Bytes+1))
	switch {
	case err == nil && r.Request.Context().Err() != nil: // it may have ended because we had given up
		return nil, failed(r.Request.Context().Err())
	case err != nil:
		return nil, failed(err)
	case int64(len(data)) > s.config.Bytes:
		return nil, fmt.Errorf("%w: the result service answers with more than %d bytes", evidence.ErrDamaged, s.config.Bytes)
	}
	return data, nil
}

func isXML(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/xml" || mediaType == "text/xml" || strings.HasPrefix(mediaType, "application/") && strings.HasSuffix(mediaType, "+xml"))
}

// failed is the error of an exchange that failed. That of package http is not told: it has the address in it.
func failed(err error) error {
	var (
		untrusted *tls.CertificateVerificationError
		alert     tls.AlertError
		network   *net.OpError
		slow      net.Error
	)
	switch {
	case errors.Is(err, errRedirect):
		return unavailable(errRedirect.Error())
	case errors.As(err, &untrusted):
		return unavailable("its certificate is not trusted")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return unavailable("it does not answer in time")
	case errors.As(err, &alert), errors.As(err, &network) && network.Op == "remote error":
		return unavailable("it refuses the connection with TLS; it may want another certificate of this client")
	case errors.As(err, &network):
		return unavailable("it cannot be reached")
	}
	return unavailable("the exchange with it failed")
}

func unavailable(why string) error {
	return fmt.Errorf("%w: the result service: %s", evidence.ErrUnavailable, why)
}
