// Package evidence is the one use case of the service, whatever the channel: a source has results of a learner, the
// learner sees them, chooses and consents, and what was consented to is handed over once, as it came or converted.
//
//	Begin    learner -> session      the source is asked; its answer is kept sealed, and nothing else of the learner
//	Offer    session -> overview     what there is to choose from, each result with its key
//	Consent  session -> code         the choice is made: what was not chosen is forgotten
//	Deliver  code    -> delivery     exactly once
//	Cancel   session                 at any time before the delivery
//
// The words are those of EMREX: a learner chooses results, whole reports or single specifications. A channel
// authenticates who asks and the learner, shows the offer (the preview of OOTS), and carries the delivery; a session
// or a code is of no use to another channel or client. Nothing outlives its purpose: sessions and codes expire.
//
// Errors are problems of package problem, whose kinds a channel translates; no value of a learner is in them, in the
// audit log, or in the log.
package evidence

import (
	"context"

	"elmobridge/api/problem"
)

// Source has results of learners. The adapters are below this package.
//
// A source that is asked through the browser of the learner, such as an EMREX provider, cannot answer at once. Its
// channel keeps a session of its own (that of EMREX) until the answer has come and is verified, and then begins here
// with that answer as the source.
type Source interface {
	// Results gives all results of a learner: an ELMO document, in the bytes in which it was received, which nobody
	// changes afterwards. They need not have been read. A learner may be looked for by any of the identifiers. The
	// error is one of those below, possibly wrapped with what to tell an operator: no value of the learner.
	Results(ctx context.Context, l Learner) ([]byte, error)
}

// The errors of sources.
var (
	// ErrUnknownLearner is returned when a source knows nobody by that identity, or cannot look for it.
	ErrUnknownLearner error = problem.New(problem.UnknownLearner, "")

	// ErrNoResults is returned when a source has no results of the learner; some do not tell that from
	// ErrUnknownLearner.
	ErrNoResults error = problem.New(problem.NoLearnerResults, "")

	// ErrUnavailable is returned when a source does not answer now.
	ErrUnavailable error = problem.New(problem.SourceUnavailable, "")

	// ErrDamaged is returned when what a source has cannot be read.
	ErrDamaged error = problem.New(problem.SourceDamaged, "")
)

// The other errors, beside those of problems that are made where they occur.
var (
	errOtherLearner error = problem.New(problem.OtherLearner, "")
	errAssurance    error = problem.New(problem.LowAssurance, "")
	errSource       error = problem.New(problem.Forbidden, "there is no such source for this client")
	errSession      error = problem.New(problem.SessionOver, "")
	errCode         error = problem.New(problem.CodeOver, "")
	errConsented    error = problem.New(problem.Conflict, "the learner has consented in this session already")
	errDelivered    error = problem.New(problem.Conflict, "the results have been handed over, or the code has expired")
	errStore        error = problem.New(problem.StoreUnavailable, "")
)
