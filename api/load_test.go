package api

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
)

// TestFlatMemory: a hundred thousand requests, half of them refused, leave no more on the heap than a few hundred.
func TestFlatMemory(t *testing.T) {
	many := 50_000
	if testing.Short() {
		many = 300
	}
	s := made(t, Config{})
	xml := own(t, "elmo/one-course.xml")
	both := func() {
		if w := ask(s, http.MethodPost, "/v1/convert?display=minimal", "application/xml", xml); w.Code != http.StatusOK {
			t.Error(w.Code)
		}
		ask(s, http.MethodPost, "/v1/verify", "application/xml", []byte("<x"))
	}
	before := heapAfter(200, both)
	after := heapAfter(many, both)
	t.Logf("heap %d KiB after 400 requests, %d KiB after %d more", before>>10, after>>10, 2*many)
	if after > before+before/4+1<<20 {
		t.Errorf("the heap grows: %d, then %d bytes", before, after)
	}
}

// heapAfter does something many times, on as many processors as there are workers, and gives the bytes that are in use then.
func heapAfter(times int, do func()) uint64 {
	workers := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range times / workers {
				do()
			}
		})
	}
	all.Wait()
	runtime.GC()
	runtime.GC() // pools are emptied by the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkREST compares conversion over HTTP with the library in the same run, on all processors:
// "of-library" is the share of the library's throughput that is left.
func BenchmarkREST(b *testing.B) {
	xml, err := elmo.Marshal(elmotest.Courses(40), elmo.WriteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(made(b, Config{}))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	opt := convert.Options{Keep: convert.KeepNotes, Display: convert.DisplayMinimal, Issued: "2020-01-01T00:00:00Z"}
	library := func() {
		in, err := convert.Read(xml)
		if err != nil {
			b.Fatal(err)
		}
		list, _, err := convert.ToEDC(in.Document, opt)
		if err != nil {
			b.Fatal(err)
		}
		convert.AppendEDC(nil, list[0], opt)
	}
	rest := func() {
		r, err := client.Post(server.URL+"/v1/convert?display=minimal&issued=2020-01-01T00:00:00Z", "application/xml", bytes.NewReader(xml))
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != http.StatusOK || n == 0 {
			b.Fatal(r.StatusCode, err)
		}
		r.Body.Close()
	}
	took := func(work func()) time.Duration {
		begin := time.Now()
		var all sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			all.Go(func() {
				for range 20 {
					work()
				}
			})
		}
		all.Wait()
		return time.Since(begin)
	}
	var shares []float64
	for b.Loop() {
		shares = append(shares, float64(took(library))/float64(took(rest)))
	}
	slices.Sort(shares)
	b.ReportMetric(shares[len(shares)/2], "of-library")
}

// BenchmarkOverload sends twenty times as many requests at once as there are workers. "p99-of-idle" is how many times
// as long as alone the slowest hundredth of the answers takes, refusals included; "refused" the share of 503. What
// bounds the first is the time that a request may wait for a worker: "wait-of-idle".
func BenchmarkOverload(b *testing.B) {
	xml, err := elmo.Marshal(elmotest.Courses(40), elmo.WriteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	const wait = 50 * time.Millisecond
	workers := runtime.GOMAXPROCS(0)
	server := httptest.NewServer(made(b, Config{Wait: wait, Workers: workers}))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20 * workers}}
	var idle, loaded latencies
	for range 50 {
		idle.ask(b, client, server.URL, xml)
	}
	for b.Loop() {
		var all sync.WaitGroup
		for range 20 * workers {
			all.Go(func() { loaded.ask(b, client, server.URL, xml) })
		}
		all.Wait()
	}
	alone := float64(idle.quantile(.5))
	b.ReportMetric(float64(loaded.quantile(.99))/alone, "p99-of-idle")
	b.ReportMetric(float64(wait)/alone, "wait-of-idle")
	b.ReportMetric(float64(loaded.refused)/float64(len(loaded.took)), "refused")
}

// latencies are those of requests.
type latencies struct {
	mu      sync.Mutex
	took    []time.Duration
	refused int
}

// ask sends a request, which is answered whole or refused with 503.
func (l *latencies) ask(b *testing.B, client *http.Client, address string, xml []byte) {
	begin := time.Now()
	r, err := client.Post(address+"/v1/convert?display=minimal&issued=2020-01-01T00:00:00Z", "application/xml", bytes.NewReader(xml))
	if err != nil {
		b.Error(err)
		return
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != http.StatusOK && r.StatusCode != http.StatusServiceUnavailable {
		b.Error(r.StatusCode, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, time.Since(begin))
	if r.StatusCode == http.StatusServiceUnavailable {
		l.refused++
	}
}

func (l *latencies) quantile(q float64) time.Duration {
	slices.Sort(l.took)
	return l.took[int(q*float64(len(l.took)-1))]
}
