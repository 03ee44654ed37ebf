package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"elmobridge/convert"
	"elmobridge/mapping"
	"elmobridge/mapping/audit"
	"elmobridge/mapping/audit/explorer"
	"elmobridge/mapping/audit/xlsx"
)

type gapsCommand struct {
	Side        string   `enum:",elmo,elm" default:"" placeholder:"elmo|elm" help:"One side of the crosswalk only."`
	ELMOVersion string   `name:"elmo-version" enum:",1.7,2.0" default:"" placeholder:"1.7|2.0" help:"Only what this ELMO version has."`
	Status      []string `placeholder:"LEVEL,..." help:"Only what has one of these verdicts in a direction: exact, normalised, added, kept, reduced, dropped, none."`
	List        string   `enum:"leaves,rows,proposals,sheet,coverage" default:"leaves" placeholder:"NAME" help:"What to list: leaves, rows (of the mapping, with examples), proposals (numbered changes to the standards), sheet (our answer to each row of the mapping sheet of the Commission), coverage (default ${default})."`
	Format      string   `enum:"table,json,csv,sssom,xlsx,html" default:"table" placeholder:"table|json|csv|sssom|xlsx|html" help:"Form of the output; json and xlsx without a filter are the whole audit, sssom and html always are (default ${default})."`
	Output      string   `short:"o" placeholder:"FILE" help:"Write to this file."`
	Since       string   `placeholder:"FILE" help:"Tell what has changed since this file, which --format json wrote."`
	Quiet       bool     `short:"q" help:"No progress on standard error, errors only."`
	Files       []string `arg:"" name:"file" optional:"" help:"ELMO documents or credentials: which gaps they hit, and how often; - is standard input."`
}

// Help is the text below the flags.
func (gapsCommand) Help() string {
	return `The audit of the mapping: where every element of ELMO 1.7 and 2.0 and every class and property of EDC-AP 3.2 goes, what becomes of it in each direction, which row of the mapping answers for it, and which change to a standard would close the gap. With files it counts which gaps these hit, without any value of theirs.

Examples:

    elmobridge gaps --side elmo --status dropped,reduced,kept
    elmobridge gaps --list proposals
    elmobridge gaps --format sssom -o elmo-elm.sssom.tsv
    elmobridge gaps --format html -o crosswalk.html
    elmobridge gaps --format csv archive/*.xml > gaps.csv
    elmobridge gaps --since last-release.json

Exit codes: 0 done; 1 a file could not be converted, the others are counted; 2 wrong usage.`
}

// Run lists the crosswalk, or counts the gaps of files.
func (c *gapsCommand) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	if c.Format == "xlsx" && c.Output == "" && a.outTerminal {
		return usage("a workbook is nothing for a terminal: name a file with -o")
	}
	a.quiet = c.Quiet
	var out bytes.Buffer
	var err error
	switch {
	case len(c.Files) > 0:
		err = c.files(a, &out)
	case c.Since != "":
		err = c.changes(&out)
	default:
		err = c.crosswalk(&out)
	}
	if err != nil {
		return err
	}
	if err := c.write(a, out.Bytes()); err != nil {
		return err
	}
	if a.failed {
		return exitError(exitInput)
	}
	return nil
}

// check refuses what does not go together.
func (c *gapsCommand) check() error {
	for _, s := range c.Status {
		if !slices.Contains(audit.Verdicts, audit.Verdict(s)) {
			return usage("--status %s is none of none, exact, normalised, added, kept, reduced and dropped", s)
		}
	}
	switch {
	case (c.Format == "sssom" || c.Format == "html") && !c.whole():
		return usage("--format %s is the whole crosswalk, without filters and files", c.Format)
	case len(c.Files) > 0 && (c.Since != "" || c.List != "leaves" || c.Side != "" || c.ELMOVersion != ""):
		return usage("with files, only --status, --format and -o can be given")
	case c.List != "leaves" && (c.filtered() || c.Since != ""):
		return usage("--list %s takes no filter", c.List)
	case c.Output != "" && guardOf(c.Files).hit(c.Output) != "":
		return usage("-o %s is one of the inputs", c.Output)
	}
	return once(c.Files)
}

// filtered tells whether not all leaves were asked for.
func (c *gapsCommand) filtered() bool { return c.Side != "" || c.ELMOVersion != "" || c.Status != nil }

// whole tells whether the audit as such was asked for.
func (c *gapsCommand) whole() bool {
	return len(c.Files) == 0 && c.Since == "" && c.List == "leaves" && !c.filtered()
}

func (c *gapsCommand) write(a *app, data []byte) error {
	if c.Output == "" {
		_, err := a.stdout.Write(data)
		return err
	}
	file, err := newFile(c.Output)
	if err != nil {
		return err
	}
	return file.write(data)
}

// wholes write the whole audit.
var wholes = map[string]func(io.Writer) error{
	"json":  audit.JSON,
	"sssom": func(w io.Writer) error { return audit.SSSOM(w, audit.Publication{}) },
	"xlsx":  func(w io.Writer) error { return xlsx.Write(w, audit.Lists()) },
	"html":  explorer.Write,
}

// crosswalk writes what was asked for of the audit.
func (c *gapsCommand) crosswalk(w io.Writer) error {
	if write, ok := wholes[c.Format]; ok && c.whole() {
		return write(w)
	}
	list := map[string]func() grid{"leaves": c.leaves, "rows": rows, "proposals": proposals, "sheet": sheet, "coverage": coverage}[c.List]()
	return list.write(w, c.Format)
}

// grid is a list in its forms: rows of cells for people and spreadsheets, the things themselves as JSON.
type grid struct {
	name  string
	heads []string
	rows  [][]string
	value any
	note  string      // below the table for people
	full  *audit.List // for spreadsheets; nil: heads and rows
}

func (g grid) write(w io.Writer, format string) error {
	switch format {
	case "json":
		return encode(w, map[string]any{"table": mapping.TableVersion, g.name: g.value})
	case "csv":
		return g.list().CSV(w)
	case "xlsx":
		return xlsx.Write(w, []*audit.List{g.list()})
	}
	rows := [][]string{g.heads}
	for _, row := range g.rows {
		cells := make([]string, len(row))
		for i, text := range row {
			cells[i] = short(text)
		}
		rows = append(rows, cells)
	}
	table(w, rows)
	if g.note != "" {
		fmt.Fprintf(w, "\n%s\n", g.note)
	}
	return nil
}

// list is the grid for spreadsheets.
func (g grid) list() *audit.List {
	if g.full != nil {
		return g.full
	}
	return &audit.List{Name: g.name, Heads: g.heads, Lines: g.rows}
}

// shown tells whether a leaf passes the filters.
func (c *gapsCommand) shown(l audit.Leaf) bool {
	return (c.Side == "" || audit.Side(c.Side) == l.Side) &&
		(c.ELMOVersion == "" || l.Side != audit.ELMO || slices.Contains(l.Versions, c.ELMOVersion)) &&
		(c.Status == nil || slices.Contains(c.Status, string(l.ToEDC)) || slices.Contains(c.Status, string(l.ToELMO)))
}

func (c *gapsCommand) leaves() grid {
	list := slices.DeleteFunc(slices.Clone(audit.Leaves()), func(l audit.Leaf) bool { return !c.shown(l) })
	g := grid{name: "leaves", value: list, heads: []string{"side", "path", "row", "to EDC", "to ELMO", "proposals", "reason"},
		full: audit.LeafList(list)}
	for _, l := range list {
		g.rows = append(g.rows, []string{string(l.Side), l.Path, l.Owner, string(l.ToEDC), string(l.ToELMO), strings.Join(l.Proposals, " "), l.Reason})
	}
	g.note = fmt.Sprintf("%d of %d leaves; elmobridge gaps --list proposals has the changes proposed", len(list), len(audit.Leaves()))
	return g
}

func rows() grid {
	g := grid{name: "rows", value: audit.Rows(), heads: []string{"row", "ELMO", "ELM", "example to EDC", "to ELMO", "rule"}, full: audit.RowList()}
	for _, r := range audit.Rows() {
		g.rows = append(g.rows, []string{r.ID, r.ELMO, r.ELM, string(r.Example.ToEDC), string(r.Example.ToELMO), r.Rule})
	}
	return g
}

func proposals() grid {
	g := grid{name: "proposals", value: audit.Proposals(), heads: []string{"id", "change", "title", "rows", "text"}, full: audit.ProposalList()}
	for _, p := range audit.Proposals() {
		g.rows = append(g.rows, []string{p.ID, strings.ToUpper(string(p.Change)), p.Title, strings.Join(p.Rows, " "), p.Text})
	}
	return g
}

func sheet() grid {
	g := grid{name: "sheet", value: audit.Sheet(), heads: []string{"row", "opinion", "leaf", "our row", "why"}, full: audit.SheetList()}
	for _, s := range audit.Sheet() {
		g.rows = append(g.rows, []string{fmt.Sprint(s.Number), string(s.Opinion), s.Leaf, s.Row, s.Why})
	}
	return g
}

func coverage() grid {
	list := audit.CoverageList()
	return grid{name: "coverage", value: audit.Coverage(), heads: list.Heads, rows: list.Lines}
}

// files counts the gaps that files hit.
func (c *gapsCommand) files(a *app, w io.Writer) error {
	list := inputs(c.Files)
	bar := a.progress(list, "converting")
	gaps := &convert.Gaps{}
	ordered(list, runtime.GOMAXPROCS(0), func(in *input) *result {
		report, err := in.losses(a.stdin)
		return &result{inputs: []string{in.name}, report: report, err: err}
	}, func(r *result) {
		bar.step(r.inputs[0], r.err)
		if r.err != nil {
			a.fail(r.inputs[0], r.err)
			return
		}
		gaps.Add(r.report)
	})
	bar.end()
	return c.counted(gaps).write(w, c.Format)
}

// losses converts a file to the other format for the report alone.
func (in *input) losses(stdin io.Reader) (*convert.Report, error) {
	data, err := in.read(stdin)
	if err != nil {
		return nil, err
	}
	read, err := convert.Read(data)
	if err != nil {
		return nil, err
	}
	opt := convert.Options{Display: convert.DisplayMinimal, Issued: anyDate}
	var report *convert.Report
	if read.Format == convert.FormatELMO {
		_, report, err = convert.ToEDC(read.Document, opt)
	} else {
		_, report, err = convert.ToELMO(read.Credentials, opt)
	}
	return report, err
}

// anyDate stands for the date of issue of documents without one; the result is not kept.
const anyDate = "2000-01-01T00:00:00"

func (c *gapsCommand) counted(gaps *convert.Gaps) grid {
	byRow := map[string][]string{}
	for _, p := range audit.Proposals() {
		for _, row := range p.Rows {
			byRow[row] = append(byRow[row], p.ID)
		}
	}
	list := slices.DeleteFunc(gaps.List(), func(g convert.Gap) bool { return c.Status != nil && !slices.Contains(c.Status, string(g.Verdict)) })
	g := grid{name: "gaps", value: map[string]any{"files": gaps.Files, "list": list}, heads: []string{"row", "verdict", "reason", "path", "files", "times", "proposals"}}
	for _, gap := range list {
		g.rows = append(g.rows, []string{gap.Row, string(gap.Verdict), string(gap.Reason), visible(gap.Path), fmt.Sprint(gap.Files), fmt.Sprint(gap.Times), strings.Join(byRow[gap.Row], " ")})
	}
	g.note = plural(gaps.Files, "file")
	return g
}

// changes compares the crosswalk with one that was written before.
func (c *gapsCommand) changes(w io.Writer) error {
	data, err := readFile(c.Since, documentLimit)
	if err != nil {
		return usage("--since %s: %v", c.Since, reason(err))
	}
	var before struct{ Leaves []audit.Leaf }
	if err := json.Unmarshal(data, &before); err != nil || before.Leaves == nil {
		return usage("--since %s is not what elmobridge gaps --format json writes", c.Since)
	}
	changes := audit.Compare(before.Leaves, audit.Leaves())
	g := grid{name: "changes", value: changes, heads: []string{"side", "path", "what", "before", "now"}}
	for _, x := range changes {
		g.rows = append(g.rows, []string{string(x.Side), x.Path, x.What, x.Before, x.Now})
	}
	g.note = plural(len(changes), "change")
	return g.write(w, c.Format)
}
