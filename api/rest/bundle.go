package rest

import (
	"archive/zip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"elmobridge/api/problem"
	"elmobridge/convert"
)

// outcome is what became of a document of a batch.
type outcome struct {
	BatchFile
	format   convert.Format // of the document
	document []byte
	report   []byte // JSON, one line
	err      error  // of which the problem is
}

// What a document of a batch can be.
const (
	waiting    = "waiting"
	wasDone    = "converted"
	wasRefused = "failed"
)

// BatchFile tells what became of a document of a batch.
type BatchFile struct {
	Number  int              `json:"number" minimum:"1" doc:"Position in the request, from 1: first the documents of a form, then those of the archive. Names can repeat, numbers cannot."`
	Name    string           `json:"name" doc:"As the request has it; empty if it has none."`
	Status  string           `json:"status" enum:"waiting,converted,failed"`
	Losses  string           `json:"losses,omitempty" doc:"As the header Elmobridge-Losses of a conversion."`
	Problem *problem.Problem `json:"problem,omitempty" doc:"Why it failed."`
}

// label is the name of a document as it is told.
func label(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if letters := []rune(name); len(letters) > longestName {
		return string(letters[:longestName-1]) + "…"
	}
	return name
}

// batchLine is a line of results.
type batchLine struct {
	BatchFile
	MediaType string          `json:"mediaType,omitempty" doc:"Of the result."`
	Encoding  string          `json:"encoding,omitempty" enum:"base64" doc:"base64 when the document is not UTF-8."`
	Result    any             `json:"result,omitempty" doc:"A credential, an array of credentials, or an ELMO document as a text."`
	Report    json.RawMessage `json:"report,omitempty"`
}

// BatchCount is the last line, and the beginning of the index. Without it results are not complete.
type BatchCount struct {
	Count     int `json:"count" doc:"Documents of the request."`
	Converted int `json:"converted"`
	Failed    int `json:"failed"`
}

func (c *BatchCount) add(f *BatchFile) {
	c.Count++
	switch f.Status {
	case wasDone:
		c.Converted++
	case wasRefused:
		c.Failed++
	}
}

// bundle writes the results of a batch, one after the other.
type bundle interface {
	add(*outcome) error
	close() error
}

const typeLines = "application/x-ndjson"

// bundleTypes are the forms of results.
var bundleTypes = []string{typeZip, typeLines}

func newBundle(mediaType string, w io.Writer) bundle {
	if mediaType == typeLines {
		return &lines{w: w}
	}
	return &archive{w: zip.NewWriter(w)}
}

// lines are JSON texts with a line feed after each.
type lines struct {
	w     io.Writer
	count BatchCount
}

func (l *lines) add(o *outcome) error {
	l.count.add(&o.BatchFile)
	_, err := l.w.Write(encode(o.line()))
	return err
}

func (l *lines) close() error {
	_, err := l.w.Write(encode(l.count))
	return err
}

func (o *outcome) line() batchLine {
	l := batchLine{BatchFile: o.BatchFile}
	if o.Status == wasDone {
		l.MediaType, l.Report = documentTypes[o.format][0], o.report
		l.Encoding, l.Result = inJSON(o.format, o.document)
	}
	return l
}

// inJSON is how a document stands in JSON.
func inJSON(f convert.Format, data []byte) (encoding string, v any) {
	switch {
	case f == convert.FormatEDC:
		return "", json.RawMessage(data)
	case utf8.Valid(data):
		return "", string(data)
	}
	return "base64", base64.StdEncoding.EncodeToString(data)
}

// archive is a zip archive of results, reports and problems, with an index as its last entry. Without its directory,
// which comes at the very end, no program opens it.
type archive struct {
	w     *zip.Writer
	index batchIndex
}

// batchIndex is index.json in an archive of results.
type batchIndex struct {
	BatchCount
	Files []indexEntry `json:"files"`
}

// indexEntry is what the index says of a document.
type indexEntry struct {
	BatchFile
	Result string `json:"result,omitempty"` // its place in the archive
	Report string `json:"report,omitempty"`
}

// endings of the names of results.
var endings = map[convert.Format]string{convert.FormatEDC: ".json", convert.FormatELMO: ".xml"}

func (a *archive) add(o *outcome) error {
	a.index.add(&o.BatchFile)
	e := indexEntry{BatchFile: o.BatchFile}
	stem := fmt.Sprintf("%04d-%s", o.Number, stemOf(o.Name))
	if o.Status != wasDone {
		a.index.Files = append(a.index.Files, e)
		return errors.Join(a.put("problems/"+stem+".json", encode(o.Problem)), a.w.Flush())
	}
	e.Result, e.Report = "results/"+stem+endings[o.format], "reports/"+stem+".json"
	a.index.Files = append(a.index.Files, e)
	return errors.Join(a.put(e.Result, o.document), a.put(e.Report, o.report), a.w.Flush())
}

// entryTime is that of all entries: the results of the same documents are the same bytes. Without one they would be of the
// month 0 of 1980.
var entryTime = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

func (a *archive) put(name string, data []byte) error {
	w, err := a.w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: entryTime})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func (a *archive) close() error {
	if err := a.put("index.json", encode(a.index)); err != nil {
		return err
	}
	return a.w.Close()
}

// longestStem is how many letters of a name are in the name of its result.
const longestStem = 60

// stemOf is the last part of a name without its ending, fit for the name of a file on every system: letters, digits,
// dashes and low lines. What unpacks the archive can trust it.
func stemOf(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	letters := []rune(strings.TrimSuffix(name, path.Ext(name)))
	for i, r := range letters {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' {
			letters[i] = '_'
		}
	}
	return string(letters[:min(len(letters), longestStem)])
}
