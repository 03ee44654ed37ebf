package elmo

import (
	"reflect"
	"slices"
)

// wholeAt gives the whole element kept for the n-th child NAME, or nil.
func wholeAt(x *Extra, name string, n int) *Other {
	if x == nil {
		return nil
	}
	for i := range x.Wholes {
		if w := &x.Wholes[i]; w.Position == n && w.Name == name {
			return w
		}
	}
	return nil
}

// place names the n-th child of a name.
type place struct {
	name string
	n    int
}

// wholes gives the whole elements of x by their places; a search for each child would take too long
// where a hostile document has very many.
func (x *Extra) wholes() map[place]*Other {
	if x == nil || len(x.Wholes) == 0 {
		return nil
	}
	m := make(map[place]*Other, len(x.Wholes))
	for i := range x.Wholes {
		w := &x.Wholes[i]
		m[place{w.Name, w.Position}] = w
	}
	return m
}

// count is how many elements the field f of v has: what is written, the empty required ones included
// when required is true.
func (p *plan) count(v reflect.Value, f *field, x *Extra, required bool) int {
	n := 0
	switch c := v.Field(f.index); f.kind {
	case kindScalar:
		n = one(c.Len() > 0 || wholeAt(x, f.name, 1) != nil)
	case kindRaw:
		n = one(!c.Addr().Interface().(*Raw).IsZero() || wholeAt(x, f.name, 1) != nil)
	case kindStruct, kindExtension:
		n = one(!c.IsNil())
	default:
		n = c.Len()
	}
	if n == 0 && required {
		n = one(!f.repeats() || f.kind == kindValues)
	}
	return n
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// weave is the order in which the children of an element are written: those of the schema in its
// order, and each other at its position among all, but not before a known element of the same name,
// whose place it would take when read again. It calls known and other with the positions.
func (p *plan) weave(others []Other, count func(*field) int, known func(f *field, i int), other func(o *Other, position int)) {
	pending := slices.Clone(others)
	slices.SortStableFunc(pending, func(a, b Other) int { return a.Position - b.Position })
	var done [maxChildren]bool
	var counts [maxChildren]int
	for _, f := range p.children {
		counts[f.order] = count(f)
	}
	var held []*Other
	position := 1
	emit := func(o *Other) {
		other(o, position)
		if o.Name != textName {
			position++
		}
	}
	next := 0
	due := func(all bool) {
		for ; next < len(pending) && (all || pending[next].Position <= position); next++ {
			o := &pending[next]
			if f := p.named(o.Name); f != nil && !f.repeats() && !done[f.order] && counts[f.order] > 0 {
				held = append(held, o)
				continue
			}
			emit(o)
		}
	}
	for _, f := range p.children {
		for i := range counts[f.order] {
			due(false)
			known(f, i)
			position++
		}
		done[f.order] = true
		held = slices.DeleteFunc(held, func(o *Other) bool {
			free := f.name == o.Name || f.later == o.Name
			if free {
				emit(o)
			}
			return free
		})
	}
	due(true)
}

// arrange gives others the positions that they have when v is written, so that reading what was
// written gives the same model.
func (p *plan) arrange(v reflect.Value, others []Other) []Other {
	x := *p.extraOf(v)
	list := make([]Other, 0, len(others))
	last := 0 // position of the last text
	p.weave(others,
		func(f *field) int { return p.count(v, f, x, f.required && f.since <= rankLatest) },
		func(*field, int) { last = 0 },
		func(o *Other, position int) {
			if o.Name == textName && last == position {
				list[len(list)-1].Element.XML += o.Element.XML
				return
			}
			last = 0
			if o.Name == textName {
				last = position
			}
			list = append(list, Other{Position: position, Name: o.Name, Element: o.Element})
		})
	return list
}
