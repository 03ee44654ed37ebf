// Package elmo reads and writes ELMO, the XML format in which EMREX carries the results of a learner:
// versions 1.0 to 1.7 and 2.0, the latter in both of its namespaces.
//
// Read takes a document as it comes: any prefixes and encodings, and the deviations seen in the
// field. Everything is in the result: what the schema knows in the fields of Document and below,
// what it does not know in Extra, what had to be changed on the way in Source.Observations. Marshal,
// Append and Write give a document of any version; Fit moves what that version lacks into
// extensions, from where Read fetches it again. Diff compares two documents as XML.
//
// Check says whether a document is valid by the schema of its version, and what else is not as the
// schema wants it in prose; ReadAndCheck reads and checks at once. Package schema has the rules.
//
// These hold and are tested: reading what was written gives the same model; a document that is
// valid stays valid; whatever differs between a document and what is written from its model is one
// of the observations. Writing does not keep bytes, so a signature holds for what was received alone.
//
// Verify checks the signature of a document and gives what was verified, Sign makes one; package xmldsig
// says what is taken for a signature.
package elmo
