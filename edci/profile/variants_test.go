package profile_test

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/edcitest"
)

// spot is one value of a document and the way to change it.
type spot struct {
	name   string // of the member
	parent edci.Object
	value  any
	set    func(any)
}

// spots lists every value of every member, elements of arrays each.
func spots(o edci.Object) []spot {
	var list []spot
	var visit func(name string, parent edci.Object, v any, set func(any))
	visit = func(name string, parent edci.Object, v any, set func(any)) {
		if name == "@context" {
			return
		}
		if set != nil {
			list = append(list, spot{name, parent, v, set})
		}
		switch v := v.(type) {
		case edci.Object:
			for i := range v {
				visit(v[i].Name, v, v[i].Value, func(x any) { v[i].Value = x })
			}
		case edci.Array:
			for i := range v {
				visit(name, parent, v[i], func(x any) { v[i] = x })
			}
		}
	}
	visit("", nil, o, nil)
	return list
}

// mutant is a document on the way to a variant.
type mutant struct {
	*rand.Rand
	root edci.Object
}

// pick returns a value that f takes; false when there is none.
func (m *mutant) pick(f func(spot) bool) (spot, bool) {
	var fit []spot
	for _, s := range spots(m.root) {
		if f(s) {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		return spot{}, false
	}
	return fit[m.Intn(len(fit))], true
}

func isObject(s spot) bool { _, ok := s.value.(edci.Object); return ok }
func isNode(s spot) bool   { o, ok := s.value.(edci.Object); return ok && !isTexts(o) }
func isString(s spot) bool { _, ok := s.value.(string); return ok }
func isMember(s spot) bool { return s.name != "type" && s.name != "id" }
func isLiteral(s spot) bool {
	switch s.value.(type) {
	case string, json.Number, bool:
		return isMember(s)
	}
	return false
}

// isTexts tells language maps from nodes.
func isTexts(o edci.Object) bool {
	for _, m := range o {
		if len(m.Name) > 3 && m.Name != "@none" {
			return false
		}
		if m.Name == "id" {
			return false
		}
	}
	return len(o) > 0
}

func isLanguageMap(s spot) bool { o, ok := s.value.(edci.Object); return ok && isTexts(o) }

// clone copies a value with all below it.
func clone(v any) any {
	switch v := v.(type) {
	case edci.Object:
		o := make(edci.Object, len(v))
		for i := range v {
			o[i] = edci.Member{Name: v[i].Name, Value: clone(v[i].Value)}
		}
		return o
	case edci.Array:
		a := make(edci.Array, len(v))
		for i := range v {
			a[i] = clone(v[i])
		}
		return a
	}
	return v
}

// choose returns one of the given values.
func choose[T any](m *mutant, of ...T) T { return of[m.Intn(len(of))] }

// with is a copy of an object with one member set; nil takes it away.
func with(o edci.Object, name string, v any) edci.Object {
	var changed edci.Object
	for _, m := range o {
		if m.Name != name {
			changed = append(changed, m)
		}
	}
	if v != nil {
		changed = append(changed, edci.Member{Name: name, Value: v})
	}
	return changed
}

// has tells whether an object has a member.
func has(o edci.Object, name string) bool { _, ok := o.Get(name); return ok }

// node changes one node with f.
func (m *mutant) node(f func(edci.Object) any) bool {
	s, ok := m.pick(isNode)
	if ok {
		s.set(f(s.value.(edci.Object)))
	}
	return ok
}

// literal replaces a literal.
func (m *mutant) literal(f func(spot) any) bool {
	s, ok := m.pick(isLiteral)
	if ok {
		s.set(f(s))
	}
	return ok
}

// texts changes one language map with f.
func (m *mutant) texts(f func(edci.Object) any) bool {
	s, ok := m.pick(isLanguageMap)
	if ok {
		s.set(f(s.value.(edci.Object)))
	}
	return ok
}

// number is a JSON number.
func number(s string) json.Number { return json.Number(s) }

// someClasses and someMembers are what is put where it does not belong.
var (
	someClasses = []string{
		"Person", "Organisation", "Agent", "Concept", "ConceptScheme", "LearningAchievement", "LearningActivity",
		"LearningAssessment", "LearningEntitlement", "Claim", "Qualification", "LearningAchievementSpecification", "Note",
		"WebResource", "Identifier", "LegalIdentifier", "Location", "Address", "MediaObject", "Evidence", "Group", "Mailbox",
		"EuropeanDigitalCredential", "VerifiableCredential", "ShaclValidator2017", "CredentialStatus", "TermsOfUse", "Proof",
		"CreditPoint", "Amount", "ResultCategory", "AwardingProcess", "ContactPoint", "PeriodOfTime", "Grant",
	}
	someMembers = []string{
		"title", "description", "identifier", "dcType", "prefLabel", "altLabel", "notation", "location", "homepage", "status",
		"hasPart", "isPartOf", "awardedBy", "specifiedBy", "hasClaim", "grade", "issued", "validFrom", "issuer", "evidence",
		"dateIssued", "dateModified", "descriptionHtml", "levelOfCompletion", "page", "count", "value", "workload", "contentURL",
		"isPartialQualification", "language", "thematicArea", "eqfLevel", "inScheme", "subject", "creditReceived", "member",
		"awards", "proof", "credentialStatus", "holder", "termsOfUse", "schemeName", "contentSize", "latitude", "schemeId",
		"citizenshipCountry", "creator", "spatial", "eIDASIdentifier", "applicationDeadline", "publisher",
	}
	someLiterals = []any{
		"", " ", "x", "1", "0", "-1", "+5", "007", "1.5", ".5", "5.", "1e3", "100", "101", "1000", "true", "false", "TRUE",
		"2026-01-31", "2026-01-31T00:00:00", "2026-01-31T00:00:00Z", "2026-01-31T24:00:00+01:00", "2026-13-45T99:99:99",
		"2026-01-31T00:00:00.125-03:30", "2026-01-31 00:00:00", "20260131T000000Z", "-0044-03-15T00:00:00", "12026-01-01T00:00:00Z",
		"2026-01-31T00:00:00.", "2026-1-1T00:00:00", "2026-01-31T00:00:00+1:00", "PT40H", "P3Y", "P2W", "P", "PT", "-P1D", "P1Y2M3DT4H5M6.7S",
		"P1M1Y", "PT1.5H", "P1S", "http://example.org/a b", "http://example.org/x", "mailto:a@example.org", "person1", "urn:x", "_:b7", "elm:thing",
		"dc:", ":x", "a:b:c", "1a:b", "//example.org/x", "#x", "\u00a0", "caf\u00e9:x", "x:\u2003y",
		number("0"), number("1"), number("-3"), number("100"), number("150"), number("1.0"), number("1.50"), number("12.5"),
		number("1e2"), number("1e21"), number("1e-7"), number("2.5e-7"), number("123456789012345678"), number("-0"), number("0.1"),
		true, false, nil,
	}
	someTags = []string{
		"en", "fi", "sv", "EN", "Fi", "nb-NO", "zh-Hans-CN", "und", "x-private", "en-GB", "e", "english", "englishlong", "en ", "en_GB",
		"@none", "", "12", "en-", "de-1996", "\u00e9n", "@foo", "tlh",
	}
)

// mutators change a document in one way each; false when there is nothing to change.
var mutators = map[string]func(m *mutant) bool{
	"drop a member": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			if len(o) == 0 {
				return o
			}
			return with(o, o[m.Intn(len(o))].Name, nil)
		})
	},
	"drop a member of the credential": func(m *mutant) bool {
		m.root = with(m.root, m.root[1+m.Intn(len(m.root)-1)].Name, nil)
		return true
	},
	"value twice": func(m *mutant) bool {
		s, ok := m.pick(isMember)
		if ok {
			s.set(edci.Array{clone(s.value), clone(s.value)})
		}
		return ok
	},
	"value in an array": func(m *mutant) bool {
		s, ok := m.pick(isMember)
		if ok {
			s.set(choose[any](m, edci.Array{s.value}, edci.Array{edci.Array{s.value}}, edci.Array{nil, s.value}, edci.Array{}))
		}
		return ok
	},
	"second value": func(m *mutant) bool {
		s, ok := m.pick(isObject)
		if !ok {
			return false
		}
		other := clone(s.value).(edci.Object)
		if m.Intn(2) == 0 {
			other = with(other, "id", fmt.Sprintf("urn:x:%d", m.Intn(1000)))
		}
		s.set(edci.Array{s.value, other})
		return true
	},
	"other type": func(m *mutant) bool {
		return m.node(func(o edci.Object) any { return with(o, "type", choose(m, someClasses...)) })
	},
	"no type": func(m *mutant) bool {
		return m.node(func(o edci.Object) any { return with(o, "type", nil) })
	},
	"several types": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			own, _ := o.Get("type")
			return with(o, "type", edci.Array{own, choose(m, someClasses...)})
		})
	},
	"strange type": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			return with(o, "type", choose[any](m, "Nothing", "JsonSchema", "title", edci.Array{}, number("5"), "Ed25519Signature2018", "JsonSchemaValidator2018"))
		})
	},
	"types of the credential": func(m *mutant) bool {
		m.root = with(m.root, "type", choose[any](m, "VerifiableCredential", "EuropeanDigitalCredential",
			edci.Array{"EuropeanDigitalCredential", "VerifiableCredential", "X"}, edci.Array{"VerifiableCredential", "Person", "EuropeanDigitalCredential"}))
		return true
	},
	"other name": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			if len(o) == 0 {
				return o
			}
			changed := clone(o).(edci.Object)
			changed[m.Intn(len(o))].Name = choose(m, someMembers...)
			return once(changed)
		})
	},
	"misspelt name": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			if len(o) == 0 {
				return o
			}
			changed := clone(o).(edci.Object)
			i := m.Intn(len(o))
			name := changed[i].Name
			changed[i].Name = choose(m, name+"s", strings.ToUpper(name), "x-"+name, name+"/~", "contentUrl", "@"+name)
			return once(changed)
		})
	},
	"further member": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			return with(o, choose(m, "studentNumber", "cnf", "x:y", "urn:x:y", "org:hasMember", "elm:areaDialing", "a b", "Person", "dc"),
				choose[any](m, "x", number("1"), edci.Object{{Name: "type", Value: "Person"}}, edci.Array{edci.Object{{Name: "title", Value: "x"}}}))
		})
	},
	"member of another class": func(m *mutant) bool {
		from, ok := m.pick(isMember)
		if !ok {
			return false
		}
		v := clone(from.value)
		return m.node(func(o edci.Object) any { return with(o, from.name, v) })
	},
	"random member": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			return with(o, choose(m, someMembers...), choose(m, someLiterals...))
		})
	},
	"other literal":  func(m *mutant) bool { return m.literal(func(spot) any { return choose(m, someLiterals...) }) },
	"other literal ": func(m *mutant) bool { return m.literal(func(spot) any { return choose(m, someLiterals...) }) },
	"literal to node": func(m *mutant) bool {
		return m.literal(func(s spot) any {
			return choose[any](m, edci.Object{}, edci.Object{{Name: "type", Value: choose(m, someClasses...)}},
				edci.Object{{Name: "id", Value: "http://example.org/x"}}, edci.Object{{Name: "en", Value: "x"}})
		})
	},
	"node to literal": func(m *mutant) bool { return m.node(func(edci.Object) any { return choose(m, someLiterals...) }) },
	"node to IRI": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			return choose[any](m, "http://example.org/node", "did:web:example.org", "http://publications.europa.eu/resource/authority/country/FIN")
		})
	},
	"no id": func(m *mutant) bool { return m.node(func(o edci.Object) any { return with(o, "id", nil) }) },
	"other id": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			id := choose[any](m, "person1", "ES", "a@b.c", "http//x.org/y", "urn:x:1", "_:b1", "elm:x", "http://example.org/a b", "#x", "@id", number("7"))
			if _, number := id.(json.Number); number && has(o, "inScheme") {
				return o // the judge's own look at code lists cannot write it
			}
			return with(o, "id", id)
		})
	},
	"id clash": func(m *mutant) bool {
		from, ok := m.pick(func(s spot) bool { return s.name == "id" && isString(s) })
		if !ok {
			return false
		}
		return m.node(func(o edci.Object) any { return with(o, "id", from.value) })
	},
	"same new id": func(m *mutant) bool {
		put := func(o edci.Object) any { return with(o, "id", "urn:x:same") }
		first := m.node(put)
		return m.node(put) && first
	},
	"copied node": func(m *mutant) bool {
		from, ok := m.pick(isNode)
		if !ok {
			return false
		}
		v := clone(from.value)
		return m.node(func(edci.Object) any { return v })
	},
	"other language": func(m *mutant) bool {
		return m.texts(func(o edci.Object) any {
			changed := clone(o).(edci.Object)
			changed[m.Intn(len(o))].Name = choose(m, someTags...)
			return once(changed)
		})
	},
	"second language": func(m *mutant) bool {
		return m.texts(func(o edci.Object) any {
			return with(clone(o).(edci.Object), choose(m, someTags...), choose[any](m, "x", o[0].Value, nil, edci.Array{"x", "y"}, edci.Array{"x", nil, "x"}, ""))
		})
	},
	"several texts": func(m *mutant) bool {
		return m.texts(func(o edci.Object) any {
			changed := clone(o).(edci.Object)
			changed[0].Value = choose[any](m, edci.Array{o[0].Value, "b"}, edci.Array{o[0].Value}, edci.Array{}, nil)
			return changed
		})
	},
	"texts that are none": func(m *mutant) bool {
		return m.texts(func(o edci.Object) any {
			return choose[any](m, "text", edci.Array{"a", "b"}, edci.Object{}, edci.Array{clone(o)}, edci.Object{{Name: "en", Value: number("1")}},
				edci.Object{{Name: "en", Value: edci.Object{}}}, edci.Object{{Name: "@none", Value: "x"}}, number("3"))
		})
	},
	"scheme": func(m *mutant) bool {
		s, ok := m.pick(func(s spot) bool { return s.name == "inScheme" })
		if ok {
			id := choose(m, "http://data.europa.eu/snb/eqf/25831c2", "http://publications.europa.eu/resource/authority/country", "http://example.org/list", "list")
			s.set(choose[any](m, id, edci.Object{{Name: "id", Value: id}}, edci.Object{{Name: "id", Value: id}, {Name: "type", Value: "ConceptScheme"}},
				edci.Object{{Name: "type", Value: "ConceptScheme"}}, edci.Array{clone(s.value), id}))
		}
		return ok
	},
	"profile": func(m *mutant) bool {
		m.root = with(m.root, "credentialSchema", edci.Object{
			{Name: "id", Value: "http://data.europa.eu/snb/model/ap/edc-" + choose(m, "generic-no-cv", "generic-full", "accredited", "converted", "issued-by-mandate", "diploma-supplement")},
			{Name: "type", Value: "ShaclValidator2017"}})
		return true
	},
	"contexts": func(m *mutant) bool {
		const vc, vc2, edc = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2", "http://data.europa.eu/snb/model/context/edc-ap"
		if m.Intn(4) > 0 {
			return false
		}
		m.root[0] = edci.Member{Name: "@context", Value: choose[any](m, edci.Array{edc, vc}, edci.Array{vc}, edci.Array{edc}, edc, edci.Array{vc2, edc}, edci.Array{vc, edc, edc})}
		return true
	},
	"proof": func(m *mutant) bool {
		m.root = with(m.root, "proof", choose[any](m, edci.Object{{Name: "type", Value: "Proof"}}, edci.Object{{Name: "type", Value: "Ed25519Signature2018"},
			{Name: "created", Value: "2026-01-01"}, {Name: "proofPurpose", Value: "assertionMethod"}, {Name: "verificationMethod", Value: "key1"}},
			edci.Object{{Name: "type", Value: "Person"}, {Name: "studentNumber", Value: "x"}}, "urn:x:proof", number("1")))
		return true
	},
	"JSON-LD form": func(m *mutant) bool {
		if m.Intn(3) > 0 {
			return false
		}
		return m.node(func(o edci.Object) any {
			changed := clone(o).(edci.Object)
			for i := range changed {
				switch changed[i].Name {
				case "id", "type":
					changed[i].Name = "@" + changed[i].Name
				case "title", "description":
					changed[i].Name = "dc:" + changed[i].Name
					changed[i].Value = edci.Object{{Name: "@value", Value: "x"}, {Name: "@language", Value: "en"}}
				}
			}
			return changed
		})
	},
	"respelt": func(m *mutant) bool {
		return m.node(func(o edci.Object) any {
			return with(o, choose(m, "contentUrl", "mailbox", "expirydate", "resultDestribution"), choose[any](m, "http://example.org/x", edci.Object{{Name: "type", Value: "Mailbox"}}))
		})
	},
}

// once leaves the first of members with one name.
func once(o edci.Object) edci.Object {
	var kept edci.Object
	for _, m := range o {
		if _, ok := kept.Get(m.Name); !ok {
			kept = append(kept, m)
		}
	}
	return kept
}

// bases are the documents that variants are made from: small ones, which the judge does fast, and large.
func bases(t testing.TB) (small, large []edci.Object) {
	t.Helper()
	for _, c := range edgeCases(t) {
		small = append(small, plain(t, c.Document)...)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "golden", "*", "edc.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no golden documents", err)
	}
	for _, file := range append(files, sampleFiles(t)...) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range plain(t, src) {
			if o = shorten(o).(edci.Object); len(edci.AppendValue(nil, o)) < largestBase {
				large = append(large, o)
			}
		}
	}
	r := rand.New(rand.NewSource(3))
	for range 60 {
		o := edci.Tree(edcitest.Random(r))
		if len(edci.AppendValue(nil, o)) < largestBase {
			large = append(large, o)
		}
	}
	return small, large
}

// largestBase keeps the judge's work small.
const largestBase = 12_000

// plain reads the credentials of a document that needs no JSON-LD processor.
func plain(t testing.TB, src []byte) []edci.Object {
	credentials, err := edci.Read(src, edci.ReadOptions{})
	if err != nil || credentials[0].Source.Form != "plain" || len(credentials) > 1 {
		return nil
	}
	if _, ok := credentials[0].Source.Tree.Get("@context"); !ok {
		return nil
	}
	return []edci.Object{credentials[0].Source.Tree}
}

// shorten cuts long strings, such as pictures, and long arrays.
func shorten(v any) any {
	switch v := v.(type) {
	case edci.Object:
		o := make(edci.Object, len(v))
		for i := range v {
			o[i] = edci.Member{Name: v[i].Name, Value: shorten(v[i].Value)}
		}
		return o
	case edci.Array:
		var a edci.Array
		for _, e := range v[:min(len(v), 2)] {
			a = append(a, shorten(e))
		}
		return a
	case string:
		if len(v) > 400 {
			return "AAAA"
		}
	}
	return v
}

// variant is one changed document.
type variant struct {
	src []byte
	how []string // names of the mutators
}

// variants makes n documents that the reader takes. The same seed gives the same documents.
func variants(t testing.TB, seed int64, n int) []variant {
	t.Helper()
	r := rand.New(rand.NewSource(seed))
	small, large := bases(t)
	names := mutatorNames()
	var list []variant
	for len(list) < n {
		base := small
		if r.Intn(8) == 0 {
			base = large
		}
		m := &mutant{r, clone(base[r.Intn(len(base))]).(edci.Object)}
		var how []string
		for range 1 + r.Intn(3) {
			name := names[r.Intn(len(names))]
			if mutators[name](m) {
				how = append(how, strings.TrimSpace(name))
			}
		}
		src := edci.AppendValue(nil, m.root)
		if _, err := edci.Read(src, edci.ReadOptions{}); err == nil && len(how) > 0 && len(src) < 2*largestBase {
			list = append(list, variant{src, how})
		}
	}
	return list
}
