package mapping

import (
	"elmobridge/edci"
	"slices"
)

// claimGroup holds the claims of one awarding body.
type claimGroup struct {
	org    *edci.Organisation
	claims []int // positions in hasClaim
}

// byAwardingBody groups the claims of a credential: one report for each awarding body (EDC-02).
func (b *back) byAwardingBody(p *part) []*claimGroup {
	var groups []*claimGroup
	for i, claim := range p.person.HasClaim {
		if !hasSpecification(claim) {
			continue
		}
		org := awardingBody(claim, p.c)
		k := slices.IndexFunc(groups, func(g *claimGroup) bool { return p.ours || sameOrganisation(g.org, org) })
		if k < 0 {
			groups = append(groups, &claimGroup{org: org})
			k = len(groups) - 1
		}
		groups[k].claims = append(groups[k].claims, i)
	}
	if len(groups) == 0 {
		groups = []*claimGroup{{org: p.onlyOrganisation()}}
	}
	if len(groups) > 1 {
		b.sayRow("EDC-02", Normalised, OneOfMany, "report", "/credentialSubject/hasClaim", "the claims have several awarding bodies: one report for each")
	}
	return groups
}

// hasSpecification tells whether ELMO has a place for a claim of that class (EDC-01).
func hasSpecification(claim edci.AnyClaim) bool {
	switch claim.(type) {
	case *edci.LearningAchievement, *edci.LearningActivity, *edci.LearningAssessment:
		return true
	}
	return false
}

// onlyOrganisation is the issuer of a report without results.
func (p *part) onlyOrganisation() *edci.Organisation {
	for _, claim := range p.person.HasClaim {
		return awardingBody(claim, p.c)
	}
	return organisationOf(p.c.Issuer)
}

// sameOrganisation compares what names an organisation: software writes the same one again and again
// with other details, under new identifiers of nodes.
func sameOrganisation(a, c *edci.Organisation) bool {
	if a == nil || c == nil || a == c {
		return a == c
	}
	return slices.Equal(a.LegalName, c.LegalName) && slices.Equal(notations(a), notations(c))
}

func notations(o *edci.Organisation) []string {
	var out []string
	for _, id := range append(o.Identifier[:len(o.Identifier):len(o.Identifier)], o.EIDASIdentifier, o.Registration) {
		if id != nil {
			out = append(out, id.Notation)
		}
	}
	return out
}

// awardingBody is the organisation that awarded a claim, else the issuer of the credential.
func awardingBody(claim edci.AnyClaim, c *edci.EuropeanDigitalCredential) *edci.Organisation {
	if a := awardedBy(claim); a != nil {
		for _, body := range a.AwardingBody {
			if org := organisationOf(body); org != nil {
				return org
			}
		}
	}
	return organisationOf(c.Issuer)
}

func awardedBy(claim edci.AnyClaim) *edci.AwardingProcess {
	switch c := claim.(type) {
	case *edci.LearningAchievement:
		return c.AwardedBy
	case *edci.LearningActivity:
		return c.AwardedBy
	case *edci.LearningAssessment:
		return c.AwardedBy
	case *edci.LearningEntitlement:
		return c.AwardedBy
	case *edci.Claim:
		return c.AwardedBy
	}
	return nil
}

// organisationOf reads any agent as an organisation.
func organisationOf(agent edci.AnyAgent) *edci.Organisation {
	switch a := agent.(type) {
	case *edci.Organisation:
		return a
	case *edci.Agent:
		return &edci.Organisation{LegalName: a.PrefLabel, AltLabel: a.AltLabel, Identifier: a.Identifier, Location: a.Location}
	case *edci.Person:
		return &edci.Organisation{LegalName: a.FullName, Identifier: a.Identifier}
	}
	return nil
}
