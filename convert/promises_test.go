package convert_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"

	"github.com/google/go-cmp/cmp"
)

// TestSameBytes: the same input and options give the same bytes, and the input is not changed.
func TestSameBytes(t *testing.T) {
	for _, keep := range []convert.Keep{convert.KeepNotes, convert.KeepSource} {
		opt := options(keep)
		for _, s := range readableDocuments(t) {
			doc, err := elmo.Read(bytes.Clone(s.data), elmo.ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			before := doc.Clone()
			one, oneReport := credentialBytes(t, s, doc, opt)
			other, otherReport := credentialBytes(t, s, doc, opt)
			if !bytes.Equal(one, other) || !bytes.Equal(oneReport, otherReport) {
				t.Errorf("%s: not the same bytes", s.name)
			}
			before.Source, doc.Source = nil, nil
			if diff := cmp.Diff(before, doc); diff != "" {
				t.Errorf("%s: the document was changed:\n%s", s.name, diff)
			}
		}
	}
}

func credentialBytes(t *testing.T, s sample, doc *elmo.Document, opt convert.Options) (data, report []byte) {
	t.Helper()
	credentials, r, err := convert.ToEDC(doc, opt)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	for _, c := range credentials {
		data = append(data, convert.AppendEDC(nil, c, opt)...)
	}
	report, err = json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return data, report
}

// TestSameDocument: the same, to ELMO.
func TestSameDocument(t *testing.T) {
	for _, keep := range []convert.Keep{convert.KeepNotes, convert.KeepSource} {
		opt := options(keep)
		for _, s := range ownDocuments(t) {
			credentials := there(t, s.data, options(convert.KeepNotes))
			var before [][]byte
			for _, c := range credentials {
				before = append(before, edci.Append(nil, c))
			}
			one, other := documentBytes(t, credentials, opt), documentBytes(t, credentials, opt)
			if !bytes.Equal(one, other) {
				t.Errorf("%s: not the same bytes", s.name)
			}
			for i, c := range credentials {
				if !bytes.Equal(before[i], edci.Append(nil, c)) {
					t.Errorf("%s: the credential was changed", s.name)
				}
			}
		}
	}
}

func documentBytes(t *testing.T, credentials []*edci.EuropeanDigitalCredential, opt convert.Options) []byte {
	t.Helper()
	doc, _, err := convert.ToELMO(credentials, opt)
	if err != nil {
		t.Fatal(err)
	}
	xml, err := convert.WriteELMO(doc, opt)
	if err != nil {
		t.Fatal(err)
	}
	return xml
}

// TestOptionsChangeIDs: other options give other ids, for they may give another credential.
func TestOptionsChangeIDs(t *testing.T) {
	data := ownDocument(t, "one-course.xml")
	one, other := options(convert.KeepNotes), options(convert.KeepNotes)
	other.DefaultLanguage = "en"
	if there(t, data, one)[0].ID == there(t, data, other)[0].ID {
		t.Error("the same id")
	}
}

// TestRandomIDs: nothing links the credentials of a document, nor two conversions.
func TestRandomIDs(t *testing.T) {
	data := ownDocument(t, "two-issuers.xml")
	opt := options(convert.KeepNotes)
	opt.RandomIDs = true
	seen := map[string]bool{}
	for range 2 {
		for _, c := range there(t, data, opt) {
			if seen[c.ID] || c.ID == "" {
				t.Errorf("id %q twice", c.ID)
			}
			seen[c.ID] = true
			for _, id := range c.Identifier {
				if strings.HasPrefix(id.Notation, "sha-256:") {
					t.Error("the digest of the document links the credentials")
				}
			}
		}
	}
}

// TestNoValues: values of the learner are in no report, warning or error.
func TestNoValues(t *testing.T) {
	const marker = "Qzxwv"
	for _, s := range ownDocuments(t) {
		marked := mark(t, s.data, marker)
		trip, err := convert.RoundTrip(marked, options(convert.KeepNone))
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if n := bytes.Count(trip.Between[0], []byte(marker)); n < 3 {
			t.Errorf("%s: the marker comes only %d times", s.name, n)
		}
		for _, r := range []*convert.Report{trip.There, trip.Back} {
			noMarker(t, s.name, r, marker)
		}
	}
}

func noMarker(t *testing.T, name string, v any, marker string) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if i := bytes.Index(text, []byte(marker)); i >= 0 {
		t.Errorf("%s: a value stands in the report: …%s…", name, text[max(i-80, 0):i+20])
	}
}

// mark puts a marker before every text of a document that may hold anything.
func mark(t *testing.T, data []byte, marker string) []byte {
	t.Helper()
	text := string(data)
	for _, name := range []string{"givenNames", "familyName", "placeOfBirth", "birthName", "title", "description", "resultLabel", "identifier", "url", "ref", "grouping", "scheme"} {
		for _, open := range []string{"<" + name + ">", "<" + name + " "} {
			parts := strings.Split(text, open)
			for i := 1; i < len(parts); i++ {
				end := 0
				if strings.HasSuffix(open, " ") {
					end = strings.IndexByte(parts[i], '>') + 1
				}
				parts[i] = parts[i][:end] + marker + parts[i][end:]
			}
			text = strings.Join(parts, open)
		}
	}
	return []byte(text)
}

// TestErrorsWithoutValues: errors about documents and credentials that cannot be converted are safe to log.
func TestErrorsWithoutValues(t *testing.T) {
	const marker = "Qzxwv"
	course := string(mark(t, ownDocument(t, "one-course.xml"), marker))
	credential := string(convert.AppendEDC(nil, there(t, []byte(course), options(convert.KeepNotes))[0], convert.Options{}))
	broken := []string{
		strings.Replace(course, "</familyName>", "</familyNames>", 1),
		strings.Replace(course, marker, marker+"&nbsp;", 1),
		strings.Replace(course, "<elmo", "<!DOCTYPE "+marker+"><elmo", 1),
		strings.Replace(course, marker, marker+"\x01", 1),
		strings.Replace(course, "tree/v1", "tree/"+marker, 1),
		strings.Replace(credential, `"`+marker, `"\u0`+marker, 1),
		strings.Replace(credential, `"hasClaim"`, `"id":"`+marker+`","id"`, 1),
		strings.Replace(credential, `"type":"Person"`, `"type":"Organisation"`, 1),
		credential[:len(credential)/2],
		"[" + credential + "," + strings.Replace(credential, marker, marker+"a", 8) + "]",
	}
	for i, data := range broken {
		_, err := convert.RoundTrip([]byte(data), options(convert.KeepNotes))
		if err != nil && strings.Contains(err.Error(), marker) {
			t.Errorf("%d: a value stands in the error: %v", i, err)
		}
		if err == nil {
			t.Logf("%d is converted", i)
		}
	}
}

// TestInvalid: what the reader refuses is refused here.
func TestInvalid(t *testing.T) {
	files, err := filepath.Glob("../testdata/invalid/*.xml")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := convert.RoundTrip(data, convert.Options{}); err == nil && !strings.HasSuffix(f, "not-xml.xml") {
			t.Errorf("%s is converted", f)
		}
	}
}

// TestOptionsAreChecked: options that mean nothing are refused, with the name of the option.
func TestOptionsAreChecked(t *testing.T) {
	wrong := map[string]convert.Options{
		"keep":             {Keep: "all"},
		"display":          {Display: "none"},
		"default-language": {DefaultLanguage: "e n"},
		"name-language":    {NameLanguage: "-"},
		"primary-language": {PrimaryLanguage: "qq"},
		"birth-country":    {BirthCountry: "Norway"},
		"birthdate-zone":   {BirthdateZone: "CET"},
		"issued":           {Issued: "2024-06-30"},
		"elmo-version":     {ELMOVersion: "3.0"},
		"only-passed":      {OnlyPassed: true, Keep: convert.KeepSource},
	}
	for name, opt := range wrong {
		for what, err := range map[string]error{
			"ToEDC": second(convert.ToEDC(&elmo.Document{}, opt)), "ToELMO": second(convert.ToELMO(nil, opt)),
			"RoundTrip": first(convert.RoundTrip(nil, opt)), "Check": opt.Check(),
		} {
			if !errors.Is(err, convert.ErrOptions) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %s: %v", what, name, err)
			}
		}
	}
	if _, _, err := convert.ToEDC(nil, convert.Options{}); !errors.Is(err, convert.ErrNoDocument) {
		t.Error(err)
	}
}

func second[A, B any](_ A, _ B, err error) error { return err }
func first[A any](_ A, err error) error          { return err }

// TestVersions: a document goes to every version and comes back as it was.
func TestVersions(t *testing.T) {
	for _, s := range ownDocuments(t) {
		doc, err := elmo.Read(s.data, elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		homeVersion := elmo.V17
		if doc.Source.Version == elmo.V20 {
			homeVersion = elmo.V20
		}
		for _, v := range []elmo.Version{elmo.V10, elmo.V11, elmo.V12, elmo.V13, elmo.V14, elmo.V15, elmo.V16, elmo.V17, elmo.V20, elmo.V20v2} {
			opt := convert.Options{ELMOVersion: v}
			changed, report, err := convert.ToVersion(doc, opt)
			if err != nil {
				t.Fatalf("%s to %s: %v", s.name, v, err)
			}
			xml, err := convert.WriteELMO(changed, opt)
			if err != nil {
				t.Errorf("%s to %s: %v", s.name, v, err)
				continue
			}
			again, err := elmo.Read(xml, elmo.ReadOptions{})
			if err != nil {
				t.Errorf("%s to %s: %v", s.name, v, err)
				continue
			}
			home, _, err := convert.ToVersion(again, convert.Options{ELMOVersion: homeVersion})
			if err != nil {
				t.Fatal(err)
			}
			data, err := convert.WriteELMO(home, convert.Options{ELMOVersion: homeVersion})
			if err != nil {
				t.Errorf("%s by %s: %v", s.name, v, err)
				continue
			}
			differences, err := elmo.Diff(s.data, data)
			for _, d := range differences {
				if !added(report, d.Path) {
					t.Errorf("%s by %s: %s %s", s.name, v, d.Kind, d.Path)
				}
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
}

func added(r *convert.Report, path string) bool {
	for _, e := range r.Added {
		if e.Target == path {
			return true
		}
	}
	return false
}

// TestValues: with ReportValues the entries carry values, cut when they are long.
func TestValues(t *testing.T) {
	opt := options(convert.KeepNotes)
	opt.ReportValues = true
	trip, err := convert.RoundTrip(ownDocument(t, "transcript.xml"), opt)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"generatedDate":        "2024-08-20T09:30:00+02:00",
		"learner/placeOfBirth": "Turku, Finland",
		"report[1]/learningOpportunitySpecification[1]/specifies/learningOpportunityInstance/credit[1]":                                                                                                              "ects Master 120",
		"report[1]/learningOpportunitySpecification[1]/hasPart[1]/learningOpportunitySpecification/hasPart[2]/learningOpportunitySpecification/specifies/learningOpportunityInstance/resultDistribution/category[6]": "F 0",
	}
	for _, e := range trip.There.Losses {
		if v, ok := want[e.Source]; ok && e.Value != v {
			t.Errorf("%s: %q, want %q", e.Source, e.Value, v)
		}
		if e.Value == "" && e.Verdict != "normalised" {
			t.Errorf("%s has no value", e.Source)
		}
		delete(want, e.Source)
	}
	for path := range want {
		t.Errorf("%s is not in the report", path)
	}
}

// TestOriginalFile: with keep=source the file of the credential is an attachment of the document.
func TestOriginalFile(t *testing.T) {
	file := convert.AppendEDC(nil, there(t, ownDocument(t, "one-course.xml"), options(convert.KeepNotes))[0], convert.Options{})
	in, err := convert.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, report, err := convert.ToELMO(in.Credentials, convert.Options{Keep: convert.KeepSource})
	if err != nil {
		t.Fatal(err)
	}
	last := doc.Attachments[len(doc.Attachments)-1]
	content, ok := strings.CutPrefix(last.Contents[0].Value, "data:application/json;base64,")
	data, err := base64.StdEncoding.DecodeString(content)
	if !ok || err != nil || !bytes.Equal(data, file) {
		t.Errorf("%v %v", ok, err)
	}
	if report.Added[len(report.Added)-1].Row != "EDC-12" {
		t.Errorf("%v", report.Added)
	}
}

// TestDefaultsSpelledOut: an option that is left out is the same as its default, also in the ids.
func TestDefaultsSpelledOut(t *testing.T) {
	xml, err := os.ReadFile("../testdata/elmo/transcript.xml")
	if err != nil {
		t.Fatal(err)
	}
	var results []string
	for _, opt := range []convert.Options{{}, {Keep: convert.KeepNotes, Display: convert.DisplayDraw}} {
		in, err := convert.Read(xml)
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := convert.ToEDC(in.Document, opt)
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, string(convert.AppendEDC(nil, list[0], opt)))
	}
	if results[0] != results[1] {
		t.Error("the credentials differ")
	}
}
