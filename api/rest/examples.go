package rest

// Examples of the description of the API. Ada Example and University of Fjordheim are made up.

const documentExample = `<?xml version="1.0" encoding="UTF-8"?>
<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
  <generatedDate>2024-02-01T10:00:00+01:00</generatedDate>
  <learner>
    <givenNames>Ada</givenNames>
    <familyName>Example</familyName>
    <bday>1998-04-12</bday>
  </learner>
  <report>
    <issuer>
      <country>NO</country>
      <identifier type="schac">fjordheim.example.org</identifier>
      <title xml:lang="en">University of Fjordheim</title>
      <url>https://www.fjordheim.example.org</url>
    </issuer>
    <learningOpportunitySpecification>
      <identifier type="local">INF100</identifier>
      <title xml:lang="en">Introduction to Programming</title>
      <type>Course</type>
      <specifies>
        <learningOpportunityInstance>
          <date>2023-12-15</date>
          <status>passed</status>
          <resultLabel>B</resultLabel>
          <credit><scheme>ects</scheme><value>7.5</value></credit>
        </learningOpportunityInstance>
      </specifies>
    </learningOpportunitySpecification>
    <issueDate>2024-01-31T12:00:00+01:00</issueDate>
  </report>
</elmo>
`

var (
	issuerExample = map[string]any{"legalName": map[string]any{"en": "University of Fjordheim"}, "country": "NO",
		"eidasIdentifier": "VATNO-000000000", "homepage": "https://www.fjordheim.example.org"}
	optionsExample  = map[string]any{"birth-country": "NO", "birthdate-zone": "+02:00", "display": "minimal"}
	acceptedExample = map[string]any{"token": "QX5SOEZXVD2KGB4HIJRMNTPAYL", "expires": "2026-01-31T13:00:00Z"}
	statusExample   = map[string]any{"expires": "2026-01-31T13:00:00Z", "done": false, "waiting": 1, "count": 3, "converted": 1, "failed": 1, "files": []any{
		map[string]any{"number": 1, "name": "ada.xml", "status": "converted", "losses": "kept=12"},
		map[string]any{"number": 2, "name": "notes.txt", "status": "failed", "problem": problemExample},
		map[string]any{"number": 3, "name": "grace.xml", "status": "waiting"},
	}}
	problemExample  = map[string]any{"type": "/v1/problems/unknown-document", "title": "Neither an ELMO document nor a European Digital Credential", "status": 422, "kind": "unsupported"}
	lineExample     = map[string]any{"number": 2, "name": "notes.txt", "status": "failed", "problem": problemExample}
	validateExample = map[string]any{"valid": true, "format": "elmo", "against": []any{"ELMO 1.7"}, "findings": []any{map[string]any{
		"rule": "ELMO-SIGNED", "severity": "warning", "path": "", "line": 2, "text": "The document has no signature, and readers cannot tell where it is from: sign it before it is sent.", "source": "ELMO schema, element Signature"}}}
	verifyExample = map[string]any{"format": "elmo", "status": "failed", "reason": "there is no signature", "signatures": nil,
		"checks": []any{map[string]any{"name": "signature", "status": "failed", "reason": "there is no signature"}}}
	inspectExample = map[string]any{"validity": "valid", "contents": []any{map[string]any{"kind": "ELMO", "version": "1.7",
		"learner": []any{map[string]any{"name": "given names", "value": "Ada"}, map[string]any{"name": "family name", "value": "Example"}},
		"reports": []any{map[string]any{"institution": "University of Fjordheim", "results": []any{
			map[string]any{"title": "Introduction to Programming", "code": "INF100", "grade": "B", "credits": "7.5 ects", "date": "2023-12-15"}}}}}}}
	gapsExample = map[string]any{"files": 2, "list": []any{map[string]any{"row": "LOI-10", "verdict": "kept", "reason": "no-counterpart",
		"path": "report/learningOpportunitySpecification", "side": "elmo", "files": 1, "times": 3}}}
)
