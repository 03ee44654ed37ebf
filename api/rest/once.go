package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/state"
)

// idempotencyKey is the header that makes sending a request again safe. draft-ietf-httpapi-idempotency-key-header.
const idempotencyKey = "Idempotency-Key"

// keptHeader tells what became of an answer: kept, not-kept for one that is too large, or replayed for one from before.
const keptHeader = "Elmobridge-Idempotency"

// oncePaths are the operations that heed the header: those that make something, and those whose answer may be
// another the next time.
var oncePaths = map[string]bool{"/v1/convert": true, "/v1/batch": true}

// An answer is kept in entries of three kinds. The token of a claim and a mark is the key; that of an answer is made of
// the key, the fingerprint of its request and what the mark says: who guesses a key gets no answer without the document.
const (
	kindClaim  state.Kind = "idempotency-claim"  // while the request is at work
	kindMark   state.Kind = "idempotency-mark"   // afterwards: its fingerprint, and a text by chance
	kindAnswer state.Kind = "idempotency-answer" // the answer
)

// keyText is a key as a String of RFC 9651, or bare as many clients send it; with a comma it would be two.
var keyText = regexp.MustCompile(`^(?:"([ !#-\[\]-~]{16,128})"|([!#-+\--\[\]-~]{16,128}))$`)

// once answers a request that is sent again with the same key as the first time.
func (c Config) once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !oncePaths[r.URL.Path] || len(r.Header.Values(idempotencyKey)) == 0 {
			next.ServeHTTP(w, r)
			return
		}
		if err := c.answerOnce(w, r, next); err != nil {
			problem.Write(w, problem.Of(stateProblem(err)))
		}
	})
}

// answerOnce gives the answer from before, else that of the handler. An error is for the client; after an answer
// it is nil.
func (c Config) answerOnce(w http.ResponseWriter, r *http.Request, next http.Handler) error {
	key := keyText.FindStringSubmatch(strings.Join(r.Header.Values(idempotencyKey), ","))
	switch {
	case key == nil:
		return problem.New(problem.BadRequest, "Idempotency-Key is not one key of 16 to 128 characters of ASCII")
	case c.State == nil:
		return problem.New(problem.NotOffered, "")
	}
	share := c.Budget.Share()
	defer share.Release()
	body, err := io.ReadAll(share.Reader(http.MaxBytesReader(nil, r.Body, c.MaxBody)))
	if err != nil {
		return unread(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	a := &keyed{c, context.WithoutCancel(r.Context()), state.Token(digest([]byte(key[1] + key[2]))), fingerprint(r, body)}
	before, err := a.claim()
	switch {
	case err != nil:
		return err
	case before != nil:
		before.replay(w)
		return nil
	}
	defer a.release()
	rec := &recorder{ResponseWriter: w, most: c.AnswerSize, memory: share}
	next.ServeHTTP(rec, r)
	rec.finish(a)
	return nil
}

// fingerprint names a request: what its answer depends on.
func fingerprint(r *http.Request, body []byte) string {
	sum := sha256.Sum256(body)
	parts := []string{r.Method, r.URL.Path, r.URL.RawQuery, strings.Join(r.Header.Values("Accept"), ","),
		strings.Join(r.Header.Values("Prefer"), ","), r.Header.Get("Content-Type"), string(sum[:])}
	return digest([]byte(strings.Join(parts, "\x00"))) // no header or query has a zero byte
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// keyed is a request with a key.
type keyed struct {
	c           Config
	ctx         context.Context // which goes on when the client has gone: its answer is kept for it
	key         state.Token
	fingerprint string
}

// answer is the token of the answer that a mark leads to.
func (a *keyed) answer(mark string) state.Token {
	return state.Token(digest([]byte(string(a.key) + mark)))
}

// claimLife is a little longer than what a request takes after its body has arrived; a claim is removed before, unless
// its machine stops.
func (a *keyed) claimLife() time.Duration { return a.c.Time + time.Minute }

// claim makes this request the one that is at work, or gives the answer from before.
func (a *keyed) claim() (*keptAnswer, error) {
	_, taken := a.c.State.PutAs(a.ctx, kindClaim, a.key, []byte(a.fingerprint), a.claimLife())
	if taken != nil && !errors.Is(taken, state.ErrExists) {
		return nil, taken
	}
	before, err := a.before()
	switch {
	case taken == nil && (before != nil || err != nil):
		a.release()
	case taken != nil && before == nil && err == nil:
		return nil, a.inUse()
	}
	return before, err
}

// inUse is the problem of a key whose request is at work.
func (a *keyed) inUse() error {
	other, _, err := a.c.State.Get(a.ctx, kindClaim, a.key)
	if err == nil && string(other) != a.fingerprint {
		return problem.New(problem.KeyReused, "")
	}
	if err != nil && !errors.Is(err, state.ErrNone) {
		return err
	}
	return problem.New(problem.KeyInUse, "")
}

// before gives the answer from before; nil when there is none.
func (a *keyed) before() (*keptAnswer, error) {
	mark, _, err := a.c.State.Get(a.ctx, kindMark, a.key)
	switch {
	case errors.Is(err, state.ErrNone):
		return nil, nil
	case err != nil:
		return nil, err
	case !strings.HasPrefix(string(mark), a.fingerprint):
		return nil, problem.New(problem.KeyReused, "")
	}
	data, _, err := a.c.State.Get(a.ctx, kindAnswer, a.answer(string(mark)))
	if err != nil {
		return nil, err
	}
	k := &keptAnswer{}
	return k, json.Unmarshal(data, k)
}

// keep stores an answer: first the answer, then the mark that leads to it.
func (a *keyed) keep(k *keptAnswer) error {
	data, err := json.Marshal(k)
	if err != nil {
		return err
	}
	mark := a.fingerprint + string(state.NewToken())
	if _, err := a.c.State.PutAs(a.ctx, kindAnswer, a.answer(mark), data, a.c.AnswerLife+time.Minute); err != nil {
		return err
	}
	_, err = a.c.State.PutAs(a.ctx, kindMark, a.key, []byte(mark), a.c.AnswerLife)
	return err
}

func (a *keyed) release() {
	_, _ = a.c.State.Take(a.ctx, kindClaim, a.key) // else it expires
}

// keptAnswer is an answer with the header that belongs to its content.
type keptAnswer struct {
	Status int
	Header http.Header
	Body   []byte
}

// replayed are the names of the header that is kept.
var replayed = []string{"Content-Type", "Vary", "Cache-Control", "Preference-Applied", lossesHeader}

func (k *keptAnswer) replay(w http.ResponseWriter) {
	maps.Copy(w.Header(), k.Header)
	w.Header().Set(keptHeader, "replayed")
	w.WriteHeader(k.Status)
	_, _ = w.Write(k.Body) // the client has gone: nobody is left to tell
}

// recorder holds an answer back until it is known whether it can be kept.
type recorder struct {
	http.ResponseWriter
	most    int
	memory  *limit.Share // of what is held back
	status  int
	body    bytes.Buffer
	through bool // the answer is too large, and goes on to the client
}

// Note passes the name of a problem on.
func (r *recorder) Note(name string) {
	if n, ok := r.ResponseWriter.(interface{ Note(string) }); ok {
		n.Note(name)
	}
}

// WriteHeader keeps the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

// Write keeps what is written while there is room for it, in the store and in memory.
func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if !r.through && (r.body.Len()+len(p) > r.most || r.memory.Take(int64(len(p))) != nil) {
		r.through = true
		if err := r.send("not-kept"); err != nil {
			return 0, err
		}
	}
	if r.through {
		return r.ResponseWriter.Write(p)
	}
	return r.body.Write(p)
}

// send sends what was held back.
func (r *recorder) send(kept string) error {
	if r.status < 300 {
		r.Header().Set(keptHeader, kept)
	}
	r.ResponseWriter.WriteHeader(r.status)
	_, err := r.ResponseWriter.Write(r.body.Bytes())
	return err
}

// finish keeps an answer that is well, if it can, and sends it.
func (r *recorder) finish(a *keyed) {
	if r.through {
		return
	}
	kept := "not-kept"
	if r.status < 300 {
		k := &keptAnswer{r.status, http.Header{}, r.body.Bytes()}
		for _, name := range replayed {
			if v := r.Header().Values(name); len(v) > 0 {
				k.Header[name] = v
			}
		}
		if a.keep(k) == nil {
			kept = "kept"
		}
	}
	_ = r.send(kept) // the client has gone: nobody is left to tell
}
