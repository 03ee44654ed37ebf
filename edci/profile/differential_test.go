package profile_test

import (
	"fmt"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/profile"
	"elmobridge/testdata/judge"
)

// manyVariants is how many documents the differential test compares, and fewVariants with -short.
const (
	manyVariants = 5200
	fewVariants  = 300
)

// mutatorNames are the names in order.
func mutatorNames() []string {
	var names []string
	for name := range mutators {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestDifferential changes documents in thousands of ways and compares with the judge: verdict, and the
// set of violations by place, property and kind of constraint. Differences that are explained stand in
// testdata/differences.tsv.
func TestDifferential(t *testing.T) {
	n := manyVariants
	if testing.Short() {
		n = fewVariants
	}
	seed := int64(1)
	if s := os.Getenv("ELMOBRIDGE_SEED"); s != "" { // to hunt for more
		seed, _ = strconv.ParseInt(s, 10, 64)
	}
	all := variants(t, seed, n)
	var total tally
	t.Run("halves", func(t *testing.T) {
		for i, half := range [][]variant{all[:n/2], all[n/2:]} {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				compare(t, half, &total)
			})
		}
	})
	if total.compared == 0 && !t.Failed() {
		judge.Absent(t, "the judge of EDC")
	}
	t.Logf("%d variants, %d conform, %d refused, %d compared without places, %d explained differences: %v",
		total.compared, total.conform, total.refused, total.jsonld, total.known, total.reasons)
	if total.compared < n {
		t.Errorf("%d compared of %d", total.compared, n)
	}
}

// tally counts what was compared.
type tally struct {
	sync.Mutex
	compared, conform, refused, jsonld, known int
	reasons                                   map[string]int
}

func compare(t *testing.T, list []variant, total *tally) {
	known := knownDifferences(t)
	documents := make([][]byte, len(list))
	for i := range list {
		documents[i] = list[i].src
	}
	verdicts := judge.EDC(t, "auto", write(t, documents)...)
	if len(verdicts) != len(list) {
		t.Fatalf("%d verdicts on %d documents", len(verdicts), len(list))
	}
	for i, v := range list {
		found, s, _ := check(v.src, profile.Auto)
		got, want := ours(found), theirs(verdicts[i])
		if !placed(s) || want.insideProof() {
			got.violations, want.violations = withoutPlaces(got.violations), withoutPlaces(want.violations)
			got.dropped, want.dropped = nil, nil
		}
		d := difference(got, want)
		reason := ""
		if d != "" {
			if reason = known.explain(v.src, s, d); reason == "" {
				t.Errorf("variant %d (%s) %v: %s%s", i, s.Form, v.how, d, kept(v.src))
			}
		}
		total.add(s, want, reason)
	}
}

// kept writes the document where ELMOBRIDGE_KEEP says, to be looked at.
func kept(src []byte) string {
	dir := os.Getenv("ELMOBRIDGE_KEEP")
	if dir == "" {
		return ""
	}
	f, err := os.CreateTemp(dir, "*.json")
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	_, _ = f.Write(src)
	return f.Name()
}

func (t *tally) add(s *edci.Source, want opinion, reason string) {
	t.Lock()
	defer t.Unlock()
	t.compared++
	if want.ok() {
		t.conform++
	}
	if want.refused {
		t.refused++
	}
	if !placed(s) || want.insideProof() {
		t.jsonld++
	}
	if reason != "" {
		if t.known++; t.reasons == nil {
			t.reasons = map[string]int{}
		}
		t.reasons[reason]++
	}
}

// knownDifference explains differences: of a form of document, with a text in the difference and one in
// the document.
type knownDifference struct{ id, form, difference, document string }

type differences []knownDifference

// knownDifferences reads the table.
func knownDifferences(t *testing.T) differences {
	t.Helper()
	src, err := os.ReadFile("testdata/differences.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var list differences
	for _, line := range strings.Split(strings.TrimSpace(string(src)), "\n")[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != 5 || cells[4] == "" {
			t.Fatalf("differences.tsv: %q", line)
		}
		list = append(list, knownDifference{cells[0], cells[1], cells[2], cells[3]})
	}
	return list
}

// explain is the id of the row that explains every line of a difference; "" for none.
func (l differences) explain(src []byte, s *edci.Source, d string) string {
	var ids []string
	for _, line := range strings.Split(strings.TrimSpace(d), "\n") {
		i := slices.IndexFunc(l, func(k knownDifference) bool {
			return (k.form == "json-ld") == !placed(s) && strings.Contains(line, k.difference) && strings.Contains(string(src), k.document)
		})
		if i < 0 {
			return ""
		}
		ids = append(ids, l[i].id)
	}
	sort.Strings(ids)
	return strings.Join(slices.Compact(ids), ",")
}
