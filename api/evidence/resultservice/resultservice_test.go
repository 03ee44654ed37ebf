package resultservice_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/resultservice"
)

var ctx = context.Background()

const secret = "010203-Ferdinandsson/ö?&#"

// ferdinand is a learner whose identifier needs to be escaped.
var ferdinand = evidence.Learner{Identifiers: []evidence.Identifier{{Type: "esi", Value: "x"}, {Type: "nationalIdentifier", Value: secret}}}

// ascii is a learner whose identifier fits a header.
var ascii = evidence.Learner{Identifiers: []evidence.Identifier{{Type: "nationalIdentifier", Value: "010203 Ferdinandsson"}}}

// served is a server with TLS, and the configuration to ask it.
func served(t testing.TB, h http.HandlerFunc) (*httptest.Server, resultservice.Config) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, config(s)
}

func config(s *httptest.Server) resultservice.Config {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return resultservice.Config{URL: s.URL + "/elmo", Identifier: "nationalIdentifier", In: resultservice.InHeader, Name: "X-Learner", Roots: roots}
}

func ask(t testing.TB, c resultservice.Config, l evidence.Learner) ([]byte, error) {
	t.Helper()
	s, err := resultservice.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s.Results(ctx, l)
}

func xml(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = io.WriteString(w, text)
}

// fails tells whether an error is of a kind, and says what it must and nothing of the learner.
func fails(t testing.TB, what string, err, want error, text string) {
	t.Helper()
	if !errors.Is(err, want) || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "Ferdinandsson") || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("%s: %v, want %v: %s", what, err, want, text)
	}
}

// TestPlaces: the identifier arrives unchanged, wherever it goes.
func TestPlaces(t *testing.T) {
	for place, c := range map[resultservice.Place]struct {
		path, name string
		learner    evidence.Learner
		got        func(*http.Request) string
	}{
		resultservice.InHeader: {"/elmo", "X-Learner", ascii, func(r *http.Request) string { return r.Header.Get("X-Learner") }},
		resultservice.InQuery:  {"/elmo?v=1", "id", ferdinand, func(r *http.Request) string { return r.URL.Query().Get("id") }},
		resultservice.InPath: {"/a%2Fb/{identifier}/elmo", "", ferdinand, func(r *http.Request) string {
			return strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/a/b/"), "/elmo")
		}},
	} {
		var got *http.Request
		s, conf := served(t, func(w http.ResponseWriter, r *http.Request) { got = r; xml(w, "<elmo/>") })
		conf.URL, conf.In, conf.Name = s.URL+c.path, place, c.name
		data, err := ask(t, conf, c.learner)
		if err != nil || string(data) != "<elmo/>" {
			t.Fatalf("%s: %v %q", place, err, data)
		}
		want := c.learner.Identifiers[len(c.learner.Identifiers)-1].Value
		if c.got(got) != want || got.Method != http.MethodGet || got.Header.Get("Authorization") != "" || got.TLS.Version < tls.VersionTLS12 {
			t.Errorf("%s: %q %s", place, c.got(got), got.RequestURI)
		}
		if n := strings.Count(got.RequestURI, "/"); place == resultservice.InPath && n != 3 {
			t.Errorf("the identifier is not one segment: %s", got.RequestURI)
		}
	}
}

// TestUnsent: what the service does not know learners by, or what would say something else, is not sent.
func TestUnsent(t *testing.T) {
	_, c := served(t, func(http.ResponseWriter, *http.Request) { t.Error("the service was asked") })
	for _, l := range []evidence.Learner{{}, {Identifiers: []evidence.Identifier{{Type: "esi", Value: "1"}}}, ferdinand, {Identifiers: []evidence.Identifier{{Type: "nationalIdentifier", Value: "1\r\nX: y"}}}} {
		_, err := ask(t, c, l)
		fails(t, "header", err, evidence.ErrUnknownLearner, "")
	}
	c.URL, c.In = strings.Replace(c.URL, "/elmo", "/a/{identifier}/b", 1), resultservice.InPath
	for _, id := range []string{".", ".."} {
		_, err := ask(t, c, evidence.Learner{Identifiers: []evidence.Identifier{{Type: "nationalIdentifier", Value: id}}})
		fails(t, id, err, evidence.ErrUnknownLearner, "")
	}
}

// TestAnswers: what the answers of a service mean.
func TestAnswers(t *testing.T) {
	for what, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		want   error
		text   string
	}{
		"404":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, evidence.ErrNoResults, ""},
		"204":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, evidence.ErrNoResults, ""},
		"500":      {func(w http.ResponseWriter, r *http.Request) { http.Error(w, r.Header.Get("X-Learner"), 500) }, evidence.ErrUnavailable, "status 500"},
		"429":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, evidence.ErrUnavailable, "status 429"},
		"401":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, evidence.ErrUnavailable, "status 401"},
		"206":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(206); xml(w, "<elmo/>") }, evidence.ErrUnavailable, "status 206"},
		"html":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>Ferdinandsson") }, evidence.ErrDamaged, "else than XML"},
		"json":     {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "application/json") }, evidence.ErrDamaged, "else than XML"},
		"large":    {func(w http.ResponseWriter, _ *http.Request) { xml(w, strings.Repeat(" ", 1001)) }, evidence.ErrDamaged, "1000 bytes"},
		"cut off":  {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "9"); xml(w, "<elmo") }, evidence.ErrUnavailable, "failed"},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, evidence.ErrUnavailable, "failed"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.org/Ferdinandsson", http.StatusFound)
		}, evidence.ErrUnavailable, "redirects"},
		"downgrade": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+r.Host+"/elmo", http.StatusFound)
		}, evidence.ErrUnavailable, "redirects"},
		"other port": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, evidence.ErrUnavailable, "redirects"},
		"loop": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.RequestURI, http.StatusFound) }, evidence.ErrUnavailable, "redirects"},
		"bad": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "%zzFerdinandsson")
			w.WriteHeader(302)
		}, evidence.ErrUnavailable, "failed"},
	} {
		_, conf := served(t, c.answer)
		conf.Bytes = 1000
		_, err := ask(t, conf, ascii)
		fails(t, what, err, c.want, c.text)
	}
}

// TestRedirect: within the host is fine, and the identifier goes along.
func TestRedirect(t *testing.T) {
	_, c := served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elmo" {
			http.Redirect(w, r, "/new", http.StatusPermanentRedirect)
			return
		}
		xml(w, r.Header.Get("X-Learner"))
	})
	if data, err := ask(t, c, ascii); err != nil || string(data) != ascii.Identifiers[0].Value {
		t.Error(string(data), err)
	}
}

// TestSlow: a service that does not answer, or never ends to, is given up, and so is waiting for others.
func TestSlow(t *testing.T) {
	release := make(chan struct{})
	for what, first := range map[string]string{"no answer": "", "no end": "<elmo>"} {
		_, c := served(t, func(w http.ResponseWriter, _ *http.Request) {
			if first != "" {
				xml(w, first)
				_ = http.NewResponseController(w).Flush()
			}
			<-release // not when the client goes: what was sent would then look whole
		})
		c.Time, c.Requests = 50*time.Millisecond, 1
		_, err := ask(t, c, ascii)
		fails(t, what, err, evidence.ErrUnavailable, "in time")
	}
	asked := make(chan struct{}, 1)
	_, c := served(t, func(http.ResponseWriter, *http.Request) { asked <- struct{}{}; <-release })
	c.Requests = 1
	s, err := resultservice.New(c)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { _, err := s.Results(ctx, ascii); done <- err }()
	<-asked
	soon, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	_, err = s.Results(soon, ascii)
	fails(t, "full", err, evidence.ErrUnavailable, "at a time")
	close(release)
	fails(t, "released", <-done, evidence.ErrDamaged, "")
}

// proxied are requests to the proxy, which is there until the program ends: the environment is read once.
var proxied = make(chan string, 1)

var proxy = sync.OnceValue(func() string {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxied <- r.Method + " " + r.Host
		w.WriteHeader(http.StatusForbidden)
	})).URL
})

// TestProxy: the proxy of the environment is used when that is asked for, and only then.
func TestProxy(t *testing.T) {
	t.Setenv("HTTPS_PROXY", proxy())
	c := resultservice.Config{URL: "https://sis.invalid/elmo", Identifier: "nationalIdentifier", In: resultservice.InHeader, Name: "X-Learner"}
	for _, c.Proxy = range []bool{false, true} {
		_, err := ask(t, c, ascii)
		fails(t, "sis.invalid", err, evidence.ErrUnavailable, "")
		asked := ""
		select {
		case asked = <-proxied:
		default:
		}
		if asked != map[bool]string{true: "CONNECT sis.invalid:443"}[c.Proxy] {
			t.Errorf("proxy %v: the proxy was asked %q", c.Proxy, asked)
		}
	}
}

// TestToken: it is read for each request, and the service is not asked without one.
func TestToken(t *testing.T) {
	_, c := served(t, func(w http.ResponseWriter, r *http.Request) { xml(w, r.Header.Get("Authorization")) })
	c.TokenFile = filepath.Join(t.TempDir(), "token")
	_, err := ask(t, c, ascii)
	fails(t, "no file", err, evidence.ErrUnavailable, "cannot be opened")
	for content, want := range map[string]string{"one\n": "Bearer one", "two": "Bearer two", "": "", " \n": "", "a b": "", "a\x00": ""} {
		if err := os.WriteFile(c.TokenFile, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		data, err := ask(t, c, ascii)
		if want == "" {
			fails(t, content, err, evidence.ErrUnavailable, "holds none")
		} else if string(data) != want || err != nil {
			t.Errorf("%q: %q %v", content, data, err)
		}
	}
}

// certificate makes a certificate of a client with its key.
func certificate(t testing.TB, name string) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// TestTLS: who is not who we trust, or does not trust us, and what is too old.
func TestTLS(t *testing.T) {
	ours, theirs := certificate(t, "ours"), certificate(t, "theirs")
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { xml(w, r.TLS.PeerCertificates[0].Subject.CommonName) }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	clients := x509.NewCertPool()
	clients.AddCert(ours.Leaf)
	s.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients, MinVersion: tls.VersionTLS12}
	s.StartTLS()
	t.Cleanup(s.Close)
	c := config(s)
	_, err := ask(t, c, ascii)
	fails(t, "no certificate", err, evidence.ErrUnavailable, "another certificate")
	c.Certificate = theirs
	_, err = ask(t, c, ascii)
	fails(t, "another certificate", err, evidence.ErrUnavailable, "another certificate")
	c.Certificate = ours
	if data, err := ask(t, c, ascii); err != nil || string(data) != "ours" {
		t.Error(string(data), err)
	}
	c.Roots = nil
	_, err = ask(t, c, ascii)
	fails(t, "system roots", err, evidence.ErrUnavailable, "not trusted")

	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	t.Cleanup(old.Close)
	_, err = ask(t, config(old), ascii)
	fails(t, "TLS 1.1", err, evidence.ErrUnavailable, "")

	gone := httptest.NewTLSServer(http.NotFoundHandler())
	gone.Close()
	_, err = ask(t, config(gone), ascii)
	fails(t, "nobody listens", err, evidence.ErrUnavailable, "cannot be reached")
}

// TestNew: what is wrong with a configuration.
func TestNew(t *testing.T) {
	fine := resultservice.Config{URL: "https://sis.example.org/elmo", Identifier: "esi", In: resultservice.InQuery, Name: "id"}
	if _, err := resultservice.New(fine); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*resultservice.Config){
		"none":          func(c *resultservice.Config) { c.URL = "" },
		"no URL":        func(c *resultservice.Config) { c.URL = "https://sis.example.org/%zz" },
		"http":          func(c *resultservice.Config) { c.URL = "http://sis.example.org/elmo" },
		"file":          func(c *resultservice.Config) { c.URL = "file:///etc/passwd" },
		"user":          func(c *resultservice.Config) { c.URL = "https://a:b@sis.example.org/" },
		"fragment":      func(c *resultservice.Config) { c.URL += "#a" },
		"identifier":    func(c *resultservice.Config) { c.Identifier = "" },
		"place":         func(c *resultservice.Config) { c.In = "cookie" },
		"name":          func(c *resultservice.Config) { c.Name = "" },
		"bad name":      func(c *resultservice.Config) { c.Name = "a b" },
		"no hole":       func(c *resultservice.Config) { c.In = resultservice.InPath },
		"hole in query": func(c *resultservice.Config) { c.URL = "https://sis.example.org/{identifier}" },
		"hole in both": func(c *resultservice.Config) {
			c.URL, c.In = "https://sis.example.org/{identifier}?a={identifier}", resultservice.InPath
		},
		"taken": func(c *resultservice.Config) { c.In, c.Name = resultservice.InHeader, "authorization" },
	} {
		c := fine
		change(&c)
		if _, err := resultservice.New(c); err == nil || strings.Contains(err.Error(), "a:b") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
