package schema

import "github.com/beevik/etree"

// Severity says how much a finding matters.
type Severity string

const (
	Error   Severity = "error"   // the schema refuses the document
	Warning Severity = "warning" // against a rule that the schema states in prose
	Advice  Severity = "advice"  // not as the schema recommends
)

// Finding is one place of a document that is not as it should be.
type Finding struct {
	Rule     string   `json:"rule"` // the ID of one of Rules
	Severity Severity `json:"severity"`
	Path     string   `json:"path"` // report[1]/issuer/title[2]/@xml:lang; empty for the root
	Text     string   `json:"text"` // one sentence, without values of the document
	Source   string   `json:"source"`
	Value    string   `json:"value,omitempty"` // what stands there: only with Options.Values

	// Node is the element that the finding is about. For a missing element it is the one in front
	// of which it is missing, or else the parent.
	Node *etree.Element `json:"-"`
}

// Options govern checking; the zero value is right.
type Options struct {
	Values    bool // put what stands in the document into Finding.Value: personal data
	Structure bool // only what the schema refuses, no rules of prose
	Max       int  // how many findings are listed at most; 0 is 1000
}

// maxFindings is the default of Options.Max.
const maxFindings = 1000

// maxValue is how many bytes of a value a finding holds at most.
const maxValue = 200

// Rule describes one rule for documentation and reports. IDs are a promise: they never change their
// meaning and are never used again.
type Rule struct {
	ID       string
	Severity Severity
	Text     string
	Source   string
}

var sources = func() map[string]string {
	m := make(map[string]string, len(Rules))
	for _, r := range Rules {
		m[r.ID] = r.Source
	}
	return m
}()

var severities = func() map[string]Severity {
	m := make(map[string]Severity, len(Rules))
	for _, r := range Rules {
		m[r.ID] = r.Severity
	}
	return m
}()
