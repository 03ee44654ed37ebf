// Package folder is a source of ELMO documents in files: one file, or a folder with a file for each learner, as a
// student system exports them.
//
// A learner is found by the identifiers in the document, type and value. When several files are about one learner, the
// one that was generated last has the results: an ELMO document holds all that there are. Files are looked at again
// for each request and read anew when they have changed, so that an export can be replaced while the service runs;
// replace files as a whole, by renaming. Nothing outside of the folder is read, whatever symbolic links say, nor are
// files and folders whose name begins with a full stop.
package folder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/elmo"
)

// Limits bound what is read. Zero means the default.
type Limits struct {
	Files int   // in the folder and below; 10,000
	Bytes int64 // of a file; 32 MiB
}

// Folder is a source of files.
type Folder struct {
	root   *os.Root
	single string // the only file; empty: all
	limits Limits
	log    *slog.Logger

	mu    sync.Mutex
	began time.Time        // the last scan
	files map[string]*file // by path below the root
}

// file is what is known of a file as it was when it was read.
type file struct {
	size      int64
	modified  time.Time
	owners    []evidence.Identifier
	generated time.Time // zero: the document does not tell
}

// Open gives the source of a file or a folder, once all files have been looked at. Of files that are no ELMO
// documents the log tells why, but not their names, which may be those of learners; elmobridge validate names them.
func Open(name string, limits Limits, log *slog.Logger) (*Folder, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	f := &Folder{limits: limits, log: log, files: map[string]*file{}}
	if f.limits.Files <= 0 {
		f.limits.Files = 10_000
	}
	if f.limits.Bytes <= 0 {
		f.limits.Bytes = 32 << 20
	}
	folder := name
	if !info.IsDir() {
		folder, f.single = filepath.Split(filepath.Clean(name))
		folder = filepath.Clean(folder)
	}
	if f.root, err = os.OpenRoot(folder); err != nil {
		return nil, err
	}
	if err := f.scan(context.Background()); err != nil {
		return nil, errors.Join(err, f.root.Close())
	}
	return f, nil
}

// Close ends the source.
func (f *Folder) Close() error { return f.root.Close() }

// Results gives the document of a learner.
func (f *Folder) Results(ctx context.Context, l evidence.Learner) ([]byte, error) {
	name, err := f.find(ctx, l.Identifiers)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", evidence.ErrUnavailable, err)
	case name == "":
		return nil, evidence.ErrUnknownLearner
	}
	data, err := f.read(name)
	if err != nil {
		return nil, fmt.Errorf("%w: file %q: %w", evidence.ErrUnavailable, name, err)
	}
	return data, nil
}

// find gives the file about a learner as the folder is now; empty for none. Requests that have waited for a scan that
// began after them need none of their own.
func (f *Folder) find(ctx context.Context, ids []evidence.Identifier) (string, error) {
	asked := time.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.began.After(asked) {
		if err := f.scan(ctx); err != nil {
			return "", err
		}
	}
	return f.latest(ids), nil
}

// latest is the file about a learner that was generated last, of those at one time the last by name.
func (f *Folder) latest(ids []evidence.Identifier) string {
	best := ""
	for name, known := range f.files {
		if !known.about(ids) {
			continue
		}
		if best == "" || known.generated.After(f.files[best].generated) || known.generated.Equal(f.files[best].generated) && name > best {
			best = name
		}
	}
	return best
}

// about tells whether one of the identifiers is that of the learner.
func (f *file) about(ids []evidence.Identifier) bool {
	for _, own := range f.owners {
		for _, id := range ids {
			if own == id {
				return true
			}
		}
	}
	return false
}

// errFiles is the error of a folder with too many files.
var errFiles = errors.New("more files than allowed")

// scan reads what has changed.
func (f *Folder) scan(ctx context.Context) error {
	began, seen := time.Now(), map[string]bool{}
	err := f.walk(func(name string) error {
		if len(seen) == f.limits.Files {
			return fmt.Errorf("%w: %d", errFiles, f.limits.Files)
		}
		seen[name] = true
		f.look(name)
		return ctx.Err()
	})
	for name := range f.files {
		if err == nil && !seen[name] {
			delete(f.files, name)
		}
	}
	if err == nil {
		f.began = began
	}
	return err
}

// walk names the files that may hold documents.
func (f *Folder) walk(each func(name string) error) error {
	if f.single != "" {
		return each(f.single)
	}
	return fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil && name == ".":
			return err
		case err != nil:
			f.log.Warn("a folder is skipped", "why", reason(err))
			return fs.SkipDir
		case name != "." && strings.HasPrefix(base, "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || !strings.EqualFold(path.Ext(base), ".xml"):
			return nil
		}
		return each(name)
	})
}

// look reads a file that has changed since it was read, for whom it is about. A file that cannot be read is about
// nobody, and the log tells why each time that it has changed.
func (f *Folder) look(name string) {
	info, err := f.root.Stat(name)
	now := &file{}
	if err == nil {
		now.size, now.modified = info.Size(), info.ModTime()
	}
	if was := f.files[name]; was != nil && was.size == now.size && was.modified.Equal(now.modified) {
		return
	}
	f.files[name] = now
	if err == nil {
		err = f.identify(name, now)
	}
	if err != nil {
		f.log.Warn("a file is skipped", "why", reason(err)) // its name may be that of a learner
	}
}

// errNobody is the error of a document by which no learner can be found.
var errNobody = errors.New("the learner in the document has no identifier")

// identify reads whom a file is about.
func (f *Folder) identify(name string, about *file) error {
	data, err := f.read(name)
	if err != nil {
		return err
	}
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		return err
	}
	if doc.Learner == nil || len(doc.Learner.Identifiers) == 0 {
		return errNobody
	}
	for _, id := range doc.Learner.Identifiers {
		about.owners = append(about.owners, evidence.Identifier{Type: strings.Clone(id.Type), Value: strings.Clone(id.Value)})
	}
	about.generated = moment(doc.GeneratedDate)
	return nil
}

// moment is an xs:dateTime; without a zone it is taken for UTC. What is none is before all others.
func moment(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

var (
	errKind = errors.New("it is not a regular file")
	errSize = errors.New("it is larger than allowed")
)

// read reads a regular file within the folder. It is looked at before it is opened: opening a pipe waits for a writer.
func (f *Folder) read(name string) ([]byte, error) {
	info, err := f.root.Stat(name)
	switch {
	case err != nil:
		return nil, errors.New(reason(err))
	case !info.Mode().IsRegular():
		return nil, errKind
	}
	opened, err := f.root.Open(name)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	defer func() { _ = opened.Close() }() // it was only read
	var data bytes.Buffer
	n, err := io.Copy(&data, io.LimitReader(opened, f.limits.Bytes+1))
	switch {
	case err != nil:
		return nil, errors.New(reason(err))
	case n > f.limits.Bytes:
		return nil, errSize
	}
	return data.Bytes(), nil
}

// reason is an error without the path in it, which is told apart.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
