package elmo

import (
	"reflect"
	"strings"
	"testing"
)

// TestEachTag makes, for each tag of the model, the document with that one value and reads it: the
// value must be in that very field, and nowhere else.
func TestEachTag(t *testing.T) {
	n := 0
	seen := map[*plan]bool{}
	var walk func(p *plan, names []string, indexes []int)
	walk = func(p *plan, names []string, indexes []int) {
		if seen[p] {
			return
		}
		seen[p] = true
		for _, f := range p.attrs {
			checkTag(t, names, indexes, f)
			n++
		}
		if p.text != nil {
			checkTag(t, names, indexes, p.text)
			n++
		}
		for _, f := range p.children {
			if f.sub != nil {
				walk(f.sub, append(names[:len(names):len(names)], f.name), append(indexes[:len(indexes):len(indexes)], f.index))
				continue
			}
			checkTag(t, names, indexes, f)
			n++
			if f.later != f.name {
				later := *f
				later.name = f.later
				checkTag(t, names, indexes, &later)
			}
		}
	}
	walk(documentPlan, nil, nil)
	if n < 80 || len(seen) < 25 {
		t.Errorf("only %d tags of %d types were tried", n, len(seen))
	}
}

// checkTag reads the document with the value of f below the elements names, and looks for it in the
// field with those indexes.
func checkTag(t *testing.T, names []string, indexes []int, f *field) {
	t.Helper()
	const value = "2 0"
	xml, tail := `<elmo xmlns="`+NS+`" xmlns:a="`+NSAddress+`" xmlns:ds="`+NSSignature+`">`, "</elmo>"
	for _, name := range names {
		xml += "<" + name + ">"
		tail = "</" + name + ">" + tail
	}
	switch prefix := map[space]string{spaceAddress: "a:", spaceSignature: "ds:", spaceXML: "xml:"}[f.space]; {
	case f.kind == kindAttribute:
		xml = strings.TrimSuffix(xml, ">") + " " + prefix + f.name + `="` + value + `">` + tail
	case f.kind == kindValue:
		xml += value + tail
	case f.kind == kindExtension:
		xml += "<extension><x>" + value + "</x></extension>" + tail
	default:
		xml += "<" + prefix + f.name + ">" + value + "</" + prefix + f.name + ">" + tail
	}
	doc, err := Read([]byte(xml), ReadOptions{})
	if err != nil {
		t.Errorf("%s: %v", xml, err)
		return
	}
	v := reflect.ValueOf(doc).Elem()
	for _, i := range append(indexes, f.index) {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice {
			if v.Kind() == reflect.Pointer {
				v = v.Elem()
			} else if v.Len() == 1 {
				v = v.Index(0)
			} else {
				t.Errorf("%s: %d elements", xml, v.Len())
				return
			}
		}
		v = v.Field(i)
	}
	got := ""
	switch x := v.Interface().(type) {
	case string:
		got = x
	case []string:
		got = strings.Join(x, "|")
	case Raw:
		got = strings.TrimSuffix(strings.TrimPrefix(x.XML, "<ds:Signature>"), "</ds:Signature>")
	case *Extension:
		if x != nil {
			got = strings.TrimSuffix(strings.TrimPrefix(x.Children[0].XML, "<x>"), "</x>")
		}
	}
	if got != value {
		t.Errorf("%s: read as %q", xml, got)
	}
	if !Clean(doc) {
		t.Errorf("%s: something was not known", xml)
	}
	out, err := Marshal(doc, WriteOptions{Version: writtenIn(f, indexes), Skeleton: true})
	if again, e := Read(out, ReadOptions{}); err != nil || e != nil {
		t.Errorf("%s: %v %v", xml, err, e)
	} else if again.Source = doc.Source; !reflect.DeepEqual(doc, again) {
		t.Errorf("%s: written as %s", xml, out)
	}
}

// writtenIn is a version that has the field and all above it.
func writtenIn(f *field, indexes []int) Version {
	version := max(rankLatest, f.since)
	p := documentPlan
	for _, i := range indexes {
		for _, c := range p.children {
			if c.index == i {
				version = max(version, c.since)
				p = c.sub
				break
			}
		}
	}
	return versions[min(version, f.until)]
}

func TestRepeats(t *testing.T) {
	for _, c := range []struct {
		parent         any
		name           string
		repeats, known bool
	}{
		{Document{}, "report", true, true},
		{&Document{}, "learner", false, true},
		{Learner{}, "dateOfBirth", false, true},
		{Credit{}, "odd", true, false},
		{"", "odd", true, false},
	} {
		repeats, known := Repeats(reflect.TypeOf(c.parent), c.name)
		if repeats != c.repeats || known != c.known {
			t.Errorf("%T %s: %v %v", c.parent, c.name, repeats, known)
		}
	}
}
