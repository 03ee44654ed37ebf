package convert

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
	"elmobridge/mapping/codes"
)

// With keep=source a credential carries the document it was made from, byte for byte, as evidence of
// the conversion, and an ELMO document the file of the credentials as an attachment.

const (
	profileConverted = "c_7e400154" // in the list credential
	typeConversion   = "c_c4f849d7" // in the list evidence-type
	schemaConverted  = "http://data.europa.eu/snb/model/ap/edc-converted"

	schemeReport  = "elmo:report" // ENV-08
	originalTitle = "Original credential"
)

// embedSource puts the document into the credential.
func (o *Options) embedSource(c *edci.EuropeanDigitalCredential, n int, doc *elmo.Document, report *Report) {
	if o.Keep != KeepSource {
		return
	}
	if patched(c, "/evidence", "/credentialProfiles", "/credentialSchema") {
		report.Warnings = append(report.Warnings, "the document holds a credential with a profile or evidence of its own, which is restored; the document itself is not embedded")
		return
	}
	data := doc.Source.Data
	c.CredentialProfiles = append(slices.Clone(c.CredentialProfiles), codes.ByName("credential").Must(profileConverted).Concept())
	c.CredentialSchema = append(slices.Clone(c.CredentialSchema), &edci.ShaclValidator2017{ID: schemaConverted})
	c.Evidence = append(c.Evidence, &edci.Evidence{
		DCType:            codes.ByName("evidence-type").Must(typeConversion).Concept(),
		EvidenceStatement: o.statement(),
		EmbeddedEvidence:  []*edci.MediaObject{mediaObject("XML", base64.StdEncoding.EncodeToString(data), len(data))},
	})
	record(report, Entry{Row: "ENV-04", Verdict: mapping.Added, Reason: mapping.Policy, Source: nth("report", n-1), Target: "/evidence",
		Note: "the document byte for byte, and the profile for converted credentials"})
}

// stated are the options that change the subject of a credential. Their values stand in the statement
// of the evidence, so that the way back can convert the document as it was converted.
var stated = []struct {
	name  string
	value func(*Options) *string
}{
	{"default-language", func(o *Options) *string { return &o.DefaultLanguage }},
	{"name-language", func(o *Options) *string { return &o.NameLanguage }},
	{"birth-country", func(o *Options) *string { return &o.BirthCountry }},
	{"birthdate-zone", func(o *Options) *string { return &o.BirthdateZone }},
}

const (
	attachToAll  = "attach-to-all"
	statedBefore = "Options: "
)

// statement says how the credential was made.
func (o *Options) statement() string {
	var options []string
	for _, s := range stated {
		if v := *s.value(o); v != "" {
			options = append(options, s.name+"="+v)
		}
	}
	if o.AttachToAll {
		options = append(options, attachToAll)
	}
	text := "Converted from ELMO by elmobridge, mapping table " + mapping.TableVersion + "."
	if options == nil {
		return text
	}
	return text + " " + statedBefore + strings.Join(options, ", ") + "."
}

// readStatement gives the options of a statement.
func readStatement(text string) Options {
	o := Options{Keep: KeepSource}
	_, list, _ := strings.Cut(strings.TrimSuffix(text, "."), statedBefore)
	for _, option := range strings.Split(list, ", ") {
		name, value, _ := strings.Cut(option, "=")
		for _, s := range stated {
			if s.name == name {
				*s.value(&o) = value
			}
		}
		o.AttachToAll = o.AttachToAll || name == attachToAll
	}
	return o
}

// original gives the document that the credentials were made from: when it is inside, its digest is
// the one they name, all of its credentials are there, and converting it again gives the same
// subjects. Else nil.
func (o *Options) original(credentials []*edci.EuropeanDigitalCredential) *elmo.Document {
	data, statement := embedded(credentials)
	if data == nil {
		return nil
	}
	digest := sha256.Sum256(data)
	numbers, ok := namedReports(credentials, hex.EncodeToString(digest[:]))
	if !ok {
		return nil
	}
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		return nil
	}
	options := readStatement(statement)
	options.Issued = o.Issued
	again, _, err := mapping.Forward(doc, options.forMapping(doc.Source.Digest[:]))
	if err != nil || len(again) != len(credentials) {
		return nil
	}
	for i, n := range reportNumbers(doc) {
		k := slices.Index(numbers, n)
		if k < 0 || !sameSubject(credentials[k], again[i]) {
			return nil
		}
	}
	return doc
}

// embedded is the evidence of the first credential that has any.
func embedded(credentials []*edci.EuropeanDigitalCredential) (data []byte, statement string) {
	conversion := codes.ByName("evidence-type").Must(typeConversion).ID
	for _, c := range credentials {
		for _, e := range c.Evidence {
			if e.DCType == nil || e.DCType.ID != conversion || len(e.EmbeddedEvidence) == 0 {
				continue
			}
			data, err := base64.StdEncoding.DecodeString(e.EmbeddedEvidence[0].Content)
			if err == nil {
				return data, e.EvidenceStatement
			}
		}
	}
	return nil, ""
}

// namedReports are the report numbers of the credentials when all name that digest, each another one.
func namedReports(credentials []*edci.EuropeanDigitalCredential, digest string) ([]int, bool) {
	var numbers []int
	for _, c := range credentials {
		n := 0
		for _, id := range c.Identifier {
			rest, ok := strings.CutPrefix(id.Notation, "sha-256:"+digest+";report=")
			if id.SchemeName == schemeReport && ok {
				number, _, _ := strings.Cut(rest, ";")
				n, _ = strconv.Atoi(number)
			}
		}
		if n == 0 || slices.Contains(numbers, n) {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}

// sameSubject compares the subjects of two credentials without ids, and without what sealing changes.
func sameSubject(a, b *edci.EuropeanDigitalCredential) bool {
	one, other := neutralSubject(a), neutralSubject(b)
	return len(edci.Diff(one, other)) == 0 && len(edci.Diff(other, one)) == 0
}

// neutralSubject is the subject as it can be compared: nodes have no numbering, files are named by
// their position, members of code lists by their id alone, and times have no Z.
func neutralSubject(c *edci.EuropeanDigitalCredential) edci.Object {
	var names []string
	for i, m := range c.Attachment {
		if m.ID != "" {
			names = append(names, m.ID, "attachment "+strconv.Itoa(i))
		}
	}
	subject, _ := treeOf(c).Get("credentialSubject")
	o, _ := neutral(subject, strings.NewReplacer(names...)).(edci.Object)
	return o
}

// treeOf is the credential as it was read, else as it would be written.
func treeOf(c *edci.EuropeanDigitalCredential) edci.Object {
	if c.Source != nil && c.Source.Tree != nil {
		return c.Source.Tree
	}
	return edci.Tree(c)
}

var zulu = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)

func neutral(v any, files *strings.Replacer) any {
	switch v := v.(type) {
	case edci.Array:
		out := make(edci.Array, len(v))
		for i := range v {
			out[i] = neutral(v[i], files)
		}
		return out
	case edci.Object:
		return neutralNode(v, files)
	case string:
		if zulu.MatchString(v) {
			return strings.TrimSuffix(v, "Z")
		}
		if strings.Contains(v, "urn:") { // also inside kept XML
			return files.Replace(v)
		}
	}
	return v
}

func neutralNode(o edci.Object, files *strings.Replacer) any {
	id, _ := o.Get("id")
	s, _ := id.(string)
	if _, listed := codes.ByID(s); listed {
		return edci.Object{{Name: "id", Value: s}}
	}
	out := make(edci.Object, 0, len(o))
	for _, m := range o {
		if m.Name != "id" || !strings.HasPrefix(s, "urn:uuid:") {
			out = append(out, edci.Member{Name: m.Name, Value: neutral(m.Value, files)})
		}
	}
	return out
}

// originalReport replaces the report on a conversion whose result is not needed.
func originalReport(by *Report, doc *elmo.Document) *Report {
	return &Report{
		Direction: by.Direction, Source: by.Source, Target: mapping.Standard{Name: "ELMO", Version: sourceVersion(doc)},
		Table: by.Table, Losses: []Entry{}, Added: []Entry{}, Counts: map[Verdict]int{}, Warnings: by.Warnings,
	}
}

// attachFiles adds the files that the credentials were read from as attachments of the document.
func attachFiles(doc *elmo.Document, credentials []*edci.EuropeanDigitalCredential, report *Report) {
	var done [][]byte
	for _, c := range credentials {
		if c.Source == nil || len(c.Source.Data) == 0 ||
			slices.ContainsFunc(done, func(d []byte) bool { return bytes.Equal(d, c.Source.Data) }) {
			continue
		}
		done = append(done, c.Source.Data)
		doc.Attachments = append(doc.Attachments, &elmo.Attachment{
			Titles:   []elmo.Text{{Lang: "en", Value: originalTitle}},
			Type:     "Other",
			Contents: []elmo.Text{{Value: "data:" + mediaTypes[c.Source.Envelope].orJSON() + ";base64," + base64.StdEncoding.EncodeToString(c.Source.Data)}},
		})
		record(report, Entry{Row: "EDC-12", Verdict: mapping.Added, Reason: mapping.Policy,
			Target: fmt.Sprintf("attachment[%d]", len(doc.Attachments)), Note: "the file of the credential as it was, seal included"})
	}
}

type mediaType string

// mediaTypes are those of sealed files, by envelope.
var mediaTypes = map[string]mediaType{
	"jades": "application/jose+json", "jwt": "application/jose", "sd-jwt": "application/sd-jwt",
}

func (m mediaType) orJSON() string {
	if m == "" {
		return "application/json"
	}
	return string(m)
}
