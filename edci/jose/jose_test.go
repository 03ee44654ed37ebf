package jose_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/jose/josetest"
)

// remote is a key that is not in memory, as one in a token: it gives ASN.1.
type remote struct{ key crypto.Signer }

func (r remote) Public() crypto.PublicKey { return r.key.Public() }

func (r remote) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return r.key.Sign(random, digest, opts)
}

// TestSign: every algorithm with its key, in memory or not; and no signature holds for anything else.
func TestSign(t *testing.T) {
	keys := map[string]crypto.Signer{
		"RSA": josetest.RSA(), "P-256": josetest.EC(elliptic.P256()), "P-384": josetest.EC(elliptic.P384()), "P-521": josetest.EC(elliptic.P521()),
	}
	kinds := map[jose.Algorithm]string{
		jose.RS256: "RSA", jose.RS384: "RSA", jose.RS512: "RSA", jose.PS256: "RSA", jose.PS384: "RSA", jose.PS512: "RSA",
		jose.ES256: "P-256", jose.ES384: "P-384", jose.ES512: "P-521",
	}
	input := []byte("x.y")
	for alg, kind := range kinds {
		for name, key := range keys {
			for _, signer := range []crypto.Signer{key, remote{key}} {
				signature, err := jose.Sign(alg, signer, input)
				if name != kind {
					if !errors.Is(err, jose.ErrKey) || !errors.Is(jose.Verify(alg, key.Public(), input, nil), jose.ErrKey) {
						t.Errorf("%s with %s: %v", alg, name, err)
					}
					continue
				}
				if err != nil || jose.Verify(alg, key.Public(), input, signature) != nil {
					t.Errorf("%s: %v", alg, err)
				}
				for why, wrong := range map[string][]byte{
					"cut": signature[:len(signature)-1], "longer": append(bytes.Clone(signature), 0), "empty": nil, "zero": make([]byte, len(signature)),
				} {
					if err := jose.Verify(alg, key.Public(), input, wrong); !errors.Is(err, jose.ErrSignature) {
						t.Errorf("%s, %s: %v", alg, why, err)
					}
				}
				if err := jose.Verify(alg, key.Public(), []byte("x.z"), signature); !errors.Is(err, jose.ErrSignature) {
					t.Errorf("%s over something else: %v", alg, err)
				}
			}
		}
	}
}

// TestAlgorithms: what is not allowed.
func TestAlgorithms(t *testing.T) {
	key := josetest.RSA()
	for _, alg := range []jose.Algorithm{"none", "", "HS256", "rs256", "ES256K", "EdDSA", "RSA-OAEP"} {
		if _, err := jose.Sign(alg, key, nil); !errors.Is(err, jose.ErrForm) {
			t.Errorf("sign %q: %v", alg, err)
		}
		if err := jose.Verify(alg, key.Public(), nil, nil); !errors.Is(err, jose.ErrForm) {
			t.Errorf("verify %q: %v", alg, err)
		}
	}
	for _, bits := range []uint{1024, 2047, 8193, 16384} {
		key := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), bits-1), E: 65537}
		if _, err := jose.AlgorithmFor(key); !errors.Is(err, jose.ErrKey) {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
	if err := jose.Verify(jose.RS256, []byte("a shared secret"), nil, nil); !errors.Is(err, jose.ErrKey) {
		t.Errorf("a secret as the key: %v", err)
	}
}

// TestDecode: one text for each value.
func TestDecode(t *testing.T) {
	for _, b := range [][]byte{nil, {0}, {0xFB, 0xFF}, []byte("payload")} {
		if got, err := jose.Decode(jose.Encode(b)); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%x: %x, %v", b, got, err)
		}
	}
	for _, s := range []string{"AA==", "AB", "A", "+/+/", "AA\n", "\r\nAA", "A A", "é"} { // AB has bits that stand for nothing
		if _, err := jose.Decode(s); !errors.Is(err, jose.ErrForm) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestPath: certificates up to a root, at a time, for a use.
func TestPath(t *testing.T) {
	root, other := josetest.NewAuthority(t, "Root"), josetest.NewAuthority(t, "Other")
	between := root.Between(t, "Between")
	leaf := between.Seal(t, josetest.RSA()).Certificate
	now := time.Now()
	chain, whole := []*x509.Certificate{leaf}, []*x509.Certificate{leaf, between.Certificate}
	for name, c := range map[string]struct {
		chain, extra []*x509.Certificate
		roots        *x509.CertPool
		at           time.Time
		usage        x509.ExtKeyUsage
		want         error
	}{
		"whole":             {whole, nil, root.Pool, now, x509.ExtKeyUsageAny, nil},
		"from elsewhere":    {chain, whole[1:], root.Pool, now, x509.ExtKeyUsageAny, nil},
		"one missing":       {chain, nil, root.Pool, now, x509.ExtKeyUsageAny, jose.ErrPath},
		"other root":        {whole, nil, other.Pool, now, x509.ExtKeyUsageAny, jose.ErrPath},
		"no roots":          {whole, nil, x509.NewCertPool(), now, x509.ExtKeyUsageAny, jose.ErrPath},
		"too late":          {whole, nil, root.Pool, now.AddDate(5, 0, 0), x509.ExtKeyUsageAny, jose.ErrPath},
		"root of the chain": {append(whole, root.Certificate), nil, other.Pool, now, x509.ExtKeyUsageAny, jose.ErrPath},
	} {
		if err := jose.VerifyPath(c.chain, c.extra, c.roots, c.at, c.usage); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	web := root.Issue(t, josetest.RSA(), x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}).Certificate
	err := jose.VerifyPath([]*x509.Certificate{web}, nil, root.Pool, now, x509.ExtKeyUsageTimeStamping)
	if !errors.Is(err, jose.ErrPath) || strings.Contains(err.Error(), "Root") {
		t.Errorf("a certificate of a web server for time stamps: %v", err)
	}
}

// TestForSignatures: what certificates are for.
func TestForSignatures(t *testing.T) {
	authority := josetest.NewAuthority(t, "Root")
	document, microsoft := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 10, 3, 12}
	for name, c := range map[string]struct {
		template x509.Certificate
		want     error
	}{
		"nothing said":         {x509.Certificate{}, nil},
		"any":                  {x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}, nil},
		"mail":                 {x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageEmailProtection}}, nil},
		"documents":            {x509.Certificate{UnknownExtKeyUsage: []asn1.ObjectIdentifier{document}}, nil},
		"documents, Microsoft": {x509.Certificate{UnknownExtKeyUsage: []asn1.ObjectIdentifier{microsoft}}, nil},
		"a web server":         {x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, jose.ErrUsage},
		"time stamps":          {x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}}, jose.ErrUsage},
		"something unknown":    {x509.Certificate{UnknownExtKeyUsage: []asn1.ObjectIdentifier{{1, 2, 3}}}, jose.ErrUsage},
		"encryption":           {x509.Certificate{KeyUsage: x509.KeyUsageKeyEncipherment}, jose.ErrUsage},
	} {
		id := authority.Issue(t, josetest.RSA(), c.template)
		if err := jose.ForSignatures(id.Certificate); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err := jose.Fits(id.Key, id.Certificate, time.Now()); !errors.Is(err, c.want) {
			t.Errorf("%s, when signing: %v", name, err)
		}
	}
}

// TestReadHeaderFails: there is no half of a header, and no certificate with a key that takes minutes.
func TestReadHeaderFails(t *testing.T) {
	huge := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 16383, 1), E: 65537}
	authority := josetest.NewAuthority(t, "Root")
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, authority.Certificate, huge, authority.Key)
	if err != nil {
		t.Fatal(err)
	}
	good, signer := edci.Object{{Name: "alg", Value: "RS256"}}, authority.Seal(t, josetest.RSA()).Certificate
	for name, h := range map[string]edci.Object{
		"unknown in crit":      append(good[:1:1], edci.Member{Name: "crit", Value: edci.Array{"x"}}, edci.Member{Name: "x", Value: true}),
		"huge key":             append(good[:1:1], edci.Member{Name: "x5c", Value: jose.Certificates([]*x509.Certificate{{Raw: der}})}),
		"huge key, not signer": append(good[:1:1], edci.Member{Name: "x5c", Value: jose.Certificates([]*x509.Certificate{signer, {Raw: der}})}),
	} {
		if h, err := jose.ReadHeader(jose.Encode(edci.AppendValue(nil, h))); h != nil || !errors.Is(err, jose.ErrForm) {
			t.Errorf("%s: %v, %v", name, h, err)
		}
	}
}

// FuzzReadHeader: no header makes the reader fall over; one that is read keeps the rules of crit.
func FuzzReadHeader(f *testing.F) {
	c := josetest.NewAuthority(f, "Root").Seal(f, josetest.RSA()).Certificate
	full := edci.Object{{Name: "alg", Value: "RS256"}, {Name: "b64", Value: false}, {Name: "crit", Value: edci.Array{"b64"}},
		{Name: "x5t#S256", Value: jose.Thumbprint(c)}, {Name: "x5c", Value: jose.Certificates([]*x509.Certificate{c})}}
	f.Add(string(edci.AppendValue(nil, full)))
	f.Add(`{"alg":"ES256","typ":"JWT","kid":"x"}`)
	f.Add(`{"alg":"none"}`)
	f.Fuzz(func(t *testing.T, header string) {
		h, err := jose.ReadHeader(jose.Encode([]byte(header)))
		if err != nil {
			if !errors.Is(err, jose.ErrForm) {
				t.Error(err)
			}
			return
		}
		crit, there := h.Members.Get("crit")
		if list, _ := crit.(edci.Array); there && (len(list) != 1 || list[0] != "b64") || h.Unencoded && !there {
			t.Error("crit names something else than b64, or b64 is not in it")
		}
	})
}
