package rest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/convert/inspect"
	"elmobridge/elmo"
	"elmobridge/mapping/audit"
)

// convertQuery are the parameters of convert.
type convertQuery struct {
	Conversion
	To               string `query:"to" enum:"edc,elmo" doc:"Format of the result. Without it the other one than the input's; elmo of an ELMO document changes its version."`
	RequireSignature bool   `query:"require-signature" doc:"Convert only what verify passes: the document must be signed by somebody the service trusts."`
}

// convert converts a document to the other format, or to another version of ELMO.
func (h *handlers) convert(r *http.Request, q *convertQuery) (*answer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	return work(h, r, conversionForm, func(ctx context.Context, u *upload) (*answer, error) {
		data, err := u.one()
		if err != nil {
			return nil, err
		}
		if err := q.complete(r, u); err != nil {
			return nil, err
		}
		in, err := h.read(data, q)
		if err != nil {
			return nil, err
		}
		mediaType, err := h.chooseResult(r, in.to, offers(in.to))
		if err != nil {
			return nil, err
		}
		issuer := h.Issuer
		if _, sealed := sealedForms[mediaType]; sealed {
			if err := q.sealable(u); err != nil {
				return nil, err
			}
			issuer = h.Seal.issuer
		}
		res, err := h.convertRead(in, q.options(issuer, u), "rest")
		if err != nil {
			return nil, err
		}
		return h.answer(ctx, res, mediaType)
	})
}

// complete takes over the part options of a request.
func (q *convertQuery) complete(r *http.Request, u *upload) error {
	if err := u.options.apply(r, q); err != nil {
		return err
	}
	return q.check()
}

// toConvert is a document that was read.
type toConvert struct {
	*convert.Input
	warnings []string // what is wrong about a signature that was accepted
	to       convert.Format
}

// read reads a document, verified before when that is asked for.
func (h *handlers) read(data []byte, q *convertQuery) (*toConvert, error) {
	in, err := &toConvert{}, error(nil)
	if q.RequireSignature {
		v, err := convert.Verify(data, h.Trust)
		if err != nil {
			return nil, err
		}
		h.Figures.Verified(v)
		if in.Input, err = v.Read(); err != nil {
			return nil, err
		}
		in.warnings = v.Warnings
	} else if in.Input, err = convert.Read(data); err != nil {
		return nil, err
	}
	in.to, err = q.target(in.Format)
	return in, err
}

// convertRead converts what was read, and counts it for a channel.
func (h *handlers) convertRead(in *toConvert, opt convert.Options, channel string) (*result, error) {
	res, err := converted(in.Input, in.to, opt)
	if err != nil {
		return nil, err
	}
	for _, text := range in.warnings {
		res.reports[0].Warnings = append(res.reports[0].Warnings, "signature: "+text)
	}
	h.Figures.Converted(channel, res.reports...)
	return res, nil
}

// target is the format of the result.
func (q *convertQuery) target(from convert.Format) (convert.Format, error) {
	switch to := convert.Format(q.To); {
	case to == convert.FormatEDC && from == convert.FormatEDC:
		return "", problem.New(problem.Impossible, "it is a European Digital Credential already; leave to out")
	case to != "":
		return to, nil
	case from == convert.FormatEDC:
		return convert.FormatELMO, nil
	}
	return convert.FormatEDC, nil
}

// converted converts what was read.
func converted(in *convert.Input, to convert.Format, opt convert.Options) (*result, error) {
	if to == convert.FormatEDC {
		return credentials(in.Document, opt)
	}
	var (
		doc    *elmo.Document
		report *convert.Report
		err    error
	)
	if in.Format == convert.FormatELMO {
		doc, report, err = convert.ToVersion(in.Document, opt)
	} else {
		doc, report, err = convert.ToELMO(in.Credentials, opt)
	}
	if err != nil {
		return nil, err
	}
	xml, err := convert.WriteELMO(doc, opt)
	return &result{convert.FormatELMO, [][]byte{xml}, report, []*convert.Report{report}}, err
}

func credentials(doc *elmo.Document, opt convert.Options) (*result, error) {
	list, report, err := convert.ToEDC(doc, opt)
	if err != nil {
		return nil, err
	}
	res := &result{format: convert.FormatEDC, report: report, reports: []*convert.Report{report}}
	for _, c := range list {
		res.parts = append(res.parts, convert.AppendEDC(nil, c, opt))
	}
	return res, nil
}

// tripReport is the report of a round trip.
type tripReport struct {
	Format      convert.Format       `json:"format" enum:"elmo,edc" doc:"Of the input and of what came back."`
	There       *convert.Report      `json:"there"`
	Back        *convert.Report      `json:"back"`
	Differences []convert.Difference `json:"differences" nullable:"false" doc:"Where input and result differ."`
	Unnamed     int                  `json:"unnamed" doc:"Differences that no report names, which is a fault of the service."`
}

// roundTrip converts a document there and back.
func (h *handlers) roundTrip(r *http.Request, q *Conversion) (*answer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	return work(h, r, conversionForm, func(_ context.Context, u *upload) (*answer, error) {
		data, err := u.one()
		if err != nil {
			return nil, err
		}
		if err := u.options.apply(r, q); err != nil {
			return nil, err
		}
		if err := q.check(); err != nil {
			return nil, err
		}
		mediaType, err := choose(r, tripOffers(convert.Detect(data))...)
		if err != nil {
			return nil, err
		}
		t, err := convert.RoundTrip(data, q.options(h.Issuer, u))
		if err != nil {
			return nil, err
		}
		return tripResult(t).answer(mediaType)
	})
}

// tripOffers are the media types of a round trip, the report first.
func tripOffers(f convert.Format) []string {
	return append([]string{typeReport}, offers(f)...)
}

func tripResult(t *convert.Trip) *result {
	report := tripReport{Format: t.Format, There: t.There, Back: t.Back, Differences: t.Differences}
	if report.Differences == nil {
		report.Differences = []convert.Difference{}
	}
	for _, d := range t.Differences {
		if !d.Named {
			report.Unnamed++
		}
	}
	return &result{t.Format, t.Result, report, []*convert.Report{t.There, t.Back}}
}

// validateQuery are the parameters of validate.
type validateQuery struct {
	Version
	ReportValues
	Profile string `query:"profile" enum:"auto,no-cv,full,accredited,converted,issued-by-mandate,diploma-supplement" default:"auto" doc:"Profile for credentials; auto is what a credential names itself, else full."`
}

// validated is the answer of validate.
type validated struct {
	Valid bool `json:"valid" doc:"There is no finding of severity error."`
	*convert.Validation
}

// validate checks a document.
func (h *handlers) validate(r *http.Request, q *validateQuery) (*answer, error) {
	opt := convert.ValidateOptions{Profile: q.Profile, ELMOVersion: elmo.Version(q.ELMOVersion), Values: q.Values}
	if err := opt.Check(); err != nil {
		return nil, err
	}
	return h.told(r, func(_ context.Context, u *upload) (any, error) {
		data, err := u.one()
		if err != nil {
			return nil, err
		}
		v, err := convert.Validate(data, opt)
		if err != nil {
			return nil, err
		}
		return validated{v.Valid(), v}, nil
	})
}

// verifyQuery are the parameters of verify.
type verifyQuery struct {
	At string `query:"at" maxLength:"40" doc:"Date and time with its zone at which certificates must be valid, such as 2024-06-30T12:00:00Z. Else now."`
}

// verify verifies the signatures of a document.
func (h *handlers) verify(r *http.Request, q *verifyQuery) (*answer, error) {
	trust := h.Trust
	if q.At != "" {
		at, err := time.Parse(time.RFC3339, q.At)
		if err != nil {
			return nil, problem.New(problem.BadRequest, "at is not a date and time with its zone, such as 2024-06-30T12:00:00Z")
		}
		trust.Time = at
	}
	return h.told(r, func(_ context.Context, u *upload) (any, error) {
		data, err := u.one()
		if err != nil {
			return nil, err
		}
		v, err := convert.Verify(data, trust)
		if err != nil {
			return nil, err
		}
		h.Figures.Verified(v)
		return v, nil
	})
}

// none are no parameters.
type none struct{}

// inspect shows what is in a document.
func (h *handlers) inspect(r *http.Request, _ *none) (*answer, error) {
	return h.told(r, func(_ context.Context, u *upload) (any, error) {
		data, err := u.one()
		if err != nil {
			return nil, err
		}
		return inspect.Of(data)
	})
}

// gapCounts is the answer of counting gaps.
type gapCounts struct {
	Files int           `json:"files"`
	List  []convert.Gap `json:"list" nullable:"false" doc:"The worst first, then those that most files hit."`
}

// anyDate stands for the date of issue of documents without one; the result is not kept.
const anyDate = "2000-01-01T00:00:00"

// count counts the gaps that the documents hit.
func (h *handlers) count(r *http.Request, _ *none) (*answer, error) {
	return h.told(r, func(ctx context.Context, u *upload) (any, error) {
		if len(u.documents) == 0 {
			return nil, problem.New(problem.BadRequest, "there is no document")
		}
		gaps := &convert.Gaps{}
		for _, d := range u.documents {
			if err := errors.Join(ctx.Err(), d.err); err != nil {
				return nil, err
			}
			in, err := convert.Read(d.data)
			if err != nil {
				return nil, err
			}
			to, _ := (&convertQuery{}).target(in.Format)
			res, err := converted(in, to, convert.Options{Display: convert.DisplayMinimal, Issued: anyDate})
			if err != nil {
				return nil, err
			}
			gaps.Add(in, res.reports...)
		}
		return gapCounts{gaps.Files, gaps.List()}, nil
	})
}

// told answers with JSON.
func (h *handlers) told(r *http.Request, do func(context.Context, *upload) (any, error)) (*answer, error) {
	mediaType, err := choose(r, typeJSON)
	if err != nil {
		return nil, err
	}
	return work(h, r, plainForm, func(ctx context.Context, u *upload) (*answer, error) {
		v, err := do(ctx, u)
		if err != nil {
			return nil, err
		}
		return &answer{mediaType: mediaType, body: encode(v)}, nil
	})
}

// crosswalkQuery are the parameters of the crosswalk.
type crosswalkQuery struct {
	List string `query:"list" enum:"leaves,rows,proposals,sheet,coverage" default:"leaves" doc:"What is listed as CSV; JSON has all of it."`
}

const typeCSV = "text/csv"

// crosswalkParts are the parts of the crosswalk as CSV, and all of it as JSON under the empty name. Each is
// written once.
var crosswalkParts = map[string]func() []byte{
	"":          written(audit.JSON),
	"leaves":    written(func(w io.Writer) error { return audit.LeafList(audit.Leaves()).CSV(w) }),
	"rows":      written(func(w io.Writer) error { return audit.RowList().CSV(w) }),
	"proposals": written(func(w io.Writer) error { return audit.ProposalList().CSV(w) }),
	"sheet":     written(func(w io.Writer) error { return audit.SheetList().CSV(w) }),
	"coverage":  written(func(w io.Writer) error { return audit.CoverageList().CSV(w) }),
}

// written is what a function writes that cannot fail: into memory, of tables of our own.
func written(write func(io.Writer) error) func() []byte {
	return sync.OnceValue(func() []byte {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			panic(err)
		}
		return b.Bytes()
	})
}

// crosswalk gives the audit of the mapping.
func (h *handlers) crosswalk(r *http.Request, q *crosswalkQuery) (*answer, error) {
	mediaType, err := choose(r, typeJSON, typeCSV)
	if err != nil {
		return nil, err
	}
	part := ""
	if mediaType == typeCSV {
		part = q.List
	}
	return &answer{mediaType: mediaType, body: crosswalkParts[part](), public: true}, nil
}
