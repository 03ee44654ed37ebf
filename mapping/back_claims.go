package mapping

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

func decodeBase64(s string) ([]byte, error) { return base64.StdEncoding.DecodeString(s) }

// claimsBack converts the claims of one awarding body.
func (b *back) claimsBack(p *part, rr *reportRun, group *claimGroup) {
	defer b.leave(b.enter("", 0, "credentialSubject", 0))
	for _, i := range group.claims {
		nr := len(rr.report.LearningOpportunitySpecifications) + 1
		at := b.enter(scopeLOS, nr, "hasClaim", i+1)
		if los := b.claim(p, rr, p.person.HasClaim[i]); los != nil {
			rr.report.LearningOpportunitySpecifications = append(rr.report.LearningOpportunitySpecifications, los)
		}
		b.leave(at)
	}
}

// claim converts a claim of any class (EDC-01); nil when ELMO has no place for it.
func (b *back) claim(p *part, rr *reportRun, claim edci.AnyClaim) *elmo.LearningOpportunitySpecification {
	switch c := claim.(type) {
	case *edci.LearningAchievement:
		if p.ours && hasIdentifier(c.Identifier, schemePlaceholder) {
			return nil
		}
		return b.achievement(p, rr, nil, c, false)
	case *edci.LearningActivity:
		return b.achievement(p, rr, nil, activityAsAchievement(c), true)
	case *edci.LearningAssessment:
		return b.achievement(p, rr, nil, assessmentAsAchievement(c), true)
	}
	return nil
}

// activityAsAchievement shows an activity of others as a study without result.
func activityAsAchievement(a *edci.LearningActivity) *edci.LearningAchievement {
	c := &edci.LearningAchievement{Title: a.Title, Description: a.Description, Identifier: a.Identifier,
		AwardedBy: a.AwardedBy, InfluencedBy: []*edci.LearningActivity{a}}
	for _, t := range a.DCType {
		if m, ok := codes.ByName("learning-activity").ID(t.ID); ok && m.Label == "educational programme" {
			c.DCType = []*edci.Concept{codes.ByName("learning-opportunity").Must(learningOpportunityTypes["Module"]).Concept()}
		}
	}
	return c
}

// assessmentAsAchievement shows an assessment that stands alone as a study with that result.
func assessmentAsAchievement(a *edci.LearningAssessment) *edci.LearningAchievement {
	return &edci.LearningAchievement{Title: a.Title, Description: a.Description, Identifier: a.Identifier,
		AwardedBy: a.AwardedBy, ProvenBy: []*edci.LearningAssessment{a}}
}

// achievement converts an achievement and all below it.
func (b *back) achievement(p *part, rr *reportRun, parent *elmo.HasPart, claim *edci.LearningAchievement, whole bool) *elmo.LearningOpportunitySpecification {
	n := &node{hasPart: parent, claim: claim, spec: claim.SpecifiedBy, rep: rr,
		loi: &elmo.LearningOpportunityInstance{}, los: &elmo.LearningOpportunitySpecification{}}
	n.los.Specifies = &elmo.Specifies{Instance: n.loi}
	n.open()
	b.rows(n)
	place := claimPlace{los: n.los, loi: n.loi, pointer: pointer(b.edc), path: elmoPath(b.elmo), whole: whole}
	p.claims = append(p.claims, place)
	b.partsBack(p, rr, n)
	b.keptBack(p, n)
	b.titleMissing(p, n)
	return n.los
}

// open finds what hangs on the claim.
func (n *node) open() {
	if n.spec == nil {
		n.spec = &edci.LearningAchievementSpecification{}
	}
	if len(n.claim.ProvenBy) > 0 {
		n.assessment = n.claim.ProvenBy[0]
	} else if a := n.claim.AwardedBy; a != nil && len(a.Used) > 0 {
		n.assessment = a.Used[0] // DC4EU
	}
	if len(n.claim.InfluencedBy) > 0 {
		n.activity = n.claim.InfluencedBy[0]
	}
}

func (b *back) rows(n *node) {
	specificationRows.back(b.run, n, n)
	instanceRows.back(b.run, n, n)
	b.row = "DSP-04"
	supplementBack(b.run, n)
}

func (b *back) partsBack(p *part, rr *reportRun, n *node) {
	for i, c := range n.claim.HasPart {
		part := &elmo.HasPart{}
		at := b.enter("hasPart", i+1, "hasPart", i+1)
		b.elmo = append(b.elmo, step{name: scopeLOS})
		part.Specification = b.achievement(p, rr, part, c, false)
		n.los.HasParts = append(n.los.HasParts, part)
		b.leave(at)
	}
}

// titleMissing fills the title that ELMO demands.
func (b *back) titleMissing(p *part, n *node) {
	if len(n.los.Titles) > 0 || hasIdentifier(n.spec.Identifier, schemePlaceholder) {
		return
	}
	n.los.Titles = []elmo.Text{{Value: titleStandIn(n.los)}}
	b.sayRow("LOS-03", Added, RequiredDefault, "title", "/title", "ELMO demands a title")
}

// keptNoteOf is a note of the claim that keeps an element.
type keptNoteOf struct {
	scope, name string
	n           int
	xml         string
	index       int // among the notes
}

// keptBack puts kept elements back in their places.
func (b *back) keptBack(p *part, n *node) {
	b.row = "VAL-06"
	var notes []keptNoteOf
	for i, note := range n.claim.AdditionalNote {
		path, xml, ok := keptPath(note)
		if !ok {
			continue
		}
		scope, rest, ok := strings.Cut(path, "/")
		if !ok {
			continue
		}
		k := keptNoteOf{scope: scope, xml: xml, index: i + 1}
		k.name, k.n = undotted(rest)
		notes = append(notes, k)
	}
	notes = slices.DeleteFunc(notes, func(k keptNoteOf) bool { return insideKept(notes, k) })
	slices.SortStableFunc(notes, func(x, y keptNoteOf) int { return x.n - y.n })
	for _, k := range notes {
		if !b.restore(p, n, k) {
			b.say(Dropped, Edited, elmoSub[k.scope]+childPath(k.name, k.n), pointerNth("/additionalNote", k.index), "what it was kept beside has been edited since")
		}
	}
}

// insideKept tells whether a note keeps a part of a container that another one keeps whole.
func insideKept(notes []keptNoteOf, k keptNoteOf) bool {
	container, _, nested := strings.Cut(k.name, "/")
	return nested && slices.ContainsFunc(notes, func(o keptNoteOf) bool { return o.scope == k.scope && o.name == container })
}

// containers are kept whole when something unknown is in them; their parts may be kept, too.
var containers = []string{"attachments", "resultDistribution"}

// restore puts one kept element back; false when its twin is not there any more.
func (b *back) restore(p *part, n *node, k keptNoteOf) bool {
	parent, name := n.restoreParent(k)
	if parent == nil {
		return false
	}
	if name == otherChild {
		return elmo.PutOther(parent, k.n, k.xml)
	}
	if k.scope == scopeLOI && slices.Contains(containers, k.name) {
		return elmo.Overwrite(parent, k.name, k.n, k.xml)
	}
	kept := elmo.New(parent)
	if _, err := elmo.AddChild(kept, k.xml); err != nil {
		return false
	}
	if loi, ok := kept.(*elmo.LearningOpportunityInstance); ok && loi.DiplomaSupplement != nil {
		b.fillSupplement(p, loi.DiplomaSupplement)
	}
	if t := elmo.Texts(kept, name); len(t) == 1 && surplus(t[0]) && *elmo.ExtraOf(kept) == nil {
		return elmo.Put(parent, name, k.n, kept, elmo.New(parent))
	}
	if elmo.Put(parent, name, k.n, kept, n.twin(b, k, parent, kept)) {
		return true
	}
	return b.surplusText(parent, name, k.n, kept)
}

// surplus tells whether a text was kept for no other reason than that another one of its language is
// mapped: the schema knows all of it, and its tag is well-formed.
func surplus(t elmo.Text) bool {
	_, ok := tagOrNone(t.Lang)
	return ok && t.Extra == nil
}

// surplusText inserts a text that stood beside another one of its language.
func (b *back) surplusText(parent any, name string, n int, kept any) bool {
	text, list := elmo.Texts(kept, name), elmo.Texts(parent, name)
	if len(text) == 0 || !slices.ContainsFunc(list, func(t elmo.Text) bool { return sameLanguage(t, text[0]) }) {
		return false
	}
	return elmo.Put(parent, name, n, kept, elmo.New(parent))
}

func sameLanguage(a, b elmo.Text) bool {
	x, _ := tagOrNone(a.Lang)
	y, _ := tagOrNone(b.Lang)
	return x == y
}

// restoreParent is the element that a kept child belongs to, with the name of the child.
func (n *node) restoreParent(k keptNoteOf) (any, string) {
	container, name, nested := strings.Cut(k.name, "/")
	switch {
	case k.scope == scopeLOS:
		return n.los, k.name
	case k.scope == scopeSpecifies:
		return n.los.Specifies, k.name
	case k.scope == scopeHasPart && n.hasPart != nil:
		return n.hasPart, k.name
	case k.scope != scopeLOI:
		return nil, ""
	case !nested:
		return n.loi, k.name
	case container == "resultDistribution":
		if n.loi.ResultDistribution == nil {
			n.loi.ResultDistribution = &elmo.ResultDistribution{}
		}
		return n.loi.ResultDistribution, name
	case container == "attachments":
		if n.loi.Attachments == nil {
			n.loi.Attachments = &elmo.AttachmentRefs{}
		}
		return n.loi.Attachments, name
	}
	return nil, ""
}

// twin is what the mapping alone makes of a kept element: its mapped form, to be found beside it. It
// is computed by converting a specification with nothing but that element there and back.
func (n *node) twin(b *back, k keptNoteOf, parent, kept any) any {
	none := elmo.New(parent)
	if strings.HasSuffix(k.name, "/description") {
		return elmo.Bare(kept)
	}
	if strings.Contains(k.name, "/") {
		return none // categories and references are kept only when they are not mapped
	}
	trial := &elmo.LearningOpportunitySpecification{Type: n.los.Type, Specifies: &elmo.Specifies{Instance: &elmo.LearningOpportunityInstance{}}}
	switch alone := kept.(type) {
	case *elmo.LearningOpportunitySpecification:
		if alone.Type == "" && k.name != "type" {
			alone.Type = ""
		}
		own := *alone
		own.Specifies = trial.Specifies
		trial = &own
	case *elmo.LearningOpportunityInstance:
		own := *alone
		own.DiplomaSupplement, own.Extension, own.Grouping = nil, nil, nil
		if n.assessment != nil && own.Status == "" {
			own.Status = "passed"
		}
		trial.Specifies.Instance = &own
	default:
		return none
	}
	los := b.thereAndBack(trial)
	if loi, ok := kept.(*elmo.LearningOpportunityInstance); ok {
		got := los.Specifies.Instance
		if loi.Status == "" {
			got.Status = ""
		}
		return elmo.Only(got, k.name)
	}
	return elmo.Only(los, k.name)
}

// thereAndBack converts a specification without what is kept, and without a word.
func (b *back) thereAndBack(los *elmo.LearningOpportunitySpecification) *elmo.LearningOpportunitySpecification {
	opt := *b.opt
	opt.Keep = KeepNone
	r := &run{opt: &opt, report: newReport(ToEDC, Standard{}, Standard{}), silent: true}
	f := &forward{run: r, doc: &elmo.Document{}}
	rr := &reportRun{report: &elmo.Report{}, org: &edci.Organisation{}, schemes: &schemes{nodes: map[[2]string]*edci.GradingScheme{}},
		attachments: &attachments{echo: true}, forward: f, credential: &edci.EuropeanDigitalCredential{}}
	claim := f.achievement(rr, nil, los)
	if claim == nil {
		return &elmo.LearningOpportunitySpecification{Specifies: &elmo.Specifies{Instance: &elmo.LearningOpportunityInstance{}}}
	}
	quiet := &back{run: r, doc: &elmo.Document{}}
	n := &node{claim: claim, spec: claim.SpecifiedBy, loi: &elmo.LearningOpportunityInstance{}, los: &elmo.LearningOpportunitySpecification{},
		rep: &reportRun{ours: true, schemes: &schemes{}, attachments: &attachments{echo: true}}}
	n.los.Specifies = &elmo.Specifies{Instance: n.loi}
	n.open()
	quiet.rows(n)
	return n.los
}

// attachments puts the files of a credential back: those of the report, and of the document.
func (b *back) attachments(p *part, rr *reportRun, firstReport bool) {
	if !firstReport {
		return
	}
	b.row = "ATT-04"
	if p.rem != nil {
		for _, a := range p.rem.Attachments {
			n := number(a.Extra, "n")
			if whole := b.attachment(p, rr, a); whole != nil {
				p.root = append(p.root, &placedAttachment{n, whole})
			}
		}
	}
	if p.remReport != nil {
		for _, a := range p.remReport.Attachments {
			if whole := b.attachment(p, rr, a); whole != nil {
				rr.report.Attachments = append(rr.report.Attachments, whole)
			}
		}
	}
	held := heldBySupplements(p.person)
	for k, m := range p.c.Attachment {
		key := mediaKey(m, k)
		if p.media[key] == nil || held[key] {
			continue
		}
		rr.report.Attachments = append(rr.report.Attachments, foreignAttachment(m))
		if p.ours {
			b.sayRow("ATT-01", Reduced, NoCounterpart, nth("attachment", len(rr.report.Attachments)), pointerNth("/attachment", k+1), "a file without the remainder that tells what attachment it belongs to")
		}
		delete(p.media, key)
	}
}

// attachment fills the stubs of an attachment in the remainder.
func (b *back) attachment(p *part, rr *reportRun, a *elmo.Attachment) *elmo.Attachment {
	out := *a
	out.Contents = make([]elmo.Text, len(a.Contents))
	filled := 0
	var one *edci.MediaObject
	for i, stub := range a.Contents {
		id, isStub := attr(stub.Extra, "media")
		if !isStub {
			out.Contents[i] = stub
			filled++
			continue
		}
		m := p.media[id]
		if m == nil {
			continue
		}
		if one == nil {
			one = m
			if len(a.Identifiers) > 0 {
				rr.attachments.byMedia[id] = a.Identifiers[0].Value
			}
		}
		out.Contents[i] = fillStub(stub, m)
		delete(p.media, id)
		filled++
	}
	stripOurs(&out.Extra)
	if len(a.Contents) == 0 {
		out.Contents = nil
		return &out
	}
	if filled < len(a.Contents) {
		b.say(Dropped, Edited, "attachment", "/attachment", "a file of the attachment is not in the credential any more")
		out.Contents = slices.DeleteFunc(out.Contents, func(t elmo.Text) bool { return t.Value == "" })
		if filled == 0 {
			return nil
		}
	}
	if one != nil {
		fillDescription(&out, one)
	}
	return &out
}

func fillStub(stub elmo.Text, m *edci.MediaObject) elmo.Text {
	head, has := attr(stub.Extra, "head")
	if !has {
		head = dataHead(m.ContentType)
	}
	if head != "" {
		head += ";base64,"
	}
	out := elmo.Text{Lang: stub.Lang, Value: head + m.Content, Extra: stub.Extra}
	stripOurs(&out.Extra)
	return out
}

// fillDescription takes title, description and type from a media object.
func fillDescription(a *elmo.Attachment, m *edci.MediaObject) {
	if a.Titles == nil {
		a.Titles = elmoTexts(m.Title)
	}
	if a.Descriptions == nil {
		a.Descriptions = elmoTexts(m.Description)
	}
	if a.Type == "" {
		a.Type = attachmentType(m.AttachmentType)
	}
}

func attachmentType(c *edci.Concept) string {
	if c == nil {
		return ""
	}
	if strings.HasPrefix(c.ID, ns+pathAttachmentType+"/") {
		return first(c.PrefLabel)
	}
	if t := collapse(first(c.PrefLabel)); slices.Contains(attachmentTypes, t) {
		return t
	}
	return "Other"
}

// attachmentTypes are the values of ELMO 1.6 and later.
var attachmentTypes = []string{"Diploma", "Diploma Supplement", "Transcript of Records", "EMREX transcript",
	"Micro Credential", "Letter of Nomination", "Certificate of Training", "Learning Agreement", "Other"}

// foreignAttachment is a media object without a stub.
func foreignAttachment(m *edci.MediaObject) *elmo.Attachment {
	a := &elmo.Attachment{Contents: []elmo.Text{{Value: dataHead(m.ContentType) + ";base64," + strings.Join(strings.Fields(m.Content), "")}}}
	fillDescription(a, m)
	for i := range a.Titles {
		a.Titles[i].Value = collapse(a.Titles[i].Value)
	}
	return a
}

// keeps tells whether a note of the claim keeps the element of that path.
func (n *node) keeps(path string) bool {
	return slices.ContainsFunc(n.claim.AdditionalNote, func(note *edci.Note) bool {
		p, _, ok := keptPath(note)
		return ok && p == path
	})
}

// wrapped is what wrappedChild wrote.
type wrapped struct {
	name   string
	n      int
	insert bool
	xml    string
}

func unwrapChild(raw elmo.Raw) (w wrapped, ok bool) {
	start := strings.IndexByte(raw.XML, '>')
	end := strings.LastIndex(raw.XML, "</")
	if start < 0 || end < start {
		return w, false
	}
	tag := raw.XML[:start]
	name, ok1 := quoted(tag, "name")
	nr, ok2 := quoted(tag, "n")
	n, err := strconv.Atoi(nr)
	_, insert := quoted(tag, "insert")
	return wrapped{name, n, insert, raw.XML[start+1 : end]}, ok1 && ok2 && err == nil
}

// quoted reads an attribute of a start tag that we wrote ourselves.
func quoted(tag, name string) (string, bool) {
	_, rest, ok := strings.Cut(tag, " "+name+`="`)
	value, _, ok2 := strings.Cut(rest, `"`)
	return value, ok && ok2
}
