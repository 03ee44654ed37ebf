package rest

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strings"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
)

// upload is what a request brought.
type upload struct {
	documents []*document
	archive   []byte          // nil: none was sent
	issuer    *convert.Issuer // nil: none was sent
	issuerRaw []byte
	options   options
}

// document is one that a request brought.
type document struct {
	name string // as the client calls it
	data []byte
	err  error // why it is not what it was sent as
}

// Media types of documents.
const (
	typeXML       = "application/xml"
	typeJSONLD    = "application/ld+json"
	typeJSON      = "application/json"
	typeMultipart = "multipart/form-data"

	typeURLEncoded = "application/x-www-form-urlencoded"
	typeZip        = "application/zip"
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
	partLimit   = 64 << 10 // bytes of issuer and options
	longestName = 200      // letters of the name of a document; more are cut off
)

// form is which parts the form of an operation has. A body without parts is the only one of the first, or an
// archive where there can be one.
type form []string

// The parts of a form.
const (
	partDocument = "document"
	partArchive  = "archive"
	partIssuer   = "issuer"
	partOptions  = "options"
)

// The forms of operations.
var (
	plainForm      = form{partDocument}
	conversionForm = form{partDocument, partIssuer, partOptions}
	batchForm      = form{partDocument, partArchive, partIssuer, partOptions}
)

// readers read the parts.
var readers = map[string]func(*upload, *multipart.Part) error{
	partDocument: (*upload).readDocument, partArchive: (*upload).readArchive, partIssuer: (*upload).readIssuer, partOptions: (*upload).readOptions,
}

// read reads the body of a request.
func (f form) read(r *http.Request, body io.Reader) (*upload, error) {
	if r.Header.Get("Content-Encoding") != "" {
		return nil, problem.New(problem.MediaTypes, "the body has a Content-Encoding; send it as it is")
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, problem.New(problem.MediaTypes, "Content-Type is missing or malformed")
	}
	u := &upload{}
	switch {
	case mediaType == typeMultipart:
		return u, f.parts(u, multipart.NewReader(body, params["boundary"]))
	case mediaType == typeZip && slices.Contains(f, partArchive):
		return u, u.spool(body)
	}
	if err := checkType(mediaType, params["charset"]); err != nil {
		return nil, err
	}
	d, err := read(mediaType, body)
	if err != nil {
		return nil, err
	}
	u.documents = []*document{d}
	return u, nil
}

// parts reads the parts of a form.
func (f form) parts(u *upload, parts *multipart.Reader) error {
	for range mostParts {
		p, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return unread(err)
		}
		if !slices.Contains(f, p.FormName()) {
			return problem.New(problem.BadRequest, "the parts of a form are called "+strings.Join(f, ", ")+" here")
		}
		if err := readers[p.FormName()](u, p); err != nil {
			return err
		}
	}
	return problem.New(problem.BadRequest, fmt.Sprintf("a form has at most %d parts", mostParts))
}

// checkType refuses media types that are not read.
func checkType(mediaType, charset string) error {
	switch _, known := formats[mediaType]; {
	case mediaType == typeURLEncoded:
		return problem.New(problem.MediaTypes, "Content-Type says that the body is a form, as programs do that are not told; name the type of the document")
	case !known:
		return problem.New(problem.MediaTypes, "")
	case charset != "" && !strings.EqualFold(charset, "utf-8"):
		return problem.New(problem.MediaTypes, "leave charset out: an XML declaration says how a document is encoded, and JSON is UTF-8")
	}
	return nil
}

// read reads a document that was sent as a media type; "" leaves it to the content what it is.
func read(mediaType string, body io.Reader) (*document, error) {
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, unread(err)
	}
	d := &document{data: data}
	if found := convert.Detect(data); mediaType != "" && found != convert.FormatUnknown && found != formats[mediaType] {
		d.err = problem.New(problem.MediaTypes, "the body is not of the kind that Content-Type says")
	}
	return d, nil
}

// readDocument reads a part that names its type, or leaves that to the content, as forms of programs that do not
// know the ending of a file do.
func (u *upload) readDocument(p *multipart.Part) error {
	mediaType, params, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if mediaType == "application/octet-stream" {
		mediaType = ""
	}
	d := &document{}
	if mediaType != "" {
		d.err = checkType(mediaType, params["charset"])
	}
	if d.err == nil {
		var err error
		if d, err = read(mediaType, p); err != nil {
			return err
		}
	}
	d.name = p.FileName()
	u.documents = append(u.documents, d)
	return nil
}

func (u *upload) readArchive(p *multipart.Part) error {
	if u.archive != nil {
		return problem.New(problem.BadRequest, "there are two archives")
	}
	return u.spool(p)
}

// spool keeps an archive as it is: its directory is at its end.
func (u *upload) spool(body io.Reader) error {
	var err error
	if u.archive, err = io.ReadAll(body); err != nil {
		return unread(err)
	}
	return nil
}

func (u *upload) readIssuer(p *multipart.Part) error {
	if u.issuer != nil {
		return problem.New(problem.BadIssuer, "there are two issuers")
	}
	data, err := short(p)
	if err != nil {
		return err
	}
	if u.issuer, err = convert.ReadIssuer(data); err != nil {
		return problem.New(problem.BadIssuer, strings.TrimPrefix(err.Error(), "issuer: "))
	}
	u.issuerRaw = data
	return nil
}

// short reads a part that has no reason to be long.
func short(p *multipart.Part) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(p, partLimit+1))
	switch {
	case err != nil:
		return nil, unread(err)
	case len(data) > partLimit:
		return nil, problem.New(problem.BadRequest, fmt.Sprintf("the part %s has more than %d bytes", p.FormName(), partLimit))
	}
	return data, nil
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
	return u.documents[0].data, u.documents[0].err
}
