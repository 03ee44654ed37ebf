package figures

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"elmobridge/convert"
	"elmobridge/edci/verification"
)

// trip converts a document of our own.
func trip(t *testing.T) *convert.Trip {
	t.Helper()
	xml, err := os.ReadFile("../../testdata/elmo/transcript.xml")
	if err != nil {
		t.Fatal(err)
	}
	trip, err := convert.RoundTrip(xml, convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return trip
}

// TestConverted: conversions are counted with their versions, losses by row.
func TestConverted(t *testing.T) {
	f, done := New(), trip(t)
	f.Converted("rest", done.There, done.Back)
	f.Converted("rest", done.There)
	list, err := f.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"ELMO 1.7>ELM 3.2": 2, "ELM 3.2>ELMO 1.7": 1}
	losses := 0.0
	for _, x := range list {
		switch x.Name {
		case "conversions_total":
			if key := x.Label("source") + ">" + x.Label("target"); want[key] != x.Value {
				t.Errorf("%s: %v", key, x.Value)
			}
			delete(want, x.Label("source")+">"+x.Label("target"))
		case "losses_total":
			losses += x.Value
		}
	}
	if n := 2*len(done.There.Losses) + len(done.Back.Losses); len(want) > 0 || losses != float64(n) || n == 0 {
		t.Errorf("missing %v; %v losses, want %d", want, losses, n)
	}
}

// TestLabels: what a document says of itself is no label.
func TestLabels(t *testing.T) {
	f := New()
	f.Converted("rest", &convert.Report{})
	foreign := trip(t).There
	foreign.Source.Version = "Ada"
	f.Converted("rest", foreign)
	f.Verified(&convert.Verification{Status: verification.Failed, Signatures: []convert.Signature{
		{Form: convert.SignatureXML, Algorithm: "urn:Ada"}, {Form: convert.SignatureXML, Algorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"}}})
	f.Verified(&convert.Verification{Status: verification.NotChecked})
	f.Step("rest", "begin", "ok")
	w := httptest.NewRecorder()
	f.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, line := range []string{
		`elmobridge_signatures_total{algorithm="other",form="xml-signature",outcome="failed"} 1`,
		`elmobridge_signatures_total{algorithm="rsa-sha256",form="xml-signature",outcome="failed"} 1`,
		`elmobridge_signatures_total{algorithm="none",form="none",outcome="not-checked"} 1`,
		`elmobridge_conversions_total{channel="rest",source="ELMO",target="ELM 3.2"} 1`,
		`elmobridge_evidence_steps_total{channel="rest",outcome="ok",step="begin"} 1`,
	} {
		if !strings.Contains(w.Body.String(), line+"\n") {
			t.Errorf("no %s", line)
		}
	}
	if strings.Contains(w.Body.String(), "Ada") {
		t.Error("a value of the document is a label")
	}
}

// TestRequests: the histogram has count and sum, the bodies their bytes; gauges are asked when they are read.
func TestRequests(t *testing.T) {
	f, gauge := New(), 1.0
	f.Gauge("g", "A gauge.", func() float64 { return gauge })
	f.Begin()
	f.End(Request{Method: "POST", Route: "/v1/convert", Status: 200, In: -1, Out: 7, Took: 2 * time.Second})
	gauge = 3
	list, err := f.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Figure{}
	for _, x := range list {
		got[x.Name+x.Label("direction")] = x
	}
	if d := got["request_duration_seconds"]; d.Value != 1 || d.Sum != 2 || d.Label("route") != "/v1/convert" {
		t.Errorf("%+v", d)
	}
	if got["bytes_totalin"].Value != 0 || got["bytes_totalout"].Value != 7 || got["g"].Value != 3 || got["requests_active"].Value != 0 {
		t.Errorf("%+v", got)
	}
}

// TestNothing: no figures count nothing.
func TestNothing(t *testing.T) {
	var f *Figures
	f.Converted("rest", &convert.Report{})
	f.Verified(&convert.Verification{})
	f.Step("rest", "begin", "ok")
}
