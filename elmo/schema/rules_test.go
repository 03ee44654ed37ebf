package schema_test

import (
	"strings"
	"testing"

	"elmobridge/elmo/schema"
)

// good is a document of 1.7 that no rule has anything against.
const good = `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<generatedDate>2024-02-01T10:00:00Z</generatedDate>
<learner>
 <citizenship>NO</citizenship>
 <identifier type="esi">urn:schac:personalUniqueCode:int:esi:example.org:1</identifier>
 <givenNames>Ada</givenNames><familyName>Example</familyName>
 <bday>1998-04-12</bday>
 <placeOfBirth>Fjordheim</placeOfBirth>
 <gender>2</gender>
</learner>
<report>
 <issuer>
  <country>NO</country>
  <identifier type="schac">example.org</identifier>
  <title xml:lang="en">University of Fjordheim</title>
  <title xml:lang="no">Universitetet i Fjordheim</title>
  <url>https://example.org</url>
 </issuer>
 <learningOpportunitySpecification>
  <identifier type="local">BSC</identifier>
  <title xml:lang="en">Bachelor of Science</title>
  <type>Degree Programme</type>
  <iscedCode>0613</iscedCode>
  <description xml:lang="en">Text.</description>
  <descriptionHtml xml:lang="en">&lt;p&gt;Text.&lt;/p&gt;</descriptionHtml>
  <specifies>
   <learningOpportunityInstance>
    <start>2020-08-15</start><date>2023-06-30</date>
    <status>passed</status>
    <level><type>EQF</type><value>6</value></level>
    <diplomaSupplement>
     <version>2018</version><issueDate>2023-06-30</issueDate><introduction>Text <b xmlns="">bold</b></introduction>
     <section number="1.1"><title>Names</title></section>
    </diplomaSupplement>
   </learningOpportunityInstance>
  </specifies>
  <hasPart>
   <learningOpportunitySpecification>
    <identifier type="local">INF100</identifier>
    <title xml:lang="en">Programming</title>
    <type>Course</type>
    <specifies>
     <learningOpportunityInstance>
      <academicTerm><title xml:lang="en">Autumn</title><start>2020-08-01</start><end>2020-12-31</end></academicTerm>
      <status>passed</status>
      <gradingSchemeLocalId>g1</gradingSchemeLocalId>
      <resultLabel>B</resultLabel>
      <shortenedGrading><percentageLower>50</percentageLower><percentageEqual>20.5</percentageEqual><percentageHigher>29.5</percentageHigher></shortenedGrading>
      <resultDistribution><category label="A" count="3"/></resultDistribution>
      <credit><scheme>ects</scheme><value>7.5</value></credit>
      <languageOfInstruction>en</languageOfInstruction>
      <attachments><ref>a1</ref></attachments>
      <grouping typeref="t" idref="g"/>
      <extension><x xmlns="urn:x"/></extension>
     </learningOpportunityInstance>
    </specifies>
   </learningOpportunitySpecification>
  </hasPart>
 </learningOpportunitySpecification>
 <issueDate>2024-01-31T12:00:00+01:00</issueDate>
 <gradingScheme localId="g1"><description xml:lang="en">A to F</description></gradingScheme>
 <gradingScheme localId="g2"/>
 <attachment>
  <identifier type="elmo">a1</identifier>
  <type>Transcript of Records</type>
  <content>data:application/pdf;base64,JVBERg==</content>
 </attachment>
</report>
<groups><groupType id="t"><title>Years</title><group id="g"><title>First</title></group></groupType></groups>
<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="s">
 <SignedInfo Id="i"><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
 <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
 <Reference URI=""><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>QUJD</DigestValue></Reference></SignedInfo>
 <SignatureValue>QUJD</SignatureValue>
 <KeyInfo><X509Data><X509Certificate>QUJD</X509Certificate></X509Data></KeyInfo>
</Signature>
</elmo>
`

// good20 is good in 2.0, with a recognition.
var good20 = strings.NewReplacer(
	"<bday>1998-04-12</bday>", `<alternativeName xml:lang="el">Άντα</alternativeName><dateOfBirth>1998-04-12</dateOfBirth>`,
	"\n <issueDate>2024-01-31T12:00:00+01:00</issueDate>", `
 <resultOfRecognition><title xml:lang="en">Decision</title><status>Positive</status>
  <recognitionMapping><mapping><fromMapping><ref>INF100</ref></fromMapping></mapping></recognitionMapping></resultOfRecognition>
 <issueDate>2024-01-31T12:00:00+01:00</issueDate>`,
).Replace(good)

const (
	course   = "report[1]/learningOpportunitySpecification[1]/hasPart[1]/learningOpportunitySpecification"
	instance = course + "/specifies/learningOpportunityInstance"
	program  = "report[1]/learningOpportunitySpecification[1]"
)

// cases change one place of the good document, so that one rule has something against it there: old is
// the valid example of the rule, new the invalid one.
var cases = []struct {
	rule, old, new, path string
	version              schema.Version
}{
	{rule: "XSD-NAMESPACE", old: `xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1" `, new: "", path: ""},
	{rule: "XSD-NAMESPACE", old: "schemas/tree/v1", new: "schemas/tree/v2", path: ""},
	{rule: "XSD-NAMESPACE", old: "<country>", new: `<country xmlns="">`, path: "report[1]/issuer/country"},
	{rule: "XSD-UNKNOWN-ELEMENT", old: "<gender>2</gender>", new: "<sex>2</sex>", path: "learner/sex[1]"},
	{rule: "XSD-UNKNOWN-ELEMENT", old: `count="3"/>`, new: `count="3"><x/></category>`, path: instance + "/resultDistribution/category[1]/x[1]"},
	{rule: "XSD-VERSION", old: "<bday>1998-04-12</bday>", new: "<dateOfBirth>1998-04-12</dateOfBirth>", path: "learner/dateOfBirth[1]"},
	{rule: "XSD-VERSION", version: "2.0", old: "dateOfBirth", new: "bday", path: "learner/bday[1]"},
	{rule: "XSD-ORDER", old: "<bday>1998-04-12</bday>\n <placeOfBirth>Fjordheim</placeOfBirth>", new: "<placeOfBirth>Fjordheim</placeOfBirth><bday>1998-04-12</bday>", path: "learner/bday"},
	{rule: "XSD-ORDER", old: "<givenNames>Ada</givenNames><familyName>Example</familyName>", new: "<familyName>Example</familyName><givenNames>Ada</givenNames>", path: "learner/familyName"},
	{rule: "XSD-TOO-MANY", old: "<gender>2</gender>", new: "<gender>2</gender><gender>2</gender>", path: "learner/gender"},
	{rule: "XSD-MISSING", old: "<url>https://example.org</url>", new: "", path: "report[1]/issuer/url"},
	{rule: "XSD-MISSING", old: "<givenNames>Ada</givenNames>", new: "", path: "learner/givenNames"},
	{rule: "XSD-MISSING", old: `<title xml:lang="en">Autumn</title>`, new: "", path: instance + "/academicTerm/title[1]"},
	{rule: "XSD-MISSING", version: "1.3", old: `<grouping typeref="t" idref="g"/>`, new: "", path: instance + "/grouping"},
	{rule: "XSD-TEXT", old: "<learner>", new: "<learner>Ada", path: "learner"},
	{rule: "XSD-TEXT", old: `count="3"/>`, new: `count="3"> </category>`, path: instance + "/resultDistribution/category[1]"},
	{rule: "XSD-CHILD", old: "<title>Names</title>", new: "<title><b/></title>", path: program + "/specifies/learningOpportunityInstance/diplomaSupplement/section[1]/title"},
	{rule: "XSD-TYPE", old: "<bday>1998-04-12", new: "<bday>1998-02-29", path: "learner/bday"},
	{rule: "XSD-TYPE", old: "<bday>1998-04-12", new: "<bday>", path: "learner/bday"},
	{rule: "XSD-TYPE", old: `xml:lang="no"`, new: `xml:lang=""`, path: "report[1]/issuer/title[2]/@xml:lang"},
	{rule: "XSD-ENUM", old: "<gender>2", new: "<gender>3", path: "learner/gender"},
	{rule: "XSD-ENUM", old: "<country>NO", new: "<country>XK", path: "report[1]/issuer/country"},
	{rule: "XSD-PATTERN", old: `number="1.1"`, new: `number="I"`, path: program + "/specifies/learningOpportunityInstance/diplomaSupplement/section[1]/@number"},
	{rule: "XSD-UNKNOWN-ATTRIBUTE", old: "<learner>", new: `<learner id="1">`, path: "learner/@id"},
	{rule: "XSD-UNKNOWN-ATTRIBUTE", old: "<extension>", new: `<extension a="1">`, path: instance + "/extension/@a"},
	{rule: "XSD-MISSING-ATTRIBUTE", old: `<gradingScheme localId="g2"/>`, new: "<gradingScheme/>", path: "report[1]/gradingScheme[2]/@localId"},
	{rule: "XSD-EXTENSION", old: `<x xmlns="urn:x"/>`, new: "<x/>", path: instance + "/extension/x[1]"},
	{rule: "XSD-UNDECLARED", old: `xml-exc-c14n#"/>`, new: `xml-exc-c14n#"><x/></CanonicalizationMethod>`, path: "Signature/SignedInfo/CanonicalizationMethod/x[1]"},
	{rule: "XSD-XSI-TYPE", old: "<bday>", new: `<bday xsi:type="xs:string">`, path: "learner/bday/@xsi:type"},
	{rule: "XSD-XSI-TYPE", old: "<bday>", new: `<bday xsi:type="nothing">`, path: "learner/bday/@xsi:type"},
	{rule: "XSD-XSI-NIL", old: "<bday>", new: `<bday xsi:nil="false">`, path: "learner/bday/@xsi:nil"},
	{rule: "XSD-ID", old: `Id="i"`, new: `Id="s"`, path: "Signature/SignedInfo/@Id"},

	{rule: "ELMO-XSI-TYPE", old: "<bday>", new: `<bday xsi:type="xs:date">`, path: "learner/bday"},
	{rule: "ELMO-SIGNED", old: good[strings.Index(good, "<Signature"):strings.Index(good, "</elmo>")], new: "", path: ""},
	{rule: "ELMO-SIGNED-WHOLE", old: `URI=""`, new: `URI="#x"`, path: "Signature/SignedInfo"},
	{rule: "ELMO-SIGNED-CERTIFICATE", old: "<X509Certificate>QUJD</X509Certificate>", new: "<X509SKI>QUJD</X509SKI>", path: "Signature"},
	{rule: "ELMO-TIME-ZONE", old: "12:00:00+01:00", new: "12:00:00", path: "report[1]/issueDate"},
	{rule: "ELMO-BIRTH-DATE", old: "<bday>1998-04-12</bday>", new: "", path: "learner"},
	{rule: "ELMO-EMPTY", old: "Fjordheim</place", new: " </place", path: "learner/placeOfBirth"},
	{rule: "ELMO-IDENTIFIER-TYPE", old: `"esi"`, new: `"card"`, path: "learner/identifier[1]/@type"},
	{rule: "ELMO-COURSES", old: good[strings.Index(good, " <learningO"):strings.Index(good, " <issueDate>2024")], new: "", path: "report[1]"},
	{rule: "ELMO-ISSUER-URL", old: "<url>https://", new: "<url>", path: "report[1]/issuer/url"},
	{rule: "ELMO-LANGUAGE", old: `<title xml:lang="en">Programming`, new: "<title>Programming", path: course + "/title[1]"},
	{rule: "ELMO-LANGUAGE-MISSING", old: `<title xml:lang="no">`, new: "<title>", path: "report[1]/issuer/title[2]"},
	{rule: "ELMO-LANGUAGE-TWICE", old: `<title xml:lang="no">`, new: `<title xml:lang="EN">`, path: "report[1]/issuer/title[2]"},
	{rule: "ELMO-LOCAL-ID-TWICE", old: `"g2"`, new: `"g1"`, path: "report[1]/gradingScheme[2]/@localId"},
	{rule: "ELMO-REF-GRADING", old: "<gradingSchemeLocalId>g1", new: "<gradingSchemeLocalId>g3", path: instance + "/gradingSchemeLocalId"},
	{rule: "ELMO-REF-ATTACHMENT", old: "<ref>a1", new: "<ref>a2", path: instance + "/attachments/ref[1]"},
	{rule: "ELMO-REF-GROUP", old: `idref="g"`, new: `idref="h"`, path: instance + "/grouping"},
	{rule: "ELMO-REF-MAPPING", version: "2.0", old: "<ref>INF100", new: "<ref>INF101", path: "report[1]/resultOfRecognition[1]/recognitionMapping[1]/mapping/fromMapping[1]/ref[1]"},
	{rule: "ELMO-NESTING", old: "<type>Degree Programme", new: "<type>Class", path: course + "/type"},
	{rule: "ELMO-HTML-ONLY", old: `<description xml:lang="en">Text.</description>`, new: "", path: program + "/descriptionHtml[1]"},
	{rule: "ELMO-ISCED", old: "0613", new: "06.13", path: program + "/iscedCode"},
	{rule: "ELMO-DATE-ORDER", old: "2020-08-01", new: "2021-01-01", path: instance + "/academicTerm/start"},
	{rule: "ELMO-DATE-ORDER", old: "2023-06-30</date>", new: "2019-06-30+01:00</date>", path: program + "/specifies/learningOpportunityInstance/start"},
	{rule: "ELMO-TERM-PLACE", old: "<type>Course", new: "<type>Degree Programme", path: instance + "/academicTerm"},
	{rule: "ELMO-STATUS", old: "<status>passed</status>\n      ", new: "", path: instance},
	{rule: "ELMO-SHORTENED-RANGE", old: "<percentageLower>50", new: "<percentageLower>-50", path: instance + "/shortenedGrading/percentageLower"},
	{rule: "ELMO-SHORTENED-SUM", old: "<percentageLower>50", new: "<percentageLower>5", path: instance + "/shortenedGrading"},
	{rule: "ELMO-CREDIT-ONCE", old: "<level><type>EQF", new: "<credit><scheme>ECTS</scheme><value>180</value></credit><level><type>EQF", path: instance + "/credit[1]"},
	{rule: "ELMO-CREDIT-VALUE", old: "<value>7.5</value>", new: "", path: instance + "/credit[1]"},
	{rule: "ELMO-CREDIT-LEVEL", old: "<value>7.5</value>", new: "<level>Bachelor</level><value>7.5</value>", path: instance + "/credit[1]/level"},
	{rule: "ELMO-LEVEL-EQF", old: "<value>6</value>", new: "<value>9</value>", path: program + "/specifies/learningOpportunityInstance/level[1]"},
	{rule: "ELMO-TEACHING-LANGUAGE", old: "<languageOfInstruction>en", new: "<languageOfInstruction>en, no", path: instance + "/languageOfInstruction"},
	{rule: "ELMO-SUPPLEMENT-PLACE", old: "<type>Degree Programme", new: "<type>Module", path: program + "/specifies/learningOpportunityInstance/diplomaSupplement"},
	{rule: "ELMO-SUPPLEMENT-VERSION", old: "<version>2018", new: "<version>1.0", path: program + "/specifies/learningOpportunityInstance/diplomaSupplement/version"},
	{rule: "ELMO-ATTACHMENT-NONE", old: "<content>data:application/pdf;base64,JVBERg==</content>", new: "", path: ""},
	{rule: "ELMO-ATTACHMENT-PLACE", old: "<type>Transcript of Records", new: "<type>EMREX transcript", path: "report[1]/attachment[1]"},
	{rule: "ELMO-ATTACHMENT-URI", old: "data:application/pdf;base64,JVBERg==", new: "JVBERg==", path: "report[1]/attachment[1]/content[1]"},
	{rule: "ELMO-ATTACHMENT-URI", old: "data:application/pdf;base64,JVBERg==", new: "data:application/pdf", path: "report[1]/attachment[1]/content[1]"},
	{rule: "ELMO-ATTACHMENT-BASE64", old: "JVBERg==", new: "JVBERg=", path: "report[1]/attachment[1]/content[1]"},
	{rule: "ELMO-ATTACHMENT-PDF", old: "application/pdf", new: "image/png", path: "report[1]/attachment[1]/content[1]"},
}

// TestRules: each rule is silent about the good document and speaks about the changed one, at the right
// place; and each rule has a case.
func TestRules(t *testing.T) {
	tested := map[string]bool{"XSD-ROOT": true, "ELMO-LIMIT": true} // TestRoot, TestLimit
	for _, c := range cases {
		tested[c.rule] = true
		data, version := good, schema.Latest
		switch c.version {
		case "2.0":
			data, version = good20, c.version
		case "1.3":
			version = c.version
		}
		if !strings.Contains(data, c.old) {
			t.Errorf("%s: the document has no %q", c.rule, c.old)
			continue
		}
		changed := strings.ReplaceAll(data, c.old, c.new)
		if !has(t, changed, version, c.rule, c.path) {
			t.Errorf("%s: not found at %q in %q: %s", c.rule, c.path, c.new, list(t, changed, version))
		}
	}
	for _, r := range schema.Rules {
		if !tested[r.ID] {
			t.Errorf("%s has no case", r.ID)
		}
		if r.Text == "" || r.Source == "" || r.Severity == "" {
			t.Errorf("%s is not described", r.ID)
		}
	}
}

func has(t *testing.T, data string, v schema.Version, rule, path string) bool {
	t.Helper()
	for _, f := range schema.Check(parse(t, []byte(data)), v, schema.Options{}) {
		if f.Rule == rule && f.Path == path {
			return true
		}
	}
	return false
}

func list(t *testing.T, data string, v schema.Version) string {
	t.Helper()
	var b strings.Builder
	for _, f := range schema.Check(parse(t, []byte(data)), v, schema.Options{}) {
		b.WriteString("\n\t" + f.Rule + " " + f.Path + ": " + f.Text)
	}
	return b.String()
}

// TestGood: the examples themselves are flawless.
func TestGood(t *testing.T) {
	if found := list(t, good, "1.7"); found != "" {
		t.Error(found)
	}
	if found := list(t, good20, "2.0"); found != "" {
		t.Error(found)
	}
	if found := list(t, strings.ReplaceAll(good20, "schemas/tree/v1", "schemas/tree/v2"), "2.0-v2"); found != "" {
		t.Error(found)
	}
}

// TestValues: findings hold no values unless they are asked for.
func TestValues(t *testing.T) {
	root := parse(t, []byte(strings.ReplaceAll(strings.ReplaceAll(good, "1998-04-12", "SECRET"), `"g2"`, `"SECRET"`)))
	for _, f := range schema.Check(root, "1.7", schema.Options{}) {
		if f.Value != "" || strings.Contains(f.Text+f.Path+f.Source, "SECRET") {
			t.Errorf("%+v", f)
		}
	}
	found := schema.Check(root, "1.7", schema.Options{Values: true})
	if len(found) != 1 || found[0].Value != "SECRET" {
		t.Errorf("%+v", found)
	}
}

// TestRoot: what is not elmo is not looked into.
func TestRoot(t *testing.T) {
	root := parse(t, []byte("<learner><x/></learner>"))
	found := schema.Check(root, "1.7", schema.Options{Structure: true})
	if len(found) != 1 || found[0].Rule != "XSD-ROOT" || found[0].Path != "" {
		t.Errorf("%+v", found)
	}
}

// TestLimit: no more findings than asked for, and a word about it.
func TestLimit(t *testing.T) {
	root := parse(t, []byte(strings.ReplaceAll(good, "title", "titel")))
	found := schema.Check(root, "1.7", schema.Options{Max: 2})
	if len(found) != 3 || found[2].Rule != "ELMO-LIMIT" {
		t.Errorf("%+v", found)
	}
}

// BenchmarkLoading is what the first check by a version costs.
func BenchmarkLoading(b *testing.B) {
	for b.Loop() {
		schema.Compile(7)
	}
}
