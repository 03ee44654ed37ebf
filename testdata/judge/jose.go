package judge

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// JWS is a signature that JOSE is asked about.
type JWS struct {
	Form string           `json:"form"` // "json", general or flattened; "compact"; "jwt"
	File string           `json:"file"`
	Key  crypto.PublicKey `json:"-"`
	Alg  string           `json:"alg"`
	Crit []string         `json:"crit,omitempty"` // members beside b64 that are understood
	SPKI string           `json:"key"`            // Key in PEM; filled in
}

// JOSEVerdict is the payload and the protected header of a JWS that holds, or why it does not.
type JOSEVerdict struct {
	Payload []byte
	Header  map[string]any
	Error   string
}

// JOSE asks the npm package jose, which shares no code with us. Its folder is testdata/judge/jose with
// the packages installed (npm ci) where ELMOBRIDGE_JOSE says; with CI=true it is installed for the test.
func JOSE(t testing.TB, list ...JWS) []JOSEVerdict {
	t.Helper()
	for i := range list {
		der, err := x509.MarshalPKIXPublicKey(list[i].Key)
		if err != nil {
			t.Fatal(err)
		}
		list[i].SPKI = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	requests, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(Program(t, "node"), filepath.Join(installed(t, "jose", "ELMOBRIDGE_JOSE"), "verify.mjs"))
	cmd.Stdin = bytes.NewReader(requests)
	var verdicts []JOSEVerdict
	if err := json.Unmarshal(run(t, 0, cmd), &verdicts); err != nil || len(verdicts) != len(list) {
		t.Fatalf("judge: answer of jose: %d of %d: %v", len(verdicts), len(list), err)
	}
	return verdicts
}

// installed is where the packages of a folder of testdata/judge are: where a variable says, or in a copy into which they
// were installed.
func installed(t testing.TB, name, variable string) string {
	t.Helper()
	if dir := os.Getenv(variable); dir != "" {
		return dir
	}
	if !mandatory() {
		Absent(t, name+" is not installed: run npm ci in a copy of testdata/judge/"+name+", and set "+variable)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root(t), "testdata", "judge", name))); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(Program(t, "npm"), "ci", "--no-audit", "--no-fund")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("judge: npm ci: %v\n%s", err, out)
	}
	return dir
}
