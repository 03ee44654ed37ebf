package elmo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/testdata/judge"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func documents(t testing.TB) []string {
	var list []string
	err := filepath.WalkDir(judge.Corpus(t, "elmo", "documents"), func(path string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".xml") {
			list = append(list, path)
		}
		return err
	})
	if err != nil || len(list) < 40 {
		t.Fatalf("only %d corpus documents: %v", len(list), err)
	}
	return list
}

func load(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var sameModel = cmp.Options{cmpopts.IgnoreFields(elmo.Document{}, "Source"), cmpopts.EquateEmpty()}

// TestCorpus reads each document of the corpus, or refuses it for the right reason, writes it and
// reads it again.
func TestCorpus(t *testing.T) {
	refused := map[string]error{
		"attack-external-entity.xml": elmo.ErrDTD,
		"tc10-request-1.xml":         elmo.ErrNotELMO,
		"tc10-response-1.xml":        elmo.ErrNotELMO,
	}
	for _, name := range documents(t) {
		base := filepath.Base(name)
		t.Run(base, func(t *testing.T) {
			doc, err := elmo.Read(load(t, name), elmo.ReadOptions{})
			want := refused[base]
			if strings.HasPrefix(base, "pre10-") {
				want = elmo.ErrPre10
			}
			if want != nil || err != nil {
				if !errors.Is(err, want) || want == nil {
					t.Fatalf("%v, want %v", err, want)
				}
				return
			}
			for _, indent := range []bool{false, true} {
				again(t, doc, elmo.WriteOptions{Version: written(doc), Indent: indent})
			}
		})
	}
}

// written is a version in which all of doc can be written.
func written(doc *elmo.Document) elmo.Version {
	if doc.Source != nil && doc.Source.Version >= elmo.V20 {
		return elmo.V20
	}
	return elmo.V17
}

// again writes doc and reads it: the model must be the same.
func again(t testing.TB, doc *elmo.Document, opt elmo.WriteOptions) []byte {
	t.Helper()
	out, err := elmo.Marshal(doc, opt)
	if err != nil {
		t.Fatal(err)
	}
	back, err := elmo.Read(out, elmo.ReadOptions{})
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if d := difference(doc, back); d != "" {
		t.Fatalf("%s\n%s", d, out)
	}
	return out
}

// difference is cmp.Diff without Source; equal documents are told faster.
func difference(a, b *elmo.Document) string {
	equal := *b
	equal.Source = a.Source
	if reflect.DeepEqual(a, &equal) {
		return ""
	}
	return cmp.Diff(a, b, sameModel)
}

func TestCorpusDetails(t *testing.T) {
	dir := judge.Corpus(t, "elmo", "documents")
	read := func(name string) *elmo.Document {
		doc, err := elmo.Read(load(t, filepath.Join(dir, name)), elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	if s := read("ewp/imobility-tors-v2-get-response.xml").Source; s.Wrapper != "imobility-tors-get-response" {
		t.Errorf("wrapper %q", s.Wrapper)
	}
	latin := read("encoding-iso-8859-1.xml")
	if latin.Source.Encoding != "ISO-8859-1" {
		t.Errorf("encoding %q", latin.Source.Encoding)
	}
	if latin.Learner.GivenNames != "Zoë" || latin.Learner.FamilyName != "Ångström" {
		t.Errorf("%q %q", latin.Learner.GivenNames, latin.Learner.FamilyName)
	}
	if d := cmp.Diff(read("encoding-utf8-bom.xml"), read("encoding-no-declaration.xml"), sameModel); d != "" {
		t.Error(d)
	}
	if s := read("synthetic-recognition-2.0.0.xml").Source; s.Version != elmo.V20 || s.VersionFrom != "elements" {
		t.Errorf("version %s from %s", s.Version, s.VersionFrom)
	}
	// Norway: the grading scheme stands before issueDate.
	want := elmo.Observation{Kind: elmo.Order, Path: "report[1]/gradingScheme[1]", Line: 133}
	if s := read("norway-uio-1.7-gateway-sample.xml").Source; !slices.Contains(s.Observations, want) {
		t.Errorf("no %v in %v", want, s.Observations)
	}
	official := read("official-example-1.4.0-to-2.0.0.xml")
	if official.Extension != nil || official.Signature.IsZero() || !elmo.Clean(official) {
		t.Errorf("extension %v, extra %v", official.Extension, official.Extra)
	}
	plus := read("germany-elmoplus.xml")
	if !elmo.Clean(plus) || len(plus.Reports[0].LearningOpportunitySpecifications[0].Extension.Children) == 0 {
		t.Error("the extensions of elmoPlus are not where they should be")
	}
}

// TestCorpusStaysValid writes each document that is valid: the result must be valid.
func TestCorpusStaysValid(t *testing.T) {
	dir := t.TempDir()
	for v, atLeast := range map[elmo.Version]int{elmo.V17: 20, elmo.V20: 1} {
		var outputs []string
		for name, ok := range judge.ELMO(t, schemas[v], documents(t)...) {
			if !ok {
				continue
			}
			doc, err := elmo.Read(load(t, name), elmo.ReadOptions{})
			if err != nil {
				t.Fatal(name, err)
			}
			out, err := elmo.Marshal(doc, elmo.WriteOptions{Version: v})
			if err != nil {
				t.Fatal(name, err)
			}
			file := filepath.Join(dir, filepath.Base(name))
			if err := os.WriteFile(file, out, 0o600); err != nil {
				t.Fatal(err)
			}
			outputs = append(outputs, file)
		}
		if len(outputs) < atLeast {
			t.Errorf("only %d documents are valid against %s", len(outputs), v)
		}
		valid(t, v, outputs...)
	}
}

// valid asks the schema of v about files.
func valid(t *testing.T, v elmo.Version, files ...string) {
	t.Helper()
	for file, ok := range judge.ELMO(t, schemas[v], files...) {
		if !ok {
			t.Errorf("%s is not valid against %s", filepath.Base(file), v)
		}
	}
}

func TestRandom(t *testing.T) {
	for seed := range int64(400) {
		unknown, v20 := seed%3 == 1, seed%4 == 3
		doc := elmotest.RandomWith(rand.New(rand.NewSource(seed)), elmotest.Options{Unknown: unknown, V20: v20})
		opt := elmo.WriteOptions{Indent: seed%2 == 0, Skeleton: seed%5 == 0}
		if v20 {
			opt.Version = elmo.V20
			if seed%8 == 3 {
				opt.Version = elmo.V20v2
			}
		}
		again(t, doc, opt)
	}
}

// TestRandomIsValid asks the schema about random documents, as far as they are meant to be valid.
func TestRandomIsValid(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for seed := range int64(40) {
		doc := elmotest.Random(rand.New(rand.NewSource(seed)))
		out, err := elmo.Marshal(doc, elmo.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, fmt.Sprintf("%d.xml", seed))
		if err := os.WriteFile(file, out, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	valid(t, elmo.Latest, files...)
}

const head = `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">`

// TestHostile reads what must be refused; the message names the line and never a value.
func TestHostile(t *testing.T) {
	attributes, prefixes := "", ""
	for i := range 300 {
		attributes += fmt.Sprintf(` a%d=""`, i)
		if i < 10 {
			prefixes += fmt.Sprintf(` xmlns:a%d="u"`, i)
		}
	}
	cases := map[string]struct {
		xml  string
		err  error
		want string
	}{
		"empty":            {"", elmo.ErrSyntax, "line 1: the document is empty"},
		"blank":            {" \n ", elmo.ErrSyntax, "line 2: the document is empty"},
		"JSON":             {`{"a":"secret"}`, elmo.ErrSyntax, "line 1: the document is not XML: it does not begin with \"<\""},
		"internal entity":  {"<!DOCTYPE elmo [<!ENTITY a \"b\">]>\n" + head + "&a;</elmo>", elmo.ErrDTD, "line 1: document type declarations are not accepted"},
		"unknown entity":   {head + "\n<learner>&secret;</learner></elmo>", elmo.ErrSyntax, "line 2: an entity that XML does not know"},
		"two roots":        {head + "</elmo>\n<elmo/>", elmo.ErrSyntax, "line 2: there is a second root element"},
		"text behind":      {head + "</elmo>\n\nsecret", elmo.ErrSyntax, "line 3: there is text after the root element"},
		"text before":      {"<!-- -->\nsecret" + head + "</elmo>", elmo.ErrSyntax, "line 2: the document does not begin with an XML element"},
		"CDATA before":     {"<![CDATA[a]]>" + head + "</elmo>", elmo.ErrSyntax, "line 1: a declaration is not allowed here"},
		"unclosed":         {head + "\n<learner>", elmo.ErrSyntax, "line 2: the document ends before its elements are closed"},
		"wrong end":        {head + "\n</learner>", elmo.ErrSyntax, "line 2: an end tag does not match its start tag"},
		"unclosed tag":     {head + "\n<learner a=\"\"", elmo.ErrSyntax, "line 2: a start tag is not closed"},
		"unclosed comment": {head + "\n<!-- a ->", elmo.ErrSyntax, "line 2: a comment is not closed"},
		"unclosed CDATA":   {head + "\n<![CDATA[ ]]", elmo.ErrSyntax, "line 2: a CDATA section is not closed"},
		"late declaration": {head + "\n<?xml version=\"1.0\"?></elmo>", elmo.ErrSyntax, "line 2: an XML declaration may only stand at the very beginning"},
		"no quotes":        {head + "\n<a b=c/></elmo>", elmo.ErrSyntax, "line 2: an attribute value is not quoted"},
		"no value":         {head + "\n<a b/></elmo>", elmo.ErrSyntax, "line 2: an attribute has no value"},
		"no space":         {head + "\n<a b=\"\"c=\"\"/></elmo>", elmo.ErrSyntax, "line 2: white space is missing between attributes"},
		"two attributes":   {head + "\n<a b=\"\" b=\"\"/></elmo>", elmo.ErrSyntax, "line 2: an element has two attributes of one name"},
		"same expanded":    {head + "\n<learner xmlns:a=\"x\" xmlns:b=\"x\" a:c=\"\" b:c=\"\"/></elmo>", elmo.ErrSyntax, "line 2: learner: an element has two attributes of one name"},
		"two defaults":     {"\n<elmo xmlns=\"\" xmlns=\"\"/>", elmo.ErrSyntax, "line 2: an element has two attributes of one name"},
		"unbound element":  {head + "\n<secret:a/></elmo>", elmo.ErrSyntax, "line 2: a prefix is not declared"},
		"unbound attr":     {head + "<learner>\n<date secret:a=\"\"/></learner></elmo>", elmo.ErrSyntax, "line 2: learner: a prefix is not declared"},
		"unbound deep":     {head + "<extension><a>\n<secret:a/></a></extension></elmo>", elmo.ErrSyntax, "line 2: extension: a prefix is not declared"},
		"no namespace":     {head + "\n<a xmlns:b=\"\"/></elmo>", elmo.ErrSyntax, "line 2: a prefix is declared for no namespace"},
		"odd name":         {head + "\n<1/></elmo>", elmo.ErrSyntax, "line 2: a name that XML does not allow"},
		"three parts":      {head + "\n<a:b:c xmlns:a=\"x\"/></elmo>", elmo.ErrSyntax, "line 2: \"<\" without an element name"},
		"control":          {head + "\n<learner>\x01</learner></elmo>", elmo.ErrSyntax, "line 2: a character that XML does not allow"},
		"control by name":  {head + "\n<learner>&#1;</learner></elmo>", elmo.ErrSyntax, "line 2: a character that XML does not allow"},
		"]]>":              {head + "\n]]></elmo>", elmo.ErrSyntax, "line 2: \"]]>\" stands in a text"},
		"XML 1.1":          {`<?xml version="1.1"?>` + head + "</elmo>", elmo.ErrSyntax, "line 1: not XML 1.0"},
		"bad UTF-8":        {head + "\n<learner>\xFF</learner></elmo>", elmo.ErrEncoding, "line 2: bytes are not valid UTF-8, although no encoding is declared, so it must be UTF-8"},
		"declared UTF-8":   {`<?xml version="1.0" encoding="utf-8"?>` + head + "\xE6</elmo>", elmo.ErrEncoding, "line 1: bytes are not valid UTF-8, although the declaration says UTF-8"},
		"unknown encoding": {`<?xml version="1.0" encoding="secret"?>` + head + "</elmo>", elmo.ErrEncoding, "line 1: the declared encoding is not known here"},
		"false UTF-16":     {`<?xml version="1.0" encoding="UTF-16"?>` + head + "</elmo>", elmo.ErrEncoding, "line 1: the declaration says UTF-16, but the bytes are not UTF-16"},
		"not ASCII":        {`<?xml version="1.0" encoding="US-ASCII"?>` + head + "æ</elmo>", elmo.ErrEncoding, "line 1: bytes are not ASCII, although the declaration says so"},
		"windows-1252":     {`<?xml version="1.0" encoding="windows-1252"?>` + head + "\n\x81</elmo>", elmo.ErrEncoding, "line 2: bytes are not valid in the declared encoding windows-1252"},
		"half UTF-16":      {"\xFF\xFE<\x00a", elmo.ErrEncoding, "line 1: UTF-16 ends in half a character"},
		"surrogate":        {"\xFE\xFF\x00<\x00a\xD8\x00\x00a", elmo.ErrEncoding, "line 1: half a surrogate pair, although the bytes should be UTF-16"},
		"too deep":         {head + strings.Repeat("<a>", 100_000), elmo.ErrLimit, "line 1: elements are nested too deeply"},
		"many attributes":  {head + "\n<a" + attributes + "/></elmo>", elmo.ErrLimit, "line 2: an element has too many attributes"},
		"many prefixes":    {head + "\n" + strings.Repeat("<a"+prefixes+">", 30) + strings.Repeat("</a>", 30) + "</elmo>", elmo.ErrLimit, "line 2: there are too many namespace declarations"},
		"other root":       {"\n<secret/>", elmo.ErrNotELMO, "line 2: the root element is not elmo, and there is no elmo element inside"},
		"two inside":       {"<a><elmo/><elmo/></a>", elmo.ErrNotELMO, "line 1: the root element is not elmo, and there is more than one elmo element inside"},
		"before 1.0":       {`<elmo xmlns="http://purl.org/net/elmo"/>`, elmo.ErrPre10, "line 1: an ELMO document from before version 1.0 (namespace http://purl.org/net/elmo), which is another format"},
		"other elmo":       {`<elmo xmlns="urn:example"/>`, elmo.ErrNotELMO, "line 1: the root element is not elmo, and there is no elmo element inside"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := elmo.Read([]byte(c.xml), elmo.ReadOptions{})
			if !errors.Is(err, c.err) || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			var e *elmo.Error
			if !errors.As(err, &e) || e.Check == "" {
				t.Errorf("%T", err)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	many := []byte(head + strings.Repeat("<report/>", 50) + "</elmo>")
	for name, limits := range map[string]elmo.Limits{
		"bytes": {Bytes: 100}, "elements": {Elements: 50}, "depth": {Depth: 1},
	} {
		if _, err := elmo.Read(many, elmo.ReadOptions{Limits: limits}); !errors.Is(err, elmo.ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := elmo.Read(many, elmo.ReadOptions{Limits: elmo.Limits{Elements: 51, Depth: 2}}); err != nil {
		t.Error(err)
	}
}

func TestEncodings(t *testing.T) {
	text := `<?xml version="1.0"?>` + "\n" + head + "<learner><givenNames>Zoë 数 \U0001F393</givenNames></learner></elmo>"
	encode := func(order binary.AppendByteOrder, mark bool, s string) []byte {
		var out []byte
		if mark {
			out = order.AppendUint16(out, 0xFEFF)
		}
		for _, u := range utf16.Encode([]rune(s)) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
	latin := `<?xml version='1.0' encoding='iso-8859-15'?>` + head + "<learner><givenNames>Zo\xEB \xA4</givenNames></learner></elmo>"
	for name, c := range map[string]struct {
		data     []byte
		encoding string
		given    string
	}{
		"UTF-8":       {[]byte(text), "UTF-8", "Zoë 数 \U0001F393"},
		"mark":        {[]byte("\xEF\xBB\xBF" + text), "UTF-8", "Zoë 数 \U0001F393"},
		"UTF-16LE":    {encode(binary.LittleEndian, true, text), "UTF-16LE", "Zoë 数 \U0001F393"},
		"UTF-16BE":    {encode(binary.BigEndian, true, text), "UTF-16BE", "Zoë 数 \U0001F393"},
		"no mark":     {encode(binary.LittleEndian, false, text), "UTF-16LE", "Zoë 数 \U0001F393"},
		"ISO-8859-15": {[]byte(latin), "ISO-8859-15", "Zoë €"},
	} {
		doc, err := elmo.Read(c.data, elmo.ReadOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if doc.Learner.GivenNames != c.given || doc.Source.Encoding != c.encoding {
			t.Errorf("%s: %q in %s", name, doc.Learner.GivenNames, doc.Source.Encoding)
		}
		if !elmo.Sniff(c.data) {
			t.Errorf("%s: does not look like XML", name)
		}
	}
	for _, s := range []string{"", "  ", "{}", "H4sIAAAA", "%PDF-1.7"} {
		if elmo.Sniff([]byte(s)) {
			t.Errorf("%q looks like XML", s)
		}
	}
}

// TestReading reads small documents and compares with the Go value and the observations.
func TestReading(t *testing.T) {
	scope := ` xmlns="` + elmo.NS + `"`
	cases := map[string]struct {
		xml  string
		want elmo.Learner
		seen []string
	}{
		"comments and CDATA": {`<givenNames>A<!-- x -->B<![CDATA[ <C>]]></givenNames>`, elmo.Learner{GivenNames: "AB <C>"}, nil},
		"collapsing":         {"<givenNames>\n A \t B\u00A0 </givenNames>", elmo.Learner{GivenNames: "A B\u00A0"}, []string{"collapsed learner/givenNames"}},
		"empty": {"<citizenship/><identifier type=\"\"/><identifier>1</identifier>", elmo.Learner{Identifiers: []elmo.Identifier{{Value: "1"}}},
			[]string{"empty learner/citizenship", "empty learner/identifier[1]", "missing learner/identifier[2]/@type"}},
		"order": {`<bday>1</bday><givenNames>A</givenNames>`, elmo.Learner{GivenNames: "A", DateOfBirth: "1"}, []string{"order learner/bday"}},
		"twice": {`<givenNames>A</givenNames><givenNames>B</givenNames>`, elmo.Learner{GivenNames: "A",
			Extra: &elmo.Extra{Others: []elmo.Other{{Position: 2, Name: "givenNames", Element: elmo.Raw{XML: "<givenNames>B</givenNames>", Scope: scope}}}}}, nil},
		"second is the first": {`<bday/><bday>B</bday>`, elmo.Learner{DateOfBirth: "B"}, []string{"empty learner/bday"}},
		"unknown": {`<givenNames/><x:y xmlns:x="u" xmlns:z="v" a="x:b"><c/></x:y>`, elmo.Learner{
			Extra: &elmo.Extra{Others: []elmo.Other{{Position: 2, Name: "y",
				Element: elmo.Raw{XML: `<x:y a="x:b"><c/></x:y>`, Scope: scope + ` xmlns:x="u"`}}}}}, nil},
		"whole": {`<gender source="a">1</gender>`, elmo.Learner{Gender: "1",
			Extra: &elmo.Extra{Wholes: []elmo.Other{{Position: 1, Name: "gender", Element: elmo.Raw{XML: `<gender source="a">1</gender>`, Scope: scope}}}}}, nil},
		"mixed": {`<identifier type="a">b<c/>d</identifier>`, elmo.Learner{Identifiers: []elmo.Identifier{{Type: "a", Value: "bd"}},
			Extra: &elmo.Extra{Wholes: []elmo.Other{{Position: 1, Name: "identifier", Element: elmo.Raw{XML: `<identifier type="a">b<c/>d</identifier>`, Scope: scope}}}}}, nil},
		"attribute": {`<identifier type="a" b="c">d</identifier>`, elmo.Learner{Identifiers: []elmo.Identifier{{Type: "a", Value: "d",
			Extra: &elmo.Extra{Attrs: []elmo.Attr{{Name: "b", Value: "c"}}}}}}, nil},
		"xsi": {`<identifier type="a" i:type="b" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">d</identifier>`,
			elmo.Learner{Identifiers: []elmo.Identifier{{Type: "a", Value: "d"}}}, []string{"xsi learner/identifier[1]/@xsi:type"}},
		"stray text": {`<bday>1</bday> a &lt; b `, elmo.Learner{DateOfBirth: "1",
			Extra: &elmo.Extra{Others: []elmo.Other{{Position: 2, Name: "#text", Element: elmo.Raw{XML: " a &lt; b "}}}}}, nil},
		"other namespace": {`<bday xmlns="">1</bday><gender xmlns="urn:x">1</gender>`, elmo.Learner{DateOfBirth: "1",
			Extra: &elmo.Extra{Others: []elmo.Other{{Position: 2, Name: "gender", Element: elmo.Raw{XML: `<gender>1</gender>`, Scope: ` xmlns="urn:x"`}}}}},
			[]string{"namespace learner/bday"}},
		"white space in attributes": {"<identifier type=\"a\r\n\tb&#10;\">d</identifier>", elmo.Learner{Identifiers: []elmo.Identifier{{Type: "a b", Value: "d"}}},
			[]string{"collapsed learner/identifier[1]/@type"}},
		"2.0": {`<alternativeName xml:lang="el"> a </alternativeName><dateOfBirth>1</dateOfBirth>`,
			elmo.Learner{DateOfBirth: "1", AlternativeName: &elmo.Text{Lang: "el", Value: " a "}}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			doc, err := elmo.Read([]byte(head+"<learner>"+c.xml+"</learner></elmo>"), elmo.ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(&c.want, doc.Learner, cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
			var seen []string
			for _, o := range doc.Source.Observations {
				if required := o.Kind == elmo.Missing && !strings.Contains(o.Path, "@"); !required {
					seen = append(seen, string(o.Kind)+" "+o.Path)
				}
			}
			if d := cmp.Diff(c.seen, seen, cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
			again(t, doc, elmo.WriteOptions{Version: written(doc)})
		})
	}
}

func TestLearnerInReport(t *testing.T) {
	learner := `<learner><givenNames>A</givenNames><familyName>B</familyName></learner>`
	other := `<learner><givenNames>C</givenNames></learner>`
	doc, err := elmo.Read([]byte(head+"<report>"+learner+"</report><report>"+learner+"</report><report>"+other+"</report></elmo>"), elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Learner.GivenNames != "A" || doc.Reports[1].Extra != nil || len(doc.Reports[2].Extra.Others) != 1 {
		t.Errorf("%+v %+v %+v", doc.Learner, doc.Reports[1].Extra, doc.Reports[2].Extra)
	}
	again(t, doc, elmo.WriteOptions{})
}

func TestVersionGuess(t *testing.T) {
	for xml, want := range map[string]string{
		head + `</elmo>`: "1.7 elements",
		head + `<learner><gender>1</gender></learner></elmo>`:                                                                                                        "1.5 elements",
		head + `<learner><dateOfBirth>1</dateOfBirth></learner></elmo>`:                                                                                              "2.0 elements",
		`<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v2"/>`:                                                                                           "2.0-v2 namespace",
		`<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1.3.0"/>`:                                                                                       "1.3 namespace",
		`<elmo xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="x https://raw.githubusercontent.com/emrex-eu/elmo-schemas/v1.5.0/schema.xsd"/>`: "1.5 schemaLocation",
		`<elmo/>`: "1.7 elements",
	} {
		doc, err := elmo.Read([]byte(xml), elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(doc.Source.Version) + " " + doc.Source.VersionFrom; got != want {
			t.Errorf("%s: %s, want %s", xml, got, want)
		}
	}
}

// TestLifting compares what is read from a document with long texts with what was written.
func TestLifting(t *testing.T) {
	long := strings.Repeat("QUJDRA", 3000)
	lines := strings.Repeat("QUJDRA\r\n", 3000)
	for name, c := range map[string]struct{ content, want string }{
		"plain":        {"data:application/pdf;base64," + long, "data:application/pdf;base64," + long},
		"lines":        {lines, strings.TrimSuffix(strings.ReplaceAll(lines, "\r\n", " "), " ")},
		"marker":       {"\uE000<!-- -->" + long, "\uE000" + long},
		"named marker": {"&#xE000;</content><content>" + long, "\uE000"},
		"parts":        {long + "<!-- a -->" + long + "<![CDATA[<]]>" + long, long + long + "<" + long},
	} {
		t.Run(name, func(t *testing.T) {
			data := []byte(head + "<attachment>\n<title x=\"a\r\nb\tc\">T</title><content>" + c.content + "</content></attachment>\n<attachment>\n<content>&amp;</content><type/></attachment></elmo>")
			doc, err := elmo.Read(data, elmo.ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got := doc.Attachments[0].Contents[0].Value; got != c.want {
				t.Errorf("%d bytes, want %d", len(got), len(c.want))
			}
			if doc.Attachments[0].Titles[0].Extra.Attrs[0].Value != "a b c" || doc.Attachments[1].Contents[0].Value != "&" {
				t.Error("the rest of the document is not as written")
			}
			at := bytes.Count(data[:bytes.Index(data, []byte("<type/>"))], []byte{'\n'}) + 1
			if want := (elmo.Observation{Kind: elmo.Empty, Path: "attachment[2]/type", Line: at}); !slices.Contains(doc.Source.Observations, want) {
				t.Errorf("no %v in %v", want, doc.Source.Observations)
			}
			again(t, doc, elmo.WriteOptions{})
			// An error behind the long texts has the line of the document as received.
			bad := bytes.Replace(data, []byte("&amp;"), []byte("&secret;"), 1)
			var e *elmo.Error
			if _, err := elmo.Read(bad, elmo.ReadOptions{}); !errors.As(err, &e) || e.Line != bytes.Count(bad[:bytes.Index(bad, []byte("&secret;"))], []byte{'\n'})+1 {
				t.Errorf("%v", err)
			}
		})
	}
}
