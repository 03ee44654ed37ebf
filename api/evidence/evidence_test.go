package evidence_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/big"
	mathrand "math/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/demo"
	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/state"
	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/mapping"
	"elmobridge/testdata/judge"
)

var ctx = context.Background()

// portal is a client as a channel names it.
var portal = evidence.Caller{Channel: "rest", Client: "portal", Request: "R1",
	Sources: []string{"demo", "none", "sure", "kari", "not-xml", "damaged", "down", "strange", "empty"}}

const shown = "to-employer-1" // key of a text of consent

func newStore(t testing.TB) *state.Store {
	t.Helper()
	key := make([]byte, state.KeySize)
	_, _ = rand.Read(key)
	s, err := state.New(state.NewMemory(64<<20), key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// usual is a configuration with the demo as its source.
func usual(t testing.TB) evidence.Config {
	return evidence.Config{Store: newStore(t), Sources: map[string]evidence.Provider{"demo": {Source: demo.Source{}}},
		Texts: []string{shown}, Options: convert.Options{Display: convert.DisplayMinimal}, Gate: limit.NewGate(2, time.Minute)}
}

func service(t testing.TB, c evidence.Config) *evidence.Service {
	t.Helper()
	s, err := evidence.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fixed is a source with one answer.
type fixed struct {
	data []byte
	err  error
}

func (f fixed) Results(context.Context, evidence.Learner) ([]byte, error) { return f.data, f.err }

// withSource is a service with another source than the demo.
func withSource(t testing.TB, src evidence.Source) *evidence.Service {
	c := usual(t)
	c.Sources = map[string]evidence.Provider{"demo": {Source: src}}
	return service(t, c)
}

// anybody is a learner whom nothing is compared with.
var anybody = evidence.Learner{Identifiers: []evidence.Identifier{{Type: "matriculation", Value: "0815"}}}

// graduates are the learners of the demo who have results.
func graduates(t testing.TB) []demo.Learner {
	t.Helper()
	list := slices.DeleteFunc(demo.Learners(), func(l demo.Learner) bool { return l.Shows == "No results" })
	if len(list) < 6 {
		t.Fatal(len(list))
	}
	return list
}

func begin(t testing.TB, s *evidence.Service, l evidence.Learner) state.Token {
	t.Helper()
	token, err := s.Begin(ctx, portal, "demo", l)
	if err != nil {
		t.Fatal(err)
	}
	return token.Token
}

func consent(t testing.TB, s *evidence.Service, session state.Token, f convert.Format, keys ...string) state.Token {
	t.Helper()
	code, err := s.Consent(ctx, portal, session, evidence.Consent{Results: keys, Format: f, Text: shown})
	if err != nil {
		t.Fatal(err)
	}
	return code.Token
}

// deliver hands over as it is.
func deliver(s *evidence.Service, by evidence.Caller, code state.Token) (*evidence.Delivery, error) {
	return evidence.Deliver(ctx, s, by, code, func(d *evidence.Delivery) (*evidence.Delivery, error) { return d, nil })
}

// chosen goes through all steps.
func chosen(t testing.TB, s *evidence.Service, l evidence.Learner, f convert.Format, keys ...string) *evidence.Delivery {
	t.Helper()
	d, err := deliver(s, portal, consent(t, s, begin(t, s, l), f, keys...))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// is tells whether an error is a problem of a type.
func is(t testing.TB, what string, err error, want *problem.Type) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want %s", what, want.Name)
	} else if p := problem.Of(err); p.Name() != want.Name {
		t.Errorf("%s: %s (%v), want %s", what, p.Name(), err, want.Name)
	}
}

func read(t testing.TB, data []byte) *elmo.Document {
	t.Helper()
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestEverything: what is chosen whole is handed over byte for byte, also when it is chosen piece by piece and nothing
// is beside the pieces.
func TestEverything(t *testing.T) {
	s := service(t, usual(t))
	for _, l := range graduates(t) {
		source, err := demo.Source{}.Results(ctx, l.Learner)
		if err != nil {
			t.Fatal(err)
		}
		d := chosen(t, s, l.Learner, convert.FormatELMO, evidence.Everything)
		if !d.Intact || len(d.Parts) != 1 || !bytes.Equal(d.Parts[0], source) || !bytes.Equal(d.Document, source) || len(d.Report.Entries()) != 0 {
			t.Errorf("%s: intact %v, %d bytes of %d, %v", l.Shows, d.Intact, len(d.Parts[0]), len(source), d.Report.Entries())
		}
	}
	modules := graduates(t)[4].Learner
	if d := chosen(t, s, modules, convert.FormatELMO, "report[1]/learningOpportunitySpecification[1]"); !d.Intact {
		t.Error("the only result of the only report is not everything")
	}
	if d := chosen(t, s, graduates(t)[0].Learner, convert.FormatELMO, "report[1]"); d.Intact {
		t.Error("the transcript was not chosen, but handed over")
	}
}

// keysOf are all keys of an offer but that of everything.
func keysOf(o *evidence.Offer) []string {
	var keys []string
	var add func(list []evidence.OfferedResult)
	add = func(list []evidence.OfferedResult) {
		for _, r := range list {
			keys = append(keys, r.Key)
			add(r.Parts)
		}
	}
	for _, r := range o.Reports {
		keys = append(keys, r.Key)
		add(r.Results)
	}
	return keys
}

// TestSingles: every single choice of every learner is a valid document with that result and no other, and what the
// learner left out is in no report.
func TestSingles(t *testing.T) {
	s := service(t, usual(t))
	var files []string
	for _, l := range graduates(t) {
		o, err := s.Offer(ctx, portal, begin(t, s, l.Learner))
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keysOf(o) {
			d := chosen(t, s, l.Learner, convert.FormatELMO, key)
			doc := read(t, d.Parts[0])
			if len(doc.Reports) != 1 && !d.Intact || doc.Learner.FamilyName != l.FamilyName || doc.Signature != (elmo.Raw{}) {
				t.Errorf("%s, %s: %d reports", l.Shows, key, len(doc.Reports))
			}
			if !strings.HasSuffix(key, "]") || strings.Contains(key, "/") {
				title := titleOf(o, key)
				if got := doc.Reports[0].LearningOpportunitySpecifications; len(got) != 1 || got[0].Titles[0].Value != title {
					t.Errorf("%s, %s: not what was chosen", l.Shows, key)
				}
			}
			if n := len(d.Report.Entries()); n != 0 {
				t.Errorf("%s, %s: %v", l.Shows, key, d.Report.Entries())
			}
			name := filepath.Join(t.TempDir(), fmt.Sprint(len(files), ".xml"))
			if err := os.WriteFile(name, d.Parts[0], 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, name)
		}
	}
	if len(files) < 25 {
		t.Fatalf("only %d choices", len(files))
	}
	for name, valid := range judge.ELMO(t, "1.7.0", files...) {
		if !valid {
			t.Errorf("%s is invalid", name)
		}
	}
}

// TestFiles: every part of the documents of the repository, ELMO 2.0 among them, is valid.
func TestFiles(t *testing.T) {
	names, err := filepath.Glob("../../testdata/elmo/*.xml")
	if err != nil || len(names) < 7 {
		t.Fatal(names, err)
	}
	parts := map[string][]string{} // by version
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := withSource(t, fixed{data: data})
		o, err := s.Offer(ctx, portal, begin(t, s, anybody))
		if err != nil {
			t.Fatal(err)
		}
		for i, key := range keysOf(o) {
			d := chosen(t, s, anybody, convert.FormatELMO, key)
			if d.Intact {
				continue
			}
			part := filepath.Join(t.TempDir(), fmt.Sprint(i, ".xml"))
			if err := os.WriteFile(part, d.Parts[0], 0o600); err != nil {
				t.Fatal(err)
			}
			parts[d.Report.Target.Version] = append(parts[d.Report.Target.Version], part)
			if o.Reports[0].Recognitions > 0 && strings.Contains(key, "learningOpportunity") && bytes.Contains(d.Parts[0], []byte("resultOfRecognition")) {
				t.Errorf("%s, %s: a recognition was not chosen", name, key)
			}
		}
	}
	if len(parts["1.7"]) < 10 || len(parts["2.0"]) == 0 {
		t.Fatal(parts)
	}
	for version, files := range parts {
		for file, valid := range judge.ELMO(t, version+".0", files...) {
			if !valid {
				t.Errorf("%s is invalid in %s", file, version)
			}
		}
	}
}

// TestRandom: of random documents, what is chosen comes across as it was, and nothing else does.
func TestRandom(t *testing.T) {
	for seed := range int64(300) {
		r := mathrand.New(mathrand.NewSource(seed))
		data, err := elmo.Marshal(elmotest.RandomWith(r, elmotest.Options{Unknown: seed%2 == 0}), elmo.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		s := withSource(t, fixed{data: data})
		session, err := s.Begin(ctx, portal, "demo", anybody)
		if errors.Is(err, evidence.ErrNoResults) {
			continue
		}
		if err != nil {
			t.Fatal(seed, err)
		}
		all := specifications(read(t, data))
		keys := slices.Sorted(maps.Keys(all))
		if len(keys) == 0 {
			continue
		}
		key := keys[r.Intn(len(keys))]
		d, err := deliver(s, portal, consent(t, s, session.Token, convert.FormatELMO, key))
		if err != nil {
			t.Fatal(seed, err)
		}
		want := all[key]
		if !d.Intact {
			unsign(want)
		}
		got := read(t, d.Parts[0]).Reports
		if len(got) != 1 || len(got[0].LearningOpportunitySpecifications) != 1 || !reflect.DeepEqual(got[0].LearningOpportunitySpecifications[0], want) {
			t.Errorf("seed %d, %s: not as it was", seed, key)
		}
	}
}

// specifications are those of a document by their keys.
func specifications(doc *elmo.Document) map[string]*elmo.LearningOpportunitySpecification {
	all := map[string]*elmo.LearningOpportunitySpecification{}
	var add func(string, *elmo.LearningOpportunitySpecification)
	add = func(key string, los *elmo.LearningOpportunitySpecification) {
		all[key] = los
		for i, p := range los.HasParts {
			add(fmt.Sprintf("%s/hasPart[%d]/learningOpportunitySpecification", key, i+1), p.Specification)
		}
	}
	for i, r := range doc.Reports {
		for j, los := range r.LearningOpportunitySpecifications {
			add(fmt.Sprintf("report[%d]/learningOpportunitySpecification[%d]", i+1, j+1), los)
		}
	}
	return all
}

// unsign takes the signatures of supplements away.
func unsign(los *elmo.LearningOpportunitySpecification) {
	if loi := los.Specifies.Instance; loi != nil && loi.DiplomaSupplement != nil {
		loi.DiplomaSupplement.Signature = elmo.Raw{}
	}
	for _, p := range los.HasParts {
		unsign(p.Specification)
	}
}

func titleOf(o *evidence.Offer, key string) string {
	var find func(list []evidence.OfferedResult) string
	find = func(list []evidence.OfferedResult) string {
		for _, r := range list {
			if r.Key == key {
				return r.Titles[0].Text
			}
			if title := find(r.Parts); title != "" {
				return title
			}
		}
		return ""
	}
	for _, r := range o.Reports {
		if title := find(r.Results); title != "" {
			return title
		}
	}
	return ""
}

// TestChoice: what is kept around the chosen results.
func TestChoice(t *testing.T) {
	s := service(t, usual(t))
	list := graduates(t)
	for _, c := range []struct {
		learner  demo.Learner
		keys     []string
		has, not []string
	}{
		{list[0], []string{"report[1]/learningOpportunitySpecification[1]/hasPart[3]/learningOpportunitySpecification"}, []string{"FJ199", `localId="pass"`}, []string{"BA-FISH", `localId="A-F"`, "EMREX transcript"}},
		{list[0], []string{"report[1]"}, []string{"BA-FISH", `localId="pass"`, `localId="A-F"`}, []string{"EMREX transcript"}},
		{list[1], []string{"report[1]/learningOpportunitySpecification[3]"}, []string{"PHI001", `id="2025-2"`}, []string{"MAT100", "<status>failed", `id="2026-1"`}},
		{list[2], []string{"report[1]/learningOpportunitySpecification[1]"}, []string{"diplomaSupplement", "<type>Diploma</type>", "Diploma Supplement", `localId="2-5"`}, []string{"Wychowanie", `localId="zal"`}},
		{list[2], []string{"report[1]/learningOpportunitySpecification[2]"}, []string{"Wychowanie", `localId="zal"`}, []string{"attachment", "diplomaSupplement", "2-5"}},
		{list[3], []string{"report[2]/learningOpportunitySpecification[1]"}, []string{"Compilers", "A to F"}, []string{"Algorytmy", "Skala", "wzorowice", "Transcript of Records", "NOR1"}},
		{list[3], []string{"report[2]/learningOpportunitySpecification[1]", "report[1]/learningOpportunitySpecification[2]"}, []string{"INF210", "INF-2"}, []string{"INF-1", "NOR1", "Transcript"}},
		{list[3], []string{"report[1]/learningOpportunitySpecification[1]", "report[1]/learningOpportunitySpecification[2]", "report[2]"}, []string{"INF-1", "INF-2", "NOR1", "Transcript of Records"}, nil},
		{list[4], []string{"report[1]/learningOpportunitySpecification[1]/hasPart[1]/learningOpportunitySpecification", "report[1]/learningOpportunitySpecification[1]/hasPart[1]/learningOpportunitySpecification/hasPart[2]/learningOpportunitySpecification"}, []string{"Module A", "Mechanics", "Waves"}, []string{"Module B", "Degree in"}},
		{list[5], []string{"report[1]/learningOpportunitySpecification[1]"}, []string{"image/png", "MC-7"}, []string{"Terms of the course"}},
	} {
		d := chosen(t, s, c.learner.Learner, convert.FormatELMO, c.keys...)
		for _, text := range c.has {
			if !bytes.Contains(d.Parts[0], []byte(text)) {
				t.Errorf("%s %v: %q is not there", c.learner.Shows, c.keys, text)
			}
		}
		for _, text := range c.not {
			if bytes.Contains(d.Parts[0], []byte(text)) {
				t.Errorf("%s %v: %q is there", c.learner.Shows, c.keys, text)
			}
		}
		if d.Intact != (c.not == nil) {
			t.Errorf("%s %v: intact %v", c.learner.Shows, c.keys, d.Intact)
		}
	}
}

// TestReferences: names that several reports use are those of the own report, else those of the document; what a result
// that was not chosen refers to is left out.
func TestReferences(t *testing.T) {
	report := func(n int) string {
		return fmt.Sprintf(`<report><issuer><identifier type="schac">%[1]d.example.org</identifier><title>I%[1]d</title><url>https://%[1]d.example.org</url></issuer>
<learningOpportunitySpecification><title>chosen %[1]d</title><specifies><learningOpportunityInstance><gradingSchemeLocalId>s</gradingSchemeLocalId>
<attachments><ref>own</ref><ref>root</ref></attachments></learningOpportunityInstance></specifies></learningOpportunitySpecification>
<learningOpportunitySpecification><title>other %[1]d</title><specifies><learningOpportunityInstance><attachments><ref>secret</ref></attachments></learningOpportunityInstance></specifies></learningOpportunitySpecification>
<issueDate>2026-01-01T00:00:00Z</issueDate><gradingScheme localId="s"><description>scheme %[1]d</description></gradingScheme>
<attachment><identifier type="elmo">own</identifier><title>own file %[1]d</title></attachment></report>`, n)
	}
	data := []byte(`<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><generatedDate>2026-01-01T00:00:00Z</generatedDate><learner><givenNames>A</givenNames><familyName>B</familyName></learner>` +
		report(1) + report(2) + `<attachment><identifier type="elmo">own</identifier><title>root own</title></attachment>
<attachment><identifier type="elmo">root</identifier><title>root file</title></attachment><attachment><identifier type="elmo">secret</identifier><title>secret file</title></attachment>
<extension><x xmlns="urn:x">about all</x></extension></elmo>`)
	s := withSource(t, fixed{data: data})
	part := string(chosen(t, s, anybody, convert.FormatELMO, "report[1]/learningOpportunitySpecification[1]").Parts[0])
	for text, want := range map[string]bool{"chosen 1": true, "scheme 1": true, "own file 1": true, "root file": true, "other 1": false, "chosen 2": false,
		"scheme 2": false, "own file 2": false, "root own": false, "secret file": false, "about all": false} {
		if strings.Contains(part, text) != want {
			t.Errorf("%q: %v in %s", text, !want, part)
		}
	}
	bare := append(bytes.Clone(data[:bytes.Index(data, []byte("<report>"))]), report(1)+`<extension><x xmlns="urn:x">about all</x></extension></elmo>`...)
	if d := chosen(t, withSource(t, fixed{data: bare}), anybody, convert.FormatELMO, "report[1]"); d.Intact || bytes.Contains(d.Parts[0], []byte("about all")) {
		t.Error("the extension was not chosen")
	}
	part = string(chosen(t, s, anybody, convert.FormatELMO, "report[2]").Parts[0])
	for text, want := range map[string]bool{"chosen 2": true, "other 2": true, "own file 2": true, "root file": true, "secret file": true, "root own": false, "chosen 1": false} {
		if strings.Contains(part, text) != want {
			t.Errorf("%q: %v in %s", text, !want, part)
		}
	}
}

// signedDocument is the document of a learner of the demo with a signature, and one in its supplement.
func signedDocument(t *testing.T, l demo.Learner) []byte {
	t.Helper()
	data, err := demo.Source{}.Results(ctx, l.Learner)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		if data, err = elmo.Sign(data, key, []*x509.Certificate{certificate}, elmo.SignOptions{Supplement: 1 - n}); err != nil {
			t.Fatal(err)
		}
	}
	return data
}

// TestSignature: the signature of everything survives to the byte; of a part it is lost, and the report says so.
func TestSignature(t *testing.T) {
	l := graduates(t)[2]
	data := signedDocument(t, l)
	s := withSource(t, fixed{data: data})
	if d := chosen(t, s, l.Learner, convert.FormatELMO, evidence.Everything); !bytes.Equal(d.Parts[0], data) {
		t.Error("not the bytes that were signed")
	}
	o, err := s.Offer(ctx, portal, begin(t, s, l.Learner))
	if err != nil || !o.Signed {
		t.Errorf("signed: %v %v", o, err)
	}
	for _, f := range []convert.Format{convert.FormatELMO, convert.FormatEDC} {
		d := chosen(t, s, l.Learner, f, "report[1]/learningOpportunitySpecification[1]")
		if bytes.Contains(d.Parts[0], []byte("SignatureValue")) {
			t.Error("a signature that does not hold is handed over")
		}
		var lost []string
		for _, e := range d.Report.Losses {
			if e.Reason == mapping.Signature && e.Verdict == mapping.Dropped {
				lost = append(lost, e.Source)
			}
		}
		want := []string{"Signature", "report[1]/learningOpportunitySpecification[1]/specifies/learningOpportunityInstance/diplomaSupplement/Signature"}
		if !slices.Equal(lost, want) {
			t.Errorf("%s: lost %q", f, lost)
		}
		n := 0
		for _, e := range d.Report.Entries() {
			if e.Verdict == mapping.Dropped {
				n++
			}
		}
		if d.Report.Counts[mapping.Dropped] != n {
			t.Errorf("%s: %d dropped are counted, %d listed", f, d.Report.Counts[mapping.Dropped], n)
		}
	}
}

// TestVersions: a part is written in the version it came in where that is 2.0, else in the last 1.x.
func TestVersions(t *testing.T) {
	for version, want := range map[elmo.Version]elmo.Version{elmo.V13: elmo.V17, elmo.V17: elmo.V17, elmo.V20: elmo.V20, elmo.V20v2: elmo.V20v2} {
		source, _ := demo.Source{}.Results(ctx, graduates(t)[0].Learner)
		doc, _, err := convert.ToVersion(read(t, source), convert.Options{ELMOVersion: version})
		if err != nil {
			t.Fatal(err)
		}
		data, err := elmo.Marshal(doc, elmo.WriteOptions{Version: version})
		if err != nil {
			t.Fatal(err)
		}
		d := chosen(t, withSource(t, fixed{data: data}), graduates(t)[0].Learner, convert.FormatELMO, "report[1]/learningOpportunitySpecification[1]/hasPart[1]/learningOpportunitySpecification")
		name := filepath.Join(t.TempDir(), "part.xml")
		if err := os.WriteFile(name, d.Parts[0], 0o600); err != nil {
			t.Fatal(err)
		}
		if d.Report.Target.Version != string(want) || !judge.ELMO(t, map[elmo.Version]string{elmo.V17: "1.7.0", elmo.V20: "2.0.0", elmo.V20v2: "2.0.0-ns-v2"}[want], name)[name] {
			t.Errorf("%s: %s, or not valid", version, d.Report.Target.Version)
		}
	}
}

// TestCredentials: a credential is what package convert makes of the same document, and so is the report.
func TestCredentials(t *testing.T) {
	c := usual(t)
	s := service(t, c)
	for _, l := range graduates(t) {
		for _, key := range []string{evidence.Everything, "report[1]/learningOpportunitySpecification[1]"} {
			xml, edc := chosen(t, s, l.Learner, convert.FormatELMO, key), chosen(t, s, l.Learner, convert.FormatEDC, key)
			list, report, err := convert.ToEDC(read(t, xml.Parts[0]), c.Options)
			if err != nil || len(list) != len(edc.Parts) {
				t.Fatalf("%s: %d credentials, %v", l.Shows, len(list), err)
			}
			for i := range list {
				if !bytes.Equal(convert.AppendEDC(nil, list[i], c.Options), edc.Parts[i]) {
					t.Errorf("%s %s: another credential", l.Shows, key)
				}
			}
			want, _ := json.Marshal(report)
			if got, _ := json.Marshal(edc.Report); !bytes.Equal(got, want) {
				t.Errorf("%s %s: another report", l.Shows, key)
			}
		}
	}
}

// TestOffer: what the learner sees.
func TestOffer(t *testing.T) {
	s := service(t, usual(t))
	o, err := s.Offer(ctx, portal, begin(t, s, graduates(t)[4].Learner))
	if err != nil {
		t.Fatal(err)
	}
	r := o.Reports[0].Results[0].Parts[0].Parts[1]
	if o.Learner.GivenNames != "Ελένη" || o.Reports[0].Country != "GR" || r.Titles[1] != (evidence.Text{Language: "en", Text: "Waves"}) || r.Result != "7" ||
		r.Credits[0] != (evidence.OfferedCredit{Scheme: "ects", Value: "6"}) || r.Date != "2021-06-25" || r.Status != "passed" || o.Signed {
		t.Errorf("%+v", o)
	}
	o, err = s.Offer(ctx, portal, begin(t, s, graduates(t)[2].Learner))
	if err != nil || len(o.Reports[0].Attachments) != 2 || o.Reports[0].Attachments[0].Type != "Diploma" {
		t.Errorf("%v %+v", err, o)
	}
}

// TestBeginRefused: who may not be asked about, or what a source answers.
func TestBeginRefused(t *testing.T) {
	c := usual(t)
	kari := graduates(t)[0].Learner
	xml, _ := demo.Source{}.Results(ctx, kari)
	other := graduates(t)[1].Learner
	born := evidence.Learner{FamilyName: "X", DateOfBirth: "1990-01-01"}
	for name, src := range map[string]evidence.Source{
		"kari": fixed{data: xml}, "not-xml": fixed{data: []byte("x")}, "down": fixed{err: fmt.Errorf("%w: why", evidence.ErrUnavailable)}, "strange": fixed{err: errors.New("x")},
		"damaged": fixed{err: evidence.ErrDamaged}, "empty": fixed{data: xml[:bytes.Index(xml, []byte("<report>"))]}, "sure": demo.Source{},
	} {
		if name == "empty" {
			src = fixed{data: append(bytes.Clone(src.(fixed).data), "</elmo>"...)}
		}
		c.Sources[name] = evidence.Provider{Source: src, Assurance: map[string]evidence.Assurance{"sure": evidence.High}[name]}
	}
	s := service(t, c)
	long := strings.Repeat("x", 300)
	for _, c := range []struct {
		source  string
		learner evidence.Learner
		want    *problem.Type
	}{
		{"none", kari, problem.Forbidden},
		{"sure", kari, problem.LowAssurance},
		{"demo", evidence.Learner{}, problem.BadRequest},
		{"demo", evidence.Learner{FamilyName: "X", DateOfBirth: "1.1.1990"}, problem.BadRequest},
		{"demo", evidence.Learner{FamilyName: "a\x00b", DateOfBirth: "1990-01-01"}, problem.BadRequest},
		{"demo", evidence.Learner{Identifiers: []evidence.Identifier{{Type: "x"}}}, problem.BadRequest},
		{"demo", evidence.Learner{Identifiers: []evidence.Identifier{{Type: "x", Value: long}}}, problem.BadRequest},
		{"demo", evidence.Learner{Identifiers: slices.Repeat([]evidence.Identifier{{Type: "x", Value: "y"}}, 17)}, problem.BadRequest},
		{"demo", anybody, problem.UnknownLearner},
		{"demo", born, problem.UnknownLearner},
		{"demo", demo.Learners()[6].Learner, problem.NoLearnerResults},
		{"kari", other, problem.OtherLearner},
		{"kari", born, problem.OtherLearner},
		{"not-xml", kari, problem.SourceDamaged},
		{"damaged", kari, problem.SourceDamaged},
		{"down", kari, problem.SourceUnavailable},
		{"strange", kari, problem.SourceUnavailable},
		{"empty", kari, problem.NoLearnerResults},
	} {
		_, err := s.Begin(ctx, portal, c.source, c.learner)
		is(t, c.source, err, c.want)
	}
	_, err := s.Begin(ctx, evidence.Caller{Channel: "rest", Client: "portal", Sources: []string{"sure"}}, "demo", kari)
	is(t, "a source that is not the client's", err, problem.Forbidden)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err = s.Begin(gone, portal, "down", kari)
	is(t, "gone", err, problem.Cancelled)
	if _, err := s.Begin(ctx, portal, "kari", anybody); err != nil {
		t.Error("nothing to compare:", err)
	}
}

// TestSteps: each step once and in order, and by nobody else.
func TestSteps(t *testing.T) {
	s := service(t, usual(t))
	l := graduates(t)[0].Learner
	session := begin(t, s, l)
	everything := evidence.Consent{Results: []string{evidence.Everything}, Format: convert.FormatELMO, Text: shown}
	for _, by := range []evidence.Caller{{Channel: "rest", Client: "other"}, {Channel: "emrex", Client: "portal"}} {
		_, err := s.Offer(ctx, by, session)
		is(t, "offer", err, problem.SessionOver)
		_, err = s.Consent(ctx, by, session, everything)
		is(t, "consent", err, problem.SessionOver)
		is(t, "cancel", s.Cancel(ctx, by, session), problem.SessionOver)
	}
	for _, c := range []evidence.Consent{
		{}, {Results: everything.Results, Format: "pdf", Text: shown}, {Results: everything.Results, Format: convert.FormatEDC, Text: "other"},
		{Format: convert.FormatELMO, Text: shown}, {Results: []string{"report[2]"}, Format: convert.FormatELMO, Text: shown},
		{Results: []string{evidence.Everything, ""}, Format: convert.FormatELMO, Text: shown},
	} {
		_, err := s.Consent(ctx, portal, session, c)
		is(t, fmt.Sprint(c), err, problem.BadRequest)
	}
	code := consent(t, s, session, convert.FormatELMO, evidence.Everything)
	_, err := s.Offer(ctx, portal, session)
	is(t, "offer after consent", err, problem.Conflict)
	_, err = s.Consent(ctx, portal, session, everything)
	is(t, "second consent", err, problem.Conflict)
	_, err = deliver(s, evidence.Caller{Channel: "rest", Client: "other"}, code)
	is(t, "somebody else's code", err, problem.CodeOver)
	_, err = deliver(s, portal, session)
	is(t, "a session for a code", err, problem.CodeOver)
	_, err = evidence.Deliver(ctx, s, portal, code, func(*evidence.Delivery) (int, error) { return 0, problem.New(problem.Unacceptable, "") })
	is(t, "no form", err, problem.Unacceptable)
	if _, err := deliver(s, portal, code); err != nil {
		t.Error("after a form that failed:", err)
	}
	_, err = deliver(s, portal, code)
	is(t, "twice", err, problem.CodeOver)
	is(t, "cancel after delivery", s.Cancel(ctx, portal, session), problem.Conflict)
	is(t, "cancel twice", s.Cancel(ctx, portal, session), problem.SessionOver)
}

// TestCancel: a session ends with its code.
func TestCancel(t *testing.T) {
	s := service(t, usual(t))
	session := begin(t, s, graduates(t)[0].Learner)
	if err := s.Cancel(ctx, portal, session); err != nil {
		t.Fatal(err)
	}
	_, err := s.Offer(ctx, portal, session)
	is(t, "offer", err, problem.SessionOver)
	session = begin(t, s, graduates(t)[0].Learner)
	code := consent(t, s, session, convert.FormatELMO, evidence.Everything)
	if err := s.Cancel(ctx, portal, session); err != nil {
		t.Fatal(err)
	}
	_, err = deliver(s, portal, code)
	is(t, "deliver", err, problem.CodeOver)
}

// race lets n callers do the same at the same time, and counts those who succeed.
func race(n int, do func() error) (won int, errs []error) {
	var (
		mu    sync.Mutex
		ready sync.WaitGroup
		done  sync.WaitGroup
	)
	ready.Add(n)
	for range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			err := do()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else {
				errs = append(errs, err)
			}
		})
	}
	done.Wait()
	return won, errs
}

// TestRace: of 50 callers one consents, and one gets the delivery.
func TestRace(t *testing.T) {
	s := service(t, usual(t))
	session := begin(t, s, graduates(t)[5].Learner)
	codes := make(chan state.Token, 50)
	won, errs := race(50, func() error {
		code, err := s.Consent(ctx, portal, session, evidence.Consent{Results: []string{evidence.Everything}, Format: convert.FormatEDC, Text: shown})
		if err == nil {
			codes <- code.Token
		}
		return err
	})
	if won != 1 {
		t.Fatalf("%d consents", won)
	}
	for _, err := range errs {
		is(t, "consent", err, problem.Conflict)
	}
	code := <-codes
	won, errs = race(50, func() error { _, err := deliver(s, portal, code); return err })
	if won != 1 {
		t.Fatalf("%d deliveries", won)
	}
	for _, err := range errs {
		is(t, "deliver", err, problem.CodeOver)
	}
}

// TestExpiry: by the clock at once, and by the store itself.
func TestExpiry(t *testing.T) {
	c := usual(t)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c.Clock = func() time.Time { return now }
	s := service(t, c)
	l := graduates(t)[0].Learner
	token, err := s.Begin(ctx, portal, "demo", l)
	if err != nil || !token.Expires.Equal(now.Add(15*time.Minute)) {
		t.Fatal(token, err)
	}
	now = now.Add(15*time.Minute - 1)
	code, err := s.Consent(ctx, portal, token.Token, evidence.Consent{Results: []string{evidence.Everything}, Format: convert.FormatELMO, Text: shown})
	if err != nil || !code.Expires.Equal(now.Add(5*time.Minute)) {
		t.Fatal(code, err)
	}
	now = now.Add(5 * time.Minute)
	_, err = s.Offer(ctx, portal, token.Token)
	is(t, "session", err, problem.SessionOver)
	_, err = deliver(s, portal, code.Token)
	is(t, "code", err, problem.CodeOver)

	c = usual(t)
	c.SessionLife, c.Clock = time.Second, func() time.Time { return time.Time{} } // a clock that stands still
	s = service(t, c)
	session := begin(t, s, l)
	for err = nil; err == nil; { // the test fails by its own time limit
		_, err = s.Offer(ctx, portal, session)
	}
	is(t, "the store forgets", err, problem.SessionOver)
}

// TestStoreFails: without a store nothing is handed over, and it is told which kind of fault that is.
func TestStoreFails(t *testing.T) {
	c := usual(t)
	s := service(t, c)
	l := graduates(t)[0].Learner
	session := begin(t, s, l)
	other := begin(t, s, l)
	code := consent(t, s, other, convert.FormatELMO, evidence.Everything)
	_ = c.Store.Close()
	_, err := s.Begin(ctx, portal, "demo", l)
	is(t, "begin", err, problem.StoreUnavailable)
	_, err = s.Offer(ctx, portal, session)
	is(t, "offer", err, problem.StoreUnavailable)
	_, err = deliver(s, portal, code)
	is(t, "deliver", err, problem.StoreUnavailable)
	is(t, "cancel", s.Cancel(ctx, portal, session), problem.StoreUnavailable)
}

// silent is an engine whose audit log cannot be written.
type silent struct{ *state.Memory }

func (silent) Append(context.Context, func([]byte) []byte) error { return state.ErrUnavailable }

// TestNoAudit: a step that cannot be added to the audit log is not done.
func TestNoAudit(t *testing.T) {
	key := make([]byte, state.KeySize)
	engine := state.NewMemory(1 << 20)
	open, _ := state.New(engine, key)
	mute, _ := state.New(silent{engine}, key)
	c := usual(t)
	c.Store = open
	fine := service(t, c)
	c.Store = mute
	s := service(t, c)
	l := graduates(t)[0].Learner
	_, err := s.Begin(ctx, portal, "demo", l)
	is(t, "begin", err, problem.StoreUnavailable)
	session := begin(t, fine, l)
	_, err = s.Offer(ctx, portal, session)
	is(t, "offer", err, problem.StoreUnavailable)
	_, err = s.Consent(ctx, portal, session, evidence.Consent{Results: []string{evidence.Everything}, Format: convert.FormatELMO, Text: shown})
	is(t, "consent", err, problem.StoreUnavailable)
	code := consent(t, fine, begin(t, fine, l), convert.FormatELMO, evidence.Everything)
	_, err = deliver(s, portal, code)
	is(t, "deliver", err, problem.StoreUnavailable)
}

// events are the records of the audit log.
func events(t testing.TB, s *state.Store) (list []state.Event, all string) {
	t.Helper()
	err := s.Events(ctx, func(line []byte) error {
		var e state.Event
		all += string(line) + "\n"
		list = append(list, e)
		return json.Unmarshal(line, &list[len(list)-1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, all
}

// TestAudit: every step is in the log with its outcome.
func TestAudit(t *testing.T) {
	c := usual(t)
	s := service(t, c)
	session := begin(t, s, graduates(t)[3].Learner)
	if _, err := s.Offer(ctx, portal, session); err != nil {
		t.Fatal(err)
	}
	_, _ = s.Consent(ctx, portal, session, evidence.Consent{})
	code := consent(t, s, session, convert.FormatELMO, "report[1]/learningOpportunitySpecification[2]")
	if _, err := deliver(s, portal, code); err != nil {
		t.Fatal(err)
	}
	_ = s.Cancel(ctx, portal, session)
	_, _ = s.Begin(ctx, portal, "elsewhere", graduates(t)[3].Learner)
	_, _ = s.Begin(ctx, portal, "demo", demo.Learners()[6].Learner)
	list, _ := events(t, c.Store)
	var got []string
	for _, e := range list {
		if e.Channel != "rest" || e.Client != "portal" || e.Request != "R1" || e.Time.IsZero() {
			t.Errorf("%+v", e)
		}
		got = append(got, fmt.Sprint(e.Name, " ", e.Source, " ", e.Outcome, " ", e.Consent, " ", e.Count))
	}
	want := []string{"begun demo ok  4", "offered demo ok  0", "consented demo bad-request  0", "consented demo ok to-employer-1 1", "delivered demo ok to-employer-1 1",
		"cancelled demo conflict  0", "begun  forbidden  0", "begun demo no-learner-results  0"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestNothingPersonal: neither the audit log, nor the log, nor an error, nor what the engine holds has anything of a
// learner in it, whatever goes wrong.
func TestNothingPersonal(t *testing.T) {
	var log bytes.Buffer
	engine := &watched{Memory: state.NewMemory(64 << 20)}
	c := usual(t)
	c.Store, _ = state.New(engine, make([]byte, state.KeySize))
	c.Log = slog.New(slog.NewJSONHandler(&log, nil))
	kari := graduates(t)[0].Learner
	xml, _ := demo.Source{}.Results(ctx, kari)
	c.Sources["kari"], c.Sources["damaged"] = evidence.Provider{Source: fixed{data: xml}}, evidence.Provider{Source: fixed{data: xml[:len(xml)/2]}}
	s := service(t, c)
	said := ""
	tell := func(err error) {
		if err != nil {
			said += err.Error() + problem.Of(err).Error() + "\n"
		}
	}
	var secrets []string
	for _, l := range demo.Learners() {
		secrets = append(secrets, l.GivenNames, l.FamilyName, l.Identifiers[0].Value, l.DateOfBirth)
		for _, source := range []string{"demo", "kari", "damaged", l.FamilyName} {
			token, err := s.Begin(ctx, portal, source, l.Learner)
			tell(err)
			if err != nil {
				continue
			}
			_, err = s.Consent(ctx, portal, token.Token, evidence.Consent{Results: []string{l.FamilyName}, Format: convert.FormatEDC, Text: shown})
			tell(err)
			_, err = s.Consent(ctx, portal, token.Token, evidence.Consent{Text: l.FamilyName, Format: convert.Format(l.GivenNames)})
			tell(err)
			tell(s.Cancel(ctx, evidence.Caller{}, token.Token))
		}
		wrong := l.Learner
		wrong.DateOfBirth += "x"
		_, err := s.Begin(ctx, portal, "demo", wrong)
		tell(err)
	}
	_, audit := events(t, c.Store)
	if said == "" || log.Len() == 0 || engine.seen.Len() == 0 || audit == "" {
		t.Fatal("nothing was said")
	}
	for _, secret := range secrets {
		for what, text := range map[string]string{"an error": said, "the log": log.String(), "the audit log": audit, "the engine": engine.seen.String()} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in %s", secret, what)
			}
		}
	}
}

// watched is an engine that shows what it is given, and which of its entries are there.
type watched struct {
	*state.Memory
	mu      sync.Mutex
	seen    bytes.Buffer
	entries map[string]int // sizes by key
}

func (w *watched) saw(key string, value []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen.WriteString(key)
	w.seen.Write(value)
	if w.entries == nil {
		w.entries = map[string]int{}
	}
	w.entries[key] = len(value)
}

func (w *watched) Create(ctx context.Context, key string, value []byte, life time.Duration) (state.Revision, error) {
	w.saw(key, value)
	return w.Memory.Create(ctx, key, value, life)
}

func (w *watched) Swap(ctx context.Context, key string, value []byte, from state.Revision) (state.Revision, error) {
	r, err := w.Memory.Swap(ctx, key, value, from)
	if err == nil {
		w.saw(key, value)
	}
	return r, err
}

func (w *watched) Take(ctx context.Context, key string) ([]byte, error) {
	value, err := w.Memory.Take(ctx, key)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.entries, key)
	return value, err
}

// beaten is an engine in which somebody else is always faster.
type beaten struct{ *watched }

func (beaten) Swap(context.Context, string, []byte, state.Revision) (state.Revision, error) {
	return 0, state.ErrChanged
}

// TestBeaten: who loses the race for the consent leaves nothing behind.
func TestBeaten(t *testing.T) {
	engine := beaten{&watched{Memory: state.NewMemory(64 << 20)}}
	c := usual(t)
	c.Store, _ = state.New(engine, make([]byte, state.KeySize))
	s := service(t, c)
	session := begin(t, s, graduates(t)[0].Learner)
	_, err := s.Consent(ctx, portal, session, evidence.Consent{Results: []string{evidence.Everything}, Format: convert.FormatELMO, Text: shown})
	is(t, "beaten", err, problem.Conflict)
	if len(engine.entries) != 1 {
		t.Errorf("%d entries", len(engine.entries))
	}
}

// TestForgotten: after the consent the store has what was chosen, once, and nothing else; after the delivery nothing
// of the learner.
func TestForgotten(t *testing.T) {
	engine := &watched{Memory: state.NewMemory(64 << 20)}
	c := usual(t)
	c.Store, _ = state.New(engine, make([]byte, state.KeySize))
	s := service(t, c)
	l := graduates(t)[2].Learner // with files
	source, _ := demo.Source{}.Results(ctx, l)
	session := begin(t, s, l)
	codes := make(chan state.Token, 20)
	won, _ := race(20, func() error {
		code, err := s.Consent(ctx, portal, session, evidence.Consent{Results: []string{"report[1]/learningOpportunitySpecification[2]"}, Format: convert.FormatELMO, Text: shown})
		if err == nil {
			codes <- code.Token
		}
		return err
	})
	held := 0
	for _, size := range engine.entries {
		held += size
	}
	if won != 1 || len(engine.entries) != 2 || held > len(source) {
		t.Errorf("%d consents, %d entries, %d bytes of %d", won, len(engine.entries), held, len(source))
	}
	if _, err := deliver(s, portal, <-codes); err != nil {
		t.Fatal(err)
	}
	for key, size := range engine.entries {
		if !strings.HasPrefix(key, "evidence-session.") || size > 512 {
			t.Errorf("%d bytes of %s are left", size, key)
		}
	}
}

// TestNew: what a configuration lacks.
func TestNew(t *testing.T) {
	for what, change := range map[string]func(*evidence.Config){
		"store": func(c *evidence.Config) { c.Store = nil }, "gate": func(c *evidence.Config) { c.Gate = nil }, "sources": func(c *evidence.Config) { c.Sources = nil },
		"texts": func(c *evidence.Config) { c.Texts = nil }, "source": func(c *evidence.Config) { c.Sources["x"] = evidence.Provider{} },
		"assurance": func(c *evidence.Config) {
			c.Sources["demo"] = evidence.Provider{Source: demo.Source{}, Assurance: "highest"}
		},
		"options": func(c *evidence.Config) { c.Options.Keep = "all" },
	} {
		c := usual(t)
		change(&c)
		if _, err := evidence.New(c); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

// FuzzChoice: whatever is chosen, the answer is a problem of the request, or a document that can be read with no more
// than there was.
func FuzzChoice(f *testing.F) {
	for _, seed := range []string{"elmo", "report[1]", "report[1]/learningOpportunitySpecification[1]", "report[2]\nreport[1]/learningOpportunitySpecification[2]",
		"report[1]/learningOpportunitySpecification[1]/hasPart[1]/learningOpportunitySpecification", "report[01]", "report[1]/", "", "\x00", "elmo\nelmo"} {
		for n := range 6 {
			f.Add(n, seed)
		}
	}
	s := service(f, usual(f))
	list := graduates(f)
	f.Fuzz(func(t *testing.T, n int, keys string) {
		l := list[uint(n)%uint(len(list))].Learner
		session := begin(t, s, l)
		code, err := s.Consent(ctx, portal, session, evidence.Consent{Results: strings.Split(keys, "\n"), Format: convert.FormatELMO, Text: shown})
		if err != nil {
			is(t, keys, err, problem.BadRequest)
			_ = s.Cancel(ctx, portal, session)
			return
		}
		d, err := deliver(s, portal, code.Token)
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Cancel(ctx, portal, session)
		source, _ := demo.Source{}.Results(ctx, l)
		if got, most := len(specifications(read(t, d.Parts[0]))), len(specifications(read(t, source))); got == 0 || got > most || d.Intact != bytes.Equal(d.Parts[0], source) {
			t.Errorf("%d results of %d, intact %v", got, most, d.Intact)
		}
	})
}

// TestMisused: a session or a code that another client uses has leaked, and the audit log tells; one that never was does
// not.
func TestMisused(t *testing.T) {
	c := usual(t)
	s := service(t, c)
	session := begin(t, s, graduates(t)[0].Learner)
	code := consent(t, s, session, convert.FormatELMO, evidence.Everything)
	other := evidence.Caller{Channel: "rest", Client: "other", Request: "R2"}
	_, err := s.Offer(ctx, other, session)
	is(t, "offer", err, problem.SessionOver)
	_, err = deliver(s, other, code)
	is(t, "deliver", err, problem.CodeOver)
	_, err = deliver(s, other, state.NewToken())
	is(t, "no code", err, problem.CodeOver)
	var told []string
	if err := c.Store.Events(ctx, func(line []byte) error {
		var e state.Event
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if e.Client == "other" {
			told = append(told, e.Name+" "+e.Request+" "+e.Outcome)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if strings.Join(told, ", ") != "misused R2 session-over, misused R2 code-over" {
		t.Error(told)
	}
	if _, err := deliver(s, portal, code); err != nil {
		t.Errorf("the code is of no use any more: %v", err)
	}
}
