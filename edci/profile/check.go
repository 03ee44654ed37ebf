package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
)

// Options say what Check looks at beyond the tree; the zero value is right.
type Options struct {
	// InList tells whether an id is in a code list, and whether the list is known to be complete; nil
	// leaves code lists out. The lists themselves are not part of this package.
	InList func(scheme, id string) (known, member bool)

	// Observations are those of the reader (edci.Source), which repairs spellings that JSON-LD drops.
	Observations []edci.Observation

	// Values puts values of the document into Finding.Value. They are personal data.
	Values bool

	// ErrorsOnly leaves warnings and advice out.
	ErrorsOnly bool

	// Max is how many findings are listed at most, errors first; 0 is 1000. One more says so.
	Max int
}

// mostFindings is the default of Options.Max.
const mostFindings = 1000

// Check checks a credential in plain shape (edci.Source.Tree) against a profile. Findings stand in the
// order of the document; none with severity Error means that the credential conforms and that JSON-LD
// loses nothing of it. The tree is not changed.
func Check(tree edci.Object, p Profile, opt Options) []Finding {
	return check(tree, p, opt, false)
}

// check checks a tree; in one that is embedded, a node is written out wherever it is named.
func check(tree edci.Object, p Profile, opt Options, embedded bool) []Finding {
	if p == Auto || p >= profiles {
		p = Of(tree)
	}
	g := graphs.Get().(*graph)
	defer g.release()
	if opt.Max <= 0 {
		opt.Max = mostFindings
	}
	c := &checker{graph: g, profile: p, plan: plans[p](), opt: &opt, embedded: embedded}
	g.c = c
	c.respell(tree)
	g.read(tree)
	c.check()
	if len(c.pending) == 0 {
		return nil
	}
	return c.findings()
}

// CheckSource checks a credential as it was read. It is Check of the tree that tells most: the document
// as written where that has the plain shape, and what the JSON-LD processor made of it otherwise. Paths
// lead into that tree. Options.Observations are those of the source.
//
// A processor is forgiving: what it drops or mends before the tree is made (unknown types, relative ids,
// values of a wrong shape) is not found in documents of the second kind. EDC-PROCESSOR warns of that.
func CheckSource(s *edci.Source, p Profile, opt Options) []Finding {
	opt.Observations = s.Observations
	if s.Written != nil {
		return Check(s.Written, p, opt)
	}
	return check(s.Tree, p, opt, s.Form != "plain")
}

// checker applies the shapes of a profile.
type checker struct {
	*graph
	profile   Profile
	plan      *plan
	opt       *Options
	pending   []pending
	respelled map[string]string // by pointer: as written
	embedded  bool              // equal content under one id is one content, with one set of nodes below
	quiet     bool              // asks whether a node conforms
	filed     [2]int            // findings: errors, others
	cut       bool              // there are more than are listed
	schemes   map[schemeOf]bool // of concepts with very many, as asked
}

// check applies shapes and our own rules to all nodes.
func (c *checker) check() {
	credentials := false
	for n := range c.nodes {
		types := c.nodes[n].types
		if types == 0 {
			continue
		}
		credentials = credentials || types&credential != 0
		for rest := types; rest != 0; rest &= rest - 1 {
			for i := range c.plan.rules[lowest(rest)] {
				c.apply(&c.plan.rules[lowest(rest)][i], int32(n))
			}
		}
		if !c.opt.ErrorsOnly {
			c.advise(int32(n))
		}
	}
	if !credentials {
		c.add(pending{rule: ruleNoCredential, at: none, node: nowhere, constraint: "NoCredential",
			text: "No node has the type EuropeanDigitalCredential, so nothing was checked: give the credential the types VerifiableCredential and EuropeanDigitalCredential, and both contexts."})
	}
	if c.embedded {
		c.add(pending{rule: ruleProcessor, at: none, node: nowhere,
			text: "The document is in a form of JSON-LD that a processor had to lay out, and what it mended or left out was not checked: write it in the plain form, with nested nodes and the two contexts, to have all of it checked."})
	}
	if c.contexts.VC2 || slices.ContainsFunc(c.opt.Observations, ofContextPair) {
		c.add(pending{rule: ruleContext, at: none, node: nowhere,
			text: "The EDC context goes with the context of VC 1.1 only; with that of VC 2.0 JSON-LD refuses the document, or loses dates: name https://www.w3.org/2018/credentials/v1 before it."})
	}
	if !c.opt.ErrorsOnly {
		c.adviseCredential()
	}
}

// ofContextPair tells whether the reader met contexts that cannot stand together. What a processor made
// of such a document no longer names them.
func ofContextPair(o edci.Observation) bool {
	return o.Kind == edci.ContextPair && o.Pointer == "/@context"
}

// conforms tells whether a node meets rules, without findings.
func (c *checker) conforms(n int32, rules []rule) bool {
	before, quiet := len(c.pending), c.quiet
	c.quiet = true
	for i := range rules {
		c.apply(&rules[i], n)
	}
	ok := len(c.pending) == before
	c.pending, c.quiet = c.pending[:before], quiet
	return ok
}

// apply applies one rule to one node.
func (c *checker) apply(r *rule, n int32) {
	values := c.of(n, r.property)
	if len(values) < r.min {
		c.violate(r, n, ruleMin, "MinCount", nil)
	}
	if len(values) == 0 {
		return
	}
	if r.max > 0 && len(values) > r.max {
		c.violate(r, n, ruleMax, "MaxCount", &values[r.max])
	}
	if r.unique {
		c.uniqueLanguages(r, n, values)
	}
	for i := range values {
		c.value(r, n, &values[i])
	}
}

// value applies the constraints on single values.
func (c *checker) value(r *rule, n int32, v *value) {
	if r.is != 0 && (v.node < 0 || c.nodes[v.node].types&r.is == 0) {
		c.violate(r, n, ruleClass, classConstraint[r.choice], v)
	}
	if r.datatype != node && !hasForm(r.datatype, v) {
		c.violate(r, n, ruleDatatype, "Datatype", v)
	}
	if r.iri && (v.node < 0 || c.nodes[v.node].id == "") || r.literal && v.node >= 0 {
		c.violate(r, n, ruleNodeKind, "NodeKind", v)
	}
	if r.most > 0 && (v.node >= 0 || !(leadingInteger(v.text) <= float64(r.most))) {
		c.violate(r, n, ruleMost, "MaxInclusive", v)
	}
	if (r.claim || r.claimOnly) && !c.isClaim(r, v) {
		c.violate(r, n, ruleClaim, "Node", v)
	}
	if r.issuer && (v.node < 0 || !c.conforms(v.node, issuerRules)) {
		c.violate(r, n, ruleIssuer, "Node", v)
	}
	if r.scheme != "" && !c.isOfScheme(r, v) {
		c.violate(r, n, ruleScheme, "Node", v)
	}
}

// classConstraint names the kind of constraint, by whether there are several classes.
var classConstraint = map[bool]string{false: "Class", true: "Or"}

// hasForm tells whether a value is a literal of that datatype and of its lexical form.
func hasForm(d datatype, v *value) bool {
	return v.node < 0 && v.datatype == d && (lexical[d].ok == nil || lexical[d].ok(v.text))
}

// isClaim is the rule of hasClaim and awards: one of the four kinds, or what looks like a claim and has
// a dcType. Accredited credentials take an achievement only.
func (c *checker) isClaim(r *rule, v *value) bool {
	switch {
	case v.node < 0:
		return false
	case r.claimOnly:
		return c.nodes[v.node].types&achievement != 0
	}
	n := &c.nodes[v.node]
	if n.types&claims == 0 && n.claim == unasked {
		n.claim = failing
		if c.conforms(v.node, claimTypeRules) {
			n.claim = conforming
		}
	}
	return n.types&claims != 0 || n.claim == conforming
}

// isOfScheme tells whether a concept names the list, by an id whose node is typed ConceptScheme.
func (c *checker) isOfScheme(r *rule, v *value) bool {
	if v.node < 0 {
		return false
	}
	values := c.of(v.node, inScheme)
	if len(values) < manyValues {
		return c.namesScheme(r, values)
	}
	key := schemeOf{v.node, r.scheme}
	if _, asked := c.schemes[key]; !asked {
		if c.schemes == nil {
			c.schemes = map[schemeOf]bool{}
		}
		c.schemes[key] = c.namesScheme(r, values)
	}
	return c.schemes[key]
}

// schemeOf is a concept and the list that it is asked for.
type schemeOf struct {
	node   int32
	scheme string
}

// namesScheme tells whether the list is among the values of inScheme, and all are lists.
func (c *checker) namesScheme(r *rule, values []value) bool {
	found := false
	for _, s := range values {
		if s.node < 0 || c.nodes[s.node].id == "" || !r.schemeBare && c.nodes[s.node].types&scheme == 0 {
			return false
		}
		found = found || c.nodes[s.node].id == r.scheme
	}
	return found
}

// uniqueLanguages finds languages with several texts.
func (c *checker) uniqueLanguages(r *rule, n int32, values []value) {
	if len(values) < 2 {
		return
	}
	if len(values) >= manyValues {
		c.uniqueByMap(r, n, values)
		return
	}
	for i := range values {
		v := &values[i]
		if v.lang == "" {
			continue
		}
		same := func(w value) bool { return w.lang != "" && sameLanguage(v.lang, w.lang) }
		if !slices.ContainsFunc(values[:i], same) && slices.ContainsFunc(values[i+1:], same) {
			c.violate(r, n, ruleUniqueLang, "UniqueLang", v)
		}
	}
}

func (c *checker) uniqueByMap(r *rule, n int32, values []value) {
	count := map[string]int{}
	for i := range values {
		if lang := lower(values[i].lang); lang != "" {
			if count[lang]++; count[lang] == 2 {
				c.violate(r, n, ruleUniqueLang, "UniqueLang", &values[i])
			}
		}
	}
}

// violate files a violation of a shape; v is the value, or nil for one that is missing.
func (c *checker) violate(r *rule, n int32, kind int, constraint string, v *value) {
	p := pending{rule: kind, node: n, shape: r, constraint: constraint, at: none}
	if !c.quiet {
		p.at = c.placeOf(n)
		if v != nil {
			p.at, p.value = v.at, v.text
		}
	}
	c.file(p)
}

// file takes a finding, unless there are too many of its kind. A quiet one only counts.
func (c *checker) file(p pending) {
	if !c.quiet {
		kind := &c.filed[0]
		if rules[p.rule].Severity != Error {
			kind = &c.filed[1]
		}
		if *kind >= c.opt.Max {
			c.cut = true
			return
		}
		*kind++
	}
	c.pending = append(c.pending, p)
}

// placeOf is the first place of a node. Every node with a type has one.
func (c *checker) placeOf(n int32) position {
	return position{place: c.nodes[n].first, member: -1, index: -1}
}

// add files a finding that comes from no shape.
func (c *checker) add(p pending) {
	if c.opt.ErrorsOnly && rules[p.rule].Severity != Error {
		return
	}
	c.file(p)
}

// findings makes the words of what was found, in the order of the document.
func (c *checker) findings() []Finding {
	type ordered struct {
		steps []step
		Finding
	}
	list := make([]ordered, len(c.pending))
	focus := map[int32]string{}
	for i := range c.pending {
		p := &c.pending[i]
		if _, ok := focus[p.node]; !ok {
			focus[p.node] = c.focus(p.node)
		}
		list[i] = ordered{c.steps(p.at), c.finding(p)}
		list[i].Focus = focus[p.node]
	}
	slices.SortStableFunc(list, func(a, b ordered) int {
		return cmp.Or(compareSteps(a.steps, b.steps), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Property, b.Property))
	})
	found := make([]Finding, 0, len(list))
	others := c.opt.Max - c.filed[0] // that find room beside the errors
	for i := range list {
		if list[i].Severity != Error {
			if others--; others < 0 {
				c.cut = true
				continue
			}
		}
		found = append(found, list[i].Finding)
	}
	if c.cut {
		found = append(found, Finding{
			Rule: rules[ruleLimit].ID, Severity: rules[ruleLimit].Severity, Source: rules[ruleLimit].Source, Path: found[len(found)-1].Path,
			Text: "There are more findings than the " + strconv.Itoa(c.opt.Max) + " that are listed: correct these and check again.",
		})
	}
	return found
}

// finding makes the words of one.
func (c *checker) finding(p *pending) Finding {
	rule := &rules[p.rule]
	f := Finding{
		Rule: rule.ID, Severity: rule.Severity, Source: rule.Source,
		Path: c.pointer(p.at), Text: p.text, Constraint: p.constraint,
	}
	if c.opt.Values {
		f.Value = p.value
	}
	if p.shape == nil {
		return f
	}
	f.Class = classes[p.shape.class].name
	f.Property = compact(vocabulary.iris[p.shape.property])
	member := vocabulary.member(p.shape.property)
	if f.Source == "" {
		f.Source = "EDC-AP 3.2 " + c.schemaName() + ", " + f.Class + "/" + member
	}
	if f.Text == "" {
		f.Text = c.sentence(p, f.Class, member)
	}
	return f
}

// schemaName is the last part of the profile's address.
func (c *checker) schemaName() string {
	return strings.TrimPrefix(definitions[c.profile].schema, schemaBase)
}

// sentence says what a shape demands and what to do.
func (c *checker) sentence(p *pending, class, member string) string {
	r := p.shape
	class = article(class) + " " + class
	switch p.rule {
	case ruleMin:
		return fmt.Sprintf("%s needs %s %s, and this one has %d: add it.", capital(class), atLeast(r), member, len(c.of(p.node, r.property)))
	case ruleMax:
		return fmt.Sprintf("%s may have %d %s at most, over all languages and all places with the same id, and this one has %d: leave one.",
			capital(class), r.max, member, len(c.of(p.node, r.property)))
	case ruleDatatype:
		return fmt.Sprintf("%s of %s must be %s, and this value is not: correct it.", member, class, lexical[r.datatype].want)
	case ruleClass:
		return fmt.Sprintf("%s of %s must be a node of type %s, and this value is not: give it that type, or take it away.", member, class, classNames(r.is))
	case ruleClaim:
		return fmt.Sprintf("%s of %s must be %s: give it that type.", member, class, claimWords[r.claimOnly])
	case ruleIssuer:
		return "The issuer needs exactly one eIDASIdentifier, which is a LegalIdentifier, and this one has not: add it, or let sealing add it."
	case ruleScheme:
		return fmt.Sprintf(`%s of %s must say inScheme {"id": "%s", "type": "ConceptScheme"}, and this value does not: add it.`, member, class, r.scheme)
	case ruleUniqueLang:
		return fmt.Sprintf("%s of %s may have one text per language, over all places with the same id, and here one language has several: leave one.", member, class)
	case ruleMost:
		return fmt.Sprintf("%s of %s may be %d at most, and this value is not: correct it.", member, class, r.most)
	}
	return fmt.Sprintf("%s of %s must be %s, and this value is not: correct it.", member, class, kindWords[r.literal])
}

var (
	claimWords = map[bool]string{
		false: "a LearningAchievement, LearningActivity, LearningAssessment or LearningEntitlement, or a Claim with title, awardedBy and dcType",
		true:  "a LearningAchievement",
	}
	kindWords = map[bool]string{false: "a node with an absolute IRI for its id", true: "a text and no node"}
)

// article is a or an. Of our classes only those on eu begin with a vowel that is none when spoken.
func article(class string) string {
	if strings.ContainsAny(class[:1], "AEIO") && !strings.HasPrefix(class, "Eu") {
		return "an"
	}
	return "a"
}

func capital(s string) string { return "A" + s[1:] }

// atLeast says how many values are demanded.
func atLeast(r *rule) string {
	if r.min == r.max {
		return fmt.Sprintf("exactly %d", r.min)
	}
	return fmt.Sprintf("at least %d", r.min)
}

// classNames lists the classes of a set.
func classNames(s classSet) string {
	var names []string
	for ; s != 0; s &= s - 1 {
		names = append(names, classes[lowest(s)].name)
	}
	return strings.Join(names, " or ")
}
