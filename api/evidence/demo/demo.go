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

// Institution is one that learners of the demo can log in at.
type Institution struct {
	Name     string // for addresses
	Country  string // ISO 3166-1 alpha-2
	Titles   []evidence.Text
	Learners []Learner
}

// Learner is a learner of the demo, and what there is to see.
type Learner struct {
	evidence.Learner
	Country string // ISO 3166-1 alpha-2
	Key     string // of what there is to see, for translations
	Shows   string // the same in English
}

// made are the learners with their results; nil: none.
var made = []struct {
	Learner
	results func(*elmo.Learner) *elmo.Document
}{
	{learner("NO", "Kari", "Fjordheim-Eksempel", "2001-05-17", "programme", "A programme with courses, a grading scheme and a transcript"), programme},
	{learner("NO", "Ola", "Prøvesen", "1999-11-30", "failures", "Failed and unfinished courses, grouped by term"), failures},
	{learner("PL", "Zofia", "Przykładowska", "1998-02-28", "diploma", "A diploma with its supplement and its files"), diploma},
	{learner("PL", "Stanisław", "Żółć-Wzorek", "2000-08-09", "exchange", "Results of two institutions in two countries"), exchange},
	{learner("GR", "Ελένη", "Παραδείγματος", "1997-12-24", "modules", "Modules within modules, in two alphabets, and how others did"), modules},
	{learner("GR", "Νίκος", "Δοκιμαστικός", "2003-03-25", "micro-credential", "A micro-credential with a picture"), microCredential},
	{learner("NO", "Ingrid", "Utenresultat", "2004-01-06", "none", "No results"), nil},
}

// Learners lists all of them.
func Learners() []Learner {
	var all []Learner
	for _, m := range made {
		all = append(all, m.Learner)
	}
	return all
}

// Institutions lists those that learners can log in at, with their learners: one in each country.
func Institutions() []Institution {
	all := []Institution{at("fjordheim", fjordheim), at("wzorowice", wzorowice), at("paradeisos", paradeisos)}
	for i := range all {
		for _, l := range Learners() {
			if l.Country == all[i].Country {
				all[i].Learners = append(all[i].Learners, l)
			}
		}
	}
	return all
}

func at(name string, i *elmo.Issuer) Institution {
	one := Institution{Name: name, Country: i.Country}
	for _, t := range i.Titles {
		one.Titles = append(one.Titles, evidence.Text{Language: t.Lang, Text: t.Value})
	}
	return one
}

// learner makes a learner; the number of the identifiers is the date of birth, which no two of them share.
func learner(country, given, family, born, key, shows string) Learner {
	return Learner{evidence.Learner{
		Identifiers: []evidence.Identifier{{Type: "nationalIdentifier", Value: country + "-DEMO-" + born}},
		GivenNames:  given, FamilyName: family, DateOfBirth: born, Assurance: evidence.Substantial,
	}, country, key, shows}
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
