package audit_test

import (
	"encoding/csv"
	"encoding/xml"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elmobridge/mapping/audit"
	"elmobridge/testdata/judge"
)

// TestComplete: the table and the schemas of ELMO name the same leaves, each once, in each version.
func TestComplete(t *testing.T) {
	for version, file := range map[string]string{"1.7": "1.7.0", "2.0": "2.0.0"} {
		s := readSchema(t, judge.Corpus(t, "elmo", "schema", file, "schema.xsd"))
		s.imports = readSchema(t, judge.Corpus(t, "elmo", "schema", "references", "ewp-types-address-stable-v1.xsd"))
		want := s.leaves()
		if len(want) < 100 {
			t.Fatalf("%s: only %d leaves in the schema", version, len(want))
		}
		compare(t, version, owned(audit.ELMO, version), want)
	}
}

// TestCompleteELM: the same for the classes and properties of the application profile.
func TestCompleteELM(t *testing.T) {
	var want []string
	for _, row := range profile(t) {
		path := row["class"]
		if name := member(row); name != "" {
			path += "/" + name
		}
		if !slices.Contains(want, row["class"]) {
			if named(row["class"]) {
				want = append(want, row["class"])
			}
		}
		if !slices.Contains(want, path) {
			want = append(want, path)
		}
	}
	compare(t, "EDC-AP 3.2", owned(audit.ELM, "3.2"), want)
}

// named tells whether the name is that of a class, not of a shape that only adds to one.
func named(class string) bool { return !strings.HasPrefix(class, "(") }

func member(row map[string]string) string {
	if row["term"] != "" {
		return row["term"]
	}
	return row["property"]
}

// owned are the leaves of the table, each with exactly one owning row.
func owned(side audit.Side, version string) []string {
	var out []string
	for _, l := range audit.Leaves() {
		if l.Side == side && slices.Contains(l.Versions, version) && l.Owner != "" {
			out = append(out, l.Path)
		}
	}
	return out
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	t.Logf("%s: %d leaves", what, len(want))
	slices.Sort(got)
	slices.Sort(want)
	for _, p := range want {
		if !slices.Contains(got, p) {
			t.Errorf("%s: %s has no owning row", what, p)
		}
	}
	for i, p := range got {
		if i > 0 && got[i-1] == p {
			t.Errorf("%s: %s has two owning rows", what, p)
		}
		if !slices.Contains(want, p) {
			t.Errorf("%s: %s is in the table alone", what, p)
		}
	}
}

// TestIdentifiers: classes have the identifiers of the profile, and properties name theirs.
func TestIdentifiers(t *testing.T) {
	f := parseSSSOM(t, written(t, sssom))
	ids, properties := map[string]string{}, map[string]string{}
	for _, row := range f.rows {
		ids[row["object_label"]] = row["object_id"]
		first, _, _ := strings.Cut(row["other"], "|")
		properties[row["object_label"]], _ = strings.CutPrefix(first, "property=")
	}
	for _, row := range profile(t) {
		if name := member(row); name != "" && properties[row["class"]+"/"+name] != row["property"] {
			t.Errorf("%s/%s is %s, not %s", row["class"], name, row["property"], properties[row["class"]+"/"+name])
		}
		if prefix, name, _ := strings.Cut(ids[row["class"]], ":"); named(row["class"]) && f.prefixes[prefix]+name != row["class_iri"] {
			t.Errorf("%s is %s, not %s", row["class"], row["class_iri"], f.prefixes[prefix]+name)
		}
	}
}

// TestSheetComplete: every row of the Commission's sheet has its answer, which does not contradict what is known of
// the row: a right one is agreed with or differed from, a wrong one is called faulty.
func TestSheetComplete(t *testing.T) {
	fits := map[string][]audit.Opinion{"ok": {audit.Agree, audit.Differ}, "not mapped": {audit.NotMapped}}
	sheet := tsv(t, judge.Corpus(t, "elm", "official-elmo-elm-mapping.tsv"))
	ours := audit.Sheet()
	if len(sheet) != len(ours) || len(sheet) != 114 {
		t.Fatalf("%d rows, %d answers, want 114", len(sheet), len(ours))
	}
	for i, row := range sheet {
		if row["row"] != strconv.Itoa(ours[i].Number) {
			t.Fatalf("row %s is answered as %d", row["row"], ours[i].Number)
		}
		want, ok := fits[row["verdict"]]
		switch {
		case row["elm_mapping"] == "N/A":
			want = []audit.Opinion{audit.NotMapped}
		case !ok:
			want = []audit.Opinion{audit.Faulty}
		}
		if name := strings.TrimSuffix(ours[i].Class+"/"+ours[i].Field, "/"); name != strings.TrimSuffix(squeezed(row["elmo_class"])+"/"+squeezed(row["elmo_field"]), "/") {
			t.Errorf("row %s is not %s", row["row"], name)
		}
		if place := strings.Join(strings.Fields(row["elm_mapping"]), " "); ours[i].Mapping != place && !noPlace.MatchString(place) {
			t.Errorf("row %s names %q, not %q", row["row"], place, ours[i].Mapping)
		}
		if !slices.Contains(want, ours[i].Opinion) {
			t.Errorf("row %s (%s/%s) is %s, we say %s", row["row"], row["elmo_class"], row["elmo_field"], row["verdict"], ours[i].Opinion)
		}
	}
}

// noPlace are the words of the sheet for "nowhere".
var noPlace = regexp.MustCompile(`(?i)^(n/a|no need|not mapped|none)`)

// squeezed is a name without white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func profile(t *testing.T) []map[string]string {
	t.Helper()
	return tsv(t, judge.Corpus(t, "elm", "model", "edc-ap-3.2.tsv"))
}

func tsv(t *testing.T, file string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(string(data)))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, v := range l {
			row[lines[0][i]] = v
		}
		out = append(out, row)
	}
	return out
}

// node is any element of a schema.
type node struct {
	XMLName xml.Name
	Name    string `xml:"name,attr"`
	Type    string `xml:"type,attr"`
	Ref     string `xml:"ref,attr"`
	Nodes   []node `xml:",any"`
}

// schema is a schema by the names of its types, with the one it imports.
type schema struct {
	types   map[string]*node
	root    *node
	imports *schema
	done    map[string]bool // named types with elements in them that are listed already
}

func readSchema(t *testing.T, file string) *schema {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var top node
	if err := xml.Unmarshal(data, &top); err != nil {
		t.Fatal(err)
	}
	s := &schema{types: map[string]*node{}, done: map[string]bool{}}
	for i := range top.Nodes {
		n := &top.Nodes[i]
		switch {
		case n.XMLName.Local == "element" && s.root == nil:
			s.root = n
		case n.XMLName.Local == "complexType":
			s.types[n.Name] = n
		}
	}
	return s
}

// place is an element that stands at a path.
type place struct {
	path string
	of   *node
}

// leaves walks the schema in breadth, so that a structure used in several places is listed at the one nearest
// to the root.
func (s *schema) leaves() []string {
	out := []string{s.root.Name}
	queue := []place{{"", s.root}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, m := range s.members(at.of) {
			path := strings.TrimPrefix(at.path+"/"+memberName(m), "/")
			out = append(out, path)
			if m.XMLName.Local == "element" && m.Ref == "" {
				queue = append(queue, place{path, m})
			}
		}
	}
	return out
}

// members are the elements and attributes of an element, by its named type or what stands inside.
func (s *schema) members(n *node) []*node {
	if n.Type == "" {
		return inside(n)
	}
	name := n.Type[strings.Index(n.Type, ":")+1:]
	def := s.types[name]
	if def == nil && s.imports != nil && name != n.Type {
		def = s.imports.types[name]
	}
	if def == nil {
		return nil
	}
	list := inside(def)
	if slices.ContainsFunc(list, func(m *node) bool { return m.XMLName.Local == "element" }) {
		if s.done[name] {
			return nil
		}
		s.done[name] = true
	}
	return list
}

// inside finds the members through groups, choices and extensions.
func inside(n *node) []*node {
	var out []*node
	for i := range n.Nodes {
		c := &n.Nodes[i]
		switch c.XMLName.Local {
		case "element", "attribute":
			out = append(out, c)
		default:
			out = append(out, inside(c)...)
		}
	}
	return out
}

func memberName(n *node) string {
	name := n.Name + n.Ref
	if n.XMLName.Local == "attribute" {
		return "@" + name
	}
	return name
}
