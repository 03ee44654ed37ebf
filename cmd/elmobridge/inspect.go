package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"elmobridge/convert/inspect"
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
		var found *inspect.Inspection
		if found, err = inspect.Of(data); err == nil {
			return c.print(a, found)
		}
	}
	a.fail(in.name, err)
	return exitError(exitInput)
}

func (c *inspectCommand) print(a *app, found *inspect.Inspection) error {
	if c.JSON {
		return encode(a.stdout, found)
	}
	for i, v := range found.Contents {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		show(a.stdout, v)
	}
	facts(a.stdout, "", []inspect.Fact{{Name: "validity", Value: found.Validity}})
	return nil
}

// show prints a document or a credential.
func show(w io.Writer, v *inspect.View) {
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

func facts(w io.Writer, indent string, list []inspect.Fact) {
	width := 0
	for _, f := range list {
		width = max(width, utf8.RuneCountInString(cell(f.Name)))
	}
	for _, f := range list {
		fmt.Fprintf(w, "%s%-*s  %s\n", indent, width, cell(f.Name), cell(f.Value))
	}
}

func files(w io.Writer, indent string, list []*inspect.File) {
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
var columns = []func(*inspect.Result) string{
	func(r *inspect.Result) string { return r.Code },
	func(r *inspect.Result) string { return r.Type },
	func(r *inspect.Result) string { return r.Date },
	func(r *inspect.Result) string { return r.Credits },
	func(r *inspect.Result) string { return r.Grade },
	func(r *inspect.Result) string { return r.Status },
	func(r *inspect.Result) string { return r.Level },
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
func results(w io.Writer, list []*inspect.Result) {
	var rows [][]string
	var walk func([]*inspect.Result, string)
	walk = func(list []*inspect.Result, indent string) {
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
