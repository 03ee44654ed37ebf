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
		return o
	}
	return tree
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
