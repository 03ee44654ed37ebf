package convert

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jwtvc"
	"elmobridge/edci/verification"
	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
)

// Trust says whom to believe. The zero value believes nobody: whether a file is whole can be told then,
// not who signed it.
type Trust struct {
	// Keys are certificates and public keys. An ELMO document must be signed by one of them, as EMREG and
	// EWP publish them for the provider that was asked. A credential must be sealed by one of the
	// certificates or by one that leads to them.
	Keys []xmldsig.Key
	// TSA are the certificates that those of time-stamping authorities lead to. Without them the time of a
	// seal is what the seal claims.
	TSA  []*x509.Certificate
	SHA1 xmldsig.Policy // for signatures of ELMO documents; "" is warn
	Time time.Time      // of verification; zero: now
}

// SignatureForm is how a file is signed.
type SignatureForm string

const (
	SignatureNone SignatureForm = "none"
	SignatureXML  SignatureForm = "xml-signature" // XML Signature 1.1, enveloped
	SignatureSeal SignatureForm = "jades"         // JWS in JSON serialisation: JAdES
	SignatureJWT  SignatureForm = "jwt"           // compact JWS
)

// Verification is what is known of the signature of a file.
type Verification struct {
	Format Format        `json:"format"`
	Form   SignatureForm `json:"form"`

	// Status is passed when the signature holds, is by somebody trusted, and no check failed; not-checked
	// when nothing failed, but not all that this takes was checked.
	Status verification.Status `json:"status"`
	Reason string              `json:"reason"`

	// Checks are those of the code list "verification" for a credential, and the steps of each signature.
	Checks   []Check  `json:"checks"`
	Warnings []string `json:"warnings,omitempty"`

	// XML is what package xmldsig says of the signature of an ELMO document that holds.
	XML *xmldsig.Result `json:"xml,omitempty"`
	// Seals is what package jades says of each seal of a credential.
	Seals []jades.SealResult `json:"seals,omitempty"`
	// Token is what package jwtvc says of a credential in a JWT.
	Token *jwtvc.Result `json:"token,omitempty"`

	read func() (*Input, error)
}

// Check is one thing that was checked, or that was not.
type Check struct {
	ID     string              `json:"id,omitempty"` // member of the list "verification"
	Of     string              `json:"of,omitempty"` // "seal 1", "diploma supplement 1"; empty: the file
	Name   string              `json:"name"`
	Status verification.Status `json:"status"`
	Reason string              `json:"reason"`
}

// ErrUnverified is returned by Verification.Read for files that did not pass.
var ErrUnverified = errors.New("the signature is not accepted")

// Verify verifies the signature or seal of a file of either kind, wrapped or not. What fails is in the
// result; the error means that the file cannot be read at all: ErrFormat, or those of elmo.Read and edci.Read.
// Data must not be changed before the last use of the result.
func Verify(data []byte, trust Trust) (*Verification, error) {
	switch Detect(data) {
	case FormatELMO:
		return trust.verifyELMO(data)
	case FormatEDC:
		return trust.verifyEDC(data)
	}
	return nil, unknownFormat(data)
}

// Read reads what was verified: the tree of the document, the bytes that were sealed. The error is
// ErrUnverified unless Status is passed.
func (v *Verification) Read() (*Input, error) {
	if v.Status != verification.Passed {
		return nil, fmt.Errorf("%w: %s", ErrUnverified, v.Reason)
	}
	return v.read()
}

// Names of checks of ELMO documents.
const (
	checkSignature = "signature"
	checkSigner    = "signer"
)

func (t Trust) verifyELMO(data []byte) (*Verification, error) {
	v := &Verification{Format: FormatELMO, Form: SignatureXML}
	opt := elmo.VerifyOptions{Options: t.forXML()}
	verified, err := elmo.Verify(data, opt)
	switch {
	case errors.Is(err, elmo.ErrUnsigned):
		v.Form = SignatureNone
		v.add(Check{Name: checkSignature, Status: verification.Failed, Reason: reasonOf(err)})
	case errors.Is(err, elmo.ErrSignature):
		v.add(Check{Name: checkSignature, Status: verification.Failed, Reason: reasonOf(err)})
	case err != nil:
		return nil, err
	default:
		v.takeXML(verified)
	}
	if err := v.supplements(data, opt); err != nil {
		return nil, err
	}
	v.conclude(checkSignature, checkSigner)
	return v, nil
}

func (t Trust) forXML() xmldsig.Options {
	return xmldsig.Options{Keys: t.Keys, Embedded: len(t.Keys) == 0, SHA1: t.SHA1, Time: t.now()}
}

func (t Trust) now() time.Time {
	if t.Time.IsZero() {
		return time.Now()
	}
	return t.Time
}

// takeXML takes over a signature that holds.
func (v *Verification) takeXML(verified *elmo.Verified) {
	v.XML = &verified.Signature
	v.read = func() (*Input, error) {
		doc, err := verified.Read()
		return &Input{Format: FormatELMO, Document: doc}, err
	}
	v.add(Check{Name: checkSignature, Status: verification.Passed, Reason: "it covers the whole document, which was not changed since"})
	if v.XML.Authenticated {
		v.add(Check{Name: checkSigner, Status: verification.Passed, Reason: fmt.Sprintf("the signature is by key %d of those trusted", v.XML.Key)})
	} else {
		v.add(Check{Name: checkSigner, Status: verification.NotChecked, Reason: "no key was given to trust; anybody can have signed"})
	}
	for _, w := range v.XML.Warnings {
		if w.ID != xmldsig.NotAuthenticated { // said by the check
			v.Warnings = append(v.Warnings, w.Text)
		}
	}
}

// supplements verifies the signatures of diploma supplements; one without is none the worse for it.
func (v *Verification) supplements(data []byte, opt elmo.VerifyOptions) error {
	list, err := elmo.VerifySupplements(data, opt)
	if err != nil {
		return err
	}
	for _, s := range list {
		c := Check{Of: fmt.Sprintf("diploma supplement %d", s.Number), Name: checkSignature}
		switch {
		case errors.Is(s.Err, elmo.ErrUnsigned):
			continue
		case s.Err != nil:
			c.Status, c.Reason = verification.Failed, reasonOf(s.Err)
		case s.Signature.Authenticated:
			c.Status, c.Reason = verification.Passed, fmt.Sprintf("it is by key %d of those trusted", s.Signature.Key)
		default:
			c.Status, c.Reason = verification.NotChecked, "it holds, but no key was given to trust"
		}
		v.add(c)
	}
	return nil
}

// reasonOf is the text of an error about a signature, with its line.
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

func (t Trust) verifyEDC(data []byte) (*Verification, error) {
	v := &Verification{Format: FormatEDC, Form: signatureForm(data)}
	var err error
	switch v.Form {
	case SignatureSeal:
		err = t.verifySeal(v, data)
	case SignatureJWT:
		err = t.verifyToken(v, data)
	default:
		err = v.unsealed(data, t.now())
	}
	if err != nil {
		return nil, err
	}
	v.conclude(checkSeal)
	return v, nil
}

// signatureForm tells how a credential is signed, by what it looks like.
func signatureForm(data []byte) SignatureForm {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	if bytes.HasPrefix(text, []byte("eyJ")) {
		return SignatureJWT
	}
	if tree, err := edci.ParseJSON(data, edci.Limits{}); err == nil {
		if o, ok := tree.(edci.Object); ok && hasAny(o, "signatures", "signature", "protected") && hasAny(o, "payload") {
			return SignatureSeal
		}
	}
	return SignatureNone
}

func hasAny(o edci.Object, names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		_, ok := o.Get(n)
		return ok
	})
}

// checkSeal is the name of the check in the list "verification".
const checkSeal = "Seal"

func (t Trust) verifySeal(v *Verification, data []byte) error {
	r, err := jades.Verify(data, jades.VerifyOptions{Roots: t.roots(), TSARoots: pool(t.TSA), Time: t.now()})
	if err != nil {
		return err
	}
	v.Seals = r.Seals
	v.listed(r.Checks)
	for i, s := range r.Seals {
		v.parts(fmt.Sprintf("seal %d", i+1), s.Parts)
	}
	v.readable(r.Payload)
	return nil
}

func (t Trust) verifyToken(v *Verification, data []byte) error {
	opt := jwtvc.VerifyOptions{Roots: t.roots(), Time: t.now()}
	if len(t.Keys) == 1 && t.Keys[0].Certificate == nil {
		opt.Key = t.Keys[0].Public
	}
	r, err := jwtvc.Verify(data, opt)
	if err != nil {
		return err
	}
	v.Token = r
	v.listed(r.Checks)
	v.parts("token", r.Parts)
	v.readable(r.Credential)
	return nil
}

// unsealed lists the checks of a credential that nobody vouches for.
func (v *Verification) unsealed(data []byte, at time.Time) error {
	if _, err := edci.Read(data, edci.ReadOptions{}); err != nil {
		return err
	}
	seal := verification.Part{Name: checkSeal, Status: verification.Failed, Reason: "there is no seal: nobody vouches for the credential"}
	v.listed(verification.Checks(seal, verification.Read(data, edci.Limits{}), at))
	return nil
}

// readable makes a verified payload what Read reads; nil when there is none.
func (v *Verification) readable(payload []byte) {
	v.read = func() (*Input, error) {
		credentials, err := edci.Read(payload, edci.ReadOptions{})
		return &Input{Format: FormatEDC, Credentials: credentials}, err
	}
}

func (v *Verification) add(c Check) { v.Checks = append(v.Checks, c) }

func (v *Verification) listed(checks []verification.Check) {
	for _, c := range checks {
		v.add(Check{ID: c.ID, Name: c.Name, Status: c.Status, Reason: c.Reason})
	}
}

func (v *Verification) parts(of string, list verification.List) {
	for _, p := range list {
		v.add(Check{Of: of, Name: p.Name, Status: p.Status, Reason: p.Reason})
	}
}

// conclude gives the status of the whole: that of the first check that failed, else of the named ones.
func (v *Verification) conclude(names ...string) {
	for _, c := range v.Checks {
		if c.Status == verification.Failed {
			v.Status, v.Reason = c.Status, c.Reason
			return
		}
	}
	for _, c := range v.Checks {
		if c.Of != "" || !slices.Contains(names, c.Name) {
			continue
		}
		v.Status, v.Reason = c.Status, c.Reason
		if c.Status != verification.Passed {
			return
		}
	}
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
