// Package schema checks ELMO documents of the versions 1.0 to 2.0 as strictly as their XML Schemas
// do, and by the rules that those schemas state only in prose.
//
// Check walks a tree that is already read. What the schemas say is one table with version ranges
// (tables.go), with XML Signature, the address of Erasmus Without Paper, the Europass list of
// countries and the xml: attributes that they import. It is compiled to automata when a version is
// first asked for, which takes about a millisecond.
//
// Rules lists every rule with its severity: an "error" is what the schema refuses, so a document
// has errors exactly when a validator for XML Schema 1.0 refuses it. Where xmllint (libxml2) differs
// from the recommendation, this package follows the recommendation; testdata/differences.tsv lists
// these cases. "warning" and "advice" are rules of prose: what a schema says must or must not be,
// and what it recommends.
//
// No text of a finding holds a value of the document, so findings are safe to log.
package schema
