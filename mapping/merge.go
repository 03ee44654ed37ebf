package mapping

import (
	"elmobridge/elmo"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// merge puts the reports of all credentials into the document (ENV-02).
func (b *back) merge() {
	var reports []*numbered
	sameDocument := true
	for _, p := range b.parts {
		sameDocument = sameDocument && p.origin.n > 0 && p.origin.digest == b.parts[0].origin.digest && p.origin.of == b.parts[0].origin.of
		reports = append(reports, p.reports...)
		reports = append(reports, p.wholeReports()...)
	}
	if sameDocument {
		slices.SortStableFunc(reports, func(x, y *numbered) int { return x.n - y.n })
		b.missing(reports)
	}
	for _, x := range reports {
		b.doc.Reports = append(b.doc.Reports, x.report)
	}
	b.documentParts(sameDocument)
}

// wholeReports are those that the remainder keeps because they have no credential.
func (p *part) wholeReports() []*numbered {
	if p.rem == nil {
		return nil
	}
	var out []*numbered
	for _, rep := range p.rem.Reports {
		if rep == p.remReport {
			continue
		}
		n := number(rep.Extra, "n")
		if len(rep.LearningOpportunitySpecifications) > 0 {
			continue // not what the way there writes: results stand in claims
		}
		stripOurs(&rep.Extra)
		out = append(out, &numbered{n: n, report: rep})
	}
	return out
}

// stripOurs removes attributes of ours.
func stripOurs(x **elmo.Extra) {
	if *x == nil {
		return
	}
	own := **x
	own.Attrs = slices.DeleteFunc(slices.Clone(own.Attrs), func(a elmo.Attr) bool { return a.Space == NSBridge })
	*x = &own
	if len(own.Attrs)+len(own.Others)+len(own.Wholes) == 0 {
		*x = nil
	}
}

// namedReports is how many missing reports are named one by one.
const namedReports = 10

// missing names the reports of the document whose credentials were not given.
func (b *back) missing(reports []*numbered) {
	have := map[int]bool{}
	for _, x := range reports {
		have[x.n] = true
	}
	of := b.parts[0].origin.of
	var names []string
	for n := 1; n <= of && len(names) < namedReports; n++ {
		if !have[n] {
			names = append(names, strconv.Itoa(n))
		}
	}
	if names == nil {
		return
	}
	if missing := of - len(have); missing > len(names) {
		names = append(names, "...")
	}
	b.report.Warnings = append(b.report.Warnings, fmt.Sprintf("of the %d reports of the document these are missing, for their credentials were not given: %s", of, strings.Join(names, ", ")))
}

// documentParts restores generatedDate, groups, extension and root attachments (ENV-09).
func (b *back) documentParts(sameDocument bool) {
	var root []*placedAttachment
	digests := map[string]bool{}
	for i, p := range b.parts {
		root = append(root, p.root...)
		if p.rem == nil {
			continue
		}
		b.doc.GeneratedDate = max(b.doc.GeneratedDate, p.rem.GeneratedDate)
		key := p.origin.digest
		if digests[key] && (key != "" || i > 0 && sameDocument) {
			continue
		}
		digests[key] = true
		b.restoreChildren(b.doc, p.rem.Extra)
		b.addGroups(p)
		b.addExtension(p.rem.Extension)
	}
	if sameDocument {
		slices.SortStableFunc(root, func(x, y *placedAttachment) int { return x.n - y.n })
	}
	for i, a := range root {
		if sameDocument && i > 0 && a.n > 0 && a.n == root[i-1].n {
			continue // one attachment that several credentials hold
		}
		b.doc.Attachments = append(b.doc.Attachments, a.a)
	}
}

func (b *back) addExtension(x *elmo.Extension) {
	if x == nil {
		return
	}
	if b.doc.Extension == nil {
		b.doc.Extension = &elmo.Extension{}
	}
	b.doc.Extension.Attrs = append(b.doc.Extension.Attrs, x.Attrs...)
	b.doc.Extension.Children = append(b.doc.Extension.Children, x.Children...)
}

// addGroups adds the groups of a document; identifiers that clash with those of another document are
// renamed, with the references to them.
func (b *back) addGroups(p *part) {
	if p.rem.Groups == nil {
		return
	}
	if b.doc.Groups == nil {
		b.doc.Groups = &elmo.Groups{Extra: p.rem.Groups.Extra}
	}
	others := b.doc.Groups.GroupTypes
	for _, t := range p.rem.Groups.GroupTypes {
		if t.ID != "" && slices.ContainsFunc(others, func(o *elmo.GroupType) bool { return o.ID == t.ID }) {
			renamed := *t
			renamed.ID = fmt.Sprintf("%s-%d", t.ID, p.n+1)
			b.renameGroup(p, t.ID, renamed.ID)
			b.sayRow("ENV-09", Normalised, Edited, "groups", "", "the identifier of a group type was in use by another document and got a number")
			t = &renamed
		}
		b.doc.Groups.GroupTypes = append(b.doc.Groups.GroupTypes, t)
	}
}

func (b *back) renameGroup(p *part, from, to string) {
	for _, place := range p.claims {
		if g := place.loi.Grouping; g != nil && g.TypeRef == from {
			renamed := *g
			renamed.TypeRef = to
			place.loi.Grouping = &renamed
		}
	}
}
