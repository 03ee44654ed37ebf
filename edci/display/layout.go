package display

import (
	"cmp"
	"fmt"
	"image"
	"slices"
	"strings"
)

// A page is A4 at 150 dots per inch; all measures are in pixels.
const (
	pageWidth   = 1240
	pageHeight  = 1754
	dotsPerMtr  = 5906 // 150 per inch
	left        = 96
	right       = pageWidth - 96
	top         = 96   // of the first page
	nextTop     = 130  // of the others, below the running head
	bottom      = 1628 // of the content
	maxPages    = 60
	maxLines    = 24 // of one text
	leading     = 27 // from line to line of the table
	smallLead   = 22
	indentation = 26
	gutter      = 26
)

// block is a part of a page that is not broken: what stands in it, measured from its top.
type block struct {
	height int
	runs   []run
	bars   []bar
	row    bool // of the table: its head is repeated above
	keep   bool // with the next block
}

// run is a text on a line.
type run struct {
	face *face
	x, y int
	gray byte
	text string
}

// bar is a filled rectangle.
type bar struct {
	at   image.Rectangle
	gray byte
}

// sheet is one page: its blocks, and where each begins.
type sheet struct {
	blocks []*block
	tops   []int
}

// say adds a text.
func (b *block) say(f *face, x, y int, gray byte, text string) {
	b.runs = append(b.runs, run{f, x, y, gray, text})
}

// rule adds a horizontal line across the page.
func (b *block) rule(y, thick int, gray byte) {
	b.bars = append(b.bars, bar{image.Rect(left, y, right, y+thick), gray})
}

// lines adds wrapped text below the block's height, and grows it.
func (b *block) lines(f *face, x, width, lead int, gray byte, text string) {
	all := f.wrap(text, width)
	if len(all) > maxLines {
		all = append(all[:maxLines-1], "…")
	}
	for _, l := range all {
		b.height += lead
		b.say(f, x, b.height-lead/4, gray, l)
	}
}

// layout sets a transcript in pages and tells whether all of it is on them.
func layout(t *transcript, w *words) (sheets []sheet, whole bool) {
	blocks := []*block{heading(t, w), facts(t, w)}
	cols := columns(t.results, w)
	for _, r := range t.results {
		blocks = append(blocks, cols.row(r))
	}
	for i, s := range t.scales {
		blocks = append(blocks, scaleBlock(s, w, i == 0))
	}
	return paginate(blocks, cols.head())
}

// paginate puts the blocks on pages, at most maxPages.
func paginate(blocks []*block, head *block) ([]sheet, bool) {
	page, y := sheet{}, top
	var sheets []sheet
	for i, b := range blocks {
		need := space(blocks[i:])
		starts := b.row && (i == 0 || !blocks[i-1].row)
		if starts {
			need += head.height
		}
		if y+need > bottom && len(page.blocks) > 0 {
			if sheets = append(sheets, page); len(sheets) == maxPages {
				return sheets, false
			}
			page, y, starts = sheet{}, nextTop, b.row
		}
		if starts {
			y = page.put(head, y)
		}
		y = page.put(b, y)
	}
	return append(sheets, page), true
}

// space is the height of the first block with those it is to be kept with.
func space(blocks []*block) int {
	height := 0
	for _, b := range blocks {
		if height += b.height; !b.keep || height > bottom/3 {
			break
		}
	}
	return height
}

// put sets a block at y and returns where the next one begins.
func (s *sheet) put(b *block, y int) int {
	s.blocks, s.tops = append(s.blocks, b), append(s.tops, y)
	return y + b.height
}

// heading names the institutions and the document.
func heading(t *transcript, w *words) *block {
	b := &block{}
	b.bars = append(b.bars, bar{image.Rect(left, 0, left+72, 7), black})
	b.height = 14
	b.lines(labelFace, left, right-left, 26, dark, w.institution)
	for _, name := range t.institutions {
		b.lines(nameFace, left, right-left, 33, black, name)
	}
	if len(t.institutions) == 0 {
		b.lines(nameFace, left, right-left, 33, black, "–")
	}
	b.height += 34
	b.lines(titleFace, left, right-left, 50, black, t.title)
	b.height += 26
	return b
}

// fact is a value with a label.
type fact struct {
	label, value string
	face         *face
}

// facts are the learner and the dates: the first in the left half, the others beside it.
func facts(t *transcript, w *words) *block {
	b := &block{}
	b.rule(0, 3, black)
	b.height = 18
	b.facts([]fact{{w.learner, t.learner, nameFace}, {w.born, t.born, bodyFace}, {w.issued, t.issued, bodyFace}}, []int{left, 700, 930})
	if t.issuer != "" {
		b.height += 12
		b.facts([]fact{{w.issuer, t.issuer, bodyFace}}, []int{left})
	}
	b.height += 44
	return b
}

// facts sets facts side by side at the given places.
func (b *block) facts(all []fact, at []int) {
	from, to := b.height, b.height
	for i, f := range all {
		end := right
		if i+1 < len(at) {
			end = at[i+1] - gutter
		}
		b.height = from
		b.lines(labelFace, at[i], end-at[i], 24, dark, f.label)
		b.lines(f.face, at[i], end-at[i], 32, black, cmp.Or(f.value, "–"))
		to = max(to, b.height)
	}
	b.height = to
}

// scaleBlock describes a grading scale; the first one stands below the word for it.
func scaleBlock(s scale, w *words, first bool) *block {
	b := &block{height: 14}
	if first {
		b.height += 30
		b.lines(boldFace, left, right-left, 30, black, w.scale)
		b.rule(b.height+2, 2, black)
		b.height += 10
	}
	b.lines(labelFace, left, right-left, smallLead, black, s.title)
	b.lines(smallFace, left, right-left, smallLead, black, s.description)
	return b
}

// table are the columns in use.
type table []column

// column is a column of the table. Its cells are the texts of one result.
type column struct {
	title   string
	cells   func(result) []string
	widest  int // the column is not wider
	x, size int
	flush   bool // to the right edge: numbers
}

// columns measures the table. A column without a value is left out; the first takes what is left.
func columns(results []result, w *words) table {
	all := []column{
		{title: w.title, cells: func(r result) []string { return []string{r.title} }},
		{title: w.code, cells: func(r result) []string { return []string{r.code} }, widest: 190},
		{title: w.grade, cells: func(r result) []string { return r.grade }, widest: 190},
		{title: w.credits, cells: func(r result) []string { return r.credits }, widest: 170, flush: true},
		{title: w.date, cells: func(r result) []string { return []string{r.date} }, widest: 150, flush: true},
	}
	used, x := table{}, right
	for _, c := range slices.Backward(all[1:]) {
		if c.size = c.measure(results); c.size == 0 {
			continue
		}
		c.size = min(max(c.size, labelFace.width(c.title)), c.widest)
		c.x = x - c.size
		x = c.x - gutter
		used = append(used, c)
	}
	first := all[0]
	first.x, first.size = left, x-left
	return append(used, first)
}

// measure is the width of the widest cell, 0 when all are empty.
func (c *column) measure(results []result) int {
	size := 0
	for _, r := range results {
		for _, text := range c.cells(r) {
			size = max(size, r.face().width(text))
		}
	}
	return size
}

// head is the row of column titles.
func (t table) head() *block {
	b, height := &block{}, 0
	for _, c := range t {
		b.height = 4
		b.cell(c, 0, labelFace, smallLead, dark, c.title)
		height = max(height, b.height)
	}
	b.height = height + 8
	b.rule(b.height-2, 2, black)
	return b
}

// row sets a result. A claim with parts is bold on gray and stays with its first part.
func (t table) row(r result) *block {
	b, height, f := &block{row: true, keep: r.group}, 0, r.face()
	for _, c := range t {
		b.height = 6
		for _, text := range c.cells(r) {
			b.cell(c, c.indent(r.depth), f, leading, black, text)
		}
		if c.x == left && len(r.detail) > 0 {
			b.cell(c, c.indent(r.depth), smallFace, smallLead, dark, strings.Join(r.detail, " · "))
		}
		height = max(height, b.height)
	}
	b.height = max(height, 6+leading) + 7
	if r.group {
		b.bars = append(b.bars, bar{image.Rect(left-8, 0, right+8, b.height-1), pale})
	}
	b.rule(b.height-1, 1, line)
	return b
}

// face is bold for a claim with parts.
func (r *result) face() *face {
	if r.group {
		return boldFace
	}
	return bodyFace
}

// indent is how far a claim of that depth stands to the right in this column.
func (c *column) indent(depth int) int {
	if c.x != left {
		return 0
	}
	return min(depth*indentation, c.size/3)
}

// cell adds the wrapped text of a cell.
func (b *block) cell(c column, indent int, f *face, lead int, gray byte, text string) {
	from := len(b.runs)
	b.lines(f, c.x+indent, c.size-indent, lead, gray, text)
	if !c.flush {
		return
	}
	for i := range b.runs[from:] {
		r := &b.runs[from+i]
		r.x = c.x + c.size - f.width(r.text)
	}
}

// frame is what stands on every page around the blocks: running head, footer, page number.
func frame(t *transcript, w *words, page, pages int, rest bool) *block {
	b := &block{}
	if page > 1 {
		b.running(strings.Trim(t.title+" · "+t.learner, " ·"))
	}
	if rest {
		b.say(labelFace, left, bottom+32, black, w.rest)
	}
	b.rule(1680, 1, line)
	number := fmt.Sprintf("%s %d / %d", w.page, page, pages)
	b.say(smallFace, left, 1706, dark, w.rendering)
	b.say(smallFace, right-smallFace.width(number), 1706, dark, number)
	return b
}

// running is the head of the second and later pages: one line.
func (b *block) running(text string) {
	if lines := smallFace.wrap(text, right-left); len(lines) > 0 {
		b.say(smallFace, left, 84, dark, lines[0])
	}
	b.rule(98, 1, line)
}
