package jades_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/jades"
	"elmobridge/edci/jose"
	"elmobridge/edci/jose/josetest"
	"elmobridge/edci/verification"
	"elmobridge/testdata/judge"
)

// sealed are the sealed files of the corpus, with what their own certificates make of them: "failed"
// where another organisation is named as the issuer.
var sealed = []struct {
	file   []string
	issuer verification.Status
}{
	{[]string{"europass", "Sample-CertOfPart-signed.jsonld"}, verification.Passed},
	{[]string{"edci", "credential-signed.jsonld"}, verification.Failed},
	{[]string{"edci", "credential-jws-invalid.jsonld"}, verification.NotChecked},
	{[]string{"mynextid", "edc-cas-signed.jsonld"}, verification.NotChecked},
	{[]string{"mynextid", "edc-coe-signed.jsonld"}, verification.NotChecked},
	{[]string{"mynextid", "edc-cps-signed.jsonld"}, verification.NotChecked},
	{[]string{"mynextid", "edc-dc-signed.jsonld"}, verification.NotChecked},
}

func sample(t testing.TB, elem ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(judge.Corpus(t, append([]string{"elm", "samples"}, elem...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// raw is a sealed file as encoding/json reads it, which shares nothing with our reader.
type raw struct {
	Payload    string `json:"payload"`
	Signatures []struct {
		Protected string                       `json:"protected"`
		Header    map[string][]json.RawMessage `json:"header"`
		Signature string                       `json:"signature"`
	} `json:"signatures"`
}

func parse(t testing.TB, file []byte) (r raw) {
	t.Helper()
	if err := json.Unmarshal(file, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// carried are the certificates that a sealed file brings in xVals: enough to try chains and time stamps
// with, though nobody has vouched for them.
func carried(t testing.TB, file []byte) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	for _, e := range parse(t, file).Signatures[0].Header["etsiU"] {
		var text string
		var component struct {
			XVals []struct{ X509Cert struct{ Val string } } `json:"xVals"`
		}
		if json.Unmarshal(e, &text) != nil {
			t.Fatal("etsiU is not base64url")
		}
		src, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || json.Unmarshal(src, &component) != nil {
			t.Fatal("etsiU cannot be read")
		}
		for _, v := range component.XVals {
			der, _ := base64.StdEncoding.DecodeString(v.X509Cert.Val)
			if c, err := x509.ParseCertificate(der); err == nil {
				pool.AddCert(c)
			}
		}
	}
	return pool
}

// TestCorpus: the seals of Europass and MyNextID hold. Without roots nothing is said of who made them.
func TestCorpus(t *testing.T) {
	for _, s := range sealed {
		t.Run(s.file[1], func(t *testing.T) {
			file := sample(t, s.file...)
			r := verify(t, file, jades.VerifyOptions{})
			parts := r.Seals[0].Parts
			for _, name := range []string{jades.PartHeader, jades.PartSignature} {
				if p := parts.Part(name); p.Status != verification.Passed {
					t.Error(p)
				}
			}
			for _, name := range []string{jades.PartTimestamp, jades.PartChain, jades.PartRevoked, jades.PartQualified, jades.PartArchive} {
				if p := parts.Part(name); p.Status != verification.NotChecked {
					t.Error(p)
				}
			}
			if p := parts.Part(jades.PartIssuer); p.Status != s.issuer {
				t.Error(p)
			}
			if string(r.Payload) != parse(t, file).Payload {
				t.Error("the payload is not that of the file")
			}
			if got := r.Verdict.Status; got == verification.Passed {
				t.Error("the seal is passed without roots")
			}
		})
	}
}

// TestCorpusTime: with the authorities that the files bring along, which we do not trust otherwise, their
// time stamps fit, and prove the time of sealing; some of the authorities have expired by now, so that this is as
// of the day after.
func TestCorpusTime(t *testing.T) {
	for _, s := range sealed {
		t.Run(s.file[1], func(t *testing.T) {
			file := sample(t, s.file...)
			later := verify(t, file, jades.VerifyOptions{}).Seals[0].Claimed.AddDate(0, 0, 1)
			r := verify(t, file, jades.VerifyOptions{TSARoots: carried(t, file), Time: later})
			got := r.Seals[0]
			want := []string{jades.PartTimestamp, jades.PartCertificate}
			if _, there := header(t, file).Get("adoTst"); there {
				want = append(want, jades.PartContentTime)
			}
			for _, name := range want {
				if p := got.Parts.Part(name); p.Status != verification.Passed {
					t.Error(p)
				}
			}
			if got.Stamped == nil || got.Stamped.Sub(*got.Claimed).Abs() > time.Minute {
				t.Errorf("stamped %v, claimed %v", got.Stamped, got.Claimed)
			}
		})
	}
}

// header is the protected header of the first signature.
func header(t testing.TB, file []byte) edci.Object {
	t.Helper()
	h, err := jose.ReadHeader(parse(t, file).Signatures[0].Protected, "sigT", "adoTst")
	if err != nil {
		t.Fatal(err)
	}
	return h.Members
}

// names are the members of an object in their order, but for those left out.
func names(o edci.Object, without ...string) (list []string) {
	for _, m := range o {
		if !slices.Contains(without, m.Name) {
			list = append(list, m.Name)
		}
	}
	return list
}

// TestSameForm: what we seal, at level T, has the members of the Europass and MyNextID files, in their
// order, in the protected header and around it; and their kid is that of their certificate, read as ours is.
func TestSameForm(t *testing.T) {
	authority := josetest.NewAuthority(t, "Fjordheim CA")
	ours := seal(t, small(t), authority.Seal(t, josetest.RSA()), func(o *jades.SealOptions) {
		o.Timestamper = jades.NewTimestamper(authority.TSA(t).Answer)
	})
	for _, s := range sealed {
		theirs := sample(t, s.file...)
		if id, certificate := header(t, theirs), verify(t, theirs, jades.VerifyOptions{}).Seals[0].Certificate; !ownKeyID(t, id, certificate) {
			t.Errorf("%s: the kid is written in another way", s.file[1])
		}
		for _, form := range []func(testing.TB, []byte) []string{outline, protectedNames, fixedValues} {
			if got, want := form(t, ours), form(t, theirs); !slices.Equal(got, want) {
				t.Errorf("%s: %v, ours %v", s.file[1], want, got)
			}
		}
	}
}

// ownKeyID tells whether we would write the kid of a header as it stands there.
func ownKeyID(t testing.TB, h edci.Object, c *x509.Certificate) bool {
	t.Helper()
	kid, err := jades.KeyID(c)
	if err != nil {
		t.Fatal(err)
	}
	theirs, _ := h.Get("kid")
	return theirs == kid
}

// outline is the members of the file, of its signature, of the unprotected header and of the time stamp.
func outline(t testing.TB, file []byte) []string {
	t.Helper()
	v, err := edci.ParseJSON(file, edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	list := names(v.(edci.Object))
	for _, at := range []string{"/signatures/0", "/signatures/0/header"} {
		o, _ := edci.At(v, at)
		list = append(list, names(o.(edci.Object))...)
	}
	first, _ := edci.At(v, "/signatures/0/header/etsiU/0")
	src, err := jose.Decode(first.(string))
	if err != nil {
		t.Fatal(err)
	}
	stamp, err := edci.ParseJSON(src, edci.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	token, _ := edci.At(stamp, "/sigTst/tstTokens/0")
	container, _ := edci.At(stamp, "/sigTst")
	return slices.Concat(list, names(stamp.(edci.Object)), names(container.(edci.Object)), names(token.(edci.Object)))
}

// protectedNames leaves out the content time stamp, which only Europass makes.
func protectedNames(t testing.TB, file []byte) []string {
	t.Helper()
	return names(header(t, file), "adoTst")
}

// fixedValues are the members that say the same in every seal.
func fixedValues(t testing.TB, file []byte) (list []string) {
	t.Helper()
	h := header(t, file)
	for _, name := range []string{"alg", "cty", "typ", "b64"} {
		v, _ := h.Get(name)
		list = append(list, string(edci.AppendValue(nil, v)))
	}
	return list
}
