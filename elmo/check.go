package elmo

import (
	"elmobridge/elmo/schema"

	"github.com/beevik/etree"
)

// Finding is one place of a document that is not as ELMO wants it. Rules are those of schema.Rules.
type Finding struct {
	schema.Finding
	Line int `json:"line"` // of the start tag of the element, from 1
}

// CheckOptions govern checking; the zero value is right.
type CheckOptions struct {
	Version   Version // to check by; empty: the one that the document claims, see Check
	Values    bool    // put what stands in the document into Finding.Value: personal data
	Structure bool    // only what the schema refuses (severity "error")
	Max       int     // how many findings are listed at most; 0 is 1000
	Limits    Limits
}

// Check reads a document and checks it by the schema of its version and by the rules of prose. The
// findings come in the order of the document; without one of severity "error" it is valid.
//
// A document does not say which 1.x it is, and what is valid in one is valid in the next (but 1.3):
// 1.7 is taken, 2.0 when there are elements of it, and 2.0-v2 for its namespace. A document in
// another namespace, or in none, has one finding that says so, and is checked as if it were in the
// right one.
//
// What cannot be read is an *Error, as in Read.
func Check(data []byte, opt CheckOptions) ([]Finding, error) {
	checked, err := ReadAndCheck(data, opt)
	if err != nil {
		return nil, err
	}
	return checked.Findings, nil
}

// Checked is a document that was read and checked.
type Checked struct {
	Document *Document
	Version  Version // that it was checked by
	Findings []Finding
}

// ReadAndCheck is Read and Check in one: the document is read once.
func ReadAndCheck(data []byte, opt CheckOptions) (*Checked, error) {
	if opt.Version != "" && opt.Version.rank() < 0 {
		return nil, &Error{Check: "version", Text: "there is no such ELMO version", Err: ErrVersion}
	}
	r, doc, err := read(data, ReadOptions{Limits: opt.Limits})
	if err != nil {
		return nil, err
	}
	if opt.Version == "" {
		opt.Version = r.claims()
	}
	return &Checked{doc, opt.Version, r.check(opt)}, nil
}

// check checks what was read.
func (r *reader) check(opt CheckOptions) []Finding {
	found := schema.Check(r.elmo, schema.Version(opt.Version), schema.Options{
		Values: opt.Values, Structure: opt.Structure, Max: opt.Max,
	})
	if len(found) == 0 {
		return nil
	}
	lines := make(map[*etree.Element]int, len(found))
	for i := range found {
		lines[found[i].Node] = 0
	}
	r.source.lines(r.root, lines)
	findings := make([]Finding, len(found))
	for i, f := range found {
		findings[i] = Finding{f, lines[f.Node]}
		findings[i].Node = nil // it would keep the whole tree
	}
	return findings
}

// claims gives the version to check by when nobody says it. Unlike guess, it does not tell the
// versions 1.x apart.
func (r *reader) claims() Version {
	guessed, _ := r.guess()
	switch {
	case r.home == NSv2 || guessed == V20v2:
		return V20v2
	case r.version >= rank20 || guessed == V20:
		return V20
	}
	return Latest
}
