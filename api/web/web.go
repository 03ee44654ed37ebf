// Package web is the service as pages for people: a file is dropped, and they see the transcript, the credential
// beside it, and the report of what was lost between them.
//
//	/                     the form
//	/results/{number}     what came of a file, for the browser that sent it, for some minutes
//	/sources              institutions at which learners log in to hand over their results
//	/journeys/{number}    of a learner who has, to choose and to consent
//	/crosswalk            the crosswalk of the two standards
//	/about                what is kept, limits, licence
//	/operator             figures, for who has the token
//
// Pages are written on the server and need no script. Uploaded files and what came of them are in the store, sealed
// by a token that only the cookie of the browser has; addresses hold a number that means nothing without it.
package web

import (
	"bytes"
	"net/http"
	"time"

	"elmobridge/api/evidence"
	"elmobridge/api/figures"
	"elmobridge/api/limit"
	"elmobridge/api/state"
	"elmobridge/convert"

	"github.com/go-chi/chi/v5"
)

// Config is what the pages need.
type Config struct {
	Issuer *convert.Issuer // of credentials; nil: the issuer of the report
	Trust  convert.Trust   // whom to believe

	*limit.Bounds
	State   *state.Store
	MaxFile int64         // bytes of a file, since what comes of it is kept; 10 MiB
	Life    time.Duration // how long results are kept; 15 min

	Evidence *evidence.Service // hands over results of learners
	Journeys []Journey         // in which learners do that here; none: there are no such pages

	Examples []Example // made-up documents to try
	Version  string    // of the program
	Source   string    // address of the source code; empty: not named
	Secure   bool      // browsers come by HTTPS, also where a proxy ends it: cookies say so

	Operator []byte           // SHA-256 of the token of the operator; empty: there is no such page
	Figures  *figures.Figures // nil: nothing is counted, and there is no page for the operator
	Engine   string           // what the store is in, for the operator

	Clock func() time.Time // nil: time.Now
}

// Example is a made-up document that visitors can try.
type Example struct {
	Name string // in English
	Key  string // of what it shows, in the texts; empty, or of no text: the name is shown
	Data []byte
}

func (c Config) withDefaults() Config {
	if c.MaxFile == 0 {
		c.MaxFile = 10 << 20
	}
	if c.Life == 0 {
		c.Life = 15 * time.Minute
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	bounds := *c.Bounds
	c.MaxFile = min(c.MaxFile, bounds.MaxBody-formSize)
	bounds.MaxBody = c.MaxFile + formSize
	c.Bounds = &bounds
	return c
}

// channel is the name of this adapter in figures and for package evidence.
const channel = "web"

// handlers answer requests.
type handlers struct {
	Config
	attempts attempts
	started  time.Time
}

// Mount adds the pages to a router, and the page for addresses where there is nothing.
func Mount(r chi.Router, c Config) {
	h := &handlers{Config: c.withDefaults()}
	h.started = h.Clock()
	r.NotFound(h.notFound)
	for name, a := range assets {
		r.Get(staticPath+name, a.serve)
	}
	r.Get("/favicon.ico", func(w http.ResponseWriter, r *http.Request) { // asked for by pages that are files
		http.Redirect(w, r, assetNames["icon.svg"], http.StatusFound)
	})
	r.Get("/crosswalk", serveCrosswalk)
	r.Method(http.MethodGet, "/audit", http.RedirectHandler("/crosswalk", http.StatusMovedPermanently)) // its address of before
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(h.foreign))
	r.Group(func(r chi.Router) {
		r.Use(secure, own.Handler, h.chooseLanguage)
		r.Get("/", h.page(h.start))
		r.Get("/about", h.page(h.about))
		r.Get("/results", h.page(again))
		r.Post("/results", h.page(h.upload))
		r.Post("/results/forget", h.page(h.forgetAll))
		r.Get("/results/forgotten", h.page(h.forgotten))
		r.Get("/results/{number}", h.page(h.showResult))
		r.Get("/results/{number}/transcript", h.page(h.showTranscript))
		r.Get("/results/{number}/files/{name}", h.page(h.download))
		r.Get("/results/{number}/attachments/{index}", h.page(h.attachment))
		r.Get("/results/{number}/pictures/{credential}/{set}/{page}", h.page(h.picture))
		r.Post("/results/{number}/forget", h.page(h.forget))
		if len(c.Journeys) > 0 {
			h.mountJourneys(r)
		}
		if len(c.Operator) > 0 && c.Figures != nil {
			r.Get("/operator", h.page(h.operator))
			r.Post("/operator", h.page(h.enter))
			r.Post("/operator/leave", h.page(h.leave))
		}
	})
}

// policy is the Content-Security-Policy of pages: nothing but what this service has, and no script in the page.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// secure sets the headers of pages. They may be personal, so that nobody keeps them.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// page makes a handler of one that may fail; what is wrong is shown as a page.
func (h *handlers) page(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r); err != nil {
			h.fail(w, r, err)
		}
	}
}

// view is what every page has.
type view struct {
	Title    string // of the page, in its language
	Language *language
	All      []*language // to choose from
	Path     string      // of the page, for links that choose another language; empty: there are none
	Version  string
	Source   string
	Operator bool // there is a page for the operator
	Wide     bool // the page needs all of the window
	Body     any  // what the page is about
}

// show answers with a page: a template, its title, and what it is about. What cannot be shown leaves the
// answer unwritten.
func (h *handlers) show(w http.ResponseWriter, r *http.Request, status int, template, title string, body any) error {
	l := languageOf(r)
	v := view{Title: title, Language: l, All: languages, Version: h.Version, Source: h.Source, Wide: template == "result",
		Operator: len(h.Config.Operator) > 0 && h.Figures != nil, Body: body}
	if r.Method != http.MethodPost && status == http.StatusOK {
		v.Path = r.URL.EscapedPath()
	}
	var b bytes.Buffer
	if err := l.templates.ExecuteTemplate(&b, template, v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", l.Tag)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client has gone: nobody is left to tell
	return nil
}

// see answers a form with the page to go on to. RFC 9110, 15.4.4.
func see(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// again leads from the address of an error back to the form.
func again(w http.ResponseWriter, r *http.Request) error { return see(w, r, "/") }

// minutes is how long results are kept at most.
func (h *handlers) minutes() int { return int((h.Life + time.Minute - 1) / time.Minute) }

// start shows the form.
func (h *handlers) start(w http.ResponseWriter, r *http.Request) error {
	k, err := h.kept(r)
	if err != nil {
		return err
	}
	type start struct {
		Examples []Example
		Minutes  int
		MiB      int64
		Kept     []keptResult
		Journeys bool // there are institutions to log in at
	}
	return h.show(w, r, http.StatusOK, "start", languageOf(r).T("start.title"),
		start{h.Examples, h.minutes(), h.MaxFile >> 20, k.live(h.Clock()), len(h.Journeys) > 0})
}

// about shows what is kept, and what not.
func (h *handlers) about(w http.ResponseWriter, r *http.Request) error {
	type about struct {
		Minutes int
		MiB     int64
	}
	return h.show(w, r, http.StatusOK, "about", languageOf(r).T("about.title"), about{h.minutes(), h.MaxFile >> 20})
}
