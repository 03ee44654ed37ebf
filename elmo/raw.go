package elmo

import (
	"bytes"
	"sort"
	"strings"

	"github.com/beevik/etree"
)

// binding is a namespace declaration in scope; prefix "" is the default namespace.
type binding struct{ prefix, uri string }

// String gives the XML with the declarations of Scope inside the start tag: a document of its own
// when r is an element.
func (r Raw) String() string {
	end := r.nameEnd()
	return r.XML[:end] + r.Scope + r.XML[end:]
}

// nameEnd is where the declarations belong: behind the name of the start tag.
func (r Raw) nameEnd() int {
	if !r.isElement() {
		return 0
	}
	if i := strings.IndexAny(r.XML, " \t\r\n/>"); i > 0 {
		return i
	}
	return len(r.XML)
}

func (r Raw) isElement() bool {
	return len(r.XML) > 1 && r.XML[0] == '<' && r.XML[1] != '!' && r.XML[1] != '?'
}

// isText tells a text from elements, comments and processing instructions.
func (r Raw) isText() bool { return r.XML != "" && r.XML[0] != '<' }

// ParseRaw reads one XML element. Comments and white space around it are skipped; the default
// limits apply. The error is an *Error.
func ParseRaw(xml string) (Raw, error) {
	r, root, err := openElement(xml)
	if err != nil {
		return Raw{}, err
	}
	raw := r.raw(root)
	return raw, r.err
}

// openElement gives a reader that stands on the root element of xml, its declarations in scope.
func openElement(xml string) (*reader, *etree.Element, error) {
	limits := Limits{}.orDefault()
	s, err := scan([]byte(xml), limits)
	if err != nil {
		return nil, nil, err
	}
	root, solid, err := s.parse(limits)
	if err != nil {
		return nil, nil, err
	}
	r := &reader{source: s, root: root, solid: solid, limits: limits, uri: NS, home: NS}
	r.enter(root)
	return r, root, r.err
}

// raw gives e, whose declarations are in scope, as a Raw.
func (r *reader) raw(e *etree.Element) Raw {
	if r.err != nil {
		return Raw{}
	}
	r.buf = r.buf[:0]
	bare := r.serialize(e, true)
	raw := Raw{XML: string(r.buf), Scope: r.declarations(r.buf, bare)}
	if r.declared += len(raw.Scope); r.declared > startDeclared+declaredPerByte*len(r.source.data) {
		r.refuse(e, "limit", "the namespaces of unknown elements are too long, each of which repeats their declarations", ErrLimit)
	}
	return raw
}

// An unknown element is kept with the declarations it needs, which may stand far above it: so many bytes
// they may have together, in any document and for each byte of it.
const (
	startDeclared   = 4 << 20
	declaredPerByte = 8
)

// inner gives the content of e as a Raw without Scope: each child element carries what it needs.
func (r *reader) inner(e *etree.Element) Raw {
	var b strings.Builder
	for _, t := range e.Child {
		if c, ok := t.(*etree.Element); ok {
			mark := r.enter(c)
			b.WriteString(r.raw(c).String())
			r.leave(mark)
			continue
		}
		r.buf = r.buf[:0]
		r.token(t)
		b.Write(r.buf)
	}
	return Raw{XML: b.String()}
}

// serialize appends e to the buffer; the declarations of the top element are left out. It tells
// whether an element without prefix depends on the default namespace of the top.
func (r *reader) serialize(e *etree.Element, top bool) (bare bool) {
	mark := len(r.scope)
	if !top {
		mark = r.enter(e)
	}
	r.checkNames(e)
	r.buf = append(r.buf, '<')
	r.buf = appendName(r.buf, e.Space, e.Tag)
	bare = e.Space == ""
	own := false
	for i := range e.Attr {
		a := &e.Attr[i]
		if isDeclaration(a) {
			if top {
				continue
			}
			own = own || a.Space == ""
		}
		r.buf = append(r.buf, ' ')
		r.buf = appendName(r.buf, a.Space, a.Key)
		r.buf = append(r.buf, '=', '"')
		r.buf = appendAttr(r.buf, a.Value)
		r.buf = append(r.buf, '"')
	}
	bare = r.serializeContent(e) || bare
	r.leave(mark)
	return bare && !own
}

func (r *reader) serializeContent(e *etree.Element) (bare bool) {
	if len(e.Child) == 0 {
		r.buf = append(r.buf, '/', '>')
		return false
	}
	r.buf = append(r.buf, '>')
	for _, t := range e.Child {
		if c, ok := t.(*etree.Element); ok {
			bare = r.serialize(c, false) || bare
			continue
		}
		r.token(t)
	}
	r.buf = append(r.buf, '<', '/')
	r.buf = appendName(r.buf, e.Space, e.Tag)
	r.buf = append(r.buf, '>')
	return bare
}

// token appends a text, comment or processing instruction.
func (r *reader) token(t etree.Token) {
	switch t := t.(type) {
	case *etree.CharData:
		r.buf = appendText(r.buf, t.Data)
	case *etree.Comment:
		r.buf = append(r.buf, "<!--"...)
		r.buf = append(r.buf, t.Data...)
		r.buf = append(r.buf, "-->"...)
	case *etree.ProcInst:
		r.buf = append(r.buf, "<?"...)
		r.buf = append(r.buf, t.Target...)
		if t.Inst != "" {
			r.buf = append(r.buf, ' ')
			r.buf = append(r.buf, t.Inst...)
		}
		r.buf = append(r.buf, "?>"...)
	}
}

func appendName(dst []byte, prefix, local string) []byte {
	if prefix != "" {
		dst = append(dst, prefix...)
		dst = append(dst, ':')
	}
	return append(dst, local...)
}

// declarations gives the Scope of xml: what is in scope and stands in it as "prefix:", in a name
// or in a value, and the default namespace when bare.
func (r *reader) declarations(xml []byte, bare bool) string {
	var used []binding
	if bare {
		uri, _ := r.lookup("")
		used = append(used, binding{"", uri})
	}
	used = r.prefixes(xml, used)
	sort.Slice(used, func(i, j int) bool { return used[i].prefix < used[j].prefix })
	var out []byte
	for _, b := range used {
		out = appendDeclaration(out, b)
	}
	return string(out)
}

func appendDeclaration(dst []byte, b binding) []byte {
	dst = append(dst, " xmlns"...)
	if b.prefix != "" {
		dst = append(dst, ':')
		dst = append(dst, b.prefix...)
	}
	dst = append(dst, '=', '"')
	dst = appendAttr(dst, b.uri)
	return append(dst, '"')
}

// prefixes adds the bindings whose prefix stands before a colon in xml.
func (r *reader) prefixes(xml []byte, used []binding) []binding {
	if len(r.scope) == 0 {
		return used
	}
	for at := 0; ; {
		n := bytes.IndexByte(xml[at:], ':')
		if n < 0 {
			return used
		}
		end := at + n
		start := end
		for start > at && isNameByte(xml[start-1]) {
			start--
		}
		at = end + 1
		prefix := unsafeString(xml[start:end]) // xml is a buffer: copied below
		if uri, ok := r.lookup(prefix); ok && prefix != "" && prefix != "xml" && !hasPrefix(used, prefix) {
			used = append(used, binding{strings.Clone(prefix), uri})
		}
	}
}

func hasPrefix(list []binding, prefix string) bool {
	for _, b := range list {
		if b.prefix == prefix {
			return true
		}
	}
	return false
}

// isNameByte tells whether c may be part of a prefix; every byte of a character beyond ASCII may.
func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c >= 0x80
}

// scopeBindings takes a Scope apart again.
func scopeBindings(scope string) []binding {
	var list []binding
	for scope != "" {
		name, rest, ok := strings.Cut(scope, `="`)
		if !ok {
			break
		}
		value, after, _ := strings.Cut(rest, `"`)
		_, prefix, _ := strings.Cut(strings.TrimSpace(name), ":")
		list = append(list, binding{prefix, unescape.Replace(value)})
		scope = after
	}
	return list
}

// unescape undoes appendAttr.
var unescape = strings.NewReplacer("&lt;", "<", "&quot;", `"`, "&#x9;", "\t", "&#xA;", "\n", "&#xD;", "\r", "&amp;", "&")
