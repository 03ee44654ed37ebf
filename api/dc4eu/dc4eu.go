// Package dc4eu stands in for the DC4EU converter: POST /rest/request and POST /rest/request2 as the EMREX
// gateway of DC4EU sends them, with the same names and types in the answers.
//
// Documents travel as Base64, ELMO 1.x to ELM 3 and back. The loss report is told twice: as Warnings, a
// sentence for each loss, the worst first, and whole in the additional member Report, which has what was
// added as well. Nothing of a learner is in either.
//
// What the interface leaves open is decided like this:
//
//   - A document that cannot be converted is answered with 500, and a request that cannot be understood with 400;
//     the answer of 200 always has Content (request2: at least one), because the gateway fails on one that has none.
//   - A protocol can be asked for once in a request: the second answer would be the first again.
//   - A document with several reports gives several credentials. Content is one object then, too: a presentation
//     (EuropeanDigitalPresentation) that holds them all, and a Warning says so. Such a presentation is converted
//     back to one document, even when the gateway has put its own id, issuer and date on it.
//   - The issuer is that of the configuration, else that of the report. The date of issue is that of the report, else
//     the other dates of the document, and the time of the conversion only where there is none, with a Warning.
//   - Texts without language are in defaultLanguage, else in the first of PreferredLanguages, else in none.
//   - With the flag VALIDATE_ELMO_INPUT_WITH_SCHEMA a document that is not valid for the version in From is not
//     converted, and Errors has what is wrong: the gateway reads Errors only when there is no Content. Without the
//     flag it is converted as far as it can be read.
//   - The picture of a credential is a small one: this interface feeds wallets, which draw their own.
//
// Source: OpenAPI description "DC4EU-converter" 1.0 in emrex-eu/emrex-gateway, src/main/resources/converter.
package dc4eu

import (
	"net/http"
	"time"

	"elmobridge/api/figures"
	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"

	"github.com/go-chi/chi/v5"
)

// Config is what the endpoint needs.
type Config struct {
	Version string           // ConverterVersion of the answers: that of the program
	Issuer  *convert.Issuer  // of credentials; nil: the issuer of the report
	Now     func() time.Time // the clock; nil: time.Now
	Figures *figures.Figures // nil: nothing is counted

	*limit.Bounds
}

// Mount adds the endpoint to a router.
func Mount(r chi.Router, c Config) {
	if c.Now == nil {
		c.Now = time.Now
	}
	h := &handlers{c}
	r.Route("/rest", func(r chi.Router) {
		r.Use(limit.Answers(c.Bounds, fail))
		r.NotFound(func(w http.ResponseWriter, _ *http.Request) { fail(w, problem.New(problem.NoSuchPath, "")) })
		r.MethodNotAllowed(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", http.MethodPost)
			fail(w, problem.New(problem.NoSuchMethod, ""))
		})
		r.Post("/request", handler(h, h.one))
		r.Post("/request2", handler(h, h.several))
	})
}
