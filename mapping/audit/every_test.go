package audit_test

import (
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/mapping/codes"
)

// every makes credentials of somebody else in which, between them, every property of every class stands at every place
// where the profile lets the class stand. A credential has one class whole, and what leads to it.

// flavour is how values of a credential are made.
type flavour struct {
	language string // of texts
	copies   int    // of repeatable properties
	listed   bool   // concepts are members of the published list
}

var flavours = []flavour{{"und", 1, true}, {"en", 1, true}, {"en", 2, false}}

// variants are the classes behind a type of the model.
var variants = map[reflect.Type][]any{
	reflect.TypeFor[edci.AnyClaim](): {edci.LearningAchievement{}, edci.LearningActivity{}, edci.LearningAssessment{}, edci.LearningEntitlement{}, edci.Claim{}},
	reflect.TypeFor[edci.AnyAgent](): {edci.Organisation{}, edci.Person{}, edci.Agent{}},
}

// subclasses share the struct of their class.
var subclasses = map[string]string{"Identifier": "LegalIdentifier", "LearningAchievementSpecification": "Qualification"}

// hop leads from a class to another.
type hop struct {
	from   *stop
	member string
	list   bool
}

// stop is a class at a place.
type stop struct {
	class string
	typ   reflect.Type
	by    hop // zero at the credential
	depth int
}

// fields are the members of a class of the model with their types.
func fields(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("json"); name != "" && name != "-" && name != "id" && name != "type" {
			out[name] = t.Field(i).Type
		}
	}
	return out
}

// targets are the classes that a member may hold; none when it holds texts.
func targets(t reflect.Type) (list bool, structs []reflect.Type) {
	if t.Kind() == reflect.Slice && t != reflect.TypeFor[edci.LangString]() {
		list, t = true, t.Elem()
	}
	for _, v := range variants[t] {
		structs = append(structs, reflect.TypeOf(v))
	}
	if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct {
		structs = append(structs, t.Elem())
	}
	return list, structs
}

// stops finds every class at every place that the shortest way to the class before it leads to.
func stops() []*stop {
	root := &stop{class: "EuropeanDigitalCredential", typ: reflect.TypeFor[edci.EuropeanDigitalCredential]()}
	nearest := map[string]*stop{root.class: root}
	all, queue := []*stop{root}, []*stop{root}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for _, next := range s.leaves() {
			all = append(all, next)
			if nearest[next.class] == nil && next.depth < 8 {
				nearest[next.class] = next
				queue = append(queue, next)
			}
		}
	}
	return all
}

// leaves are the places one hop further; the subject of a credential is a person.
func (s *stop) leaves() []*stop {
	var out []*stop
	members := fields(s.typ)
	for _, name := range slices.Sorted(keysOf(members)) {
		list, structs := targets(members[name])
		for _, t := range structs {
			if name == "credentialSubject" && t != reflect.TypeFor[edci.Person]() || t == reflect.TypeFor[edci.Reference]() {
				continue
			}
			class := strings.TrimPrefix(t.Name(), "Any")
			out = append(out, &stop{class, t, hop{s, name, list}, s.depth + 1})
			if sub := subclasses[class]; sub != "" {
				out = append(out, &stop{sub, t, hop{s, name, list}, s.depth + 1})
			}
		}
	}
	return out
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// maker makes nodes.
type maker struct{ flavour }

// credential is the smallest one with the whole class at its place.
func (s *stop) credential(f flavour) edci.Object {
	m := &maker{f}
	node := m.whole(s)
	for at := s; at.by.from != nil; at = at.by.from {
		above := m.bare(at.by.from)
		var value any = node
		if at.by.list {
			value = edci.Array{node}
		}
		node = with(above, at.by.member, value)
	}
	return with(node, "@context", edci.Array{"https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"})
}

func with(o edci.Object, name string, value any) edci.Object {
	for i := range o {
		if o[i].Name == name {
			o[i].Value = value
			return o
		}
	}
	return append(o, edci.Member{Name: name, Value: value})
}

// bare is a node with what conversions need: texts of its own, nothing to be lost in it.
func (m *maker) bare(s *stop) edci.Object {
	o := m.node(s.class)
	switch s.class {
	case "EuropeanDigitalCredential":
		o = with(o, "issuanceDate", "2024-07-15T00:00:00")
		o = with(o, "credentialSubject", m.subject())
	case "Person":
		o = with(o, "hasClaim", edci.Array{m.claim()})
	case "LearningAchievement", "LearningAchievementSpecification", "Qualification":
		o = with(o, "title", m.text())
	}
	return o
}

func (m *maker) subject() edci.Object {
	return with(m.node("Person"), "hasClaim", edci.Array{m.claim()})
}

func (m *maker) claim() edci.Object { return with(m.node("LearningAchievement"), "title", m.text()) }

func (m *maker) node(class string) edci.Object {
	if class == "EuropeanDigitalCredential" {
		return edci.Object{{Name: "type", Value: edci.Array{"VerifiableCredential", class}}}
	}
	return edci.Object{{Name: "type", Value: class}}
}

func (m *maker) text() any { return edci.Object{{Name: m.language, Value: "Text"}} }

// whole is a node with every property that its class has; nodes inside are small.
func (m *maker) whole(s *stop) edci.Object {
	o := m.bare(s)
	members := fields(s.typ)
	for _, name := range slices.Sorted(keysOf(members)) {
		if _, there := o.Get(name); !there {
			o = with(o, name, m.value(name, members[name]))
		}
	}
	return o
}

// texts that are no language map.
var texts = map[string]string{"contentURL": "https://example.org/a", "content": "eA==", "point": "5", "workload": "PT40H", "duration": "P1Y",
	"maximumDuration": "P3Y", "volumeOfLearning": "PT40H", "contactHour": "40", "status": "released", "schemeName": "local", "notation": "A1"}

func (m *maker) value(name string, t reflect.Type) any {
	list, structs := targets(t)
	one := func(i int) any {
		switch {
		case len(structs) > 0:
			return m.small(name, structs[0], i)
		case t == reflect.TypeFor[edci.LangString]():
			return m.text()
		case strings.HasSuffix(t.String(), "Number"):
			return "30"
		case strings.HasSuffix(t.String(), "Boolean"):
			return "true"
		case texts[name] != "":
			return texts[name]
		case isDate(name):
			return "2024-01-31T00:00:00"
		}
		return "Text"
	}
	if !list {
		return one(0)
	}
	var a edci.Array
	for i := range m.copies {
		a = append(a, one(i))
	}
	return a
}

func isDate(name string) bool {
	lower := strings.ToLower(name)
	return strings.Contains(lower, "date") || slices.Contains([]string{"issued", "validFrom", "validUntil", "valid"}, name)
}

// small is a node with a text or two.
func (m *maker) small(name string, t reflect.Type, i int) any {
	switch class := t.Name(); class {
	case "Concept":
		return m.concept(name, i)
	case "Identifier":
		return edci.Object{{Name: "type", Value: class}, {Name: "notation", Value: "A" + strconv.Itoa(i)}, {Name: "schemeName", Value: "local"}}
	case "Note":
		return edci.Object{{Name: "type", Value: class}, {Name: "noteLiteral", Value: m.text()}}
	case "WebResource":
		return edci.Object{{Name: "type", Value: class}, {Name: "contentURL", Value: "https://example.org/" + strconv.Itoa(i)}}
	case "Organisation":
		return edci.Object{{Name: "type", Value: class}, {Name: "legalName", Value: m.text()}}
	case "Reference":
		return edci.Object{{Name: "id", Value: "https://example.org/" + strconv.Itoa(i)}}
	case "MediaObject":
		return edci.Object{{Name: "type", Value: class}, {Name: "content", Value: "eA=="}, {Name: "contentType", Value: listed("file-type", 0)}, {Name: "contentEncoding", Value: listed("encoding", 0)}}
	case "Location":
		return edci.Object{{Name: "type", Value: class}, {Name: "address", Value: edci.Array{m.small("", reflect.TypeFor[edci.Address](), 0)}}}
	case "Address":
		return edci.Object{{Name: "type", Value: class}, {Name: "countryCode", Value: listed("country", 0)}}
	default:
		o := edci.Object{{Name: "type", Value: class}}
		if f, ok := fields(t)["title"]; ok {
			o = with(o, "title", m.value("title", f))
		}
		return o
	}
}

// lists are those that conversions look at, by property.
var lists = map[string]string{"citizenshipCountry": "country", "countryCode": "country", "gender": "human-sex", "thematicArea": "isced-f",
	"eqfLevel": "eqf", "nqfLevel": "nqf", "framework": "education-credit", "contentType": "file-type", "contentEncoding": "encoding",
	"language": "language", "primaryLanguage": "language"}

func (m *maker) concept(name string, i int) any {
	if list := lists[name]; list != "" && m.listed {
		return listed(list, i)
	}
	return edci.Object{{Name: "id", Value: "https://example.org/list/" + strconv.Itoa(i)}, {Name: "type", Value: "Concept"}, {Name: "prefLabel", Value: m.text()}}
}

// listed is one of a published list, whole.
func listed(list string, i int) any {
	next, stop := iter.Pull(codes.ByName(list).Members())
	defer stop()
	m, _ := next()
	for range i {
		m, _ = next()
	}
	c := m.Concept()
	tree := edci.Tree(&edci.EuropeanDigitalCredential{CredentialProfiles: []*edci.Concept{c}})
	v, _ := edci.At(tree, "/credentialProfiles/0")
	return v
}
