package mapping

// Part is a section as people read it.
type Part struct {
	Name, ELMO, ELM string
	Rules           []Rule
}

func (s *Section[E, C]) part() Part {
	p := Part{Name: s.Name, ELMO: s.ELMO, ELM: s.ELM}
	for _, row := range s.Rows {
		p.Rules = append(p.Rules, row.Rule)
	}
	return p
}

// Table is the whole mapping, in the order in which people read it.
func Table() []Part {
	return []Part{
		{Name: "VAL values", Rules: valueRules},
		{Name: "ENV envelope", ELMO: "elmo", ELM: "EuropeanDigitalCredential", Rules: envelopeRules},
		learnerRows.part(),
		issuerRows.part(),
		{Name: "RPT report, GRS grading schemes", ELMO: "report", ELM: "EuropeanDigitalCredential", Rules: reportRules},
		specificationRows.part(),
		instanceRows.part(),
		{Name: "LOS, LOI structure", ELMO: "learningOpportunitySpecification", ELM: "LearningAchievement", Rules: structureRules},
		{Name: "ATT attachments", ELMO: "attachment", ELM: "MediaObject", Rules: attachmentRules},
		{Name: "DSP diploma supplement", ELMO: "diplomaSupplement", ELM: "LearningAchievementSpecification", Rules: supplementRules},
		{Name: "EDC credentials of others", ELM: "EuropeanDigitalCredential", Rules: foreignRules},
		{Name: "VER versions of ELMO", ELMO: "elmo", Rules: versionRules},
	}
}

// Rules whose work is the walk itself, not one accessor.

var valueRules = []Rule{
	{ID: "VAL-01", ELMO: "@xml:lang", ELM: "language maps", Note: "Tags in lower case; no tag is und, or the default language. A second text of a language is kept, or an alternative label. A tag that is none: the text under und, the element kept.",
		Example: Example{In: "learningOpportunitySpecification", ELMO: `<title xml:lang="NB">Algebra</title>`,
			ELM:   `{"title":{"nb":"Algebra"}}`,
			ToEDC: Normalised}},
	{ID: "VAL-02", ELMO: "texts", ELM: "texts", Note: "White space of tokens is collapsed, that of strings is carried. Characters that XML forbids are left out.",
		Example: Example{In: "learningOpportunitySpecification", ELMO: `<title xml:lang="en"> Linear   algebra </title>`,
			ELM:   `{"title":{"en":"Linear algebra"}}`,
			ToEDC: Normalised}},
	{ID: "VAL-03", ELMO: "xs:date", ELM: "xsd:dateTime", Note: "Midnight in the zone stated, or without one; back the calendar date in the offset stated, Z as none.",
		Example: Example{In: "learner", ELMO: `<bday>2000-02-29Z</bday>`,
			ELM:   `{"dateOfBirth":"2000-02-29T00:00:00Z"}`,
			ToEDC: Normalised, ToELMO: Normalised}},
	{ID: "VAL-04", ELMO: "numbers and codes", ELM: "numbers and codes", Note: "As written; a code is in a list only when written as there.",
		Example: Example{In: "learningOpportunityInstance", ELMO: `<credit><scheme>ects</scheme><value>07.50</value></credit>`,
			ELM: `{"creditReceived":[{"point":"07.50"}]}`}},
	{ID: "VAL-05", ELMO: "empty elements", Note: "Not carried; they come back where the schema demands them.",
		Example: Example{In: "learner", ELMO: `<birthName/>`,
			ToEDC: Added, ToELMO: Added}},
	{ID: "VAL-06", ELMO: "unknown elements and attributes", ELM: "additionalNote, attachment", Note: "Kept as part of the element they are in; attributes of XML Schema Instance are left out.",
		Example: Example{In: "learningOpportunitySpecification", ELMO: `<title>T</title><x:note xmlns:x="urn:example:x">kept</x:note>`,
			ELM:   `{"additionalNote":[{"noteLiteral":{"zxx":"<x:note xmlns:x=\"urn:example:x\">kept</x:note>"}}]}`,
			ToEDC: Kept}},
	{ID: "VAL-07", ELMO: "order of elements", Note: "Elements in another order than the schema's come back in the schema's.",
		Example: Example{In: "learningOpportunitySpecification", ELMO: `<type>Course</type><title xml:lang="en">Algebra</title>`,
			ELM:   `{"title":{"en":"Algebra"}}`,
			ToEDC: Normalised}},
	{ID: "VAL-08", ELMO: "namespaces", Note: "Elements without namespace, or in an older one, are read as ELMO and come back in tree/v1.",
		Example: Example{In: "learner", ELMO: `<givenNames xmlns="">Ada</givenNames>`,
			ELM:   `{"givenName":{"und":"Ada"}}`,
			ToEDC: Normalised}},
}

var envelopeRules = []Rule{
	{ID: "ENV-01", ELM: "issuer", Note: "The organisation that seals, as given; without one the issuer of the report, whose eIDASIdentifier ELMO does not have.",
		Example: Example{In: "report/issuer", ELMO: `<title xml:lang="en">Example University</title><url>https://example.org</url>`,
			ELM:   `{"legalName":{"en":"Example University"},"homepage":[{"contentURL":"https://example.org"}]}`,
			ToEDC: Added}},
	{ID: "ENV-02", ELMO: "report", ELM: "EuropeanDigitalCredential", Note: "One credential for each report; back, the credentials of one learner are one document.",
		Example: Example{ELMO: `<report><issuer><url/></issuer><learningOpportunitySpecification><title xml:lang="en">Topology</title><specifies><learningOpportunityInstance/></specifies></learningOpportunitySpecification><issueDate>2024-07-16T00:00:00Z</issueDate></report>`,
			ELM: `{"credentialSubject":{"hasClaim":[{"title":{"en":"Topology"}}]}}`}},
	{ID: "ENV-03", ELM: "id", Note: "From the digest of the source, the options and the number of the report.",
		Example: Example{ELM: `{"id":"urn:credential:968c9211-4c06-5f47-ab83-245bb5087d23"}`}},
	{ID: "ENV-04", ELM: "type, credentialSchema, credentialProfiles", Note: "Profile Generic, with keep=source also Converted.",
		Example: Example{ELM: `{"type":["VerifiableCredential","EuropeanDigitalCredential"],"credentialProfiles":[{"prefLabel":{"en":"Generic"}}]}`}},
	{ID: "ENV-05", ELMO: "report/issueDate", ELM: "validFrom, issuanceDate, issued", Note: "As written. Issuing software overwrites the last two when sealing.",
		Example: Example{In: "report", ELMO: `<issueDate>2024-07-15T00:00:00+02:00</issueDate>`,
			ELM: `{"validFrom":"2024-07-15T00:00:00+02:00","issuanceDate":"2024-07-15T00:00:00+02:00","issued":"2024-07-15T00:00:00+02:00"}`}},
	{ID: "ENV-06", ELM: "displayParameter", Note: "Title from the kind of document in each of its languages; primary language: the one given, or that of most titles.",
		Example: Example{ELM: `{"displayParameter":{"title":{"en":"Transcript of records"}}}`,
			ToEDC: Added, ToELMO: Normalised}},
	{ID: "ENV-07", ELM: "displayParameter/individualDisplay", Note: "Pictures drawn from the credential, for each language; or one small page.",
		Example: Example{ELM: `{"displayParameter":{"individualDisplay":[{"type":"IndividualDisplay"}]}}`,
			ToEDC: Added}},
	{ID: "ENV-08", ELM: "identifier", Note: "Digest of the document, number of the report and number of reports: tells which credentials belong together.",
		Example: Example{ELM: `{"identifier":[{"schemeName":"elmo:report"}]}`,
			ToEDC: Added}},
	{ID: "ENV-09", ELMO: "generatedDate, groups, extension", ELM: "attachment", Note: "Kept in the remainder of every credential of the document.",
		Example: Example{ELMO: `<groups><groupType id="year"><title xml:lang="en">Year</title><group id="y1"><title xml:lang="en">First</title></group></groupType></groups>`,
			ToEDC: Kept}},
	{ID: "ENV-10", ELMO: "report without learningOpportunitySpecification", ELM: "attachment", Note: "Kept whole in the remainder of the first credential; when no report has results, a placeholder claim carries it.",
		Example: Example{ELMO: `<report><issuer><url>https://example.org</url></issuer><issueDate>2024-07-16T00:00:00Z</issueDate></report>`,
			ToEDC: Kept}},
	{ID: "ENV-11", ELMO: "ds:Signature", Note: "Dropped: it vouches for the XML. keep=source carries the signed file.",
		Example: Example{ELMO: `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>`,
			ToEDC: Dropped}},
}

var reportRules = []Rule{
	{ID: "RPT-01", ELMO: "issueDate", ELM: "validFrom", Note: "Back: validFrom of our credentials, else issuanceDate, issued, validFrom.",
		Example: Example{ELMO: `<issueDate>2024-07-15T00:00:00Z</issueDate>`,
			ELM: `{"validFrom":"2024-07-15T00:00:00Z"}`}},
	{ID: "RPT-03", ELMO: "resultOfRecognition", ELM: "attachment", Note: "Kept in the remainder; status and date readable as a note of the first claim's specification.",
		Example: Example{ELMO: `<resultOfRecognition><title xml:lang="en">Recognition</title><status>Positive</status><decisionDate>2024-07-01</decisionDate></resultOfRecognition><issueDate>2024-07-15T00:00:00Z</issueDate>`,
			ToEDC: Kept}},
	{ID: "GRS-01", ELMO: "gradingScheme", ELM: "provenBy/specifiedBy/gradingScheme", Note: "Title is the local identifier, description as it is. What no result refers to is kept in the remainder.",
		Example: Example{In: "report", ELMO: `<learningOpportunitySpecification><title>Algebra</title><specifies><learningOpportunityInstance><gradingSchemeLocalId>30</gradingSchemeLocalId><resultLabel>28</resultLabel></learningOpportunityInstance></specifies></learningOpportunitySpecification><issueDate>2024-07-15T00:00:00Z</issueDate><gradingScheme localId="30"><description xml:lang="en">18 to 30</description></gradingScheme>`,
			ELM:   `{"credentialSubject":{"hasClaim":[{"provenBy":[{"specifiedBy":{"gradingScheme":{"description":{"en":"18 to 30"}}}}]}]}}`,
			ToEDC: Added}},
	{ID: "RPT-02", ELMO: "gradingSchemeExternalId", ELM: "gradingScheme/identifier", Note: "An identifier of the scheme with schemeName elmo:gradingSchemeExternalId.",
		Example: Example{In: "learningOpportunityInstance", ELMO: `<gradingSchemeLocalId>30</gradingSchemeLocalId><gradingSchemeExternalId>https://example.org/scales/30</gradingSchemeExternalId><resultLabel>28</resultLabel>`,
			ELM: `{"provenBy":[{"specifiedBy":{"gradingScheme":{"identifier":[{"notation":"https://example.org/scales/30","schemeName":"elmo:gradingSchemeExternalId"}]}}}]}`}},
}

var structureRules = []Rule{
	{ID: "LOS-01", ELMO: "learningOpportunitySpecification, hasPart", ELM: "hasClaim, hasPart", Note: "A specification with its instance is an achievement with its specification; parts are parts. Failed and unfinished studies stay, unless only passed ones are asked for.",
		Example: Example{In: "report", ELMO: `<learningOpportunitySpecification><title xml:lang="en">Degree</title><specifies><learningOpportunityInstance/></specifies><hasPart><learningOpportunitySpecification><title xml:lang="en">Algebra</title><specifies><learningOpportunityInstance/></specifies></learningOpportunitySpecification></hasPart></learningOpportunitySpecification><issueDate>2024-07-15T00:00:00Z</issueDate>`,
			ELM: `{"credentialSubject":{"hasClaim":[{"title":{"en":"Degree"},"specifiedBy":{"title":{"en":"Degree"}},"hasPart":[{"title":{"en":"Algebra"}}]}]}}`}},
	{ID: "LOI-10", ELMO: "credit/level", ELM: "additionalNote", Note: "The credit is kept whole beside creditReceived.",
		Example: Example{In: "learningOpportunityInstance", ELMO: `<credit><scheme>ects</scheme><level>Bachelor</level><value>5</value></credit>`,
			ELM:   `{"creditReceived":[{"point":"5"}]}`,
			ToEDC: Kept}},
	{ID: "LOI-12", ELMO: "level of other types", ELM: "specifiedBy/nqfLevel, educationLevel", Note: "A label of the list nqf, or a concept with the type as scheme and the description as label.",
		Example: Example{In: "learningOpportunityInstance", ELMO: `<level><type>NQF</type><description xml:lang="en">First cycle</description><value>1</value></level>`,
			ELM: `{"specifiedBy":{"educationLevel":[{"prefLabel":{"en":"First cycle"}}]}}`}},
}

var attachmentRules = []Rule{
	{ID: "ATT-01", ELMO: "identifier, extension", ELM: "attachment", Note: "In the remainder, with a stub for each content that names its media object.",
		Example: Example{ELMO: `<identifier type="elmo">a1</identifier><title xml:lang="en">Diploma</title><content>data:text/plain;base64,eA==</content>`,
			ELM:   `{"attachment":[{"content":"eA=="}]}`,
			ToEDC: Kept}},
	{ID: "ATT-02", ELMO: "title, description", ELM: "title, description", Note: "On each media object.",
		Example: Example{ELMO: `<title xml:lang="en">Diploma</title><description xml:lang="en">As printed</description><content>data:text/plain;base64,eA==</content>`,
			ELM: `{"attachment":[{"title":{"en":"Diploma"},"description":{"en":"As printed"}}]}`}},
	{ID: "ATT-03", ELMO: "type", ELM: "attachmentType", Note: "A concept of ours with the value as label: no list is published.",
		Example: Example{ELMO: `<title xml:lang="en">Diploma</title><type>Diploma</type><content>data:text/plain;base64,eA==</content>`,
			ELM: `{"attachment":[{"attachmentType":{"prefLabel":{"en":"Diploma"}}}]}`}},
	{ID: "ATT-04", ELMO: "content", ELM: "content, contentType, contentEncoding", Note: "A data: URI taken apart; URL-encoded data becomes base64.",
		Example: Example{ELMO: `<title xml:lang="en">Note</title><content>data:text/plain,One%20note</content>`,
			ELM:   `{"attachment":[{"content":"T25lIG5vdGU="}]}`,
			ToEDC: Normalised}},
	{ID: "ATT-05", ELMO: "content of bare base64", ELM: "content", Note: "Recognised when it is PDF, PNG or JPEG.",
		Example: Example{ELMO: `<title xml:lang="en">Diploma</title><content>JVBERi0xLjQK</content>`,
			ELM: `{"attachment":[{"content":"JVBERi0xLjQK"}]}`}},
	{ID: "ATT-06", ELMO: "attachment without a file", ELM: "attachment", Note: "Kept whole in the remainder.",
		Example: Example{ELMO: `<title xml:lang="en">Diploma</title><content>on paper</content>`,
			ToEDC: Kept}},
}

var supplementRules = []Rule{
	{ID: "DSP-02", ELMO: "section", ELM: "additionalNote", Note: "Each section with text is a readable note: number, title, text.",
		Example: Example{ELMO: `<version>2018</version><issueDate>2024-07-15</issueDate><introduction>The model.</introduction><section number="2.1"><title>Name</title><content>Bachelor</content></section>`,
			ELM:   `{"additionalNote":[{"noteLiteral":{"en":"2.1 Name: Bachelor"}}]}`,
			ToEDC: Added}},
	{ID: "DSP-03", ELMO: "section 2.2, 3.2, 3.3, 4.2", ELM: "educationSubject, maximumDuration, entryRequirement, learningOutcomeSummary", Note: "Copies where a property takes the text as it is.",
		Example: Example{ELMO: `<version>2018</version><issueDate>2024-07-15</issueDate><introduction>The model.</introduction><section number="3.3"><title>Access</title><content>Upper secondary</content></section>`,
			ELM:   `{"entryRequirement":{"noteLiteral":{"en":"Upper secondary"}}}`,
			ToEDC: Added}},
	{ID: "DSP-04", ELMO: "diplomaSupplement", ELM: "additionalNote, entryRequirement and others", Note: "Without the master copy, or of a degree of others: sections composed from what is readable.",
		Example: Example{Foreign: true, ELMO: `<diplomaSupplement xml:lang="en">`,
			ELM:    `{"credentialSubject":{"hasClaim":[{"specifiedBy":{"type":"Qualification","title":{"en":"Bachelor of Science"},"eqfLevel":{"id":"http://data.europa.eu/snb/eqf/6","type":"Concept"},"entryRequirement":{"type":"Note","noteLiteral":{"en":"Upper secondary"}}}}]}}`,
			ToELMO: Reduced}},
}

var foreignRules = []Rule{
	{ID: "EDC-01", ELM: "hasClaim", Note: "Activities and assessments become specifications and are kept whole, entitlements are kept.",
		Example: Example{Foreign: true,
			ELM:   `{"credentialSubject":{"hasClaim":[{},{"type":"LearningEntitlement","title":{"en":"Entry to the profession"}}]}}`,
			ToEDC: Added, ToELMO: Kept}},
	{ID: "EDC-02", ELM: "awardedBy/awardingBody", Note: "Claims of several awarding bodies: one report for each.",
		Example: Example{Foreign: true, ELMO: `<title xml:lang="en">Example College</title>`,
			ELM:    `{"credentialSubject":{"hasClaim":[{},{"type":"LearningAchievement","title":{"en":"Physics"},"awardedBy":{"type":"AwardingProcess","awardingBody":[{"type":"Organisation","legalName":{"en":"Example College"}}]}}]}}`,
			ToELMO: Normalised}},
	{ID: "EDC-03", ELMO: "issuer/identifier", ELM: "eIDASIdentifier, registration, vatIdentifier, taxIdentifier", Note: "Stand in for the identifier that ELMO demands; else the name does.",
		Example: Example{Foreign: true, ELMO: `<identifier type="eidas">VATIE-0000000</identifier>`,
			ELM:    `{"credentialSubject":{"hasClaim":[{"awardedBy":{"awardingBody":[{"eIDASIdentifier":{"type":"LegalIdentifier","notation":"VATIE-0000000"}}]}}]}}`,
			ToELMO: Added}},
	{ID: "EDC-04", ELM: "Concept", Note: "Of a published list the identifier counts; label, notation and scheme are those of the list.",
		Example: Example{Foreign: true, ELMO: `<citizenship>IE</citizenship>`,
			ELM:    `{"credentialSubject":{"citizenshipCountry":[{"id":"http://publications.europa.eu/resource/authority/country/IRL","type":"Concept","prefLabel":{"ga":"Éire"}}]}}`,
			ToELMO: Normalised}},
	{ID: "EDC-05", ELM: "id", Note: "DIDs and addresses are kept; identifiers that only number nodes are made anew.",
		Example: Example{Foreign: true, ELMO: `<level><type>other</type><description xml:lang="en">First cycle</description><value>1</value></level>`,
			ELM:    `{"credentialSubject":{"hasClaim":[{"specifiedBy":{"educationLevel":[{"id":"urn:example:level","type":"Concept","prefLabel":{"en":"First cycle"},"notation":"1","inScheme":[{"id":"urn:example:levels","type":"ConceptScheme"}]}]}}]}}`,
			ToELMO: Normalised}},
	{ID: "EDC-06", ELM: "validUntil, evidence, termsOfUse, credentialStatus, holder, displayParameter and others", Note: "Kept in the extension of the root; the pictures become an attachment.",
		Example: Example{Foreign: true,
			ELM:   `{"validUntil":"2030-01-01T00:00:00"}`,
			ToEDC: Added, ToELMO: Kept}},
	{ID: "EDC-07", ELM: "Person", Note: "What a learner cannot hold is kept in the extension of the root.",
		Example: Example{Foreign: true,
			ELM:   `{"credentialSubject":{"patronymicName":{"en":"Examplesdotter"}}}`,
			ToEDC: Added, ToELMO: Kept}},
	{ID: "EDC-08", ELM: "Organisation, Location", Note: "Kept in the extension of the instance.",
		Example: Example{Foreign: true,
			ELM:   `{"credentialSubject":{"hasClaim":[{"awardedBy":{"awardingBody":[{"accreditation":[{"id":"https://example.org/accreditation"}]}]}}]}}`,
			ToEDC: Added, ToELMO: Kept}},
	{ID: "EDC-09", ELM: "LearningActivity", Note: "Kept in the extension of the instance.",
		Example: Example{Foreign: true,
			ELM:   `{"credentialSubject":{"hasClaim":[{"influencedBy":[{"type":"LearningActivity","title":{"en":"Seminar"}}]}]}}`,
			ToEDC: Added, ToELMO: Kept}},
	{ID: "EDC-10", ELM: "LearningAssessment", Note: "Kept in the extension of the instance.",
		Example: Example{Foreign: true, ELMO: `<resultLabel>B</resultLabel>`,
			ELM:   `{"credentialSubject":{"hasClaim":[{"provenBy":[{"type":"LearningAssessment","title":{"en":"Exam"},"grade":{"type":"Note","noteLiteral":{"en":"B"}}}]}]}}`,
			ToEDC: Added, ToELMO: Kept}},
	{ID: "EDC-11", ELM: "LearningAchievementSpecification, Qualification", Note: "Kept in the extension of the instance.",
		Example: Example{Foreign: true,
			ELM:   `{"credentialSubject":{"hasClaim":[{"specifiedBy":{"learningOutcomeSummary":{"type":"Note","noteLiteral":{"en":"Solves equations."}}}}]}}`,
			ToEDC: Added, ToELMO: Kept}},
	{ID: "EDC-12", ELM: "proof, seal", Note: "Dropped: it vouches for the credential. keep=source carries the sealed file.",
		Example: Example{Foreign: true,
			ELM:    `{"proof":[{"type":"JsonWebSignature2020"}]}`,
			ToELMO: Dropped}},
}

var versionRules = []Rule{
	{ID: "VER-01", ELMO: "elements of later versions", Note: "Kept in an extension of the version written.",
		Example: Example{In: "learner", ELMO: `<givenNames>Ada</givenNames><familyName>Example</familyName><alternativeName xml:lang="el">Άντα</alternativeName>`,
			ToELMO: Kept}},
}
