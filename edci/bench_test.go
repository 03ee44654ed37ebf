package edci

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// transcript is a credential of n courses that share institution, concepts and grading scheme.
func transcript(n int) *EuropeanDigitalCredential {
	list := func(scheme, code, label string) *Concept {
		return &Concept{
			ID:        scheme + "/" + code,
			PrefLabel: LangString{{"en", label}},
			InScheme:  []*ConceptScheme{{ID: scheme}},
		}
	}
	const authority = "http://publications.europa.eu/resource/authority/"
	english := list(authority+"language", "ENG", "English")
	finland := list(authority+"country", "FIN", "Finland")
	ects := list("http://data.europa.eu/snb/education-credit", "6fcec5c5af", "European Credit Transfer System")
	scheme := &GradingScheme{Title: LangString{{"en", "Scale 0-5"}}, Identifier: []*Identifier{{Notation: "1"}}}
	university := &Organisation{
		LegalName:  LangString{{"fi", "Esimerkin yliopisto"}, {"sv", "Exempeluniversitetet"}, {"en", "Example University"}},
		Location:   []*Location{{Address: []*Address{{CountryCode: finland}}}},
		Identifier: []*Identifier{{Notation: "example.fi", SchemeName: "schac"}, {Notation: "SF EXAMPLE01", SchemeName: "erasmus"}},
		Homepage:   []*WebResource{{ContentURL: "https://www.example.fi"}},
	}
	var courses []*LearningAchievement
	for i := range n {
		awarded := func() *AwardingProcess {
			return &AwardingProcess{AwardingBody: []AnyAgent{university}, AwardingDate: "2026-06-30T00:00:00"}
		}
		title := LangString{{"fi", fmt.Sprintf("Opintojakson %d nimi, pitkähkö", i)}, {"en", fmt.Sprintf("Name of course %d", i)}}
		courses = append(courses, &LearningAchievement{
			Title:          title,
			Identifier:     []*Identifier{{Notation: fmt.Sprint("COURSE-", i), SchemeName: "local"}},
			AwardedBy:      awarded(),
			CreditReceived: []*CreditPoint{{Framework: ects, Point: "5"}},
			ProvenBy: []*LearningAssessment{{
				Title: title, DateIssued: "2026-06-30T00:00:00", AwardedBy: awarded(),
				Grade:       &Note{NoteLiteral: LangString{{"und", "4"}}},
				SpecifiedBy: &LearningAssessmentSpecification{Title: title, GradingScheme: scheme},
			}},
			SpecifiedBy: &LearningAchievementSpecification{Title: title, Language: []*Concept{english}},
		})
	}
	return &EuropeanDigitalCredential{
		ID: "urn:credential:0", Issuer: university, Issued: "2026-06-30T00:00:00Z",
		CredentialSubject: &Person{
			GivenName: LangString{{"und", "Aino"}}, FamilyName: LangString{{"und", "Esimerkki"}},
			HasClaim: []AnyClaim{&LearningAchievement{Title: LangString{{"en", "Degree"}}, HasPart: courses}},
		},
	}
}

func withAttachment(c *EuropeanDigitalCredential, n int) *EuropeanDigitalCredential {
	c.Attachment = []*MediaObject{{Content: strings.Repeat("iVBORw0KGgoAAAANSUhEUgAA", n/24)}}
	return c
}

func BenchmarkAppend(b *testing.B) {
	for name, c := range map[string]*EuropeanDigitalCredential{
		"1course":     transcript(1),
		"40courses":   transcript(40),
		"1500courses": transcript(1500),
		"attachment":  withAttachment(transcript(40), 20<<20),
	} {
		b.Run(name, func(b *testing.B) {
			AssignIDs(c, "seed")
			buf := Append(nil, c)
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			for b.Loop() {
				buf = Append(buf[:0], c)
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	c := withAttachment(transcript(1500), 20<<20)
	b.SetBytes(int64(len(Append(nil, c))))
	b.ReportAllocs()
	for b.Loop() {
		_ = Encode(io.Discard, c)
	}
}

func BenchmarkAssignIDs(b *testing.B) {
	for name, assign := range map[string]func(*EuropeanDigitalCredential){
		"seed":   func(c *EuropeanDigitalCredential) { AssignIDs(c, "seed") },
		"random": func(c *EuropeanDigitalCredential) { _ = AssignRandomIDs(c, rand.Reader) },
	} {
		b.Run(name, func(b *testing.B) {
			c := transcript(1500)
			assign(c)
			nodes := bytes.Count(Append(nil, c), []byte(`"id":"urn:uuid:`))
			nodes -= 2 * 1500 * 6 // the university and all below it, written many times, counted once
			b.ReportAllocs()
			var took time.Duration
			for b.Loop() {
				c := transcript(1500)
				start := time.Now()
				assign(c)
				took += time.Since(start)
			}
			b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/float64(nodes), "ns/node")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{1, 40, 1500} {
		c := transcript(n)
		AssignIDs(c, "seed")
		src := Append(nil, c)
		b.Run(fmt.Sprint("plain/", n, "courses"), func(b *testing.B) { benchmarkRead(b, src, "plain") })
		other := bytes.Replace(src, []byte(`"type":["Verif`), []byte(`"@type":["Verif`), 1)
		if n <= 40 {
			b.Run(fmt.Sprint("json-ld/", n, "courses"), func(b *testing.B) { benchmarkRead(b, other, "json-ld") })
		}
	}
	c := withAttachment(transcript(40), 20<<20)
	b.Run("plain/attachment", func(b *testing.B) { benchmarkRead(b, Append(nil, c), "plain") })
}

func benchmarkRead(b *testing.B, src []byte, form string) {
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		c, err := Read(src, ReadOptions{})
		if err != nil || c[0].Source.Form != form {
			b.Fatal(err)
		}
	}
}
