package web

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elmobridge/api/problem"
	"elmobridge/convert"
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
	h := &handlers{Config: Config{Observe: func(Conversion) {}, Clock: time.Now}}
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		res, err := h.result(&upload{name: "x", data: data, there: true})
		if err != nil {
			return
		}
		if res, err = decodeResult(res.encode()); err != nil {
			t.Fatal(err)
		}
		l := languages[uint(n)%uint(len(languages))]
		p, err := newPage(res, keptResult{Number: 1}, l)
		if err != nil {
			t.Fatal(err)
		}
		var page strings.Builder
		if err := l.templates.ExecuteTemplate(&page, "result", view{Language: l, All: languages, Body: p}); err != nil {
			t.Fatal(err)
		}
		once(t, page.String())
	})
}

// once fails when an id stands twice on a page.
func once(t *testing.T, page string) {
	t.Helper()
	seen := map[string]bool{}
	for _, rest := range strings.Split(page, ` id="`)[1:] {
		id, _, _ := strings.Cut(rest, `"`)
		if seen[id] {
			t.Fatalf("the id %s stands twice", id)
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
	h := &handlers{Config: Config{Observe: func(Conversion) {}, Clock: time.Now}}
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
