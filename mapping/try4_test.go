package mapping

import (
	"fmt"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/elmo"
)

func course(i int) string {
	return fmt.Sprintf(`<learningOpportunitySpecification><identifier type="local">INF-%d</identifier><title xml:lang="en">Course number %d of the programme</title><title xml:lang="no">Emne nummer %d i programmet</title><type>Course</type><iscedCode>0613</iscedCode><url>https://example.org/c/%d</url><specifies><learningOpportunityInstance><start>2023-09-01</start><date>2024-01-26</date><academicTerm><title xml:lang="en">Autumn 2023</title><start>2023-09-01</start><end>2024-01-31</end></academicTerm><status>passed</status><gradingSchemeLocalId>30</gradingSchemeLocalId><resultLabel>B</resultLabel><resultDistribution><category label="A" count="10"/><category label="B" count="20"/><category label="C" count="5"/></resultDistribution><credit><scheme>ects</scheme><value>7.5</value></credit><level><type>EQF</type><value>7</value></level><languageOfInstruction>en</languageOfInstruction></learningOpportunityInstance></specifies></learningOpportunitySpecification>`, i, i, i, i)
}
func bigDoc(n int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><generatedDate>2024-08-01T12:34:56Z</generatedDate><learner><citizenship>NO</citizenship><identifier type="nationalIdentifier">1</identifier><givenNames>Ada</givenNames><familyName>Example</familyName><bday>2000-01-01</bday></learner><report><issuer><country>NO</country><identifier type="schac">example.org</identifier><title xml:lang="en">Example University</title><url>https://example.org</url></issuer>`)
	for i := range n {
		b.WriteString(course(i))
	}
	b.WriteString(`<issueDate>2024-07-15T00:00:00Z</issueDate><gradingScheme localId="30"><description xml:lang="en">A to F</description></gradingScheme></report></elmo>`)
	return []byte(b.String())
}

func BenchmarkTry(b *testing.B) {
	for _, n := range []int{1, 40, 1500} {
		data := bigDoc(n)
		b.Run(fmt.Sprint("read/", n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := elmo.Read(data, elmo.ReadOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		doc, _ := elmo.Read(data, elmo.ReadOptions{})
		opt := Options{Seed: "seed"}
		b.Run(fmt.Sprint("map/", n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				Forward(doc, opt)
			}
		})
		b.Run(fmt.Sprint("ids/", n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				c, _, _ := Forward(doc, opt)
				edci.AssignIDs(c[0], "s")
			}
		})
		var buf []byte
		b.Run(fmt.Sprint("all/", n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				doc, _ := elmo.Read(data, elmo.ReadOptions{})
				c, _, _ := Forward(doc, opt)
				edci.AssignIDs(c[0], "s")
				buf = edci.Append(buf[:0], c[0])
			}
		})
		b.Log(len(data), len(buf))
	}
}
