package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// abbreviations of long paths of ELMO.
var abbreviations = map[string]string{
	"LOS": "report/learningOpportunitySpecification",
	"LOI": "report/learningOpportunitySpecification/specifies/learningOpportunityInstance",
	"DS":  "report/learningOpportunitySpecification/specifies/learningOpportunityInstance/diplomaSupplement",
	"SEC": "report/learningOpportunitySpecification/specifies/learningOpportunityInstance/diplomaSupplement/section",
	"ROR": "report/resultOfRecognition",
}

// full is a path without abbreviation.
func full(path string) string {
	first, rest, more := strings.Cut(path, "/")
	if long, ok := abbreviations[first]; ok {
		first = long
	}
	if !more {
		return first
	}
	return first + "/" + rest
}

// versions of the standards that are audited.
var versions = map[Side][]string{ELMO: {"1.7", "2.0"}, ELM: {"3.2"}}

// root is the element that paths of ELMO leave out.
const root = "elmo"

// audit is everything the tables say.
type audit struct {
	leaves    []Leaf
	sheet     []SheetRow
	proposals []Proposal
	byRow     []Row
	at        map[key]int // index in leaves
}

type key struct {
	side Side
	path string
}

// crosswalk parses the tables, once. They are constants, so a fault in them stops every test: it panics.
var crosswalk = sync.OnceValue(func() *audit {
	a := &audit{at: map[key]int{}, proposals: slices.Clone(proposals)}
	a.table(ELMO, elmoTable)
	a.table(ELM, elmTable)
	a.invert()
	a.answers(sheetTable)
	a.gather()
	a.byRow = a.rows()
	return a
})

// class is one class of a heading, with the path that members are relative to.
type class struct{ name, path string }

func (a *audit) table(side Side, text string) {
	var open []class
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case strings.HasPrefix(line, "= "):
			open = heading(side, strings.Fields(line[2:]))
		default:
			a.line(side, open, line)
		}
	}
}

func heading(side Side, words []string) []class {
	if side == ELMO {
		return []class{{name: words[0], path: full(words[len(words)-1])}}
	}
	var out []class
	for _, w := range words {
		out = append(out, class{name: w, path: w})
	}
	return out
}

// line adds the leaves of one line, of every open class.
func (a *audit) line(side Side, open []class, line string) {
	members, fate, ok := strings.Cut(line, " : ")
	if !ok || len(open) == 0 {
		panic("audit: no fate: " + line)
	}
	model := parseFate(fate)
	model.Side = side
	for _, c := range open {
		for _, m := range strings.Fields(members) {
			a.leaf(model, c, m)
		}
	}
}

// parseFate reads what follows the colon.
func parseFate(s string) Leaf {
	var l Leaf
	s, l.Reason, _ = strings.Cut(s, " | ")
	s, places, _ := strings.Cut(s, " > ")
	for _, p := range strings.Fields(places) {
		l.Places = append(l.Places, full(p))
	}
	words := strings.Fields(s)
	rows := strings.Split(words[0], "+")
	l.Owner, l.Also = rows[0], rows[1:]
	there, back, ok := strings.Cut(words[1], "/")
	if !ok {
		panic("audit: no verdicts: " + s)
	}
	l.ToEDC, l.WorstToEDC = verdicts(there)
	l.ToELMO, l.WorstToELMO = verdicts(back)
	l.Proposals = words[2:]
	return l
}

// verdicts reads ORDINARY or ORDINARY..WORST.
func verdicts(s string) (ordinary, worst Verdict) {
	one, other, _ := strings.Cut(s, "..")
	return Verdict(one), Verdict(other)
}

func (a *audit) leaf(l Leaf, c class, member string) {
	l.Versions = versions[l.Side]
	if name, only, ok := strings.Cut(strings.TrimSuffix(member, "]"), "["); ok {
		member, l.Versions = name, []string{only}
	}
	l.Class, l.Path, l.Kind = c.name, memberPath(c, member), kind(l.Side, member)
	l.Places = slices.Clone(l.Places)
	k := key{l.Side, l.Path}
	if _, double := a.at[k]; double {
		panic(fmt.Sprintf("audit: %s %s is listed twice", l.Side, l.Path))
	}
	a.at[k] = len(a.leaves)
	a.leaves = append(a.leaves, l)
}

func memberPath(c class, member string) string {
	switch {
	case member == ".":
		return c.path
	case c.path == root:
		return member
	}
	return c.path + "/" + member
}

func kind(side Side, member string) Kind {
	switch {
	case side == ELM && member == ".":
		return Class
	case side == ELM:
		return Property
	case strings.Contains(member, "@"):
		return Attribute
	}
	return Element
}

// invert makes a place that one side names known to the other.
func (a *audit) invert() {
	other := map[Side]Side{ELMO: ELM, ELM: ELMO}
	for i := range a.leaves {
		l := &a.leaves[i]
		for _, p := range l.Places {
			j, ok := a.at[key{other[l.Side], p}]
			if !ok {
				panic("audit: " + l.Path + " names a place that is none: " + p)
			}
			if m := &a.leaves[j]; !slices.Contains(m.Places, l.Path) {
				m.Places = append(m.Places, l.Path)
			}
		}
	}
}

// answers reads the table of the sheet.
func (a *audit) answers(text string) {
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		row, why, _ := strings.Cut(strings.TrimSpace(line), " | ")
		row, place, _ := strings.Cut(row, " > ")
		words := strings.Fields(row)
		n, err := strconv.Atoi(words[0])
		if err != nil || len(words) != 4 {
			panic("audit: no row of the sheet: " + line)
		}
		class, field, _ := strings.Cut(words[1], "/")
		a.answer(SheetRow{Number: n, Class: class, Field: field, Mapping: place, Opinion: Opinion(strings.ReplaceAll(words[2], "-", " ")), Leaf: full(words[3]), Why: why})
	}
}

// noLeaf stands in the table of the sheet for what ELMO does not have.
const noLeaf = "-"

func (a *audit) answer(r SheetRow) {
	if r.Leaf == noLeaf {
		r.Leaf = ""
		a.sheet = append(a.sheet, r)
		return
	}
	i, ok := a.at[key{ELMO, r.Leaf}]
	if !ok {
		panic("audit: the sheet is about no leaf: " + r.Leaf)
	}
	l := &a.leaves[i]
	l.Sheet = append(l.Sheet, r.Number)
	r.Row = l.Owner
	a.sheet = append(a.sheet, r)
}

// gather tells each proposal which leaves and rows it concerns.
func (a *audit) gather() {
	at := map[string]*Proposal{}
	for i := range a.proposals {
		at[a.proposals[i].ID] = &a.proposals[i]
	}
	for i := range a.leaves {
		l := &a.leaves[i]
		for _, id := range l.Proposals {
			p := at[id]
			if p == nil {
				panic("audit: " + l.Path + " names no proposal: " + id)
			}
			p.Leaves = append(p.Leaves, l.Path)
			if !slices.Contains(p.Rows, l.Owner) {
				p.Rows = append(p.Rows, l.Owner)
			}
		}
	}
}
