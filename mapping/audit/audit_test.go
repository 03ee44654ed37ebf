package audit_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"elmobridge/mapping"
	"elmobridge/mapping/audit"
)

// declared are the rows of the mapping table.
func declared() map[string]bool {
	rows := map[string]bool{}
	for _, part := range mapping.Table() {
		for _, rule := range part.Rules {
			rows[rule.ID] = true
		}
	}
	return rows
}

func TestLeaves(t *testing.T) {
	rows := declared()
	for _, l := range audit.Leaves() {
		for _, id := range append([]string{l.Owner}, l.Also...) {
			if !rows[id] {
				t.Errorf("%s names %s, which is no row", l.Path, id)
			}
		}
		if slices.Contains(l.Also, l.Owner) {
			t.Errorf("%s names its owner twice", l.Path)
		}
		for _, v := range []audit.Verdict{l.ToEDC, l.ToELMO} {
			if !slices.Contains(audit.Verdicts, v) {
				t.Errorf("%s has verdict %q", l.Path, v)
			}
		}
		if l.Gap() && len(l.Proposals) == 0 && l.Reason == "" {
			t.Errorf("%s is a gap with neither a proposal nor a reason", l.Path)
		}
		checkPlaces(t, l)
	}
}

// checkPlaces: verdicts and places of a leaf agree. What is carried, has a place; what has none, is not carried.
func checkPlaces(t *testing.T, l audit.Leaf) {
	t.Helper()
	made := l.ToEDC == mapping.Added && l.Side == audit.ELM || l.ToELMO == mapping.Added && l.Side == audit.ELMO
	carried := func(v audit.Verdict) bool { return v == audit.Exact || v == mapping.Normalised || v == mapping.Reduced }
	out, in := l.ToEDC, l.ToELMO
	if l.Side == audit.ELM {
		out, in = in, out
	}
	switch {
	case len(l.Places) > 0 && out == audit.None:
		t.Errorf("%s has places but goes nowhere", l.Path)
	case len(l.Places) == 0 && (carried(in) || carried(out) && out != mapping.Normalised) && !made:
		t.Errorf("%s is carried (%s, %s) but has no place", l.Path, l.ToEDC, l.ToELMO)
	}
}

// TestRowsOwn: a row of the mapping owns a leaf, takes part in one, or is a rule about all of them.
func TestRowsOwn(t *testing.T) {
	general := []string{"VAL-02"}
	rows := declared()
	for _, l := range audit.Leaves() {
		for _, id := range append([]string{l.Owner}, l.Also...) {
			delete(rows, id)
		}
	}
	for _, id := range general {
		delete(rows, id)
	}
	for id := range rows {
		t.Errorf("%s has no part in any leaf", id)
	}
}

var proposalID = regexp.MustCompile(`^GAP-[0-9]{3}$`)

func TestProposals(t *testing.T) {
	rows, seen := declared(), map[string]bool{}
	leaves := map[string]bool{}
	for _, l := range audit.Leaves() {
		leaves[l.Path] = true
	}
	for _, p := range audit.Proposals() {
		if !proposalID.MatchString(p.ID) || seen[p.ID] {
			t.Errorf("%s is no number, or used twice", p.ID)
		}
		seen[p.ID] = true
		if p.Change != audit.ELMO && p.Change != audit.ELM || p.Title == "" || !strings.HasSuffix(p.Text, ".") {
			t.Errorf("%s says too little", p.ID)
		}
		if len(p.Leaves) == 0 || len(p.Rows) == 0 {
			t.Errorf("%s concerns nothing", p.ID)
		}
		for _, l := range p.Leaves {
			if !leaves[l] {
				t.Errorf("%s concerns %s, which is no leaf", p.ID, l)
			}
		}
		for _, r := range p.Rows {
			if !rows[r] {
				t.Errorf("%s concerns %s, which is no row", p.ID, r)
			}
		}
	}
}

func TestSheet(t *testing.T) {
	for i, r := range audit.Sheet() {
		if r.Number != i+2 {
			t.Fatalf("row %d stands where %d should", r.Number, i+2)
		}
		switch r.Opinion {
		case audit.Agree, audit.NotMapped:
		case audit.Differ, audit.Faulty:
			if r.Why == "" {
				t.Errorf("row %d: %s, but why?", r.Number, r.Opinion)
			}
		default:
			t.Errorf("row %d: opinion %q", r.Number, r.Opinion)
		}
		if r.Leaf == "" && r.Opinion != audit.Faulty {
			t.Errorf("row %d is about nothing in ELMO, but %s", r.Number, r.Opinion)
		}
	}
}

func TestCoverage(t *testing.T) {
	whole := map[audit.Side]int{}
	for _, l := range audit.Leaves() {
		whole[l.Side]++
	}
	for _, f := range audit.Coverage() {
		sum := 0
		for _, n := range f.Counts {
			sum += n
		}
		if sum != f.Leaves || f.Class == "" && f.Leaves != whole[f.Side] {
			t.Errorf("%s %s %s: %d leaves, %d counted", f.Side, f.Class, f.Direction, f.Leaves, sum)
		}
		if f.Class == "" {
			t.Log(f.Side, f.Direction, f.Leaves, f.Counts)
		}
	}
}

func TestLists(t *testing.T) {
	lines := map[string]int{"leaves": len(audit.Leaves()), "rows": len(declared()), "sheet": len(audit.Sheet()),
		"proposals": len(audit.Proposals()), "coverage": len(audit.Coverage())}
	for _, l := range audit.Lists() {
		rows, err := csv.NewReader(bytes.NewReader(written(t, l.CSV))).ReadAll()
		if err != nil {
			t.Errorf("%s: %v", l.Name, err) // another number of fields, too
		}
		if len(rows) != lines[l.Name]+1 {
			t.Errorf("%s: %d lines, want %d", l.Name, len(rows), lines[l.Name]+1)
		}
	}
}

func TestRows(t *testing.T) {
	leaves := 0
	for _, r := range audit.Rows() {
		leaves += len(r.Leaves)
		if r.Rule == "" || r.Example.ELMO+r.Example.ELM == "" {
			t.Errorf("%s says too little", r.ID)
		}
	}
	if leaves != len(audit.Leaves()) {
		t.Errorf("the rows own %d leaves of %d", leaves, len(audit.Leaves()))
	}
}

func TestJSON(t *testing.T) {
	var d struct {
		Table     string
		Leaves    []audit.Leaf
		Sheet     []audit.SheetRow
		Proposals []audit.Proposal
		Coverage  []audit.Figure
		Rows      []audit.Row
	}
	js := json.NewDecoder(bytes.NewReader(written(t, audit.JSON)))
	if err := js.Decode(&d); err != nil {
		t.Fatal(err)
	}
	if d.Table != mapping.TableVersion || len(d.Leaves) != len(audit.Leaves()) || len(d.Sheet) != len(audit.Sheet()) ||
		len(d.Proposals) != len(audit.Proposals()) || len(d.Coverage) != len(audit.Coverage()) || len(d.Rows) != len(audit.Rows()) {
		t.Error("something is missing")
	}
}

// written is what a writer writes, twice the same.
func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := write(b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two runs differ")
	}
	return one.Bytes()
}
