// Package judge lets the tests ask judges that are not part of this project: the corpus of documents
// and code lists, the schemas of ELMO (xmllint) and the shapes of the EDC profile (node).
//
// They lie in a folder "shared" beside the repository, or where ELMOBRIDGE_CORPUS and
// ELMOBRIDGE_TOOLS say. A test that needs what is not there is skipped; with CI=true it fails.
package judge

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Corpus returns the path of a file or folder of the corpus.
func Corpus(t testing.TB, elem ...string) string {
	t.Helper()
	return find(t, "ELMOBRIDGE_CORPUS", "corpus", elem)
}

// HasCorpus tells whether the corpus is there, for tests that have documents of their own as well. With
// CI=true it must be.
func HasCorpus(t testing.TB) bool {
	t.Helper()
	_, err := os.Stat(place(t, "ELMOBRIDGE_CORPUS", "corpus", nil))
	if err != nil && mandatory() {
		Absent(t, "the corpus is not there; set ELMOBRIDGE_CORPUS")
	}
	return err == nil
}

// Tool returns the path of a file or folder of the tools.
func Tool(t testing.TB, elem ...string) string {
	t.Helper()
	return find(t, "ELMOBRIDGE_TOOLS", "tools", elem)
}

// Verdict is what the EDC validator says of one credential. Pointers are JSON Pointers into it.
type Verdict struct {
	File       string
	Pointer    string // of the credential in the file
	Verdict    string // ok, fail or error
	Profile    string
	Error      string
	Violations []struct{ At, Type, Path, Constraint, Message, Value, Severity string }
	Dropped    []struct{ Pointer, Term, Hint, What string } // lost in JSON-LD
	Extra      []struct{ At, Type, Property string }        // properties the profile does not define for the class
	CV         []struct{ Pointer, Code, ID, Scheme string } // concepts that are not in their list
	Notes      []struct{ Code, Message, Pointer string }
}

// OK reports whether the credential conforms, loses nothing, and names only concepts in their lists.
func (v Verdict) OK() bool { return v.Verdict == "ok" }

// EDC judges the credentials in the files by a profile: no-cv, full, accredited, converted,
// issued-by-mandate, diploma-supplement, or auto for what each names itself. Many files in one call
// are much faster than many calls.
func EDC(t testing.TB, profile string, files ...string) []Verdict {
	t.Helper()
	dir := Tool(t, "edc-oracle")
	node := Program(t, "node")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		Absent(t, "the EDC validator is not installed: run npm ci in a copy of tools/edc-oracle beside a copy of the corpus, and set ELMOBRIDGE_TOOLS")
	}
	args := []string{filepath.Join(dir, "edc-validate.mjs"), "--json", "--cv", "--profile", profile,
		"--corpus", Corpus(t, "elm")}
	out := run(t, 2, exec.Command(node, append(args, files...)...))
	var verdicts []Verdict
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var v Verdict
		if err := d.Decode(&v); err != nil {
			t.Fatalf("judge: answer of the EDC validator: %v", err)
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// ELMO judges the files by the schema of an ELMO version, such as 1.7.0, 2.0.0 or 2.0.0-ns-v2, or by
// that of their namespace when version is empty. Why a file is invalid is logged.
func ELMO(t testing.TB, version string, files ...string) map[string]bool {
	t.Helper()
	Program(t, "xmllint")
	args := []string{Tool(t, "elmo-validate.sh")}
	if version != "" {
		args = append(args, "-s", version)
	}
	cmd := exec.Command(Program(t, "bash"), append(args, files...)...)
	cmd.Env = append(os.Environ(), "ELMO_SCHEMA_DIR="+Corpus(t, "elmo", "schema"))
	out := string(run(t, 1, cmd))
	verdicts := make(map[string]bool, len(files))
	for _, f := range files {
		verdicts[f] = strings.Contains("\n"+out, "\n"+f+": valid against ")
		if _, why, found := strings.Cut("\n"+out, "\n"+f+": "); found && !verdicts[f] {
			t.Logf("%s: %s", f, firstLines(why))
		}
	}
	return verdicts
}

// firstLines returns the first line and the indented ones after it, ten at most.
func firstLines(s string) string {
	lines := strings.Split(s, "\n")
	n := 1
	for n < len(lines) && n < 10 && strings.HasPrefix(lines[n], "  ") {
		n++
	}
	return strings.Join(lines[:n], "\n")
}

// find looks in the folder the environment names, else in shared/ beside the repository.
func find(t testing.TB, variable, name string, elem []string) string {
	t.Helper()
	path := place(t, variable, name, elem)
	if _, err := os.Stat(path); err != nil {
		Absent(t, path+" is not there; set "+variable)
	}
	return path
}

func place(t testing.TB, variable, name string, elem []string) string {
	t.Helper()
	dir := os.Getenv(variable)
	if dir == "" {
		dir = filepath.Join(root(t), "..", "shared", name)
	}
	return filepath.Join(append([]string{dir}, elem...)...)
}

// root returns the root of the repository: the first folder upwards that has a go.mod.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("judge: not inside the repository")
		}
		dir = parent
	}
}

// Program returns the path of a program that a test asks.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Absent(t, "the program "+name+" is not there")
	}
	return path
}

// mandatory tells whether everything that a test needs must be there.
func mandatory() bool { return os.Getenv("CI") == "true" }

// Absent ends a test that needs what is not there: it is skipped, with CI=true it fails.
func Absent(t testing.TB, what string) {
	t.Helper()
	if mandatory() {
		t.Fatal("judge: " + what)
	}
	t.Skip("judge: " + what)
}

// run runs a program whose exit status is a verdict up to worst, and a failure above.
func run(t testing.TB, worst int, cmd *exec.Cmd) []byte {
	t.Helper()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() > worst || exit.ExitCode() < 0 || len(out) == 0) {
		t.Fatalf("judge: %s: %v\n%s", filepath.Base(cmd.Path), err, stderr.String())
	}
	return out
}
