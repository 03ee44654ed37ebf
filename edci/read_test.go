package edci

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"elmobridge/testdata/judge"

	"github.com/piprate/json-gold/ld"
)

// How the samples are read: envelope and form, or what the refusal says.
func TestSamples(t *testing.T) {
	want := map[string]string{
		"dc4eu/HE-ToR-ToR_uio_elmo-1.7.input.xml":        "no European Digital Credential: an XML document with root element elmo",
		"v2-xml/credential-diploma-profile-xsd_v1.2.xml": "ELM v2",
		"edci/acc.json":                                       "a JSON object of type Accreditation",
		"edci/test-data-json.jsonld":                          "without a node of type EuropeanDigitalCredential", // terms in another name space
		"edci/credFlatten.jsonld":                             "credential json-ld",
		"europass/credential-sample-3.1-in-3.2-branch.jsonld": "credential json-ld",
		"europass/Sample-CertOfPart-unsigned-uploadable.json": "upload plain",
		"europass/Sample-CertOfPart-signed.jsonld":            "jades plain sealed",
		"edci/credential-signed.jsonld":                       "jades plain sealed",
		"edci/credential-jws-invalid.jsonld":                  "jades plain sealed",
		"mynextid/edc-cas-signed.jsonld":                      "jades plain sealed",
		"mynextid/edc-coe-signed.jsonld":                      "jades plain sealed",
		"mynextid/edc-cps-signed.jsonld":                      "jades plain sealed",
		"mynextid/edc-dc-signed.jsonld":                       "jades plain sealed",
		"europass/credential-sample-3.2.jsonld":               "credential plain sealed", // has a proof member
	}
	samples(t, func(t *testing.T, name string, src []byte) {
		expected := want[name]
		if expected == "" {
			expected = "credential plain"
		}
		credentials, err := Read(src, ReadOptions{})
		if err != nil {
			if !strings.Contains(err.Error(), expected) {
				t.Error(err)
			}
			return
		}
		s := credentials[0].Source
		got := s.Envelope + " " + s.Form
		if s.Sealed && s.Form == "plain" {
			got += " sealed"
		}
		if got != expected || len(credentials) != 1 {
			t.Errorf("%s, want %s", got, expected)
		}
		if credentials[0].CredentialSubject == nil {
			t.Error("no subject")
		}
	})
}

func observed(s *Source, kind ObservationKind) []string {
	var at []string
	for _, o := range s.Observations {
		if o.Kind == kind {
			at = append(at, o.Pointer)
		}
	}
	return at
}

func read1(t *testing.T, src string) *EuropeanDigitalCredential {
	t.Helper()
	c, err := Read([]byte(src), ReadOptions{})
	if err != nil || len(c) != 1 {
		t.Fatalf("%v, %d credentials in %.200s", err, len(c), src)
	}
	return c[0]
}

const contexts = `"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"]`

const tiny = `{` + contexts + `,"id":"urn:credential:1","type":["VerifiableCredential","EuropeanDigitalCredential"],` +
	`"issued":"2026-01-01T00:00:00Z","credentialSubject":{"type":"Person","givenName":{"en":"Ana"}}}`

func TestEnvelopes(t *testing.T) {
	quote := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	b64 := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	jwt := func(payload string) string { return b64(`{"alg":"ES256"}`) + "." + b64(payload) + ".c2ln" }
	disclosure := b64(`["salt","elm",` + tiny + `]`)
	sum := sha256.Sum256([]byte(disclosure))
	digest := base64.RawURLEncoding.EncodeToString(sum[:])
	jades := `{"payload":` + quote(tiny) + `,"signatures":[{"protected":"` + b64(`{"b64":false}`) + `","signature":"x"}]}`
	for name, c := range map[string]struct{ src, envelope string }{
		"credential":           {tiny, "credential"},
		"byte order mark":      {"\uFEFF\n" + tiny, "credential"},
		"array":                {"[" + tiny + "]", "array"},
		"presentation":         {`{"type":"EuropeanDigitalPresentation",` + contexts + `,"verifiableCredential":[` + tiny + `]}`, "presentation"},
		"presentation of jwt":  {`{"type":["VerifiablePresentation"],"verifiableCredential":"` + jwt(`{"vc":`+tiny+`}`) + `"}`, "presentation"},
		"presentation of seal": {`{"type":["VerifiablePresentation"],"verifiableCredential":` + jades + `}`, "presentation"},
		"upload":               {`{"credential":` + tiny + `,"deliveryDetails":{}}`, "upload"},
		"elm":                  {`{"elm":` + tiny + `}`, "elm"},
		"elm in base64":        {`{"elm":"` + base64.StdEncoding.EncodeToString([]byte(tiny)) + `"}`, "elm"},
		"jades":                {jades, "jades"},
		"flattened jws":        {`{"payload":"` + b64(tiny) + `","protected":"` + b64(`{}`) + `","signature":"x"}`, "jades"},
		"jws":                  {jwt(tiny), "jwt"},
		"jwt":                  {jwt(`{"iss":"x","vc":` + tiny + `}`), "jwt"},
		"sd-jwt plain":         {jwt(`{"vct":"urn:eudi:elm:1","elm":`+tiny+`}`) + "~", "sd-jwt"},
		"sd-jwt disclosed":     {jwt(`{"vct":"urn:eudi:elm:1","_sd":["`+digest+`"],"_sd_alg":"sha-256"}`) + "~" + disclosure + "~" + jwt(`{}`), "sd-jwt"},
	} {
		got := read1(t, c.src)
		s := got.Source
		if s.Envelope != c.envelope || s.Form != "plain" || string(s.Data) != c.src {
			t.Errorf("%s: %s %s", name, s.Envelope, s.Form)
		}
		sealed := strings.Contains(c.src, "signature") || strings.Contains(c.src, jwt("")[:20])
		if s.Sealed != sealed {
			t.Errorf("%s: sealed %v", name, s.Sealed)
		}
		if text, _ := got.CredentialSubject.(*Person).GivenName.Get("en"); text != "Ana" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	jwt := func(payload string) string {
		return "eyJ9." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
	}
	for src, want := range map[string]string{
		"":                         "the file is empty",
		"hello":                    "neither JSON nor a compact JWS",
		"PK\x03":                   "neither JSON nor a compact JWS",
		`"x"`:                      "a JSON string",
		`[]`:                       "an empty array",
		`[1]`:                      "a JSON value that is no object",
		`{}`:                       "a JSON object without a type",
		`{"type":"Ana Andromeda"}`: "a JSON object of a type we do not know",
		`{"type":["Thing"]}`:       "a JSON object of a type we do not know",
		`<x/>`:                     "an XML document",
		`<`:                        "an XML document",
		`<?xml version="1.0"?><!-- --><europassCredential xmlns="http://data.europa.eu/snb"/>`: "ELM v2",
		`{"type":"VerifiablePresentation"}`:                                                    "a presentation without credentials",
		jwt(`{"sub":"Ana"}`):                                                                   "a JSON object without a type",
		jwt(`{"_sd_alg":"md5"}`) + "~":                                                         "hash algorithm",
		jwt(`{"_sd":["AAAA"]}`) + "~" + base64.RawURLEncoding.EncodeToString([]byte(`["s","elm",`+tiny+`]`)) + "~": "a JSON object without a type",
		`{"payload":"%%%","signature":"x"}`:                           "payload is not base64url",
		`{"type":"EuropeanDigitalCredential",`:                        "line 1",
		strings.Repeat(`{"elm":`, 20) + `1` + strings.Repeat("}", 20): "more than 8 envelopes",
	} {
		_, err := Read([]byte(src), ReadOptions{})
		if err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, ErrNotEDC) && !errors.Is(err, ErrELM2) {
			t.Errorf("%.60q: %v, want %s", src, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "Ana") {
			t.Errorf("a value in the error: %v", err)
		}
	}
}

func TestSeveralCredentials(t *testing.T) {
	c, err := Read([]byte("["+tiny+","+tiny+"]"), ReadOptions{})
	if err != nil || len(c) != 2 || c[0].Source.Index != 0 || c[1].Source.Index != 1 {
		t.Error(c, err)
	}
}

func TestUnusualContexts(t *testing.T) {
	for name, c := range map[string]struct {
		context string
		form    string
		pair    []string
	}{
		"other order": {`["http://data.europa.eu/snb/model/context/edc-ap","https://www.w3.org/2018/credentials/v1"]`, "plain", nil},
		"https":       {`["https://www.w3.org/2018/credentials/v1","https://data.europa.eu/snb/model/context/edc-ap"]`, "plain", nil},
		"VC 2.0":      {`["https://www.w3.org/ns/credentials/v2","http://data.europa.eu/snb/model/context/edc-ap"]`, "plain", []string{"/@context"}},
		"inline":      {`["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap",{"x":"urn:x"}]`, "json-ld", nil},
	} {
		src := strings.Replace(tiny, contexts, `"@context":`+c.context, 1)
		got := read1(t, src)
		if got.Source.Form != c.form || !slices.Equal(observed(got.Source, ContextPair), c.pair) || got.CredentialSubject == nil || got.Issued == "" {
			t.Errorf("%s: %s %v", name, got.Source.Form, got.Source.Observations)
		}
	}
	got := read1(t, strings.Replace(tiny, contexts+",", "", 1))
	if got.Source.Form != "plain" || !slices.Equal(observed(got.Source, ContextPair), []string{""}) {
		t.Error(got.Source.Observations)
	}
	_, err := Read([]byte(strings.Replace(tiny, `"credentialSubject":{`, `"credentialSubject":{"@context":{"@import":"http://x"},`, 1)), ReadOptions{})
	if !errors.Is(err, ErrContext) {
		t.Error(err)
	}
}

// Old spellings are read on both paths.
func TestSpellings(t *testing.T) {
	const body = `"issuer":{"type":"Organisation","eIDASΙdentifier":{"type":"LegalIdentifier","notation":"1"},` +
		`"contactPoint":{"type":"ContactPoint","mailbox":{"id":"mailto:a@b.c","type":"EmailAddress"}}},` +
		`"credentialSubject":{"type":"Person","hasClaim":{"type":"LearningAssessment","resultDestribution":{"type":"ResultDistribution","resultCategory":{"type":"ResultCategory","count":3}}}},` +
		`"sec:proof":{"id":"urn:p","type":"Proof"}}`
	for form, prefix := range map[string]string{
		"plain":   `{` + contexts + `,"type":["VerifiableCredential","EuropeanDigitalCredential"],`,
		"json-ld": `{` + contexts + `,"@type":["VerifiableCredential","EuropeanDigitalCredential"],`,
	} {
		c := read1(t, prefix+body)
		if n := len(observed(c.Source, Spelling)); c.Source.Form != form || n != 5 {
			t.Errorf("%s: %s %v", form, c.Source.Form, c.Source.Observations)
		}
		issuer := c.Issuer.(*Organisation)
		claim := c.CredentialSubject.(*Person).HasClaim[0].(*LearningAssessment)
		if issuer.EIDASIdentifier == nil || issuer.EIDASIdentifier.Notation != "1" || issuer.EIDASIdentifier.Class != "LegalIdentifier" ||
			issuer.ContactPoint[0].EmailAddress[0].ID != "mailto:a@b.c" ||
			claim.ResultDistribution == nil || claim.ResultDistribution.ResultCategory[0].Count != "3" || len(c.Proof) != 1 {
			t.Errorf("%s: %s", form, AppendValue(nil, c.Source.Tree))
		}
	}
}

// Members that no context knows stay in the tree, on both paths, at their node.
func TestNotInContext(t *testing.T) {
	const rest = `"cnf":{"jwk":{"x":[1,2]}},"credentialSubject":{"id":"urn:p","type":"Person","studentNumber":"7","evidence":{"type":"X"},` +
		`"hasClaim":[{"type":"LearningActivity","degree":{"a":1},"title":{"en":"x"}}]}}`
	const want = `[/cnf /credentialSubject/studentNumber /credentialSubject/evidence /credentialSubject/hasClaim/0/degree]`
	for form, prefix := range map[string]string{
		"plain":   `{` + contexts + `,"type":["VerifiableCredential","EuropeanDigitalCredential"],`,
		"json-ld": `{` + contexts + `,"@type":["VerifiableCredential","EuropeanDigitalCredential"],`,
	} {
		c := read1(t, prefix+rest)
		got := observed(c.Source, NotInContext)
		wanted := strings.Fields(strings.Trim(want, "[]"))
		slices.Sort(got)
		slices.Sort(wanted)
		if c.Source.Form != form || !slices.Equal(got, wanted) {
			t.Errorf("%s: %s %v", form, c.Source.Form, got)
		}
		for _, at := range wanted {
			if _, ok := At(c.Source.Tree, at); !ok {
				t.Errorf("%s: %s is not in the tree %s", form, at, AppendValue(nil, c.Source.Tree))
			}
		}
		if v, _ := At(c.Source.Tree, "/cnf/jwk/x/1"); v != json.Number("2") {
			t.Errorf("%s: %v", form, v)
		}
	}
}

// The smallest valid credential reads the same in every form that JSON-LD gives it.
func TestForms(t *testing.T) {
	src, err := os.ReadFile(judge.Corpus(t, "elm", "samples", "own", "minimal-valid.jsonld"))
	if err != nil {
		t.Fatal(err)
	}
	plain := read1(t, string(src))
	var doc any
	_ = json.Unmarshal(src, &doc)
	p, o := ld.NewJsonLdProcessor(), ld.NewJsonLdOptions("")
	o.DocumentLoader = contextLoader{}
	expanded, err := p.Expand(doc, o)
	if err != nil {
		t.Fatal(err)
	}
	flattened, err := p.Flatten(doc, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	both := []any{contextEDC, contextVC}
	flatCompact, err := p.Flatten(doc, map[string]any{"@context": both}, o)
	if err != nil {
		t.Fatal(err)
	}
	flatCompact.(map[string]any)["@context"] = both // json-gold writes one that lacks the terms inside VerifiableCredential
	compact, err := p.Compact(expanded, map[string]any{"@context": both}, o)
	if err != nil {
		t.Fatal(err)
	}
	iris, err := p.Compact(expanded, map[string]any{"@context": map[string]any{"elm": "http://data.europa.eu/snb/model/elm/"}}, o)
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]any{
		"expanded": expanded, "flattened": flattened, "flattened with contexts": flatCompact, "compact": compact, "compact with a prefix": iris,
	} {
		text, _ := json.Marshal(form)
		c := read1(t, string(text))
		if diff := Diff(plain.Source.Tree, c.Source.Tree); len(diff) > 0 {
			t.Errorf("%s: %v", name, diff)
		}
		if diff := Diff(c.Source.Tree, plain.Source.Tree); len(diff) > 0 {
			t.Errorf("%s, the other way: %v", name, diff)
		}
		plainCopy, copy := *plain, *c
		plainCopy.Source, copy.Source = nil, nil
		if !reflect.DeepEqual(plainCopy, copy) {
			t.Errorf("%s: the model differs:\n%s\n%s", name, Append(nil, plain), Append(nil, c))
		}
	}
}

// Every sample, sent through the JSON-LD processor and back, is what it was, but for what the
// processor merges or reorders.
func TestSamplesThroughProcessor(t *testing.T) {
	leftOut := append(slices.Clone(unreadable),
		"edci/credFlatten.jsonld", "europass/credential-sample-3.1-in-3.2-branch.jsonld", // go through it anyway
		// Different content under one id:
		"edci/cred1.jsonld", "edci/credential-signed.jsonld", "edci/regularCred.jsonld",
		"mynextid/edc-cas-signed.jsonld", "ebsi/DigiComp_Generic.json", "ebsi/DigiComp_Generic_test.json",
		"ebsi/DigiComp_Generic_test_smaller.jsonld", "ebsi/Diploma_rntuo_credential.json",
		"ebsi/Francisco_Cruz_Argudo_Certificate_of_Completion.json")
	samples(t, func(t *testing.T, name string, src []byte) {
		plain, err := Read(src, ReadOptions{})
		if err != nil || plain[0].Source.Form != "plain" {
			t.Fatal("not read as plain: ", err)
		}
		tree := plain[0].Source.Tree
		forced, ok := Set(slices.Clone(tree), "/@included", Array{})
		if !ok {
			t.Fatal("not set")
		}
		c := read1(t, string(AppendValue(nil, forced)))
		if c.Source.Form != "json-ld" {
			t.Fatal(c.Source.Form)
		}
		for _, d := range Diff(tree, c.Source.Tree) {
			if d.Kind != DiffOrder {
				t.Errorf("%s %s", d.Kind, d.Pointer)
			}
		}
		unknown := observed(plain[0].Source, NotInContext)
		if got := observed(c.Source, NotInContext); len(got) != len(unknown) {
			t.Errorf("not in context: %v, plain %v", got, unknown)
		}
	}, leftOut...)
}

// Hostile documents end in an error, and soon.
func TestHostile(t *testing.T) {
	doubling := func(n int) string {
		var b strings.Builder
		b.WriteString(`{` + contexts + `,"@graph":[{"id":"urn:0","type":["VerifiableCredential","EuropeanDigitalCredential"],"credentialSubject":{"type":"Person","hasClaim":"urn:c0"}}`)
		for i := range n {
			next := "urn:c" + strings.Repeat("1", i+1)
			id := "urn:c" + strings.Repeat("1", i)
			if i == 0 {
				id = "urn:c0"
			}
			b.WriteString(`,{"id":"` + id + `","type":"LearningAchievement","hasPart":{"type":"LearningAchievement","hasPart":"` + next + `"},"isPartOf":{"type":"LearningAchievement","hasPart":"` + next + `"}}`)
		}
		return b.String() + `]}`
	}
	manyContexts := `{` + contexts + `,"type":["VerifiableCredential","EuropeanDigitalCredential"],"hasClaim":[` +
		strings.TrimSuffix(strings.Repeat(`{"@context":"http://data.europa.eu/snb/model/context/edc-ap"},`, 10_000), ",") + `]}`
	loop := `{` + contexts + `,"id":"urn:0","type":["VerifiableCredential","EuropeanDigitalCredential"],"credentialSubject":{"id":"urn:p","type":"Person","hasCredential":{"id":"urn:0"}}}`
	for name, c := range map[string]struct {
		src string
		err error
	}{
		"doubling":      {doubling(40), ErrLimit},
		"many contexts": {manyContexts, ErrContext},
		"loop":          {loop, nil},
		"deep":          {strings.Repeat(`{"a":`, 100_000), ErrNotEDC},
		"null context":  {`{"@context":null,"type":"EuropeanDigitalCredential"}`, nil},
		"language":      {`{` + contexts + `,"@type":"EuropeanDigitalCredential","title":{"en":{"a":1}}}`, ErrJSONLD},
	} {
		_, err := Read([]byte(c.src), ReadOptions{})
		if !errors.Is(err, c.err) && !(c.err == nil && err == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		tiny, "[" + tiny + "]", `{"credential":` + tiny + `}`, `{"elm":` + tiny + `}`, smallJSON,
		`{` + contexts + `,"@graph":[{"id":"urn:0","type":["VerifiableCredential","EuropeanDigitalCredential"],"credentialSubject":"urn:p"},{"id":"urn:p","type":"Person","x":1}]}`,
		`{"@context":[{"a":"@type","b":{"@id":"urn:b","@container":"@language"}}],"a":"http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential","b":{"en":"x"}}`,
		`[{"@id":"urn:1","@type":["http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential"],"http://purl.org/dc/terms/issued":[{"@value":"x"}]}]`,
		"eyJ9.e30.c2ln~WyJzIiwiZWxtIix7fV0~", `<europassCredential/>`, `{"payload":"e30","signatures":[{"protected":"e30"}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		credentials, err := Read(src, ReadOptions{Limits: Limits{Size: 1 << 20, Nodes: 10_000}})
		if err != nil {
			return
		}
		for _, c := range credentials {
			out := Append(nil, c)
			if !json.Valid(out) {
				t.Fatalf("%q is written as %q", src, out)
			}
			AssignIDs(c, "seed")
			Diff(c.Source.Tree, Tree(c))
		}
	})
}
