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
	type failure struct {
		*problem.Problem
		Name    string // of the type, in the keys of texts
		Help    string // key of the text that says what to do
		Journey bool   // it is a learner who reads it
	}
	p := problem.Announce(w, problemOf(err))
	l := languageOf(r)
	name := strings.TrimPrefix(p.Type, problem.Base)
	if !l.has("problem." + name) {
		name = "internal"
	}
	f := failure{p, name, "problem." + name + ".help", ofJourney(r)}
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
