package audit

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// List is a part of the audit as spreadsheets have it: a heading and lines of as many cells.
type List struct {
	Name  string
	Heads []string
	Lines [][]string
}

// separator stands between the values of one cell.
const separator = "|"

func join(list []string) string { return strings.Join(list, separator) }

// CSV writes the list (RFC 4180).
func (l *List) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	if err := c.Write(l.Heads); err != nil {
		return err
	}
	return c.WriteAll(l.Lines)
}

// Lists gives all of them.
func Lists() []*List {
	return []*List{LeafList(Leaves()), RowList(), ProposalList(), SheetList(), CoverageList()}
}

// LeafList has leaves, with the opinions on the Commission's sheet.
func LeafList(leaves []Leaf) *List {
	list := &List{Name: "leaves", Heads: []string{"side", "class", "path", "kind", "versions", "row", "also", "to_edc", "to_elmo", "worst_to_edc", "worst_to_elmo",
		"places", "proposals", "reason", "sheet_rows", "sheet_opinions", "sheet_mappings", "example_elmo", "example_elm"}}
	examples := map[string]Example{}
	for _, r := range Rows() {
		examples[r.ID] = r.Example
	}
	for i := range leaves {
		l := &leaves[i]
		numbers, opinions, mappings := cells(l.Sheet)
		x := examples[l.Owner]
		list.Lines = append(list.Lines, []string{string(l.Side), l.Class, l.Path, string(l.Kind), join(l.Versions), l.Owner, join(l.Also),
			string(l.ToEDC), string(l.ToELMO), string(l.WorstToEDC), string(l.WorstToELMO), join(l.Places), join(l.Proposals), l.Reason,
			numbers, opinions, mappings, x.ELMO, x.ELM})
	}
	return list
}

// cells are rows of the Commission's sheet, our opinions on them and the places that they name, each as
// many as there are rows.
func cells(sheet []int) (numbers, opinions, mappings string) {
	var n, o, m []string
	for _, i := range sheet {
		r := SheetRowOf(i)
		n, o, m = append(n, strconv.Itoa(i)), append(o, string(r.Opinion)), append(m, r.Mapping)
	}
	return join(n), join(o), join(m)
}

// RowList has the rows of the mapping.
func RowList() *List {
	list := &List{Name: "rows", Heads: []string{"row", "section", "elmo", "elm", "rule", "example_in", "example_elmo", "example_elm",
		"example_to_edc", "example_to_elmo", "leaves", "sheet_rows", "sheet_opinions", "proposals"}}
	for _, r := range Rows() {
		numbers, opinions, _ := cells(r.Sheet)
		list.Lines = append(list.Lines, []string{r.ID, r.Section, r.ELMO, r.ELM, r.Rule, r.Example.In, r.Example.ELMO, r.Example.ELM,
			string(r.Example.ToEDC), string(r.Example.ToELMO), join(r.Leaves), numbers, opinions, join(r.Proposals)})
	}
	return list
}

// ProposalList has the changes proposed.
func ProposalList() *List {
	list := &List{Name: "proposals", Heads: []string{"id", "change", "title", "text", "rows", "leaves"}}
	for _, p := range Proposals() {
		list.Lines = append(list.Lines, []string{p.ID, string(p.Change), p.Title, p.Text, join(p.Rows), join(p.Leaves)})
	}
	return list
}

// SheetList has our answers to the Commission's sheet.
func SheetList() *List {
	list := &List{Name: "sheet", Heads: []string{"sheet_row", "class", "field", "mapping", "opinion", "leaf", "row", "why"}}
	for _, r := range Sheet() {
		list.Lines = append(list.Lines, []string{strconv.Itoa(r.Number), r.Class, r.Field, r.Mapping, string(r.Opinion), r.Leaf, r.Row, r.Why})
	}
	return list
}

// CoverageList has the figures; the class of a whole side is "all".
func CoverageList() *List {
	list := &List{Name: "coverage", Heads: []string{"side", "class", "direction", "leaves"}}
	for _, v := range Verdicts {
		list.Heads = append(list.Heads, string(v))
	}
	for _, f := range Coverage() {
		line := []string{string(f.Side), f.Class, string(f.Direction), strconv.Itoa(f.Leaves)}
		if f.Class == "" {
			line[1] = "all"
		}
		for _, v := range Verdicts {
			line = append(line, strconv.Itoa(f.Counts[v]))
		}
		list.Lines = append(list.Lines, line)
	}
	return list
}

// JSON writes the whole audit.
func JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(Current())
}
