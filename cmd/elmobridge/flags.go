package main

import (
	"errors"
	"os"
	"strings"

	"elmobridge/convert"
	"elmobridge/elmo"
)

// conversionFlags are those of convert and roundtrip.
type conversionFlags struct {
	reads []string // files of keys and certificates, which are not written over

	ELMOVersion string `name:"elmo-version" placeholder:"1.7" help:"ELMO version to write: 1.0 to 1.7, 2.0 or 2.0-v2 (namespace tree/v2)."`
	Output      string `short:"o" placeholder:"FILE|DIR/" help:"Write to this file, or one file per result into this folder. Files get mode 0600: they hold personal data."`
	NDJSON      bool   `name:"ndjson" help:"Several credentials as one line each, not as an array."`
	Indent      bool   `help:"Indent the output; so it is on a terminal."`
	Report      string `placeholder:"FILE" help:"Write the reports as JSON to this file."`
	Values      bool   `help:"Put the values concerned into the reports. They are personal data."`
	Quiet       bool   `short:"q" help:"No report and no progress on standard error, errors only."`

	Issuer          string `group:"Conversion" placeholder:"FILE" help:"The organisation that will seal: JSON, see above. Without it the issuer of the report stands in, without the identifier that the profile demands."`
	Keep            string `group:"Conversion" enum:"none,notes,source" default:"notes" placeholder:"none|notes|source" help:"What has no place on the other side: none drops it, notes keeps it where the way back finds it, source keeps the whole input file as well (default ${default})."`
	Display         string `group:"Conversion" enum:"draw,minimal" default:"draw" placeholder:"draw|minimal" help:"Pictures of the credential: draw shows the results, minimal is one small page (default ${default})."`
	DefaultLanguage string `group:"Conversion" placeholder:"L" help:"Language of texts without xml:lang, such as en. Else they are of no language."`
	NameLanguage    string `group:"Conversion" placeholder:"L" help:"Language of personal names. Else they are of no language."`
	PrimaryLanguage string `group:"Conversion" placeholder:"L" help:"Primary language of the display. Else the one most titles have."`
	OnlyPassed      bool   `group:"Conversion" help:"Leave out failed and unfinished studies."`
	AttachToAll     bool   `group:"Conversion" help:"Attachments of the document go to all its credentials, not to the first alone."`
	BirthCountry    string `group:"Conversion" placeholder:"CC" help:"Country of the place of birth, such as NO; ELMO does not tell."`
	BirthdateZone   string `group:"Conversion" placeholder:"+HH:MM" help:"Zone in which a date of birth written in UTC was meant."`
	Issued          string `group:"Conversion" placeholder:"DATETIME" help:"Date of issue for a document that has none, such as 2024-06-30T12:00:00+02:00."`
	RandomIDs       bool   `name:"random-ids" group:"Conversion" help:"Random ids: credentials of one learner cannot be linked through them. The output differs each time."`
}

// begin checks the flags and gives the options and the inputs.
func (f *conversionFlags) begin(a *app, files []string) (convert.Options, []*input, error) {
	if err := f.check(files); err != nil {
		return convert.Options{}, nil, err
	}
	opt, err := f.options(a)
	if err != nil {
		return opt, nil, err
	}
	a.quiet = f.Quiet
	return opt, inputs(files), nil
}

// options gives the options of a conversion.
func (f *conversionFlags) options(a *app) (convert.Options, error) {
	o := convert.Options{
		Keep: convert.Keep(f.Keep), DefaultLanguage: f.DefaultLanguage, NameLanguage: f.NameLanguage,
		PrimaryLanguage: f.PrimaryLanguage, OnlyPassed: f.OnlyPassed, BirthCountry: f.BirthCountry,
		BirthdateZone: f.BirthdateZone, Issued: f.Issued, AttachToAll: f.AttachToAll, ReportValues: f.Values,
		Display: convert.Display(f.Display), RandomIDs: f.RandomIDs, ELMOVersion: elmo.Version(f.ELMOVersion),
		Indent: f.Indent || f.Output == "" && a.outTerminal && !f.NDJSON,
	}
	if err := o.Check(); err != nil {
		return o, usage("%s", strings.TrimPrefix(err.Error(), convert.ErrOptions.Error()+": "))
	}
	if f.NDJSON && f.Indent {
		return o, usage("--ndjson and --indent exclude each other")
	}
	var err error
	o.Issuer, err = f.issuer()
	return o, err
}

// issuer reads the issuer file, if one is named.
func (f *conversionFlags) issuer() (*convert.Issuer, error) {
	if f.Issuer == "" {
		return nil, nil
	}
	data, err := readFile(f.Issuer, issuerLimit)
	if err != nil {
		return nil, usage("--issuer %s: %v", f.Issuer, reason(err))
	}
	issuer, err := convert.ReadIssuer(data)
	if err != nil {
		return nil, usage("--issuer %s: %s", f.Issuer, strings.TrimPrefix(err.Error(), "issuer: "))
	}
	return issuer, nil
}

func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	other, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(one, other)
}

// isFolder tells whether -o names a folder: it ends in a slash, or it is one.
func isFolder(name string) bool {
	if name == "" {
		return false
	}
	if last := name[len(name)-1]; last == '/' || os.IsPathSeparator(last) {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// reason is the error of a file operation without the name, which is said before it.
func reason(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

const issuerHelp = `The issuer file: {"legalName":{"en":"..."},"country":"NO","eidasIdentifier":"VATNO-...","homepage":"https://..."}`

const exitHelp = `Exit codes: 0 done; 1 an input could not be converted, the others are; 2 wrong usage; 3 done, but a report holds something at or above --fail-on.`
