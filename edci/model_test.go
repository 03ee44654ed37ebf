package edci

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elmobridge/testdata/judge"
)

// profileRow is one line of edc-ap-3.2.tsv.
type profileRow struct{ class, term, property, min, max, rng, unique, context, list string }

func profile(t *testing.T) []profileRow {
	f, err := os.Open(judge.Corpus(t, "elm", "model", "edc-ap-3.2.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []profileRow
	for _, rec := range records[1:] {
		rows = append(rows, profileRow{rec[0], rec[2], rec[3], rec[4], rec[5], rec[6], rec[9], rec[10], rec[11]})
	}
	return rows
}

// Every member of the profile is in the model with its cardinality, and the model has no others.
func TestModelAgreesWithProfile(t *testing.T) {
	listed := map[string]map[string]bool{}
	for _, row := range profile(t) {
		c := classNamed[row.class]
		if c == nil || row.term == "" || row.term == "—" {
			if c == nil && !strings.HasPrefix(row.class, "(") && !strings.Contains(row.class, ":") {
				t.Errorf("class %s is not in the model", row.class)
			}
			continue
		}
		if listed[c.name] == nil {
			listed[c.name] = map[string]bool{}
		}
		listed[c.name][row.term] = true
		m := c.byName[row.term]
		if m == nil {
			t.Errorf("%s.%s is not in the model", row.class, row.term)
			continue
		}
		checkRow(t, row, m)
	}
	for name, c := range classNamed {
		for _, m := range c.members {
			if listed[c.name] != nil && !listed[c.name][m.name] {
				t.Errorf("%s.%s is not in the profile", name, m.name)
			}
		}
	}
}

// checkRow compares cardinality and kind. Of a struct that serves two classes the weaker bound counts.
func checkRow(t *testing.T, row profileRow, m *member) {
	at := row.class + "." + row.term
	if minimum, _ := strconv.Atoi(row.min); minimum != m.min && row.class != "LegalIdentifier" && row.class != "Qualification" {
		t.Errorf("%s: min %s in the profile, %d in the model", at, row.min, m.min)
	}
	maximum := 0
	if row.max != "*" {
		maximum, _ = strconv.Atoi(row.max)
	}
	if maximum != m.max {
		t.Errorf("%s: max %s in the profile, %d in the model", at, row.max, m.max)
	}
	if (row.context == "@language") != (m.kind == kindLangString) {
		t.Errorf("%s: context %s, model kind %d", at, row.context, m.kind)
	}
	if m.kind != kindLangString && m.many != (m.max == 0) {
		t.Errorf("%s: many %v but max %d", at, m.many, m.max)
	}
	if row.list != "" && m.list == "" {
		t.Errorf("%s: list %s in the profile, none in the model", at, row.list)
	}
}

// The kind of a field is what the context makes of the member. Two members are known exceptions: the
// context takes their text for an id (elm.md 4).
func TestModelAgreesWithContext(t *testing.T) {
	for name, c := range classNamed {
		for _, m := range c.members {
			as := termOf(m.name)
			if as == nil {
				t.Errorf("%s.%s is in no context", name, m.name)
				continue
			}
			if m.name == "dateModified" || m.name == "descriptionHtml" {
				continue
			}
			node := as.as == "@id" || as.as == "@graph"
			if node != (m.kind == kindNode) || (as.as == "@language") != (m.kind == kindLangString) {
				t.Errorf("%s.%s: kind %d, context %q", name, m.name, m.kind, as.as)
			}
		}
	}
}

func termOf(name string) *term {
	for _, scope := range []string{"VerifiableCredential", "VerifiablePresentation", ""} {
		if t := vcIndex[[2]string{scope, name}]; t != nil {
			return t
		}
	}
	return edcIndex[[2]string{"", name}]
}

func TestEveryClassIsPlanned(t *testing.T) {
	var planned []string
	for name := range classNamed {
		planned = append(planned, name)
	}
	slices.Sort(planned)
	for _, row := range edcTerms {
		if row.as == "" && row.name[0] >= 'A' && row.name[0] <= 'Z' && classNamed[row.name] == nil {
			t.Errorf("class %s of the context is not in the model", row.name)
		}
	}
	if len(planned) < 48 {
		t.Error(planned)
	}
}
