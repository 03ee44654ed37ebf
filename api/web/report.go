package web

import (
	"slices"
	"strconv"
	"strings"

	"elmobridge/convert"
	"elmobridge/mapping"
)

// lossReport is the report of a conversion as people read it: what is alike is said once, with its places.
type lossReport struct {
	Direction      mapping.Direction
	Source, Target mapping.Standard
	Verdicts       []verdictGroup // the worst first
	Warnings       []string
}

// verdictGroup is what fared alike.
type verdictGroup struct {
	Verdict mapping.Verdict
	Count   int
	Lines   []*line
	Rest    int // entries that are in the file of the report alone
}

// line is what the report says about one field, with all places it says that of.
type line struct {
	ID, Row, Field string
	Reason         mapping.Reason
	Note           string // in English
	Count          int
	Places         []entryPlace
}

// entryPlace is where an entry belongs.
type entryPlace struct {
	At             *place // on the page; nil when it is of the credential alone
	Source, Target string
}

// Bounds of what is shown of a report.
const (
	mostLines  = 200 // of a verdict
	mostPlaces = 100 // of a line
)

// newLossReport groups a report, and tells the places of the transcript what it says of them.
func newLossReport(r *convert.Report, t *transcript, l *language) *lossReport {
	out := &lossReport{Direction: r.Direction, Source: r.Source, Target: r.Target, Warnings: r.Warnings}
	entries := r.Entries()
	for _, v := range slices.Backward(mapping.Verdicts) {
		g := verdictGroup{Verdict: v, Count: r.Counts[v]}
		g.gather(entries, t, l)
		if g.Count > 0 {
			out.Verdicts = append(out.Verdicts, g)
		}
	}
	return out
}

// kindOfEntry is what entries on one line have in common.
type kindOfEntry struct {
	row, field, note string
	reason           mapping.Reason
}

func (g *verdictGroup) gather(entries []convert.Entry, t *transcript, l *language) {
	at := map[kindOfEntry]*line{}
	for _, e := range entries {
		if e.Verdict != g.Verdict {
			continue
		}
		k := kindOfEntry{e.Row, fieldOf(e, l), e.Note, e.Reason}
		if at[k] == nil && len(g.Lines) == mostLines {
			g.Rest++
			continue
		}
		if at[k] == nil {
			at[k] = &line{ID: "r-" + string(g.Verdict) + "-" + strconv.Itoa(len(g.Lines)+1), Row: e.Row, Field: k.field, Reason: e.Reason, Note: e.Note}
			g.Lines = append(g.Lines, at[k])
		}
		at[k].add(e, t)
	}
}

func (n *line) add(e convert.Entry, t *transcript) {
	p := entryPlace{t.nearest(e), e.Source, e.Target}
	if n.Count++; n.Count <= mostPlaces {
		n.Places = append(n.Places, p)
	}
	if p.At == nil {
		return
	}
	if p.At.Count++; p.At.Entry == "" {
		p.At.Entry = n.ID
	}
}

// Rest is how many places are in the file of the report alone.
func (n *line) Rest() int { return n.Count - len(n.Places) }

// nearest is the place in the transcript that an entry speaks of, or what that is a part of, at last the document;
// nil when the entry names none.
func (t *transcript) nearest(e convert.Entry) *place {
	path := elmoPath(e)
	if path == "" {
		return nil
	}
	for t.places[path] == nil {
		path = path[:max(0, strings.LastIndexByte(path, '/'))]
	}
	return t.places[path]
}

// elmoPath is the one of the two paths of an entry that is of ELMO; the other one is a JSON Pointer.
func elmoPath(e convert.Entry) string {
	for _, path := range []string{e.Source, e.Target} {
		if path != "" && path[0] != '/' {
			return path
		}
	}
	return ""
}

// fieldOf names what an entry is about: what was added in the target, what fared otherwise in the source.
func fieldOf(e convert.Entry, l *language) string {
	path := e.Source
	if path == "" || e.Verdict == mapping.Added && e.Target != "" {
		path = e.Target
	}
	names := namesIn(path)
	last := names[len(names)-1]
	if len(names) > 1 && slices.Contains(dependent, last) {
		return l.field(names[len(names)-2]) + " · " + l.field(last)
	}
	return l.field(last)
}

// dependent are names that say little without that before them.
var dependent = []string{"title", "identifier", "description", "type", "value", "lang", "additionalNote", "id", "extension"}

// namesIn are the names of the steps of a path, which has at least one, without positions, prefixes and marks.
func namesIn(path string) []string {
	var names []string
	for _, step := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		name, _, _ := strings.Cut(step, "[")
		name = strings.TrimPrefix(name, "@")
		if _, after, found := strings.Cut(name, ":"); found {
			name = after
		}
		if !digits(name) {
			names = append(names, name)
		}
	}
	return names
}

// abbreviate writes a path of ELMO with the abbreviations of the crosswalk.
var abbreviate = strings.NewReplacer("learningOpportunitySpecification", "LOS", "learningOpportunityInstance", "LOI", "diplomaSupplement", "DS").Replace
