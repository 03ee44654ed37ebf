package main

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"elmobridge/edci/jose/josetest"

	"software.sslmate.com/src/go-pkcs12"
)

// passphrase protects the keys of the tests that are encrypted.
const passphrase = "correct horse"

// identities are the files of keys and certificates that each script has in its folder. They are made anew
// in each run.
type identities map[string][]byte

// newIdentities makes:
//
//	root.pem       the certificate that leads to those of seals    tsa-root.pem   and to those of time stamps
//	seal.pem       key and certificate of issuer.json              seal.key, seal.crt, seal.pub   apart; seal.cer in DER
//	seal.p12       the same, encrypted
//	other.pem      of the same organisation below another root     other-root.pem
//	bare.pem       of a certificate that names no organisation
//	stranger.pem   of another organisation
func newIdentities(t *testing.T, root, time *josetest.Authority) identities {
	t.Helper()
	other := josetest.NewAuthority(t, "Other root")
	seal, twin := root.Seal(t, josetest.RSA()), other.Seal(t, josetest.RSA())
	bare := root.Issue(t, josetest.RSA(), x509.Certificate{Subject: pkix.Name{CommonName: "Seal"}, KeyUsage: x509.KeyUsageContentCommitment})
	stranger := josetest.Organisation
	stranger.ExtraNames = []pkix.AttributeTypeAndValue{{Type: josetest.Organisation.ExtraNames[0].Type, Value: "VATNO-999999999"}}
	strange := root.Issue(t, josetest.RSA(), x509.Certificate{Subject: stranger, KeyUsage: x509.KeyUsageContentCommitment})
	p12, err := pkcs12.Modern.Encode(seal.Key, seal.Certificate, nil, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(seal.Key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(seal.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	with := func(i josetest.Identity) []byte { return append(bytes.Clone(key), certificate(i.Certificate)...) }
	return identities{
		"root.pem": certificate(root.Certificate), "other-root.pem": certificate(other.Certificate), "tsa-root.pem": certificate(time.Certificate),
		"seal.pem": with(seal), "seal.key": key, "seal.crt": certificate(seal.Certificate), "seal.p12": p12, "seal.cer": seal.Certificate.Raw,
		"seal.pub":   pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}),
		"emreg.json": registry(t, seal, other.Seal(t, josetest.EC(elliptic.P256()))),
		"other.pem":  with(twin), "bare.pem": with(bare), "stranger.pem": with(strange),
	}
}

// registry is a list of EMREG with two providers.
func registry(t *testing.T, norway, sweden josetest.Identity) []byte {
	t.Helper()
	type provider struct {
		Acronym string `json:"acronym"`
		PubKey  string `json:"pubKey"`
	}
	data, err := json.Marshal(map[string]any{"countries": []any{}, "ncps": []provider{
		{"SWEDEN", string(certificate(sweden.Certificate))}, {"NORWAY", string(certificate(norway.Certificate))},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func certificate(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// write writes the files for their owner alone.
func (i identities) write(dir string) error {
	for name, data := range i {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// newTSA serves a time-stamping authority: at /, and with a fault at other paths.
func newTSA(t *testing.T, tsa *josetest.TSA) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		query, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != mediaQuery {
			http.Error(w, "no query", http.StatusBadRequest)
			return
		}
		reply, err := tsa.Answer(context.Background(), query)
		if err != nil {
			http.Error(w, "no time", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", mediaReply)
		w.Write(reply)
	})
	mux.HandleFunc("/near", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusTemporaryRedirect) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/loop", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") })
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaReply)
		w.Write(make([]byte, longestReply+1))
	})
	mux.HandleFunc("/junk", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaReply)
		w.Write([]byte{1, 2, 3})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	elsewhere := httptest.NewServer(mux)
	t.Cleanup(elsewhere.Close)
	mux.HandleFunc("/far", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	return server.URL
}
