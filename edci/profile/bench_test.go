package profile_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/profile"
	"elmobridge/testdata/judge"
)

// benchDocuments are the edge cases of the corpus, small, and the golden documents, large.
func benchDocuments(t testing.TB) map[string][]string {
	t.Helper()
	golden, err := filepath.Glob(filepath.Join("..", "..", "testdata", "golden", "*", "edc.json"))
	if err != nil || len(golden) == 0 {
		t.Fatal("no golden documents", err)
	}
	documents := map[string][]string{"golden": golden}
	if judge.HasCorpus(t) {
		var small [][]byte
		for _, c := range edgeCases(t) {
			if c.Expect.Verdict != "error" && c.Name != "subjecttwo" {
				small = append(small, c.Document)
			}
		}
		documents["small"] = write(t, small)
	}
	return documents
}

// trees reads documents; reading is no part of what is measured.
func trees(t testing.TB, files []string) []*edci.Source {
	t.Helper()
	var list []*edci.Source
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		credentials, err := edci.Read(src, edci.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range credentials {
			list = append(list, c.Source)
		}
	}
	return list
}

func BenchmarkCheck(b *testing.B) {
	for name, files := range benchDocuments(b) {
		list := trees(b, files)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range list {
					profile.CheckSource(s, profile.Auto, profile.Options{})
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(list)), "ns/document")
		})
	}
}

// BenchmarkConforming checks one small credential that draws no finding.
func BenchmarkConforming(b *testing.B) {
	tree := small(b)
	b.ReportAllocs()
	for b.Loop() {
		if found := profile.Check(tree, profile.Auto, profile.Options{InList: english}); found != nil {
			b.Fatal(found)
		}
	}
}

// stages are the milliseconds per document that the judge prints.
var stages = regexp.MustCompile(`JSON-LD ([0-9.]+), SHACL ([0-9.]+) ms`)

// BenchmarkAgainstJudge measures the check and the judge in one run on the same documents, reading and
// start-up left out on both sides: how many times as fast the check is as JSON-LD and SHACL of the judge.
// Each document goes through the judge several times in one process.
func BenchmarkAgainstJudge(b *testing.B) {
	for name, files := range benchDocuments(b) {
		const rounds = 3
		var repeated []string
		for range rounds {
			repeated = append(repeated, files...)
		}
		list := trees(b, files)
		b.Run(name, func(b *testing.B) {
			judged := judgeTime(b, repeated)
			b.ResetTimer()
			for b.Loop() {
				for _, s := range list {
					profile.CheckSource(s, profile.Auto, profile.Options{})
				}
			}
			checked := float64(b.Elapsed()) / float64(b.N) / float64(len(list))
			b.ReportMetric(float64(judged)/checked, "times-judge")
		})
	}
}

// judgeTime is what the judge needs for JSON-LD and SHACL of one document.
func judgeTime(t testing.TB, files []string) time.Duration {
	t.Helper()
	judge.EDC(t, "auto", files[0]) // is it there?
	args := append([]string{filepath.Join(judge.Tool(t, "edc-oracle"), "edc-validate.mjs"), "--json", "--timing",
		"--corpus", judge.Corpus(t, "elm")}, files...)
	cmd := exec.Command("node", args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	n, _ := stderr.Read(buf)
	_ = cmd.Wait() // the status is the verdict
	found := stages.FindSubmatch(buf[:n])
	if found == nil {
		t.Fatalf("no times in %q", buf[:n])
	}
	var total float64
	for _, s := range found[1:] {
		ms, err := strconv.ParseFloat(string(s), 64)
		if err != nil {
			t.Fatal(err)
		}
		total += ms
	}
	return time.Duration(total * float64(time.Millisecond))
}
