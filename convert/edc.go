package convert

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strconv"
	"sync"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

// ErrNoDocument is returned for nil.
var ErrNoDocument = errors.New("there is no document to convert")

// ToEDC converts a document: one unsigned credential for each report with results, with pictures and
// ids, ready to be written by AppendEDC and sealed. Dates and times keep the zone they came with, or
// none (VAL-03). An error means no result; what could not be carried is in the Report.
//
// A document that was changed after it was read must have its Source set to nil, for the credentials
// name its bytes.
func ToEDC(doc *elmo.Document, opt Options) ([]*edci.EuropeanDigitalCredential, *Report, error) {
	if err := opt.check(); err != nil {
		return nil, nil, err
	}
	if doc == nil {
		return nil, nil, ErrNoDocument
	}
	doc, err := withSource(doc)
	if err != nil {
		return nil, nil, err
	}
	m := opt.forMapping(doc.Source.Digest[:])
	credentials, report, err := mapping.Forward(doc, m)
	if err != nil {
		return nil, nil, err
	}
	numbers, left := reportNumbers(doc), newDrawing()
	for i, c := range credentials {
		n := numbers[i%len(numbers)]
		opt.picture(c, n, left, report)
		opt.embedSource(c, n, doc, report)
		if err := opt.identify(c, m.Seed, n); err != nil {
			return nil, nil, err
		}
	}
	if opt.ReportValues {
		opt.addValues(report, documentValues(doc))
	}
	return credentials, report, nil
}

// identify gives ids to all nodes.
func (o *Options) identify(c *edci.EuropeanDigitalCredential, seed string, report int) error {
	if o.RandomIDs {
		return edci.AssignRandomIDs(c, rand.Reader)
	}
	edci.AssignIDs(c, seed+";report="+strconv.Itoa(report))
	return nil
}

// reportNumbers are the positions, from 1, of the reports that get a credential (ENV-10).
func reportNumbers(doc *elmo.Document) []int {
	var numbers []int
	for i, r := range doc.Reports {
		if len(r.LearningOpportunitySpecifications) > 0 {
			numbers = append(numbers, i+1)
		}
	}
	if numbers == nil {
		return []int{1}
	}
	return numbers
}

// withSource gives a document made in memory the bytes it would have as a file.
func withSource(doc *elmo.Document) (*elmo.Document, error) {
	if doc.Source != nil {
		return doc, nil
	}
	version := elmo.Latest
	data, err := elmo.Marshal(doc, elmo.WriteOptions{Version: version})
	if errors.Is(err, elmo.ErrVersion) {
		version = elmo.V20
		data, err = elmo.Marshal(doc, elmo.WriteOptions{Version: version})
	}
	if err != nil {
		return nil, err
	}
	own := *doc
	own.Source = &elmo.Source{Data: data, Digest: sha256.Sum256(data), Encoding: "UTF-8", Namespace: elmo.NS,
		Version: version, VersionFrom: "elements"}
	return &own, nil
}

// AppendEDC appends a credential as compact JSON-LD; with Indent on several lines. A dst that is used
// again and again saves an allocation of the size of the result.
func AppendEDC(dst []byte, c *edci.EuropeanDigitalCredential, opt Options) []byte {
	switch {
	case opt.Indent:
		return edci.WriteOptions{Indent: true}.Append(dst, c)
	case dst == nil:
		return written(c)
	}
	return edci.Append(dst, c)
}

// scratch holds buffers that credentials are written into, so that a result is allocated once.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// mostScratch is the size from which a buffer is the result itself.
const mostScratch = 16 << 20

func written(c *edci.EuropeanDigitalCredential) []byte {
	buf := scratch.Get().(*[]byte)
	data := edci.Append((*buf)[:0], c)
	if len(data) > mostScratch {
		*buf = nil
		scratch.Put(buf)
		return data
	}
	*buf = data
	defer scratch.Put(buf)
	return bytes.Clone(data)
}
