package rest

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"elmobridge/api/evidence"
	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/mapping/audit"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

//go:generate go run ./gen

// OpenAPI is the description of the API, as openapi.yaml has it.
func OpenAPI() []byte {
	yaml, _ := described(register(chi.NewRouter(), everything).about)
	return yaml
}

// everything is a configuration with which all operations are registered.
var everything = Config{Evidence: &evidence.Service{}, Clients: []Client{{}}}

// described writes the description. It is our own, so that it can be written.
func described(api huma.API) (yaml, json []byte) {
	yaml, err := api.OpenAPI().YAML()
	if err != nil {
		panic(err)
	}
	return yaml, encode(api.OpenAPI())
}

const introduction = `Converts ELMO documents of the EMREX network to European Digital Credentials and back, and tells every field that does not come across unchanged.

Every request is answered from its own content alone: nothing is stored, and the same request can be sent again at any time. The content of a document tells which way it goes. Only /v1/evidence, which clients of the configuration have, remembers what it fetched for the minutes in which a learner chooses. Documents are never in a URL; values of them are in no problem and no log.

A body is the document itself, or a form (multipart/form-data) with the part document and, for conversions, the part issuer: the organisation that will seal. Parameters have the names and values of the command line.

Every conversion counts its losses in the header Elmobridge-Losses, such as "reduced=2, kept=33"; Accept chooses between the document alone, the document with its report, and the report alone.`

// description is what there is to say before the operations. Its paths serve nothing: the description is
// served by Mount, the pages of package huma load scripts from elsewhere.
func description() huma.Config {
	c := huma.DefaultConfig("elmobridge", "1")
	c.Info.Description = introduction
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil
	c.RejectUnknownQueryParameters = true
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	return c
}

// schemaNames are those of types whose Go name says too little outside of their package.
var schemaNames = map[reflect.Type]string{
	reflect.TypeFor[wrapped](): "Conversion", reflect.TypeFor[tripReport](): "RoundTrip",
	reflect.TypeFor[validated](): "Validation", reflect.TypeFor[gapCounts](): "Gaps",
	reflect.TypeFor[audit.Edition](): "Crosswalk",
	reflect.TypeFor[beginning]():     "EvidenceRequest", reflect.TypeFor[begun](): "EvidenceSession", reflect.TypeFor[evidence.Offer](): "EvidenceOffer",
	reflect.TypeFor[consenting](): "EvidenceConsent", reflect.TypeFor[consented](): "EvidenceCode", reflect.TypeFor[redemption](): "EvidenceRedemption",
	reflect.TypeFor[cancelled](): "EvidenceCancelled", reflect.TypeFor[person](): "Learner",
}

func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if name, ok := schemaNames[t]; ok {
		return name
	}
	return huma.DefaultSchemaNamer(t, hint)
}

// media describes a body in one media type.
type media struct {
	types  []string
	schema func(huma.Registry) *huma.Schema
}

func (m media) add(reg huma.Registry, to map[string]*huma.MediaType) {
	for _, t := range m.types {
		to[t] = &huma.MediaType{Schema: m.schema(reg)}
	}
}

// of is the schema of a Go type.
func of[T any]() func(huma.Registry) *huma.Schema {
	return func(r huma.Registry) *huma.Schema { return r.Schema(reflect.TypeFor[T](), true, "") }
}

// text is the schema of bytes that are no JSON, anything that of JSON with a schema of its own.
func text(huma.Registry) *huma.Schema     { return &huma.Schema{Type: huma.TypeString} }
func anything(huma.Registry) *huma.Schema { return &huma.Schema{} }

// Media types of results.
var (
	asDocument = []media{{documentTypes[convert.FormatEDC], anything}, {documentTypes[convert.FormatELMO], text}}
	asMixed    = media{[]string{typeMixed}, text}
)

// form is what a form has beside its one document.
type form int

const (
	alone      form = iota // nothing
	withIssuer             // the issuer
	withMore               // more documents
)

// body describes what is sent.
func body(f form) *huma.RequestBody {
	b := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{},
		Description: "An ELMO document, or a credential: bare, in an array, a presentation, sealed, or as JWT."}
	for t, format := range formats {
		b.Content[t] = &huma.MediaType{Schema: text(nil)}
		if format == convert.FormatEDC && isJSON(t) {
			b.Content[t] = &huma.MediaType{Schema: anything(nil)}
		}
	}
	parts := map[string]*huma.Schema{"document": {Type: huma.TypeString, Description: "The document, in any of the other media types."}}
	switch f {
	case withIssuer:
		parts["issuer"] = &huma.Schema{Type: huma.TypeObject, Description: `The organisation that will seal: {"legalName":{"en":"..."},"country":"NO","eidasIdentifier":"VATNO-...","homepage":"https://..."}. Without it that of the service stands in, else the issuer of the report.`}
	case withMore:
		parts["document"] = &huma.Schema{Type: huma.TypeArray, Items: parts["document"], Description: "One part for each document."}
	}
	b.Content[typeMultipart] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"document"}, Properties: parts}}
	return b
}

// isJSON tells whether a media type of credentials is JSON; the others are compact.
func isJSON(mediaType string) bool {
	return strings.HasSuffix(mediaType, "json") || mediaType == "application/vc" || mediaType == "application/vp"
}

// answers describes the answers of an operation: those that are well, and the problems of its statuses.
func answers(reg huma.Registry, op huma.Operation, ok []media, statuses ...int) huma.Operation {
	fine := &huma.Response{Description: "Done.", Content: map[string]*huma.MediaType{}}
	for _, m := range ok {
		m.add(reg, fine.Content)
	}
	op.Responses = map[string]*huma.Response{"200": fine}
	for _, s := range statuses {
		op.Responses[strconv.Itoa(s)] = troubles(reg, s)
	}
	return op
}

// troubles describes the problems of a status, of those that requests without a client have.
func troubles(reg huma.Registry, status int) *huma.Response {
	general := slices.DeleteFunc(slices.Clone(problem.Types), func(t *problem.Type) bool { return slices.Contains(ofClients, t) })
	return troublesAmong(general, reg, status)
}

func troublesAmong(types []*problem.Type, reg huma.Registry, status int) *huma.Response {
	r := &huma.Response{Content: map[string]*huma.MediaType{}}
	media{[]string{problem.MediaType}, of[problem.Problem]()}.add(reg, r.Content)
	for _, t := range types {
		if t.Status == status {
			r.Description += fmt.Sprintf("%s (%s). ", t.Title, t.Name)
		}
	}
	return r
}

// posted are the statuses of problems that all operations with a body have.
var posted = []int{400, 406, 408, 413, 415, 422, 429, 500, 503}

func operationOf(id, method, path, summary, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Description: description}
}

func converting(reg huma.Registry) huma.Operation {
	op := operationOf("convert", http.MethodPost, "/v1/convert", "Convert a document to the other format",
		"Credentials of one learner become one document; a document becomes a credential for each of its reports, several as an array. With multipart/mixed the result comes first, then the report.")
	op.RequestBody = body(withIssuer)
	op = answers(reg, op, append(asDocument, media{[]string{typeWrapped}, of[wrapped]()}, asMixed, media{[]string{typeReport}, of[convert.Report]()}), posted...)
	op.Responses["200"].Headers = lossesDescribed()
	return op
}

func roundTripping(reg huma.Registry) huma.Operation {
	op := operationOf("roundtrip", http.MethodPost, "/v1/roundtrip", "Convert there and back, and compare",
		"Without Accept the answer is the report alone. The report of both ways names each difference between the document and what came back.")
	op.RequestBody = body(withIssuer)
	op = answers(reg, op, append(asDocument, media{[]string{typeWrapped}, of[wrapped]()}, asMixed, media{[]string{typeReport}, of[tripReport]()}), posted...)
	op.Responses["200"].Headers = lossesDescribed()
	return op
}

func lossesDescribed() map[string]*huma.Param {
	return map[string]*huma.Param{lossesHeader: {
		Description: "How many values were normalised, added, kept, reduced or dropped, the worst first; absent when everything came across.",
		Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{"reduced=2, kept=33"}},
	}}
}

func validating(reg huma.Registry) huma.Operation {
	op := operationOf("validate", http.MethodPost, "/v1/validate", "Check a document against its schema or profile",
		"ELMO by the schema of its version and what the standard says in prose, credentials by a profile of EDC-AP 3.2. Signatures are not verified.")
	op.RequestBody = body(alone)
	return answers(reg, op, []media{{[]string{typeJSON}, of[validated]()}}, posted...)
}

func verifying(reg huma.Registry) huma.Operation {
	op := operationOf("verify", http.MethodPost, "/v1/verify", "Verify signatures and seals",
		"By the certificates that the service trusts; nobody is asked, so that revocation, accreditation and qualified status are not checked. Each check is passed, failed or not-checked.")
	op.RequestBody = body(alone)
	return answers(reg, op, []media{{[]string{typeJSON}, of[convert.Verification]()}}, posted...)
}

func counting(reg huma.Registry) huma.Operation {
	op := operationOf("count-gaps", http.MethodPost, "/v1/gaps", "Count the gaps that documents hit",
		"Which gaps between the standards the documents hit, and how often, without a value of theirs.")
	op.RequestBody = body(withMore)
	return answers(reg, op, []media{{[]string{typeJSON}, of[gapCounts]()}}, posted...)
}

func crosswalking(reg huma.Registry) huma.Operation {
	op := operationOf("gaps", http.MethodGet, "/v1/gaps", "The crosswalk of ELMO and ELM",
		"Where every element of ELMO and every class and property of ELM goes, what becomes of it, and which change to a standard would close each gap.")
	return answers(reg, op, []media{{[]string{typeJSON}, of[audit.Edition]()}, {[]string{typeCSV}, text}},
		http.StatusBadRequest, http.StatusNotAcceptable, http.StatusTooManyRequests, http.StatusInternalServerError)
}
