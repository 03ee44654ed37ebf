package convert

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/edci/display"
	"elmobridge/mapping"
	"elmobridge/mapping/codes"
)

// mostClaims is how many claims a credential may have to be drawn in all its languages.
const mostClaims = 400

// drawing counts down the pages that are drawn for one document: a language of a title or a small report
// costs as much as a page of results.
type drawing struct {
	pages        int // of any credential
	translations int // pages in languages other than the primary one
}

func newDrawing() *drawing { return &drawing{pages: 1000, translations: 400} }

// picture gives the credential the pictures that the profile demands (ENV-07); those that it has are
// left alone. n is the position of the report that the credential is made of.
func (o *Options) picture(c *edci.EuropeanDigitalCredential, n int, left *drawing, report *Report) {
	d := c.DisplayParameter
	if d == nil || len(d.IndividualDisplay) > 0 || patched(c, "/displayParameter/individualDisplay") {
		return
	}
	primary, languages, note := o.drawn(c)
	d.IndividualDisplay, note = o.draw(asWritten(c), primary, languages, note, left)
	record(report, Entry{Row: "ENV-07", Verdict: mapping.Added, Reason: mapping.RequiredDefault,
		Source: nth("report", n-1), Target: "/displayParameter/individualDisplay", Note: note})
}

// draw draws in the languages, or in the primary one alone when that would be too many pages.
func (o *Options) draw(c *edci.EuropeanDigitalCredential, primary *edci.Concept, languages []*edci.Concept, note string, left *drawing) ([]*edci.IndividualDisplay, string) {
	if primary == nil {
		return nil, note
	}
	if left.pages <= 0 && o.Display != DisplayMinimal {
		return minimal(primary), "one small picture that points to the data, because of the many pages of the other reports"
	}
	own := &edci.IndividualDisplay{Language: primary, DisplayDetail: o.pages(c, primary)}
	left.pages -= len(own.DisplayDetail)
	all, others := make([]*edci.IndividualDisplay, len(languages)), len(languages)-1
	for i, lang := range languages {
		if all[i] = own; lang.ID == primary.ID {
			continue
		}
		if left.translations < others {
			return []*edci.IndividualDisplay{own}, fmt.Sprintf("pictures drawn from the credential, in the primary language alone because of the many pages in %d languages", len(languages))
		}
		all[i] = &edci.IndividualDisplay{Language: lang, DisplayDetail: o.pages(c, lang)}
		left.translations, others = left.translations-len(all[i].DisplayDetail), others-1
	}
	return all, note
}

// minimal is the small picture.
func minimal(lang *edci.Concept) []*edci.IndividualDisplay {
	o := Options{Display: DisplayMinimal}
	return []*edci.IndividualDisplay{{Language: lang, DisplayDetail: o.pages(nil, lang)}}
}

// asWritten is the credential with what is restored from a document: the picture must show what the data
// say.
func asWritten(c *edci.EuropeanDigitalCredential) *edci.EuropeanDigitalCredential {
	if len(c.Patches) == 0 {
		return c
	}
	return edci.Decode(edci.Tree(c))
}

// drawn are the primary language and all that get pictures, with a note for the report.
func (o *Options) drawn(c *edci.EuropeanDigitalCredential) (primary *edci.Concept, languages []*edci.Concept, note string) {
	d := c.DisplayParameter
	primary = d.PrimaryLanguage
	if primary == nil && len(d.Language) > 0 {
		primary = d.Language[0]
	}
	one := []*edci.Concept{primary}
	switch n := claims(c); {
	case primary == nil:
		return nil, nil, "no language to draw pictures in"
	case o.Display == DisplayMinimal:
		return primary, one, "one small picture that points to the data, as asked for"
	case n > mostClaims:
		return primary, one, fmt.Sprintf("pictures drawn from the credential, in the primary language alone because of its %d results", n)
	}
	languages = slices.Clone(d.Language)
	if !slices.ContainsFunc(languages, func(l *edci.Concept) bool { return l.ID == primary.ID }) {
		languages = append(languages, primary)
	}
	return primary, languages, "pictures drawn from the credential, one set for each language"
}

// pages draws the pictures of one language.
func (o *Options) pages(c *edci.EuropeanDigitalCredential, language *edci.Concept) []*edci.DisplayDetail {
	tag := tagOf(language)
	if o.Display == DisplayMinimal {
		return []*edci.DisplayDetail{page(1, display.MinimalBase64(tag), len(display.Minimal(tag)))}
	}
	drawn, err := display.Draw(c, tag)
	if err != nil {
		return nil // not reached: only without a credential
	}
	pages := make([]*edci.DisplayDetail, len(drawn))
	for i, png := range drawn {
		pages[i] = page(i+1, base64.StdEncoding.EncodeToString(png), len(png))
	}
	return pages
}

func page(n int, content string, size int) *edci.DisplayDetail {
	return &edci.DisplayDetail{Page: edci.Number(strconv.Itoa(n)), Image: mediaObject("PNG", content, size)}
}

// mediaObject is a file inside a credential, of a file type of the EU list.
func mediaObject(fileType, content string, size int) *edci.MediaObject {
	return &edci.MediaObject{
		ContentType:     codes.ByName("file-type").Must(fileType).Concept(),
		ContentEncoding: codes.ByName("encoding").Must("6146cde7dd").Concept(),
		ContentSize:     edci.Number(strconv.Itoa(size)),
		Content:         content,
	}
}

// tagOf is the language tag of a member of the language list; "en" when it has none.
func tagOf(language *edci.Concept) string {
	if m, ok := codes.ByID(language.ID); ok && m.Tag() != "" {
		return m.Tag()
	}
	return "en"
}

// claims counts the achievements of a credential.
func claims(c *edci.EuropeanDigitalCredential) int {
	person, ok := c.CredentialSubject.(*edci.Person)
	if !ok {
		return 0
	}
	n := 0
	for _, claim := range person.HasClaim {
		n++
		if a, ok := claim.(*edci.LearningAchievement); ok {
			n += parts(a)
		}
	}
	return n
}

func parts(a *edci.LearningAchievement) int {
	n := len(a.HasPart)
	for _, p := range a.HasPart {
		n += parts(p)
	}
	return n
}

// patched tells whether a member, or one below it, comes from a credential of others that is restored.
func patched(c *edci.EuropeanDigitalCredential, pointers ...string) bool {
	return slices.ContainsFunc(c.Patches, func(p edci.Patch) bool {
		return slices.ContainsFunc(pointers, func(at string) bool {
			return p.Pointer == at || strings.HasPrefix(p.Pointer, at+"/") || strings.HasPrefix(at, p.Pointer+"/")
		})
	})
}
