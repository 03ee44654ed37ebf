package main

import (
	"strings"
	"time"

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

func (a *app) progress(list []*input) *progress {
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
		progressbar.OptionSetDescription("converting"))}
}

// step counts a result.
func (p *progress) step(r *result) {
	if p == nil {
		return
	}
	for _, name := range r.inputs {
		p.bar.Add64(p.sizes[name])
	}
	if r.err != nil {
		p.bar.Clear() // for the line on the error
	}
}

func (p *progress) end() {
	if p != nil {
		p.bar.Finish()
	}
}

// oneLine makes a text safe to print: no control characters.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, s)
}
