package schema

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// add reports a finding at below in e.
func (c *checker) add(rule string, e *etree.Element, below, text, source string) {
	c.report(found{Finding: Finding{Rule: rule, Text: text, Source: source, Node: e}, owner: e, below: below})
}

// addValue also tells what stands there.
func (c *checker) addValue(rule string, e *etree.Element, below, text, source, value string) {
	c.report(found{
		Finding: Finding{Rule: rule, Text: text, Source: source, Node: e, Value: value}, owner: e, below: below,
	})
}

func (c *checker) report(f found) {
	if len(c.found) >= c.opt.Max {
		c.more = true
		return
	}
	f.Severity = severities[f.Rule]
	if !c.opt.Values {
		f.Value = ""
	}
	f.Value = strings.ToValidUTF8(f.Value[:min(len(f.Value), maxValue)], "")
	c.found = append(c.found, f)
}

// release names the schema: ELMO 1.7.0 schema.
func (c *checker) release() string { return "ELMO " + c.version.release() + " schema" }

// imported are the schemas of others.
var imported = map[space]string{
	spaceDS: "XML Signature schema", spaceAddress: "EWP address schema 1", spaceEWP: "EWP common types 1",
	spaceEuropass: "Europass countries 1.1", spaceXS: datatypes,
}

// source names the clause that a type stands for.
func (c *checker) source(t *typ) string {
	where, ok := imported[t.name.space]
	if !ok {
		where = c.release()
	}
	if t.name.space == spaceELMO && !isNamed(t.name.local) {
		return where + ", element " + t.name.local
	}
	return where + ", type " + t.name.local
}

// finish gives the findings in the order of the document, with their paths.
func (c *checker) finish(root *etree.Element) []Finding {
	if len(c.found) == 0 {
		return nil
	}
	p := pather{places: make(map[*etree.Element]*located, 2*len(c.found))}
	for i := range c.found {
		p.want(c.found[i].Node)
		p.want(c.found[i].owner)
	}
	p.walk(root, c.globals[name{spaceELMO, "elmo"}])
	for i := range c.found {
		f := &c.found[i]
		at := p.places[f.owner]
		f.order, f.Path = p.places[f.Node].order, join(at.path, below(f.below, at.typ))
	}
	slices.SortStableFunc(c.found, func(a, b found) int { return cmp.Compare(a.order, b.order) })
	list := make([]Finding, len(c.found), len(c.found)+1)
	for i := range c.found {
		list[i] = c.found[i].Finding
	}
	if c.more {
		last := list[len(list)-1]
		list = append(list, Finding{
			Rule: "ELMO-LIMIT", Severity: Warning, Path: last.Path, Node: last.Node, Source: "Options.Max",
			Text: "There are more findings than the " + strconv.Itoa(c.opt.Max) + " that are listed: correct these and check again.",
		})
	}
	return list
}

// located is where an element stands.
type located struct {
	order int
	path  string
	typ   *typ
}

// pather walks a document once to find where elements are.
type pather struct {
	places map[*etree.Element]*located // the wanted elements and those around them
	steps  []byte                      // the path of the present element
	n      int
}

// want asks for the place of e.
func (p *pather) want(e *etree.Element) {
	for ; e != nil && p.places[e] == nil; e = e.Parent() {
		p.places[e] = &located{}
	}
}

func (p *pather) walk(e *etree.Element, t *typ) {
	p.n++
	here := p.places[e]
	if here == nil {
		for _, token := range e.Child {
			if child, ok := token.(*etree.Element); ok {
				p.walk(child, nil)
			}
		}
		return
	}
	*here = located{p.n, string(p.steps), t}
	counts := map[string]int{}
	for _, token := range e.Child {
		if child, ok := token.(*etree.Element); ok {
			counts[child.Tag]++
			p.step(child, t, counts[child.Tag])
		}
	}
}

// step walks the n-th child of that name.
func (p *pather) step(child *etree.Element, parent *typ, n int) {
	mark := len(p.steps)
	if mark > 0 {
		p.steps = append(p.steps, '/')
	}
	below, single := parent.child(child.Tag)
	p.steps = append(p.steps, child.Tag...)
	if !single {
		p.steps = append(strconv.AppendInt(append(p.steps, '['), int64(n), 10), ']')
	}
	p.walk(child, below)
	p.steps = p.steps[:mark]
}

// child gives the type of a child, nil when it is not known, and whether it comes once at most.
func (t *typ) child(local string) (below *typ, single bool) {
	if t == nil {
		return nil, false
	}
	for i := 1; i < len(t.places); i++ {
		if p := &t.places[i]; p.wild == 0 && p.local == local {
			return p.typ, t.single(local)
		}
	}
	return nil, false
}

func (t *typ) single(local string) bool {
	return slices.ContainsFunc(t.once, func(n name) bool { return n.local == local })
}

// below writes the last step of a path: an attribute, or a missing child of t.
func below(step string, t *typ) string {
	if step == "" || step[0] == '@' {
		return step
	}
	if _, single := t.child(step); single {
		return step
	}
	return step + "[1]"
}

func join(path, step string) string {
	if path == "" || step == "" {
		return path + step
	}
	return path + "/" + step
}
