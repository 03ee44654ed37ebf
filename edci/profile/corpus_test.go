package profile_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/profile"
	"elmobridge/testdata/judge"
)

// edgeCase is one of the corpus's hand-made documents with the verdict that is expected.
type edgeCase struct {
	Name     string
	Document json.RawMessage
	Expect   struct {
		Verdict    string
		Violations []struct{ At, Path, Constraint string }
		Outside    []struct{ At, Property string }
		CodeList   []string
		Dropped    []string
	}
}

func edgeCases(t testing.TB) []edgeCase {
	t.Helper()
	src, err := os.ReadFile(judge.Corpus(t, "elm", "samples", "own", "edge-cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []edgeCase
	if err := json.Unmarshal(src, &cases); err != nil || len(cases) != 47 {
		t.Fatal(len(cases), err)
	}
	return cases
}

// TestEdgeCases compares with the expectations of the corpus, which need no judge.
func TestEdgeCases(t *testing.T) {
	lists := codeLists(t)
	for _, c := range edgeCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			credentials, err := edci.Read(c.Document, edci.ReadOptions{})
			if err != nil && c.Name == "subjecttwo" {
				return // the reader refuses it, for the reason expected
			}
			if err != nil {
				t.Fatal(err)
			}
			s := credentials[0].Source
			found := profile.CheckSource(s, profile.Auto, profile.Options{InList: lists.has, Values: true})
			want := opinion{refused: c.Expect.Verdict == "error", lossy: len(c.Expect.Dropped) > 0}
			for _, v := range c.Expect.Violations {
				want.violations = append(want.violations, violation(strings.TrimSuffix(v.At, "/"), v.Path, v.Constraint))
			}
			got := ours(found)
			got.dropped = nil
			if !placed(s) { // the tree has other places than the document
				got.violations, want.violations = withoutPlaces(got.violations), withoutPlaces(want.violations)
			}
			if d := difference(got, want.sorted()); d != "" {
				t.Error(s.Form, d)
			}
			var outside, listed []string
			for _, f := range found {
				switch f.Rule {
				case "EDC-OUTSIDE":
					outside = append(outside, f.Focus+" "+f.Property)
				case "EDC-LIST":
					listed = append(listed, f.Value)
				}
			}
			var wantOutside []string
			for _, o := range c.Expect.Outside {
				wantOutside = append(wantOutside, o.At+" "+o.Property)
			}
			if !slices.Equal(outside, wantOutside) || !slices.Equal(listed, c.Expect.CodeList) {
				t.Error(outside, wantOutside, listed, c.Expect.CodeList)
			}
		})
	}
}

// withoutPlaces leaves the property and the kind of constraint.
func withoutPlaces(violations []string) []string {
	short := []string{}
	for _, v := range violations {
		_, rest, _ := strings.Cut(v, " ")
		short = append(short, rest)
	}
	slices.Sort(short)
	return slices.Compact(short)
}

// listTable are code lists by scheme.
type listTable map[string]map[string]bool

// has is Options.InList.
func (l listTable) has(scheme, id string) (known, member bool) {
	list, known := l[scheme]
	return known, list[id]
}

// codeLists reads the complete lists of the corpus.
func codeLists(t testing.TB) listTable {
	t.Helper()
	table := listTable{}
	for _, row := range rows(t, "index.tsv") {
		if row[2] != "yes" {
			continue
		}
		table[row[1]] = map[string]bool{}
		for _, member := range rows(t, row[0]) {
			table[row[1]][member[0]] = true
		}
	}
	return table
}

// rows reads a table of the corpus, without its heading.
func rows(t testing.TB, name string) [][]string {
	t.Helper()
	src, err := os.ReadFile(judge.Corpus(t, "elm", "cv", name))
	if err != nil {
		t.Fatal(err)
	}
	var table [][]string
	for _, line := range strings.Split(strings.TrimSpace(string(src)), "\n")[1:] {
		table = append(table, strings.Split(line, "\t"))
	}
	return table
}

// TestSamples compares with the judge on every document of the corpus that the reader takes.
func TestSamples(t *testing.T) {
	files := sampleFiles(t)
	verdicts := judge.EDC(t, "auto", files...)
	compared, known := 0, knownDifferences(t)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found, s, ok := check(src, profile.Auto)
		if !ok {
			t.Logf("%s: the reader refuses it", file)
			continue
		}
		i := slices.IndexFunc(verdicts, func(v judge.Verdict) bool { return sameFile(v.File, file) })
		if i < 0 {
			t.Errorf("%s: no verdict", file)
			continue
		}
		compared++
		got, want := ours(found), theirs(verdicts[i])
		if !placed(s) || want.insideProof() {
			got.violations, want.violations = withoutPlaces(got.violations), withoutPlaces(want.violations)
			got.dropped, want.dropped = nil, nil
		}
		if d := difference(got, want); d != "" && known.explain(src, s, d) == "" {
			t.Errorf("%s (%s): %s", file, s.Form, d)
		}
	}
	t.Logf("%d documents compared", compared)
	if compared < 25 {
		t.Error("too few")
	}
}

// TestResults compares with the table of results of the corpus, which holds for documents with the VC 2.0
// context what the judge says when they have that of VC 1.1 instead.
func TestResults(t *testing.T) {
	compared := 0
	for _, row := range sampleRows(t) {
		src, err := os.ReadFile(judge.Corpus(t, "elm", "samples", row[0]))
		if err != nil {
			t.Fatal(err)
		}
		if row[3] == "VC 1.1 forced" {
			src = withContexts(t, src)
		}
		found, s, ok := check(src, profile.Auto)
		if !ok || row[4] == "error" || s.Form != "plain" && s.Written == nil {
			continue
		}
		compared++
		got := ours(found)
		if verdict := map[bool]string{true: "ok", false: "fail"}[got.ok()]; verdict != row[4] && row[7] == "0" {
			t.Errorf("%s: %s, want %s", row[0], verdict, row[4])
		}
		if kinds := withoutPlaces(got.violations); !slices.Equal(kinds, violationKinds(row[9])) {
			t.Errorf("%s: %q, want %q", row[0], kinds, violationKinds(row[9]))
		}
	}
	if compared < 25 {
		t.Error("few documents:", compared)
	}
}

// withContexts gives a document the contexts of VC 1.1 and EDC.
func withContexts(t *testing.T, src []byte) []byte {
	t.Helper()
	tree, err := edci.ParseJSON(src, edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	tree, _ = edci.Set(tree, "/@context", edci.Array{"https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"})
	return edci.AppendValue(nil, tree)
}

// violationKinds reads "violations: PROPERTY KIND, PROPERTY KIND×N; dropped: ...".
func violationKinds(findings string) []string {
	kinds := []string{}
	first, _, _ := strings.Cut(findings, ";")
	list, ok := strings.CutPrefix(first, "violations: ")
	if !ok {
		return kinds
	}
	for _, kind := range strings.Split(list, ", ") {
		kind, _, _ = strings.Cut(kind, "×")
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// sampleFiles are the documents of the corpus that are JSON.
func sampleFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, row := range sampleRows(t) {
		files = append(files, judge.Corpus(t, "elm", "samples", row[0]))
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// sampleRows reads the table of results of the corpus.
func sampleRows(t testing.TB) [][]string {
	t.Helper()
	src, err := os.ReadFile(judge.Corpus(t, "elm", "samples", "RESULTS.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var table [][]string
	for _, line := range strings.Split(strings.TrimSpace(string(src)), "\n")[1:] {
		table = append(table, strings.Split(line, "\t"))
	}
	return table
}

// sameFile compares a path as the judge shows it with ours.
func sameFile(shown, path string) bool {
	a, errA := os.Stat(shown)
	b, errB := os.Stat(path)
	return errA == nil && errB == nil && os.SameFile(a, b)
}
