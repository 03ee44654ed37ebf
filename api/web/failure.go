package web

import (
	"errors"
	"net/http"
	"strings"

	"elmobridge/api/problem"
	"elmobridge/api/state"
)

// fail answers with a page that says what is wrong, where, and what to do.
func (h *handlers) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	name := strings.TrimPrefix(p.Type, problem.Base)
	if !languageOf(r).has("problem." + name) {
		name = "internal"
	}
	h.failAs(w, r, p, name)
}

// foreign answers a form that another site has sent. RFC 9110, 15.5.4.
func (h *handlers) foreign(w http.ResponseWriter, r *http.Request) {
	h.failAs(w, r, problem.New(problem.Forbidden, ""), "foreign-form")
}

// failAs answers with the page of a problem, whose texts have that name in their keys.
func (h *handlers) failAs(w http.ResponseWriter, r *http.Request, p *problem.Problem, name string) {
	type failure struct {
		*problem.Problem
		Name    string // in the keys of texts
		Help    string // key of the text that says what to do
		Journey bool   // it is a learner who reads it
	}
	l := languageOf(r)
	f := failure{problem.Announce(w, p), name, "problem." + name + ".help", ofJourney(r)}
	if f.Journey && l.has(f.Help+".learner") {
		f.Help += ".learner"
	}
	if err := h.show(w, r, p.Status, "failure", l.T("problem."+name), f); err != nil {
		problem.Write(w, problem.New(problem.Fault, "")) // not reached: the page is tried by the tests
	}
}

// problemOf is problem.Of with what the store says.
func problemOf(err error) *problem.Problem {
	switch {
	case errors.Is(err, state.ErrNone), errors.Is(err, errNoPart):
		return problem.New(problem.NoSuchPath, "")
	case errors.Is(err, state.ErrTooLarge), errors.Is(err, state.ErrUnavailable), errors.Is(err, state.ErrChanged):
		return problem.New(problem.Busy, "there is no room to keep the result for you just now")
	}
	return problem.Of(err)
}

// notFound answers browsers with a page, and programs with a problem.
func (h *handlers) notFound(w http.ResponseWriter, r *http.Request) {
	p := problem.New(problem.NoSuchPath, "")
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		problem.Write(w, p)
		return
	}
	secure(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.fail(w, r, p) })).ServeHTTP(w, r)
}
