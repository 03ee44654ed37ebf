package convert_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"elmobridge/convert"
	"elmobridge/convert/keys"
	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/jwtvc"
	"elmobridge/edci/verification"
	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
	"elmobridge/testdata/judge"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// signers are the keys of these tests.
type signers struct {
	root *josetest.Authority
	seal josetest.Identity
	pair *keys.Pair
}

func newSigners(t testing.TB) signers {
	t.Helper()
	root := josetest.NewAuthority(t, "Root")
	seal := root.Seal(t, josetest.RSA())
	return signers{root, seal, &keys.Pair{Signer: seal.Key, Chain: []*x509.Certificate{seal.Certificate}}}
}

// trust believes the root, for credentials, and the certificate, for ELMO.
func (s signers) trust() convert.Trust {
	return convert.Trust{Keys: []xmldsig.Key{{Certificate: s.root.Certificate}, {Certificate: s.seal.Certificate}}}
}

func (s signers) sign(t testing.TB, data []byte, opt convert.SignOptions) []byte {
	t.Helper()
	signed, err := convert.Sign(context.Background(), data, s.pair, opt)
	if err != nil {
		t.Fatal(err)
	}
	return signed.Data
}

// plainCredential is one credential of ours, not sealed.
func plainCredential(t testing.TB) []byte {
	t.Helper()
	opt := convert.Options{Issuer: fjordheim, Display: convert.DisplayMinimal}
	return convert.AppendEDC(nil, there(t, ownDocument(t, "one-course.xml"), opt)[0], opt)
}

func verify(t testing.TB, data []byte, trust convert.Trust) *convert.Verification {
	t.Helper()
	v, err := convert.Verify(data, trust)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func statusOf(v *convert.Verification, of, name string) verification.Status {
	for _, c := range v.Checks {
		if c.Of == of && c.Name == name {
			return c.Status
		}
	}
	return ""
}

func object(parts ...string) []byte { return []byte(strings.Join(parts, "")) }

// TestVerifyWrapped: a file is as good as the worst that is in it, and what nobody signed around its
// credentials is not passed.
func TestVerifyWrapped(t *testing.T) {
	s := newSigners(t)
	plain := string(plainCredential(t))
	sealed, token := string(s.sign(t, []byte(plain), convert.SignOptions{})), string(s.sign(t, []byte(plain), convert.SignOptions{Form: convert.SignatureJWT}))
	changed := strings.Replace(sealed, "Fjordheim", "Fjordhein", 1)
	const passed, failed, open = verification.Passed, verification.Failed, verification.NotChecked
	for name, c := range map[string]struct {
		file   []byte
		want   verification.Status
		reason string
	}{
		"sealed":                {object(sealed), passed, "leads to a given root"},
		"byte order mark":       {object("\uFEFF", sealed), passed, "leads to a given root"},
		"JWT":                   {object(token, "\n"), passed, "leads to a given root"},
		"JWT as a string":       {object(`"`, token, `"`), passed, "leads to a given root"},
		"seal in base64":        {object(`"`, base64.StdEncoding.EncodeToString([]byte(sealed)), `"`), passed, "leads to a given root"},
		"array":                 {object("[", sealed, `,"`, token, `"]`), passed, "each of the 2 credentials"},
		"array of one":          {object("[", sealed, "]"), passed, "leads to a given root"},
		"presentation":          {object(`{"type":["VerifiablePresentation"],"verifiableCredential":["`, token, `"]}`), passed, "leads to a given root"},
		"presentation, proof":   {object(`{"type":["VerifiablePresentation"],"proof":{},"verifiableCredential":["`, token, `"]}`), open, "presentation/proof"},
		"upload":                {object(`{"credential":`, sealed, `}`), passed, "leads to a given root"},
		"upload with delivery":  {object(`{"credential":`, sealed, `,"deliveryDetails":{}}`), open, "upload/deliveryDetails"},
		"claims":                {object(`{"vc":"`, token, `","exp":1}`), open, "jwt/exp"},
		"array, one changed":    {object("[", sealed, ",", changed, "]"), failed, "credential 2: "},
		"array, one not sealed": {object("[", plain, ",", sealed, "]"), failed, "credential 1: there is no seal"},
		"array, SD-JWT":         {object("[", sealed, `,"`, token, `~"]`), open, "credential 2: it is an SD-JWT"},
		"changed":               {object(changed), failed, "signature 1"},
		"not sealed":            {object(plain), failed, "there is no seal"},
		"upload, not sealed":    {object(`{"credential":`, plain, `}`), failed, "there is no seal"},
		"proof inside":          {object(`{"proof":{},`, plain[1:]), failed, "/proof"},
		"SD-JWT":                {object(token, "~"), open, "it is an SD-JWT"},
		"a member beside":       {object(`{"more":1,`, sealed[1:]), failed, "beside payload"},
		"JWT changed":           {object(token[:len(token)-8], "AAAAAAAA"), failed, "signature"},
	} {
		t.Run(name, func(t *testing.T) {
			v := verify(t, c.file, s.trust())
			if v.Status != c.want || !strings.Contains(v.Reason, c.reason) {
				t.Errorf("%s: %s", v.Status, v.Reason)
			}
			in, err := v.Read()
			if c.want == passed && (err != nil || len(in.Credentials) == 0) || c.want != passed && (in != nil || !errors.Is(err, convert.ErrUnverified)) {
				t.Errorf("Read: %v %v", in, err)
			}
			if u := verify(t, c.file, convert.Trust{}); u.Status == passed {
				t.Error("passed though nobody is trusted")
			}
		})
	}
	for _, file := range [][]byte{object(sealed, "\n", sealed), object(sealed, "x"), object(`{"a":1}`), nil} {
		if v, err := convert.Verify(file, s.trust()); err == nil {
			t.Errorf("a file that is not read: %s", v.Status)
		}
	}
}

// TestVerifyInside: a trusted seal around something that has envelopes or signatures of its own says
// nothing about those.
func TestVerifyInside(t *testing.T) {
	s := newSigners(t)
	plain := string(plainCredential(t))
	sealed := s.sign(t, []byte(plain), convert.SignOptions{})
	for name, c := range map[string]struct {
		payload string
		want    verification.Status
	}{
		"credential":   {plain, verification.Passed},
		"upload":       {`{"credential":` + plain + `}`, verification.NotChecked},
		"seal":         {string(sealed), verification.NotChecked},
		"presentation": {`{"type":["VerifiablePresentation"],"verifiableCredential":[` + plain + `]}`, verification.NotChecked},
		"two":          {"[" + plain + "," + plain + "]", verification.Failed},
		"none":         {"{}", verification.Failed},
	} {
		v := verify(t, s.resealed(t, sealed, c.payload), s.trust())
		if v.Status != c.want {
			t.Errorf("%s: %s: %s", name, v.Status, v.Reason)
		}
		if got := statusOf(v, "seal 1", "signature"); got != verification.Passed {
			t.Errorf("%s: the signature is %s", name, got)
		}
	}
}

// resealed is a sealed file with another payload under the same header. It is not our product's to make.
func (s signers) resealed(t *testing.T, file []byte, payload string) []byte {
	t.Helper()
	var f struct {
		Payload    string              `json:"payload"`
		Signatures []map[string]string `json:"signatures"`
	}
	if err := json.Unmarshal(file, &f); err != nil {
		t.Fatal(err)
	}
	f.Payload = payload
	value, err := jose.Sign(jose.RS256, s.seal.Key, []byte(f.Signatures[0]["protected"]+"."+payload))
	if err != nil {
		t.Fatal(err)
	}
	f.Signatures[0]["signature"] = jose.Encode(value)
	out, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestVerifiedInput: what was verified is what Read reads, with its place in the file.
func TestVerifiedInput(t *testing.T) {
	s := newSigners(t)
	sealed := s.sign(t, plainCredential(t), convert.SignOptions{})
	for name, file := range map[string][]byte{
		"sealed": sealed, "array": object("[", string(sealed), ",", string(sealed), "]"),
		"JWT": s.sign(t, plainCredential(t), convert.SignOptions{Form: convert.SignatureJWT}),
	} {
		in, err := verify(t, file, s.trust()).Read()
		if err != nil {
			t.Fatal(err)
		}
		read, err := convert.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range in.Credentials {
			if !bytes.Equal(edci.Append(nil, c), edci.Append(nil, read.Credentials[i])) {
				t.Errorf("%s: another credential", name)
			}
			if !bytes.Equal(c.Source.Data, file) {
				t.Errorf("%s: another file", name)
			}
			place := cmpopts.IgnoreFields(edci.Source{}, "Data", "Tree", "At", "Around") // the latter of claims, which say the same
			if diff := cmp.Diff(read.Credentials[i].Source, c.Source, place, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if len(in.Credentials) != len(read.Credentials) {
			t.Errorf("%s: %d credentials", name, len(in.Credentials))
		}
	}
}

// TestVerifyToken: who may have signed a JWT.
func TestVerifyToken(t *testing.T) {
	s := newSigners(t)
	plain := plainCredential(t)
	withCertificate := s.sign(t, plain, convert.SignOptions{Form: convert.SignatureJWT})
	bare, err := jwtvc.Sign(plain, jwtvc.SignOptions{Signer: s.seal.Key, KeyID: "key-1"})
	if err != nil {
		t.Fatal(err)
	}
	// Another organisation's certificate for the same key: it may not sign for this issuer.
	stranger := s.root.Issue(t, s.seal.Key, x509.Certificate{Subject: josetest.Organisation, KeyUsage: x509.KeyUsageContentCommitment,
		NotBefore: time.Now().AddDate(-3, 0, 0)})
	expired, err := jwtvc.Sign(plain, jwtvc.SignOptions{Signer: stranger.Key, Chain: []*x509.Certificate{stranger.Certificate}, Time: time.Now().AddDate(-2, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	foreign := s.root.Issue(t, s.seal.Key, x509.Certificate{Subject: pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
		{Type: josetest.Organisation.ExtraNames[0].Type, Value: "VATSE-999999999"}}}}).Certificate
	web := s.root.Issue(t, s.seal.Key, x509.Certificate{Subject: josetest.Organisation, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}).Certificate
	own, other := xmldsig.Key{Public: s.seal.Key.Public()}, xmldsig.Key{Public: josetest.EC(elliptic.P256()).Public()}
	root, leaf := xmldsig.Key{Certificate: s.root.Certificate}, xmldsig.Key{Certificate: s.seal.Certificate}
	for name, c := range map[string]struct {
		token []byte
		keys  []xmldsig.Key
		want  verification.Status
	}{
		"the root":                         {withCertificate, []xmldsig.Key{root}, verification.Passed},
		"the certificate":                  {withCertificate, []xmldsig.Key{leaf}, verification.Passed},
		"the key":                          {withCertificate, []xmldsig.Key{other, own}, verification.Passed},
		"nobody":                           {withCertificate, nil, verification.NotChecked},
		"another key":                      {withCertificate, []xmldsig.Key{other}, verification.NotChecked},
		"no certificate, the key":          {bare, []xmldsig.Key{root, other, own}, verification.Passed},
		"no certificate, another key":      {bare, []xmldsig.Key{other}, verification.Failed},
		"no certificate, a root":           {bare, []xmldsig.Key{root}, verification.Failed},
		"no certificate, the issuer's":     {bare, []xmldsig.Key{root, leaf}, verification.Passed},
		"no certificate, an expired one":   {bare, []xmldsig.Key{{Certificate: stranger.Certificate}}, verification.Failed},
		"no certificate, another's":        {bare, []xmldsig.Key{{Certificate: foreign}}, verification.Failed},
		"no certificate, a web server's":   {bare, []xmldsig.Key{{Certificate: web}}, verification.Failed},
		"no certificate, expired and good": {bare, []xmldsig.Key{{Certificate: stranger.Certificate}, leaf}, verification.Passed},
		"no certificate, nobody":           {bare, nil, verification.Failed},
		"certificate expired, the root":    {expired, []xmldsig.Key{root}, verification.Failed},
		"certificate expired, key as well": {expired, []xmldsig.Key{root, own}, verification.Failed},
	} {
		v := verify(t, c.token, convert.Trust{Keys: c.keys})
		if v.Status != c.want {
			t.Errorf("%s: %s: %s", name, v.Status, v.Reason)
		}
	}
}

// TestVerifySupplements: their signers need not be trusted, but what they signed must be whole.
func TestVerifySupplements(t *testing.T) {
	s, school := newSigners(t), newSigners(t)
	school.pair.Signer = josetest.EC(elliptic.P256())
	school.pair.Chain = []*x509.Certificate{school.root.Seal(t, school.pair.Signer).Certificate}
	inner := school.sign(t, ownDocument(t, "diploma.xml"), convert.SignOptions{Supplement: 1})
	both := s.sign(t, inner, convert.SignOptions{})
	const supplement = "diploma supplement 1"
	v := verify(t, both, s.trust())
	if v.Status != verification.Passed || statusOf(v, supplement, "signature") != verification.Passed || statusOf(v, supplement, "signer") != verification.NotChecked {
		t.Errorf("%s %+v", v.Status, v.Checks)
	}
	trust := s.trust()
	trust.Keys = append(trust.Keys, xmldsig.Key{Certificate: school.pair.Chain[0]})
	if v := verify(t, both, trust); v.Status != verification.Passed || statusOf(v, supplement, "signer") != verification.Passed || len(v.Signatures) != 2 {
		t.Errorf("%s %+v", v.Status, v.Checks)
	}
	if v := verify(t, inner, trust); v.Status != verification.Failed {
		t.Error("a document that is not signed:", v.Status)
	}
	broken := s.sign(t, bytes.Replace(inner, []byte("</diplomaSupplement>"), []byte(" </diplomaSupplement>"), 1), convert.SignOptions{})
	if v := verify(t, broken, s.trust()); v.Status != verification.Failed || !strings.HasPrefix(v.Reason, supplement) {
		t.Errorf("a supplement that was changed: %s: %s", v.Status, v.Reason)
	}
}

// TestVerifyOtherXML: a signature that holds does not make a document ELMO.
func TestVerifyOtherXML(t *testing.T) {
	s := newSigners(t)
	signed := s.sign(t, ownDocument(t, "one-course.xml"), convert.SignOptions{})
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"other root":   {[]byte(`<a xmlns="https://example.org"><b/></a>`), elmo.ErrNotELMO},
		"ELM 2":        {[]byte(`<europassCredential xmlns="http://data.europa.eu/snb"/>`), edci.ErrELM2},
		"declarations": {append([]byte(`<!DOCTYPE elmo []>`), signed[bytes.IndexByte(signed, '\n'):]...), elmo.ErrDTD},
		"cut":          {signed[:len(signed)/2], elmo.ErrSyntax},
		"no file":      {[]byte("%PDF-1.7"), convert.ErrFormat},
	} {
		if v, err := convert.Verify(c.file, s.trust()); !errors.Is(err, c.want) {
			t.Errorf("%s: %v %v", name, v, err)
		}
	}
}

// elmoCorpus are documents of the corpus with what its README says of them, against the certificate of its
// own ones and against none.
var elmoCorpus = []struct {
	file        string
	known, none verification.Status
}{
	{"synthetic-signed-rsa-sha256.xml", verification.Passed, verification.NotChecked},
	{"synthetic-signed-rsa-sha1.xml", verification.Passed, verification.NotChecked},
	{"synthetic-signed-exc-c14n-sha256.xml", verification.Passed, verification.NotChecked},
	{"attack-changed-after-signing.xml", verification.Failed, verification.Failed},
	{"attack-other-key.xml", verification.Failed, verification.NotChecked},
	{"denmark-signed.xml", verification.Failed, verification.NotChecked},
	{"denmark-weblogic-signed.xml", verification.Failed, verification.NotChecked},
	{"denmark-signed-then-beautified.xml", verification.Failed, verification.Failed},
	{"finland-kaisa.xml", verification.Failed, verification.Failed},
	{"finland-current-generator.xml", verification.Failed, verification.Failed}, // not signed
	{"pre10-finland-signed.xml", verification.Failed, verification.NotChecked},
	{"ewp/imobility-tors-v2-get-response.xml", verification.Failed, verification.Failed}, // not at the root
}

// TestVerifyCorpus: signed documents of others.
func TestVerifyCorpus(t *testing.T) {
	text, err := os.ReadFile(judge.Corpus(t, "elmo", "documents", "synthetic-test-emp-cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	known, err := xmldsig.ParseKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range elmoCorpus {
		data, err := os.ReadFile(judge.Corpus(t, "elmo", "documents", c.file))
		if err != nil {
			t.Fatal(err)
		}
		if v := verify(t, data, convert.Trust{Keys: known}); v.Status != c.known {
			t.Errorf("%s, by the certificate: %s: %s", c.file, v.Status, v.Reason)
		}
		v := verify(t, data, convert.Trust{})
		if v.Status != c.none {
			t.Errorf("%s: %s: %s", c.file, v.Status, v.Reason)
		}
		if sha1 := strings.Contains(strings.Join(v.Warnings, " "), "SHA-1"); v.Status != verification.Failed && sha1 != bytes.Contains(data, []byte("rsa-sha1")) {
			t.Errorf("%s: warnings %q", c.file, v.Warnings)
		}
		if v := verify(t, data, convert.Trust{SHA1: xmldsig.Refuse}); bytes.Contains(data, []byte("rsa-sha1")) && v.Status != verification.Failed {
			t.Errorf("%s with SHA-1 refused: %s", c.file, v.Status)
		}
	}
	entity, err := os.ReadFile(judge.Corpus(t, "elmo", "documents", "attack-external-entity.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := convert.Verify(entity, convert.Trust{Keys: known}); !errors.Is(err, elmo.ErrDTD) {
		t.Errorf("attack-external-entity.xml: %v", err)
	}
}

// TestVerifySealedCorpus: sealed files of Europass and MyNextID hold; who sealed is not told without roots.
func TestVerifySealedCorpus(t *testing.T) {
	for _, elem := range [][]string{{"europass", "Sample-CertOfPart-signed.jsonld"}, {"mynextid", "edc-cas-signed.jsonld"}, {"edci", "credential-signed.jsonld"}} {
		data, err := os.ReadFile(judge.Corpus(t, append([]string{"elm", "samples"}, elem...)...))
		if err != nil {
			t.Fatal(err)
		}
		v := verify(t, data, convert.Trust{})
		if v.Status == verification.Passed || statusOf(v, "seal 1", "signature") != verification.Passed || len(v.Signatures) != 1 {
			t.Errorf("%s: %s: %s", elem[1], v.Status, v.Reason)
		}
		if s := v.Signatures[0]; s.Level != "B" || s.Signer == nil || s.Claimed == nil || s.Stamped != nil {
			t.Errorf("%s: %+v", elem[1], s)
		}
	}
}

// TestVerifyMany: the number of credentials that are verified at once is limited.
func TestVerifyMany(t *testing.T) {
	file := "[" + strings.Repeat(`"eyJ.e30.AA",`, 1000) + `"eyJ.e30.AA"]`
	if _, err := convert.Verify([]byte(file), convert.Trust{}); !errors.Is(err, edci.ErrLimit) {
		t.Error(err)
	}
}

// FuzzVerify: nothing passes that was not signed by the key of this test.
func FuzzVerify(f *testing.F) {
	s := newSigners(f)
	sealed := s.sign(f, plainCredential(f), convert.SignOptions{})
	f.Add(sealed)
	f.Add(object("[", string(sealed), "]"))
	f.Add(s.sign(f, ownDocument(f, "one-course.xml"), convert.SignOptions{}))
	f.Add([]byte(`{"credential":{"payload":"{}","signatures":[{"protected":"e30","signature":"AA"}]}}`))
	stranger := newSigners(f).trust()
	stranger.Keys = stranger.Keys[:1] // the key of the other certificate is the same
	f.Fuzz(func(t *testing.T, file []byte) {
		v, err := convert.Verify(file, stranger)
		if err == nil && v.Status == verification.Passed {
			t.Fatal("passed")
		}
		if err == nil && v.Reason == "" {
			t.Error("no reason")
		}
	})
}
