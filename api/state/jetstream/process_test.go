package jetstream_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
)

// patience is the longest that a test waits for anything. It only ends tests that fail.
const patience = 2 * time.Minute

// programs are what this binary is when the environment says so.
var programs = map[string]func(argument string) error{"node": runNode, "sessions": runSessions, "worker": runWorker}

const program, argument = "STATE_TEST_PROGRAM", "STATE_TEST_ARGUMENT"

func TestMain(m *testing.M) {
	if run := programs[os.Getenv(program)]; run != nil {
		if err := run(os.Getenv(argument)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child is a process of this binary.
type child struct {
	*exec.Cmd
	lines *bufio.Scanner // of its standard output
}

// run starts a program in a process of its own, and waits for its first line.
func run(t *testing.T, name string, arg any) *child {
	t.Helper()
	text, err := json.Marshal(arg)
	if err != nil {
		t.Fatal(err)
	}
	c := &child{Cmd: exec.Command(os.Args[0])}
	c.Env = append(os.Environ(), program+"="+name, argument+"="+string(text))
	c.Stderr = os.Stderr
	stdin, err := c.StdinPipe() // the child ends when it is closed: none outlives the test
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); c.kill() })
	c.lines = bufio.NewScanner(stdout)
	if !c.lines.Scan() || c.lines.Text() != "ready" {
		t.Fatalf("%s %s: %q, not ready", name, text, c.lines.Text())
	}
	return c
}

// kill ends the process at once, and waits for its end.
func (c *child) kill() {
	_ = c.Process.Kill()
	_ = c.Wait()
}

func ready() { fmt.Println("ready") }

// untilParentEnds keeps a child alive.
func untilParentEnds() { _, _ = bufio.NewReader(os.Stdin).ReadString(0) }

// node is a server on the loopback, alone or with others.
type node struct {
	Name   string
	Dir    string
	Client int // port
	Route  int // port
	Routes []int
}

func (n node) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", n.Client) }

func (n node) options() *server.Options {
	o := &server.Options{
		ServerName: n.Name, Host: "127.0.0.1", Port: n.Client, NoSigs: true,
		JetStream: true, StoreDir: n.Dir, SyncAlways: true, JetStreamMaxMemory: 8 << 30, JetStreamMaxStore: 64 << 30,
	}
	for _, r := range n.Routes {
		o.Routes = append(o.Routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", r)})
		o.Cluster = server.ClusterOpts{Name: "state", Host: "127.0.0.1", Port: n.Route, PoolSize: 1}
	}
	return o
}

// start starts a server in this process.
func start(o *server.Options) (*server.Server, error) {
	s, err := server.NewServer(o)
	if err != nil {
		return nil, err
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		return nil, fmt.Errorf("server %s is not ready", o.ServerName)
	}
	return s, nil
}

// serve starts a server that ends with the test.
func serve(t testing.TB, o *server.Options) {
	t.Helper()
	s, err := start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
}

func runNode(arg string) error {
	var n node
	if err := json.Unmarshal([]byte(arg), &n); err != nil {
		return err
	}
	if _, err := start(n.options()); err != nil {
		return err
	}
	ready()
	untilParentEnds()
	return nil
}

// newNodes makes up the servers of a cluster.
func newNodes(t testing.TB, count int) []node {
	t.Helper()
	ports := freePorts(t, 2*count)
	var nodes []node
	for i := range count {
		nodes = append(nodes, node{fmt.Sprint("n", i), t.TempDir(), ports[i], ports[count+i], ports[count:]})
	}
	return nodes
}

// alone makes up a server without others.
func alone(t testing.TB) node {
	t.Helper()
	return node{Name: "alone", Dir: t.TempDir(), Client: freePorts(t, 1)[0]}
}

func freePorts(t testing.TB, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

func urls(nodes []node) []string {
	var list []string
	for _, n := range nodes {
		list = append(list, n.url())
	}
	return list
}

// behind gives a connection that looks behind the engine.
func behind(t testing.TB, nodes ...node) js.JetStream {
	t.Helper()
	conn, err := nats.Connect(strings.Join(urls(nodes), ","), nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	j, err := js.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return j
}
