package edci_test

import (
	"bytes"
	"testing"

	"elmobridge/edci"
)

// TestPresentation: the credentials of a presentation are read again as they were written.
func TestPresentation(t *testing.T) {
	var list []*edci.EuropeanDigitalCredential
	for _, id := range []string{"urn:example:1", "urn:example:2"} {
		list = append(list, &edci.EuropeanDigitalCredential{ID: id, Issued: "2024-06-30T12:00:00Z"})
	}
	data := edci.AppendPresentation([]byte(" "), `urn:example:"p"`, list)
	read, err := edci.Read(data, edci.ReadOptions{})
	if err != nil || len(read) != len(list) {
		t.Fatalf("%d credentials, %v", len(read), err)
	}
	for i, c := range read {
		if !bytes.Equal(edci.Append(nil, c), edci.Append(nil, list[i])) || len(c.Source.Observations) > 0 {
			t.Errorf("credential %d is another: %v", i+1, c.Source.Observations)
		}
	}
	if p, err := edci.ParseJSON(data, edci.Limits{}); err != nil {
		t.Error(err)
	} else if id, _ := edci.At(p, "/id"); id != `urn:example:"p"` {
		t.Errorf("the id is %v", id)
	}
}
