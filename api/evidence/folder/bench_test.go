package folder_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"elmobridge/api/evidence/folder"
)

// BenchmarkResults measures a request beside one for the only file.
func BenchmarkResults(b *testing.B) {
	for _, files := range []int{1, 1000} {
		b.Run(fmt.Sprint(files), func(b *testing.B) {
			dir := b.TempDir()
			for n := range files {
				put(b, filepath.Join(dir, fmt.Sprint(n, ".xml")), "2026-01-01T00:00:00Z", fmt.Sprint(n))
			}
			f, _ := open(b, dir, folder.Limits{})
			for b.Loop() {
				if _, err := f.Results(ctx, known("0")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
