package profile

import (
	"sync"

	"elmobridge/edci"
)

// place is one object of the tree that is a node, or an array within an array on the way to one.
type place struct {
	object edci.Object // nil for an array
	parent int32       // place; -1 for the credential
	member int32       // of the parent's object; -1 within an array within an array
	index  int32       // in the array; -1 for a bare value
	node   int32       // graph.nodes; nowhere when nothing is said of it
	next   int32       // the next place of the same node; 0 for none
	flags  placeFlags
}

// nowhere is the node of an object whose statements are lost: its id is a relative reference, or it
// lies within a graph of its own.
const nowhere = -1

type placeFlags uint8

const (
	apart      placeFlags = 1 << iota // within a graph of its own, which no shape sees
	inLanguage                        // within an array where a language map was expected
	inSchema                          // within credentialSchema, whose context has a type of its own
	inRefresh                         // within refreshService, the same
)

// graphNode is what the document says of one thing, at however many places.
type graphNode struct {
	id          string // absolute IRI; "" for a blank node
	types       classSet
	first, last int32 // places; -1 when it is only named
	described   int32 // the first place that says more than id and type; -1 for none
	run         int32 // the first of its runs; -1 for none
	lastRun     int32
	merged      int32 // the run of all of them together; -1 for none
	differs     bool  // two places say different things
	claim       conformity
}

// conformity remembers whether a node has the shape of a claim, which many others may ask.
type conformity uint8

const (
	unasked conformity = iota
	conforming
	failing
)

// value is one value of a property.
type value struct {
	node     int32 // graph.nodes; nowhere for a literal
	datatype datatype
	text     string // of a literal
	lang     string // as written
	at       position
}

// position is where a value stands.
type position struct {
	place  int32
	member int32 // -1 for the place itself
	index  int32 // -1 for a bare value
	lang   bool  // the value is text lang of a language map
}

// span is the values of one property: graph.values[from:to].
type span struct {
	property property
	from, to int32
	at       position // of the member
}

// run is the properties that one place says of a node: graph.spans[from:to].
type run struct {
	from, to int32
	next     int32 // -1 for none
}

// graph is a document as JSON-LD understands it. All lists are used again for the next document.
type graph struct {
	contexts edci.Contexts
	places   []place
	nodes    []graphNode
	values   []value
	spans    []span
	runs     []run
	byID     map[string]int32
	scopes   []map[string]term // that the types of the present place open
	c        *checker
}

var graphs = sync.Pool{New: func() any { return &graph{byID: map[string]int32{}} }}

// release returns the graph to the pool, with nothing of the document in it.
func (g *graph) release() {
	clear(g.places)
	clear(g.nodes)
	clear(g.values)
	clear(g.byID)
	*g = graph{
		places: g.places[:0], nodes: g.nodes[:0], values: g.values[:0], spans: g.spans[:0],
		runs: g.runs[:0], byID: g.byID, scopes: g.scopes[:0],
	}
	graphs.Put(g)
}

// blank makes a node without id.
func (g *graph) blank() int32 {
	g.nodes = append(g.nodes, graphNode{first: -1, described: -1, run: -1, merged: -1})
	return int32(len(g.nodes) - 1)
}

// named finds the node of an id, or makes it. Names of blank nodes hold within one document.
func (g *graph) named(id string) int32 {
	if n, ok := g.byID[id]; ok {
		return n
	}
	n := g.blank()
	if id[0] != '_' {
		g.nodes[n].id = id
	}
	g.byID[id] = n
	return n
}

// occupy adds a place to its node.
func (g *graph) occupy(p int32) {
	n := &g.nodes[g.places[p].node]
	if n.first < 0 {
		n.first = p
	} else {
		g.places[n.last].next = p
	}
	n.last = p
}

// say adds a run to a node.
func (g *graph) say(n, from int32) {
	to := int32(len(g.spans))
	if from == to {
		return
	}
	r := int32(len(g.runs))
	g.runs = append(g.runs, run{from, to, -1})
	if g.nodes[n].run < 0 {
		g.nodes[n].run = r
	} else {
		g.runs[g.nodes[n].lastRun].next = r
	}
	g.nodes[n].lastRun = r
}

// manySpans is more than there are properties: what has as many has names that no profile knows.
const manySpans = int32(64 * len(propertySet{}))

// merge makes one run of a node that has several: the same property once, the same value once.
func (g *graph) merge(n int32) {
	first := g.nodes[n].run
	if first < 0 {
		return
	}
	g.nodes[n].merged = first
	if r := g.runs[first]; r.next < 0 && r.to-r.from <= manySpans {
		return
	}
	from := int32(len(g.spans))
	for r := first; r >= 0; r = g.runs[r].next {
		for i := g.runs[r].from; i < g.runs[r].to; i++ {
			if p := g.spans[i].property; p != other && !anySpan(g.spans[from:], p) {
				g.union(r, i)
			}
		}
	}
	g.nodes[n].merged = int32(len(g.runs))
	g.runs = append(g.runs, run{from, int32(len(g.spans)), -1})
}

func anySpan(spans []span, p property) bool {
	for i := range spans {
		if spans[i].property == p {
			return true
		}
	}
	return false
}

// union joins the values of a span with those of the same property in the runs from r on.
func (g *graph) union(r, i int32) {
	s := g.spans[i]
	from := int32(len(g.values))
	for ; r >= 0; r = g.runs[r].next {
		for _, t := range g.spans[g.runs[r].from:g.runs[r].to] {
			if t.property == s.property {
				g.values = append(g.values, g.values[t.from:t.to]...)
			}
		}
	}
	g.unique(from)
	g.spans = append(g.spans, span{s.property, from, int32(len(g.values)), s.at})
}

// manyValues is the number from which equal values are looked for with a map.
const manyValues = 24

// unique leaves each of the last values once.
func (g *graph) unique(from int32) {
	values := g.values[from:]
	if len(values) < 2 {
		return
	}
	kept := values[:0]
	if len(values) < manyValues {
		for i := range values {
			if !values[i].in(kept) {
				kept = append(kept, values[i])
			}
		}
	} else {
		kept = uniqueByMap(values)
	}
	g.values = g.values[:int(from)+len(kept)]
}

func uniqueByMap(values []value) []value {
	type content struct {
		node       int32
		datatype   datatype
		text, lang string
	}
	seen := make(map[content]bool, len(values))
	kept := values[:0]
	for _, v := range values {
		key := content{v.node, v.datatype, v.text, lower(v.lang)}
		if !seen[key] {
			seen[key] = true
			kept = append(kept, v)
		}
	}
	return kept
}

// in tells whether an equal value is among values.
func (v *value) in(values []value) bool {
	for i := range values {
		w := &values[i]
		if v.node == w.node && v.datatype == w.datatype && v.text == w.text && sameLanguage(v.lang, w.lang) {
			return true
		}
	}
	return false
}

// of returns the values of a property of a node.
func (g *graph) of(n int32, p property) []value {
	r := g.nodes[n].merged
	if r < 0 {
		return nil
	}
	for _, s := range g.spans[g.runs[r].from:g.runs[r].to] {
		if s.property == p {
			return g.values[s.from:s.to]
		}
	}
	return nil
}
