package edci

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/piprate/json-gold/ld"
)

var (
	// ErrJSONLD is returned for a document that a JSON-LD processor refuses.
	ErrJSONLD = errors.New("edci: JSON-LD cannot be processed")

	// ErrLimit is returned for a document that costs more than the limits allow: once its references
	// are replaced by the nodes they name, or by its unknown members, terms or disclosures. The error
	// says by what.
	ErrLimit = errors.New("edci: larger than the limits allow")
)

const (
	credentialIRI = "http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential"

	// unknownIRI is a property of ours. On the way through the JSON-LD processor it marks the nodes
	// that have members no context knows; its value is an index of translation.unknown.
	unknownIRI = "urn:uuid:5001a2ef-8849-5823-bef5-a333aacf3b03#unknown"
)

// translation turns our tree into the one the JSON-LD processor takes, and keeps what it would drop.
type translation struct {
	survey  map[string]bool // pointers of members no context knows
	unknown []Object        // the unknown members of one node each
	orphans Object          // those of objects that are no nodes
}

// embedAll reads a document through the JSON-LD processor and returns the credentials in it, each as a
// tree in plain shape: Expand, then all nodes by id, then each credential with what it names inside.
func embedAll(v any, context any, s *survey) ([]Object, []*embedder, error) {
	t := &translation{survey: map[string]bool{}}
	for _, p := range s.unknown {
		t.survey[p] = true
	}
	doc := t.value(v, nil)
	if m, ok := doc.(map[string]any); ok && m["@context"] == nil && context != nil {
		m["@context"] = plainValue(context)
	}
	expanded, err := expand(doc)
	if err != nil {
		return nil, nil, err
	}
	g := &graph{nodes: map[string]*graphNode{}}
	g.add(expanded)
	roots := g.credentials()
	if len(roots) == 0 {
		return nil, nil, fmt.Errorf("%w: a JSON-LD document without a node of type EuropeanDigitalCredential", ErrNotEDC)
	}
	return embedRoots(g, roots, t, s)
}

// embedRoots makes one tree per credential; what found no node goes to the first.
func embedRoots(g *graph, roots []*graphNode, t *translation, s *survey) ([]Object, []*embedder, error) {
	var trees []Object
	var made []*embedder
	placed := map[int]bool{}
	for _, root := range roots {
		e := &embedder{graph: g, unknown: t.unknown, placed: placed, tally: s.tally, depth: s.lim.Depth, path: map[*graphNode]bool{}}
		tree := e.node(root, credentialClass, nil)
		if e.err != nil {
			return nil, nil, e.err
		}
		trees = append(trees, tree)
		made = append(made, e)
	}
	lost := t.orphans
	for i, members := range t.unknown {
		if !placed[i] {
			lost = append(lost, members...)
		}
	}
	trees[0] = made[0].keep(trees[0], lost, nil)
	return trees, made, made[0].err
}

// expand runs the JSON-LD expansion. The error names the kind of fault, no values.
func expand(doc any) (expanded []any, err error) {
	defer func() {
		if recover() != nil {
			expanded, err = nil, fmt.Errorf("%w: the processor gave up", ErrJSONLD)
		}
	}()
	o := ld.NewJsonLdOptions("")
	o.DocumentLoader = contextLoader{}
	o.ProcessingMode = ld.JsonLd_1_1
	expanded, err = ld.NewJsonLdProcessor().Expand(doc, o)
	var fault *ld.JsonLdError
	switch {
	case err == nil:
		return expanded, nil
	case errors.Is(err, ErrContext):
		return nil, err
	case errors.As(err, &fault):
		return nil, fmt.Errorf("%w: %s", ErrJSONLD, fault.Code)
	}
	return nil, ErrJSONLD
}

// value translates a value. Numbers become strings as written: a processor would turn them into
// binary floating point.
func (t *translation) value(v any, at []byte) any {
	switch v := v.(type) {
	case Object:
		return t.object(v, at)
	case Array:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = t.value(e, fmt.Appendf(at, "/%d", i))
		}
		return list
	case json.Number:
		return string(v)
	}
	return v
}

func (t *translation) object(o Object, at []byte) any {
	m := make(map[string]any, len(o))
	var unknown Object
	for _, member := range o {
		below := AppendToken(at, member.Name)
		switch {
		case t.survey[string(below)]:
			unknown = append(unknown, member)
		case member.Name == "@context":
			m[member.Name] = plainValue(member.Value)
		default:
			m[member.Name] = t.value(member.Value, below)
		}
	}
	if len(unknown) == 0 {
		return m
	}
	if !isNodeObject(m) {
		t.orphans = append(t.orphans, unknown...)
		return m
	}
	m[unknownIRI] = strconv.Itoa(len(t.unknown))
	t.unknown = append(t.unknown, unknown)
	return m
}

// isNodeObject tells whether an object may have properties.
func isNodeObject(m map[string]any) bool {
	for _, keyword := range []string{"@value", "@list", "@set"} {
		if _, ok := m[keyword]; ok {
			return false
		}
	}
	return true
}

// plainValue translates a value inside a context; @version must be a number.
func plainValue(v any) any {
	switch v := v.(type) {
	case Object:
		m := make(map[string]any, len(v))
		for _, member := range v {
			m[member.Name] = plainValue(member.Value)
		}
		return m
	case Array:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = plainValue(e)
		}
		return list
	case json.Number:
		f, _ := v.Float64()
		return f
	}
	return v
}

// graph is all nodes of a document by id: what JSON-LD flattening gives, without its quadratic cost.
type graph struct {
	nodes map[string]*graphNode
	order []*graphNode
	blank int
}

// mostTypes is how many types of one node are kept.
const mostTypes = 64

// graphNode is one node with all that is said of it anywhere.
type graphNode struct {
	id     string
	types  []string
	props  []property
	places map[string]int // of properties, by IRI
	inside bool           // a credential that is a part of another
}

type property struct {
	iri    string
	values []any // literal or reference
	seen   map[any]bool
}

type literal struct {
	value      any // string or bool
	lang, kind string
}

type reference struct {
	node *graphNode
	bare bool // only the id was written here
}

// add files a part of an expanded document and returns the values it stands for.
func (g *graph) add(v any) []any {
	switch v := v.(type) {
	case []any:
		var all []any
		for _, e := range v {
			all = append(all, g.add(e)...)
		}
		return all
	case map[string]any:
		return g.object(v)
	}
	return nil
}

func (g *graph) object(m map[string]any) []any {
	if value, ok := m["@value"]; ok {
		lang, _ := m["@language"].(string)
		kind, _ := m["@type"].(string)
		return []any{literal{plainLiteral(value), lang, kind}}
	}
	for _, keyword := range []string{"@list", "@set"} {
		if list, ok := m[keyword]; ok {
			return g.add(list)
		}
	}
	if inner, ok := m["@graph"]; ok && !hasProperties(m) {
		return g.add(inner)
	}
	return []any{g.node(m)}
}

// plainLiteral keeps strings and truth values; JSON literals become their text.
func plainLiteral(v any) any {
	switch v := v.(type) {
	case string, bool:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// hasProperties tells whether anything but keywords is said of a node.
func hasProperties(m map[string]any) bool {
	for name := range m {
		if !strings.HasPrefix(name, "@") || name == "@type" {
			return true
		}
	}
	return false
}

// node files a node object.
func (g *graph) node(m map[string]any) reference {
	id, _ := m["@id"].(string)
	if id == "" {
		id = "_:" + strconv.Itoa(g.blank) + " "
		g.blank++
	}
	n := g.nodes[id]
	if n == nil {
		n = &graphNode{id: id, places: map[string]int{}}
		g.nodes[id] = n
		g.order = append(g.order, n)
	}
	for _, name := range sortedNames(m) {
		g.property(n, name, m[name])
	}
	_, named := m["@id"]
	return reference{n, named && len(m) == 1}
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// property files what a node object says under one name.
func (g *graph) property(n *graphNode, name string, v any) {
	switch {
	case name == "@type":
		for _, t := range stringsOf(v) {
			if len(n.types) < mostTypes && !slices.Contains(n.types, t) {
				n.types = append(n.types, t)
			}
		}
	case name == "@reverse":
		reverse, _ := v.(map[string]any)
		for _, iri := range sortedNames(reverse) {
			for _, subject := range g.add(reverse[iri]) {
				if r, ok := subject.(reference); ok {
					r.node.say(iri, []any{reference{n, true}})
				}
			}
		}
	case name == "@graph" || name == "@included":
		g.add(v)
	case !strings.HasPrefix(name, "@"):
		n.say(name, g.add(v))
	}
}

func stringsOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, e := range v {
			list = append(list, stringsOf(e)...)
		}
		return list
	}
	return nil
}

// say adds values to a property. What is said twice, in two places of the document, is said once.
func (n *graphNode) say(iri string, values []any) {
	i, ok := n.places[iri]
	if !ok {
		n.places[iri] = len(n.props)
		n.props = append(n.props, property{iri: iri, values: values})
		n.mark(iri, values)
		return
	}
	p := &n.props[i]
	if p.seen == nil {
		p.seen = map[any]bool{}
		for _, v := range p.values {
			p.seen[identityOf(v)] = true
		}
	}
	for _, v := range values {
		if key := identityOf(v); !p.seen[key] {
			p.seen[key] = true
			p.values = append(p.values, v)
		}
	}
	n.mark(iri, values)
}

// identityOf is what makes two values the same.
func identityOf(v any) any {
	if r, ok := v.(reference); ok {
		return r.node
	}
	return v
}

// mark notes credentials that are a part of another: hasCredential and elmSubject.
func (n *graphNode) mark(iri string, values []any) {
	if t := memberByIRI[iri]; t == nil || t.name != "hasCredential" && t.name != "elmSubject" {
		return
	}
	for _, v := range values {
		if r, ok := v.(reference); ok && r.node != n {
			r.node.inside = true
		}
	}
}

// credentials are the nodes to begin with: credentials that are no part of another; when there is none
// of that kind, the first.
func (g *graph) credentials() []*graphNode {
	var all, roots []*graphNode
	for _, n := range g.order {
		if slices.Contains(n.types, credentialIRI) {
			all = append(all, n)
			if !n.inside {
				roots = append(roots, n)
			}
		}
	}
	if len(roots) == 0 && len(all) > 0 {
		roots = all[:1]
	}
	return roots
}

// embedder makes a tree in plain shape from the graph.
type embedder struct {
	graph        *graph
	unknown      []Object
	placed       map[int]bool
	tally        *tally
	depth        int
	sizes        map[int]int         // bytes of unknown, by index
	path         map[*graphNode]bool // nodes above
	observations []Observation
	err          error
}

func (e *embedder) observe(kind ObservationKind, at []byte, note string) {
	e.fail(e.tally.pointer(at))
	e.observations = append(e.observations, Observation{kind, string(at), note})
}

// spend counts a node and the bytes of a text.
func (e *embedder) spend(nodes, bytes int) {
	e.fail(e.tally.spend(nodes, bytes))
	if len(e.path) > e.depth {
		e.fail(fmt.Errorf("%w: its references are nested deeper than %d", ErrLimit, e.depth))
	}
}

// fail keeps the first error.
func (e *embedder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// node makes the object of a node. The class is that of its place, for nodes that name none; nil when
// the model does not know the place.
func (e *embedder) node(n *graphNode, c *class, at []byte) Object {
	e.path[n] = true
	defer delete(e.path, n)
	e.spend(1, 0)
	o := Object{}
	if !strings.HasPrefix(n.id, "_:") {
		o = append(o, Member{"id", n.id})
	}
	if len(n.types) > 0 {
		o = append(o, Member{"type", typeValue(n.types)})
	}
	for _, p := range inOrder(n.props, c) {
		if e.err != nil {
			return o
		}
		if p.iri == unknownIRI {
			continue
		}
		o = e.member(o, p, c, at)
	}
	return e.keepUnknown(o, n, at)
}

// typeValue names the classes of a node, as one string when there is one.
func typeValue(types []string) any {
	list := make(Array, len(types))
	for i, t := range types {
		name, ok := classByIRI[t]
		if !ok {
			name = compactIRI(t)
		}
		list[i] = name
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// compactIRI shortens an IRI by a prefix of the EDC context.
func compactIRI(iri string) string {
	for i := range edcTerms {
		t := &edcTerms[i]
		if t.as != "" || !strings.HasSuffix(t.iri, "/") && !strings.HasSuffix(t.iri, "#") {
			continue
		}
		if name, ok := strings.CutPrefix(iri, t.iri); ok && name != "" {
			return t.name + ":" + name
		}
	}
	return iri
}

// memberName is the member for a property.
func memberName(iri string) string {
	if t := memberByIRI[iri]; t != nil {
		return t.name
	}
	return compactIRI(iri)
}

// inOrder sorts the properties as the model has them, those it has not by name at the end.
func inOrder(props []property, c *class) []property {
	place := func(p property) int {
		if c != nil {
			if m, ok := c.byName[memberName(p.iri)]; ok {
				return m.index
			}
		}
		return 1 << 20
	}
	sorted := slices.Clone(props)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := place(sorted[i]), place(sorted[j])
		return a < b || a == b && sorted[i].iri < sorted[j].iri
	})
	return sorted
}

// member adds the member for a property.
func (e *embedder) member(o Object, p property, c *class, at []byte) Object {
	name := memberName(p.iri)
	var m *member
	if c != nil {
		m = c.byName[name]
	}
	at = AppendToken(at, name)
	if t := memberByIRI[p.iri]; t != nil && t.as == "@language" {
		return append(o, Member{name, e.languageMap(p.values)})
	}
	array := m != nil && m.many || len(p.values) > 1
	list := make(Array, 0, len(p.values))
	for i, v := range p.values {
		if e.err != nil {
			break
		}
		below := at
		if array {
			below = fmt.Appendf(at, "/%d", i)
		}
		list = append(list, e.value(v, m, below))
	}
	switch {
	case array:
		return append(o, Member{name, list})
	case len(list) == 0:
		return o
	}
	return append(o, Member{name, list[0]})
}

// languageMap makes a language map; texts without language alone are plain strings.
func (e *embedder) languageMap(values []any) any {
	var s LangString
	for _, v := range values {
		if l, ok := v.(literal); ok {
			text, _ := textOf(l.value)
			e.spend(0, len(text)+bytesPerMember)
			s = append(s, LangText{l.lang, text})
		}
	}
	groups := s.byLanguage()
	if len(groups) == 1 && groups[0].lang == "" {
		return groups[0].value()
	}
	o := Object{}
	for _, g := range groups {
		if g.lang == "" {
			g.lang = "@none"
		}
		o = append(o, Member{g.lang, g.value()})
	}
	return o
}

// value is the text, or the array of texts.
func (l language) value() any {
	if len(l.texts) == 1 {
		return l.texts[0]
	}
	list := make(Array, len(l.texts))
	for i, t := range l.texts {
		list[i] = t
	}
	return list
}

// value makes one value of a member; m is nil when the model has no such member.
func (e *embedder) value(v any, m *member, at []byte) any {
	if l, ok := v.(literal); ok {
		return e.literal(l, m)
	}
	r := v.(reference)
	e.spend(0, len(r.node.id)+bytesPerMember)
	switch {
	case m != nil && m.kind != kindNode:
		return r.node.id // the context takes the text of such a member for an id
	case r.node.isEmpty() || e.path[r.node] || e.err != nil:
		return Object{{"id", r.node.id}}
	}
	if r.bare && len(r.node.props) > 0 {
		e.observe(Resolved, at, "")
	}
	return e.node(r.node, placeClass(m, r.node), at)
}

// isEmpty tells whether nothing is said of a node.
func (n *graphNode) isEmpty() bool {
	return len(n.props) == 0 && len(n.types) == 0 && !strings.HasPrefix(n.id, "_:")
}

// placeClass is the class whose members a node at that place has.
func placeClass(m *member, n *graphNode) *class {
	for _, t := range n.types {
		if c := classNamed[classByIRI[t]]; c != nil {
			return c
		}
	}
	if m == nil {
		return nil
	}
	return m.classes[0]
}

const xsd = "http://www.w3.org/2001/XMLSchema#"

// numeric are the datatypes that are written as numbers.
var numeric = map[string]bool{xsd + "integer": true, xsd + "positiveInteger": true, xsd + "double": true}

// literal makes a string, number or truth value.
func (e *embedder) literal(l literal, m *member) any {
	s, ok := l.value.(string)
	if !ok {
		return l.value
	}
	e.spend(0, len(s)+bytesPerMember)
	if isNumber(s) && (m != nil && m.kind == kindNumber || m == nil && numeric[l.kind]) {
		return json.Number(s)
	}
	return s
}

// keepUnknown puts back the members of a node that no context knows.
func (e *embedder) keepUnknown(o Object, n *graphNode, at []byte) Object {
	i, ok := n.places[unknownIRI]
	if !ok {
		return o
	}
	for _, v := range n.props[i].values {
		l, _ := v.(literal)
		text, _ := l.value.(string)
		if index, err := strconv.Atoi(text); err == nil && index >= 0 && index < len(e.unknown) {
			e.placed[index] = true
			e.spend(0, e.sizeOf(index))
			o = e.keep(o, e.unknown[index], at)
		}
	}
	return o
}

// keep adds members as they are, each an observation. A member that is there becomes an array.
func (e *embedder) keep(o Object, members Object, at []byte) Object {
	if len(members) == 0 {
		return o
	}
	places := make(map[string]int, len(o)+len(members))
	for i, m := range o {
		places[m.Name] = i
	}
	ours := map[int]bool{} // arrays made here, which may grow
	for _, m := range members {
		if e.err != nil {
			break
		}
		if i, ok := places[m.Name]; ok {
			o[i].Value = joined(o[i].Value, m.Value, ours[i])
			ours[i] = true
		} else {
			places[m.Name] = len(o)
			o = append(o, m)
		}
		e.observe(NotInContext, AppendToken(at, m.Name), "")
	}
	return o
}

// joined is the array of the values of both, in the array of the first when that is ours.
func joined(a, b any, ours bool) Array {
	list := Array(values(a))
	if !ours {
		list = slices.Clone(list)
	}
	return append(list, values(b)...)
}

// sizeOf is how long unknown members are when written, measured once.
func (e *embedder) sizeOf(index int) int {
	if n, ok := e.sizes[index]; ok {
		return n
	}
	if e.sizes == nil {
		e.sizes = map[int]int{}
	}
	n := len(AppendValue(nil, e.unknown[index]))
	e.sizes[index] = n
	return n
}
