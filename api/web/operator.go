package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"elmobridge/api/problem"
	"elmobridge/api/state"

	"github.com/go-chi/chi/v5/middleware"
)

// figuresView is what the service has counted since it started, without anything of or about a person. All names are
// of fixed lists.
type figuresView struct {
	Started                 time.Time
	Requests                []count // by route and status
	Conversions             []count // by channel, direction and version
	Steps                   []count // of handing over results, by channel, step and outcome
	Lost                    []count // entries of reports, by row and verdict
	Signatures              []count // by form, algorithm and outcome
	Refused                 []count // by type of problem
	BytesIn, BytesOut       int64
	Workers, WorkersBusy    int
	BodyBytes               int64  // that requests take now
	StateKind, StateProblem string // name of the engine; why it cannot be used, if so
}

// count is one figure of a series.
type count struct {
	Of []string // names of what is counted
	N  int64
}

// figures reads them.
func (h *handlers) figures(ctx context.Context) (*figuresView, error) {
	list, err := h.Figures.Snapshot()
	if err != nil {
		return nil, err
	}
	v := &figuresView{Started: h.started, Workers: h.Gate.Workers(), StateKind: h.Engine}
	series := map[string]*[]count{"requests_total": &v.Requests, "conversions_total": &v.Conversions, "evidence_steps_total": &v.Steps,
		"losses_total": &v.Lost, "signatures_total": &v.Signatures, "problems_total": &v.Refused}
	single := map[string]*int64{"bytes_total in": &v.BytesIn, "bytes_total out": &v.BytesOut, "body_bytes": &v.BodyBytes}
	for _, f := range list {
		of, n := f.Values(), int64(f.Value)
		if s := series[f.Name]; s != nil {
			*s = append(*s, count{of, n})
		}
		if one := single[strings.Join(append([]string{f.Name}, of...), " ")]; one != nil {
			*one = n
		}
	}
	v.WorkersBusy = h.Gate.Working()
	if err := h.State.Ready(ctx); err != nil {
		v.StateProblem = problem.Of(err).Title
	}
	return v, nil
}

// operatorLife is how long the operator stays logged in.
const operatorLife = time.Hour

// operatorCookie holds the token of an entry of kindOperator.
const operatorCookie = "elmobridge-operator"

// operator shows the figures to who has shown the token, and others the form for it.
func (h *handlers) operator(w http.ResponseWriter, r *http.Request) error {
	known, err := h.isOperator(r)
	if err != nil {
		return err
	}
	if !known {
		return h.askToken(w, r, http.StatusOK)
	}
	l := languageOf(r)
	figures, err := h.figures(r.Context())
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, "operator", l.T("operator.title"), figures)
}

func (h *handlers) isOperator(r *http.Request) (bool, error) {
	t := h.cookie(r, operatorCookie)
	if t == "" {
		return false, nil
	}
	_, _, err := h.State.Get(r.Context(), kindOperator, t)
	if errors.Is(err, state.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

func (h *handlers) askToken(w http.ResponseWriter, r *http.Request, status int) error {
	return h.show(w, r, status, "login", languageOf(r).T("operator.title"), status != http.StatusOK)
}

// tokenForm is the most that is read of the form with the token.
const tokenForm = 4 << 10

// enter checks the token. Digests are compared, in constant time. Attempts that fail are counted, so that others with the
// address of the operator cannot keep the operator out.
func (h *handlers) enter(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, tokenForm)
	sum := sha256.Sum256([]byte(r.PostFormValue("token")))
	if subtle.ConstantTimeCompare(sum[:], h.Config.Operator) != 1 {
		if !h.attempts.begin(clientOf(r), h.Clock()) {
			return problem.New(problem.TooMany, "wait a minute before the next attempt")
		}
		return h.askToken(w, r, http.StatusForbidden)
	}
	t, err := h.State.ForKnown().Put(r.Context(), kindOperator, nil, operatorLife)
	if err != nil {
		return err
	}
	h.setCookie(w, r, operatorCookie, t, operatorLife)
	return see(w, r, "/operator")
}

// leave ends the session of the operator.
func (h *handlers) leave(w http.ResponseWriter, r *http.Request) error {
	if _, err := h.State.Take(r.Context(), kindOperator, h.cookie(r, operatorCookie)); err != nil && !errors.Is(err, state.ErrNone) {
		return err
	}
	h.setCookie(w, r, operatorCookie, "", -time.Second)
	return see(w, r, "/")
}

// Bounds of attempts at the token that fail.
const (
	mostAttempts = 10     // of one client in a minute
	mostClients  = 10_000 // in a minute
)

// attempts counts attempts of clients, anew each minute. IPv6 addresses of one /64 are one client.
type attempts struct {
	mu     sync.Mutex
	minute time.Time
	of     map[netip.Prefix]int
}

// begin tells whether a client may try once more.
func (a *attempts) begin(client netip.Prefix, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if m := now.Truncate(time.Minute); !m.Equal(a.minute) {
		a.minute, a.of = m, map[netip.Prefix]int{}
	}
	if a.of[client] == mostAttempts || a.of[client] == 0 && len(a.of) == mostClients {
		return false
	}
	a.of[client]++
	return true
}

// clientOf is the client that the service has told from others, else who is at the other end.
func clientOf(r *http.Request) netip.Prefix {
	a := middleware.GetClientIPAddr(r.Context())
	if !a.IsValid() {
		if end, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			a = end.Addr()
		}
	}
	bits := 32
	if a.Is6() && !a.Is4In6() {
		bits = 64
	}
	p, _ := a.Unmap().Prefix(bits) // the address of an unknown client is not valid, as is its prefix
	return p
}
