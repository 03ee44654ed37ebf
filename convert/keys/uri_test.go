package keys_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"elmobridge/convert/keys"
)

// TestURI: the attributes that name a key, with any percent-encoding and order.
func TestURI(t *testing.T) {
	for _, uri := range []string{
		"pkcs11:token=My%20seals;object=seal%3b1?module-path=/usr/lib/p11.so",
		"PKCS11:object=seal%3B1;type=private;token=My seals?module-path=%2Fusr%2Flib%2Fp11.so",
	} {
		token, err := keys.ParseURI(uri)
		if err != nil {
			t.Fatal(err)
		}
		if token.Label != "My seals" || token.Key != "seal;1" || token.Module != "/usr/lib/p11.so" {
			t.Errorf("%s: %+v", uri, token)
		}
	}
}

// TestURIOfP11tool: what p11tool --list-all prints, with a module.
func TestURIOfP11tool(t *testing.T) {
	token, err := keys.ParseURI("pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=0123456789abcdef;token=seals;id=%00%01;object=rsa;type=private?module-path=/usr/lib/p11.so")
	if err != nil {
		t.Fatal(err)
	}
	want := keys.Token{Module: "/usr/lib/p11.so", Label: "seals", Manufacturer: "SoftHSM project", Model: "SoftHSM v2", Serial: "0123456789abcdef", Key: "rsa", ID: "\x00\x01"}
	if !reflect.DeepEqual(*token, want) {
		t.Errorf("%+v", token)
	}
	for _, uri := range []string{"pkcs11:serial=1;id=%01?module-path=/x.so", "pkcs11:token=a;id=%01?module-path=/x.so", "pkcs11:serial=1;object=b?module-path=/x.so"} {
		if _, err := keys.ParseURI(uri); err != nil {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

// TestURIRefused: what does not name a key, and PINs, which the error does not repeat.
func TestURIRefused(t *testing.T) {
	for _, uri := range []string{
		"", "seal.pem", "pkcs11:",
		"pkcs11:token=a;object=b",                                                // no module
		"pkcs11:token=a?module-path=/x.so",                                       // no object
		"pkcs11:object=b?module-path=/x.so",                                      // no token
		"pkcs11:token=a;object=b?module-path=x.so",                               // searched for
		"pkcs11:token=a;token=c;object=b?module-path=/x.so",                      // twice
		"pkcs11:token=a;object=b;type=public?module-path=/x.so",                  // no private key
		"pkcs11:token=a;object=b;slot-id=1?module-path=/x.so",                    // not looked at
		"pkcs11:model=a;manufacturer=c;object=b?module-path=/x.so",               // no token
		"pkcs11:token=a;object=b;id=%01;id=%01?module-path=/x.so",                // twice
		"pkcs11:token=a;object=b;module-path=/x.so",                              // in the path
		"pkcs11:object=b?token=a&module-path=/x.so",                              // in the query
		"pkcs11:token=a;object=%zz?module-path=/x.so",                            // encoding
		"pkcs11:token=a;object=b%00?module-path=/x.so",                           // end of a C string
		"pkcs11:token=a;object=?module-path=/x.so",                               // empty
		"pkcs11:token=a;object=b?module-path=/x.so&pin-value=271828",             // a secret
		"pkcs11:token=a;object=b?pin-source=file:/271828&module-path=/x.so",      // where it is
		"pkcs11:token=a;object=b;pin-value=271828?module-path=/x.so",             // at the wrong place
		"pkcs11:token=a;object=b?module-path=/x.so&pin-value=271828%zz&271828=1", // not even decoded
	} {
		_, err := keys.ParseURI(uri)
		if !errors.Is(err, keys.ErrURI) {
			t.Errorf("%s: %v", uri, err)
		} else if strings.Contains(err.Error(), "271828") {
			t.Errorf("the error has the PIN: %v", err)
		}
		if _, err := keys.Open("pkcs11:"+strings.TrimPrefix(uri, "pkcs11:"), keys.Options{}); !errors.Is(err, keys.ErrURI) {
			t.Errorf("Open %s: %v", uri, err)
		}
	}
}

// FuzzURI: what is read names a key, a token and a module; all else is ErrURI.
func FuzzURI(f *testing.F) {
	f.Add("pkcs11:token=a%20b;object=c;type=private?module-path=/d.so")
	f.Add("pkcs11:token=a;object=b?module-path=/x.so&pin-value=1")
	f.Fuzz(func(t *testing.T, uri string) {
		token, err := keys.ParseURI(uri)
		if err != nil {
			if !errors.Is(err, keys.ErrURI) {
				t.Error(err)
			}
			return
		}
		if token.Label+token.Serial == "" || token.Key+token.ID == "" || token.Module == "" || strings.ContainsRune(token.Label+token.Serial+token.Manufacturer+token.Model+token.Key+token.Module, 0) {
			t.Errorf("%q: %+v", uri, token)
		}
	})
}
