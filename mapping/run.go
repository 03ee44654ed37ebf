package mapping

import (
	"slices"
	"strconv"
	"strings"
)

// run is one conversion under way: where it is on both sides, and what it has to say.
type run struct {
	opt     *Options
	report  *Report
	row     string           // identifier of the row at work
	elmo    []step           // where the walk is in the ELMO document
	edc     []step           // and in the credential
	silent  bool             // a trial: nothing is reported
	bday    string           // name of the element with the date of birth in the source's version
	removed map[string][]int // elements that the reader left out: path without position -> positions
	prefix  string           // before pointers, when there are several credentials
}

// place remembers where a walk was.
type place struct{ elmo, edc int }

// enter goes one step down on both sides; an empty name stays where it is.
func (r *run) enter(elmoName string, n int, edcName string, m int) place {
	p := place{len(r.elmo), len(r.edc)}
	if elmoName != "" {
		r.elmo = append(r.elmo, step{elmoName, n})
	}
	if edcName != "" {
		r.edc = append(r.edc, step{edcName, m})
	}
	return p
}

func (r *run) leave(p place) { r.elmo, r.edc = r.elmo[:p.elmo], r.edc[:p.edc] }

// say reports on a thing below the present place: elmoSub is a path such as title[2], edcSub a
// pointer such as /title; both may be empty.
func (r *run) say(v Verdict, why Reason, elmoSub, edcSub, note string) {
	r.sayRow(r.row, v, why, elmoSub, edcSub, note)
}

func (r *run) sayRow(row string, v Verdict, why Reason, elmoSub, edcSub, note string) {
	if r.silent {
		return
	}
	e := Entry{Row: row, Verdict: v, Reason: why, Source: r.inSource(r.elmoAt(elmoSub)), Target: r.prefix + pointer(r.edc) + edcSub, Note: note}
	if r.report.Direction == ToELMO {
		e.Source, e.Target = e.Target, e.Source
	}
	r.report.add(e)
}

// elmoAt is the path of the present place with sub below it.
func (r *run) elmoAt(sub string) string {
	p := elmoPath(r.elmo)
	if p == "" || sub == "" {
		return p + sub
	}
	return p + "/" + sub
}

// inSource counts the elements that the reader left out because they were empty: positions in reports
// are those of the document.
func (r *run) inSource(path string) string {
	if len(r.removed) == 0 {
		return path
	}
	var out string
	for part := range strings.SplitSeq(path, "/") {
		name, position, counted := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		if n, err := strconv.Atoi(position); counted && err == nil {
			for _, gone := range r.removed[out+name] {
				if gone <= n {
					n++
				}
			}
			part = nth(name, n)
		}
		out += part + "/"
	}
	return strings.TrimSuffix(out, "/")
}

// leftOut notes an element that the reader left out.
func (r *run) leftOut(path string) {
	list, position, counted := strings.Cut(path[strings.LastIndexByte(path, '/')+1:], "[")
	n, err := strconv.Atoi(strings.TrimSuffix(position, "]"))
	if !counted || err != nil {
		return
	}
	if r.removed == nil {
		r.removed = map[string][]int{}
	}
	key := path[:strings.LastIndexByte(path, '/')+1] + list
	r.removed[key] = append(r.removed[key], n)
	slices.Sort(r.removed[key])
}

// nth writes name[n].
func nth(name string, n int) string { return name + "[" + strconv.Itoa(n) + "]" }

// dotted writes name.n as the paths of kept elements do.
func dotted(name string, n int) string {
	if n < 1 {
		return name
	}
	return name + "." + strconv.Itoa(n)
}

// undotted is the inverse of dotted.
func undotted(s string) (name string, n int) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, 0
	}
	n, err := strconv.Atoi(s[i+1:])
	if err != nil || n < 0 {
		return s, 0
	}
	return s[:i], n
}
