package jades

import (
	"fmt"

	"elmobridge/edci"
	"elmobridge/edci/jose"
	"elmobridge/edci/verification"
)

// document is a JWS taken apart.
type document struct {
	text       string // payload as it stands
	payload    []byte // what it stands for
	signatures []signature
	credential *verification.Credential // read when the first signature holds
	stamps     int                      // that were read
}

func (d *document) read(lim edci.Limits) *verification.Credential {
	if d.credential == nil {
		d.credential = verification.Read(d.payload, lim)
	}
	return d.credential
}

type signature struct {
	protected, signature string
	unprotected          edci.Object
	header               *jose.Header
	problem              error // why there is no header
}

// read takes a file apart.
func read(file []byte, lim edci.Limits) (*document, error) {
	v, err := edci.ParseJSON(file, lim)
	if err != nil {
		return nil, fmt.Errorf("%w: a JWS in JSON serialisation was expected: %w", ErrForm, err)
	}
	o, _ := v.(edci.Object)
	text, ok := member[string](o, "payload")
	if !ok {
		return nil, fmt.Errorf("%w: there is no payload", ErrForm)
	}
	doc := &document{text: text}
	if err := doc.split(o); err != nil {
		return nil, err
	}
	return doc, doc.decode()
}

// member is the member of an object, if it is of that kind.
func member[T any](o edci.Object, name string) (T, bool) {
	v, _ := o.Get(name)
	t, ok := v.(T)
	return t, ok
}

// split takes the signatures. RFC 7515, 7.2.1 and 7.2.2; other members are refused, as nobody signed them.
func (d *document) split(o edci.Object) error {
	list, general := member[edci.Array](o, "signatures")
	if !general {
		s, err := newSignature(o, "payload")
		d.signatures = append(d.signatures, s)
		return err
	}
	if len(o) != 2 || len(list) == 0 || len(list) > mostSignatures {
		return fmt.Errorf("%w: beside payload there must be signatures alone, 1 to %d", ErrForm, mostSignatures)
	}
	for i, e := range list {
		o, _ := e.(edci.Object)
		s, err := newSignature(o, "")
		if err != nil {
			return fmt.Errorf("signature %d: %w", i+1, err)
		}
		d.signatures = append(d.signatures, s)
	}
	return nil
}

// newSignature reads one signature; beside names one more member that may be there.
func newSignature(o edci.Object, beside string) (signature, error) {
	var s signature
	for _, m := range o {
		ok := m.Name == beside
		switch m.Name {
		case "protected":
			s.protected, ok = m.Value.(string)
		case "signature":
			s.signature, ok = m.Value.(string)
		case "header":
			s.unprotected, ok = m.Value.(edci.Object)
			ok = ok && onlyUnsigned(s.unprotected)
		}
		if !ok {
			return s, fmt.Errorf("%w: a signature has protected, signature, and header with etsiU alone", ErrForm)
		}
	}
	if s.protected == "" || s.signature == "" {
		return s, fmt.Errorf("%w: a signature needs a protected header and a value", ErrForm)
	}
	s.header, s.problem = jose.ReadHeader(s.protected, "sigT", "adoTst")
	return s, nil
}

// onlyUnsigned tells whether an unprotected header holds nothing that must be protected.
func onlyUnsigned(o edci.Object) bool {
	_, ok := o.Get("etsiU")
	return len(o) == 0 || len(o) == 1 && ok
}

// decode reads the payload. All signatures must take it in the same way. RFC 7797, 3.
func (d *document) decode() error {
	var plain, encoded bool
	for _, s := range d.signatures {
		if s.header != nil {
			plain, encoded = plain || s.header.Unencoded, encoded || !s.header.Unencoded
		}
	}
	if plain && encoded {
		return fmt.Errorf("%w: the signatures do not agree in b64", ErrForm)
	}
	d.payload = []byte(d.text)
	if !encoded {
		return nil
	}
	var err error
	if d.payload, err = jose.Decode(d.text); err != nil {
		return fmt.Errorf("%w: the payload: %w", ErrForm, err)
	}
	return nil
}
