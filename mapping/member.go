package mapping

import (
	"elmobridge/edci"
	"elmobridge/elmo"
	"net/url"
	"strconv"
	"strings"
)

// member is one leftover.
type member struct {
	at         string
	credential int // of members in the root, from 1
	instead    any // nil: the rows give nothing there
	has        bool
	value      any
}

func isMember(r elmo.Raw) bool {
	namespace, local := r.Name()
	if namespace != NSBridge || local != "member" {
		return isOrigin(r)
	}
	_, whole := readMember(r)
	return whole // a damaged one is an extension like any other
}

// originName names the element in the root extension that marks a document made from credentials of
// others: <b:origin>credential</b:origin>.
const originName = "origin"

func isOrigin(r elmo.Raw) bool {
	namespace, local := r.Name()
	return namespace == NSBridge && local == originName && r.XML == "<b:"+originName+">"+foreignOrigin+"</b:"+originName+">"
}

func (m *member) element() elmo.Raw {
	attrs := []elmo.Attr{{Name: "at", Value: fragment(m.at)}}
	if m.credential > 1 {
		attrs = append(attrs, elmo.Attr{Name: "credential", Value: strconv.Itoa(m.credential)})
	}
	if m.has {
		attrs = append(attrs, elmo.Attr{Name: "instead", Value: xmlSafe(string(edci.AppendValue(nil, m.instead)))})
	}
	return elmo.NewRaw(NSBridge, "b", "member", attrs, xmlSafe(string(edci.AppendValue(nil, m.value))))
}

// fragment writes a pointer as an attribute can hold it: as it is, or when XML forbids one of its
// characters as a URI fragment (RFC 6901, 6), which begins with "#".
func fragment(pointer string) string {
	for _, c := range pointer {
		if c < ' ' || c == 0xfffe || c == 0xffff || c == 0xfffd {
			return "#" + url.PathEscape(pointer)
		}
	}
	return pointer
}

func unfragment(at string) string {
	if escaped, ok := strings.CutPrefix(at, "#"); ok {
		if pointer, err := url.PathUnescape(escaped); err == nil {
			return pointer
		}
	}
	return at
}

// xmlSafe escapes the characters of JSON that XML forbids.
func xmlSafe(s string) string { return xmlEscapes.Replace(s) }

var xmlEscapes = strings.NewReplacer("\ufffe", `\ufffe`, "\uffff", `\uffff`)

func readMember(r elmo.Raw) (*member, bool) {
	_, attrs, text, ok := r.Simple()
	if !ok {
		return nil, false
	}
	m := &member{credential: 1}
	for _, a := range attrs {
		switch a.Name {
		case "at":
			m.at = unfragment(a.Value)
		case "credential":
			m.credential, _ = strconv.Atoi(a.Value)
		case "instead":
			v, err := edci.ParseJSON([]byte(a.Value), edci.Limits{})
			if err != nil {
				return nil, false
			}
			m.instead, m.has = v, true
		}
	}
	v, err := edci.ParseJSON([]byte(text), edci.Limits{})
	m.value = v
	return m, err == nil
}
