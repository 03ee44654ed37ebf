package jwtvc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"testing"
	"time"

	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/jwtvc"
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

// BenchmarkSign signs a credential of 20 KB with ES256, against the bare signature.
func BenchmarkSign(b *testing.B) {
	id := josetest.NewAuthority(b, "Fjordheim CA").Seal(b, josetest.EC(elliptic.P256()))
	credential, digest := small(b), sha256.Sum256([]byte("x"))
	ratio(b, func() { _, _ = id.Key.Sign(rand.Reader, digest[:], crypto.SHA256) }, func() { sign(b, credential, id) })
}

// BenchmarkVerify makes all checks of that token, against the bare verification.
func BenchmarkVerify(b *testing.B) {
	authority := josetest.NewAuthority(b, "Fjordheim CA")
	id := authority.Seal(b, josetest.EC(elliptic.P256()))
	token, digest := sign(b, small(b), id), sha256.Sum256([]byte("x"))
	signature, err := id.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		b.Fatal(err)
	}
	ratio(b, func() { ecdsa.VerifyASN1(id.Key.Public().(*ecdsa.PublicKey), digest[:], signature) },
		func() { verify(b, token, jwtvc.VerifyOptions{Roots: authority.Pool}) })
}
