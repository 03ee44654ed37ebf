package evidence_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/demo"
	"elmobridge/api/limit"
	"elmobridge/api/state"
	"elmobridge/convert"
)

// A channel takes a learner of the demo through all steps.
func Example() {
	key := make([]byte, state.KeySize)
	_, _ = rand.Read(key)
	store, err := state.New(state.NewMemory(1<<20), key)
	if err != nil {
		log.Fatal(err)
	}
	service, err := evidence.New(evidence.Config{
		Store: store, Gate: limit.NewGate(1, time.Second), Texts: []string{"application-2026"},
		Sources: map[string]evidence.Provider{"demo": {Source: demo.Source{}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, by := context.Background(), evidence.Caller{Channel: "example", Sources: []string{"demo"}}

	session, err := service.Begin(ctx, by, "demo", demo.Learners()[3].Learner)
	if err != nil {
		log.Fatal(err)
	}
	offer, err := service.Offer(ctx, by, session.Token)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range offer.Reports[1].Results {
		fmt.Println(r.Key, r.Titles[0].Text, r.Result)
	}
	code, err := service.Consent(ctx, by, session.Token, evidence.Consent{
		Results: []string{offer.Reports[1].Results[0].Key}, Format: convert.FormatELMO, Text: "application-2026"})
	if err != nil {
		log.Fatal(err)
	}
	delivery, err := evidence.Deliver(ctx, service, by, code.Token, func(d *evidence.Delivery) (*evidence.Delivery, error) { return d, nil })
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(delivery.Parts), "document, as it came:", delivery.Intact)
	// Output:
	// report[2]/learningOpportunitySpecification[1] Compilers B
	// report[2]/learningOpportunitySpecification[2] Norwegian for beginners Passed
	// 1 document, as it came: false
}
