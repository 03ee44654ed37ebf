package web_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/testdata/judge"
)

// tab is a page in a browser.
type tab struct {
	*judge.Browser
	t   *testing.T
	url string
}

// file is the path of a made-up document.
func file(t *testing.T, elem ...string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(append([]string{"..", "..", "testdata"}, elem...)...))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// upload gives a file by the form.
func (b tab) upload(path string) {
	b.t.Helper()
	b.Open(b.url + "/")
	b.Type("#file", path)
	b.Click("button.primary")
	b.Wait(`return location.pathname.startsWith("/results/")`)
}

// see fails when the text is not in view.
func (b tab) see(selector, text string) {
	b.t.Helper()
	got, _ := b.Run(`const e = document.querySelector(arguments[0]); return e && e.checkVisibility() ? e.innerText : ""`, selector).(string)
	if !strings.Contains(got, text) {
		b.t.Errorf("%s shows %.300q, want %q", selector, got, text)
	}
}

// path waits for the address, so that a click has been followed.
func (b tab) path(want string) {
	b.t.Helper()
	b.Wait(`return location.pathname + location.hash === arguments[0]`, want)
}

// quiet fails when the page or the browser has complained.
func (b tab) quiet() {
	b.t.Helper()
	for _, message := range b.Console() {
		b.t.Errorf("the console says %s", message)
	}
}

// TestBrowser clicks through the pages, with scripts and without.
func TestBrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(map[bool]string{true: "script", false: "no script"}[scripts], func(t *testing.T) {
			b := tab{judge.Chromium(t, scripts), t, mount(t, configuration(t)).URL}
			b.upload(file(t, "elmo", "transcript.xml"))
			b.see("#transcript", "Ada Ilona Example")
			b.see("#transcript", "7.5\u00a0ECTS")
			b.see("#report", "ELM credits have no level")
			b.see("#credential", "Master of Science in Language Technology")
			b.Wait(`const i = document.querySelector(".pictures img"); i.scrollIntoView(); return i.complete && i.naturalWidth > 0`)
			b.result()
			b.quiet()
		})
	}
}

// result goes on from a result: to its row, its attachment, its printed form, another language, and its end.
func (b tab) result() {
	b.t.Helper()
	b.Click(`#report .lines a[href^="#t"]`)
	b.Wait(`return document.querySelector("#transcript :target, #transcript:target") !== null`)
	b.Click(`#report .lines a.rule[href="/crosswalk#ENV-09"]`)
	b.path("/crosswalk#ENV-09")
	b.Wait(`return document.getElementById("ENV-09").checkVisibility()`)
	b.Open(b.url + "/results/1")
	b.Click(`.attachments a.file`)
	b.path("/results/1/attachments/1")
	b.Open(b.url + "/results/1")
	b.Click(`.files a[href="/results/1/transcript"]`)
	b.path("/results/1/transcript")
	b.see("h1", "Transcript of records")
	b.Click(".languages summary")
	b.Click(`.languages a[lang="pl"]`)
	b.Wait(`return document.documentElement.lang === "pl"`)
	b.see(".transcript", "12 kwietnia 1998")
	b.Open(b.url + "/results/1")
	b.see("#report", "Zachowane osobno")
	b.Click("button.forget")
	b.path("/results/forgotten")
	b.see("h1", "Usunięto")
	b.Open(b.url + "/")
	if b.Run(`return document.querySelector(".kept") !== null`) != false {
		b.t.Error("the result is still listed")
	}
}

// TestDownloads: the browser saves each form as the library makes it.
func TestDownloads(t *testing.T) {
	b := tab{judge.Chromium(t, true), t, mount(t, configuration(t)).URL}
	b.upload(file(t, "elmo", "one-course.xml"))
	given := document(t, "one-course")
	credential, report := converted(t, given)
	for name, want := range map[string][]byte{"original.xml": given, "credential.jsonld": credential, "report.json": report} {
		saved, got := b.Download(`.files a[href$="/` + name + `"]`)
		if saved != name || !bytes.Equal(got, want) {
			t.Errorf("%s: saved as %s, %d bytes, want %d", name, saved, len(got), len(want))
		}
	}
	b.quiet()
}

// converted is what the library makes of a document.
func converted(t *testing.T, data []byte) (credential, report []byte) {
	t.Helper()
	opt := convert.Options{Keep: convert.KeepNotes, Indent: true}
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	list, losses, err := convert.ToEDC(doc, opt)
	if err != nil {
		t.Fatal(err)
	}
	report, err = json.MarshalIndent(losses, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return convert.AppendEDC(nil, list[0], opt), report
}

// TestKeyboard: an example is converted, and its result forgotten, without a mouse.
func TestKeyboard(t *testing.T) {
	b := tab{judge.Chromium(t, true), t, mount(t, configuration(t)).URL}
	b.Open(b.url + "/")
	b.Press(judge.KeyTab)
	b.see(":focus", "To the content")
	b.Press(judge.KeyEnter)
	b.Wait(`return document.activeElement.id === "main"`)
	b.tabTo(".examples button")
	b.Press(judge.KeyEnter)
	b.path("/results/1")
	b.tabTo("#transcript")
	b.tabTo("#report")
	b.tabTo("#credential")
	b.tabTo(".files a")
	b.Open(b.url + "/results/1")
	b.tabTo(".languages summary")
	b.Press(judge.KeyEnter)
	b.tabTo(`.languages a[lang="de"]`)
	b.Press(judge.KeyEnter)
	b.Wait(`return document.documentElement.lang === "de"`)
	b.tabTo("button.forget")
	b.Press(judge.KeyEnter)
	b.path("/results/forgotten")
	b.quiet()
}

// mostStops is more than the pages have.
const mostStops = 300

// tabTo presses the tabulator until an element has the focus, which must be seen.
func (b tab) tabTo(selector string) {
	b.t.Helper()
	for range mostStops {
		b.Press(judge.KeyTab)
		if b.Run(`return document.activeElement.matches(arguments[0])`, selector) == true {
			if b.Run(`return getComputedStyle(document.activeElement).outlineStyle`) == "none" {
				b.t.Errorf("nothing shows that %s has the focus", selector)
			}
			return
		}
	}
	b.t.Fatalf("the tabulator does not lead to %s", selector)
}

// TestDrop: a file that is dropped on the form is in it.
func TestDrop(t *testing.T) {
	b := tab{judge.Chromium(t, true), t, mount(t, configuration(t)).URL}
	b.Open(b.url + "/")
	b.see(".drop-hint", "drop the file")
	b.Run(`const d = new DataTransfer(); d.items.add(new File([arguments[0]], "dropped.xml"));
		document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true}))`, string(document(t, "one-course")))
	b.Click("button.primary")
	b.path("/results/1")
	b.see(".result-head", "dropped.xml")
	b.quiet()
}

// TestAccessible: axe-core finds nothing serious on any page in any language, wide and narrow, light and dark; and no
// page is wider than its window, down to 320 pixels.
func TestAccessible(t *testing.T) {
	judge.Axe(t)
	whole := tab{judge.Chromium(t, true), t, mount(t, configuration(t)).URL}
	whole.upload(file(t, "elmo", "diploma.xml"))
	whole.upload(file(t, "golden", "recognition-2.0", "edc.json"))
	whole.upload(file(t, "elmo", "transcript.xml")) // large: in one language alone
	tags := []string{"en", "nb", "de", "nl", "fr", "fi", "pl", "el"}
	if testing.Short() {
		tags = tags[:1]
	}
	for i, tag := range tags {
		t.Run(tag, func(t *testing.T) {
			b := tab{whole.In(t), t, whole.url}
			b.Open(b.url + "/?lang=" + tag)
			b.Dark(i%2 == 1)
			paths := []string{"/", "/about", "/results/1", "/results/2", "/results/1/transcript", "/results/forgotten", "/results/99", "/operator"}
			if i == 0 {
				paths = append(paths, "/results/3")
			}
			for _, path := range paths {
				b.check(path, tag)
				b.narrow(path)
			}
			b.operator(tag)
		})
	}
}

// operator checks the page behind the token.
func (b tab) operator(tag string) {
	b.t.Helper()
	b.Open(b.url + "/operator")
	b.Type("#token", token)
	b.Click("button.primary")
	b.Wait(`return document.querySelector(".tiles") !== null`)
	b.check("/operator", tag)
	b.Click(`form[action="/operator/leave"] button`)
	b.path("/")
}

// check looks at a page with everything unfolded, on a desk and on a phone.
func (b tab) check(path, tag string) {
	b.t.Helper()
	b.Open(b.url + path)
	b.Run(`for (const d of document.querySelectorAll("details")) d.open = true`)
	b.here(tag)
}

func (b tab) narrow(path string) {
	b.t.Helper()
	b.Size(320, 640)
	if over := b.Run(`return document.documentElement.scrollWidth - innerWidth`).(float64); over > 0 {
		b.t.Errorf("%s is %v pixels too wide at 320", path, over)
	}
}

// TestPrint: the transcript is all that is printed.
func TestPrint(t *testing.T) {
	b := tab{judge.Chromium(t, true), t, mount(t, configuration(t)).URL}
	b.upload(file(t, "elmo", "transcript.xml"))
	b.Media("print")
	for selector, want := range map[string]bool{".transcript": true, "#report": false, "#credential": false, "header.site": false, ".below": false, ".mark": false} {
		if got := b.Run(`return document.querySelector(arguments[0]).checkVisibility()`, selector); got != want {
			t.Errorf("%s is printed: %v", selector, got)
		}
	}
}
