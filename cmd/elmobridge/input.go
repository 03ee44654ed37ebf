package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
)

// What the standard streams are called.
const (
	standardInput = "standard input"
	standardOut   = "standard output"
)

// input is one file of the command line.
type input struct {
	file string // as given
	name string // for people
	base string // that outputs are named after
	size int64
}

// inputs looks at the files of the command line.
func inputs(files []string) []*input {
	list := make([]*input, len(files))
	for i, f := range files {
		list[i] = &input{file: f, name: f}
		if f == "-" {
			list[i].name, list[i].base = standardInput, "stdin"
			continue
		}
		base := filepath.Base(f)
		list[i].base = strings.TrimSuffix(base, filepath.Ext(base))
		if info, err := os.Stat(f); err == nil {
			list[i].size = info.Size()
		}
	}
	return list
}

// Limits in bytes: a document as elmo and edci have it, and the issuer file.
const (
	documentLimit = 256 << 20
	issuerLimit   = 1 << 20
)

func (in *input) read(stdin io.Reader) ([]byte, error) {
	if in.file == "-" {
		return readAll(stdin, 0, documentLimit)
	}
	return readFile(in.file, documentLimit)
}

// readFile reads a file, device or pipe that is no longer than the limit.
func readFile(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("is a folder; give the files in it")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(file, info.Size(), limit)
}

// readAll reads up to a limit; what is known to be longer is not read at all.
func readAll(r io.Reader, size, limit int64) ([]byte, error) {
	tooLong := fmt.Errorf("%w: more than %d MiB", elmo.ErrLimit, limit>>20)
	if size > limit {
		return nil, tooLong
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, tooLong
	}
	return data, err
}

var (
	errTarget = errors.New("it is a European Digital Credential already")
	errMixed  = errors.New("one output cannot hold this and what was converted before it")
)

// result is what became of an input, or of several credentials of one learner.
type result struct {
	inputs  []string
	base    string
	outputs []output
	report  *convert.Report
	checks  []*convert.Validation // of the outputs, with --check
	vouched []verifyItem          // of the inputs, with --require-signature
	err     error

	// credentials that still wait for others of the same learner
	credentials []*edci.EuropeanDigitalCredential
}

// output is one result as it is written.
type output struct {
	kind convert.Format
	data []byte
}

// job converts inputs.
type job struct {
	app   *app
	opt   convert.Options
	to    convert.Format // "" is the other format
	check bool           // validate what is written
	seal  *sealing       // nil: nothing is sealed
	alone bool           // what is sealed must be one credential
	trust *convert.Trust // nil: signatures are not looked at
}

// convert converts one input; credentials on their way to ELMO are only read.
func (j *job) convert(in *input) *result {
	r := &result{inputs: []string{in.name}, base: in.base}
	data, err := in.read(j.app.stdin)
	if err != nil {
		r.err = err
		return r
	}
	read, err := j.read(r, data)
	if err != nil {
		r.err = err
		return r
	}
	switch {
	case read.Format == convert.FormatEDC && j.to == convert.FormatEDC:
		r.err = errTarget
	case read.Format == convert.FormatEDC && j.seal != nil:
		r.err = errNoSeal
	case read.Format == convert.FormatEDC:
		r.credentials = read.Credentials
	case j.to == convert.FormatELMO:
		j.toVersion(r, read)
	default:
		j.toEDC(r, read)
	}
	return r
}

func (j *job) toEDC(r *result, in *convert.Input) {
	credentials, report, err := convert.ToEDC(in.Document, j.opt)
	if err != nil {
		r.err = err
		return
	}
	r.report = report
	for _, c := range credentials {
		data := convert.AppendEDC(nil, c, j.opt)
		if j.seal != nil {
			if data, err = j.sealed(data, len(credentials)); err != nil {
				r.err = err
				return
			}
		}
		r.outputs = append(r.outputs, output{convert.FormatEDC, data})
	}
}

// sealed seals one of several credentials of a document.
func (j *job) sealed(data []byte, of int) ([]byte, error) {
	if j.alone && of > 1 {
		return nil, errSeveral
	}
	s, err := convert.Sign(context.Background(), data, j.seal.key, j.seal.opt)
	if err != nil {
		return nil, err
	}
	return s.Data, nil
}

// read reads an input; where signatures are required, what they cover and nothing else.
func (j *job) read(r *result, data []byte) (*convert.Input, error) {
	if j.trust == nil {
		return convert.Read(data)
	}
	v, err := convert.Verify(data, *j.trust)
	if err != nil {
		return nil, err
	}
	r.vouched = append(r.vouched, verifyItem{Input: r.inputs[0], Verification: v})
	return v.Read()
}

func (j *job) toVersion(r *result, in *convert.Input) {
	doc, report, err := convert.ToVersion(in.Document, j.opt)
	j.document(r, doc, report, err)
}

// toELMO converts the credentials that were read.
func (j *job) toELMO(r *result) {
	doc, report, err := convert.ToELMO(r.credentials, j.opt)
	j.document(r, doc, report, err)
}

// document writes the document that a conversion gave.
func (j *job) document(r *result, doc *elmo.Document, report *convert.Report, err error) {
	if err != nil {
		r.err = err
		return
	}
	xml, err := convert.WriteELMO(doc, j.opt)
	r.report, r.err = report, err
	r.outputs = []output{{convert.FormatELMO, xml}}
}

// ordered runs work for each item on several goroutines and hands the results over in order. No more
// than workers results wait.
func ordered[T, R any](items []T, workers int, work func(T) R, take func(R)) {
	slots := make(chan chan R, max(workers-1, 0))
	go func() {
		defer close(slots)
		for _, item := range items {
			slot := make(chan R, 1)
			slots <- slot
			go func() { slot <- work(item) }()
		}
	}()
	for slot := range slots {
		take(<-slot)
	}
}
