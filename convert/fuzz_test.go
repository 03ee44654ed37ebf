package convert_test

import (
	"testing"

	"elmobridge/convert"
)

// FuzzDocument sends documents there and back: no panic, what is written can be read, and every
// difference is named.
func FuzzDocument(f *testing.F) {
	for _, s := range ownDocuments(f) {
		f.Add(s.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if convert.Detect(data) == convert.FormatELMO {
			fuzzTrip(t, data)
		}
	})
}

// FuzzCredential does the same for credentials.
func FuzzCredential(f *testing.F) {
	for _, s := range ownDocuments(f) {
		opt := options(convert.KeepNotes)
		for _, c := range there(f, s.data, opt) {
			f.Add(convert.AppendEDC(nil, c, opt))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if convert.Detect(data) == convert.FormatEDC {
			fuzzTrip(t, data)
		}
	})
}

func fuzzTrip(t *testing.T, data []byte) {
	t.Helper()
	if _, err := convert.Read(data); err != nil {
		return
	}
	trip, err := convert.RoundTrip(data, convert.Options{Display: convert.DisplayMinimal, Issued: "2024-01-01T00:00:00"})
	if err != nil {
		return // refused
	}
	if list := unnamed(trip); list != nil {
		t.Errorf("not named: %q", list)
	}
}
