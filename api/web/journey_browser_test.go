package web_test

import (
	"bytes"
	"testing"

	"elmobridge/testdata/judge"
)

// Keys of WebDriver (section 17.4.2) that change a choice.
const (
	keySpace = "\ue00d"
	keyDown  = "\ue015"
)

// learner is a browser at the start page of the demo.
func learner(t *testing.T, scripts bool) tab {
	t.Helper()
	b := tab{judge.Chromium(t, scripts), t, mount(t, withJourneys(t, configuration(t))).URL}
	b.Open(b.url + "/")
	return b
}

// TestJourneyBrowser clicks through the journey, with scripts and without: everything comes as the source has it.
func TestJourneyBrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(map[bool]string{true: "script", false: "no script"}[scripts], func(t *testing.T) {
			b := learner(t, scripts)
			b.Click(`.invitation a`)
			b.path("/sources")
			b.Click(`a[href="/sources/fjordheim"]`)
			b.path("/sources/fjordheim")
			b.see(".note", "This is a demo.")
			b.Click(`.doors li:first-child button`)
			b.path("/journeys/1")
			b.see(".tree", "Bachelor in Fjord Studies")
			b.see(".about-you", "17 May 2001")
			b.Click("button.primary")
			b.path("/journeys/1/preview")
			b.see(".paper", "Fieldwork by boat")
			b.Click("button.primary") // the box is needed
			b.path("/journeys/1/preview")
			b.Click("#consent")
			b.Click("button.primary")
			b.path("/results/2")
			b.see(".handed", "byte for byte")
			b.see("#transcript", "Introduction to fjords")
			b.see("#credential", "Bachelor in Fjord Studies")
			if _, data := b.Download(`.files a[href$="/results.xml"]`); !bytes.Equal(data, results(t, 0, 0)) {
				t.Errorf("%d bytes are saved, want %d", len(data), len(results(t, 0, 0)))
			}
			b.quiet()
		})
	}
}

// ticked are the numbers of the boxes that are ticked, in the order of the page.
func (b tab) ticked() string {
	b.t.Helper()
	return b.Run(`return [...document.querySelectorAll(".tree input")].map((e, i) => e.checked ? i : "").join("")`).(string)
}

// TestJourneyBoxes: with scripts a box takes its parts along, and a part that is left out takes the box of the whole away;
// boxes are there when something is to be chosen, with scripts and without.
func TestJourneyBoxes(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		b := learner(t, scripts)
		b.Open(b.url + "/sources/fjordheim")
		b.Click(`.doors li:first-child button`)
		b.path("/journeys/1")
		if b.Run(`return getComputedStyle(document.querySelector("#c1")).visibility`) != "hidden" {
			t.Error("there are boxes while everything is chosen")
		}
		b.Click("#scope-some")
		b.Click("#c2") // the programme, of three courses
		b.expect(map[bool]string{true: "1234", false: "1"}[scripts])
		if scripts {
			b.Click("#c4")
			b.expect("24")
			b.Click("#c1")
			b.expect("01234")
			b.Click("#c3")
			b.expect("34")
		} else {
			b.Click("#c2")
			b.Click("#c4")
			b.Click("#c5")
			b.expect("34")
		}
		b.Click("button.primary")
		b.path("/journeys/1/preview")
		b.see(".paper", "Tides and currents")
		b.see(".paper", "Fieldwork by boat")
		if got := b.Run(`return document.querySelectorAll(".paper .result").length`); got != float64(2) {
			t.Errorf("%v results are previewed", got)
		}
		b.Click(".paper a.button")
		b.path("/journeys/1")
		b.expect("34")
		b.Click("button.stop")
		b.path("/journeys/cancelled")
		b.see("h1", "Cancelled")
		b.quiet()
	}
}

func (b tab) expect(want string) {
	b.t.Helper()
	if got := b.ticked(); got != want {
		b.t.Errorf("the boxes %q are ticked, want %q", got, want)
	}
}

// TestJourneyKeyboard: a course is chosen and handed over as a credential without a mouse, and by a double click.
func TestJourneyKeyboard(t *testing.T) {
	b := learner(t, true)
	b.tabTo(".invitation a")
	b.Press(judge.KeyEnter)
	b.path("/sources")
	b.tabTo(`a[href="/sources/paradeisos"]`)
	b.Press(judge.KeyEnter)
	b.path("/sources/paradeisos")
	b.tabTo(".doors li:first-child button")
	b.Press(judge.KeyEnter)
	b.path("/journeys/1")
	b.tabTo("#scope-all")
	b.Press(keyDown)
	b.tabTo("#c4")
	b.Press(keySpace)
	b.tabTo("button.primary")
	b.Press(judge.KeyEnter)
	b.path("/journeys/1/preview")
	b.see(".paper", "Mechanics")
	b.tabTo("#format-elmo")
	b.Press(keyDown)
	b.tabTo("#consent")
	b.Press(keySpace)
	b.tabTo("button.primary")
	b.Press(judge.KeyEnter, judge.KeyEnter)
	b.path("/results/2")
	b.see(".handed", "European Digital Credential")
	b.Open(b.url + "/")
	if got := b.Run(`return document.querySelectorAll(".kept li").length`); got != float64(1) {
		t.Errorf("%v results are there", got)
	}
	b.quiet()
}

// TestJourneyAccessible: axe-core finds nothing serious on any page of the journey, wide and narrow, light and dark, nor is
// a page wider than its window.
func TestJourneyAccessible(t *testing.T) {
	judge.Axe(t)
	whole := learner(t, true)
	tags := []string{"en", "el", "de"}
	if testing.Short() {
		tags = tags[:1]
	}
	for i, tag := range tags {
		t.Run(tag, func(t *testing.T) {
			b := tab{whole.In(t), t, whole.url}
			b.Dark(i%2 == 1)
			b.Open(b.url + "/?lang=" + tag)
			b.here(tag)
			b.Open(b.url + "/sources")
			b.here(tag)
			b.Open(b.url + "/sources/wzorowice")
			b.here(tag)
			b.Click(`.doors li:first-child button`)
			b.Wait(`return location.pathname.startsWith("/journeys/")`)
			b.here(tag)
			b.Click("#scope-some")
			b.here(tag)
			b.Click("button.primary")
			b.Wait(`return document.querySelector("#wrong") !== null`)
			b.here(tag)
			b.Click("#c2")
			b.Click("button.primary")
			b.Wait(`return location.pathname.endsWith("/preview")`)
			b.here(tag)
			b.Run(`document.querySelector("#consent").required = false`)
			b.Click("button.primary")
			b.Wait(`return document.querySelector("#wrong") !== null`)
			b.here(tag)
			b.Click("#consent")
			b.Click("button.primary")
			b.Wait(`return location.pathname.startsWith("/results/")`)
			b.here(tag)
			b.Open(b.url + "/journeys/cancelled")
			b.here(tag)
			b.Open(b.url + "/journeys/99")
			b.here(tag)
			b.Open(b.url + "/sources/fjordheim")
			b.Click(`.doors li:last-child button`)
			b.Wait(`return document.querySelector(".failure") !== null`)
			b.here(tag)
		})
	}
}

// here checks the page that is open.
func (b tab) here(tag string) {
	b.t.Helper()
	at := b.Run(`return location.pathname`).(string)
	if got := b.Run(`return document.documentElement.lang`); got != tag {
		b.t.Errorf("%s is in %v", at, got)
	}
	for _, width := range []int{1280, 375} {
		b.Size(width, 900)
		for _, v := range b.Axe() {
			b.t.Errorf("%s at %d: %.400s", at, width, v)
		}
	}
	b.narrow(at)
	b.Size(1280, 900)
}

// TestJourneyPrint: the preview is printed without what is for the screen.
func TestJourneyPrint(t *testing.T) {
	b := learner(t, true)
	b.Open(b.url + "/sources/fjordheim")
	b.Click(`.doors li:first-child button`)
	b.path("/journeys/1")
	b.Click("button.primary")
	b.path("/journeys/1/preview")
	b.Media("print")
	for selector, want := range map[string]bool{".paper": true, ".agree .card": false, "header.site": false, ".steps": false, ".paper a.button": false} {
		if got := b.Run(`return document.querySelector(arguments[0]).checkVisibility()`, selector); got != want {
			t.Errorf("%s is printed: %v", selector, got)
		}
	}
}
