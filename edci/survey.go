package edci

import (
	"fmt"
	"slices"
	"strings"
)

// A survey goes once through a document as received. It repairs spellings, finds the members that no
// context knows, and tells whether the plain shape is enough or a JSON-LD processor must be asked.
type survey struct {
	lim          Limits
	tally        *tally
	contexts     int // met so far
	terms        int // of inline contexts met so far
	observations []Observation
	unknown      []string // pointers of members no context knows, top-most only
	version      string

	processor  bool // something only a JSON-LD processor understands
	linked     bool // and that is references to nodes of the document, nothing else
	described  map[string]bool
	references []string // ids of nodes of which here only the id is given
	err        error    // of an observation
}

// scope is the active context of a place.
type scope struct {
	edc, vc bool
	vocab   bool // an inline context with @vocab knows every name
	inline  map[string]inlineTerm
}

// inlineTerm is a term that the document defines itself.
type inlineTerm struct {
	null bool // taken out of use
	map_ bool // its value is a map by language, index or id
}

// surveyDocument surveys one document under the context it brings or inherits.
func surveyDocument(v any, context any, lim Limits, t *tally) (*survey, error) {
	s := &survey{lim: lim, tally: t, described: map[string]bool{}, version: "3.2"}
	sc, err := s.top(v, context)
	if err != nil {
		return nil, err
	}
	if err := s.value(v, "", sc, nil); err != nil {
		return nil, err
	}
	s.linked = !s.processor && slices.ContainsFunc(s.references, func(id string) bool { return s.described[id] })
	s.processor = s.processor || s.linked
	return s, nil
}

// top makes the scope of the document's own context, or of the inherited one.
func (s *survey) top(v any, context any) (*scope, error) {
	if o, ok := v.(Object); ok {
		if own, ok := o.Get("@context"); ok {
			context = own
		}
	} else if _, ok := v.(Array); ok {
		s.processor = true
	}
	if context == nil {
		if !s.processor {
			s.observe(ContextPair, nil, "no context; read as the EDC context and VC 1.1")
		}
		return &scope{edc: true, vc: true}, nil
	}
	return s.extend(&scope{}, context)
}

// observe adds an observation; s.err tells when that is one too many.
func (s *survey) observe(kind ObservationKind, at []byte, note string) {
	if err := s.tally.pointer(at); err != nil {
		s.err = err
		return
	}
	s.observations = append(s.observations, Observation{kind, string(at), note})
}

// extend applies a context to a scope and gives the new scope.
func (s *survey) extend(outer *scope, context any) (*scope, error) {
	sc := *outer
	for _, entry := range values(context) {
		if s.contexts++; s.contexts > s.lim.Contexts {
			return nil, fmt.Errorf("%w: more than %d contexts in one document", ErrContext, s.lim.Contexts)
		}
		switch entry := entry.(type) {
		case string:
			if err := s.known(&sc, entry); err != nil {
				return nil, err
			}
		case Object:
			s.processor = true
			if err := s.define(&sc, entry); err != nil {
				return nil, err
			}
		case nil:
			s.processor, sc = true, scope{}
		default:
			return nil, fmt.Errorf("%w: an entry is neither a URL nor an object", ErrContext)
		}
	}
	return &sc, nil
}

// known adds a context by URL.
func (s *survey) known(sc *scope, address string) error {
	k, ok := contextFor(address)
	if !ok {
		return unknownContext(address)
	}
	sc.vc = sc.vc || k.protected
	sc.edc = sc.edc || !k.protected
	if k.note != "" {
		s.observe(ContextPair, []byte("/@context"), k.note)
	}
	return nil
}

// define adds the terms of an inline context, and of those within its terms as well: a name that is
// known somewhere counts as known.
func (s *survey) define(sc *scope, context Object) error {
	inline := make(map[string]inlineTerm, len(sc.inline)+len(context))
	for name, t := range sc.inline {
		inline[name] = t
	}
	sc.inline = inline
	for _, m := range context {
		switch {
		case m.Name == "@import":
			return fmt.Errorf("%w: @import is not supported", ErrContext)
		case m.Name == "@vocab":
			sc.vocab = m.Value != nil
		case !strings.HasPrefix(m.Name, "@"):
			if err := s.term(sc, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// term adds one term of an inline context.
func (s *survey) term(sc *scope, m Member) error {
	if s.terms++; s.terms > mostTerms {
		return fmt.Errorf("%w: more than %d terms in inline contexts", ErrLimit, mostTerms)
	}
	sc.inline[m.Name] = newInlineTerm(m.Value)
	return s.scoped(sc, m.Value)
}

// scoped adds the context within a term definition.
func (s *survey) scoped(sc *scope, definition any) error {
	o, _ := definition.(Object)
	context, ok := o.Get("@context")
	if !ok {
		return nil
	}
	below, err := s.extend(sc, context)
	if err == nil {
		sc.vocab = sc.vocab || below.vocab
		for name, t := range below.inline {
			if _, ok := sc.inline[name]; !ok {
				sc.inline[name] = t
			}
		}
	}
	return err
}

func newInlineTerm(definition any) inlineTerm {
	o, ok := definition.(Object)
	if !ok {
		return inlineTerm{null: definition == nil}
	}
	id, has := o.Get("@id")
	container, _ := o.Get("@container")
	t := inlineTerm{null: has && id == nil}
	for _, c := range typesOf(container) {
		t.map_ = t.map_ || c != "@set" && c != "@list" && c != "@graph"
	}
	return t
}

// keywords are those of JSON-LD 1.1 that a node or a value can have; processors drop other names of that
// form (1.1 API, 5.2.2).
var keywords = map[string]bool{
	"@context": true, "@direction": true, "@graph": true, "@id": true, "@included": true, "@index": true, "@json": true,
	"@language": true, "@list": true, "@nest": true, "@none": true, "@reverse": true, "@set": true, "@type": true, "@value": true,
}

// lookup tells what a name means in a node of those types: what its value is (term.as; "@map" for maps
// of inline terms), and whether any context knows it.
func (sc *scope) lookup(name string, types []string) (as string, known bool) {
	if strings.HasPrefix(name, "@") {
		return "", keywords[name]
	}
	if t, ok := sc.inline[name]; ok {
		if t.map_ {
			return "@map", !t.null
		}
		return "", !t.null
	}
	if t := sc.term(name, types); t != nil {
		return t.as, true
	}
	return "", sc.vocab || strings.Contains(name, ":") && !strings.HasPrefix(name, "_:")
}

// term finds a name in the contexts we have.
func (sc *scope) term(name string, types []string) *term {
	if sc.vc {
		for _, typ := range types {
			if typ == "" || propertyScope(typ) {
				continue
			}
			if t := vcIndex[[2]string{openedBy(typ), name}]; t != nil {
				return t
			}
		}
		if t := vcIndex[[2]string{"", name}]; t != nil {
			return t
		}
	}
	if sc.edc {
		return edcIndex[[2]string{"", name}]
	}
	return nil
}

// propertyScope tells whether a scope of the VC context is opened by a member, not by a type.
func propertyScope(name string) bool { return name[0] >= 'a' && name[0] <= 'z' }

// value surveys a value of the member called name.
func (s *survey) value(v any, name string, sc *scope, at []byte) error {
	switch v := v.(type) {
	case Object:
		return s.node(v, name, sc, at)
	case Array:
		for i, e := range v {
			if err := s.value(e, name, sc, fmt.Appendf(at, "/%d", i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// node surveys an object that is no language map.
func (s *survey) node(o Object, name string, sc *scope, at []byte) error {
	if context, ok := o.Get("@context"); ok && len(at) > 0 {
		s.processor = true
		var err error
		if sc, err = s.extend(sc, context); err != nil {
			return err
		}
	}
	if err := s.tally.scope(len(sc.inline)); err != nil {
		return err
	}
	s.repair(o, sc, at)
	types := nodeTypes(o)
	s.identity(o, types, name)
	for i := range o {
		if err := s.member(&o[i], types, sc, at); err != nil {
			return err
		}
	}
	return s.err
}

// nodeTypes returns the types of a node, under either name.
func nodeTypes(o Object) []string {
	t, ok := o.Get("type")
	if !ok {
		t, _ = o.Get("@type")
	}
	return typesOf(t)
}

// member surveys one member and what is below it.
func (s *survey) member(m *Member, types []string, sc *scope, at []byte) error {
	if m.Name == "@context" {
		return nil
	}
	if err := checkName(m.Name); err != nil {
		return err
	}
	as, known := sc.lookup(m.Name, types)
	below := AppendToken(at, m.Name)
	if !known {
		return s.addUnknown(below)
	}
	if keywords[m.Name] || strings.Contains(m.Name, ":") && memberByIRI[expandIRI(m.Name)] != nil {
		s.processor = true
	}
	switch as {
	case "@language", "@map", "@type":
		return nil
	case "@id", "@graph":
		s.mention(m.Name, m.Value)
	}
	return s.value(m.Value, m.Name, sc, below)
}

// addUnknown notes a member that no context knows.
func (s *survey) addUnknown(at []byte) error {
	if len(s.unknown) == mostUnknown {
		return fmt.Errorf("%w: more than %d members that no context knows", ErrLimit, mostUnknown)
	}
	s.unknown = append(s.unknown, string(at))
	return s.tally.pointer(at)
}

// mention notes the nodes that a value names by string.
func (s *survey) mention(name string, value any) {
	for _, v := range values(value) {
		if id, ok := v.(string); ok && name != "id" {
			s.reference(name, id)
		}
	}
}

// reference notes an id that stands for a node. Concepts are known by their id, and DIDs and list
// members are resolved elsewhere.
func (s *survey) reference(name, id string) {
	if id == "" || conceptMembers[name] || strings.HasPrefix(id, "did:") || inList(id) {
		return
	}
	s.references = append(s.references, id)
}

// inList tells whether an id belongs to a published code list.
func inList(id string) bool {
	return strings.HasPrefix(id, "http://data.europa.eu/snb/") ||
		strings.HasPrefix(id, "http://publications.europa.eu/resource/authority/")
}

// conceptMembers are the members whose value is a Concept or ConceptScheme in every class.
var conceptMembers = func() map[string]bool {
	names := map[string]bool{}
	for _, concept := range []bool{true, false} {
		for _, c := range classOf {
			for _, m := range c.nodes {
				if is := m.classes[0].name == "Concept" || m.classes[0].name == "ConceptScheme"; is == concept {
					names[m.name] = is
				}
			}
		}
	}
	return names
}()

// identity notes the id of a node as described or as mentioned, and looks at its types.
func (s *survey) identity(o Object, types []string, name string) {
	s.processor = s.processor || slices.ContainsFunc(types, func(t string) bool { return strings.Contains(t, ":") })
	id, _ := o.Get("id")
	if id == nil {
		id, _ = o.Get("@id")
	}
	text, _ := id.(string)
	switch {
	case text == "":
	case slices.ContainsFunc(o, describes):
		s.described[text] = true
	default:
		s.reference(name, text)
	}
}

// describes tells whether a member says more of a node than its id and class.
func describes(m Member) bool {
	switch m.Name {
	case "id", "@id", "type", "@type", "@context":
		return false
	}
	return true
}
