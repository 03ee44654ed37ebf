package mapping

import "strconv"

// step is one step of a path: an element or member name and its position, 0 where it has none.
type step struct {
	name string
	n    int
}

// usualPath is room for most paths and pointers.
const usualPath = 160

// elmoPath writes steps as report[1]/issuer/title[2].
func elmoPath(steps []step) string {
	b := make([]byte, 0, usualPath)
	for _, s := range steps {
		if len(b) > 0 {
			b = append(b, '/')
		}
		b = append(b, s.name...)
		if s.n > 0 {
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(s.n), 10)
			b = append(b, ']')
		}
	}
	return string(b)
}

// pointer writes steps as an RFC 6901 JSON Pointer; n counts from 1, the pointer from 0.
func pointer(steps []step) string {
	b := make([]byte, 0, usualPath)
	for _, s := range steps {
		b = append(b, '/')
		b = append(b, s.name...)
		if s.n > 0 {
			b = append(b, '/')
			b = strconv.AppendInt(b, int64(s.n-1), 10)
		}
	}
	return string(b)
}
