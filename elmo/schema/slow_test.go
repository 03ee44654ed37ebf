package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"elmobridge/elmo/schema"
)

// TestHostile: documents made to take long are checked. Each has some 100,000 faults, or a value that is
// long; a walk that is not in proportion to the size would not end before go test gives up.
func TestHostile(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000 // for the race detector
	}
	var languages strings.Builder
	for i := range n {
		fmt.Fprintf(&languages, "<title xml:lang=\"a%d\">x</title>", i)
	}
	for name, data := range map[string]string{
		"unknown, then too many": strings.Replace(good, "<gender>2</gender>", strings.Repeat("<x/>", n)+strings.Repeat("<gender>2</gender>", n), 1),
		"out of order":           strings.Replace(good, "<gender>2</gender>", strings.Repeat("<gender>2</gender><bday>2000-01-01</bday>", n), 1),
		"languages":              strings.Replace(good, `<title xml:lang="en">Programming</title>`, languages.String(), 1),
		"other version":          strings.Replace(good, "<bday>1998-04-12</bday>", strings.Repeat("<alternativeName/>", n), 1),
		"exponent":               strings.Replace(good, "<percentageLower>50", "<percentageLower>1e999999999", 1),
		"digits":                 strings.Replace(good, "<percentageLower>50", "<percentageLower>"+strings.Repeat("9", 10*n), 1),
		"no namespaces":          strings.Replace(good, "<gender>2</gender>", strings.Repeat(`<gender xmlns="">2</gender>`, n), 1),
	} {
		root := parse(t, []byte(data))
		begin := time.Now()
		found := schema.Check(root, "1.7", schema.Options{})
		faulty := slices.ContainsFunc(found, func(f schema.Finding) bool { return f.Severity == schema.Error })
		if valid := name == "digits"; faulty == valid { // the schema has no bound for a decimal
			t.Errorf("%s: %d findings, an error among them: %v", name, len(found), faulty)
		}
		t.Logf("%s: %d findings in %v", name, len(found), time.Since(begin))
	}
}
