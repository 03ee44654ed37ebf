package jades

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"elmobridge/edci/jose"
	"elmobridge/edci/verification"
)

// verify makes the parts of one signature. Nothing is looked at after a signature that does not hold.
func (d *document) verify(s signature, opt VerifyOptions) SealResult {
	if s.problem != nil {
		return SealResult{Parts: verification.List{failed(PartHeader, s.problem)}}
	}
	e := evaluation{document: d, signature: s, opt: opt, at: opt.Time}
	e.Algorithm = s.header.Algorithm
	for _, step := range []func(){
		e.checkHeader, e.checkSignature, e.checkTime, e.checkContentTime, e.checkTimestamps, e.checkCertificate, e.checkChain, e.checkIssuer, e.unchecked,
	} {
		if step(); e.stop {
			break
		}
	}
	return e.SealResult
}

// evaluation is that of one signature.
type evaluation struct {
	SealResult
	*document
	signature
	opt   VerifyOptions
	at    time.Time // of sealing, as far as it is proven
	extra []*x509.Certificate
	stop  bool
}

func (e *evaluation) pass(name, reason string) {
	e.Parts = append(e.Parts, verification.Part{Name: name, Status: verification.Passed, Reason: reason})
}

func (e *evaluation) open(name, reason string) {
	e.Parts = append(e.Parts, verification.Part{Name: name, Status: verification.NotChecked, Reason: reason})
}

func (e *evaluation) fail(name string, err error) { e.Parts = append(e.Parts, failed(name, err)) }

func failed(name string, err error) verification.Part {
	return verification.Part{Name: name, Status: verification.Failed, Reason: err.Error()}
}

// checkHeader looks for what a JAdES seal must have. ETSI TS 119 182-1, 6.3.
func (e *evaluation) checkHeader() {
	err := e.claimedTime()
	if err == nil && (len(e.header.Chain) == 0 || !e.header.Thumbprint) {
		err = fmt.Errorf("%w: x5c or x5t#S256 is missing; keys are taken from nowhere else", ErrForm)
	}
	if err != nil {
		e.fail(PartHeader, err)
		e.stop = true
		return
	}
	e.Certificate = e.header.Chain[0]
	e.Subject = verification.SubjectOf(e.Certificate)
	e.pass(PartHeader, "well-formed; alg, crit, x5c and x5t#S256 go together")
}

// claimedTime reads sigT, else iat: version 1.2.1 of ETSI TS 119 182-1 is said to want that of new
// signatures in place of sigT, which we have not seen ourselves. Europass writes sigT.
func (e *evaluation) claimedTime() error {
	v, there := e.header.Members.Get("sigT")
	if !there {
		return e.issuedAt()
	}
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return fmt.Errorf("%w: sigT is no time", ErrForm)
	}
	e.Claimed = &t
	return nil
}

// issuedAt reads iat. RFC 7519, 4.1.6.
func (e *evaluation) issuedAt() error {
	v, there := e.header.Members.Get("iat")
	if !there {
		return fmt.Errorf("%w: sigT and iat are missing", ErrForm)
	}
	t, err := jose.NumericDate(v)
	if err != nil {
		return fmt.Errorf("%w: iat is no time", ErrForm)
	}
	e.Claimed = &t
	return nil
}

// checkTime compares the time claimed with that of verification.
func (e *evaluation) checkTime() {
	if e.Claimed.After(e.opt.Time.Add(e.opt.Tolerance)) {
		e.fail(PartTime, errors.New("it was sealed, as it says, after the time of verification"))
		return
	}
	e.pass(PartTime, "it was sealed, as it says, before the time of verification")
}

func (e *evaluation) checkSignature() {
	value, err := jose.Decode(e.signature.signature)
	if err == nil {
		err = jose.Verify(e.header.Algorithm, e.Certificate.PublicKey, signingInput(e.protected, []byte(e.text)), value)
	}
	if err != nil {
		e.fail(PartSignature, err)
		e.stop = true
		return
	}
	e.Level = "B"
	e.pass(PartSignature, "it holds, over header and credential")
}

// checkContentTime checks adoTst, a stamp over the payload as it stands. ETSI TS 119 182-1, 5.2.6.
func (e *evaluation) checkContentTime() {
	container, there := e.header.Members.Get("adoTst")
	if !there {
		return
	}
	stamps, err := e.readTokens(container, []byte(e.text))
	if err != nil {
		e.fail(PartContentTime, err)
		return
	}
	t, reason := e.trusted(stamps)
	switch {
	case reason != "":
		e.open(PartContentTime, reason)
	case t.time.After(e.Claimed.Add(e.opt.Tolerance)), t.time.After(e.opt.Time.Add(e.opt.Tolerance)):
		e.fail(PartContentTime, fmt.Errorf("%w: it is of a time after sigT, or to come", ErrTimestamp))
	default:
		e.pass(PartContentTime, "it fits, and leads to a given root")
	}
}

// trusted is the first stamp whose authority leads to a given root, or why there is none.
func (e *evaluation) trusted(stamps []*token) (*token, string) {
	if e.opt.TSARoots == nil {
		return nil, "it fits, but no roots of time-stamping authorities are given: its time is not proven"
	}
	reason := ""
	for _, t := range stamps {
		err := t.trusted(e.opt.TSARoots, e.opt.Time)
		if err == nil {
			return t, ""
		}
		reason = "it fits, but " + err.Error()
	}
	return nil, reason
}

// checkTimestamps checks the stamps over the signature.
func (e *evaluation) checkTimestamps() {
	u, err := e.readUnsigned(e.unprotected, e.signature.signature)
	if err != nil {
		e.fail(PartTimestamp, err)
		return
	}
	e.extra = u.certificates
	defer func() {
		if u.archived {
			e.open(PartArchive, "certificates are used; revocation values and archive time stamps are not evaluated")
		}
	}()
	if len(u.stamps) == 0 {
		e.open(PartTimestamp, "there is none: the time of sealing is only claimed")
		return
	}
	t, reason := e.trusted(u.stamps)
	switch {
	case reason != "":
		e.open(PartTimestamp, reason+"; without it the level is B")
	case t.time.Before(e.Claimed.Add(-e.opt.Tolerance)), t.time.After(e.opt.Time.Add(e.opt.Tolerance)):
		e.fail(PartTimestamp, fmt.Errorf("%w: it is of a time before sigT, or to come", ErrTimestamp))
	default:
		e.at, e.Stamped, e.Level = t.time, &t.time, "T"
		e.pass(PartTimestamp, "it fits, and leads to a given root")
	}
}

// checkCertificate checks use, name and validity. A certificate that has expired since, without a proof
// that the seal is older, is neither right nor wrong (ETSI EN 319 102-1, 5.3.4: no proof of existence).
func (e *evaluation) checkCertificate() {
	c := e.Certificate
	id, known := readKeyID(e.header.KeyID)
	outside := func(t time.Time) bool { return t.Before(c.NotBefore) || t.After(c.NotAfter) }
	switch err := jose.ForSignatures(c); {
	case err != nil:
		e.fail(PartCertificate, err)
	case known && !id.names(c):
		e.fail(PartCertificate, errors.New("kid names another certificate than x5c"))
	case outside(*e.Claimed), e.Stamped != nil && outside(e.at):
		e.fail(PartCertificate, errors.New("it was not valid when the seal was made"))
	case outside(e.at):
		e.open(PartCertificate, "it has expired, and no trusted time stamp proves that the seal is older")
	default:
		e.pass(PartCertificate, "valid at that time, and for signatures")
	}
}

// checkChain follows the certificates.
func (e *evaluation) checkChain() {
	if e.opt.Roots == nil {
		e.open(PartChain, "no roots are given: who sealed is not proven")
		return
	}
	chain := e.header.Chain
	err := jose.VerifyPath(chain, e.extra, e.opt.Roots, e.at, x509.ExtKeyUsageAny)
	switch {
	case err == nil:
		e.pass(PartChain, "it leads to a given root")
	case jose.VerifyPath(chain, e.extra, e.opt.Roots, *e.Claimed, x509.ExtKeyUsageAny) == nil:
		e.open(PartChain, "it led to a given root at the time claimed, but no trusted time stamp proves that time")
	default:
		e.fail(PartChain, err)
	}
}

// checkIssuer compares the issuer with the certificate.
func (e *evaluation) checkIssuer() {
	p := verification.Issuer(e.read(e.opt.Limits).Tree(), e.Subject)
	if e.vouched = jose.Among(e.Certificate, e.opt.Roots); e.vouched {
		p = p.Vouched()
	}
	e.Parts = append(e.Parts, p)
}

// unchecked names what is never looked at.
func (e *evaluation) unchecked() {
	e.open(PartRevoked, "neither CRL nor OCSP is asked")
	e.open(PartQualified, "the trusted lists of the EU are not asked")
}
