package edci

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"
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
	defer a.release()
	a.name = append(a.name, space[:]...)
	a.node(node{credentialClass, unsafe.Pointer(c)})
}

// AssignRandomIDs gives every node without id a random UUID (version 4), so that the credentials of
// one learner cannot be linked through ids. A node met again through the same pointer keeps its id.
// The error is that of random; ids given before it stay.
func AssignRandomIDs(c *EuropeanDigitalCredential, random io.Reader) error {
	if c == nil {
		return nil
	}
	a := newAssigner()
	defer a.release()
	a.random = random
	a.node(node{credentialClass, unsafe.Pointer(c)})
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
	seen   map[unsafe.Pointer]bool // nodes of shared classes
	path   []unsafe.Pointer        // nodes being walked, for loops
	writer *writer                 // of canonical forms
	buf    []byte
	ids    *strings.Builder // ids are parts of one string, some hundred to each
}

var assigners = sync.Pool{New: func() any { return &assigner{seen: map[unsafe.Pointer]bool{}} }}

func newAssigner() *assigner {
	a := assigners.Get().(*assigner)
	a.writer, a.ids = newWriter(), &strings.Builder{}
	a.writer.buf, a.writer.canonical = a.writer.own[:0], true
	return a
}

// release returns the assigner to the pool, without anything of the credential.
func (a *assigner) release() {
	a.writer.release()
	clear(a.seen)
	if cap(a.buf) > 4*flushAt {
		a.buf = nil
	}
	*a = assigner{name: a.name[:0], seen: a.seen, path: a.path[:0], buf: a.buf[:0]}
	assigners.Put(a)
}

// node gives ids to a node and to all below it.
func (a *assigner) node(n node) {
	c := n.class
	if c.bare || n.listed() || a.err != nil || slices.Contains(a.path, n.base) {
		return
	}
	if c.shared {
		if a.seen[n.base] {
			return
		}
		a.seen[n.base] = true
	}
	if a.random == nil && n.recurring() {
		a.recurring(n)
		return
	}
	if id := n.id(); *id == "" {
		a.occurrence(c, id)
	}
	a.path = append(a.path, n.base)
	for _, m := range c.nodes {
		if !n.lacks(m) {
			a.below(n, m)
		}
	}
	a.path = a.path[:len(a.path)-1]
}

// below walks the nodes of one member; the pointer grows and shrinks with the walk.
func (a *assigner) below(n node, m *member) {
	position := 0
	for i := range n.count(m) {
		sub := n.below(m, i)
		if sub.class == nil {
			continue
		}
		before := len(a.name)
		a.name = append(append(a.name, '/'), m.name...)
		if m.many {
			a.name = strconv.AppendInt(append(a.name, '/'), int64(position), 10)
		}
		a.node(sub)
		a.name = a.name[:before]
		position++
	}
}

// listed tells whether a node is a concept of a list, complete with the names of concept and list: the
// most frequent node of all, with nothing to do.
func (n node) listed() bool {
	if n.class != conceptClass || *n.id() == "" {
		return false
	}
	for _, s := range (*Concept)(n.base).InScheme {
		if s.ID == "" {
			return false
		}
	}
	return true
}

// recurring tells whether a node is named by its content.
func (n node) recurring() bool {
	if n.class == conceptClass {
		return *n.id() == "" && len((*Concept)(n.base).PrefLabel) > 0
	}
	return n.class.recurring
}

// recurring gives ids by content to a node and to all below it.
func (a *assigner) recurring(n node) {
	w := a.writer
	w.buf, w.nodes = w.buf[:0], w.nodes[:0]
	clear(w.done)
	w.node(n)
	for _, n := range w.nodes {
		id := n.node.id()
		if n.node.class.bare || *id != "" {
			continue
		}
		a.buf = append(append(a.buf[:0], idNamespace[:]...), w.buf[n.span.from:n.span.to]...)
		*id = a.urn(uuid5(a.buf), n.node.class)
	}
}

// occurrence gives an id by place, or a random one.
func (a *assigner) occurrence(c *class, id *string) {
	u := uuid5(a.name)
	if a.random != nil {
		u = a.random4()
	}
	if a.err == nil {
		*id = a.urn(u, c)
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
	var digits [2 * len(u)]byte
	hex.Encode(digits[:], u[:])
	at := 0
	for _, n := range [...]int{8, 4, 4, 4} {
		b = append(append(b, digits[at:at+n]...), '-')
		at += n
	}
	return append(b, digits[at:]...)
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
