package jose_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const jwx = "github.com/lestrrat-go/jwx/"

// TestImports: of the whole project, with its tests and build tags, this package alone imports jwx, and
// of it only what is allowed; its jwt package is nowhere in the graph. See libraries.md, decision 4.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-test", "-tags", "pkcs11", "-json=ImportPath,Imports", "elmobridge/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	ours := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.ImportPath == jwx+"v2/jwt" {
			t.Error("the jwt package of jwx is in the graph: it does not escape names of claims (GHSA-4cf7-xm37-g63h)")
		}
		if strings.HasPrefix(p.ImportPath, "elmobridge/") {
			ours += checkImports(t, p.ImportPath, p.Imports)
		}
	}
	if ours == 0 {
		t.Error("nobody imports jwx: the test looks at the wrong packages")
	}
}

// checkImports gives how many packages of jwx are imported.
func checkImports(t *testing.T, from string, imports []string) (n int) {
	t.Helper()
	for _, i := range imports {
		name, isJWX := strings.CutPrefix(i, jwx+"v2/")
		if !isJWX && !strings.HasPrefix(i, jwx) {
			continue
		}
		n++
		if from, _, _ := strings.Cut(from, " "); from != "elmobridge/edci/jose" || !slices.Contains([]string{"jws", "jwe", "jwk", "jwa"}, name) {
			t.Errorf("%s imports %s: only edci/jose imports jwx, and of it only jws, jwe, jwk, jwa", from, i)
		}
	}
	return n
}
