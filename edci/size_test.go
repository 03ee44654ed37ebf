package edci_test

import (
	"math/rand"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/edcitest"
)

// The size is at least what is written, and not much more.
func TestSize(t *testing.T) {
	for seed := range int64(300) {
		c := edcitest.Random(rand.New(rand.NewSource(seed)))
		size := edci.Size(c, 1<<30)
		edci.AssignIDs(c, "seed")
		written := len(edci.Append(nil, c))
		if size < written || size > written+written/4+200 {
			t.Errorf("seed %d: %d bytes are written, the size is %d", seed, written, size)
		}
	}
	if edci.Size(nil, 1) != 0 {
		t.Error("nothing has a size")
	}
}

// What is restored counts.
func TestSizeOfPatches(t *testing.T) {
	c := &edci.EuropeanDigitalCredential{Patches: []edci.Patch{{Pointer: "/name", Value: edci.Array{strings.Repeat("a", 1000), true}}}}
	if size, written := edci.Size(c, 1<<30), len(edci.Append(nil, c)); written < 1000 || size < written {
		t.Errorf("%d bytes are written, the size is %d", written, size)
	}
}

// A node in many places is counted in each, and gone through once.
func TestSizeStops(t *testing.T) {
	body := &edci.Organisation{}
	for range 10_000 {
		body.Identifier = append(body.Identifier, &edci.Identifier{Notation: "a"})
	}
	person := &edci.Person{}
	for range 10_000 {
		person.HasClaim = append(person.HasClaim, &edci.LearningAchievement{AwardedBy: &edci.AwardingProcess{AwardingBody: []edci.AnyAgent{body}}})
	}
	c := &edci.EuropeanDigitalCredential{CredentialSubject: person}
	if whole := edci.Size(c, 1<<40); whole < 10_000*10_000*60 {
		t.Errorf("the size is %d", whole)
	}
	if size := edci.Size(c, 1<<20); size <= 1<<20 || size > 4<<20 {
		t.Errorf("counting stopped at %d", size)
	}
}
