package elmo

import (
	"errors"
	"slices"
	"strconv"

	"elmobridge/elmo/xmldsig"

	"github.com/beevik/etree"
)

// VerifyOptions govern verification. There must be Keys, or Embedded.
type VerifyOptions struct {
	xmldsig.Options
	Limits Limits
}

// Verified is a document whose signature verifies. Only Verify makes one.
type Verified struct {
	Signature xmldsig.Result
	opened    *opened
}

// Verify verifies the signature of a document: the one that is a child of the root and covers all
// else; of the processing instructions around the root see xmldsig.Target.Verify. Signatures of diploma supplements are not looked at, see VerifySupplements. Any XML document
// is taken, ELMO from before 1.0 too.
//
// The bytes are scanned and parsed once, as Read does it, and big attachments are digested where they
// stand. Read on the result gives the document that was verified, from the same tree. Both refuse what
// could be read in two ways: repeated attributes and declarations, prefixes without declaration,
// document types, a second root.
//
// The error is an *Error: one of those of Read, or ErrSignature, with an *xmldsig.Error in its chain
// that has the reason, and ErrUnsigned when there is no signature. Data must not be changed before the
// last use of the result.
func Verify(data []byte, opt VerifyOptions) (*Verified, error) {
	o, err := open(data, opt.Limits)
	if err != nil {
		return nil, err
	}
	result, err := xmldsig.Target{Element: o.root, Raw: o.source.raw}.Verify(opt.Options)
	if err != nil {
		return nil, o.signatureError(err, "")
	}
	return &Verified{*result, o}, nil
}

// Read gives the document that was verified, as Read does, but for its comments: references leave them
// out (XML Signature 4.4.3.3), so that anybody can have written them. It does not parse again.
// Source.Data are the bytes as received all the same.
func (v *Verified) Read() (*Document, error) {
	dropComments(v.opened.root)
	_, doc, err := v.opened.read()
	return doc, err
}

// dropComments takes the comments out of e.
func dropComments(e *etree.Element) {
	all := len(e.Child)
	e.Child = slices.DeleteFunc(e.Child, func(t etree.Token) bool {
		_, comment := t.(*etree.Comment)
		return comment
	})
	if len(e.Child) < all {
		e.ReindexChildren()
	}
	for c := range e.ChildElementsSeq() {
		dropComments(c)
	}
}

// signatureError makes an *Error of what package xmldsig says about the signature in the element at
// path.
func (o *opened) signatureError(err error, path string) error {
	e := &Error{Path: path, Check: "signature", Text: "the signature cannot be verified or made", Err: err}
	var why *xmldsig.Error
	if !errors.As(err, &why) {
		return e
	}
	e.Text = why.Text
	if why.Node != nil {
		line := map[*etree.Element]int{why.Node: 0}
		o.source.lines(o.root, line)
		e.Line = line[why.Node]
		why.Node = nil // it would keep the whole tree
	}
	return e
}

// SupplementSignature is what became of the signature of one diploma supplement.
type SupplementSignature struct {
	Number    int             // of the supplement, from 1 in the order of the document
	Line      int             // of its start tag
	Signature *xmldsig.Result // nil when it does not verify
	Err       error           // an *Error; ErrUnsigned when there is no signature
}

// VerifySupplements verifies the signature of each diploma supplement of a document by itself.
//
// ELMO has a place for such signatures and does not say what they cover. Taken are those over the
// supplement that holds them: with a reference to its Id, or with the reference "", which assumes that
// it was signed as a document of its own and put into the ELMO afterwards. That has not been compared
// with documents of others, for none are known. A signature over anything else is refused. Keys are
// those of the institution, which need not be those of the EMREX provider.
//
// The error is an *Error when the document as a whole cannot be read.
func VerifySupplements(data []byte, opt VerifyOptions) ([]SupplementSignature, error) {
	o, err := open(data, opt.Limits)
	if err != nil {
		return nil, err
	}
	found := supplements(o.root, nil)
	lines := make(map[*etree.Element]int, len(found))
	for _, e := range found {
		lines[e] = 0
	}
	o.source.lines(o.root, lines)
	list := make([]SupplementSignature, len(found))
	for i, e := range found {
		s := SupplementSignature{Number: i + 1, Line: lines[e]}
		if s.Signature, err = (xmldsig.Target{Element: e, Raw: o.source.raw}).Verify(opt.Options); err != nil {
			s.Err = o.signatureError(err, supplementPath(i+1))
		}
		list[i] = s
	}
	return list, nil
}

func supplementPath(n int) string { return "diplomaSupplement[" + strconv.Itoa(n) + "]" }

// supplements collects the elements diplomaSupplement, wherever they stand.
func supplements(e *etree.Element, found []*etree.Element) []*etree.Element {
	if e.Tag == "diplomaSupplement" && isELMO(e.NamespaceURI()) {
		return append(found, e)
	}
	for c := range e.ChildElementsSeq() {
		found = supplements(c, found)
	}
	return found
}
