package convert

import (
	"fmt"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

// Trip is the way there and back.
type Trip struct {
	Format  Format   // of the source and the result
	There   *Report  // on the way to the other format
	Back    *Report  // and on the way home
	Between [][]byte // what was written in the other format
	Result  [][]byte // what came back: one document, or a credential each

	// Differences are those of a real comparison of source and result.
	Differences []Difference

	several bool  // there were several credentials
	reports []int // the positions, from 1, of the reports that became the credentials of Result
}

// Difference is one place where the result is not the source.
type Difference struct {
	Path    string  `json:"path"` // ELMO path or JSON Pointer in the source; of what only the result has in that
	Kind    string  `json:"kind"` // missing, extra, value ...: as elmo.Diff and edci.Diff have it
	Named   bool    `json:"named"`
	Row     string  `json:"row,omitempty"`     // of the report entry that names it
	Verdict Verdict `json:"verdict,omitempty"` // of that entry
}

// Worst is the worst verdict of both ways; a difference that no report names counts as dropped.
func (t *Trip) Worst() Verdict {
	worst := t.There.Worst()
	if v := t.Back.Worst(); v.Severity() > worst.Severity() {
		worst = v
	}
	for _, d := range t.Differences {
		if !d.Named {
			return mapping.Dropped
		}
	}
	return worst
}

// RoundTrip converts a file to the other format and back, and compares the result with the source. Which
// way is told by the content. Each step goes through the written form, as it would between two
// systems. Without Options.ELMOVersion a document of 2.0 comes back as 2.0.
func RoundTrip(data []byte, opt Options) (*Trip, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	in, err := Read(data)
	if err != nil {
		return nil, err
	}
	if in.Format == FormatELMO {
		return tripOfDocument(in.Document, opt)
	}
	return tripOfCredentials(in.Credentials, opt)
}

func tripOfDocument(doc *elmo.Document, opt Options) (*Trip, error) {
	if v := elmo.Version(sourceVersion(doc)); opt.ELMOVersion == "" && opt.Keep != KeepSource && (v == elmo.V20 || v == elmo.V20v2) {
		opt.ELMOVersion = v
	}
	t := &Trip{Format: FormatELMO}
	credentials, err := t.leave(doc, opt)
	if err != nil {
		return nil, err
	}
	back, report, err := ToELMO(credentials, opt)
	if err != nil {
		return nil, fmt.Errorf("on the way back: %w", err)
	}
	t.Back = report
	if !opt.verbatim(back) {
		renamed(doc, opt.target(), report)
	}
	xml, err := WriteELMO(back, opt)
	if err != nil {
		return nil, fmt.Errorf("on the way back: %w", err)
	}
	t.Result = [][]byte{xml}
	differences, err := elmo.Diff(doc.Source.Data, xml)
	if err != nil {
		return nil, fmt.Errorf("on the way back: %w", err)
	}
	named := index(t)
	for _, d := range differences {
		found := named.difference(d.Path, string(d.Kind))
		if !found.Named && d.Beside != "" {
			found = named.difference(d.Beside, string(d.Kind))
			found.Path = d.Path
		}
		t.Differences = append(t.Differences, found)
	}
	return t, nil
}

// leave converts a document to credentials, writes and reads them.
func (t *Trip) leave(doc *elmo.Document, opt Options) ([]*edci.EuropeanDigitalCredential, error) {
	made, report, err := ToEDC(doc, opt)
	if err != nil {
		return nil, err
	}
	t.There = report
	var credentials []*edci.EuropeanDigitalCredential
	for _, c := range made {
		json := AppendEDC(nil, c, opt)
		t.Between = append(t.Between, json)
		again, err := edci.Read(json, edci.ReadOptions{})
		if err != nil {
			return nil, fmt.Errorf("credential %d as written: %w", len(t.Between), err)
		}
		credentials = append(credentials, again...)
	}
	return credentials, nil
}

func tripOfCredentials(credentials []*edci.EuropeanDigitalCredential, opt Options) (*Trip, error) {
	t := &Trip{Format: FormatEDC}
	doc, report, err := ToELMO(credentials, opt)
	if err != nil {
		return nil, err
	}
	t.There = report
	xml, err := WriteELMO(doc, opt)
	if err != nil {
		return nil, err
	}
	t.Between = [][]byte{xml}
	if doc, err = elmo.Read(xml, elmo.ReadOptions{}); err != nil {
		return nil, fmt.Errorf("the document as written: %w", err)
	}
	made, report, err := ToEDC(doc, opt)
	if err != nil {
		return nil, fmt.Errorf("on the way back: %w", err)
	}
	t.Back, t.reports = report, reportNumbers(doc)
	for _, c := range made {
		t.Result = append(t.Result, AppendEDC(nil, c, opt))
	}
	return t, t.compareCredentials(credentials)
}

// compareCredentials compares by position; paths begin with credential[n] when there are several.
func (t *Trip) compareCredentials(sources []*edci.EuropeanDigitalCredential) error {
	t.several = len(sources) > 1
	named := index(t)
	for i := range max(len(sources), len(t.Result)) {
		prefix := t.prefix(i)
		switch {
		case i >= len(sources):
			t.Differences = append(t.Differences, named.difference(prefix, edci.DiffExtra))
			continue
		case i >= len(t.Result):
			t.Differences = append(t.Differences, named.difference(prefix, edci.DiffMissing))
			continue
		}
		result, err := asWrittenTree(t.Result[i])
		if err != nil {
			return fmt.Errorf("credential %d as written: %w", i+1, err)
		}
		for _, d := range edci.Diff(treeOf(sources[i]), result) {
			t.Differences = append(t.Differences, named.difference(prefix+d.Pointer, d.Kind))
		}
	}
	return nil
}

// asWrittenTree is the tree of a credential that was written, which must be readable. Its own members are
// compared: a processor of JSON-LD would mix nodes of one id, in the source as well.
func asWrittenTree(data []byte) (edci.Object, error) {
	if _, err := edci.Read(data, edci.ReadOptions{}); err != nil {
		return nil, err
	}
	v, err := edci.ParseJSON(data, edci.Limits{})
	o, _ := v.(edci.Object)
	return o, err
}

// prefix begins the paths in credential i, from 0.
func (t *Trip) prefix(i int) string {
	if t.several || i > 0 {
		return nth("credential", i)
	}
	return ""
}

// prefixes are those of the entries about each report that became a credential, by its step in paths:
// report[n].
func (t *Trip) prefixes() map[string]string {
	prefixes := map[string]string{}
	for i, n := range t.reports {
		prefixes[nth("report", n-1)] = t.prefix(i)
	}
	return prefixes
}

// namer finds the entry that names a difference. What one way loses stands at the place in the source; what
// the other way adds stands at the place in the result. An entry names its place and all below it; one
// that is about an addition on the other side, or about something kept, which has to come back as it
// was, names nothing there.
type namer struct {
	at    entries // names the place and all below it
	exact entries // names the place alone
	above entries // by every path above an entry
	moved entries // by the parent of an element that stood in another order
}

// entries holds entries by path: the worst of each use.
type entries map[entryKey]Entry

type entryKey struct {
	path string
	use  use
}

// use is what kinds of differences an entry can explain: another order changes nothing but the order, and
// what was added is not missing.
type use int

const (
	anything use = iota
	additions
	order
)

func useOf(e Entry) use {
	switch {
	case e.Reason == mapping.Order:
		return order
	case e.Verdict == mapping.Added:
		return additions
	}
	return anything
}

// uses are those that explain a kind of difference, the likelier first.
func uses(kind string) []use {
	switch kind {
	case edci.DiffMissing:
		return []use{anything}
	case edci.DiffExtra:
		return []use{additions, anything}
	case string(elmo.DiffOrder):
		return []use{anything, additions, order}
	}
	return []use{anything, additions}
}

// find gives the entry of a path that explains a difference of a kind.
func (m entries) find(path, kind string) (Entry, bool) {
	for _, u := range uses(kind) {
		if e, ok := m[entryKey{path, u}]; ok {
			return e, true
		}
	}
	return Entry{}, false
}

// findAbove gives that of the path or of the nearest one above it.
func (m entries) findAbove(path, kind string) (Entry, bool) {
	for _, u := range uses(kind) {
		for up, ok := path, true; ok; up, ok = parent(up) {
			if e, found := m[entryKey{up, u}]; found {
				return e, true
			}
		}
	}
	return Entry{}, false
}

// index collects the entries of both ways by their path on the side of the source.
func index(t *Trip) *namer {
	n := &namer{entries{}, entries{}, entries{}, entries{}}
	for _, e := range t.There.Entries() {
		switch {
		case e.Verdict == mapping.Added && e.Source != "" && (t.Format == FormatEDC || e.Target == ""):
			put(n.exact, e.Source, e) // what the way back is going to write
		case e.Verdict != mapping.Added && e.Verdict != mapping.Kept:
			n.add(n.at, e.Source, e)
		}
		if e.Reason == mapping.Order {
			put(n.moved, holder(e.Source), e)
		}
	}
	prefixes := map[string]string{}
	if t.Format == FormatEDC {
		prefixes = t.prefixes()
	}
	for _, e := range t.Back.Entries() {
		if t.Format == FormatELMO && e.Source != "" && e.Source[0] != '/' {
			put(n.exact, e.Source, e) // the name that another version has for it (VER-01)
		}
		if e.Target != "" {
			step, _, _ := strings.Cut(e.Source, "/")
			e.Target = prefixes[step] + e.Target
		}
		if e.Verdict == mapping.Kept {
			n.add(n.exact, e.Target, e)
		} else {
			n.add(n.at, e.Target, e)
		}
	}
	return n
}

func (n *namer) add(m entries, path string, e Entry) {
	if path == "" {
		return
	}
	put(m, path, e)
	for up, ok := parent(path); ok; up, ok = parent(up) {
		put(n.above, up, e)
	}
}

// put keeps the worst entry of a path and use.
func put(m entries, path string, e Entry) {
	key := entryKey{path, useOf(e)}
	if old, ok := m[key]; !ok || e.Verdict.Severity() > old.Verdict.Severity() {
		m[key] = e
	}
}

// parent is the path one step up; a position is a step of its own.
func parent(path string) (string, bool) {
	i := strings.LastIndexByte(path, '/')
	if strings.HasSuffix(path, "]") {
		i = max(i, strings.LastIndexByte(path, '['))
	}
	if i <= 0 {
		return "", false
	}
	return path[:i], true
}

// holder is the path of the element that holds the one at path.
func holder(path string) string { return path[:max(strings.LastIndexByte(path, '/'), 0)] }

// coarse are the kinds of differences that stand for all below them.
var coarse = map[string]bool{edci.DiffLength: true, edci.DiffClass: true, edci.DiffOrder: true, edci.DiffExtra: true, edci.DiffMissing: true}

// difference looks a difference up: an entry at its path or above it names it, for coarse ones also one
// below.
func (n *namer) difference(path, kind string) Difference {
	d := Difference{Path: path, Kind: kind}
	if e, found := n.at.findAbove(path, kind); found {
		return d.by(e)
	}
	if e, found := n.exact.find(path, kind); found {
		return d.by(e)
	}
	if e, found := n.above.find(path, kind); found && coarse[kind] {
		return d.by(e)
	}
	if e, found := n.moved.find(holder(path), kind); found {
		return d.by(e) // of siblings that changed places each can be said to have moved
	}
	return d
}

func (d Difference) by(e Entry) Difference {
	d.Named, d.Row, d.Verdict = true, e.Row, e.Verdict
	return d
}
