package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"

	"elmobridge/api/state"
)

type auditCommand struct {
	stateFlags
}

// Help is the text below the flags.
func (auditCommand) Help() string {
	return `Prints the audit log of serve, a JSON object for each record, and checks that each follows the one before: it holds the SHA-256 of that line. The log has what was done through which channel, and nothing of or about learners. A folder is read while serve does not run, a cluster at any time; --data and --state-key, or --nats and what goes with it, are those of serve.

Keep the number and the SHA-256 of the last line somewhere else: who can write the whole log anew is found out by it.

Examples:

    elmobridge audit --data /var/lib/elmobridge | tail -1 | sha256sum
    elmobridge audit --nats nats://nats-1:4222 --state-key state.key

Exit codes: 0 every record follows; 1 the log has been changed, or cannot be read; 2 wrong usage.`
}

// Run prints the log.
func (c *auditCommand) Run(a *app) (err error) {
	if c.Data == "" && len(c.NATS) == 0 {
		return usage("give --data or --nats: where the log is")
	}
	if c.Data != "" {
		if _, err := os.Stat(c.Data); err != nil {
			return usage("--data: %w", reason(err))
		}
	}
	settings, err := c.load(slog.New(slog.NewJSONHandler(a.stderr, nil)))
	if err != nil {
		return err
	}
	if settings.Key == nil {
		return usage("--data: %s has no key, and so no log", c.Data)
	}
	settings.AsItIs = len(c.NATS) > 0
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	store, err := c.open(ctx, settings)
	if err != nil {
		return err
	}
	return finish(printEvents(ctx, store, a.stdout), store)
}

// printEvents prints the records that follow one another.
func printEvents(ctx context.Context, store *state.Store, to io.Writer) error {
	out := bufio.NewWriter(to)
	err := store.Events(ctx, func(line []byte) error {
		_, err := fmt.Fprintf(out, "%s\n", line)
		return err
	})
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return err
}

// finish closes a store; the error before goes before that of closing.
func finish(err error, store *state.Store) error {
	if closed := store.Close(); err == nil {
		err = closed
	}
	return err
}
