package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	before := &Edition{
		Leaves: []Leaf{
			{Side: ELMO, Path: "a", Owner: "LRN-01", ToEDC: Exact, ToELMO: Exact},
			{Side: ELMO, Path: "b", Owner: "LRN-02"},
			{Side: ELM, Path: "a", Owner: "LRN-01"},
		},
		Rows:      []Row{{ID: "LRN-01", Rule: "As it is.", Leaves: []string{"a"}}},
		Proposals: []Proposal{{ID: "GAP-001", Change: ELM, Title: "One"}, {ID: "GAP-002", Title: "Two"}},
		Sheet:     []SheetRow{{Number: 2, Opinion: Agree, Leaf: "a"}, {Number: 3, Opinion: Agree}},
	}
	now := &Edition{
		Leaves: []Leaf{
			{Side: ELMO, Path: "a", Owner: "LRN-03", ToEDC: Exact, WorstToEDC: "kept", ToELMO: Exact, Proposals: []string{"GAP-001", "GAP-002"}},
			{Side: ELM, Path: "a", Owner: "LRN-01"},
			{Side: ELM, Path: "c", Owner: "LRN-04"},
		},
		Rows:      []Row{{ID: "LRN-01", Rule: "Trimmed.", Example: Example{ToEDC: "kept"}}, {ID: "LRN-04", Rule: "New."}},
		Proposals: []Proposal{{ID: "GAP-001", Change: ELMO, Title: "One"}, {ID: "GAP-003", Title: "Three"}},
		Sheet:     []SheetRow{{Number: 2, Opinion: Faulty, Leaf: "a", Why: "No."}, {Number: 3, Opinion: Agree, Mapping: "x"}},
	}
	want := []Change{
		{OfLeaf, ELMO, "a", "row", "LRN-01", "LRN-03"},
		{OfLeaf, ELMO, "a", "to_edc", "exact", "exact..kept"},
		{OfLeaf, ELMO, "a", "proposals", "", "GAP-001 GAP-002"},
		{OfLeaf, ELM, "c", New, "", "LRN-04"},
		{OfLeaf, ELMO, "b", Gone, "LRN-02", ""},
		{OfRow, "", "LRN-01", "rule", "As it is.", "Trimmed."},
		{OfRow, "", "LRN-01", "example.to_edc", "", "kept"},
		{OfRow, "", "LRN-04", New, "", "New."},
		{OfProposal, "", "GAP-001", "change", "elm", "elmo"},
		{OfProposal, "", "GAP-003", New, "", "Three"},
		{OfProposal, "", "GAP-002", Gone, "Two", ""},
		{OfSheet, "", "2", "opinion", "agree", "faulty"},
		{OfSheet, "", "2", "why", "", "No."},
		{OfSheet, "", "3", "mapping", "", "x"},
	}
	if got := Compare(before, now); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := Compare(Current(), Current()); len(got) != 0 {
		t.Errorf("the crosswalk differs from itself: %+v", got)
	}
}

// TestCompareAspects: a change of whatever an edition says is told, but of what is gathered from the rest.
func TestCompareAspects(t *testing.T) {
	gathered := map[string]bool{"rows[].leaves": true, "rows[].sheet": true, "rows[].proposals": true, "sheet[].row": true,
		"proposals[].leaves": true, "proposals[].rows": true}
	for list, want := range map[string]int{"leaves": 11, "rows": 8, "proposals": 5, "sheet": 7} {
		var d map[string]any
		if err := json.Unmarshal(editionJSON(t), &d); err != nil {
			t.Fatal(err)
		}
		members := map[string]bool{}
		for i, entry := range d[list].([]any) {
			for name, value := range entry.(map[string]any) {
				if members[name] || name == "path" || name == "id" || name == "number" || name == "side" {
					continue
				}
				members[name] = true
				other := otherValue(t, name, value)
				changed := changedEdition(t, list, i, name, other)
				if got := Compare(changed, Current()); (len(got) == 0) != gathered[list+"[]."+name] {
					t.Errorf("%s of %s changed: %+v", name, list, got)
				}
			}
		}
		if len(members) < want {
			t.Errorf("%s: only %d members were changed", list, len(members))
		}
	}
}

// otherValue is a valid value that the audit does not have there.
func otherValue(t *testing.T, name string, value any) any {
	t.Helper()
	others := map[string]any{"class": "Other", "kind": "class", "versions": []any{"9.9"}, "row": "ZZZ-99", "also": []any{"ZZZ-99"},
		"to_edc": "dropped", "to_elmo": "dropped", "worst_to_edc": "dropped", "worst_to_elmo": "dropped", "places": []any{"other"},
		"proposals": []any{"GAP-999"}, "reason": "Other.", "sheet": []any{999}, "opinion": "not mapped", "leaf": "other", "rows": []any{"ZZZ-99"},
		"leaves": []any{"other"}, "example": map[string]any{"to_edc": "dropped", "to_elmo": "dropped"}}
	if name == "change" {
		return map[any]string{"elmo": "elm", "elm": "elmo"}[value]
	}
	if name == "kind" && value == "class" || name == "opinion" && value == "not mapped" {
		return map[string]any{"kind": "element", "opinion": "agree"}[name]
	}
	if other, ok := others[name]; ok {
		return other
	}
	if _, ok := value.(string); !ok {
		t.Fatalf("no other value of %s", name)
	}
	return "Something else"
}

func editionJSON(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// changedEdition is the edition of now with another member of an entry.
func changedEdition(t *testing.T, list string, i int, name string, value any) *Edition {
	t.Helper()
	var d map[string]any
	if err := json.Unmarshal(editionJSON(t), &d); err != nil {
		t.Fatal(err)
	}
	d[list].([]any)[i].(map[string]any)[name] = value
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ReadEdition(data)
	if err != nil {
		t.Fatalf("%s of %s: %v", name, list, err)
	}
	return e
}

func TestReadEdition(t *testing.T) {
	e, err := ReadEdition(editionJSON(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := Compare(e, Current()); len(got) != 0 || e.Table != Current().Table {
		t.Errorf("what was written is not what was read: %+v", got)
	}
	whole := string(editionJSON(t))
	for what, data := range map[string]string{
		"nothing": "", "null": "null", "no object": "[]", "no JSON": "{", "a filtered list": `{"table":"1","leaves":` + jsonOf(t, Leaves()[:1]) + `}`,
		"something behind": whole + "{}", "another member": strings.Replace(whole, `"table"`, `"secret":1,"table"`, 1),
		"no table": strings.Replace(whole, `"table": "`+Current().Table+`"`, `"table": ""`, 1),
	} {
		refused(t, what, []byte(data))
	}
}

func refused(t *testing.T, what string, data []byte) {
	t.Helper()
	_, err := ReadEdition(data)
	if !errors.Is(err, ErrEdition) {
		t.Errorf("%s: %v", what, err)
	} else if strings.ContainsAny(err.Error(), "\x1b\u202e") || strings.Contains(err.Error(), "secret") {
		t.Errorf("%s: the error quotes it: %q", what, err)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestReadHostile: what is no edition of ours is refused, whatever member is at fault.
func TestReadHostile(t *testing.T) {
	long := strings.Repeat("x", longestText+1)
	for _, c := range []struct {
		what   string
		change func(*Edition)
	}{
		{"empty leaves", func(e *Edition) { e.Leaves = []Leaf{} }},
		{"empty rows", func(e *Edition) { e.Rows = nil }},
		{"empty sheet", func(e *Edition) { e.Sheet = nil }},
		{"empty proposals", func(e *Edition) { e.Proposals = nil }},
		{"empty coverage", func(e *Edition) { e.Coverage = nil }},
		{"empty versions", func(e *Edition) { e.Versions = nil }},
		{"other standards", func(e *Edition) { e.Versions = map[Side][]string{ELMO: {"1"}, ELM: {"1"}, "x": {"1"}} }},
		{"a leaf of nothing", func(e *Edition) { e.Leaves[1] = Leaf{} }},
		{"a row of nothing", func(e *Edition) { e.Rows[1] = Row{} }},
		{"an answer of nothing", func(e *Edition) { e.Sheet[1] = SheetRow{} }},
		{"a proposal of nothing", func(e *Edition) { e.Proposals[1] = Proposal{} }},
		{"figures of nothing", func(e *Edition) { e.Coverage[1] = Figure{} }},
		{"too many leaves", func(e *Edition) { e.Leaves = make([]Leaf, mostItems+1) }},
		{"a leaf twice", func(e *Edition) { e.Leaves[1] = e.Leaves[0] }},
		{"a row twice", func(e *Edition) { e.Rows[1].ID = e.Rows[0].ID }},
		{"an unknown side", func(e *Edition) { e.Leaves[0].Side = "secret" }},
		{"a path that steers", func(e *Edition) { e.Leaves[0].Path = "a\x1b[2J" }},
		{"a path of blanks", func(e *Edition) { e.Leaves[0].Path = "a b" }},
		{"a formula as path", func(e *Edition) { e.Leaves[0].Path = "=1+1" }},
		{"a long path", func(e *Edition) { e.Leaves[0].Path = long }},
		{"a class", func(e *Edition) { e.Leaves[0].Class = "<b>" }},
		{"a kind", func(e *Edition) { e.Leaves[0].Kind = "secret" }},
		{"no versions", func(e *Edition) { e.Leaves[0].Versions = nil }},
		{"a version", func(e *Edition) { e.Leaves[0].Versions = []string{"secret"} }},
		{"an owner", func(e *Edition) { e.Leaves[0].Owner = "=LRN-01" }},
		{"another row", func(e *Edition) { e.Leaves[0].Also = []string{""} }},
		{"a verdict", func(e *Edition) { e.Leaves[0].ToEDC = "secret" }},
		{"a worst verdict", func(e *Edition) { e.Leaves[0].WorstToELMO = "secret" }},
		{"a place", func(e *Edition) { e.Leaves[0].Places = []string{"a", "\u202e"} }},
		{"too many places", func(e *Edition) { e.Leaves[0].Places = slices.Repeat([]string{"a"}, mostItems+1) }},
		{"a proposal's number", func(e *Edition) { e.Leaves[0].Proposals = []string{"GAP-1"} }},
		{"a reason that turns", func(e *Edition) { e.Leaves[0].Reason = "a\u202eb" }},
		{"a reason of lines", func(e *Edition) { e.Leaves[0].Reason = "a\nb" }},
		{"a long reason", func(e *Edition) { e.Leaves[0].Reason = long }},
		{"a row of the sheet", func(e *Edition) { e.Leaves[0].Sheet = []int{-1} }},
		{"no rule", func(e *Edition) { e.Rows[0].Rule = "" }},
		{"an example", func(e *Edition) { e.Rows[0].Example.ELMO = "\x00" }},
		{"a verdict of an example", func(e *Edition) { e.Rows[0].Example.ToEDC = "" }},
		{"an opinion", func(e *Edition) { e.Sheet[0].Opinion = "secret" }},
		{"a mapping", func(e *Edition) { e.Sheet[0].Mapping = "\u2066" }},
		{"a change", func(e *Edition) { e.Proposals[0].Change = "" }},
		{"a text", func(e *Edition) { e.Proposals[0].Text = "\u200f" }},
		{"a direction", func(e *Edition) { e.Coverage[0].Direction = "" }},
		{"a verdict counted", func(e *Edition) { e.Coverage[0].Counts = map[Verdict]int{"secret": 1} }},
	} {
		e := &Edition{}
		if err := json.Unmarshal(editionJSON(t), e); err != nil {
			t.Fatal(err)
		}
		c.change(e)
		refused(t, c.what, []byte(jsonOf(t, e)))
	}
	refused(t, "a long file", make([]byte, EditionSize+1))
}

// FuzzReadEdition: whatever is read can be compared, and nothing in it steers a terminal.
func FuzzReadEdition(f *testing.F) {
	small := Edition{Table: "1", Versions: versions, Coverage: Coverage()[:1], Leaves: Leaves()[:1], Rows: Rows()[:1], Sheet: Sheet()[:1], Proposals: Proposals()[:1]}
	data, err := json.Marshal(small)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ReadEdition(data)
		if err != nil {
			return
		}
		for _, c := range Compare(e, Current()) {
			if strings.ContainsAny(c.ID+c.Before+c.Now, "\x1b\r\n\t\u202e\u2066") {
				t.Errorf("%q", c)
			}
		}
	})
}
