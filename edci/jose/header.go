package jose

import (
	"crypto"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"elmobridge/edci"
)

// Limits of headers. Those of Europass have 2 to 14 KiB, with a time stamp and its certificates.
const (
	longestHeader    = 256 << 10
	deepestHeader    = 8
	mostCertificates = 10
)

// Header is a protected header.
type Header struct {
	Algorithm  Algorithm
	Type       string              // typ
	KeyID      string              // kid
	Unencoded  bool                // b64 is false: the payload is signed as it stands. RFC 7797
	Chain      []*x509.Certificate // x5c: that of the signer first; nobody has vouched for them
	Thumbprint bool                // x5t#S256 is there, and is that of the first certificate

	Members edci.Object // all of them
}

// registered are the members of RFC 7515, 4.1, which must not be in crit.
var registered = []string{"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"}

// ReadHeader reads a protected header in base64url. It refuses members that stand there twice, algorithms
// that are not allowed, members in crit but b64 and those that the caller understands, b64 that is not
// in crit, an x5t#S256 that is not the digest of the first certificate, and certificates with keys that CheckKey
// refuses. The error is ErrForm, and there is no header then.
// RFC 7515, 4; RFC 7797, 6.
func ReadHeader(protected string, understood ...string) (*Header, error) {
	if len(protected) > longestHeader {
		return nil, fmt.Errorf("%w: the header is longer than %d bytes", ErrForm, longestHeader)
	}
	src, err := Decode(protected)
	if err != nil {
		return nil, err
	}
	v, err := edci.ParseJSON(src, edci.Limits{Depth: deepestHeader})
	if err != nil {
		return nil, fmt.Errorf("%w: the header: %w", ErrForm, err)
	}
	members, ok := v.(edci.Object)
	if !ok {
		return nil, fmt.Errorf("%w: the header is no JSON object", ErrForm)
	}
	h := &Header{Members: members}
	for _, read := range []func() error{h.texts, h.algorithm, h.certificates, h.thumbprint} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	if err := h.critical(append(understood, "b64")); err != nil {
		return nil, err
	}
	return h, nil
}

// texts reads the members that are text. Media types are the same in any case. RFC 7515, 4.1.9.
func (h *Header) texts() error {
	for _, m := range []struct {
		name string
		to   *string
	}{{"alg", (*string)(&h.Algorithm)}, {"typ", &h.Type}, {"kid", &h.KeyID}} {
		v, there := h.Members.Get(m.name)
		s, ok := v.(string)
		if there && !ok {
			return fmt.Errorf("%w: %s is no text", ErrForm, m.name)
		}
		*m.to = s
	}
	h.Type = strings.TrimPrefix(strings.ToLower(h.Type), "application/")
	return nil
}

func (h *Header) algorithm() error {
	if _, ok := algorithms[h.Algorithm]; !ok {
		return fmt.Errorf("%w: alg is missing or not one of RS256 to RS512, PS256 to PS512, ES256 to ES512", ErrForm)
	}
	return nil
}

// certificates reads x5c: base64 of DER, not base64url. RFC 7515, 4.1.6.
func (h *Header) certificates() error {
	v, there := h.Members.Get("x5c")
	if !there {
		return nil
	}
	list, _ := v.(edci.Array)
	if len(list) == 0 || len(list) > mostCertificates {
		return fmt.Errorf("%w: x5c is no list of 1 to %d certificates", ErrForm, mostCertificates)
	}
	for i, e := range list {
		s, _ := e.(string)
		der, err := base64.StdEncoding.Strict().DecodeString(s)
		if err != nil || strings.ContainsAny(s, "\r\n") {
			return fmt.Errorf("%w: x5c/%d is not in base64", ErrForm, i)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("%w: x5c/%d is no certificate that can be read", ErrForm, i)
		}
		if err := CheckKey(c.PublicKey); err != nil {
			return fmt.Errorf("%w: x5c/%d: %w", ErrForm, i, err)
		}
		h.Chain = append(h.Chain, c)
	}
	return nil
}

// thumbprint compares x5t#S256 with the first certificate. RFC 7515, 4.1.8.
func (h *Header) thumbprint() error {
	v, there := h.Members.Get("x5t#S256")
	if !there || len(h.Chain) == 0 {
		return nil
	}
	s, _ := v.(string)
	given, err := Decode(s)
	digest := sha256.Sum256(h.Chain[0].Raw)
	if err != nil || subtle.ConstantTimeCompare(given, digest[:]) != 1 {
		return fmt.Errorf("%w: x5t#S256 is not the digest of the first certificate in x5c", ErrForm)
	}
	h.Thumbprint = true
	return nil
}

// critical checks crit and b64. RFC 7515, 4.1.11; RFC 7797, 6.
func (h *Header) critical(understood []string) error {
	names, err := h.names()
	if err != nil {
		return err
	}
	for i, name := range names {
		_, there := h.Members.Get(name)
		switch {
		case slices.Contains(registered, name), !slices.Contains(understood, name):
			return fmt.Errorf("%w: crit/%d names a member that is not understood", ErrForm, i)
		case !there, slices.Contains(names[:i], name):
			return fmt.Errorf("%w: crit/%d names a member that is not there, or names it twice", ErrForm, i)
		}
	}
	b64, there := h.Members.Get("b64")
	encoded, ok := b64.(bool)
	if there && (!ok || !slices.Contains(names, "b64")) {
		return fmt.Errorf("%w: b64 is neither true nor false, or is not in crit", ErrForm)
	}
	h.Unencoded = there && !encoded
	return nil
}

// names are those in crit.
func (h *Header) names() ([]string, error) {
	v, there := h.Members.Get("crit")
	if !there {
		return nil, nil
	}
	list, _ := v.(edci.Array)
	names := make([]string, len(list))
	for i, e := range list {
		names[i], _ = e.(string)
	}
	if len(names) == 0 || slices.Contains(names, "") {
		return nil, fmt.Errorf("%w: crit is no list of names", ErrForm)
	}
	return names, nil
}

// Certificates writes certificates as x5c wants them.
func Certificates(chain []*x509.Certificate) edci.Array {
	list := edci.Array{}
	for _, c := range chain {
		list = append(list, base64.StdEncoding.EncodeToString(c.Raw))
	}
	return list
}

// Thumbprint is the value of x5t#S256.
func Thumbprint(c *x509.Certificate) string {
	digest := sha256.Sum256(c.Raw)
	return Encode(digest[:])
}

// Compact is a compact JWS taken apart: nothing is verified yet. RFC 7515, 7.1.
type Compact struct {
	Protected string // base64url
	Payload   []byte
	Input     []byte // what is signed
	Signature []byte
}

// ReadCompact takes a compact JWS apart.
func ReadCompact(s string) (*Compact, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || strings.HasPrefix(s, ".") {
		return nil, fmt.Errorf("%w: a compact JWS has three parts", ErrForm)
	}
	c := &Compact{Protected: parts[0], Input: []byte(parts[0] + "." + parts[1])}
	var err error
	if c.Payload, err = Decode(parts[1]); err != nil {
		return nil, err
	}
	c.Signature, err = Decode(parts[2])
	return c, err
}

// SignCompact makes a compact JWS. The header must name the algorithm.
func SignCompact(alg Algorithm, key crypto.Signer, header edci.Object, payload []byte) (string, error) {
	input := Encode(edci.AppendValue(nil, header)) + "." + Encode(payload)
	signature, err := Sign(alg, key, []byte(input))
	if err != nil {
		return "", err
	}
	return input + "." + Encode(signature), nil
}

// lastSecond is the end of the year 9999, the last that xsd:dateTime in four digits can say.
const lastSecond = 253402300799

// NumericDate reads seconds since 1970, in UTC. Fractions are cut off. RFC 7519, 2.
func NumericDate(v any) (time.Time, error) {
	n, _ := v.(json.Number)
	f, err := n.Float64()
	if err != nil || f < 0 || f > lastSecond {
		return time.Time{}, fmt.Errorf("%w: it is no time in seconds", ErrForm)
	}
	return time.Unix(int64(math.Floor(f)), 0).UTC(), nil
}
