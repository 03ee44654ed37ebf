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
	classes []*class // of a node: the one class, or all of a choice, the one read when a node has no type first
	min     int      // edc tag; over all languages for texts
	max     int      // edc tag; 0 for "*"
	list    string   // edc tag: code list
}

// class is the plan of one struct type: what the writer, the reader and the id maker walk along.
type class struct {
	name    string // the name of the struct
	names   []string
	typ     reflect.Type
	id      int // index of field ID
	class   int // index of field Class, -1 when the struct is one class
	types   int // index of field Types, -1 but for the credential
	bare    bool
	shared  bool // the same pointer is met many times in one credential
	members []member
	nodes   []*member // those of kindNode
	byName  map[string]*member
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
	sharedTypes = []reflect.Type{
		reflect.TypeFor[Organisation](), reflect.TypeFor[GradingScheme](),
		reflect.TypeFor[Concept](), reflect.TypeFor[ConceptScheme](),
	}
)

// The plans of all classes, of those no member leads to as well.
var (
	credentialClass = plan(reflect.TypeFor[EuropeanDigitalCredential]())
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
		shared: slices.Contains(sharedTypes, t),
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
	m.choice = true
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

// absent tells at once that a member of the struct at base is empty: a text, a list, a pointer and an
// interface all begin with a word that is zero in their zero value. Most members of most nodes are.
// One that is not zero may still be empty.
func (m *member) absent(base unsafe.Pointer) bool {
	return *(*uintptr)(unsafe.Add(base, m.offset)) == 0
}

// nameOf returns the class of a node: the Class field where it holds a class of this struct, else
// the name of the struct.
func (c *class) nameOf(v reflect.Value) string {
	if c.class >= 0 {
		if name := v.Field(c.class).String(); slices.Contains(c.names, name) {
			return name
		}
	}
	return c.name
}

// target returns the class and the pointer of one node; the class is nil when there is none.
func (m *member) target(p reflect.Value) (*class, reflect.Value) {
	if p.IsNil() {
		return nil, p
	}
	c := m.classes[0]
	if m.choice {
		p = p.Elem()
		if p.IsNil() {
			return nil, p
		}
		c = classOf[p.Type().Elem()]
	}
	if c.bare && p.Elem().Field(c.id).Len() == 0 {
		return nil, p
	}
	return c, p
}
