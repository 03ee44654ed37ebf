package dc4eu

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/testdata/judge"
)

// theirFiles are the credentials in the corpus that the converter of DC4EU wrote.
func theirFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, folder := range []string{judge.Corpus(t, "elmo", "dc4eu-converter-output"), judge.Corpus(t, "elm", "samples", "dc4eu")} {
		found, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(found) == 0 {
			t.Fatal(folder, err)
		}
		files = append(files, found...)
	}
	return files
}

// course is what their extra identifiers of a claim say.
type course struct{ kind, isced string }

// claimsOf gives those of the claims below a value, in their order.
func claimsOf(v any) []course {
	var list []course
	for _, c := range values(v) {
		var found course
		claim := c.(map[string]any)
		parts := claim["hasPart"]
		delete(claim, "hasPart")
		found.read(claim)
		list = append(append(list, found), claimsOf(parts)...)
	}
	return list
}

// values are those of a member that may be one thing or a list.
func values(v any) []any {
	if list, ok := v.([]any); ok || v == nil {
		return list
	}
	return []any{v}
}

// read looks for their identifiers, wherever they are in a claim. Modules that are part of the proof are not claims.
func (c *course) read(v any) {
	o, _ := v.(map[string]any)
	kind, isced := o["schemeName"] == "elmo:type:los", o["schemeName"] == "elmo:isced"
	switch notation, _ := o["notation"].(string); {
	case kind:
		c.kind = notation
	case isced:
		c.isced = notation
	}
	for name, below := range o {
		if name == "provenBy" {
			continue
		}
		for _, e := range values(below) {
			c.read(e)
		}
	}
}

// specificationsOf gives the same of a document, and all identifiers.
func specificationsOf(list []*elmo.LearningOpportunitySpecification) (found []course, identifiers []elmo.Identifier) {
	for _, los := range list {
		var below []*elmo.LearningOpportunitySpecification
		for _, p := range los.HasParts {
			below = append(below, p.Specification)
		}
		f, i := specificationsOf(below)
		found = append(append(found, course{los.Type, los.ISCEDCode}), f...)
		identifiers = append(append(identifiers, los.Identifiers...), i...)
	}
	return found, identifiers
}

// back converts a credential and reads the document.
func back(t testing.TB, data []byte) (*elmo.Document, *response) {
	t.Helper()
	r := converted(t, mounted(usual()), elm32, elmo17, data)
	in, err := convert.Read(r.Content)
	if err != nil || in.Format != convert.FormatELMO {
		t.Fatal(in, err)
	}
	return in.Document, r
}

// TestTheirCredentials: what the other converter wrote comes back as valid ELMO 1.7, with the types and codes that it
// keeps in identifiers of its own, and nothing is lost.
func TestTheirCredentials(t *testing.T) {
	kinds := 0
	for _, name := range theirFiles(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data := corpus(t, strings.Split(strings.TrimPrefix(name, judge.Corpus(t)), "/")[1:]...)
			var credential map[string]any
			if err := json.Unmarshal(data, &credential); err != nil {
				t.Fatal(err)
			}
			doc, r := back(t, data)
			want := claimsOf(credential["credentialSubject"].(map[string]any)["hasClaim"])
			got, identifiers := specificationsOf(doc.Reports[0].LearningOpportunitySpecifications)
			if !slices.Equal(got, want) || len(doc.Reports) != 1 {
				t.Errorf("%d reports with %v, want %v", len(doc.Reports), got, want)
			}
			for _, i := range identifiers {
				if strings.HasPrefix(i.Type, "elmo:") {
					t.Errorf("%s is still an identifier", i.Type)
				}
			}
			for _, c := range want {
				if c.kind != "" {
					kinds++
				}
			}
			if worst := r.Report.Worst(); worst.Severity() > convert.Verdict("kept").Severity() {
				t.Errorf("the worst is %s", worst)
			}
			if v, err := convert.Validate(r.Content, convert.ValidateOptions{ELMOVersion: elmo.V17}); err != nil || !v.Valid() {
				t.Errorf("%v %v", err, v)
			}
		})
	}
	if kinds < 8 {
		t.Errorf("only %d types", kinds)
	}
}

// carried are the parts of a document that their output carries.
var carried = map[string]func(*elmo.Document) any{
	"citizenship":  func(d *elmo.Document) any { return d.Learner.Citizenship },
	"identifiers":  func(d *elmo.Document) any { return d.Learner.Identifiers },
	"given names":  func(d *elmo.Document) any { return d.Learner.GivenNames },
	"family name":  func(d *elmo.Document) any { return d.Learner.FamilyName },
	"birth date":   func(d *elmo.Document) any { return d.Learner.DateOfBirth },
	"issuer":       func(d *elmo.Document) any { return *d.Reports[0].Issuer },
	"courses":      eachCourse(func(los *elmo.LearningOpportunitySpecification) any { return los.Identifiers }),
	"titles":       eachCourse(func(los *elmo.LearningOpportunitySpecification) any { return los.Titles }),
	"types":        eachCourse(func(los *elmo.LearningOpportunitySpecification) any { return los.Type }),
	"codes":        eachCourse(func(los *elmo.LearningOpportunitySpecification) any { return los.ISCEDCode }),
	"addresses":    eachCourse(func(los *elmo.LearningOpportunitySpecification) any { return los.URL }),
	"dates":        eachResult(func(loi *elmo.LearningOpportunityInstance) any { return loi.Date }),
	"status":       eachResult(func(loi *elmo.LearningOpportunityInstance) any { return loi.Status }),
	"results":      eachResult(func(loi *elmo.LearningOpportunityInstance) any { return loi.ResultLabel }),
	"distribution": eachResult(func(loi *elmo.LearningOpportunityInstance) any { return loi.ResultDistribution }),
	"credits":      eachResult(func(loi *elmo.LearningOpportunityInstance) any { return loi.Credits[0].Value }),
	"levels":       eachResult(func(loi *elmo.LearningOpportunityInstance) any { return loi.Levels[0].Type + loi.Levels[0].Value }),
}

func eachCourse(get func(*elmo.LearningOpportunitySpecification) any) func(*elmo.Document) any {
	return func(d *elmo.Document) any {
		var all []any
		for _, los := range d.Reports[0].LearningOpportunitySpecifications {
			all = append(all, get(los))
		}
		return all
	}
}

func eachResult(get func(*elmo.LearningOpportunityInstance) any) func(*elmo.Document) any {
	return eachCourse(func(los *elmo.LearningOpportunitySpecification) any { return get(los.Specifies.Instance) })
}

// TestPairBack: their output of the published pair comes back as the document it was made from, as far as it goes.
func TestPairBack(t *testing.T) {
	original, err := elmo.Read(corpus(t, strings.Split(pairInput, "/")...), elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := back(t, corpus(t, strings.Split(pairOutput, "/")...))
	for name, part := range carried {
		if got, want := part(doc), part(original); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// patched is a credential as the gateway patches it before it is issued: id, date and issuer are its own.
func patched(t testing.TB, data []byte) []byte {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	o["id"], o["issuanceDate"] = "uri:7f1f6d0e-4b7c-4f0e-9d5e-0d9a5f3c2b11", "2026-03-14T12:00:00Z"
	o["issuer"] = map[string]any{"id": "urn:uuid:0a3f2a56-55c4-4b53-a8a5-7a6cf4b5e6a1", "type": "Organisation", "legalName": map[string]any{"en": "Example Pilot"}}
	out, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestThroughTheGateway: documents with one report and with several come back from a wallet as they were, for all
// that the gateway patches on the way; the order of languages is nothing that JSON keeps there.
func TestThroughTheGateway(t *testing.T) {
	h := mounted(usual())
	documents := map[string][]byte{
		"one-course": file(t, "elmo/one-course.xml"), "transcript": file(t, "elmo/transcript.xml"), "two-issuers": file(t, "elmo/two-issuers.xml"),
	}
	if judge.HasCorpus(t) {
		documents["multi-report"] = corpus(t, "elmo", "documents", "oots", "nl-mock-multi-report.xml")
	}
	for name, xml := range documents {
		t.Run(name, func(t *testing.T) {
			_, r := back(t, patched(t, converted(t, h, elmo17, elm32, xml).Content))
			differences, err := elmo.Diff(xml, r.Content)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differences {
				if d.Kind != elmo.DiffOrder {
					t.Errorf("%+v", d)
				}
			}
		})
	}
}

// TestSeveralReports: Content is one object with a credential for each report, and a warning says so.
func TestSeveralReports(t *testing.T) {
	r := converted(t, mounted(usual()), elmo17, elm32, file(t, "elmo/two-issuers.xml"))
	var o struct {
		ID          string            `json:"id"`
		Type        []string          `json:"type"`
		Credentials []json.RawMessage `json:"verifiableCredential"`
	}
	if err := json.Unmarshal(r.Content, &o); err != nil || o.ID == "" || !slices.Contains(o.Type, "EuropeanDigitalPresentation") || len(o.Credentials) != 2 {
		t.Errorf("%v %+v", err, o.Type)
	}
	if !strings.Contains(r.Warnings[0].Message, "2 credentials in verifiableCredential") {
		t.Error(r.Warnings[0].Message)
	}
}
