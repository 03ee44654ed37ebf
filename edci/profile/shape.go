package profile

import (
	"math/bits"
	"strconv"
	"strings"
	"sync"

	"elmobridge/edci"
)

// classSet is a set of classes, one bit each, in the order of the table.
type classSet uint64

// property is an index into properties.
type property uint16

// other is any property that is neither in a context nor in a profile.
const other property = 0

// propertySet is a set of properties.
type propertySet [6]uint64

func (s *propertySet) add(p property)      { s[p/64] |= 1 << (p % 64) }
func (s *propertySet) has(p property) bool { return s[p/64]&(1<<(p%64)) != 0 }

// rule is a compiled shape.
type rule struct {
	class      int // index into classes
	property   property
	min, max   int      // max 0 for any number
	is         classSet // of nodes; 0 for any
	choice     bool     // several classes
	datatype   datatype // of literals; node for any
	unique     bool     // one text per language
	iri        bool     // nodes with an id
	literal    bool
	most       int    // of an integer; 0 for any
	claim      bool   // a claim
	claimOnly  bool   // a learning achievement
	issuer     bool   // an issuer
	scheme     string // of the concepts
	schemeBare bool   // which need not be typed ConceptScheme
}

// plan is the compiled shapes of one profile.
type plan struct {
	rules [][]rule // by class
	full  bool     // code lists are demanded
}

// defined are the properties that edc-generic-full defines, and those of them that EDCI does not read,
// by class.
var defined, unreadBy = definedByClass()

// plans compiles the shapes of each profile when it is first asked for.
var plans = func() (p [profiles]func() *plan) {
	for i := range p {
		p[i] = sync.OnceValue(func() *plan { return compile(Profile(i)) })
	}
	return p
}()

var (
	claims      = classesNamed(claimClasses)
	achievement = classesNamed("LearningAchievement")
	credential  = classesNamed("EuropeanDigitalCredential")
	concept     = classesNamed("Concept")
	scheme      = classesNamed("ConceptScheme")
	person      = classesNamed("Person")

	claimTypeRules = compileShapes(-1, claimType, false)
	issuerRules    = compileShapes(-1, issuerShape, false)

	dateOfBirth = propertyNamed("dateOfBirth")
	inScheme    = propertyNamed("inScheme")
)

// classIndex finds a class by name.
var classIndex = func() map[string]int {
	if len(classes) > 64 {
		panic("profile: more classes than a classSet holds")
	}
	m := make(map[string]int, len(classes))
	for i, c := range classes {
		m[c.name] = i
	}
	return m
}()

// lowest is the index of the first class of a set.
func lowest(s classSet) int { return bits.TrailingZeros64(uint64(s)) }

// classesNamed reads "A|B". It panics for a class that is not in the table.
func classesNamed(names string) (s classSet) {
	for _, name := range strings.Split(names, "|") {
		i, ok := classIndex[name]
		if !ok {
			panic("profile: no class " + name)
		}
		s |= 1 << i
	}
	return s
}

// propertyNamed finds the property of a member. It panics for one that is in no context.
func propertyNamed(member string) property {
	if p, ok := vocabulary.byName[member]; ok {
		return p
	}
	panic("profile: no member " + member)
}

// compile makes the plan of a profile.
func compile(p Profile) *plan {
	compiled := &plan{full: p != NoCV}
	for i, c := range classes {
		compiled.rules = append(compiled.rules, compileShapes(i, c.shapes, compiled.full))
	}
	for _, a := range definitions[p].add {
		i := classIndex[a.class]
		compiled.rules[i] = tighten(compiled.rules[i], compileShapes(i, a.shapes, compiled.full))
	}
	return compiled
}

func compileShapes(class int, shapes []shape, full bool) []rule {
	var rules []rule
	for _, s := range shapes {
		r := rule{class: class, property: propertyNamed(s.member)}
		r.readCount(s.count)
		r.readRange(s.is)
		r.readExtra(s.extra, full)
		rules = append(rules, r)
	}
	return rules
}

// readCount reads MIN..MAX.
func (r *rule) readCount(count string) {
	lowest, highest, _ := strings.Cut(count, "..")
	r.min, _ = strconv.Atoi(lowest)
	r.max, _ = strconv.Atoi(highest) // 0 for *
}

// readRange reads what a value is.
func (r *rule) readRange(is string) {
	switch d, ok := datatypeNamed(is); {
	case is == "":
	case is == "text":
		r.datatype = langString
	case ok:
		r.datatype = d
	default:
		r.is, r.choice = classesNamed(is), strings.Contains(is, "|")
	}
}

// readExtra reads the words behind a shape.
func (r *rule) readExtra(extra string, full bool) {
	for _, word := range strings.Fields(extra) {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "unique": // one text per language
			r.unique = true
		case "iri": // the node has an id
			r.iri = true
		case "literal":
			r.literal = true
		case "claim": // one of the four kinds of claims, or a claim with a dcType
			r.claim = true
		case "achievement": // a LearningAchievement, and no other claim
			r.claimOnly = true
		case "issuer": // has an eIDASIdentifier
			r.issuer = true
		case "most": // of an integer
			r.most, _ = strconv.Atoi(value)
		case "list": // concepts with an id, inScheme that list
			if full {
				r.iri, r.scheme, r.schemeBare = true, schemes[value], value == untypedScheme
			}
		default:
			panic("profile: no word " + word)
		}
	}
}

// tighten adds the rules of a profile to those of the class.
func tighten(rules, more []rule) []rule {
	for _, m := range more {
		for i := range rules {
			if r := &rules[i]; r.property == m.property {
				r.min = max(r.min, m.min)
				if m.max > 0 {
					r.max = m.max
				}
				r.claimOnly = r.claimOnly || m.claimOnly
			}
		}
	}
	return rules
}

func definedByClass() (all, skipped []propertySet) {
	all, skipped = make([]propertySet, len(classes)), make([]propertySet, len(classes))
	for i, c := range classes {
		for _, s := range c.shapes {
			all[i].add(propertyNamed(s.member))
		}
	}
	for member, names := range unread {
		for _, name := range strings.Split(names, "|") {
			skipped[classIndex[name]].add(propertyNamed(member))
		}
	}
	return all, skipped
}

// coercion says what becomes of the value of a term.
type coercion uint8

const (
	asIs       coercion = iota
	asNode              // a string is the id of a node
	asGraph             // a node in a graph of its own, which no shape sees
	asVocab             // a string is a term
	asLanguage          // an object is a language map
	asTyped             // a literal of the term's datatype
)

// term is what a name means in a document.
type term struct {
	property property
	as       coercion
	datatype datatype
}

// scopes are the terms by scope and name.
type scopes map[string]map[string]term

// vocabulary is what the contexts and the profiles name.
var vocabulary = newNames()

type names struct {
	iris     []string            // of properties
	byIRI    map[string]property // of those
	byName   map[string]property // member, or prefix:name
	members  []string            // of properties, or prefix:name; the way back of byName
	edc, vc  scopes
	classes  map[string]classSet // by member and by IRI
	prefixes map[string]string
}

func newNames() *names {
	v := &names{
		iris: []string{""}, byIRI: map[string]property{}, byName: map[string]property{},
		edc: scopes{}, vc: scopes{}, classes: map[string]classSet{}, prefixes: map[string]string{},
	}
	edc, vc := edci.Terms()
	v.addTerms(v.edc, edc)
	v.addTerms(v.vc, vc)
	for _, c := range classes {
		for _, s := range c.shapes {
			v.property(s.member)
		}
	}
	v.members = make([]string, len(v.iris))
	for name, p := range v.byName {
		if v.members[p] == "" || name > v.members[p] { // a member before the name of a class or of a prefix
			v.members[p] = name
		}
	}
	for i, c := range classes {
		prefix, local, _ := strings.Cut(c.iri, ":")
		v.classes[c.name], v.classes[shorthand[prefix]+local] = 1<<i, 1<<i
	}
	if len(v.iris) > 64*len(propertySet{}) {
		panic("profile: more properties than a propertySet holds")
	}
	return v
}

func (v *names) addTerms(to scopes, terms []edci.Term) {
	for _, t := range terms {
		if to[t.Scope] == nil {
			to[t.Scope] = map[string]term{}
		}
		if t.As == "" && strings.ContainsAny(t.IRI[len(t.IRI)-1:], ":/?#[]@") {
			v.prefixes[t.Name] = t.IRI
		}
		n := term{property: v.add(t.IRI)}
		n.as, n.datatype = coercionOf(t.As)
		to[t.Scope][t.Name] = n
		v.byName[t.Name] = n.property
	}
}

// coercionOf reads Term.As.
func coercionOf(as string) (coercion, datatype) {
	switch as {
	case "":
		return asIs, node
	case "@id", "@set":
		return asNode, node
	case "@graph":
		return asGraph, node
	case "@vocab":
		return asVocab, node
	case "@language":
		return asLanguage, node
	}
	d, ok := datatypeNamed("xsd:" + as[strings.LastIndexByte(as, '#')+1:])
	if !ok {
		panic("profile: no datatype " + as)
	}
	return asTyped, d
}

// property files a property that has a name of its own, or prefix:name.
func (v *names) property(name string) {
	if _, ok := v.byName[name]; !ok {
		prefix, local, _ := strings.Cut(name, ":")
		v.byName[name] = v.add(shorthand[prefix] + local)
	}
}

// member is the name of a property in documents.
func (v *names) member(p property) string { return v.members[p] }

func (v *names) add(iri string) property {
	if p, ok := v.byIRI[iri]; ok {
		return p
	}
	p := property(len(v.iris))
	v.iris = append(v.iris, iri)
	v.byIRI[iri] = p
	return p
}

// expand replaces the prefix of a compact IRI. Source: JSON-LD 1.1 API, 5.2 (IRI Expansion).
func (v *names) expand(s string) string {
	colon := strings.IndexByte(s, ':')
	if colon < 1 || strings.HasPrefix(s[colon+1:], "//") {
		return s
	}
	if space, ok := v.prefixes[s[:colon]]; ok {
		return space + s[colon+1:]
	}
	return s
}

// shorthand are the prefixes of names in the profiles. Those of the EDC context, but for clv, which lacks
// its final solidus there.
var shorthand = map[string]string{
	"adms": "http://www.w3.org/ns/adms#", "clv": "http://data.europa.eu/m8g/", "cred": "https://www.w3.org/2018/credentials#",
	"dc": "http://purl.org/dc/terms/", "elm": "http://data.europa.eu/snb/model/elm/", "foaf": "http://xmlns.com/foaf/0.1/",
	"locn": "http://www.w3.org/ns/locn#", "org": "http://www.w3.org/ns/org#", "person": "http://www.w3.org/ns/person#",
	"rov": "http://www.w3.org/ns/regorg#", "sec": "https://w3id.org/security#", "skos": "http://www.w3.org/2004/02/skos/core#",
}

// compact writes an IRI as prefix:name where there is a prefix for it.
func compact(iri string) string {
	for prefix, space := range shorthand {
		if name, ok := strings.CutPrefix(iri, space); ok {
			return prefix + ":" + name
		}
	}
	return iri
}
