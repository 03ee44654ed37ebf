package xmldsig

import (
	"crypto"
	_ "crypto/sha1" // for signatures of before 2020
	_ "crypto/sha256"
	_ "crypto/sha512"
)

// NS is the namespace of XML Signature.
const NS = "http://www.w3.org/2000/09/xmldsig#"

const (
	ns11        = "http://www.w3.org/2009/xmldsig11#"
	nsMore      = "http://www.w3.org/2001/04/xmldsig-more#"
	nsEnc       = "http://www.w3.org/2001/04/xmlenc#"
	nsExc       = "http://www.w3.org/2001/10/xml-exc-c14n#"
	nsXML       = "http://www.w3.org/XML/1998/namespace"
	enveloped   = NS + "enveloped-signature"
	prefixXMLNS = "xmlns"

	inclusive10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	inclusive11 = "http://www.w3.org/2006/12/xml-c14n11"
)

// Canonicalization is a way to write XML so that documents that mean the same are the same bytes.
type Canonicalization struct {
	Exclusive bool     // Exclusive XML Canonicalization 1.0: only the namespaces that are used
	V11       bool     // Canonical XML 1.1 in place of 1.0: differs in inherited xml:id and xml:base
	Comments  bool     // keep comments
	Prefixes  []string // Exclusive: InclusiveNamespaces PrefixList; "#default" is the default namespace
}

// canonicalizations are those of XML Signature 1.1, 6.5.
var canonicalizations = map[string]Canonicalization{
	inclusive10:                   {},
	inclusive10 + "#WithComments": {Comments: true},
	inclusive11:                   {V11: true},
	inclusive11 + "#WithComments": {V11: true, Comments: true},
	nsExc:                         {Exclusive: true},
	nsExc + "WithComments":        {Exclusive: true, Comments: true},
}

// digests are the values of DigestMethod that are known.
var digests = map[string]crypto.Hash{
	NS + "sha1":       crypto.SHA1,
	nsEnc + "sha256":  crypto.SHA256,
	nsMore + "sha384": crypto.SHA384,
	nsEnc + "sha512":  crypto.SHA512,
}

// method is a value of SignatureMethod.
type method struct {
	kind keyKind
	hash crypto.Hash
}

type keyKind string

const (
	kindRSA   keyKind = "RSA"
	kindECDSA keyKind = "ECDSA"
)

var methods = map[string]method{
	NS + "rsa-sha1":         {kindRSA, crypto.SHA1},
	nsMore + "rsa-sha256":   {kindRSA, crypto.SHA256},
	nsMore + "rsa-sha384":   {kindRSA, crypto.SHA384},
	nsMore + "rsa-sha512":   {kindRSA, crypto.SHA512},
	nsMore + "ecdsa-sha1":   {kindECDSA, crypto.SHA1},
	nsMore + "ecdsa-sha256": {kindECDSA, crypto.SHA256},
	nsMore + "ecdsa-sha384": {kindECDSA, crypto.SHA384},
	nsMore + "ecdsa-sha512": {kindECDSA, crypto.SHA512},
}

// uriOf gives the name of an algorithm that a table knows.
func uriOf[V comparable](table map[string]V, value V) (string, bool) {
	for uri, v := range table {
		if v == value {
			return uri, true
		}
	}
	return "", false
}
