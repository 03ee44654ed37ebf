package main

import (
	"cmp"
	"fmt"
	"io"

	"elmobridge/convert"
)

// severityHeadings explain the severities; severityColours mark them.
var (
	severityHeadings = map[convert.Severity]string{
		convert.SeverityError:   "the schema or the profile refuses it, or it gets lost",
		convert.SeverityWarning: "allowed, and probably wrong",
		convert.SeverityAdvice:  "somebody will not understand it",
	}
	severityColours = map[convert.Severity]string{
		convert.SeverityError: red, convert.SeverityWarning: yellow, convert.SeverityAdvice: blue,
	}
)

// found is a finding of the text, or several that differ in their places only.
type found struct {
	first convert.Finding
	count int
}

// findings writes what a check found for people: worst first, equal ones folded.
func (a *app) findings(w io.Writer, list []convert.Finding, severities ...convert.Severity) {
	groups := foldFindings(list)
	for _, s := range severities {
		if groups[s] == nil {
			continue
		}
		fmt.Fprintf(w, "\n%s: %s\n", a.paint(severityColours[s], string(s)), severityHeadings[s])
		for _, f := range groups[s] {
			fmt.Fprintln(w, f)
		}
	}
}

// foldFindings puts findings that say the same together, in order of their first appearance.
func foldFindings(list []convert.Finding) map[convert.Severity][]*found {
	groups := map[convert.Severity][]*found{}
	known := map[convert.Finding]*found{}
	for _, f := range list {
		key := f
		key.Path, key.Line = pattern(f.Path), 0
		if known[key] == nil {
			known[key] = &found{first: f}
			groups[f.Severity] = append(groups[f.Severity], known[key])
		}
		known[key].count++
	}
	return groups
}

// String is the line on a finding: rule, place, text, source.
func (f *found) String() string {
	path := visible(cmp.Or(short(f.first.Path), "/"))
	times := ""
	if f.count > 1 {
		path, times = visible(cmp.Or(pattern(f.first.Path), "/")), fmt.Sprintf(" × %d", f.count)
	}
	line := ""
	if f.first.Line > 0 {
		line = fmt.Sprintf("line %d  ", f.first.Line)
	}
	value := ""
	if f.first.Value != "" {
		value = " [" + visible(f.first.Value) + "]"
	}
	return fmt.Sprintf("  %s%s  %s%s\n      %s%s (%s)", f.first.Rule, times, line, path, visible(f.first.Text), value, f.first.Source)
}
