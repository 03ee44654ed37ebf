//go:build !pkcs11

package keys

import "errors"

// OpenToken is the one of programs built without the tag pkcs11: it says so.
func OpenToken(Token) (*Pair, error) {
	return nil, errors.New("keys: this program was built without PKCS#11; build it with: CGO_ENABLED=1 go build -tags pkcs11")
}
