package jades_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"os"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
)

// small is a credential that conforms, from the golden files.
func small(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../../testdata/golden/one-course/edc.json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// seal seals with an identity.
func seal(t testing.TB, payload []byte, id josetest.Identity, change ...func(*jades.SealOptions)) []byte {
	t.Helper()
	opt := jades.SealOptions{Signer: id.Key, Chain: []*x509.Certificate{id.Certificate}}
	for _, c := range change {
		c(&opt)
	}
	file, err := jades.Seal(context.Background(), payload, opt)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// verify verifies a file that must be readable.
func verify(t testing.TB, file []byte, opt jades.VerifyOptions) *jades.Result {
	t.Helper()
	r, err := jades.Verify(file, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// status is that of one of the seven checks.
func status(r *jades.Result, name string) verification.Part {
	for _, c := range r.Checks {
		if c.Name == name {
			return c.Part
		}
	}
	return verification.Part{}
}

// signatures are the algorithms with the keys they need.
var signatures = []struct {
	alg jose.Algorithm
	key func() crypto.Signer
}{
	{jose.RS256, josetest.RSA}, {jose.RS384, josetest.RSA}, {jose.RS512, josetest.RSA}, {jose.PS256, josetest.RSA},
	{jose.ES256, func() crypto.Signer { return josetest.EC(elliptic.P256()) }},
	{jose.ES384, func() crypto.Signer { return josetest.EC(elliptic.P384()) }},
	{jose.ES512, func() crypto.Signer { return josetest.EC(elliptic.P521()) }},
}

// TestSeal: what is sealed verifies, with the same bytes, under every algorithm.
func TestSeal(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	for _, s := range signatures {
		t.Run(string(s.alg), func(t *testing.T) {
			file := seal(t, small(t), authority.Seal(t, s.key()), func(o *jades.SealOptions) { o.Algorithm = s.alg })
			r := verify(t, file, jades.VerifyOptions{Roots: authority.Pool})
			if got := r.Verdict; got.Status != verification.Passed {
				t.Error(got)
			}
			if !bytes.Equal(r.Payload, small(t)) {
				t.Error("the payload is not what was sealed")
			}
			if r.Seals[0].Algorithm != s.alg || r.Seals[0].Level != "B" {
				t.Errorf("%s, level %s", r.Seals[0].Algorithm, r.Seals[0].Level)
			}
			read, err := edci.Read(file, edci.ReadOptions{})
			if err != nil || len(read) != 1 || read[0].Source.Envelope != "jades" {
				t.Errorf("package edci reads it as %v, %v", read, err)
			}
		})
	}
}
