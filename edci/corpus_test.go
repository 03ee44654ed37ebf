package edci

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpus returns a path inside the shared corpus of documents, which is no part of the repository.
func corpus(t testing.TB, elem ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		path := filepath.Join(append([]string{dir, "..", "shared", "corpus", "elm"}, elem...)...)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	const missing = "the shared corpus (../shared/corpus) is not here"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// samples calls f for each sample document, by family/name.
func samples(t *testing.T, f func(t *testing.T, name string, src []byte)) {
	t.Helper()
	root := corpus(t, "samples")
	files, err := filepath.Glob(filepath.Join(root, "*", "*"))
	if err != nil || len(files) < 25 {
		t.Fatal("few samples", len(files), err)
	}
	for _, file := range files {
		name, _ := filepath.Rel(root, file)
		if strings.HasSuffix(name, "edge-cases.json") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) { f(t, filepath.ToSlash(name), src) })
	}
}
