package edci

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// ErrContext is returned for a @context that cannot be processed: one we do not have (contexts are
// never fetched), or one that JSON-LD forbids.
var ErrContext = errors.New("edci: @context")

// knownContext is what a context URL stands for.
type knownContext struct {
	terms     []term
	protected bool
	note      string // for a ContextPair observation
}

var (
	edcContext = knownContext{terms: edcTerms}
	vcContext  = knownContext{terms: vcTerms, protected: true}
	vc2Context = knownContext{terms: vcTerms, protected: true,
		note: "the VC 2.0 context cannot stand beside the EDC context; read as VC 1.1"}
)

// contextFor returns the context behind a URL. EDCI's test files name the EDC context by file name on
// several hosts; http and https are not told apart.
func contextFor(address string) (knownContext, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return knownContext{}, false
	}
	switch strings.TrimSuffix(u.Host+u.Path, "/") {
	case "www.w3.org/2018/credentials/v1":
		return vcContext, true
	case "www.w3.org/ns/credentials/v2":
		return vc2Context, true
	case "data.europa.eu/snb/model/context/edc-ap":
		return edcContext, true
	}
	return edcContext, path.Base(u.Path) == "edc-ap-context.jsonld"
}

// document builds the context document for a JSON-LD processor. Each call gives a new one, since the
// processor may change what it is given.
func (k knownContext) document() map[string]any {
	return map[string]any{"@context": k.definitions("")}
}

// definitions builds the definitions of one scope.
func (k knownContext) definitions(scope string) map[string]any {
	defs := map[string]any{}
	for _, t := range k.terms {
		if t.scope == scope {
			defs[t.name] = k.definition(t)
		}
	}
	if len(defs) > 0 && k.protected {
		defs["@version"], defs["@protected"] = 1.1, true
		defs["id"], defs["type"] = "@id", "@type"
	}
	return defs
}

// definition builds one definition: the IRI alone, or an object.
func (k knownContext) definition(t term) any {
	def := map[string]any{"@id": t.iri}
	switch t.as {
	case "":
	case "@language":
		def["@container"] = "@language"
	case "@graph", "@set":
		def["@type"], def["@container"] = "@id", t.as
	default:
		def["@type"] = t.as
	}
	if k.protected {
		if below := k.scoped(t.name); len(below) > 0 {
			def["@context"] = below
		}
	}
	if len(def) == 1 {
		return t.iri
	}
	return def
}

// scoped builds the context that a type or member opens. The published one leaves four entries out of
// RsaSignature2018.
func (k knownContext) scoped(name string) map[string]any {
	defs := k.definitions(openedBy(name))
	if name == "RsaSignature2018" {
		for _, missing := range []string{"id", "type", "sec", "xsd"} {
			delete(defs, missing)
		}
	}
	return defs
}

// openedBy is the scope that a type or a member opens.
func openedBy(name string) string {
	if slices.Contains(signatureSuites, name) {
		return "Signature"
	}
	return name
}

// contextLoader gives a JSON-LD processor the contexts we have; it never fetches.
type contextLoader struct{}

func (contextLoader) LoadDocument(address string) (*ld.RemoteDocument, error) {
	k, ok := contextFor(address)
	if !ok {
		return nil, unknownContext(address)
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: k.document()}, nil
}

// unknownContext names the context when it looks like one, and not like text of the document.
func unknownContext(address string) error {
	if !quotable(address) {
		return fmt.Errorf("%w: an entry is not a context we know, and contexts are not fetched", ErrContext)
	}
	return fmt.Errorf("%w: %q is not a context we know, and contexts are not fetched", ErrContext, address)
}

// longestAddress bounds the URLs in errors.
const longestAddress = 100

// quotable tells whether a string is a short web address that carries no data.
func quotable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && len(address) <= longestAddress && isASCII(address) && isIRI(address) &&
		(u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		!strings.ContainsAny(address, "?#")
}

// termIndex finds terms by scope and name.
type termIndex map[[2]string]*term

func indexTerms(terms []term) termIndex {
	index := termIndex{}
	for i := range terms {
		index[[2]string{terms[i].scope, terms[i].name}] = &terms[i]
	}
	return index
}

var (
	edcIndex    = indexTerms(edcTerms)
	vcIndex     = indexTerms(vcTerms)
	memberByIRI = membersByIRI()
	classByIRI  = classesByIRI()
)

// expandIRI replaces the prefix of an IRI in the table.
func expandIRI(iri string) string {
	prefix, name, ok := strings.Cut(iri, ":")
	if !ok || strings.HasPrefix(name, "//") {
		return iri
	}
	for _, key := range [][2]string{{"", prefix}, {"VerifiableCredential", prefix}} {
		if t := edcIndex[key]; t != nil {
			return t.iri + name
		}
		if t := vcIndex[key]; t != nil {
			return t.iri + name
		}
	}
	return iri
}

// membersByIRI maps the IRI of a property to its term.
func membersByIRI() map[string]*term {
	m := map[string]*term{}
	for _, terms := range [][]term{edcTerms, vcTerms} {
		for i := range terms {
			if t := &terms[i]; t.as != "" || t.name == "notation" {
				m[expandIRI(t.iri)] = t
			}
		}
	}
	for iri, name := range olderIRIs {
		m[iri] = edcIndex[[2]string{"", name}]
	}
	return m
}

// olderIRIs are properties of earlier contexts.
var olderIRIs = map[string]string{
	"http://data.europa.eu/snb/model/elm/nationalID":         "nationalID",
	"http://data.europa.eu/snb/model/elm/resultDestribution": "resultDistribution",
	"http://data.europa.eu/snb/model/elm/mailbox":            "emailAddress",
	"http://data.europa.eu/snb/model/elm/expirydate":         "expiryDate",
}

// classesByIRI maps the IRI of a class to its name.
func classesByIRI() map[string]string {
	m := map[string]string{"http://data.europa.eu/snb/model/elm/EmailAddress": "Mailbox"}
	for _, terms := range [][]term{edcTerms, vcTerms} {
		for i := range terms {
			if t := &terms[i]; t.as == "" && t.name[0] >= 'A' && t.name[0] <= 'Z' {
				m[expandIRI(t.iri)] = t.name
			}
		}
	}
	return m
}
