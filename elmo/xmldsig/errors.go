package xmldsig

import (
	"errors"
	"fmt"

	"github.com/beevik/etree"
)

// What callers branch on; each is in the chain of an *Error.
var (
	// ErrSignature means that nothing of the document can be relied on.
	ErrSignature = errors.New("signature not accepted")
	// ErrUnsigned means that there is no signature at all; it is an ErrSignature too.
	ErrUnsigned = fmt.Errorf("%w: not signed", ErrSignature)
)

// Reason says why a signature was refused or could not be made. The values do not change.
type Reason string

const (
	Unsigned           Reason = "unsigned"            // there is no signature
	Misplaced          Reason = "misplaced"           // there are signatures, but none where it should stand
	SeveralSignatures  Reason = "several-signatures"  // more than one where one should stand
	Form               Reason = "form"                // an element or an attribute is missing, repeated, out of order or empty
	UnknownElement     Reason = "unknown-element"     // in the signature
	UnknownAttribute   Reason = "unknown-attribute"   // in the signature
	Object             Reason = "object"              // ds:Object, whose content no enveloped signature covers
	Comment            Reason = "comment"             // a comment or a processing instruction in the signature
	StrayText          Reason = "text"                // text between the elements of the signature
	Base64             Reason = "base64"              // a value is not base64, or of the wrong length
	Canonical          Reason = "canonicalization"    // CanonicalizationMethod not on the list
	Method             Reason = "signature-method"    // SignatureMethod not on the list
	HMAC               Reason = "hmac"                // a shared secret: whoever can check it can make it
	DigestAlgorithm    Reason = "digest-method"       // DigestMethod not on the list
	SHA1               Reason = "sha1"                // refused by policy
	SeveralReferences  Reason = "several-references"  // exactly one is taken
	WrongReference     Reason = "reference"           // it is not to the whole element that holds the signature
	DuplicateID        Reason = "duplicate-id"        // the Id of the reference is there twice
	Transform          Reason = "transform"           // not on the list, or at the wrong place
	NotEnveloped       Reason = "not-enveloped"       // the enveloped transform is missing
	BaseAttribute      Reason = "xml-base"            // Canonical XML 1.1 below an xml:base, which is not supported
	DuplicateAttribute Reason = "duplicate-attribute" // two attributes or declarations of one name
	UnboundPrefix      Reason = "namespace"           // a prefix without declaration, or a name with colons
	Declaration        Reason = "doctype"             // a document type or another declaration in the tree
	TooManyNamespaces  Reason = "limit"               // more declarations in scope than anybody needs
	KeyInfo            Reason = "key-info"            // an element of KeyInfo that is not on the list
	NoKey              Reason = "no-key"              // none was given, or none is embedded
	WeakKey            Reason = "weak-key"            // RSA under 1024 bits, or a curve that is not on the list
	WrongSignature     Reason = "signature"           // the value fits no key: another key, or SignedInfo was changed
	WrongDigest        Reason = "digest"              // the document was changed after it was signed
	AlreadySigned      Reason = "signed"              // signing: there is a signature already
	NoPlace            Reason = "place"               // signing: there is no such element, or it is empty
	WrongCertificate   Reason = "certificate"         // signing: no certificate, not that of the key, or not for signing now
	SignerFailed       Reason = "signer"              // signing: the signer gave an error or a wrong value
)

// Error says why a signature was refused or could not be made. It holds nothing of the document.
type Error struct {
	Reason Reason
	Text   string
	Node   *etree.Element // where; nil for the document as a whole
	cause  error          // of SignerFailed
}

// Error gives "digest: text".
func (e *Error) Error() string { return string(e.Reason) + ": " + e.Text }

// Unwrap gives ErrUnsigned or ErrSignature, and what the signer said.
func (e *Error) Unwrap() []error {
	if e.Reason == Unsigned {
		return []error{ErrUnsigned}
	}
	if e.cause != nil {
		return []error{ErrSignature, e.cause}
	}
	return []error{ErrSignature}
}

func fail(reason Reason, node *etree.Element, text string) error {
	return &Error{Reason: reason, Text: text, Node: node}
}
