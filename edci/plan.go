package edci

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// kind says how a member is written.
type kind uint8

const (
	kindText       kind = iota // string or []string: JSON strings
	kindLangString             // LangString: a language map
	kindNumber                 // Number: a JSON number
	kindBoolean                // Boolean: true or false
	kindNode                   // pointer to a struct, AnyClaim, AnyAgent, or a slice of them
)

// member is what the struct tags say of one field.
type member struct {
	offset  uintptr // of the field in the struct
	name    string  // json tag
	key     string  // "NAME": as written
	index   int     // of the field
	kind    kind
	many    bool     // "*" in the edc tag, LangString apart: a slice, always an array in JSON
	choice  bool     // AnyClaim or AnyAgent
	agent   bool     // AnyAgent
	classes []*class // of a node: the one class, or all of a choice, the one read when a node has no type first
	min     int      // edc tag; over all languages for texts
	max     int      // edc tag; 0 for "*"
	list    string   // edc tag: code list
}

// class is the plan of one struct type: what the writer, the reader and the id maker walk along.
type class struct {
	name      string // the name of the struct
	names     []string
	typ       reflect.Type
	id        int       // index of field ID
	class     int       // index of field Class, -1 when the struct is one class
	types     int       // index of field Types, -1 but for the credential
	offsets   []uintptr // of all fields in the struct
	bare      bool
	shared    bool // the same pointer is met many times in one credential
	recurring bool // named by its content (AssignIDs)
	members   []member
	nodes     []*member // those of kindNode
	byName    map[string]*member
}

var (
	classOf    = map[reflect.Type]*class{} // by struct type
	classNamed = map[string]*class{}       // by name of class: both classes of a struct that serves two
)

// subclasses are the classes that share the struct of another class.
var subclasses = map[string][]string{
	"Identifier":                       {"LegalIdentifier"},
	"LearningAchievementSpecification": {"Qualification"},
}

// choices are the structs that may stand behind an interface, in the order of preference for a
// node without type. untyped names the exceptions, by member.
var (
	choices = map[reflect.Type][]reflect.Type{
		reflect.TypeFor[AnyClaim](): {
			reflect.TypeFor[LearningAchievement](), reflect.TypeFor[LearningActivity](),
			reflect.TypeFor[LearningAssessment](), reflect.TypeFor[LearningEntitlement](), reflect.TypeFor[Claim](),
		},
		reflect.TypeFor[AnyAgent](): {
			reflect.TypeFor[Organisation](), reflect.TypeFor[Person](), reflect.TypeFor[Agent](),
		},
	}
	untyped = map[string]reflect.Type{
		"credentialSubject": reflect.TypeFor[Person](),
		"holder":            reflect.TypeFor[Person](),
		"member":            reflect.TypeFor[Agent](),
		"assessedBy":        reflect.TypeFor[Agent](),
		"directedBy":        reflect.TypeFor[Agent](),
	}
	recurringTypes = []reflect.Type{reflect.TypeFor[Organisation](), reflect.TypeFor[GradingScheme]()}
	sharedTypes    = append(recurringTypes, reflect.TypeFor[Concept](), reflect.TypeFor[ConceptScheme]())
)

// The plans of all classes, of those no member leads to as well.
var (
	credentialClass = plan(reflect.TypeFor[EuropeanDigitalCredential]())
	conceptClass    = plan(reflect.TypeFor[Concept]())
	_               = plan(reflect.TypeFor[EuropeanDigitalPresentation]())
	_               = plan(reflect.TypeFor[Specification]())
	_               = plan(reflect.TypeFor[Geometry]())
)

// plan compiles the tags of a struct type and of all types below it. It panics on a tag it does not
// understand: that is a mistake in model.go, found at start-up.
func plan(t reflect.Type) *class {
	if c, ok := classOf[t]; ok {
		return c
	}
	c := &class{
		name: t.Name(), typ: t, id: -1, class: -1, types: -1,
		bare:   t == reflect.TypeFor[Reference](),
		shared: slices.Contains(sharedTypes, t), recurring: slices.Contains(recurringTypes, t),
		byName: map[string]*member{},
	}
	classOf[t] = c
	c.names = append([]string{c.name}, subclasses[c.name]...)
	if !c.bare {
		for _, name := range c.names {
			classNamed[name] = c
		}
	}
	for i := range t.NumField() {
		c.offsets = append(c.offsets, t.Field(i).Offset)
		c.field(i, t.Field(i))
	}
	for i := range c.members {
		m := &c.members[i]
		c.byName[m.name] = m
		if m.kind == kindNode {
			c.nodes = append(c.nodes, m)
		}
	}
	return c
}

// field files one field of the struct.
func (c *class) field(i int, f reflect.StructField) {
	switch name := f.Tag.Get("json"); {
	case name == "-":
	case name == "id":
		c.id = i
	case name == "type" && f.Type.Kind() == reflect.String:
		c.class = i
	case name == "type":
		c.types = i
	default:
		c.members = append(c.members, newMember(i, name, f))
	}
}

// newMember reads the tags of a field that is neither id nor type.
func newMember(i int, name string, f reflect.StructField) member {
	m := member{name: name, key: `"` + name + `":`, index: i, offset: f.Offset}
	m.cardinality(f.Tag.Get("edc"))
	t := f.Type
	if t.Kind() == reflect.Slice && t != reflect.TypeFor[LangString]() {
		m.many = true
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[string]():
		m.kind = kindText
	case reflect.TypeFor[LangString]():
		m.kind = kindLangString
	case reflect.TypeFor[Number]():
		m.kind = kindNumber
	case reflect.TypeFor[Boolean]():
		m.kind = kindBoolean
	default:
		m.node(t)
	}
	return m
}

// node plans the classes of a member that is a node.
func (m *member) node(t reflect.Type) {
	m.kind = kindNode
	if t.Kind() == reflect.Pointer {
		m.classes = []*class{plan(t.Elem())}
		return
	}
	m.choice, m.agent = true, t == reflect.TypeFor[AnyAgent]()
	if first, ok := untyped[m.name]; ok {
		m.classes = []*class{plan(first)}
	}
	for _, s := range choices[t] {
		if c := plan(s); !slices.Contains(m.classes, c) {
			m.classes = append(m.classes, c)
		}
	}
}

// cardinality reads "MIN..MAX[,list=NAME]".
func (m *member) cardinality(tag string) {
	bounds, list, _ := strings.Cut(tag, ",list=")
	m.list = list
	var max string
	if _, err := fmt.Sscanf(bounds, "%d..%s", &m.min, &max); err != nil {
		panic("edci: bad edc tag of " + m.name + ": " + tag)
	}
	if max != "*" {
		m.max = int(max[0] - '0')
	}
}

// node is a node behind a pointer: what the writer and the id maker walk along. The class is nil when
// there is none. Reflection would do the same at twice the time.
type node struct {
	class *class
	base  unsafe.Pointer
}

// nodeOf is the node behind a pointer to the struct of a class.
func nodeOf(p reflect.Value) node { return node{classOf[p.Type().Elem()], p.UnsafePointer()} }

// field is the field of that index, which must be a T.
func field[T any](n node, index int) *T {
	return (*T)(unsafe.Add(n.base, n.class.offsets[index]))
}

// id is the field of the id.
func (n node) id() *string { return field[string](n, n.class.id) }

// className is the class of the node: the Class field where it holds a class of this struct, else the
// name of the struct.
func (n node) className() string {
	if c := n.class; c.class >= 0 {
		if name := *field[string](n, c.class); slices.Contains(c.names, name) {
			return name
		}
	}
	return n.class.name
}

// lacks tells at once that a member is empty: a text, a list, a pointer and an interface all begin with
// a word that is zero in their zero value. Most members of most nodes are. One that is not zero may
// still be empty.
func (n node) lacks(m *member) bool {
	return *(*uintptr)(unsafe.Add(n.base, m.offset)) == 0
}

// text, texts and langString are members of these kinds; Number and Boolean are texts.
func (n node) text(m *member) string           { return *field[string](n, m.index) }
func (n node) texts(m *member) []string        { return *field[[]string](n, m.index) }
func (n node) langString(m *member) LangString { return *field[LangString](n, m.index) }

// count is the number of nodes in a member, with those that are none.
func (n node) count(m *member) int {
	if m.many {
		return len(*field[[]struct{}](n, m.index)) // the length stands at the same place in all slices
	}
	return 1
}

// below is one node of a member.
func (n node) below(m *member, i int) node {
	var sub node
	switch {
	case m.choice:
		sub = m.chosen(n, i)
	case m.many:
		sub = node{m.classes[0], (*field[[]unsafe.Pointer](n, m.index))[i]}
	default:
		sub = node{m.classes[0], *field[unsafe.Pointer](n, m.index)}
	}
	if sub.base == nil || sub.class.bare && *sub.id() == "" {
		return node{}
	}
	return sub
}

// chosen is a node behind an interface.
func (m *member) chosen(n node, i int) node {
	var v any
	switch {
	case m.agent && m.many:
		v = (*field[[]AnyAgent](n, m.index))[i]
	case m.agent:
		v = *field[AnyAgent](n, m.index)
	case m.many:
		v = (*field[[]AnyClaim](n, m.index))[i]
	default:
		v = *field[AnyClaim](n, m.index)
	}
	if v == nil {
		return node{}
	}
	return nodeOf(reflect.ValueOf(v))
}
