package rest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/demo"
	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/state"
	"elmobridge/convert"
)

// Tokens of the clients of the tests.
const (
	portalToken = "portal-token"
	nextToken   = "portal-token-2"
	otherToken  = "other-token"
)

// withEvidence is a configuration with the demo as a source, and a client for it.
func withEvidence(t testing.TB) (Config, *state.Store) {
	t.Helper()
	key := make([]byte, state.KeySize)
	_, _ = rand.Read(key)
	store, err := state.New(state.NewMemory(64<<20), key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	c := usual()
	c.Evidence, err = evidence.New(evidence.Config{Store: store, Sources: map[string]evidence.Provider{"demo": {Source: demo.Source{}, Assurance: evidence.Substantial}},
		Texts: []string{"text-1"}, Options: convert.Options{Display: convert.DisplayMinimal}, Gate: limit.NewGate(2, time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	c.Clients = []Client{
		{Name: "portal", Tokens: [][32]byte{sha256.Sum256([]byte(portalToken)), sha256.Sum256([]byte(nextToken))}, Sources: []string{"demo"}, Assurance: evidence.Substantial},
		{Name: "other", Tokens: [][32]byte{sha256.Sum256([]byte(otherToken))}, Sources: []string{"demo"}, Assurance: evidence.Low},
		{Name: "idle", Tokens: [][32]byte{sha256.Sum256([]byte("idle"))}},
	}
	return c, store
}

// step is a request of a client.
type step struct{ method, path, token, session, accept, body string }

func (s step) ask(h http.Handler) *httptest.ResponseRecorder {
	r := httptest.NewRequest(s.method, s.path, strings.NewReader(s.body))
	if s.body != "" {
		r.Header.Set("Content-Type", typeJSON)
	}
	for name, value := range map[string]string{"Authorization": s.token, "Elmobridge-Session": s.session, "Accept": s.accept} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// member is a member of an answer that must be well.
func (s step) member(t testing.TB, h http.Handler, name string) string {
	t.Helper()
	w := s.ask(h)
	var members map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &members); err != nil || w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%s %s: %d %s", s.method, s.path, w.Code, w.Body)
	}
	conforms(t, s.method, s.path, w)
	return fmt.Sprint(members[name])
}

const bearer = "Bearer " + portalToken

// beginFor is the request for the results of a learner of the demo.
func beginFor(l demo.Learner) step {
	body, _ := json.Marshal(beginning{"demo", person{Identifiers: l.Identifiers, GivenNames: l.GivenNames, FamilyName: l.FamilyName, DateOfBirth: l.DateOfBirth}})
	return step{method: http.MethodPost, path: "/v1/evidence", token: bearer, body: string(body)}
}

func consentTo(session, format string, keys ...string) step {
	body, _ := json.Marshal(consenting{keys, convert.Format(format), "text-1"})
	return step{method: http.MethodPost, path: "/v1/evidence/consent", token: bearer, session: session, body: string(body)}
}

func delivery(code, accept string) step {
	return step{method: http.MethodPost, path: "/v1/evidence/delivery", token: bearer, accept: accept, body: `{"code":"` + code + `"}`}
}

// TestEvidence: from the learner to the document as it came, and to a credential, once.
func TestEvidence(t *testing.T) {
	c, _ := withEvidence(t)
	h := mounted(c)
	l := demo.Learners()[0]
	source, err := demo.Source{}.Results(context.Background(), l.Learner)
	if err != nil {
		t.Fatal(err)
	}
	session := beginFor(l).member(t, h, "session")
	overview := step{method: http.MethodGet, path: "/v1/evidence", token: "bearer " + nextToken, session: session}
	if got := overview.member(t, h, "reports"); !strings.Contains(got, "Tides and currents") {
		t.Error(got)
	}
	code := consentTo(session, "elmo", evidence.Everything).member(t, h, "code")
	refused(t, "media type", delivery(code, "image/png").ask(h), problem.Unacceptable)
	refused(t, "the report alone", delivery(code, typeReport).ask(h), problem.Unacceptable)
	if w := delivery(code, "").ask(h); w.Code != http.StatusOK || w.Header().Get("Content-Type") != typeXML || !bytes.Equal(w.Body.Bytes(), source) || w.Header().Get(intactHeader) != "?1" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Content-Type"))
	}
	refused(t, "twice", delivery(code, "").ask(h), problem.CodeOver)

	session = beginFor(l).member(t, h, "session")
	code = consentTo(session, "edc", "report[1]/learningOpportunitySpecification[1]/hasPart[1]/learningOpportunitySpecification").member(t, h, "code")
	w := delivery(code, typeWrapped).ask(h)
	conforms(t, http.MethodPost, "/v1/evidence/delivery", w)
	var wrap wrapped
	if err := json.Unmarshal(w.Body.Bytes(), &wrap); err != nil || wrap.MediaType != typeJSONLD || !strings.Contains(w.Body.String(), "Introduction to fjords") ||
		strings.Contains(w.Body.String(), "Tides") || w.Header().Get(lossesHeader) == "" || w.Header().Get(intactHeader) != "" {
		t.Errorf("%v %d %.300s", err, w.Code, w.Body)
	}
	session = beginFor(l).member(t, h, "session")
	cancel := step{method: http.MethodDelete, path: "/v1/evidence", token: bearer, session: session}
	if cancel.member(t, h, "cancelled") != "true" {
		t.Error("not cancelled")
	}
	overview.session = session
	refused(t, "cancelled", overview.ask(h), problem.SessionOver)
}

// TestEvidenceRefused: every problem that a client can cause, as it is described.
func TestEvidenceRefused(t *testing.T) {
	c, _ := withEvidence(t)
	h := mounted(c)
	kari := demo.Learners()[0]
	begin := beginFor(kari)
	session := begin.member(t, h, "session")
	as := func(s step, token string) step { s.token = token; return s }
	with := func(s step, body string) step { s.body = body; return s }
	none := beginFor(demo.Learners()[6])
	stranger := begin
	stranger.body = strings.Replace(begin.body, "NO-DEMO", "NO-OMED", 1)
	overview := step{method: http.MethodGet, path: "/v1/evidence", token: bearer, session: session}
	for what, c := range map[string]struct {
		step
		want *problem.Type
	}{
		"no token":        {as(begin, ""), problem.Unauthenticated},
		"another scheme":  {as(begin, "Basic "+portalToken), problem.Unauthenticated},
		"no such token":   {as(begin, "Bearer "+portalToken+"x"), problem.Unauthenticated},
		"empty token":     {as(begin, "Bearer "), problem.Unauthenticated},
		"two tokens":      {as(begin, bearer+" "+otherToken), problem.Unauthenticated},
		"token first":     {as(step{method: http.MethodGet, path: "/v1/evidence?x=y"}, "x"), problem.Unauthenticated},
		"no source":       {as(begin, "Bearer idle"), problem.Forbidden},
		"other source":    {with(begin, strings.Replace(begin.body, `"demo"`, `"sis"`, 1)), problem.Forbidden},
		"low":             {as(begin, "Bearer "+otherToken), problem.LowAssurance},
		"empty":           {with(begin, "{}"), problem.BadRequest},
		"not JSON":        {with(begin, "{"), problem.BadRequest},
		"two bodies":      {with(begin, begin.body+begin.body), problem.BadRequest},
		"member":          {with(begin, strings.Replace(begin.body, "{", `{"x":1,`, 1)), problem.BadRequest},
		"case":            {with(begin, strings.Replace(begin.body, "source", "Source", 1)), problem.BadRequest},
		"member twice":    {with(begin, strings.Replace(begin.body, `"dateOfBirth"`, `"familyName":"X","dateOfBirth"`, 1)), problem.BadRequest},
		"null":            {with(begin, "null"), problem.BadRequest},
		"day":             {with(begin, strings.Replace(begin.body, `h":"2001-05-17`, `h":"2001-02-30`, 1)), problem.BadRequest},
		"no results":      {none, problem.NoLearnerResults},
		"unknown":         {stranger, problem.UnknownLearner},
		"another birth":   {with(begin, strings.Replace(begin.body, `"dateOfBirth":"2001-05-17"`, `"dateOfBirth":"2001-05-18"`, 1)), problem.OtherLearner},
		"large":           {with(begin, begin.body+strings.Repeat(" ", jsonLimit)), problem.TooLarge},
		"no session":      {step{method: http.MethodGet, path: "/v1/evidence", token: bearer}, problem.BadRequest},
		"other session":   {step{method: http.MethodGet, path: "/v1/evidence", token: bearer, session: "x"}, problem.SessionOver},
		"other's session": {as(overview, "Bearer "+otherToken), problem.SessionOver},
		"in the address":  {step{method: http.MethodGet, path: "/v1/evidence?session=" + session, token: bearer}, problem.BadRequest},
		"accept":          {step{method: http.MethodGet, path: "/v1/evidence", token: bearer, session: session, accept: typeXML}, problem.Unacceptable},
		"no key":          {consentTo(session, "elmo"), problem.BadRequest},
		"other key":       {consentTo(session, "elmo", "report[9]"), problem.BadRequest},
		"format":          {consentTo(session, "pdf", evidence.Everything), problem.BadRequest},
		"text":            {with(consentTo(session, "elmo"), `{"results":["elmo"],"format":"elmo","text":"text-2"}`), problem.BadRequest},
		"other code":      {delivery("x", ""), problem.CodeOver},
		"cancel":          {step{method: http.MethodDelete, path: "/v1/evidence", token: bearer, session: "x"}, problem.SessionOver},
	} {
		w := c.ask(h)
		refused(t, what, w, c.want)
		conforms(t, c.method, c.path, w)
		if c.want == problem.Unauthenticated && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", what)
		}
		for _, secret := range []string{kari.FamilyName, "DEMO", session, portalToken} {
			if strings.Contains(w.Body.String(), secret) {
				t.Errorf("%s: %q is in %s", what, secret, w.Body)
			}
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/v1/evidence", strings.NewReader(begin.body))
	r.Header.Set("Authorization", bearer)
	r.Header.Set("Content-Type", typeXML)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	refused(t, "XML", w, problem.MediaTypes)
	consentTo(session, "elmo", evidence.Everything).member(t, h, "code")
	refused(t, "second consent", consentTo(session, "elmo", evidence.Everything).ask(h), problem.Conflict)
	refused(t, "overview after consent", overview.ask(h), problem.Conflict)
}

// TestEvidenceOnce: of 50 requests with one code one is answered.
func TestEvidenceOnce(t *testing.T) {
	c, store := withEvidence(t)
	h := mounted(c)
	session := beginFor(demo.Learners()[4]).member(t, h, "session")
	code := consentTo(session, "edc", evidence.Everything).member(t, h, "code")
	var all sync.WaitGroup
	statuses := make(chan int, 50)
	for range 50 {
		all.Go(func() { statuses <- delivery(code, "").ask(h).Code })
	}
	all.Wait()
	close(statuses)
	count := map[int]int{}
	for s := range statuses {
		count[s]++
	}
	if count[http.StatusOK] != 1 || count[http.StatusGone] != 49 {
		t.Errorf("%v", count)
	}
	delivered := 0
	err := store.Events(context.Background(), func(line []byte) error {
		if bytes.Contains(line, []byte(`"event":"delivered"`)) && bytes.Contains(line, []byte(`"outcome":"ok"`)) && bytes.Contains(line, []byte(`"client":"portal"`)) {
			delivered++
		}
		return nil
	})
	if err != nil || delivered != 1 {
		t.Errorf("%d deliveries in the audit log, %v", delivered, err)
	}
}

// TestEvidenceNotMounted: without clients, or without sources, there are no such paths.
func TestEvidenceNotMounted(t *testing.T) {
	c, _ := withEvidence(t)
	for _, c := range []Config{{Bounds: c.Bounds, Evidence: c.Evidence}, {Bounds: c.Bounds, Clients: c.Clients}} {
		h := mounted(c)
		if w := beginFor(demo.Learners()[0]).ask(h); w.Code != http.StatusNotFound {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		w := step{method: http.MethodGet, path: "/v1/openapi.yaml"}.ask(h)
		if strings.Contains(w.Body.String(), "/v1/evidence:") {
			t.Error("described, but not there")
		}
	}
}

// FuzzEvidence: whatever a client sends, the answer is well or a problem of the client.
func FuzzEvidence(f *testing.F) {
	f.Add("/v1/evidence", "", beginFor(demo.Learners()[0]).body)
	f.Add("/v1/evidence/consent", "x", `{"results":["elmo"],"format":"elmo","text":"text-1"}`)
	f.Add("/v1/evidence/delivery", "", `{"code":"x"}`)
	f.Add("/v1/evidence", "", `{"source":"demo","learner":{"identifiers":[null]}}`)
	f.Add("/v1/evidence", "", strings.Repeat("[", 100_000))
	c, _ := withEvidence(f)
	h := mounted(c)
	f.Fuzz(func(t *testing.T, path, session, body string) {
		path = map[string]string{"/v1/evidence/consent": path, "/v1/evidence/delivery": path}[path]
		if path == "" {
			path = "/v1/evidence"
		}
		w := step{method: http.MethodPost, path: path, token: bearer, session: session, body: body}.ask(h)
		if w.Code != http.StatusOK && (w.Code < 400 || w.Code > 499) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		var made begun
		if json.Unmarshal(w.Body.Bytes(), &made) == nil && made.Session != "" {
			step{method: http.MethodDelete, path: "/v1/evidence", token: bearer, session: string(made.Session)}.member(t, h, "cancelled")
		}
	})
}
