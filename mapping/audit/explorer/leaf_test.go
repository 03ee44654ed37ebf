package explorer

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"elmobridge/mapping"
	"elmobridge/mapping/audit"
)

var tag = regexp.MustCompile(`<[^>]*>`)

// TestLeafWorst: a leaf shows its worst verdicts, and nothing of them where none is worse than the ordinary one.
func TestLeafWorst(t *testing.T) {
	for _, test := range []struct {
		made   audit.Leaf
		data   string
		badges string
		detail string
	}{
		{audit.Leaf{ToEDC: audit.Exact, ToELMO: audit.None, WorstToEDC: mapping.Kept},
			`data-edc="exact kept" data-elmo="none"`, "to EDC → exact, at worst kept to ELMO ← none", "exact for ordinary values, at worst kept for others"},
		{audit.Leaf{ToEDC: audit.Exact, ToELMO: mapping.Normalised, WorstToELMO: mapping.Dropped},
			`data-edc="exact" data-elmo="normalised dropped"`, "to EDC → exact to ELMO ← normalised, at worst dropped", "normalised for ordinary values, at worst dropped for others"},
		{audit.Leaf{ToEDC: audit.Exact, ToELMO: audit.Exact}, `data-edc="exact" data-elmo="exact"`, "to EDC → exact to ELMO ← exact", ""},
	} {
		test.made.Side, test.made.Class, test.made.Path, test.made.Owner = audit.ELMO, "learner", "learner/bday", "LRN-04"
		var out strings.Builder
		if err := pageTemplate.ExecuteTemplate(&out, "leaf", &leaf{Leaf: &test.made, Base: "learner/", Name: "bday"}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), test.data) {
			t.Errorf("no %s in %s", test.data, out.String())
		}
		text := html.UnescapeString(tag.ReplaceAllString(out.String(), ""))
		if !strings.Contains(text, "learner/bday "+test.badges+"\n") {
			t.Errorf("no %q in %q", test.badges, text)
		}
		if !strings.Contains(text, test.detail) || test.detail == "" && strings.Contains(text, "worst") {
			t.Errorf("want %q in %q", test.detail, text)
		}
	}
}
