package schema

import (
	"math/big"
	"strings"

	"github.com/beevik/etree"
)

// prose checks what the schemas say only in words. It looks at names without their namespaces, and
// not into extensions, signatures and unknown elements.
func (c *checker) prose(root *etree.Element) {
	p := &prose{checker: c}
	p.document(root)
	p.resolve()
}

// prose is the state of one walk: what is referred to, and what refers to it.
type prose struct {
	*checker
	attachments int
	identifiers map[string]bool // of attachments
	locals      map[string]bool // local identifiers of specifications
	refs        []reference
	odd         map[string]bool // identifier types that were reported
}

// reference is a value that must be that of something else.
type reference struct {
	e           *etree.Element
	value, what string // what is a rule
}

// branch is what the specifications above one say.
type branch struct {
	rank    int  // of the lowest type above: 0 for none
	credits bool // one of them has ECTS credits
	grades  map[string]bool
}

// child gives the first child of that name, nil for none.
func child(e *etree.Element, name string) *etree.Element {
	for _, token := range e.Child {
		if c, ok := token.(*etree.Element); ok && c.Tag == name {
			return c
		}
	}
	return nil
}

// each calls visit for the children of that name.
func each(e *etree.Element, name string, visit func(*etree.Element)) {
	for _, token := range e.Child {
		if c, ok := token.(*etree.Element); ok && c.Tag == name {
			visit(c)
		}
	}
}

// token gives the collapsed text of a child, "" when there is none.
func token(e *etree.Element, name string) string {
	if c := child(e, name); c != nil {
		return collapse(textOf(c))
	}
	return ""
}

// attr gives the value of an attribute without prefix.
func attr(e *etree.Element, name string) string {
	for i := range e.Attr {
		if a := &e.Attr[i]; a.Key == name && a.Space == "" {
			return a.Value
		}
	}
	return ""
}

// says reports a finding of prose; the source is that of the rule.
func (p *prose) says(rule string, e *etree.Element, text string) {
	p.add(rule, e, "", text, sources[rule])
}

func (p *prose) document(root *etree.Element) {
	p.zone(child(root, "generatedDate"))
	if learner := child(root, "learner"); learner != nil {
		p.learner(learner)
	}
	each(root, "report", p.report)
	each(root, "attachment", func(e *etree.Element) { p.attachment(e, false) })
	if p.attachments == 0 {
		p.says("ELMO-ATTACHMENT-NONE", root, "No attachment has a content, though a document must carry one that people can read: attach a transcript as PDF.")
	}
	if groups := child(root, "groups"); groups != nil {
		p.groups(groups)
	}
	if s := child(root, "Signature"); s != nil {
		p.signature(s)
	} else {
		p.says("ELMO-SIGNED", root, "The document has no signature, and readers cannot tell where it is from: sign it before it is sent.")
	}
	p.instances()
}

// zone wants a time zone.
func (p *prose) zone(e *etree.Element) {
	if e == nil {
		return
	}
	if s := collapse(textOf(e)); isDateTime(s) && !hasZone(s) {
		p.says("ELMO-TIME-ZONE", e, "The time has no time zone, so it means another moment to each reader: add Z or an offset such as +01:00.")
	}
}

// hasZone tells whether a dateTime has a time zone.
func hasZone(s string) bool {
	return strings.HasSuffix(s, "Z") || len(s) > 6 && strings.ContainsAny(s[len(s)-6:len(s)-5], "+-")
}

func (p *prose) learner(e *etree.Element) {
	each(e, "identifier", func(id *etree.Element) { p.identifierType(id, "nationalIdentifier", "esi") })
	if child(e, "bday") == nil && child(e, "dateOfBirth") == nil {
		p.says("ELMO-BIRTH-DATE", e, "The learner has no date of birth, which readers need to find the person: add it if it is known.")
	}
	for _, name := range []string{"placeOfBirth", "birthName"} {
		if c := child(e, name); c != nil && collapse(textOf(c)) == "" {
			p.says("ELMO-EMPTY", c, name+" is empty, which says that it is nothing instead of not known: leave the element out.")
		}
	}
}

// identifierType advises against types that readers do not know, once for each of them.
func (p *prose) identifierType(e *etree.Element, known ...string) {
	kind := collapse(attr(e, "type"))
	for _, k := range known {
		if k == kind {
			return
		}
	}
	key := e.Parent().Tag + " " + kind
	if kind == "" || p.odd[key] {
		return
	}
	if p.odd == nil {
		p.odd = map[string]bool{}
	}
	p.odd[key] = true
	p.addValue("ELMO-IDENTIFIER-TYPE", e, "@type",
		"The type of the identifier is none of "+strings.Join(known, ", ")+", and only readers who agreed on it will use it: give one of these as well if you can.",
		sources["ELMO-IDENTIFIER-TYPE"], kind)
}

func (p *prose) report(e *etree.Element) {
	if issuer := child(e, "issuer"); issuer != nil {
		p.issuer(issuer)
	}
	b := branch{grades: p.gradingSchemes(e)}
	courses := 0
	each(e, "learningOpportunitySpecification", func(los *etree.Element) {
		courses++
		p.specification(los, b)
	})
	recognitions := 0
	each(e, "resultOfRecognition", func(r *etree.Element) {
		recognitions++
		p.recognition(r)
	})
	if courses+recognitions == 0 {
		p.says("ELMO-COURSES", e, "The report has no courses: check that this is meant, since there is nothing to import.")
	}
	p.zone(child(e, "issueDate"))
	each(e, "attachment", func(a *etree.Element) { p.attachment(a, true) })
}

func (p *prose) issuer(e *etree.Element) {
	each(e, "identifier", func(id *etree.Element) { p.identifierType(id, "schac", "erasmus", "pic", "address") })
	p.languages(e, "title", true)
	if url := child(e, "url"); url != nil {
		s := strings.ToLower(collapse(textOf(url)))
		if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
			p.says("ELMO-ISSUER-URL", url, "The url of the issuer does not begin with http:// or https://, so readers cannot open it: write the whole address.")
		}
	}
}

// gradingSchemes gives the localIds of a report.
func (p *prose) gradingSchemes(e *etree.Element) map[string]bool {
	ids := map[string]bool{}
	each(e, "gradingScheme", func(g *etree.Element) {
		id := collapse(attr(g, "localId"))
		if ids[id] {
			p.addValue("ELMO-LOCAL-ID-TWICE", g, "@localId", "Another gradingScheme of the report has the same localId, so references to it are ambiguous: give each its own.", sources["ELMO-LOCAL-ID-TWICE"], id)
		}
		ids[id] = true
		p.languages(g, "description", false)
	})
	return ids
}

// languages checks that texts of one name say their languages, each another one; advise tells that a
// single text should say it, too.
func (p *prose) languages(e *etree.Element, name string, advise bool) {
	var first *etree.Element
	var seen tags
	n, without := 0, 0
	each(e, name, func(t *etree.Element) {
		n++
		lang, has := language(t)
		if !has {
			without++
			if first == nil {
				first = t
			}
			return
		}
		if seen.has(lang) {
			p.says("ELMO-LANGUAGE-TWICE", t, "There is another "+name+" in the same language, and readers cannot tell which one to take: leave one, or correct xml:lang.")
		}
	})
	switch {
	case without > 0 && n > 1:
		p.says("ELMO-LANGUAGE-MISSING", first, "There are several texts "+name+", and this one does not say its language: add xml:lang to each.")
	case without > 0 && advise:
		p.says("ELMO-LANGUAGE", first, "The "+name+" does not say its language: add xml:lang if it is known.")
	}
}

// tags is a set of language tags. A text has few of them, unless somebody means harm.
type tags struct {
	few  [4]string
	n    int
	many map[string]bool
}

// has tells whether a tag was asked for before.
func (t *tags) has(tag string) bool {
	for _, other := range t.few[:min(t.n, len(t.few))] {
		if strings.EqualFold(other, tag) {
			return true
		}
	}
	if t.n < len(t.few) {
		t.few[t.n] = tag
		t.n++
		return false
	}
	if t.many == nil {
		t.many = map[string]bool{}
	}
	tag = strings.ToLower(tag)
	seen := t.many[tag]
	t.many[tag] = true
	return seen
}

// language gives the value of xml:lang.
func language(e *etree.Element) (lang string, has bool) {
	for i := range e.Attr {
		if a := &e.Attr[i]; a.Key == "lang" && a.Space == "xml" {
			return a.Value, true
		}
	}
	return "", false
}

// ranks are the types of specifications, from the top.
var ranks = map[string]int{"Degree Programme": 1, "Module": 2, "Course": 3, "Class": 4}

func (p *prose) specification(e *etree.Element, above branch) {
	kind := token(e, "type")
	p.nesting(e, kind, &above)
	p.localIdentifiers(e)
	each(e, "identifier", func(id *etree.Element) { p.identifierType(id, "local", "elmo", "ewp-los-id") })
	p.languages(e, "title", true)
	p.languages(e, "description", false)
	p.languages(e, "descriptionHtml", false)
	p.isced(e)
	if html := child(e, "descriptionHtml"); html != nil && child(e, "description") == nil {
		p.says("ELMO-HTML-ONLY", html, "There is descriptionHtml without description, and many readers show only plain text: add description without markup.")
	}
	if s := child(e, "specifies"); s != nil {
		if loi := child(s, "learningOpportunityInstance"); loi != nil {
			p.instance(loi, kind, &above)
		}
	}
	each(e, "hasPart", func(part *etree.Element) {
		if los := child(part, "learningOpportunitySpecification"); los != nil {
			p.specification(los, above)
		}
	})
}

// nesting checks the type against those above.
func (p *prose) nesting(e *etree.Element, kind string, above *branch) {
	rank := ranks[kind]
	if rank == 0 {
		return
	}
	// A degree programme in another one is allowed, and so are parts of one's own type below it.
	if rank < above.rank || rank == above.rank && rank > 1 {
		p.says("ELMO-NESTING", child(e, "type"), "A "+kind+" stands inside of something of the same or a lower type; the order from the top is Degree Programme, Module, Course, Class: correct the type or the nesting.")
	}
	above.rank = max(above.rank, rank)
}

func (p *prose) localIdentifiers(e *etree.Element) {
	if p.version.rank() < rankOf("2.0") {
		return
	}
	each(e, "identifier", func(id *etree.Element) {
		if attr(id, "type") == "local" {
			if p.locals == nil {
				p.locals = map[string]bool{}
			}
			p.locals[collapse(textOf(id))] = true
		}
	})
}

func (p *prose) isced(e *etree.Element) {
	code := child(e, "iscedCode")
	if code == nil {
		return
	}
	if s := collapse(textOf(code)); digits(s) != len(s) || len(s) < 2 || len(s) > 4 {
		p.addValue("ELMO-ISCED", code, "", "The iscedCode is not two to four digits, so it is no code of ISCED-F: write one such as 0613.", sources["ELMO-ISCED"], s)
	}
}

func (p *prose) instance(e *etree.Element, kind string, above *branch) {
	each(e, "identifier", func(id *etree.Element) { p.identifierType(id, "local", "elmo", "ewp-loi-id") })
	p.order(child(e, "start"), child(e, "date"))
	p.term(e, kind)
	if child(e, "status") == nil && p.version.rank() >= rankOf("1.2") {
		p.says("ELMO-STATUS", e, "The status is not given, and readers will take it for passed: add passed, failed or in-progress.")
	}
	if g := child(e, "gradingSchemeLocalId"); g != nil && !above.grades[collapse(textOf(g))] {
		p.addValue("ELMO-REF-GRADING", g, "", "No gradingScheme of the report has this localId: add the gradingScheme, or correct the reference.", sources["ELMO-REF-GRADING"], textOf(g))
	}
	p.shortened(child(e, "shortenedGrading"))
	p.credits(e, above)
	each(e, "level", p.level)
	if l := child(e, "languageOfInstruction"); l != nil {
		if s := collapse(textOf(l)); len(s) != 2 || !isLetter(s[0]) || !isLetter(s[1]) {
			p.addValue("ELMO-TEACHING-LANGUAGE", l, "", "languageOfInstruction is not one code of two letters from ISO 639-1: write one such as en, and leave the element out when there is no main language.", sources["ELMO-TEACHING-LANGUAGE"], s)
		}
	}
	p.references(child(e, "attachments"), "ELMO-REF-ATTACHMENT")
	if g := child(e, "grouping"); g != nil {
		p.grouping(g)
	}
	if ds := child(e, "diplomaSupplement"); ds != nil {
		p.supplement(ds, kind)
	}
}

// grouping remembers what a grouping names. An empty one names nothing: 1.3 demands it.
func (p *prose) grouping(e *etree.Element) {
	if group, id := attr(e, "typeref"), attr(e, "idref"); group != "" || id != "" {
		p.refs = append(p.refs, reference{e, group + "\x00" + id, "ELMO-REF-GROUP"})
	}
}

// order wants the first date not after the second one. Dates are compared by day: time zones in them
// mean nothing.
func (p *prose) order(start, end *etree.Element) {
	if start == nil || end == nil {
		return
	}
	a, b := collapse(textOf(start)), collapse(textOf(end))
	if isDate(a) && isDate(b) && len(a) >= 10 && len(b) >= 10 && a[0] != '-' && b[0] != '-' && a[4] == '-' && b[4] == '-' && a[:10] > b[:10] {
		p.says("ELMO-DATE-ORDER", start, "The "+start.Tag+" is after the "+end.Tag+": correct one of the two dates.")
	}
}

func (p *prose) term(e *etree.Element, kind string) {
	term := child(e, "academicTerm")
	if term == nil {
		return
	}
	p.order(child(term, "start"), child(term, "end"))
	p.languages(term, "title", false)
	if kind == "Degree Programme" {
		p.says("ELMO-TERM-PLACE", term, "A degree programme spans several terms, but has an academicTerm: give it to the courses instead.")
	}
}

var hundred = big.NewRat(100, 1)

// shortened adds up the percentages: 99 to 101 will do, since they may be rounded.
func (p *prose) shortened(e *etree.Element) {
	if e == nil {
		return
	}
	sum, whole := new(big.Rat), 0
	for _, name := range []string{"percentageLower", "percentageEqual", "percentageHigher"} {
		c := child(e, name)
		if c == nil {
			return
		}
		s := collapse(textOf(c))
		if !isDecimal(s) || len(s) > 64 {
			return
		}
		n, _ := new(big.Rat).SetString(s)
		if n.Sign() < 0 || n.Cmp(hundred) > 0 {
			p.says("ELMO-SHORTENED-RANGE", c, "The percentage is not from 0 to 100: correct it.")
			whole++
		}
		sum.Add(sum, n)
	}
	if off := sum.Sub(sum, hundred); whole == 0 && off.Abs(off).Cmp(big.NewRat(1, 1)) > 0 {
		p.says("ELMO-SHORTENED-SUM", e, "The three percentages do not make 100 together: correct them.")
	}
}

func (p *prose) credits(e *etree.Element, above *branch) {
	own := false
	each(e, "credit", func(credit *etree.Element) {
		if level := child(credit, "level"); level != nil && p.version.rank() >= rankOf("1.2") {
			p.says("ELMO-CREDIT-LEVEL", level, "credit/level is an old form: say the level in the element level of the instance.")
		}
		if !strings.EqualFold(token(credit, "scheme"), "ects") {
			return
		}
		own = true
		if child(credit, "value") == nil {
			p.says("ELMO-CREDIT-VALUE", credit, "The credit of the scheme ects has no value: add the number of credits.")
		}
		if above.credits {
			p.says("ELMO-CREDIT-ONCE", credit, "There are ECTS credits here and on a specification that this one is part of, so they would count twice: leave them on one of the two.")
		}
	})
	above.credits = above.credits || own
}

func (p *prose) level(e *etree.Element) {
	if !strings.EqualFold(token(e, "type"), "EQF") {
		return
	}
	if v := token(e, "value"); len(v) != 1 || v[0] < '1' || v[0] > '8' {
		p.addValue("ELMO-LEVEL-EQF", e, "", "The value of the EQF level is not a number from 1 to 8: correct or add it.", sources["ELMO-LEVEL-EQF"], v)
	}
}

// references remembers the refs below e.
func (p *prose) references(e *etree.Element, rule string) {
	if e == nil {
		return
	}
	each(e, "ref", func(ref *etree.Element) {
		p.refs = append(p.refs, reference{ref, collapse(textOf(ref)), rule})
	})
}

func (p *prose) supplement(e *etree.Element, kind string) {
	if kind != "" && kind != "Degree Programme" {
		p.says("ELMO-SUPPLEMENT-PLACE", e, "The diploma supplement is on a "+kind+", but belongs to a Degree Programme: move it there.")
	}
	if v := child(e, "version"); v != nil {
		if s := collapse(textOf(v)); s != "" && s != "1997" && s != "2007" && s != "2018" {
			p.addValue("ELMO-SUPPLEMENT-VERSION", v, "", "The version is none of the years 1997, 2007, 2018 in which rules for diploma supplements came out: correct it.", sources["ELMO-SUPPLEMENT-VERSION"], s)
		}
	}
	each(e, "section", p.section)
}

func (p *prose) section(e *etree.Element) {
	each(e, "attachment", func(a *etree.Element) { p.attachment(a, true) })
	each(e, "section", p.section)
}

func (p *prose) recognition(e *etree.Element) {
	p.languages(e, "title", true)
	each(e, "recognitionBasis", func(b *etree.Element) {
		each(b, "recognitionReport", p.report)
	})
	each(e, "recognitionResult", func(r *etree.Element) {
		each(r, "learningOpportunitySpecification", func(los *etree.Element) { p.specification(los, branch{}) })
	})
	each(e, "recognitionMapping", func(r *etree.Element) {
		each(r, "mapping", func(m *etree.Element) {
			each(m, "fromMapping", func(f *etree.Element) { p.references(f, "ELMO-REF-MAPPING") })
			each(m, "toMapping", func(f *etree.Element) { p.references(f, "ELMO-REF-MAPPING") })
		})
	})
	p.references(child(e, "attachments"), "ELMO-REF-ATTACHMENT")
}

func (p *prose) attachment(e *etree.Element, inside bool) {
	each(e, "identifier", func(id *etree.Element) {
		if p.identifiers == nil {
			p.identifiers = map[string]bool{}
		}
		p.identifiers[collapse(textOf(id))] = true
	})
	p.languages(e, "title", false)
	p.languages(e, "description", false)
	p.languages(e, "content", false)
	if inside && token(e, "type") == "EMREX transcript" {
		p.says("ELMO-ATTACHMENT-PLACE", e, "An EMREX transcript is about all reports, but is attached to one: move it to the end of the document, or call it Transcript of Records.")
	}
	each(e, "content", p.data)
}

// data checks a content: data:[type][;parameters][;base64],...
func (p *prose) data(e *etree.Element) {
	text := strings.Trim(textOf(e), " \t\r\n")
	if text != "" {
		p.attachments++
	}
	if len(text) < 5 || !strings.EqualFold(text[:5], "data:") {
		p.says("ELMO-ATTACHMENT-URI", e, "The content is not a data: URI, so readers cannot tell what file it is: write data:application/pdf;base64, and then the file in base64.")
		return
	}
	head, body, ok := strings.Cut(text[5:], ",")
	if !ok {
		p.says("ELMO-ATTACHMENT-URI", e, "The data: URI has no comma between its type and the file: write data:application/pdf;base64, and then the file in base64.")
		return
	}
	media, isBase := strings.CutSuffix(strings.ToLower(strings.TrimRight(head, " \t\r\n")), ";base64")
	if isBase && !isWholeBase64(body) {
		p.says("ELMO-ATTACHMENT-BASE64", e, "The base64 of the file is damaged or not complete: encode the file again.")
	}
	if media, _, _ = strings.Cut(media, ";"); media != "application/pdf" {
		p.says("ELMO-ATTACHMENT-PDF", e, "The attachment is not a PDF, and readers may ignore it: attach a PDF, too.")
	}
}

// isWholeBase64 takes base64 with white space anywhere; the bits behind the end may be what they like,
// as decoders have it.
func isWholeBase64(s string) bool {
	n, padding := 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case base64Class[c] != 0 && padding == 0:
			n++
		case c == '=':
			padding++
		case c != ' ' && c != '\n' && c != '\r' && c != '\t':
			return false
		}
	}
	return (n+padding)%4 == 0 && padding <= 2 && n > 0
}

// groups resolves the groupings at once, since the groups come behind them.
func (p *prose) groups(e *etree.Element) {
	known := map[string]bool{}
	each(e, "groupType", func(t *etree.Element) {
		p.languages(t, "title", false)
		known[attr(t, "id")+"\x00"] = true
		each(t, "group", func(g *etree.Element) {
			p.languages(g, "title", false)
			known[attr(t, "id")+"\x00"+attr(g, "id")] = true
		})
	})
	kept := p.refs[:0]
	for _, r := range p.refs {
		if r.what != "ELMO-REF-GROUP" || !known[r.value] {
			kept = append(kept, r)
		}
	}
	p.refs = kept
}

// unresolved says what is wrong with a reference, by its rule.
var unresolved = map[string]string{
	"ELMO-REF-ATTACHMENT": "No attachment has this identifier: add the identifier to the attachment, or correct the reference.",
	"ELMO-REF-GROUP":      "There is no groupType with the id in typeref that has a group with the id in idref: add it to groups, or correct the reference.",
	"ELMO-REF-MAPPING":    "No specification has this identifier of the type local: add the identifier, or correct the reference.",
}

// resolve reports the references to nothing.
func (p *prose) resolve() {
	for _, r := range p.refs {
		switch {
		case r.what == "ELMO-REF-ATTACHMENT" && p.identifiers[r.value]:
		case r.what == "ELMO-REF-MAPPING" && p.locals[r.value]:
		default:
			value, _, _ := strings.Cut(r.value, "\x00")
			p.addValue(r.what, r.e, "", unresolved[r.what], sources[r.what], value)
		}
	}
}

func (p *prose) signature(e *etree.Element) {
	info := child(e, "SignedInfo")
	if info == nil {
		return
	}
	n, whole := 0, false
	each(info, "Reference", func(r *etree.Element) {
		n++
		uri := r.SelectAttr("URI")
		whole = uri != nil && uri.Value == ""
	})
	if n != 1 || !whole {
		p.says("ELMO-SIGNED-WHOLE", info, "The signature must have one Reference with URI=\"\", which stands for the whole document: sign the document as a whole.")
	}
	if key := child(e, "KeyInfo"); key == nil || child(key, "X509Data") == nil || child(child(key, "X509Data"), "X509Certificate") == nil {
		p.says("ELMO-SIGNED-CERTIFICATE", e, "The signature does not hold its certificate: add KeyInfo/X509Data/X509Certificate, so that readers need not look for it.")
	}
}

// instances reports xsi:type, once.
func (p *prose) instances() {
	if p.typed != nil {
		p.says("ELMO-XSI-TYPE", p.typed, "xsi:type is used here and perhaps further on; ELMO needs it nowhere, and some readers stumble over it: take it out.")
	}
}
