package evidence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"elmobridge/api/figures"
	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/api/state"
	"elmobridge/convert"
)

// Config is what the use case needs.
type Config struct {
	Store   *state.Store
	Sources map[string]Provider // by name
	Texts   []string            // keys of the texts of consent that channels show: what for, and who gets it
	Options convert.Options     // of conversions, with the issuer
	Gate    *limit.Gate         // for conversions

	SessionLife time.Duration    // from the answer of the source to the consent; 15 min
	CodeLife    time.Duration    // from the consent to the delivery; 5 min
	Clock       func() time.Time // time.Now
	Log         *slog.Logger     // what is wrong with sources; none
	Figures     *figures.Figures // nil: nothing is counted
}

// Provider is a source in the configuration.
type Provider struct {
	Source
	Assurance Assurance // that learners must be known with; empty: any
}

// Service is the use case. Its methods can be used at the same time; of any number of requests for the same step of
// a session, one does it.
type Service struct{ config Config }

// New gives the use case. The error tells what is wrong with the configuration.
func New(c Config) (*Service, error) {
	switch {
	case c.Store == nil || c.Gate == nil || len(c.Sources) == 0:
		return nil, errors.New("a store, a gate and a source are needed")
	case len(c.Texts) == 0:
		return nil, errors.New("there is no text of consent: name the keys of those that the channels show")
	}
	for name, p := range c.Sources {
		if p.Source == nil || !p.Assurance.Known() {
			return nil, fmt.Errorf("source %q: it is missing, or its assurance is none of low, substantial and high", name)
		}
	}
	if err := c.Options.Check(); err != nil {
		return nil, err
	}
	c.SessionLife, c.CodeLife = orElse(c.SessionLife, 15*time.Minute), orElse(c.CodeLife, 5*time.Minute)
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{c}, nil
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// Caller is who asks. A session is for the channel and the client that began it.
type Caller struct {
	Channel string   // the adapter, such as rest
	Client  string   // its name in the configuration; empty where a channel has none
	Request string   // id of the request, for the audit log
	Sources []string // that it may ask
}

// Token is a session or a code, and when it is over.
type Token struct {
	Token   state.Token
	Expires time.Time
}

// The steps, as the audit log has them. What names no session and no code is not in it: anybody can make that up.
const (
	begun     = "begun"
	offered   = "offered"
	consented = "consented"
	delivery  = "delivered"
	cancelled = "cancelled"
	misused   = "misused" // a session or code of another client was used
)

// Begin asks a source for the results of a learner, and begins a session with them.
func (s *Service) Begin(ctx context.Context, by Caller, source string, l Learner) (*Token, error) {
	e := state.Event{Name: begun}
	if _, known := s.config.Sources[source]; known {
		e.Source = source
	}
	data, count, err := s.fetch(ctx, by, source, l)
	if err != nil {
		return nil, s.refused(ctx, by, e, err)
	}
	t := &Token{Expires: s.config.Clock().Add(s.config.SessionLife)}
	entry := pack(session{bearer: bearer{by.Channel, by.Client, source, t.Expires}}, data)
	if t.Token, err = s.config.Store.Put(ctx, sessionKind, entry, s.config.SessionLife); err != nil {
		return nil, s.refused(ctx, by, e, stored(err, errSession))
	}
	e.Count = count
	if err := s.audit(ctx, by, e); err != nil {
		return nil, err
	}
	return t, nil
}

// fetch gives the results of a learner whom the source may be asked about, and how many they are.
func (s *Service) fetch(ctx context.Context, by Caller, source string, l Learner) (data []byte, count int, err error) {
	p, known := s.config.Sources[source]
	if !known || !slices.Contains(by.Sources, source) {
		return nil, 0, errSource
	}
	if err := l.check(); err != nil {
		return nil, 0, err
	}
	if !l.Assurance.reaches(p.Assurance) {
		return nil, 0, errAssurance
	}
	if data, err = p.Results(ctx, l); err == nil {
		count, err = limit.Do(ctx, s.config.Gate, func() (int, error) { return resultsOf(&l, data) }, nothing)
	}
	if err != nil {
		return nil, 0, s.unanswered(ctx, source, err)
	}
	return data, count, nil
}

// resultsOf counts the results of a learner in what a source gave.
func resultsOf(l *Learner, data []byte) (int, error) {
	doc, err := readDocument(data)
	switch {
	case err != nil:
		return 0, err
	case !l.is(doc.Learner):
		return 0, errOtherLearner
	case len(doc.Reports) == 0:
		return 0, ErrNoResults
	}
	return results(doc), nil
}

// unanswered tells the operator why there are no results, where it is the operator who can do something, and gives the
// problem that the channel tells.
func (s *Service) unanswered(ctx context.Context, source string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // nobody waits for it any more
	}
	for _, known := range []error{ErrNoResults, ErrUnknownLearner, limit.ErrBusy} {
		if errors.Is(err, known) {
			return err
		}
	}
	s.config.Log.WarnContext(ctx, "no results of a source", "source", source, "error", err)
	for _, known := range []error{ErrDamaged, errOtherLearner} {
		if errors.Is(err, known) {
			return known
		}
	}
	return ErrUnavailable
}

// Offer gives what there is to choose from.
func (s *Service) Offer(ctx context.Context, by Caller, t state.Token) (*Offer, error) {
	ses, _, err := s.open(ctx, by, t)
	if err != nil {
		return nil, err
	}
	e := state.Event{Name: offered, Source: ses.Source}
	if ses.Code != "" {
		return nil, s.refused(ctx, by, e, errConsented)
	}
	o, err := limit.Do(ctx, s.config.Gate, func() (*Offer, error) {
		doc, err := readDocument(ses.document)
		if err != nil {
			return nil, err
		}
		return offer(doc), nil
	}, nothing)
	if err != nil {
		return nil, s.refused(ctx, by, e, err)
	}
	if err := s.audit(ctx, by, e); err != nil {
		return nil, err
	}
	return o, nil
}

// nothing is what there is to release when work of this package has ended.
func nothing() {}

// Consent is what a learner consented to.
type Consent struct {
	Results []string       // keys of the offer
	Format  convert.Format // of the delivery
	Text    string         // key of the text that was shown
}

func (s *Service) check(c *Consent) error {
	switch {
	case !slices.Contains([]convert.Format{convert.FormatELMO, convert.FormatEDC}, c.Format):
		return problem.New(problem.BadRequest, "the format is elmo or edc")
	case !slices.Contains(s.config.Texts, c.Text):
		return problem.New(problem.BadRequest, "the text of the consent is none of those that the service is configured with")
	}
	return nil
}

// Consent gives the code for what the learner chose. The rest is forgotten.
func (s *Service) Consent(ctx context.Context, by Caller, t state.Token, c Consent) (*Token, error) {
	ses, revision, err := s.open(ctx, by, t)
	if err != nil {
		return nil, err
	}
	e := state.Event{Name: consented, Source: ses.Source}
	g, err := s.consent(ctx, ses, c)
	if err != nil {
		return nil, s.refused(ctx, by, e, err)
	}
	e.Consent, e.Count = g.Consent, g.Count
	code, err := s.config.Store.Put(ctx, codeKind, pack(g, g.document), s.config.CodeLife)
	if err != nil {
		return nil, s.refused(ctx, by, e, stored(err, errSession))
	}
	ses.Code = code
	if _, err := s.config.Store.Swap(ctx, sessionKind, t, pack(ses, nil), revision); err != nil {
		s.discard(ctx, code)
		if errors.Is(err, state.ErrChanged) {
			err = errConsented
		}
		return nil, s.refused(ctx, by, e, stored(err, errSession))
	}
	if err := s.audit(ctx, by, e); err != nil {
		s.discard(ctx, code)
		return nil, err
	}
	return &Token{code, g.Expires}, nil
}

// consent is what a learner consents to in a session.
func (s *Service) consent(ctx context.Context, ses *session, c Consent) (*grant, error) {
	if ses.Code != "" {
		return nil, errConsented
	}
	if err := s.check(&c); err != nil {
		return nil, err
	}
	x, err := limit.Do(ctx, s.config.Gate, func() (*extract, error) { return extracted(ses.document, c.Results) }, nothing)
	if err != nil {
		return nil, err
	}
	own := ses.bearer
	own.Expires = s.config.Clock().Add(s.config.CodeLife)
	return &grant{bearer: own, Format: c.Format, Consent: c.Text, Count: x.count, Intact: x.intact, Report: x.report, document: x.data}, nil
}

// discard takes back a code that nobody has got. When that fails it expires: nobody can guess it.
func (s *Service) discard(ctx context.Context, code state.Token) {
	_, _ = s.config.Store.Take(context.WithoutCancel(ctx), codeKind, code)
}

// Delivery is what the learner consented to.
type Delivery struct {
	Format   convert.Format
	Parts    [][]byte        // an ELMO document, or a credential each
	Document []byte          // what was chosen, as ELMO: what the credentials are made of
	Report   *convert.Report // of the conversion, and of what became of a part of a document: not of what was left out
	Intact   bool            // it is, byte for byte, what the source gave
}

// Deliver hands over what a code stands for, in a form that the channel makes of it, such as the media type that is
// asked for. Nothing must be sent in making the form: as long as that fails, the code can be used again. Of any number
// of callers, one gets the delivery.
func Deliver[T any](ctx context.Context, s *Service, by Caller, code state.Token, form func(*Delivery) (T, error)) (T, error) {
	var zero T
	g, err := s.granted(ctx, by, code)
	if err != nil {
		return zero, err
	}
	e := state.Event{Name: delivery, Source: g.Source, Consent: g.Consent, Count: g.Count}
	made, err := limit.Do(ctx, s.config.Gate, func() (T, error) {
		d, err := delivered(g, s.config.Options)
		if err != nil {
			return zero, err
		}
		return form(d)
	}, nothing)
	if err != nil {
		return zero, s.refused(ctx, by, e, err)
	}
	if _, err := s.config.Store.Take(ctx, codeKind, code); err != nil {
		return zero, s.refused(ctx, by, e, stored(err, errCode))
	}
	if err := s.audit(ctx, by, e); err != nil {
		return zero, err
	}
	return made, nil
}

// Cancel ends a session, with what was consented to in it. After the delivery it is a conflict.
func (s *Service) Cancel(ctx context.Context, by Caller, t state.Token) error {
	if _, _, err := s.open(ctx, by, t); err != nil {
		return err
	}
	entry, err := s.config.Store.Take(ctx, sessionKind, t)
	if err != nil {
		return stored(err, errSession)
	}
	ses := &session{}
	if _, err := unpack(entry, ses); err != nil {
		return err
	}
	e := state.Event{Name: cancelled, Source: ses.Source}
	if ses.Code != "" {
		if _, err := s.config.Store.Take(ctx, codeKind, ses.Code); err != nil {
			return s.refused(ctx, by, e, stored(err, errDelivered))
		}
	}
	return s.audit(ctx, by, e)
}

// auditTime is how long the log may take; it is written when the client has gone as well.
const auditTime = 10 * time.Second

// audit adds a step to the audit log. A step that cannot be added is not done.
func (s *Service) audit(ctx context.Context, by Caller, e state.Event) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTime)
	defer cancel()
	e.Time, e.Channel, e.Client, e.Request = s.config.Clock(), by.Channel, by.Client, by.Request
	if e.Outcome == "" {
		e.Outcome = "ok"
	}
	s.config.Figures.Step(by.Channel, e.Name, e.Outcome)
	if err := s.config.Store.Audit(ctx, e); err != nil {
		return fmt.Errorf("%w: the audit log: %w", errStore, err)
	}
	return nil
}

// refused adds a step that was not done to the audit log, and gives why.
func (s *Service) refused(ctx context.Context, by Caller, e state.Event, err error) error {
	e.Outcome = problem.Of(err).Name()
	if failed := s.audit(ctx, by, e); failed != nil {
		s.config.Log.ErrorContext(ctx, "the audit log is not written", "error", failed)
	}
	return err
}
