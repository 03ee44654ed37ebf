// Package mapping is the table that ties ELMO to ELM, and the walk that applies it in both directions.
//
// A row (Row) says where one thing of ELMO stands in a European Digital Credential and how it comes
// back; its identifier (LRN-04, LOI-11) is public and never reused. Rows stand in sections, one for
// each pair of nodes: learner and Person, issuer and Organisation, and so on. The structure itself
// is code: forward.go walks a report, back.go a credential, and both make a node only when a row
// asks for it.
//
// What a row cannot carry exactly it reports (Report): nothing is lost in silence, nothing is made
// up. What has no home in ELM is kept inside the credential (keep.go), what has none in ELMO inside
// the ELMO (foreign.go), so that the way back restores it.
//
// The package is pure: no clock, no chance, no input or output, no logging.
package mapping

//go:generate go run ./gen
