package mapping

import (
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
	sub := elmoSub[scope] + childPath(name, nr)
	for _, k := range n.kept {
		if k == path {
			return
		}
	}
	if !r.opt.keeps() {
		r.say(lost(mapped), why, sub, "", note)
		return
	}
	n.kept = append(n.kept, path)
	parent, child := n.parent(scope, name)
	element := elmo.Attributes(parent)
	if name != otherChild || nr > 0 {
		element = elmo.Child(parent, child, max(nr, 1))
	}
	n.claim.AdditionalNote = append(n.claim.AdditionalNote, keptNote(path, element))
	r.say(Kept, why, sub, pointerNth("/additionalNote", len(n.claim.AdditionalNote)), note)
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
