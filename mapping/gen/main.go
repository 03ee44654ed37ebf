// Command gen writes the mapping table and its audit for people: mapping/MAPPING.md and mapping/mapping.csv.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"elmobridge/mapping"
	"elmobridge/mapping/audit"
)

func main() {
	for name, write := range map[string]func(*os.File) error{"MAPPING.md": markdown, "mapping.csv": table} {
		if err := create(name, write); err != nil {
			log.Fatal(err)
		}
	}
}

func create(name string, write func(*os.File) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

const preface = `# Mapping of ELMO and ELM

Generated from the table in package mapping (version %s) and its audit; do not edit. A report names rows of this table.
How to change a row is in [CONTRIBUTING.md](../CONTRIBUTING.md). ` + "`elmobridge gaps`" + ` lists the whole audit, leaf by leaf;
` + "`elmobridge gaps --format html -o crosswalk.html`" + ` makes a page of it.

Verdicts, from harmless to worst: exact (arrives as it is), normalised (the same in another form), added (demanded by the
other side, or a copy for readers), kept (no place on the other side; stored so that the way back restores it), reduced
(part of the meaning is gone), dropped (gone). What is kept is dropped or reduced with ` + "`keep=none`" + `.

Reasons: %s.

The column "sheet" has the rows of the Commission's mapping sheet that speak of the same leaves, with our opinion; the column
"gaps" the [proposals](#proposals) that would close the gaps of the row.

`

func markdown(f *os.File) error {
	var reasons []string
	for _, r := range mapping.Reasons {
		reasons = append(reasons, string(r))
	}
	out := bufio.NewWriter(f)
	fmt.Fprintf(out, preface, mapping.TableVersion, strings.Join(reasons, ", "))
	figures(out)
	parts(out)
	proposals(out)
	sheet(out)
	return out.Flush()
}

// figures writes how much of each side is carried.
func figures(w io.Writer) {
	fmt.Fprint(w, "## Coverage\n\nElements and attributes of ELMO 1.7 and 2.0, classes and properties of EDC-AP 3.2, by what becomes of them:\n\n| side | direction | leaves |")
	for _, v := range audit.Verdicts {
		fmt.Fprintf(w, " %s |", v)
	}
	fmt.Fprint(w, "\n|---|---|---|"+strings.Repeat("---|", len(audit.Verdicts))+"\n")
	for _, c := range audit.Coverage() {
		if c.Class != "" {
			continue
		}
		fmt.Fprintf(w, "| %s | %s | %d |", strings.ToUpper(string(c.Side)), c.Direction, c.Leaves)
		for _, v := range audit.Verdicts {
			fmt.Fprintf(w, " %d |", c.Counts[v])
		}
		fmt.Fprintln(w)
	}
}

// parts writes the rows, those of a part of the table together.
func parts(w io.Writer) {
	rows := audit.Rows()
	for _, part := range mapping.Table() {
		fmt.Fprintf(w, "\n## %s\n\n", part.Name)
		if part.ELMO != "" || part.ELM != "" {
			fmt.Fprintf(w, "ELMO: %s · ELM: %s\n\n", code(part.ELMO), code(part.ELM))
		}
		fmt.Fprint(w, "| row | ELMO | ELM | rule | sheet | gaps |\n|---|---|---|---|---|---|\n")
		mine := rows[:len(part.Rules)]
		rows = rows[len(part.Rules):]
		for _, r := range mine {
			fmt.Fprintf(w, "| <a id=\"%s\"></a>%s | %s | %s | %s | %s | %s |\n", r.ID, r.ID, code(r.ELMO), code(r.ELM), r.Rule, opinions(r.Sheet), links(r.Proposals))
		}
		for _, r := range mine {
			example(w, r)
		}
	}
}

func example(w io.Writer, r audit.Row) {
	x := r.Example
	where := ""
	switch {
	case x.Foreign:
		where = ", a part of a credential of somebody else"
	case x.In != "":
		where = " in " + code(x.In)
	}
	fmt.Fprintf(w, "\n%s%s: to EDC %s, to ELMO %s\n", r.ID, where, x.ToEDC, x.ToELMO)
	if x.ELMO != "" {
		fmt.Fprintf(w, "\n```xml\n%s\n```\n", x.ELMO)
	}
	if x.ELM != "" {
		fmt.Fprintf(w, "\n```json\n%s\n```\n", x.ELM)
	}
}

// proposals writes the changes that would close the gaps.
func proposals(w io.Writer) {
	fmt.Fprint(w, "\n## Proposals\n\nNumbers are never used again: cite them.\n\n| number | change | what | rows |\n|---|---|---|---|\n")
	for _, p := range audit.Proposals() {
		fmt.Fprintf(w, "| <a id=\"%s\"></a>%s | %s | %s: %s | %s |\n", p.ID, p.ID, strings.ToUpper(string(p.Change)), p.Title, p.Text, links(p.Rows))
	}
}

// sheet writes our answers to the Commission's sheet.
func sheet(w io.Writer) {
	fmt.Fprint(w, "\n## The Commission's sheet\n\nRows of the sheet ELMO of the Commission's mapping of May 2023.\n\n| row | opinion | leaf | our row | why |\n|---|---|---|---|---|\n")
	for _, s := range audit.Sheet() {
		fmt.Fprintf(w, "| %d | %s | %s | %s | %s |\n", s.Number, s.Opinion, code(s.Leaf), links([]string{s.Row}), s.Why)
	}
}

// opinions are rows of the sheet and what we say of them.
func opinions(numbers []int) string {
	var out []string
	for _, n := range numbers {
		out = append(out, fmt.Sprintf("%d %s", n, audit.SheetRowOf(n).Opinion))
	}
	return strings.Join(out, ", ")
}

// links are links to rows or proposals of the page.
func links(ids []string) string {
	var out []string
	for _, id := range ids {
		if id != "" {
			out = append(out, fmt.Sprintf("[%s](#%s)", id, id))
		}
	}
	return strings.Join(out, ", ")
}

func code(s string) string {
	if s == "" {
		return "–"
	}
	return "`" + s + "`"
}

func table(f *os.File) error { return audit.RowList().CSV(f) }
