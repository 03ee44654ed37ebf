// Package profile checks credentials against the application profiles of European Digital Credentials
// (EDC-AP 3.2), without a JSON-LD processor and without an RDF store.
//
// CheckSource takes a credential as edci.Read gives it, Check its tree. They give what SHACL finds in the
// RDF that JSON-LD makes of a credential: members that no context defines are not there, nodes with one
// id are one node, values are sets, and shapes hang on the types that a node names. To that they add what
// SHACL cannot see and people must know: what JSON-LD drops, codes that are not in their list, members
// that nobody reads, birthdays that depend on a time zone.
//
//	tree.go      the tree read as JSON-LD reads it: terms, ids, language maps
//	graph.go     nodes, what is said of each, and where
//	literal.go   literals and their lexical forms
//	shape.go     the shapes of one profile, compiled from classes.go and profile.go
//	check.go     the shapes applied to the nodes
//	advice.go    our own warnings and advice
//	rules.go     every rule, with its source
//
// Classes, members, cardinalities and code lists are facts of the published shapes, in tables of our
// own. A differential test asks the published shapes themselves and compares place by place.
package profile
