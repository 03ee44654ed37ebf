package convert

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"

	"elmobridge/edci"
)

// issuerSize is more than any description of an issuer needs.
const issuerSize = 64 << 10

// issuerMembers are the members of an issuer file, in the order in which the missing are named.
var issuerMembers = []struct {
	name     string
	required bool
	read     func(*Issuer, any) error
}{
	{"legalName", true, readLegalName},
	{"country", true, readIssuerCountry},
	{"eidasIdentifier", true, readIdentifier},
	{"homepage", false, readHomepage},
}

// ReadIssuer reads the description of a sealing organisation:
//
//	{"legalName":{"en":"University of Fjordheim"},"country":"NO","eidasIdentifier":"VATNO-000000000",
//	 "homepage":"https://www.fjordheim.example.org"}
//
// All but homepage is required; other members are refused. The error names the member.
func ReadIssuer(data []byte) (*Issuer, error) {
	v, err := edci.ParseJSON(data, edci.Limits{Size: issuerSize})
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	o, ok := v.(edci.Object)
	if !ok {
		return nil, errors.New("issuer: not a JSON object")
	}
	if err := knownMembers(o); err != nil {
		return nil, err
	}
	issuer := &Issuer{}
	for _, m := range issuerMembers {
		value, there := o.Get(m.name)
		if !there && !m.required {
			continue
		}
		if !there {
			return nil, fmt.Errorf("issuer: %s is missing", m.name)
		}
		if err := m.read(issuer, value); err != nil {
			return nil, fmt.Errorf("issuer: %s %w", m.name, err)
		}
	}
	return issuer, nil
}

func knownMembers(o edci.Object) error {
	for _, m := range o {
		known := false
		for _, k := range issuerMembers {
			known = known || k.name == m.Name
		}
		if !known {
			return fmt.Errorf("issuer: %q is not a member we know; the members are legalName, country, eidasIdentifier, homepage", m.Name)
		}
	}
	return nil
}

func readLegalName(i *Issuer, v any) error {
	names, ok := v.(edci.Object)
	if !ok || len(names) == 0 {
		return errors.New(`must be an object of names by language, such as {"en":"..."}`)
	}
	for _, m := range names {
		text, ok := m.Value.(string)
		if !languageTag(m.Name) || !ok || text == "" {
			return errors.New(`must have language tags as names and texts as values, such as {"en":"..."}`)
		}
		i.LegalName = append(i.LegalName, edci.LangText{Lang: m.Name, Text: text})
	}
	return nil
}

func readIssuerCountry(i *Issuer, v any) error {
	s, _ := v.(string)
	if !isCountry(s) {
		return errors.New("must be a country code of two letters, such as NO")
	}
	i.Country = s
	return nil
}

// eidasIdentifier is the form of ETSI EN 319 412-1, 5.1.4: kind of register, country, number.
var eidasIdentifier = regexp.MustCompile(`^([A-Z]{3}|[A-Z]{2}:)[A-Z]{2}-\S.*$`).MatchString

func readIdentifier(i *Issuer, v any) error {
	s, _ := v.(string)
	if !eidasIdentifier(s) {
		return errors.New("must be a legal identifier such as VATNO-123456789")
	}
	i.EIDASIdentifier = s
	return nil
}

func readHomepage(i *Issuer, v any) error {
	s, _ := v.(string)
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return errors.New("must be a web address such as https://www.example.org")
	}
	i.Homepage = s
	return nil
}
