package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expected output in testdata anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"elmobridge": main})
}

// TestScripts runs testdata/*.txt. $DATA is the folder testdata of the repository; a file issuer.json is
// in each working folder.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", UpdateScripts: *update, RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			data, err := filepath.Abs("../../testdata")
			if err != nil {
				return err
			}
			env.Setenv("DATA", data)
			return os.WriteFile(filepath.Join(env.WorkDir, "issuer.json"), []byte(issuerFile), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "mode": mode, "lines": lines},
	})
}

const issuerFile = `{"legalName":{"en":"University of Fjordheim"},"country":"NO","eidasIdentifier":"VATNO-000000000","homepage":"https://www.fjordheim.example.org"}`

// exits CODE ARGS... runs elmobridge and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE ARGS...")
	}
	err := ts.Exec("elmobridge", args[1:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// mode FILE MODE checks the permissions of a file.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[1] && os.PathSeparator == '/' {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

// lines FILE N checks the number of lines.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if n := strings.Count(ts.ReadFile(args[0]), "\n"); fmt.Sprint(n) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], n, args[1])
	}
}
