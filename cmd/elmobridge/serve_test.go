package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"elmobridge/api/rest"
	"elmobridge/edci/jose/josetest"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// served runs serve with flags and a configuration file until the function has used it, and gives the exit
// code.
func served(t *testing.T, config string, args []string, use func(address string)) int {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	r, w := io.Pipe()
	code := make(chan int, 1)
	go func() {
		a := &app{stdin: strings.NewReader(""), stdout: &standardOutput{file: os.Stdout}, stderr: w}
		code <- a.run(append([]string{"serve", "--config", file}, args...))
		w.Close()
	}()
	lines := bufio.NewScanner(r)
	var first struct{ Msg, Address string }
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &first) != nil || first.Msg != "serving" {
		t.Fatalf("%s", lines.Bytes())
	}
	go func() {
		for lines.Scan() { // the log must not block
		}
	}()
	use(first.Address)
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	return <-code
}

// TestServe: the program converts with the issuer and the limits of its configuration, and SIGTERM ends it.
func TestServe(t *testing.T) {
	config := "serve:\n  listen: 127.0.0.1:0\n  issuer: ../../testdata/issuer.json\n  max-body: 1\n"
	code := served(t, config, nil, func(address string) {
		xml, err := os.ReadFile("../../testdata/elmo/one-course.xml")
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.Post("http://"+address+"/v1/convert?display=minimal", "application/xml", bytes.NewReader(xml))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("VATNO-000000000")) {
			t.Errorf("%d %v %.200s", r.StatusCode, err, body)
		}
		r, err = http.Post("http://"+address+"/v1/convert", "application/xml", bytes.NewReader(make([]byte, 1<<20+1)))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%d for more than max-body", r.StatusCode)
		}
	})
	if code != exitDone {
		t.Errorf("exit code %d", code)
	}
}

// TestServeTLS: with certificate and key it speaks TLS, and HTTP/2, and asks browsers to stay with that.
func TestServeTLS(t *testing.T) {
	authority := josetest.NewAuthority(t, "Root")
	id := authority.Issue(t, josetest.RSA(), x509.Certificate{DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	der, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		t.Fatal(err)
	}
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for name, data := range map[string][]byte{cert: certificate(id.Certificate), key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	served(t, "", []string{"--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key}, func(address string) {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authority.Pool}, ForceAttemptHTTP2: true}}
		r, err := client.Get("https://" + address + "/livez")
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.ProtoMajor != 2 || r.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s, %v", r.Proto, r.Header)
		}
		client.CloseIdleConnections()
	})
}

// TestServeSealed: with a key of a file that is encrypted, and an authority, a document that the trusted have signed is
// sealed in the name of the certificate, provably at a time.
func TestServeSealed(t *testing.T) {
	dir := t.TempDir()
	root, clock := josetest.NewAuthority(t, "Root"), josetest.NewAuthority(t, "Root of clocks")
	if err := newIdentities(t, root, clock).write(dir); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseVariable, passphrase)
	document, err := filepath.Abs("../../testdata/elmo/one-course.xml")
	if err != nil {
		t.Fatal(err)
	}
	elmobridge(t, dir, 0, "sign", "-q", "--key", "seal.pem", "-o", "signed.xml", document)
	xml, err := os.ReadFile(filepath.Join(dir, "signed.xml"))
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	args := []string{"--listen", "127.0.0.1:0", "--seal", in("seal.p12"), "--trust", in("seal.crt"), "--tsa", newTSA(t, clock.TSA(t)), "--tsa-trust", in("tsa-root.pem")}
	served(t, "", args, func(address string) {
		r, err := http.NewRequest(http.MethodPost, "http://"+address+"/v1/convert?require-signature=true", bytes.NewReader(xml))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/xml")
		r.Header.Set("Accept", "application/jose+json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%d %v %.300s", answer.StatusCode, err, body)
		}
		if err := os.WriteFile(in("sealed.jsonld"), body, 0o600); err != nil {
			t.Fatal(err)
		}
	})
	if out := elmobridge(t, dir, 0, "verify", "--trust", "root.pem", "--tsa-trust", "tsa-root.pem", "sealed.jsonld"); !strings.Contains(out, "stamp") {
		t.Errorf("no time stamp: %s", out)
	}
	elmobridge(t, dir, 0, "validate", "sealed.jsonld")
	issuedBy(t, in("sealed.jsonld"))
}

// elsewhere are flags of conversions that are no parameters, and why.
var elsewhere = map[string]string{
	"issuer": "a part of a form", "output": "the answer", "ndjson": "an array", "report": "by Accept", "quiet": "by Accept", "help": "",
}

// TestSameOptions: the parameters of the API have the names and the values of the flags.
func TestSameOptions(t *testing.T) {
	var about struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name   string
				Schema struct{ Enum []string }
			}
		}
	}
	if err := yaml.Unmarshal(rest.OpenAPI(), &about); err != nil {
		t.Fatal(err)
	}
	parameters := map[string][]string{}
	for _, p := range about.Paths["/v1/roundtrip"]["post"].Parameters {
		parameters[p.Name] = p.Schema.Enum
	}
	var flags struct{ conversionFlags }
	parser, err := kong.New(&flags)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range parser.Model.Flags {
		if _, ok := elsewhere[f.Name]; ok {
			continue
		}
		enum, there := parameters[f.Name]
		if !there {
			t.Errorf("no parameter %s", f.Name)
		}
		if f.Enum != "" && !reflect.DeepEqual(enum, strings.Split(f.Enum, ",")) {
			t.Errorf("%s: %v, not %s", f.Name, enum, f.Enum)
		}
		delete(parameters, f.Name)
	}
	if len(parameters) > 0 {
		t.Errorf("no flags for %v", parameters)
	}
}

// TestVersionsOffered: every version that is a parameter is one the library takes.
func TestVersionsOffered(t *testing.T) {
	all := regexp.MustCompile(`(?s)name: elmo-version.*?enum:(.*?)type:`).FindSubmatch(rest.OpenAPI())
	if all == nil {
		t.Fatal("no elmo-version")
	}
	for _, v := range regexp.MustCompile(`\d\.\d(-v2)?`).FindAllString(string(all[1]), -1) {
		opt := conversionFlags{ELMOVersion: v}
		if _, err := opt.options(&app{}); err != nil {
			t.Errorf("%s: %v", v, err)
		}
	}
}

// TestServeDefaults: without any flag the configuration can be used.
func TestServeDefaults(t *testing.T) {
	var c commands
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"serve"}); err != nil {
		t.Fatal(err)
	}
	s, err := c.Serve.load(&partners{}, slog.New(slog.DiscardHandler))
	if err != nil || s.tls != nil || s.api.Issuer != nil || s.api.Trust.Keys != nil || s.api.MaxBody != 32<<20 || s.api.Engine != "memory" {
		t.Errorf("%+v %v", s, err)
	}
}
