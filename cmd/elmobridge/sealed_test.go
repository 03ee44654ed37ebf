package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/edci/jose/josetest"
	"elmobridge/testdata/judge"
)

// elmobridge runs the program in a folder and gives what it prints; it must end with that code.
func elmobridge(t *testing.T, dir string, code int, args ...string) string {
	t.Helper()
	cmd := exec.Command("elmobridge", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != code {
		t.Fatalf("elmobridge %s: %v, want exit code %d\n%s", strings.Join(args, " "), err, code, out)
	}
	return string(out)
}

// TestSealedConform: what convert seals, in either form, has no violation of the profile, issued and
// eIDASIdentifier included, says our check and the official shapes; with the issuer of a file and with that
// of the certificate.
func TestSealedConform(t *testing.T) {
	dir := t.TempDir()
	root, clock := josetest.NewAuthority(t, "Root"), josetest.NewAuthority(t, "Root of clocks")
	if err := newIdentities(t, root, clock).write(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "issuer.json"), []byte(issuerFile), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := filepath.Glob("../../testdata/elmo/*.xml")
	if err != nil || len(documents) < 7 {
		t.Fatal(documents, err)
	}
	for i := range documents {
		if documents[i], err = filepath.Abs(documents[i]); err != nil {
			t.Fatal(err)
		}
	}
	elmobridge(t, dir, 0, append([]string{"convert", "-q", "--seal", "seal.pem", "-o", "sealed/"}, documents...)...)
	elmobridge(t, dir, 0, append([]string{"convert", "-q", "--seal", "seal.pem", "--issuer", "issuer.json", "--tsa", newTSA(t, clock.TSA(t)),
		"--keep", "source", "--display", "minimal", "-o", "level-t/"}, documents...)...)
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.jsonld"))
	if err != nil || len(files) < 2*len(documents) {
		t.Fatal(files, err)
	}
	elmobridge(t, dir, 0, append([]string{"verify", "--trust", "root.pem", "--tsa-trust", "tsa-root.pem"}, files...)...)
	elmobridge(t, dir, 0, append([]string{"validate"}, files...)...)
	verdicts := judge.EDC(t, "auto", files...)
	if len(verdicts) != len(files) {
		t.Errorf("%d verdicts on %d files", len(verdicts), len(files))
	}
	for _, v := range verdicts {
		if !v.OK() || len(v.Violations) > 0 {
			t.Errorf("%s: %s %s %+v %+v %+v", v.File, v.Verdict, v.Error, v.Violations, v.Dropped, v.CV)
		}
	}
	for _, name := range files {
		issuedBy(t, name)
	}
}

// issuedBy looks into the sealed bytes.
func issuedBy(t *testing.T, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Payload string }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"issued":"`, `"issuanceDate":"`, `"notation":"VATNO-000000000"`, `"type":"LegalIdentifier"`} {
		if !strings.Contains(file.Payload, want) {
			t.Errorf("%s lacks %s", name, want)
		}
	}
}

// TestVerifyCorpus: the verdicts of the corpus on its signed documents, through the command.
func TestVerifyCorpus(t *testing.T) {
	documents := judge.Corpus(t, "elmo", "documents")
	for file, code := range map[string]int{
		"synthetic-signed-rsa-sha256.xml": 0, "synthetic-signed-rsa-sha1.xml": 0, "synthetic-signed-exc-c14n-sha256.xml": 0,
		"attack-changed-after-signing.xml": 1, "attack-other-key.xml": 1, "attack-external-entity.xml": 1, "finland-current-generator.xml": 1,
	} {
		args := []string{"verify", "--trust", "synthetic-test-emp-cert.pem", file}
		text := elmobridge(t, documents, code, args...)
		if passed := strings.Contains(text, file+": passed: "); passed != (code == 0) {
			t.Errorf("%s: %s", file, text)
		}
		out := filepath.Join(t.TempDir(), "out.jsonld")
		elmobridge(t, documents, code, "convert", "-q", "--display", "minimal", "--require-signature", "--trust", "synthetic-test-emp-cert.pem", "-o", out, file)
		if _, err := os.Stat(out); (err == nil) != (code == 0) {
			t.Errorf("%s: converted: %v", file, err)
		}
	}
	elmobridge(t, documents, 1, "verify", "--trust", "synthetic-test-emp-cert.pem", "--sha1", "refuse", "synthetic-signed-rsa-sha1.xml")
	elmobridge(t, documents, 3, "verify", "synthetic-signed-rsa-sha1.xml")
	samples := judge.Corpus(t, "elm", "samples")
	sealed := filepath.Join("europass", "Sample-CertOfPart-signed.jsonld")
	text := elmobridge(t, samples, 3, "verify", sealed)
	for _, want := range []string{"header                  passed", "signature               passed", "signature-time-stamp    not checked"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s: no %q in\n%s", sealed, want, text)
		}
	}
}

// TestConvertMentionsSHA1: what verify warns of is said by a conversion that requires a signature, and stands in its report.
func TestConvertMentionsSHA1(t *testing.T) {
	dir := t.TempDir()
	report := filepath.Join(dir, "report.json")
	text := elmobridge(t, judge.Corpus(t, "elmo", "documents"), 0, "convert", "--display", "minimal", "--require-signature",
		"--trust", "synthetic-test-emp-cert.pem", "--report", report, "-o", filepath.Join(dir, "out.jsonld"), "synthetic-signed-rsa-sha1.xml")
	if !strings.Contains(text, "synthetic-signed-rsa-sha1.xml: warning: the signature is made with SHA-1") {
		t.Errorf("no word of SHA-1 in\n%s", text)
	}
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var written struct {
		Reports []struct {
			Signatures []struct {
				Input, Status string
				Warnings      []string
			}
		}
	}
	if err := json.Unmarshal(data, &written); err != nil {
		t.Fatal(err)
	}
	if s := written.Reports[0].Signatures; len(s) != 1 || s[0].Status != "passed" || len(s[0].Warnings) == 0 {
		t.Errorf("the report has %+v", s)
	}
}

// TestNoSecrets: neither passphrases nor keys are in anything that the commands print, whatever goes wrong.
func TestNoSecrets(t *testing.T) {
	dir := t.TempDir()
	root := josetest.NewAuthority(t, "Root")
	files := newIdentities(t, root, root)
	if err := files.write(dir); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseVariable, passphrase+"r")
	secret := bytes.Split(files["seal.key"], []byte("\n"))[3]
	for _, key := range []string{"seal.p12", "seal.key", "seal.cer", "root.pem", "pkcs11:object=a;token=b?module-path=/none.so", "pkcs11:pin-value=" + passphrase} {
		text := elmobridge(t, dir, 2, "sign", "--key", key, "seal.key")
		if strings.Contains(text, passphrase) || strings.Contains(text, string(secret)) {
			t.Errorf("--key %s: a secret is in %s", key, text)
		}
	}
	if text := elmobridge(t, dir, 1, "verify", "seal.key"); strings.Contains(text, string(secret)) {
		t.Errorf("verify: the key is in %s", text)
	}
}
