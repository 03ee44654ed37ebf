package edci

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Decode reads a credential in plain shape (Source.Tree) into the model. It takes what it
// understands: a value of a wrong shape, or a member the model has not, is not read. Compare the tree
// with Tree(Decode(tree)) to see what that was (Diff).
//
//	one value or an array         both read; of an array where one is allowed, the first that can be read
//	text                          string, number as written, true or false
//	language map                  {"en":"a","fi":["b","c"]}; a plain string has Lang ""
//	node                          object, or an absolute IRI: a node of which only the id is known
//	class of a claim or an agent  by type, the first known one; without type as the place suggests
//
// Source stays nil.
func Decode(o Object) *EuropeanDigitalCredential {
	c := &EuropeanDigitalCredential{}
	decodeObject(credentialClass, o, reflect.ValueOf(c).Elem())
	return c
}

// Tree returns what Append writes, as a tree.
func Tree(c *EuropeanDigitalCredential) Object {
	const unlimited = int(^uint(0) >> 1)
	v, err := ParseJSON(Append(nil, c), Limits{Size: unlimited, Depth: unlimited})
	if err != nil {
		return nil // not reached but with two equal names in one language map, which cannot be
	}
	return v.(Object)
}

// decodeObject reads the members of a node into its struct.
func decodeObject(c *class, o Object, v reflect.Value) {
	for _, m := range o {
		switch {
		case m.Name == "id":
			id, _ := textOf(m.Value)
			v.Field(c.id).SetString(id)
		case m.Name == "type":
			decodeType(c, m.Value, v)
		default:
			if plan, ok := c.byName[m.Name]; ok {
				plan.decode(m.Value, v.Field(plan.index))
			}
		}
	}
}

// decodeType keeps the class where the struct serves two, and the further types of a credential.
func decodeType(c *class, value any, v reflect.Value) {
	switch {
	case c.class >= 0:
		v.Field(c.class).SetString(className(c, value))
	case c.types >= 0:
		types := v.Field(c.types)
		for _, t := range typesOf(value) {
			if t != "VerifiableCredential" && t != "EuropeanDigitalCredential" {
				types.Set(reflect.Append(types, reflect.ValueOf(t)))
			}
		}
	}
}

// className is the first type that the struct serves, the struct's own class otherwise.
func className(c *class, value any) string {
	for _, t := range typesOf(value) {
		if slices.Contains(c.names, t) {
			return t
		}
	}
	return c.name
}

// typesOf returns the strings of a type member.
func typesOf(value any) []string {
	var types []string
	for _, v := range values(value) {
		if s, ok := v.(string); ok {
			types = append(types, s)
		}
	}
	return types
}

// values returns the elements of an array, or the one value; nothing for null.
func values(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case Array:
		return v
	}
	return []any{v}
}

// decode reads a member.
func (m *member) decode(value any, f reflect.Value) {
	for _, v := range values(value) {
		switch {
		case m.kind == kindLangString:
			texts := f.Addr().Interface().(*LangString)
			*texts = appendLangString(*texts, v)
		case !m.many:
			if m.one(v, f) {
				return
			}
		default:
			e := reflect.New(f.Type().Elem()).Elem()
			if m.one(v, e) {
				f.Set(reflect.Append(f, e))
			}
		}
	}
}

// one reads one value that is no language map; false when it has another shape.
func (m *member) one(value any, f reflect.Value) bool {
	switch m.kind {
	case kindNode:
		return m.decodeNode(value, f)
	case kindText:
		s, ok := textOf(value)
		f.SetString(s)
		return ok
	case kindNumber:
		s, ok := textOf(value)
		if ok = ok && isNumber(s); ok {
			f.SetString(s)
		}
		return ok
	case kindBoolean:
		s, ok := textOf(value)
		if ok = ok && (s == "true" || s == "false"); ok {
			f.SetString(s)
		}
		return ok
	}
	return false
}

// textOf returns a string as it is, a number as written, a truth value as word.
func textOf(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return string(v), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// decodeNode reads a node.
func (m *member) decodeNode(value any, f reflect.Value) bool {
	switch v := value.(type) {
	case Object:
		c := m.classFor(v)
		p := reflect.New(c.typ)
		decodeObject(c, v, p.Elem())
		f.Set(p)
		return true
	case string:
		if !isIRI(v) {
			return false
		}
		c := m.classes[0]
		p := reflect.New(c.typ)
		p.Elem().Field(c.id).SetString(v)
		f.Set(p)
		return true
	}
	return false
}

// classFor chooses among the classes of a member: by the node's first type that is one of them.
func (m *member) classFor(o Object) *class {
	if !m.choice {
		return m.classes[0]
	}
	t, _ := o.Get("type")
	for _, name := range typesOf(t) {
		if c := classNamed[name]; c != nil && slices.Contains(m.classes, c) {
			return c
		}
	}
	return m.classes[0]
}

// isIRI tells whether s looks like an absolute IRI: a scheme, a colon, no blanks.
func isIRI(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`") {
		return false
	}
	for i, r := range scheme {
		letter := r|0x20 >= 'a' && r|0x20 <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", r)) {
			return false
		}
	}
	return true
}

// appendLangString reads a language map, or a text without language.
func appendLangString(s LangString, value any) LangString {
	o, ok := value.(Object)
	if !ok {
		return appendTexts(s, "", value)
	}
	for _, m := range o {
		lang := m.Name
		if lang == "@none" {
			lang = ""
		}
		for _, v := range values(m.Value) {
			s = appendTexts(s, lang, v)
		}
	}
	return s
}

func appendTexts(s LangString, lang string, value any) LangString {
	if text, ok := textOf(value); ok {
		return append(s, LangText{lang, text})
	}
	return s
}
