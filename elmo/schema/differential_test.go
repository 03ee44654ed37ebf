package schema_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/elmo/schema"
	"elmobridge/testdata/judge"

	"github.com/beevik/etree"
)

// folders are the names of the schemas of the versions in the corpus.
var folders = map[schema.Version]string{
	"1.0": "1.0.0", "1.1": "1.1.0", "1.2": "1.2.0", "1.3": "1.3.0", "1.4": "1.4.0", "1.5": "1.5.0", "1.6": "1.6.0", "1.7": "1.7.0",
	"2.0": "2.0.0", "2.0-v2": "2.0.0-ns-v2",
}

// opinion is what xmllint says of one file.
type opinion struct {
	valid, known bool
	lines        []int // of its errors, in its order
	texts        []string
}

// xmllint asks about files of one folder, in few calls.
func xmllint(t testing.TB, v schema.Version, dir string, files []string) map[string]*opinion {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		judge.Absent(t, "the program xmllint is not there")
	}
	schemas := judge.Corpus(t, "elmo", "schema")
	opinions := make(map[string]*opinion, len(files))
	for batch := range slices.Chunk(files, 500) {
		cmd := exec.Command(program, append([]string{"--huge", "--nonet", "--noout", "--schema", filepath.Join(schemas, folders[v], "schema.xsd")}, batch...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "XML_CATALOG_FILES=file://"+filepath.Join(schemas, "catalog.xml"))
		out, _ := cmd.CombinedOutput()
		for _, file := range batch {
			opinions[file] = &opinion{}
		}
		for line := range strings.Lines(string(out)) {
			note(opinions, strings.TrimSpace(line))
		}
	}
	return opinions
}

// note takes a line of xmllint: "file:12: element x: Schemas validity error : text" or the verdict.
func note(opinions map[string]*opinion, line string) {
	if file, ok := strings.CutSuffix(line, " validates"); ok && opinions[file] != nil {
		opinions[file].valid, opinions[file].known = true, true
	} else if file, ok := strings.CutSuffix(line, " fails to validate"); ok && opinions[file] != nil {
		opinions[file].known = true
	} else if f := strings.SplitN(line, ":", 3); len(f) == 3 && opinions[f[0]] != nil && strings.Contains(f[2], "Schemas validity error") {
		if n, err := strconv.Atoi(f[1]); err == nil {
			opinions[f[0]].lines = append(opinions[f[0]].lines, n)
			opinions[f[0]].texts = append(opinions[f[0]].texts, f[2])
		}
	}
}

// variant is a damaged document.
type variant struct {
	file, from, how string
	version         schema.Version
	data            []byte
}

// base is a document to begin with, and the versions that accept it.
type base struct {
	name string
	root *etree.Element
	fits []schema.Version
}

// write gives a document with each start tag on a line of its own, so that the n-th element is on
// line n.
func write(root *etree.Element) []byte {
	var b bytes.Buffer
	writeElement(&b, root)
	return b.Bytes()
}

var (
	escapeText  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "&#10;", "\r", "&#13;")
	escapeValue = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\n", "&#10;", "\r", "&#13;", "\t", "&#9;")
)

func writeElement(b *bytes.Buffer, e *etree.Element) {
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	b.WriteString("<" + e.FullTag())
	for _, a := range e.Attr {
		b.WriteString(" " + a.FullKey() + `="` + escapeValue.Replace(a.Value) + `"`)
	}
	b.WriteByte('>')
	for _, token := range e.Child {
		switch token := token.(type) {
		case *etree.Element:
			writeElement(b, token)
		case *etree.Comment:
			b.WriteString("<!--c-->")
		case *etree.CharData:
			if !token.IsWhitespace() || len(e.ChildElements()) == 0 {
				b.WriteString(escapeText.Replace(token.Data))
			}
		}
	}
	b.WriteString("</" + e.FullTag() + ">")
}

func parse(t testing.TB, data []byte) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(data); err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

// shorten cuts long texts, which only take time.
func shorten(e *etree.Element) {
	for _, token := range e.Child {
		switch token := token.(type) {
		case *etree.Element:
			shorten(token)
		case *etree.CharData:
			if len(token.Data) > 1000 {
				token.SetData(strings.ToValidUTF8(token.Data[:400], ""))
			}
		}
	}
}

// bases gives the documents of the corpus, of testdata and random ones.
func bases(t testing.TB) []base {
	t.Helper()
	var list []base
	corpus := judge.Corpus(t, "elmo", "documents")
	add := func(name string, data []byte) {
		if _, err := elmo.Read(data, elmo.ReadOptions{}); err != nil {
			return
		}
		doc := etree.NewDocument()
		doc.ReadSettings.CharsetReader = nil
		if doc.ReadFromBytes(data) != nil || doc.Root().Tag != "elmo" {
			return
		}
		root := doc.Root().Copy()
		shorten(root)
		b := base{name: name, root: root}
		for _, v := range schema.Versions {
			if schema.First(parse(t, write(root)), v) == nil {
				b.fits = append(b.fits, v)
			}
		}
		list = append(list, b)
	}
	for _, pattern := range []string{filepath.Join(corpus, "*.xml"), filepath.Join(corpus, "*", "*.xml"), filepath.Join("..", "..", "testdata", "elmo", "*.xml")} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			add(filepath.Base(file), data)
		}
	}
	for seed := range int64(24) {
		opt := elmo.WriteOptions{}
		if seed%3 == 1 {
			opt.Version = []elmo.Version{elmo.V20, elmo.V20v2}[seed%2]
		}
		doc := elmotest.RandomWith(rand.New(rand.NewSource(seed)), elmotest.Options{V20: seed%3 == 1, Unknown: seed%6 == 0})
		data, err := elmo.Marshal(doc, opt)
		if err != nil {
			continue
		}
		add(fmt.Sprintf("random %d", seed), data)
	}
	return list
}

// TestAgreesWithXmllint damages documents and compares the verdict, and where the first fault is.
func TestAgreesWithXmllint(t *testing.T) {
	judge.Corpus(t, "elmo", "schema")
	number := 6000
	if testing.Short() {
		number = 500
	}
	if s := os.Getenv("N"); s != "" {
		number, _ = strconv.Atoi(s)
	}
	dir := t.TempDir()
	documents := bases(t)
	variants := map[schema.Version][]*variant{}
	for i := range number {
		v := damage(t, documents, int64(i))
		v.file = fmt.Sprintf("%d.xml", i)
		if err := os.WriteFile(filepath.Join(dir, v.file), v.data, 0o600); err != nil {
			t.Fatal(err)
		}
		variants[v.version] = append(variants[v.version], v)
	}
	var verdicts, places, invalid int
	for version, list := range variants {
		files := make([]string, len(list))
		for i, v := range list {
			files[i] = v.file
		}
		opinions := xmllint(t, version, dir, files)
		for _, v := range list {
			o := opinions[v.file]
			if !o.known {
				t.Fatalf("xmllint says nothing of %s (%s: %s)\n%s", v.file, v.from, v.how, v.data)
			}
			root := parse(t, v.data)
			first := schema.First(root, version)
			if (first == nil) != o.valid {
				verdicts++
				if verdicts < 40 {
					t.Errorf("VERDICT %s %s, %s: %s: ours %v, xmllint %v", v.file, v.from, version, v.how, describe(root, first), o.texts)
				}
				continue
			}
			if first == nil {
				continue
			}
			invalid++
			if len(o.lines) > 0 && lineOf(root, first.Node) != o.lines[0] {
				places++
				if places < 30 {
					t.Errorf("PLACE %s %s, %s: %s: ours %v, xmllint %v %v", v.file, v.from, version, v.how, describe(root, first), o.lines, o.texts)
				}
			}
		}
	}
	t.Logf("%d variants, %d invalid, %d other verdicts, %d other places", number, invalid, verdicts, places)
	if keep := os.Getenv("KEEP"); keep != "" && t.Failed() {
		os.Rename(dir, keep)
	}
}

func describe(root *etree.Element, f *schema.Finding) string {
	if f == nil {
		return "valid"
	}
	return fmt.Sprintf("%d: %s %s: %s", lineOf(root, f.Node), f.Rule, f.Node.Tag, f.Text)
}

// lineOf gives the line of an element, which is its number.
func lineOf(root, e *etree.Element) int {
	n, found := 0, 0
	var walk func(*etree.Element)
	walk = func(at *etree.Element) {
		n++
		if at == e {
			found = n
		}
		for _, c := range at.ChildElements() {
			walk(c)
		}
	}
	walk(root)
	return found
}

// damage makes the variant of a seed.
func damage(t testing.TB, documents []base, seed int64) *variant {
	r := rand.New(rand.NewSource(seed))
	for {
		b := documents[r.Intn(len(documents))]
		version := schema.Versions[r.Intn(len(schema.Versions))]
		if len(b.fits) == 0 && r.Intn(4) > 0 {
			continue
		}
		if len(b.fits) > 0 && r.Intn(10) > 0 {
			version = b.fits[r.Intn(len(b.fits))]
		}
		m := &mutator{Rand: r, root: b.root.Copy()}
		how := m.mutate()
		data := write(m.root)
		doc := etree.NewDocument()
		if doc.ReadFromBytes(data) != nil || len(data) > 60_000 {
			continue
		}
		return &variant{from: b.name, how: how, version: version, data: data}
	}
}
