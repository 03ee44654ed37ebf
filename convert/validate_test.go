package convert_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/testdata/judge"
)

// TestWhatIsWrittenIsValid: credentials with an issuer conform, the documents that come back are valid.
func TestWhatIsWrittenIsValid(t *testing.T) {
	for _, s := range ownDocuments(t) {
		for _, keep := range []convert.Keep{convert.KeepNone, convert.KeepNotes, convert.KeepSource} {
			opt := options(keep)
			credentials := there(t, s.data, opt)
			for _, c := range credentials {
				check(t, s.name, convert.AppendEDC(nil, c, opt))
			}
			doc, _, err := convert.ToELMO(credentials, opt)
			if err != nil {
				t.Fatal(s.name, err)
			}
			xml, err := convert.WriteELMO(doc, opt)
			if err != nil {
				t.Fatal(s.name, err)
			}
			check(t, s.name, xml)
		}
	}
}

func check(t *testing.T, name string, data []byte) {
	t.Helper()
	v, err := convert.Validate(data, convert.ValidateOptions{})
	if err != nil {
		t.Fatal(name, err)
	}
	if !v.Valid() {
		t.Errorf("%s: %s: %+v", name, v.Summary(), v.Findings)
	}
}

const secret = "Zebediah"

// broken are faulty files whose values are all the secret.
var broken = map[string]string{
	"elmo": `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
<generatedDate>` + secret + `</generatedDate>
<learner><citizenship>` + secret + `</citizenship><givenNames>` + secret + `</givenNames><givenNames>` + secret + `</givenNames><bday>` + secret + `</bday></learner>
</elmo>`,
	"credential": `{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],
"type":["VerifiableCredential","EuropeanDigitalCredential"],
"issued":"` + secret + `",
"credentialSubject":{"type":"Person","givenName":"` + secret + `","dateOfBirth":"` + secret + `","studentNumber":"` + secret + `"}}`,
}

// TestFindingsHoldNoValues but when they are asked for.
func TestFindingsHoldNoValues(t *testing.T) {
	for name, file := range broken {
		for _, values := range []bool{false, true} {
			v, err := convert.Validate([]byte(file), convert.ValidateOptions{Values: values})
			if err != nil {
				t.Fatal(name, err)
			}
			if v.Valid() {
				t.Errorf("%s: %s", name, v.Summary())
			}
			seen := false
			for _, f := range v.Findings {
				seen = seen || strings.Contains(f.Value, secret)
				if strings.Contains(f.Text+f.Path+f.Source+f.Rule, secret) || f.Value != "" && !values {
					t.Errorf("%s: %+v", name, f)
				}
			}
			if seen != values {
				t.Errorf("%s: values asked for: %v, given: %v", name, values, seen)
			}
		}
	}
}

// TestFindingsHaveTheirPlace: lines in files, the number of the credential when there are several.
func TestFindingsHaveTheirPlace(t *testing.T) {
	credential := broken["credential"]
	for file, want := range map[string]struct {
		path string
		line int
	}{
		credential: {"/issued", 3},
		"[" + credential + ",\n\n" + credential + "]": {"/1/issued", 8},
		`{"credential":` + credential + `}`:           {"/credential/issued", 3},
		`[{"vp":{"verifiableCredential":[` + credential + `]}},` + "\n" + `{"credential":` + credential + `}]`: {"/1/credential/issued", 7},
		`{"vp":{"verifiableCredential":` + credential + `}}`:                                                   {"/vp/verifiableCredential/issued", 3},
		broken["elmo"]: {"generatedDate", 2},
	} {
		v, err := convert.Validate([]byte(file), convert.ValidateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(v.Findings, func(f convert.Finding) bool { return f.Path == want.path && f.Line == want.line }) {
			t.Errorf("no %s in line %d: %+v", want.path, want.line, v.Findings)
		}
	}
}

// TestRulesAreDocumented: every finding is of a rule in the list; ids are there once.
func TestRulesAreDocumented(t *testing.T) {
	rules := map[string]convert.Rule{}
	for _, r := range convert.Rules() {
		if _, twice := rules[r.ID]; twice || r.ID == "" || r.Text == "" || !slices.Contains(convert.Severities, r.Severity) {
			t.Errorf("%+v", r)
		}
		rules[r.ID] = r
	}
	for name, file := range broken {
		v, err := convert.Validate([]byte(file), convert.ValidateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range v.Findings {
			if rules[f.Rule].Severity != f.Severity {
				t.Errorf("%s: %+v is not as %+v", name, f, rules[f.Rule])
			}
		}
	}
}

func TestValidateRefuses(t *testing.T) {
	for _, opt := range []convert.ValidateOptions{{Profile: "strict"}, {ELMOVersion: "3"}} {
		if _, err := convert.Validate([]byte(broken["elmo"]), opt); !errors.Is(err, convert.ErrOptions) {
			t.Errorf("%+v: %v", opt, err)
		}
	}
	if _, err := convert.Validate([]byte("%PDF"), convert.ValidateOptions{}); !errors.Is(err, convert.ErrFormat) {
		t.Error(err)
	}
	if _, err := convert.Validate([]byte("<a/>"), convert.ValidateOptions{}); !errors.Is(err, elmo.ErrNotELMO) {
		t.Error(err)
	}
}

// TestValidateCorpus: whatever is in the corpus, bad or no document at all, gets findings that say where
// and of which rule, or an error that says why.
func TestValidateCorpus(t *testing.T) {
	rules := map[string]bool{}
	for _, r := range convert.Rules() {
		rules[r.ID] = true
	}
	checked, refused := 0, 0
	err := filepath.WalkDir(judge.Corpus(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		v, err := convert.Validate(data, convert.ValidateOptions{})
		if err != nil {
			refused++
			if err.Error() == "" {
				t.Errorf("%s: an error without a word", path)
			}
			return nil
		}
		checked++
		for _, f := range v.Findings {
			if !rules[f.Rule] || f.Text == "" || f.Source == "" || f.Value != "" {
				t.Errorf("%s: %+v", path, f)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files checked, %d refused", checked, refused)
	if checked < 60 || refused < 10 {
		t.Errorf("only %d files checked, %d refused", checked, refused)
	}
}
