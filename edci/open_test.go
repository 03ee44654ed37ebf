package edci_test

import (
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"elmobridge/edci"
)

// The smallest things that envelopes hold; nothing of them is verified here.
const (
	bareCredential = `{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],"id":"urn:credential:1","type":["VerifiableCredential","EuropeanDigitalCredential"]}`
	sealedOne      = `{"payload":"{}","signatures":[{"protected":"e30","signature":"AA"}]}`
	compactOne     = `eyJhbGciOiJub25lIn0.e30.AA`
)

// TestOpen: what is signed comes closed, with its place; envelopes that nobody signed are taken off.
func TestOpen(t *testing.T) {
	in := func(form, data, envelope, at string, encoded, sealed bool, around ...string) edci.Item {
		return edci.Item{Form: form, Data: []byte(data), Envelope: envelope, At: at, Encoded: encoded, Sealed: sealed, Around: around}
	}
	inherited := `{"@context":["c"],"type":["EuropeanDigitalCredential"]}`
	for name, c := range map[string]struct {
		file string
		want []edci.Item
	}{
		"bare":     {bareCredential, []edci.Item{in("credential", bareCredential, "credential", "", false, false)}},
		"proof":    {`{"type":["EuropeanDigitalCredential"],"proof":{}}`, []edci.Item{in("credential", `{"type":["EuropeanDigitalCredential"],"proof":{}}`, "credential", "", false, true)}},
		"sealed":   {" " + sealedOne + "\n", []edci.Item{in("jades", " "+sealedOne+"\n", "jades", "", false, true)}},
		"compact":  {compactOne + "\n", []edci.Item{in("jwt", compactOne, "jwt", "", false, true)}},
		"sd-jwt":   {compactOne + "~e30~", []edci.Item{in("sd-jwt", compactOne+"~e30~", "sd-jwt", "", false, true)}},
		"a string": {`"` + compactOne + `"`, []edci.Item{in("jwt", compactOne, "jwt", "", false, true)}},
		"base64": {`"` + base64.StdEncoding.EncodeToString([]byte(sealedOne)) + `"`,
			[]edci.Item{in("jades", sealedOne, "jades", "", true, true)}},
		"array": {`[` + sealedOne + `,"` + compactOne + `",` + bareCredential + `]`, []edci.Item{
			in("jades", sealedOne, "array", "/0", false, true), in("jwt", compactOne, "array", "/1", false, true),
			in("credential", bareCredential, "array", "/2", false, false)}},
		"upload": {`{"credential":` + sealedOne + `,"deliveryDetails":{}}`,
			[]edci.Item{in("jades", sealedOne, "upload", "/credential", false, true, "upload/deliveryDetails")}},
		"presentation": {`{"@context":["c"],"type":["VerifiablePresentation"],"holder":"h","verifiableCredential":[` + sealedOne + `,{"type":["EuropeanDigitalCredential"]}]}`,
			[]edci.Item{in("jades", sealedOne, "presentation", "/verifiableCredential/0", false, true, "presentation/holder"),
				in("credential", inherited, "presentation", "/verifiableCredential/1", false, false, "presentation/holder")}},
		"claims": {`{"vc":"` + compactOne + `"}`, []edci.Item{in("jwt", compactOne, "jwt", "/vc", false, true)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := edci.Open([]byte(c.file), edci.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOpenRefuses what Read refuses.
func TestOpenRefuses(t *testing.T) {
	for _, file := range []string{"", "{}", "[]", "7", `"x"`, sealedOne + sealedOne, `{"credential":7}`} {
		if items, err := edci.Open([]byte(file), edci.Limits{}); err == nil {
			t.Errorf("%s: %d items", file, len(items))
		}
	}
}

// FuzzOpen: what Read takes, Open takes; and an item that is not signed is one that Read takes.
func FuzzOpen(f *testing.F) {
	for _, s := range []string{bareCredential, sealedOne, compactOne, "[" + sealedOne + "]", `{"credential":` + bareCredential + `}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<14 {
			return
		}
		items, err := edci.Open(file, edci.Limits{})
		credentials, read := edci.Read(file, edci.ReadOptions{})
		if err != nil && read == nil {
			t.Fatalf("Read takes it: %v", err)
		}
		if read != nil {
			return
		}
		sealed, found := 0, 0
		for _, i := range items {
			if i.Sealed {
				sealed++
			}
			if i.Form == "credential" {
				if _, err := edci.Read(i.Data, edci.ReadOptions{}); err != nil {
					t.Errorf("an item of its own is not read: %v", err)
				}
			}
			found++
		}
		if found == 0 || len(credentials) == 0 {
			t.Error("nothing is in it")
		}
		for _, c := range credentials {
			if c.Source.Sealed && sealed == 0 {
				t.Error("a signature was passed over")
			}
		}
	})
}
