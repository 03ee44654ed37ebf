package schema_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	from, how string
	version   schema.Version
	data      []byte
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

// difference is a line of testdata/differences.tsv.
type difference struct {
	refuses string         // "schema" or "xmllint"
	types   *regexp.Regexp // nil for any
	values  *regexp.Regexp
}

func differences(t testing.TB) []*difference {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "differences.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var list []*difference
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || f[0] == "refuses" {
			continue
		}
		if len(f) != 4 || f[3] == "" {
			t.Fatalf("differences.tsv: a line needs four columns: %q", line)
		}
		d := &difference{refuses: f[0], values: regexp.MustCompile(f[2])}
		if f[1] != "*" {
			d.types = regexp.MustCompile("^" + f[1] + "$")
		}
		list = append(list, d)
	}
	return list
}

// comparison compares what both say of documents.
type comparison struct {
	known                         []*difference
	documents, invalid, explained int
	failures                      []string
}

// compare takes one document, each start tag on a line of its own. Both must agree on the verdict; on
// the element where the first fault is, in the order in which a reader meets it (both report a missing
// element at the one that stands in its place, or else at the parent); and every element that xmllint
// names must be among those that Check names. Check may name more, since xmllint skips what is inside
// an element that it does not expect.
func (c *comparison) compare(root *etree.Element, v schema.Version, o *opinion, what string) {
	c.documents++
	if !o.valid {
		c.invalid++
	}
	d := document{number(root)}
	first := schema.First(root, v)
	ours, theirs := 0, 0
	if first != nil {
		ours = d.line(first.Node)
	}
	if len(o.lines) > 0 {
		theirs = o.lines[0]
	}
	switch {
	case (first == nil) != o.valid || ours != theirs:
		if c.explain(d, "xmllint", theirs, "") || c.explain(d, "schema", ours, typeOf(first)) {
			c.explained++
			return
		}
		c.failures = append(c.failures, fmt.Sprintf("%s, %s: ours %s, xmllint %v %v", what, v, d.describe(first), o.lines, o.texts))
	case !o.valid:
		if line := c.unnamed(d, schema.Check(root, v, schema.Options{Structure: true, Max: 1 << 20}), o.lines); line > 0 {
			c.failures = append(c.failures, fmt.Sprintf("%s, %s: xmllint names line %d, we do not: %v", what, v, line, o.texts))
		}
	}
}

// typeOf gives the built-in type that a finding is about, by its text.
func typeOf(f *schema.Finding) string {
	for name, says := range schema.Builtins() {
		if f != nil && f.Rule == "XSD-TYPE" && strings.Contains(f.Text, says) {
			return name
		}
	}
	return ""
}

// explain tells whether a known difference is about the value that one side refuses; kind is its type,
// as far as it is known.
func (c *comparison) explain(doc document, side string, line int, kind string) bool {
	if line < 1 || line > len(doc.elements) {
		return false
	}
	return slices.ContainsFunc(c.known, func(d *difference) bool {
		return d.refuses == side && (d.types == nil || d.types.MatchString(kind)) && d.values.MatchString(doc.elements[line-1].Text())
	})
}

// unnamed gives a line that xmllint names and no finding, 0 for none.
func (c *comparison) unnamed(doc document, found []schema.Finding, lines []int) int {
	named := map[int]bool{}
	for _, f := range found {
		named[doc.line(f.Node)] = true
	}
	for _, line := range lines {
		if !named[line] && !c.explain(doc, "xmllint", line, "") {
			return line
		}
	}
	return 0
}

func (c *comparison) result(t *testing.T) {
	t.Logf("%d comparisons: %d refused by xmllint, %d equal in verdict and places, %d differ as differences.tsv explains, %d unexplained",
		c.documents, c.invalid, c.documents-c.explained-len(c.failures), c.explained, len(c.failures))
	for _, failure := range c.failures[:min(len(c.failures), 20)] {
		t.Error(failure)
	}
}

// TestAgreesWithXmllint damages documents and compares the verdict, and where the first fault is.
func TestAgreesWithXmllint(t *testing.T) {
	judge.Corpus(t, "elmo", "schema")
	total := 6000
	if testing.Short() {
		total = 500
	}
	dir := t.TempDir()
	documents := bases(t)
	variants := map[schema.Version]map[string]*variant{}
	for i := range total {
		v := damage(documents, int64(i))
		if variants[v.version] == nil {
			variants[v.version] = map[string]*variant{}
		}
		variants[v.version][fmt.Sprintf("%d.xml", i)] = v
	}
	c := &comparison{known: differences(t)}
	for version, list := range variants {
		for file, o := range ask(t, version, dir, list) {
			c.compare(parse(t, list[file].data), version, o, file+" from "+list[file].from+": "+list[file].how)
		}
	}
	c.result(t)
	if c.invalid < total/2 || c.invalid > total*9/10 {
		t.Errorf("%d of %d variants are invalid: the mutations are out of balance", c.invalid, total)
	}
}

// ask writes the variants to dir and asks xmllint.
func ask(t testing.TB, v schema.Version, dir string, list map[string]*variant) map[string]*opinion {
	t.Helper()
	files := slices.Sorted(maps.Keys(list))
	for _, file := range files {
		if err := os.WriteFile(filepath.Join(dir, file), list[file].data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opinions := xmllint(t, v, dir, files)
	for _, file := range files {
		if !opinions[file].known {
			t.Fatalf("xmllint says nothing of %s from %s: %s", file, list[file].from, list[file].how)
		}
	}
	return opinions
}

// TestCorpusAgrees compares the documents as they are, with every version of the schema.
func TestCorpusAgrees(t *testing.T) {
	judge.Corpus(t, "elmo", "schema")
	documents := bases(t)
	dir := t.TempDir()
	c := &comparison{known: differences(t)}
	for _, version := range schema.Versions {
		list := map[string]*variant{}
		for i, b := range documents {
			list[fmt.Sprintf("%d.xml", i)] = &variant{from: b.name, version: version, data: write(b.root)}
		}
		for file, o := range ask(t, version, dir, list) {
			c.compare(parse(t, list[file].data), version, o, list[file].from)
		}
	}
	c.result(t)
}

// document knows the elements by their lines: the n-th is on line n.
type document struct{ elements []*etree.Element }

// number gives the elements in order.
func number(root *etree.Element) []*etree.Element {
	list := []*etree.Element{root}
	for _, c := range root.ChildElements() {
		list = append(list, number(c)...)
	}
	return list
}

func (d document) line(e *etree.Element) int { return slices.Index(d.elements, e) + 1 }

func (d document) describe(f *schema.Finding) string {
	if f == nil {
		return "valid"
	}
	return fmt.Sprintf("%d: %s %s: %s", d.line(f.Node), f.Rule, f.Node.Tag, f.Text)
}

// damage makes the variant of a seed.
func damage(documents []base, seed int64) *variant {
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
