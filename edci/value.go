package edci

import "strings"

// LangText is a text in one language; Lang is the tag as written.
type LangText struct{ Lang, Text string }

// LangString is a language map in the order of its members. A language may come twice where the
// profile allows several texts of one language.
type LangString []LangText

// Get returns the first text of the language, compared without regard to case.
func (s LangString) Get(lang string) (string, bool) {
	for _, t := range s {
		if strings.EqualFold(t.Lang, lang) {
			return t.Text, true
		}
	}
	return "", false
}

// Number is a JSON number as written; empty when absent.
type Number string

// Boolean is "true" or "false"; empty when absent.
type Boolean string

// Reference is a node of which only the id is known.
type Reference struct {
	ID string `json:"id"`
}

// AnyClaim is a *LearningAchievement, *LearningActivity, *LearningAssessment, *LearningEntitlement or *Claim.
type AnyClaim interface{ claim() }

// AnyAgent is an *Organisation, a *Person or an *Agent.
type AnyAgent interface{ agent() }

func (*LearningAchievement) claim() {}
func (*LearningActivity) claim()    {}
func (*LearningAssessment) claim()  {}
func (*LearningEntitlement) claim() {}
func (*Claim) claim()               {}

func (*Organisation) agent() {}
func (*Person) agent()       {}
func (*Agent) agent()        {}
