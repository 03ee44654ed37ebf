package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"elmobridge/api/problem"
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
	BirthCountry    string `query:"birth-country" maxLength:"2" doc:"Country of the place of birth, such as NO; ELMO does not tell. It says something of a learner: rather send it in the part options, as queries may stand in logs of others."`
	BirthdateZone   string `query:"birthdate-zone" maxLength:"6" doc:"Zone in which a date of birth written in UTC was meant, such as +02:00 (in a URL %2B02:00). It says something of a learner: rather send it in the part options, as queries may stand in logs of others."`
	Issued          string `query:"issued" maxLength:"40" doc:"Date of issue for a document that has none, such as 2024-06-30T12:00:00Z."`
	RandomIDs       bool   `query:"random-ids" doc:"Random ids: credentials of one learner cannot be linked through them. The answer differs each time."`
}

// options gives the options of a conversion. The issuer is that of the request, else that of the service.
func (q *Conversion) options(otherwise *convert.Issuer, u *upload) convert.Options {
	o := convert.Options{
		Keep: convert.Keep(q.Keep), DefaultLanguage: q.DefaultLanguage, NameLanguage: q.NameLanguage,
		PrimaryLanguage: q.PrimaryLanguage, OnlyPassed: q.OnlyPassed, BirthCountry: q.BirthCountry,
		BirthdateZone: q.BirthdateZone, Issued: q.Issued, AttachToAll: q.AttachToAll, ReportValues: q.Values,
		Display: convert.Display(q.Display), RandomIDs: q.RandomIDs, ELMOVersion: elmo.Version(q.ELMOVersion),
		Indent: q.Indent, Issuer: otherwise,
	}
	if u.issuer != nil {
		o.Issuer = u.issuer
	}
	return o
}

// check checks the options, first before the body is read.
func (q *Conversion) check() error {
	return q.options(nil, &upload{}).Check()
}

// options are parameters that a request brought as JSON, in the part options, by name.
type options map[string]json.RawMessage

// readOptions reads the part options: one object, with no name twice.
func (u *upload) readOptions(p *multipart.Part) error {
	if u.options != nil {
		return problem.New(problem.BadRequest, "there are two parts options")
	}
	data, err := short(p)
	if err != nil {
		return err
	}
	if u.options, err = readOptions(data); err != nil {
		return problem.New(problem.BadRequest, "the part options is not one JSON object with each name once")
	}
	return nil
}

var errOptions = errors.New("not an object with each name once")

func readOptions(data []byte) (options, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errOptions
	}
	o := options{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string) // Token has made sure that it is one
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if _, twice := o[key]; twice {
			return nil, errOptions
		}
		o[key] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errOptions
	}
	return o, nil
}

// apply sets the parameters of a request, a pointer to the struct of its query, to those of its part options. They
// are checked as package huma checks a query.
func (o options) apply(r *http.Request, to any) error {
	target, query, known := reflect.ValueOf(to).Elem(), r.URL.Query(), 0
	for _, f := range reflect.VisibleFields(target.Type()) {
		name := f.Tag.Get("query")
		value, given := o[name]
		switch {
		case !given:
			continue
		case query.Has(name):
			return problem.New(problem.BadRequest, name+" is given in the query and in the part options")
		case !allowed(f, value) || json.Unmarshal(value, target.FieldByIndex(f.Index).Addr().Interface()) != nil:
			return problem.New(problem.BadRequest, "the part options: "+name+" is not as the description of the API has it")
		}
		known++
	}
	if known < len(o) {
		return problem.New(problem.BadRequest, "the part options names something that is no parameter of this operation")
	}
	return nil
}

// allowed tells whether a value keeps to the tags of a field: a text that is not empty, not too long and one of a
// list where there is one, or a switch.
func allowed(f reflect.StructField, value json.RawMessage) bool {
	if f.Type.Kind() == reflect.Bool {
		return string(value) != "null"
	}
	var text string
	if json.Unmarshal(value, &text) != nil || text == "" {
		return false
	}
	if most, err := strconv.Atoi(f.Tag.Get("maxLength")); err == nil && utf8.RuneCountInString(text) > most {
		return false
	}
	list := f.Tag.Get("enum")
	return list == "" || slices.Contains(strings.Split(list, ","), text)
}
