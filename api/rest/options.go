package rest

import (
	"elmobridge/convert"
	"elmobridge/elmo"
)

// Package huma reads fields of exported types alone, those of embedded structs included.

// Version is the version of ELMO that is written, or checked against.
type Version struct {
	ELMOVersion string `query:"elmo-version" enum:"1.0,1.1,1.2,1.3,1.4,1.5,1.6,1.7,2.0,2.0-v2" doc:"ELMO version: 1.0 to 1.7, 2.0 or 2.0-v2 (namespace tree/v2)."`
}

// ReportValues asks for personal data in reports.
type ReportValues struct {
	Values bool `query:"values" doc:"Put the values concerned into the report. They are personal data."`
}

// Conversion are the options of a conversion, with the names and values of the command line.
type Conversion struct {
	Version
	ReportValues
	Indent          bool   `query:"indent" doc:"Indent the result."`
	Keep            string `query:"keep" enum:"none,notes,source" default:"notes" doc:"What has no place on the other side: none drops it, notes keeps it where the way back finds it, source keeps the whole input as well."`
	Display         string `query:"display" enum:"draw,minimal" default:"draw" doc:"Pictures of the credential: draw shows the results, minimal is one small page."`
	DefaultLanguage string `query:"default-language" maxLength:"64" doc:"Language of texts without xml:lang, such as en. Else they are of no language."`
	NameLanguage    string `query:"name-language" maxLength:"64" doc:"Language of personal names. Else they are of no language."`
	PrimaryLanguage string `query:"primary-language" maxLength:"64" doc:"Primary language of the display. Else the one most titles have."`
	OnlyPassed      bool   `query:"only-passed" doc:"Leave out failed and unfinished studies."`
	AttachToAll     bool   `query:"attach-to-all" doc:"Attachments of the document go to all its credentials, not to the first alone."`
	BirthCountry    string `query:"birth-country" maxLength:"2" doc:"Country of the place of birth, such as NO; ELMO does not tell."`
	BirthdateZone   string `query:"birthdate-zone" maxLength:"6" doc:"Zone in which a date of birth written in UTC was meant, such as +02:00 (in a URL %2B02:00)."`
	Issued          string `query:"issued" maxLength:"40" doc:"Date of issue for a document that has none, such as 2024-06-30T12:00:00Z."`
	RandomIDs       bool   `query:"random-ids" doc:"Random ids: credentials of one learner cannot be linked through them. The answer differs each time."`
}

// options gives the options of a conversion. The issuer is that of the request, else that of the service.
func (q *Conversion) options(h *handlers, u *upload) convert.Options {
	o := convert.Options{
		Keep: convert.Keep(q.Keep), DefaultLanguage: q.DefaultLanguage, NameLanguage: q.NameLanguage,
		PrimaryLanguage: q.PrimaryLanguage, OnlyPassed: q.OnlyPassed, BirthCountry: q.BirthCountry,
		BirthdateZone: q.BirthdateZone, Issued: q.Issued, AttachToAll: q.AttachToAll, ReportValues: q.Values,
		Display: convert.Display(q.Display), RandomIDs: q.RandomIDs, ELMOVersion: elmo.Version(q.ELMOVersion),
		Indent: q.Indent, Issuer: h.Issuer,
	}
	if u.issuer != nil {
		o.Issuer = u.issuer
	}
	return o
}

// check checks the options before the body is read.
func (q *Conversion) check() error {
	return q.options(&handlers{}, &upload{}).Check()
}
