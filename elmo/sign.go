package elmo

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"unicode/utf8"

	"elmobridge/elmo/xmldsig"

	"github.com/beevik/etree"
)

// SignOptions govern signing; the zero value is the form that every partner of EMREX understands.
type SignOptions struct {
	xmldsig.SignOptions
	Replace    bool // take away the signature that is there
	Supplement int  // sign this diploma supplement, from 1 in the order of the document; 0: the document
	Limits     Limits
}

// Sign gives the ELMO document with a ds:Signature as the last child of its root, in the form of the
// EMREX implementation guide (4.4): enveloped, over the whole document. All other bytes stay as they
// are, and must stay so: nothing may be indented or encoded anew afterwards.
//
// The chain begins with the certificate of the signer's key, which must be valid and for signing. A document that is signed already is
// refused unless opt.Replace.
//
// With opt.Supplement, a diploma supplement is signed as a document of its own, with exclusive
// canonicalisation, so that it verifies when it is cut out as well. It must be signed before the
// document.
//
// The error is an *Error: one of those of Read, ErrNotELMO when the root is not elmo, ErrEncoding when
// the encoding is not an extension of ASCII, or ErrSignature with an *xmldsig.Error that has the
// reason.
func Sign(data []byte, signer crypto.Signer, chain []*x509.Certificate, opt SignOptions) ([]byte, error) {
	o, err := open(data, opt.Limits)
	if err != nil {
		return nil, err
	}
	target, path, err := o.target(opt.Supplement)
	if err != nil {
		return nil, err
	}
	old, err := o.replaced(target, opt.Replace)
	if err != nil {
		return nil, o.signatureError(err, path)
	}
	_, closing, end := o.source.span(numberOf(o.root, target))
	if closing == end {
		why := &xmldsig.Error{Reason: xmldsig.NoPlace, Text: "an element without content cannot be signed", Node: target}
		return nil, o.signatureError(why, path)
	}
	opt.Exclusive = opt.Exclusive || opt.Supplement > 0
	signature, err := xmldsig.Target{Element: target, Raw: o.source.raw}.Sign(signer, chain, old, opt.SignOptions)
	if err != nil {
		return nil, o.signatureError(err, path)
	}
	edits := []splice{{closing, closing, signature}}
	if old != nil {
		start, _, end := o.source.span(numberOf(o.root, old))
		edits = []splice{{start, end, ""}, edits[0]}
	}
	return o.splice(edits)
}

// target finds what is to be signed.
func (o *opened) target(supplement int) (e *etree.Element, path string, err error) {
	r := &reader{source: o.source, root: o.root, limits: o.limits}
	switch found := r.find(); {
	case r.err != nil:
		return nil, "", r.err
	case found != o.root:
		return nil, "", &Error{Line: 1, Check: "root", Text: "the root element is not elmo; only the elmo document itself can be signed", Err: ErrNotELMO}
	case supplement == 0:
		return o.root, "", nil
	}
	list := supplements(o.root, nil)
	path = supplementPath(supplement)
	if supplement < 0 || supplement > len(list) {
		why := &xmldsig.Error{Reason: xmldsig.NoPlace, Text: "there is no such diploma supplement"}
		return nil, "", o.signatureError(why, path)
	}
	if old, err := o.replaced(o.root, true); old != nil || err != nil {
		why := &xmldsig.Error{Reason: xmldsig.AlreadySigned, Text: "the document is signed, which a signature of its supplement would break; sign the supplement first"}
		return nil, "", o.signatureError(why, path)
	}
	return list[supplement-1], path, nil
}

// replaced gives the signature to take away; nil when there is none.
func (o *opened) replaced(target *etree.Element, replace bool) (*etree.Element, error) {
	old, err := xmldsig.Find(target)
	var why *xmldsig.Error
	if errors.As(err, &why) && (why.Reason == xmldsig.Unsigned || why.Reason == xmldsig.Misplaced) {
		return nil, nil
	}
	if err == nil && !replace {
		err = &xmldsig.Error{Reason: xmldsig.AlreadySigned, Text: "there is a signature already; it is replaced only when asked to", Node: old}
	}
	return old, err
}

// splice puts text in the place of text[start:end] of the decoded document.
type splice struct {
	start, end int
	text       string
}

// splice applies the edits, which are in order, to the bytes as received. The encoding must be one
// where ASCII is ASCII and the place of a character follows from those before it.
func (o *opened) splice(edits []splice) ([]byte, error) {
	out, last := make([]byte, 0, len(o.data)+len(edits[len(edits)-1].text)), 0
	for _, e := range edits {
		out = append(append(out, o.data[last:o.received(e.start)]...), e.text...)
		last = o.received(e.end)
	}
	out = append(out, o.data[last:]...)
	if o.encoding == "UTF-8" {
		return out, nil
	}
	if text, _, err := decode(out); err != nil || !bytes.Equal(text, applied(o.source.data, edits)) {
		return nil, encodingError(1, "documents in this encoding cannot be signed; write the document in UTF-8 first")
	}
	return out, nil
}

// received gives the offset in the bytes as received that belongs to one in the decoded text.
func (o *opened) received(at int) int {
	if o.encoding == "UTF-8" {
		return at + len(o.data) - len(o.source.data) // the byte order mark
	}
	return min(utf8.RuneCount(o.source.data[:at]), len(o.data)) // less when characters have two bytes
}

func applied(text []byte, edits []splice) []byte {
	out, last := []byte(nil), 0
	for _, e := range edits {
		out = append(append(out, text[last:e.start]...), e.text...)
		last = e.end
	}
	return append(out, text[last:]...)
}
