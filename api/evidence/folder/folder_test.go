package folder_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/folder"
)

var ctx = context.Background()

const form = `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><generatedDate>%s</generatedDate>` +
	`<learner><identifier type="local">%s</identifier><givenNames>Ada</givenNames><familyName>Secretsdottir</familyName></learner><report/></elmo>`

// put writes a document about a learner.
func put(t testing.TB, name, generated, id string) []byte {
	t.Helper()
	data := fmt.Appendf(nil, form, generated, id)
	write(t, name, data)
	return data
}

// write replaces a file as a whole.
func write(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name+"~", data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name+"~", name); err != nil {
		t.Fatal(err)
	}
}

func known(id string) evidence.Learner {
	return evidence.Learner{Identifiers: []evidence.Identifier{{Type: "other", Value: "x"}, {Type: "local", Value: id}}}
}

// open opens a folder; what it logs is in the buffer.
func open(t testing.TB, name string, limits folder.Limits) (*folder.Folder, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	f, err := folder.Open(name, limits, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, &log
}

// finds tells whether a learner has a document, or none for nil.
func finds(t testing.TB, f *folder.Folder, id string, want []byte) {
	t.Helper()
	data, err := f.Results(ctx, known(id))
	if want == nil {
		if !errors.Is(err, evidence.ErrUnknownLearner) {
			t.Errorf("%s: %v", id, err)
		}
		return
	}
	if err != nil || !bytes.Equal(data, want) {
		t.Errorf("%s: %v, %q", id, err, data)
	}
}

// TestResults: by type and value of an identifier, byte for byte, also below the folder; of several the latest.
func TestResults(t *testing.T) {
	dir := t.TempDir()
	one := put(t, filepath.Join(dir, "one.xml"), "2026-01-01T00:00:00Z", "1")
	two := put(t, filepath.Join(dir, "a", "b", "two.XML"), "2026-01-01T00:00:00Z", "2")
	put(t, filepath.Join(dir, "z.xml"), "2025-12-31T23:30:00-01:00", "3")
	latest := put(t, filepath.Join(dir, "y.xml"), "2026-01-01T02:00:00+01:00", "3")
	put(t, filepath.Join(dir, "x.xml"), "yesterday", "3")
	put(t, filepath.Join(dir, "m.xml"), "2026-01-01T00:00:00", "4")
	last := put(t, filepath.Join(dir, "n.xml"), "2026-01-01T00:00:00Z", "4")
	put(t, filepath.Join(dir, "five.txt"), "2026-01-01T00:00:00Z", "5")
	put(t, filepath.Join(dir, ".six.xml"), "2026-01-01T00:00:00Z", "6")
	put(t, filepath.Join(dir, ".hidden", "seven.xml"), "2026-01-01T00:00:00Z", "7")
	f, log := open(t, dir, folder.Limits{})
	for range 30 { // in no order
		finds(t, f, "3", latest)
	}
	for id, want := range map[string][]byte{"1": one, "2": two, "4": last, "5": nil, "6": nil, "7": nil, "": nil} {
		finds(t, f, id, want)
	}
	if _, err := f.Results(ctx, evidence.Learner{Identifiers: []evidence.Identifier{{Type: "esi", Value: "1"}}}); !errors.Is(err, evidence.ErrUnknownLearner) {
		t.Error("the type of the identifier does not count:", err)
	}
	if log.Len() > 0 {
		t.Error(log)
	}
}

// TestChanges: what is replaced, added or removed is seen at the next request.
func TestChanges(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "one.xml")
	put(t, name, "2026-01-01T00:00:00Z", "1")
	f, _ := open(t, dir, folder.Limits{})
	finds(t, f, "12345", nil)
	changed := put(t, name, "2026-01-02T00:00:00Z", "12345")
	finds(t, f, "12345", changed)
	finds(t, f, "1", nil)
	finds(t, f, "2", nil)
	finds(t, f, "2", put(t, filepath.Join(dir, "two.xml"), "2026-01-01T00:00:00Z", "2"))
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	finds(t, f, "12345", nil)
}

// TestSingle: one file alone, and none beside it.
func TestSingle(t *testing.T) {
	dir := t.TempDir()
	one := put(t, filepath.Join(dir, "one"), "2026-01-01T00:00:00Z", "1")
	put(t, filepath.Join(dir, "two.xml"), "2026-01-01T00:00:00Z", "2")
	f, _ := open(t, filepath.Join(dir, "one"), folder.Limits{})
	finds(t, f, "1", one)
	finds(t, f, "2", nil)
}

// TestLinks: links are followed within the folder, as Kubernetes mounts files, and nowhere else.
func TestLinks(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	put(t, filepath.Join(outside, "secret.xml"), "2026-01-01T00:00:00Z", "secret")
	inside := put(t, filepath.Join(dir, "..2026_01", "one.xml"), "2026-01-01T00:00:00Z", "1")
	for name, to := range map[string]string{"..data": "..2026_01", "one.xml": "..data/one.xml", "absolute.xml": filepath.Join(outside, "secret.xml"),
		"relative.xml": "../" + filepath.Base(outside) + "/secret.xml", "folder": outside, "loop.xml": "loop.xml", "nothing.xml": "nothing"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	f, log := open(t, dir, folder.Limits{})
	finds(t, f, "1", inside)
	finds(t, f, "secret", nil)
	if n := strings.Count(log.String(), "a file is skipped"); n != 4 || strings.Contains(log.String(), ".xml") || strings.Contains(log.String(), "secret") {
		t.Errorf("%d files: %s", n, log)
	}
}

// TestHostile: what cannot be read is skipped, once, without its name or a word of what is in it.
func TestHostile(t *testing.T) {
	dir := t.TempDir()
	good := put(t, filepath.Join(dir, "good.xml"), "2026-01-01T00:00:00Z", "1")
	for name, data := range map[string]string{
		"empty.xml": "", "text.xml": "Secretsdottir", "cut.xml": string(good[:len(good)-30]), "doctype.xml": `<!DOCTYPE elmo [<!ENTITY x "Secretsdottir">]><elmo>&x;</elmo>`,
		"deep.xml": strings.Repeat("<Secretsdottir>", 1000), "big.xml": string(good) + strings.Repeat(" ", 4096),
		"nobody.xml":                      strings.Replace(string(good), `<identifier type="local">1</identifier>`, "", 1),
		"new\nline level=ERROR.xml":       "Secretsdottir",
		"\xff\xfe not UTF-8.xml":          "Secretsdottir",
		strings.Repeat("x", 200) + ".xml": "Secretsdottir",
	} {
		write(t, filepath.Join(dir, name), []byte(data))
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.xml"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.xml"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, log := open(t, dir, folder.Limits{Bytes: 4096})
	finds(t, f, "1", good)
	finds(t, f, "1", good)
	if n := strings.Count(log.String(), "\n"); n != 11 || strings.Contains(log.String(), "Secretsdottir") || strings.Contains(log.String(), dir) || strings.Contains(log.String(), "xml") {
		t.Errorf("%d lines: %s", n, log)
	}
}

// TestLimits: too many files, and none at all.
func TestLimits(t *testing.T) {
	dir := t.TempDir()
	discard := slog.New(slog.DiscardHandler)
	if _, err := folder.Open(filepath.Join(dir, "none"), folder.Limits{}, discard); err == nil {
		t.Error("a folder that is not there")
	}
	put(t, filepath.Join(dir, "1.xml"), "", "1")
	f, _ := open(t, dir, folder.Limits{Files: 1})
	finds(t, f, "2", nil)
	put(t, filepath.Join(dir, "2.xml"), "", "2")
	if _, err := f.Results(ctx, known("1")); !errors.Is(err, evidence.ErrUnavailable) {
		t.Error(err)
	}
	if _, err := folder.Open(dir, folder.Limits{Files: 1}, discard); err == nil {
		t.Error("too many files")
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Results(ctx, known("1")); err == nil {
		t.Error("a folder that is not there any more")
	}
}

// TestParallel: requests at the same time while files come and go; each gets a whole document or none.
func TestParallel(t *testing.T) {
	dir := t.TempDir()
	want := put(t, filepath.Join(dir, "one.xml"), "2026-01-01T00:00:00Z", "1")
	f, _ := open(t, dir, folder.Limits{})
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 20 {
				put(t, filepath.Join(dir, fmt.Sprint(n, ".xml")), time.Now().Format(time.RFC3339), fmt.Sprint("n", n))
				if data, err := f.Results(ctx, known("1")); err != nil || !bytes.Equal(data, want) {
					t.Errorf("%v %q", err, data)
				}
			}
		})
	}
	all.Wait()
}
