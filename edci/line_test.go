package edci

import (
	"slices"
	"testing"
)

func TestLines(t *testing.T) {
	data := "\uFEFF{\n  \"a\": [\n    1,\n    {\"b/c\": \"x\\ny\",\n     \"d\": null}\n  ],\n  \"e\":\n    true\n}"
	pointers := []string{"", "/a", "/a/0", "/a/1", "/a/1/b~1c", "/a/1/d", "/e", "/f", "/a/2"}
	want := []int{1, 2, 3, 4, 4, 5, 7, 0, 0}
	if got := Lines([]byte(data), pointers); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Lines([]byte(`{"a":`), []string{"/a"}); got[0] != 1 {
		t.Errorf("truncated: %v", got)
	}
}
