package api

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/demo"
	"elmobridge/api/rest"
	"elmobridge/convert"
	"elmobridge/convert/keys"
	"elmobridge/edci"
	"elmobridge/edci/jose/josetest"
	"elmobridge/elmo/xmldsig"
)

// registry is an organisation that no source names.
const registry = "Registry of results"

// sealer is one with a key of its own, and the authority that seals lead to.
func sealer(t testing.TB) (*rest.Sealer, *josetest.Authority) {
	t.Helper()
	root := josetest.NewAuthority(t, "Root")
	subject := josetest.Organisation
	subject.Organization = []string{registry}
	seal := root.Issue(t, josetest.RSA(), x509.Certificate{Subject: subject, KeyUsage: x509.KeyUsageContentCommitment})
	s, err := rest.NewSealer(&keys.Pair{Signer: seal.Key, Chain: []*x509.Certificate{seal.Certificate}}, nil, convert.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return s, root
}

// TestSealNotInDemo: what is made up is not sealed.
func TestSealNotInDemo(t *testing.T) {
	seal, _ := sealer(t)
	if _, err := New(Config{Seal: seal, Demo: true}); err == nil {
		t.Error("the demo has a seal")
	}
}

// TestSealDelivers: results of a source of the configuration are sealed with the organisation of the seal as issuer,
// which who trusts its root alone accepts.
func TestSealDelivers(t *testing.T) {
	seal, root := sealer(t)
	service := made(t, Config{Seal: seal, Sources: map[string]evidence.Provider{"fjordheim": {Source: demo.Source{}}}, Consent: []string{"text"},
		Clients: []rest.Client{{Name: "portal", Tokens: [][sha256.Size]byte{sha256.Sum256([]byte("token"))}, Sources: []string{"fjordheim"}}}})
	ask := func(path, session, accept string, body any) *httptest.ResponseRecorder {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(data)))
		for name, value := range map[string]string{"Content-Type": "application/json", "Authorization": "Bearer token", "Accept": accept, "Elmobridge-Session": session} {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		return w
	}
	member := func(name string, w *httptest.ResponseRecorder) string {
		var answer map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return fmt.Sprint(answer[name])
	}
	l := demo.Learners()[0]
	session := member("session", ask("/v1/evidence", "", "", map[string]any{"source": "fjordheim", "learner": map[string]any{
		"identifiers": l.Identifiers, "givenNames": l.GivenNames, "familyName": l.FamilyName, "dateOfBirth": l.DateOfBirth}}))
	code := member("code", ask("/v1/evidence/consent", session, "", map[string]any{"results": []string{evidence.Everything}, "format": "edc", "text": "text"}))
	w := ask("/v1/evidence/delivery", "", "application/vc+jwt", map[string]any{"code": code})
	v, err := convert.Verify(w.Body.Bytes(), convert.Trust{Keys: []xmldsig.Key{{Certificate: root.Certificate}}})
	if err != nil {
		t.Fatalf("%d %v %.300s", w.Code, err, w.Body)
	}
	in, err := v.Read()
	if err != nil {
		t.Fatal(err)
	}
	if issuer, ok := in.Credentials[0].Issuer.(*edci.Organisation); !ok || issuer.LegalName[0].Text != registry {
		t.Errorf("the issuer is not that of the seal: %+v", issuer)
	}
}
