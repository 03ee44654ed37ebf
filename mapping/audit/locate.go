package audit

import (
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
)

// sameAs names the structures of ELMO that are listed elsewhere, nearer to the root.
var sameAs = map[string]string{
	full("LOS/hasPart/learningOpportunitySpecification"): full("LOS"),
	full("SEC/section"):    full("SEC"),
	full("SEC/attachment"): "attachment",
	"report/attachment":    "attachment",
}

// LocateELMO finds the leaf of ELMO that a path of a report leads to, such as
// report[1]/learningOpportunitySpecification[2]/title[1]/@xml:lang; nil when there is none. What is in
// an extension or a signature is theirs.
func LocateELMO(path string) *Leaf {
	at := ""
	for step := range strings.SplitSeq(path, "/") {
		if strings.HasSuffix(at, "extension") || strings.HasSuffix(at, signature) {
			break
		}
		at = below(at, step)
	}
	return leafAt(ELMO, at)
}

// signature is the element as the tables have it; reports leave its prefix out.
const signature = "ds:Signature"

// below goes one step down, without the position.
func below(at, step string) string {
	step, _, _ = strings.Cut(step, "[")
	if step == "Signature" {
		step = signature
	}
	if at == "" {
		return step
	}
	if same, ok := sameAs[at]; ok {
		at = same
	}
	return at + "/" + step
}

// LocateELM finds the leaf of the application profile that a JSON Pointer (RFC 6901) of a report leads
// to: the member of the class of its node. The tree is that of the credential, see edci.Source. nil:
// the profile has no such member. What is in the issuer is the issuer's, since options fill it; what is
// in a value without a class, such as a text in languages, is the value's.
func LocateELM(credential edci.Object, pointer string) *Leaf {
	if inside, ok := strings.CutPrefix(pointer, "/issuer/"); ok {
		return ofIssuer(inside)
	}
	w := &walk{at: credential, class: credentialClass}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if !w.step(token) {
			break
		}
	}
	return leafAt(ELM, w.class+"/"+w.member)
}

const credentialClass = "EuropeanDigitalCredential"

// ofIssuer is the leaf of a pointer below the issuer: one of the shape that issuers have besides their
// class, or the issuer.
func ofIssuer(pointer string) *Leaf {
	for token := range strings.SplitSeq(pointer, "/") {
		if !isIndex(token) {
			if l := leafAt(ELM, "(edc:IssuerNodeShape)/"+token); l != nil {
				return l
			}
			break
		}
	}
	return leafAt(ELM, credentialClass+"/issuer")
}

// walk is a way down the tree of a credential.
type walk struct {
	at            any    // the value reached; nil: it is not in the tree
	class, member string // that it is the value of; no member: the credential, or none is known
}

// step goes one token down. It returns false when what follows cannot change the leaf.
func (w *walk) step(token string) bool {
	switch list, many := w.at.(edci.Array); {
	case isIndex(token) && many:
		w.at, _ = edci.At(list, "/"+token)
		return true
	case isIndex(token):
		return true // one value stands where there may be many
	case many && len(list) == 1:
		w.at = list[0]
	}
	node, ok := w.at.(edci.Object)
	if !ok {
		w.member = ""
		return false
	}
	if w.member != "" && !w.enter(node) {
		return false
	}
	w.member = token
	w.at, _ = edci.At(node, "/"+token)
	return true
}

// enter takes the class of a node, of several the last that the profile has: the general one is named
// first. It returns false when the node has none.
func (w *walk) enter(node edci.Object) bool {
	value, ok := node.Get("type")
	names, many := value.(edci.Array)
	if !many {
		names = edci.Array{value}
	}
	if ok {
		w.class = ""
	}
	for _, n := range names {
		if name, isName := n.(string); isName && leafAt(ELM, name) != nil {
			w.class = name
		}
	}
	return ok
}

// isIndex tells whether a token counts elements. RFC 6901, section 4.
func isIndex(token string) bool {
	n, err := strconv.Atoi(token)
	return err == nil && n >= 0
}

// Within is the leaf that an entry of a row is about when a report names the element around it: the one
// leaf inside that the row answers for. Else, and where the row has a part in the leaf, it is the leaf
// itself.
func (l *Leaf) Within(row string) *Leaf {
	if l.Owner == row || slices.Contains(l.Also, row) {
		return l
	}
	var inside []*Leaf
	leaves := Leaves()
	for i := range leaves {
		m := &leaves[i]
		if m.Side == l.Side && m.Owner == row && strings.HasPrefix(m.Path, l.Path+"/") {
			inside = append(inside, m)
		}
	}
	if len(inside) == 1 {
		return inside[0]
	}
	return l
}

// leafAt is the leaf of a path as the tables have it, nil when there is none.
func leafAt(side Side, path string) *Leaf {
	a := crosswalk()
	i, ok := a.at[key{side, path}]
	if !ok {
		return nil
	}
	return &a.leaves[i]
}
