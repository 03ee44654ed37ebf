package jades_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"testing"
	"time"

	"elmobridge/edci/jades"
	"elmobridge/edci/jose/josetest"
)

// ratio reports how many times as long f takes as bare, in the same run.
func ratio(b *testing.B, bare, f func()) {
	b.Helper()
	start := time.Now()
	for range b.N {
		bare()
	}
	least := time.Since(start)
	b.ResetTimer()
	for range b.N {
		f()
	}
	b.ReportMetric(float64(b.Elapsed())/float64(least), "x-bare")
}

// benchmarked are keys with the bare operations.
func benchmarked(b *testing.B, run func(b *testing.B, key crypto.Signer, sign, verify func())) {
	digest := sha256.Sum256([]byte("x"))
	for name, key := range map[string]crypto.Signer{"RSA-2048": josetest.RSA(), "P-256": josetest.EC(elliptic.P256())} {
		signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
		if err != nil {
			b.Fatal(err)
		}
		verify := func() { _ = rsa.VerifyPKCS1v15(key.Public().(*rsa.PublicKey), crypto.SHA256, digest[:], signature) }
		if ec, ok := key.Public().(*ecdsa.PublicKey); ok {
			verify = func() { ecdsa.VerifyASN1(ec, digest[:], signature) }
		}
		b.Run(name, func(b *testing.B) {
			run(b, key, func() { _, _ = key.Sign(rand.Reader, digest[:], crypto.SHA256) }, verify)
		})
	}
}

// BenchmarkSeal seals a credential of 20 KB, against the bare signature.
func BenchmarkSeal(b *testing.B) {
	authority, payload := josetest.NewAuthority(b, "Fjordheim CA"), small(b)
	benchmarked(b, func(b *testing.B, key crypto.Signer, sign, _ func()) {
		id := authority.Seal(b, key)
		ratio(b, sign, func() { seal(b, payload, id) })
	})
}

// BenchmarkVerify makes all checks of that credential, of which its shapes are one, against the bare
// verification of a signature.
func BenchmarkVerify(b *testing.B) {
	authority, payload := josetest.NewAuthority(b, "Fjordheim CA"), small(b)
	benchmarked(b, func(b *testing.B, key crypto.Signer, _, bare func()) {
		file := seal(b, payload, authority.Seal(b, key))
		ratio(b, bare, func() { verify(b, file, jades.VerifyOptions{Roots: authority.Pool}) })
	})
}
