package edci

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestParseJSON(t *testing.T) {
	src := "\uFEFF { \"b\" : [1, -2.50e+3, true, false, null, \"\", \"\\u00e4\\ud834\\udd1e\\n\\/\"],\r\n\t\"a\":{} }\n"
	got, err := ParseJSON([]byte(src), Limits{})
	want := Object{
		{"b", Array{json.Number("1"), json.Number("-2.50e+3"), true, false, nil, "", "ä𝄞\n/"}},
		{"a", Object{}},
	}
	if err != nil || !reflect.DeepEqual(got, any(want)) {
		t.Errorf("%v %#v", err, got)
	}
	if text := string(AppendValue(nil, got)); text != `{"b":[1,-2.50e+3,true,false,null,"","ä𝄞\n/"],"a":{}}` {
		t.Error(text)
	}
}

func TestParseJSONRefuses(t *testing.T) {
	many := "{"
	for i := range 40 {
		many += `"m` + strings.Repeat("x", i) + `":1,`
	}
	for src, want := range map[string]string{
		``:                                "edci: JSON, line 1: the text ends too early",
		`{"a":1}{`:                        "edci: JSON, line 1: more after the value",
		`{"a":` + "\n" + `{"b":1,"b":2}}`: "edci: JSON, line 2, at /a/b: the member is there twice",
		many + `"mxxx":2}`:                "edci: JSON, line 1, at /mxxx: the member is there twice",
		`[1,secret]`:                      "edci: JSON, line 1, at /1: a value was expected",
		`[01]`:                            "edci: JSON, line 1: a comma or the end was expected",
		`[-]`:                             "edci: JSON, line 1, at /0: a number is not well-formed",
		`{"a":"b` + "\n" + `"}`:           "edci: JSON, line 1, at /a: a control character in a string",
		`{"a":"b`:                         "edci: JSON, line 1, at /a: the text ends within a string",
		`["\`:                             "edci: JSON, line 1, at /0: the text ends within a string",
		`["\x"]`:                          "edci: JSON, line 1, at /0: an escape is not well-formed",
		`["\u12g4"]`:                      "edci: JSON, line 1, at /0: an escape is not well-formed",
		`["\ud800"]`:                      "edci: JSON, line 1, at /0: half a surrogate pair",
		`["\udc00\ud800"]`:                "edci: JSON, line 1, at /0: half a surrogate pair",
		"[\"\xff\"]":                      "edci: JSON, line 1: invalid UTF-8",
		`{"a~/b":{1}}`:                    "edci: JSON, line 1, at /a~0~1b: a member name was expected",
		`{"a" 1}`:                         "edci: JSON, line 1, at /a: a colon was expected",
		`[1,]`:                            "edci: JSON, line 1, at /1: a value was expected",
		strings.Repeat("[", 1000):         "edci: JSON, line 1, at " + strings.Repeat("/0", 100) + ": nested deeper than 100",
	} {
		_, err := ParseJSON([]byte(src), Limits{})
		if err == nil || err.Error() != want || !errors.Is(err, ErrNotEDC) {
			t.Errorf("%.40q: %v, want %s", src, err, want)
		}
	}
	if _, err := ParseJSON([]byte(`"long"`), Limits{Size: 5}); err == nil {
		t.Error("a text longer than the limit is read")
	}
}

// Long strings cost their length, not a multiple.
func TestLongStrings(t *testing.T) {
	long := strings.Repeat("iVBORw0KGgo=", 2<<20)
	src := append(append([]byte(`{"content":"`), long...), `","escaped":"\/`...)
	src = append(append(src, long...), `"}`...)
	v, err := ParseJSON(src, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := v.(Object).Get("content"); s != long {
		t.Error("the string is another")
	}
	if s, _ := v.(Object).Get("escaped"); s != "/"+long {
		t.Error("the escaped string is another")
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,"\ud834\udd1e"],"b":null}`, `[[[]]]`, `"\u0000"`, `{"a":1,"a":2}`, "\uFEFF1 "} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		v, err := ParseJSON(src, Limits{})
		if err != nil {
			return
		}
		if text := bytes.TrimPrefix(src, []byte("\uFEFF")); !json.Valid(text) {
			t.Fatalf("%q is read, but is no JSON", src)
		}
		again, err := ParseJSON(AppendValue(nil, v), Limits{Size: math.MaxInt})
		if err != nil || !reflect.DeepEqual(v, again) {
			t.Fatalf("%q: %v", src, err)
		}
	})
}

func TestPointers(t *testing.T) {
	var root any = mustParse(`{"a":{"b/c":[1,{"~":2}]},"":3}`)
	for pointer, want := range map[string]string{
		"": `{"a":{"b/c":[1,{"~":2}]},"":3}`, "/a/b~1c/0": "1", "/a/b~1c/1/~0": "2", "/": "3",
		"/x": "", "a": "", "/a/b~1c/2": "", "/a/b~1c/01": "", "/a/b~1c/-1": "", "/a/b~1c/0/x": "",
	} {
		v, ok := At(root, pointer)
		if ok != (want != "") || ok && string(AppendValue(nil, v)) != want {
			t.Errorf("%q: %v %v", pointer, v, ok)
		}
	}
	for _, step := range []struct {
		pointer string
		ok      bool
		want    string
	}{
		{"/a/b~1c/0", true, `{"a":{"b/c":["v",{"~":2}]},"":3}`},
		{"/a/b~1c/-", true, `{"a":{"b/c":["v",{"~":2},"v"]},"":3}`},
		{"/a/b~1c/3", true, `{"a":{"b/c":["v",{"~":2},"v","v"]},"":3}`},
		{"/a/b~1c/9", false, `{"a":{"b/c":["v",{"~":2},"v","v"]},"":3}`},
		{"/new", true, `{"a":{"b/c":["v",{"~":2},"v","v"]},"":3,"new":"v"}`},
		{"/x/y", false, `{"a":{"b/c":["v",{"~":2},"v","v"]},"":3,"new":"v"}`},
		{"//y", false, `{"a":{"b/c":["v",{"~":2},"v","v"]},"":3,"new":"v"}`},
	} {
		var ok bool
		if root, ok = Set(root, step.pointer, "v"); ok != step.ok || string(AppendValue(nil, root)) != step.want {
			t.Errorf("set %s: %v %s", step.pointer, ok, AppendValue(nil, root))
		}
	}
	for _, step := range []struct {
		pointer string
		ok      bool
		want    string
	}{
		{"/a/b~1c/1/~0", true, `{"a":{"b/c":["v",{},"v","v"]},"":3,"new":"v"}`},
		{"/a/b~1c/0", true, `{"a":{"b/c":[{},"v","v"]},"":3,"new":"v"}`},
		{"/a/b~1c/5", false, `{"a":{"b/c":[{},"v","v"]},"":3,"new":"v"}`},
		{"/none", false, `{"a":{"b/c":[{},"v","v"]},"":3,"new":"v"}`},
		{"/a", true, `{"":3,"new":"v"}`},
	} {
		var ok bool
		if root, ok = Delete(root, step.pointer); ok != step.ok || string(AppendValue(nil, root)) != step.want {
			t.Errorf("delete %s: %v %s", step.pointer, ok, AppendValue(nil, root))
		}
	}
}
