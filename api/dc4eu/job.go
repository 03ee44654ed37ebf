package dc4eu

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

// standards are the protocols by their names in lower case, with the versions that can be asked for.
var standards = map[string]struct {
	format   convert.Format
	versions []string
}{
	"elmo": {convert.FormatELMO, []string{"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}},
	"elm":  {convert.FormatEDC, []string{"3", "3.0", "3.1", "3.2", "3.3"}},
}

// writtenELM is the version of ELM that is written, whichever was asked for.
const writtenELM = "3.2"

// format is what the protocol is here.
func (p protocol) format() convert.Format {
	s := standards[strings.ToLower(p.Name)]
	if !slices.Contains(s.versions, p.Version) {
		return convert.FormatUnknown
	}
	return s.format
}

// convertible tells whether there is a conversion between two protocols.
func convertible(from, to protocol) bool {
	return from.format() != convert.FormatUnknown && to.format() != convert.FormatUnknown && from.format() != to.format()
}

var noSuchPair = problem.New(problem.NoSuchPath, "there is no conversion between the protocols in From and To; there is one of elmo 1.0 to 1.7 to elm 3, 3.0, 3.1, 3.2 or 3.3, and one back")

// job is a request that was understood, with its document.
type job struct {
	from     protocol
	in       *convert.Input
	options  convert.Options
	now      time.Time // in UTC
	warnings []message // about the request
}

// result is what became of a target.
type result struct {
	protocol protocol
	content  []byte
	report   *convert.Report
	errors   []message
	warnings []message
}

// begin checks a request and reads the document.
func (h *handlers) begin(from protocol, targets []protocol, p parameters, content string, memory *limit.Share) (*job, error) {
	if !slices.ContainsFunc(targets, func(to protocol) bool { return convertible(from, to) }) {
		return nil, noSuchPair
	}
	j := &job{from: from, now: h.Now().UTC()}
	j.options = convert.Options{Issuer: h.Issuer, Display: convert.DisplayMinimal, DefaultLanguage: p.language()}
	if j.options.Check() != nil { // what else there is, is ours
		return nil, problem.New(problem.BadRequest, "defaultLanguage, or else the first of PreferredLanguages, must be a language tag such as en")
	}
	data, err := document(content, h.MaxBody, memory)
	if err != nil {
		return nil, err
	}
	if found := convert.Detect(data); found != convert.FormatUnknown && found != from.format() {
		return nil, problem.New(problem.BadRequest, "the document in Content is not of the protocol that From names")
	}
	if err := j.checkFlags(p.Flags, data); err != nil {
		return nil, err
	}
	j.in, err = convert.Read(data)
	return j, err
}

// language is that of texts without one.
func (p parameters) language() string {
	return cmp.Or(append([]string{p.DefaultLanguage}, p.PreferredLanguages...)...)
}

// checkFlags does what the flags ask for.
func (j *job) checkFlags(flags []string, data []byte) error {
	unknown := slices.DeleteFunc(slices.Clone(flags), func(f string) bool { return f == validateInput })
	if len(unknown) > 0 {
		j.warn("%d of the flags are not known and were passed over; the only one is %s.", len(unknown), validateInput)
	}
	switch {
	case len(unknown) == len(flags):
		return nil
	case j.from.format() != convert.FormatELMO:
		j.warn("The flag %s is about ELMO and was passed over.", validateInput)
		return nil
	}
	return j.validate(data)
}

func (j *job) warn(format string, args ...any) {
	j.warnings = append(j.warnings, message{fmt.Sprintf(format, args...)})
}

// validate checks the document against the schema of the version in From. An error is one of the result, a warning
// is told.
func (j *job) validate(data []byte) error {
	v, err := convert.Validate(data, convert.ValidateOptions{ELMOVersion: elmo.Version(j.from.Version)})
	if err != nil {
		return err
	}
	if !v.Valid() {
		return &invalid{findings(v, convert.SeverityError)}
	}
	j.warnings = append(j.warnings, findings(v, convert.SeverityWarning)...)
	return nil
}

// convert converts the document to a protocol.
func (j *job) convert(to protocol) (*result, error) {
	if !convertible(j.from, to) {
		return nil, noSuchPair
	}
	do := j.toELMO
	if to.format() == convert.FormatEDC {
		do = j.toELM
	}
	r, err := do(to, j.options)
	if errors.Is(err, mapping.ErrNoDate) {
		dated := j.options
		dated.Issued = j.now.Format(time.RFC3339)
		if r, err = do(to, dated); err == nil {
			r.warn("The document has no date: the date of issue is the time of the conversion.")
		}
	}
	if err != nil {
		return nil, err
	}
	r.warnings = append(r.warnings, losses(r.report)...)
	return r, nil
}

func (r *result) warn(format string, args ...any) {
	r.warnings = append(r.warnings, message{fmt.Sprintf(format, args...)})
}

// toELM gives a credential, or a presentation of several.
func (j *job) toELM(to protocol, opt convert.Options) (*result, error) {
	list, report, err := convert.ToEDC(j.in.Document, opt)
	if err != nil {
		return nil, err
	}
	r := &result{protocol: protocol{"elm", writtenELM}, report: report}
	if to.Version != writtenELM && to.Version != "3" {
		r.warn("Content is ELM %s: other versions of ELM are read, but not written.", writtenELM)
	}
	if len(list) == 1 {
		r.content = convert.AppendEDC(nil, list[0], opt)
		return r, nil
	}
	r.warn("The document has several reports: Content is a EuropeanDigitalPresentation with %d credentials in verifiableCredential, one for each report.", len(list))
	r.content = edci.AppendPresentation(nil, edci.UUID(list[0].ID, "presentation"), list)
	return r, nil
}

func (j *job) toELMO(to protocol, opt convert.Options) (*result, error) {
	opt.ELMOVersion = elmo.Version(to.Version)
	doc, report, err := convert.ToELMO(j.in.Credentials, opt)
	if err != nil {
		return nil, err
	}
	xml, err := convert.WriteELMO(doc, opt)
	return &result{protocol: protocol{"elmo", to.Version}, content: xml, report: report}, err
}
