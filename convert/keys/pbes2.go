package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"hash"
)

// The structures of an encrypted PKCS#8 key. RFC 5958, 3; RFC 8018, A.
type (
	encryptedKey struct {
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters struct{ Derivation, Encryption pkix.AlgorithmIdentifier }
		}
		Data []byte
	}
	derivation struct {
		Salt       []byte
		Iterations int
		Length     int                      `asn1:"optional"`
		PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
	}
)

var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
)

// prfs are the functions of PBKDF2. RFC 8018, B.1; without one it is HMAC with SHA-1.
var prfs = map[string]func() hash.Hash{
	"":                    sha1.New,
	"1.2.840.113549.2.7":  sha1.New,
	"1.2.840.113549.2.9":  sha256.New,
	"1.2.840.113549.2.10": sha512.New384,
	"1.2.840.113549.2.11": sha512.New,
}

// ciphers are the lengths of the keys of AES in CBC mode. RFC 3565.
var ciphers = map[string]int{
	"2.16.840.1.101.3.4.1.2": 16, "2.16.840.1.101.3.4.1.22": 24, "2.16.840.1.101.3.4.1.42": 32,
}

// mostIterations is a few seconds of work.
const mostIterations = 10_000_000

// decrypt decrypts a PKCS#8 key: PBES2 with PBKDF2 and AES-CBC, as openssl writes it.
func decrypt(der, passphrase []byte) ([]byte, error) {
	var k encryptedKey
	var d derivation
	var iv []byte
	p := &k.Algorithm.Parameters
	if !exactly(der, &k) || !k.Algorithm.ID.Equal(oidPBES2) || !p.Derivation.Algorithm.Equal(oidPBKDF2) ||
		!exactly(p.Derivation.Parameters.FullBytes, &d) || !exactly(p.Encryption.Parameters.FullBytes, &iv) {
		return nil, errUnsupported
	}
	prf, known := prfs[d.PRF.Algorithm.String()]
	length := ciphers[p.Encryption.Algorithm.String()]
	switch {
	case !known, length == 0, d.Length != 0 && d.Length != length, d.Iterations < 1, d.Iterations > mostIterations:
		return nil, errUnsupported
	case len(iv) != aes.BlockSize, len(k.Data) == 0, len(k.Data)%aes.BlockSize != 0:
		return nil, errUnsupported
	}
	key, err := pbkdf2.Key(prf, string(passphrase), d.Salt, d.Iterations, length)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	plain := make([]byte, len(k.Data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, k.Data)
	return unpad(plain)
}

var errUnsupported = fmt.Errorf("%w: it is damaged, or not encrypted with PBES2, PBKDF2 and AES-CBC; convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc", ErrKey)

// exactly reads one value and nothing after it.
func exactly(der []byte, to any) bool {
	rest, err := asn1.Unmarshal(der, to)
	return err == nil && len(rest) == 0
}

// unpad takes the padding away; a wrong one means a wrong passphrase. RFC 8018, 6.1.1.
func unpad(b []byte) ([]byte, error) {
	n := int(b[len(b)-1])
	if n < 1 || n > aes.BlockSize {
		return nil, ErrPassphrase
	}
	for _, x := range b[len(b)-n:] {
		if int(x) != n {
			return nil, ErrPassphrase
		}
	}
	return b[:len(b)-n], nil
}
