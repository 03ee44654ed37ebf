package elmo_test

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/testdata/judge"

	"github.com/google/go-cmp/cmp"
)

var allVersions = []elmo.Version{elmo.V10, elmo.V11, elmo.V12, elmo.V13, elmo.V14, elmo.V15, elmo.V16, elmo.V17, elmo.V20, elmo.V20v2}

// TestFit takes documents with everything to each version and back.
func TestFit(t *testing.T) {
	for seed := range int64(60) {
		doc := elmotest.RandomWith(rand.New(rand.NewSource(seed)), elmotest.Options{Unknown: seed%2 == 0, V20: seed%3 == 0})
		before := doc.Clone()
		for _, v := range allVersions {
			fitted, moved := elmo.Fit(doc, v)
			out, err := elmo.Marshal(fitted, elmo.WriteOptions{Version: v, Indent: true})
			if err != nil {
				t.Fatalf("%d to %s: %v", seed, v, err)
			}
			back, err := elmo.Read(out, elmo.ReadOptions{})
			if err != nil {
				t.Fatalf("%d to %s: %v", seed, v, err)
			}
			if d := difference(doc, back); d != "" {
				t.Fatalf("%d to %s: %s\n%v", seed, v, d, moved)
			}
		}
		if d := difference(before, doc); d != "" {
			t.Fatalf("%d: Fit changed its input: %s", seed, d)
		}
	}
}

func TestFitMoves(t *testing.T) {
	course := &elmo.LearningOpportunitySpecification{Specifies: &elmo.Specifies{Instance: &elmo.LearningOpportunityInstance{
		Status: "passed", Credits: []*elmo.Credit{{Scheme: "ects"}, {Scheme: "x", Level: "Master"}},
	}}}
	doc := &elmo.Document{
		Learner: &elmo.Learner{Gender: "1"},
		Reports: []*elmo.Report{{
			Issuer:                            &elmo.Issuer{},
			LearningOpportunitySpecifications: []*elmo.LearningOpportunitySpecification{course},
			GradingSchemes:                    []*elmo.GradingScheme{{LocalID: "a"}, {LocalID: "b"}},
		}},
	}
	loi := "report[1]/learningOpportunitySpecification[1]/specifies/learningOpportunityInstance/"
	_, moved := elmo.Fit(doc, elmo.V11)
	want := []elmo.Moved{
		{Path: "learner/gender", Extension: "extension", Version: elmo.V15},
		{Path: loi + "status", Extension: loi + "extension", Version: elmo.V12},
		{Path: "report[1]/gradingScheme[1]", Extension: "extension", Version: elmo.V12},
		{Path: "report[1]/gradingScheme[2]", Extension: "extension", Version: elmo.V12},
	}
	if d := cmp.Diff(want, moved); d != "" {
		t.Error(d)
	}
	fitted, moved := elmo.Fit(doc, elmo.V20)
	if d := cmp.Diff([]elmo.Moved{{Path: loi + "credit[2]/level", Extension: loi + "extension", Version: elmo.V17}}, moved); d != "" {
		t.Error(d)
	}
	kept := fitted.Reports[0].LearningOpportunitySpecifications[0].Specifies.Instance.Extension.Children[0]
	const xml = `<b:kept xmlns:b="urn:uuid:5001a2ef-8849-5823-bef5-a333aacf3b03" at="credit[2]/level" position="1">` +
		`<level xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">Master</level></b:kept>`
	if kept.String() != xml {
		t.Error(kept.String())
	}
	if _, err := elmo.Marshal(doc, elmo.WriteOptions{Version: elmo.V20}); err == nil || !strings.HasSuffix(err.Error(), "credit[2]/level: ELMO 2.0 has no place for this element") {
		t.Error(err)
	}
	if _, err := elmo.Marshal(doc, elmo.WriteOptions{Version: "3.0"}); err == nil {
		t.Error("version 3.0 was written")
	}
}

// TestUnfitLeaves reads kept elements whose place is gone: they stay in the extension.
func TestUnfitLeaves(t *testing.T) {
	const begin = `<b:kept xmlns:b="urn:uuid:5001a2ef-8849-5823-bef5-a333aacf3b03" `
	for _, kept := range []string{
		begin + `at="learner/gender" position="1"><gender>2</gender></b:kept>`, // another one is there
		begin + `at="learner/bday" position="1"><gender>2</gender></b:kept>`,
		begin + `at="report[2]/gradingScheme" position="1"><gradingScheme localId="1"/></b:kept>`,
		begin + `at="report[0]/gradingScheme" position="1"><gradingScheme localId="1"/></b:kept>`,
		begin + `at="" position="1"><gender>2</gender></b:kept>`,
		begin + `at="learner/birthName" position="x"><birthName>2</birthName></b:kept>`,
		begin + `at="learner/birthName" position="1"/>`,
		begin + `at="learner/birthName/x" position="1"><birthName>2</birthName></b:kept>`,
		`<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>`,
	} {
		doc, err := elmo.Read([]byte(head+"<learner><gender>1</gender></learner><extension>"+kept+"</extension></elmo>"), elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if doc.Extension == nil || len(doc.Extension.Children) != 1 || doc.Learner.Gender != "1" {
			t.Errorf("%s: %+v %+v", kept, doc.Extension, doc.Learner)
		}
	}
}

var schemas = map[elmo.Version]string{
	elmo.V10: "1.0.0", elmo.V11: "1.1.0", elmo.V12: "1.2.0", elmo.V13: "1.3.0", elmo.V14: "1.4.0", elmo.V15: "1.5.0",
	elmo.V16: "1.6.0", elmo.V17: "1.7.0", elmo.V20: "2.0.0", elmo.V20v2: "2.0.0-ns-v2",
}

// TestFitIsValid asks the schema of each version about a document in which all is moved that can be.
func TestFitIsValid(t *testing.T) {
	data := load(t, judge.Corpus(t, "elmo", "documents", "synthetic-recognition-2.0.0.xml"))
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	doc.Signature = elmotest.Signature()
	// Older versions lack most attachment types and demand a content.
	full := []*elmo.Attachment{}
	for _, a := range doc.Reports[0].Attachments {
		if a.Type = ""; len(a.Contents) > 0 {
			full = append(full, a)
		}
	}
	doc.Reports[0].Attachments = full
	for _, a := range doc.Attachments {
		a.Type = ""
	}
	for _, v := range allVersions {
		fitted, _ := elmo.Fit(doc, v)
		out, err := elmo.Marshal(fitted, elmo.WriteOptions{Version: v, Indent: true})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%s.xml", v))
		if err := os.WriteFile(file, out, 0o600); err != nil {
			t.Fatal(err)
		}
		valid(t, v, file)
	}
}
