package schema

import "github.com/beevik/etree"

// First gives what a validator that reads from front to back reports first: Check sorts by element,
// so that a missing child comes before faults inside of its parent.
func First(root *etree.Element, v Version) *Finding {
	c := newChecker(root, v, Options{Max: 1})
	c.document(root)
	if len(c.found) == 0 {
		return nil
	}
	return &c.found[0].Finding
}

// Versions are all versions.
var Versions = versions

// Compile reads the table for the version of that rank.
func Compile(rank int) { compile(rank) }

// Builtins are the simple types of XML Schema, and what findings say of them.
func Builtins() map[string]string {
	m := map[string]string{}
	for name, t := range builtins {
		m[name] = t.says
	}
	return m
}
