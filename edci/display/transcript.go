package display

import (
	"slices"
	"strings"

	"elmobridge/edci"
)

// Bounds of what is shown. A credential may hold any amount of text; a page may not.
const (
	maxDepth        = 12   // of claims; indentation ends before
	maxRows         = 4000 // more than fill maxPages
	maxInstitutions = 4
	maxScales       = 8
	maxCell         = 3 // values in one cell
	maxDetailed     = 8 // top claims, for kind and level to be shown
)

// Concepts that are shown by a short word or not at all: the last segment of the concept's id.
const conceptPassed = "c_60a1cf9a"

var creditNames = map[string]string{"6fcec5c5af": "ECTS", "60b314e826": "ECVET"}

// transcript is what a picture shows, in one language and ready to draw.
type transcript struct {
	title, learner, born, issuer, issued string
	institutions                         []string
	results                              []result
	scales                               []scale
	rest                                 bool // there is more than results holds
}

// result is one row of the table.
type result struct {
	depth                  int
	group                  bool // it has parts
	title, code, date      string
	grade, credits, detail []string
}

// scale is a grading scale.
type scale struct{ title, description string }

// claim is what the five classes of claim have in common for a row.
type claim struct {
	title       edci.LangString
	identifiers []*edci.Identifier // the first one counts
	types       []*edci.Concept
	levels      []*edci.Concept
	credits     []*edci.CreditPoint
	assessments []*edci.LearningAssessment
	awardedBy   *edci.AwardingProcess
	date        string
	parts       []edci.AnyClaim
}

// reader collects a transcript.
type reader struct {
	transcript
	lang string
	top  int             // number of top claims
	path []edci.AnyClaim // the claims above the one being read: a claim may be part of itself
	seen map[scale]bool
}

// read picks what a picture of the credential shows.
func read(c *edci.EuropeanDigitalCredential, lang string) *transcript {
	r := &reader{lang: lang, seen: map[scale]bool{}}
	if c.DisplayParameter != nil {
		r.title = r.text(c.DisplayParameter.Title, 240)
	}
	if r.title == "" {
		r.title = wordsIn(lang).transcript
	}
	r.issued = day(c.ValidFrom)
	if p, ok := c.CredentialSubject.(*edci.Person); ok && p != nil {
		r.person(p)
	}
	r.issuing(r.agent(c.Issuer))
	return &r.transcript
}

// person reads the learner and the claims.
func (r *reader) person(p *edci.Person) {
	r.learner, r.born, r.top = r.name(p), day(p.DateOfBirth), len(p.HasClaim)
	for _, c := range p.HasClaim {
		r.claim(c)
	}
}

// issuing names the issuer where it is not an institution itself, or there is none.
func (r *reader) issuing(issuer string) {
	if len(r.institutions) == 0 && issuer != "" {
		r.institutions = []string{issuer}
		return
	}
	if !slices.Contains(r.institutions, issuer) {
		r.issuer = issuer
	}
}

// claim adds a claim and its parts to the results.
func (r *reader) claim(node edci.AnyClaim) {
	c := claimOf(node)
	if c == nil || slices.Contains(r.path, node) {
		return
	}
	if len(r.path) == maxDepth || len(r.results) == maxRows {
		r.rest = true
		return
	}
	r.awarding(c.awardedBy)
	r.grading(c.assessments)
	r.results = append(r.results, r.result(c))
	r.path = append(r.path, node)
	for _, part := range c.parts {
		r.claim(part)
	}
	r.path = r.path[:len(r.path)-1]
}

// result makes the row of a claim.
func (r *reader) result(c *claim) result {
	row := result{depth: len(r.path), group: len(c.parts) > 0, title: r.text(c.title, 400), code: r.code(c.identifiers)}
	row.grade, row.credits, row.date = r.grades(c.assessments), r.credits(c.credits), c.day()
	if row.depth == 0 && r.top <= maxDetailed {
		row.detail = r.level(c)
	}
	if status := r.status(c.assessments); status != "" && !slices.Contains(row.grade, status) {
		row.detail = append(row.detail, status)
	}
	return row
}

// day is the date of award, else that of the first dated assessment.
func (c *claim) day() string {
	dates := []string{c.date}
	if c.awardedBy != nil {
		dates = []string{c.awardedBy.AwardingDate, c.date}
	}
	for _, a := range c.assessments {
		if a != nil {
			dates = append(dates, a.DateIssued)
		}
	}
	for _, d := range dates {
		if d = day(d); d != "" {
			return d
		}
	}
	return ""
}

// level says what kind of study a top claim is, and its level.
func (r *reader) level(c *claim) []string {
	var found []string
	for _, t := range c.types {
		found = with(found, r.concept(t))
	}
	for _, l := range c.levels {
		found = with(found, r.levelName(l))
	}
	return found
}

// levelName is "EQF 7", or the label a national level has.
func (r *reader) levelName(c *edci.Concept) string {
	if c == nil {
		return ""
	}
	if list, member := cutLast(c.ID); strings.HasSuffix(list, "/snb/eqf") {
		return "EQF " + clean(clip(member, 8))
	}
	return r.concept(c)
}

// grades are the grades of all assessments.
func (r *reader) grades(assessments []*edci.LearningAssessment) []string {
	var found []string
	for _, a := range assessments {
		if a != nil && a.Grade != nil {
			found = with(found, r.text(a.Grade.NoteLiteral, 60))
		}
	}
	return found
}

// status is the first status other than passed.
func (r *reader) status(assessments []*edci.LearningAssessment) string {
	for _, a := range assessments {
		if a == nil || a.GradeStatus == nil {
			continue
		}
		if _, member := cutLast(a.GradeStatus.ID); member != conceptPassed {
			return r.concept(a.GradeStatus)
		}
	}
	return ""
}

// credits are the points with their framework: "7.5 ECTS".
func (r *reader) credits(points []*edci.CreditPoint) []string {
	var found []string
	for _, p := range points {
		if p != nil && p.Point != "" {
			found = with(found, strings.TrimSpace(clean(clip(p.Point, 24))+" "+r.framework(p.Framework)))
		}
	}
	return found
}

// framework names the kind of credits.
func (r *reader) framework(c *edci.Concept) string {
	if c == nil {
		return ""
	}
	_, member := cutLast(c.ID)
	if name := creditNames[member]; name != "" {
		return name
	}
	if c.Notation != "" {
		return clean(clip(c.Notation, 24))
	}
	return r.text(c.PrefLabel, 24)
}

// code is the first identifier that is one: those named elmo:... carry other things (mapping.md 1).
func (r *reader) code(identifiers []*edci.Identifier) string {
	for _, id := range identifiers {
		if id != nil && id.Notation != "" && !strings.HasPrefix(id.SchemeName, "elmo:") {
			return clean(clip(id.Notation, 60))
		}
	}
	return ""
}

// awarding adds the awarding bodies to the institutions.
func (r *reader) awarding(p *edci.AwardingProcess) {
	if p == nil {
		return
	}
	for _, body := range p.AwardingBody {
		if name := r.agent(body); name != "" && len(r.institutions) < maxInstitutions && !slices.Contains(r.institutions, name) {
			r.institutions = append(r.institutions, name)
		}
	}
}

// grading adds the grading scales of the assessments.
func (r *reader) grading(assessments []*edci.LearningAssessment) {
	for _, a := range assessments {
		if a == nil || a.SpecifiedBy == nil || a.SpecifiedBy.GradingScheme == nil || len(r.scales) == maxScales {
			continue
		}
		g := a.SpecifiedBy.GradingScheme
		s := scale{r.text(g.Title, 120), r.text(g.Description, 700)}
		if s.description != "" && !r.seen[s] {
			r.seen[s] = true
			r.scales = append(r.scales, s)
		}
	}
}

// concept is the label of a concept, else its notation.
func (r *reader) concept(c *edci.Concept) string {
	if c == nil {
		return ""
	}
	if label := r.text(c.PrefLabel, 60); label != "" {
		return label
	}
	return clean(clip(c.Notation, 60))
}

// agent names an organisation, a person or an agent.
func (r *reader) agent(a edci.AnyAgent) string {
	switch a := a.(type) {
	case *edci.Organisation:
		if a != nil {
			return r.either(a.LegalName, a.AltLabel)
		}
	case *edci.Agent:
		if a != nil {
			return r.either(a.PrefLabel, a.AltLabel)
		}
	case *edci.Person:
		if a != nil {
			return r.name(a)
		}
	}
	return ""
}

// name is the full name, else given and family name.
func (r *reader) name(p *edci.Person) string {
	if full := r.text(p.FullName, 160); full != "" {
		return full
	}
	return strings.TrimSpace(r.text(p.GivenName, 80) + " " + r.text(p.FamilyName, 80))
}

// either is the first name that is there.
func (r *reader) either(first, second edci.LangString) string {
	if name := r.text(first, 160); name != "" {
		return name
	}
	return r.text(second, 160)
}

// text picks the text of the language, at most n runes, ready to draw.
func (r *reader) text(s edci.LangString, n int) string {
	return clean(clip(pick(s, r.lang), n))
}

// pick returns the text in the language asked for, else one of the same family (de-AT for de), else
// English, else of no language, else the first that is not empty.
func pick(s edci.LangString, lang string) string {
	best, text := 0, ""
	for _, t := range s {
		if rank := fitness(t, lang); rank > best {
			best, text = rank, t.Text
		}
	}
	return text
}

// fitness ranks a text for a reader of the language; 0 is no text.
func fitness(t edci.LangText, lang string) int {
	own := family(t.Lang)
	switch {
	case strings.TrimSpace(t.Text) == "":
		return 0
	case strings.EqualFold(t.Lang, lang):
		return 5
	case own == family(lang):
		return 4
	case own == "en":
		return 3
	case own == "und":
		return 2
	}
	return 1
}

// day is the calendar date of an xsd:dateTime or xsd:date as written: no zone moves it.
func day(dateTime string) string {
	date := strings.TrimSpace(dateTime)
	if t := strings.IndexByte(date, 'T'); t >= 0 {
		date = date[:t]
	}
	return clean(clip(date, 16))
}

// cutLast splits a concept id before its last segment.
func cutLast(id string) (list, member string) {
	i := strings.LastIndexByte(id, '/')
	return id[:max(i, 0)], id[i+1:]
}

// with adds a text that is new, up to a cellful.
func with(list []string, text string) []string {
	if text == "" || len(list) >= maxCell || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}
