package problem

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"elmobridge/api/limit"
	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

// known are the errors that have a type, the closer ones first, and what to do about each.
var known = []struct {
	err    error
	is     *Type
	advice string
}{
	{limit.ErrBusy, Busy, ""},
	{limit.ErrFull, Busy, ""},
	{os.ErrDeadlineExceeded, TooSlow, ""}, // reading from the connection
	{context.DeadlineExceeded, TookTooLong, ""},
	{context.Canceled, Cancelled, ""},

	{convert.ErrUnverified, Unverified, ""},
	{convert.ErrOptions, BadRequest, ""},
	{elmo.ErrVersion, BadRequest, "choose another elmo-version"},

	{elmo.ErrLimit, OverLimit, "split the document"},
	{edci.ErrLimit, OverLimit, "split the document"},
	{elmo.ErrPre10, OldVersion, "ask the institution for ELMO 1.0 or later"},
	{edci.ErrELM2, OldVersion, ""},
	{elmo.ErrDTD, Malformed, "remove the declaration, ELMO needs none"},
	{elmo.ErrEncoding, Malformed, "save the file as UTF-8"},
	{elmo.ErrSyntax, Malformed, ""},
	{edci.ErrJSONLD, Malformed, ""},
	{edci.ErrContext, Context, "remove the context, or replace it by those of the EDC profile"},
	{edci.ErrSubjects, Impossible, ""},

	{mapping.ErrNoReport, Empty, ""},
	{mapping.ErrNoCredential, Empty, ""},
	{mapping.ErrNoDate, Impossible, "use issued, such as issued=2024-06-30T12:00:00Z"},
	{mapping.ErrLearners, Impossible, "send those of each learner in a request of their own"},
	{mapping.ErrSubject, Impossible, ""},

	{convert.ErrFormat, NotADocument, ""},
	{elmo.ErrNotELMO, NotADocument, ""},
	{edci.ErrNotEDC, NotADocument, ""},
}

// Of is the problem that an error stands for. What is in no list is a fault of the program, of which the
// client learns no more.
func Of(err error) *Problem {
	var (
		p      *Problem
		large  *http.MaxBytesError
		syntax *edci.SyntaxError
	)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &large):
		return New(TooLarge, fmt.Sprintf("at most %d bytes are read", large.Limit))
	case errors.As(err, &syntax):
		p = New(Malformed, syntax.Problem)
		p.Line, p.Path = syntax.Line, syntax.Pointer
		return p
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			return located(k.is, k.advice, err)
		}
	}
	return New(Fault, "")
}

// located is a problem with the place that the error names.
func located(t *Type, advice string, err error) *Problem {
	p := New(t, "")
	var e *elmo.Error
	switch {
	case t.Kind == Unavailable: // nothing about the document
	case errors.As(err, &e):
		p.Detail, p.Line, p.Path = e.Text, e.Line, e.Path
	default:
		p.Detail = strings.TrimPrefix(err.Error(), convert.ErrOptions.Error()+": ")
	}
	if advice != "" {
		p.Detail += "; " + advice
	}
	return p
}
