package edci

// Item is what one signature in a file covers, or a credential that has none.
type Item struct {
	// Form is "jades" (a JWS in JSON serialisation), "jwt", "sd-jwt", or "credential": not signed but
	// for a proof inside.
	Form string
	Data []byte // the item as a file of its own

	// The place in the file, and what is around, as Source has it.
	Envelope string
	At       string
	Encoded  bool
	Around   []string
	Sealed   bool
}

// Open takes off the envelopes that nobody signed, the same ones as Read: arrays, presentations, upload
// files, claim sets, base64. What is signed is not opened. It serves those who verify each signature over
// the bytes it covers.
//
// The errors are those of Read, as far as the envelopes go: whether there is a credential in what is
// signed is not looked at.
func Open(src []byte, lim Limits) ([]Item, error) {
	u := opener{lim: lim.withDefaults(), closed: true}
	if err := u.open(src); err != nil {
		return nil, err
	}
	items := make([]Item, len(u.found))
	for i, f := range u.found {
		items[i] = f.item(src)
	}
	return items, nil
}

func (f found) item(src []byte) Item {
	i := Item{Form: f.closed, Envelope: f.envelope, At: f.at, Encoded: f.encoded, Around: f.around, Sealed: f.sealed}
	if f.closed == "" {
		i.Form = "credential"
	}
	switch v := f.value.(type) {
	case string: // compact
		i.Data = []byte(v)
		return i
	case Object:
		if f.closed == "" && f.context != nil && !has(v, "@context") {
			f.value = append(Object{{"@context", f.context}}, v...)
		}
	}
	if i.Data = src; i.At != "" || i.Encoded {
		i.Data = AppendValue(nil, f.value)
	}
	return i
}

// close keeps what is signed as it is.
func (u *opener) close(v any, form string, p place) error {
	p = p.in(form, true)
	u.keep(v, p)
	u.found[len(u.found)-1].closed = form
	return nil
}
