package schema

import "strings"

// isURI takes what RFC 3986 takes, after what XML lets in besides (blanks, other scripts and
// < > " { } | \ ^ `) is escaped.
func isURI(s string) bool {
	rest, fragment, has := strings.Cut(s, "#")
	if has && !hasOnly(fragment, uriPath|uriBracket) {
		return false
	}
	rest, query, _ := strings.Cut(rest, "?")
	if !hasOnly(query, uriPath) {
		return false
	}
	if scheme, behind, ok := strings.Cut(rest, ":"); ok && isScheme(scheme) {
		return isHierarchy(behind)
	}
	if first, _, _ := strings.Cut(rest, "/"); strings.Contains(first, ":") {
		return false
	}
	return isHierarchy(rest)
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && (i == 0 || !isDigit(c) && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return s != ""
}

// isHierarchy takes //authority/path or a path.
func isHierarchy(s string) bool {
	if behind, ok := strings.CutPrefix(s, "//"); ok {
		authority, path, _ := strings.Cut(behind, "/")
		return isAuthority(authority) && hasOnly(path, uriPath)
	}
	return hasOnly(s, uriPath)
}

// isAuthority takes user@host:port, with a host in brackets too.
func isAuthority(s string) bool {
	if user, host, ok := strings.Cut(s, "@"); ok {
		if !hasOnly(user, uriHost|uriColon) {
			return false
		}
		s = host
	}
	if strings.HasPrefix(s, "[") {
		_, port, ok := strings.Cut(s, "]")
		return ok && (port == "" || port[0] == ':' && digits(port[1:]) == len(port)-1)
	}
	host, port, _ := strings.Cut(s, ":")
	return hasOnly(host, uriHost) && digits(port) == len(port)
}

const (
	uriHost    = 1 << iota // unreserved characters and sub-delimiters
	uriColon               // :
	uriDeeper              // @ / ?
	uriBracket             // [ ]
	uriPath    = uriHost | uriColon | uriDeeper
)

var uriClass = func() (t [256]byte) {
	for c := range 256 {
		if c <= ' ' || c >= 0x7F || isLetter(byte(c)) || isDigit(byte(c)) || strings.IndexByte("-._~!$&'()*+,;=<>\"{}|\\^`", byte(c)) >= 0 {
			t[c] = uriHost
		}
	}
	t[':'], t['@'], t['/'], t['?'], t['['], t[']'] = uriColon, uriDeeper, uriDeeper, uriDeeper, uriBracket, uriBracket
	return t
}()

// hasOnly tells whether s holds characters of those classes and whole percent escapes.
func hasOnly(s string, classes byte) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case uriClass[s[i]]&classes != 0:
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			i += 2
		default:
			return false
		}
	}
	return true
}

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
