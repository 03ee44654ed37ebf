package convert

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"elmobridge/edci/verification"
	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
)

// Trust says whom to believe. The zero value believes nobody: whether a file is whole can be told then,
// not who signed it.
type Trust struct {
	// Keys are certificates and public keys. An ELMO document must be signed by one of them, as EMREG and
	// EWP publish them for the provider that was asked. A credential must be sealed by one of the
	// certificates or by one that leads to them; one in a JWT may be signed by a public key as well.
	// A certificate under one that is trusted may seal for its own organisation alone; who trusts a certificate or
	// key itself vouches for the issuers it signs for where there is no identifier to compare.
	Keys []xmldsig.Key
	// TSA are the certificates that those of time-stamping authorities lead to. Without them the time of a
	// seal is what the seal claims.
	TSA  []*x509.Certificate
	SHA1 xmldsig.Policy // for signatures of ELMO documents; "" is warn
	Time time.Time      // of verification; zero: now
}

// SignatureForm is how something is signed.
type SignatureForm string

const (
	SignatureXML  SignatureForm = "xml-signature" // XML Signature 1.1, enveloped
	SignatureSeal SignatureForm = "jades"         // JWS in JSON serialisation: JAdES
	SignatureJWT  SignatureForm = "jwt"           // compact JWS
)

// Verification is what is known of the signatures of a file.
type Verification struct {
	Format Format `json:"format"`

	// Status is passed when every part of the file is covered by a signature that holds and is by somebody
	// trusted, the issuer of the credential, and no check failed; not-checked when nothing failed, but not all that this takes was checked.
	Status verification.Status `json:"status"`
	Reason string              `json:"reason"`

	// Checks are those of the code list "verification" for each credential, and the steps of each signature.
	Checks     []Check     `json:"checks"`
	Signatures []Signature `json:"signatures"` // those that could be taken apart
	Warnings   []string    `json:"warnings,omitempty"`

	reason string // of the status passed
	input  *Input // what was verified
}

// Check is one thing that was checked, or that was not.
type Check struct {
	ID     string              `json:"id,omitempty"` // member of the list "verification"
	Of     string              `json:"of,omitempty"` // "credential 2", "seal 1", "diploma supplement 1"; empty: the file
	Name   string              `json:"name"`
	Status verification.Status `json:"status"`
	Reason string              `json:"reason"`

	counts bool // the file is passed only if this is
}

// Signature is what one signature says of itself. Who it names, and when, is believed only as far as
// the checks go.
type Signature struct {
	Of        string                `json:"of,omitempty"` // as in Check
	Form      SignatureForm         `json:"form"`
	Algorithm string                `json:"algorithm,omitempty"` // RFC 7518, or the URI of XML Signature
	Level     string                `json:"level,omitempty"`     // of JAdES: B, or T
	Signer    *verification.Subject `json:"signer,omitempty"`    // of the certificate
	Claimed   *time.Time            `json:"claimedTime,omitempty"`
	Stamped   *time.Time            `json:"stampedTime,omitempty"` // by an authority that is trusted

	// XML is what package xmldsig says of the signature of an ELMO document that holds.
	XML *xmldsig.Result `json:"xml,omitempty"`
}

// ErrUnverified is returned by Verification.Read for files that did not pass.
var ErrUnverified = errors.New("the signature is not accepted")

// Verify verifies the signatures or seals of a file of either kind, wrapped or not. What fails is in the
// result; the error means that the file cannot be read at all: ErrFormat, or those of elmo.Read and edci.Read.
// Data must not be changed before the last use of the result.
//
// Of a file with several credentials each is verified, and the file is as good as the worst of them. What
// stands around them in an upload file or a presentation nobody signed, so that such a file is not passed. An
// upload file with nothing beside its sealed credential ({"credential": SEALED}) is passed: it says no more.
func Verify(data []byte, trust Trust) (*Verification, error) {
	switch Detect(data) {
	case FormatELMO:
		return trust.verifyELMO(data)
	case FormatEDC:
		return trust.verifyEDC(data)
	}
	return nil, unknownFormat(data)
}

// Read gives what was verified: the tree of the document that was digested, the credentials in the bytes
// that were sealed. The error is ErrUnverified unless Status is passed.
func (v *Verification) Read() (*Input, error) {
	if v.Status != verification.Passed {
		return nil, fmt.Errorf("%w: %s: %s", ErrUnverified, v.Status, v.Reason)
	}
	return v.input, nil
}

func (t Trust) now() time.Time {
	if t.Time.IsZero() {
		return time.Now()
	}
	return t.Time
}

func (v *Verification) add(c Check) { v.Checks = append(v.Checks, c) }

// conclude gives the status of the whole: failed by any check that failed, passed when there are checks
// that count and all of them are.
func (v *Verification) conclude() {
	v.Status, v.Reason = verification.NotChecked, "nothing was checked"
	counting, passed := 0, 0
	for _, c := range v.Checks {
		switch {
		case c.Status == verification.Failed:
			v.Status, v.Reason = c.Status, c.where()+c.Reason
			return
		case !c.counts:
			continue
		case c.Status == verification.Passed:
			passed++
		case counting == passed: // the first of them
			v.Reason = c.where() + c.Reason
		}
		counting++
	}
	if counting > 0 && passed == counting {
		v.Status, v.Reason = verification.Passed, v.reason
	}
}

// where names what a check is of.
func (c Check) where() string {
	if c.Of == "" {
		return ""
	}
	return c.Of + ": "
}

// Names of checks of ELMO documents.
const (
	checkSignature = "signature"
	checkSigner    = "signer"
	checkDocument  = "document"
)

func (t Trust) verifyELMO(data []byte) (*Verification, error) {
	v := &Verification{Format: FormatELMO}
	opt := elmo.VerifyOptions{Options: xmldsig.Options{Keys: t.Keys, Embedded: len(t.Keys) == 0, SHA1: t.SHA1, Time: t.now()}}
	verified, err := elmo.Verify(data, opt)
	switch {
	case errors.Is(err, elmo.ErrSignature):
		if err := isELMO(data); err != nil {
			return nil, err
		}
		v.add(Check{Name: checkSignature, Status: verification.Failed, Reason: reasonOf(err)})
	case err != nil:
		return nil, err
	default:
		if err := v.takeXML(data, verified); err != nil {
			return nil, err
		}
	}
	if err := v.supplements(data, opt); err != nil {
		return nil, err
	}
	v.conclude()
	return v, nil
}

// isELMO gives the error of reading what is not ELMO at all; signatures can stand in any XML.
func isELMO(data []byte) error {
	if _, err := readELMO(data); !errors.Is(err, elmo.ErrPre10) {
		return err
	}
	return nil
}

// takeXML takes over a signature that holds, and the document it covers.
func (v *Verification) takeXML(data []byte, verified *elmo.Verified) error {
	doc, err := verified.Read()
	if err != nil {
		if other := isELMO(data); other != nil {
			return other
		}
		v.add(Check{Name: checkDocument, Status: verification.NotChecked, Reason: reasonOf(err), counts: true})
	}
	v.input = &Input{Format: FormatELMO, Document: doc}
	r := verified.Signature
	v.Signatures = append(v.Signatures, Signature{Form: SignatureXML, Algorithm: r.SignatureMethod, XML: &r})
	v.add(Check{Name: checkSignature, Status: verification.Passed, counts: true, Reason: "it covers the whole document, which was not changed since"})
	signer := signedBy(&r)
	signer.counts = true
	v.add(signer)
	v.reason = "the document is whole, and " + signer.Reason
	v.warn("", &r)
	return nil
}

// signedBy is the check of who signed.
func signedBy(r *xmldsig.Result) Check {
	if !r.Authenticated {
		return Check{Name: checkSigner, Status: verification.NotChecked, Reason: "no key was given to trust; anybody can have signed"}
	}
	return Check{Name: checkSigner, Status: verification.Passed, Reason: fmt.Sprintf("signed by key %d of those trusted", r.Key)}
}

// warn takes over the warnings but the one that the check of the signer gives.
func (v *Verification) warn(of string, r *xmldsig.Result) {
	for _, w := range r.Warnings {
		if w.ID != xmldsig.NotAuthenticated {
			v.Warnings = append(v.Warnings, Check{Of: of}.where()+w.Text)
		}
	}
}

// supplements verifies the signatures of diploma supplements; one without is none the worse for it. Their
// keys are those of the institution, which need not be among those trusted: the signature of the document
// covers them as well.
func (v *Verification) supplements(data []byte, opt elmo.VerifyOptions) error {
	list, err := elmo.VerifySupplements(data, opt)
	if err != nil {
		return err
	}
	var whole []elmo.SupplementSignature // verified by the certificates that they bring
	for i, s := range list {
		var why *xmldsig.Error
		if whole == nil && errors.As(s.Err, &why) && why.Reason == xmldsig.WrongSignature {
			opt.Keys, opt.Embedded = nil, true
			if whole, err = elmo.VerifySupplements(data, opt); err != nil {
				return err
			}
		}
		v.supplement(s, whole, i)
	}
	return nil
}

func (v *Verification) supplement(s elmo.SupplementSignature, whole []elmo.SupplementSignature, i int) {
	of := fmt.Sprintf("diploma supplement %d", s.Number)
	if errors.Is(s.Err, elmo.ErrUnsigned) {
		return
	}
	r, signer := s.Signature, Check{}
	switch {
	case s.Err == nil:
		signer = signedBy(r)
	case whole != nil && whole[i].Err == nil:
		r, signer = whole[i].Signature, Check{Name: checkSigner, Status: verification.NotChecked, Reason: "signed by none of the keys trusted"}
	default:
		v.add(Check{Of: of, Name: checkSignature, Status: verification.Failed, Reason: reasonOf(s.Err)})
		return
	}
	v.add(Check{Of: of, Name: checkSignature, Status: verification.Passed, Reason: "it covers the whole supplement, which was not changed since"})
	signer.Of = of
	v.add(signer)
	v.Signatures = append(v.Signatures, Signature{Of: of, Form: SignatureXML, Algorithm: r.SignatureMethod, XML: r})
	v.warn(of, r)
}

// reasonOf is the text of an error about a document, with its line.
func reasonOf(err error) string {
	var e *elmo.Error
	switch {
	case !errors.As(err, &e):
		return err.Error()
	case e.Line > 0:
		return fmt.Sprintf("line %d: %s", e.Line, e.Text)
	}
	return e.Text
}
