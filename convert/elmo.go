package convert

import (
	"bytes"
	"reflect"
	"slices"
	"strconv"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

var elmoVersions = []elmo.Version{elmo.V10, elmo.V11, elmo.V12, elmo.V13, elmo.V14, elmo.V15, elmo.V16, elmo.V17, elmo.V20, elmo.V20v2}

func isELMOVersion(s string) bool { return slices.Contains(elmoVersions, elmo.Version(s)) }

// ToELMO converts the credentials of one learner to one document, fit for Options.ELMOVersion and ready
// to be written by WriteELMO. Credentials of different learners are an error (mapping.ErrLearners). An
// error means no result; what could not be carried is in the Report.
//
// When the credentials hold the document they were made from (KeepSource) and nothing in them has
// changed since, that document is the result, and WriteELMO gives its bytes.
func ToELMO(credentials []*edci.EuropeanDigitalCredential, opt Options) (*elmo.Document, *Report, error) {
	if err := opt.check(); err != nil {
		return nil, nil, err
	}
	doc, report, err := mapping.Back(credentials, opt.forMapping(nil))
	if err != nil {
		return nil, nil, err
	}
	if original := opt.original(credentials); original != nil {
		doc, report = original, originalReport(report, original)
		if opt.keepsOriginal(original) {
			return doc, report, nil
		}
	} else if opt.Keep == KeepSource {
		attachFiles(doc, credentials, report)
	}
	opt.addValues(report, credentialValues(credentials))
	return fit(doc, opt.target(), report), report, nil
}

// ToVersion gives a document in another version of ELMO: what that version lacks is kept in extensions.
func ToVersion(doc *elmo.Document, opt Options) (*elmo.Document, *Report, error) {
	if err := opt.check(); err != nil {
		return nil, nil, err
	}
	if doc == nil {
		return nil, nil, ErrNoDocument
	}
	report := versionReport(sourceVersion(doc), string(opt.target()))
	fitted := fit(doc, opt.target(), report)
	renamed(doc, opt.target(), report)
	if opt.ReportValues {
		opt.addValues(report, documentValues(doc))
	}
	return fitted, report, nil
}

// WriteELMO gives a document as XML: a document that ToELMO found in the credentials as the bytes it had,
// any other in Options.ELMOVersion.
func WriteELMO(doc *elmo.Document, opt Options) ([]byte, error) {
	if opt.verbatim(doc) {
		return doc.Source.Data, nil
	}
	xml, err := elmo.Marshal(doc, elmo.WriteOptions{Version: opt.target(), Indent: opt.Indent})
	if err == nil && !bytes.HasSuffix(xml, []byte("\n")) {
		xml = append(xml, '\n')
	}
	return xml, err
}

// target is the version to write.
func (o *Options) target() elmo.Version {
	if o.ELMOVersion == "" {
		return elmo.Latest
	}
	return o.ELMOVersion
}

func sourceVersion(doc *elmo.Document) string {
	if doc.Source == nil {
		return string(elmo.Latest)
	}
	return string(doc.Source.Version)
}

// keepsOriginal tells whether the document that was found can stay as it is.
func (o *Options) keepsOriginal(doc *elmo.Document) bool {
	return o.ELMOVersion == "" || string(o.ELMOVersion) == sourceVersion(doc)
}

// verbatim tells whether the document is what its bytes say, so that they can stand for it.
func (o *Options) verbatim(doc *elmo.Document) bool {
	if doc.Source == nil || !o.keepsOriginal(doc) {
		return false
	}
	again, err := elmo.Read(doc.Source.Data, elmo.ReadOptions{})
	if err != nil {
		return false
	}
	is, was := *doc, *again
	is.Source, was.Source = nil, nil
	return reflect.DeepEqual(is, was)
}

// fit moves what a version does not have into extensions, and adds what 2.0 demands.
func fit(doc *elmo.Document, v elmo.Version, report *Report) *elmo.Document {
	report.Target.Version = string(v)
	doc, moved := elmo.Fit(doc, v)
	doc.Source = nil // it is another document now
	extensions := map[string]bool{}
	for _, m := range moved {
		record(report, Entry{Row: "VER-01", Verdict: mapping.Kept, Reason: mapping.NoCounterpart, Source: onELMO(report, m.Path),
			Target: m.Path, Note: "ELMO " + string(v) + " does not have it; kept in an extension"})
		if !extensions[m.Extension] {
			extensions[m.Extension] = true
			record(report, Entry{Row: "VER-01", Verdict: mapping.Added, Reason: mapping.Derived, Target: m.Extension,
				Note: "holds what ELMO " + string(v) + " does not have"})
		}
	}
	if v == elmo.V20 || v == elmo.V20v2 {
		demanded(doc, report)
	}
	return doc
}

// renamed names the element that has another name in the generation of ELMO that is written.
func renamed(doc *elmo.Document, to elmo.Version, report *Report) {
	from := elmo.Version(sourceVersion(doc))
	if doc.Learner == nil || doc.Learner.DateOfBirth == "" || birthDate(from) == birthDate(to) {
		return
	}
	record(report, Entry{Row: "VER-01", Verdict: mapping.Normalised, Reason: mapping.Format, Source: "learner/" + birthDate(from),
		Target: "learner/" + birthDate(to), Note: "the name of the element in ELMO " + string(to)})
}

// birthDate is the name that a version has for the date of birth.
func birthDate(v elmo.Version) string {
	if v == elmo.V20 || v == elmo.V20v2 {
		return "dateOfBirth"
	}
	return "bday"
}

// onELMO is a path in the source when that is ELMO.
func onELMO(report *Report, path string) string {
	if report.Direction == ELMOToELMO {
		return path
	}
	return ""
}

// demanded adds what 2.0 demands: an identifier of each specification, and an alternative name.
func demanded(doc *elmo.Document, report *Report) {
	if doc.Learner != nil && doc.Learner.AlternativeName == nil {
		record(report, Entry{Row: "LRN-12", Verdict: mapping.Added, Reason: mapping.RequiredDefault,
			Target: "learner/alternativeName", Note: "ELMO 2.0 demands it: empty"})
	}
	for i, r := range doc.Reports {
		for j, los := range r.LearningOpportunitySpecifications {
			identified(los, nth("report", i)+"/"+nth("learningOpportunitySpecification", j), report)
		}
	}
}

func identified(los *elmo.LearningOpportunitySpecification, path string, report *Report) {
	if len(los.Identifiers) == 0 {
		los.Identifiers = []elmo.Identifier{{Type: "local"}}
		record(report, Entry{Row: "LOS-04", Verdict: mapping.Added, Reason: mapping.RequiredDefault,
			Target: path + "/identifier[1]", Note: "ELMO 2.0 demands an identifier: an empty one"})
	}
	for i, p := range los.HasParts {
		if p.Specification != nil {
			identified(p.Specification, path+"/"+nth("hasPart", i)+"/learningOpportunitySpecification", report)
		}
	}
}

// nth writes name[n] with n from 1; i counts from 0.
func nth(name string, i int) string { return name + "[" + strconv.Itoa(i+1) + "]" }
