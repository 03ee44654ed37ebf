package elmo_test

import (
	"errors"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/elmo/schema"
	"elmobridge/testdata/judge"
)

// accepted asks xmllint in one call which files are valid against the schema of a version.
func accepted(t testing.TB, version elmo.Version, files []string) map[string]bool {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		judge.Absent(t, "the program xmllint is not there")
	}
	dir := judge.Corpus(t, "elmo", "schema")
	cmd := exec.Command(program, append([]string{"--huge", "--nonet", "--noout", "--schema", filepath.Join(dir, schemas[version], "schema.xsd")}, files...)...)
	cmd.Env = append(os.Environ(), "XML_CATALOG_FILES=file://"+filepath.Join(dir, "catalog.xml"))
	out, _ := cmd.CombinedOutput()
	valid := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		if file, ok := strings.CutSuffix(strings.TrimSpace(line), " validates"); ok {
			valid[file] = true
		}
	}
	return valid
}

// TestCheckCorpus: each document of the corpus that can be read has the verdict of xmllint, for every
// version of the schema.
func TestCheckCorpus(t *testing.T) {
	files := documents(t)
	compared, accepts := 0, 0
	for _, version := range allVersions {
		valid := accepted(t, version, files)
		for _, file := range files {
			data := load(t, file)
			checked, err := elmo.ReadAndCheck(data, elmo.CheckOptions{Version: version})
			if err != nil || checked.Document.Source.Wrapper != "" {
				continue // refused, or an elmo inside something else, which xmllint does not look for
			}
			compared++
			if ok := !hasErrors(checked.Findings); ok != valid[file] {
				t.Errorf("%s, %s: ours %v, xmllint %v: %+v", filepath.Base(file), version, ok, valid[file], checked.Findings)
			} else if ok {
				accepts++
			}
		}
	}
	if compared < 300 || accepts < 100 {
		t.Errorf("only %d comparisons, %d valid", compared, accepts)
	}
}

func hasErrors(findings []elmo.Finding) bool {
	return slices.ContainsFunc(findings, func(f elmo.Finding) bool { return f.Severity == schema.Error })
}

// errorsOf gives the errors as "line rule path".
func errorsOf(t *testing.T, data string, opt elmo.CheckOptions) []string {
	t.Helper()
	opt.Structure = true
	findings, err := elmo.Check([]byte(data), opt)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%d %s %s", f.Line, f.Rule, f.Path))
	}
	return list
}

const (
	ns      = `xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"`
	minimum = `
<generatedDate>2024-02-01T10:00:00Z</generatedDate>
<learner><givenNames>A</givenNames>
<familyName>B</familyName></learner>
<report><issuer><identifier type="schac">x</identifier><title>T</title><url>u</url></issuer>
<issueDate>2024-01-31T12:00:00Z</issueDate></report></elmo>`
)

func TestCheck(t *testing.T) {
	replaced := strings.NewReplacer("<givenNames>A</givenNames>", "", "2024-01-31T12", "2024-13-31T12").Replace(minimum)
	for name, c := range map[string]struct {
		data string
		opt  elmo.CheckOptions
		want []string
	}{
		"valid":         {data: "<elmo " + ns + ">" + minimum},
		"lines":         {data: "<elmo " + ns + ">" + replaced, want: []string{"4 XSD-MISSING learner/givenNames", "6 XSD-TYPE report[1]/issueDate"}},
		"no namespace":  {data: "<elmo>" + replaced, want: []string{"1 XSD-NAMESPACE ", "4 XSD-MISSING learner/givenNames", "6 XSD-TYPE report[1]/issueDate"}},
		"old namespace": {data: `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1.2">` + minimum, want: []string{"1 XSD-NAMESPACE "}},
		"prefix":        {data: strings.NewReplacer("</", "</e:", "<", "<e:", "<e:/", "</").Replace("<elmo " + strings.Replace(ns, "xmlns", "xmlns:e", 1) + ">" + minimum)},
		"inside":        {data: "<w " + strings.Replace(ns, "xmlns", "xmlns:e", 1) + ">\n<elmo " + ns + "><x/>" + minimum + "</w>", want: []string{"2 XSD-UNKNOWN-ELEMENT x[1]"}},
		"2.0 by its elements": {data: "<elmo " + ns + ">" + strings.Replace(minimum, "</familyName>", "</familyName><dateOfBirth>2000-01-01</dateOfBirth>", 1),
			want: []string{"4 XSD-MISSING learner/alternativeName"}},
		"2.0 by its namespace": {data: "<elmo " + strings.Replace(ns, "tree/v1", "tree/v2", 1) + ">" + minimum, want: []string{"3 XSD-MISSING learner/alternativeName"}},
		"2.0 asked for":        {data: "<elmo " + ns + ">" + minimum, opt: elmo.CheckOptions{Version: elmo.V20}, want: []string{"3 XSD-MISSING learner/alternativeName"}},
		"1.4 asked for":        {data: "<elmo " + ns + ">" + minimum, opt: elmo.CheckOptions{Version: elmo.V14}, want: []string{"1 XSD-MISSING Signature"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := errorsOf(t, c.data, c.opt); strings.Join(got, ", ") != strings.Join(c.want, ", ") {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestCheckRefuses: what cannot be read is the error of Read.
func TestCheckRefuses(t *testing.T) {
	for data, want := range map[string]error{
		"<elmo": elmo.ErrSyntax, "": elmo.ErrSyntax, "<!DOCTYPE a><elmo/>": elmo.ErrDTD, "<html/>": elmo.ErrNotELMO,
		`<elmo xmlns="http://purl.org/net/elmo"/>`: elmo.ErrPre10,
	} {
		var e *elmo.Error
		if _, err := elmo.Check([]byte(data), elmo.CheckOptions{}); !errors.Is(err, want) || !errors.As(err, &e) {
			t.Errorf("%q: %v, want %v", data, err, want)
		}
	}
	if _, err := elmo.Check([]byte("<elmo/>"), elmo.CheckOptions{Version: "3.0"}); !errors.Is(err, elmo.ErrVersion) {
		t.Error(err)
	}
}

// TestCheckLifted: a big attachment, which the parser does not see, is checked as well.
func TestCheckLifted(t *testing.T) {
	big := strings.Repeat("JVBERi0x", 5000)
	for body, want := range map[string]string{
		"data:application/pdf;base64," + big:       "",
		"data:application/pdf;base64," + big + "A": "ELMO-ATTACHMENT-BASE64",
		big: "ELMO-ATTACHMENT-URI",
		"\r\n data:application/pdf;base64,\r\n" + big + "\r\n" + big: "",
	} {
		doc := strings.Replace("<elmo "+ns+">"+minimum, "</report>", "</report><attachment><content>"+body+"</content></attachment>", 1)
		findings, err := elmo.Check([]byte(doc), elmo.CheckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range findings {
			if strings.HasPrefix(f.Rule, "ELMO-ATTACHMENT") {
				got += f.Rule
			}
		}
		if got != want {
			t.Errorf("%.40q: %q, want %q", body, got, want)
		}
	}
}

func ExampleCheck() {
	findings, err := elmo.Check([]byte(`<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
  <generatedDate>2024-02-30T10:00:00Z</generatedDate>
  <learner><givenNames>Ada</givenNames></learner>
</elmo>`), elmo.CheckOptions{Structure: true})
	if err != nil {
		fmt.Println(err)
	}
	for _, f := range findings {
		fmt.Printf("%d: %s %s %s\n", f.Line, f.Severity, f.Rule, f.Path)
	}
	// Output:
	// 1: error XSD-MISSING report[1]
	// 2: error XSD-TYPE generatedDate
	// 3: error XSD-MISSING learner/familyName
}

// FuzzCheck: no document makes the check panic, findings are in order and described, and hold no
// values; xmllint is not asked.
func FuzzCheck(f *testing.F) {
	for seed := range int64(6) {
		doc := elmotest.RandomWith(rand.New(rand.NewSource(seed)), elmotest.Options{Unknown: seed%2 == 0})
		f.Add(mustMarshal(f, doc), uint8(seed))
	}
	f.Add([]byte("<elmo "+ns+">"+minimum), uint8(7))
	f.Add([]byte(`<elmo xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="x" i:nil=""><report/>a<learner xmlns=""/></elmo>`), uint8(8))
	if judge.HasCorpus(f) {
		for i, name := range documents(f) {
			f.Add(load(f, name), uint8(i))
		}
	}
	described := map[string]bool{}
	for _, r := range schema.Rules {
		described[r.ID] = true
	}
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		opt := elmo.CheckOptions{Max: 200}
		if n := int(n) % (len(allVersions) + 1); n > 0 {
			opt.Version = allVersions[n-1]
		}
		findings, err := elmo.Check(data, opt)
		if err != nil {
			return
		}
		line := 1
		for _, found := range findings {
			if !described[found.Rule] || found.Text == "" || found.Value != "" || found.Severity == "" {
				t.Errorf("%+v", found)
			}
			if found.Line < line {
				t.Errorf("line %d after line %d", found.Line, line)
			}
			line = found.Line
		}
	})
}
