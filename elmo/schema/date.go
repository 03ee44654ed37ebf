package schema

import "strings"

// cursor reads a date or a time from the front; once it does not fit, bad stays true.
type cursor struct {
	rest string
	bad  bool
}

func (c *cursor) take(separator byte) {
	if c.rest == "" || c.rest[0] != separator {
		c.bad = true
		return
	}
	c.rest = c.rest[1:]
}

// two reads two digits, from low to high.
func (c *cursor) two(low, high int) int {
	if len(c.rest) < 2 || !isDigit(c.rest[0]) || !isDigit(c.rest[1]) {
		c.bad = true
		return 0
	}
	n := int(c.rest[0]-'0')*10 + int(c.rest[1]-'0')
	c.rest = c.rest[2:]
	c.bad = c.bad || n < low || n > high
	return n
}

// year reads four digits or more, without a zero in front of more than four; there is no year 0. It
// tells whether it is a leap year.
func (c *cursor) year() (leap bool) {
	c.rest = strings.TrimPrefix(c.rest, "-")
	n := digits(c.rest)
	number := c.rest[:n]
	c.rest = c.rest[n:]
	if n < 4 || n > 4 && number[0] == '0' || strings.Trim(number, "0") == "" {
		c.bad = true
		return false
	}
	y := 0
	for _, d := range number[max(0, n-4):] {
		y = y*10 + int(d-'0')
	}
	return y%4 == 0 && (y%100 != 0 || y%400 == 0)
}

var monthDays = [...]int{1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}

func (c *cursor) date() {
	leap := c.year()
	c.take('-')
	month := c.two(1, 12)
	c.take('-')
	day := c.two(1, 31)
	if c.bad {
		return
	}
	last := monthDays[month]
	if leap && month == 2 {
		last = 29
	}
	c.bad = day > last
}

// time reads 23:59:59.5; 24:00:00 is the end of the day.
func (c *cursor) time() {
	hour := c.two(0, 24)
	c.take(':')
	minute := c.two(0, 59)
	c.take(':')
	second := c.two(0, 59)
	fraction := ""
	if strings.HasPrefix(c.rest, ".") {
		n := digits(c.rest[1:])
		c.bad = c.bad || n == 0
		fraction, c.rest = c.rest[1:1+n], c.rest[1+n:]
	}
	if hour == 24 {
		c.bad = c.bad || minute+second > 0 || strings.Trim(fraction, "0") != ""
	}
}

// end reads the time zone, if there is one, and tells whether all was well.
func (c *cursor) end() bool {
	switch {
	case c.bad:
		return false
	case c.rest == "" || c.rest == "Z":
		return true
	case c.rest[0] != '+' && c.rest[0] != '-':
		return false
	}
	c.rest = c.rest[1:]
	hour := c.two(0, 14)
	c.take(':')
	minute := c.two(0, 59)
	return !c.bad && c.rest == "" && (hour < 14 || minute == 0)
}

func isDate(s string) bool {
	c := cursor{rest: s}
	c.date()
	return c.end()
}

func isDateTime(s string) bool {
	c := cursor{rest: s}
	c.date()
	c.take('T')
	c.time()
	return c.end()
}

func isTime(s string) bool {
	c := cursor{rest: s}
	c.time()
	return c.end()
}

func isYearMonth(s string) bool {
	c := cursor{rest: s}
	c.year()
	c.take('-')
	c.two(1, 12)
	return c.end()
}

func isYear(s string) bool {
	c := cursor{rest: s}
	c.year()
	return c.end()
}

func isMonthDay(s string) bool {
	rest, ok := strings.CutPrefix(s, "--")
	// Every day that some year has: 2000 is a leap year.
	return ok && isDate("2000-"+rest)
}

func isDay(s string) bool {
	rest, ok := strings.CutPrefix(s, "---")
	c := cursor{rest: rest, bad: !ok}
	c.two(1, 31)
	return c.end()
}

func isMonth(s string) bool {
	rest, ok := strings.CutPrefix(s, "--")
	c := cursor{rest: rest, bad: !ok}
	c.two(1, 12)
	return c.end()
}

var durationForm = matches(`-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?`)

func isDuration(s string) bool {
	return durationForm(s) && !strings.HasSuffix(s, "P") && !strings.HasSuffix(s, "T")
}
