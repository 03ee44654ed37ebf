package web

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"elmobridge/elmo"

	"github.com/go-chi/chi/v5"
)

// attachment is a file in one or more languages, as the transcript lists it.
type attachment struct {
	At           *place
	Type         string
	Title        text
	Descriptions []text
	Files        []fileLink
}

// fileLink leads to a file.
type fileLink struct {
	Path string
	Lang string
	Kind string // PDF, PNG, JPEG or text; empty: the browser does not open it
	KiB  int
}

// file is the content of an attachment.
type file struct {
	kind *kind // nil: the browser does not open it
	data []byte
}

// kind is a type of files that browsers open safely.
type kind struct {
	name, mediaType, ending, policy string
	is                              func([]byte) bool
}

// closed lets a file load and run nothing.
const closed = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// kinds are told by the content, for what a document says of its files may be wrong. A sandbox would keep browsers
// from showing PDF files; they show them in a program of their own, which has nothing of this site.
var kinds = []*kind{
	{"PDF", "application/pdf", ".pdf", closed, begins("%PDF-")},
	{"PNG", "image/png", ".png", "sandbox; " + closed, begins("\x89PNG\r\n\x1a\n")},
	{"JPEG", "image/jpeg", ".jpg", "sandbox; " + closed, begins("\xff\xd8\xff")},
}

// images are those kinds that are pictures.
var images = kinds[1:]

// kindOf is the kind of a file, nil when it is none of these.
func kindOf(data []byte, list []*kind) *kind {
	if i := slices.IndexFunc(list, func(k *kind) bool { return k.is(data) }); i >= 0 {
		return list[i]
	}
	return nil
}

// plainText is not told by its content alone: it must be called so as well.
var plainText = &kind{"TXT", "text/plain; charset=utf-8", ".txt", "sandbox; " + closed, isText}

func begins(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

func isText(data []byte) bool {
	return utf8.Valid(data) && bytes.IndexFunc(data, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) < 0
}

// newFile reads a data: URI (RFC 2397), or bare base64. What cannot be decoded is there as it was written.
func newFile(content string) file {
	mediaType, data := dataURI(content)
	if k := kindOf(data, kinds); k != nil {
		return file{k, data}
	}
	if mediaType == "text/plain" && plainText.is(data) {
		return file{plainText, data}
	}
	return file{nil, data}
}

func dataURI(content string) (mediaType string, data []byte) {
	head, body, found := strings.Cut(strings.TrimSpace(content), ",")
	described, ok := strings.CutPrefix(head, "data:")
	if !ok || !found {
		return "", unbase64(content, base64.StdEncoding)
	}
	described, encoded := strings.CutSuffix(described, ";base64")
	if described == "" {
		described = "text/plain"
	}
	mediaType, _, _ = mime.ParseMediaType(described)
	if encoded {
		return mediaType, unbase64(strings.TrimRight(body, "= \t\r\n"), base64.RawStdEncoding)
	}
	if text, err := url.PathUnescape(body); err == nil {
		return mediaType, []byte(text)
	}
	return mediaType, []byte(body)
}

// unbase64 decodes base64 with white space in it.
func unbase64(s string, encoding *base64.Encoding) []byte {
	if data, err := encoding.DecodeString(strings.Join(strings.Fields(s), "")); err == nil {
		return data
	}
	return []byte(s)
}

// attachmentIDs gives the attachments of the document their places before results refer to them.
func (r *reader) attachmentIDs(doc *elmo.Document) {
	give := func(list []*elmo.Attachment, path string) {
		for i, a := range list {
			for _, x := range a.Identifiers {
				r.ids[x.Value] = r.place(path + nth("attachment", i))
			}
		}
	}
	give(doc.Attachments, "")
	for i, rep := range doc.Reports {
		give(rep.Attachments, nth("report", i)+"/")
	}
}

// attachments lists attachments and numbers their files.
func (r *reader) attachments(list []*elmo.Attachment, path string) []attachment {
	var out []attachment
	for i, x := range list {
		a := attachment{Type: x.Type, Title: r.pick(x.Titles), Descriptions: r.all(x.Descriptions)}
		a.At = r.named(path+nth("attachment", i), a.Title.Text)
		for _, c := range x.Contents {
			f := newFile(c.Value)
			link := fileLink{Path: fmt.Sprintf("/results/%d/attachments/%d", r.number, len(r.files)+1), Lang: c.Lang, KiB: (len(f.data) + 1023) >> 10}
			if f.kind != nil {
				link.Kind = f.kind.name
			}
			r.files = append(r.files, f)
			a.Files = append(a.Files, link)
		}
		out = append(out, a)
	}
	return out
}

// attachment answers with a file of the document: opened by the browser when it is of a safe kind, else to be saved.
func (h *handlers) attachment(w http.ResponseWriter, r *http.Request) error {
	f, err := work(h, r, func(res *result, one keptResult) (file, error) {
		doc, err := res.document()
		if err != nil {
			return file{}, err
		}
		_, files := newTranscript(doc, languageOf(r), one.Number)
		i, err := strconv.Atoi(chi.URLParam(r, "index"))
		if err != nil || i < 1 || i > len(files) {
			return file{}, errNoPart
		}
		return files[i-1], nil
	})
	if err != nil {
		return err
	}
	f.write(w, "attachment-"+chi.URLParam(r, "index"))
	return nil
}

// write answers with a file.
func (f file) write(w http.ResponseWriter, name string) {
	h := w.Header()
	if f.kind == nil {
		save(w, "application/octet-stream", name+".bin", f.data)
		return
	}
	h.Set("Content-Type", f.kind.mediaType)
	h.Set("Content-Security-Policy", f.kind.policy)
	h.Set("Content-Disposition", `inline; filename="`+name+f.kind.ending+`"`)
	h.Set("Content-Length", strconv.Itoa(len(f.data)))
	_, _ = w.Write(f.data) // the client has gone: nobody is left to tell
}

// save answers with a file to be saved.
func save(w http.ResponseWriter, mediaType, name string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data)
}
