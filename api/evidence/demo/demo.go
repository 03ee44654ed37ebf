// Package demo is a source of made-up learners of made-up institutions, so that everything can be tried without data of
// anybody. All addresses are below example.org, which nobody can register (RFC 2606, 3).
package demo

import (
	"context"
	"slices"
	"sync"

	"elmobridge/api/evidence"
	"elmobridge/elmo"
)

// Learner is a learner of the demo, and what there is to see.
type Learner struct {
	evidence.Learner
	Country string // ISO 3166-1 alpha-2
	Shows   string // in English
}

// made are the learners with their results; nil: none.
var made = []struct {
	Learner
	results func(*elmo.Learner) *elmo.Document
}{
	{learner("NO", "Kari", "Fjordheim-Eksempel", "2001-05-17", "A programme with courses, a grading scheme and a transcript"), programme},
	{learner("NO", "Ola", "Prøvesen", "1999-11-30", "Failed and unfinished courses, grouped by term"), failures},
	{learner("PL", "Zofia", "Przykładowska", "1998-02-28", "A diploma with its supplement and its files"), diploma},
	{learner("PL", "Stanisław", "Żółć-Wzorek", "2000-08-09", "Results of two institutions in two countries"), exchange},
	{learner("GR", "Ελένη", "Παραδείγματος", "1997-12-24", "Modules within modules, in two alphabets, and how others did"), modules},
	{learner("GR", "Νίκος", "Δοκιμαστικός", "2003-03-25", "A micro-credential with a picture"), microCredential},
	{learner("NO", "Ingrid", "Utenresultat", "2004-01-06", "No results"), nil},
}

// Learners lists all of them.
func Learners() []Learner {
	var all []Learner
	for _, m := range made {
		all = append(all, m.Learner)
	}
	return all
}

// learner makes a learner; the number of the identifiers is the date of birth, which no two of them share.
func learner(country, given, family, born, shows string) Learner {
	return Learner{evidence.Learner{
		Identifiers: []evidence.Identifier{{Type: "nationalIdentifier", Value: country + "-DEMO-" + born}},
		GivenNames:  given, FamilyName: family, DateOfBirth: born, Assurance: evidence.Substantial,
	}, country, shows}
}

// Source is the source of the demo.
type Source struct{}

// Results gives the results of a learner of the demo, who is known by the national identifier.
func (Source) Results(_ context.Context, l evidence.Learner) ([]byte, error) {
	for i, m := range made {
		if !slices.ContainsFunc(l.Identifiers, func(id evidence.Identifier) bool { return slices.Contains(m.Identifiers, id) }) {
			continue
		}
		if m.results == nil {
			return nil, evidence.ErrNoResults
		}
		return documents()[i], nil
	}
	return nil, evidence.ErrUnknownLearner
}

// documents are the results of all learners, made once.
var documents = sync.OnceValue(func() [][]byte {
	all := make([][]byte, len(made))
	for i, m := range made {
		if m.results == nil {
			continue
		}
		data, err := elmo.Marshal(m.results(m.holder()), elmo.WriteOptions{Indent: true})
		if err != nil {
			panic(err) // they never change
		}
		all[i] = data
	}
	return all
})

// holder is the learner as a document has it.
func (l Learner) holder() *elmo.Learner {
	h := &elmo.Learner{Citizenship: l.Country, GivenNames: l.GivenNames, FamilyName: l.FamilyName, DateOfBirth: l.DateOfBirth}
	for _, id := range l.Identifiers {
		h.Identifiers = append(h.Identifiers, elmo.Identifier{Type: id.Type, Value: id.Value})
	}
	return h
}
