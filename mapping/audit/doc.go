// Package audit is the crosswalk of ELMO and ELM, for people who decide about either: what becomes of
// every element and attribute of ELMO 1.7 and 2.0 and of every class and property of the EDC application
// profile 3.2, which row of the mapping answers for it, what the Commission's mapping sheet says of it,
// and which change to ELMO or ELM would close each gap.
//
// [Leaves], [Sheet], [Proposals] and [Coverage] give the parts, [CSV], [JSON] and [SSSOM] write them.
//
// # Notation
//
// The tables are texts (elmo.go, elm.go, sheet.go), parsed once. A line "= CLASS" opens a class of ELM; a
// line "= NAME PATH" a class of ELMO, an element with what is in it; several classes of ELM may share the
// lines below. Every other line tells the fate of the members it names, relative to the class:
//
//	MEMBER ... : OWNER[+ALSO ...] TO-EDC/TO-ELMO [PROPOSAL ...] [> PLACE ...] [| reason]
//
// The member "." is the class itself. MEMBER[1.7] and MEMBER[2.0] exist in that version alone. OWNER is
// the one row of mapping.Table that answers for the member, ALSO are others that take part. The verdicts
// are those of mapping, from ELMO to a credential and from a credential to ELMO, as they are for a
// document of somebody else with keep=notes and ordinary values; exact is said here, too, and none means
// that the direction has nothing to carry. What is kept and has a place is carried as far as the place goes;
// the whole is kept beside it. PLACE is where the other side has it; a place named on one
// side holds for the other side as well. Paths of ELMO leave out the root and may begin with LOS, LOI, DS,
// SEC or ROR, which stand for the places where those structures are (abbreviations in notation.go).
//
// A structure that ELMO uses in several places is listed in the one nearest to the root: the attachment
// below the root, the specification below the report, the section below the supplement. Elsewhere it is
// one leaf. What an extension or a signature holds is not listed.
//
// Sources: the schemas of the tags v1.7.0 and v2.0.0 of emrex-eu/elmo-schemas with the EWP address types
// they import; the shapes of EDC generic 3.2; the row numbers of the Commission's sheet "ELMO" of May 2023.
// The tests compare the tables with all three: nothing may be missing, double or made up. They also convert a
// document that has every leaf, and those of the corpus, and compare what is reported with what is said here.
//
// A new row of the mapping takes part in at least one leaf; a new gap names a proposal, or says why there is none.
package audit
