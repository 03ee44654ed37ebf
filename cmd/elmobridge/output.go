package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"elmobridge/convert"
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
		return newFolder(f.Output, list), nil
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
}

// newFolder never writes over an input.
func newFolder(dir string, list []*input) *folder {
	f := &folder{dir, map[string]bool{}}
	for _, in := range list {
		if name := filepath.Base(in.file); sameFile(in.file, filepath.Join(dir, name)) {
			f.used[strings.ToLower(name)] = true
		}
	}
	return f
}

func (f *folder) many() bool   { return true }
func (f *folder) close() error { return nil }

func (f *folder) put(base string, o output) (string, error) {
	name := base + extensions[o.kind]
	for n := 2; f.used[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s-%d%s", base, n, extensions[o.kind])
	}
	f.used[strings.ToLower(name)] = true
	path := filepath.Join(f.dir, name)
	return path, writeFile(path, o.data)
}

// writeFile writes a file as a whole or not at all.
func writeFile(path string, data []byte) error {
	file, err := newFile(path)
	if err != nil {
		return err
	}
	if _, err = file.Write(data); err == nil && len(data) > 0 && data[len(data)-1] != '\n' {
		_, err = file.Write([]byte{'\n'})
	}
	return file.end(err)
}

// atomic is a file that gets its name when it is complete. Its mode is 0600.
type atomic struct {
	*os.File
	path string
}

func newFile(path string) (*atomic, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".elmobridge-*")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, reason(err))
	}
	return &atomic{f, path}, nil
}

// end closes the file and gives it its name, or removes it when there was an error.
func (f *atomic) end(err error) error {
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), f.path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("%s: %w", f.path, reason(err))
	}
	return nil
}

// stream writes all results to one place: credentials as an object, an array or lines, a document as
// it is.
type stream struct {
	out    *bufio.Writer
	file   *atomic // nil for standard output
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
	if len(data) == 0 || data[len(data)-1] != '\n' {
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
		s.file.Close()
		return os.Remove(s.file.Name())
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

var _ io.Writer = (*atomic)(nil)
