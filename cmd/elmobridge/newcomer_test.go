package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/testdata/judge"
)

var serveLine = regexp.MustCompile("`go run \\./cmd/elmobridge (serve[^`]*)`")

// TestNewcomer does what README.md tells somebody who has never seen the program: one command, and a file that is given to a
// page in a browser. What they download is what the library makes of the file, and no page has a serious obstacle for
// people with disabilities.
func TestNewcomer(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	line := serveLine.FindSubmatch(data)
	if line == nil {
		t.Fatal("README.md has no command that serves")
	}
	service := startService(t, strings.Fields(string(line[1]))[1:]...)
	file, err := filepath.Abs("../../testdata/elmo/transcript.xml")
	if err != nil {
		t.Fatal(err)
	}
	b := judge.Chromium(t, true)
	b.Open(service.address)
	healthy(t, b, "the first page")
	b.Type(`input[type="file"]`, file)
	b.Click(`main form button[type="submit"]`)
	b.Wait(`return location.pathname.startsWith("/results/")`)
	b.Wait(`return document.body.innerText.includes("Ada Ilona Example")`)
	healthy(t, b, "the result")
	_, got := b.Download(`a[href$="/credential.jsonld"]`)
	if want := library(t, file); !bytes.Equal(got, want) {
		t.Errorf("%d bytes were downloaded, the library makes %d", len(got), len(want))
	}
	for _, message := range b.Console() {
		t.Errorf("the console says %s", message)
	}
}

// healthy fails when axe-core finds something serious.
func healthy(t *testing.T, b *judge.Browser, what string) {
	t.Helper()
	for _, v := range b.Axe() {
		t.Errorf("%s: %s", what, v)
	}
}

// library is the credential that pages make of a file.
func library(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	in, err := convert.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	opt := convert.Options{Keep: convert.KeepNotes, Indent: true}
	list, _, err := convert.ToEDC(in.Document, opt)
	if err != nil {
		t.Fatal(err)
	}
	return convert.AppendEDC(nil, list[0], opt)
}
