package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// diplomaSupplement keeps the supplement as a note (DSP-01) and makes readable copies.
func diplomaSupplement(r *run, n *node) {
	ds := n.loi.DiplomaSupplement
	if ds == nil {
		return
	}
	master := *ds
	if r.opt.keeps() {
		master.Sections = n.rep.stubbed(r, ds.Sections, sub+"diplomaSupplement")
	}
	n.loi = withSupplement(n.loi, &master)
	n.keepLOI(r, "diplomaSupplement", 0, NoCounterpart, true, "ELM has no place for a diploma supplement as it is")
	n.readable(r, ds)
}

// withSupplement is the instance with another supplement; the document itself is not changed.
func withSupplement(loi *elmo.LearningOpportunityInstance, ds *elmo.DiplomaSupplement) *elmo.LearningOpportunityInstance {
	other := *loi
	other.DiplomaSupplement = ds
	return &other
}

// stubbed gives sections in which media objects took the place of the contents of attachments.
func (rr *reportRun) stubbed(r *run, sections []*elmo.Section, path string) []*elmo.Section {
	out := make([]*elmo.Section, len(sections))
	for i, s := range sections {
		here := path + "/" + nth("section", i+1)
		own := *s
		own.Sections = rr.stubbed(r, s.Sections, here)
		own.Attachments = nil
		for k, a := range s.Attachments {
			own.Attachments = append(own.Attachments, rr.stubAttachment(r, a, here+"/"+nth("attachment", k+1)))
		}
		out[i] = &own
	}
	return out
}

func (rr *reportRun) stubAttachment(r *run, a *elmo.Attachment, path string) *elmo.Attachment {
	f := rr.forward
	var media []*edci.MediaObject
	var stubs []elmo.Text
	for i := range a.Contents {
		c := readFile(a.Contents[i].Value)
		if c == nil {
			return a
		}
		m := c.media()
		m.ID = f.mediaID(f.elmoAt(path + "/" + nth("content", i+1)))
		m.Title = r.quietTexts(a.Titles)
		if a.Type != "" {
			m.AttachmentType = &edci.Concept{ID: conceptID(pathAttachmentType, a.Type), PrefLabel: english(a.Type)}
		}
		if c.note != "" {
			r.sayRow("ATT-04", Normalised, c.why, path+"/"+nth("content", i+1), "", c.note)
		}
		media, stubs = append(media, m), append(stubs, c.stub(m, a.Contents[i]))
	}
	rr.credential.Attachment = append(rr.credential.Attachment, media...)
	own := *a
	own.Contents = stubs
	return &own
}

// readable copies sections into the specification for readers (DSP-02, DSP-03).
func (n *node) readable(r *run, ds *elmo.DiplomaSupplement) {
	lang, _ := tagOrNone(ds.Lang)
	before := len(n.spec.AdditionalNote)
	n.sectionNotes(ds.Sections, lang)
	if len(n.spec.AdditionalNote) > before {
		r.sayRow("DSP-02", Added, Derived, "", "/specifiedBy/additionalNote", "the sections of the diploma supplement, for readers")
	}
	n.sectionProperties(r, ds, lang)
}

func (n *node) sectionNotes(sections []*elmo.Section, lang string) {
	for _, s := range sections {
		texts := s.AdditionalInformation
		var format *edci.Concept
		if s.Content != nil {
			texts = append([]string{s.Content.Value}, texts...)
			if isMediaType.MatchString(s.Content.Type) {
				format = mediaTypeConcept(s.Content.Type)
			}
		}
		if text := strings.TrimSpace(strings.Join(texts, "\n")); text != "" {
			n.spec.AdditionalNote = append(n.spec.AdditionalNote, &edci.Note{
				Subject:     sectionSubject(s, lang),
				NoteFormat:  format,
				NoteLiteral: edci.LangString{{Lang: lang, Text: s.Number + " " + s.Title + ": " + text}},
			})
		}
		n.sectionNotes(s.Sections, lang)
	}
}

var isMediaType = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]+$`)

const pathSection = "diplomaSupplement/section"

// sectionSubject names a section; two supplements may give the same number other titles, so the
// identifier depends on the title, too.
func sectionSubject(s *elmo.Section, lang string) *edci.Concept {
	return &edci.Concept{
		ID:       conceptID(pathSection, s.Number, shortDigest(lang, s.Number, s.Title)),
		Notation: s.Number, PrefLabel: edci.LangString{{Lang: lang, Text: s.Title}},
	}
}

// shortDigest tells texts apart in an identifier.
func shortDigest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// inYears matches the one form of section 3.2 that is a duration as it stands.
var inYears = regexp.MustCompile(`^([0-9]{1,3}) (month|year)s?$`)

// sectionProperties fills properties that take the text of a section as it is (DSP-03).
func (n *node) sectionProperties(r *run, ds *elmo.DiplomaSupplement, lang string) {
	text := func(number string) string {
		if s := findSection(ds.Sections, number); s != nil && s.Content != nil {
			return s.Content.Value
		}
		return ""
	}
	added := func(member string) {
		r.sayRow("DSP-03", Added, Derived, "", "/specifiedBy/"+member, "a section of the diploma supplement that the property takes as it is")
	}
	if t := text("2.2"); t != "" {
		n.spec.EducationSubject = append(n.spec.EducationSubject, &edci.Concept{PrefLabel: edci.LangString{{Lang: lang, Text: t}}})
		added("educationSubject")
	}
	if m := inYears.FindStringSubmatch(text("3.2")); m != nil {
		n.spec.MaximumDuration = "P" + m[1] + strings.ToUpper(m[2][:1])
		added("maximumDuration")
	}
	if t := text("3.3"); t != "" {
		n.spec.EntryRequirement = &edci.Note{NoteLiteral: edci.LangString{{Lang: lang, Text: t}}}
		added("entryRequirement")
	}
	if t := text("4.2"); t != "" && ds.Version == "2018" {
		n.spec.LearningOutcomeSummary = &edci.Note{NoteLiteral: edci.LangString{{Lang: lang, Text: t}}}
		added("learningOutcomeSummary")
	}
}

func findSection(sections []*elmo.Section, number string) *elmo.Section {
	for _, s := range sections {
		if s.Number == number {
			return s
		}
		if found := findSection(s.Sections, number); found != nil {
			return found
		}
	}
	return nil
}
