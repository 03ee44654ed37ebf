package api

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"elmobridge/api/problem"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
)

// dialled is a connection to the service, on which it was asked whether it lives.
func dialled(t *testing.T, address string) (net.Conn, error) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_, _ = io.WriteString(conn, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
	_, err = bufio.NewReader(conn).ReadString('\n')
	return conn, err
}

// TestConnections: connections beyond the bound wait until another one ends; those of a client that has too many are closed.
func TestConnections(t *testing.T) {
	address, _ := running(t, Config{Connections: 2})
	first, err := dialled(t, address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dialled(t, address); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() { _, err := dialled(t, address); answered <- err }()
	_ = first.Close()
	if err := <-answered; err != nil { // the test fails by its own time limit
		t.Error(err)
	}

	address, _ = running(t, Config{PerClient: 1})
	for range connectionsPerRequest {
		if first, err = dialled(t, address); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := dialled(t, address); err == nil {
		t.Error("a client has more connections than it may")
	}
	_ = first.Close()
	for _, err = dialled(t, address); err != nil; _, err = dialled(t, address) { // the test fails by its own time limit
	}
}

// TestBoundedListener: no more connections are open than may be, and a listener that is closed accepts none.
func TestBoundedListener(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := made(t, Config{Connections: 1}).bounded(inner)
	for range 2 { // which the system takes, for us to accept
		waits, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer waits.Close()
	}
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(l.(*boundedListener).slots); n != 1 {
		t.Errorf("%d places are taken", n)
	}
	ended := make(chan error)
	go func() { _, err := l.Accept(); ended <- err }()
	_ = l.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	for range 2 {
		_ = conn.Close()
	}
	if n := len(l.(*boundedListener).slots); n != 0 {
		t.Errorf("%d places are still taken", n)
	}
}

// TestUnreadAnswers: answers that nobody reads take memory, which is bounded: who comes then is refused. When the clients
// have gone, or have been cut off, all is well again.
func TestUnreadAnswers(t *testing.T) {
	xml, err := elmo.Marshal(elmotest.Courses(1500), elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	address, _ := running(t, Config{Memory: 24 << 20})
	var open []net.Conn
	ask := func() *http.Response {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.(*net.TCPConn).SetReadBuffer(4096)
		open = append(open, conn)
		fmt.Fprintf(conn, "POST /v1/convert?display=minimal&issued=2020-01-01T00:00:00Z HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n", len(xml))
		if _, err := io.Copy(conn, bytes.NewReader(xml)); err != nil {
			t.Fatal(err)
		}
		r, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	refused := false
	for range 40 {
		if r := ask(); r.StatusCode == http.StatusServiceUnavailable {
			body, err := io.ReadAll(r.Body)
			refused = err == nil && strings.Contains(string(body), problem.Busy.Name) && r.Header.Get("Retry-After") != "" && r.Header.Get("X-Content-Type-Options") != ""
			break
		}
	}
	if !refused {
		t.Errorf("%d answers lie about unread", len(open))
	}
	for _, conn := range open {
		_ = conn.Close()
	}
	for ask().StatusCode != http.StatusOK { // the test fails by its own time limit
	}
	_ = open[len(open)-1].Close()
}
