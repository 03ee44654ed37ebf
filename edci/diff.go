package edci

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Difference is one place where two trees differ.
type Difference struct {
	Pointer string // RFC 6901, in a; for "extra" in b
	Kind    string
}

// Kinds of differences.
const (
	DiffMissing = "missing" // in a only
	DiffExtra   = "extra"   // in b only
	DiffValue   = "value"   // another text, number, or a node in place of a text
	DiffLength  = "length"  // arrays of another length: one difference, whatever is inside
	DiffClass   = "class"   // nodes of another class: one difference, whatever is inside
	DiffOrder   = "order"   // the same elements in another order, which is no meaning in JSON-LD
)

// Diff compares two credentials in plain shape and says where b is not a.
//
//	a value and an array of one          the same; so are null, an empty array and no member
//	numbers, truth values and texts      the same when written the same: 30 and "30"
//	an IRI and {"id":IRI}                the same
//	language maps                        by key; the order of languages is nothing
//	arrays of equal length               by index, else as sets ("order")
//	id                                   compared when one of the two begins with did:, http: or https:,
//	                                     and in nodes that are known by their id (Concept, Mailbox...)
//	type                                 a node whose class differs is one difference; no type in a is
//	                                     any class
//	@context                             ignored
//
// Differences come in the order of a, what only b has at the end of each node.
func Diff(a, b Object) []Difference {
	d := differ{}
	if t, _ := a.Get("type"); t != nil && !sameTypes(a, b) {
		d.add([]byte("/type"), DiffClass)
	}
	d.members(a, b, nil)
	return d.differences
}

type differ struct {
	differences []Difference
}

func (d *differ) add(at []byte, kind string) {
	d.differences = append(d.differences, Difference{string(at), kind})
}

// byID are the classes of nodes that are known by their id.
var byID = map[string]bool{
	"Concept": true, "ConceptScheme": true, "ShaclValidator2017": true, "CredentialStatus": true,
	"Mailbox": true, "TermsOfUse": true, "Proof": true,
}

// members compares the members of two nodes.
func (d *differ) members(a, b Object, at []byte) {
	d.ids(a, b, at)
	in := indexMembers(b)
	for _, m := range a {
		if keyword(m.Name) || isAbsent(m.Name, m.Value) {
			continue
		}
		below := AppendToken(at, m.Name)
		if v, ok := in[m.Name]; ok && !isAbsent(m.Name, v) {
			d.values(m.Name, m.Value, v, below)
		} else {
			d.add(below, DiffMissing)
		}
	}
	in = indexMembers(a)
	for _, m := range b {
		if v, ok := in[m.Name]; !keyword(m.Name) && !isAbsent(m.Name, m.Value) && (!ok || isAbsent(m.Name, v)) {
			d.add(AppendToken(at, m.Name), DiffExtra)
		}
	}
}

func indexMembers(o Object) map[string]any {
	m := make(map[string]any, len(o))
	for _, member := range o {
		m[member.Name] = member.Value
	}
	return m
}

func keyword(name string) bool { return name == "id" || name == "type" || name == "@context" }

// isAbsent tells whether the value of a member says nothing.
func isAbsent(name string, v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case Array:
		return len(v) == 0
	case Object:
		return len(v) == 0 && isLanguageMap(name)
	}
	return false
}

// ids compares the ids of two nodes where they matter.
func (d *differ) ids(a, b Object, at []byte) {
	idA, idB := nodeID(a), nodeID(b)
	if idA == idB || !lasting(a, idA) && !lasting(b, idB) {
		return
	}
	at = AppendToken(at, "id")
	switch "" {
	case idA:
		d.add(at, DiffExtra)
	case idB:
		d.add(at, DiffMissing)
	default:
		d.add(at, DiffValue)
	}
}

func nodeID(o Object) string {
	v, _ := o.Get("id")
	id, _ := v.(string)
	return id
}

// lasting tells whether an id is more than a number inside the document: mapping.md, EDC-05.
func lasting(o Object, id string) bool {
	if id == "" {
		return false
	}
	for _, scheme := range []string{"did:", "http:", "https:"} {
		if strings.HasPrefix(id, scheme) {
			return true
		}
	}
	types := nodeTypes(o)
	return len(o) == 1 || slices.ContainsFunc(types, func(t string) bool { return byID[t] })
}

// sameTypes tells whether two nodes are of the same classes.
func sameTypes(a, b Object) bool {
	return slices.Equal(sortedTypes(a), sortedTypes(b))
}

func sortedTypes(o Object) []string {
	types := slices.Clone(nodeTypes(o))
	sort.Strings(types)
	return slices.Compact(types)
}

// values compares two values of a member, each one value or an array.
func (d *differ) values(name string, a, b any, at []byte) {
	listA, listB := values(a), values(b)
	if isLanguageMap(name) {
		d.texts(listA, listB, at)
		return
	}
	if len(listA) != len(listB) {
		d.add(at, DiffLength)
		return
	}
	before := len(d.differences)
	for i := range listA {
		below := at
		if _, ok := a.(Array); ok {
			below = strconv.AppendInt(append(at, '/'), int64(i), 10)
		}
		d.value(name, listA[i], listB[i], below)
	}
	if len(listA) > 1 && len(d.differences) > before && sameSet(name, listA, listB) {
		d.differences = d.differences[:before]
		d.add(at, DiffOrder)
	}
}

// value compares two single values.
func (d *differ) value(name string, a, b any, at []byte) {
	nodeA, nodeB, nodes := asNodes(a, b)
	switch {
	case !nodes:
		if fingerprint(name, a) != fingerprint(name, b) {
			d.add(at, DiffValue)
		}
	case otherClass(nodeA, nodeB):
		d.add(at, DiffClass)
	default:
		d.members(nodeA, nodeB, at)
	}
}

// otherClass tells whether b is of another class than a. A node without type is of any class; so is
// one of which b has the id only.
func otherClass(a, b Object) bool {
	return has(a, "type") && !(len(b) == 1 && has(b, "id")) && !sameTypes(a, b)
}

// asNodes takes two values as nodes when one of them is an object and the other is one or an IRI.
func asNodes(a, b any) (Object, Object, bool) {
	nodeA, okA := asNode(a)
	nodeB, okB := asNode(b)
	_, a1 := a.(Object)
	_, b1 := b.(Object)
	return nodeA, nodeB, okA && okB && (a1 || b1)
}

func asNode(v any) (Object, bool) {
	switch v := v.(type) {
	case Object:
		return v, true
	case string:
		return Object{{"id", v}}, isIRI(v)
	}
	return nil, false
}

// isLanguageMap tells whether the values of a member are language maps.
func isLanguageMap(name string) bool {
	t := edcIndex[[2]string{"", name}]
	return t != nil && t.as == "@language"
}

// texts compares two language maps, language by language.
func (d *differ) texts(a, b []any, at []byte) {
	mapA, okA := asLanguageMap(a)
	mapB, okB := asLanguageMap(b)
	if !okA || !okB {
		if fingerprint("", Array(a)) != fingerprint("", Array(b)) {
			d.add(at, DiffValue)
		}
		return
	}
	in := indexMembers(mapB)
	for _, m := range mapA {
		below := AppendToken(at, m.Name)
		switch v, ok := in[m.Name]; {
		case isAbsent("", m.Value):
		case !ok || isAbsent("", v):
			d.add(below, DiffMissing)
		default:
			d.values("", m.Value, v, below)
		}
	}
	in = indexMembers(mapA)
	for _, m := range mapB {
		if v, ok := in[m.Name]; (!ok || isAbsent("", v)) && !isAbsent("", m.Value) {
			d.add(AppendToken(at, m.Name), DiffExtra)
		}
	}
}

// asLanguageMap makes one map of the values of a member: maps, and texts without language.
func asLanguageMap(list []any) (Object, bool) {
	if o, ok := oneObject(list); ok {
		return o, true
	}
	var none Array
	for _, v := range list {
		if _, ok := textOf(v); !ok {
			return nil, false
		}
		none = append(none, v)
	}
	return Object{{"@none", none}}, true
}

func oneObject(list []any) (Object, bool) {
	if len(list) != 1 {
		return nil, false
	}
	o, ok := list[0].(Object)
	return o, ok
}

// sameSet tells whether two lists have the same elements.
func sameSet(name string, a, b []any) bool {
	count := map[[sha256.Size]byte]int{}
	for _, v := range a {
		count[fingerprint(name, v)]++
	}
	for _, v := range b {
		key := fingerprint(name, v)
		if count[key] == 0 {
			return false
		}
		count[key]--
	}
	return true
}

// fingerprint is equal for values between which Diff finds no difference but order.
func fingerprint(name string, v any) [sha256.Size]byte {
	return sha256.Sum256(appendPrint(nil, name, v))
}

// appendPrint appends a form of a value that does not depend on order.
func appendPrint(b []byte, name string, v any) []byte {
	switch v := v.(type) {
	case Object:
		return appendNodePrint(append(b, '{'), v)
	case Array:
		if len(v) == 1 {
			return appendPrint(b, name, v[0])
		}
		prints := make([]string, len(v))
		for i, e := range v {
			sum := fingerprint(name, e)
			prints[i] = string(sum[:])
		}
		sort.Strings(prints)
		return append(append(b, '['), strings.Join(prints, "")...)
	case string, json.Number, bool:
		text, _ := textOf(v)
		b = strconv.AppendInt(append(b, '"'), int64(len(text)), 10)
		return append(append(b, ' '), text...)
	}
	return append(b, '0')
}

func appendNodePrint(b []byte, o Object) []byte {
	var prints []string
	for _, m := range o {
		if isAbsent(m.Name, m.Value) || m.Name == "@context" || m.Name == "id" && !lasting(o, nodeID(o)) {
			continue
		}
		sum := fingerprint(m.Name, m.Value)
		prints = append(prints, strconv.Itoa(len(m.Name))+" "+m.Name+string(sum[:]))
	}
	sort.Strings(prints)
	return append(b, strings.Join(prints, "")...)
}
