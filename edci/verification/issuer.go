package verification

import (
	"crypto/x509"
	"encoding/asn1"
	"regexp"

	"elmobridge/edci"
)

// Subject is what a certificate says of the organisation that seals. ETSI EN 319 412-3, 4.2.
type Subject struct {
	OrganizationIdentifier string `json:"organizationIdentifier,omitempty"` // such as VATNO-000000000
	Organization           string `json:"organization,omitempty"`
	CommonName             string `json:"commonName,omitempty"`
	Country                string `json:"country,omitempty"` // ISO 3166-1 alpha-2
}

// organizationIdentifier is the attribute type 2.5.4.97. ITU-T X.520.
var organizationIdentifier = asn1.ObjectIdentifier{2, 5, 4, 97}

// SubjectOf reads the subject of a certificate. A country that the certificate does not name is taken
// from the identifier.
func SubjectOf(c *x509.Certificate) Subject {
	s := Subject{CommonName: c.Subject.CommonName, Organization: first(c.Subject.Organization), Country: first(c.Subject.Country)}
	for _, a := range c.Subject.Names {
		if a.Type.Equal(organizationIdentifier) {
			s.OrganizationIdentifier, _ = a.Value.(string)
		}
	}
	if m := legalIdentifier.FindStringSubmatch(s.OrganizationIdentifier); m != nil && s.Country == "" {
		s.Country = m[1]
	}
	return s
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// legalIdentifier is kind of register, country, number. ETSI EN 319 412-1, 5.1.4.
var legalIdentifier = regexp.MustCompile(`^(?:[A-Z]{3}|[A-Z]{2}:)([A-Z]{2})-(.+)$`)

// number is an identifier without register and country.
func number(identifier string) string {
	if m := legalIdentifier.FindStringSubmatch(identifier); m != nil {
		return m[2]
	}
	return identifier
}

// Issuer compares the issuer of a credential with who signed it: anybody may sign, in anybody's name.
func Issuer(tree edci.Object, s Subject) Part {
	v, _ := edci.At(tree, "/issuer/eIDASIdentifier/notation")
	notation, _ := v.(string)
	switch {
	case notation == "" || s.OrganizationIdentifier == "":
		return Part{"issuer", NotChecked, "the credential has no eIDASIdentifier that can be read, or the certificate no organizationIdentifier"}
	case notation == s.OrganizationIdentifier:
		return Part{"issuer", Passed, "the eIDASIdentifier is that of the certificate"}
	case notation == number(s.OrganizationIdentifier):
		return Part{"issuer", NotChecked, "the eIDASIdentifier is the number in the certificate, but does not say of which register"}
	}
	return Part{"issuer", Failed, "the eIDASIdentifier is not the organizationIdentifier of the certificate: another organisation has signed"}
}
