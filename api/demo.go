package api

import (
	"context"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/demo"
	"elmobridge/api/web"
)

// DemoSource is the name of the source of made-up learners.
const DemoSource = "demo"

// demoText is the key of what learners agree to in the demo.
const demoText = "demo"

// withDemo adds the source of made-up learners.
func withDemo(sources map[string]evidence.Provider) map[string]evidence.Provider {
	if sources == nil {
		sources = map[string]evidence.Provider{}
	}
	sources[DemoSource] = evidence.Provider{Source: demo.Source{}}
	return sources
}

// examples are documents of made-up learners, to try the pages with.
func examples() []web.Example {
	var list []web.Example
	for _, l := range demo.Learners() {
		data, err := demo.Source{}.Results(context.Background(), l.Learner)
		if err != nil {
			continue // of the one who has none
		}
		list = append(list, web.Example{Name: l.Shows, Key: l.Key, Data: data})
	}
	return list
}

// journeys are those of the made-up learners.
func journeys() []web.Journey {
	var list []web.Journey
	for _, i := range demo.Institutions() {
		var persons web.Persons
		for _, l := range i.Learners {
			persons = append(persons, web.Person{Learner: l.Learner, Country: l.Country, Key: l.Key})
		}
		list = append(list, web.Journey{Name: i.Name, Country: i.Country, Titles: i.Titles, Source: DemoSource, Consent: demoText, Login: persons})
	}
	return list
}
