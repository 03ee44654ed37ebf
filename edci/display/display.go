// Package display draws a credential as the pictures that Europass viewers show as the diploma
// (displayParameter/individualDisplay; mapping.md ENV-07).
//
// Draw shows the content: one A4 page after another, in one language. Minimal is one small picture
// without content for those who need a valid credential and no diploma. Both make PNG in sixteen
// grays with the Go fonts, and the same input gives the same bytes. The picture is a rendering of
// the data and says so; it shows no identifier of the learner.
package display

import (
	"encoding/base64"
	"errors"
	"image"
	"sync"

	"elmobridge/edci"
)

// ErrNoCredential is the error of Draw for nil.
var ErrNoCredential = errors.New("display: no credential")

// press is what drawing needs and later drawings can use again.
type press struct {
	page *canvas
	png  *encoder
}

var presses = sync.Pool{New: func() any {
	return &press{page: newCanvas(pageWidth, pageHeight), png: newEncoder()}
}}

// Draw returns the credential as PNG pages, at least one and at most 60; after that the last page
// says that the rest is in the data. Texts are in the language of the tag, else English, else of no
// language, else the first; the words around them in that language, else English. Dates are as
// written. The only error is ErrNoCredential.
func Draw(c *edci.EuropeanDigitalCredential, lang string) ([][]byte, error) {
	if c == nil {
		return nil, ErrNoCredential
	}
	t, w := read(c, lang), wordsIn(lang)
	sheets, whole := layout(t, w)
	p := presses.Get().(*press)
	defer presses.Put(p)
	pages := make([][]byte, 0, len(sheets))
	for i, s := range sheets {
		rest := i+1 == len(sheets) && (t.rest || !whole)
		pages = append(pages, p.print(s, frame(t, w, i+1, len(sheets), rest)))
	}
	return pages, nil
}

// print draws a page.
func (p *press) print(s sheet, frame *block) []byte {
	p.page.clear()
	p.page.set(frame, 0)
	for i, b := range s.blocks {
		p.page.set(b, s.tops[i])
	}
	return p.png.encode(p.page, dotsPerMtr)
}

// set draws a block at y.
func (c *canvas) set(b *block, y int) {
	for _, r := range b.bars {
		c.fill(r.at.Add(image.Pt(0, y)), r.gray)
	}
	for _, r := range b.runs {
		c.text(r.face, r.x, y+r.y, r.gray, r.text)
	}
}

// small is the picture without content, and its base64.
type small struct {
	png  []byte
	text string
}

var smalls = func() map[string]func() small {
	all := map[string]func() small{}
	for lang, w := range vocabulary {
		all[lang] = sync.OnceValue(func() small { return newSmall(w) })
	}
	return all
}()

// Minimal returns a small PNG that says, in the language of the tag or else English, that this is a
// European Digital Credential and its content is in the data. It is drawn once for each language:
// the caller must not change it.
func Minimal(lang string) []byte { return smallIn(lang).png }

// MinimalBase64 returns Minimal as base64 text, as MediaObject content has it.
func MinimalBase64(lang string) string { return smallIn(lang).text }

func smallIn(lang string) small {
	if s := smalls[family(lang)]; s != nil {
		return s()
	}
	return smalls["en"]()
}

// newSmall draws the small picture.
func newSmall(w *words) small {
	const width, height, margin = 420, 180, 28
	c, b := newCanvas(width, height), &block{height: 44}
	c.clear()
	b.bars = []bar{{image.Rect(0, 0, width, height), line}, {image.Rect(1, 1, width-1, height-1), white},
		{image.Rect(margin, 28, margin+72, 35), black}}
	b.lines(nameFace, margin, width-2*margin, 33, black, w.credential)
	b.height += 6
	b.lines(smallFace, margin, width-2*margin, smallLead, dark, w.inData)
	c.set(b, 0)
	png := newEncoder().encode(c, dotsPerMtr)
	return small{png, base64.StdEncoding.EncodeToString(png)}
}
