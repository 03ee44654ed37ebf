package mapping_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/mapping"
)

func read(t *testing.T, xml string) *elmo.Document {
	t.Helper()
	doc, err := elmo.Read([]byte(xml), elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
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
	doc := read(t, `<elmo xmlns="`+elmo.NS+`"><learner><givenNames>Ada</givenNames><familyName>Example</familyName><placeOfBirth>X</placeOfBirth></learner>
<report><issuer><url/></issuer><learningOpportunitySpecification><title>T</title><specifies><learningOpportunityInstance/></specifies>
</learningOpportunitySpecification><issueDate>2024-07-15T00:00:00Z</issueDate></report></elmo>`)
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
