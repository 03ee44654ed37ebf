package jetstream_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"elmobridge/api/state"
	"elmobridge/api/state/jetstream"
	"elmobridge/api/state/statetest"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"go.uber.org/goleak"
)

// open opens an engine that tries jobs again at once, and that ends with the test.
func open(t testing.TB, c jetstream.Config) state.Engine {
	t.Helper()
	c.MaxBytes, c.Retry = statetest.Room, 10*time.Millisecond
	e, err := jetstream.Open(within(t), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	statetest.Contract(t, func(t testing.TB) state.Engine { return open(t, jetstream.Config{}) })
}

// TestImports: no other part of the program knows NATS.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "elmobridge/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	ours := 0
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(p.Imports, func(i string) bool { return strings.HasPrefix(i, "github.com/nats-io/") }) {
			continue
		}
		if p.ImportPath != "elmobridge/api/state/jetstream" {
			t.Errorf("%s imports NATS, which is for api/state/jetstream alone", p.ImportPath)
		}
		ours++
	}
	if ours == 0 {
		t.Error("nobody imports NATS")
	}
}

func TestConfig(t *testing.T) {
	for _, c := range []struct {
		config jetstream.Config
		want   string
	}{
		{jetstream.Config{Dir: t.TempDir()}, "0 bytes, not 32"},
		{jetstream.Config{Dir: t.TempDir(), Key: testKey, URLs: []string{"nats://127.0.0.1"}}, "either in a folder or in a cluster"},
		{jetstream.Config{Replicas: 3}, "give the addresses of a cluster"},
		{jetstream.Config{URLs: []string{"nats://127.0.0.1"}, Replicas: 6}, "too many"},
		{jetstream.Config{Name: "a.b"}, "name of the streams"},
		{jetstream.Config{URLs: []string{"nats://127.0.0.1"}, Certificate: "c.pem"}, "together"},
		{jetstream.Config{URLs: []string{"nats://127.0.0.1"}, CA: filepath.Join(t.TempDir(), "none.pem")}, "no such file"},
		{jetstream.Config{URLs: []string{"nats://127.0.0.1"}, Credentials: filepath.Join(t.TempDir(), "none.creds")}, "no such file"},
	} {
		e, err := jetstream.Open(within(t), c.config)
		if err == nil || e != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.config, err, c.want)
		}
	}
}

// TestNobodyThere: Open tries until its context ends, and says why it could not.
func TestNobodyThere(t *testing.T) {
	n := alone(t)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := jetstream.Open(ctx, jetstream.Config{URLs: []string{n.url()}})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no servers") {
		t.Error(err)
	}
}

// TestComesLater: the service may start before the cluster.
func TestComesLater(t *testing.T) {
	n := alone(t)
	opened := make(chan state.Engine, 1)
	go func() {
		e, err := jetstream.Open(within(t), jetstream.Config{URLs: []string{n.url()}})
		if err != nil {
			t.Error(err)
		}
		opened <- e
	}()
	time.Sleep(300 * time.Millisecond) // most often enough for a first try; the test holds without
	serve(t, n.options())
	if e := <-opened; e != nil {
		if err := errors.Join(e.Ready(within(t)), e.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestWarnsOfCluster(t *testing.T) {
	n := alone(t)
	serve(t, n.options())
	var log bytes.Buffer
	open(t, jetstream.Config{URLs: []string{n.url()}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if !strings.Contains(log.String(), "sync_interval: always") {
		t.Errorf("log: %s", log.String())
	}
}

// TestFolder: what is in a folder is for one process, and for those who have its key.
func TestFolder(t *testing.T) {
	c := jetstream.Config{Dir: filepath.Join(t.TempDir(), "new", "state"), Key: testKey}
	e := open(t, c)
	if err := store(t, e).Audit(within(t), state.Event{Request: "before"}); err != nil {
		t.Fatal(err)
	}
	if _, err := jetstream.Open(within(t), c); err == nil || !strings.Contains(err.Error(), "another process uses it") {
		t.Fatalf("opened twice: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	other := c
	other.Key = bytes.Repeat([]byte{8}, state.KeySize)
	if _, err := jetstream.Open(within(t), other); err == nil || !strings.Contains(err.Error(), "another key") {
		t.Fatalf("opened with another key: %v", err)
	}
	s := store(t, open(t, c))
	if err := s.Audit(within(t), state.Event{Request: "after"}); err != nil {
		t.Fatal(err)
	}
	if seen := audited(t, s); !seen["before"] || !seen["after"] || len(seen) != 2 {
		t.Errorf("records: %v", seen)
	}
}

// TestTemporary: nothing is left behind of an engine that was given no place, neither files nor goroutines.
func TestTemporary(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	before := goleak.IgnoreCurrent()
	e, err := jetstream.Open(within(t), jetstream.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if list, _ := os.ReadDir(os.TempDir()); len(list) != 1 {
		t.Errorf("%d folders", len(list))
	}
	ctx, cancel := context.WithCancel(t.Context())
	worked := make(chan error, 1)
	go func() {
		worked <- e.Work(ctx, "q", func(context.Context, state.Job) error { cancel(); return nil })
	}()
	if err := e.Enqueue(within(t), "q", nil); err != nil {
		t.Fatal(err)
	}
	if err := <-worked; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if list, _ := os.ReadDir(os.TempDir()); len(list) != 0 {
		t.Errorf("left behind: %v", list)
	}
	goleak.VerifyNone(t, before)
}

// TestFiles: neither tokens nor values nor records can be read in the files.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	e := open(t, jetstream.Config{Dir: dir, Key: testKey})
	s, ctx := store(t, e), within(t)
	secrets := [][]byte{[]byte("a value to be found"), []byte("a job to be found"), []byte("an event to be found"), testKey}
	for _, value := range [][]byte{secrets[0], bytes.Repeat(secrets[0], 1<<17)} {
		token, err := s.Put(ctx, "kind-to-be-found", value, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, []byte(token), []byte("kind-to-be-found"))
	}
	if err := errors.Join(s.Enqueue(ctx, "q", secrets[1]), s.Audit(ctx, state.Event{Name: string(secrets[2])})); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if files := find(t, dir, secrets...); files < 5 {
		t.Errorf("only %d files", files)
	}
}

// find looks for secrets in all files of a folder, and gives their number.
func find(t *testing.T, dir string, secrets ...[]byte) (files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		for _, secret := range secrets {
			if bytes.Contains(data, secret) || strings.Contains(path, string(secret)) {
				t.Errorf("%s: %q", path, secret)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestStreams: what is taken, changed or given up leaves nothing behind, and the log cannot be changed.
func TestStreams(t *testing.T) {
	n := alone(t)
	serve(t, n.options())
	e, j, ctx := open(t, jetstream.Config{URLs: []string{n.url()}, AckWait: time.Second}), behind(t, n), within(t)

	large := make([]byte, 3<<20)
	r, err := e.Create(ctx, "k", large, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Create(ctx, "k", large, time.Hour); !errors.Is(err, state.ErrExists) {
		t.Fatal(err)
	}
	if _, err = e.Swap(ctx, "k", large, r); err != nil {
		t.Fatal(err)
	}
	if got := messages(t, j, "elmobridge_state"); got != 7 {
		t.Errorf("%d messages, want an entry and six parts", got)
	}
	if _, err := e.Take(ctx, "k"); err != nil {
		t.Fatal(err)
	}
	empty(t, j, "elmobridge_state")

	// The server itself removes what has expired, also when it was changed.
	if r, err = e.Create(ctx, "short", []byte("v"), state.MinLife); err != nil {
		t.Fatal(err)
	}
	if _, err = e.Swap(ctx, "short", []byte("w"), r); err != nil {
		t.Fatal(err)
	}
	empty(t, j, "elmobridge_state")

	abandon(t, e, j)
	clears, cancel := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() {
		worked <- e.Work(clears, "q", func(context.Context, state.Job) error { t.Error("a job was begun too often"); return nil })
	}()
	empty(t, j, "elmobridge_jobs")
	cancel()
	if err := <-worked; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}

	if err := e.Append(ctx, func([]byte) []byte { return []byte("r") }); err != nil {
		t.Fatal(err)
	}
	log, err := j.Stream(ctx, "elmobridge_audit")
	if err != nil {
		t.Fatal(err)
	}
	if log.Purge(ctx) == nil || log.DeleteMsg(ctx, 1) == nil || log.SecureDeleteMsg(ctx, 1) == nil || messages(t, j, "elmobridge_audit") != 1 {
		t.Error("a record can be deleted")
	}
}

// TestTwoServices: those who share a server write one chain, and one of them gets a code.
func TestTwoServices(t *testing.T) {
	n := alone(t)
	serve(t, n.options())
	services := []*state.Store{}
	for range 2 {
		services = append(services, store(t, open(t, jetstream.Config{URLs: []string{n.url()}})))
	}
	const each = 50
	ctx := within(t)
	done := make(chan error)
	for i, s := range services {
		go func() {
			for r := range each {
				if err := s.Audit(ctx, state.Event{Request: fmt.Sprint(i, "/", r)}); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	if err := errors.Join(<-done, <-done); err != nil {
		t.Fatal(err)
	}
	if seen := audited(t, services[0]); len(seen) != 2*each {
		t.Errorf("%d records, want %d", len(seen), 2*each)
	}
	token, err := services[0].Put(ctx, code, []byte("v"), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := services[1].Take(ctx, code, token); err != nil || string(v) != "v" {
		t.Errorf("%q, %v", v, err)
	}
	if _, err := services[0].Take(ctx, code, token); !errors.Is(err, state.ErrNone) {
		t.Error(err)
	}
}

// abandon lets the last worker of a job die.
func abandon(t *testing.T, e state.Engine, j js.JetStream) {
	t.Helper()
	ctx, cancel := context.WithCancel(within(t))
	if err := e.Enqueue(ctx, "q", []byte("done")); err != nil {
		t.Fatal(err)
	}
	_ = e.Work(ctx, "q", func(context.Context, state.Job) error { cancel(); return nil }) // makes the consumer
	if err := e.Enqueue(within(t), "q", []byte("abandoned")); err != nil {
		t.Fatal(err)
	}
	worker, err := j.Consumer(within(t), "elmobridge_jobs", "q")
	if err != nil {
		t.Fatal(err)
	}
	for n := range state.Attempts {
		m, err := worker.Next()
		if err != nil {
			t.Fatal(err)
		}
		if n < state.Attempts-1 {
			_ = m.Nak()
		}
	}
}

func messages(t *testing.T, j js.JetStream, stream string) uint64 {
	t.Helper()
	s, err := j.Stream(within(t), stream)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

func empty(t *testing.T, j js.JetStream, stream string) {
	t.Helper()
	for ctx := within(t); messages(t, j, stream) > 0; time.Sleep(50 * time.Millisecond) {
		if ctx.Err() != nil {
			t.Fatalf("%s is never empty", stream)
		}
	}
}

// TestTLS: the servers' certificates are checked, and so is the client's.
func TestTLS(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	n := alone(t)
	o := n.options()
	o.TLS, o.TLSVerify, o.TLSTimeout = true, true, 10
	pair, err := tls.LoadX509KeyPair(ca.issue(t, "server"))
	if err != nil {
		t.Fatal(err)
	}
	o.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: ca.pool(), ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12}
	serve(t, o)
	address := fmt.Sprintf("tls://127.0.0.1:%d", n.Client)
	certificate, key := ca.issue(t, "client")
	e := open(t, jetstream.Config{URLs: []string{address}, CA: ca.file, Certificate: certificate, PrivateKey: key})
	if err := e.Ready(within(t)); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]jetstream.Config{
		"another authority": {URLs: []string{address}, CA: other.file, Certificate: certificate, PrivateKey: key},
		"no certificate":    {URLs: []string{address}, CA: ca.file},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		if _, err := jetstream.Open(ctx, c); err == nil || !strings.Contains(err.Error(), "tls") {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

// TestPassword: a wrong one is refused at once, and not shown.
func TestPassword(t *testing.T) {
	n := alone(t)
	o := n.options()
	o.Username, o.Password = "elmobridge", "right"
	serve(t, o)
	address := func(password string) []string {
		return []string{fmt.Sprintf("nats://elmobridge:%s@127.0.0.1:%d", password, n.Client)}
	}
	_, err := jetstream.Open(within(t), jetstream.Config{URLs: address("a-wrong-one")})
	if err == nil || !strings.Contains(err.Error(), "Authorization") || strings.Contains(err.Error(), "a-wrong-one") {
		t.Error(err)
	}
	open(t, jetstream.Config{URLs: address("right")})
}

// TestCredentials: a user with a .creds file, as nsc makes it, may enter; one of another operator may not.
func TestCredentials(t *testing.T) {
	operator, account, system := nkey(t, nkeys.CreateOperator), nkey(t, nkeys.CreateAccount), nkey(t, nkeys.CreateAccount)
	claims := jwt.NewAccountClaims(account.public)
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1, Streams: -1, Consumer: -1}
	resolver := &server.MemAccResolver{}
	for _, c := range []*jwt.AccountClaims{claims, jwt.NewAccountClaims(system.public)} {
		if err := resolver.Store(c.Subject, encode(t, c, operator)); err != nil {
			t.Fatal(err)
		}
	}
	n := alone(t)
	o := n.options()
	o.TrustedKeys, o.AccountResolver, o.SystemAccount = []string{operator.public}, resolver, system.public
	serve(t, o)

	e := open(t, jetstream.Config{URLs: []string{n.url()}, Credentials: creds(t, account)})
	if err := e.Ready(within(t)); err != nil {
		t.Error(err)
	}
	stranger := creds(t, nkey(t, nkeys.CreateAccount))
	if _, err := jetstream.Open(within(t), jetstream.Config{URLs: []string{n.url()}, Credentials: stranger}); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("a user of another account: %v", err)
	}
}

type pair struct {
	nkeys.KeyPair
	public string
}

func nkey(t *testing.T, create func() (nkeys.KeyPair, error)) pair {
	t.Helper()
	k, err := create()
	if err != nil {
		t.Fatal(err)
	}
	public, err := k.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return pair{k, public}
}

func encode(t *testing.T, claims jwt.Claims, by pair) string {
	t.Helper()
	token, err := claims.Encode(by)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// creds makes a user of an account, and gives the file.
func creds(t *testing.T, account pair) string {
	t.Helper()
	user := nkey(t, nkeys.CreateUser)
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.FormatUserConfig(encode(t, jwt.NewUserClaims(user.public), account), seed)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "user.creds")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// authority issues certificates for the loopback.
type authority struct {
	file string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{file: filepath.Join(t.TempDir(), "ca.pem")}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().Add(time.Hour),
	}
	a.cert, a.key = a.sign(t, template, a.file, "")
	return a
}

// sign makes a certificate, signed by the authority or, when it has no key, by itself.
func (a *authority) sign(t *testing.T, template *x509.Certificate, file, keyFile string) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issuer, issuerKey := a.cert, a.key
	if issuer == nil {
		issuer, issuerKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), issuerKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, "CERTIFICATE", der)
	if keyFile != "" {
		private, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		write(t, keyFile, "PRIVATE KEY", private)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func write(t *testing.T, file, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (a *authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

func (a *authority) issue(t *testing.T, name string) (certificate, key string) {
	t.Helper()
	dir := t.TempDir()
	certificate, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	a.sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, certificate, key)
	return certificate, key
}
