package audit_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
	"elmobridge/mapping/audit"
	"elmobridge/testdata/judge"
)

// everything is a document that has every leaf of ELMO. What stands in ⟦1.7 …⟧ or ⟦2.0 …⟧ is of that version alone.
const everything = `<elmo xmlns="` + elmo.NS + `" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:x="urn:example:x"
 xmlns:a="https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1">
<generatedDate>2024-08-01T00:00:00Z</generatedDate>
<learner><citizenship>FI</citizenship><identifier type="esi">1</identifier><givenNames>Ada</givenNames><familyName>Example</familyName>
⟦2.0 <alternativeName xml:lang="el">Α</alternativeName><dateOfBirth>2000-01-02</dateOfBirth>⟧⟦1.7 <bday>2000-01-02</bday>⟧
<placeOfBirth>Town</placeOfBirth><birthName>Ada B</birthName>
<currentAddress><a:recipientName>A</a:recipientName><a:addressLine>L</a:addressLine><a:buildingNumber>1</a:buildingNumber>
<a:buildingName>B</a:buildingName><a:streetName>S</a:streetName><a:unit>2</a:unit><a:floor>3</a:floor><a:postOfficeBox>4</a:postOfficeBox>
<a:deliveryPointCode>5</a:deliveryPointCode><a:postalCode>6</a:postalCode><a:locality>C</a:locality><a:region>R</a:region>
<a:country>FI</a:country></currentAddress><gender>1</gender></learner>
<report><issuer><country>FI</country><identifier type="schac">example.org</identifier><title xml:lang="en">U</title><url>https://example.org</url></issuer>
<learningOpportunitySpecification><identifier type="local">c1</identifier><title xml:lang="en">Course</title><type>Course</type>
<subjectArea>11.3</subjectArea><iscedCode>0611</iscedCode><url>https://example.org/c1</url><description xml:lang="en">D</description>
<descriptionHtml xml:lang="en">&lt;p>D&lt;/p></descriptionHtml>
<specifies><learningOpportunityInstance><identifier type="local">i1</identifier><start>2023-09-01</start><date>2024-01-31</date>
<academicTerm><title xml:lang="en">Autumn</title><start>2023-08-01</start><end>2023-12-31</end></academicTerm><status>passed</status>
<gradingSchemeLocalId>g</gradingSchemeLocalId>⟦2.0 <gradingSchemeExternalId>e</gradingSchemeExternalId>⟧<resultLabel>5</resultLabel>
<shortenedGrading><percentageLower>33.4</percentageLower><percentageEqual>33.3</percentageEqual><percentageHigher>33.3</percentageHigher></shortenedGrading>
<resultDistribution><category label="5" count="3"/><category label="1" count="0"/><description xml:lang="en">D</description></resultDistribution>
<credit><scheme>ects</scheme>⟦1.7 <level>Bachelor</level>⟧<value>5</value></credit>
<level><type>EQF</type><description xml:lang="en">Bachelor's level</description><value>6</value></level>
<languageOfInstruction>en</languageOfInstruction><engagementHours>40</engagementHours><attachments><ref>a1</ref></attachments>
<grouping typeref="t" idref="g">G</grouping><extension><x:y/></extension>
<diplomaSupplement xml:lang="en"><version>2018</version><issueDate>2024-06-30</issueDate><introduction>I</introduction>
<section number="2"><title>Two</title><content type="text/plain">Text</content><additionalInformation>More</additionalInformation>
<attachment><title>File</title><content>data:text/plain;base64,eA==</content></attachment>
<section number="2.1"><title>Part</title></section></section><ds:Signature/></diplomaSupplement>
</learningOpportunityInstance><extension><x:y/></extension></specifies>
<hasPart><learningOpportunitySpecification><identifier type="local">c2</identifier><title>Part</title><specifies><learningOpportunityInstance/></specifies>
</learningOpportunitySpecification></hasPart><extension><x:y/></extension></learningOpportunitySpecification>
⟦2.0 <resultOfRecognition><title xml:lang="en">R</title><description xml:lang="en">D</description><subjectArea>11.3</subjectArea><iscedCode>0611</iscedCode>
<status>Positive</status><decisionDate>2024-02-03</decisionDate><recognitionBasis><recognitionReport><issuer/><learningOpportunitySpecification/>
<resultOfRecognition/><issueDate>2024-02-03T00:00:00Z</issueDate><gradingScheme localId="h"><description xml:lang="en">D</description></gradingScheme><attachment/>
</recognitionReport></recognitionBasis><recognitionResult><learningOpportunitySpecification/></recognitionResult>
<recognitionMapping><mapping><fromMapping><ref>1</ref></fromMapping><toMapping><ref>2</ref></toMapping></mapping></recognitionMapping>
<attachments><ref>a1</ref></attachments></resultOfRecognition>⟧
<issueDate>2024-07-15T00:00:00Z</issueDate><gradingScheme localId="g"><description xml:lang="en">D</description></gradingScheme>
<attachment><title>T</title><content>data:text/plain;base64,eQ==</content></attachment></report>
<attachment><identifier type="elmo">a1</identifier><title xml:lang="en">T</title><type>Other</type><description xml:lang="en">D</description>
<content xml:lang="en">data:text/plain;base64,eg==</content><extension><x:y/></extension></attachment>
<groups><groupType id="t"><title xml:lang="en">T</title><group id="g" sortingKey="1"><title xml:lang="en">G</title></group></groupType></groups>
<extension><x:y/></extension><ds:Signature/></elmo>`

var onlyIn = regexp.MustCompile(`(?s)⟦(\d\.\d) (.*?)⟧`)

// documentOf is the document that has everything of a version.
func documentOf(version string) []byte {
	return []byte(onlyIn.ReplaceAllStringFunc(everything, func(s string) string {
		m := onlyIn.FindStringSubmatch(s)
		if m[1] != version {
			return ""
		}
		return m[2]
	}))
}

// TestExecuted converts a document that has every leaf, there and back: all of it comes back but what the table calls dropped.
func TestExecuted(t *testing.T) {
	for _, version := range []string{"1.7", "2.0"} {
		source := documentOf(version)
		leaves := leavesOf(version)
		present := map[string]bool{"elmo": true}
		for _, path := range occurrences(t, source) {
			present[leafOf(path)] = true
		}
		for path := range leaves {
			if !present[path] {
				t.Errorf("%s: the document lacks %s", version, path)
			}
		}
		doc, err := elmo.Read(source, elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		creds, _, err := mapping.Forward(doc, mapping.Options{Seed: "audit"})
		if err != nil {
			t.Fatal(err)
		}
		checkBack(t, version, doc, creds, leaves)
	}
}

func leavesOf(version string) map[string]audit.Leaf {
	out := map[string]audit.Leaf{}
	for _, l := range audit.Leaves() {
		if l.Side == audit.ELMO && slices.Contains(l.Versions, version) {
			out[l.Path] = l
		}
	}
	return out
}

// checkBack: everything comes back but what the table calls dropped.
func checkBack(t *testing.T, version string, doc *elmo.Document, creds []*edci.EuropeanDigitalCredential, leaves map[string]audit.Leaf) {
	t.Helper()
	back, _, err := mapping.Back(creds, mapping.Options{Seed: "audit"})
	if err != nil {
		t.Fatal(err)
	}
	differences, err := elmo.Diff(marshal(t, doc, version), marshal(t, back, version))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		if path := leafOf(d.Path); leaves[path].ToEDC != mapping.Dropped {
			t.Errorf("%s: %s %s after the way back", version, path, d.Kind)
		}
	}
}

func marshal(t *testing.T, doc *elmo.Document, version string) []byte {
	t.Helper()
	xml, err := elmo.Marshal(doc, elmo.WriteOptions{Version: elmo.Version(version)})
	if err != nil {
		t.Fatal(err)
	}
	return xml
}

// TestHeldByDocuments: what conversions of real documents report of a leaf is under a row that has a part in it, and a
// gap that they hit has a proposal or a reason, unless the document is at fault (reasons format and empty).
func TestHeldByDocuments(t *testing.T) {
	anywhere := []string{"VAL-01", "VAL-02", "VAL-03", "VAL-05", "VAL-06", "VAL-07", "VAL-08"}
	leaves := leavesOf("1.7")
	for path, l := range leavesOf("2.0") {
		leaves[path] = l
	}
	documents, entries := 0, 0
	for _, file := range documentFiles(t) {
		report := converted(t, file)
		if report == nil {
			continue
		}
		documents++
		for _, e := range report.Losses {
			l, ok := leaves[leafOf(e.Source)]
			if !ok {
				continue
			}
			entries++
			rows := slices.Concat([]string{l.Owner}, l.Also, anywhere)
			inside := func(m audit.Leaf) bool { return strings.HasPrefix(m.Path, l.Path+"/") && m.Owner == e.Row }
			if !slices.Contains(rows, e.Row) && !slices.ContainsFunc(audit.Leaves(), inside) {
				t.Errorf("%s is reported under %s, the table has %s", l.Path, e.Row, l.Owner)
			}
			fault := e.Reason == mapping.Format || e.Reason == mapping.Empty
			if e.Verdict.Severity() >= mapping.Kept.Severity() && !fault && !explained(l) {
				t.Errorf("%s is %s (%s), the table explains nothing", l.Path, e.Verdict, e.Reason)
			}
		}
	}
	t.Logf("%d documents, %d entries", documents, entries)
}

// explained tells whether the table says why a leaf, or something in it, is a gap.
func explained(l audit.Leaf) bool {
	return slices.ContainsFunc(audit.Leaves(), func(m audit.Leaf) bool {
		return m.Side == l.Side && (m.Path == l.Path || strings.HasPrefix(m.Path, l.Path+"/")) && (len(m.Proposals) > 0 || m.Reason != "")
	})
}

// TestHeldByCredentials: the same for credentials of others and the way to ELMO. A fault of the document is, besides,
// a code of no list and a text in an unusual language.
func TestHeldByCredentials(t *testing.T) {
	faults := []mapping.Reason{mapping.Format, mapping.Empty, mapping.NotInCodeList, mapping.NotInContext, mapping.Language}
	leaves := map[string]audit.Leaf{}
	for _, l := range audit.Leaves() {
		if l.Side == audit.ELM {
			leaves[l.Path] = l
		}
	}
	credentials, entries := 0, 0
	for _, file := range credentialFiles(t) {
		c, report := returned(t, file)
		if report == nil {
			continue
		}
		credentials++
		for _, e := range report.Losses {
			l, ok := leaves[memberOf(c.Source.Tree, e.Source)]
			if !ok || e.Verdict.Severity() < mapping.Kept.Severity() || slices.Contains(faults, e.Reason) {
				continue
			}
			entries++
			if !explained(l) {
				t.Errorf("%s is %s (%s, %s), the table explains nothing", l.Path, e.Verdict, e.Row, e.Reason)
			}
			if l.ToELMO == mapping.Dropped && e.Verdict != l.ToELMO && !sealed(l) {
				t.Errorf("%s is %s, the table says %s", l.Path, e.Verdict, l.ToELMO)
			}
		}
	}
	t.Logf("%d credentials, %d entries", credentials, entries)
}

// sealed tells whether the leaf is a seal: one that is no proof of the context is kept as an unknown member is.
func sealed(l audit.Leaf) bool { return strings.HasSuffix(l.Path, "/proof") || l.Path == "Proof" }

// credentialFiles are those of the corpus.
func credentialFiles(t *testing.T) []string {
	t.Helper()
	return slices.Concat(files(t, judge.Corpus(t, "elm", "samples"), ".json"), files(t, judge.Corpus(t, "elm", "samples"), ".jsonld"),
		files(t, judge.Corpus(t, "elmo", "dc4eu-converter-output"), ".json"))
}

// returned is the report of the way to ELMO, nil when the file is not one credential.
func returned(t *testing.T, file string) (*edci.EuropeanDigitalCredential, *mapping.Report) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	creds, err := edci.Read(data, edci.ReadOptions{})
	if err != nil || len(creds) != 1 {
		return nil, nil
	}
	_, report, err := mapping.Back(creds, mapping.Options{Seed: "audit"})
	if err != nil {
		return nil, nil
	}
	return creds[0], report
}

// documentFiles are ours, and those of the corpus if it is there.
func documentFiles(t *testing.T) []string {
	t.Helper()
	list := files(t, filepath.Join("..", "..", "testdata", "elmo"), ".xml")
	if judge.HasCorpus(t) {
		list = append(list, files(t, judge.Corpus(t, "elmo", "documents"), ".xml")...)
	}
	return list
}

// files are those in a folder and below it, by their ending.
func files(t *testing.T, root, ending string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ending {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// converted is the report of a conversion, nil when the file is no ELMO or very large.
func converted(t *testing.T, file string) *mapping.Report {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 1<<20 {
		return nil
	}
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		return nil
	}
	_, report, err := mapping.Forward(doc, mapping.Options{Seed: "audit"})
	if err != nil {
		return nil
	}
	return report
}

// leafOf is the leaf that a path of a report leads to, empty when there is none.
func leafOf(path string) string {
	if l := audit.LocateELMO(path); l != nil {
		return l.Path
	}
	return ""
}

// memberOf is the leaf that a pointer leads to, empty when there is none.
func memberOf(credential edci.Object, pointer string) string {
	if l := audit.LocateELM(credential, pointer); l != nil {
		return l.Path
	}
	return ""
}
