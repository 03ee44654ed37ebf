package web

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/testdata/judge"
)

// seeds are the documents and credentials of the repository.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	var list [][]byte
	for _, pattern := range []string{"elmo/*.xml", "golden/*/edc.json", "invalid/*.xml"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "testdata", pattern))
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			list = append(list, data)
		}
	}
	return list
}

// FuzzPage: whatever is converted can be kept, and shown in every language; each id stands once on the page.
func FuzzPage(f *testing.F) {
	for i, data := range seeds(f) {
		f.Add(data, i)
	}
	h := &handlers{}
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		res, err := h.result(&upload{name: "x", data: data, there: true})
		if err != nil {
			return
		}
		shown(t, res, languages[uint(n)%uint(len(languages))])
	})
}

// shown is the page of a result as it is kept, with its parts.
func shown(t *testing.T, res *result, l *language) *resultPage {
	t.Helper()
	res, err := decodeResult(res.encode())
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPage(res, keptResult{Number: 1}, l)
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	if err := l.templates.ExecuteTemplate(&page, "result", view{Language: l, All: languages, Body: p}); err != nil {
		t.Fatal(err)
	}
	once(t, page.String())
	return p
}

// TestCorpus: what others have written is shown, with every entry of the report about ELMO at its place; what is not
// converted is a problem of the file.
func TestCorpus(t *testing.T) {
	h := &handlers{}
	count, least := 0, 50
	dirs := []string{judge.Corpus(t, "elmo", "dc4eu-converter-output"), judge.Corpus(t, "elmo", "documents"), judge.Corpus(t, "elm", "samples")}
	if testing.Short() {
		dirs, least = dirs[:1], 4 // for the race detector
	}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" && filepath.Ext(path) != ".json" {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			res, err := h.result(&upload{name: filepath.Base(path), data: data})
			if err != nil {
				if p := problemOf(err); p.Kind == problem.Internal {
					t.Errorf("%s: %v", path, err)
				}
				return nil
			}
			count++
			placed(t, path, shown(t, res, languages[count%len(languages)]).Report)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count < least {
		t.Errorf("only %d documents were shown", count)
	}
}

// placed fails when entries that name a part of a document have no place on the page.
func placed(t *testing.T, path string, r *lossReport) {
	t.Helper()
	for _, g := range r.Verdicts {
		shown := g.Rest
		for _, line := range g.Lines {
			shown += line.Count
			for _, p := range line.Places {
				if p.At == nil && p.Source != "" && p.Source[0] != '/' {
					t.Errorf("%s: nothing on the page for %s", path, p.Source)
				}
			}
		}
		if shown != g.Count {
			t.Errorf("%s: %d entries are %s, %d shown", path, g.Count, g.Verdict, shown)
		}
	}
}

// once fails when an id stands twice on a page.
func once(t *testing.T, page string) {
	t.Helper()
	seen := map[string]bool{}
	for _, rest := range strings.Split(page, ` id="`)[1:] {
		id, _, _ := strings.Cut(rest, `"`)
		if seen[id] {
			t.Fatalf("the id %s stands twice: %.300s", id, rest)
		}
		seen[id] = true
	}
}

// FuzzForm: what is no form is a problem of the request, never a fault.
func FuzzForm(f *testing.F) {
	f.Add("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n<elmo/>\r\n--b--\r\n")
	f.Add("--b\r\nContent-Disposition: form-data; name=\"keep\"\r\n\r\nnotes\r\n--b--\r\n")
	f.Fuzz(func(t *testing.T, body string) {
		r, err := http.NewRequest(http.MethodPost, "http://service.example.org/results", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		if _, err := readForm(r, io.NopCloser(strings.NewReader(body))); err != nil && problemOf(err).Kind == problem.Internal {
			t.Error(err)
		}
	})
}

// BenchmarkPage compares showing a result with the conversion that it shows; the pictures are drawn then, not for the page.
func BenchmarkPage(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elmo", "transcript.xml"))
	if err != nil {
		b.Fatal(err)
	}
	h := &handlers{}
	var converting, showing time.Duration
	for b.Loop() {
		begin := time.Now()
		res, err := h.result(&upload{data: data, keep: string(convert.KeepNotes)})
		if err != nil {
			b.Fatal(err)
		}
		converted := time.Now()
		p, err := newPage(res, keptResult{Number: 1}, languages[0])
		if err != nil {
			b.Fatal(err)
		}
		if err := languages[0].templates.ExecuteTemplate(io.Discard, "result", view{Language: languages[0], All: languages, Body: p}); err != nil {
			b.Fatal(err)
		}
		converting, showing = converting+converted.Sub(begin), showing+time.Since(converted)
	}
	b.ReportMetric(showing.Seconds()/converting.Seconds(), "page/conversion")
}
