package schema

import (
	"fmt"
	"strings"
	"sync"
)

// Version is an ELMO version as package elmo names it: "1.0" to "1.7", "2.0", or "2.0-v2" for 2.0 in
// the namespace tree/v2.
type Version string

// versions are in order; what belongs to one is at its place in grammars.
var versions = []Version{"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0", "2.0-v2"}

// Latest is the version that is taken for an unknown one.
const Latest Version = "1.7"

// The namespaces of ELMO and of what it imports.
const (
	nsV1       = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
	nsV2       = "https://github.com/emrex-eu/elmo-schemas/tree/v2"
	nsDS       = "http://www.w3.org/2000/09/xmldsig#"
	nsAddress  = "https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1"
	nsEWP      = "https://github.com/erasmus-without-paper/ewp-specs-architecture/blob/stable-v1/common-types.xsd"
	nsEuropass = "http://europass.cedefop.europa.eu/Europass/V2.0"
	nsXML      = "http://www.w3.org/XML/1998/namespace"
	nsXS       = "http://www.w3.org/2001/XMLSchema"
	nsInstance = "http://www.w3.org/2001/XMLSchema-instance"
)

// Namespace is what a document of the version is in.
func (v Version) Namespace() string {
	if v == "2.0-v2" {
		return nsV2
	}
	return nsV1
}

// rank is the place of v among the versions, that of Latest for an unknown one.
func (v Version) rank() int {
	latest := 0
	for i, w := range versions {
		if v == w {
			return i
		}
		if w == Latest {
			latest = i
		}
	}
	return latest
}

// release is the number of the schema's tag: 1.7.0.
func (v Version) release() string {
	number, _, _ := strings.Cut(string(v), "-")
	return number + ".0"
}

// span is a range of versions, by rank; both ends are in it.
type span struct{ since, until int }

var always = span{0, len(versions) - 1}

func (s span) has(rank int) bool { return s.since <= rank && rank <= s.until }

// parseSpan reads "1.2-", "-1.4" or "1.3-1.3"; 2.0-v2 is the same as 2.0. Not ok when s is something
// else.
func parseSpan(s string) (found span, ok bool) {
	since, until, ok := strings.Cut(s, "-")
	if !ok || since == "" && until == "" {
		return always, false
	}
	found = always
	if since != "" {
		if found.since = rankOf(since); found.since < 0 {
			return always, false
		}
	}
	if until != "" {
		if found.until = rankOf(until); found.until < 0 {
			return always, false
		}
	}
	return found, true
}

func rankOf(number string) int {
	for i, v := range versions {
		if string(v) == number {
			return i
		}
	}
	return -1
}

// grammars holds what compile makes of the table for each version, made when it is first needed.
var grammars = func() []func() *grammar {
	list := make([]func() *grammar, len(versions))
	for i := range versions {
		list[i] = sync.OnceValue(func() *grammar { return compile(i) })
	}
	return list
}()

// mustSpan panics for a wrong table, in the first test.
func mustSpan(line, s string) span {
	found, ok := parseSpan(s)
	if !ok {
		panic(fmt.Sprintf("schema: no versions: %q in %q", s, line))
	}
	return found
}
