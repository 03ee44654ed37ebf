package convert_test

import (
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"testing"
	"time"

	"elmobridge/convert"
	"elmobridge/convert/keys"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
	"elmobridge/elmo"
)

// TestSignBoth: either kind of file is signed by what it holds, and verifies.
func TestSignBoth(t *testing.T) {
	s := newSigners(t)
	clock := josetest.NewAuthority(t, "Clocks")
	for name, c := range map[string]struct {
		data []byte
		opt  convert.SignOptions
		form convert.SignatureForm
	}{
		"ELMO":         {ownDocument(t, "transcript.xml"), convert.SignOptions{}, convert.SignatureXML},
		"ELMO SHA-384": {ownDocument(t, "transcript.xml"), convert.SignOptions{Hash: crypto.SHA384, Form: convert.SignatureXML}, convert.SignatureXML},
		"credential":   {plainCredential(t), convert.SignOptions{}, convert.SignatureSeal},
		"level T":      {plainCredential(t), convert.SignOptions{Timestamper: jades.NewTimestamper(clock.TSA(t).Answer)}, convert.SignatureSeal},
		"JWT":          {plainCredential(t), convert.SignOptions{Form: convert.SignatureJWT}, convert.SignatureJWT},
	} {
		signed, err := convert.Sign(context.Background(), c.data, s.pair, c.opt)
		if err != nil {
			t.Fatal(name, err)
		}
		trust := s.trust()
		trust.TSA = []*x509.Certificate{clock.Certificate}
		v := verify(t, signed.Data, trust)
		if signed.Form != c.form || v.Status != verification.Passed || v.Signatures[0].Form != c.form {
			t.Errorf("%s: %s, %s: %s", name, signed.Form, v.Status, v.Reason)
		}
		if want := map[bool]verification.Status{true: "", false: verification.Passed}[c.form == convert.SignatureXML]; signed.Issuer.Status != want {
			t.Errorf("%s: issuer %v", name, signed.Issuer)
		}
		if stamped := v.Signatures[0].Stamped != nil; stamped != (name == "level T") {
			t.Errorf("%s: stamped %v", name, stamped)
		}
	}
}

// TestSignReissue: the date of issue is that of sealing when that is wanted, else it stays.
func TestSignReissue(t *testing.T) {
	s := newSigners(t)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s.pair.Chain[0] = s.root.Issue(t, s.seal.Key, x509.Certificate{Subject: josetest.Organisation, NotBefore: at.AddDate(-1, 0, 0)}).Certificate
	for _, reissue := range []bool{false, true} {
		in, err := convert.Read(s.sign(t, plainCredential(t), convert.SignOptions{Time: at, Reissue: reissue}))
		if err != nil {
			t.Fatal(err)
		}
		issued, _ := in.Credentials[0].Source.Tree.Get("issued")
		if (issued == "2026-03-01T12:00:00Z") != reissue {
			t.Errorf("reissue %v: %v", reissue, issued)
		}
	}
}

// TestSignRefuses: options of the other kind of file, what is signed already, files that are neither.
func TestSignRefuses(t *testing.T) {
	s := newSigners(t)
	xml, plain := ownDocument(t, "one-course.xml"), plainCredential(t)
	sealed := s.sign(t, plain, convert.SignOptions{})
	clock := jades.NewTimestamper(josetest.NewAuthority(t, "Clocks").TSA(t).Answer)
	for name, c := range map[string]struct {
		data []byte
		opt  convert.SignOptions
		want error
	}{
		"ELMO as JWT":              {xml, convert.SignOptions{Form: convert.SignatureJWT}, convert.ErrOptions},
		"ELMO with a time stamp":   {xml, convert.SignOptions{Timestamper: clock}, convert.ErrOptions},
		"ELMO issued anew":         {xml, convert.SignOptions{Reissue: true}, convert.ErrOptions},
		"credential with a hash":   {plain, convert.SignOptions{Hash: crypto.SHA512}, convert.ErrOptions},
		"credential replaced":      {plain, convert.SignOptions{Replace: true}, convert.ErrOptions},
		"supplement of credential": {plain, convert.SignOptions{Supplement: 1}, convert.ErrOptions},
		"credential as XML":        {plain, convert.SignOptions{Form: convert.SignatureXML}, convert.ErrOptions},
		"JWT with a time stamp":    {plain, convert.SignOptions{Form: convert.SignatureJWT, Timestamper: clock}, convert.ErrOptions},
		"stamp under another root": {plain, convert.SignOptions{Timestamper: clock, TSA: []*x509.Certificate{s.root.Certificate}}, jades.ErrTimestamp},
		"sealed":                   {sealed, convert.SignOptions{}, convert.ErrSigned},
		"sealed, in an upload":     {object(`{"credential":`, string(sealed), `}`), convert.SignOptions{}, convert.ErrSigned},
		"several":                  {object("[", string(plain), ",", string(plain), "]"), convert.SignOptions{}, jades.ErrCredential},
		"signed document":          {s.sign(t, xml, convert.SignOptions{}), convert.SignOptions{}, elmo.ErrSignature},
		"neither":                  {[]byte("%PDF"), convert.SignOptions{}, convert.ErrFormat},
		"another XML":              {[]byte("<a>b</a>"), convert.SignOptions{}, elmo.ErrNotELMO},
		"no longer valid":          {plain, convert.SignOptions{Time: time.Now().AddDate(5, 0, 0)}, nil},
	} {
		signed, err := convert.Sign(context.Background(), c.data, s.pair, c.opt)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, signed %v", name, err, signed != nil)
		}
	}
	for _, pair := range []*keys.Pair{nil, {}, {Signer: s.seal.Key}} {
		if _, err := convert.Sign(context.Background(), plain, pair, convert.SignOptions{}); !errors.Is(err, convert.ErrOptions) {
			t.Error("without a key:", err)
		}
	}
}

// TestSealKeepsSignature: the signature of an ELMO document verifies after the way through a sealed
// credential and back, over the same bytes.
func TestSealKeepsSignature(t *testing.T) {
	s := newSigners(t)
	for _, name := range []string{"transcript.xml", "diploma.xml", "recognition-2.0.xml"} {
		signed := s.sign(t, ownDocument(t, name), convert.SignOptions{})
		in, err := verify(t, signed, s.trust()).Read()
		if err != nil {
			t.Fatal(err)
		}
		opt := convert.Options{Keep: convert.KeepSource, Display: convert.DisplayMinimal, Issuer: convert.IssuerOf(s.seal.Certificate)}
		credentials, _, err := convert.ToEDC(in.Document, opt)
		if err != nil {
			t.Fatal(err)
		}
		sealed := s.sign(t, convert.AppendEDC(nil, credentials[0], opt), convert.SignOptions{})
		back, err := verify(t, sealed, s.trust()).Read()
		if err != nil {
			t.Fatal(name, err)
		}
		doc, _, err := convert.ToELMO(back.Credentials, convert.Options{})
		if err != nil {
			t.Fatal(err)
		}
		xml, err := convert.WriteELMO(doc, convert.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if string(xml) != string(signed) {
			t.Errorf("%s: other bytes", name)
		}
		if v := verify(t, xml, s.trust()); v.Status != verification.Passed {
			t.Errorf("%s: %s: %s", name, v.Status, v.Reason)
		}
	}
}

// TestIssuerOf: a certificate makes an issuer only if it says all that an issuer needs.
func TestIssuerOf(t *testing.T) {
	root := josetest.NewAuthority(t, "Root")
	with := func(change func(*pkix.Name)) *convert.Issuer {
		name := pkix.Name{Organization: []string{"Fjordheim"}, Country: []string{"NO"}}
		name.ExtraNames = []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: "VATNO-000000000"}}
		change(&name)
		return convert.IssuerOf(root.Issue(t, josetest.EC(elliptic.P256()), x509.Certificate{Subject: name}).Certificate)
	}
	if i := with(func(*pkix.Name) {}); i == nil || i.Country != "NO" || i.EIDASIdentifier != "VATNO-000000000" || i.LegalName[0].Text != "Fjordheim" {
		t.Errorf("%+v", i)
	}
	if i := with(func(n *pkix.Name) { n.Country = nil }); i == nil || i.Country != "NO" {
		t.Error("the country in the identifier is not taken")
	}
	for name, change := range map[string]func(*pkix.Name){
		"no organisation": func(n *pkix.Name) { n.Organization = nil },
		"no identifier":   func(n *pkix.Name) { n.ExtraNames = nil },
		"no country":      func(n *pkix.Name) { n.Country = []string{"ZZ"} },
		"not a legal one": func(n *pkix.Name) { n.ExtraNames[0].Value = "000000000" },
	} {
		if i := with(change); i != nil {
			t.Errorf("%s: %+v", name, i)
		}
	}
}
