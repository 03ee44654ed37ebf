// Package edcitest makes random credentials for tests.
package edcitest

import (
	"fmt"
	"math/rand"
	"reflect"
	"strings"

	"elmobridge/edci"
)

// Random makes a credential in which any member may be there or not, with awkward texts, shallow
// enough to be compared by eye. What it makes survives writing and reading unchanged: classes are
// named, languages grouped, no empty values.
func Random(r *rand.Rand) *edci.EuropeanDigitalCredential {
	g := generator{r}
	c := &edci.EuropeanDigitalCredential{}
	g.fill(reflect.ValueOf(c).Elem(), 5)
	if r.Intn(3) == 0 {
		c.Types = []string{"ConvertedCredential"}
	}
	return c
}

// generator fills structs by their tags.
type generator struct{ *rand.Rand }

// subclass is the other class of a struct that serves two.
var subclass = map[string]string{
	"Identifier":                       "LegalIdentifier",
	"LearningAchievementSpecification": "Qualification",
}

// behind are the types behind an interface.
var behind = map[reflect.Type][]reflect.Type{
	reflect.TypeFor[edci.AnyClaim](): {
		reflect.TypeFor[edci.LearningAchievement](), reflect.TypeFor[edci.LearningActivity](),
		reflect.TypeFor[edci.LearningAssessment](), reflect.TypeFor[edci.LearningEntitlement](), reflect.TypeFor[edci.Claim](),
	},
	reflect.TypeFor[edci.AnyAgent](): {
		reflect.TypeFor[edci.Organisation](), reflect.TypeFor[edci.Person](), reflect.TypeFor[edci.Agent](),
	},
}

// fill fills some fields of a struct, nodes down to the given depth.
func (g generator) fill(v reflect.Value, depth int) {
	t := v.Type()
	for i := range t.NumField() {
		name := t.Field(i).Tag.Get("json")
		switch {
		case name == "-":
		case name == "id":
			g.id(v.Field(i), t)
		case name == "type":
			if v.Field(i).Kind() == reflect.String {
				v.Field(i).SetString(g.class(t))
			}
		case g.Intn(4) == 0:
			g.value(v.Field(i), depth)
		}
	}
}

func (g generator) id(f reflect.Value, t reflect.Type) {
	if t == reflect.TypeFor[edci.Reference]() || g.Intn(2) == 0 {
		f.SetString(fmt.Sprintf("urn:example:%s:%d", strings.ToLower(t.Name()), g.Int63()))
	}
}

func (g generator) class(t reflect.Type) string {
	if g.Intn(2) == 0 {
		return subclass[t.Name()]
	}
	return t.Name()
}

func (g generator) value(f reflect.Value, depth int) {
	switch t := f.Type(); {
	case t == reflect.TypeFor[edci.LangString]():
		f.Set(reflect.ValueOf(g.langString()))
	case t == reflect.TypeFor[edci.Number]():
		f.SetString(g.pick("0", "1", "-7", "30.0", "1.25E1", "100000000000000000000"))
	case t == reflect.TypeFor[edci.Boolean]():
		f.SetString(g.pick("true", "false"))
	case t.Kind() == reflect.String:
		f.SetString(g.text())
	case t.Kind() == reflect.Slice:
		for range 1 + g.Intn(2) {
			e := reflect.New(t.Elem()).Elem()
			g.value(e, depth)
			if !e.IsZero() {
				f.Set(reflect.Append(f, e))
			}
		}
	case depth > 0:
		g.node(f, depth-1)
	}
}

func (g generator) node(f reflect.Value, depth int) {
	t := f.Type()
	if types, ok := behind[t]; ok {
		t = reflect.PointerTo(types[g.Intn(len(types))])
	}
	p := reflect.New(t.Elem())
	g.fill(p.Elem(), depth)
	f.Set(p)
}

// langString makes texts in a few languages, sometimes several of one language or of none.
func (g generator) langString() edci.LangString {
	var s edci.LangString
	for _, lang := range []string{"en", "fi", "und", "nb-NO", ""} {
		for range g.Intn(5) / 2 {
			s = append(s, edci.LangText{Lang: lang, Text: g.text()})
		}
	}
	if s == nil {
		s = edci.LangString{{Lang: "en", Text: g.text()}}
	}
	return s
}

func (g generator) text() string {
	return g.pick("Algebra", "a \"b\" \\ c", "tab\tnewline\n", "Äö – Ω – 学", "\u0000\u001f\u007f\u2028", "<&>", "𝄞",
		"7.50", "true", "http://example.org/a b", "2026-01-31T00:00:00Z", strings.Repeat("long ", 20))
}

func (g generator) pick(list ...string) string { return list[g.Intn(len(list))] }
