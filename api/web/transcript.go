package web

import (
	"encoding/xml"
	"html/template"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"elmobridge/elmo"

	"github.com/microcosm-cc/bluemonday"
)

// transcript is a document as a person reads it.
type transcript struct {
	At          *place
	Learner     []fact
	Name        string // of the learner
	Generated   string // xs:dateTime
	Reports     []report
	Attachments []attachment // of the document

	places map[string]*place // by path of ELMO
}

// place is something that a report of a conversion can speak of.
type place struct {
	ID    string // on the page; it says nothing of the document
	Name  string // as people call it
	Count int    // entries of the report
	Entry string // the first of them: its id on the page
}

// text is a text in the language of the page, or else in another one.
type text struct {
	Text, Lang string
	Link       string // an address outside
	Inside     *place // on the page
}

// fact is a label with what is stated.
type fact struct {
	At     *place
	Label  string // the name of an element of ELMO, or of a member of ELM
	Values []text
}

// report is what one institution says.
type report struct {
	At, Issuer   *place
	Institution  text
	Facts        []fact
	Issued       string
	Results      []opportunity
	Recognitions []recognition
	Schemes      []scheme
	Attachments  []attachment
}

// scheme explains grades.
type scheme struct {
	At    *place
	Name  string
	Texts []text
}

// opportunity is a programme, module or course with its result.
type opportunity struct {
	At           *place
	Type         string
	Depth        int // from 1
	Title        text
	Code         string
	Status       string // passed, failed, in-progress, or as written
	Grade        string
	Credits      []*elmo.Credit
	Start, Date  string
	Term         text
	Language     string
	Scheme       *scheme
	Distribution *distribution
	Facts        []fact
	Descriptions []text
	HTML         []markup
	Supplement   *supplement
	Parts        []opportunity
}

// markup is HTML that has been made harmless.
type markup struct {
	HTML template.HTML
	Lang string
}

// distribution shows how often each result was given.
type distribution struct {
	Categories   []category
	Descriptions []text
}

type category struct {
	Label, Count string
	Share        int // of the most frequent, in per cent; 0 when a count is no number
	Own          bool
}

// supplement is a diploma supplement.
type supplement struct {
	At                                  *place
	Lang, Version, Issued, Introduction string
	Sections                            []section
}

type section struct {
	At                   *place
	Number, Title, Plain string
	HTML                 template.HTML
	Additional           []string
	Attachments          []attachment
	Sections             []section
}

// recognition is a decision on results from elsewhere.
type recognition struct {
	At           *place
	Status, Date string
	Title        text
	Facts        []fact
	Descriptions []text
	Bases        []report
	Results      []opportunity
}

// reader reads a document for one language.
type reader struct {
	l      *language
	number int // of the result
	files  []file
	ids    map[string]*place // by identifier of an attachment
	groups map[string]text   // titles by type and group
	places map[string]*place // by path
}

// root is the path of the document itself.
const root = ""

func newReader(l *language) *reader {
	return &reader{l: l, ids: map[string]*place{}, groups: map[string]text{}, places: map[string]*place{}}
}

// newTranscript reads the document of the result of that number. The files of its attachments are numbered in the
// order in which they come.
func newTranscript(doc *elmo.Document, l *language, number int) (*transcript, []file) {
	r := newReader(l)
	r.number = number
	t := &transcript{At: r.place(root), Generated: doc.GeneratedDate, places: r.places}
	r.attachmentIDs(doc)
	r.groupTitles(doc.Groups)
	if doc.Learner != nil {
		t.Name = strings.TrimSpace(doc.Learner.GivenNames + " " + doc.Learner.FamilyName)
		t.Learner = r.learner(doc.Learner)
	}
	for i, rep := range doc.Reports {
		t.Reports = append(t.Reports, r.report(rep, nth("report", i)))
	}
	t.Attachments = r.attachments(doc.Attachments, "")
	return t, r.files
}

// nth writes name[n] with n from 1; i counts from 0.
func nth(name string, i int) string { return name + "[" + strconv.Itoa(i+1) + "]" }

// place gives the place for a path of ELMO.
func (r *reader) place(path string) *place {
	if r.places[path] == nil {
		r.places[path] = &place{ID: "t" + strconv.Itoa(len(r.places))}
	}
	return r.places[path]
}

// longestName is how many characters of the name of a place are shown in links to it.
const longestName = 120

// named is place, with a name.
func (r *reader) named(path, name string) *place {
	p := r.place(path)
	p.Name = shorten(name, longestName)
	return p
}

// best is the index of the text in the language of the page, else of the English one, else of the first; -1 when all
// are empty.
func (r *reader) best(texts []elmo.Text) int {
	best := -1
	for i, t := range texts {
		if rank := r.rank(t.Lang); t.Value != "" && (best < 0 || rank < r.rank(texts[best].Lang)) {
			best = i
		}
	}
	return best
}

// pick chooses among the languages of a text.
func (r *reader) pick(texts []elmo.Text) text {
	i := r.best(texts)
	if i < 0 {
		return text{}
	}
	return newText(texts[i])
}

func newText(t elmo.Text) text { return text{Text: t.Value, Lang: tagged(t.Lang)} }

// tagged is a language tag, or empty when what is stated is none.
func tagged(stated string) string {
	if isTag(stated) && !strings.EqualFold(stated, "und") {
		return stated
	}
	return ""
}

// isTag tells whether browsers would take a text for a language tag.
var isTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`).MatchString

// family are the tags that stand for the same language on these pages.
var family = map[string]string{"no": "nb", "nn": "nb"}

// rank is lower for texts that the reader would rather read.
func (r *reader) rank(lang string) int {
	primary, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch {
	case primary == r.l.Tag:
		return 0
	case family[primary] == r.l.Tag:
		return 1
	case primary == "en":
		return 2
	}
	return 3
}

// all are the texts in the language that pick chooses.
func (r *reader) all(texts []elmo.Text) []text {
	best := r.best(texts)
	var list []text
	for _, t := range texts {
		if t.Value != "" && t.Lang == texts[best].Lang {
			list = append(list, newText(t))
		}
	}
	return list
}

// facts gathers those that are stated.
type facts struct {
	list []fact
	r    *reader
	path string
}

func (f *facts) add(label string, values ...text) {
	var stated []text
	for _, v := range values {
		if v.Text != "" {
			stated = append(stated, v)
		}
	}
	if len(stated) > 0 {
		f.list = append(f.list, fact{f.r.named(f.path+label, f.r.l.field(label)), label, stated})
	}
}

func plain(s string) text { return text{Text: s} }

// linked is an address; one that is not of the web is a text.
func linked(address string) text { return text{Text: address, Link: webAddress(address)} }

// webAddress gives an address of the web, with a host; empty for any other.
func webAddress(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return u.String()
}

func (r *reader) learner(x *elmo.Learner) []fact {
	f := &facts{r: r, path: "learner/"}
	f.add("givenNames", plain(x.GivenNames))
	f.add("familyName", plain(x.FamilyName))
	if x.AlternativeName != nil {
		f.add("alternativeName", newText(*x.AlternativeName))
	}
	f.add("birthName", plain(x.BirthName))
	f.add("bday", plain(r.l.Date(x.DateOfBirth)))
	r.places["learner/dateOfBirth"] = r.place("learner/bday") // its name in ELMO 2.0
	f.add("placeOfBirth", plain(x.PlaceOfBirth))
	f.add("citizenship", plain(r.l.Country(x.Citizenship)))
	f.add("gender", plain(r.gender(x.Gender)))
	f.add("currentAddress", r.address(x.CurrentAddress)...)
	f.add("identifier", identifiers(x.Identifiers)...)
	r.places["learner"] = r.place("learner/givenNames")
	return f.list
}

// gender is a code of ISO 5218 in words.
func (r *reader) gender(code string) string {
	if key := "gender." + code; r.l.has(key) {
		return r.l.T(key)
	}
	return code
}

func identifiers(list []elmo.Identifier) []text {
	var out []text
	for _, x := range list {
		out = append(out, plain(strings.TrimPrefix(x.Type+": "+x.Value, ": ")))
	}
	return out
}

func (r *reader) address(a *elmo.Address) []text {
	if a == nil {
		return nil
	}
	var out []text
	line := func(parts ...string) {
		out = append(out, plain(strings.Join(strings.Fields(strings.Join(parts, " ")), " ")))
	}
	for _, n := range append(append([]string{}, a.RecipientNames...), a.AddressLines...) {
		line(n)
	}
	line(a.BuildingName, a.StreetName, a.BuildingNumber, a.Unit, a.Floor)
	line(a.PostOfficeBox, strings.Join(a.DeliveryPointCodes, " "))
	line(a.PostalCode, a.Locality)
	line(a.Region)
	line(r.l.Country(a.Country))
	return out
}

func (r *reader) groupTitles(groups *elmo.Groups) {
	if groups == nil {
		return
	}
	for _, t := range groups.GroupTypes {
		for _, g := range t.Groups {
			r.groups[t.ID+"\x00"+g.ID] = r.pick(g.Titles)
		}
	}
}

func (r *reader) report(x *elmo.Report, path string) report {
	out := report{Issued: x.IssueDate}
	if x.Issuer != nil {
		out.Institution = r.pick(x.Issuer.Titles)
		f := &facts{r: r, path: path + "/issuer/"}
		f.add("country", plain(r.l.Country(x.Issuer.Country)))
		f.add("url", linked(x.Issuer.URL))
		f.add("identifier", identifiers(x.Issuer.Identifiers)...)
		out.Facts = f.list
	}
	out.At, out.Issuer = r.named(path, out.Institution.Text), r.named(path+"/issuer", out.Institution.Text)
	schemes := map[string]*scheme{}
	for i, g := range x.GradingSchemes {
		out.Schemes = append(out.Schemes, scheme{r.named(path+"/"+nth("gradingScheme", i), g.LocalID), g.LocalID, r.all(g.Descriptions)})
	}
	for i := range out.Schemes {
		schemes[out.Schemes[i].Name] = &out.Schemes[i]
	}
	for i, los := range x.LearningOpportunitySpecifications {
		out.Results = append(out.Results, r.opportunity(los, path+"/"+nth("learningOpportunitySpecification", i), schemes, 1))
	}
	for i, ror := range x.ResultsOfRecognition {
		out.Recognitions = append(out.Recognitions, r.recognition(ror, path+"/"+nth("resultOfRecognition", i)))
	}
	out.Attachments = r.attachments(x.Attachments, path+"/")
	return out
}

func (r *reader) opportunity(x *elmo.LearningOpportunitySpecification, path string, schemes map[string]*scheme, depth int) opportunity {
	o := opportunity{Type: x.Type, Depth: depth, Title: r.pick(x.Titles), Code: code(x.Identifiers), Descriptions: r.all(x.Descriptions)}
	o.At = r.named(path, o.Title.Text)
	for _, t := range r.all(x.HTML) {
		o.HTML = append(o.HTML, markup{harmless(t.Text), t.Lang})
	}
	f := &facts{r: r, path: path + "/"}
	f.add("identifier", identifiers(x.Identifiers)...)
	f.add("subjectArea", plain(x.SubjectArea))
	f.add("iscedCode", plain(x.ISCEDCode))
	f.add("url", linked(x.URL))
	if x.Extension != nil {
		f.add("extension", plain(r.l.T("transcript.extension")))
	}
	if x.Specifies != nil && x.Specifies.Instance != nil {
		f.path += "specifies/learningOpportunityInstance/"
		r.instance(&o, f, x.Specifies.Instance, schemes)
	}
	o.Facts = f.list
	for i, p := range x.HasParts {
		if p.Specification != nil {
			o.Parts = append(o.Parts, r.opportunity(p.Specification, path+"/"+nth("hasPart", i)+"/learningOpportunitySpecification", schemes, depth+1))
		}
	}
	return o
}

// code is what an institution calls a course: the first local identifier.
func code(list []elmo.Identifier) string {
	for _, x := range list {
		if x.Type == "local" {
			return x.Value
		}
	}
	return ""
}

func (r *reader) instance(o *opportunity, f *facts, x *elmo.LearningOpportunityInstance, schemes map[string]*scheme) {
	o.Status, o.Grade, o.Credits, o.Start, o.Date = x.Status, x.ResultLabel, x.Credits, x.Start, x.Date
	o.Language, o.Scheme = x.LanguageOfInstruction, schemes[x.GradingSchemeLocalID]
	if t := x.AcademicTerm; t != nil {
		o.Term = r.pick(t.Titles)
		f.add("academicTerm", o.Term, plain(r.period(t.Start, t.End)))
	}
	if o.Scheme == nil {
		f.add("gradingSchemeLocalId", plain(x.GradingSchemeLocalID))
	}
	f.add("gradingSchemeExternalId", linked(x.GradingSchemeExternalID))
	if g := x.ShortenedGrading; g != nil {
		f.add("shortenedGrading", plain(r.l.T("transcript.shortened", r.l.Number(g.PercentageLower), r.l.Number(g.PercentageEqual), r.l.Number(g.PercentageHigher))))
	}
	o.Distribution = r.distribution(x)
	f.add("level", levels(x.Levels)...)
	f.add("engagementHours", plain(r.l.Number(x.EngagementHours)))
	f.add("identifier", identifiers(x.Identifiers)...)
	r.grouping(f, x.Grouping)
	if x.Attachments != nil {
		r.references(f, x.Attachments.Refs)
	}
	if x.Extension != nil {
		f.add("extension", plain(r.l.T("transcript.extension")))
	}
	if x.DiplomaSupplement != nil {
		o.Supplement = r.supplement(x.DiplomaSupplement, f.path+"diplomaSupplement")
	}
}

// period is two dates, or the one that there is.
func (r *reader) period(start, end string) string {
	switch {
	case start == "" || start == end:
		return r.l.Date(end)
	case end == "":
		return r.l.Date(start)
	}
	return r.l.Date(start) + " – " + r.l.Date(end)
}

func levels(list []*elmo.Level) []text {
	var out []text
	for _, x := range list {
		out = append(out, plain(strings.TrimSpace(x.Type+" "+x.Value)))
		if x.Description != nil {
			out = append(out, newText(*x.Description))
		}
	}
	return out
}

func (r *reader) grouping(f *facts, g *elmo.Grouping) {
	if g == nil {
		return
	}
	title, known := r.groups[g.TypeRef+"\x00"+g.IDRef]
	if !known || title.Text == "" {
		title = plain(strings.TrimSpace(g.IDRef + " " + g.Value))
	}
	f.add("grouping", title)
}

// references leads to the attachments that belong to a result.
func (r *reader) references(f *facts, refs []string) {
	var list []text
	for _, ref := range refs {
		list = append(list, text{Text: ref, Inside: r.ids[ref]})
	}
	f.add("attachments", list...)
}

// distribution gives the counts, the result of the learner marked.
func (r *reader) distribution(x *elmo.LearningOpportunityInstance) *distribution {
	if x.ResultDistribution == nil {
		return nil
	}
	d := &distribution{Descriptions: r.all(x.ResultDistribution.Descriptions)}
	most := 0
	for _, c := range x.ResultDistribution.Categories {
		n, _ := strconv.Atoi(c.Count) // what is no number has no bar
		most = max(most, n)
	}
	for _, c := range x.ResultDistribution.Categories {
		n, _ := strconv.Atoi(c.Count)
		share := 0
		if n > 0 {
			share = int(100 * float64(n) / float64(most))
		}
		d.Categories = append(d.Categories, category{c.Label, c.Count, share, c.Label == x.ResultLabel})
	}
	return d
}

func (r *reader) supplement(x *elmo.DiplomaSupplement, path string) *supplement {
	s := &supplement{At: r.named(path, r.l.field("diplomaSupplement")), Lang: tagged(x.Lang), Version: x.Version, Issued: x.IssueDate, Introduction: textOf(x.Introduction.XML)}
	for i, sec := range x.Sections {
		s.Sections = append(s.Sections, r.section(sec, path+"/"+nth("section", i)))
	}
	return s
}

func (r *reader) section(x *elmo.Section, path string) section {
	s := section{Number: x.Number, Title: x.Title, Additional: x.AdditionalInformation, Attachments: r.attachments(x.Attachments, path+"/")}
	s.At = r.named(path, strings.TrimSpace(x.Number+" "+x.Title))
	if c := x.Content; c != nil && c.Type == "text/html" {
		s.HTML = harmless(c.Value)
	} else if c != nil {
		s.Plain = c.Value
	}
	for i, sub := range x.Sections {
		s.Sections = append(s.Sections, r.section(sub, path+"/"+nth("section", i)))
	}
	return s
}

// textOf is the text in an element, without its markup.
func textOf(element string) string {
	var b strings.Builder
	for d := xml.NewDecoder(strings.NewReader(element)); ; {
		token, err := d.Token()
		if err != nil {
			return strings.TrimSpace(b.String())
		}
		if t, ok := token.(xml.CharData); ok {
			b.Write(t)
		}
	}
}

func (r *reader) recognition(x *elmo.ResultOfRecognition, path string) recognition {
	out := recognition{Status: x.Status, Date: x.DecisionDate, Title: r.pick(x.Titles), Descriptions: r.all(x.Descriptions)}
	out.At = r.named(path, out.Title.Text)
	f := &facts{r: r, path: path + "/"}
	f.add("subjectArea", plain(x.SubjectArea))
	f.add("iscedCode", plain(x.ISCEDCode))
	var mappings []text
	for _, m := range x.Mappings {
		if m.Mapping != nil {
			mappings = append(mappings, plain(refs(m.Mapping.From)+" → "+refs(m.Mapping.To)))
		}
	}
	f.add("recognitionMapping", mappings...)
	if x.Attachments != nil {
		r.references(f, x.Attachments.Refs)
	}
	out.Facts = f.list
	for i, b := range x.Bases {
		if b.Report != nil {
			out.Bases = append(out.Bases, r.report(b.Report, path+"/"+nth("recognitionBasis", i)+"/recognitionReport"))
		}
	}
	for i, p := range x.Results {
		if p.Specification != nil {
			out.Results = append(out.Results, r.opportunity(p.Specification, path+"/"+nth("recognitionResult", i)+"/learningOpportunitySpecification", nil, 2))
		}
	}
	return out
}

func refs(list []*elmo.AttachmentRefs) string {
	var all []string
	for _, x := range list {
		all = append(all, x.Refs...)
	}
	return strings.Join(all, ", ")
}

// elements are what HTML of others may have here. ELMO wants descriptionHtml sanitised.
var elements = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http")
	p.RequireNoReferrerOnLinks(true)
	p.RequireNoFollowOnLinks(true)
	return p
}()

// harmless makes HTML of others fit for a page.
func harmless(html string) template.HTML { return template.HTML(elements.Sanitize(html)) }
