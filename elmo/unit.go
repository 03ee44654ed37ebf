package elmo

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// The unit of keeping is one child element of a struct of the model, named by element name and
// position. The functions here take a pointer to such a struct as parent.

// ChildRef names a child element: N is its position among those of its name where it may repeat, and
// 0 where not. Known is false for elements that the schema does not have; their name is "other" and N
// the position among all children, 0 for the attributes of the parent itself.
type ChildRef struct {
	Name  string
	N     int
	Known bool
	Other Raw      // what is not known: the element, or one of no meaning that has the attributes
	Paths []string // below parent, in the notation of Difference: one, or one for each attribute
}

// Unclean lists the children of parent that the schema does not know, or not in full.
func Unclean(parent any) []ChildRef {
	v := reflect.ValueOf(parent).Elem()
	p := plans[v.Type()]
	var out []ChildRef
	if x := *ExtraOf(parent); x != nil {
		out = x.refs(p)
	}
	for _, f := range p.children {
		if f.sub != nil {
			out = f.unclean(v.Field(f.index), out)
		}
	}
	return out
}

func (x *Extra) refs(p *plan) []ChildRef {
	var out []ChildRef
	if len(x.Attrs) > 0 {
		out = append(out, ChildRef{Name: "other", Other: NewRaw("", "", "attributes", x.Attrs, ""), Paths: x.attributePaths()})
	}
	for _, w := range x.Wholes {
		n := 0
		if f := p.named(w.Name); f != nil && f.repeats() {
			n = w.Position
		}
		out = append(out, known(w.Name, n))
	}
	count := map[string]int{}
	for _, o := range x.Others {
		if f := p.named(o.Name); f != nil && count[o.Name] == 0 {
			count[o.Name]++ // the field of the model holds the first
		}
		count[o.Name]++
		path := numbered(o.Name, count[o.Name])
		if o.Name == textName {
			path = "" // a text is a matter of the element it is in
		}
		out = append(out, ChildRef{Name: "other", N: o.Position, Other: o.Element, Paths: []string{path}})
	}
	return out
}

func (x *Extra) attributePaths() []string {
	var paths []string
	for _, a := range x.Attrs {
		name := a.Name
		if a.Prefix != "" {
			name = a.Prefix + ":" + name
		}
		paths = append(paths, "@"+name)
	}
	return paths
}

func known(name string, n int) ChildRef {
	return ChildRef{Name: name, N: n, Known: true, Paths: []string{numbered(name, n)}}
}

func numbered(name string, n int) string {
	if n < 1 {
		return name
	}
	return name + "[" + strconv.Itoa(n) + "]"
}

func (f *field) unclean(v reflect.Value, out []ChildRef) []ChildRef {
	switch f.kind {
	case kindStruct:
		if !v.IsNil() && !clean(v.Elem(), f.sub) {
			out = append(out, known(f.name, 0))
		}
	case kindStructs, kindValues:
		for i := range v.Len() {
			if !clean(reflect.Indirect(v.Index(i)), f.sub) {
				out = append(out, known(f.name, i+1))
			}
		}
	}
	return out
}

// ExtraOf is the field Extra of a struct of the model.
func ExtraOf(parent any) **Extra {
	v := reflect.ValueOf(parent).Elem()
	return v.Field(plans[v.Type()].extra).Addr().Interface().(**Extra)
}

// New makes an empty struct of the type of parent.
func New(parent any) any { return reflect.New(reflect.TypeOf(parent).Elem()).Interface() }

// Only is a copy of parent with nothing but the children of one name.
func Only(parent any, name string) any {
	out := New(parent)
	v := reflect.ValueOf(parent).Elem()
	if f := plans[v.Type()].named(name); f != nil {
		reflect.ValueOf(out).Elem().Field(f.index).Set(v.Field(f.index))
	}
	return out
}

// Bare is a copy of parent in which it and its direct children have no Extra.
func Bare(parent any) any {
	out := New(parent)
	v, w := reflect.ValueOf(parent).Elem(), reflect.ValueOf(out).Elem()
	p := plans[v.Type()]
	w.Set(v)
	w.Field(p.extra).SetZero()
	for _, f := range p.children {
		if f.kind == kindValues {
			list := reflect.AppendSlice(reflect.MakeSlice(v.Field(f.index).Type(), 0, v.Field(f.index).Len()), v.Field(f.index))
			for i := range list.Len() {
				list.Index(i).Field(f.sub.extra).SetZero()
			}
			w.Field(f.index).Set(list)
		}
	}
	return out
}

// Texts are the children of one name when they are texts with a language.
func Texts(parent any, name string) []Text {
	v := reflect.ValueOf(parent).Elem()
	f := plans[v.Type()].named(name)
	if f == nil {
		return nil
	}
	texts, _ := v.Field(f.index).Interface().([]Text)
	return texts
}

// PutOther adds a child that the schema does not know at a position among all children; at position
// 0 the attributes of the element are added to those of parent (ChildRef). False when xml is none.
func PutOther(parent any, position int, xml string) bool {
	raw, err := ParseRaw(xml)
	if err != nil {
		if raw = strayRaw(xml); raw.IsZero() {
			return false
		}
	}
	x := ExtraOf(parent)
	if *x == nil {
		*x = &Extra{}
	}
	if position == 0 {
		_, attrs, _, ok := raw.Simple()
		(*x).Attrs = append((*x).Attrs, attrs...)
		return ok
	}
	_, local := raw.Name()
	if raw.isText() {
		local = textName
	}
	(*x).Others = append((*x).Others, Other{Position: position, Name: local, Element: raw})
	return true
}

// strayRaw reads a text between elements, as it stands in XML; the zero Raw when it is none.
func strayRaw(xml string) Raw {
	if strings.Contains(xml, "<") {
		return Raw{}
	}
	r, e, err := openElement("<x>" + xml + "</x>")
	if err != nil {
		return Raw{}
	}
	return r.inner(e)
}

// Overwrite puts an element in the place of the n-th child of its name, or after the last one.
func Overwrite(parent any, name string, n int, xml string) bool {
	kept := New(parent)
	if _, err := AddChild(kept, xml); err != nil {
		return false
	}
	v, k := reflect.ValueOf(parent).Elem(), reflect.ValueOf(kept).Elem()
	f := plans[v.Type()].named(name)
	if f == nil {
		return false
	}
	to, from := v.Field(f.index), k.Field(f.index)
	switch {
	case !f.repeats():
		to.Set(from)
	case from.Len() > 0 && n >= 1 && n <= to.Len():
		list := reflect.AppendSlice(reflect.MakeSlice(to.Type(), 0, to.Len()), to)
		list.Index(n - 1).Set(from.Index(0))
		to.Set(list)
	case from.Len() > 0:
		to.Set(reflect.Append(to, from.Index(0)))
	}
	if x := *ExtraOf(kept); x != nil {
		own := ExtraOf(parent)
		if *own == nil {
			*own = &Extra{}
		}
		for _, w := range x.Wholes {
			w.Position = max(n, 1)
			(*own).Wholes = append((*own).Wholes, w)
		}
	}
	return true
}

// NewRaw makes an element of a name, attributes and a text.
func NewRaw(namespace, prefix, local string, attrs []Attr, text string) Raw {
	e := etree.NewElement(local)
	e.Space = prefix
	scope := map[string]string{prefix: namespace}
	for i, a := range attrs {
		name := a.Name
		if a.Space != "" && a.Space != nsXML {
			p := a.Prefix
			if used, ok := scope[p]; p == "" || ok && used != a.Space {
				p = "n" + strconv.Itoa(i)
			}
			scope[p] = a.Space
			name = p + ":" + name
		} else if a.Space == nsXML {
			name = "xml:" + name
		}
		e.CreateAttr(name, a.Value)
	}
	if text != "" {
		e.SetText(text)
	}
	for p, uri := range scope {
		if p == "" {
			e.CreateAttr("xmlns", uri)
		} else {
			e.CreateAttr("xmlns:"+p, uri)
		}
	}
	doc := etree.NewDocumentWithRoot(e)
	doc.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
	xml, err := doc.WriteToString()
	if err != nil {
		return Raw{}
	}
	raw, err := ParseRaw(xml)
	if err != nil {
		return Raw{}
	}
	return raw
}

// Name gives namespace and local name of the element.
func (r Raw) Name() (namespace, local string) {
	tag := strings.TrimPrefix(r.XML, "<")
	tag = tag[:strings.IndexFunc(tag+" ", func(c rune) bool { return c == ' ' || c == '/' || c == '>' || c == '\n' || c == '\t' || c == '\r' })]
	prefix, local, ok := strings.Cut(tag, ":")
	if !ok {
		prefix, local = "", tag
	}
	declaration := " xmlns:" + prefix + `="`
	if prefix == "" {
		declaration = ` xmlns="`
	}
	_, rest, _ := strings.Cut(r.Scope, declaration)
	namespace, _, _ = strings.Cut(rest, `"`)
	return namespace, local
}

// Simple takes an element without children apart: its local name, its attributes and its text.
func (r Raw) Simple() (local string, attrs []Attr, text string, ok bool) {
	doc := etree.NewDocument()
	if err := doc.ReadFromString(r.String()); err != nil || doc.Root() == nil {
		return "", nil, "", false
	}
	e := doc.Root()
	for _, a := range e.Attr {
		if a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns" {
			continue
		}
		namespace := ""
		if a.Space != "" {
			namespace = a.NamespaceURI()
		}
		if a.Space == "xml" {
			namespace = nsXML
		}
		attrs = append(attrs, Attr{Space: namespace, Prefix: a.Space, Name: a.Key, Value: a.Value})
	}
	return e.Tag, attrs, e.Text(), true
}

// Demanded lists the elements that the writer writes empty because the schema demands them, as paths.
func Demanded(doc *Document) []string {
	return demanded(reflect.ValueOf(doc).Elem(), plans[reflect.TypeFor[Document]()], "", nil)
}

func demanded(v reflect.Value, p *plan, at string, out []string) []string {
	for _, f := range p.children {
		c := v.Field(f.index)
		switch f.kind {
		case kindScalar, kindRaw:
			if f.required && f.since <= rankLatest && c.IsZero() {
				out = append(out, at+f.name)
			}
		case kindStruct:
			if !c.IsNil() {
				if f.required && c.Elem().IsZero() {
					out = append(out, at+f.name)
				}
				out = demanded(c.Elem(), f.sub, at+f.name+"/", out)
			}
		case kindStructs, kindValues:
			if f.required && c.Len() == 0 {
				out = append(out, at+f.name+"[1]")
			}
			for i := range c.Len() {
				if e := reflect.Indirect(c.Index(i)); e.IsValid() {
					out = demanded(e, f.sub, at+f.name+"["+strconv.Itoa(i+1)+"]/", out)
				}
			}
		}
	}
	return out
}
