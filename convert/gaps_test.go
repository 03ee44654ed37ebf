package convert_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"elmobridge/convert"
	"elmobridge/mapping"
	"elmobridge/mapping/audit"
)

func TestGaps(t *testing.T) {
	entry := func(v mapping.Verdict, source string) convert.Entry {
		return convert.Entry{Row: "LOI-10", Verdict: v, Reason: mapping.NoCounterpart, Source: source, Value: "secret"}
	}
	var g convert.Gaps
	if list := g.List(); len(list) != 0 {
		t.Errorf("nothing was added: %+v", list)
	}
	part := "report[1]/learningOpportunitySpecification[1]/hasPart[2]/learningOpportunitySpecification/credit[1]"
	whole := "report[1]/learningOpportunitySpecification[2]/credit"
	g.Add(&convert.Input{}, &convert.Report{Losses: []convert.Entry{entry(mapping.Kept, part), entry(mapping.Kept, whole)}})
	g.Add(&convert.Input{}, &convert.Report{Losses: []convert.Entry{entry(mapping.Kept, whole), entry(mapping.Dropped, whole)}}, &convert.Report{})
	path := "report/learningOpportunitySpecification/credit" // no leaf: it belongs to the instance
	want := []convert.Gap{
		{Row: "LOI-10", Verdict: mapping.Dropped, Reason: mapping.NoCounterpart, Path: path, Side: audit.ELMO, Files: 1, Times: 1},
		{Row: "LOI-10", Verdict: mapping.Kept, Reason: mapping.NoCounterpart, Path: path, Side: audit.ELMO, Files: 2, Times: 3},
	}
	list := g.List()
	if g.Files != 2 || len(list) != len(want) {
		t.Fatalf("%d files, %+v", g.Files, list)
	}
	for i := range want {
		if !reflect.DeepEqual(list[i], want[i]) {
			t.Errorf("got %+v, want %+v", list[i], want[i])
		}
	}
}

// TestGapsOfDocument: each entry of a real report has the leaf of its path, with that leaf's proposals and no others.
func TestGapsOfDocument(t *testing.T) {
	in := readInput(t, "transcript.xml")
	_, report, err := convert.ToEDC(in.Document, convert.Options{Display: convert.DisplayMinimal})
	if err != nil {
		t.Fatal(err)
	}
	var g convert.Gaps
	g.Add(in, report)
	leaves := map[string]audit.Leaf{}
	for _, l := range audit.Leaves() {
		leaves[string(l.Side)+" "+l.Path] = l
	}
	for _, gap := range g.List() {
		if gap.Row == "LOI-10" && !slices.Equal(gap.Proposals, []string{"GAP-029"}) {
			t.Errorf("the level of a credit has the proposals %v", gap.Proposals)
		}
		if gap.Path == "generatedDate" && !slices.Equal(gap.Proposals, []string{"GAP-002"}) {
			t.Errorf("generatedDate has the proposals %v", gap.Proposals)
		}
		if l := leaves[string(gap.Side)+" "+gap.Leaf]; gap.Leaf == "" || !slices.Equal(l.Proposals, gap.Proposals) {
			t.Errorf("%s has the leaf %q and the proposals %v, that leaf has %v", gap.Path, gap.Leaf, gap.Proposals, l.Proposals)
		}
	}
}

// TestGapsOfCredentials: pointers lead into the credential that they are about, read or made.
func TestGapsOfCredentials(t *testing.T) {
	document := readInput(t, "two-issuers.xml")
	credentials, _, err := convert.ToEDC(document.Document, convert.Options{Display: convert.DisplayMinimal})
	if err != nil || len(credentials) != 2 {
		t.Fatalf("%d credentials, %v", len(credentials), err)
	}
	lost := func(source string) convert.Entry {
		return convert.Entry{Row: "EDC-07", Verdict: mapping.Kept, Reason: mapping.NoCounterpart, Source: source}
	}
	entries := []convert.Entry{
		lost("credential[1]/issuer/legalName"), lost("credential[2]/credentialSubject/patronymicName"), lost("credential[3]/credentialSubject"),
		lost("credential[0]/credentialSubject"), lost("/credentialSubject/nickname"), lost("presentation/holder"),
		{Row: "VER-01", Verdict: mapping.Kept, Target: "report[1]/resultOfRecognition[1]"}, lost(""),
	}
	var g convert.Gaps
	g.Add(&convert.Input{Credentials: credentials}, &convert.Report{Direction: mapping.ToELMO, Losses: entries})
	want := map[string]string{
		"credential/issuer/legalName": "elm EuropeanDigitalCredential/issuer", "credential/credentialSubject/patronymicName": "elm Person/patronymicName",
		"credential/credentialSubject": "elm ", "/credentialSubject/nickname": "elm ", "presentation/holder": "elm ",
		"report/resultOfRecognition": "elmo report/resultOfRecognition", "": "elm ",
	}
	for _, gap := range g.List() {
		if got := string(gap.Side) + " " + gap.Leaf; got != want[gap.Path] {
			t.Errorf("%s leads to %q, want %q", gap.Path, got, want[gap.Path])
		}
		if (gap.Leaf == "") && gap.Proposals != nil {
			t.Errorf("%s is in no standard and has the proposals %v", gap.Path, gap.Proposals)
		}
		delete(want, gap.Path)
	}
	if len(want) > 0 {
		t.Errorf("not counted: %v", want)
	}
}

func readInput(t *testing.T, name string) *convert.Input {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "elmo", name))
	if err != nil {
		t.Fatal(err)
	}
	in, err := convert.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return in
}
