package xmldsig_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
	"elmobridge/testdata/judge"
)

// jdk runs testdata/java/Signatures.java.
func jdk(t *testing.T, args ...string) string {
	t.Helper()
	judge.Program(t, "javac") // without a compiler, java runs no source file
	cmd := exec.Command(judge.Program(t, "java"), append([]string{"testdata/java/Signatures.java"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("java: %v\n%s", err, stderr.String())
	}
	return string(out)
}

// TestJDKVerifies: the JDK verifies what is signed here, and refuses it when it was changed.
func TestJDKVerifies(t *testing.T) {
	for kind, of := range kinds {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			_, certificate := of().files(t, dir)
			args, want := []string{"verify", certificate}, ""
			add := func(name, data string, verifies bool) {
				args = append(args, write(t, dir, name, []byte(data)))
				want += fmt.Sprintf("%t %s\n", verifies, args[len(args)-1])
			}
			for name, hash := range hashes {
				for _, exclusive := range []bool{false, true} {
					opt := elmo.SignOptions{SignOptions: xmldsig.SignOptions{Hash: hash, Exclusive: exclusive}}
					signed := sign(t, hard, of(), opt)
					add(fmt.Sprint(name, exclusive, ".xml"), signed, true)
					add(fmt.Sprint(name, exclusive, "-changed.xml"), strings.Replace(signed, "example.org", "example.net", 1), false)
				}
			}
			if got := jdk(t, args...); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestVerifyJDK: what the JDK signs is verified here.
func TestVerifyJDK(t *testing.T) {
	for kind, of := range kinds {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			key, certificate := of().files(t, dir)
			jdk(t, "sign", key, certificate, write(t, t.TempDir(), "in.xml", []byte(hard)), dir)
			files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
			if err != nil || len(files) != 72 {
				t.Fatal(len(files), err)
			}
			for _, f := range files {
				data, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				v, err := elmo.Verify(data, trusting(rsaElse(), of()))
				if err != nil || v.Signature.Key != 2 || v.Signature.Embedded != xmldsig.EmbeddedMatches {
					t.Errorf("%s: %v\n%s", f, err, data[bytes.Index(data, []byte("<Signature")):])
				}
				if _, err := elmo.Verify(bytes.Replace(data, []byte("example.org"), []byte("example.net"), 1), trusting(of())); reason(err) != xmldsig.WrongDigest {
					t.Errorf("%s: changed: %v", f, err)
				}
			}
		})
	}
}
