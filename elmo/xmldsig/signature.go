package xmldsig

import (
	"crypto"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// maxCertificates bounds how many embedded certificates are looked at.
const maxCertificates = 16

// signature is a ds:Signature taken apart: of the form that this package takes.
type signature struct {
	element    *etree.Element
	signedInfo *etree.Element

	canonical    Canonicalization // of SignedInfo
	canonicalURI string
	method       method
	methodURI    string
	methodAt     *etree.Element

	reference   *etree.Element
	uri         string           // of the reference
	transform   Canonicalization // of what is referred to
	transformed string           // its name; empty when it is left to the default
	digest      crypto.Hash
	digestURI   string
	digestAt    *etree.Element
	digestValue []byte

	value        []byte
	certificates [][]byte // DER, as embedded
}

// Find gives the one ds:Signature that is a child of e. Signatures further down are of other things.
func Find(e *etree.Element) (*etree.Element, error) {
	var found *etree.Element
	for c := range e.ChildElementsSeq() {
		if !isSignature(c) {
			continue
		}
		if found != nil {
			return nil, fail(SeveralSignatures, c, "there is more than one signature")
		}
		found = c
	}
	switch {
	case found != nil:
		return found, nil
	case hasSignature(e):
		return nil, fail(Misplaced, nil, "the signatures in the document stand inside other elements: none is of the whole")
	}
	return nil, fail(Unsigned, nil, "there is no signature")
}

func isSignature(e *etree.Element) bool { return e.Tag == "Signature" && e.NamespaceURI() == NS }

// hasSignature tells whether there is a signature below e that is not that of a diploma supplement.
func hasSignature(e *etree.Element) bool {
	for c := range e.ChildElementsSeq() {
		if isSignature(c) && e.Tag != "diplomaSupplement" || hasSignature(c) {
			return true
		}
	}
	return false
}

// takeApart reads a ds:Signature (XML Signature 4.1 to 4.5). Whatever is not of the one form is
// refused.
func takeApart(e *etree.Element) (*signature, error) {
	s := &signature{element: e}
	if err := noComments(e); err != nil {
		return nil, err
	}
	if err := attributes(e, "Id"); err != nil {
		return nil, err
	}
	parts, err := children(e, "SignedInfo", "SignatureValue", "KeyInfo?")
	if err != nil {
		return nil, err
	}
	s.signedInfo = parts[0]
	if err := s.readSignedInfo(); err != nil {
		return nil, err
	}
	if err := attributes(parts[1], "Id"); err != nil {
		return nil, err
	}
	if s.value, err = base64Of(parts[1]); err != nil {
		return nil, err
	}
	if parts[2] != nil {
		err = s.readKeyInfo(parts[2])
	}
	return s, err
}

// noComments refuses comments and processing instructions in a signature: they split texts, and
// readers differ in what they make of the pieces.
func noComments(e *etree.Element) error {
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.CharData:
		case *etree.Element:
			if err := noComments(t); err != nil {
				return err
			}
		default:
			return fail(Comment, e, "there is a comment or a processing instruction in the signature")
		}
	}
	return nil
}

// attributes refuses all attributes of e but the named ones and declarations of namespaces.
func attributes(e *etree.Element, names ...string) error {
	for i := range e.Attr {
		a := &e.Attr[i]
		if isDeclaration(a) || a.Space == "" && slices.Contains(names, a.Key) {
			continue
		}
		return fail(UnknownAttribute, e, "an element of the signature has an attribute that does not belong there")
	}
	return nil
}

// children gives the child elements of e, which are the named ones in their order; a name with "?" may
// be missing, and its place is nil then.
func children(e *etree.Element, names ...string) ([]*etree.Element, error) {
	if err := noText(e); err != nil {
		return nil, err
	}
	found := e.ChildElements()
	parts := make([]*etree.Element, len(names))
	for i, name := range names {
		name, optional := strings.CutSuffix(name, "?")
		switch {
		case len(found) > 0 && is(found[0], name):
			parts[i], found = found[0], found[1:]
		case !optional:
			return nil, misfit(e, found, names)
		}
	}
	if len(found) > 0 {
		return nil, misfit(e, found, names)
	}
	return parts, nil
}

func is(e *etree.Element, name string) bool { return e.Tag == name && e.NamespaceURI() == NS }

// misfit says what is wrong when the next of the children found does not fit.
func misfit(e *etree.Element, found []*etree.Element, names []string) error {
	if len(found) == 0 {
		return fail(Form, e, "an element is missing in the signature")
	}
	next := found[0]
	for _, name := range names {
		if is(next, strings.TrimSuffix(name, "?")) {
			return fail(Form, next, "an element stands at the wrong place in the signature, or twice")
		}
	}
	if is(next, "Object") {
		return fail(Object, next, "there is an Object in the signature, the content of which would not be signed")
	}
	return fail(UnknownElement, next, "there is an element in the signature that does not belong there")
}

func noText(e *etree.Element) error {
	for _, t := range e.Child {
		if text, ok := t.(*etree.CharData); ok && strings.Trim(text.Data, white) != "" {
			return fail(StrayText, e, "there is text between the elements of the signature")
		}
	}
	return nil
}

const white = " \t\r\n"

// algorithm gives the Algorithm of e, which has no other attribute.
func algorithm(e *etree.Element) (string, error) {
	if err := attributes(e, "Algorithm"); err != nil {
		return "", err
	}
	if a := e.SelectAttr("Algorithm"); a != nil && a.Value != "" {
		return a.Value, nil
	}
	return "", fail(Form, e, "an Algorithm is missing in the signature")
}

// base64Of gives the value of e, which has text only. White space counts nowhere (RFC 2045).
func base64Of(e *etree.Element) ([]byte, error) {
	if child := e.ChildElements(); len(child) > 0 {
		return nil, fail(UnknownElement, child[0], "there is an element in a value of the signature")
	}
	var text strings.Builder
	for _, t := range e.Child {
		if t, ok := t.(*etree.CharData); ok {
			text.WriteString(strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(t.Data))
		}
	}
	value, err := base64.StdEncoding.Strict().DecodeString(text.String())
	if err != nil || len(value) == 0 {
		return nil, fail(Base64, e, "a value of the signature is not base64")
	}
	return value, nil
}

func (s *signature) readSignedInfo() error {
	if err := attributes(s.signedInfo, "Id"); err != nil {
		return err
	}
	if n := len(s.signedInfo.SelectElements("Reference")); n > 1 {
		return fail(SeveralReferences, s.signedInfo, "the signature has more than one reference")
	}
	parts, err := children(s.signedInfo, "CanonicalizationMethod", "SignatureMethod", "Reference")
	if err != nil {
		return err
	}
	if s.canonicalURI, s.canonical, err = canonicalization(parts[0], Canonical); err != nil {
		return err
	}
	if err := s.readMethod(parts[1]); err != nil {
		return err
	}
	return s.readReference(parts[2])
}

// canonicalization reads a CanonicalizationMethod or a Transform.
func canonicalization(e *etree.Element, reason Reason) (string, Canonicalization, error) {
	uri, err := algorithm(e)
	if err != nil {
		return "", Canonicalization{}, err
	}
	c, ok := canonicalizations[uri]
	if !ok {
		return "", c, fail(reason, e, "an algorithm that is not on the list for this place")
	}
	if err := noText(e); err != nil {
		return "", c, err
	}
	c.Prefixes, err = inclusiveNamespaces(e, c.Exclusive)
	return uri, c, err
}

// inclusiveNamespaces gives the prefixes that exclusive canonicalisation is to treat inclusively.
func inclusiveNamespaces(e *etree.Element, allowed bool) ([]string, error) {
	list := e.ChildElements()
	if len(list) == 0 {
		return nil, nil
	}
	if in := list[0]; !allowed || len(list) > 1 || in.Tag != "InclusiveNamespaces" || in.NamespaceURI() != nsExc || len(in.Child) > 0 {
		return nil, fail(UnknownElement, in, "there is an element in the signature that does not belong there")
	}
	if err := attributes(list[0], "PrefixList"); err != nil {
		return nil, err
	}
	prefixes := strings.Fields(list[0].SelectAttrValue("PrefixList", ""))
	if len(prefixes) > maxScope {
		return nil, fail(TooManyNamespaces, list[0], "there are too many prefixes in the list")
	}
	return prefixes, nil
}

func (s *signature) readMethod(e *etree.Element) (err error) {
	if s.methodURI, err = algorithm(e); err != nil {
		return err
	}
	s.methodAt = e
	if strings.Contains(s.methodURI, "#hmac-") {
		return fail(HMAC, e, "an HMAC is no signature: whoever can check it can make it")
	}
	var ok bool
	if s.method, ok = methods[s.methodURI]; !ok {
		return fail(Method, e, "a signature algorithm that is not on the list")
	}
	_, err = children(e)
	return err
}

// readReference reads the Reference (XML Signature 4.4.3).
func (s *signature) readReference(e *etree.Element) error {
	s.reference = e
	if err := attributes(e, "Id", "Type", "URI"); err != nil {
		return err
	}
	uri := e.SelectAttr("URI")
	if uri == nil {
		return fail(WrongReference, e, "the reference does not say to what")
	}
	s.uri = uri.Value
	parts, err := children(e, "Transforms?", "DigestMethod", "DigestValue")
	if err != nil {
		return err
	}
	if err := s.readTransforms(parts[0]); err != nil {
		return err
	}
	return s.readDigest(parts[1], parts[2])
}

// readTransforms reads the Transforms: the enveloped one, and one canonicalisation at most.
func (s *signature) readTransforms(e *etree.Element) error {
	if e == nil {
		return fail(NotEnveloped, s.reference, "the reference lacks the enveloped transform")
	}
	if err := attributes(e); err != nil {
		return err
	}
	if len(e.ChildElements()) > 2 {
		return fail(Transform, e, "there are more than two transforms")
	}
	parts, err := children(e, "Transform", "Transform?")
	if err != nil {
		return err
	}
	return s.readTransformPair(parts[0], parts[1])
}

func (s *signature) readTransformPair(first, second *etree.Element) error {
	uri, err := algorithm(first)
	if err != nil {
		return err
	}
	if uri != enveloped {
		return s.withoutEnveloped(first, uri)
	}
	if _, err := children(first); err != nil || second == nil {
		return err
	}
	s.transformed, s.transform, err = canonicalization(second, Transform)
	s.transform.Comments = false // a reference without XPointer has none (XML Signature 4.4.3.3)
	return err
}

// withoutEnveloped says what is wrong when the first transform is another one.
func (s *signature) withoutEnveloped(first *etree.Element, uri string) error {
	if _, ok := canonicalizations[uri]; ok && first.NextSibling() == nil {
		return fail(NotEnveloped, s.reference, "the reference lacks the enveloped transform")
	}
	return fail(Transform, first, "a transform that is not on the list, or before the enveloped one")
}

func (s *signature) readDigest(algorithmAt, value *etree.Element) (err error) {
	if s.digestURI, err = algorithm(algorithmAt); err != nil {
		return err
	}
	var ok bool
	if s.digest, ok = digests[s.digestURI]; !ok {
		return fail(DigestAlgorithm, algorithmAt, "a digest algorithm that is not on the list")
	}
	s.digestAt = algorithmAt
	if _, err = children(algorithmAt); err != nil {
		return err
	}
	if err = attributes(value); err != nil {
		return err
	}
	if s.digestValue, err = base64Of(value); err == nil && len(s.digestValue) != s.digest.Size() {
		err = fail(Base64, value, "the digest has not the length of its algorithm")
	}
	return err
}

// keyInfo has what may stand in an element of KeyInfo (XML Signature 4.5): names of elements, see
// keyInfoName, or nil where there is text or nothing. Only the certificates are read; the rest may be
// there.
var keyInfo = map[string][]string{
	"KeyInfo":                   {"KeyName", "KeyValue", "X509Data", "dsig11:DEREncodedKeyValue"},
	"KeyName":                   nil,
	"KeyValue":                  {"RSAKeyValue", "dsig11:ECKeyValue"},
	"RSAKeyValue":               {"Modulus", "Exponent"},
	"Modulus":                   nil,
	"Exponent":                  nil,
	"dsig11:ECKeyValue":         {"dsig11:NamedCurve", "dsig11:PublicKey"},
	"dsig11:NamedCurve":         nil,
	"dsig11:PublicKey":          nil,
	"dsig11:DEREncodedKeyValue": nil,
	"X509Data":                  {"X509SubjectName", "X509IssuerSerial", "X509SKI", "X509Certificate", "X509CRL", "dsig11:X509Digest"},
	"X509SubjectName":           nil,
	"X509IssuerSerial":          {"X509IssuerName", "X509SerialNumber"},
	"X509IssuerName":            nil,
	"X509SerialNumber":          nil,
	"X509SKI":                   nil,
	"X509Certificate":           nil,
	"X509CRL":                   nil,
	"dsig11:X509Digest":         nil,
}

// keyInfoAttributes are the attributes beside Id.
var keyInfoAttributes = map[string]string{"dsig11:NamedCurve": "URI", "dsig11:X509Digest": "Algorithm"}

// keyInfoName is the name of an element of XML Signature, with "dsig11:" for those that 1.1 added; ""
// for others.
func keyInfoName(e *etree.Element) string {
	switch e.NamespaceURI() {
	case NS:
		return e.Tag
	case ns11:
		return "dsig11:" + e.Tag
	}
	return ""
}

func (s *signature) readKeyInfo(e *etree.Element) error {
	name := keyInfoName(e)
	allowed := keyInfo[name]
	if err := attributes(e, "Id", keyInfoAttributes[name]); err != nil {
		return err
	}
	if allowed != nil {
		if err := noText(e); err != nil {
			return err
		}
	}
	for c := range e.ChildElementsSeq() {
		if !slices.Contains(allowed, keyInfoName(c)) {
			return fail(KeyInfo, c, "there is an element in KeyInfo that is not on the list")
		}
		if err := s.readKeyInfo(c); err != nil {
			return err
		}
	}
	if name == "X509Certificate" {
		return s.readCertificate(e)
	}
	return nil
}

func (s *signature) readCertificate(e *etree.Element) error {
	if len(s.certificates) == maxCertificates {
		return fail(KeyInfo, e, "there are too many certificates in KeyInfo")
	}
	der, err := base64Of(e)
	s.certificates = append(s.certificates, der)
	return err
}
