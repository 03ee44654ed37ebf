package mapping

// TableVersion is the version of the table; it enters identifiers and reports.
const TableVersion = "1"

// Verdict says what became of a value. The words and their order are those of the mapping reference:
// each is worse than the one before it.
type Verdict string

const (
	Normalised Verdict = "normalised" // same meaning, other spelling or order
	Added      Verdict = "added"      // the target demands it, the source has none; or a readable copy
	Kept       Verdict = "kept"       // no home in the target model; stored where the way back finds it
	Reduced    Verdict = "reduced"    // part of the meaning is gone
	Dropped    Verdict = "dropped"    // gone
)

// Verdicts lists them from harmless to worst.
var Verdicts = []Verdict{Normalised, Added, Kept, Reduced, Dropped}

// Severity is the place of the verdict in Verdicts, from 1; 0 for no verdict.
func (v Verdict) Severity() int {
	for i, w := range Verdicts {
		if v == w {
			return i + 1
		}
	}
	return 0
}

// Reason is why a verdict was given: a closed list.
type Reason string

const (
	NoCounterpart   Reason = "no-counterpart"
	NotInCodeList   Reason = "not-in-code-list"
	OneOfMany       Reason = "one-of-many"
	Precision       Reason = "precision"
	Language        Reason = "language"
	Format          Reason = "format"
	Unknown         Reason = "unknown"
	RequiredDefault Reason = "required-default"
	Derived         Reason = "derived"
	Order           Reason = "order"
	Empty           Reason = "empty"
	Edited          Reason = "edited"
	DayAmbiguous    Reason = "day-ambiguous"
	Policy          Reason = "policy"
	Signature       Reason = "signature"
	NotInContext    Reason = "not-in-context"
	NotDataURI      Reason = "not-data-uri"
)

// Reasons lists them all.
var Reasons = []Reason{NoCounterpart, NotInCodeList, OneOfMany, Precision, Language, Format, Unknown, RequiredDefault,
	Derived, Order, Empty, Edited, DayAmbiguous, Policy, Signature, NotInContext, NotDataURI}

// Entry is one finding of a conversion.
type Entry struct {
	Row     string  `json:"row"`
	Verdict Verdict `json:"verdict"`
	Reason  Reason  `json:"reason"`
	Source  string  `json:"source,omitempty"` // ELMO path with positions, or JSON Pointer
	Target  string  `json:"target,omitempty"` // the same on the other side
	Note    string  `json:"note,omitempty"`
	Value   string  `json:"value,omitempty"` // only with Options.ReportValues: it is personal data
}

// Standard names one side of a conversion.
type Standard struct {
	Name    string `json:"name"` // "ELMO" or "ELM"
	Version string `json:"version"`
}

// Direction of a conversion.
type Direction string

const (
	ToEDC  Direction = "elmo-to-edc"
	ToELMO Direction = "edc-to-elmo"
)

// Report tells what did not come across unchanged. Losses holds what of the source was normalised,
// kept, reduced or dropped; Added what the source did not have.
type Report struct {
	Direction Direction       `json:"direction"`
	Source    Standard        `json:"source"`
	Target    Standard        `json:"target"`
	Table     string          `json:"table"`
	Losses    []Entry         `json:"losses"`
	Added     []Entry         `json:"added"`
	Counts    map[Verdict]int `json:"counts"`
	Warnings  []string        `json:"warnings,omitempty"`

	size, most int // bytes of the entries, about; 0: any number
}

func newReport(d Direction, source, target Standard) *Report {
	return &Report{Direction: d, Source: source, Target: target, Table: TableVersion,
		Losses: make([]Entry, 0, 8), Added: make([]Entry, 0, 8), Counts: map[Verdict]int{}}
}

// add adds an entry; what is beyond the bound is left out, for then the conversion ends with an error.
func (p *Report) add(e Entry) {
	if p.size += entrySize + len(e.Source) + len(e.Target) + len(e.Note); p.over() {
		return
	}
	p.Counts[e.Verdict]++
	if e.Verdict == Added {
		p.Added = append(p.Added, e)
		return
	}
	p.Losses = append(p.Losses, e)
}

// Worst is the worst verdict in the report; empty when there is none.
func (p *Report) Worst() Verdict {
	var worst Verdict
	for v, n := range p.Counts {
		if n > 0 && v.Severity() > worst.Severity() {
			worst = v
		}
	}
	return worst
}

// Entries gives losses and additions in one list.
func (p *Report) Entries() []Entry {
	return append(append([]Entry{}, p.Losses...), p.Added...)
}
