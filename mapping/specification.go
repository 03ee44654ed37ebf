package mapping

import (
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

// learningOpportunityTypes ties the four ELMO types to the list learning-opportunity (LOS-02).
var learningOpportunityTypes = map[string]string{
	degreeProgramme: "79343569f3", // Educational programme
	"Module":        "0f7dac46ca", // Programme module
	"Course":        "05053c1cbe",
	"Class":         "7e1ac538db",
}

const (
	degreeProgramme = "Degree Programme"
	qualification   = "Qualification"
)

// specificationRows: learningOpportunitySpecification and the specification of the claim.
var specificationRows = Section[*node, *node]{
	Name: "LOS learningOpportunitySpecification", ELMO: "learningOpportunitySpecification", ELM: "LearningAchievement/specifiedBy",
	Rows: []Row[*node, *node]{
		{Rule: Rule{ID: "LOS-03", ELMO: "title", ELM: "title",
			Note: "On the claim and on its specification; a second text of a language becomes an altLabel of the specification.",
			Example: Example{ELMO: `<title xml:lang="en">Algebra</title><title xml:lang="en">Maths 1</title>`,
				ELM: `{"title":{"en":"Algebra"},"specifiedBy":{"title":{"en":"Algebra"},"altLabel":{"en":"Maths 1"}}}`, ToEDC: Normalised}},
			Link: Link[*node, *node]{Forward: losTitle, Back: losTitleBack}},
		{Rule: Rule{ID: "LOS-02", ELMO: "type", ELM: "dcType",
			Note: "A Degree Programme makes the specification a Qualification; dcType is of the list learning-opportunity. Another type is kept.",
			Example: Example{ELMO: `<type>Degree Programme</type>`,
				ELM: `{"specifiedBy":{"type":"Qualification","dcType":[{"id":"http://data.europa.eu/snb/learning-opportunity/79343569f3"}]}}`}},
			Link: Link[*node, *node]{Forward: losType, Back: losTypeBack}},
		{Rule: Rule{ID: "LOS-04", ELMO: "identifier", ELM: "identifier",
			Note: "schemeName is the type.",
			Example: Example{ELMO: `<identifier type="local">MAT-1</identifier>`,
				ELM: `{"specifiedBy":{"identifier":[{"notation":"MAT-1","schemeName":"local"}]}}`}},
			Link: Link[*node, *node]{Forward: losIdentifier, Back: losIdentifierBack}},
		{Rule: Rule{ID: "LOS-05", ELMO: "subjectArea", ELM: "educationSubject",
			Note: "A concept that names the code; ELMO does not say of which list it is.",
			Example: Example{ELMO: `<subjectArea>11.3</subjectArea>`,
				ELM: `{"specifiedBy":{"educationSubject":[{"id":"https://github.com/emrex-eu/elmo-schemas/tree/v1#subjectArea/11.3","notation":"11.3"}]}}`}},
			Link: Link[*node, *node]{Forward: subjectArea, Back: subjectAreaBack}},
		{Rule: Rule{ID: "LOS-06", ELMO: "iscedCode", ELM: "thematicArea",
			Note: "A code of ISCED-F with two to four digits; another stands among the education subjects.",
			Example: Example{ELMO: `<iscedCode>0613</iscedCode>`,
				ELM: `{"specifiedBy":{"thematicArea":[{"id":"http://data.europa.eu/snb/isced-f/0613"}]}}`}},
			Link: Link[*node, *node]{Forward: iscedCode, Back: iscedCodeBack}},
		{Rule: Rule{ID: "LOS-07", ELMO: "url", ELM: "homepage/contentURL",
			Note: "An address without scheme is fine; one with characters that no URI has is kept.",
			Example: Example{ELMO: `<url>www.example.org/mat1</url>`,
				ELM: `{"specifiedBy":{"homepage":[{"contentURL":"www.example.org/mat1"}]}}`}},
			Link: Link[*node, *node]{Forward: losURL, Back: losURLBack}},
		{Rule: Rule{ID: "LOS-08", ELMO: "description", ELM: "description",
			Note: "Of a document of others the claim's own description is read when the specification has none.",
			Example: Example{ELMO: `<description xml:lang="en">Groups and rings.</description>`,
				ELM: `{"specifiedBy":{"description":{"en":"Groups and rings."}}}`}},
			Link: Link[*node, *node]{Forward: losDescription, Back: losDescriptionBack}},
		{Rule: Rule{ID: "LOS-09", ELMO: "descriptionHtml", ELM: "../additionalNote",
			Note: "A note of the claim in format text/html: the context makes descriptionHtml unusable, and on the specification a viewer would show the tags.",
			Example: Example{ELMO: `<descriptionHtml xml:lang="en">&lt;p&gt;Groups&lt;/p&gt;</descriptionHtml>`,
				ELM: `{"additionalNote":[{"noteFormat":{"notation":"text/html"},"noteLiteral":{"en":"<p>Groups</p>"}}]}`}},
			Link: Link[*node, *node]{Forward: descriptionHTML, Back: descriptionHTMLBack}},
		{Rule: Rule{ID: "LOS-10", ELMO: "extension", ELM: "../additionalNote",
			Note: "Kept as XML; the same for specifies/extension. Members of ours inside are restored instead.",
			Example: Example{ELMO: `<extension><x:note xmlns:x="urn:example:x">kept</x:note></extension>`,
				ELM: `{"additionalNote":[{"subject":{"id":"https://github.com/emrex-eu/elmo-schemas/tree/v1#learningOpportunitySpecification/extension"}}]}`, ToEDC: Kept}},
			Link: Link[*node, *node]{Forward: losExtension}},
	},
}

func losTitle(r *run, n, _ *node) {
	n.claim.Title = r.texts(n.los.Titles, "title", func(i int, t edci.LangText, bad bool) {
		if bad {
			n.keep(r, scopeLOS, "title", i, Language, true, "the language tag is not well-formed")
			return
		}
		n.spec.AltLabel = append(n.spec.AltLabel, t)
		r.say(Normalised, Order, nth("title", i), "/specifiedBy/altLabel", "a second title of one language becomes an alternative label")
	})
	if len(n.claim.Title) == 0 {
		n.claim.Title = und(titleStandIn(n.los))
		n.spec.Identifier = append(n.spec.Identifier, identifier(schemePlaceholder, "title"))
		r.say(Added, RequiredDefault, "title", "/title", "there is no title; the first identifier stands in")
	}
	n.spec.Title = n.claim.Title
}

func titleStandIn(los *elmo.LearningOpportunitySpecification) string {
	for _, id := range los.Identifiers {
		if id.Value != "" {
			return id.Value
		}
	}
	return "-"
}

func losTitleBack(r *run, _, n *node) {
	title := n.claim.Title
	if len(title) == 0 {
		title = n.spec.Title
	}
	if hasIdentifier(n.spec.Identifier, schemePlaceholder) {
		return
	}
	n.los.Titles = elmoTexts(append(title[:len(title):len(title)], n.spec.AltLabel...))
}

func losType(r *run, n, _ *node) {
	t := n.los.Type
	if t == "" {
		return
	}
	code, known := learningOpportunityTypes[t]
	if !known {
		n.keep(r, scopeLOS, "type", 0, NotInCodeList, false, "no type of the ELMO list")
		return
	}
	if t == degreeProgramme {
		n.spec.Class = qualification
	}
	n.spec.DCType = []*edci.Concept{codes.ByName("learning-opportunity").Must(code).Concept()}
}

func losTypeBack(r *run, _, n *node) {
	for _, list := range [][]*edci.Concept{n.spec.DCType, n.claim.DCType} {
		for _, c := range list {
			if t := losTypeOf(c); t != "" {
				n.los.Type = t
				return
			}
		}
	}
	for _, id := range n.claim.Identifier {
		if _, ok := learningOpportunityTypes[id.Notation]; ok && id.SchemeName == schemeLOSType {
			n.los.Type = id.Notation
			return
		}
	}
	if n.spec.Class == qualification {
		n.los.Type = degreeProgramme
	}
}

func losTypeOf(c *edci.Concept) string {
	m, ok := codes.ByName("learning-opportunity").ID(c.ID)
	if !ok {
		return ""
	}
	for t, code := range learningOpportunityTypes {
		if code == m.Code {
			return t
		}
	}
	return ""
}

func losIdentifier(r *run, n, _ *node) {
	n.spec.Identifier = append(n.spec.Identifier, identifiers(n.los.Identifiers, n.keepIdentifier(r, scopeLOS))...)
}

func losIdentifierBack(r *run, _, n *node) {
	n.los.Identifiers = elmoIdentifiers(n.spec.Identifier)
	if hasIdentifier(n.claim.Identifier, schemeLOSType) { // DC4EU puts all of them on the claim
		n.los.Identifiers = append(n.los.Identifiers, elmoIdentifiers(n.claim.Identifier)...)
	}
}

// reserved begins types of identifiers that mean something else in a credential.
const reserved = "elmo:"

// identifiers maps typed identifiers of any element: schemeName is the type. One without value or
// type cannot be an Identifier; missing is called with its position.
func identifiers(in []elmo.Identifier, missing func(n int)) []*edci.Identifier {
	if len(in) == 0 {
		return nil
	}
	out := make([]*edci.Identifier, 0, len(in))
	for i := range in {
		if in[i].Value == "" || in[i].Type == "" || strings.HasPrefix(in[i].Type, reserved) {
			missing(i + 1)
			continue
		}
		out = append(out, identifier(in[i].Type, in[i].Value))
	}
	return out
}

// keepIdentifier keeps an identifier that has no value or no type.
func (n *node) keepIdentifier(r *run, scope string) func(int) {
	return func(nr int) {
		n.keep(r, scope, "identifier", nr, Empty, false, "ELM demands a value of an identifier, the way back a type")
	}
}

// elmoIdentifiers is the way back; names of ours and of DC4EU's converter are no identifiers.
func elmoIdentifiers(in []*edci.Identifier) []elmo.Identifier {
	var out []elmo.Identifier
	for _, id := range in {
		if strings.HasPrefix(id.SchemeName, reserved) {
			continue
		}
		out = append(out, elmo.Identifier{Type: id.SchemeName, Value: id.Notation})
	}
	return out
}

func hasIdentifier(list []*edci.Identifier, scheme string) bool {
	for _, id := range list {
		if id.SchemeName == scheme {
			return true
		}
	}
	return false
}

const (
	pathSubjectArea = "subjectArea"
	pathISCED       = "iscedCode"
)

// codeConcept makes a concept that names a code of ELMO; its list is not known.
func codeConcept(path, value string) *edci.Concept {
	return &edci.Concept{ID: conceptID(path, value), Notation: value}
}

// codeOf finds the code that codeConcept made.
func codeOf(list []*edci.Concept, path string) string {
	for _, c := range list {
		if strings.HasPrefix(c.ID, ns+path+"/") {
			return c.Notation
		}
	}
	return ""
}

func subjectArea(r *run, n, _ *node) {
	if v := n.los.SubjectArea; v != "" {
		n.spec.EducationSubject = append(n.spec.EducationSubject, codeConcept(pathSubjectArea, v))
	}
}

func subjectAreaBack(r *run, _, n *node) {
	n.los.SubjectArea = codeOf(n.spec.EducationSubject, pathSubjectArea)
}

func iscedCode(r *run, n, _ *node) {
	v := n.los.ISCEDCode
	if v == "" {
		return
	}
	if m, ok := codes.ByName("isced-f").Code(v); ok {
		n.spec.ThematicArea = append(n.spec.ThematicArea, m.Concept())
		return
	}
	n.spec.EducationSubject = append(n.spec.EducationSubject, codeConcept(pathISCED, v))
	r.say(Normalised, NotInCodeList, "iscedCode", "/specifiedBy/educationSubject", "no code of the ISCED-F list")
}

func iscedCodeBack(r *run, _, n *node) {
	for _, c := range n.spec.ThematicArea {
		if m, ok := codes.ByName("isced-f").ID(c.ID); ok {
			n.los.ISCEDCode = m.Code
			return
		}
	}
	if n.los.ISCEDCode = codeOf(n.spec.EducationSubject, pathISCED); n.los.ISCEDCode != "" {
		return
	}
	for _, list := range [][]*edci.Identifier{n.claim.Identifier, assessmentIdentifiers(n.assessment)} {
		for _, id := range list {
			if id.SchemeName == schemeISCED {
				n.los.ISCEDCode = id.Notation
				return
			}
		}
	}
}

func assessmentIdentifiers(a *edci.LearningAssessment) []*edci.Identifier {
	if a == nil {
		return nil
	}
	return a.Identifier
}

func losURL(r *run, n, _ *node) {
	v := n.los.URL
	if v == "" {
		return
	}
	if !uriCharacters(v) {
		n.keep(r, scopeLOS, "url", 0, Format, false, "characters that no URI has")
		return
	}
	n.spec.Homepage = []*edci.WebResource{{ContentURL: v}}
}

func losURLBack(r *run, _, n *node) { n.los.URL = firstURL(n.spec.Homepage) }

func firstURL(pages []*edci.WebResource) string {
	for _, p := range pages {
		if p.ContentURL != "" {
			return p.ContentURL
		}
	}
	return ""
}

// uriCharacters tells whether s has only characters of RFC 3986 and well-formed escapes.
func uriCharacters(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || !hexDigit(s[i+1]) || !hexDigit(s[i+2]) {
				return false
			}
		case c <= ' ' || c >= 0x7f, strings.IndexByte("\"<>\\^`{|}[]", c) >= 0:
			return false
		}
	}
	return true
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func losDescription(r *run, n, _ *node) {
	n.spec.Description = r.texts(n.los.Descriptions, "description", func(i int, _ edci.LangText, bad bool) {
		n.keep(r, scopeLOS, "description", i, surplusReason(bad), bad, surplusNote(bad))
	})
}

// surplusReason and surplusNote tell why a text does not fit a language map.
func surplusReason(bad bool) Reason {
	if bad {
		return Language
	}
	return OneOfMany
}

func surplusNote(bad bool) string {
	if bad {
		return "the language tag is not well-formed"
	}
	return "a second text of one language"
}

func losDescriptionBack(r *run, _, n *node) {
	d := n.spec.Description
	if len(d) == 0 {
		d = n.claim.Description
	}
	n.los.Descriptions = elmoTexts(d)
}

func descriptionHTML(r *run, n, _ *node) {
	if len(n.los.HTML) == 0 {
		return
	}
	var more edci.LangString
	note := r.texts(n.los.HTML, "descriptionHtml", func(i int, t edci.LangText, bad bool) {
		if bad {
			n.keep(r, scopeLOS, "descriptionHtml", i, Language, true, surplusNote(true))
			return
		}
		more = append(more, t)
	})
	n.claim.AdditionalNote = append(n.claim.AdditionalNote, &edci.Note{NoteFormat: formatHTML, NoteLiteral: note})
	for _, t := range more {
		n.claim.AdditionalNote = append(n.claim.AdditionalNote, &edci.Note{NoteFormat: formatHTML, NoteLiteral: edci.LangString{t}})
	}
}

func descriptionHTMLBack(r *run, _, n *node) {
	for _, note := range n.claim.AdditionalNote {
		if note.Subject == nil && note.NoteFormat != nil && note.NoteFormat.ID == formatHTML.ID {
			n.los.HTML = append(n.los.HTML, elmoTexts(note.NoteLiteral)...)
		}
	}
}

func losExtension(r *run, n, _ *node) {
	n.keepExtension(r, scopeLOS, n.los.Extension)
	if n.los.Specifies != nil {
		n.keepExtension(r, scopeSpecifies, n.los.Specifies.Extension)
	}
}

// keepExtension keeps an extension container; what of it is ours is restored elsewhere (foreign.go).
func (n *node) keepExtension(r *run, scope string, x *elmo.Extension) {
	if x == nil || len(foreignChildren(x)) == 0 && len(x.Attrs) == 0 {
		return
	}
	n.keep(r, scope, "extension", 0, NoCounterpart, false, "ELM has no place for extensions")
}
