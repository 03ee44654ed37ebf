package dc4eu

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"elmobridge/api/problem"
)

// translation is what a type of problem is here.
type translation struct {
	is     *problem.Type
	status int
	title  string // "" is that of the problem
	advice string // what to do
}

// translations are those of all types that a conversion can have. The description of the interface has two: 404 for protocols that are not known, and
// 500 for an application error, which its clients expect for documents that cannot be converted. All others are
// those of HTTP.
var translations = []translation{
	{problem.NoSuchPath, http.StatusNotFound, "Not found", "Ask for a conversion that there is, at /rest/request or /rest/request2"},

	{problem.Malformed, http.StatusInternalServerError, "", "Correct the document, or ask who issued it for another one"},
	{problem.OverLimit, http.StatusInternalServerError, "", "Split the document"},
	{problem.NotADocument, http.StatusInternalServerError, "", "Send an ELMO document, or a European Digital Credential"},
	{problem.OldVersion, http.StatusInternalServerError, "", "What is read is ELMO 1.0 or later, and ELM 3"},
	{problem.Context, http.StatusInternalServerError, "", "Ask who issued it for a credential with the contexts of the EDC profile alone"},
	{problem.Impossible, http.StatusInternalServerError, "The document cannot be converted", "Correct the document, or ask who issued it for another one"},
	{problem.Empty, http.StatusInternalServerError, "", "Send a document with results"},
	{problem.Unverified, http.StatusInternalServerError, "", "Ask who issued it for a document with a signature that holds"},
	{problem.Fault, http.StatusInternalServerError, "A fault of the converter", "Tell its operator"},

	{problem.BadRequest, http.StatusBadRequest, "The request is not as it must be", "Correct the request"},
	{problem.BadIssuer, http.StatusBadRequest, "", "Correct the issuer"},
	{problem.NoSuchMethod, http.StatusMethodNotAllowed, "", "Use POST"},
	{problem.Unacceptable, http.StatusNotAcceptable, "", "Accept " + mediaType},
	{problem.TooSlow, http.StatusRequestTimeout, "", "Send it again over a faster connection"},
	{problem.TooLarge, http.StatusRequestEntityTooLarge, "The request is larger than allowed", "Send a smaller document"},
	{problem.MediaTypes, http.StatusUnsupportedMediaType, "", "Correct the headers of the request"},
	{problem.TooMany, http.StatusTooManyRequests, "", "Wait for answers, then try again"},
	{problem.Busy, http.StatusServiceUnavailable, "", "Try again after the seconds in Retry-After"},
	{problem.TookTooLong, http.StatusServiceUnavailable, "", "Send a smaller document"},
	{problem.Stopping, http.StatusServiceUnavailable, "", "Try again after the seconds in Retry-After"},
	{problem.Cancelled, 499, "", "Nobody reads this"},
}

// translate gives a problem as status and text. What is not in the table is told as it is.
func translate(p *problem.Problem) (status int, text string) {
	for _, t := range translations {
		if p.Type == problem.Base+t.is.Name {
			return t.status, sentences(cmp.Or(t.title, p.Title), p, t.advice)
		}
	}
	return p.Status, sentences(p.Title, p, "")
}

// sentences are what is wrong, where, and what to do.
func sentences(title string, p *problem.Problem, advice string) string {
	what := title
	if p.Detail != "" {
		what += ": " + strings.TrimSuffix(p.Detail, ".")
	}
	if at := place(p.Path, p.Line); at != "" {
		what += " (" + at + ")"
	}
	what += "."
	if advice != "" {
		what += " " + advice + "."
	}
	if p.Kind == problem.Internal && p.Request != "" {
		what += " The id of the request is " + p.Request + "."
	}
	return what
}

// place is where something is wrong; either part may be missing.
func place(path string, line int) string {
	switch {
	case line == 0:
		return path
	case path == "":
		return fmt.Sprintf("line %d", line)
	}
	return fmt.Sprintf("line %d, %s", line, path)
}

// invalid is the error of a document that is not valid, where that was asked for.
type invalid struct{ findings []message }

// Error has no values, nor have the findings.
func (*invalid) Error() string { return "the document is not valid" }

// Unwrap is the problem that it is.
func (*invalid) Unwrap() error { return notValid }

var notValid = problem.New(problem.Impossible, "it is not valid by the schema of the version in From, as the flag demands")

// errorMessages are those of an error: one, and the findings of a validation.
func errorMessages(p *problem.Problem, err error) []message {
	_, text := translate(p)
	list := []message{{text}}
	if v := (*invalid)(nil); errors.As(err, &v) {
		list = append(list, v.findings...)
	}
	return list
}

// fail answers a request that has no result.
func fail(w http.ResponseWriter, err error) {
	p := problem.Announce(w, problem.Of(err))
	status, _ := translate(p)
	write(w, status, encode(failure{errorMessages(p, err)}))
}
