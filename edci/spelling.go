package edci

import (
	"strings"
	"unicode/utf8"
)

// spelling is a name as seen in documents and the name it stands for.
type spelling struct {
	name    string
	version string // of ELM whose documents have it, when that tells
}

var (
	memberSpellings = map[string]spelling{
		"resultDestribution": {"resultDistribution", "3.1"}, // contexts 3.0 and 3.1
		"mailbox":            {"emailAddress", "3.0"},       // ContactPoint in 3.0
		"expirydate":         {"expiryDate", "3.0"},         // Accreditation in 3.0
		"contentUrl":         {"contentURL", ""},            // EDCI 2.0.6
		"cred:proof":         {"proof", "3.1"},              // proof before 3.2
		"sec:proof":          {"proof", ""},                 // the 3.2 sample
		"elm:proof":          {"proof", ""},
	}
	typeSpellings = map[string]spelling{
		"EmailAddress": {"Mailbox", "3.1"}, // only in the tag 3.1
	}
	// lookalikes are letters of other alphabets in the place of Latin ones; the sample of ELM 3.1
	// has eIDASIdentifier with a Greek capital iota.
	lookalikes = strings.NewReplacer("Ι", "I", "І", "I", "Α", "A", "А", "A", "Ε", "E", "Е", "E",
		"е", "e", "ο", "o", "о", "o", "а", "a", "с", "c", "і", "i")
)

// respell returns the name that an unusual one stands for.
func respell(name string) (spelling, bool) {
	if s, ok := memberSpellings[name]; ok {
		return s, true
	}
	if isASCII(name) {
		return spelling{}, false
	}
	plain := lookalikes.Replace(name)
	return spelling{name: plain}, plain != name
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// repair gives the members and types of a node their right names, each an observation. A name that
// its context knows stays; so does one whose right name is there, too.
func (s *survey) repair(o Object, sc *scope, at []byte) {
	types := nodeTypes(o)
	for i := range o {
		m := &o[i]
		if m.Name == "type" {
			s.repairTypes(m, AppendToken(at, m.Name))
			continue
		}
		right, ok := respell(m.Name)
		if !ok {
			continue
		}
		_, known := sc.lookup(m.Name, types)
		_, rightKnown := sc.lookup(right.name, types)
		if _, taken := o.Get(right.name); taken || !rightKnown || known && !strings.Contains(m.Name, ":") {
			continue
		}
		old := m.Name
		m.Name = right.name
		s.respelled(right, old, AppendToken(at, m.Name))
	}
}

func (s *survey) respelled(right spelling, old string, at []byte) {
	s.observe(Spelling, at, "written "+old)
	if right.version != "" {
		s.version = right.version
	}
}

// repairTypes gives classes their right names.
func (s *survey) repairTypes(m *Member, at []byte) {
	switch v := m.Value.(type) {
	case string:
		if right, ok := typeSpellings[v]; ok {
			m.Value = right.name
			s.respelled(right, v, at)
		}
	case Array:
		for i := range v {
			t, _ := v[i].(string)
			if right, ok := typeSpellings[t]; ok {
				v[i] = right.name
				s.respelled(right, t, at)
			}
		}
	}
}
