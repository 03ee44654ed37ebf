package profile

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/testdata/judge"
)

// TestTable compares our tables with the facts of the corpus, which were taken from the published shapes.
func TestTable(t *testing.T) {
	src, err := os.ReadFile(judge.Corpus(t, "elm", "model", "edc-ap-3.2.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]bool{}
	for _, c := range classes {
		for _, s := range c.shapes {
			ours[c.name+" "+s.member+" "+s.count+" "+s.is+" "+list(s.extra)+" "+fmt.Sprint(strings.Contains(s.extra, "unique"))] = true
		}
	}
	compared := 0
	for _, line := range strings.Split(strings.TrimSuffix(string(src), "\n"), "\n")[1:] {
		cells := strings.Split(line, "\t")
		name := strings.TrimPrefix(cells[0], "cred:")
		if strings.HasPrefix(name, "(") || cells[3] == "" {
			continue
		}
		member := cells[2]
		if member == "" {
			member = cells[3]
		}
		is := strings.NewReplacer(" | ", "|", "rdf:langString", "text", "cred:", "").Replace(cells[6])
		row := name + " " + member + " " + cells[4] + ".." + cells[5] + " " + is + " " + cells[11] + " " + fmt.Sprint(cells[9] == "yes")
		if compared++; !ours[row] {
			t.Errorf("not in the table: %s", row)
		}
		delete(ours, row)
	}
	for row := range ours {
		t.Errorf("only in the table: %s", row)
	}
	if compared < 400 {
		t.Error("few rows:", compared)
	}
}

// list is the address of the list in a shape.
func list(extra string) string {
	for _, word := range strings.Fields(extra) {
		if name, ok := strings.CutPrefix(word, "list="); ok {
			return schemes[name]
		}
	}
	return ""
}

// TestModel compares the cardinalities with those of the model, which were typed by another hand.
func TestModel(t *testing.T) {
	counts := map[string]string{}
	for _, c := range classes {
		for _, s := range c.shapes {
			counts[c.name+"/"+s.member] = s.count
		}
	}
	compared := 0
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(v reflect.Type) {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct || seen[v] {
			return
		}
		seen[v] = true
		for i := range v.NumField() {
			f := v.Field(i)
			if count, _, _ := strings.Cut(f.Tag.Get("edc"), ","); count != "" {
				if ours, ok := counts[v.Name()+"/"+f.Tag.Get("json")]; ok {
					if compared++; ours != count {
						t.Errorf("%s/%s: %s here, %s in the model", v.Name(), f.Name, ours, count)
					}
				}
				visit(f.Type)
			}
		}
	}
	for _, root := range []any{edci.EuropeanDigitalCredential{}, edci.Person{}, edci.Organisation{}, edci.LearningAchievement{}, edci.LearningActivity{}, edci.LearningEntitlement{}} {
		visit(reflect.TypeOf(root))
	}
	if compared < 300 {
		t.Error("few members:", compared)
	}
}

// TestLexical tests the lexical forms.
func TestLexical(t *testing.T) {
	for d, c := range map[datatype]struct{ good, bad []string }{
		xsdDateTime: {
			[]string{"2026-01-31T00:00:00", "2026-01-31T00:00:00.5Z", "-0044-03-15T12:00:00-03:30", "12026-01-01T00:00:00Z"},
			[]string{"", "2026-01-31", "2026-01-31T00:00", "2026-01-31T00:00:00.", "026-01-31T00:00:00", "02026-01-31T00:00:00", "2026-01-31t00:00:00", "2026-01-31T00:00:00z", "2026-01-31T00:00:00+0100", "2026-01-31T00:00:00 "},
		},
		xsdDuration: {
			[]string{"P1Y", "PT40H", "-P1D", "P1Y2M3DT4H5M6.7S", "P0D", "PT0.5S"},
			[]string{"", "P", "PT", "P1YT", "P2W", "P1M1Y", "PT1.5H", "PT.5S", "PT5.S", "1Y", "P1S", "P1D2"},
		},
		xsdDecimal:         {[]string{"1", "-1.5", "+.5", "5."}, []string{"", ".", "1e3", "--1", "1,5", " 1"}},
		xsdInteger:         {[]string{"0", "-7", "+007"}, []string{"", "+", "1.0", "1 "}},
		xsdPositiveInteger: {[]string{"1", "+01", "100"}, []string{"0", "-1", "+0", "", "1.0"}},
		xsdBoolean:         {[]string{"true", "0"}, []string{"TRUE", "yes", ""}},
	} {
		for _, s := range c.good {
			if !lexical[d].ok(s) {
				t.Errorf("%s is a %s", s, lexical[d].name)
			}
		}
		for _, s := range c.bad {
			if lexical[d].ok(s) {
				t.Errorf("%q is no %s", s, lexical[d].name)
			}
		}
	}
}

// TestNumbers writes JSON numbers as JSON-LD does.
func TestNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "7": "7", "-12": "-12", "1.0": "1", "12.5": "1.25E1", "0.1": "1.0E-1", "1e2": "100", "1e21": "1.0E21",
		"1e-7": "0", "2.5e-7": "2.5E-7", "123456789012345678": "123456789012345680", "1e400": "Infinity",
	} {
		if got, _ := numberLiteral(json.Number(in)); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
