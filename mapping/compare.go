package mapping

import (
	"elmobridge/edci"
	"elmobridge/mapping/codes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// differ collects the leftovers of one credential.
type differ struct {
	*back
	part    *part
	number  int    // of the credential among those that the document gives
	base    string // pointer of the claim in the source; empty for the credential
	members []*member

	container string // path of the extension that takes the leftovers
}

// claim compares one claim with what its specification gives.
func (d *differ) claim(source edci.Object, again *conversion, place claimPlace) {
	theirs, ok := edci.At(source, inSource(source, place.pointer))
	if !ok {
		return
	}
	ours, _ := edci.At(again.trees[place.los], again.claims[place.los])
	d.base, d.members = place.pointer, nil
	d.container = place.path + "/" + scopeSpecifies + "/" + scopeLOI + "/extension"
	if place.whole {
		d.leave("", theirs, stripIDs(ours), true, NoCounterpart)
	} else {
		d.object("", asObject(theirs), asObject(ours), "hasPart")
		d.parts(asObject(theirs), len(asArray(member1(ours, "hasPart"))))
	}
	for _, m := range d.members {
		d.keepMember(&place.loi.Extension, m)
	}
}

// parts keeps the parts of a claim when not all of them became parts of the specification.
func (d *differ) parts(theirs edci.Object, ours int) {
	if v, ok := theirs.Get("hasPart"); ok && len(asArray(v)) != ours {
		d.leave("/hasPart", v, nil, false, NoCounterpart)
	}
}

// topClaims keeps claims that got no specification.
func (d *differ) topClaims(source edci.Object, placed map[string]bool) {
	d.base = ""
	claims, _ := edci.At(source, "/credentialSubject/hasClaim")
	for i, c := range asArray(claims) {
		at := "/credentialSubject/hasClaim/" + strconv.Itoa(i)
		if placed[at] || d.part.ours && isPlaceholder(c) {
			continue
		}
		d.leave(at, c, nil, false, NoCounterpart)
	}
}

func isPlaceholder(claim any) bool {
	for _, id := range asArray(member1(claim, "identifier")) {
		if member1(id, "schemeName") == schemePlaceholder {
			return true
		}
	}
	return false
}

// sealed are the members that belong to the issuer and the seal: restored only when no issuer is given.
var sealed = []string{"issuer", "id", "credentialSchema", "credentialProfiles", "validFrom", "issuanceDate", "issued",
	"evidence", "credentialStatus"}

// ourEnvelope are the members outside of the subject that our credentials have, and that sealing changes.
var ourEnvelope = append([]string{"@context", "identifier", "attachment", "displayParameter"}, sealed[:8]...)

// envelope compares what is outside of the claims. Of a credential of ours only the learner and the
// attachments can hold anything of others.
func (d *differ) envelope(source, ours edci.Object) {
	d.base = ""
	for _, m := range source {
		switch {
		case m.Name == "@context":
		case m.Name == "proof": // named as dropped already (EDC-12)
		case m.Name == "type":
			d.types(m.Value)
		case m.Name == "credentialSubject":
			if d.part.ours && d.part.n > 0 {
				continue // the learner is that of the first credential
			}
			mine, _ := ours.Get(m.Name)
			d.object("/credentialSubject", asObject(m.Value), asObject(mine), "hasClaim")
		case d.part.ours && slices.Contains(ourEnvelope, m.Name):
			d.sealer(m, ours)
		case m.Name == "attachment":
			mine, _ := ours.Get(m.Name)
			theirs, left := asArray(m.Value), withoutRemainder(mine)
			if d.part.rem != nil {
				theirs = withoutRemainder(m.Value)
			}
			if len(theirs)+len(left) > 0 {
				d.value("/attachment", theirs, left, len(left) > 0)
			}
		case m.Name == "displayParameter":
			d.display(m.Value)
		default:
			mine, has := ours.Get(m.Name)
			d.value("/"+escapePointer(m.Name), m.Value, mine, has)
		}
	}
	d.additions("", source, only(ours, sealed), "")
	if d.part.ours {
		d.outsideModel(source)
		d.ownFiles(member1(source, "attachment"), member1(ours, "attachment"))
	}
}

// sealer names what the issuer of a credential of ours put in, which ELMO does not hold: it is given anew
// when the next credential is made.
func (d *differ) sealer(m edci.Member, ours edci.Object) {
	if m.Name == "displayParameter" {
		d.sayRow("ENV-06", Normalised, Derived, "", displayPointer, "made anew from the document when it is converted again")
	}
	row, compared := sealerRows[m.Name]
	if mine, _ := ours.Get(m.Name); compared && !sameJSON(asArray(stripIDs(m.Value)), asArray(stripIDs(mine))) {
		d.sayRow(row, Normalised, Policy, "", "/"+m.Name, "not of the results: who seals the next credential, and how, gives it anew")
	}
}

// outsideModel names what stands in members that are made anew and that the model cannot hold: members of
// other vocabularies, of other classes, of none.
func (d *differ) outsideModel(source edci.Object) {
	light, left := d.part.withoutFiles()
	for _, x := range edci.Diff(only(source, ourEnvelope), only(edci.Tree(light), ourEnvelope)) {
		switch {
		case x.Kind == edci.DiffExtra || x.Kind == edci.DiffOrder || left[x.Pointer]:
		case d.notInContext(x.Pointer):
			d.sayRow("EDC-06", Dropped, NotInContext, "", x.Pointer, "inside of what is made anew")
		default:
			d.sayRow("EDC-06", Dropped, Unknown, "", x.Pointer, "it does not belong there; inside of what is made anew")
		}
	}
}

// withoutFiles is the credential without the contents of big files, and their pointers.
func (p *part) withoutFiles() (*edci.EuropeanDigitalCredential, map[string]bool) {
	light, left := *p.c, map[string]bool{}
	light.Attachment = slices.Clone(p.c.Attachment)
	for i, m := range light.Attachment {
		if len(m.Content) > beginning {
			short := *m
			short.Content = ""
			light.Attachment[i] = &short
			left["/attachment/"+strconv.Itoa(i)+"/content"] = true
		}
	}
	return &light, left
}

// ownFiles names what was edited in the attachments of a credential of ours, but for the contents, which
// the rows compare. The ELMO has what the first file of an attachment says of itself.
func (d *differ) ownFiles(theirs, ours any) {
	left := slices.Clone(asArray(ours))
	for i, a := range asArray(theirs) {
		k := slices.IndexFunc(left, func(b any) bool { return isRemainder(a) == isRemainder(b) })
		if k < 0 {
			continue // a file that has no place is named by its row
		}
		at := "/attachment/" + strconv.Itoa(i)
		for _, x := range edci.Diff(withoutContent(a), withoutContent(left[k])) {
			if x.Kind != edci.DiffExtra && x.Kind != edci.DiffOrder {
				d.sayRow("ATT-02", Reduced, Edited, "", at+x.Pointer, "the credential was edited; the attachment will say of itself what the document says")
			}
		}
		left = slices.Delete(left, k, k+1)
	}
}

// contents are the members of a media object that the rows compare.
var contents = []string{"content", "contentSize", "contentURL"}

func withoutContent(v any) edci.Object {
	return slices.DeleteFunc(slices.Clone(asObject(v)), func(m edci.Member) bool { return slices.Contains(contents, m.Name) })
}

// sealerRows are the members that the one who converts and seals gives.
var sealerRows = map[string]string{"issuer": "ENV-01", "issued": "ENV-05", "issuanceDate": "ENV-05", "validFrom": "ENV-05",
	"credentialSchema": "ENV-04", "credentialProfiles": "ENV-04", "evidence": "ENV-04"}

// only is an object with some of its members.
func only(o edci.Object, names []string) edci.Object {
	return slices.DeleteFunc(slices.Clone(o), func(m edci.Member) bool { return !slices.Contains(names, m.Name) })
}

// types keeps type names beside the two that every credential has.
func (d *differ) types(v any) {
	var more edci.Array
	for _, t := range asArray(v) {
		if t != "VerifiableCredential" && t != "EuropeanDigitalCredential" {
			more = append(more, t)
		}
	}
	switch {
	case more != nil:
		d.leave("/type", v, nil, false, NotInContext)
	case len(asArray(v)) != 2:
		d.sayRow("EDC-06", Normalised, RequiredDefault, "", "/type", "every credential has the same two types")
	}
}

// object compares two nodes; skip is a member that others look after.
func (d *differ) object(at string, theirs, ours edci.Object, skip string) {
	d.class(at, theirs, ours)
	for _, m := range theirs {
		if skipped(m.Name, skip) || m.Name == "type" || m.Name == "@context" {
			continue
		}
		if m.Name == "id" {
			d.id(at, theirs, ours)
			continue
		}
		mine, has := ours.Get(m.Name)
		d.value(at+"/"+escapePointer(m.Name), m.Value, mine, has)
	}
	d.additions(at, theirs, ours, skip)
}

// skipped tells whether others look after a member; "" skips none, though JSON has members of that name.
func skipped(name, skip string) bool { return skip != "" && name == skip }

// additions notes what only the rows write: a member null, which removes it again.
func (d *differ) additions(at string, theirs, ours edci.Object, skip string) {
	for _, m := range ours {
		class, _ := ours.Get("type")
		if v, has := theirs.Get(m.Name); has && (m.Name != "id" || v != "") || skipped(m.Name, skip) || m.Name == "type" || m.Name == "id" && !slices.Contains(named, class) {
			continue
		}
		to := at + "/" + escapePointer(m.Name)
		if !d.opt.keeps() || d.part.ours {
			d.sayRow(ownerOf(d.base+to), Added, Derived, "", d.base+to, "the way back writes it, the source has none")
			continue
		}
		d.members = append(d.members, &member{at: to, value: nil, instead: stripIDs(m.Value), has: true})
	}
}

// class compares the classes of two nodes that stand for the same thing.
func (d *differ) class(at string, theirs, ours edci.Object) {
	x, has := theirs.Get("type")
	y, mine := ours.Get("type")
	if one := asArray(x); len(one) == 1 {
		x = one[0]
	}
	switch {
	case x == y || !mine:
	case !has:
		d.sayRow(ownerOf(d.base+at), Normalised, RequiredDefault, "", d.base+at+"/type", "a node without class gets the one that belongs there")
	case !d.opt.keeps():
		d.sayRow(ownerOf(d.base+at), Reduced, Format, "", d.base+at, "a node of another class")
	default:
		d.leave(at+"/type", x, y, true, Format)
	}
}

// named are the classes whose nodes are what their identifier names.
var named = []any{"Concept", "ConceptScheme", "ShaclValidator2017", "CredentialStatus", "Mailbox", "TermsOfUse"}

// id keeps identifiers that others know, DIDs and addresses; the others only number nodes (EDC-05).
func (d *differ) id(at string, theirs, ours edci.Object) {
	v, _ := theirs.Get("id")
	mine, has := ours.Get("id")
	class, _ := theirs.Get("type")
	switch s, text := v.(string); {
	case !text:
		d.leave(at+"/id", v, mine, has, Format)
	case s == "" || v == mine:
	case d.part.ours && (strings.HasPrefix(s, ns) || strings.HasPrefix(s, uuidName)):
		// ours: a name, or the position of a kept element, which may change with the order
	case known(s) || slices.Contains(named[1:], class) || class == named[0] && !has:
		d.leave(at+"/id", v, mine, has, NoCounterpart)
	case class == "Concept" && has:
		d.sayRow("EDC-05", Normalised, Derived, "", d.base+at+"/id", "an identifier that only numbers the concept")
	}
}

func known(id string) bool {
	return strings.HasPrefix(id, "did:") || strings.HasPrefix(id, "http:") || strings.HasPrefix(id, "https:")
}

// value compares two values; has tells whether the rows give any.
func (d *differ) value(at string, theirs, ours any, has bool) {
	if !has {
		d.leave(at, theirs, nil, false, NoCounterpart)
		return
	}
	list, many := ours.(edci.Array)
	if many {
		d.array(at, theirs, list)
		return
	}
	if one := asArray(theirs); len(one) == 1 {
		theirs = one[0]
	}
	d.one(at, theirs, ours)
}

func (d *differ) array(at string, theirs any, ours edci.Array) {
	list := asArray(theirs)
	if d.part.ours && strings.HasSuffix(at, "/additionalNote") && sameNotes(list, ours) {
		if !sameJSON(stripIDs(list), stripIDs(ours)) {
			d.renamed(at)
		}
		return
	}
	if len(list) != len(ours) {
		d.leave(at, theirs, ours, true, OneOfMany)
		return
	}
	for i := range list {
		d.one(at+"/"+strconv.Itoa(i), list[i], ours[i])
	}
}

// sameNotes compares the notes of a claim of ours by their texts: order and position of kept elements
// follow the order of the elements they stand for.
func sameNotes(a, b edci.Array) bool {
	x, y := noteTexts(a), noteTexts(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func noteTexts(notes edci.Array) []string {
	out := make([]string, len(notes))
	for i, n := range notes {
		out[i] = unnamedMedia(edci.Array{member1(n, "noteLiteral")})
	}
	return out
}

func (d *differ) one(at string, theirs, ours any) {
	a, ok1 := theirs.(edci.Object)
	b, ok2 := ours.(edci.Object)
	switch {
	case ok1 && ok2 && isListConcept(a, b):
		d.listConcept(at, a, b)
	case ok1 && ok2 && otherConcept(a, b):
		d.leave(at, theirs, ours, true, NotInCodeList)
	case ok1 && ok2 && isLanguageMap(a) && isLanguageMap(b):
		switch {
		case !sameTexts(a, b):
			d.leave(at, theirs, ours, true, Language)
		case strings.Contains(string(edci.AppendValue(nil, a)), mediaAttr) && !sameJSON(a, b):
			d.renamed(at)
		}
	case ok1 && ok2 && sameClass(a, b):
		d.object(at, a, b, "")
	case !ok1 && !ok2 && sameScalar(theirs, ours):
	case !ok1 && !ok2 && sameMoment(theirs, ours):
		d.sayRow("VAL-03", Normalised, Format, "", d.base+at, "the zone Z of a date is left out")
	case !ok1 && !ok2 && bothNames(theirs, ours):
		d.renamed(at)
	case ok1 && !ok2 && theirsIsReference(a, ours):
	default:
		d.leave(at, theirs, stripIDs(ours), true, Format)
	}
}

// theirsIsReference: {"id": X} and X are the same.
func theirsIsReference(a edci.Object, ours any) bool {
	return len(a) == 1 && a[0].Name == "id" && a[0].Value == ours
}

// isListConcept: two concepts of one published list with one identifier (EDC-04).
func isListConcept(a, b edci.Object) bool {
	id, _ := a.Get("id")
	mine, _ := b.Get("id")
	s, _ := id.(string)
	if s == "" || id != mine {
		return false
	}
	_, ok := codes.ByID(s)
	return ok
}

// otherConcept tells whether two concepts are different things: one of them is a member of a published
// list, or has an address, and the other is not that. Their members must not be mixed.
func otherConcept(a, b edci.Object) bool {
	theirs, _ := member1(a, "id").(string)
	mine, _ := member1(b, "id").(string)
	_, listed := codes.ByID(mine)
	return member1(a, "type") == "Concept" && theirs != mine && (listed || known(theirs))
}

func (d *differ) listConcept(at string, a, b edci.Object) {
	same := len(a) == len(b)
	for _, m := range a {
		mine, has := b.Get(m.Name)
		same = same && has && sameJSON(asArray(stripIDs(m.Value)), asArray(stripIDs(mine)))
	}
	if !same {
		d.sayRow("EDC-04", Normalised, Derived, "", d.base+at, "a member of a published list: label, notation and scheme are those of the list")
	}
}

// sameTexts compares language maps; their order means nothing.
func sameTexts(a, b edci.Object) bool {
	if len(a) != len(b) {
		return false
	}
	for _, m := range a {
		other, ok := b.Get(m.Name)
		if !ok || unnamedMedia(asArray(m.Value)) != unnamedMedia(asArray(other)) {
			return false
		}
	}
	return true
}

// mediaName is how the stub of a content names its media object; the names depend on the file that was
// converted, so they say nothing here.
const mediaAttr = " b:media="

var mediaName = regexp.MustCompile(mediaAttr + `\\?"[^"]*"`)

func unnamedMedia(texts edci.Array) string {
	return mediaName.ReplaceAllString(string(edci.AppendValue(nil, texts)), "")
}

// sameClass tells whether two nodes are of one class.
func sameClass(a, b edci.Object) bool {
	x, _ := a.Get("type")
	y, _ := b.Get("type")
	if one := asArray(x); len(one) == 1 {
		x = one[0]
	}
	return x == y || x == nil
}

// isLanguageMap tells whether an object has texts only, under language tags.
func isLanguageMap(o edci.Object) bool {
	for _, m := range o {
		if m.Name == "id" || m.Name == "type" {
			return false
		}
	}
	return true
}

// sameScalar compares literals: a number and its text are the same.
func sameScalar(a, b any) bool { return scalarText(a) == scalarText(b) }

// sameMoment tells whether two dates and times differ in nothing but a Z (VAL-03).
func sameMoment(a, b any) bool {
	x, y := scalarText(a), scalarText(b)
	return strings.TrimSuffix(x, "Z") == strings.TrimSuffix(y, "Z") && isDateTime.MatchString(x)
}

// bothNames tells whether two texts name media objects, which are named anew in each conversion.
func bothNames(a, b any) bool {
	return strings.HasPrefix(scalarText(a), uuidName) && strings.HasPrefix(scalarText(b), uuidName)
}

// renamed reports on names of nodes that come out different (EDC-05).
func (d *differ) renamed(at string) {
	d.sayRow("EDC-05", Normalised, Derived, "", d.base+at, "the name of a media object, or the place of a kept element, is made anew")
}

// uuidName begins names that we give, as those of media objects.
const uuidName = "urn:uuid:"

func scalarText(v any) string {
	switch s := v.(type) {
	case string:
		return s
	case json.Number:
		return s.String()
	}
	return string(edci.AppendValue(nil, v))
}

// leave records one leftover.
func (d *differ) leave(at string, theirs, ours any, has bool, why Reason) {
	if d.noise(at) {
		return
	}
	row := ownerOf(d.base + at)
	if d.notInContext(d.base + at) {
		row, why = "EDC-06", NotInContext
	}
	if !d.opt.keeps() {
		d.sayRow(row, lost(has), why, "", d.base+at, "ELMO has no place for it")
		return
	}
	d.sayRow(row, Kept, why, d.container, d.base+at, "kept in an extension")
	d.members = append(d.members, &member{at: at, value: theirs, instead: stripIDs(ours), has: has})
}

// noise are the leftovers of credentials of ours that options or sealing explain.
func (d *differ) noise(at string) bool {
	return d.part.ours && (at == "" || slices.Contains(ourEnvelope, firstToken(d.base+at)))
}

// notInContext tells whether JSON-LD drops the member.
func (d *differ) notInContext(pointer string) bool {
	outside := d.part.outside()
	for up := pointer; len(outside) > 0 && up != ""; up = up[:strings.LastIndexByte(up, '/')] {
		if outside[up] {
			return true
		}
	}
	return false
}

// outside are the pointers of members that JSON-LD drops.
func (p *part) outside() map[string]bool {
	if p.dropped == nil && p.c.Source != nil {
		p.dropped = map[string]bool{}
		for _, o := range p.c.Source.Observations {
			if o.Kind == edci.NotInContext {
				p.dropped[o.Pointer] = true
			}
		}
	}
	return p.dropped
}

// owners say which row a leftover belongs to, by a member on its way; the first that fits.
var owners = []struct{ member, row string }{
	{"/learningOutcome", "EDC-11"}, {"/entryRequirement", "EDC-11"}, {"/awardingBody", "EDC-08"}, {"/providedBy", "EDC-08"},
	{"/provenBy", "EDC-10"}, {"/used", "EDC-10"}, {"/influencedBy", "EDC-09"}, {"/specifiedBy", "EDC-11"}, {"/awardedBy", "EDC-11"},
	{"/hasClaim", "EDC-01"}, {"/credentialSubject", "EDC-07"},
}

func ownerOf(pointer string) string {
	for _, o := range owners {
		if strings.Contains(pointer, o.member+"/") || strings.HasSuffix(pointer, o.member) {
			return o.row
		}
	}
	return "EDC-06"
}

// withoutRemainder are the attachments that are not ours.
func withoutRemainder(v any) edci.Array {
	var out edci.Array
	for _, m := range asArray(v) {
		if !isRemainder(m) {
			out = append(out, m)
		}
	}
	return out
}

func isRemainder(media any) bool {
	return member1(member1(media, "attachmentType"), "id") == remainderID
}
