package xmldsig

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// maxScope bounds the namespace declarations in scope: each name is looked up among them.
const maxScope = 256

// Target is an element together with what is to be known of the text below it.
type Target struct {
	// Element is the root of a document, or an element in one. The root brings along the processing
	// instructions and comments around it.
	Element *etree.Element
	// Raw has the texts that stand in the tree as they stand in the file: with raw line ends, and
	// without character references. It spares copies of big ones.
	Raw map[*etree.CharData]bool
	// alone: Element is taken for the root of a document of its own, and what its ancestors declare
	// does not count.
	alone bool
	// part: Element was referred to by its Id, which leaves out what stands around a root.
	part bool
}

// Canonicalize writes the canonical form of the target. Texts must come from a parser that made
// entities and CDATA sections plain text, and that normalised attribute values (XML 1.0, 3.3.3).
//
// The errors are those of w, and *Error: names that cannot be resolved, repeated attributes,
// declarations, and with Canonical XML 1.1 an xml:base on an ancestor of Element.
func (t Target) Canonicalize(w io.Writer, method Canonicalization) error {
	return t.canonicalize(w, method, t.Element, nil)
}

// canonicalize writes the element apex, which is t.Element or below it, without the element except.
func (t Target) canonicalize(w io.Writer, method Canonicalization, apex, except *etree.Element) error {
	c := &canonicalizer{method: method, raw: t.Raw, except: except, out: bufio.NewWriterSize(w, 4096)}
	if apex == t.Element && t.isRoot() && !t.part && apex.Parent() != nil {
		c.document(apex)
	} else {
		c.subtree(apex, t.ancestors(apex))
	}
	if c.err != nil {
		return c.err
	}
	return c.out.Flush()
}

// isRoot tells whether the target is the root of the tree.
func (t Target) isRoot() bool {
	parent := t.Element.Parent()
	return parent == nil || parent.Parent() == nil && parent.Tag == ""
}

// ancestors are the elements above apex, from the root of what counts as the document.
func (t Target) ancestors(apex *etree.Element) []*etree.Element {
	var list []*etree.Element
	for e := apex; e.Parent() != nil && !(t.alone && e == t.Element); e = e.Parent() {
		if parent := e.Parent(); parent.Tag != "" {
			list = append(list, parent)
		}
	}
	slices.Reverse(list)
	return list
}

type binding struct{ prefix, uri string }

type attribute struct {
	uri string
	*etree.Attr
}

// canonicalizer writes canonical XML. The first error stops it.
type canonicalizer struct {
	method Canonicalization
	raw    map[*etree.CharData]bool
	except *etree.Element
	out    *bufio.Writer

	scope    []binding // what is declared, the nearest last
	rendered []binding // what was written, the nearest last
	apex     bool      // the present element is the first
	inherit  []*etree.Attr

	attributes []attribute // of the present element
	spaces     []binding   // to be written with it
	err        error
}

func (c *canonicalizer) fail(reason Reason, e *etree.Element, text string) {
	if c.err == nil {
		c.err = fail(reason, e, text)
	}
}

// document writes the root with what stands around it (Canonical XML 1.0, 2.3, root node).
func (c *canonicalizer) document(root *etree.Element) {
	before := true
	for _, t := range root.Parent().Child {
		if t == root {
			before = false
			c.subtree(root, nil)
			continue
		}
		if i, ok := t.(*etree.ProcInst); ok && i.Target == "xml" {
			continue
		}
		if _, white := t.(*etree.CharData); white || c.isDropped(t) {
			continue
		}
		if !before {
			c.out.WriteByte('\n')
		}
		c.token(t, root)
		if before {
			c.out.WriteByte('\n')
		}
	}
}

func (c *canonicalizer) isDropped(t etree.Token) bool {
	_, comment := t.(*etree.Comment)
	return comment && !c.method.Comments
}

// subtree writes the element apex below its ancestors: their declarations are in scope, and
// inclusive canonicalisation inherits their xml: attributes (Canonical XML 1.0, 2.4).
func (c *canonicalizer) subtree(apex *etree.Element, ancestors []*etree.Element) {
	for _, e := range ancestors {
		c.declare(e)
		for i := range e.Attr {
			if a := &e.Attr[i]; a.Space == "xml" && !c.method.Exclusive {
				c.pass(a, e)
			}
		}
	}
	c.apex = true
	c.element(apex)
}

// pass hands the attribute a of an ancestor down to the apex. Canonical XML 1.1 passes neither
// xml:id nor, without joining it to others, xml:base.
func (c *canonicalizer) pass(a *etree.Attr, e *etree.Element) {
	if c.method.V11 && a.Key == "base" {
		c.fail(BaseAttribute, e, "Canonical XML 1.1 below an element with xml:base is not supported")
	}
	if c.method.V11 && a.Key != "lang" && a.Key != "space" {
		return
	}
	c.inherit = slices.DeleteFunc(c.inherit, func(b *etree.Attr) bool { return b.Key == a.Key })
	c.inherit = append(c.inherit, a)
}

// declare puts the declarations of e in scope.
func (c *canonicalizer) declare(e *etree.Element) {
	mark := len(c.scope)
	for i := range e.Attr {
		a := &e.Attr[i]
		prefix, ok := declared(a)
		switch {
		case !ok || prefix == "xml":
		case prefix == prefixXMLNS || prefix != "" && a.Value == "":
			c.fail(UnboundPrefix, e, "a prefix is declared that must not be, or for no namespace")
		case len(c.scope) >= maxScope:
			c.fail(TooManyNamespaces, e, "there are too many namespace declarations")
			return
		case contains(c.scope[mark:], prefix):
			c.fail(DuplicateAttribute, e, "a namespace is declared twice on one element")
		default:
			c.scope = append(c.scope, binding{prefix, a.Value})
		}
	}
}

// declared tells whether a is a namespace declaration, and of which prefix.
func declared(a *etree.Attr) (prefix string, ok bool) {
	if a.Space == prefixXMLNS {
		return a.Key, true
	}
	return "", a.Space == "" && a.Key == prefixXMLNS
}

func contains(list []binding, prefix string) bool {
	return slices.ContainsFunc(list, func(b binding) bool { return b.prefix == prefix })
}

// lookup finds the nearest binding; without one the default namespace is none.
func lookup(list []binding, prefix string) (uri string, ok bool) {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].prefix == prefix {
			return list[i].uri, true
		}
	}
	return "", prefix == ""
}

func (c *canonicalizer) element(e *etree.Element) {
	scope, rendered := len(c.scope), len(c.rendered)
	c.declare(e)
	c.collect(e)
	if c.err != nil {
		return
	}
	c.startTag(e, scope)
	c.apex = false
	for _, t := range e.Child {
		if t != c.except && !c.isDropped(t) {
			c.token(t, e)
		}
	}
	c.out.WriteString("</")
	c.name(e.Space, e.Tag)
	c.out.WriteByte('>')
	c.scope, c.rendered = c.scope[:scope], c.rendered[:rendered]
}

// collect resolves the names of e and sorts its attributes (Canonical XML 1.0, 2.2).
func (c *canonicalizer) collect(e *etree.Element) {
	c.resolve(e.Space, e.Tag, e)
	c.attributes = c.attributes[:0]
	for i := range e.Attr {
		if a := &e.Attr[i]; !isDeclaration(a) {
			c.add(a, e)
		}
	}
	if c.apex {
		for _, a := range c.inherit {
			if e.SelectAttr("xml:"+a.Key) == nil {
				c.add(a, e)
			}
		}
	}
	slices.SortFunc(c.attributes, compareAttributes)
	for i := 1; i < len(c.attributes); i++ {
		if compareAttributes(c.attributes[i-1], c.attributes[i]) == 0 {
			c.fail(DuplicateAttribute, e, "an element has two attributes of one name")
		}
	}
}

func isDeclaration(a *etree.Attr) bool {
	_, ok := declared(a)
	return ok
}

func compareAttributes(a, b attribute) int {
	if n := strings.Compare(a.uri, b.uri); n != 0 {
		return n
	}
	return strings.Compare(a.Key, b.Key)
}

func (c *canonicalizer) add(a *etree.Attr, e *etree.Element) {
	uri := ""
	if a.Space != "" || strings.Contains(a.Key, ":") {
		uri = c.resolve(a.Space, a.Key, e)
	}
	c.attributes = append(c.attributes, attribute{uri, a})
}

// resolve gives the namespace of a name.
func (c *canonicalizer) resolve(prefix, local string, e *etree.Element) string {
	if prefix == "xml" {
		return nsXML
	}
	uri, ok := lookup(c.scope, prefix)
	if !ok || local == "" || strings.Contains(local, ":") {
		c.fail(UnboundPrefix, e, "a prefix is not declared, or a name has a colon in the wrong place")
	}
	return uri
}

// startTag writes the start tag of e, whose own declarations begin at scope[own].
func (c *canonicalizer) startTag(e *etree.Element, own int) {
	c.out.WriteByte('<')
	c.name(e.Space, e.Tag)
	c.spaces = c.spaces[:0]
	if c.apex {
		own = 0
	}
	if c.method.Exclusive {
		c.exclusive(e, own)
	} else {
		c.inclusive(own, func(string) bool { return true })
	}
	slices.SortFunc(c.spaces, func(a, b binding) int { return strings.Compare(a.prefix, b.prefix) })
	for _, b := range c.spaces {
		c.declaration(b)
	}
	c.rendered = append(c.rendered, c.spaces...)
	for _, a := range c.attributes {
		c.out.WriteByte(' ')
		c.name(a.Space, a.Key)
		c.value(a.Value)
	}
	c.out.WriteByte('>')
}

// inclusive renders the wanted ones of the declarations from scope[own] (Canonical XML 1.0, 2.3).
func (c *canonicalizer) inclusive(own int, wanted func(prefix string) bool) {
	for _, b := range c.scope[own:] {
		if wanted(b.prefix) {
			c.render(b.prefix)
		}
	}
}

// exclusive renders what the names of e use, and the prefixes that are to be treated inclusively
// (Exclusive XML Canonicalization 1.0, 3).
func (c *canonicalizer) exclusive(e *etree.Element, own int) {
	c.render(e.Space)
	for _, a := range c.attributes {
		if a.Space != "" {
			c.render(a.Space)
		}
	}
	if len(c.method.Prefixes) > 0 {
		c.inclusive(own, func(prefix string) bool {
			if prefix == "" {
				prefix = "#default"
			}
			return slices.Contains(c.method.Prefixes, prefix)
		})
	}
}

// render adds the binding of a prefix when it was not written with that value already.
func (c *canonicalizer) render(prefix string) {
	if prefix == "xml" || contains(c.spaces, prefix) {
		return
	}
	uri, _ := lookup(c.scope, prefix)
	if was, ok := lookup(c.rendered, prefix); !ok || was != uri {
		c.spaces = append(c.spaces, binding{prefix, uri})
	}
}

func (c *canonicalizer) declaration(b binding) {
	if b.prefix == "" {
		c.out.WriteString(" xmlns")
	} else {
		c.out.WriteString(" xmlns:")
		c.out.WriteString(b.prefix)
	}
	c.value(b.uri)
}

func (c *canonicalizer) name(prefix, local string) {
	if prefix != "" {
		c.out.WriteString(prefix)
		c.out.WriteByte(':')
	}
	c.out.WriteString(local)
}

func (c *canonicalizer) value(s string) {
	c.out.WriteString(`="`)
	c.escape(s, &attributeEscapes)
	c.out.WriteByte('"')
}

// token writes a child of e.
func (c *canonicalizer) token(t etree.Token, e *etree.Element) {
	if c.err != nil {
		return
	}
	switch t := t.(type) {
	case *etree.Element:
		c.element(t)
	case *etree.CharData:
		if c.raw[t] {
			c.lines(t.Data)
		} else {
			c.escape(t.Data, &textEscapes)
		}
	case *etree.Comment:
		c.out.WriteString("<!--")
		c.lines(t.Data)
		c.out.WriteString("-->")
	case *etree.ProcInst:
		c.out.WriteString("<?")
		c.out.WriteString(t.Target)
		if t.Inst != "" {
			c.out.WriteByte(' ')
			c.lines(t.Inst)
		}
		c.out.WriteString("?>")
	default:
		c.fail(Declaration, e, "document type declarations are not accepted")
	}
}

// lines writes s with CR LF and CR as LF (XML 1.0, 2.11). The tokenizer leaves them in comments and
// processing instructions, which can hold no other CR.
func (c *canonicalizer) lines(s string) {
	for {
		i := strings.IndexByte(s, '\r')
		if i < 0 {
			c.out.WriteString(s)
			return
		}
		c.out.WriteString(s[:i])
		c.out.WriteByte('\n')
		s = strings.TrimPrefix(s[i+1:], "\n")
	}
}

// escapes has what stands in the place of a byte.
type escapes struct {
	chars string
	table [256]string
}

var (
	textEscapes      = newEscapes("&<>\r", "&amp;", "&lt;", "&gt;", "&#xD;")
	attributeEscapes = newEscapes("&<\"\t\n\r", "&amp;", "&lt;", "&quot;", "&#x9;", "&#xA;", "&#xD;")
)

func newEscapes(chars string, by ...string) (e escapes) {
	e.chars = chars
	for i, s := range by {
		e.table[chars[i]] = s
	}
	return e
}

// escapeChunk is the length of the pieces that are searched: where nothing is to be escaped, which is
// nearly everywhere, searching is several times faster than looking at each byte.
const escapeChunk = 4096

func (c *canonicalizer) escape(s string, by *escapes) {
	for s != "" {
		chunk := s[:min(len(s), escapeChunk)]
		s = s[len(chunk):]
		if by.none(chunk) {
			c.out.WriteString(chunk)
			continue
		}
		from := 0
		for i := range len(chunk) {
			if e := by.table[chunk[i]]; e != "" {
				c.out.WriteString(chunk[from:i])
				c.out.WriteString(e)
				from = i + 1
			}
		}
		c.out.WriteString(chunk[from:])
	}
}

// none tells whether nothing in s needs an escape.
func (e *escapes) none(s string) bool {
	for i := range len(e.chars) {
		if strings.IndexByte(s, e.chars[i]) >= 0 {
			return false
		}
	}
	return true
}
