package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"
)

// SignOptions govern signing; the zero value is the form that every partner of EMREX understands:
// SHA-256, inclusive Canonical XML 1.0.
type SignOptions struct {
	Hash      crypto.Hash // of signature and digest: SHA256, SHA384 or SHA512; 0 is SHA256
	Exclusive bool        // Exclusive XML Canonicalization, for what will be cut out or embedded
	Time      time.Time   // at which the certificate must be valid; zero: now
}

// Sign gives the ds:Signature that belongs at the end of the target's element, as XML in ASCII without
// line ends. It covers the element as it is but for except, a signature that will not be there any
// more; nil when there is none.
//
// The chain begins with the certificate of the signer's key, which must be for signing; all of it is
// embedded. The signer may be
// an HSM; it is asked once. RSA signs by PKCS #1 v1.5. The reference is "", the form of the rest that
// of the EMREX implementation guide 4.4. The error is an *Error.
func (t Target) Sign(signer crypto.Signer, chain []*x509.Certificate, except *etree.Element, opt SignOptions) (string, error) {
	f, err := newForm(signer, chain, opt)
	if err != nil {
		return "", err
	}
	digest := f.method.hash.New()
	if err := t.canonicalize(digest, f.canonical, t.Element, except); err != nil {
		return "", err
	}
	info := f.signedInfo(digest.Sum(nil))
	sum, err := t.digestInfo(f, info)
	if err != nil {
		return "", err
	}
	value, err := f.sign(signer, sum)
	if err != nil {
		return "", err
	}
	return `<Signature xmlns="` + NS + `">` + info + "<SignatureValue>" + base64.StdEncoding.EncodeToString(value) +
		"</SignatureValue>" + x509Data(chain) + "</Signature>", nil
}

// form is what a signature to be made is made of.
type form struct {
	canonical    Canonicalization
	canonicalURI string
	method       method
	methodURI    string
	digestURI    string
}

func newForm(signer crypto.Signer, chain []*x509.Certificate, opt SignOptions) (f form, err error) {
	if signer == nil {
		return f, fail(NoKey, nil, "there is no key to sign with")
	}
	if len(chain) == 0 || slices.Contains(chain, nil) || !sameKey(chain[0].PublicKey, signer.Public()) {
		return f, fail(WrongCertificate, nil, "the first certificate is missing or is not that of the signing key")
	}
	if err := maySign(chain[0], opt.Time); err != nil {
		return f, err
	}
	kind, _, ok := kindOf(signer.Public())
	if key, isRSA := signer.Public().(*rsa.PublicKey); !ok || isRSA && key.N.BitLen() < soundRSA {
		return f, fail(WeakKey, nil, "the key may not sign: RSA needs 2048 to 8192 bits, ECDSA the curve P-256, P-384 or P-521")
	}
	hash := opt.Hash
	if hash == 0 {
		hash = crypto.SHA256
	}
	f.method = method{kind, hash}
	if f.methodURI, ok = uriOf(methods, f.method); !ok || hash == crypto.SHA1 {
		return f, fail(Method, nil, "signatures are made with SHA-256, SHA-384 or SHA-512")
	}
	f.digestURI, _ = uriOf(digests, hash)
	f.canonicalURI = inclusive10
	if opt.Exclusive {
		f.canonicalURI = nsExc
	}
	f.canonical = canonicalizations[f.canonicalURI]
	return f, nil
}

// maySign refuses a certificate that verifiers would reject at a time; zero is now. A certificate
// without key usage is for everything (RFC 5280, 4.2.1.3).
func maySign(c *x509.Certificate, at time.Time) error {
	if at.IsZero() {
		at = time.Now()
	}
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	switch {
	case c.KeyUsage != 0 && c.KeyUsage&signs == 0:
		return fail(WrongCertificate, nil, "the certificate is not for signing documents: its key usage has neither digitalSignature nor nonRepudiation")
	case at.After(c.NotAfter):
		return fail(WrongCertificate, nil, "the certificate of the key has expired; renew it")
	case at.Before(c.NotBefore):
		return fail(WrongCertificate, nil, "the certificate of the key is not valid yet")
	}
	return nil
}

// signedInfo gives the SignedInfo as XML.
func (f form) signedInfo(digest []byte) string {
	transforms := named("Transform", enveloped)
	if f.canonical.Exclusive {
		transforms += named("Transform", f.canonicalURI)
	}
	return "<SignedInfo>" + named("CanonicalizationMethod", f.canonicalURI) + named("SignatureMethod", f.methodURI) +
		`<Reference URI=""><Transforms>` + transforms + "</Transforms>" + named("DigestMethod", f.digestURI) +
		"<DigestValue>" + base64.StdEncoding.EncodeToString(digest) + "</DigestValue></Reference></SignedInfo>"
}

func named(element, algorithm string) string {
	return "<" + element + ` Algorithm="` + algorithm + `"/>`
}

// digestInfo digests the SignedInfo as it will stand in the document: it inherits from there.
func (t Target) digestInfo(f form, info string) ([]byte, error) {
	doc := etree.NewDocument()
	if err := doc.ReadFromString(`<Signature xmlns="` + NS + `">` + info + "</Signature>"); err != nil {
		return nil, fail(Form, nil, "the new signature is not well-formed")
	}
	signature := doc.Root()
	t.Element.AddChild(signature)
	defer t.Element.RemoveChild(signature)
	h := f.method.hash.New()
	err := t.canonicalize(h, f.canonical, signature.ChildElements()[0], nil)
	return h.Sum(nil), err
}

// sign asks the signer, and checks what it gives: a signature that does not verify must not leave.
func (f form) sign(signer crypto.Signer, sum []byte) ([]byte, error) {
	value, err := signer.Sign(rand.Reader, sum, f.method.hash)
	if err != nil {
		return nil, &Error{Reason: SignerFailed, Text: "the signer gave an error", cause: err}
	}
	if key, ok := signer.Public().(*ecdsa.PublicKey); ok {
		value = plainECDSA(value, curves[key.Curve])
	}
	if !f.method.verifies(signer.Public(), sum, value) {
		return nil, fail(SignerFailed, nil, "what the signer gave does not verify with its public key")
	}
	return value, nil
}

// plainECDSA turns the ASN.1 form of crypto.Signer into the two numbers of n bytes each; nil when it
// is not of that form.
func plainECDSA(der []byte, n int) []byte {
	var number struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &number); err != nil || len(rest) > 0 ||
		number.R.Sign() < 0 || number.S.Sign() < 0 || number.R.BitLen() > 8*n || number.S.BitLen() > 8*n {
		return nil
	}
	value := make([]byte, 2*n)
	number.R.FillBytes(value[:n])
	number.S.FillBytes(value[n:])
	return value
}

// x509Data gives the KeyInfo (XML Signature 4.5.4).
func x509Data(chain []*x509.Certificate) string {
	var b strings.Builder
	b.WriteString("<KeyInfo><X509Data>")
	if subject := distinguished(chain[0].RawSubject); subject != "" { // the JDK stumbles over an empty one
		b.WriteString("<X509SubjectName>" + asciiText(subject) + "</X509SubjectName>")
	}
	for _, c := range chain {
		b.WriteString("<X509Certificate>")
		b.WriteString(base64.StdEncoding.EncodeToString(c.Raw))
		b.WriteString("</X509Certificate>")
	}
	b.WriteString("</X509Data></KeyInfo>")
	return b.String()
}

// asciiText gives s as XML that is right in every encoding that has ASCII. Characters that XML does
// not allow become the escape of RFC 4514.
func asciiText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&' || r == '<' || r == '>' || r >= 0x7F && r != 0xFFFE && r != 0xFFFF:
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		case r < ' ' || r >= 0x7F:
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, `\%02X`, c)
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
