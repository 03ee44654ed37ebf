package dc4eu

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/testdata/judge"
)

// elsewhere are the types of problems of what this interface does not have: archives, stored answers, results of learners, seals.
var elsewhere = []*problem.Type{problem.BadArchive, problem.BadEntry, problem.NotReady, problem.KeyInUse, problem.KeyReused, problem.NotOffered,
	problem.Unauthenticated, problem.Forbidden, problem.LowAssurance, problem.Conflict, problem.SessionOver, problem.CodeOver, problem.NoLearnerResults,
	problem.UnknownLearner, problem.OtherLearner, problem.SourceUnavailable, problem.SourceDamaged, problem.StoreUnavailable,
	problem.Unsealed, problem.SealUnavailable}

// TestTranslations: every type of problem that a conversion can have has its row, and what to do.
func TestTranslations(t *testing.T) {
	for _, p := range problem.Types {
		there := slices.ContainsFunc(translations, func(row translation) bool { return row.is == p })
		if there == slices.Contains(elsewhere, p) {
			t.Errorf("%s: a row: %v", p.Name, there)
		}
		if !there {
			continue
		}
		status, text := translate(problem.New(p, "a detail"))
		switch {
		case !strings.Contains(text, "a detail. ") || !strings.HasSuffix(text, "."):
			t.Errorf("%s: %q", p.Name, text)
		case status != p.Status && status != http.StatusInternalServerError:
			t.Errorf("%s: %d is not %d", p.Name, status, p.Status)
		}
	}
	if status, text := translate(problem.New(&problem.Type{Name: "new", Status: 418, Title: "New"}, "")); status != 418 || text != "New." {
		t.Errorf("%d %q", status, text)
	}
}

// encoded is a document as Content.
func encoded(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// packed is a gzip file.
func packed(t testing.TB, data io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	from17 = `"From":{"Name":"elmo","Version":"1.7"},`
	to32   = `"To":{"Name":"elm","Version":"3.2"},`
)

// TestErrors: what is wrong is told in a sentence, with a status that the client can tell apart.
func TestErrors(t *testing.T) {
	h := mounted(usual())
	xml := file(t, "elmo/one-course.xml")
	content := `"Content":"` + encoded(xml) + `"}`
	edc := converted(t, h, elmo17, elm32, xml).Content
	other := converted(t, h, elmo17, elm32, file(t, "elmo/greek.xml")).Content
	bare := bytes.Join([][]byte{xml[:bytes.Index(xml, []byte("<report>"))], []byte("</elmo>")}, nil)
	for _, c := range []struct {
		path, body string
		status     int
		want       string
	}{
		{"/rest/request", ``, 400, "cut off"},
		{"/rest/request", `{`, 400, "cut off"},
		{"/rest/request", `{"From":{"Name":"elmo"`, 400, "cut off"},
		{"/rest/request", `null`, 400, "a JSON object"},
		{"/rest/request", `[]`, 400, "a JSON object"},
		{"/rest/request", `{1:2}`, 400, "not JSON, see byte 1"},
		{"/rest/request", `{"From":elmo}`, 400, "not JSON"},
		{"/rest/request", "{" + from17 + to32 + content + "{}", 400, "more after"},
		{"/rest/request", "{" + from17 + to32 + content + "x", 400, "not JSON"},
		{"/rest/request", "\xff\xfe{\x00", 400, "not JSON"},
		{"/rest/request", "{" + from17 + from17 + to32 + content, 400, "From is there twice"},
		{"/rest/request", `{"content":"",` + content[:20] + `"}`, 400, "Content is there twice"},
		{"/rest/request", `{"From":{"Name":"elmo","Name":"elm"}}`, 400, "From: the member is there twice"},
		{"/rest/request", "{\"From\":{\"Name\":\"\xff\"}}", 400, "From: invalid UTF-8"},
		{"/rest/request", `{"From":"elmo 1.7"}`, 400, "From: an object was expected"},
		{"/rest/request", `{"From":{"Name":"elmo","Version":1.7}}`, 400, "From.Version: a text was expected"},
		{"/rest/request", `{"Parameters":{"flags":"a"}}`, 400, "Parameters.flags: a list was expected"},
		{"/rest/request", `{"Parameters":{"flags":[1]}}`, 400, "Parameters.flags: a text was expected"},
		{"/rest/request", `{"Parameters":[` + strings.Repeat(`"",`, mostBytes) + `""]}`, 400, "Parameters is longer than 16384 bytes"},
		{"/rest/request", `{"Content":{}}`, 400, "Content: a text was expected"},
		{"/rest/request", "{" + from17 + `"To":[{"Name":"elm","Version":"3.2"}],` + content, 400, "To: an object was expected"},
		{"/rest/request2", "{" + from17 + to32 + content, 400, "To: a list was expected"},
		{"/rest/request2", "{" + from17 + content, 400, "To must be a list of 1 to 16"},
		{"/rest/request2", "{" + from17 + `"To":[` + strings.Repeat("{},", 16) + "{}]," + content, 400, "To must be a list of 1 to 16"},
		{"/rest/request", "{" + from17 + to32 + `"Parameters":{"defaultLanguage":"not a language"},` + content, 400, "defaultLanguage"},
		{"/rest/request", "{" + from17 + to32 + `"Content":null}`, 400, "Content is missing"},
		{"/rest/request", "{" + from17 + to32 + `"Content":"???"}`, 400, "not Base64"},
		{"/rest/request", "{" + from17 + to32 + `"Content":"` + encoded([]byte{0x1f, 0x8b, 8, 0}) + `"}`, 400, "damaged"},
		{"/rest/request", "{" + from17 + to32 + `"Content":"` + encoded(packed(t, bytes.NewReader(xml))[:100]) + `"}`, 400, "damaged"},
		{"/rest/request", javaBody(elm32, elmo17, xml), 400, "not of the protocol"},
		{"/rest/request", javaBody(elmo17, elm32, edc), 400, "not of the protocol"},

		{"/rest/request", javaBody(protocol{"oots", "1.0"}, elm32, xml), 404, "there is no conversion between"},
		{"/rest/request", javaBody(elmo17, protocol{"elm", "2.0"}, xml), 404, "there is no conversion between"},
		{"/rest/request", javaBody(elmo17, elmo17, xml), 404, "there is no conversion between"},
		{"/rest/request", `{}`, 404, "there is no conversion between"},
		{"/rest/request2", "{" + from17 + `"To":[{"Name":"elm","Version":"4"},{"Name":"elmo","Version":"1.7"}],` + content, 404, "there is no conversion between"},
		{"/rest/other", `{}`, 404, "Not found"},

		{"/rest/request", javaBody(elmo17, elm32, xml[:300]), 500, "cannot be read: "},
		{"/rest/request", javaBody(elmo17, elm32, file(t, "invalid/doctype.xml")), 500, "remove the declaration"},
		{"/rest/request", javaBody(elmo17, elm32, file(t, "invalid/deep.xml")), 500, "Split the document"},
		{"/rest/request", javaBody(elmo17, elm32, file(t, "invalid/pre-1.0.xml")), 500, "ELMO 1.0 or later"},
		{"/rest/request", javaBody(elmo17, elm32, []byte("%PDF-1.7")), 500, "it is a PDF file"},
		{"/rest/request", javaBody(elmo17, elm32, []byte(" ")), 500, "the file is empty"},
		{"/rest/request", javaBody(elmo17, elm32, bare), 500, "results"},
		{"/rest/request", javaBody(elm32, elmo17, []byte(`{"type":"Person"}`)), 500, "Send an ELMO document, or a European Digital Credential"},
		{"/rest/request", javaBody(elm32, elmo17, []byte(`{"a":1,"a":2}`)), 500, "(line 1, /a)"},
		{"/rest/request", javaBody(elm32, elmo17, []byte("["+string(edc)+","+string(other)+"]")), 500, "learner"},
		{"/rest/request2", "{" + from17 + `"To":[{"Name":"elm","Version":"3.2"},{"Name":"elm","Version":"3.1"}],"Content":"` + encoded(bare) + `"}`, 500, "results"},
	} {
		if text := refused(t, c.want, post(h, c.path, c.body), c.status); !strings.Contains(text, c.want) {
			t.Errorf("%.80s: %q, want %q", c.body, text, c.want)
		}
	}
}

// TestHeaders: what is wrong with the header of a request, and what the header of an answer says.
func TestHeaders(t *testing.T) {
	h := mounted(usual())
	for _, c := range []struct {
		method, name, value string
		status              int
		header, want        string
	}{
		{"GET", "", "", 405, "Allow", "POST"},
		{"POST", "Content-Type", "", 415, "Cache-Control", "no-store"},
		{"POST", "Content-Type", "text/plain", 415, "Cache-Control", "no-store"},
		{"POST", "Content-Type", "application/json; charset=utf-16", 415, "Cache-Control", "no-store"},
		{"POST", "Content-Encoding", "gzip", 415, "Cache-Control", "no-store"},
		{"POST", "Content-Type", "application/json; charset=UTF-8", 404, "Cache-Control", "no-store"},
	} {
		r := httptest.NewRequest(c.method, "/rest/request", strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(c.name, c.value)
		w := httptest.NewRecorder()
		w.Header().Set(problem.RequestID, "A1")
		h.ServeHTTP(w, r)
		refused(t, c.name+" "+c.value, w, c.status)
		if got := w.Header().Get(c.header); got != c.want {
			t.Errorf("%s is %q", c.header, got)
		}
	}
}

// TestNoValues: nothing of a request comes back in an error.
func TestNoValues(t *testing.T) {
	h := mounted(usual())
	const secret = "Ferdinandsson"
	xml := string(file(t, "elmo/one-course.xml"))
	for _, body := range []string{
		secret, `{"` + secret + `"`, `{"` + secret + `":1}`, `{"From":{"Name":"` + secret + `"}}`, `{"From":{"` + secret + `":1,"` + secret + `":2}}`,
		"{" + from17 + to32 + `"Content":"` + secret + `!"}`, "{" + from17 + to32 + `"Parameters":{"defaultLanguage":"` + secret + ` "},"Content":"x"}`,
		javaBody(elmo17, elm32, []byte(strings.Replace(xml, "</familyName>", secret, 1))), javaBody(elmo17, elm32, []byte(xml+secret)),
		javaBody(elm32, elmo17, []byte(`{"type":"`+secret+`"}`)), javaBody(elm32, elmo17, []byte(`["`+secret+`"`)),
	} {
		if w := post(h, "/rest/request", body); w.Code == http.StatusOK || strings.Contains(w.Body.String(), secret) {
			t.Errorf("%.60s: %d %s", body, w.Code, w.Body)
		}
	}
	flagged := "{" + from17 + to32 + `"` + secret + `":1,"Parameters":{"flags":["` + secret + `"]},"Content":"` + encoded([]byte(xml)) + `"}`
	r := good(t, post(h, "/rest/request", flagged))
	if all := texts(r.Warnings); strings.Contains(all, secret) || !strings.Contains(all, "1 of the flags") || !strings.Contains(all, "1 members") {
		t.Error(all)
	}
}

// TestNoLearner: neither the warnings nor the report say who the learner is.
func TestNoLearner(t *testing.T) {
	h := mounted(usual())
	names, err := filepath.Glob("../../testdata/elmo/*.xml")
	if err != nil || len(names) < 7 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		xml := file(t, "elmo/"+filepath.Base(name))
		doc, err := elmo.Read(xml, elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		there := converted(t, h, elmo17, elm32, xml)
		home := converted(t, h, elm32, elmo17, there.Content)
		secrets := []string{doc.Learner.GivenNames, doc.Learner.FamilyName, doc.Learner.DateOfBirth}
		for _, i := range doc.Learner.Identifiers {
			secrets = append(secrets, i.Value)
		}
		for _, r := range []*response{there, home} {
			r.Content = nil
			told, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range secrets {
				if secret != "" && bytes.Contains(told, []byte(secret)) {
					t.Errorf("%s: a value of the learner is told", filepath.Base(name))
				}
			}
		}
	}
}

// TestAtOnce: requests do not see each other.
func TestAtOnce(t *testing.T) {
	h := mounted(usual())
	body := javaBody(elmo17, elm32, file(t, "elmo/one-course.xml"))
	want := good(t, post(h, "/rest/request", body)).Content
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if got := good(t, post(h, "/rest/request", body)).Content; !bytes.Equal(got, want) {
				t.Error("another result")
			}
			refused(t, "cut off", post(h, "/rest/request", "{"), 400)
			refused(t, "no pair", post(h, "/rest/request2", `{"To":[{}]}`), 404)
		})
	}
}

// TestFlag: a document that is not valid is not converted when the flag asks for that, and Errors says where it is
// wrong; what is only probably wrong is a warning.
func TestFlag(t *testing.T) {
	h := mounted(usual())
	xml := file(t, "elmo/one-course.xml")
	flagged := func(from, to protocol, data []byte) string {
		return strings.Replace(javaBody(from, to, data), `"flags":null`, `"flags":["`+validateInput+`"]`, 1)
	}
	wrong := bytes.Replace(xml, []byte("<familyName>Example</familyName>"), nil, 1)
	plain := converted(t, h, elmo17, elm32, wrong) // without the flag it is converted
	w := post(h, "/rest/request", flagged(elmo17, elm32, wrong))
	refused(t, "not valid", w, 500)
	var f failure
	if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || len(f.Errors) < 2 || !strings.Contains(f.Errors[1].Message, "familyName") || !strings.HasPrefix(f.Errors[1].Message, "line ") {
		t.Errorf("%v %s", err, w.Body)
	}
	w = post(h, "/rest/request", flagged(elmo17, elm32, bytes.Replace(xml, []byte("<status>passed</status>"), bytes.Repeat([]byte("<wrong/>"), 2*mostFindings), 1)))
	refused(t, "very wrong", w, 500)
	if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || len(f.Errors) > mostFindings+2 {
		t.Errorf("%v %d errors", err, len(f.Errors))
	}
	r := good(t, post(h, "/rest/request", flagged(elmo17, elm32, xml)))
	if all := texts(r.Warnings); !strings.Contains(all, "(ELMO-SIGNED).") || strings.Contains(texts(plain.Warnings), "ELMO-SIGNED") {
		t.Error(all)
	}
	r = good(t, post(h, "/rest/request", flagged(elm32, elmo17, plain.Content)))
	if !strings.Contains(r.Warnings[0].Message, "is about ELMO and was passed over") {
		t.Error(texts(r.Warnings))
	}
}

// TestNoDate: a document without any date is issued now, which is told.
func TestNoDate(t *testing.T) {
	h := mounted(usual())
	xml := string(file(t, "elmo/one-course.xml"))
	for _, name := range []string{"generatedDate", "issueDate", "date"} {
		before, rest, _ := strings.Cut(xml, "<"+name+">")
		_, after, _ := strings.Cut(rest, "</"+name+">")
		xml = before + after
	}
	r := converted(t, h, elmo17, elm32, []byte(xml))
	if !bytes.Contains(r.Content, []byte(`"issuanceDate":"2026-03-14T11:00:00Z"`)) || !strings.Contains(texts(r.Warnings), "the date of issue is the time of the conversion") {
		t.Errorf("%s %.1000s", texts(r.Warnings), r.Content)
	}
}

// TestVersion: ELM is written in one version, and that it is another is told.
func TestVersion(t *testing.T) {
	h := mounted(usual())
	for version, told := range map[string]bool{"3": false, "3.0": true, "3.1": true, "3.2": false, "3.3": true} {
		r := converted(t, h, elmo17, protocol{"elm", version}, file(t, "elmo/one-course.xml"))
		if got := strings.Contains(texts(r.Warnings), "Content is ELM 3.2"); got != told || r.ResponseProtocol != elm32 {
			t.Errorf("%s: %v %s", version, r.ResponseProtocol, texts(r.Warnings))
		}
	}
}

// TestContent: every way of writing Base64 is read, packed or not.
func TestContent(t *testing.T) {
	h := mounted(usual())
	xml := file(t, "elmo/one-course.xml")
	want := converted(t, h, elmo17, elm32, xml).Content
	zipped := packed(t, bytes.NewReader(xml))
	lines := ""
	for text := encoded(xml); text != ""; {
		n := min(76, len(text))
		lines, text = lines+text[:n]+`\r\n`, text[n:]
	}
	for name, content := range map[string]string{
		"lines": lines, "packed": encoded(zipped), "packed, for URLs": base64.URLEncoding.EncodeToString(zipped),
		"for URLs": base64.URLEncoding.EncodeToString(xml), "no padding": base64.RawStdEncoding.EncodeToString(xml),
		"for URLs, no padding": base64.RawURLEncoding.EncodeToString(zipped), "blanks": ` \t` + encoded(xml) + `\n`,
	} {
		r := good(t, post(h, "/rest/request", "{"+from17+to32+`"Parameters":{"defaultLanguage":"en"},"Content":"`+content+`"}`))
		if !bytes.Equal(r.Content, want) {
			t.Errorf("%s: another result", name)
		}
	}
}

// TestWire: what EMREX clients have sent over the wire is read.
func TestWire(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(judge.Corpus(t, "elmo", "documents", "wire"), "*.txt"))
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	h := mounted(usual())
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(string(data))
		if err != nil {
			t.Fatal(err)
		}
		w := post(h, "/rest/request", "{"+from17+to32+`"Content":`+string(text)+"}")
		switch filepath.Base(name) {
		case "pre10-finland-signed.gz.b64.txt":
			refused(t, name, w, 500)
		case "synthetic-raw-xml.txt":
			refused(t, name, w, 400)
		default:
			good(t, w)
		}
	}
}

// TestHostile: attacks are refused, and do not cost more than what they bring.
func TestHostile(t *testing.T) {
	c := usual()
	h := mounted(c)
	deep := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	part := packed(t, bytes.NewReader(make([]byte, 1<<20))) // a gzip file may have several, RFC 1952, 2.2
	bomb := "{" + from17 + to32 + `"Content":"` + encoded(bytes.Repeat(part, 1000)) + `"}`
	cases := map[string]struct {
		body   string
		status int
	}{
		"deep From":        {`{"From":` + deep("[", "]", 10_000) + "}", 400},
		"deep Parameters":  {`{"Parameters":` + deep(`{"a":`, "}", 1000), 400},
		"deep unknown":     {`{"x":` + deep("[", "]", 100_000) + "}", 400},
		"deep body":        {deep("[", "]", 10_000), 400},
		"deep JSON":        {javaBody(elm32, elmo17, []byte(deep("[", "]", 10_000))), 500},
		"deep XML":         {javaBody(elmo17, elm32, []byte(deep("<elmo>", "</elmo>", 10_000))), 500},
		"not UTF-8":        {javaBody(elmo17, elm32, file(t, "invalid/latin1-as-utf8.xml")), 500},
		"not UTF-8, JSON":  {javaBody(elm32, elmo17, []byte("{\"\xff\":1}")), 500},
		"laughs":           {javaBody(elmo17, elm32, file(t, "invalid/doctype-laughs.xml")), 500},
		"huge":             {"{" + from17 + to32 + `"Content":"` + strings.Repeat("QUFB", 3<<20) + `"}`, 413},
		"gzip bomb":        {bomb, 413},
		"bomb in a bomb":   {"{" + from17 + to32 + `"Content":"` + encoded(packed(t, bytes.NewReader(packed(t, strings.NewReader("x"))))) + `"}`, 500},
		"many names":       {"{" + strings.Repeat(`"a":1,`, 1<<20) + `"b":1}`, 400},
		"Base64 of nulls":  {"{" + from17 + to32 + `"Content":"` + strings.Repeat("A", 4<<20) + `"}`, 500},
		"only white space": {strings.Repeat(" ", 1<<20), 400},
	}
	if judge.HasCorpus(t) {
		for _, name := range []string{"attack-external-entity.xml", "pre10-minimal.xml"} {
			cases[name] = struct {
				body   string
				status int
			}{javaBody(elmo17, elm32, corpus(t, "elmo", "documents", name)), 500}
		}
	}
	for name, x := range cases {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			w := post(h, "/rest/request", x.body)
			runtime.ReadMemStats(&after)
			refused(t, name, w, x.status)
			if used := after.TotalAlloc - before.TotalAlloc; used > uint64(16*c.MaxBody) {
				t.Errorf("%d bytes were used for %d", used, len(x.body))
			}
		})
	}
	if c.Budget.Used() != 0 || c.Gate.Working() != 0 {
		t.Errorf("%d bytes and %d workers are still taken", c.Budget.Used(), c.Gate.Working())
	}
}

// TestBodyLimit: too much is refused, whether it says so before or not.
func TestBodyLimit(t *testing.T) {
	c := usual()
	c.MaxBody = 1000
	for name, body := range map[string]io.Reader{
		"announced": strings.NewReader(strings.Repeat(" ", 1001)), "chunked": io.MultiReader(strings.NewReader(strings.Repeat(" ", 1001))),
	} {
		r := httptest.NewRequest(http.MethodPost, "/rest/request", body)
		r.Header.Set("Content-Type", mediaType)
		w := httptest.NewRecorder()
		mounted(c).ServeHTTP(w, r)
		if text := refused(t, name, w, 413); !strings.Contains(text, "1000 bytes") || w.Header().Get("Connection") != "close" {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestOverload: while all workers are busy requests are refused, with the time to wait; bodies that do not fit in the
// memory for them as well.
func TestOverload(t *testing.T) {
	c := usual()
	c.Gate = limit.NewGate(1, time.Millisecond)
	h := mounted(c)
	body := javaBody(elmo17, elm32, file(t, "elmo/one-course.xml"))
	at, free := make(chan struct{}), make(chan struct{})
	var gone sync.WaitGroup
	gone.Go(func() {
		_, _ = limit.Do(context.Background(), c.Gate, func() (int, error) { close(at); <-free; return 0, nil }, func() {})
	})
	<-at
	w := post(h, "/rest/request", body)
	if refused(t, "busy", w, 503); w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	close(free)
	gone.Wait()
	good(t, post(h, "/rest/request", body))

	c.Budget = limit.NewBudget(1 << 20)
	w = post(mounted(c), "/rest/request", strings.Repeat(" ", 2<<20))
	if refused(t, "full", w, 503); w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestTime: work that takes too long is given up, that of several targets between them; so it is when the client
// has gone.
func TestTime(t *testing.T) {
	xml, err := elmo.Marshal(elmotest.Courses(300), elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := usual()
	c.Time = time.Millisecond
	refused(t, "time", post(mounted(c), "/rest/request", javaBody(elmo17, elm32, xml)), 503)
	for c.Gate.Working() > 0 || c.Budget.Used() > 0 { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	q := &request[[]protocol]{From: elmo17, To: []protocol{elm32}, Content: encoded(file(t, "elmo/one-course.xml"))}
	if _, err := (&handlers{usual()}).several(ctx, q, usual().Budget.Share()); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestCutOff: a connection that fails in the middle of a body.
func TestCutOff(t *testing.T) {
	for err, status := range map[error]int{io.ErrUnexpectedEOF: 400, os.ErrDeadlineExceeded: 408, errors.New("reset"): 400} {
		for _, sent := range []string{"", `{"From"`, `{"From":{`, `{"Content":"QUFB`, `{"Content":""`, `{}`} {
			r := httptest.NewRequest(http.MethodPost, "/rest/request", io.MultiReader(strings.NewReader(sent), failing{err}))
			r.Header.Set("Content-Type", mediaType)
			w := httptest.NewRecorder()
			mounted(usual()).ServeHTTP(w, r)
			refused(t, sent, w, status)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
