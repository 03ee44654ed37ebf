// Package explorer writes the audit as one HTML page that needs nothing else: no server, no network, no script to be
// read. With a script it also searches, filters and draws lines between what is mapped.
//
// Everything has an address: #LRN-04 a row of the mapping, #GAP-008 a proposal, #sheet-15 a row of the Commission's
// sheet, #elmo:learner/bday and #elm:Person/dateOfBirth a leaf, #?side=elmo&status=dropped what a filter leaves.
package explorer

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strconv"
	"strings"

	"elmobridge/mapping"
	"elmobridge/mapping/audit"
)

//go:embed page.html
var pageText string

//go:embed page.css
var style string

//go:embed page.js
var script string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"anchor": anchor, "href": href, "join": strings.Join, "upper": upper,
	"opinion": func(number int) audit.Opinion { return audit.SheetRowOf(number).Opinion },
}).Parse(pageText))

// page is what the template shows.
type page struct {
	Options
	Table     string
	Policy    string // Content-Security-Policy: this style and this script, and nothing else
	Style     template.CSS
	Script    template.JS
	Verdicts  []verdict
	Sides     []side
	Sections  []section
	Proposals []proposal
	Sheet     []audit.SheetRow
}

type verdict struct {
	Name  audit.Verdict
	Means string
}

var verdicts = []verdict{
	{audit.None, "the direction has nothing to carry: where it starts, there is no such thing"},
	{audit.Exact, "arrives as it is"},
	{mapping.Normalised, "the same in another form"},
	{mapping.Added, "demanded by the other side, or a copy for readers"},
	{mapping.Kept, "no place on the other side; stored so that the way back restores it"},
	{mapping.Reduced, "part of the meaning is gone"},
	{mapping.Dropped, "gone"},
}

// side is one standard with its tree.
type side struct {
	ID, Other audit.Side
	Title     string
	Leaves    int
	Bars      []bar // of the whole, to EDC and to ELMO
	Classes   []*class
}

type class struct {
	Name   string
	Leaves []*leaf
	Bars   []bar
}

type leaf struct {
	*audit.Leaf
	Base, Name string // the path: what its class has in common, and what is below
	Links      []link // places on the other side
}

// Parts are the identifiers of what speaks of the leaf elsewhere on the page: its row, proposals and rows of the sheet.
func (l *leaf) Parts() []string {
	parts := append([]string{l.Owner}, l.Proposals...)
	for _, number := range l.Sheet {
		parts = append(parts, "sheet-"+strconv.Itoa(number))
	}
	return parts
}

// Fates are what becomes of the leaf, direction by direction.
func (l *leaf) Fates() []fate {
	return []fate{{"EDC", "→", l.ToEDC, l.WorstToEDC}, {"ELMO", "←", l.ToELMO, l.WorstToELMO}}
}

type fate struct {
	To, Arrow       string
	Ordinary, Worst audit.Verdict // the worst is empty when none is worse
}

// link is another leaf of the page.
type link struct{ Anchor, Text string }

// section is a part of the table with its rows.
type section struct {
	Name string
	Rows []row
}

type row struct {
	*audit.Row
	Links []link // the leaves that it owns
}

type proposal struct {
	*audit.Proposal
	Links []link // the leaves that name it
}

// headings of the two directions
var headings = map[mapping.Direction]string{mapping.ToEDC: "to EDC", mapping.ToELMO: "to ELMO"}

// bar shows figures of one direction as parts of a hundred.
type bar struct {
	To    string
	Parts []part
}

type part struct {
	Verdict     audit.Verdict
	Count       int
	From, Width float64 // per cent
}

// Options say what the page has beside the audit.
type Options struct {
	Home, HomeText string // where a link at the top leads, such as the site that has the page, and its text; empty: there is none
}

// Write writes the page as a file of its own.
func Write(w io.Writer) error { return WriteWith(w, Options{}) }

// WriteWith writes the page with options.
func WriteWith(w io.Writer, o Options) error {
	return pageTemplate.Execute(w, page{Options: o, Table: mapping.TableVersion, Policy: policy(), Style: template.CSS(style), Script: template.JS(script),
		Verdicts: verdicts, Sides: sides(), Sections: sections(), Proposals: proposals(), Sheet: audit.Sheet()})
}

// policy lets the browser load nothing and run what is in the page, as it is (CSP level 2).
func policy() string {
	return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src " + digest(style) + "; script-src " + digest(script)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func upper(s audit.Side) string { return strings.ToUpper(string(s)) }

func anchor(s audit.Side, path string) string { return string(s) + ":" + path }

// href leads to an anchor. Paths need no escapes in a fragment (RFC 3986, 3.5).
func href(anchor string) template.URL { return template.URL("#" + anchor) }

func sides() []side {
	out := []side{
		{ID: audit.ELMO, Other: audit.ELM, Title: "ELMO 1.7 and 2.0"},
		{ID: audit.ELM, Other: audit.ELMO, Title: "ELM, as in EDC-AP 3.2"},
	}
	for i := range out {
		out[i].fill()
	}
	return out
}

func (s *side) fill() {
	at := map[string]*class{}
	leaves := audit.Leaves()
	for i := range leaves {
		l := &leaves[i]
		if l.Side != s.ID {
			continue
		}
		c := at[l.Class]
		if c == nil {
			c = &class{Name: l.Class}
			at[l.Class] = c
			s.Classes = append(s.Classes, c)
		}
		c.Leaves = append(c.Leaves, &leaf{Leaf: l, Name: l.Path, Links: links(s.Other, l.Places)})
		s.Leaves++
	}
	for _, f := range audit.Coverage() {
		switch {
		case f.Side != s.ID:
		case f.Class == "":
			s.Bars = append(s.Bars, newBar(f))
		default:
			at[f.Class].Bars = append(at[f.Class].Bars, newBar(f))
		}
	}
	for _, c := range s.Classes {
		c.shorten(s.ID)
	}
}

// shorten names the leaves of a class below what they have in common.
func (c *class) shorten(of audit.Side) {
	common := c.Name
	if of == audit.ELMO {
		common = c.Leaves[0].Path
	}
	for _, l := range c.Leaves {
		if below, ok := strings.CutPrefix(l.Path, common+"/"); ok {
			l.Base, l.Name = common+"/", below
		}
	}
}

func links(of audit.Side, paths []string) []link {
	var out []link
	for _, p := range paths {
		out = append(out, link{anchor(of, p), p})
	}
	return out
}

func newBar(f audit.Figure) bar {
	b := bar{To: headings[f.Direction]}
	from := 0.0
	for _, v := range audit.Verdicts {
		if n := f.Counts[v]; n > 0 {
			width := 100 * float64(n) / float64(f.Leaves)
			b.Parts = append(b.Parts, part{v, n, from, width})
			from += width
		}
	}
	return b
}

func sections() []section {
	owned := linksBy(func(l *audit.Leaf) []string { return []string{l.Owner} })
	var out []section
	rows := audit.Rows()
	for i := range rows {
		r := &rows[i]
		if len(out) == 0 || out[len(out)-1].Name != r.Section {
			out = append(out, section{Name: r.Section})
		}
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, row{r, owned[r.ID]})
	}
	return out
}

func proposals() []proposal {
	named := linksBy(func(l *audit.Leaf) []string { return l.Proposals })
	var out []proposal
	all := audit.Proposals()
	for i := range all {
		out = append(out, proposal{&all[i], named[all[i].ID]})
	}
	return out
}

// linksBy gathers the leaves by the identifiers that of gives for each.
func linksBy(of func(*audit.Leaf) []string) map[string][]link {
	by := map[string][]link{}
	leaves := audit.Leaves()
	for i := range leaves {
		l := &leaves[i]
		for _, id := range of(l) {
			by[id] = append(by[id], link{anchor(l.Side, l.Path), upper(l.Side) + " " + l.Path})
		}
	}
	return by
}
