package mapping

import (
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

// heldBySupplements lists the media objects that diploma supplements of the claims hold.
func heldBySupplements(person *edci.Person) map[string]bool {
	held := map[string]bool{}
	var visit func(c *edci.LearningAchievement)
	visit = func(c *edci.LearningAchievement) {
		for _, note := range c.AdditionalNote {
			if path, xml, ok := keptPath(note); ok && path == scopeLOI+"/diplomaSupplement" {
				loi := &elmo.LearningOpportunityInstance{}
				if _, err := elmo.AddChild(loi, xml); err == nil && loi.DiplomaSupplement != nil {
					eachStub(loi.DiplomaSupplement.Sections, func(stub *elmo.Text, id string) { held[id] = true })
				}
			}
		}
		for _, part := range c.HasPart {
			visit(part)
		}
	}
	for _, claim := range person.HasClaim {
		if c, ok := claim.(*edci.LearningAchievement); ok {
			visit(c)
		}
	}
	return held
}

func eachStub(sections []*elmo.Section, visit func(stub *elmo.Text, id string)) {
	for _, s := range sections {
		for _, a := range s.Attachments {
			for i := range a.Contents {
				if id, ok := attr(a.Contents[i].Extra, "media"); ok {
					visit(&a.Contents[i], id)
				}
			}
		}
		eachStub(s.Sections, visit)
	}
}

// fillSupplement puts the files back into the sections of a supplement.
func (b *back) fillSupplement(p *part, ds *elmo.DiplomaSupplement) {
	eachStub(ds.Sections, func(stub *elmo.Text, id string) {
		m := p.media[id]
		if m == nil {
			b.say(Dropped, Edited, sub+"diplomaSupplement", "/attachment", "a file of the supplement is not in the credential any more")
			stripOurs(&stub.Extra)
			return
		}
		*stub = fillStub(*stub, m)
		delete(p.media, id)
	})
}

// supplementBack composes a diploma supplement from what can be read of one (DSP-04): the notes that
// we made for readers, or the properties of a degree of others.
func supplementBack(r *run, n *node) {
	if n.keeps(scopeLOI + "/diplomaSupplement") {
		return
	}
	ds := readableSupplement(n)
	if ds == nil {
		ds = degreeSupplement(n)
	}
	if ds == nil || len(ds.Sections) == 0 {
		return
	}
	n.loi.DiplomaSupplement = ds
	r.say(Reduced, Derived, sub+"diplomaSupplement", "/specifiedBy/additionalNote", "composed from what is readable of it")
}

// readableSupplement composes sections from the notes of DSP-02.
func readableSupplement(n *node) *elmo.DiplomaSupplement {
	var ds *elmo.DiplomaSupplement
	for _, note := range n.spec.AdditionalNote {
		s, lang := sectionOf(note)
		if s == nil {
			continue
		}
		if ds == nil {
			ds = &elmo.DiplomaSupplement{Lang: elmoLang(lang), Version: "2018", IssueDate: supplementDate(n)}
		}
		ds.Sections = append(ds.Sections, s)
	}
	return ds
}

// supplementDate is the date of the degree, else of the report.
func supplementDate(n *node) string {
	if n.loi.Date != "" {
		return n.loi.Date
	}
	if n.rep.report != nil {
		if d, _, ok := date(n.rep.report.IssueDate); ok {
			return d
		}
	}
	return ""
}

// sectionOf reads a note that shows a section: "NUMBER TITLE: TEXT".
func sectionOf(note *edci.Note) (*elmo.Section, string) {
	if note.Subject == nil || !strings.HasPrefix(note.Subject.ID, ns+pathSection+"/") || len(note.NoteLiteral) == 0 || len(note.Subject.PrefLabel) == 0 {
		return nil, ""
	}
	text, title := note.NoteLiteral[0], note.Subject.PrefLabel[0].Text
	s := &elmo.Section{Number: note.Subject.Notation, Title: title, Content: &elmo.SectionContent{}}
	s.Content.Value = collapse(strings.TrimPrefix(text.Text, s.Number+" "+title+": "))
	if note.NoteFormat != nil {
		s.Content.Type = note.NoteFormat.Notation
	}
	return s, text.Lang
}

// degreeSupplement composes sections 2 to 5 from the properties of a degree of others, when they hold
// what a supplement is for: entitlements, or requirements for entry.
func degreeSupplement(n *node) *elmo.DiplomaSupplement {
	if n.rep.ours || n.spec.Class != qualification || len(n.claim.EntitlesTo)+len(n.spec.EntitlesTo) == 0 && n.spec.EntryRequirement == nil {
		return nil
	}
	ds := &elmo.DiplomaSupplement{Version: "2018", IssueDate: supplementDate(n)}
	if len(n.claim.Title) > 0 {
		ds.Lang = elmoLang(n.claim.Title[0].Lang)
	}
	for _, chapter := range degreeSections {
		section := &elmo.Section{Number: chapter.number, Title: chapter.title}
		for _, part := range chapter.parts {
			if text := collapse(part.text(n)); text != "" {
				section.Sections = append(section.Sections, &elmo.Section{Number: part.number, Title: part.title,
					Content: &elmo.SectionContent{Value: text}})
			}
		}
		if section.Sections != nil {
			ds.Sections = append(ds.Sections, section)
		}
	}
	return ds
}

// degreeSections are the sections that properties can fill, with the titles of the model of 2018.
var degreeSections = []struct {
	number, title string
	parts         []degreePart
}{
	{"2", "Information identifying the qualification", []degreePart{
		{"2.1", "Name of qualification and (if applicable) title conferred", func(n *node) string { return first(n.claim.Title) }},
		{"2.2", "Main field(s) of study for the qualification", func(n *node) string { return labels(n.spec.ThematicArea, n.spec.EducationSubject) }},
		{"2.3", "Name and status of awarding institution", func(n *node) string { return awardingName(n.claim) }},
		{"2.5", "Language(s) of instruction/examination", func(n *node) string { return labels(n.spec.Language) }},
	}},
	{"3", "Information on the level and duration of the qualification", []degreePart{
		{"3.1", "Level of the qualification", func(n *node) string { return labels(levelConcepts(n)) }},
		{"3.2", "Official duration of programme", func(n *node) string { return n.spec.MaximumDuration }},
		{"3.3", "Access requirement(s)", func(n *node) string { return noteText(n.spec.EntryRequirement) }},
	}},
	{"4", "Information on the programme completed and the results obtained", []degreePart{
		{"4.1", "Mode of study", func(n *node) string { return labels(n.spec.Mode) }},
		{"4.2", "Programme learning outcomes", func(n *node) string { return noteText(n.spec.LearningOutcomeSummary) }},
	}},
	{"5", "Information on the function of the qualification", []degreePart{
		{"5.1", "Access to further study", func(n *node) string { return entitlements(n, "64aad92881") }},
		{"5.2", "Access to a regulated profession (if applicable)", func(n *node) string { return entitlements(n, "52f62180c2") }},
	}},
}

type degreePart struct {
	number, title string
	text          func(*node) string
}

// labels lists concepts by label, or by code of their list.
func labels(lists ...[]*edci.Concept) string {
	var out []string
	for _, list := range lists {
		for _, c := range list {
			label := first(c.PrefLabel)
			if m, ok := codes.ByID(c.ID); ok && label == "" {
				label = m.Label
			}
			if label != "" {
				out = append(out, label)
			}
		}
	}
	return strings.Join(out, ", ")
}

func levelConcepts(n *node) []*edci.Concept {
	if n.spec.EQFLevel == nil {
		return n.spec.NQFLevel
	}
	return append([]*edci.Concept{n.spec.EQFLevel}, n.spec.NQFLevel...)
}

func awardingName(claim *edci.LearningAchievement) string {
	if claim.AwardedBy == nil {
		return ""
	}
	for _, body := range claim.AwardedBy.AwardingBody {
		if org := organisationOf(body); org != nil {
			return first(org.LegalName)
		}
	}
	return ""
}

func noteText(n *edci.Note) string {
	if n == nil {
		return ""
	}
	return first(n.NoteLiteral)
}

// entitlements lists what a degree entitles to, of one type of the list entitlement.
func entitlements(n *node, code string) string {
	var out []string
	add := func(title edci.LangString, spec *edci.LearningEntitlementSpecification) {
		if spec == nil || spec.DCType == nil || !strings.HasSuffix(spec.DCType.ID, "/"+code) {
			return
		}
		if t := first(title); t != "" {
			out = append(out, t)
		} else if t := first(spec.Title); t != "" {
			out = append(out, t)
		}
	}
	for _, e := range n.claim.EntitlesTo {
		add(e.Title, e.SpecifiedBy)
	}
	for _, s := range n.spec.EntitlesTo {
		add(s.Title, s)
	}
	return strings.Join(out, "; ")
}
