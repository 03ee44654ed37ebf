package edci

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Lines finds the lines, from 1, on which the members and elements stand that JSON Pointers (RFC 6901)
// name; 0 for what is not there. Data is JSON that Read takes.
func Lines(data []byte, pointers []string) []int {
	l := &liner{data: bytes.TrimPrefix(data, []byte("\uFEFF")), line: 1, wanted: map[string]int{"": 1}}
	for _, p := range pointers {
		if p != "" {
			l.wanted[p] = 0
		}
	}
	l.decoder = json.NewDecoder(bytes.NewReader(l.data))
	l.value(nil)
	lines := make([]int, len(pointers))
	for i, p := range pointers {
		lines[i] = l.wanted[p]
	}
	return lines
}

// liner walks through JSON and counts lines.
type liner struct {
	data    []byte
	decoder *json.Decoder
	at      int // what has been counted
	line    int
	wanted  map[string]int
}

// pass notes the line of a pointer that is wanted, and of what its member begins with.
func (l *liner) pass(pointer []byte) {
	to := int(l.decoder.InputOffset())
	l.line += bytes.Count(l.data[l.at:to], []byte{'\n'})
	l.at = to
	if line, ok := l.wanted[string(pointer)]; ok && line == 0 {
		l.wanted[string(pointer)] = l.line
	}
}

// value walks through one value; false when the data ends.
func (l *liner) value(at []byte) bool {
	token, err := l.decoder.Token()
	if err != nil {
		return false
	}
	l.pass(at)
	opened, ok := token.(json.Delim)
	if !ok {
		return true
	}
	for i := 0; l.decoder.More(); i++ {
		below := at
		if opened == '{' {
			name, err := l.decoder.Token()
			if err != nil {
				return false
			}
			text, _ := name.(string)
			below = AppendToken(at, text)
			l.pass(below)
		} else {
			below = strconv.AppendInt(append(below[:len(below):len(below)], '/'), int64(i), 10)
		}
		if !l.value(below) {
			return false
		}
	}
	_, err = l.decoder.Token()
	return err == nil
}
