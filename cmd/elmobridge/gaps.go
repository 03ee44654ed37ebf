package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"elmobridge/convert"
	"elmobridge/mapping"
	"elmobridge/mapping/audit"
	"elmobridge/mapping/audit/explorer"
	"elmobridge/mapping/audit/xlsx"
)

type gapsCommand struct {
	Side        string   `enum:",elmo,elm" default:"" placeholder:"elmo|elm" help:"One side of the crosswalk only."`
	ELMOVersion string   `name:"elmo-version" enum:",1.7,2.0" default:"" placeholder:"1.7|2.0" help:"Only what this ELMO version has."`
	Status      []string `placeholder:"LEVEL" help:"Only what has one of these verdicts in a direction, for ordinary values or the worst: exact, normalised, added, kept, reduced, dropped, none."`
	List        string   `enum:"leaves,rows,proposals,sheet,coverage" default:"leaves" placeholder:"NAME" help:"What to list: leaves, rows (of the mapping, with examples), proposals (numbered changes to the standards), sheet (our answer to each row of the mapping sheet of the Commission), coverage (default ${default})."`
	Format      string   `enum:"table,json,csv,sssom,xlsx,html" default:"table" placeholder:"table|json|csv|sssom|xlsx|html" help:"Form of the output; json and xlsx without a filter are the whole audit, sssom and html always are (default ${default})."`
	Output      string   `short:"o" placeholder:"FILE" help:"Write to this file."`
	Since       string   `placeholder:"FILE" help:"Tell what has changed since this file, which --format json wrote without a filter."`
	SetID       string   `name:"set-id" group:"SSSOM" placeholder:"URI" help:"Identifier of the mapping set, with --format sssom."`
	Date        string   `group:"SSSOM" placeholder:"YYYY-MM-DD" help:"Its date."`
	Provider    string   `group:"SSSOM" placeholder:"URI" help:"Who publishes it."`
	License     string   `group:"SSSOM" placeholder:"URI" help:"Its license; without one that of the project."`
	Quiet       bool     `short:"q" help:"No progress on standard error, errors only."`
	Files       []string `arg:"" name:"file" optional:"" help:"ELMO documents or credentials: which gaps they hit, and how often; - is standard input."`
}

// Help is the text below the flags.
func (gapsCommand) Help() string {
	return `The audit of the mapping: where every element of ELMO 1.7 and 2.0 and every class and property of EDC-AP 3.2 goes, what becomes of it in each direction, which row of the mapping answers for it, and which change to a standard would close the gap. With files it counts which gaps these hit, without any value of theirs, and names the leaf of each.

A leaf is one element or attribute of ELMO, or one class or property of the profile. Verdicts: exact, arrives as it is; normalised, the same in another form; added, demanded by the other side or a copy for readers; kept, no place there, stored so that the way back restores it; reduced, part of the meaning is gone; dropped, gone; none, the direction has nothing to carry. exact..kept: ordinary values are exact, some valid ones no better than kept.

Examples:

    elmobridge gaps --side elmo --status dropped,reduced,kept
    elmobridge gaps --list proposals
    elmobridge gaps --format sssom --set-id https://example.org/elmo-elm --date 2026-01-31 -o elmo-elm.sssom.tsv
    elmobridge gaps --format html -o crosswalk.html
    elmobridge gaps --format csv archive/*.xml > gaps.csv
    elmobridge gaps --since last-release.json

Exit codes: 0 done; 1 a file could not be converted, the others, if any, are counted; 2 wrong usage.`
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
	if err := c.checkStatus(); err != nil {
		return err
	}
	g := guardOf(c.Files)
	if c.Since != "" {
		g = append(g, protect("the file of --since", c.Since))
	}
	switch {
	case c.Format != "sssom" && c.publication() != (audit.Publication{}):
		return usage("--set-id, --date, --provider and --license are for --format sssom")
	case c.publication().Check() != nil:
		return usage("%v", c.publication().Check())
	case (c.Format == "sssom" || c.Format == "html") && !c.whole():
		return usage("--format %s is the whole crosswalk, without filters and files", c.Format)
	case len(c.Files) > 0 && (c.Since != "" || c.List != "leaves" || c.Side != "" || c.ELMOVersion != ""):
		return usage("with files, only --status, --format and -o can be given")
	case c.Since != "" && (c.filtered() || c.List != "leaves"):
		return usage("--since compares everything: it takes neither --list nor a filter")
	case c.List != "leaves" && c.filtered():
		return usage("--list %s takes no filter", c.List)
	case audit.Side(c.Side) == audit.ELM && c.ELMOVersion != "":
		return usage("--elmo-version chooses leaves of ELMO: it cannot be given with --side elm")
	case c.Output != "" && g.hit(c.Output) != "":
		return usage("-o %s is %s", c.Output, g.hit(c.Output))
	}
	if err := once(c.Files); err != nil {
		return err
	}
	return distinct(c.Files)
}

func (c *gapsCommand) checkStatus() error {
	if c.Status != nil && len(c.Status) == 0 {
		return usage("--status names no verdict: give %s", verdictNames)
	}
	for _, s := range c.Status {
		switch {
		case s == "":
			return usage("--status has an empty verdict: give %s, with commas between", verdictNames)
		case !slices.Contains(audit.Verdicts, audit.Verdict(s)):
			return usage("--status %s is no verdict: give %s", s, verdictNames)
		}
	}
	return nil
}

const verdictNames = "none, exact, normalised, added, kept, reduced or dropped"

// publication is what the flags say of a mapping set.
func (c *gapsCommand) publication() audit.Publication {
	return audit.Publication{ID: c.SetID, Date: c.Date, Provider: c.Provider, License: c.License}
}

// distinct refuses a file that is given twice, by whatever name: it would count twice.
func distinct(files []string) error {
	type print struct {
		size    int64
		changed time.Time
	}
	known := map[print][]int{}
	g := guardOf(files)
	for i, p := range g {
		if p.info == nil {
			continue
		}
		key := print{p.info.Size(), p.info.ModTime()}
		for _, k := range known[key] {
			if os.SameFile(g[k].info, p.info) {
				return usage("%s and %s are one file: it would count twice", files[k], files[i])
			}
		}
		known[key] = append(known[key], i)
	}
	return nil
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

// crosswalk writes what was asked for of the audit.
func (c *gapsCommand) crosswalk(w io.Writer) error {
	wholes := map[string]func(io.Writer) error{
		"json":  audit.JSON,
		"sssom": func(w io.Writer) error { return audit.SSSOM(w, c.publication()) },
		"xlsx":  func(w io.Writer) error { return xlsx.Write(w, audit.Lists()) },
		"html":  explorer.Write,
	}
	if write, ok := wholes[c.Format]; ok && c.whole() {
		return write(w)
	}
	list := map[string]func() grid{"leaves": c.leaves, "rows": rows, "proposals": proposals, "sheet": sheet, "coverage": coverage}[c.List]()
	return list.write(w, c.Format)
}

// grid is a list in its forms: rows of cells for people, a list for spreadsheets, the things themselves as JSON.
type grid struct {
	heads   []string
	rows    [][]string     // long names are abbreviated when they are written
	note    string         // below the table for people
	list    *audit.List    // with all there is
	value   map[string]any // for JSON, beside the version of the table
	foreign bool           // cells hold what files say
}

func (g grid) write(w io.Writer, format string) error {
	switch format {
	case "json":
		value := map[string]any{"table": mapping.TableVersion}
		maps.Copy(value, g.value)
		return encode(w, value)
	case "csv":
		return g.safe().CSV(w)
	case "xlsx": // there, texts are no formulas
		return xlsx.Write(w, []*audit.List{g.list})
	}
	g.table(w)
	return nil
}

// table writes the rows for people, and below them what the abbreviations mean.
func (g grid) table(w io.Writer) {
	rows := [][]string{g.heads}
	var used strings.Builder
	for _, row := range g.rows {
		cells := make([]string, len(row))
		for i, text := range row {
			cells[i] = short(text)
			if cells[i] != text {
				used.WriteString(cells[i])
			}
		}
		rows = append(rows, cells)
	}
	table(w, rows)
	fmt.Fprintln(w)
	if g.note != "" {
		fmt.Fprintln(w, g.note)
	}
	for _, x := range abbreviations {
		if strings.Contains(used.String(), x[0]) {
			fmt.Fprintf(w, "%s is %s\n", x[0], x[1])
		}
	}
	if slices.ContainsFunc(g.rows, func(row []string) bool { return slices.ContainsFunc(row, isCut) }) {
		fmt.Fprintf(w, "%s and +N: cut here; --format csv has the whole\n", ellipsis)
	}
}

// abbreviations are those of short.
var abbreviations = [][2]string{
	{"LOS", "learningOpportunitySpecification"}, {"LOI", "learningOpportunityInstance"}, {"/…/hasClaim", "/credentialSubject/hasClaim"},
}

// ellipsis ends what cut cuts.
const ellipsis = "…"

// more ends a list that was cut.
var more = regexp.MustCompile(` \+[0-9]+$`)

func isCut(cell string) bool { return strings.HasSuffix(cell, ellipsis) || more.MatchString(cell) }

// Most that a table for people shows of a list and of a text.
const (
	mostPlaces = 2
	mostText   = 60
)

// first shows the first of a list, and how many more there are.
func first(list []string) string {
	text := strings.Join(list[:min(len(list), mostPlaces)], " ")
	if n := len(list) - mostPlaces; n > 0 {
		text += fmt.Sprintf(" +%d", n)
	}
	return text
}

// safe is the list for a spreadsheet that takes cells for formulas: those of files get an apostrophe before
// the characters that would begin one. What the audit says, such as @xml:lang, stays as it is.
func (g grid) safe() *audit.List {
	if !g.foreign {
		return g.list
	}
	out := &audit.List{Name: g.list.Name, Heads: g.list.Heads}
	for _, line := range g.list.Lines {
		cells := slices.Clone(line)
		for i, text := range cells {
			if text != "" && strings.IndexByte("=+-@\t\r", text[0]) >= 0 {
				cells[i] = "'" + text
			}
		}
		out.Lines = append(out.Lines, cells)
	}
	return out
}

// shown tells whether a leaf passes the filters.
func (c *gapsCommand) shown(l audit.Leaf) bool {
	return (c.Side == "" || audit.Side(c.Side) == l.Side) &&
		(c.ELMOVersion == "" || l.Side != audit.ELMO || slices.Contains(l.Versions, c.ELMOVersion)) &&
		(c.Status == nil || slices.ContainsFunc([]audit.Verdict{l.ToEDC, l.ToELMO, l.WorstToEDC, l.WorstToELMO},
			func(v audit.Verdict) bool { return slices.Contains(c.Status, string(v)) }))
}

func (c *gapsCommand) leaves() grid {
	list := slices.DeleteFunc(slices.Clone(audit.Leaves()), func(l audit.Leaf) bool { return !c.shown(l) })
	g := grid{heads: []string{"side", "path", "row", "to EDC", "to ELMO", "places", "proposals", "reason"},
		list: audit.LeafList(list), value: map[string]any{"leaves": list}}
	for _, l := range list {
		g.rows = append(g.rows, []string{string(l.Side), l.Path, l.Owner, audit.Range(l.ToEDC, l.WorstToEDC), audit.Range(l.ToELMO, l.WorstToELMO),
			first(l.Places), strings.Join(l.Proposals, " "), l.Reason})
	}
	g.note = fmt.Sprintf("%d of %d leaves; elmobridge gaps --list proposals has the changes proposed", len(list), len(audit.Leaves()))
	return g
}

func rows() grid {
	g := grid{heads: []string{"row", "ELMO", "ELM", "example to EDC", "to ELMO", "example in ELMO", "in ELM", "rule"},
		list: audit.RowList(), value: map[string]any{"rows": audit.Rows()}}
	for _, r := range audit.Rows() {
		x := r.Example
		g.rows = append(g.rows, []string{r.ID, r.ELMO, r.ELM, string(x.ToEDC), string(x.ToELMO), cut(x.ELMO, mostText), cut(x.ELM, mostText), r.Rule})
	}
	return g
}

func proposals() grid {
	g := grid{heads: []string{"id", "change", "title", "rows", "text"}, list: audit.ProposalList(), value: map[string]any{"proposals": audit.Proposals()}}
	for _, p := range audit.Proposals() {
		g.rows = append(g.rows, []string{p.ID, strings.ToUpper(string(p.Change)), p.Title, strings.Join(p.Rows, " "), p.Text})
	}
	return g
}

func sheet() grid {
	g := grid{heads: []string{"row", "class", "field", "mapping", "opinion", "leaf", "our row", "why"},
		list: audit.SheetList(), value: map[string]any{"sheet": audit.Sheet()}}
	for _, s := range audit.Sheet() {
		g.rows = append(g.rows, []string{strconv.Itoa(s.Number), s.Class, s.Field, s.Mapping, string(s.Opinion), s.Leaf, s.Row, s.Why})
	}
	return g
}

func coverage() grid {
	list := audit.CoverageList()
	return grid{heads: list.Heads, rows: list.Lines, list: list, value: map[string]any{"coverage": audit.Coverage()}}
}

// files counts the gaps that files hit.
func (c *gapsCommand) files(a *app, w io.Writer) error {
	list := inputs(c.Files)
	bar := a.progress(list, "converting")
	gaps := &convert.Gaps{}
	ordered(list, runtime.GOMAXPROCS(0), func(in *input) *loss { return in.loss(a.stdin) }, func(l *loss) {
		bar.step(l.name, l.err)
		if l.err != nil {
			a.fail(l.name, l.err)
			return
		}
		gaps.Add(l.source, l.report)
	})
	bar.end()
	if gaps.Files == 0 {
		return exitError(exitInput)
	}
	return c.counted(gaps).write(w, c.Format)
}

// loss is what a file loses on the way to the other format.
type loss struct {
	name   string
	source *convert.Input
	report *convert.Report
	err    error
}

func (in *input) loss(stdin io.Reader) *loss {
	l := &loss{name: in.name}
	data, err := in.read(stdin)
	if err == nil {
		l.source, err = convert.Read(data)
	}
	if err == nil {
		l.report, err = losses(l.source)
	}
	l.err = err
	return l
}

// losses converts a file to the other format for the report alone.
func losses(read *convert.Input) (*convert.Report, error) {
	opt := convert.Options{Display: convert.DisplayMinimal, Issued: anyDate}
	if read.Format == convert.FormatELMO {
		_, report, err := convert.ToEDC(read.Document, opt)
		return report, err
	}
	_, report, err := convert.ToELMO(read.Credentials, opt)
	return report, err
}

// anyDate stands for the date of issue of documents without one; the result is not kept.
const anyDate = "2000-01-01T00:00:00"

func (c *gapsCommand) counted(gaps *convert.Gaps) grid {
	list := slices.DeleteFunc(gaps.List(), func(g convert.Gap) bool { return c.Status != nil && !slices.Contains(c.Status, string(g.Verdict)) })
	g := grid{heads: []string{"row", "verdict", "reason", "path", "files", "times", "leaf", "proposals"}, foreign: true,
		list:  &audit.List{Name: "gaps", Heads: []string{"row", "verdict", "reason", "path", "files", "times", "side", "leaf", "proposals"}},
		value: map[string]any{"gaps": map[string]any{"files": gaps.Files, "list": list}}}
	for _, gap := range list {
		cells := []string{gap.Row, string(gap.Verdict), string(gap.Reason), visible(gap.Path), strconv.Itoa(gap.Files), strconv.Itoa(gap.Times)}
		leaf := ""
		if gap.Leaf != "" {
			leaf = string(gap.Side) + " " + gap.Leaf
		}
		g.rows = append(g.rows, append(slices.Clone(cells), leaf, strings.Join(gap.Proposals, " ")))
		g.list.Lines = append(g.list.Lines, append(cells, string(gap.Side), gap.Leaf, strings.Join(gap.Proposals, "|")))
	}
	g.note = plural(gaps.Files, "file")
	return g
}

// changes compares the audit with one that was written before.
func (c *gapsCommand) changes(w io.Writer) error {
	data, err := readFile(c.Since, audit.EditionSize)
	if err != nil {
		return usage("--since %s: %v", c.Since, reason(err))
	}
	before, err := audit.ReadEdition(data)
	if err != nil {
		return usage("--since %s: %v; elmobridge gaps --format json -o FILE writes one", c.Since, err)
	}
	now := audit.Current()
	list := audit.Compare(before, now)
	g := grid{heads: []string{"kind", "side", "id", "what", "before", "now"}, foreign: true,
		list:  &audit.List{Name: "changes", Heads: []string{"table_before", "table_now", "kind", "side", "id", "what", "before", "now"}},
		value: map[string]any{"before": before.Table, "changes": list}}
	for _, x := range list {
		cells := []string{string(x.Kind), string(x.Side), x.ID, x.What}
		g.rows = append(g.rows, append(slices.Clone(cells), cut(x.Before, mostText), cut(x.Now, mostText)))
		g.list.Lines = append(g.list.Lines, slices.Concat([]string{before.Table, now.Table}, cells, []string{x.Before, x.Now}))
	}
	g.note = fmt.Sprintf("%s from table %s to table %s", plural(len(list), "change"), before.Table, now.Table)
	return g.write(w, c.Format)
}
