package rest

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/demo"
	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/convert/keys"
	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose/josetest"
	"elmobridge/elmo/xmldsig"
)

// sealing is a service with a key, and somebody else it trusts.
type sealing struct {
	Config
	root   *josetest.Authority
	school *keys.Pair // signs documents
	seal   *keys.Pair // of the service
}

// registry is an organisation that no document of testdata names.
var registry = pkix.Name{Country: []string{"NO"}, Organization: []string{"Registry of results"},
	ExtraNames: []pkix.AttributeTypeAndValue{{Type: josetest.Organisation.ExtraNames[0].Type, Value: "VATNO-222222222"}}}

func pairOf(i josetest.Identity) *keys.Pair {
	return &keys.Pair{Signer: i.Key, Chain: []*x509.Certificate{i.Certificate}}
}

func newSealing(t testing.TB, opt convert.SignOptions) *sealing {
	t.Helper()
	root, schools := josetest.NewAuthority(t, "Root"), josetest.NewAuthority(t, "Schools")
	registry := root.Issue(t, josetest.RSA(), x509.Certificate{Subject: registry, KeyUsage: x509.KeyUsageContentCommitment})
	s := &sealing{usual(), root, pairOf(schools.Seal(t, josetest.EC(elliptic.P256()))), pairOf(registry)}
	s.Issuer = &convert.Issuer{LegalName: edci.LangString{{Lang: "en", Text: "Another"}}, Country: "NO", EIDASIdentifier: "VATNO-111111111"}
	s.Trust = convert.Trust{Keys: []xmldsig.Key{{Certificate: s.school.Chain[0]}}}
	var err error
	if s.Seal, err = NewSealer(s.seal, nil, opt); err != nil {
		t.Fatal(err)
	}
	return s
}

// signed is a document that the school has signed.
func (s *sealing) signed(t testing.TB, name string) []byte {
	t.Helper()
	signed, err := convert.Sign(context.Background(), file(t, name), s.school, convert.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return signed.Data
}

// accepted verifies a sealed answer as those do who trust the root of seals alone, of a credential by the
// organisation of the seal.
func (s *sealing) accepted(t testing.TB, what string, data []byte, form convert.SignatureForm, clocks ...*x509.Certificate) {
	t.Helper()
	v, err := convert.Verify(data, convert.Trust{Keys: []xmldsig.Key{{Certificate: s.root.Certificate}}, TSA: clocks})
	if err != nil {
		t.Fatal(what, err)
	}
	in, err := v.Read()
	if err != nil || len(in.Credentials) != 1 || len(v.Signatures) != 1 || v.Signatures[0].Form != form || (v.Signatures[0].Stamped != nil) != (len(clocks) > 0) {
		t.Fatalf("%s: %v %+v", what, err, v)
	}
	issuer, ok := in.Credentials[0].Issuer.(*edci.Organisation)
	if !ok || len(issuer.LegalName) != 1 || issuer.LegalName[0].Text != registry.Organization[0] {
		t.Errorf("%s: the issuer is not that of the seal: %+v", what, issuer)
	}
}

const sealedPath = "/v1/convert?display=minimal&require-signature=true"

// TestSealed: a document whose signature passes is given in each sealed form, which verifies.
func TestSealed(t *testing.T) {
	clock := josetest.NewAuthority(t, "Clocks")
	s := newSealing(t, convert.SignOptions{Timestamper: jades.NewTimestamper(clock.TSA(t).Answer), TSA: []*x509.Certificate{clock.Certificate}})
	h, xml := mounted(s.Config), s.signed(t, "elmo/one-course.xml")
	for mediaType, form := range sealedForms {
		w := post(h, sealedPath, typeXML, mediaType+", */*;q=0.1", xml)
		conforms(t, http.MethodPost, sealedPath, w)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != mediaType || w.Header().Get(lossesHeader) == "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %v %.300s", mediaType, w.Code, w.Header(), w.Body)
		}
		if form.form == convert.SignatureJWT {
			s.accepted(t, mediaType, w.Body.Bytes(), form.form)
		} else {
			s.accepted(t, mediaType, w.Body.Bytes(), form.form, clock.Certificate)
		}
	}
	for _, accept := range []string{"", "*/*", "application/*", "application/json, application/jwt;q=0.9"} {
		w := post(h, sealedPath, typeXML, accept, xml)
		if _, sealed := sealedForms[w.Header().Get("Content-Type")]; sealed || w.Code != http.StatusOK {
			t.Errorf("%q: %d %s", accept, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

// TestSealedSeveral: several credentials are a line each, and no array.
func TestSealedSeveral(t *testing.T) {
	s := newSealing(t, convert.SignOptions{})
	h, xml := mounted(s.Config), s.signed(t, "elmo/two-issuers.xml")
	for _, mediaType := range []string{typeJAdES, typeJWT, typeVCJWT} {
		p := refused(t, mediaType, post(h, sealedPath, typeXML, mediaType, xml), problem.Impossible)
		if !strings.Contains(p.Detail, typeLines) {
			t.Error(p.Detail)
		}
	}
	lines := bytes.Split(bytes.TrimSuffix(good(t, h, sealedPath, typeXML, typeLines, xml), []byte("\n")), []byte("\n"))
	if len(lines) < 2 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		s.accepted(t, "line", line, convert.SignatureSeal)
	}
}

// TestSealedRefused: nothing is sealed that nobody has signed whom the service trusts, and nothing that only the request
// says, the issuer least of all.
func TestSealedRefused(t *testing.T) {
	s := newSealing(t, convert.SignOptions{})
	h, xml := mounted(s.Config), s.signed(t, "elmo/one-course.xml")
	foreign, err := convert.Sign(context.Background(), file(t, "elmo/one-course.xml"), s.seal, convert.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	form := func(part, data string) (string, []byte) {
		return formOf(t, [3]string{"document", typeXML, string(xml)}, [3]string{part, typeJSON, data})
	}
	ofIssuer, withIssuer := form("issuer", string(file(t, "issuer.json")))
	ofOptions, withOptions := form("options", `{"birth-country":"NO"}`)
	for name, c := range map[string]struct {
		query, contentType string
		body               []byte
		want               *problem.Type
	}{
		"not asked to verify":   {"", typeXML, xml, problem.Unsealed},
		"switched off":          {"?require-signature=false", typeXML, xml, problem.Unsealed},
		"not signed":            {"?require-signature=true", typeXML, file(t, "elmo/one-course.xml"), problem.Unverified},
		"not signed, not asked": {"", typeXML, file(t, "elmo/one-course.xml"), problem.Unsealed},
		"signed by a stranger":  {"?require-signature=true", typeXML, foreign.Data, problem.Unverified},
		"changed":               {"?require-signature=true", typeXML, bytes.Replace(xml, []byte("Example"), []byte("Elpmaxe"), 1), problem.Unverified},
		"issuer of the request": {"?require-signature=true", ofIssuer, withIssuer, problem.Unsealed},
		"part options":          {"?require-signature=true", ofOptions, withOptions, problem.Unsealed},
		"birth-country":         {"?require-signature=true&birth-country=NO", typeXML, xml, problem.Unsealed},
		"birthdate-zone":        {"?require-signature=true&birthdate-zone=%2B02:00", typeXML, xml, problem.Unsealed},
		"issued":                {"?require-signature=true&issued=2024-06-30T12:00:00Z", typeXML, xml, problem.Unsealed},
		"default-language":      {"?require-signature=true&default-language=en", typeXML, xml, problem.Unsealed},
		"name-language":         {"?require-signature=true&name-language=en", typeXML, xml, problem.Unsealed},
		"only-passed":           {"?require-signature=true&only-passed=true", typeXML, xml, problem.Unsealed},
		"indent":                {"?require-signature=true&indent=true", typeXML, xml, problem.Unsealed},
		"an ELMO document":      {"?require-signature=true&to=elmo", typeXML, xml, problem.Unacceptable},
	} {
		for mediaType := range sealedForms {
			p := refused(t, name, post(h, "/v1/convert"+c.query, c.contentType, mediaType, c.body), c.want)
			if c.want == problem.Unsealed && !strings.Contains(c.query, "=true") && !strings.Contains(p.Detail, "require-signature=true") {
				t.Errorf("%s: %s", name, p.Detail)
			}
		}
	}
	for _, path := range []string{"/v1/batch", "/v1/roundtrip"} {
		refused(t, path, post(h, path, typeXML, typeJAdES, xml), problem.Unacceptable)
	}
	nobody := s.Config
	nobody.Trust = convert.Trust{}
	refused(t, "nobody trusted", post(mounted(nobody), sealedPath, typeXML, typeJAdES, xml), problem.Unverified)
}

// TestSealedWithoutKey: who asks a service without a key is told so.
func TestSealedWithoutKey(t *testing.T) {
	s := newSealing(t, convert.SignOptions{})
	s.Seal = nil
	h, xml := mounted(s.Config), s.signed(t, "elmo/one-course.xml")
	for mediaType := range sealedForms {
		p := refused(t, mediaType, post(h, sealedPath, typeXML, mediaType, xml), problem.Unacceptable)
		if !strings.Contains(p.Detail, "no key") || !strings.Contains(p.Detail, typeJSONLD) {
			t.Error(p.Detail)
		}
	}
	if p := refused(t, "picture", post(h, sealedPath, typeXML, "image/png", xml), problem.Unacceptable); strings.Contains(p.Detail, "no key") {
		t.Error(p.Detail)
	}
}

// TestSealedLater: a time-stamping authority that fails makes no seal of less, and the client learns nothing of it.
func TestSealedLater(t *testing.T) {
	s := newSealing(t, convert.SignOptions{Timestamper: jades.NewTimestamper(func(context.Context, []byte) ([]byte, error) {
		return nil, errors.New("tsa.example.org: it answers with status 500")
	})})
	h, xml := mounted(s.Config), s.signed(t, "elmo/one-course.xml")
	w := post(h, sealedPath, typeXML, typeJAdES, xml)
	refused(t, "no stamp", w, problem.SealUnavailable)
	if strings.Contains(w.Body.String(), "tsa.example.org") || w.Header().Get("Retry-After") == "" {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
	s.accepted(t, "JWT", good(t, h, sealedPath, typeXML, typeJWT, xml), convert.SignatureJWT)
}

// TestNewSealer: the certificate must say whose seal it is, and the issuer of the configuration be the same.
func TestNewSealer(t *testing.T) {
	root := josetest.NewAuthority(t, "Root")
	seal := pairOf(root.Seal(t, josetest.RSA()))
	unnamed := pairOf(root.Issue(t, josetest.RSA(), x509.Certificate{Subject: pkix.Name{CommonName: "tls.example.org"}}))
	own, err := convert.ReadIssuer(file(t, "issuer.json"))
	if err != nil {
		t.Fatal(err)
	}
	other := *own
	other.EIDASIdentifier = "VATNO-111111111"
	for name, c := range map[string]struct {
		key    *keys.Pair
		issuer *convert.Issuer
		good   bool
	}{
		"of the certificate": {seal, nil, true}, "the same": {seal, own, true}, "another": {seal, &other, false},
		"certificate without organisation": {unnamed, nil, false}, "the same, with an issuer": {unnamed, own, false},
	} {
		s, err := NewSealer(c.key, c.issuer, convert.SignOptions{})
		if (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if c.good && s.Issuer().EIDASIdentifier != own.EIDASIdentifier {
			t.Errorf("%s: %+v", name, s.Issuer())
		}
	}
}

// TestSealedDelivery: results of a source of the configuration are given sealed; when they cannot be, the code can be used
// again.
func TestSealedDelivery(t *testing.T) {
	s := newSealing(t, convert.SignOptions{})
	c, store := withEvidence(t)
	mountedAs := func(seal *Sealer, issuer *convert.Issuer) http.Handler {
		var err error
		c.Evidence, err = evidence.New(evidence.Config{Store: store, Sources: map[string]evidence.Provider{"demo": {Source: demo.Source{}}},
			Texts: []string{"text-1"}, Options: convert.Options{Display: convert.DisplayMinimal, Issuer: issuer}, Gate: limit.NewGate(2, time.Minute)})
		if err != nil {
			t.Fatal(err)
		}
		c.Seal = seal
		return mounted(c)
	}
	h, without := mountedAs(s.Seal, s.Seal.Issuer()), mountedAs(nil, nil)
	code := func(format string) string {
		session := beginFor(demo.Learners()[0]).member(t, h, "session")
		return consentTo(session, format, evidence.Everything).member(t, h, "code")
	}
	for mediaType, form := range sealedForms {
		once := code("edc")
		if p := refused(t, "no key", delivery(once, mediaType).ask(without), problem.Unacceptable); !strings.Contains(p.Detail, "no key") {
			t.Error(p.Detail)
		}
		w := delivery(once, mediaType).ask(h)
		conforms(t, http.MethodPost, "/v1/evidence/delivery", w)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != mediaType || w.Header().Get(intactHeader) != "" {
			t.Fatalf("%s: %d %.300s", mediaType, w.Code, w.Body)
		}
		s.accepted(t, mediaType, w.Body.Bytes(), form.form)
		refused(t, "twice", delivery(once, mediaType).ask(h), problem.CodeOver)
	}
	refused(t, "an ELMO document", delivery(code("elmo"), typeJAdES).ask(h), problem.Unacceptable)

	once := code("edc")
	refused(t, "in the name of another", delivery(once, typeJAdES).ask(mountedAs(s.Seal, s.Issuer)), problem.SealUnavailable)
	if w := delivery(once, typeJSONLD).ask(h); w.Code != http.StatusOK {
		t.Errorf("the code is used up: %d %s", w.Code, w.Body)
	}
}

// TestSealableDecided: of each option it is decided whether what is sealed may depend on it.
func TestSealableDecided(t *testing.T) {
	sealable := []string{"Version", "ReportValues", "Keep", "Display", "PrimaryLanguage", "AttachToAll", "RandomIDs"}
	for i := range reflect.TypeFor[Conversion]().NumField() {
		var q Conversion
		field := reflect.TypeFor[Conversion]().Field(i)
		switch v := reflect.ValueOf(&q).Elem().Field(i); v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Bool:
			v.SetBool(true)
		}
		err := (&convertQuery{RequireSignature: true, Conversion: q}).sealable(&upload{})
		if (err == nil) != slices.Contains(sealable, field.Name) {
			t.Errorf("%s: %v", field.Name, err)
		}
	}
}
