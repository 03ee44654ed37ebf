package audit

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"elmobridge/elmo"
	"elmobridge/mapping"
)

// Publication is what a mapping set says of itself and the table does not know. Empty: left out, or the
// default that is named.
type Publication struct {
	ID       string // a URI; default: one that stands for this table
	Date     string // YYYY-MM-DD
	Provider string // URI of who publishes it
	License  string // a URI; default: that of the project
}

const (
	setID      = mapping.NSBridge + "#crosswalk"
	setLicense = "https://www.apache.org/licenses/LICENSE-2.0"
)

// prefixes of the identifiers in a mapping set.
var prefixes = [][2]string{
	{"adms", "http://www.w3.org/ns/adms#"},
	{"clv", "http://data.europa.eu/m8g/"},
	{"cred", "https://www.w3.org/2018/credentials#"},
	{"dc", "http://purl.org/dc/terms/"},
	{"edc", "http://data.europa.eu/snb/model/ap/edc-generic-no-cv/"},
	{"elm", "http://data.europa.eu/snb/model/elm/"},
	{"elmo", elmo.NS + "#"},
	{"foaf", "http://xmlns.com/foaf/0.1/"},
	{"locn", "http://www.w3.org/ns/locn#"},
	{"org", "http://www.w3.org/ns/org#"},
	{"person", "http://www.w3.org/ns/person#"},
	{"rov", "http://www.w3.org/ns/regorg#"},
	{"sec", "https://w3id.org/security#"},
	{"semapv", "https://w3id.org/semapv/vocab/"},
	{"skos", "http://www.w3.org/2004/02/skos/core#"},
	{"sssom", "https://w3id.org/sssom/"},
}

// terms of the profile whose property is not elm: and the same name.
var terms = words(`
title dc:title · description dc:description · identifier adms:identifier · dcType dc:type · language dc:language
subject dc:subject · temporal dc:temporal · dateIssued dc:issued · dateModified dc:modified · valid dc:valid
creator dc:creator · prefLabel skos:prefLabel · altLabel skos:altLabel · notation skos:notation
inScheme skos:inScheme · definition skos:definition · homepage foaf:homepage · fullName foaf:fullName
givenName foaf:givenName · familyName foaf:familyName · birthName person:birthName
patronymicName person:patronymicName · legalName rov:legalName · registration rov:registration
memberOf org:memberOf · hasSubOrganization org:hasSubOrganization · subOrganizationOf org:subOrganizationOf
issuer cred:issuer · credentialSubject cred:credentialSubject · issuanceDate cred:issuanceDate · issued cred:issued
validFrom cred:validFrom · expirationDate cred:expirationDate · validUntil cred:validUntil · proof sec:proof
evidence cred:evidence · termsOfUse cred:termsOfUse · credentialSchema cred:credentialSchema
credentialStatus cred:credentialStatus · holder cred:holder · verifiableCredential cred:verifiableCredential
eIDASIdentifier elm:eidasLegalIdentifier · nationalID elm:nationalId · contentURL elm:contentUrl
thematicArea elm:ISCEDFCode · eqfLevel elm:EQFLevel · nqfLevel elm:NQFLevel · maximumScore elm:maxScore
minimumScore elm:minScore · elmSubject elm:subject · schemeAgency adms:schemeAgency
member foaf:member · spatial dc:spatial`)

// classes of the profile that are not of elm:.
var classes = words(`Concept skos:Concept · ConceptScheme skos:ConceptScheme · PeriodOfTime dc:PeriodOfTime
Geometry locn:Geometry · Location dc:Location`)

// words reads pairs, with a dot or a line end between them.
func words(s string) map[string]string {
	list := strings.Fields(strings.ReplaceAll(s, "·", ""))
	out := make(map[string]string, len(list)/2)
	for i := 0; i < len(list); i += 2 {
		out[list[i]] = list[i+1]
	}
	return out
}

// curie is the identifier of a term of the profile: what a table says, itself when it has a prefix, else elm:.
func curie(name string, table map[string]string) string {
	if c, ok := table[name]; ok {
		return c
	}
	name = strings.Trim(name, "()")
	if strings.Contains(name, ":") {
		return name
	}
	return "elm:" + name
}

var sssomColumns = []string{"subject_id", "subject_label", "subject_category", "predicate_id", "object_id", "object_label",
	"object_category", "mapping_justification", "other", "comment"}

// Terms of SSSOM and of its justifications.
const (
	noTerm  = "sssom:NoTermFound"
	curated = "semapv:ManualMappingCuration"
)

// SSSOM writes the crosswalk in the Simple Standard for Sharing Ontological Mappings, ELMO as the subject: one
// line for each pair of places, and one for each member that has none on the other side. An exact match is that
// of one element with one property and no loss either way: the relation is transitive, so members that share a
// place only match closely.
func SSSOM(w io.Writer, p Publication) error {
	var out bytes.Buffer
	p.metadata(&out)
	c := csv.NewWriter(&out)
	c.Comma = '\t'
	rows := [][]string{sssomColumns}
	a := crosswalk()
	for i := range a.leaves {
		rows = append(rows, a.matches(&a.leaves[i])...)
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	_, err := out.WriteTo(w)
	return err
}

func (p Publication) metadata(out *bytes.Buffer) {
	fmt.Fprintln(out, "#curie_map:")
	for _, x := range prefixes {
		fmt.Fprintf(out, "#  %s: %s\n", x[0], strconv.Quote(x[1]))
	}
	slots := [][2]string{
		{"mapping_set_id", either(p.ID, setID)},
		{"mapping_set_version", mapping.TableVersion},
		{"mapping_set_title", "Crosswalk of ELMO and the European Learning Model"},
		{"mapping_set_description", "Every element and attribute of ELMO 1.7 and 2.0 and every class and property of the EDC application profile 3.2, with what a converter makes of it in both directions."},
		{"license", either(p.License, setLicense)},
		{"subject_source", "elmo:"},
		{"subject_source_version", strings.Join(versions[ELMO], ", ")},
		{"object_source", "elm:"},
		{"object_source_version", strings.Join(versions[ELM], ", ")},
		{"mapping_provider", p.Provider},
		{"mapping_date", p.Date},
		{"mapping_tool", "elmobridge"},
	}
	for _, s := range slots {
		if s[1] != "" {
			fmt.Fprintf(out, "#%s: %s\n", s[0], strconv.Quote(s[1]))
		}
	}
}

func either(value, fallback string) string {
	if value != "" {
		return value
	}
	return fallback
}

// matches are the lines of a leaf: those of ELMO name their places, those of ELM only that they have none.
func (a *audit) matches(l *Leaf) [][]string {
	if l.Side == ELM {
		if len(l.Places) > 0 {
			return nil
		}
		return [][]string{a.match(noLeafOf(ELMO), "skos:exactMatch", l, l)}
	}
	if len(l.Places) == 0 {
		return [][]string{a.match(l, "skos:exactMatch", noLeafOf(ELM), l)}
	}
	var out [][]string
	for _, p := range l.Places {
		object := &a.leaves[a.at[key{ELM, p}]]
		out = append(out, a.match(l, a.predicate(l, object), object, l))
	}
	return out
}

// noLeafOf stands for the counterpart that a side does not have.
func noLeafOf(side Side) *Leaf { return &Leaf{Side: side} }

func (a *audit) match(subject *Leaf, predicate string, object, said *Leaf) []string {
	sid, slabel, scat := identity(subject)
	oid, olabel, ocat := identity(object)
	return []string{sid, slabel, scat, predicate, oid, olabel, ocat, curated, facts(said), said.Reason}
}

// identity is how a leaf appears in a mapping set: identifier, label, category.
func identity(l *Leaf) (id, label, category string) {
	switch {
	case l.Path == "":
		return noTerm, "", ""
	case l.Side == ELMO:
		return "elmo:" + l.Path, l.Path, "ELMO " + string(l.Kind)
	case l.Kind == Class:
		return curie(l.Class, classes), l.Path, "class"
	}
	return curie(strings.TrimPrefix(l.Path, l.Class+"/"), terms), l.Path, "property of " + curie(l.Class, classes)
}

// facts are the row, the verdicts and the proposals of a leaf.
func facts(l *Leaf) string {
	list := []string{"row=" + l.Owner}
	if len(l.Also) > 0 {
		list = append(list, "also="+strings.Join(l.Also, ","))
	}
	list = append(list, "to_edc="+string(l.ToEDC), "to_elmo="+string(l.ToELMO))
	if len(l.Proposals) > 0 {
		list = append(list, "proposals="+strings.Join(l.Proposals, ","))
	}
	return strings.Join(list, "; ")
}

// predicate tells how a leaf of ELMO and a place in ELM are related. What loses on the way there is wider than
// its place, what loses on the way back is narrower.
func (a *audit) predicate(l, place *Leaf) string {
	there, back := faithful(l.ToEDC), faithful(l.ToELMO)
	switch {
	case there && back && a.oneToOne(l, place):
		return "skos:exactMatch"
	case there && back:
		return "skos:closeMatch"
	case there && isGap(l.ToELMO):
		return "skos:broadMatch"
	case back && isGap(l.ToEDC):
		return "skos:narrowMatch"
	}
	return "skos:relatedMatch"
}

// oneToOne tells whether an element and a property have no other partner. The class that a property leads to and
// the attributes of an element do not count; and the property is one of elm:, since those of general vocabularies
// are wider than what a class makes of them.
func (a *audit) oneToOne(l, place *Leaf) bool {
	id, _, _ := identity(place)
	return l.Kind == Element && place.Kind == Property && strings.HasPrefix(id, "elm:") &&
		a.partners(ELM, l, Property) == 1 && a.partners(ELMO, place, Element) == 1
}

// partners counts the places of a leaf that are of a kind.
func (a *audit) partners(side Side, l *Leaf, k Kind) int {
	n := 0
	for _, p := range l.Places {
		if a.leaves[a.at[key{side, p}]].Kind == k {
			n++
		}
	}
	return n
}

func faithful(v Verdict) bool { return v == Exact || v == mapping.Normalised }
