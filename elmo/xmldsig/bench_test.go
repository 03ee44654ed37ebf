package xmldsig_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"runtime"
	"strings"
	"testing"
	"time"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
)

// transcript is a document of 18 KB; with attachment, of 20 MB, in lines that end in CR LF.
func transcript(t testing.TB, attachment bool) string {
	t.Helper()
	doc := elmotest.Courses(18)
	const place = "data:application/pdf;base64,JVBERi0x"
	doc.Attachments = []*elmo.Attachment{{Type: "EMREX transcript", Contents: []elmo.Text{{Value: place}}}}
	out, err := elmo.Marshal(doc, elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !attachment {
		return string(out)
	}
	return strings.Replace(string(out), place, place+strings.Repeat(strings.Repeat("JVBERi0x", 9)+"JVBE\r\n", 20<<20/78), 1)
}

// allocated gives how many bytes run allocates.
func allocated(run func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestBigDocument: 20 MB are verified where they stand; signing allocates what it gives.
func TestBigDocument(t *testing.T) {
	data := []byte(transcript(t, true))
	var signed []byte
	var err error
	n := allocated(func() { signed, err = elmo.Sign(data, p256().Signer, p256().chain(), elmo.SignOptions{}) })
	if err != nil || n > uint64(len(data)+2<<20) {
		t.Fatalf("signing allocates %d bytes for %d: %v", n, len(data), err)
	}
	opt := trusting(p256())
	var v *elmo.Verified
	n = allocated(func() {
		if v, err = elmo.Verify(signed, opt); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%d bytes allocated to verify %d", n, len(signed))
	if n > 2<<20 {
		t.Error("that is in proportion")
	}
	doc, err := v.Read()
	if err != nil {
		t.Fatal(err)
	}
	again, err := elmo.Read(signed, elmo.ReadOptions{})
	if err != nil || len(doc.Attachments[0].Contents[0].Value) < 19<<20 || doc.Attachments[0].Contents[0] != again.Attachments[0].Contents[0] {
		t.Errorf("what was verified is read otherwise: %v", err)
	}
	for _, at := range []int{len(signed) / 2, len(signed) - 10_000} {
		signed[at] ^= 1
		if _, err := elmo.Verify(signed, opt); reason(err) == "" {
			t.Errorf("changed: %v", err)
		}
		signed[at] ^= 1
	}
}

// each runs a benchmark for both sizes and both kinds of key.
func each(b *testing.B, bare func(by *identity) func(), run func(b *testing.B, data string, by *identity)) {
	for _, size := range []string{"18KB", "20MB"} {
		data := transcript(b, size == "20MB")
		for _, kind := range []string{"RSA 2048", "P-256"} {
			by := kinds[kind]()
			b.Run(size+"/"+kind, func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				run(b, data, by)
				b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(perRun(bare(by))), "x-bare")
			})
		}
	}
}

// perRun gives the time of one run.
func perRun(run func()) time.Duration {
	const times = 100
	start := time.Now()
	for range times {
		run()
	}
	return time.Since(start) / times
}

// BenchmarkVerify: x-bare is the time as a multiple of the bare operation of RSA or ECDSA.
func BenchmarkVerify(b *testing.B) {
	each(b, bareVerify, func(b *testing.B, data string, by *identity) {
		signed, opt := []byte(sign(b, data, by, elmo.SignOptions{})), trusting(by)
		for b.Loop() {
			if _, err := elmo.Verify(signed, opt); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSign: as BenchmarkVerify.
func BenchmarkSign(b *testing.B) {
	each(b, bareSign, func(b *testing.B, data string, by *identity) {
		plain := []byte(data)
		for b.Loop() {
			if _, err := elmo.Sign(plain, by.Signer, by.chain(), elmo.SignOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func bareSign(by *identity) func() {
	sum := sha256.Sum256([]byte("a"))
	return func() {
		if _, err := by.Sign(rand.Reader, sum[:], crypto.SHA256); err != nil {
			panic(err)
		}
	}
}

func bareVerify(by *identity) func() {
	sum := sha256.Sum256([]byte("a"))
	value, err := by.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		panic(err)
	}
	return func() {
		ok := true
		switch key := by.Public().(type) {
		case *rsa.PublicKey:
			ok = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], value) == nil
		case *ecdsa.PublicKey:
			ok = ecdsa.VerifyASN1(key, sum[:], value)
		}
		if !ok {
			panic("it does not verify")
		}
	}
}
