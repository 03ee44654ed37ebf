package jades_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"elmobridge/edci/jades"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
	"elmobridge/testdata/judge"
)

// FuzzVerify: no file makes Verify fall over; and none but ours is accepted under our roots.
func FuzzVerify(f *testing.F) {
	authority := josetest.NewAuthority(f, "Fjordheim CA")
	id := authority.Seal(f, josetest.RSA())
	stamper := func(o *jades.SealOptions) { o.Timestamper = jades.NewTimestamper(authority.TSA(f).Answer) }
	f.Add(seal(f, []byte(tiny), id))
	f.Add(seal(f, []byte(tiny), id, stamper))
	f.Add([]byte(`{"payload":"{}","protected":"e30","signature":"AA"}`))
	if judge.HasCorpus(f) {
		f.Add(sample(f, "europass", "Sample-CertOfPart-signed.jsonld"))
		f.Add(sample(f, "mynextid", "edc-dc-signed.jsonld"))
	}
	opt := jades.VerifyOptions{Roots: authority.Pool, TSARoots: authority.Pool, Time: time.Now()}
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := jades.Verify(file, opt)
		if err != nil {
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
		if status(r, "Seal").Status == verification.Passed && !bytes.Equal(r.Payload, []byte(tiny)) {
			t.Error("something is accepted that was not sealed")
		}
	})
}
