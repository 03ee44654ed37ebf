package evidence

import (
	"fmt"

	"elmobridge/api/problem"
	"elmobridge/elmo"
)

// choice is what a learner chose of a document.
//
// It takes exactly what was chosen: a report with all that is in it; a result with its parts, its supplement and its
// extensions, but without what it is a part of, whose grade or title was not chosen. Of what stands around, issuer,
// date of issue and the learner stay; grading schemes, groups and attachments do as far as a chosen result refers to
// them, and attachments of its own report or of the document alone. Extensions of the document, and unknown elements
// of it and of reports that are not chosen whole, are left out: nobody can tell what they are about.
type choice struct {
	keys  map[string]bool
	found int // keys that the document has
	refs  references
}

// selected gives the part of a document that was chosen, nil when nothing is left out.
func selected(doc *elmo.Document, keys []string) (*elmo.Document, error) {
	c := &choice{keys: map[string]bool{}, refs: references{}}
	for _, k := range keys {
		c.keys[k] = true
	}
	everything := c.has(Everything)
	complete := len(doc.Attachments) == 0 && doc.Extension == nil && doc.Extra == nil
	part := &elmo.Document{GeneratedDate: doc.GeneratedDate, Learner: doc.Learner, Source: doc.Source}
	for i, r := range doc.Reports {
		kept := c.report(reportKey(i), r)
		complete = complete && kept == r
		if kept != nil {
			part.Reports = append(part.Reports, kept)
		}
	}
	switch {
	case len(c.keys) == 0:
		return nil, problem.New(problem.BadRequest, "nothing is chosen")
	case c.found < len(c.keys):
		return nil, problem.New(problem.BadRequest, fmt.Sprintf("%d of the chosen keys are not in the offer", len(c.keys)-c.found))
	case everything || complete:
		return nil, nil
	}
	part.Attachments = c.refs.attachments(doc.Attachments)
	part.Groups = c.refs.groups(doc.Groups)
	return part, nil
}

// has tells whether a key that the document has was chosen.
func (c *choice) has(key string) bool {
	if c.keys[key] {
		c.found++
	}
	return c.keys[key]
}

// report gives what is kept of a report: all of it when nothing is left out, nil for nothing.
func (c *choice) report(key string, r *elmo.Report) *elmo.Report {
	whole := c.has(key)
	picked, all := c.results(key, r)
	if whole || all {
		c.refs.addAll(references{}.of(r.LearningOpportunitySpecifications).unresolved(r.Attachments))
		return r
	}
	if len(picked) == 0 {
		return nil
	}
	refs := references{}.of(picked)
	c.refs.addAll(refs.unresolved(r.Attachments))
	return &elmo.Report{
		Issuer: r.Issuer, LearningOpportunitySpecifications: picked, IssueDate: r.IssueDate,
		GradingSchemes: refs.schemes(r.GradingSchemes), Attachments: refs.attachments(r.Attachments),
	}
}

// results gives the chosen results of a report, and whether they are all that is in it.
func (c *choice) results(key string, r *elmo.Report) (picked []*elmo.LearningOpportunitySpecification, all bool) {
	all = len(r.LearningOpportunitySpecifications) > 0 && len(r.ResultsOfRecognition) == 0 && len(r.Attachments) == 0 && r.Extra == nil
	for i, los := range r.LearningOpportunitySpecifications {
		n := len(picked)
		picked = c.result(picked, resultKey(key, i), los)
		all = all && len(picked) == n+1 && picked[n] == los
	}
	return picked, all
}

// result adds a result when it was chosen, else those of its parts that were.
func (c *choice) result(to []*elmo.LearningOpportunitySpecification, key string, los *elmo.LearningOpportunitySpecification) []*elmo.LearningOpportunitySpecification {
	chosen := c.has(key)
	parts := to
	for i, p := range los.HasParts {
		if p.Specification != nil {
			parts = c.result(parts, partKey(key, i), p.Specification)
		}
	}
	if chosen {
		return append(to, los)
	}
	return parts
}

// reference is what a result names: a grading scheme by its localId, an attachment by an identifier, a group by its
// type and its id.
type reference struct{ of, name, id string }

// What a reference is of.
const (
	toScheme     = "gradingScheme"
	toAttachment = "attachment"
	toGroup      = "group"
)

// references are those of some results.
type references map[reference]bool

// of adds those of results and their parts.
func (r references) of(list []*elmo.LearningOpportunitySpecification) references {
	for _, los := range list {
		if loi := instance(los); loi != nil {
			r.add(loi)
		}
		for _, p := range los.HasParts {
			if p.Specification != nil {
				r.of([]*elmo.LearningOpportunitySpecification{p.Specification})
			}
		}
	}
	return r
}

func (r references) add(loi *elmo.LearningOpportunityInstance) {
	r[reference{toScheme, loi.GradingSchemeLocalID, ""}] = true
	if loi.Attachments != nil {
		for _, ref := range loi.Attachments.Refs {
			r[reference{toAttachment, ref, ""}] = true
		}
	}
	if g := loi.Grouping; g != nil {
		r[reference{toGroup, g.TypeRef, ""}] = true
		r[reference{toGroup, g.TypeRef, g.IDRef}] = true
	}
}

func (r references) addAll(more references) {
	for ref := range more {
		r[ref] = true
	}
}

// unresolved takes away the references to attachments that a report has itself.
func (r references) unresolved(own []*elmo.Attachment) references {
	left := references{}
	left.addAll(r)
	for _, a := range own {
		for _, id := range a.Identifiers {
			delete(left, reference{toAttachment, id.Value, ""})
		}
	}
	return left
}

// schemes, attachments and groups give those that are referred to.

func (r references) schemes(list []*elmo.GradingScheme) []*elmo.GradingScheme {
	var kept []*elmo.GradingScheme
	for _, s := range list {
		if r[reference{toScheme, s.LocalID, ""}] {
			kept = append(kept, s)
		}
	}
	return kept
}

func (r references) attachments(list []*elmo.Attachment) []*elmo.Attachment {
	var kept []*elmo.Attachment
	for _, a := range list {
		for _, id := range a.Identifiers {
			if r[reference{toAttachment, id.Value, ""}] {
				kept = append(kept, a)
				break
			}
		}
	}
	return kept
}

func (r references) groups(all *elmo.Groups) *elmo.Groups {
	if all == nil {
		return nil
	}
	kept := &elmo.Groups{}
	for _, t := range all.GroupTypes {
		if !r[reference{toGroup, t.ID, ""}] {
			continue
		}
		own := &elmo.GroupType{ID: t.ID, Titles: t.Titles}
		for _, g := range t.Groups {
			if r[reference{toGroup, t.ID, g.ID}] {
				own.Groups = append(own.Groups, g)
			}
		}
		kept.GroupTypes = append(kept.GroupTypes, own)
	}
	if len(kept.GroupTypes) == 0 {
		return nil
	}
	return kept
}
