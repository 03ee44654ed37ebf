package api

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestDemo: with a demo the start page leads to made-up learners, whose results can be handed over without a trace of them in
// the log; without one there is nothing of that.
func TestDemo(t *testing.T) {
	address, log := running(t, Config{Demo: true})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	page := func(path string, fields url.Values) string {
		t.Helper()
		get := func() (*http.Response, error) { return browser.Get("http://" + address + path) }
		if fields != nil {
			get = func() (*http.Response, error) { return browser.PostForm("http://"+address+path, fields) }
		}
		answer, err := get()
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(path, answer.Status, err)
		}
		return string(text)
	}
	if !strings.Contains(page("/", nil), `href="/sources"`) || !strings.Contains(page("/sources", nil), "University of Wzorowice") {
		t.Error("the start page does not lead to the learners")
	}
	for _, step := range []struct {
		path   string
		fields url.Values
		want   string
	}{
		{"/sources/fjordheim", url.Values{"person": {"0"}}, "Kari Fjordheim-Eksempel"},
		{"/journeys/1", url.Values{"scope": {"all"}}, "Bachelor in Fjord Studies"},
		{"/journeys/1/consent", url.Values{"choice": {"1"}, "consent": {demoText}, "format": {"edc"}}, "have been handed over"},
	} {
		if got := page(step.path, step.fields); !strings.Contains(got, step.want) {
			t.Errorf("%s: no %q", step.path, step.want)
		}
	}
	for _, text := range []string{"Kari", "Fjordheim-Eksempel", "2001-05-17", "Bachelor", "report[1]", "journeys/1"} {
		if strings.Contains(log.String(), text) {
			t.Errorf("%q is in the log", text)
		}
	}
	for path, want := range map[string]string{"/?lang=de": "Module in Modulen, in zwei Alphabeten", "/?lang=en": "Modules within modules, in two alphabets<"} {
		if !strings.Contains(page(path, nil), want) {
			t.Errorf("%s: no example %q", path, want)
		}
	}
	if n := discreet(t, log.String()); n < 5 {
		t.Errorf("%d lines in the log", n)
	}
	if got := ask(made(t, Config{Results: 3 * time.Minute}), http.MethodGet, "/", "", nil).Body.String(); !strings.Contains(got, "kept for 3 minutes") {
		t.Error("the start page says another time")
	}
	if got := ask(made(t, Config{}), http.MethodGet, "/", "", nil).Body.String(); strings.Contains(got, "/sources") {
		t.Error("the start page names learners without a demo")
	}
}
