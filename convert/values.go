package convert

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// longestValue is where values in reports are cut, in characters.
const longestValue = 200

// addValues puts the values of the source into the entries of a report (Options.ReportValues).
func (o *Options) addValues(report *Report, lookUp func(path string) string) {
	if !o.ReportValues {
		return
	}
	for i := range report.Losses {
		if e := &report.Losses[i]; e.Source != "" {
			e.Value = shortened(lookUp(e.Source))
		}
	}
}

func shortened(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > longestValue {
		return string(r[:longestValue]) + "…"
	}
	return s
}

// credentialValues looks values up by JSON Pointer, with credential[n] before it when there are several.
func credentialValues(credentials []*edci.EuropeanDigitalCredential) func(string) string {
	return func(path string) string {
		c := credentials[0]
		if rest, ok := strings.CutPrefix(path, "credential["); ok {
			number, pointer, _ := strings.Cut(rest, "]")
			if n, err := strconv.Atoi(number); err == nil && n >= 1 && n <= len(credentials) {
				c, path = credentials[n-1], pointer
			}
		}
		v, ok := edci.At(treeOf(c), path)
		if !ok {
			return ""
		}
		if s, ok := v.(string); ok {
			return s
		}
		return string(edci.AppendValue(nil, v))
	}
}

// documentValues looks values up by ELMO path: the text of an element with all in it, or an attribute.
func documentValues(doc *elmo.Document) func(string) string {
	var texts map[string]string
	for _, v := range []elmo.Version{elmo.Version(sourceVersion(doc)), elmo.Latest, elmo.V20} {
		if data, err := elmo.Marshal(doc, elmo.WriteOptions{Version: v, Skeleton: true}); err == nil {
			texts = textsOf(data)
			break
		}
	}
	return func(path string) string { return texts[positioned(path)] }
}

// positioned gives every step of a path a position.
func positioned(path string) string {
	steps := strings.Split(path, "/")
	for i, s := range steps {
		if !strings.HasSuffix(s, "]") && !strings.HasPrefix(s, "@") {
			steps[i] = s + "[1]"
		}
	}
	return strings.Join(steps, "/")
}

// open is an element whose end has not come.
type open struct {
	path  string
	count map[string]int // children by name
}

// index of the texts of a document by path. An element has the text of all in it and of its attributes,
// cut somewhere behind longestValue.
type textIndex struct {
	texts map[string]string
	stack []open
}

// textsOf gives the texts of all elements and attributes of a document by path.
func textsOf(data []byte) map[string]string {
	x := &textIndex{texts: map[string]string{}}
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if err != nil {
			return x.texts
		}
		switch t := token.(type) {
		case xml.StartElement:
			x.begin(t)
		case xml.EndElement:
			x.stack = x.stack[:len(x.stack)-1]
		case xml.CharData:
			x.add(string(t))
		}
	}
}

// begin opens an element; the root has no path.
func (x *textIndex) begin(t xml.StartElement) {
	e := open{count: map[string]int{}}
	if n := len(x.stack); n > 0 {
		above := x.stack[n-1]
		i := above.count[t.Name.Local]
		above.count[t.Name.Local]++
		e.path = strings.TrimPrefix(above.path+"/"+nth(t.Name.Local, i), "/")
	}
	x.stack = append(x.stack, e)
	for _, a := range t.Attr {
		x.texts[strings.TrimPrefix(e.path+"/@"+attribute(a.Name), "/")] = a.Value
		if a.Name.Space == "" && a.Name.Local != "xmlns" {
			x.add(a.Value)
		}
	}
}

// attribute is the name as paths have it: xml:lang is the one with a prefix.
func attribute(name xml.Name) string {
	if name.Space == namespaceXML {
		return "xml:" + name.Local
	}
	return name.Local
}

// namespaceXML is that of the prefix xml (Namespaces in XML 1.0, section 3).
const namespaceXML = "http://www.w3.org/XML/1998/namespace"

// add adds a text to all elements that it is in.
func (x *textIndex) add(text string) {
	text = strings.TrimSpace(strings.ToValidUTF8(text[:min(len(text), 4*longestValue)], ""))
	if text == "" {
		return
	}
	for _, e := range x.stack {
		if old := x.texts[e.path]; len(old) <= 4*longestValue {
			x.texts[e.path] = strings.TrimSpace(old + " " + text)
		}
	}
}
