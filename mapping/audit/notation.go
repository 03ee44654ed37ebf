package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"elmobridge/mapping"
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
	a.receive()
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
	model := parseFate(side, fate)
	for _, c := range open {
		for _, m := range strings.Fields(members) {
			a.leaf(model, c, m)
		}
	}
}

// parseFate reads what follows the colon.
func parseFate(side Side, s string) Leaf {
	l := Leaf{Side: side}
	s, l.Reason, _ = strings.Cut(s, " | ")
	s, places, _ := strings.Cut(s, " > ")
	for _, p := range strings.Fields(places) {
		l.Places = append(l.Places, full(p))
	}
	words := strings.Fields(s)
	rows := strings.Split(words[0], "+")
	l.Owner, l.Also = rows[0], rows[1:]
	said, filled, _ := strings.Cut(words[1], "/")
	ordinary, worst, _ := strings.Cut(said, "..")
	l.carried, l.filled = fate{Verdict(ordinary), Verdict(worst)}, Verdict(filled)
	l.Proposals = words[2:]
	return l
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

// receive tells how each leaf is filled on the way to its own side: by its places on the other one, or, where nothing is carried
// there, by what the standard demands.
func (a *audit) receive() {
	for i := range a.leaves {
		l := &a.leaves[i]
		if isGap(l.carried.ordinary) && l.Reason == "" && len(l.Proposals) == 0 {
			panic("audit: a gap with neither a proposal nor a reason: " + l.Path)
		}
		if l.Reason == "" {
			l.Reason = l.carried.why(l.Side)
		}
		l.ToEDC, l.WorstToEDC = l.carried.ordinary, l.carried.worst
		received := a.received(l)
		if l.Reason == "" && (isGap(received.ordinary) || isGap(received.worst)) {
			l.Reason = "Filled as its places on the other side are: see there."
		}
		l.ToELMO, l.WorstToELMO = received.ordinary, received.worst
		if l.Side == ELM {
			l.ToEDC, l.WorstToEDC, l.ToELMO, l.WorstToELMO = l.ToELMO, l.WorstToELMO, l.ToEDC, l.WorstToEDC
		}
	}
}

// why says in general what the tables do not say in particular.
func (f fate) why(side Side) string {
	switch {
	case isGap(f.ordinary) && side == ELMO:
		return "ELM has no property for it."
	case isGap(f.ordinary):
		return "ELMO has no element for it."
	case isGap(f.worst) && side == ELMO:
		return "Carried where it fits: a value of no list, a second one where ELM has one, or one in a form that ELM does not have is kept."
	case isGap(f.worst):
		return "Carried where it fits: a second value where ELMO has one, another language, or a concept of another list is kept."
	case f.worst == mapping.Normalised:
		return "Values that ELMO and ELM write differently come back in the usual form."
	}
	return ""
}

// received is the mildest and the worst of what becomes of the places.
func (a *audit) received(l *Leaf) fate {
	switch {
	case l.filled != "":
		return fate{ordinary: l.filled}
	case len(l.Places) == 0:
		return fate{ordinary: None}
	}
	var f fate
	for _, p := range l.Places {
		place := a.leaves[a.at[key{other[l.Side], p}]].carried
		if f.ordinary == "" || rank(place.ordinary) < rank(f.ordinary) {
			f.ordinary = place.ordinary
		}
		for _, v := range []Verdict{place.ordinary, place.worst} {
			if rank(v) > rank(f.worst) {
				f.worst = v
			}
		}
	}
	if f.worst == f.ordinary {
		f.worst = ""
	}
	return f
}

// rank is the place in Verdicts, from harmless to worst; -1 for none at all.
func rank(v Verdict) int { return slices.Index(Verdicts, v) }

// other is the other side.
var other = map[Side]Side{ELMO: ELM, ELM: ELMO}

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
