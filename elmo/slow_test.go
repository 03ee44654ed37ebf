package elmo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"elmobridge/elmo"
)

// TestNeverSlow reads documents made to be slow. A walk that is not in proportion to the size would not end
// before go test gives up.
func TestNeverSlow(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000 // for the race detector
	}
	prefixes := ""
	for i := range 250 {
		prefixes += fmt.Sprintf(` xmlns:p%d="urn:x"`, i)
	}
	kept := `<b:kept xmlns:b="` + elmo.NSBridge + `" at="report[1]/gradingScheme" position="1"><gradingScheme localId="1"/></b:kept>`
	for name, xml := range map[string]string{
		"unknown elements": head + strings.Repeat("<b/>", n) + "</elmo>",
		"empty elements":   head + strings.Repeat("<report/>", n/4) + "</elmo>",
		"duplicates":       head + strings.Repeat("<generatedDate a=''/>", n) + "</elmo>",
		"stray texts":      head + strings.Repeat("a<b/>", n) + "</elmo>",
		"text pieces":      head + "<learner><givenNames>" + strings.Repeat("a<![CDATA[b]]><!-- -->", n) + "</givenNames></learner></elmo>",
		"wholes":           head + "<report><learningOpportunitySpecification><specifies><learningOpportunityInstance><attachments>" + strings.Repeat("<ref a=''>1</ref>", n) + "</attachments></learningOpportunityInstance></specifies></learningOpportunitySpecification></report></elmo>",
		"colons":           head + "<extension" + prefixes + ">" + strings.Repeat("<a>::::::::p0:p1:::::</a>", n/10) + "</extension></elmo>",
		"out of order":     head + "<learner>" + strings.Repeat("<identifier type='a'>1</identifier><citizenship/>", n) + "</learner></elmo>",
		"kept":             head + "<report><issueDate>1</issueDate>" + strings.Repeat("<gradingScheme localId='2'/>", n) + "</report><extension>" + strings.Repeat(kept, n/10) + "</extension></elmo>",
		"wrapper":          "<a>" + strings.Repeat("<b><c/></b>", n) + "</a>",
		"one name":         "<elmo>" + strings.Repeat("a:", n) + "</elmo>",
		"brackets":         head + strings.Repeat("<!-- -->", n) + strings.Repeat("<", n),
	} {
		start := time.Now()
		doc, err := elmo.Read([]byte(xml), elmo.ReadOptions{})
		read := time.Since(start)
		if err == nil {
			if _, err = elmo.Marshal(doc, elmo.WriteOptions{}); err != nil {
				t.Error(name, err)
			}
			if found, err := elmo.Diff([]byte(xml), []byte(head+"</elmo>")); err != nil || len(found) == 0 && name != "one name" {
				t.Error(name, err)
			}
		}
		t.Logf("%s: %d KB, read in %v, all %v", name, len(xml)>>10, read, time.Since(start))
	}
}
