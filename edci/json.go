package edci

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits bound what is read; zero fields take the default.
type Limits struct {
	Size     int // bytes of the file; 256 MiB
	Depth    int // of nested objects and arrays; 100
	Nodes    int // nodes after references are replaced, 1,000 and one for each 4 bytes of the file at most; 1,000,000
	Contexts int // @context entries, each of which costs a JSON-LD processor work; 64
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Size:     positive(l.Size, 256<<20),
		Depth:    positive(l.Depth, 100),
		Nodes:    positive(l.Nodes, 1_000_000),
		Contexts: positive(l.Contexts, 64),
	}
}

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// SyntaxError is a fault of a JSON text. It names the place, never a value.
type SyntaxError struct {
	Line    int    // from 1
	Pointer string // RFC 6901, of the value or member; long ones are cut
	Problem string
}

func (e *SyntaxError) Error() string {
	if e.Pointer == "" {
		return fmt.Sprintf("edci: JSON, line %d: %s", e.Line, e.Problem)
	}
	return fmt.Sprintf("edci: JSON, line %d, at %s: %s", e.Line, e.Pointer, e.Problem)
}

// Is makes a text that is no JSON an ErrNotEDC.
func (e *SyntaxError) Is(target error) bool { return target == ErrNotEDC }

// ParseJSON reads one JSON value into an ordered tree: Object, Array, string, json.Number, bool, nil.
// It refuses what other readers may understand differently: duplicate member names, invalid UTF-8,
// half a surrogate pair, anything after the value; and what passes the limits. A byte order mark is
// passed over. Strings without escapes share one copy of src.
//
// The error is a *SyntaxError. Source: RFC 8259, RFC 7493.
func ParseJSON(src []byte, lim Limits) (any, error) {
	p := parser{lim: lim.withDefaults()}
	if len(src) > p.lim.Size {
		return nil, &SyntaxError{Line: 1, Problem: fmt.Sprintf("longer than %d bytes", p.lim.Size)}
	}
	p.s = strings.TrimPrefix(string(src), "\uFEFF")
	if !utf8.ValidString(p.s) {
		p.at = invalidAt(p.s)
		return nil, p.fail("invalid UTF-8")
	}
	v, err := p.document()
	if err != nil {
		return nil, err
	}
	return v, nil
}

// invalidAt is the place of the first byte that is not UTF-8.
func invalidAt(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(s)
}

// parser is a recursive-descent reader; its depth is limited.
type parser struct {
	s    string
	at   int
	lim  Limits
	path []step
}

// step is one token of the pointer: a member name, or an index when name is empty and index >= 0.
type step struct {
	name  string
	index int
}

func (p *parser) document() (any, *SyntaxError) {
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.blank(); p.at < len(p.s) {
		return nil, p.fail("more after the value")
	}
	return v, nil
}

// fail makes the error for the current place.
func (p *parser) fail(problem string) *SyntaxError {
	line := 1 + strings.Count(p.s[:min(p.at, len(p.s))], "\n")
	return &SyntaxError{Line: line, Pointer: pointerOf(p.path), Problem: problem}
}

// longestPointer bounds pointers in errors.
const longestPointer = 300

func pointerOf(path []step) string {
	var b []byte
	for _, s := range path {
		if s.index >= 0 {
			b = strconv.AppendInt(append(b, '/'), int64(s.index), 10)
		} else {
			b = AppendToken(b, s.name[:min(len(s.name), longestPointer)])
		}
		if len(b) > longestPointer {
			return strings.ToValidUTF8(string(b[:longestPointer]), "") + "..."
		}
	}
	return string(b)
}

// blank skips white space.
func (p *parser) blank() {
	for p.at < len(p.s) {
		switch p.s[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next skips white space and returns the next byte without taking it, 0 at the end.
func (p *parser) next() byte {
	p.blank()
	if p.at == len(p.s) {
		return 0
	}
	return p.s[p.at]
}

func (p *parser) value() (any, *SyntaxError) {
	switch c := p.next(); {
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '"':
		return p.text()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case p.at == len(p.s):
		return nil, p.fail("the text ends too early")
	}
	return p.word()
}

// words are the values that are written as words.
var words = []struct {
	word  string
	value any
}{{"true", true}, {"false", false}, {"null", nil}}

func (p *parser) word() (any, *SyntaxError) {
	for _, w := range words {
		if strings.HasPrefix(p.s[p.at:], w.word) {
			p.at += len(w.word)
			return w.value, nil
		}
	}
	return nil, p.fail("a value was expected")
}

func (p *parser) number() (any, *SyntaxError) {
	n := numberLength(p.s[p.at:])
	if n == 0 {
		return nil, p.fail("a number is not well-formed")
	}
	s := p.s[p.at : p.at+n]
	p.at += n
	return json.Number(s), nil
}

// enter counts the depth and opens a container.
func (p *parser) enter() *SyntaxError {
	if len(p.path) >= p.lim.Depth {
		return p.fail(fmt.Sprintf("nested deeper than %d", p.lim.Depth))
	}
	p.at++
	return nil
}

func (p *parser) array() (any, *SyntaxError) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	a := Array{}
	if p.next() == ']' {
		p.at++
		return a, nil
	}
	for {
		p.path = append(p.path, step{index: len(a)})
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		p.path = p.path[:len(p.path)-1]
		a = append(a, v)
		if more, err := p.comma(']'); !more {
			return a, err
		}
	}
}

// comma takes a comma, or the end of the container.
func (p *parser) comma(end byte) (more bool, err *SyntaxError) {
	switch p.next() {
	case ',':
		p.at++
		return true, nil
	case end:
		p.at++
		return false, nil
	}
	return false, p.fail("a comma or the end was expected")
}

// manyMembers is the size from which an object looks for duplicates with a map.
const manyMembers = 24

func (p *parser) object() (any, *SyntaxError) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	o := Object{}
	if p.next() == '}' {
		p.at++
		return o, nil
	}
	var names map[string]bool
	for {
		m, err := p.member(o, names)
		if err != nil {
			return nil, err
		}
		o = append(o, m)
		switch {
		case names != nil:
			names[m.Name] = true
		case len(o) == manyMembers:
			names = o.names()
		}
		if more, err := p.comma('}'); !more {
			return o, err
		}
	}
}

func (o Object) names() map[string]bool {
	names := make(map[string]bool, 2*len(o))
	for _, m := range o {
		names[m.Name] = true
	}
	return names
}

// member reads a name, a colon and a value.
func (p *parser) member(o Object, names map[string]bool) (m Member, err *SyntaxError) {
	if p.next() != '"' {
		return m, p.fail("a member name was expected")
	}
	if m.Name, err = p.string(); err != nil {
		return m, err
	}
	p.path = append(p.path, step{m.Name, -1})
	if p.next() != ':' {
		return m, p.fail("a colon was expected")
	}
	if duplicate(o, names, m.Name) {
		return m, p.fail("the member is there twice")
	}
	p.at++
	if m.Value, err = p.value(); err != nil {
		return m, err
	}
	p.path = p.path[:len(p.path)-1]
	return m, nil
}

func duplicate(o Object, names map[string]bool, name string) bool {
	if names != nil {
		return names[name]
	}
	_, ok := o.Get(name)
	return ok
}

func (p *parser) text() (any, *SyntaxError) {
	s, err := p.string()
	if err != nil {
		return nil, err
	}
	return s, nil
}

// string reads a string; without escapes it is a part of the text read.
func (p *parser) string() (string, *SyntaxError) {
	p.at++
	from := p.at
	p.at += plainPrefix(p.s[p.at:])
	if p.at < len(p.s) && p.s[p.at] == '"' {
		p.at++
		return p.s[from : p.at-1], nil
	}
	return p.escaped([]byte(p.s[from:p.at]))
}

// escaped reads the rest of a string that holds escapes.
func (p *parser) escaped(b []byte) (string, *SyntaxError) {
	for {
		n := plainPrefix(p.s[p.at:])
		b = append(b, p.s[p.at:p.at+n]...)
		p.at += n
		switch {
		case p.at == len(p.s):
			return "", p.fail("the text ends within a string")
		case p.s[p.at] == '"':
			p.at++
			return string(b), nil
		case p.s[p.at] != '\\':
			return "", p.fail("a control character in a string")
		}
		var err *SyntaxError
		if b, err = p.escape(b); err != nil {
			return "", err
		}
	}
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads one escape.
func (p *parser) escape(b []byte) ([]byte, *SyntaxError) {
	if p.at+1 == len(p.s) {
		return b, p.fail("the text ends within a string")
	}
	c := p.s[p.at+1]
	if e := escapes[c]; e != 0 {
		p.at += 2
		return append(b, e), nil
	}
	r, ok := p.unit()
	if !ok {
		return b, p.fail("an escape is not well-formed")
	}
	if utf16.IsSurrogate(r) {
		low, _ := p.unit()
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return b, p.fail("half a surrogate pair")
		}
	}
	return utf8.AppendRune(b, r), nil
}

// unit reads \u and its four hex digits.
func (p *parser) unit() (rune, bool) {
	if p.at+6 > len(p.s) || p.s[p.at:p.at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[p.at+2:p.at+6], 16, 16)
	if err != nil {
		return 0, false
	}
	p.at += 6
	return rune(n), true
}

// AppendValue appends a tree as compact JSON, members in their order. Values of other types than
// those of ParseJSON become null.
func AppendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case Object:
		return appendObject(dst, v)
	case Array:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendValue(dst, e)
		}
		return append(dst, ']')
	case string:
		return appendString(dst, v)
	case json.Number:
		if isNumber(string(v)) {
			return append(dst, v...)
		}
		return appendString(dst, string(v))
	case bool:
		return strconv.AppendBool(dst, v)
	}
	return append(dst, "null"...)
}

func appendObject(dst []byte, o Object) []byte {
	dst = append(dst, '{')
	for i, m := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, m.Name), ':')
		dst = AppendValue(dst, m.Value)
	}
	return append(dst, '}')
}
