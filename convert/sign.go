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
// ELMO document, a JAdES seal of level B around a credential. Options of the other kind of file are refused.
type SignOptions struct {
	Time time.Time     // of sealing a credential; zero: now
	Form SignatureForm // "": SignatureXML of an ELMO document, SignatureSeal of a credential, which may have SignatureJWT

	// Of ELMO documents.
	Hash       crypto.Hash // SHA-256, SHA-384 or SHA-512; 0 is SHA-256
	Replace    bool        // take away the signature that is there
	Supplement int         // sign this diploma supplement, from 1; 0: the document

	// Of credentials.
	Timestamper jades.Timestamper   // makes seals of level T; not of JWTs
	TSA         []*x509.Certificate // that the certificate of its stamps must lead to; nil: it is not followed
	Reissue     bool                // the date of issue becomes that of sealing, as Europass has it
}

// Signed is a file that was signed.
type Signed struct {
	Format Format
	Form   SignatureForm
	Data   []byte
	Around []string // members around the credential that are not in the signed file: upload/deliveryDetails

	// Issuer is the issuer of a credential against the certificate, passed or not checked: verifiers that trust
	// a root alone do not accept the latter. Nothing is signed when it is failed.
	Issuer verification.Part
}

var (
	// ErrSigned is returned for credentials that have a seal already.
	ErrSigned = errors.New("the credential is sealed already; a second seal would change what the first one covers")

	// ErrCertificate is returned for a certificate that does not say what a seal must say of the issuer,
	// or that is another organisation's than the issuer of the credential.
	ErrCertificate = jades.ErrIssuer
)

// Sign signs a file of either kind by what it holds. An ELMO document gets a signature as the last child of its root, its
// other bytes stay as they are. A credential gets what sealing services fill in (date of issue, identifier, name and country of
// the issuer, from the certificate) and a seal around it. Neither may be changed afterwards, not even indented.
//
// The errors are ErrOptions, ErrSigned, ErrCertificate, ErrFormat, those of reading, and those of packages elmo, jades,
// jwtvc and jose about what cannot be signed. Nothing is in them of the key.
func Sign(ctx context.Context, data []byte, key *keys.Pair, opt SignOptions) (*Signed, error) {
	if key == nil || key.Signer == nil || len(key.Chain) == 0 {
		return nil, fmt.Errorf("%w: a key with its certificate is needed", ErrOptions)
	}
	format := Detect(data)
	if err := opt.check(format); err != nil {
		return nil, err
	}
	switch format {
	case FormatELMO:
		return opt.signELMO(data, key)
	case FormatEDC:
		return opt.seal(ctx, data, key)
	}
	return nil, unknownFormat(data)
}

// misfits are options that a kind of file does not have.
var misfits = []struct {
	of   Format
	has  func(SignOptions) bool
	text string
}{
	{FormatELMO, func(o SignOptions) bool { return o.Form != "" && o.Form != SignatureXML }, "an ELMO document is signed as xml-signature"},
	{FormatELMO, func(o SignOptions) bool { return o.Timestamper != nil || o.TSA != nil }, "signatures of ELMO documents have no time stamps"},
	{FormatELMO, func(o SignOptions) bool { return o.Reissue }, "reissue is for credentials"},
	{FormatEDC, func(o SignOptions) bool { return o.Form != "" && o.Form != SignatureSeal && o.Form != SignatureJWT }, "a credential is signed as jades or jwt"},
	{FormatEDC, func(o SignOptions) bool { return o.Form == SignatureJWT && o.Timestamper != nil }, "a JWT has no time stamps"},
	{FormatEDC, func(o SignOptions) bool { return o.Hash != 0 || o.Replace || o.Supplement != 0 }, "hash, replace and supplement are for ELMO documents"},
}

func (o SignOptions) check(format Format) error {
	for _, m := range misfits {
		if m.of == format && m.has(o) {
			return fmt.Errorf("%w: %s", ErrOptions, m.text)
		}
	}
	return nil
}

func (o SignOptions) signELMO(data []byte, key *keys.Pair) (*Signed, error) {
	signed, err := elmo.Sign(data, key.Signer, key.Chain, elmo.SignOptions{SignOptions: xmldsig.SignOptions{Hash: o.Hash},
		Replace: o.Replace, Supplement: o.Supplement})
	if err != nil {
		return nil, err
	}
	return &Signed{Format: FormatELMO, Form: SignatureXML, Data: signed}, nil
}

func (o SignOptions) seal(ctx context.Context, data []byte, key *keys.Pair) (*Signed, error) {
	items, err := edci.Open(data, edci.Limits{})
	switch {
	case err != nil:
		return nil, err
	case len(items) == 1 && items[0].Sealed:
		return nil, ErrSigned
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	complete, err := jades.Complete(data, key.Chain[0], jades.CompleteOptions{Country: country, Time: o.Time, Reissue: o.Reissue})
	if err != nil {
		return nil, err
	}
	s := &Signed{Format: FormatEDC, Form: o.Form, Around: items[0].Around,
		Issuer: verification.Issuer(verification.Read(complete, edci.Limits{}).Tree(), verification.SubjectOf(key.Chain[0]))}
	if o.Form == SignatureJWT {
		s.Data, err = jwtvc.Sign(complete, jwtvc.SignOptions{Signer: key.Signer, Chain: key.Chain, Time: o.Time})
	} else {
		s.Form = SignatureSeal
		s.Data, err = jades.Seal(ctx, complete, jades.SealOptions{Signer: key.Signer, Chain: key.Chain, Time: o.Time, Timestamper: o.Timestamper, TSARoots: pool(o.TSA)})
	}
	if err != nil {
		return nil, err
	}
	return s, nil
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
// an issuer needs, in the form that the profile wants.
func IssuerOf(c *x509.Certificate) *Issuer {
	s := verification.SubjectOf(c)
	if s.Organization == "" || !isCountry(s.Country) || !eidasIdentifier(s.OrganizationIdentifier) {
		return nil
	}
	return &Issuer{LegalName: edci.LangString{{Lang: undetermined, Text: s.Organization}}, Country: s.Country, EIDASIdentifier: s.OrganizationIdentifier}
}

// undetermined is the language of names that have none (ISO 639-2).
const undetermined = "und"
