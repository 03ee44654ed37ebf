package codes_test

import (
	"os"
	"strings"
	"testing"

	"elmobridge/mapping/codes"
	"elmobridge/testdata/judge"
)

// TestConformance compares the tables with the lists as published.
func TestConformance(t *testing.T) {
	index := readTable(t, "index.tsv")
	if len(index) != len(codes.All()) {
		t.Errorf("%d lists, %d published", len(codes.All()), len(index))
	}
	for _, entry := range index {
		name := strings.TrimSuffix(entry["file"], ".tsv")
		l := codes.ByName(name)
		if l == nil || l.Scheme != entry["scheme"] || l.Complete != (entry["complete"] == "yes") {
			t.Errorf("list %s is %+v", name, l)
			continue
		}
		t.Run(name, func(t *testing.T) { compare(t, l, readTable(t, entry["file"])) })
	}
}

func compare(t *testing.T, l *codes.List, published []map[string]string) {
	withLabels := l.Name != "atu" && l.Name != "nuts" // of these two we hold the codes only
	if l.Len() != len(published) {
		t.Errorf("%d members, %d published", l.Len(), len(published))
	}
	for _, p := range published {
		m, ok := l.ID(p["uri"])
		if !ok {
			t.Errorf("%s is missing", p["uri"])
			continue
		}
		if m.ID != p["uri"] || m.Code != p["code"] || m.Alpha2 != p["alpha2"] || withLabels && m.Label != p["label_en"] {
			t.Errorf("%s %s %q %q, published as %v", m.ID, m.Code, m.Alpha2, m.Label, p)
		}
	}
}

// readTable reads a table of the corpus: tab-separated, column names first.
func readTable(t *testing.T, file string) []map[string]string {
	text, err := os.ReadFile(judge.Corpus(t, "elm", "cv", file))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	names := strings.Split(lines[0], "\t")
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, field := range strings.Split(line, "\t") {
			row[names[i]] = field
		}
		rows = append(rows, row)
	}
	return rows
}
