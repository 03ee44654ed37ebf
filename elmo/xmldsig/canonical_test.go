package xmldsig_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"elmobridge/elmo/xmldsig"

	"github.com/beevik/etree"
)

func parse(t *testing.T, text string) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	doc.ReadSettings.PreserveDuplicateAttrs = true
	if err := doc.ReadFromString(text); err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

// TestCanonicalize shows the rules one by one. Package elmo compares with xmllint.
func TestCanonicalize(t *testing.T) {
	inclusive, exclusive := xmldsig.Canonicalization{}, xmldsig.Canonicalization{Exclusive: true}
	listed := xmldsig.Canonicalization{Exclusive: true, Prefixes: []string{"#default", "b"}}
	for _, c := range []struct {
		name, text string
		method     xmldsig.Canonicalization
		want       string
	}{
		{"around the root", "<?xml version='1.0'?><?a  b?><!-- c -->\n<e/><?d?>", inclusive, "<?a b?>\n<e></e>\n<?d?>"},
		{"comments", "<!-- a --><e><!-- b --></e>", xmldsig.Canonicalization{Comments: true}, "<!-- a -->\n<e><!-- b --></e>"},
		{"escapes in text", "<e>&lt;&amp;&gt;\"&#13;&#9;</e>", inclusive, "<e>&lt;&amp;&gt;\"&#xD;\t</e>"},
		{"escapes in attributes", "<e a='&lt;&amp;>&quot;&#13;&#9;&#10;'/>", inclusive, `<e a="&lt;&amp;>&quot;&#xD;&#x9;&#xA;"></e>`},
		{"order by namespace", `<e xmlns:y="urn:b" xmlns:z="urn:a" y:a="1" z:b="2" c="3" xml:lang="4"/>`, inclusive,
			`<e xmlns:y="urn:b" xmlns:z="urn:a" c="3" xml:lang="4" z:b="2" y:a="1"></e>`},
		{"unused declarations", `<e xmlns="urn:a" xmlns:b="urn:b"><f xmlns:b="urn:b"/></e>`, inclusive, `<e xmlns="urn:a" xmlns:b="urn:b"><f></f></e>`},
		{"unused declarations, exclusive", `<e xmlns="urn:a" xmlns:b="urn:b"><b:f/><b:g/></e>`, exclusive,
			`<e xmlns="urn:a"><b:f xmlns:b="urn:b"></b:f><b:g xmlns:b="urn:b"></b:g></e>`},
		{"listed prefixes", `<a:e xmlns="urn:a" xmlns:b="urn:b" xmlns:a="urn:c" xmlns:d="urn:d"><b:f/></a:e>`, listed,
			`<a:e xmlns="urn:a" xmlns:a="urn:c" xmlns:b="urn:b"><b:f></b:f></a:e>`},
		{"no namespace again", `<e xmlns="urn:a"><f xmlns=""><g/></f></e>`, exclusive, `<e xmlns="urn:a"><f xmlns=""><g></g></f></e>`},
		{"the prefix xml", `<e xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:id="a"/>`, inclusive, `<e xml:id="a"></e>`},
	} {
		var out strings.Builder
		err := xmldsig.Target{Element: parse(t, c.text)}.Canonicalize(&out, c.method)
		if err != nil || out.String() != c.want {
			t.Errorf("%s: %v\n got %s\nwant %s", c.name, err, out.String(), c.want)
		}
	}
}

// TestCanonicalizePart: an element inherits namespaces, and xml: attributes as the method says.
func TestCanonicalizePart(t *testing.T) {
	part := parse(t, `<a xmlns="urn:a" xmlns:b="urn:b" xml:lang="en" xml:id="i" xml:space="default"><c xml:lang="nl"><d xml:space="preserve"/></c></a>`).ChildElements()[0].ChildElements()[0]
	for want, method := range map[string]xmldsig.Canonicalization{
		`<d xmlns="urn:a" xmlns:b="urn:b" xml:id="i" xml:lang="nl" xml:space="preserve"></d>`: {},
		`<d xmlns="urn:a" xmlns:b="urn:b" xml:lang="nl" xml:space="preserve"></d>`:            {V11: true},
		`<d xmlns="urn:a" xml:space="preserve"></d>`:                                          {Exclusive: true},
	} {
		var out strings.Builder
		if err := (xmldsig.Target{Element: part}).Canonicalize(&out, method); err != nil || out.String() != want {
			t.Errorf("%v\n got %s\nwant %s", err, out.String(), want)
		}
	}
}

// TestCanonicalizeRefuses: a tree from another parser may hold what package elmo never lets through.
func TestCanonicalizeRefuses(t *testing.T) {
	for text, want := range map[string]xmldsig.Reason{
		`<!DOCTYPE e><e/>`:                     xmldsig.Declaration,
		`<e><!ELEMENT e></e>`:                  xmldsig.Declaration,
		`<e xmlns="urn:a" xmlns="urn:a"/>`:     xmldsig.DuplicateAttribute,
		`<e xmlns:a="urn:a" xmlns:a="urn:b"/>`: xmldsig.DuplicateAttribute,
		`<e a="1" a="2"/>`:                     xmldsig.DuplicateAttribute,
		`<a:e/>`:                               xmldsig.UnboundPrefix,
		`<e a:b=""/>`:                          xmldsig.UnboundPrefix,
		"<e" + declarations(300) + "/>":        xmldsig.TooManyNamespaces,
		"<e" + declarations(200) + "><f" + strings.ReplaceAll(declarations(57), ":p", ":q") + "/></e>": xmldsig.TooManyNamespaces,
	} {
		err := xmldsig.Target{Element: parse(t, text)}.Canonicalize(io.Discard, xmldsig.Canonicalization{})
		if reason(err) != want || !errors.Is(err, xmldsig.ErrSignature) || !strings.HasPrefix(err.Error(), string(want)+": ") {
			t.Errorf("%.60s: %v, want %s", text, err, want)
		}
	}
}
