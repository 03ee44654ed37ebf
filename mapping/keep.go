package mapping

import (
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// The unit of keeping is a whole child element. Those of a specification, of specifies and of an
// instance become notes of the claim; the path in the subject of a note begins with one of these.
const (
	scopeLOS       = "learningOpportunitySpecification"
	scopeSpecifies = "specifies"
	scopeLOI       = "learningOpportunityInstance"
	scopeHasPart   = "hasPart"
	otherChild     = "other" // a child that the schema does not know; position 0: attributes of the element itself
)

// elmoSub leads from a specification to the element of a scope, in paths of reports.
var elmoSub = map[string]string{
	scopeLOS: "", scopeSpecifies: "specifies/", scopeLOI: "specifies/learningOpportunityInstance/", scopeHasPart: "",
}

// keep stores the n-th child name of the scope's element as a note of the claim, once. mapped tells
// that part of it stands in a property, too.
func (n *node) keep(r *run, scope, name string, nr int, why Reason, mapped bool, note string) {
	path := scope + "/" + dotted(name, nr)
	if n.stored[path] {
		return
	}
	if n.stored == nil {
		n.stored = map[string]bool{}
	}
	n.stored[path] = true
	at := ""
	if r.opt.keeps() {
		parent, child := n.parent(scope, name)
		at = n.store(path, elmo.Child(parent, child, max(nr, 1)))
	}
	r.say(r.kept(mapped), why, elmoSub[scope]+childPath(name, nr), at, note)
}

// keepUnknown does so for a child that the schema does not know in full.
func (n *node) keepUnknown(r *run, scope string, child elmo.ChildRef) {
	if child.Known {
		n.keep(r, scope, child.Name, child.N, Unknown, true, unknownNote)
		return
	}
	at := ""
	if r.opt.keeps() {
		at = n.store(scope+"/"+dottedOther(child.N), child.Other)
	}
	if scope == scopeHasPart { // the walk is at the specification inside
		defer func(steps []step) { r.elmo = steps }(r.elmo)
		r.elmo = r.elmo[:len(r.elmo)-1]
	}
	for _, path := range child.Paths {
		r.say(r.kept(false), Unknown, elmoSub[scope]+path, at, unknownNote)
	}
}

const unknownNote = "the schema does not know all of it"

// dottedOther is other.n; 0 stands for the attributes of the element itself.
func dottedOther(n int) string { return otherChild + "." + strconv.Itoa(n) }

// store makes a note and gives its place.
func (n *node) store(path string, element elmo.Raw) string {
	n.claim.AdditionalNote = append(n.claim.AdditionalNote, keptNote(path, element))
	return pointerNth("/additionalNote", len(n.claim.AdditionalNote))
}

// kept is the verdict on something that is kept, when anything is.
func (r *run) kept(mapped bool) Verdict {
	if r.opt.keeps() {
		return Kept
	}
	return lost(mapped)
}

func lost(mapped bool) Verdict {
	if mapped {
		return Reduced
	}
	return Dropped
}

// childPath writes a kept child in an ELMO path.
func childPath(name string, nr int) string {
	switch {
	case name == otherChild && nr == 0:
		return "@*"
	case name == otherChild:
		return nth("*", nr)
	case nr > 0:
		return nth(name, nr)
	}
	return name
}

// parent is the element that holds the children of a scope, with the last name of the path below it.
func (n *node) parent(scope, path string) (any, string) {
	var parent any
	switch scope {
	case scopeLOS:
		parent = n.los
	case scopeSpecifies:
		parent = n.los.Specifies
	case scopeHasPart:
		parent = n.hasPart
	default:
		parent = n.loi
	}
	container, name, found := strings.Cut(path, "/")
	if !found {
		return parent, path
	}
	switch container {
	case "resultDistribution":
		return n.loi.ResultDistribution, name
	case "attachments":
		return n.loi.Attachments, name
	}
	return parent, path
}

func keptNote(path string, element elmo.Raw) *edci.Note {
	return &edci.Note{
		Subject:     &edci.Concept{ID: ns + path},
		NoteFormat:  formatXML,
		NoteLiteral: edci.LangString{{Lang: noLinguisticContent, Text: element.String()}},
	}
}

// keptPath is the inverse of keptNote: the path of a note that keeps an element.
func keptPath(note *edci.Note) (path, xml string, ok bool) {
	if note.Subject == nil || note.NoteFormat == nil || note.NoteFormat.ID != formatXML.ID {
		return "", "", false
	}
	path, ok = strings.CutPrefix(note.Subject.ID, ns)
	xml, has := note.NoteLiteral.Get(noLinguisticContent)
	return path, xml, ok && has
}

func pointerNth(member string, n int) string { return pointer([]step{{member[1:], n}}) }
