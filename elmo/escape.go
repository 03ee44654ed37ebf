package elmo

import (
	"unicode"
	"unicode/utf8"
)

// What a byte needs when it is written.
const (
	plainByte   = iota
	markupByte  // & < > and CR
	quoteByte   // in attributes only: " TAB LF
	badByte     // a control character: dropped
	beyondASCII // look at the whole character
)

var escapeClass = func() (t [256]byte) {
	for c := range t {
		switch {
		case c == '&' || c == '<' || c == '>' || c == '\r':
			t[c] = markupByte
		case c == '"' || c == '\t' || c == '\n':
			t[c] = quoteByte
		case c < ' ':
			t[c] = badByte
		case c >= utf8.RuneSelf:
			t[c] = beyondASCII
		}
	}
	return t
}()

// appendText appends s as the text of an element: & < > and CR escaped, so that a reader gives back
// s, and without the characters that XML 1.0 forbids.
func appendText(dst []byte, s string) []byte { return appendEscaped(dst, s, false) }

// appendAttr appends s as an attribute value in double quotes: & < " TAB LF CR escaped.
func appendAttr(dst []byte, s string) []byte { return appendEscaped(dst, s, true) }

func appendEscaped(dst []byte, s string, attribute bool) []byte {
	last := 0
	for i := 0; i < len(s); {
		class := escapeClass[s[i]]
		if class == plainByte || class == quoteByte && !attribute || attribute && s[i] == '>' {
			i++
			continue
		}
		n, replacement := 1, ""
		switch class {
		case beyondASCII:
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			if n > 1 && r != 0xFFFE && r != 0xFFFF {
				i += n
				continue
			}
		case markupByte, quoteByte:
			replacement = escapes[s[i]]
		}
		dst = append(dst, s[last:i]...)
		dst = append(dst, replacement...)
		i += n
		last = i
	}
	return append(dst, s[last:]...)
}

var escapes = map[byte]string{
	'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", '\t': "&#x9;", '\n': "&#xA;", '\r': "&#xD;",
}

// isPlain tells whether appendText would append s as it is.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if class := escapeClass[s[i]]; class != plainByte && class != quoteByte {
			return false
		}
	}
	return true
}

// nameStart and nameMore are what an XML name may begin with, and what else may follow; without the
// colon. Source: XML 1.0, fifth edition, productions 4 and 4a.
var (
	nameStart = &unicode.RangeTable{
		R16: []unicode.Range16{
			{'A', 'Z', 1}, {'_', '_', 1}, {'a', 'z', 1}, {0xC0, 0xD6, 1}, {0xD8, 0xF6, 1}, {0xF8, 0x2FF, 1}, {0x370, 0x37D, 1},
			{0x37F, 0x1FFF, 1}, {0x200C, 0x200D, 1}, {0x2070, 0x218F, 1}, {0x2C00, 0x2FEF, 1}, {0x3001, 0xD7FF, 1},
			{0xF900, 0xFDCF, 1}, {0xFDF0, 0xFFFD, 1},
		},
		R32:         []unicode.Range32{{0x10000, 0xEFFFF, 1}},
		LatinOffset: 5,
	}
	nameMore = &unicode.RangeTable{
		R16:         []unicode.Range16{{'-', '.', 1}, {'0', '9', 1}, {0xB7, 0xB7, 1}, {0x300, 0x36F, 1}, {0x203F, 0x2040, 1}},
		LatinOffset: 3,
	}
)

// isName tells whether s is an XML name without colon.
func isName(s string) bool {
	for i, c := range s {
		if !unicode.Is(nameStart, c) && (i == 0 || !unicode.Is(nameMore, c)) {
			return false
		}
	}
	return s != "" && utf8.ValidString(s)
}
