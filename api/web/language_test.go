package web

import (
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/mapping"
)

// verbs are the places of arguments in a text, in their order.
var verbs = regexp.MustCompile(`%[sd%]`)

// TestTexts: every language has the same texts, with the same arguments, and the plural forms that its whole numbers take.
func TestTexts(t *testing.T) {
	first := languages[0]
	for _, l := range languages {
		for key, text := range first.texts {
			if other := l.texts[key]; other == "" || !slices.Equal(verbs.FindAllString(text, -1), verbs.FindAllString(other, -1)) {
				t.Errorf("%s: %s is %q", l.Tag, key, other)
			}
		}
		if len(l.texts) != len(first.texts) || len(l.plurals) != len(first.plurals) || len(l.months) != 12 {
			t.Errorf("%s: %d texts, %d plurals, %d months", l.Tag, len(l.texts), len(l.plurals), len(l.months))
		}
		needed := map[string]bool{}
		for n := range 1100 {
			needed[l.form(n)] = true
		}
		for key := range first.plurals {
			if got, want := slices.Sorted(maps.Keys(l.plurals[key])), slices.Sorted(maps.Keys(needed)); !slices.Equal(got, want) {
				t.Errorf("%s: %s has the forms %v, not %v", l.Tag, key, got, want)
			}
			for form, text := range l.plurals[key] {
				if strings.Count(text, "%d") != 1 {
					t.Errorf("%s: %s, %s: %q", l.Tag, key, form, text)
				}
			}
		}
	}
}

// named are keys in templates and programs; made are beginnings of keys that are made of a name of a list.
var (
	named = regexp.MustCompile(`(?:\bt|plural|\.T|\.Plural)[ (]"([a-z.-]+)"`)
	label = regexp.MustCompile(`(?:field|add)[ (]"([A-Za-z]+)"|Label: "([a-z.]+)"`)
	made  = []string{"field.", "problem.", "reason.", "verdict.", "status.", "type.", "gender.", "signature.", "keep.", "result.", "report.", "date.", "file.",
		"shows.", "consent.", "format.", "choice.", "validation."}
)

// TestKeys: every key that is used is there, and every key that is there can be used.
func TestKeys(t *testing.T) {
	used := map[string]bool{}
	for _, file := range sources(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(data), -1) {
			used[m[1]] = true
		}
		for _, m := range label.FindAllStringSubmatch(string(data), -1) {
			if m[1] != "" {
				used["field."+m[1]] = true
			} else {
				used[m[2]] = true
			}
		}
	}
	for _, v := range mapping.Verdicts {
		used["verdict."+string(v)], used["verdict."+string(v)+".means"] = true, true
	}
	for _, r := range mapping.Reasons {
		used["reason."+string(r)] = true
	}
	for _, d := range []mapping.Direction{mapping.ToEDC, mapping.ToELMO} {
		used["result."+string(d)], used["report."+string(d)] = true, true
	}
	for _, k := range []convert.Keep{convert.KeepNone, convert.KeepNotes, convert.KeepSource} {
		used["keep."+string(k)] = true
	}
	l := languages[0]
	there := func(key string) bool { return l.texts[key] != "" || l.plurals[key] != nil }
	for key := range used {
		if !there(key) && !slices.Contains(made, key) {
			t.Errorf("no text %s", key)
		}
	}
	for key := range l.texts {
		if !used[key] && !slices.ContainsFunc(made, func(begin string) bool { return strings.HasPrefix(key, begin) }) {
			t.Errorf("nobody uses %s", key)
		}
	}
}

func sources(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		files, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		list = append(list, files...)
	}
	return slices.DeleteFunc(list, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
}

// TestFormats: dates and numbers by language; what is none stays as it is.
func TestFormats(t *testing.T) {
	for _, c := range []struct{ tag, date, number, country string }{
		{"en", "1 May 2024", "7.5", "Greece"}, {"nb", "1. mai 2024", "7,5", "Hellas"}, {"de", "1. Mai 2024", "7,5", "Griechenland"},
		{"nl", "1 mei 2024", "7,5", "Griekenland"}, {"fr", "1er mai 2024", "7,5", "Grèce"}, {"fi", "1. toukokuuta 2024", "7,5", "Kreikka"},
		{"pl", "1 maja 2024", "7,5", "Grecja"}, {"el", "1η Μαΐου 2024", "7,5", "Ελλάδα"},
	} {
		l := byTag(c.tag)
		if l == nil {
			t.Fatal(c.tag)
		}
		if d, n, x := l.Date("2024-05-01T23:59:00-11:00"), l.Number("7.5"), l.Country("GR"); d != c.date || n != c.number || x != c.country {
			t.Errorf("%s: %q %q %q", c.tag, d, n, x)
		}
		for _, odd := range []string{"", "soon", "2024-13-40", "2024"} {
			if got := l.Date(odd); got != odd {
				t.Errorf("%s: %q became %q", c.tag, odd, got)
			}
		}
		for _, odd := range []string{"", "7,5", "1.2.3", "7.", "x.5"} {
			if got := l.Number(odd); got != odd {
				t.Errorf("%s: %q became %q", c.tag, odd, got)
			}
		}
	}
	if got := byTag("pl").Plural("validation.errors", 22); got != "22 błędy" {
		t.Error(got)
	}
	if got := byTag("de").Count(12345); got != "12.345" {
		t.Error(got)
	}
}

// TestMostFindings: of many findings the worst are shown, and all are counted.
func TestMostFindings(t *testing.T) {
	v := validation{Of: "file", Counts: map[string]int{}}
	for range mostFindings {
		v.Findings = append(v.Findings, convert.Finding{Severity: convert.SeverityAdvice})
	}
	v.Findings = append(v.Findings, convert.Finding{Severity: convert.SeverityWarning}, convert.Finding{Severity: convert.SeverityError})
	v.sum()
	if len(v.Findings) != mostFindings || v.More != 2 || v.Findings[0].Severity != convert.SeverityError || v.Findings[1].Severity != convert.SeverityWarning ||
		v.Counts["advice"] != mostFindings || v.Counts["warning"] != 1 || v.Counts["error"] != 1 {
		t.Errorf("%d shown, %d more, %v, first %+v", len(v.Findings), v.More, v.Counts, v.Findings[0])
	}
}

// TestDataURI: files by their content, whatever the document says of them.
func TestDataURI(t *testing.T) {
	for _, c := range []struct{ content, kind, data string }{
		{"data:application/pdf;base64,JVBERi0xLjQK", "PDF", "%PDF-1.4\n"},
		{"data:text/html;base64,JVBERi0xLjQK", "PDF", "%PDF-1.4\n"},
		{" JVBER\n i0xLjQK ", "PDF", "%PDF-1.4\n"},
		{"data:application/pdf;base64,PHNjcmlwdD4=", "", "<script>"},
		{"data:image/svg+xml,<svg onload='x()'/>", "", "<svg onload='x()'/>"},
		{"data:text/plain,a%20b", "TXT", "a b"},
		{"data:,plain", "TXT", "plain"},
		{"data:text/plain;base64,AAEC", "", "\x00\x01\x02"},
		{"data:text/html,<b>", "", "<b>"},
		{"no file", "", "no file"},
		{"", "", ""},
	} {
		f := newFile(c.content)
		name := ""
		if f.kind != nil {
			name = f.kind.name
		}
		if name != c.kind || string(f.data) != c.data {
			t.Errorf("%q: %q %q", c.content, name, f.data)
		}
	}
}

// TestWebAddress: links lead to the web, and nowhere else.
func TestWebAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.org/a?b=c": "https://example.org/a?b=c", " http://example.org ": "http://example.org",
		"javascript:alert(1)": "", "data:text/html,x": "", "//example.org": "", "https:example.org": "", "http://": "", "\x01": "", "ftp://example.org": "",
	} {
		if got := webAddress(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
