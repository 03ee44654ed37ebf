package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// Errors that end a conversion to ELMO.
var (
	ErrNoCredential = errors.New("there is no credential to convert")
	ErrLearners     = errors.New("the credentials are of different learners")
	ErrSubject      = errors.New("the subject of the credential is no Person")
)

// part is one credential on its way into the document.
type part struct {
	n      int // position in the input, from 0
	c      *edci.EuropeanDigitalCredential
	person *edci.Person
	tree   edci.Object // made by source

	dropped map[string]bool // made by outside

	origin    origin // what identifies the document that it was made from (ENV-08)
	ours      bool   // made by this table: it has an origin or a remainder
	rem       *elmo.Document
	remReport *elmo.Report // the report of this credential in rem

	media   map[string]*edci.MediaObject // not yet taken, by identifier
	reports []*numbered
	root    []*placedAttachment
	claims  []claimPlace
}

// numbered is a report with its position in the document it came from; 0 when unknown.
type numbered struct {
	n      int
	report *elmo.Report
}

// placedAttachment is a root attachment with its position; 0 when unknown.
type placedAttachment struct {
	n int
	a *elmo.Attachment
}

// claimPlace ties a specification to the claim it came from.
type claimPlace struct {
	los     *elmo.LearningOpportunitySpecification
	loi     *elmo.LearningOpportunityInstance
	pointer string
	path    string // of the specification in the document
	whole   bool   // the claim is of a class that ELMO does not have: kept whole as well
}

// back is the state of a conversion to ELMO.
type back struct {
	*run
	doc   *elmo.Document
	parts []*part
}

// Back converts the credentials of one learner to one document.
func Back(creds []*edci.EuropeanDigitalCredential, opt Options) (*elmo.Document, *Report, error) {
	version := "3.2"
	if len(creds) > 0 && creds[0].Source != nil && creds[0].Source.Version != "" {
		version = creds[0].Source.Version
	}
	r := &run{opt: &opt, report: newReport(ToELMO, Standard{"ELM", version}, Standard{"ELMO", string(elmo.Latest)})}
	r.report.most = most(filesSize(creds))
	b := &back{run: r, doc: &elmo.Document{}}
	if len(creds) == 0 {
		return nil, r.report, ErrNoCredential
	}
	for i, c := range creds {
		p, err := b.open(i, c)
		if err != nil {
			return nil, r.report, err
		}
		b.parts = append(b.parts, p)
	}
	b.envelopes()
	if err := b.sameLearner(); err != nil {
		return nil, r.report, err
	}
	for _, p := range b.parts {
		losses, added := len(b.report.Losses), len(b.report.Added)
		if err := b.credential(p); err != nil {
			return nil, r.report, err
		}
		b.place(p, losses, added)
	}
	b.merge()
	b.learner()
	b.complete()
	if err := b.leftovers(); err != nil {
		return nil, r.report, err
	}
	b.demanded()
	return b.doc, r.report, r.report.fits()
}

// open reads what a credential says of itself.
func (b *back) open(i int, c *edci.EuropeanDigitalCredential) (*part, error) {
	p := &part{n: i, c: c, media: map[string]*edci.MediaObject{}}
	person, ok := c.CredentialSubject.(*edci.Person)
	if !ok {
		return nil, fmt.Errorf("credential %d: %w", i+1, ErrSubject)
	}
	p.person = person
	b.seal(c)
	b.readerWarnings(i, c)
	for _, id := range c.Identifier {
		if o, ok := parseOrigin(id.Notation); ok && id.SchemeName == schemeReport {
			p.origin, p.ours = o, true
		}
	}
	for k, m := range c.Attachment {
		if m.AttachmentType != nil && m.AttachmentType.ID == remainderID {
			if rem := readRemainder(m); rem != nil {
				p.setRemainder(rem)
				continue
			}
		}
		p.media[mediaKey(m, k)] = m
	}
	return p, nil
}

// readerWarnings passes on what the reader had to do to understand the contexts.
func (b *back) readerWarnings(i int, c *edci.EuropeanDigitalCredential) {
	if c.Source == nil {
		return
	}
	for _, o := range c.Source.Observations {
		if o.Kind == edci.ContextPair {
			b.report.Warnings = append(b.report.Warnings, fmt.Sprintf("credential %d: %s", i+1, o.Note))
		}
	}
}

// seal names what vouched for the credential and cannot vouch for the ELMO (EDC-12).
func (b *back) seal(c *edci.EuropeanDigitalCredential) {
	if b.opt.Keep == KeepSource || c.Source == nil {
		return
	}
	if c.Source.Sealed || len(c.Proof) > 0 {
		b.sayRow("EDC-12", Dropped, Signature, "", "/proof", "the seal vouches for the credential, not for the ELMO; keep=source carries the sealed file")
	}
}

// envelopes names what stood around the credentials, once for all that came in one envelope (EDC-06).
func (b *back) envelopes() {
	if b.opt.Keep == KeepSource {
		return
	}
	seen := map[string]bool{}
	for _, p := range b.parts {
		if p.c.Source == nil {
			continue
		}
		for _, at := range p.c.Source.Around {
			if !seen[at] {
				b.report.add(Entry{Row: "EDC-06", Verdict: Dropped, Reason: NoCounterpart, Source: at,
					Note: "it stands around the credential, and belongs to the way it was handed over"})
			}
			seen[at] = true
		}
	}
}

// mediaKey is the identifier of a media object, or its position when it has none.
func mediaKey(m *edci.MediaObject, k int) string {
	if m.ID != "" {
		return m.ID
	}
	return pointerNth("/attachment", k+1)
}

// readRemainder reads an attachment that says it is a remainder; nil when it is none of ours, which
// bear the mark of their version.
func readRemainder(m *edci.MediaObject) *elmo.Document {
	xml, err := decodeBase64(m.Content)
	if err != nil {
		return nil
	}
	doc, err := elmo.Read(xml, elmo.ReadOptions{})
	if err != nil {
		return nil
	}
	if _, ours := attr(doc.Extra, "version"); !ours {
		return nil
	}
	return doc
}

func (p *part) setRemainder(rem *elmo.Document) {
	_, foreign := attr(rem.Extra, "origin")
	p.rem, p.ours = rem, !foreign
	if p.origin.n == 0 {
		p.origin.n, p.origin.of = number(rem.Extra, "report"), number(rem.Extra, "of")
	}
	for _, rep := range rem.Reports {
		if number(rep.Extra, "n") == p.origin.n {
			p.remReport = rep
		}
	}
}

// sameLearner checks that all credentials are of one person: names and date of birth.
func (b *back) sameLearner() error {
	var fields []string
	one := b.parts[0].person
	for _, p := range b.parts[1:] {
		for _, f := range personFields {
			if f.of(one) != f.of(p.person) && !slices.Contains(fields, f.name) {
				fields = append(fields, f.name)
			}
		}
	}
	if fields == nil {
		return nil
	}
	return fmt.Errorf("%w: they differ in %s", ErrLearners, strings.Join(fields, ", "))
}

// personFields tell persons apart.
var personFields = []struct {
	name string
	of   func(*edci.Person) string
}{
	{"givenName", func(p *edci.Person) string { return collapse(first(p.GivenName)) }},
	{"familyName", func(p *edci.Person) string { return collapse(first(p.FamilyName)) }},
	{"fullName", func(p *edci.Person) string { return collapse(first(p.FullName)) }},
	{"dateOfBirth", func(p *edci.Person) string { d, _, _ := date(p.DateOfBirth); return d }},
}

// LearnerKey is equal for credentials whose learners Back takes for one person. It is personal data.
func LearnerKey(c *edci.EuropeanDigitalCredential) string {
	p, ok := c.CredentialSubject.(*edci.Person)
	if !ok {
		return ""
	}
	var key []string
	for _, f := range personFields {
		key = append(key, f.of(p))
	}
	return strings.Join(key, "\x00")
}

// credential converts one credential to reports.
func (b *back) credential(p *part) error {
	if len(b.parts) > 1 {
		b.prefix = fmt.Sprintf("credential[%d]", p.n+1)
	}
	for _, group := range b.byAwardingBody(p) {
		if err := b.reportOf(p, group); err != nil {
			return err
		}
	}
	return nil
}

// reportOf makes the report of one awarding body.
func (b *back) reportOf(p *part, group *claimGroup) error {
	rep := &elmo.Report{Issuer: &elmo.Issuer{}}
	nr := len(b.allReports()) + 1
	defer b.leave(b.enter("report", nr, "", 0))
	rr := &reportRun{n: nr, report: rep, ours: p.ours, schemes: &schemes{}, attachments: &attachments{byMedia: map[string]string{}}}
	if err := b.reportDate(p, rep, group); err != nil {
		return err
	}
	b.issuer(p, rep, group.org)
	b.attachments(p, rr, len(p.reports) == 0)
	b.claimsBack(p, rr, group)
	b.schemesBack(p, rr)
	b.reportRemainder(p, rep)
	p.reports = append(p.reports, &numbered{n: p.origin.n, report: rep})
	return nil
}

func (b *back) allReports() []*numbered {
	var all []*numbered
	for _, p := range b.parts {
		all = append(all, p.reports...)
	}
	return all
}

// reportDate reads the date of issue (RPT-01).
func (b *back) reportDate(p *part, rep *elmo.Report, group *claimGroup) error {
	b.row = "RPT-01"
	if p.remReport != nil {
		if _, added := attr(p.remReport.Extra, "issueDate"); added || p.remReport.IssueDate != "" {
			rep.IssueDate = p.remReport.IssueDate
			return nil
		}
	}
	order := []struct{ member, value string }{{"issuanceDate", p.c.IssuanceDate}, {"issued", p.c.Issued}, {"validFrom", p.c.ValidFrom}}
	if p.ours {
		order[0], order[2] = order[2], order[0]
	}
	for _, d := range order {
		if validDateTime(d.value) {
			rep.IssueDate = d.value
			if !p.ours && p.c.Source != nil && p.c.Source.Sealed && d.member != "validFrom" {
				b.say(Reduced, Derived, "issueDate", "/"+d.member, "the date at which the file was sealed")
			}
			return nil
		}
	}
	for _, i := range group.claims {
		if a := awardedBy(p.person.HasClaim[i]); a != nil && validDateTime(a.AwardingDate) {
			rep.IssueDate = max(rep.IssueDate, a.AwardingDate)
		}
	}
	if rep.IssueDate == "" {
		rep.IssueDate = b.opt.Issued
	}
	if rep.IssueDate == "" {
		return fmt.Errorf("credential %d: %w", p.n+1, ErrNoDate)
	}
	b.say(Added, RequiredDefault, "issueDate", "/issued", "the credential has no date of issue; the latest awarding date, or the one given, stands in")
	return nil
}

func (b *back) issuer(p *part, rep *elmo.Report, org *edci.Organisation) {
	if org == nil {
		org = &edci.Organisation{}
	}
	defer b.leave(b.enter("issuer", 0, "", 0))
	defer func(c []step) { b.edc = c }(b.edc)
	b.edc = []step{{name: "credentialSubject"}, {"hasClaim", 1}, {name: "awardedBy"}, {"awardingBody", 1}}
	side := &issuerSide{Issuer: rep.Issuer, ours: p.ours}
	issuerRows.back(b.run, org, side)
	if p.remReport == nil || p.remReport.Issuer == nil {
		if !p.ours {
			b.issuerTitleMissing(side)
		}
		return
	}
	kept := p.remReport.Issuer
	b.dropAdded(kept, rep.Issuer)
	override(&rep.Issuer.Country, kept.Country)
	override(&rep.Issuer.URL, kept.URL)
	b.restoreChildren(rep.Issuer, kept.Extra)
}

// issuerTitleMissing fills the title that ELMO demands.
func (b *back) issuerTitleMissing(i *issuerSide) {
	if len(i.Titles) == 0 {
		i.Titles = []elmo.Text{{Value: nameStandIn(i.Issuer)}}
		b.sayRow("ISS-01", Added, RequiredDefault, "title", "", "ELMO demands a title of the issuer")
	}
}

// dropAdded removes what only the way forward added.
func (b *back) dropAdded(kept, i *elmo.Issuer) {
	if _, added := attr(kept.Extra, "country"); added {
		i.Country = ""
	}
	if _, added := attr(kept.Extra, "title"); added {
		i.Titles = nil
	}
}

// override fills a field with what was kept because it could not be mapped; a mapped value stays.
func override(field *string, kept string) {
	if *field == "" {
		*field = kept
	}
}

// restoreChildren puts back what keepUnknown kept of an element: attributes and child elements.
func (b *back) restoreChildren(parent any, x *elmo.Extra) {
	if x == nil {
		return
	}
	to := elmo.ExtraOf(parent)
	for _, a := range x.Attrs {
		if a.Space != NSBridge {
			if *to == nil {
				*to = &elmo.Extra{}
			}
			(*to).Attrs = append((*to).Attrs, a)
		}
	}
	for _, o := range x.Others {
		if o.Name == "child" {
			b.restoreChild(parent, o.Element)
		}
	}
}

// restoreChild puts back one wrapped child: <b:child name="NAME" n="N">ELEMENT</b:child>.
func (b *back) restoreChild(parent any, wrapped elmo.Raw) {
	child, ok := unwrapChild(wrapped)
	switch {
	case !ok:
	case child.name == otherChild:
		elmo.PutOther(parent, child.n, child.xml)
	default:
		b.putChild(parent, child)
	}
}

// putChild puts a known child in the place of its mapped form, or in its own when it has none.
func (b *back) putChild(parent any, child wrapped) {
	kept := elmo.New(parent)
	if _, err := elmo.AddChild(kept, child.xml); err != nil {
		return
	}
	twin := elmo.New(parent)
	if !child.insert {
		twin = elmo.Bare(kept)
	}
	if !elmo.Put(parent, child.name, child.n, kept, twin) {
		elmo.Overwrite(parent, child.name, child.n, child.xml)
	}
}

// reportRemainder puts back what the remainder keeps of a report.
func (b *back) reportRemainder(p *part, rep *elmo.Report) {
	if p.remReport == nil || len(p.reports) > 0 {
		return
	}
	rep.ResultsOfRecognition = p.remReport.ResultsOfRecognition
	b.restoreChildren(rep, p.remReport.Extra)
}

// schemesBack lists the grading schemes of a report in the order of the source.
func (b *back) schemesBack(p *part, rr *reportRun) {
	learned := rr.schemes.learned
	take := func(local string) *elmo.GradingScheme {
		for i, g := range learned {
			if g != nil && g.LocalID == local {
				learned[i] = nil
				return g
			}
		}
		return nil
	}
	if p.remReport != nil && len(p.reports) == 0 {
		for i, g := range p.remReport.GradingSchemes {
			if _, used := attr(g.Extra, "used"); !used {
				rr.report.GradingSchemes = append(rr.report.GradingSchemes, g)
				continue
			}
			if held := take(g.LocalID); held != nil {
				rr.report.GradingSchemes = append(rr.report.GradingSchemes, held)
			} else {
				b.sayRow("GRS-01", Dropped, Edited, nth("gradingScheme", i+1), "", "no claim holds it any more")
			}
		}
	}
	for _, g := range learned {
		if g != nil {
			rr.report.GradingSchemes = append(rr.report.GradingSchemes, g)
		}
	}
}

// learner reads the person of the first credential and what the remainder keeps of the learner.
func (b *back) learner() {
	p := b.parts[0]
	l := &elmo.Learner{}
	b.doc.Learner = l
	b.elmo, b.edc, b.prefix = []step{{name: "learner"}}, []step{{name: "credentialSubject"}}, ""
	losses, added := len(b.report.Losses), len(b.report.Added)
	learnerRows.back(b.run, p.person, &learnerSide{Learner: l, ours: p.ours})
	b.place(p, losses, added)
	defer func() { b.elmo, b.edc = nil, nil }()
	if p.rem == nil || p.rem.Learner == nil {
		return
	}
	kept := p.rem.Learner
	override(&l.Citizenship, kept.Citizenship)
	override(&l.DateOfBirth, kept.DateOfBirth)
	override(&l.PlaceOfBirth, kept.PlaceOfBirth)
	override(&l.Gender, kept.Gender)
	if kept.CurrentAddress != nil {
		l.CurrentAddress = kept.CurrentAddress
	}
	l.AlternativeName = kept.AlternativeName
	b.restoreChildren(l, kept.Extra)
}

// complete adds what ELMO demands of the document.
func (b *back) complete() {
	if b.doc.GeneratedDate != "" {
		return
	}
	for _, p := range b.parts {
		if p.rem != nil {
			return // the source had none
		}
		for _, d := range []string{p.c.Issued, p.c.IssuanceDate, p.c.ValidFrom} {
			if validDateTime(d) {
				b.doc.GeneratedDate = max(b.doc.GeneratedDate, d)
				break
			}
		}
	}
	if b.doc.GeneratedDate == "" {
		b.doc.GeneratedDate = b.doc.Reports[0].IssueDate
	}
	b.sayRow("ENV-09", Added, RequiredDefault, "generatedDate", "/issued", "ELMO demands a date of generation: that of the credential")
}

// demanded names the elements that are written empty because the schema demands them (VAL-05).
func (b *back) demanded() {
	b.prefix, b.elmo, b.edc = "", nil, nil
	for _, path := range elmo.Demanded(b.doc) {
		b.sayRow("VAL-05", Added, RequiredDefault, path, "", "the schema demands the element: empty")
	}
}
