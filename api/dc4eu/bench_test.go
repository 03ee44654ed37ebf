package dc4eu

import (
	"testing"
	"time"

	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
)

// BenchmarkRequest is a request with 40 courses, as a multiple of what the conversion alone takes.
func BenchmarkRequest(b *testing.B) {
	xml, err := elmo.Marshal(elmotest.Courses(40), elmo.WriteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	h, body := mounted(usual()), javaBody(elmo17, elm32, xml)
	var whole, alone time.Duration
	for b.Loop() {
		start := time.Now()
		if w := post(h, "/rest/request", body); w.Code != 200 {
			b.Fatal(w.Body)
		}
		whole += time.Since(start)
		start = time.Now()
		in, err := convert.Read(xml)
		if err != nil {
			b.Fatal(err)
		}
		opt := convert.Options{Display: convert.DisplayMinimal, DefaultLanguage: "en"}
		list, _, err := convert.ToEDC(in.Document, opt)
		if err != nil {
			b.Fatal(err)
		}
		convert.AppendEDC(nil, list[0], opt)
		alone += time.Since(start)
	}
	b.ReportMetric(float64(whole)/float64(alone), "x-conversion")
}
