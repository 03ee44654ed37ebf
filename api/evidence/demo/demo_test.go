package demo

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"elmobridge/api/evidence"
	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/testdata/judge"
)

// results are the documents of the learners who have some.
func results(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, l := range Learners() {
		data, err := Source{}.Results(context.Background(), l.Learner)
		if l.Shows == "No results" {
			if !errors.Is(err, evidence.ErrNoResults) {
				t.Errorf("%s: %v", l.Shows, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", l.Shows, err)
		}
		all[l.Shows] = data
	}
	return all
}

// TestDemo: there is enough to see, each learner is found by the national identifier alone, and nobody else is.
func TestDemo(t *testing.T) {
	countries, ids := map[string]bool{}, map[string]bool{}
	for _, l := range Learners() {
		countries[l.Country], ids[l.Identifiers[0].Value] = true, true
	}
	if len(countries) < 3 || len(ids) < 7 || len(results(t)) < 6 {
		t.Errorf("%d countries, %d learners, %d with results", len(countries), len(ids), len(results(t)))
	}
	for _, l := range []evidence.Learner{{}, {Identifiers: []evidence.Identifier{{Type: "esi", Value: "NO-DEMO-2001-05-17"}}}, {GivenNames: "Kari", FamilyName: "Fjordheim-Eksempel", DateOfBirth: "2001-05-17"}} {
		if _, err := (Source{}).Results(context.Background(), l); !errors.Is(err, evidence.ErrUnknownLearner) {
			t.Error(err)
		}
	}
}

// TestInstitutions: every learner can log in at one institution, that of the country, and has a key of what there is to see.
func TestInstitutions(t *testing.T) {
	names, learners, keys := map[string]bool{}, 0, map[string]bool{}
	for _, i := range Institutions() {
		names[i.Name] = true
		for _, l := range i.Learners {
			learners++
			keys[l.Key] = true
			if l.Country != i.Country {
				t.Errorf("%s: a learner of %s", i.Name, l.Country)
			}
		}
		if len(i.Titles) == 0 || i.Titles[0].Text == "" {
			t.Errorf("%s has no title", i.Name)
		}
	}
	if len(names) != 3 || learners != len(Learners()) || len(keys) != learners {
		t.Errorf("%d institutions, %d learners, %d keys", len(names), learners, len(keys))
	}
}

// TestValid: all documents are valid by the schema of ELMO 1.7, to the judge and to us.
func TestValid(t *testing.T) {
	var files []string
	for name, data := range results(t) {
		v, err := convert.Validate(data, convert.ValidateOptions{})
		if err != nil {
			t.Fatal(name, err)
		}
		for _, f := range v.Findings {
			if f.Severity == convert.SeverityError {
				t.Errorf("%s: %s %s: %s", name, f.Rule, f.Path, f.Text)
			}
		}
		file := filepath.Join(t.TempDir(), strconv.Itoa(len(files))+".xml")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for file, valid := range judge.ELMO(t, "1.7.0", files...) {
		if !valid {
			t.Errorf("%s is invalid", file)
		}
	}
}

// TestConvertible: every document becomes credentials.
func TestConvertible(t *testing.T) {
	for name, data := range results(t) {
		in, err := convert.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := convert.ToEDC(in.Document, convert.Options{Display: convert.DisplayMinimal})
		if err != nil || len(list) != len(in.Document.Reports) {
			t.Errorf("%s: %d credentials, %v", name, len(list), err)
		}
	}
}

// TestAddresses: nothing in the documents leads to anybody.
func TestAddresses(t *testing.T) {
	for name, data := range results(t) {
		for _, part := range strings.Split(string(data), "http")[1:] {
			host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(part, "s"), "://"), "/")
			host, _, _ = strings.Cut(host, "<")
			if !strings.HasSuffix(host, ".example.org") && host != "github.com" && host != "www.w3.org" {
				t.Errorf("%s: %s", name, host)
			}
		}
	}
}

// contents are the files in a document of one media type.
func contents(t *testing.T, data []byte, mediaType string) [][]byte {
	t.Helper()
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	attachments := doc.Attachments
	for _, r := range doc.Reports {
		attachments = append(attachments, r.Attachments...)
	}
	var list [][]byte
	for _, a := range attachments {
		for _, c := range a.Contents {
			if text, is := strings.CutPrefix(c.Value, "data:"+mediaType+";base64,"); is {
				content, err := base64.StdEncoding.DecodeString(text)
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, content)
			}
		}
	}
	return list
}

// TestFiles: pictures can be read.
func TestFiles(t *testing.T) {
	pictures, pages := 0, 0
	for name, data := range results(t) {
		for _, c := range contents(t, data, "image/png") {
			pictures++
			if _, err := png.Decode(bytes.NewReader(c)); err != nil {
				t.Error(name, err)
			}
		}
		for _, c := range contents(t, data, "application/pdf") {
			pages++
			at := bytes.LastIndex(c, []byte("startxref\n"))
			offset, err := strconv.Atoi(strings.Fields(string(c[at:]))[1])
			if err != nil || !bytes.HasPrefix(c[offset:], []byte("xref\n")) {
				t.Errorf("%s: the table is not at %d", name, offset)
			}
		}
	}
	if pictures == 0 || pages < 4 {
		t.Errorf("%d pictures, %d pages", pictures, pages)
	}
}
