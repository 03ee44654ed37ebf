package mapping

import (
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// restored is a member of others on its way back into a credential.
type restored struct {
	*member
	base string // pointer of the claim; empty for the credential
}

// fromOthers tells whether a document was made from credentials of others.
func fromOthers(doc *elmo.Document) bool {
	return doc.Extension != nil && slices.ContainsFunc(doc.Extension.Children, isOrigin)
}

// collect notes the members in the extension of an instance.
func (f *forward) collect(loi *elmo.LearningOpportunityInstance) {
	if loi.Extension == nil {
		return
	}
	for _, child := range loi.Extension.Children {
		if m, ok := memberOf(child); ok {
			f.members = append(f.members, restored{m, pointer(f.edc)})
		}
	}
}

// restore puts the members of others back into a credential, as patches of its written form: those
// collected from its claims, and those of the root for this credential.
func (f *forward) restore(c *edci.EuropeanDigitalCredential) {
	list := f.members
	f.members = nil
	if x := f.doc.Extension; x != nil {
		for _, child := range x.Children {
			if m, ok := memberOf(child); ok && m.credential == len(f.out)+1 {
				list = append(list, restored{m, ""})
			}
		}
	}
	if len(list) == 0 {
		return
	}
	tree := edci.Tree(c)
	var inserts []edci.Patch
	for _, m := range list {
		if f.opt.Issuer != nil && !sealable(m) {
			f.sayMember(m, Dropped, Policy, "a new issuer vouches for what the document shows, not for what an extension puts in its place")
			continue
		}
		before := len(c.Patches) + len(inserts)
		f.restoreOne(c, tree, m, &inserts)
		if len(c.Patches)+len(inserts) > before && m.value != nil {
			f.sayMember(m, Added, Derived, "restored from an extension of the document")
		}
	}
	c.Patches = append(c.Patches, inserts...) // they shift positions, so they come last
}

// sealable tells whether a member may come back into a credential that another organisation is going to
// seal: it adds to a claim, and neither takes the place of what the document shows nor makes a claim.
func sealable(m restored) bool {
	at := m.base + m.at
	return m.value == nil || !m.has && strings.HasPrefix(at, "/credentialSubject/") && !strings.HasSuffix(at, "/hasPart") &&
		!strings.HasPrefix(m.at, "/credentialSubject/hasClaim")
}

// forbidden are places that no document may write to.
var forbidden = []string{"", "/@context", "/credentialSubject", "/credentialSubject/hasClaim"}

func memberOf(child elmo.Raw) (*member, bool) {
	if !isMember(child) || isOrigin(child) {
		return nil, false
	}
	return readMember(child)
}

func (f *forward) restoreOne(c *edci.EuropeanDigitalCredential, tree edci.Object, m restored, inserts *[]edci.Patch) {
	at := m.base + m.at
	now, there := edci.At(tree, at)
	switch {
	case slices.Contains(forbidden, at) || strings.Contains(at, "@context"):
		f.sayMember(m, Dropped, Policy, "no place that a document may write to")
	case at == displayPointer && f.opt.Issuer == nil:
		c.Patches = append(c.Patches, edci.Patch{Pointer: at, Value: f.pictures(m.value, m.credential)})
	case at == "/type" && typeNames(m.value):
		c.Patches = append(c.Patches, edci.Patch{Pointer: at, Value: m.value})
	case at == "/identifier" && !m.has: // ours, which names the document, stays beside theirs
		c.Patches = append(c.Patches, edci.Patch{Pointer: at, Value: append(asArray(m.value)[:], asArray(now)...)})
	case at == "/attachment" && m.has: // the remainder, which is ours, stays beside theirs
		if sameJSON(stripIDs(withoutRemainder(now)), m.instead) {
			c.Patches = append(c.Patches, edci.Patch{Pointer: at, Value: append(asArray(m.value)[:len(asArray(m.value)):len(asArray(m.value))], onlyRemainder(now)...)})
			return
		}
		f.sayMember(m, Dropped, Edited, "what it stood beside has been edited since")
	case m.value == nil: // what only the rows write; it stays when the credential is issued anew
		if there && f.opt.Issuer == nil && sameJSON(stripIDs(now), m.instead) {
			c.Patches = append(c.Patches, edci.Patch{Pointer: at})
		}
	case m.has && there && (sameJSON(stripIDs(now), m.instead) || bothNames(now, m.instead)), !m.has && !there && !inArray(tree, at):
		c.Patches = append(c.Patches, edci.Patch{Pointer: at, Value: m.value})
	case !m.has && inArray(tree, at):
		*inserts = append(*inserts, edci.Patch{Pointer: at, Value: m.value, Insert: true})
	default:
		f.sayMember(m, Dropped, Edited, "what it stood beside has been edited since")
	}
}

func (f *forward) sayMember(m restored, v Verdict, why Reason, note string) {
	edc := f.edc
	f.edc = nil
	f.sayRow(ownerOf(m.base+m.at), v, why, "extension", m.base+m.at, note)
	f.edc = edc
}

// typeNames tells whether a value is a list of names that begins like the types of every credential.
func typeNames(v any) bool {
	names := asArray(v)
	for _, n := range names {
		if _, ok := n.(string); !ok {
			return false
		}
	}
	return slices.Contains(names, any("VerifiableCredential")) && slices.Contains(names, any("EuropeanDigitalCredential"))
}

func onlyRemainder(v any) edci.Array {
	var out edci.Array
	for _, m := range asArray(v) {
		if member1(member1(m, "attachmentType"), "id") == remainderID {
			out = append(out, m)
		}
	}
	return out
}

// inArray tells whether a pointer names a place in an array.
func inArray(tree edci.Object, at string) bool {
	i := strings.LastIndexByte(at, '/')
	if i < 0 {
		return false
	}
	if _, err := strconv.Atoi(at[i+1:]); err != nil {
		return false
	}
	v, ok := edci.At(tree, at[:i])
	_, list := v.(edci.Array)
	return ok && list
}

func firstToken(pointer string) string {
	t, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return t
}

// The pictures of a credential of others become a root attachment, since ELMO asks for a version that
// people can read; the kept displayParameter refers to them by number.
const (
	displayPointer = "/displayParameter"
	displayTitled  = "Credential as displayed"
	displayContent = NSBridge + "#content/"
)

// display keeps the display of a credential of others (EDC-06).
func (d *differ) display(v any) {
	d.sayRow("EDC-06", d.keptOr(Reduced), NoCounterpart, "attachment", displayPointer, "the pictures become an attachment; the rest is kept in an extension")
	a := &elmo.Attachment{Titles: []elmo.Text{{Lang: "en", Value: displayTitled}}, Type: "Other"}
	slim := takePictures(v, a)
	if len(a.Contents) > 0 {
		d.doc.Attachments = append(d.doc.Attachments, a)
	}
	if !d.opt.keeps() {
		return
	}
	a.Extension = &elmo.Extension{Children: []elmo.Raw{elmo.NewRaw(NSBridge, "b", "display",
		[]elmo.Attr{{Name: "credential", Value: strconv.Itoa(d.number)}}, "")}}
	d.members = append(d.members, &member{at: displayPointer, value: slim})
}

func (r *run) keptOr(v Verdict) Verdict {
	if r.opt.keeps() {
		return Kept
	}
	return v
}

// takePictures moves the contents of images into an attachment and leaves their numbers.
func takePictures(v any, a *elmo.Attachment) any {
	display, ok := v.(edci.Object)
	if !ok {
		return v
	}
	return changed(display, "individualDisplay", func(one any) any {
		lang := displayLanguage(member1(one, "language"))
		return changed(asObject(one), "displayDetail", func(page any) any {
			return changed(asObject(page), "image", func(image any) any {
				content, ok := member1(image, "content").(string)
				if !ok {
					return image
				}
				head := dataHead(conceptOf(member1(image, "contentType")))
				a.Contents = append(a.Contents, elmo.Text{Lang: lang, Value: head + ";base64," + strings.Join(strings.Fields(content), "")})
				return changed(asObject(image), "content", func(any) any { return displayContent + strconv.Itoa(len(a.Contents)) })
			})
		})
	})
}

// changed is a copy of an object in which each value of a member was replaced.
func changed(o edci.Object, name string, by func(any) any) any {
	out := slices.Clone(o)
	for i := range out {
		if out[i].Name != name {
			continue
		}
		if list, ok := out[i].Value.(edci.Array); ok {
			own := make(edci.Array, len(list))
			for k := range list {
				own[k] = by(list[k])
			}
			out[i].Value = own
		} else {
			out[i].Value = by(out[i].Value)
		}
	}
	return out
}

func conceptOf(v any) *edci.Concept {
	id, _ := member1(v, "id").(string)
	if s, ok := v.(string); ok {
		id = s
	}
	return &edci.Concept{ID: id}
}

// pictures is the way back of takePictures.
func (f *forward) pictures(v any, credential int) any {
	a := f.displayed(credential)
	if a == nil {
		return v
	}
	return changed(asObject(v), "individualDisplay", func(one any) any {
		return changed(asObject(one), "displayDetail", func(page any) any {
			return changed(asObject(page), "image", func(image any) any {
				return changed(asObject(image), "content", func(ref any) any { return picture(a, ref) })
			})
		})
	})
}

func picture(a *elmo.Attachment, ref any) any {
	s, _ := ref.(string)
	nr, ok := strings.CutPrefix(s, displayContent)
	i, err := strconv.Atoi(nr)
	if !ok || err != nil || i < 1 || i > len(a.Contents) {
		return ref
	}
	_, content, _ := strings.Cut(a.Contents[i-1].Value, ",")
	return content
}

// displayed finds the attachment with the pictures of a credential.
func (f *forward) displayed(credential int) *elmo.Attachment {
	for _, a := range f.doc.Attachments {
		if n := displayMark(a); n == credential {
			return a
		}
	}
	return nil
}

// displayMark is the number of the credential whose pictures an attachment holds; 0 for none.
func displayMark(a *elmo.Attachment) int {
	if a.Extension == nil {
		return 0
	}
	for _, child := range a.Extension.Children {
		namespace, local := child.Name()
		if namespace != NSBridge || local != "display" {
			continue
		}
		_, attrs, _, _ := child.Simple()
		for _, x := range attrs {
			if x.Name == "credential" {
				n, _ := strconv.Atoi(x.Value)
				return n
			}
		}
	}
	return 0
}
