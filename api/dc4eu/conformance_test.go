package dc4eu

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/edci"
)

// shape is the JSON of an answer, member by member.
type shape map[string]any

func shapeOf(t testing.TB, w *httptest.ResponseRecorder) shape {
	t.Helper()
	s := shape{}
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || w.Code != 200 {
		t.Fatalf("%d %v %.300s", w.Code, err, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type is %s", got)
	}
	return s
}

// has checks the names of all members.
func (s shape) has(t testing.TB, names ...string) {
	t.Helper()
	if got := slices.Sorted(maps.Keys(s)); !slices.Equal(got, slices.Sorted(slices.Values(names))) {
		t.Errorf("the members are %q", got)
	}
}

// is checks the value of a member.
func (s shape) is(t testing.TB, name, want string) {
	t.Helper()
	if got, _ := json.Marshal(s[name]); string(got) != want {
		t.Errorf("%s is %.200s, not %s", name, got, want)
	}
}

// messages checks that a member is a list of messages, and gives their texts.
func (s shape) messages(t testing.TB, name string) []string {
	t.Helper()
	list, ok := s[name].([]any)
	if !ok {
		t.Fatalf("%s is no list: %v", name, s[name])
	}
	texts := []string{}
	for _, m := range list {
		o, _ := m.(map[string]any)
		text, ok := o["Message"].(string)
		if !ok || len(o) != 1 {
			t.Errorf("%s has %v", name, m)
		}
		texts = append(texts, text)
	}
	return texts
}

// content is the document in Content: plain Base64 with padding, not packed.
func (s shape) content(t testing.TB) []byte {
	t.Helper()
	text, _ := s["Content"].(string)
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(data) == 0 || bytes.HasPrefix(data, gzipMagic) {
		t.Fatalf("Content: %v %.100q", err, data)
	}
	return data
}

// TestRequest: the requests of the Java client, byte for byte, and every member of the answers; there and back.
func TestRequest(t *testing.T) {
	h := mounted(usual())
	xml := file(t, "elmo/transcript.xml")
	document := base64.StdEncoding.EncodeToString(xml)
	there := shapeOf(t, post(h, "/rest/request", `{"From":{"Name":"elmo","Version":"1.7"},"To":{"Name":"elm","Version":"3.2"},`+
		`"Parameters":{"PreferredLanguages":["en","sv","no"],"flags":null,"defaultLanguage":"en"},"Content":"`+document+`"}`))
	answer := []string{"ResponseProtocol", "Content", "ConverterVersion", "Timestamp", "Errors", "Warnings", "Report"}
	there.has(t, answer...)
	there.is(t, "ResponseProtocol", `{"Name":"elm","Version":"3.2"}`)
	there.is(t, "ConverterVersion", `"test"`)
	there.is(t, "Timestamp", `"2026-03-14T11:00:00.005Z"`)
	there.is(t, "Errors", `[]`)
	credential := map[string]any{}
	if err := json.Unmarshal(there.content(t), &credential); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id", "issuer", "issuanceDate", "credentialSubject"} {
		if credential[name] == nil {
			t.Errorf("the credential has no %s", name)
		}
	}
	report, _ := there["Report"].(map[string]any)
	losses, _ := report["losses"].([]any)
	if got := there.messages(t, "Warnings"); len(got) == 0 || len(got) != len(losses) {
		t.Errorf("%d warnings of %d losses", len(got), len(losses))
	}

	back := shapeOf(t, post(h, "/rest/request", `{"From":{"Name":"elm","Version":"3.2"},"To":{"Name":"elmo","Version":"1.7"},`+
		`"Parameters":{"PreferredLanguages":["en","sv","no"],"flags":null,"defaultLanguage":"en"},"Content":"`+there["Content"].(string)+`"}`))
	back.has(t, answer...)
	back.is(t, "ResponseProtocol", `{"Name":"elmo","Version":"1.7"}`)
	back.is(t, "Timestamp", `"2026-03-14T11:00:00.005Z"`)
	back.is(t, "Errors", `[]`)
	back.messages(t, "Warnings")
	if in, err := convert.Read(back.content(t)); err != nil || in.Format != convert.FormatELMO {
		t.Error("the way back gives no ELMO document:", err)
	}
}

// TestRequest2: an answer for each target, in the order of To.
func TestRequest2(t *testing.T) {
	h := mounted(usual())
	edc := base64.StdEncoding.EncodeToString(converted(t, h, elmo17, elm32, file(t, "elmo/one-course.xml")).Content)
	s := shapeOf(t, post(h, "/rest/request2", `{"From":{"Name":"elm","Version":"3.2"},"To":[{"Name":"elmo","Version":"1.7"},`+
		`{"Name":"pdf","Version":"1"},{"Name":"elmo","Version":"1.4"}],"Parameters":null,"Content":"`+edc+`"}`))
	s.has(t, "ResponseFormat", "ConverterVersion", "Timestamp", "Errors", "Warnings")
	s.is(t, "ConverterVersion", `"test"`)
	s.is(t, "Timestamp", `"2026-03-14T11:00:00.005Z"`)
	s.is(t, "Warnings", `[]`)
	if got := s.messages(t, "Errors"); len(got) != 1 {
		t.Errorf("the errors are %q", got)
	}
	entries, _ := s["ResponseFormat"].([]any)
	if len(entries) != 3 {
		t.Fatalf("%d entries", len(entries))
	}
	for i, want := range []string{`{"Name":"elmo","Version":"1.7"}`, `{"Name":"pdf","Version":"1"}`, `{"Name":"elmo","Version":"1.4"}`} {
		e := shape(entries[i].(map[string]any))
		e.has(t, "ResponseProtocol", "Content", "Errors", "Warnings", "Report")
		e.is(t, "ResponseProtocol", want)
		e.messages(t, "Warnings")
		errs := e.messages(t, "Errors")
		if i == 1 {
			e.is(t, "Content", "null")
			e.is(t, "Report", "null")
			if len(errs) != 1 || !strings.HasPrefix(errs[0], "Not found: ") {
				t.Errorf("the errors are %q", errs)
			}
			continue
		}
		in, err := convert.Read(e.content(t))
		if err != nil || len(errs) > 0 {
			t.Fatal(err, errs)
		}
		if got := in.Document.Source.Version; i == 2 && got > "1.4" {
			t.Errorf("the document is ELMO %s", got)
		}
	}
}

// TestParameters: they may be missing, and names are taken without regard to case.
func TestParameters(t *testing.T) {
	h := mounted(usual())
	content := base64.StdEncoding.EncodeToString(file(t, "elmo/one-course.xml"))
	var first []byte
	for _, body := range []string{
		`{"From":{"Name":"elmo","Version":"1.7"},"To":{"Name":"elm","Version":"3.2"},"Content":"` + content + `"}`,
		`{"From":{"Name":"ELMO","Version":"1.0"},"To":{"Name":"Elm","Version":"3"},"Parameters":null,"Content":"` + content + `"}`,
		`{"from":{"name":"elmo","version":"1.7"},"TO":{"NAME":"elm","VERSION":"3.2"},"parameters":{},"content":"` + content + `"}`,
		` {"Content":"` + content + `","Parameters":{"PreferredLanguages":null,"defaultLanguage":null},"To":{"Name":"elm","Version":"3.2"},"From":{"Name":"elmo","Version":"1.7"}} `,
	} {
		r := good(t, post(h, "/rest/request", body))
		if first == nil {
			first = r.Content
		}
		if !bytes.Equal(r.Content, first) || r.ResponseProtocol != elm32 {
			t.Errorf("%.80s: another answer", body)
		}
	}
}

// TestLanguage: texts without language are in defaultLanguage, else in the first of PreferredLanguages, else in none.
func TestLanguage(t *testing.T) {
	h := mounted(usual())
	xml := bytes.Replace(file(t, "elmo/one-course.xml"), []byte(`<title xml:lang="en">`), []byte(`<title>`), -1)
	for parameters, want := range map[string]string{
		`{"PreferredLanguages":["sv","fi"],"defaultLanguage":"da"}`: "da",
		`{"PreferredLanguages":["sv","fi"]}`:                        "sv",
		`{}`:                                                        "und",
	} {
		r := good(t, post(h, "/rest/request", `{"From":{"Name":"elmo","Version":"1.7"},"To":{"Name":"elm","Version":"3.2"},"Parameters":`+
			parameters+`,"Content":"`+base64.StdEncoding.EncodeToString(xml)+`"}`))
		in, err := convert.Read(r.Content)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := edci.At(in.Credentials[0].Source.Tree, "/credentialSubject/hasClaim/0/title/"+want); !ok {
			t.Errorf("%s: the title is not in %q", parameters, want)
		}
	}
}
