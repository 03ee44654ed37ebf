package edci

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/testdata/judge"
)

// samples calls f for each sample document, by family/name, but for those left out. All that are left
// out must be there.
func samples(t *testing.T, f func(t *testing.T, name string, src []byte), leftOut ...string) {
	t.Helper()
	root := judge.Corpus(t, "elm", "samples")
	files, err := filepath.Glob(filepath.Join(root, "*", "*"))
	if err != nil || len(files) < 25 {
		t.Fatal("few samples", len(files), err)
	}
	without := map[string]bool{}
	for _, name := range leftOut {
		without[name] = true
	}
	for _, file := range files {
		name, _ := filepath.Rel(root, file)
		name = filepath.ToSlash(name)
		if without[name] || strings.HasSuffix(name, "edge-cases.json") {
			delete(without, name)
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { f(t, name, src) })
	}
	for name := range without {
		t.Errorf("%s is left out and not there", name)
	}
}

// notJSON are the samples that are XML; unreadable are all that the reader refuses (TestSamples).
var (
	notJSON    = []string{"dc4eu/HE-ToR-ToR_uio_elmo-1.7.input.xml", "v2-xml/credential-diploma-profile-xsd_v1.2.xml"}
	unreadable = []string{notJSON[0], notJSON[1], "edci/acc.json", "edci/test-data-json.jsonld"}
)
