package convert

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/mapping/codes"
)

func languages(tags ...string) []*edci.Concept {
	var list []*edci.Concept
	for _, tag := range tags {
		list = append(list, codes.ByName("language").Must(tag).Concept())
	}
	return list
}

// What is drawn depends on the pages that are left.
func TestDraw(t *testing.T) {
	three := languages("ENG", "NOR", "FIN")
	for name, c := range map[string]struct {
		left   drawing
		option Display
		drawn  int
		small  bool
		note   string
	}{
		"enough":              {drawing{10, 10}, DisplayDraw, 3, false, "all"},
		"just enough":         {drawing{1, 2}, DisplayDraw, 3, false, "all"},
		"one language":        {drawing{1, 1}, DisplayDraw, 1, false, "primary language alone"},
		"none":                {drawing{0, 10}, DisplayDraw, 1, true, "small picture"},
		"small ones for free": {drawing{0, 2}, DisplayMinimal, 3, true, "all"},
	} {
		o, left := Options{Display: c.option}, c.left
		all, note := o.draw(&edci.EuropeanDigitalCredential{}, three[0], three, "all", &left)
		if len(all) != c.drawn || !strings.Contains(note, c.note) {
			t.Errorf("%s: pictures in %d languages: %s", name, len(all), note)
		}
		if size := len(all[0].DisplayDetail[0].Image.Content); c.small != (size < 6000) {
			t.Errorf("%s: a picture of %d bytes", name, size)
		}
	}
}

// A title in each of many languages is drawn in one.
func TestManyLanguages(t *testing.T) {
	doc := elmotest.Courses(1)
	los := doc.Reports[0].LearningOpportunitySpecifications[0]
	for i := range 600 {
		los.Titles = append(los.Titles, elmo.Text{Lang: fmt.Sprintf("a%c%c", 'a'+i/26%26, 'a'+i%26), Value: "T"})
	}
	credentials, report, err := ToEDC(doc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	shown := credentials[0].DisplayParameter
	if len(shown.Language) < 300 || len(shown.IndividualDisplay) != 1 {
		t.Errorf("%d languages are drawn in %d", len(shown.Language), len(shown.IndividualDisplay))
	}
	for _, e := range report.Added {
		if e.Row == "ENV-07" && !strings.Contains(e.Note, "primary language alone") {
			t.Errorf("the report says: %s", e.Note)
		}
	}
}

// What comes out is in proportion to what goes in, however often a document refers to one thing, or is refused.
func TestProportion(t *testing.T) {
	made, refused, step := 0, 0, 1
	if testing.Short() {
		step = 2 // for the race detector
	}
	for seed := 0; seed < 40; seed += step {
		doc := repeating(seed, 20<<(seed%7), 100<<(seed/4))
		credentials, report, err := ToEDC(doc, Options{Display: DisplayMinimal})
		if errors.Is(err, elmo.ErrLimit) {
			refused++
			continue
		}
		made++
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		read, err := elmo.Marshal(doc, elmo.WriteOptions{Version: elmo.V17})
		if err != nil {
			t.Fatal(err)
		}
		most, size := 32<<20+8*len(read)+16<<10*len(credentials), 0
		for _, c := range credentials {
			size += len(AppendEDC(nil, c, Options{}))
		}
		if size > most {
			t.Errorf("seed %d: %d bytes are made of %d", seed, size, len(read))
		}
		if n := len(report.Losses) + len(report.Added); n*128 > most {
			t.Errorf("seed %d: %d entries about %d bytes", seed, n, len(read))
		}
	}
	if made < 10 || refused == 0 {
		t.Errorf("%d documents were converted, %d refused", made, refused)
	}
}

// repeating is a document with places results that share something of that length; which, the seed says.
func repeating(seed, places, length int) *elmo.Document {
	doc := elmotest.Courses(places)
	long := []elmo.Text{{Lang: "en", Value: strings.Repeat("a", length)}}
	rep := doc.Reports[0]
	switch seed % 3 {
	case 0:
		rep.Issuer.Titles = long
	case 1:
		rep.GradingSchemes = []*elmo.GradingScheme{{LocalID: "s", Descriptions: long}}
	case 2:
		doc.Learner.FamilyName = long[0].Value
	}
	for _, p := range rep.LearningOpportunitySpecifications[0].HasParts {
		p.Specification.Specifies.Instance.GradingSchemeLocalID = "s"
	}
	for range seed % 7 {
		doc.Reports = append(doc.Reports, rep)
	}
	return doc
}
