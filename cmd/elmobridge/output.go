package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"elmobridge/convert"
	"elmobridge/elmo"
)

// sink takes results.
type sink interface {
	put(base string, o output) (name string, err error) // the file it went to, if one of its own
	close() error
	many() bool // whether several documents can be written
}

// open prepares what -o asks for.
func (a *app) open(f *conversionFlags, list []*input) (sink, error) {
	switch {
	case f.Output == "":
		return &stream{out: bufio.NewWriter(a.stdout), ndjson: f.NDJSON}, nil
	case isFolder(f.Output):
		if err := os.MkdirAll(f.Output, 0o700); err != nil {
			return nil, err
		}
		return newFolder(f, list), nil
	}
	file, err := newFile(f.Output)
	if err != nil {
		return nil, err
	}
	return &stream{out: bufio.NewWriter(file), file: file, ndjson: f.NDJSON}, nil
}

var extensions = map[convert.Format]string{convert.FormatEDC: ".jsonld", convert.FormatELMO: ".xml"}

// folder writes a file for each result.
type folder struct {
	dir  string
	used map[string]bool // names in lower case, as file systems without case have them
	keep guard
}

// newFolder never writes over an input.
func newFolder(flags *conversionFlags, list []*input) *folder {
	f := &folder{dir: flags.Output, used: map[string]bool{}}
	var files []string
	for _, in := range list {
		if name := filepath.Base(in.file); sameFile(in.file, filepath.Join(f.dir, name)) {
			f.used[strings.ToLower(name)] = true
		}
		files = append(files, in.file)
	}
	f.keep = flags.guardOf(files)
	if flags.Report != "" {
		f.keep = append(f.keep, protect("the file of --report", flags.Report))
	}
	return f
}

func (f *folder) many() bool   { return true }
func (f *folder) close() error { return nil }

func (f *folder) put(base string, o output) (string, error) {
	name := base + o.extension()
	for n := 2; f.used[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s-%d%s", base, n, o.extension())
	}
	f.used[strings.ToLower(name)] = true
	path := filepath.Join(f.dir, name)
	if what := f.keep.hit(path); what != "" {
		return "", fmt.Errorf("%s is %s and is not written over", path, what)
	}
	file, err := newComplete(path, path)
	if err != nil {
		return "", err
	}
	return path, file.write(o.data)
}

// target is an open output.
type target struct {
	*os.File
	path   string // as given
	final  string // the name of the file once it is complete; "" when it is written directly
	shared bool   // a standard stream, which stays open
}

// newFile opens the file of -o or --report. A regular file is written as a whole or not at all, behind a
// link as well; anything else that is there, such as a pipe, is written directly.
func newFile(path string) (*target, error) {
	info, err := os.Stat(path)
	if err == nil {
		if stream := streamOf(info); stream != nil {
			return &target{File: stream, path: path, shared: true}, nil
		}
		if !info.Mode().IsRegular() {
			file, err := os.OpenFile(path, os.O_WRONLY, 0)
			return &target{File: file, path: path}, at(path, err)
		}
	}
	final, err := followed(path)
	if err != nil {
		return nil, at(path, err)
	}
	return newComplete(path, final)
}

// streamOf is the standard stream that a file is, so that /dev/stdout does not start from the top.
func streamOf(info os.FileInfo) *os.File {
	for _, stream := range []*os.File{os.Stdout, os.Stderr} {
		if other, err := stream.Stat(); err == nil && os.SameFile(info, other) {
			return stream
		}
	}
	return nil
}

// newComplete opens a file that gets its name when it is complete. Its mode is 0600.
func newComplete(path, final string) (*target, error) {
	dir, _ := filepath.Split(final)
	if dir == "" {
		dir = "."
	}
	file, err := os.CreateTemp(dir, ".elmobridge-*")
	return &target{File: file, path: path, final: final}, at(path, err)
}

// at says in which file an error happened.
func at(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", path, reason(err))
}

// write writes all there is, JSON with a newline at the end; XML may be a file that comes back as it was.
func (t *target) write(data []byte) error {
	_, err := t.Write(data)
	if err == nil && !elmo.Sniff(data) && len(data) > 0 && data[len(data)-1] != '\n' {
		_, err = t.Write([]byte{'\n'})
	}
	return t.end(err)
}

// end closes the file and gives it its name, or removes it when there was an error.
func (t *target) end(err error) error {
	if !t.shared {
		err = cmp.Or(err, t.Close())
	}
	if t.final == "" {
		return at(t.path, err)
	}
	if err == nil {
		err = os.Rename(t.Name(), t.final)
	}
	if err != nil {
		os.Remove(t.Name())
	}
	return at(t.path, err)
}

// drop gives the file up.
func (t *target) drop() { t.end(os.ErrClosed) }

// stream writes all results to one place: credentials as an object, an array or lines, a document as
// it is.
type stream struct {
	out    *bufio.Writer
	file   *target // nil for standard output
	ndjson bool
	kind   convert.Format
	n      int
	first  []byte // kept back until it is clear whether there is a second one
}

func (s *stream) many() bool { return false }

func (s *stream) put(_ string, o output) (string, error) {
	if s.n > 0 && (o.kind != s.kind || o.kind == convert.FormatELMO) {
		return "", errMixed
	}
	s.kind = o.kind
	s.n++
	if s.kind == convert.FormatEDC && !s.ndjson {
		return "", s.element(o.data)
	}
	return "", s.line(o.data)
}

func (s *stream) line(data []byte) error {
	s.out.Write(data)
	if s.kind != convert.FormatELMO && (len(data) == 0 || data[len(data)-1] != '\n') {
		s.out.WriteByte('\n')
	}
	return s.out.Flush()
}

// element writes one element of an array, or keeps the first one back.
func (s *stream) element(data []byte) error {
	switch s.n {
	case 1:
		s.first = data
		return nil
	case 2:
		s.out.WriteString("[\n")
		s.out.Write(s.first)
		s.first = nil
	}
	s.out.WriteString(",\n")
	s.out.Write(data)
	return s.out.Flush()
}

func (s *stream) close() error {
	err := s.rest()
	if s.file == nil {
		return err
	}
	if s.n == 0 {
		s.file.drop()
		return nil
	}
	return s.file.end(err)
}

func (s *stream) rest() error {
	switch {
	case s.first != nil:
		return s.line(s.first)
	case s.kind == convert.FormatEDC && !s.ndjson && s.n > 1:
		s.out.WriteString("\n]\n")
	}
	return s.out.Flush()
}
