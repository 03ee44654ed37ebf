package schema

import (
	"regexp"
	"strings"
	"sync"
)

// simple is a simple type: the values that an attribute or a text may have.
type simple struct {
	name  string
	says  string // what a value is, for people: "a date such as 2024-01-31"
	base  *simple
	keep  bool                // white space counts (xs:string); else it is collapsed
	valid func(s string) bool // of the built-in type; nil when every text will do
	id    bool                // unique in the document

	enum    map[string]bool // canonical values
	listed  []string        // the same in order, for messages
	pattern *regexp.Regexp
	canon   func(string) string // makes values comparable; nil for texts
}

// fault says what is wrong with a value.
type fault uint8

const (
	faultNone fault = iota
	faultType
	faultEnum
	faultPattern
)

// check tells what is wrong with a text as a value of the type.
func (t *simple) check(s string) fault {
	if t.valid == nil && t.enum == nil && t.pattern == nil {
		return faultNone
	}
	if !t.keep {
		s = collapse(s)
	}
	switch {
	case t.valid != nil && !t.valid(s):
		return faultType
	case t.pattern != nil && !t.pattern.MatchString(s):
		return faultPattern
	case t.enum != nil && !t.enum[t.comparable(s)]:
		return faultEnum
	}
	return faultNone
}

func (t *simple) comparable(s string) string {
	if t.canon != nil {
		return t.canon(s)
	}
	return s
}

// collapse takes white space away from the ends of s, and makes one blank of it inside.
func collapse(s string) string {
	last := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' && (c == ' ' && last == ' ' || c == '\t' || c == '\n' || c == '\r') {
			return strings.Join(strings.FieldsFunc(s, isSpace), " ")
		}
		last = c
	}
	if last == ' ' && s != "" {
		return s[:len(s)-1]
	}
	return s
}

func isSpace(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// words are the lines below a value type: quoted or bare, with versions behind them.
var words = regexp.MustCompile(`"([^"]*)"|(\S+)`)

// restrict gives the type that the lines make of base in a version.
func restrict(base *simple, key string, lines []string, rank int) *simple {
	t := *base
	t.name, t.base = key, base
	for _, line := range lines {
		if pattern, ok := strings.CutPrefix(line, "~ "); ok {
			t.pattern = regexp.MustCompile("^(?:" + pattern + ")$")
			continue
		}
		t.list(line, rank)
	}
	if len(t.listed) > 0 {
		t.enum = make(map[string]bool, len(t.listed))
		for _, value := range t.listed {
			t.enum[value] = true
		}
	}
	return &t
}

// list takes the words of one line; versions stand behind the words they are about.
func (t *simple) list(line string, rank int) {
	for _, m := range words.FindAllStringSubmatch(line, -1) {
		if versions, ok := parseSpan(m[2]); ok {
			if !versions.has(rank) {
				t.listed = t.listed[:len(t.listed)-1]
			}
			continue
		}
		t.listed = append(t.listed, m[1]+m[2])
	}
}

// builtins are the simple types of XML Schema Part 2, each after the one it is derived from.
var builtins = func() map[string]*simple {
	all := map[string]*simple{}
	for _, t := range []struct {
		name, base, says string
		valid            func(string) bool
	}{
		{"anySimpleType", "", "any text", nil},
		{"string", "anySimpleType", "any text", nil},
		{"normalizedString", "string", "any text", nil},
		{"token", "normalizedString", "any text", nil},
		{"language", "token", "a language tag such as en or pt-BR", isLanguage},
		{"NMTOKEN", "token", "letters, digits and . - _ : without blanks", matches(nameChars + `+`)},
		{"NMTOKENS", "anySimpleType", "names with blanks between them", matches(nameChars + `+( ` + nameChars + `+)*`)},
		{"Name", "token", "a name as XML has it", matches(nameStart + nameChars + `*`)},
		{"NCName", "Name", "a name without a colon", isNCName},
		{"ID", "NCName", "a name without a colon, unique in the document", isNCName},
		{"IDREF", "NCName", "a name without a colon", isNCName},
		{"IDREFS", "anySimpleType", "names with blanks between them", areNCNames},
		{"ENTITY", "NCName", "the name of an entity", never},
		{"ENTITIES", "anySimpleType", "names of entities", never},
		{"boolean", "anySimpleType", "true or false", matches(`true|false|0|1`)},
		{"decimal", "anySimpleType", "a number such as 7.5, with a point and no unit", isDecimal},
		{"integer", "decimal", "a whole number", isInteger},
		{"nonPositiveInteger", "integer", "a whole number up to 0", matches(`-[0-9]+|\+?0+`)},
		{"negativeInteger", "nonPositiveInteger", "a whole number below 0", matches(`-0*[1-9][0-9]*`)},
		{"long", "integer", "a whole number of 64 bits", inRange(-1<<63, 1<<63-1)},
		{"int", "long", "a whole number of 32 bits", inRange(-1<<31, 1<<31-1)},
		{"short", "int", "a whole number of 16 bits", inRange(-1<<15, 1<<15-1)},
		{"byte", "short", "a whole number from -128 to 127", inRange(-1<<7, 1<<7-1)},
		{"nonNegativeInteger", "integer", "a whole number from 0", isNonNegative},
		{"unsignedLong", "nonNegativeInteger", "a whole number of 64 bits from 0", upTo(1<<64 - 1)},
		{"unsignedInt", "unsignedLong", "a whole number of 32 bits from 0", upTo(1<<32 - 1)},
		{"unsignedShort", "unsignedInt", "a whole number from 0 to 65535", upTo(1<<16 - 1)},
		{"unsignedByte", "unsignedShort", "a whole number from 0 to 255", upTo(1<<8 - 1)},
		{"positiveInteger", "nonNegativeInteger", "a whole number from 1", matches(`\+?0*[1-9][0-9]*`)},
		{"float", "anySimpleType", "a number", matches(floating)},
		{"double", "anySimpleType", "a number", matches(floating)},
		{"duration", "anySimpleType", "a duration such as P1Y", isDuration},
		{"dateTime", "anySimpleType", "a date and time such as 2024-01-31T12:00:00+01:00", isDateTime},
		{"time", "anySimpleType", "a time such as 12:00:00", isTime},
		{"date", "anySimpleType", "a date such as 2024-01-31", isDate},
		{"gYearMonth", "anySimpleType", "a month such as 2024-01", isYearMonth},
		{"gYear", "anySimpleType", "a year such as 2024", isYear},
		{"gMonthDay", "anySimpleType", "a day such as --01-31", isMonthDay},
		{"gDay", "anySimpleType", "a day such as ---31", isDay},
		{"gMonth", "anySimpleType", "a month such as --01", isMonth},
		{"hexBinary", "anySimpleType", "pairs of hexadecimal digits", matches(`([0-9A-Fa-f]{2})*`)},
		{"base64Binary", "anySimpleType", "base64, whole groups of four characters", isBase64},
		{"anyURI", "anySimpleType", "a URI", isURI},
		{"QName", "anySimpleType", "a name, with a declared prefix or none", isQName},
		{"NOTATION", "anySimpleType", "the name of a notation", never},
	} {
		name := "xs:" + t.name
		all[name] = &simple{
			name: name, says: t.says, valid: t.valid, base: all["xs:"+t.base], id: t.name == "ID",
			keep: t.name == "string" || t.name == "normalizedString" || t.name == "anySimpleType",
		}
	}
	all["xs:integer"].canon = canonicalInteger
	return all
}()

const (
	nameStart = `[\p{L}_:]`
	nameChars = `[\p{L}\p{N}\p{M}._:·-]`
	floating  = `[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN`
)

// matches gives a check by pattern, for types that no schema of ELMO uses: a document can name them
// with xsi:type. The pattern is compiled when it is first needed.
func matches(pattern string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^(?:" + pattern + ")$") })
	return func(s string) bool { return compiled().MatchString(s) }
}

func never(string) bool { return false }
