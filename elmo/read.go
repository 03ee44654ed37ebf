package elmo

import (
	"crypto/sha256"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/beevik/etree"
)

// ReadOptions govern reading; the zero value is right.
type ReadOptions struct {
	Limits Limits
}

// maxObservations bounds what a hostile document can make us write down.
const (
	maxObservations = 200_000
	maxNoted        = 32 << 20 // bytes of their paths
)

// Read reads an ELMO document of any version from 1.0 to 2.0, in any encoding and with any prefixes.
// What the schema does not know is kept in Extra; what was changed on the way is in
// Source.Observations. Required structs (Learner, Issuer, Specifies, Instance and the like) are never
// nil in the result.
//
// Long texts of the model share memory with data, which must not be changed afterwards. The error
// is an *Error: ErrNotELMO, ErrPre10, ErrSyntax, ErrDTD, ErrEncoding or ErrLimit.
func Read(data []byte, opt ReadOptions) (*Document, error) {
	_, doc, err := read(data, opt)
	return doc, err
}

// read is Read that also gives the reader, which knows the tree and the lines.
func read(data []byte, opt ReadOptions) (*reader, *Document, error) {
	o, err := open(data, opt.Limits)
	if err != nil {
		return nil, nil, err
	}
	return o.read()
}

// opened is a document as reading and verifying begin with it: scanned and parsed, once for both.
type opened struct {
	data     []byte // as received
	encoding string
	source   *source
	root     *etree.Element
	solid    map[*byte]bool // long texts without white space
	limits   Limits
}

// open decodes, scans and parses. What it refuses is refused alike in reading and verifying.
func open(data []byte, limits Limits) (*opened, error) {
	limits = limits.orDefault()
	if int64(len(data)) > limits.Bytes {
		return nil, &Error{Check: "limit", Text: "the document is too big", Err: ErrLimit}
	}
	text, encoding, err := decode(data)
	if err != nil {
		return nil, err
	}
	if !Sniff(data) && len(strings.TrimLeft(unsafeString(text[:min(len(text), 4096)]), " \t\r\n")) > 0 {
		return nil, &Error{Line: 1, Check: "well-formed", Text: "the document is not XML: it does not begin with \"<\"", Err: ErrSyntax}
	}
	src, err := scan(text, limits)
	if err != nil {
		return nil, err
	}
	root, solid, err := src.parseRaw(limits)
	if err != nil {
		return nil, err
	}
	return &opened{data, encoding, src, root, solid, limits}, nil
}

// read fills the model from the tree.
func (o *opened) read() (*reader, *Document, error) {
	o.source.endLines()
	r := &reader{source: o.source, root: o.root, solid: o.solid, limits: o.limits}
	doc := r.document()
	if r.err != nil {
		return nil, nil, r.err
	}
	doc.Source = &Source{
		Data: o.data, Digest: sha256.Sum256(o.data), Encoding: o.encoding, Namespace: r.home, Wrapper: r.wrapper,
		Known: !r.strangers,
	}
	doc.Source.Version, doc.Source.VersionFrom = r.guess()
	if r.kept != nil {
		r.restore(doc)
	}
	doc.Source.Observations = r.observations()
	return r, doc, nil
}

// reader walks the tree once and fills the model by the plan. The first error stops it.
type reader struct {
	source *source
	root   *etree.Element // of the file
	elmo   *etree.Element // the root, or the elmo element inside
	solid  map[*byte]bool // long texts without white space
	limits Limits
	doc    *Document

	home    string // the namespace of the elmo element
	uri     string // the ELMO namespace of the element being read
	wrapper string
	schema  string                 // xsi:schemaLocation
	version int                    // the highest rank that something read demands
	adopt   bool                   // the root has no learner: one inside report is taken
	few     []Attr                 // expanded names of the first prefixed attributes of an element
	names   map[Attr]bool          // of all when they are many
	kept    map[Raw]*etree.Element // what Fit may have put into extensions

	strangers bool // something is not in the schema

	scope []binding
	path  []step
	notes []note
	noted int // bytes of the paths of notes
	buf   []byte

	declared int // bytes of the declarations of elements that are kept as they are
	err      error
}

// step is one element of the present path; n is 0 where the schema allows only one.
type step struct {
	name string
	n    int
}

type note struct {
	kind    ObservationKind
	element *etree.Element
	path    string
}

// document finds the elmo element and reads it.
func (r *reader) document() *Document {
	e := r.find()
	if r.err != nil {
		return nil
	}
	r.elmo = e
	r.home, _ = r.lookup(e.Space)
	r.uri = r.home
	if r.home != NS && r.home != NSv2 {
		r.note(Namespace, e, "")
	}
	doc := &Document{}
	r.doc = doc
	r.adopt = !hasChild(e, "learner")
	for i := range e.Attr {
		if a := &e.Attr[i]; a.Key == "schemaLocation" {
			r.schema = a.Value
		}
	}
	r.read(reflect.ValueOf(doc).Elem(), documentPlan, e, false)
	return doc
}

func hasChild(e *etree.Element, name string) bool {
	for _, t := range e.Child {
		if c, ok := t.(*etree.Element); ok && c.Tag == name {
			return true
		}
	}
	return false
}

// find enters the elmo element: the root, or the only one inside another document, such as the
// answer of the EWP interface imobility-tors.
func (r *reader) find() *etree.Element {
	mark := r.enter(r.root)
	switch uri, _ := r.lookup(r.root.Space); {
	case r.err != nil:
		return nil
	case uri == NSPre10:
		r.refuse(r.root, "namespace", "an ELMO document from before version 1.0 (namespace "+NSPre10+"), which is another format", ErrPre10)
		return nil
	case r.root.Tag == "elmo" && isELMO(uri):
		return r.root
	}
	r.leave(mark)
	var inside [][]*etree.Element
	r.search(r.root, nil, &inside)
	switch {
	case r.err != nil:
	case len(inside) == 0:
		r.refuse(r.root, "root", "the root element is not elmo, and there is no elmo element inside", ErrNotELMO)
	case len(inside) > 1:
		r.refuse(r.root, "root", "the root element is not elmo, and there is more than one elmo element inside", ErrNotELMO)
	default:
		r.wrapper = r.root.Tag
		for _, e := range inside[0] {
			r.enter(e)
		}
		return inside[0][len(inside[0])-1]
	}
	return nil
}

// search collects the ways from the root to elmo elements, not to those inside another one.
func (r *reader) search(e *etree.Element, way []*etree.Element, found *[][]*etree.Element) {
	mark := r.enter(e)
	defer r.leave(mark)
	way = append(way[:len(way):len(way)], e)
	if uri, ok := r.lookup(e.Space); ok && e.Tag == "elmo" && isELMO(uri) {
		*found = append(*found, way)
		return
	}
	for _, t := range e.Child {
		if c, ok := t.(*etree.Element); ok && r.err == nil {
			r.search(c, way, found)
		}
	}
}

// isELMO tells the namespaces that are read as ELMO: none, and .../tree/v with anything behind.
func isELMO(uri string) bool { return uri == "" || strings.HasPrefix(uri, nsFamily) }

func (r *reader) spaceOf(uri string) space {
	switch {
	case uri == r.home || isELMO(uri):
		return spaceELMO
	case uri == NSAddress:
		return spaceAddress
	case uri == NSSignature:
		return spaceSignature
	}
	return spaceOther
}

// enter puts the declarations of e in scope; leave takes them out.
func (r *reader) enter(e *etree.Element) int {
	mark := len(r.scope)
	for i := range e.Attr {
		a := &e.Attr[i]
		if !isDeclaration(a) {
			continue
		}
		prefix := ""
		if a.Space != "" {
			prefix = a.Key
		}
		switch {
		case prefix == "xml" || prefix == "xmlns":
		case prefix != "" && a.Value == "":
			r.refuse(e, "namespace", "a prefix is declared for no namespace", ErrSyntax)
		case len(r.scope) >= r.limits.Attributes:
			r.refuse(e, "limit", "there are too many namespace declarations", ErrLimit)
		default:
			r.scope = append(r.scope, binding{prefix, a.Value})
		}
	}
	return mark
}

func (r *reader) leave(mark int) { r.scope = r.scope[:mark] }

func isDeclaration(a *etree.Attr) bool {
	return a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns"
}

// lookup gives the namespace of a prefix; not ok when it is not declared.
func (r *reader) lookup(prefix string) (uri string, ok bool) {
	for i := len(r.scope) - 1; i >= 0; i-- {
		if r.scope[i].prefix == prefix {
			return r.scope[i].uri, true
		}
	}
	if prefix == "xml" {
		return nsXML, true
	}
	return "", prefix == ""
}

// got tells what reading an element brought.
type got uint8

const (
	gotSome  got = 1 << iota // something for the model
	gotMixed                 // elements inside a text
)

// read fills the struct v from e, whose declarations are in scope; verbatim keeps the white space of
// its own text.
func (r *reader) read(v reflect.Value, p *plan, e *etree.Element, verbatim bool) got {
	some := r.attributes(v, p, e)
	if p.text == nil {
		return some | r.children(v, p, e)
	}
	text, mixed := elementText(e)
	if value := r.value(text, e, verbatim, false); value != "" {
		*v.Field(p.text.index).Addr().Interface().(*string) = value
		some |= gotSome
	}
	if mixed {
		some |= gotSome | gotMixed
	}
	return some
}

// value collapses a token and notes it when that changed something.
func (r *reader) value(text string, e *etree.Element, verbatim, required bool) string {
	if verbatim || text == "" || len(text) >= liftFrom && r.solid[unsafe.StringData(text)] {
		return text
	}
	value, changed := collapse(text)
	if changed && (value != "" || required) {
		r.note(Collapsed, e, "")
	}
	return value
}

// collapse gives s as xs:token: no tab, LF or CR, no blanks at the ends or in a row. Other white
// space of Unicode stays.
func collapse(s string) (string, bool) {
	last := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' && (c == ' ' && last == ' ' || c == '\t' || c == '\n' || c == '\r') {
			return strings.Join(strings.FieldsFunc(s, isSpace), " "), true
		}
		last = c
	}
	if s != "" && last == ' ' {
		return strings.TrimSuffix(s, " "), true
	}
	return s, false
}

func isSpace(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// elementText joins the texts of e, whatever stands between them; mixed tells that there are elements.
func elementText(e *etree.Element) (text string, mixed bool) {
	var joined strings.Builder
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.CharData:
			switch {
			case joined.Len() > 0:
				joined.WriteString(t.Data)
			case text == "":
				text = t.Data
			default:
				joined.WriteString(text)
				joined.WriteString(t.Data)
			}
		case *etree.Element:
			mixed = true
		}
	}
	if joined.Len() > 0 {
		return joined.String(), mixed
	}
	return text, mixed
}

// attributes reads the attributes of e into v.
func (r *reader) attributes(v reflect.Value, p *plan, e *etree.Element) got {
	var some got
	if len(e.Attr) > 0 {
		r.checkNames(e)
	}
	found := 0
	for i := range e.Attr {
		a := &e.Attr[i]
		if isDeclaration(a) {
			continue
		}
		if f := p.attribute(a); f != nil {
			found |= 1 << f.order
			if r.attribute(v, f, a, e) {
				some = gotSome
			}
		} else if r.unknownAttribute(p.extraOf(v), a, e) {
			some = gotSome
		}
	}
	for _, f := range p.attrs {
		if f.required && found&(1<<f.order) == 0 {
			r.note(Missing, e, "@"+f.name)
		}
	}
	return some
}

// attribute gives the field of a known attribute, or nil.
func (p *plan) attribute(a *etree.Attr) *field {
	for _, f := range p.attrs {
		if f.name == a.Key && (f.space == spaceXML && a.Space == "xml" || f.space == spaceOther && a.Space == "") {
			return f
		}
	}
	return nil
}

func (r *reader) attribute(v reflect.Value, f *field, a *etree.Attr, e *etree.Element) bool {
	value := a.Value
	if !f.verbatim {
		var changed bool
		if value, changed = collapse(value); changed {
			r.note(Collapsed, e, "@"+f.qualified())
		}
	}
	if value == "" && !f.required {
		r.note(Empty, e, "@"+f.qualified())
	}
	*v.Field(f.index).Addr().Interface().(*string) = value
	return value != ""
}

func (f *field) qualified() string {
	if f.space == spaceXML {
		return "xml:" + f.name
	}
	return f.name
}

// unknownAttribute keeps a in the extras, or drops it when it belongs to XML Schema Instance.
func (r *reader) unknownAttribute(extra **Extra, a *etree.Attr, e *etree.Element) bool {
	kept, ok := r.foreign(a, e)
	if !ok {
		return false
	}
	if *extra == nil {
		*extra, r.strangers = &Extra{}, true
	}
	(*extra).Attrs = append((*extra).Attrs, kept)
	return true
}

// foreign gives an attribute that no plan knows; not ok for one of XML Schema Instance.
func (r *reader) foreign(a *etree.Attr, e *etree.Element) (Attr, bool) {
	uri := ""
	if a.Space != "" {
		uri, _ = r.lookup(a.Space)
	}
	if uri == nsInstance {
		r.note(Instance, e, "@xsi:"+a.Key)
		return Attr{}, false
	}
	return Attr{Space: uri, Prefix: a.Space, Name: a.Key, Value: a.Value}, true
}

func (p *plan) extraOf(v reflect.Value) **Extra {
	return v.Field(p.extra).Addr().Interface().(**Extra)
}

// checkNames refuses prefixes without declaration, names with stray colons, and two attributes of
// one expanded name; etree lets all of them pass.
func (r *reader) checkNames(e *etree.Element) {
	if !localName(e.Tag) {
		r.refuse(e, "namespace", "a name has a colon in the wrong place, or begins with what no name does", ErrSyntax)
	}
	if _, ok := r.lookup(e.Space); !ok {
		r.refuse(e, "namespace", "a prefix is not declared", ErrSyntax)
	}
	prefixed := 0
	for i := range e.Attr {
		a := &e.Attr[i]
		if !localName(a.Key) {
			r.refuse(e, "namespace", "a name has a colon in the wrong place, or begins with what no name does", ErrSyntax)
		}
		if a.Space == "" || a.Space == "xmlns" {
			continue
		}
		prefixed++
		uri, ok := r.lookup(a.Space)
		if !ok {
			r.refuse(e, "namespace", "a prefix is not declared", ErrSyntax)
		}
		if r.isTwin(Attr{Space: uri, Name: a.Key}, prefixed) {
			r.refuse(e, "namespace", "an element has two attributes of one name", ErrSyntax)
		}
	}
}

// localName tells whether the part of a name after the prefix is a name of its own (NCName). The
// tokenizer checks names as a whole, so what is in question is the first character and colons.
func localName(s string) bool {
	if s == "" || strings.IndexByte(s, ':') >= 0 {
		return false
	}
	if s[0] >= utf8.RuneSelf {
		first, _ := utf8.DecodeRuneInString(s)
		return unicode.Is(nameStart, first)
	}
	return s[0] != '-' && s[0] != '.' && (s[0] < '0' || s[0] > '9')
}

// fewNames is how many names are compared one by one.
const fewNames = 8

// isTwin tells whether the n-th prefixed attribute of an element has the expanded name of one before.
func (r *reader) isTwin(name Attr, n int) bool {
	if n == 1 {
		r.few = r.few[:0]
	}
	if n <= fewNames {
		twin := slices.Contains(r.few, name)
		r.few = append(r.few, name)
		return twin
	}
	if n == fewNames+1 {
		r.manyNames()
	}
	twin := r.names[name]
	r.names[name] = true
	return twin
}

// manyNames goes on with a set.
func (r *reader) manyNames() {
	if r.names == nil {
		r.names = map[Attr]bool{}
	}
	clear(r.names)
	for _, name := range r.few {
		r.names[name] = true
	}
}

// children reads element-only content.
func (r *reader) children(v reflect.Value, p *plan, e *etree.Element) got {
	c := content{v: v, p: p, e: e}
	for i, t := range e.Child {
		switch t := t.(type) {
		case *etree.CharData:
			c.stray = c.stray || !t.IsWhitespace()
		case *etree.Element:
			if c.stray {
				r.strayText(&c, i)
			}
			c.from = i + 1
			r.element(&c, t)
			if r.err != nil {
				return 0
			}
		}
	}
	if c.stray {
		r.strayText(&c, len(e.Child))
	}
	if c.disorder {
		r.order(p, e)
	}
	r.missing(&c)
	if x := *p.extraOf(v); x != nil && len(x.Others) > 0 {
		x.Others = p.arrange(v, x.Others)
	}
	return c.got
}

// content is the state of reading the children of one element.
type content struct {
	v        reflect.Value
	p        *plan
	e        *etree.Element
	got      got
	seen     [maxChildren]int // elements met, by order of the field
	filled   [maxChildren]bool
	next     int // where to look for the next child first
	highest  int // order of the last field in schema order so far
	disorder bool
	position int  // children so far that will be written again
	from     int  // first token behind the last element
	stray    bool // text that is no white space since then
}

// element reads one child.
func (r *reader) element(c *content, e *etree.Element) {
	mark := r.enter(e)
	defer r.leave(mark)
	uri, ok := r.lookup(e.Space)
	if !ok {
		r.refuse(e, "namespace", "a prefix is not declared", ErrSyntax)
		return
	}
	f := c.p.find(r.spaceOf(uri), e.Tag, c.next)
	if f == nil {
		r.unknown(c, e, uri)
		return
	}
	c.next = f.order
	c.disorder = c.disorder || f.order < c.highest
	c.highest = max(c.highest, f.order)
	c.seen[f.order]++
	n := 0
	if f.repeats() {
		n = c.seen[f.order]
	}
	r.path = append(r.path, step{e.Tag, n})
	r.known(c, f, e, uri)
	r.path = r.path[:len(r.path)-1]
}

// known reads a child that has a field.
func (r *reader) known(c *content, f *field, e *etree.Element, uri string) {
	if f.space == spaceELMO && uri != r.uri {
		r.note(Namespace, e, "")
		defer func(outer string) { r.uri = outer }(r.uri)
		r.uri = uri
	}
	mark := len(r.notes)
	switch r.store(c, f, e) {
	case stored:
		c.filled[f.order] = true
		c.got |= gotSome
		c.position++
		r.demand(f, e)
		if c.seen[f.order] > 1 {
			r.version = max(r.version, f.many)
		}
		if c.p == attachmentPlan && f.name == "type" {
			r.version = max(r.version, typeSince(c.v.Field(f.index).String()))
		}
	case taken:
		r.keep(c, e)
	case blank:
		if f.required && !f.repeats() {
			r.demand(f, e)
			c.position++
			return
		}
		r.notes = r.notes[:mark]
		r.note(Empty, e, "")
	}
}

// demand raises the version to the one that has f.
func (r *reader) demand(f *field, e *etree.Element) {
	r.version = max(r.version, f.since)
	if f.later != f.name && e.Tag == f.later {
		r.version = max(r.version, rank20)
	}
}

// outcome of storing a child.
type outcome uint8

const (
	stored outcome = iota
	blank          // nothing in it
	taken          // the field has a value already
)

// store reads e into the field f.
func (r *reader) store(c *content, f *field, e *etree.Element) outcome {
	v := c.v.Field(f.index)
	switch f.kind {
	case kindScalar:
		s := v.Addr().Interface().(*string)
		if *s != "" || c.filled[f.order] {
			return taken
		}
		return r.scalar(c, f, e, 1, func(value string) { *s = value })
	case kindScalars:
		list := v.Addr().Interface().(*[]string)
		return r.scalar(c, f, e, len(*list)+1, func(value string) { *list = append(*list, value) })
	case kindStruct:
		return r.pointer(c, f, e, v)
	case kindStructs:
		return r.pointers(f, e, v)
	case kindValues:
		return r.values(c, f, e, v)
	case kindRaw:
		return r.rawField(c, f, e, v.Addr().Interface().(*Raw))
	case kindExtension:
		return r.extensionField(e, v.Addr().Interface().(**Extension))
	}
	return blank
}

// scalar reads a child with text only. One with unknown attributes or with elements is also kept
// whole.
func (r *reader) scalar(c *content, f *field, e *etree.Element, n int, set func(string)) outcome {
	text, whole := elementText(e)
	if len(e.Attr) > 0 {
		whole = r.strange(e) || whole
	}
	value := r.value(text, e, f.verbatim, f.required)
	if value == "" && !whole {
		return blank
	}
	set(value)
	if whole {
		r.keepWhole(c, f, e, n)
	}
	return stored
}

// strange tells whether e has attributes beside those of XML Schema Instance.
func (r *reader) strange(e *etree.Element) bool {
	r.checkNames(e)
	strange := false
	for i := range e.Attr {
		if a := &e.Attr[i]; !isDeclaration(a) {
			_, ok := r.foreign(a, e)
			strange = strange || ok
		}
	}
	return strange
}

func (r *reader) keepWhole(c *content, f *field, e *etree.Element, n int) {
	extra := r.extra(c)
	extra.Wholes = append(extra.Wholes, Other{Position: n, Name: f.name, Element: r.raw(e)})
}

func (r *reader) extra(c *content) *Extra {
	x := c.p.extraOf(c.v)
	if *x == nil {
		*x, r.strangers = &Extra{}, true
	}
	return *x
}

// pointer reads a child that may come once. A required one stays even when it is empty.
func (r *reader) pointer(c *content, f *field, e *etree.Element, v reflect.Value) outcome {
	if !v.IsNil() {
		return taken
	}
	p := reflect.New(f.sub.typ)
	some := r.read(p.Elem(), f.sub, e, f.verbatim)
	if some == 0 && !(f.required && f.since <= rankLatest) {
		return blank
	}
	v.Set(p)
	if some&gotMixed != 0 {
		r.keepWhole(c, f, e, 1)
	}
	return stored
}

func (r *reader) pointers(f *field, e *etree.Element, v reflect.Value) outcome {
	p := reflect.New(f.sub.typ)
	if r.read(p.Elem(), f.sub, e, f.verbatim) == 0 && !f.sub.stays {
		return blank
	}
	n := v.Len()
	v.Grow(1)
	v.SetLen(n + 1)
	v.Index(n).Set(p)
	return stored
}

func (r *reader) values(c *content, f *field, e *etree.Element, v reflect.Value) outcome {
	n := v.Len()
	v.Grow(1)
	v.SetLen(n + 1)
	some := r.read(v.Index(n), f.sub, e, f.verbatim)
	if some == 0 {
		v.Index(n).SetZero()
		v.SetLen(n)
		if n == 0 {
			v.SetZero()
		}
		return blank
	}
	if some&gotMixed != 0 {
		r.keepWhole(c, f, e, n+1)
	}
	return stored
}

func (r *reader) rawField(c *content, f *field, e *etree.Element, raw *Raw) outcome {
	if !raw.IsZero() || c.filled[f.order] {
		return taken
	}
	if !f.mixed {
		*raw = r.raw(e)
		return stored
	}
	*raw = r.inner(e)
	if len(e.Attr) > 0 && r.strange(e) {
		r.keepWhole(c, f, e, 1)
		return stored
	}
	if raw.IsZero() {
		return blank
	}
	return stored
}

func (r *reader) extensionField(e *etree.Element, x **Extension) outcome {
	if *x != nil {
		return taken
	}
	found := r.extension(e)
	if len(found.Attrs) == 0 && len(found.Children) == 0 {
		return blank
	}
	*x = found
	return stored
}

// extension reads a container of foreign elements: all that is in it, but white space between elements.
func (r *reader) extension(e *etree.Element) *Extension {
	r.checkNames(e)
	x := &Extension{}
	for i := range e.Attr {
		if a := &e.Attr[i]; !isDeclaration(a) {
			if kept, ok := r.foreign(a, e); ok {
				x.Attrs = append(x.Attrs, kept)
			}
		}
	}
	for i := 0; i < len(e.Child); i++ {
		switch t := e.Child[i].(type) {
		case *etree.Element:
			x.Children = append(x.Children, r.member(t))
		case *etree.CharData:
			end := i
			for end < len(e.Child) && isText(e.Child[end]) {
				end++
			}
			if text := joinTexts(e.Child[i:end]); strings.Trim(text, " \t\r\n") != "" {
				x.Children = append(x.Children, Raw{XML: string(appendText(nil, text))})
			}
			i = end - 1
		default:
			r.buf = r.buf[:0]
			r.token(t)
			x.Children = append(x.Children, Raw{XML: string(r.buf)})
		}
	}
	return x
}

// member reads one element of an extension.
func (r *reader) member(e *etree.Element) Raw {
	mark := r.enter(e)
	defer r.leave(mark)
	uri, _ := r.lookup(e.Space)
	raw := r.raw(e)
	if uri == NSBridge && e.Tag == "kept" || uri == NSSignature && e.Tag == "Object" {
		if r.kept == nil {
			r.kept = map[Raw]*etree.Element{}
		}
		if r.kept[raw] == nil {
			r.kept[raw] = e
		}
	}
	return raw
}

// restore takes out of the extensions what Fit put there, and notes it.
func (r *reader) restore(doc *Document) {
	for _, found := range unfitAll(doc) {
		r.notes = append(r.notes, note{Restored, r.kept[found.from], found.path})
	}
}

func isText(t etree.Token) bool {
	_, ok := t.(*etree.CharData)
	return ok
}

// joinTexts joins the texts among tokens.
func joinTexts(tokens []etree.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		if c, ok := t.(*etree.CharData); ok {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// unknown keeps a child that has no field.
func (r *reader) unknown(c *content, e *etree.Element, uri string) {
	if e.Tag == "learner" && r.adopt && c.p == reportPlan && len(r.path) == 1 && isELMO(uri) && r.adoptLearner(e) {
		return
	}
	r.keep(c, e)
}

// keep puts e among the others.
func (r *reader) keep(c *content, e *etree.Element) {
	c.position++
	c.got |= gotSome
	extra := r.extra(c)
	extra.Others = append(extra.Others, Other{Position: c.position, Name: e.Tag, Element: r.raw(e)})
}

// adoptLearner takes a learner inside a report, as a Swedish generator wrote it, when it is the
// first one or equal to it.
func (r *reader) adoptLearner(e *etree.Element) bool {
	mark := len(r.notes)
	r.path = append(r.path, step{name: "learner"})
	defer func() { r.path = r.path[:len(r.path)-1] }()
	learner := &Learner{}
	r.read(reflect.ValueOf(learner).Elem(), learnerPlan, e, false)
	if r.doc.Learner != nil && !reflect.DeepEqual(r.doc.Learner, learner) {
		r.notes = r.notes[:mark]
		return false
	}
	r.doc.Learner = learner
	r.note(Order, e, "")
	return true
}

// textName is the Name of an Other that is a text.
const textName = "#text"

// strayText keeps the text in front of child i that has no business there.
func (r *reader) strayText(c *content, i int) {
	text := joinTexts(c.e.Child[c.from:i])
	extra := r.extra(c)
	extra.Others = append(extra.Others, Other{
		Position: c.position + 1, Name: textName, Element: Raw{XML: string(appendText(nil, text))},
	})
	c.stray = false
	c.got |= gotSome
}

// missing notes what the schema demands and e has not, and makes the structs.
func (r *reader) missing(c *content) {
	for _, f := range c.p.demanded {
		if c.seen[f.order] > 0 && f.kind != kindStruct {
			continue
		}
		v := c.v.Field(f.index)
		if f.kind == kindStruct {
			if !v.IsNil() {
				continue
			}
			v.Set(reflect.New(f.sub.typ))
			complete(v.Elem(), f.sub)
		}
		name := f.name
		if f.repeats() {
			name += "[1]"
		}
		r.note(Missing, c.e, name)
	}
}

// complete makes the required structs below v.
func complete(v reflect.Value, p *plan) {
	for _, f := range p.demanded {
		if c := v.Field(f.index); f.kind == kindStruct && c.IsNil() {
			c.Set(reflect.New(f.sub.typ))
			complete(c.Elem(), f.sub)
		}
	}
}

// order notes each child of e that stands before one it should follow.
func (r *reader) order(p *plan, e *etree.Element) {
	type place struct {
		e     *etree.Element
		order int
		step  step
	}
	var places []place
	var seen [maxChildren]int
	for _, t := range e.Child {
		c, ok := t.(*etree.Element)
		if !ok {
			continue
		}
		mark := r.enter(c)
		uri, _ := r.lookup(c.Space)
		r.leave(mark)
		if f := p.find(r.spaceOf(uri), c.Tag, 0); f != nil {
			seen[f.order]++
			s := step{name: c.Tag}
			if f.repeats() {
				s.n = seen[f.order]
			}
			places = append(places, place{c, f.order, s})
		}
	}
	lowest := maxChildren
	for i := len(places) - 1; i >= 0; i-- {
		if places[i].order > lowest {
			r.path = append(r.path, places[i].step)
			r.note(Order, places[i].e, "")
			r.path = r.path[:len(r.path)-1]
		}
		lowest = min(lowest, places[i].order)
	}
}

// note writes an observation down; below is an attribute or a missing child of e.
func (r *reader) note(kind ObservationKind, e *etree.Element, below string) {
	if len(r.notes) >= maxObservations {
		r.refuse(e, "limit", "the document deviates from the schema in too many places", ErrLimit)
		return
	}
	path := r.where()
	if below != "" && path != "" {
		path += "/"
	}
	if r.noted += len(path) + len(below); r.noted > maxNoted {
		r.refuse(e, "limit", "the document deviates from the schema in too many places that are nested deeply", ErrLimit)
		return
	}
	r.notes = append(r.notes, note{kind, e, path + below})
}

func (r *reader) where() string { return pathOf(r.path) }

// pathOf writes a path: report[1]/issuer/title[2].
func pathOf(steps []step) string {
	var b []byte
	for i, s := range steps {
		if i > 0 {
			b = append(b, '/')
		}
		b = append(b, s.name...)
		if s.n > 0 {
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(s.n), 10)
			b = append(b, ']')
		}
	}
	return string(b)
}

// observations gives the notes with their lines.
func (r *reader) observations() []Observation {
	if len(r.notes) == 0 {
		return nil
	}
	lines := make(map[*etree.Element]int, len(r.notes))
	for _, n := range r.notes {
		lines[n.element] = 0
	}
	r.source.lines(r.root, lines)
	list := make([]Observation, len(r.notes))
	for i, n := range r.notes {
		list[i] = Observation{Kind: n.kind, Path: n.path, Line: lines[n.element]}
	}
	return list
}

// refuse stops reading at e; only the first error counts.
func (r *reader) refuse(e *etree.Element, check, text string, err error) {
	if r.err != nil {
		return
	}
	lines := map[*etree.Element]int{e: 0}
	r.source.lines(r.root, lines)
	r.err = &Error{Line: lines[e], Path: r.where(), Check: check, Text: text, Err: err}
}

var (
	schemaVersion    = regexp.MustCompile(`elmo-schemas/(?:tree/|blob/)?v(\d\.\d)[0-9A-Za-z.-]*/schema\.xsd`)
	namespaceVersion = regexp.MustCompile(`^` + regexp.QuoteMeta(nsFamily) + `(\d\.\d)`)
)

// guess tells the version and what tells it: the schema location, the namespace, or the elements
// used. Nothing tells 1.0 from 1.7 when no newer element is used; then it is Latest.
func (r *reader) guess() (Version, string) {
	if m := schemaVersion.FindStringSubmatch(r.schema); m != nil && Version(m[1]).rank() >= 0 {
		return Version(m[1]), "schemaLocation"
	}
	if m := namespaceVersion.FindStringSubmatch(r.home); m != nil && Version(m[1]).rank() >= 0 {
		return Version(m[1]), "namespace"
	}
	if r.home == NSv2 {
		return V20v2, "namespace"
	}
	if r.version == 0 {
		return Latest, "elements"
	}
	return versions[r.version], "elements"
}
