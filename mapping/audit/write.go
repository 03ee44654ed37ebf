package audit

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"elmobridge/mapping"
)

// listSeparator stands between the values of one field.
const listSeparator = "|"

var csvHeading = []string{"side", "class", "path", "kind", "versions", "row", "also", "to_edc", "to_elmo", "places",
	"proposals", "reason", "sheet_rows", "sheet_opinions"}

// CSV writes leaves, one a line, with the opinions on the Commission's sheet.
func CSV(w io.Writer, leaves []Leaf) error {
	opinions := map[int]string{}
	for _, r := range Sheet() {
		opinions[r.Number] = string(r.Opinion)
	}
	rows := [][]string{csvHeading}
	for _, l := range leaves {
		var numbers, said []string
		for _, n := range l.Sheet {
			numbers = append(numbers, strconv.Itoa(n))
			said = append(said, opinions[n])
		}
		rows = append(rows, []string{string(l.Side), l.Class, l.Path, string(l.Kind), join(l.Versions), l.Owner, join(l.Also),
			string(l.ToEDC), string(l.ToELMO), join(l.Places), join(l.Proposals), l.Reason, join(numbers), join(said)})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// SheetCSV writes our answers to the Commission's sheet.
func SheetCSV(w io.Writer) error {
	rows := [][]string{{"sheet_row", "opinion", "leaf", "row", "why"}}
	for _, r := range Sheet() {
		rows = append(rows, []string{strconv.Itoa(r.Number), string(r.Opinion), r.Leaf, r.Row, r.Why})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// ProposalsCSV writes the proposals.
func ProposalsCSV(w io.Writer) error {
	rows := [][]string{{"id", "change", "title", "text", "rows", "leaves"}}
	for _, p := range Proposals() {
		rows = append(rows, []string{p.ID, string(p.Change), p.Title, p.Text, join(p.Rows), join(p.Leaves)})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func join(list []string) string { return strings.Join(list, listSeparator) }

// document is the JSON form of the audit.
type document struct {
	Table     string              `json:"table"` // version of the mapping table
	Versions  map[Side][]string   `json:"versions"`
	Coverage  []Figure            `json:"coverage"`
	Leaves    []Leaf              `json:"leaves"`
	Sheet     []SheetRow          `json:"sheet"`
	Proposals []Proposal          `json:"proposals"`
	Rows      map[string][]string `json:"rows"` // the leaves that each row owns
}

// JSON writes the whole audit.
func JSON(w io.Writer) error {
	d := document{Table: mapping.TableVersion, Versions: versions, Coverage: Coverage(), Leaves: Leaves(), Sheet: Sheet(),
		Proposals: Proposals(), Rows: map[string][]string{}}
	for _, l := range d.Leaves {
		d.Rows[l.Owner] = append(d.Rows[l.Owner], l.Path)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(d)
}
