package audit

import "elmobridge/mapping"

// Side is one of the two standards.
type Side string

const (
	ELMO Side = "elmo"
	ELM  Side = "elm"
)

// Verdict is what becomes of a member in one direction: a verdict of a report, Exact or None.
type Verdict = mapping.Verdict

const (
	Exact Verdict = "exact" // the same, so a report says nothing of it
	None  Verdict = "none"  // the direction has nothing to carry
)

// Verdicts lists all of them, from harmless to worst.
var Verdicts = append([]Verdict{None, Exact}, mapping.Verdicts...)

// Kind tells what a leaf is.
type Kind string

const (
	Element   Kind = "element"
	Attribute Kind = "attribute"
	Class     Kind = "class"
	Property  Kind = "property"
)

// Leaf is one element or attribute of ELMO, or one class or property of the EDC application profile.
type Leaf struct {
	Side      Side     `json:"side"`
	Class     string   `json:"class"`
	Path      string   `json:"path"` // learner/identifier/@type, Person/givenName
	Kind      Kind     `json:"kind"`
	Versions  []string `json:"versions"` // of the standard, among those audited
	Owner     string   `json:"row"`      // the one row of mapping.Table that answers for it
	Also      []string `json:"also,omitempty"`
	ToEDC     Verdict  `json:"to_edc"` // of ordinary values
	ToELMO    Verdict  `json:"to_elmo"`
	Places    []string `json:"places,omitempty"`    // paths on the other side
	Proposals []string `json:"proposals,omitempty"` // that would close the gap
	Reason    string   `json:"reason,omitempty"`    // why it is so, or why nothing is proposed
	Sheet     []int    `json:"sheet,omitempty"`     // rows of the Commission's sheet that speak of it

	WorstToEDC  Verdict `json:"worst_to_edc,omitempty"` // of valid values that are not ordinary; empty: none is worse
	WorstToELMO Verdict `json:"worst_to_elmo,omitempty"`

	carried fate    // on the way to the other side, as the tables have it
	filled  Verdict // on the way to its own side, where its places do not tell: Added or None
}

// fate is what becomes of a leaf in one direction.
type fate struct {
	ordinary Verdict
	worst    Verdict // empty: none is worse
}

// Gap tells whether something of the leaf is lost or without a place, in either direction.
func (l *Leaf) Gap() bool {
	return isGap(l.ToEDC) || isGap(l.ToELMO) || isGap(l.WorstToEDC) || isGap(l.WorstToELMO)
}

func isGap(v Verdict) bool { return v.Severity() >= mapping.Kept.Severity() }

// Opinion is what we say of a row of the Commission's sheet.
type Opinion string

const (
	Agree     Opinion = "agree"      // we write to the same place
	Differ    Opinion = "differ"     // its place exists, we use another one as well or instead
	Faulty    Opinion = "faulty"     // its place does not exist or cannot hold the value
	NotMapped Opinion = "not mapped" // it names no place; ours is that of the leaf
)

// SheetRow is our answer to one row of the Commission's sheet.
type SheetRow struct {
	Number  int     `json:"number"`            // in the sheet, whose first row is the heading
	Class   string  `json:"class"`             // as the sheet has it
	Field   string  `json:"field,omitempty"`   // as the sheet has it; empty: the class itself
	Mapping string  `json:"mapping,omitempty"` // the place in ELM that the sheet names; empty: none
	Opinion Opinion `json:"opinion"`
	Leaf    string  `json:"leaf,omitempty"` // the path in ELMO that the row is about; empty: ELMO has none
	Row     string  `json:"row,omitempty"`  // the row of ours that answers for the leaf
	Why     string  `json:"why,omitempty"`
}

// Proposal is a change to one of the standards that would close a gap. Its identifier is never reused.
type Proposal struct {
	ID     string   `json:"id"`
	Change Side     `json:"change"` // the standard that should change
	Title  string   `json:"title"`
	Text   string   `json:"text"`
	Leaves []string `json:"leaves"` // that name it, of both sides
	Rows   []string `json:"rows"`   // that own these leaves
}

// Figure counts the leaves of one class by what becomes of them in one direction.
type Figure struct {
	Side      Side              `json:"side"`
	Class     string            `json:"class"` // empty: the whole side
	Direction mapping.Direction `json:"direction"`
	Leaves    int               `json:"leaves"`
	Counts    map[Verdict]int   `json:"counts"`
}

// Leaves returns every leaf of both standards, ELMO first, in the order of the tables. What it and
// its neighbours return is shared: do not change it.
func Leaves() []Leaf { return crosswalk().leaves }

// Sheet returns our answer to each row of the Commission's sheet, in its order.
func Sheet() []SheetRow { return crosswalk().sheet }

// SheetRowOf returns our answer to the row of that number, from 2; the zero row when there is none.
func SheetRowOf(number int) SheetRow {
	if i := number - firstSheetRow; i >= 0 && i < len(Sheet()) {
		return Sheet()[i]
	}
	return SheetRow{}
}

// firstSheetRow is the number of the first row below the heading of the Commission's sheet.
const firstSheetRow = 2

// Rows returns the rows of the mapping, in its order.
func Rows() []Row { return crosswalk().byRow }

// Proposals returns the changes we propose, in the order of their numbers.
func Proposals() []Proposal { return crosswalk().proposals }

// Coverage returns the figures of both sides, each as a whole and then class by class.
func Coverage() []Figure {
	var c counter
	leaves := Leaves()
	for _, side := range []Side{ELMO, ELM} {
		for i := range leaves {
			if leaves[i].Side == side {
				c.add(side, "", &leaves[i])
			}
		}
		for i := range leaves {
			if leaves[i].Side == side {
				c.add(side, leaves[i].Class, &leaves[i])
			}
		}
	}
	return c.figures
}

type counter struct {
	figures []Figure
	at      map[string]int // index of the first figure by side and class
}

func (c *counter) add(side Side, class string, l *Leaf) {
	if c.at == nil {
		c.at = map[string]int{}
	}
	key := string(side) + " " + class
	i, ok := c.at[key]
	if !ok {
		i = len(c.figures)
		c.at[key] = i
		for _, d := range []mapping.Direction{mapping.ToEDC, mapping.ToELMO} {
			c.figures = append(c.figures, Figure{Side: side, Class: class, Direction: d, Counts: map[Verdict]int{}})
		}
	}
	for n, v := range []Verdict{l.ToEDC, l.ToELMO} {
		c.figures[i+n].Leaves++
		c.figures[i+n].Counts[v]++
	}
}
