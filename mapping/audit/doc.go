// Package audit is the crosswalk of ELMO and ELM, for people who decide about either: what becomes of
// every element and attribute of ELMO 1.7 and 2.0 and of every class and property of the EDC application
// profile 3.2, which row of the mapping answers for it, what the Commission's mapping sheet says of it,
// and which change to ELMO or ELM would close each gap.
//
// [Leaves], [Rows], [Sheet], [Proposals] and [Coverage] give the parts, [List.CSV], [JSON] and [SSSOM] write them.
// [LocateELMO] and [LocateELM] find the leaf that a report of a conversion is about, [ReadEdition] and [Compare] tell
// what has changed since an earlier edition.
//
// # Notation
//
// The tables are texts (elmo.go, elm.go, sheet.go), parsed once. A line "= CLASS" opens a class of ELM; a
// line "= NAME PATH" a class of ELMO, an element with what is in it; several classes of ELM may share the
// lines below. Every other line tells the fate of the members it names, relative to the class:
//
//	MEMBER ... : OWNER[+ALSO ...] ORDINARY[..WORST][/FILLED] [PROPOSAL ...] [> PLACE ...] [| reason]
//
// The member "." is the class itself. MEMBER[1.7] and MEMBER[2.0] exist in that version alone. OWNER is the one row of
// mapping.Table that answers for the member, ALSO are others that take part.
//
// ORDINARY and WORST are verdicts on the way to the other side, with keep=notes: the mildest and the worst that valid values
// meet; exact means that a report says nothing of them. What is kept and has a place is carried as far as the place goes. Of a
// property of ELM it is said where its class is carried; what becomes of a class that is kept as a whole is said of the class.
// PLACE is where the other side has it; a place named on one side holds for the other side as well.
//
// On the way to its own side a leaf is filled as its places are. FILLED says otherwise: added, because the standard demands it or
// as a copy for readers, or none, because its places only take from it.
//
// Paths of ELMO leave out the root and may begin with LOS, LOI, DS, SEC or ROR, which stand for the places where those
// structures are (abbreviations in notation.go).
//
// A structure that ELMO uses in several places is listed in the one nearest to the root: the attachment
// below the root, the specification below the report, the section below the supplement. Elsewhere it is
// one leaf. What an extension or a signature holds is not listed.
//
// Sources: the schemas of the tags v1.7.0 and v2.0.0 of emrex-eu/elmo-schemas with the EWP address types
// they import; the shapes of EDC generic 3.2; the row numbers of the Commission's sheet "ELMO" of May 2023.
// The tests compare the tables with all three: nothing may be missing, double or made up. Every verdict is executed: documents
// that have every element and credentials that have every property at every place, with ordinary values and others, and the
// documents of the corpus are converted; the mildest and the worst that the reports say must be what is said here, and what is
// called kept, reduced or dropped must be lost in a round trip that keeps nothing.
//
// A new row of the mapping takes part in at least one leaf; a new gap names a proposal, or says why there is none.
package audit
