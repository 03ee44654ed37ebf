package convert_test

import (
	"testing"

	"elmobridge/convert"
	"elmobridge/mapping"
)

func TestGaps(t *testing.T) {
	entry := func(v mapping.Verdict, source string) convert.Entry {
		return convert.Entry{Row: "LOI-10", Verdict: v, Reason: mapping.NoCounterpart, Source: source, Value: "secret"}
	}
	var g convert.Gaps
	if list := g.List(); len(list) != 0 {
		t.Errorf("nothing was added: %+v", list)
	}
	part := "report[1]/learningOpportunitySpecification[1]/hasPart[2]/learningOpportunitySpecification/credit[1]"
	whole := "report[1]/learningOpportunitySpecification[2]/credit"
	g.Add(&convert.Report{Losses: []convert.Entry{entry(mapping.Kept, part), entry(mapping.Kept, whole)}})
	g.Add(&convert.Report{Losses: []convert.Entry{entry(mapping.Kept, whole), entry(mapping.Dropped, whole)}}, &convert.Report{})
	path := "report/learningOpportunitySpecification/credit"
	want := []convert.Gap{
		{Row: "LOI-10", Verdict: mapping.Dropped, Reason: mapping.NoCounterpart, Path: path, Files: 1, Times: 1},
		{Row: "LOI-10", Verdict: mapping.Kept, Reason: mapping.NoCounterpart, Path: path, Files: 2, Times: 3},
	}
	list := g.List()
	if g.Files != 2 || len(list) != len(want) {
		t.Fatalf("%d files, %+v", g.Files, list)
	}
	for i := range want {
		if list[i] != want[i] {
			t.Errorf("got %+v, want %+v", list[i], want[i])
		}
	}
}
