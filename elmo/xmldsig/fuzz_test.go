package xmldsig_test

import (
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/xmldsig"
)

// FuzzVerify changes signed documents: bytes from a place on are cut and others put in. Nothing makes
// Verify panic, and what it takes has the content that was signed.
func FuzzVerify(f *testing.F) {
	type signed struct{ data, content string }
	var documents []signed
	for _, exclusive := range []bool{false, true} {
		for _, data := range []string{small, hard} {
			data = sign(f, data, p256(), elmo.SignOptions{SignOptions: xmldsig.SignOptions{Exclusive: exclusive}})
			documents = append(documents, signed{data, contentOf(f, verified(f, data))})
		}
	}
	opt := trusting(p256())
	for n := range documents {
		f.Add(uint(n), uint(200), uint(3), "<!-- -->")
	}
	for _, a := range []string{"<Object/>", `xmlns:a="b"`, "&#13;", "<![CDATA[", `Id="a"`, "\r\n"} {
		f.Add(uint(0), uint(900), uint(0), a)
	}
	f.Fuzz(func(t *testing.T, n, at, cut uint, put string) {
		d := documents[n%uint(len(documents))]
		at %= uint(len(d.data))
		cut = min(cut, uint(len(d.data))-at)
		data := []byte(d.data[:at] + put + d.data[at+cut:])
		// By the embedded certificate anybody may have signed, so only panics count.
		_, _ = elmo.Verify(data, elmo.VerifyOptions{Options: xmldsig.Options{Embedded: true}})
		_, _ = elmo.VerifySupplements(data, opt)
		v, err := elmo.Verify(data, opt)
		if err != nil {
			return
		}
		if _, err := v.Read(); err != nil {
			return
		}
		if got := contentOf(t, v); got != d.content {
			t.Errorf("%q verifies, and reads as\n%s", data, got)
		}
	})
}

// FuzzSign: whatever document is signed verifies afterwards, and only the signature was put in.
func FuzzSign(f *testing.F) {
	f.Add(small, false)
	f.Add(hard, true)
	f.Add(withSupplements(2), false)
	f.Fuzz(func(t *testing.T, data string, exclusive bool) {
		opt := elmo.SignOptions{SignOptions: xmldsig.SignOptions{Exclusive: exclusive}}
		out, err := elmo.Sign([]byte(data), p256().Signer, p256().chain(), opt)
		if err != nil {
			return
		}
		if _, err := elmo.Verify(out, trusting(p256())); err != nil {
			t.Errorf("%v\n%q", err, out)
		}
		if i := len(out) - len(data); i < 1000 {
			t.Errorf("%d bytes more", i)
		}
	})
}
