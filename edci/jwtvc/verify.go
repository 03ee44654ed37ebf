package jwtvc

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/verification"
)

// VerifyOptions say whom to trust.
type VerifyOptions struct {
	// Key or Certificate is the issuer's, known from elsewhere; both nil: that of the certificate in the token.
	// One in the token must then be of that key, or that certificate.
	Key         crypto.PublicKey
	Certificate *x509.Certificate

	Roots     *x509.CertPool // of certificates; nil: who signed is not checked, unless Key or Certificate is given
	Time      time.Time      // of verification; zero: now
	Limits    edci.Limits    // of the token and of the credential; Size is 64 MiB when it is 0
	Tolerance time.Duration  // between clocks, for nbf; zero: 5 minutes
}

func (o VerifyOptions) withDefaults() VerifyOptions {
	verification.Defaults(&o.Time, &o.Limits, &o.Tolerance)
	return o
}

// Result is what is known of a token.
type Result struct {
	// Claims is the claims set: the bytes that were signed. nil when the signature does not hold.
	Claims []byte `json:"-"`

	// Credential is the credential in it, with what it lacked taken from the claims, as compact JSON. nil
	// when the signature or the claims are not right.
	Credential []byte `json:"-"`

	Verdict   verification.Part    `json:"verdict"` // of the signature
	Checks    []verification.Check `json:"checks"`  // Format, Seal, Owner, Accreditation, Revocation, Expiry, Custom
	Algorithm jose.Algorithm       `json:"algorithm,omitempty"`
	KeyID     string               `json:"kid,omitempty"`
	Subject   verification.Subject `json:"subject"` // of the certificate
	Parts     verification.List    `json:"parts"`

	Certificate *x509.Certificate `json:"-"` // nil: the key came from elsewhere
}

// Names of the parts of a signature.
const (
	PartHeader      = "header"            // form, algorithm, type, certificates
	PartSignature   = "signature"         // over header and claims
	PartClaims      = "claims"            // against the credential
	PartTime        = "time"              // nbf and exp
	PartCertificate = "certificate"       // use and validity
	PartChain       = "certificate-chain" // up to a given root
	PartIssuer      = "issuer"            // of the credential, against the certificate
	PartQualified   = "qualified"
)

// types are the values of typ that are read; without one it may be any JWT.
var types = []string{"", "jwt", TypeVC, "vc+ld+jwt"}

// Verify verifies a JWT VC. The key is the one given, that of the certificate given, or that of x5c; no other place
// that a header may name is looked at.
//
// The verdict is passed when the signature holds and the key or certificate was given, or its certificate leads to a given
// root now and is the issuer's by its identifier, or is itself one of the roots. The check "Seal" is never
// passed: whether a seal is qualified is not checked. The error is ErrForm: a JWS in JSON serialisation (package jades reads those), an SD-JWT, or longer
// than the limit.
func Verify(token []byte, opt VerifyOptions) (*Result, error) {
	opt = opt.withDefaults()
	token = bytes.TrimSpace(token)
	switch {
	case len(token) > opt.Limits.Size:
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrForm, opt.Limits.Size)
	case bytes.HasPrefix(token, []byte("{")):
		return nil, fmt.Errorf("%w: JSON; a seal in JSON serialisation is for package jades", ErrForm)
	case bytes.ContainsRune(token, '~'):
		return nil, fmt.Errorf("%w: an SD-JWT", ErrForm)
	}
	jws, err := jose.ReadCompact(string(token))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForm, err)
	}
	e := &evaluation{jws: jws, opt: opt}
	for _, step := range []func() error{e.checkHeader, e.checkSignature, e.checkClaims} {
		if err := step(); err != nil {
			return e.result(), nil
		}
	}
	e.checkTime()
	e.checkCertificate()
	e.add(PartQualified, verification.NotChecked, "the trusted lists of the EU are not asked")
	return e.result(), nil
}

// evaluation is that of one token.
type evaluation struct {
	Result
	jws    *jose.Compact
	opt    VerifyOptions
	header *jose.Header
	key    crypto.PublicKey
	claims edci.Object
	tree   edci.Object

	vouched bool // the key or certificate is itself trusted
}

func (e *evaluation) add(name string, s verification.Status, reason string) {
	e.Parts = append(e.Parts, verification.Part{Name: name, Status: s, Reason: reason})
}

// judge files a part that is passed or failed.
func (e *evaluation) judge(name string, err error, passed string) error {
	if err != nil {
		e.add(name, verification.Failed, err.Error())
		return err
	}
	e.add(name, verification.Passed, passed)
	return nil
}

func (e *evaluation) checkHeader() error {
	return e.judge(PartHeader, e.readHeader(), "well-formed; alg and typ are among those that are read, and there is a key")
}

func (e *evaluation) readHeader() (err error) {
	if e.header, err = jose.ReadHeader(e.jws.Protected); err != nil {
		return err
	}
	h := e.header
	e.Algorithm, e.KeyID = h.Algorithm, h.KeyID
	switch {
	case h.Unencoded: // RFC 7797, 7
		return fmt.Errorf("%w: b64 is false, which a JWT must not say", ErrForm)
	case !slices.Contains(types, h.Type):
		return fmt.Errorf("%w: typ is not %s or %s", ErrForm, TypeJWT, TypeVC)
	}
	return e.findKey()
}

// findKey takes the key that was given, else that in the token. A token that names another one is refused:
// other readers would go by that.
func (e *evaluation) findKey() error {
	e.Certificate = e.opt.Certificate
	if chain := e.header.Chain; len(chain) > 0 {
		if e.Certificate != nil && !e.Certificate.Equal(chain[0]) {
			return fmt.Errorf("%w: x5c names another certificate than the one given", ErrForm)
		}
		e.Certificate = chain[0]
	}
	e.key, e.vouched = e.opt.Key, e.opt.Key != nil || e.opt.Certificate != nil
	if e.Certificate == nil {
		if e.key == nil {
			return fmt.Errorf("%w: no key is given, and the token has no certificate (x5c)", ErrForm)
		}
		return nil
	}
	e.Subject = verification.SubjectOf(e.Certificate)
	own, ok := e.Certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if e.key != nil && !(ok && own.Equal(e.key)) {
		return fmt.Errorf("%w: the certificate (x5c) is of another key than the one given", ErrForm)
	}
	e.key = e.Certificate.PublicKey
	return nil
}

func (e *evaluation) checkSignature() error {
	err := jose.Verify(e.Algorithm, e.key, e.jws.Input, e.jws.Signature)
	if err == nil {
		e.Claims = e.jws.Payload
	}
	return e.judge(PartSignature, err, "it holds, over header and claims")
}

func (e *evaluation) checkClaims() error {
	return e.judge(PartClaims, e.readClaims(), "they say what the credential says")
}

func (e *evaluation) readClaims() error {
	v, err := edci.ParseJSON(e.Claims, e.opt.Limits)
	if err != nil {
		return fmt.Errorf("%w: the claims: %w", ErrForm, err)
	}
	claims, ok := v.(edci.Object)
	if !ok {
		return fmt.Errorf("%w: the claims are no JSON object", ErrForm)
	}
	e.claims = claims
	if e.tree, err = credentialOf(claims, e.header.Type); err != nil {
		return err
	}
	e.Credential = edci.AppendValue(nil, e.tree)
	return nil
}

// checkTime checks nbf and exp. RFC 7519, 4.1.
func (e *evaluation) checkTime() {
	var err error
	if v, there := e.claims.Get("nbf"); there {
		if t, _ := jose.NumericDate(v); e.opt.Time.Add(e.opt.Tolerance).Before(t) {
			err = errors.New("it is not valid yet: nbf is to come")
		}
	}
	if v, there := e.claims.Get("exp"); there {
		if t, _ := jose.NumericDate(v); !e.opt.Time.Before(t) {
			err = errors.New("it has expired: exp is past")
		}
	}
	_ = e.judge(PartTime, err, "nbf and exp, where they are there, allow it")
}

// checkCertificate checks who signed, now: a JWT proves no time.
func (e *evaluation) checkCertificate() {
	c := e.Certificate
	if c == nil {
		e.add(PartCertificate, verification.Passed, "there is none: the key was given")
		e.add(PartChain, verification.Passed, "the key was given")
		e.add(PartIssuer, verification.NotChecked, "a key without certificate does not say of whom it is: that it may sign for this issuer is on trust")
		return
	}
	err := jose.ForSignatures(c)
	if e.opt.Time.Before(c.NotBefore) || e.opt.Time.After(c.NotAfter) {
		err = errors.New("it is not valid now")
	}
	_ = e.judge(PartCertificate, err, "valid now, and for signatures")
	e.checkChain()
	p := verification.Issuer(e.tree, e.Subject)
	if e.vouched = e.vouched || jose.Among(c, e.opt.Roots); e.vouched {
		p = p.Vouched()
	}
	e.Parts = append(e.Parts, p)
}

// checkChain follows the certificates, unless the caller knows that of the issuer or its key.
func (e *evaluation) checkChain() {
	switch {
	case e.vouched:
		e.add(PartChain, verification.Passed, "the certificate or its key was given")
	case e.opt.Roots == nil:
		e.add(PartChain, verification.NotChecked, "no roots are given: who signed is not proven")
	default:
		_ = e.judge(PartChain, jose.VerifyPath(e.header.Chain, nil, e.opt.Roots, e.opt.Time, x509.ExtKeyUsageAny), "it leads to a given root")
	}
}

// result sums up.
func (e *evaluation) result() *Result {
	credential := verification.Withheld(e.Parts)
	if e.Credential != nil {
		credential = verification.Read(e.Credential, e.opt.Limits)
	}
	e.Verdict = e.Parts.Verdict(e.vouched)
	if e.Verdict.Status == verification.NotChecked {
		e.Verdict.Reason = "the signature holds, but " + e.Verdict.Reason
	}
	e.Checks = verification.Checks(e.Verdict, credential, e.opt.Time)
	return &e.Result
}
