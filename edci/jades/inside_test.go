package jades

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"elmobridge/edci/jose/josetest"
)

// FuzzToken: no token makes its readers fall over.
func FuzzToken(f *testing.F) {
	over := []byte("x")
	digest := sha256.Sum256(over)
	token, err := NewTimestamper(josetest.NewAuthority(f, "Fjordheim CA").TSA(f).Answer).Timestamp(context.Background(), digest[:])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add([]byte{0x30, 0x80, 0x30, 0x80, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, der []byte) {
		read, err := readToken(der, over)
		if err == nil && (read.authority == nil || read.time.IsZero()) {
			t.Error("a token without authority or time")
		}
	})
}

// TestKeyID: a kid names the certificate it was made of, and no other; what is no IssuerSerial is none.
func TestKeyID(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	a, b := authority.Seal(t, josetest.RSA()).Certificate, authority.Seal(t, josetest.RSA()).Certificate
	kid, err := keyID(a)
	if err != nil {
		t.Fatal(err)
	}
	id, ok := readKeyID(kid)
	if !ok || !id.names(a) || id.names(b) {
		t.Errorf("%v, of its own %v, of another %v", ok, id.names(a), id.names(b))
	}
	for _, kid := range []string{"", "key-1", "did:example:1#key", base64.StdEncoding.EncodeToString([]byte{0x30, 0})} {
		if _, ok := readKeyID(kid); ok {
			t.Errorf("%q is an IssuerSerial", kid)
		}
	}
}
