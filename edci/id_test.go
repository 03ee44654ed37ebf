package edci

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestVersion5(t *testing.T) {
	// RFC 9562, appendix A.4: www.example.com in the name space of domain names.
	dns := []byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	got := uuid5(append(dns, "www.example.com"...)).urn(classNamed["Note"])
	if want := "urn:uuid:2ed6657d-e927-568b-95e1-2665a8aea6a2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAssignIDs(t *testing.T) {
	c := transcript(3)
	AssignIDs(c, "seed")
	first := Append(nil, c)
	again := transcript(3)
	AssignIDs(again, "seed")
	if !bytes.Equal(first, Append(nil, again)) {
		t.Error("the same credential and seed give other ids")
	}
	AssignIDs(c, "other seed")
	if !bytes.Equal(first, Append(nil, c)) {
		t.Error("ids that were there have changed")
	}
	other := transcript(3)
	AssignIDs(other, "other seed")
	course := func(c *EuropeanDigitalCredential) *LearningAchievement {
		return c.CredentialSubject.(*Person).HasClaim[0].(*LearningAchievement).HasPart[1]
	}
	if course(c).ID == course(other).ID {
		t.Error("an occurrence has the same id with another seed")
	}
	if c.Issuer.(*Organisation).ID != other.Issuer.(*Organisation).ID {
		t.Error("a recurring thing has another id with another seed")
	}
	if c.Issuer.(*Organisation).Location[0].ID != other.Issuer.(*Organisation).Location[0].ID {
		t.Error("a node below a recurring thing has another id with another seed")
	}
	checkAllHaveIDs(t, first)
}

var isID = regexp.MustCompile(`^(urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|urn:credential:.*|http.*)$`)

// checkAllHaveIDs looks at every node, and that no two different nodes have one id.
func checkAllHaveIDs(t *testing.T, src []byte) {
	t.Helper()
	v, err := ParseJSON(src, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]string{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case Object:
			if has(v, "type") {
				id := nodeID(v)
				if !isID.MatchString(id) {
					t.Errorf("id %q", id)
				}
				text := string(AppendValue(nil, v))
				if old, ok := content[id]; ok && old != text {
					t.Errorf("two nodes with id %s", id)
				}
				content[id] = text
			}
			for _, m := range v {
				walk(m.Value)
			}
		case Array:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(v)
}

// Equal content has an equal id behind different pointers, in whatever order things are met, and if a
// part has got its id before.
func TestRecurringIDs(t *testing.T) {
	org := func() *Organisation {
		return &Organisation{
			LegalName:         LangString{{"en", "Faculty"}},
			SubOrganizationOf: &Organisation{LegalName: LangString{{"en", "University"}}},
			DCType:            []*Concept{{PrefLabel: LangString{{"en", "faculty"}}}},
		}
	}
	a, b := org(), org()
	AssignIDs(&EuropeanDigitalCredential{Issuer: a}, "1")
	AssignIDs(&EuropeanDigitalCredential{
		Issuer:   b.SubOrganizationOf,
		Evidence: []*Evidence{{DCType: b.DCType[0], EvidenceTarget: b}},
	}, "2")
	if !reflect.DeepEqual(a, b) {
		t.Errorf("\n%+v\n%+v", a, b)
	}
	other := org()
	other.DCType[0].PrefLabel[0].Text = "school"
	AssignIDs(&EuropeanDigitalCredential{Issuer: other}, "1")
	if other.ID == a.ID || other.DCType[0].ID == a.DCType[0].ID {
		t.Error("another content has the same id")
	}
	if other.SubOrganizationOf.ID != a.SubOrganizationOf.ID {
		t.Error("the same part has another id")
	}
}

func TestOccurrenceIDsFollowThePointer(t *testing.T) {
	note := &Note{NoteLiteral: LangString{{"en", "x"}}}
	c := &EuropeanDigitalCredential{CredentialSubject: &Person{HasClaim: []AnyClaim{
		nil, &LearningAchievement{AdditionalNote: []*Note{nil, note}},
	}}}
	AssignIDs(c, "seed")
	space := uuid5(append(idNamespace[:], "seed"...))
	want := uuid5(append(space[:], "/credentialSubject/hasClaim/0/additionalNote/0"...)).urn(classNamed["Note"])
	if note.ID != want {
		t.Errorf("%s, want %s", note.ID, want)
	}
	if c.ID != uuid5(space[:]).urn(credentialClass) || !strings.HasPrefix(c.ID, "urn:credential:") {
		t.Error(c.ID)
	}
}

func TestAssignRandomIDs(t *testing.T) {
	random := rand.NewChaCha8([32]byte{1})
	c := transcript(2)
	if err := AssignRandomIDs(c, random); err != nil {
		t.Fatal(err)
	}
	checkAllHaveIDs(t, Append(nil, c))
	err := AssignRandomIDs(transcript(2), strings.NewReader("short"))
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

// TestPatchedTwins: a patch inside one of two equal nodes makes them two things.
func TestPatchedTwins(t *testing.T) {
	org := func() *Organisation {
		return &Organisation{LegalName: LangString{{Lang: "en", Text: "A"}}}
	}
	c := &EuropeanDigitalCredential{Issuer: org(), CredentialSubject: &Person{HasClaim: []AnyClaim{
		&LearningAchievement{AwardedBy: &AwardingProcess{AwardingBody: []AnyAgent{org()}}}}}}
	AssignIDs(c, "seed")
	id := func(at string) any {
		v, _ := At(Tree(c), at)
		return v
	}
	body := "/credentialSubject/hasClaim/0/awardedBy/awardingBody/0/id"
	if id("/issuer/id") != id(body) {
		t.Fatal("equal nodes have different ids")
	}
	c.Patches = []Patch{{Pointer: "/issuer/note", Value: "sealed"}}
	if id("/issuer/id") == id(body) {
		t.Error("different nodes have one id")
	}
}
