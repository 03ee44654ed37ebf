package convert_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elmobridge/convert"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenDir holds a folder for each document of testdata/elmo:
//
//	elmo.xml  edc.json  report.json  back.xml  back-report.json  README
const goldenDir = "../testdata/golden"

// TestGolden: each document of testdata/elmo gives the same files as before. With -update they are
// written anew; read the difference.
func TestGolden(t *testing.T) {
	shows := cases(t)
	for _, s := range ownDocuments(t) {
		name := strings.TrimSuffix(s.name, ".xml")
		files := golden(t, s)
		if shows[s.name] == "" {
			t.Errorf("%s is not described in testdata/README.md", s.name)
		}
		files["README"] = []byte(shows[s.name] + "\n")
		for file, data := range files {
			compareGolden(t, filepath.Join(goldenDir, name, file), data)
		}
	}
	noOthers(t)
}

// golden makes the files of a case.
func golden(t *testing.T, s sample) map[string][]byte {
	t.Helper()
	opt := convert.Options{Issuer: fjordheim, Display: convert.DisplayMinimal, Indent: true}
	trip, err := convert.RoundTrip(s.data, opt)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	edc := bytes.Join(trip.Between, []byte(","))
	if len(trip.Between) > 1 {
		edc = slices.Concat([]byte("["), edc, []byte("]"))
	}
	var lines bytes.Buffer
	if err := json.Indent(&lines, edc, "", ""); err != nil { // a value a line; indented they would be too large
		t.Fatal(err)
	}
	return map[string][]byte{
		"elmo.xml": s.data, "edc.json": append(lines.Bytes(), '\n'), "back.xml": trip.Result[0],
		"report.json": indented(t, trip.There), "back-report.json": indented(t, trip.Back),
	}
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func compareGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v; go test ./convert -run TestGolden -update writes it", err)
		return
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs at line %d", path, firstDifference(got, want))
	}
}

func firstDifference(a, b []byte) int {
	line := 1
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '\n' {
			line++
		}
	}
	return line
}

// cases reads what each document shows from testdata/README.md.
func cases(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	shows := map[string]string{}
	for _, line := range strings.Split(string(data), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 4 {
			shows[strings.Trim(cells[1], " `")] = strings.TrimSpace(cells[2])
		}
	}
	return shows
}

// noOthers: no folder without its document.
func noOthers(t *testing.T) {
	t.Helper()
	dirs, err := os.ReadDir(goldenDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if _, err := os.Stat(filepath.Join("../testdata/elmo", d.Name()+".xml")); err != nil {
			t.Errorf("%s/%s belongs to no document of testdata/elmo", goldenDir, d.Name())
		}
	}
}
