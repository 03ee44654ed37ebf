package mapping

import (
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
	"net/url"
	"strings"
)

const pathLevelType = "level/type"

func levels(r *run, n, _ *node) {
	moved, order := false, 0 // of the place a level is written to: eqfLevel, nqfLevel, educationLevel
	for i, l := range n.loi.Levels {
		if l.Value == "" {
			n.keepLOI(r, "level", i+1, NoCounterpart, false, "a level without value names nothing")
			continue
		}
		at := n.level(l)
		moved = moved || min(at, levelEducation) < order
		order = max(order, min(at, levelEducation))
		if l.Description != nil && !(at == levelOther && describes(l.Description)) {
			n.keepLOI(r, "level", i+1, OneOfMany, true, "a concept of a published list cannot take another label")
		}
	}
	if moved {
		r.sayOrder(sub+"level", len(n.loi.Levels), "levels come back in the order EQF, national, others")
	}
}

// sayOrder reports on all elements of a name whose order changes.
func (r *run) sayOrder(name string, count int, note string) {
	for i := range count {
		r.say(Normalised, Order, nth(name, i+1), "", note)
	}
}

// The places of a level, in the order in which they are read back.
const (
	levelEQF = iota + 1
	levelNQF
	levelEducation
	levelOther
)

// level writes one level (LOI-11, LOI-12) and tells where.
func (n *node) level(l *elmo.Level) int {
	degree := n.spec.Class == qualification
	if eqf, ok := codes.ByName("eqf").Code(l.Value); ok && l.Type == "EQF" {
		if degree && n.spec.EQFLevel == nil {
			n.spec.EQFLevel = eqf.Concept()
			return levelEQF
		}
		n.spec.EducationLevel = append(n.spec.EducationLevel, eqf.Concept())
		return levelEducation
	}
	if nqf, ok := codes.ByName("nqf").Label(l.Type + " Level " + l.Value); ok {
		if degree {
			n.spec.NQFLevel = append(n.spec.NQFLevel, nqf.Concept())
			return levelNQF
		}
		n.spec.EducationLevel = append(n.spec.EducationLevel, nqf.Concept())
		return levelEducation
	}
	n.spec.EducationLevel = append(n.spec.EducationLevel, otherLevel(l))
	return levelOther
}

// otherLevel is a level of a framework without list.
func otherLevel(l *elmo.Level) *edci.Concept {
	c := &edci.Concept{
		ID: conceptID("level", l.Type, l.Value), Notation: l.Value,
		InScheme: []*edci.ConceptScheme{{ID: conceptID(pathLevelType, l.Type)}},
	}
	if l.Description != nil && describes(l.Description) {
		c.ID += "/" + levelDigest(l)
		lang, _ := tagOrNone(l.Description.Lang)
		c.PrefLabel = edci.LangString{{Lang: lang, Text: l.Description.Value}}
	}
	return c
}

// describes tells whether a description fits a label.
func describes(t *elmo.Text) bool {
	lang, ok := tagOrNone(t.Lang)
	return ok && t.Extra == nil && (lang == t.Lang || t.Lang == "")
}

func levelsBack(r *run, _, n *node) {
	if n.spec.EQFLevel != nil {
		n.addLevel(n.spec.EQFLevel)
	}
	for _, list := range [][]*edci.Concept{n.spec.NQFLevel, n.spec.EducationLevel} {
		for _, c := range list {
			if !n.rep.ours && n.spec.EQFLevel != nil && c.ID == n.spec.EQFLevel.ID {
				continue // DC4EU writes the level twice
			}
			n.addLevel(c)
		}
	}
}

func (n *node) addLevel(c *edci.Concept) {
	if l := elmoLevel(c); l != nil {
		n.loi.Levels = append(n.loi.Levels, l)
	}
}

func elmoLevel(c *edci.Concept) *elmo.Level {
	if m, ok := codes.ByName("eqf").ID(c.ID); ok {
		return &elmo.Level{Type: "EQF", Value: m.Code}
	}
	if m, ok := codes.ByName("nqf").ID(c.ID); ok {
		if kind, value, ok := strings.Cut(m.Label, " Level "); ok {
			return &elmo.Level{Type: kind, Value: value}
		}
		return &elmo.Level{Type: "NQF", Value: m.Label}
	}
	l := &elmo.Level{Type: levelType(c), Value: collapse(c.Notation)}
	for _, t := range c.PrefLabel {
		l.Description = &elmo.Text{Lang: elmoLang(t.Lang), Value: t.Text}
		break
	}
	if l.Value == "" && l.Description == nil {
		return nil
	}
	return l
}

// levelType names the framework of a level concept that is of no list we know.
func levelType(c *edci.Concept) string {
	for _, s := range c.InScheme {
		if t, ok := strings.CutPrefix(s.ID, ns+pathLevelType+"/"); ok {
			if t, err := url.PathUnescape(t); err == nil {
				return t
			}
		}
	}
	return "other"
}

func levelDigest(l *elmo.Level) string {
	return shortDigest(l.Type, l.Value, l.Description.Lang, l.Description.Value)
}
