package mapping

import (
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

// instanceRows: learningOpportunityInstance and the claim.
var instanceRows = Section[*node, *node]{
	Name: "LOI learningOpportunityInstance", ELMO: "learningOpportunityInstance", ELM: "LearningAchievement",
	Rows: []Row[*node, *node]{
		{Rule: Rule{ID: "LOI-01", ELMO: "identifier", ELM: "identifier",
			Note: "Identifiers of the instance stand on the claim, those of the specification on specifiedBy.",
			Example: Example{ELMO: `<identifier type="local">MAT-1/2024</identifier>`,
				ELM: `{"identifier":[{"notation":"MAT-1/2024","schemeName":"local"}]}`}},
			Link: Link[*node, *node]{Forward: loiIdentifier, Back: loiIdentifierBack}},
		{Rule: Rule{ID: "LOI-02", ELMO: "start, date", ELM: "influencedBy/temporal, awardedBy/awardingDate, provenBy/dateIssued",
			Note: "The date is the awarding date and the date of the assessment; with a start both make the period of an activity.",
			Example: Example{ELMO: `<start>2024-01-15</start><date>2024-06-01+01:00</date>`,
				ELM: `{"influencedBy":[{"temporal":[{"startDate":"2024-01-15T00:00:00","endDate":"2024-06-01T00:00:00+01:00"}]}],"awardedBy":{"awardingDate":"2024-06-01T00:00:00+01:00"}}`, ToEDC: Added}},
			Link: Link[*node, *node]{Forward: loiDates, Back: loiDatesBack}},
		{Rule: Rule{ID: "LOI-03", ELMO: "academicTerm", ELM: "learningOpportunity/temporal",
			Note: "Title, start and end; the opportunity takes the title of the claim.",
			Example: Example{ELMO: `<academicTerm><title xml:lang="en">Autumn</title><start>2023-09-01</start><end>2024-01-31</end></academicTerm>`,
				ELM: `{"learningOpportunity":{"temporal":{"prefLabel":{"en":"Autumn"},"startDate":"2023-09-01T00:00:00","endDate":"2024-01-31T00:00:00"}}}`, ToEDC: Added}},
			Link: Link[*node, *node]{Forward: academicTerm, Back: academicTermBack}},
		{Rule: Rule{ID: "LOI-04", ELMO: "status", ELM: "provenBy/gradeStatus",
			Note: "passed is the list's pass; for failed and in-progress concepts of ours, since the list's are not known.",
			Example: Example{ELMO: `<status>passed</status>`,
				ELM: `{"provenBy":[{"gradeStatus":{"id":"http://data.europa.eu/snb/grade-status/c_60a1cf9a"}}]}`}},
			Link: Link[*node, *node]{Forward: loiStatus, Back: loiStatusBack}},
		{Rule: Rule{ID: "LOI-05", ELMO: "resultLabel", ELM: "provenBy/grade",
			Note: "Without a label the status stands in as grade, since an assessment must have one.",
			Example: Example{ELMO: `<resultLabel>7,5</resultLabel>`,
				ELM: `{"provenBy":[{"grade":{"noteLiteral":{"und":"7,5"}}}]}`}},
			Link: Link[*node, *node]{Forward: resultLabel, Back: resultLabelBack}},
		{Rule: Rule{ID: "LOI-06", ELMO: "gradingSchemeLocalId, gradingSchemeExternalId", ELM: "provenBy/specifiedBy/gradingScheme",
			Note: "The scheme of the report in full (GRS-01); an identifier without scheme makes a scheme of its name.",
			Example: Example{ELMO: `<gradingSchemeLocalId>30</gradingSchemeLocalId><resultLabel>B</resultLabel>`,
				ELM: `{"provenBy":[{"specifiedBy":{"gradingScheme":{"identifier":[{"notation":"30","schemeName":"elmo:gradingSchemeLocalId"}]}}}]}`}},
			Link: Link[*node, *node]{Forward: loiScheme, Back: loiSchemeBack}},
		{Rule: Rule{ID: "LOI-07", ELMO: "shortenedGrading", ELM: "provenBy/shortenedGrading",
			Note: "ELM has integers: rounded by largest remainder to the rounded sum.",
			Example: Example{ELMO: `<resultLabel>B</resultLabel><shortenedGrading><percentageLower>41.7</percentageLower><percentageEqual>16.6</percentageEqual><percentageHigher>41.7</percentageHigher></shortenedGrading>`,
				ELM: `{"provenBy":[{"shortenedGrading":{"percentageLower":42,"percentageEqual":16,"percentageHigher":42}}]}`, ToEDC: Kept}},
			Link: Link[*node, *node]{Forward: shortenedGrading, Back: shortenedGradingBack}},
		{Rule: Rule{ID: "LOI-08", ELMO: "resultDistribution", ELM: "provenBy/resultDistribution",
			Note: "A category counted 0 is kept: ELM has positive counts only.",
			Example: Example{ELMO: `<resultLabel>B</resultLabel><resultDistribution><category label="A" count="2"/><category label="F" count="0"/></resultDistribution>`,
				ELM: `{"provenBy":[{"resultDistribution":{"resultCategory":[{"label":"A","count":2}]}}]}`, ToEDC: Kept}},
			Link: Link[*node, *node]{Forward: resultDistribution, Back: resultDistributionBack}},
		{Rule: Rule{ID: "LOI-09", ELMO: "credit", ELM: "creditReceived",
			Note: "ects is the ECTS framework; another scheme a concept of its name. The value stays text.",
			Example: Example{ELMO: `<credit><scheme>ects</scheme><value>7.50</value></credit>`,
				ELM: `{"creditReceived":[{"framework":{"id":"http://data.europa.eu/snb/education-credit/6fcec5c5af"},"point":"7.50"}]}`}},
			Link: Link[*node, *node]{Forward: credits, Back: creditsBack}},
		{Rule: Rule{ID: "LOI-11", ELMO: "level", ELM: "specifiedBy/eqfLevel, nqfLevel, educationLevel",
			Note: "EQF 1 to 8 by the list, national levels by their label in the list, others as concepts of their own (LOI-12).",
			Example: Example{ELMO: `<level><type>EQF</type><value>6</value></level>`,
				ELM: `{"specifiedBy":{"educationLevel":[{"id":"http://data.europa.eu/snb/eqf/6"}]}}`}},
			Link: Link[*node, *node]{Forward: levels, Back: levelsBack}},
		{Rule: Rule{ID: "LOI-13", ELMO: "languageOfInstruction", ELM: "influencedBy/specifiedBy/language",
			Note: "Two-letter codes by the list; others are kept.",
			Example: Example{ELMO: `<languageOfInstruction>nl</languageOfInstruction>`,
				ELM: `{"influencedBy":[{"specifiedBy":{"language":[{"id":"http://publications.europa.eu/resource/authority/language/NLD"}]}}]}`, ToEDC: Added}},
			Link: Link[*node, *node]{Forward: instructionLanguage, Back: instructionLanguageBack}},
		{Rule: Rule{ID: "LOI-14", ELMO: "engagementHours", ELM: "influencedBy/specifiedBy/contactHour",
			Note: "Text as written.",
			Example: Example{ELMO: `<engagementHours>210.25</engagementHours>`,
				ELM: `{"influencedBy":[{"specifiedBy":{"contactHour":["210.25"]}}]}`, ToEDC: Added}},
			Link: Link[*node, *node]{Forward: engagementHours, Back: engagementHoursBack}},
		{Rule: Rule{ID: "LOI-15", ELMO: "attachments/ref", ELM: "supplementaryDocument",
			Note:    "Points at the first media object of the attachment; a reference to nothing is kept.",
			Example: Example{ELMO: `<attachments><ref>nowhere</ref></attachments>`, ToEDC: Kept}},
			Link: Link[*node, *node]{Forward: attachmentRefs, Back: attachmentRefsBack}},
		{Rule: Rule{ID: "LOI-16", ELMO: "grouping", ELM: "additionalNote",
			Note: "Kept; the titles of the group are the category of the specification.",
			Example: Example{ELMO: `<grouping typeref="core" idref="y1">first</grouping>`,
				ELM: `{"additionalNote":[{"subject":{"id":"https://github.com/emrex-eu/elmo-schemas/tree/v1#learningOpportunityInstance/grouping"}}]}`, ToEDC: Kept}},
			Link: Link[*node, *node]{Forward: grouping}},
		{Rule: Rule{ID: "LOI-17", ELMO: "extension", ELM: "additionalNote",
			Note: "Kept as XML.",
			Example: Example{ELMO: `<extension><x:note xmlns:x="urn:example:x">kept</x:note></extension>`,
				ELM: `{"additionalNote":[{"subject":{"id":"https://github.com/emrex-eu/elmo-schemas/tree/v1#learningOpportunityInstance/extension"}}]}`, ToEDC: Kept}},
			Link: Link[*node, *node]{Forward: func(r *run, n, _ *node) { n.keepExtension(r, scopeLOI, n.loi.Extension) }}},
		{Rule: Rule{ID: "DSP-01", ELMO: "diplomaSupplement", ELM: "additionalNote",
			Note: "Kept whole as the master copy; attachments inside become media objects. Sections are readable as notes of the specification (DSP-02), some as properties (DSP-03).",
			Example: Example{ELMO: `<diplomaSupplement xml:lang="en"><version>2018</version><issueDate>2024-07-15</issueDate><introduction>The model.</introduction><section number="2.1"><title>Name</title><content>Bachelor</content></section></diplomaSupplement>`,
				ELM: `{"additionalNote":[{"subject":{"id":"https://github.com/emrex-eu/elmo-schemas/tree/v1#learningOpportunityInstance/diplomaSupplement"}}],"specifiedBy":{"additionalNote":[{"noteLiteral":{"en":"2.1 Name: Bachelor"}}]}}`, ToEDC: Kept}},
			Link: Link[*node, *node]{Forward: func(r *run, n, _ *node) { diplomaSupplement(r, n) }}},
	},
}

const sub = "specifies/learningOpportunityInstance/" // from a LOS to its instance

func (n *node) keepLOI(r *run, name string, nr int, why Reason, mapped bool, note string) {
	n.keep(r, scopeLOI, name, nr, why, mapped, note)
}

func loiIdentifier(r *run, n, _ *node) {
	n.claim.Identifier = identifiers(n.loi.Identifiers, n.keepIdentifier(r, scopeLOI))
}

func loiIdentifierBack(r *run, _, n *node) {
	if !hasIdentifier(n.claim.Identifier, schemeLOSType) {
		n.loi.Identifiers = elmoIdentifiers(n.claim.Identifier)
	}
}

// loiDate converts a date of the instance; what is none is kept.
func (n *node) loiDate(r *run, name, value string) string {
	if value == "" {
		return ""
	}
	d, ok := dateTime(value)
	if !ok {
		n.keepLOI(r, name, 0, Format, false, "no xs:date")
		return ""
	}
	r.zuluNote(sub+name, value)
	return d
}

// zuluNote reports a date in zone Z: the way back writes none, since EDCI adds it to dates without.
func (r *run) zuluNote(sub, value string) {
	if strings.HasSuffix(value, "Z") {
		r.sayRow("VAL-03", Normalised, Format, sub, "", "the zone Z of a date has no meaning in ELMO and comes back as none")
	}
}

func loiDates(r *run, n, _ *node) {
	start, end := n.loiDate(r, "start", n.loi.Start), n.loiDate(r, "date", n.loi.Date)
	n.claim.AwardedBy.AwardingDate = end
	if start == "" {
		return
	}
	n.needActivity(r).Temporal = []*edci.PeriodOfTime{{StartDate: start, EndDate: end}}
}

func loiDatesBack(r *run, _, n *node) {
	if a := n.activity; a != nil && len(a.Temporal) > 0 {
		n.loi.Start = r.elmoDate(a.Temporal[0].StartDate, sub+"start", "/influencedBy/0/temporal/0/startDate")
		n.loi.Date = r.elmoDate(a.Temporal[0].EndDate, sub+"date", "/influencedBy/0/temporal/0/endDate")
	}
	if n.loi.Date == "" && n.claim.AwardedBy != nil {
		n.loi.Date = r.elmoDate(n.claim.AwardedBy.AwardingDate, sub+"date", "/awardedBy/awardingDate")
	}
	if n.loi.Date == "" && n.assessment != nil {
		n.loi.Date = r.elmoDate(n.assessment.DateIssued, sub+"date", "/provenBy/0/dateIssued")
	}
}

// elmoDate reads an xsd:dateTime as xs:date and says when the day is in doubt; that Z is left out shows
// when the result is compared (foreign.go).
func (r *run) elmoDate(value, elmoSub, edcSub string) string {
	if value == "" {
		return ""
	}
	d, midnight, ok := date(value)
	switch {
	case !ok:
		return "" // shows when the result is compared
	case !midnight:
		r.sayRow("VAL-03", Normalised, DayAmbiguous, elmoSub, edcSub, "the time is not midnight: the day may be meant in another zone")
	}
	return d
}

func academicTerm(r *run, n, _ *node) {
	t := n.loi.AcademicTerm
	if t == nil {
		return
	}
	start, ok1 := dateTime(t.Start)
	end, ok2 := dateTime(t.End)
	if len(t.Titles) == 0 || !ok1 || !ok2 || repeatsLanguage(t.Titles) {
		n.keepLOI(r, "academicTerm", 0, OneOfMany, false, "ELM needs a title for each language, a start and an end")
		return
	}
	r.zuluNote(sub+"academicTerm/start", t.Start)
	r.zuluNote(sub+"academicTerm/end", t.End)
	defer r.leave(r.enter("specifies", 0, "", 0))
	r.elmo = append(r.elmo, step{name: scopeLOI}, step{name: "academicTerm"})
	n.claim.LearningOpportunity = &edci.LearningOpportunity{
		Title: n.claim.Title, ProvidedBy: []*edci.Organisation{n.rep.org},
		Temporal: &edci.PeriodOfTime{PrefLabel: r.texts(t.Titles, "title", nil), StartDate: start, EndDate: end},
	}
	r.say(Added, RequiredDefault, "", "/learningOpportunity/title", "a learning opportunity must have a title and a provider: those of the claim")
}

// repeatsLanguage tells whether a language comes twice, or a tag is none.
func repeatsLanguage(texts []elmo.Text) bool {
	for i := range texts {
		t, ok := tagOrNone(texts[i].Lang)
		if !ok {
			return true
		}
		for j := range i {
			if u, _ := tagOrNone(texts[j].Lang); u == t {
				return true
			}
		}
	}
	return false
}

func tagOrNone(lang string) (string, bool) {
	if lang == "" {
		return undetermined, true
	}
	return tag(lang)
}

func academicTermBack(r *run, _, n *node) {
	o := n.claim.LearningOpportunity
	if o == nil || o.Temporal == nil || len(o.Temporal.PrefLabel) == 0 {
		return
	}
	start, _, ok1 := date(o.Temporal.StartDate)
	end, _, ok2 := date(o.Temporal.EndDate)
	if !ok1 || !ok2 {
		return
	}
	n.loi.AcademicTerm = &elmo.AcademicTerm{Titles: elmoTexts(o.Temporal.PrefLabel), Start: start, End: end}
}

// collapse gives text the form of an xs:token.
func collapse(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }), " ")
}

const (
	pathCreditScheme = "credit/scheme"
	ectsCode         = "6fcec5c5af"
	ectsScheme       = "ects"
)

func credits(r *run, n, _ *node) {
	for i, c := range n.loi.Credits {
		if c.Scheme == "" || c.Value == "" {
			n.keepLOI(r, "credit", i+1, NoCounterpart, false, "ELM needs a scheme and a value")
			continue
		}
		n.claim.CreditReceived = append(n.claim.CreditReceived, &edci.CreditPoint{Framework: creditFramework(c.Scheme), Point: c.Value})
		switch {
		case c.Level != "":
			n.keepCredit(r, i+1, NoCounterpart, "ELM credits have no level")
		case c.Scheme == "ECTS":
			r.say(Normalised, Format, nth(sub+"credit", i+1)+"/scheme", "", "the scheme is written ects")
		case c.Scheme != ectsScheme && strings.EqualFold(c.Scheme, ectsScheme):
			n.keepCredit(r, i+1, Format, "the scheme is written in its own way")
		}
	}
}

func (n *node) keepCredit(r *run, nr int, why Reason, note string) {
	row := r.row
	if why == NoCounterpart {
		r.row = "LOI-10"
	}
	n.keepLOI(r, "credit", nr, why, true, note)
	r.row = row
}

func creditFramework(scheme string) *edci.Concept {
	if strings.EqualFold(scheme, ectsScheme) {
		return codes.ByName("education-credit").Must(ectsCode).Concept()
	}
	return codeConcept(pathCreditScheme, scheme)
}

func creditsBack(r *run, _, n *node) {
	for _, c := range n.claim.CreditReceived {
		credit := &elmo.Credit{Scheme: creditScheme(c.Framework), Value: collapse(c.Point)}
		if _, number := decimal(credit.Value); !number && !n.rep.ours {
			credit.Value = "" // shows when the result is compared
		}
		n.loi.Credits = append(n.loi.Credits, credit)
	}
}

// creditScheme names a framework in ELMO: ects, the scheme that codeConcept made, or the label.
func creditScheme(c *edci.Concept) string {
	if c == nil {
		return ""
	}
	if m, ok := codes.ByName("education-credit").ID(c.ID); ok {
		if m.Code == ectsCode {
			return ectsScheme
		}
		return m.Label
	}
	if v := codeOf([]*edci.Concept{c}, pathCreditScheme); v != "" {
		return v
	}
	if strings.EqualFold(first(c.PrefLabel), ectsScheme) {
		return ectsScheme
	}
	if l := collapse(first(c.PrefLabel)); l != "" {
		return l
	}
	return collapse(c.Notation)
}

func instructionLanguage(r *run, n, _ *node) {
	v := n.loi.LanguageOfInstruction
	if v == "" {
		return
	}
	m, ok := codes.Language(v)
	if !ok || len(v) != 2 {
		n.keepLOI(r, "languageOfInstruction", 0, NotInCodeList, false, "no two-letter language code")
		return
	}
	if back := elmoLanguage(m); back != v {
		if !strings.EqualFold(back, v) {
			n.keepLOI(r, "languageOfInstruction", 0, NotInCodeList, true, "a code of its own for a language of the list")
		} else {
			r.say(Normalised, Format, sub+"languageOfInstruction", "", "language codes are written in lower case")
		}
	}
	s := n.needActivitySpecification(r)
	s.Language = []*edci.Concept{m.Concept()}
}

// elmoLanguage is the code of a language in ELMO.
func elmoLanguage(m *codes.Member) string {
	if m.Alpha2 != "" {
		return strings.ToLower(m.Alpha2)
	}
	return strings.ToLower(m.Code)
}

func instructionLanguageBack(r *run, _, n *node) {
	var lists [][]*edci.Concept
	if n.activity != nil && n.activity.SpecifiedBy != nil {
		lists = append(lists, n.activity.SpecifiedBy.Language)
	}
	for _, list := range append(lists, n.spec.Language) {
		for _, c := range list {
			if m, ok := codes.ByName("language").ID(c.ID); ok {
				n.loi.LanguageOfInstruction = elmoLanguage(m)
				return
			}
		}
	}
}

func engagementHours(r *run, n, _ *node) {
	if v := n.loi.EngagementHours; v != "" {
		n.needActivitySpecification(r).ContactHour = []string{v}
	}
}

func engagementHoursBack(r *run, _, n *node) {
	if n.activity == nil {
		return
	}
	if s := n.activity.SpecifiedBy; s != nil && len(s.ContactHour) > 0 {
		if _, ok := decimal(strings.TrimSpace(s.ContactHour[0])); ok || n.rep.ours {
			n.loi.EngagementHours = collapse(s.ContactHour[0])
			return
		}
	}
	if h, ok := strings.CutPrefix(n.activity.Workload, "PT"); ok {
		if h, ok := strings.CutSuffix(h, "H"); ok && positive(h) != "" {
			n.loi.EngagementHours = h
		}
	}
}

func attachmentRefs(r *run, n, _ *node) {
	if n.loi.Attachments == nil {
		return
	}
	if !r.opt.keeps() {
		r.say(Reduced, NoCounterpart, sub+"attachments", "/supplementaryDocument", "without the remainder the identifiers of attachments are gone, so references come to nothing")
	}
	for i, ref := range n.loi.Attachments.Refs {
		at := n.rep.attachments.find(ref)
		if at == nil {
			n.keepLOI(r, "attachments/ref", i+1, NoCounterpart, false, "the reference leads to no file in the credential")
			continue
		}
		n.claim.SupplementaryDocument = append(n.claim.SupplementaryDocument, &edci.WebResource{Title: at.Title, ContentURL: at.ID})
	}
}

func attachmentRefsBack(r *run, _, n *node) {
	var refs []string
	for _, d := range n.claim.SupplementaryDocument {
		if ref := n.rep.attachments.reference(d.ContentURL); ref != "" {
			refs = append(refs, ref)
		}
	}
	if refs != nil {
		n.loi.Attachments = &elmo.AttachmentRefs{Refs: refs}
	}
}

func grouping(r *run, n, _ *node) {
	g := n.loi.Grouping
	if g == nil || *g == (elmo.Grouping{}) {
		return
	}
	n.keepLOI(r, "grouping", 0, NoCounterpart, false, "ELM has no groups of results")
	if titles := n.rep.forward.groups[groupKey(g.TypeRef, g.IDRef)]; titles != nil {
		n.spec.Category = titles
		r.say(Added, Derived, "", "/specifiedBy/category", "the titles of the group, for readers")
	}
}

func groupKey(typeRef, idRef string) string { return typeRef + "\x00" + idRef }

// displayLanguage is the tag of a language concept in a tree; empty when it is none of the list.
func displayLanguage(v any) string {
	if m, ok := codes.ByName("language").ID(conceptOf(v).ID); ok {
		return elmoLanguage(m)
	}
	return ""
}
