package profile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
)

// Finding is one thing that a person should know of a credential.
type Finding struct {
	Rule     string   `json:"rule"` // Rule.ID
	Severity Severity `json:"severity"`
	Path     string   `json:"path"` // RFC 6901, in the tree: the value, the member, or the node that lacks one
	Text     string   `json:"text"` // without any value of the document but member names, classes and types
	Source   string   `json:"source"`
	Value    string   `json:"value,omitempty"` // only with Options.Values

	// What the published shapes say of the same fault: the node it is about (of several places with one
	// id that with the shortest pointer), a class of it, the property and the kind of constraint.
	Focus      string `json:"focus"`
	Class      string `json:"class,omitempty"`
	Property   string `json:"property,omitempty"`   // prefix:name
	Constraint string `json:"constraint,omitempty"` // MinCount, MaxCount, Datatype, Class, Or, Node, NodeKind, UniqueLang, MaxInclusive
}

// pending is a finding before its words are made.
type pending struct {
	rule       int
	at         position
	node       int32  // that it is about; nowhere for none
	shape      *rule  // nil when it comes from no shape
	constraint string // of the shape
	text       string
	value      string
}

// none is the position of what is about the whole document.
var none = position{place: 0, member: -1, index: -1}

// step is one token of a path, as it stands and as it is ordered.
type step struct{ member, index int32 }

// steps leads from the credential to a position.
func (g *graph) steps(at position) []step {
	var path []step
	if at.member >= 0 || at.index >= 0 {
		path = append(path, step{at.member, at.index})
	}
	for p := at.place; p >= 0 && int(p) < len(g.places); p = g.places[p].parent {
		if here := g.places[p]; here.parent >= 0 {
			path = append(path, step{here.member, here.index})
		}
	}
	slices.Reverse(path)
	return path
}

// compareSteps orders paths as they stand in the document.
func compareSteps(a, b []step) int {
	return slices.CompareFunc(a, b, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.member, b.member), cmp.Compare(a.index, b.index))
	})
}

// pointer writes a position.
func (g *graph) pointer(at position) string {
	b := []byte(g.placePointer(at.place))
	if at.member >= 0 {
		m := g.places[at.place].object[at.member]
		b = edci.AppendToken(b, m.Name)
		if at.lang {
			return string(g.appendLanguage(b, languageAt(m.Value, at.index)))
		}
	}
	if at.index >= 0 {
		b = strconv.AppendInt(append(b, '/'), int64(at.index), 10)
	}
	return string(b)
}

// placePointer writes a place.
func (g *graph) placePointer(p int32) string {
	here := g.places[p]
	if here.parent < 0 {
		return ""
	}
	return g.pointer(position{place: here.parent, member: here.member, index: here.index})
}

// focus is the place of a node that the published shapes name: of several that with the shortest pointer.
func (g *graph) focus(n int32) string {
	if n < 0 {
		return ""
	}
	best, found := "", false
	for p := g.nodes[n].first; p >= 0; p = g.places[p].next {
		if g.places[p].flags&inLanguage == 0 {
			pointer := g.placePointer(p)
			if !found || cmp.Or(cmp.Compare(len(pointer), len(best)), strings.Compare(pointer, best)) < 0 {
				best, found = pointer, true
			}
		}
		if g.places[p].next == 0 {
			break
		}
	}
	return best
}

// appendLanguage appends the key of a language map. What is no language tag may be anything, a name for
// example, and is shown with the values only.
func (g *graph) appendLanguage(b []byte, tag string) []byte {
	if !isLanguage(tag) && tag != "@none" && !g.c.opt.Values {
		return b
	}
	return edci.AppendToken(b, tag)
}

// languageAt is the language of the i-th member of a language map.
func languageAt(v any, i int32) string {
	texts, _ := v.(edci.Object)
	if int(i) >= len(texts) {
		return ""
	}
	return texts[i].Name
}
