// Package jwtvc signs European Digital Credentials as JSON Web Tokens and verifies such tokens: the JWT
// form of the VC data model 1.1 (6.3.1), which is what EDC follows.
//
//	HEADER.CLAIMS.SIGNATURE              compact JWS, each in base64url
//
//	HEADER   alg, typ, kid or x5c with x5t#S256
//	CLAIMS   iss   issuer, or its id              sub   credentialSubject/id
//	         nbf   issuanceDate                   exp   expirationDate, else validUntil
//	         jti   id                             vc    the credential, whole
//
// The members stand in the credential as well. When it is read, those that are missing there come from the
// claims, and those that say something else are refused. A payload without vc that is the credential itself
// (VC-JOSE-COSE) is read, too, but not written: that form belongs to VC 2.0, whose context cannot stand
// beside that of EDC.
package jwtvc

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/verification"
)

var (
	// ErrForm is returned for what is no JWT with a credential.
	ErrForm = errors.New("jwtvc: not a JWT with a credential")

	// ErrCredential is returned for credentials that cannot be put into a JWT.
	ErrCredential = errors.New("jwtvc: the credential cannot be signed")
)

// Values of typ. VC data model 1.1, 6.3.1, has JWT; VC-JOSE-COSE, 3.1.1, has vc+jwt.
const (
	TypeJWT = "JWT"
	TypeVC  = "vc+jwt"
)

// SignOptions say who signs.
type SignOptions struct {
	Signer    crypto.Signer
	Chain     []*x509.Certificate // that of Signer first; may be empty when KeyID is given
	KeyID     string              // kid, such as a DID URL; ""
	Algorithm jose.Algorithm      // "": RS256, or that of the curve
	Type      string              // TypeJWT when it is ""
	Time      time.Time           // at which the certificate must be valid; zero: now
}

// Sign makes the JWT of a credential in plain form. It must have an issuer with an id, and an issuanceDate
// (jades.Complete adds one). Errors: ErrCredential, jose.ErrKey, jose.ErrUsage.
func Sign(credential []byte, opt SignOptions) ([]byte, error) {
	if opt.Time.IsZero() {
		opt.Time = time.Now()
	}
	tree, err := read(credential)
	if err != nil {
		return nil, err
	}
	if err := opt.check(tree); err != nil {
		return nil, err
	}
	claims, err := claimsOf(tree)
	if err != nil {
		return nil, err
	}
	header, alg, err := opt.header()
	if err != nil {
		return nil, err
	}
	token, err := jose.SignCompact(alg, opt.Signer, header, edci.AppendValue(nil, claims))
	return []byte(token), err
}

// read reads the credential that is to be signed.
func read(src []byte) (edci.Object, error) {
	credentials, err := edci.Read(src, edci.ReadOptions{})
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrCredential, err)
	case len(credentials) != 1:
		return nil, fmt.Errorf("%w: the file holds %d; sign each alone", ErrCredential, len(credentials))
	}
	s := credentials[0].Source
	if s.Sealed || s.Envelope != "credential" || s.Form != "plain" {
		return nil, fmt.Errorf("%w: it is signed already, inside something else (%s), or not in the plain form with nested nodes", ErrCredential, s.Envelope)
	}
	return s.Tree, nil
}

// check tells whether this key may sign this credential.
func (o *SignOptions) check(tree edci.Object) error {
	switch {
	case o.Signer == nil, len(o.Chain) == 0 && o.KeyID == "":
		return fmt.Errorf("%w: a key is needed, and its certificate or its name", jose.ErrKey)
	case o.Type != "" && o.Type != TypeJWT && o.Type != TypeVC:
		return fmt.Errorf("%w: typ must be %s or %s", ErrForm, TypeJWT, TypeVC)
	case len(o.Chain) == 0:
		return nil
	}
	if err := jose.Fits(o.Signer, o.Chain[0], o.Time); err != nil {
		return err
	}
	if p := verification.Issuer(tree, verification.SubjectOf(o.Chain[0])); p.Status == verification.Failed {
		return fmt.Errorf("%w: %s", ErrCredential, p.Reason)
	}
	return nil
}

// header is the protected header.
func (o *SignOptions) header() (edci.Object, jose.Algorithm, error) {
	alg := o.Algorithm
	if alg == "" {
		var err error
		if alg, err = jose.AlgorithmFor(o.Signer.Public()); err != nil {
			return nil, "", err
		}
	}
	h := edci.Object{{Name: "alg", Value: string(alg)}, {Name: "typ", Value: TypeJWT}}
	if o.Type != "" {
		h[1].Value = o.Type
	}
	if o.KeyID != "" {
		h = append(h, edci.Member{Name: "kid", Value: o.KeyID})
	}
	if len(o.Chain) > 0 {
		h = append(h, edci.Member{Name: "x5t#S256", Value: jose.Thumbprint(o.Chain[0])},
			edci.Member{Name: "x5c", Value: jose.Certificates(o.Chain)})
	}
	return h, alg, nil
}
