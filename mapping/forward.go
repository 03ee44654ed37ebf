package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// Errors that end a conversion.
var (
	ErrNoReport = errors.New("the document has no report, so there is nothing to convert")
	ErrNoDate   = errors.New("neither the report nor the document has a date; the credential must have one (give the option for the date of issue)")
)

// node is one LOS with its LOI on the one side and the claim with all that hangs on it on the other.
type node struct {
	hasPart *elmo.HasPart
	los     *elmo.LearningOpportunitySpecification
	loi     *elmo.LearningOpportunityInstance

	claim      *edci.LearningAchievement
	spec       *edci.LearningAchievementSpecification
	assessment *edci.LearningAssessment // made by the first row that needs one
	activity   *edci.LearningActivity   // the same

	rep    *reportRun
	stored map[string]bool // paths of the children kept so far
}

// reportRun is what the claims of one report share.
type reportRun struct {
	n           int // position of the report in the document, from 1
	report      *elmo.Report
	org         *edci.Organisation
	schemes     *schemes
	attachments *attachments
	remainder   *elmo.Report
	forward     *forward
	credential  *edci.EuropeanDigitalCredential
	ours        bool // on the way back: the credential was made from ELMO
}

// Forward converts a document: one credential for each report that holds results. The credentials
// lack what is not in the document: pictures, and identifiers other than those of media objects.
func Forward(doc *elmo.Document, opt Options) ([]*edci.EuropeanDigitalCredential, *Report, error) {
	r := &run{opt: &opt, report: newReport(ToEDC, Standard{"ELMO", string(docVersion(doc))}, Standard{"ELM", "3.2"})}
	r.bday = "bday"
	if docVersion(doc) >= elmo.V20 {
		r.bday = "dateOfBirth"
	}
	f := &forward{run: r, doc: doc, foreign: opt.Keep != KeepSource && fromOthers(doc)}
	f.known = doc.Source != nil && doc.Source.Known || elmo.Clean(doc)
	if len(doc.Reports) == 0 {
		return nil, r.report, ErrNoReport
	}
	f.bounded(sourceSize(doc))
	f.observations()
	f.signature()
	if err := f.plan(); err != nil {
		return nil, r.report, err
	}
	for i := range doc.Reports {
		if !f.carries(i) {
			continue
		}
		if err := f.credential(i); err != nil {
			return nil, r.report, fmt.Errorf("report[%d]: %w", i+1, err)
		}
	}
	return f.out, r.report, r.report.fits()
}

// docVersion is the version of a document: as read, or 1.7.
func docVersion(doc *elmo.Document) elmo.Version {
	if doc.Source != nil && doc.Source.Version != "" {
		return doc.Source.Version
	}
	return elmo.Latest
}

// forward is the state of one document on its way.
type forward struct {
	*run
	doc     *elmo.Document
	first   int  // the first report that gets a credential
	anyLOS  bool // some report has results
	known   bool // the schema knows all of the document
	foreign bool // the document was made from credentials of others
	out     []*edci.EuropeanDigitalCredential

	members []restored // of others, collected from the claims of the credential at work

	most   int                        // bytes that the credentials may have together
	left   int                        // those that the credentials still to come may have
	groups map[string]edci.LangString // typeref and idref -> titles
	wanted map[string]map[int]bool    // first identifier of an attachment -> reports whose results refer to it

	// Filled when not nil: where each specification went.
	places  map[*elmo.LearningOpportunitySpecification]string // pointer of its claim
	ordinal map[*elmo.LearningOpportunitySpecification]int    // credential, from 0
}

// observationRows says which row an observation of the reader belongs to.
var observationRows = map[elmo.ObservationKind]struct {
	row  string
	why  Reason
	note string
}{
	elmo.Empty:     {"VAL-05", Empty, "an empty element is not carried"},
	elmo.Collapsed: {"VAL-02", Format, "white space of a token was collapsed"},
	elmo.Order:     {"VAL-07", Order, "the element stood in another order than the schema's"},
	elmo.Instance:  {"VAL-06", Format, "attributes of XML Schema Instance are not carried"},
	elmo.Restored:  {"VER-01", Format, "taken out of the extension in which an older version carried it"},
	elmo.Namespace: {"VAL-08", Format, "read as an element of the ELMO namespace"},
}

func (f *forward) observations() {
	if f.doc.Source == nil {
		return
	}
	for _, o := range f.doc.Source.Observations {
		if o.Kind == elmo.Missing {
			f.sayRow("VAL-05", Added, RequiredDefault, o.Path, "", "the schema demands it: comes back empty")
			continue
		}
		x := observationRows[o.Kind]
		f.sayRow(x.row, Normalised, x.why, o.Path, "", x.note)
	}
	for _, o := range f.doc.Source.Observations {
		if o.Kind == elmo.Empty {
			f.leftOut(o.Path)
		}
	}
}

func (f *forward) signature() {
	if f.doc.Signature.IsZero() || f.opt.Keep == KeepSource {
		return
	}
	f.sayRow("ENV-11", Dropped, Signature, "Signature", "", "the signature vouches for the XML, not for the credential; keep=source carries the signed file")
}

// plan finds the reports that get a credential (ENV-10) and the credentials that hold root attachments.
func (f *forward) plan() error {
	f.first = -1
	reports := 0
	for i, rep := range f.doc.Reports {
		if f.results(rep) {
			f.anyLOS = true
			reports++
			if f.first < 0 {
				f.first = i
			}
		}
	}
	f.first = max(f.first, 0)
	f.groups, f.wanted = f.groupTitles(), f.references()
	if reports > mostReports {
		return fmt.Errorf("%w: %d reports with results, of %d that are converted at once; they go into several documents", elmo.ErrLimit, reports, mostReports)
	}
	return nil
}

// carries tells whether report i gets a credential.
func (f *forward) carries(i int) bool {
	return f.results(f.doc.Reports[i]) || !f.anyLOS && i == 0
}

// results tells whether a report has results that are asked for.
func (f *forward) results(rep *elmo.Report) bool {
	return slices.ContainsFunc(rep.LearningOpportunitySpecifications, func(los *elmo.LearningOpportunitySpecification) bool {
		return !f.leavesOut(los)
	})
}

// leavesOut tells whether policy leaves a specification out.
func (f *forward) leavesOut(los *elmo.LearningOpportunitySpecification) bool {
	if !f.opt.OnlyPassed || los.Specifies == nil || los.Specifies.Instance == nil {
		return false
	}
	status := los.Specifies.Instance.Status
	return status == "failed" || status == "in-progress"
}

func (f *forward) credential(i int) error {
	rep := f.doc.Reports[i]
	c := &edci.EuropeanDigitalCredential{}
	rr := &reportRun{n: i + 1, report: rep, remainder: &elmo.Report{Issuer: &elmo.Issuer{}}, forward: f, credential: c}
	rem := f.newRemainder(rr)
	defer f.leave(f.enter("report", i+1, "", 0))

	issued, err := f.issueDate(rr)
	if err != nil {
		return err
	}
	c.ValidFrom, c.IssuanceDate, c.Issued = issued, issued, issued
	rr.org = f.issuer(rr)
	rr.schemes = f.gradingSchemes(rr)
	rr.attachments = f.attachments(rr, c, rem)
	person := f.learner(rr, rem)
	c.CredentialSubject = person
	f.claims(rr, person)
	f.recognition(rr, person)
	rr.schemes.remainder(f.run, rr)
	f.envelope(c, rr)
	f.finish(c, rr, rem)
	size, err := f.fits(c)
	if err != nil {
		return err // before a tree is made of it
	}
	if f.restore(c); len(c.Patches) > 0 {
		size, err = f.fits(c)
	}
	f.left -= size
	f.out = append(f.out, c)
	return err
}

// issueDate gives the date of a report (ENV-05), or the best date it has.
func (f *forward) issueDate(rr *reportRun) (string, error) {
	f.row = "ENV-05"
	d := rr.report.IssueDate
	if validDateTime(d) {
		return d, nil
	}
	if d != "" {
		rr.remainder.IssueDate = d
		f.keepAside("issueDate", Format, true, "no xs:dateTime")
		if dt, ok := dateTime(d); ok {
			return dt, nil
		}
	}
	for _, other := range []string{f.doc.GeneratedDate, f.opt.Issued} {
		if validDateTime(other) {
			f.say(Added, RequiredDefault, "issueDate", "/validFrom", "the report has no usable date of issue; the date of generation, or the one given, stands in")
			if d == "" {
				addAttr(&rr.remainder.Extra, "issueDate", "added")
			}
			return other, nil
		}
	}
	if last := lastDate(rr.report.LearningOpportunitySpecifications); last != "" {
		f.say(Added, RequiredDefault, "issueDate", "/validFrom", "the report has no usable date of issue; the latest date of a result stands in")
		if d == "" {
			addAttr(&rr.remainder.Extra, "issueDate", "added")
		}
		return last, nil
	}
	return "", ErrNoDate
}

// lastDate is the latest date of a result below, as dateTime.
func lastDate(list []*elmo.LearningOpportunitySpecification) string {
	last := ""
	for _, los := range list {
		if los.Specifies != nil && los.Specifies.Instance != nil {
			if d, ok := dateTime(los.Specifies.Instance.Date); ok {
				last = max(last, d)
			}
		}
		for _, p := range los.HasParts {
			if p.Specification != nil {
				last = max(last, lastDate([]*elmo.LearningOpportunitySpecification{p.Specification}))
			}
		}
	}
	return last
}

// keepAside reports on an element that was put into the remainder.
func (r *run) keepAside(sub string, why Reason, mapped bool, note string) {
	if !r.opt.keeps() {
		r.say(lost(mapped), why, sub, "", note)
		return
	}
	r.say(Kept, why, sub, "", note)
}

func (f *forward) claims(rr *reportRun, person *edci.Person) {
	defer f.leave(f.enter("", 0, "credentialSubject", 0))
	for i, los := range rr.report.LearningOpportunitySpecifications {
		p := f.enter("learningOpportunitySpecification", i+1, "hasClaim", len(person.HasClaim)+1)
		if claim := f.achievement(rr, nil, los); claim != nil {
			person.HasClaim = append(person.HasClaim, claim)
		}
		f.leave(p)
	}
	if len(person.HasClaim) == 0 {
		person.HasClaim = []edci.AnyClaim{f.placeholder(rr)}
	}
}

// placeholder is the claim of a report without results: a Person must have one (ENV-10).
func (f *forward) placeholder(rr *reportRun) *edci.LearningAchievement {
	f.row = "ENV-10"
	title := und("")
	title[0].Text = f.placeholderTitle(rr)
	f.say(Added, RequiredDefault, "", "/hasClaim/0", "a Person must have a claim; the report has no results")
	return &edci.LearningAchievement{
		Title:      title,
		Identifier: []*edci.Identifier{identifier(schemePlaceholder, "report."+strconv.Itoa(rr.n))},
		AwardedBy:  &edci.AwardingProcess{AwardingBody: []edci.AnyAgent{rr.org}},
	}
}

func (f *forward) placeholderTitle(rr *reportRun) string {
	for _, x := range rr.report.ResultsOfRecognition {
		if len(x.Titles) > 0 && x.Titles[0].Value != "" {
			return x.Titles[0].Value
		}
	}
	for _, list := range [][]*elmo.Attachment{rr.report.Attachments, f.doc.Attachments} {
		for _, a := range list {
			if a.Type != "" {
				return a.Type
			}
		}
	}
	return "Report without results"
}

// achievement converts a LOS and all below it; nil when policy leaves it out.
func (f *forward) achievement(rr *reportRun, part *elmo.HasPart, los *elmo.LearningOpportunitySpecification) *edci.LearningAchievement {
	n := &node{hasPart: part, los: los, rep: rr}
	if los.Specifies != nil && los.Specifies.Instance != nil {
		n.loi = los.Specifies.Instance
	} else {
		n.loi = &elmo.LearningOpportunityInstance{}
	}
	if f.leavesOut(los) {
		f.sayRow("LOS-01", Dropped, Policy, "", "", "only passed results were asked for")
		return nil
	}
	if f.places != nil {
		f.places[los], f.ordinal[los] = pointer(f.edc), len(f.out)
	}
	n.claim = &edci.LearningAchievement{AwardedBy: &edci.AwardingProcess{AwardingBody: []edci.AnyAgent{rr.org}}}
	n.spec = &edci.LearningAchievementSpecification{}
	n.claim.SpecifiedBy = n.spec
	specificationRows.forward(f.run, n, n)
	instanceRows.forward(f.run, n, n)
	f.collect(n.loi)
	f.unknown(n)
	f.parts(n)
	return n.claim
}

func (f *forward) parts(n *node) {
	for i, p := range n.los.HasParts {
		if p.Specification == nil {
			continue
		}
		at := f.enter("hasPart", i+1, "hasPart", len(n.claim.HasPart)+1)
		f.elmo = append(f.elmo, step{name: "learningOpportunitySpecification"})
		if claim := f.achievement(n.rep, p, p.Specification); claim != nil {
			n.claim.HasPart = append(n.claim.HasPart, claim)
		}
		f.leave(at)
	}
}

// walked are the children that the walk visits itself.
var walked = map[string]bool{scopeHasPart: true, scopeSpecifies: true, scopeLOI: true, scopeLOS: true}

// unknown keeps what the schema does not know (VAL-06).
func (f *forward) unknown(n *node) {
	if f.known {
		return
	}
	f.row = "VAL-06"
	type scoped struct {
		scope string
		at    any
	}
	list := []scoped{{scopeLOS, n.los}, {scopeLOI, n.loi}}
	if n.los.Specifies != nil {
		list = append(list, scoped{scopeSpecifies, n.los.Specifies})
	}
	if n.hasPart != nil {
		list = append(list, scoped{scopeHasPart, n.hasPart})
	}
	for _, x := range list {
		for _, child := range elmo.Unclean(x.at) {
			if !walked[child.Name] {
				n.keepUnknown(f.run, x.scope, child)
			}
		}
	}
}

// the node makes what hangs on a claim when the first row needs it.

func (n *node) needAssessment() *edci.LearningAssessment {
	if n.assessment == nil {
		n.assessment = &edci.LearningAssessment{Title: n.claim.Title, AwardedBy: n.awardedHere()}
		n.claim.ProvenBy = []*edci.LearningAssessment{n.assessment}
	}
	return n.assessment
}

func (n *node) needActivity(r *run) *edci.LearningActivity {
	if n.activity == nil {
		n.activity = &edci.LearningActivity{Title: n.claim.Title, AwardedBy: n.awardedHere()}
		n.claim.InfluencedBy = []*edci.LearningActivity{n.activity}
		r.say(Added, RequiredDefault, "", "/influencedBy/0/title", "an activity must have a title and an awarding body: those of the claim")
	}
	return n.activity
}

func (n *node) needActivitySpecification(r *run) *edci.LearningActivitySpecification {
	a := n.needActivity(r)
	if a.SpecifiedBy == nil {
		a.SpecifiedBy = &edci.LearningActivitySpecification{Title: n.claim.Title}
	}
	return a.SpecifiedBy
}

// awardedHere is the awarding process of an assessment or activity.
func (n *node) awardedHere() *edci.AwardingProcess {
	return &edci.AwardingProcess{AwardingBody: []edci.AnyAgent{n.rep.org}}
}
