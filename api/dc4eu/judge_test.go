package dc4eu

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"elmobridge/convert"
	"elmobridge/testdata/judge"
)

// TestConforms: with an issuer, every credential in Content conforms to the profile; on the way back it is valid ELMO
// of the version that was asked for. The presentation around several credentials is not judged: by the context of
// VC 1.1 verifiableCredential is a graph, which the shape of the profile cannot see into.
func TestConforms(t *testing.T) {
	c := usual()
	issuer, err := convert.ReadIssuer(file(t, "issuer.json"))
	if err != nil {
		t.Fatal(err)
	}
	c.Issuer = issuer
	h := mounted(c)
	folder := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var credentials, documents []string
	for _, name := range []string{"one-course", "transcript", "two-issuers"} {
		there := converted(t, h, elmo17, elm32, file(t, "elmo/"+name+".xml")).Content
		for i, one := range credentialsIn(t, there) {
			credentials = append(credentials, write(fmt.Sprintf("%s-%d.json", name, i), one))
		}
		documents = append(documents, write(name+".xml", converted(t, h, elm32, protocol{"elmo", "1.7"}, there).Content))
	}
	verdicts := judge.EDC(t, "full", credentials...)
	if len(verdicts) != 4 {
		t.Errorf("%d verdicts", len(verdicts))
	}
	for _, v := range verdicts {
		if !v.OK() {
			t.Errorf("%s: %+v", filepath.Base(v.File), v)
		}
	}
	valid := judge.ELMO(t, "1.7.0", documents...)
	for _, name := range documents {
		if !valid[name] {
			t.Errorf("%s is not valid", filepath.Base(name))
		}
	}
}

// credentialsIn are the credential, or those of a presentation, as they are written.
func credentialsIn(t testing.TB, data []byte) []json.RawMessage {
	t.Helper()
	var o struct {
		Credentials []json.RawMessage `json:"verifiableCredential"`
	}
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	if o.Credentials == nil {
		return []json.RawMessage{data}
	}
	return o.Credentials
}
