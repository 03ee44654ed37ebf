package elmo

import "unicode/utf8"

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
