package profile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/profile"
	"elmobridge/testdata/judge"
)

// opinion is what is compared of two verdicts on one credential: violations as place, property and kind
// of constraint, and what JSON-LD loses.
type opinion struct {
	refused    bool     // JSON-LD cannot be processed
	lossy      bool     // JSON-LD drops something
	violations []string // FOCUS PROPERTY CONSTRAINT, sorted, each once
	dropped    []string // pointers of members that no context knows, sorted
	respelled  bool     // the tree has other names than the document
}

// ok tells whether the credential conforms and loses nothing.
func (o opinion) ok() bool { return !o.refused && !o.lossy && len(o.violations) == 0 }

// lossRules are the rules on what JSON-LD drops.
var lossRules = []string{"EDC-DROPPED", "EDC-SPELLING", "EDC-TYPE", "EDC-REFERENCE", "EDC-LANG-TAG"}

// ours is our opinion.
func ours(findings []profile.Finding) opinion {
	var o opinion
	for _, f := range findings {
		switch {
		case f.Rule == "EDC-JSON-LD", f.Rule == "EDC-CONTEXT":
			o.refused = true
		case slices.Contains(lossRules, f.Rule):
			o.lossy = true
			o.respelled = o.respelled || f.Rule == "EDC-SPELLING"
			if f.Rule == "EDC-DROPPED" && !placeless(f.Path) {
				o.dropped = append(o.dropped, f.Path)
			}
		case f.Severity == profile.Error:
			o.violations = append(o.violations, violation(f.Focus, f.Property, f.Constraint))
		}
	}
	return o.sorted()
}

// placeless tells whether the judge says of a lost member only that it is lost, not where.
func placeless(pointer string) bool {
	name := pointer[strings.LastIndexByte(pointer, '/')+1:]
	return name == "id" || name == "type" || strings.HasPrefix(name, "@")
}

// theirs is that of the judge.
func theirs(v judge.Verdict) opinion {
	o := opinion{refused: v.Verdict == "error", lossy: len(v.Dropped) > 0}
	for _, x := range v.Violations {
		o.violations = append(o.violations, violation(strings.TrimSuffix(x.At, "/"), x.Path, x.Constraint))
	}
	for _, d := range v.Dropped {
		if d.What == "" {
			o.dropped = append(o.dropped, d.Pointer)
		}
	}
	return o.sorted()
}

// insideProof tells whether the judge gives a place within a proof for a node that it met elsewhere,
// too. What is in there is a graph of its own, of which the shapes see nothing.
func (o opinion) insideProof() bool {
	return slices.ContainsFunc(o.violations, func(v string) bool { return strings.HasPrefix(v, "/proof/") })
}

func violation(focus, property, constraint string) string {
	return focus + " " + property + " " + constraint
}

func (o opinion) sorted() opinion {
	slices.Sort(o.violations)
	slices.Sort(o.dropped)
	o.violations, o.dropped = slices.Compact(o.violations), slices.Compact(o.dropped)
	return o
}

// difference tells how two opinions differ, "" when they do not. Of a document that is refused nothing
// else is compared.
func difference(ours, theirs opinion) string {
	switch {
	case ours.refused != theirs.refused:
		return fmt.Sprintf("refused: ours %v, theirs %v", ours.refused, theirs.refused)
	case ours.refused:
		return ""
	case ours.lossy != theirs.lossy:
		return fmt.Sprintf("lossy: ours %v, theirs %v", ours.lossy, theirs.lossy)
	}
	d := onesided("violation", ours.violations, theirs.violations)
	if !ours.respelled {
		d += onesided("dropped", ours.dropped, theirs.dropped)
	}
	return d
}

func onesided(what string, ours, theirs []string) string {
	var b strings.Builder
	for _, s := range ours {
		if !slices.Contains(theirs, s) {
			fmt.Fprintf(&b, "%s only ours: %s\n", what, s)
		}
	}
	for _, s := range theirs {
		if !slices.Contains(ours, s) {
			fmt.Fprintf(&b, "%s only theirs: %s\n", what, s)
		}
	}
	return b.String()
}

// check reads a file and checks its first credential; nil and false when the reader refuses it.
func check(src []byte, p profile.Profile) ([]profile.Finding, *edci.Source, bool) {
	credentials, err := edci.Read(src, edci.ReadOptions{})
	if err != nil || len(credentials) == 0 {
		return nil, nil, false
	}
	s := credentials[0].Source
	return profile.CheckSource(s, p, profile.Options{}), s, true
}

// placed tells whether the paths of findings are those of the document.
func placed(s *edci.Source) bool { return s.Form == "plain" || s.Written != nil }

// write puts documents into files of a new folder, in order.
func write(t testing.TB, documents [][]byte) []string {
	t.Helper()
	dir := t.TempDir()
	files := make([]string, len(documents))
	for i, d := range documents {
		files[i] = filepath.Join(dir, fmt.Sprintf("%05d.json", i))
		if err := os.WriteFile(files[i], d, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}
