package mapping_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

// spot is where the example of a section stands: the document around it, and the node in the credential.
type spot struct{ before, after, pointer string }

const (
	head       = `<elmo xmlns="` + elmo.NS + `"><generatedDate>2024-08-01T00:00:00Z</generatedDate>`
	noLearner  = `<learner><givenNames/><familyName/></learner>`
	noIssuer   = `<issuer><url/></issuer>`
	noInstance = `<specifies><learningOpportunityInstance/></specifies>`
	tail       = `<issueDate>2024-07-15T00:00:00Z</issueDate></report></elmo>`
	losOpen    = `<learningOpportunitySpecification>`
	losClose   = `</learningOpportunitySpecification>`
	loiOpen    = losOpen + `<title>T</title><specifies><learningOpportunityInstance>`
	loiClose   = `</learningOpportunityInstance></specifies>` + losClose
	claim      = "/credentialSubject/hasClaim/0"
)

// spots by the letters that the name of a section begins with.
var spots = map[string]spot{
	"LRN": {head + `<learner>`, `</learner><report>` + noIssuer + losOpen + `<title>T</title>` + noInstance + losClose + tail, "/credentialSubject"},
	"ISS": {head + noLearner + `<report><issuer>`, `</issuer>` + losOpen + `<title>T</title>` + noInstance + losClose + tail, claim + "/awardedBy/awardingBody/0"},
	"LOS": {head + noLearner + `<report>` + noIssuer + losOpen, noInstance + losClose + tail, claim},
	"LOI": {head + noLearner + `<report>` + noIssuer + loiOpen, loiClose + tail, claim},
}

func TestExamples(t *testing.T) {
	for _, part := range mapping.Table() {
		at, ok := spots[part.Name[:3]]
		for _, rule := range part.Rules {
			if rule.Example.ELMO == "" {
				continue
			}
			if !ok {
				t.Errorf("%s: no place for examples of %s", rule.ID, part.Name)
				continue
			}
			t.Run(rule.ID, func(t *testing.T) { testExample(t, at, rule) })
		}
	}
}

func testExample(t *testing.T, at spot, rule mapping.Rule) {
	source := []byte(at.before + rule.Example.ELMO + at.after)
	doc := read(t, source)
	creds, _, err := mapping.Forward(doc, mapping.Options{Seed: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if rule.Example.ELM != "" {
		node, _ := edci.At(edci.Tree(creds[0]), at.pointer)
		want, err := edci.ParseJSON([]byte(rule.Example.ELM), edci.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if missing := contains(node, want, at.pointer); missing != "" {
			t.Errorf("the credential does not have %s\n%s", missing, edci.AppendValue(nil, node))
		}
	}
	back, _, err := mapping.Back(creds, mapping.Options{Seed: "test"})
	if err != nil {
		t.Fatal(err)
	}
	differences, err := elmo.Diff(written(t, doc, doc), written(t, back, doc))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Errorf("%s %s after the way back", d.Path, d.Kind)
	}
}

// written is a document in the schema order of the newest version, or of 2.0 where the source is.
func written(t *testing.T, doc, source *elmo.Document) []byte {
	t.Helper()
	version := elmo.Latest
	if source.Source.Version >= elmo.V20 {
		version = elmo.V20
	}
	xml, err := elmo.Marshal(doc, elmo.WriteOptions{Version: version})
	if err != nil {
		t.Fatal(err)
	}
	return xml
}

func read(t *testing.T, xml []byte) *elmo.Document {
	t.Helper()
	doc, err := elmo.Read(xml, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// contains tells what of want is missing in got; empty when nothing is. Arrays of want name elements
// that got has somewhere.
func contains(got, want any, at string) string {
	switch w := want.(type) {
	case edci.Object:
		g, _ := got.(edci.Object)
		for _, m := range w {
			v, ok := g.Get(m.Name)
			if !ok {
				return at + "/" + m.Name
			}
			if missing := contains(v, m.Value, at+"/"+m.Name); missing != "" {
				return missing
			}
		}
	case edci.Array:
		g, _ := got.(edci.Array)
	element:
		for _, v := range w {
			for _, x := range g {
				if contains(x, v, at) == "" {
					continue element
				}
			}
			return at + " element " + string(edci.AppendValue(nil, v))
		}
	default:
		if string(edci.AppendValue(nil, got)) != string(edci.AppendValue(nil, want)) {
			return at + " = " + string(edci.AppendValue(nil, want))
		}
	}
	return ""
}

var rowID = regexp.MustCompile(`"([A-Z]{3}-[0-9]{2})"`)

// TestRowsAreDeclared: every identifier that the code reports under is a rule of the table, once.
func TestRowsAreDeclared(t *testing.T) {
	declared := map[string]int{}
	for _, part := range mapping.Table() {
		for _, rule := range part.Rules {
			declared[rule.ID]++
			if rule.Note == "" || rule.ELMO+rule.ELM == "" {
				t.Errorf("%s says too little", rule.ID)
			}
		}
	}
	for id, n := range declared {
		if n != 1 {
			t.Errorf("%s is declared %d times", id, n)
		}
	}
	files, _ := filepath.Glob("*.go")
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range rowID.FindAllStringSubmatch(string(src), -1) {
			if declared[m[1]] == 0 {
				t.Errorf("%s reports under %s, which is no rule", f, m[1])
			}
		}
	}
}

// TestReportForm: the JSON of a report is a public promise.
func TestReportForm(t *testing.T) {
	doc := read(t, []byte(spots["LRN"].before+`<givenNames>Ada</givenNames><familyName>Example</familyName><placeOfBirth>X</placeOfBirth>`+spots["LRN"].after))
	_, report, err := mapping.Forward(doc, mapping.Options{})
	if err != nil {
		t.Fatal(err)
	}
	js, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"direction":"elmo-to-edc"`, `"source":{"name":"ELMO","version":"1.5"}`, `"target":{"name":"ELM","version":"3.2"}`,
		`{"row":"LRN-08","verdict":"kept","reason":"no-counterpart","source":"learner/placeOfBirth"`} {
		if !strings.Contains(string(js), want) {
			t.Errorf("the report lacks %s\n%s", want, js)
		}
	}
	if strings.Contains(string(js), "Example") {
		t.Error("the report holds a value")
	}
}
