package xmldsig_test

import (
	"errors"
	"fmt"
	"log"
	"strings"

	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
)

// A provider signs; a client verifies with the certificate that the registry has for the provider, and
// reads what it verified.
func Example() {
	provider := p256() // a crypto.Signer with its certificate
	signed, err := elmo.Sign([]byte(small), provider, provider.chain(), elmo.SignOptions{})
	if err != nil {
		log.Fatal(err)
	}
	keys, err := xmldsig.ParseKeys(certificatePEM(provider.certificate))
	if err != nil {
		log.Fatal(err)
	}
	opt := elmo.VerifyOptions{Options: xmldsig.Options{Keys: keys, SHA1: xmldsig.Refuse}}
	v, err := elmo.Verify(signed, opt)
	if err != nil {
		log.Fatal(err)
	}
	doc, err := v.Read()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.Signature.Authenticated, v.Signature.KeyType, doc.Reports[0].Issuer.URL)

	changed := strings.Replace(string(signed), "example.org", "example.net", 1)
	_, err = elmo.Verify([]byte(changed), opt)
	var why *xmldsig.Error
	if errors.As(err, &why) {
		fmt.Println(why.Reason)
	}
	// Output:
	// true P-256 https://example.org
	// digest
}
