package keys

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// scheme begins PKCS#11 URIs. RFC 3986, 3.1: in either case.
const scheme = "pkcs11:"

// IsURI tells whether a name of a key is a PKCS#11 URI, and not that of a file.
func IsURI(name string) bool {
	return len(name) >= len(scheme) && strings.EqualFold(name[:len(scheme)], scheme)
}

// attribute is one of a PKCS#11 URI. RFC 7512, 2.3.
type attribute struct {
	query bool // after the question mark
	take  func(t *Token, value string) error
}

var attributes = map[string]attribute{
	"token":        {false, func(t *Token, v string) error { return once(&t.Label, v) }},
	"manufacturer": {false, func(t *Token, v string) error { return once(&t.Manufacturer, v) }},
	"model":        {false, func(t *Token, v string) error { return once(&t.Model, v) }},
	"serial":       {false, func(t *Token, v string) error { return once(&t.Serial, v) }},
	"object":       {false, func(t *Token, v string) error { return once(&t.Key, v) }},
	"id":           {false, func(t *Token, v string) error { return once(&t.ID, v) }},
	"type":         {false, private},
	"module-path":  {true, func(t *Token, v string) error { return once(&t.Module, v) }},
	"pin-value":    {true, noPIN},
	"pin-source":   {true, noPIN},
}

// ParseURI reads a PKCS#11 URI (RFC 7512) that names a key and the library of its token:
//
//	pkcs11:token=LABEL;object=LABEL?module-path=/usr/lib/softhsm/libsofthsm2.so
//
// In the place of token, or with it, serial, manufacturer and model may name the token, and id the key, as
// p11tool writes them; type=private may be there. Anything else is refused, a PIN above all: lists of
// processes and histories of shells show it. The error is ErrURI and holds no value of the URI.
func ParseURI(uri string) (*Token, error) {
	if !IsURI(uri) {
		return nil, fmt.Errorf("%w: it must begin with %s", ErrURI, scheme)
	}
	path, query, _ := strings.Cut(uri[len(scheme):], "?")
	t := &Token{}
	if err := t.take(path, ";", false); err != nil {
		return nil, err
	}
	if err := t.take(query, "&", true); err != nil {
		return nil, err
	}
	switch {
	case t.Label == "" && t.Serial == "", t.Key == "" && t.ID == "", t.Module == "":
		return nil, fmt.Errorf("%w: it needs token or serial, object or id, and module-path, as in pkcs11:token=LABEL;object=LABEL?module-path=/PATH", ErrURI)
	case !filepath.IsAbs(t.Module):
		return nil, fmt.Errorf("%w: module-path must be a whole path", ErrURI)
	}
	return t, nil
}

// take reads the attributes of the path or the query.
func (t *Token) take(text, separator string, query bool) error {
	for _, pair := range strings.Split(text, separator) {
		if pair == "" {
			continue
		}
		name, encoded, _ := strings.Cut(pair, "=")
		a, known := attributes[name]
		if !known || a.query != query {
			return fmt.Errorf("%w: it may have token, serial, manufacturer, model, object, id and type=private, and after the question mark module-path", ErrURI)
		}
		value, err := url.PathUnescape(encoded)
		if err != nil || value == "" || name != "id" && strings.ContainsRune(value, 0) { // an id is bytes
			return fmt.Errorf("%w: %s is empty or not encoded as it must be", ErrURI, name)
		}
		if err := a.take(t, value); err != nil {
			return fmt.Errorf("%w: %s %w", ErrURI, name, err)
		}
	}
	return nil
}

// once sets a value that may stand there once. RFC 7512, 2.3.
func once(to *string, value string) error {
	if *to != "" {
		return errors.New("is there twice")
	}
	*to = value
	return nil
}

func private(_ *Token, value string) error {
	if value != "private" {
		return errors.New("must be private")
	}
	return nil
}

func noPIN(*Token, string) error {
	return errors.New("is refused: others could see it; give the PIN as the passphrase")
}
