package convert_test

import (
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/mapping"
)

// benchDocuments are what the benchmarks convert: transcripts of so many courses, and one with an
// attachment of 20 MB.
func benchDocuments(b *testing.B) []sample {
	b.Helper()
	big := elmotest.Courses(40)
	big.Reports[0].Attachments = []*elmo.Attachment{{
		Titles: []elmo.Text{{Lang: "en", Value: "Transcript"}}, Type: "Transcript of Records",
		Contents: []elmo.Text{{Value: "data:application/pdf;base64," + strings.Repeat("JVBERi0x", 20<<20/8)}},
	}}
	var list []sample
	for _, d := range []struct {
		name string
		doc  *elmo.Document
	}{{"1course", elmotest.Courses(1)}, {"40courses", elmotest.Courses(40)}, {"1500courses", elmotest.Courses(1500)}, {"20MB", big}} {
		xml, err := elmo.Marshal(d.doc, elmo.WriteOptions{})
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, sample{d.name, xml})
	}
	return list
}

// stage runs one stage over all documents; bytes per second are those of the XML.
func stage(b *testing.B, run func(b *testing.B, xml []byte)) {
	for _, s := range benchDocuments(b) {
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(s.data)))
			b.ReportAllocs()
			run(b, s.data)
		})
	}
}

func read(b *testing.B, xml []byte) *elmo.Document {
	doc, err := elmo.Read(xml, elmo.ReadOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return doc
}

// BenchmarkRead is what the whole is measured against: the XML into the model.
func BenchmarkRead(b *testing.B) {
	stage(b, func(b *testing.B, xml []byte) {
		for b.Loop() {
			read(b, xml)
		}
	})
}

// BenchmarkForward is the mapping alone.
func BenchmarkForward(b *testing.B) {
	stage(b, func(b *testing.B, xml []byte) {
		doc := read(b, xml)
		for b.Loop() {
			if _, _, err := mapping.Forward(doc, mapping.Options{Seed: "bench"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkToEDC is the mapping with pictures and ids.
func BenchmarkToEDC(b *testing.B) {
	stage(b, func(b *testing.B, xml []byte) {
		doc := read(b, xml)
		for b.Loop() {
			if _, _, err := convert.ToEDC(doc, options(convert.KeepNotes)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkWrite is the credential into JSON.
func BenchmarkWrite(b *testing.B) {
	stage(b, func(b *testing.B, xml []byte) {
		c := converted(b, xml, options(convert.KeepNotes))
		var json []byte
		for b.Loop() {
			json = convert.AppendEDC(json[:0], c, convert.Options{})
		}
	})
}

func converted(b *testing.B, xml []byte, opt convert.Options) *edci.EuropeanDigitalCredential {
	credentials, _, err := convert.ToEDC(read(b, xml), opt)
	if err != nil {
		b.Fatal(err)
	}
	return credentials[0]
}

// BenchmarkWhole is XML to JSON, with small pictures.
func BenchmarkWhole(b *testing.B) {
	stage(b, func(b *testing.B, xml []byte) {
		opt := options(convert.KeepNotes)
		var json []byte
		for b.Loop() {
			json = convert.AppendEDC(json[:0], converted(b, xml, opt), opt)
		}
	})
}

// BenchmarkWholeDrawn is the same with the pages drawn.
func BenchmarkWholeDrawn(b *testing.B) {
	stage(b, func(b *testing.B, xml []byte) {
		opt := options(convert.KeepNotes)
		opt.Display = convert.DisplayDraw
		for b.Loop() {
			convert.AppendEDC(nil, converted(b, xml, opt), opt)
		}
	})
}

// BenchmarkBack is JSON to XML; bytes per second are those of the XML.
func BenchmarkBack(b *testing.B) {
	stage(b, func(b *testing.B, xml []byte) {
		opt := options(convert.KeepNotes)
		json := convert.AppendEDC(nil, converted(b, xml, opt), opt)
		for b.Loop() {
			credentials, err := edci.Read(json, edci.ReadOptions{})
			if err != nil {
				b.Fatal(err)
			}
			doc, _, err := convert.ToELMO(credentials, opt)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := convert.WriteELMO(doc, opt); err != nil {
				b.Fatal(err)
			}
		}
	})
}
