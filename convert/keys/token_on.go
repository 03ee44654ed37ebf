//go:build pkcs11

package keys

import (
	"crypto/x509"
	"fmt"

	"github.com/ThalesGroup/crypto11"
)

// OpenToken finds a key in a token. Close the pair after use.
func OpenToken(t Token) (*Pair, error) {
	asked := bundle{passphrase: t.PIN}
	pin, err := asked.ask()
	if err != nil {
		return nil, err
	}
	defer clear(pin)
	ctx, err := crypto11.Configure(&crypto11.Config{Path: t.Module, TokenLabel: t.Label, Pin: string(pin)})
	if err != nil {
		return nil, fmt.Errorf("keys: opening the token: %w", err)
	}
	p, err := t.find(ctx)
	if err != nil {
		ctx.Close()
		return nil, err
	}
	p.close = ctx.Close
	return p, nil
}

// find finds the key and its certificates.
func (t Token) find(ctx *crypto11.Context) (*Pair, error) {
	signer, err := ctx.FindKeyPair(nil, []byte(t.Key))
	if err != nil {
		return nil, fmt.Errorf("keys: looking for the key in the token: %w", err)
	}
	if signer == nil {
		return nil, fmt.Errorf("%w: the token has none of that label", ErrKey)
	}
	if t.Certificates != "" {
		certificates, err := Certificates(t.Certificates)
		if err != nil {
			return nil, err
		}
		return newPair(signer, certificates)
	}
	c, err := ctx.FindCertificate(nil, []byte(t.Key), nil)
	if err != nil || c == nil {
		return nil, fmt.Errorf("%w: the token has no certificate of that label; give a file", ErrKey)
	}
	return newPair(signer, []*x509.Certificate{c})
}
