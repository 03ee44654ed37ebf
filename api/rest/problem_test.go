package rest

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/convert/keys"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/elmo/xmldsig"
	"elmobridge/testdata/judge"
)

// dates are those that a credential could be issued at.
var dates = regexp.MustCompile(`<(generatedDate|issueDate|start|end|date)>[^<]*</[a-zA-Z]+>`)

// TestProblems: what is wrong with a request is told by the type of the problem, as it is described.
func TestProblems(t *testing.T) {
	h := mounted(usual())
	xml := string(file(t, "elmo/one-course.xml"))
	edc := string(good(t, h, "/v1/convert?display=minimal", typeXML, "", []byte(xml)))
	other := string(good(t, h, "/v1/convert?display=minimal", typeXML, "", file(t, "elmo/greek.xml")))
	undated := dates.ReplaceAllString(xml, "")
	twice, twiceBody := formOf(t, [3]string{"document", typeXML, xml}, [3]string{"document", typeXML, xml})
	strange, strangeBody := formOf(t, [3]string{"file", typeXML, xml})
	issuer, issuerBody := formOf(t, [3]string{"document", typeXML, xml}, [3]string{"issuer", "", `{"legalName":1}`})
	useless, uselessBody := formOf(t, [3]string{"document", typeXML, xml}, [3]string{"issuer", "", string(file(t, "issuer.json"))})
	empty, emptyBody := formOf(t)
	for _, c := range []struct {
		path, contentType, accept, body string
		want                            *problem.Type
	}{
		{"/v1/convert?keep=all", typeXML, "", xml, problem.BadRequest},
		{"/v1/convert?keep", typeXML, "", xml, problem.BadRequest},
		{"/v1/convert?keep=none&keep=notes", typeXML, "", xml, problem.BadRequest},
		{"/v1/convert?learner=x", typeXML, "", xml, problem.BadRequest},
		{"/v1/convert?a=%zz", typeXML, "", xml, problem.BadRequest},
		{"/v1/convert?only-passed=ja", typeXML, "", xml, problem.BadRequest},
		{"/v1/convert?default-language=not+a+language", typeXML, "", xml, problem.BadRequest},
		{"/v1/convert?only-passed=true&keep=source", typeXML, "", xml, problem.BadRequest},
		{"/v1/roundtrip?birth-country=XX", typeXML, "", xml, problem.BadRequest},
		{"/v1/validate?profile=none", typeXML, "", xml, problem.BadRequest},
		{"/v1/verify?keep=none", typeXML, "", xml, problem.BadRequest},
		{"/v1/convert", twice, "", string(twiceBody), problem.BadRequest},
		{"/v1/convert", strange, "", string(strangeBody), problem.BadRequest},
		{"/v1/validate", useless, "", string(uselessBody), problem.BadRequest},
		{"/v1/gaps", empty, "", string(emptyBody), problem.BadRequest},
		{"/v1/convert", "multipart/form-data; boundary=x", "", "--y", problem.BadRequest},
		{"/v1/convert", issuer, "", string(issuerBody), problem.BadIssuer},
		{"/v1/convert", typeXML, "", xml[:200], problem.Malformed},
		{"/v1/convert", typeJSON, "", `{"a":1,"a":2}`, problem.Malformed},
		{"/v1/validate", typeXML, "", string(file(t, "invalid/doctype.xml")), problem.Malformed},
		{"/v1/roundtrip", typeXML, "", string(file(t, "invalid/latin1-as-utf8.xml")), problem.Malformed},
		{"/v1/verify", typeXML, "", string(file(t, "invalid/deep.xml")), problem.OverLimit},
		{"/v1/convert", typeJSON, "", `{"type":"Person"}`, problem.NotADocument},
		{"/v1/convert", typeXML, "", "", problem.NotADocument},
		{"/v1/gaps", typeXML, "", string(file(t, "invalid/not-elmo.xml")), problem.NotADocument},
		{"/v1/convert", typeXML, "", string(file(t, "invalid/pre-1.0.xml")), problem.OldVersion},
		{"/v1/convert", typeJSON, "", strings.Replace(edc, "http://data.europa.eu/snb/model/context/edc-ap", "https://example.org/context", 1), problem.Context},
		{"/v1/convert", typeXML, "", undated, problem.Impossible},
		{"/v1/convert", typeJSON, "", "[" + edc + "," + other + "]", problem.Impossible},
		{"/v1/convert?to=edc", typeJSON, "", edc, problem.Impossible},
		{"/v1/convert", typeXML, "", xml[:strings.Index(xml, "<report>")] + "</elmo>", problem.Empty},
		{"/v1/convert?require-signature=true", typeXML, "", xml, problem.Unverified},
		{"/v1/convert", typeXML, "image/png", xml, problem.Unacceptable},
		{"/v1/convert", typeXML, "application/xml, text/*", xml, problem.Unacceptable},
		{"/v1/convert", typeXML, "*/*;q=0", xml, problem.Unacceptable},
		{"/v1/validate", typeXML, "text/plain", xml, problem.Unacceptable},
		{"/v1/convert", "", "", xml, problem.MediaTypes},
		{"/v1/convert", "application/x-www-form-urlencoded", "", xml, problem.MediaTypes},
		{"/v1/convert", typeJSON, "", xml, problem.MediaTypes},
		{"/v1/convert", typeXML, "", edc, problem.MediaTypes},
		{"/v1/convert", typeXML + "; charset=utf-16", "", xml, problem.MediaTypes},
	} {
		what := c.path + " " + c.contentType
		w := post(h, c.path, c.contentType, c.accept, []byte(c.body))
		p := refused(t, what, w, c.want)
		conforms(t, http.MethodPost, c.path, w)
		if c.want == problem.OverLimit && p.Line == 0 {
			t.Errorf("%s: no line", what)
		}
	}
}

// TestNoValues: nothing of a request comes back in a problem, wherever it stands.
func TestNoValues(t *testing.T) {
	h := mounted(usual())
	const secret = "Ferdinandsson"
	xml := string(file(t, "elmo/one-course.xml"))
	odd, oddBody := formOf(t, [3]string{secret, typeXML, xml})
	for _, c := range [][3]string{
		{"/v1/convert?keep=" + secret, typeXML, xml}, {"/v1/convert?" + secret + "=1", typeXML, xml},
		{"/v1/convert?only-passed=" + secret, typeXML, xml}, {"/v1/convert?issued=" + secret, typeXML, xml},
		{"/v1/verify?at=" + secret, typeXML, xml}, {"/v1/convert?birth-country=" + secret, typeXML, xml}, {"/v1/convert?birthdate-zone=" + secret, typeXML, xml},
		{"/v1/convert?default-language=" + secret + "+" + secret, typeXML, xml}, {"/v1/convert?name-language=-" + secret, typeXML, xml},
		{"/v1/convert", secret + "/x", xml}, {"/v1/convert", odd, string(oddBody)},
		{"/v1/convert", typeXML, strings.Replace(xml, "</familyName>", secret, 1)},
		{"/v1/convert", typeXML, xml + secret}, {"/v1/convert", typeJSON, `{"type":"` + secret + `"}`},
		{"/v1/convert", typeJSON, `["` + secret + `"`}, {"/v1/convert", "application/jwt", secret + "." + secret + "." + secret},
	} {
		w := post(h, c[0], c[1], "", []byte(c[2]))
		if w.Code < 400 || w.Code > 499 || strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s: %d %s", c[0], w.Code, w.Body)
		}
	}
}

// TestBodyLimit: too much is refused, whether it says so before or not, and a form as a whole.
func TestBodyLimit(t *testing.T) {
	c := usual()
	c.MaxBody = 1000
	h := mounted(c)
	form, body := formOf(t, [3]string{"document", typeXML, strings.Repeat("x", 2000)})
	for name, r := range map[string]*http.Request{
		"announced": httptest.NewRequest(http.MethodPost, "/v1/convert", bytes.NewReader(make([]byte, 1001))),
		"chunked":   httptest.NewRequest(http.MethodPost, "/v1/convert", io.MultiReader(bytes.NewReader(make([]byte, 1001)))),
		"form":      httptest.NewRequest(http.MethodPost, "/v1/convert", io.MultiReader(bytes.NewReader(body))),
	} {
		r.Header.Set("Content-Type", typeXML)
		if name == "form" {
			r.Header.Set("Content-Type", form)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		p := refused(t, name, w, problem.TooLarge)
		if !strings.Contains(p.Detail, "1000") || w.Header().Get("Connection") != "close" {
			t.Errorf("%s: %q", name, p.Detail)
		}
	}
	if n := c.Budget.Used(); n != 0 {
		t.Errorf("%d bytes of the budget are still taken", n)
	}
}

// TestEncoded: bodies are not unpacked.
func TestEncoded(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/v1/convert", strings.NewReader("x"))
	r.Header.Set("Content-Type", typeXML)
	r.Header.Set("Content-Encoding", "gzip")
	w := httptest.NewRecorder()
	mounted(usual()).ServeHTTP(w, r)
	refused(t, "gzip", w, problem.MediaTypes)
}

// occupied takes all workers of a gate until the function it gives is called.
func occupied(t testing.TB, g *limit.Gate, workers int) (leave func()) {
	t.Helper()
	free := make(chan struct{})
	var at, gone sync.WaitGroup
	for range workers {
		at.Add(1)
		gone.Go(func() {
			_, _ = limit.Do(context.Background(), g, func() (int, error) { at.Done(); <-free; return 0, nil }, func() {})
		})
	}
	at.Wait()
	return func() { close(free); gone.Wait() }
}

// TestOverload: while all workers are busy every request is refused, afterwards every one is served; memory
// for bodies is given back in both cases.
func TestOverload(t *testing.T) {
	c := usual()
	c.Gate = limit.NewGate(2, time.Millisecond)
	h := mounted(c)
	xml := file(t, "elmo/one-course.xml")
	leave := occupied(t, c.Gate, 2)
	for range 20 {
		w := post(h, "/v1/convert", typeXML, "", xml)
		refused(t, "busy", w, problem.Busy)
		if w.Header().Get("Retry-After") == "" {
			t.Fatal("no Retry-After")
		}
	}
	leave()
	for range 20 {
		good(t, h, "/v1/convert?display=minimal", typeXML, "", xml)
	}
	if c.Gate.Working() != 0 || c.Budget.Used() != 0 {
		t.Errorf("%d workers and %d bytes are still taken", c.Gate.Working(), c.Budget.Used())
	}
}

// TestMemoryLimit: bodies that do not fit into the memory for all of them are refused.
func TestMemoryLimit(t *testing.T) {
	c := usual()
	c.Budget = limit.NewBudget(1 << 20)
	w := post(mounted(c), "/v1/convert", typeXML, "", bytes.Repeat([]byte(" "), 2<<20))
	refused(t, "memory", w, problem.Busy)
	if c.Budget.Used() != 0 {
		t.Error("memory is still taken")
	}
}

// TestTimeLimit: work that takes longer than it may is given up; its worker is free when the work ends.
func TestTimeLimit(t *testing.T) {
	xml, err := elmo.Marshal(elmotest.Courses(1500), elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := usual()
	c.Time = time.Millisecond
	h := mounted(c)
	refused(t, "time", post(h, "/v1/convert?display=minimal", typeXML, "", xml), problem.TookTooLong)
	for c.Gate.Working() > 0 || c.Budget.Used() > 0 { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
}

// TestCancelled: a client that goes while it waits takes nothing any more.
func TestCancelled(t *testing.T) {
	c := usual()
	h := mounted(c)
	leave := occupied(t, c.Gate, 2)
	defer leave()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := httptest.NewRequest(http.MethodPost, "/v1/convert", bytes.NewReader(file(t, "elmo/one-course.xml"))).WithContext(ctx)
	r.Header.Set("Content-Type", typeXML)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	refused(t, "cancelled", w, problem.Cancelled)
	if c.Budget.Used() != 0 {
		t.Error("memory is still taken")
	}
}

// TestCutOff: a connection that fails in the middle of a body.
func TestCutOff(t *testing.T) {
	for err, want := range map[error]*problem.Type{io.ErrUnexpectedEOF: problem.BadRequest, os.ErrDeadlineExceeded: problem.TooSlow, errors.New("reset"): problem.BadRequest} {
		r := httptest.NewRequest(http.MethodPost, "/v1/convert", io.MultiReader(strings.NewReader("<elmo"), failing{err}))
		r.Header.Set("Content-Type", typeXML)
		c, w := usual(), httptest.NewRecorder()
		mounted(c).ServeHTTP(w, r)
		refused(t, err.Error(), w, want)
		if c.Budget.Used() != 0 || c.Gate.Working() != 0 {
			t.Errorf("%v: %d bytes are still taken", err, c.Budget.Used())
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestVerify: signatures by somebody the service trusts pass, and only they are converted where signatures
// are required.
func TestVerify(t *testing.T) {
	authority := josetest.NewAuthority(t, "Root")
	seal := authority.Seal(t, josetest.RSA())
	pair := &keys.Pair{Signer: seal.Key, Chain: []*x509.Certificate{seal.Certificate}}
	c := usual()
	c.Trust = convert.Trust{Keys: []xmldsig.Key{{Certificate: seal.Certificate}, {Certificate: authority.Certificate}}}
	h := mounted(c)
	xml := file(t, "elmo/transcript.xml")
	edc := good(t, h, "/v1/convert?display=minimal", typeXML, "", xml)
	for contentType, data := range map[string][]byte{typeXML: xml, "application/jose+json": edc} {
		signed, err := convert.Sign(context.Background(), data, pair, convert.SignOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var v convert.Verification
		if err := json.Unmarshal(good(t, h, "/v1/verify", contentType, "", signed.Data), &v); err != nil {
			t.Fatal(err)
		}
		if v.Status != verification.Passed {
			t.Errorf("%s: %s: %s", contentType, v.Status, v.Reason)
		}
		good(t, h, "/v1/convert?require-signature=true", contentType, "", signed.Data)
		refused(t, contentType, post(mounted(usual()), "/v1/convert?require-signature=true", contentType, "", signed.Data), problem.Unverified)
		refused(t, contentType, post(h, "/v1/convert?require-signature=true", contentType, "", data), problem.Unverified)
	}
}

// TestVerifyAt: certificates are looked at as they were at the time that at names.
func TestVerifyAt(t *testing.T) {
	authority := josetest.NewAuthority(t, "Root")
	seal := authority.Seal(t, josetest.RSA())
	pair := &keys.Pair{Signer: seal.Key, Chain: []*x509.Certificate{seal.Certificate}}
	c := usual()
	c.Trust = convert.Trust{Keys: []xmldsig.Key{{Certificate: authority.Certificate}}}
	h := mounted(c)
	edc := good(t, h, "/v1/convert?display=minimal", typeXML, "", file(t, "elmo/one-course.xml"))
	signed, err := convert.Sign(context.Background(), edc, pair, convert.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	outcomes := map[verification.Status]int{}
	for _, at := range []time.Time{time.Now(), seal.Certificate.NotAfter.Add(time.Hour)} {
		at = at.UTC().Truncate(time.Second)
		trust := c.Trust
		trust.Time = at
		want, err := convert.Verify(signed.Data, trust)
		if err != nil {
			t.Fatal(err)
		}
		if got := good(t, h, "/v1/verify?at="+at.Format(time.RFC3339), "application/jose+json", "", signed.Data); !bytes.Equal(got, encode(want)) {
			t.Errorf("%s: %s, want %s", at, got, encode(want))
		}
		outcomes[want.Status]++
	}
	if len(outcomes) != 2 {
		t.Errorf("the time makes no difference: %v", outcomes)
	}
	for _, at := range []string{"2024-06-30", "noon"} {
		refused(t, at, post(h, "/v1/verify?at="+at, "application/jose+json", "", signed.Data), problem.BadRequest)
	}
}

// TestVerifyWarns: what is wrong about a signature that was accepted stands in the report of the conversion.
func TestVerifyWarns(t *testing.T) {
	folder := judge.Corpus(t, "elmo", "documents")
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	trusted, err := xmldsig.ParseKeys(read("synthetic-test-emp-cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	c := usual()
	c.Trust = convert.Trust{Keys: trusted}
	report := good(t, mounted(c), "/v1/convert?display=minimal&require-signature=true", typeXML, typeReport, read("synthetic-signed-rsa-sha1.xml"))
	if !bytes.Contains(report, []byte("signature: the signature is made with SHA-1")) {
		t.Errorf("no word of SHA-1 in %s", report)
	}
}

// TestDescribed: a type URI leads to a description of the problem.
func TestDescribed(t *testing.T) {
	h := mounted(usual())
	for _, p := range problem.Types {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, problem.New(p, "").Type, nil))
		var got problem.Type
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got != *p || p.Help == "" {
			t.Errorf("%s: %v %+v", p.Name, err, got)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, problem.Base+"nothing", nil))
	refused(t, "nothing", w, problem.NoSuchPath)
}

// TestAccept: RFC 9110, 12.5.1.
func TestAccept(t *testing.T) {
	for accept, want := range map[string]string{
		"": typeJSONLD, "*/*": typeJSONLD, "application/*": typeJSONLD, "application/json": typeJSON,
		"application/json;q=0.5, application/ld+json;q=0.4": typeJSON, "text/html, */*;q=0.1": typeJSONLD,
		"application/ld+json;q=0, */*": typeJSON, "APPLICATION/JSON": typeJSON, "application/json;q=x, */*;q=0.2": typeJSONLD,
		"multipart/mixed": typeMixed, "nonsense": "", "application/xml": "", strings.Repeat("a/b,", 100) + "*/*": "",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Accept", accept)
		if got, _ := choose(r, offers(convert.FormatEDC)...); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
}

// FuzzRequest: whatever a request says, the answer is well or a problem of the client.
func FuzzRequest(f *testing.F) {
	xml := file(f, "elmo/one-course.xml")
	for _, seed := range [][3]string{
		{"keep=none&display=minimal", typeXML, "*/*"}, {"issued=2020-01-01T00:00:00Z", typeXML, typeWrapped},
		{"birthdate-zone=%2B02:00&birth-country=NO", "multipart/form-data; boundary=x", ""}, {"elmo-version=2.0&to=elmo", typeXML, "text/xml;q=0.3"},
		{"a=%zz", typeJSON, ""}, {"keep[x]=1", "text/xml; charset=latin1", "*/*;q=NaN"}, {"x=y", typeXML, "\t\t;\t"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	h := mounted(usual())
	f.Fuzz(func(t *testing.T, query, contentType, accept string) {
		r := httptest.NewRequest(http.MethodPost, "/v1/convert?display=minimal", bytes.NewReader(xml))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK && (w.Code < 400 || w.Code > 499) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}
