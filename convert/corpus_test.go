package convert_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/testdata/judge"
)

// fjordheim seals in the tests; it does not exist.
var fjordheim = &convert.Issuer{
	LegalName: edci.LangString{{Lang: "en", Text: "University of Fjordheim"}, {Lang: "nb", Text: "Universitetet i Fjordheim"}},
	Country:   "NO", EIDASIdentifier: "VATNO-000000000", Homepage: "https://www.fjordheim.example.org",
}

// options are those of most tests: an issuer, small pictures, and a date for documents without one.
func options(keep convert.Keep) convert.Options {
	return convert.Options{Issuer: fjordheim, Keep: keep, Display: convert.DisplayMinimal, Issued: "2024-01-01T00:00:00"}
}

// sample is one document of the tests.
type sample struct {
	name string
	data []byte
}

// ownDocuments are those of testdata/elmo.
func ownDocuments(t testing.TB) []sample {
	t.Helper()
	list := samples(t, filepath.Join("..", "testdata", "elmo"), ".xml")
	if len(list) < 7 {
		t.Fatalf("only %d documents in testdata/elmo", len(list))
	}
	return list
}

// readableDocuments are those of testdata/elmo and, where it is there, of the corpus; those that the
// reader has to refuse are left out.
func readableDocuments(t *testing.T) []sample {
	t.Helper()
	list := ownDocuments(t)
	if judge.HasCorpus(t) {
		more := samples(t, judge.Corpus(t, "elmo", "documents"), ".xml")
		if len(more) < 40 {
			t.Fatalf("only %d documents in the corpus", len(more))
		}
		list = append(list, more...)
	}
	readable := list[:0]
	for _, s := range list {
		if _, err := elmo.Read(s.data, elmo.ReadOptions{}); err == nil {
			readable = append(readable, s)
		} else if !refused(err) {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	return readable
}

// refused tells whether an error is one of those for documents that nobody has to read.
func refused(err error) bool {
	return errors.Is(err, elmo.ErrPre10) || errors.Is(err, elmo.ErrDTD) || errors.Is(err, elmo.ErrNotELMO)
}

// samples reads all files below a folder whose name contains a word.
func samples(t testing.TB, dir, word string) []sample {
	t.Helper()
	var list []sample
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(d.Name(), word) {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		list = append(list, sample{strings.ReplaceAll(name, string(filepath.Separator), "-"), data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// credentialSamples are the real and made-up credentials of the corpus, without those whose only
// purpose is to be wrong.
func credentialSamples(t *testing.T) []sample {
	t.Helper()
	var list []sample
	for _, dir := range [][]string{{"elm", "samples"}, {"elmo", "dc4eu-converter-output"}, {"wallet", "dc4eu-vc"}, {"wallet", "dc4eu-educational-pilot"}} {
		for _, s := range samples(t, judge.Corpus(t, dir...), ".json") {
			if s.name != "own-edge-cases.json" {
				list = append(list, s)
			}
		}
	}
	if len(list) < 30 {
		t.Fatalf("only %d files", len(list))
	}
	return list
}
