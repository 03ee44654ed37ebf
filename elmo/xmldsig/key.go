package xmldsig

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Key is a key that the caller trusts: a certificate, or a public key without one.
type Key struct {
	Certificate *x509.Certificate
	Public      crypto.PublicKey // *rsa.PublicKey or *ecdsa.PublicKey; nil when there is a certificate
}

func (k Key) public() crypto.PublicKey {
	if k.Certificate != nil {
		return k.Certificate.PublicKey
	}
	return k.Public
}

// ErrNoKeys is returned for a text without certificate and public key in PEM form.
var ErrNoKeys = errors.New("no certificate and no public key in PEM form; EMREG and EWP publish them between BEGIN and END lines")

var errPrivate = fmt.Errorf("it holds a private key, and %w", ErrNoKeys)

// ParseKeys reads the certificates and public keys of a PEM text, in their order. Other blocks are
// passed over; the error is ErrNoKeys when that leaves nothing.
func ParseKeys(text []byte) ([]Key, error) {
	var keys []Key
	none := ErrNoKeys
	for n := 1; ; n++ {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		key, err := parseKey(block)
		if err != nil {
			return nil, errors.New("PEM block " + strconv.Itoa(n) + ": the key or certificate cannot be read")
		}
		if key.public() != nil {
			keys = append(keys, key)
		}
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			none = errPrivate
		}
	}
	if len(keys) == 0 {
		return nil, none
	}
	return keys, nil
}

func parseKey(block *pem.Block) (Key, error) {
	switch block.Type {
	case "CERTIFICATE":
		c, err := x509.ParseCertificate(block.Bytes)
		return Key{Certificate: c}, err
	case "PUBLIC KEY":
		p, err := x509.ParsePKIXPublicKey(block.Bytes)
		return Key{Public: p}, err
	}
	return Key{}, nil
}

// Certificate describes a certificate of the signer. It is data of an organisation.
type Certificate struct {
	Subject   string    `json:"subject"` // RFC 4514
	Issuer    string    `json:"issuer"`
	Serial    string    `json:"serial"` // hexadecimal
	SHA256    string    `json:"sha256"` // of the DER form, hexadecimal
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
}

func describe(c *x509.Certificate) *Certificate {
	sum := sha256.Sum256(c.Raw)
	return &Certificate{
		Subject: distinguished(c.RawSubject), Issuer: distinguished(c.RawIssuer), Serial: c.SerialNumber.Text(16),
		SHA256: hex.EncodeToString(sum[:]), NotBefore: c.NotBefore, NotAfter: c.NotAfter,
	}
}

// distinguished gives a name in the form of RFC 4514 and XML Signature 4.5.4.
func distinguished(raw []byte) string {
	var name pkix.RDNSequence
	if _, err := asn1.Unmarshal(raw, &name); err != nil {
		return ""
	}
	return name.String()
}

// curves are those of XML Signature 1.1, with the length of a coordinate in bytes.
var curves = map[elliptic.Curve]int{elliptic.P256(): 32, elliptic.P384(): 48, elliptic.P521(): 66}

// Lengths of RSA keys in bits.
const (
	leastRSA = 1024
	soundRSA = 2048
	mostRSA  = 8192
	unusable = "RSA under 1024 or over 8192 bits, or a curve other than P-256, P-384 and P-521"
)

// kindOf gives the kind and the name of a key, such as "RSA 2048" or "P-256"; not ok when it is none
// that may sign.
func kindOf(key crypto.PublicKey) (kind keyKind, name string, ok bool) {
	switch k := key.(type) {
	case *rsa.PublicKey:
		n := k.N.BitLen()
		return kindRSA, "RSA " + strconv.Itoa(n), n >= leastRSA && n <= mostRSA
	case *ecdsa.PublicKey:
		_, ok := curves[k.Curve]
		return kindECDSA, k.Curve.Params().Name, ok
	}
	return "", "", false
}

// verifies tells whether value is the signature of digest by key. RSA is PKCS #1 v1.5; ECDSA is the
// two numbers one after the other, each as long as the order of the curve (XML Signature 6.4.3).
func (m method) verifies(key crypto.PublicKey, digest, value []byte) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return m.kind == kindRSA && rsa.VerifyPKCS1v15(k, m.hash, digest, value) == nil
	case *ecdsa.PublicKey:
		n := curves[k.Curve]
		if m.kind != kindECDSA || n == 0 || len(value) != 2*n {
			return false
		}
		return ecdsa.Verify(k, digest, new(big.Int).SetBytes(value[:n]), new(big.Int).SetBytes(value[n:]))
	}
	return false
}

// sameKey tells whether two keys are one.
func sameKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// parseCertificates reads the embedded certificates; one that cannot be read is nil.
func parseCertificates(list [][]byte) []*x509.Certificate {
	certificates := make([]*x509.Certificate, len(list))
	for i, der := range list {
		if c, err := x509.ParseCertificate(bytes.Clone(der)); err == nil {
			certificates[i] = c
		}
	}
	return certificates
}
