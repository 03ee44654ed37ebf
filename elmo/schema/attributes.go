package schema

import (
	"strings"

	"github.com/beevik/etree"
)

// instance gives the type that e has by its attribute xsi:type: t when there is none, or a wrong one.
func (c *checker) instance(e *etree.Element, t *typ) *typ {
	for i := range e.Attr {
		a := &e.Attr[i]
		if a.Space == "" || a.Space == "xmlns" || a.Space == "xml" || c.lookup(a.Space).space != spaceInstance {
			continue
		}
		switch a.Key {
		case "type":
			if t != anything && c.typed == nil {
				c.typed = e
			}
			t = c.named(e, a, t)
		case "nil":
			c.nil(e, a, t)
		}
	}
	return t
}

// named gives the type that xsi:type names.
func (c *checker) named(e *etree.Element, a *etree.Attr, t *typ) *typ {
	prefix, local, ok := strings.Cut(collapse(a.Value), ":")
	if !ok {
		prefix, local = "", prefix
	}
	other := c.types[name{c.lookup(prefix).space, local}]
	below := "@" + a.Space + ":" + a.Key
	switch {
	case other == nil:
		c.addValue("XSD-XSI-TYPE", e, below, "xsi:type names a type that the schema does not have: take the attribute out.", c.source(t), a.Value)
	case t != anything && !other.isA(t) && t.content != contentAny:
		c.addValue("XSD-XSI-TYPE", e, below, "xsi:type names a type that is not derived from that of the element: take the attribute out.", c.source(t), a.Value)
	default:
		return other
	}
	return t
}

// nil reports xsi:nil.
func (c *checker) nil(e *etree.Element, a *etree.Attr, t *typ) {
	if t == anything {
		return
	}
	c.add("XSD-XSI-NIL", e, "@"+a.Space+":"+a.Key, "xsi:nil is not allowed, because the element is not nillable: take the attribute out.", c.source(t))
}

// attributes checks the attributes of e.
func (c *checker) attributes(e *etree.Element, t *typ) {
	seen := 0
	for i := range e.Attr {
		a := &e.Attr[i]
		if isDeclaration(a) {
			continue
		}
		s := spaceNone
		if a.Space != "" {
			s = c.lookup(a.Space).space
		}
		if at := t.attribute(s, a.Key); at >= 0 {
			seen |= 1 << at
			c.attribute(e, a, t.attrs[at].value, t)
		} else if s != spaceInstance || !isInstance(a.Key) {
			c.undeclared(e, a, s, t)
		}
	}
	for i := range t.attrs {
		if a := &t.attrs[i]; a.required && seen&(1<<i) == 0 {
			c.add("XSD-MISSING-ATTRIBUTE", e, "@"+a.local, e.Tag+" must have the attribute "+a.local+": add it.", c.source(t))
		}
	}
}

func isInstance(key string) bool {
	return key == "type" || key == "nil" || key == "schemaLocation" || key == "noNamespaceSchemaLocation"
}

// attribute gives the declaration of an attribute, -1 for none.
func (t *typ) attribute(s space, local string) int {
	for i := range t.attrs {
		if a := &t.attrs[i]; a.space == s && a.local == local {
			return i
		}
	}
	return -1
}

func (c *checker) attribute(e *etree.Element, a *etree.Attr, v *simple, t *typ) {
	if f := v.check(a.Value); f != faultNone {
		c.wrong(f, v, e, "@"+a.FullKey(), a.Value, c.source(t))
	} else if v.id {
		c.unique(e, "@"+a.FullKey(), a.Value)
	}
}

// undeclared checks an attribute that the type does not have.
func (c *checker) undeclared(e *etree.Element, a *etree.Attr, s space, t *typ) {
	global := c.grammar.attributes[name{s, a.Key}]
	switch {
	case global != nil && (t.anyAttr || t.content == contentAny):
		c.attribute(e, a, global, t)
	case t.content == contentAny:
	case t.anyAttr:
		c.add("XSD-UNKNOWN-ATTRIBUTE", e, "@"+a.FullKey(), e.Tag+" may have only attributes that the schema declares, such as xml:lang: take the others out.", c.source(t))
	default:
		c.add("XSD-UNKNOWN-ATTRIBUTE", e, "@"+a.FullKey(), "The schema has no such attribute for "+e.Tag+": take it out.", c.source(t))
	}
}
