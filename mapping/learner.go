package mapping

import (
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

// learnerSide is the learner with the skeleton that keeps what a Person cannot hold.
type learnerSide struct {
	*elmo.Learner
	kept          *elmo.Learner
	issuerCountry string
	ours          bool // on the way back: the credential was made from ELMO
}

// learnerRows: learner and the Person who is credentialSubject.
var learnerRows = Section[*learnerSide, *edci.Person]{
	Name: "LRN learner", ELMO: "learner", ELM: "credentialSubject",
	Rows: []Row[*learnerSide, *edci.Person]{
		{Rule: Rule{ID: "LRN-01", ELMO: "givenNames", ELM: "givenName",
			Note: "Names have no language: und. An empty name is left out and comes back empty.",
			Example: Example{ELMO: `<givenNames>Ada</givenNames>`,
				ELM: `{"givenName":{"und":"Ada"}}`}},
			Link: name(func(l *elmo.Learner) *string { return &l.GivenNames }, func(p *edci.Person) *edci.LangString { return &p.GivenName })},
		{Rule: Rule{ID: "LRN-02", ELMO: "familyName", ELM: "familyName",
			Note: "As LRN-01.",
			Example: Example{ELMO: `<familyName>Example</familyName>`,
				ELM: `{"familyName":{"und":"Example"}}`}},
			Link: name(func(l *elmo.Learner) *string { return &l.FamilyName }, func(p *edci.Person) *edci.LangString { return &p.FamilyName })},
		{Rule: Rule{ID: "LRN-03", ELM: "fullName",
			Note: "Given and family name, added: viewers need it. Fills names that are missing on the way back.",
			Example: Example{ELMO: `<givenNames>Ada</givenNames><familyName>Example</familyName>`,
				ELM: `{"fullName":{"und":"Ada Example"}}`, ToEDC: Added}},
			Link: Link[*learnerSide, *edci.Person]{Forward: fullName, Back: fullNameBack}},
		{Rule: Rule{ID: "LRN-04", ELMO: "bday, dateOfBirth", ELM: "dateOfBirth",
			Note: "A calendar date stays that date in the zone it came with.",
			Example: Example{ELMO: `<bday>2000-02-29</bday>`,
				ELM: `{"dateOfBirth":"2000-02-29T00:00:00"}`}},
			Link: Link[*learnerSide, *edci.Person]{Forward: birthDate, Back: birthDateBack}},
		{Rule: Rule{ID: "LRN-07", ELMO: "citizenship", ELM: "citizenshipCountry",
			Note: "A country of the list; EL and UK are read as GR and GB.",
			Example: Example{ELMO: `<citizenship>IE</citizenship>`,
				ELM: `{"citizenshipCountry":[{"id":"http://publications.europa.eu/resource/authority/country/IRL"}]}`}},
			Link: Link[*learnerSide, *edci.Person]{Forward: citizenship, Back: citizenshipBack}},
		{Rule: Rule{ID: "LRN-05", ELMO: "identifier[@type='nationalIdentifier']", ELM: "nationalID",
			Note: "The first one, with the citizenship or else the country of the issuer as spatial; its place among the identifiers is lost.",
			Example: Example{ELMO: `<citizenship>IE</citizenship><identifier type="nationalIdentifier">900000001</identifier>`,
				ELM: `{"nationalID":{"type":"LegalIdentifier","notation":"900000001","spatial":{"id":"http://publications.europa.eu/resource/authority/country/IRL"}}}`}},
			Link: Link[*learnerSide, *edci.Person]{Forward: nationalID, Back: nationalIDBack}},
		{Rule: Rule{ID: "LRN-06", ELMO: "identifier", ELM: "identifier",
			Note: "schemeName is the type.",
			Example: Example{ELMO: `<identifier type="esi">urn:schac:personalUniqueCode:int:esi:example.org:1</identifier>`,
				ELM: `{"identifier":[{"notation":"urn:schac:personalUniqueCode:int:esi:example.org:1","schemeName":"esi"}]}`}},
			Link: Link[*learnerSide, *edci.Person]{Forward: learnerIdentifiers, Back: learnerIdentifiersBack}},
		{Rule: Rule{ID: "LRN-08", ELMO: "placeOfBirth", ELM: "placeOfBirth",
			Note:    "Kept: a Location needs a country, and none is read out of the text.",
			Example: Example{ELMO: `<placeOfBirth>Example Town</placeOfBirth>`, ToEDC: Kept}},
			Link: Link[*learnerSide, *edci.Person]{Forward: birthPlace, Back: birthPlaceBack}},
		{Rule: Rule{ID: "LRN-09", ELMO: "birthName", ELM: "birthName",
			Note: "Language und.",
			Example: Example{ELMO: `<birthName>Ada Sample</birthName>`,
				ELM: `{"birthName":{"und":"Ada Sample"}}`}},
			Link: name(func(l *elmo.Learner) *string { return &l.BirthName }, func(p *edci.Person) *edci.LangString { return &p.BirthName })},
		{Rule: Rule{ID: "LRN-10", ELMO: "gender", ELM: "gender",
			Note: "1 male, 2 female, 9 not applicable; 0 (unknown) is kept: the list's member for it is not known for sure.",
			Example: Example{ELMO: `<gender>2</gender>`,
				ELM: `{"gender":{"id":"http://publications.europa.eu/resource/authority/human-sex/FEMALE"}}`}},
			Link: Link[*learnerSide, *edci.Person]{Forward: gender, Back: genderBack}},
		{Rule: Rule{ID: "LRN-11", ELMO: "currentAddress", ELM: "location",
			Note: "Kept whole; with a country of the list also readable as an address.",
			Example: Example{ELMO: `<currentAddress><a:streetName xmlns:a="https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1">Example Street</a:streetName><a:buildingNumber xmlns:a="https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1">1</a:buildingNumber><a:country xmlns:a="https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1">NL</a:country></currentAddress>`,
				ELM: `{"location":{"address":[{"fullAddress":{"noteLiteral":{"und":"Example Street 1\nNL"}},"countryCode":{"id":"http://publications.europa.eu/resource/authority/country/NLD"}}]}}`, ToEDC: Kept}},
			Link: Link[*learnerSide, *edci.Person]{Forward: currentAddress, Back: currentAddressBack}},
		{Rule: Rule{ID: "LRN-12", ELMO: "alternativeName",
			Note:    "Kept: ELM has one full name over all languages.",
			Example: Example{ELMO: `<alternativeName xml:lang="el">Άντα</alternativeName>`, ToEDC: Kept}},
			Link: Link[*learnerSide, *edci.Person]{Forward: alternativeName}},
	},
}

// name ties a name without language to a language map.
func name(e func(*elmo.Learner) *string, c func(*edci.Person) *edci.LangString) Link[*learnerSide, *edci.Person] {
	return Link[*learnerSide, *edci.Person]{
		Forward: func(r *run, l *learnerSide, p *edci.Person) {
			if v := *e(l.Learner); v != "" {
				*c(p) = edci.LangString{{Lang: r.nameLanguage(), Text: v}}
			}
		},
		Back: func(r *run, p *edci.Person, l *learnerSide) { *e(l.Learner) = collapse(first(*c(p))) },
	}
}

func (r *run) nameLanguage() string {
	if r.opt.NameLanguage != "" {
		return r.opt.NameLanguage
	}
	return undetermined
}

// learner makes the credential subject of a report.
func (f *forward) learner(rr *reportRun, rem *elmo.Document) *edci.Person {
	l := f.doc.Learner
	if l == nil {
		l = &elmo.Learner{}
	}
	side := &learnerSide{Learner: l, kept: rem.Learner}
	if rr.report.Issuer != nil {
		side.issuerCountry = rr.report.Issuer.Country
	}
	p := &edci.Person{}
	defer func(e, c []step) { f.elmo, f.edc = e, c }(f.elmo, f.edc)
	f.elmo, f.edc = []step{{name: "learner"}}, []step{{name: "credentialSubject"}}
	learnerRows.forward(f.run, side, p)
	f.row = "VAL-06"
	f.keepUnknown(l, rem.Learner)
	return p
}

func fullName(r *run, l *learnerSide, p *edci.Person) {
	if v := joined(l.GivenNames, l.FamilyName); v != "" {
		p.FullName = edci.LangString{{Lang: r.nameLanguage(), Text: v}}
		r.say(Added, Derived, "", "/fullName", "given and family name, for viewers")
	}
}

func joined(given, family string) string { return strings.TrimSpace(given + " " + family) }

func fullNameBack(r *run, p *edci.Person, l *learnerSide) {
	full := collapse(first(p.FullName))
	if full == "" || full == joined(l.GivenNames, l.FamilyName) {
		return
	}
	switch {
	case l.GivenNames == "" && l.FamilyName == "":
		l.FamilyName = full
	case l.GivenNames == "" && strings.HasSuffix(full, " "+l.FamilyName):
		l.GivenNames = strings.TrimSuffix(full, " "+l.FamilyName)
	case l.FamilyName == "" && strings.HasPrefix(full, l.GivenNames+" "):
		l.FamilyName = strings.TrimPrefix(full, l.GivenNames+" ")
	default:
		return
	}
	r.say(Reduced, Derived, "familyName", "/fullName", "the full name fills a name that is missing")
}

func birthDate(r *run, l *learnerSide, p *edci.Person) {
	if l.DateOfBirth == "" {
		return
	}
	d, ok := dateTime(l.DateOfBirth)
	if !ok {
		l.kept.DateOfBirth = l.DateOfBirth
		r.keepAside(r.bday, Format, false, "no xs:date")
		return
	}
	r.zuluNote(r.bday, l.DateOfBirth)
	p.DateOfBirth = d
}

func birthDateBack(r *run, p *edci.Person, l *learnerSide) {
	if p.DateOfBirth == "" {
		return
	}
	if zone := r.opt.BirthdateZone; zone != "" {
		if d, ok := inZone(p.DateOfBirth, zone); ok {
			l.DateOfBirth = d
			r.say(Normalised, DayAmbiguous, "bday", "/dateOfBirth", "read in the zone given for birth dates")
			return
		}
	}
	l.DateOfBirth = r.elmoDate(p.DateOfBirth, "bday", "/dateOfBirth")
}

func citizenship(r *run, l *learnerSide, p *edci.Person) {
	if l.Citizenship == "" {
		return
	}
	m, ok := codes.Country(l.Citizenship)
	if !ok {
		l.kept.Citizenship = l.Citizenship
		r.keepAside("citizenship", NotInCodeList, false, "no code of the country list")
		return
	}
	if m.Alpha2 != l.Citizenship {
		r.say(Normalised, Format, "citizenship", "/citizenshipCountry", "EL and UK are written GR and GB")
	}
	p.CitizenshipCountry = []*edci.Concept{m.Concept()}
}

func citizenshipBack(r *run, p *edci.Person, l *learnerSide) {
	for i, c := range p.CitizenshipCountry {
		if i == 0 {
			l.Citizenship = elmoCountry(c, l.ours)
		}
	}
}

// notInELMO are the countries of the ELM list that the country list of the ELMO schema, frozen long ago,
// does not have.
const notInELMO = " AI AQ AS AW AX BL BM BQ BV CC CK CP CW CX EH FK FO GF GG GI GP GS GU HK HM IM IO JE KY MF MO MP MQ MS NC NF PF " +
	"PM PN RE SH SJ SS SX TC TK TW UM VG VI WF XK YT "

// elmoCountry is the code of a country in ELMO; of a credential of others only one that the schema has.
func elmoCountry(c *edci.Concept, ours bool) string {
	code := alpha2(c)
	if !ours && strings.Contains(notInELMO, " "+code+" ") {
		return ""
	}
	return code
}

// alpha2 is the two-letter code of a country concept; empty when it is none.
func alpha2(c *edci.Concept) string {
	if c == nil {
		return ""
	}
	if m, ok := codes.ByName("country").ID(c.ID); ok {
		return m.Alpha2
	}
	return ""
}

func nationalID(r *run, l *learnerSide, p *edci.Person) {
	for i, id := range l.Identifiers {
		if id.Type != nationalIdentifier || id.Value == "" {
			continue
		}
		m, ok := codes.Country(l.Citizenship)
		if !ok {
			m, ok = codes.Country(l.issuerCountry)
		}
		if !ok {
			return
		}
		p.NationalID = &edci.Identifier{Class: "LegalIdentifier", SchemeName: nationalIdentifier, Notation: id.Value, Spatial: m.Concept()}
		if i > 0 {
			r.sayOrder("identifier", i+1, "the national identifier comes back as the first one")
		}
		return
	}
}

// dc4euNational begins identifiers of the form in which DC4EU's converter writes national identifiers.
const dc4euNational = "urn:epass:legalIdentifier:"

func nationalIDBack(r *run, p *edci.Person, l *learnerSide) {
	id := p.NationalID
	if id == nil {
		return
	}
	value := id.Notation
	if number, ok := strings.CutPrefix(id.ID, dc4euNational); ok && value == nationalIdentifier {
		value = number
		r.say(Normalised, Format, "identifier[1]", "/nationalID", "the number stood in the id of the identifier")
	}
	l.Identifiers = append(l.Identifiers, elmo.Identifier{Type: nationalIdentifier, Value: value})
}

func learnerIdentifiers(r *run, l *learnerSide, p *edci.Person) {
	national := p.NationalID != nil
	for i, id := range l.Identifiers {
		if id.Value == "" || id.Type == "" || strings.HasPrefix(id.Type, reserved) {
			r.keepBeside(l.Learner, l.kept, "identifier", i+1)
			continue
		}
		if national && id.Type == nationalIdentifier {
			national = false
			continue
		}
		p.Identifier = append(p.Identifier, identifier(id.Type, id.Value))
	}
}

func learnerIdentifiersBack(r *run, p *edci.Person, l *learnerSide) {
	for _, id := range elmoIdentifiers(p.Identifier) {
		if !l.ours && id.Type == nationalIdentifier && len(l.Identifiers) > 0 && l.Identifiers[0] == id {
			continue // DC4EU writes it twice
		}
		if id.Type == "" {
			id.Type = "local"
		}
		l.Identifiers = append(l.Identifiers, id)
	}
}

func birthPlace(r *run, l *learnerSide, p *edci.Person) {
	if l.PlaceOfBirth == "" {
		return
	}
	m, ok := codes.Country(r.opt.BirthCountry)
	if !ok {
		l.kept.PlaceOfBirth = l.PlaceOfBirth
		r.keepAside("placeOfBirth", NoCounterpart, false, "ELM demands a country with a place, ELMO has none")
		return
	}
	p.PlaceOfBirth = location(m, &edci.Note{NoteLiteral: und(l.PlaceOfBirth)})
	r.say(Added, Policy, "", "/placeOfBirth/address/0/countryCode", "the country of birth was given as an option")
}

// location is a Location with one address.
func location(country *codes.Member, full *edci.Note) *edci.Location {
	return &edci.Location{Address: []*edci.Address{{FullAddress: full, CountryCode: country.Concept()}}}
}

func birthPlaceBack(r *run, p *edci.Person, l *learnerSide) {
	if p.PlaceOfBirth != nil {
		l.PlaceOfBirth = placeName(p.PlaceOfBirth)
	}
}

// placeName is the best text for a place: its address, its name, its country.
func placeName(at *edci.Location) string {
	for _, a := range at.Address {
		if a.FullAddress != nil && len(a.FullAddress.NoteLiteral) > 0 {
			return collapse(first(a.FullAddress.NoteLiteral))
		}
	}
	if len(at.GeographicName) > 0 {
		return collapse(first(at.GeographicName))
	}
	for _, a := range at.Address {
		if a.CountryCode != nil {
			return collapse(countryLabel(a.CountryCode))
		}
	}
	return ""
}

func countryLabel(c *edci.Concept) string {
	if m, ok := codes.ByName("country").ID(c.ID); ok {
		return m.Label
	}
	return first(c.PrefLabel)
}

// sexes ties ISO 5218 to the list human-sex (LRN-10).
var sexes = map[string]string{"1": "MALE", "2": "FEMALE", "9": "NAP"}

func gender(r *run, l *learnerSide, p *edci.Person) {
	if l.Gender == "" {
		return
	}
	code, ok := sexes[l.Gender]
	if !ok {
		l.kept.Gender = l.Gender
		r.keepAside("gender", NotInCodeList, false, "the list has no sure member for it")
		return
	}
	p.Gender = codes.ByName("human-sex").Must(code).Concept()
}

func genderBack(r *run, p *edci.Person, l *learnerSide) {
	if p.Gender == nil {
		return
	}
	m, ok := codes.ByName("human-sex").ID(p.Gender.ID)
	if !ok {
		return
	}
	for g, code := range sexes {
		if code == m.Code {
			l.Gender = g
		}
	}
}

func currentAddress(r *run, l *learnerSide, p *edci.Person) {
	a := l.CurrentAddress
	if a == nil {
		return
	}
	l.kept.CurrentAddress = a
	r.keepAside("currentAddress", NoCounterpart, false, "an ELM address is one text")
	m, ok := codes.Country(a.Country)
	if !ok {
		return
	}
	p.Location = location(m, &edci.Note{NoteLiteral: und(strings.Join(addressLines(a), "\n"))})
	r.say(Added, Derived, "", "/location", "the address in one text, for readers")
}

// addressLines writes an address as lines, in the order of the schema.
func addressLines(a *elmo.Address) []string {
	var lines []string
	line := func(parts ...string) {
		if s := collapse(strings.Join(parts, " ")); s != "" {
			lines = append(lines, s)
		}
	}
	for _, n := range append(a.RecipientNames[:len(a.RecipientNames):len(a.RecipientNames)], a.AddressLines...) {
		line(n)
	}
	line(a.BuildingName)
	line(a.StreetName, a.BuildingNumber, a.Unit, a.Floor)
	line(a.PostOfficeBox)
	for _, c := range a.DeliveryPointCodes {
		line(c)
	}
	line(a.PostalCode, a.Locality)
	line(a.Region)
	line(a.Country)
	return lines
}

// maxAddressLines is how many addressLine elements an ELMO address may have.
const maxAddressLines = 4

func currentAddressBack(r *run, p *edci.Person, l *learnerSide) {
	a := personAddress(p)
	if a == nil || a.FullAddress == nil {
		return
	}
	out := &elmo.Address{Country: alpha2(a.CountryCode)}
	for _, line := range strings.Split(first(a.FullAddress.NoteLiteral), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out.AddressLines = append(out.AddressLines, line)
		}
	}
	if n := len(out.AddressLines) - 1; n >= 0 && out.AddressLines[n] == out.Country {
		out.AddressLines = out.AddressLines[:n] // addressLines ends with it
	}
	if len(out.AddressLines) > maxAddressLines {
		rest := strings.Join(out.AddressLines[maxAddressLines-1:], ", ")
		out.AddressLines = append(out.AddressLines[:maxAddressLines-1], rest)
	}
	l.CurrentAddress = out
}

func personAddress(p *edci.Person) *edci.Address {
	if p.Location != nil && len(p.Location.Address) > 0 {
		return p.Location.Address[0]
	}
	for _, c := range p.ContactPoint {
		if len(c.Address) > 0 {
			return c.Address[0]
		}
	}
	return nil
}

func alternativeName(r *run, l *learnerSide, p *edci.Person) {
	if a := l.AlternativeName; a != nil && (a.Value != "" || a.Lang != "") {
		l.kept.AlternativeName = a
		r.keepAside("alternativeName", NoCounterpart, false, "ELM has one full name over all languages")
	}
}
