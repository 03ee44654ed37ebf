//go:build pkcs11

package keys

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/ThalesGroup/crypto11"
	"github.com/miekg/pkcs11"
)

// OpenToken finds a key in a token. Close the pair after use.
func OpenToken(t Token) (*Pair, error) {
	asked := bundle{passphrase: t.PIN}
	pin, err := asked.ask()
	if err != nil {
		return nil, err
	}
	defer clear(pin)
	slot, err := t.slot()
	if err != nil {
		return nil, err
	}
	ctx, err := crypto11.Configure(&crypto11.Config{Path: t.Module, SlotNumber: &slot, Pin: string(pin)})
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

// slot gives the one slot with a token that is as t says. Package crypto11 looks at labels or serial
// numbers, and takes the first.
func (t Token) slot() (int, error) {
	module := pkcs11.New(t.Module)
	if module == nil {
		return 0, errors.New("keys: the library of the token cannot be loaded")
	}
	defer module.Destroy()
	switch err := module.Initialize(); {
	case err == nil:
		defer module.Finalize()
	case !errors.Is(err, pkcs11.Error(pkcs11.CKR_CRYPTOKI_ALREADY_INITIALIZED)): // by a pair that is open
		return 0, fmt.Errorf("keys: opening the token: %w", err)
	}
	slots, err := module.GetSlotList(true)
	if err != nil {
		return 0, fmt.Errorf("keys: looking for the token: %w", err)
	}
	var found []int
	for _, slot := range slots {
		if info, err := module.GetTokenInfo(slot); err == nil && t.is(info) {
			found = append(found, int(slot))
		}
	}
	if len(found) != 1 {
		return 0, fmt.Errorf("keys: there must be one token of that name, manufacturer, model and serial number, and there are %d", len(found))
	}
	return found[0], nil
}

func (t Token) is(info pkcs11.TokenInfo) bool {
	for _, of := range [][2]string{
		{t.Label, info.Label}, {t.Manufacturer, info.ManufacturerID}, {t.Model, info.Model}, {t.Serial, info.SerialNumber},
	} {
		if of[0] != "" && of[0] != strings.TrimRight(of[1], " \x00") {
			return false
		}
	}
	return true
}

// bytesOf is s for a search, where nil means any.
func bytesOf(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

// find finds the key and its certificates.
func (t Token) find(ctx *crypto11.Context) (*Pair, error) {
	signer, err := ctx.FindKeyPair(bytesOf(t.ID), bytesOf(t.Key))
	if err != nil {
		return nil, fmt.Errorf("keys: looking for the key in the token: %w", err)
	}
	if signer == nil {
		return nil, fmt.Errorf("%w: the token has none of that label and id", ErrKey)
	}
	if t.Certificates != "" {
		certificates, err := Certificates(t.Certificates)
		if err != nil {
			return nil, err
		}
		return newPair(signer, certificates)
	}
	c, err := ctx.FindCertificate(bytesOf(t.ID), bytesOf(t.Key), nil)
	if err != nil || c == nil {
		return nil, fmt.Errorf("%w: the token has no certificate of that label and id; give a file", ErrKey)
	}
	return newPair(signer, []*x509.Certificate{c})
}
