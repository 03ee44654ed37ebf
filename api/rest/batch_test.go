package rest

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
	"elmobridge/convert"
)

// named is a document with a name, for forms and archives.
type named struct{ name, text string }

// zipped is an archive.
func zipped(t testing.TB, files ...named) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readLines reads results as lines; without the last one the count is nil.
func readLines(t testing.TB, data []byte) (list []batchLine, count *BatchCount) {
	t.Helper()
	for text := range strings.Lines(string(data)) {
		if !strings.HasSuffix(text, "\n") {
			t.Fatalf("a line is cut off: %.80s", text)
		}
		var l struct {
			batchLine
			Count, Converted, Failed int
		}
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		if l.Number == 0 {
			count = &BatchCount{l.Count, l.Converted, l.Failed}
			continue
		}
		list = append(list, l.batchLine)
	}
	return list, count
}

// TestBatch: every document has the result and the report of the library, in order, whichever way it comes and
// goes; one that cannot be converted has its problem in its place.
func TestBatch(t *testing.T) {
	h := mounted(usual())
	var files []named
	for name, xml := range documents(t) {
		files = append(files, named{name, string(xml)})
	}
	slices.SortFunc(files, func(a, b named) int { return strings.Compare(a.name, b.name) })
	files = slices.Insert(files, 2, named{"notes.txt", "Ada was here"}, named{"cut.xml", files[0].text[:300]})
	var parts [][3]string
	for _, f := range files {
		parts = append(parts, [3]string{"document", "", f.text})
	}
	form, formBody := formOf(t, parts...)
	archived, archivedBody := formOf(t, [3]string{"archive", typeZip, string(zipped(t, files...))})
	for name, sent := range map[string]struct {
		contentType string
		body        []byte
	}{"form": {form, formBody}, "zip": {typeZip, zipped(t, files...)}, "zip in a form": {archived, archivedBody}} {
		t.Run(name, func(t *testing.T) {
			list, count := readLines(t, good(t, h, "/v1/batch?display=minimal", sent.contentType, typeLines, sent.body))
			if count == nil || *count != (BatchCount{len(files), len(files) - 2, 2}) || len(list) != len(files) {
				t.Fatalf("%d lines, %+v", len(list), count)
			}
			for i, l := range list {
				checkLine(t, l, i, files[i])
			}
			checkArchive(t, good(t, h, "/v1/batch?display=minimal", sent.contentType, typeZip, sent.body), list)
		})
	}
}

func checkLine(t *testing.T, l batchLine, i int, f named) {
	t.Helper()
	want := map[string]*problem.Type{"notes.txt": problem.NotADocument, "cut.xml": problem.Malformed}[f.name]
	if l.Number != i+1 || l.Name != "x" && l.Name != f.name {
		t.Errorf("%+v is not number %d of %s", l.BatchFile, i+1, f.name)
	}
	if want != nil {
		if l.Status != wasRefused || l.Problem == nil || l.Problem.Type != problem.Base+want.Name || l.Result != nil {
			t.Errorf("%s: %+v", f.name, l)
		}
		return
	}
	res := library(t, []byte(f.text), convert.Options{Keep: convert.KeepNotes, Display: convert.DisplayMinimal})
	result, err := json.Marshal(l.Result)
	if err != nil {
		t.Fatal(err)
	}
	if l.Status != wasDone || !sameJSON(t, sorted(t, result), sorted(t, res.document())) || !sameJSON(t, l.Report, encode(res.report)) || l.Losses != losses(res.reports) {
		t.Errorf("%s: another result or report than the library's", f.name)
	}
}

// sorted is JSON with the members of objects in order.
func sorted(t testing.TB, data []byte) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return encode(v)
}

// checkArchive checks that an archive says what lines say.
func checkArchive(t *testing.T, data []byte, list []batchLine) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	var index batchIndex
	if err := json.Unmarshal(read("index.json"), &index); err != nil {
		t.Fatal(err)
	}
	if z.File[len(z.File)-1].Name != "index.json" || len(index.Files) != len(list) || index.Count != len(list) {
		t.Errorf("%+v", index.BatchCount)
	}
	for i, e := range index.Files {
		if e.Number != i+1 || e.Name != list[i].Name || e.Status != list[i].Status {
			t.Errorf("%+v, want %+v", e.BatchFile, list[i].BatchFile)
		}
		if e.Status != wasDone {
			continue
		}
		result, err := json.Marshal(list[i].Result)
		if err != nil {
			t.Fatal(err)
		}
		if !sameJSON(t, sorted(t, read(e.Result)), sorted(t, result)) || !sameJSON(t, read(e.Report), list[i].Report) {
			t.Errorf("%s: the archive has another result than the lines", e.Name)
		}
	}
}

// TestBatchOptions: issuer and options of the form are those of all documents, credentials go back, and a result
// that is not UTF-8 comes through.
func TestBatchOptions(t *testing.T) {
	h := mounted(usual())
	xml := string(file(t, "elmo/one-course.xml"))
	contentType, body := formOf(t, [3]string{"document", "", xml}, [3]string{"document", "", xml},
		[3]string{"issuer", "", string(file(t, "issuer.json"))}, [3]string{"options", "", `{"keep":"source","display":"minimal"}`})
	data := good(t, h, "/v1/batch", contentType, typeLines, body)
	if bytes.Count(data, []byte("VATNO-000000000")) < 2 {
		t.Error("the issuer is missing")
	}
	latin := strings.Replace(strings.Replace(xml, "UTF-8", "ISO-8859-1", 1), "</givenNames>", "\xe9</givenNames>", 1)
	list, _ := readLines(t, good(t, h, "/v1/batch?keep=source&display=minimal", typeZip, typeLines, zipped(t, named{"a", latin})))
	sealed, err := json.Marshal(list[0].Result)
	if err != nil {
		t.Fatal(err)
	}
	list, _ = readLines(t, good(t, h, "/v1/batch", typeZip, typeLines, zipped(t, named{"a", string(sealed)}, named{"b", xml})))
	if list[0].Encoding != "base64" || list[0].MediaType != typeXML || list[1].MediaType != typeJSONLD {
		t.Errorf("%s %s", list[0].Encoding, list[0].MediaType)
	}
	list, _ = readLines(t, good(t, h, "/v1/batch?require-signature=true", typeZip, typeLines, zipped(t, named{"b", xml})))
	if list[0].Problem == nil || list[0].Problem.Type != problem.Base+problem.Unverified.Name {
		t.Errorf("%+v", list[0].BatchFile)
	}
}

// TestBatchNames: names repeat, lie and lead elsewhere; in the archive of results each file has a plain name of
// its own.
func TestBatchNames(t *testing.T) {
	h := mounted(usual())
	xml := string(file(t, "elmo/one-course.xml"))
	names := []string{"a.xml", "a.xml", "A.XML", "../../etc/passwd.xml", `..\..\windows\con.xml`, "/abs/olute.xml", "x/.xml", "...", "CON", "\x1b[31m.xml",
		"caf\xe9.xml", "a\nb:c*d?.xml", strings.Repeat("n", 5000) + ".xml", "læring.xml", "a.xml.exe"}
	var files []named
	for _, name := range names {
		files = append(files, named{name, xml})
	}
	sent := zipped(t, files...)
	data := good(t, h, "/v1/batch?display=minimal", typeZip, typeZip, sent)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range z.File {
		key := strings.ToLower(f.Name)
		if seen[key] || path.Clean(f.Name) != f.Name || strings.Contains(f.Name, "..") || strings.ContainsAny(f.Name, "\\:*?\n\x1b") || len(f.Name) > 100 || strings.Count(f.Name, "/") > 1 {
			t.Errorf("%q", f.Name)
		}
		seen[key] = true
	}
	if len(seen) != 2*len(names)+1 {
		t.Errorf("%d files of %d documents", len(seen), len(names))
	}
	list, _ := readLines(t, good(t, h, "/v1/batch?display=minimal", typeZip, typeLines, sent))
	if list[0].Name != list[1].Name || list[1].Number != 2 || list[3].Name != names[3] || len([]rune(list[12].Name)) != longestName {
		t.Errorf("%+v", list[3].BatchFile)
	}
}

// TestBatchRefused: what is wrong with a batch as a whole is told before anything is converted.
func TestBatchRefused(t *testing.T) {
	h := mounted(usual())
	xml := string(file(t, "elmo/one-course.xml"))
	empty, emptyBody := formOf(t)
	twice, twiceBody := formOf(t, [3]string{"archive", "", string(zipped(t, named{"a", xml}))}, [3]string{"archive", "", string(zipped(t, named{"a", xml}))})
	useless, uselessBody := formOf(t, [3]string{"archive", "", string(zipped(t, named{"a", xml}))})
	many := make([]named, mostParts+1)
	for _, c := range []struct {
		path, contentType, accept, body string
		want                            *problem.Type
	}{
		{"/v1/batch", empty, "", string(emptyBody), problem.BadRequest},
		{"/v1/batch", twice, "", string(twiceBody), problem.BadRequest},
		{"/v1/batch?keep=all", typeZip, "", "", problem.BadRequest},
		{"/v1/batch", typeZip, "", string(zipped(t, named{"folder/", ""})), problem.BadRequest},
		{"/v1/convert", useless, "", string(uselessBody), problem.BadRequest},
		{"/v1/convert", typeZip, "", string(zipped(t, named{"a", xml})), problem.MediaTypes},
		{"/v1/batch", typeZip, "image/png", string(zipped(t, named{"a", xml})), problem.Unacceptable},
		{"/v1/batch", typeZip, "", "PK", problem.BadArchive},
		{"/v1/batch", typeZip, "", string(zipped(t, named{"a", xml})[20:]), problem.BadArchive},
		{"/v1/batch", typeZip, "", string(zipped(t, many...)), problem.BadArchive},
	} {
		w := post(h, c.path, c.contentType, c.accept, []byte(c.body))
		refused(t, c.path+" "+c.want.Name, w, c.want)
		conforms(t, http.MethodPost, c.path, w)
	}
}

// arriving is a request on a server of its own.
func arriving(t *testing.T, h http.Handler, ctx context.Context, contentType, accept string, body io.Reader) (*http.Response, error) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/v1/batch?display=minimal", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Accept", accept)
	return http.DefaultClient.Do(r)
}

// quiet waits until nothing is held any more; the test fails by its own time limit.
func quiet(c Config) {
	for c.Gate.Working() > 0 || c.Budget.Used() > 0 {
		time.Sleep(time.Millisecond)
	}
}

// TestBatchStreams: the first lines arrive while others wait for a worker; when the client goes, no more documents
// are converted, and everything is given back.
func TestBatchStreams(t *testing.T) {
	c := usual()
	c.Gate = limit.NewGate(1, time.Millisecond)
	h := &handlers{Config: c.withDefaults()}
	opened, xml := make(chan int, 10), file(t, "elmo/one-course.xml")
	free := make(chan struct{})
	var items []*item
	for n := range 5 {
		items = append(items, &item{"", func(*limit.Share) ([]byte, error) {
			if opened <- n; n > 0 {
				<-free
			}
			return xml, nil
		}})
	}
	ended := make(chan struct{})
	stream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		(&batchNow{h, &conversion{&convertQuery{}, convert.Options{}}, items, typeLines, c.Budget.Share()}).write(w, r)
	})
	ctx, cancel := context.WithCancel(t.Context())
	w, err := arriving(t, stream, ctx, typeZip, typeLines, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Body.Close() }()
	line, err := bufio.NewReader(w.Body).ReadBytes('\n')
	if err != nil || !bytes.Contains(line, []byte(`"number":1`)) {
		t.Fatalf("%v %.80s", err, line)
	}
	for n := 0; n < 1; n = <-opened { // the second is at work
	}
	cancel()
	<-ended
	close(free)
	quiet(c)
	if len(opened) != 0 {
		t.Errorf("%d more documents were begun", len(opened))
	}
}

// TestBatchCutOff: a client that goes while it sends leaves nothing behind.
func TestBatchCutOff(t *testing.T) {
	c := usual()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	done := make(chan error, 1)
	go func() {
		w, err := arriving(t, mounted(c), ctx, typeZip, typeLines, read)
		if err == nil {
			err = w.Body.Close()
		}
		done <- err
	}()
	if _, err := write.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	for c.Budget.Used() == 0 { // the test fails by its own time limit
		time.Sleep(time.Millisecond)
	}
	cancel()
	_ = write.CloseWithError(context.Canceled) // package http waits for who reads the body
	if err := <-done; err == nil {
		t.Error("there was an answer")
	}
	quiet(c)
}

// TestBatchOutlivesReading: the time in which a request must arrive does not end a batch that takes longer.
func TestBatchOutlivesReading(t *testing.T) {
	c := usual()
	s := httptest.NewUnstartedServer(mounted(c))
	s.Config.ReadTimeout = 50 * time.Millisecond
	s.Start()
	defer s.Close()
	leave := occupied(t, c.Gate, 2)
	time.AfterFunc(4*s.Config.ReadTimeout, leave)
	w, err := http.Post(s.URL+"/v1/batch?display=minimal", typeZip, bytes.NewReader(zipped(t, named{"a", string(file(t, "elmo/one-course.xml"))})))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(w.Body)
	if err != nil || w.Body.Close() != nil {
		t.Fatal(err)
	}
	if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil {
		t.Error(err)
	}
}

// TestBatchTime: when the time for a batch is over, the answer ends without its last line.
func TestBatchTime(t *testing.T) {
	c := usual()
	c.BatchTime = time.Nanosecond
	xml := string(file(t, "elmo/one-course.xml"))
	list, count := readLines(t, good(t, mounted(c), "/v1/batch", typeZip, typeLines, zipped(t, named{"a", xml})))
	if len(list) != 0 || count != nil {
		t.Errorf("%d lines, %v", len(list), count)
	}
	data := good(t, mounted(c), "/v1/batch", typeZip, typeZip, zipped(t, named{"a", xml}))
	if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		t.Error("an archive that was cut off can be opened")
	}
	quiet(c)
}

// TestBatchShares: a batch that waits for a worker goes on when there is one, one that takes too long fails alone, and
// so does one that makes the program fail.
func TestBatchShares(t *testing.T) {
	c := usual()
	c.Gate, c.Budget = limit.NewGate(1, time.Millisecond), limit.NewBudget(1<<20)
	h := &handlers{Config: c.withDefaults()}
	xml := file(t, "elmo/one-course.xml")
	spool, want := c.Budget.Share(), &conversion{&convertQuery{}, convert.Options{Display: convert.DisplayMinimal}}
	leave := occupied(t, c.Gate, 1)
	free := time.AfterFunc(20*time.Millisecond, leave)
	defer free.Stop()
	working := make(chan struct{})
	for _, x := range []struct {
		open func(*limit.Share) ([]byte, error)
		want *problem.Type
	}{
		{func(*limit.Share) ([]byte, error) { return xml, nil }, nil},
		{func(*limit.Share) ([]byte, error) { <-working; return xml, nil }, problem.TookTooLong},
		{func(*limit.Share) ([]byte, error) { panic("Ada Example") }, problem.Fault},
		{func(s *limit.Share) ([]byte, error) {
			return io.ReadAll(s.Reader(bytes.NewReader(make([]byte, 2<<20))))
		}, problem.Busy},
		{func(*limit.Share) ([]byte, error) { return xml, nil }, nil},
	} {
		c.Time = time.Minute
		if x.want == problem.TookTooLong {
			c.Time = 10 * time.Millisecond
			time.AfterFunc(2*c.Time, func() { close(working) })
		}
		o, err := h.settle(t.Context(), &item{"", x.open}, want, spool)
		if err != nil {
			t.Fatal(err)
		}
		if (x.want == nil) != (o.Problem == nil) || x.want != nil && o.Problem.Type != problem.Base+x.want.Name {
			t.Errorf("%+v, want %+v", o.Problem, x.want)
		}
		if n := c.Gate.Working(); n != 0 {
			t.Errorf("%d workers are taken", n)
		}
	}
	spool.Release()
	quiet(c)
}

// BenchmarkBatch tells how much slower a batch as lines is than the library is on the same documents.
func BenchmarkBatch(b *testing.B) {
	h := mounted(usual())
	var files []named
	for range 10 {
		for name, xml := range documents(b) {
			files = append(files, named{name, string(xml)})
		}
	}
	sent := zipped(b, files...)
	var library time.Duration
	for b.Loop() {
		w := post(h, "/v1/batch?display=minimal", typeZip, typeLines, sent)
		if w.Code != http.StatusOK || !bytes.HasSuffix(w.Body.Bytes(), []byte(`"failed":0}`+"\n")) {
			b.Fatal(w.Code)
		}
		b.StopTimer()
		begin := time.Now()
		for _, f := range files {
			alone(b, f.text)
		}
		library += time.Since(begin)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed())/float64(library), "x-library")
	b.ReportMetric(float64(b.N*len(files))/b.Elapsed().Seconds(), "documents/s")
}

// alone converts a document as a program does that uses the library.
func alone(b *testing.B, text string) {
	in, err := convert.Read([]byte(text))
	if err != nil {
		b.Fatal(err)
	}
	res, err := converted(in, convert.FormatEDC, convert.Options{Keep: convert.KeepNotes, Display: convert.DisplayMinimal})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := json.Marshal(res.report); err != nil {
		b.Fatal(err)
	}
}

// TestBatchesLeaveWorkers: however many documents of batches are at work and wait, other requests have a worker.
func TestBatchesLeaveWorkers(t *testing.T) {
	c := usual()
	c.Gate = limit.NewGate(2, time.Millisecond)
	h := &handlers{Config: c.withDefaults()}
	xml, want := file(t, "elmo/one-course.xml"), &conversion{&convertQuery{}, convert.Options{Display: convert.DisplayMinimal}}
	at, free := make(chan struct{}, 8), make(chan struct{})
	var all sync.WaitGroup
	for range cap(at) {
		spool := c.Budget.Share()
		all.Go(func() {
			defer spool.Release()
			open := func(*limit.Share) ([]byte, error) { at <- struct{}{}; <-free; return xml, nil }
			if o, err := h.settle(t.Context(), &item{"", open}, want, spool); err != nil || o.Status != wasDone {
				t.Error(err)
			}
		})
	}
	<-at
	for range 20 { // a millisecond each, in which the others ask for a worker
		if w := post(mounted(c), "/v1/convert?display=minimal", typeXML, "", xml); w.Code != http.StatusOK {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	close(free)
	all.Wait()
	quiet(c)
}

// TestBatchDates: entries of results have a date that there is.
func TestBatchDates(t *testing.T) {
	data := good(t, mounted(usual()), "/v1/batch?display=minimal", typeZip, typeZip, zipped(t, named{"a", string(file(t, "elmo/one-course.xml"))}, named{"b", "x"}))
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if date := f.ModifiedDate; !f.Modified.Equal(entryTime) || date&31 == 0 || date>>5&15 == 0 {
			t.Errorf("%s: %v, %#x", f.Name, f.Modified, date)
		}
	}
}

// TestResultMemory: a result for which there is no memory failed, and the others go on.
func TestResultMemory(t *testing.T) {
	c := usual()
	c.Budget = limit.NewBudget(12_000)
	xml := string(file(t, "elmo/one-course.xml"))
	list, count := readLines(t, good(t, mounted(c), "/v1/batch?display=minimal", typeZip, typeLines, zipped(t, named{"a", xml}, named{"b", "x"})))
	if len(list) != 2 || count == nil || list[0].Problem == nil || list[0].Problem.Type != problem.Base+problem.Busy.Name || list[0].Name != "a" || list[0].Number != 1 {
		t.Errorf("%d lines, %v", len(list), count)
	}
	quiet(c)
}
