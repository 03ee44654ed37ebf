package edci

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		want []Difference
	}{
		"same":                   {`{"a":1,"b":{"c":[true]}}`, `{"b":[{"c":true}],"a":["1"],"n":null,"e":[]}`, nil},
		"missing and extra":      {`{"a":1,"b":2}`, `{"b":2,"c":3}`, []Difference{{"/a", "missing"}, {"/c", "extra"}}},
		"value":                  {`{"a":{"b":["x","y"]}}`, `{"a":{"b":["x","z"]}}`, []Difference{{"/a/b/1", "value"}}},
		"text is not node":       {`{"a":"x y"}`, `{"a":{"b":1}}`, []Difference{{"/a", "value"}}},
		"length":                 {`{"a":[1,{"b":2}]}`, `{"a":[1]}`, []Difference{{"/a", "length"}}},
		"order":                  {`{"a":[{"b":1,"id":"urn:1"},{"b":2}]}`, `{"a":[{"b":2},{"b":1,"id":"urn:2"}]}`, []Difference{{"/a", "order"}}},
		"order below":            {`{"a":[{"b":[1,2]},3]}`, `{"a":[3,{"b":[2,1]}]}`, []Difference{{"/a", "order"}}},
		"class":                  {`{"a":{"type":"X","b":1}}`, `{"a":{"type":"Y","c":1}}`, []Difference{{"/a", "class"}}},
		"no class":               {`{"a":{"b":1}}`, `{"a":{"type":"Y","b":1}}`, nil},
		"lost class":             {`{"a":{"type":"X","b":1}}`, `{"a":{"b":1}}`, []Difference{{"/a", "class"}}},
		"types in any order":     {`{"type":["A","B"]}`, `{"type":["B","A"]}`, nil},
		"type of the root":       {`{"type":["A","B"],"a":1}`, `{"type":"A","a":2}`, []Difference{{"/type", "class"}, {"/a", "value"}}},
		"languages":              {`{"title":{"en":"x","fi":["a","b"],"sv":"s"}}`, `{"title":{"fi":["b","a"],"en":["x"],"de":"d"}}`, []Difference{{"/title/fi", "order"}, {"/title/sv", "missing"}, {"/title/de", "extra"}}},
		"no language":            {`{"title":"x"}`, `{"title":{"@none":"x"}}`, nil},
		"empty language map":     {`{"title":{}}`, `{}`, nil},
		"ids that do not matter": {`{"id":"urn:epass:1","a":{"id":"_:b","c":1}}`, `{"id":"urn:uuid:2","a":{"c":1}}`, nil},
		"ids that matter": {`{"id":"did:x","a":{"id":"http://a","b":1},"c":{"type":"Concept","id":"urn:c"}}`, `{"a":{"id":"http://b","b":1},"c":{"type":"Concept","id":"urn:d"}}`,
			[]Difference{{"/id", "missing"}, {"/a/id", "value"}, {"/c/id", "value"}}},
		"iri and node": {`{"a":"http://x","b":{"id":"http://x"}}`, `{"a":{"id":"http://x","type":"Concept"},"b":"http://x"}`, nil},
		"context":      {`{"@context":"a"}`, `{"@context":"b"}`, nil},
		"pointer":      {`{"a/b~":1}`, `{}`, []Difference{{"/a~1b~0", "missing"}}},
	} {
		got := Diff(mustParse(c.a).(Object), mustParse(c.b).(Object))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
