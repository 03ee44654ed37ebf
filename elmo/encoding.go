package elmo

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

// Sniff tells whether data looks like XML: whether the first character that is neither a byte order
// mark nor white space is "<", in UTF-8 or UTF-16. It looks at the first 4 KB only. UTF-32, which Read
// refuses by name, looks like XML too.
func Sniff(data []byte) bool {
	if isUTF32(data) {
		return true
	}
	if len(data) > 4096 {
		data = data[:4096]
	}
	if order, skip := utf16Order(data); order != nil {
		data = bytes.ReplaceAll(data[skip:], []byte{0}, nil)
	}
	data = bytes.TrimPrefix(data, utf8Mark)
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && data[0] == '<'
}

var utf8Mark = []byte("\xEF\xBB\xBF")

// decode gives data as UTF-8 without byte order mark, and the name of its encoding. UTF-8 is not
// copied. Bytes that the encoding does not have are refused with their line, never replaced.
// Source: XML 1.0, 4.3.3 and appendix F.
func decode(data []byte) ([]byte, string, error) {
	if isUTF32(data) {
		return nil, "", encodingError(1, "UTF-32 is not supported")
	}
	text, encoding, err := decodeAny(data)
	if name, declared := declaredEncoding(text); err == nil && declared && name == "" {
		return nil, "", encodingError(1, "the declared encoding has no name")
	}
	return text, encoding, err
}

// isUTF32 tells UTF-32 by its mark or by its first character.
func isUTF32(data []byte) bool {
	for _, begin := range []string{"\xFF\xFE\x00\x00", "\x00\x00\xFE\xFF", "<\x00\x00\x00", "\x00\x00\x00<"} {
		if bytes.HasPrefix(data, []byte(begin)) {
			return true
		}
	}
	return false
}

// decodeAny does it for all but what decode refuses.
func decodeAny(data []byte) ([]byte, string, error) {
	if order, skip := utf16Order(data); order != nil {
		return decodeUTF16(data[skip:], order)
	}
	if rest, ok := bytes.CutPrefix(data, utf8Mark); ok {
		return rest, "UTF-8", checkUTF8(rest, "the byte order mark says UTF-8")
	}
	name, _ := declaredEncoding(data)
	switch strings.ToUpper(name) {
	case "":
		return data, "UTF-8", checkUTF8(data, "no encoding is declared, so it must be UTF-8")
	case "UTF-8", "UTF8":
		return data, "UTF-8", checkUTF8(data, "the declaration says UTF-8")
	case "US-ASCII", "ASCII":
		return data, "US-ASCII", checkASCII(data)
	case "UTF-16", "UTF-16LE", "UTF-16BE":
		return nil, "", encodingError(1, "the declaration says UTF-16, but the bytes are not UTF-16")
	}
	return decodeNamed(data, name)
}

func encodingError(line int, text string) error {
	return &Error{Line: line, Check: "encoding", Text: text, Err: ErrEncoding}
}

func checkUTF8(data []byte, why string) error {
	if utf8.Valid(data) {
		return nil
	}
	i := 0
	for {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		i += n
	}
	return encodingError(lineAt(data, i), "bytes are not valid UTF-8, although "+why)
}

func checkASCII(data []byte) error {
	for i, c := range data {
		if c >= utf8.RuneSelf {
			return encodingError(lineAt(data, i), "bytes are not ASCII, although the declaration says so")
		}
	}
	return nil
}

// utf16Order gives the byte order when data is UTF-16 by its mark or by its first characters,
// and how many bytes the mark has.
func utf16Order(data []byte) (binary.ByteOrder, int) {
	if len(data) < 2 {
		return nil, 0
	}
	switch {
	case data[0] == 0xFF && data[1] == 0xFE:
		return binary.LittleEndian, 2
	case data[0] == 0xFE && data[1] == 0xFF:
		return binary.BigEndian, 2
	case data[0] == '<' && data[1] == 0:
		return binary.LittleEndian, 0
	case data[0] == 0 && data[1] == '<':
		return binary.BigEndian, 0
	}
	return nil, 0
}

func decodeUTF16(data []byte, order binary.ByteOrder) ([]byte, string, error) {
	name := "UTF-16BE"
	if order == binary.LittleEndian {
		name = "UTF-16LE"
	}
	out := make([]byte, 0, len(data)/2+len(data)/8)
	for i := 0; i < len(data); i += 2 {
		if i+1 >= len(data) {
			return nil, "", encodingError(lineAt(out, len(out)), "UTF-16 ends in half a character")
		}
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) {
			if i+3 >= len(data) {
				return nil, "", encodingError(lineAt(out, len(out)), "UTF-16 ends in half a character")
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(data[i+2:]))); r == utf8.RuneError {
				return nil, "", encodingError(lineAt(out, len(out)), "half a surrogate pair, although the bytes should be UTF-16")
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out, name, nil
}

// decodeNamed decodes by the IANA name. The web's habit to read ISO-8859-1 as Windows-1252 is not
// followed: signatures are made over what XML says.
func decodeNamed(data []byte, name string) ([]byte, string, error) {
	e, err := ianaindex.IANA.Encoding(name)
	if err != nil || e == nil {
		return nil, "", encodingError(1, "the declared encoding is not known here")
	}
	if canonical, err := ianaindex.MIME.Name(e); err == nil {
		name = canonical
	}
	out, err := e.NewDecoder().Bytes(data)
	if err != nil || e == encoding.Replacement {
		return nil, "", encodingError(1, "the document cannot be decoded from its declared encoding")
	}
	// The decoders put U+FFFD in the place of a byte that their table lacks.
	if i := bytes.IndexRune(out, utf8.RuneError); i >= 0 {
		return nil, "", encodingError(lineAt(out, i), "bytes are not valid in the declared encoding "+name)
	}
	return out, name, nil
}

// declaredEncoding reads the pseudo-attribute encoding of the XML declaration, if there is one.
func declaredEncoding(data []byte) (name string, declared bool) {
	if !bytes.HasPrefix(data, []byte("<?xml")) {
		return "", false
	}
	declaration, _, ok := bytes.Cut(data[:min(len(data), 512)], []byte("?>"))
	if !ok {
		return "", false
	}
	_, rest, ok := bytes.Cut(declaration, []byte("encoding"))
	if !ok {
		return "", false
	}
	rest = bytes.TrimLeft(rest, " \t\r\n=")
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return "", false
	}
	value, _, _ := bytes.Cut(rest[1:], rest[:1])
	return string(value), true
}

// lineAt is the line of offset i, from 1.
func lineAt(data []byte, i int) int {
	return 1 + bytes.Count(data[:min(i, len(data))], []byte{'\n'})
}

// passThrough lets the tokenizer read on whatever the XML declaration says: the bytes are UTF-8 by now.
func passThrough(_ string, in io.Reader) (io.Reader, error) { return in, nil }
