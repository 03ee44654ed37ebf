// Package codes holds the code lists of the European Learning Model and the crosswalks to the codes
// ELMO uses: countries and languages by their two-letter codes, qualification levels by label, file
// types by media type.
//
// The lists are those the Publications Office and Europass had published in 2023, as facts in tables
// of our own. List.Complete tells whether all members are known; of some lists only those seen in
// real documents are, and of some none. A list is read at its first use; a duplicate in it is a
// programming error and panics. Looking a code up allocates nothing. All of it may be used by several
// goroutines at once.
package codes

import (
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	"elmobridge/edci"
)

// List is one published code list.
type List struct {
	Name     string // short name, the one in the edc tags of package edci
	Scheme   string // IRI of the concept scheme
	Complete bool   // every member is known, so a code not found is not in the list

	prefix string // of the members' IRIs
	data   func() *data
	labels func() map[string]*Member
	scheme []*edci.ConceptScheme
}

// Member is one code of a list.
type Member struct {
	ID     string // IRI
	Code   string // last segment of the IRI
	Label  string // English label as published; empty when unknown
	Alpha2 string // country: ISO 3166-1 alpha-2 ("NO"); language: two-letter code as published ("nb"); else empty

	// Unsure: the label is not that of the list, but of software or documents that use the code.
	Unsure bool

	list    *List
	concept atomic.Pointer[edci.Concept]
}

// data is a list once read.
type data struct {
	members         []Member
	byCode, byAlpha map[string]*Member
}

// Len returns the number of known members.
func (l *List) Len() int { return len(l.data().members) }

// Members yields the known members, always in the same order.
func (l *List) Members() iter.Seq[*Member] {
	return func(yield func(*Member) bool) {
		members := l.data().members
		for i := range members {
			if !yield(&members[i]) {
				return
			}
		}
	}
}

// Code returns the member with that code, written exactly so.
func (l *List) Code(code string) (*Member, bool) {
	m, ok := l.data().byCode[code]
	return m, ok
}

// Must is Code for codes known to be there; it panics when the list has no such code.
func (l *List) Must(code string) *Member {
	m, ok := l.Code(code)
	if !ok {
		panic("codes: no " + code + " in list " + l.Name)
	}
	return m
}

// ID returns the member with that IRI.
func (l *List) ID(iri string) (*Member, bool) {
	code, ok := strings.CutPrefix(iri, l.prefix)
	if !ok {
		return nil, false
	}
	return l.Code(code)
}

// Alpha2 returns the country or language that has that two-letter code in the list, written exactly
// so. Country and Language know the codes in use beside those.
func (l *List) Alpha2(code string) (*Member, bool) {
	m, ok := l.data().byAlpha[code]
	return m, ok
}

// Label returns the member with that English label, written exactly so. A label that several members
// share gives none.
func (l *List) Label(label string) (*Member, bool) {
	m := l.labels()[label]
	return m, m != nil
}

// List returns the list of the member.
func (m *Member) List() *List { return m.list }

// Concept returns the member as ELM writes it: id, inScheme and, where the list's label is known,
// prefLabel in English. All callers get the same Concept and must not change it.
func (m *Member) Concept() *edci.Concept {
	if c := m.concept.Load(); c != nil {
		return c
	}
	c := &edci.Concept{ID: m.ID, InScheme: m.list.scheme}
	if m.Label != "" && !m.Unsure {
		c.PrefLabel = edci.LangString{{Lang: "en", Text: m.Label}}
	}
	if !m.concept.CompareAndSwap(nil, c) {
		return m.concept.Load()
	}
	return c
}

// ByName returns the list of that name, or nil.
func ByName(name string) *List { return index().name[name] }

// ByScheme returns the list with that scheme IRI, or nil.
func ByScheme(iri string) *List { return index().scheme[iri] }

// All returns every list, those without known members too, always in the same order.
func All() []*List { return append([]*List(nil), lists...) }

// ByID returns the member with that IRI, whatever its list.
func ByID(iri string) (*Member, bool) {
	l := index().prefix[iri[:strings.LastIndexByte(iri, '/')+1]]
	if l == nil {
		return nil, false
	}
	return l.ID(iri)
}

type listIndex struct{ name, scheme, prefix map[string]*List }

var index = sync.OnceValue(func() listIndex {
	x := listIndex{map[string]*List{}, map[string]*List{}, map[string]*List{}}
	put := func(m map[string]*List, key string, l *List) {
		if m[key] != nil {
			panic("codes: two lists for " + key)
		}
		m[key] = l
	}
	for _, l := range lists {
		put(x.name, l.Name, l)
		put(x.scheme, l.Scheme, l)
		put(x.prefix, l.prefix, l)
	}
	return x
})

// A table is text with one member a line: code and label (columns 2), or code, two-letter code or "-",
// and label (columns 3); columns 1 is codes only, any number on a line.
type table struct {
	columns int
	text    string
}

// newList makes a list whose tables are read at first use.
func newList(name, scheme, prefix string, complete bool, tables ...table) *List {
	l := &List{Name: name, Scheme: scheme, Complete: complete, prefix: prefix}
	l.scheme = []*edci.ConceptScheme{{ID: scheme}}
	l.data = sync.OnceValue(func() *data { return l.read(tables) })
	l.labels = sync.OnceValue(l.readLabels)
	return l
}

func (l *List) read(tables []table) *data {
	var members []Member
	for _, t := range tables {
		if t.columns == 1 {
			for code := range strings.FieldsSeq(t.text) {
				members = append(members, Member{Code: code})
			}
			continue
		}
		for line := range strings.Lines(strings.TrimSpace(t.text)) {
			members = append(members, Member{})
			members[len(members)-1].parse(line, t.columns)
		}
	}
	d := &data{members: members, byCode: make(map[string]*Member, len(members)), byAlpha: map[string]*Member{}}
	for i := range members {
		m := &members[i]
		m.list, m.ID = l, l.prefix+m.Code
		l.put(d.byCode, m.Code, m)
		if m.Alpha2 != "" {
			l.put(d.byAlpha, m.Alpha2, m)
		}
	}
	return d
}

func (m *Member) parse(line string, columns int) {
	m.Code, m.Label, _ = strings.Cut(strings.TrimSpace(line), " ")
	if columns == 3 {
		m.Alpha2, m.Label, _ = strings.Cut(m.Label, " ")
		m.Alpha2 = strings.TrimPrefix(m.Alpha2, "-")
	}
	m.Label, m.Unsure = strings.CutPrefix(m.Label, "?")
}

func (l *List) put(index map[string]*Member, key string, m *Member) {
	if index[key] != nil {
		panic("codes: " + key + " twice in list " + l.Name)
	}
	index[key] = m
}

// readLabels indexes the labels; nil stands for one that several members share.
func (l *List) readLabels() map[string]*Member {
	index := map[string]*Member{}
	for m := range l.Members() {
		label := m.Label
		if _, shared := index[label]; shared {
			m = nil
		}
		index[label] = m
	}
	index[""] = nil
	return index
}
