package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ChangeKind tells what a change is about.
type ChangeKind string

const (
	OfLeaf     ChangeKind = "leaf"
	OfRow      ChangeKind = "row"
	OfProposal ChangeKind = "proposal"
	OfSheet    ChangeKind = "sheet"
)

// Change is one difference between two editions.
type Change struct {
	Kind   ChangeKind `json:"kind"`
	Side   Side       `json:"side,omitempty"` // of a leaf
	ID     string     `json:"id"`             // path of a leaf, LRN-04, GAP-008, or the number of a row of the sheet
	What   string     `json:"what"`           // what of it, or New or Gone
	Before string     `json:"before,omitempty"`
	Now    string     `json:"now,omitempty"`
}

// What has become of a thing that one edition alone has.
const (
	New  = "new"
	Gone = "gone"
)

// aspect is something that two editions may say differently of a thing.
type aspect[T any] struct {
	name string
	of   func(*T) string
}

var leafAspects = []aspect[Leaf]{
	{"row", func(l *Leaf) string { return l.Owner }},
	{"also", func(l *Leaf) string { return spaced(l.Also) }},
	{"class", func(l *Leaf) string { return l.Class }},
	{"kind", func(l *Leaf) string { return string(l.Kind) }},
	{"versions", func(l *Leaf) string { return spaced(l.Versions) }},
	{"to_edc", func(l *Leaf) string { return Range(l.ToEDC, l.WorstToEDC) }},
	{"to_elmo", func(l *Leaf) string { return Range(l.ToELMO, l.WorstToELMO) }},
	{"places", func(l *Leaf) string { return spaced(l.Places) }},
	{"proposals", func(l *Leaf) string { return spaced(l.Proposals) }},
	{"reason", func(l *Leaf) string { return l.Reason }},
	{"sheet", func(l *Leaf) string { return strings.Trim(fmt.Sprint(l.Sheet), "[]") }},
}

var rowAspects = []aspect[Row]{
	{"section", func(r *Row) string { return r.Section }},
	{"elmo", func(r *Row) string { return r.ELMO }},
	{"elm", func(r *Row) string { return r.ELM }},
	{"rule", func(r *Row) string { return r.Rule }},
	{"example.in", func(r *Row) string { return r.Example.In }},
	{"example.foreign", func(r *Row) string { return strconv.FormatBool(r.Example.Foreign) }},
	{"example.elmo", func(r *Row) string { return r.Example.ELMO }},
	{"example.elm", func(r *Row) string { return r.Example.ELM }},
	{"example.to_edc", func(r *Row) string { return string(r.Example.ToEDC) }},
	{"example.to_elmo", func(r *Row) string { return string(r.Example.ToELMO) }},
}

var proposalAspects = []aspect[Proposal]{
	{"change", func(p *Proposal) string { return string(p.Change) }},
	{"title", func(p *Proposal) string { return p.Title }},
	{"text", func(p *Proposal) string { return p.Text }},
}

var sheetAspects = []aspect[SheetRow]{
	{"class", func(r *SheetRow) string { return r.Class }},
	{"field", func(r *SheetRow) string { return r.Field }},
	{"mapping", func(r *SheetRow) string { return r.Mapping }},
	{"opinion", func(r *SheetRow) string { return string(r.Opinion) }},
	{"leaf", func(r *SheetRow) string { return r.Leaf }},
	{"why", func(r *SheetRow) string { return r.Why }},
}

func spaced(list []string) string { return strings.Join(list, " ") }

// Range is the ordinary verdict and the worst one, if there is one, as the tables have them: exact..kept.
func Range(ordinary, worst Verdict) string {
	if worst == "" {
		return string(ordinary)
	}
	return string(ordinary) + ".." + string(worst)
}

// Compare tells what has changed between two editions: leaves, rows, proposals, answers to the sheet;
// each in the order of the new edition, what is gone last. What follows from these, such as the leaves
// of a row and the coverage, is not told again.
func Compare(before, now *Edition) []Change {
	return slices.Concat([]Change{},
		differ(before.Leaves, now.Leaves, leafAspects, func(l *Leaf) Change { return Change{Kind: OfLeaf, Side: l.Side, ID: l.Path} }, func(l *Leaf) string { return l.Owner }),
		differ(before.Rows, now.Rows, rowAspects, func(r *Row) Change { return Change{Kind: OfRow, ID: r.ID} }, func(r *Row) string { return r.Rule }),
		differ(before.Proposals, now.Proposals, proposalAspects, func(p *Proposal) Change { return Change{Kind: OfProposal, ID: p.ID} }, func(p *Proposal) string { return p.Title }),
		differ(before.Sheet, now.Sheet, sheetAspects, func(r *SheetRow) Change { return Change{Kind: OfSheet, ID: strconv.Itoa(r.Number)} }, func(r *SheetRow) string { return string(r.Opinion) }))
}

// differ compares two lists. A change begins as name makes it, which tells things apart; gist is said of
// what is new or gone.
func differ[T any](before, now []T, aspects []aspect[T], name func(*T) Change, gist func(*T) string) []Change {
	var changes []Change
	add := func(c Change, what, before, now string) {
		c.What, c.Before, c.Now = what, before, now
		changes = append(changes, c)
	}
	old := make(map[Change]*T, len(before))
	for i := range before {
		old[name(&before[i])] = &before[i]
	}
	for i := range now {
		c := name(&now[i])
		was := old[c]
		delete(old, c)
		if was == nil {
			add(c, New, "", gist(&now[i]))
			continue
		}
		for _, a := range aspects {
			if x, y := a.of(was), a.of(&now[i]); x != y {
				add(c, a.name, x, y)
			}
		}
	}
	for i := range before {
		if c := name(&before[i]); old[c] == &before[i] {
			add(c, Gone, gist(&before[i]), "")
		}
	}
	return changes
}
