package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"elmobridge/api/limit"
	"elmobridge/convert"
	"elmobridge/elmo"

	"github.com/go-chi/chi/v5"
)

// work finds the result that the address names, and does something with it, when a worker is free: reading it takes memory
// and time as well.
func work[T any](h *handlers, r *http.Request, do func(*result, keptResult) (T, error)) (T, error) {
	nothing := func(io.Reader) (none struct{}, err error) { return none, nil }
	return limit.Work(h.Bounds, r, nothing, func(_ context.Context, _ struct{}) (T, error) {
		res, one, err := h.find(r)
		if err != nil {
			var zero T
			return zero, err
		}
		return do(res, one)
	})
}

// resultPage is what came of a file, as a page shows it.
type resultPage struct {
	Number       int
	Name, Shows  string // as of a result
	Until        time.Time
	Transcript   *transcript
	Version      string // of the document, in words
	Report       *lossReport
	Credentials  []credential
	Signature    string // unsigned, passed, failed or not-checked
	Verification verdict
	Validations  []validation
	Files        []download
	HandedOver   *handedOverPage // nil: the file was uploaded
}

// newPage reads a result for the language of the page.
func newPage(res *result, one keptResult, l *language) (*resultPage, error) {
	doc, err := res.document()
	if err != nil {
		return nil, err
	}
	p := &resultPage{Number: one.Number, Name: res.Name, Shows: res.Shows, Until: one.Until, Version: versionOf(doc, l), Verification: res.Verification, Validations: res.Validations}
	p.Transcript, _ = newTranscript(doc, l, one.Number)
	report, err := res.report()
	if err != nil {
		return nil, err
	}
	p.Report = newLossReport(report, p.Transcript, l)
	credentials, err := res.credentials()
	if err != nil {
		return nil, err
	}
	r := newReader(l)
	for i, c := range credentials {
		data := res.Original
		if res.Format == convert.FormatELMO {
			data = res.Credentials[i]
		}
		p.Credentials = append(p.Credentials, r.newCredential(c, i+1, data))
	}
	p.Signature = string(res.Verification.Status)
	if !res.Signed {
		p.Signature = "unsigned"
	}
	p.Files = res.files()
	p.HandedOver = res.HandedOver.page(l)
	return p, nil
}

// showResult shows transcript, report and credential.
func (h *handlers) showResult(w http.ResponseWriter, r *http.Request) error {
	l := languageOf(r)
	p, err := work(h, r, func(res *result, one keptResult) (*resultPage, error) { return newPage(res, one, l) })
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, "result", l.T("result.title", p.Number), p)
}

// versionOf is the version of a document in words. One of 1.x is told by what is in it where the document does not say it,
// which leaves open that it is a later one.
func versionOf(doc *elmo.Document, l *language) string {
	version := string(doc.Source.Version)
	if doc.Source.VersionFrom == "elements" && version < string(elmo.Latest) {
		return l.T("report.version", version)
	}
	return version
}

// showTranscript shows the transcript alone, for the printer. There is no report on that page to lead to.
func (h *handlers) showTranscript(w http.ResponseWriter, r *http.Request) error {
	type transcriptPage struct {
		Number     int
		Transcript *transcript
	}
	l := languageOf(r)
	p, err := work(h, r, func(res *result, one keptResult) (transcriptPage, error) {
		doc, err := res.document()
		if err != nil {
			return transcriptPage{}, err
		}
		t, _ := newTranscript(doc, l, one.Number)
		return transcriptPage{one.Number, t}, nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, "transcript-page", l.T("result.title", p.Number), p)
}

// download is a file to be saved. Its name says nothing of the document.
type download struct {
	Name, Label string // the label is a key of texts
	Number      int    // of the credential; 0: there is one alone
	mediaType   string
	data        []byte
}

// Media types of downloads.
const (
	typeXML    = "application/xml"
	typeJSON   = "application/json"
	typeJSONLD = "application/ld+json"
	typeReport = "application/vnd.elmobridge.report+json"
)

// files lists what can be saved.
func (res *result) files() []download {
	var list []download
	switch {
	case res.HandedOver != nil:
		list = append(list, download{Name: "results.xml", Label: "file.handed", mediaType: typeXML, data: res.Original})
	case res.Format == convert.FormatELMO:
		list = append(list, download{Name: "original.xml", Label: "file.original.elmo", mediaType: typeXML, data: res.Original})
	default:
		list = append(list, download{Name: "original.json", Label: "file.original.edc", mediaType: typeJSON, data: res.Original},
			download{Name: "transcript.xml", Label: "file.elmo", mediaType: typeXML, data: res.ELMO})
	}
	for i, data := range res.Credentials {
		d := download{Name: "credential.jsonld", Label: "file.credential", mediaType: typeJSONLD, data: data}
		if len(res.Credentials) > 1 {
			d.Name, d.Number = fmt.Sprintf("credential-%d.jsonld", i+1), i+1
		}
		list = append(list, d)
	}
	return append(list, download{Name: "report.json", Label: "file.report", mediaType: typeReport, data: res.Report})
}

// KiB is the size.
func (d download) KiB() int { return (len(d.data) + 1023) >> 10 }

// download answers with a file to be saved.
func (h *handlers) download(w http.ResponseWriter, r *http.Request) error {
	d, err := work(h, r, func(res *result, _ keptResult) (download, error) {
		for _, d := range res.files() {
			if d.Name == chi.URLParam(r, "name") {
				d.data = bytes.Clone(d.data) // of the other files nothing is kept while it is sent
				return d, nil
			}
		}
		return download{}, errNoPart
	})
	if err != nil {
		return err
	}
	save(w, d.mediaType, d.Name, d.data)
	return nil
}
