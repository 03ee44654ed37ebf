package jades_test

import (
	"crypto/elliptic"
	"encoding/json"
	"testing"

	"elmobridge/edci/jades"
	"elmobridge/edci/jose"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
)

// FuzzVerify: no file makes Verify fall over, without roots none is passed, and what is given as the
// payload is what another reader of JSON sees.
func FuzzVerify(f *testing.F) {
	authority := josetest.NewAuthority(f, "Fjordheim CA")
	id := authority.Seal(f, josetest.EC(elliptic.P256()))
	f.Add(seal(f, []byte(tiny), id))
	f.Add(seal(f, []byte(tiny), id, func(o *jades.SealOptions) { o.Timestamper = jades.NewTimestamper(authority.TSA(f).Answer) }))
	f.Add([]byte(`{"payload":"{}","protected":"e30","signature":"AA"}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := jades.Verify(file, jades.VerifyOptions{})
		if err != nil {
			return
		}
		if r.Verdict.Status == verification.Passed {
			t.Error("passed without roots")
		}
		var seen raw
		if r.Payload != nil && (json.Unmarshal(file, &seen) != nil || seen.Payload != string(r.Payload) && seen.Payload != jose.Encode(r.Payload)) {
			t.Error("another reader sees another credential")
		}
	})
}
