package convert

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"elmobridge/convert/keys"
	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jwtvc"
	"elmobridge/edci/verification"
	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
	"elmobridge/mapping/codes"
)

// SignOptions say how to sign. The zero value is the form that partners expect: an XML signature with SHA-256 in an
// ELMO document, a JAdES seal of level B around a credential.
type SignOptions struct {
	Time time.Time // zero: now

	// Of ELMO documents.
	Hash       crypto.Hash // SHA-256, SHA-384 or SHA-512; 0 is SHA-256
	Replace    bool        // take away the signature that is there
	Supplement int         // sign this diploma supplement, from 1; 0: the document

	// Of credentials.
	Form        SignatureForm     // SignatureSeal or SignatureJWT; "" is SignatureSeal
	Timestamper jades.Timestamper // makes seals of level T
	Reissue     bool              // the date of issue becomes that of sealing, as Europass has it
}

// ErrSigned is returned for credentials that have a seal already.
var ErrSigned = errors.New("the credential is sealed already; a second seal would change what the first one covers")

// Sign signs a file of either kind by what it holds. An ELMO document gets a signature as the last child of its root, its
// other bytes stay as they are. A credential gets what sealing services fill in (date of issue, identifier, name and country of
// the issuer, from the certificate) and a seal around it. Neither may be changed afterwards, not even indented.
func Sign(ctx context.Context, data []byte, key *keys.Pair, opt SignOptions) ([]byte, error) {
	switch Detect(data) {
	case FormatELMO:
		return elmo.Sign(data, key.Signer, key.Chain, elmo.SignOptions{SignOptions: xmldsig.SignOptions{Hash: opt.Hash},
			Replace: opt.Replace, Supplement: opt.Supplement})
	case FormatEDC:
		return opt.seal(ctx, data, key)
	}
	return nil, unknownFormat(data)
}

func (o SignOptions) seal(ctx context.Context, data []byte, key *keys.Pair) ([]byte, error) {
	if signatureForm(data) != SignatureNone {
		return nil, ErrSigned
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	complete, err := jades.Complete(data, key.Chain[0], jades.CompleteOptions{Country: country, Time: o.Time, Reissue: o.Reissue})
	if err != nil {
		return nil, err
	}
	switch o.Form {
	case "", SignatureSeal:
		return jades.Seal(ctx, complete, jades.SealOptions{Signer: key.Signer, Chain: key.Chain, Time: o.Time, Timestamper: o.Timestamper})
	case SignatureJWT:
		return jwtvc.Sign(complete, jwtvc.SignOptions{Signer: key.Signer, Chain: key.Chain, Time: o.Time})
	}
	return nil, fmt.Errorf("%w: a credential is signed as %s or %s", ErrOptions, SignatureSeal, SignatureJWT)
}

// country is the member of the list of countries.
func country(alpha2 string) *edci.Concept {
	c, ok := codes.Country(alpha2)
	if !ok {
		return nil
	}
	return c.Concept()
}

// IssuerOf is the organisation that a certificate of a seal names, for Options.Issuer; nil when it does not name all that
// an issuer needs.
func IssuerOf(c *x509.Certificate) *Issuer {
	s := verification.SubjectOf(c)
	if s.Organization == "" || s.Country == "" || s.OrganizationIdentifier == "" {
		return nil
	}
	return &Issuer{LegalName: edci.LangString{{Lang: undetermined, Text: s.Organization}}, Country: s.Country, EIDASIdentifier: s.OrganizationIdentifier}
}

// undetermined is the language of names that have none (ISO 639-2).
const undetermined = "und"
