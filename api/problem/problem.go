// Package problem says what went wrong, in the form of RFC 9457 (application/problem+json).
//
// The types of problems are a closed list, and each is of one of a few kinds, which is what adapters of
// other protocols translate. Of gives the problem of an error of packages convert, elmo and edci, with line
// and path where they are known. No value of a document or a request is in a problem.
package problem

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Kind is what went wrong, as every protocol can say it.
type Kind string

// The kinds.
const (
	Invalid      Kind = "invalid"         // the request or the document is wrong
	Unidentified Kind = "unauthenticated" // who asks is not known
	Refused      Kind = "refused"         // understood, and not done
	NotFound     Kind = "not-found"       // there is no such thing
	NoResults    Kind = "no-results"      // there is nothing to convert
	Unsupported  Kind = "unsupported"     // a form or version that is not handled
	Unavailable  Kind = "unavailable"     // not now
	Internal     Kind = "internal"        // a fault of the program
)

// Base is the path below which each type of problem is described; with the name it is the type URI.
const Base = "/v1/problems/"

// MediaType is that of a problem. RFC 9457, 3.
const MediaType = "application/problem+json"

// Type is one type of problem.
type Type struct {
	Name   string `json:"name" doc:"Last part of the type URI."`
	Kind   Kind   `json:"kind"`
	Status int    `json:"status" doc:"HTTP status code."`
	Title  string `json:"title"`
	Help   string `json:"help" doc:"What to do."`
}

// The types.
var (
	BadRequest   = &Type{"bad-request", Invalid, http.StatusBadRequest, "The request is not as the description of the API has it", "Correct what the detail names; /v1/openapi.yaml describes every parameter."}
	BadIssuer    = &Type{"bad-issuer", Invalid, http.StatusBadRequest, "The issuer is not described as it must be", "Give legalName, country and eidasIdentifier as JSON."}
	Malformed    = &Type{"malformed-document", Invalid, http.StatusBadRequest, "The document cannot be read", "Correct the document at the line or path given."}
	OverLimit    = &Type{"over-limit", Refused, http.StatusUnprocessableEntity, "The document is deeper or has more parts than allowed", "Split the document."}
	NotADocument = &Type{"unknown-document", Unsupported, http.StatusUnprocessableEntity, "Neither an ELMO document nor a European Digital Credential", "Give an ELMO document or a credential."}
	OldVersion   = &Type{"unsupported-version", Unsupported, http.StatusUnprocessableEntity, "A version that is not read", "Ask who issued it for ELMO 1.0 or later, or a credential of ELM 3."}
	Context      = &Type{"unknown-context", Unsupported, http.StatusUnprocessableEntity, "The credential names a JSON-LD context that is not built in", "Remove the context, or replace it by those of the EDC profile; nothing is fetched."}
	Impossible   = &Type{"not-convertible", Invalid, http.StatusUnprocessableEntity, "The document cannot be converted like this", "The detail says what is missing or does not go together."}
	Empty        = &Type{"no-results", NoResults, http.StatusUnprocessableEntity, "The document holds nothing to convert", "Ask for a document with results."}
	Unverified   = &Type{"unverified", Refused, http.StatusUnprocessableEntity, "The signature is not accepted", "Ask /v1/verify for all checks."}
	Unsealed     = &Type{"not-sealed", Refused, http.StatusUnprocessableEntity, "What is asked for is not sealed", "Ask for sealed forms of signed documents, with require-signature=true and nothing else that the detail names; or for another media type."}
	BadArchive   = &Type{"bad-archive", Invalid, http.StatusBadRequest, "The archive cannot be used", "Pack the documents anew as a plain zip archive, at most 1000 of them."}
	BadEntry     = &Type{"refused-entry", Refused, http.StatusUnprocessableEntity, "An entry of the archive is not read", "Pack it as a plain file, not encrypted and not as an archive inside of the archive."}
	NotReady     = &Type{"not-ready", Unavailable, http.StatusConflict, "The results are not complete yet", "Ask again after the time in Retry-After."}
	KeyInUse     = &Type{"idempotency-key-in-use", Unavailable, http.StatusConflict, "A request with this Idempotency-Key is at work", "Send the same request again after the time in Retry-After."}
	KeyReused    = &Type{"idempotency-key-reused", Invalid, http.StatusUnprocessableEntity, "The Idempotency-Key was used for another request", "Use a new key for each request, and the same bytes when one is sent again."}
	NotOffered   = &Type{"not-offered", Unsupported, http.StatusUnprocessableEntity, "This service keeps nothing from one request to the next", "Leave Prefer: respond-async and Idempotency-Key out, or ask the operator for a store."}
	NoSuchPath   = &Type{"not-found", NotFound, http.StatusNotFound, "There is nothing at this path", "See /v1/openapi.yaml for the paths."}
	NoSuchMethod = &Type{"method-not-allowed", Unsupported, http.StatusMethodNotAllowed, "The path does not have this method", "Use a method that the header Allow names."}
	Unacceptable = &Type{"not-acceptable", Unsupported, http.StatusNotAcceptable, "No form of the answer is one that Accept names", "Accept one of the media types that the detail names."}
	TooSlow      = &Type{"request-timeout", Unavailable, http.StatusRequestTimeout, "The request did not arrive in time", "Send it again over a faster connection, or send less."}
	TooLarge     = &Type{"too-large", Refused, http.StatusRequestEntityTooLarge, "The body is larger than allowed", "Split the document, or use the program on your own machine."}
	MediaTypes   = &Type{"unsupported-media-type", Unsupported, http.StatusUnsupportedMediaType, "The body is of a kind that is not read here", "Send ELMO as application/xml, credentials as application/ld+json or application/jwt."}
	TooMany      = &Type{"too-many-requests", Unavailable, http.StatusTooManyRequests, "Too many requests of this client are at work", "Wait for answers, then try again."}
	Busy         = &Type{"busy", Unavailable, http.StatusServiceUnavailable, "All workers are busy", "Try again after the time in Retry-After."}
	TookTooLong  = &Type{"time-limit", Unavailable, http.StatusServiceUnavailable, "The work was given up after the time allowed", "Split the document."}
	Stopping     = &Type{"stopping", Unavailable, http.StatusServiceUnavailable, "The service is about to stop", "Ask another one."}
	Cancelled    = &Type{"cancelled", Unavailable, 499, "The client has gone", "It is counted and logged; nobody gets it."}
	Fault        = &Type{"internal", Internal, http.StatusInternalServerError, "A fault of the service", "Tell the operator the request id; nothing else about the request is kept."}
)

// The types of requests for results of a learner.
var (
	Unauthenticated   = &Type{"unauthenticated", Unidentified, http.StatusUnauthorized, "The request does not tell who asks", "Send Authorization: Bearer with the token: of a client that the service is configured with, or of a batch whose time is not over."}
	Forbidden         = &Type{"forbidden", Refused, http.StatusForbidden, "The client may not do that", "The operator allows each client its sources."}
	LowAssurance      = &Type{"low-assurance", Refused, http.StatusForbidden, "The learner is not known surely enough for the source", "Log the learner in at a higher level of assurance."}
	Conflict          = &Type{"conflict", Refused, http.StatusConflict, "The step has been done, or another request is doing it", "Go on with the answer to the other request, or begin anew."}
	SessionOver       = &Type{"session-over", NotFound, http.StatusGone, "There is no such session", "It has ended, its time is over, or it is another client's: begin anew."}
	CodeOver          = &Type{"code-over", NotFound, http.StatusGone, "There is no such code", "It has been used, its time is over, or it is another client's: begin anew."}
	NoLearnerResults  = &Type{"no-learner-results", NoResults, http.StatusUnprocessableEntity, "The source has no results of the learner", "Ask another source."}
	UnknownLearner    = &Type{"unknown-learner", NotFound, http.StatusUnprocessableEntity, "The source does not know the learner", "Give the identifiers that the source knows learners by, or ask another source."}
	OtherLearner      = &Type{"other-learner", Refused, http.StatusUnprocessableEntity, "The results are those of somebody else", "Nothing is handed over; the operator of the source must find out why."}
	SourceUnavailable = &Type{"source-unavailable", Unavailable, http.StatusServiceUnavailable, "The source does not answer as it should", "Try again later; the log of the service tells the operator more."}
	SourceDamaged     = &Type{"source-damaged", Unavailable, http.StatusBadGateway, "The source gives what cannot be read as ELMO", "The operator of the source must correct it."}
	SealUnavailable   = &Type{"seal-unavailable", Unavailable, http.StatusServiceUnavailable, "The service cannot seal anything now", "Try again later, or ask for a form that is not sealed; the log of the service tells the operator more."}
	StoreUnavailable  = &Type{"store-unavailable", Unavailable, http.StatusServiceUnavailable, "The service cannot remember anything now", "Try again after the time in Retry-After."}
)

// Types lists them all.
var Types = []*Type{BadRequest, BadIssuer, Malformed, OverLimit, NotADocument, OldVersion, Context, Impossible, Empty,
	Unverified, Unsealed, BadArchive, BadEntry, NotReady, KeyInUse, KeyReused, NotOffered, NoSuchPath, NoSuchMethod, Unacceptable, TooSlow, TooLarge, MediaTypes, TooMany, Busy, TookTooLong, Stopping, Cancelled, Fault,
	Unauthenticated, Forbidden, LowAssurance, Conflict, SessionOver, CodeOver, NoLearnerResults, UnknownLearner, OtherLearner,
	SourceUnavailable, SourceDamaged, SealUnavailable, StoreUnavailable}

// Problem is one occurrence. RFC 9457, 3.1; kind, line, path and request are extension members.
type Problem struct {
	Type    string `json:"type" format:"uri-reference" doc:"The type of problem; an address with its description."`
	Title   string `json:"title"`
	Status  int    `json:"status"`
	Kind    Kind   `json:"kind" enum:"invalid,unauthenticated,refused,not-found,no-results,unsupported,unavailable,internal"`
	Detail  string `json:"detail,omitempty" doc:"What, and what to do; never a value of the document."`
	Line    int    `json:"line,omitempty" minimum:"1" doc:"Line of the document, from 1."`
	Path    string `json:"path,omitempty" doc:"Path in the document: of ELMO with positions, or a JSON Pointer."`
	Request string `json:"request,omitempty" doc:"Id of the request in the log of the service; also in X-Request-ID."`

	is *Type
}

// New gives a problem of a type.
func New(t *Type, detail string) *Problem {
	return &Problem{Type: Base + t.Name, Title: t.Title, Status: t.Status, Kind: t.Kind, Detail: detail, is: t}
}

// Error is the title with the detail.
func (p *Problem) Error() string {
	if p.Detail == "" {
		return p.Title
	}
	return p.Title + ": " + p.Detail
}

// Name is the name of the type.
func (p *Problem) Name() string { return p.is.Name }

// GetStatus and ContentType are what package huma wants of errors.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type, whatever was negotiated.
func (p *Problem) ContentType(string) string { return MediaType }

// retryAfter is how long a client waits before it asks again; what is asked now takes less.
const retryAfter = 2 * time.Second

// noter is a ResponseWriter that keeps the name of a problem, for the log.
type noter interface{ Note(name string) }

// RequestID is the header that names a request.
const RequestID = "X-Request-Id"

// Announce writes the header of an answer, but for the status, and gives the problem with the id of the
// request, which is in the header before.
func Announce(w http.ResponseWriter, p *Problem) *Problem {
	if n, ok := w.(noter); ok {
		n.Note(p.is.Name)
	}
	answer, h := *p, w.Header()
	answer.Request = h.Get(RequestID)
	h.Set("Content-Type", MediaType)
	h.Set("Cache-Control", "no-store")
	if p.is == Unauthenticated {
		h.Set("WWW-Authenticate", `Bearer realm="elmobridge"`) // RFC 6750, 3
	}
	if slices.Contains([]*Type{TooMany, Busy, Stopping, SourceUnavailable, SealUnavailable, StoreUnavailable, NotReady, KeyInUse}, p.is) {
		h.Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
	}
	if slices.Contains([]*Type{TooSlow, TooLarge}, p.is) {
		h.Set("Connection", "close") // the rest of the body is not read
	}
	return &answer
}

// Write answers a request.
func Write(w http.ResponseWriter, p *Problem) {
	answer := Announce(w, p)
	w.WriteHeader(p.Status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(answer) // the client has gone: nobody is left to tell
}
