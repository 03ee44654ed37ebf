package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/problem"
	"elmobridge/api/state"

	"github.com/go-chi/chi/v5"
)

// Journey is an institution whose learners hand over their results by these pages: they log in, see the results,
// choose, consent, and what they consented to becomes a result of the browser.
type Journey struct {
	Name    string          // in addresses
	Country string          // ISO 3166-1 alpha-2
	Titles  []evidence.Text // of the institution
	Source  string          // its name in package evidence
	Consent string          // key of the text that learners agree to, which the audit log has: consent.{key} in the catalogue
	Login   Login
}

// Login is how an institution finds out who a learner is. Persons is the one of demos. One that leads to the
// institution and back has the same two cases: its first answer is the way there, the request that comes back names
// the learner.
type Login interface {
	// learner gives who has come. As long as that is not known it answers the request itself, and gives nil.
	learner(h *handlers, w http.ResponseWriter, r *http.Request, j *Journey) (*evidence.Learner, error)
}

// Persons are the made-up learners of a demo: visitors become whom they choose.
type Persons []Person

// Person is one of them.
type Person struct {
	evidence.Learner
	Country string // ISO 3166-1 alpha-2
	Key     string // of the text that tells what there is to see: shows.{key} in the catalogue
}

// mountJourneys adds the pages for learners.
func (h *handlers) mountJourneys(r chi.Router) {
	r.Get("/sources", h.page(h.sources))
	r.Get("/sources/{source}", h.page(h.logIn))
	r.Post("/sources/{source}", h.page(h.logIn))
	r.Get("/journeys/cancelled", h.page(h.cancelled))
	r.Get("/journeys/{number}", h.step(h.showChoice))
	r.Post("/journeys/{number}", h.step(h.takeChoice))
	r.Get("/journeys/{number}/preview", h.step(h.showPreview))
	r.Post("/journeys/{number}/consent", h.ending(h.handOver))
	r.Post("/journeys/{number}/cancel", h.page(h.cancelJourney))
}

// ofJourney tells whether a page is one for learners.
func ofJourney(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/sources") || strings.HasPrefix(r.URL.Path, "/journeys/")
}

// keptJourney is how far a learner has got. It is in the list of the browser, and so are its secrets.
type keptJourney struct {
	Number  int
	Name    string      // of the Journey
	Session state.Token // of package evidence
	Until   time.Time   // when that is over
	Choice  []string    // keys; none before the choice
	Choices int         // how often there was one: a consent is to the last
	Code    state.Token // empty before the consent
	Result  int         // number of the result; 0 before the delivery
}

// mostJourneys is how many journeys of one browser are remembered; what came of older ones stays.
const mostJourneys = 8

// journey finds a journey by its number.
func (k *kept) journey(number string) (*keptJourney, error) {
	for i := range k.Journeys {
		if strconv.Itoa(k.Journeys[i].Number) == number {
			return &k.Journeys[i], nil
		}
	}
	return nil, problem.New(problem.SessionOver, "")
}

// source finds a journey by the name of its institution.
func (h *handlers) source(name string) (*Journey, error) {
	for i := range h.Journeys {
		if h.Journeys[i].Name == name {
			return &h.Journeys[i], nil
		}
	}
	return nil, problem.New(problem.NoSuchPath, "")
}

// by is who asks package evidence in a journey.
func (j *Journey) by(w http.ResponseWriter) evidence.Caller {
	return evidence.Caller{Channel: channel, Client: j.Name, Request: w.Header().Get(problem.RequestID), Sources: []string{j.Source}}
}

// step is a step of a learner in a journey.
type step struct {
	w   http.ResponseWriter
	r   *http.Request
	of  *Journey
	by  evidence.Caller
	one *keptJourney
}

// newStep finds the journey that the address names, if the browser has it.
func (h *handlers) newStep(w http.ResponseWriter, r *http.Request) (*step, error) {
	k, err := h.kept(r)
	if err != nil {
		return nil, err
	}
	one, err := k.journey(chi.URLParam(r, "number"))
	if err != nil {
		return nil, err
	}
	of, err := h.source(one.Name)
	if err != nil {
		return nil, err
	}
	return &step{w, r, of, of.by(w), one}, nil
}

// step makes a handler of a step before the consent. After it, the page that there is then takes its place.
func (h *handlers) step(serve func(*step) error) http.HandlerFunc {
	return h.page(func(w http.ResponseWriter, r *http.Request) error {
		ctx, cancel := context.WithTimeout(r.Context(), h.Time)
		defer cancel()
		s, err := h.newStep(w, r.WithContext(ctx))
		switch {
		case err != nil:
			return err
		case s.one.Result > 0:
			return s.result()
		case s.one.Code != "":
			return h.show(w, r, http.StatusOK, "pending", languageOf(r).T("pending.title"), s.one)
		}
		return serve(s)
	})
}

// ending makes a handler of the step that must not stop half way: a browser goes away at a second click, whose answer
// it waits for instead.
func (h *handlers) ending(serve func(*step) error) http.HandlerFunc {
	return h.page(func(w http.ResponseWriter, r *http.Request) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), h.Time)
		defer cancel()
		s, err := h.newStep(w, r.WithContext(ctx))
		if err != nil {
			return err
		}
		return serve(s)
	})
}

func (s *step) path() string { return "/journeys/" + strconv.Itoa(s.one.Number) }

func (s *step) result() error { return see(s.w, s.r, "/results/"+strconv.Itoa(s.one.Result)) }

// update writes how far the learner has got.
func (h *handlers) update(s *step, edit func(*keptJourney)) error {
	return h.change(s.w, s.r, s.one.Until, func(k *kept) error {
		one, err := k.journey(strconv.Itoa(s.one.Number))
		if err != nil {
			return err
		}
		edit(one)
		s.one = one
		return nil
	})
}

// sources lists the institutions.
func (h *handlers) sources(w http.ResponseWriter, r *http.Request) error {
	l := languageOf(r)
	type institution struct {
		*Journey
		Title text
	}
	var list []institution
	for i := range h.Journeys {
		list = append(list, institution{&h.Journeys[i], l.pick(h.Journeys[i].Titles)})
	}
	return h.show(w, r, http.StatusOK, "sources", l.T("sources.title"), list)
}

// learner shows the persons, and takes the one that is chosen.
func (p Persons) learner(h *handlers, w http.ResponseWriter, r *http.Request, j *Journey) (*evidence.Learner, error) {
	if r.Method != http.MethodPost {
		l := languageOf(r)
		type login struct {
			*Journey
			Title   text
			Persons Persons
		}
		return nil, h.show(w, r, http.StatusOK, "persons", l.T("persons.title"), login{j, l.pick(j.Titles), p})
	}
	form, err := readFields(r)
	if err != nil {
		return nil, err
	}
	for i := range p {
		if form.Get("person") == strconv.Itoa(i) {
			return &p[i].Learner, nil
		}
	}
	return nil, problem.New(problem.BadRequest, "there is no such person")
}

// logIn begins a journey when the learner is known.
func (h *handlers) logIn(w http.ResponseWriter, r *http.Request) error {
	j, err := h.source(chi.URLParam(r, "source"))
	if err != nil {
		return err
	}
	l, err := j.Login.learner(h, w, r, j)
	if l == nil || err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.Time)
	defer cancel()
	t, err := h.Evidence.Begin(ctx, j.by(w), j.Source, *l)
	if err != nil {
		return err
	}
	number, err := h.beginJourney(w, r, keptJourney{Name: j.Name, Session: t.Token, Until: t.Expires})
	if err != nil {
		_ = h.Evidence.Cancel(context.WithoutCancel(ctx), j.by(w), t.Token) // else it expires: nobody has its token
		return err
	}
	return see(w, r, "/journeys/"+strconv.Itoa(number))
}

// beginJourney adds a journey to the list of the browser, and gives its number. The list has to last until the result
// has: a new one would be of no use to a browser that has gone on at a second click, without the new cookie.
func (h *handlers) beginJourney(w http.ResponseWriter, r *http.Request, one keptJourney) (int, error) {
	err := h.change(w, r, one.Until.Add(2*h.Life), func(k *kept) error {
		one.Number = k.next()
		k.Journeys = append(k.Journeys, one)
		k.Journeys = k.Journeys[max(0, len(k.Journeys)-mostJourneys):]
		return nil
	})
	return one.Number, err
}

// cancelJourney ends a journey with what was fetched. One that has ended is as good as cancelled, unless it has a result.
func (h *handlers) cancelJourney(w http.ResponseWriter, r *http.Request) error {
	s, err := h.newStep(w, r)
	if is(err, problem.SessionOver) {
		return see(w, r, "/journeys/cancelled")
	}
	if err != nil {
		return err
	}
	if s.one.Result > 0 {
		return s.result()
	}
	if err := h.Evidence.Cancel(r.Context(), s.by, s.one.Session); err != nil && !is(err, problem.SessionOver) {
		return err
	}
	number := s.one.Number
	err = h.change(w, r, s.one.Until, func(k *kept) error {
		k.Journeys = slices.DeleteFunc(k.Journeys, func(o keptJourney) bool { return o.Number == number })
		return nil
	})
	if err != nil {
		return err
	}
	return see(w, r, "/journeys/cancelled")
}

// cancelAll ends the journeys of a browser that is forgotten. One that cannot be reached now expires by itself.
func (h *handlers) cancelAll(w http.ResponseWriter, r *http.Request, list []keptJourney) {
	for _, one := range list {
		if j, err := h.source(one.Name); err == nil && one.Result == 0 {
			_ = h.Evidence.Cancel(r.Context(), j.by(w), one.Session)
		}
	}
}

// cancelled says that nothing was handed over.
func (h *handlers) cancelled(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, http.StatusOK, "cancelled", languageOf(r).T("cancelled.title"), nil)
}

// is tells whether an error is a problem of a type.
func is(err error, t *problem.Type) bool {
	var p *problem.Problem
	return errors.As(err, &p) && p.Name() == t.Name
}

// fieldsSize is the most that is read of a form of fields: the keys of 10,000 results have room.
const fieldsSize = 1 << 20

// readFields reads a form of fields.
func readFields(r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, fieldsSize)
	if err := r.ParseForm(); err != nil {
		return nil, unread(err)
	}
	return r.PostForm, nil
}
