package api

import (
	"context"
	"crypto/tls"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"elmobridge/api/problem"
)

// maxHeader is how many bytes the header of a request may have.
const maxHeader = 32 << 10

// server is the HTTP server of the service.
func (s *Service) server() *http.Server {
	c := s.config
	return &http.Server{
		Handler: s, ReadHeaderTimeout: c.HeaderTime, ReadTimeout: c.ReadTime, IdleTimeout: c.IdleTime, MaxHeaderBytes: maxHeader,
		WriteTimeout: c.sendTime(),
		ErrorLog:     log.New(connectionLog{c.Log}, "", 0),
	}
}

// sendTime is from the beginning of a request to the end of its answer, which may take as long as the request.
func (c Config) sendTime() time.Duration { return c.ReadTime + c.Wait + c.Time + c.ReadTime }

// Serve answers on a listener, with TLS where there is a configuration for it, and does what was put off, until the
// context ends. Then it says that it is not ready, waits for Settle, takes no more connections and ends the requests at work.
// The error is nil when all of them were answered.
func (s *Service) Serve(ctx context.Context, l net.Listener, t *tls.Config) error {
	srv := s.server()
	l = s.bounded(l)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer s.work(ctx)()
	failed := make(chan error, 1)
	go func() {
		if t == nil {
			failed <- srv.Serve(l)
			return
		}
		srv.TLSConfig = t
		failed <- srv.ServeTLS(l, "", "")
	}()
	select {
	case err := <-failed:
		stop() // the workers
		return err
	case <-ctx.Done():
	}
	s.Drain()
	s.config.Log.Info("draining")
	time.Sleep(s.config.Settle)
	ctx, cancel := context.WithTimeout(context.Background(), s.config.DrainTime)
	defer cancel()
	err := srv.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.Join(errors.New("requests were still at work when the time to drain was over"), srv.Close())
	}
	return err
}

// pause is how long a worker that was failed by the store waits before it asks for jobs again.
const pause = time.Second

// work does what requests have put off, until the context ends. The function it gives waits for the jobs at work.
func (s *Service) work(ctx context.Context) (wait func()) {
	var all sync.WaitGroup
	for range s.config.Workers {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := s.rest.Work(ctx); err != nil && ctx.Err() == nil {
					s.config.Log.Warn("the store gives no jobs", "why", problem.Of(err).Title)
				}
				select {
				case <-ctx.Done():
				case <-time.After(pause):
				}
			}
		})
	}
	return all.Wait
}

// connectionLog logs what package http says of connections, without the addresses of clients.
type connectionLog struct{ log *slog.Logger }

// Write logs a line up to the address.
func (c connectionLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	for _, before := range []string{" from ", " serving ", "\n"} {
		text, _, _ = strings.Cut(text, before)
	}
	c.log.Warn("connection", "what", text)
	return len(line), nil
}
