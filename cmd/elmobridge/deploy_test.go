package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// serveFlags are the flags of serve by their variables.
func serveFlags(t *testing.T) map[string]*kong.Flag {
	t.Helper()
	var c commands
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	byVariable := map[string]*kong.Flag{}
	for _, command := range parser.Model.Children {
		if command.Name == serveSection {
			for _, f := range command.Flags {
				for _, name := range f.Envs {
					byVariable[name] = f
				}
			}
		}
	}
	return byVariable
}

// TestServeVariables: every flag of serve has a variable, and no two the same.
func TestServeVariables(t *testing.T) {
	seen := map[string]bool{}
	for name, f := range serveFlags(t) {
		if want := "ELMOBRIDGE_" + strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(f.Name, "nats-"), "-", "_")); name != want && name != "ELMOBRIDGE_NATS_"+strings.TrimPrefix(want, "ELMOBRIDGE_") {
			t.Errorf("--%s has the variable %s", f.Name, name)
		}
		seen[f.Name] = true
	}
	if len(seen) < 30 {
		t.Errorf("only %d flags have variables", len(seen))
	}
}

var variable = regexp.MustCompile(`\bELMOBRIDGE_[A-Z0-9_]+\b`)

// TestDeployed: the files that bring the service to machines name variables that it has.
func TestDeployed(t *testing.T) {
	known := serveFlags(t)
	n := 0
	for _, file := range deployFiles(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range variable.FindAllString(string(data), -1) {
			if n++; known[name] == nil {
				t.Errorf("%s: serve has no %s", file, name)
			}
		}
		if strings.HasSuffix(file, ".yaml") {
			documents(t, file, data)
		}
	}
	if n < 10 {
		t.Errorf("only %d variables", n)
	}
}

func deployFiles(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, pattern := range []string{"deploy/*", "deploy/kubernetes/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if info, err := os.Stat(f); err == nil && !info.IsDir() {
				list = append(list, f)
			}
		}
	}
	return list
}

// documents are those of a YAML file; what is there twice is an error.
func documents(t *testing.T, file string, data []byte) (list []map[string]any) {
	t.Helper()
	for d := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var one map[string]any
		if err := d.Decode(&one); err != nil {
			if len(list) == 0 {
				t.Errorf("%s: %v", file, err)
			}
			return list
		}
		list = append(list, one)
	}
}

// TestCompose: all machines of the fleet have the cluster, the key and no rights, and each node a disk of its own.
func TestCompose(t *testing.T) {
	data, err := os.ReadFile("deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Environment map[string]string
			ReadOnly    bool     `yaml:"read_only"`
			CapDrop     []string `yaml:"cap_drop"`
			Volumes     []string
			Ports       []string
		}
	}
	if err := yaml.Unmarshal(data, &compose); err != nil {
		t.Fatal(err)
	}
	disks, machines := map[string]bool{}, 0
	for name, s := range compose.Services {
		if !s.ReadOnly || strings.Join(s.CapDrop, "") != "ALL" {
			t.Errorf("%s may write, or has capabilities", name)
		}
		switch {
		case strings.HasPrefix(name, "elmobridge-"):
			machines++
			if strings.Count(s.Environment["ELMOBRIDGE_NATS"], "nats://") != 3 || s.Environment["ELMOBRIDGE_STATE_KEY"] == "" || len(s.Ports) > 0 {
				t.Errorf("%s: %v", name, s.Environment)
			}
		case strings.HasPrefix(name, "nats-"):
			for _, v := range s.Volumes {
				if strings.HasSuffix(v, ":/data") {
					disks[v] = true
				}
			}
		}
	}
	if machines != 3 || len(disks) != 3 {
		t.Errorf("%d machines, %d disks", machines, len(disks))
	}
}

// TestDockerfile: the image is built from every folder that the program needs, and from nothing that is only for tests.
func TestDockerfile(t *testing.T) {
	data, err := os.ReadFile("deploy/Dockerfile.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "!"); ok {
			taken[name] = true
		}
	}
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,EmbedFiles", "elmobridge/cmd/elmobridge").Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p struct {
			ImportPath string
			EmbedFiles []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		local, ok := strings.CutPrefix(p.ImportPath, "elmobridge/")
		if !ok {
			continue
		}
		n++
		if top, _, _ := strings.Cut(local, "/"); !taken[top] || strings.Contains(local, "testdata") {
			t.Errorf("%s is not in the image", local)
		}
		for _, f := range p.EmbedFiles {
			if strings.Contains(path.Join(local, f), "testdata") {
				t.Errorf("%s/%s is not in the image", local, f)
			}
		}
	}
	if n < 20 || !taken["go.mod"] || !taken["go.sum"] {
		t.Errorf("%d packages, %v", n, taken)
	}
}
