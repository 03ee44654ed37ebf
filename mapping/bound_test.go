package mapping_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/mapping"
)

// allocated is how many bytes are allocated on the way, in all.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// asRead is a document as it comes from a file.
func asRead(t *testing.T, doc *elmo.Document) *elmo.Document {
	t.Helper()
	xml, err := elmo.Marshal(doc, elmo.WriteOptions{Version: elmo.V20})
	if err != nil {
		t.Fatal(err)
	}
	read, err := elmo.Read(xml, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func written(creds []*edci.EuropeanDigitalCredential) (n int) {
	for _, c := range creds {
		edci.AssignIDs(c, "seed")
		n += len(edci.Append(nil, c))
	}
	return n
}

// many gives n times what one gives, numbered.
func many[T any](n int, one func(i int) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = one(i)
	}
	return out
}

func text(n int) []elmo.Text { return []elmo.Text{{Lang: "en", Value: strings.Repeat("a", n)}} }

// hostile put a thing of that length once into a document of so many results, each of which repeats it.
var hostile = map[string]func(doc *elmo.Document, places, length int){
	"issuer": func(doc *elmo.Document, places, length int) { doc.Reports[0].Issuer.Titles = text(length) },
	"grading scheme": func(doc *elmo.Document, places, length int) {
		doc.Reports[0].GradingSchemes = []*elmo.GradingScheme{{LocalID: "s", Descriptions: text(length)}}
		for i, los := range doc.Reports[0].LearningOpportunitySpecifications {
			los.Specifies.Instance.GradingSchemeLocalID = "s"
			los.Specifies.Instance.GradingSchemeExternalID = fmt.Sprint(i)
			los.Specifies.Instance.ResultLabel = "A"
		}
	},
	"group": func(doc *elmo.Document, places, length int) {
		doc.Groups = &elmo.Groups{GroupTypes: []*elmo.GroupType{{ID: "t", Groups: []*elmo.Group{{ID: "g", Titles: text(length)}}}}}
		for _, los := range doc.Reports[0].LearningOpportunitySpecifications {
			los.Specifies.Instance.Grouping = &elmo.Grouping{TypeRef: "t", IDRef: "g"}
		}
	},
	"title of an attachment": func(doc *elmo.Document, places, length int) {
		doc.Attachments = []*elmo.Attachment{{Identifiers: []elmo.Identifier{{Type: "elmo", Value: "a"}}, Titles: text(length),
			Contents: []elmo.Text{{Value: "data:text/plain;base64,eA=="}}}}
		for _, los := range doc.Reports[0].LearningOpportunitySpecifications {
			los.Specifies.Instance.Attachments = &elmo.AttachmentRefs{Refs: []string{"a"}}
		}
	},
	"title of many files": func(doc *elmo.Document, places, length int) {
		doc.Attachments = []*elmo.Attachment{{Titles: text(length),
			Contents: many(places, func(int) elmo.Text { return elmo.Text{Value: "data:text/plain;base64,eA=="} })}}
	},
}

// ofAll are things of the document that each of its credentials holds.
var ofAll = map[string]func(doc *elmo.Document, length int){
	"learner": func(doc *elmo.Document, length int) { doc.Learner.GivenNames = strings.Repeat("a", length) },
	"extension": func(doc *elmo.Document, length int) {
		doc.Extension = &elmo.Extension{Children: []elmo.Raw{elmo.NewRaw("urn:x", "x", "x", nil, strings.Repeat("a", length))}}
	},
	"groups": func(doc *elmo.Document, length int) {
		doc.Groups = &elmo.Groups{GroupTypes: []*elmo.GroupType{{ID: "t", Titles: text(length)}}}
	},
	"attachment": func(doc *elmo.Document, length int) {
		doc.Attachments = []*elmo.Attachment{{Titles: text(10), Contents: []elmo.Text{{Value: "data:text/plain," + strings.Repeat("a", length)}}}}
	},
}

func flat(places int) *elmo.Document {
	doc := elmotest.Courses(places)
	rep := doc.Reports[0]
	var list []*elmo.LearningOpportunitySpecification
	for _, p := range rep.LearningOpportunitySpecifications[0].HasParts {
		p.Specification.Descriptions, p.Specification.URL = nil, ""
		list = append(list, p.Specification)
	}
	rep.LearningOpportunitySpecifications = list
	return doc
}

func reports(places int) *elmo.Document {
	doc := flat(1)
	one := doc.Reports[0]
	doc.Reports = many(places, func(int) *elmo.Report { r := *one; return &r })
	return doc
}

// What stands once and is written in many places is refused when it is too much: at once, with memory in
// proportion to the document.
func TestRepeatedIsBounded(t *testing.T) {
	for name, repeat := range hostile {
		doc := flat(1000)
		repeat(doc, 1000, 60_000)
		refused(t, name, asRead(t, doc), mapping.Options{})
		doc = flat(100)
		repeat(doc, 100, 20_000)
		passes(t, name, asRead(t, doc), mapping.Options{})
	}
	for name, repeat := range ofAll {
		doc := reports(100)
		repeat(doc, 600_000)
		refused(t, name, asRead(t, doc), mapping.Options{AttachToAll: true})
		doc = reports(100)
		repeat(doc, 60_000)
		passes(t, name, asRead(t, doc), mapping.Options{AttachToAll: true})
	}
}

func refused(t *testing.T, name string, doc *elmo.Document, opt mapping.Options) {
	t.Helper()
	size := uint64(len(doc.Source.Data))
	n := allocated(func() {
		if _, _, err := mapping.Forward(doc, opt); !errors.Is(err, elmo.ErrLimit) {
			t.Errorf("%s: a document of %d bytes: %v", name, size, err)
		}
	})
	if n > 300<<20+20*size {
		t.Errorf("%s: %d MiB were allocated for a document of %d bytes", name, n>>20, size)
	}
}

func passes(t *testing.T, name string, doc *elmo.Document, opt mapping.Options) {
	t.Helper()
	creds, _, err := mapping.Forward(doc, opt)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if n, most := written(creds), 32<<20+8*len(doc.Source.Data); n > most {
		t.Errorf("%s: %d bytes are written for a document of %d", name, n, len(doc.Source.Data))
	}
}

func TestManyReports(t *testing.T) {
	passes(t, "200 reports", asRead(t, reports(200)), mapping.Options{})
	refused(t, "201 reports", asRead(t, reports(201)), mapping.Options{})
}

// Reports that get no credential do not count.
func TestReportsWithoutResults(t *testing.T) {
	doc := reports(201)
	doc.Reports[0].LearningOpportunitySpecifications = nil
	passes(t, "a report without results", asRead(t, doc), mapping.Options{})
}

// The document in every credential counts as well.
func TestSourceInEveryCredential(t *testing.T) {
	doc := reports(150)
	doc.Reports[0].Attachments = []*elmo.Attachment{{Titles: text(10), Contents: []elmo.Text{{Value: "data:text/plain," + strings.Repeat("a", 300_000)}}}}
	passes(t, "keep=notes", asRead(t, doc), mapping.Options{})
	refused(t, "keep=source", asRead(t, doc), mapping.Options{Keep: mapping.KeepSource})
}

// A report of the conversion names no more than it may.
func TestReportIsBounded(t *testing.T) {
	doc := flat(1)
	los := doc.Reports[0].LearningOpportunitySpecifications[0]
	for range 25 {
		los = &elmo.LearningOpportunitySpecification{Titles: text(1), HasParts: []*elmo.HasPart{{Specification: los}}}
	}
	doc.Reports[0].LearningOpportunitySpecifications[0] = los
	for len(los.HasParts) > 0 {
		los = los.HasParts[0].Specification
	}
	los.Titles = many(30_000, func(int) elmo.Text { return elmo.Text{Value: "a"} })
	refused(t, "deep titles", asRead(t, doc), mapping.Options{})
}
