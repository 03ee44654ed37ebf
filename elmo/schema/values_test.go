package schema_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elmobridge/elmo/schema"
	"elmobridge/testdata/judge"
)

// TestTypesAgree compares each built-in type with xmllint on each value that the mutations use: all in
// one document, as elements of an extension that xsi:type gives the type, one on a line.
func TestTypesAgree(t *testing.T) {
	judge.Corpus(t, "elmo", "schema")
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(good[:strings.Index(good, "<Signature")], "\n", " "))
	b.WriteString(`<extension xmlns:f="urn:f">`)
	lines := []string{"", ""}
	for _, name := range slices.Sorted(maps.Keys(schema.Builtins())) {
		for _, value := range slices.Concat(values, languages) {
			fmt.Fprintf(&b, "\n<f:v xsi:type=%q>%s</f:v>", name, escapeText.Replace(value))
			lines = append(lines, name+" "+value)
		}
	}
	b.WriteString("</extension></elmo>")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "types.xml"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	theirs := make([]bool, len(lines))
	for _, line := range xmllint(t, "1.7", dir, []string{"types.xml"})["types.xml"].lines {
		theirs[line] = true
	}
	ours := make([]bool, len(lines))
	root := parse(t, []byte(b.String()))
	d := document{number(root)}
	first := d.line(root.FindElement("//v"))
	for _, f := range schema.Check(root, "1.7", schema.Options{Max: 100_000, Structure: true}) {
		ours[d.line(f.Node)-first+2] = true
	}
	known := differences(t)
	explained := 0
	for line := 2; line < len(lines); line++ {
		kind, value, _ := strings.Cut(lines[line], " ")
		if ours[line] == theirs[line] {
			continue
		}
		side := map[bool]string{true: "schema", false: "xmllint"}[ours[line]]
		if slices.ContainsFunc(known, func(d *difference) bool {
			return d.refuses == side && (d.types == nil || d.types.MatchString(kind)) && d.values.MatchString(value)
		}) {
			explained++
			continue
		}
		t.Errorf("%s %q: %s refuses it, the other one does not", kind, value, side)
	}
	t.Logf("%d values, %d differ as differences.tsv explains", len(lines)-2, explained)
}
