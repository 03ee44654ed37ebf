package api

import (
	"net"
	"net/netip"
	"sync"

	"elmobridge/api/limit"
)

// connectionsPerRequest is how many connections a client may have for each request that it may have at work: browsers keep
// some for later.
const connectionsPerRequest = 4

// bounded is a listener whose connections are bounded. Those of one client are only told apart where there are no proxies.
func (s *Service) bounded(l net.Listener) net.Listener {
	b := &boundedListener{Listener: l, slots: make(chan struct{}, s.config.Connections), closed: make(chan struct{})}
	if s.config.PerClient > 0 && s.config.Proxies == 0 {
		b.clients = limit.NewClients(connectionsPerRequest * s.config.PerClient)
	}
	return b
}

// boundedListener accepts no connection while there are too many, and closes those of clients that have too many.
type boundedListener struct {
	net.Listener
	slots   chan struct{}
	clients *limit.Clients // nil: any number
	close   sync.Once
	closed  chan struct{}
}

// Accept waits until there is room for a connection, and for one.
func (b *boundedListener) Accept() (net.Conn, error) {
	select {
	case b.slots <- struct{}{}:
	case <-b.closed:
		return nil, net.ErrClosed
	}
	for {
		conn, err := b.Listener.Accept()
		if err != nil {
			<-b.slots
			return nil, err
		}
		from := addressOf(conn)
		if b.clients == nil || b.clients.Enter(from) {
			return &boundedConn{Conn: conn, leave: sync.OnceFunc(func() { b.leave(from) })}, nil
		}
		_ = conn.Close()
	}
}

func (b *boundedListener) leave(from netip.Addr) {
	if b.clients != nil {
		b.clients.Leave(from)
	}
	<-b.slots
}

// Close ends Accept as well.
func (b *boundedListener) Close() error {
	b.close.Do(func() { close(b.closed) })
	return b.Listener.Close()
}

// boundedConn leaves its place when it is closed.
type boundedConn struct {
	net.Conn
	leave func()
}

// Close can be called again.
func (c *boundedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// addressOf is the address of a client, not valid where it has none.
func addressOf(c net.Conn) netip.Addr {
	at, _ := netip.ParseAddrPort(c.RemoteAddr().String())
	return at.Addr().Unmap()
}
