package mapping

import (
	"regexp"
	"strings"
	"time"
)

// isDate matches xs:date: date and an optional zone.
var isDate = regexp.MustCompile(`^(-?[0-9]{4,}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?$`)

// isDateTime matches xs:dateTime.
var isDateTime = regexp.MustCompile(`^(-?[0-9]{4,}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)(Z|[+-][0-9]{2}:[0-9]{2})?$`)

// dateTime turns an xs:date into midnight of that day in the zone it came with, or without one
// (VAL-03), so that no viewer can shift the day. ok is false for what is no date of the calendar.
func dateTime(date string) (string, bool) {
	if len(date) == 10 { // the usual form, without the cost of the pattern
		if !calendarDay(date) {
			return "", false
		}
		return date + "T00:00:00", true
	}
	m := isDate.FindStringSubmatch(date)
	if m == nil || !calendarDay(m[1]) {
		return "", false
	}
	return m[1] + "T00:00:00" + m[2], true
}

// calendarDay tells whether YYYY-MM-DD names a day; years of other length are only checked for form.
func calendarDay(d string) bool {
	if len(d) != 10 || d[0] == '-' {
		return isDate.MatchString(d) && len(d) > 10
	}
	if d[4] != '-' || d[7] != '-' {
		return false
	}
	y, m, day := digits(d[:4]), digits(d[5:7]), digits(d[8:])
	if y < 1 || m < 1 || m > 12 || day < 1 {
		return false
	}
	return day <= daysIn(y, m)
}

func daysIn(y, m int) int {
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// digits reads a number of digits only; -1 for anything else.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// validDateTime tells whether s is an xs:dateTime.
func validDateTime(s string) bool {
	m := isDateTime.FindStringSubmatch(s)
	return m != nil && calendarDay(m[1]) && validClock(m[2], m[3])
}

func validClock(clock, zone string) bool {
	h, m, s := digits(clock[:2]), digits(clock[3:5]), digits(clock[6:8])
	if h == 24 && m == 0 && s == 0 {
		return strings.Trim(clock[8:], ".0") == ""
	}
	if h > 23 || m > 59 || s > 59 {
		return false
	}
	return len(zone) < 6 || digits(zone[1:3])*60+digits(zone[4:]) <= 14*60 && digits(zone[4:]) < 60
}

// date is the way back of dateTime: the calendar date in the stated offset, with the offset; Z means
// no zone. midnight is false when the time was another, so that the day may be meant otherwise. A
// bare date is read, too. ok is false for anything else.
func date(dateTime string) (d string, midnight, ok bool) {
	m := isDateTime.FindStringSubmatch(dateTime)
	if m == nil {
		m = isDate.FindStringSubmatch(dateTime)
		if m == nil {
			return "", false, false
		}
		return m[1] + offset(m[2]), true, calendarDay(m[1])
	}
	return m[1] + offset(m[3]), strings.Trim(m[2], "0:.") == "", calendarDay(m[1])
}

func offset(zone string) string {
	if zone == "Z" {
		return ""
	}
	return zone
}

// inZone moves a date and time to the offset and gives its date there, as a birth date that EDCI
// wrote as local midnight in UTC wants. ok is false when either cannot be read.
func inZone(dateTime, zone string) (string, bool) {
	t, err := time.Parse(time.RFC3339Nano, dateTime)
	if err != nil {
		return "", false
	}
	z, err := time.Parse("Z07:00", zone)
	if err != nil {
		return "", false
	}
	return t.In(z.Location()).Format(time.DateOnly), true
}
