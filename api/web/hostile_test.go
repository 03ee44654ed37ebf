package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"elmobridge/testdata/judge"
)

// marks are texts that would be markup, scripts or addresses of scripts if a page let them.
var marks = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'"--></style></script><svg onload=alert(1)>`,
	`javascript:alert(1)`, `{{.}}`, `</bdi><a href="javascript:alert(1)">`, "\u202Eright to left\u2066", `&lt;b&gt;&#x3C;`,
}

// escaped is a text as XML.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

// hostile is a document whose every text is a mark.
func hostile(mark string) []byte {
	x := escaped(mark)
	return []byte(strings.ReplaceAll(`<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><generatedDate>X</generatedDate>
<learner><citizenship>X</citizenship><identifier type="X">X</identifier><givenNames>X</givenNames><familyName>X</familyName><bday>X</bday><placeOfBirth>X</placeOfBirth><birthName>X</birthName>
<currentAddress xmlns:a="https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1"><a:recipientName>X</a:recipientName><a:country>X</a:country></currentAddress><gender>X</gender></learner>
<report><issuer><country>X</country><identifier type="X">X</identifier><title xml:lang="X">X</title><url>X</url></issuer>
<learningOpportunitySpecification><identifier type="local">X</identifier><title xml:lang="X">X</title><type>X</type><subjectArea>X</subjectArea><iscedCode>X</iscedCode><url>javascript:alert(1)</url>
<description xml:lang="X">X</description><descriptionHtml>X&lt;p onclick="alert(1)"&gt;&lt;a href="javascript:alert(1)"&gt;fine&lt;/a&gt;&lt;/p&gt;&lt;style&gt;*{}&lt;/style&gt;&lt;img src="https://example.org/x.png"&gt;&lt;form action="https://example.org/"&gt;</descriptionHtml>
<specifies><learningOpportunityInstance><identifier type="X">X</identifier><start>X</start><date>2024-01-01</date><academicTerm><title>X</title><start>X</start><end>X</end></academicTerm><status>X</status>
<gradingSchemeLocalId>X</gradingSchemeLocalId><resultLabel>X</resultLabel><shortenedGrading><percentageLower>X</percentageLower><percentageEqual>X</percentageEqual><percentageHigher>X</percentageHigher></shortenedGrading>
<resultDistribution><category label="X" count="99999999999999999999"/><category label="b" count="-3"/><category label="c" count="4"/><description>X</description></resultDistribution><credit><scheme>X</scheme><level>X</level><value>X</value></credit>
<level><type>X</type><description>X</description><value>X</value></level><languageOfInstruction>X</languageOfInstruction><engagementHours>X</engagementHours><attachments><ref>X</ref></attachments><grouping typeref="X" idref="X">X</grouping>
<diplomaSupplement xml:lang="X"><version>X</version><issueDate>X</issueDate><introduction>X<b>bold</b></introduction><section number="X"><title>X</title><content type="text/html">X&lt;iframe src="https://example.org/"&gt;&lt;/iframe&gt;</content><additionalInformation>X</additionalInformation></section></diplomaSupplement>
</learningOpportunityInstance></specifies></learningOpportunitySpecification><issueDate>2024-01-02T00:00:00Z</issueDate><gradingScheme localId="X"><description>X</description></gradingScheme>
<attachment><identifier type="elmo">X</identifier><title>X</title><type>X</type><description>X</description><content>data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==</content></attachment>
<attachment><title>X</title><content>data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9hZD0iYWxlcnQoMSkiLz4=</content></attachment></report>
<groups><groupType id="X"><title>X</title><group id="X" sortingKey="X"><title>X</title></group></groupType></groups></elmo>`, "X", x))
}

// dangerous is what no page may hold: elements and attributes that the templates do not have.
var dangerous = regexp.MustCompile(`(?i)<(script>|svg onload|img src=x|iframe|style|form action="https)|<[^>]* on[a-z]+=|href="\s*javascript:|<a [^>]*href="#Z|src="https?:`)

// TestMarkup: texts of documents are texts on pages, wherever they stand.
func TestMarkup(t *testing.T) {
	v := visit(t, configuration(t))
	for i, mark := range marks {
		p := v.send(mark+".xml", hostile(mark))
		p.want(t, http.StatusOK, "fine")
		for _, path := range []string{"", "/transcript"} {
			text := v.get(p.Request.URL.Path + path).text
			if m := dangerous.FindString(text); m != "" {
				t.Errorf("%d%s: the page holds %s", i, path, m)
			}
		}
		for index := 1; index <= 2; index++ {
			f := v.get(fmt.Sprintf("%s/attachments/%d", p.Request.URL.Path, index))
			f.want(t, http.StatusOK)
			if f.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(f.Header.Get("Content-Disposition"), "attachment;") || !strings.HasPrefix(f.Header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("%d: %v", i, f.Header)
			}
		}
		if back := v.get(p.Request.URL.Path + "/files/credential.jsonld"); back.StatusCode == http.StatusOK {
			other := v.send("back.json", []byte(back.text))
			other.want(t, http.StatusOK)
			if m := dangerous.FindString(other.text); m != "" {
				t.Errorf("%d: the page of the credential holds %s", i, m)
			}
		}
	}
}

// TestHarmlessInBrowser: nothing of such documents runs, and no policy is hurt.
func TestHarmlessInBrowser(t *testing.T) {
	c := configuration(t)
	c.Examples = nil
	for _, mark := range marks {
		c.Examples = append(c.Examples, exampleOf(mark))
	}
	b := tab{judge.Chromium(t, true), t, mount(t, c).URL}
	for i := range c.Examples {
		b.Open(b.url + "/")
		b.Run(`document.querySelectorAll(".examples button")[arguments[0]].click()`, i)
		b.path(fmt.Sprintf("/results/%d", i+1))
		b.Run(`for (const d of document.querySelectorAll("details")) d.open = true`)
		if got := b.Run(`return document.querySelectorAll("main script, main iframe, main style, main [onclick], main a[href^='javascript']").length`); got != 0.0 {
			t.Errorf("%d: %v elements", i, got)
		}
		b.Size(320, 640)
		if over := b.Run(`return document.documentElement.scrollWidth - innerWidth`).(float64); over > 0 {
			t.Errorf("%d: %v pixels too wide", i, over)
		}
		b.quiet()
	}
}

// TestLarge: huge texts, many courses and many attachments make a page within bounds.
func TestLarge(t *testing.T) {
	v := visit(t, configuration(t))
	for name, c := range map[string]struct {
		data []byte
		most int // bytes of the page
	}{
		"text":    {course(strings.Repeat("x", 3<<20), ""), 24 << 20},
		"courses": {many(1500), 16 << 20},
		"deep":    {deep(40), 4 << 20},
	} {
		p := v.send(name, c.data)
		p.want(t, http.StatusOK)
		if len(p.text) > c.most {
			t.Errorf("%s: a page of %d bytes", name, len(p.text))
		}
	}
}

// course is a document with one course, and parts of it.
func course(title, parts string) []byte {
	return []byte(`<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><generatedDate>2024-01-02T00:00:00Z</generatedDate>
<learner><givenNames>Ada</givenNames><familyName>Example</familyName></learner><report><issuer><title>School</title><url>https://example.org</url></issuer>` + specification(title, parts) + `<issueDate>2024-01-02T00:00:00Z</issueDate></report></elmo>`)
}

func specification(title, parts string) string {
	return `<learningOpportunitySpecification><title>` + title + `</title><specifies><learningOpportunityInstance><date>2024-01-01</date></learningOpportunityInstance></specifies>` + parts + `</learningOpportunitySpecification>`
}

func many(n int) []byte {
	var b strings.Builder
	for i := range n {
		b.WriteString("<hasPart>" + specification(fmt.Sprint("Course ", i), "") + "</hasPart>")
	}
	return course("Programme", b.String())
}

func deep(n int) []byte {
	parts := ""
	for range n / 2 {
		parts = "<hasPart>" + specification("Part", parts) + "</hasPart>"
	}
	return course("Programme", parts)
}
