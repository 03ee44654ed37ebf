// Package jose signs and verifies for the envelopes of credentials: JAdES seals, JWT VCs, SD-JWT VCs.
//
//	Sign, Verify       one signature over bytes (JWA, RFC 7518)
//	ReadHeader         a protected header, read strictly (JWS, RFC 7515)
//	ReadCompact        a compact JWS taken apart
//	VerifyPath         the certificates of a header, up to a root
//
// It is the only package that imports lestrrat-go/jwx, and of it only jws, jwe, jwk and jwa: the jwt
// package of that version writes names of claims without escaping them. Headers and claims are read
// and written with package edci, which refuses what two readers may understand differently.
//
// Keys come from the caller or from the certificates in x5c. The members jwk, jku and x5u of a header
// are never looked at, and nothing is fetched.
package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

var (
	// ErrSignature is returned for a signature that does not fit what was signed, the key or the algorithm.
	ErrSignature = errors.New("jose: the signature does not hold")

	// ErrKey is returned for keys that are too weak, or that do not go with the algorithm.
	ErrKey = errors.New("jose: the key cannot be used")

	// ErrForm is returned for what is no JWS, or one that is not evaluated.
	ErrForm = errors.New("jose: not a JWS we evaluate")
)

// Algorithm is the name of a signature algorithm. RFC 7518, 3.1.
type Algorithm string

// The algorithms that are allowed. There is no none and no MAC.
const (
	RS256 Algorithm = "RS256"
	RS384 Algorithm = "RS384"
	RS512 Algorithm = "RS512"
	PS256 Algorithm = "PS256"
	PS384 Algorithm = "PS384"
	PS512 Algorithm = "PS512"
	ES256 Algorithm = "ES256"
	ES384 Algorithm = "ES384"
	ES512 Algorithm = "ES512"
)

// algorithms are those allowed: their name in the library, and the bits of the curve, 0 for RSA.
var algorithms = map[Algorithm]struct {
	jwa   jwa.SignatureAlgorithm
	curve int
}{
	RS256: {jwa.RS256, 0}, RS384: {jwa.RS384, 0}, RS512: {jwa.RS512, 0},
	PS256: {jwa.PS256, 0}, PS384: {jwa.PS384, 0}, PS512: {jwa.PS512, 0},
	ES256: {jwa.ES256, 256}, ES384: {jwa.ES384, 384}, ES512: {jwa.ES512, 521},
}

// The moduli of RSA keys, in bits: what is weaker is no signature (ETSI TS 119 312), what is longer
// only costs time.
const (
	smallestRSA = 2048
	largestRSA  = 8192
)

// CheckKey tells whether signatures of a key may be verified: those with huge RSA keys take minutes, and
// anybody can put such a key into a certificate. The error is ErrKey.
func CheckKey(key crypto.PublicKey) error {
	_, err := AlgorithmFor(key)
	return err
}

// AlgorithmFor is the usual algorithm of a key: RS256, or that of the curve.
func AlgorithmFor(key crypto.PublicKey) (Algorithm, error) {
	for _, alg := range []Algorithm{RS256, ES256, ES384, ES512} {
		if fits(alg, key) == nil {
			return alg, nil
		}
	}
	return "", fmt.Errorf("%w: it must be RSA of %d to %d bits, or on the curve P-256, P-384 or P-521", ErrKey, smallestRSA, largestRSA)
}

// fits tells whether a key goes with an algorithm.
func fits(alg Algorithm, key crypto.PublicKey) error {
	a, allowed := algorithms[alg]
	if !allowed {
		return fmt.Errorf("%w: the algorithm is not one of RS256 to RS512, PS256 to PS512, ES256 to ES512", ErrForm)
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); a.curve == 0 && bits >= smallestRSA && bits <= largestRSA {
			return nil
		}
	case *ecdsa.PublicKey:
		if key.Curve.Params().BitSize == a.curve {
			return nil
		}
	}
	return fmt.Errorf("%w: %s needs another kind or size of key", ErrKey, alg)
}

// Sign signs. The signature is in the form of RFC 7518: r and s one after the other for ECDSA.
func Sign(alg Algorithm, key crypto.Signer, input []byte) ([]byte, error) {
	if err := fits(alg, key.Public()); err != nil {
		return nil, err
	}
	signer, err := jws.NewSigner(algorithms[alg].jwa)
	if err != nil {
		return nil, fmt.Errorf("jose: %w", err)
	}
	signature, err := signer.Sign(input, key)
	if err != nil {
		return nil, fmt.Errorf("jose: signing with %s: %w", alg, err)
	}
	return signature, nil
}

// Verify verifies a signature in the form of RFC 7518. The error is ErrSignature, ErrKey or ErrForm.
func Verify(alg Algorithm, key crypto.PublicKey, input, signature []byte) error {
	if err := fits(alg, key); err != nil {
		return err
	}
	verifier, err := jws.NewVerifier(algorithms[alg].jwa)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrForm, alg)
	}
	if verifier.Verify(input, signature, key) != nil {
		return ErrSignature
	}
	return nil
}

// base64URL refuses bits that stand for nothing, so that one signature has one text.
var base64URL = base64.RawURLEncoding.Strict()

// Encode writes base64url without padding. RFC 7515, 2.
func Encode(b []byte) string { return base64URL.EncodeToString(b) }

// Decode reads base64url without padding, line breaks or surplus bits.
func Decode(s string) ([]byte, error) {
	b, err := base64URL.DecodeString(s)
	if err != nil || strings.ContainsAny(s, "\r\n") { // which the decoder would pass over
		return nil, fmt.Errorf("%w: base64url is not well-formed", ErrForm)
	}
	return b, nil
}
