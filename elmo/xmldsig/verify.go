package xmldsig

import (
	"crypto"
	"crypto/rsa"
	"crypto/subtle"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
)

// Policy says what becomes of a signature or a digest with SHA-1. Collisions of SHA-1 can be bought;
// several countries of EMREX still sign with it.
type Policy string

const (
	Warn   Policy = "warn" // accept, with a warning; the default
	Refuse Policy = "refuse"
	Accept Policy = "accept" // without a warning; Result.SHA1 says it all the same
)

// Options govern verification. Keys are needed, or Embedded.
type Options struct {
	// Keys are those that the caller trusts, as published by EMREG or EWP for the provider that was
	// asked. The signature must be by one of them.
	Keys []Key
	// Embedded verifies without Keys, by the certificate in the signature: whether the document is
	// whole. Who signed it remains unknown, and Result.Authenticated false.
	Embedded bool
	SHA1     Policy    // empty: Warn
	Time     time.Time // at which the certificate should be valid; zero: not looked at
}

// Embedded says how the certificate in the signature stands to the key that verified it.
type Embedded string

const (
	EmbeddedNone       Embedded = "none"       // there is no certificate in the signature
	EmbeddedMatches    Embedded = "matches"    // it has the key that verified the signature
	EmbeddedDiffers    Embedded = "differs"    // it has another key
	EmbeddedUnreadable Embedded = "unreadable" // it is no X.509 certificate that can be read
)

// WarningID names a warning. The values do not change.
type WarningID string

const (
	NotAuthenticated   WarningID = "not-authenticated"         // verified by the embedded certificate alone
	SHA1Signature      WarningID = "sha1-signature"            // SignatureMethod uses SHA-1
	SHA1Digest         WarningID = "sha1-digest"               // DigestMethod is SHA-1
	ShortKey           WarningID = "short-key"                 // RSA under 2048 bits
	Expired            WarningID = "certificate-expired"       // at Options.Time
	NotYetValid        WarningID = "certificate-not-yet-valid" // at Options.Time
	EmbeddedKeyDiffers WarningID = "embedded-key-differs"      // the signature names another certificate
	EmbeddedBroken     WarningID = "embedded-unreadable"       // EmbeddedUnreadable
)

// warningTexts are for people.
var warningTexts = map[WarningID]string{
	NotAuthenticated:   "the document is whole, but its signer is not authenticated: the key came with the document",
	SHA1Signature:      "the signature is made with SHA-1, which is broken for new signatures",
	SHA1Digest:         "the digest is SHA-1, which is broken for new signatures",
	ShortKey:           "the RSA key is shorter than 2048 bits",
	Expired:            "the certificate had expired",
	NotYetValid:        "the certificate was not valid yet",
	EmbeddedKeyDiffers: "the certificate in the signature is not that of the key that verifies it",
	EmbeddedBroken:     "the certificate in the signature cannot be read",
}

// Warning is something that a verified signature should not have.
type Warning struct {
	ID   WarningID `json:"id"`
	Text string    `json:"text"`
}

// Result describes a signature that verifies. Algorithms are named by their URIs.
type Result struct {
	// Authenticated: the signature is by a key of Options.Keys. Without, it only shows that the
	// document is whole.
	Authenticated bool     `json:"authenticated"`
	Key           int      `json:"key"` // which of Options.Keys, from 1; 0 when not authenticated
	KeyType       string   `json:"keyType"`
	Embedded      Embedded `json:"embedded"`

	SHA1             bool   `json:"sha1"` // the signature, the digest or both are made with SHA-1
	Canonicalization string `json:"canonicalization"`
	SignatureMethod  string `json:"signatureMethod"`
	DigestMethod     string `json:"digestMethod"`
	Transform        string `json:"transform,omitempty"` // the canonicalisation of the reference; empty: the default, 1.0
	Reference        string `json:"reference"`           // "whole", or "id": without what stands around the root
	Digest           string `json:"digest"`              // of the canonical document, hexadecimal

	Certificate *Certificate `json:"certificate,omitempty"` // of the key that verified
	Warnings    []Warning    `json:"warnings,omitempty"`
}

func (r *Result) warn(id WarningID) {
	r.Warnings = append(r.Warnings, Warning{id, warningTexts[id]})
}

// Verify verifies the signature that is a child of the target's element and covers all of it but the
// signature itself. The error is an *Error.
//
// The reference must be "", or "#" with the value of an attribute Id, ID, id or xml:id that the
// element alone has. By an Id the processing instructions before and behind a root are not signed, by
// "" they are (XML Signature 4.4.3.2); they are no content of ELMO. For an element that is not the root, "" means that it was signed as a document of
// its own. Its names must be declared on it then, or, if that does not fit, what its ancestors declare
// counts as declared on it. Which of both a signer meant cannot be seen; both say the same.
func (t Target) Verify(opt Options) (*Result, error) {
	element, err := Find(t.Element)
	if err != nil {
		return nil, err
	}
	if len(opt.Keys) == 0 && !opt.Embedded {
		return nil, fail(NoKey, nil, "no key is given to verify the signature with")
	}
	s, err := takeApart(element)
	if err != nil {
		return nil, err
	}
	if err := s.allowed(opt.SHA1); err != nil {
		return nil, err
	}
	if err := t.checkReference(s); err != nil {
		return nil, err
	}
	return t.verifyInContexts(s, opt)
}

// verifyInContexts takes an element that is not the root as a document of its own first. When neither
// way fits, an error of the digest says more: the signature was fine.
func (t Target) verifyInContexts(s *signature, opt Options) (*Result, error) {
	if t.isRoot() || s.uri != "" || !t.isSelfContained() {
		return t.verify(s, opt)
	}
	t.alone = true
	r, alone := t.verify(s, opt)
	if alone == nil {
		return r, nil
	}
	t.alone = false
	r, err := t.verify(s, opt)
	var why *Error
	if err != nil && errors.As(alone, &why) && why.Reason == WrongDigest {
		return nil, alone
	}
	return r, err
}

// isSelfContained tells whether names without prefix in the target mean the same without its
// ancestors. With a prefix, they cannot be resolved then or mean the same.
func (t Target) isSelfContained() bool {
	for e := t.Element; e != nil; e = e.Parent() {
		for i := range e.Attr {
			if prefix, ok := declared(&e.Attr[i]); ok && prefix == "" {
				return e == t.Element || e.Attr[i].Value == ""
			}
		}
	}
	return true
}

// allowed applies the policy for SHA-1; an unknown one refuses.
func (s *signature) allowed(policy Policy) error {
	if slices.Contains([]Policy{"", Warn, Accept}, policy) {
		return nil
	}
	switch crypto.SHA1 {
	case s.method.hash:
		return fail(SHA1, s.methodAt, "the signature is made with SHA-1, which the policy refuses")
	case s.digest:
		return fail(SHA1, s.digestAt, "the digest is SHA-1, which the policy refuses")
	}
	return nil
}

// checkReference refuses a reference that is not to the whole target (XML Signature 4.4.3.2).
func (t Target) checkReference(s *signature) error {
	if s.uri == "" {
		return nil
	}
	id, ok := strings.CutPrefix(s.uri, "#")
	if !ok || id == "" || strings.ContainsAny(id, "()") {
		return fail(WrongReference, s.reference, "the reference is not to the document")
	}
	top := t.Element
	for top.Parent() != nil && top.Parent().Tag != "" {
		top = top.Parent()
	}
	found := identified(top, id, nil)
	switch {
	case len(found) > 1:
		return fail(DuplicateID, s.reference, "the Id that the reference names is there more than once")
	case len(found) == 0 || found[0] != t.Element:
		return fail(WrongReference, s.reference, "the reference is not to the element that holds the signature, so it does not cover all of it")
	}
	return nil
}

// identified collects the elements that may be meant by an id; one that has it twice counts twice.
func identified(e *etree.Element, id string, found []*etree.Element) []*etree.Element {
	for i := range e.Attr {
		a := &e.Attr[i]
		plain := a.Space == "" && strings.EqualFold(a.Key, "id")
		if a.Value == id && (plain || a.Space == "xml" && a.Key == "id") {
			found = append(found, e)
		}
	}
	for c := range e.ChildElementsSeq() {
		found = identified(c, id, found)
	}
	return found
}

// verify does the work: first the key, which costs little, then the digest of the document.
func (t Target) verify(s *signature, opt Options) (*Result, error) {
	r, err := t.verifySignedInfo(s, opt)
	if err != nil {
		return nil, err
	}
	t.part = s.uri != ""
	digest := s.digest.New()
	if err := t.canonicalize(digest, s.transform, t.Element, s.element); err != nil {
		return nil, err
	}
	sum := digest.Sum(nil)
	if subtle.ConstantTimeCompare(sum, s.digestValue) != 1 {
		return nil, fail(WrongDigest, s.reference, "the digest does not match: the document was changed after it was signed")
	}
	r.Digest = hex.EncodeToString(sum)
	return r, nil
}

// verifySignedInfo finds the key that made the signature value.
func (t Target) verifySignedInfo(s *signature, opt Options) (*Result, error) {
	h := s.method.hash.New()
	if err := t.canonicalize(h, s.canonical, s.signedInfo, nil); err != nil {
		return nil, err
	}
	sum := h.Sum(nil)
	embedded := parseCertificates(s.certificates)
	keys := opt.Keys
	if len(keys) == 0 {
		if keys = embeddedKeys(embedded); len(keys) == 0 {
			return nil, fail(NoKey, s.element, "there is no certificate in the signature that can be read, and no key was given")
		}
	}
	i, err := s.match(keys, sum)
	if err != nil {
		return nil, err
	}
	return s.result(keys[i], i+1, embedded, opt), nil
}

func embeddedKeys(certificates []*x509.Certificate) []Key {
	var keys []Key
	for _, c := range certificates {
		if c != nil {
			keys = append(keys, Key{Certificate: c})
		}
	}
	return keys
}

// match gives the position of the key that verifies the signature value.
func (s *signature) match(keys []Key, sum []byte) (int, error) {
	usable := false
	for i, k := range keys {
		kind, _, ok := kindOf(k.public())
		if !ok {
			continue
		}
		usable = true
		if kind == s.method.kind && s.method.verifies(k.public(), sum, s.value) {
			return i, nil
		}
	}
	if !usable {
		return 0, fail(WeakKey, s.element, "none of the keys may be used: "+unusable)
	}
	return 0, fail(WrongSignature, s.element, "the signature is by none of the keys, or what it signs was changed")
}

// result describes what was verified by the n-th key.
func (s *signature) result(k Key, n int, embedded []*x509.Certificate, opt Options) *Result {
	_, name, _ := kindOf(k.public())
	r := &Result{
		Authenticated: len(opt.Keys) > 0, KeyType: name,
		Canonicalization: s.canonicalURI, SignatureMethod: s.methodURI, DigestMethod: s.digestURI,
		Transform: s.transformed, Reference: "whole",
	}
	if s.uri != "" {
		r.Reference = "id"
	}
	if r.Authenticated {
		r.Key = n
	} else {
		r.warn(NotAuthenticated)
	}
	s.warnAlgorithms(r, k, opt.SHA1)
	certificate := k.Certificate
	if match := r.compare(k, embedded); certificate == nil {
		certificate = match
	}
	if certificate != nil {
		r.Certificate = describe(certificate)
		r.warnPeriod(certificate, opt.Time)
	}
	return r
}

func (s *signature) warnAlgorithms(r *Result, k Key, policy Policy) {
	signature, digest := s.method.hash == crypto.SHA1, s.digest == crypto.SHA1
	r.SHA1 = signature || digest
	if signature && policy != Accept {
		r.warn(SHA1Signature)
	}
	if digest && policy != Accept {
		r.warn(SHA1Digest)
	}
	if key, ok := k.public().(*rsa.PublicKey); ok && key.N.BitLen() < soundRSA {
		r.warn(ShortKey)
	}
}

// compare says how the embedded certificates stand to the key, and gives the one that has it.
func (r *Result) compare(k Key, embedded []*x509.Certificate) *x509.Certificate {
	r.Embedded = EmbeddedNone
	for _, c := range embedded {
		switch {
		case c == nil:
			if r.Embedded == EmbeddedNone {
				r.Embedded = EmbeddedUnreadable
			}
		case sameKey(c.PublicKey, k.public()):
			r.Embedded = EmbeddedMatches
			return c
		default:
			r.Embedded = EmbeddedDiffers
		}
	}
	switch r.Embedded {
	case EmbeddedDiffers:
		r.warn(EmbeddedKeyDiffers)
	case EmbeddedUnreadable:
		r.warn(EmbeddedBroken)
	}
	return nil
}

func (r *Result) warnPeriod(c *x509.Certificate, at time.Time) {
	switch {
	case at.IsZero():
	case at.After(c.NotAfter):
		r.warn(Expired)
	case at.Before(c.NotBefore):
		r.warn(NotYetValid)
	}
}
