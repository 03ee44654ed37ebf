package edci

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const (
	uuidPrefix       = "urn:uuid:"
	credentialPrefix = "urn:credential:" // as EDCI names credentials
)

// idNamespace is the name space of our version 5 UUIDs: 5001a2ef-8849-5823-bef5-a333aacf3b03.
var idNamespace = uuid{0x50, 0x01, 0xa2, 0xef, 0x88, 0x49, 0x58, 0x23, 0xbe, 0xf5, 0xa3, 0x33, 0xaa, 0xcf, 0x3b, 0x03}

// AssignIDs gives every node without id one: "urn:uuid:" and a UUID of version 5 (RFC 9562), for
// credentials "urn:credential:" and the UUID. The same credential and seed give the same ids.
//
//	recurring    Organisation, GradingScheme, each with all nodes below, and Concepts with a label:
//	             from the node's canonical JSON, so equal content has an equal id everywhere
//	occurrences  all others: from seed and the JSON Pointer (RFC 6901) of the node as written
//
// The canonical JSON is what Append writes of the node, without ids of the form urn:uuid:.
// A node met again through the same pointer keeps its first id; ids that are there stay.
func AssignIDs(c *EuropeanDigitalCredential, seed string) {
	if c == nil {
		return
	}
	space := uuid5(append(idNamespace[:], seed...))
	a := newAssigner()
	defer a.writer.release()
	a.name = append(a.name, space[:]...)
	a.node(credentialClass, reflect.ValueOf(c))
}

// AssignRandomIDs gives every node without id a random UUID (version 4), so that the credentials of
// one learner cannot be linked through ids. A node met again through the same pointer keeps its id.
// The error is that of random; ids given before it stay.
func AssignRandomIDs(c *EuropeanDigitalCredential, random io.Reader) error {
	if c == nil {
		return nil
	}
	a := newAssigner()
	defer a.writer.release()
	a.random = random
	a.node(credentialClass, reflect.ValueOf(c))
	if a.err != nil {
		return fmt.Errorf("edci: random ids: %w", a.err)
	}
	return nil
}

// assigner walks a credential and gives ids.
type assigner struct {
	name   []byte // name space of the seed, then the pointer of the node
	random io.Reader
	err    error
	seen   map[uintptr]bool // nodes of shared classes
	path   []uintptr        // nodes being walked, for loops
	writer *writer          // of canonical forms
	buf    []byte
	ids    *strings.Builder // ids are parts of one string, some hundred to each
}

func newAssigner() *assigner {
	w := newWriter()
	w.buf, w.canonical = w.own[:0], true
	return &assigner{seen: map[uintptr]bool{}, writer: w, ids: &strings.Builder{}}
}

// node gives ids to a node and to all below it.
func (a *assigner) node(c *class, p reflect.Value) {
	if c.bare || listed(p) || a.err != nil {
		return
	}
	at := p.Pointer()
	if slices.Contains(a.path, at) {
		return
	}
	if c.shared {
		if a.seen[at] {
			return
		}
		a.seen[at] = true
	}
	if a.random == nil && recurring(c, p) {
		a.recurring(c, p)
		return
	}
	v := p.Elem()
	if v.Field(c.id).Len() == 0 {
		a.occurrence(c, v)
	}
	a.path = append(a.path, at)
	base := p.UnsafePointer()
	for _, m := range c.nodes {
		if !m.absent(base) {
			a.below(m, v.Field(m.index))
		}
	}
	a.path = a.path[:len(a.path)-1]
}

// below walks the nodes of one member; the pointer grows and shrinks with the walk.
func (a *assigner) below(m *member, f reflect.Value) {
	if !m.many {
		if c, p := m.target(f); c != nil {
			a.step(m, -1, c, p)
		}
		return
	}
	n := 0
	for i := range f.Len() {
		if c, p := m.target(f.Index(i)); c != nil {
			a.step(m, n, c, p)
			n++
		}
	}
}

// step walks to one node. The index is -1 when the member is no array.
func (a *assigner) step(m *member, index int, c *class, p reflect.Value) {
	before := len(a.name)
	a.name = append(append(a.name, '/'), m.name...)
	if index >= 0 {
		a.name = strconv.AppendInt(append(a.name, '/'), int64(index), 10)
	}
	a.node(c, p)
	a.name = a.name[:before]
}

// listed tells whether a node is a concept of a list, complete with the names of concept and list: the
// most frequent node of all, with nothing to do.
func listed(p reflect.Value) bool {
	c, ok := p.Interface().(*Concept)
	if !ok || c.ID == "" {
		return false
	}
	for _, s := range c.InScheme {
		if s.ID == "" {
			return false
		}
	}
	return true
}

// recurring tells whether a node is named by its content.
func recurring(c *class, p reflect.Value) bool {
	switch n := p.Interface().(type) {
	case *Organisation, *GradingScheme:
		return true
	case *Concept:
		return n.ID == "" && len(n.PrefLabel) > 0
	}
	return false
}

// recurring gives ids by content to a node and to all below it.
func (a *assigner) recurring(c *class, p reflect.Value) {
	w := a.writer
	w.buf, w.nodes = w.buf[:0], w.nodes[:0]
	clear(w.done)
	w.node(c, p)
	for _, n := range w.nodes {
		id := n.node.Field(n.class.id)
		if n.class.bare || id.Len() > 0 {
			continue
		}
		a.buf = append(append(a.buf[:0], idNamespace[:]...), w.buf[n.span.from:n.span.to]...)
		id.SetString(a.urn(uuid5(a.buf), n.class))
	}
}

// occurrence gives an id by place, or a random one.
func (a *assigner) occurrence(c *class, v reflect.Value) {
	id := uuid5(a.name)
	if a.random != nil {
		id = a.random4()
	}
	if a.err == nil {
		v.Field(c.id).SetString(a.urn(id, c))
	}
}

// random4 reads a UUID of version 4.
func (a *assigner) random4() uuid {
	a.buf = append(a.buf[:0], idNamespace[:]...)
	_, a.err = io.ReadFull(a.random, a.buf)
	return uuid(a.buf).version(4)
}

// uuid is a UUID of RFC 9562.
type uuid [16]byte

// uuid5 is the version 5 UUID of a name that begins with the 16 bytes of its name space.
func uuid5(name []byte) uuid {
	sum := sha1.Sum(name)
	return uuid(sum[:16]).version(5)
}

func (u uuid) version(n byte) uuid {
	u[6] = u[6]&0x0f | n<<4
	u[8] = u[8]&0x3f | 0x80
	return u
}

// urn is the id of a node of that class.
func (u uuid) urn(c *class) string { return string(u.appendURN(nil, c)) }

func (u uuid) appendURN(b []byte, c *class) []byte {
	if c == credentialClass {
		b = append(b, credentialPrefix...)
	} else {
		b = append(b, uuidPrefix...)
	}
	for i, n := range [...]int{4, 2, 2, 2, 6} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, u[:n])
		copy(u[:], u[n:])
	}
	return b
}

const (
	urnLength = 64   // at most
	idsLength = 8192 // of the strings that ids are parts of
)

// urn is uuid.urn with one allocation for many ids.
func (a *assigner) urn(u uuid, c *class) string {
	if a.ids.Cap()-a.ids.Len() < urnLength {
		chunk := min(max(2*a.ids.Cap(), idsLength/8), idsLength) // few ids do not pay for many
		a.ids = &strings.Builder{}
		a.ids.Grow(chunk)
	}
	before := a.ids.Len()
	var b [urnLength]byte
	a.ids.Write(u.appendURN(b[:0], c))
	return a.ids.String()[before:]
}
