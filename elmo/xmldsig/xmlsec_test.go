package xmldsig_test

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
	"elmobridge/testdata/judge"
)

var hashes = map[string]crypto.Hash{"sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}

// xmlsec runs xmlsec1; the error holds what it said.
func xmlsec(t testing.TB, args ...string) error {
	t.Helper()
	out, err := exec.Command(judge.Program(t, "xmlsec1"), args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("xmlsec1 %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// xmlsecVerifies asks xmlsec1 for its verdict by the certificate alone, without a chain.
func xmlsecVerifies(t testing.TB, file, certificate string) error {
	return xmlsec(t, "--verify", "--enabled-key-data", "rsa,ecdsa,x509", "--pubkey-cert-pem", certificate, file)
}

// TestXmlsecVerifies: what is signed here, xmlsec1 verifies: each key, digest and form.
func TestXmlsecVerifies(t *testing.T) {
	judge.Program(t, "xmlsec1")
	for kind, of := range kinds {
		dir := t.TempDir()
		_, certificate := of().files(t, dir)
		for name, hash := range hashes {
			for _, exclusive := range []bool{false, true} {
				for n, data := range []string{hard, small} {
					opt := elmo.SignOptions{SignOptions: xmldsig.SignOptions{Hash: hash, Exclusive: exclusive}}
					signed := sign(t, data, of(), opt)
					if _, err := elmo.Verify([]byte(signed), trusting(of())); err != nil {
						t.Errorf("%s %s %t: %v", kind, name, exclusive, err)
					}
					if err := xmlsecVerifies(t, write(t, dir, fmt.Sprint(n, ".xml"), []byte(signed)), certificate); err != nil {
						t.Errorf("%s %s %t: %v", kind, name, exclusive, err)
					}
				}
			}
		}
		changed := strings.Replace(sign(t, hard, of(), elmo.SignOptions{}), "example.org", "example.net", 1)
		if xmlsecVerifies(t, write(t, dir, "changed.xml", []byte(changed)), certificate) == nil {
			t.Fatal("xmlsec1 verifies everything")
		}
	}
}

// TestSignCorpus signs the documents of the tests and of the corpus: xmlsec1 verifies them, and what
// was valid still is.
func TestSignCorpus(t *testing.T) {
	files, err := filepath.Glob("../../testdata/elmo/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	if judge.HasCorpus(t) {
		more, _ := filepath.Glob(filepath.Join(judge.Corpus(t, "elmo", "documents"), "*.xml"))
		files = append(files, more...)
	}
	dir := t.TempDir()
	_, certificate := p256().files(t, dir)
	n := 0
	var unsigned, signed []string
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out, err := elmo.Sign(data, p256().Signer, p256().chain(), elmo.SignOptions{Replace: true})
		if err != nil {
			t.Logf("%s: %v", filepath.Base(f), err)
			continue
		}
		file := write(t, dir, filepath.Base(f), out)
		n++
		if err := xmlsecVerifies(t, file, certificate); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if _, err := elmo.Verify(out, trusting(p256())); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if !strings.Contains(string(data), "tree/v2") {
			unsigned, signed = append(unsigned, f), append(signed, file)
		}
	}
	if n < 5 {
		t.Errorf("only %d documents", n)
	}
	var valid []string
	for f, ok := range judge.ELMO(t, "1.7.0", unsigned...) {
		if ok {
			valid = append(valid, signed[slices.Index(unsigned, f)])
		}
	}
	for f, ok := range judge.ELMO(t, "1.7.0", valid...) {
		if !ok {
			t.Errorf("%s was valid and is not after signing", f)
		}
	}
	t.Logf("%d documents signed, %d valid by schema 1.7.0 before and after", n, len(valid))
	if len(valid) < 5 {
		t.Errorf("only %d valid documents", len(valid))
	}
}

// template is a signature for xmlsec1 to fill in.
const template = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="%s"/><ds:SignatureMethod Algorithm="%s"/>
<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>%s</ds:Transforms>
<ds:DigestMethod Algorithm="%s"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>
<ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509SubjectName/><ds:X509Certificate/></ds:X509Data></ds:KeyInfo></ds:Signature>`

const (
	c14n10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	c14n11 = "http://www.w3.org/2006/12/xml-c14n11"
	exc    = "http://www.w3.org/2001/10/xml-exc-c14n#"
	more   = "http://www.w3.org/2001/04/xmldsig-more#"
	enc    = "http://www.w3.org/2001/04/xmlenc#"
)

var (
	canonicalURIs = []string{c14n10, c14n10 + "#WithComments", c14n11, c14n11 + "#WithComments", exc, exc + "WithComments"}
	digestURIs    = []string{xmldsig.NS + "sha1", enc + "sha256", more + "sha384", enc + "sha512"}
	methodURIs    = map[string][]string{
		"RSA 2048": {xmldsig.NS + "rsa-sha1", more + "rsa-sha256", more + "rsa-sha384", more + "rsa-sha512"},
		"P-256":    {more + "ecdsa-sha1", more + "ecdsa-sha256", more + "ecdsa-sha384", more + "ecdsa-sha512"},
		"P-384":    {more + "ecdsa-sha384"},
		"P-521":    {more + "ecdsa-sha512"},
	}
)

func transform(uri string) string { return `<ds:Transform Algorithm="` + uri + `"/>` }

// templates gives signatures in which each allowed algorithm comes with each key, and each
// canonicalisation of one part with each of the other.
func templates(kind string) []string {
	var list []string
	for i, m := range methodURIs[kind] {
		for j, d := range digestURIs {
			c := canonicalURIs[(i+j)%len(canonicalURIs)]
			list = append(list, fmt.Sprintf(template, c, m, "", d))
		}
	}
	if kind != "P-256" {
		return list
	}
	for _, c := range canonicalURIs {
		for _, u := range canonicalURIs {
			list = append(list, fmt.Sprintf(template, c, more+"ecdsa-sha256", transform(u), enc+"sha256"))
		}
	}
	inclusive := `<ec:InclusiveNamespaces xmlns:ec="` + exc + `" PrefixList="z #default xsi unknown"/>`
	prefixes := `<ds:Transform Algorithm="` + exc + `">` + inclusive + `</ds:Transform>`
	list = append(list, strings.Replace(list[len(list)-1], `exc-c14n#WithComments"/>`, `exc-c14n#WithComments">`+inclusive+"</ds:CanonicalizationMethod>", 1))
	return append(list, fmt.Sprintf(template, exc, more+"ecdsa-sha256", prefixes, enc+"sha256"))
}

// TestVerifyXmlsec: what xmlsec1 signs is verified here.
func TestVerifyXmlsec(t *testing.T) {
	judge.Program(t, "xmlsec1")
	n := 0
	for kind, of := range kinds {
		dir := t.TempDir()
		key, certificate := of().files(t, dir)
		for i, text := range templates(kind) {
			data := []byte(strings.Replace(hard, "</e:elmo>", text+"</e:elmo>", 1))
			out := filepath.Join(dir, "out.xml")
			if err := xmlsec(t, "--sign", "--privkey-pem", key+","+certificate, "--output", out, write(t, dir, "in.xml", data)); err != nil {
				t.Fatalf("%s %d: %v", kind, i, err)
			}
			signed, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			v, err := elmo.Verify(signed, trusting(of()))
			if err != nil {
				t.Errorf("%s: %v\n%s", kind, err, text)
				continue
			}
			n++
			r := v.Signature
			if !r.Authenticated || r.Key != 1 || r.KeyType != kind || r.Embedded != xmldsig.EmbeddedMatches ||
				!strings.Contains(text, r.SignatureMethod) || !strings.Contains(text, r.DigestMethod) || r.SHA1 != strings.Contains(text, "sha1\"") {
				t.Errorf("%s: %+v\n%s", kind, r, text)
			}
			if _, err := elmo.Verify(bytes.Replace(signed, []byte("example.org"), []byte("example.net"), 1), trusting(of())); reason(err) != xmldsig.WrongDigest {
				t.Errorf("%s: changed: %v", kind, err)
			}
			checkPolicies(t, signed, of(), text)
		}
	}
	t.Logf("%d signatures of xmlsec1 verified", n)
	if n < 70 {
		t.Errorf("only %d", n)
	}
}

// TestXmlsecReferences: with each form of reference, xmlsec1 agrees on whether the processing
// instructions around the root are signed.
func TestXmlsecReferences(t *testing.T) {
	judge.Program(t, "xmlsec1")
	const stray = "<?pi stray?>"
	key, certificate := p256().files(t, t.TempDir())
	for _, c := range []struct {
		uri, attribute, reference string
		covered                   bool
	}{
		{"", "", "whole", true},
		{"#r1", ` Id="r1"`, "id", false},
		{"#r1", ` ID="r1"`, "id", false},
		{"#r1", ` xml:id="r1"`, "id", false},
	} {
		text := fmt.Sprintf(template, c14n10, more+"ecdsa-sha256", "", enc+"sha256")
		text = swap(`URI=""`, `URI="`+c.uri+`"`)(text)
		data := swap("<elmo ", "<?pi before?><elmo"+c.attribute+" ")(within("</elmo>", text)(small)) + "<?pi behind?>"
		dir := t.TempDir()
		out := filepath.Join(dir, "out.xml")
		id, _, _ := strings.Cut(strings.TrimSpace(c.attribute), "=")
		ids := []string{"--id-attr:" + strings.TrimPrefix(id, "xml:"), "https://github.com/emrex-eu/elmo-schemas/tree/v1:elmo"}
		if id == "" || id == "xml:id" { // which xmlsec1 knows
			ids = nil
		}
		if err := xmlsec(t, slices.Concat([]string{"--sign"}, ids, []string{"--privkey-pem", key + "," + certificate, "--output", out, write(t, dir, "in.xml", []byte(data))})...); err != nil {
			t.Fatal(c.attribute, err)
		}
		signed, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := elmo.Verify(signed, trusting(p256())); err != nil || v.Signature.Reference != c.reference {
			t.Errorf("%s: %v", c.attribute, err)
		}
		changed := append(signed, stray...)
		theirs := xmlsec(t, slices.Concat([]string{"--verify"}, ids, []string{"--enabled-key-data", "x509", "--pubkey-cert-pem", certificate, write(t, dir, "changed.xml", changed)})...)
		_, err = elmo.Verify(changed, trusting(p256()))
		if (theirs != nil) != c.covered || (err != nil) != c.covered {
			t.Errorf("%s: with an instruction behind the root: %v, xmlsec1 %v", c.attribute, err, theirs)
		}
		inside := bytes.Replace(signed, []byte("<report>"), []byte("<report>"+stray), 1)
		if _, err := elmo.Verify(inside, trusting(p256())); reason(err) != xmldsig.WrongDigest {
			t.Errorf("%s: with an instruction in the root: %v", c.attribute, err)
		}
	}
}

// checkPolicies verifies a signature of the form text by each policy for SHA-1.
func checkPolicies(t *testing.T, signed []byte, by *identity, text string) {
	t.Helper()
	var want []string
	if strings.Contains(text, "-sha1") {
		want = append(want, "sha1-signature")
	}
	if strings.Contains(text, "#sha1") {
		want = append(want, "sha1-digest")
	}
	for policy, ids := range map[xmldsig.Policy]string{"": strings.Join(want, " "), xmldsig.Warn: strings.Join(want, " "), xmldsig.Accept: "", xmldsig.Refuse: "x", "typo": "x"} {
		opt := trusting(by)
		opt.SHA1 = policy
		v, err := elmo.Verify(signed, opt)
		switch {
		case ids == "x" && len(want) > 0:
			if reason(err) != xmldsig.SHA1 {
				t.Errorf("%s: %v\n%s", policy, err, text)
			}
		case err != nil || ids != "x" && warnings(v.Signature) != ids || v.Signature.SHA1 != (len(want) > 0):
			t.Errorf("%s: %v %+v\n%s", policy, err, v, text)
		}
	}
}

// TestXmlsecAgreesOnCorpus: the verdicts on all signed documents are those of xmlsec1, and those that
// the README of the corpus names.
func TestXmlsecAgreesOnCorpus(t *testing.T) {
	verifies := []string{
		"attack-other-key.xml", "denmark-signed.xml", "denmark-weblogic-signed.xml", "pre10-finland-signed.xml",
		"synthetic-signed-exc-c14n-sha256.xml", "synthetic-signed-rsa-sha1.xml", "synthetic-signed-rsa-sha256.xml",
	}
	files, err := filepath.Glob(filepath.Join(judge.Corpus(t, "elmo", "documents"), "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		v, err := elmo.Verify(data, elmo.VerifyOptions{Options: xmldsig.Options{Embedded: true}})
		switch reason(err) {
		case xmldsig.Unsigned:
			continue
		case "":
			if err != nil {
				continue // it cannot be read
			}
		}
		n++
		if ok, want := err == nil, slices.Contains(verifies, filepath.Base(f)); ok != want {
			t.Errorf("%s: %v, want %t", f, err, want)
		}
		if err == nil {
			checkEmbedded(t, f, v.Signature)
		}
		if theirs := xmlsec(t, "--verify", "--insecure", f); (theirs == nil) != (err == nil) {
			t.Errorf("%s: %v, but xmlsec1 %v", f, err, theirs)
		}
	}
	if n != 21 {
		t.Errorf("%d signed documents, want 21", n)
	}
}

// checkEmbedded: an embedded certificate does not prove who signed.
func checkEmbedded(t *testing.T, file string, r xmldsig.Result) {
	t.Helper()
	if r.Authenticated || r.Key != 0 || len(r.Warnings) == 0 || r.Warnings[0].ID != xmldsig.NotAuthenticated {
		t.Errorf("%s: %+v", file, r)
	}
}

// TestCorpusByCertificate: own documents of the corpus by the certificate of their maker. The attacks
// are refused, each for its reason.
func TestCorpusByCertificate(t *testing.T) {
	documents := judge.Corpus(t, "elmo", "documents")
	load := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(documents, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	keys, err := xmldsig.ParseKeys(load("synthetic-test-emp-cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]xmldsig.Reason{
		"synthetic-signed-rsa-sha256.xml":        "",
		"synthetic-signed-rsa-sha1.xml":          "",
		"synthetic-signed-exc-c14n-sha256.xml":   "",
		"attack-changed-after-signing.xml":       xmldsig.WrongDigest,
		"attack-other-key.xml":                   xmldsig.WrongSignature,
		"synthetic-all-elements-1.7.xml":         xmldsig.Unsigned,
		"ewp/imobility-tors-v2-get-response.xml": xmldsig.Misplaced,
	} {
		v, err := elmo.Verify(load(name), elmo.VerifyOptions{Options: xmldsig.Options{Keys: keys}})
		if reason(err) != want || want == "" && (err != nil || !v.Signature.Authenticated || v.Signature.Embedded != xmldsig.EmbeddedMatches) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	if _, err := elmo.Verify(load("attack-external-entity.xml"), elmo.VerifyOptions{}); !errors.Is(err, elmo.ErrDTD) {
		t.Error(err)
	}
}
