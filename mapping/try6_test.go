package mapping

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/edci"
		"elmobridge/elmo"
)


func mutate(r *rand.Rand, v any) any {
	switch x := v.(type) {
	case edci.Object:
		if len(x) == 0 { return x }
		i := r.Intn(len(x))
		switch r.Intn(12) {
		case 0: return append(append(edci.Object{}, x[:i]...), x[i+1:]...)
		case 1: return append(append(edci.Object{}, x...), edci.Member{Name: fmt.Sprint("unknown", r.Intn(9)), Value: "u"})
		case 2: j := r.Intn(len(x)); y := append(edci.Object{}, x...); y[i].Value, y[j].Value = y[j].Value, y[i].Value; return y
		}
		y := append(edci.Object{}, x...)
		y[i].Value = mutate(r, x[i].Value)
		return y
	case edci.Array:
		if len(x) == 0 { return x }
		i := r.Intn(len(x))
		switch r.Intn(8) {
		case 0: return append(append(edci.Array{}, x[:i]...), x[i+1:]...)
		case 1: return append(append(edci.Array{}, x...), x[i])
		}
		y := append(edci.Array{}, x...)
		y[i] = mutate(r, x[i])
		return y
	case string:
		switch r.Intn(6) {
		case 0: return ""
		case 1: return x + "\u00a0 x"
		case 2: return " " + x + "\n\ty"
		case 3: return x + "\u0001\ufffe"
		case 4: return edci.Object{{Name: "en", Value: x}}
		}
		return strings.ToUpper(x)
	}
	return "changed"
}

func TestTry6(t *testing.T) {
	bad := 0
	files, _ := filepath.Glob("/work/shared/corpus/elm/samples/*/*.json*")
	var samples []edci.Object
	for _, f := range files {
		if strings.Contains(f, "edge-cases") { continue }
		data, _ := os.ReadFile(f)
		if len(data) > 120000 { continue }
		creds, err := edci.Read(data, edci.ReadOptions{})
		if err != nil { continue }
		samples = append(samples, creds[0].Source.Tree)
	}
	for seed := range 400 {
		r := rand.New(rand.NewSource(int64(seed)))
		var tree any = samples[r.Intn(len(samples))]
		for range 1 + r.Intn(4) { tree = mutate(r, tree) }
		src := edci.AppendValue(nil, tree)
		creds, err := edci.Read(src, edci.ReadOptions{})
		if err != nil { fmt.Println("READ", seed, err); continue }
		for _, k := range []Keep{KeepNotes, KeepNone} {
			back, r1, err := Back(creds, Options{Seed: "s", Keep: k, Issued: "2020-01-01T00:00:00"})
			if err != nil { fmt.Println("B", seed, err); continue }
			xml, err := elmo.Marshal(back, elmo.WriteOptions{Version: elmo.V17})
			if err != nil { fmt.Println("W", seed, err); continue }
			doc, err := elmo.Read(xml, elmo.ReadOptions{})
			if err != nil { fmt.Println("RR", seed, err); continue }
			again, r2, err := Forward(doc, Options{Seed: "s", Keep: k, Issued: "2020-01-01T00:00:00"})
			if err != nil { fmt.Println("F", seed, err); continue }
			n := 0
			for _, d := range edci.Diff(creds[0].Source.Tree, edci.Tree(again[0])) {
				if !named2(d.Pointer, r1, r2) { fmt.Println("D", seed, k, d.Pointer, d.Kind); n++; bad++; if n > 6 { break } }
			}
			if n > 0 && os.Getenv("DUMP") == fmt.Sprint(seed) {
				os.WriteFile("/tmp/e-src.json", src, 0o644); os.WriteFile("/tmp/e-out.xml", xml, 0o644); os.WriteFile("/tmp/e-out.json", edci.Append(nil, again[0]), 0o644)
				for _, e := range append(r1.Entries(), r2.Entries()...) { fmt.Printf("%-7s %-10s %-16s %s -> %s | %s\n", e.Row, e.Verdict, e.Reason, e.Source, e.Target, e.Note) }
			}
		}
	}
	fmt.Println("bad", bad)
}

func named2(p string, reps ...*Report) bool {
	for _, r := range reps {
		for _, e := range r.Entries() {
			for _, x := range []string{e.Source, e.Target} {
				if x != "" && (x == p || e.Verdict != Added && strings.HasPrefix(p, x+"/")) { return true }
			}
		}
	}
	return false
}
