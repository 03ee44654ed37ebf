package profile

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// datatype is the type of a literal; node is that of what is none.
type datatype uint8

const (
	node datatype = iota
	langString
	xsdString
	xsdDateTime
	xsdDuration
	xsdDecimal
	xsdInteger
	xsdPositiveInteger
	xsdBoolean
	xsdAnyURI
	xsdDouble
	rdfHTML
	datatypes
)

// lexical are the datatypes with the test of their lexical form; nil takes anything. Source: XML Schema
// 1.1 part 2, for the forms; that a day or an hour exists is a matter of rule EDC-CALENDAR.
var lexical = [datatypes]struct {
	name string
	ok   func(string) bool
	want string // for people
}{
	langString:         {"rdf:langString", nil, "a text in a language map, such as {\"en\": \"...\"}"},
	xsdString:          {"xsd:string", nil, "a string"},
	xsdDateTime:        {"xsd:dateTime", isDateTime, "a date with a time, such as 2026-01-31T00:00:00Z"},
	xsdDuration:        {"xsd:duration", isDuration, "a duration such as PT40H or P3Y"},
	xsdDecimal:         {"xsd:decimal", isDecimal, "a decimal number, written as a string if it has a fraction"},
	xsdInteger:         {"xsd:integer", isInteger, "an integer"},
	xsdPositiveInteger: {"xsd:positiveInteger", isPositiveInteger, "an integer above 0"},
	xsdBoolean:         {"xsd:boolean", isBoolean, "true or false"},
	xsdAnyURI:          {"xsd:anyURI", isAnyURI, "an address"},
	xsdDouble:          {"xsd:double", nil, "a number"},
	rdfHTML:            {"rdf:HTML", nil, "HTML, which the context cannot express"},
}

// datatypeNamed finds a datatype by prefix:name.
func datatypeNamed(name string) (datatype, bool) {
	for d, l := range lexical {
		if l.name == name && name != "" {
			return datatype(d), true
		}
	}
	return node, false
}

// digits is the number of decimal digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func unsigned(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

func isInteger(s string) bool {
	s = unsigned(s)
	return s != "" && digits(s) == len(s)
}

func isPositiveInteger(s string) bool {
	return isInteger(s) && s[0] != '-' && strings.Trim(unsigned(s), "0") != ""
}

func isDecimal(s string) bool {
	whole, fraction, _ := strings.Cut(unsigned(s), ".")
	return len(whole)+len(fraction) > 0 && digits(whole) == len(whole) && digits(fraction) == len(fraction)
}

func isBoolean(s string) bool { return s == "true" || s == "false" || s == "1" || s == "0" }

// isAnyURI takes nearly everything, as the datatype does.
func isAnyURI(s string) bool { return !strings.ContainsAny(s, "\uFFFE\uFFFF") }

// isDuration tests [-]PnYnMnDTnHnMn.nS, with at least one part, and one after T.
func isDuration(s string) bool {
	s = strings.TrimPrefix(s, "-")
	if !strings.HasPrefix(s, "P") {
		return false
	}
	date, time, timed := strings.Cut(s[1:], "T")
	if timed && !parts(time, "HMS") {
		return false
	}
	return date == "" && timed || parts(date, "YMD")
}

// parts tests numbers each with its letter, in the order of the letters, at least one. S alone may
// have a fraction.
func parts(s, letters string) bool {
	if s == "" {
		return false
	}
	for s != "" {
		n := digits(s)
		if n == 0 {
			return false
		}
		s = s[n:]
		fraction := strings.HasPrefix(s, ".")
		if fraction {
			n = digits(s[1:])
			s = s[1+n:]
		}
		if s == "" || n == 0 {
			return false
		}
		at := strings.IndexByte(letters, s[0])
		if at < 0 || fraction && s[0] != 'S' {
			return false
		}
		letters, s = letters[at+1:], s[1:]
	}
	return true
}

// clock is a dateTime in its parts.
type clock struct {
	year                             int
	month, day, hour, minute, second int
	zoneHour, zoneMinute             int
	midnight                         bool
}

func isDateTime(s string) bool {
	_, ok := readDateTime(s)
	return ok
}

// readDateTime takes a dateTime apart: [-]YYYY-MM-DDThh:mm:ss[.s][Z|+hh:mm].
func readDateTime(s string) (c clock, ok bool) {
	s = strings.TrimPrefix(s, "-")
	n := digits(s)
	if n < 4 || n > 4 && s[0] == '0' || len(s) < n+15 {
		return c, false
	}
	c.year, _ = strconv.Atoi(s[:n])
	s = s[n:]
	for i, part := range []struct {
		before byte
		to     *int
	}{{'-', &c.month}, {'-', &c.day}, {'T', &c.hour}, {':', &c.minute}, {':', &c.second}} {
		if *part.to, ok = twoDigits(s[3*i:], part.before); !ok {
			return c, false
		}
	}
	s = s[15:]
	c.midnight = c.hour == 0 && c.minute == 0 && c.second == 0
	if strings.HasPrefix(s, ".") {
		n := digits(s[1:])
		if n == 0 {
			return c, false
		}
		c.midnight = c.midnight && strings.Trim(s[1:1+n], "0") == ""
		s = s[1+n:]
	}
	return c, c.zone(s)
}

// zone reads the end of a dateTime.
func (c *clock) zone(s string) (ok bool) {
	switch {
	case s == "" || s == "Z":
		return true
	case len(s) != 6 || s[0] != '+' && s[0] != '-':
		return false
	}
	if c.zoneHour, ok = twoDigits(s, s[0]); !ok {
		return false
	}
	c.zoneMinute, ok = twoDigits(s[3:], ':')
	return ok
}

// twoDigits reads a byte that must be there and two digits.
func twoDigits(s string, before byte) (int, bool) {
	if len(s) < 3 || s[0] != before || digits(s[1:3]) != 2 {
		return 0, false
	}
	return int(s[1]-'0')*10 + int(s[2]-'0'), true
}

// exists tells whether there is such a time in the calendar.
func (c clock) exists() bool {
	endOfDay := c.hour == 24 && c.minute == 0 && c.second == 0
	return c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= daysIn(c.year, c.month) &&
		(c.hour < 24 || endOfDay) && c.minute < 60 && c.second < 60 &&
		c.zoneMinute < 60 && c.zoneHour*60+c.zoneMinute <= 14*60
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// leadingInteger is the number that a literal begins with, as comparisons read it; NaN when there is none.
func leadingInteger(s string) float64 {
	s = strings.TrimLeftFunc(s, isBlank)
	n := digits(unsigned(s))
	f, err := strconv.ParseFloat(s[:len(s)-len(unsigned(s))+n], 64)
	if n == 0 || err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// numberLiteral is the lexical form and the datatype that JSON-LD gives a JSON number: an integer as it
// is, others as xsd:double has them. Source: JSON-LD 1.1 API, 8.6 (Data Round Tripping).
func numberLiteral(n json.Number) (string, datatype) {
	s := string(n)
	if short := unsigned(s); len(short) < 16 && digits(short) == len(short) && short != "0" {
		return s, xsdInteger
	}
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil && !math.IsInf(f, 0):
		return s, xsdString // not reached with what a JSON reader gives
	case math.IsInf(f, 0):
		return strings.Replace(strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+"), "Inf", "Infinity", 1), xsdDouble
	case f == 0:
		return "0", xsdInteger
	case f == math.Trunc(f) && math.Abs(f) < 1e21, hasNoPoint(f):
		return strconv.FormatFloat(f, 'f', 0, 64), xsdInteger
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', 15, 64), "e")
	if mantissa = strings.TrimRight(mantissa, "0"); strings.HasSuffix(mantissa, ".") {
		mantissa += "0"
	}
	e, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(e), xsdDouble
}

// hasNoPoint tells whether a small number is written with one digit and an exponent: processors take it
// for an integer.
func hasNoPoint(f float64) bool {
	return math.Abs(f) < 1e-6 && !strings.Contains(strconv.FormatFloat(f, 'e', -1, 64), ".")
}

// isBlank tells whether an IRI cannot hold the character.
func isBlank(r rune) bool { return unicode.IsSpace(r) && r != '\u0085' || r == '\uFEFF' }

// isAbsolute tells whether JSON-LD takes a string for an IRI, or for the name of a blank node, and not
// for a relative reference.
func isAbsolute(s string) bool {
	colon := strings.IndexByte(s, ':')
	if colon < 1 || !isScheme(s[:colon]) && s[:colon] != "_" {
		return false
	}
	for i := colon + 1; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x80 {
			return !strings.ContainsFunc(s[i:], isBlank)
		}
	}
	return true
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && (c < '+' || c > '.')) {
			return false
		}
	}
	return true
}

// isLanguage tells whether a tag has the form of one. Source: RFC 5646, 2.1, in the short form that
// JSON-LD processors ask for.
func isLanguage(tag string) bool {
	for first := true; ; first = false {
		part, rest, more := strings.Cut(tag, "-")
		if len(part) < 1 || len(part) > 8 {
			return false
		}
		for i := range len(part) {
			c := part[i]
			letter := c|0x20 >= 'a' && c|0x20 <= 'z'
			if !letter && (first || c < '0' || c > '9') {
				return false
			}
		}
		if !more {
			return true
		}
		tag = rest
	}
}
