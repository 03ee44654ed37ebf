package mapping

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/elmo"
)

func TestTry3(t *testing.T) {
	files, _ := filepath.Glob("/work/shared/corpus/elm/samples/*/*.json*")
	os.MkdirAll("/tmp/out3", 0o755)
	for _, f := range files {
		if strings.Contains(f, "edge-cases") || os.Getenv("TRY") != "" && !strings.Contains(f, os.Getenv("TRY")) {
			continue
		}
		data, _ := os.ReadFile(f)
		creds, err := edci.Read(data, edci.ReadOptions{})
		if err != nil {
			fmt.Println("READ", filepath.Base(f), err)
			continue
		}
		back, rep, err := Back(creds, Options{Seed: "s"})
		if err != nil {
			fmt.Println("BACK", filepath.Base(f), err)
			continue
		}
		out, err := elmo.Marshal(back, elmo.WriteOptions{Indent: true})
		if err != nil {
			fmt.Println("MARSHAL", filepath.Base(f), err)
			continue
		}
		os.WriteFile("/tmp/out3/"+filepath.Base(f)+".xml", out, 0o644)
		doc, err := elmo.Read(out, elmo.ReadOptions{})
		if err != nil {
			fmt.Println("REREAD", filepath.Base(f), err)
			continue
		}
		again, rep2, err := Forward(doc, Options{Seed: "s"})
		if err != nil {
			fmt.Println("FWD", filepath.Base(f), err)
			continue
		}
		fmt.Println("==", filepath.Base(f), creds[0].Source.Form, creds[0].Source.Envelope, rep.Counts, rep2.Counts, len(out), len(again))
		for _, e := range rep2.Losses {
			if e.Verdict.Severity() > 3 {
				fmt.Println("   F2", e)
			}
		}
		n := 0
		for _, d := range edci.Diff(creds[0].Source.Tree, edci.Tree(again[0])) {
			if d.Kind == "extra" && os.Getenv("TRY") == "" {
				continue
			}
			named := false
			for _, e := range append(rep.Entries(), rep2.Entries()...) {
				for _, x := range []string{e.Source, e.Target} {
					if x != "" && (x == d.Pointer || e.Verdict != Added && strings.HasPrefix(d.Pointer, x+"/")) {
						named = true
					}
				}
			}
			if !named || os.Getenv("TRY") != "" {
				fmt.Println("   ", named, d)
				n++
			}
			if n > 25 {
				break
			}
		}
	}
}
