package xmldsig_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
)

// identity is a key with a certificate for it.
type identity struct {
	crypto.Signer
	certificate *x509.Certificate
}

func (i *identity) chain() []*x509.Certificate { return []*x509.Certificate{i.certificate} }

func (i *identity) key() xmldsig.Key { return xmldsig.Key{Certificate: i.certificate} }

// The certificates of the tests are valid in these years.
var (
	validFrom = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	validTo   = time.Date(2044, 1, 1, 0, 0, 0, 0, time.UTC)
)

func newIdentity(key crypto.Signer) *identity {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), NotBefore: validFrom, NotAfter: validTo,
		Subject: pkix.Name{CommonName: "Test <provider> & \u00E9", Organization: []string{"Example, University"}, Country: []string{"ZZ"}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return &identity{key, c}
}

func rsaIdentity(bits int) func() *identity {
	return sync.OnceValue(func() *identity {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		return newIdentity(key)
	})
}

func curveIdentity(curve elliptic.Curve) func() *identity {
	return sync.OnceValue(func() *identity {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		return newIdentity(key)
	})
}

// The keys of the tests, made anew in each run.
var (
	rsa1024 = rsaIdentity(1024)
	rsa2048 = rsaIdentity(2048)
	rsaElse = rsaIdentity(2048)
	p224    = curveIdentity(elliptic.P224())
	p256    = curveIdentity(elliptic.P256())
	p384    = curveIdentity(elliptic.P384())
	p521    = curveIdentity(elliptic.P521())
)

// kinds are the keys that may sign.
var kinds = map[string]func() *identity{"RSA 2048": rsa2048, "P-256": p256, "P-384": p384, "P-521": p521}

// files writes the key and the certificate for an outside program.
func (i *identity) files(t testing.TB, dir string) (keyFile, certificateFile string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(i.Signer)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, dir, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		write(t, dir, "cert.pem", certificatePEM(i.certificate))
}

func certificatePEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func write(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// hard is a document with what signatures fail over: things around the root, comments, xml:lang and
// unused declarations on the root, attributes to be sorted, line ends and references.
const hard = "\uFEFF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- before --><?style  it?>\r\n" +
	`<e:elmo xmlns:e="https://github.com/emrex-eu/elmo-schemas/tree/v1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xml:lang="en"` + "\r\n" +
	` xmlns:z="urn:a" xmlns:y="urn:b" xmlns:xml="http://www.w3.org/XML/1998/namespace"><e:generatedDate>2025-02-03T04:05:06Z</e:generatedDate>` +
	"<e:learner><e:givenNames>Zo\u00EB&#13; &lt;&amp;<![CDATA[<>]]></e:givenNames><!-- a\r\nb --><e:familyName>O'Neill</e:familyName></e:learner>\r\n" +
	`<e:report><e:issuer><e:title xml:lang="en">Example &quot;University&quot;</e:title><e:url>https://www.example.org</e:url></e:issuer>` +
	`<e:extension><x xmlns="urn:c" b="1" a="&#10;&#9; 2` + "\t\n" + `" y:a='"' z:a="4"><w:q xmlns:w="urn:w"/><v xmlns=""/></x></e:extension></e:report>` +
	"\n<e:extension/></e:elmo>\r\n<?after?><!-- the end -->\r\n"

// small is a document of few bytes.
const small = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><generatedDate>2025-02-03T04:05:06Z</generatedDate>` +
	`<learner><givenNames>Zo</givenNames><familyName>O</familyName></learner><report><issuer><title xml:lang="en">U</title><url>https://example.org</url></issuer>` +
	`<learningOpportunitySpecification><title>P</title><specifies><learningOpportunityInstance><resultLabel>8</resultLabel></learningOpportunityInstance></specifies></learningOpportunitySpecification>` +
	`<issueDate>2025-02-03T00:00:00Z</issueDate></report></elmo>`

func sign(t testing.TB, data string, by *identity, opt elmo.SignOptions) string {
	t.Helper()
	out, err := elmo.Sign([]byte(data), by.Signer, by.chain(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// trusting gives options with these keys.
func trusting(list ...*identity) elmo.VerifyOptions {
	var opt elmo.VerifyOptions
	for _, i := range list {
		opt.Keys = append(opt.Keys, i.key())
	}
	return opt
}
