package elmo

import (
	"hash/maphash"
	"slices"
	"sort"
	"strings"

	"github.com/beevik/etree"
)

// DifferenceKind says how two documents differ at a place.
type DifferenceKind string

const (
	DiffMissing   DifferenceKind = "missing"   // in the first document only
	DiffExtra     DifferenceKind = "extra"     // in the second document only
	DiffText      DifferenceKind = "text"      // another text
	DiffAttribute DifferenceKind = "attribute" // another value
	DiffOrder     DifferenceKind = "order"     // the same element at another place among its siblings
)

// Difference is one difference between two documents.
type Difference struct {
	Path string // in the first document, for DiffExtra in the second: report[1]/issuer/identifier[2]/@type
	Kind DifferenceKind

	// Beside is set for DiffExtra: where the thing would be in the first document.
	Beside string
}

// Diff compares two ELMO documents as XML, without the model: elements with their namespaces,
// attributes and texts, exactly as they are. What XML itself does not tell apart does not count
// (prefixes, order of attributes, CDATA), nor do comments, processing instructions and white space
// between elements; all ELMO namespaces, and none, are one.
//
// Children are paired by name: equal ones first, wherever they stand, then the others in their
// order. An element that is missing or extra is one difference, whatever is in it; one that only
// moved is one of DiffOrder. The error is that of Read for a or b.
func Diff(a, b []byte) ([]Difference, error) {
	d := &differ{seed: maphash.MakeSeed()}
	x, err := d.load(a)
	if err != nil {
		return nil, err
	}
	y, err := d.load(b)
	if err != nil {
		return nil, err
	}
	d.compare(x, y, nil, nil)
	return d.found, nil
}

// node is an element without what does not count.
type node struct {
	space, name string
	repeats     bool
	n           int // place among those of the name, from 1
	attrs       []nodeAttr
	children    []*node
	texts       []nodeText
	hash        uint64 // of all of it
}

type nodeAttr struct{ space, prefix, name, value string }

// nodeText is a text with the number of elements in front of it.
type nodeText struct {
	after int
	text  string
}

type differ struct {
	seed  maphash.Seed
	found []Difference
}

// load reads a document with the care that Read takes, and gives its elmo element.
func (d *differ) load(data []byte) (*node, error) {
	limits := Limits{}.orDefault()
	text, _, err := decode(data)
	if err != nil {
		return nil, err
	}
	src, err := scan(text, limits)
	if err != nil {
		return nil, err
	}
	root, _, err := src.parse(limits)
	if err != nil {
		return nil, err
	}
	r := &reader{source: src, root: root, limits: limits}
	e := r.find()
	if r.err != nil {
		return nil, r.err
	}
	n := d.node(r, e, documentPlan)
	return n, r.err
}

// node builds the node of e, whose declarations are in scope; p tells elements that may repeat
// and elements without text, nil where the schema has nothing to say.
func (d *differ) node(r *reader, e *etree.Element, p *plan) *node {
	r.checkNames(e)
	uri, _ := r.lookup(e.Space)
	n := &node{space: oneELMO(uri), name: e.Tag, repeats: true}
	for i := range e.Attr {
		a := &e.Attr[i]
		if isDeclaration(a) {
			continue
		}
		space := ""
		if a.Space != "" {
			space, _ = r.lookup(a.Space)
		}
		n.attrs = append(n.attrs, nodeAttr{space, a.Space, a.Key, a.Value})
	}
	slices.SortFunc(n.attrs, func(a, b nodeAttr) int {
		return strings.Compare(a.space+" "+a.name, b.space+" "+b.name)
	})
	d.content(r, e, p, n)
	n.hash = d.sum(n)
	return n
}

func oneELMO(uri string) string {
	if isELMO(uri) {
		return NS
	}
	return uri
}

func (d *differ) content(r *reader, e *etree.Element, p *plan, n *node) {
	counts := map[string]int{}
	var text strings.Builder
	end := func() {
		if text.Len() > 0 {
			n.texts = append(n.texts, nodeText{len(n.children), text.String()})
		}
		text.Reset()
	}
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.CharData:
			text.WriteString(t.Data)
		case *etree.Element:
			end()
			mark := r.enter(t)
			c := d.child(r, t, p)
			r.leave(mark)
			counts[c.space+" "+c.name]++
			c.n = counts[c.space+" "+c.name]
			n.children = append(n.children, c)
		}
	}
	end()
	if len(n.children) > 0 || p != nil && p.text == nil {
		n.texts = slices.DeleteFunc(n.texts, func(t nodeText) bool { return strings.Trim(t.text, " \t\r\n") == "" })
	}
	if p != nil && p.text == nil { // text has no business here; the white space around it is that of elements
		for i := range n.texts {
			n.texts[i].after = 0 // nor has its place
			n.texts[i].text = strings.Trim(n.texts[i].text, " \t\r\n")
		}
	}
}

func (d *differ) child(r *reader, e *etree.Element, p *plan) *node {
	var f *field
	if p != nil {
		uri, _ := r.lookup(e.Space)
		f = p.find(r.spaceOf(uri), e.Tag, 0)
	}
	if f == nil {
		return d.node(r, e, nil)
	}
	c := d.node(r, e, f.sub)
	c.repeats = f.repeats()
	return c
}

// sum is a hash of the node: two nodes with one hash are taken as equal.
func (d *differ) sum(n *node) uint64 {
	var h maphash.Hash
	h.SetSeed(d.seed)
	part := func(s string) {
		h.WriteString(s)
		h.WriteByte(0)
	}
	part(n.space)
	part(n.name)
	for _, a := range n.attrs {
		part(a.space)
		part(a.name)
		part(a.value)
	}
	part("")
	for _, t := range n.texts {
		maphash.WriteComparable(&h, t.after)
		part(t.text)
	}
	part("")
	for _, c := range n.children {
		maphash.WriteComparable(&h, c.hash)
	}
	return h.Sum64()
}

func (d *differ) report(path []step, kind DifferenceKind) {
	d.found = append(d.found, Difference{Path: pathOf(path), Kind: kind})
}

// extra reports what only the second document has.
func (d *differ) extra(path, there []step, s step) {
	d.found = append(d.found, Difference{pathOf(appendStep(there, s)), DiffExtra, pathOf(appendStep(path, s))})
}

func (n *node) step() step {
	if n.repeats {
		return step{n.name, n.n}
	}
	return step{n.name, 0}
}

// compare reports the differences between two elements of one name; there is the path of b.
func (d *differ) compare(a, b *node, path, there []step) {
	if a.hash == b.hash {
		return
	}
	d.compareAttrs(a, b, path, there)
	if !slices.Equal(a.texts, b.texts) && !(len(a.children) != len(b.children) && equalTexts(a, b)) {
		d.report(path, DiffText)
	}
	d.compareChildren(a, b, path, there)
}

// equalTexts compares the texts without their places, which move when an element is missing.
func equalTexts(a, b *node) bool {
	return slices.EqualFunc(a.texts, b.texts, func(x, y nodeText) bool { return x.text == y.text })
}

func (d *differ) compareAttrs(a, b *node, path, there []step) {
	find := func(list []nodeAttr, a nodeAttr) int {
		return slices.IndexFunc(list, func(b nodeAttr) bool { return b.space == a.space && b.name == a.name })
	}
	for _, x := range a.attrs {
		switch i := find(b.attrs, x); {
		case i < 0:
			d.report(appendStep(path, x.step()), DiffMissing)
		case b.attrs[i].value != x.value:
			d.report(appendStep(path, x.step()), DiffAttribute)
		}
	}
	for _, y := range b.attrs {
		if find(a.attrs, y) < 0 {
			d.extra(path, there, y.step())
		}
	}
}

func (a nodeAttr) step() step {
	switch {
	case a.space == "":
		return step{"@" + a.name, 0}
	case a.space == nsInstance:
		return step{"@xsi:" + a.name, 0}
	}
	return step{"@" + a.prefix + ":" + a.name, 0}
}

// compareChildren pairs the children, reports those without a partner and those that moved, and
// compares the pairs.
func (d *differ) compareChildren(a, b *node, path, there []step) {
	partner := pair(a.children, b.children)
	taken := make([]bool, len(b.children))
	var order []int // the partners in the order of a
	for _, j := range partner {
		if j >= 0 {
			taken[j] = true
			order = append(order, j)
		}
	}
	stays := increasing(order)
	for i, x := range a.children {
		here := appendStep(path, x.step())
		j := partner[i]
		if j < 0 {
			d.report(here, DiffMissing)
			continue
		}
		if !stays[j] {
			d.report(here, DiffOrder)
		}
		d.compare(x, b.children[j], here, appendStep(there, b.children[j].step()))
	}
	for j, y := range b.children {
		if !taken[j] {
			d.extra(path, there, y.step())
		}
	}
}

// pair gives for each of a its partner's index in b, or -1.
func pair(a, b []*node) []int {
	partner := make([]int, len(a))
	taken := make([]bool, len(b))
	equal := map[uint64][]int{}
	for j, y := range b {
		equal[y.hash] = append(equal[y.hash], j)
	}
	type name struct{ space, name string }
	restA, restB := map[name][]int{}, map[name][]int{}
	for i, x := range a {
		if list := equal[x.hash]; len(list) > 0 {
			partner[i], equal[x.hash] = list[0], list[1:]
			taken[list[0]] = true
			continue
		}
		partner[i] = -1
		restA[name{x.space, x.name}] = append(restA[name{x.space, x.name}], i)
	}
	for j, y := range b {
		if !taken[j] {
			restB[name{y.space, y.name}] = append(restB[name{y.space, y.name}], j)
		}
	}
	for k, left := range restA {
		align(a, b, left, restB[k], partner)
	}
	return partner
}

// maxAlign bounds the work of finding the likeliest pairs among differing elements.
const maxAlign = 4096

// align pairs as many as can be of left (in a) and right (in b), in order; where one side has more,
// those that have the most in common.
func align(a, b []*node, left, right, partner []int) {
	if len(left) == len(right) || len(left)*len(right) > maxAlign {
		for k := range min(len(left), len(right)) {
			partner[left[k]] = right[k]
		}
		return
	}
	best := make([][]int, len(left)+1) // best[i][j]: likeness of the best pairing of left[i:], right[j:]
	for i := range best {
		best[i] = make([]int, len(right)+1)
	}
	for i := len(left) - 1; i >= 0; i-- {
		for j := len(right) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1], best[i+1][j+1]+1000+likeness(a[left[i]], b[right[j]]))
		}
	}
	for i, j := 0, 0; i < len(left) && j < len(right); {
		switch best[i][j] {
		case best[i+1][j+1] + 1000 + likeness(a[left[i]], b[right[j]]):
			partner[left[i]] = right[j]
			i++
			j++
		case best[i+1][j]:
			i++
		default:
			j++
		}
	}
}

// likeness counts equal children, attributes and texts, at most 900.
func likeness(a, b *node) int {
	n := 0
	if slices.Equal(a.texts, b.texts) {
		n++
	}
	for _, x := range a.attrs {
		n += one(slices.Contains(b.attrs, x))
	}
	for i, x := range a.children {
		if i >= 100 {
			break
		}
		n += one(slices.ContainsFunc(b.children[:min(len(b.children), 100)], func(y *node) bool { return x.hash == y.hash }))
	}
	return min(n, 900)
}

// increasing tells which of the numbers belong to a longest increasing sequence: the elements that
// kept their order.
func increasing(list []int) map[int]bool {
	var ends []int // index in list of the end of the best sequence of each length
	before := make([]int, len(list))
	for i, v := range list {
		k := sort.Search(len(ends), func(k int) bool { return list[ends[k]] >= v })
		before[i] = -1
		if k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		} else {
			ends[k] = i
		}
	}
	stays := make(map[int]bool, len(list))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			stays[list[i]] = true
		}
	}
	return stays
}
