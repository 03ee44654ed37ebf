package mapping

import (
	"strconv"
	"strings"
)

// run is one conversion under way: where it is on both sides, and what it has to say.
type run struct {
	opt    *Options
	report *Report
	row    string // identifier of the row at work
	elmo   []step // where the walk is in the ELMO document
	edc    []step // and in the credential
	silent bool   // a trial: nothing is reported
	bday   string // name of the element with the date of birth in the source's version
	prefix string // before pointers, when there are several credentials
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
	e := Entry{Row: row, Verdict: v, Reason: why, Source: r.elmoAt(elmoSub), Target: r.prefix + pointer(r.edc) + edcSub, Note: note}
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
