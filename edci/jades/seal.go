package jades

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"time"
	"unicode/utf8"

	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/verification"
)

// SealOptions say who seals and how.
type SealOptions struct {
	Signer      crypto.Signer
	Chain       []*x509.Certificate // that of Signer first, then those above it
	Algorithm   jose.Algorithm      // "": RS256, or that of the curve
	Time        time.Time           // claimed (sigT); zero: now
	Timestamper Timestamper         // nil: level B
	TSARoots    *x509.CertPool      // of its certificates; nil: they are not followed
}

// Seal seals a credential. The payload is taken as it is, byte for byte; it must be the JSON text of one
// credential, without a seal.
//
// The certificate must be valid at that time, allow signatures, and be that of the issuer when both have
// an identifier; where one has none, the seal is not accepted by who trusts a root alone (verification.Issuer tells).
// A time stamp must be by an authority for time stamps, at the time claimed. Errors: ErrCredential, ErrIssuer, ErrTimestamp, jose.ErrKey, jose.ErrUsage.
func Seal(ctx context.Context, payload []byte, opt SealOptions) ([]byte, error) {
	if opt.Time.IsZero() {
		opt.Time = time.Now()
	}
	if err := opt.check(payload); err != nil {
		return nil, err
	}
	header, alg, err := opt.header()
	if err != nil {
		return nil, err
	}
	protected := jose.Encode(edci.AppendValue(nil, header))
	signature, err := jose.Sign(alg, opt.Signer, signingInput(protected, payload))
	if err != nil {
		return nil, err
	}
	s := edci.Object{{Name: "protected", Value: protected}}
	if opt.Timestamper != nil {
		unprotected, err := opt.stamp(ctx, jose.Encode(signature))
		if err != nil {
			return nil, err
		}
		s = append(s, edci.Member{Name: "header", Value: unprotected})
	}
	s = append(s, edci.Member{Name: "signature", Value: jose.Encode(signature)})
	return edci.AppendValue(nil, edci.Object{{Name: "payload", Value: string(payload)}, {Name: "signatures", Value: edci.Array{s}}}), nil
}

// check tells whether this key may seal this credential.
func (o *SealOptions) check(payload []byte) error {
	if len(o.Chain) == 0 || o.Signer == nil {
		return fmt.Errorf("%w: a key and its certificate are needed", jose.ErrKey)
	}
	if err := jose.Fits(o.Signer, o.Chain[0], o.Time); err != nil {
		return err
	}
	if bytes.HasPrefix(payload, []byte("\uFEFF")) || !utf8.Valid(payload) {
		return fmt.Errorf("%w: it begins with a byte order mark, or is not UTF-8", ErrCredential)
	}
	source, err := unsealed(payload)
	if err != nil {
		return err
	}
	if source.Envelope != "credential" {
		return fmt.Errorf("%w: it is inside something else (%s); take it out first", ErrCredential, source.Envelope)
	}
	if p := verification.Issuer(source.Tree, verification.SubjectOf(o.Chain[0])); p.Status == verification.Failed {
		return fmt.Errorf("%w: %s", ErrIssuer, p.Reason)
	}
	return nil
}

// header is the protected header, its members in the order of Europass.
func (o *SealOptions) header() (edci.Object, jose.Algorithm, error) {
	alg := o.Algorithm
	if alg == "" {
		var err error
		if alg, err = jose.AlgorithmFor(o.Signer.Public()); err != nil {
			return nil, "", err
		}
	}
	kid, err := keyID(o.Chain[0])
	if err != nil {
		return nil, "", err
	}
	return edci.Object{
		{Name: "alg", Value: string(alg)},
		{Name: "cty", Value: "octet-stream"},
		{Name: "kid", Value: kid},
		{Name: "x5t#S256", Value: jose.Thumbprint(o.Chain[0])},
		{Name: "x5c", Value: jose.Certificates(o.Chain)},
		{Name: "typ", Value: "jose+json"},
		{Name: "b64", Value: false},
		{Name: "sigT", Value: instant(o.Time)},
		{Name: "crit", Value: edci.Array{"b64", "sigT"}},
	}, alg, nil
}

// signingInput is what is signed. RFC 7515, 5.1; RFC 7797, 3.
func signingInput(protected string, payload []byte) []byte {
	b := make([]byte, 0, len(protected)+1+len(payload))
	return append(append(append(b, protected...), '.'), payload...)
}

// stamp asks for a time stamp over the signature in base64url, and gives the unprotected header with it.
// ETSI TS 119 182-1, 5.3.4.
func (o *SealOptions) stamp(ctx context.Context, signature string) (edci.Object, error) {
	digest := sha256.Sum256([]byte(signature))
	der, err := o.Timestamper.Timestamp(ctx, digest[:])
	if err != nil {
		return nil, err
	}
	t, err := readToken(der, []byte(signature))
	if err == nil {
		err = o.accept(t)
	}
	if err != nil {
		return nil, err
	}
	sigTst := edci.Object{{Name: "sigTst", Value: tokens(der)}}
	return edci.Object{{Name: "etsiU", Value: edci.Array{jose.Encode(edci.AppendValue(nil, sigTst))}}}, nil
}

// accept refuses stamps that verifiers would not accept later.
func (o *SealOptions) accept(t *token) error {
	if err := t.purpose(); err != nil {
		return fmt.Errorf("%w: %w", ErrTimestamp, err)
	}
	if t.time.Sub(o.Time).Abs() > verification.Tolerance {
		return fmt.Errorf("%w: its time is more than %s from that of sealing", ErrTimestamp, verification.Tolerance)
	}
	if o.TSARoots == nil {
		return nil
	}
	if err := t.trusted(o.TSARoots, t.time); err != nil {
		return fmt.Errorf("%w: %w", ErrTimestamp, err)
	}
	return nil
}
