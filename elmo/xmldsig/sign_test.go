package xmldsig_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
	"elmobridge/testdata/judge"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// TestSignedForm: the signature has the form of the EMREX implementation guide, byte for byte, and
// nothing else of the document is touched.
func TestSignedForm(t *testing.T) {
	signed := sign(t, small, rsa2048(), elmo.SignOptions{})
	before, rest, _ := strings.Cut(signed, "<Signature ")
	if rest, ok := strings.CutSuffix(rest, "</Signature></elmo>"); !ok || before+"</elmo>" != small {
		t.Fatalf("the document was touched:\n%s\n%s", before, rest)
	}
	value := between(signed, "<SignatureValue>", "</SignatureValue>")
	digest := between(signed, "<DigestValue>", "</DigestValue>")
	want := `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>` +
		`<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>` +
		`<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>` +
		`<Reference URI=""><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>` +
		`<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>` + digest + "</Reference></SignedInfo>" + value +
		`<KeyInfo><X509Data><X509SubjectName>CN=Test \&#60;provider\&#62; &#38; &#233;,O=Example\, University,C=ZZ</X509SubjectName><X509Certificate>` +
		base64.StdEncoding.EncodeToString(rsa2048().certificate.Raw) + "</X509Certificate></X509Data></KeyInfo></Signature>"
	if got := signatureOf(signed); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestSignChain embeds the whole chain, and any certificate of it may be the trusted key's.
func TestSignChain(t *testing.T) {
	chain := append(p256().chain(), rsa2048().certificate, p384().certificate)
	out, err := elmo.Sign([]byte(small), p256().Signer, chain, elmo.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(out, []byte("<X509Certificate>")); n != 3 {
		t.Errorf("%d certificates", n)
	}
	for _, opt := range []elmo.VerifyOptions{trusting(p256()), {Options: xmldsig.Options{Embedded: true}}} {
		if v, err := elmo.Verify(out, opt); err != nil || v.Signature.Embedded != xmldsig.EmbeddedMatches {
			t.Errorf("%v %+v", err, v)
		}
	}
	if _, err := elmo.Verify(out, trusting(rsa2048())); reason(err) != xmldsig.WrongSignature {
		t.Errorf("a certificate of the chain passes for that of the signer: %v", err)
	}
}

// TestOddSubjects signs with certificates without a subject, or with characters that XML does not have.
func TestOddSubjects(t *testing.T) {
	for name, want := range map[string]string{"": "", "a\x01b\uFFFE\U0001F393": `<X509SubjectName>CN=a\01b\EF\BF\BE&#127891;</X509SubjectName>`} {
		template := *p256().certificate
		template.RawSubject, template.Subject = nil, pkix.Name{CommonName: name}
		der, err := x509.CreateCertificate(nil, &template, p256().certificate, p256().Public(), p256().Signer)
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		out, err := elmo.Sign([]byte(small), p256().Signer, []*x509.Certificate{certificate}, elmo.SignOptions{})
		if err != nil || !bytes.Contains(out, []byte("<X509Data>"+want+"<X509Certificate>")) {
			t.Errorf("%q: %v\n%s", name, err, out)
		}
		verified(t, string(out))
	}
}

// TestSignAgain: what is signed is signed anew only when asked to; the old signature goes.
func TestSignAgain(t *testing.T) {
	for name, data := range map[string]string{"small": small, "hard": hard} {
		signed := sign(t, data, p384(), elmo.SignOptions{})
		if _, err := elmo.Sign([]byte(signed), p256().Signer, p256().chain(), elmo.SignOptions{}); reason(err) != xmldsig.AlreadySigned || !errors.Is(err, elmo.ErrSignature) {
			t.Error(err)
		}
		again := sign(t, signed, p256(), elmo.SignOptions{Replace: true})
		if strings.Replace(again, signatureOf(again), "", 1) != data {
			t.Errorf("%s was touched", name)
		}
		verified(t, again)
		verified(t, sign(t, data, p256(), elmo.SignOptions{Replace: true}))
		twice := strings.Replace(signed, signatureOf(signed), signatureOf(signed)+signatureOf(signed), 1)
		if _, err := elmo.Sign([]byte(twice), p256().Signer, p256().chain(), elmo.SignOptions{Replace: true}); reason(err) != xmldsig.SeveralSignatures {
			t.Error(err)
		}
	}
}

// brokenSigner gives what its function gives.
type brokenSigner struct {
	*identity
	give func() ([]byte, error)
}

func (s brokenSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return s.give() }

// TestSignRefuses: what is not signed, and why.
func TestSignRefuses(t *testing.T) {
	failure := errors.New("the token was taken away")
	gives := func(value []byte, err error) crypto.Signer {
		return brokenSigner{p256(), func() ([]byte, error) { return value, err }}
	}
	for name, c := range map[string]struct {
		data   string
		signer crypto.Signer
		chain  []*x509.Certificate
		opt    elmo.SignOptions
		want   xmldsig.Reason
	}{
		"no certificate":       {small, p256(), nil, elmo.SignOptions{}, xmldsig.WrongCertificate},
		"no key":               {small, nil, p256().chain(), elmo.SignOptions{}, xmldsig.NoKey},
		"another certificate":  {small, p256(), rsa2048().chain(), elmo.SignOptions{}, xmldsig.WrongCertificate},
		"1024 bits":            {small, rsa1024(), rsa1024().chain(), elmo.SignOptions{}, xmldsig.WeakKey},
		"P-224":                {small, p224(), p224().chain(), elmo.SignOptions{}, xmldsig.WeakKey},
		"SHA-1":                {small, p256(), p256().chain(), elmo.SignOptions{SignOptions: xmldsig.SignOptions{Hash: crypto.SHA1}}, xmldsig.Method},
		"SHA-224":              {small, p256(), p256().chain(), elmo.SignOptions{SignOptions: xmldsig.SignOptions{Hash: crypto.SHA224}}, xmldsig.Method},
		"empty":                {"<elmo/>", p256(), p256().chain(), elmo.SignOptions{}, xmldsig.NoPlace},
		"no supplement":        {small, p256(), p256().chain(), elmo.SignOptions{Supplement: 1}, xmldsig.NoPlace},
		"negative supplement":  {small, p256(), p256().chain(), elmo.SignOptions{Supplement: -1}, xmldsig.NoPlace},
		"unbound prefix":       {swap("<report>", "<a:b/><report>")(small), p256(), p256().chain(), elmo.SignOptions{}, xmldsig.UnboundPrefix},
		"signer fails":         {small, gives(nil, failure), p256().chain(), elmo.SignOptions{}, xmldsig.SignerFailed},
		"signer gives noise":   {small, gives([]byte("noise"), nil), p256().chain(), elmo.SignOptions{}, xmldsig.SignerFailed},
		"signer gives noughts": {small, gives([]byte{0x30, 6, 2, 1, 0, 2, 1, 0}, nil), p256().chain(), elmo.SignOptions{}, xmldsig.SignerFailed},
	} {
		out, err := elmo.Sign([]byte(c.data), c.signer, c.chain, c.opt)
		if reason(err) != c.want || len(out) > 0 || !errors.Is(err, elmo.ErrSignature) || strings.Contains(err.Error(), "token") {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if name == "signer fails" && !errors.Is(err, failure) {
			t.Errorf("what the signer said is not in the chain: %v", err)
		}
	}
	for data, want := range map[string]error{
		"<a><elmo><b/></elmo></a>": elmo.ErrNotELMO, "<a/>": elmo.ErrNotELMO, "<elmo xmlns='http://purl.org/net/elmo'>a</elmo>": elmo.ErrPre10, "<elmo>": elmo.ErrSyntax,
	} {
		if _, err := elmo.Sign([]byte(data), p256(), p256().chain(), elmo.SignOptions{}); !errors.Is(err, want) {
			t.Errorf("%s: %v", data, err)
		}
	}
}

// TestSignLooksAtTheCertificate: it must be valid at the time of signing and for signing.
func TestSignLooksAtTheCertificate(t *testing.T) {
	issued := func(usage x509.KeyUsage, from, to time.Time) []*x509.Certificate {
		template := *p256().certificate
		template.KeyUsage, template.NotBefore, template.NotAfter = usage, from, to
		der, err := x509.CreateCertificate(rand.Reader, &template, &template, p256().Public(), p256().Signer)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return []*x509.Certificate{c}
	}
	now := time.Now()
	before, after := now.Add(-24*time.Hour), now.Add(24*time.Hour)
	for name, c := range map[string]struct {
		chain []*x509.Certificate
		at    time.Time
		want  string
	}{
		"no key usage":         {issued(0, before, after), time.Time{}, ""},
		"digitalSignature":     {issued(x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment, before, after), time.Time{}, ""},
		"nonRepudiation":       {issued(x509.KeyUsageContentCommitment, before, after), time.Time{}, ""},
		"keyEncipherment":      {issued(x509.KeyUsageKeyEncipherment, before, after), time.Time{}, "key usage"},
		"keyCertSign":          {issued(x509.KeyUsageCertSign|x509.KeyUsageCRLSign, before, after), time.Time{}, "key usage"},
		"expired":              {issued(0, before.Add(-time.Hour), before), time.Time{}, "has expired"},
		"not yet valid":        {issued(0, after, after.Add(time.Hour)), time.Time{}, "not valid yet"},
		"valid at the time":    {issued(0, before.Add(-time.Hour), before), before.Add(-time.Minute), ""},
		"expired at the time":  {issued(0, before, after), after.Add(time.Minute), "has expired"},
		"an empty certificate": {[]*x509.Certificate{nil}, time.Time{}, "is missing"},
	} {
		_, err := elmo.Sign([]byte(small), p256().Signer, c.chain, elmo.SignOptions{SignOptions: xmldsig.SignOptions{Time: c.at}})
		if (c.want == "") != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (reason(err) != xmldsig.WrongCertificate || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestSignEncodings: the signature is put in where the characters are bytes; the other encodings are
// refused.
func TestSignEncodings(t *testing.T) {
	text := strings.Replace(strings.Replace(hard, "\uFEFF", "", 1), "UTF-8", "ISO-8859-1", 1) + "<!-- \u00E9 -->"
	latin, err := charmap.ISO8859_1.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	signed := sign(t, latin, p256(), elmo.SignOptions{})
	if strings.Replace(signed, signatureOf(signed), "", 1) != latin {
		t.Error("the document was touched")
	}
	verified(t, signed)
	dir := t.TempDir()
	_, certificate := p256().files(t, dir)
	if err := xmlsecVerifies(t, write(t, dir, "latin.xml", []byte(signed)), certificate); err != nil {
		t.Error(err)
	}
	verified(t, sign(t, signed, p256(), elmo.SignOptions{Replace: true}))
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(small, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := elmo.Sign([]byte(wide), p256().Signer, p256().chain(), elmo.SignOptions{}); !errors.Is(err, elmo.ErrEncoding) {
		t.Error(err)
	}
}

// supplement is a diploma supplement, made up.
const supplement = `<diplomaSupplement xml:lang="en"><version>1</version><issueDate>2025-01-01</issueDate><introduction>I</introduction>` +
	`<section number="1"><title>Holder</title><content>Text &amp; more</content></section></diplomaSupplement>`

// withSupplements puts n supplements into the document.
func withSupplements(n int) string {
	instance := between(small, "<learningOpportunitySpecification>", "</learningOpportunitySpecification>")
	with := swap("</learningOpportunityInstance>", supplement+"</learningOpportunityInstance>")(instance)
	return strings.Replace(small, instance, strings.Repeat(with, n), 1)
}

// TestSupplements: each is signed and verified for itself, then the document around them.
func TestSupplements(t *testing.T) {
	data := sign(t, withSupplements(3), p384(), elmo.SignOptions{Supplement: 2})
	data = sign(t, data, p256(), elmo.SignOptions{Supplement: 3})
	if _, err := elmo.Verify([]byte(data), trusting(p256())); !errors.Is(err, elmo.ErrUnsigned) {
		t.Errorf("signatures of supplements pass for one of the document: %v", err)
	}
	data = sign(t, data, rsa2048(), elmo.SignOptions{})
	v, err := elmo.Verify([]byte(data), trusting(rsa2048()))
	if err != nil {
		t.Fatal(err)
	}
	if doc, err := v.Read(); err != nil || doc.Reports[0].LearningOpportunitySpecifications[2].Specifies.Instance.DiplomaSupplement.Signature.XML == "" {
		t.Error(err)
	}
	check := func(data string, opt elmo.VerifyOptions, want ...xmldsig.Reason) {
		t.Helper()
		list, err := elmo.VerifySupplements([]byte(data), opt)
		if err != nil || len(list) != len(want) {
			t.Fatalf("%v %v", list, err)
		}
		for i, s := range list {
			if reason(s.Err) != want[i] || s.Number != i+1 || s.Line != 2 || (s.Signature != nil) != (want[i] == "") {
				t.Errorf("%+v, want %s", s, want[i])
			}
		}
	}
	check(data, trusting(p384()), xmldsig.Unsigned, "", xmldsig.WrongSignature)
	check(data, trusting(p384(), p256()), xmldsig.Unsigned, "", "")
	check(strings.ReplaceAll(data, "Text &amp;", "Text"), trusting(p384(), p256()), xmldsig.Unsigned, xmldsig.WrongDigest, xmldsig.WrongDigest)
	if _, err := elmo.Sign([]byte(data), p256(), p256().chain(), elmo.SignOptions{Supplement: 1}); reason(err) != xmldsig.AlreadySigned {
		t.Error(err)
	}
	if _, err := elmo.VerifySupplements([]byte("<elmo>"), trusting(p256())); !errors.Is(err, elmo.ErrSyntax) {
		t.Error(err)
	}
}

// TestSupplementAlone: a supplement that is signed in its place verifies when it is cut out, by
// xmlsec1; and one that was signed as a document of its own verifies where it was put in.
func TestSupplementAlone(t *testing.T) {
	dir := t.TempDir()
	key, certificate := p256().files(t, dir)
	const declared = `<diplomaSupplement xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"`
	placed := sign(t, withSupplements(1), p256(), elmo.SignOptions{Supplement: 1})
	cut := strings.Replace(between(placed, "<diplomaSupplement", "</diplomaSupplement>"), "<diplomaSupplement", declared, 1)
	if err := xmlsecVerifies(t, write(t, dir, "cut.xml", []byte(cut)), certificate); err != nil {
		t.Error(err)
	}
	for _, c := range []string{c14n10, exc, c14n11} {
		form := strings.NewReplacer("%s", "").Replace(template)
		for _, name := range []string{"CanonicalizationMethod", "SignatureMethod", "DigestMethod"} {
			form = strings.Replace(form, name+` Algorithm=""`, name+` Algorithm="`+map[string]string{
				"CanonicalizationMethod": c, "SignatureMethod": ecdsa256, "DigestMethod": enc + "sha256",
			}[name]+`"`, 1)
		}
		own := swap("</diplomaSupplement>", form+"</diplomaSupplement>")(swap("<diplomaSupplement", declared)(supplement))
		out := filepath.Join(dir, "out.xml")
		if err := xmlsec(t, "--sign", "--privkey-pem", key+","+certificate, "--output", out, write(t, dir, "in.xml", []byte(own))); err != nil {
			t.Fatal(err)
		}
		signed, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		_, inner, _ := strings.Cut(string(signed), "?>")
		for _, around := range []string{`<elmo xml:lang="nl" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" `, "<elmo "} {
			data := strings.Replace(swap(supplement, strings.TrimSpace(inner))(withSupplements(1)), "<elmo ", around, 1)
			list, err := elmo.VerifySupplements([]byte(data), trusting(p256()))
			if err != nil || len(list) != 1 || list[0].Err != nil || !list[0].Signature.Authenticated {
				t.Errorf("%s: %+v %v", c, list, err)
			}
			if bare, err := elmo.VerifySupplements([]byte(strings.Replace(data, `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"`, "<elmo", 1)), trusting(p256())); err != nil || bare[0].Err != nil {
				t.Errorf("%s: %+v %v", c, bare, err)
			}
			bad := strings.Replace(data, "Holder", "Another", 1)
			if list, err := elmo.VerifySupplements([]byte(bad), trusting(p256())); err != nil || reason(list[0].Err) != xmldsig.WrongDigest {
				t.Errorf("%s: %+v %v", c, list, err)
			}
		}
	}
}

// TestSignedSupplementIsValid by the schema of ELMO.
func TestSignedSupplementIsValid(t *testing.T) {
	data, err := os.ReadFile("../../testdata/elmo/diploma.xml")
	if err != nil {
		t.Fatal(err)
	}
	out := sign(t, string(data), p256(), elmo.SignOptions{Supplement: 1})
	out = sign(t, out, p256(), elmo.SignOptions{})
	file := write(t, t.TempDir(), "signed.xml", []byte(out))
	if !judge.ELMO(t, "1.7.0", file)[file] {
		t.Error("not valid")
	}
	if strings.Count(out, "<Signature ") != 2 {
		t.Error("two signatures were made")
	}
	verified(t, out)
}
