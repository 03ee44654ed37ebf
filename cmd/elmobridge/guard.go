package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// protected is a file that nothing may be written over.
type protected struct {
	what string      // for people
	path string      // see located; "" for standard input
	info os.FileInfo // nil unless it is a regular file
}

// guard knows the files of a run.
type guard []protected

// protect describes a file of the command line, whether it is there or not.
func protect(what, path string) protected {
	p := protected{what: what, path: located(path)}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		p.info = info
	}
	return p
}

// guardOf protects the inputs.
func guardOf(files []string) guard {
	var g guard
	for _, name := range files {
		p := protect("one of the inputs", name)
		if name == "-" {
			p.path, p.info = "", redirected(os.Stdin)
		}
		g = append(g, p)
	}
	return g
}

// guardOf protects what is read: the inputs, the issuer file, keys and certificates.
func (f *conversionFlags) guardOf(files []string) guard {
	g := guardOf(files)
	if f.Issuer != "" {
		g = append(g, protect("the issuer file", f.Issuer))
	}
	for _, name := range f.reads {
		g = append(g, protect("a key or certificate of this run", name))
	}
	return g
}

// redirected is the regular file behind a standard stream, if there is one.
func redirected(stream *os.File) os.FileInfo {
	if info, err := stream.Stat(); err == nil && info.Mode().IsRegular() {
		return info
	}
	return nil
}

// hit tells what a path is when it is protected, else "".
func (g guard) hit(path string) string {
	other := protect("", path)
	for _, p := range g {
		if p.path == other.path || p.info != nil && other.info != nil && os.SameFile(p.info, other.info) {
			return p.what
		}
	}
	return ""
}

// check refuses what cannot be meant: standard input twice, or an output that is an input or another
// output.
func (f *conversionFlags) check(files []string) error {
	if err := once(files); err != nil {
		return err
	}
	g := f.guardOf(files)
	if f.Output != "" {
		if what := g.hit(f.Output); what != "" && !isFolder(f.Output) {
			return usage("-o %s is %s", f.Output, what)
		}
		g = append(g, protect("the output of -o", f.Output))
	}
	if f.Report == "" {
		return nil
	}
	return f.checkReport(g, files)
}

// once refuses standard input given twice.
func once(files []string) error {
	if i := slices.Index(files, "-"); i >= 0 && slices.Contains(files[i+1:], "-") {
		return usage("- stands for standard input and can be given once")
	}
	return nil
}

// checkReport refuses a report in the place of another file of the run.
func (f *conversionFlags) checkReport(g guard, files []string) error {
	what := g.hit(f.Report)
	switch {
	case what == "" && isFolder(f.Report):
		what = "a folder"
	case what == "" && isFolder(f.Output) && mayHold(f.Output, files, f.Report):
		what = "a file that -o writes"
	}
	if what == "" {
		return nil
	}
	return usage("--report %s is %s", f.Report, what)
}

// resultEnd is what follows the base of an input in the name of a result, see folder.put.
var resultEnd = regexp.MustCompile(`^(-\d+)?\.(jsonld|xml)$`)

// mayHold tells whether a path in a folder is one that results of the inputs may get.
func mayHold(dir string, files []string, path string) bool {
	path = located(path)
	if filepath.Dir(path) != located(dir) {
		return false
	}
	for _, in := range inputs(files) {
		end, ok := strings.CutPrefix(strings.ToLower(filepath.Base(path)), strings.ToLower(in.base))
		if ok && resultEnd.MatchString(end) {
			return true
		}
	}
	return false
}

// located is the absolute path of a file without links, whether it is there or not. Devices and pipes
// keep their names: /dev/stdout and /dev/stderr may be one terminal.
func located(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if info, err := os.Stat(abs); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return abs
	}
	if to, err := filepath.EvalSymlinks(abs); err == nil {
		return to
	}
	to, err := followed(abs)
	if parent := filepath.Dir(to); err == nil && parent != to {
		return filepath.Join(located(parent), filepath.Base(to))
	}
	return abs
}

// mostLinks is how many links in a row are followed.
const mostLinks = 40

// followed is the path that a link names, also where nothing is yet. Paths are not cleaned: a folder
// before ".." may be a link.
func followed(path string) (string, error) {
	for range mostLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link
		}
		if !filepath.IsAbs(to) {
			dir, _ := filepath.Split(path)
			to = dir + to
		}
		path = to
	}
	return "", errors.New("too many links")
}
