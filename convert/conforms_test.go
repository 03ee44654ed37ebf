package convert_test

import (
	"os"
	"path/filepath"
	"testing"

	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/testdata/judge"
)

// TestConforms: every readable document becomes credentials that pass the profile and lose nothing in
// JSON-LD, whatever is kept and drawn. The judge is asked once for all.
func TestConforms(t *testing.T) {
	judge.Tool(t, "edc-oracle")
	dir := t.TempDir()
	var all, converted []string
	keeps := []convert.Keep{convert.KeepSource, convert.KeepNotes, convert.KeepNone}
	if testing.Short() {
		keeps = keeps[:1] // for the race detector
	}
	for _, keep := range keeps {
		for _, display := range []convert.Display{convert.DisplayMinimal, convert.DisplayDraw} {
			for _, s := range readableDocuments(t) {
				opt := options(keep)
				opt.Display = display
				files := convertTo(t, filepath.Join(dir, string(keep)+"-"+string(display)+"-"+s.name), s, opt)
				all = append(all, files...)
				if keep == convert.KeepSource {
					converted = append(converted, files...)
				}
			}
		}
	}
	t.Logf("%d credentials", len(all))
	verdicts(t, judge.EDC(t, "full", all...))
	verdicts(t, judge.EDC(t, "converted", converted...))
}

// convertTo writes the credentials of a document and gives the names of the files.
func convertTo(t *testing.T, base string, s sample, opt convert.Options) []string {
	t.Helper()
	doc, err := elmo.Read(s.data, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	credentials, _, err := convert.ToEDC(doc, opt)
	if err != nil {
		t.Errorf("%s: %v", s.name, err)
	}
	var files []string
	for i, c := range credentials {
		name := base + string(rune('a'+i)) + ".jsonld"
		if err := os.WriteFile(name, convert.AppendEDC(nil, c, opt), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	return files
}

func verdicts(t *testing.T, list []judge.Verdict) {
	t.Helper()
	for _, v := range list {
		if v.OK() && len(v.Dropped) == 0 && len(v.Extra) == 0 {
			continue
		}
		t.Errorf("%s: %s %s %s", filepath.Base(v.File), v.Profile, v.Verdict, v.Error)
		for _, x := range v.Violations {
			t.Errorf("   %s %s %s %s", x.At, x.Path, x.Constraint, x.Message)
		}
		for _, x := range v.Dropped {
			t.Errorf("   lost: %s %s %s", x.Pointer, x.Term, x.What)
		}
		for _, x := range v.Extra {
			t.Errorf("   not in the profile: %s %s %s", x.At, x.Type, x.Property)
		}
		for _, x := range v.CV {
			t.Errorf("   not in its list: %s %s", x.Pointer, x.ID)
		}
	}
}
