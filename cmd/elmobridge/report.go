package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"elmobridge/convert"
	"elmobridge/mapping"
)

// reportItem is one conversion in the file of --report:
//
//	{"reports":[{"inputs":["a.xml"],"outputs":["out/a.jsonld"],"direction":"elmo-to-edc",...},
//	            {"inputs":["b.xml"],"error":"..."}]}
//
// The members of the report itself (direction, source, target, table, losses, added, counts, warnings)
// stand beside inputs and outputs. outputs are the files of -o DIR/; checks what --check found in each
// output; signatures is what verify --json has of each input, with --require-signature; error stands in place of a report.
type reportItem struct {
	Inputs  []string              `json:"inputs"`
	Outputs []string              `json:"outputs,omitempty"`
	Error   string                `json:"error,omitempty"`
	Checks  []*convert.Validation `json:"checks,omitempty"`
	Vouched []verifyItem          `json:"signatures,omitempty"`
	*convert.Report

	credentials int
}

// reportLog collects the reports of a run.
type reportLog struct{ items []reportItem }

func (l *reportLog) add(r *result, names []string) {
	item := reportItem{Inputs: r.inputs, Outputs: names, Checks: r.checks, Vouched: r.vouched, credentials: len(r.outputs)}
	if r.err != nil {
		item.Error = advise(r.err)
	} else {
		item.Report = r.report
	}
	l.items = append(l.items, item)
}

// write writes the reports as JSON.
func (l *reportLog) write(path string) error {
	return writeJSON(path, map[string]any{"reports": l.items})
}

func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	file, err := newFile(path)
	if err != nil {
		return err
	}
	return file.write(data)
}

// encode prints JSON for programs and people.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// mostHeads is how many inputs are named one by one in the text.
const mostHeads = 20

// finish gives the reports to those who want them.
func (a *app) finish(l *reportLog, path string, inputs int) error {
	if path != "" {
		if err := l.write(path); err != nil {
			return err
		}
	}
	if a.quiet {
		return nil
	}
	var all []*convert.Report
	for _, item := range l.items {
		if item.Report == nil {
			continue
		}
		all = append(all, item.Report)
		if len(l.items) <= mostHeads {
			fmt.Fprintln(a.stderr, a.paint(bold, visible(head(item))))
		}
	}
	if len(l.items) > mostHeads {
		fmt.Fprintf(a.stderr, "%d of %s converted\n", len(all), plural(inputs, "input"))
	}
	a.text(a.stderr, all...)
	a.checked(l)
	a.warned(l)
	return nil
}

// warned tells what is wrong with signatures that were accepted all the same.
func (a *app) warned(l *reportLog) {
	for _, item := range l.items {
		for _, v := range item.Vouched {
			for _, text := range v.Warnings {
				fmt.Fprintf(a.stderr, "%s: %s %s\n", visible(v.Input), a.paint(yellow, "warning:"), visible(text))
			}
		}
	}
}

// checked tells what --check found in the outputs.
func (a *app) checked(l *reportLog) {
	for _, item := range l.items {
		for i, v := range item.Checks {
			name := fmt.Sprintf("output %d of %s", i+1, joined(item.Inputs))
			if i < len(item.Outputs) {
				name = item.Outputs[i]
			}
			fmt.Fprintf(a.stderr, "\n%s\n", a.paint(bold, visible(name+": "+v.Summary())))
			a.findings(a.stderr, v.Findings, convert.SeverityError)
		}
	}
}

// head is the line on one conversion.
func head(item reportItem) string {
	r := item.Report
	line := fmt.Sprintf("%s: %s %s to %s %s", joined(item.Inputs), r.Source.Name, r.Source.Version, r.Target.Name, r.Target.Version)
	if r.Direction == mapping.ToEDC {
		line += ", " + plural(item.credentials, "credential")
	}
	return line + ": " + counts(r)
}

// counts sums a report up: "12 kept, 3 added; nothing reduced or dropped".
func counts(r *convert.Report) string {
	var some []string
	for _, v := range slices.Backward(mapping.Verdicts) {
		if n := r.Counts[v]; n > 0 {
			some = append(some, fmt.Sprintf("%d %s", n, v))
		}
	}
	if some == nil {
		return "everything came across"
	}
	text := strings.Join(some, ", ")
	if r.Worst().Severity() < mapping.Reduced.Severity() {
		text += "; nothing reduced or dropped"
	}
	return text
}

// joined names up to three inputs.
func joined(names []string) string {
	if len(names) > 3 {
		return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
	}
	return strings.Join(names, ", ")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// headings explain the verdicts.
var headings = map[convert.Verdict]string{
	mapping.Dropped:    "gone",
	mapping.Reduced:    "part of the meaning is gone",
	mapping.Kept:       "no place there; stored so that the way back restores it",
	mapping.Added:      "demanded there or a copy for readers, not in the input",
	mapping.Normalised: "the same in another form",
}

// line is an entry of the text, or several that differ in their positions only.
type line struct {
	entry convert.Entry
	count int
}

// text writes the entries of reports for people: worst first, equal ones folded.
func (a *app) text(w io.Writer, reports ...*convert.Report) {
	lines := fold(reports)
	for _, v := range slices.Backward(mapping.Verdicts) {
		group := lines[v]
		if group == nil {
			continue
		}
		fmt.Fprintf(w, "\n%s: %s\n", a.paint(verdictColours[v], string(v)), headings[v])
		a.lines(w, group)
	}
	warnings(w, reports)
}

func warnings(w io.Writer, reports []*convert.Report) {
	seen := map[string]bool{}
	for _, r := range reports {
		for _, text := range r.Warnings {
			if !seen[text] {
				fmt.Fprintf(w, "\nwarning: %s\n", visible(text))
			}
			seen[text] = true
		}
	}
}

// fold puts entries that say the same together, in order of their first appearance.
func fold(reports []*convert.Report) map[convert.Verdict][]*line {
	lines := map[convert.Verdict][]*line{}
	known := map[convert.Entry]*line{}
	for _, r := range reports {
		for _, e := range r.Entries() {
			key := convert.Entry{Row: e.Row, Verdict: e.Verdict, Reason: e.Reason, Note: e.Note, Value: e.Value, Source: pattern(place(e))}
			l := known[key]
			if l == nil {
				l = &line{entry: e}
				known[key] = l
				lines[e.Verdict] = append(lines[e.Verdict], l)
			}
			l.count++
		}
	}
	for _, group := range lines {
		slices.SortStableFunc(group, func(x, y *line) int { return strings.Compare(x.entry.Row, y.entry.Row) })
	}
	return lines
}

// place is where an entry stands for people: in the input, but what was added in the output.
func place(e convert.Entry) string {
	if e.Source != "" && (e.Verdict != mapping.Added || e.Target == "") {
		return e.Source
	}
	return e.Target
}

// widest is the width of the column of paths; longer ones push their note aside.
const widest = 58

// lines writes aligned lines.
func (a *app) lines(w io.Writer, group []*line) {
	width, digits := 0, 1
	for _, l := range group {
		if n := len(l.where()); n <= widest {
			width = max(width, n)
		}
		digits = max(digits, len(fmt.Sprint(l.count)))
	}
	for _, l := range group {
		times := strings.Repeat(" ", digits+2)
		if l.count > 1 {
			times = fmt.Sprintf("× %*d", digits, l.count)
		}
		value := ""
		if l.entry.Value != "" {
			value = ": " + l.entry.Value
		}
		text := fmt.Sprintf("  %-6s  %s  %-*s  %s (%s)%s", l.entry.Row, times, width, l.where(), visible(l.entry.Note), l.entry.Reason, visible(value))
		fmt.Fprintln(w, strings.TrimRight(text, " "))
	}
}

// where is the path of a line: with positions when it stands for one entry.
func (l *line) where() string {
	if l.count > 1 {
		return visible(pattern(place(l.entry)))
	}
	return visible(short(place(l.entry)))
}

var shorter = strings.NewReplacer("learningOpportunitySpecification", "LOS", "learningOpportunityInstance", "LOI", "/credentialSubject/hasClaim", "/…/hasClaim")

// short abbreviates the two longest names as the standard does.
func short(path string) string { return shorter.Replace(path) }

// pattern is a path without positions, the same at every depth of parts.
func pattern(path string) string { return short(convert.Pattern(path)) }
