package elmo_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"

	"github.com/beevik/etree"
)

// sizes are the documents that are measured.
func sizes() map[string]*elmo.Document {
	big := elmotest.Courses(40)
	big.Attachments = []*elmo.Attachment{{Type: "EMREX transcript", Contents: []elmo.Text{{Value: "data:application/pdf;base64," + strings.Repeat("JVBERi0x", 20<<20/8)}}}}
	return map[string]*elmo.Document{"1": elmotest.Courses(1), "40": elmotest.Courses(40), "1500": elmotest.Courses(1500), "20MB": big}
}

func each(b *testing.B, run func(b *testing.B, doc *elmo.Document, data []byte)) {
	documents := sizes()
	for _, name := range []string{"1", "40", "1500", "20MB"} {
		doc := documents[name]
		data := mustMarshal(b, doc)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			run(b, doc, data)
		})
	}
}

func BenchmarkRead(b *testing.B) {
	each(b, func(b *testing.B, _ *elmo.Document, data []byte) {
		for b.Loop() {
			if _, err := elmo.Read(data, elmo.ReadOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEtree is the part of reading that is not ours, for comparison.
func BenchmarkEtree(b *testing.B) {
	each(b, func(b *testing.B, _ *elmo.Document, data []byte) {
		for b.Loop() {
			doc := etree.NewDocument()
			doc.ReadSettings.PreserveDuplicateAttrs = true
			if err := doc.ReadFromBytes(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	each(b, func(b *testing.B, doc *elmo.Document, _ []byte) {
		var buf []byte
		for b.Loop() {
			var err error
			if buf, err = elmo.Append(buf[:0], doc, elmo.WriteOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	each(b, func(b *testing.B, doc *elmo.Document, _ []byte) {
		for b.Loop() {
			if err := elmo.Write(io.Discard, doc, elmo.WriteOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestWriteEqualsMarshal: both ways of writing give the same bytes.
func TestWriteEqualsMarshal(t *testing.T) {
	for name, doc := range sizes() {
		var out bytes.Buffer
		if err := elmo.Write(&out, doc, elmo.WriteOptions{Indent: true}); err != nil {
			t.Fatal(err)
		}
		want, err := elmo.Marshal(doc, elmo.WriteOptions{Indent: true})
		if err != nil || !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
