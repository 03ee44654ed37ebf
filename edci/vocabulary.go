package edci

// Term is one name of the contexts, for packages that read a document as JSON-LD does.
type Term struct {
	Scope string // the type, or for proofPurpose, credentialSchema and refreshService the member, within whose node it is defined; "" everywhere
	Name  string
	IRI   string // absolute
	As    string // of the value: "@id", "@graph", "@set", "@vocab", "@language", the IRI of a datatype, or "" for anything
}

// Terms lists the terms of the EDC context (EDC-AP 3.2) and of the context of the VC data model 1.1.
func Terms() (edc, vc []Term) {
	return publish(edcTerms), publish(vcTerms)
}

func publish(terms []term) []Term {
	var list []Term
	for _, t := range terms {
		p := Term{Scope: t.scope, Name: t.name, IRI: expandIRI(t.iri), As: t.as}
		if t.as != "" && t.as[0] != '@' {
			p.As = expandIRI(t.as)
		}
		if t.scope != "Signature" {
			list = append(list, p)
			continue
		}
		for _, suite := range signatureSuites {
			p.Scope = suite
			list = append(list, p)
		}
	}
	return list
}

// Contexts tells which contexts a document names.
type Contexts struct {
	EDC, VC bool
	VC2     bool // that of VC 2.0 is among them; it is read as that of VC 1.1
}

// ContextsOf looks at the @context of a credential in plain shape. One without any is read as if it
// had both.
func ContextsOf(tree Object) Contexts {
	given, ok := tree.Get("@context")
	if !ok {
		return Contexts{EDC: true, VC: true}
	}
	var c Contexts
	for _, v := range values(given) {
		switch v {
		case contextVC: // nearly all name these two; the others cost more to tell
			c.VC = true
		case contextEDC:
			c.EDC = true
		default:
			c.add(v)
		}
	}
	return c
}

// add adds a context that may be one we know under another address.
func (c *Contexts) add(v any) {
	address, _ := v.(string)
	if k, known := contextFor(address); known {
		c.VC = c.VC || k.protected
		c.EDC = c.EDC || !k.protected
		c.VC2 = c.VC2 || k.note != ""
	}
}
