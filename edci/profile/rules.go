package profile

// Severity says what a finding means for the credential.
type Severity string

const (
	Error   Severity = "error"   // the profile forbids it, or JSON-LD loses it
	Warning Severity = "warning" // the profile allows it, and it is probably wrong
	Advice  Severity = "advice"  // somebody will not understand it
)

// Rule describes one kind of finding. Its ID is public and never used for another.
type Rule struct {
	ID       string
	Severity Severity
	Text     string // one sentence
	Source   string // the clause; "" for the shape of the member, which each finding names
}

// Rules lists all rules.
func Rules() []Rule { return append([]Rule(nil), rules...) }

// The rules. Those of the shapes come first, then what JSON-LD loses, then our own.
const (
	ruleNoCredential = iota
	ruleMin
	ruleMax
	ruleDatatype
	ruleClass
	ruleClaim
	ruleIssuer
	ruleScheme
	ruleNodeKind
	ruleUniqueLang
	ruleMost
	ruleJSONLD
	ruleContext
	ruleDropped
	ruleSpelling
	ruleType
	ruleReference
	ruleLangTag
	ruleList
	ruleOutside
	ruleSameID
	ruleEmptyText
	ruleCalendar
	ruleBirthDay
	ruleLangCase
	ruleEDCI
	ruleEDCIType
	ruleDS
	ruleProcessor
	ruleLimit
)

var rules = []Rule{
	ruleNoCredential: {"EDC-NO-CREDENTIAL", Error, "Nothing in the document is a EuropeanDigitalCredential, so no rule of the profile was applied to it.", "EDC-AP 3.2, EuropeanDigitalCredential"},
	ruleMin:          {"EDC-MIN", Error, "A member that the profile demands is missing, or has too few values.", ""},
	ruleMax:          {"EDC-MAX", Error, "A member has more values than the profile allows.", ""},
	ruleDatatype:     {"EDC-DATATYPE", Error, "A value is not of the datatype, or not in the form, that the profile demands.", ""},
	ruleClass:        {"EDC-CLASS", Error, "A value is not of a class that the profile allows there.", ""},
	ruleClaim:        {"EDC-CLAIM", Error, "A value is no claim.", ""},
	ruleIssuer:       {"EDC-ISSUER", Error, "The issuer has no eIDASIdentifier, or more than one.", "EDC-AP 3.2 edc-generic-no-cv, IssuerNodeShape"},
	ruleScheme:       {"EDC-SCHEME", Error, "A concept does not say that it is of the code list that the profile demands.", ""},
	ruleNodeKind:     {"EDC-NODE-KIND", Error, "A value has no id where the profile demands one, or is an object where it demands a text.", ""},
	ruleUniqueLang:   {"EDC-UNIQUE-LANG", Error, "A member has several texts in one language.", ""},
	ruleMost:         {"EDC-MOST", Error, "A number is larger than the profile allows.", ""},
	ruleJSONLD:       {"EDC-JSON-LD", Error, "A JSON-LD processor refuses the document.", "JSON-LD 1.1 API, 5.1"},
	ruleContext:      {"EDC-CONTEXT", Error, "The EDC context stands beside the context of VC 2.0, with which JSON-LD refuses the document or loses dates.", "JSON-LD 1.1 API, 4.1; VC Data Model 2.0"},
	ruleDropped:      {"EDC-DROPPED", Error, "No context defines a member, so JSON-LD drops it and all below it.", "JSON-LD 1.1 API, 5.1; EDC-AP 3.2 context"},
	ruleSpelling:     {"EDC-SPELLING", Error, "A member has an older or wrong name, which this program understands and JSON-LD does not.", "EDC-AP 3.2 context"},
	ruleType:         {"EDC-TYPE", Error, "No context defines a type, so JSON-LD drops it.", "JSON-LD 1.1 API, 5.1; EDC-AP 3.2 context"},
	ruleReference:    {"EDC-REFERENCE", Error, "An id is no absolute IRI, so JSON-LD drops what is said with it.", "JSON-LD 1.1 API, 5.2"},
	ruleLangTag:      {"EDC-LANG-TAG", Error, "A language tag is not well-formed, so JSON-LD may drop the text.", "RFC 5646, 2.1"},
	ruleList:         {"EDC-LIST", Warning, "A concept is not in the code list that it names.", "EDC-AP 3.2; EU Vocabularies"},
	ruleOutside:      {"EDC-OUTSIDE", Warning, "The profile does not define the member for that class, so nobody need read it.", "EDC-AP 3.2"},
	ruleSameID:       {"EDC-SAME-ID", Warning, "Two places say different things under one id; JSON-LD makes one thing of them.", "RDF 1.1 Concepts, 3.2"},
	ruleEmptyText:    {"EDC-EMPTY-TEXT", Warning, "A text is empty.", "EDC-AP 3.2"},
	ruleCalendar:     {"EDC-CALENDAR", Warning, "There is no such day or time.", "XML Schema 1.1 part 2, 3.3.7"},
	ruleBirthDay:     {"EDC-BIRTH-DAY", Warning, "The time of a date of birth is not midnight, so its day depends on the time zone.", "EDC-AP 3.2, Person/dateOfBirth"},
	ruleLangCase:     {"EDC-LANG-CASE", Advice, "A language tag is not in lower case; RDF makes it so.", "RDF 1.1 Concepts, 3.3"},
	ruleEDCI:         {"EDC-EDCI", Advice, "EDCI 2.0.6, the software behind Europass, does not read the member.", "EDCI 2.0.6"},
	ruleEDCIType:     {"EDC-EDCI-TYPE", Advice, "EDCI 2.0.6 reads one type of a node, and not an array.", "EDCI 2.0.6"},
	ruleDS:           {"EDC-DS", Advice, "What the credential needs to be a Diploma Supplement is missing.", "EDC-AP 3.2 edc-diploma-supplement"},
	ruleProcessor:    {"EDC-PROCESSOR", Warning, "The document is in a form of JSON-LD that a processor had to lay out, so not all of it was checked.", "JSON-LD 1.1 API, 5.1"},
	ruleLimit:        {"EDC-LIMIT", Warning, "There are more findings than are listed.", "Options.Max"},
}
