package convert

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/mapping"
	"elmobridge/mapping/audit"
)

// Gaps counts what conversions of many files have in common: which gaps between the standards real
// documents hit, and how often. It holds no values. The zero value is ready.
type Gaps struct {
	Files int // that were added

	gaps map[gapKey]*Gap
	last map[gapKey]int // the file that was counted last
}

// Gap is a place that did not come across unchanged.
type Gap struct {
	Row       string         `json:"row"`
	Verdict   Verdict        `json:"verdict"`
	Reason    mapping.Reason `json:"reason"`
	Path      string         `json:"path"`                // without positions
	Side      audit.Side     `json:"side"`                // of path and leaf
	Leaf      string         `json:"leaf,omitempty"`      // the path in the audit; empty: the standard has no such thing
	Proposals []string       `json:"proposals,omitempty"` // of the leaf; shared, do not change them
	Note      string         `json:"note,omitempty"`
	Files     int            `json:"files"` // that hit it
	Times     int            `json:"times"` // over all files
}

type gapKey struct {
	row     string
	verdict Verdict
	reason  mapping.Reason
	path    string
	side    audit.Side
	leaf    string
}

// Add counts the losses of one file; several reports of one file, such as a round trip has, are given at
// once. The leaves of a report on credentials are looked up in those of the input: for a round trip of a
// document that is an Input of both, the document and the credentials in between.
func (g *Gaps) Add(in *Input, reports ...*Report) {
	if g.gaps == nil {
		g.gaps, g.last = map[gapKey]*Gap{}, map[gapKey]int{}
	}
	g.Files++
	s := &sources{credentials: in.Credentials, trees: make([]edci.Object, len(in.Credentials))}
	for _, r := range reports {
		for _, e := range r.Losses {
			g.count(s.located(r.Direction, e), e.Note)
		}
	}
}

func (g *Gaps) count(found Gap, note string) {
	key := gapKey{found.Row, found.Verdict, found.Reason, found.Path, found.Side, found.Leaf}
	gap := g.gaps[key]
	if gap == nil {
		found.Note = note
		gap = &found
		g.gaps[key] = gap
	}
	gap.Times++
	if g.last[key] != g.Files {
		g.last[key] = g.Files
		gap.Files++
	}
}

// sources are the credentials of a file, and each as a tree once it was asked for.
type sources struct {
	credentials []*edci.EuropeanDigitalCredential
	trees       []edci.Object
}

// located is an entry with the leaf that it is about. What only the result has stands there: an element
// that the version written lacks.
func (s *sources) located(d mapping.Direction, e Entry) Gap {
	at, side := e.Source, audit.ELMO
	if d == mapping.ToELMO {
		side = audit.ELM
	}
	if at == "" && e.Target != "" {
		at, side = e.Target, targets[d]
	}
	gap := Gap{Row: e.Row, Verdict: e.Verdict, Reason: e.Reason, Path: Pattern(at), Side: side}
	if l := s.leaf(side, at); l != nil {
		l = l.Within(e.Row)
		gap.Leaf, gap.Proposals = l.Path, l.Proposals
	}
	return gap
}

// targets are the sides that conversions write.
var targets = map[mapping.Direction]audit.Side{mapping.ToEDC: audit.ELM, mapping.ToELMO: audit.ELMO, ELMOToELMO: audit.ELMO}

func (s *sources) leaf(side audit.Side, path string) *audit.Leaf {
	if side == audit.ELMO {
		return audit.LocateELMO(path)
	}
	n, pointer := 1, path
	if of, ok := strings.CutPrefix(path, "credential["); ok {
		number, rest, _ := strings.Cut(of, "]")
		n, _ = strconv.Atoi(number)
		pointer = rest
	}
	if n < 1 || n > len(s.trees) {
		return nil
	}
	return audit.LocateELM(s.tree(n-1), pointer)
}

// tree is a credential as it was read, or as it would be written.
func (s *sources) tree(i int) edci.Object {
	if s.trees[i] == nil {
		c := s.credentials[i]
		if c.Source != nil && c.Source.Tree != nil {
			s.trees[i] = c.Source.Tree
		} else {
			s.trees[i] = edci.Tree(c)
		}
	}
	return s.trees[i]
}

// List gives the gaps, the worst first, then those that most files hit.
func (g *Gaps) List() []Gap {
	list := make([]Gap, 0, len(g.gaps))
	for _, gap := range g.gaps {
		list = append(list, *gap)
	}
	slices.SortFunc(list, func(a, b Gap) int {
		return cmp.Or(
			cmp.Compare(b.Verdict.Severity(), a.Verdict.Severity()), cmp.Compare(b.Files, a.Files), cmp.Compare(b.Times, a.Times),
			cmp.Compare(a.Row, b.Row), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason),
			cmp.Compare(a.Side, b.Side), cmp.Compare(a.Leaf, b.Leaf))
	})
	return list
}

// Pattern is a path of a report without positions, the same at every depth of parts.
func Pattern(path string) string {
	steps := strings.Split(path, "/")
	out := steps[:0:0]
	for i, s := range steps {
		name, _, _ := strings.Cut(s, "[")
		if i > 0 && isPosition(name) {
			continue
		}
		out = append(out, name)
	}
	text := strings.Join(out, "/")
	for _, part := range []string{"/hasPart/learningOpportunitySpecification", "/hasPart"} {
		text = strings.ReplaceAll(text, part, "")
	}
	return text
}

func isPosition(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
