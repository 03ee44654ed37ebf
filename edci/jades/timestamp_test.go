package jades_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
)

// TestStamped: a time stamp proves when a seal was made, after its certificate has expired.
func TestStamped(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	tsa := authority.TSA(t)
	now := time.Now()
	id := authority.Issue(t, josetest.RSA(), x509.Certificate{Subject: josetest.Organisation, NotAfter: now.AddDate(0, 0, 1)})
	file := seal(t, small(t), id, func(o *jades.SealOptions) { o.Timestamper = jades.NewTimestamper(tsa.Answer) })
	later := jades.VerifyOptions{Roots: authority.Pool, TSARoots: authority.Pool, Time: now.AddDate(0, 6, 0)}
	r := verify(t, file, later)
	if got := r.Seals[0]; r.Verdict.Status != verification.Passed || got.Level != "T" || got.Stamped == nil || got.Stamped.Sub(now).Abs() > time.Minute {
		t.Errorf("level %s, stamped %v, %v", got.Level, got.Stamped, got.Parts)
	}
	for name, pool := range map[string]*x509.CertPool{"no roots": nil, "other roots": josetest.NewAuthority(t, "Nobody CA").Pool} {
		later.TSARoots = pool
		r := verify(t, file, later)
		if got := r.Seals[0]; got.Stamped != nil || got.Parts.Part(jades.PartTimestamp).Status != verification.NotChecked ||
			r.Verdict.Status != verification.NotChecked {
			t.Errorf("%s: stamped %v, %v", name, got.Stamped, r.Verdict)
		}
	}
}

// stamped is a seal with any token for its time stamp.
func stamped(t *testing.T, file []byte, token string) []byte {
	t.Helper()
	v, err := edci.ParseJSON(file, edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	component := `{"sigTst":{"tstTokens":[{"val":"` + token + `"}]}}`
	v, _ = edci.Set(v, "/signatures/0/header", edci.Object{{Name: "etsiU", Value: edci.Array{jose.Encode([]byte(component))}}})
	return edci.AppendValue(nil, v)
}

// TestWrongStamps: time stamps that make a seal fail.
func TestWrongStamps(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	tsa := authority.TSA(t)
	file := seal(t, []byte(tiny), authority.Seal(t, josetest.RSA()))
	signature := parse(t, file).Signatures[0].Signature
	token := func(by *josetest.TSA, over string) string {
		digest := sha256.Sum256([]byte(over))
		der, err := jades.NewTimestamper(by.Answer).Timestamp(context.Background(), digest[:])
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(der)
	}
	opt := jades.VerifyOptions{Roots: authority.Pool, TSARoots: authority.Pool}
	if !holds(stamped(t, file, token(tsa, signature)), opt) {
		t.Fatal("a stamp as it should be fails")
	}
	raw, err := jose.Decode(signature)
	if err != nil {
		t.Fatal(err)
	}
	early, late, unmarked := authority.TSA(t), authority.TSA(t), authority.TSA(t)
	early.Time, late.Time = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	unmarked.Identity = authority.Issue(t, josetest.EC(elliptic.P256()), x509.Certificate{Subject: josetest.Organisation})
	good := token(tsa, signature)
	der, _ := base64.StdEncoding.DecodeString(good)
	broken := bytes.Clone(der)
	broken[len(broken)-1] ^= 1
	for name, c := range map[string]struct {
		token string
		want  verification.Status
	}{
		"over the raw signature": {token(tsa, string(raw)), verification.Failed},
		"over something else":    {token(tsa, "x"), verification.Failed},
		"before the seal":        {token(early, signature), verification.Failed},
		"to come":                {token(late, signature), verification.Failed},
		"not for time stamps":    {token(unmarked, signature), verification.NotChecked}, // an authority that nobody trusts
		"broken signature":       {base64.StdEncoding.EncodeToString(broken), verification.Failed},
		"cut":                    {base64.StdEncoding.EncodeToString(der[:len(der)/2]), verification.Failed},
		"not base64":             {"-", verification.Failed},
		"empty":                  {"", verification.Failed},
		"no CMS":                 {"MAA=", verification.Failed},
		"nested too deep":        {base64.StdEncoding.EncodeToString(nested(40)), verification.Failed},
		"indefinite length":      {"MIAAAA==", verification.Failed},
		"too long":               {strings.Repeat("AAAA", 50000), verification.Failed},
	} {
		r := verify(t, stamped(t, file, c.token), opt)
		if p := r.Seals[0].Parts.Part(jades.PartTimestamp); p.Status != c.want || r.Seals[0].Stamped != nil {
			t.Errorf("%s: %v", name, p)
		}
	}
	for name, etsiU := range map[string]any{
		"no list": "x", "empty": edci.Array{}, "not base64url": edci.Array{"="}, "two members": edci.Array{edci.Object{{Name: "a"}, {Name: "b"}}},
		"other encoding": edci.Array{edci.Object{{Name: "sigTst", Value: edci.Object{{Name: "tstTokens", Value: edci.Array{
			edci.Object{{Name: "val", Value: good}, {Name: "encoding", Value: "x"}}}}}}}},
		"canonicalised": edci.Array{edci.Object{{Name: "sigTst", Value: edci.Object{{Name: "canonAlg", Value: "x"}, {Name: "tstTokens", Value: edci.Array{}}}}}},
	} {
		v, _ := edci.ParseJSON(file, edci.Limits{})
		v, _ = edci.Set(v, "/signatures/0/header", edci.Object{{Name: "etsiU", Value: etsiU}})
		r := verify(t, edci.AppendValue(nil, v), opt)
		if p := r.Seals[0].Parts.Part(jades.PartTimestamp); p.Status != verification.Failed {
			t.Errorf("%s: %v", name, p)
		}
	}
}

// nested is DER of sequences inside each other.
func nested(depth int) []byte {
	var b []byte
	for range depth {
		b = append([]byte{0x30, byte(len(b))}, b...)
	}
	return b
}

// TestAnswers: answers of an authority that are not taken.
func TestAnswers(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	refuse, err := timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadAlgorithm)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(change func(*timestamp.Request, *timestamp.Timestamp)) jades.Exchange {
		tsa := authority.TSA(t)
		tsa.Change = change
		return tsa.Answer
	}
	fixed := func(answer []byte, err error) jades.Exchange {
		return func(context.Context, []byte) ([]byte, error) { return answer, err }
	}
	lost := errors.New("no connection")
	for name, c := range map[string]struct {
		ask  jades.Exchange
		want error
	}{
		"refused":       {fixed(refuse, nil), jades.ErrTimestamp},
		"nothing":       {fixed(nil, nil), jades.ErrTimestamp},
		"no connection": {fixed(nil, lost), lost},
		"other nonce":   {changed(func(_ *timestamp.Request, s *timestamp.Timestamp) { s.Nonce = big.NewInt(1) }), jades.ErrTimestamp},
		"no nonce":      {changed(func(_ *timestamp.Request, s *timestamp.Timestamp) { s.Nonce = nil }), jades.ErrTimestamp},
		"other digest":  {changed(func(_ *timestamp.Request, s *timestamp.Timestamp) { s.HashedMessage = make([]byte, 32) }), jades.ErrTimestamp},
		"other hash": {changed(func(_ *timestamp.Request, s *timestamp.Timestamp) {
			s.HashAlgorithm, s.HashedMessage = crypto.SHA512, make([]byte, 64)
		}), jades.ErrTimestamp},
		"no certificate": {changed(func(_ *timestamp.Request, s *timestamp.Timestamp) { s.AddTSACertificate = false }), jades.ErrTimestamp},
	} {
		id := authority.Seal(t, josetest.RSA())
		_, err := jades.Seal(context.Background(), []byte(tiny), jades.SealOptions{
			Signer: id.Key, Chain: []*x509.Certificate{id.Certificate}, Timestamper: jades.NewTimestamper(c.ask),
		})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// craft signs a TSTInfo as an authority that does not keep to the rules would.
type craft struct {
	content, attribute      asn1.ObjectIdentifier // types of what is signed, and of the name of the certificate
	digest, signature       asn1.ObjectIdentifier
	names                   *x509.Certificate // by SHA-256, or by SHA-1 in the attribute of that
	withoutSignedAttributes bool
}

func (c craft) token(t *testing.T, by josetest.Identity, info []byte) string {
	t.Helper()
	data, err := pkcs7.NewSignedData(info)
	if err != nil {
		t.Fatal(err)
	}
	data.SetDigestAlgorithm(c.digest)
	data.SetContentType(c.content)
	digest := sha256.Sum256(c.names.Raw)
	id := digest[:]
	if c.attribute.Equal(essV1) {
		old := sha1.Sum(c.names.Raw)
		id = old[:]
	}
	type entry struct{ Digest []byte }
	names := pkcs7.Attribute{Type: c.attribute, Value: struct{ List []entry }{[]entry{{id}}}}
	sign := data.SignWithoutAttr
	if !c.withoutSignedAttributes {
		sign = data.AddSigner
	}
	if err := sign(by.Certificate, by.Key, pkcs7.SignerInfoConfig{ExtraSignedAttributes: []pkcs7.Attribute{names}}); err != nil {
		t.Fatal(err)
	}
	data.GetSignedData().SignerInfos[0].DigestEncryptionAlgorithm.Algorithm = c.signature
	der, err := data.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

var (
	tstInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	essV1   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	essV2   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

// TestTokenRules: tokens whose signature holds in some way, but that are no time stamps as RFC 3161 has them.
func TestTokenRules(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	tsa := authority.TSA(t)
	file := seal(t, []byte(tiny), authority.Seal(t, josetest.RSA()))
	digest := sha256.Sum256([]byte(parse(t, file).Signatures[0].Signature))
	der, err := jades.NewTimestamper(tsa.Answer).Timestamp(context.Background(), digest[:])
	if err != nil {
		t.Fatal(err)
	}
	read, err := pkcs7.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	good := craft{content: tstInfo, attribute: essV2, digest: pkcs7.OIDDigestAlgorithmSHA256, signature: pkcs7.OIDDigestAlgorithmECDSASHA256, names: tsa.Certificate}
	with := func(change func(*craft)) craft {
		c := good
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		craft
		reason string // "": it passes
	}{
		"as it should be":           {good, ""},
		"ESSCertID":                 {with(func(c *craft) { c.attribute = essV1 }), ""},
		"SHA-1 in the signature":    {with(func(c *craft) { c.signature = pkcs7.OIDDigestAlgorithmECDSASHA1 }), "weak"},
		"SHA-1 as the digest":       {with(func(c *craft) { c.digest = pkcs7.OIDDigestAlgorithmSHA1 }), "weak"},
		"data, not a TSTInfo":       {with(func(c *craft) { c.content = pkcs7.OIDData }), "content of a time stamp"},
		"no signed attributes":      {with(func(c *craft) { c.withoutSignedAttributes = true }), "not signed"},
		"no name of the signer":     {with(func(c *craft) { c.attribute = asn1.ObjectIdentifier{1, 2, 3} }), "does not name"},
		"another's name":            {with(func(c *craft) { c.names = authority.Certificate }), "does not name"},
		"another's name, ESSCertID": {with(func(c *craft) { c.attribute, c.names = essV1, authority.Certificate }), "does not name"},
	} {
		r := verify(t, stamped(t, file, c.token(t, tsa.Identity, read.Content)), jades.VerifyOptions{Roots: authority.Pool, TSARoots: authority.Pool})
		p := r.Seals[0].Parts.Part(jades.PartTimestamp)
		want := verification.Passed
		if c.reason != "" {
			want = verification.Failed
		}
		if p.Status != want || !strings.Contains(p.Reason, c.reason) {
			t.Errorf("%s: %v", name, p)
		}
	}
}

// TestHugeAuthority: no signature is verified with a key that takes minutes.
func TestHugeAuthority(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	tsa := authority.TSA(t)
	file := seal(t, []byte(tiny), authority.Seal(t, josetest.RSA()))
	digest := sha256.Sum256([]byte(parse(t, file).Signatures[0].Signature))
	der, err := jades.NewTimestamper(tsa.Answer).Timestamp(context.Background(), digest[:])
	if err != nil {
		t.Fatal(err)
	}
	read, err := pkcs7.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	huge := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 16383, 1), E: 65537}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0), Subject: pkix.Name{CommonName: "Huge"}}
	raw, err := x509.CreateCertificate(rand.Reader, template, authority.Certificate, huge, authority.Key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	c := craft{content: tstInfo, attribute: essV2, digest: pkcs7.OIDDigestAlgorithmSHA256, signature: pkcs7.OIDEncryptionAlgorithmRSA, names: certificate}
	token := c.token(t, josetest.Identity{Key: tsa.Key, Certificate: certificate}, read.Content)
	p := verify(t, stamped(t, file, token), jades.VerifyOptions{}).Seals[0].Parts.Part(jades.PartTimestamp)
	if p.Status != verification.Failed || !strings.Contains(p.Reason, "2048 to 8192") {
		t.Error(p)
	}
}

// TestManyStamps: the number of stamps of a file is limited.
func TestManyStamps(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	file := seal(t, []byte(tiny), authority.Seal(t, josetest.RSA()), func(o *jades.SealOptions) {
		o.Timestamper = jades.NewTimestamper(authority.TSA(t).Answer)
	})
	v, err := edci.ParseJSON(file, edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := edci.At(v, "/signatures/0/header/etsiU")
	for n, want := range map[int]verification.Status{16: verification.Passed, 17: verification.Failed} {
		many, _ := edci.Set(v, "/signatures/0/header/etsiU", slices.Repeat(list.(edci.Array), n))
		r := verify(t, edci.AppendValue(nil, many), jades.VerifyOptions{TSARoots: authority.Pool})
		if p := r.Seals[0].Parts.Part(jades.PartTimestamp); p.Status != want {
			t.Errorf("%d: %v", n, p)
		}
	}
}

// TestExpiredAuthority: whoever has the key of an authority that has expired can stamp any time.
func TestExpiredAuthority(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	tsa := authority.TSA(t)
	file := seal(t, []byte(tiny), authority.Seal(t, josetest.RSA()), func(o *jades.SealOptions) { o.Timestamper = jades.NewTimestamper(tsa.Answer) })
	r := verify(t, file, jades.VerifyOptions{Roots: authority.Pool, TSARoots: authority.Pool, Time: tsa.Certificate.NotAfter.AddDate(0, 0, 1)})
	p := r.Seals[0].Parts.Part(jades.PartTimestamp)
	if p.Status != verification.NotChecked || !strings.Contains(p.Reason, "only an archive time stamp") || r.Seals[0].Stamped != nil || r.Seals[0].Level != "B" {
		t.Errorf("%v, level %s", p, r.Seals[0].Level)
	}
	if r.Verdict.Status == verification.Passed {
		t.Error(r.Verdict)
	}
}

// TestContentTime: what is sealed cannot have been stamped after the time that the seal claims.
func TestContentTime(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	id := authority.Seal(t, josetest.RSA())
	for after, want := range map[time.Duration]verification.Status{-48 * time.Hour: verification.Passed, 0: verification.Passed, -time.Hour: verification.Failed} {
		tsa := authority.TSA(t)
		tsa.Time = time.Now().Add(after)
		sigT := time.Now()
		if want == verification.Failed {
			sigT = tsa.Time.Add(-time.Hour)
		}
		digest := sha256.Sum256([]byte(tiny))
		der, err := jades.NewTimestamper(tsa.Answer).Timestamp(context.Background(), digest[:])
		if err != nil {
			t.Fatal(err)
		}
		val := edci.Object{{Name: "val", Value: base64.StdEncoding.EncodeToString(der)}}
		container := edci.Object{{Name: "tstTokens", Value: edci.Array{val}}}
		file := general(tiny, forge(t, id, tiny, with("adoTst", container, "sigT", sigT.UTC().Format(time.RFC3339))))
		r := verify(t, file, jades.VerifyOptions{Roots: authority.Pool, TSARoots: authority.Pool})
		if p := r.Seals[0].Parts.Part(jades.PartContentTime); p.Status != want {
			t.Errorf("%s: %v", after, p)
		}
	}
}

// TestStampWhenSealing: what verifiers would not accept later is not written.
func TestStampWhenSealing(t *testing.T) {
	authority, stranger := josetest.NewAuthority(t, "Fjordheim CA"), josetest.NewAuthority(t, "Nobody CA")
	id := authority.Seal(t, josetest.RSA())
	early, unmarked := authority.TSA(t), authority.TSA(t)
	early.Time = time.Now().Add(-6 * time.Minute)
	unmarked.Identity = authority.Issue(t, josetest.EC(elliptic.P256()), x509.Certificate{Subject: josetest.Organisation})
	modified := func(ctx context.Context, request []byte) ([]byte, error) {
		answer, err := authority.TSA(t).Answer(ctx, request)
		if err != nil {
			return nil, err
		}
		return bytes.Replace(answer, []byte{2, 1, 0}, []byte{2, 1, 1}, 1), nil // PKIStatus grantedWithMods
	}
	for name, c := range map[string]struct {
		ask   jades.Exchange
		roots *x509.CertPool
		want  error
	}{
		"as it should be":     {authority.TSA(t).Answer, authority.Pool, nil},
		"with modifications":  {modified, authority.Pool, nil},
		"roots not given":     {stranger.TSA(t).Answer, nil, nil},
		"under another root":  {stranger.TSA(t).Answer, authority.Pool, jades.ErrTimestamp},
		"of another time":     {early.Answer, nil, jades.ErrTimestamp},
		"not for time stamps": {unmarked.Answer, nil, jades.ErrTimestamp},
	} {
		_, err := jades.Seal(context.Background(), []byte(tiny), jades.SealOptions{Signer: id.Key, Chain: []*x509.Certificate{id.Certificate},
			Timestamper: jades.NewTimestamper(c.ask), TSARoots: c.roots})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
