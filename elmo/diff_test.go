package elmo_test

import (
	"math/rand"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func diff(t testing.TB, a, b string) []string {
	t.Helper()
	found, err := elmo.Diff([]byte(a), []byte(b))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range found {
		list = append(list, string(d.Kind)+" "+d.Path)
	}
	return list
}

func TestDiff(t *testing.T) {
	const a = head + `<learner><identifier type="a">1</identifier><identifier type="b">2</identifier><identifier type="c">3</identifier>` +
		`<givenNames>A</givenNames></learner><report><issuer><title xml:lang="en">U</title><url/></issuer><issueDate>1</issueDate></report>` +
		`<extension><x:y xmlns:x="u">a<x:z/>b</x:y></extension></elmo>`
	cases := map[string]struct {
		old, new string // replaced in a
		want     []string
	}{
		"nothing":       {"", "", nil},
		"prefix":        {`<x:y xmlns:x="u">a<x:z/>b</x:y>`, `<y xmlns="u">a<z></z>b</y>`, nil},
		"no namespace":  {head, "<elmo>", nil},
		"white space":   {"<report>", "<!-- a --><?b?>\n <report>\n ", nil},
		"CDATA":         {">A<", "><![CDATA[A]]><", nil},
		"one missing":   {`<identifier type="a">1</identifier>`, "", []string{"missing learner/identifier[1]"}},
		"missing, next": {`<identifier type="a">1</identifier><identifier type="b">2</identifier>`, `<identifier type="b">9</identifier>`, []string{"missing learner/identifier[1]", "text learner/identifier[2]"}},
		"one extra":     {`<givenNames>`, `<identifier/><givenNames>`, []string{"extra learner/identifier[4]"}},
		"text":          {`>1</identifier>`, `> 1</identifier>`, []string{"text learner/identifier[1]"}},
		"attribute":     {`type="b"`, `type="B"`, []string{"attribute learner/identifier[2]/@type"}},
		"lost":          {` xml:lang="en"`, ` lang="en"`, []string{"missing report[1]/issuer/title[1]/@xml:lang", "extra report[1]/issuer/title[1]/@lang"}},
		"moved":         {`<identifier type="a">1</identifier><identifier type="b">2</identifier>`, `<identifier type="b">2</identifier><identifier type="a">1</identifier>`, []string{"order learner/identifier[1]"}},
		"moved by name": {`<issuer><title xml:lang="en">U</title><url/></issuer><issueDate>1</issueDate>`, `<issueDate>1</issueDate><issuer><title xml:lang="en">U</title><url></url></issuer>`, []string{"order report[1]/issuer"}},
		"whole subtree": {`<issuer><title xml:lang="en">U</title><url/></issuer>`, ``, []string{"missing report[1]/issuer"}},
		"empty element": {`<url/>`, ``, []string{"missing report[1]/issuer/url"}},
		"unknown":       {`<x:z/>`, `<x:z a=""/>`, []string{"extra extension/y[1]/z[1]/@a"}},
		"mixed text":    {`a<x:z/>b`, `ab<x:z/>`, []string{"text extension/y[1]"}},
		"namespace":     {`<x:z/>`, `<z/>`, []string{"missing extension/y[1]/z[1]", "extra extension/y[1]/z[1]"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(a, c.old) {
				t.Fatal("nothing to replace")
			}
			got := diff(t, a, strings.Replace(a, c.old, c.new, 1))
			if d := cmp.Diff(c.want, got, cmpopts.SortSlices(strings.Compare), cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
	if _, err := elmo.Diff([]byte(a), []byte("<x/>")); err == nil {
		t.Error("a document that is no ELMO was compared")
	}
}

// TestDiffAgreesWithReader: reading and writing changes nothing that is not in the observations.
func TestDiffAgreesWithReader(t *testing.T) {
	for _, name := range documents(t) {
		data := load(t, name)
		doc, err := elmo.Read(data, elmo.ReadOptions{})
		if err != nil {
			continue
		}
		out, err := elmo.Marshal(doc, elmo.WriteOptions{Version: written(doc)})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) { explained(t, doc, diff(t, string(data), string(out))) })
	}
	for seed := range int64(100) {
		doc := elmotest.RandomWith(rand.New(rand.NewSource(seed)), elmotest.Options{Unknown: true})
		a, err := elmo.Marshal(doc, elmo.WriteOptions{Indent: true})
		if err != nil {
			t.Fatal(err)
		}
		b, err := elmo.Marshal(doc, elmo.WriteOptions{Version: elmo.V17})
		if err != nil {
			t.Fatal(err)
		}
		if found := diff(t, string(a), string(b)); found != nil {
			t.Fatal(found)
		}
	}
}

// explained checks that each difference is one of the observations.
func explained(t *testing.T, doc *elmo.Document, found []string) {
	kinds := map[elmo.ObservationKind][]string{
		elmo.Empty: {"missing"}, elmo.Instance: {"missing"}, elmo.Missing: {"extra"},
		elmo.Collapsed: {"text", "attribute"}, elmo.Order: {"order"},
	}
	known := map[string]bool{}
	moved := false
	for _, o := range doc.Source.Observations {
		for _, k := range kinds[o.Kind] {
			known[k+" "+o.Path] = true
		}
		moved = moved || o.Kind == elmo.Order
	}
	for _, f := range found {
		if !known[f] && !(moved && strings.HasPrefix(f, "order ")) {
			t.Errorf("%s is not among the observations", f)
		}
	}
}
