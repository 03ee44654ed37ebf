package rest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
)

// packed writes an archive whose entries say of themselves what they like.
func packed(t testing.TB, entries ...*zip.FileHeader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.CreateRaw(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.Comment); err != nil { // the data
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entry is an entry with these data, which stand in its comment as well.
func entry(method uint16, data string, size uint64) *zip.FileHeader {
	plain := []byte(data)
	if method == zip.Deflate {
		plain, _ = io.ReadAll(flate.NewReader(strings.NewReader(data))) // what can be unpacked of it
	}
	return &zip.FileHeader{Name: "a.xml", Comment: data, Method: method, CRC32: crc32.ChecksumIEEE(plain), CompressedSize64: uint64(len(data)), UncompressedSize64: size}
}

// deflated packs zeros.
func deflated(t testing.TB, size int) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHostileEntries: an entry that is no plain file has its problem, and the others go on.
func TestHostileEntries(t *testing.T) {
	c := usual()
	h := mounted(c)
	xml := string(file(t, "elmo/one-course.xml"))
	secret := entry(zip.Store, xml, uint64(len(xml)))
	secret.Flags = encrypted
	link := entry(zip.Store, "/etc/passwd", 11)
	link.SetMode(fs.ModeSymlink | 0o777)
	odd := entry(12, "BZh9", 100) // bzip2
	wrong := entry(zip.Store, xml, uint64(len(xml)))
	wrong.CRC32++
	for name, x := range map[string]struct {
		entry *zip.FileHeader
		want  *problem.Type
	}{
		"encrypted":       {secret, problem.BadEntry},
		"link":            {link, problem.BadEntry},
		"bzip2":           {odd, problem.BadEntry},
		"checksum":        {wrong, problem.BadEntry},
		"not deflated":    {entry(zip.Deflate, "\xff\xff\xff", 100), problem.BadEntry},
		"nested":          {entry(zip.Store, string(zipped(t, named{"a", xml})), uint64(len(zipped(t, named{"a", xml})))), problem.BadEntry},
		"gzip":            {entry(zip.Store, "\x1f\x8b\x08", 3), problem.BadEntry},
		"1:1000":          {entry(zip.Deflate, deflated(t, 4<<20), 4<<20), problem.BadEntry},
		"bomb that lies":  {entry(zip.Deflate, deflated(t, 16<<20), 1000), problem.BadEntry},
		"says too little": {entry(zip.Store, xml, 10), problem.BadEntry},
		"says too much":   {entry(zip.Deflate, "\x03\x00", 1000), problem.BadEntry},
		"huge":            {entry(zip.Store, "x", 1<<62), problem.TooLarge},
		"over 64 bits":    {entry(zip.Store, "x", 1<<64-1), problem.TooLarge},
		"deep XML":        {entry(zip.Store, strings.Repeat("<a>", 10_000), 30_000), problem.OverLimit},
		"deep ELMO":       {entry(zip.Store, string(file(t, "invalid/deep.xml")), uint64(len(file(t, "invalid/deep.xml")))), problem.OverLimit},
		"deep JSON":       {entry(zip.Store, strings.Repeat("[", 10_000), 10_000), problem.Malformed},
		"empty":           {entry(zip.Store, "", 0), problem.NotADocument},
	} {
		t.Run(name, func(t *testing.T) {
			sent := packed(t, x.entry, entry(zip.Store, xml, uint64(len(xml))))
			list, count := readLines(t, good(t, h, "/v1/batch?display=minimal", typeZip, typeLines, sent))
			if count == nil || len(list) != 2 || list[1].Status != wasDone {
				t.Fatalf("%d lines, %+v", len(list), count)
			}
			if p := list[0].Problem; p == nil || p.Type != problem.Base+x.want.Name {
				t.Errorf("%+v, want %s", p, x.want.Name)
			}
		})
	}
	quiet(c)
}

// overlapping is an archive whose entries are all the same bytes: the directory entry is there many times.
func overlapping(t testing.TB, entries int) []byte {
	t.Helper()
	one := packed(t, entry(zip.Deflate, deflated(t, 200<<10), 200<<10))
	from, to := bytes.Index(one, directoryHeader), bytes.LastIndex(one, []byte("PK\x05\x06"))
	directory := bytes.Repeat(one[from:to], entries)
	end := bytes.Clone(one[to:])
	binary.LittleEndian.PutUint16(end[8:], uint16(entries))
	binary.LittleEndian.PutUint16(end[10:], uint16(entries))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(directory)))
	return bytes.Join([][]byte{one[:from], directory, end}, nil)
}

// TestHostileArchives: an archive that is made to be unpacked to much is refused before anything is.
func TestHostileArchives(t *testing.T) {
	c := usual()
	c.MaxBody = 1 << 20
	h := mounted(c)
	var much []*zip.FileHeader
	for range mostUnpacked + 2 {
		much = append(much, entry(zip.Deflate, deflated(t, 1<<20), 1<<20)) // each may be as it is
	}
	outside := packed(t, entry(zip.Store, "x", 1))
	at := bytes.Index(outside, directoryHeader)
	binary.LittleEndian.PutUint32(outside[at+20:], 1<<30) // its packed size
	lying := overlapping(t, 1)
	lying = append(lying[:len(lying)-22:len(lying)-22], bytes.Repeat(lying[bytes.Index(lying, directoryHeader):len(lying)-22], mostParts)...)
	for name, x := range map[string]struct {
		data []byte
		want *problem.Type
	}{
		"overlap":        {overlapping(t, 2), problem.BadArchive},
		"overlap of all": {overlapping(t, mostParts), problem.BadArchive},
		"together":       {packed(t, much...), problem.TooLarge},
		"outside":        {outside, problem.BadArchive},
		"more than told": {lying, problem.BadArchive},
	} {
		refused(t, name, post(h, "/v1/batch", typeZip, typeLines, x.data), x.want)
	}
	quiet(c)
}

// TestUnpackedMemory: an archive with much in it takes the memory of one entry at a time.
func TestUnpackedMemory(t *testing.T) {
	c := usual()
	c.Budget = limit.NewBudget(4 << 20)
	var list []*zip.FileHeader
	for one := deflated(t, 1<<20); len(list) < 60; {
		list = append(list, entry(zip.Deflate, one, 1<<20))
	}
	sent := packed(t, list...)
	most := int64(0)
	items, err := entriesOf(sent, c.MaxBody)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for _, i := range items {
		share := c.Budget.Share()
		data, err := i.open(share)
		if err != nil || len(data) != 1<<20 {
			t.Fatal(len(data), err)
		}
		most = max(most, c.Budget.Used())
		share.Release()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if most < 1<<20 || most > 2<<20 || c.Budget.Used() != 0 {
		t.Errorf("%d bytes of the budget at most, %d afterwards", most, c.Budget.Used())
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	got, count := readLines(t, good(t, mounted(c), "/v1/batch", typeZip, typeLines, sent))
	if count == nil || count.Failed != 60 || got[59].Problem.Type != problem.Base+problem.NotADocument.Name {
		t.Errorf("%+v", count)
	}
	quiet(c)
}

// FuzzArchive: whatever an archive says, each entry gives no more than a request may have, and the answer is
// results or a problem of the client.
func FuzzArchive(f *testing.F) {
	xml := string(file(f, "elmo/one-course.xml"))
	f.Add(zipped(f, named{"a.xml", xml}, named{"b/c.json", "{}"}))
	f.Add(packed(f, entry(zip.Store, "/etc/passwd", 11), entry(zip.Deflate, deflated(f, 1000), 1000)))
	f.Add(overlapping(f, 3))
	const most = 1 << 20
	f.Fuzz(func(t *testing.T, data []byte) {
		budget := limit.NewBudget(64 << 20)
		items, err := entriesOf(data, most)
		if err != nil {
			if p := problem.Of(err); p.Status < 400 || p.Status > 499 {
				t.Fatal(p)
			}
			return
		}
		total := 0
		for _, i := range items {
			share := budget.Share()
			data, err := i.open(share)
			if share.Release(); err != nil && problem.Of(err).Kind == problem.Internal {
				t.Fatal(err)
			}
			if total += len(data); len(data) > most || total > mostUnpacked*most {
				t.Fatalf("%d bytes, %d together", len(data), total)
			}
			if stem := stemOf(i.name); strings.ContainsAny(stem, "./\\:") || len([]rune(stem)) > longestStem {
				t.Fatalf("%q", stem)
			}
		}
		if budget.Used() != 0 {
			t.Fatal(budget.Used())
		}
	})
}
