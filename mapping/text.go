package mapping

import (
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// undetermined is the tag for texts whose language is not known (BCP 47).
const undetermined = "und"

// tag gives the language tag as a language map has it (VAL-01): trimmed, in lower case. ok is false
// when it is no well-formed tag; the text then stands under "und".
func tag(lang string) (t string, ok bool) {
	t = strings.ToLower(strings.TrimSpace(lang))
	if !wellFormed(t) {
		return undetermined, false
	}
	return t, true
}

// wellFormed tells whether a tag consists of subtags of one to eight letters or digits, letters
// first, as RDF processors demand.
func wellFormed(t string) bool {
	first, n := true, 0
	for i := 0; i <= len(t); i++ {
		if i == len(t) || t[i] == '-' {
			if n < 1 || n > 8 {
				return false
			}
			first, n = false, 0
			continue
		}
		letter := t[i]|0x20 >= 'a' && t[i]|0x20 <= 'z'
		if !letter && (first || t[i] < '0' || t[i] > '9') {
			return false
		}
		n++
	}
	return true
}

// defaultLanguage is the tag of texts without one.
func (r *run) defaultLanguage() string {
	if r.opt.DefaultLanguage != "" {
		return r.opt.DefaultLanguage
	}
	return undetermined
}

// texts turns the texts of an element into a language map (VAL-01). surplus is called for what a
// language map cannot hold: a second text of one language, and texts under a tag that is none; bad
// tells the two apart. Its n counts from 1.
func (r *run) texts(in []elmo.Text, name string, surplus func(n int, t edci.LangText, bad bool)) edci.LangString {
	if len(in) == 0 {
		return nil
	}
	out, met := make(edci.LangString, 0, len(in)), newLanguages(len(in))
	for i := range in {
		t, ok := edci.LangText{Text: in[i].Value}, true
		switch lang := in[i].Lang; {
		case lang == "" && r.opt.DefaultLanguage == "":
			t.Lang = undetermined
		case lang == "":
			t.Lang = r.opt.DefaultLanguage
			r.sayRow("VAL-01", Normalised, Policy, nth(name, i+1), "", "a text without language got the default language")
		default:
			t.Lang, ok = tag(lang)
			if t.Lang != lang || lang == undetermined {
				r.sayRow("VAL-01", Normalised, Language, nth(name, i+1), "", "the language tag is written in lower case, or left out when undetermined")
			}
		}
		repeated := met.has(out, t.Lang)
		if !repeated {
			out = append(out, t)
		}
		if (repeated || !ok) && surplus != nil {
			surplus(i+1, t, !ok)
		}
	}
	return out
}

// met are the languages of a long language map; nil for a short one, which is looked through.
type met map[string]bool

func newLanguages(texts int) met {
	if texts <= 16 {
		return nil
	}
	return met{}
}

// has tells whether a text of that language is there, and notes it.
func (m met) has(s edci.LangString, lang string) bool {
	if m == nil {
		_, there := s.Get(lang)
		return there
	}
	there := m[lang]
	m[lang] = true
	return there
}

// elmoTexts is the way back of texts.
func elmoTexts(s edci.LangString) []elmo.Text {
	if len(s) == 0 {
		return nil
	}
	out := make([]elmo.Text, len(s))
	for i, t := range s {
		out[i] = elmo.Text{Lang: elmoLang(t.Lang), Value: t.Text}
	}
	return out
}

// elmoLang is the xml:lang of a tag; none for what is no tag.
func elmoLang(lang string) string {
	if t, ok := tag(lang); ok && t != undetermined {
		return t
	}
	return ""
}

// und makes a language map of one text without language.
func und(text string) edci.LangString { return edci.LangString{{Lang: undetermined, Text: text}} }

// first is the text to take where ELMO has room for one: the undetermined, the English, the first.
func first(s edci.LangString) string {
	for _, lang := range [...]string{undetermined, "", "en"} {
		if t, ok := s.Get(lang); ok {
			return t
		}
	}
	if len(s) > 0 {
		return s[0].Text
	}
	return ""
}
