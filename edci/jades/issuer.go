package jades

import "elmobridge/edci"

// agreement is how the issuer of a credential and a certificate go together.
type agreement int

const (
	unknownIssuer agreement = iota // one of the two has no identifier
	sameNumber                     // the number agrees, but the credential does not say of which register
	namedIssuer                    // the identifiers are the same
	otherIssuer
)

// sameIssuer compares the eIDASIdentifier of the issuer with the organizationIdentifier.
func sameIssuer(tree edci.Object, s Subject) agreement {
	v, _ := edci.At(tree, "/issuer/eIDASIdentifier/notation")
	notation, _ := v.(string)
	switch {
	case notation == "" || s.OrganizationIdentifier == "":
		return unknownIssuer
	case notation == s.OrganizationIdentifier:
		return namedIssuer
	case notation == number(s.OrganizationIdentifier):
		return sameNumber
	}
	return otherIssuer
}
