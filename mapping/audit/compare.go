package audit

import (
	"slices"
	"strings"
)

// Change is one difference between two editions of the crosswalk.
type Change struct {
	Side   Side   `json:"side"`
	Path   string `json:"path"`
	What   string `json:"what"`             // leaf, row, to_edc, to_elmo, places or proposals
	Before string `json:"before,omitempty"` // empty: the leaf is new
	Now    string `json:"now,omitempty"`    // empty: the leaf is gone
}

// aspects are what two editions may say differently of a leaf.
var aspects = []struct {
	name string
	of   func(*Leaf) string
}{
	{"row", func(l *Leaf) string { return l.Owner }},
	{"to_edc", func(l *Leaf) string { return string(l.ToEDC) }},
	{"to_elmo", func(l *Leaf) string { return string(l.ToELMO) }},
	{"places", func(l *Leaf) string { return strings.Join(l.Places, " ") }},
	{"proposals", func(l *Leaf) string { return strings.Join(l.Proposals, " ") }},
}

// Compare tells what has changed between two editions: in the order of the new one, what is gone last.
func Compare(before, now []Leaf) []Change {
	type key struct {
		side Side
		path string
	}
	old := make(map[key]*Leaf, len(before))
	for i := range before {
		old[key{before[i].Side, before[i].Path}] = &before[i]
	}
	changes := []Change{}
	for i := range now {
		l := &now[i]
		k := key{l.Side, l.Path}
		was := old[k]
		delete(old, k)
		if was == nil {
			changes = append(changes, Change{l.Side, l.Path, "leaf", "", l.Owner})
			continue
		}
		for _, a := range aspects {
			if x, y := a.of(was), a.of(l); x != y {
				changes = append(changes, Change{l.Side, l.Path, a.name, x, y})
			}
		}
	}
	for i := range before {
		if l := &before[i]; old[key{l.Side, l.Path}] == l {
			changes = append(changes, Change{l.Side, l.Path, "leaf", l.Owner, ""})
		}
	}
	return slices.Clip(changes)
}
