package elmo

import (
	"bytes"
	"io/fs"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/elmo/xmldsig"
	"elmobridge/testdata/judge"
)

// canonicalize gives the canonical form of a document, read as Verify reads it.
func canonicalize(data []byte, method xmldsig.Canonicalization) ([]byte, error) {
	o, err := open(data, Limits{})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = xmldsig.Target{Element: o.root, Raw: o.source.raw}.Canonicalize(&out, method)
	return out.Bytes(), err
}

// canonicalForms are what xmllint can write; it keeps comments.
var canonicalForms = map[string]xmldsig.Canonicalization{
	"--c14n":     {Comments: true},
	"--c14n11":   {V11: true, Comments: true},
	"--exc-c14n": {Exclusive: true, Comments: true},
}

// TestCanonicalForm compares with xmllint: all XML documents of the corpus, and hundreds made of them
// with what is hard about XML put in.
func TestCanonicalForm(t *testing.T) {
	xmllint := judge.Program(t, "xmllint")
	files := corpusXML(t)
	random := rand.New(rand.NewSource(1))
	compared, mutants, refused := 0, 0, 0
	compare := func(name string, data []byte) bool {
		agreed := false
		for option, method := range canonicalForms {
			want, ok := lint(t, xmllint, option, data)
			got, err := canonicalize(data, method)
			switch {
			case ok && err == nil && !bytes.Equal(got, want):
				t.Errorf("%s %s: %s", name, option, firstDifference(got, want))
			case ok && err != nil:
				t.Logf("%s %s: %v", name, option, err)
				refused++
			case ok:
				compared++
				agreed = true
			}
		}
		return agreed
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		compare(f, data)
	}
	if refused > 0 || compared < 300 {
		t.Errorf("of the corpus %d were compared, and %d refused that xmllint takes", compared, refused)
	}
	for i := 0; mutants < 300 && i < 2000; i++ {
		f := files[random.Intn(len(files))]
		if data, _ := os.ReadFile(f); len(data) < 60_000 && compare(f+" changed", complicate(random, data)) {
			mutants++
		}
	}
	t.Logf("%d comparisons, %d changed documents, %d refused that xmllint takes", compared, mutants, refused)
	if mutants < 300 || refused > 60 {
		t.Errorf("%d changed documents, %d refused", mutants, refused)
	}
}

func corpusXML(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, dir := range []string{"elmo", "oots"} {
		err := filepath.WalkDir(judge.Corpus(t, dir), func(path string, _ fs.DirEntry, err error) error {
			data, _ := os.ReadFile(path)
			if strings.HasSuffix(path, ".xml") && !bytes.Contains(data, []byte("<!DOCTYPE")) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// lint gives the canonical form by xmllint; not ok when it refuses the document or complains.
func lint(t *testing.T, xmllint, option string, data []byte) ([]byte, bool) {
	t.Helper()
	cmd := exec.Command(xmllint, "--nonet", option, "-")
	cmd.Stdin = bytes.NewReader(data)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	return out, err == nil && complaint.Len() == 0
}

func firstDifference(got, want []byte) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	part := func(b []byte) string { return string(b[max(0, i-60):min(len(b), i+60)]) }
	return "\n got " + part(got) + "\nwant " + part(want)
}

// inContent may stand between elements, inTag behind the name of an element.
var (
	inContent = []string{
		"<!-- a\r\nb -->", "<?pi  a\r\nb ?>", "<?pi?>", "<![CDATA[<&>\r\n]]>", "&#13;&#x9;", "\r\n", "\r", "&lt;&amp;&gt;&quot;&apos;'\"",
		"<x xmlns=''/>", "<x xmlns='urn:b'><y xmlns=''/><z xmlns='urn:b'/></x>", "<p:x xmlns:p='urn:c' p:b='1' a='2'/>",
		"<p:x xmlns:p='urn:c'><p:y/><q xmlns:p='urn:d' p:a='' /></p:x>", "<x xmlns:p='urn:z' xmlns:q='urn:a' p:a='1' q:a='2' xml:lang='x' b='3' a='4'/>",
		"<x xml:space='preserve' xml:base='http://example.org/'/>", "<x xmlns:xml='http://www.w3.org/XML/1998/namespace'/>", "é\u2028\U0001F393",
		"<x xmlns:a='urn:q' xmlns:b='urn:q'><a:y><b:y xmlns:a='urn:q'/></a:y></x>", strings.Repeat("QUJD\r\n", 1000), strings.Repeat("QUJD", 2000),
	}
	inTag = []string{
		" zz=' a\r\nb\tc\n&#10;&#13;&#9; d'", " zz='&lt;&gt;&amp;&quot;\"'", " xml:lang='zz'", " xmlns:zz='urn:&#65;b' zz:a=''", " xmlns:zz='urn:zz'",
		" xmlns:zz='urn:a' xmlns:zy='urn:b' zy:a='1' zz:b='2'", "\r\n", "\t", " zz='\u00A0é'", " xml:id='i1'",
	}
)

// complicate puts a few of them at random places, and sometimes changes the line ends.
func complicate(random *rand.Rand, data []byte) []byte {
	s := string(data)
	for range 1 + random.Intn(6) {
		if list := inContent; random.Intn(3) > 0 {
			s = insertBehind(random, s, ">", list[random.Intn(len(list))])
		} else {
			s = insertBehind(random, s, "<elmo,<report,<title,<ds:,<rim:,<learner,<issuer,<sdg:", inTag[random.Intn(len(inTag))])
		}
	}
	if random.Intn(5) == 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
	}
	if random.Intn(5) == 0 {
		s += "<!-- behind --><?behind it?>\n"
	}
	return []byte(s)
}

// insertBehind puts text behind one of the words, at a random place: behind the name that it begins.
func insertBehind(random *rand.Rand, s, words, text string) string {
	list := strings.Split(words, ",")
	word := list[random.Intn(len(list))]
	from := random.Intn(len(s))
	i := strings.Index(s[from:], word)
	if i < 0 {
		return s
	}
	at := from + i + len(word)
	if word != ">" {
		at += strings.IndexAny(s[at:]+">", " \t\r\n/>")
	}
	return s[:at] + text + s[at:]
}
