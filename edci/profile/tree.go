package profile

import (
	"encoding/json"
	"slices"
	"strings"

	"elmobridge/edci"
)

// read goes through the tree as JSON-LD expansion and the making of RDF do, object by object.
// Source: JSON-LD 1.1 API, 5.1 (Expansion) and 8 (RDF).
func (g *graph) read(tree edci.Object) {
	g.contexts = edci.ContextsOf(tree)
	g.object(tree, place{parent: -1, member: -1, index: -1})
	for p := int32(0); p < int32(len(g.places)); p++ {
		if g.places[p].object != nil {
			g.visit(p)
		}
	}
	for n := range g.nodes {
		g.merge(int32(n))
	}
}

// object files an object that is a node, to be visited later, and returns the node. Nothing refers to
// one that is nowhere.
func (g *graph) object(o edci.Object, p place) int32 {
	p.object, p.node = o, nowhere
	at := int32(len(g.places))
	if p.flags&apart == 0 {
		p.node = g.identify(o, at)
	}
	if o == nil {
		p.object = edci.Object{}
	}
	g.places = append(g.places, p)
	if p.node >= 0 {
		g.occupy(at)
	}
	return p.node
}

// identify finds the node of an object. One whose id is no absolute IRI is nowhere.
func (g *graph) identify(o edci.Object, at int32) int32 {
	if !g.contexts.VC {
		return g.blank()
	}
	for i := range o {
		if o[i].Name == "id" {
			if id, ok := o[i].Value.(string); ok {
				return g.reference(id)
			}
			return g.blank()
		}
	}
	return g.blank()
}

// reference finds the node that a string names.
func (g *graph) reference(id string) int32 {
	if !isAbsolute(id) {
		return nowhere
	}
	return g.named(vocabulary.expand(id))
}

// visit reads what one object says.
func (g *graph) visit(p int32) {
	o := g.places[p].object
	if g.c.embedded && g.repeats(p) {
		return
	}
	g.types(p, o)
	from := int32(len(g.spans))
	for i := range o {
		m := &o[i]
		switch {
		case m.Name == "@context":
		case m.Name == "id" && g.contexts.VC:
			g.c.checkID(position{place: p, member: int32(i), index: -1}, m.Value)
		case m.Name == "type" && g.contexts.VC:
		default:
			g.member(p, int32(i), m)
		}
	}
	if n := g.places[p].node; n >= 0 {
		g.say(n, from)
		g.describe(n, p)
	}
}

// types reads the types of an object: the classes, and the terms they open.
func (g *graph) types(p int32, o edci.Object) {
	g.scopes = g.scopes[:0]
	if !g.contexts.VC {
		return
	}
	for i := range o {
		if o[i].Name != "type" {
			continue
		}
		at := position{place: p, member: int32(i), index: -1}
		list, many := o[i].Value.(edci.Array)
		if !many {
			g.typeName(at, o[i].Value)
		}
		for j, t := range list {
			at.index = int32(j)
			g.typeName(at, t)
		}
	}
}

// typeName reads one type.
func (g *graph) typeName(at position, v any) {
	name, ok := v.(string)
	if !ok {
		g.c.refuse(at, "a type must be a string or an array of strings")
		return
	}
	place := &g.places[at.place]
	if scope := vocabulary.vc[name]; scope != nil && openedByType(name) {
		g.scopes = append(g.scopes, scope)
	}
	if !g.knowsType(name, place.flags) || g.c.asWritten(position{place: at.place, member: at.member, index: -1}, name) != name {
		g.c.dropType(at, name)
		return
	}
	if place.node < 0 {
		return
	}
	bits, ok := vocabulary.classes[name]
	if !ok {
		bits = vocabulary.classes[vocabulary.expand(name)]
	}
	g.nodes[place.node].types |= bits
}

// openedByType tells scopes that a type opens from those that a member opens.
func openedByType(name string) bool { return name != "" && name[0] < 'a' }

// scopeOf is the scope whose names are types within that member.
var scopeOf = map[placeFlags]string{inSchema: "credentialSchema", inRefresh: "refreshService"}

// knowsType tells whether JSON-LD makes an IRI of a type.
func (g *graph) knowsType(name string, flags placeFlags) bool {
	if g.base(name) != nil || isAbsolute(name) {
		return true
	}
	_, ok := vocabulary.vc[scopeOf[flags&(inSchema|inRefresh)]][name]
	return ok && flags&(inSchema|inRefresh) != 0
}

// base finds a name among the terms that hold everywhere.
func (g *graph) base(name string) *term {
	if g.contexts.EDC {
		if t, ok := vocabulary.edc[""][name]; ok {
			return &t
		}
	}
	if g.contexts.VC {
		if t, ok := vocabulary.vc[""][name]; ok {
			return &t
		}
	}
	return nil
}

// term finds what a member means at the present place.
func (g *graph) term(name string) (t term, ok bool) {
	for _, scope := range g.scopes {
		if t, ok = scope[name]; ok {
			return t, true
		}
	}
	if g.contexts.EDC {
		if t, ok = vocabulary.edc[""][name]; ok {
			return t, true
		}
	}
	if g.contexts.VC {
		if t, ok = vocabulary.vc[""][name]; ok {
			return t, true
		}
	}
	if strings.IndexByte(name, ':') < 1 || strings.HasPrefix(name, "_:") {
		return term{}, false // a blank node says nothing as a property
	}
	iri := vocabulary.expand(name)
	return term{property: vocabulary.byIRI[iri]}, isAbsolute(iri)
}

// member reads one member that is neither id nor type.
func (g *graph) member(p, i int32, m *edci.Member) {
	at := position{place: p, member: i, index: -1}
	name := g.c.asWritten(at, m.Name)
	t, ok := g.term(name)
	if !ok {
		g.c.dropMember(at, name, m.Name)
		return
	}
	from := int32(len(g.values))
	if texts, isObject := m.Value.(edci.Object); isObject && t.as == asLanguage {
		g.languageMap(at, texts)
	} else {
		g.value(at, t, m.Name, m.Value)
	}
	if int32(len(g.values)) == from {
		return
	}
	g.unique(from)
	g.spans = append(g.spans, span{t.property, from, int32(len(g.values)), at})
}

// value reads a value that is no language map; arrays within arrays are as flat as JSON-LD has them.
func (g *graph) value(at position, t term, name string, v any) {
	switch v := v.(type) {
	case nil:
	case edci.Array:
		g.array(at, t, name, v)
	case edci.Object:
		g.child(at, t, name, v)
	case string:
		g.text(at, t, v)
	case bool:
		text := "false"
		if v {
			text = "true"
		}
		g.literal(at, t, text, xsdBoolean)
	case json.Number:
		text, d := numberLiteral(v)
		g.literal(at, t, text, d)
	}
}

func (g *graph) array(at position, t term, name string, a edci.Array) {
	if at.index >= 0 {
		parent := &g.places[at.place]
		g.places = append(g.places, place{
			parent: at.place, member: at.member, index: at.index, node: nowhere, flags: parent.flags,
		})
		at = position{place: int32(len(g.places) - 1), member: -1}
	}
	for i, e := range a {
		at.index = int32(i)
		g.value(at, t, name, e)
	}
}

// flagsBelow are the marks of what lies below a member.
var flagsBelow = map[string]placeFlags{"credentialSchema": inSchema, "refreshService": inRefresh}

// child reads an object below a member.
func (g *graph) child(at position, t term, name string, o edci.Object) {
	p := place{parent: at.place, member: at.member, index: at.index, flags: g.places[at.place].flags}
	switch {
	case t.as == asGraph:
		p.flags |= apart
	case t.as == asLanguage:
		p.flags |= inLanguage
	case len(g.scopes) > 0:
		p.flags |= flagsBelow[name]
	}
	dead := g.places[at.place].flags&apart != 0
	n := g.object(o, p)
	switch {
	case dead:
	case t.as == asGraph:
		g.values = append(g.values, value{node: g.blank(), at: at})
	case n >= 0:
		g.values = append(g.values, value{node: n, at: at})
	}
}

// text reads a string.
func (g *graph) text(at position, t term, s string) {
	switch t.as {
	case asNode:
		g.id(at, s)
	case asGraph:
		g.c.dropReference(at, "a graph that is only named says nothing")
	case asVocab:
		if !isAbsolute(s) && g.base(s) == nil && vocabulary.vc["proofPurpose"][s] == (term{}) {
			g.c.dropReference(at, notAbsolute)
		}
	default:
		g.literal(at, t, s, xsdString)
	}
}

// notAbsolute is why an id is lost.
const notAbsolute = "it is no absolute IRI"

// id reads a string that names a node.
func (g *graph) id(at position, s string) {
	if !isAbsolute(s) {
		g.c.dropReference(at, notAbsolute)
		return
	}
	if g.places[at.place].flags&apart == 0 {
		g.values = append(g.values, value{node: g.reference(s), at: at})
	}
}

// literal adds a literal, of the datatype of the term or its own.
func (g *graph) literal(at position, t term, text string, own datatype) {
	if t.as == asGraph {
		g.c.dropReference(at, "a graph that is a literal says nothing")
		return
	}
	if t.as == asTyped {
		own = t.datatype
	}
	g.values = append(g.values, value{node: nowhere, datatype: own, text: text, at: at})
}

// languageMap reads the texts of a language map.
func (g *graph) languageMap(at position, texts edci.Object) {
	at.lang = true
	for i := range texts {
		at.index = int32(i)
		before := len(g.values)
		list, many := texts[i].Value.(edci.Array)
		if !many {
			g.languageText(at, texts[i].Name, texts[i].Value)
		}
		for _, e := range list {
			g.languageText(at, texts[i].Name, e)
		}
		if len(g.values) > before {
			g.c.checkLanguage(at, texts[i].Name)
		}
	}
}

// languageText adds one text. null says nothing, and other values are forbidden.
func (g *graph) languageText(at position, lang string, v any) {
	text, ok := v.(string)
	if !ok {
		if v != nil {
			g.c.refuse(at, "the texts of a language map must be strings")
		}
		return
	}
	t := value{node: nowhere, datatype: langString, text: text, lang: lang, at: at}
	if lang == "@none" {
		t.datatype, t.lang = xsdString, ""
	}
	if text == "" {
		g.c.emptyText(at)
	}
	g.values = append(g.values, t)
}

// describe notes the first place that describes a node, and whether a later one says something else.
func (g *graph) describe(n, p int32) {
	o := g.places[p].object
	known := &g.nodes[n]
	switch {
	case known.id == "" || known.differs || !slices.ContainsFunc(o, describes):
	case known.described < 0:
		known.described = p
	case !equalObjects(g.places[known.described].object, o):
		known.differs = true
		g.c.sameID(p)
	}
}

// repeats tells whether a place says what another place of the same node has said.
func (g *graph) repeats(p int32) bool {
	n := g.places[p].node
	if n < 0 || g.nodes[n].id == "" || g.nodes[n].described < 0 {
		return false
	}
	return equalObjects(g.places[g.nodes[n].described].object, g.places[p].object)
}

// describes tells whether a member says more than what a node is.
func describes(m edci.Member) bool { return m.Name != "id" && m.Name != "type" && m.Name != "@context" }

// equalObjects compares without regard to the order of members.
func equalObjects(a, b edci.Object) bool {
	if len(a) != len(b) {
		return false
	}
	find := b.Get
	if len(b) > manyValues {
		find = indexed(b)
	}
	for i := range a {
		other := b[i].Value
		if a[i].Name != b[i].Name {
			var ok bool
			if other, ok = find(a[i].Name); !ok {
				return false
			}
		}
		if !equalValues(a[i].Value, other) {
			return false
		}
	}
	return true
}

// indexed is Get of a large object, with an index that is made when it is first asked for.
func indexed(o edci.Object) func(string) (any, bool) {
	var index map[string]any
	return func(name string) (any, bool) {
		if index == nil {
			index = make(map[string]any, len(o))
			for _, m := range o {
				index[m.Name] = m.Value
			}
		}
		v, ok := index[name]
		return v, ok
	}
}

func equalValues(a, b any) bool {
	switch a := a.(type) {
	case edci.Object:
		b, ok := b.(edci.Object)
		return ok && equalObjects(a, b)
	case edci.Array:
		b, ok := b.(edci.Array)
		return ok && slices.EqualFunc(a, b, equalValues)
	}
	switch b.(type) {
	case edci.Object, edci.Array:
		return false // not comparable with ==
	}
	return a == b
}

// lower writes a language tag as RDF compares it.
func lower(lang string) string { return strings.ToLower(lang) }

// sameLanguage compares two tags as RDF does.
func sameLanguage(a, b string) bool { return a == b || strings.EqualFold(a, b) }
