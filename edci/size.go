package edci

import (
	"encoding/json"
	"slices"
	"unsafe"
)

// idSize is what an id that AssignIDs gives adds to a node, at most.
const idSize = len(`"id":"",` + credentialPrefix + `00000000-0000-0000-0000-000000000000`)

// Size is how many bytes Append would write at most once each node has an id, without writing them. It stops
// counting beyond most, so that a credential in which many nodes share one that is large costs no more
// than its own size; the result is then any number above most.
func Size(c *EuropeanDigitalCredential, most int) int {
	if c == nil {
		return 0
	}
	s := &sizer{most: most, sizes: map[unsafe.Pointer]int{}}
	s.size = len(`{"@context":["` + contextVC + `","` + contextEDC + `"],"type":["VerifiableCredential",]}`)
	s.texts(c.Types)
	s.node(node{credentialClass, unsafe.Pointer(c)})
	for _, p := range c.Patches {
		s.value(p.Value)
	}
	return s.size
}

// sizer walks a credential and counts.
type sizer struct {
	size, most int
	sizes      map[unsafe.Pointer]int // of nodes of shared classes
	path       []unsafe.Pointer       // nodes being counted, for loops
}

func (s *sizer) over() bool { return s.size > s.most }

func (s *sizer) node(n node) {
	if size, ok := s.sizes[n.base]; ok && n.class.shared {
		s.size += size
		return
	}
	if s.over() || slices.Contains(s.path, n.base) {
		return
	}
	before := s.size
	s.path = append(s.path, n.base)
	s.members(n)
	s.path = s.path[:len(s.path)-1]
	if n.class.shared {
		s.sizes[n.base] = s.size - before
	}
}

func (s *sizer) members(n node) {
	s.size += len(`{"type":""}`) + len(n.className())
	switch id := *n.id(); {
	case id != "":
		s.size += len(`"id":"",`) + textSize(id)
	case !n.class.bare && !n.listed():
		s.size += idSize
	}
	for i := range n.class.members {
		if m := &n.class.members[i]; !n.lacks(m) && !s.over() {
			s.member(n, m)
		}
	}
}

// member counts a name and its value, with comma and brackets.
func (s *sizer) member(n node, m *member) {
	s.size += len(m.key) + len(",[]")
	switch {
	case m.kind == kindNode:
		for i := range n.count(m) {
			if sub := n.below(m, i); sub.class != nil {
				s.size++
				s.node(sub)
			}
		}
	case m.kind == kindLangString:
		s.langString(n.langString(m))
	case m.many:
		s.texts(n.texts(m))
	default:
		s.size += len(`""`) + textSize(n.text(m))
	}
}

func (s *sizer) langString(text LangString) {
	for i := range text {
		if s.over() {
			return
		}
		s.size += len(`"@none":["",`) + textSize(text[i].Lang) + textSize(text[i].Text)
	}
}

func (s *sizer) texts(texts []string) {
	for _, t := range texts {
		s.size += len(`"",`) + textSize(t)
	}
}

// value counts a value of a tree.
func (s *sizer) value(v any) {
	if s.over() {
		return
	}
	switch v := v.(type) {
	case Array:
		for _, x := range v {
			s.size++
			s.value(x)
		}
	case Object:
		for _, m := range v {
			s.size += len(`"":,`) + textSize(m.Name)
			s.value(m.Value)
		}
	case string:
		s.size += textSize(v)
	case json.Number:
		s.size += len(v)
	}
	s.size += len("false")
}

// textSize is the length of a text as JSON has it.
func textSize(s string) int {
	size := len(s)
	for {
		n := plainPrefix(s)
		if n == len(s) {
			return size
		}
		if size++; shortEscapes[s[n]] == 0 {
			size += len(`u00XX`) - 1
		}
		s = s[n+1:]
	}
}
