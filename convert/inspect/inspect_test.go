package inspect

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"elmobridge/convert"
	"elmobridge/elmo"
)

// TestOf: a document and the credentials made of it show the same learner and the same results.
func TestOf(t *testing.T) {
	names, err := filepath.Glob("../../testdata/elmo/*.xml")
	if err != nil || len(names) < 7 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			document, credentials := of(t, data), of(t, credentials(t, data))
			if len(document.Contents) != 1 || document.Contents[0].Kind != "ELMO" || document.Validity == "" {
				t.Fatalf("%+v", document)
			}
			if len(credentials.Contents) != len(document.Contents[0].Reports) {
				t.Fatalf("%d credentials for %d reports", len(credentials.Contents), len(document.Contents[0].Reports))
			}
			for i, r := range document.Contents[0].Reports {
				c := credentials.Contents[i]
				if fact(c.Learner, "family name") != fact(document.Contents[0].Learner, "family name") || fact(c.Form, "seal") != "none" {
					t.Errorf("%+v", c)
				}
				if !reflect.DeepEqual(titles(c.Reports[0].Results), titles(r.Results)) {
					t.Errorf("results %q, want %q", titles(c.Reports[0].Results), titles(r.Results))
				}
			}
		})
	}
}

func of(t *testing.T, data []byte) *Inspection {
	t.Helper()
	found, err := Of(data)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// credentials are those of a document, as an array.
func credentials(t *testing.T, xml []byte) []byte {
	t.Helper()
	in, err := convert.Read(xml)
	if err != nil {
		t.Fatal(err)
	}
	opt := convert.Options{Display: convert.DisplayMinimal}
	list, _, err := convert.ToEDC(in.Document, opt)
	if err != nil {
		t.Fatal(err)
	}
	data := []byte("[")
	for i, c := range list {
		if i > 0 {
			data = append(data, ',')
		}
		data = convert.AppendEDC(data, c, opt)
	}
	return append(data, ']')
}

// fact is the value of a name.
func fact(list []Fact, name string) string {
	for _, f := range list {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// titles are those of results and their parts, in order.
func titles(list []*Result) []string {
	var all []string
	for _, r := range list {
		all = append(append(all, r.Title), titles(r.Parts)...)
	}
	return all
}

// TestUnreadable: the errors are those of reading.
func TestUnreadable(t *testing.T) {
	for text, want := range map[string]error{"": convert.ErrFormat, "<a/>": elmo.ErrNotELMO} {
		if _, err := Of([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
