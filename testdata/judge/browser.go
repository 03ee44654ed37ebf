package judge

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Browser is a headless Chromium, driven over WebDriver (W3C, 2018). Every failure ends the test.
type Browser struct {
	t       testing.TB
	session string // URL
}

// arguments of Chromium: nothing is fetched that a page does not ask for.
var arguments = []string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", "--window-size=1400,1000"}

// patience is the longest that a step of a page may take.
const patience = 30 * time.Second

var startedOn = regexp.MustCompile(`started successfully on port (\d+)`)

// Chromium starts a browser, which ends with the test. Without scripts, pages run none.
func Chromium(t testing.TB, scripts bool) *Browser {
	t.Helper()
	chromium := Program(t, "chromium")
	driver := exec.Command(Program(t, "chromedriver"), "--port=0")
	out, err := driver.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := driver.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		driver.Process.Kill()
		driver.Wait()
	})
	port := ""
	for lines := bufio.NewScanner(out); port == "" && lines.Scan(); {
		if m := startedOn.FindStringSubmatch(lines.Text()); m != nil {
			port = m[1]
		}
	}
	if port == "" {
		t.Fatal("judge: chromedriver does not say where it listens")
	}
	go func() { // what it writes later would block it
		for lines := bufio.NewScanner(out); lines.Scan(); {
		}
	}()
	b := &Browser{t: t, session: "http://127.0.0.1:" + port + "/session"}
	return b.begin(chromium, scripts)
}

func (b *Browser) begin(chromium string, scripts bool) *Browser {
	b.t.Helper()
	preference := 1
	if !scripts {
		preference = 2
	}
	options := map[string]any{"binary": chromium, "args": append(arguments, "--user-data-dir="+b.t.TempDir()),
		"prefs": map[string]any{"profile.managed_default_content_settings.javascript": preference}}
	answer := b.call("POST", "", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": map[string]string{"browser": "ALL"}}}})
	b.session += "/" + answer.(map[string]any)["sessionId"].(string)
	b.t.Cleanup(func() { b.call("DELETE", "", nil) })
	return b
}

// call sends a command and gives its value.
func (b *Browser) call(method, path string, body any) any {
	b.t.Helper()
	var data bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&data).Encode(body); err != nil {
			b.t.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, b.session+path, &data)
	if err != nil {
		b.t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: patience}).Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct{ Value any }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		b.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		fault, _ := answer.Value.(map[string]any)
		b.t.Fatalf("judge: chromedriver %s: %v", path, fault["message"])
	}
	return answer.Value
}

// In is the same browser for a part of the test: its failures end that part.
func (b *Browser) In(t testing.TB) *Browser { return &Browser{t: t, session: b.session} }

// Open loads a page.
func (b *Browser) Open(url string) {
	b.t.Helper()
	b.call("POST", "/url", map[string]string{"url": url})
}

// Run runs the body of a JavaScript function and gives what it returns.
func (b *Browser) Run(script string, args ...any) any {
	b.t.Helper()
	if args == nil {
		args = []any{}
	}
	return b.call("POST", "/execute/sync", map[string]any{"script": script, "args": args})
}

// Wait waits until the body of a JavaScript function returns true.
func (b *Browser) Wait(script string, args ...any) {
	b.t.Helper()
	for end := time.Now().Add(patience); b.Run(script, args...) != true; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("judge: in vain: %s %v", script, args)
		}
	}
}

// element finds one element by a CSS selector.
func (b *Browser) element(selector string) string {
	b.t.Helper()
	answer := b.call("POST", "/element", map[string]string{"using": "css selector", "value": selector}).(map[string]any)
	for _, id := range answer {
		return "/element/" + fmt.Sprint(id)
	}
	b.t.Fatalf("judge: no element %s", selector)
	return ""
}

// Click clicks on an element; it must be in view or can be scrolled to.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.call("POST", b.element(selector)+"/click", struct{}{})
}

// Type types into an element.
func (b *Browser) Type(selector, text string) {
	b.t.Helper()
	b.call("POST", b.element(selector)+"/value", map[string]string{"text": text})
}

// Press presses keys of the keyboard, one after the other, wherever the focus is.
func (b *Browser) Press(keys ...string) {
	b.t.Helper()
	b.keyboard(strokes(keys))
}

// PressWith presses keys while another one is held down.
func (b *Browser) PressWith(held string, keys ...string) {
	b.t.Helper()
	b.keyboard(append(append([]stroke{{"keyDown", held}}, strokes(keys)...), stroke{"keyUp", held}))
}

// stroke is an action of the keyboard (WebDriver, section 17.4.2).
type stroke struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

func strokes(keys []string) []stroke {
	var out []stroke
	for _, k := range keys {
		out = append(out, stroke{"keyDown", k}, stroke{"keyUp", k})
	}
	return out
}

func (b *Browser) keyboard(actions []stroke) {
	b.t.Helper()
	b.call("POST", "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": actions}}})
}

// Keys of WebDriver (section 17.4.2).
const (
	KeyTab   = "\ue004"
	KeyEnter = "\ue007"
	KeyShift = "\ue008"
)

// Size lays pages out in so many CSS pixels, as on a phone or zoomed in; 0 and 0 are the window's own.
func (b *Browser) Size(width, height int) {
	b.t.Helper()
	b.devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 0, "mobile": false})
}

// Media lays pages out for a medium of CSS, such as print; "" is the screen.
func (b *Browser) Media(medium string) {
	b.t.Helper()
	b.devtools("Emulation.setEmulatedMedia", map[string]any{"media": medium})
}

// devtools sends a command of the Chrome DevTools Protocol.
func (b *Browser) devtools(command string, parameters map[string]any) {
	b.t.Helper()
	b.call("POST", "/goog/cdp/execute", map[string]any{"cmd": command, "params": parameters})
}

// Console gives what the page and the browser have logged since the last call.
func (b *Browser) Console() []string {
	b.t.Helper()
	var out []string
	for _, entry := range b.call("POST", "/se/log", map[string]string{"type": "browser"}).([]any) {
		out = append(out, fmt.Sprint(entry.(map[string]any)["message"]))
	}
	return out
}

// Screenshot writes what is in view as PNG.
func (b *Browser) Screenshot(path string) {
	b.t.Helper()
	data, err := base64.StdEncoding.DecodeString(b.call("GET", "/screenshot", nil).(string))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// Dark makes pages believe that the reader prefers dark colours, or light ones.
func (b *Browser) Dark(dark bool) {
	b.t.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	b.devtools("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": value}}})
}

// Axe gives the violations of accessibility that axe-core finds on the page and calls serious or critical, each as
// "rule: element". It is asked for as function Axe says.
func (b *Browser) Axe() []string {
	b.t.Helper()
	var out []string
	if b.Run(`return "axe" in window`) != true {
		b.Run(Axe(b.t) + `;window.axe = axe`)
	}
	for _, v := range b.wait(`axe.run(document, {resultTypes: ["violations"]}).then(r => arguments[0](r.violations
		.filter(v => v.impact === "serious" || v.impact === "critical").flatMap(v => v.nodes.map(n => v.id + ": " + n.html))))`).([]any) {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// Download clicks on a link and gives the file that the browser saves, with its name.
func (b *Browser) Download(selector string) (name string, data []byte) {
	b.t.Helper()
	dir := b.t.TempDir()
	b.devtools("Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": dir})
	b.Click(selector)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		files, err := os.ReadDir(dir)
		if err != nil {
			b.t.Fatal(err)
		}
		if len(files) != 1 || strings.HasSuffix(files[0].Name(), ".crdownload") || strings.HasPrefix(files[0].Name(), ".") {
			continue // not all of it is there
		}
		data, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
		if err != nil {
			b.t.Fatal(err)
		}
		return files[0].Name(), data
	}
	b.t.Fatalf("judge: nothing is saved from %s", selector)
	return "", nil
}

// wait runs the body of a JavaScript function and gives what that hands to its last argument, a function.
func (b *Browser) wait(script string) any {
	b.t.Helper()
	return b.call("POST", "/execute/async", map[string]any{"script": script, "args": []any{}})
}
