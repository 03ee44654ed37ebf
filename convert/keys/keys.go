// Package keys loads private keys with their certificates, for seals of credentials and signatures of
// ELMO documents alike: from PEM, DER and PKCS#12, and, in programs built with the tag pkcs11, from tokens.
//
//	PEM       PKCS#8, plain or encrypted (PBES2 with PBKDF2 and AES), PKCS#1, SEC 1; certificates
//	DER       the same keys, but encrypted ones, alone; their certificates come from a file
//	PKCS#12   one key with its certificates
//	PKCS#11   the key stays in the token; its certificates come from the token or from a file
//
// Keys are RSA or ECDSA. A file that others may read is refused. Passphrases come from a function, are
// overwritten after use, as far as libraries take them as bytes, and are in no error; nor is any key.
package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"software.sslmate.com/src/go-pkcs12"
)

var (
	// ErrPermissions is returned for files of private keys that others than their owner may read.
	ErrPermissions = errors.New("keys: others may read the private key; allow its owner alone (chmod 600)")

	// ErrPassphrase is returned when a key is encrypted and the passphrase is missing or wrong.
	ErrPassphrase = errors.New("keys: the passphrase is missing or wrong")

	// ErrKey is returned for files without a key that can be used, or without its certificate.
	ErrKey = errors.New("keys: no key that can be used")

	// ErrURI is returned for a PKCS#11 URI that does not name a key, or that says more than is read.
	ErrURI = errors.New("keys: the PKCS#11 URI cannot be used")
)

// Pair is a private key with its certificate and those above it, in order, as far as they are known.
type Pair struct {
	Signer crypto.Signer
	Chain  []*x509.Certificate

	close func() error
}

// Close leaves the token that holds the key, if one does.
func (p *Pair) Close() error {
	if p.close == nil {
		return nil
	}
	return p.close()
}

// Options say what else is needed to load a key.
type Options struct {
	Certificates string                 // file of the certificates (PEM); "": they are with the key
	Passphrase   func() ([]byte, error) // asked when the key is encrypted, and overwritten; nil: there is none
}

// Open loads the key that a file or a PKCS#11 URI names, see Load and ParseURI. The passphrase of a token is
// its PIN.
func Open(name string, opt Options) (*Pair, error) {
	if !IsURI(name) {
		return Load(name, opt)
	}
	token, err := ParseURI(name)
	if err != nil {
		return nil, err
	}
	token.PIN, token.Certificates = opt.Passphrase, opt.Certificates
	return OpenToken(*token)
}

// largestFile is more than any key or bundle of certificates needs.
const largestFile = 1 << 20

// Load loads a key from a file: PEM, DER or PKCS#12.
func Load(file string, opt Options) (*Pair, error) {
	data, err := read(file, true)
	if err != nil {
		return nil, err
	}
	defer clear(data)
	found := &bundle{passphrase: opt.Passphrase}
	switch {
	case isPEM(data):
		err = found.pem(data)
	case !found.der(data):
		err = found.pkcs12(data)
	}
	if err == nil && opt.Certificates != "" {
		found.certificates, err = Certificates(opt.Certificates)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	p, err := found.pair()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// Certificates reads the certificates in a PEM file, such as the roots to trust.
func Certificates(file string) ([]*x509.Certificate, error) {
	data, err := read(file, false)
	if err != nil {
		return nil, err
	}
	found := &bundle{}
	for _, b := range blocks(data) {
		if b.Type != "CERTIFICATE" {
			continue
		}
		if err := found.certificate(b); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	if len(found.certificates) == 0 {
		return nil, fmt.Errorf("%s: no certificates in PEM", file)
	}
	return found.certificates, nil
}

// read reads a file whole. What is no regular file is not opened: a pipe would wait for its writer.
func read(name string, private bool) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("keys: %s is no regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("keys: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("keys: %s is no regular file", name)
	case private && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0: // Windows has no such bits
		return nil, fmt.Errorf("%s: %w", name, ErrPermissions)
	}
	data, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	if len(data) > largestFile {
		return nil, fmt.Errorf("keys: %s is longer than %d bytes", name, largestFile)
	}
	return data, nil
}

func isPEM(data []byte) bool { return bytes.Contains(data, []byte("-----BEGIN ")) }

// blocks are the PEM blocks of a file.
func blocks(data []byte) (list []*pem.Block) {
	for {
		var b *pem.Block
		if b, data = pem.Decode(data); b == nil {
			return list
		}
		list = append(list, b)
	}
}

// bundle is what a file holds.
type bundle struct {
	passphrase   func() ([]byte, error)
	keys         []any
	certificates []*x509.Certificate
}

// readers read the blocks of a PEM file. Those not named here are passed over.
var readers = map[string]func(*bundle, *pem.Block) error{
	"CERTIFICATE":           (*bundle).certificate,
	"PRIVATE KEY":           func(f *bundle, b *pem.Block) error { return f.key(x509.ParsePKCS8PrivateKey(b.Bytes)) },
	"RSA PRIVATE KEY":       func(f *bundle, b *pem.Block) error { return f.key(x509.ParsePKCS1PrivateKey(b.Bytes)) },
	"EC PRIVATE KEY":        func(f *bundle, b *pem.Block) error { return f.key(x509.ParseECPrivateKey(b.Bytes)) },
	"ENCRYPTED PRIVATE KEY": (*bundle).encrypted,
}

func (f *bundle) pem(data []byte) error {
	for _, b := range blocks(data) {
		if b.Type != "CERTIFICATE" { // which refers to these bytes
			defer clear(b.Bytes)
		}
		if b.Headers["DEK-Info"] != "" {
			return fmt.Errorf("%w: it is encrypted in the old way, which is weak; convert it with openssl pkcs8 -topk8", ErrKey)
		}
		if read, ok := readers[b.Type]; ok {
			if err := read(f, b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *bundle) certificate(b *pem.Block) error {
	c, err := x509.ParseCertificate(b.Bytes)
	if err != nil {
		return fmt.Errorf("keys: certificate %d cannot be read", len(f.certificates)+1)
	}
	f.certificates = append(f.certificates, c)
	return nil
}

// key takes a key that was read; the error of the reader may show a part of it.
func (f *bundle) key(key any, err error) error {
	if err != nil {
		return fmt.Errorf("%w: it is damaged, or not of the kind it says", ErrKey)
	}
	f.keys = append(f.keys, key)
	return nil
}

func (f *bundle) encrypted(b *pem.Block) error {
	passphrase, err := f.ask()
	if err != nil {
		return err
	}
	defer clear(passphrase)
	der, err := decrypt(b.Bytes, passphrase)
	if err != nil {
		return err
	}
	defer clear(der)
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil { // the padding fitted by chance
		return ErrPassphrase
	}
	return f.key(key, nil)
}

// ask asks for the passphrase.
func (f *bundle) ask() ([]byte, error) {
	if f.passphrase == nil {
		return nil, ErrPassphrase
	}
	p, err := f.passphrase()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	return p, nil
}

// derReaders read a private key that stands alone.
var derReaders = []func([]byte) (any, error){
	x509.ParsePKCS8PrivateKey,
	func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
	func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) },
}

// der reads a key in DER, and tells whether it is one.
func (f *bundle) der(data []byte) bool {
	for _, read := range derReaders {
		if key, err := read(data); err == nil {
			f.keys = append(f.keys, key)
			return true
		}
	}
	return false
}

// pkcs12 reads a PKCS#12 file (RFC 7292). It asks for the passphrase when it is not the empty one. Its
// reader wants it as a string, which cannot be overwritten.
func (f *bundle) pkcs12(data []byte) error {
	err := f.decode(data, nil)
	if !errors.Is(err, ErrPassphrase) {
		return err
	}
	passphrase, err := f.ask()
	if err != nil {
		return err
	}
	defer clear(passphrase)
	return f.decode(data, passphrase)
}

func (f *bundle) decode(data, passphrase []byte) error {
	key, certificate, above, err := pkcs12.DecodeChain(data, string(passphrase))
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return ErrPassphrase
	case err != nil:
		return errForm
	}
	f.certificates = append([]*x509.Certificate{certificate}, above...)
	return f.key(key, nil)
}

var errForm = fmt.Errorf("%w: neither PEM nor PKCS#12 with one key and its certificate; an encrypted key in DER is read after openssl pkcs8 -inform DER -in FILE -topk8 -v2 aes-256-cbc -out key.pem", ErrKey)

// pair takes the one key and puts its certificates in order.
func (f *bundle) pair() (*Pair, error) {
	if len(f.keys) != 1 {
		return nil, fmt.Errorf("%w: there must be one private key, and there are %d", ErrKey, len(f.keys))
	}
	var signer crypto.Signer
	switch key := f.keys[0].(type) {
	case *rsa.PrivateKey:
		signer = key
	case *ecdsa.PrivateKey:
		signer = key
	default:
		return nil, fmt.Errorf("%w: it must be RSA or ECDSA", ErrKey)
	}
	return newPair(signer, f.certificates)
}

// newPair finds the certificate of a key among others, and follows it upwards.
func newPair(signer crypto.Signer, certificates []*x509.Certificate) (*Pair, error) {
	p := &Pair{Signer: signer}
	for _, c := range certificates {
		if key, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); ok && key.Equal(signer.Public()) {
			p.Chain = []*x509.Certificate{c}
			break
		}
	}
	if p.Chain == nil {
		return nil, fmt.Errorf("%w: none of the %d certificates is that of the key", ErrKey, len(certificates))
	}
	for c := p.Chain[0]; c != nil && len(p.Chain) <= len(certificates); {
		if c = above(c, certificates); c != nil {
			p.Chain = append(p.Chain, c)
		}
	}
	return p, nil
}

// above is the certificate of the issuer of another one; nil for none, and for a root.
func above(c *x509.Certificate, certificates []*x509.Certificate) *x509.Certificate {
	for _, up := range certificates {
		if !up.Equal(c) && bytes.Equal(up.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(up) == nil {
			return up
		}
	}
	return nil
}
