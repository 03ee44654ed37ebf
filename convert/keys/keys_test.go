package keys_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"elmobridge/convert/keys"
	"elmobridge/edci/jose/josetest"
	"elmobridge/testdata/judge"
)

const secret = "correct horse"

func passphrase(s string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(s), nil }
}

// write writes a file for its owner alone.
func write(t *testing.T, name string, data ...[]byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, bytes.Join(data, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return block("PRIVATE KEY", der)
}

func certificate(c *x509.Certificate) []byte { return block("CERTIFICATE", c.Raw) }

// path is a seal below an authority below a root, for an RSA and an ECDSA key.
func path(t *testing.T, key crypto.Signer) (root, between *josetest.Authority, seal josetest.Identity) {
	t.Helper()
	root = josetest.NewAuthority(t, "Root")
	between = root.Between(t, "Between")
	return root, between, between.Seal(t, key)
}

// usable fails unless the pair has that key and chain, and signs.
func usable(t *testing.T, p *keys.Pair, chain ...*x509.Certificate) {
	t.Helper()
	if len(p.Chain) != len(chain) {
		t.Fatalf("%d certificates, want %d", len(p.Chain), len(chain))
	}
	for i := range chain {
		if !p.Chain[i].Equal(chain[i]) {
			t.Errorf("certificate %d is another one", i)
		}
	}
	digest := sha256.Sum256([]byte("x"))
	signature, err := p.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	holds := false
	switch key := chain[0].PublicKey.(type) {
	case *rsa.PublicKey:
		holds = rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
	case *ecdsa.PublicKey:
		holds = ecdsa.VerifyASN1(key, digest[:], signature)
	}
	if !holds {
		t.Error("the key is not that of the certificate")
	}
}

// TestPEM: every form of a key, with its certificates in any order, beside or in another file.
func TestPEM(t *testing.T) {
	ec := josetest.EC(elliptic.P256())
	sec1, err := x509.MarshalECPrivateKey(ec.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	forms := []struct {
		name string
		key  crypto.Signer
		pem  []byte
	}{
		{"PKCS#8 RSA", josetest.RSA(), pkcs8(t, josetest.RSA())},
		{"PKCS#8 ECDSA", ec, pkcs8(t, ec)},
		{"PKCS#1", josetest.RSA(), block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(josetest.RSA().(*rsa.PrivateKey)))},
		{"SEC 1", ec, append(block("EC PARAMETERS", []byte{6, 0}), block("EC PRIVATE KEY", sec1)...)},
	}
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			root, between, seal := path(t, f.key)
			others := [][]byte{certificate(root.Certificate), certificate(seal.Certificate), certificate(between.Certificate)}
			together := write(t, "all.pem", append(others, f.pem)...)
			apart, certificates := write(t, "key.pem", f.pem), write(t, "chain.pem", others...)
			for _, load := range []func() (*keys.Pair, error){
				func() (*keys.Pair, error) { return keys.Load(together, keys.Options{}) },
				func() (*keys.Pair, error) { return keys.Load(apart, keys.Options{Certificates: certificates}) },
			} {
				p, err := load()
				if err != nil {
					t.Fatal(err)
				}
				usable(t, p, seal.Certificate, between.Certificate, root.Certificate)
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestPKCS12: with a passphrase and without, with the certificates above.
func TestPKCS12(t *testing.T) {
	root, between, seal := path(t, josetest.RSA())
	for _, p := range []string{secret, ""} {
		data, err := pkcs12.Modern.Encode(seal.Key, seal.Certificate, []*x509.Certificate{root.Certificate, between.Certificate}, p)
		if err != nil {
			t.Fatal(err)
		}
		file := write(t, "seal.p12", data)
		pair, err := keys.Load(file, keys.Options{Passphrase: passphrase(p)})
		if err != nil {
			t.Fatal(err)
		}
		usable(t, pair, seal.Certificate, between.Certificate, root.Certificate)
		_, wrong := keys.Load(file, keys.Options{Passphrase: passphrase("wrong")})
		_, none := keys.Load(file, keys.Options{})
		if p != "" && (!errors.Is(wrong, keys.ErrPassphrase) || !errors.Is(none, keys.ErrPassphrase)) {
			t.Errorf("a wrong passphrase: %v, none: %v", wrong, none)
		}
	}
}

// TestEmptyPassphrase: nobody is asked for the passphrase of a PKCS#12 file that has the empty one.
func TestEmptyPassphrase(t *testing.T) {
	_, _, seal := path(t, josetest.EC(elliptic.P256()))
	for name, encoder := range map[string]*pkcs12.Encoder{"modern": pkcs12.Modern, "legacy": pkcs12.LegacyDES} {
		data, err := encoder.Encode(seal.Key, seal.Certificate, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		ask := func() ([]byte, error) {
			t.Errorf("%s: somebody is asked", name)
			return nil, nil
		}
		pair, err := keys.Load(write(t, "seal.p12", data), keys.Options{Passphrase: ask})
		if err != nil {
			t.Fatal(name, err)
		}
		usable(t, pair, seal.Certificate)
	}
}

// TestDER: keys without the lines of PEM, of which openssl writes PKCS#8.
func TestDER(t *testing.T) {
	ec := josetest.EC(elliptic.P384())
	sec1, err := x509.MarshalECPrivateKey(ec.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	plain, encrypted := write(t, "key.der"), write(t, "key.der")
	in := write(t, "key.pem", pkcs8(t, josetest.RSA()))
	openssl(t, "pkcs8", "-topk8", "-nocrypt", "-in", in, "-outform", "DER", "-out", plain)
	openssl(t, "pkcs8", "-topk8", "-in", in, "-outform", "DER", "-out", encrypted, "-passout", "pass:"+secret)
	for _, c := range []struct {
		file string
		key  crypto.Signer
	}{
		{plain, josetest.RSA()},
		{write(t, "key.der", x509.MarshalPKCS1PrivateKey(josetest.RSA().(*rsa.PrivateKey))), josetest.RSA()},
		{write(t, "key.der", sec1), ec},
	} {
		_, _, seal := path(t, c.key)
		p, err := keys.Load(c.file, keys.Options{Certificates: write(t, "seal.pem", certificate(seal.Certificate))})
		if err != nil {
			t.Fatal(err)
		}
		usable(t, p, seal.Certificate)
	}
	if _, err := keys.Load(encrypted, keys.Options{Passphrase: passphrase(secret)}); !errors.Is(err, keys.ErrKey) || !strings.Contains(err.Error(), "openssl pkcs8 -inform DER") {
		t.Error(err)
	}
}

// openssl runs openssl, which is an independent writer of the files we read.
func openssl(t *testing.T, args ...string) {
	t.Helper()
	program, err := exec.LookPath("openssl")
	if err != nil {
		judge.Absent(t, "the program openssl is not there")
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("openssl %s: %v\n%s", args[0], err, out)
	}
}

// TestOpenSSL reads what openssl encrypts.
func TestOpenSSL(t *testing.T) {
	_, _, seal := path(t, josetest.RSA())
	plain := write(t, "key.pem", pkcs8(t, seal.Key))
	certificates := write(t, "seal.pem", certificate(seal.Certificate))
	for _, cipher := range []string{"aes-128-cbc", "aes-192-cbc", "aes-256-cbc"} {
		for _, prf := range []string{"hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"} {
			file := write(t, "encrypted.pem")
			openssl(t, "pkcs8", "-topk8", "-v2", cipher, "-v2prf", prf, "-in", plain, "-out", file, "-passout", "pass:"+secret)
			p, err := keys.Load(file, keys.Options{Certificates: certificates, Passphrase: passphrase(secret)})
			if err != nil {
				t.Fatalf("%s %s: %v", cipher, prf, err)
			}
			usable(t, p, seal.Certificate)
			for _, wrong := range []func() ([]byte, error){nil, passphrase("wrong")} {
				if _, err := keys.Load(file, keys.Options{Certificates: certificates, Passphrase: wrong}); !errors.Is(err, keys.ErrPassphrase) {
					t.Errorf("%s %s without the passphrase: %v", cipher, prf, err)
				}
			}
		}
	}
	for name, args := range map[string][]string{"scrypt": {"-scrypt"}, "3DES": {"-v2", "des3"}} {
		file := write(t, "encrypted.pem")
		openssl(t, append([]string{"pkcs8", "-topk8", "-in", plain, "-out", file, "-passout", "pass:" + secret}, args...)...)
		if _, err := keys.Load(file, keys.Options{Certificates: certificates, Passphrase: passphrase(secret)}); !errors.Is(err, keys.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p12 := write(t, "seal.p12")
	openssl(t, "pkcs12", "-export", "-inkey", plain, "-in", certificates, "-out", p12, "-passout", "pass:"+secret)
	p, err := keys.Load(p12, keys.Options{Passphrase: passphrase(secret)})
	if err != nil {
		t.Fatal(err)
	}
	usable(t, p, seal.Certificate)
}

// TestRefused: files that must not be used, and what is said of them.
func TestRefused(t *testing.T) {
	_, _, seal := path(t, josetest.RSA())
	_, _, other := path(t, josetest.EC(elliptic.P256()))
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, own := pkcs8(t, seal.Key), certificate(seal.Certificate)
	old := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"DEK-Info": "DES-EDE3-CBC,00"}, Bytes: []byte{1}})
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":                      {nil, "neither PEM nor PKCS#12"},
		"no key":                     {own, "there are 0"},
		"two keys":                   {append(append(key, pkcs8(t, other.Key)...), own...), "there are 2"},
		"no certificate":             {key, "none of the 0"},
		"certificate of another key": {append(key, certificate(other.Certificate)...), "none of the 1"},
		"Ed25519":                    {append(pkcs8(t, edwards), own...), "RSA or ECDSA"},
		"damaged key":                {block("PRIVATE KEY", []byte("no key "+secret)), "damaged"},
		"damaged certificate":        {append(key, block("CERTIFICATE", []byte{1})...), "certificate 1"},
		"old encryption":             {old, "openssl pkcs8"},
		"damaged encrypted key":      {block("ENCRYPTED PRIVATE KEY", []byte(secret)), "damaged"},
		"too long":                   {bytes.Repeat([]byte{'-'}, 1<<20+1), "longer than"},
	} {
		_, err := keys.Load(write(t, "key.pem", c.data), keys.Options{Passphrase: passphrase(secret)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error holds a secret: %v", name, err)
		}
	}
	if _, err := keys.Load(t.TempDir(), keys.Options{}); err == nil {
		t.Error("a directory is a key")
	}
}

// TestPermissions: what others may read is no private key; certificates they may.
func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		judge.Absent(t, "Windows has no such permissions")
	}
	_, _, seal := path(t, josetest.RSA())
	file := write(t, "seal.pem", pkcs8(t, seal.Key), certificate(seal.Certificate))
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o644} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Load(file, keys.Options{}); !errors.Is(err, keys.ErrPermissions) {
			t.Errorf("%o: %v", mode, err)
		}
		if _, err := keys.Certificates(file); err != nil {
			t.Errorf("certificates, %o: %v", mode, err)
		}
	}
}

// TestPassphraseIsOverwritten: what was given is gone afterwards.
func TestPassphraseIsOverwritten(t *testing.T) {
	_, _, seal := path(t, josetest.RSA())
	data, err := pkcs12.Modern.Encode(seal.Key, seal.Certificate, nil, secret)
	if err != nil {
		t.Fatal(err)
	}
	given := []byte(secret)
	if _, err := keys.Load(write(t, "seal.p12", data), keys.Options{Passphrase: func() ([]byte, error) { return given, nil }}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(given, make([]byte, len(secret))) {
		t.Error("the passphrase is still there")
	}
}
