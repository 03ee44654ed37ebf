package audit_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
	"elmobridge/mapping/audit"
	"elmobridge/testdata/judge"
)

// seen is what conversions made of a leaf.
type seen struct {
	mildest, worst audit.Verdict
	alone          bool // by itself; else with something that it stands in, which was kept or lost as a whole
	lost           bool // a round trip that keeps nothing has lost it
}

// observations are those of one direction by path of the leaf.
type observations map[string]*seen

// see takes one more. What becomes of a leaf together with what it stands in is said there, and counts here only when it is
// never carried by itself.
func (o observations) see(path string, v audit.Verdict, alone bool) {
	s := o[path]
	switch {
	case s == nil || alone && !s.alone:
		lost := s != nil && s.lost
		o[path] = &seen{v, v, alone, lost}
		return
	case s.alone && !alone:
		return
	}
	if rank(v) < rank(s.mildest) {
		s.mildest = v
	}
	if rank(v) > rank(s.worst) {
		s.worst = v
	}
}

// rank is the place in Verdicts, from harmless to worst.
func rank(v audit.Verdict) int {
	for i, w := range audit.Verdicts {
		if v == w {
			return i
		}
	}
	return -1
}

// fault stands for what is lost because the document is at fault: it says nothing about the standards.
const fault audit.Verdict = "fault"

// lossesOf are the entries of a report by the path in the source, the worst of each.
func lossesOf(r *mapping.Report) map[string]audit.Verdict {
	out := map[string]audit.Verdict{}
	for _, e := range r.Losses {
		v := e.Verdict
		switch old := out[e.Source]; {
		case old == fault:
			continue
		case isFault(e):
			v = fault
		case rank(v) < rank(old):
			continue
		}
		out[e.Source] = v
	}
	return out
}

// isFault: something empty, in no JSON-LD context, or not as the schema has it; and what an older version carried.
func isFault(e mapping.Entry) bool {
	return e.Reason == mapping.NotInContext || e.Reason == mapping.Empty || e.Reason == mapping.Format && rank(e.Verdict) >= rank(mapping.Kept) ||
		e.Row == "VER-01"
}

// faulty tells whether a path, or something that it stands in, is at fault.
func faulty(losses map[string]audit.Verdict, path string) bool {
	for ; path != ""; path = path[:max(strings.LastIndexByte(path, '/'), 0)] {
		if losses[path] == fault {
			return true
		}
	}
	return false
}

// observeELM converts credentials of somebody else to ELMO: those that have every class at every place, and those that
// documents of ours become without a remainder.
func observeELM(t *testing.T, files []string) observations {
	t.Helper()
	out := observations{}
	for _, s := range stops() {
		for _, f := range flavours {
			out.credential(t, edci.AppendValue(nil, s.credential(f)))
		}
	}
	for _, doc := range ownDocuments(t) {
		creds, _, err := mapping.Forward(doc, mapping.Options{Seed: "audit", Keep: mapping.KeepNone})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range creds {
			out.credential(t, edci.Append(nil, c))
		}
	}
	for _, file := range files {
		if c, report := returned(t, file); report != nil {
			out.nodes(c.Source.Tree, "", lossesOf(report))
		}
	}
	return out
}

// credential takes what is said of all nodes of a credential, and what a round trip that keeps nothing has lost.
func (o observations) credential(t *testing.T, data []byte) {
	t.Helper()
	creds, err := edci.Read(data, edci.ReadOptions{})
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	_, report, err := mapping.Back(creds, mapping.Options{Seed: "audit"})
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	tree := creds[0].Source.Tree
	o.nodes(tree, "", lossesOf(report))
	bare := mapping.Options{Seed: "audit", Issued: "2024-01-01T00:00:00", Keep: mapping.KeepNone}
	doc, _, err := mapping.Back(creds, bare)
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := mapping.Forward(doc, bare)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range edci.Diff(tree, edci.Tree(again[0])) {
		if d.Kind != edci.DiffExtra {
			o.lose(tree, d.Pointer)
		}
	}
}

// lose marks what stands at a pointer, in it, and around it.
func (o observations) lose(tree edci.Object, pointer string) {
	at, _ := edci.At(tree, pointer)
	eachMember(at, func(class, name string) { o.mark(strings.TrimSuffix(class+"/"+name, "/")) })
	for up := pointer; up != ""; up = up[:strings.LastIndexByte(up, '/')] {
		o.mark(memberOf(tree, up))
		if node, ok := edci.At(tree, up); ok {
			if object, ok := node.(edci.Object); ok {
				o.mark(classOf(object))
			}
		}
	}
}

func (o observations) mark(path string) {
	if s := o[path]; s != nil {
		s.lost = true
	}
}

// oddities are values that a valid document may have and that do not fit as they are.
var oddities = []*strings.Replacer{
	strings.NewReplacer(
		"<citizenship>FI", "<citizenship>UK", "<gender>1", "<gender>0", "2000-01-02", "2000-01-02Z", `xml:lang="en"`, `xml:lang="EN"`,
		"<country>FI</country>", "<country>UK</country>", "<iscedCode>0611", "<iscedCode>9999", "<type>Course", "<type>Module",
		"<status>passed", "<status>failed", "2023-09-01", "2023-09-01Z", "2024-01-31", "2024-01-31+02:00", "2023-08-01", "2023-08-01Z", "2023-12-31", "2023-12-31Z",
		"<scheme>ects", "<scheme>ECTS", "<type>EQF", "<type>NQF", "<languageOfInstruction>en", "<languageOfInstruction>xx",
		"<ref>a1", "<ref>nowhere", "text/plain;base64,eg==", "text/plain,z", "<type>Other", "<type>Diploma", "<engagementHours>40", "<engagementHours>40.50",
		`<url>https://example.org</url>`, `<url/>`, `<url>https://example.org/c1`, `<url>www.example.org/c1`, "<resultLabel>5", "<resultLabel> 5 "),
	strings.NewReplacer(
		"<citizenship>FI", "<citizenship>XK", "<country>FI</country>", "<country>ZZ</country>", "33.4", "34", "33.3", "33", `<category label="1" count="0"/>`, "",
		"<givenNames>Ada", "<givenNames> Ada", "<familyName>Example", "<familyName>  Example", "<birthName>Ada", "<birthName> Ada", "<scheme>ects", "<scheme>national",
		`<title xml:lang="en">Course</title>`, `<title xml:lang="en">Course</title><title xml:lang="en">Other</title><title xml:lang="en">Third</title>`,
		`<description xml:lang="en">D</description>`, `<description xml:lang="en">D</description><description xml:lang="en">E</description>`,
		`<identifier type="esi">1`, `<identifier type="nationalIdentifier">1`, "<status>passed", "<status>in-progress", "⟦", "", "<type>EQF", "<type>other",
		"<value>6</value>", "<value>first</value>", "<level>Bachelor</level>", "", "data:text/plain;base64,eg==", "on paper"),
	strings.NewReplacer("<type>Course", "<type>Degree Programme", "<type>EQF", "<type>NQF", `<title xml:lang="en">Course</title>`,
		`<title xml:lang="en">Course</title><title xml:lang="en">Other</title>`, `<title xml:lang="en">U</title>`, `<title xml:lang="en">U</title><title xml:lang="en">University</title>`,
		`<section number="2">`, `<section number="3.3"><title>Access</title><content>Upper secondary</content></section><section number="3.2"><title>Length</title>`+
			`<content>3 years</content></section><section number="4.2"><title>Programme</title><content>Proofs</content></section>`+
			`<section number="2.2"><title>Field</title><content>Mathematics</content></section><section number="2">`),
}

// ownDocuments are documents of ELMO with ordinary values, and some with others.
func ownDocuments(t *testing.T) []*elmo.Document {
	t.Helper()
	var sources [][]byte
	for _, version := range []string{"1.7", "2.0"} {
		sources = append(sources, documentOf(version))
		for _, odd := range oddities {
			sources = append(sources, []byte(odd.Replace(string(documentOf(version)))))
		}
	}
	for _, file := range files(t, filepath.Join("..", "..", "testdata", "elmo"), ".xml") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, data)
	}
	var docs []*elmo.Document
	for _, data := range sources {
		doc, err := elmo.Read(data, elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	return docs
}

// nodes takes what is said of all nodes below a value.
func (o observations) nodes(v any, pointer string, losses map[string]audit.Verdict) {
	switch v := v.(type) {
	case edci.Array:
		for i, e := range v {
			o.nodes(e, pointer+"/"+strconv.Itoa(i), losses)
		}
	case edci.Object:
		if class := classOf(v); class != "" {
			o.node(v, pointer, class, losses)
		}
		for _, m := range v {
			o.nodes(m.Value, pointer+"/"+m.Name, losses)
		}
	}
}

// classOf is the class of a node, empty for a language map.
func classOf(o edci.Object) string {
	switch v, _ := o.Get("type"); v := v.(type) {
	case string:
		return v
	case edci.Array:
		return "EuropeanDigitalCredential"
	}
	return ""
}

// node takes what is said of a node and of its members.
func (o observations) node(node edci.Object, pointer, class string, losses map[string]audit.Verdict) {
	if faulty(losses, pointer) {
		return
	}
	v, alone := said(losses, pointer)
	o.see(class, v, alone)
	for _, m := range node {
		if at := pointer + "/" + m.Name; m.Name != "@context" && m.Name != "type" && m.Name != "id" && !faulty(losses, at) {
			v, alone := said(losses, at)
			o.see(class+"/"+m.Name, v, alone)
		}
	}
}

// said is what is reported of a pointer: of the value or an element of it; else, not alone, of something that it stands in.
func said(losses map[string]audit.Verdict, pointer string) (v audit.Verdict, alone bool) {
	for up := pointer; strings.Contains(up, "/"); {
		up = up[:strings.LastIndexByte(up, '/')]
		if v, ok := losses[up]; ok && up != "" && rank(v) >= rank(mapping.Kept) && !isElement(pointer[len(up):]) {
			return v, false
		}
	}
	worst := audit.Exact
	if whole := strings.TrimRight(pointer, "0123456789"); strings.HasSuffix(whole, "/") && whole != "/" {
		worst = rankedWorse(worst, losses[whole[:len(whole)-1]]) // the array as a whole
	}
	for p, v := range losses {
		rest, inside := strings.CutPrefix(p, pointer)
		if inside && (rest == "" || isElement(rest)) && v != fault && rank(v) > rank(worst) {
			worst = v
		}
	}
	return worst, true
}

// rankedWorse is the worse of two verdicts; the second may be none at all.
func rankedWorse(a, b audit.Verdict) audit.Verdict {
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// isElement tells whether a pointer leads to an element of an array.
func isElement(pointer string) bool { return strings.Trim(pointer, "/0123456789") == "" }

// observeELMO converts documents to credentials.
func observeELMO(t *testing.T, docs []*elmo.Document) observations {
	t.Helper()
	out := observations{}
	for _, doc := range docs {
		if r := newTrip(doc); r != nil {
			out.document(t, doc, r)
		}
	}
	return out
}

// trip is what is known of a document that went there and, without a remainder, back.
type trip struct {
	losses   map[string]audit.Verdict // of the way there, which keeps what has no place
	changed  map[string]bool          // what differs after the way back without a remainder
	composed map[string]bool          // what that way back only made up from parts
}

// newTrip converts a document; nil when it cannot be converted.
func newTrip(doc *elmo.Document) *trip {
	_, report, err := mapping.Forward(doc, mapping.Options{Seed: "audit", Issued: "2024-01-01T00:00:00"})
	if err != nil {
		return nil
	}
	r := &trip{losses: map[string]audit.Verdict{}, changed: map[string]bool{}, composed: map[string]bool{}}
	for path, v := range lossesOf(report) {
		r.losses[positioned(path)] = v
	}
	bare := mapping.Options{Seed: "audit", Issued: "2024-01-01T00:00:00", Keep: mapping.KeepNone}
	creds, _, err := mapping.Forward(doc, bare)
	if err != nil {
		return nil
	}
	back, home, err := mapping.Back(creds, bare)
	if err != nil {
		return nil
	}
	differences, err := elmo.Diff(doc.Source.Data, latest(back))
	if err != nil {
		return nil
	}
	for _, d := range differences {
		if d.Kind != elmo.DiffExtra {
			r.changed[positioned(d.Path)] = true
		}
	}
	for _, e := range home.Losses {
		if rank(e.Verdict) >= rank(mapping.Reduced) {
			r.composed[positioned(e.Target)] = true
		}
	}
	return r
}

// latest is a document in the version that has most of it.
func latest(doc *elmo.Document) []byte {
	for _, v := range []elmo.Version{elmo.Latest, elmo.V20} {
		if xml, err := elmo.Marshal(doc, elmo.WriteOptions{Version: v}); err == nil {
			return xml
		}
	}
	return nil
}

// document takes what is said of every element and attribute.
func (o observations) document(t *testing.T, doc *elmo.Document, r *trip) {
	t.Helper()
	for _, path := range occurrences(t, utf8(t, doc)) {
		if !faulty(r.losses, path) && !inSupplement.MatchString(path) {
			o.see(leafOf(path), r.said(path), true)
			o[leafOf(path)].lost = o[leafOf(path)].lost || r.lost(path) || r.changedIn(path)
		}
	}
}

// utf8 is the document as received, or as written when it came in another encoding.
func utf8(t *testing.T, doc *elmo.Document) []byte {
	t.Helper()
	if doc.Source.Encoding == "UTF-8" {
		return doc.Source.Data
	}
	return latest(doc)
}

// said is what is reported of a path. Inside of what is kept as a whole it is carried all the same when it comes back without
// a remainder.
func (r *trip) said(path string) audit.Verdict {
	worst := rankedWorse(audit.Exact, r.losses[path])
	for up := path; strings.Contains(up, "/"); {
		up = up[:strings.LastIndexByte(up, '/')]
		if v := r.losses[up]; rank(v) >= rank(mapping.Kept) && r.lost(path) {
			worst = rankedWorse(worst, v)
		}
	}
	return worst
}

// lost tells whether a path does not come back by itself.
func (r *trip) lost(path string) bool {
	for up := path; ; up = up[:strings.LastIndexByte(up, '/')] {
		if r.changed[up] || r.composed[up] {
			return true
		}
		if !strings.Contains(up, "/") {
			return false
		}
	}
}

// inSupplement matches what is in an attachment of a diploma supplement, which is kept with it.
var inSupplement = regexp.MustCompile(`/diplomaSupplement\[.*/attachment\[[0-9]+\]/`)

// changedIn tells whether something inside of an element differs.
func (r *trip) changedIn(path string) bool {
	for p := range r.changed {
		if strings.HasPrefix(p, path+"/") {
			return true
		}
	}
	return false
}

// positioned gives every step of a path but attributes a position.
func positioned(path string) string {
	steps := strings.Split(path, "/")
	for i, s := range steps {
		if s != "" && !strings.HasSuffix(s, "]") && !strings.HasPrefix(s, "@") {
			steps[i] = s + "[1]"
		}
	}
	return strings.Join(steps, "/")
}

// occurrences lists the elements and attributes of a document by their path with positions. What an extension or a signature
// holds is left out.
func occurrences(t *testing.T, data []byte) []string {
	t.Helper()
	var (
		out   []string
		stack []string
		count = []map[string]int{{}}
		deep  = -1 // of an extension or a signature
	)
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			count[len(count)-1][name]++
			step := fmt.Sprintf("%s[%d]", name, count[len(count)-1][name])
			stack, count = append(stack, step), append(count, map[string]int{})
			if len(stack) == 1 || deep > 0 {
				continue
			}
			path := strings.Join(stack[1:], "/")
			out = append(out, path)
			for _, a := range e.Attr {
				switch {
				case a.Name.Space == "" && a.Name.Local != "xmlns":
					out = append(out, path+"/@"+a.Name.Local)
				case a.Name.Local == "lang":
					out = append(out, path+"/@xml:lang")
				}
			}
			if name == "extension" || name == "Signature" {
				deep = len(stack)
			}
		case xml.EndElement:
			if deep == len(stack) {
				deep = -1
			}
			stack, count = stack[:len(stack)-1], count[:len(count)-1]
		}
	}
}

// corpusDocuments are those of the corpus, if it is there.
// corpusDocuments are those of the corpus.
func corpusDocuments(t *testing.T) []*elmo.Document {
	t.Helper()
	var docs []*elmo.Document
	for _, file := range documentFiles(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if doc, err := elmo.Read(data, elmo.ReadOptions{}); err == nil && len(data) < 1<<20 {
			docs = append(docs, doc)
		}
	}
	return docs
}

// TestObserved: the verdicts of the tables are what conversions report. The ordinary one is the mildest that a leaf meets, the
// worst one the worst. Without the corpus less may be met.
func TestObserved(t *testing.T) {
	corpus := judge.HasCorpus(t)
	documents, credentials := ownDocuments(t), []string(nil)
	if corpus {
		documents, credentials = append(documents, corpusDocuments(t)...), credentialFiles(t)
	}
	met := map[audit.Side]observations{audit.ELMO: observeELMO(t, documents), audit.ELM: observeELM(t, credentials)}
	count := 0
	for _, l := range audit.Leaves() {
		ordinary, worst := l.ToEDC, l.WorstToEDC
		if l.Side == audit.ELM {
			ordinary, worst = l.ToELMO, l.WorstToELMO
		}
		if worst == "" {
			worst = ordinary
		}
		s := met[l.Side][l.Path]
		switch {
		case s == nil && !slices.ContainsFunc(unmet, func(p string) bool { return strings.HasPrefix(l.Path, p) }):
			t.Errorf("%s %s is never met", l.Side, l.Path)
		case s == nil:
		case corpus && (s.mildest != ordinary || s.worst != worst):
			t.Errorf("%s %s: said %s..%s, met %s..%s", l.Side, l.Path, ordinary, worst, s.mildest, s.worst)
		case rank(s.worst) >= rank(mapping.Kept) && !s.lost:
			t.Errorf("%s %s is %s, but no round trip loses it", l.Side, l.Path, s.worst)
		case rank(s.mildest) < rank(ordinary) || rank(s.worst) > rank(worst):
			t.Errorf("%s %s: said %s..%s, met %s..%s", l.Side, l.Path, ordinary, worst, s.mildest, s.worst)
		default:
			count++
		}
	}
	t.Logf("%d leaves", count)
}

// unmet are what no conversion meets: the root element, which has no path; structures of 2.0 that repeat others; what the JSON-LD
// context cannot say; presentations, which are no credentials; shapes and classes that stand for others.
var unmet = []string{
	"elmo", "report/resultOfRecognition/recognitionBasis/recognitionReport/",
	"Organisation/org:", "Location/locn:", "Geometry", "Phone/elm:", "LearningOpportunity/elm:",
	"EuropeanDigitalPresentation", "cred:VerifiablePresentation", "VerificationCheck", "(edc:", "Specification",
}

// drawn are the pictures, which package convert makes.
var drawn = []string{"DisplayParameter/individualDisplay", "IndividualDisplay", "DisplayDetail"}

// TestReceived: what the tables say is filled on the way to its side, or made there, is there; what has nothing to be filled from
// is not.
func TestReceived(t *testing.T) {
	checkReceived(t, audit.ELM, receivedELM(t))
	checkReceived(t, audit.ELMO, receivedELMO(t))
}

func checkReceived(t *testing.T, side audit.Side, there map[string]bool) {
	t.Helper()
	for _, l := range audit.Leaves() {
		if l.Side != side || slices.ContainsFunc(slices.Concat(unmet, drawn), func(p string) bool { return strings.HasPrefix(l.Path, p) }) {
			continue
		}
		v := l.ToEDC
		if side == audit.ELMO {
			v = l.ToELMO
		}
		switch {
		case v == audit.None && there[l.Path]:
			t.Errorf("%s %s: said to have nothing to be filled from, but it is there", side, l.Path)
		case v != audit.None && !there[l.Path]:
			t.Errorf("%s %s: said to be filled, but it is never there", side, l.Path)
		}
	}
}

// receivedELM are the members that credentials made from documents have.
func receivedELM(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	for _, doc := range ownDocuments(t) {
		creds, _, err := mapping.Forward(doc, mapping.Options{Seed: "audit", Keep: mapping.KeepNone, BirthCountry: "FI"})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range creds {
			eachMember(edci.Tree(c), func(class, name string) { there[strings.TrimSuffix(class+"/"+name, "/")] = true })
		}
	}
	return there
}

// eachMember visits every node, with the name "", and every member of it.
func eachMember(v any, visit func(class, name string)) {
	switch v := v.(type) {
	case edci.Array:
		for _, e := range v {
			eachMember(e, visit)
		}
	case edci.Object:
		class := classOf(v)
		if class != "" {
			visit(class, "")
		}
		for _, m := range v {
			if class != "" && m.Name != "type" && m.Name != "id" && m.Name != "@context" {
				visit(class, m.Name)
			}
			eachMember(m.Value, visit)
		}
	}
}

// receivedELMO are the elements that documents made from credentials of somebody else have.
func receivedELMO(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	take := func(creds []*edci.EuropeanDigitalCredential) {
		back, _, err := mapping.Back(creds, mapping.Options{Seed: "audit", Keep: mapping.KeepNone})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []elmo.Version{elmo.Latest, elmo.V20} {
			fitted, _ := elmo.Fit(back, v)
			for _, path := range occurrences(t, marshal(t, fitted, string(v))) {
				if !strings.HasSuffix(path, "/extension[1]") { // holds what the version does not have
					there[leafOf(path)] = true
				}
			}
		}
	}
	for _, s := range stops() {
		for _, f := range flavours {
			creds, err := edci.Read(edci.AppendValue(nil, s.credential(f)), edci.ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			take(creds)
		}
	}
	for _, doc := range ownDocuments(t) {
		creds, _, err := mapping.Forward(doc, mapping.Options{Seed: "audit", Keep: mapping.KeepNone})
		if err != nil {
			t.Fatal(err)
		}
		take(creds)
	}
	return there
}
