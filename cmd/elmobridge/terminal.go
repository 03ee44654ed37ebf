package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"elmobridge/convert"
	"elmobridge/mapping"

	"github.com/schollz/progressbar/v3"
)

// Escape sequences for colours.
const (
	bold   = "1"
	red    = "31"
	yellow = "33"
	blue   = "34"
	plain  = ""
)

var verdictColours = map[convert.Verdict]string{
	mapping.Dropped: red, mapping.Reduced: yellow, mapping.Kept: blue, mapping.Added: bold, mapping.Normalised: plain,
}

// paint colours a text where that is wanted.
func (a *app) paint(colour, text string) string {
	if !a.colour || colour == plain {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// From these on a progress bar is worth its line.
const (
	manyFiles = 20
	muchData  = 50 << 20
)

// progress is a bar on a terminal; nil when there is none.
type progress struct {
	bar   *progressbar.ProgressBar
	sizes map[string]int64
}

func (a *app) progress(list []*input, doing string) *progress {
	var total int64
	sizes := map[string]int64{}
	for _, in := range list {
		total += in.size + 1
		sizes[in.name] = in.size + 1
	}
	if !a.errTerminal || a.quiet || len(list) <= manyFiles && total <= muchData {
		return nil
	}
	return &progress{sizes: sizes, bar: progressbar.NewOptions64(total, progressbar.OptionSetWriter(a.stderr),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetDescription(doing))}
}

// step counts an input that is done.
func (p *progress) step(name string, err error) {
	if p == nil {
		return
	}
	p.bar.Add64(p.sizes[name])
	if err != nil {
		p.bar.Clear() // for the line on the error
	}
}

func (p *progress) end() {
	if p != nil {
		p.bar.Finish()
	}
}

// unsafe are the characters that may steer a terminal: controls, line separators and changes of direction.
var unsafe = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x00, Hi: 0x1f, Stride: 1}, {Lo: 0x7f, Hi: 0x9f, Stride: 1},
	{Lo: 0x2028, Hi: 0x202e, Stride: 1}, {Lo: 0x2066, Hi: 0x2069, Stride: 1},
}, LatinOffset: 2}

// visible makes a text safe to print on one line: unsafe characters and bytes that are no UTF-8 are shown
// as \x1b or \u2028.
func visible(s string) string {
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !unicode.Is(unsafe, r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// standardOutput remembers the first error of writing, so that none is lost.
type standardOutput struct {
	file *os.File
	err  error
	told bool // the error was reported with the input it belongs to
}

func (o *standardOutput) Write(p []byte) (int, error) {
	n, err := o.file.Write(p)
	if err != nil && o.err == nil {
		o.err = at(standardOut, err)
	}
	return n, o.err
}

// Fd is for those who ask how wide the terminal is.
func (o *standardOutput) Fd() uintptr { return o.file.Fd() }

// tell gives the text of an error that is reported now.
func (a *app) tell(err error) string {
	if errors.Is(err, a.stdout.err) {
		a.stdout.told = true
	}
	return advise(err)
}

// complete gives the exit code of a run: writing to standard output may have failed on the way.
func (a *app) complete(code int) int {
	if a.stdout.err == nil {
		return code
	}
	if !a.stdout.told {
		a.errorf("%s", a.tell(a.stdout.err))
	}
	if code == exitDone || code == exitLoss {
		return exitInput
	}
	return code
}
