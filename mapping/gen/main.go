// Command gen writes the mapping table for people: mapping/MAPPING.md and mapping/mapping.csv.
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"strings"

	"elmobridge/mapping"
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

Generated from the table in package mapping (version %s); do not edit. A report names rows of this table. How to
change a row is in [CONTRIBUTING.md](../CONTRIBUTING.md).

Verdicts, from harmless to worst: normalised (the same in another form), added (demanded by the other side, or a copy
for readers), kept (no place on the other side; stored so that the way back restores it), reduced (part of the meaning
is gone), dropped (gone). What is kept is dropped or reduced with ` + "`keep=none`" + `.

Reasons: %s.
`

func markdown(f *os.File) error {
	var reasons []string
	for _, r := range mapping.Reasons {
		reasons = append(reasons, string(r))
	}
	if _, err := fmt.Fprintf(f, preface, mapping.TableVersion, strings.Join(reasons, ", ")); err != nil {
		return err
	}
	for _, part := range mapping.Table() {
		if err := section(f, part); err != nil {
			return err
		}
	}
	return nil
}

func section(f *os.File, part mapping.Part) error {
	fmt.Fprintf(f, "\n## %s\n\n", part.Name)
	if part.ELMO != "" || part.ELM != "" {
		fmt.Fprintf(f, "ELMO: %s · ELM: %s\n\n", code(part.ELMO), code(part.ELM))
	}
	fmt.Fprint(f, "| row | ELMO | ELM | rule |\n|---|---|---|---|\n")
	for _, r := range part.Rules {
		if _, err := fmt.Fprintf(f, "| <a id=\"%s\"></a>%s | %s | %s | %s |\n", r.ID, r.ID, code(r.ELMO), code(r.ELM), r.Note); err != nil {
			return err
		}
	}
	return examples(f, part)
}

func examples(f *os.File, part mapping.Part) error {
	for _, r := range part.Rules {
		if r.Example.ELMO == "" {
			continue
		}
		if _, err := fmt.Fprintf(f, "\n%s\n\n```xml\n%s\n```\n", r.ID, r.Example.ELMO); err != nil {
			return err
		}
		if r.Example.ELM != "" {
			fmt.Fprintf(f, "\n```json\n%s\n```\n", r.Example.ELM)
		}
	}
	return nil
}

func code(s string) string {
	if s == "" {
		return "–"
	}
	return "`" + s + "`"
}

func table(f *os.File) error {
	w := csv.NewWriter(f)
	rows := [][]string{{"row", "section", "elmo", "elm", "rule", "example_elmo", "example_elm"}}
	for _, part := range mapping.Table() {
		for _, r := range part.Rules {
			rows = append(rows, []string{r.ID, part.Name, r.ELMO, r.ELM, r.Note, r.Example.ELMO, r.Example.ELM})
		}
	}
	return w.WriteAll(rows)
}
