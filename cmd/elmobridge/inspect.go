package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"elmobridge/convert"
)

type inspectCommand struct {
	JSON bool   `name:"json" help:"Print as JSON."`
	File string `arg:"" name:"file" help:"An ELMO document or credentials; - is standard input."`
}

// Help is the text below the flags.
func (inspectCommand) Help() string {
	return `Shows the data of the learner on standard output. Signatures and seals are noticed, not verified.

Examples:

    elmobridge inspect transcript.xml
    curl -s https://issuer.example/credential.jsonld | elmobridge inspect -`
}

// Run prints what is in the file.
func (c *inspectCommand) Run(a *app) error {
	in := inputs([]string{c.File})[0]
	data, err := in.read(a.stdin)
	if err == nil {
		var read *convert.Input
		if read, err = convert.Read(data); err == nil {
			return c.print(a, viewOf(read), verdictOn(data))
		}
	}
	a.fail(in.name, err)
	return exitError(exitInput)
}

// verdictOn is what validate says of a file, in short.
func verdictOn(data []byte) string {
	v, err := convert.Validate(data, convert.ValidateOptions{})
	if err != nil {
		return "" // not reached: it was read before
	}
	return v.Summary()
}

func (c *inspectCommand) print(a *app, views []*view, verdict string) error {
	if c.JSON {
		return encode(a.stdout, map[string]any{"contents": views, "validity": verdict})
	}
	for i, v := range views {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		v.write(a.stdout)
	}
	facts(a.stdout, "", []fact{{"validity", verdict}})
	return nil
}

// view is a document or a credential as inspect shows it.
type view struct {
	Kind        string        `json:"kind"`
	Version     string        `json:"version"`
	Form        []fact        `json:"form,omitempty"`
	Learner     []fact        `json:"learner"`
	Facts       []fact        `json:"facts,omitempty"`
	Reports     []*reportView `json:"reports"`
	Attachments []*fileView   `json:"attachments,omitempty"`
}

// fact is a named value.
type fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// reportView is what one institution says.
type reportView struct {
	Institution string        `json:"institution"`
	Facts       []fact        `json:"facts,omitempty"`
	Results     []*resultView `json:"results"`
	Attachments []*fileView   `json:"attachments,omitempty"`
}

// resultView is a programme, module, course or class.
type resultView struct {
	Title   string        `json:"title"`
	Type    string        `json:"type,omitempty"`
	Code    string        `json:"code,omitempty"`
	Grade   string        `json:"grade,omitempty"`
	Credits string        `json:"credits,omitempty"`
	Date    string        `json:"date,omitempty"`
	Status  string        `json:"status,omitempty"`
	Level   string        `json:"level,omitempty"`
	Parts   []*resultView `json:"parts,omitempty"`
}

// fileView is an attachment.
type fileView struct {
	Title     string `json:"title"`
	Type      string `json:"type,omitempty"`
	MediaType string `json:"mediaType,omitempty"`
	Bytes     int    `json:"bytes,omitempty"`
}

// add adds a fact unless it is empty.
func add(list []fact, name, value string) []fact {
	if value == "" {
		return list
	}
	return append(list, fact{name, value})
}

func (v *view) write(w io.Writer) {
	fmt.Fprintln(w, cell(v.Kind+" "+v.Version))
	facts(w, "  ", v.Form)
	fmt.Fprintln(w, "Learner")
	facts(w, "  ", v.Learner)
	facts(w, "", v.Facts)
	for _, r := range v.Reports {
		fmt.Fprintln(w, cell(r.Institution))
		facts(w, "  ", r.Facts)
		results(w, r.Results)
		files(w, "  ", r.Attachments)
	}
	files(w, "", v.Attachments)
}

func facts(w io.Writer, indent string, list []fact) {
	width := 0
	for _, f := range list {
		width = max(width, utf8.RuneCountInString(cell(f.Name)))
	}
	for _, f := range list {
		fmt.Fprintf(w, "%s%-*s  %s\n", indent, width, cell(f.Name), cell(f.Value))
	}
}

func files(w io.Writer, indent string, list []*fileView) {
	for _, f := range list {
		details := []string{}
		for _, d := range []string{f.Type, f.MediaType, size(f.Bytes)} {
			if d != "" {
				details = append(details, cell(d))
			}
		}
		fmt.Fprintf(w, "%sattachment  %s (%s)\n", indent, cell(f.Title), strings.Join(details, ", "))
	}
}

func size(n int) string {
	switch {
	case n == 0:
		return ""
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// columns of the table of results, and the width they need.
var columns = []func(*resultView) string{
	func(r *resultView) string { return r.Code },
	func(r *resultView) string { return r.Type },
	func(r *resultView) string { return r.Date },
	func(r *resultView) string { return r.Credits },
	func(r *resultView) string { return r.Grade },
	func(r *resultView) string { return r.Status },
	func(r *resultView) string { return r.Level },
}

// longestTitle is where titles are cut so that the table stays one.
const longestTitle = 60

// deepest is the indent that parts at any depth may add to.
const deepest = longestTitle / 2

// longestCell is where everything else is cut; --json has it whole.
const longestCell = 80

// cell is a text of a document as it is printed.
func cell(s string) string { return cut(visible(s), longestCell) }

// results writes the table.
func results(w io.Writer, list []*resultView) {
	var rows [][]string
	var walk func([]*resultView, string)
	walk = func(list []*resultView, indent string) {
		for _, r := range list {
			row := []string{indent + cut(visible(r.Title), longestTitle-len(indent))}
			for _, c := range columns {
				row = append(row, cell(c(r)))
			}
			rows = append(rows, row)
			walk(r.Parts, indent[:min(len(indent), deepest)]+"  ")
		}
	}
	walk(list, "  ")
	table(w, rows)
}

// table writes aligned columns; empty ones are left out.
func table(w io.Writer, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			if widths[i] > 0 {
				b.WriteString(cell + strings.Repeat(" ", widths[i]-len([]rune(cell))+2))
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

func cut(s string, n int) string {
	r := []rune(s)
	n = max(n, 10)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
