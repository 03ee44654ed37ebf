package convert

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"elmobridge/elmo"
	"elmobridge/mapping"
	"elmobridge/mapping/codes"
)

// Names of package mapping that callers of this one need.
type (
	Report  = mapping.Report
	Entry   = mapping.Entry
	Verdict = mapping.Verdict
	Keep    = mapping.Keep
	Issuer  = mapping.Issuer
)

// Values of Options.Keep.
const (
	KeepNotes  = mapping.KeepNotes
	KeepNone   = mapping.KeepNone
	KeepSource = mapping.KeepSource
)

// Display says which pictures a credential gets; the profile demands some.
type Display string

const (
	DisplayDraw    Display = "draw"    // pages with the content, in every language of the display
	DisplayMinimal Display = "minimal" // one small picture that points to the data
)

// ErrOptions is in the chain of errors that are about options, not about the document.
var ErrOptions = errors.New("options")

// Options steer a conversion; the zero value is right for most.
type Options struct {
	Issuer          *Issuer // the sealing organisation; nil: the issuer of the report
	Keep            Keep    // what becomes of things without a home; "" is KeepNotes
	DefaultLanguage string  // language of texts without xml:lang; "" is "und"
	NameLanguage    string  // language of personal names; "" is "und"
	PrimaryLanguage string  // of the display; "": the language most titles have
	OnlyPassed      bool    // leave out failed and unfinished studies; not with KeepSource
	BirthCountry    string  // ISO 3166-1 alpha-2: makes placeOfBirth an ELM Location
	BirthdateZone   string  // offset such as +02:00 in which a birth date given in UTC is read
	Issued          string  // xsd:dateTime for a document without any date of its own
	AttachToAll     bool    // root attachments go to every credential, not to the first alone
	ReportValues    bool    // the report carries values: personal data

	Display   Display // "" is DisplayDraw
	RandomIDs bool    // ids by chance: the credentials of one learner cannot be linked through them

	// ELMOVersion is the version that is written. "" is the latest 1.x; of credentials with the
	// original document inside (KeepSource) that document as it was.
	ELMOVersion elmo.Version

	Indent bool // results for people: AppendEDC and WriteELMO
}

// rule is what an option must look like.
type rule struct {
	name  string
	value func(*Options) string
	ok    func(string) bool
	want  string
}

var (
	languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`).MatchString
	zoneOffset  = regexp.MustCompile(`^[+-](0\d|1[0-4]):[0-5]\d$`).MatchString
	xsdDateTime = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$`).MatchString
)

// rules are what the texts among the options must be when they are given.
var rules = []rule{
	{"keep", func(o *Options) string { return string(o.Keep) }, oneOf(KeepNone, KeepNotes, KeepSource), "none, notes or source"},
	{"display", func(o *Options) string { return string(o.Display) }, oneOf(DisplayDraw, DisplayMinimal), "draw or minimal"},
	{"default-language", func(o *Options) string { return o.DefaultLanguage }, languageTag, "a language tag such as en"},
	{"name-language", func(o *Options) string { return o.NameLanguage }, languageTag, "a language tag such as nb"},
	{"primary-language", func(o *Options) string { return o.PrimaryLanguage }, isLanguage, "a language of the EU list such as en"},
	{"birth-country", func(o *Options) string { return o.BirthCountry }, isCountry, "a country code of two letters such as NO"},
	{"birthdate-zone", func(o *Options) string { return o.BirthdateZone }, zoneOffset, "an offset such as +02:00"},
	{"issued", func(o *Options) string { return o.Issued }, xsdDateTime, "a date and time such as 2024-06-30T12:00:00+02:00"},
	{"elmo-version", func(o *Options) string { return string(o.ELMOVersion) }, isELMOVersion, "1.0 to 1.7, 2.0 or 2.0-v2"},
}

func oneOf[S ~string](list ...S) func(string) bool {
	return func(s string) bool { return slices.Contains(list, S(s)) }
}

func isLanguage(s string) bool {
	_, ok := codes.Language(s)
	return ok
}

func isCountry(s string) bool {
	_, ok := codes.Country(s)
	return ok
}

// check refuses options that mean nothing.
func (o *Options) check() error {
	for _, r := range rules {
		if v := r.value(o); v != "" && !r.ok(v) {
			return fmt.Errorf("%w: %s is not %s", ErrOptions, r.name, r.want)
		}
	}
	if o.OnlyPassed && o.Keep == KeepSource {
		return fmt.Errorf("%w: keep=source carries the whole document, with the results that only-passed leaves out; choose one of them", ErrOptions)
	}
	return nil
}

// Check tells whether the options can be used; the error has ErrOptions in its chain.
func (o Options) Check() error { return o.check() }

// forMapping is what package mapping needs of the options, for a source of that digest.
func (o *Options) forMapping(digest []byte) mapping.Options {
	m := mapping.Options{
		Issuer: o.Issuer, Keep: o.Keep, DefaultLanguage: o.DefaultLanguage, NameLanguage: o.NameLanguage,
		PrimaryLanguage: o.PrimaryLanguage, OnlyPassed: o.OnlyPassed, BirthCountry: o.BirthCountry,
		BirthdateZone: o.BirthdateZone, Issued: o.Issued, AttachToAll: o.AttachToAll, ReportValues: o.ReportValues,
	}
	if o.RandomIDs {
		m.Random = randomURN
		return m
	}
	m.Seed = o.seed(digest)
	return m
}

// seed names a conversion: the source, the options that change the result, and the table. An option that is left out is
// the same as its default.
func (o *Options) seed(digest []byte) string {
	b := append(make([]byte, 0, 256), digest...)
	keep, display := cmp.Or(o.Keep, KeepNotes), cmp.Or(o.Display, DisplayDraw)
	for _, v := range []string{mapping.TableVersion, string(keep), o.DefaultLanguage, o.NameLanguage, o.PrimaryLanguage,
		o.BirthCountry, o.BirthdateZone, o.Issued, string(display)} {
		b = append(append(b, v...), 0)
	}
	b = strconv.AppendBool(strconv.AppendBool(b, o.OnlyPassed), o.AttachToAll)
	if i := o.Issuer; i != nil {
		for _, t := range i.LegalName {
			b = append(append(append(append(b, t.Lang...), 0), t.Text...), 0)
		}
		b = append(append(append(append(append(b, i.Country...), 0), i.EIDASIdentifier...), 0), i.Homepage...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// randomURN is "urn:uuid:" and a UUID of version 4 (RFC 9562).
func randomURN() string {
	var u [16]byte
	rand.Read(u[:]) // never fails
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
