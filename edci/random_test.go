package edci_test

import (
	"encoding/json"
	"math/rand"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elmobridge/edci"
	"elmobridge/edci/edcitest"
)

// Read(Write(x)) is x, for random credentials.
func TestRandomRoundTrip(t *testing.T) {
	for seed := range int64(300) {
		c := edcitest.Random(rand.New(rand.NewSource(seed)))
		src := edci.Append(nil, c)
		if !json.Valid(src) {
			t.Fatalf("seed %d: not JSON", seed)
		}
		if diff := cmp.Diff(c, edci.Decode(edci.Tree(c))); diff != "" {
			t.Fatalf("seed %d: Decode(Tree(c)) is not c:\n%s", seed, diff)
		}
		read, err := edci.Read(src, edci.ReadOptions{})
		if err != nil || len(read) != 1 {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := edci.Diff(read[0].Source.Tree, edci.Tree(c)); len(diff) > 0 || read[0].Source.Form != "plain" {
			t.Fatalf("seed %d: %s %v", seed, read[0].Source.Form, diff)
		}
		for _, o := range read[0].Source.Observations {
			t.Errorf("seed %d: %v", seed, o)
		}
	}
}

// With ids everywhere, random credentials still read as what they are.
func TestRandomIDs(t *testing.T) {
	for seed := range int64(100) {
		c := edcitest.Random(rand.New(rand.NewSource(seed)))
		d := edcitest.Random(rand.New(rand.NewSource(seed)))
		edci.AssignIDs(c, "seed")
		edci.AssignIDs(d, "seed")
		if diff := cmp.Diff(c, d); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
		if diff := edci.Diff(edci.Tree(c), edci.Tree(edci.Decode(edci.Tree(c)))); len(diff) > 0 {
			t.Fatalf("seed %d: %v", seed, diff)
		}
	}
}
