package audit

import (
	"slices"
	"testing"
)

func TestCompare(t *testing.T) {
	before := []Leaf{
		{Side: ELMO, Path: "a", Owner: "LRN-01", ToEDC: Exact, ToELMO: Exact},
		{Side: ELMO, Path: "b", Owner: "LRN-02"},
		{Side: ELM, Path: "a", Owner: "LRN-01"},
	}
	now := []Leaf{
		{Side: ELMO, Path: "a", Owner: "LRN-03", ToEDC: "kept", ToELMO: Exact, Proposals: []string{"GAP-001", "GAP-002"}},
		{Side: ELM, Path: "a", Owner: "LRN-01"},
		{Side: ELM, Path: "c", Owner: "LRN-04"},
	}
	want := []Change{
		{ELMO, "a", "row", "LRN-01", "LRN-03"},
		{ELMO, "a", "to_edc", "exact", "kept"},
		{ELMO, "a", "proposals", "", "GAP-001 GAP-002"},
		{ELM, "c", "leaf", "", "LRN-04"},
		{ELMO, "b", "leaf", "LRN-02", ""},
	}
	if got := Compare(before, now); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := Compare(Leaves(), Leaves()); len(got) != 0 {
		t.Errorf("the crosswalk differs from itself: %+v", got)
	}
}
