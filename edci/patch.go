package edci

import (
	"strconv"
	"strings"
)

// patched is the tree of a credential with its patches. A patch that leads nowhere is left out.
func patched(tree Object, patches []Patch) Object {
	var root any = tree
	for _, p := range patches {
		if p.Insert {
			root = insert(root, p)
			continue
		}
		if p.Value == nil {
			root, _ = Delete(root, p.Pointer)
			continue
		}
		if changed, ok := Set(root, p.Pointer, p.Value); ok {
			root = changed
		}
	}
	if o, ok := root.(Object); ok {
		return apart(o)
	}
	return tree
}

// apart gives nodes whose id is that of a node of other content an id of their own. Ids by content are
// given before the patches, and JSON-LD takes nodes of one id for one thing with the members of all.
func apart(tree Object) Object {
	a := &twins{times: map[string]int{}, digest: map[string]uuid{}}
	a.count(tree)
	return a.object(tree)
}

// twins are nodes of one id.
type twins struct {
	times  map[string]int
	digest map[string]uuid // of the first node of an id
}

// nodeUUID gives the id of a node that only numbers it; false for mere references.
func nodeUUID(o Object) (id string, ok bool) {
	v, _ := o.Get("id")
	id, _ = v.(string)
	return id, len(o) > 1 && strings.HasPrefix(id, uuidPrefix)
}

func (t *twins) count(v any) {
	switch v := v.(type) {
	case Array:
		for _, x := range v {
			t.count(x)
		}
	case Object:
		if id, ok := nodeUUID(v); ok {
			t.times[id]++
		}
		for _, m := range v {
			t.count(m.Value)
		}
	}
}

func (t *twins) value(v any) any {
	switch v := v.(type) {
	case Array:
		out := make(Array, len(v))
		for i, x := range v {
			out[i] = t.value(x)
		}
		return out
	case Object:
		return t.object(v)
	}
	return v
}

func (t *twins) object(o Object) Object {
	out := make(Object, len(o))
	for i, m := range o {
		out[i] = Member{Name: m.Name, Value: t.value(m.Value)}
	}
	id, ok := nodeUUID(out)
	if !ok || t.times[id] < 2 {
		return out
	}
	digest := uuid5(AppendValue(idNamespace[:], out))
	first, seen := t.digest[id]
	switch {
	case !seen:
		t.digest[id] = digest
	case first != digest:
		for i := range out {
			if out[i].Name == "id" {
				out[i].Value = digest.urn(nil)
			}
		}
	}
	return out
}

// unpatched is the tree of a credential without its patches.
func unpatched(c *EuropeanDigitalCredential) Object {
	plain := *c
	plain.Patches = nil
	return Tree(&plain)
}

// insert puts a value into an array.
func insert(root any, p Patch) any {
	i := strings.LastIndexByte(p.Pointer, '/')
	if i < 0 {
		return root
	}
	v, _ := At(root, p.Pointer[:i])
	list, ok := v.(Array)
	n, err := strconv.Atoi(p.Pointer[i+1:])
	if !ok || err != nil || n < 0 {
		return root
	}
	n = min(n, len(list))
	longer := append(append(append(Array{}, list[:n]...), p.Value), list[n:]...)
	changed, ok := Set(root, p.Pointer[:i], longer)
	if !ok {
		return root
	}
	return changed
}
