package emreg_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"testing"
	"time"

	"elmobridge/elmo/emreg"
)

// certificate is one in DER, and its public key.
func certificate(t testing.TB) (der, public []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	model := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	if der, err = x509.CreateCertificate(rand.Reader, model, model, key.Public(), key); err != nil {
		t.Fatal(err)
	}
	if public, err = x509.MarshalPKIXPublicKey(key.Public()); err != nil {
		t.Fatal(err)
	}
	return der, public
}

func armoured(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func registry(t testing.TB, name string, keys ...string) []byte {
	t.Helper()
	list := []any{nil}
	for i, k := range keys {
		list = append(list, map[string]any{"acronym": string(rune('A' + i)), "countryCode": "NO", "institutions": []string{"Blåfjell"}, "url": "https://example.org", "pubKey": k})
	}
	data, err := json.Marshal(map[string]any{"countries": []any{}, name: list})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestRead: keys in every form that is seen, in both names of the list.
func TestRead(t *testing.T) {
	der, public := certificate(t)
	forms := []string{
		armoured("CERTIFICATE", der),
		"-----BEGIN CERTIFICATE-----" + base64.StdEncoding.EncodeToString(der) + "-----END CERTIFICATE-----",
		base64.StdEncoding.EncodeToString(der),
		armoured("PUBLIC KEY", public),
	}
	for _, name := range []string{"ncps", "emps"} {
		providers, err := emreg.Read(registry(t, name, append(forms, "none", "")...))
		if err != nil || len(providers) != len(forms)+2 {
			t.Fatal(providers, err)
		}
		for i, p := range providers {
			if (p.Key != nil) != (i < len(forms)) {
				t.Errorf("%s %d: %v", name, i, p.Key)
			}
		}
		if keys, err := emreg.Keys(providers, ""); err != nil || len(keys) != len(forms) {
			t.Error(keys, err)
		}
		if keys, err := emreg.Keys(providers, "B"); err != nil || len(keys) != 1 || keys[0].Certificate == nil {
			t.Error(keys, err)
		}
		for _, acronym := range []string{"E", "Z"} { // without a key, and not there
			if _, err := emreg.Keys(providers, acronym); err == nil {
				t.Errorf("%s: no error", acronym)
			}
		}
	}
}

func TestReadLatin1(t *testing.T) {
	der, _ := certificate(t)
	text := `{"ncps":[{"acronym":"BL` + "\xc5" + `","pubKey":"` + base64.StdEncoding.EncodeToString(der) + `"}]}`
	providers, err := emreg.Read([]byte(text))
	if err != nil || providers[0].Acronym != "BLÅ" || providers[0].Key == nil {
		t.Error(providers, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, text := range []string{"", "{}", "[]", `{"ncps":{}}`, `{"ncps":[{}],}`, "<xml/>"} {
		if _, err := emreg.Read([]byte(text)); !errors.Is(err, emreg.ErrRegistry) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	der, _ := certificate(f)
	f.Add(registry(f, "ncps", armoured("CERTIFICATE", der)))
	f.Fuzz(func(t *testing.T, data []byte) {
		providers, err := emreg.Read(data)
		if err != nil {
			return
		}
		if _, err := emreg.Keys(providers, ""); err == nil && len(providers) == 0 {
			t.Error("keys of nobody")
		}
	})
}
