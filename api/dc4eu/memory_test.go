package dc4eu

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"elmobridge/api/limit"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
)

// severalBody asks for targets.
func severalBody(t testing.TB, content []byte, targets ...protocol) string {
	t.Helper()
	to, err := json.Marshal(targets)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`{"From":{"Name":"elmo","Version":"1.7"},"To":%s,"Content":%q}`, to, encoded(content))
}

// TestRepeated: a target that is asked for twice is refused, however it is written.
func TestRepeated(t *testing.T) {
	h, xml := mounted(usual()), file(t, "elmo/one-course.xml")
	for _, again := range []protocol{elm32, {"ELM", "3.2"}} {
		if text := refused(t, again.Name, post(h, "/rest/request2", severalBody(t, xml, elm32, protocol{"elm", "3.1"}, again)), 400); !strings.Contains(text, "twice in To") {
			t.Error(text)
		}
	}
}

// TestTogether: the results of all targets have a limit together, and one of them is below it.
func TestTogether(t *testing.T) {
	xml, err := elmo.Marshal(elmotest.Courses(40), elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := usual()
	size := len(converted(t, mounted(c), elmo17, elm32, xml).Content)
	c.MaxBody = int64(size * 3 / 4)
	small := packed(t, bytes.NewReader(xml))
	if w := post(mounted(c), "/rest/request2", severalBody(t, small, elm32)); w.Code != 200 {
		t.Fatalf("%d %.200s", w.Code, w.Body)
	}
	refused(t, "both", post(mounted(c), "/rest/request2", severalBody(t, small, elm32, protocol{"elm", "3.1"})), 413)
	if c.Budget.Used() != 0 {
		t.Errorf("%d bytes are still taken", c.Budget.Used())
	}
}

// TestUnpackedMemory: what is unpacked, and what is made of it, is of the memory for bodies and answers.
func TestUnpackedMemory(t *testing.T) {
	xml, err := elmo.Marshal(elmotest.Courses(40), elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	result := int64(len(converted(t, mounted(usual()), elmo17, elm32, xml).Content))
	for name, x := range map[string]struct {
		content []byte
		memory  int64
		status  int
	}{
		"unpacked": {bytes.Repeat([]byte(" "), 2<<20), 1 << 20, 503},
		"result":   {xml, int64(len(xml)) + result/2, 503},
		"answer":   {xml, 2*int64(len(xml)) + result + 1<<10, 503},
		"room":     {xml, 16 << 20, 200},
	} {
		c := usual()
		c.Budget = limit.NewBudget(x.memory)
		for _, path := range []string{"/rest/request", "/rest/request2"} {
			body := javaBody(elmo17, elm32, packed(t, bytes.NewReader(x.content)))
			if path == "/rest/request2" {
				body = severalBody(t, packed(t, bytes.NewReader(x.content)), elm32)
			}
			w := post(mounted(c), path, body)
			if w.Code != x.status {
				t.Errorf("%s %s: %d %.200s", name, path, w.Code, w.Body)
			}
			if x.status != 200 {
				refused(t, name, w, x.status)
			}
			if c.Budget.Used() != 0 {
				t.Errorf("%s: %d bytes are still taken", name, c.Budget.Used())
			}
		}
	}
}

// TestResultMemory: results take memory beside the body while they are made.
func TestResultMemory(t *testing.T) {
	xml, err := elmo.Marshal(elmotest.Courses(400), elmo.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	result := len(converted(t, mounted(usual()), elmo17, elm32, xml).Content)
	content := packed(t, bytes.NewReader(xml))
	const steps = 512 << 10 // that body and document may take ahead of what is read
	if result < 2*steps {
		t.Fatalf("a result of %d bytes is too small for this test", result)
	}
	for path, body := range map[string]string{"/rest/request": javaBody(elmo17, elm32, content), "/rest/request2": severalBody(t, content, elm32)} {
		body += strings.Repeat(" ", 2*result)
		c := usual()
		c.MaxBody = 64 << 20
		c.Budget = limit.NewBudget(int64(len(body) + len(xml) + steps))
		refused(t, path, post(mounted(c), path, body), 503)
		c.Budget = limit.NewBudget(int64(len(body) + len(xml) + steps + result))
		if w := post(mounted(c), path, body); w.Code != 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
