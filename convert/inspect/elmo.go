package inspect

import (
	"strings"

	"elmobridge/convert"
	"elmobridge/elmo"
)

// viewsOf shows what was read.
func viewsOf(in *convert.Input) []*View {
	if in.Format == convert.FormatELMO {
		return []*View{viewOfDocument(in.Document)}
	}
	var views []*View
	for _, c := range in.Credentials {
		views = append(views, viewOfCredential(c))
	}
	return views
}

func viewOfDocument(doc *elmo.Document) *View {
	v := &View{Kind: "ELMO", Version: string(doc.Source.Version), Learner: learnerFacts(doc.Learner)}
	v.Form = add(v.Form, "version told by", doc.Source.VersionFrom)
	v.Form = add(v.Form, "encoding", doc.Source.Encoding)
	v.Form = add(v.Form, "inside of", doc.Source.Wrapper)
	v.Form = add(v.Form, "signature", signature(!doc.Signature.IsZero()))
	v.Form = add(v.Form, "generated", doc.GeneratedDate)
	v.Attachments = fileViews(doc.Attachments)
	for _, r := range doc.Reports {
		v.Reports = append(v.Reports, viewOfReport(r))
	}
	return v
}

func signature(there bool) string {
	if there {
		return "present, not verified"
	}
	return "none"
}

func learnerFacts(l *elmo.Learner) []Fact {
	var f []Fact
	f = add(f, "given names", l.GivenNames)
	f = add(f, "family name", l.FamilyName)
	f = add(f, "born", l.DateOfBirth)
	f = add(f, "place of birth", l.PlaceOfBirth)
	f = add(f, "birth name", l.BirthName)
	f = add(f, "citizenship", l.Citizenship)
	f = add(f, "gender", l.Gender)
	for _, id := range l.Identifiers {
		f = add(f, id.Type, id.Value)
	}
	return f
}

func viewOfReport(r *elmo.Report) *Report {
	v := &Report{Institution: text(r.Issuer.Titles), Attachments: fileViews(r.Attachments)}
	v.Facts = add(v.Facts, "country", r.Issuer.Country)
	for _, id := range r.Issuer.Identifiers {
		v.Facts = add(v.Facts, id.Type, id.Value)
	}
	v.Facts = add(v.Facts, "address", r.Issuer.URL)
	v.Facts = add(v.Facts, "issued", r.IssueDate)
	for _, x := range r.ResultsOfRecognition {
		v.Facts = add(v.Facts, "recognition", strings.TrimSpace(x.Status+" "+x.DecisionDate))
	}
	v.Results = resultViews(r.LearningOpportunitySpecifications)
	return v
}

func resultViews(list []*elmo.LearningOpportunitySpecification) []*Result {
	var out []*Result
	for _, los := range list {
		v := &Result{Title: text(los.Titles), Type: los.Type}
		if len(los.Identifiers) > 0 {
			v.Code = los.Identifiers[0].Value
		}
		if los.Specifies != nil && los.Specifies.Instance != nil {
			v.instance(los.Specifies.Instance)
		}
		for _, p := range los.HasParts {
			if p.Specification != nil {
				v.Parts = append(v.Parts, resultViews([]*elmo.LearningOpportunitySpecification{p.Specification})...)
			}
		}
		out = append(out, v)
	}
	return out
}

func (v *Result) instance(loi *elmo.LearningOpportunityInstance) {
	v.Grade, v.Date, v.Status = loi.ResultLabel, loi.Date, loi.Status
	var credits, levels []string
	for _, c := range loi.Credits {
		credits = append(credits, strings.TrimSpace(c.Value+" "+c.Scheme))
	}
	for _, l := range loi.Levels {
		levels = append(levels, strings.TrimSpace(l.Type+" "+l.Value))
	}
	v.Credits, v.Level = strings.Join(credits, ", "), strings.Join(levels, ", ")
	if loi.DiplomaSupplement != nil {
		v.Level = strings.TrimPrefix(v.Level+", diploma supplement", ", ")
	}
}

// text is the English text, else the first.
func text(list []elmo.Text) string {
	for _, t := range list {
		if t.Lang == "en" {
			return t.Value
		}
	}
	if len(list) > 0 {
		return list[0].Value
	}
	return "(no title)"
}

func fileViews(list []*elmo.Attachment) []*File {
	var out []*File
	for _, a := range list {
		for _, c := range a.Contents {
			f := &File{Title: text(a.Titles), Type: a.Type}
			head, data, ok := strings.Cut(c.Value, ",")
			if ok {
				f.MediaType, _, _ = strings.Cut(strings.TrimPrefix(head, "data:"), ";")
				f.Bytes = len(data) * 3 / 4
			}
			out = append(out, f)
		}
	}
	return out
}
