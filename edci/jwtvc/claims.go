package jwtvc

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/verification"
)

// mapping is a claim and the members that say the same, of which the first that is there counts.
// VC data model 1.1, 6.3.1.
type mapping struct {
	claim    string
	pointers []string
	time     bool // a NumericDate (RFC 7519, 2) against an xsd:dateTime
	required bool
}

var mappings = []mapping{
	{"iss", []string{"/issuer/id", "/issuer"}, false, true},
	{"sub", []string{"/credentialSubject/id"}, false, false},
	{"jti", []string{"/id"}, false, false},
	{"nbf", []string{"/issuanceDate"}, true, true},
	{"exp", []string{"/expirationDate", "/validUntil"}, true, false},
}

// find is the member that says what the claim says, and where it is; where it belongs if it is not there.
func (m mapping) find(tree edci.Object) (value, pointer string, there bool) {
	for _, p := range m.pointers {
		if v, _ := edci.At(tree, p); v != nil {
			s, text := v.(string)
			if text || p == m.pointers[0] {
				return s, p, true
			}
		}
	}
	return "", m.pointers[0], false
}

// claimsOf makes the claims set of a credential.
func claimsOf(tree edci.Object) (edci.Object, error) {
	var claims edci.Object
	for _, m := range mappings {
		s, _, there := m.find(tree)
		switch {
		case !there && m.required:
			return nil, fmt.Errorf("%w: %s is missing", ErrCredential, m.pointers[0])
		case !there:
			continue
		case s == "":
			return nil, fmt.Errorf("%w: %s is no text", ErrCredential, m.pointers[0])
		}
		var value any = s
		if m.time {
			t, err := verification.Time(s)
			if err != nil {
				return nil, fmt.Errorf("%w: %s is no date and time", ErrCredential, m.pointers[0])
			}
			value = json.Number(strconv.FormatInt(t.Unix(), 10))
		}
		claims = append(claims, edci.Member{Name: m.claim, Value: value})
	}
	return append(claims, edci.Member{Name: "vc", Value: tree}), nil
}

// credentialOf takes the credential out of a claims set, with what it lacks.
func credentialOf(claims edci.Object, typ string) (edci.Object, error) {
	for _, name := range []string{"vp", "aud"} {
		if _, there := claims.Get(name); there {
			return nil, fmt.Errorf("%w: claim %s: it is a presentation, or for somebody in particular", ErrForm, name)
		}
	}
	v, there := claims.Get("vc")
	tree, ok := v.(edci.Object)
	if !there && typ == TypeVC {
		tree, ok = claims, true
	}
	if !ok {
		return nil, fmt.Errorf("%w: there is no claim vc with a credential", ErrForm)
	}
	for _, m := range mappings {
		var err error
		if tree, err = m.merge(tree, claims); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// merge compares a claim with its member, or makes the member.
func (m mapping) merge(tree, claims edci.Object) (edci.Object, error) {
	claim, there := claims.Get(m.claim)
	if !there {
		return tree, nil
	}
	want, err := m.read(claim)
	if err != nil {
		return nil, err
	}
	s, pointer, said := m.find(tree)
	if said {
		if !m.same(s, want) {
			return nil, fmt.Errorf("%w: claim %s is not what the credential says at %s", ErrForm, m.claim, pointer)
		}
		return tree, nil
	}
	if m.claim == "iss" && !describes(tree) { // an issuer that is known by its id alone
		pointer = "/issuer"
	}
	changed, ok := edci.Set(tree, pointer, want)
	if !ok {
		return nil, fmt.Errorf("%w: claim %s has no place in the credential", ErrForm, m.claim)
	}
	return changed.(edci.Object), nil
}

// describes tells whether the credential describes its issuer.
func describes(tree edci.Object) bool {
	v, _ := tree.Get("issuer")
	_, ok := v.(edci.Object)
	return ok
}

// read gives a claim as the member would say it.
func (m mapping) read(claim any) (string, error) {
	if !m.time {
		if s, ok := claim.(string); ok && s != "" {
			return s, nil
		}
		return "", fmt.Errorf("%w: claim %s is no text", ErrForm, m.claim)
	}
	t, err := jose.NumericDate(claim)
	if err != nil {
		return "", fmt.Errorf("%w: claim %s is no time", ErrForm, m.claim)
	}
	return t.Format(time.RFC3339), nil
}

// same compares a member with a claim; times to the second, which is all that the claim says.
func (m mapping) same(member, claim string) bool {
	if !m.time {
		return member == claim
	}
	a, errA := verification.Time(member)
	b, errB := verification.Time(claim)
	return errA == nil && errB == nil && a.Unix() == b.Unix()
}
