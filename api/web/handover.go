package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/problem"
	"elmobridge/convert"
)

// handedOver is what a result has that a learner handed over.
type handedOver struct {
	Titles []evidence.Text // of the institution
	Format convert.Format
	Intact bool // it is what the institution gave
	At     time.Time
}

// handedOverPage is the same for a page.
type handedOverPage struct {
	*handedOver
	Institution text
}

func (o *handedOver) page(l *language) *handedOverPage {
	if o == nil {
		return nil
	}
	return &handedOverPage{o, l.pick(o.Titles)}
}

// handOver takes the consent and makes the delivery a result of the browser. Of any number of clicks one does; the
// others lead to the same result. When the delivery fails, a further click tries it again.
func (h *handlers) handOver(s *step) error {
	if s.one.Result > 0 {
		return s.result()
	}
	if s.one.Code == "" {
		form, err := readFields(s.r)
		if err != nil {
			return err
		}
		if amiss := s.amiss(form); amiss != "" {
			return h.previewPage(s, http.StatusUnprocessableEntity, amiss)
		}
		switch err := h.consent(s, convert.Format(form.Get("format"))); {
		case is(err, problem.Conflict):
			return h.await(s, err)
		case err != nil:
			return err
		}
	}
	return h.deliver(s)
}

// amiss is the key of the text that tells why a form is no consent, empty when it is one. The text that was shown and
// the choice that was shown must be those that the consent is to.
func (s *step) amiss(form url.Values) string {
	switch {
	case len(s.one.Choice) == 0 || form.Get("choice") != strconv.Itoa(s.one.Choices):
		return "consent.changed"
	case form.Get("consent") != s.of.Consent:
		return "consent.needed"
	}
	return ""
}

// consent gets the code, and remembers it.
func (h *handlers) consent(s *step, f convert.Format) error {
	code, err := h.Evidence.Consent(s.r.Context(), s.by, s.one.Session, evidence.Consent{Results: s.one.Choice, Format: f, Text: s.of.Consent})
	if err != nil {
		return err
	}
	return h.update(s, func(one *keptJourney) { one.Code, one.Choice = code.Token, nil })
}

// deliver makes the delivery a result of the browser. The result is stored before the code is used up, so that it is not
// lost when the store fails; one that nobody gets then expires by itself.
func (h *handlers) deliver(s *step) error {
	ctx := s.r.Context()
	one, err := evidence.Deliver(ctx, h.Evidence, s.by, s.one.Code, func(d *evidence.Delivery) (keptResult, error) {
		res, err := h.received(d, s)
		if err != nil {
			return keptResult{}, err
		}
		return h.put(ctx, res)
	})
	if is(err, problem.CodeOver) {
		return h.await(s, err)
	}
	if err != nil {
		return err
	}
	number := strconv.Itoa(s.one.Number)
	s.one.Result, err = h.list(s.w, s.r, one, func(k *kept, result int) error {
		j, err := k.journey(number)
		if err == nil {
			j.Result, j.Session, j.Code = result, "", ""
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.result()
}

// How long a request waits for what another one is doing, and how often it looks.
const (
	awaited  = 20
	interval = 100 * time.Millisecond
)

// await leads to the result that another request makes of the same consent. The error is the given one when there is none.
func (h *handlers) await(s *step, otherwise error) error {
	for range awaited {
		now, err := h.newStep(s.w, s.r)
		if err != nil {
			return err
		}
		if now.one.Result > 0 {
			return now.result()
		}
		if err := pause(s.r.Context(), interval); err != nil {
			return err
		}
	}
	return otherwise
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// received makes a result of a delivery: the document with what becomes of it, or the credentials with what they were
// made of.
func (h *handlers) received(d *evidence.Delivery, s *step) (*result, error) {
	in, err := convert.Read(d.Document)
	if err != nil {
		return nil, err
	}
	res := &result{Name: languageOf(s.r).pick(s.of.Titles).Text, Format: in.Format, Original: d.Document, ELMO: d.Document, Credentials: d.Parts,
		HandedOver: &handedOver{s.of.Titles, d.Format, d.Intact, h.Clock()}}
	report := d.Report
	if d.Format == convert.FormatELMO {
		res.Credentials = nil
		if report, err = res.convert(in, convert.Options{Issuer: h.Issuer, Keep: convert.KeepNotes, Indent: true}); err != nil {
			return nil, err
		}
		after(report, d.Report)
	}
	return res, h.check(res, in, report)
}

// after adds to a report what was lost before the conversion.
func after(report, before *convert.Report) {
	report.Losses = slices.Concat(before.Losses, report.Losses)
	for v, n := range before.Counts {
		report.Counts[v] += n
	}
}
