package rest

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
)

// Limits of an archive. Entries are unpacked one after the other, each into the memory of a body and no further:
// names are labels, nothing is written anywhere by them.
const (
	mostUnpacked = 16      // times the largest request: all entries together
	mostRatio    = 200     // of an entry to its packed form; documents have 5 to 40
	anyRatio     = 1 << 20 // bytes up to which the ratio is nobody's concern
)

// item is a document of a batch that is yet to be read.
type item struct {
	name string
	open func(*limit.Share) ([]byte, error) // takes the memory it needs
}

// items are the documents of a batch: those of the form, then those of the archive.
func (u *upload) items(most int64) ([]*item, error) {
	var list []*item
	for _, d := range u.documents {
		list = append(list, &item{d.name, func(*limit.Share) ([]byte, error) { return d.data, d.err }})
	}
	if u.archive != nil {
		entries, err := entriesOf(u.archive, most)
		if err != nil {
			return nil, err
		}
		list = append(list, entries...)
	}
	switch {
	case len(list) == 0:
		return nil, problem.New(problem.BadRequest, "there is no document")
	case len(list) > mostParts:
		return nil, tooMany()
	}
	return list, nil
}

func tooMany() error {
	return problem.New(problem.BadArchive, fmt.Sprintf("there are more than %d documents", mostParts))
}

// directoryHeader begins each entry of the directory. APPNOTE 4.3.12.
var directoryHeader = []byte("PK\x01\x02")

// entriesOf reads the directory of an archive, without its folders. Most is the largest size of an entry. The error
// is one of the archive as a whole; entries with something wrong fail when they are opened.
func entriesOf(data []byte, most int64) ([]*item, error) {
	// What the directory says of its length is not to be believed, and package zip reads on while there are entries.
	if bytes.Count(data, directoryHeader) > mostParts {
		return nil, tooMany()
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, problem.New(problem.BadArchive, "it is cut off or damaged, or no zip archive at all")
	}
	files := slices.DeleteFunc(z.File, func(f *zip.File) bool { return f.Mode().IsDir() })
	if err := apart(files, int64(len(data))); err != nil {
		return nil, err
	}
	var list []*item
	total := int64(0)
	for _, f := range files {
		if err := checkEntry(f, most); err != nil {
			list = append(list, &item{f.Name, func(*limit.Share) ([]byte, error) { return nil, err }})
			continue
		}
		total += int64(f.UncompressedSize64) // which is not over most
		list = append(list, &item{f.Name, func(s *limit.Share) ([]byte, error) { return unpack(f, s) }})
	}
	if total > mostUnpacked*most {
		return nil, problem.New(problem.TooLarge, fmt.Sprintf("the entries have more than %d bytes together", mostUnpacked*most))
	}
	return list, nil
}

// apart refuses archives whose entries share bytes, which is how small ones become huge.
func apart(files []*zip.File, size int64) error {
	type extent struct{ from, to int64 }
	var all []extent
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil || f.CompressedSize64 > uint64(size) || from+int64(f.CompressedSize64) > size {
			return problem.New(problem.BadArchive, "its directory does not fit its entries")
		}
		all = append(all, extent{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(all, func(a, b extent) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(all); i++ {
		if all[i].from < all[i-1].to {
			return problem.New(problem.BadArchive, "entries overlap")
		}
	}
	return nil
}

const (
	encrypted = 1 << 0 // of the flags of an entry. APPNOTE 4.4.4
	patched   = 1 << 5
)

// checkEntry refuses entries that are no plain files, or too large.
func checkEntry(f *zip.File, most int64) error {
	switch {
	case f.Flags&encrypted != 0:
		return problem.New(problem.BadEntry, "it is encrypted")
	case f.Mode()&fs.ModeType != 0:
		return problem.New(problem.BadEntry, "it is a link or a device, not a file")
	case f.Method != zip.Store && f.Method != zip.Deflate || f.Flags&patched != 0:
		return problem.New(problem.BadEntry, "it is packed in another way than with Deflate")
	case f.UncompressedSize64 > uint64(most):
		return problem.New(problem.TooLarge, fmt.Sprintf("at most %d bytes are read", most))
	case f.UncompressedSize64 > anyRatio && f.UncompressedSize64/mostRatio > f.CompressedSize64:
		return problem.New(problem.BadEntry, fmt.Sprintf("unpacked it is more than %d times as large", mostRatio))
	}
	return nil
}

// unpack reads an entry. Package zip gives no more bytes than the directory says.
func unpack(f *zip.File, s *limit.Share) ([]byte, error) {
	packed, err := f.Open()
	if err != nil {
		return nil, problem.New(problem.BadEntry, "it is damaged")
	}
	defer func() { _ = packed.Close() }()
	data, err := io.ReadAll(s.Reader(packed))
	switch {
	case err == limit.ErrFull:
		return nil, err
	case err != nil:
		return nil, problem.New(problem.BadEntry, "it is damaged")
	case isArchive(data):
		return nil, problem.New(problem.BadEntry, "it is an archive; pack the documents themselves")
	}
	return data, nil
}

// magic begins the archives and packed files that people have.
var magic = []string{"PK\x03\x04", "PK\x05\x06", "\x1f\x8b", "BZh", "\xfd7zXZ\x00", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "\x28\xb5\x2f\xfd"}

func isArchive(data []byte) bool {
	return slices.ContainsFunc(magic, func(m string) bool { return bytes.HasPrefix(data, []byte(m)) })
}
