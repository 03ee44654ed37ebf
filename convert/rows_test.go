package convert_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

// spot is where an example stands: the document around it, and its node in the credential.
type spot struct{ before, after, pointer string }

const (
	opening    = `<elmo xmlns="` + elmo.NS + `"><generatedDate>2024-08-01T00:00:00Z</generatedDate>`
	noLearner  = `<learner><givenNames/><familyName/></learner>`
	noIssuer   = `<issuer><url/></issuer>`
	losOpen    = `<learningOpportunitySpecification><title>T</title>`
	loiOpen    = `<specifies><learningOpportunityInstance>`
	loiClose   = `</learningOpportunityInstance></specifies></learningOpportunitySpecification>`
	course     = losOpen + loiOpen + loiClose
	issueDate  = `<issueDate>2024-07-15T00:00:00Z</issueDate>`
	report     = `<report>` + noIssuer + course + issueDate + `</report>`
	claim      = "/credentialSubject/hasClaim/0"
	atReport   = opening + noLearner + `<report>` + noIssuer
	afterClaim = loiClose + issueDate + `</report></elmo>`
)

// spots by the element that an example stands in.
var spots = map[string]spot{
	"elmo":                             {opening + noLearner + report, `</elmo>`, ""},
	"learner":                          {opening + `<learner>`, `</learner>` + report + `</elmo>`, "/credentialSubject"},
	"report":                           {atReport + course, `</report></elmo>`, ""},
	"report/issuer":                    {opening + noLearner + `<report><issuer>`, `</issuer>` + course + issueDate + `</report></elmo>`, claim + "/awardedBy/awardingBody/0"},
	"learningOpportunitySpecification": {atReport + `<learningOpportunitySpecification>`, loiOpen + afterClaim, claim},
	"learningOpportunityInstance":      {atReport + losOpen + loiOpen, afterClaim, claim},
	"diplomaSupplement":                {atReport + losOpen + loiOpen + `<diplomaSupplement xml:lang="en">`, `</diplomaSupplement>` + afterClaim, claim + "/specifiedBy"},
	"attachment":                       {opening + noLearner + report + `<attachment>`, `</attachment></elmo>`, ""},
}

// foreign is the credential that an example of a credential of others is a part of.
const foreign = `{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],
"id":"urn:example:credential","type":["VerifiableCredential","EuropeanDigitalCredential"],
"issuer":{"type":"Organisation","legalName":{"en":"Example University"}},"issuanceDate":"2024-07-15T00:00:00",
"credentialSubject":{"type":"Person","givenName":{"und":"Ada"},"familyName":{"und":"Example"},"hasClaim":[{"type":"LearningAchievement",
"title":{"en":"Algebra"},"specifiedBy":{"type":"LearningAchievementSpecification","title":{"en":"Algebra"}},"awardedBy":{"type":"AwardingProcess",
"awardingBody":[{"type":"Organisation","legalName":{"en":"Example University"}}]}}]}}`

// TestRows: every row has an example, which converts both ways with the verdicts stated.
func TestRows(t *testing.T) {
	for _, part := range mapping.Table() {
		for _, rule := range part.Rules {
			t.Run(rule.ID, func(t *testing.T) {
				source, at := exampleSource(t, part, rule.Example)
				trip := roundTrip(t, source, exampleOptions(rule, convert.KeepNotes))
				checkVerdicts(t, rule, trip)
				checkNamed(t, trip)
				if rule.Example.Foreign {
					checkForeign(t, rule.Example, trip)
				} else {
					checkOurs(t, rule.Example, at, trip)
				}
				checkLoss(t, rule, source)
			})
		}
	}
}

// exampleSource is the smallest document that the example stands in.
func exampleSource(t *testing.T, part mapping.Part, x mapping.Example) ([]byte, spot) {
	t.Helper()
	if x.ELMO+x.ELM == "" {
		t.Fatal("the row has no example")
	}
	if x.Foreign {
		return edci.AppendValue(nil, merged(parse(t, foreign), parse(t, x.ELM))), spot{}
	}
	name := x.In
	if name == "" {
		name = part.ELMO
	}
	at, ok := spots[name]
	if !ok {
		t.Fatalf("no document for examples in %q", name)
	}
	return []byte(at.before + x.ELMO + at.after), at
}

// exampleOptions are those of most conversions; a rule about versions needs two of them.
func exampleOptions(rule mapping.Rule, keep convert.Keep) convert.Options {
	opt := convert.Options{Display: convert.DisplayMinimal, Keep: keep}
	if strings.HasPrefix(rule.ID, "VER-") {
		opt.ELMOVersion = elmo.V17
	}
	return opt
}

func roundTrip(t *testing.T, source []byte, opt convert.Options) *convert.Trip {
	t.Helper()
	trip, err := convert.RoundTrip(source, opt)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	return trip
}

// checkVerdicts compares the worst that each report says under the rule with what the table states.
func checkVerdicts(t *testing.T, rule mapping.Rule, trip *convert.Trip) {
	t.Helper()
	for _, r := range []*convert.Report{trip.There, trip.Back} {
		want := rule.Example.ToEDC
		if r.Direction == mapping.ToELMO {
			want = rule.Example.ToELMO
		}
		if got := worstUnder(rule.ID, r); got != want {
			t.Errorf("%s: the report says %q, the table %q", r.Direction, got, want)
		}
	}
}

func worstUnder(row string, r *convert.Report) convert.Verdict {
	var worst convert.Verdict
	for _, e := range r.Entries() {
		if e.Row == row && e.Verdict.Severity() > worst.Severity() {
			worst = e.Verdict
		}
	}
	return worst
}

func checkNamed(t *testing.T, trip *convert.Trip) {
	t.Helper()
	for _, d := range trip.Differences {
		if !d.Named {
			t.Errorf("%s %s, and no report says so", d.Path, d.Kind)
		}
	}
}

// checkOurs: the node in the credential is what the example says.
func checkOurs(t *testing.T, x mapping.Example, at spot, trip *convert.Trip) {
	t.Helper()
	if x.ELM == "" {
		return
	}
	for _, credential := range trip.Between {
		node, _ := edci.At(parse(t, string(credential)), at.pointer)
		if missing(node, parse(t, x.ELM), at.pointer) == "" {
			return
		}
	}
	t.Errorf("no credential has %s", x.ELM)
}

// checkForeign: the document has the element that the example names, and the part comes back unless it is dropped.
func checkForeign(t *testing.T, x mapping.Example, trip *convert.Trip) {
	t.Helper()
	if !bytes.Contains(trip.Between[0], []byte(x.ELMO)) {
		t.Errorf("the document does not have %s\n%s", x.ELMO, trip.Between[0])
	}
	back := missing(parse(t, string(trip.Result[0])), parse(t, x.ELM), "") == ""
	if gone := x.ToELMO == mapping.Dropped; back == gone && x.ToELMO != mapping.Normalised {
		t.Errorf("came back: %t, stated: %s\n%s", back, x.ToELMO, trip.Result[0])
	}
}

// checkLoss: with keep=none the loss of a gap is seen in a real round trip.
func checkLoss(t *testing.T, rule mapping.Rule, source []byte) {
	t.Helper()
	stated := rule.Example.ToEDC
	if rule.Example.Foreign {
		stated = rule.Example.ToELMO
	}
	if stated.Severity() < mapping.Kept.Severity() {
		return
	}
	trip := roundTrip(t, source, exampleOptions(rule, convert.KeepNone))
	checkNamed(t, trip)
	for _, e := range slices.Concat(trip.There.Losses, trip.Back.Losses) {
		if e.Row == rule.ID && e.Verdict.Severity() > mapping.Kept.Severity() && seen(trip, e) {
			return
		}
	}
	t.Errorf("said to be %s, but with keep=none nothing is lost: %v", stated, trip.Differences)
}

// seen tells whether something differs where the entry says that something is lost: there, in it, or around it.
func seen(trip *convert.Trip, e convert.Entry) bool {
	return e.Source != "" && slices.ContainsFunc(trip.Differences, func(d convert.Difference) bool {
		return within(d.Path, e.Source) || within(e.Source, d.Path)
	})
}

// within tells whether a path is another one, or leads into it.
func within(path, around string) bool {
	rest, ok := strings.CutPrefix(path, around)
	return ok && (rest == "" || rest[0] == '/' || rest[0] == '[')
}

func parse(t *testing.T, json string) any {
	t.Helper()
	v, err := edci.ParseJSON([]byte(json), edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// merged is a value with the members of another; arrays by position.
func merged(a, b any) any {
	switch b := b.(type) {
	case edci.Object:
		a, _ := a.(edci.Object)
		for _, m := range b {
			at := -1
			for i := range a {
				if a[i].Name == m.Name {
					at = i
				}
			}
			if at < 0 {
				a = append(a, m)
				continue
			}
			a[at].Value = merged(a[at].Value, m.Value)
		}
		return a
	case edci.Array:
		a, _ := a.(edci.Array)
		for i, v := range b {
			if i < len(a) {
				a[i] = merged(a[i], v)
				continue
			}
			a = append(a, v)
		}
		return a
	}
	return b
}

// missing tells what of want is not in got; empty when all is. Arrays of want name elements that got has
// somewhere.
func missing(got, want any, at string) string {
	switch w := want.(type) {
	case edci.Object:
		g, _ := got.(edci.Object)
		for _, m := range w {
			v, ok := g.Get(m.Name)
			if !ok {
				return at + "/" + m.Name
			}
			if lacks := missing(v, m.Value, at+"/"+m.Name); lacks != "" {
				return lacks
			}
		}
	case edci.Array:
		g, _ := got.(edci.Array)
	element:
		for _, v := range w {
			for _, x := range g {
				if missing(x, v, at) == "" {
					continue element
				}
			}
			return at + " element " + string(edci.AppendValue(nil, v))
		}
	default:
		if string(edci.AppendValue(nil, got)) != string(edci.AppendValue(nil, want)) {
			return at + " = " + string(edci.AppendValue(nil, want))
		}
	}
	return ""
}
