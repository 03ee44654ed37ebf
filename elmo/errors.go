package elmo

import (
	"errors"
	"strconv"
	"strings"

	"elmobridge/elmo/xmldsig"
)

// What callers branch on; each is in the chain of an *Error.
var (
	ErrNotELMO  = errors.New("not an ELMO document")
	ErrPre10    = errors.New("ELMO before 1.0")
	ErrSyntax   = errors.New("not well-formed XML")
	ErrLimit    = errors.New("limit exceeded")
	ErrDTD      = errors.New("document type declaration")
	ErrEncoding = errors.New("character encoding")
	ErrVersion  = errors.New("not in this ELMO version")

	ErrSignature = xmldsig.ErrSignature // nothing of the document can be relied on
	ErrUnsigned  = xmldsig.ErrUnsigned  // there is no signature; an ErrSignature as well
)

// Error says where and why a document cannot be read or written. None of its texts
// holds a value of the document: they are safe to log.
type Error struct {
	Line  int    // from 1; 0 when there is none
	Path  string // report[1]/issuer; empty for the document as a whole
	Check string // the rule: "well-formed", "doctype", "namespace", "limit", "encoding", "root", "version", "name", "signature"
	Text  string
	Err   error // one of the Err values of this package; with "signature" an *xmldsig.Error, which has the reason
}

// Error gives "line 12: report[1]/issuer: text".
func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		b.WriteString("line " + strconv.Itoa(e.Line) + ": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Text)
	return b.String()
}

// Unwrap gives the sentinel.
func (e *Error) Unwrap() error { return e.Err }
