// Package elmotest makes ELMO documents for tests: random ones, and big ones for measurements.
package elmotest

import (
	"encoding/base64"
	"fmt"
	"math/rand"
	"strings"

	"elmobridge/elmo"
)

// Options of RandomWith; the zero value gives what ELMO 1.7 has, without unknown elements.
type Options struct {
	Unknown bool // unknown elements and attributes now and then
	V20     bool // also the elements of 2.0
}

// Random gives a document that is mostly valid ELMO 1.7: any characters that XML allows, odd codes
// and dates, groups, attachments, extensions, a diploma supplement. It is in the form that elmo.Read
// gives, so that reading what was written from it gives it again.
func Random(r *rand.Rand) *elmo.Document { return RandomWith(r, Options{}) }

// RandomWith is Random with options.
func RandomWith(r *rand.Rand, opt Options) *elmo.Document {
	g := &generator{Rand: r, opt: opt}
	return g.document()
}

type generator struct {
	*rand.Rand
	opt   Options
	depth int
}

func (g *generator) maybe(percent int) bool { return g.Intn(100) < percent }

func list[T any](g *generator, atLeast, more int, one func() T) []T {
	n := atLeast + g.Intn(more+1)
	var out []T
	for range n {
		out = append(out, one())
	}
	return out
}

func some[T any](g *generator, percent int, one func() T) (zero T) {
	if g.maybe(percent) {
		return one()
	}
	return zero
}

func pick[T any](g *generator, list ...T) T { return list[g.Intn(len(list))] }

var words = []string{
	"Zoë", "O'Neill", "Żółć", "数学", "Ελληνικά", "Línguas & <b>letras</b>", "a\u00A0b", "\U0001F393", "ﬁne", "\u200Fעברית",
	"10%", `"quoted"`, "x]]>y", "Analysis", "I", "&amp;", "-", "7,5", "e\u0301", "\u0085", "\uFFFD", "\uE000", "prog: ramming",
}

// token is a text that collapsing leaves as it is.
func (g *generator) token() string { return strings.Join(list(g, 1, 3, g.word), " ") }

func (g *generator) word() string { return pick(g, words...) }

// text is any text, also with white space at the ends.
func (g *generator) text() string {
	s := g.token()
	if g.maybe(20) {
		s = pick(g, " ", "\n", "\t", "\r\n", "\r") + s
	}
	if g.maybe(20) {
		s += pick(g, " ", "\n\n", "\t\t", "\r") + g.token()
	}
	return s
}

func (g *generator) date() string {
	d := fmt.Sprintf("%04d-%02d-%02d", 1990+g.Intn(40), 1+g.Intn(12), 1+g.Intn(28))
	return d + pick(g, "", "", "", "Z", "+02:00", "-05:30")
}

func (g *generator) dateTime() string {
	t := fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", 2015+g.Intn(15), 1+g.Intn(12), 1+g.Intn(28), g.Intn(24), g.Intn(60), g.Intn(60))
	return t + pick(g, "", "", ".5", ".789") + pick(g, "", "Z", "+01:00")
}

func (g *generator) decimal() string {
	return pick(g, "5", "7.5", "7.50", "+1.5", "06", "0", "180", "0.5", ".5", "12.", "2.000000")
}

func (g *generator) country() string { return pick(g, "NO", "SE", "FI", "DK", "NL", "PL", "DE", "IE") }

func (g *generator) lang() string {
	return pick(g, "", "en", "no", "fi", "FI", "nl", "zh-Hans", "en-GB")
}

func (g *generator) title() elmo.Text {
	return elmo.Text{Lang: g.lang(), Value: g.token(), Extra: g.attrs()}
}

func (g *generator) description() elmo.Text {
	return elmo.Text{Lang: g.lang(), Value: g.text(), Extra: g.attrs()}
}

func (g *generator) html() elmo.Text {
	return elmo.Text{Lang: g.lang(), Value: pick(g, "<p>one</p>", "<ul>\n<li>a &amp; b</li></ul>", "plain"), Extra: g.attrs()}
}

func (g *generator) identifier() elmo.Identifier {
	return elmo.Identifier{
		Type:  pick(g, "local", "elmo", "esi", "nationalIdentifier", "schac", "erasmus", "odd type"),
		Value: g.token(), Extra: g.attrs(),
	}
}

// attrs gives unknown attributes for an element without children.
func (g *generator) attrs() *elmo.Extra {
	if !g.opt.Unknown || !g.maybe(4) {
		return nil
	}
	x := &elmo.Extra{Attrs: []elmo.Attr{{Name: "unknown", Value: g.text()}}}
	if g.maybe(50) {
		x.Attrs = append(x.Attrs, elmo.Attr{Space: "urn:example:q", Prefix: "q", Name: "a", Value: "1"})
	}
	return x
}

// extra gives unknown children and attributes for an element of which children are written.
func (g *generator) extra(children int) *elmo.Extra {
	if !g.opt.Unknown || !g.maybe(6) {
		return nil
	}
	x := g.attrs()
	if x == nil {
		x = &elmo.Extra{}
	}
	at := 1 + g.Intn(children+1)
	for range 1 + g.Intn(2) {
		x.Others = append(x.Others, elmo.Other{Position: at, Name: "unknown", Element: raw(`<u:unknown xmlns:u="urn:example:u" a="` + pick(g, "1", "u:2") + `">text<u:b/></u:unknown>`)})
		at++
	}
	return x
}

// raw gives xml in the form that the reader gives it.
func raw(xml string) elmo.Raw {
	r, err := elmo.ParseRaw(xml)
	if err != nil {
		panic(err)
	}
	return r
}

func (g *generator) extension() *elmo.Extension {
	x := &elmo.Extension{}
	x.Children = list(g, 1, 2, func() elmo.Raw {
		return raw(pick(g,
			`<x:level xmlns:x="urn:example:x" code="x:a">A&amp;B<!-- why --><x:y/></x:level>`,
			`<p xmlns="urn:example:p">text &lt; <b xmlns="">bold</b> tail</p>`,
			`<e xmlns="urn:example:e" xmlns:f="urn:example:f"><f:g f:h="1&#xA;2"/></e>`))
	})
	if g.maybe(20) {
		x.Children = append(x.Children, elmo.Raw{XML: "<!-- a comment -->"})
	}
	return x
}

func (g *generator) signature() elmo.Raw { return Signature() }

// Signature has the form of an XML signature and signs nothing.
func Signature() elmo.Raw {
	return raw(`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>` +
		`<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>` +
		`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>` +
		`<ds:Reference URI=""><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference>` +
		`</ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`)
}

func (g *generator) document() *elmo.Document {
	d := &elmo.Document{
		GeneratedDate: g.dateTime(),
		Learner:       g.learner(),
		Reports:       list(g, 1, 2, g.report),
		Attachments:   list(g, 0, 2, g.attachment),
		Groups:        some(g, 40, g.groups),
		Extension:     some(g, 25, g.extension),
		Signature:     some(g, 25, g.signature),
	}
	d.Extra = g.extra(2 + len(d.Reports) + len(d.Attachments))
	return d
}

func (g *generator) learner() *elmo.Learner {
	l := &elmo.Learner{
		Citizenship:    some(g, 50, g.country),
		Identifiers:    list(g, 0, 3, g.identifier),
		GivenNames:     some(g, 90, g.token),
		FamilyName:     some(g, 90, g.token),
		DateOfBirth:    some(g, 70, g.date),
		PlaceOfBirth:   some(g, 40, g.token),
		BirthName:      some(g, 40, g.token),
		CurrentAddress: some(g, 40, g.address),
		Gender:         pick(g, "", "0", "1", "2", "9"),
	}
	if g.opt.V20 && g.maybe(50) {
		t := g.description()
		l.AlternativeName = &t
	}
	l.Extra = g.extra(2)
	return l
}

func (g *generator) address() *elmo.Address {
	a := &elmo.Address{
		RecipientNames: list(g, 0, 2, g.text),
		PostalCode:     some(g, 50, g.text),
		Locality:       some(g, 50, g.text),
		Region:         some(g, 50, g.text),
		Country:        g.country(),
	}
	if g.maybe(50) {
		a.AddressLines = list(g, 1, 3, g.text)
		return a
	}
	a.BuildingNumber, a.BuildingName, a.StreetName = "12a", some(g, 50, g.text), g.text()
	a.Unit, a.Floor, a.PostOfficeBox = some(g, 50, g.text), some(g, 50, g.text), some(g, 50, g.text)
	a.DeliveryPointCodes = list(g, 0, 2, g.text)
	return a
}

func (g *generator) report() *elmo.Report {
	r := &elmo.Report{
		Issuer:                            g.issuer(),
		LearningOpportunitySpecifications: list(g, 0, 3, g.specification),
		IssueDate:                         g.dateTime(),
		GradingSchemes:                    list(g, 0, 2, g.gradingScheme),
		Attachments:                       list(g, 0, 2, g.attachment),
	}
	if g.opt.V20 {
		r.ResultsOfRecognition = list(g, 0, 1, g.recognition)
	}
	r.Extra = g.extra(2 + len(r.LearningOpportunitySpecifications))
	return r
}

func (g *generator) issuer() *elmo.Issuer {
	return &elmo.Issuer{
		Country:     some(g, 80, g.country),
		Identifiers: list(g, 1, 3, g.identifier),
		Titles:      list(g, 1, 2, g.title),
		URL:         some(g, 90, func() string { return "https://example.org/?a=1&b=2" }),
		Extra:       g.extra(3),
	}
}

func (g *generator) specification() *elmo.LearningOpportunitySpecification {
	g.depth++
	defer func() { g.depth-- }()
	s := &elmo.LearningOpportunitySpecification{
		Identifiers:  list(g, 1, 2, g.identifier),
		Titles:       list(g, 1, 2, g.title),
		Type:         pick(g, "", "Degree Programme", "Module", "Course", "Class"),
		SubjectArea:  some(g, 40, g.token),
		ISCEDCode:    pick(g, "", "0613", "061", "06", "odd"),
		URL:          some(g, 30, func() string { return pick(g, "www.uta.fi", "https://example.org", "not a url") }),
		Descriptions: list(g, 0, 2, g.description),
		HTML:         list(g, 0, 1, g.html),
		Specifies:    &elmo.Specifies{Instance: g.instance(), Extension: some(g, 5, g.extension), Extra: g.extra(1)},
		Extension:    some(g, 10, g.extension),
	}
	if g.depth < 4 {
		s.HasParts = list(g, 0, 3-g.depth, g.part)
	}
	s.Extra = g.extra(3 + len(s.HasParts))
	return s
}

func (g *generator) part() *elmo.HasPart {
	return &elmo.HasPart{Specification: g.specification(), Extra: g.extra(1)}
}

func (g *generator) instance() *elmo.LearningOpportunityInstance {
	i := &elmo.LearningOpportunityInstance{
		Identifiers:           list(g, 0, 2, g.identifier),
		Start:                 some(g, 50, g.date),
		Date:                  some(g, 70, g.date),
		AcademicTerm:          some(g, 30, g.term),
		Status:                pick(g, "", "passed", "failed", "in-progress"),
		GradingSchemeLocalID:  pick(g, "", "scheme-1", "scheme 2"),
		ResultLabel:           some(g, 70, g.token),
		ShortenedGrading:      some(g, 20, g.shortened),
		ResultDistribution:    some(g, 20, g.distribution),
		Credits:               list(g, 0, 2, g.credit),
		Levels:                list(g, 0, 2, g.level),
		LanguageOfInstruction: pick(g, "", "en", "no", "NO", "x-odd"),
		EngagementHours:       some(g, 30, g.decimal),
		Attachments:           some(g, 20, g.refs),
		Grouping:              some(g, 20, g.grouping),
		Extension:             some(g, 10, g.extension),
		DiplomaSupplement:     some(g, 8, g.supplement),
	}
	if g.opt.V20 {
		i.GradingSchemeExternalID = some(g, 30, g.token)
	}
	i.Extra = g.extra(0)
	return i
}

func (g *generator) term() *elmo.AcademicTerm {
	return &elmo.AcademicTerm{Titles: list(g, 1, 1, g.title), Start: g.date(), End: g.date(), Extra: g.extra(3)}
}

func (g *generator) shortened() *elmo.ShortenedGrading {
	return &elmo.ShortenedGrading{PercentageLower: g.decimal(), PercentageEqual: g.decimal(), PercentageHigher: g.decimal()}
}

func (g *generator) distribution() *elmo.ResultDistribution {
	return &elmo.ResultDistribution{
		Categories: list(g, 1, 3, func() *elmo.Category {
			return &elmo.Category{Label: g.token(), Count: pick(g, "0", "7", "007", "120")}
		}),
		Descriptions: list(g, 0, 2, g.description),
	}
}

func (g *generator) credit() *elmo.Credit {
	c := &elmo.Credit{Scheme: pick(g, "ects", "ECTS", "Ects", "local points"), Value: some(g, 90, g.decimal), Extra: g.extra(1)}
	if !g.opt.V20 {
		c.Level = pick(g, "", "", "Bachelor", "Master", "PhD")
	}
	return c
}

func (g *generator) level() *elmo.Level {
	l := &elmo.Level{Type: pick(g, "EQF", "NQF", "NLQF"), Value: pick(g, "", "5", "6", "7", "odd")}
	if g.maybe(30) {
		t := g.description()
		l.Description = &t
	}
	return l
}

func (g *generator) refs() *elmo.AttachmentRefs {
	return &elmo.AttachmentRefs{Refs: list(g, 1, 2, g.text)}
}

func (g *generator) grouping() *elmo.Grouping {
	return &elmo.Grouping{TypeRef: "t1", IDRef: pick(g, "g1", "g 2"), Value: pick(g, "", g.text())}
}

func (g *generator) gradingScheme() *elmo.GradingScheme {
	return &elmo.GradingScheme{
		LocalID:      pick(g, "scheme-1", "scheme 2", "scheme-3"),
		Descriptions: list(g, 0, 2, g.description),
		Extra:        g.extra(0),
	}
}

func (g *generator) attachment() *elmo.Attachment {
	return &elmo.Attachment{
		Identifiers:  list(g, 0, 1, g.identifier),
		Titles:       list(g, 1, 1, g.title),
		Type:         pick(g, "", "Diploma", "Transcript of Records", "EMREX transcript", "Other"),
		Descriptions: list(g, 0, 1, g.description),
		Contents:     list(g, 0, 2, g.content),
		Extension:    some(g, 10, g.extension),
		Extra:        g.extra(1),
	}
}

func (g *generator) content() elmo.Text {
	data := make([]byte, g.Intn(60))
	if g.maybe(10) {
		data = make([]byte, 6000) // long enough to be lifted
	}
	g.Read(data)
	value := "data:" + pick(g, "application/pdf", "image/png", "text/plain;charset=utf-8") + ";base64," + base64.StdEncoding.EncodeToString(data)
	if g.maybe(5) {
		value = pick(g, "A", "data:text/plain,hello%20world", "no data")
	}
	return elmo.Text{Lang: g.lang(), Value: value}
}

func (g *generator) groups() *elmo.Groups {
	return &elmo.Groups{GroupTypes: list(g, 1, 1, func() *elmo.GroupType {
		return &elmo.GroupType{ID: "t1", Titles: list(g, 1, 1, g.title), Groups: list(g, 0, 2, func() *elmo.Group {
			return &elmo.Group{ID: pick(g, "", "g1", "g 2"), SortingKey: g.text(), Titles: list(g, 1, 1, g.title)}
		})}
	})}
}

func (g *generator) supplement() *elmo.DiplomaSupplement {
	return &elmo.DiplomaSupplement{
		Lang: g.lang(), Version: pick(g, "2018", "2007"), IssueDate: g.date(),
		Introduction: pick(g, elmo.Raw{}, elmo.Raw{XML: "Plain &amp; simple."}, elmo.Raw{XML: ` This <b xmlns="">supplement</b> follows. `}),
		Sections:     list(g, 1, 2, func() *elmo.Section { return g.section("1", 2) }),
		Signature:    some(g, 20, g.signature),
	}
}

func (g *generator) section(number string, depth int) *elmo.Section {
	s := &elmo.Section{
		Number: number, Title: g.token(),
		AdditionalInformation: list(g, 0, 1, g.text),
		Attachments:           list(g, 0, 1, g.attachment),
	}
	if g.maybe(60) {
		s.Content = &elmo.SectionContent{Type: pick(g, "", "text/plain", "text/html", "html"), Value: g.token()}
	}
	if depth > 0 {
		s.Sections = list(g, 0, 2, func() *elmo.Section { return g.section(number+".1", depth-1) })
	}
	return s
}

func (g *generator) recognition() *elmo.ResultOfRecognition {
	r := &elmo.ResultOfRecognition{
		Titles: list(g, 0, 2, g.title), Descriptions: list(g, 0, 1, g.description),
		SubjectArea: some(g, 30, g.token), ISCEDCode: some(g, 30, g.token),
		Status:       pick(g, "Positive", "Negative", "Partially Positive"),
		DecisionDate: some(g, 50, g.date), Attachments: some(g, 20, g.refs),
		Mappings: list(g, 0, 1, func() *elmo.RecognitionMapping {
			return &elmo.RecognitionMapping{Mapping: &elmo.Mapping{
				From: list(g, 0, 2, g.refs), To: list(g, 1, 1, g.refs),
			}}
		}),
	}
	if g.depth < 2 {
		g.depth += 2
		r.Bases = list(g, 0, 1, func() *elmo.RecognitionBasis { return &elmo.RecognitionBasis{Report: g.report()} })
		r.Results = list(g, 0, 1, g.part)
		g.depth -= 2
	}
	return r
}
