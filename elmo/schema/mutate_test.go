package schema_test

import (
	"math/rand"
	"strings"

	"github.com/beevik/etree"
)

// mutator damages documents, always in the same way for a seed.
type mutator struct {
	*rand.Rand
	root *etree.Element
	all  []*etree.Element // below the root
}

// mutations are the ways to damage a document. Each tells what it did, "" when it could not.
var mutations = []struct {
	name string
	do   func(m *mutator) bool
}{
	{"drop", (*mutator).drop},
	{"duplicate", (*mutator).duplicate},
	{"swap", (*mutator).swap},
	{"move", (*mutator).move},
	{"rename", (*mutator).rename},
	{"namespace", (*mutator).namespace},
	{"value", (*mutator).retype},
	{"value", (*mutator).retype},
	{"value", (*mutator).retype},
	{"leaf of its kind", (*mutator).retypeLikely},
	{"leaf of its kind", (*mutator).retypeLikely},
	{"language", (*mutator).language},
	{"attribute added", (*mutator).addAttribute},
	{"attribute removed", (*mutator).removeAttribute},
	{"attribute changed", (*mutator).changeAttribute},
	{"text", (*mutator).text},
	{"child", (*mutator).child},
	{"graft", (*mutator).graft},
	{"foreign", (*mutator).foreign},
	{"identifier", (*mutator).identifier},
	{"comment", (*mutator).comment},
}

// mutate damages the document in one to three ways and names them.
func (m *mutator) mutate() string {
	var done []string
	for times := 1 + m.Intn(4)/3*(1+m.Intn(2)); times > 0; {
		m.all = m.all[:0]
		m.collect(m.root)
		way := mutations[m.Intn(len(mutations))]
		if way.do(m) {
			done = append(done, way.name)
			times--
		}
	}
	return strings.Join(done, ", ")
}

func (m *mutator) collect(e *etree.Element) {
	for _, c := range e.ChildElements() {
		m.all = append(m.all, c)
		m.collect(c)
	}
}

func (m *mutator) any() *etree.Element {
	if len(m.all) == 0 {
		return m.root
	}
	return m.all[m.Intn(len(m.all))]
}

// leaf gives an element without elements.
func (m *mutator) leaf() *etree.Element {
	for range 20 {
		if e := m.any(); len(e.ChildElements()) == 0 {
			return e
		}
	}
	return m.any()
}

func pick[T any](m *mutator, list []T) T { return list[m.Intn(len(list))] }

func (m *mutator) drop() bool {
	e := m.any()
	return e != m.root && e.Parent().RemoveChild(e) != nil
}

func (m *mutator) duplicate() bool {
	e := m.any()
	if e == m.root {
		return false
	}
	for range 1 + m.Intn(2)*m.Intn(5) {
		e.Parent().InsertChildAt(e.Index(), e.Copy())
	}
	return true
}

func (m *mutator) swap() bool {
	e := m.any()
	if e == m.root {
		return false
	}
	siblings := e.Parent().ChildElements()
	other := pick(m, siblings)
	if other == e {
		return false
	}
	p, i, j := e.Parent(), e.Index(), other.Index()
	a, b := e.Copy(), other.Copy()
	p.RemoveChildAt(i)
	p.InsertChildAt(i, b)
	p.RemoveChildAt(j)
	p.InsertChildAt(j, a)
	return true
}

func (m *mutator) move() bool {
	e, to := m.any(), m.any()
	for p := to; p != nil; p = p.Parent() {
		if p == e {
			return false
		}
	}
	m.insert(to, e)
	return true
}

func (m *mutator) insert(to *etree.Element, t etree.Token) {
	to.InsertChildAt(m.Intn(len(to.Child)+1), t)
}

var names = strings.Fields(`x learner report issuer title type url identifier description descriptionHtml hasPart
	specifies learningOpportunityInstance credit level value scheme bday dateOfBirth alternativeName attachment
	content extension groups groupType group Signature KeyInfo X509Data Object date start end status gender ref
	attachments grouping diplomaSupplement section introduction version country resultOfRecognition gradingScheme
	learningopportunityspecification Title`)

func (m *mutator) rename() bool {
	m.any().Tag = pick(m, names)
	return true
}

func (m *mutator) namespace() bool {
	e := m.any()
	e.Space = ""
	e.RemoveAttr("xmlns")
	e.CreateAttr("xmlns", pick(m, []string{
		"", "urn:x", "https://github.com/emrex-eu/elmo-schemas/tree/v1", "https://github.com/emrex-eu/elmo-schemas/tree/v2",
		"http://www.w3.org/2000/09/xmldsig#", "https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1",
	}))
	return true
}

// values are texts that some type accepts and another one does not.
var values = []string{
	"", " ", "x", "A  b", " A ", "\tA\n", "7.5", "+7.5", "-7.5", ".5", "5.", ".", "-", "1e3", "007", "0", "1", "2", "9", "10", "+1", "-0", "1 ", " 1",
	"NaN", "INF", "1,5", "123456789012345678901234567890", "0.1234567890123456789012345",
	"2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "24-01-01", "02024-01-01",
	"12024-01-01", "-2024-01-01", "0000-01-01", "0001-01-01", "2024-1-1", "2024-01-01Z", "2024-01-01+01:00", "2024-01-01+14:00", "2024-01-01+14:01",
	"2024-01-01-13:59", "2024-01-01+1:00", " 2024-01-01", "2024-01-01 ", "2024/01/01", "01.01.2024", "2024-01", "2024",
	"2024-01-01T00:00:00", "2024-01-01T24:00:00", "2024-01-01T24:00:01", "2024-01-01T23:59:60", "2024-01-01T12:00:00.5Z", "2024-01-01T12:00:00.",
	"2024-01-01T12:00", "2024-01-01T12:00:00+01:00", "2024-01-01t12:00:00z", "2024-01-01 12:00:00", "2024-01-01T25:00:00", "2024-01-01T12:60:00",
	"2024-01-01T12:00:00Z ", "\n2024-01-01T12:00:00Z",
	"NO", "no", "XK", "XX", " NO", "NO ", "NOR", "UK", "GB",
	"Course", "course", " Course ", "Degree Programme", "Degree  Programme", "Degree\nProgramme", "Class", "Module", "Diploma", "Micro Credential",
	"EMREX transcript", "Other", "passed", "failed", "in-progress", "Passed", "Bachelor", "Master", "PhD", "Positive", "Partially Positive",
	"QUJD", "QUI=", "QQ==", "QR==", "QUJ=", "QUJ", "Q", "QU JD", "Q U J D", " QUJD ", "QUJD====", "=", "Q===", "QUJD\nQUJD", "QUJ:D", "QUJD=",
	"http://example.org", "http://example.org/a b", "a:b", ":a", "1:2", "#", "#a#b", "%", "%4", "%41", "http://[::1]/", "http://[", "http://h:80", "http://h:x",
	"//", "?", "æ", "<>", "[x]", "a[b]", "#[x]", "http://a@b@c", "urn:x:y", "'",
	"1.2", "1.2.3", "1a", "..", "1 2", "a.b", "_a", "a:b", "-a", "é", "true", "TRUE",
}

func (m *mutator) retype() bool {
	m.leaf().SetText(pick(m, values))
	return true
}

// likely are values for elements and attributes whose types have rules.
var likely = map[string]string{
	"generatedDate": "T", "issueDate": "-", "bday": "-", "dateOfBirth": "-", "start": "-", "end": "-", "date": "-", "decisionDate": "-",
	"engagementHours": "0123456789.", "value": "0123456789.", "percentageLower": "0123456789.", "percentageEqual": "0123456789.", "gender": "0129",
	"country": "NOXKGBU", "citizenship": "NOXKGBU", "DigestValue": "Q=", "SignatureValue": "Q=", "X509Certificate": "Q=", "Modulus": "Q=", "X509SerialNumber": "0129",
	"type": "CDMOc", "status": "pfiP", "level": "BMP",
}

func (m *mutator) retypeLikely() bool {
	for range 60 {
		e := m.any()
		chars, ok := likely[e.Tag]
		if !ok || len(e.ChildElements()) > 0 {
			continue
		}
		for range 100 {
			if v := pick(m, values); strings.ContainsAny(v, chars) {
				e.SetText(v)
				return true
			}
		}
	}
	return false
}

var languages = []string{"", "en", "en-GB", "EN", "e", "english", "englishes", "abcdefghi", "en_GB", "en-", "-en", "x-klingon", "i-navajo", "en-x-y",
	"zh-Hant-TW", "de-1901", "1n", " en ", "e n", "no-bok", "en-abcdefgh", "en-abcdefghi", "sl-rozaj-biske", "pt-BR-12", "nynorsk-x", "a-b"}

func (m *mutator) language() bool {
	for range 50 {
		if e := m.any(); e.SelectAttr("xml:lang") != nil {
			e.CreateAttr("xml:lang", pick(m, languages))
			return true
		}
	}
	m.any().CreateAttr("xml:lang", pick(m, languages))
	return true
}

func (m *mutator) addAttribute() bool {
	e := m.any()
	switch m.Intn(9) {
	case 0:
		e.CreateAttr("xml:space", pick(m, []string{"preserve", "default", "keep", ""}))
	case 1:
		e.CreateAttr("xml:base", pick(m, values))
	case 2:
		e.CreateAttr("xmlns:f", "urn:f")
		e.CreateAttr("f:a", "1")
	case 3:
		e.CreateAttr("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
		e.CreateAttr("xmlns:xs", "http://www.w3.org/2001/XMLSchema")
		e.CreateAttr("xsi:type", pick(m, []string{"xs:string", "xs:token", "xs:NCName", "xs:date", "xs:language", "xs:integer", "xs:decimal", "string",
			"xs:nothing", "TokenWithOptionalLang", "LearningOpportunitySpecification", "Attachment", "Issuer", "xs:anyType", "xs:byte", "f:x"}))
	case 4:
		e.CreateAttr("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
		e.CreateAttr("xsi:"+pick(m, []string{"nil", "foo"}), pick(m, []string{"true", "false"}))
	default:
		e.CreateAttr(pick(m, []string{"type", "id", "localId", "number", "xml:lang", "label", "count", "Id", "Algorithm", "x"}), pick(m, values))
	}
	return true
}

// attributed gives an element with attributes that are no declarations.
func (m *mutator) attributed() (*etree.Element, *etree.Attr) {
	for range 50 {
		e := m.any()
		for i := range e.Attr {
			if a := &e.Attr[i]; a.Space != "xmlns" && a.Key != "xmlns" {
				return e, a
			}
		}
	}
	return nil, nil
}

func (m *mutator) removeAttribute() bool {
	e, a := m.attributed()
	return e != nil && e.RemoveAttr(a.FullKey()) != nil
}

func (m *mutator) changeAttribute() bool {
	_, a := m.attributed()
	if a == nil {
		return false
	}
	a.Value = pick(m, values)
	return true
}

func (m *mutator) text() bool {
	m.insert(m.any(), etree.NewText(pick(m, []string{"x", " y ", "\n", "\u00A0", "0"})))
	return true
}

func (m *mutator) child() bool {
	m.insert(m.any(), etree.NewElement(pick(m, names)))
	return true
}

func (m *mutator) graft() bool {
	m.insert(m.any(), m.any().Copy())
	return true
}

// foreign puts an element of another namespace somewhere, often into an extension.
func (m *mutator) foreign() bool {
	to := m.any()
	if m.Intn(2) == 0 {
		for range 50 {
			if e := m.any(); e.Tag == "extension" || e.Tag == "Object" || e.Tag == "introduction" {
				to = e
				break
			}
		}
	}
	f := etree.NewElement("f:thing")
	f.CreateAttr("xmlns:f", "urn:f")
	inside := f
	switch m.Intn(5) {
	case 0:
		inside = f.CreateElement("f:other")
		inside.CreateAttr("xml:lang", pick(m, languages))
	case 1:
		inside = f.CreateElement("d:KeyName")
		inside.CreateAttr("xmlns:d", "http://www.w3.org/2000/09/xmldsig#")
		inside.SetText("k")
	case 2:
		inside = f.CreateElement("d:DigestValue")
		inside.CreateAttr("xmlns:d", "http://www.w3.org/2000/09/xmldsig#")
		inside.SetText(pick(m, []string{"QUJD", "QUJ", "x"}))
	case 3:
		f.CreateElement("plain").CreateAttr("xmlns", pick(m, []string{"", "urn:g"}))
	}
	m.insert(to, f)
	return true
}

func (m *mutator) identifier() bool {
	id := pick(m, []string{"a", "b", "1", "a b", "a:b", ""})
	n := 0
	for _, e := range m.all {
		if e.Tag == "Signature" || e.Tag == "SignatureValue" || e.Tag == "KeyInfo" || e.Tag == "Object" || e.Tag == "SignedInfo" {
			if m.Intn(2) == 0 {
				e.CreateAttr("Id", id)
				n++
			}
		}
	}
	return n > 0
}

func (m *mutator) comment() bool {
	m.insert(m.any(), etree.NewComment("c"))
	return true
}
