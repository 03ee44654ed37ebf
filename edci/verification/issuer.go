package verification

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
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
// A single value may stand in an array, as in any JSON-LD; several identifiers are no identifier.
func Issuer(tree edci.Object, s Subject) Part {
	notation, several := identifier(tree)
	switch {
	case several:
		return Part{"issuer", Failed, "there are several issuers or eIDASIdentifiers: who issues is not one organisation"}
	case notation == "" || s.OrganizationIdentifier == "":
		return Part{"issuer", NotChecked, "the credential has no eIDASIdentifier that can be read, or the certificate no organizationIdentifier"}
	case notation == s.OrganizationIdentifier:
		return Part{"issuer", Passed, "the eIDASIdentifier is that of the certificate"}
	case notation == number(s.OrganizationIdentifier):
		return Part{"issuer", NotChecked, "the eIDASIdentifier is the number in the certificate, but does not say of which register"}
	}
	return Part{"issuer", Failed, "the eIDASIdentifier is not the organizationIdentifier of the certificate: another organisation has signed"}
}

// identifier is issuer/eIDASIdentifier/notation, "" when it is not there or no text.
func identifier(tree edci.Object) (notation string, several bool) {
	var v any = tree
	for _, name := range []string{"issuer", "eIDASIdentifier", "notation"} {
		o, _ := v.(edci.Object)
		v, _ = o.Get(name)
		for list, ok := v.(edci.Array); ok; list, ok = v.(edci.Array) {
			if len(list) > 1 {
				return "", true
			}
			v = nil
			if len(list) == 1 {
				v = list[0]
			}
		}
	}
	if n, ok := v.(json.Number); ok {
		return n.String(), false
	}
	notation, _ = v.(string)
	return notation, false
}

// Vouched is an issuer that was not compared, of a signature by a certificate or key that the caller
// trusts itself, not for leading to a root: whoever trusts it vouches for whom it signs.
func (p Part) Vouched() Part {
	if p.Status == NotChecked {
		p.Reason += "; this very certificate or key is trusted, and whoever trusts it vouches for the issuer"
	}
	return p
}
