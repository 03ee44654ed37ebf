package display

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"

	"golang.org/x/image/math/fixed"
)

// Grays, of the sixteen a picture has.
const (
	black byte = 0
	dark  byte = 4 // labels and small print
	line  byte = 11
	pale  byte = 14
	white byte = 15
)

// canvas is a picture in sixteen grays, one byte each.
type canvas struct {
	w, h int
	pix  []byte
}

func newCanvas(w, h int) *canvas { return &canvas{w: w, h: h, pix: make([]byte, w*h)} }

// clear makes all white.
func (c *canvas) clear() {
	c.pix[0] = white
	for done := 1; done < len(c.pix); done *= 2 {
		copy(c.pix[done:], c.pix[:done])
	}
}

// fill paints a rectangle; what lies outside is left out.
func (c *canvas) fill(r image.Rectangle, gray byte) {
	r = r.Intersect(image.Rect(0, 0, c.w, c.h))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := c.pix[y*c.w:]
		for x := r.Min.X; x < r.Max.X; x++ {
			row[x] = gray
		}
	}
}

// text draws a clean text from x on, standing on the line y.
func (c *canvas) text(f *face, x, y int, gray byte, text string) {
	pen := fixed.I(x)
	for _, r := range text {
		g := f.glyph(r)
		c.ink(g, image.Pt(pen.Round(), y), gray)
		pen += g.advance
	}
}

// ink lays a glyph over what is there; what lies outside is left out.
func (c *canvas) ink(g *glyph, at image.Point, gray byte) {
	b := g.bounds.Add(at)
	in := b.Intersect(image.Rect(0, 0, c.w, c.h))
	for y := in.Min.Y; y < in.Max.Y; y++ {
		mask := g.mask[(y-b.Min.Y)*b.Dx()+in.Min.X-b.Min.X:]
		row := c.pix[y*c.w+in.Min.X : y*c.w+in.Max.X]
		for i, under := range row {
			row[i] = byte(int(under) + (int(gray)-int(under))*int(mask[i])/15)
		}
	}
}

// encoder writes pictures as PNG (ISO/IEC 15948): grayscale of 4 bits with the density in pHYs.
// The image/png package writes neither. It is kept for its buffers.
type encoder struct {
	out, data bytes.Buffer
	zip       *zlib.Writer
	packed    []byte
}

// level of compression: a page is 3% larger than with the default, and takes 0.7 of the time.
const level = 4

func newEncoder() *encoder {
	e := &encoder{}
	e.zip, _ = zlib.NewWriterLevel(&e.data, level) // the error is that of a wrong level
	return e
}

// encode returns the picture as PNG of the given density.
func (e *encoder) encode(c *canvas, perMetre uint32) []byte {
	e.out.Reset()
	e.out.WriteString("\x89PNG\r\n\x1a\n")
	e.chunk("IHDR", append(pair(uint32(c.w), uint32(c.h)), 4, 0, 0, 0, 0)) // 4 bits, gray
	e.chunk("pHYs", append(pair(perMetre, perMetre), 1))
	e.chunk("IDAT", e.deflate(c))
	e.chunk("IEND", nil)
	return bytes.Clone(e.out.Bytes())
}

// deflate packs two pixels in a byte, no filter, and compresses. A bytes.Buffer takes every write.
func (e *encoder) deflate(c *canvas) []byte {
	e.data.Reset()
	e.zip.Reset(&e.data)
	e.packed = append(e.packed[:0], make([]byte, 1+(c.w+1)/2)...)
	for row := c.pix; len(row) > 0; row = row[c.w:] {
		pack(e.packed[1:], row[:c.w])
		e.zip.Write(e.packed)
	}
	e.zip.Close()
	return e.data.Bytes()
}

// pack puts two pixels in a byte, the left one in the high half.
func pack(to, pix []byte) {
	for i := range len(pix) / 2 {
		to[i] = pix[2*i]<<4 | pix[2*i+1]
	}
	if n := len(pix); n%2 == 1 {
		to[n/2] = pix[n-1] << 4
	}
}

// chunk writes length, name, data and checksum.
func (e *encoder) chunk(name string, data []byte) {
	var number [4]byte
	binary.BigEndian.PutUint32(number[:], uint32(len(data)))
	e.out.Write(number[:])
	from := e.out.Len()
	e.out.WriteString(name)
	e.out.Write(data)
	binary.BigEndian.PutUint32(number[:], crc32.ChecksumIEEE(e.out.Bytes()[from:]))
	e.out.Write(number[:])
}

// pair is two numbers in network order.
func pair(a, b uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, a), b)
}
