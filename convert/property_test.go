package convert_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
	"elmobridge/mapping"
)

// randomDocuments is how many random documents and credentials each property is tried on.
func randomDocuments() int {
	if testing.Short() {
		return 60 // for the race detector
	}
	return 300
}

// randomXML is a random document, valid or not; every third one has unknown elements, every fourth
// is of ELMO 2.0.
func randomXML(t *testing.T, seed int) []byte {
	t.Helper()
	version := elmo.V17
	opt := elmotest.Options{Unknown: seed%3 == 0, V20: seed%4 == 0}
	if opt.V20 {
		version = elmo.V20
	}
	doc, _ := elmo.Fit(elmotest.RandomWith(rand.New(rand.NewSource(int64(seed))), opt), version)
	xml, err := elmo.Marshal(doc, elmo.WriteOptions{Version: version})
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	return xml
}

// TestRandomTrips: properties 2 and 4 of the constitution on random documents. Every difference
// between a document and its round trip is named, and a second round trip changes nothing more.
func TestRandomTrips(t *testing.T) {
	for _, keep := range []mapping.Keep{mapping.KeepNotes, mapping.KeepNone} {
		opt := convert.Options{Keep: keep, Display: convert.DisplayMinimal}
		for seed := range randomDocuments() {
			data := randomXML(t, seed)
			trip, err := convert.RoundTrip(data, opt)
			if err != nil {
				t.Errorf("seed %d keep %s: %v", seed, keep, err)
				continue
			}
			wantNamed(t, fmt.Sprintf("seed %d keep %s", seed, keep), trip)
			if keep == mapping.KeepNotes {
				wantSettled(t, seed, trip, opt)
			}
		}
	}
}

func wantNamed(t *testing.T, what string, trip *convert.Trip) {
	t.Helper()
	for _, d := range trip.Differences {
		if !d.Named {
			t.Errorf("%s: %s %s is in no report", what, d.Path, d.Kind)
		}
	}
}

// wantSettled: the second round trip gives what the first gave.
func wantSettled(t *testing.T, seed int, trip *convert.Trip, opt convert.Options) {
	t.Helper()
	again, err := convert.RoundTrip(trip.Result[0], opt)
	if err != nil {
		t.Errorf("seed %d, second trip: %v", seed, err)
		return
	}
	differences, err := elmo.Diff(trip.Result[0], again.Result[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Errorf("seed %d: the second trip changes %s %s", seed, d.Path, d.Kind)
	}
}

// TestMutatedCredentials: the same for credentials: real ones with random damage.
func TestMutatedCredentials(t *testing.T) {
	samples := sampleTrees(t)
	for _, keep := range []mapping.Keep{mapping.KeepNotes, mapping.KeepNone} {
		for seed := range randomDocuments() {
			r := rand.New(rand.NewSource(int64(seed)))
			tree := samples[r.Intn(len(samples))]
			for range 1 + r.Intn(4) {
				tree = mutated(r, tree)
			}
			trip, err := convert.RoundTrip(edci.AppendValue(nil, tree), convert.Options{Keep: keep, Display: convert.DisplayMinimal, Issued: "2020-01-01T00:00:00Z"})
			if err != nil {
				continue // refused: there is no difference to name
			}
			wantNamed(t, fmt.Sprintf("seed %d keep %s", seed, keep), trip)
		}
	}
}

// sampleTrees are the smaller credentials of the corpus, in plain shape.
func sampleTrees(t *testing.T) []any {
	t.Helper()
	var trees []any
	for _, s := range credentialSamples(t) {
		if len(s.data) > 120_000 {
			continue
		}
		if in, err := convert.Read(s.data); err == nil && in.Format == convert.FormatEDC {
			trees = append(trees, in.Credentials[0].Source.Tree)
		}
	}
	if len(trees) < 10 {
		t.Fatalf("only %d samples", len(trees))
	}
	return trees
}

// mutated changes one place of a tree: a member or element goes, comes, or is another.
func mutated(r *rand.Rand, v any) any {
	switch x := v.(type) {
	case edci.Object:
		return mutatedObject(r, x)
	case edci.Array:
		return mutatedArray(r, x)
	case string:
		return mutatedString(r, x)
	}
	return "changed"
}

func mutatedObject(r *rand.Rand, o edci.Object) any {
	if len(o) == 0 {
		return o
	}
	i := r.Intn(len(o))
	out := append(edci.Object{}, o...)
	switch r.Intn(12) {
	case 0:
		return append(out[:i], out[i+1:]...)
	case 1:
		return append(out, edci.Member{Name: fmt.Sprintf("unknown%d", len(o)), Value: "u"})
	case 2:
		if j := r.Intn(len(o)); o[i].Name != "id" && o[i].Name != "type" && o[j].Name != "id" && o[j].Name != "type" {
			out[i].Value, out[j].Value = out[j].Value, out[i].Value
		}
	default:
		if o[i].Name != "@context" {
			out[i].Value = mutated(r, o[i].Value)
		}
	}
	return out
}

func mutatedArray(r *rand.Rand, a edci.Array) any {
	if len(a) == 0 {
		return a
	}
	i := r.Intn(len(a))
	out := append(edci.Array{}, a...)
	switch r.Intn(8) {
	case 0:
		return append(out[:i], out[i+1:]...)
	case 1:
		return append(out, a[i])
	}
	out[i] = mutated(r, a[i])
	return out
}

func mutatedString(r *rand.Rand, s string) any {
	switch r.Intn(7) {
	case 0:
		return ""
	case 1:
		return s + "\u00a0 x"
	case 2:
		return " " + s + "\n\ty"
	case 3:
		return s + "\u0001\ufffe"
	case 4:
		return edci.Object{{Name: "en", Value: s}}
	}
	return strings.ToUpper(s)
}
