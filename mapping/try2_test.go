package mapping

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/display"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

func TestTry2(t *testing.T) {
	files, _ := filepath.Glob("/work/shared/corpus/elmo/documents/*.xml")
	more, _ := filepath.Glob("/work/shared/corpus/elmo/documents/*/*.xml")
	own, _ := filepath.Glob("/work/main/testdata/elmo/*.xml")
	os.MkdirAll("/tmp/out", 0o755)
	iss := &Issuer{LegalName: edci.LangString{{Lang: "en", Text: "Bridge"}}, Country: "NO", EIDASIdentifier: "VATNO-1", Homepage: "https://x.example"}
	for _, f := range append(append(files, more...), own...) {
		data, _ := os.ReadFile(f)
		doc, err := elmo.Read(data, elmo.ReadOptions{})
		if err != nil {
			fmt.Println("READ", filepath.Base(f), err)
			continue
		}
		for _, k := range []Keep{KeepNone, KeepNotes} {
			creds, _, err := Forward(doc, Options{Issuer: iss, Seed: "s", Keep: k})
			if err != nil {
				fmt.Println("FWD", filepath.Base(f), err)
				continue
			}
			for i, c := range creds {
				png := display.MinimalBase64("en")
				m := newMedia(codes.ByName("file-type").Must("PNG").Concept(), png, 1)
				c.DisplayParameter.IndividualDisplay = []*edci.IndividualDisplay{{Language: c.DisplayParameter.PrimaryLanguage, DisplayDetail: []*edci.DisplayDetail{{Image: m, Page: "1"}}}}
				edci.AssignIDs(c, fmt.Sprint("s", i))
				os.WriteFile(fmt.Sprintf("/tmp/out/%s-%s-%d.json", filepath.Base(f), k, i), edci.Append(nil, c), 0o644)
			}
			back, r2, err := Back(creds, Options{Seed: "s", Keep: k})
			if err != nil {
				fmt.Println("BACK", filepath.Base(f), err)
				continue
			}
			out, err := elmo.Marshal(back, elmo.WriteOptions{Indent: true, Version: docVersion(doc)})
			if err != nil {
				fmt.Println("MARSHAL", filepath.Base(f), err)
				continue
			}
			os.WriteFile("/tmp/out/"+filepath.Base(f)+"-"+string(k)+".back.xml", out, 0o644)
			if k == KeepNotes {
				for _, e := range r2.Losses {
					if e.Row[:3] == "EDC" || e.Verdict.Severity() > 2 {
						fmt.Println("B", filepath.Base(f), e.Row, e.Verdict, e.Reason, e.Source, e.Target, e.Note)
					}
				}
			}
		}
	}
}
