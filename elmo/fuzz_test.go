package elmo_test

import (
	"math/rand"
	"testing"

	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/testdata/judge"
)

// FuzzRead: no document makes the reader panic, and what it reads can be written and read again.
func FuzzRead(f *testing.F) {
	for seed := range int64(6) {
		f.Add(mustMarshal(f, elmotest.RandomWith(rand.New(rand.NewSource(seed)), elmotest.Options{Unknown: true})))
	}
	if judge.HasCorpus(f) {
		for _, name := range documents(f) {
			f.Add(load(f, name))
		}
	}
	f.Add([]byte(`<elmo><x>a</x>b<bday/><learner xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:a=""><gender a="b">1<c/></gender></learner></elmo>`))
	f.Add([]byte("\xFF\xFE<\x00e\x00l\x00m\x00o\x00/\x00>\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := elmo.Read(data, elmo.ReadOptions{})
		if err != nil {
			return
		}
		version := elmo.V17
		for _, v := range []elmo.Version{elmo.V17, elmo.V20} {
			if _, err = elmo.Marshal(doc, elmo.WriteOptions{Version: v}); err == nil {
				version = v
				break
			}
		}
		if err != nil {
			fitted, _ := elmo.Fit(doc, elmo.V17)
			doc = fitted
		}
		again(t, doc, elmo.WriteOptions{Version: version})
		again(t, doc, elmo.WriteOptions{Version: version, Indent: true})
	})
}

// FuzzRoundTrip: random documents, by seed.
func FuzzRoundTrip(f *testing.F) {
	f.Add(int64(1), true)
	f.Fuzz(func(t *testing.T, seed int64, unknown bool) {
		doc := elmotest.RandomWith(rand.New(rand.NewSource(seed)), elmotest.Options{Unknown: unknown})
		again(t, doc, elmo.WriteOptions{Indent: seed%2 == 0})
	})
}
