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
	{ID: "VAL-01", ELMO: "@xml:lang", ELM: "language maps", Note: "Tags in lower case; no tag is und, or the default language. A second text of a language is kept, or an alternative label. A tag that is none: the text under und, the element kept."},
	{ID: "VAL-02", ELMO: "texts", ELM: "texts", Note: "White space of tokens is collapsed, that of strings is carried. Characters that XML forbids are left out."},
	{ID: "VAL-03", ELMO: "xs:date", ELM: "xsd:dateTime", Note: "Midnight in the zone stated, or without one; back the calendar date in the offset stated, Z as none."},
	{ID: "VAL-04", ELMO: "numbers and codes", ELM: "numbers and codes", Note: "As written; a code is in a list only when written as there."},
	{ID: "VAL-05", ELMO: "empty elements", Note: "Not carried; they come back where the schema demands them."},
	{ID: "VAL-06", ELMO: "unknown elements and attributes", ELM: "additionalNote, attachment", Note: "Kept as part of the element they are in; attributes of XML Schema Instance are left out."},
	{ID: "VAL-07", ELMO: "order of elements", Note: "Elements in another order than the schema's come back in the schema's."},
	{ID: "VAL-08", ELMO: "namespaces", Note: "Elements without namespace, or in an older one, are read as ELMO and come back in tree/v1."},
}

var envelopeRules = []Rule{
	{ID: "ENV-01", ELM: "issuer", Note: "The organisation that seals, as given; without one the issuer of the report, whose eIDASIdentifier ELMO does not have."},
	{ID: "ENV-02", ELMO: "report", ELM: "EuropeanDigitalCredential", Note: "One credential for each report; back, the credentials of one learner are one document."},
	{ID: "ENV-03", ELM: "id", Note: "From the digest of the source, the options and the number of the report."},
	{ID: "ENV-04", ELM: "type, credentialSchema, credentialProfiles", Note: "Profile Generic, with keep=source also Converted."},
	{ID: "ENV-05", ELMO: "report/issueDate", ELM: "validFrom, issuanceDate, issued", Note: "As written. Issuing software overwrites the last two when sealing."},
	{ID: "ENV-06", ELM: "displayParameter", Note: "Title from the kind of document in each of its languages; primary language: the one given, or that of most titles."},
	{ID: "ENV-07", ELM: "displayParameter/individualDisplay", Note: "Pictures drawn from the credential, for each language; or one small page."},
	{ID: "ENV-08", ELM: "identifier", Note: "Digest of the document, number of the report and number of reports: tells which credentials belong together."},
	{ID: "ENV-09", ELMO: "generatedDate, groups, extension", ELM: "attachment", Note: "Kept in the remainder of every credential of the document."},
	{ID: "ENV-10", ELMO: "report without learningOpportunitySpecification", ELM: "attachment", Note: "Kept whole in the remainder of the first credential; when no report has results, a placeholder claim carries it."},
	{ID: "ENV-11", ELMO: "ds:Signature", Note: "Dropped: it vouches for the XML. keep=source carries the signed file."},
}

var reportRules = []Rule{
	{ID: "RPT-01", ELMO: "issueDate", ELM: "validFrom", Note: "Back: validFrom of our credentials, else issuanceDate, issued, validFrom."},
	{ID: "RPT-03", ELMO: "resultOfRecognition", ELM: "attachment", Note: "Kept in the remainder; status and date readable as a note of the first claim's specification."},
	{ID: "GRS-01", ELMO: "gradingScheme", ELM: "provenBy/specifiedBy/gradingScheme", Note: "Title is the local identifier, description as it is. What no result refers to is kept in the remainder."},
	{ID: "RPT-02", ELMO: "gradingSchemeExternalId", ELM: "gradingScheme/identifier", Note: "An identifier of the scheme with schemeName elmo:gradingSchemeExternalId."},
}

var structureRules = []Rule{
	{ID: "LOS-01", ELMO: "learningOpportunitySpecification, hasPart", ELM: "hasClaim, hasPart", Note: "A specification with its instance is an achievement with its specification; parts are parts. Failed and unfinished studies stay, unless only passed ones are asked for."},
	{ID: "LOI-10", ELMO: "credit/level", ELM: "additionalNote", Note: "The credit is kept whole beside creditReceived."},
	{ID: "LOI-12", ELMO: "level of other types", ELM: "specifiedBy/nqfLevel, educationLevel", Note: "A label of the list nqf, or a concept with the type as scheme and the description as label."},
}

var attachmentRules = []Rule{
	{ID: "ATT-01", ELMO: "identifier, extension", ELM: "attachment", Note: "In the remainder, with a stub for each content that names its media object."},
	{ID: "ATT-02", ELMO: "title, description", ELM: "title, description", Note: "On each media object."},
	{ID: "ATT-03", ELMO: "type", ELM: "attachmentType", Note: "A concept of ours with the value as label: no list is published."},
	{ID: "ATT-04", ELMO: "content", ELM: "content, contentType, contentEncoding", Note: "A data: URI taken apart; URL-encoded data becomes base64."},
	{ID: "ATT-05", ELMO: "content of bare base64", ELM: "content", Note: "Recognised when it is PDF, PNG or JPEG."},
	{ID: "ATT-06", ELMO: "attachment without a file", ELM: "attachment", Note: "Kept whole in the remainder."},
}

var supplementRules = []Rule{
	{ID: "DSP-02", ELMO: "section", ELM: "additionalNote", Note: "Each section with text is a readable note: number, title, text."},
	{ID: "DSP-03", ELMO: "section 2.2, 3.2, 3.3, 4.2", ELM: "educationSubject, maximumDuration, entryRequirement, learningOutcomeSummary", Note: "Copies where a property takes the text as it is."},
	{ID: "DSP-04", ELMO: "diplomaSupplement", ELM: "additionalNote, entryRequirement and others", Note: "Without the master copy, or of a degree of others: sections composed from what is readable."},
}

var foreignRules = []Rule{
	{ID: "EDC-01", ELM: "hasClaim", Note: "Activities and assessments become specifications and are kept whole, entitlements are kept."},
	{ID: "EDC-02", ELM: "awardedBy/awardingBody", Note: "Claims of several awarding bodies: one report for each."},
	{ID: "EDC-03", ELMO: "issuer/identifier", ELM: "eIDASIdentifier, registration, vatIdentifier, taxIdentifier", Note: "Stand in for the identifier that ELMO demands; else the name does."},
	{ID: "EDC-04", ELM: "Concept", Note: "Of a published list the identifier counts; label, notation and scheme are those of the list."},
	{ID: "EDC-05", ELM: "id", Note: "DIDs and addresses are kept; identifiers that only number nodes are made anew."},
	{ID: "EDC-06", ELM: "validUntil, evidence, termsOfUse, credentialStatus, holder, displayParameter and others", Note: "Kept in the extension of the root; the pictures become an attachment."},
	{ID: "EDC-07", ELM: "Person", Note: "What a learner cannot hold is kept in the extension of the root."},
	{ID: "EDC-08", ELM: "Organisation, Location", Note: "Kept in the extension of the instance."},
	{ID: "EDC-09", ELM: "LearningActivity", Note: "Kept in the extension of the instance."},
	{ID: "EDC-10", ELM: "LearningAssessment", Note: "Kept in the extension of the instance."},
	{ID: "EDC-11", ELM: "LearningAchievementSpecification, Qualification", Note: "Kept in the extension of the instance."},
	{ID: "EDC-12", ELM: "proof, seal", Note: "Dropped: it vouches for the credential. keep=source carries the sealed file."},
}

var versionRules = []Rule{
	{ID: "VER-01", ELMO: "elements of later versions", Note: "Kept in an extension of the version written."},
}
