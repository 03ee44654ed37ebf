package elmo

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// Moved is an element that a version does not have and that Fit put into an extension.
type Moved struct {
	Path      string  // where it was: report[1]/gradingScheme[2]
	Extension string  // where it is now: report[1]/.../extension, or extension of the root
	Version   Version // the first version that has the element, or the last one
}

// Fit gives a copy of doc that can be written in version v: what v does not have stands in the
// nearest extension, each element as
//
//	<b:kept xmlns:b="urn:uuid:5001a2ef-8849-5823-bef5-a333aacf3b03" at="credit[1]/level" position="1">
//
// where at is its path relative to the element with the extension, and position its place among
// those of the name. In 1.0, whose extensions are strict, ds:Object is around it. Read puts them back
// (Unfit), so that a document can go to an old version and come back.
//
// Versions differ in more than elements: before 1.5 a document is not valid without a signature,
// before 1.6 and 1.2 some attachment types are not, and 2.0 demands an identifier of each
// specification. That is left as it is.
func Fit(doc *Document, v Version) (*Document, []Moved) {
	fitted := doc.Clone()
	rank := v.rank()
	if rank < 0 {
		return fitted, nil
	}
	f := &fitter{rank: rank}
	f.walk(reflect.ValueOf(fitted).Elem(), documentPlan, nil, nil)
	return fitted, f.moved
}

// Clone gives a deep copy of the model; Source is shared.
func (d *Document) Clone() *Document {
	if d == nil {
		return nil
	}
	flat := *d
	flat.Source = nil
	c := &Document{}
	deepCopy(reflect.ValueOf(c).Elem(), reflect.ValueOf(&flat).Elem())
	c.Source = d.Source
	return c
}

func deepCopy(dst, src reflect.Value) {
	switch src.Kind() {
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			deepCopy(dst.Elem(), src.Elem())
		}
	case reflect.Slice:
		if src.IsNil() {
			return
		}
		dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
		for i := range src.Len() {
			deepCopy(dst.Index(i), src.Index(i))
		}
	case reflect.Struct:
		for i := range src.NumField() {
			deepCopy(dst.Field(i), src.Field(i))
		}
	default:
		dst.Set(src)
	}
}

// fitter moves what a version lacks.
type fitter struct {
	rank  int
	moved []Moved
	box   **Extension // the nearest extension
}

// walk visits the struct v; path leads to it from the root, below from the element with the
// extension.
func (f *fitter) walk(v reflect.Value, p *plan, path, below []step) {
	if c := p.container(); c != nil {
		defer func(outer **Extension) { f.box = outer }(f.box)
		f.box = v.Field(c.index).Addr().Interface().(**Extension)
		below = nil
		f.strict()
	}
	for _, c := range p.children {
		f.move(v, p, c, path, below)
		if c.sub == nil {
			continue
		}
		eachStruct(v.Field(c.index), c, func(s step, child reflect.Value) {
			f.walk(child, c.sub, appendStep(path, s), appendStep(below, s))
		})
	}
}

// structAt gives the struct of step n in v, a value of the field f; not valid when there is none.
func structAt(v reflect.Value, f *field, n int) reflect.Value {
	if f.repeats() {
		if n < 1 || n > v.Len() {
			return reflect.Value{}
		}
		v = v.Index(n - 1)
	} else if n != 0 {
		return reflect.Value{}
	}
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return v
}

// container gives the field of the plan's own extension, or nil.
func (p *plan) container() *field {
	for _, f := range p.children {
		if f.kind == kindExtension {
			return f
		}
	}
	return nil
}

// appendStep gives a new path.
func appendStep(path []step, s step) []step { return append(path[:len(path):len(path)], s) }

// eachStruct calls visit for the structs in v, a value of the field f.
func eachStruct(v reflect.Value, f *field, visit func(step, reflect.Value)) {
	switch f.kind {
	case kindStruct:
		if !v.IsNil() {
			visit(step{f.name, 0}, v.Elem())
		}
	case kindStructs:
		for i := range v.Len() {
			if c := v.Index(i); !c.IsNil() {
				visit(step{f.name, i + 1}, c.Elem())
			}
		}
	case kindValues:
		for i := range v.Len() {
			visit(step{f.name, i + 1}, v.Index(i))
		}
	}
}

// move puts those elements of the field c that are too many for the version into the nearest
// extension.
func (f *fitter) move(v reflect.Value, p *plan, c *field, path, below []step) {
	x := p.extraOf(v)
	n, most := p.count(v, c, *x, false), c.most(f.rank)
	if p == attachmentPlan && c.name == "type" && typeSince(v.Field(c.index).String()) > f.rank {
		most = 0 // the element is there, its value is not
	}
	if n <= most {
		return
	}
	holder := pathOf(appendStep(path[:len(path)-len(below)], step{extensionName, 0}))
	was := ""
	if c.kind == kindScalar {
		was = v.Field(c.index).String()
	}
	for i := most; i < n; i++ {
		f.keep(Child(v.Addr().Interface(), c.name, i+1), pathOf(appendStep(below, step{c.name, 0})), i+1)
		s := step{c.name, 0}
		if c.repeats() {
			s.n = i + 1
		}
		since := f.other(c)
		if most == 0 && p == attachmentPlan && c.name == "type" {
			since = attachmentTypes[was]
		}
		f.moved = append(f.moved, Moved{pathOf(appendStep(path, s)), holder, since})
	}
	if most == 0 {
		v.Field(c.index).SetZero()
	} else {
		v.Field(c.index).SetLen(most)
	}
	dropWholes(x, c.name, most)
}

// other is the version nearest in meaning that has room for the field.
func (f *fitter) other(c *field) Version {
	if f.rank > c.until {
		return versions[c.until]
	}
	return versions[max(c.since, c.many)]
}

// dropWholes removes the whole elements of a name behind the first n.
func dropWholes(x **Extra, name string, n int) {
	if *x == nil {
		return
	}
	(*x).Wholes = slices.DeleteFunc((*x).Wholes, func(w Other) bool { return w.Name == name && w.Position > n })
	if len((*x).Wholes)+len((*x).Others)+len((*x).Attrs) == 0 {
		*x = nil
	}
}

func (f *fitter) keep(element Raw, at string, position int) {
	if *f.box == nil {
		*f.box = &Extension{}
	}
	(*f.box).Children = append((*f.box).Children, f.wrap(element, at, position))
}

func (f *fitter) wrap(element Raw, at string, position int) Raw {
	kept := Raw{
		XML:   `<b:kept at="` + at + `" position="` + strconv.Itoa(position) + `">` + element.String() + `</b:kept>`,
		Scope: string(appendDeclaration(nil, binding{"b", NSBridge})),
	}
	if versions[f.rank] != V10 {
		return kept
	}
	return Raw{
		XML:   `<ds:Object MimeType="application/xml">` + kept.String() + `</ds:Object>`,
		Scope: string(appendDeclaration(nil, binding{"ds", NSSignature})),
	}
}

// strict wraps what is in an extension already, because 1.0 wants a schema for it.
func (f *fitter) strict() {
	if versions[f.rank] != V10 || *f.box == nil {
		return
	}
	for i, r := range (*f.box).Children {
		if r.isElement() && !strings.Contains(r.Scope, NSSignature) {
			(*f.box).Children[i] = f.wrap(r, extensionName, i+1)
		}
	}
}

// extensionName is the path of what was in an extension before.
const extensionName = "extension"

// Unfit puts back what Fit moved into extensions: only elements that some version lacks. What cannot
// be put back, because the document was changed since, stays there. Read does it by itself and makes
// an Observation of each (Restored).
func Unfit(doc *Document) { unfitAll(doc) }

// restored is an element that was put back.
type restored struct {
	path string
	from Raw
}

func unfitAll(doc *Document) []restored {
	u := &unfitter{}
	u.walk(reflect.ValueOf(doc).Elem(), documentPlan, nil)
	return u.list
}

// unfitter empties the extensions.
type unfitter struct{ list []restored }

func (u *unfitter) walk(v reflect.Value, p *plan, path []step) {
	if c := p.container(); c != nil {
		if x := v.Field(c.index).Addr().Interface().(**Extension); *x != nil {
			u.restoreAll(v, p, x, path)
		}
	}
	for _, c := range p.children {
		if c.sub != nil {
			eachStruct(v.Field(c.index), c, func(s step, child reflect.Value) { u.walk(child, c.sub, appendStep(path, s)) })
		}
	}
}

// maxKept bounds what is put back from one extension: inserting in front of long lists is slow.
const maxKept = 1000

func (u *unfitter) restoreAll(v reflect.Value, p *plan, x **Extension, path []step) {
	n := 0
	var rest []Raw
	for _, r := range (*x).Children {
		k, ok := parseKept(r)
		switch {
		case !ok || n >= maxKept:
			rest = append(rest, r)
		case len(k.at) == 1 && k.at[0].name == extensionName:
			rest = append(rest, k.element)
		case k.restore(v, p):
			u.list = append(u.list, restored{pathOf(append(path[:len(path):len(path)], k.at...)), r})
			n++
		default:
			rest = append(rest, r)
		}
	}
	(*x).Children = rest
	if len((*x).Children)+len((*x).Attrs) == 0 {
		*x = nil
	}
}

// kept is one element in an extension.
type kept struct {
	at       []step
	position int
	element  Raw
}

// parseKept takes apart what fitter.keep wrote.
func parseKept(r Raw) (kept, bool) {
	if !strings.Contains(r.XML, "kept") || !strings.Contains(r.Scope, NSBridge) && !strings.Contains(r.XML, NSBridge) {
		return kept{}, false
	}
	in, e, err := openElement(r.String())
	if err != nil {
		return kept{}, false
	}
	if uri, _ := in.lookup(e.Space); uri == NSSignature && e.Tag == "Object" {
		if e = onlyChild(e); e == nil {
			return kept{}, false
		}
		in.enter(e)
	}
	child := onlyChild(e)
	if uri, _ := in.lookup(e.Space); uri != NSBridge || e.Tag != "kept" || child == nil {
		return kept{}, false
	}
	at, ok := parsePath(e.SelectAttrValue("at", ""))
	position, err := strconv.Atoi(e.SelectAttrValue("position", ""))
	if !ok || err != nil || position < 1 {
		return kept{}, false
	}
	in.enter(child)
	return kept{at, position, in.raw(child)}, in.err == nil
}

// onlyChild gives the child element when there is exactly one.
func onlyChild(e *etree.Element) *etree.Element {
	var only *etree.Element
	for _, t := range e.Child {
		if c, ok := t.(*etree.Element); ok {
			if only != nil {
				return nil
			}
			only = c
		}
	}
	return only
}

// parsePath reads "credit[1]/level".
func parsePath(path string) ([]step, bool) {
	var steps []step
	for part := range strings.SplitSeq(path, "/") {
		name, index, repeated := strings.Cut(part, "[")
		s := step{name: name}
		if repeated {
			n, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
			if err != nil || n < 1 {
				return nil, false
			}
			s.n = n
		}
		steps = append(steps, s)
	}
	return steps, path != ""
}

// attachmentTypes are the types of attachments that came after version 1.0.
var attachmentTypes = map[string]Version{"EMREX transcript": V11, "Other": V12, "Diploma": V16, "Micro Credential": V16}

// typeSince is the rank of the first version that has a type of attachment.
func typeSince(value string) int {
	if v, ok := attachmentTypes[value]; ok {
		return mustRank("attachment/type", string(v))
	}
	return 0
}

// lacks tells whether Fit moves the n-th element of the field for some version.
func (f *field) lacks(n int) bool {
	if !f.repeats() {
		n = 1
	}
	for rank := range versions {
		if f.most(rank) < n {
			return true
		}
	}
	return false
}

// restore puts the element back below v, the struct with the extension, and its position into the
// last step. It refuses elements that all versions have: there other readers do not see them.
func (k kept) restore(v reflect.Value, p *plan) bool {
	last := len(k.at) - 1
	for _, s := range k.at[:last] {
		f := p.named(s.name)
		if f == nil || f.sub == nil {
			return false
		}
		if v = structAt(v.Field(f.index), f, s.n); !v.IsValid() {
			return false
		}
		p = f.sub
	}
	f := p.named(k.at[last].name)
	if f == nil || !f.lacks(k.position) && !(p == attachmentPlan && f.name == "type") {
		return false
	}
	holder := reflect.New(p.typ)
	name, err := AddChild(holder.Interface(), k.element.String())
	if err != nil || name != k.at[last].name {
		return false
	}
	k.at[last].n = 0
	if f.repeats() {
		k.at[last].n = min(k.position, v.Field(f.index).Len()+1)
	}
	return Put(v.Addr().Interface(), name, k.position, holder.Interface(), nil)
}
