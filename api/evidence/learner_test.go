package evidence

import (
	"testing"

	"elmobridge/elmo"
)

// TestSameLearner: whom a document can be about.
func TestSameLearner(t *testing.T) {
	asked := Learner{Identifiers: []Identifier{{"esi", "1"}, {"local", "2"}, {"local", "3"}}, FamilyName: "X", DateOfBirth: "1999-12-31"}
	for what, c := range map[string]struct {
		found *elmo.Learner
		want  bool
	}{
		"none":             {nil, false},
		"nothing":          {&elmo.Learner{}, true},
		"name":             {&elmo.Learner{FamilyName: "Y"}, true},
		"one":              {&elmo.Learner{Identifiers: []elmo.Identifier{{Type: "esi", Value: "1"}}}, true},
		"another":          {&elmo.Learner{Identifiers: []elmo.Identifier{{Type: "esi", Value: "2"}}}, false},
		"one of two":       {&elmo.Learner{Identifiers: []elmo.Identifier{{Type: "local", Value: "9"}, {Type: "local", Value: "3"}}}, true},
		"one of two types": {&elmo.Learner{Identifiers: []elmo.Identifier{{Type: "esi", Value: "1"}, {Type: "local", Value: "9"}}}, false},
		"another type":     {&elmo.Learner{Identifiers: []elmo.Identifier{{Type: "nationalIdentifier", Value: "9"}}}, true},
		"day":              {&elmo.Learner{DateOfBirth: "1999-12-31"}, true},
		"day with zone":    {&elmo.Learner{DateOfBirth: "1999-12-31+02:00"}, true},
		"another day":      {&elmo.Learner{DateOfBirth: "1999-12-30"}, false},
		"no day":           {&elmo.Learner{DateOfBirth: "31.12.1999"}, true},
		"one, another day": {&elmo.Learner{Identifiers: []elmo.Identifier{{Type: "esi", Value: "1"}}, DateOfBirth: "1998-12-31"}, false},
	} {
		if got := asked.is(c.found); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}
