package display

import (
	"image"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// The faces of a page; sizes are in pixels.
var (
	bodyFace  = newFace(goregular.TTF, 20)
	boldFace  = newFace(gobold.TTF, 20)
	smallFace = newFace(goregular.TTF, 16)
	labelFace = newFace(gobold.TTF, 16)
	nameFace  = newFace(gobold.TTF, 25)
	titleFace = newFace(gobold.TTF, 40)
)

// face is a font at one size with the glyphs drawn so far. The outlines are drawn once: that is
// slow. The number of glyphs kept is bounded by the font and by what can be composed from it.
type face struct {
	size   int
	runes  *opentype.Font
	mu     sync.RWMutex // guards glyphs and pen
	pen    font.Face
	glyphs map[rune]*glyph
	box    *glyph
}

// glyph is a drawn letter: coverage of each pixel, 0 to 15, in bounds relative to the pen.
type glyph struct {
	bounds  image.Rectangle
	mask    []byte
	advance fixed.Int26_6
}

// newFace opens a font of this program; it panics when that is broken.
func newFace(ttf []byte, size int) *face {
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		panic(err)
	}
	opened, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: float64(size), DPI: 72})
	if err != nil {
		panic(err)
	}
	return &face{size: size, runes: parsed, pen: opened, glyphs: map[rune]*glyph{}, box: newBox(size)}
}

// newBox is the frame drawn for a rune the font lacks.
func newBox(size int) *glyph {
	w, h := size/2, size*7/10
	g := &glyph{bounds: image.Rect(1, -h, 1+w, 0), mask: make([]byte, w*h), advance: fixed.I(w + 2)}
	for i := range g.mask {
		if x, y := i%w, i/w; x == 0 || y == 0 || x == w-1 || y == h-1 {
			g.mask[i] = 15
		}
	}
	return g
}

// glyph returns the drawn rune, or the box.
func (f *face) glyph(r rune) *glyph {
	f.mu.RLock()
	g, known := f.glyphs[r]
	f.mu.RUnlock()
	if known {
		return g
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if g = f.draw(r); g == nil {
		return f.box // not kept: there are a million runes the font lacks
	}
	f.glyphs[r] = g
	return g
}

// draw makes a glyph of the font's own, else one composed of a letter and its marks; nil is neither.
func (f *face) draw(r rune) *glyph {
	if g := f.outline(r); g != nil {
		return g
	}
	if mark, ok := marks[r]; ok {
		return f.loose(mark)
	}
	letter, parts := decompose(r, f.has)
	if parts == nil {
		return nil
	}
	g := f.outline(letter)
	for _, m := range parts {
		g = g.with(f.outline(m.shape), m.below, f.size/12)
	}
	return g
}

// has tells whether the font has the rune.
func (f *face) has(r rune) bool {
	index, err := f.runes.GlyphIndex(nil, r)
	return err == nil && index != 0
}

// outline draws a rune the font has; nil when it has not.
func (f *face) outline(r rune) *glyph {
	bounds, src, from, advance, ok := f.pen.Glyph(fixed.Point26_6{}, r)
	if !ok || !f.has(r) {
		return nil
	}
	g := &glyph{bounds: bounds, advance: advance, mask: make([]byte, 0, bounds.Dx()*bounds.Dy())}
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			_, _, _, a := src.At(from.X+x, from.Y+y).RGBA()
			g.mask = append(g.mask, coverage(a))
		}
	}
	return g
}

// coverage rounds 0..0xffff to one of six of the sixteen steps: enough for the eye, and a page is a
// third smaller than with all.
func coverage(a uint32) byte { return byte((a*5+0x7fff)/0xffff) * 3 }

// loose is a mark after a letter with which it makes no rune: drawn back over that letter.
func (f *face) loose(m mark) *glyph {
	g := f.outline(m.shape)
	if m.below {
		g.bounds = g.bounds.Add(image.Pt(0, f.size/12-g.bounds.Min.Y))
	}
	shift := -(f.size/2+g.bounds.Dx())/2 - g.bounds.Min.X
	return &glyph{bounds: g.bounds.Add(image.Pt(shift, 0)), mask: g.mask}
}

// with returns the letter with a mark centred above or below it.
func (g *glyph) with(m *glyph, below bool, gap int) *glyph {
	dx := (g.bounds.Min.X + g.bounds.Max.X - m.bounds.Min.X - m.bounds.Max.X) / 2
	dy := min(0, g.bounds.Min.Y-gap-m.bounds.Max.Y)
	if below {
		dy = g.bounds.Max.Y + gap - m.bounds.Min.Y
	}
	placed := m.bounds.Add(image.Pt(dx, dy))
	all := g.bounds.Union(placed)
	sum := &glyph{bounds: all, mask: make([]byte, all.Dx()*all.Dy()), advance: g.advance}
	sum.lay(g.mask, g.bounds)
	sum.lay(m.mask, placed)
	return sum
}

// lay puts a mask into the glyph's own.
func (g *glyph) lay(mask []byte, at image.Rectangle) {
	for i, c := range mask {
		x, y := at.Min.X+i%at.Dx()-g.bounds.Min.X, at.Min.Y+i/at.Dx()-g.bounds.Min.Y
		to := &g.mask[y*g.bounds.Dx()+x]
		*to = max(*to, c)
	}
}

// mark is the shape in the font for a combining mark, and where it stands.
type mark struct {
	shape rune
	below bool
}

// marks are the combining marks of Latin and Greek that the font has only as letters of their own.
var marks = map[rune]mark{
	0x0300: {'`', false}, 0x0301: {'´', false}, 0x0302: {'ˆ', false}, 0x0303: {'˜', false},
	0x0304: {'¯', false}, 0x0306: {'˘', false}, 0x0307: {'˙', false}, 0x0308: {'¨', false},
	0x0309: {'’', false}, 0x030A: {'˚', false}, 0x030B: {'˝', false}, 0x030C: {'ˇ', false},
	0x0313: {'’', false}, 0x0314: {'‘', false}, 0x031B: {'’', false}, 0x0342: {'˜', false},
	0x0323: {'.', true}, 0x0326: {',', true}, 0x0327: {'¸', true}, 0x0328: {'˛', true},
	0x0331: {'¯', true}, 0x0345: {',', true},
}

// decompose splits a rune into a letter the font has and marks; nil marks when it cannot.
func decompose(r rune, has func(rune) bool) (rune, []mark) {
	parts := []rune(norm.NFD.String(string(r)))
	for n := len(parts) - 1; n > 0; n-- {
		letter := []rune(norm.NFC.String(string(parts[:n])))
		if len(letter) == 1 && has(letter[0]) {
			return letter[0], marksOf(parts[n:])
		}
	}
	return 0, nil
}

// marksOf looks all the runes up; nil when one is no mark we know.
func marksOf(runes []rune) []mark {
	found := make([]mark, 0, len(runes))
	for _, r := range runes {
		m, ok := marks[r]
		if !ok {
			return nil
		}
		found = append(found, m)
	}
	return found
}

// Missing returns the runes of the text, each once and in order, that the font of the pictures
// cannot draw: they appear as boxes. Latin, Greek and Cyrillic are complete for the languages of
// Europe.
func Missing(text string) []rune {
	var missing []rune
	seen := map[rune]bool{}
	for _, r := range clean(text) {
		if seen[r] || bodyFace.glyph(r) != bodyFace.box {
			continue
		}
		seen[r] = true
		missing = append(missing, r)
	}
	return missing
}

// width measures a text.
func (f *face) width(text string) int {
	var x fixed.Int26_6
	for _, r := range text {
		x += f.glyph(r).advance
	}
	return x.Ceil()
}

// wrap breaks a clean text into lines not wider than width: between words, inside a word only when
// it alone is too wide.
func (f *face) wrap(text string, width int) []string {
	var lines []string
	for len(text) > 0 {
		n := f.fit(text, fixed.I(width))
		lines = append(lines, strings.TrimRight(text[:n], " "))
		text = strings.TrimLeft(text[n:], " ")
	}
	return lines
}

// fit counts the bytes of the first line of a text: at least one rune.
func (f *face) fit(text string, width fixed.Int26_6) int {
	var x fixed.Int26_6
	word := 0 // the end of the last word that fits
	for i, r := range text {
		if r == ' ' {
			word = i
		}
		if x += f.glyph(r).advance; x > width && i > 0 && r != ' ' {
			if word > 0 {
				return word
			}
			return i
		}
	}
	return len(text)
}

// clean makes a text ready for the page: composed letters, single blanks, nothing invisible.
func clean(text string) string {
	text = norm.NFC.String(text)
	text = strings.Map(visible, text)
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
}

// standIn are characters drawn as another one.
var standIn = map[rune]rune{0x2010: '-', 0x2011: '-', 0x2012: '–', 0x02BC: '’', 0x2024: '.', 0x1E9E: 'ß', 0x034F: -1}

// visible maps white space to a blank and drops what has no picture; see strings.Map.
func visible(r rune) rune {
	switch to, ok := standIn[r]; {
	case r < 0x7F && r > ' ':
		return r
	case ok:
		return to
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		return -1
	}
	return r
}

// clip shortens a text to n runes; what is cut shows as an ellipsis.
func clip(text string, n int) string {
	for i := range text {
		if n--; n < 0 {
			return text[:i] + "…"
		}
	}
	return text
}
