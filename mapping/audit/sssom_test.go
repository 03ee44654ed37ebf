package audit_test

import (
	"encoding/csv"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elmobridge/mapping/audit"
)

// What SSSOM/TSV demands, and what of it we use.
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
	knownColumns = []string{"subject_id", "subject_label", "subject_category", "predicate_id", "object_id",
		"object_label", "object_category", "mapping_justification", "other", "comment"}
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

var curie = regexp.MustCompile(`^([a-z]+):(\S+)$`)

func (f *sssomFile) check(t *testing.T, row map[string]string) {
	t.Helper()
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

// checkComplete: every leaf is in the set, as a subject, as an object or both, and no line stands there twice.
func (f *sssomFile) checkComplete(t *testing.T) {
	t.Helper()
	labels, seen := map[string]bool{}, map[string]bool{}
	for _, row := range f.rows {
		labels["elmo "+row["subject_label"]], labels["elm "+row["object_label"]] = true, true
		line := row["subject_label"] + " " + row["object_label"]
		if seen[line] {
			t.Errorf("%s stands there twice", line)
		}
		seen[line] = true
	}
	for _, l := range audit.Leaves() {
		if !labels[string(l.Side)+" "+l.Path] {
			t.Errorf("%s %s is not in the set", l.Side, l.Path)
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
