package elmo_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/elmo/schema"
	"elmobridge/testdata/judge"

	"github.com/beevik/etree"
)

// sample is a document that is measured.
type sample struct {
	name string
	data []byte
}

// samples are generated documents and, where the corpus is, the one with every element of 1.7.
func samples(t testing.TB) []sample {
	t.Helper()
	list := []sample{}
	for _, n := range []int{1, 40, 1500} {
		list = append(list, sample{fmt.Sprintf("courses-%d", n), mustMarshal(t, elmotest.Courses(n))})
	}
	if judge.HasCorpus(t) {
		const name = "synthetic-all-elements-1.7.xml"
		list = append(list, sample{name, load(t, judge.Corpus(t, "elmo", "documents", name))})
	}
	return list
}

func tree(t testing.TB, data []byte) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(data); err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

// BenchmarkCheck checks trees that are already read: by the schema alone, and by all rules.
func BenchmarkCheck(b *testing.B) {
	for _, s := range samples(b) {
		root := tree(b, s.data)
		for _, structure := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/structure=%v", s.name, structure), func(b *testing.B) {
				b.SetBytes(int64(len(s.data)))
				b.ReportAllocs()
				for b.Loop() {
					schema.Check(root, "1.7", schema.Options{Structure: structure})
				}
			})
		}
	}
}

// BenchmarkReadSamples reads what BenchmarkCheck checks.
func BenchmarkReadSamples(b *testing.B) {
	for _, s := range samples(b) {
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(s.data)))
			for b.Loop() {
				if _, err := elmo.Read(s.data, elmo.ReadOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkXmllint lets xmllint read and check the same documents: many copies in one call, so that its
// start does not count. The schema is read once a call, which is measured apart and taken away.
func BenchmarkXmllint(b *testing.B) {
	for _, s := range samples(b) {
		b.Run(s.name, func(b *testing.B) {
			file := filepath.Join(b.TempDir(), "elmo.xml")
			if err := os.WriteFile(file, s.data, 0o600); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(s.data)))
			start := lint(b, file, 1)
			b.ResetTimer()
			all := lint(b, file, b.N+1)
			b.StopTimer()
			b.ReportMetric(float64((all-start).Nanoseconds())/float64(b.N), "ns/op")
		})
	}
}

// lint runs xmllint on n copies of a file and gives the time that it took.
func lint(t testing.TB, file string, n int) time.Duration {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		judge.Absent(t, "the program xmllint is not there")
	}
	schemas := judge.Corpus(t, "elmo", "schema")
	begin := time.Now()
	for copies := range slices.Chunk(slices.Repeat([]string{file}, n), 20_000) {
		cmd := exec.Command(program, append([]string{"--huge", "--nonet", "--noout", "--schema", filepath.Join(schemas, "1.7.0", "schema.xsd")}, copies...)...)
		cmd.Env = append(os.Environ(), "XML_CATALOG_FILES=file://"+filepath.Join(schemas, "catalog.xml"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("xmllint: %v\n%.500s", err, out)
		}
	}
	return time.Since(begin)
}

// BenchmarkCheckAgainstXmllint compares both in one run: how many times as fast checking a tree that is
// read is as xmllint is with the document.
func BenchmarkCheckAgainstXmllint(b *testing.B) {
	for _, s := range samples(b) {
		b.Run(s.name, func(b *testing.B) {
			ratios := []float64{}
			for b.Loop() {
				ours, theirs := race(b, s.data)
				ratios = append(ratios, float64(theirs)/float64(ours))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "times-xmllint")
		})
	}
}

// race measures one document on both sides.
func race(t testing.TB, data []byte) (ours, theirs time.Duration) {
	n := max(20, 4_000_000/len(data))
	root := tree(t, data)
	file := filepath.Join(t.TempDir(), "elmo.xml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for range n {
		schema.Check(root, "1.7", schema.Options{})
	}
	ours = time.Since(begin) / time.Duration(n)
	return ours, (lint(t, file, n+1) - lint(t, file, 1)) / time.Duration(n)
}
