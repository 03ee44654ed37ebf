package verification_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
)

// TestSubjectOf: what a certificate says of an organisation.
func TestSubjectOf(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	subject := func(name pkix.Name) verification.Subject {
		return verification.SubjectOf(authority.Issue(t, josetest.RSA(), x509.Certificate{Subject: name}).Certificate)
	}
	want := verification.Subject{OrganizationIdentifier: "VATNO-000000000", Organization: "University of Fjordheim", CommonName: "University of Fjordheim, seal", Country: "NO"}
	if got := subject(josetest.Organisation); got != want {
		t.Errorf("%+v", got)
	}
	if got := subject(pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{{Type: josetest.Organisation.ExtraNames[0].Type, Value: "VATES-A00000000"}}}).Country; got != "ES" {
		t.Errorf("country %q, want that of the identifier", got)
	}
	if got := subject(pkix.Name{CommonName: "x"}); got != (verification.Subject{CommonName: "x"}) {
		t.Errorf("%+v", got)
	}
}

// TestIssuer: who is named and who signs.
func TestIssuer(t *testing.T) {
	for _, c := range []struct {
		notation, certificate string
		want                  verification.Status
	}{
		{"VATNO-1", "VATNO-1", verification.Passed},
		{"VATNO-1", "VATNO-2", verification.Failed},
		{"VATNO-1", "NTRNO-1", verification.Failed},
		{"1", "NTRNO-1", verification.NotChecked},
		{"2", "NTRNO-1", verification.Failed},
		{"", "NTRNO-1", verification.NotChecked},
		{"1", "", verification.NotChecked},
		{"", "", verification.NotChecked},
	} {
		tree := edci.Object{{Name: "issuer", Value: edci.Object{{Name: "eIDASIdentifier", Value: edci.Object{{Name: "notation", Value: c.notation}}}}}}
		if got := verification.Issuer(tree, verification.Subject{OrganizationIdentifier: c.certificate}); got.Status != c.want {
			t.Errorf("%s, %s: %v", c.notation, c.certificate, got)
		}
	}
}

// TestIssuerShapes: the same identifier in other shapes of JSON, of which none may be passed over.
func TestIssuerShapes(t *testing.T) {
	for tree, want := range map[string]verification.Status{
		`{"issuer":{"eIDASIdentifier":{"notation":["VATNO-1"]}}}`:                  verification.Passed,
		`{"issuer":[{"eIDASIdentifier":[{"notation":[["VATNO-1"]]}]}]}`:            verification.Passed,
		`{"issuer":[{"eIDASIdentifier":{"notation":"VATNO-2"}}]}`:                  verification.Failed,
		`{"issuer":{"eIDASIdentifier":[{"notation":"VATNO-2"}]}}`:                  verification.Failed,
		`{"issuer":{"eIDASIdentifier":[{"notation":"VATNO-1"},{"notation":"x"}]}}`: verification.Failed,
		`{"issuer":{"eIDASIdentifier":{"notation":["VATNO-1","VATNO-2"]}}}`:        verification.Failed,
		`{"issuer":[{},{}]}`:                             verification.Failed,
		`{"issuer":{"eIDASIdentifier":{"notation":2}}}`:  verification.Failed,
		`{"issuer":{"eIDASIdentifier":{"notation":1}}}`:  verification.NotChecked,
		`{"issuer":{"eIDASIdentifier":{"@value":"x"}}}`:  verification.NotChecked,
		`{"issuer":{"eIDASIdentifier":{"notation":[]}}}`: verification.NotChecked,
		`{"issuer":"urn:x:1"}`:                           verification.NotChecked,
		`{}`:                                             verification.NotChecked,
	} {
		v, err := edci.ParseJSON([]byte(tree), edci.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := verification.Issuer(v.(edci.Object), verification.Subject{OrganizationIdentifier: "VATNO-1"}); got.Status != want {
			t.Errorf("%s: %v", tree, got)
		}
	}
}
