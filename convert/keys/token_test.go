//go:build pkcs11

package keys_test

import (
	"context"
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/ThalesGroup/crypto11"

	"elmobridge/convert/keys"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
	"elmobridge/testdata/judge"
)

// modules are the places of SoftHSM2 on systems we know.
var modules = []string{"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib64/softhsm/libsofthsm.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so"}

// softToken makes a token of SoftHSM2 and gives its module.
func softToken(t *testing.T, label, pin string) string {
	t.Helper()
	program, err := exec.LookPath("softhsm2-util")
	module := ""
	for _, m := range modules {
		if _, err := os.Stat(m); err == nil && module == "" {
			module = m
		}
	}
	if err != nil || module == "" {
		judge.Absent(t, "SoftHSM2 is not there (package softhsm2)")
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "softhsm2.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, "directories.tokendir = %s\nlog.level = ERROR\n", dir), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", config)
	if out, err := exec.Command(program, "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", pin).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return module
}

// TestToken: keys in a token seal credentials, RSA and ECDSA, and never leave it.
func TestToken(t *testing.T) {
	const label, pin = "seals", "123456"
	module := softToken(t, label, pin)
	root, rsa, ec := provision(t, module, label, pin)
	payload, err := os.ReadFile("../../testdata/golden/one-course/edc.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []keys.Token{
		{Module: module, Label: label, Key: "rsa", PIN: passphrase(pin)},
		{Module: module, Label: label, Key: "ec", PIN: passphrase(pin), Certificates: write(t, "ec.pem", certificate(ec))},
	} {
		p, err := keys.OpenToken(token)
		if err != nil {
			t.Fatal(token.Key, err)
		}
		usable(t, p, map[string]*x509.Certificate{"rsa": rsa, "ec": ec}[token.Key])
		file, err := jades.Seal(context.Background(), payload, jades.SealOptions{Signer: p.Signer, Chain: p.Chain})
		if err != nil {
			t.Fatal(token.Key, err)
		}
		r, err := jades.Verify(file, jades.VerifyOptions{Roots: root.Pool})
		if err != nil || r.Verdict.Status != verification.Passed {
			t.Error(token.Key, err, r.Verdict)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		uri := fmt.Sprintf("pkcs11:token=%s;object=%s?module-path=%s", token.Label, token.Key, module)
		if p, err = keys.Open(uri, keys.Options{Certificates: token.Certificates, Passphrase: token.PIN}); err != nil {
			t.Fatal(uri, err)
		}
		usable(t, p, map[string]*x509.Certificate{"rsa": rsa, "ec": ec}[token.Key])
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	checkURI(t, module, label, pin, rsa)
	for _, token := range []keys.Token{
		{Module: module, Label: label, Key: "none", PIN: passphrase(pin)},
		{Module: module, Label: label, Key: "ec", PIN: passphrase(pin)}, // no certificate
		{Module: module, Label: label, Key: "rsa", PIN: passphrase("wrong")},
		{Module: module, Label: label, Key: "rsa"},
		{Module: module, Label: label, Key: "rsa", ID: "\x02", PIN: passphrase(pin)},
		{Module: module, Label: label, Key: "rsa", Serial: "0", PIN: passphrase(pin)},
		{Module: module, Label: label, Key: "rsa", Model: "other", PIN: passphrase(pin)},
		{Module: module, Label: label, Key: "rsa", Manufacturer: "other", PIN: passphrase(pin)},
		{Module: filepath.Join(t.TempDir(), "none.so"), Label: label, Key: "rsa", PIN: passphrase(pin)},
	} {
		if _, err := keys.OpenToken(token); err == nil {
			t.Errorf("key %q is found", token.Key)
		}
	}
}

// checkURI finds the first key by its id, in the token of that manufacturer and model, while another pair is open.
func checkURI(t *testing.T, module, label, pin string, want *x509.Certificate) {
	t.Helper()
	for _, uri := range []string{
		fmt.Sprintf("pkcs11:token=%s;id=%%01?module-path=%s", label, module),
		fmt.Sprintf("pkcs11:model=SoftHSM%%20v2;manufacturer=SoftHSM%%20project;token=%s;id=%%01;object=rsa;type=private?module-path=%s", label, module),
	} {
		p, err := keys.Open(uri, keys.Options{Passphrase: passphrase(pin)})
		if err != nil {
			t.Fatal(uri, err)
		}
		defer p.Close()
		usable(t, p, want)
	}
}

// provision makes two keys in the token, and the certificate of the first.
func provision(t *testing.T, module, label, pin string) (root *josetest.Authority, rsa, ec *x509.Certificate) {
	t.Helper()
	ctx, err := crypto11.Configure(&crypto11.Config{Path: module, TokenLabel: label, Pin: pin})
	if err != nil {
		t.Fatal(err)
	}
	defer ctx.Close()
	root = josetest.NewAuthority(t, "Root")
	key, err := ctx.GenerateRSAKeyPairWithLabel([]byte{1}, []byte("rsa"), 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsa = root.Seal(t, key).Certificate
	if err := ctx.ImportCertificateWithLabel([]byte{1}, []byte("rsa"), rsa); err != nil {
		t.Fatal(err)
	}
	curve, err := ctx.GenerateECDSAKeyPairWithLabel([]byte{2}, []byte("ec"), elliptic.P256())
	if err != nil {
		t.Fatal(err)
	}
	return root, rsa, root.Seal(t, curve).Certificate
}
