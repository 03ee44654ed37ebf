package rest

import (
	"bytes"
	"strings"
	"testing"

	"elmobridge/api/problem"
)

// TestOptionsPart: what the part options says has the effect it has in the query.
func TestOptionsPart(t *testing.T) {
	h := mounted(usual())
	xml := file(t, "elmo/transcript.xml")
	for query, options := range map[string]string{
		"display=minimal&birth-country=NO&birthdate-zone=%2B02:00": `{"display":"minimal","birth-country":"NO","birthdate-zone":"+02:00"}`,
		"to=elmo&elmo-version=1.5&indent=true":                     `{"to":"elmo","elmo-version":"1.5","indent":true}`,
		"display=minimal&keep=none&only-passed=false":              ` {"keep":"none","only-passed":false,"display":"minimal"} `,
	} {
		contentType, body := formOf(t, [3]string{"options", typeJSON, options}, [3]string{"document", typeXML, string(xml)})
		want := good(t, h, "/v1/convert?"+query, typeXML, typeWrapped, xml)
		if !bytes.Equal(good(t, h, "/v1/convert", contentType, typeWrapped, body), want) {
			t.Errorf("%s is not %s", options, query)
		}
	}
	contentType, body := formOf(t, [3]string{"document", typeXML, string(xml)}, [3]string{"options", "", `{"keep":"none"}`})
	if !bytes.Equal(good(t, h, "/v1/roundtrip", contentType, "", body), good(t, h, "/v1/roundtrip?keep=none", typeXML, "", xml)) {
		t.Error("the part options has no effect on a round trip")
	}
}

// TestBadOptions: options are not given twice, nor others than the query could give; nothing of them is told.
func TestBadOptions(t *testing.T) {
	h := mounted(usual())
	xml := string(file(t, "elmo/one-course.xml"))
	const secret = "Ferdinandsson"
	for _, c := range [][2]string{
		{"/v1/convert?keep=none", `{"keep":"none"}`}, {"/v1/convert", `{"keep":"none","keep":"none"}`}, {"/v1/convert", `{"` + secret + `":"x"}`},
		{"/v1/convert", `{"keep":"` + secret + `"}`}, {"/v1/convert", `{"to":"` + secret + `"}`}, {"/v1/convert", `{"birth-country":"` + secret + `"}`},
		{"/v1/convert", `{"indent":"true"}`}, {"/v1/convert", `{"indent":null}`}, {"/v1/convert", `{"keep":null}`}, {"/v1/convert", `{"issued":""}`},
		{"/v1/convert", `{"default-language":"en` + strings.Repeat("-abcd", 20) + `"}`}, {"/v1/convert", `{"":{}}`}, {"/v1/convert", `{"":"x"}`},
		{"/v1/convert", `["keep"]`}, {"/v1/convert", `{"keep":"none"`}, {"/v1/convert", `{"keep":"none"} {}`}, {"/v1/convert", ``}, {"/v1/convert", `{"keep"}`},
		{"/v1/convert", `{"keep":` + strings.Repeat("[", 20_000) + `}`}, {"/v1/convert", strings.Repeat(" ", partLimit) + `{}`},
		{"/v1/convert", `{"only-passed":true,"keep":"source"}`}, {"/v1/roundtrip", `{"to":"elmo"}`}, {"/v1/roundtrip", `{"issued":"` + secret + `"}`},
		{"/v1/validate", `{}`}, {"/v1/gaps", `{}`},
	} {
		contentType, body := formOf(t, [3]string{"document", typeXML, xml}, [3]string{"options", "", c[1]})
		w := post(h, c[0], contentType, "", body)
		refused(t, c[0]+" "+c[1][:min(len(c[1]), 80)], w, problem.BadRequest)
		if strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s: %s", c[1], w.Body)
		}
	}
	contentType, body := formOf(t, [3]string{"document", typeXML, xml}, [3]string{"options", "", `{}`}, [3]string{"options", "", `{}`})
	refused(t, "two parts", post(h, "/v1/convert", contentType, "", body), problem.BadRequest)
}
