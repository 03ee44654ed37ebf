// Package xmldsig canonicalises XML and makes and checks the signatures of ELMO: XML Signature 1.1,
// enveloped, over the element that the signature stands in.
//
// It knows one form of signature and refuses the rest: one Reference to that element, the enveloped
// transform and at most one canonicalisation after it, RSA (PKCS #1 v1.5) or ECDSA with SHA-2, and
// SHA-1 as the caller's policy says. Nothing inside the signature is ever read as content. The key
// comes from the caller; the certificate in the signature is compared with it and trusted for nothing.
//
// It works on a tree that was read before, and gives no bytes to parse again: what was verified is
// what the tree holds. Package elmo reads the tree and is what most callers want (elmo.Verify,
// elmo.Sign).
//
// Sources: Canonical XML 1.0 (2001-03-15) and 1.1, Exclusive XML Canonicalization 1.0, XML Signature
// Syntax and Processing 1.1, RFC 4050 and RFC 6931 for the algorithm names.
package xmldsig
