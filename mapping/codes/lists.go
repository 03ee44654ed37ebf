package codes

// lists are all code lists. Of those without a table no member is known, only the scheme.
var lists = []*List{
	authorityList("country", true, table{3, countries}),
	authorityList("language", true, table{3, languages}, table{1, languagesBare}),
	europassList("eqf", true, table{2, eqf}),
	newList("nqf", "http://data.europa.eu/snb/qdr/25831c2", "http://data.europa.eu/snb/qdr/", true, table{2, nqf}),
	europassList("isced-f", true, table{2, iscedF}),
	europassList("education-credit", true, table{2, educationCredit}),
	europassList("learning-opportunity", true, table{2, learningOpportunity}),
	europassList("learning-activity", true, table{2, learningActivity}),
	europassList("assessment", true, table{2, assessments}),
	europassList("learning-setting", true, table{2, learningSetting}),
	europassList("learning-schedule", true, table{2, learningSchedule}),
	europassList("learning-assessment", true, table{2, learningAssessment}),
	europassList("credential", true, table{2, credential}),
	europassList("entitlement", true, table{2, entitlement}),
	europassList("entitlement-status", true, table{2, entitlementStatus}),
	europassList("target-group", true, table{2, targetGroup}),
	europassList("encoding", true, table{2, encoding}),
	authorityList("file-type", true, table{2, fileTypes}),
	authorityList("currency", true, table{2, currencies}),
	authorityList("atu", true, table{1, atu}),
	newList("nuts", "http://data.europa.eu/nuts", "http://data.europa.eu/nuts/code/", true, table{1, nuts}),
	europassList("accreditation", true, table{2, accreditation}),
	europassList("skill-reuse-level", true, table{2, skillReuseLevel}),
	europassList("skill-type", true, table{2, skillType}),
	authorityList("human-sex", false, table{2, humanSex}),
	europassList("grade-status", false, table{2, gradeStatus}),
	europassList("supervision-verification", false, table{2, supervisionVerification}),
	europassList("evidence-type", false, table{2, evidenceType}),
	europassList("verification", false, table{2, verification}),
	europassList("verification-status", false, table{2, verificationStatus}),
	europassList("verifiable-presentation", false, table{2, verifiablePresentation}),
	europassList("claim-type", false),
	europassList("accreditation-decision", false),
	europassList("qualification-topic", false),
	europassList("com-channel", false),
	europassList("dcf", false),
	newList("esco-skills", "http://data.europa.eu/esco/concept-scheme/skills", "http://data.europa.eu/esco/skill/", false),
	newList("esco-occupations", "http://data.europa.eu/esco/concept-scheme/occupations", "http://data.europa.eu/esco/occupation/", false),
}

// authorityList is a list of the EU Publications Office.
func authorityList(name string, complete bool, tables ...table) *List {
	scheme := "http://publications.europa.eu/resource/authority/" + name
	return newList(name, scheme, scheme+"/", complete, tables...)
}

// europassList is a list of Europass.
func europassList(name string, complete bool, tables ...table) *List {
	prefix := "http://data.europa.eu/snb/" + name + "/"
	return newList(name, prefix+"25831c2", prefix, complete, tables...)
}
