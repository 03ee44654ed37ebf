package inspect

import (
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/mapping/codes"
)

func viewOfCredential(c *edci.EuropeanDigitalCredential) *View {
	v := &View{Kind: "European Digital Credential, ELM", Version: c.Source.Version}
	v.Form = add(v.Form, "envelope", c.Source.Envelope)
	v.Form = add(v.Form, "form", c.Source.Form)
	v.Form = add(v.Form, "seal", signature(c.Source.Sealed))
	if d := c.DisplayParameter; d != nil {
		v.Form = add(v.Form, "title", langText(d.Title))
	}
	v.Form = add(v.Form, "issuer", agentName(c.Issuer))
	v.Form = add(v.Form, "valid from", c.ValidFrom)
	v.Form = add(v.Form, "valid until", c.ValidUntil)
	v.Form = add(v.Form, "issued", c.Issued)
	v.Form = add(v.Form, "expires", c.ExpirationDate)
	person, ok := c.CredentialSubject.(*edci.Person)
	if ok {
		v.Learner = personFacts(person)
		v.Reports = institutions(person.HasClaim)
	}
	for _, m := range c.Attachment {
		v.Attachments = append(v.Attachments, mediaView(m))
	}
	return v
}

func personFacts(p *edci.Person) []Fact {
	var f []Fact
	f = add(f, "given names", langText(p.GivenName))
	f = add(f, "family name", langText(p.FamilyName))
	f = add(f, "full name", langText(p.FullName))
	f = add(f, "born", p.DateOfBirth)
	f = add(f, "birth name", langText(p.BirthName))
	if p.NationalID != nil {
		f = add(f, "national id", p.NationalID.Notation)
	}
	for _, id := range p.Identifier {
		f = add(f, orElse(id.SchemeName, "identifier"), id.Notation)
	}
	for _, country := range p.CitizenshipCountry {
		f = add(f, "citizenship", concept(country))
	}
	f = add(f, "gender", concept(p.Gender))
	return f
}

// institutions groups claims by who awarded them.
func institutions(claims []edci.AnyClaim) []*Report {
	var out []*Report
	for _, claim := range claims {
		v, award := claimView(claim)
		name := "(no awarding body)"
		if award != nil && len(award.AwardingBody) > 0 {
			name = agentName(award.AwardingBody[0])
		}
		if n := len(out); n == 0 || out[n-1].Institution != name {
			out = append(out, &Report{Institution: name})
		}
		last := out[len(out)-1]
		last.Results = append(last.Results, v)
	}
	return out
}

func claimView(claim edci.AnyClaim) (*Result, *edci.AwardingProcess) {
	switch c := claim.(type) {
	case *edci.LearningAchievement:
		return achievementView(c), c.AwardedBy
	case *edci.LearningActivity:
		return &Result{Title: langText(c.Title), Type: "activity"}, c.AwardedBy
	case *edci.LearningAssessment:
		v := &Result{Title: langText(c.Title), Type: "assessment", Date: day(c.DateIssued)}
		v.grade([]*edci.LearningAssessment{c})
		return v, c.AwardedBy
	case *edci.LearningEntitlement:
		return &Result{Title: langText(c.Title), Type: "entitlement", Date: day(c.DateIssued)}, c.AwardedBy
	case *edci.Claim:
		return &Result{Title: langText(c.Title), Type: "claim"}, c.AwardedBy
	}
	return &Result{Title: "(claim of an unknown class)"}, nil
}

func achievementView(a *edci.LearningAchievement) *Result {
	v := &Result{Title: langText(a.Title)}
	if s := a.SpecifiedBy; s != nil {
		v.specification(s)
	}
	var credits []string
	for _, c := range a.CreditReceived {
		credits = append(credits, strings.TrimSpace(c.Point+" "+framework(c.Framework)))
	}
	v.Credits = strings.Join(credits, ", ")
	assessments := a.ProvenBy
	if a.AwardedBy != nil {
		v.Date = day(a.AwardedBy.AwardingDate)
		if len(assessments) == 0 {
			assessments = a.AwardedBy.Used
		}
	}
	v.grade(assessments)
	for _, p := range a.HasPart {
		v.Parts = append(v.Parts, achievementView(p))
	}
	return v
}

func (v *Result) specification(s *edci.LearningAchievementSpecification) {
	if len(s.Identifier) > 0 {
		v.Code = s.Identifier[0].Notation
	}
	if len(s.DCType) > 0 {
		v.Type = concept(s.DCType[0])
	}
	var levels []string
	for _, l := range slices.Concat([]*edci.Concept{s.EQFLevel}, s.NQFLevel, s.EducationLevel) {
		if l != nil {
			levels = append(levels, level(l))
		}
	}
	v.Level = strings.Join(levels, ", ")
}

func (v *Result) grade(list []*edci.LearningAssessment) {
	for _, a := range list {
		if a.Grade != nil && v.Grade == "" {
			v.Grade = langText(a.Grade.NoteLiteral)
		}
		if a.GradeStatus != nil && v.Status == "" {
			v.Status = concept(a.GradeStatus)
		}
	}
}

func mediaView(m *edci.MediaObject) *File {
	n, _ := strconv.Atoi(string(m.ContentSize))
	if n == 0 {
		n = len(m.Content) * 3 / 4
	}
	return &File{Title: langText(m.Title), Type: concept(m.AttachmentType), MediaType: concept(m.ContentType), Bytes: n}
}

func agentName(agent edci.AnyAgent) string {
	switch a := agent.(type) {
	case *edci.Organisation:
		return langText(a.LegalName)
	case *edci.Person:
		return langText(a.FullName)
	case *edci.Agent:
		return langText(a.PrefLabel)
	}
	return ""
}

// langText is the English text, else the first.
func langText(s edci.LangString) string {
	if text, ok := s.Get("en"); ok {
		return text
	}
	if len(s) > 0 {
		return s[0].Text
	}
	return ""
}

// concept is what a member of a code list is called: label, else notation, else the end of its id.
func concept(c *edci.Concept) string {
	switch {
	case c == nil:
		return ""
	case len(c.PrefLabel) > 0:
		return langText(c.PrefLabel)
	case c.Notation != "":
		return c.Notation
	}
	if m, ok := codes.ByID(c.ID); ok {
		return orElse(m.Label, m.Code)
	}
	return c.ID[strings.LastIndexAny(c.ID, "/#")+1:]
}

// framework is what a credit scheme is called, short where everybody knows it.
func framework(c *edci.Concept) string {
	if c != nil && c.ID == ects {
		return "ECTS"
	}
	return concept(c)
}

var ects = codes.ByName("education-credit").Must("6fcec5c5af").ID

// level is what a level of qualification is called.
func level(c *edci.Concept) string {
	if m, ok := codes.ByID(c.ID); ok && m.List().Name == "eqf" {
		return "EQF " + m.Code
	}
	return concept(c)
}

// day is the date of a date and time at midnight.
func day(s string) string {
	date, _, _ := strings.Cut(s, "T00:00:00")
	return date
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
