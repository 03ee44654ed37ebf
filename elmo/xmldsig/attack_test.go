package xmldsig_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
)

// reason gives why a signature was refused; empty when the error is of another kind, or none.
func reason(err error) xmldsig.Reason {
	var why *xmldsig.Error
	if errors.As(err, &why) {
		return why.Reason
	}
	return ""
}

// between gives the part of s from begin to end, both included.
func between(s, begin, end string) string {
	i := strings.Index(s, begin)
	j := strings.Index(s[i:], end)
	return s[i : i+j+len(end)]
}

// signatureOf gives the ds:Signature of a document that Sign made.
func signatureOf(signed string) string { return between(signed, "<Signature ", "</Signature>") }

// swap gives a change of the first place where old stands. A change that finds no place is a mistake
// in the test.
func swap(old, by string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("there is no " + old)
		}
		return strings.Replace(s, old, by, 1)
	}
}

// within puts text in front of what stands there.
func within(at, text string) func(string) string { return swap(at, text+at) }

const (
	evil      = `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><learner><familyName>E</familyName></learner><report><issuer/></report>`
	bare      = `<CanonicalizationMethod Algorithm="` + c14n10 + `"/>`
	envelope  = `<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>`
	reference = `<Reference URI="">`
	ecdsa256  = more + "ecdsa-sha256"
)

// prolog is what stands before the root.
const prolog = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func withoutProlog(signed string) string { return strings.TrimPrefix(signed, prolog) }

// attacks change a signed document that an honest provider made, or wrap it.
var attacks = []struct {
	name   string
	change func(signed string) string
	want   xmldsig.Reason
}{
	{"wrapped whole in another document", func(s string) string { return evil + withoutProlog(s) + "</elmo>" }, xmldsig.Misplaced},
	{"wrapped in an extension", func(s string) string {
		return evil + "<extension>" + withoutProlog(s) + "</extension></elmo>"
	}, xmldsig.Misplaced},
	{"wrapped in an Object, signature at the new root", func(s string) string {
		old := strings.Replace(withoutProlog(s), signatureOf(s), "", 1)
		return evil + swap("</Signature>", "<Object>"+old+"</Object></Signature>")(signatureOf(s)) + "</elmo>"
	}, xmldsig.Object},
	{"wrapped, the reference by Id to the old root", func(s string) string {
		old := swap("<elmo ", `<elmo Id="o" `)(strings.Replace(withoutProlog(s), signatureOf(s), "", 1))
		return evil + "<extension>" + old + "</extension>" + swap(`URI=""`, `URI="#o"`)(signatureOf(s)) + "</elmo>"
	}, xmldsig.WrongReference},
	{"wrapped, the Id at both roots", func(s string) string {
		old := swap("<elmo ", `<elmo Id="o" `)(strings.Replace(withoutProlog(s), signatureOf(s), "", 1))
		return swap("<elmo ", `<elmo xml:id="o" `)(evil) + "<extension>" + old + "</extension>" + swap(`URI=""`, `URI="#o"`)(signatureOf(s)) + "</elmo>"
	}, xmldsig.DuplicateID},
	{"signature copied to another document", func(s string) string { return evil + signatureOf(s) + "</elmo>" }, xmldsig.WrongDigest},
	{"signature moved into the report", func(s string) string {
		return within("</report>", signatureOf(s))(strings.Replace(s, signatureOf(s), "", 1))
	}, xmldsig.Misplaced},
	{"signature moved into a diploma supplement", func(s string) string {
		return within("</report>", "<diplomaSupplement>"+signatureOf(s)+"</diplomaSupplement>")(strings.Replace(s, signatureOf(s), "", 1))
	}, xmldsig.Unsigned},
	{"signature moved around the root", func(s string) string {
		sig := signatureOf(s)
		return swap("</Signature>", strings.Replace(withoutProlog(s), sig, "", 1)+"</Signature>")(sig)
	}, xmldsig.Unsigned},
	{"signature moved to the front", func(s string) string {
		return within("<generatedDate>", signatureOf(s))(strings.Replace(s, signatureOf(s), "", 1))
	}, ""},
	{"signature taken away", func(s string) string { return strings.Replace(s, signatureOf(s), "", 1) }, xmldsig.Unsigned},
	{"signature in another namespace", swap(`<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"`, `<Signature xmlns="urn:x"`), xmldsig.Unsigned},
	{"second signature", func(s string) string { return within("</elmo>", signatureOf(s))(s) }, xmldsig.SeveralSignatures},
	{"second signature, of another", func(s string) string {
		other, _ := elmo.Sign([]byte(small), rsaElse().Signer, rsaElse().chain(), elmo.SignOptions{})
		return within("<generatedDate>", signatureOf(string(other)))(s)
	}, xmldsig.SeveralSignatures},
	{"results added", within("<issueDate>", "<learningOpportunitySpecification/>"), xmldsig.WrongDigest},
	{"result changed", swap(">8<", ">9<"), xmldsig.WrongDigest},
	{"white space added", within("<learner>", "\n"), xmldsig.WrongDigest},
	{"instruction added before the root", within("<elmo ", "<?a b?>"), xmldsig.WrongDigest},
	{"instruction added behind the root", func(s string) string { return s + "<?a b?>" }, xmldsig.WrongDigest},
	{"declaration added to the root", swap("<elmo ", `<elmo xmlns:z="urn:z" `), xmldsig.WrongSignature},
	{"xml:lang added to the root", swap("<elmo ", `<elmo xml:lang="en" `), xmldsig.WrongSignature},

	{"reference to a part", func(s string) string {
		return swap("<report>", `<report id="r">`)(swap(`URI=""`, `URI="#r"`)(s))
	}, xmldsig.WrongReference},
	{"reference to nothing", swap(`URI=""`, `URI="#r"`), xmldsig.WrongReference},
	{"reference to a file", swap(`URI=""`, `URI="other.xml"`), xmldsig.WrongReference},
	{"reference to the network", swap(`URI=""`, `URI="http://example.org/a.xml"`), xmldsig.WrongReference},
	{"reference by XPointer", swap(`URI=""`, `URI="#xpointer(/)"`), xmldsig.WrongReference},
	{"reference by XPointer to an Id", swap(`URI=""`, `URI="#xpointer(id('r'))"`), xmldsig.WrongReference},
	{"reference to a blank", swap(`URI=""`, `URI=" "`), xmldsig.WrongReference},
	{"reference without URI", swap(` URI=""`, ""), xmldsig.WrongReference},
	{"reference with an attribute of another namespace", swap(` URI=""`, ` z:URI="" xmlns:z="urn:z"`), xmldsig.UnknownAttribute},
	{"two references", func(s string) string { return within("<Reference ", between(s, "<Reference ", "</Reference>"))(s) }, xmldsig.SeveralReferences},
	{"no reference", func(s string) string { return strings.Replace(s, between(s, "<Reference ", "</Reference>"), "", 1) }, xmldsig.Form},

	{"transform XPath", swap(envelope, envelope+`<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>1</XPath></Transform>`), xmldsig.Transform},
	{"transform XPath filter in place of enveloped", swap(envelope, `<Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"/>`), xmldsig.Transform},
	{"transform XSLT", swap(envelope, envelope+`<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>`), xmldsig.Transform},
	{"transform base64", swap(envelope, envelope+`<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/>`), xmldsig.Transform},
	{"enveloped twice", swap(envelope, envelope+envelope), xmldsig.Transform},
	{"canonicalisation before enveloped", swap(envelope, `<Transform Algorithm="`+exc+`"/>`+envelope), xmldsig.Transform},
	{"three transforms", swap(envelope, envelope+`<Transform Algorithm="`+exc+`"/><Transform Algorithm="`+exc+`"/>`), xmldsig.Transform},
	{"not enveloped", swap(envelope, `<Transform Algorithm="`+exc+`"/>`), xmldsig.NotEnveloped},
	{"no transform", swap("<Transforms>"+envelope+"</Transforms>", ""), xmldsig.NotEnveloped},
	{"a child of the enveloped transform", swap(envelope, envelope[:len(envelope)-2]+"><XPath>1</XPath></Transform>"), xmldsig.UnknownElement},

	{"canonicalisation 2.0", swap(c14n10, "http://www.w3.org/2010/xml-c14n2"), xmldsig.Canonical},
	{"canonicalisation without name", swap(bare, `<CanonicalizationMethod Algorithm=""/>`), xmldsig.Form},
	{"canonicalisation missing", swap(bare, ""), xmldsig.Form},
	{"prefixes for inclusive canonicalisation", swap(bare, bare[:len(bare)-2]+`><ec:InclusiveNamespaces xmlns:ec="`+exc+`" PrefixList="a"/></CanonicalizationMethod>`), xmldsig.UnknownElement},
	{"too many prefixes", swap(bare, `<CanonicalizationMethod Algorithm="`+exc+`"><ec:InclusiveNamespaces xmlns:ec="`+exc+`" PrefixList="`+strings.Repeat("a ", 300)+`"/></CanonicalizationMethod>`), xmldsig.TooManyNamespaces},
	{"XPath in the canonicalisation", swap(bare, `<CanonicalizationMethod Algorithm="`+c14n10+`">x</CanonicalizationMethod>`), xmldsig.StrayText},
	{"signature MD5", swap(ecdsa256, more+"rsa-md5"), xmldsig.Method},
	{"signature RSA-PSS", swap(ecdsa256, "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"), xmldsig.Method},
	{"signature DSA", swap(ecdsa256, xmldsig.NS+"dsa-sha1"), xmldsig.Method},
	{"signature by another algorithm", swap(ecdsa256, more+"rsa-sha256"), xmldsig.WrongSignature},
	{"signature by another hash", swap(ecdsa256, more+"ecdsa-sha384"), xmldsig.WrongSignature},
	{"HMAC with the public key as the secret", forgeHMAC, xmldsig.HMAC},
	{"HMAC SHA-1, cut short", swap(`"`+ecdsa256+`"/>`, `"http://www.w3.org/2000/09/xmldsig#hmac-sha1"><HMACOutputLength>0</HMACOutputLength></SignatureMethod>`), xmldsig.HMAC},
	{"HMACOutputLength", swap(`"`+ecdsa256+`"/>`, `"`+ecdsa256+`"><HMACOutputLength>0</HMACOutputLength></SignatureMethod>`), xmldsig.UnknownElement},
	{"digest MD5", swap(enc+"sha256", more+"md5"), xmldsig.DigestAlgorithm},
	{"digest of another length", swap(enc+"sha256", enc+"sha512"), xmldsig.Base64},

	{"Object in the signature", within("</Signature>", "<Object>x</Object>"), xmldsig.Object},
	{"Object in front", within("<SignedInfo>", "<Object/>"), xmldsig.Object},
	{"Manifest in the signature", within("</Signature>", "<Manifest/>"), xmldsig.UnknownElement},
	{"foreign element in the signature", within("</Signature>", `<x xmlns="urn:x"/>`), xmldsig.UnknownElement},
	{"report in the signature", within("</Signature>", `<report xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"/>`), xmldsig.UnknownElement},
	{"two SignedInfo", func(s string) string { return within("<SignedInfo>", between(s, "<SignedInfo>", "</SignedInfo>"))(s) }, xmldsig.Form},
	{"two SignatureValue", within("<SignatureValue>", "<SignatureValue>AAAA</SignatureValue>"), xmldsig.Form},
	{"SignatureValue in front", func(s string) string {
		value := between(s, "<SignatureValue>", "</SignatureValue>")
		return within("<SignedInfo>", value)(strings.Replace(s, value, "", 1))
	}, xmldsig.Form},
	{"two KeyInfo", within("</Signature>", "<KeyInfo/>"), xmldsig.Form},
	{"attribute of SignedInfo", swap("<SignedInfo>", `<SignedInfo a="b">`), xmldsig.UnknownAttribute},
	{"attribute of the signature", swap("<Signature ", `<Signature a="b" `), xmldsig.UnknownAttribute},
	{"attribute of SignatureValue", swap("<SignatureValue>", `<SignatureValue a="b">`), xmldsig.UnknownAttribute},
	{"attribute of Transforms", swap("<Transforms>", `<Transforms a="b">`), xmldsig.UnknownAttribute},
	{"attribute of a transform", swap("<Transform ", `<Transform a="b" `), xmldsig.UnknownAttribute},
	{"attribute of DigestValue", swap("<DigestValue>", `<DigestValue a="b">`), xmldsig.UnknownAttribute},
	{"attribute of KeyInfo", swap("<X509Data>", `<X509Data a="b">`), xmldsig.UnknownAttribute},
	{"attribute of the prefixes", swap(bare, `<CanonicalizationMethod Algorithm="`+exc+`"><ec:InclusiveNamespaces xmlns:ec="`+exc+`" a="b"/></CanonicalizationMethod>`), xmldsig.UnknownAttribute},
	{"child of DigestMethod", swap(enc+`sha256"/>`, enc+`sha256"><Object/></DigestMethod>`), xmldsig.Object},
	{"text in the signature", within("<KeyInfo>", "text"), xmldsig.StrayText},
	{"CDATA in the signature", within("<KeyInfo>", "<![CDATA[text]]>"), xmldsig.StrayText},
	{"text in KeyInfo", within("<X509Data>", "text"), xmldsig.StrayText},
	{"comment in DigestValue", swap("<DigestValue>", "<DigestValue><!-- a -->"), xmldsig.Comment},
	{"comment in SignatureValue", swap("<SignatureValue>", "<SignatureValue><!-- a -->"), xmldsig.Comment},
	{"comment in SignedInfo", within("<SignatureMethod ", "<!-- a -->"), xmldsig.Comment},
	{"instruction in DigestValue", swap("</DigestValue>", "<?a?></DigestValue>"), xmldsig.Comment},
	{"element in DigestValue", swap("</DigestValue>", "<Object/></DigestValue>"), xmldsig.UnknownElement},
	{"letters in SignatureValue", swap("<SignatureValue>", "<SignatureValue>*"), xmldsig.Base64},
	{"SignatureValue empty", func(s string) string {
		return strings.Replace(s, between(s, "<SignatureValue>", "</SignatureValue>"), "<SignatureValue/>", 1)
	}, xmldsig.Base64},
	{"SignatureValue of noughts", func(s string) string {
		return strings.Replace(s, between(s, "<SignatureValue>", "</SignatureValue>"), "<SignatureValue>"+base64.StdEncoding.EncodeToString(make([]byte, 64))+"</SignatureValue>", 1)
	}, xmldsig.WrongSignature},
	{"SignatureValue in ASN.1", asn1Value, xmldsig.WrongSignature},
	{"SignatureValue with leading noughts", longValue, xmldsig.WrongSignature},
	{"RetrievalMethod", within("<X509Data>", `<RetrievalMethod URI="http://example.org/k"/>`), xmldsig.KeyInfo},
	{"foreign element in KeyInfo", within("<X509Data>", `<x xmlns="urn:x"/>`), xmldsig.KeyInfo},
	{"curve in the namespace of 1.0", within("<X509Data>", "<KeyValue><ECKeyValue/></KeyValue>"), xmldsig.KeyInfo},
	{"parameters of a curve", within("<X509Data>", `<KeyValue><ECKeyValue xmlns="`+ns11+`"><ECParameters/></ECKeyValue></KeyValue>`), xmldsig.KeyInfo},
	{"KeyName in the namespace of 1.1", within("<X509Data>", `<KeyName xmlns="`+ns11+`"/>`), xmldsig.KeyInfo},
	{"attribute of a curve", within("<X509Data>", swap("URI=", "Algorithm=")("<KeyValue>"+ecKeyValue+"</KeyValue>")), xmldsig.UnknownAttribute},
	{"seventeen certificates", within("<X509Certificate>", strings.Repeat("<X509Certificate>AAAA</X509Certificate>", 16)), xmldsig.KeyInfo},

	{"two attributes of one expanded name", swap("<issueDate>", `<issueDate xmlns:p="urn:p" xmlns:q="urn:p" p:a="1" q:a="2">`), xmldsig.DuplicateAttribute},
	{"prefix without declaration", swap("<issueDate>", `<issueDate p:a="1">`), xmldsig.UnboundPrefix},
	{"prefix for no namespace", swap("<issueDate>", `<issueDate xmlns:p="">`), xmldsig.UnboundPrefix},
	{"prefix xmlns", swap("<issueDate>", `<issueDate xmlns:xmlns="urn:p">`), xmldsig.UnboundPrefix},
	{"name that begins with a colon", swap("<issueDate>", `<issueDate :a="1">`), xmldsig.UnboundPrefix},
	{"name that ends in a colon", swap("<issueDate>", "<a:/><issueDate>"), xmldsig.UnboundPrefix},
	{"hundreds of declarations", swap("<issueDate>", "<x"+declarations(200)+"><y"+declarations(200)+"/></x><issueDate>"), xmldsig.TooManyNamespaces},
	{"Canonical XML 1.1 below xml:base", func(s string) string {
		return swap(c14n10, c14n11)(swap("<elmo ", `<elmo xml:base="http://example.org/" `)(s))
	}, xmldsig.BaseAttribute},
}

func declarations(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` xmlns:p%d="urn:%d"`, i, i)
	}
	return b.String()
}

// forgeHMAC signs with what everybody has: the public key, as an HMAC secret.
func forgeHMAC(s string) string {
	s = swap(ecdsa256, more+"hmac-sha256")(s)
	info := swap("<SignedInfo>", `<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">`)(between(s, "<SignedInfo>", "</SignedInfo>"))
	mac := hmac.New(sha256.New, p256().certificate.RawSubjectPublicKeyInfo)
	mac.Write([]byte(info))
	return strings.Replace(s, between(s, "<SignatureValue>", "</SignatureValue>"), "<SignatureValue>"+base64.StdEncoding.EncodeToString(mac.Sum(nil))+"</SignatureValue>", 1)
}

// changeValue changes the decoded signature value.
func changeValue(s string, change func(value []byte) []byte) string {
	old := between(s, "<SignatureValue>", "</SignatureValue>")
	value, _ := base64.StdEncoding.DecodeString(old[len("<SignatureValue>") : len(old)-len("</SignatureValue>")])
	return strings.Replace(s, old, "<SignatureValue>"+base64.StdEncoding.EncodeToString(change(value))+"</SignatureValue>", 1)
}

func asn1Value(s string) string {
	return changeValue(s, func(v []byte) []byte {
		der, _ := asn1.Marshal([]*big.Int{new(big.Int).SetBytes(v[:32]), new(big.Int).SetBytes(v[32:])})
		return der
	})
}

func longValue(s string) string {
	return changeValue(s, func(v []byte) []byte {
		return append(append([]byte{0}, v[:32]...), append([]byte{0}, v[32:]...)...)
	})
}

// TestAttacks: each is refused, for its reason; what changes nothing is taken.
func TestAttacks(t *testing.T) {
	signed := sign(t, small, p256(), elmo.SignOptions{})
	for _, opt := range []elmo.VerifyOptions{trusting(p256()), {Options: xmldsig.Options{Embedded: true}}} {
		for _, a := range attacks {
			data := a.change(signed)
			if data == signed {
				t.Fatalf("%s: nothing changed", a.name)
			}
			v, err := elmo.Verify([]byte(data), opt)
			switch {
			case reason(err) != a.want:
				t.Errorf("%s: %v, want %s", a.name, err, a.want)
			case a.want == "" && err != nil:
				t.Errorf("%s: %v", a.name, err)
			case a.want == "":
				if contentOf(t, v) != contentOf(t, verified(t, signed)) {
					t.Errorf("%s: another content", a.name)
				}
			case !errors.Is(err, elmo.ErrSignature) || errors.Is(err, elmo.ErrUnsigned) != (a.want == xmldsig.Unsigned):
				t.Errorf("%s: %v", a.name, err)
			case strings.Contains(err.Error(), "example"):
				t.Errorf("%s: the error holds something of the document: %v", a.name, err)
			}
		}
	}
	t.Logf("%d attacks", len(attacks))
}

// TestReadRefuses: Read refuses names that nobody can resolve as well.
func TestReadRefuses(t *testing.T) {
	n := 0
	for _, a := range attacks {
		if a.want != xmldsig.DuplicateAttribute && a.want != xmldsig.UnboundPrefix || a.name == "prefix xmlns" {
			continue
		}
		n++
		if _, err := elmo.Read([]byte(a.change(small)), elmo.ReadOptions{}); !errors.Is(err, elmo.ErrSyntax) {
			t.Errorf("%s: %v", a.name, err)
		}
	}
	if n < 5 {
		t.Errorf("only %d", n)
	}
}

// TestScanRefuses: what already reading refuses, verifying refuses for the same reason.
func TestScanRefuses(t *testing.T) {
	signed := sign(t, small, p256(), elmo.SignOptions{})
	for name, c := range map[string]struct {
		change func(string) string
		want   error
	}{
		"repeated xmlns":               {swap("<elmo ", `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1" `), elmo.ErrSyntax},
		"repeated xmlns of a prefix":   {swap("<report>", `<report xmlns:a="urn:a" xmlns:a="urn:a">`), elmo.ErrSyntax},
		"repeated attribute":           {swap(`xml:lang="en"`, `xml:lang="en" xml:lang="en"`), elmo.ErrSyntax},
		"repeated Algorithm":           {swap(`<SignatureMethod `, `<SignatureMethod Algorithm="a" `), elmo.ErrSyntax},
		"document type":                {within("<elmo ", "<!DOCTYPE elmo>"), elmo.ErrDTD},
		"document type with entity":    {within("<elmo ", `<!DOCTYPE elmo [<!ENTITY a "b">]>`), elmo.ErrDTD},
		"entity":                       {swap(">8<", ">&eight;<"), elmo.ErrSyntax},
		"second root":                  {func(s string) string { return s + "<elmo/>" }, elmo.ErrSyntax},
		"other encoding":               {swap("UTF-8", "UTF-16"), elmo.ErrEncoding},
		"bytes that are not UTF-8":     {swap(">Zo<", ">Zo\xEB<"), elmo.ErrEncoding},
		"an XML declaration in a text": {within("<report>", prolog), elmo.ErrSyntax},
		"depth":                        {within("<report>", strings.Repeat("<a>", 70)+strings.Repeat("</a>", 70)), elmo.ErrLimit},
	} {
		data := []byte(c.change(signed))
		_, err := elmo.Verify(data, trusting(p256()))
		_, readErr := elmo.Read(data, elmo.ReadOptions{})
		if !errors.Is(err, c.want) || errors.Is(err, elmo.ErrSignature) || readErr == nil || readErr.Error() != err.Error() {
			t.Errorf("%s: verifying %v, reading %v, want %v", name, err, readErr, c.want)
		}
	}
}

func verified(t testing.TB, signed string) *elmo.Verified {
	t.Helper()
	v, err := elmo.Verify([]byte(signed), trusting(p256()))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// contentOf gives the document that was verified, written without its signature.
func contentOf(t testing.TB, v *elmo.Verified) string {
	t.Helper()
	doc, err := v.Read()
	if err != nil {
		t.Fatal(err)
	}
	doc.Signature = elmo.Raw{}
	out, err := elmo.Marshal(doc, elmo.WriteOptions{Skeleton: true})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// What XML Signature 1.1 added to KeyInfo, with another key than that of the signature.
const (
	ns11       = "http://www.w3.org/2009/xmldsig11#"
	ecKeyValue = `<e:ECKeyValue xmlns:e="` + ns11 + `" Id="k"><e:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><e:PublicKey>BAAA</e:PublicKey></e:ECKeyValue>`
)

// TestKeyValueIsNoKey: a key in the signature is not used, not even to see whether the document is whole.
func TestKeyValueIsNoKey(t *testing.T) {
	signed := sign(t, small, p256(), elmo.SignOptions{})
	only := swap(between(signed, "<X509Data>", "</X509Data>"), "<KeyValue>"+ecKeyValue+"</KeyValue>")(signed)
	if _, err := elmo.Verify([]byte(only), elmo.VerifyOptions{Options: xmldsig.Options{Embedded: true}}); reason(err) != xmldsig.NoKey {
		t.Error(err)
	}
	if v := verified(t, only); v.Signature.Embedded != xmldsig.EmbeddedNone {
		t.Errorf("%+v", v.Signature)
	}
}

// TestHarmless changes what says nothing: the signature holds, and the content is the same.
func TestHarmless(t *testing.T) {
	signed := sign(t, small, p256(), elmo.SignOptions{})
	want := contentOf(t, verified(t, signed))
	for name, change := range map[string]func(string) string{
		"comment in a text":          swap(">8<", "><!-- a -->8<!-- b --><"),
		"comment before the root":    within("<elmo ", "<!-- a -->\n"),
		"declaration repeated below": swap("<report>", `<report xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">`),
		"CDATA":                      swap(">8<", "><![CDATA[8]]><"),
		"character reference":        swap(">8<", ">&#56;<"),
		"quotes and blanks":          swap(` xml:lang="en">`, "\n xml:lang = 'en'\t>"),
		"white space in base64":      swap("<SignatureValue>", "<SignatureValue>\n &#13;"),
		"white space in KeyInfo":     within("<X509Data>", "\n"),
		"key name":                   within("<X509Data>", "<KeyName>a</KeyName>"),
		"curve and point":            within("<X509Data>", "<KeyValue>"+ecKeyValue+"</KeyValue>"),
		"key in DER":                 within("</KeyInfo>", `<DEREncodedKeyValue xmlns="`+ns11+`">AAAA</DEREncodedKeyValue>`),
		"digest of the certificate":  within("</X509Data>", `<d:X509Digest xmlns:d="`+ns11+`" Algorithm="`+enc+`sha256">AAAA</d:X509Digest>`),
		"no KeyInfo":                 func(s string) string { return strings.Replace(s, between(s, "<KeyInfo>", "</KeyInfo>"), "", 1) },
		"prolog":                     swap(prolog, ""),
		"byte order mark":            func(s string) string { return "\uFEFF" + s },
	} {
		if got := contentOf(t, verified(t, change(signed))); got != want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
	}
}

// TestEveryByte changes each byte of a signed document in every bit, and takes it away. Only in the XML
// declaration and in KeyInfo may the signature hold, and what is read is the same then.
func TestEveryByte(t *testing.T) {
	signed := sign(t, small, p256(), elmo.SignOptions{})
	want := contentOf(t, verified(t, signed))
	opt := trusting(p256())
	keyInfo := strings.Index(signed, "<KeyInfo>")
	try := func(data []byte, i int) {
		v, err := elmo.Verify(data, opt)
		if err != nil {
			return
		}
		if i >= len(prolog) && i < keyInfo {
			t.Errorf("byte %d: %q verifies", i, data[max(0, i-20):min(len(data), i+20)])
		}
		if _, err := v.Read(); err == nil && contentOf(t, v) != want {
			t.Errorf("byte %d: %q verifies with another content", i, data[max(0, i-20):min(len(data), i+20)])
		}
	}
	bits := 8
	if testing.Short() {
		bits = 1 // for the race detector
	}
	for i := range len(signed) {
		for bit := range bits {
			data := []byte(signed)
			data[i] ^= 1 << bit
			try(data, i)
		}
		try([]byte(signed[:i]+signed[i+1:]), i)
	}
	t.Logf("%d changes", (bits+1)*len(signed))
}

// TestOtherSigner: the key is that of the caller, whatever the document brings along.
func TestOtherSigner(t *testing.T) {
	signed := sign(t, small, p256(), elmo.SignOptions{})
	for kind, of := range kinds {
		if kind == "P-256" {
			continue
		}
		if _, err := elmo.Verify([]byte(signed), trusting(of())); reason(err) != xmldsig.WrongSignature {
			t.Errorf("%s: %v", kind, err)
		}
	}
	other := newIdentity(mustKey(t))
	again := sign(t, small, other, elmo.SignOptions{})
	if _, err := elmo.Verify([]byte(again), trusting(p256())); reason(err) != xmldsig.WrongSignature {
		t.Error(err)
	}
	certificate := between(again, "<X509Certificate>", "</X509Certificate>")
	mixed := strings.Replace(signed, between(signed, "<X509Certificate>", "</X509Certificate>"), certificate, 1)
	if r := verified(t, mixed).Signature; !r.Authenticated || r.Embedded != xmldsig.EmbeddedDiffers || warnings(r) != "embedded-key-differs" {
		t.Errorf("%+v", r)
	}
	if _, err := elmo.Verify([]byte(mixed), elmo.VerifyOptions{Options: xmldsig.Options{Embedded: true}}); reason(err) != xmldsig.WrongSignature {
		t.Error(err)
	}
}

func mustKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(p256().certificate.PublicKey.(*ecdsa.PublicKey).Curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// warnings gives their ids.
func warnings(r xmldsig.Result) string {
	var ids []string
	for _, w := range r.Warnings {
		if w.Text == "" {
			ids = append(ids, "no text")
		}
		ids = append(ids, string(w.ID))
	}
	return strings.Join(ids, " ")
}

// TestNeverSlow signs and verifies documents made to be slow. A walk that is not in proportion to the
// size would not end before go test gives up.
func TestNeverSlow(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 1000 // for the race detector
	}
	attributes := strings.NewReplacer(" xmlns:", " ", "=", ":a=").Replace(declarations(200))
	for name, content := range map[string]string{
		"attributes":   "<x" + declarations(200) + ">" + strings.Repeat("<y"+attributes+"/>", n/10) + "</x>",
		"declarations": strings.Repeat("<x"+declarations(200)+"/>", n/10),
		"Ids":          strings.Repeat("<x id='r'/>", n),
		"comments":     strings.Repeat("a<!-- b -->", n),
		"escapes":      strings.Repeat("&#13;&amp;", n),
		"line ends":    "<x>" + strings.Repeat("\r", 10*n) + "</x>",
		"signatures":   strings.Repeat("<Signature xmlns='urn:x'/>", n),
	} {
		data := swap("</elmo>", "<extension>"+content+"</extension></elmo>")(small)
		for _, exclusive := range []bool{false, true} {
			signed := sign(t, data, p256(), elmo.SignOptions{SignOptions: xmldsig.SignOptions{Exclusive: exclusive}})
			if _, err := elmo.Verify([]byte(signed), trusting(p256())); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := elmo.Verify([]byte(swap(`URI=""`, `URI="#r"`)(signed)), trusting(p256())); err == nil {
				t.Errorf("%s: the reference is wrong", name)
			}
		}
	}
}
