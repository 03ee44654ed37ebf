package edci

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"
)

// The contexts of every credential we write, in this order.
const (
	contextVC  = "https://www.w3.org/2018/credentials/v1"
	contextEDC = "http://data.europa.eu/snb/model/context/edc-ap"
)

// WriteOptions say how a credential is written; the zero value is compact.
type WriteOptions struct {
	Indent bool // two blanks per level, for people
}

// Append appends the credential as compact JSON-LD.
//
//	{"@context":[VC,EDC],"id":...,"type":["VerifiableCredential","EuropeanDigitalCredential",...],MEMBERS}
//	{"id":...,"type":"CLASS",MEMBERS}                    every node below
//
// Members come in the order of the struct. A member that the profile allows several times is always
// an array, of one as well: one shape for all readers, the same RDF. Texts are language maps in the
// order in which the languages first come, with a string, or an array of strings when a language
// comes several times; texts without language are plain strings ("@none" beside others). A pointer
// that leads back to a node being written becomes {"id":...}.
//
// The same credential gives the same bytes. Only what JSON demands is escaped; bytes that are not
// UTF-8 become U+FFFD.
func Append(dst []byte, c *EuropeanDigitalCredential) []byte {
	if c != nil && len(c.Patches) > 0 {
		return AppendValue(dst, patched(unpatched(c), c.Patches))
	}
	w := newWriter()
	defer w.release()
	w.buf = dst
	w.document(c)
	return w.buf
}

// Encode writes what Append gives. Long texts, such as the content of attachments, go straight to
// out and are never held twice. The error is that of out.
func Encode(out io.Writer, c *EuropeanDigitalCredential) error {
	if c != nil && len(c.Patches) > 0 {
		_, err := out.Write(Append(nil, c))
		return err
	}
	w := newWriter()
	defer w.release()
	w.buf, w.out = w.own[:0], out
	w.document(c)
	w.flush()
	return w.err
}

// Append is Append with these options.
func (o WriteOptions) Append(dst []byte, c *EuropeanDigitalCredential) []byte {
	if !o.Indent {
		return Append(dst, c)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, Append(nil, c), "", "  "); err != nil {
		return Append(dst, c) // not reached: what we append is JSON
	}
	return append(dst, b.Bytes()...)
}

// Encode is Encode with these options.
func (o WriteOptions) Encode(out io.Writer, c *EuropeanDigitalCredential) error {
	if !o.Indent {
		return Encode(out, c)
	}
	_, err := out.Write(o.Append(nil, c))
	return err
}

const (
	flushAt  = 256 << 10 // a streaming writer hands its buffer on when it is longer
	longText = 64 << 10  // a streaming writer writes longer texts piece by piece
)

// writer writes one credential. Nodes of shared classes are written once and copied from buf when
// their pointer comes again.
type writer struct {
	buf     []byte
	own     []byte // buffer kept for Encode and for canonical forms
	out     io.Writer
	err     error
	flushed int // how often buf was handed on: earlier spans are gone
	done    map[unsafe.Pointer]span
	path    []unsafe.Pointer // nodes being written, for loops

	// For canonical forms: ids that are only names are left out, and nodes lists what was written.
	canonical bool
	nodes     []written
}

type span struct{ from, to int }

// written is a node and its place in buf.
type written struct {
	node node
	span span
}

var writers = sync.Pool{New: func() any { return &writer{done: map[unsafe.Pointer]span{}} }}

func newWriter() *writer { return writers.Get().(*writer) }

// release returns the writer to the pool, without anything of the credential.
func (w *writer) release() {
	if w.out != nil || w.canonical {
		w.own = w.buf[:0]
	}
	if cap(w.own) > 4*flushAt {
		w.own = nil
	}
	clear(w.done)
	clear(w.nodes)
	*w = writer{own: w.own, done: w.done, path: w.path[:0], nodes: w.nodes[:0]}
	writers.Put(w)
}

// flush hands the buffer on.
func (w *writer) flush() {
	if w.err == nil && len(w.buf) > 0 {
		_, w.err = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
	w.flushed++
	clear(w.done)
}

// document writes the credential with its contexts.
func (w *writer) document(c *EuropeanDigitalCredential) {
	w.buf = append(w.buf, `{"@context":["`+contextVC+`","`+contextEDC+`"],`...)
	if c == nil {
		c = &EuropeanDigitalCredential{}
	}
	n := node{credentialClass, unsafe.Pointer(c)}
	w.path = append(w.path, n.base)
	w.members(n)
	w.path = w.path[:0]
	w.buf = append(w.buf, '}')
}

// node writes a node.
func (w *writer) node(n node) {
	if n.class.shared {
		if s, ok := w.done[n.base]; ok {
			w.buf = append(w.buf, w.buf[s.from:s.to]...)
			return
		}
	}
	if slices.Contains(w.path, n.base) {
		w.loop(n)
		return
	}
	from, flushed := len(w.buf), w.flushed
	w.path = append(w.path, n.base)
	w.buf = append(w.buf, '{')
	w.members(n)
	w.buf = append(w.buf, '}')
	w.path = w.path[:len(w.path)-1]
	w.finish(n, span{from, len(w.buf)}, flushed)
}

// finish remembers a node just written, and hands the buffer on when it is long.
func (w *writer) finish(n node, s span, flushed int) {
	if n.class.shared && flushed == w.flushed {
		w.done[n.base] = s
	}
	if w.canonical {
		w.nodes = append(w.nodes, written{n, s})
	}
	if w.out != nil && len(w.buf) > flushAt {
		w.flush()
	}
}

// loop writes a node that is being written already.
func (w *writer) loop(n node) {
	w.buf = append(w.buf, '{')
	if id := *n.id(); w.names(id) {
		w.buf = appendString(append(w.buf, `"id":`...), id)
	} else {
		w.class(n)
	}
	w.buf = append(w.buf, '}')
}

// names tells whether an id is written. In canonical forms a urn:uuid: says nothing of a node.
func (w *writer) names(id string) bool {
	return id != "" && !(w.canonical && strings.HasPrefix(id, uuidPrefix))
}

// members writes id, type and members, without braces.
func (w *writer) members(n node) {
	c := n.class
	if id := *n.id(); w.names(id) {
		w.buf = append(w.buf, `"id":`...)
		w.buf = appendString(w.buf, id)
		if !c.bare {
			w.buf = append(w.buf, ',')
		}
	}
	w.class(n)
	for i := range c.members {
		if m := &c.members[i]; !n.lacks(m) {
			w.member(n, m)
		}
	}
}

// class writes the type member.
func (w *writer) class(n node) {
	switch c := n.class; {
	case c.bare:
	case c.types >= 0:
		w.types(*field[[]string](n, c.types))
	default:
		w.buf = append(w.buf, `"type":"`...)
		w.buf = append(w.buf, n.className()...)
		w.buf = append(w.buf, '"')
	}
}

// types writes the type of a credential: the two of every EDC, then the others.
func (w *writer) types(more []string) {
	w.buf = append(w.buf, `"type":["VerifiableCredential","EuropeanDigitalCredential"`...)
	for _, t := range more {
		if t != "VerifiableCredential" && t != "EuropeanDigitalCredential" {
			w.buf = appendString(append(w.buf, ','), t)
		}
	}
	w.buf = append(w.buf, ']')
}

// member writes a comma, the name and the value, or nothing when the member is empty.
func (w *writer) member(n node, m *member) {
	switch {
	case m.kind == kindNode && m.many:
		w.nodeArray(n, m)
	case m.kind == kindNode:
		if sub := n.below(m, 0); sub.class != nil {
			w.key(m)
			w.node(sub)
		}
	case m.kind == kindLangString:
		if s := n.langString(m); len(s) > 0 {
			w.key(m)
			w.langString(s)
		}
	case m.many:
		w.textArray(n, m)
	default:
		if s := n.text(m); s != "" {
			w.key(m)
			w.scalar(m.kind, s)
		}
	}
}

func (w *writer) key(m *member) {
	w.buf = append(w.buf, ',')
	w.buf = append(w.buf, m.key...)
}

// scalar writes a text, number or truth value. A Number or Boolean that is none is written as text.
func (w *writer) scalar(k kind, s string) {
	if k == kindNumber && isNumber(s) || k == kindBoolean && (s == "true" || s == "false") {
		w.buf = append(w.buf, s...)
		return
	}
	w.text(s)
}

// nodeArray writes an array of nodes, or nothing when there is none.
func (w *writer) nodeArray(n node, m *member) {
	some := false
	for i := range n.count(m) {
		sub := n.below(m, i)
		if sub.class == nil {
			continue
		}
		if some {
			w.buf = append(w.buf, ',')
		} else {
			w.key(m)
			w.buf = append(w.buf, '[')
		}
		some = true
		w.node(sub)
	}
	if some {
		w.buf = append(w.buf, ']')
	}
}

// textArray writes an array of texts, or nothing when there is none.
func (w *writer) textArray(n node, m *member) {
	texts := n.texts(m)
	if len(texts) == 0 {
		return
	}
	w.key(m)
	for i, t := range texts {
		w.buf = append(w.buf, separator("[,", i))
		w.text(t)
	}
	w.buf = append(w.buf, ']')
}

// separator is the first character before the first element and the second before the others.
func separator(pair string, i int) byte { return pair[min(i, 1)] }

// langString writes a language map.
func (w *writer) langString(s LangString) {
	if s.plain() {
		for i := range s {
			w.buf = append(w.buf, separator("{,", i))
			w.buf = append(appendString(w.buf, s[i].Lang), ':')
			w.text(s[i].Text)
		}
		w.buf = append(w.buf, '}')
		return
	}
	groups := s.byLanguage()
	if len(groups) == 1 && groups[0].lang == "" {
		w.texts(groups[0].texts)
		return
	}
	for i, g := range groups {
		w.buf = append(w.buf, separator("{,", i))
		if g.lang == "" {
			g.lang = "@none"
		}
		w.buf = append(appendString(w.buf, g.lang), ':')
		w.texts(g.texts)
	}
	w.buf = append(w.buf, '}')
}

// plain tells whether a text is the usual one: a few languages, each named, each once.
func (s LangString) plain() bool {
	if len(s) > 8 {
		return false
	}
	for i, t := range s {
		if t.Lang == "" || t.Lang == "@none" {
			return false
		}
		for _, u := range s[:i] {
			if u.Lang == t.Lang {
				return false
			}
		}
	}
	return true
}

// texts writes one text as string, several as array.
func (w *writer) texts(texts []string) {
	if len(texts) == 1 {
		w.text(texts[0])
		return
	}
	for i, t := range texts {
		w.buf = append(w.buf, separator("[,", i))
		w.text(t)
	}
	w.buf = append(w.buf, ']')
}

// language is the texts of one language.
type language struct {
	lang  string
	texts []string
}

// byLanguage gathers the texts of each language, in the order of first appearance.
func (s LangString) byLanguage() []language {
	groups := make([]language, 0, len(s))
	at := make(map[string]int, len(s))
	for _, t := range s {
		if t.Lang == "@none" {
			t.Lang = ""
		}
		i, ok := at[t.Lang]
		if !ok {
			i = len(groups)
			at[t.Lang] = i
			groups = append(groups, language{lang: t.Lang})
		}
		groups[i].texts = append(groups[i].texts, t.Text)
	}
	return groups
}

// text writes a string; long ones in pieces when streaming.
func (w *writer) text(s string) {
	if w.out == nil || len(s) < longText {
		w.buf = appendString(w.buf, s)
		return
	}
	w.buf = append(w.buf, '"')
	for len(s) > 0 {
		n := piece(s)
		w.buf = appendEscaped(w.buf, s[:n])
		s = s[n:]
		w.flush()
	}
	w.buf = append(w.buf, '"')
}

// piece is the length of the next piece of a long text; it does not cut a character in two.
func piece(s string) int {
	n := min(len(s), longText)
	for back := 0; n < len(s) && back < utf8.UTFMax-1 && !utf8.RuneStart(s[n]); back++ {
		n--
	}
	return n
}

// appendString appends a JSON string.
func appendString(dst []byte, s string) []byte {
	return append(appendEscaped(append(dst, '"'), s), '"')
}

// appendEscaped appends the inside of a JSON string.
func appendEscaped(dst []byte, s string) []byte {
	n := asciiPrefix(s)
	dst = append(dst, s[:n]...)
	if s = s[n:]; !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	for s != "" {
		n := plainPrefix(s)
		dst = append(dst, s[:n]...)
		if n == len(s) {
			return dst
		}
		dst = appendEscape(dst, s[n])
		s = s[n+1:]
	}
	return dst
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plainPrefix is the length of the part of s that needs no escape: no quotation mark, no reverse
// solidus, nothing below U+0020. It looks at eight bytes at a time.
func plainPrefix(s string) int {
	i := 0
	for i+8 <= len(s) && !needsEscape(eight(s[i:])) {
		i += 8
	}
	for i < len(s) && !escaped(s[i]) {
		i++
	}
	return i
}

// asciiPrefix is the length of the part of s that is ASCII and needs no escape.
func asciiPrefix(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if x := eight(s[i:]); x&highs != 0 || needsEscape(x) {
			break
		}
	}
	for i < len(s) && s[i] < utf8.RuneSelf && !escaped(s[i]) {
		i++
	}
	return i
}

// escaped tells whether JSON demands an escape for a byte.
func escaped(c byte) bool { return c < 0x20 || c == '"' || c == '\\' }

// eight loads eight bytes of s.
func eight(s string) uint64 {
	return binary.LittleEndian.Uint64([]byte(s[:8]))
}

// needsEscape tells whether one of eight bytes is below 0x20, a quotation mark or a reverse solidus.
func needsEscape(x uint64) bool {
	quote := x ^ ones*'"'
	solidus := x ^ ones*'\\'
	return ((x-ones*0x20)&^x|(quote-ones)&^quote|(solidus-ones)&^solidus)&highs != 0
}

var shortEscapes = [256]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// appendEscape appends the escape of one byte.
func appendEscape(dst []byte, c byte) []byte {
	if e := shortEscapes[c]; e != 0 {
		return append(dst, '\\', e)
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// isNumber tells whether s is a number in the grammar of JSON.
func isNumber(s string) bool {
	n := numberLength(s)
	return n > 0 && n == len(s)
}

// numberLength is the length of the JSON number that s begins with, 0 when there is none.
// RFC 8259, section 6.
func numberLength(s string) int {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	n := digits(s[i:])
	if n == 0 {
		return 0
	}
	if s[i] == '0' {
		n = 1
	}
	i += n
	if i < len(s) && s[i] == '.' {
		n := digits(s[i+1:])
		if n == 0 {
			return 0
		}
		i += 1 + n
	}
	return exponent(s, i)
}

// exponent returns the end of a number whose exponent, if any, begins at i.
func exponent(s string, i int) int {
	if i == len(s) || s[i] != 'e' && s[i] != 'E' {
		return i
	}
	j := i + 1
	if j < len(s) && (s[j] == '+' || s[j] == '-') {
		j++
	}
	n := digits(s[j:])
	if n == 0 {
		return 0
	}
	return j + n
}

// digits counts the decimal digits at the beginning of s.
func digits(s string) int {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}
