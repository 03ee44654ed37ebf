package jades

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/subtle"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
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

// answer takes the token from a response.
func answer(response, digest []byte, nonce *big.Int) ([]byte, error) {
	if err := plainDER(response, 0); err != nil {
		return nil, err
	}
	t, err := timestamp.ParseResponse(response)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: the authority refuses, or its answer cannot be read", ErrTimestamp)
	case t.Nonce == nil || t.Nonce.Cmp(nonce) != 0:
		return nil, fmt.Errorf("%w: the answer is to another request", ErrTimestamp)
	case t.HashAlgorithm != crypto.SHA256 || subtle.ConstantTimeCompare(t.HashedMessage, digest) != 1:
		return nil, fmt.Errorf("%w: it is over something else", ErrTimestamp)
	}
	return t.RawToken, nil
}

// Limits of tokens. Those of Europass have 2.6 KiB.
const (
	longestToken = 128 << 10
	deepestDER   = 32
	mostTokens   = 4
)

// token is a time stamp whose signature holds. That its authority can be trusted is not said.
type token struct {
	time      time.Time
	authority *x509.Certificate
	others    []*x509.Certificate
}

// digests are those a time stamp may be made with: its imprint, and its own signature.
var digests = []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512}

// weak are digests no signature may be made with.
var weak = []asn1.ObjectIdentifier{pkcs7.OIDDigestAlgorithmSHA1, {1, 2, 840, 113549, 2, 5}}

// readToken reads a token and checks that it is over these bytes, and signed by the certificate in it,
// which is for time stamps alone. RFC 3161, 2.3 and 2.4.2.
func readToken(der, over []byte) (*token, error) {
	if len(der) > longestToken {
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrTimestamp, longestToken)
	}
	if err := plainDER(der, 0); err != nil {
		return nil, err
	}
	signed, err := pkcs7.Parse(der)
	if err != nil || signed.GetOnlySigner() == nil {
		return nil, fmt.Errorf("%w: it cannot be read, or does not hold the certificate of its one signer", ErrTimestamp)
	}
	algorithm := signed.Signers[0].DigestAlgorithm.Algorithm
	t, err := timestamp.Parse(der)
	if err != nil || slices.ContainsFunc(weak, algorithm.Equal) {
		return nil, fmt.Errorf("%w: its signature does not hold", ErrTimestamp)
	}
	if !slices.Contains(digests, t.HashAlgorithm) {
		return nil, fmt.Errorf("%w: its digest is too weak", ErrTimestamp)
	}
	h := t.HashAlgorithm.New()
	h.Write(over)
	if subtle.ConstantTimeCompare(h.Sum(nil), t.HashedMessage) != 1 {
		return nil, fmt.Errorf("%w: it is over something else", ErrTimestamp)
	}
	return &token{t.Time, signed.GetOnlySigner(), signed.Certificates}, nil
}

// trusted tells whether the authority leads to one of the roots at the time of the stamp.
func (t *token) trusted(roots *x509.CertPool) error {
	if !slices.Equal(t.authority.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}) {
		return fmt.Errorf("%w: it is not for time stamps alone", jose.ErrUsage)
	}
	return jose.VerifyPath([]*x509.Certificate{t.authority}, t.others, roots, t.time, x509.ExtKeyUsageTimeStamping)
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
func readTokens(container any, over []byte) ([]*token, error) {
	list, _ := edci.At(container, "/tstTokens")
	encoded, _ := list.(edci.Array)
	o, _ := container.(edci.Object)
	if len(o) != 1 || len(encoded) == 0 || len(encoded) > mostTokens {
		return nil, fmt.Errorf("%w: it is no list of 1 to %d tokens", ErrTimestamp, mostTokens)
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
