package display

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"elmobridge/edci"
)

// officials are the languages of the EU and of the other countries of EMREX.
var officials = strings.Fields("bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv no is tr uk mk sq sr")

func draw(t testing.TB, c *edci.EuropeanDigitalCredential, lang string) [][]byte {
	t.Helper()
	pages, err := Draw(c, lang)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func decode(t testing.TB, page []byte) *image.Gray {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Gray)
}

// inked counts the pixels of a rectangle that are darker than the gray of a group.
func inked(img *image.Gray, r image.Rectangle) int {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, gray := range img.Pix[img.PixOffset(r.Min.X, y):img.PixOffset(r.Max.X, y)] {
			if gray < 0xC0 {
				n++
			}
		}
	}
	return n
}

func single() *edci.EuropeanDigitalCredential {
	return credential(texts("en", "Certificate of participation"), texts("en", "Example College"), texts("und", "Ada"), texts("und", "Lovelace"), courses(1)...)
}

func TestDraw(t *testing.T) {
	cases := []struct {
		name  string
		c     *edci.EuropeanDigitalCredential
		lang  string
		pages int
	}{
		{"single", single(), "en", 1},
		{"degree-60", degree(60), "fi", 3},
		{"bulgarian", bulgarian(), "bg", 1},
		{"greek", greek(), "el", 1},
		{"empty", &edci.EuropeanDigitalCredential{}, "xx", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			pages := draw(t, c.c, c.lang)
			if len(pages) != c.pages {
				t.Errorf("%d pages, want %d", len(pages), c.pages)
			}
			for i, page := range pages {
				checkPage(t, page)
				keep(t, fmt.Sprintf("%s-%s-%d.png", c.name, c.lang, i+1), page)
			}
		})
	}
}

// keep writes pictures for the eye: DISPLAY_OUT=FOLDER go test ./edci/display
func keep(t *testing.T, name string, page []byte) {
	if dir := os.Getenv("DISPLAY_OUT"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), page, 0o600); err != nil {
			t.Error(err)
		}
	}
}

// checkPage looks at size, margins and whether something stands where it is to stand.
func checkPage(t *testing.T, page []byte) {
	t.Helper()
	img := decode(t, page)
	if img.Bounds() != image.Rect(0, 0, pageWidth, pageHeight) {
		t.Fatal(img.Bounds())
	}
	areas := map[string]image.Rectangle{
		"content": image.Rect(left, top-30, right, bottom),
		"footer":  image.Rect(left, 1690, 700, 1715),
		"number":  image.Rect(right-100, 1690, right, 1715),
	}
	for name, r := range areas {
		if inked(img, r) < 50 {
			t.Errorf("%s is empty", name)
		}
	}
	for _, r := range []image.Rectangle{{Max: image.Pt(left-12, pageHeight)}, image.Rect(right+12, 0, pageWidth, pageHeight), image.Rect(0, bottom+45, pageWidth, 1680)} {
		if n := inked(img, r); n > 0 {
			t.Errorf("%d pixels in the margin %v", n, r)
		}
	}
	if len(page) > 70_000 {
		t.Errorf("%d bytes", len(page))
	}
}

func TestDrawNil(t *testing.T) {
	if _, err := Draw(nil, "en"); !errors.Is(err, ErrNoCredential) {
		t.Error(err)
	}
}

// The same bytes every time, also from several goroutines at once.
func TestSameBytes(t *testing.T) {
	want := draw(t, degree(30), "en")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if i%2 == 0 {
				Draw(bulgarian(), "bg")
			}
			for p, page := range draw(t, degree(30), "en") {
				if !bytes.Equal(page, want[p]) {
					t.Errorf("page %d differs", p+1)
				}
			}
		})
	}
	wg.Wait()
}

// What does not fit on the pages is announced on the last one.
func TestBounds(t *testing.T) {
	for n, want := range map[int]int{1: 1, 1500: 56, 5000: maxPages} {
		tr := read(degree(n), "en")
		sheets, whole := layout(tr, wordsIn("en"))
		if len(sheets) != want || whole != (want < maxPages) || tr.rest != (n > maxRows) {
			t.Errorf("%d courses: %d pages, want %d; whole: %v, rest: %v", n, len(sheets), want, whole, tr.rest)
		}
	}
	for deep, want := range map[int]bool{maxDepth: false, maxDepth + 1: true} {
		page := decode(t, draw(t, nested(deep), "en")[0])
		if got := inked(page, image.Rect(left, bottom+14, right, bottom+40)) > 0; got != want {
			t.Errorf("%d claims deep: rest announced: %v", deep, got)
		}
	}
}

// nested is a claim in a claim and so on.
func nested(deep int) *edci.EuropeanDigitalCredential {
	a := courses(1)
	for range deep - 1 {
		a = []*edci.LearningAchievement{course(subjects[1], "C", "", "", "", a...)}
	}
	return credential(nil, nil, nil, nil, a...)
}

func TestPageBreaks(t *testing.T) {
	c := degree(200)
	sheets, whole := layout(read(c, "en"), wordsIn("en"))
	rows := 0
	for i, s := range sheets {
		for j, b := range s.blocks {
			if end := s.tops[j] + b.height; end > bottom {
				t.Errorf("page %d: a block ends at %d", i+1, end)
			}
			if b.row {
				rows++
			}
		}
		if last := s.blocks[len(s.blocks)-1]; last.keep {
			t.Errorf("page %d ends with the head of a group", i+1)
		}
		if i > 0 && s.blocks[0].row {
			t.Errorf("page %d begins without column titles", i+1)
		}
	}
	if want := len(read(c, "en").results); rows != want || !whole {
		t.Errorf("%d rows, want %d", rows, want)
	}
}

// Every cell stays in its column, in every language, for long words too.
func TestFits(t *testing.T) {
	c := degree(14)
	long := c.CredentialSubject.(*edci.Person).HasClaim[0].(*edci.LearningAchievement).HasPart[0].HasPart[0]
	long.Title = texts("und", strings.Repeat("Donaudampfschifffahrt", 12))
	long.SpecifiedBy.Identifier[1].Notation = strings.Repeat("WWW", 40)
	long.ProvenBy[0].Grade.NoteLiteral = texts("und", strings.Repeat("Ausgezeichnet ", 9))
	for _, lang := range officials {
		tr := read(c, lang)
		cols := columns(tr.results, wordsIn(lang))
		blocks := []*block{cols.head()}
		for _, r := range tr.results {
			blocks = append(blocks, cols.row(r))
		}
		for _, b := range blocks {
			for _, r := range b.runs {
				if !inColumn(cols, r) {
					t.Errorf("%s: %q at %d is %d wide", lang, r.text, r.x, r.face.width(r.text))
				}
			}
		}
	}
}

func inColumn(cols table, r run) bool {
	for _, c := range cols {
		if r.x >= c.x && r.x+r.face.width(r.text) <= c.x+c.size {
			return true
		}
	}
	return false
}

// Whatever the text, no block is higher than a page.
func TestWidestText(t *testing.T) {
	huge := texts("en", strings.Repeat("W ", 100_000))
	word := texts("en", strings.Repeat("W", 100_000))
	for _, s := range []edci.LangString{huge, word} {
		c := degree(3)
		a := c.CredentialSubject.(*edci.Person).HasClaim[0].(*edci.LearningAchievement)
		c.DisplayParameter.Title, a.Title, a.HasPart[0].Title = s, s, s
		a.SpecifiedBy.DCType = []*edci.Concept{{PrefLabel: s}}
		a.SpecifiedBy.Identifier[1].Notation = s[0].Text
		a.ProvenBy[0].Grade.NoteLiteral = s
		a.ProvenBy[0].SpecifiedBy.GradingScheme = &edci.GradingScheme{Title: s, Description: s}
		a.CreditReceived[0] = &edci.CreditPoint{Point: s[0].Text, Framework: &edci.Concept{PrefLabel: s}}
		a.AwardedBy = &edci.AwardingProcess{AwardingDate: s[0].Text, AwardingBody: []edci.AnyAgent{&edci.Organisation{LegalName: s}}}
		c.CredentialSubject.(*edci.Person).FullName = s
		sheets, _ := layout(read(c, "en"), wordsIn("en"))
		for _, sheet := range sheets {
			for j, b := range sheet.blocks {
				if end := sheet.tops[j] + b.height; end > bottom {
					t.Errorf("a block ends at %d", end)
				}
			}
		}
		for _, page := range draw(t, c, "en") {
			decode(t, page)
		}
	}
}

// A claim that is part of itself, and many that are part of each other, come to an end.
func TestCycles(t *testing.T) {
	all := courses(40)
	for _, a := range all {
		a.HasPart = all
	}
	c := credential(nil, nil, nil, nil, all[0])
	if sheets, whole := layout(read(c, "en"), wordsIn("en")); len(sheets) != maxPages || whole {
		t.Error(len(sheets), "pages")
	}
	self := courses(1)
	self[0].HasPart = self
	if n := len(read(credential(nil, nil, nil, nil, self...), "en").results); n != 1 {
		t.Error(n, "rows")
	}
}

// Missing nodes and nil pointers are nothing special.
func TestHoles(t *testing.T) {
	claims := []edci.AnyClaim{nil, (*edci.LearningAchievement)(nil), (*edci.LearningActivity)(nil), (*edci.LearningAssessment)(nil),
		(*edci.LearningEntitlement)(nil), (*edci.Claim)(nil), &edci.LearningAchievement{}, &edci.LearningActivity{}, &edci.LearningAssessment{},
		&edci.LearningEntitlement{}, &edci.Claim{},
		&edci.LearningAchievement{
			SpecifiedBy: &edci.LearningAchievementSpecification{Identifier: []*edci.Identifier{nil, {}}, DCType: []*edci.Concept{nil}, EducationLevel: []*edci.Concept{nil, {}}},
			AwardedBy:   &edci.AwardingProcess{Used: []*edci.LearningAssessment{nil, {}}, AwardingBody: []edci.AnyAgent{nil, (*edci.Organisation)(nil), (*edci.Agent)(nil), (*edci.Person)(nil)}},
			HasPart:     []*edci.LearningAchievement{nil}, CreditReceived: []*edci.CreditPoint{nil, {}, {Point: "1"}}},
		&edci.LearningAchievement{ProvenBy: []*edci.LearningAssessment{nil, {Grade: &edci.Note{}, GradeStatus: &edci.Concept{}, SpecifiedBy: &edci.LearningAssessmentSpecification{}},
			{SpecifiedBy: &edci.LearningAssessmentSpecification{GradingScheme: &edci.GradingScheme{Description: texts("x", "\x00\xff")}}}}},
		&edci.LearningAssessment{Title: texts("", ""), SpecifiedBy: &edci.LearningAssessmentSpecification{}, HasPart: []*edci.LearningAssessment{nil, {}}},
		&edci.LearningActivity{SpecifiedBy: &edci.LearningActivitySpecification{}},
		&edci.LearningEntitlement{SpecifiedBy: &edci.LearningEntitlementSpecification{}},
	}
	subjects := []edci.AnyAgent{nil, (*edci.Person)(nil), (*edci.Organisation)(nil), (*edci.Agent)(nil), &edci.Agent{}, &edci.Organisation{},
		&edci.Person{}, &edci.Person{HasClaim: claims}, &edci.Person{FullName: texts("en", " \u202e\n"), DateOfBirth: "T"}}
	for i, s := range subjects {
		for _, title := range []edci.LangString{nil, texts("en", ""), texts("", " · ")} {
			c := &edci.EuropeanDigitalCredential{CredentialSubject: s, Issuer: s, ValidFrom: "\xff", DisplayParameter: &edci.DisplayParameter{Title: title}}
			checkPage(t, draw(t, c, "")[0])
			frame(read(c, "en"), wordsIn("en"), 2, 2, true)
		}
		if i == len(subjects)-2 && len(read(&edci.EuropeanDigitalCredential{CredentialSubject: s}, "en").results) == 0 {
			t.Error("no rows")
		}
	}
}

func TestPick(t *testing.T) {
	all := texts("lv", "lv", "und", "und", "en", "en", "nb", "nb", "de-AT", "at", "de", "de", "fi", " ")
	for lang, want := range map[string]string{"de": "de", "de-CH": "at", "NO": "nb", "nn": "nb", "fi": "en", "sv": "en", "lv": "lv", "": "en"} {
		if got := pick(all, lang); got != want {
			t.Errorf("%q: %q, want %q", lang, got, want)
		}
	}
	if got := pick(all[:2], "sv"); got != "und" {
		t.Error(got)
	}
	if got := pick(all[:1], "sv"); got != "lv" {
		t.Error(got)
	}
}

func TestRead(t *testing.T) {
	tr := read(degree(5), "en")
	if tr.learner != "Väinö Olavi Mäki-Łukaszewicz" || tr.born != "1999-03-07" || tr.issued != "2026-06-30" || tr.issuer == "" {
		t.Errorf("%+v", tr)
	}
	r := tr.results[0]
	if got := fmt.Sprintf("%d %v %v %v %v %v %v", r.depth, r.group, r.code, r.grade, r.credits, r.date, r.detail); got != "0 true TITE-K [4.2] [180 ECTS] 2026-06-15 [Educational programme EQF 6]" {
		t.Error(got)
	}
	if got := fmt.Sprint(tr.results[7].detail, tr.results[8].credits, tr.results[6].depth); got != "[failed] [5 ECTS 3 ov] 3" {
		t.Error(got)
	}
	if len(tr.scales) != 1 || len(tr.institutions) != 1 {
		t.Errorf("%+v %+v", tr.scales, tr.institutions)
	}
}

func TestVocabulary(t *testing.T) {
	if len(vocabulary) != len(officials) {
		t.Error(len(vocabulary), "languages")
	}
	for _, lang := range officials {
		w := vocabulary[lang]
		if w == nil {
			t.Errorf("no words in %s", lang)
			continue
		}
		for _, s := range []string{w.learner, w.born, w.institution, w.issuer, w.title, w.code, w.grade, w.credits, w.date, w.issued,
			w.page, w.scale, w.transcript, w.rendering, w.rest, w.credential, w.inData} {
			if s == "" || s != clean(s) || Missing(s) != nil {
				t.Errorf("%s: %q", lang, s)
			}
		}
		if n := smallFace.width(w.rendering); n > right-left-160 {
			t.Errorf("%s: the line at the bottom is %d wide", lang, n)
		}
		for _, s := range []string{w.born, w.issued} {
			if n := labelFace.width(s); n > 204 {
				t.Errorf("%s: %q is %d wide", lang, s, n)
			}
		}
	}
}

func TestMissing(t *testing.T) {
	drawn := "ABCŁłŻżȘșȚțĞğŐőİıŞşĦħĠġĊċÐðÞþÆæŒœẞßŊŋŁŲųĖėŅņĶķĢģ ŴŵŶŷẀẁ Nguyễn Ǧǩ ΑΩάέήίόύώϊΐΰς Ἑλένη ῥαψῳδία АЯЁёѝѐЂђЃѓЄєІіЇїЈјЉљЊњЋћЌќЎўЏџҐґ „“”’«»–—…€№½ a\u0301 x\u0303 \u00a0\u2009\u2011\u200b"
	if got := Missing(drawn); got != nil {
		t.Errorf("%q", got)
	}
	for r := rune(0xA1); r < 0x180; r++ {
		if r != 0x149 && Missing(string(r)) != nil {
			t.Errorf("%c", r)
		}
	}
	if got := string(Missing("漢a字漢")); got != "漢字" {
		t.Error(got)
	}
}

// A rune the font lacks is drawn as a box.
func TestBox(t *testing.T) {
	c := newCanvas(60, 40)
	c.clear()
	c.text(bodyFace, 10, 30, black, "漢")
	if n := bytes.Count(c.pix, []byte{black}); n < 40 {
		t.Error(n, "pixels")
	}
}

// What lies outside the picture is left out.
func TestClipping(t *testing.T) {
	c := newCanvas(20, 20)
	c.text(titleFace, -30, 10, black, "Wide text of a title")
	c.text(titleFace, 5, 300, black, "W")
	c.fill(image.Rect(-5, -5, 100, 2), black)
}

// The encoder keeps every pixel, also of odd widths.
func TestEncode(t *testing.T) {
	c := newCanvas(13, 7)
	for i := range c.pix {
		c.pix[i] = byte(i*7%16) & 15
	}
	img := decode(t, newEncoder().encode(c, 1000))
	for i, want := range c.pix {
		if got := img.GrayAt(i%13, i/13).Y; got != want*17 {
			t.Fatalf("pixel %d: %d, want %d", i, got, want*17)
		}
	}
}

func TestMinimal(t *testing.T) {
	for _, lang := range append(officials, "xx") {
		small := Minimal(lang)
		img := decode(t, small)
		if len(small) > 4000 || inked(img, image.Rect(28, 40, 392, 150)) < 200 || inked(img, image.Rect(2, 160, 418, 178)) > 0 {
			t.Errorf("%s: %d bytes", lang, len(small))
		}
		if b, err := base64.StdEncoding.DecodeString(MinimalBase64(lang)); err != nil || !bytes.Equal(b, small) {
			t.Errorf("%s: base64", lang)
		}
	}
	if !bytes.Equal(Minimal("xx"), Minimal("en")) || !bytes.Equal(Minimal("nb-NO"), Minimal("no")) || bytes.Equal(Minimal("el"), Minimal("en")) {
		t.Error("language")
	}
}

func BenchmarkDraw(b *testing.B) {
	for _, n := range []int{1, 40, 1500} {
		c := degree(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				size = 0
				for _, p := range draw(b, c, "en") {
					size += len(p)
				}
			}
			b.ReportMetric(float64(size), "png-B")
		})
	}
}

func BenchmarkMinimal(b *testing.B) {
	for b.Loop() {
		MinimalBase64("fi-FI")
	}
}
