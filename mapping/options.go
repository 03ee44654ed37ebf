package mapping

import "elmobridge/edci"

// Keep says what happens to things without a home in the target model.
type Keep string

const (
	KeepNotes  Keep = "notes"  // stored beside the mapped data, readable by the way back
	KeepNone   Keep = "none"   // dropped and reported
	KeepSource Keep = "source" // notes, and the source file as it was
)

// Options steer a conversion; the zero value is right for most.
type Options struct {
	Issuer          *Issuer // the sealing organisation; nil: the issuer of the report
	Keep            Keep    // "" is KeepNotes
	DefaultLanguage string  // language of texts without xml:lang; "" is "und"
	NameLanguage    string  // language of personal names; "" is "und"
	PrimaryLanguage string  // of the display; "": the language most titles have
	OnlyPassed      bool    // leave out failed and unfinished studies
	BirthCountry    string  // ISO 3166-1 alpha-2: makes placeOfBirth an ELM Location
	BirthdateZone   string  // offset such as +02:00 in which a birth date given in UTC is read
	Issued          string  // xsd:dateTime for a report without any date of its own
	AttachToAll     bool    // root attachments go to every credential, not to the first alone
	ReportValues    bool    // entries carry values: personal data

	// Seed makes identifiers: same seed, same identifiers. Random, when set, makes those of things
	// that must not be linkable instead.
	Seed   string
	Random func() string
}

func (o *Options) keeps() bool { return o.Keep != KeepNone }

// Issuer is the organisation that seals credentials.
type Issuer struct {
	LegalName       edci.LangString
	Country         string // ISO 3166-1 alpha-2
	EIDASIdentifier string // such as VATNO-123456789
	Homepage        string
}
