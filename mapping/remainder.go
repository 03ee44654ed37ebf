package mapping

import (
	"encoding/base64"
	"slices"
	"strconv"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

// The remainder is one media object of a credential: an ELMO skeleton with what the credential does
// not hold of root, learner, report, issuer, grading schemes and attachments. Attributes of ours
// (namespace NSBridge) say what belongs where:
//
//	elmo           version, report, of   table version, position of the report, number of reports
//	               origin="credential"   the document was made from credentials of others
//	report         n                     position; issueDate="added": the source has none
//	issuer         title, country        "added": the source has none
//	gradingScheme  used="1"              a claim holds it
//	attachment     n                     position
//	content        media, head           the media object that holds it, and what stood before ";base64,"
//
// and the element child (name, n, insert="1" when it is not mapped) wraps the n-th child of that name
// which the schema does not know in full.
const (
	remainderID    = ns + "remainder"
	remainderTitle = "ELMO elements without an ELM counterpart"
	addedValue     = "added"
	foreignOrigin  = "credential"
)

// addAttr adds an attribute of ours.
func addAttr(x **elmo.Extra, name, value string) {
	if *x == nil {
		*x = &elmo.Extra{}
	}
	(*x).Attrs = append((*x).Attrs, elmo.Attr{Space: NSBridge, Prefix: "b", Name: name, Value: value})
}

// attr reads an attribute of ours.
func attr(x *elmo.Extra, name string) (string, bool) {
	if x == nil {
		return "", false
	}
	for _, a := range x.Attrs {
		if a.Space == NSBridge && a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

func number(x *elmo.Extra, name string) int {
	v, _ := attr(x, name)
	n, _ := strconv.Atoi(v)
	return n
}

// newRemainder begins the remainder of a report's credential with what belongs to the document.
func (f *forward) newRemainder(rr *reportRun) *elmo.Document {
	rem := &elmo.Document{Learner: &elmo.Learner{}, Reports: []*elmo.Report{rr.remainder}}
	addAttr(&rem.Extra, "version", TableVersion)
	addAttr(&rem.Extra, "report", strconv.Itoa(rr.n))
	addAttr(&rem.Extra, "of", strconv.Itoa(len(f.doc.Reports)))
	if f.foreign {
		addAttr(&rem.Extra, "origin", foreignOrigin)
	}
	addAttr(&rr.remainder.Extra, "n", strconv.Itoa(rr.n))
	f.documentRemainder(rem, rr)
	return rem
}

// documentRemainder adds generatedDate, groups and extension (ENV-09); they are reported once.
func (f *forward) documentRemainder(rem *elmo.Document, rr *reportRun) {
	quiet := f.silent
	f.silent = f.silent || rr.n-1 != f.first
	defer func() { f.silent = quiet }()
	f.row = "ENV-09"
	if rem.GeneratedDate = f.doc.GeneratedDate; rem.GeneratedDate != "" {
		f.keepAside("generatedDate", NoCounterpart, false, "a credential has no date of generation")
	}
	if f.doc.Groups != nil {
		rem.Groups = f.doc.Groups
		f.keepAside("groups", NoCounterpart, false, "ELM has no groups of results")
	}
	if x := f.doc.Extension; x != nil {
		if own := foreignChildren(x); len(own) > 0 || len(x.Attrs) > 0 {
			rem.Extension = &elmo.Extension{Attrs: x.Attrs, Children: own}
			f.keepAside("extension", NoCounterpart, false, "ELM has no place for extensions")
		}
	}
	f.row = "VAL-06"
	f.keepUnknown(f.doc, rem)
}

// keepUnknown puts what the schema does not know of an element into its skeleton.
func (f *forward) keepUnknown(source, skeleton any) {
	if f.known {
		return
	}
	for _, child := range elmo.Unclean(source) {
		if remainderWalked[child.Name] {
			continue
		}
		for _, path := range child.Paths {
			f.keepAside(path, Unknown, child.Known, unknownNote)
		}
		x := elmo.ExtraOf(skeleton)
		if *x == nil {
			*x = &elmo.Extra{}
		}
		if child.Name == otherChild && child.N == 0 {
			(*x).Attrs = append((*x).Attrs, (*elmo.ExtraOf(source)).Attrs...)
			continue
		}
		(*x).Others = append((*x).Others, elmo.Other{Position: len((*x).Others) + 1, Name: "child", Element: f.wrapped(source, child)})
	}
}

// wrapped wraps a child that is known in part, or not at all.
func (f *forward) wrapped(source any, child elmo.ChildRef) elmo.Raw {
	element := child.Other
	if child.Known {
		element = elmo.Child(source, child.Name, max(child.N, 1))
	}
	return wrappedChild(element, child.Name, child.N, "")
}

// remainderWalked are the children that have a place of their own in the remainder or in the credential.
var remainderWalked = map[string]bool{"report": true, "attachment": true, "learner": true, "issuer": true, "gradingScheme": true,
	"groups": true, "extension": true, "resultOfRecognition": true, "currentAddress": true, scopeLOS: true}

// wrappedChild is <b:child name="NAME" n="N">ELEMENT</b:child>, with the attribute insert when the
// mapped data does not hold the element at all.
func wrappedChild(element elmo.Raw, name string, n int, more string) elmo.Raw {
	return elmo.Raw{
		XML: `<b:child name="` + name + `" n="` + strconv.Itoa(n) + `"` + more + `>` +
			element.String() + `</b:child>`,
		Scope: ` xmlns:b="` + NSBridge + `"`,
	}
}

// keepBeside puts a child that is not mapped at all into the skeleton of its parent.
func (r *run) keepBeside(source, skeleton any, name string, n int) {
	r.keepAside(nth(name, n), Empty, false, "ELM demands a value of an identifier, the way back a type")
	x := elmo.ExtraOf(skeleton)
	if *x == nil {
		*x = &elmo.Extra{}
	}
	(*x).Others = append((*x).Others, elmo.Other{Position: len((*x).Others) + 1, Name: "child", Element: wrappedChild(elmo.Child(source, name, n), name, n, ` insert="1"`)})
}

// finish completes a credential: the remainder, and reports that have no credential of their own.
func (f *forward) finish(c *edci.EuropeanDigitalCredential, rr *reportRun, rem *elmo.Document) {
	if rr.n-1 == f.first {
		f.reportsWithout(rem)
	}
	f.row = "VAL-06"
	f.keepUnknown(rr.report, rr.remainder)
	if !f.opt.keeps() || f.foreign && !needed(rem) {
		return
	}
	xml := skeleton(rem)
	media := newMedia(codes.ByName("file-type").Must("XML").Concept(), base64.StdEncoding.EncodeToString(xml), len(xml))
	media.Title = english(remainderTitle)
	media.AttachmentType = &edci.Concept{ID: remainderID}
	c.Attachment = append(c.Attachment, media)
	f.sayRow("ENV-09", Added, Derived, "", "/attachment", "the remainder: what has no place in ELM")
}

// needed tells whether a remainder holds anything that the way back would not find out by itself. A
// document made from credentials of others often has nothing of the kind; its credential then comes
// back without a trace of ours.
func needed(rem *elmo.Document) bool {
	own := rem.Clone()
	own.GeneratedDate = ""
	rep := own.Reports[0]
	for _, x := range []**elmo.Extra{&own.Extra, &rep.Extra, &rep.Issuer.Extra} {
		stripOurs(x)
	}
	rep.GradingSchemes = slices.DeleteFunc(rep.GradingSchemes, func(g *elmo.GradingScheme) bool {
		_, used := attr(g.Extra, "used")
		return used
	})
	rep.Attachments = slices.DeleteFunc(rep.Attachments, plainStub)
	return !slices.Equal(skeleton(own), skeleton(&elmo.Document{Learner: &elmo.Learner{}, Reports: []*elmo.Report{{Issuer: &elmo.Issuer{}}}}))
}

// plainStub tells whether an attachment is what the way back makes of its media object alone.
func plainStub(a *elmo.Attachment) bool {
	if len(a.Contents) != 1 || a.Contents[0].Lang != "" {
		return false
	}
	if _, head := attr(a.Contents[0].Extra, "head"); head {
		return false
	}
	own := *a
	own.Contents = nil
	stripOurs(&own.Extra)
	return elmo.Clean(&own) && len(own.Identifiers)+len(own.Titles)+len(own.Descriptions) == 0 && own.Extension == nil && own.Type == ""
}

func skeleton(doc *elmo.Document) []byte {
	xml, err := elmo.Marshal(doc, elmo.WriteOptions{Version: elmo.V20, Skeleton: true})
	if err != nil {
		return nil
	}
	return xml
}

// reportsWithout keeps reports that get no credential in the first one (ENV-10).
func (f *forward) reportsWithout(rem *elmo.Document) {
	f.row = "ENV-10"
	for i, rep := range f.doc.Reports {
		if f.carries(i) {
			continue
		}
		whole := *rep
		for k := range whole.LearningOpportunitySpecifications { // none of them passed
			f.sayRow("LOS-01", Dropped, Policy, nth("report", i+1)+"/"+nth(scopeLOS, k+1), "", "only passed results were asked for")
		}
		whole.LearningOpportunitySpecifications = nil
		extra := elmo.Extra{}
		if rep.Extra != nil {
			extra = *rep.Extra
			extra.Attrs = extra.Attrs[:len(extra.Attrs):len(extra.Attrs)]
		}
		whole.Extra = &extra
		addAttr(&whole.Extra, "n", strconv.Itoa(i+1))
		rem.Reports = append(rem.Reports, &whole)
		elsewhere := f.elmo
		f.elmo = []step{{"report", i + 1}}
		f.keepAside("", NoCounterpart, false, "a credential needs a result; the report has none")
		f.elmo = elsewhere
	}
}

// newMedia makes a media object of base64 content.
func newMedia(contentType *edci.Concept, content string, size int) *edci.MediaObject {
	return &edci.MediaObject{
		ContentType: contentType, ContentEncoding: codes.ByName("encoding").Must("6146cde7dd").Concept(),
		Content: content, ContentSize: edci.Number(strconv.Itoa(size)),
	}
}

// foreignChildren are the children of an extension that are not ours.
func foreignChildren(x *elmo.Extension) []elmo.Raw {
	for i, c := range x.Children {
		if isMember(c) {
			own := append([]elmo.Raw{}, x.Children[:i]...)
			for _, d := range x.Children[i+1:] {
				if !isMember(d) {
					own = append(own, d)
				}
			}
			return own
		}
	}
	return x.Children
}

// recognition keeps decisions on recognition and shows them as notes (RPT-03).
func (f *forward) recognition(rr *reportRun, person *edci.Person) {
	f.row = "RPT-03"
	rr.remainder.ResultsOfRecognition = rr.report.ResultsOfRecognition
	for i, x := range rr.report.ResultsOfRecognition {
		f.keepAside(nth("resultOfRecognition", i+1), NoCounterpart, false, "ELM has no decision on recognition")
		claim, ok := person.HasClaim[0].(*edci.LearningAchievement)
		if !ok || claim.SpecifiedBy == nil {
			continue
		}
		text := "Result of recognition: " + x.Status
		if x.DecisionDate != "" {
			text += ", " + x.DecisionDate
		}
		claim.SpecifiedBy.AdditionalNote = append(claim.SpecifiedBy.AdditionalNote, &edci.Note{
			Subject: &edci.Concept{ID: conceptID("resultOfRecognition." + strconv.Itoa(i+1))}, NoteLiteral: english(text)})
		f.say(Added, Derived, "", "/credentialSubject/hasClaim/0/specifiedBy/additionalNote", "status and date of the decision, for readers")
	}
}
