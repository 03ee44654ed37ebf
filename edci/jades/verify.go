package jades

import (
	"crypto/x509"
	"fmt"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/verification"
)

// VerifyOptions say whom to trust.
type VerifyOptions struct {
	Roots     *x509.CertPool // of seals; nil: who sealed is not checked
	TSARoots  *x509.CertPool // of time-stamping authorities; nil: times of seals are only claimed
	Time      time.Time      // of verification; zero: now
	Limits    edci.Limits    // of the file and of the credential; Size is 64 MiB when it is 0
	Tolerance time.Duration  // between clocks; zero: 5 minutes
}

// mostSignatures may stand in one file.
const mostSignatures = 8

func (o VerifyOptions) withDefaults() VerifyOptions {
	verification.Defaults(&o.Time, &o.Limits, &o.Tolerance)
	return o
}

// Result is what is known of a sealed file.
type Result struct {
	// Payload is the credential: the bytes that were sealed. nil when a signature does not hold.
	Payload []byte `json:"-"`

	Verdict verification.Part    `json:"verdict"` // of all signatures
	Checks  []verification.Check `json:"checks"`  // Format, Seal, Owner, Accreditation, Revocation, Expiry, Custom
	Seals   []SealResult         `json:"seals"`   // one for each signature
}

// SealResult is what is known of one signature. Who it names, and when, is believed only as far as the
// parts go.
type SealResult struct {
	Algorithm   jose.Algorithm       `json:"algorithm,omitempty"`
	Level       string               `json:"level,omitempty"` // B, or T with a time stamp under the given roots; what is beyond T is not looked at
	Subject     verification.Subject `json:"subject"`
	Claimed     *time.Time           `json:"claimedTime,omitempty"` // sigT, or iat
	Stamped     *time.Time           `json:"stampedTime,omitempty"` // by an authority under the given roots
	Parts       verification.List    `json:"parts"`
	Certificate *x509.Certificate    `json:"-"`

	vouched bool // the certificate is itself one of the roots
}

// Names of the parts of a seal.
const (
	PartHeader      = "header"               // form, algorithm, crit, certificates
	PartSignature   = "signature"            // over header and credential
	PartTime        = "time"                 // claimed, against that of verification
	PartContentTime = "content-time-stamp"   // adoTst
	PartTimestamp   = "signature-time-stamp" // sigTst
	PartCertificate = "certificate"          // use, kid, validity at the time of sealing
	PartChain       = "certificate-chain"    // up to a given root
	PartIssuer      = "issuer"               // of the credential, against the certificate
	PartArchive     = "archive"              // what levels LT and LTA add
	PartRevoked     = "certificate-revocation"
	PartQualified   = "qualified" // certificate and trust service
)

// Verify verifies a sealed file, JWS in JSON serialisation, general or flattened. With several
// signatures each is evaluated, and the seal is only as good as the worst of them.
//
// The verdict is passed when all signatures hold, lead to the given roots at the time of sealing, and are
// by the issuer of the credential. That time is the time of a stamp under TSARoots, otherwise now. The
// issuer is compared by its identifier, unless the certificate is itself one of the roots: then the caller
// vouches for it. That a seal is qualified or that nothing was revoked is never said, for which the check
// "Seal" is never passed.
//
// The error is ErrForm: a compact JWS (package jwtvc reads those), members that nobody signed beside those
// of a JWS, a member that is there twice, or more than the limits.
func Verify(file []byte, opt VerifyOptions) (*Result, error) {
	opt = opt.withDefaults()
	doc, err := read(file, opt.Limits)
	if err != nil {
		return nil, err
	}
	r := &Result{}
	for _, s := range doc.signatures {
		r.Seals = append(r.Seals, doc.verify(s, opt))
	}
	r.Verdict = summary(r.Seals)
	if !held(r.Seals) {
		r.Checks = verification.Checks(r.Verdict, withheld(r.Seals), opt.Time)
		return r, nil
	}
	r.Payload = doc.payload
	r.Checks = verification.Checks(r.Verdict, doc.read(opt.Limits), opt.Time)
	return r, nil
}

// held tells whether all signatures hold.
func held(seals []SealResult) bool {
	for _, s := range seals {
		if s.Parts.Part(PartSignature).Status != verification.Passed {
			return false
		}
	}
	return true
}

// withheld stands for what signatures do not vouch for.
func withheld(seals []SealResult) *verification.Credential {
	var parts []verification.List
	for _, s := range seals {
		parts = append(parts, s.Parts)
	}
	return verification.Withheld(parts...)
}

// summary is the verdict on all of them: that on the worst.
func summary(seals []SealResult) verification.Part {
	sum := seals[0].Parts.Verdict(seals[0].vouched)
	for i, s := range seals {
		p := s.Parts.Verdict(s.vouched)
		switch p.Status {
		case verification.Failed:
			p.Reason = fmt.Sprintf("signature %d, %s", i+1, p.Reason)
			return p
		case verification.NotChecked:
			p.Reason = fmt.Sprintf("signature %d holds, but %s", i+1, p.Reason)
		}
		if i == 0 || sum.Status == verification.Passed {
			sum = p
		}
	}
	return sum
}
