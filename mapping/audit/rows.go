package audit

import (
	"slices"

	"elmobridge/mapping"
)

// Row is a row of the mapping with what the audit says of it.
type Row struct {
	ID        string   `json:"id"`
	Section   string   `json:"section"`
	ELMO      string   `json:"elmo,omitempty"` // path below the section's element
	ELM       string   `json:"elm,omitempty"`  // path below the section's node
	Rule      string   `json:"rule"`
	Example   Example  `json:"example"`
	Leaves    []string `json:"leaves,omitempty"`    // that it owns, of both sides
	Sheet     []int    `json:"sheet,omitempty"`     // rows of the Commission's sheet that speak of these
	Proposals []string `json:"proposals,omitempty"` // that these leaves name
}

// Example is a conversion that the tests execute in both directions.
type Example struct {
	In      string  `json:"in,omitempty"`      // element of ELMO that it stands in
	Foreign bool    `json:"foreign,omitempty"` // a part of a credential of somebody else, converted to ELMO first
	ELMO    string  `json:"elmo,omitempty"`    // content of the element
	ELM     string  `json:"elm,omitempty"`     // part of the node; empty: the remainder alone holds it
	ToEDC   Verdict `json:"to_edc"`            // the worst that a report says of it
	ToELMO  Verdict `json:"to_elmo"`
}

// rows gathers what the leaves and the sheet say, by the row that owns the leaf.
func (a *audit) rows() []Row {
	owned := map[string][]*Leaf{}
	for i := range a.leaves {
		l := &a.leaves[i]
		owned[l.Owner] = append(owned[l.Owner], l)
	}
	var out []Row
	for _, part := range mapping.Table() {
		for _, rule := range part.Rules {
			r := Row{ID: rule.ID, Section: part.Name, ELMO: rule.ELMO, ELM: rule.ELM, Rule: rule.Note, Example: example(part, rule.Example)}
			for _, l := range owned[rule.ID] {
				r.Leaves = append(r.Leaves, l.Path)
				r.Sheet = append(r.Sheet, l.Sheet...)
				r.Proposals = append(r.Proposals, l.Proposals...)
			}
			slices.Sort(r.Sheet)
			slices.Sort(r.Proposals)
			r.Sheet, r.Proposals = slices.Compact(r.Sheet), slices.Compact(r.Proposals)
			out = append(out, r)
		}
	}
	return out
}

func example(part mapping.Part, x mapping.Example) Example {
	in := x.In
	if in == "" && !x.Foreign {
		in = part.ELMO
	}
	return Example{In: in, Foreign: x.Foreign, ELMO: x.ELMO, ELM: x.ELM, ToEDC: stated(x.ToEDC), ToELMO: stated(x.ToELMO)}
}

// stated is a verdict of an example; a report that says nothing has carried it as it is.
func stated(v mapping.Verdict) Verdict {
	if v == "" {
		return Exact
	}
	return v
}
