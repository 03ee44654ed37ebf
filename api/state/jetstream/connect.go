package jetstream

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// options of a connection. Nothing is kept for later while there is none: the caller is told, and may try again.
func (c Config) options() []nats.Option {
	list := []nats.Option{
		nats.Name(c.Name), nats.Timeout(c.Timeout),
		nats.MaxReconnects(-1), nats.ReconnectWait(pause), nats.ReconnectJitter(pause, pause), nats.ReconnectBufSize(-1),
		nats.PingInterval(10 * time.Second), nats.MaxPingsOutstanding(2),
		nats.DisconnectErrHandler(told(c.Log, "the connection to the state is lost")),
		nats.ReconnectHandler(func(*nats.Conn) { c.Log.Info("the connection to the state is back") }),
		nats.ErrorHandler(func(conn *nats.Conn, _ *nats.Subscription, err error) {
			told(c.Log, "the connection to the state")(conn, err)
		}),
	}
	for _, file := range []struct {
		name   string
		option func() nats.Option
	}{
		{c.Credentials, func() nats.Option { return nats.UserCredentials(c.Credentials) }},
		{c.CA, func() nats.Option { return nats.RootCAs(c.CA) }},
		{c.Certificate, func() nats.Option { return nats.ClientCert(c.Certificate, c.PrivateKey) }},
	} {
		if file.name != "" {
			list = append(list, file.option())
		}
	}
	return list
}

// told logs errors; one without is the connection being closed by us.
func told(log *slog.Logger, what string) nats.ConnErrHandler {
	return func(_ *nats.Conn, err error) {
		if err != nil {
			log.Warn(what, "why", err.Error())
		}
	}
}

// connect tries until it succeeds, or the context ends, or there is no hope.
func connect(ctx context.Context, c Config, options []nats.Option) (conn *nats.Conn, err error) {
	err = persist(ctx, c.Log, func(context.Context) error {
		conn, err = nats.Connect(strings.Join(c.URLs, ","), options...)
		return err
	})
	return conn, err
}
