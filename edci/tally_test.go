package edci

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// numbered is n members or elements, the number put into each.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
	}
	return strings.TrimSuffix(b.String(), ",")
}

// pairs is a chain of n pairs of nodes, each naming both of the next.
func pairs(n int) string {
	var b strings.Builder
	b.WriteString(`{` + contexts + `,"@graph":[{"id":"urn:0","type":["VerifiableCredential","EuropeanDigitalCredential"],"credentialSubject":{"type":"Person","hasClaim":["urn:a0"]}}`)
	for i := range n {
		for _, side := range []string{"a", "b"} {
			fmt.Fprintf(&b, `,{"id":"urn:%s%d","type":"LearningAchievement","hasPart":["urn:a%d","urn:b%d"]}`, side, i, i+1, i+1)
		}
	}
	return b.String() + `]}`
}

// chain is an SD-JWT with n disclosures inside each other.
func chain(n int) string {
	b64 := base64.RawURLEncoding.EncodeToString
	value, all := tiny, ""
	for range n {
		d := b64([]byte(`["s","elm",` + value + `]`))
		sum := sha256.Sum256([]byte(d))
		value, all = `{"_sd":["`+b64(sum[:])+`"]}`, all+"~"+d
	}
	return "eyJ9." + b64([]byte(value)) + ".c2ln" + all + "~"
}

// What a small file may cost is bounded, and the error says what there was too much of.
func TestTally(t *testing.T) {
	member := func(m string) string { return strings.Replace(tiny, `"issued"`, m+`,"issued"`, 1) }
	inline := func(terms, nodes int) string {
		s := strings.Replace(tiny, `edc-ap"]`, `edc-ap",{`+numbered(terms, `"t#":"urn:t#",`)+`,"TT":{"@id":"urn:tt","@context":{"zz":"urn:zz"}}}]`, 1)
		return strings.Replace(s, `"issued"`, `"q:p":[`+numbered(nodes, `{"type":"TT","zz":"#"},`)+`],"issued"`, 1)
	}
	long := strings.Repeat("A", 4000)
	for name, c := range map[string]struct{ src, want string }{
		"unknown":          {member(numbered(10_001, `"u#":1,`)), "more than 10000 members that no context knows"},
		"few unknown":      {member(numbered(9_000, `"u#":1,`)), ""},
		"long name":        {member(`"x:` + long + long + `":{"a":1}`), "a member name has 8002 bytes, of 4096"},
		"long unknown":     {member(`"` + long + long + `":1`), "a member name has 8000 bytes, of 4096"},
		"long pointer":     {member(`"x:` + long + `":{"x:` + long + `":{"` + long + `":1}}`), "has 12007 bytes, of 8192"},
		"pointers":         {member(`"x:` + long + `":{"x:` + long + `":{` + numbered(9_999, `"u#":1,`) + `}}`), "more than 67108864 bytes together"},
		"long spelling":    {member(`"x:` + long + `":{"x:` + long + `":{"x:` + long + `":{"contentUrl":"a"}}}`), "the path to an unusual member"},
		"doubling":         {pairs(14), "its references stand for more than "},
		"doubling, shared": {"[" + strings.TrimSuffix(strings.Repeat(pairs(10)+",", 8), ",") + "]", "its references stand for more than "},
		"pairs":            {pairs(8), ""},
		"terms":            {inline(2_000, 1), "more than 2000 terms in inline contexts"},
		"terms and nodes":  {inline(1_900, 6_000), "in inline contexts"},
		"some terms":       {inline(500, 10), ""},
		"disclosures":      {chain(200), "SD-JWT disclosures nested deeper than 100"},
		"some disclosures": {chain(1), ""},
	} {
		_, err := Read([]byte(c.src), ReadOptions{})
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "AAA") {
			t.Errorf("%s: a name in the error", name)
		}
	}
}

// Text and unknown members that many references repeat are counted, too.
func TestRepeatedText(t *testing.T) {
	for _, m := range []string{`"title":{"en":"TEXT"}`, `"unknown":"TEXT"`, `"x:p":"TEXT"`} {
		m = strings.Replace(m, "TEXT", strings.Repeat("a", 500_000), 1)
		src := strings.Replace(tiny, `"credentialSubject":{`, `"credentialSubject":{"hasClaim":[`+numbered(400, `{"type":"LearningAchievement","hasPart":"urn:c"},`)+
			`,{"id":"urn:c","type":"LearningAchievement",`+m+`}],`, 1)
		_, err := Read([]byte(src), ReadOptions{})
		if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "repeat too much text") {
			t.Errorf("%.20s: %v", m, err)
		}
	}
}

// Unknown members of one node are kept in their order, those of one name together, in linear time.
func TestKeep(t *testing.T) {
	e := &embedder{tally: newTally(1000, Limits{}.withDefaults())}
	given := Array{"0"}
	o := e.keep(Object{{"a", given}}, Object{{"b", "1"}, {"a", "2"}, {"b", Array{"3", "4"}}, {"a", "5"}}, nil)
	if got := string(AppendValue(nil, o)); got != `{"a":["0","2","5"],"b":["1","3","4"]}` || len(given) != 1 || e.err != nil {
		t.Error(got, e.err)
	}
	members := make(Object, 100_000)
	for i := range members {
		members[i] = Member{"same", "x"}
	}
	if o = e.keep(nil, members, nil); len(o) != 1 {
		t.Error(len(o))
	}
}

// Only one learner and one issuer can be read into the model; others are not dropped in silence.
func TestSeveralSubjects(t *testing.T) {
	const person = `{"type":"Person","givenName":{"en":"Ana"}}`
	for list, want := range map[string]string{
		`"credentialSubject":[` + person + `]`:                                                   "",
		`"credentialSubject":[` + person + `,null]`:                                              "",
		`"credentialSubject":[` + person + `,` + person + `]`:                                    "edci: a credential with 2 subjects; only one learner is supported",
		`"issuer":["http://a.example","http://b.example","urn:c"],"credentialSubject":` + person: "edci: a credential with 3 issuers; only one is supported",
	} {
		for _, typ := range []string{`"type"`, `"@type"`} {
			src := `{` + contexts + `,` + typ + `:["VerifiableCredential","EuropeanDigitalCredential"],` + list + `}`
			_, err := Read([]byte(src), ReadOptions{})
			if want == "" && err == nil {
				continue
			}
			if err == nil || err.Error() != want || !errors.Is(err, ErrSubjects) || !errors.Is(err, ErrNotEDC) {
				t.Errorf("%s %s: %v", typ, list, err)
			}
		}
	}
}

// Errors quote no text of the document but short web addresses and names of classes.
func TestErrorsQuoteNothing(t *testing.T) {
	context := func(s string) string { return `{"@context":["` + s + `"],"type":"EuropeanDigitalCredential"}` }
	const unnamed = "edci: @context: an entry is not a context we know, and contexts are not fetched"
	const unknownType = "edci: no European Digital Credential: a JSON object of a type we do not know"
	for src, want := range map[string]string{
		context("https://a.example/c"):                                 unnamed[:15] + ` "https://a.example/c" is not a context we know, and contexts are not fetched`,
		context("https://a.example/c?name=Ana"):                        unnamed,
		context("https://a.example/c#Ana"):                             unnamed,
		context("https://a.example/c?"):                                unnamed,
		context("https://ana:b@a.example/c"):                           unnamed,
		context("https://a.example/" + strings.Repeat("a", 100)):       unnamed,
		context("https://a.example/Ana Andromeda"):                     unnamed,
		context("urn:ana"):                                             unnamed,
		context("Ana"):                                                 unnamed,
		`{"type":"ana@a.example"}`:                                     unknownType,
		`{"type":"Ana-1998-01-01"}`:                                    unknownType,
		`{"type":["Ana","Person"]}`:                                    "edci: no European Digital Credential: a JSON object of type Person",
		`{"type":"http://data.europa.eu/snb/model/elm/Accreditation"}`: "edci: no European Digital Credential: a JSON object of type Accreditation",
		`<Ana/>`: "edci: no European Digital Credential: an XML document",
		"\uFEFF": "edci: no European Digital Credential: the file is empty but for a byte order mark",
	} {
		if _, err := Read([]byte(src), ReadOptions{}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", src, err, want)
		}
	}
}
