package mapping

import (
	"elmobridge/edci"
	"strconv"
	"strings"
)

func sameJSON(a, b any) bool {
	return string(edci.AppendValue(nil, a)) == string(edci.AppendValue(nil, b))
}

func escapePointer(name string) string { return pointerEscapes.Replace(name) }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func asObject(v any) edci.Object {
	o, _ := v.(edci.Object)
	return o
}

// asArray gives a value as a list: an array as it is, one value as a list of one, nothing as none.
func asArray(v any) edci.Array {
	switch x := v.(type) {
	case nil:
		return nil
	case edci.Array:
		return x
	}
	return edci.Array{v}
}

func member1(v any, name string) any {
	x, _ := asObject(v).Get(name)
	return x
}

// stripIDs removes the identifiers of nodes, which say nothing.
func stripIDs(v any) any {
	switch x := v.(type) {
	case edci.Array:
		out := make(edci.Array, len(x))
		for i := range x {
			out[i] = stripIDs(x[i])
		}
		return out
	case edci.Object:
		out := make(edci.Object, 0, len(x))
		for _, m := range x {
			if m.Name == "id" && !meaningful(m.Value) {
				continue
			}
			out = append(out, edci.Member{Name: m.Name, Value: stripIDs(m.Value)})
		}
		return out
	}
	return v
}

func meaningful(id any) bool {
	s, _ := id.(string)
	return known(s) || strings.HasPrefix(s, ns)
}

// inSource writes a pointer as the source has it. The rows count the values of a member that may come
// several times even when there is one, and a source may write that one bare; and the other way round.
func inSource(tree any, at string) string {
	out := ""
	for token := range strings.SplitSeq(strings.TrimPrefix(at, "/"), "/") {
		_, notIndex := strconv.Atoi(token)
		list, many := tree.(edci.Array)
		switch {
		case many && notIndex != nil && len(list) == 1:
			out, tree = out+"/0", list[0]
		case !many && notIndex == nil:
			continue
		}
		out += "/" + token
		tree, _ = edci.At(tree, "/"+token)
	}
	if at == "" {
		return ""
	}
	return out
}
