package convert

import (
	"crypto/x509"
	"fmt"
	"strings"

	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose"
	"elmobridge/edci/jwtvc"
	"elmobridge/edci/verification"
)

// mostItems is how many credentials of one file are verified.
const mostItems = 1000

// Names of checks of credentials: ours, beside those of the list "verification".
const (
	checkTrust    = "trust"    // integrity, and who signed
	checkEnvelope = "envelope" // around what is signed
	checkContent  = "content"  // inside it
)

func (t Trust) verifyEDC(data []byte) (*Verification, error) {
	items, err := edci.Open(data, edci.Limits{})
	if err != nil {
		return nil, err
	}
	if len(items) > mostItems {
		return nil, fmt.Errorf("%w: more than %d credentials are not verified at once", edci.ErrLimit, mostItems)
	}
	if len(items) == 1 && items[0].Form == "credential" {
		if _, err := edci.Read(data, edci.ReadOptions{}); err != nil {
			return nil, err
		}
	}
	v := &Verification{Format: FormatEDC, input: &Input{Format: FormatEDC}}
	for i, item := range items {
		e := &evaluation{Verification: v, trust: t, file: data, item: item}
		if len(items) > 1 {
			e.of = fmt.Sprintf("credential %d", i+1)
		}
		e.verify()
	}
	if n := len(items); n > 1 {
		v.reason = fmt.Sprintf("each of the %d credentials is signed by somebody trusted; whether certificates are qualified or were revoked is not checked", n)
	}
	v.conclude()
	return v, nil
}

// evaluation is that of one item of a file.
type evaluation struct {
	*Verification
	trust Trust
	file  []byte
	item  edci.Item
	of    string
}

// verify verifies an item by its form.
func (e *evaluation) verify() {
	if len(e.item.Around) > 0 {
		e.add(Check{Of: e.of, Name: checkEnvelope, Status: verification.NotChecked, counts: true,
			Reason: "no signature covers what stands around the credential: " + some(e.item.Around)})
	}
	switch e.item.Form {
	case "jades":
		e.seal()
	case "jwt":
		e.token()
	case "sd-jwt":
		e.add(Check{Of: e.of, Name: checkTrust, Status: verification.NotChecked, counts: true, Reason: "it is an SD-JWT, whose signature is not verified here"})
	default:
		e.unsigned()
	}
}

// some names up to three members.
func some(names []string) string {
	if n := len(names); n > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), n-3)
	}
	return strings.Join(names, ", ")
}

func (e *evaluation) seal() {
	r, err := jades.Verify(e.item.Data, jades.VerifyOptions{Roots: e.trust.roots(), TSARoots: pool(e.trust.TSA), Time: e.trust.now()})
	if err != nil {
		e.refused(err)
		return
	}
	e.list(r.Verdict, r.Checks)
	for i, s := range r.Seals {
		of := e.below(fmt.Sprintf("seal %d", i+1))
		e.parts(of, s.Parts)
		e.signature(Signature{Of: of, Form: SignatureSeal, Level: s.Level, Claimed: s.Claimed, Stamped: s.Stamped}, s.Algorithm, s.Certificate)
	}
	e.take(r.Payload)
}

func (e *evaluation) token() {
	r, err := e.trust.verifyToken(e.item.Data)
	if err != nil {
		e.refused(err)
		return
	}
	e.list(r.Verdict, r.Checks)
	of := e.below("token")
	e.parts(of, r.Parts)
	e.signature(Signature{Of: of, Form: SignatureJWT}, r.Algorithm, r.Certificate)
	e.take(r.Credential)
}

// verifyToken verifies a token by its certificate. Where that leaves open who signed, the public keys that are
// trusted are tried; those of trusted certificates as well when the token has none.
func (t Trust) verifyToken(token []byte) (*jwtvc.Result, error) {
	r, err := jwtvc.Verify(token, jwtvc.VerifyOptions{Roots: t.roots(), Time: t.now()})
	if err != nil || r.Certificate != nil && r.Verdict.Status != verification.NotChecked {
		return r, err
	}
	best := r
	for _, k := range t.Keys {
		if k.Certificate != nil && r.Certificate != nil {
			continue // it is among the roots
		}
		opt := jwtvc.VerifyOptions{Certificate: k.Certificate, Time: t.now()}
		if k.Certificate == nil {
			opt.Key = k.Public
		}
		known, err := jwtvc.Verify(token, opt)
		switch {
		case err != nil || known.Claims == nil: // another key
		case known.Verdict.Status == verification.Passed:
			return known, nil
		case best == r:
			best = known
		}
	}
	return best, nil
}

// unsigned lists the checks of a credential that nobody vouches for.
func (e *evaluation) unsigned() {
	part := verification.Part{Status: verification.Failed, Reason: "there is no seal: nobody vouches for the credential"}
	if e.item.Sealed {
		part = verification.Part{Status: verification.NotChecked, Reason: "it has a proof inside, which is not verified here, and no seal"}
	}
	e.list(part, verification.Checks(part, verification.Read(e.item.Data, edci.Limits{}), e.trust.now()))
}

// refused lists the checks of what is not even evaluated.
func (e *evaluation) refused(err error) {
	part := verification.Part{Status: verification.Failed, Reason: err.Error()}
	e.list(part, verification.Checks(part, verification.Withheld(), e.trust.now()))
}

// below names a part of the item.
func (e *evaluation) below(part string) string {
	if e.of == "" {
		return part
	}
	return e.of + ", " + part
}

// list lists the verdict on the signatures, which counts, and the checks of the list "verification". Of
// these the seal is never passed, for nobody checks that it is qualified.
func (e *evaluation) list(verdict verification.Part, checks []verification.Check) {
	e.add(Check{Of: e.of, Name: checkTrust, Status: verdict.Status, Reason: verdict.Reason, counts: true})
	for _, c := range checks {
		e.add(Check{ID: c.ID, Of: e.of, Name: c.Name, Status: c.Status, Reason: c.Reason})
	}
	e.reason = verdict.Reason
}

func (e *evaluation) parts(of string, list verification.List) {
	for _, p := range list {
		e.add(Check{Of: of, Name: p.Name, Status: p.Status, Reason: p.Reason})
	}
}

func (e *evaluation) signature(s Signature, alg jose.Algorithm, c *x509.Certificate) {
	s.Algorithm = string(alg)
	if c != nil {
		subject := verification.SubjectOf(c)
		s.Signer = &subject
	}
	e.Signatures = append(e.Signatures, s)
}

// take takes over what was signed; nil when no signature vouches for it. Envelopes inside have signatures
// of their own that nobody looked at.
func (e *evaluation) take(payload []byte) {
	if payload == nil {
		return
	}
	credentials, err := edci.Read(payload, edci.ReadOptions{})
	if err != nil {
		return // the check of the format has failed
	}
	for _, c := range credentials {
		if s := c.Source; s.Envelope != "credential" || s.Sealed {
			e.add(Check{Of: e.of, Name: checkContent, Status: verification.NotChecked, counts: true,
				Reason: "what is sealed holds another envelope or proof, which is not verified"})
		}
		e.place(c)
	}
	e.input.Credentials = append(e.input.Credentials, credentials...)
}

// place tells a credential of which file it is, and where it stands there.
func (e *evaluation) place(c *edci.EuropeanDigitalCredential) {
	s := c.Source
	s.Data, s.Index = e.file, len(e.input.Credentials)
	s.Envelope, s.At, s.Around, s.Sealed, s.Encoded = e.item.Envelope, e.item.At, e.item.Around, true, true
}

// roots are the certificates among the keys; nil when there is none.
func (t Trust) roots() *x509.CertPool {
	var list []*x509.Certificate
	for _, k := range t.Keys {
		if k.Certificate != nil {
			list = append(list, k.Certificate)
		}
	}
	return pool(list)
}

func pool(certificates []*x509.Certificate) *x509.CertPool {
	if len(certificates) == 0 {
		return nil
	}
	p := x509.NewCertPool()
	for _, c := range certificates {
		p.AddCert(c)
	}
	return p
}
