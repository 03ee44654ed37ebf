package web_test

import (
	"bytes"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/figures"
	"elmobridge/api/limit"
	"elmobridge/api/state"
	"elmobridge/api/web"
	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/edci/jose/josetest"
	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"

	"github.com/go-chi/chi/v5"
)

// token is that of the operator of the tests.
const token = "token of the tests"

// configuration is that of the tests.
func configuration(t testing.TB) web.Config {
	t.Helper()
	key := make([]byte, state.KeySize)
	rand.Read(key)
	store, err := state.New(state.NewMemory(64<<20), key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(token))
	return web.Config{
		Bounds:   &limit.Bounds{MaxBody: 8 << 20, Time: time.Minute, Gate: limit.NewGate(4, time.Minute), Budget: limit.NewBudget(64 << 20)},
		State:    store,
		Examples: []web.Example{{Name: "A course", Data: document(t, "one-course")}, {Name: "A diploma", Data: document(t, "diploma")}},
		Version:  "test", Operator: sum[:],
		Figures: counted(), Engine: "memory",
	}
}

// counted are figures of a request with a large body.
func counted() *figures.Figures {
	f := figures.New()
	f.Begin()
	f.End(figures.Request{Method: http.MethodPost, Route: "/v1/convert", Status: http.StatusOK, In: 12345})
	return f
}

// document is one of the made-up documents of the repository.
func document(t testing.TB, name string) []byte { return read(t, "elmo", name+".xml") }

// visitor is a browser without a screen.
type visitor struct {
	t   testing.TB
	url string
	*http.Client
}

// mount serves the pages.
func mount(t testing.TB, c web.Config) *httptest.Server {
	t.Helper()
	r := chi.NewRouter()
	web.Mount(r, c)
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	return s
}

func visit(t testing.TB, c web.Config) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, mount(t, c).URL, &http.Client{Jar: jar}}
}

// another is another visitor of the same pages.
func (v *visitor) another() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return &visitor{v.t, v.url, &http.Client{Jar: jar}}
}

// page is an answer.
type page struct {
	*http.Response
	text string
}

func (v *visitor) do(r *http.Request) page {
	v.t.Helper()
	answer, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return page{answer, string(data)}
}

func (v *visitor) get(path string, header ...string) page {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodGet, v.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return v.do(r)
}

func (v *visitor) post(path string, fields url.Values, header ...string) page {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.url+path, strings.NewReader(fields.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return v.do(r)
}

// form is the form with a file, or with fields alone when the name is empty.
func form(t testing.TB, name string, data []byte, fields ...string) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		w, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), b.Bytes()
}

// send sends the form and follows to the result.
func (v *visitor) send(name string, data []byte, fields ...string) page {
	v.t.Helper()
	contentType, body := form(v.t, name, data, fields...)
	r, err := http.NewRequest(http.MethodPost, v.url+"/results", bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	return v.do(r)
}

// want fails when the page lacks a text.
func (p page) want(t testing.TB, status int, texts ...string) {
	t.Helper()
	if p.StatusCode != status {
		t.Errorf("%s: %s, want %d", p.Request.URL.Path, p.Status, status)
	}
	for _, text := range texts {
		if !strings.Contains(p.text, text) {
			t.Errorf("%s: no %q in %.2000s", p.Request.URL.Path, text, p.text)
		}
	}
}

// TestResult: a document is shown with transcript, report and credential, for the browser that sent it alone.
func TestResult(t *testing.T) {
	v := visit(t, configuration(t))
	v.get("/").want(t, http.StatusOK, `<html lang="en">`, `action="/results"`)
	p := v.send("transcript.xml", document(t, "transcript"))
	p.want(t, http.StatusOK, "Ada Ilona Example", "Foundations of Language Technology", "12 April 1998", `href="/crosswalk#LOI-10"`, "Not signed",
		"A (excellent) to F (fail)", "urn:", "University of Fjordheim")
	if p.Request.URL.Path != "/results/1" {
		t.Error(p.Request.URL)
	}
	v.another().get("/results/1").want(t, http.StatusNotFound, "There is nothing here")
	v.get("/").want(t, http.StatusOK, `href="/results/1"`, "transcript.xml")
}

// TestValidity: what is said of the file and of what was made of it is what the library finds; a credential without a
// legal issuer comes with what to do.
func TestValidity(t *testing.T) {
	issuer, err := convert.ReadIssuer([]byte(`{"legalName": {"en": "University of Fjordheim"}, "country": "NO", "eidasIdentifier": "VATNO-000000000"}`))
	if err != nil {
		t.Fatal(err)
	}
	unissued, _ := converted(t, document(t, "one-course"))
	const advice = "elmobridge serve --issuer"
	for name, c := range map[string]struct {
		issuer *convert.Issuer
		data   []byte
		want   []string
		advice bool
	}{
		"no issuer":  {nil, document(t, "one-course"), []string{"The file: valid", "ELMO 1.7 (the rules for every version 1.x)", "The credential: 1 error", "Checked against EDC-AP 3.2 full", "<code>EDC-ISSUER</code>"}, true},
		"two":        {nil, document(t, "two-issuers"), []string{"The credential: 2 errors", "credential 2 <code>/issuer</code>"}, true},
		"issuer":     {issuer, document(t, "one-course"), []string{"The file: valid", "The credential: valid"}, false},
		"bad":        {issuer, bytes.Replace(document(t, "one-course"), []byte("<resultLabel>"), []byte("<resultLabels>x</resultLabels><resultLabel>"), 1), []string{"The file: 1 error", "The credential: valid"}, false},
		"credential": {nil, unissued, []string{"The file: 1 error", "<code>EDC-ISSUER</code>", "The transcript: valid", "Checked against EDC-AP 3.2 full"}, false},
	} {
		config := configuration(t)
		config.Issuer = c.issuer
		p := visit(t, config).send("x", c.data)
		p.want(t, http.StatusOK, c.want...)
		if strings.Contains(p.text, advice) != c.advice {
			t.Errorf("%s: advice on the issuer: %v", name, !c.advice)
		}
	}
}

// TestVersion: a version that the document does not say is not said for it.
func TestVersion(t *testing.T) {
	v := visit(t, configuration(t))
	v.send("one.xml", document(t, "one-course")).want(t, http.StatusOK, "From ELMO 1.x (nothing newer than 1.2 in it) to the European Learning Model 3.2")
	said := bytes.Replace(document(t, "one-course"), []byte("<elmo "),
		[]byte(`<elmo xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="https://github.com/emrex-eu/elmo-schemas/tree/v1 https://github.com/emrex-eu/elmo-schemas/blob/v1.6.0/schema.xsd" `), 1)
	v.send("said.xml", said).want(t, http.StatusOK, "From ELMO 1.6 to the European Learning Model 3.2")
}

// TestExamples: examples have their names in the language of the page, before and after.
func TestExamples(t *testing.T) {
	c := configuration(t)
	c.Examples = append(c.Examples, web.Example{Name: "In English", Key: "diploma", Data: document(t, "diploma")},
		web.Example{Name: "Without a text", Key: "nothing", Data: document(t, "one-course")})
	v := visit(t, c)
	v.get("/").want(t, http.StatusOK, "A diploma with its supplement and files", "Without a text")
	v.send("", nil, "example", "2").want(t, http.StatusOK, "A diploma with its supplement and files")
	v.get("/results/1?lang=de").want(t, http.StatusOK, "Ein Diplom mit Diploma Supplement und Dateien")
	p := v.get("/")
	if n := strings.Count(p.text, "Ein Diplom mit Diploma Supplement und Dateien"); n != 2 {
		t.Errorf("it is named %d times: %s", n, p.text)
	}
	if strings.Contains(p.text, "In English") {
		t.Error("a name in another language")
	}
}

// TestMinutes: a time that is no whole number of minutes is not said to be shorter.
func TestMinutes(t *testing.T) {
	for life, want := range map[time.Duration]string{10 * time.Second: "kept for 1 minute,", 90 * time.Second: "kept for 2 minutes,", time.Hour: "kept for 60 minutes,"} {
		c := configuration(t)
		c.Life = life
		visit(t, c).get("/").want(t, http.StatusOK, want)
	}
}

// TestMarks: circled numbers are explained, and are not where there is no report to lead to.
func TestMarks(t *testing.T) {
	v := visit(t, configuration(t))
	v.send("transcript.xml", document(t, "transcript")).want(t, http.StatusOK, "A number in a circle", `class="mark" href="#r-kept-1"`)
	p := v.get("/results/1/transcript")
	p.want(t, http.StatusOK, "Ada Ilona Example")
	if strings.Contains(p.text, `class="mark"`) {
		t.Error("a number leads nowhere")
	}
}

// TestFiles: every form that can be saved is what the library makes, with its type and a name.
func TestFiles(t *testing.T) {
	v := visit(t, configuration(t))
	given := document(t, "two-issuers")
	v.send("mine.xml", given).want(t, http.StatusOK, "credential-2.jsonld")
	opt := convert.Options{Keep: convert.KeepNotes, Indent: true}
	doc, err := elmo.Read(given, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	credentials, report, err := convert.ToEDC(doc, opt)
	if err != nil {
		t.Fatal(err)
	}
	told, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		name, mediaType string
		data            []byte
	}{
		{"original.xml", "application/xml", given},
		{"credential-1.jsonld", "application/ld+json", convert.AppendEDC(nil, credentials[0], opt)},
		{"credential-2.jsonld", "application/ld+json", convert.AppendEDC(nil, credentials[1], opt)},
		{"report.json", "application/vnd.elmobridge.report+json", told},
	} {
		p := v.get("/results/1/files/" + f.name)
		p.want(t, http.StatusOK)
		if p.text != string(f.data) || p.Header.Get("Content-Type") != f.mediaType || p.Header.Get("Content-Disposition") != `attachment; filename="`+f.name+`"` {
			t.Errorf("%s: %v, %d bytes, want %d", f.name, p.Header, len(p.text), len(f.data))
		}
	}
	v.get("/results/1/files/original.json").want(t, http.StatusNotFound)
}

// TestBack: a credential is shown with the document that is made of it.
func TestBack(t *testing.T) {
	v := visit(t, configuration(t))
	given := read(t, "golden", "diploma", "edc.json")
	v.send("edc.json", given).want(t, http.StatusOK, "Credential turned into a transcript", "Aino Example", "Last name(s)", "From the European Learning Model 3.2 to ELMO", "<li>plans ship machinery</li>")
	credentials, err := edci.Read(given, edci.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	doc, _, err := convert.ToELMO(credentials, convert.Options{Keep: convert.KeepNotes})
	if err != nil {
		t.Fatal(err)
	}
	want, err := convert.WriteELMO(doc, convert.Options{Indent: true})
	if err != nil {
		t.Fatal(err)
	}
	if p := v.get("/results/1/files/transcript.xml"); p.text != string(want) {
		t.Errorf("%d bytes, want %d", len(p.text), len(want))
	}
	if p := v.get("/results/1/files/original.json"); p.text != string(given) {
		t.Error("the file is another")
	}
}

// TestAttachments: files are opened under a closed policy by what they are, and are of this result alone.
func TestAttachments(t *testing.T) {
	v := visit(t, configuration(t))
	v.send("transcript.xml", document(t, "transcript")).want(t, http.StatusOK, `href="/results/1/attachments/1"`)
	p := v.get("/results/1/attachments/1")
	p.want(t, http.StatusOK, "%PDF-1.4")
	for name, want := range map[string]string{"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Content-Disposition": `inline; filename="attachment-1.pdf"`} {
		if got := p.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if csp := p.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
		t.Error(csp)
	}
	for _, path := range []string{"attachments/2", "attachments/0", "attachments/x", "pictures/1/1/9", "pictures/2/1/1", "pictures/1/9/1", "pictures/x/y/z"} {
		v.get("/results/1/"+path).want(t, http.StatusNotFound)
	}
	p = v.get("/results/1/pictures/1/1/1")
	p.want(t, http.StatusOK)
	if p.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(p.text, "\x89PNG") || !strings.HasPrefix(p.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Error(p.Header)
	}
	if p := v.another().get("/results/1/attachments/1"); p.StatusCode != http.StatusNotFound {
		t.Error(p.Status)
	}
}

// TestForget: what is forgotten cannot be reached again; the oldest results are forgotten when there are too many.
func TestForget(t *testing.T) {
	v := visit(t, configuration(t))
	one := document(t, "one-course")
	for range 9 {
		v.send("one.xml", one)
	}
	v.get("/results/1").want(t, http.StatusNotFound)
	v.get("/results/9").want(t, http.StatusOK)
	v.post("/results/9/forget", nil).want(t, http.StatusOK, "Forgotten")
	v.get("/results/9").want(t, http.StatusNotFound)
	v.get("/results/8").want(t, http.StatusOK)
	v.post("/results/9/forget", nil).want(t, http.StatusNotFound)
	v.post("/results/forget", nil).want(t, http.StatusOK, "Forgotten")
	v.get("/results/8").want(t, http.StatusNotFound)
	if p := v.get("/"); strings.Contains(p.text, "one.xml") {
		t.Error("the name of the file is still there")
	}
}

// TestLife: results end with their time, also in a list that lives on.
func TestLife(t *testing.T) {
	c := configuration(t)
	now := time.Now()
	c.Clock = func() time.Time { return now }
	v := visit(t, c)
	v.send("one.xml", document(t, "one-course"))
	v.get("/").want(t, http.StatusOK, "one.xml")
	now = now.Add(20 * time.Minute)
	if p := v.get("/"); strings.Contains(p.text, "one.xml") {
		t.Error("a result is listed that has expired")
	}
	v.send("two.xml", document(t, "one-course")).want(t, http.StatusOK)
	if p := v.get("/"); strings.Contains(p.text, "one.xml") || !strings.Contains(p.text, "two.xml") {
		t.Error(p.text)
	}
}

// TestTabs: files that are sent at the same time are all kept.
func TestTabs(t *testing.T) {
	v := visit(t, configuration(t))
	v.send("first.xml", document(t, "one-course"))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { v.send("one.xml", document(t, "one-course")) })
	}
	wg.Wait()
	if p := v.get("/"); strings.Count(p.text, "one.xml") != 3 {
		t.Error(p.text)
	}
}

// TestCookie: the token is in a cookie that scripts and other sites do not get, and in no address or page.
func TestCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		c := configuration(t)
		c.Secure = secure
		s := mount(t, c)
		contentType, body := form(t, "one.xml", document(t, "one-course"))
		r, err := http.NewRequest(http.MethodPost, s.URL+"/results", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/results/1" {
			t.Error(answer.Status, answer.Header)
		}
		name := map[bool]string{false: "elmobridge", true: "__Host-elmobridge"}[secure]
		cookies := answer.Cookies()
		if len(cookies) != 1 || cookies[0].Name != name || !cookies[0].HttpOnly || cookies[0].Secure != secure || cookies[0].SameSite != http.SameSiteStrictMode || cookies[0].Path != "/" || cookies[0].MaxAge != 1800 {
			t.Errorf("%+v", cookies)
		}
	}
}

// TestForeign: forms of other sites are refused, whatever they ask for.
func TestForeign(t *testing.T) {
	v := visit(t, configuration(t))
	for _, path := range []string{"/results", "/results/forget", "/results/1/forget", "/operator", "/operator/leave"} {
		v.post(path, nil, "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden, "not sent from a page of this service")
		v.post(path, nil, "Origin", "https://attacker.example.org").want(t, http.StatusForbidden)
	}
}

// TestHeaders: pages run nothing of others, are framed by nobody, and are kept by nobody.
func TestHeaders(t *testing.T) {
	v := visit(t, configuration(t))
	for _, path := range []string{"/", "/about", "/operator", "/results/1", "/nothing"} {
		p := v.get(path, "Accept", "text/html")
		csp := p.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: no %s in %q", path, part, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || p.Header.Get("Cache-Control") != "no-store" || p.Header.Get("Referrer-Policy") != "no-referrer" || p.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, p.Header)
		}
		if strings.Contains(p.text, " style=") || strings.Contains(p.text, "<style") || strings.Contains(p.text, " onclick=") {
			t.Errorf("%s has styles or scripts inside", path)
		}
	}
	v.get("/nothing", "Accept", "application/json").want(t, http.StatusNotFound, `"kind":"not-found"`)
}

// TestAssets: files have names that change with them, and are kept.
func TestAssets(t *testing.T) {
	v := visit(t, configuration(t))
	found := regexp.MustCompile(`/static/[a-z]+\.[0-9a-f]{16}\.(css|js|svg)`).FindAllString(v.get("/").text, -1)
	if len(found) < 3 {
		t.Fatal(found)
	}
	for _, path := range found {
		p := v.get(path)
		p.want(t, http.StatusOK)
		if p.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || p.Header.Get("Content-Type") == "" {
			t.Error(path, p.Header)
		}
		v.get(path, "If-None-Match", p.Header.Get("ETag")).want(t, http.StatusNotModified)
	}
	v.get("/static/style.css").want(t, http.StatusNotFound)
}

// TestCrosswalk: the crosswalk runs its own script, and no other, and leads back; its address of before leads to it.
func TestCrosswalk(t *testing.T) {
	v := visit(t, configuration(t))
	p := v.get("/audit")
	p.want(t, http.StatusOK, `id="LOI-10"`, `<a href="/">`)
	if p.Request.URL.Path != "/crosswalk" || p.Request.Response.StatusCode != http.StatusMovedPermanently {
		t.Error(p.Request.URL, p.Request.Response.Status)
	}
	for _, m := range regexp.MustCompile(`(?s)<(style|script)>(.*?)</`).FindAllStringSubmatch(p.text, -1) {
		sum := sha256.Sum256([]byte(m[2]))
		if want := m[1] + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(p.Header.Get("Content-Security-Policy"), want) {
			t.Errorf("the policy has no %s", want)
		}
	}
}

// TestLanguage: by what the browser prefers, until a link chooses another one, which leads nowhere else.
func TestLanguage(t *testing.T) {
	v := visit(t, configuration(t))
	for accept, want := range map[string]string{"": "en", "de-AT, en;q=0.5": "de", "no": "nb", "nn, da;q=0.1": "nb", "sv;q=0.1, pl": "pl", "el": "el", "zz": "en", ";;;": "en", "nl-BE": "nl"} {
		v.get("/about", "Accept-Language", accept).want(t, http.StatusOK, `<html lang="`+want+`">`)
	}
	v.get("/about?lang=fi", "Accept-Language", "de").want(t, http.StatusOK, `<html lang="fi">`, "Tietoa tästä palvelusta")
	p := v.get("/", "Accept-Language", "de")
	p.want(t, http.StatusOK, `<html lang="fi">`)
	if got := p.Header.Get("Content-Language"); got != "fi" {
		t.Error(got)
	}
	v.get("/about?lang=xx").want(t, http.StatusOK, `<html lang="fi">`)
	for _, path := range []string{"//attacker.example.org/about?lang=de", "/%5Cattacker.example.org?lang=de", "/\\attacker.example.org?lang=de"} {
		r := httptest.NewRequest(http.MethodGet, "http://service.example.org/", nil)
		r.URL = &url.URL{Path: strings.TrimSuffix(path, "?lang=de"), RawQuery: "lang=de"}
		w := httptest.NewRecorder()
		routes := chi.NewRouter()
		web.Mount(routes, configuration(t))
		routes.ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Location"))
		}
	}
}

// TestProblems: what cannot be done is said with what, where and what to do, and without the content.
func TestProblems(t *testing.T) {
	v := visit(t, configuration(t))
	for name, c := range map[string]struct {
		data   []byte
		status int
		want   []string
	}{
		"broken": {[]byte("<elmo xmlns=\"https://github.com/emrex-eu/elmo-schemas/tree/v1\">\n<learner>\n</elmo>"), http.StatusBadRequest, []string{"The file cannot be read", "<dd>3</dd>"}},
		"other":  {[]byte("secret words"), http.StatusUnprocessableEntity, []string{"neither ELMO nor a European Digital Credential"}},
		"empty":  {nil, http.StatusUnprocessableEntity, []string{"the file is empty"}},
		"old":    {[]byte(`<elmo xmlns="http://purl.org/net/elmo"/>`), http.StatusUnprocessableEntity, []string{"too old"}},
		"large":  {bytes.Repeat([]byte(" "), 11<<20), http.StatusRequestEntityTooLarge, []string{"too large", "at most 7 MiB"}},
	} {
		p := v.send(name, c.data)
		p.want(t, c.status, c.want...)
		if strings.Contains(p.text, "secret words") {
			t.Errorf("%s: the page shows the content", name)
		}
	}
	v.send("", nil).want(t, http.StatusBadRequest, "no file was chosen")
	v.get("/results").want(t, http.StatusOK, `action="/results"`, "at most 7 MiB")
	v.send("", nil, "example", "7").want(t, http.StatusBadRequest, "no such example")
	v.send("", nil, "example", "1").want(t, http.StatusOK, "A diploma")
	v.send("one.xml", document(t, "one-course"), "keep", "all").want(t, http.StatusBadRequest, "keep is not none, notes or source")
	v.post("/results", nil).want(t, http.StatusUnsupportedMediaType)
	many := make([]string, 22)
	for i := range many {
		many[i] = "keep"
	}
	v.send("", nil, many...).want(t, http.StatusBadRequest, "too many parts")
	r, err := http.NewRequest(http.MethodPost, v.url+"/results", strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n<elmo"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	v.do(r).want(t, http.StatusBadRequest, "cut off")
}

// TestFull: a store without room refuses, and says so.
func TestFull(t *testing.T) {
	c := configuration(t)
	store, err := state.New(state.NewMemory(100), make([]byte, state.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	c.State = store
	visit(t, c).send("one.xml", document(t, "one-course")).want(t, http.StatusServiceUnavailable, "no room")
}

// TestOperator: the figures are for who has the token, and where there is none there is no page.
func TestOperator(t *testing.T) {
	c := configuration(t)
	now := time.Date(2024, 9, 1, 12, 0, 30, 0, time.UTC)
	c.Clock = func() time.Time { return now }
	v := visit(t, c)
	if p := v.get("/operator"); strings.Contains(p.text, "12,345") || !strings.Contains(p.text, `type="password"`) {
		t.Error(p.text)
	}
	v.post("/operator", url.Values{"token": {"wrong"}}).want(t, http.StatusForbidden, "That is not the token.")
	v.post("/operator", url.Values{"token": {token}}).want(t, http.StatusOK, "12,345", "memory")
	v.another().get("/operator").want(t, http.StatusOK, `type="password"`)
	v.post("/operator/leave", nil).want(t, http.StatusOK)
	v.get("/operator").want(t, http.StatusOK, `type="password"`)
	for range 9 {
		v.post("/operator", url.Values{"token": {"wrong"}}).want(t, http.StatusForbidden)
	}
	v.post("/operator", url.Values{"token": {"wrong"}}).want(t, http.StatusTooManyRequests)
	v.post("/operator", url.Values{"token": {token}}).want(t, http.StatusOK, "12,345")
	v.post("/operator/leave", nil)
	now = now.Add(time.Minute)
	v.post("/operator", url.Values{"token": {"wrong"}}).want(t, http.StatusForbidden)
	c.Operator = nil
	visit(t, c).get("/operator", "Accept", "text/html").want(t, http.StatusNotFound)
}

// TestFigures: every conversion is counted once, with its losses and what was found of its signature.
func TestFigures(t *testing.T) {
	c := configuration(t)
	v := visit(t, c)
	v.send("one.xml", document(t, "one-course"))
	v.get("/results/1")
	v.send("none.xml", nil)
	list, err := c.Figures.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range list {
		got[f.Name+" "+strings.Join(f.Values(), " ")] = f.Value
	}
	if got["conversions_total web ELMO 1.2 ELM 3.2"] != 1 || got["signatures_total none none failed"] != 1 || got["losses_total ENV-09 kept"] != 1 {
		t.Error(got)
	}
}

// read is a file below testdata.
func read(t testing.TB, elem ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "testdata"}, elem...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// exampleOf is an example of a hostile document.
func exampleOf(mark string) web.Example { return web.Example{Name: mark, Data: hostile(mark)} }

// TestSignature: what is said of a signature is what is known of it.
func TestSignature(t *testing.T) {
	root := josetest.NewAuthority(t, "Root")
	seal := root.Seal(t, josetest.EC(elliptic.P256()))
	signed, err := elmo.Sign(document(t, "one-course"), seal.Key, []*x509.Certificate{seal.Certificate}, elmo.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		data  []byte
		trust []xmldsig.Key
		want  string
	}{
		{signed, []xmldsig.Key{{Certificate: seal.Certificate}}, "Signature verified"},
		{signed, nil, "Signer not checked"},
		{bytes.Replace(signed, []byte("<resultLabel>"), []byte("<resultLabel>A"), 1), nil, "Signature does not hold"},
		{document(t, "one-course"), []xmldsig.Key{{Certificate: seal.Certificate}}, "Not signed"},
	} {
		config := configuration(t)
		config.Trust = convert.Trust{Keys: c.trust}
		p := visit(t, config).send("x.xml", c.data)
		p.want(t, http.StatusOK, "<strong>"+c.want+"</strong>")
		for _, other := range []string{"Signature verified", "Signer not checked", "Signature does not hold", "Not signed"} {
			if other != c.want && strings.Contains(p.text, other) {
				t.Errorf("%s, and %s", c.want, other)
			}
		}
	}
}

// TestPictures: what a credential gives for a picture is shown when it is one.
func TestPictures(t *testing.T) {
	v := visit(t, configuration(t))
	credentials, err := edci.Read(read(t, "golden", "one-course", "edc.json"), edci.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := credentials[0]
	v.send("good.json", convert.AppendEDC(nil, c, convert.Options{})).want(t, http.StatusOK, `src="/results/1/pictures/1/1/1"`)
	v.get("/results/1/pictures/1/1/1").want(t, http.StatusOK, "\x89PNG")
	for i, content := range []string{base64.StdEncoding.EncodeToString([]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)), "no base64", ""} {
		c.DisplayParameter.IndividualDisplay[0].DisplayDetail[0].Image.Content = content
		p := v.send("bad.json", convert.AppendEDC(nil, c, convert.Options{}))
		p.want(t, http.StatusOK)
		if strings.Contains(p.text, "/pictures/") {
			t.Errorf("%d: the page shows it", i)
		}
		v.get(p.Request.URL.Path+"/pictures/1/1/1").want(t, http.StatusNotFound)
	}
}
