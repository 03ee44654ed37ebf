package elmo_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"elmobridge/elmo"
)

// declaring is a document in which each of n unknown elements needs a declaration of that many bytes, which
// stands once.
func declaring(n, length int) []byte {
	return []byte(`<elmo xmlns="` + elmo.NS + `" xmlns:a="urn:` + strings.Repeat("a", length) + `"><learner/><extension>` +
		strings.Repeat("<a:x/>", n) + `</extension></elmo>`)
}

// Each unknown element is kept with its declarations: all of them together may be so long and no longer.
func TestDeclarationsAreBounded(t *testing.T) {
	if _, err := elmo.Read(declaring(400, 10_000), elmo.ReadOptions{}); err != nil {
		t.Error(err)
	}
	large := declaring(20_000, 100_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := elmo.Read(large, elmo.ReadOptions{})
	runtime.ReadMemStats(&after)
	if !errors.Is(err, elmo.ErrLimit) {
		t.Errorf("declarations of 2 GB: %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
		t.Errorf("%d MiB were allocated for a document of %d bytes", n>>20, len(large))
	}
}

// nested is a document with n empty elements below so many others.
func nested(n, depth int) []byte {
	const los, end = `<learningOpportunitySpecification><title>a</title>`, `</learningOpportunitySpecification>`
	return []byte(`<elmo xmlns="` + elmo.NS + `"><learner/><report>` + strings.Repeat(los+"<hasPart>", depth) + los +
		strings.Repeat("<url/>", n) + end + strings.Repeat("</hasPart>"+end, depth) + `</report></elmo>`)
}

// An observation names its place: all places together may be so long and no longer.
func TestPlacesAreBounded(t *testing.T) {
	if _, err := elmo.Read(nested(10_000, 20), elmo.ReadOptions{}); err != nil {
		t.Error(err)
	}
	if _, err := elmo.Read(nested(60_000, 20), elmo.ReadOptions{}); !errors.Is(err, elmo.ErrLimit) {
		t.Errorf("60 000 places with paths of 1 KB: %v", err)
	}
}
