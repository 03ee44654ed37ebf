package rest

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
)

// upload is what a request brought.
type upload struct {
	documents [][]byte
	issuer    *convert.Issuer // nil: none was sent
}

// Media types of documents.
const (
	typeXML       = "application/xml"
	typeJSONLD    = "application/ld+json"
	typeJSON      = "application/json"
	typeMultipart = "multipart/form-data"
)

// formats are the media types of bodies, and what they hold.
var formats = map[string]convert.Format{
	typeXML: convert.FormatELMO, "text/xml": convert.FormatELMO,

	typeJSONLD: convert.FormatEDC, typeJSON: convert.FormatEDC,
	"application/vc": convert.FormatEDC, "application/vc+ld+json": convert.FormatEDC,
	"application/vp": convert.FormatEDC, "application/vp+ld+json": convert.FormatEDC,
	"application/jose+json": convert.FormatEDC, "application/jose": convert.FormatEDC,
	"application/jwt": convert.FormatEDC, "application/vc+jwt": convert.FormatEDC,
	"application/sd-jwt": convert.FormatEDC, "application/vc+sd-jwt": convert.FormatEDC, "application/dc+sd-jwt": convert.FormatEDC,
}

// Limits of a form.
const (
	mostParts   = 1000
	issuerLimit = 64 << 10 // bytes; what is longer convert.ReadIssuer refuses
)

// readUpload reads the body of a request.
func readUpload(r *http.Request, body io.Reader) (*upload, error) {
	if r.Header.Get("Content-Encoding") != "" {
		return nil, problem.New(problem.MediaTypes, "the body has a Content-Encoding; send it as it is")
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, problem.New(problem.MediaTypes, "Content-Type is missing or malformed")
	}
	u := &upload{}
	if mediaType == typeMultipart {
		return u, u.form(multipart.NewReader(body, params["boundary"]))
	}
	return u, u.add(mediaType, params["charset"], body)
}

// add reads a document.
func (u *upload) add(mediaType, charset string, body io.Reader) error {
	format, known := formats[mediaType]
	switch {
	case !known:
		return problem.New(problem.MediaTypes, "")
	case charset != "" && !strings.EqualFold(charset, "utf-8"):
		return problem.New(problem.MediaTypes, "leave charset out: an XML declaration says how a document is encoded, and JSON is UTF-8")
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return unread(err)
	}
	if found := convert.Detect(data); found != convert.FormatUnknown && found != format {
		return problem.New(problem.MediaTypes, "the body is not of the kind that Content-Type says")
	}
	u.documents = append(u.documents, data)
	return nil
}

// form reads the parts of a form: any number of parts "document", and one "issuer".
func (u *upload) form(parts *multipart.Reader) error {
	for range mostParts {
		p, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return unread(err)
		}
		switch p.FormName() {
		case "document":
			err = u.document(p)
		case "issuer":
			err = u.readIssuer(p)
		default:
			err = problem.New(problem.BadRequest, "the parts of a form are called document and issuer")
		}
		if err != nil {
			return err
		}
	}
	return problem.New(problem.BadRequest, fmt.Sprintf("a form has at most %d parts", mostParts))
}

// document reads a part that names its type, or leaves that to the content, as forms of programs that do not
// know the ending of a file do.
func (u *upload) document(p *multipart.Part) error {
	mediaType, params, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if mediaType != "" && mediaType != "application/octet-stream" {
		return u.add(mediaType, params["charset"], p)
	}
	data, err := io.ReadAll(p)
	if err != nil {
		return unread(err)
	}
	u.documents = append(u.documents, data)
	return nil
}

func (u *upload) readIssuer(p io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(p, issuerLimit+1))
	switch {
	case err != nil:
		return unread(err)
	case u.issuer != nil:
		return problem.New(problem.BadIssuer, "there are two issuers")
	}
	if u.issuer, err = convert.ReadIssuer(data); err != nil {
		return problem.New(problem.BadIssuer, strings.TrimPrefix(err.Error(), "issuer: "))
	}
	return nil
}

// unread is the error of a body that did not arrive whole: too big, too late, or cut off.
func unread(err error) error {
	large := (*http.MaxBytesError)(nil)
	if errors.As(err, &large) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, limit.ErrFull) {
		return err
	}
	return problem.New(problem.BadRequest, "the body is cut off, or not a form as its Content-Type says")
}

// one gives the only document of a request.
func (u *upload) one() ([]byte, error) {
	if len(u.documents) != 1 {
		return nil, problem.New(problem.BadRequest, "give one document in a request")
	}
	return u.documents[0], nil
}

// read gives the only document, read; verified before when that is asked for, with what is wrong about a signature
// that was accepted.
func (u *upload) read(trust *convert.Trust) (in *convert.Input, warnings []string, err error) {
	data, err := u.one()
	if err != nil {
		return nil, nil, err
	}
	if trust == nil {
		in, err = convert.Read(data)
		return in, nil, err
	}
	v, err := convert.Verify(data, *trust)
	if err != nil {
		return nil, nil, err
	}
	in, err = v.Read()
	return in, v.Warnings, err
}
