package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/edci/jose/josetest"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expected output in testdata anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"elmobridge": main, "nats-node": node})
}

// concurrent are the scripts in which something runs beside something else: what the race detector, under which a program
// takes a second to start, has to see.
var concurrent = []string{"testdata/many.txt", "testdata/serve.txt", "testdata/convert.txt"}

// TestScripts runs testdata/*.txt. $DATA is the folder testdata of the repository, $TSA the address of a
// time-stamping authority; a file issuer.json and the keys of newIdentities are in each working folder.
func TestScripts(t *testing.T) {
	root, clock := josetest.NewAuthority(t, "Root"), josetest.NewAuthority(t, "Root of clocks")
	files, tsa := newIdentities(t, root, clock), newTSA(t, clock.TSA(t))
	dir := "testdata"
	if testing.Short() {
		dir = "" // then those alone that are named
	}
	testscript.Run(t, testscript.Params{
		Dir: dir, Files: concurrent, UpdateScripts: *update, RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			data, err := filepath.Abs("../../testdata")
			if err != nil {
				return err
			}
			env.Setenv("DATA", data)
			env.Setenv("TSA", tsa)
			if err := files.write(env.WorkDir); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "issuer.json"), []byte(issuerFile), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "mode": mode, "lines": lines, "join": join, "replace": replace},
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

// join OUT PARTS... writes the parts one after the other; @name is what is in that file.
func join(ts *testscript.TestScript, _ bool, args []string) {
	var b strings.Builder
	for _, part := range args[1:] {
		if name, ok := strings.CutPrefix(part, "@"); ok {
			part = ts.ReadFile(name)
		}
		b.WriteString(part)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

// replace FILE OLD NEW OUT writes the file with one text in place of another, which must be there.
func replace(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not have %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}
