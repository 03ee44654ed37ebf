package jades_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
)

// tiny is the smallest credential that can be sealed, for tests that try every byte.
const tiny = `{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],` +
	`"id":"urn:credential:1","type":["VerifiableCredential","EuropeanDigitalCredential"],` +
	`"issuer":{"eIDASIdentifier":{"notation":"VATNO-000000000"}},"displayParameter":{"title":{"nb":"Bevis \"Å\" \u0007\n\\"}}}`

// holds tells whether a file is accepted: readable, and no part failed.
func holds(file []byte, opt jades.VerifyOptions) bool {
	r, err := jades.Verify(file, opt)
	return err == nil && r.Payload != nil && r.Verdict.Status == verification.Passed
}

// TestEveryByte: of a file of ours no byte can be another, at level B.
func TestEveryByte(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	file := seal(t, []byte(tiny), authority.Seal(t, josetest.RSA()))
	opt := jades.VerifyOptions{Roots: authority.Pool, Time: time.Now()}
	if !holds(file, opt) {
		t.Fatal("it does not hold unchanged")
	}
	for i := range file {
		for _, bit := range []byte{0x01, 0x20, 0x80} {
			file[i] ^= bit
			if holds(file, opt) {
				t.Errorf("byte %d of %d can be %q", i, len(file), file[i])
			}
			file[i] ^= bit
		}
	}
}

// TestEveryByteStamped: nor at level T, in a sample of the bytes.
func TestEveryByteStamped(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	file := seal(t, []byte(tiny), authority.Seal(t, josetest.RSA()), func(o *jades.SealOptions) {
		o.Timestamper = jades.NewTimestamper(authority.TSA(t).Answer)
	})
	opt := jades.VerifyOptions{Roots: authority.Pool, TSARoots: authority.Pool, Time: time.Now()}
	whole := verify(t, file, opt)
	for i := 0; i < len(file); i += 3 {
		file[i] ^= 1
		r, err := jades.Verify(file, opt)
		if err == nil && r.Verdict.Status == verification.Passed && r.Seals[0].Stamped != nil && !bytes.Equal(r.Payload, whole.Payload) {
			t.Errorf("byte %d gives another credential", i)
		}
		if err == nil && r.Seals[0].Stamped != nil && !r.Seals[0].Stamped.Equal(*whole.Seals[0].Stamped) {
			t.Errorf("byte %d gives another time", i)
		}
		file[i] ^= 1
	}
}

// TestEveryByteOfSamples: nor in the payload, the protected header or the signature of the files of others.
func TestEveryByteOfSamples(t *testing.T) {
	for _, s := range sealed {
		file := sample(t, s.file...)
		r := parse(t, file)
		parts := []string{r.Signatures[0].Protected, r.Signatures[0].Signature, string(file[:bytes.Index(file, []byte(`,"signatures"`))])}
		for _, part := range parts {
			at := bytes.Index(file, []byte(part))
			for i := at; i < at+len(part); i += 1 + len(part)/40 {
				changed := bytes.Clone(file)
				changed[i] ^= 1
				if v, err := jades.Verify(changed, jades.VerifyOptions{}); err == nil && v.Payload != nil {
					t.Errorf("%s: byte %d can be another", s.file[1], i)
				}
			}
		}
	}
}

// forge signs any header: what somebody with a good certificate may try.
func forge(t *testing.T, id josetest.Identity, payload string, change func(h edci.Object) edci.Object) edci.Object {
	t.Helper()
	nameless := strings.Replace(tiny, "VATNO-000000000", "", 1) // anybody may seal it
	return forgeHeader(t, id, payload, string(edci.AppendValue(nil, change(header(t, seal(t, []byte(nameless), id))))))
}

func forgeHeader(t *testing.T, id josetest.Identity, payload, text string) edci.Object {
	t.Helper()
	protected := jose.Encode([]byte(text))
	digest := sha256.Sum256([]byte(protected + "." + payload))
	signature, err := id.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return edci.Object{{Name: "protected", Value: protected}, {Name: "signature", Value: jose.Encode(signature)}}
}

func general(payload string, signatures ...any) []byte {
	return edci.AppendValue(nil, edci.Object{{Name: "payload", Value: payload}, {Name: "signatures", Value: edci.Array(signatures)}})
}

// with sets members of a header, or takes them away when the value is nil.
func with(changes ...any) func(edci.Object) edci.Object {
	return func(h edci.Object) edci.Object {
		var v any = slices.Clone(h)
		for i := 0; i < len(changes); i += 2 {
			pointer := string(edci.AppendToken(nil, changes[i].(string)))
			if changes[i+1] == nil {
				v, _ = edci.Delete(v, pointer)
				continue
			}
			v, _ = edci.Set(v, pointer, changes[i+1])
		}
		return v.(edci.Object)
	}
}

// TestHeaders: what a signed header may not say, though its signature holds.
func TestHeaders(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id, other := authority.Seal(t, josetest.RSA()), authority.Seal(t, josetest.EC(elliptic.P256()))
	opt := jades.VerifyOptions{Roots: authority.Pool}
	if !holds(general(tiny, forge(t, id, tiny, with())), opt) {
		t.Fatal("a header as it should be is refused")
	}
	key := edci.Object{{Name: "kty", Value: "RSA"}}
	if !holds(general(tiny, forge(t, id, tiny, with("jwk", key, "jku", "https://example.org/keys", "x5u", "https://example.org/cert"))), opt) {
		t.Error("members that are not looked at change the verdict")
	}
	now := json.Number(strconv.FormatInt(time.Now().Unix(), 10))
	r := verify(t, general(tiny, forge(t, id, tiny, with("sigT", nil, "iat", now, "crit", edci.Array{"b64"}))), opt)
	if r.Verdict.Status != verification.Passed || r.Seals[0].Claimed == nil || time.Since(*r.Seals[0].Claimed) > time.Minute {
		t.Errorf("iat in place of sigT: %v", r.Verdict)
	}
	foreign := header(t, seal(t, []byte(tiny), other))
	foreignID, _ := foreign.Get("kid")
	foreignChain, _ := foreign.Get("x5c")
	foreignDigest, _ := foreign.Get("x5t#S256")
	for name, change := range map[string]func(edci.Object) edci.Object{
		"alg none":                    with("alg", "none"),
		"alg HS256":                   with("alg", "HS256"),
		"alg ES256, RSA key":          with("alg", "ES256"),
		"alg ES256K":                  with("alg", "ES256K"),
		"no alg":                      with("alg", nil),
		"alg a number":                with("alg", true),
		"crit empty":                  with("crit", edci.Array{}),
		"crit text":                   with("crit", "b64"),
		"crit without b64":            with("crit", edci.Array{"sigT"}),
		"no crit":                     with("crit", nil),
		"crit twice":                  with("crit", edci.Array{"b64", "sigT", "b64"}),
		"crit unknown":                with("crit", edci.Array{"b64", "sigT", "exp"}, "exp", true),
		"crit sigD":                   with("crit", edci.Array{"b64", "sigT", "sigD"}, "sigD", edci.Object{}),
		"crit not there":              with("crit", edci.Array{"b64", "sigT", "adoTst"}),
		"crit registered":             with("crit", edci.Array{"b64", "sigT", "alg"}),
		"b64 text":                    with("b64", "false"),
		"no x5c":                      with("x5c", nil),
		"x5c empty":                   with("x5c", edci.Array{}),
		"x5c no certificate":          with("x5c", edci.Array{"AAAA"}),
		"x5c base64url":               with("x5c", edci.Array{"-_-_"}),
		"too many certificates":       with("x5c", slices.Repeat(foreignChain.(edci.Array), 11)),
		"no x5t#S256":                 with("x5t#S256", nil),
		"x5t#S256 of another":         with("x5t#S256", foreignDigest),
		"x5c of another":              with("x5c", foreignChain, "x5t#S256", foreignDigest),
		"kid of another":              with("kid", foreignID),
		"no sigT":                     with("sigT", nil, "crit", edci.Array{"b64"}),
		"sigT no time":                with("sigT", "now"),
		"iat no time":                 with("sigT", nil, "iat", "now", "crit", edci.Array{"b64"}),
		"iat to come":                 with("sigT", nil, "iat", json.Number("32503680000"), "crit", edci.Array{"b64"}),
		"sigT no time, iat":           with("sigT", "now", "iat", json.Number("1"), "crit", edci.Array{"b64"}),
		"sigT to come":                with("sigT", time.Now().Add(time.Hour).UTC().Format(time.RFC3339)),
		"sigT before the certificate": with("sigT", "2001-01-01T00:00:00Z"),
		"adoTst of nothing":           with("adoTst", edci.Object{}),
		"header too long":             with("x", strings.Repeat("x", 300<<10)),
	} {
		if holds(general(tiny, forge(t, id, tiny, change)), opt) {
			t.Errorf("%s: passed", name)
		}
	}
	text := string(edci.AppendValue(nil, header(t, seal(t, []byte(tiny), id))))
	for name, h := range map[string]string{
		"double member": strings.Replace(text, `"cty"`, `"alg":"RS256","cty"`, 1),
		"more after it": text + "{}",
		"an array":      "[" + text + "]",
		"not JSON":      text[1:],
	} {
		if holds(general(tiny, forgeHeader(t, id, tiny, h)), opt) {
			t.Errorf("%s: passed", name)
		}
	}
}

// TestForms: files that are refused, with ErrForm; and those of other forms that hold.
func TestForms(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	opt := jades.VerifyOptions{Roots: authority.Pool}
	good := forge(t, id, tiny, with())
	add := func(o edci.Object, name string, v any) edci.Object {
		return append(slices.Clone(o), edci.Member{Name: name, Value: v})
	}
	text := func(v any) []byte { return edci.AppendValue(nil, v) }
	payload := edci.Member{Name: "payload", Value: tiny}
	flattened := append(edci.Object{payload}, good...)
	if !holds(text(flattened), opt) {
		t.Error("flattened: does not hold")
	}
	encoded := forge(t, id, jose.Encode([]byte(tiny)), with("b64", nil, "crit", edci.Array{"sigT"}))
	if r := verify(t, general(jose.Encode([]byte(tiny)), encoded), opt); string(r.Payload) != tiny {
		t.Error("a payload in base64url is not given as it was")
	}
	protected, _ := encoded.Get("protected")
	value, _ := encoded.Get("signature")
	for name, file := range map[string][]byte{
		"empty":                     {},
		"a credential":              []byte(tiny),
		"compact":                   []byte(protected.(string) + "." + jose.Encode([]byte(tiny)) + "." + value.(string)),
		"no signatures":             general(tiny),
		"nine signatures":           general(tiny, slices.Repeat([]any{good}, 9)...),
		"signature no object":       general(tiny, "x"),
		"no protected header":       general(tiny, edci.Object{{Name: "signature", Value: "AAAA"}}),
		"signature beside the list": text(edci.Object{payload, {Name: "signatures", Value: edci.Array{good}}, {Name: "signature", Value: "AAAA"}}),
		"something beside":          text(add(flattened, "credential", edci.Object{})),
		"unprotected alg":           general(tiny, add(good, "header", edci.Object{{Name: "alg", Value: "RS256"}})),
		"unprotected crit":          general(tiny, add(good, "header", edci.Object{{Name: "etsiU", Value: edci.Array{}}, {Name: "crit", Value: edci.Array{"b64"}}})),
		"payload no text":           text(edci.Object{{Name: "payload", Value: edci.Object{}}, {Name: "signatures", Value: edci.Array{good}}}),
		"double payload":            append([]byte(`{"payload":"",`), general(tiny, good)[1:]...),
		"more after it":             append(general(tiny, good), '{', '}'),
		"b64 true and false":        general(tiny, good, encoded),
		"payload not base64url":     general(tiny, encoded),
	} {
		if _, err := jades.Verify(file, opt); !errors.Is(err, jades.ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := jades.Verify(general(tiny, good), jades.VerifyOptions{Limits: edci.Limits{Size: 100}}); !errors.Is(err, jades.ErrForm) {
		t.Errorf("longer than allowed: %v", err)
	}
}

// TestTwoSignatures: the seal is as good as the worst of them.
func TestTwoSignatures(t *testing.T) {
	authority, stranger := josetest.NewAuthority(t, "Fjordheim CA"), josetest.NewAuthority(t, "Nobody CA")
	opt := jades.VerifyOptions{Roots: authority.Pool}
	a, b := forge(t, authority.Seal(t, josetest.RSA()), tiny, with()), forge(t, authority.Seal(t, josetest.EC(elliptic.P256())), tiny, with("alg", "RS256"))
	second := forge(t, authority.Seal(t, josetest.RSA()), tiny, with())
	unknown := forge(t, stranger.Seal(t, josetest.RSA()), tiny, with())
	if r := verify(t, general(tiny, a, second), opt); r.Verdict.Status != verification.Passed || len(r.Seals) != 2 {
		t.Error("two good signatures:", r.Verdict)
	}
	for name, file := range map[string][]byte{"broken second": general(tiny, a, b), "broken first": general(tiny, b, a)} {
		if r := verify(t, file, opt); r.Verdict.Status != verification.Failed || r.Payload != nil {
			t.Errorf("%s: %v", name, r.Verdict)
		}
	}
	bad := forge(t, authority.Seal(t, josetest.RSA()), tiny, with("crit", edci.Array{"evil", "b64"}, "evil", true))
	for name, file := range map[string][]byte{"unknown crit second": general(tiny, a, bad), "unknown crit alone": general(tiny, bad)} {
		r := verify(t, file, opt)
		p := r.Seals[len(r.Seals)-1].Parts.Part(jades.PartHeader)
		if p.Status != verification.Failed || !strings.Contains(p.Reason, "not understood") || r.Verdict.Status != verification.Failed {
			t.Errorf("%s: %v, %v", name, p, r.Verdict)
		}
		if len(r.Seals) == 2 && r.Seals[0].Parts.Verdict(false).Status != verification.Passed {
			t.Errorf("%s: the good one is %v", name, r.Seals[0].Parts)
		}
	}
	if r := verify(t, general(tiny, a, unknown), opt); r.Verdict.Status != verification.Failed {
		t.Error("a second signature by a stranger:", r.Verdict)
	}
}

// organisation is a subject with an organizationIdentifier.
func organisation(identifier string) pkix.Name {
	return pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{{Type: josetest.Organisation.ExtraNames[0].Type, Value: identifier}}}
}

// TestCertificates: who may seal, and when.
func TestCertificates(t *testing.T) {
	authority, stranger := josetest.NewAuthority(t, "Fjordheim CA"), josetest.NewAuthority(t, "Nobody CA")
	between := authority.Between(t, "Fjordheim CA 2")
	below := between.Seal(t, josetest.RSA())
	now := time.Now()
	issue := func(template x509.Certificate) josetest.Identity { return authority.Issue(t, josetest.RSA(), template) }
	expired := issue(x509.Certificate{Subject: josetest.Organisation, NotBefore: now.AddDate(-3, 0, 0), NotAfter: now.AddDate(-1, 0, 0)})
	cases := map[string]struct {
		file   []byte
		change func(*jades.VerifyOptions)
		want   verification.Status
		part   string
	}{
		"no roots":            {seal(t, []byte(tiny), below), func(o *jades.VerifyOptions) { o.Roots = nil }, verification.NotChecked, jades.PartChain},
		"a stranger":          {seal(t, []byte(tiny), stranger.Seal(t, josetest.RSA())), nil, verification.Failed, jades.PartChain},
		"one between missing": {seal(t, []byte(tiny), below), nil, verification.Failed, jades.PartChain},
		"one between": {seal(t, []byte(tiny), below, func(o *jades.SealOptions) { o.Chain = append(o.Chain, between.Certificate) }),
			nil, verification.Passed, jades.PartChain},
		"expired since": {seal(t, []byte(tiny), expired, func(o *jades.SealOptions) { o.Time = now.AddDate(-2, 0, 0) }),
			nil, verification.NotChecked, jades.PartCertificate},
		"before there was the root": {seal(t, []byte(tiny), expired, func(o *jades.SealOptions) { o.Time = now.AddDate(-2, 0, 0) }),
			func(o *jades.VerifyOptions) { o.Time = now.AddDate(-2, 0, 1) }, verification.Failed, jades.PartChain},
		"expired then": {general(tiny, forge(t, below, tiny, func(edci.Object) edci.Object {
			return with("sigT", now.UTC().Format(time.RFC3339))(header(t, seal(t, []byte(tiny), expired, func(o *jades.SealOptions) { o.Time = now.AddDate(-2, 0, 0) })))
		})), nil, verification.Failed, jades.PartCertificate},
		"for encryption only": {general(tiny, forge(t, issue(x509.Certificate{KeyUsage: x509.KeyUsageDigitalSignature}), tiny, func(edci.Object) edci.Object {
			c := issue(x509.Certificate{KeyUsage: x509.KeyUsageKeyEncipherment}).Certificate
			return with("x5c", jose.Certificates([]*x509.Certificate{c}), "x5t#S256", jose.Thumbprint(c), "kid", nil)(header(t, seal(t, []byte(tiny), below)))
		})), nil, verification.Failed, jades.PartCertificate},
		"another organisation": {general(tiny, forge(t, issue(x509.Certificate{Subject: organisation("VATNO-111111111")}), tiny, with())),
			nil, verification.Failed, jades.PartIssuer},
	}
	for name, c := range cases {
		opt := jades.VerifyOptions{Roots: authority.Pool, Time: now}
		if c.change != nil {
			c.change(&opt)
		}
		if p := verify(t, c.file, opt).Seals[0].Parts.Part(c.part); p.Status != c.want {
			t.Errorf("%s: %v", name, p)
		}
	}
}

// TestWhoIssues: a certificate under a root may seal for its own organisation alone, unless the caller trusts
// that very certificate.
func TestWhoIssues(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	nameless := authority.Issue(t, josetest.RSA(), x509.Certificate{Subject: pkix.Name{CommonName: "x"}})
	numbered := strings.Replace(tiny, "VATNO-000000000", "000000000", 1)
	for name, c := range map[string]struct {
		payload string
		id      josetest.Identity
		root    verification.Status
		leaf    verification.Status
	}{
		"its own":       {tiny, id, verification.Passed, verification.Passed},
		"a number":      {numbered, id, verification.NotChecked, verification.Passed},
		"no identifier": {tiny, nameless, verification.NotChecked, verification.Passed},
		"an array":      {strings.Replace(tiny, `"VATNO-000000000"`, `["VATSE-000000000"]`, 1), id, verification.Failed, verification.Failed},
	} {
		leaf := x509.NewCertPool()
		leaf.AddCert(c.id.Certificate)
		file := general(c.payload, forge(t, c.id, c.payload, with()))
		for _, v := range []struct {
			roots *x509.CertPool
			want  verification.Status
		}{{authority.Pool, c.root}, {leaf, c.leaf}} {
			if r := verify(t, file, jades.VerifyOptions{Roots: v.roots}); r.Verdict.Status != v.want || status(r, "Seal").Status == verification.Passed {
				t.Errorf("%s: %v, Seal %v", name, r.Verdict, status(r, "Seal"))
			}
		}
	}
}

// TestRefusedToSeal: what is not sealed, and why.
func TestRefusedToSeal(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	now := time.Now()
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	issue := func(key crypto.Signer, template x509.Certificate) josetest.Identity {
		return authority.Issue(t, key, template)
	}
	for name, c := range map[string]struct {
		payload string
		id      josetest.Identity
		want    error
	}{
		"no credential":        {"{}", id, jades.ErrCredential},
		"not JSON":             {tiny[1:], id, jades.ErrCredential},
		"double members":       {strings.Replace(tiny, `"id"`, `"id":"x","id"`, 1), id, jades.ErrCredential},
		"a byte order mark":    {"\uFEFF" + tiny, id, jades.ErrCredential},
		"not UTF-8":            {strings.Replace(tiny, "Å", "\xC5", 1), id, jades.ErrCredential},
		"sealed already":       {string(seal(t, []byte(tiny), id)), id, jades.ErrCredential},
		"in an upload file":    {`{"credential":` + tiny + `}`, id, jades.ErrCredential},
		"two credentials":      {"[" + tiny + "," + tiny + "]", id, jades.ErrCredential},
		"another organisation": {tiny, issue(josetest.RSA(), x509.Certificate{Subject: organisation("VATNO-111111111")}), jades.ErrIssuer},
		"another key":          {tiny, josetest.Identity{Key: josetest.EC(elliptic.P256()), Certificate: id.Certificate}, jose.ErrKey},
		"no key":               {tiny, josetest.Identity{Certificate: id.Certificate}, jose.ErrKey},
		"a weak key":           {tiny, issue(short, x509.Certificate{}), jose.ErrKey},
		"P-224":                {tiny, issue(josetest.EC(elliptic.P224()), x509.Certificate{}), jose.ErrKey},
		"expired":              {tiny, issue(josetest.RSA(), x509.Certificate{NotAfter: now.Add(-time.Hour)}), jose.ErrUsage},
		"not valid yet":        {tiny, issue(josetest.RSA(), x509.Certificate{NotBefore: now.Add(time.Hour)}), jose.ErrUsage},
		"for encryption only":  {tiny, issue(josetest.RSA(), x509.Certificate{KeyUsage: x509.KeyUsageKeyEncipherment}), jose.ErrUsage},
	} {
		_, err := jades.Seal(context.Background(), []byte(c.payload), jades.SealOptions{Signer: c.id.Key, Chain: []*x509.Certificate{c.id.Certificate}})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	number := issue(josetest.RSA(), x509.Certificate{Subject: organisation("NTRNO-000000000")})
	seal(t, []byte(strings.Replace(tiny, "VATNO-", "", 1)), number) // the number alone, as MyNextID writes it
}

// TestExpiry: times of the credential itself.
func TestExpiry(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	for _, c := range []struct {
		member, value string
		want          verification.Status
	}{
		{"validUntil", "2100-01-01T00:00:00Z", verification.Passed},
		{"validUntil", "2020-01-01T00:00:00+02:00", verification.Failed},
		{"expirationDate", "2020-01-01T00:00:00", verification.Failed},
		{"validFrom", "2100-01-01T00:00:00Z", verification.Failed},
		{"validFrom", "2020-01-01T00:00:00.5Z", verification.Passed},
		{"validUntil", "never", verification.Failed},
	} {
		payload := fmt.Sprintf(`{"%s":"%s",`, c.member, c.value) + tiny[1:]
		r := verify(t, seal(t, []byte(payload), id), jades.VerifyOptions{})
		if got := status(r, "Expiry"); got.Status != c.want {
			t.Errorf("%s %s: %v", c.member, c.value, got)
		}
		if strings.Contains(fmt.Sprint(r.Checks), c.value) {
			t.Error("a value of the credential is in the reasons")
		}
	}
}

// TestAsOfBefore: a seal made after the time of verification is well-formed and holds; it fails for its time.
func TestAsOfBefore(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	file := seal(t, []byte(tiny), authority.Seal(t, josetest.RSA()))
	r := verify(t, file, jades.VerifyOptions{Roots: authority.Pool, Time: time.Now().Add(-time.Hour)})
	for name, want := range map[string]verification.Status{
		jades.PartHeader: verification.Passed, jades.PartSignature: verification.Passed, jades.PartTime: verification.Failed,
	} {
		if p := r.Seals[0].Parts.Part(name); p.Status != want {
			t.Error(p)
		}
	}
	if r.Verdict.Status != verification.Failed || r.Payload == nil {
		t.Error(r.Verdict)
	}
}

// TestNothingAfterABrokenSeal: of a credential that nobody sealed, nothing else is said.
func TestNothingAfterABrokenSeal(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	file := bytes.Replace(seal(t, []byte(tiny), authority.Seal(t, josetest.RSA())), []byte("Bevis"), []byte("Bevjs"), 1)
	r := verify(t, file, jades.VerifyOptions{Roots: authority.Pool})
	for _, c := range r.Checks {
		if want := map[bool]verification.Status{true: verification.Failed, false: verification.NotChecked}[c.Name == "Seal"]; c.Status != want {
			t.Errorf("%v", c)
		}
	}
	if r.Payload != nil {
		t.Error("the payload is given")
	}
}
