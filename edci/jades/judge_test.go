package jades_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
	"elmobridge/testdata/judge"
)

// TestJOSE: another implementation verifies our seals, and gives the same bytes; and refuses them when a
// byte of the payload is another.
func TestJOSE(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	dir := t.TempDir()
	var asked []judge.JWS
	for _, s := range signatures {
		id := authority.Seal(t, s.key())
		file := seal(t, small(t), id, func(o *jades.SealOptions) { o.Algorithm = s.alg })
		for name, data := range map[string][]byte{
			"right": file, "wrong": bytes.Replace(file, []byte("Fjordheim"), []byte("Fjordhein"), 1),
		} {
			path := filepath.Join(dir, string(s.alg)+name)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			asked = append(asked, judge.JWS{Form: "json", File: path, Key: id.Key.Public(), Alg: string(s.alg), Crit: []string{"sigT"}})
		}
	}
	for i, v := range judge.JOSE(t, asked...) {
		name := filepath.Base(asked[i].File)
		if name == asked[i].Alg+"wrong" {
			if v.Error == "" {
				t.Errorf("%s: holds", name)
			}
			continue
		}
		if v.Error != "" || !bytes.Equal(v.Payload, small(t)) || v.Header["sigT"] == nil {
			t.Errorf("%s: %s", name, v.Error)
		}
	}
}

// bare is a credential as it is before sealing: without times, and with an issuer known by name alone.
func bare(t *testing.T, credential []byte, without ...string) []byte {
	t.Helper()
	read, err := edci.Read(credential, edci.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var tree any = read[0].Source.Tree
	for _, pointer := range append(without, "/issued", "/issuanceDate", "/issuer/eIDASIdentifier") {
		tree, _ = edci.Delete(tree, pointer)
	}
	return edci.AppendValue(nil, tree)
}

// countries stands in for package mapping/codes, which packages of edci do not see.
func countries(alpha2 string) *edci.Concept {
	const list = "http://publications.europa.eu/resource/authority/country"
	if alpha3 := map[string]string{"NO": "NOR", "ES": "ESP"}[alpha2]; alpha3 != "" {
		return &edci.Concept{ID: list + "/" + alpha3, InScheme: []*edci.ConceptScheme{{ID: list}}}
	}
	return nil
}

// TestConforms: what is completed and sealed conforms to the shapes, with issued and eIDASIdentifier; the
// same without fails by these two, as Europass's own unsealed samples do.
func TestConforms(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	dir := t.TempDir()
	inputs := map[string][]byte{
		"own":         bare(t, small(t)),
		"no location": bare(t, small(t), "/issuer/location", "/issuer/legalName"),
	}
	for _, name := range []string{"Sample-CertOfPart-unsigned.jsonld", "Sample-CertOfPart-unsigned-uploadable.json"} {
		inputs[name] = sample(t, "europass", name)
	}
	var before, after []string
	for name, credential := range inputs {
		completed, err := jades.Complete(credential, id.Certificate, jades.CompleteOptions{Country: countries})
		if err != nil {
			t.Fatal(name, err)
		}
		file := seal(t, completed, id)
		r := verify(t, file, jades.VerifyOptions{Roots: authority.Pool})
		for _, c := range []string{"Format", "Expiry"} {
			if p := status(r, c); p.Status != verification.Passed {
				t.Errorf("%s: %v", name, p)
			}
		}
		if r.Verdict.Status != verification.Passed {
			t.Errorf("%s: %v", name, r.Verdict)
		}
		before = append(before, keep(t, dir, "before "+name, credential))
		after = append(after, keep(t, dir, "after "+name, file))
	}
	for _, v := range judge.EDC(t, "full", after...) {
		if !v.OK() || len(v.Dropped) > 0 || len(v.Extra) > 0 {
			t.Errorf("%s: %s %s %v %v", filepath.Base(v.File), v.Verdict, v.Error, v.Violations, v.Dropped)
		}
	}
	for _, v := range judge.EDC(t, "full", before...) {
		if v.OK() {
			t.Errorf("%s conforms before it is completed", filepath.Base(v.File))
		}
	}
}

func keep(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestSameAdditions: sealing adds to the Europass sample the members that Europass added, but for what it
// changes beyond the profile: other ids, a second name and a second place from the certificate, evidence.
func TestSameAdditions(t *testing.T) {
	id := josetest.NewAuthority(t, "Fjordheim CA").Seal(t, josetest.RSA())
	ours, err := jades.Complete(sample(t, "europass", "Sample-CertOfPart-unsigned.jsonld"), id.Certificate, jades.CompleteOptions{Country: countries})
	if err != nil {
		t.Fatal(err)
	}
	theirs := []byte(parse(t, sample(t, "europass", "Sample-CertOfPart-signed.jsonld")).Payload)
	more := []string{"altLabel", "evidence"}
	for _, at := range []string{"", "/issuer", "/issuer/eIDASIdentifier"} {
		got, want := membersAt(t, ours, at), membersAt(t, theirs, at)
		for _, name := range want {
			if !slices.Contains(got, name) && !slices.Contains(more, name) {
				t.Errorf("%s: Europass adds %s", at, name)
			}
		}
		for _, name := range got {
			if !slices.Contains(want, name) {
				t.Errorf("%s: Europass does not add %s", at, name)
			}
		}
	}
}

func membersAt(t *testing.T, credential []byte, pointer string) []string {
	t.Helper()
	v, err := edci.ParseJSON(credential, edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	o, _ := edci.At(v, pointer)
	return names(o.(edci.Object))
}
