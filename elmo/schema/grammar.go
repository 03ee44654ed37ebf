package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// space is a namespace that the schemas know; the others are spaceOther.
type space uint8

const (
	spaceNone space = iota // no namespace
	spaceELMO
	spaceDS
	spaceAddress
	spaceEWP
	spaceEuropass
	spaceXML
	spaceXS
	spaceInstance
	spaceOther
)

var spaces = map[string]space{
	"": spaceNone, nsDS: spaceDS, nsAddress: spaceAddress, nsEWP: spaceEWP, nsEuropass: spaceEuropass,
	nsXML: spaceXML, nsXS: spaceXS, nsInstance: spaceInstance,
}

var prefixes = map[string]space{
	"ds": spaceDS, "ea": spaceAddress, "ewp": spaceEWP, "europass": spaceEuropass, "xml": spaceXML, "xs": spaceXS,
}

// name is an expanded name.
type name struct {
	space space
	local string
}

// parseName reads a name of the table; plain is the namespace of one without prefix.
func parseName(s string, plain space) name {
	if prefix, local, ok := strings.Cut(s, ":"); ok {
		return name{prefixes[prefix], local}
	}
	return name{plain, s}
}

// content says what may stand in an element.
type content uint8

const (
	contentEmpty    content = iota // nothing, not even white space
	contentValue                   // a value
	contentElements                // elements, with white space between them
	contentMixed                   // elements and text
	contentAny                     // xs:anyType: anything, checked as far as it is declared
)

// typ is a type of the schema.
type typ struct {
	name    name // as the schema names it; local is ours when the schema has no name for it
	content content
	value   *simple // of contentValue
	base    *typ
	attrs   []attribute
	anyAttr bool // any attribute that is declared globally

	// The automaton of the content: the state is the place that the last element took, 0 in the
	// beginning (Glushkov; the schemas are deterministic).
	places []place // from 1
	follow [][]int // the places that may come after each
	final  []bool  // the content may end there
	once   []name  // elements that can never repeat, in any version: paths give them no position
}

// place is one element or wildcard in a content model.
type place struct {
	name
	typ      *typ
	wild     wild
	required bool // it is in every content
}

// wild is the kind of a wildcard: 0 for an element.
type wild uint8

const (
	wildAny    wild = 1 << iota // any namespace
	wildOther                   // any but that of the schema, and not none
	wildStrict                  // only what is declared
)

type attribute struct {
	name
	value    *simple
	required bool
}

// grammar is one version of the schema.
type grammar struct {
	version    Version
	types      map[name]*typ // those that xsi:type can name
	globals    map[name]*typ
	attributes map[name]*simple
	made       map[string]*typ // all types by their names in the table
}

// match tells whether the place takes an element of that name.
func (p *place) match(home, s space, local string) bool {
	switch {
	case p.wild == 0:
		return p.space == s && p.local == local
	case p.wild&wildAny != 0:
		return true
	}
	return s != home && s != spaceNone
}

// next gives the place that an element takes behind place at, 0 for none.
func (t *typ) next(at int, s space, local string) int {
	for _, to := range t.follow[at] {
		if t.places[to].match(t.name.space, s, local) {
			return to
		}
	}
	return 0
}

// isA tells whether t is base or derived from it.
func (t *typ) isA(base *typ) bool {
	for ; t != nil; t = t.base {
		if t == base {
			return true
		}
	}
	return false
}

// block is a type of the table before it is compiled.
type block struct {
	kind, name, base string
	mixed            bool
	named            span
	lines            []string
}

// compiler reads the table for one version.
type compiler struct {
	*grammar
	rank   int
	blocks map[string]*block
}

// compile reads the table. It panics when the table is wrong, which the first test finds.
func compile(rank int) *grammar {
	c := &compiler{
		grammar: &grammar{
			version: versions[rank], types: map[name]*typ{}, globals: map[name]*typ{}, attributes: map[name]*simple{},
			made: map[string]*typ{},
		},
		rank: rank, blocks: map[string]*block{},
	}
	globals, attributes := c.split()
	for _, f := range attributes {
		c.attributes[parseName(f[1], spaceELMO)] = c.typ(f[2]).value
	}
	for _, f := range globals {
		if len(f) < 4 || mustSpan(f[1], f[3]).has(rank) {
			c.globals[parseName(f[1], spaceELMO)] = c.typ(f[2])
		}
	}
	for key, b := range c.blocks {
		if n := parseName(key, spaceELMO); b.named.has(rank) && isNamed(key) {
			c.types[n] = c.typ(key)
		}
	}
	for key := range builtins {
		c.types[parseName(key, spaceXS)] = c.typ(key)
	}
	c.types[name{spaceXS, "anyType"}] = c.typ("any")
	return c.grammar
}

// isNamed tells whether the schema has a name for the type.
func isNamed(key string) bool {
	return strings.Contains(key, ":") || key[0] >= 'A' && key[0] <= 'Z'
}

// split makes the blocks, and gives the fields of the other lines.
func (c *compiler) split() (globals, attributes [][]string) {
	var b *block
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case line[0] == ' ':
			b.lines = append(b.lines, strings.TrimSpace(line))
		case f[0] == "global":
			globals = append(globals, f)
		case f[0] == "attribute":
			attributes = append(attributes, f)
		default:
			b = newBlock(line, f)
			c.blocks[b.name] = b
		}
	}
	return globals, attributes
}

func newBlock(line string, f []string) *block {
	b := &block{kind: f[0], name: f[1], named: always}
	rest := f[2:]
	if b.kind != "type" {
		b.base, rest = rest[0], rest[1:]
	}
	for _, word := range rest {
		if word == "mixed" {
			b.mixed = true
		} else {
			b.named = mustSpan(line, word)
		}
	}
	return b
}

// typ gives the type of that key, made when it is first asked for.
func (c *compiler) typ(key string) *typ {
	if t := c.made[key]; t != nil {
		return t
	}
	t := &typ{name: parseName(key, spaceELMO)}
	c.made[key] = t
	b := c.blocks[key]
	switch {
	case key == "any":
		t.content, t.name = contentAny, name{spaceXS, "anyType"}
	case b == nil:
		c.builtin(t, key)
	case b.kind == "type":
		t.base = c.typ("any")
		c.elements(t, b)
	case b.kind == "text":
		t.content, t.base = contentValue, c.typ(b.base)
		t.value = t.base.value
		c.elements(t, b)
	case b.kind == "value":
		t.content, t.base = contentValue, c.typ(b.base)
		t.value = restrict(t.base.value, key, b.lines, c.rank)
	}
	return t
}

func (c *compiler) builtin(t *typ, key string) {
	v := builtins[key]
	if v == nil {
		panic("schema: no type " + key)
	}
	t.content, t.value = contentValue, v
	if v.base == nil {
		t.base = c.typ("any")
	} else {
		t.base = c.typ(v.base.name)
	}
}

// elements reads the lines of a type: its attributes, and its content model.
func (c *compiler) elements(t *typ, b *block) {
	t.places = make([]place, 1)
	p := &parser{compiler: c, t: t}
	for _, line := range b.lines {
		f := strings.Fields(line)
		switch {
		case f[0] == "@*":
			t.anyAttr = true
		case f[0][0] == '@':
			t.attrs = append(t.attrs, attribute{parseName(f[0][1:], spaceNone), c.typ(f[1]).value, len(f) > 2})
		default:
			p.lines = append(p.lines, f)
		}
	}
	if t.content == contentValue {
		return
	}
	t.content = contentElements
	switch {
	case b.mixed:
		t.content = contentMixed
	case len(p.lines) == 0:
		t.content = contentEmpty
	}
	model := p.choice(true)
	t.follow = make([][]int, len(t.places))
	t.final = make([]bool, len(t.places))
	t.follow[0], t.final[0] = model.first, model.nullable
	for _, at := range model.last {
		t.final[at] = true
	}
	for at, to := range p.follow {
		t.follow[at] = to
	}
	t.once = p.single()
}

// part is a piece of a content model: the places that may come first and last in it.
type part struct {
	nullable    bool
	first, last []int
}

// parser reads a content model.
type parser struct {
	*compiler
	t      *typ
	lines  [][]string
	follow map[int][]int
	many   map[name]bool // elements seen in any version: true when they may repeat
}

// choice reads sequences up to the end of the group; sure tells that the group must come.
func (p *parser) choice(sure bool) part {
	whole := p.sequence(sure && !p.hasBar())
	for len(p.lines) > 0 && p.lines[0][0] == "|" {
		p.lines = p.lines[1:]
		other := p.sequence(false)
		whole = part{
			whole.nullable || other.nullable,
			slices.Concat(whole.first, other.first), slices.Concat(whole.last, other.last),
		}
	}
	return whole
}

// hasBar tells whether the group that begins here is a choice.
func (p *parser) hasBar() bool {
	depth := 0
	for _, f := range p.lines {
		switch f[0] {
		case "(":
			depth++
		case ")":
			depth--
		case "|":
			if depth == 0 {
				return true
			}
		}
		if depth < 0 {
			return false
		}
	}
	return false
}

func (p *parser) sequence(sure bool) part {
	whole := part{nullable: true}
	for len(p.lines) > 0 && p.lines[0][0] != "|" && p.lines[0][0] != ")" {
		whole = p.join(whole, p.item(sure))
	}
	return whole
}

// join puts b behind a.
func (p *parser) join(a, b part) part {
	for _, at := range a.last {
		p.link(at, b.first)
	}
	whole := part{nullable: a.nullable && b.nullable, first: a.first, last: b.last}
	if a.nullable {
		whole.first = slices.Concat(a.first, b.first)
	}
	if b.nullable {
		whole.last = slices.Concat(b.last, a.last)
	}
	return whole
}

func (p *parser) link(at int, to []int) {
	if p.follow == nil {
		p.follow = map[int][]int{}
	}
	for _, n := range to {
		if !slices.Contains(p.follow[at], n) {
			p.follow[at] = append(p.follow[at], n)
		}
	}
}

// item reads one line, or a group.
func (p *parser) item(sure bool) part {
	f := p.lines[0]
	p.lines = p.lines[1:]
	if f[0] == "(" {
		return p.group(sure)
	}
	place, occurs, versions := p.place(f)
	from, to := parseOccurs(occurs)
	if place.wild == 0 {
		p.note(place.name, to != 1)
	}
	if !versions.has(p.rank) {
		return part{nullable: true}
	}
	place.required = sure && from > 0
	return p.occur(from, to, func() part {
		p.t.places = append(p.t.places, place)
		at := []int{len(p.t.places) - 1}
		return part{first: at, last: at}
	})
}

// group reads what is between parentheses.
func (p *parser) group(sure bool) part {
	depth, end := 1, 0
	for ; depth > 0; end++ {
		switch p.lines[end][0] {
		case "(":
			depth++
		case ")":
			depth--
		}
	}
	closing := p.lines[end-1]
	occurs := "1"
	if len(closing) > 1 {
		occurs = closing[1]
	}
	from, to := parseOccurs(occurs)
	members := p.lines[:end-1]
	inside := p.choice(sure && from > 0)
	p.lines = p.lines[1:]
	if to != 1 {
		for _, f := range members {
			p.note(parseName(f[0], spaceELMO), true)
		}
	}
	return p.occur(from, to, func() part { return inside })
}

// unbounded is the upper bound of * and +.
const unbounded = -1

// parseOccurs reads ?, *, +, 1 or {from,to}.
func parseOccurs(s string) (from, to int) {
	switch s {
	case "1":
		return 1, 1
	case "?":
		return 0, 1
	case "*":
		return 0, unbounded
	case "+":
		return 1, unbounded
	}
	low, high, _ := strings.Cut(strings.Trim(s, "{}"), ",")
	from, err := strconv.Atoi(low)
	if err == nil {
		to, err = strconv.Atoi(high)
	}
	if err != nil {
		panic("schema: no occurrence: " + s)
	}
	return from, to
}

// occur repeats what one makes: bounded repetitions are written out.
func (p *parser) occur(from, to int, one func() part) part {
	if to == unbounded {
		whole := one()
		for _, at := range whole.last {
			p.link(at, whole.first)
		}
		whole.nullable = whole.nullable || from == 0
		return whole
	}
	whole := part{nullable: true}
	for i := range to {
		next := one()
		next.nullable = next.nullable || i >= from
		whole = p.join(whole, next)
	}
	return whole
}

// place reads a line: NAME [TYPE] [OCCURS] [VERSIONS], or that of a wildcard.
func (p *parser) place(f []string) (found place, occurs string, versions span) {
	occurs, versions = "1", always
	words := f[1:]
	switch {
	case f[0] == "any":
		found.wild = map[string]wild{"any": wildAny, "other": wildOther}[f[1]]
		if f[2] == "strict" {
			found.wild |= wildStrict
		}
		words = f[3:]
	default:
		found.name = parseName(f[0], spaceELMO)
	}
	kind := ""
	for _, w := range words {
		if s, ok := parseSpan(w); ok {
			versions = s
		} else if strings.ContainsAny(w[:1], "?*+1{") {
			occurs = w
		} else {
			kind = w
		}
	}
	if kind == "" && found.wild == 0 {
		kind = p.global(f[0])
	}
	if kind != "" && versions.has(p.rank) {
		found.typ = p.typ(kind)
	}
	return found, occurs, versions
}

// global gives the type of a global element by the line of the table.
func (c *compiler) global(key string) string {
	for line := range strings.Lines(table) {
		if f := strings.Fields(line); len(f) > 2 && f[0] == "global" && f[1] == key {
			return f[2]
		}
	}
	panic(fmt.Sprintf("schema: no global element %q", key))
}

// note remembers whether an element may repeat in any version.
func (p *parser) note(n name, many bool) {
	if p.many == nil {
		p.many = map[name]bool{}
	}
	p.many[n] = p.many[n] || many
}

// single gives the elements that never repeat.
func (p *parser) single() []name {
	var list []name
	for n, many := range p.many {
		if !many {
			list = append(list, n)
		}
	}
	return list
}
