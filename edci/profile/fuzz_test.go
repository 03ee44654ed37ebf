package profile_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/edci/profile"
)

// FuzzCheck checks whatever the reader takes, by every profile: findings lead to places of the tree and
// stand in the order of the document, the tree stays as it is, and errors alone are the errors of all.
func FuzzCheck(f *testing.F) {
	seeds, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "golden", "*", "edc.json"))
	for _, file := range append(seeds, filepath.Join("testdata", "small.json")) {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(src) < 30_000 {
			f.Add(src, uint8(0))
		}
	}
	for _, c := range ruleCases {
		f.Add(edci.AppendValue(nil, changed(f, c.pointer, c.fail)), uint8(c.profile))
	}
	f.Fuzz(func(t *testing.T, src []byte, p uint8) {
		credentials, err := edci.Read(src, edci.ReadOptions{Limits: edci.Limits{Size: 1 << 20, Nodes: 20_000}})
		if err != nil {
			return
		}
		for _, c := range credentials {
			sound(t, c.Source, profile.Profile(p%8))
		}
	})
}

// sound checks what holds for every document.
func sound(t *testing.T, s *edci.Source, p profile.Profile) {
	tree := s.Tree
	if s.Written != nil {
		tree = s.Written
	}
	before := string(edci.AppendValue(nil, tree))
	found := profile.CheckSource(s, p, profile.Options{InList: english, Values: true})
	if string(edci.AppendValue(nil, tree)) != before {
		t.Error("the tree was changed")
	}
	var errors []profile.Finding
	last := -1
	order := places(tree)
	for _, f := range found {
		at, ok := order[f.Path]
		if !ok || f.Text == "" || f.Source == "" {
			t.Fatalf("%+v leads nowhere, or says nothing", f)
		}
		if at < last {
			t.Errorf("%+v is out of order", f)
		}
		last = at
		if f.Severity == profile.Error {
			errors = append(errors, f)
		}
	}
	alone := profile.CheckSource(s, p, profile.Options{ErrorsOnly: true, Values: true})
	if !slices.Equal(errors, alone) {
		t.Errorf("errors alone differ:\n%+v\n%+v", errors, alone)
	}
}

// places numbers the pointers of a tree in the order of the document.
func places(tree edci.Object) map[string]int {
	order := map[string]int{}
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	var visit func(at string, v any)
	visit = func(at string, v any) {
		order[at] = len(order)
		switch v := v.(type) {
		case edci.Object:
			for _, m := range v {
				visit(at+"/"+escape.Replace(m.Name), m.Value)
			}
		case edci.Array:
			for i, e := range v {
				visit(at+"/"+strconv.Itoa(i), e)
			}
		}
	}
	visit("", tree)
	return order
}
