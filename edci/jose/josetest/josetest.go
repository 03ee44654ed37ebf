// Package josetest makes keys, certificates and time stamps for tests. Nothing of it is kept.
package josetest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// Identity is a key with its certificate.
type Identity struct {
	Key         crypto.Signer
	Certificate *x509.Certificate
}

// Organisation is the subject of seals in tests: that of testdata/issuer.json.
var Organisation = pkix.Name{
	Country: []string{"NO"}, Organization: []string{"University of Fjordheim"}, CommonName: "University of Fjordheim, seal",
	ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: "VATNO-000000000"}},
}

// RSA makes an RSA key, P256 and so on an ECDSA key. RSA keys are slow to make: one serves all tests.
var RSA = sync.OnceValue(func() crypto.Signer { return must(rsa.GenerateKey(rand.Reader, 2048)) })

// EC makes an ECDSA key.
func EC(curve elliptic.Curve) crypto.Signer { return must(ecdsa.GenerateKey(curve, rand.Reader)) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Authority issues certificates for tests.
type Authority struct {
	Identity
	Pool *x509.CertPool // of its root
}

// NewAuthority makes an authority with a root of its own.
func NewAuthority(t testing.TB, name string) *Authority {
	t.Helper()
	a := &Authority{Pool: x509.NewCertPool()}
	a.Identity = issue(t, nil, EC(elliptic.P256()), &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	a.Pool.AddCert(a.Certificate)
	return a
}

// Issue makes a certificate for a key after a template, valid from a year ago for two years unless the
// template says otherwise.
func (a *Authority) Issue(t testing.TB, key crypto.Signer, template x509.Certificate) Identity {
	t.Helper()
	return issue(t, &a.Identity, key, &template)
}

// Seal makes the certificate of Organisation for a key.
func (a *Authority) Seal(t testing.TB, key crypto.Signer) Identity {
	t.Helper()
	return a.Issue(t, key, x509.Certificate{Subject: Organisation, KeyUsage: x509.KeyUsageContentCommitment})
}

// Between makes an authority that this one vouches for.
func (a *Authority) Between(t testing.TB, name string) *Authority {
	t.Helper()
	return &Authority{Pool: a.Pool, Identity: a.Issue(t, EC(elliptic.P256()), x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})}
}

func issue(t testing.TB, by *Identity, key crypto.Signer, template *x509.Certificate) Identity {
	t.Helper()
	template.SerialNumber = must(rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)))
	if template.NotBefore.IsZero() {
		template.NotBefore = time.Now().AddDate(-1, 0, 0)
	}
	if template.NotAfter.IsZero() {
		template.NotAfter = template.NotBefore.AddDate(2, 0, 0)
	}
	if by == nil {
		by = &Identity{key, template}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.Certificate, key.Public(), by.Key)
	if err != nil {
		t.Fatal(err)
	}
	return Identity{key, must(x509.ParseCertificate(der))}
}

// TSA is a time-stamping authority. Its answers are as a test wants them.
type TSA struct {
	Identity
	Time   time.Time                                      // of the stamps; zero: now
	Change func(*timestamp.Request, *timestamp.Timestamp) // before the answer is signed
	Others []*x509.Certificate                            // that go with the stamp
}

// TSA makes a time-stamping authority.
func (a *Authority) TSA(t testing.TB) *TSA {
	t.Helper()
	return &TSA{Identity: a.Issue(t, EC(elliptic.P256()), x509.Certificate{
		Subject: pkix.Name{CommonName: "Time of Fjordheim"}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, // RFC 3161, 2.3
			Value: must(asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}}))}},
	})}
}

// Answer answers a request, as an Exchange of package jades.
func (a *TSA) Answer(_ context.Context, request []byte) ([]byte, error) {
	q, err := timestamp.ParseRequest(request)
	if err != nil {
		return nil, err
	}
	s := &timestamp.Timestamp{
		HashAlgorithm: q.HashAlgorithm, HashedMessage: q.HashedMessage, Nonce: q.Nonce, Time: a.Time,
		Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 1}, AddTSACertificate: q.Certificates, Certificates: a.Others,
	}
	if s.Time.IsZero() {
		s.Time = time.Now()
	}
	if a.Change != nil {
		a.Change(q, s)
	}
	return s.CreateResponseWithOpts(a.Certificate, a.Key, crypto.SHA256)
}
