//go:build unix

package keys_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"elmobridge/convert/keys"
	"elmobridge/testdata/judge"
)

// TestPipe: a pipe without a writer is refused; opening it would never end.
func TestPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		judge.Absent(t, "pipes cannot be made here: "+err.Error())
	}
	_, key := keys.Load(pipe, keys.Options{})
	_, certificates := keys.Certificates(pipe)
	for _, err := range []error{key, certificates} {
		if err == nil || !strings.Contains(err.Error(), "no regular file") {
			t.Error(err)
		}
	}
}
