package elmo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"math"
	"slices"
	"sort"
	"strings"
	"unsafe"

	"github.com/beevik/etree"
)

// Limits bound what is read, so that no document can exhaust the machine. Zero means the default.
type Limits struct {
	Bytes      int64 // of the document as received; 256 MiB
	Depth      int   // of nested elements; 64
	Elements   int   // 2,000,000
	Attributes int   // of one element, and namespace declarations in scope; 256
}

func (l Limits) orDefault() Limits {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	set(&l.Depth, 64)
	set(&l.Elements, 2_000_000)
	set(&l.Attributes, 256)
	return l
}

// liftFrom is the length from which a text of base64 or URI characters is lifted out.
const liftFrom = 4096

// marker stands in the skeleton where a text was lifted out. A document that holds it itself is
// parsed without lifting.
const marker = "\uE000"

// source is a document after one pass over its bytes: known to have one root, balanced tags and
// unique attribute names, with what the XML parser need not see taken out.
type source struct {
	data   []byte
	starts []int  // offset of each start tag, in document order
	edits  []edit // where the skeleton differs from data
	lifted int
	raw    map[*etree.CharData]bool // texts in the tree the line ends of which are those of data
}

// edit replaces data[start:end] in the skeleton: by the marker, or by a space.
type edit struct {
	start, end int
	lifted     bool
	white      bool // the lifted text holds white space
}

// scanner makes a source. Its rules are those of libraries.md 2.3 and 2.4: what etree lets pass is
// refused here, with a line.
type scanner struct {
	source
	limits Limits
	pos    int
	open   []string // names of the open elements
	root   bool     // a root element was seen
	names  []string // attribute names of the present tag
	seen   map[string]bool
	refs   bool // data holds character references
	strict bool // no tokenizer will follow: its checks are made here (wellFormed)
}

func scan(data []byte, limits Limits) (*source, error) {
	s := &scanner{limits: limits, refs: bytes.Contains(data, []byte("&#"))}
	s.data = data
	for s.pos < len(data) {
		if err := s.next(); err != nil {
			return nil, err
		}
	}
	if !s.root {
		return nil, s.fail("the document is empty")
	}
	if len(s.open) > 0 {
		return nil, s.fail("the document ends before its elements are closed")
	}
	return &s.source, nil
}

func (s *scanner) fail(text string) error { return s.refuse("well-formed", text, ErrSyntax) }

func (s *scanner) refuse(check, text string, err error) error {
	return &Error{Line: lineAt(s.data, s.pos), Check: check, Text: text, Err: err}
}

// next takes the text up to the next markup, and that markup.
func (s *scanner) next() error {
	end := bytes.IndexByte(s.data[s.pos:], '<')
	if end < 0 {
		end = len(s.data)
	} else {
		end += s.pos
	}
	if err := s.text(end); err != nil || end == len(s.data) {
		return err
	}
	rest := s.data[s.pos:]
	switch {
	case len(rest) > 1 && rest[1] == '/':
		return s.endTag()
	case bytes.HasPrefix(rest, []byte("<?")):
		return s.instruction()
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.skip(4, "-->", "a comment is not closed")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(s.open) > 0:
		return s.skip(9, "]]>", "a CDATA section is not closed")
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		return s.refuse("doctype", "document type declarations are not accepted", ErrDTD)
	case rest[0] == '<' && len(rest) > 1 && rest[1] == '!':
		return s.fail("a declaration is not allowed here")
	}
	return s.startTag()
}

func (s *scanner) skip(open int, closing, otherwise string) error {
	n := bytes.Index(s.data[s.pos+open:], []byte(closing))
	if n < 0 {
		return s.fail(otherwise)
	}
	if err := s.hidden(s.data[s.pos+open:s.pos+open+n], closing); err != nil {
		return err
	}
	s.pos += open + n + len(closing)
	return nil
}

func (s *scanner) instruction() error {
	at := s.pos
	target := s.data[at+2:]
	if len(target) >= 3 && strings.EqualFold(string(target[:3]), "xml") && (at > 0 || s.strict) &&
		(len(target) == 3 || isWhite(target[3]) || target[3] == '?') {
		return s.fail("an XML declaration may only stand at the very beginning")
	}
	return s.skip(2, "?>", "a processing instruction is not closed")
}

// text takes data[pos:end]. Outside of the root only white space is allowed.
func (s *scanner) text(end int) error {
	run := s.data[s.pos:end]
	if len(s.open) == 0 {
		for i, c := range run {
			if !isWhite(c) {
				s.pos += i
				if s.root {
					return s.fail("there is text after the root element")
				}
				return s.fail("the document does not begin with an XML element")
			}
		}
	} else if s.refs || s.strict {
		if err := s.references(s.pos, end); err != nil {
			return err
		}
		if s.strict && bytes.Contains(run, []byte("]]>")) {
			return s.fail("\"]]>\" stands in a text")
		}
	}
	if len(run) >= liftFrom && len(s.open) > 0 && !s.strict {
		if only, white := liftable(run); only {
			s.edits = append(s.edits, edit{start: s.pos, end: end, lifted: true, white: white})
			s.lifted++
		}
	}
	s.pos = end
	return nil
}

const (
	liftURI   = 1
	liftWhite = 2
)

// liftClass marks the characters of base64, of data: URIs and white space. All are ASCII and mean
// themselves in XML.
var liftClass = func() (t [256]byte) {
	for c := range 128 {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("+/=:;,-._~%!*'()@?#$", byte(c)) >= 0 {
			t[c] = liftURI
		}
	}
	for _, c := range " \t\r\n" {
		t[c] = liftWhite
	}
	return t
}()

// liftable tells whether run holds only such characters, and whether white space is among them.
func liftable(run []byte) (only, white bool) {
	var all byte
	for _, c := range run {
		class := liftClass[c]
		if class == 0 {
			return false, false
		}
		all |= class
	}
	return all&liftURI != 0, all&liftWhite != 0
}

func isWhite(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (s *scanner) endTag() error {
	n := bytes.IndexByte(s.data[s.pos:], '>')
	if n < 0 {
		return s.fail("an end tag is not closed")
	}
	name := bytes.TrimRight(s.data[s.pos+2:s.pos+n], " \t\r\n")
	if len(s.open) == 0 || s.open[len(s.open)-1] != string(name) {
		return s.fail("an end tag does not match its start tag")
	}
	s.open = s.open[:len(s.open)-1]
	s.pos += n + 1
	return nil
}

func (s *scanner) startTag() error {
	if s.root && len(s.open) == 0 {
		return s.fail("there is a second root element")
	}
	if len(s.open) >= s.limits.Depth {
		return s.refuse("limit", "elements are nested too deeply", ErrLimit)
	}
	if len(s.starts) >= s.limits.Elements {
		return s.refuse("limit", "there are too many elements", ErrLimit)
	}
	s.root = true
	s.starts = append(s.starts, s.pos)
	i := s.pos + 1
	for i < len(s.data) && !isWhite(s.data[i]) && s.data[i] != '>' && s.data[i] != '/' {
		i++
	}
	name := unsafeString(s.data[s.pos+1 : i])
	if s.strict && !isQualified(name) {
		return s.fail("a name that XML does not allow")
	}
	s.names = s.names[:0]
	return s.attributes(name, i)
}

// attributes takes the rest of the start tag of the element name, from data[i].
func (s *scanner) attributes(name string, i int) error {
	for {
		spaced := i
		for i < len(s.data) && isWhite(s.data[i]) {
			i++
		}
		if i >= len(s.data) {
			return s.fail("a start tag is not closed")
		}
		switch {
		case s.data[i] == '>':
			s.open = append(s.open, name)
			s.pos = i + 1
			return s.unique()
		case s.data[i] == '/':
			if i+1 >= len(s.data) || s.data[i+1] != '>' {
				return s.fail("a start tag is not closed")
			}
			s.pos = i + 2
			return s.unique()
		case i == spaced:
			return s.fail("white space is missing between attributes")
		}
		var err error
		if i, err = s.attribute(i); err != nil {
			return err
		}
	}
}

// attribute takes name="value" at data[i] and gives the offset behind it. White space other than
// blanks in the value becomes a blank, as XML 1.0 (3.3.3) wants; the Go tokenizer does not do it.
func (s *scanner) attribute(i int) (int, error) {
	start := i
	for i < len(s.data) && !isWhite(s.data[i]) && s.data[i] != '=' && s.data[i] != '>' && s.data[i] != '/' {
		i++
	}
	s.names = append(s.names, unsafeString(s.data[start:i]))
	for i < len(s.data) && isWhite(s.data[i]) {
		i++
	}
	if i >= len(s.data) || s.data[i] != '=' {
		return 0, s.fail("an attribute has no value")
	}
	for i++; i < len(s.data) && isWhite(s.data[i]); i++ {
	}
	if i >= len(s.data) || s.data[i] != '"' && s.data[i] != '\'' {
		return 0, s.fail("an attribute value is not quoted")
	}
	n := bytes.IndexByte(s.data[i+1:], s.data[i])
	if n < 0 {
		return 0, s.fail("an attribute value is not closed")
	}
	end := i + 1 + n
	if s.refs || s.strict {
		if err := s.attributeValue(i+1, end); err != nil {
			return 0, err
		}
	}
	for i++; i < end; i++ {
		switch c := s.data[i]; {
		case c == '\r' && i+1 < end && s.data[i+1] == '\n':
			s.edits = append(s.edits, edit{start: i, end: i + 2})
			i++
		case c == '\r' || c == '\n' || c == '\t':
			s.edits = append(s.edits, edit{start: i, end: i + 1})
		}
	}
	return end + 1, nil
}

// unique refuses too many attributes and two of one name.
func (s *scanner) unique() error {
	if s.strict && slices.ContainsFunc(s.names, func(name string) bool { return !isQualified(name) }) {
		return s.fail("a name that XML does not allow")
	}
	if len(s.names) < 2 {
		return nil
	}
	if len(s.names) > s.limits.Attributes {
		return s.refuse("limit", "an element has too many attributes", ErrLimit)
	}
	if len(s.names) <= 8 {
		for i, name := range s.names {
			for _, other := range s.names[:i] {
				if name == other {
					return s.fail("an element has two attributes of one name")
				}
			}
		}
		return nil
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	clear(s.seen)
	for _, name := range s.names {
		if s.seen[name] {
			return s.fail("an element has two attributes of one name")
		}
		s.seen[name] = true
	}
	return nil
}

// unsafeString gives b as a string without copying; b must not change afterwards.
func unsafeString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// parse gives the tree of the document, with the lifted texts in their places: strings that share
// the memory of data, copied only where a carriage return must become a line feed. The second value
// holds the addresses of those that contain no white space.
func (s *source) parse(limits Limits) (*etree.Element, map[*byte]bool, error) {
	root, solid, err := s.parseRaw(limits)
	s.endLines()
	return root, solid, err
}

// parseRaw is parse without the copies: texts with a carriage return are in raw, until endLines.
func (s *source) parseRaw(limits Limits) (*etree.Element, map[*byte]bool, error) {
	root, err := s.tree(s.skeleton(true), true, limits)
	if err != nil {
		return nil, nil, err
	}
	if s.lifted == 0 {
		return root, nil, nil
	}
	var found []*etree.CharData
	found = markers(root, found)
	if len(found) != s.lifted {
		// The document holds the marker character itself.
		root, err = s.tree(s.skeleton(false), false, limits)
		return root, nil, err
	}
	return root, s.place(found), nil
}

func (s *source) place(found []*etree.CharData) map[*byte]bool {
	solid := make(map[*byte]bool, len(found))
	k := 0
	for _, e := range s.edits {
		if !e.lifted {
			continue
		}
		text := unsafeString(s.data[e.start:e.end])
		found[k].Data = text
		switch {
		case !e.white:
			solid[unsafe.StringData(text)] = true
		case strings.IndexByte(text, '\r') >= 0:
			if s.raw == nil {
				s.raw = map[*etree.CharData]bool{}
			}
			s.raw[found[k]] = true
		}
		k++
	}
	return solid
}

// endLines makes the line ends of the lifted texts those of XML.
func (s *source) endLines() {
	for t := range s.raw {
		t.Data = lineFeeds(t.Data)
	}
	s.raw = nil
}

// lineFeeds turns CR LF and CR into LF, as an XML parser does.
func lineFeeds(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

// markers collects the texts that are nothing but the marker, in document order.
func markers(e *etree.Element, found []*etree.CharData) []*etree.CharData {
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.CharData:
			if t.Data == marker {
				found = append(found, t)
			}
		case *etree.Element:
			found = markers(t, found)
		}
	}
	return found
}

// skeleton gives what the parser reads: data with its edits, lifted texts left in when lift is false.
func (s *source) skeleton(lift bool) []byte {
	if len(s.edits) == 0 {
		return s.data
	}
	size := len(s.data)
	for _, e := range s.edits {
		if e.lifted && lift {
			size -= e.end - e.start
		}
	}
	out := make([]byte, 0, size+len(s.edits)*len(marker))
	last := 0
	for _, e := range s.edits {
		if e.lifted && !lift {
			continue
		}
		out = append(out, s.data[last:e.start]...)
		if e.lifted {
			out = append(out, marker...)
		} else {
			out = append(out, ' ')
		}
		last = e.end
	}
	return append(out, s.data[last:]...)
}

func (s *source) tree(skeleton []byte, lift bool, limits Limits) (*etree.Element, error) {
	doc := etree.NewDocument()
	doc.ReadSettings = etree.ReadSettings{PreserveDuplicateAttrs: true, MaxDepth: limits.Depth}
	err := doc.ReadFromBytes(skeleton)
	root := doc.Root()
	if err == nil && root != nil {
		return root, nil
	}
	return nil, s.explain(skeleton, lift, err)
}

// tokenFaults are the beginnings of what the tokenizer says, and what we say: its own words may
// quote the document.
var tokenFaults = []struct{ begins, text string }{
	{"invalid character entity", "an entity that XML does not know"},
	{"illegal character code", "a character that XML does not allow"},
	{"unescaped ]]>", "\"]]>\" stands in a text"},
	{"unescaped <", "\"<\" stands in an attribute value"},
	{"invalid sequence", "\"--\" stands in a comment"},
	{"invalid XML name", "a name that XML does not allow"},
	{"expected element name", "\"<\" without an element name"},
	{"xml: unsupported version", "not XML 1.0"},
}

// explain says where the tokenizer stopped. It reads again, because etree does not tell the offset.
func (s *source) explain(skeleton []byte, lift bool, err error) error {
	d := xml.NewDecoder(bytes.NewReader(skeleton))
	d.CharsetReader = passThrough
	for {
		if _, again := d.RawToken(); again != nil {
			if err == nil || errors.Is(err, etree.ErrXML) {
				err = again
			}
			break
		}
	}
	message, text := err.Error(), "not well-formed"
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		message = syntax.Msg
	}
	for _, f := range tokenFaults {
		if strings.HasPrefix(message, f.begins) {
			text = f.text
		}
	}
	line := lineAt(s.data, s.original(int(d.InputOffset()), lift))
	return &Error{Line: line, Check: "well-formed", Text: text, Err: ErrSyntax}
}

// original turns an offset in the skeleton into one in data.
func (s *source) original(at int, lift bool) int {
	shift := 0 // data offset - skeleton offset
	for _, e := range s.edits {
		if e.lifted && !lift {
			continue
		}
		if e.start-shift >= at {
			break
		}
		length := 1
		if e.lifted {
			length = len(marker)
		}
		shift += e.end - e.start - length
	}
	return at + shift
}

// lines gives the line of each element of want, by one walk in document order.
func (s *source) lines(root *etree.Element, want map[*etree.Element]int) {
	var offsets []int
	elements := make(map[int]*etree.Element, len(want))
	n := 0
	var walk func(*etree.Element)
	walk = func(e *etree.Element) {
		if _, ok := want[e]; ok && n < len(s.starts) {
			offsets = append(offsets, s.starts[n])
			elements[s.starts[n]] = e
		}
		n++
		for _, t := range e.Child {
			if c, ok := t.(*etree.Element); ok {
				walk(c)
			}
		}
	}
	walk(root)
	sort.Ints(offsets)
	line, last := 1, 0
	for _, at := range offsets {
		line += bytes.Count(s.data[last:at], []byte{'\n'})
		last = at
		want[elements[at]] = line
	}
}

// numberOf gives the number of an element in document order, from 0; -1 when it is not below root.
func numberOf(root, want *etree.Element) int {
	n := 0
	var walk func(*etree.Element) bool
	walk = func(e *etree.Element) bool {
		if e == want {
			return true
		}
		n++
		for c := range e.ChildElementsSeq() {
			if walk(c) {
				return true
			}
		}
		return false
	}
	if !walk(root) {
		return -1
	}
	return n
}

// span gives the bytes of the n-th element: from its start tag on, from its end tag on, and behind it.
// An empty element of one tag ends where its end tag would begin.
func (s *source) span(n int) (start, closing, end int) {
	start = s.starts[n]
	t := &scanner{limits: Limits{Depth: math.MaxInt, Elements: math.MaxInt, Attributes: math.MaxInt}}
	t.data = s.data[start:]
	for !t.root || len(t.open) > 0 {
		if t.next() != nil {
			break // never: the scan took it before
		}
	}
	end = start + t.pos
	if s.data[end-2] == '/' {
		return start, end, end
	}
	return start, start + bytes.LastIndex(t.data[:t.pos], []byte("</")), end
}
