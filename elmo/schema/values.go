package schema

import (
	"math/big"
	"strings"
	"unicode"
)

// isLanguage: one to eight letters, then groups of one to eight letters or digits.
func isLanguage(s string) bool {
	run, first := 0, true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isLetter(c) || !first && isDigit(c):
			run++
		case c == '-' && run > 0:
			run, first = 0, false
		default:
			return false
		}
		if run > 8 {
			return false
		}
	}
	return run > 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNCName(s string) bool {
	for i, c := range s {
		switch {
		case c == '_' || unicode.IsLetter(c):
		case i > 0 && (c == '-' || c == '.' || c == '·' || unicode.Is(unicode.N, c) || unicode.Is(unicode.M, c)):
		default:
			return false
		}
	}
	return s != ""
}

// areNCNames takes one or more names with blanks between them.
func areNCNames(s string) bool {
	for one := range strings.SplitSeq(s, " ") {
		if !isNCName(one) {
			return false
		}
	}
	return true
}

// isQName takes a name with or without prefix; whether the prefix is declared is seen elsewhere.
func isQName(s string) bool {
	prefix, local, ok := strings.Cut(s, ":")
	return isNCName(prefix) && (!ok || isNCName(local))
}

// digits gives how many digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func unsigned(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

func isDecimal(s string) bool {
	s = unsigned(s)
	whole := digits(s)
	if whole == len(s) {
		return whole > 0
	}
	fraction := s[whole+1:]
	return s[whole] == '.' && whole+len(fraction) > 0 && digits(fraction) == len(fraction)
}

func isInteger(s string) bool {
	s = unsigned(s)
	return s != "" && digits(s) == len(s)
}

func isNonNegative(s string) bool {
	return isInteger(s) && (s[0] != '-' || strings.Trim(s[1:], "0") == "")
}

// canonicalInteger drops what makes no difference: the plus and leading zeros.
func canonicalInteger(s string) string {
	n := strings.TrimLeft(unsigned(s), "0")
	switch {
	case n == "":
		return "0"
	case s[0] == '-':
		return "-" + n
	}
	return n
}

func inRange(low, high int64) func(string) bool {
	return func(s string) bool { return within(s, big.NewInt(low), big.NewInt(high)) }
}

// upTo takes numbers without a sign, as XML Schema 1.0 writes the unsigned types.
func upTo(high uint64) func(string) bool {
	return func(s string) bool {
		return digits(s) == len(s) && within(s, new(big.Int), new(big.Int).SetUint64(high))
	}
}

func within(s string, low, high *big.Int) bool {
	if !isInteger(s) || len(s) > 64 {
		return false
	}
	n, ok := new(big.Int).SetString(canonicalInteger(s), 10)
	return ok && n.Cmp(low) >= 0 && n.Cmp(high) <= 0
}

// base64Class gives 1 for the characters of base64, and the bits that the last one before padding
// may have: 2 before "=", 4 before "==".
var base64Class = func() (t [256]byte) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(alphabet) {
		t[alphabet[i]] = 1
		if i%4 == 0 {
			t[alphabet[i]] |= 2
		}
		if i%16 == 0 {
			t[alphabet[i]] |= 4
		}
	}
	return t
}()

// isBase64 reads collapsed base64 as XML Schema wants it: groups of four with single blanks
// anywhere, and no bits set that the padding hides.
func isBase64(s string) bool {
	n, last := 0, byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case base64Class[c] != 0:
			n++
			last = c
		case c == '=':
			return isPadding(s[i:], n, last)
		case c != ' ':
			return false
		}
	}
	return n%4 == 0
}

// isPadding tells whether s, from its first "=", ends n characters of base64.
func isPadding(s string, n int, last byte) bool {
	switch strings.ReplaceAll(s, " ", "") {
	case "=":
		return n%4 == 3 && base64Class[last]&2 != 0
	case "==":
		return n%4 == 2 && base64Class[last]&4 != 0
	}
	return false
}
