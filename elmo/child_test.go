package elmo_test

import (
	"errors"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRaw(t *testing.T) {
	for xml, want := range map[string]elmo.Raw{
		` <!-- a --> <a/> `:           {XML: `<a/>`, Scope: ` xmlns=""`},
		`<a xmlns="u" b="c"><d/></a>`: {XML: `<a b="c"><d/></a>`, Scope: ` xmlns="u"`},
		`<p:a xmlns:p="u" xmlns:q="v" xmlns:r="w" r:b="1">q:c</p:a>`: {XML: `<p:a r:b="1">q:c</p:a>`, Scope: ` xmlns:p="u" xmlns:q="v" xmlns:r="w"`},
		`<p:a xmlns:p="u" xmlns="d"><b xmlns=""/></p:a>`:             {XML: `<p:a><b xmlns=""/></p:a>`, Scope: ` xmlns:p="u"`},
		`<p:a xmlns:p="u" xmlns="d&amp;&quot;"><b/></p:a>`:           {XML: `<p:a><b/></p:a>`, Scope: ` xmlns="d&amp;&quot;" xmlns:p="u"`},
		"<a b='&#10;\"&lt;>'>&#13;&gt;<![CDATA[<]]></a>":             {XML: `<a b="&#xA;&quot;&lt;>">&#xD;&gt;&lt;</a>`, Scope: ` xmlns=""`},
		`<a><?b c?><!--d--></a>`:                                     {XML: `<a><?b c?><!--d--></a>`, Scope: ` xmlns=""`},
	} {
		raw, err := elmo.ParseRaw(xml)
		if err != nil || raw != want {
			t.Errorf("%s: %+v %v", xml, raw, err)
		}
		if again, err := elmo.ParseRaw(raw.String()); err != nil || again != raw {
			t.Errorf("%s: again %+v %v", xml, again, err)
		}
	}
	for _, xml := range []string{"", "text", "<a>", "<p:a/>", "<a/><b/>", "<!DOCTYPE a><a/>", strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)} {
		if raw, err := elmo.ParseRaw(xml); err == nil {
			t.Errorf("%q: %+v", xml, raw)
		}
	}
}

func TestChild(t *testing.T) {
	unknown, _ := elmo.ParseRaw(`<x:u xmlns:x="urn:x"/>`)
	whole, _ := elmo.ParseRaw(`<gender xmlns="` + elmo.NS + `" a="b">1</gender>`)
	learner := &elmo.Learner{
		Identifiers:    []elmo.Identifier{{Type: "a", Value: "1"}, {Type: "b", Value: "2", Extra: &elmo.Extra{Attrs: []elmo.Attr{{Space: "urn:q", Prefix: "q", Name: "r", Value: "s"}}}}},
		GivenNames:     "A",
		DateOfBirth:    "2000-01-01",
		CurrentAddress: &elmo.Address{Country: "NO"},
		Gender:         "1",
		Extra:          &elmo.Extra{Others: []elmo.Other{{Position: 3, Name: "u", Element: unknown}}, Wholes: []elmo.Other{{Position: 1, Name: "gender", Element: whole}}},
	}
	const ns = ` xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"`
	for _, c := range []struct {
		name string
		n    int
		want string
	}{
		{"identifier", 1, `<identifier` + ns + ` type="a">1</identifier>`},
		{"identifier", 2, `<identifier` + ns + ` xmlns:q="urn:q" type="b" q:r="s">2</identifier>`},
		{"identifier", 3, ""},
		{"identifier", 0, ""},
		{"givenNames", 1, `<givenNames` + ns + `>A</givenNames>`},
		{"familyName", 1, ""},
		{"bday", 1, `<bday` + ns + `>2000-01-01</bday>`},
		{"dateOfBirth", 1, `<bday` + ns + `>2000-01-01</bday>`},
		{"currentAddress", 1, `<currentAddress` + ns + ` xmlns:a="` + elmo.NSAddress + `"><a:country>NO</a:country></currentAddress>`},
		{"gender", 1, `<gender` + ns + ` a="b">1</gender>`},
		{"other", 3, `<x:u xmlns:x="urn:x"/>`},
		{"other", 1, ""},
		{"odd", 1, ""},
	} {
		if got := elmo.Child(learner, c.name, c.n).String(); got != c.want {
			t.Errorf("%s %d: %s", c.name, c.n, got)
		}
	}
	if got := elmo.Child(learner.CurrentAddress, "country", 1).String(); got != `<a:country xmlns:a="`+elmo.NSAddress+`">NO</a:country>` {
		t.Error(got)
	}
	for _, parent := range []any{nil, 1, elmo.Learner{}, (*elmo.Learner)(nil), &elmo.Extension{}} {
		if r := elmo.Child(parent, "gender", 1); !r.IsZero() {
			t.Errorf("%T: %v", parent, r)
		}
	}
}

// TestChildren takes structs of random documents apart by Child and builds them again by AddChild.
func TestChildren(t *testing.T) {
	for seed := range int64(60) {
		doc := elmotest.RandomWith(rand.New(rand.NewSource(seed)), elmotest.Options{Unknown: seed%2 == 0, V20: true})
		rebuild(t, doc, &elmo.Document{})
		rebuild(t, doc.Learner, &elmo.Learner{})
		for _, r := range doc.Reports {
			rebuild(t, r, &elmo.Report{})
			for _, s := range r.LearningOpportunitySpecifications {
				rebuild(t, s, &elmo.LearningOpportunitySpecification{})
				rebuild(t, s.Specifies.Instance, &elmo.LearningOpportunityInstance{})
			}
		}
	}
}

func rebuild(t *testing.T, from, to any) {
	t.Helper()
	v := reflect.ValueOf(from).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("elmo"), ",")
		_, name, _ = strings.Cut(":"+strings.ReplaceAll(name, ":", ""), ":")
		if name == "dsSignature" {
			name = "Signature"
		}
		for n := 1; name != ""; n++ {
			child := elmo.Child(from, name, n)
			if child.IsZero() {
				break
			}
			got, err := elmo.AddChild(to, child.String())
			if err != nil || got != name {
				t.Fatalf("%T %s: %s %v", from, name, got, err)
			}
		}
	}
	ignore := cmpopts.IgnoreFields(elmo.Extra{}, "Attrs", "Others")
	opts := cmp.Options{sameModel}
	if extra := reflect.ValueOf(from).Elem().FieldByName("Extra"); !extra.IsNil() {
		opts = append(opts, ignore, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Extra" }, cmp.Ignore()))
	}
	if !reflect.DeepEqual(from, to) {
		if d := cmp.Diff(from, to, opts); d != "" {
			t.Fatal(d)
		}
	}
}

func TestAddChild(t *testing.T) {
	l := &elmo.Learner{GivenNames: "A"}
	for _, c := range []struct{ xml, want string }{
		{`<identifier type="a">1</identifier>`, "identifier"},
		{`<dateOfBirth xmlns="` + elmo.NS + `">2</dateOfBirth>`, "bday"},
		{`<givenNames>B</givenNames>`, "other"},
		{`<x:unknown xmlns:x="urn:x"/>`, "other"},
	} {
		if got, err := elmo.AddChild(l, c.xml); got != c.want || err != nil {
			t.Errorf("%s: %s %v", c.xml, got, err)
		}
	}
	if l.DateOfBirth != "2" || l.GivenNames != "A" || len(l.Identifiers) != 1 || len(l.Extra.Others) != 2 {
		t.Errorf("%+v %+v", l, l.Extra)
	}
	doc := &elmo.Document{Learner: l}
	back, err := elmo.Read(mustMarshal(t, doc), elmo.ReadOptions{})
	if err != nil || !reflect.DeepEqual(back.Learner, l) {
		t.Errorf("%v %s", err, cmp.Diff(l, back.Learner))
	}
	for _, xml := range []string{"", "<a>", "<p:a/>"} {
		if _, err := elmo.AddChild(l, xml); !errors.Is(err, elmo.ErrSyntax) {
			t.Errorf("%q: %v", xml, err)
		}
	}
	if _, err := elmo.AddChild(nil, "<a/>"); err == nil {
		t.Error("added to nothing")
	}
}

func mustMarshal(t testing.TB, doc *elmo.Document) []byte {
	t.Helper()
	out, err := elmo.Marshal(doc, elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPut(t *testing.T) {
	type loi = elmo.LearningOpportunityInstance
	credits := func(list ...elmo.Credit) *loi {
		l := &loi{}
		for _, c := range list {
			l.Credits = append(l.Credits, &c)
		}
		return l
	}
	a, b, m := elmo.Credit{Scheme: "a", Value: "1"}, elmo.Credit{Scheme: "b", Value: "1"}, elmo.Credit{Scheme: "a", Value: "1", Level: "Master"}
	for name, c := range map[string]struct {
		parent     *loi
		name       string
		position   int
		kept, twin *loi
		want       bool
		then       *loi
	}{
		"twin":         {credits(a, b), "credit", 1, credits(m), credits(a), true, credits(m, b)},
		"second twin":  {credits(a, b, a), "credit", 3, credits(m), credits(a), true, credits(a, b, m)},
		"moved twin":   {credits(b, a), "credit", 1, credits(m), credits(a), true, credits(b, m)},
		"edited":       {credits(b), "credit", 1, credits(m), credits(a), false, credits(b)},
		"no twin":      {credits(a, b), "credit", 2, credits(m), credits(), true, credits(a, m, b)},
		"at the end":   {credits(a), "credit", 9, credits(m), nil, true, credits(a, m)},
		"scalar":       {&loi{Status: "x"}, "status", 1, &loi{Status: "y"}, &loi{Status: "x"}, true, &loi{Status: "y"}},
		"scalar, none": {&loi{}, "status", 1, &loi{Status: "y"}, &loi{}, true, &loi{Status: "y"}},
		"scalar there": {&loi{Status: "x"}, "status", 1, &loi{Status: "y"}, &loi{}, false, &loi{Status: "x"}},
		"scalar other": {&loi{Status: "z"}, "status", 1, &loi{Status: "y"}, &loi{Status: "x"}, false, &loi{Status: "z"}},
		"pointer": {&loi{AcademicTerm: &elmo.AcademicTerm{Start: "1"}}, "academicTerm", 1, &loi{AcademicTerm: &elmo.AcademicTerm{Start: "1", End: "2"}},
			&loi{AcademicTerm: &elmo.AcademicTerm{Start: "1", Titles: []elmo.Text{}}}, true, &loi{AcademicTerm: &elmo.AcademicTerm{Start: "1", End: "2"}}},
		"unknown name": {&loi{}, "odd", 1, &loi{}, nil, false, &loi{}},
		"nothing kept": {&loi{}, "credit", 1, &loi{}, nil, false, &loi{}},
		"whole": {&loi{}, "status", 1, &loi{Status: "y", Extra: &elmo.Extra{Wholes: []elmo.Other{{Position: 1, Name: "status", Element: elmo.Raw{XML: "<status/>"}}}}},
			nil, true, &loi{Status: "y", Extra: &elmo.Extra{Wholes: []elmo.Other{{Position: 1, Name: "status", Element: elmo.Raw{XML: "<status/>"}}}}}},
		"other": {&loi{Start: "1", Date: "2"}, "other", 2, &loi{Extra: &elmo.Extra{Others: []elmo.Other{{Position: 1, Name: "u", Element: elmo.Raw{XML: "<u/>"}}}}},
			nil, true, &loi{Start: "1", Date: "2", Extra: &elmo.Extra{Others: []elmo.Other{{Position: 2, Name: "u", Element: elmo.Raw{XML: "<u/>"}}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			var twin any
			if c.twin != nil {
				twin = c.twin
			}
			if got := elmo.Put(c.parent, c.name, c.position, c.kept, twin); got != c.want {
				t.Error(got)
			}
			if d := cmp.Diff(c.then, c.parent, cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
	if elmo.Put(&loi{}, "status", 1, &elmo.Learner{}, nil) || elmo.Put(nil, "status", 1, nil, nil) {
		t.Error("values of different types")
	}
}

func TestClean(t *testing.T) {
	clean := elmotest.Random(rand.New(rand.NewSource(1)))
	if !elmo.Clean(clean) || !elmo.Clean(nil) || !elmo.Clean(&elmo.Report{}) {
		t.Error("clean values are not clean")
	}
	clean.Reports[0].Issuer.Titles[0].Extra = &elmo.Extra{Attrs: []elmo.Attr{{Name: "a"}}}
	if elmo.Clean(clean) {
		t.Error("an unknown attribute was not seen")
	}
}
