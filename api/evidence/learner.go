package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"elmobridge/api/problem"
	"elmobridge/elmo"
)

// Learner is whom the channel has authenticated.
type Learner struct {
	Identifiers []Identifier
	GivenNames  string
	FamilyName  string
	DateOfBirth string // YYYY-MM-DD, or empty
	Assurance   Assurance
}

// Identifier is an identifier of a learner, with its type as ELMO has it: nationalIdentifier, esi, or a local one.
type Identifier struct {
	Type  string `json:"type" minLength:"1" maxLength:"256"`
	Value string `json:"value" minLength:"1" maxLength:"256"`
}

// Assurance is a level of Regulation (EU) No 910/2014, Article 8.
type Assurance string

// The levels of assurance; empty is none of them.
const (
	Low         Assurance = "low"
	Substantial Assurance = "substantial"
	High        Assurance = "high"
)

// assurances are the levels, each surer than the one before.
var assurances = []Assurance{"", Low, Substantial, High}

// Known tells whether it is one of the levels, or empty.
func (a Assurance) Known() bool { return slices.Contains(assurances, a) }

// reaches tells whether a level is at least the other.
func (a Assurance) reaches(least Assurance) bool {
	return slices.Index(assurances, a) >= slices.Index(assurances, least)
}

// Limits of what is known of a learner.
const (
	mostIdentifiers = 16
	mostText        = 256 // bytes
)

// check tells what is wrong about an identity, without its values.
func (l *Learner) check() error {
	if len(l.Identifiers) == 0 && (l.FamilyName == "" || l.DateOfBirth == "") {
		return problem.New(problem.BadRequest, "the learner has neither an identifier nor a name with a date of birth")
	}
	if len(l.Identifiers) > mostIdentifiers {
		return problem.New(problem.BadRequest, fmt.Sprintf("the learner has more than %d identifiers", mostIdentifiers))
	}
	for i, id := range l.Identifiers {
		if id.Type == "" || id.Value == "" || !isText(id.Type) || !isText(id.Value) {
			return problem.New(problem.BadRequest, fmt.Sprintf("identifier %d of the learner needs a type and a value of at most %d bytes each", i+1, mostText))
		}
	}
	if !isText(l.GivenNames) || !isText(l.FamilyName) {
		return problem.New(problem.BadRequest, fmt.Sprintf("the names of the learner are texts of at most %d bytes each", mostText))
	}
	if _, err := time.Parse(time.DateOnly, l.DateOfBirth); err != nil && l.DateOfBirth != "" {
		return problem.New(problem.BadRequest, "the date of birth is written YYYY-MM-DD")
	}
	return nil
}

// isText tells whether a value is short and can be read by people.
func isText(s string) bool {
	return len(s) <= mostText && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// is tells whether a document can be about the learner: for each type of identifier that both have, one is the same,
// and so is the date of birth where both have one. Names are spelt too differently to be compared here, and a document
// with nothing to compare is trusted to be the answer to what its source was asked.
func (l *Learner) is(other *elmo.Learner) bool {
	if other == nil {
		return false
	}
	same := map[string]bool{} // types that both have, and whether a value is the same
	for _, id := range other.Identifiers {
		for _, own := range l.Identifiers {
			if own.Type == id.Type {
				same[id.Type] = same[id.Type] || own.Value == id.Value
			}
		}
	}
	for _, equal := range same {
		if !equal {
			return false
		}
	}
	born := calendarDate(other.DateOfBirth)
	return l.DateOfBirth == "" || born == "" || l.DateOfBirth == born
}

// calendarDate is an xs:date without its zone, which has no meaning for a date of birth. Empty is what is none: some
// providers write 31.12.1999, which tells nothing for sure.
func calendarDate(date string) string {
	day := date[:min(len(date), len(time.DateOnly))]
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ""
	}
	return day
}
