package edci

import "fmt"

const (
	mostUnknown    = 10_000    // members of one document that no context knows
	longestName    = 4096      // bytes of a member name
	longestAt      = 8 << 10   // bytes of the pointer of an observation
	mostPointers   = 64 << 20  // bytes of all pointers of observations of one file
	mostTerms      = 2000      // terms in inline contexts of one document
	mostScopeWork  = 5_000_000 // terms of inline contexts times the nodes they are for, in one file
	mostRepeated   = 1_000_000 // observations of one document times the credentials in it
	startNodes     = 1000      // nodes that any file may have after references are replaced
	bytesPerNode   = 4         // of the file, for each further node
	startBytes     = 1 << 20   // bytes of text that any file may have then
	repeatedBytes  = 8         // bytes of text for each byte of the file
	bytesPerMember = 8         // what a value counts beside its text
)

// tally counts down what the documents of one file may still cost. The bounds are in proportion to the
// file: a chain of nodes each naming the next twice would double at each step.
type tally struct {
	nodes, bytes, pointers, work int
	most                         int // nodes at the beginning
}

// newTally makes the tally of a file of that many bytes.
func newTally(size int, lim Limits) *tally {
	nodes := min(startNodes+size/bytesPerNode, lim.Nodes)
	return &tally{
		nodes: nodes, most: nodes, bytes: min(startBytes+repeatedBytes*size, max(lim.Size, startBytes)),
		pointers: mostPointers, work: mostScopeWork,
	}
}

// spend counts nodes and bytes of text made from references.
func (t *tally) spend(nodes, bytes int) error {
	t.nodes -= nodes
	t.bytes -= bytes
	switch {
	case t.nodes < 0:
		return fmt.Errorf("%w: its references stand for more than %d nodes", ErrLimit, t.most)
	case t.bytes < 0:
		return fmt.Errorf("%w: its references repeat too much text", ErrLimit)
	}
	return nil
}

// pointer counts the pointer of an observation.
func (t *tally) pointer(at []byte) error {
	t.pointers -= len(at)
	switch {
	case len(at) > longestAt:
		return fmt.Errorf("%w: the path to an unusual member has %d bytes, of %d", ErrLimit, len(at), longestAt)
	case t.pointers < 0:
		return fmt.Errorf("%w: the paths to unusual members have more than %d bytes together", ErrLimit, mostPointers)
	}
	return nil
}

// scope counts a node for which a processor looks through the terms of inline contexts.
func (t *tally) scope(terms int) error {
	if t.work -= terms; t.work < 0 {
		return fmt.Errorf("%w: too many nodes (of %d terms in inline contexts)", ErrLimit, terms)
	}
	return nil
}

// checkName bounds a member name.
func checkName(name string) error {
	if len(name) > longestName {
		return fmt.Errorf("%w: a member name has %d bytes, of %d", ErrLimit, len(name), longestName)
	}
	return nil
}
