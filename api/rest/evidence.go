package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/problem"
	"elmobridge/api/state"
	"elmobridge/convert"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/danielgtaylor/huma/v2/validation"
)

// Client is a back-end of an institution, such as a portal, that fetches results of learners whom it has logged in.
type Client struct {
	Name      string
	Tokens    [][sha256.Size]byte // SHA-256 of its bearer tokens: two while one replaces the other
	Sources   []string            // that it may ask
	Assurance evidence.Assurance  // with which it logs learners in
}

// channel is the name of this one for package evidence.
const channel = "rest"

// Bodies and answers of the operations. Sessions and codes are secrets, and in no address.

// person is the learner whom the client has logged in.
type person struct {
	Identifiers []evidence.Identifier `json:"identifiers,omitempty" maxItems:"16" doc:"As the source knows the learner."`
	GivenNames  string                `json:"givenNames,omitempty" maxLength:"256"`
	FamilyName  string                `json:"familyName,omitempty" maxLength:"256"`
	DateOfBirth string                `json:"dateOfBirth,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"YYYY-MM-DD. Results of somebody born on another day are refused."`
}

type beginning struct {
	Source  string `json:"source" minLength:"1" maxLength:"64" doc:"Name of the source in the configuration of the service."`
	Learner person `json:"learner"`
}

type begun struct {
	Session state.Token `json:"session" doc:"A secret of the client, for the header Elmobridge-Session of the steps that follow."`
	Expires time.Time   `json:"expires"`
}

// inSession names the session of a step.
type inSession struct {
	Session string `header:"Elmobridge-Session" required:"true" minLength:"1" maxLength:"64" doc:"The session, as it was given."`
}

type consenting struct {
	Results []string       `json:"results" minItems:"1" maxItems:"10000" nullable:"false" doc:"Keys of the overview. Of a result all parts go along; of a part nothing of what it is in."`
	Format  convert.Format `json:"format" enum:"elmo,edc" doc:"Of the delivery: an ELMO document, or a credential for each report."`
	Text    string         `json:"text" minLength:"1" maxLength:"64" doc:"Key of the text that the learner has agreed to, which says what for and to whom. Those of the configuration are taken; the audit log has it."`
}

type consented struct {
	Code    state.Token `json:"code" doc:"A secret that gets the delivery, once."`
	Expires time.Time   `json:"expires"`
}

type redemption struct {
	Code string `json:"code" minLength:"1" maxLength:"64"`
}

type cancelled struct {
	Cancelled bool `json:"cancelled"`
}

// registerEvidence adds the operations, where there are clients and sources.
func registerEvidence(h *handlers) {
	if h.Evidence == nil || len(h.Clients) == 0 {
		return
	}
	about := h.about.OpenAPI()
	about.Components.SecuritySchemes[clientScheme] = &huma.SecurityScheme{Type: "http", Scheme: "bearer", Description: "The token of a client in the configuration."}
	reg := about.Components.Schemas
	operation(h, h.forClients(beginningEvidence(reg)), h.beginEvidence)
	operation(h, h.forClients(offeringEvidence(reg)), h.offerEvidence)
	operation(h, h.forClients(consentingEvidence(reg)), h.consentEvidence)
	operation(h, h.forClients(deliveringEvidence(reg)), h.deliverEvidence)
	operation(h, h.forClients(cancellingEvidence(reg)), h.cancelEvidence)
}

// clientScheme is the name of the way in which clients are authenticated.
const clientScheme = "client"

type callerKey struct{} // of the caller in the context of a request

// forClients lets only clients use an operation: they are authenticated before anything else is looked at.
func (h *handlers) forClients(op huma.Operation) huma.Operation {
	op.Security = []map[string][]string{{clientScheme: {}}}
	for status := range op.Responses {
		if n, _ := strconv.Atoi(status); n >= http.StatusBadRequest {
			op.Responses[status] = troublesAmong(problem.Types, h.about.OpenAPI().Components.Schemas, n)
		}
	}
	op.Middlewares = huma.Middlewares{func(hc huma.Context, next func(huma.Context)) {
		r := requestOf(hc.Context())
		_, w := humachi.Unwrap(hc)
		c := h.client(r.Header.Values("Authorization"))
		if c == nil {
			problem.Write(w, problem.New(problem.Unauthenticated, ""))
			return
		}
		by := &caller{c, evidence.Caller{Channel: channel, Client: c.Name, Request: w.Header().Get(problem.RequestID), Sources: c.Sources}}
		next(huma.WithValue(hc, requestKey{}, r.WithContext(context.WithValue(r.Context(), callerKey{}, by))))
	}}
	return op
}

// caller is the client of a request.
type caller struct {
	*Client
	evidence.Caller
}

func callerOf(r *http.Request) *caller { return r.Context().Value(callerKey{}).(*caller) }

// client is the one whose bearer token is given, nil for none. RFC 6750, 2.1. All are compared, so that the time it
// takes tells nothing.
func (h *handlers) client(authorization []string) *Client {
	if len(authorization) != 1 {
		return nil
	}
	scheme, token, _ := strings.Cut(authorization[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	digest := sha256.Sum256([]byte(token))
	var found *Client
	for i := range h.Clients {
		for _, own := range h.Clients[i].Tokens {
			if subtle.ConstantTimeCompare(own[:], digest[:]) == 1 {
				found = &h.Clients[i]
			}
		}
	}
	return found
}

// beginEvidence asks a source for the results of a learner.
func (h *handlers) beginEvidence(r *http.Request, _ *none) (*answer, error) {
	return stepped(h, r, func(ctx context.Context, by *caller, in *beginning) (any, error) {
		l := evidence.Learner{Identifiers: in.Learner.Identifiers, GivenNames: in.Learner.GivenNames, FamilyName: in.Learner.FamilyName,
			DateOfBirth: in.Learner.DateOfBirth, Assurance: by.Assurance}
		t, err := h.Evidence.Begin(ctx, by.Caller, in.Source, l)
		if err != nil {
			return nil, err
		}
		return begun{t.Token, t.Expires}, nil
	})
}

// offerEvidence tells what there is to choose from.
func (h *handlers) offerEvidence(r *http.Request, in *inSession) (*answer, error) {
	return h.said(r, func(ctx context.Context, by *caller) (any, error) {
		o, err := h.Evidence.Offer(ctx, by.Caller, state.Token(in.Session))
		if err != nil {
			return nil, err
		}
		return o, nil
	})
}

// consentEvidence gives the code for what the learner chose.
func (h *handlers) consentEvidence(r *http.Request, session *inSession) (*answer, error) {
	return stepped(h, r, func(ctx context.Context, by *caller, in *consenting) (any, error) {
		c := evidence.Consent{Results: in.Results, Format: in.Format, Text: in.Text}
		t, err := h.Evidence.Consent(ctx, by.Caller, state.Token(session.Session), c)
		if err != nil {
			return nil, err
		}
		return consented{t.Token, t.Expires}, nil
	})
}

// deliverEvidence hands over what a code stands for, in a media type that Accept names; when there is none, the code
// can be used again.
func (h *handlers) deliverEvidence(r *http.Request, _ *none) (*answer, error) {
	in, err := readJSON[redemption](h, r)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.Time)
	defer cancel()
	return evidence.Deliver(ctx, h.Evidence, callerOf(r).Caller, state.Token(in.Code), func(d *evidence.Delivery) (*answer, error) {
		mediaType, err := h.chooseResult(r, d.Format, deliveries(d.Format))
		if err != nil {
			return nil, err
		}
		a, err := h.answer(ctx, &result{d.Format, d.Parts, d.Report, []*convert.Report{d.Report}}, mediaType)
		if err != nil {
			return nil, err
		}
		a.intact = d.Intact
		return a, nil
	})
}

// deliveries are the media types of a delivery: the report alone would waste the code.
func deliveries(f convert.Format) []string {
	return slices.DeleteFunc(offers(f), func(t string) bool { return t == typeReport })
}

// cancelEvidence ends a session.
func (h *handlers) cancelEvidence(r *http.Request, in *inSession) (*answer, error) {
	return h.said(r, func(ctx context.Context, by *caller) (any, error) {
		return cancelled{true}, h.Evidence.Cancel(ctx, by.Caller, state.Token(in.Session))
	})
}

// stepped does a step whose body is JSON.
func stepped[B any](h *handlers, r *http.Request, do func(context.Context, *caller, *B) (any, error)) (*answer, error) {
	in, err := readJSON[B](h, r)
	if err != nil {
		return nil, err
	}
	return h.said(r, func(ctx context.Context, by *caller) (any, error) { return do(ctx, by, in) })
}

// said answers a client with JSON.
func (h *handlers) said(r *http.Request, do func(context.Context, *caller) (any, error)) (*answer, error) {
	mediaType, err := choose(r, typeJSON)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.Time)
	defer cancel()
	v, err := do(ctx, callerOf(r))
	if err != nil {
		return nil, err
	}
	return &answer{mediaType: mediaType, body: encode(v)}, nil
}

// jsonLimit is how many bytes the body of a step may have.
const jsonLimit = 1 << 20

// readJSON reads the body of a step and compares it with its description.
func readJSON[B any](h *handlers, r *http.Request) (*B, error) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != typeJSON || r.Header.Get("Content-Encoding") != "" {
		return nil, problem.New(problem.MediaTypes, "send "+typeJSON+" without Content-Encoding")
	}
	data, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, jsonLimit))
	if err != nil {
		return nil, unread(err)
	}
	var v any
	if json.Unmarshal(data, &v) != nil {
		return nil, problem.New(problem.BadRequest, "the body is not JSON")
	}
	reg, res := h.about.OpenAPI().Components.Schemas, &huma.ValidateResult{}
	huma.Validate(reg, of[B]()(reg), huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, v, res)
	if len(res.Errors) > 0 {
		return nil, misfit(res.Errors)
	}
	if repeats(json.NewDecoder(bytes.NewReader(data))) {
		return nil, problem.New(problem.BadRequest, "the body has a member twice")
	}
	in := new(B)
	if json.Unmarshal(data, in) != nil {
		return nil, problem.New(problem.BadRequest, "the body is not as the description of the API has it")
	}
	return in, nil
}

// repeats tells whether an object of a value that is JSON has a member twice, of which package json drops one in
// silence.
func repeats(d *json.Decoder) bool {
	open, _ := d.Token()
	if open != json.Delim('{') && open != json.Delim('[') {
		return false
	}
	seen := map[json.Token]bool{}
	for d.More() {
		if open == json.Delim('{') {
			name, _ := d.Token()
			if seen[name] {
				return true
			}
			seen[name] = true
		}
		if repeats(d) {
			return true
		}
	}
	_, _ = d.Token() // the end
	return false
}

// misfit is the problem of a body that is not as it is described. Names that are not known are not repeated.
func misfit(errs []error) *problem.Problem {
	var texts []string
	for _, err := range errs {
		d, ok := err.(*huma.ErrorDetail)
		switch {
		case !ok:
			continue
		case d.Message == validation.MsgUnexpectedProperty:
			texts = append(texts, "the body has a member that is not described")
		default:
			texts = append(texts, fmt.Sprintf("%s: %s", strings.TrimPrefix(d.Location, "body."), d.Message))
		}
	}
	return problem.New(problem.BadRequest, strings.Join(texts, "; "))
}

// ofClients are the problems that only requests of clients have, of statuses that others have as well.
var ofClients = []*problem.Type{problem.NoLearnerResults, problem.UnknownLearner, problem.OtherLearner, problem.SourceUnavailable}

// refusals are the statuses of problems that all operations for clients have.
var refusals = []int{400, 401, 406, 410, 429, 500, 503}

func beginningEvidence(reg huma.Registry) huma.Operation {
	op := operationOf("begin-evidence", http.MethodPost, "/v1/evidence", "Fetch the results of a learner",
		"Asks a source for the results of a learner whom the client has logged in, and keeps them, sealed, for the few minutes of a session.")
	op.RequestBody = sent[beginning](reg)
	return answers(reg, op, []media{{[]string{typeJSON}, of[begun]()}}, append(refusals, 403, 408, 413, 415, 422, 502)...)
}

func offeringEvidence(reg huma.Registry) huma.Operation {
	op := operationOf("offer-evidence", http.MethodGet, "/v1/evidence", "What there is to choose from",
		"The reports and results of a session with the keys that choose them, as a preview for the learner.")
	return answers(reg, op, []media{{[]string{typeJSON}, of[evidence.Offer]()}}, append(refusals, 409)...)
}

func consentingEvidence(reg huma.Registry) huma.Operation {
	op := operationOf("consent-evidence", http.MethodPost, "/v1/evidence/consent", "Tell what the learner chose and agreed to",
		"Gives a code for exactly what was chosen; the rest is forgotten. What was chosen whole (the key elmo) stays as it came, with its signature; of a part a document of its own is made, which has none.")
	op.RequestBody = sent[consenting](reg)
	return answers(reg, op, []media{{[]string{typeJSON}, of[consented]()}}, append(refusals, 408, 409, 413, 415)...)
}

func deliveringEvidence(reg huma.Registry) huma.Operation {
	op := operationOf("deliver-evidence", http.MethodPost, "/v1/evidence/delivery", "Get what the learner agreed to, once",
		"The document, or the credentials, as convert gives them. The report names what became of what was chosen; what the learner left out it does not name. "+sealedText+" A problem other than code-over leaves the code as it is.")
	op.RequestBody = sent[redemption](reg)
	op = answers(reg, op, slices.Concat(asDocument, []media{{[]string{typeWrapped}, of[wrapped]()}, asMixed}, asSealed), append(refusals, 408, 413, 415, 422)...)
	op.Responses["200"].Headers = lossesDescribed()
	op.Responses["200"].Headers[intactHeader] = &huma.Param{Description: "?1 when the document is, byte for byte, what the source gave, so that its signature holds; else absent.",
		Schema: &huma.Schema{Type: huma.TypeString}}
	return op
}

func cancellingEvidence(reg huma.Registry) huma.Operation {
	op := operationOf("cancel-evidence", http.MethodDelete, "/v1/evidence", "End a session",
		"With it goes what was fetched, and the code. After the delivery it is a conflict.")
	return answers(reg, op, []media{{[]string{typeJSON}, of[cancelled]()}}, append(refusals, 409)...)
}

// sent describes a body of JSON.
func sent[B any](reg huma.Registry) *huma.RequestBody {
	b := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	media{[]string{typeJSON}, of[B]()}.add(reg, b.Content)
	return b
}
