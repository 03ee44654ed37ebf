package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"elmobridge/testdata/judge"
)

const (
	readme        = "../../README.md"
	serviceReadme = "../../api/README.md"
)

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```\n")
	yamlBlock    = regexp.MustCompile("(?s)```yaml\n(.*?)```\n")
	goBlock      = regexp.MustCompile("(?s)```go\n(.*?)```\n")
)

// TestReadmeCommands runs the commands of README.md, in order and in one folder, and compares what they
// print. With -update their output is written into README.md.
func TestReadmeCommands(t *testing.T) {
	runDocument(t, readme, documentFolder(t), "")
}

// TestServiceReadme does the same with the README of the service, which runs beside it.
func TestServiceReadme(t *testing.T) {
	judge.Program(t, "curl")
	dir := documentFolder(t)
	config := filepath.Join(t.TempDir(), "config.yaml")
	for name, text := range map[string]string{filepath.Join(dir, "token"): portalToken,
		config: fmt.Sprintf("clients:\n  portal: {tokens-sha256: [%x], sources: [demo]}\n", sha256.Sum256([]byte(portalToken)))} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runDocument(t, serviceReadme, dir, startService(t, "--demo", "--config", config).address)
}

// TestSettingsHelp: the file that the help shows can be used, once its digest and its files are there.
func TestSettingsHelp(t *testing.T) {
	help := configCheck{}.Help()
	file := help[strings.Index(help, "    sources:"):strings.Index(help, "\nExit codes")]
	file = strings.ReplaceAll(file, "tokens-sha256: []", fmt.Sprintf("tokens-sha256: [%x]", sha256.Sum256(nil)))
	file = strings.ReplaceAll(file, "certificate: FILE", "key: FILE\n        certificate: FILE")
	if _, err := readPartners([]byte(file)); err != nil {
		t.Errorf("%v in\n%s", err, file)
	}
}

// TestServiceSettings: the configuration in the README of the service can be used, once its files are there.
func TestServiceSettings(t *testing.T) {
	data, err := os.ReadFile(serviceReadme)
	if err != nil {
		t.Fatal(err)
	}
	text := yamlBlock.FindStringSubmatch(string(data))
	if text == nil {
		t.Fatal("there is no configuration")
	}
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte("token"), 0o600); err != nil {
		t.Fatal(err)
	}
	here := strings.NewReplacer("/srv/elmo", dir, "/var/lib/elmobridge", dir, "/run/secrets/studies", token)
	if err := checkConfiguration(here.Replace(text[1])); err != nil {
		t.Error(err)
	}
}

// runDocument runs the commands of a document in a folder, with the address of a service in place of the usual one.
func runDocument(t *testing.T, file, dir, address string) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		judge.Absent(t, "the program bash is not there")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	text := consoleBlock.ReplaceAllStringFunc(string(data), func(block string) string {
		var out strings.Builder
		for _, line := range strings.Split(consoleBlock.FindStringSubmatch(block)[1], "\n") {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				n++
				out.WriteString(line + "\n" + runReadme(t, dir, strings.ReplaceAll(command, usualAddress, address)))
			}
		}
		return "```console\n" + out.String() + "```\n"
	})
	if n < 4 {
		t.Errorf("only %d commands in %s", n, file)
	}
	if text == string(data) {
		return
	}
	if !*update {
		t.Fatalf("the output of commands differs from %s; go test ./cmd/elmobridge -update writes it. Now:\n%s", file, text)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// usualAddress is that of serve without flags.
const usualAddress = "http://127.0.0.1:8080"

// documentFolder is an empty folder with testdata in it, as at the top of the repository.
func documentFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(testdata, filepath.Join(dir, "testdata")); err != nil {
		judge.Absent(t, err.Error())
	}
	return dir
}

// runReadme runs one command; "go run ./cmd/elmobridge" is the program under test.
func runReadme(t *testing.T, dir, command string) string {
	t.Helper()
	cmd := exec.Command("bash", "-c", strings.ReplaceAll(command, "go run ./cmd/elmobridge", "elmobridge"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "NO_PROXY=127.0.0.1")
	out, _ := cmd.CombinedOutput() // some commands end with 3 on purpose
	return string(out)
}

// TestReadmeStart: the first two commands of the README, and its size.
func TestReadmeStart(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, want := range []string{"go run ./cmd/elmobridge convert ", "go test ./...", "mapping/MAPPING.md"} {
		if !strings.Contains(text, want) {
			t.Errorf("README.md lacks %q", want)
		}
	}
	if n := strings.Count(text, "\n"); n >= 200 {
		t.Errorf("README.md has %d lines", n)
	}
}

// TestReadmeCode: the Go code of the README is that of the example.
func TestReadmeCode(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../../convert/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	code := goBlock.FindStringSubmatch(string(data))
	if code == nil {
		t.Fatal("README.md has no Go code")
	}
	body := strings.ReplaceAll("\n"+string(example), "\n\t", "\n")
	body = strings.ReplaceAll(body, "../testdata/elmo/", "")
	if !strings.Contains(body, code[1]) {
		t.Errorf("the code in README.md is not the body of ExampleToEDC:\n%s", code[1])
	}
}
