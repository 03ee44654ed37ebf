package dc4eu

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"reflect"
	"strings"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/edci"
)

const mediaType = "application/json"

// Limits of what stands beside Content.
const (
	mostBytes   = 16 << 10 // of a member
	mostDepth   = 4        // of a member
	mostUnknown = 100      // members
)

// receive reads the body of a request.
func receive(r *http.Request, body io.Reader) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "" {
		return nil, problem.New(problem.MediaTypes, "the body has a Content-Encoding; send it as it is")
	}
	sent, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := params["charset"]; err != nil || sent != mediaType || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, problem.New(problem.MediaTypes, "send JSON in UTF-8, with Content-Type: "+mediaType)
	}
	data, err := io.ReadAll(body)
	if large := (*http.MaxBytesError)(nil); err == nil || errors.As(err, &large) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, limit.ErrFull) {
		return data, err
	}
	return nil, cutOff
}

// parse reads a request.
func parse[To protocol | []protocol](body []byte) (*request[To], error) {
	q := &request[To]{}
	var (
		p      *problem.Problem
		syntax *json.SyntaxError
	)
	switch err := q.decode(json.NewDecoder(bytes.NewReader(body))); {
	case err == nil:
		return q, nil
	case errors.As(err, &p):
		return nil, err
	case errors.As(err, &syntax):
		return nil, problem.New(problem.BadRequest, fmt.Sprintf("the body is not JSON, see byte %d", syntax.Offset))
	}
	return nil, cutOff
}

// decode reads the members of a request.
func (q *request[To]) decode(d *json.Decoder) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return cmp.Or(err, error(notAnObject))
	}
	into := map[string]any{"from": &q.From, "to": &q.To, "parameters": &q.Parameters, "content": &q.Content}
	for d.More() {
		if err := q.next(d, into); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return cmp.Or(err, error(moreThanOne))
	}
	return nil
}

// next reads a member. Names are taken without regard to case, each once: what was read is nil afterwards. Members
// that are not of this interface are counted.
func (q *request[To]) next(d *json.Decoder, into map[string]any) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	sent, _ := t.(string) // the decoder takes nothing else as a name
	name := strings.ToLower(sent)
	target, known := into[name]
	if !known {
		if q.unknown++; q.unknown > mostUnknown {
			return tooManyMembers
		}
		return d.Decode(new(json.RawMessage))
	}
	if target == nil {
		return problem.New(problem.BadRequest, "the member "+names[name]+" is there twice")
	}
	into[name] = nil
	return member(d, names[name], target)
}

// names are those of the members as the description writes them.
var names = map[string]string{"from": "From", "to": "To", "parameters": "Parameters", "content": "Content"}

var (
	cutOff         = problem.New(problem.BadRequest, "the body is cut off")
	notAnObject    = problem.New(problem.BadRequest, "the body must be a JSON object")
	tooManyMembers = problem.New(problem.BadRequest, fmt.Sprintf("more than %d members are not of this interface", mostUnknown))
	moreThanOne    = problem.New(problem.BadRequest, "there is more after the JSON object")
)

// member reads the value of a member. All but Content is short, so that its limits are low.
func member(d *json.Decoder, name string, into any) error {
	if content, ok := into.(*string); ok {
		return typed(name, d.Decode(content))
	}
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return err
	}
	if len(raw) > mostBytes {
		return problem.New(problem.BadRequest, fmt.Sprintf("%s is longer than %d bytes", name, mostBytes))
	}
	var syntax *edci.SyntaxError
	if _, err := edci.ParseJSON(raw, edci.Limits{Depth: mostDepth}); errors.As(err, &syntax) {
		return problem.New(problem.BadRequest, name+": "+syntax.Problem)
	}
	return typed(name, json.Unmarshal(raw, into))
}

// kinds are the types of values, by those of Go.
var kinds = map[reflect.Kind]string{reflect.String: "a text", reflect.Slice: "a list", reflect.Struct: "an object"}

// typed names the member that has another type than it must.
func typed(name string, err error) error {
	var other *json.UnmarshalTypeError
	if !errors.As(err, &other) {
		return err
	}
	if other.Field != "" {
		name += "." + other.Field
	}
	return problem.New(problem.BadRequest, name+": "+kinds[other.Type.Kind()]+" was expected")
}

// document gives the document in Content, at most so many bytes. What is unpacked takes memory.
func document(content string, most int64, memory *limit.Share) ([]byte, error) {
	if content == "" {
		return nil, problem.New(problem.BadRequest, "Content is missing; it holds the document as Base64")
	}
	data, err := decodeBase64(content)
	if err != nil {
		return nil, problem.New(problem.BadRequest, "Content is not Base64; encode the document in UTF-8 with it")
	}
	if !bytes.HasPrefix(data, gzipMagic) {
		return data, nil
	}
	return unpack(data, most, memory)
}

// decodeBase64 decodes either alphabet, with line breaks and without padding, too. RFC 4648, 4 and 5.
func decodeBase64(s string) ([]byte, error) {
	plain := make([]byte, 0, len(s))
	for _, c := range []byte(s) {
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		plain = append(plain, c)
	}
	plain = bytes.TrimRight(plain, "=")
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(plain)))
	n, err := base64.RawStdEncoding.Decode(data, plain)
	return data[:n], err
}

// gzipMagic begins a gzip file. RFC 1952, 2.3.1.
var gzipMagic = []byte{0x1f, 0x8b}

// unpack unpacks a gzip file: the example in the description speaks of one.
func unpack(data []byte, most int64, memory *limit.Share) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, broken
	}
	plain, err := io.ReadAll(memory.Reader(io.LimitReader(z, most+1)))
	switch {
	case errors.Is(err, limit.ErrFull):
		return nil, err
	case err != nil:
		return nil, broken
	case int64(len(plain)) > most:
		return nil, problem.New(problem.TooLarge, fmt.Sprintf("the gzip file in Content holds more than %d bytes", most))
	}
	return plain, nil
}

var broken = problem.New(problem.BadRequest, "the gzip file in Content is damaged")
