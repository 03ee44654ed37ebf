package edci

import (
	"strconv"
	"strings"
)

// AppendToken appends a reference token with its solidus. RFC 6901, section 3.
func AppendToken(b []byte, name string) []byte {
	b = append(b, '/')
	for i := range len(name) {
		switch name[i] {
		case '~':
			b = append(b, '~', '0')
		case '/':
			b = append(b, '~', '1')
		default:
			b = append(b, name[i])
		}
	}
	return b
}

var unescapeToken = strings.NewReplacer("~1", "/", "~0", "~")

// firstToken splits a pointer; ok is false when it does not begin with a solidus.
func firstToken(pointer string) (name, rest string, ok bool) {
	if !strings.HasPrefix(pointer, "/") {
		return "", "", false
	}
	name, rest, found := strings.Cut(pointer[1:], "/")
	if found {
		rest = pointer[1+len(name):]
	}
	return unescapeToken.Replace(name), rest, true
}

// arrayIndex reads an index as RFC 6901 has it: decimal, no leading zeros.
func arrayIndex(token string) (int, bool) {
	n, err := strconv.Atoi(token)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == token
}

// At returns the value a JSON Pointer (RFC 6901) names in a tree.
func At(root any, pointer string) (any, bool) {
	if pointer == "" {
		return root, true
	}
	name, rest, ok := firstToken(pointer)
	if !ok {
		return nil, false
	}
	switch v := root.(type) {
	case Object:
		if below, ok := v.Get(name); ok {
			return At(below, rest)
		}
	case Array:
		if i, ok := arrayIndex(name); ok && i < len(v) {
			return At(v[i], rest)
		}
	}
	return nil, false
}

// Set puts a value at a pointer and returns the tree, which may be a new one: the old one must not be
// used any more. The parent must exist; a member that is not there is added at the end, and so is the
// element after the last of an array, whose token may be "-" (RFC 6902). It returns false, and the
// tree unchanged, when there is no such place.
func Set(root any, pointer string, value any) (any, bool) {
	if pointer == "" {
		return value, true
	}
	name, rest, ok := firstToken(pointer)
	if !ok {
		return root, false
	}
	switch v := root.(type) {
	case Object:
		return v.set(name, rest, value)
	case Array:
		return v.set(name, rest, value)
	}
	return root, false
}

func (o Object) set(name, rest string, value any) (any, bool) {
	for i := range o {
		if o[i].Name == name {
			below, ok := Set(o[i].Value, rest, value)
			o[i].Value = below
			return o, ok
		}
	}
	if rest != "" {
		return o, false
	}
	return append(o, Member{name, value}), true
}

func (a Array) set(name, rest string, value any) (any, bool) {
	i, ok := arrayIndex(name)
	if name == "-" {
		i, ok = len(a), true
	}
	switch {
	case ok && i < len(a):
		below, ok := Set(a[i], rest, value)
		a[i] = below
		return a, ok
	case ok && i == len(a) && rest == "":
		return append(a, value), true
	}
	return a, false
}

// Delete takes the value at a pointer away and returns the tree, which may be a new one: the old one
// must not be used any more. It returns false when there is no such value. Deleting the root gives nil.
func Delete(root any, pointer string) (any, bool) {
	if pointer == "" {
		return nil, true
	}
	name, rest, ok := firstToken(pointer)
	if !ok {
		return root, false
	}
	switch v := root.(type) {
	case Object:
		return v.delete(name, rest)
	case Array:
		return v.delete(name, rest)
	}
	return root, false
}

func (o Object) delete(name, rest string) (any, bool) {
	for i := range o {
		if o[i].Name != name {
			continue
		}
		if rest == "" {
			return append(o[:i], o[i+1:]...), true
		}
		below, ok := Delete(o[i].Value, rest)
		o[i].Value = below
		return o, ok
	}
	return o, false
}

func (a Array) delete(name, rest string) (any, bool) {
	i, ok := arrayIndex(name)
	if !ok || i >= len(a) {
		return a, false
	}
	if rest == "" {
		return append(a[:i], a[i+1:]...), true
	}
	below, ok := Delete(a[i], rest)
	a[i] = below
	return a, ok
}
