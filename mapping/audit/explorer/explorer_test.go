package explorer_test

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elmobridge/mapping"
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
	needless   = regexp.MustCompile(`<pre [^>]*(tabindex|aria-label)[^>]*>`)
	outside    = regexp.MustCompile(`(?i)(src|href)="(https?:)?//|@import|url\(`)
)

// TestWrite: every part of the audit has one address, every link leads to one, and nothing is loaded.
func TestWrite(t *testing.T) {
	text := string(written(t))
	ids := map[string]int{}
	for _, m := range identifier.FindAllStringSubmatch(text, -1) {
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
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		if id, err := url.PathUnescape(m[1]); err != nil || ids[id] != 1 {
			t.Errorf("a link leads to %s, which is not there", m[1])
		}
	}
	if m := needless.FindString(text); m != "" {
		t.Errorf("a stop for the keyboard that does nothing: %s", m)
	}
	if m := outside.FindString(text); m != "" {
		t.Errorf("the page loads something: %s", m)
	}
}

// TestHome: a link leads to the site that has the page; a file of its own has none.
func TestHome(t *testing.T) {
	const home = `<a href="/?a&amp;b">&lt;home&gt;</a>`
	var b bytes.Buffer
	if err := explorer.WriteWith(&b, explorer.Options{Home: "/?a&b", HomeText: "<home>"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), home) || !bytes.Equal(written(t), bytes.Replace(b.Bytes(), []byte("<nav aria-label=\"Site\">"+home+"</nav>\n"), nil, 1)) {
		t.Error("the link is not there, or not alone")
	}
}

var mark = regexp.MustCompile(`<[^>]*>`)

// between is the text of the page from the element with the identifier to the end of its kind.
func between(t *testing.T, page, id, end string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, ` id="`+id+`"`)
	if !ok {
		t.Fatalf("no %s", id)
	}
	text, _, _ := strings.Cut(rest, end)
	return text
}

// TestSheet: a row of the sheet stands there with what the Commission wrote.
func TestSheet(t *testing.T) {
	text := string(written(t))
	for _, r := range audit.Sheet() {
		row := html.UnescapeString(mark.ReplaceAllString(between(t, text, fmt.Sprintf("sheet-%d", r.Number), "</tr>"), "|"))
		said := r.Class
		if r.Field != "" {
			said += "/|" + r.Field
		}
		if want := "||" + said + "||" + cmp.Or(r.Mapping, "nothing") + "||" + string(r.Opinion) + "|"; !strings.Contains(row, want) {
			t.Errorf("no %q in %q", want, row)
		}
	}
}

// TestProposalLeaves: a proposal has a link to each leaf that names it, with its side, and to no other.
func TestProposalLeaves(t *testing.T) {
	want := map[string][]string{}
	for _, l := range audit.Leaves() {
		for _, id := range l.Proposals {
			want[id] = append(want[id], strings.ToUpper(string(l.Side))+" "+l.Path)
		}
	}
	text := string(written(t))
	for _, p := range audit.Proposals() {
		var got []string
		for _, m := range leafLink.FindAllStringSubmatch(between(t, text, p.ID, "</article>"), -1) {
			got = append(got, html.UnescapeString(m[1]))
		}
		if !slices.Equal(got, want[p.ID]) {
			t.Errorf("%s: links to %v, want %v", p.ID, got, want[p.ID])
		}
	}
}

var leafLink = regexp.MustCompile(`<a href="#elmo?:[^"]*">([^<]*)</a>`)

// page is the page in a file, in a browser.
type page struct {
	*judge.Browser
	url string
}

// file writes the page and gives its address.
func file(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "crosswalk.html")
	if err := os.WriteFile(name, written(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return "file://" + name
}

// TestTop: axe-core finds nothing at the top of the page with its link, down to the coverage, and it fits a narrow window.
// Of the rest there is too much for axe-core.
func TestTop(t *testing.T) {
	judge.Axe(t)
	var b bytes.Buffer
	if err := explorer.WriteWith(&b, explorer.Options{Home: "/", HomeText: "home"}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "crosswalk.html")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	p := judge.Chromium(t, true)
	p.Open("file://" + name)
	p.Run(`document.querySelectorAll("main > section:not(#coverage)").forEach(s => s.remove())`)
	for _, width := range []int{1280, 375} {
		p.Size(width, 900)
		for _, v := range p.Axe() {
			t.Errorf("at %d: %.400s", width, v)
		}
	}
	p.Size(320, 640)
	if over := p.Run(`return document.documentElement.scrollWidth - innerWidth`).(float64); over > 0 {
		t.Errorf("it is %v pixels too wide at 320", over)
	}
}

// load opens the page anew with a fragment; visit goes on to another one.
func (p page) load(fragment string) {
	p.Open("about:blank")
	p.visit(fragment)
}

func (p page) visit(fragment string) { p.Open(p.url + fragment) }

// clear takes the filters away, those in the address as well.
func (p page) clear() {
	p.Run(`const f = document.forms[0]; f.reset(); f.dispatchEvent(new Event("input")); history.replaceState(null, "", location.pathname)`)
}

// visible is the number of elements that a person sees.
func (p page) visible(selector string) int {
	return int(p.Run(`return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).length`, selector).(float64))
}

// fitting leaves are in view not only as partners of others.
const fitting = ".leaf:not(.partner)"

// choose sets filters as a person does, "side=elmo".
func (p page) choose(filters ...string) {
	for _, f := range filters {
		name, value, _ := strings.Cut(f, "=")
		p.Run(`const s = document.querySelector("form").elements[arguments[0]]; s.value = arguments[1];
			for (const type of ["input", "change"]) s.dispatchEvent(new Event(type, {bubbles: true}))`, name, value)
	}
}

func (p page) counter() string {
	return p.Run(`return document.querySelector("output").value`).(string)
}

// TestPage tries the page in one browser, part by part.
func TestPage(t *testing.T) {
	whole := page{judge.Chromium(t, true), file(t)}
	whole.load("")
	for _, part := range []struct {
		name string
		try  func(*testing.T, page)
	}{
		{"keyboard", tryKeyboard}, {"search", trySearch}, {"filters", tryFilters}, {"filter of proposals", tryProposals}, {"worst verdicts", tryWorst},
		{"direction", tryDirection}, {"partners", tryPartners}, {"addresses", tryAddresses}, {"addresses of filters", tryFilterAddresses},
		{"lines", tryLines}, {"focus", tryFocus}, {"small windows", trySmall}, {"print", tryPrint},
	} {
		t.Run(part.name, func(t *testing.T) {
			p := page{whole.In(t), whole.url}
			p.clear()
			part.try(t, p)
			for _, message := range p.Console() {
				t.Errorf("the console says %s", message)
			}
		})
	}
}

func trySearch(t *testing.T, p page) {
	want := fmt.Sprintf("%d of %[1]d leaves, %d rows, %d proposals, %d sheet rows", len(audit.Leaves()), len(audit.Rows()), len(audit.Proposals()), len(audit.Sheet()))
	if got := p.counter(); got != want || p.visible(fitting) != len(audit.Leaves()) {
		t.Fatalf("%d leaves in view, the page says %q, want %q", p.visible(fitting), got, want)
	}
	p.Type("input[name=search]", "dateOfBirth")
	found := p.visible(fitting)
	if found == 0 || found > 20 || p.visible(`[id="elm:Person/dateOfBirth"]`) != 1 || p.visible("#LRN-04") != 1 {
		t.Errorf("the search shows %d leaves", found)
	}
	p.Click("button[type=reset]")
	p.Wait(`return [...document.querySelectorAll(".leaf")].every(e => !e.hidden)`)
}

func tryFilters(t *testing.T, p page) {
	want := 0
	for _, l := range audit.Leaves() {
		if l.Side == audit.ELMO && (l.ToEDC == mapping.Dropped || l.WorstToEDC == mapping.Dropped) {
			want++
		}
	}
	p.choose("side=elmo", "status=dropped", "direction=edc")
	if got := p.visible(fitting); got != want || want == 0 {
		t.Errorf("%d leaves dropped on the way to EDC, want %d", got, want)
	}
	if text := p.counter(); !strings.HasPrefix(text, strconv.Itoa(want)+" of ") {
		t.Errorf("the page says %q", text)
	}
	p.choose("side=", "status=", "class=elm:Person")
	if n := p.visible(fitting + `:not([data-class="elm:Person"])`); n != 0 || p.visible(fitting) == 0 {
		t.Errorf("%d leaves of other classes", n)
	}
}

// tryProposals: a proposal is in view with a leaf that names it, not with another leaf of its row.
func tryProposals(t *testing.T, p page) {
	for _, class := range []string{"elm:Grant", "elm:Person", "elmo:learner"} {
		want := map[string]bool{}
		for _, l := range audit.Leaves() {
			if string(l.Side)+":"+l.Class == class {
				for _, id := range l.Proposals {
					want[id] = true
				}
			}
		}
		p.choose("class=" + class)
		got := p.Run(`return [...document.querySelectorAll(".proposal:not([hidden])")].map(e => e.id)`).([]any)
		for _, id := range got {
			if !want[id.(string)] {
				t.Errorf("%s: no leaf names %s", class, id)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d proposals in view, want %d", class, len(got), len(want))
		}
		if text := p.counter(); !strings.Contains(text, fmt.Sprintf(", %d proposal", len(want))) {
			t.Errorf("%s: the page says %q", class, text)
		}
	}
}

// tryWorst: a leaf is found by its ordinary verdict and by its worst.
func tryWorst(t *testing.T, p page) {
	p.Run(`document.getElementById("elmo:learner/bday").dataset.edc = "exact dropped"`)
	for _, status := range []string{"exact", "dropped"} {
		p.choose("status="+status, "direction=edc")
		if p.visible(`[id="elmo:learner/bday"]:not(.partner)`) != 1 {
			t.Errorf("the leaf is not among those that are %s", status)
		}
	}
	if p.choose("status=kept"); p.visible(`[id="elmo:learner/bday"]:not(.partner)`) != 0 {
		t.Error("the leaf is among those that are kept")
	}
}

// tryDirection: without a status there is no direction to choose, and the field says so.
func tryDirection(t *testing.T, p page) {
	const field = `const d = document.querySelector("form").elements.direction; return [d.disabled, d.value, d.selectedOptions[0].text].join()`
	for _, step := range []struct{ filters, want string }{
		{"", "true,,choose a status first"},
		{"status=kept direction=elmo", "false,elmo,to ELMO"},
		{"direction=", "false,,either"},
		{"direction=edc status=", "true,,choose a status first"},
	} {
		p.choose(strings.Fields(step.filters)...)
		if got := p.Run(field); got != step.want {
			t.Errorf("after %q: %v, want %s", step.filters, got, step.want)
		}
	}
}

// tryPartners: what fits keeps its places on the other side, dimmed, not counted, joined by lines.
func tryPartners(t *testing.T, p page) {
	p.visit("#?side=elmo&search=bday")
	p.Wait(`return document.querySelector('path[data-from="elmo:learner/bday"][data-to="elm:Person/dateOfBirth"]') !== null`)
	if p.visible(`[id="elm:Person/dateOfBirth"].partner`) != 1 || p.visible(fitting) != 1 {
		t.Error("the place is not there as a partner")
	}
	if text := p.counter(); !strings.HasPrefix(text, "1 of ") {
		t.Errorf("the page says %q", text)
	}
}

const inView = `const r = document.getElementById(arguments[0]).getBoundingClientRect(); return r.height > 0 && r.top >= 0 && r.top < innerHeight`

// tryAddresses: a link leads to its target, opened and in view, whatever the filters hide; one without a target does no harm.
func tryAddresses(t *testing.T, p page) {
	for _, id := range []string{"LRN-04", "GAP-008", "sheet-15", "elmo:learner/bday", "elm:Person/dateOfBirth"} {
		p.visit("#" + id)
		p.Wait(inView, id)
		p.choose("search=nothing has this word")
		if n := p.visible(".leaf, .row, .proposal, #sheet tbody tr"); n != 0 {
			t.Errorf("%d are in view that do not have the word", n)
		}
		p.visit("#" + id) // which the filter has taken out of the address
		p.Wait(inView, id)
		p.clear()
	}
	if n := p.Run(`return document.querySelectorAll('[id="elm:Person/dateOfBirth"] details[open]').length`); n != 1.0 {
		t.Error("the leaf is not open")
	}
	for _, fragment := range []string{"#%", "#%ff", "#nothing", "#"} {
		p.visit(fragment)
	}
	p.load("#%")
}

// tryFilterAddresses: the address has the filters, and brings them back; an unknown choice is none.
func tryFilterAddresses(t *testing.T, p page) {
	fragment := func() any { return p.Run(`return location.hash`) }
	p.choose("side=elm", "status=kept", "direction=elmo", "search=title & more")
	if got, want := fragment(), "#?search=title+%26+more&side=elm&status=kept&direction=elmo"; got != want {
		t.Errorf("the address has %v, want %s", got, want)
	}
	p.choose("search=title")
	cited, count := fragment().(string), p.counter()
	p.load(cited)
	p.Wait(inView, "crosswalk")
	if got := p.counter(); got != count || p.visible(fitting) == 0 {
		t.Errorf("%s shows %q, want %q", cited, got, count)
	}
	p.visit("#elmo:learner/bday")
	p.Wait(inView, "elmo:learner/bday")
	if got := fragment(); got != "#elmo:learner/bday" {
		t.Errorf("the address of a leaf has become %v", got)
	}
	p.visit("#?side=nowhere&status=kept&class=%")
	p.Wait(`const f = document.querySelector("form").elements; return f.status.value === "kept" && f.side.selectedIndex === 0 && f.class.selectedIndex === 0`)
	p.Click("button[type=reset]")
	p.Wait(`return location.hash === ""`)
}

// tryLines: what is mapped is joined by a line, that of the leaf in focus stands out.
func tryLines(t *testing.T, p page) {
	p.visit("#elmo:learner/bday")
	p.Wait(`return document.querySelector('path.met[data-from="elmo:learner/bday"][data-to="elm:Person/dateOfBirth"]') !== null`)
	if p.visible(".lines path") < 2 {
		t.Error("there are no lines but one")
	}
}

// tryKeyboard: everything can be reached and opened without a mouse.
func tryKeyboard(t *testing.T, p page) {
	p.Press(judge.KeyTab)
	if text := p.Run(`return document.activeElement.className`); text != "skip" {
		t.Errorf("the first stop is %q", text)
	}
	p.Run(`document.querySelector("#tree-elmo .leaf summary").focus()`)
	p.Press(judge.KeyEnter)
	p.Wait(`return document.querySelector("#tree-elmo .leaf details").open`)
	nameless := p.Run(`return [...document.querySelectorAll("a, button, input, select, [role=region], svg[role=img]")].filter(e =>
		!e.getAttribute("aria-label") && !e.textContent.trim() && !e.closest("label")).length`)
	if nameless != 0.0 {
		t.Errorf("%v controls have no name", nameless)
	}
}

// tryFocus: going backwards, what has the focus is never below the filters (WCAG 2.2, 2.4.11).
func tryFocus(t *testing.T, p page) {
	if p.Run(`return getComputedStyle(document.forms[0]).position`) != "sticky" {
		t.Fatal("the filters do not stay in view")
	}
	p.Run(`document.querySelector("#LRN-04 a").focus()`)
	for range 15 {
		p.PressWith(judge.KeyShift, judge.KeyTab)
		hidden := p.Run(`const a = document.activeElement; return a.getBoundingClientRect().top < document.forms[0].getBoundingClientRect().bottom ? a.outerHTML : ""`)
		if hidden != "" {
			t.Fatalf("below the filters: %v", hidden)
		}
	}
}

// trySmall: a small window, or a large one zoomed in, scrolls in one direction alone, and the filters scroll away (WCAG 2.2, 1.4.10).
func trySmall(t *testing.T, p page) {
	defer p.Size(0, 0)
	for _, size := range []struct{ width, height int }{{320, 256}, {375, 667}, {1280, 600}} {
		p.Size(size.width, size.height)
		p.Wait(`return innerWidth === arguments[0]`, size.width)
		if wide := p.Run(`return document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide != 0.0 {
			t.Errorf("%v: the page is %v pixels wider than the window", size, wide)
		}
		if position := p.Run(`return getComputedStyle(document.forms[0]).position`); position != "static" {
			t.Errorf("%v: the filters are %v", size, position)
		}
	}
}

// tryPrint: a leaf is printed as a line with its whole path, its row and its places, opened or not.
func tryPrint(t *testing.T, p page) {
	p.visit("#elmo:learner/bday")
	p.Wait(inView, "elmo:learner/bday")
	p.Media("print")
	defer p.Media("")
	for selector, want := range map[string]int{
		"form, nav, .lines, .leaf dt, .leaf dd:not(.compact), .row .leaves": 0,
		`[id="elmo:learner/bday"] .base`:                                    1,
		`[id="elmo:learner/bday"] dd.compact`:                               2,
		`[id="elm:Person/dateOfBirth"] dd.compact`:                          2,
	} {
		if got := p.visible(selector); got != want {
			t.Errorf("%d of %s are printed, want %d", got, selector, want)
		}
	}
}

// TestWithoutScript: the text is there, and the form that would do nothing is not.
func TestWithoutScript(t *testing.T) {
	p := page{judge.Chromium(t, false), file(t)}
	p.load("")
	if p.visible("form") != 0 || p.visible(".leaf") != len(audit.Leaves()) || p.visible(".row") != len(audit.Rows()) || p.visible(".proposal") != len(audit.Proposals()) {
		t.Error("something is missing, or the form is there")
	}
	for _, message := range p.Console() {
		t.Errorf("the console says %s", message)
	}
}
