package mapping

import (
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
	"math/big"
	"strings"
)

// statusConcepts are the grade statuses (LOI-04). Only the identifier of "pass" is known.
var statusConcepts = map[string]*edci.Concept{
	"passed":      codes.ByName("grade-status").Must("c_60a1cf9a").Concept(),
	"failed":      statusConcept("failed", "failed"),
	"in-progress": statusConcept("in-progress", "in progress"),
}

func statusConcept(status, label string) *edci.Concept {
	return &edci.Concept{ID: conceptID("status", status), PrefLabel: english(label), Notation: status}
}

func loiStatus(r *run, n, _ *node) {
	if n.loi.Status == "" {
		return
	}
	c, ok := statusConcepts[n.loi.Status]
	if !ok {
		n.keepLOI(r, "status", 0, NotInCodeList, false, "no status of the ELMO list")
		return
	}
	n.needAssessment().GradeStatus = c
}

func loiStatusBack(r *run, _, n *node) {
	if n.assessment == nil || n.assessment.GradeStatus == nil {
		return
	}
	for status, c := range statusConcepts {
		if c.ID == n.assessment.GradeStatus.ID {
			n.loi.Status = status
			return
		}
	}
}

const pathStatus = scopeLOI + "/status"

func resultLabel(r *run, n, _ *node) {
	switch {
	case n.loi.ResultLabel != "":
		n.needAssessment().Grade = &edci.Note{NoteLiteral: und(n.loi.ResultLabel)}
	case n.assessment != nil:
		n.assessment.Grade = &edci.Note{
			Subject:     &edci.Concept{ID: ns + pathStatus},
			NoteLiteral: und(n.loi.Status),
		}
		r.say(Added, RequiredDefault, "", "/provenBy/0/grade", "an assessment must have a grade; the status stands in")
	}
	if n.assessment != nil {
		n.assessment.DateIssued = n.claim.AwardedBy.AwardingDate
	}
}

func resultLabelBack(r *run, _, n *node) {
	if n.assessment == nil || n.assessment.Grade == nil {
		return
	}
	g := n.assessment.Grade
	if g.Subject != nil && g.Subject.ID == ns+pathStatus {
		return
	}
	n.loi.ResultLabel = collapse(first(g.NoteLiteral))
}

func loiScheme(r *run, n, _ *node) {
	local, external := n.loi.GradingSchemeLocalID, n.loi.GradingSchemeExternalID
	if local == "" && external == "" {
		return
	}
	if n.assessment == nil {
		for name, v := range map[string]string{"gradingSchemeLocalId": local, "gradingSchemeExternalId": external} {
			if v != "" {
				n.keepLOI(r, name, 0, NoCounterpart, false, "there is no result that the scheme could explain")
			}
		}
		return
	}
	n.assessment.SpecifiedBy = &edci.LearningAssessmentSpecification{Title: n.claim.Title, GradingScheme: n.rep.schemes.use(r, local, external)}
}

func loiSchemeBack(r *run, _, n *node) {
	g := n.gradingScheme()
	if g == nil {
		return
	}
	n.loi.GradingSchemeLocalID = n.rep.schemes.learn(g)
	for _, id := range g.Identifier {
		if id.SchemeName == schemeGradingExtern {
			n.loi.GradingSchemeExternalID = id.Notation
		}
	}
}

func (n *node) gradingScheme() *edci.GradingScheme {
	if n.assessment == nil || n.assessment.SpecifiedBy == nil {
		return nil
	}
	return n.assessment.SpecifiedBy.GradingScheme
}

func shortenedGrading(r *run, n, _ *node) {
	g := n.loi.ShortenedGrading
	if g == nil {
		return
	}
	whole, exact, ok := largestRemainder(g.PercentageLower, g.PercentageEqual, g.PercentageHigher)
	if !ok || n.assessment == nil {
		n.keepLOI(r, "shortenedGrading", 0, NoCounterpart, false, "no numbers, or no result to place")
		return
	}
	n.assessment.ShortenedGrading = &edci.ShortenedGrading{PercentageLower: whole[0], PercentageEqual: whole[1], PercentageHigher: whole[2]}
	if !exact {
		n.keepLOI(r, "shortenedGrading", 0, Precision, true, "ELM has integers")
	}
}

// largestRemainder rounds percentages to integers that sum to the rounded sum, ties to the first.
// exact tells that they were integers as written already.
func largestRemainder(in ...string) (out [3]edci.Number, exact, ok bool) {
	var parts, floors [3]*big.Rat
	sum, exact := new(big.Rat), true
	floorSum := new(big.Int)
	var ints [3]*big.Int
	for i, s := range in {
		v, ok := decimal(s)
		if !ok {
			return out, false, false
		}
		parts[i] = v
		ints[i] = new(big.Int).Div(v.Num(), v.Denom()) // Euclidean: floor, denominators are positive
		floors[i] = new(big.Rat).SetInt(ints[i])
		sum.Add(sum, v)
		floorSum.Add(floorSum, ints[i])
		exact = exact && ints[i].String() == s
	}
	half := new(big.Rat).Add(sum, big.NewRat(1, 2))
	missing := new(big.Int).Sub(new(big.Int).Div(half.Num(), half.Denom()), floorSum).Int64()
	for ; missing > 0; missing-- {
		best := 0
		for i := 1; i < 3; i++ {
			if rest(parts[i], floors[i]).Cmp(rest(parts[best], floors[best])) > 0 {
				best = i
			}
		}
		ints[best].Add(ints[best], big.NewInt(1))
		floors[best] = new(big.Rat).Add(floors[best], big.NewRat(1, 1))
	}
	for i := range ints {
		out[i] = edci.Number(ints[i].String())
	}
	return out, exact, true
}

func rest(v, floor *big.Rat) *big.Rat { return new(big.Rat).Sub(v, floor) }

// maxDecimal bounds the digits of numbers that are computed with.
const maxDecimal = 40

// decimal reads an xs:decimal.
func decimal(s string) (*big.Rat, bool) {
	if s == "" || len(s) > maxDecimal || strings.Trim(s, "0123456789.+-") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func shortenedGradingBack(r *run, _, n *node) {
	if n.assessment == nil || n.assessment.ShortenedGrading == nil {
		return
	}
	g := n.assessment.ShortenedGrading
	if !n.rep.ours && (g.PercentageLower == "" || g.PercentageEqual == "" || g.PercentageHigher == "") {
		return // ELMO demands all three
	}
	n.loi.ShortenedGrading = &elmo.ShortenedGrading{PercentageLower: string(g.PercentageLower),
		PercentageEqual: string(g.PercentageEqual), PercentageHigher: string(g.PercentageHigher)}
}

func resultDistribution(r *run, n, _ *node) {
	d := n.loi.ResultDistribution
	if d == nil {
		return
	}
	if n.assessment == nil {
		n.keepLOI(r, "resultDistribution", 0, NoCounterpart, false, "there is no result that it could explain")
		return
	}
	out := &edci.ResultDistribution{}
	for i, c := range d.Categories {
		count := positive(c.Count)
		if count == "" || c.Label == "" {
			n.keepLOI(r, "resultDistribution/category", i+1, Precision, false, "ELM has positive counts and labels only")
			continue
		}
		if count != c.Count {
			r.say(Normalised, Format, nth(sub+"resultDistribution/category", i+1)+"/@count", "/provenBy/0/resultDistribution", "leading zeros or signs of a count are left out")
		}
		out.ResultCategory = append(out.ResultCategory, &edci.ResultCategory{Label: c.Label, Count: edci.Number(count)})
	}
	out.Description = r.texts(d.Descriptions, sub+"resultDistribution/description", func(i int, _ edci.LangText, bad bool) {
		n.keepLOI(r, "resultDistribution/description", i, surplusReason(bad), bad, surplusNote(bad))
	})
	if len(out.ResultCategory)+len(out.Description) > 0 {
		n.assessment.ResultDistribution = out
	} else if !r.opt.keeps() {
		r.say(Dropped, Precision, sub+"resultDistribution", "", "nothing of it is left")
	}
}

// positive gives a positive count without sign and leading zeros; empty when it is none.
func positive(count string) string {
	s := strings.TrimPrefix(count, "+")
	if strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return strings.TrimLeft(s, "0")
}

func resultDistributionBack(r *run, _, n *node) {
	if n.assessment == nil || n.assessment.ResultDistribution == nil {
		return
	}
	d := n.assessment.ResultDistribution
	out := &elmo.ResultDistribution{Descriptions: elmoTexts(d.Description)}
	for _, c := range d.ResultCategory {
		if positive(string(c.Count)) == "" && !n.rep.ours {
			continue
		}
		out.Categories = append(out.Categories, &elmo.Category{Label: c.Label, Count: string(c.Count)})
	}
	if len(out.Categories) > 0 || n.rep.ours { // ELMO demands one
		n.loi.ResultDistribution = out
	}
}
