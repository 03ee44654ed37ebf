package jades_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"strings"
	"testing"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose/josetest"
)

// TestComplete: what is missing is filled in, what is there stays, and nothing else is touched.
func TestComplete(t *testing.T) {
	c := josetest.NewAuthority(t, "Fjordheim CA").Seal(t, josetest.RSA()).Certificate
	at := time.Date(2026, 2, 3, 4, 5, 6, 7, time.FixedZone("", 3600))
	opt := jades.CompleteOptions{Country: countries, Time: at}
	for name, k := range map[string]struct {
		credential string
		reissue    bool
		want       map[string]string
	}{
		"nothing there": {`"issuer":{}`, false, map[string]string{
			"/issued": "2026-02-03T03:05:06Z", "/issuanceDate": "2026-02-03T03:05:06Z",
			"/issuer/eIDASIdentifier/notation": "VATNO-000000000", "/issuer/legalName/und": "University of Fjordheim",
			"/issuer/eIDASIdentifier/spatial/id":      "http://publications.europa.eu/resource/authority/country/NOR",
			"/issuer/location/address/countryCode/id": "http://publications.europa.eu/resource/authority/country/NOR",
		}},
		"issued there":       {`"issued":"2025-01-01T00:00:00+01:00","issuer":{}`, false, map[string]string{"/issuanceDate": "2025-01-01T00:00:00+01:00"}},
		"issuanceDate there": {`"issuanceDate":"2025-01-01T00:00:00Z","issuer":{}`, false, map[string]string{"/issued": "2025-01-01T00:00:00Z"}},
		"issued anew":        {`"issued":"2025-01-01T00:00:00Z","issuer":{}`, true, map[string]string{"/issued": "2026-02-03T03:05:06Z", "/issuanceDate": "2026-02-03T03:05:06Z"}},
		"described": {`"issuer":{"legalName":{"en":"Other"},"location":{"id":"x:1"},"eIDASIdentifier":{"notation":"VATSE-1"}}`, false, map[string]string{
			"/issuer/legalName/en": "Other", "/issuer/location/id": "x:1", "/issuer/eIDASIdentifier/notation": "VATSE-1"}},
		"members we do not know": {`"cnf":{"kid":"x:2"},"issuer":{}`, false, map[string]string{"/cnf/kid": "x:2"}},
	} {
		opt.Reissue = k.reissue
		out, err := jades.Complete([]byte(`{"type":["VerifiableCredential","EuropeanDigitalCredential"],`+k.credential+`}`), c, opt)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		tree, err := edci.ParseJSON(out, edci.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for pointer, want := range k.want {
			if got, _ := edci.At(tree, pointer); got != want {
				t.Errorf("%s: %s is %v, want %s", name, pointer, got, want)
			}
		}
	}
	whole := edci.AppendValue(nil, must(edci.ParseJSON(small(t), edci.Limits{})))
	if out, err := jades.Complete(small(t), c, jades.CompleteOptions{}); err != nil || string(out) != string(whole) {
		t.Errorf("a complete credential is changed: %v", err)
	}
}

func must(v any, err error) any {
	if err != nil {
		panic(err)
	}
	return v
}

// TestNotCompleted: what cannot be filled in.
func TestNotCompleted(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	issue := func(name pkix.Name) *x509.Certificate {
		return authority.Issue(t, josetest.RSA(), x509.Certificate{Subject: name}).Certificate
	}
	const start, nameless = `{"type":["VerifiableCredential","EuropeanDigitalCredential"]`, `,"issuer":{}}`
	for name, c := range map[string]struct {
		credential  string
		certificate *x509.Certificate
		want        error
	}{
		"no issuer":       {start + `}`, issue(josetest.Organisation), jades.ErrCredential},
		"issuer by name":  {start + `,"issuer":"did:example:1"}`, issue(josetest.Organisation), jades.ErrCredential},
		"other JSON-LD":   {`{"@graph":[` + strings.Replace(start, "{", `{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],`, 1) + nameless + `]}`, issue(josetest.Organisation), jades.ErrCredential},
		"no identifier":   {start + nameless, issue(pkix.Name{Country: []string{"NO"}}), jades.ErrIssuer},
		"no country":      {start + nameless, issue(pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: "1"}}}), jades.ErrIssuer},
		"country no code": {start + nameless, issue(organisation("VATXX-1")), jades.ErrIssuer},
		"no credential":   {`[]`, issue(josetest.Organisation), jades.ErrCredential},
	} {
		if _, err := jades.Complete([]byte(c.credential), c.certificate, jades.CompleteOptions{Country: countries}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
