package web

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"elmobridge/api/state"

	"github.com/go-chi/chi/v5"
)

// Kinds of entries in the store.
const (
	kindBrowser  state.Kind = "web"          // what a browser has: kept, as JSON
	kindResult   state.Kind = "web-result"   // a result, as gob
	kindOperator state.Kind = "web-operator" // that the operator has shown the token
)

// mostKept is how many results of one browser are kept; older ones are forgotten.
const mostKept = 8

// kept lists the results of one browser. Its entry is opened by the token in the cookie.
type kept struct {
	Until    time.Time // when the entry expires
	Last     int       // number given last
	Results  []keptResult
	Journeys []keptJourney `json:",omitempty"`
}

// keptResult names a result and opens it.
type keptResult struct {
	Number int
	Token  state.Token
	Name   string // of the file
	Shows  string `json:",omitempty"` // key of the text that is the name, for an example
	Until  time.Time
}

// live are the results that have not expired, the newest first.
func (k kept) live(now time.Time) []keptResult {
	var list []keptResult
	for _, r := range slices.Backward(k.Results) {
		if now.Before(r.Until) {
			list = append(list, r)
		}
	}
	return list
}

// cookieName is that of a cookie that no other host, and with HTTPS no path and no plain connection, can set.
func (h *handlers) cookieName(r *http.Request, name string) string {
	if h.secured(r) {
		return "__Host-" + name
	}
	return name
}

func (h *handlers) secured(r *http.Request) bool { return h.Secure || r.TLS != nil }

// setCookie gives the browser a token, or takes it away when the life is negative.
func (h *handlers) setCookie(w http.ResponseWriter, r *http.Request, name string, t state.Token, life time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: h.cookieName(r, name), Value: string(t), Path: "/", MaxAge: int(life.Seconds()),
		Secure: h.secured(r), HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

func (h *handlers) cookie(r *http.Request, name string) state.Token {
	c, err := r.Cookie(h.cookieName(r, name))
	if err != nil {
		return ""
	}
	return state.Token(c.Value)
}

// browserCookie holds the token of kept.
const browserCookie = "elmobridge"

// kept gives the list of the browser; an empty one when there is none.
func (h *handlers) kept(r *http.Request) (kept, error) {
	k, _, err := h.keptAt(r.Context(), h.cookie(r, browserCookie))
	if errors.Is(err, state.ErrNone) {
		return kept{}, nil
	}
	return k, err
}

func (h *handlers) keptAt(ctx context.Context, t state.Token) (k kept, at state.Revision, err error) {
	if t == "" {
		return k, 0, state.ErrNone
	}
	data, at, err := h.State.Get(ctx, kindBrowser, t)
	if err != nil {
		return k, 0, err
	}
	return k, at, json.Unmarshal(data, &k)
}

// keep stores a result for the browser and gives its number.
func (h *handlers) keep(w http.ResponseWriter, r *http.Request, res *result) (int, error) {
	one, err := h.put(r.Context(), res)
	if err != nil {
		return 0, err
	}
	return h.list(w, r, one, func(*kept, int) error { return nil })
}

// put stores a result, which is in no list yet.
func (h *handlers) put(ctx context.Context, res *result) (keptResult, error) {
	t, err := h.State.Put(ctx, kindResult, res.encode(), h.Life)
	return keptResult{Token: t, Name: res.Name, Shows: res.Shows, Until: h.Clock().Add(h.Life)}, err
}

// list adds a result to the list of the browser, and gives its number; also is what else changes with it. A result
// that cannot be added is forgotten.
func (h *handlers) list(w http.ResponseWriter, r *http.Request, one keptResult, also func(*kept, int) error) (int, error) {
	var gone []keptResult
	err := h.change(w, r, one.Until, func(k *kept) error {
		one.Number = k.next()
		k.Results = append(k.Results, one)
		gone = k.trim()
		return also(k, one.Number)
	})
	if err != nil {
		gone = []keptResult{one}
	}
	for _, old := range gone {
		h.drop(r.Context(), old)
	}
	return one.Number, err
}

// next is the number of what is new in the list.
func (k *kept) next() int {
	k.Last++
	return k.Last
}

// change changes the list of the browser so that it stays until a time. Other tabs of the browser may change it at the
// same time, so that edit is tried anew.
func (h *handlers) change(w http.ResponseWriter, r *http.Request, until time.Time, edit func(*kept) error) error {
	return whileChanged(func() error { return h.changeOnce(w, r, until, edit) })
}

// mostChanges is how often a list may be changed by other tabs of the browser before it is given up.
const mostChanges = 10

// whileChanged does something again while the entry that it changes has been changed by others.
func whileChanged(do func() error) (err error) {
	for range mostChanges {
		if err = do(); !errors.Is(err, state.ErrChanged) {
			return err
		}
	}
	return err
}

// changeOnce writes a list that would expire before the time anew, under another token.
func (h *handlers) changeOnce(w http.ResponseWriter, r *http.Request, until time.Time, edit func(*kept) error) error {
	t := h.cookie(r, browserCookie)
	k, at, err := h.keptAt(r.Context(), t)
	if err != nil && !errors.Is(err, state.ErrNone) {
		return err
	}
	if err := edit(&k); err != nil {
		return err
	}
	if err != nil || k.Until.Before(until) {
		return h.begin(w, r, k, until)
	}
	_, err = h.State.Swap(r.Context(), kindBrowser, t, k.encode(), at)
	return err
}

// trim takes away the results that are too many.
func (k *kept) trim() []keptResult {
	over := max(0, len(k.Results)-mostKept)
	gone := slices.Clone(k.Results[:over])
	k.Results = k.Results[over:]
	return gone
}

// begin stores a list until a time, and for at least twice the life of a result, under a new token. That of before
// expires by itself.
func (h *handlers) begin(w http.ResponseWriter, r *http.Request, k kept, until time.Time) error {
	life := min(max(2*h.Life, until.Sub(h.Clock())), state.MaxLife)
	k.Until = h.Clock().Add(life)
	t, err := h.State.Put(r.Context(), kindBrowser, k.encode(), life)
	if err == nil {
		h.setCookie(w, r, browserCookie, t, life)
	}
	return err
}

func (k kept) encode() []byte {
	data, err := json.Marshal(k)
	if err != nil {
		panic(err) // not reached: strings, numbers and times can always be written
	}
	return data
}

// find gives the result that the address names, if the browser has it.
func (h *handlers) find(r *http.Request) (*result, keptResult, error) {
	k, err := h.kept(r)
	if err != nil {
		return nil, keptResult{}, err
	}
	one, err := k.named(chi.URLParam(r, "number"))
	if err != nil {
		return nil, one, err
	}
	data, _, err := h.State.Get(r.Context(), kindResult, one.Token)
	if err != nil {
		return nil, one, err
	}
	res, err := decodeResult(data)
	return res, one, err
}

// named is the result of that number.
func (k kept) named(number string) (keptResult, error) {
	for _, one := range k.Results {
		if strconv.Itoa(one.Number) == number {
			return one, nil
		}
	}
	return keptResult{}, state.ErrNone
}

// drop forgets a result. One that cannot be reached now expires by itself.
func (h *handlers) drop(ctx context.Context, one keptResult) {
	_ = h.remove(ctx, one)
}

// remove forgets a result, which may have expired before.
func (h *handlers) remove(ctx context.Context, one keptResult) error {
	_, err := h.State.Take(ctx, kindResult, one.Token)
	if errors.Is(err, state.ErrNone) {
		return nil
	}
	return err
}

// forget forgets one result; its name stays in no list.
func (h *handlers) forget(w http.ResponseWriter, r *http.Request) error {
	k, err := h.kept(r)
	if err != nil {
		return err
	}
	one, err := k.named(chi.URLParam(r, "number"))
	if err != nil {
		return err
	}
	if err := h.remove(r.Context(), one); err != nil {
		return err
	}
	if err := whileChanged(func() error { return h.unlist(r, one) }); err != nil {
		return err
	}
	return see(w, r, "/results/forgotten")
}

func (h *handlers) unlist(r *http.Request, one keptResult) error {
	t := h.cookie(r, browserCookie)
	k, at, err := h.keptAt(r.Context(), t)
	if err != nil {
		return err
	}
	k.Results = slices.DeleteFunc(k.Results, func(o keptResult) bool { return o.Token == one.Token })
	_, err = h.State.Swap(r.Context(), kindBrowser, t, k.encode(), at)
	return err
}

// forgetAll forgets all results of the browser, and the browser.
func (h *handlers) forgetAll(w http.ResponseWriter, r *http.Request) error {
	data, err := h.State.Take(r.Context(), kindBrowser, h.cookie(r, browserCookie))
	if err != nil && !errors.Is(err, state.ErrNone) {
		return err
	}
	var k kept
	if err == nil {
		if err := json.Unmarshal(data, &k); err != nil {
			return err
		}
	}
	h.cancelAll(w, r, k.Journeys)
	for _, one := range k.Results {
		if err := h.remove(r.Context(), one); err != nil {
			return err
		}
	}
	h.setCookie(w, r, browserCookie, "", -time.Second)
	return see(w, r, "/results/forgotten")
}

// forgotten says that nothing is left.
func (h *handlers) forgotten(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, http.StatusOK, "forgotten", languageOf(r).T("forgotten.title"), nil)
}

func (res *result) encode() []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(res); err != nil {
		panic(err) // not reached: it has texts and bytes alone
	}
	return b.Bytes()
}

func decodeResult(data []byte) (*result, error) {
	res := &result{}
	return res, gob.NewDecoder(bytes.NewReader(data)).Decode(res)
}
