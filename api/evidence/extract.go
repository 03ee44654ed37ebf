package evidence

import (
	"fmt"
	"slices"

	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

// extract is what a learner consented to, as ELMO.
type extract struct {
	data   []byte
	intact bool // data is what the source gave
	report *convert.Report
	count  int // results at the top of reports
}

// extracted gives the chosen part of a document: as it was received when nothing is left out, else a document of its
// own. Its report names what became of that part alone. What the learner left out is in no report: that it exists is
// what the recipient is not to learn.
func extracted(data []byte, keys []string) (*extract, error) {
	doc, err := readDocument(data)
	if err != nil {
		return nil, err
	}
	part, err := selected(doc, keys)
	if err != nil {
		return nil, err
	}
	if part == nil {
		v := mapping.Standard{Name: "ELMO", Version: string(doc.Source.Version)}
		return &extract{data, true, &convert.Report{Direction: convert.ELMOToELMO, Source: v, Target: v, Table: mapping.TableVersion,
			Losses: []convert.Entry{}, Added: []convert.Entry{}, Counts: map[convert.Verdict]int{}}, results(doc)}, nil
	}
	unsigned := unsign(part, !doc.Signature.IsZero())
	opt := convert.Options{ELMOVersion: writable(doc.Source.Version)}
	fitted, report, err := convert.ToVersion(part, opt)
	if err != nil {
		return nil, err
	}
	merge(report, unsigned)
	data, err = convert.WriteELMO(fitted, opt)
	return &extract{data, false, report, results(part)}, err
}

// readDocument reads what a source gave.
func readDocument(data []byte) (*elmo.Document, error) {
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return doc, nil
}

// writable is the version that a part is written in: every 1.x is valid in the last one, and those before 1.5 demand
// a signature.
func writable(v elmo.Version) elmo.Version {
	if v == elmo.V20 || v == elmo.V20v2 {
		return v
	}
	return elmo.Latest
}

func results(doc *elmo.Document) int {
	n := 0
	for _, r := range doc.Reports {
		n += len(r.LearningOpportunitySpecifications)
	}
	return n
}

// unsign takes the signatures of supplements away, which do not hold in a document that is written anew, and gives
// the entries of the report on them and on that of the document.
func unsign(part *elmo.Document, signed bool) []convert.Entry {
	var lost []convert.Entry
	if signed {
		lost = append(lost, unsigned("Signature", "the signature covers all that the source gave; choose everything to keep it"))
	}
	for i, r := range part.Reports {
		for j, los := range r.LearningOpportunitySpecifications {
			lost = append(lost, unsignSupplements(resultKey(reportKey(i), j), los)...)
		}
	}
	return lost
}

func unsigned(path, note string) convert.Entry {
	return convert.Entry{Row: "ENV-11", Verdict: mapping.Dropped, Reason: mapping.Signature, Source: path, Note: note}
}

func unsignSupplements(path string, los *elmo.LearningOpportunitySpecification) []convert.Entry {
	var lost []convert.Entry
	if loi := instance(los); loi != nil && loi.DiplomaSupplement != nil && !loi.DiplomaSupplement.Signature.IsZero() {
		loi.DiplomaSupplement.Signature = elmo.Raw{}
		lost = append(lost, unsigned(path+"/specifies/learningOpportunityInstance/diplomaSupplement/Signature",
			"the document is written anew, in which the signature does not hold; choose everything to keep it"))
	}
	for i, p := range los.HasParts {
		if p.Specification != nil {
			lost = append(lost, unsignSupplements(partKey(path, i), p.Specification)...)
		}
	}
	return lost
}

// merge adds entries on losses to a report.
func merge(r *convert.Report, lost []convert.Entry) {
	r.Losses = slices.Concat(lost, r.Losses)
	for _, e := range lost {
		r.Counts[e.Verdict]++
	}
}

// delivered converts what was consented to.
func delivered(g *grant, opt convert.Options) (*Delivery, error) {
	d := &Delivery{Format: g.Format, Intact: g.Intact, Report: g.Report, Parts: [][]byte{g.document}, Document: g.document}
	if g.Format == convert.FormatELMO {
		return d, nil
	}
	doc, err := readDocument(g.document)
	if err != nil {
		return nil, err
	}
	list, report, err := convert.ToEDC(doc, opt)
	if err != nil {
		return nil, err
	}
	d.Report, d.Parts, d.Intact = report, nil, false
	merge(report, g.Report.Losses)
	for _, c := range list {
		d.Parts = append(d.Parts, convert.AppendEDC(nil, c, opt))
	}
	return d, nil
}
