package mapping

import (
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

// issuerSide is the issuer of a report with the skeleton that keeps what an Organisation cannot hold.
type issuerSide struct {
	*elmo.Issuer
	kept *elmo.Issuer
	ours bool // on the way back: the credential was made from ELMO, so nothing is missing
}

// issuerRows: issuer and the Organisation that awards every claim of the report.
var issuerRows = Section[*issuerSide, *edci.Organisation]{
	Name: "ISS issuer", ELMO: "report/issuer", ELM: "awardedBy/awardingBody",
	Rows: []Row[*issuerSide, *edci.Organisation]{
		{Rule: Rule{ID: "ISS-02", ELMO: "identifier", ELM: "identifier",
			Note: "schemeName is the type (schac, erasmus, pic ...).",
			Example: Example{ELMO: `<identifier type="schac">example.org</identifier>`,
				ELM: `{"identifier":[{"notation":"example.org","schemeName":"schac"}]}`}},
			Link: Link[*issuerSide, *edci.Organisation]{Forward: issuerIdentifiers, Back: issuerIdentifiersBack}},
		{Rule: Rule{ID: "ISS-01", ELMO: "title", ELM: "legalName",
			Note: "A second title of a language becomes an altLabel.",
			Example: Example{ELMO: `<title xml:lang="en">Example University</title><title xml:lang="en">Example</title>`,
				ELM: `{"legalName":{"en":"Example University"},"altLabel":{"en":"Example"}}`, ToEDC: Normalised}},
			Link: Link[*issuerSide, *edci.Organisation]{Forward: issuerTitle, Back: issuerTitleBack}},
		{Rule: Rule{ID: "ISS-03", ELMO: "country", ELM: "location/address/countryCode",
			Note: "Without one: from the domain of the schac identifier or the prefix of the Erasmus code, else the list's member for provisional data; the way back writes none then.",
			Example: Example{ELMO: `<country>NO</country>`,
				ELM: `{"location":[{"address":[{"countryCode":{"id":"http://publications.europa.eu/resource/authority/country/NOR"}}]}]}`}},
			Link: Link[*issuerSide, *edci.Organisation]{Forward: issuerCountry, Back: issuerCountryBack}},
		{Rule: Rule{ID: "ISS-04", ELMO: "url", ELM: "homepage/contentURL",
			Note: "Required in ELMO: comes back empty when there is none (VAL-05).",
			Example: Example{ELMO: `<url>https://example.org</url>`,
				ELM: `{"homepage":[{"contentURL":"https://example.org"}]}`}},
			Link: Link[*issuerSide, *edci.Organisation]{Forward: issuerURL, Back: issuerURLBack}},
	},
}

// issuer makes the organisation that stands for the issuer of a report, once: all claims share it.
func (f *forward) issuer(rr *reportRun) *edci.Organisation {
	iss := rr.report.Issuer
	if iss == nil {
		iss = &elmo.Issuer{}
	}
	org := &edci.Organisation{}
	defer f.leave(f.enter("issuer", 0, "", 0))
	defer func(c []step) { f.edc = c }(f.edc)
	f.edc = []step{{name: "credentialSubject"}, {"hasClaim", 1}, {name: "awardedBy"}, {"awardingBody", 1}}
	issuerRows.forward(f.run, &issuerSide{Issuer: iss, kept: rr.remainder.Issuer}, org)
	f.row = "VAL-06"
	f.keepUnknown(iss, rr.remainder.Issuer)
	return org
}

func issuerIdentifiers(r *run, i *issuerSide, o *edci.Organisation) {
	o.Identifier = identifiers(i.Identifiers, func(n int) { r.keepBeside(i.Issuer, i.kept, "identifier", n) })
}

func issuerIdentifiersBack(r *run, o *edci.Organisation, i *issuerSide) {
	i.Identifiers = elmoIdentifiers(o.Identifier)
	for k := range i.Identifiers {
		if i.Identifiers[k].Type == "" {
			i.Identifiers[k].Type = "local"
		}
	}
	if len(i.Identifiers) == 0 && !i.ours {
		i.Identifiers = otherIdentifiers(r, o)
	}
}

// otherIdentifiers finds the identifier that ELMO demands of an issuer among the others of an
// organisation, or takes its name (EDC-03).
func otherIdentifiers(r *run, o *edci.Organisation) []elmo.Identifier {
	var out []elmo.Identifier
	add := func(kind string, ids ...*edci.Identifier) {
		for _, id := range ids {
			if id != nil && id.Notation != "" {
				out = append(out, elmo.Identifier{Type: kind, Value: collapse(id.Notation)})
			}
		}
	}
	add("eidas", o.EIDASIdentifier)
	add("registration", o.Registration)
	add("vat", o.VatIdentifier...)
	add("tax", o.TaxIdentifier...)
	if out == nil {
		out = []elmo.Identifier{{Type: "local", Value: collapse(first(o.LegalName))}}
	}
	r.sayRow("EDC-03", Added, RequiredDefault, "identifier", "", "ELMO demands an identifier of the issuer; another one of the organisation, or its name, stands in")
	return out
}

func issuerTitle(r *run, i *issuerSide, o *edci.Organisation) {
	o.LegalName = r.texts(i.Titles, "title", func(n int, t edci.LangText, bad bool) {
		if bad {
			r.keepTitle(i, n)
			return
		}
		o.AltLabel = append(o.AltLabel, t)
		r.say(Normalised, Order, nth("title", n), "/altLabel", "a second title of one language becomes an alternative label")
	})
	if len(o.LegalName) == 0 {
		o.LegalName = und(nameStandIn(i.Issuer))
		addAttr(&i.kept.Extra, "title", addedValue)
		r.say(Added, RequiredDefault, "title", "/legalName", "the issuer has no title; its address or an identifier stands in")
	}
}

// keepTitle keeps a title whose language tag is none; its text stands in the name.
func (r *run) keepTitle(i *issuerSide, n int) {
	r.keepAside(nth("title", n), Language, true, surplusNote(true))
	x := elmo.ExtraOf(i.kept)
	if *x == nil {
		*x = &elmo.Extra{}
	}
	(*x).Others = append((*x).Others, elmo.Other{Position: len((*x).Others) + 1, Name: "child",
		Element: wrappedChild(elmo.Child(i.Issuer, "title", n), "title", n, "")})
}

func nameStandIn(i *elmo.Issuer) string {
	for _, id := range i.Identifiers {
		if id.Value != "" {
			return id.Value
		}
	}
	if i.URL != "" {
		return i.URL
	}
	return "-"
}

func issuerTitleBack(r *run, o *edci.Organisation, i *issuerSide) {
	name := o.LegalName
	i.Titles = elmoTexts(append(name[:len(name):len(name)], o.AltLabel...))
	for k := range i.Titles {
		i.Titles[k].Value = collapse(i.Titles[k].Value)
	}
}

// provisional is the member of the country list that names no country (ISS-03).
const provisional = "OP_DATPRO"

func issuerCountry(r *run, i *issuerSide, o *edci.Organisation) {
	m, ok := codes.Country(i.Country)
	switch {
	case ok && m.Alpha2 != i.Country:
		r.say(Normalised, Format, "country", "/location/0/address/0/countryCode", "EL and UK are written GR and GB")
	case ok:
	case i.Country != "":
		i.kept.Country = i.Country
		r.keepAside("country", NotInCodeList, false, "no code of the country list")
		fallthrough
	default:
		m = guessedCountry(r, i.Issuer)
		addAttr(&i.kept.Extra, "country", addedValue)
	}
	o.Location = []*edci.Location{location(m, nil)}
}

// guessedCountry derives the country from identifiers that contain it; it is never invented.
func guessedCountry(r *run, i *elmo.Issuer) *codes.Member {
	for _, id := range i.Identifiers {
		if m, ok := countryInIdentifier(id); ok {
			if !r.opt.keeps() {
				r.say(Normalised, Derived, "country", "/location/0/address/0/countryCode", "comes back as if the source had it")
			}
			r.say(Added, Derived, "country", "/location/0/address/0/countryCode", "taken from the identifier of type "+id.Type)
			return m
		}
	}
	r.say(Added, RequiredDefault, "country", "/location/0/address/0/countryCode", "an organisation must have a country; the list's member for provisional data stands in")
	return codes.ByName("country").Must(provisional)
}

func countryInIdentifier(id elmo.Identifier) (*codes.Member, bool) {
	switch strings.ToLower(id.Type) {
	case "schac":
		return codes.Country(strings.ToUpper(id.Value[strings.LastIndexByte(id.Value, '.')+1:]))
	case "erasmus":
		return erasmusCountry(id.Value)
	}
	return nil, false
}

// erasmusPrefixes are the country prefixes of Erasmus codes that are no ISO codes.
var erasmusPrefixes = map[string]string{
	"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "G": "GR", "I": "IT", "N": "NO", "P": "PT", "S": "SE",
	"IRL": "IE", "LUX": "LU", "SF": "FI",
}

func erasmusCountry(code string) (*codes.Member, bool) {
	prefix := strings.TrimRight(code[:min(len(code), 3)], " ")
	if i := strings.IndexByte(prefix, ' '); i >= 0 {
		prefix = prefix[:i]
	}
	if iso, ok := erasmusPrefixes[prefix]; ok {
		return codes.Country(iso)
	}
	if len(prefix) == 2 {
		return codes.Country(prefix)
	}
	return nil, false
}

func issuerCountryBack(r *run, o *edci.Organisation, i *issuerSide) {
	for _, l := range o.Location {
		for _, a := range l.Address {
			if c := elmoCountry(a.CountryCode, i.ours); c != "" {
				i.Country = c
				return
			}
		}
	}
}

func issuerURL(r *run, i *issuerSide, o *edci.Organisation) {
	if i.URL == "" {
		return
	}
	if !uriCharacters(i.URL) {
		i.kept.URL = i.URL
		r.keepAside("url", Format, false, "characters that no URI has")
		return
	}
	o.Homepage = []*edci.WebResource{{ContentURL: i.URL}}
}

func issuerURLBack(r *run, o *edci.Organisation, i *issuerSide) {
	i.URL = firstURL(o.Homepage)
}

// organisation makes the sealing organisation (ENV-01).
func (i *Issuer) organisation() *edci.Organisation {
	o := &edci.Organisation{LegalName: i.LegalName}
	if i.Homepage != "" {
		o.Homepage = []*edci.WebResource{{ContentURL: i.Homepage}}
	}
	m, ok := codes.Country(i.Country)
	if !ok {
		return o
	}
	o.Location = []*edci.Location{location(m, nil)}
	if i.EIDASIdentifier != "" {
		o.EIDASIdentifier = &edci.Identifier{Class: "LegalIdentifier", Notation: i.EIDASIdentifier, Spatial: m.Concept()}
	}
	return o
}
