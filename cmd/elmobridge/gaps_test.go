package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"elmobridge/mapping/audit"
)

// TestSafeCells: what a file says cannot begin a formula; what the audit says stays as it is.
func TestSafeCells(t *testing.T) {
	lines := [][]string{{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}, {"", "a=1", "'=1", "/x", "1", "×"}}
	want := [][]string{{"'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'\r=1"}, {"", "a=1", "'=1", "/x", "1", "×"}}
	g := grid{foreign: true, list: &audit.List{Lines: lines}}
	for i, line := range g.safe().Lines {
		if !slices.Equal(line, want[i]) {
			t.Errorf("got %q, want %q", line, want[i])
		}
	}
	own := grid{list: &audit.List{Lines: lines}}
	if own.safe() != own.list {
		t.Error("a list of ours was changed")
	}
}

// TestShownWorst: --status finds the worst verdict of a leaf as well, and the table shows it.
func TestShownWorst(t *testing.T) {
	l := audit.Leaf{Side: audit.ELMO, ToEDC: audit.Exact, ToELMO: audit.None, WorstToEDC: "kept"}
	for status, want := range map[string]bool{"exact": true, "none": true, "kept": true, "dropped": false} {
		c := gapsCommand{Status: []string{status}}
		if c.shown(l) != want {
			t.Errorf("--status %s: %t", status, !want)
		}
	}
	if got := audit.Range(l.ToEDC, l.WorstToEDC) + " " + audit.Range(l.ToELMO, l.WorstToELMO); got != "exact..kept none" {
		t.Errorf("got %s", got)
	}
}

// TestTableNotes: what the table shortens is explained below it, and nothing else.
func TestTableNotes(t *testing.T) {
	text := func(cells ...string) string {
		var b bytes.Buffer
		grid{heads: []string{"a", "b"}, rows: [][]string{cells}, list: &audit.List{}}.table(&b)
		return b.String()
	}
	if got := text("report/learningOpportunitySpecification", first([]string{"x", "y", "z", "w"})); !strings.Contains(got, "report/LOS  x y +2\n") ||
		!strings.Contains(got, "LOS is learningOpportunitySpecification\n") || !strings.Contains(got, "+N: cut here") || strings.Contains(got, "LOI") {
		t.Error(got)
	}
	if got := text("/credentialSubject/hasClaim/0", "y"); !strings.Contains(got, "/…/hasClaim is /credentialSubject/hasClaim\n") || strings.Contains(got, "cut") {
		t.Error(got)
	}
	if got := text("learner", first([]string{"x", "y"})); strings.Contains(got, " is ") || strings.Contains(got, "cut") {
		t.Error(got)
	}
}
