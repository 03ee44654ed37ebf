package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"unicode"

	"elmobridge/mapping"
)

// Edition is the whole audit as JSON has it, of one version of the table.
type Edition struct {
	Table     string            `json:"table"` // version of the mapping table
	Versions  map[Side][]string `json:"versions"`
	Coverage  []Figure          `json:"coverage"`
	Leaves    []Leaf            `json:"leaves"`
	Rows      []Row             `json:"rows"`
	Sheet     []SheetRow        `json:"sheet"`
	Proposals []Proposal        `json:"proposals"`
}

// Current is the edition of this program. It is shared: do not change it.
func Current() *Edition {
	return &Edition{Table: mapping.TableVersion, Versions: versions, Coverage: Coverage(), Leaves: Leaves(), Rows: Rows(),
		Sheet: Sheet(), Proposals: Proposals()}
}

// EditionSize is more bytes than any edition needs.
const EditionSize = 16 << 20

// Limits of a list and of a text in runes, well above what ours have.
const (
	mostItems   = 5000
	longestText = 4000
)

// ErrEdition is returned for what is not a whole edition.
var ErrEdition = errors.New("not the whole audit as JSON")

// ReadEdition reads what JSON wrote, of this version or an earlier one. It may come from anywhere: lists
// must be there and not too long, identifiers and paths made of the characters that ours have, and texts
// without characters that steer a terminal. The error is an ErrEdition that says what is wrong, without
// quoting it.
func ReadEdition(data []byte) (*Edition, error) {
	if len(data) > EditionSize {
		return nil, fmt.Errorf("%w: more than %d MiB", ErrEdition, EditionSize>>20)
	}
	e := &Edition{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(e); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEdition, shape(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows it", ErrEdition)
	}
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEdition, err)
	}
	return e, nil
}

// shape is an error of decoding without what the file says.
func shape(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("no JSON, at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("a value of the wrong kind, at byte %d", kind.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends too soon")
	}
	return errors.New("it has members that the audit does not have")
}

// Forms of what is no text.
var (
	tableForm    = regexp.MustCompile(`^[0-9A-Za-z.+-]{1,40}$`)
	versionForm  = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,3}){0,3}$`)
	pathForm     = regexp.MustCompile(`^[A-Za-z0-9@:()/_.-]{1,300}$`)
	className    = regexp.MustCompile(`^[A-Za-z0-9:()]{1,100}$`)
	rowForm      = regexp.MustCompile(`^[A-Z]{3}-[0-9]{2}$`)
	proposalForm = regexp.MustCompile(`^GAP-[0-9]{3}$`)
)

// checker remembers the first fault.
type checker struct {
	at  string // the list and the entry
	err error
}

func (c *checker) must(ok bool, what string) {
	if !ok && c.err == nil {
		c.err = fmt.Errorf("%s%s", c.at, what)
	}
}

// all holds each of a list to a form.
func (c *checker) all(form *regexp.Regexp, list []string, what string) {
	c.must(len(list) <= mostItems, what+" are too many")
	c.must(!slices.ContainsFunc(list, func(s string) bool { return !form.MatchString(s) }), what+" are not as ours are")
}

// text is what people read: printable characters and blanks (unicode.IsPrint, which controls and changes
// of direction are not).
func (c *checker) text(s, what string) {
	n, fine := 0, true
	for _, r := range s {
		n++
		fine = fine && unicode.IsPrint(r) && r != unicode.ReplacementChar
	}
	c.must(fine && n <= longestText, what+" is too long or cannot be printed")
}

// either holds a form or an empty text.
func (c *checker) either(form *regexp.Regexp, s, what string) {
	c.must(s == "" || form.MatchString(s), what+" is not as ours are")
}

func (c *checker) sheet(numbers []int) {
	c.must(len(numbers) <= mostItems && !slices.ContainsFunc(numbers, func(n int) bool { return !isSheetRow(n) }), "sheet has no numbers of rows")
}

func isSheetRow(n int) bool { return n >= firstSheetRow && n <= mostItems }

func isSide(s Side) bool { return s == ELMO || s == ELM }

func isVerdict(v Verdict) bool { return slices.Contains(Verdicts, v) }

// isWorse tells whether a verdict can stand in the place of the worst one, which may be left out.
func isWorse(v Verdict) bool { return v == "" || isVerdict(v) }

func (e *Edition) check() error {
	c := &checker{}
	c.must(tableForm.MatchString(e.Table), "table is no version")
	for _, s := range []Side{ELMO, ELM} {
		c.must(len(e.Versions[s]) > 0, "versions lacks a standard")
		c.all(versionForm, e.Versions[s], "versions")
	}
	c.must(len(e.Versions) == 2, "versions has other standards")
	entries(c, "leaves", e.Leaves, func(l *Leaf) any { return key{l.Side, l.Path} }, (*Leaf).check)
	entries(c, "rows", e.Rows, func(r *Row) any { return r.ID }, (*Row).check)
	entries(c, "sheet", e.Sheet, func(r *SheetRow) any { return r.Number }, (*SheetRow).check)
	entries(c, "proposals", e.Proposals, func(p *Proposal) any { return p.ID }, (*Proposal).check)
	entries(c, "coverage", e.Coverage, func(f *Figure) any { return [3]string{string(f.Side), f.Class, string(f.Direction)} }, (*Figure).check)
	return c.err
}

// entries checks a list that must be there, in which nothing is double.
func entries[T any](c *checker, name string, list []T, id func(*T) any, check func(*T, *checker)) {
	c.at = ""
	c.must(len(list) > 0, name+" is missing or empty: a list that was filtered cannot be compared")
	c.must(len(list) <= mostItems, name+" is too long")
	seen := map[any]bool{}
	for i := range list {
		if c.err != nil {
			return
		}
		c.at = fmt.Sprintf("%s[%d]: ", name, i)
		c.must(!seen[id(&list[i])], "stands there twice")
		seen[id(&list[i])] = true
		check(&list[i], c)
	}
	c.at = ""
}

func (l *Leaf) check(c *checker) {
	c.must(isSide(l.Side), "side is neither elmo nor elm")
	c.must(className.MatchString(l.Class), "class is not as ours are")
	c.must(pathForm.MatchString(l.Path), "path is not as ours are")
	c.must(slices.Contains([]Kind{Element, Attribute, Class, Property}, l.Kind), "kind is none of ours")
	c.must(len(l.Versions) > 0, "versions is missing")
	c.all(versionForm, l.Versions, "versions")
	c.must(rowForm.MatchString(l.Owner), "row is not as ours are")
	c.all(rowForm, l.Also, "also")
	c.must(isVerdict(l.ToEDC) && isVerdict(l.ToELMO) && isWorse(l.WorstToEDC) && isWorse(l.WorstToELMO), "a verdict is none of ours")
	c.all(pathForm, l.Places, "places")
	c.all(proposalForm, l.Proposals, "proposals")
	c.text(l.Reason, "reason")
	c.sheet(l.Sheet)
}

func (r *Row) check(c *checker) {
	c.must(rowForm.MatchString(r.ID), "id is not as ours are")
	c.must(r.Rule != "" && r.Section != "", "rule or section is missing")
	for _, s := range [][2]string{{r.Section, "section"}, {r.ELMO, "elmo"}, {r.ELM, "elm"}, {r.Rule, "rule"},
		{r.Example.In, "example.in"}, {r.Example.ELMO, "example.elmo"}, {r.Example.ELM, "example.elm"}} {
		c.text(s[0], s[1])
	}
	c.must(isVerdict(r.Example.ToEDC) && isVerdict(r.Example.ToELMO), "a verdict is none of ours")
	c.all(pathForm, r.Leaves, "leaves")
	c.all(proposalForm, r.Proposals, "proposals")
	c.sheet(r.Sheet)
}

func (r *SheetRow) check(c *checker) {
	c.must(isSheetRow(r.Number), "number is none")
	c.must(slices.Contains([]Opinion{Agree, Differ, Faulty, NotMapped}, r.Opinion), "opinion is none of ours")
	c.either(pathForm, r.Leaf, "leaf")
	c.either(rowForm, r.Row, "row")
	for _, s := range [][2]string{{r.Class, "class"}, {r.Field, "field"}, {r.Mapping, "mapping"}, {r.Why, "why"}} {
		c.text(s[0], s[1])
	}
}

func (p *Proposal) check(c *checker) {
	c.must(proposalForm.MatchString(p.ID), "id is not as ours are")
	c.must(isSide(p.Change), "change is neither elmo nor elm")
	c.must(p.Title != "" && p.Text != "", "title or text is missing")
	c.text(p.Title, "title")
	c.text(p.Text, "text")
	c.all(pathForm, p.Leaves, "leaves")
	c.all(rowForm, p.Rows, "rows")
}

func (f *Figure) check(c *checker) {
	c.must(isSide(f.Side), "side is neither elmo nor elm")
	c.either(className, f.Class, "class")
	c.must(f.Direction == mapping.ToEDC || f.Direction == mapping.ToELMO, "direction is none of ours")
	for v := range f.Counts {
		c.must(isVerdict(v), "a verdict is none of ours")
	}
}
