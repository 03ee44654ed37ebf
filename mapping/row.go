package mapping

// Rule is what people read of a row: one thing of ELMO, of ELM, or of both.
type Rule struct {
	ID      string // public, never reused
	ELMO    string // path of the element or attribute below the section's; empty: ELM alone
	ELM     string // path of the member below the section's; empty: ELMO alone
	Note    string // the rule in a sentence or two
	Example Example
}

// Example shows a rule at work; the tests convert it there and back, and compare what reports say under
// the rule with the verdicts stated here.
type Example struct {
	In      string  // element of ELMO that it stands in; empty: the section's
	Foreign bool    // converted from ELM to ELMO first: a part of a credential that is not ours
	ELMO    string  // content of the element; empty: nothing but what the schema demands
	ELM     string  // a part of its node in the credential; empty: the remainder alone holds it
	ToEDC   Verdict // the worst that a report says of it under the rule; empty: nothing, it is carried as it is
	ToELMO  Verdict // the same on the way to ELMO
}

// Row is a rule with what it does.
type Row[E, C any] struct {
	Rule
	Link[E, C]
}

// Link holds what a row does in each direction; nil where it does nothing.
type Link[E, C any] struct {
	Forward func(r *run, e E, c C)
	Back    func(r *run, c C, e E)
}

// Section holds the rows of one pair of nodes.
type Section[E, C any] struct {
	Name string // letters that its row identifiers begin with, and a word
	ELMO string // the ELMO node
	ELM  string // the ELM node
	Rows []Row[E, C]
}

func (s *Section[E, C]) forward(r *run, e E, c C) {
	for i := range s.Rows {
		if f := s.Rows[i].Forward; f != nil {
			r.row = s.Rows[i].ID
			f(r, e, c)
		}
	}
}

func (s *Section[E, C]) back(r *run, c C, e E) {
	for i := range s.Rows {
		if f := s.Rows[i].Back; f != nil {
			r.row = s.Rows[i].ID
			f(r, c, e)
		}
	}
}
