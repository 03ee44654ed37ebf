package codes

import "testing"

// TestDuplicate: a code or two-letter code that stands twice in a table is noticed at first use.
func TestDuplicate(t *testing.T) {
	for _, text := range []string{"A aa One\nA bb Two", "A aa One\nB aa Two"} {
		l := newList("twice", "http://example.org/twice", "http://example.org/twice/", true, table{3, text})
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q does not panic", text)
				}
			}()
			l.Len()
		}()
	}
}
