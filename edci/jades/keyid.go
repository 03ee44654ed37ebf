package jades

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
)

// issuerSerial names a certificate by its issuer and serial number. RFC 5035, 3.
type issuerSerial struct {
	Issuer []asn1.RawValue // GeneralNames, of which one directoryName
	Serial *big.Int
}

// directoryName is the choice of GeneralName. RFC 5280, 4.2.1.6.
const directoryName = 4

// keyID is the kid of a certificate: its IssuerSerial in base64. ETSI TS 119 182-1, 5.1.4.
func keyID(c *x509.Certificate) (string, error) {
	name := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: directoryName, IsCompound: true, Bytes: c.RawIssuer}
	der, err := asn1.Marshal(issuerSerial{[]asn1.RawValue{name}, c.SerialNumber})
	if err != nil {
		return "", fmt.Errorf("jades: issuer and serial number of the certificate: %w", err)
	}
	return base64.StdEncoding.EncodeToString(der), nil
}

// readKeyID reads a kid; false when it is something else than an IssuerSerial.
func readKeyID(kid string) (id issuerSerial, ok bool) {
	der, err := base64.StdEncoding.DecodeString(kid)
	if err != nil {
		return id, false
	}
	rest, err := asn1.Unmarshal(der, &id)
	return id, err == nil && len(rest) == 0 && id.Serial != nil
}

// names tells whether the identifier is that of a certificate.
func (id issuerSerial) names(c *x509.Certificate) bool {
	return id.Serial.Cmp(c.SerialNumber) == 0 && len(id.Issuer) == 1 &&
		id.Issuer[0].Tag == directoryName && bytes.Equal(id.Issuer[0].Bytes, c.RawIssuer)
}
