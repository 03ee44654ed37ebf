package edci

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"
)

var (
	// ErrNotEDC is returned for files in which no European Digital Credential is found.
	ErrNotEDC = errors.New("edci: no European Digital Credential")

	// ErrELM2 is returned for credentials of ELM v2, which are XML.
	ErrELM2 = errors.New("edci: a European digital credential of ELM v2 (XML, issued until 2023); " +
		"only ELM v3 (JSON-LD) is read. Europass converts ELM v2 credentials when they are uploaded there")
)

// found is one document inside a file.
type found struct {
	value    any // Object, or the Array of a JSON-LD document in expanded form
	context  any // inherited from the presentation around it
	envelope string
	sealed   bool
	around   []string // this and the following: see Source
	at       string
	encoded  bool
	closed   string // how it is signed, when it was not opened; see Open
}

// opener takes envelopes off.
type opener struct {
	lim    Limits
	closed bool // leave what is signed closed
	found  []found
}

// mostEnvelopes is how deep envelopes may be inside each other.
const mostEnvelopes = 8

// place is where the opener is.
type place struct {
	envelope string // the outermost
	sealed   bool
	context  any
	depth    int
	around   []string
	at       string
	encoded  bool
}

// in goes one envelope deeper.
func (p place) in(envelope string, sealed bool) place {
	if p.envelope == "" {
		p.envelope = envelope
	}
	p.sealed = p.sealed || sealed
	p.depth++
	return p
}

// below goes to a member or an element.
func (p place) below(token string) place {
	p.at = string(AppendToken([]byte(p.at), token))
	return p
}

// decoded is a place in a text that was decoded: pointers into the file end before it.
func (p place) decoded() place {
	p.encoded = true
	return p
}

// beside notes the members of an envelope that are not read: all but those named.
func (p place) beside(envelope string, o Object, read ...string) (place, error) {
	p.around = slices.Clone(p.around)
	for _, m := range o {
		if !slices.Contains(read, m.Name) {
			p.around = append(p.around, envelope+"/"+m.Name)
		}
	}
	if len(p.around) > mostUnknown {
		return p, fmt.Errorf("%w: more than %d members around a credential", ErrLimit, mostUnknown)
	}
	return p, nil
}

// open opens a file.
func (u *opener) open(src []byte) error {
	text := bytes.TrimSpace(bytes.TrimPrefix(src, []byte("\uFEFF")))
	switch {
	case len(text) == 0 && bytes.HasPrefix(src, []byte("\uFEFF")):
		return fmt.Errorf("%w: the file is empty but for a byte order mark", ErrNotEDC)
	case len(text) == 0:
		return fmt.Errorf("%w: the file is empty", ErrNotEDC)
	case text[0] == '<':
		return xmlError(text)
	case text[0] == '{' || text[0] == '[' || text[0] == '"':
		return u.json(src, place{})
	case isCompact(text):
		return u.compact(string(text), place{})
	}
	return fmt.Errorf("%w: neither JSON nor a compact JWS", ErrNotEDC)
}

// json opens a JSON text.
func (u *opener) json(src []byte, p place) error {
	v, err := ParseJSON(src, u.lim)
	if err != nil {
		return err
	}
	return u.value(v, p)
}

// value opens a JSON value.
func (u *opener) value(v any, p place) error {
	if p.depth > mostEnvelopes {
		return fmt.Errorf("%w: more than %d envelopes inside each other", ErrNotEDC, mostEnvelopes)
	}
	switch v := v.(type) {
	case Object:
		return u.object(v, p)
	case Array:
		return u.array(v, p)
	case string:
		return u.text(v, p)
	}
	return fmt.Errorf("%w: a JSON value that is no object", ErrNotEDC)
}

// array opens a list of credentials, or keeps a JSON-LD document in expanded form whole.
func (u *opener) array(a Array, p place) error {
	if slices.ContainsFunc(a, isExpanded) {
		u.keep(a, p)
		return nil
	}
	if len(a) == 0 {
		return fmt.Errorf("%w: an empty array", ErrNotEDC)
	}
	for i, e := range a {
		if err := u.value(e, p.in("array", false).below(strconv.Itoa(i))); err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
	}
	return nil
}

// isExpanded tells whether an element of an array is a node in expanded form.
func isExpanded(v any) bool {
	o, _ := v.(Object)
	return has(o, "@type") || has(o, "@id") || has(o, "@graph")
}

func has(o Object, name string) bool {
	_, ok := o.Get(name)
	return ok
}

// text opens a compact JWS or SD-JWT, or JSON in base64.
func (u *opener) text(s string, p place) error {
	if isCompact([]byte(s)) {
		return u.compact(s, p)
	}
	if src, ok := decodeBase64(s); ok {
		if src = bytes.TrimSpace(src); len(src) > 0 && src[0] == '{' {
			return u.json(src, p.decoded())
		}
	}
	return fmt.Errorf("%w: a JSON string", ErrNotEDC)
}

// wrappers are the objects that hold a credential, in the order in which they are tried. A name is the
// member that holds it.
var wrappers = []struct {
	envelope string
	is       func(Object) bool
	member   string
}{
	{"jades", isJWS, ""},
	{"credential", isCredential, ""},
	{"presentation", isPresentation, ""},
	{"upload", noContext, "credential"},
	{"elm", noContext, "elm"},
	{"jwt", noContext, "vc"},
	{"jwt", noContext, "vp"},
	{"credential", isJSONLD, ""},
}

// object opens an object.
func (u *opener) object(o Object, p place) error {
	for _, w := range wrappers {
		inner, there := o.Get(w.member)
		there = there && w.member != ""
		if !w.is(o) || w.member != "" && !there {
			continue
		}
		if u.closed && w.envelope == "jades" {
			return u.close(o, w.envelope, p)
		}
		p := p.in(w.envelope, w.envelope == "jades")
		switch {
		case there:
			p, err := p.beside(w.envelope, o, w.member)
			if err != nil {
				return err
			}
			return u.value(inner, p.below(w.member))
		case w.envelope == "jades":
			return u.jws(o, p)
		case w.envelope == "presentation":
			return u.presentation(o, p)
		}
		u.credential(o, p)
		return nil
	}
	return fmt.Errorf("%w: %s", ErrNotEDC, describe(o))
}

func noContext(o Object) bool { return !has(o, "@context") }

// describe says what an object is, by its class when that is one of the contexts.
func describe(o Object) string {
	types := nodeTypes(o)
	for _, t := range types {
		if name, ok := classByIRI[expandIRI(t)]; ok {
			return "a JSON object of type " + name
		}
		if knownClasses[t] {
			return "a JSON object of type " + t
		}
	}
	if len(types) > 0 {
		return "a JSON object of a type we do not know"
	}
	return "a JSON object without a type"
}

// knownClasses are the names of classes in the contexts.
var knownClasses = func() map[string]bool {
	names := map[string]bool{}
	for _, name := range classByIRI {
		names[name] = true
	}
	return names
}()

// knownRoots are elements that other documents begin with.
var knownRoots = map[string]bool{"elmo": true, "learnerinfo": true, "html": true, "svg": true}

// hasType tells whether a node is of a class, under its term, a prefix or its IRI.
func hasType(o Object, class string) bool {
	return slices.ContainsFunc(nodeTypes(o), func(t string) bool {
		return t == class || strings.HasSuffix(t, ":"+class) || strings.HasSuffix(t, "/"+class) || strings.HasSuffix(t, "#"+class)
	})
}

// isCredential recognises a credential; one that only says VerifiableCredential by the EDC context.
func isCredential(o Object) bool {
	return hasType(o, "EuropeanDigitalCredential") || hasType(o, "VerifiableCredential") && hasEDCContext(o)
}

func hasEDCContext(o Object) bool {
	context, _ := o.Get("@context")
	return slices.ContainsFunc(typesOf(context), func(address string) bool {
		k, ok := contextFor(address)
		return ok && !k.protected
	})
}

func isPresentation(o Object) bool {
	return hasType(o, "EuropeanDigitalPresentation") || hasType(o, "VerifiablePresentation") || has(o, "verifiableCredential")
}

// isJSONLD tells whether an object may be a JSON-LD document of another shape.
func isJSONLD(o Object) bool {
	return has(o, "@graph") || has(o, "@type") || has(o, "@id") || has(o, "@context")
}

// isJWS recognises the JSON serialisations of RFC 7515, 7.2, which JAdES uses.
func isJWS(o Object) bool {
	payload, _ := o.Get("payload")
	_, ok := payload.(string)
	return ok && (has(o, "signatures") || has(o, "signature"))
}

// credential keeps a credential; a proof inside is a signature, too.
func (u *opener) credential(o Object, p place) {
	p.sealed = p.sealed || has(o, "proof") || has(o, "sec:proof") || has(o, "cred:proof")
	u.keep(o, p)
}

func (u *opener) keep(v any, p place) {
	if p.envelope == "" {
		p.envelope = "credential"
	}
	u.found = append(u.found, found{value: v, context: p.context, envelope: p.envelope, sealed: p.sealed, around: p.around, at: p.at, encoded: p.encoded})
}

// presentation opens the credentials of a presentation; they inherit its context.
func (u *opener) presentation(o Object, p place) error {
	list, _ := o.Get("verifiableCredential")
	if len(values(list)) == 0 {
		return fmt.Errorf("%w: a presentation without credentials", ErrNotEDC)
	}
	if context, ok := o.Get("@context"); ok {
		p.context = context
	}
	p, err := p.beside("presentation", o, "@context", "id", "type", "verifiableCredential")
	if err != nil {
		return err
	}
	p = p.below("verifiableCredential")
	_, many := list.(Array)
	for i, v := range values(list) {
		p := p
		if many {
			p = p.below(strconv.Itoa(i))
		}
		if err := u.value(v, p); err != nil {
			return fmt.Errorf("credential %d of the presentation: %w", i, err)
		}
	}
	return nil
}

// jws opens a JWS in JSON serialisation, general or flattened. With b64 false in the protected header
// the payload is the text itself (RFC 7797). The signature is not verified.
func (u *opener) jws(o Object, p place) error {
	payload, _ := o.Get("payload")
	text := payload.(string)
	if signatures, ok := o.Get("signatures"); ok {
		if first := values(signatures); len(first) > 0 {
			o, _ = first[0].(Object)
		}
	}
	if plainPayload(o) || strings.HasPrefix(strings.TrimSpace(text), "{") {
		return u.json([]byte(text), p.decoded())
	}
	src, ok := decodeBase64(text)
	if !ok {
		return fmt.Errorf("%w: a JWS whose payload is not base64url", ErrNotEDC)
	}
	return u.json(src, p.decoded())
}

// plainPayload reads b64 from the protected header.
func plainPayload(signature Object) bool {
	protected, _ := signature.Get("protected")
	s, _ := protected.(string)
	src, _ := decodeBase64(s)
	header, err := ParseJSON(src, Limits{})
	if err != nil {
		return false
	}
	b64, _ := At(header, "/b64")
	return b64 == false
}

// isCompact recognises a compact JWS or an SD-JWT: base64url parts, two full stops, tildes.
func isCompact(s []byte) bool {
	jwt, _, _ := bytes.Cut(s, []byte("~"))
	if bytes.Count(jwt, []byte(".")) != 2 || jwt[0] == '.' {
		return false
	}
	for _, c := range s {
		if c != '.' && c != '~' && !isBase64URL(c) {
			return false
		}
	}
	return true
}

func isBase64URL(c byte) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// compact opens a compact JWS, a JWT or an SD-JWT. The signature is not verified.
func (u *opener) compact(s string, p place) error {
	jwt, disclosures, sd := strings.Cut(s, "~")
	envelope := "jwt"
	if sd {
		envelope = "sd-jwt"
	}
	if u.closed {
		return u.close(s, envelope, p)
	}
	src, ok := decodeBase64(strings.Split(jwt, ".")[1])
	if !ok {
		return fmt.Errorf("%w: a JWS whose payload is not base64url", ErrNotEDC)
	}
	v, err := ParseJSON(src, u.lim)
	if err != nil {
		return err
	}
	if sd {
		if v, err = u.disclose(v, strings.Split(disclosures, "~")); err != nil {
			return err
		}
	}
	return u.value(v, p.in(envelope, true).decoded())
}

// decodeBase64 reads base64 or base64url, with or without padding.
func decodeBase64(s string) ([]byte, bool) {
	s = strings.TrimRight(strings.TrimSpace(s), "=")
	for _, enc := range []*base64.Encoding{base64.RawURLEncoding, base64.RawStdEncoding} {
		if b, err := enc.DecodeString(s); err == nil && s != "" {
			return b, true
		}
	}
	return nil, false
}

// disclosureHashes are the values of _sd_alg. RFC 9901 (SD-JWT), 4.1.1.
var disclosureHashes = map[string]func() hash.Hash{
	"sha-256": sha256.New, "sha-384": sha512.New384, "sha-512": sha512.New,
}

// discloser puts disclosed claims in their places.
type discloser struct {
	byDigest map[string]Array // each is used once
	most     int              // how deep the whole may be
	err      error
}

// disclose replaces the digests of an SD-JWT payload by what the disclosures say. Digests without a
// disclosure disappear; disclosures without a digest are not believed.
func (u *opener) disclose(v any, disclosures []string) (any, error) {
	name := "sha-256"
	if alg, ok := At(v, "/_sd_alg"); ok {
		name, _ = alg.(string)
	}
	newHash := disclosureHashes[name]
	if newHash == nil {
		return nil, fmt.Errorf("%w: an SD-JWT with a hash algorithm we do not know", ErrNotEDC)
	}
	d := discloser{byDigest: map[string]Array{}, most: u.lim.Depth}
	for _, s := range disclosures {
		src, ok := decodeBase64(s)
		if !ok || strings.Contains(s, ".") { // the last part may be a key binding JWT
			continue
		}
		parsed, err := ParseJSON(src, u.lim)
		if err != nil {
			return nil, fmt.Errorf("an SD-JWT disclosure: %w", err)
		}
		h := newHash()
		h.Write([]byte(s))
		if a, ok := parsed.(Array); ok {
			d.byDigest[base64.RawURLEncoding.EncodeToString(h.Sum(nil))] = a
		}
	}
	v = d.value(v, 0)
	return v, d.err
}

// take returns the disclosure of a digest, once, when it has that many elements.
func (d *discloser) take(digest any, elements int) (Array, bool) {
	key, _ := digest.(string)
	a, ok := d.byDigest[key]
	if !ok || len(a) != elements {
		return nil, false
	}
	delete(d.byDigest, key)
	return a, true
}

func (d *discloser) value(v any, depth int) any {
	switch v := v.(type) {
	case Object:
		if d.enter(depth) {
			return d.object(v, depth+1)
		}
	case Array:
		if d.enter(depth) {
			return d.array(v, depth+1)
		}
	}
	return v
}

// enter tells whether an object or array may be that deep.
func (d *discloser) enter(depth int) bool {
	if depth >= d.most {
		d.err = fmt.Errorf("%w: SD-JWT disclosures nested deeper than %d", ErrLimit, d.most)
	}
	return d.err == nil
}

func (d *discloser) object(o Object, depth int) any {
	out := make(Object, 0, len(o))
	var digests any
	for _, m := range o {
		switch m.Name {
		case "_sd":
			digests = m.Value
		case "_sd_alg":
		default:
			out = append(out, Member{m.Name, d.value(m.Value, depth)})
		}
	}
	for _, digest := range values(digests) {
		a, ok := d.take(digest, 3)
		if !ok {
			continue
		}
		if name, ok := a[1].(string); ok && !has(out, name) {
			out = append(out, Member{name, d.value(a[2], depth)})
		}
	}
	return out
}

func (d *discloser) array(a Array, depth int) any {
	out := make(Array, 0, len(a))
	for _, e := range a {
		o, _ := e.(Object)
		digest, hidden := o.Get("...")
		if !hidden || len(o) != 1 {
			out = append(out, d.value(e, depth))
			continue
		}
		if a, ok := d.take(digest, 2); ok {
			out = append(out, d.value(a[1], depth))
		}
	}
	return out
}

// xmlError names an XML document by its root element.
func xmlError(src []byte) error {
	d := xml.NewDecoder(bytes.NewReader(src[:min(len(src), 64<<10)]))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		t, err := d.RawToken()
		if err != nil {
			return fmt.Errorf("%w: an XML document", ErrNotEDC)
		}
		root, ok := t.(xml.StartElement)
		switch {
		case !ok:
			continue
		case root.Name.Local == "europassCredential" || root.Name.Local == "verifiablePresentation":
			return ErrELM2
		case knownRoots[root.Name.Local]:
			return fmt.Errorf("%w: an XML document with root element %s", ErrNotEDC, root.Name.Local)
		}
		return fmt.Errorf("%w: an XML document", ErrNotEDC)
	}
}
