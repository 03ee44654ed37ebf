package dc4eu

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"elmobridge/convert"
)

// The published pair: a document of the University of Oslo, and what the converter of DC4EU made of it.
const (
	pairInput  = "elmo/documents/norway-uio-1.7-gateway-sample.xml"
	pairOutput = "elmo/dc4eu-converter-output/norway-uio-1.7-gateway-sample.elm.json"
)

// node is what a node of a credential says itself: texts with their languages, numbers and dates, and the concepts
// that it names. Nodes below are nodes of their own.
type node struct {
	class  string
	at     string              // for people
	values map[string][]string // by property, without white space that means nothing
}

// nodesOf gives the nodes of a credential: those of each claim under its number, all others under none.
func nodesOf(t testing.TB, data []byte) map[string][]node {
	t.Helper()
	var credential map[string]any
	if err := json.Unmarshal(data, &credential); err != nil {
		t.Fatal(err)
	}
	found := map[string][]node{}
	collect(found, "", "", "", credential)
	return found
}

// collect adds a value that a property has to the nodes, and gives the texts that stand for it there.
func collect(found map[string][]node, scope, at, property string, v any) []string {
	switch v := v.(type) {
	case []any:
		var all []string
		for i, e := range v {
			inner := scope
			if property == "hasClaim" {
				inner = fmt.Sprint("claim ", i+1)
			}
			all = append(all, collect(found, inner, fmt.Sprint(at, "/", i), property, e)...)
		}
		return all
	case map[string]any:
		return collectObject(found, scope, at, property, v)
	}
	return []string{strings.Join(strings.Fields(fmt.Sprint(v)), " ")}
}

func collectObject(found map[string][]node, scope, at, property string, o map[string]any) []string {
	class, _ := o["type"].(string)
	if types, ok := o["type"].([]any); ok {
		class = fmt.Sprint(types[len(types)-1])
	}
	id, _ := o["id"].(string)
	switch {
	case class == "": // a language map
		var texts []string
		for language, text := range o {
			if personName[property] {
				language = "any"
			}
			for _, s := range collect(found, scope, at, property, text) {
				texts = append(texts, language+": "+s)
			}
		}
		return texts
	case class == "Concept" && strings.HasPrefix(id, "http"):
		return []string{id}
	case listMember[class]:
		return []string{id}
	}
	n := node{class, at, map[string][]string{}}
	for name, v := range o {
		if name == "type" || name == "@context" || name == "id" {
			continue
		}
		if values := collect(found, scope, at+"/"+name, name, v); len(values) > 0 {
			n.values[name] = values
		}
	}
	found[scope] = append(found[scope], n)
	return nil
}

// personName are the properties whose language says nothing: names have none. Theirs takes that of the first title
// of the issuer, ours none.
var personName = map[string]bool{"givenName": true, "familyName": true}

// listMember are the classes of things that are their address. So are concepts of published lists: their labels
// and notations are those of the list (and theirs writes the name of the list as notation).
var listMember = map[string]bool{"ShaclValidator2017": true}

// alike are the classes of ours in which values of a class of theirs may stand.
var alike = map[string][]string{
	"Identifier":    {"LegalIdentifier"},                  // a subclass: the number of a person is its nationalID
	"Qualification": {"LearningAchievementSpecification"}, // its base: a course is no qualification, whatever its level
}

// exception is what ours does not have on purpose.
type exception struct {
	class, property string // the property "" is all of the node
	value           string // "" is any
	why             string
}

var exceptions = []exception{
	{"EuropeanDigitalCredential", "issuanceDate", "", "the time of their conversion"},
	{"EuropeanDigitalCredential", "issued", "", "the time of their conversion"},
	{"EuropeanDigitalCredential", "validFrom", "", "the time of their conversion"},
	{"DisplayParameter", "", "", "their title says that it is converted, in one language; ours names the kind of document in all of its languages"},
	{"IndividualDisplay", "", "", "their picture is one pixel"},
	{"DisplayDetail", "", "", "their picture is one pixel"},
	{"MediaObject", "", "", "their picture is one pixel"},
	{"LegalIdentifier", "notation", "nationalIdentifier", "the type of the identifier where its number should be; their number stands in the id"},
	{"LegalIdentifier", "notation", "Sikt - Kunnskapssektorens tjenesteleverandør", "the organisation in the certificate of the signature, which is no eIDAS identifier; the signature is in the report"},
	{"Identifier", "", "elmo:type:los", "their way to keep the type, which is dcType of ours"},
	{"Identifier", "", "elmo:isced", "their way to keep the code a second time; it is the thematicArea of both"},
	{"Qualification", "maximumDuration", "", "computed from start and date of this instance, which ours carries; it is no duration of the course"},
	{"Qualification", "eqfLevel", "", "a second time: the same level is the educationLevel of both"},
	{"Concept", "definition", "http://data.europa.eu/snb/model/elm/noteFormat", "a constant of their converter: the format of a grade"},
	{"Concept", "notation", "text/plain", "a constant of their converter: the format of a grade"},
}

// excepts tells whether a value of a node need not be there.
func (e exception) excepts(n node, property, value string) bool {
	if n.class != e.class || e.property != "" && e.property != property {
		return false
	}
	if strings.HasPrefix(e.value, "elmo:") {
		return slices.Contains(n.values["schemeName"], e.value)
	}
	return e.value == "" || strings.HasSuffix(value, e.value)
}

// carries tells whether a node has the values that another must.
func (n node) carries(want node) bool {
	if n.class != want.class && !slices.Contains(alike[want.class], n.class) {
		return false
	}
	for property, values := range want.values {
		for _, v := range values {
			if !slices.Contains(n.values[property], v) {
				return false
			}
		}
	}
	return true
}

// missing is what ours does not carry of theirs, and the number of values that were compared.
func missing(ours, theirs map[string][]node, used map[exception]bool) (list []string, compared int) {
	for _, scope := range slices.Sorted(maps.Keys(theirs)) {
		for _, n := range theirs[scope] {
			want := without(n, used)
			for _, values := range want.values {
				compared += len(values)
			}
			if len(want.values) > 0 && !slices.ContainsFunc(ours[scope], func(o node) bool { return o.carries(want) }) {
				list = append(list, fmt.Sprintf("no %s in %q has %v (theirs: %s)", n.class, scope, want.values, n.at))
			}
		}
	}
	return list, compared
}

// TestPair: whatever a node of their output says, in a claim or outside of the claims, one node of ours of that class
// says as well, in the same claim.
func TestPair(t *testing.T) {
	h := mounted(usual())
	theirs := nodesOf(t, corpus(t, strings.Split(pairOutput, "/")...))
	input := corpus(t, strings.Split(pairInput, "/")...)
	used := map[exception]bool{}
	list, compared := missing(nodesOf(t, converted(t, h, elmo17, elm32, input).Content), theirs, used)
	for _, m := range list {
		t.Error(m)
	}
	t.Logf("%d values are carried", compared)
	for _, e := range exceptions {
		if !used[e] {
			t.Errorf("nothing is excepted by %+v", e)
		}
	}
	for was, is := range map[string]string{
		"<value>20</value>": "<value>21</value>", `count="63"`: `count="36"`, `count="24" label="B"`: `count="24" label="C"`,
		">INF4000-1<": ">INF4001-1<", "<resultLabel>A": "<resultLabel>B", `xml:lang="en">Fire Safety`: `xml:lang="fi">Fire Safety`,
		"1991-01-20": "1991-01-21", "<date>2019-07-15": "<date>2019-07-16", "N OSLO01": "N OSLO02", "<iscedCode>0588": "<iscedCode>0589",
		"<value>7</value>": "<value>8</value>", "12345678910": "12345678911", "<citizenship>NO": "<citizenship>SE", ">passed<": ">failed<",
		"A – Excellent": "A - Excellent", "<country>NO": "<country>SE", "https://www.uio.no/<": "https://www.uio.no/en<",
	} {
		damaged := []byte(strings.Replace(string(input), was, is, 1))
		if list, _ := missing(nodesOf(t, converted(t, h, elmo17, elm32, damaged).Content), theirs, used); len(list) == 0 {
			t.Errorf("it is not seen that %s is gone", was)
		}
	}
}

// without gives a node without what is excepted.
func without(n node, used map[exception]bool) node {
	want := node{n.class, n.at, map[string][]string{}}
	for property, values := range n.values {
		for _, v := range values {
			i := slices.IndexFunc(exceptions, func(e exception) bool { return e.excepts(n, property, v) })
			if i < 0 {
				want.values[property] = append(want.values[property], v)
			} else {
				used[exceptions[i]] = true
			}
		}
	}
	return want
}

// lost is what their output says nothing of, by the element or attribute, with the values in the document.
var lost = []struct {
	what   string
	values []string
	row    string // of our report; "" where ELM has a place for it
}{
	{"generatedDate", []string{"2023-02-21T08:54:04.479+01:00"}, "ENV-09"},
	{"issueDate", []string{"2023-02-21T08:53:51+01:00"}, ""},
	{"start", []string{"2019-01-15", "2015-08-15"}, ""},
	{"academicTerm/title", []string{"2019 Vår", "2019 Spring", "2015 Høst", "2015 Haust", "2015 Autumn"}, ""},
	{"subjectArea", []string{"11.3"}, ""},
	{"engagementHours", []string{"0.0"}, ""},
	{"credit/level", []string{"Master", "Bachelor"}, "LOI-10"},
	{"level/description", []string{"European Qualification Framework"}, "LOI-11"},
	{"gradingSchemeLocalId of a scheme that is not there", []string{"38"}, ""},
	{"groups", []string{"Emnekategori", "Fritt valgte emner", "Examen philosophicum", "Programdefinerte emner av minst 120 studiepoengs omfang", "FRIEEMNER", "EXPHIL", "120SP"}, "ENV-09"},
	{"extension", []string{"Undervegsvurdering, ikkje avsl. eks.", "Brannsikkerhetskurs", "Fire safety"}, "LOI-17"},
	{"Signature", []string{"vMVJFrGd2YmbdIbkoQbhwsGXF40="}, "ENV-11"},
}

// TestLostByTheirs: what their output lost without a word is in ours, or in the report.
func TestLostByTheirs(t *testing.T) {
	source := string(corpus(t, strings.Split(pairInput, "/")...))
	theirs := textsOf(t, corpus(t, strings.Split(pairOutput, "/")...))
	answer := converted(t, mounted(usual()), elmo17, elm32, []byte(source))
	ours := textsOf(t, answer.Content)
	for _, l := range lost {
		row := rowOf(answer.Report, l.row)
		for _, v := range l.values {
			switch {
			case !strings.Contains(source, v):
				t.Errorf("%s: %q is not in the document", l.what, v)
			case theirs.have(v):
				t.Errorf("%s: %q is in their output", l.what, v)
			case l.row != "" && row == nil:
				t.Errorf("%s is not in the report", l.what)
			case !ours.have(v) && (row == nil || row.Verdict != "dropped"):
				t.Errorf("%s: %q is neither in ours nor reported as dropped", l.what, v)
			}
			if row != nil && !strings.Contains(texts(answer.Warnings), "("+l.row+", "+string(row.Reason)+")") {
				t.Errorf("%s is in no warning", l.what)
			}
		}
	}
}

// rowOf is an entry of a row in a report.
func rowOf(r *convert.Report, row string) *convert.Entry {
	i := slices.IndexFunc(r.Losses, func(e convert.Entry) bool { return e.Row == row })
	if i < 0 {
		return nil
	}
	return &r.Losses[i]
}

// leaves are the texts of a credential, those inside of kept XML included.
type leaves []string

// textsOf gives them.
func textsOf(t testing.TB, data []byte) leaves {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	var all leaves
	all.add(v)
	return all
}

func (l *leaves) add(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			l.add(e)
		}
	case []any:
		for _, e := range v {
			l.add(e)
		}
	case string:
		if plain, err := base64.StdEncoding.DecodeString(v); err == nil && strings.HasPrefix(string(plain), "<") {
			v = string(plain)
		}
		if strings.HasPrefix(v, "<") {
			*l = append(*l, strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(`<>"`, r) })...)
			return
		}
		*l = append(*l, v)
	}
}

// have tells whether a value is there: as a text, or as a date with a time.
func (l leaves) have(value string) bool {
	return slices.ContainsFunc(l, func(s string) bool {
		s = strings.TrimSpace(s)
		return s == value || s == value+"T00:00:00"
	})
}
