package schema

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Check checks the document below root, an elmo element, by a version of the schema. What is found
// comes in the order of the document. Namespaces declared above root count.
//
// The tree is not changed, and no memory is held afterwards but that of the findings.
func Check(root *etree.Element, v Version, opt Options) []Finding {
	c := newChecker(root, v, opt)
	c.document(root)
	if !opt.Structure && root.Tag == "elmo" {
		c.prose(root)
	}
	return c.finish(root)
}

func newChecker(root *etree.Element, v Version, opt Options) *checker {
	if opt.Max <= 0 {
		opt.Max = maxFindings
	}
	c := &checker{grammar: grammars[v.rank()](), opt: opt, scope: make([]binding, 0, 8)}
	c.home = c.version.Namespace()
	c.scope = append(c.scope, binding{nowhere, "", spaceNone}, binding{"xml", nsXML, spaceXML})
	c.inherit(root.Parent())
	return c
}

// checker is one walk over a document.
type checker struct {
	*grammar
	opt   Options
	scope []binding // the namespaces declared around the present element
	home  string    // the namespace that is taken for that of ELMO
	ids   map[string]bool
	typed *etree.Element // the first one with xsi:type
	found []found
	more  bool // there was no room for all findings
}

// binding is a prefix in scope.
type binding struct {
	prefix, uri string
	space       space
}

// found is a finding before its path is known: it lies at below in owner.
type found struct {
	Finding
	owner *etree.Element
	below string // "@type" or a missing child; empty for the element itself
	order int    // of Node in the document
}

// nowhere is the prefix of the binding for undeclared ones: no prefix has a blank in it.
const nowhere = " "

// inherit puts what the elements around root declare in scope.
func (c *checker) inherit(e *etree.Element) {
	if e != nil {
		c.inherit(e.Parent())
		c.enter(e)
	}
}

// enter puts the declarations of e in scope and gives the mark for leave.
func (c *checker) enter(e *etree.Element) int {
	mark := len(c.scope)
	for i := range e.Attr {
		a := &e.Attr[i]
		if !isDeclaration(a) {
			continue
		}
		prefix := ""
		if a.Space != "" {
			prefix = a.Key
		}
		c.scope = append(c.scope, binding{prefix, a.Value, c.spaceOf(a.Value)})
	}
	return mark
}

func (c *checker) leave(mark int) { c.scope = c.scope[:mark] }

func isDeclaration(a *etree.Attr) bool {
	return a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns"
}

func (c *checker) spaceOf(uri string) space {
	switch {
	case uri == c.home:
		return spaceELMO
	case uri == "":
		return spaceNone
	}
	if s, ok := spaces[uri]; ok {
		return s
	}
	return spaceOther
}

// lookup gives the innermost declaration of a prefix; without one there is no namespace.
func (c *checker) lookup(prefix string) *binding {
	for i := len(c.scope) - 1; i >= 0; i-- {
		if b := &c.scope[i]; b.prefix == prefix {
			return b
		}
	}
	return &c.scope[0]
}

// element gives the namespace of an element.
func (c *checker) element(e *etree.Element) space { return c.lookup(e.Space).space }

// settle takes another namespace for that of ELMO: in a document without any, that is none.
func (c *checker) settle(home string) {
	c.home = home
	for i := range c.scope {
		c.scope[i].space = c.spaceOf(c.scope[i].uri)
	}
}

// document checks the root and all below.
func (c *checker) document(root *etree.Element) {
	mark := c.enter(root)
	defer c.leave(mark)
	uri := c.lookup(root.Space).uri
	if root.Tag != "elmo" {
		c.add("XSD-ROOT", root, "", "The root element is not elmo, so this is no ELMO document: check the elmo element.", "")
		return
	}
	if uri != c.home {
		c.adopt(root, uri)
	}
	c.content(root, c.globals[name{spaceELMO, "elmo"}])
}

// adopt reports an element in another namespace than that of the version, and takes that one for it.
func (c *checker) adopt(e *etree.Element, uri string) {
	what := "The element is in another namespace than that of ELMO "
	if uri == "" {
		what = "The element is in no namespace, not in that of ELMO "
	}
	c.add("XSD-NAMESPACE", e, "", what+string(c.version)+": declare xmlns=\""+c.version.Namespace()+"\".", c.release()+", targetNamespace")
	c.settle(uri)
}

// content checks what an element has, whose name is as it should be. Its declarations are in scope.
func (c *checker) content(e *etree.Element, t *typ) {
	if len(e.Attr) > 0 {
		t = c.instance(e, t)
	}
	if len(e.Attr) > 0 || len(t.attrs) > 0 {
		c.attributes(e, t)
	}
	switch t.content {
	case contentValue:
		c.value(e, t)
	case contentAny:
		c.lax(e)
	default:
		c.children(e, t)
	}
}

// value checks an element that holds a value.
func (c *checker) value(e *etree.Element, t *typ) {
	for _, token := range e.Child {
		if _, ok := token.(*etree.Element); ok {
			c.add("XSD-CHILD", e, "", "There is an element where only a value can be: take it out, or write < as &lt;.", c.source(t))
			return
		}
	}
	if t.value.valid == nil && t.value.enum == nil && t.value.pattern == nil {
		return
	}
	text := textOf(e)
	f := t.value.check(text)
	if t.value.name == "xs:QName" && !c.hasPrefix(collapse(text)) {
		f = faultType
	}
	if f != faultNone {
		c.wrong(f, t.value, e, "", text, c.source(t))
	} else if t.value.id {
		c.unique(e, "", text)
	}
}

// hasPrefix tells whether the prefix of a name is declared, if it has one.
func (c *checker) hasPrefix(qualified string) bool {
	prefix, _, ok := strings.Cut(qualified, ":")
	return !ok || c.lookup(prefix).uri != ""
}

// textOf joins the texts of e.
func textOf(e *etree.Element) string {
	if len(e.Child) == 1 {
		if t, ok := e.Child[0].(*etree.CharData); ok {
			return t.Data
		}
	}
	var b strings.Builder
	for _, token := range e.Child {
		if t, ok := token.(*etree.CharData); ok {
			b.WriteString(t.Data)
		}
	}
	return b.String()
}

// wrong reports a value.
func (c *checker) wrong(f fault, t *simple, e *etree.Element, below, value, source string) {
	rule, text := "XSD-TYPE", "The value is not "+t.says+": write it in that form"
	switch {
	case f == faultEnum && t.name == "europass:countryCode":
		rule, text = "XSD-ENUM", "The value is not a country of the Europass list: write two capital letters of ISO 3166-1, such as NO"
	case f == faultEnum:
		rule, text = "XSD-ENUM", "The value is not in the list of the schema: write one of "+strings.Join(t.listed, ", ")
	case f == faultPattern:
		rule, text = "XSD-PATTERN", "The value does not have the form that the schema demands: it must match "+strings.TrimSuffix(strings.TrimPrefix(t.pattern.String(), "^(?:"), ")$")
	case value == "":
		text = "There is no value, but " + t.says + " is needed: give one"
		if below == "" {
			text += ", or leave the element out where it is optional"
		}
	}
	c.addValue(rule, e, below, text+".", source, value)
}

// unique reports the second element or attribute with one identifier.
func (c *checker) unique(e *etree.Element, below, value string) {
	value = collapse(value)
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	if c.ids[value] {
		c.addValue("XSD-ID", e, below, "The identifier is used a second time in the document: give each element one of its own.", structures+", cvc-id", value)
	}
	c.ids[value] = true
}

// lax checks the children of an element that nothing is known about.
func (c *checker) lax(e *etree.Element) {
	for _, token := range e.Child {
		if child, ok := token.(*etree.Element); ok {
			mark := c.enter(child)
			c.content(child, c.declared(child))
			c.leave(mark)
		}
	}
}

var anything = &typ{name: name{spaceXS, "anyType"}, content: contentAny}

// declared gives the type of an element by its global declaration, or xs:anyType.
func (c *checker) declared(e *etree.Element) *typ {
	if t := c.globals[name{c.element(e), e.Tag}]; t != nil {
		return t
	}
	return anything
}

// children checks a content model.
func (c *checker) children(e *etree.Element, t *typ) {
	w := walk{checker: c, e: e, t: t}
	for i, token := range e.Child {
		switch token := token.(type) {
		case *etree.CharData:
			w.text(token)
		case *etree.Element:
			w.index = i
			w.child(token)
		}
	}
	if !t.final[w.at] {
		w.end()
	}
}

// walk is the state of checking the children of one element.
type walk struct {
	*checker
	e     *etree.Element
	t     *typ
	at    int   // the place of the last child
	index int   // of the present child
	late  []int // places whose elements come later, and were reported
	stray bool
	ends  map[string][2]int // the first and the last child of each name, for messages
}

func (w *walk) text(t *etree.CharData) {
	if w.t.content == contentMixed || w.stray || t.IsWhitespace() && w.t.content != contentEmpty || t.Data == "" {
		return
	}
	w.stray = true
	text := "There is text between the elements, where no text can be: take it out, or put it into an element."
	if w.t.content == contentEmpty {
		text = "There is text or white space in an element that must be empty: write it as one tag, <" + w.e.Tag + " .../>."
	}
	w.addValue("XSD-TEXT", w.e, "", text, w.source(w.t), t.Data)
}

func (w *walk) child(e *etree.Element) {
	mark := w.enter(e)
	s := w.element(e)
	to := w.t.next(w.at, s, e.Tag)
	if to == 0 {
		w.misfit(e, s)
	} else {
		w.at = to
		w.place(e, &w.t.places[to])
	}
	w.leave(mark)
}

// place checks an element that stands where p lets it.
func (w *walk) place(e *etree.Element, p *place) {
	switch {
	case p.wild == 0:
		w.content(e, p.typ)
	case p.wild&wildStrict != 0 && w.declared(e) == anything:
		w.add("XSD-UNDECLARED", e, "", "Only elements that the schema declares may stand here, and this one is not among them: take it out.", w.source(w.t))
	default:
		w.content(e, w.declared(e))
	}
}

// misfit reports an element that cannot stand here, and goes on as well as it can.
func (w *walk) misfit(e *etree.Element, s space) {
	switch to := w.find(s, e.Tag); {
	case to > w.at:
		w.skipped(e, to)
		w.at = to
		w.content(e, w.t.places[to].typ)
	case to > 0:
		w.again(e, to)
		w.content(e, w.t.places[to].typ)
	default:
		w.unknown(e, s)
	}
}

// find gives a place for an element of that name: the next one, or else the last before; 0 for none.
func (w *walk) find(s space, local string) int {
	found := 0
	for i := 1; i < len(w.t.places); i++ {
		if p := &w.t.places[i]; p.wild == 0 && p.space == s && p.local == local {
			if found = i; i > w.at {
				break
			}
		}
	}
	return found
}

// skipped reports the required elements between the last one and e.
func (w *walk) skipped(e *etree.Element, to int) {
	reported := false
	for i := w.at + 1; i < to; i++ {
		p := &w.t.places[i]
		if !p.required {
			continue
		}
		reported = true
		if w.comesLater(p) {
			w.late = append(w.late, i)
			w.add("XSD-ORDER", e, "", e.Tag+" stands before "+p.local+", but "+w.e.Tag+" has it behind: move it there.", w.source(w.t))
			continue
		}
		w.missing(e, p)
	}
	if !reported {
		w.add("XSD-ORDER", e, "", e.Tag+" cannot stand at this place of "+w.e.Tag+": what must come before it is missing.", w.source(w.t))
	}
}

// comesLater tells whether an element of p is among the children behind the present one.
func (w *walk) comesLater(p *place) bool {
	ends, ok := w.extent(p.local)
	return ok && ends[1] > w.index
}

// extent gives the first and the last child of that name. All are looked for at once: a hostile
// document has many children that do not fit.
func (w *walk) extent(local string) (ends [2]int, ok bool) {
	if w.ends == nil {
		w.ends = map[string][2]int{}
		for i, token := range w.e.Child {
			if child, ok := token.(*etree.Element); ok {
				ends, seen := w.ends[child.Tag]
				if !seen {
					ends[0] = i
				}
				w.ends[child.Tag] = [2]int{ends[0], i}
			}
		}
	}
	ends, ok = w.ends[local]
	return ends, ok
}

// missing reports that p is missing in front of e.
func (w *walk) missing(e *etree.Element, p *place) {
	text := w.e.Tag + " has no " + p.local + ", which the schema demands: add it before " + e.Tag + "."
	w.report(found{
		Finding: Finding{Rule: "XSD-MISSING", Text: text, Source: w.source(w.t), Node: e}, owner: w.e, below: p.local,
	})
}

// again reports an element whose place is behind us.
func (w *walk) again(e *etree.Element, to int) {
	if i := slices.Index(w.late, to); i >= 0 {
		w.late = slices.Delete(w.late, i, i+1)
		return
	}
	if ends, _ := w.extent(e.Tag); ends[0] < w.index {
		w.add("XSD-TOO-MANY", e, "", w.e.Tag+" has more "+e.Tag+" than the schema allows, or not all in one row: leave out or move the others.", w.source(w.t))
		return
	}
	w.add("XSD-ORDER", e, "", e.Tag+" stands behind "+w.t.places[w.at].local+", but "+w.e.Tag+" has it before: move it there.", w.source(w.t))
}

// unknown reports an element that has no place here at all.
func (w *walk) unknown(e *etree.Element, s space) {
	switch {
	case w.stranger(e, s):
	case w.more: // nothing is listed any more
	case w.wildcard() && (s == spaceNone || s == w.t.name.space):
		w.add("XSD-EXTENSION", e, "", "Only elements of other namespaces may stand in "+w.e.Tag+": give this one a namespace of its own.", w.source(w.t))
	case s == spaceELMO && w.otherVersion(e.Tag) != "":
		w.add("XSD-VERSION", e, "", "ELMO "+string(w.version)+" has no "+e.Tag+" in "+w.e.Tag+", but "+w.otherVersion(e.Tag)+" has: take it out, or use that version.", w.source(w.t))
	case w.t.content == contentEmpty:
		w.add("XSD-UNKNOWN-ELEMENT", e, "", w.e.Tag+" must be empty: take the elements in it out.", w.source(w.t))
	default:
		w.add("XSD-UNKNOWN-ELEMENT", e, "", "The schema has no such element in "+w.e.Tag+": take it out, or put it into an extension in a namespace of your own.", w.source(w.t))
	}
}

// stranger takes an element whose name fits in another namespace: it is reported once and read as
// if it were in the right one.
func (w *walk) stranger(e *etree.Element, s space) bool {
	if w.t.name.space != spaceELMO || s == spaceELMO || w.wildcard() {
		return false
	}
	to := w.t.next(w.at, spaceELMO, e.Tag)
	if to == 0 {
		return false
	}
	w.at = to
	outer := w.home
	w.adopt(e, w.lookup(e.Space).uri)
	w.content(e, w.t.places[to].typ)
	w.settle(outer)
	return true
}

// wildcard tells whether the content has a place for other elements.
func (w *walk) wildcard() bool {
	return slices.ContainsFunc(w.t.places, func(p place) bool { return p.wild != 0 })
}

// otherVersion gives the version nearest to ours that has the element here, later ones first, or "".
func (w *walk) otherVersion(local string) string {
	own := w.version.rank()
	for rank := own + 1; rank < len(versions); rank++ {
		if w.hadIn(rank, local) {
			return string(versions[rank])
		}
	}
	for rank := own - 1; rank >= 0; rank-- {
		if w.hadIn(rank, local) {
			return string(versions[rank])
		}
	}
	return ""
}

func (w *walk) hadIn(rank int, local string) bool {
	t := grammars[rank]().made[w.t.name.local]
	return t != nil && t.has(local)
}

// has tells whether the content model has an element of ELMO with that name.
func (t *typ) has(local string) bool {
	return slices.ContainsFunc(t.places, func(p place) bool { return p.space == spaceELMO && p.local == local })
}

// end reports what is missing behind the last child.
func (w *walk) end() {
	reported := false
	for i := w.at + 1; i < len(w.t.places); i++ {
		if p := &w.t.places[i]; p.required {
			reported = true
			if _, came := w.extent(p.local); came {
				continue // at a wrong place, which was reported
			}
			w.add("XSD-MISSING", w.e, p.local, w.e.Tag+" has no "+p.local+", which the schema demands: add it at its place.", w.source(w.t))
		}
	}
	if !reported {
		w.add("XSD-MISSING", w.e, "", w.e.Tag+" is not complete: one of the elements that the schema demands is missing.", w.source(w.t))
	}
}
