package jose

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"
)

var (
	// ErrPath is returned for a certificate that does not lead to a root.
	ErrPath = errors.New("jose: the certificate does not lead to a given root")

	// ErrUsage is returned for a certificate that is not meant for what it was used for.
	ErrUsage = errors.New("jose: the certificate is not for this use")
)

// VerifyPath tells whether the first certificate leads to one of the roots at a time, over the others
// and those in extra. Whether one was revoked is not looked at. RFC 5280, 6.
func VerifyPath(chain, extra []*x509.Certificate, roots *x509.CertPool, at time.Time, usage x509.ExtKeyUsage) error {
	between := x509.NewCertPool()
	for _, c := range append(chain[1:len(chain):len(chain)], extra...) {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{usage},
	})
	if err != nil {
		return fmt.Errorf("%w: %s", ErrPath, pathProblem(err))
	}
	return nil
}

// Among tells whether a certificate is itself one of the roots.
func Among(c *x509.Certificate, roots *x509.CertPool) bool {
	if roots == nil {
		return false
	}
	with := roots.Clone()
	with.AddCert(c)
	return with.Equal(roots)
}

// pathProblem says what is wrong without the names in the certificates.
func pathProblem(err error) string {
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "a certificate is not valid at that time"
	case errors.As(err, &invalid):
		return "a certificate may not be used so"
	case errors.As(err, &unknown):
		return "it is signed by nobody known"
	}
	return "the chain cannot be followed"
}

// The purposes of certificates that sign documents, beside anyExtendedKeyUsage and emailProtection.
var (
	documentSigning          = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36} // RFC 9336, 3.1
	microsoftDocumentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 10, 3, 12}
)

// forDocuments tells whether the extended key usage allows signatures on documents; without any it does.
// RFC 5280, 4.2.1.12.
func forDocuments(c *x509.Certificate) bool {
	return len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 ||
		slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageEmailProtection) ||
		slices.ContainsFunc(c.UnknownExtKeyUsage, documentSigning.Equal) ||
		slices.ContainsFunc(c.UnknownExtKeyUsage, microsoftDocumentSigning.Equal)
}

// ForSignatures tells whether a certificate may be used for signatures on documents. Without key usage
// and extended key usage it may. RFC 5280, 4.2.1.3 and 4.2.1.12.
func ForSignatures(c *x509.Certificate) error {
	if c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return fmt.Errorf("%w: its key usage has neither digital signature nor content commitment", ErrUsage)
	}
	if !forDocuments(c) {
		return fmt.Errorf("%w: its extended key usage is for something else than documents", ErrUsage)
	}
	return nil
}

// Fits tells whether a signer has the key of a certificate that may sign at a time.
func Fits(signer crypto.Signer, c *x509.Certificate, at time.Time) error {
	key, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	switch {
	case !ok || !key.Equal(signer.Public()):
		return fmt.Errorf("%w: it is not that of the certificate", ErrKey)
	case at.Before(c.NotBefore), at.After(c.NotAfter):
		return fmt.Errorf("%w: it is valid from %s to %s", ErrUsage, c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339))
	}
	return ForSignatures(c)
}
