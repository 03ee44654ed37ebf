package elmo

import (
	"fmt"
	"math"
	"reflect"
	"strings"
)

// The namespaces of an ELMO document.
const (
	NS          = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
	NSv2        = "https://github.com/emrex-eu/elmo-schemas/tree/v2"
	NSAddress   = "https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1"
	NSSignature = "http://www.w3.org/2000/09/xmldsig#"
	NSPre10     = "http://purl.org/net/elmo"

	// NSBridge is our own: elements that a target has no place for (mapping.md 8).
	NSBridge = "urn:uuid:5001a2ef-8849-5823-bef5-a333aacf3b03"

	nsXML      = "http://www.w3.org/XML/1998/namespace"
	nsInstance = "http://www.w3.org/2001/XMLSchema-instance"
	nsFamily   = "https://github.com/emrex-eu/elmo-schemas/tree/v"
)

// space is the namespace that a field of the model lives in.
type space uint8

const (
	spaceOther space = iota
	spaceELMO
	spaceAddress
	spaceSignature
	spaceXML
)

var spacePrefixes = map[string]space{"a": spaceAddress, "ds": spaceSignature, "xml": spaceXML}

// kind is the form that a field has in the document and in the model.
type kind uint8

const (
	kindAttribute kind = iota // string, an attribute
	kindValue                 // string, the text of the element itself
	kindScalar                // string, a child with text only
	kindScalars               // []string
	kindStruct                // *S
	kindStructs               // []*S
	kindValues                // []S
	kindRaw                   // Raw: inner XML when mixed, else the whole element
	kindExtension             // *Extension
)

var kinds = map[reflect.Type]kind{
	reflect.TypeFor[string]():     kindScalar,
	reflect.TypeFor[[]string]():   kindScalars,
	reflect.TypeFor[Raw]():        kindRaw,
	reflect.TypeFor[*Extension](): kindExtension,
}

// field is one struct field with what its tag says.
type field struct {
	name     string // local name
	later    string // local name from 2.0 on, mostly the same
	space    space
	kind     kind
	index    int // in the struct
	order    int // among the children
	verbatim bool
	required bool
	mixed    bool
	since    int // ranks of versions
	until    int
	many     int
	sub      *plan
}

// repeats tells whether the schema allows the element more than once.
func (f *field) repeats() bool {
	return f.kind == kindScalars || f.kind == kindStructs || f.kind == kindValues
}

// in tells whether version rank v has the field.
func (f *field) in(v int) bool { return f.since <= v && v <= f.until }

// most is how many of the field version rank v allows.
func (f *field) most(v int) int {
	switch {
	case !f.in(v):
		return 0
	case f.repeats() && v >= f.many:
		return math.MaxInt
	}
	return 1
}

// nameIn is the element name in version rank v.
func (f *field) nameIn(v int) string {
	if v >= rank20 {
		return f.later
	}
	return f.name
}

// plan is a struct type of the model as the reader and the writer see it.
type plan struct {
	typ      reflect.Type
	attrs    []*field
	text     *field // nil for element-only content
	children []*field
	demanded []*field // the children that the schema demands up to Latest
	extra    int      // index of the field Extra
	stays    bool     // an empty element is kept, because the schema demands elements inside
}

// maxChildren bounds the children of one plan, for counters on the stack.
const maxChildren = 24

// plans holds all struct types of the model; made once from the tags, never changed.
var plans = map[reflect.Type]*plan{}

var documentPlan = compile(reflect.TypeFor[Document]())

var (
	reportPlan     = compile(reflect.TypeFor[Report]())
	learnerPlan    = compile(reflect.TypeFor[Learner]())
	addressPlan    = compile(reflect.TypeFor[Address]())
	attachmentPlan = compile(reflect.TypeFor[Attachment]())
	instancePlan   = compile(reflect.TypeFor[LearningOpportunityInstance]())
)

// compile makes the plan of a struct type and of all below it. A wrong tag panics, at start-up.
func compile(t reflect.Type) *plan {
	if p := plans[t]; p != nil {
		return p
	}
	p := &plan{typ: t, extra: -1}
	plans[t] = p
	for i := range t.NumField() {
		p.add(t.Field(i), i)
	}
	if p.extra < 0 {
		panic(fmt.Sprintf("elmo: %s has no Extra", t.Name()))
	}
	if p.text != nil && len(p.children) > 0 || len(p.children) > maxChildren {
		panic(fmt.Sprintf("elmo: %s has text and children, or too many of them", t.Name()))
	}
	return p
}

func (p *plan) add(s reflect.StructField, i int) {
	tag := s.Tag.Get("elmo")
	if tag == "" {
		switch s.Name {
		case "Extra":
			p.extra = i
		case "Source":
		default:
			panic(fmt.Sprintf("elmo: %s.%s has no tag", p.typ.Name(), s.Name))
		}
		return
	}
	f := parseTag(p.typ.Name()+"."+s.Name, tag, s.Type)
	f.index = i
	switch f.kind {
	case kindAttribute:
		f.order = len(p.attrs)
		p.attrs = append(p.attrs, f)
	case kindValue:
		p.text = f
	default:
		f.order = len(p.children)
		p.children = append(p.children, f)
		if f.required && f.since <= rankLatest {
			p.demanded = append(p.demanded, f)
			p.stays = p.stays || f.kind == kindStruct
		}
	}
}

// parseTag reads one struct tag; where names the field in the panic.
func parseTag(where, tag string, t reflect.Type) *field {
	name, options, _ := strings.Cut(tag, ",")
	f := &field{space: spaceELMO, until: len(versions) - 1}
	f.kind, f.sub = kindOf(where, t)
	switch {
	case name == ".":
		f.kind, name = kindValue, ""
	case strings.HasPrefix(name, "@"):
		f.kind, f.space, name = kindAttribute, spaceOther, name[1:]
	}
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		f.space, name = spacePrefixes[prefix], local
	}
	f.name, f.later = name, name
	for option := range strings.SplitSeq(options, ",") {
		f.option(where, option)
	}
	return f
}

func (f *field) option(where, option string) {
	key, value, _ := strings.Cut(option, "=")
	switch key {
	case "":
	case "string":
		f.verbatim = true
	case "required":
		f.required = true
	case "mixed":
		f.mixed = true
	case "since":
		f.since = mustRank(where, value)
	case "until":
		f.until = mustRank(where, value)
	case "many":
		f.many = mustRank(where, value)
	case "2.0":
		f.later = value
	default:
		panic(fmt.Sprintf("elmo: %s: unknown option %q", where, option))
	}
}

func kindOf(where string, t reflect.Type) (kind, *plan) {
	if k, ok := kinds[t]; ok {
		return k, nil
	}
	switch {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return kindStruct, compile(t.Elem())
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return kindValues, compile(t.Elem())
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Pointer:
		return kindStructs, compile(t.Elem().Elem())
	}
	panic(fmt.Sprintf("elmo: %s: no form for %s", where, t))
}

// find gives the child field of that namespace and name, or nil. The search starts at from, because
// children mostly come in the order of the schema.
func (p *plan) find(s space, name string, from int) *field {
	for i := from; i < len(p.children); i++ {
		if p.children[i].is(s, name) {
			return p.children[i]
		}
	}
	for i := 0; i < from && i < len(p.children); i++ {
		if p.children[i].is(s, name) {
			return p.children[i]
		}
	}
	return nil
}

func (f *field) is(s space, name string) bool {
	return f.space == s && (f.name == name || f.later == name)
}

// named gives the child field of that local name, whatever its namespace, or nil.
func (p *plan) named(name string) *field {
	for _, f := range p.children {
		if f.name == name || f.later == name {
			return f
		}
	}
	return nil
}

// Repeats tells whether the child NAME of a struct of the model may come more than once; known
// is false for a name that the schema does not have there. In paths an element that may repeat
// and an unknown one carry their position, name[n] from 1, the others none.
func Repeats(parent reflect.Type, name string) (repeats, known bool) {
	for parent.Kind() == reflect.Pointer {
		parent = parent.Elem()
	}
	p := plans[parent]
	if p == nil {
		return true, false
	}
	f := p.named(name)
	return f == nil || f.repeats(), f != nil
}
