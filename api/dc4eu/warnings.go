package dc4eu

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"elmobridge/convert"
	"elmobridge/mapping"
)

// outcomes say what a verdict means for a value.
var outcomes = map[convert.Verdict]string{
	mapping.Dropped:    "is left out",
	mapping.Reduced:    "has lost part of its meaning",
	mapping.Kept:       "has no place of its own in the other format and is stored beside the rest, where the way back finds it",
	mapping.Normalised: "is written in another form with the same meaning",
}

// losses tells the losses of a report, the worst first, and its warnings.
func losses(r *convert.Report) []message {
	var list []message
	for _, text := range r.Warnings {
		list = append(list, message{text})
	}
	worstFirst := slices.SortedStableFunc(slices.Values(r.Losses), func(a, b convert.Entry) int {
		return cmp.Compare(b.Verdict.Severity(), a.Verdict.Severity())
	})
	for _, e := range worstFirst {
		list = append(list, message{sentence(e)})
	}
	return list
}

// sentence tells a loss: where, what happened, why, and by which row of the mapping.
func sentence(e convert.Entry) string {
	place := cmp.Or(e.Source, e.Target, "the document")
	text := place + " " + outcomes[e.Verdict]
	if e.Note != "" {
		text += ": " + strings.TrimSuffix(e.Note, ".")
	}
	return fmt.Sprintf("%s (%s, %s).", text, e.Row, e.Reason)
}

// mostFindings is how many findings are told one by one.
const mostFindings = 100

// findings tells what is wrong with a document.
func findings(v *convert.Validation, s convert.Severity) []message {
	var list []message
	for _, f := range v.Findings {
		if f.Severity != s {
			continue
		}
		if len(list) == mostFindings {
			return append(list, message{fmt.Sprintf("There are %d more findings of this kind.", v.Count(s)-mostFindings)})
		}
		list = append(list, message{fmt.Sprintf("%s: %s (%s).", cmp.Or(place(f.Path, f.Line), "the document"), strings.TrimSuffix(f.Text, "."), f.Rule)})
	}
	return list
}

// unknownMembers tells of members that were passed over.
func unknownMembers(n int) []message {
	if n == 0 {
		return nil
	}
	return []message{{fmt.Sprintf("%d members of the request are not of this interface and were passed over.", n)}}
}
