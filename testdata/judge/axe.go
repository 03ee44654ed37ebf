package judge

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Axe returns the script of the npm package axe-core, which finds what keeps people with disabilities from using a
// page. Its folder is testdata/judge/axe with the package installed (npm ci) where ELMOBRIDGE_AXE says; with CI=true it
// is installed for the test.
func Axe(t testing.TB) string {
	t.Helper()
	axe.once.Do(func() {
		script, err := os.ReadFile(filepath.Join(installed(t, "axe", "ELMOBRIDGE_AXE"), "node_modules", "axe-core", "axe.min.js"))
		if err != nil {
			t.Fatal(err)
		}
		axe.script = string(script)
	})
	if axe.script == "" {
		Absent(t, "axe-core is not installed")
	}
	return axe.script
}

// axe is installed once for all tests of a package.
var axe struct {
	once   sync.Once
	script string
}
