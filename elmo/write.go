package elmo

import (
	"io"
	"reflect"
	"slices"
	"strconv"
)

// WriteOptions govern writing; the zero value writes ELMO 1.7 without indentation.
type WriteOptions struct {
	Version Version // Latest when empty

	// Indent puts each element on its own line, except in texts and in what is kept as Raw.
	Indent bool

	// Skeleton leaves out required elements that are empty or nil: the result holds what the
	// document holds and nothing more, and is mostly not valid.
	Skeleton bool
}

// Marshal gives doc as XML in UTF-8.
func Marshal(doc *Document, opt WriteOptions) ([]byte, error) { return Append(nil, doc, opt) }

// Append appends doc as XML in UTF-8 to dst: in the order of the schema, required elements also when
// empty, with the names of opt.Version. A value that the version has no place for is an *Error with
// ErrVersion (see Fit). Characters that XML 1.0 forbids are left out. Raw values are written as they
// are; one that is not well-formed, as those of Read and ParseRaw are, is an *Error with ErrSyntax.
func Append(dst []byte, doc *Document, opt WriteOptions) ([]byte, error) {
	w, err := newWriter(opt)
	if err != nil {
		return dst, err
	}
	w.dst = dst
	w.document(doc)
	if w.err != nil {
		return dst, w.err
	}
	return w.dst, nil
}

// Write writes what Append appends, long texts without copying them. On an error part of the
// document may have been written.
func Write(out io.Writer, doc *Document, opt WriteOptions) error {
	w, err := newWriter(opt)
	if err != nil {
		return err
	}
	w.out = out
	w.document(doc)
	w.flush()
	return w.err
}

// long is the length from which a text is not copied by Write.
const long = 32 << 10

// writer walks the model by the plan. The first error stops it.
type writer struct {
	dst       []byte
	out       io.Writer // nil when all goes to dst
	namespace string
	rank      int
	indent    bool
	skeleton  bool
	any       bool       // elements of all versions
	top       *[]binding // takes the declarations of the top element instead of its start tag
	scope     []binding
	path      []step
	depth     int
	address   string // prefix of the children of currentAddress
	flat      int    // above 0: white space would matter
	open      bool   // the last start tag still lacks its ">"
	err       error
}

func newWriter(opt WriteOptions) (*writer, error) {
	if opt.Version == "" {
		opt.Version = Latest
	}
	rank := opt.Version.rank()
	if rank < 0 {
		return nil, &Error{Check: "version", Text: "there is no such ELMO version", Err: ErrVersion}
	}
	w := &writer{namespace: opt.Version.namespace(), rank: rank, indent: opt.Indent, skeleton: opt.Skeleton}
	return w, nil
}

func (w *writer) document(doc *Document) {
	w.str(`<?xml version="1.0" encoding="UTF-8"?>`)
	if !w.indent {
		w.dst = append(w.dst, '\n') // otherwise the root's own line break
	}
	w.start("elmo")
	w.declare("", w.namespace)
	w.element("elmo", reflect.ValueOf(doc).Elem(), documentPlan)
	if w.indent {
		w.dst = append(w.dst, '\n')
	}
}

func (w *writer) str(s string) { w.dst = append(w.dst, s...) }

// flush hands dst over to out.
func (w *writer) flush() {
	if w.out == nil || w.err != nil {
		return
	}
	if _, err := w.out.Write(w.dst); err != nil {
		w.err = err
	}
	w.dst = w.dst[:0]
}

// verbatim writes s without escaping, past dst when it is long.
func (w *writer) verbatim(s string) {
	if len(s) < long {
		w.str(s)
		return
	}
	if w.out == nil {
		w.dst = slices.Grow(w.dst, len(s)+long)
		w.str(s)
		return
	}
	w.flush()
	if w.err == nil {
		_, w.err = io.WriteString(w.out, s)
	}
}

func (w *writer) text(s string) {
	if s == "" {
		return
	}
	w.close()
	if len(s) >= long && isPlain(s) {
		w.verbatim(s)
		return
	}
	w.dst = appendText(w.dst, s)
}

// close ends an open start tag.
func (w *writer) close() {
	if w.open {
		w.dst = append(w.dst, '>')
		w.open = false
	}
}

// lead prepares for a child: the parent's tag closed, a new line when indenting.
func (w *writer) lead() {
	w.close()
	if w.out != nil && len(w.dst) >= long {
		w.flush()
	}
	if w.indent && w.flat == 0 {
		w.line()
	}
}

func (w *writer) line() {
	w.dst = append(w.dst, '\n')
	for range w.depth {
		w.dst = append(w.dst, ' ', ' ')
	}
}

func (w *writer) start(name string) {
	w.lead()
	w.dst = append(w.dst, '<')
	w.str(name)
	w.open = true
}

// end closes the element.
func (w *writer) end(name string) {
	if w.open {
		w.str("/>")
		w.open = false
		return
	}
	if w.indent && w.flat == 0 {
		w.line()
	}
	w.str("</")
	w.str(name)
	w.dst = append(w.dst, '>')
}

// declare declares a prefix on the element whose start tag is open.
func (w *writer) declare(prefix, uri string) {
	b := binding{prefix, uri}
	w.scope = append(w.scope, b)
	if w.top != nil && w.depth == 0 {
		*w.top = append(*w.top, b)
		return
	}
	w.dst = appendDeclaration(w.dst, b)
}

func (w *writer) lookup(prefix string) (string, bool) {
	for i := len(w.scope) - 1; i >= 0; i-- {
		if w.scope[i].prefix == prefix {
			return w.scope[i].uri, true
		}
	}
	return "", prefix == ""
}

// element writes the rest of the element name, whose start tag is open, with the value v.
func (w *writer) element(name string, v reflect.Value, p *plan) {
	mark := len(w.scope)
	x := *p.extraOf(v)
	w.attributes(v, p, x, mark)
	if p == addressPlan {
		w.declareAddress(v, x)
	}
	flat := one(p.text != nil || x.hasText())
	w.flat += flat
	w.depth++
	if p.text != nil {
		w.text(v.Field(p.text.index).String())
	}
	w.children(v, p, x)
	w.depth--
	w.end(name)
	w.flat -= flat
	w.scope = w.scope[:mark]
}

func (x *Extra) hasText() bool {
	return x != nil && slices.ContainsFunc(x.Others, func(o Other) bool { return o.Name == textName })
}

func (w *writer) attributes(v reflect.Value, p *plan, x *Extra, mark int) {
	for _, f := range p.attrs {
		value := v.Field(f.index).String()
		if value != "" || f.required && !w.skeleton {
			w.attribute(f.qualified(), value)
		}
	}
	if x == nil {
		return
	}
	for i, a := range x.Attrs {
		if p.knows(a) || slices.ContainsFunc(x.Attrs[:i], func(b Attr) bool { return b.Space == a.Space && b.Name == a.Name }) {
			continue
		}
		w.extraAttribute(a, x.Attrs, mark)
	}
}

// knows tells whether the schema has the attribute, so that it is written from its field.
func (p *plan) knows(a Attr) bool {
	for _, f := range p.attrs {
		if f.name == a.Name && (f.space == spaceXML && a.Space == nsXML || f.space == spaceOther && a.Space == "") {
			return true
		}
	}
	return false
}

func (w *writer) attribute(name, value string) {
	w.dst = append(w.dst, ' ')
	w.str(name)
	w.dst = append(w.dst, '=', '"')
	w.dst = appendAttr(w.dst, value)
	w.dst = append(w.dst, '"')
}

// extraAttribute writes an attribute that the schema does not know, with its own prefix where that
// is free; mark is where the declarations of this element begin in the scope.
func (w *writer) extraAttribute(a Attr, all []Attr, mark int) {
	if !isName(a.Name) || a.Name == "xmlns" && a.Space == "" {
		w.fail("name", "an attribute has a name that XML does not allow", ErrSyntax)
		return
	}
	switch a.Space {
	case "":
		w.attribute(a.Name, a.Value)
	case nsXML:
		w.attribute("xml:"+a.Name, a.Value)
	default:
		w.attribute(w.prefixFor(a, all, mark)+":"+a.Name, a.Value)
	}
}

// prefixFor gives a prefix bound to the namespace of a, declared here when need be.
func (w *writer) prefixFor(a Attr, all []Attr, mark int) string {
	prefix := a.Prefix
	if !isName(prefix) || prefix == "xml" || prefix == "xmlns" {
		prefix = "x"
	}
	for n := 1; ; n++ {
		uri, ok := w.lookup(prefix)
		if ok && uri == a.Space {
			return prefix
		}
		reserved := prefix != a.Prefix && slices.ContainsFunc(all, func(b Attr) bool { return b.Prefix == prefix && b.Space != a.Space })
		if !reserved && !hasPrefix(w.scope[mark:], prefix) {
			w.declare(prefix, a.Space)
			return prefix
		}
		prefix = "x" + strconv.Itoa(n)
	}
}

// declareAddress declares the prefix of the children of currentAddress, when it has any.
func (w *writer) declareAddress(v reflect.Value, x *Extra) {
	if !slices.ContainsFunc(addressPlan.children, func(f *field) bool { return addressPlan.count(v, f, x, false) > 0 }) {
		return
	}
	w.address = "a"
	for n := 1; x != nil && slices.ContainsFunc(x.Attrs, func(a Attr) bool { return a.Prefix == w.address }); n++ {
		w.address = "a" + strconv.Itoa(n)
	}
	w.declare(w.address, NSAddress)
}

// children writes the child elements of v.
func (w *writer) children(v reflect.Value, p *plan, x *Extra) {
	wholes := x.wholes()
	if x != nil && len(x.Others) > 0 {
		p.weave(x.Others,
			func(f *field) int { return w.count(v, p, f, x) },
			func(f *field, i int) { w.child(v, f, wholes, i) },
			func(o *Other, _ int) { w.raw(o.Element) })
		return
	}
	for _, f := range p.children {
		for i := range w.count(v, p, f, x) {
			w.child(v, f, wholes, i)
		}
	}
}

// count is how many elements of f are written. Schema 1.3.0 demands grouping, by mistake.
func (w *writer) count(v reflect.Value, p *plan, f *field, x *Extra) int {
	demanded := f.required && f.in(w.rank) || w.rank == rank13 && p == instancePlan && f.name == "grouping"
	return p.count(v, f, x, demanded && !w.skeleton)
}

// child writes the i-th element of f, from 0.
func (w *writer) child(v reflect.Value, f *field, wholes map[place]*Other, i int) {
	if w.err != nil {
		return
	}
	n := 0
	if f.repeats() {
		n = i + 1
	}
	name := f.nameIn(w.rank)
	w.path = append(w.path, step{name, n})
	if !w.any && i >= f.most(w.rank) {
		w.fail("version", "ELMO "+string(versions[w.rank])+" has no place for this element", ErrVersion)
	} else if whole := wholes[place{f.name, i + 1}]; whole != nil {
		w.raw(whole.Element)
	} else {
		w.known(w.qualify(f, name), v.Field(f.index), f, i)
	}
	w.path = w.path[:len(w.path)-1]
}

func (w *writer) qualify(f *field, name string) string {
	if f.space == spaceAddress {
		return w.address + ":" + name
	}
	return name
}

func (w *writer) known(name string, v reflect.Value, f *field, i int) {
	switch f.kind {
	case kindScalar:
		w.scalar(name, v.String())
	case kindScalars:
		w.scalar(name, v.Index(i).String())
	case kindStruct:
		w.structure(name, v, f.sub)
	case kindStructs:
		w.structure(name, v.Index(i), f.sub)
	case kindValues:
		w.start(name)
		if i == v.Len() { // demanded, and there is none
			w.end(name)
			return
		}
		w.element(name, v.Index(i), f.sub)
	case kindRaw:
		w.rawField(name, *v.Addr().Interface().(*Raw), f)
	case kindExtension:
		w.extension(name, *v.Addr().Interface().(**Extension))
	}
}

func (w *writer) scalar(name, value string) {
	w.start(name)
	w.flat++
	w.text(value)
	w.end(name)
	w.flat--
}

// structure writes *v, or an empty element for nil.
func (w *writer) structure(name string, v reflect.Value, p *plan) {
	if v.IsNil() {
		v = reflect.New(p.typ)
	}
	w.start(name)
	w.element(name, v.Elem(), p)
}

func (w *writer) rawField(name string, r Raw, f *field) {
	if !f.mixed {
		w.raw(r)
		return
	}
	w.start(name)
	w.flat++
	if r.XML != "" && w.sound(r.XML) {
		w.close()
		w.verbatim(r.XML)
	}
	w.end(name)
	w.flat--
}

// raw writes r with the declarations that are not in scope with the same value.
func (w *writer) raw(r Raw) {
	if r.XML == "" || !w.sound(r.String()) {
		return
	}
	if !r.isElement() {
		if r.isText() {
			w.close()
		} else {
			w.lead()
		}
		w.verbatim(r.XML)
		return
	}
	w.lead()
	end := r.nameEnd()
	w.str(r.XML[:end])
	for _, b := range scopeBindings(r.Scope) {
		if uri, ok := w.lookup(b.prefix); !ok || uri != b.uri {
			w.dst = appendDeclaration(w.dst, b)
		}
	}
	w.verbatim(r.XML[end:])
}

// sound fails when xml would make the document ill-formed.
func (w *writer) sound(xml string) bool {
	if w.err == nil && !wellFormed(xml) {
		w.fail("well-formed", "a kept piece of XML is not well-formed", ErrSyntax)
	}
	return w.err == nil
}

func (w *writer) extension(name string, x *Extension) {
	mark := len(w.scope)
	w.start(name)
	for i, a := range x.Attrs {
		if !slices.ContainsFunc(x.Attrs[:i], func(b Attr) bool { return b.Space == a.Space && b.Name == a.Name }) {
			w.extraAttribute(a, x.Attrs, mark)
		}
	}
	flat := one(slices.ContainsFunc(x.Children, Raw.isText))
	w.flat += flat
	w.depth++
	for _, r := range x.Children {
		w.raw(r)
	}
	w.depth--
	w.end(name)
	w.flat -= flat
	w.scope = w.scope[:mark]
}

// fail keeps the first error.
func (w *writer) fail(check, text string, err error) {
	if w.err == nil {
		w.err = &Error{Path: pathOf(w.path), Check: check, Text: text, Err: err}
	}
}
