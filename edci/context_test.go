package edci

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"elmobridge/testdata/judge"

	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"
)

// officialLoader gives the context files of the corpus.
type officialLoader struct{ edc, vc any }

func (l officialLoader) LoadDocument(address string) (*ld.RemoteDocument, error) {
	k, ok := contextFor(address)
	if !ok {
		return nil, unknownContext(address)
	}
	doc := l.edc
	if k.protected {
		doc = l.vc
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: ld.CloneDocument(doc)}, nil
}

func loadOfficial(t *testing.T) officialLoader {
	read := func(name string) (doc any) {
		src, err := os.ReadFile(judge.Corpus(t, "elm", "context", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(src, &doc); err != nil {
			t.Fatal(err)
		}
		return doc
	}
	return officialLoader{read("edc-ap-context-3.2.jsonld"), read("credentials-v1.jsonld")}
}

// quads is the canonical RDF of a document, or the error.
func quads(doc any, loader ld.DocumentLoader) string {
	o := ld.NewJsonLdOptions("")
	o.DocumentLoader = loader
	o.ProcessingMode = ld.JsonLd_1_1
	o.Algorithm = ld.AlgorithmURDNA2015
	o.Format = "application/n-quads"
	text, err := ld.NewJsonLdProcessor().Normalize(ld.CloneDocument(doc), o)
	if err != nil {
		return "error: " + err.Error()
	}
	return text.(string)
}

// document returns the credential of a sample as generic JSON: out of a seal or wrapper.
func document(src []byte) any {
	var doc any
	if json.Unmarshal(src, &doc) != nil {
		return nil
	}
	m, ok := doc.(map[string]any)
	if !ok {
		return nil
	}
	if payload, ok := m["payload"].(string); ok {
		if raw, ok := decodeBase64(payload); ok && bytes.HasPrefix(raw, []byte("{")) {
			return document(raw)
		}
		return document([]byte(payload))
	}
	if inner, ok := m["credential"]; ok {
		return inner
	}
	return doc
}

// Our term tables mean the same as the published contexts: every sample has the same RDF with both.
func TestContextsAreTheOfficialOnes(t *testing.T) {
	official := loadOfficial(t)
	samples(t, func(t *testing.T, name string, src []byte) {
		doc := document(src)
		if doc == nil {
			t.Fatal("no JSON")
		}
		want, got := quads(doc, official), quads(doc, contextLoader{})
		if want != got {
			t.Errorf("RDF differs:\n%s", cmp.Diff(want, got))
		}
	}, notJSON[0], notJSON[1],
		"edci/regularCred.jsonld", "mynextid/edc-cas-signed.jsonld") // too long for canonicalisation in a test
}

// The same, definition by definition.
func TestTermsAreTheOfficialOnes(t *testing.T) {
	official := loadOfficial(t)
	for name, pair := range map[string][2]any{
		"edc": {official.edc, edcContext.document()},
		"vc":  {official.vc, vcContext.document()},
	} {
		if diff := cmp.Diff(normalContext(pair[0]), normalContext(pair[1])); diff != "" {
			t.Errorf("%s context differs from the published one (-published +ours):\n%s", name, diff)
		}
	}
}

// normalContext writes {"@id":x} as x.
func normalContext(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	if id, ok := m["@id"]; ok && len(m) == 1 {
		return id
	}
	out := map[string]any{}
	for name, below := range m {
		out[name] = normalContext(below)
	}
	return out
}

func TestUnknownContextIsNamed(t *testing.T) {
	_, err := Read([]byte(`{"@context":["https://example.org/ctx"],"type":"EuropeanDigitalCredential"}`), ReadOptions{})
	if err == nil || err.Error() != `edci: @context: "https://example.org/ctx" is not a context we know, and contexts are not fetched` {
		t.Error(err)
	}
}

func TestContextAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"http://data.europa.eu/snb/model/context/edc-ap":               true,
		"https://data.europa.eu/snb/model/context/edc-ap":              true,
		"http://dev.everisdx.io/datamodel/edc-ap-context.jsonld":       true,
		"http://dev.everisdx.io/datamodel/test/edc-ap-context.jsonld":  true,
		"https://www.w3.org/2018/credentials/v1":                       true,
		"https://www.w3.org/ns/credentials/v2":                         true,
		"https://www.w3.org/2018/credentials/v2":                       false,
		"http://example.org/edc-ap-context.jsonld/x":                   false,
		"http://data.europa.eu/snb/model/context/edc-ap-context-other": false,
		"%%%": false,
	} {
		if _, got := contextFor(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
