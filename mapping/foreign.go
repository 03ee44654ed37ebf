package mapping

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// What a credential holds and ELMO does not is computed, not listed: the ELMO just made is converted
// again and compared with the source, member by member. Each difference becomes an element
//
//	<b:member at="POINTER" credential="n" instead="JSON">JSON</b:member>
//
// in the extension of the LOI (POINTER relative to the claim) or of the root (relative to the
// credential; n from the second one on). Where the rows give a value at that place, instead holds it;
// if they give another one on the way back, the ELMO was edited, and the member is not restored.

// markOrigin marks the document, once.
func (b *back) markOrigin() {
	x := rootExtension(b.doc)
	if !b.opt.keeps() || *x != nil && slices.ContainsFunc((*x).Children, isOrigin) {
		return
	}
	if *x == nil {
		*x = &elmo.Extension{}
	}
	(*x).Children = append((*x).Children, elmo.NewRaw(NSBridge, "b", originName, nil, foreignOrigin))
}

// leftovers compares the source with what the document gives and keeps the difference.
func (b *back) leftovers() error {
	b.prefix = ""
	again, err := b.again()
	if err != nil {
		return err
	}
	for i, p := range b.parts {
		if len(b.parts) > 1 {
			b.prefix = "credential[" + strconv.Itoa(p.n+1) + "]"
		}
		losses, added := len(b.report.Losses), len(b.report.Added)
		b.partLeftovers(p, again[i])
		b.place(p, losses, added)
	}
	return b.report.fits()
}

// conversion is what the document gives for one part: the tree, and where each claim stands in it.
type conversion struct {
	tree   edci.Object
	number int // of the credential among those made, from 1
	claims map[*elmo.LearningOpportunitySpecification]string
	trees  map[*elmo.LearningOpportunitySpecification]edci.Object
}

// again converts the document by the rows, in silence.
func (b *back) again() ([]*conversion, error) {
	out := make([]*conversion, len(b.parts))
	opt := *b.opt
	opt.Keep, opt.Issuer, opt.OnlyPassed, opt.Random = KeepNotes, nil, false, nil
	if opt.Issued == "" {
		opt.Issued = b.doc.GeneratedDate
	}
	r := &run{opt: &opt, report: newReport(ToEDC, Standard{}, Standard{}), silent: true}
	files := slices.ContainsFunc(b.parts, func(p *part) bool { return !p.ours })
	doc, size, twins := b.asWritten(files)
	f := &forward{run: r, doc: doc, places: map[*elmo.LearningOpportunitySpecification]string{}}
	f.bounded(size)
	trees, err := f.trees(files)
	if err != nil {
		return nil, err
	}
	for i, p := range b.parts {
		c := &conversion{claims: map[*elmo.LearningOpportunitySpecification]string{}, trees: map[*elmo.LearningOpportunitySpecification]edci.Object{}}
		for _, place := range p.claims {
			twin := twins[place.los]
			k, ok := f.ordinal[twin]
			if !ok || k >= len(trees) {
				continue
			}
			if c.tree == nil {
				c.tree, c.number = trees[k], k+1
			}
			c.claims[place.los], c.trees[place.los] = f.places[twin], trees[k]
		}
		if c.tree == nil && i < len(trees) {
			c.tree, c.number = trees[i], i+1
		}
		out[i] = c
	}
	return out, nil
}

// asWritten is the document as a reader gets it, for XML cannot hold every text as it is; with its bytes,
// the specifications that correspond, and with its files or only the beginnings of them.
func (b *back) asWritten(files bool) (*elmo.Document, int, map[*elmo.LearningOpportunitySpecification]*elmo.LearningOpportunitySpecification) {
	doc, size := b.doc, 0
	if !files {
		doc = withoutFiles(doc)
	}
	if xml, err := elmo.Marshal(doc, elmo.WriteOptions{Version: elmo.V20, Skeleton: true}); err == nil {
		if read, err := elmo.Read(xml, elmo.ReadOptions{}); err == nil {
			read.Source = nil
			doc, size = read, len(xml)
		}
	}
	before, after := specifications(b.doc), specifications(doc)
	twins := make(map[*elmo.LearningOpportunitySpecification]*elmo.LearningOpportunitySpecification, len(before))
	for i := range min(len(before), len(after)) {
		twins[before[i]] = after[i]
	}
	return doc, size, twins
}

// beginning is how much of a file is enough to tell its kind.
const beginning = 1 << 10

// withoutFiles is a document with no more than the beginnings of its files: they are big.
func withoutFiles(doc *elmo.Document) *elmo.Document {
	light := *doc
	light.Attachments = beginnings(doc.Attachments)
	light.Reports = make([]*elmo.Report, len(doc.Reports))
	for i, r := range doc.Reports {
		report := *r
		report.Attachments = beginnings(r.Attachments)
		light.Reports[i] = &report
	}
	return &light
}

func beginnings(list []*elmo.Attachment) []*elmo.Attachment {
	out := make([]*elmo.Attachment, len(list))
	for i, a := range list {
		short := *a
		short.Contents = slices.Clone(a.Contents)
		for k := range short.Contents {
			c := &short.Contents[k]
			if at := strings.IndexByte(c.Value, ',') + 1; len(c.Value)-at > beginning {
				c.Value = c.Value[:at+beginning]
			}
		}
		out[i] = &short
	}
	return out
}

func specifications(doc *elmo.Document) []*elmo.LearningOpportunitySpecification {
	var list []*elmo.LearningOpportunitySpecification
	for _, rep := range doc.Reports {
		eachSpecification(rep.LearningOpportunitySpecifications, func(los *elmo.LearningOpportunitySpecification) { list = append(list, los) })
	}
	return list
}

// trees converts the document and gives the credentials as trees; with the contents of their files only
// when those are going to be compared, for files are big. There are none when it cannot be converted; the
// error is that of a document that is too much.
func (f *forward) trees(files bool) ([]edci.Object, error) {
	f.ordinal = map[*elmo.LearningOpportunitySpecification]int{}
	if err := f.plan(); err != nil {
		return nil, err
	}
	for i := range f.doc.Reports {
		if !f.carries(i) {
			continue
		}
		if err := f.credential(i); errors.Is(err, elmo.ErrLimit) {
			return nil, err
		} else if err != nil {
			return nil, nil
		}
	}
	out := make([]edci.Object, len(f.out))
	for i, c := range f.out {
		c.Patches = nil
		if !files {
			for _, a := range c.Attachment {
				a.Content = ""
			}
		}
		out[i] = edci.Tree(c)
	}
	return out, nil
}

// source is the credential as JSON, in plain shape.
func (p *part) source() edci.Object {
	switch {
	case p.tree != nil:
	case p.c.Source != nil && p.c.Source.Tree != nil:
		p.tree = p.c.Source.Tree
	default:
		p.tree = edci.Tree(p.c)
	}
	return p.tree
}

func (b *back) partLeftovers(p *part, again *conversion) {
	source := p.source()
	d := &differ{back: b, part: p, number: again.number}
	placed := map[string]bool{}
	for _, place := range p.claims {
		placed[place.pointer] = true
		d.claim(source, again, place)
	}
	d.members, d.container = nil, "extension"
	d.topClaims(source, placed)
	d.envelope(source, again.tree)
	if !p.ours {
		b.markOrigin()
	}
	for _, m := range d.members {
		m.credential = again.number
		b.keepMember(rootExtension(b.doc), m)
	}
}

func rootExtension(doc *elmo.Document) **elmo.Extension { return &doc.Extension }

// keepMember stores a leftover, unless nothing is to be kept.
func (b *back) keepMember(x **elmo.Extension, m *member) {
	if !b.opt.keeps() {
		return
	}
	if *x == nil {
		*x = &elmo.Extension{}
	}
	(*x).Children = append((*x).Children, m.element())
}

// place rewrites the pointers of the entries made since from as the source has them.
func (b *back) place(p *part, losses, added int) {
	tree := p.source()
	prefix := b.prefix
	for _, list := range [][]Entry{b.report.Losses[losses:], b.report.Added[added:]} {
		for i := range list {
			if at, ok := strings.CutPrefix(list[i].Source, prefix); ok && at != "" {
				list[i].Source = prefix + inSource(tree, at)
			}
		}
	}
}
