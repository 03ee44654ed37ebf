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
	"elmobridge/convert/inspect"
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

Requests are answered from their own content alone: nothing is stored, and the same request can be sent again at any time. What is kept is asked for by the client: a batch that is done later (Prefer: respond-async) and an answer that is kept for a request that is sent again (Idempotency-Key); both are kept sealed, and for a while only. /v1/evidence, which clients of the configuration have, remembers what it fetched for the minutes in which a learner chooses. The content of a document tells which way it goes. Documents are never in a URL; values of them are in no problem and no log.

A body is the document itself, or a form (multipart/form-data) with the part document and, for conversions, the parts issuer (the organisation that will seal) and options. Parameters have the names and values of the command line; those of conversions can stand in the query or, as one JSON object, in the part options. Queries may stand in logs of others, so that what says something of a learner belongs in the part options.

Every conversion counts its losses in the header Elmobridge-Losses, such as "reduced=2, kept=33"; Accept chooses between the document alone, the document with its report, and the report alone.

To begin with, send a document:

    curl --data-binary @transcript.xml -H "Content-Type: application/xml" http://127.0.0.1:8080/v1/convert

With options and an issuer:

    curl -F document=@transcript.xml -F issuer=@issuer.json -F 'options={"birth-country":"NO"}' http://127.0.0.1:8080/v1/convert

Many at once, one line of JSON for each as soon as it is converted:

    curl -F document=@a.xml -F document=@b.xml -H "Accept: application/x-ndjson" http://127.0.0.1:8080/v1/batch`

// description is what there is to say before the operations. Its paths serve nothing: the description is
// served by Mount, the pages of package huma load scripts from elsewhere.
func description() huma.Config {
	c := huma.DefaultConfig("elmobridge", "1")
	c.Info.Description = introduction
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil
	c.RejectUnknownQueryParameters = true
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		tokenScheme: {Type: "http", Scheme: "bearer", Description: "The token of the answer 202 to POST /v1/batch."},
	}
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
	reflect.TypeFor[accepted202]():    "BatchAccepted",
	reflect.TypeFor[inspect.Report](): "InspectedReport", reflect.TypeFor[inspect.Result](): "InspectedResult", reflect.TypeFor[inspect.File](): "InspectedFile",
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
	asSealed   = []media{{[]string{typeJAdES, typeLines}, anything}, {[]string{typeVCJWT, typeJWT}, text}}
)

// sealedText tells of sealed forms.
const sealedText = "Where the service has a key, a credential can be asked for sealed, with the organisation of the seal as its issuer: application/jose+json is JAdES, application/vc+jwt and application/jwt are a JWT, and application/x-ndjson has each of several credentials as JAdES on a line of its own."

// partsDescribed describes the parts of forms.
var partsDescribed = map[string]*huma.Schema{
	partDocument: {Type: huma.TypeString, Description: "The document, in any of the other media types. Without Content-Type its content tells what it is."},
	partArchive:  {Type: huma.TypeString, Description: "Documents as a zip archive (application/zip)."},
	partIssuer:   {Type: huma.TypeObject, Description: "The organisation that will seal. Without it that of the service stands in, else the issuer of the report.", Examples: []any{issuerExample}},
	partOptions:  {Type: huma.TypeObject, Description: "Parameters of the operation by name, in place of the query; none can be in both. The right place for birth-country and birthdate-zone, which say something of a learner: queries may stand in logs of others.", Examples: []any{optionsExample}},
}

// body describes what is sent; several tells that there can be more than one document.
func body(f form, several bool) *huma.RequestBody {
	b := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{},
		Description: "An ELMO document, or a credential: bare, in an array, a presentation, sealed, or as JWT."}
	for t, format := range formats {
		b.Content[t] = &huma.MediaType{Schema: text(nil)}
		if format == convert.FormatEDC && isJSON(t) {
			b.Content[t] = &huma.MediaType{Schema: anything(nil)}
		}
	}
	b.Content[typeXML].Example = documentExample
	if slices.Contains(f, partArchive) {
		b.Content[typeZip] = &huma.MediaType{Schema: text(nil)}
	}
	parts := map[string]*huma.Schema{}
	for _, name := range f {
		parts[name] = partsDescribed[name]
	}
	if several {
		parts[partDocument] = &huma.Schema{Type: huma.TypeArray, Items: parts[partDocument], Description: "One part for each document."}
	}
	sent := &huma.Schema{Type: huma.TypeObject, Properties: parts}
	if !slices.Contains(f, partArchive) {
		sent.Required = []string{partDocument}
	}
	b.Content[typeMultipart] = &huma.MediaType{Schema: sent, Encoding: map[string]*huma.Encoding{}}
	for _, name := range f {
		if name == partIssuer || name == partOptions {
			b.Content[typeMultipart].Encoding[name] = &huma.Encoding{ContentType: typeJSON}
		}
	}
	return b
}

// isJSON tells whether a media type of credentials is JSON; the others are compact.
func isJSON(mediaType string) bool {
	return strings.HasSuffix(mediaType, "json") || mediaType == "application/vc" || mediaType == "application/vp"
}

// answerExamples are examples of answers that are well, by operation and media type.
var answerExamples = map[string]map[string]any{
	"batch": {typeLines: lineExample}, "batch-results": {typeLines: lineExample}, "batch-status": {typeJSON: statusExample},
	"validate": {typeJSON: validateExample}, "verify": {typeJSON: verifyExample}, "inspect": {typeJSON: inspectExample}, "count-gaps": {typeJSON: gapsExample},
}

// answers describes the answers of an operation: those that are well, and the problems of its statuses.
func answers(reg huma.Registry, op huma.Operation, ok []media, statuses ...int) huma.Operation {
	fine := &huma.Response{Description: "Done.", Content: map[string]*huma.MediaType{}}
	for _, m := range ok {
		m.add(reg, fine.Content)
	}
	for t, example := range answerExamples[op.OperationID] {
		fine.Content[t].Example = example
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
	if status == http.StatusUnprocessableEntity {
		r.Content[problem.MediaType].Example = problemExample
	}
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
		"Credentials of one learner become one document; a document becomes a credential for each of its reports, several as an array. With multipart/mixed the result comes first, then the report.\n\n"+sealedText+" Here they are given of documents alone that are signed by somebody the service trusts: with require-signature=true, without the part issuer, and without options that say more than the document, or that leave out results.")
	op.RequestBody = body(conversionForm, false)
	op = answers(reg, op, slices.Concat(asDocument, []media{{[]string{typeWrapped}, of[wrapped]()}, asMixed, {[]string{typeReport}, of[convert.Report]()}}, asSealed),
		append(posted, http.StatusConflict)...)
	op.Responses["200"].Headers = lossesDescribed()
	op.Responses["200"].Headers[keptHeader] = keptDescribed
	op.Parameters = []*huma.Param{keyDescribed}
	return op
}

// keyDescribed is the header that makes it safe to send a request again, keptDescribed what it leads to.
var (
	keyDescribed = &huma.Param{Name: idempotencyKey, In: "header", Example: `"b0a7f5ce-2a1c-4d3c-9f0e-3b1d5c6f7a88"`,
		Schema:      &huma.Schema{Type: huma.TypeString},
		Description: "A key by chance, of 16 to 128 characters of ASCII, with or without quotation marks. When a request is sent again with the key, byte for byte as before, the answer is that of the first time if it was well (2xx); it is kept for 15 minutes. While the first request is at work the answer is 409, for another request with the key it is 422.",
	}
	keptDescribed = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"kept", "not-kept", "replayed"}},
		Description: "For requests with Idempotency-Key: whether the answer is kept. Large ones are not (not-kept): then a request that is sent again is done again. Replayed is an answer from before."}
)

const batchText = `As convert, for up to 1000 documents: parts document of a form, a part archive of the form, or a zip archive as the body. The options are the same for all of them. Nothing is sealed here.

The answer is sent while the documents are converted, one after the other in the order of the request. A document that cannot be converted has its problem in its place, and the others go on; the status is 200 nevertheless. Names are labels, which may repeat or be missing: the number, from 1, tells documents apart.

application/x-ndjson has a line for each document, and as its last line the counts. application/zip has results/, reports/ and problems/, each with a file NUMBER-NAME.json or .xml for the document, and as its last entry index.json, which names them all. When the counts or the directory of the archive are missing, the answer was cut off: what arrived is sound, the rest is to be sent again.

Entries of an archive are refused one by one when they are encrypted, archives themselves, links, larger than a request may be, or pack more than 200 to 1. The whole archive is refused when it is damaged, entries overlap, or all of them together are too large.

With Prefer: respond-async the documents are stored, sealed, and converted later, 64 MiB of them; results count as well, and beyond as much a document fails with too-large; the answer is 202 with a token, whatever Accept says. GET /v1/batch tells how far it is, GET /v1/batch/results gives the results when nothing waits any more, DELETE /v1/batch forgets all of it, which also happens by itself when its time is over. Without that preference Idempotency-Key is refused: nothing is made.`

func batching(reg huma.Registry) huma.Operation {
	op := operationOf("batch", http.MethodPost, "/v1/batch", "Convert many documents", batchText)
	op.RequestBody = body(batchForm, true)
	op = answers(reg, op, bundles(reg), append(posted, http.StatusConflict)...)
	op.Responses["202"] = &huma.Response{Description: "Stored, to be converted later.", Content: map[string]*huma.MediaType{
		typeJSON: {Schema: of[accepted202]()(reg), Example: acceptedExample},
	}, Headers: map[string]*huma.Param{keptHeader: keptDescribed, "Preference-Applied": {Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{respondAsync}}}}}
	op.Parameters = []*huma.Param{keyDescribed, {Name: "Prefer", In: "header", Example: respondAsync, Schema: &huma.Schema{Type: huma.TypeString},
		Description: "respond-async: convert later (RFC 7240)."}}
	return op
}

// bundles describes results of a batch.
func bundles(reg huma.Registry) []media {
	line := func(huma.Registry) *huma.Schema {
		return &huma.Schema{Description: "Each line.", AnyOf: []*huma.Schema{of[batchLine]()(reg), of[BatchCount]()(reg)}}
	}
	return []media{{[]string{typeZip}, text}, {[]string{typeLines}, line}}
}

// tokenScheme names the way a token is sent.
const tokenScheme = "token"

// held are the statuses of problems of operations on a batch that is done later.
var held = []int{400, 401, 422, 429, 500, 503}

// byToken is an operation on the batch that a token names.
func byToken(op huma.Operation) huma.Operation {
	op.Security = []map[string][]string{{tokenScheme: {}}}
	return op
}

func following(reg huma.Registry) huma.Operation {
	op := byToken(operationOf("batch-status", http.MethodGet, "/v1/batch", "How far a batch is",
		"What became of each document of a batch that is done later, in the order of the request; problems as they will stand in the results."))
	return answers(reg, op, []media{{[]string{typeJSON}, of[batchState]()}}, held...)
}

func fetching(reg huma.Registry) huma.Operation {
	return answers(reg, byToken(operationOf("batch-results", http.MethodGet, "/v1/batch/results", "The results of a batch",
		"In the same forms as those of POST /v1/batch, once nothing waits any more; as often as they are asked for, until the batch is forgotten.")),
		bundles(reg), append(held, http.StatusNotAcceptable, http.StatusConflict)...)
}

func forgetting(reg huma.Registry) huma.Operation {
	op := answers(reg, byToken(operationOf("batch-forget", http.MethodDelete, "/v1/batch", "Forget a batch",
		"Documents and results are removed at once; what is being converted at the moment is not kept.")), nil, held...)
	delete(op.Responses, "200")
	op.Responses["204"] = &huma.Response{Description: "Forgotten."}
	return op
}

func roundTripping(reg huma.Registry) huma.Operation {
	op := operationOf("roundtrip", http.MethodPost, "/v1/roundtrip", "Convert there and back, and compare",
		"Without Accept the answer is the report alone. The report of both ways names each difference between the document and what came back.")
	op.RequestBody = body(conversionForm, false)
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
	op.RequestBody = body(plainForm, false)
	return answers(reg, op, []media{{[]string{typeJSON}, of[validated]()}}, posted...)
}

func verifying(reg huma.Registry) huma.Operation {
	op := operationOf("verify", http.MethodPost, "/v1/verify", "Verify signatures and seals",
		"By the certificates that the service trusts; nobody is asked, so that revocation, accreditation and qualified status are not checked. Each check is passed, failed or not-checked.")
	op.RequestBody = body(plainForm, false)
	return answers(reg, op, []media{{[]string{typeJSON}, of[convert.Verification]()}}, posted...)
}

func inspecting(reg huma.Registry) huma.Operation {
	op := operationOf("inspect", http.MethodPost, "/v1/inspect", "Show what is in a document",
		"The learner, what each institution says, and what validate says in short; the same words for both formats, for people to look at. All of it is personal data.")
	op.RequestBody = body(plainForm, false)
	return answers(reg, op, []media{{[]string{typeJSON}, of[inspect.Inspection]()}}, posted...)
}

func counting(reg huma.Registry) huma.Operation {
	op := operationOf("count-gaps", http.MethodPost, "/v1/gaps", "Count the gaps that documents hit",
		"Which gaps between the standards the documents hit, and how often, without a value of theirs.")
	op.RequestBody = body(plainForm, true)
	return answers(reg, op, []media{{[]string{typeJSON}, of[gapCounts]()}}, posted...)
}

func crosswalking(reg huma.Registry) huma.Operation {
	op := operationOf("gaps", http.MethodGet, "/v1/gaps", "The crosswalk of ELMO and ELM",
		"Where every element of ELMO and every class and property of ELM goes, what becomes of it, and which change to a standard would close each gap.")
	return answers(reg, op, []media{{[]string{typeJSON}, of[audit.Edition]()}, {[]string{typeCSV}, text}},
		http.StatusBadRequest, http.StatusNotAcceptable, http.StatusTooManyRequests, http.StatusInternalServerError)
}
