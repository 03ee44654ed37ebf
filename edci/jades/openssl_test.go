package jades_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"elmobridge/edci/jades"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
	"elmobridge/testdata/judge"
)

// authorityConfig is that of openssl ts.
const authorityConfig = `[tsa]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
`

// TestOpenSSL: openssl as the time-stamping authority, which reads our requests and whose answers we take.
func TestOpenSSL(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		judge.Absent(t, "the program openssl is not there")
	}
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	tsa := authority.TSA(t)
	der, err := x509.MarshalECPrivateKey(tsa.Key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	keep(t, dir, "tsa.cnf", []byte(authorityConfig))
	keep(t, dir, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
	keep(t, dir, "tsa.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tsa.Certificate.Raw}))
	keep(t, dir, "serial", []byte("01\n"))
	ask := func(ctx context.Context, request []byte) ([]byte, error) {
		keep(t, dir, "query", request)
		cmd := exec.CommandContext(ctx, program, "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa",
			"-queryfile", "query", "-signer", "tsa.pem", "-inkey", "key.pem", "-out", "reply")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl: %v\n%s", err, out)
		}
		return os.ReadFile(filepath.Join(dir, "reply"))
	}
	file := seal(t, small(t), authority.Seal(t, josetest.RSA()), func(o *jades.SealOptions) { o.Timestamper = jades.NewTimestamper(ask) })
	r := verify(t, file, jades.VerifyOptions{Roots: authority.Pool, TSARoots: authority.Pool})
	if p := r.Verdict; p.Status != verification.Passed || r.Seals[0].Stamped == nil {
		t.Errorf("%v, %v", p, r.Seals[0].Parts)
	}
}
