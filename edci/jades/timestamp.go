package jades

import (
	"context"
	"crypto"
	"crypto/rand"
	_ "crypto/sha1" // of ESSCertID
	"crypto/subtle"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"elmobridge/edci"
	"elmobridge/edci/jose"
)

// Timestamper gets a time stamp: the token (RFC 3161, 2.4.2, DER) over a SHA-256 digest.
type Timestamper interface {
	Timestamp(ctx context.Context, digest []byte) (token []byte, err error)
}

// Exchange sends a request (DER, application/timestamp-query) to a time-stamping authority and returns
// its response (DER, application/timestamp-reply). RFC 3161, 3.4.
type Exchange func(ctx context.Context, request []byte) (response []byte, err error)

// NewTimestamper asks an authority. It takes only answers to its own question: with the same nonce and
// digest, signed, with the certificate of the authority.
func NewTimestamper(ask Exchange) Timestamper { return asker{ask} }

type asker struct{ exchange Exchange }

// Timestamp implements Timestamper.
func (a asker) Timestamp(ctx context.Context, digest []byte) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("jades: %w", err)
	}
	request := timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: digest, Certificates: true, Nonce: nonce}
	der, err := request.Marshal()
	if err != nil {
		return nil, fmt.Errorf("jades: the request for a time stamp: %w", err)
	}
	response, err := a.exchange(ctx, der)
	if err != nil {
		return nil, fmt.Errorf("jades: asking for a time stamp: %w", err)
	}
	return answer(response, digest, nonce)
}

// response is a TimeStampResp: its first status, and the token. RFC 3161, 2.4.2.
type response struct {
	Info  struct{ Status int }
	Token asn1.RawValue `asn1:"optional"`
}

// granted are the statuses with a token: granted, grantedWithMods. RFC 3161, 2.4.2.
var granted = []int{0, 1}

// answer takes the token from a response.
func answer(der, digest []byte, nonce *big.Int) ([]byte, error) {
	if err := plainDER(der, 0); err != nil {
		return nil, err
	}
	var r response
	rest, err := asn1.Unmarshal(der, &r)
	if err != nil || len(rest) > 0 || !slices.Contains(granted, r.Info.Status) {
		return nil, fmt.Errorf("%w: the authority refuses, or its answer cannot be read", ErrTimestamp)
	}
	s, err := openStamp(r.Token.FullBytes)
	switch {
	case err != nil:
		return nil, err
	case s.info.Nonce == nil || s.info.Nonce.Cmp(nonce) != 0:
		return nil, fmt.Errorf("%w: the answer is to another request", ErrTimestamp)
	case s.hash != crypto.SHA256 || subtle.ConstantTimeCompare(s.info.Imprint.Digest, digest) != 1:
		return nil, fmt.Errorf("%w: it is over something else", ErrTimestamp)
	}
	return r.Token.FullBytes, s.verify()
}

// Limits of tokens. Those of Europass have 2.6 KiB.
const (
	longestToken = 128 << 10
	deepestDER   = 32
	mostTokens   = 4  // in one container
	mostStamps   = 16 // in one file
)

// digests are those a time stamp may be made with: its imprint, and its own signature.
var digests = []struct {
	id   asn1.ObjectIdentifier
	hash crypto.Hash
}{
	{pkcs7.OIDDigestAlgorithmSHA256, crypto.SHA256},
	{pkcs7.OIDDigestAlgorithmSHA384, crypto.SHA384},
	{pkcs7.OIDDigestAlgorithmSHA512, crypto.SHA512},
}

// digestOf is the hash of an identifier, 0 when it is not allowed.
func digestOf(id asn1.ObjectIdentifier) crypto.Hash {
	for _, d := range digests {
		if d.id.Equal(id) {
			return d.hash
		}
	}
	return 0
}

// signatureAlgorithms are those of tokens: RSA with the digest of the signer, and those that name theirs.
var signatureAlgorithms = []asn1.ObjectIdentifier{
	pkcs7.OIDEncryptionAlgorithmRSA,
	pkcs7.OIDEncryptionAlgorithmRSASHA256, pkcs7.OIDEncryptionAlgorithmRSASHA384, pkcs7.OIDEncryptionAlgorithmRSASHA512,
	pkcs7.OIDDigestAlgorithmECDSASHA256, pkcs7.OIDDigestAlgorithmECDSASHA384, pkcs7.OIDDigestAlgorithmECDSASHA512,
}

// contentTSTInfo is id-ct-TSTInfo. RFC 3161, 2.4.2.
var contentTSTInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}

// tstInfo is what an authority signs. RFC 3161, 2.4.2.
type tstInfo struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	Serial   *big.Int
	Time     time.Time `asn1:"generalized"`
	Accuracy struct {
		Seconds int `asn1:"optional"`
		Millis  int `asn1:"optional,tag:0"`
		Micros  int `asn1:"optional,tag:1"`
	} `asn1:"optional"`
	Ordering bool     `asn1:"optional"`
	Nonce    *big.Int `asn1:"optional"`
}

// contentInfo is the outside of a token, as far as the type of what is signed. RFC 5652, 3 and 5.1.
type contentInfo struct {
	Type       asn1.ObjectIdentifier
	SignedData struct {
		Version int
		Digests asn1.RawValue
		Content struct{ Type asn1.ObjectIdentifier }
	} `asn1:"explicit,tag:0"`
}

// stamp is a token taken apart, whose signature is not verified yet.
type stamp struct {
	signed    *pkcs7.PKCS7
	authority *x509.Certificate
	info      tstInfo
	hash      crypto.Hash // of the imprint
}

// openStamp takes a token apart: a TSTInfo, with one signer and its certificate. RFC 3161, 2.4.2.
func openStamp(der []byte) (*stamp, error) {
	if len(der) > longestToken {
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrTimestamp, longestToken)
	}
	if err := plainDER(der, 0); err != nil {
		return nil, err
	}
	var outside contentInfo
	if _, err := asn1.Unmarshal(der, &outside); err != nil || !outside.SignedData.Content.Type.Equal(contentTSTInfo) {
		return nil, fmt.Errorf("%w: it is not signed data with the content of a time stamp", ErrTimestamp)
	}
	signed, err := pkcs7.Parse(der)
	if err != nil || signed.GetOnlySigner() == nil {
		return nil, fmt.Errorf("%w: it cannot be read, or does not hold the certificate of its one signer", ErrTimestamp)
	}
	s := &stamp{signed: signed, authority: signed.GetOnlySigner()}
	if rest, err := asn1.Unmarshal(signed.Content, &s.info); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("%w: its content cannot be read", ErrTimestamp)
	}
	if s.hash = digestOf(s.info.Imprint.Algorithm.Algorithm); s.hash == 0 {
		return nil, fmt.Errorf("%w: its digest is too weak", ErrTimestamp)
	}
	return s, nil
}

// verify verifies the signature of a token, after all that is cheaper.
func (s *stamp) verify() error {
	if err := jose.CheckKey(s.authority.PublicKey); err != nil {
		return fmt.Errorf("%w: %w", ErrTimestamp, err)
	}
	signer := s.signed.Signers[0]
	if digestOf(signer.DigestAlgorithm.Algorithm) == 0 || !slices.ContainsFunc(signatureAlgorithms, signer.DigestEncryptionAlgorithm.Algorithm.Equal) {
		return fmt.Errorf("%w: it is signed with a weak or unknown algorithm", ErrTimestamp)
	}
	var content asn1.ObjectIdentifier
	if err := s.signed.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &content); err != nil || !content.Equal(contentTSTInfo) {
		return fmt.Errorf("%w: the type of its content is not signed", ErrTimestamp)
	}
	if !s.namesAuthority() {
		return fmt.Errorf("%w: it does not name the certificate it is signed with", ErrTimestamp)
	}
	if s.signed.Verify() != nil {
		return fmt.Errorf("%w: its signature does not hold", ErrTimestamp)
	}
	return nil
}

// The signed attributes that name the certificate of the signer. RFC 5035, 3 and 4.
var (
	signingCertificate   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	signingCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

// namesAuthority tells whether the signed attributes name the certificate of the signer: ESSCertIDv2, or
// ESSCertID, whose digest is SHA-1. RFC 3161, 2.4.2; RFC 5816, 2.2.1.
func (s *stamp) namesAuthority() bool {
	var v2 struct {
		List []struct {
			Algorithm pkix.AlgorithmIdentifier `asn1:"optional"` // SHA-256 when it is not there
			Digest    []byte
		}
	}
	if s.signed.UnmarshalSignedAttribute(signingCertificateV2, &v2) == nil && len(v2.List) > 0 {
		first := v2.List[0]
		hash := crypto.SHA256
		if id := first.Algorithm.Algorithm; id != nil {
			hash = digestOf(id)
		}
		return hash != 0 && s.isAuthority(hash, first.Digest)
	}
	var v1 struct{ List []struct{ Digest []byte } }
	err := s.signed.UnmarshalSignedAttribute(signingCertificate, &v1)
	return err == nil && len(v1.List) > 0 && s.isAuthority(crypto.SHA1, v1.List[0].Digest)
}

func (s *stamp) isAuthority(hash crypto.Hash, digest []byte) bool {
	h := hash.New()
	h.Write(s.authority.Raw)
	return subtle.ConstantTimeCompare(h.Sum(nil), digest) == 1
}

// token is a time stamp whose signature holds. That its authority can be trusted is not said.
type token struct {
	time      time.Time
	authority *x509.Certificate
	others    []*x509.Certificate
}

// readToken reads a token and checks that it is over these bytes, and signed by the certificate in it.
func readToken(der, over []byte) (*token, error) {
	s, err := openStamp(der)
	if err != nil {
		return nil, err
	}
	h := s.hash.New()
	h.Write(over)
	if subtle.ConstantTimeCompare(h.Sum(nil), s.info.Imprint.Digest) != 1 {
		return nil, fmt.Errorf("%w: it is over something else", ErrTimestamp)
	}
	if err := s.verify(); err != nil {
		return nil, err
	}
	return &token{s.info.Time, s.authority, usable(s.signed.Certificates)}, nil
}

// usable leaves out certificates with keys that nothing is verified with.
func usable(list []*x509.Certificate) []*x509.Certificate {
	return slices.DeleteFunc(slices.Clone(list), func(c *x509.Certificate) bool { return jose.CheckKey(c.PublicKey) != nil })
}

// purpose tells whether the authority is for time stamps alone. RFC 3161, 2.3.
func (t *token) purpose() error {
	if !slices.Equal(t.authority.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}) {
		return fmt.Errorf("%w: its authority is not for time stamps alone", jose.ErrUsage)
	}
	return nil
}

// trusted tells whether the authority leads to one of the roots, at the time of the stamp and still: with
// the key of a certificate that has expired anybody may stamp by now. RFC 3161, 4.
func (t *token) trusted(roots *x509.CertPool, now time.Time) error {
	if err := t.purpose(); err != nil {
		return err
	}
	leads := func(at time.Time) error {
		return jose.VerifyPath([]*x509.Certificate{t.authority}, t.others, roots, at, x509.ExtKeyUsageTimeStamping)
	}
	if err := leads(t.time); err != nil {
		return fmt.Errorf("its authority does not lead to a given root: %w", err)
	}
	if now.After(t.time) && leads(now) != nil {
		return errors.New("its authority has expired; only an archive time stamp proves it")
	}
	return nil
}

// plainDER refuses what the readers of tokens must not see: lengths that are not definite or not there,
// and structures nested too deep. ITU-T X.690, 10.1.
func plainDER(der []byte, depth int) error {
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil || depth > deepestDER {
			return fmt.Errorf("%w: it is not in DER, or nested too deep", ErrTimestamp)
		}
		if v.IsCompound {
			if err := plainDER(v.Bytes, depth+1); err != nil {
				return err
			}
		}
		der = rest
	}
	return nil
}

// tokens is the tstContainer of one token. ETSI TS 119 182-1, 5.4.3.3.
func tokens(der []byte) edci.Object {
	val := edci.Object{{Name: "val", Value: base64.StdEncoding.EncodeToString(der)}}
	return edci.Object{{Name: "tstTokens", Value: edci.Array{val}}}
}

// readTokens reads the tokens of a tstContainer. Members that change what is stamped, or how it is
// encoded, are refused.
func (d *document) readTokens(container any, over []byte) ([]*token, error) {
	list, _ := edci.At(container, "/tstTokens")
	encoded, _ := list.(edci.Array)
	o, _ := container.(edci.Object)
	if len(o) != 1 || len(encoded) == 0 || len(encoded) > mostTokens {
		return nil, fmt.Errorf("%w: it is no list of 1 to %d tokens", ErrTimestamp, mostTokens)
	}
	if d.stamps += len(encoded); d.stamps > mostStamps {
		return nil, fmt.Errorf("%w: the file has more than %d", ErrTimestamp, mostStamps)
	}
	var read []*token
	for _, e := range encoded {
		o, _ := e.(edci.Object)
		v, _ := o.Get("val")
		s, _ := v.(string)
		der, err := base64.StdEncoding.Strict().DecodeString(s)
		if err != nil || len(o) != 1 {
			return nil, fmt.Errorf("%w: a token is not in base64, or in another encoding than DER", ErrTimestamp)
		}
		t, err := readToken(der, over)
		if err != nil {
			return nil, err
		}
		read = append(read, t)
	}
	return read, nil
}
