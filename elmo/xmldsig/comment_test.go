package xmldsig_test

import (
	"encoding/xml"
	"io"
	"reflect"
	"strings"
	"testing"

	"elmobridge/elmo"
)

// TestCommentsAreNotRead: no signature covers comments, so that what is read after verification is the
// same with one at any place where it can stand: between tokens, and inside texts.
func TestCommentsAreNotRead(t *testing.T) {
	const forged = "<!-- distinction -->"
	document := strings.Replace(hard, "<v xmlns=\"\"/>", "<v xmlns=\"\"></v>text<?pi?><![CDATA[<]]>", 1)
	document = strings.Replace(document, "<e:extension/>", "<e:extension><!-- a --><x>b</x></e:extension>"+between(supplement, "<introduction>", "</introduction>"), 1)
	attachment := "<attachment><title>A</title><type>Other</type><content>data:application/pdf;base64," + strings.Repeat("QUJD", 2000) + "</content></attachment>"
	for name, data := range map[string]string{
		"hard": document, "supplement": withSupplements(1), "attachment": within("</elmo>", attachment+"<extension><x>"+strings.Repeat("QUJD\n", 2000)+"</x></extension>")(small),
	} {
		signed := sign(t, data, p256(), elmo.SignOptions{})
		want := readVerified(t, signed)
		places := commentPlaces(t, signed)
		if len(places) < 30 {
			t.Fatalf("%s: only %d places", name, len(places))
		}
		for _, at := range places {
			if got := readVerified(t, signed[:at]+forged+signed[at:]); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: a comment changes what is read:\n%s%s%s", name, signed[max(0, at-60):at], forged, signed[at:min(len(signed), at+60)])
			}
		}
		text, err := elmo.Marshal(want, elmo.WriteOptions{})
		if err != nil || strings.Contains(string(text), "<!--") {
			t.Errorf("%s: a comment is written: %v", name, err)
		}
	}
}

// readVerified gives the model of a document that verifies, without what it says of the bytes.
func readVerified(t *testing.T, signed string) *elmo.Document {
	t.Helper()
	v, err := elmo.Verify([]byte(signed), trusting(p256()))
	if err != nil {
		t.Fatalf("%v\n%s", err, signed)
	}
	doc, err := v.Read()
	if err != nil {
		t.Fatal(err)
	}
	doc.Source = nil
	return doc
}

// commentPlaces gives the offsets between the tokens of a document, but those in its signature, and behind
// the first letter of its texts.
func commentPlaces(t *testing.T, document string) (places []int) {
	t.Helper()
	from := strings.Index(document, "<Signature ")
	to := from + len(signatureOf(document))
	start := strings.Index(document, "<?xml")
	d := xml.NewDecoder(strings.NewReader(document[start:]))
	for last := start; ; {
		token, err := d.RawToken()
		if err == io.EOF {
			return places
		}
		if err != nil {
			t.Fatal(err)
		}
		at := start + int(d.InputOffset())
		_, text := token.(xml.CharData)
		if signed := at <= from || last >= to; signed {
			places = append(places, at)
			if c := document[last]; text && c >= 'A' && c <= 'z' {
				places = append(places, last+1)
			}
		}
		last = at
	}
}
