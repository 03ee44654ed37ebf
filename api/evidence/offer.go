package evidence

import (
	"strconv"

	"elmobridge/elmo"
)

// Everything is the key of the whole document: what is chosen with it is handed over as it came, with its signature.
const Everything = "elmo"

// Offer is what a source has of a learner, for the learner to choose from. Keys are the paths that reports have.
type Offer struct {
	Key         string          `json:"key" doc:"Chooses everything, as it came."`
	Learner     Holder          `json:"learner" doc:"Whose results the source says these are."`
	Signed      bool            `json:"signed" doc:"The document has a signature, which only the whole of it keeps. It has not been verified."`
	Reports     []OfferedReport `json:"reports" nullable:"false"`
	Attachments []OfferedFile   `json:"attachments,omitempty" doc:"Files of the document. They go with everything, or with a result that refers to them."`
}

// Holder is the person in a document.
type Holder struct {
	GivenNames  string `json:"givenNames"`
	FamilyName  string `json:"familyName"`
	DateOfBirth string `json:"dateOfBirth,omitempty" doc:"As the document has it."`
}

// OfferedReport is the report of one issuer.
type OfferedReport struct {
	Key          string          `json:"key" doc:"Chooses the report with all that is in it."`
	Issuer       []Text          `json:"issuer" nullable:"false" doc:"Names of the issuer."`
	Country      string          `json:"country,omitempty" doc:"ISO 3166-1 alpha-2."`
	IssueDate    string          `json:"issueDate,omitempty"`
	Results      []OfferedResult `json:"results,omitempty"`
	Recognitions int             `json:"recognitions,omitempty" doc:"Results of recognition, which go with the report alone."`
	Attachments  []OfferedFile   `json:"attachments,omitempty" doc:"Files of the report. They go with the report, or with a result that refers to them."`
}

// OfferedResult is a learning opportunity specification and what the learner achieved.
type OfferedResult struct {
	Key     string          `json:"key" doc:"Chooses the result with all of its parts, and without what it is a part of."`
	Titles  []Text          `json:"titles" nullable:"false"`
	Type    string          `json:"type,omitempty" doc:"Degree Programme, Module, Course or Class."`
	Date    string          `json:"date,omitempty"`
	Status  string          `json:"status,omitempty" doc:"passed, failed or in-progress."`
	Result  string          `json:"result,omitempty" doc:"The grade, as the issuer writes it."`
	Credits []OfferedCredit `json:"credits,omitempty"`
	Parts   []OfferedResult `json:"parts,omitempty"`
}

// OfferedCredit is an amount of credits.
type OfferedCredit struct {
	Scheme string `json:"scheme,omitempty"`
	Value  string `json:"value,omitempty"`
}

// OfferedFile is an attachment without its content.
type OfferedFile struct {
	Titles []Text `json:"titles,omitempty"`
	Type   string `json:"type,omitempty"`
}

// Text is a text in a language.
type Text struct {
	Language string `json:"language,omitempty"`
	Text     string `json:"text"`
}

// offer gives the overview of a document.
func offer(doc *elmo.Document) *Offer {
	o := &Offer{Key: Everything, Signed: !doc.Signature.IsZero(), Reports: []OfferedReport{}, Attachments: files(doc.Attachments)}
	if l := doc.Learner; l != nil {
		o.Learner = Holder{l.GivenNames, l.FamilyName, l.DateOfBirth}
	}
	for i, r := range doc.Reports {
		o.Reports = append(o.Reports, offeredReport(reportKey(i), r))
	}
	return o
}

func offeredReport(key string, r *elmo.Report) OfferedReport {
	o := OfferedReport{Key: key, Issuer: []Text{}, IssueDate: r.IssueDate, Recognitions: len(r.ResultsOfRecognition), Attachments: files(r.Attachments)}
	if r.Issuer != nil {
		o.Issuer, o.Country = texts(r.Issuer.Titles), r.Issuer.Country
	}
	for i, los := range r.LearningOpportunitySpecifications {
		o.Results = append(o.Results, offeredResult(resultKey(key, i), los))
	}
	return o
}

func offeredResult(key string, los *elmo.LearningOpportunitySpecification) OfferedResult {
	o := OfferedResult{Key: key, Titles: texts(los.Titles), Type: los.Type}
	if loi := instance(los); loi != nil {
		o.Date, o.Status, o.Result = loi.Date, loi.Status, loi.ResultLabel
		for _, c := range loi.Credits {
			o.Credits = append(o.Credits, OfferedCredit{c.Scheme, c.Value})
		}
	}
	for i, p := range los.HasParts {
		if p.Specification != nil {
			o.Parts = append(o.Parts, offeredResult(partKey(key, i), p.Specification))
		}
	}
	return o
}

// instance is what the learner achieved, nil for none.
func instance(los *elmo.LearningOpportunitySpecification) *elmo.LearningOpportunityInstance {
	if los.Specifies == nil {
		return nil
	}
	return los.Specifies.Instance
}

func texts(list []elmo.Text) []Text {
	t := []Text{}
	for _, e := range list {
		t = append(t, Text{e.Lang, e.Value})
	}
	return t
}

func files(list []*elmo.Attachment) []OfferedFile {
	var f []OfferedFile
	for _, a := range list {
		f = append(f, OfferedFile{texts(a.Titles), a.Type})
	}
	return f
}

// Keys of what stands at an index, from 0.
func reportKey(i int) string { return "report" + position(i) }

func resultKey(report string, i int) string {
	return report + "/learningOpportunitySpecification" + position(i)
}

func partKey(whole string, i int) string {
	return whole + "/hasPart" + position(i) + "/learningOpportunitySpecification"
}

func position(i int) string { return "[" + strconv.Itoa(i+1) + "]" }
