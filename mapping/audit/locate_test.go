package audit_test

import (
	"testing"

	"elmobridge/edci"
	"elmobridge/mapping"
	"elmobridge/mapping/audit"
)

func TestLocateELMO(t *testing.T) {
	const los = "report/learningOpportunitySpecification"
	const part = "/hasPart[2]/learningOpportunitySpecification"
	for path, want := range map[string]string{
		"generatedDate":               "generatedDate",
		"learner/identifier[2]/@type": "learner/identifier/@type",
		"report[1]/learningOpportunitySpecification[2]" + part + part + part + "/title[3]/@xml:lang": los + "/title/@xml:lang",
		"report[1]/learningOpportunitySpecification[2]" + part:                                       los + "/hasPart/learningOpportunitySpecification",
		"report/learningOpportunitySpecification[1]/hasPart":                                         los + "/hasPart",
		"report[1]/attachment[1]":                                  "report/attachment",
		"report[1]/attachment[1]/identifier[1]/@type":              "attachment/identifier/@type",
		"report[1]/learningOpportunitySpecification/extension/foo": los + "/extension",
		"Signature":            "ds:Signature",
		"Signature/SignedInfo": "ds:Signature",
		los + "/specifies/learningOpportunityInstance/diplomaSupplement/section[2]/section[1]/section[3]/@number": los + "/specifies/learningOpportunityInstance/diplomaSupplement/section/@number",
		"": "", "learner/unknown": "", "unknown": "", "learner/": "", "learner/gender/x": "",
	} {
		if got := pathOf(audit.LocateELMO(path)); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestLocateEvery: each leaf of ELMO is found by its own path.
func TestLocateEvery(t *testing.T) {
	for _, l := range audit.Leaves() {
		if l.Side == audit.ELMO && pathOf(audit.LocateELMO(l.Path)) != l.Path {
			t.Errorf("%s leads to %q", l.Path, pathOf(audit.LocateELMO(l.Path)))
		}
	}
}

func pathOf(l *audit.Leaf) string {
	if l == nil {
		return ""
	}
	return l.Path
}

// TestWithin: a report names the credit, the row is about its level.
func TestWithin(t *testing.T) {
	const loi = "report/learningOpportunitySpecification/specifies/learningOpportunityInstance"
	for _, c := range [][3]string{
		{loi + "/credit", "LOI-10", loi + "/credit/level"},
		{loi + "/credit", "LOI-09", loi + "/credit"},
		{loi + "/level", "LOI-12", loi + "/level"}, // it has a part in it
		{loi + "/credit", "LRN-01", loi + "/credit"},
	} {
		if got := pathOf(audit.LocateELMO(c[0]).Within(c[1])); got != c[2] {
			t.Errorf("%s under %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

const located = `{"type":["VerifiableCredential","EuropeanDigitalCredential"],"issuer":{"type":"Organisation","legalName":{"en":"U"}},
 "credentialSubject":{"type":"Person","fullName":{"en":"A"},"unknown":1,"nationalID":[{"type":"LegalIdentifier","spatial":{"type":"Concept"}}],
  "hasClaim":[{"type":"LearningAchievement","title":{"en":"T"}},{"type":["Claim","LearningEntitlement"],"title":[]},{"type":"Robot","title":1}]},
 "displayParameter":{"type":"DisplayParameter","title":{"en":"T"}}}`

func TestLocateELM(t *testing.T) {
	tree, err := edci.ParseJSON([]byte(located), edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]string{
		"/credentialSubject":                          "EuropeanDigitalCredential/credentialSubject",
		"/proof":                                      "EuropeanDigitalCredential/proof",
		"/issuer":                                     "EuropeanDigitalCredential/issuer",
		"/issuer/legalName/en":                        "EuropeanDigitalCredential/issuer",
		"/issuer/eIDASIdentifier/notation":            "(edc:IssuerNodeShape)/eIDASIdentifier",
		"/issuer/0/eIDASIdentifier":                   "(edc:IssuerNodeShape)/eIDASIdentifier",
		"/credentialSubject/fullName":                 "Person/fullName",
		"/credentialSubject/0/fullName/en":            "Person/fullName",
		"/credentialSubject/nationalID/spatial":       "LegalIdentifier/spatial",
		"/credentialSubject/nationalID/0/spatial":     "LegalIdentifier/spatial",
		"/credentialSubject/hasClaim/0/title":         "LearningAchievement/title",
		"/credentialSubject/hasClaim/0/title/en":      "LearningAchievement/title",
		"/credentialSubject/hasClaim/0/dcType":        "LearningAchievement/dcType",
		"/credentialSubject/hasClaim/0/hasPart/0/zzz": "", // nothing is there
		"/displayParameter/title":                     "DisplayParameter/title",
		"/credentialSubject/unknown":                  "",
		"/credentialSubject/unknown/title":            "",
		"/credentialSubject/hasClaim/1/title":         "LearningEntitlement/title",
		"/credentialSubject/hasClaim/2/title":         "",
		"/credentialSubject/hasClaim/title":           "", // which one?
		"":                                            "",
		"/id":                                         "",
	} {
		if got := pathOf(audit.LocateELM(tree.(edci.Object), pointer)); got != want {
			t.Errorf("%s: %q, want %q", pointer, got, want)
		}
	}
}

// TestLocatedInCorpus: most of what conversions of credentials of others report has a leaf.
func TestLocatedInCorpus(t *testing.T) {
	found, all := 0, 0
	for _, file := range credentialFiles(t) {
		c, report := returned(t, file)
		if report == nil {
			continue
		}
		for _, e := range report.Losses {
			if e.Reason == mapping.NotInContext {
				continue
			}
			all++
			if audit.LocateELM(c.Source.Tree, e.Source) != nil {
				found++
			} else {
				t.Logf("%s %s", e.Row, e.Source)
			}
		}
	}
	t.Logf("%d of %d entries", found, all)
	if found*2 < all {
		t.Errorf("only %d of %d entries have a leaf", found, all)
	}
}
