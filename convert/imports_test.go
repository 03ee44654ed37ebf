package convert_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layers are the folders of the project from the top down. A package imports those below its own line,
// and packages of its own folder.
var layers = []string{"cmd", "api", "convert", "mapping", "elmo edci"}

// libraries are those that only one layer may import.
var libraries = map[string][]string{
	"github.com/beevik/etree":            {"elmo"},
	"github.com/piprate/json-gold":       {"edci"},
	"golang.org/x/image":                 {"edci"},
	"github.com/alecthomas/kong":         {"cmd"},
	"github.com/schollz/progressbar":     {"cmd"},
	"github.com/go-chi/chi":              {"api"},
	"github.com/danielgtaylor/huma":      {"api"},
	"github.com/prometheus":              {"api"},
	"go.opentelemetry.io/otel":           {"api"},
	"github.com/microcosm-cc/bluemonday": {"api"},
	"go.yaml.in/yaml":                    {"cmd"},
	"github.com/lestrrat-go/jwx":         {"edci"}, // and there only in edci/jose, see its tests
	"github.com/digitorus":               {"edci"},
	"software.sslmate.com/src/go-pkcs12": {"convert"},
	"github.com/ThalesGroup/crypto11":    {"convert"},
	"github.com/miekg/pkcs11":            {"convert"},
	"github.com/nats-io":                 {"api"}, // and there only in api/state/jetstream, see its tests
	"github.com/go-playground/validator": {"elmo", "edci", "api", "cmd"},
	"net/http":                           {"api", "cmd"},
}

const rule = "imports go strictly downwards: cmd -> api -> convert -> mapping -> elmo, edci; elmo and edci never see each other"

// TestImports: style.md 3.1.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "elmobridge/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); n++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		for _, i := range p.Imports {
			checkImport(t, p.ImportPath, i)
		}
	}
	if n < 8 {
		t.Fatalf("only %d packages", n)
	}
}

func checkImport(t *testing.T, from, to string) {
	t.Helper()
	home := top(from)
	if home == "testdata" || isTestPackage(from) {
		return
	}
	if strings.HasPrefix(to, "elmobridge/") {
		above, below := layer(home), layer(top(to))
		if top(to) != home && (above < 0 || below <= above) {
			t.Errorf("%s imports %s: %s", from, to, rule)
		}
		checkAPI(t, from, to)
		return
	}
	for library, homes := range libraries {
		if (to == library || strings.HasPrefix(to, library+"/")) && !strings.Contains(" "+strings.Join(homes, " ")+" ", " "+home+" ") {
			t.Errorf("%s imports %s, which is for %v alone", from, to, homes)
		}
	}
}

// sharedAPI are the packages of api that adapters use, each of them those before it.
var sharedAPI = []string{"elmobridge/api/limit", "elmobridge/api/problem", "elmobridge/api/state", "elmobridge/api/figures", "elmobridge/api/evidence"}

// checkAPI: the root of api mounts adapters, these use what they share, and that no adapter. style.md 3.6.
func checkAPI(t *testing.T, from, to string) {
	t.Helper()
	inside := func(path string) bool { return strings.HasPrefix(path, "elmobridge/api") }
	if !inside(from) || !inside(to) || from == "elmobridge/api" || strings.HasPrefix(from, to+"/") || strings.HasPrefix(to, from+"/") {
		return
	}
	rank := slices.Index(sharedAPI, to)
	if own := slices.Index(sharedAPI, from); rank < 0 || own >= 0 && rank >= own {
		t.Errorf("%s imports %s: adapters never import each other, and what they share none of them", from, to)
	}
}

// isTestPackage tells whether a package only serves tests, as net/http/httptest does.
func isTestPackage(path string) bool { return strings.HasSuffix(path, "test") }

// top is the first folder of a package of the project.
func top(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "elmobridge/"), "/")
	return first
}

// layer is the line of a folder, -1 for none.
func layer(name string) int {
	for i, l := range layers {
		for _, n := range strings.Fields(l) {
			if n == name {
				return i
			}
		}
	}
	return -1
}

// TestMappingIsPure: no clock, no chance, no input or output, no logging below this package.
func TestMappingIsPure(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{join .Imports "\n"}}`, "elmobridge/mapping", "elmobridge/mapping/codes").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range strings.Fields(string(out)) {
		switch i {
		case "os", "io/fs", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand", "log", "log/slog":
			t.Errorf("mapping imports %s, but it must be pure", i)
		}
	}
	files, err := filepath.Glob("../mapping/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if data, _ := os.ReadFile(f); strings.Contains(string(data), "time.Now") {
			t.Errorf("%s reads the clock", f)
		}
	}
}
