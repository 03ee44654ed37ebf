package convert

import (
	"cmp"
	"slices"
	"strings"

	"elmobridge/mapping"
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
	Row     string         `json:"row"`
	Verdict Verdict        `json:"verdict"`
	Reason  mapping.Reason `json:"reason"`
	Path    string         `json:"path"` // without positions
	Note    string         `json:"note,omitempty"`
	Files   int            `json:"files"` // that hit it
	Times   int            `json:"times"` // over all files
}

type gapKey struct {
	row     string
	verdict Verdict
	reason  mapping.Reason
	path    string
}

// Add counts the losses of one file; several reports of one file, such as a round trip has, are given at
// once.
func (g *Gaps) Add(reports ...*Report) {
	if g.gaps == nil {
		g.gaps, g.last = map[gapKey]*Gap{}, map[gapKey]int{}
	}
	g.Files++
	for _, r := range reports {
		for _, e := range r.Losses {
			g.count(e)
		}
	}
}

func (g *Gaps) count(e Entry) {
	key := gapKey{e.Row, e.Verdict, e.Reason, Pattern(e.Source)}
	gap := g.gaps[key]
	if gap == nil {
		gap = &Gap{Row: e.Row, Verdict: e.Verdict, Reason: e.Reason, Path: key.path, Note: e.Note}
		g.gaps[key] = gap
	}
	gap.Times++
	if g.last[key] != g.Files {
		g.last[key] = g.Files
		gap.Files++
	}
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
			cmp.Compare(a.Row, b.Row), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason))
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
