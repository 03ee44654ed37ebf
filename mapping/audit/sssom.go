package audit

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"elmobridge/elmo"
	"elmobridge/mapping"
)

// What is said here of the Simple Standard for Sharing Ontological Mappings (https://mapping-commons.github.io/sssom/)
// is from memory and was not compared with its text: the names of slots and columns, which of them must be there, the
// values of subject_type and object_type, the bar between the pairs of other, sssom:NoTermFound and its predicate.

// Publication is what a mapping set says of itself and the table does not know. Empty: left out, or the
// default that is named.
type Publication struct {
	ID       string // a URI; default: one that stands for this table
	Date     string // YYYY-MM-DD
	Provider string // URI of who publishes it
	License  string // a URI; default: that of the project
}

// longestURI is more than addresses of publishers need.
const longestURI = 2000

// Check tells what is wrong: a slot that is no absolute URI or no date.
func (p Publication) Check() error {
	for _, s := range [][2]string{{"identifier of the set", p.ID}, {"provider", p.Provider}, {"license", p.License}} {
		if s[1] != "" && !isURI(s[1]) {
			return fmt.Errorf("the %s is no absolute URI, such as https://example.org/set", s[0])
		}
	}
	if p.Date == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
		return errors.New("the date is no day as in 2026-01-31")
	}
	return nil
}

// uriForm has the characters of RFC 3986 alone, and a scheme.
var uriForm = regexp.MustCompile(`^(https?://[A-Za-z0-9\[]|urn:[A-Za-z0-9])[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*$`)

// isURI tells whether a text is an absolute URI by which things are named: http, https or urn.
func isURI(s string) bool {
	_, err := url.Parse(s)
	return err == nil && len(s) <= longestURI && uriForm.MatchString(s)
}

const (
	setID      = mapping.NSBridge + "#crosswalk"
	setLicense = "https://www.apache.org/licenses/LICENSE-2.0"
)

// prefixes of the identifiers in a mapping set. ap: is ours, for a property as one class of the profile has it: the
// standards name the property alone, dc:title of whatever class.
var prefixes = [][2]string{
	{"ap", mapping.NSBridge + "#ap/"},
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

var sssomColumns = []string{"subject_id", "subject_label", "subject_category", "subject_type", "predicate_id", "object_id", "object_label",
	"object_category", "object_type", "mapping_justification", "other", "comment"}

// Terms of SSSOM and of its justifications.
const (
	noTerm  = "sssom:NoTermFound"
	curated = "semapv:ManualMappingCuration"
)

// SSSOM writes the crosswalk in the Simple Standard for Sharing Ontological Mappings, ELMO as the subject: one
// line for each pair of places, and one for each member that has none on the other side.
//
// Where the value of a member ends up it matches the property more or less, see predicate; to what else has to do
// with it, such as the classes and properties on the way and copies, it is related. An exact match is that of one
// element with one property and no loss either way: the relation is transitive, so members that share a place only
// match closely. The error is that of Publication.Check or of writing.
func SSSOM(w io.Writer, p Publication) error {
	if err := p.Check(); err != nil {
		return err
	}
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
	sub, obj := identify(subject), identify(object)
	return []string{sub.id, sub.label, sub.category, sub.kind, predicate, obj.id, obj.label, obj.category, obj.kind, curated,
		facts(said, obj), a.comment(said)}
}

// identity is how a leaf appears in a mapping set.
type identity struct{ id, label, category, kind, property string }

// identify tells leaves apart: a member of the profile by its class and name. A class is called what the standard
// calls it; a property has the identifier of the standard besides.
func identify(l *Leaf) identity {
	switch {
	case l.Path == "":
		return identity{id: noTerm}
	case l.Side == ELMO:
		return identity{"elmo:" + local.Replace(l.Path), l.Path, "ELMO " + string(l.Kind), "rdfs resource", ""}
	case l.Kind == Class:
		return identity{curie(l.Class, classes), l.Path, "class", "rdfs class", ""}
	}
	return identity{"ap:" + local.Replace(l.Path), l.Path, "property of " + curie(l.Class, classes), "rdf property",
		curie(strings.TrimPrefix(l.Path, l.Class+"/"), terms)}
}

// local writes a path with characters that need no escape in the second part of a CURIE: Person.givenName,
// learner.identifier.%40type. No name has a dot or a hyphen, so paths stay apart.
var local = strings.NewReplacer("/", ".", ":", "-", "@", "%40", "(", "", ")", "")

// facts are the property of the standard, the row, the verdicts and the proposals of a leaf, as pairs with bars between.
func facts(l *Leaf, object identity) string {
	pairs := [][2]string{{"property", object.property}, {"row", l.Owner}, {"also", strings.Join(l.Also, ",")},
		{"to_edc", Range(l.ToEDC, l.WorstToEDC)}, {"to_elmo", Range(l.ToELMO, l.WorstToELMO)}, {"proposals", strings.Join(l.Proposals, ",")}}
	var list []string
	for _, p := range pairs {
		if p[1] != "" {
			list = append(list, p[0]+"="+p[1])
		}
	}
	return join(list)
}

// comment says why a leaf is a gap: the reason, or what is proposed.
func (a *audit) comment(l *Leaf) string {
	if l.Reason != "" || len(l.Proposals) == 0 {
		return l.Reason
	}
	var titles []string
	for _, p := range a.proposals {
		if slices.Contains(l.Proposals, p.ID) {
			titles = append(titles, p.Title)
		}
	}
	return "Proposed: " + strings.Join(titles, "; ") + "."
}

// predicate tells how a leaf of ELMO and a place in ELM are related: what loses something on the way there, at worst, is wider
// than its place; what loses something on the way back is narrower.
func (a *audit) predicate(l, place *Leaf) string {
	there, back := faithful(l.ToEDC), faithful(place.ToELMO)
	always, ever := there && !isGap(l.WorstToEDC), back && !isGap(place.WorstToELMO)
	switch {
	case !a.ends(l, place):
		return "skos:relatedMatch"
	case always && ever && a.equal(l, place):
		return "skos:exactMatch"
	case always && !ever:
		return "skos:broadMatch"
	case ever && !always:
		return "skos:narrowMatch"
	case there && back:
		return "skos:closeMatch"
	}
	return "skos:relatedMatch"
}

// ends tells whether a value ends up in a place: both have no other partner, or the same name, or the row of the
// mapping says so. Copies made for readers are no such place, nor is what is only ever read.
func (a *audit) ends(l, place *Leaf) bool {
	return place.Kind == Property && place.ToEDC != mapping.Added && place.ToEDC != None &&
		(a.oneToOne(l, place) || lastStep(l.Path) == lastStep(place.Path) || a.paired(l, place))
}

// lastStep is the name of an element, an attribute or a property.
func lastStep(path string) string {
	return strings.TrimPrefix(path[strings.LastIndexByte(path, '/')+1:], "@")
}

// paired tells whether the row that answers for a leaf leads to this property alone, by name. One above the section's
// node is a note that holds what has no place.
func (a *audit) paired(l, place *Leaf) bool {
	i := slices.IndexFunc(a.byRow, func(r Row) bool { return r.ID == l.Owner })
	r := a.byRow[i]
	var sources []string
	for path := range strings.SplitSeq(r.ELMO, ", ") {
		sources = append(sources, lastStep(path))
	}
	return slices.Contains(sources, lastStep(l.Path)) && lastStep(r.ELM) == lastStep(place.Path) &&
		!strings.Contains(r.ELM, ", ") && !strings.HasPrefix(r.ELM, "../")
}

// equal tells whether an element and a property say the same, whatever the value. The property is one of elm:, since
// those of general vocabularies are wider than what a class makes of them.
func (a *audit) equal(l, place *Leaf) bool {
	return a.oneToOne(l, place) && always(l) && always(place) && strings.HasPrefix(identify(place).property, "elm:")
}

// oneToOne tells whether an element and a property have no other partner. The class that a property leads to and
// the attributes of an element do not count.
func (a *audit) oneToOne(l, place *Leaf) bool {
	return l.Kind == Element && place.Kind == Property && a.partners(ELM, l, Property) == 1 && a.partners(ELMO, place, Element) == 1
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

// always tells whether a leaf is carried as it is both ways, whatever its value.
func always(l *Leaf) bool {
	worst := func(v Verdict) bool { return v == "" || faithful(v) }
	return faithful(l.ToEDC) && faithful(l.ToELMO) && worst(l.WorstToEDC) && worst(l.WorstToELMO)
}
