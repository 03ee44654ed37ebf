package elmo

import (
	"reflect"
	"slices"
	"strings"
)

// otherName is the name under which Child and Put know the elements that the schema does not know.
const otherName = "other"

// planOf gives the plan and the struct of a pointer to a struct of the model.
func planOf(model any) (reflect.Value, *plan) {
	v := reflect.ValueOf(model)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return reflect.Value{}, nil
	}
	return v.Elem(), plans[v.Type().Elem()]
}

// Child gives the n-th child element NAME (from 1) of a struct of the model as XML of its own, with
// the names and the namespace of ELMO 1.7 whatever its version. With the name "other" it gives the
// element of Extra.Others at position n. The zero Raw means that there is none.
func Child(parent any, name string, n int) Raw {
	v, p := planOf(parent)
	if p == nil || n < 1 {
		return Raw{}
	}
	x := *p.extraOf(v)
	if name == otherName {
		return otherAt(x, n)
	}
	f := p.named(name)
	if f == nil || n > p.count(v, f, x, false) {
		return Raw{}
	}
	if whole := wholeAt(x, f.name, n); whole != nil {
		return whole.Element
	}
	if f.kind == kindRaw && !f.mixed {
		return *v.Field(f.index).Addr().Interface().(*Raw)
	}
	return childRaw(v, f, n)
}

func otherAt(x *Extra, position int) Raw {
	if x == nil {
		return Raw{}
	}
	for _, o := range x.Others {
		if o.Position == position {
			return o.Element
		}
	}
	return Raw{}
}

// childRaw writes the child; the declarations of its start tag become the Scope.
func childRaw(v reflect.Value, f *field, n int) Raw {
	home := binding{"", NS}
	if f.space == spaceAddress {
		home = binding{"a", NSAddress}
	}
	declared := []binding{home}
	w := &writer{rank: rankLatest, any: true, address: "a", scope: []binding{home}, top: &declared}
	w.child(v, f, nil, n-1)
	if w.err != nil {
		return Raw{}
	}
	slices.SortFunc(declared, func(a, b binding) int { return strings.Compare(a.prefix, b.prefix) })
	var scope []byte
	for _, b := range declared {
		scope = appendDeclaration(scope, b)
	}
	return Raw{XML: string(w.dst), Scope: string(scope)}
}

// AddChild reads one element and puts it into the struct parent, as Read would have done had it
// stood there as the last child: behind the others of a list, into the extras when it is not known
// or came more often than the schema allows. It gives the name of the field's element, or "other".
// The element may be in the namespaces that Read takes as ELMO; the default limits apply.
func AddChild(parent any, xml string) (name string, err error) {
	v, p := planOf(parent)
	if p == nil {
		return "", &Error{Check: "name", Text: "the parent is no struct of the model", Err: ErrNotELMO}
	}
	r, root, err := openElement(xml)
	if err != nil {
		return "", err
	}
	r.doc = &Document{Learner: &Learner{}}
	uri, _ := r.lookup(root.Space)
	if isELMO(uri) {
		r.home, r.uri = uri, uri
	}
	x := *p.extraOf(v)
	c := &content{v: v, p: p}
	for _, f := range p.children {
		c.position += p.count(v, f, x, f.required && f.since <= rankLatest)
	}
	if x != nil {
		c.position += len(x.Others)
	}
	name = otherName
	if f := p.find(r.spaceOf(uri), root.Tag, 0); f != nil {
		name = f.name
	}
	before := 0
	if x != nil {
		before = len(x.Others)
	}
	r.element(c, root)
	if r.err != nil {
		return "", r.err
	}
	if x = *p.extraOf(v); x != nil && len(x.Others) > before {
		name = otherName
		x.Others = p.arrange(v, x.Others)
	}
	return name, nil
}

// Put restores a kept child element. kept and twin are pointers to structs of parent's type that
// hold only that child: as it was, and as it looks after being mapped to and fro (empty when nothing
// of it was mapped). position is the place among the children of that name, from 1, or with the name
// "other" among all children.
//
// Where parent has an element equal to the twin, that is replaced, preferably the one at position;
// without a twin the element is inserted at position, or at the end, or set when it may come once.
// False means that the twin is not there any more, or the place is taken: parent was edited since,
// and is left as it is.
func Put(parent any, name string, position int, kept, twin any) bool {
	v, p := planOf(parent)
	k, kp := planOf(kept)
	t, tp := planOf(twin)
	if p == nil || kp != p || twin != nil && tp != p && t.IsValid() {
		return false
	}
	if !t.IsValid() {
		t = reflect.New(p.typ).Elem()
	}
	if name == otherName {
		return putOther(v, k, p, position)
	}
	f := p.named(name)
	if f == nil {
		return false
	}
	if !f.repeats() {
		return putSingle(v, k, t, p, f)
	}
	return putListed(v, k, t, p, f, position)
}

func putOther(v, k reflect.Value, p *plan, position int) bool {
	from := *p.extraOf(k)
	if from == nil || len(from.Others) == 0 {
		return false
	}
	x := ensureExtra(v, p)
	for _, o := range from.Others {
		o.Position = position
		x.Others = append(x.Others, o)
	}
	x.Others = p.arrange(v, x.Others)
	return true
}

func ensureExtra(v reflect.Value, p *plan) *Extra {
	x := p.extraOf(v)
	if *x == nil {
		*x = &Extra{}
	}
	return *x
}

// putSingle replaces the twin by the kept value, which may only be there or be missing as the twin is.
func putSingle(v, k, t reflect.Value, p *plan, f *field) bool {
	here := v.Field(f.index)
	if !same(here, t.Field(f.index)) && !(isEmpty(here, f) && isEmpty(t.Field(f.index), f)) {
		return false
	}
	if wholeAt(*p.extraOf(v), f.name, 1) != nil {
		return false
	}
	here.Set(k.Field(f.index))
	takeWhole(v, k, p, f, 1)
	return true
}

// isEmpty tells an absent value; a required struct with nothing in it counts as absent.
func isEmpty(v reflect.Value, f *field) bool {
	if v.IsZero() {
		return true
	}
	if f.kind != kindStruct {
		return false
	}
	fresh := reflect.New(f.sub.typ)
	complete(fresh.Elem(), f.sub)
	return same(v, fresh)
}

func putListed(v, k, t reflect.Value, p *plan, f *field, position int) bool {
	list, from, twins := v.Field(f.index), k.Field(f.index), t.Field(f.index)
	if from.Len() == 0 {
		return false
	}
	if twins.Len() == 0 {
		at := min(max(position-1, 0), list.Len())
		insert(list, at, from.Index(0))
		shiftWholes(*p.extraOf(v), f.name, at+1)
		takeWhole(v, k, p, f, at+1)
		return true
	}
	at := indexOf(list, twins.Index(0), position-1)
	if at < 0 || wholeAt(*p.extraOf(v), f.name, at+1) != nil {
		return false
	}
	list.Index(at).Set(from.Index(0))
	takeWhole(v, k, p, f, at+1)
	return true
}

// indexOf finds the element equal to want, looking at the preferred index first; -1 when there is none.
func indexOf(list, want reflect.Value, preferred int) int {
	if preferred >= 0 && preferred < list.Len() && same(list.Index(preferred), want) {
		return preferred
	}
	for i := range list.Len() {
		if same(list.Index(i), want) {
			return i
		}
	}
	return -1
}

func insert(list reflect.Value, at int, element reflect.Value) {
	n := list.Len()
	list.Grow(1)
	list.SetLen(n + 1)
	reflect.Copy(list.Slice(at+1, n+1), list.Slice(at, n))
	list.Index(at).Set(element)
}

// shiftWholes makes room at position n of the children NAME.
func shiftWholes(x *Extra, name string, n int) {
	if x == nil {
		return
	}
	for i := range x.Wholes {
		if w := &x.Wholes[i]; w.Name == name && w.Position >= n {
			w.Position++
		}
	}
}

// takeWhole copies the whole element that goes along with the first child of f in k.
func takeWhole(v, k reflect.Value, p *plan, f *field, n int) {
	if w := wholeAt(*p.extraOf(k), f.name, 1); w != nil {
		x := ensureExtra(v, p)
		x.Wholes = append(x.Wholes, Other{Position: n, Name: f.name, Element: w.Element})
	}
}

// same compares two values of the model; nil and empty slices are equal, the rest of Extra counts.
func same(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return same(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// Clean tells whether nothing unknown is in a value of the model or below it: no Extra. Extensions
// may hold what they like.
func Clean(model any) bool {
	v, p := planOf(model)
	return p == nil || clean(v, p)
}

func clean(v reflect.Value, p *plan) bool {
	if x := *p.extraOf(v); x != nil && (len(x.Attrs) > 0 || len(x.Others) > 0 || len(x.Wholes) > 0) {
		return false
	}
	for _, f := range p.children {
		c := v.Field(f.index)
		switch f.kind {
		case kindStruct:
			if !c.IsNil() && !clean(c.Elem(), f.sub) {
				return false
			}
		case kindStructs:
			for i := range c.Len() {
				if e := c.Index(i); !e.IsNil() && !clean(e.Elem(), f.sub) {
					return false
				}
			}
		case kindValues:
			for i := range c.Len() {
				if !clean(c.Index(i), f.sub) {
					return false
				}
			}
		}
	}
	return true
}
