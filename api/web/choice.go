package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/problem"
	"elmobridge/elmo"
)

// choicePage is what there is to choose from, or what is chosen of it.
type choicePage struct {
	Number      int
	Institution text
	Until       time.Time
	Learner     evidence.Holder
	Signed      bool
	Everything  bool
	Reports     []offeredReport
	Files       []offeredFile // of the document
	Wrong       string        // key of the text that says what is amiss; empty: nothing is

	Consent string // key of the text to agree to
	Choices int    // of which choice it is
}

// offeredReport is what one institution says, to choose from.
type offeredReport struct {
	Key, ID, Country, Issued string
	Institution              text
	Recognitions             int
	Files                    []offeredFile
	Results                  []offeredResult
	Chosen                   bool
}

// offeredResult is a result to choose, or not.
type offeredResult struct {
	Key, ID, Type, Date, Status, Grade string
	Title                              text
	Credits                            []evidence.OfferedCredit
	Parts                              []offeredResult
	Chosen                             bool
}

// offeredFile is an attachment that goes along.
type offeredFile struct {
	Title text
	Type  string
}

// offerReader reads an offer for one language, with what of it is chosen.
type offerReader struct {
	l      *language
	chosen map[string]bool
	found  int // keys that the offer has
	ids    int
}

// newChoice gives the page for an offer, and whether it has all that is chosen.
func (s *step) newChoice(o *evidence.Offer, keys []string) (*choicePage, bool) {
	l := languageOf(s.r)
	r := &offerReader{l: l, chosen: map[string]bool{}}
	for _, k := range keys {
		r.chosen[k] = true
	}
	p := &choicePage{Number: s.one.Number, Institution: l.pick(s.of.Titles), Until: s.one.Until, Learner: o.Learner, Signed: o.Signed,
		Files: r.files(o.Attachments), Consent: s.of.Consent, Choices: s.one.Choices}
	p.Everything = r.has(o.Key)
	for _, report := range o.Reports {
		p.Reports = append(p.Reports, r.report(report))
	}
	return p, r.found == len(r.chosen)
}

// has tells whether a key of the offer is chosen.
func (r *offerReader) has(key string) bool {
	if r.chosen[key] {
		r.found++
	}
	return r.chosen[key]
}

// id is one for the page, which says nothing of the offer.
func (r *offerReader) id() string {
	r.ids++
	return "c" + strconv.Itoa(r.ids)
}

func (r *offerReader) report(o evidence.OfferedReport) offeredReport {
	out := offeredReport{Key: o.Key, ID: r.id(), Country: o.Country, Issued: o.IssueDate, Institution: r.l.pick(o.Issuer),
		Recognitions: o.Recognitions, Files: r.files(o.Attachments), Chosen: r.has(o.Key)}
	for _, one := range o.Results {
		out.Results = append(out.Results, r.result(one, out.Chosen))
	}
	return out
}

// result reads a result, which is chosen along with what it is a part of.
func (r *offerReader) result(o evidence.OfferedResult, along bool) offeredResult {
	out := offeredResult{Key: o.Key, ID: r.id(), Type: o.Type, Date: o.Date, Status: o.Status, Grade: o.Result, Title: r.l.pick(o.Titles),
		Credits: o.Credits, Chosen: r.has(o.Key) || along}
	for _, part := range o.Parts {
		out.Parts = append(out.Parts, r.result(part, out.Chosen))
	}
	return out
}

func (r *offerReader) files(list []evidence.OfferedFile) []offeredFile {
	var out []offeredFile
	for _, f := range list {
		out = append(out, offeredFile{r.l.pick(f.Titles), f.Type})
	}
	return out
}

// pick chooses the text in the language of the page, else the English one, else the first.
func (l *language) pick(titles []evidence.Text) text {
	var list []elmo.Text
	for _, t := range titles {
		list = append(list, elmo.Text{Lang: t.Language, Value: t.Text})
	}
	return newReader(l).pick(list)
}

// keep leaves on the page what is chosen, as package evidence hands it over: reports whole, or of a report the chosen
// results, which bring their parts and not what they are a part of.
func (p *choicePage) keep() {
	if p.Everything {
		return
	}
	p.Files = nil
	p.Reports = slices.DeleteFunc(p.Reports, func(r offeredReport) bool { return !r.Chosen && len(chosen(r.Results)) == 0 })
	for i := range p.Reports {
		if r := &p.Reports[i]; !r.Chosen {
			r.Results, r.Files, r.Recognitions = chosen(r.Results), nil, 0
		}
	}
}

func chosen(list []offeredResult) []offeredResult {
	var out []offeredResult
	for _, r := range list {
		if r.Chosen {
			out = append(out, r)
		} else {
			out = append(out, chosen(r.Parts)...)
		}
	}
	return out
}

// Partial tells whether there are results on the page that were chosen one by one.
func (p *choicePage) Partial() bool {
	return !p.Everything && slices.ContainsFunc(p.Reports, func(r offeredReport) bool { return !r.Chosen })
}

// showChoice shows all results; everything is chosen until the learner chooses otherwise.
func (h *handlers) showChoice(s *step) error {
	keys := s.one.Choice
	if len(keys) == 0 {
		keys = []string{evidence.Everything}
	}
	return h.choicePage(s, http.StatusOK, keys, "")
}

// choicePage shows all results with some of them chosen.
func (h *handlers) choicePage(s *step, status int, keys []string, wrong string) error {
	o, err := h.Evidence.Offer(s.r.Context(), s.by, s.one.Session)
	if err != nil {
		return err
	}
	p, _ := s.newChoice(o, keys)
	p.Wrong = wrong
	return h.show(s.w, s.r, status, "choice", languageOf(s.r).T("choice.title"), p)
}

// takeChoice remembers what was chosen, and leads to the preview.
func (h *handlers) takeChoice(s *step) error {
	form, err := readFields(s.r)
	if err != nil {
		return err
	}
	keys := choiceOf(form)
	if len(keys) == 0 {
		return h.choicePage(s, http.StatusUnprocessableEntity, nil, "choice.nothing")
	}
	o, err := h.Evidence.Offer(s.r.Context(), s.by, s.one.Session)
	if err != nil {
		return err
	}
	if _, all := s.newChoice(o, keys); !all {
		return problem.New(problem.BadRequest, "a chosen result is not in the offer")
	}
	if err := h.update(s, func(one *keptJourney) { one.Choice, one.Choices = keys, one.Choices+1 }); err != nil {
		return err
	}
	return see(s.w, s.r, s.path()+"/preview")
}

// choiceOf gives the keys that a form has, without those of parts of what is chosen: a key begins with that of what it
// is in. Boxes do not count while everything is chosen.
func choiceOf(form url.Values) []string {
	if form.Get("scope") == "all" {
		return []string{evidence.Everything}
	}
	keys := form["result"]
	slices.Sort(keys)
	var chosen []string
	for _, k := range keys {
		if n := len(chosen); n == 0 || k != chosen[n-1] && !strings.HasPrefix(k, chosen[n-1]+"/") {
			chosen = append(chosen, k)
		}
	}
	return chosen
}

// showPreview shows what will be handed over.
func (h *handlers) showPreview(s *step) error {
	return h.previewPage(s, http.StatusOK, "")
}

// previewPage shows what will be handed over, and asks for the consent. There is none before the choice.
func (h *handlers) previewPage(s *step, status int, wrong string) error {
	if len(s.one.Choice) == 0 {
		return see(s.w, s.r, s.path())
	}
	o, err := h.Evidence.Offer(s.r.Context(), s.by, s.one.Session)
	if err != nil {
		return err
	}
	p, all := s.newChoice(o, s.one.Choice)
	if !all {
		return errors.New("the choice of a session is not in its offer")
	}
	p.keep()
	p.Wrong = wrong
	return h.show(s.w, s.r, status, "preview", languageOf(s.r).T("preview.title"), p)
}
