package xmldsig_test

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
	"elmobridge/testdata/judge"
)

// TestResult: what a result says, as JSON.
func TestResult(t *testing.T) {
	opt := trusting(p384(), rsa2048())
	opt.Time = validFrom
	v, err := elmo.Verify([]byte(sign(t, small, rsa2048(), elmo.SignOptions{SignOptions: xmldsig.SignOptions{Exclusive: true}})), opt)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	text, err := json.Marshal(v.Signature)
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"authenticated": true, "key": 2.0, "keyType": "RSA 2048", "embedded": "matches", "sha1": false,
		"canonicalization": exc, "transform": exc, "signatureMethod": more + "rsa-sha256", "digestMethod": enc + "sha256",
		"reference": "whole", "warnings": nil,
	} {
		if got[name] != want {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
	if digest, _ := got["digest"].(string); len(digest) != 64 {
		t.Errorf("digest %q", digest)
	}
	c := v.Signature.Certificate
	if !strings.Contains(c.Subject, `CN=Test \<provider\> & `+"\u00E9") || c.Issuer != c.Subject || c.Serial != "7" || len(c.SHA256) != 64 || !c.NotAfter.Equal(validTo) {
		t.Errorf("%+v", c)
	}
}

// TestPeriod: the period of a certificate is reported, for the time that the caller names.
func TestPeriod(t *testing.T) {
	signed := []byte(sign(t, small, p256(), elmo.SignOptions{}))
	for at, want := range map[time.Time]string{
		{}: "", validFrom: "", validTo: "", validTo.Add(time.Second): "certificate-expired", validFrom.Add(-time.Second): "certificate-not-yet-valid",
	} {
		for _, key := range []xmldsig.Key{p256().key(), {Public: p256().Public()}} {
			opt := elmo.VerifyOptions{Options: xmldsig.Options{Keys: []xmldsig.Key{key}, Time: at}}
			v, err := elmo.Verify(signed, opt)
			if err != nil || warnings(v.Signature) != want {
				t.Errorf("%s: %v %+v", at, err, v)
			}
		}
	}
}

// TestKeys: which keys are taken, and which of several fits.
func TestKeys(t *testing.T) {
	signed := []byte(sign(t, small, p256(), elmo.SignOptions{}))
	tiny := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1000), E: 65537}
	huge := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 20000), E: 65537}
	for _, c := range []struct {
		keys []xmldsig.Key
		want xmldsig.Reason
		n    int
	}{
		{nil, xmldsig.NoKey, 0},
		{[]xmldsig.Key{{}}, xmldsig.WeakKey, 0},
		{[]xmldsig.Key{{Public: tiny}, {Public: huge}, p224().key(), {Public: "secret"}}, xmldsig.WeakKey, 0},
		{[]xmldsig.Key{{Public: tiny}, rsa1024().key()}, xmldsig.WrongSignature, 0},
		{[]xmldsig.Key{{Public: tiny}, rsaElse().key(), {Public: p256().Public()}}, "", 3},
		{[]xmldsig.Key{p521().key(), p256().key(), p256().key()}, "", 2},
	} {
		v, err := elmo.Verify(signed, elmo.VerifyOptions{Options: xmldsig.Options{Keys: c.keys}})
		if reason(err) != c.want || c.want == "" && (err != nil || v.Signature.Key != c.n) {
			t.Errorf("%d keys: %v, want %q", len(c.keys), err, c.want)
		}
	}
	alone := strings.Replace(string(signed), between(string(signed), "<KeyInfo>", "</KeyInfo>"), "", 1)
	if r := verified(t, alone).Signature; r.Embedded != xmldsig.EmbeddedNone || warnings(r) != "" {
		t.Errorf("%+v", r)
	}
	broken := strings.Replace(string(signed), between(string(signed), "<X509Certificate>", "</X509Certificate>"), "<X509Certificate>AAAA</X509Certificate>", 1)
	if r := verified(t, broken).Signature; r.Embedded != xmldsig.EmbeddedUnreadable || warnings(r) != "embedded-unreadable" {
		t.Errorf("%+v", r)
	}
	for _, data := range []string{alone, broken} {
		if _, err := elmo.Verify([]byte(data), elmo.VerifyOptions{Options: xmldsig.Options{Embedded: true}}); reason(err) != xmldsig.NoKey {
			t.Error(err)
		}
	}
}

// TestShortKey: the Finnish document of the corpus is signed by a key of 1024 bits and with SHA-1.
func TestShortKey(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(judge.Corpus(t, "elmo", "documents"), "pre10-finland-signed.xml"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := elmo.Verify(data, elmo.VerifyOptions{Options: xmldsig.Options{Embedded: true}})
	if err != nil || warnings(v.Signature) != "not-authenticated sha1-signature sha1-digest short-key" || v.Signature.Authenticated || v.Signature.KeyType != "RSA 1024" {
		t.Fatalf("%v %+v", err, v)
	}
	if _, err := v.Read(); !errors.Is(err, elmo.ErrPre10) {
		t.Error(err)
	}
}

// TestByID: a reference by Id is taken when it is to the root, and the only one of that Id.
func TestByID(t *testing.T) {
	for _, c := range []struct {
		attribute, other string
		want             xmldsig.Reason
	}{
		{"Id", "<x/>", ""}, {"ID", "<x/>", ""}, {"id", "<x id='s'/>", ""}, {"xml:id", "<x z:id='r' xmlns:z='urn:z'/>", ""},
		{"Id", "<x id='r'/>", xmldsig.DuplicateID}, {"Id", "<x xml:id='r'/>", xmldsig.DuplicateID},
		{"localId", "<x/>", xmldsig.WrongReference}, {"localId", "<x id='r'/>", xmldsig.WrongReference},
	} {
		data := strings.Replace(small, "<elmo ", "<elmo "+c.attribute+`="r" `, 1)
		data = strings.Replace(data, "</elmo>", "<extension><x/></extension></elmo>", 1)
		signed := signByID(t, data)
		if c.want == "" {
			signed = signByID(t, strings.Replace(data, "<x/>", c.other, 1))
		}
		v, err := elmo.Verify([]byte(strings.Replace(signed, "<x/>", c.other, 1)), trusting(p256()))
		if reason(err) != c.want || c.want == "" && (err != nil || v.Signature.Reference != "id") {
			t.Errorf("%s %s: %v, want %s", c.attribute, c.other, err, c.want)
		}
	}
}

// signByID signs data with xmlsec1 by the reference "#r" to the root.
func signByID(t *testing.T, data string) string {
	t.Helper()
	dir := t.TempDir()
	key, certificate := p256().files(t, dir)
	form := strings.NewReplacer("%s", "", `URI=""`, `URI="#r"`).Replace(template)
	form = strings.Replace(form, `CanonicalizationMethod Algorithm=""`, `CanonicalizationMethod Algorithm="`+exc+`"`, 1)
	form = strings.Replace(form, `SignatureMethod Algorithm=""`, `SignatureMethod Algorithm="`+more+`ecdsa-sha256"`, 1)
	form = strings.Replace(form, `DigestMethod Algorithm=""`, `DigestMethod Algorithm="`+enc+`sha256"`, 1)
	args := []string{"--sign", "--privkey-pem", key + "," + certificate}
	for _, name := range []string{"Id", "ID", "id", "localId"} {
		args = append(args, "--id-attr:"+name, "https://github.com/emrex-eu/elmo-schemas/tree/v1:elmo")
	}
	out := filepath.Join(dir, "out.xml")
	args = append(args, "--output", out, write(t, dir, "in.xml", []byte(strings.Replace(data, "</elmo>", form+"</elmo>", 1))))
	if err := xmlsec(t, args...); err != nil {
		t.Fatal(err)
	}
	signed, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

// TestParseKeys reads PEM.
func TestParseKeys(t *testing.T) {
	public, err := x509.MarshalPKIXPublicKey(p521().Public())
	if err != nil {
		t.Fatal(err)
	}
	certificate := string(certificatePEM(rsa2048().certificate))
	keyPEM := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))
	other := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("secret")}))
	keys, err := xmldsig.ParseKeys([]byte("comment\n" + certificate + other + keyPEM))
	if err != nil || len(keys) != 2 || !keys[0].Certificate.Equal(rsa2048().certificate) || keys[1].Certificate != nil || !p521().Public().(*ecdsa.PublicKey).Equal(keys[1].Public) {
		t.Fatalf("%v %d keys", err, len(keys))
	}
	for _, text := range []string{"", "MIIB", other, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", strings.Replace(keyPEM, "PUBLIC KEY", "CERTIFICATE", 2)} {
		if keys, err := xmldsig.ParseKeys([]byte(text)); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %d keys, %v", text, len(keys), err)
		}
	}
	damaged := "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	for text, want := range map[string]string{other: "it holds a private key, and no certificate", "": "no certificate", other + certificate + damaged: "PEM block 3: "} {
		_, err := xmldsig.ParseKeys([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) || errors.Is(err, xmldsig.ErrNoKeys) != (text == other || text == "") {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestLongKeys: RSA keys of more than 8192 bits only cost time.
func TestLongKeys(t *testing.T) {
	signed := sign(t, small, rsa2048(), elmo.SignOptions{})
	for bits, want := range map[uint]xmldsig.Reason{8192: xmldsig.WrongSignature, 8193: xmldsig.WeakKey} {
		n := new(big.Int).Lsh(big.NewInt(1), bits-1)
		key := &rsa.PublicKey{N: n.SetBit(n, 0, 1), E: 65537}
		_, err := elmo.Verify([]byte(signed), elmo.VerifyOptions{Options: xmldsig.Options{Keys: []xmldsig.Key{{Public: key}}}})
		if reason(err) != want {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
}
