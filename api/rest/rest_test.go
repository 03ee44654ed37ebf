package rest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/convert/inspect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// usual is a configuration that refuses nothing.
func usual() Config {
	return Config{Bounds: &limit.Bounds{MaxBody: 8 << 20, Time: time.Minute, Gate: limit.NewGate(2, time.Minute), Budget: limit.NewBudget(64 << 20)}}
}

// mounted is the API with a configuration.
func mounted(c Config) http.Handler {
	r := chi.NewRouter()
	Mount(r, c)
	return r
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// documents are those of testdata.
func documents(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../testdata/elmo/*.xml")
	if err != nil || len(names) < 7 {
		t.Fatal(names, err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		all[filepath.Base(name)] = file(t, "elmo/"+filepath.Base(name))
	}
	return all
}

// post sends a body.
func post(h http.Handler, path, contentType, accept string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// good is the body of an answer that must be well, and as openapi.yaml describes it.
func good(t testing.TB, h http.Handler, path, contentType, accept string, body []byte) []byte {
	t.Helper()
	w := post(h, path, contentType, accept, body)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("%s: Cache-Control %q", path, got)
	}
	conforms(t, http.MethodPost, path, w)
	return w.Body.Bytes()
}

// aboutAPI is the description of the API, made once.
var aboutAPI = sync.OnceValue(func() *huma.OpenAPI { return register(chi.NewRouter(), everything).about.OpenAPI() })

// conforms compares an answer with the description of the API.
func conforms(t testing.TB, method, path string, w *httptest.ResponseRecorder) {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	about := aboutAPI()
	op := map[string]*huma.Operation{http.MethodPost: about.Paths[path].Post, http.MethodGet: about.Paths[path].Get, http.MethodDelete: about.Paths[path].Delete}[method]
	described := op.Responses[strconv.Itoa(w.Code)]
	mediaType, _, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if err != nil || described == nil || described.Content[mediaType] == nil {
		t.Fatalf("%s %s: %d %s is not described", method, path, w.Code, mediaType)
	}
	if !strings.HasSuffix(mediaType, "json") {
		return
	}
	for d := json.NewDecoder(bytes.NewReader(w.Body.Bytes())); d.More(); { // lines hold several
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(path, err)
		}
		for _, err := range invalid(described.Content[mediaType].Schema, v) {
			t.Errorf("%s %s: not as described: %v", method, path, err)
		}
	}
}

// invalid is what a value has against a schema of the API.
func invalid(s *huma.Schema, v any) []error {
	res := &huma.ValidateResult{}
	huma.Validate(aboutAPI().Components.Schemas, s, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, res)
	return res.Errors
}

// refused checks a problem.
func refused(t testing.TB, what string, w *httptest.ResponseRecorder, want *problem.Type) problem.Problem {
	t.Helper()
	var p problem.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%s: %d %.200s, want %s", what, w.Code, w.Body, want.Name)
	}
	if w.Code != want.Status || p.Status != want.Status || p.Type != problem.Base+want.Name || p.Kind != want.Kind {
		t.Errorf("%s: %d %+v, want %s", what, w.Code, p, want.Name)
	}
	if got := w.Header().Get("Content-Type"); got != problem.MediaType {
		t.Errorf("%s: %s", what, got)
	}
	return p
}

// library converts as the library does.
func library(t testing.TB, data []byte, opt convert.Options) *result {
	t.Helper()
	in, err := convert.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	to := map[convert.Format]convert.Format{convert.FormatELMO: convert.FormatEDC, convert.FormatEDC: convert.FormatELMO}[in.Format]
	r, err := converted(in, to, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestConvert: the answers are those of the library byte for byte, there and back, and each form of the
// answer holds the same document and the same report.
func TestConvert(t *testing.T) {
	h := mounted(usual())
	for name, xml := range documents(t) {
		t.Run(name, func(t *testing.T) {
			want := library(t, xml, convert.Options{Keep: convert.KeepNotes, Display: convert.DisplayMinimal})
			there := good(t, h, "/v1/convert?display=minimal", typeXML, "", xml)
			if !bytes.Equal(there, want.document()) {
				t.Fatal("the credentials are not those of the library")
			}
			forms(t, h, xml, want)
			home := library(t, there, convert.Options{Keep: convert.KeepNotes})
			if back := good(t, h, "/v1/convert", typeJSONLD, "", there); !bytes.Equal(back, home.document()) {
				t.Error("the document is not that of the library")
			}
		})
	}
}

// forms checks all forms of an answer.
func forms(t *testing.T, h http.Handler, xml []byte, want *result) {
	t.Helper()
	report := encode(want.report)
	if got := good(t, h, "/v1/convert?display=minimal", typeXML, typeReport, xml); !bytes.Equal(got, report) {
		t.Error("the report is not that of the library")
	}
	var wrapped struct {
		MediaType      string
		Result, Report json.RawMessage
	}
	if err := json.Unmarshal(good(t, h, "/v1/convert?display=minimal", typeXML, typeWrapped, xml), &wrapped); err != nil {
		t.Fatal(err)
	}
	if wrapped.MediaType != typeJSONLD || !sameJSON(t, wrapped.Result, want.document()) || !sameJSON(t, wrapped.Report, report) {
		t.Error("what is wrapped is not what the library gives")
	}
	w := post(h, "/v1/convert?display=minimal", typeXML, typeMixed, xml)
	_, params, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(w.Body, params["boundary"])
	for _, p := range []struct {
		mediaType string
		data      []byte
	}{{typeJSONLD, want.document()}, {typeReport, report}} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(part)
		if err != nil || !bytes.Equal(data, p.data) || part.Header.Get("Content-Type") != p.mediaType {
			t.Errorf("the part %s is another", p.mediaType)
		}
	}
	if got := w.Header().Get(lossesHeader); got != losses(want.reports) || !strings.Contains(got, "kept=") {
		t.Errorf("%s: %s", lossesHeader, got)
	}
}

func sameJSON(t testing.TB, a, b []byte) bool {
	t.Helper()
	var x, y bytes.Buffer
	if err := json.Compact(&x, a); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&y, b); err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(x.Bytes(), y.Bytes())
}

// TestOtherEncoding: a document that comes back as it was, and is not UTF-8, survives JSON.
func TestOtherEncoding(t *testing.T) {
	h := mounted(usual())
	xml := bytes.Replace(file(t, "elmo/one-course.xml"), []byte("UTF-8"), []byte("ISO-8859-1"), 1)
	xml = bytes.Replace(xml, []byte("</givenNames>"), []byte("\xe9</givenNames>"), 1)
	sealed := good(t, h, "/v1/convert?keep=source&display=minimal", typeXML, "", xml)
	var answer struct {
		Encoding string
		Result   []byte
	}
	if err := json.Unmarshal(good(t, h, "/v1/convert", typeJSON, typeWrapped, sealed), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Encoding != "base64" || !bytes.Equal(answer.Result, xml) {
		t.Error("the original document did not come back byte for byte")
	}
	if back := good(t, h, "/v1/convert", typeJSON, typeXML, sealed); !bytes.Equal(back, xml) {
		t.Error("the original document did not come back byte for byte as XML")
	}
}

// TestOptions: each option of a conversion reaches the library.
func TestOptions(t *testing.T) {
	h := mounted(usual())
	plain := good(t, h, "/v1/convert?display=minimal", typeXML, typeWrapped, file(t, "elmo/transcript.xml"))
	for _, q := range []string{"keep=none", "keep=source", "display=draw", "default-language=en", "name-language=nb", "primary-language=nb",
		"birth-country=NO", "issued=2020-01-01T00:00:00Z", "random-ids=true", "values=true", "to=elmo", "to=elmo&elmo-version=1.5"} {
		sep := "?display=minimal&"
		if strings.HasPrefix(q, "display") {
			sep = "?"
		}
		got := good(t, h, "/v1/convert"+sep+q, typeXML, typeWrapped, file(t, "elmo/transcript.xml"))
		if bytes.Equal(got, plain) {
			t.Errorf("%s has no effect", q)
		}
	}
	for q, name := range map[string]string{"only-passed=true": "in-progress.xml", "attach-to-all=true": "two-issuers.xml", "indent=true": "greek.xml"} {
		if bytes.Equal(good(t, h, "/v1/convert?display=minimal", typeXML, "", file(t, "elmo/"+name)),
			good(t, h, "/v1/convert?display=minimal&"+q, typeXML, "", file(t, "elmo/"+name))) {
			t.Errorf("%s has no effect", q)
		}
	}
}

// form is a multipart form; names may repeat.
func formOf(t testing.TB, parts ...[3]string) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		header := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + p[0] + `"; filename="x"`}}
		if p[1] != "" {
			header.Set("Content-Type", p[1])
		}
		part, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(p[2])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

// TestIssuer: that of the request goes before that of the service.
func TestIssuer(t *testing.T) {
	xml, issuer := string(file(t, "elmo/one-course.xml")), string(file(t, "issuer.json"))
	c := usual()
	other, err := convert.ReadIssuer([]byte(`{"legalName":{"en":"Service of Fjordheim"},"country":"NO","eidasIdentifier":"VATNO-111111111"}`))
	if err != nil {
		t.Fatal(err)
	}
	c.Issuer = other
	h := mounted(c)
	has := func(body []byte, id string) bool { return bytes.Contains(body, []byte(id)) }
	if got := good(t, h, "/v1/convert", typeXML, "", []byte(xml)); !has(got, "VATNO-111111111") {
		t.Error("the issuer of the service is missing")
	}
	for _, documentType := range []string{typeXML, "", "application/octet-stream"} {
		contentType, body := formOf(t, [3]string{"document", documentType, xml}, [3]string{"issuer", "", issuer})
		if got := good(t, h, "/v1/convert", contentType, "", body); !has(got, "VATNO-000000000") || has(got, "VATNO-111111111") {
			t.Error("the issuer of the request does not go before that of the service")
		}
	}
}

// TestRoundTrip: the report by default, the document that came back on request.
func TestRoundTrip(t *testing.T) {
	h := mounted(usual())
	xml := file(t, "elmo/transcript.xml")
	var report tripReport
	if err := json.Unmarshal(good(t, h, "/v1/roundtrip?keep=none", typeXML, "", xml), &report); err != nil {
		t.Fatal(err)
	}
	want, err := convert.RoundTrip(xml, convert.Options{Keep: convert.KeepNone})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Differences) == 0 || len(report.Differences) != len(want.Differences) || report.Unnamed != 0 || report.Format != convert.FormatELMO {
		t.Errorf("%d differences, %d unnamed, want %d", len(report.Differences), report.Unnamed, len(want.Differences))
	}
	if back := good(t, h, "/v1/roundtrip?keep=none", typeXML, typeXML, xml); !bytes.Equal(back, want.Result[0]) {
		t.Error("the document is not that of the library")
	}
	if got := good(t, h, "/v1/roundtrip?keep=source&display=minimal", typeXML, typeWrapped, xml); !bytes.Contains(got, []byte(`"differences":[]`)) {
		t.Error("there are differences, though the source was kept")
	}
	sealed := good(t, h, "/v1/convert?display=minimal", typeXML, "", xml)
	good(t, h, "/v1/roundtrip", typeJSONLD, typeJSONLD, sealed)
}

// TestValidate: the findings are those of the library.
func TestValidate(t *testing.T) {
	h := mounted(usual())
	xml := file(t, "elmo/one-course.xml")
	for path, data := range map[string][]byte{
		"/v1/validate": xml, "/v1/validate?elmo-version=1.0": xml, "/v1/validate?values=true": bytes.Replace(xml, []byte("<learner>"), []byte("<learner><x/>"), 1),
		"/v1/validate?profile=accredited": good(t, h, "/v1/convert", typeXML, "", xml),
	} {
		contentType := typeXML
		if convert.Detect(data) == convert.FormatEDC {
			contentType = typeJSON
		}
		var got validated
		if err := json.Unmarshal(good(t, h, path, contentType, "", data), &got); err != nil {
			t.Fatal(err)
		}
		if got.Valid != (path == "/v1/validate") || got.Valid != got.Validation.Valid() || len(got.Findings) == 0 {
			t.Errorf("%s: valid %v, %d findings", path, got.Valid, len(got.Findings))
		}
	}
}

// TestInspect: a document and the credential made of it are shown as the library shows them.
func TestInspect(t *testing.T) {
	h := mounted(usual())
	xml := file(t, "elmo/transcript.xml")
	for contentType, data := range map[string][]byte{typeXML: xml, typeJSONLD: good(t, h, "/v1/convert?display=minimal", typeXML, "", xml)} {
		want, err := inspect.Of(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := good(t, h, "/v1/inspect", contentType, "", data); !bytes.Equal(got, encode(want)) || !bytes.Contains(got, []byte("LT4101")) {
			t.Errorf("%s: another view", contentType)
		}
	}
}

// TestGaps: documents are counted, and the crosswalk is there in both forms, with tags.
func TestGaps(t *testing.T) {
	h := mounted(usual())
	var parts [][3]string
	for _, data := range documents(t) {
		parts = append(parts, [3]string{"document", typeXML, string(data)})
	}
	contentType, body := formOf(t, parts...)
	var got gapCounts
	if err := json.Unmarshal(good(t, h, "/v1/gaps", contentType, "", body), &got); err != nil {
		t.Fatal(err)
	}
	if got.Files != len(parts) || len(got.List) == 0 || got.List[0].Leaf == "" {
		t.Errorf("%d files, %d gaps", got.Files, len(got.List))
	}
	for accept, path := range map[string]string{"": "/v1/gaps", typeCSV: "/v1/gaps?list=proposals"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Fatal(w.Code)
		}
		conforms(t, http.MethodGet, path, w)
		r.Header.Set("If-None-Match", w.Header().Get("ETag"))
		again := httptest.NewRecorder()
		if h.ServeHTTP(again, r); again.Code != http.StatusNotModified {
			t.Errorf("%s: %d with the tag", path, again.Code)
		}
	}
}

// TestOpenAPI: openapi.yaml is what go generate writes and what is served, and every problem of a request
// with a body is described.
func TestOpenAPI(t *testing.T) {
	want, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if !bytes.Equal(OpenAPI(), want) {
			t.Fatal("openapi.yaml is stale: go generate ./api/rest")
		}
	}
	h := mounted(everything)
	for path, mediaType := range map[string]string{"/v1/openapi.yaml": "application/openapi+yaml", "/v1/openapi.json": "application/openapi+json"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != mediaType {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
		if strings.HasSuffix(path, "yaml") && !bytes.Equal(w.Body.Bytes(), want) {
			t.Error("what is served is not openapi.yaml")
		}
	}
	for _, p := range problem.Types {
		described := bytes.Contains(want, []byte("("+p.Name+")"))
		if elsewhere := p == problem.NoSuchPath || p == problem.NoSuchMethod || p == problem.Cancelled; described == elsewhere {
			t.Errorf("%s: described %v", p.Name, described)
		}
	}
}

// TestExamples: each operation with a body has an example that it takes, and the examples of answers are as their
// schemas have it.
func TestExamples(t *testing.T) {
	h := mounted(usual())
	for path, item := range aboutAPI().Paths {
		if item.Post != nil && item.Post.RequestBody.Content[typeXML] != nil {
			example, _ := item.Post.RequestBody.Content[typeXML].Example.(string)
			good(t, h, path, typeXML, "", []byte(example))
		}
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Delete} {
			if op == nil {
				continue
			}
			for status, response := range op.Responses {
				for mediaType, m := range response.Content {
					if m.Example == nil || !strings.HasSuffix(mediaType, "json") {
						continue
					}
					var v any
					if err := json.Unmarshal(encode(m.Example), &v); err != nil {
						t.Fatal(err)
					}
					for _, err := range invalid(m.Schema, v) {
						t.Errorf("%s %s: %v", op.OperationID, status, err)
					}
				}
			}
		}
	}
	options, err := json.Marshal(optionsExample)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := json.Marshal(issuerExample)
	if err != nil {
		t.Fatal(err)
	}
	contentType, body := formOf(t, [3]string{"document", "", documentExample}, [3]string{"options", "", string(options)}, [3]string{"issuer", "", string(issuer)})
	good(t, h, "/v1/convert", contentType, "", body)
}
