package jades

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"

	"elmobridge/edci"
	"elmobridge/edci/jose"
)

// Limits of the unprotected header. Those of Europass have four elements of up to 30 KiB.
const (
	mostUnsigned = 32
	mostValues   = 32
)

// unsigned is what the unprotected header says: nothing of it is believed for being there.
type unsigned struct {
	stamps       []*token
	certificates []*x509.Certificate // xVals: may stand between the seal and a root
	archived     bool                // there are values of the levels LT and LTA
}

// readUnsigned reads etsiU; the stamps must be over the signature in base64url. ETSI TS 119 182-1, 5.3.
func (d *document) readUnsigned(header edci.Object, signature string) (*unsigned, error) {
	u := &unsigned{}
	v, there := header.Get("etsiU")
	list, _ := v.(edci.Array)
	if there && (len(list) == 0 || len(list) > mostUnsigned) {
		return nil, fmt.Errorf("%w: etsiU is no list of 1 to %d elements", ErrForm, mostUnsigned)
	}
	for i, e := range list {
		o, err := component(e)
		if err == nil {
			err = d.add(u, o[0], signature)
		}
		if err != nil {
			return nil, fmt.Errorf("etsiU/%d: %w", i, err)
		}
	}
	return u, nil
}

// component is one element of etsiU: an object of one member, in base64url or as it is.
func component(v any) (edci.Object, error) {
	if s, encoded := v.(string); encoded {
		src, err := jose.Decode(s)
		if err != nil {
			return nil, err
		}
		if v, err = edci.ParseJSON(src, edci.Limits{}); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrForm, err)
		}
	}
	o, _ := v.(edci.Object)
	if len(o) != 1 {
		return nil, fmt.Errorf("%w: it is no object of one member", ErrForm)
	}
	return o, nil
}

func (d *document) add(u *unsigned, m edci.Member, signature string) error {
	switch m.Name {
	case "sigTst":
		stamps, err := d.readTokens(m.Value, []byte(signature))
		u.stamps = append(u.stamps, stamps...)
		return err
	case "xVals":
		u.archived = true
		return u.addCertificates(m.Value)
	}
	u.archived = true
	return nil
}

// addCertificates reads xVals. What cannot be read is left out: it vouches for nothing.
func (u *unsigned) addCertificates(v any) error {
	list, _ := v.(edci.Array)
	if len(list) > mostValues {
		return fmt.Errorf("%w: more than %d certificates", ErrForm, mostValues)
	}
	for _, e := range list {
		val, _ := edci.At(e, "/x509Cert/val")
		s, _ := val.(string)
		der, _ := base64.StdEncoding.DecodeString(s)
		if c, err := x509.ParseCertificate(der); err == nil && jose.CheckKey(c.PublicKey) == nil {
			u.certificates = append(u.certificates, c)
		}
	}
	return nil
}
