package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"elmobridge/testdata/judge"
)

const readme = "../../README.md"

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```\n")
	goBlock      = regexp.MustCompile("(?s)```go\n(.*?)```\n")
)

// TestReadmeCommands runs the commands of README.md, in order and in one folder, and compares what they
// print. With -update their output is written into README.md.
func TestReadmeCommands(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		judge.Absent(t, "the program bash is not there")
	}
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(testdata, filepath.Join(dir, "testdata")); err != nil {
		judge.Absent(t, err.Error())
	}
	n := 0
	text := consoleBlock.ReplaceAllStringFunc(string(data), func(block string) string {
		var out strings.Builder
		for _, line := range strings.Split(consoleBlock.FindStringSubmatch(block)[1], "\n") {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				n++
				out.WriteString(line + "\n" + runReadme(t, dir, command))
			}
		}
		return "```console\n" + out.String() + "```\n"
	})
	if n < 5 {
		t.Errorf("only %d commands in README.md", n)
	}
	if text == string(data) {
		return
	}
	if !*update {
		t.Fatalf("the output of commands differs from README.md; go test ./cmd/elmobridge -update writes it. Now:\n%s", text)
	}
	if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runReadme runs one command; "go run ./cmd/elmobridge" is the program under test.
func runReadme(t *testing.T, dir, command string) string {
	t.Helper()
	cmd := exec.Command("bash", "-c", strings.ReplaceAll(command, "go run ./cmd/elmobridge", "elmobridge"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
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
