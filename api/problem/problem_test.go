package problem

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/elmo"
)

// TestTypes: names are used once, and kinds go with their class of status.
func TestTypes(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Types {
		if seen[p.Name] || p.Title == "" || p.Help == "" {
			t.Errorf("%+v", p)
		}
		seen[p.Name] = true
		if server := p.Status >= 500; server != (p.Kind == Internal) && p.Kind != Unavailable {
			t.Errorf("%s: %s with %d", p.Name, p.Kind, p.Status)
		}
	}
}

// TestOf: errors of documents have their place, also when they are wrapped; of faults nothing is told.
func TestOf(t *testing.T) {
	_, err := elmo.Read([]byte("<elmo xmlns=\"https://github.com/emrex-eu/elmo-schemas/tree/v1\">\n<learner>\n</elmo>"), elmo.ReadOptions{})
	for _, err := range []error{err, fmt.Errorf("on the way back: %w", err)} {
		if p := Of(err); p.is != Malformed || p.Line != 3 || p.Detail == "" || strings.Contains(p.Detail, "line 3") {
			t.Errorf("%+v", p)
		}
	}
	if p := Of(errors.New("secret")); p.is != Fault || strings.Contains(p.Error(), "secret") {
		t.Errorf("%+v", p)
	}
	if p := Of(convert.Options{Keep: "all"}.Check()); p.is != BadRequest || strings.HasPrefix(p.Detail, "options") {
		t.Errorf("%+v", p)
	}
	given := New(Busy, "")
	if p := Of(fmt.Errorf("wrapped: %w", given)); p != given {
		t.Errorf("%+v", p)
	}
}

// TestWrite: the problem that is given is not changed, so that it can be written again.
func TestWrite(t *testing.T) {
	p := New(TooMany, "")
	w := httptest.NewRecorder()
	w.Header().Set(RequestID, "A")
	Write(w, p)
	if p.Request != "" || !strings.Contains(w.Body.String(), `"request":"A"`) || w.Header().Get("Retry-After") != "2" {
		t.Errorf("%+v %s", p, w.Body)
	}
}
