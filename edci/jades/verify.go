package jades

import (
	"crypto/x509"
	"errors"
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

const (
	largestFile    = 64 << 20
	mostSignatures = 8
	tolerance      = 5 * time.Minute
)

func (o VerifyOptions) withDefaults() VerifyOptions {
	if o.Time.IsZero() {
		o.Time = time.Now()
	}
	if o.Limits.Size == 0 {
		o.Limits.Size = largestFile
	}
	if o.Tolerance == 0 {
		o.Tolerance = tolerance
	}
	return o
}

// Result is what is known of a sealed file.
type Result struct {
	// Payload is the credential: the bytes that were sealed. nil when a signature does not hold.
	Payload []byte `json:"-"`

	Checks []verification.Check `json:"checks"` // Format, Seal, Owner, Accreditation, Revocation, Expiry, Custom
	Seals  []SealResult         `json:"seals"`  // one for each signature
}

// SealResult is what is known of one signature. Who it names, and when, is believed only as far as the
// parts go.
type SealResult struct {
	Algorithm   jose.Algorithm       `json:"algorithm,omitempty"`
	Level       string               `json:"level,omitempty"` // B, or T with a time stamp that fits; what is beyond T is not looked at
	Subject     verification.Subject `json:"subject"`
	Claimed     *time.Time           `json:"claimedTime,omitempty"` // sigT
	Stamped     *time.Time           `json:"stampedTime,omitempty"` // by an authority under the given roots
	Parts       verification.List    `json:"parts"`
	Certificate *x509.Certificate    `json:"-"`
}

// Names of the parts of a seal.
const (
	PartHeader      = "header"               // form, algorithm, crit, certificates
	PartSignature   = "signature"            // over header and credential
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
// The check of the seal is passed when all signatures hold and lead to the given roots at the time of
// sealing; that is the time of a stamp under TSARoots, otherwise now. It never says that a seal is
// qualified or that nothing was revoked.
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
	seal := summary(r.Seals)
	if !held(r.Seals) {
		r.Checks = verification.Checks(seal, nil, opt.Time)
		return r, nil
	}
	r.Payload = doc.payload
	r.Checks = verification.Checks(seal, doc.read(opt.Limits), opt.Time)
	return r, nil
}

// document is a JWS taken apart.
type document struct {
	text       string // payload as it stands
	payload    []byte // what it stands for
	signatures []signature
	credential *verification.Credential // read when the first signature holds
}

func (d *document) read(lim edci.Limits) *verification.Credential {
	if d.credential == nil {
		d.credential = verification.Read(d.payload, lim)
	}
	return d.credential
}

type signature struct {
	protected, signature string
	unprotected          edci.Object
	header               *jose.Header
	problem              error // why there is no header
}

// read takes a file apart.
func read(file []byte, lim edci.Limits) (*document, error) {
	v, err := edci.ParseJSON(file, lim)
	if err != nil {
		return nil, fmt.Errorf("%w: a JWS in JSON serialisation was expected: %w", ErrForm, err)
	}
	o, _ := v.(edci.Object)
	text, ok := member[string](o, "payload")
	if !ok {
		return nil, fmt.Errorf("%w: there is no payload", ErrForm)
	}
	doc := &document{text: text}
	if err := doc.split(o); err != nil {
		return nil, err
	}
	return doc, doc.decode()
}

// member is the member of an object, if it is of that kind.
func member[T any](o edci.Object, name string) (T, bool) {
	v, _ := o.Get(name)
	t, ok := v.(T)
	return t, ok
}

// split takes the signatures. RFC 7515, 7.2.1 and 7.2.2; other members are refused, as nobody signed them.
func (d *document) split(o edci.Object) error {
	list, general := member[edci.Array](o, "signatures")
	if !general {
		s, err := newSignature(o, "payload")
		d.signatures = append(d.signatures, s)
		return err
	}
	if len(o) != 2 || len(list) == 0 || len(list) > mostSignatures {
		return fmt.Errorf("%w: beside payload there must be signatures alone, 1 to %d", ErrForm, mostSignatures)
	}
	for i, e := range list {
		o, _ := e.(edci.Object)
		s, err := newSignature(o, "")
		if err != nil {
			return fmt.Errorf("signature %d: %w", i+1, err)
		}
		d.signatures = append(d.signatures, s)
	}
	return nil
}

// newSignature reads one signature; beside names one more member that may be there.
func newSignature(o edci.Object, beside string) (signature, error) {
	var s signature
	for _, m := range o {
		ok := m.Name == beside
		switch m.Name {
		case "protected":
			s.protected, ok = m.Value.(string)
		case "signature":
			s.signature, ok = m.Value.(string)
		case "header":
			s.unprotected, ok = m.Value.(edci.Object)
			ok = ok && onlyUnsigned(s.unprotected)
		}
		if !ok {
			return s, fmt.Errorf("%w: a signature has protected, signature, and header with etsiU alone", ErrForm)
		}
	}
	if s.protected == "" || s.signature == "" {
		return s, fmt.Errorf("%w: a signature needs a protected header and a value", ErrForm)
	}
	s.header, s.problem = jose.ReadHeader(s.protected, "sigT", "adoTst")
	return s, nil
}

// onlyUnsigned tells whether an unprotected header holds nothing that must be protected.
func onlyUnsigned(o edci.Object) bool {
	_, ok := o.Get("etsiU")
	return len(o) == 0 || len(o) == 1 && ok
}

// decode reads the payload. All signatures must take it in the same way. RFC 7797, 3.
func (d *document) decode() error {
	var plain, encoded bool
	for _, s := range d.signatures {
		if s.header != nil {
			plain, encoded = plain || s.header.Unencoded, encoded || !s.header.Unencoded
		}
	}
	if plain && encoded {
		return fmt.Errorf("%w: the signatures do not agree in b64", ErrForm)
	}
	d.payload = []byte(d.text)
	if !encoded {
		return nil
	}
	var err error
	if d.payload, err = jose.Decode(d.text); err != nil {
		return fmt.Errorf("%w: the payload: %w", ErrForm, err)
	}
	return nil
}

// verify makes the parts of one signature. Nothing is looked at after a signature that does not hold.
func (d *document) verify(s signature, opt VerifyOptions) SealResult {
	if s.problem != nil {
		return SealResult{Parts: verification.List{failed(PartHeader, s.problem)}}
	}
	e := evaluation{document: d, signature: s, opt: opt, at: opt.Time}
	e.Algorithm = s.header.Algorithm
	for _, step := range []func(){
		e.checkHeader, e.checkSignature, e.checkContentTime, e.checkTimestamps, e.checkCertificate, e.checkChain, e.checkIssuer, e.unchecked,
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

// claimedTime reads sigT.
func (e *evaluation) claimedTime() error {
	s, ok := member[string](e.header.Members, "sigT")
	if !ok {
		return fmt.Errorf("%w: sigT is missing", ErrForm)
	}
	t, err := time.Parse(time.RFC3339, s)
	switch {
	case err != nil:
		return fmt.Errorf("%w: sigT is no time", ErrForm)
	case t.After(e.opt.Time.Add(e.opt.Tolerance)):
		return fmt.Errorf("%w: sigT is to come", ErrForm)
	}
	e.Claimed = &t
	return nil
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
	stamps, err := readTokens(container, []byte(e.text))
	if err != nil {
		e.fail(PartContentTime, err)
		return
	}
	if _, reason := e.trusted(stamps); reason != "" {
		e.open(PartContentTime, reason)
		return
	}
	e.pass(PartContentTime, "it fits, and leads to a given root")
}

// trusted is the first stamp whose authority leads to a given root, or why there is none.
func (e *evaluation) trusted(stamps []*token) (*token, string) {
	if e.opt.TSARoots == nil {
		return nil, "it fits, but no roots of time-stamping authorities are given: its time is not proven"
	}
	reason := ""
	for _, t := range stamps {
		err := t.trusted(e.opt.TSARoots)
		if err == nil {
			return t, ""
		}
		reason = "it fits, but its authority does not lead to a given root: " + err.Error()
	}
	return nil, reason
}

// checkTimestamps checks the stamps over the signature.
func (e *evaluation) checkTimestamps() {
	u, err := readUnsigned(e.unprotected, e.signature.signature)
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
	e.Level = "T"
	t, reason := e.trusted(u.stamps)
	switch {
	case reason != "":
		e.open(PartTimestamp, reason)
	case t.time.Before(e.Claimed.Add(-e.opt.Tolerance)), t.time.After(e.opt.Time.Add(e.opt.Tolerance)):
		e.fail(PartTimestamp, fmt.Errorf("%w: it is of a time before sigT, or to come", ErrTimestamp))
	default:
		e.at, e.Stamped = t.time, &t.time
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
	e.Parts = append(e.Parts, verification.Issuer(e.read(e.opt.Limits).Tree(), e.Subject))
}

// unchecked names what is never looked at.
func (e *evaluation) unchecked() {
	e.open(PartRevoked, "neither CRL nor OCSP is asked")
	e.open(PartQualified, "the trusted lists of the EU are not asked")
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

// summary is the check of the seal.
func summary(seals []SealResult) verification.Part {
	p := verification.Part{Status: verification.Passed,
		Reason: "signed by the named certificate, which leads to a given root; whether it is qualified or was revoked is not checked"}
	for i, s := range seals {
		for _, part := range s.Parts {
			if part.Status == verification.Failed {
				return verification.Part{Status: verification.Failed, Reason: fmt.Sprintf("signature %d, %s: %s", i+1, part.Name, part.Reason)}
			}
		}
		for _, name := range []string{PartCertificate, PartChain} {
			if part := s.Parts.Part(name); part.Status != verification.Passed && p.Status == verification.Passed {
				p = verification.Part{Status: verification.NotChecked,
					Reason: fmt.Sprintf("signature %d holds, but %s: %s", i+1, name, part.Reason)}
			}
		}
	}
	return p
}
