package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/edci/verification"
	"elmobridge/elmo"
)

// Limits of the form.
const (
	formSize  = 64 << 10 // bytes beside the file
	mostParts = 10
	valueSize = 100 // bytes of a field, and characters of the name of a file
)

// upload is what the form brought.
type upload struct {
	name, keep, example string
	shows               string // key of the text that names an example
	data                []byte
	there               bool // there is a file, though it may be empty
}

// readForm reads the form: a part "file", and fields.
func readForm(r *http.Request, body io.Reader) (*upload, error) {
	q := r.Clone(r.Context())
	q.Body = io.NopCloser(body)
	parts, err := q.MultipartReader()
	if err != nil {
		return nil, problem.New(problem.MediaTypes, "the form is sent as multipart/form-data")
	}
	u := &upload{}
	for range mostParts {
		p, err := parts.NextPart()
		if err == io.EOF {
			return u, nil
		}
		if err != nil {
			return nil, unread(err)
		}
		if err := u.take(p); err != nil {
			return nil, unread(err)
		}
	}
	return nil, problem.New(problem.BadRequest, "the form has too many parts")
}

// take reads a part. A browser sends an empty file without a name when none was chosen.
func (u *upload) take(p *multipart.Part) (err error) {
	if p.FormName() == "file" {
		if p.FileName() != "" {
			u.name, u.there = shorten(p.FileName(), valueSize), true
			u.data, err = io.ReadAll(p)
		}
		return err
	}
	value, err := io.ReadAll(io.LimitReader(p, valueSize))
	switch p.FormName() {
	case "keep":
		u.keep = string(value)
	case "example":
		u.example = string(value)
	}
	return err
}

// unread is the error of a form that did not arrive whole: too big, too late, or cut off.
func unread(err error) error {
	if p := problemOf(err); p.Kind != problem.Internal {
		return err
	}
	return problem.New(problem.BadRequest, "the form is cut off")
}

// shorten gives the first characters of a text.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// upload converts the file of the form and leads to its result.
func (h *handlers) upload(w http.ResponseWriter, r *http.Request) error {
	read := func(body io.Reader) (*upload, error) {
		u, err := readForm(r, body)
		if err != nil {
			return nil, err
		}
		return u, h.choose(u)
	}
	res, err := limit.Work(h.Bounds, r, read, func(_ context.Context, u *upload) (*result, error) { return h.result(u) })
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return problem.New(problem.TooLarge, fmt.Sprintf("a file has at most %d MiB", h.MaxFile>>20))
	}
	if err != nil {
		return err
	}
	number, err := h.keep(w, r, res)
	if err != nil {
		return err
	}
	return see(w, r, "/results/"+strconv.Itoa(number))
}

// choose puts the example that was asked for in the place of a file.
func (h *handlers) choose(u *upload) error {
	if u.example == "" {
		if !u.there {
			return problem.New(problem.BadRequest, "no file was chosen")
		}
		return nil
	}
	for i, x := range h.Examples {
		if strconv.Itoa(i) == u.example {
			u.name, u.shows, u.data = x.Name, x.Key, x.Data
			return nil
		}
	}
	return problem.New(problem.BadRequest, "there is no such example")
}

// result is what came of a file, as it is kept.
type result struct {
	Name         string
	Shows        string         // key of the text that is the name, for an example
	Format       convert.Format // of the file
	Original     []byte         // the file
	ELMO         []byte         // the document: the file itself, or made from its credentials
	Credentials  [][]byte       // made from the document; empty when the file holds them
	Report       []byte         // a *convert.Report as JSON
	Signed       bool           // there is a signature
	Verification verdict
	Validations  []validation // of the file, and of what was made of it
	HandedOver   *handedOver  // nil: the file was uploaded
}

// verdict is what convert.Verify says.
type verdict struct {
	Status   verification.Status
	Reason   string
	Checks   []convert.Check
	Warnings []string
}

// validation is what convert.Validate says of a file or of what was made of it.
type validation struct {
	Of       string // file, elmo or edc: ends of keys of texts
	Against  []string
	Counts   map[string]int    // by severity
	Findings []convert.Finding // the first ones, the worst before the others
	More     int
	NoIssuer bool // the issuer of a credential made here has no legal identifier
}

// mostFindings is how many findings are shown.
const mostFindings = 50

// result converts a file, and checks it.
func (h *handlers) result(u *upload) (*result, error) {
	opt := convert.Options{Issuer: h.Issuer, Keep: cmp.Or(convert.Keep(u.keep), convert.KeepNotes), Indent: true}
	if err := opt.Check(); err != nil {
		return nil, err
	}
	in, err := convert.Read(u.data)
	if err != nil {
		return nil, err
	}
	res := &result{Name: u.name, Shows: u.shows, Format: in.Format, Original: u.data}
	report, err := res.convert(in, opt)
	if err != nil {
		return nil, err
	}
	return res, h.check(res, in, report)
}

// check adds the report to a result, and what there is to say of the file.
func (h *handlers) check(res *result, in *convert.Input, report *convert.Report) (err error) {
	if res.Report, err = json.MarshalIndent(report, "", "  "); err != nil {
		return err
	}
	v, err := convert.Verify(res.Original, h.Trust)
	if err != nil {
		return err
	}
	res.verified(v, in)
	h.Figures.Converted(channel, report)
	h.Figures.Verified(v)
	return res.validate()
}

func (res *result) convert(in *convert.Input, opt convert.Options) (*convert.Report, error) {
	if in.Format == convert.FormatEDC {
		doc, report, err := convert.ToELMO(in.Credentials, opt)
		if err != nil {
			return nil, err
		}
		res.ELMO, err = convert.WriteELMO(doc, opt)
		return report, err
	}
	credentials, report, err := convert.ToEDC(in.Document, opt)
	if err != nil {
		return nil, err
	}
	res.ELMO = res.Original
	for _, c := range credentials {
		res.Credentials = append(res.Credentials, convert.AppendEDC(nil, c, opt))
	}
	return report, nil
}

// verified takes over what is known of the signature, and whether there is one.
func (res *result) verified(v *convert.Verification, in *convert.Input) {
	res.Verification = verdict{v.Status, v.Reason, v.Checks, v.Warnings}
	if in.Document != nil {
		res.Signed = !in.Document.Signature.IsZero()
	}
	for _, c := range in.Credentials {
		res.Signed = res.Signed || c.Source.Sealed
	}
}

// validate checks the file, and what was made of it.
func (res *result) validate() error {
	made, of := res.Credentials, string(convert.FormatEDC)
	if res.Format == convert.FormatEDC {
		made, of = [][]byte{res.ELMO}, string(convert.FormatELMO)
	}
	for _, c := range []struct {
		of   string
		data [][]byte
	}{{"file", [][]byte{res.Original}}, {of, made}} {
		v, err := newValidation(c.of, c.data)
		if err != nil {
			return err
		}
		res.Validations = append(res.Validations, v)
	}
	return nil
}

// ruleIssuer is the rule of the profile that a credential breaks which nobody has sealed yet, unless the issuer was named.
const ruleIssuer = "EDC-ISSUER"

// newValidation checks documents, and takes what was found together.
func newValidation(of string, documents [][]byte) (validation, error) {
	v := validation{Of: of, Counts: map[string]int{}}
	for i, data := range documents {
		one, err := convert.Validate(data, convert.ValidateOptions{})
		if err != nil {
			return v, err
		}
		v.Against = append(v.Against, one.Against...)
		for _, f := range one.Findings {
			if len(documents) > 1 {
				f.Credential = i + 1
			}
			v.Findings = append(v.Findings, f)
		}
	}
	v.sum()
	return v, nil
}

// sum counts the findings, and leaves those that are shown.
func (v *validation) sum() {
	v.Against = slices.Compact(v.Against)
	for _, f := range v.Findings {
		v.Counts[string(f.Severity)]++
		v.NoIssuer = v.NoIssuer || v.Of == string(convert.FormatEDC) && f.Rule == ruleIssuer
	}
	slices.SortStableFunc(v.Findings, func(a, b convert.Finding) int {
		return slices.Index(convert.Severities, a.Severity) - slices.Index(convert.Severities, b.Severity)
	})
	v.More = max(0, len(v.Findings)-mostFindings)
	v.Findings = slices.Clone(v.Findings[:len(v.Findings)-v.More])
}

// document reads the document anew.
func (res *result) document() (*elmo.Document, error) {
	return elmo.Read(res.ELMO, elmo.ReadOptions{})
}

// credentials reads the credentials anew.
func (res *result) credentials() ([]*edci.EuropeanDigitalCredential, error) {
	if res.Format == convert.FormatEDC {
		return edci.Read(res.Original, edci.ReadOptions{})
	}
	var list []*edci.EuropeanDigitalCredential
	for _, data := range res.Credentials {
		read, err := edci.Read(data, edci.ReadOptions{})
		if err != nil {
			return nil, err
		}
		list = append(list, read...)
	}
	return list, nil
}

// report reads the report anew.
func (res *result) report() (*convert.Report, error) {
	report := &convert.Report{}
	return report, json.NewDecoder(bytes.NewReader(res.Report)).Decode(report)
}

// errNoPart is returned for a part that a result does not have.
var errNoPart = errors.New("no such part")
