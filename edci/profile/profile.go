package profile

import (
	"slices"

	"elmobridge/edci"
)

// Profile is one of the published application profiles.
type Profile uint8

// The profiles. Auto takes the one that the credential names in credentialSchema.
const (
	Auto              Profile = iota
	NoCV                      // edc-generic-no-cv: the shapes alone
	Full                      // edc-generic-full: code lists as well
	Accredited                // full, and evidence of an accreditation
	Converted                 // full, and the document it was converted from
	IssuedByMandate           // full, and the statement of the mandate
	DiplomaSupplement         // accredited, and what a Diploma Supplement needs
	profiles
)

// addition is what a profile adds to the class of another.
type addition struct {
	class  string
	shapes []shape
}

// definitions are the profiles by number. Source: EDC-AP 3.2, one file of shapes each.
var definitions = [profiles]struct {
	name   string
	schema string // its id in credentialSchema
	add    []addition
}{
	Auto:              {name: "auto"},
	NoCV:              {"no-cv", schemaBase + "edc-generic-no-cv", nil},
	Full:              {"full", schemaBase + "edc-generic-full", nil},
	Accredited:        {"accredited", schemaBase + "edc-accredited", accredited},
	Converted:         {"converted", schemaBase + "edc-converted", converted},
	IssuedByMandate:   {"issued-by-mandate", schemaBase + "edc-issued-by-mandate", issuedByMandate},
	DiplomaSupplement: {"diploma-supplement", schemaBase + "edc-diploma-supplement", append(slices.Clone(accredited), diplomaSupplement...)},
}

const schemaBase = "http://data.europa.eu/snb/model/ap/"

var needsEvidence = addition{"EuropeanDigitalCredential", []shape{{"evidence", "1..*", "Evidence", ""}}}

var (
	accredited = []addition{
		needsEvidence,
		{"Person", []shape{{"hasClaim", "1..1", "", "achievement"}}},
		{"Evidence", []shape{{"accreditation", "1..1", "Accreditation", ""}}},
	}
	converted = []addition{
		needsEvidence,
		{"Evidence", []shape{{"embeddedEvidence", "1..*", "MediaObject", ""}}},
	}
	issuedByMandate = []addition{
		needsEvidence,
		{"Evidence", []shape{{"evidenceStatement", "1..1", "xsd:string", ""}}},
	}
	diplomaSupplement = []addition{
		{"Person", []shape{
			{"fullName", "1..1", "text", ""},
			{"dateOfBirth", "1..1", "xsd:dateTime", ""},
		}},
		{"LearningAchievement", []shape{
			{"creditReceived", "1..1", "CreditPoint", ""},
			{"provenBy", "1..1", "LearningAssessment", ""},
		}},
		{"Qualification", []shape{
			{"language", "1..*", "Concept", ""},
			{"mode", "1..*", "Concept", ""},
			{"thematicArea", "1..*", "Concept", ""},
			{"maximumDuration", "1..1", "xsd:duration", ""},
			{"learningOutcome", "1..*", "LearningOutcome", ""},
			{"awardingOpportunity", "1..*", "AwardingOpportunity", ""},
			{"hasPart", "1..*", "Qualification", ""},
			{"nqfLevel", "1..*", "Concept", ""},
		}},
	}
)

// String is the name of the profile, as Parse takes it.
func (p Profile) String() string {
	if p >= profiles {
		return "unknown"
	}
	return definitions[p].name
}

// Parse finds a profile by its name: auto, no-cv, full, accredited, converted, issued-by-mandate or
// diploma-supplement.
func Parse(name string) (Profile, bool) {
	for p, d := range definitions {
		if d.name == name {
			return Profile(p), true
		}
	}
	return Auto, false
}

// Of is the profile that a credential names in credentialSchema: the most demanding of those it names,
// Full if it names none. Never Auto.
func Of(tree edci.Object) Profile {
	given, _ := tree.Get("credentialSchema")
	found := [profiles]bool{}
	each(given, func(v any) {
		if o, ok := v.(edci.Object); ok {
			v, _ = o.Get("id")
		}
		for p, d := range definitions {
			if v == d.schema && d.schema != "" {
				found[p] = true
			}
		}
	})
	for _, p := range []Profile{DiplomaSupplement, Accredited, Converted, IssuedByMandate, Full, NoCV} {
		if found[p] {
			return p
		}
	}
	return Full
}

// each calls f for the value of a member, or for each element of an array.
func each(v any, f func(any)) {
	a, ok := v.(edci.Array)
	if !ok {
		f(v)
		return
	}
	for _, e := range a {
		f(e)
	}
}
