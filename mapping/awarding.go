package mapping

import (
	"elmobridge/edci"
	"strings"
)

// claimGroup holds the claims of one awarding body.
type claimGroup struct {
	org    *edci.Organisation
	claims []int // positions in hasClaim
}

// byAwardingBody groups the claims of a credential: one report for each awarding body (EDC-02).
func (b *back) byAwardingBody(p *part) []*claimGroup {
	var groups []*claimGroup
	byKey := map[string]*claimGroup{}
	for i, claim := range p.person.HasClaim {
		if !hasSpecification(claim) {
			continue
		}
		org := awardingBody(claim, p.c)
		key := ""
		if !p.ours {
			key = organisationKey(org)
		}
		g := byKey[key]
		if g == nil {
			g = &claimGroup{org: org}
			byKey[key] = g
			groups = append(groups, g)
		}
		g.claims = append(g.claims, i)
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

// organisationKey is what names an organisation: software writes the same one again and again with
// other details, under new identifiers of nodes.
func organisationKey(o *edci.Organisation) string {
	if o == nil {
		return ""
	}
	var key []string
	for _, t := range o.LegalName {
		key = append(key, t.Lang, t.Text)
	}
	for _, id := range append(o.Identifier[:len(o.Identifier):len(o.Identifier)], o.EIDASIdentifier, o.Registration) {
		if id != nil {
			key = append(key, id.Notation)
		}
	}
	return "o" + strings.Join(key, "\x00")
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
