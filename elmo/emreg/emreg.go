// Package emreg reads the registry of EMREX, which lists the providers of results with the certificates that they
// sign with:
//
//	{"countries":[...],
//	 "ncps":[{"acronym":"NORWAY","countryCode":"NO","institutions":["..."],"url":"https://...",
//	          "pubKey":"-----BEGIN CERTIFICATE-----..."}]}
//
// The list of providers is called ncps, in newer registries emps. Lists are taken as they are seen in the field: with
// empty entries, in ISO 8859-1, and with keys in one line, without armour, or as bare public keys.
package emreg

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"elmobridge/elmo/xmldsig"

	"golang.org/x/text/encoding/charmap"
)

// Provider is an entry of the registry.
type Provider struct {
	Acronym string
	Key     *xmldsig.Key // nil when the registry has none that can be read
}

// ErrRegistry is returned for what is no registry of EMREX.
var ErrRegistry = errors.New("not a list of EMREG: a JSON object with ncps or emps")

// Read reads a registry. An entry without a key that can be read is one without Key; the error is ErrRegistry.
func Read(data []byte) ([]Provider, error) {
	if !utf8.Valid(data) {
		data, _ = charmap.ISO8859_1.NewDecoder().Bytes(data) // has every byte
	}
	type entry struct{ Acronym, PubKey string }
	var list struct{ NCPs, EMPs []*entry }
	if err := json.Unmarshal(data, &list); err != nil || list.NCPs == nil && list.EMPs == nil {
		return nil, ErrRegistry
	}
	var providers []Provider
	for _, e := range append(list.NCPs, list.EMPs...) {
		if e != nil {
			providers = append(providers, Provider{e.Acronym, key(e.PubKey)})
		}
	}
	return providers, nil
}

// Keys are those of all providers, or of the one with an acronym; the registry may have it twice.
func Keys(providers []Provider, acronym string) ([]xmldsig.Key, error) {
	var keys []xmldsig.Key
	for _, p := range providers {
		if p.Key != nil && (acronym == "" || p.Acronym == acronym) {
			keys = append(keys, *p.Key)
		}
	}
	switch {
	case keys != nil:
		return keys, nil
	case acronym != "":
		return nil, fmt.Errorf("the list has no provider %q with a certificate that can be read", acronym)
	}
	return nil, errors.New("the list has no provider with a certificate that can be read")
}

// armour are the lines around PEM, which may be missing or stand in one line with the rest.
var armour = regexp.MustCompile(`-----[A-Z0-9 ]+-----`)

// key reads a certificate or a public key; nil for neither.
func key(text string) *xmldsig.Key {
	text = strings.Join(strings.Fields(armour.ReplaceAllString(text, "")), "")
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	if c, err := x509.ParseCertificate(der); err == nil {
		return &xmldsig.Key{Certificate: c}
	}
	if public, err := x509.ParsePKIXPublicKey(der); err == nil {
		return &xmldsig.Key{Public: public}
	}
	return nil
}
