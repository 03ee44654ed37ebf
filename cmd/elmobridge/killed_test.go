package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"elmobridge/api/evidence/demo"

	"github.com/nats-io/nats-server/v2/server"
)

// portalToken is that of the client in the configuration of these tests.
const (
	portalToken   = "portal-of-the-tests"
	fleetSettings = `
sources:
  results: {folder: %s}
clients:
  portal: {tokens-sha256: [%x], sources: [results]}
consent: [to-employer]
`
)

// settled is the longest that a test waits for a service or a cluster. It only ends tests that fail.
const settled = 2 * time.Minute

// process is a program that runs beside the test: elmobridge, or a node of a cluster.
type process struct {
	*exec.Cmd
	address string // of the service
}

// start runs this binary as a program of TestMain. Each line of its standard error goes to the function until one is
// what was waited for.
func start(t *testing.T, args []string, begun func(line []byte) bool) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], args[1:]...)}
	p.Args[0] = args[0]
	in, err := p.StdinPipe() // a node ends when it is closed: none outlives the test
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		p.kill()
	})
	var said bytes.Buffer
	lines := bufio.NewScanner(io.TeeReader(out, &said))
	for lines.Scan() {
		if begun(lines.Bytes()) {
			go func() { _, _ = io.Copy(io.Discard, out) }() // what it writes later would block it
			return p
		}
	}
	t.Fatalf("%v ended: %s", args, said.Bytes())
	return nil
}

// kill ends a process as kill -9 does.
func (p *process) kill() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// stop ends a service as an operator does.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Fatal(err)
	}
}

// startService runs serve on a free port.
func startService(t *testing.T, args ...string) *process {
	t.Helper()
	var first struct{ Msg, Address string }
	p := start(t, append([]string{"elmobridge", "serve", "--listen", "127.0.0.1:0"}, args...), func(line []byte) bool {
		return json.Unmarshal(line, &first) == nil && first.Msg == "serving"
	})
	p.address = "http://" + first.Address
	return p
}

// writeSettings writes the configuration of a service whose source are the learners of the demo in files.
func writeSettings(t *testing.T) (file string) {
	t.Helper()
	dir := t.TempDir()
	results := filepath.Join(dir, "results")
	if err := os.Mkdir(results, 0o700); err != nil {
		t.Fatal(err)
	}
	for i, l := range demo.Learners() {
		data, err := demo.Source{}.Results(context.Background(), l.Learner)
		if err != nil {
			continue // of the one who has none
		}
		if err := os.WriteFile(filepath.Join(results, fmt.Sprintf("%d.xml", i)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file = filepath.Join(dir, "config.yaml")
	text := fmt.Sprintf(fleetSettings, results, sha256.Sum256([]byte(portalToken)))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// journey is what a portal does for one learner, and what was acknowledged of it.
type journey struct {
	session, code string
	delivered     bool
	requests      []string // ids of the requests that were done
}

// portal is a client of a service.
type portal struct {
	http.Client
	learner evidenceLearner
}

type evidenceLearner struct {
	Identifiers any    `json:"identifiers"`
	DateOfBirth string `json:"dateOfBirth"`
}

func newPortal() *portal {
	l := demo.Learners()[0]
	return &portal{http.Client{Timeout: settled, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}, evidenceLearner{l.Identifiers, l.DateOfBirth}}
}

// ask sends a step. An error means that nothing is known of it.
func (p *portal) ask(j *journey, address, path string, body any) (status int, answer map[string]any, err error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequest(http.MethodPost, address+path, bytes.NewReader(data))
	if err != nil {
		return 0, nil, err
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Authorization": "Bearer " + portalToken,
		"Elmobridge-Session": j.session, "Accept": "application/vnd.elmobridge+json, application/json"} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	res, err := p.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil, err
	}
	if res.StatusCode == http.StatusOK {
		j.requests = append(j.requests, res.Header.Get("X-Request-Id"))
	}
	return res.StatusCode, answer, json.Unmarshal(text, &answer)
}

// begin, consent and deliver are the steps; the status is 0 where nothing is known of what was done.

func (p *portal) begin(j *journey, address string) int {
	status, answer, _ := p.ask(j, address, "/v1/evidence", map[string]any{"source": "results", "learner": p.learner})
	j.session, _ = answer["session"].(string)
	return status
}

func (p *portal) consent(j *journey, address string) int {
	status, answer, _ := p.ask(j, address, "/v1/evidence/consent", map[string]any{"results": []string{"elmo"}, "format": "elmo", "text": "to-employer"})
	j.code, _ = answer["code"].(string)
	return status
}

func (p *portal) deliver(j *journey, address string) int {
	status, _, _ := p.ask(j, address, "/v1/evidence/delivery", map[string]string{"code": j.code})
	j.delivered = j.delivered || status == http.StatusOK
	return status
}

// audited gives the ids of the requests that the audit log has a record of, once the log is found to be whole.
func audited(t *testing.T, args ...string) map[string]bool {
	t.Helper()
	c := exec.Command(os.Args[0], append([]string{"audit"}, args...)...)
	c.Args[0] = "elmobridge"
	var problems bytes.Buffer
	c.Stderr = &problems
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, problems.Bytes())
	}
	ids := map[string]bool{}
	for line := range bytes.Lines(out) {
		var r struct{ Request, Outcome string }
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if r.Outcome == "ok" {
			ids[r.Request] = true
		}
	}
	return ids
}

// checkAudit: every step that was acknowledged is in the log.
func checkAudit(t *testing.T, journeys []*journey, log map[string]bool) {
	t.Helper()
	steps := 0
	for _, j := range journeys {
		for _, id := range j.requests {
			if steps++; !log[id] {
				t.Errorf("a step that was acknowledged is not in the audit log")
			}
		}
	}
	if steps == 0 {
		t.Error("nothing was done")
	}
	t.Logf("%d steps were acknowledged, the log has %d", steps, len(log))
}

// TestKilled: a service is killed in the middle of 200 sessions. When it runs again, no one-time code works that was
// used before, and the audit log has every step that was acknowledged.
func TestKilled(t *testing.T) {
	sessions := 200
	if testing.Short() {
		sessions = 20
	}
	data, config := t.TempDir(), writeSettings(t)
	service := startService(t, "--data", data, "--config", config)
	p, journeys := newPortal(), make([]*journey, sessions)
	var all sync.WaitGroup
	delivered, places := make(chan bool, sessions), make(chan bool, 16)
	for i := range journeys {
		j := &journey{}
		journeys[i] = j
		all.Go(func() {
			places <- true
			if p.begin(j, service.address) == http.StatusOK && p.consent(j, service.address) == http.StatusOK {
				delivered <- p.deliver(j, service.address) == http.StatusOK
			}
			<-places
		})
	}
	for range sessions / 2 {
		<-delivered
	}
	service.kill()
	all.Wait()

	service = startService(t, "--data", data, "--config", config)
	used, open := 0, 0
	for _, j := range journeys {
		if j.code == "" {
			continue
		}
		again := &journey{code: j.code}
		status := p.deliver(again, service.address)
		switch {
		case j.delivered:
			if used++; status != http.StatusGone {
				t.Errorf("a code that was used is answered with %d", status)
			}
		case status == http.StatusOK:
			open++
		}
		if status = p.deliver(again, service.address); status != http.StatusGone {
			t.Errorf("a code is answered with %d the second time", status)
		}
	}
	if used < sessions/2 {
		t.Errorf("only %d codes were used", used)
	}
	t.Logf("%d codes were used, %d more were good after the restart", used, open)
	service.stop(t)
	checkAudit(t, journeys, audited(t, "--data", data))
}

// TestLostKey: a key that is missing is not replaced, since what was written with it could not be read any more; nor is one
// made by who only reads, or taken that everybody may read.
func TestLostKey(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	key := filepath.Join(data, "key")
	refused := func(want string, args ...string) {
		t.Helper()
		c := exec.Command(os.Args[0], args...)
		c.Args[0] = "elmobridge"
		out, err := c.CombinedOutput()
		if c.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), want) {
			t.Errorf("%v: %v %s", args, err, out)
		}
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	refused("has no key", "audit", "--data", data)
	startService(t, "--data", data).stop(t)
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	refused("chmod 600", "audit", "--data", data)
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	refused("restore", "audit", "--data", data)
	refused("restore", "serve", "--listen", "127.0.0.1:0", "--data", data)
	if _, err := os.Stat(key); err == nil {
		t.Error("a key was made")
	}
}

// nodeSettings are those of a node of a cluster of NATS: ports for clients and routes.
type nodeSettings struct {
	Name          string
	Dir           string
	Client, Route int
	Routes        []int
}

// node is the program of a node; its settings are the first argument.
func node() {
	var n nodeSettings
	if err := json.Unmarshal([]byte(os.Args[1]), &n); err != nil {
		panic(err)
	}
	o := &server.Options{ServerName: n.Name, Host: "127.0.0.1", Port: n.Client, NoSigs: true, JetStream: true, StoreDir: n.Dir,
		SyncAlways: true, JetStreamMaxMemory: 4 << 30, JetStreamMaxStore: 64 << 30, Cluster: server.ClusterOpts{Name: "state", Host: "127.0.0.1", Port: n.Route}}
	var routes []string
	for _, r := range n.Routes {
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", r))
	}
	o.Routes = server.RoutesFromStr(strings.Join(routes, ","))
	s, err := server.NewServer(o)
	if err != nil {
		panic(err)
	}
	s.Start()
	fmt.Fprintln(os.Stderr, "started")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// startNodes runs a cluster of three.
func startNodes(t *testing.T) (nodes []*process, urls string) {
	t.Helper()
	ports := freePorts(t, 6)
	var list []string
	for i := range 3 {
		n := nodeSettings{fmt.Sprintf("node-%d", i), t.TempDir(), ports[i], ports[3+i], ports[3:]}
		text, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, start(t, []string{"nats-node", string(text)}, func(line []byte) bool { return string(line) == "started" }))
		list = append(list, fmt.Sprintf("nats://127.0.0.1:%d", n.Client))
	}
	return nodes, strings.Join(list, ",")
}

// freePorts are ports of the loopback that nobody has.
func freePorts(t *testing.T, n int) (ports []int) {
	t.Helper()
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

// TestFleet: two services share a cluster of three nodes: what one has begun the other goes on with. A node is killed,
// then a service: the work goes on, every code is good once, and the audit log has every step that was acknowledged.
func TestFleet(t *testing.T) {
	sessions := 60
	if testing.Short() {
		sessions = 9
	}
	nodes, urls := startNodes(t)
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("5a", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	cluster := []string{"--nats", urls, "--state-key", key}
	args := append([]string{"--config", writeSettings(t)}, cluster...)
	one, other := startService(t, args...), startService(t, args...)
	p, journeys := newPortal(), make([]*journey, sessions)
	for i := range journeys {
		switch i {
		case sessions / 3:
			nodes[0].kill()
		case 2 * sessions / 3:
			one.kill()
			one = other
		}
		j := &journey{}
		journeys[i] = j
		whole(t, p, j, one.address, other.address)
		again := [2]int{p.deliver(&journey{code: j.code}, one.address), p.deliver(&journey{code: j.code}, other.address)}
		if again != [2]int{http.StatusGone, http.StatusGone} {
			t.Errorf("a code that was used is answered with %v", again)
		}
	}
	checkAudit(t, journeys, audited(t, cluster...))
}

// whole goes through all steps, each at another service than the one before, and begins anew where the store did not
// answer: what is known then is that no acknowledged step is lost.
func whole(t *testing.T, p *portal, j *journey, one, other string) {
	t.Helper()
	for deadline := time.Now().Add(settled); time.Now().Before(deadline); {
		if p.begin(j, one) == http.StatusOK && p.consent(j, other) == http.StatusOK && p.deliver(j, one) == http.StatusOK {
			return
		}
		j.session = ""
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the service does not go on")
}
