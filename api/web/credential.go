package web

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"

	"github.com/go-chi/chi/v5"
)

// credential is a European Digital Credential as people read it.
type credential struct {
	Number   int // from 1
	Title    text
	Facts    []fact
	Pictures []pictureSet
	Claims   []claim
	More     bool // there are more claims
	JSON     string
	Cut      bool // of which long texts are cut
}

// pictureSet is the credential as pictures in one language, as the viewer of Europass shows it.
type pictureSet struct {
	Number int // from 1
	Lang   string
	Pages  []int // their numbers
	Chosen bool  // the one that this reader would rather see
}

// claim is what the credential says of the learner.
type claim struct {
	Class  string
	Title  text
	Facts  []fact
	Claims []claim
}

// Bounds of what is shown of a credential.
const (
	mostDepth   = 12
	mostClaims  = 1000
	mostLetters = 400     // of a line of JSON
	mostJSON    = 400_000 // bytes
)

// newCredential reads a credential for the language of the reader; data is how it is written.
func (r *reader) newCredential(c *edci.EuropeanDigitalCredential, number int, data []byte) credential {
	out := credential{Number: number}
	if d := c.DisplayParameter; d != nil {
		out.Title = r.words(d.Title)
		out.Pictures = r.pictures(d)
	}
	f := &facts{r: r}
	f.add("id", plain(c.ID))
	f.add("issuer", r.agent(c.Issuer)...)
	f.add("credentialSubject", r.agent(c.CredentialSubject)...)
	f.add("issued", plain(r.l.Date(c.Issued)))
	f.add("validFrom", plain(r.l.Date(c.ValidFrom)))
	f.add("validUntil", plain(r.l.Date(c.ValidUntil)))
	f.add("expirationDate", plain(r.l.Date(c.ExpirationDate)))
	f.add("credentialProfiles", r.concepts(c.CredentialProfiles)...)
	f.add("identifier", notations(c.Identifier)...)
	out.Facts = f.list
	if p, ok := c.CredentialSubject.(*edci.Person); ok && p != nil {
		left := mostClaims
		out.Claims = r.claims(p.HasClaim, &left, 1)
		out.More = left <= 0
	}
	out.JSON, out.Cut = readable(data)
	return out
}

// words chooses among the languages of a text.
func (r *reader) words(s edci.LangString) text {
	var list []elmo.Text
	for _, t := range s {
		list = append(list, elmo.Text{Lang: t.Lang, Value: t.Text})
	}
	return r.pick(list)
}

// agent names a person or organisation, with its identifiers.
func (r *reader) agent(a edci.AnyAgent) []text {
	switch x := a.(type) {
	case *edci.Person:
		if x != nil {
			return append([]text{r.fullName(x)}, notations(x.Identifier)...)
		}
	case *edci.Organisation:
		if x != nil {
			return append([]text{r.words(x.LegalName)}, notations(append([]*edci.Identifier{x.EIDASIdentifier}, x.Identifier...))...)
		}
	case *edci.Agent:
		if x != nil {
			return append([]text{r.words(x.PrefLabel), r.words(x.AltLabel)}, notations(x.Identifier)...)
		}
	}
	return nil
}

func (r *reader) fullName(p *edci.Person) text {
	if full := r.words(p.FullName); full.Text != "" {
		return full
	}
	return plain(strings.TrimSpace(r.words(p.GivenName).Text + " " + r.words(p.FamilyName).Text))
}

func notations(list []*edci.Identifier) []text {
	var out []text
	for _, x := range list {
		if x != nil {
			out = append(out, plain(strings.TrimPrefix(x.SchemeName+": "+x.Notation, ": ")))
		}
	}
	return out
}

func (r *reader) concepts(list []*edci.Concept) []text {
	var out []text
	for _, x := range list {
		if x == nil {
			continue
		}
		label := r.words(x.PrefLabel)
		if label.Text == "" {
			label = plain(x.ID)
		}
		out = append(out, label)
	}
	return out
}

// claims reads claims; left is how many more are shown. A claim may be part of itself.
func (r *reader) claims(list []edci.AnyClaim, left *int, depth int) []claim {
	var out []claim
	for _, node := range list {
		if *left--; *left < 0 || depth > mostDepth {
			return out
		}
		c, parts := r.claim(node)
		c.Claims = r.claims(parts, left, depth+1)
		out = append(out, c)
	}
	return out
}

// claim reads a claim and gives its parts.
func (r *reader) claim(node edci.AnyClaim) (claim, []edci.AnyClaim) {
	f := &facts{r: r}
	switch x := node.(type) {
	case *edci.LearningAchievement:
		r.achievement(f, x)
		return claim{Class: "LearningAchievement", Title: r.words(x.Title), Facts: f.list}, anyClaims(x.HasPart)
	case *edci.LearningActivity:
		f.add("workload", plain(x.Workload))
		return claim{Class: "LearningActivity", Title: r.words(x.Title), Facts: f.list}, anyClaims(x.HasPart)
	case *edci.LearningAssessment:
		r.grade(f, x)
		return claim{Class: "LearningAssessment", Title: r.words(x.Title), Facts: f.list}, anyClaims(x.HasPart)
	case *edci.LearningEntitlement:
		f.add("dateIssued", plain(r.l.Date(x.DateIssued)))
		return claim{Class: "LearningEntitlement", Title: r.words(x.Title), Facts: f.list}, anyClaims(x.HasPart)
	case *edci.Claim:
		return claim{Class: "Claim", Title: r.words(x.Title)}, nil
	}
	return claim{Class: "Claim"}, nil
}

func (r *reader) achievement(f *facts, x *edci.LearningAchievement) {
	for _, a := range x.ProvenBy {
		if a != nil {
			r.grade(f, a)
		}
	}
	var credits []text
	for _, c := range x.CreditReceived {
		if c != nil {
			name := ""
			if labels := r.concepts([]*edci.Concept{c.Framework}); len(labels) > 0 {
				name = labels[0].Text
			}
			credits = append(credits, plain(strings.TrimSpace(r.l.Number(c.Point)+" "+name)))
		}
	}
	f.add("credit", credits...)
	f.add("identifier", notations(x.Identifier)...)
	if s := x.SpecifiedBy; s != nil {
		f.add("eqfLevel", r.concepts([]*edci.Concept{s.EQFLevel})...)
	}
}

func (r *reader) grade(f *facts, x *edci.LearningAssessment) {
	if x.Grade != nil {
		f.add("grade", r.words(x.Grade.NoteLiteral))
	}
}

// anyClaims are the parts of a claim that are there.
func anyClaims[T interface {
	comparable
	edci.AnyClaim
}](list []T) []edci.AnyClaim {
	var none T
	var out []edci.AnyClaim
	for _, x := range list {
		if x != none {
			out = append(out, x)
		}
	}
	return out
}

// pictures lists the sets of pictures.
func (r *reader) pictures(d *edci.DisplayParameter) []pictureSet {
	var sets []pictureSet
	best := -1
	for i, set := range d.IndividualDisplay {
		pages := pagesOf(set)
		if pages == nil {
			continue
		}
		tag := tagOf(set.Language)
		sets = append(sets, pictureSet{Number: i + 1, Lang: tag, Pages: pages})
		if n := len(sets) - 1; best < 0 || r.rank(tag) < r.rank(sets[best].Lang) {
			best = n
		}
	}
	if best >= 0 {
		sets[best].Chosen = true
	}
	return sets
}

// mostPages is how many pictures of a set are shown.
const mostPages = 30

// pagesOf are the numbers of the pages that browsers show.
func pagesOf(set *edci.IndividualDisplay) []int {
	if set == nil {
		return nil
	}
	var pages []int
	for i, d := range set.DisplayDetail {
		if d != nil && d.Image != nil && startsPicture(d.Image.Content) && len(pages) < mostPages {
			pages = append(pages, i+1)
		}
	}
	return pages
}

// startsPicture tells whether base64 begins as that of a picture does.
func startsPicture(content string) bool {
	const begin = 16 // letters, 12 bytes
	data, err := base64.StdEncoding.DecodeString(content[:min(begin, len(content))])
	return err == nil && kindOf(data, images) != nil
}

// readable lays JSON out on lines; long texts in it are cut.
func readable(data []byte) (text string, cut bool) {
	var laid bytes.Buffer
	if err := json.Indent(&laid, data, "", "  "); err != nil {
		return "", false // a JWS: its parts say nothing to people
	}
	var b strings.Builder
	for line := range bytes.Lines(laid.Bytes()) {
		if b.Len() > mostJSON {
			return b.String(), true
		}
		if len(line) <= mostLetters {
			b.Write(line)
			continue
		}
		cut = true
		b.WriteString(strings.ToValidUTF8(string(line[:mostLetters]), "") + "…\n")
	}
	return b.String(), cut
}

// picture answers with a picture of a credential, if it is one that browsers show safely.
func (h *handlers) picture(w http.ResponseWriter, r *http.Request) error {
	f, err := work(h, r, func(res *result, _ keptResult) (file, error) {
		list, err := res.credentials()
		if err != nil {
			return file{}, err
		}
		return findPicture(list, numberIn(r, "credential"), numberIn(r, "set"), numberIn(r, "page"))
	})
	if err != nil {
		return err
	}
	f.write(w, "picture-"+chi.URLParam(r, "page"))
	return nil
}

// numberIn is a number in the address; 0 when it is none.
func numberIn(r *http.Request, name string) int {
	n, _ := strconv.Atoi(chi.URLParam(r, name))
	return n
}

// at gives the n-th of a list, from 1.
func at[T any](list []T, n int) (v T, ok bool) {
	if n < 1 || n > len(list) {
		return v, false
	}
	return list[n-1], true
}

func findPicture(list []*edci.EuropeanDigitalCredential, credential, set, page int) (file, error) {
	c, ok := at(list, credential)
	if !ok || c.DisplayParameter == nil {
		return file{}, errNoPart
	}
	pages, ok := at(c.DisplayParameter.IndividualDisplay, set)
	if !ok || pages == nil {
		return file{}, errNoPart
	}
	p, ok := at(pages.DisplayDetail, page)
	if !ok || p == nil || p.Image == nil {
		return file{}, errNoPart
	}
	data, err := base64.StdEncoding.DecodeString(p.Image.Content)
	if k := kindOf(data, images); err == nil && k != nil {
		return file{k, data}, nil
	}
	return file{}, errNoPart
}

// tagOf is the tag of a member of the language list; empty when it is no such member.
func tagOf(language *edci.Concept) string {
	if language == nil {
		return ""
	}
	if m, ok := codes.ByID(language.ID); ok {
		return m.Tag()
	}
	return ""
}
