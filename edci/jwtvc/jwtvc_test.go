package jwtvc_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/jwtvc"
	"elmobridge/edci/verification"
	"elmobridge/testdata/judge"
)

// small is a credential that conforms, as compact JSON.
func small(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../../testdata/golden/one-course/edc.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := edci.ParseJSON(data, edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return edci.AppendValue(nil, v)
}

// tiny is the smallest credential that can be signed.
const tiny = `{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],` +
	`"id":"urn:credential:1","type":["VerifiableCredential","EuropeanDigitalCredential"],"issuanceDate":"2024-01-31T12:00:00.5+01:00",` +
	`"issuer":{"id":"urn:epass:org:1","eIDASIdentifier":{"notation":"VATNO-000000000"}},"credentialSubject":{"id":"urn:epass:person:1"},"validUntil":"2100-01-01T00:00:00Z"}`

func sign(t testing.TB, credential []byte, id josetest.Identity, change ...func(*jwtvc.SignOptions)) []byte {
	t.Helper()
	opt := jwtvc.SignOptions{Signer: id.Key, Chain: []*x509.Certificate{id.Certificate}}
	for _, c := range change {
		c(&opt)
	}
	token, err := jwtvc.Sign(credential, opt)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func verify(t testing.TB, token []byte, opt jwtvc.VerifyOptions) *jwtvc.Result {
	t.Helper()
	r, err := jwtvc.Verify(token, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func status(r *jwtvc.Result, name string) verification.Part {
	for _, c := range r.Checks {
		if c.Name == name {
			return c.Part
		}
	}
	return verification.Part{}
}

// holds tells whether a token is accepted.
func holds(token []byte, opt jwtvc.VerifyOptions) bool {
	r, err := jwtvc.Verify(token, opt)
	return err == nil && r.Credential != nil && r.Verdict.Status == verification.Passed
}

// TestRoundTrip: what is signed verifies, by certificate and by key, and gives the same credential.
func TestRoundTrip(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	for _, key := range []crypto.Signer{josetest.RSA(), josetest.EC(elliptic.P256()), josetest.EC(elliptic.P521())} {
		id := authority.Seal(t, key)
		for name, c := range map[string]struct {
			token []byte
			opt   jwtvc.VerifyOptions
		}{
			"certificate": {sign(t, small(t), id), jwtvc.VerifyOptions{Roots: authority.Pool}},
			"key": {sign(t, small(t), id, func(o *jwtvc.SignOptions) { o.Chain, o.KeyID, o.Type = nil, "did:example:1#key", jwtvc.TypeVC }),
				jwtvc.VerifyOptions{Key: key.Public()}},
		} {
			r := verify(t, c.token, c.opt)
			for _, check := range []string{"Format", "Expiry"} {
				if p := status(r, check); p.Status != verification.Passed {
					t.Errorf("%s: %v", name, p)
				}
			}
			if r.Verdict.Status != verification.Passed || status(r, "Seal").Status != verification.NotChecked {
				t.Errorf("%s: %v, %v", name, r.Verdict, status(r, "Seal"))
			}
			if !bytes.Equal(r.Credential, small(t)) {
				t.Errorf("%s: another credential", name)
			}
			if read, err := edci.Read(c.token, edci.ReadOptions{}); err != nil || read[0].Source.Envelope != "jwt" {
				t.Errorf("%s: package edci reads it as %v, %v", name, read, err)
			}
		}
	}
}

// TestClaims: the claims are those of the VC data model, 6.3.1.
func TestClaims(t *testing.T) {
	token := sign(t, []byte(tiny), josetest.NewAuthority(t, "Fjordheim CA").Seal(t, josetest.RSA()))
	src, err := base64.RawURLEncoding.DecodeString(strings.Split(string(token), ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	want := `{"iss":"urn:epass:org:1","sub":"urn:epass:person:1","jti":"urn:credential:1","nbf":1706698800,"exp":4102444800,"vc":` + tiny + `}`
	if string(src) != want {
		t.Errorf("claims\n%s\nwant\n%s", src, want)
	}
}

// TestMissingMembers: what the credential does not say is taken from the claims.
func TestMissingMembers(t *testing.T) {
	id := josetest.NewAuthority(t, "Fjordheim CA").Seal(t, josetest.RSA())
	claims := `{"iss":"urn:x:1","sub":"urn:x:2","jti":"urn:x:3","nbf":1706698800,"exp":4102444800,` +
		`"vc":{"type":["VerifiableCredential","EuropeanDigitalCredential"],"credentialSubject":{}}}`
	want := `{"type":["VerifiableCredential","EuropeanDigitalCredential"],"credentialSubject":{"id":"urn:x:2"},"issuer":"urn:x:1",` +
		`"id":"urn:x:3","issuanceDate":"2024-01-31T11:00:00Z","expirationDate":"2100-01-01T00:00:00Z"}`
	r := verify(t, forge(t, id, `{"alg":"RS256"}`, claims), jwtvc.VerifyOptions{Key: id.Key.Public()})
	if string(r.Credential) != want || string(r.Claims) != claims {
		t.Errorf("%s\n%s\n%v", r.Credential, r.Claims, r.Parts)
	}
	r = verify(t, forge(t, id, `{"alg":"RS256","typ":"application/vc+JWT"}`, tiny), jwtvc.VerifyOptions{Key: id.Key.Public()})
	if string(r.Credential) != tiny {
		t.Errorf("VC-JOSE-COSE: %v", r.Parts)
	}
}

// forge signs anything with RS256.
func forge(t testing.TB, id josetest.Identity, header, claims string) []byte {
	t.Helper()
	input := jose.Encode([]byte(header)) + "." + jose.Encode([]byte(claims))
	signature, err := jose.Sign(jose.RS256, id.Key, []byte(input))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(input + "." + jose.Encode(signature))
}

// TestRefused: what headers and claims may not say, though the signature holds.
func TestRefused(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	opt := jwtvc.VerifyOptions{Key: id.Key.Public()}
	good := `{"iss":"urn:epass:org:1","vc":` + tiny + `}`
	if !holds(forge(t, id, `{"alg":"RS256","typ":"JWT","jku":"https://example.org","jwk":{}}`, good), opt) {
		t.Fatal("a token as it should be is refused")
	}
	for name, h := range map[string]string{
		"alg none":       `{"alg":"none"}`,
		"alg HS256":      `{"alg":"HS256"}`,
		"alg ES256":      `{"alg":"ES256"}`,
		"no alg":         `{}`,
		"double alg":     `{"alg":"RS256","alg":"RS256"}`,
		"crit":           `{"alg":"RS256","crit":["exp"],"exp":1}`,
		"b64":            `{"alg":"RS256","b64":false,"crit":["b64"]}`,
		"SD-JWT":         `{"alg":"RS256","typ":"dc+sd-jwt"}`,
		"a wallet proof": `{"alg":"RS256","typ":"openid4vci-proof+jwt"}`,
	} {
		if holds(forge(t, id, h, good), opt) {
			t.Errorf("header, %s: passed", name)
		}
	}
	vc := `"vc":` + tiny + `}`
	for name, c := range map[string]string{
		"no vc":              `{"iss":"urn:epass:org:1"}`,
		"vc no object":       `{"vc":"x"}`,
		"a presentation":     `{"vp":{},` + vc,
		"for somebody":       `{"aud":"urn:x:1",` + vc,
		"another issuer":     `{"iss":"urn:epass:org:2",` + vc,
		"issuer no text":     `{"iss":{},` + vc,
		"another subject":    `{"sub":"urn:epass:person:2",` + vc,
		"another id":         `{"jti":"urn:credential:2",` + vc,
		"another issuance":   `{"nbf":1706698801,` + vc,
		"nbf no number":      `{"nbf":"1706698800",` + vc,
		"another expiration": `{"exp":4102444801,` + vc,
		"exp out of range":   `{"exp":1e300,` + vc,
		"double claims":      `{"iss":"urn:epass:org:1","iss":"urn:epass:org:1",` + vc,
		"double in vc":       strings.Replace(`{`+vc, `"id"`, `"id":"x","id"`, 1),
		"more after it":      `{` + vc + `{}`,
		"subjects":           `{"sub":"urn:x:1","vc":{"credentialSubject":[{},{}]}}`,
	} {
		if holds(forge(t, id, `{"alg":"RS256"}`, c), opt) {
			t.Errorf("claims, %s: passed", name)
		}
	}
	if holds(forge(t, id, `{"alg":"RS256"}`, good), jwtvc.VerifyOptions{Roots: authority.Pool}) {
		t.Error("neither key nor certificate: passed")
	}
	token := string(forge(t, id, `{"alg":"RS256"}`, good))
	for name, file := range map[string]string{
		"empty": "", "JSON": "{}", "SD-JWT": token + "~", "two parts": token[:strings.LastIndexByte(token, '.')],
		"four parts": token + ".x", "no header": token[strings.IndexByte(token, '.'):], "padded": token + "=", "line break": token[:9] + "\n" + token[9:],
	} {
		r, err := jwtvc.Verify([]byte(file), opt)
		if err == nil && r.Claims != nil || err != nil && !errors.Is(err, jwtvc.ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := jwtvc.Verify([]byte(token), jwtvc.VerifyOptions{Limits: edci.Limits{Size: 100}}); !errors.Is(err, jwtvc.ErrForm) {
		t.Errorf("longer than allowed: %v", err)
	}
}

// TestTimes: expiry and beginning, of the token and of its certificate.
func TestTimes(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	token := sign(t, []byte(tiny), authority.Seal(t, josetest.RSA()))
	for name, c := range map[string]struct {
		at   time.Time
		part string
		want verification.Status
	}{
		"now":                     {time.Now(), jwtvc.PartTime, verification.Passed},
		"after it has expired":    {time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), jwtvc.PartTime, verification.Failed},
		"before it begins":        {time.Date(2024, 1, 31, 10, 54, 0, 0, time.UTC), jwtvc.PartTime, verification.Failed},
		"with another clock":      {time.Date(2024, 1, 31, 10, 56, 0, 0, time.UTC), jwtvc.PartTime, verification.Passed},
		"after the certificate":   {time.Now().AddDate(2, 0, 0), jwtvc.PartCertificate, verification.Failed},
		"certificate and its own": {time.Now(), jwtvc.PartCertificate, verification.Passed},
	} {
		if p := verify(t, token, jwtvc.VerifyOptions{Roots: authority.Pool, Time: c.at}).Parts.Part(c.part); p.Status != c.want {
			t.Errorf("%s: %v", name, p)
		}
	}
	for name, pool := range map[string]*x509.CertPool{"no roots": nil, "other roots": josetest.NewAuthority(t, "Nobody CA").Pool} {
		want := map[bool]verification.Status{true: verification.NotChecked, false: verification.Failed}[pool == nil]
		if p := verify(t, token, jwtvc.VerifyOptions{Roots: pool}).Verdict; p.Status != want {
			t.Errorf("%s: %v", name, p)
		}
	}
}

// TestWhoIssues: a certificate under a root may sign for its own organisation alone, unless the caller
// trusts that very certificate, or its key.
func TestWhoIssues(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	leaf := x509.NewCertPool()
	leaf.AddCert(id.Certificate)
	numbered := strings.Replace(tiny, "VATNO-000000000", "000000000", 1)
	for name, c := range map[string]struct {
		credential string
		opt        jwtvc.VerifyOptions
		want       verification.Status
	}{
		"its own":                     {tiny, jwtvc.VerifyOptions{Roots: authority.Pool}, verification.Passed},
		"not compared, a root":        {numbered, jwtvc.VerifyOptions{Roots: authority.Pool}, verification.NotChecked},
		"not compared, a certificate": {numbered, jwtvc.VerifyOptions{Roots: leaf}, verification.Passed},
		"another's, a certificate":    {strings.Replace(tiny, "VATNO-0", "VATSE-0", 1), jwtvc.VerifyOptions{Roots: leaf}, verification.Failed},
	} {
		token := forge(t, id, `{"alg":"RS256","x5c":`+string(edci.AppendValue(nil, jose.Certificates([]*x509.Certificate{id.Certificate})))+`}`, `{"vc":`+c.credential+`}`)
		if r := verify(t, token, c.opt); r.Verdict.Status != c.want {
			t.Errorf("%s: %v", name, r.Verdict)
		}
	}
}

// TestGivenKeys: a key or certificate that is given, against the certificate in the token.
func TestGivenKeys(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id, other := authority.Seal(t, josetest.RSA()), authority.Seal(t, josetest.EC(elliptic.P256()))
	twin := authority.Seal(t, josetest.RSA()) // another certificate for the same key
	named := sign(t, []byte(tiny), id)
	bare := sign(t, []byte(tiny), id, func(o *jwtvc.SignOptions) { o.Chain, o.KeyID = nil, "key-1" })
	header := `{"alg":"RS256","x5c":` + string(edci.AppendValue(nil, jose.Certificates([]*x509.Certificate{other.Certificate}))) + `}`
	misnamed := forge(t, id, header, `{"vc":`+tiny+`}`)
	for name, c := range map[string]struct {
		token []byte
		opt   jwtvc.VerifyOptions
		want  verification.Status
	}{
		"named, its key":             {named, jwtvc.VerifyOptions{Key: id.Key.Public()}, verification.Passed},
		"named, its certificate":     {named, jwtvc.VerifyOptions{Certificate: id.Certificate}, verification.Passed},
		"named, another certificate": {named, jwtvc.VerifyOptions{Certificate: twin.Certificate}, verification.Failed},
		"bare, the certificate":      {bare, jwtvc.VerifyOptions{Certificate: id.Certificate}, verification.Passed},
		"bare, another certificate":  {bare, jwtvc.VerifyOptions{Certificate: other.Certificate}, verification.Failed},
		"bare, too late":             {bare, jwtvc.VerifyOptions{Certificate: id.Certificate, Time: time.Now().AddDate(2, 0, 0)}, verification.Failed},
		"another named, the key":     {misnamed, jwtvc.VerifyOptions{Key: id.Key.Public()}, verification.Failed},
	} {
		if r := verify(t, c.token, c.opt); r.Verdict.Status != c.want {
			t.Errorf("%s: %v", name, r.Verdict)
		}
	}
}

// TestEveryByte: no byte of a token can be another.
func TestEveryByte(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	token := sign(t, []byte(tiny), authority.Seal(t, josetest.RSA()))
	opt := jwtvc.VerifyOptions{Roots: authority.Pool, Time: time.Now()}
	if !holds(token, opt) {
		t.Fatal("it does not hold unchanged")
	}
	for i := range token {
		for _, bit := range []byte{0x01, 0x20, 0x80} {
			token[i] ^= bit
			if holds(token, opt) {
				t.Errorf("byte %d can be %q", i, token[i])
			}
			token[i] ^= bit
		}
	}
}

// TestNotSigned: what is not signed, and why.
func TestNotSigned(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	other := strings.Replace(tiny, "VATNO-000000000", "VATNO-111111111", 1)
	for name, c := range map[string]struct {
		credential string
		change     func(*jwtvc.SignOptions)
		want       error
	}{
		"no credential":        {"{}", nil, jwtvc.ErrCredential},
		"no issuanceDate":      {strings.Replace(tiny, "issuanceDate", "issued", 1), nil, jwtvc.ErrCredential},
		"issuanceDate no date": {strings.Replace(tiny, "2024-01-31T", "x", 1), nil, jwtvc.ErrCredential},
		"issuer without id":    {strings.Replace(tiny, `"id":"urn:epass:org:1",`, "", 1), nil, jwtvc.ErrCredential},
		"id no text":           {strings.Replace(tiny, `"urn:credential:1"`, "1", 1), nil, jwtvc.ErrCredential},
		"two":                  {"[" + tiny + "," + tiny + "]", nil, jwtvc.ErrCredential},
		"signed already":       {string(sign(t, []byte(tiny), id)), nil, jwtvc.ErrCredential},
		"another organisation": {other, nil, jwtvc.ErrCredential},
		"no key":               {tiny, func(o *jwtvc.SignOptions) { o.Signer = nil }, jose.ErrKey},
		"no name of the key":   {tiny, func(o *jwtvc.SignOptions) { o.Chain = nil }, jose.ErrKey},
		"another key":          {tiny, func(o *jwtvc.SignOptions) { o.Signer = josetest.EC(elliptic.P256()) }, jose.ErrKey},
		"another algorithm":    {tiny, func(o *jwtvc.SignOptions) { o.Algorithm = jose.ES256 }, jose.ErrKey},
		"no algorithm":         {tiny, func(o *jwtvc.SignOptions) { o.Algorithm = "none" }, jose.ErrForm},
		"P-224": {tiny, func(o *jwtvc.SignOptions) {
			o.Signer, o.Chain, o.KeyID = josetest.EC(elliptic.P224()), nil, "x"
		}, jose.ErrKey},
		"expired":       {tiny, func(o *jwtvc.SignOptions) { o.Time = time.Now().AddDate(5, 0, 0) }, jose.ErrUsage},
		"an other type": {tiny, func(o *jwtvc.SignOptions) { o.Type = "dc+sd-jwt" }, jwtvc.ErrForm},
	} {
		opt := jwtvc.SignOptions{Signer: id.Key, Chain: []*x509.Certificate{id.Certificate}}
		if c.change != nil {
			c.change(&opt)
		}
		if _, err := jwtvc.Sign([]byte(c.credential), opt); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestJOSE: another implementation verifies our tokens, their times included, and refuses changed ones.
func TestJOSE(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	dir := t.TempDir()
	var asked []judge.JWS
	for alg, key := range map[string]crypto.Signer{"RS256": josetest.RSA(), "ES256": josetest.EC(elliptic.P256()), "ES384": josetest.EC(elliptic.P384())} {
		token := sign(t, small(t), authority.Seal(t, key))
		changed := bytes.Clone(token)
		changed[bytes.IndexByte(changed, '.')+40] ^= 1
		for name, data := range map[string][]byte{"right": token, "wrong": changed} {
			file := filepath.Join(dir, name+alg)
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			asked = append(asked, judge.JWS{Form: "jwt", File: file, Key: key.Public(), Alg: alg})
		}
	}
	for i, v := range judge.JOSE(t, asked...) {
		name := filepath.Base(asked[i].File)
		if strings.HasPrefix(name, "wrong") {
			if v.Error == "" {
				t.Errorf("%s: holds", name)
			}
			continue
		}
		var claims struct {
			VC json.RawMessage `json:"vc"`
		}
		if err := json.Unmarshal(v.Payload, &claims); err != nil || v.Error != "" || !bytes.Equal(claims.VC, small(t)) || v.Header["typ"] != "JWT" {
			t.Errorf("%s: %s %v", name, v.Error, err)
		}
	}
}

// FuzzVerify: no token makes Verify fall over, and none is passed without a key.
func FuzzVerify(f *testing.F) {
	id := josetest.NewAuthority(f, "Fjordheim CA").Seal(f, josetest.RSA())
	f.Add(sign(f, []byte(tiny), id))
	f.Add(forge(f, id, `{"alg":"RS256"}`, `{"vc":{}}`))
	f.Add([]byte("e30.e30.AA"))
	f.Fuzz(func(t *testing.T, token []byte) {
		r, err := jwtvc.Verify(token, jwtvc.VerifyOptions{})
		if err != nil {
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
		if r.Verdict.Status == verification.Passed {
			t.Error("passed without roots")
		}
	})
}

// FuzzClaims: no claims make the reader fall over; a credential that is given can be read again.
func FuzzClaims(f *testing.F) {
	id := josetest.NewAuthority(f, "Fjordheim CA").Seal(f, josetest.EC(elliptic.P256()))
	f.Add(`{"iss":"urn:epass:org:1","nbf":1,"vc":` + tiny + `}`)
	f.Add(`{"vc":{"credentialSubject":[{}]},"sub":"x","exp":1e9}`)
	opt := jwtvc.VerifyOptions{Key: id.Key.Public()}
	f.Fuzz(func(t *testing.T, claims string) {
		token, err := jose.SignCompact(jose.ES256, id.Key, edci.Object{{Name: "alg", Value: "ES256"}}, []byte(claims))
		if err != nil {
			t.Fatal(err)
		}
		r := verify(t, []byte(token), opt)
		if r.Credential == nil {
			return
		}
		if _, err := edci.ParseJSON(r.Credential, edci.Limits{}); err != nil {
			t.Error(err)
		}
	})
}
