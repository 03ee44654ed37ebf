package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/evidence/demo"
	"elmobridge/api/state"
	"elmobridge/api/web"
	"elmobridge/convert"
	"elmobridge/elmo"

	"github.com/go-chi/chi/v5"
)

// withJourneys adds the institutions of the demo to a configuration; edit changes that of the use case.
func withJourneys(t testing.TB, c web.Config, edit ...func(*evidence.Config)) web.Config {
	t.Helper()
	e := evidence.Config{Store: c.State, Sources: map[string]evidence.Provider{"demo": {Source: demo.Source{}}}, Texts: []string{"demo"}, Gate: c.Gate}
	for _, f := range edit {
		f(&e)
	}
	service, err := evidence.New(e)
	if err != nil {
		t.Fatal(err)
	}
	c.Evidence = service
	for _, i := range demo.Institutions() {
		var persons web.Persons
		for _, l := range i.Learners {
			persons = append(persons, web.Person{Learner: l.Learner, Country: l.Country, Key: l.Key})
		}
		c.Journeys = append(c.Journeys, web.Journey{Name: i.Name, Country: i.Country, Titles: i.Titles, Source: "demo", Consent: "demo", Login: persons})
	}
	return c
}

// logIn logs a visitor in as a person of an institution.
func (v *visitor) logIn(institution, person string) page {
	v.t.Helper()
	return v.post("/sources/"+institution, url.Values{"person": {person}})
}

// everything is the form of who chooses all, and agree that of who consents to the first choice.
var (
	everything = url.Values{"scope": {"all"}}
	agree      = url.Values{"choice": {"1"}, "consent": {"demo"}, "format": {"elmo"}}
)

// results are the bytes that the source of the demo has.
func results(t testing.TB, institution, person int) []byte {
	t.Helper()
	data, err := demo.Source{}.Results(context.Background(), demo.Institutions()[institution].Learners[person].Learner)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// at fails when the page is another one.
func (p page) at(t testing.TB, path string) page {
	t.Helper()
	if p.Request.URL.Path != path || p.Request.URL.RawQuery != "" {
		t.Errorf("at %s, want %s: %s %.3000s", p.Request.URL, path, p.Status, p.text)
	}
	return p
}

// TestJourney: a learner chooses an institution, logs in, sees everything, consents, and gets what the source gave, byte for
// byte; with the transcript, the credential and the report beside it.
func TestJourney(t *testing.T) {
	v := visit(t, withJourneys(t, configuration(t)))
	v.get("/").want(t, http.StatusOK, `href="/sources"`, "Try as a learner")
	v.get("/sources").want(t, http.StatusOK, `href="/sources/paradeisos"`, "University of Fjordheim", "Norway")
	v.get("/sources/fjordheim").want(t, http.StatusOK, "This is a demo", "Kari Fjordheim-Eksempel", "No results")
	p := v.logIn("fjordheim", "0").at(t, "/journeys/1")
	p.want(t, http.StatusOK, "Kari Fjordheim-Eksempel", "17 May 2001", "Introduction to fjords", "7.5", `value="report[1]/learningOpportunitySpecification[1]/hasPart[2]/learningOpportunitySpecification"`, "EMREX transcript")
	v.post("/journeys/1", everything).at(t, "/journeys/1/preview").want(t, http.StatusOK, "Bachelor in Fjord Studies", "EMREX transcript", "I agree that")
	v.post("/journeys/1/consent", agree).at(t, "/results/2").want(t, http.StatusOK, "have been handed over", "byte for byte", "University of Fjordheim", "Bachelor in Fjord Studies")
	if got := v.get("/results/2/files/results.xml"); got.text != string(results(t, 0, 0)) {
		t.Errorf("%d bytes, want %d", len(got.text), len(results(t, 0, 0)))
	}
	v.get("/results/2/files/credential.jsonld").want(t, http.StatusOK, "VerifiableCredential")
	v.get("/").want(t, http.StatusOK, `href="/results/2"`)
}

// titles are those of the results in a document, in English, with the parts below their whole.
func titles(t testing.TB, data string) []string {
	t.Helper()
	doc, err := elmo.Read([]byte(data), elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	var walk func(*elmo.LearningOpportunitySpecification)
	walk = func(los *elmo.LearningOpportunitySpecification) {
		for _, title := range los.Titles {
			if title.Lang == "en" {
				list = append(list, title.Value)
			}
		}
		for _, p := range los.HasParts {
			walk(p.Specification)
		}
	}
	for _, r := range doc.Reports {
		for _, los := range r.LearningOpportunitySpecifications {
			walk(los)
		}
	}
	return list
}

// TestPart: what is chosen is previewed and handed over, with its parts, and nothing else.
func TestPart(t *testing.T) {
	const degree = "report[1]/learningOpportunitySpecification[1]"
	const moduleA, moduleB = degree + "/hasPart[1]/learningOpportunitySpecification", degree + "/hasPart[2]/learningOpportunitySpecification"
	for name, c := range map[string]struct {
		institution, person string
		keys                []string
		want, without       []string
	}{
		"a module with its parts": {"paradeisos", "0", []string{moduleA}, []string{"Module A: foundations", "Mechanics", "Waves"}, []string{"Imaginary Physics", "laboratories"}},
		"a part twice": {"paradeisos", "0", []string{moduleA + "/hasPart[1]/learningOpportunitySpecification", moduleA, moduleB},
			[]string{"Module A: foundations", "Mechanics", "Waves", "Module B: laboratories"}, []string{"Imaginary Physics"}},
		"a single course": {"paradeisos", "0", []string{moduleA + "/hasPart[2]/learningOpportunitySpecification"}, []string{"Waves"}, []string{"Module A", "Mechanics"}},
		"a report":        {"wzorowice", "1", []string{"report[2]"}, []string{"Compilers", "Norwegian for beginners"}, []string{"Algorithms", "Formal languages"}},
	} {
		v := visit(t, withJourneys(t, configuration(t)))
		v.logIn(c.institution, c.person)
		p := v.post("/journeys/1", url.Values{"scope": {"some"}, "result": c.keys}).at(t, "/journeys/1/preview")
		p.want(t, http.StatusOK, c.want...)
		for _, text := range c.without {
			if strings.Contains(p.text, text) {
				t.Errorf("%s: %q is in the preview", name, text)
			}
		}
		v.post("/journeys/1/consent", agree).at(t, "/results/2").want(t, http.StatusOK, "as a document of its own")
		if got := titles(t, v.get("/results/2/files/results.xml").text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q is handed over, want %q", name, got, c.want)
		}
	}
}

// TestCredential: of two reports come two credentials, made of what was chosen.
func TestCredential(t *testing.T) {
	v := visit(t, withJourneys(t, configuration(t)))
	v.logIn("wzorowice", "1")
	v.post("/journeys/1", everything)
	form := url.Values{"choice": {"1"}, "consent": {"demo"}, "format": {"edc"}}
	v.post("/journeys/1/consent", form).at(t, "/results/2").want(t, http.StatusOK, "Credentials made from what you chose", "to the European Learning Model 3.2")
	doc, err := elmo.Read(results(t, 1, 1), elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	list, report, err := convert.ToEDC(doc, convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range list {
		if got := v.get(fmt.Sprintf("/results/2/files/credential-%d.jsonld", i+1)); got.text != string(convert.AppendEDC(nil, c, convert.Options{})) {
			t.Errorf("credential %d is another: %.200s", i+1, got.text)
		}
	}
	var told convert.Report
	if err := json.Unmarshal([]byte(v.get("/results/2/files/report.json").text), &told); err != nil || len(told.Losses) != len(report.Losses) {
		t.Errorf("%d losses, want %d: %v", len(told.Losses), len(report.Losses), err)
	}
}

// signed is the document of a learner with a signature, which is not valid.
func signed(data []byte) []byte {
	return bytes.Replace(data, []byte("</elmo>"), []byte(`<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature></elmo>`), 1)
}

// TestSigned: the learner is told that only everything keeps the signature, and the report tells that a part has lost it.
func TestSigned(t *testing.T) {
	data := signed(results(t, 0, 0))
	v := visit(t, withJourneys(t, configuration(t), from(source(func() ([]byte, error) { return data, nil }))))
	v.logIn("fjordheim", "0").want(t, http.StatusOK, "with its signature and all files")
	v.post("/journeys/1", url.Values{"scope": {"some"}, "result": {"report[1]"}}).want(t, http.StatusOK, "goes without it")
	v.post("/journeys/1/consent", agree).at(t, "/results/2").want(t, http.StatusOK, "Not signed")
	v.get("/results/2/files/report.json").want(t, http.StatusOK, "the signature covers all that the source gave")
}

// source is a source with one answer.
type source func() ([]byte, error)

func (s source) Results(context.Context, evidence.Learner) ([]byte, error) { return s() }

// from takes another source in the place of the demo.
func from(s evidence.Source) func(*evidence.Config) {
	return func(c *evidence.Config) { c.Sources = map[string]evidence.Provider{"demo": {Source: s}} }
}

// TestNoSession: why there are no results is said in words of its own, without an error of the source, and leads back.
func TestNoSession(t *testing.T) {
	other := results(t, 1, 0)
	for name, c := range map[string]struct {
		answer source
		status int
		want   string
	}{
		"none":        {func() ([]byte, error) { return nil, evidence.ErrNoResults }, 422, "The institution has no results for you"},
		"unknown":     {func() ([]byte, error) { return nil, evidence.ErrUnknownLearner }, 422, "The institution does not know you"},
		"unavailable": {func() ([]byte, error) { return nil, fmt.Errorf("secret address: %w", evidence.ErrUnavailable) }, 503, "The institution does not answer now"},
		"failing":     {func() ([]byte, error) { return nil, errors.New("secret address") }, 503, "The institution does not answer now"},
		"damaged":     {func() ([]byte, error) { return []byte("<secret address"), nil }, 502, "What the institution gave cannot be read"},
		"other":       {func() ([]byte, error) { return other, nil }, 422, "The results belong to somebody else"},
	} {
		v := visit(t, withJourneys(t, configuration(t), from(c.answer)))
		p := v.logIn("fjordheim", "0")
		p.want(t, c.status, c.want, `href="/sources"`)
		for _, text := range []string{"secret address", "Kari", "Zofia"} {
			if strings.Contains(p.text, text) {
				t.Errorf("%s: the page has %q", name, text)
			}
		}
		v.get("/journeys/1").want(t, http.StatusGone, "Your session is over")
	}
	high := withJourneys(t, configuration(t), func(c *evidence.Config) {
		c.Sources = map[string]evidence.Provider{"demo": {Source: demo.Source{}, Assurance: evidence.High}}
	})
	visit(t, high).logIn("fjordheim", "0").want(t, http.StatusForbidden, "asks for a surer login")
	v := visit(t, withJourneys(t, configuration(t)))
	v.logIn("fjordheim", "2").want(t, http.StatusUnprocessableEntity, "The institution has no results for you")
	v.logIn("fjordheim", "3").want(t, http.StatusBadRequest, "no such person", "Use the forms of these pages")
	v.logIn("nowhere", "0").want(t, http.StatusNotFound, "no longer offered")
}

// TestOrder: a step that comes too early leads to the one before, and one that is not complete says what is amiss.
func TestOrder(t *testing.T) {
	v := visit(t, withJourneys(t, configuration(t)))
	v.logIn("fjordheim", "0")
	v.get("/journeys/1/preview").at(t, "/journeys/1").want(t, http.StatusOK, "Choose your results")
	v.post("/journeys/1/consent", agree).at(t, "/journeys/1").want(t, http.StatusOK, "Choose your results")
	v.post("/journeys/1/consent", url.Values{"choice": {"0"}, "consent": {"demo"}, "format": {"elmo"}}).at(t, "/journeys/1").want(t, http.StatusOK, "Choose your results")
	v.post("/journeys/1", url.Values{"scope": {"some"}}).want(t, http.StatusUnprocessableEntity, `role="alert"`, "Nothing is chosen yet")
	v.post("/journeys/1", url.Values{"result": {"report[9]"}}).want(t, http.StatusBadRequest, "not in the offer")
	v.post("/journeys/1", everything).at(t, "/journeys/1/preview")
	v.post("/journeys/1/consent", url.Values{"choice": {"1"}, "format": {"elmo"}}).want(t, http.StatusUnprocessableEntity, "tick the box")
	v.post("/journeys/1/consent", url.Values{"choice": {"1"}, "consent": {"other"}, "format": {"elmo"}}).want(t, http.StatusUnprocessableEntity, "tick the box")
	v.post("/journeys/1/consent", url.Values{"choice": {"1"}, "consent": {"demo"}, "format": {"pdf"}}).want(t, http.StatusBadRequest, "the format is elmo or edc")
	v.get("/").want(t, http.StatusOK)
	v.get("/journeys/1").want(t, http.StatusOK, `value="all" checked`)
	v.post("/journeys/1/consent", agree).at(t, "/results/2").want(t, http.StatusOK)
	for _, path := range []string{"/journeys/1", "/journeys/1/preview"} {
		v.get(path).at(t, "/results/2").want(t, http.StatusOK)
	}
	for _, path := range []string{"/journeys/1", "/journeys/1/consent", "/journeys/1/cancel"} {
		v.post(path, agree).at(t, "/results/2").want(t, http.StatusOK)
	}
	v.get("/journeys/x").want(t, http.StatusGone)
	v.post("/journeys/1", url.Values{"result": {strings.Repeat("x", 2<<20)}}).at(t, "/results/2")
	v.logIn("fjordheim", "1")
	v.post("/journeys/3", url.Values{"result": {strings.Repeat("x", 2<<20)}}).want(t, http.StatusRequestEntityTooLarge)
}

// TestWindows: learners in two windows of a browser do not get into each other's way, and a consent is to the choice that
// was shown with it.
func TestWindows(t *testing.T) {
	v := visit(t, withJourneys(t, configuration(t)))
	v.logIn("fjordheim", "0").at(t, "/journeys/1")
	v.logIn("paradeisos", "0").at(t, "/journeys/2")
	v.post("/journeys/1", everything).want(t, http.StatusOK, "Bachelor in Fjord Studies")
	v.post("/journeys/2", everything).want(t, http.StatusOK, "Degree in Imaginary Physics")
	v.post("/journeys/1", url.Values{"scope": {"some"}, "result": {"report[1]"}}).at(t, "/journeys/1/preview")
	v.post("/journeys/1/consent", agree).want(t, http.StatusUnprocessableEntity, "changed in another window", `name="choice" value="2"`)
	v.post("/journeys/2/consent", agree).at(t, "/results/3")
	v.post("/journeys/1/consent", url.Values{"choice": {"2"}, "consent": {"demo"}, "format": {"elmo"}}).at(t, "/results/4")
	v.get("/results/3").want(t, http.StatusOK, "Degree in Imaginary Physics")
	v.get("/results/4").want(t, http.StatusOK, "Bachelor in Fjord Studies")
}

// TestOnce: of any number of clicks one hands over, and all lead to its result.
func TestOnce(t *testing.T) {
	c := withJourneys(t, configuration(t))
	v := visit(t, c)
	v.logIn("fjordheim", "0")
	v.post("/journeys/1", everything)
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			v.post("/journeys/1/consent", agree).at(t, "/results/2").want(t, http.StatusOK, "have been handed over")
		})
	}
	wg.Wait()
	if n := strings.Count(v.get("/").text, `href="/results/`); n != 1 {
		t.Errorf("%d results", n)
	}
	got := audited(t, c)["delivered"]
	if got = slices.DeleteFunc(got, func(outcome string) bool { return outcome != "ok" }); len(got) != 1 {
		t.Errorf("%d deliveries", len(got))
	}
}

// TestGone: the browser goes on at a second click when the consent is just being written, and does not get the cookies of
// the answer to the first. It finds the result all the same; also when its list of results was about to expire.
func TestGone(t *testing.T) {
	now := time.Now()
	c, engine := moodyConfiguration(t)
	c.Clock = func() time.Time { return now }
	c = withJourneys(t, c, func(e *evidence.Config) { e.Clock = c.Clock })
	v := visit(t, c)
	v.send("one.xml", document(t, "one-course"))
	now = now.Add(14 * time.Minute) // the list lasts 16 min more, the session 15
	v.logIn("fjordheim", "0")
	v.post("/journeys/2", everything)
	now = now.Add(6 * time.Minute)
	r := httptest.NewRequest(http.MethodPost, v.url+"/journeys/2/consent", strings.NewReader(agree.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, cookie := range v.Jar.Cookies(r.URL) {
		r.AddCookie(cookie)
	}
	ctx, goOn := context.WithCancel(context.Background())
	engine.swapped = goOn
	routes := chi.NewRouter()
	web.Mount(routes, c)
	routes.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
	v.post("/journeys/2/consent", agree).at(t, "/results/3").want(t, http.StatusOK, "have been handed over")
}

// audited are the outcomes in the audit log by the name of the step, and the keys of consent by "consent".
func audited(t testing.TB, c web.Config) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := c.State.Events(context.Background(), func(line []byte) error {
		var e state.Event
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		all[e.Name] = append(all[e.Name], e.Outcome)
		if e.Consent != "" {
			all["consent"] = append(all["consent"], e.Consent)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRetry: a delivery that fails can be tried again, with what was consented to, and can be cancelled.
func TestRetry(t *testing.T) {
	c, engine := moodyConfiguration(t)
	v := visit(t, withJourneys(t, c))
	for _, c := range [][2]string{{"1", "/consent"}, {"3", "/cancel"}} {
		number, end := c[0], c[1]
		v.logIn("fjordheim", "0")
		v.post("/journeys/"+number, everything)
		engine.refuse = 20_000 // the result has more bytes, with its pictures; the rest has less
		v.post("/journeys/"+number+"/consent", agree).want(t, http.StatusServiceUnavailable)
		v.get("/journeys/"+number).want(t, http.StatusOK, "Not finished yet", "Finish the hand-over")
		v.get("/journeys/"+number+"/preview").want(t, http.StatusOK, "Not finished yet")
		engine.refuse = 0
		switch p := v.post("/journeys/"+number+end, nil); end {
		case "/cancel":
			p.at(t, "/journeys/cancelled")
		default:
			p.want(t, http.StatusOK, "have been handed over")
		}
	}
}

// moody is an engine that at times has no room for what is large, and tells when an entry was changed.
type moody struct {
	state.Engine
	refuse  int // bytes of a value, when not 0
	swapped func()
}

func moodyConfiguration(t testing.TB) (web.Config, *moody) {
	t.Helper()
	c, engine := configuration(t), &moody{Engine: state.NewMemory(64 << 20), swapped: func() {}}
	var err error
	if c.State, err = state.New(engine, make([]byte, state.KeySize)); err != nil {
		t.Fatal(err)
	}
	return c, engine
}

func (m *moody) Swap(ctx context.Context, key string, value []byte, from state.Revision) (state.Revision, error) {
	defer m.swapped()
	return m.Engine.Swap(ctx, key, value, from)
}

func (m *moody) Create(ctx context.Context, key string, value []byte, life time.Duration) (state.Revision, error) {
	if m.refuse > 0 && len(value) > m.refuse {
		return 0, state.ErrTooLarge
	}
	return m.Engine.Create(ctx, key, value, life)
}

// TestOver: a session and a consent end with their time, and are of no use to another browser.
func TestOver(t *testing.T) {
	now := time.Now()
	c := withJourneys(t, configuration(t), func(e *evidence.Config) { e.Clock = func() time.Time { return now } })
	v := visit(t, c)
	v.logIn("fjordheim", "0")
	v.post("/journeys/1", everything)
	for _, path := range []string{"/journeys/1", "/journeys/1/preview"} {
		v.another().get(path).want(t, http.StatusGone, "Your session is over")
	}
	for _, path := range []string{"/journeys/1", "/journeys/1/consent"} {
		v.another().post(path, agree).want(t, http.StatusGone, "Your session is over")
	}
	v.another().post("/journeys/1/cancel", nil).at(t, "/journeys/cancelled")
	now = now.Add(15*time.Minute - time.Second)
	v.get("/journeys/1/preview").want(t, http.StatusOK)
	now = now.Add(time.Second)
	v.get("/journeys/1").want(t, http.StatusGone, "Your session is over", `href="/sources"`)
	v.get("/journeys/1/preview").want(t, http.StatusGone)
	v.post("/journeys/1", everything).want(t, http.StatusGone)
	v.post("/journeys/1/consent", agree).want(t, http.StatusGone, "Your session is over")
	v.post("/journeys/1/cancel", nil).at(t, "/journeys/cancelled").want(t, http.StatusOK)
}

// TestUsedCode: a consent that is over by the time of the delivery hands over nothing.
func TestUsedCode(t *testing.T) {
	var now atomic.Int64
	c, engine := moodyConfiguration(t)
	v := visit(t, withJourneys(t, c, func(e *evidence.Config) {
		e.Clock = func() time.Time { return time.Now().Add(time.Duration(now.Load())) }
	}))
	v.logIn("fjordheim", "0")
	v.post("/journeys/1", everything)
	engine.refuse = 20_000
	v.post("/journeys/1/consent", agree).want(t, http.StatusServiceUnavailable)
	engine.refuse = 0
	now.Store(int64(6 * time.Minute))
	v.post("/journeys/1/consent", agree).want(t, http.StatusGone, "Your consent has been used or is over")
}

// TestCancel: at each step, and nothing of the session is left.
func TestCancel(t *testing.T) {
	c := withJourneys(t, configuration(t))
	v := visit(t, c)
	v.get("/sources").want(t, http.StatusOK, `<a href="/">Cancel</a>`)
	v.logIn("fjordheim", "0").want(t, http.StatusOK, `action="/journeys/1/cancel"`)
	v.post("/journeys/1/cancel", nil).at(t, "/journeys/cancelled").want(t, http.StatusOK, "Nothing was handed over")
	v.post("/journeys/1/cancel", nil).at(t, "/journeys/cancelled")
	v.get("/journeys/1").want(t, http.StatusGone)
	v.logIn("fjordheim", "0")
	v.post("/journeys/2", everything).want(t, http.StatusOK, `action="/journeys/2/cancel"`)
	v.post("/journeys/2/cancel", nil).at(t, "/journeys/cancelled")
	v.post("/journeys/2/consent", agree).want(t, http.StatusGone)
	v.logIn("fjordheim", "0")
	v.post("/results/forget", nil).want(t, http.StatusOK, "Forgotten")
	v.get("/journeys/3").want(t, http.StatusGone)
	if got := audited(t, c); !slices.Equal(got["cancelled"], []string{"ok", "ok", "ok"}) || len(got["delivered"]) > 0 {
		t.Errorf("%v", got)
	}
}

// TestSecrets: nothing of a learner and no secret is in an address, the audit log or the cookie, and no secret on a page.
func TestSecrets(t *testing.T) {
	c := withJourneys(t, configuration(t))
	v := visit(t, c)
	var seen strings.Builder
	v.Transport = recorder(func(r *http.Request, answer *http.Response) {
		fmt.Fprintln(&seen, r.URL, answer.Header.Get("Location"), r.Header.Get("Cookie"), answer.Header.Values("Set-Cookie"))
	})
	var pages strings.Builder
	pages.WriteString(v.logIn("fjordheim", "0").text)
	pages.WriteString(v.post("/journeys/1", everything).text)
	pages.WriteString(v.post("/journeys/1/consent", agree).text)
	err := c.State.Events(context.Background(), func(line []byte) error { seen.Write(line); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"Kari", "Fjordheim-Eksempel", "2001-05-17", "NO-DEMO", "Bachelor", "BA-FISH", "learningOpportunity"} {
		if strings.Contains(seen.String(), text) {
			t.Errorf("%q is in an address, a cookie or the audit log", text)
		}
	}
	u, err := url.Parse(v.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range v.Jar.Cookies(u) {
		if strings.Contains(pages.String(), cookie.Value) {
			t.Error("a page has the cookie")
		}
	}
	if got := audited(t, c); !slices.Contains(got["consent"], "demo") {
		t.Errorf("the key of the text is not in the audit log: %v", got)
	}
}

// recorder sees requests with their answers.
type recorder func(*http.Request, *http.Response)

func (see recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		see(r, answer)
	}
	return answer, err
}

// TestForeignJourney: forms of other sites do nothing for a learner, and answers to forms are pages of their own.
func TestForeignJourney(t *testing.T) {
	v := visit(t, withJourneys(t, configuration(t)))
	v.logIn("fjordheim", "0")
	v.post("/journeys/1", everything)
	for _, path := range []string{"/sources/fjordheim", "/journeys/1", "/journeys/1/consent", "/journeys/1/cancel"} {
		v.post(path, agree, "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden, "not sent from a page of this service")
	}
	v.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, c := range []struct {
		path, to string
		form     url.Values
	}{
		{"/sources/paradeisos", "/journeys/2", url.Values{"person": {"0"}}}, {"/journeys/1", "/journeys/1/preview", everything},
		{"/journeys/1/consent", "/results/3", url.Values{"choice": {"2"}, "consent": {"demo"}, "format": {"elmo"}}}, {"/journeys/2/cancel", "/journeys/cancelled", nil},
	} {
		p := v.post(c.path, c.form)
		if p.StatusCode != http.StatusSeeOther || p.Header.Get("Location") != c.to || p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s %v", c.path, p.Status, p.Header)
		}
	}
}

// TestNoJourneys: without institutions there are no such pages, and none is named.
func TestNoJourneys(t *testing.T) {
	v := visit(t, configuration(t))
	if p := v.get("/"); strings.Contains(p.text, "/sources") {
		t.Error("the start page names the institutions")
	}
	for _, path := range []string{"/sources", "/sources/fjordheim", "/journeys/1", "/journeys/cancelled"} {
		v.get(path, "Accept", "text/html").want(t, http.StatusNotFound)
	}
}
