package verification_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/verification"
	"elmobridge/testdata/judge"
)

var noon = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// TestChecks: the seven checks with the ids of the published list; of a seal that does not hold no other
// check is made.
func TestChecks(t *testing.T) {
	list, err := os.ReadFile(judge.Corpus(t, "elm", "cv", "verification.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("../../testdata/golden/one-course/edc.json")
	if err != nil {
		t.Fatal(err)
	}
	seal := verification.Part{Status: verification.Passed, Reason: "tried"}
	for _, c := range verification.Checks(seal, verification.Withheld(), noon) {
		if !strings.Contains(string(list), "/"+c.ID+"\t") {
			t.Errorf("%s is not in the list", c.ID)
		}
		if c.Name != "Seal" && c.Status != verification.NotChecked {
			t.Errorf("without a credential: %v", c)
		}
	}
	got := map[string]verification.Status{}
	for _, c := range verification.Checks(seal, verification.Read(data, edci.Limits{}), noon) {
		got[c.Name] = c.Status
		if c.Reason == "" {
			t.Errorf("%s without a reason", c.Name)
		}
	}
	for name, want := range map[string]verification.Status{
		"Format": verification.Passed, "Seal": verification.NotChecked, "Expiry": verification.Passed, "Owner": verification.NotChecked,
		"Accreditation": verification.NotChecked, "Revocation": verification.NotChecked, "Custom": verification.NotChecked,
	} {
		if got[name] != want || len(got) != 7 {
			t.Errorf("%s is %s, want %s; %d checks", name, got[name], want, len(got))
		}
	}
}

// TestWithheld: a seal that does not hold is another matter than one that was not evaluated.
func TestWithheld(t *testing.T) {
	held := verification.List{{Name: "signature", Status: verification.Passed}}
	broken := verification.List{{Name: "signature", Status: verification.Failed}}
	odd := verification.List{{Name: "header", Status: verification.Failed}}
	for want, lists := range map[string][]verification.List{"does not hold": {held, odd, broken}, "not evaluated": {held, odd}} {
		for _, c := range verification.Checks(verification.Part{Status: verification.Failed}, verification.Withheld(lists...), noon) {
			if (c.Name == "Format" || c.Name == "Expiry") && (c.Status != verification.NotChecked || !strings.Contains(c.Reason, want)) {
				t.Errorf("%s: %v", want, c)
			}
		}
	}
}

// TestVerdict: what a signature needs, and what fails it.
func TestVerdict(t *testing.T) {
	part := func(name string, s verification.Status) verification.Part {
		return verification.Part{Name: name, Status: s, Reason: "tried"}
	}
	good := verification.List{part("certificate", verification.Passed), part("certificate-chain", verification.Passed)}
	passed, open, failed := part("issuer", verification.Passed), part("issuer", verification.NotChecked), part("issuer", verification.Failed)
	for name, c := range map[string]struct {
		parts   verification.List
		vouched bool
		want    verification.Status
	}{
		"all":                     {append(good[:2:2], passed), false, verification.Passed},
		"issuer missing":          {good, false, verification.NotChecked},
		"issuer not compared":     {append(good[:2:2], open), false, verification.NotChecked},
		"vouched, not compared":   {append(good[:2:2], open), true, verification.Passed},
		"vouched, another issuer": {append(good[:2:2], failed), true, verification.Failed},
		"no chain":                {verification.List{good[0], passed}, true, verification.NotChecked},
		"something else failed":   {append(good[:2:2], passed, part("archive", verification.Failed)), false, verification.Failed},
		"nothing":                 {nil, true, verification.NotChecked},
	} {
		if got := c.parts.Verdict(c.vouched); got.Status != c.want || got.Reason == "" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestFormat: what fails the check of the format, without its values.
func TestFormat(t *testing.T) {
	const start = `{"type":["VerifiableCredential","EuropeanDigitalCredential"]`
	for name, payload := range map[string]string{
		"not JSON": "secret", "no credential": `{"a":"secret"}`, "two": "[" + start + "}," + start + "}]", "not conforming": start + `,"id":"secret"}`,
	} {
		for _, c := range verification.Checks(verification.Part{}, verification.Read([]byte(payload), edci.Limits{}), noon) {
			if c.Name == "Format" && c.Status != verification.Failed || strings.Contains(c.Reason, "secret") {
				t.Errorf("%s: %v", name, c)
			}
		}
	}
}

// TestValidity: to the second, in any zone.
func TestValidity(t *testing.T) {
	for _, c := range []struct {
		member string
		value  any
		want   verification.Status
	}{
		{"validUntil", "2026-06-30T12:00:01Z", verification.Passed},
		{"validUntil", "2026-06-30T12:00:00Z", verification.Failed},
		{"expirationDate", "2026-06-30T13:59:59+02:00", verification.Failed},
		{"expirationDate", "2026-06-30T14:00:01+02:00", verification.Passed},
		{"validUntil", "2026-06-30T12:00:01", verification.Passed},
		{"validFrom", "2026-06-30T12:00:00Z", verification.Passed},
		{"validFrom", "2026-06-30T12:00:01Z", verification.Failed},
		{"validUntil", "2026-06-30", verification.Failed},
		{"validUntil", nil, verification.Failed},
		{"validUntil", edci.Array{"2100-01-01T00:00:00Z"}, verification.Failed},
		{"issued", "2100-01-01T00:00:00Z", verification.Passed},
	} {
		payload := edci.AppendValue(nil, edci.Object{
			{Name: "type", Value: edci.Array{"VerifiableCredential", "EuropeanDigitalCredential"}}, {Name: c.member, Value: c.value}})
		for _, got := range verification.Checks(verification.Part{}, verification.Read(payload, edci.Limits{}), noon) {
			if got.Name == "Expiry" && got.Status != c.want {
				t.Errorf("%s %v: %v", c.member, c.value, got)
			}
		}
	}
}
