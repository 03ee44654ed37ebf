package jades_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

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
