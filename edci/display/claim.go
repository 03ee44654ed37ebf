package display

import (
	"slices"

	"elmobridge/edci"
)

// claimOf reads what a row needs from a claim of any class; nil when there is none.
func claimOf(node edci.AnyClaim) *claim {
	switch c := node.(type) {
	case *edci.LearningAchievement:
		if c != nil {
			return achievement(c)
		}
	case *edci.LearningAssessment:
		if c != nil {
			return assessment(c)
		}
	case *edci.LearningActivity:
		if c != nil {
			return activity(c)
		}
	case *edci.LearningEntitlement:
		if c != nil {
			return entitlement(c)
		}
	case *edci.Claim:
		if c != nil {
			return &claim{title: c.Title, identifiers: c.Identifier, types: c.DCType, awardedBy: c.AwardedBy}
		}
	}
	return nil
}

// achievement reads its grade also from the place other programs use, awardedBy/used.
func achievement(a *edci.LearningAchievement) *claim {
	c := &claim{title: a.Title, identifiers: a.Identifier, types: a.DCType, credits: a.CreditReceived,
		assessments: a.ProvenBy, awardedBy: a.AwardedBy, parts: claims(a.HasPart)}
	if len(c.assessments) == 0 && a.AwardedBy != nil {
		c.assessments = a.AwardedBy.Used
	}
	if s := a.SpecifiedBy; s != nil {
		c.identifiers = slices.Concat(s.Identifier, a.Identifier)
		c.types = slices.Concat(s.DCType, a.DCType)
		c.levels = slices.Concat([]*edci.Concept{s.EQFLevel}, s.NQFLevel, s.EducationLevel)
		c.title = titled(c.title, s.Title)
	}
	return c
}

func assessment(a *edci.LearningAssessment) *claim {
	c := &claim{title: a.Title, identifiers: a.Identifier, types: a.DCType, date: a.DateIssued,
		assessments: []*edci.LearningAssessment{a}, awardedBy: a.AwardedBy, parts: claims(a.HasPart)}
	if s := a.SpecifiedBy; s != nil {
		c.identifiers = slices.Concat(s.Identifier, a.Identifier)
		c.title = titled(c.title, s.Title)
	}
	return c
}

func activity(a *edci.LearningActivity) *claim {
	c := &claim{title: a.Title, identifiers: a.Identifier, types: a.DCType, awardedBy: a.AwardedBy, parts: claims(a.HasPart)}
	if s := a.SpecifiedBy; s != nil {
		c.identifiers = slices.Concat(s.Identifier, a.Identifier)
		c.title = titled(c.title, s.Title)
	}
	return c
}

func entitlement(e *edci.LearningEntitlement) *claim {
	c := &claim{title: e.Title, identifiers: e.Identifier, types: []*edci.Concept{e.DCType}, date: e.DateIssued,
		awardedBy: e.AwardedBy, parts: claims(e.HasPart)}
	if s := e.SpecifiedBy; s != nil {
		c.identifiers = slices.Concat(s.Identifier, e.Identifier)
		c.title = titled(c.title, s.Title)
	}
	return c
}

// titled is the title of the claim, else that of its specification.
func titled(own, specified edci.LangString) edci.LangString {
	if len(own) == 0 {
		return specified
	}
	return own
}

// claims are the parts as claims; those that are nil are left out, so that a group has parts.
func claims[T any, P interface {
	*T
	edci.AnyClaim
}](parts []P) []edci.AnyClaim {
	var all []edci.AnyClaim
	for _, p := range parts {
		if p != nil {
			all = append(all, p)
		}
	}
	return all
}
