package profile

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"elmobridge/edci"
)

// respell notes the members and types that the reader gave another name. Of a document that went
// through a JSON-LD processor their places are those of the document, which is the tree or is not.
func (c *checker) respell(tree edci.Object) {
	for _, o := range c.opt.Observations {
		written, ok := strings.CutPrefix(o.Note, "written ")
		if o.Kind != edci.Spelling || !ok {
			continue
		}
		at := o.Pointer
		if at == "" {
			written, at, _ = strings.Cut(strings.TrimSuffix(written, " of the document"), " at ")
		}
		switch _, there := edci.At(tree, at); {
		case there && c.respelled == nil:
			c.respelled = map[string]string{at: written}
		case there:
			c.respelled[at] = written
		case !strings.Contains(written, ":"): // one with a prefix is an IRI, which JSON-LD keeps
			c.add(pending{rule: ruleSpelling, at: none, node: nowhere,
				text: "A member or type was " + o.Note + ", which JSON-LD drops: give it its name in the context."})
		}
	}
}

// asWritten is the name of a member or type before the reader repaired it.
func (c *checker) asWritten(at position, name string) string {
	if c.respelled == nil {
		return name
	}
	if written, ok := c.respelled[c.pointer(at)]; ok {
		return written
	}
	return name
}

// dropMember files a member that no context knows; right is its name in the tree.
func (c *checker) dropMember(at position, written, right string) {
	p := pending{rule: ruleDropped, at: at, node: c.places[at.place].node, text: "No context defines this member, so JSON-LD drops it and all below it: "}
	switch hint := likeTerm(written); {
	case written != right:
		p.rule = ruleSpelling
		p.text = fmt.Sprintf("The context has this member as %s, and JSON-LD drops it under the name in the document: write %s.", right, right)
	case hint != "" && hint != written:
		p.text += "the context has " + hint + "."
	case hint == written:
		p.text += "it is defined in nodes of type VerifiableCredential, and with both contexts."
	default:
		p.text += "take it away, or put what it says into a member of the profile."
	}
	c.add(p)
}

// likeTerm finds the term that a name resembles but for case.
func likeTerm(name string) string { return termsInLowerCase()[strings.ToLower(name)] }

var termsInLowerCase = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, s := range []map[string]term{vocabulary.edc[""], vocabulary.vc["VerifiableCredential"]} {
		for name := range s {
			if name[0] >= 'a' {
				m[strings.ToLower(name)] = name
			}
		}
	}
	m["id"], m["type"] = "id", "type"
	return m
})

// dropType files a type that no context knows.
func (c *checker) dropType(at position, name string) {
	c.add(pending{rule: ruleType, at: at, node: c.places[at.place].node, value: name,
		text: "No context defines this type, so JSON-LD drops it and no rule of it holds: name a class of the profile."})
}

// dropReference files an id that names nothing.
func (c *checker) dropReference(at position, why string) {
	c.add(pending{rule: ruleReference, at: at, node: c.places[at.place].node,
		text: "JSON-LD drops this value, because " + why + ": write an IRI such as urn:uuid:..., or a node."})
}

// refuse files what JSON-LD forbids.
func (c *checker) refuse(at position, what string) {
	c.add(pending{rule: ruleJSONLD, at: at, node: c.places[at.place].node,
		text: "A JSON-LD processor refuses the whole document, because " + what + ": correct it."})
}

// checkID looks at the id of a node.
func (c *checker) checkID(at position, v any) {
	switch id, ok := v.(string); {
	case !ok:
		c.refuse(at, "an id must be a string")
	case !isAbsolute(id):
		c.add(pending{rule: ruleReference, at: at, node: c.places[at.place].node, value: id,
			text: "This id is no absolute IRI, so JSON-LD drops the node, and what refers to it: write an IRI such as urn:uuid:..., or no id."})
	}
}

// checkLanguage looks at a tag of a language map.
func (c *checker) checkLanguage(at position, tag string) {
	p := pending{at: at, node: c.places[at.place].node, value: tag}
	switch {
	case tag == "@none":
		return
	case !isLanguage(tag):
		p.rule = ruleLangTag
		p.text = "This language tag is not well-formed, and a processor may drop the text: write one such as en or nb, and no blanks."
	case tag != lower(tag):
		p.rule = ruleLangCase
		p.text = "RDF knows language tags in lower case only, and two that differ in case are one language: write it in lower case."
	default:
		return
	}
	c.add(p)
}

func (c *checker) emptyText(at position) {
	c.add(pending{rule: ruleEmptyText, at: at, node: c.places[at.place].node,
		text: "This text is empty: leave the language out, or the member."})
}

func (c *checker) sameID(p int32) {
	c.add(pending{rule: ruleSameID, at: position{place: p, member: -1, index: -1}, node: c.places[p].node,
		text: "Another place says something else of a node with this id, and JSON-LD joins the two: give them different ids, or the same content."})
}

// advise applies our own rules to a node that has a class of the profile.
func (c *checker) advise(n int32) {
	types := c.nodes[n].types
	c.adviseMembers(n, types)
	if types&concept != 0 && c.opt.InList != nil {
		c.adviseConcept(n)
	}
	if types&person != 0 {
		c.adviseBirth(n)
	}
	if c.nodes[n].types&credential == 0 {
		c.adviseTypes(n)
	}
}

// adviseMembers finds members that the profile does not define for the node, and those that EDCI does
// not read, and looks at dates.
func (c *checker) adviseMembers(n int32, types classSet) {
	var known, skipped propertySet
	for rest := types; rest != 0; rest &= rest - 1 {
		i := lowest(rest)
		known.join(&defined[i])
		skipped.join(&unreadBy[i])
	}
	for r := c.nodes[n].run; r >= 0; r = c.runs[r].next {
		for _, s := range c.spans[c.runs[r].from:c.runs[r].to] {
			switch class := classes[lowest(types)].name; {
			case s.property == other || !known.has(s.property):
				c.add(pending{rule: ruleOutside, at: s.at, node: n, shape: &rule{class: lowest(types), property: s.property},
					text: fmt.Sprintf("The profile defines no such member for %s %s, and nobody need read it: use a member of that class, or another class.", article(class), class)})
			case skipped.has(s.property):
				c.add(pending{rule: ruleEDCI, at: s.at, node: n, shape: &rule{class: lowest(types), property: s.property},
					text: fmt.Sprintf("EDCI 2.0.6, the software behind Europass, does not read this member of %s %s, so it is not shown.", article(class), class)})
			}
			c.adviseDates(n, s)
		}
	}
}

// join adds the properties of another set.
func (s *propertySet) join(t *propertySet) {
	for i := range s {
		s[i] |= t[i]
	}
}

// adviseDates finds days and times that do not exist.
func (c *checker) adviseDates(n int32, s span) {
	for i := s.from; i < s.to; i++ {
		v := &c.values[i]
		if v.datatype != xsdDateTime {
			return
		}
		if t, ok := readDateTime(v.text); ok && !t.exists() {
			c.add(pending{rule: ruleCalendar, at: v.at, node: n, value: v.text, text: "There is no such day or time in the calendar: correct it."})
		}
	}
}

// adviseBirth finds birthdays that depend on the time zone.
func (c *checker) adviseBirth(n int32) {
	for _, v := range c.of(n, dateOfBirth) {
		if t, ok := readDateTime(v.text); ok && v.datatype == xsdDateTime && !t.midnight {
			c.add(pending{rule: ruleBirthDay, at: v.at, node: n, value: v.text,
				text: "The time of this date is not midnight, so the day of birth depends on the time zone of who reads it: write T00:00:00 without a zone."})
		}
	}
}

// adviseConcept asks whether a concept is in its code lists.
func (c *checker) adviseConcept(n int32) {
	id := c.nodes[n].id
	for _, s := range c.of(n, inScheme) {
		if id == "" || s.node < 0 || c.nodes[s.node].id == "" {
			continue
		}
		if known, member := c.opt.InList(c.nodes[s.node].id, id); known && !member {
			c.add(pending{rule: ruleList, at: c.placeOf(n), node: n, value: id,
				text: fmt.Sprintf("The list %s has no such concept: use one of its members, or leave inScheme out.", c.nodes[s.node].id)})
		}
	}
}

// adviseTypes finds nodes below the credential that name several types.
func (c *checker) adviseTypes(n int32) {
	p := c.nodes[n].first
	for i, m := range c.places[p].object {
		if list, ok := m.Value.(edci.Array); ok && m.Name == "type" && len(list) > 0 {
			c.add(pending{rule: ruleEDCIType, at: position{place: p, member: int32(i), index: -1}, node: n,
				text: "EDCI 2.0.6 cannot read a node whose type is an array: write the one class as a string."})
		}
	}
}

// dsConcept is the concept of credentialProfiles for a Diploma Supplement. Source: EU Vocabularies, credential types.
const dsConcept = "http://data.europa.eu/snb/credential/6dff8a0f87"

// adviseCredential looks at Diploma Supplements, by profile and by name.
func (c *checker) adviseCredential() {
	switch root := c.places[0].node; {
	case c.profile == DiplomaSupplement:
		c.add(pending{rule: ruleDS, at: none, node: root,
			text: "The profile diploma-supplement asks every Qualification for a part that is a Qualification, which no finite document gives, and EDCI has no address for it: name the profile edc-generic-full."})
	case root >= 0 && slices.ContainsFunc(c.of(root, propertyNamed("credentialProfiles")), c.isDS):
		c.adviseDS()
	}
}

func (c *checker) isDS(v value) bool { return v.node >= 0 && c.nodes[v.node].id == dsConcept }

// adviseDS lists what a Diploma Supplement lacks. Parts are not asked for: see adviseCredential.
func (c *checker) adviseDS() {
	for i := range c.plan.rules {
		for _, r := range supplement()[i] {
			for n := range c.nodes {
				if c.nodes[n].types&(1<<i) != 0 && len(c.of(int32(n), r.property)) < r.min {
					member := vocabulary.member(r.property)
					c.add(pending{rule: ruleDS, at: c.placeOf(int32(n)), node: int32(n), shape: &r,
						text: fmt.Sprintf("A Diploma Supplement gives %s for each %s, and this one has none: add it.", member, classes[i].name)})
				}
			}
		}
	}
}

// supplement is what the profile adds to a class, by class, without parts.
var supplement = sync.OnceValue(func() map[int][]rule {
	m := map[int][]rule{}
	for _, a := range diplomaSupplement {
		i := classIndex[a.class]
		for _, r := range compileShapes(i, a.shapes, false) {
			if r.property != propertyNamed("hasPart") {
				m[i] = append(m[i], r)
			}
		}
	}
	return m
})
