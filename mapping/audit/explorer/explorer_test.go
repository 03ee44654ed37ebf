package explorer_test

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"elmobridge/mapping/audit"
	"elmobridge/mapping/audit/explorer"
	"elmobridge/testdata/judge"
)

func written(t *testing.T) []byte {
	t.Helper()
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := explorer.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two runs differ")
	}
	return one.Bytes()
}

var (
	identifier = regexp.MustCompile(` id="([^"]+)"`)
	reference  = regexp.MustCompile(` href="#([^"]*)"`)
	outside    = regexp.MustCompile(`(?i)(src|href)="(https?:)?//|@import|url\(`)
)

// TestWrite: every part of the audit has one address, every link leads to one, and nothing is loaded.
func TestWrite(t *testing.T) {
	html := string(written(t))
	ids := map[string]int{}
	for _, m := range identifier.FindAllStringSubmatch(html, -1) {
		ids[m[1]]++
	}
	var want []string
	for _, l := range audit.Leaves() {
		want = append(want, string(l.Side)+":"+l.Path)
	}
	for _, r := range audit.Rows() {
		want = append(want, r.ID)
	}
	for _, p := range audit.Proposals() {
		want = append(want, p.ID)
	}
	for _, r := range audit.Sheet() {
		want = append(want, "sheet-"+strconv.Itoa(r.Number))
	}
	for _, id := range want {
		if ids[id] != 1 {
			t.Errorf("%s stands in the page %d times", id, ids[id])
		}
	}
	for _, m := range reference.FindAllStringSubmatch(html, -1) {
		if id, err := url.PathUnescape(m[1]); err != nil || ids[id] != 1 {
			t.Errorf("a link leads to %s, which is not there", m[1])
		}
	}
	if m := outside.FindString(html); m != "" {
		t.Errorf("the page loads something: %s", m)
	}
}

// open writes the page to a file and opens it with a fragment.
func open(t *testing.T, b *judge.Browser, fragment string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "crosswalk.html")
	if err := os.WriteFile(file, written(t), 0o600); err != nil {
		t.Fatal(err)
	}
	page := "file://" + file
	b.Open(page + fragment)
	return page
}

// count is the number of elements that a person sees.
const count = `return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).length`

func visible(b *judge.Browser, selector string) int {
	return int(b.Run(count, selector).(float64))
}

// quiet fails when the console has something to say.
func quiet(t *testing.T, b *judge.Browser) {
	t.Helper()
	for _, message := range b.Console() {
		t.Errorf("the console says %s", message)
	}
}

func TestSearchAndFilter(t *testing.T) {
	b := judge.Chromium(t, true)
	open(t, b, "")
	everything := visible(b, ".leaf")
	if everything != len(audit.Leaves()) {
		t.Fatalf("%d leaves in view, want %d", everything, len(audit.Leaves()))
	}
	b.Type("input[name=search]", "dateOfBirth")
	found := visible(b, ".leaf")
	if found == 0 || found > 20 || visible(b, `[id="elm:Person/dateOfBirth"]`) != 1 || visible(b, "#LRN-04") != 1 {
		t.Errorf("the search shows %d leaves", found)
	}
	b.Click("button[type=reset]")
	b.Wait(`return [...document.querySelectorAll(".leaf")].every(e => !e.hidden)`)

	want := 0
	for _, l := range audit.Leaves() {
		if l.Side == audit.ELMO && l.ToEDC == "dropped" {
			want++
		}
	}
	for _, choice := range []string{"side=elmo", "status=dropped", "direction=edc"} {
		name, value, _ := strings.Cut(choice, "=")
		b.Run(`const s = document.querySelector("select[name=" + arguments[0] + "]"); s.value = arguments[1]; s.dispatchEvent(new Event("input", {bubbles: true}))`, name, value)
	}
	if got := visible(b, ".leaf"); got != want || want == 0 {
		t.Errorf("%d leaves dropped on the way to EDC, want %d", got, want)
	}
	if text := b.Run(`return document.querySelector("output").value`); !strings.HasPrefix(text.(string), strconv.Itoa(want)+" of ") {
		t.Errorf("the page says %q", text)
	}
	b.Click("button[type=reset]")
	b.Run(`const s = document.querySelector("select[name=class]"); s.value = "elm:Person"; s.dispatchEvent(new Event("input", {bubbles: true}))`)
	if n := visible(b, `.leaf:not([data-class="elm:Person"])`); n != 0 || visible(b, ".leaf") == 0 {
		t.Errorf("%d leaves of other classes", n)
	}
	quiet(t, b)
}

// TestAddresses: a link leads to its target, opened and in view, whatever the filters hide.
func TestAddresses(t *testing.T) {
	b := judge.Chromium(t, true)
	inView := `const r = document.getElementById(arguments[0]).getBoundingClientRect(); return r.height > 0 && r.top >= 0 && r.top < innerHeight`
	for _, id := range []string{"LRN-04", "GAP-008", "sheet-15", "elmo:learner/bday", "elm:Person/dateOfBirth"} {
		page := open(t, b, "#"+id)
		b.Wait(inView, id)
		b.Type("input[name=search]", "nothing has this word")
		if n := visible(b, ".leaf, .row"); n != 0 {
			t.Errorf("%d are in view that do not have the word", n)
		}
		b.Open(page + "#crosswalk")
		b.Open(page + "#" + id)
		b.Wait(inView, id)
	}
	if n := b.Run(`return document.querySelectorAll('[id="elm:Person/dateOfBirth"] details[open]').length`); n != 1.0 {
		t.Error("the leaf is not open")
	}
	quiet(t, b)
}

// TestLines: what is mapped is joined by a line, that of the leaf in focus stands out.
func TestLines(t *testing.T) {
	b := judge.Chromium(t, true)
	open(t, b, "#elmo:learner/bday")
	b.Wait(`return document.querySelector('path.met[data-from="elmo:learner/bday"][data-to="elm:Person/dateOfBirth"]') !== null`)
	if visible(b, ".lines path") < 2 {
		t.Error("there are no lines but one")
	}
	if wide := b.Run(`return document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide != 0.0 {
		t.Errorf("the page is %v pixels wider than the window", wide)
	}
	quiet(t, b)
}

// TestKeyboard: everything can be reached and opened without a mouse.
func TestKeyboard(t *testing.T) {
	b := judge.Chromium(t, true)
	open(t, b, "")
	b.Press(judge.KeyTab)
	if text := b.Run(`return document.activeElement.className`); text != "skip" {
		t.Errorf("the first stop is %q", text)
	}
	b.Run(`document.querySelector("#tree-elmo .leaf summary").focus()`)
	b.Press(judge.KeyEnter)
	b.Wait(`return document.querySelector("#tree-elmo .leaf details").open`)
	nameless := b.Run(`return [...document.querySelectorAll("a, button, input, select, [role=region], svg[role=img]")].filter(e =>
		!e.getAttribute("aria-label") && !e.textContent.trim() && !e.closest("label")).length`)
	if nameless != 0.0 {
		t.Errorf("%v controls have no name", nameless)
	}
	quiet(t, b)
}

// TestWithoutScript: the text is there, and the form that would do nothing is not.
func TestWithoutScript(t *testing.T) {
	b := judge.Chromium(t, false)
	open(t, b, "")
	if visible(b, "form") != 0 || visible(b, ".leaf") != len(audit.Leaves()) || visible(b, ".row") != len(audit.Rows()) || visible(b, ".proposal") != len(audit.Proposals()) {
		t.Error("something is missing, or the form is there")
	}
	quiet(t, b)
}
