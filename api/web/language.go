package web

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	xlanguage "golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
)

//go:embed texts
var textFiles embed.FS

//go:embed templates
var templateFiles embed.FS

// language is one language of the pages.
type language struct {
	Tag  string // BCP 47
	Name string // in the language itself

	tag       xlanguage.Tag
	names     xlanguage.Tag // for names of languages and countries
	texts     map[string]string
	plurals   map[string]map[string]string // by key and form
	months    []string                     // as they stand in a date
	templates *template.Template
}

// tags are the languages of the pages in the order of their menu. The first is for everybody else.
var tags = []string{"en", "nb", "de", "nl", "fr", "fi", "pl", "el"}

// languages are those of the tags, matcher finds the closest.
var (
	languages = readLanguages()
	matcher   = newMatcher()
)

func readLanguages() []*language {
	var list []*language
	for _, tag := range tags {
		list = append(list, readLanguage(tag))
	}
	return list
}

func newMatcher() xlanguage.Matcher {
	var list []xlanguage.Tag
	for _, l := range languages {
		list = append(list, l.tag)
	}
	return xlanguage.NewMatcher(list)
}

// readLanguage reads the texts of a language. A value is a text, or an object of texts by plural form.
func readLanguage(tag string) *language {
	l := &language{Tag: tag, tag: xlanguage.MustParse(tag), names: xlanguage.MustParse(tag), texts: map[string]string{}, plurals: map[string]map[string]string{}}
	if tag == "nb" {
		l.names = xlanguage.Norwegian // package display takes Danish names for Bokmål
	}
	data, err := textFiles.ReadFile("texts/" + tag + ".json")
	if err != nil {
		panic(err)
	}
	var values map[string]any
	if err := json.Unmarshal(data, &values); err != nil {
		panic(fmt.Errorf("texts/%s.json: %w", tag, err))
	}
	for key, value := range values {
		switch v := value.(type) {
		case string:
			l.texts[key] = v
		case map[string]any:
			l.plurals[key] = map[string]string{}
			for form, text := range v {
				l.plurals[key][form] = text.(string)
			}
		}
	}
	l.Name, l.months = l.T("language.name"), strings.Fields(l.T("date.months"))
	l.templates = template.Must(template.New("").Funcs(l.functions()).ParseFS(templateFiles, "templates/*.html"))
	return l
}

// functions are what templates may call.
func (l *language) functions() template.FuncMap {
	return template.FuncMap{
		"t": l.T, "plural": l.Plural, "count": l.Count, "number": l.Number, "date": l.Date, "moment": l.Moment, "has": l.has, "field": l.field, "path": abbreviate,
		"country": l.Country, "language": l.LanguageName,
		"asset": func(name string) string { return assetNames[name] },
		"list":  func(items ...any) []any { return items },
	}
}

// T is a text; %s and %d in it stand for the arguments.
func (l *language) T(key string, args ...any) string {
	text, ok := l.texts[key]
	if !ok {
		panic("web: no text " + key + " in " + l.Tag)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// field is the name of an element of ELMO or a member of ELM in words. What has no name here keeps that of the standard.
func (l *language) field(name string) string {
	if l.has("field." + name) {
		return l.T("field." + name)
	}
	return name
}

func (l *language) has(key string) bool { return l.texts[key] != "" }

// forms are the names of plural forms (CLDR).
var forms = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}

// form is the plural form that a number takes.
func (l *language) form(n int) string {
	return forms[plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)]
}

// Plural is a text with a number in it, in the form that the number takes.
func (l *language) Plural(key string, n int) string {
	text, ok := l.plurals[key][l.form(n)]
	if !ok {
		panic("web: no text " + key + " of that number in " + l.Tag)
	}
	return strings.ReplaceAll(text, "%d", l.Count(int64(n)))
}

// Count writes a whole number with the separators of the language.
func (l *language) Count(n int64) string { return message.NewPrinter(l.tag).Sprint(n) }

// Number writes a decimal as it was stated, with the separator of the language. What is no plain decimal stays as it is.
func (l *language) Number(stated string) string {
	whole, fraction, found := strings.Cut(stated, ".")
	if !found || !digits(strings.TrimPrefix(whole, "-")) || !digits(fraction) {
		return stated
	}
	return whole + l.T("number.decimal") + fraction
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// Date writes an xs:date or xs:dateTime, of which the day as stated counts, whatever the zone. What is neither stays as it is.
func (l *language) Date(stated string) string {
	if len(stated) < len(time.DateOnly) {
		return stated
	}
	d, err := time.Parse(time.DateOnly, stated[:len(time.DateOnly)])
	if err != nil {
		return stated
	}
	return l.day(d)
}

func (l *language) day(d time.Time) string {
	pattern := "date.day"
	if d.Day() == 1 {
		pattern = "date.first" // French says premier
	}
	return strings.NewReplacer("{day}", fmt.Sprint(d.Day()), "{month}", l.months[d.Month()-1], "{year}", fmt.Sprint(d.Year())).Replace(l.T(pattern))
}

// Moment writes the time of day, in UTC.
func (l *language) Moment(t time.Time) string { return t.UTC().Format("15:04") + " UTC" }

// Country is the name of a country by its code of ISO 3166-1, or the code.
func (l *language) Country(code string) string {
	if r, err := xlanguage.ParseRegion(code); err == nil && r.IsCountry() {
		if name := display.Regions(l.names).Name(r); name != "" {
			return name
		}
	}
	return code
}

// LanguageName is the name of a language by its tag, or the tag.
func (l *language) LanguageName(tag string) string {
	if t, err := xlanguage.Parse(tag); err == nil {
		if name := display.Languages(l.names).Name(t); name != "" {
			return name
		}
	}
	return tag
}

// languageCookie remembers the language that was chosen.
const languageCookie = "elmobridge-language"

// languageParameter of a link chooses a language.
const languageParameter = "lang"

type languageKey struct{} // of the language in a context

// chooseLanguage follows links that choose a language: it is remembered, and the page asked for again. Other
// requests get the language chosen before, or else the closest to what the browser prefers.
func (h *handlers) chooseLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Language, Cookie")
		if l := byTag(r.URL.Query().Get(languageParameter)); l != nil && r.Method == http.MethodGet {
			http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: l.Tag, Path: "/", MaxAge: 365 * 24 * 3600,
				Secure: h.secured(r), HttpOnly: true, SameSite: http.SameSiteLaxMode})
			_ = see(w, r, "/"+strings.TrimLeft(r.URL.EscapedPath(), "/\\"))
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), languageKey{}, preferred(r))))
	})
}

func preferred(r *http.Request) *language {
	if c, err := r.Cookie(languageCookie); err == nil {
		if l := byTag(c.Value); l != nil {
			return l
		}
	}
	wanted, _, _ := xlanguage.ParseAcceptLanguage(r.Header.Get("Accept-Language")) // what is malformed prefers nothing
	_, i, _ := matcher.Match(wanted...)
	return languages[i]
}

func byTag(tag string) *language {
	for _, l := range languages {
		if l.Tag == tag {
			return l
		}
	}
	return nil
}

// languageOf is the language of a request.
func languageOf(r *http.Request) *language {
	if l, ok := r.Context().Value(languageKey{}).(*language); ok {
		return l
	}
	return preferred(r)
}
