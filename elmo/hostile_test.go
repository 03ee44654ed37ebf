package elmo_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"elmobridge/elmo"
)

// TestPutOtherRefuses puts texts that are no XML: nothing of them may be written.
func TestPutOtherRefuses(t *testing.T) {
	for _, text := range []string{
		"", "a & b", "a &nbsp; b", "a ]]> b", "a \x01 b", "a &#x1; b", "a &#xD800; b", "a \xFF b", "a \uFFFE b", "a &#; b", "&",
		"</x><x>", "</x>", "<b/>a", "<b>", "a <!-- c -->",
	} {
		learner := &elmo.Learner{}
		if elmo.PutOther(learner, 1, text) || learner.Extra != nil {
			t.Errorf("%q was taken: %+v", text, learner.Extra)
		}
	}
	for text, want := range map[string]string{"a &amp; b": "a &amp; b", "a > b": "a &gt; b", "&#65;": "A", "<b xmlns='u'/>": "<b/>"} {
		learner := &elmo.Learner{}
		if !elmo.PutOther(learner, 1, text) || learner.Extra.Others[0].Element.XML != want {
			t.Errorf("%q: %+v", text, learner.Extra)
		}
		again(t, &elmo.Document{Learner: learner}, elmo.WriteOptions{Skeleton: true})
	}
}

// TestIllFormedRaw writes pieces of XML made by hand: the ill-formed ones are refused.
func TestIllFormedRaw(t *testing.T) {
	for _, xml := range []string{
		"a & b", "&nbsp;", "]]>", "\x01", "&#x1;", "\xFF", "\uFFFF", "<a>", "</a>", "</elmo>", "<a></b>", "<a b='<'/>", "<a b/>", "<a b='1' b='2'/>",
		"<1/>", "<a:/>", "<a 1='2'/>", "<a>&</a>", "<a b='&x;'/>", "<!-- a -- b -->", "<!-- a --->", "<!-- \x01 -->", "<?xml version='1.0'?>", "<??>", "<?1 a?>",
		"<!DOCTYPE a>", "<", "<a", "<![CDATA[a", "<a/></extension>", "</extension><extension>",
	} {
		doc := &elmo.Document{Extension: &elmo.Extension{Children: []elmo.Raw{{XML: xml}}}}
		if out, err := elmo.Marshal(doc, elmo.WriteOptions{}); !errors.Is(err, elmo.ErrSyntax) || len(out) > 0 {
			t.Errorf("%q: %v\n%s", xml, err, out)
		}
	}
	for _, r := range []elmo.Raw{{XML: "<a/>", Scope: ` xmlns="u" xmlns="v"`}, {XML: `<a xmlns="u"/>`, Scope: ` xmlns="u"`}, {XML: "<a/>", Scope: "<"}} {
		doc := &elmo.Document{Learner: &elmo.Learner{Extra: &elmo.Extra{Others: []elmo.Other{{Position: 1, Name: "a", Element: r}}}}}
		if _, err := elmo.Marshal(doc, elmo.WriteOptions{}); !errors.Is(err, elmo.ErrSyntax) {
			t.Errorf("%v: %v", r, err)
		}
	}
	for _, xml := range []string{"", "a &amp; &#65;&#x42; > b", "<a:b xmlns:a='u' a:c='&lt;'>d<![CDATA[<&]]></a:b>", "<!-- <a> & -->", "<?a-b:c <d & ?>", "<?a\tb?>", "<é/>"} {
		doc := &elmo.Document{Extension: &elmo.Extension{Children: []elmo.Raw{{XML: xml}}}}
		out, err := elmo.Marshal(doc, elmo.WriteOptions{})
		if err == nil {
			_, err = elmo.Read(out, elmo.ReadOptions{})
		}
		if err != nil {
			t.Errorf("%q: %v", xml, err)
		}
	}
}

// TestUnfitForged reads kept elements that Fit never made: results that other readers do not see.
func TestUnfitForged(t *testing.T) {
	const kept = `<b:kept xmlns:b="` + elmo.NSBridge + `" at="%s" position="%d">%s</b:kept>`
	los := `<learningOpportunitySpecification><title>FAKE</title></learningOpportunitySpecification>`
	read := func(at string, position int, element string) *elmo.Document {
		doc, err := elmo.Read([]byte(head+"\n<learner/><report><learningOpportunitySpecification/></report><extension>\n"+fmt.Sprintf(kept, at, position, element)+"</extension></elmo>"), elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	restored := func(o elmo.Observation) bool { return o.Kind == elmo.Restored }
	for _, c := range []struct {
		at       string
		position int
		element  string
	}{
		{"report[1]/learningOpportunitySpecification", 1, los},
		{"report[1]/learningOpportunitySpecification", 2, los},
		{"report", 2, "<report>" + los + "</report>"},
		{"learner/bday", 1, "<bday>2000-01-01</bday>"},
		{"learner/bday", 2, "<bday>2000-01-01</bday>"},
		{"report[1]/learningOpportunitySpecification[1]/description", 1, "<description>a</description>"},
	} {
		doc := read(c.at, c.position, c.element)
		if doc.Extension == nil || len(doc.Extension.Children) != 1 || slices.ContainsFunc(doc.Source.Observations, restored) {
			t.Errorf("%v was put back: %v", c, doc.Source.Observations)
		}
	}
	doc := read("report[1]/gradingScheme", 7, `<gradingScheme localId="1"/>`)
	want := elmo.Observation{Kind: elmo.Restored, Path: "report[1]/gradingScheme[1]", Line: 3}
	if doc.Extension != nil || !slices.Contains(doc.Source.Observations, want) {
		t.Errorf("no %v in %v", want, doc.Source.Observations)
	}
}

// TestFitIsObserved names each element that went to an old version and back.
func TestFitIsObserved(t *testing.T) {
	doc := &elmo.Document{
		Learner:     &elmo.Learner{Gender: "1"},
		Attachments: []*elmo.Attachment{{Contents: []elmo.Text{{Value: "a"}, {Value: "b"}}}},
	}
	for _, v := range []elmo.Version{elmo.V10, elmo.V11} {
		fitted, moved := elmo.Fit(doc, v)
		out, err := elmo.Marshal(fitted, elmo.WriteOptions{Version: v})
		if err != nil {
			t.Fatal(err)
		}
		back, err := elmo.Read(out, elmo.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var was, is []string
		for _, m := range moved {
			was = append(was, m.Path)
		}
		for _, o := range back.Source.Observations {
			if o.Kind == elmo.Restored {
				is = append(is, o.Path)
			}
		}
		slices.Sort(was)
		slices.Sort(is)
		if !slices.Equal(was, is) || len(is) != 2 {
			t.Errorf("%s: moved %v, restored %v", v, was, is)
		}
	}
}

// TestManyTwins reads many attributes with many prefixes in scope.
func TestManyTwins(t *testing.T) {
	prefixes, attributes := "", ""
	for i := range 240 {
		prefixes += fmt.Sprintf(` xmlns:p%d="u%d"`, i, i)
		attributes += fmt.Sprintf(` p%d:a=""`, i)
	}
	outer := head + "<learner><e" + prefixes + ` xmlns:q="u239">`
	xml := outer + strings.Repeat("<e"+attributes+"/>", 600) + "</e></learner></elmo>"
	if _, err := elmo.Read([]byte(xml), elmo.ReadOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{attributes, ` p239:a=""`} {
		xml = outer + "\n<e" + more + ` q:a=""/></e></learner></elmo>`
		if _, err := elmo.Read([]byte(xml), elmo.ReadOptions{}); !errors.Is(err, elmo.ErrSyntax) || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Error(err)
		}
	}
}

// TestReferences reads references to characters by their numbers.
func TestReferences(t *testing.T) {
	const want = "line 3: a character that XML does not allow"
	for _, number := range []string{"0", "x0", "x1", "31", "xD800", "xDfff", "xFFFE", "65535", "x110000", "x00D800"} {
		for _, xml := range []string{"<learner>\n<givenNames>a\nb &amp; &#9; &#" + number + ";</givenNames></learner>", "\n<learner\na='&#" + number + ";'/>"} {
			xml = strings.Replace(xml, "a\nb", "b", 1)
			if _, err := elmo.Read([]byte("\n"+head+strings.TrimPrefix(xml, "\n")+"</elmo>"), elmo.ReadOptions{}); !errors.Is(err, elmo.ErrSyntax) || err.Error() != want {
				t.Errorf("%q: %v", xml, err)
			}
		}
	}
	doc, err := elmo.Read([]byte(head+"<!-- &#0; --><learner><givenNames>&#65;&#x42;&#x1F393;<![CDATA[&#0;]]></givenNames></learner></elmo>"), elmo.ReadOptions{})
	if err != nil || doc.Learner.GivenNames != "AB\U0001F393&#0;" {
		t.Error(err, doc)
	}
	for _, bad := range []string{"&#", "&#;", "&#x;", "&#xG;", "&#1", "&#99999999999999999999;", strings.Repeat("&#", 1<<20) + ";"} {
		if _, err := elmo.Read([]byte(head+"<learner>"+bad+"</learner></elmo>"), elmo.ReadOptions{}); !errors.Is(err, elmo.ErrSyntax) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	if _, err := elmo.Read([]byte(head+"\n<!-- \x01 --></elmo>"), elmo.ReadOptions{}); err == nil || err.Error() != "line 2: a character that XML does not allow" {
		t.Error(err)
	}
}

// TestOddEncodings reads what is in no encoding that can be read.
func TestOddEncodings(t *testing.T) {
	for data, want := range map[string]string{
		"\xFF\xFE\x00\x00<\x00\x00\x00": "line 1: UTF-32 is not supported",
		"\x00\x00\xFE\xFF\x00\x00\x00<": "line 1: UTF-32 is not supported",
		"<\x00\x00\x00e\x00\x00\x00":    "line 1: UTF-32 is not supported",
		"\x00\x00\x00<\x00\x00\x00e":    "line 1: UTF-32 is not supported",
		"\xEF\xBB\xBF":                  "line 1: the document is empty",
		"\xFF\xFE":                      "line 1: the document is empty",
		"\xFE\xFF":                      "line 1: the document is empty",
		"\xEF\xBB\xBF<?xml version='1.0' encoding=''?><elmo/>": "line 1: the declared encoding has no name",
		`<?xml version="1.0" encoding=""?><elmo/>`:             "line 1: the declared encoding has no name",
	} {
		if _, err := elmo.Read([]byte(data), elmo.ReadOptions{}); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", data, err, want)
		}
	}
	for _, data := range []string{"\xEF\xBB\xBF<a/>", "\x00\x00\xFE\xFF\x00\x00\x00<"} {
		if !elmo.Sniff([]byte(data)) {
			t.Errorf("%q does not look like XML", data)
		}
	}
}
