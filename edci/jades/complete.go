package jades

import (
	"crypto/x509"
	"fmt"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/verification"
)

// CompleteOptions say what is filled in.
type CompleteOptions struct {
	// Country gives the member of the country list of an ISO 3166-1 alpha-2 code, nil for none.
	Country func(alpha2 string) *edci.Concept

	Time    time.Time // of sealing; zero: now
	Reissue bool      // issued and issuanceDate become Time even when they are there, as Europass does
}

// Complete gives a credential, plain or in an upload file, with what the sealing service of Europass
// adds, if it is missing:
//
//	issued, issuanceDate             each other's value, else the time of sealing, in UTC
//	issuer/eIDASIdentifier           the organizationIdentifier of the certificate
//	issuer/legalName                 its organisation, in no language that we know ("und")
//	issuer/location                  its country
//
// All else stays as it is. The errors are ErrCredential and ErrIssuer.
func Complete(credential []byte, c *x509.Certificate, opt CompleteOptions) ([]byte, error) {
	source, err := unsealed(credential)
	if err != nil {
		return nil, err
	}
	if source.Form != "plain" || source.Envelope != "credential" && source.Envelope != "upload" {
		return nil, fmt.Errorf("%w: it must stand alone, with nested nodes and the two contexts of EDC: convert it first", ErrCredential)
	}
	tree := complete(source.Tree, opt)
	v, _ := tree.Get("issuer")
	issuer, ok := v.(edci.Object)
	if !ok {
		return nil, fmt.Errorf("%w: the issuer is missing or not described; it must be an Organisation", ErrCredential)
	}
	if issuer, err = describe(issuer, verification.SubjectOf(c), opt); err != nil {
		return nil, err
	}
	return edci.AppendValue(nil, set(tree, "issuer", issuer)), nil
}

// unsealed reads the one credential of a file that has no seal yet.
func unsealed(src []byte) (*edci.Source, error) {
	credentials, err := edci.Read(src, edci.ReadOptions{})
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrCredential, err)
	case len(credentials) != 1:
		return nil, fmt.Errorf("%w: the file holds %d; seal each alone", ErrCredential, len(credentials))
	case credentials[0].Source.Sealed:
		return nil, fmt.Errorf("%w: it is signed already", ErrCredential)
	}
	return credentials[0].Source, nil
}

// complete fills in the times.
func complete(tree edci.Object, opt CompleteOptions) edci.Object {
	at := opt.Time
	if at.IsZero() {
		at = time.Now()
	}
	var issued any = instant(at)
	for _, name := range []string{"issuanceDate", "issued"} {
		if v, there := tree.Get(name); there && !opt.Reissue {
			issued = v
		}
	}
	for _, name := range []string{"issuanceDate", "issued"} {
		if _, there := tree.Get(name); !there || opt.Reissue {
			tree = set(tree, name, issued)
		}
	}
	return tree
}

// instant writes a time as Europass does: UTC, whole seconds.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// set sets a member of an object.
func set(o edci.Object, name string, value any) edci.Object {
	changed, _ := edci.Set(o, string(edci.AppendToken(nil, name)), value)
	return changed.(edci.Object)
}

// describe adds to an issuer what it lacks.
func describe(issuer edci.Object, s verification.Subject, opt CompleteOptions) (edci.Object, error) {
	lacks := func(name string) bool {
		_, there := issuer.Get(name)
		return !there
	}
	if lacks("legalName") && s.Organization != "" {
		issuer = set(issuer, "legalName", edci.Object{{Name: "und", Value: s.Organization}})
	}
	if !lacks("eIDASIdentifier") && !lacks("location") {
		return issuer, nil
	}
	country, err := country(s, opt)
	if err != nil {
		return nil, err
	}
	if lacks("location") {
		issuer = set(issuer, "location", location(country))
	}
	if !lacks("eIDASIdentifier") {
		return issuer, nil
	}
	if s.OrganizationIdentifier == "" {
		return nil, fmt.Errorf("%w: the issuer has no eIDASIdentifier, and the certificate has no organizationIdentifier (2.5.4.97) to take it from", ErrIssuer)
	}
	return set(issuer, "eIDASIdentifier", edci.Object{
		{Name: "id", Value: "urn:certificateIdentifier:1"}, {Name: "type", Value: "LegalIdentifier"},
		{Name: "notation", Value: s.OrganizationIdentifier}, {Name: "spatial", Value: country},
	}), nil
}

func country(s verification.Subject, opt CompleteOptions) (edci.Object, error) {
	var c *edci.Concept
	if opt.Country != nil {
		c = opt.Country(s.Country)
	}
	if c == nil || len(c.InScheme) == 0 {
		return nil, fmt.Errorf("%w: the certificate names no country of the EU list; describe the issuer in the credential", ErrIssuer)
	}
	return edci.Object{
		{Name: "id", Value: c.ID}, {Name: "type", Value: "Concept"},
		{Name: "inScheme", Value: edci.Object{{Name: "id", Value: c.InScheme[0].ID}, {Name: "type", Value: "ConceptScheme"}}},
	}, nil
}

func location(country edci.Object) edci.Object {
	return edci.Object{
		{Name: "id", Value: "urn:certificateLocation:1"}, {Name: "type", Value: "Location"},
		{Name: "address", Value: edci.Object{
			{Name: "id", Value: "urn:certificateAddress:1"}, {Name: "type", Value: "Address"},
			{Name: "countryCode", Value: country},
		}},
	}
}
