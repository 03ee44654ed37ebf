package xlsx_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"elmobridge/mapping/audit"
	"elmobridge/mapping/audit/xlsx"
	"elmobridge/testdata/judge"
)

func workbook(t *testing.T, lists []*audit.List) []byte {
	t.Helper()
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := xlsx.Write(b, lists); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two runs differ")
	}
	return one.Bytes()
}

// TestWrite: every cell is there, and none is a formula.
func TestWrite(t *testing.T) {
	lists := append(audit.Lists(), &audit.List{Name: "hostile", Heads: []string{"a", "b"}, Lines: [][]string{{"=1+1", "007"}, {"", "7"}}})
	f, err := excelize.OpenReader(bytes.NewReader(workbook(t, lists)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, l := range lists {
		rows, err := f.GetRows(l.Name)
		if err != nil {
			t.Fatal(err)
		}
		same(t, l, rows)
	}
	if formula, _ := f.GetCellFormula("hostile", "A2"); formula != "" {
		t.Errorf("a text became the formula %s", formula)
	}
}

// same compares the cells; readers leave out empty ones at the end of a line.
func same(t *testing.T, l *audit.List, rows [][]string) {
	t.Helper()
	want := append([][]string{l.Heads}, l.Lines...)
	if len(rows) != len(want) {
		t.Fatalf("%s: %d lines, want %d", l.Name, len(rows), len(want))
	}
	for i := range want {
		if !slices.Equal(trimmed(rows[i]), trimmed(want[i])) {
			t.Errorf("%s line %d: %q, want %q", l.Name, i+1, rows[i], want[i])
		}
	}
}

func trimmed(line []string) []string {
	for len(line) > 0 && line[len(line)-1] == "" {
		line = line[:len(line)-1]
	}
	return line
}

// everySheet makes LibreOffice write each sheet as CSV: comma, quote, UTF-8, texts as shown, all sheets.
const everySheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"

// TestLibreOffice opens the workbook with LibreOffice and compares what it finds.
func TestLibreOffice(t *testing.T) {
	soffice := judge.Program(t, "soffice")
	dir := t.TempDir()
	file := filepath.Join(dir, "audit.xlsx")
	if err := os.WriteFile(file, workbook(t, audit.Lists()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--convert-to", everySheet, "--outdir", dir, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, l := range audit.Lists() {
		data, err := os.ReadFile(filepath.Join(dir, "audit-"+l.Name+".csv"))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		same(t, l, rows)
	}
}
