package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"elmobridge/api/state"
	"elmobridge/convert"
)

// Kinds of entries in the store.
const (
	sessionKind state.Kind = "evidence-session"
	codeKind    state.Kind = "evidence-code"
)

// bearer is whom an entry is for.
type bearer struct {
	Channel string    `json:"channel"`
	Client  string    `json:"client,omitempty"`
	Source  string    `json:"source"`
	Expires time.Time `json:"expires"`
}

// session is what is remembered from one step to the next: first what the source gave, after the consent the code.
type session struct {
	bearer
	Code     state.Token `json:"code,omitempty"`
	document []byte
}

// grant is what a code stands for.
type grant struct {
	bearer
	Format   convert.Format  `json:"format"`
	Consent  string          `json:"consent"` // key of the text
	Count    int             `json:"count"`
	Intact   bool            `json:"intact"`
	Report   *convert.Report `json:"report"`
	document []byte
}

// pack writes an entry: a line of JSON, then the document.
func pack(head any, document []byte) []byte {
	line, err := json.Marshal(head)
	if err != nil {
		panic(err) // structs of our own can always be written
	}
	return append(append(line, '\n'), document...)
}

// unpack reads an entry, which only this package has written.
func unpack(entry []byte, head any) (document []byte, err error) {
	line, document, _ := bytes.Cut(entry, []byte("\n"))
	return document, json.Unmarshal(line, head)
}

// open gives the session of a caller.
func (s *Service) open(ctx context.Context, by Caller, t state.Token) (*session, state.Revision, error) {
	entry, revision, err := s.config.Store.Get(ctx, sessionKind, t)
	if err != nil {
		return nil, 0, stored(err, errSession)
	}
	ses := &session{}
	if ses.document, err = unpack(entry, ses); err != nil {
		return nil, 0, err
	}
	if !s.isFor(by, &ses.bearer) {
		return nil, 0, s.withheld(ctx, by, &ses.bearer, errSession)
	}
	return ses, revision, nil
}

// granted gives what a code of a caller stands for.
func (s *Service) granted(ctx context.Context, by Caller, code state.Token) (*grant, error) {
	entry, _, err := s.config.Store.Get(ctx, codeKind, code)
	if err != nil {
		return nil, stored(err, errCode)
	}
	g := &grant{}
	if g.document, err = unpack(entry, g); err != nil {
		return nil, err
	}
	if !s.isFor(by, &g.bearer) {
		return nil, s.withheld(ctx, by, &g.bearer, errCode)
	}
	return g, nil
}

// isFor tells whether an entry is the caller's and not over. The store forgets entries a little later.
func (s *Service) isFor(by Caller, b *bearer) bool {
	return b.Channel == by.Channel && b.Client == by.Client && s.config.Clock().Before(b.Expires)
}

// withheld tells a caller that there is no such entry. Where it is that of somebody else, a secret has leaked: the audit
// log says so.
func (s *Service) withheld(ctx context.Context, by Caller, b *bearer, err error) error {
	if b.Channel == by.Channel && b.Client == by.Client {
		return err // it is over
	}
	return s.refused(ctx, by, state.Event{Name: misused, Source: b.Source}, err)
}

// stored is the problem of an error of the store; gone is that of an entry that is not there.
func stored(err, gone error) error {
	switch {
	case errors.Is(err, state.ErrNone):
		return gone
	case errors.Is(err, state.ErrUnavailable), errors.Is(err, state.ErrTooLarge):
		return fmt.Errorf("%w: %w", errStore, err)
	}
	return err
}
