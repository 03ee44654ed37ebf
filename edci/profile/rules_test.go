package profile_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/profile"
)

// small is the smallest credential that conforms to edc-generic-full and draws no finding.
func small(t testing.TB) edci.Object {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", "small.json"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := edci.ParseJSON(src, edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v.(edci.Object)
}

// ruleCase is a change of the small credential that draws a finding of the rule there, and one that does
// not. A value is JSON; "" takes the member away.
type ruleCase struct {
	rule       string
	pointer    string
	fail, pass string
	at         string          // path of the finding; "" for the pointer, "/" for the credential
	profile    profile.Profile // that the finding belongs to
	not        profile.Profile // that has no such rule
}

const achievementAt = "/credentialSubject/hasClaim"

// ruleCases hold at least one case of each rule.
var ruleCases = []ruleCase{
	{rule: "EDC-NO-CREDENTIAL", pointer: "/type", fail: `["VerifiableCredential"]`, pass: `["VerifiableCredential","EuropeanDigitalCredential"]`, at: "/"},
	{rule: "EDC-MIN", pointer: "/credentialProfiles", fail: ``, pass: `{"id":"http://data.europa.eu/snb/credential/e34929035b","type":"Concept","inScheme":{"id":"http://data.europa.eu/snb/credential/25831c2","type":"ConceptScheme"}}`, at: "/"},
	{rule: "EDC-MIN", pointer: "/evidence", fail: ``, pass: `{"type":"Evidence"}`, at: "/", profile: profile.Converted},
	{rule: "EDC-MAX", pointer: "/credentialSubject/givenName", fail: `{"en":"A","fi":"B"}`, pass: `{"en":["A","A"]}`, at: "/credentialSubject/givenName/fi"},
	{rule: "EDC-MAX", pointer: "/validFrom", fail: `["2026-01-01T00:00:00","2026-01-02T00:00:00"]`, pass: `["2026-01-01T00:00:00"]`, at: "/validFrom/1"},
	{rule: "EDC-DATATYPE", pointer: "/validFrom", fail: `"2026-01-01"`, pass: `"2026-01-01T00:00:00.5+02:00"`},
	{rule: "EDC-DATATYPE", pointer: achievementAt + "/title", fail: `"Bachelor"`, pass: `{"und":"Bachelor"}`},
	{rule: "EDC-DATATYPE", pointer: achievementAt + "/title", fail: `{"@none":"Bachelor"}`, pass: `{"en":["Bachelor"]}`, at: achievementAt + "/title/@none"},
	{rule: "EDC-CLASS", pointer: achievementAt + "/additionalNote", fail: `{"type":"WebResource","contentURL":"https://example.org"}`, pass: `{"type":"Note","noteLiteral":{"en":"x"}}`},
	{rule: "EDC-CLASS", pointer: achievementAt + "/identifier", fail: `"x:1"`, pass: `[{"type":"Identifier","notation":"1"}]`},
	{rule: "EDC-CLAIM", pointer: achievementAt + "/type", fail: ``, pass: `"LearningAchievement"`, at: achievementAt},
	{rule: "EDC-CLAIM", pointer: achievementAt + "/type", fail: `"LearningActivity"`, pass: `"LearningAchievement"`, at: achievementAt, profile: profile.Accredited},
	{rule: "EDC-ISSUER", pointer: "/issuer/eIDASIdentifier", fail: ``, pass: `{"type":"LegalIdentifier","notation":"X","spatial":{"id":"http://publications.europa.eu/resource/authority/country/FIN","type":"Concept","inScheme":{"id":"http://publications.europa.eu/resource/authority/country","type":"ConceptScheme"}}}`, at: "/issuer"},
	{rule: "EDC-SCHEME", pointer: "/credentialProfiles/inScheme", fail: `"http://data.europa.eu/snb/credential/25831c2"`, pass: `{"id":"http://data.europa.eu/snb/credential/25831c2","type":"ConceptScheme"}`, at: "/credentialProfiles"},
	{rule: "EDC-SCHEME", pointer: "/credentialProfiles/inScheme", fail: ``, pass: ``, at: "/credentialProfiles", profile: profile.Full, not: profile.NoCV},
	{rule: "EDC-NODE-KIND", pointer: "/displayParameter/primaryLanguage/id", fail: ``, pass: `"http://publications.europa.eu/resource/authority/language/ENG"`, at: "/displayParameter/primaryLanguage"},
	{rule: "EDC-NODE-KIND", pointer: "/issuer/eIDASIdentifier/notation", fail: `{"type":"Note","noteLiteral":{"en":"x"}}`, pass: `5`},
	{rule: "EDC-UNIQUE-LANG", pointer: achievementAt + "/title", fail: `{"en":"A","EN":"B"}`, pass: `{"en":"A","fi":"A"}`, at: achievementAt + "/title/en"},
	{rule: "EDC-MOST", pointer: achievementAt + "/influencedBy", fail: activity(`101`), pass: activity(`100`), at: achievementAt + "/influencedBy/levelOfCompletion"},
	{rule: "EDC-JSON-LD", pointer: "/id", fail: `7`, pass: `"urn:credential:1"`},
	{rule: "EDC-JSON-LD", pointer: achievementAt + "/title", fail: `{"en":7}`, pass: `{"en":null,"fi":"x"}`, at: achievementAt + "/title/en"},
	{rule: "EDC-CONTEXT", pointer: "/@context/0", fail: `"https://www.w3.org/ns/credentials/v2"`, pass: `"https://www.w3.org/2018/credentials/v1"`, at: "/"},
	{rule: "EDC-DROPPED", pointer: "/studentNumber", fail: `"x"`, pass: ``},
	{rule: "EDC-DROPPED", pointer: "/credentialSubject/issued", fail: `"2026-01-01T00:00:00"`, pass: ``},
	{rule: "EDC-TYPE", pointer: "/credentialStatus", fail: `{"id":"urn:x:1","type":"StatusList2021Entry"}`, pass: `{"id":"urn:x:1","type":"CredentialStatus"}`, at: "/credentialStatus/type"},
	{rule: "EDC-REFERENCE", pointer: "/id", fail: `"one"`, pass: `"urn:credential:1"`},
	{rule: "EDC-REFERENCE", pointer: "/credentialSubject/dateModified", fail: `"2026-01-01T00:00:00"`, pass: ``},
	{rule: "EDC-LANG-TAG", pointer: achievementAt + "/title", fail: `{"en ":"A"}`, pass: `{"zh-hans-cn":"A"}`},
	{rule: "EDC-LIST", pointer: "/displayParameter/primaryLanguage/id", fail: `"http://publications.europa.eu/resource/authority/language/ZZZ"`, pass: `"http://publications.europa.eu/resource/authority/language/ENG"`, at: "/displayParameter/primaryLanguage"},
	{rule: "EDC-OUTSIDE", pointer: achievementAt + "/member", fail: `{"type":"Agent"}`, pass: ``},
	{rule: "EDC-SAME-ID", pointer: achievementAt + "/awardedBy/awardingBody/id", fail: `"urn:epass:org:1"`, pass: `"urn:epass:org:2"`, at: achievementAt + "/awardedBy/awardingBody"},
	{rule: "EDC-EMPTY-TEXT", pointer: achievementAt + "/title", fail: `{"en":"A","fi":""}`, pass: `{"en":"A"}`, at: achievementAt + "/title/fi"},
	{rule: "EDC-CALENDAR", pointer: "/validFrom", fail: `"2026-02-29T00:00:00"`, pass: `"2028-02-29T24:00:00"`},
	{rule: "EDC-BIRTH-DAY", pointer: "/credentialSubject/dateOfBirth", fail: `"2000-01-31T23:00:00Z"`, pass: `"2000-01-31T00:00:00.000+02:00"`},
	{rule: "EDC-LANG-CASE", pointer: achievementAt + "/title", fail: `{"nb-NO":"A"}`, pass: `{"nb-no":"A"}`, at: achievementAt + "/title/nb-NO"},
	{rule: "EDC-EDCI", pointer: achievementAt + "/isPartOf", fail: `{"id":"urn:x:1"}`, pass: ``},
	{rule: "EDC-EDCI-TYPE", pointer: achievementAt + "/type", fail: `["LearningAchievement"]`, pass: `"LearningAchievement"`},
	{rule: "EDC-DS", pointer: "/credentialProfiles/id", fail: `"http://data.europa.eu/snb/credential/6dff8a0f87"`, pass: `"http://data.europa.eu/snb/credential/e34929035b"`, at: achievementAt},
	{rule: "EDC-DS", pointer: "/id", fail: `"urn:credential:1"`, pass: `"urn:credential:1"`, at: "/", profile: profile.DiplomaSupplement, not: profile.Accredited},
}

// activity is a learning activity with that level of completion.
func activity(level string) string {
	return `{"type":"LearningActivity","title":{"en":"x"},"levelOfCompletion":` + level + `,"awardedBy":{"type":"AwardingProcess","awardingBody":{"id":"urn:epass:org:2"}}}`
}

// english is a code list with one member.
func english(scheme, id string) (known, member bool) {
	return scheme == "http://publications.europa.eu/resource/authority/language", strings.HasSuffix(id, "/ENG")
}

// changed is the small credential with one value set.
func changed(t testing.TB, pointer, value string) edci.Object {
	t.Helper()
	tree := any(small(t))
	if value == "" {
		tree, _ = edci.Delete(tree, pointer)
		return tree.(edci.Object)
	}
	v, err := edci.ParseJSON([]byte(value), edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	tree, ok := edci.Set(tree, pointer, v)
	if !ok {
		t.Fatal("no place", pointer)
	}
	return tree.(edci.Object)
}

func TestSmall(t *testing.T) {
	for _, p := range []profile.Profile{profile.Auto, profile.NoCV, profile.Full} {
		if found := profile.Check(small(t), p, profile.Options{InList: english}); len(found) > 0 {
			t.Error(p, found)
		}
	}
}

// TestRules changes the small credential once so that each rule is broken and once so that it is not.
func TestRules(t *testing.T) {
	covered := map[string]bool{"EDC-SPELLING": true, "EDC-LIMIT": true, "EDC-PROCESSOR": true} // TestSpelling, TestLimit, TestProcessor
	for i, c := range ruleCases {
		covered[c.rule] = true
		t.Run(fmt.Sprint(i, c.rule), func(t *testing.T) {
			not := c.not
			if not == profile.Auto {
				not = c.profile
			}
			if found, ok := c.finds(t, c.fail, c.profile); !ok {
				t.Error("no finding at its place:", found)
			}
			if found, ok := c.finds(t, c.pass, not); ok {
				t.Error("a finding where there is nothing to find:", found)
			}
		})
	}
	for _, r := range profile.Rules() {
		if !covered[r.ID] {
			t.Errorf("no case of %s", r.ID)
		}
	}
}

// finds tells whether the rule finds something at its place in the changed credential.
func (c ruleCase) finds(t *testing.T, value string, p profile.Profile) ([]profile.Finding, bool) {
	at := strings.TrimSuffix(cmp.Or(c.at, c.pointer), "/")
	found := profile.Check(changed(t, c.pointer, value), p, profile.Options{InList: english})
	return found, slices.ContainsFunc(found, func(f profile.Finding) bool { return f.Rule == c.rule && f.Path == at })
}

// TestSpelling checks a document whose reader repairs a name.
func TestSpelling(t *testing.T) {
	for _, c := range []struct {
		member string
		rule   string
	}{{"contentUrl", "EDC-SPELLING"}, {"contentURL", ""}} {
		tree := changed(t, achievementAt+"/supplementaryDocument", `{"type":"WebResource","`+c.member+`":"https://example.org"}`)
		found, s, ok := check(edci.AppendValue(nil, tree), profile.Auto)
		if !ok || s.Form != "plain" {
			t.Fatal("not read")
		}
		if c.rule == "" && len(found) > 0 {
			t.Error(found)
		}
		if c.rule != "" && (len(found) != 2 || found[0].Rule != "EDC-MIN" || found[1].Rule != c.rule ||
			found[1].Path != achievementAt+"/supplementaryDocument/contentURL") {
			t.Error(found)
		}
	}
}

// TestValues looks for values of the learner in findings: there are none unless asked for.
func TestValues(t *testing.T) {
	const secret = "Zaphod"
	tree := changed(t, "/credentialSubject", `{"type":"`+secret+`","id":"`+secret+`","givenName":"`+secret+`","dateOfBirth":"`+secret+
		`","familyName":{"`+secret+` ":"`+secret+`"},"identifier":{"id":"`+secret+`"}}`)
	tree = append(tree, edci.Member{Name: "holder", Value: edci.Object{{Name: "type", Value: "Person"}, {Name: "dateOfBirth", Value: secret}}})
	shown := 0
	for _, asked := range []bool{false, true} {
		for _, f := range profile.Check(tree, profile.Full, profile.Options{Values: asked}) {
			if strings.Contains(f.Text+f.Source, secret) || !asked && f.Value != "" {
				t.Error("a value in", f)
			}
			if f.Value != "" {
				shown++
			}
			if f.Text == "" || f.Source == "" || f.Rule == "" || !strings.HasSuffix(f.Text, ".") {
				t.Error("incomplete:", f)
			}
		}
	}
	if shown == 0 {
		t.Error("no value where they are asked for")
	}
}

// TestErrorsOnly leaves out what is no error.
func TestErrorsOnly(t *testing.T) {
	tree := changed(t, achievementAt+"/title", `{"EN":""}`)
	if found := profile.Check(tree, profile.Full, profile.Options{}); len(found) != 2 {
		t.Error(found)
	}
	if found := profile.Check(tree, profile.Full, profile.Options{ErrorsOnly: true}); len(found) != 0 {
		t.Error(found)
	}
}

// TestProfileNames reads every name back.
func TestProfileNames(t *testing.T) {
	for p := profile.Auto; p <= profile.DiplomaSupplement; p++ {
		if got, ok := profile.Parse(p.String()); !ok || got != p {
			t.Error(p, got, ok)
		}
	}
	if _, ok := profile.Parse("unknown"); ok {
		t.Error("a profile called unknown")
	}
}

// TestLimit: a document with more faults than are listed has its errors first, and says so.
func TestLimit(t *testing.T) {
	tree := small(t)
	many := make(edci.Array, 5000)
	for i := range many {
		many[i] = "x"
	}
	tree = append(slices.Clone(tree), edci.Member{Name: "evidence", Value: many})
	for max, want := range map[int]int{0: 1000, 7: 7} {
		found := profile.Check(tree, profile.Full, profile.Options{Max: max})
		if len(found) != want+1 || found[want].Rule != "EDC-LIMIT" || found[0].Severity != profile.Error {
			t.Errorf("max %d: %d findings, the last %+v", max, len(found), found[len(found)-1])
		}
	}
}

// TestProcessor: what a JSON-LD processor had to lay out is never valid without a word.
func TestProcessor(t *testing.T) {
	src := edci.AppendValue(nil, edci.Object{
		{Name: "@context", Value: edci.Array{"https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"}},
		{Name: "type", Value: edci.Array{"VerifiableCredential", "EuropeanDigitalCredential"}},
		{Name: "issued", Value: edci.Object{{Name: "@value", Value: "2026-01-01T00:00:00Z"}}},
	})
	credentials, err := edci.Read(src, edci.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found := profile.CheckSource(credentials[0].Source, profile.Full, profile.Options{})
	if !slices.ContainsFunc(found, func(f profile.Finding) bool { return f.Rule == "EDC-PROCESSOR" }) {
		t.Errorf("%+v", found)
	}
}
