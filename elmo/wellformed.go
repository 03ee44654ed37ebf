package elmo

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// What the tokenizer does not refuse, and, for XML that no tokenizer sees before it is written, what
// it would refuse.

// wellFormed tells whether xml may stand in an element: balanced elements, texts, comments and
// processing instructions. It is one pass over the bytes; whether prefixes are declared it does not
// tell.
func wellFormed(xml string) bool {
	if !allChars(xml) {
		return false
	}
	const outer = "<" // no end tag has this name
	s := &scanner{strict: true, root: true, open: []string{outer}}
	s.limits = Limits{Depth: math.MaxInt, Elements: math.MaxInt, Attributes: math.MaxInt}
	s.data = unsafe.Slice(unsafe.StringData(xml), len(xml))
	for s.pos < len(s.data) {
		if s.next() != nil {
			return false
		}
	}
	return len(s.open) == 1
}

// allChars tells whether s is UTF-8 and holds only characters that XML allows.
func allChars(s string) bool {
	for i := 0; i < len(s); i++ {
		if escapeClass[s[i]] == badByte {
			return false
		}
	}
	return utf8.ValidString(s) && !strings.Contains(s, "\uFFFE") && !strings.Contains(s, "\uFFFF")
}

// isChar tells whether XML 1.0 allows the character (production 2).
func isChar(c uint64) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000 && c <= 0x10FFFF
}

// isQualified tells whether s is a name, or two with a colon between them.
func isQualified(s string) bool {
	prefix, local, ok := strings.Cut(s, ":")
	return isName(prefix) && (!ok || isName(local))
}

// references refuses references in data[from:to] to characters that XML forbids: of some the
// tokenizer would make U+FFFD. What else is wrong with a reference only a strict scan tells.
func (s *scanner) references(from, to int) error {
	for i := from; i < to; i++ {
		n := bytes.IndexByte(s.data[i:to], '&')
		if n < 0 {
			return nil
		}
		i += n
		if !s.strict && (i+1 == to || s.data[i+1] != '#') {
			continue
		}
		name, _, closed := bytes.Cut(s.data[i+1:to], []byte(";"))
		known, forbidden := reference(unsafeString(name))
		switch {
		case closed && known:
		case closed && forbidden:
			s.pos = i
			return s.fail("a character that XML does not allow")
		case s.strict:
			return s.fail("an entity that XML does not know")
		default:
			return nil // the tokenizer will refuse it
		}
	}
	return nil
}

// reference judges what stands between "&" and ";"; forbidden is the number of a character that XML
// does not allow.
func reference(name string) (known, forbidden bool) {
	number, ok := strings.CutPrefix(name, "#")
	if !ok {
		return name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos", false
	}
	base := 10
	if hex, ok := strings.CutPrefix(number, "x"); ok {
		number, base = hex, 16
	}
	c, err := strconv.ParseUint(number, base, 64)
	return err == nil && isChar(c), err == nil && !isChar(c)
}

// attributeValue checks data[from:to].
func (s *scanner) attributeValue(from, to int) error {
	if s.strict && bytes.IndexByte(s.data[from:to], '<') >= 0 {
		return s.fail("\"<\" stands in an attribute value")
	}
	return s.references(from, to)
}

// hidden checks the inside of a comment, of a processing instruction or of a CDATA section, the
// characters of which the tokenizer does not look at but in the last.
func (s *scanner) hidden(inside []byte, closing string) error {
	if closing == "]]>" {
		return nil
	}
	text := unsafeString(inside)
	if !allChars(text) {
		return s.fail("a character that XML does not allow")
	}
	if !s.strict {
		return nil
	}
	if closing == "-->" && (strings.Contains(text, "--") || strings.HasSuffix(text, "-")) {
		return s.fail("\"--\" stands in a comment")
	}
	if target, _, _ := strings.Cut(strings.Map(oneBlank, text), " "); closing == "?>" && !isName(strings.ReplaceAll(target, ":", "_")) {
		return s.fail("a name that XML does not allow")
	}
	return nil
}

// oneBlank makes one kind of white space of all.
func oneBlank(c rune) rune {
	if isSpace(c) {
		return ' '
	}
	return c
}
