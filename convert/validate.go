package convert

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"elmobridge/edci"
	"elmobridge/edci/profile"
	"elmobridge/elmo"
	"elmobridge/elmo/schema"
	"elmobridge/mapping/codes"
)

// Severity says how bad a finding is.
type Severity string

const (
	SeverityError   Severity = "error"   // the schema or the profile refuses it
	SeverityWarning Severity = "warning" // something is lost, or not what the documentation demands
	SeverityAdvice  Severity = "advice"  // it could be better
)

// Severities lists them, the worst first.
var Severities = []Severity{SeverityError, SeverityWarning, SeverityAdvice}

// Finding is one thing that Validate found.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Path     string   `json:"path"`            // XPath with positions, or JSON Pointer into the file; into the credential where that is sealed
	Line     int      `json:"line,omitempty"`  // from 1; 0 inside of a seal, or when another JSON-LD form was read
	Text     string   `json:"text"`            // what, why, what to do; without values
	Source   string   `json:"source"`          // the clause
	Value    string   `json:"value,omitempty"` // only with ValidateOptions.Values: it is personal data

	Credential int `json:"credential,omitempty"` // its number, from 1, when the file holds several
}

// Rule describes a rule of Validate. Ids are never used again for another rule.
type Rule struct {
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
	Source   string   `json:"source"`
}

// Rules lists all rules, those for ELMO first.
func Rules() []Rule {
	var list []Rule
	for _, r := range schema.Rules {
		list = append(list, Rule{r.ID, Severity(r.Severity), r.Text, r.Source})
	}
	for _, r := range profile.Rules() {
		list = append(list, Rule{r.ID, Severity(r.Severity), r.Text, r.Source})
	}
	return list
}

// ValidateOptions say against what. The zero value takes what each file names itself.
type ValidateOptions struct {
	Profile     string       // of EDC-AP: "" or "auto", no-cv, full, accredited, converted, issued-by-mandate, diploma-supplement
	ELMOVersion elmo.Version // "" by namespace and content
	Values      bool         // put the values concerned into the findings
}

// Check tells whether the options can be used; the error has ErrOptions in its chain.
func (o ValidateOptions) Check() error {
	if o.ELMOVersion != "" && !isELMOVersion(string(o.ELMOVersion)) {
		return fmt.Errorf("%w: elmo-version is not 1.0 to 1.7, 2.0 or 2.0-v2", ErrOptions)
	}
	if _, ok := o.profile(); !ok {
		return fmt.Errorf("%w: profile is not auto, no-cv, full, accredited, converted, issued-by-mandate or diploma-supplement", ErrOptions)
	}
	return nil
}

func (o ValidateOptions) profile() (profile.Profile, bool) {
	return profile.Parse(cmp.Or(o.Profile, profile.Auto.String()))
}

// Validation is what Validate found in a file.
type Validation struct {
	Format   Format    `json:"format"`
	Against  []string  `json:"against"` // "ELMO 1.7", or "EDC-AP 3.2 edc-generic-full" for each credential
	Findings []Finding `json:"findings"`
}

// Valid tells whether there is no error among the findings.
func (v *Validation) Valid() bool { return v.Count(SeverityError) == 0 }

// Count counts the findings of a severity.
func (v *Validation) Count(s Severity) int {
	n := 0
	for _, f := range v.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Validate checks a file of either kind as it is: ELMO against the schema of its version and what the
// documentation of the standard demands, credentials against a profile and what JSON-LD and viewers make
// of them. Signatures and seals are not verified. The errors are those of Read: there is nothing to check.
func Validate(data []byte, opt ValidateOptions) (*Validation, error) {
	if err := opt.Check(); err != nil {
		return nil, err
	}
	switch Detect(data) {
	case FormatELMO:
		return validateELMO(data, opt)
	case FormatEDC:
		return validateEDC(data, opt)
	}
	return nil, unknownFormat(data)
}

func validateELMO(data []byte, opt ValidateOptions) (*Validation, error) {
	checked, err := elmo.ReadAndCheck(data, elmo.CheckOptions{Version: opt.ELMOVersion, Values: opt.Values})
	if err != nil {
		_, err = readELMO(data) // which knows more about what it is
		return nil, err
	}
	v := &Validation{Format: FormatELMO, Against: []string{"ELMO " + string(checked.Version)}, Findings: []Finding{}}
	for _, f := range checked.Findings {
		v.Findings = append(v.Findings, Finding{
			Rule: f.Rule, Severity: Severity(f.Severity), Path: f.Path, Line: f.Line, Text: f.Text, Source: f.Source, Value: f.Value,
		})
	}
	return v, nil
}

func validateEDC(data []byte, opt ValidateOptions) (*Validation, error) {
	credentials, err := edci.Read(data, edci.ReadOptions{})
	if err != nil {
		return nil, err
	}
	v := &Validation{Format: FormatEDC, Findings: []Finding{}}
	for i, c := range credentials {
		found := v.credential(c, opt)
		locate(found, c.Source)
		for k := range found {
			if len(credentials) > 1 {
				found[k].Credential = i + 1
			}
		}
		v.Findings = append(v.Findings, found...)
	}
	return v, nil
}

// credential checks one credential.
func (v *Validation) credential(c *edci.EuropeanDigitalCredential, opt ValidateOptions) []Finding {
	p, _ := opt.profile()
	if p == profile.Auto {
		p = profile.Of(c.Source.Tree)
	}
	v.Against = append(v.Against, "EDC-AP 3.2 "+p.String())
	var list []Finding
	for _, f := range profile.CheckSource(c.Source, p, profile.Options{InList: inList, Values: opt.Values}) {
		list = append(list, Finding{Rule: f.Rule, Severity: Severity(f.Severity), Path: f.Path, Text: f.Text, Source: f.Source, Value: f.Value})
	}
	return list
}

// inList tells whether a concept is a member of a code list, and whether we have all of that list.
func inList(scheme, id string) (known, member bool) {
	list := codes.ByScheme(scheme)
	if list == nil || !list.Complete {
		return false, false
	}
	_, member = list.ID(id)
	return true, member
}

// locate makes paths lead into the file and gives findings their lines. Inside of a seal, and in a form
// that a JSON-LD processor must lay out, there are none.
func locate(list []Finding, s *edci.Source) {
	if s.Encoded || s.Form != "plain" && s.Written == nil || len(list) == 0 {
		return
	}
	pointers := make([]string, len(list))
	for i := range list {
		list[i].Path = s.At + list[i].Path
		pointers[i] = list[i].Path
	}
	for i, line := range edci.Lines(s.Data, pointers) {
		list[i].Line = line
	}
}

// Summary sums a validation up: "valid ELMO 1.7; 2 warnings, 1 advice".
func (v *Validation) Summary() string {
	against := strings.Join(slices.Compact(slices.Clone(v.Against)), ", ")
	text := "valid " + against
	if !v.Valid() {
		text = "not valid " + against
	}
	var counts []string
	for _, s := range Severities {
		if n := v.Count(s); n == 1 || n > 1 && s == SeverityAdvice {
			counts = append(counts, fmt.Sprintf("%d %s", n, s))
		} else if n > 1 {
			counts = append(counts, fmt.Sprintf("%d %ss", n, s))
		}
	}
	if counts == nil {
		return text
	}
	return text + "; " + strings.Join(counts, ", ")
}
