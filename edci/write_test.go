package edci

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

func small() *EuropeanDigitalCredential {
	university := &Organisation{
		ID:        "urn:example:org",
		LegalName: LangString{{"fi", "Yliopisto \"Ä\""}, {"en", "University <&>"}},
		Location:  []*Location{{Address: []*Address{{CountryCode: &Concept{ID: "http://publications.europa.eu/resource/authority/country/FIN"}}}}},
	}
	return &EuropeanDigitalCredential{
		ID:    "urn:credential:1",
		Types: []string{"VerifiableCredential", "ConvertedCredential"},
		DisplayParameter: &DisplayParameter{
			IndividualDisplay: []*IndividualDisplay{nil, {DisplayDetail: []*DisplayDetail{{Page: "1"}}}},
		},
		Issuer: university,
		CredentialSubject: &Person{
			BirthName:  LangString{{"sv", "a"}, {"fi", "b"}, {"sv", "c\n"}},
			FamilyName: LangString{{"", "none"}},
			HasClaim: []AnyClaim{
				&LearningAchievement{
					Identifier:  []*Identifier{{Class: "LegalIdentifier", Notation: "1", Creator: &Reference{ID: "did:x"}}, {Creator: &Reference{}}},
					AwardedBy:   &AwardingProcess{AwardingBody: []AnyAgent{university, &Agent{}}},
					SpecifiedBy: &LearningAchievementSpecification{Class: "Qualification", IsPartialQualification: "false"},
				},
				(*LearningActivity)(nil), nil,
				&LearningActivity{LevelOfCompletion: "50 %"},
			},
		},
		Issued: "2026-01-01T00:00:00Z",
	}
}

const organisation = `{"id":"urn:example:org","type":"Organisation",` +
	`"location":[{"type":"Location","address":[{"type":"Address","countryCode":{"id":"http://publications.europa.eu/resource/authority/country/FIN","type":"Concept"}}]}],` +
	`"legalName":{"fi":"Yliopisto \"Ä\"","en":"University <&>"}}`

const smallJSON = `{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],` +
	`"id":"urn:credential:1","type":["VerifiableCredential","EuropeanDigitalCredential","ConvertedCredential"],` +
	`"displayParameter":{"type":"DisplayParameter","individualDisplay":[{"type":"IndividualDisplay","displayDetail":[{"type":"DisplayDetail","page":1}]}]},` +
	`"issuer":` + organisation + `,` +
	`"credentialSubject":{"type":"Person","familyName":"none","birthName":{"sv":["a","c\n"],"fi":"b"},"hasClaim":[` +
	`{"type":"LearningAchievement","identifier":[{"type":"LegalIdentifier","notation":"1","creator":{"id":"did:x"}},{"type":"Identifier"}],` +
	`"awardedBy":{"type":"AwardingProcess","awardingBody":[` + organisation + `,{"type":"Agent"}]},` +
	`"specifiedBy":{"type":"Qualification","isPartialQualification":false}},` +
	`{"type":"LearningActivity","levelOfCompletion":"50 %"}]},` +
	`"issued":"2026-01-01T00:00:00Z"}`

func TestAppend(t *testing.T) {
	if got := string(Append([]byte("x"), small())); got != "x"+smallJSON {
		t.Errorf("got\n%s\nwant\n%s", got[1:], smallJSON)
	}
	var b bytes.Buffer
	if err := Encode(&b, small()); err != nil || b.String() != smallJSON {
		t.Errorf("Encode: %v\n%s", err, b.String())
	}
}

func TestIndent(t *testing.T) {
	var want bytes.Buffer
	_ = json.Indent(&want, []byte(smallJSON), "", "  ")
	var got bytes.Buffer
	if err := (WriteOptions{Indent: true}).Encode(&got, small()); err != nil || got.String() != want.String() {
		t.Errorf("%v\n%s", err, got.String())
	}
}

// Streaming gives the same bytes, with texts long enough to be written in pieces.
func TestEncodeIsAppend(t *testing.T) {
	c := withAttachment(transcript(500), 1<<20)
	c.Attachment[0].Title = LangString{{"fi", strings.Repeat("ä\xff\"", 60_000)}}
	var b bytes.Buffer
	if err := Encode(&b, c); err != nil {
		t.Fatal(err)
	}
	if want := Append(nil, c); !bytes.Equal(b.Bytes(), want) {
		t.Error("Encode and Append differ", b.Len(), len(want))
	}
	if !json.Valid(b.Bytes()) {
		t.Error("no JSON")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestEncodeReturnsTheErrorOfItsWriter(t *testing.T) {
	if err := Encode(failing{}, transcript(500)); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

func TestStrings(t *testing.T) {
	for s, want := range map[string]string{
		"":                       `""`,
		"plain":                  `"plain"`,
		"12345678\"":             `"12345678\""`,
		"\x00\x1f\x7f\b\f\n\r\t": `"\u0000\u001f` + "\x7f" + `\b\f\n\r\t"`,
		"\\/<>&\u2028":           `"\\/<>&` + "\u2028" + `"`,
		"\xffa\xc3":              "\"\uFFFDa\uFFFD\"",
		"ääääääää\\ä":            `"ääääääää\\ä"`,
	} {
		if got := string(appendString(nil, s)); got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
}

// The eight-byte test agrees with the plain one for every byte at every place.
func TestPlainPrefix(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			s := strings.Repeat("\xc3\xa4", 12)
			s = s[:at] + string([]byte{byte(c)}) + s[at+1:]
			want := len(s)
			if c < 0x20 || c == '"' || c == '\\' {
				want = at
			}
			if got := plainPrefix(s); got != want {
				t.Fatalf("byte %#x at %d: %d, want %d", c, at, got, want)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string]bool{
		"0": true, "-0": true, "10": true, "1.5": true, "1e5": true, "1E+5": true, "-1.25e-3": true,
		"": false, "-": false, "01": false, "1.": false, ".5": false, "1e": false, "+1": false, "1 ": false, "NaN": false, "0x1": false,
	} {
		if isNumber(s) != want {
			t.Error(s)
		}
	}
}

// A loop of pointers ends, whatever the classes.
func TestLoops(t *testing.T) {
	org := &Organisation{ID: "urn:a"}
	org.SubOrganizationOf = &Organisation{HasSubOrganization: []*Organisation{org}}
	a := &LearningAchievement{}
	a.HasPart = []*LearningAchievement{{IsPartOf: []*LearningAchievement{a}}, {IsPartOf: []*LearningAchievement{a}}}
	c := &EuropeanDigitalCredential{Issuer: org, CredentialSubject: &Person{HasClaim: []AnyClaim{a}}}
	c.Evidence = []*Evidence{{EvidenceTarget: &Person{HasCredential: []*EuropeanDigitalCredential{c}}}}
	if got := Append(nil, c); !json.Valid(got) {
		t.Errorf("%s", got)
	}
	AssignIDs(c, "seed")
	if got := string(Append(nil, c)); !strings.Contains(got, `"isPartOf":[{"id":"`+a.ID+`"}]`) {
		t.Error(got)
	}
}
