package mapping

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

// attachments knows the files of a credential: by the first identifier of their attachment, and on
// the way back by the identifier of the media object.
type attachments struct {
	byRef   map[string]*edci.MediaObject
	byMedia map[string]string
	echo    bool // in a trial: each reference leads to a file of its own name
}

func (a *attachments) find(ref string) *edci.MediaObject {
	if a.echo {
		return &edci.MediaObject{ID: ref}
	}
	return a.byRef[ref]
}

func (a *attachments) reference(mediaID string) string {
	if a.echo {
		return mediaID
	}
	return a.byMedia[mediaID]
}

const pathAttachmentType = "attachment/type"

// attachments turns the attachments of the report, and those of the document that belong to its
// credential, into media objects (ATT).
func (f *forward) attachments(rr *reportRun, c *edci.EuropeanDigitalCredential, rem *elmo.Document) *attachments {
	out := &attachments{byRef: map[string]*edci.MediaObject{}}
	for i, a := range rr.report.Attachments {
		if s := f.attachment(c, out, a, i+1); s != nil {
			rr.remainder.Attachments = append(rr.remainder.Attachments, s)
		}
	}
	elsewhere := f.elmo
	f.elmo = nil
	for i, a := range f.doc.Attachments {
		if displayMark(a) > 0 || !f.belongs(rr, a) {
			continue
		}
		if s := f.attachment(c, out, a, i+1); s != nil {
			rem.Attachments = append(rem.Attachments, s)
		}
	}
	f.elmo = elsewhere
	return out
}

// belongs tells whether a root attachment goes into the credential of a report: to those whose
// results refer to it, else to all or the first.
func (f *forward) belongs(rr *reportRun, a *elmo.Attachment) bool {
	if len(a.Identifiers) > 0 {
		if reports := f.wanted[a.Identifiers[0].Value]; len(reports) > 0 {
			return reports[rr.n-1]
		}
	}
	return f.opt.AttachToAll || rr.n-1 == f.first
}

// attachment converts one attachment and gives what the remainder must say of it.
func (f *forward) attachment(c *edci.EuropeanDigitalCredential, known *attachments, a *elmo.Attachment, n int) *elmo.Attachment {
	defer f.leave(f.enter("attachment", n, "", 0))
	media, stubs, ok := f.contents(a, len(c.Attachment))
	if !ok {
		f.row = "ATT-06"
		whole := *a
		f.keepAside("", Format, false, "it has no content, or content that is no file")
		whole.Extra = withN(a.Extra, n)
		return &whole
	}
	f.row = "ATT-01"
	skeleton := &elmo.Attachment{Identifiers: a.Identifiers, Extension: a.Extension, Contents: stubs, Extra: withN(a.Extra, n)}
	if !f.opt.keeps() {
		f.say(Reduced, NoCounterpart, "", "/attachment", "without the remainder each file comes back as an attachment of the report, without identifiers, language and order")
	}
	for i := range a.Identifiers {
		f.keepAside(nth("identifier", i+1), NoCounterpart, false, "media objects have no identifiers of this kind")
	}
	if a.Extension != nil {
		f.keepAside("extension", NoCounterpart, false, "ELM has no place for extensions")
	}
	f.unknownAttachment(a)
	f.describe(media, a, skeleton)
	if len(a.Identifiers) > 0 && known.byRef[a.Identifiers[0].Value] == nil {
		known.byRef[a.Identifiers[0].Value] = media[0]
	}
	c.Attachment = append(c.Attachment, media...)
	return skeleton
}

func withN(x *elmo.Extra, n int) *elmo.Extra {
	var out elmo.Extra
	if x != nil {
		out = *x
		out.Attrs = out.Attrs[:len(out.Attrs):len(out.Attrs)]
	}
	p := &out
	addAttr(&p, "n", strconv.Itoa(n))
	return p
}

// unknownAttachment reports on what the schema does not know; the skeleton carries it.
func (f *forward) unknownAttachment(a *elmo.Attachment) {
	if f.known {
		return
	}
	f.row = "VAL-06"
	for _, child := range elmo.Unclean(a) {
		for _, path := range child.Paths {
			f.keepAside(path, Unknown, child.Known, unknownNote)
		}
	}
}

// describe puts title, description and type on each media object (ATT-02, ATT-03).
func (f *forward) describe(media []*edci.MediaObject, a, skeleton *elmo.Attachment) {
	f.row = "ATT-02"
	title := f.texts(a.Titles, "title", f.surplusOf("title"))
	description := f.texts(a.Descriptions, "description", f.surplusOf("description"))
	if repeatsLanguage(a.Titles) || !allClean(a.Titles) {
		skeleton.Titles = a.Titles
	}
	if repeatsLanguage(a.Descriptions) || !allClean(a.Descriptions) {
		skeleton.Descriptions = a.Descriptions
	}
	var kind *edci.Concept
	if a.Type != "" {
		kind = &edci.Concept{ID: conceptID(pathAttachmentType, a.Type), PrefLabel: english(a.Type)}
	}
	for _, m := range media {
		m.Title, m.Description, m.AttachmentType = title, description, kind
	}
}

func (f *forward) surplusOf(name string) func(int, edci.LangText, bool) {
	return func(n int, _ edci.LangText, bad bool) {
		f.keepAside(nth(name, n), surplusReason(bad), bad, surplusNote(bad))
	}
}

func allClean(texts []elmo.Text) bool {
	for i := range texts {
		if texts[i].Extra != nil {
			return false
		}
	}
	return true
}

// contents converts the contents of an attachment to media objects and to stubs that lead to them.
// ok is false when there is none, or one that is no file.
func (f *forward) contents(a *elmo.Attachment, before int) (media []*edci.MediaObject, stubs []elmo.Text, ok bool) {
	var files []*file
	for i := range a.Contents {
		c := readFile(a.Contents[i].Value)
		if c == nil {
			return nil, nil, false
		}
		files = append(files, c)
	}
	f.row = "ATT-04"
	for i, c := range files {
		m := c.media()
		m.ID = f.mediaID(f.elmoAt(nth("content", i+1)))
		media = append(media, m)
		stubs = append(stubs, c.stub(m, a.Contents[i]))
		if c.note != "" {
			f.say(Normalised, c.why, nth("content", i+1), pointerNth("/attachment", before+i+1), c.note)
		}
		if a.Contents[i].Lang != "" {
			f.keepAside(nth("content", i+1)+"/@xml:lang", NoCounterpart, false, "media objects have no language")
		}
	}
	return media, stubs, len(files) > 0
}

// mediaID names the media object of a content by the path of the content, not by its bytes alone:
// one file in two languages with equal bytes is two media objects.
func (f *forward) mediaID(path string) string {
	if f.opt.Random != nil {
		return f.opt.Random()
	}
	return edci.UUID(f.opt.Seed, path)
}

// file is a content taken apart.
type file struct {
	mediaType string
	head      string // what stood before ";base64,"; empty for bare base64
	content   string // base64 without white space
	size      int
	why       Reason
	note      string // what was done to read it
}

func (c *file) media() *edci.MediaObject {
	return newMedia(fileTypeConcept(c.mediaType), c.content, c.size)
}

func fileTypeConcept(mediaType string) *edci.Concept {
	if m, ok := codes.FileType(mediaType); ok {
		return m.Concept()
	}
	return mediaTypeConcept(mediaType)
}

// mediaTypeOf is the way back of fileTypeConcept.
func mediaTypeOf(c *edci.Concept) string {
	if c == nil {
		return "application/octet-stream"
	}
	if m, ok := codes.ByName("file-type").ID(c.ID); ok {
		if t, ok := codes.MediaType(m.Code); ok {
			return t
		}
	}
	if t, ok := strings.CutPrefix(c.ID, ianaMediaType); ok {
		return t
	}
	return "application/octet-stream"
}

// stub takes the place of the content in the skeleton.
func (c *file) stub(m *edci.MediaObject, content elmo.Text) elmo.Text {
	stub := elmo.Text{Lang: content.Lang, Extra: content.Extra}
	if content.Extra != nil {
		own := *content.Extra
		own.Attrs = own.Attrs[:len(own.Attrs):len(own.Attrs)]
		stub.Extra = &own
	}
	addAttr(&stub.Extra, "media", m.ID)
	if c.head != dataHead(m.ContentType) {
		addAttr(&stub.Extra, "head", c.head)
	}
	return stub
}

func dataHead(contentType *edci.Concept) string { return "data:" + mediaTypeOf(contentType) }

// readFile reads a data: URI (ATT-04) or bare base64 of a known kind of file (ATT-05); nil for
// anything else.
func readFile(content string) *file {
	if len(content) < 5 || !strings.EqualFold(content[:5], "data:") {
		return bareFile(content)
	}
	comma := strings.IndexByte(content, ',')
	if comma < 0 {
		return nil
	}
	head, data := content[:comma], content[comma+1:]
	c := &file{head: head}
	if h, ok := cutSuffixFold(head, ";base64"); ok {
		c.head = h
		if !strings.HasSuffix(head, ";base64") {
			c.why, c.note = Format, "the encoding of a data: URI is written in lower case"
		}
		if !c.setBase64(data) {
			return nil
		}
	} else if !c.setText(data) {
		return nil
	}
	if c.size == 0 {
		return nil // a media object must have content
	}
	c.mediaType = mediaTypeIn(c.head[5:])
	return c
}

func cutSuffixFold(s, suffix string) (string, bool) {
	if i := len(s) - len(suffix); i >= 0 && strings.EqualFold(s[i:], suffix) {
		return s[:i], true
	}
	return s, false
}

// mediaTypeIn is the media type of a data: URI without its parameters, text/plain when there is none.
func mediaTypeIn(s string) string {
	t, _, _ := strings.Cut(s, ";")
	if t == "" {
		return "text/plain"
	}
	return strings.ToLower(t)
}

func (c *file) setBase64(data string) bool {
	if strings.ContainsAny(data, " \t\n\r") {
		data = strings.Join(strings.Fields(data), "")
		c.why, c.note = Format, "white space in base64 is left out"
	}
	c.content = data
	var ok bool
	c.size, ok = base64Size(data)
	return ok
}

func (c *file) setText(data string) bool {
	text, err := url.PathUnescape(data)
	if err != nil {
		return false
	}
	c.content, c.size = base64.StdEncoding.EncodeToString([]byte(text)), len(text)
	c.why, c.note = Format, "URL-encoded data is written in base64"
	return true
}

// base64Digit is 1 for the 64 characters of base64.
var base64Digit = func() (t [256]uint8) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = 1
	}
	return t
}()

// base64Size checks padded base64 without decoding it and gives the number of bytes it stands for.
func base64Size(s string) (int, bool) {
	if len(s) == 0 || len(s)%4 != 0 {
		return 0, len(s) == 0
	}
	body := strings.TrimRight(s[len(s)-2:], "=")
	pad := 2 - len(body)
	if pad == 1 && s[len(s)-1] != '=' {
		return 0, false
	}
	good := 0
	digits := s[:len(s)-pad]
	for i := range len(digits) {
		good += int(base64Digit[digits[i]])
	}
	return len(s)/4*3 - pad, good == len(digits)
}

// magic begins the base64 of files that are recognised without a media type.
var magic = []struct{ prefix, mediaType string }{
	{"JVBERi0", "application/pdf"},
	{"iVBORw0KGgo", "image/png"},
	{"/9j/", "image/jpeg"},
}

func bareFile(content string) *file {
	for _, m := range magic {
		if !strings.HasPrefix(content, m.prefix) {
			continue
		}
		c := &file{mediaType: m.mediaType}
		if !c.setBase64(content) {
			return nil
		}
		c.why, c.note = NotDataURI, "bare base64 was recognised as a file"
		return c
	}
	return nil
}
