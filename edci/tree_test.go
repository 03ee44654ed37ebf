package edci

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A document made from any one struct tag is read into that very field, and written back as it was.
func TestEveryTagAlone(t *testing.T) {
	for name, c := range classNamed {
		for i := range c.members {
			m := &c.members[i]
			for _, o := range exampleNodes(name, m) {
				v := reflect.New(c.typ)
				decodeObject(c, o, v.Elem())
				for j := range c.members {
					if f := &c.members[j]; v.Elem().Field(f.index).IsZero() == (f == m) {
						t.Errorf("%s.%s is read into %s: %v", name, m.name, f.name, v.Elem())
					}
				}
				w := newWriter()
				w.node(node{c, v.UnsafePointer()})
				if got, want := string(w.buf), string(AppendValue(nil, o)); got != want {
					t.Errorf("%s.%s: %s becomes %s", name, m.name, want, got)
				}
			}
		}
	}
}

// exampleNodes makes a node with one member only, for each class that the member may hold.
func exampleNodes(class string, m *member) []Object {
	var values []any
	switch m.kind {
	case kindText:
		values = []any{"text"}
	case kindLangString:
		values = []any{Object{{"en", "text"}, {"fi", Array{"a", "b"}}}}
	case kindNumber:
		values = []any{mustParse(`12.50`)}
	case kindBoolean:
		values = []any{true}
	case kindNode:
		for _, c := range m.classes {
			for _, name := range c.names {
				if c.bare {
					values = append(values, Object{{"id", "urn:x"}})
					continue
				}
				values = append(values, Object{{"id", "urn:x"}, {"type", typeOf(name)}})
			}
		}
	}
	var nodes []Object
	for _, v := range values {
		if m.many {
			v = Array{v}
		}
		nodes = append(nodes, Object{{"type", typeOf(class)}, {m.name, v}})
	}
	return nodes
}

func typeOf(class string) any {
	if class == credentialClass.name {
		return Array{"VerifiableCredential", class}
	}
	return class
}

func mustParse(s string) any {
	v, err := ParseJSON([]byte(s), Limits{})
	if err != nil {
		panic(err)
	}
	return v
}

func TestDecodeTolerates(t *testing.T) {
	c := Decode(mustParse(`{
		"id": 5, "type": "EuropeanDigitalCredential", "unknown": {"a": [1]},
		"issued": ["2026", "2027"], "validFrom": {"x": 1}, "issuer": "did:ebsi:z", "holder": "no iri",
		"credentialProfiles": {"id": "urn:p"}, "displayParameter": [{"title": "plain", "language": "http://l/ENG"}],
		"credentialSubject": {
			"givenName": {"en": ["A", "B", null, {}], "@none": "C"}, "familyName": ["D", {"fi": "E"}], "nationalID": [1, {"notation": 30.50}],
			"hasClaim": [{"type": ["Thing", "LearningActivity"], "levelOfCompletion": "50", "workload": true}, {"title": {}}, "x y", 7,
				{"type": "LearningAssessment", "assessedBy": [{"type": "Unknown"}, {"type": "Organisation"}]},
				{"specifiedBy": {"type": ["X", "Qualification"], "isPartialQualification": "maybe"}}]
		}
	}`).(Object))
	want := &EuropeanDigitalCredential{
		ID: "5", Issued: "2026", Issuer: &Organisation{ID: "did:ebsi:z"},
		CredentialProfiles: []*Concept{{ID: "urn:p"}},
		DisplayParameter:   &DisplayParameter{Title: LangString{{"", "plain"}}, Language: []*Concept{{ID: "http://l/ENG"}}},
		CredentialSubject: &Person{
			GivenName:  LangString{{"en", "A"}, {"en", "B"}, {"", "C"}},
			FamilyName: LangString{{"", "D"}, {"fi", "E"}},
			NationalID: &Identifier{Notation: "30.50"},
			HasClaim: []AnyClaim{
				&LearningActivity{LevelOfCompletion: "50", Workload: "true"},
				&LearningAchievement{},
				&LearningAssessment{AssessedBy: []AnyAgent{&Agent{}, &Organisation{}}},
				&LearningAchievement{SpecifiedBy: &LearningAchievementSpecification{Class: "Qualification"}},
			},
		},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

// What the model knows of the plain samples survives reading and writing: the rest is listed here, by
// the last name of the pointer.
func TestSamplesSurvive(t *testing.T) {
	allowed := map[string]string{
		// Members that EDC-AP has not, or not there.
		"missing": "cnf status hasMember dc:identifier academicYear degreeProgramme studentNumber dcType prefLabel " +
			"statusListCredential statusListIndex statusPurpose value " +
			"content", // empty
		// Other classes: StatusList2021Entry, JsonSchema, a list of wrong things.
		"class": "type credentialSchema credentialStatus",
	}
	samples(t, func(t *testing.T, name string, src []byte) {
		credentials, err := Read(src, ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range credentials {
			for _, d := range Diff(c.Source.Tree, Tree(c)) {
				last := d.Pointer[strings.LastIndexByte(strings.TrimRight(d.Pointer, "/0123456789"), '/')+1:]
				last = strings.TrimRight(last, "/0123456789")
				if !strings.Contains(" "+allowed[d.Kind]+" ", " "+last+" ") {
					t.Errorf("%s %s", d.Kind, d.Pointer)
				}
			}
		}
	}, unreadable...)
}
