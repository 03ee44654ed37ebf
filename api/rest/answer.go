package rest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"elmobridge/convert"
	"elmobridge/mapping"
)

// Media types of answers that are not documents alone.
const (
	typeWrapped = "application/vnd.elmobridge+json"        // wrapped
	typeReport  = "application/vnd.elmobridge.report+json" // the report alone
	typeMixed   = "multipart/mixed"                        // first the result, then the report
)

// documentTypes are the media types that a result can be asked for in.
var documentTypes = map[convert.Format][]string{
	convert.FormatEDC:  {typeJSONLD, typeJSON, "application/vc+ld+json"},
	convert.FormatELMO: {typeXML, "text/xml"},
}

// offers are the media types of a conversion with that result, the document first.
func offers(f convert.Format) []string {
	return slices.Concat(documentTypes[f], []string{typeWrapped, typeMixed, typeReport})
}

// answer is what a request is answered with.
type answer struct {
	mediaType string
	body      []byte
	losses    string // header Elmobridge-Losses
	intact    bool   // header Elmobridge-Intact
	public    bool   // the same for everybody, as long as the program runs
	status    int    // 0: 200
	applied   string // header Preference-Applied
}

// lossesHeader counts the losses, in a form of RFC 9651: reduced=2, kept=33.
const lossesHeader = "Elmobridge-Losses"

// intactHeader says of results of a learner that they are, byte for byte, what the source gave.
const intactHeader = "Elmobridge-Intact"

func (a *answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Vary", "Accept")
	if a.public {
		static(a.mediaType, a.body)(w, r)
		return
	}
	if a.status == http.StatusNoContent {
		w.WriteHeader(a.status)
		return
	}
	h.Set("Content-Type", a.mediaType)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	h.Set("Cache-Control", "no-store")
	if a.losses != "" {
		h.Set(lossesHeader, a.losses)
	}
	if a.intact {
		h.Set(intactHeader, "?1") // RFC 9651, 3.3.6
	}
	if a.applied != "" {
		h.Set("Preference-Applied", a.applied)
	}
	w.WriteHeader(cmp.Or(a.status, http.StatusOK))
	_, _ = w.Write(a.body) // the client has gone: nobody is left to tell
}

// wrapped is a result with its report.
type wrapped struct {
	MediaType string `json:"mediaType" enum:"application/ld+json,application/xml" doc:"Of the result."`
	Encoding  string `json:"encoding,omitempty" enum:"base64" doc:"base64 when the document is not UTF-8, as an original document that comes back may be."`
	Result    any    `json:"result" doc:"A credential, an array of credentials, or an ELMO document as a text."`
	Report    any    `json:"report"`
}

// result is what a conversion gave.
type result struct {
	format  convert.Format
	parts   [][]byte // a document, or a credential each
	report  any
	reports []*convert.Report
}

// answer gives the result in the form that was chosen.
func (r *result) answer(mediaType string) (*answer, error) {
	a := &answer{mediaType: mediaType, losses: losses(r.reports)}
	var err error
	switch mediaType {
	case typeReport:
		a.body = encode(r.report)
	case typeWrapped:
		a.body = encode(r.wrapped())
	case typeMixed:
		a.mediaType, a.body, err = r.mixed()
	default:
		a.body = r.document()
	}
	return a, err
}

// document is the document, or the credentials: one as an object, several as an array.
func (r *result) document() []byte {
	if len(r.parts) == 1 {
		return r.parts[0]
	}
	return slices.Concat([]byte("["), bytes.Join(r.parts, []byte(",\n")), []byte("]\n"))
}

func (r *result) wrapped() wrapped {
	w := wrapped{MediaType: documentTypes[r.format][0], Report: r.report}
	w.Encoding, w.Result = inJSON(r.format, r.document())
	return w
}

// mixed gives result and report as parts. RFC 2046, 5.1.3.
func (r *result) mixed() (mediaType string, body []byte, err error) {
	var b bytes.Buffer
	parts := multipart.NewWriter(&b)
	for _, p := range []struct {
		mediaType string
		data      []byte
	}{{documentTypes[r.format][0], r.document()}, {typeReport, encode(r.report)}} {
		w, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {p.mediaType}})
		if err != nil {
			return "", nil, err
		}
		if _, err := w.Write(p.data); err != nil {
			return "", nil, err
		}
	}
	err = parts.Close()
	return typeMixed + "; boundary=" + parts.Boundary(), b.Bytes(), err
}

// losses counts what reports say, the worst first.
func losses(reports []*convert.Report) string {
	var members []string
	for _, v := range slices.Backward(mapping.Verdicts) {
		n := 0
		for _, r := range reports {
			n += r.Counts[v]
		}
		if n > 0 {
			members = append(members, fmt.Sprintf("%s=%d", v, n))
		}
	}
	return strings.Join(members, ", ")
}

// encode writes what can always be written as JSON: structs of our own.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// entityTag is a strong tag. RFC 9110, 8.8.3.
func entityTag(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}
