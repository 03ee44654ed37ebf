package audit_test

import (
	"encoding/csv"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elmobridge/mapping"
	"elmobridge/mapping/audit"
)

// What SSSOM/TSV demands, and what of it we use: from memory of the standard, not compared with its text.
var (
	// requiredSlots of a mapping set: the first two by the standard, the others by those who look for sets.
	requiredSlots = []string{"mapping_set_id", "license", "curie_map", "mapping_set_title", "mapping_set_version",
		"subject_source", "object_source"}
	// optionalSlots that a set may have as well.
	optionalSlots = []string{"mapping_set_description", "subject_source_version", "object_source_version",
		"mapping_provider", "mapping_date", "mapping_tool"}
	// requiredColumns of each mapping; subject and object may not be empty when they are no literals.
	requiredColumns = []string{"subject_id", "predicate_id", "object_id", "mapping_justification"}
	// knownColumns are the slots of a mapping that we use.
	knownColumns = []string{"subject_id", "subject_label", "subject_category", "subject_type", "predicate_id", "object_id",
		"object_label", "object_category", "object_type", "mapping_justification", "other", "comment"}
	// knownTypes are those of the standard's entity types that we use; what was not found has none.
	knownTypes = []string{"", "rdfs resource", "rdfs class", "rdf property"}
	predicates = []string{"skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch"}
)

// sssomFile is a mapping set as read.
type sssomFile struct {
	slots    map[string]string
	prefixes map[string]string
	rows     []map[string]string
	columns  []string
}

func sssom(w io.Writer) error {
	return audit.SSSOM(w, audit.Publication{Date: "2026-01-02", Provider: "https://example.org/"})
}

func TestSSSOM(t *testing.T) {
	f := parseSSSOM(t, written(t, sssom))
	for _, s := range requiredSlots {
		if f.slots[s] == "" {
			t.Errorf("no slot %s", s)
		}
	}
	for s := range f.slots {
		if !slices.Contains(requiredSlots, s) && !slices.Contains(optionalSlots, s) {
			t.Errorf("slot %s is not one of the standard's", s)
		}
	}
	for _, c := range requiredColumns {
		if !slices.Contains(f.columns, c) {
			t.Errorf("no column %s", c)
		}
	}
	for _, c := range f.columns {
		if !slices.Contains(knownColumns, c) {
			t.Errorf("column %s is not one of the standard's", c)
		}
	}
	for _, row := range f.rows {
		f.check(t, row)
	}
	f.checkComplete(t)
}

// curie takes identifiers whose second part needs no escape, in RDF nor in a URI (Turtle 6.5 PN_LOCAL, RFC 3986 3.5).
var curie = regexp.MustCompile(`^([a-z]+):([A-Za-z](?:[A-Za-z0-9.-]|%40)*[A-Za-z0-9])$`)

func (f *sssomFile) check(t *testing.T, row map[string]string) {
	t.Helper()
	for _, c := range []string{"subject_type", "object_type"} {
		if !slices.Contains(knownTypes, row[c]) {
			t.Errorf("%s %q", c, row[c])
		}
	}
	for _, c := range requiredColumns {
		m := curie.FindStringSubmatch(row[c])
		if m == nil || f.prefixes[m[1]] == "" {
			t.Errorf("%s %q is no identifier with a declared prefix", c, row[c])
		}
	}
	if !slices.Contains(predicates, row["predicate_id"]) {
		t.Errorf("predicate %s", row["predicate_id"])
	}
	if row["mapping_justification"] != "semapv:ManualMappingCuration" {
		t.Errorf("justification %s", row["mapping_justification"])
	}
}

// checkComplete: every leaf is in the set, as a subject, as an object or both.
func (f *sssomFile) checkComplete(t *testing.T) {
	t.Helper()
	labels := map[string]bool{}
	for _, row := range f.rows {
		labels["elmo "+row["subject_label"]], labels["elm "+row["object_label"]] = true, true
	}
	for _, l := range audit.Leaves() {
		if !labels[string(l.Side)+" "+l.Path] {
			t.Errorf("%s %s is not in the set", l.Side, l.Path)
		}
	}
}

// TestSSSOMDistinct: an identifier is that of one leaf, no triple stands there twice, and nothing is both matched and
// said to have no match.
func TestSSSOMDistinct(t *testing.T) {
	const none = "sssom:NoTermFound"
	triples, labels, matched, unmatched := map[string]bool{}, map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, row := range parseSSSOM(t, written(t, sssom)).rows {
		sub, obj := row["subject_id"], row["object_id"]
		triple := sub + " " + row["predicate_id"] + " " + obj
		if triples[triple] {
			t.Errorf("%s stands there twice", triple)
		}
		triples[triple] = true
		for id, label := range map[string]string{sub: row["subject_label"], obj: row["object_label"]} {
			if was, ok := labels[id]; ok && was != label {
				t.Errorf("%s is %s and %s", id, was, label)
			}
			labels[id] = label
		}
		if sub == none || obj == none {
			unmatched[sub], unmatched[obj] = true, true
		} else {
			matched[sub], matched[obj] = true, true
		}
	}
	delete(unmatched, none)
	for id := range unmatched {
		if matched[id] {
			t.Errorf("%s is matched and has no match", id)
		}
	}
	if len(labels) != len(audit.Leaves())+1 {
		t.Errorf("%d identifiers for %d leaves and what was not found", len(labels), len(audit.Leaves()))
	}
}

// TestSSSOMPredicates: values match the property that they end up in; to all else they are related.
func TestSSSOMPredicates(t *testing.T) {
	const los, loi = "report/learningOpportunitySpecification", "report/learningOpportunitySpecification/specifies/learningOpportunityInstance"
	got, leaves := map[string]string{}, map[string]audit.Leaf{}
	for _, l := range audit.Leaves() {
		leaves[string(l.Side)+" "+l.Path] = l
	}
	for _, row := range parseSSSOM(t, written(t, sssom)).rows {
		predicate := strings.TrimPrefix(row["predicate_id"], "skos:")
		got[row["subject_label"]+" "+row["object_label"]] = predicate
		l, place := leaves["elmo "+row["subject_label"]], leaves["elm "+row["object_label"]]
		if l.Path == "" || place.Path == "" {
			continue
		}
		if place.Kind == audit.Class && predicate != "relatedMatch" {
			t.Errorf("%s %s the class %s", l.Path, predicate, place.Path)
		}
		for _, v := range []audit.Verdict{l.ToEDC, l.ToELMO, l.WorstToEDC, l.WorstToELMO} {
			if predicate == "exactMatch" && v != "" && v != audit.Exact && v != mapping.Normalised {
				t.Errorf("%s matches %s exactly, and something is %s", l.Path, place.Path, v)
			}
		}
	}
	for pair, want := range map[string]string{
		"learner/gender Concept":                                                 "relatedMatch",
		"learner/givenNames Person/givenName":                                    "broadMatch",
		"learner/givenNames Person/fullName":                                     "relatedMatch",
		"learner/bday Person/dateOfBirth":                                        "closeMatch",
		"report/issuer/title Organisation/legalName":                             "closeMatch",
		"report/issuer/title Organisation/altLabel":                              "relatedMatch",
		"report/issuer/country Location/address":                                 "relatedMatch",
		"attachment MediaObject":                                                 "relatedMatch",
		los + "/title LearningAchievementSpecification/title":                    "closeMatch",
		los + "/title LearningActivity/title":                                    "relatedMatch",
		los + "/description LearningAchievementSpecification/description":        "narrowMatch",
		los + "/description LearningAchievement/description":                     "relatedMatch",
		los + "/descriptionHtml LearningAchievement/additionalNote":              "relatedMatch",
		los + "/identifier Identifier/notation":                                  "relatedMatch",
		los + "/type Qualification/dcType":                                       "broadMatch",
		loi + "/start LearningAchievement/influencedBy":                          "relatedMatch",
		loi + "/date LearningAssessment/dateIssued":                              "relatedMatch",
		loi + "/languageOfInstruction LearningAchievementSpecification/language": "relatedMatch",
		loi + "/credit/value CreditPoint/point":                                  "exactMatch",
		loi + "/resultDistribution/category/@label ResultCategory/label":         "narrowMatch",
		loi + "/resultDistribution/category/@count ResultCategory/count":         "narrowMatch",
	} {
		if got[pair] != want {
			t.Errorf("%s: %s, want %s", pair, got[pair], want)
		}
	}
}

// TestSSSOMSays: a line names the property of the standard, and why there is a gap.
func TestSSSOMSays(t *testing.T) {
	proposed := 0
	for _, row := range parseSSSOM(t, written(t, sssom)).rows {
		if row["subject_label"] == "learner/dateOfBirth" {
			facts := strings.Split(row["other"], "|")
			if facts[0] != "property=elm:dateOfBirth" || facts[1] != "row=LRN-04" || facts[len(facts)-1] != "proposals=GAP-008" ||
				row["object_id"] != "ap:Person.dateOfBirth" {
				t.Errorf("got %v", row)
			}
		}
		if strings.Contains(row["other"], "proposals=") && row["comment"] == "" {
			t.Errorf("%s %s has proposals and no comment", row["subject_id"], row["object_id"])
		}
		if strings.HasPrefix(row["comment"], "Proposed: ") {
			proposed++
		}
	}
	if proposed == 0 {
		t.Error("no comment names a proposal")
	}
}

func TestPublication(t *testing.T) {
	for _, p := range []audit.Publication{
		{}, {ID: "https://example.org/sets/elmo?v=1#x", Date: "2024-02-29", Provider: "urn:example:us", License: "http://[::1]/l"},
	} {
		if err := p.Check(); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
	}
	for _, p := range []audit.Publication{
		{ID: "elmo"}, {ID: "https://"}, {ID: "/set"}, {ID: "javascript:alert(1)"}, {Provider: "https://example.org/a b"}, {Provider: "https://example.org/\n#x: y"},
		{License: "https://example.org/é"}, {License: "https://example.org/" + strings.Repeat("x", 2000)}, {ID: "https://example.org/%zz"},
		{Date: "2023-02-29"}, {Date: "1.2.2024"}, {Date: "2024-01-01T00:00:00Z"},
	} {
		if p.Check() == nil || audit.SSSOM(io.Discard, p) == nil {
			t.Errorf("%+v is taken", p)
		}
	}
}

func parseSSSOM(t *testing.T, data []byte) *sssomFile {
	t.Helper()
	f := &sssomFile{slots: map[string]string{}, prefixes: map[string]string{}}
	text := string(data)
	for strings.HasPrefix(text, "#") {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		f.slot(t, line[1:])
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = '\t'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	f.columns = lines[0]
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, c := range f.columns {
			row[c] = l[i]
		}
		f.rows = append(f.rows, row)
	}
	return f
}

// slot reads one line of the metadata, YAML of the plainest kind.
func (f *sssomFile) slot(t *testing.T, line string) {
	t.Helper()
	if line == "curie_map:" {
		f.slots["curie_map"] = "yes"
		return
	}
	name, value, _ := strings.Cut(line, ": ")
	value, err := strconv.Unquote(value)
	if err != nil {
		t.Fatalf("metadata %s: %v", line, err)
	}
	if prefix, nested := strings.CutPrefix(name, "  "); nested {
		f.prefixes[prefix] = value
		return
	}
	f.slots[name] = value
}
