package mapping

import (
	"elmobridge/edci"
	"elmobridge/elmo"
)

// schemes are the grading schemes of a report (GRS-01): those it declares, and those that results
// refer to.
type schemes struct {
	declared []*declaredScheme
	mappable map[string]*declaredScheme        // those that ELM can hold whole, by local identifier
	nodes    map[[2]string]*edci.GradingScheme // by local and external identifier

	learned []*elmo.GradingScheme // on the way back
}

type declaredScheme struct {
	*elmo.GradingScheme
	used        bool
	description edci.LangString // once it is used
}

func (f *forward) gradingSchemes(rr *reportRun) *schemes {
	s := &schemes{nodes: map[[2]string]*edci.GradingScheme{}, mappable: map[string]*declaredScheme{}}
	seen := map[string]bool{}
	for _, g := range rr.report.GradingSchemes {
		d := &declaredScheme{GradingScheme: g}
		s.declared = append(s.declared, d)
		if !seen[g.LocalID] && g.LocalID != "" && !repeatsLanguage(g.Descriptions) && elmo.Clean(g) {
			s.mappable[g.LocalID] = d
		}
		seen[g.LocalID] = true
	}
	return s
}

// use gives the node for a reference and marks its scheme as used.
func (s *schemes) use(r *run, local, external string) *edci.GradingScheme {
	key := [2]string{local, external}
	if g := s.nodes[key]; g != nil {
		return g
	}
	g := &edci.GradingScheme{Title: und(local)}
	switch d := s.mappable[local]; {
	case d != nil:
		if !d.used {
			d.used, d.description = true, r.quietTexts(d.Descriptions)
		}
		g.Identifier = []*edci.Identifier{identifier(schemeGrading, local)}
		g.Description = d.description
	case local != "":
		g.Identifier = []*edci.Identifier{identifier(schemeGradingLocal, local)}
	default:
		g.Title = und(external)
	}
	if external != "" {
		g.Identifier = append(g.Identifier, identifier(schemeGradingExtern, external))
	}
	s.nodes[key] = g
	r.sayRow("GRS-01", Added, RequiredDefault, "", "/provenBy/0/specifiedBy/gradingScheme/title", "a grading scheme must have a title: its identifier")
	return g
}

// quietTexts maps texts of which the report speaks elsewhere.
func (r *run) quietTexts(in []elmo.Text) edci.LangString {
	quiet := r.silent
	r.silent = true
	out := r.texts(in, "description", nil)
	r.silent = quiet
	return out
}

// remainder lists the schemes in the order of the report; those that no claim holds, in full.
func (s *schemes) remainder(r *run, rr *reportRun) {
	r.row = "GRS-01"
	if !r.opt.keeps() {
		r.sayOrder("gradingScheme", len(s.declared), "schemes come back in the order in which results refer to them")
	}
	for i, d := range s.declared {
		if d.used {
			held := &elmo.GradingScheme{LocalID: d.LocalID}
			addAttr(&held.Extra, "used", "1")
			rr.remainder.GradingSchemes = append(rr.remainder.GradingSchemes, held)
			p := r.enter("gradingScheme", i+1, "", 0)
			r.texts(d.Descriptions, "description", nil) // for what it says
			r.leave(p)
			continue
		}
		rr.remainder.GradingSchemes = append(rr.remainder.GradingSchemes, d.GradingScheme)
		r.keepAside(nth("gradingScheme", i+1), NoCounterpart, false, "no result refers to it, or ELM cannot hold all of it")
	}
}

// learn reads a scheme of a claim and gives its local identifier.
func (s *schemes) learn(g *edci.GradingScheme) string {
	local, declared := schemeID(g)
	if local == "" || !declared {
		return local
	}
	found := &elmo.GradingScheme{LocalID: local, Descriptions: elmoTexts(g.Description)}
	for i, known := range s.learned {
		if known.LocalID != local {
			continue
		}
		if len(known.Descriptions) == 0 {
			s.learned[i] = found
		}
		return local
	}
	s.learned = append(s.learned, found)
	return local
}

// schemeID gives the local identifier of a scheme, and whether the report declares it. The schemes
// of others have any identifier, or only a title.
func schemeID(g *edci.GradingScheme) (local string, declared bool) {
	other := ""
	for _, id := range g.Identifier {
		switch id.SchemeName {
		case schemeGrading:
			return id.Notation, true
		case schemeGradingLocal:
			return id.Notation, false
		case schemeGradingExtern:
		default:
			other = collapse(id.Notation)
		}
	}
	if len(g.Identifier) > 0 && other == "" {
		return "", false // external alone
	}
	if other == "" {
		other = collapse(first(g.Title))
	}
	return other, true
}
