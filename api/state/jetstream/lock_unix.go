//go:build unix

package jetstream

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock takes a file for this process, at once or not at all.
func lock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
