package convert

import (
	"bytes"
	"errors"
	"fmt"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// Format is the kind of a file.
type Format string

const (
	FormatUnknown Format = ""
	FormatELMO    Format = "elmo" // XML
	FormatEDC     Format = "edc"  // JSON, or a compact JWS
)

// ErrFormat is returned for a file that is neither of the two kinds.
var ErrFormat = errors.New("neither an ELMO document (XML) nor a European Digital Credential (JSON)")

// Detect tells the kind of a file by its first characters. It does not say that the file is sound.
func Detect(data []byte) Format {
	if elmo.Sniff(data) {
		return FormatELMO
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	switch {
	case len(text) == 0:
		return FormatUnknown
	case bytes.IndexByte([]byte(`{["`), text[0]) >= 0, bytes.HasPrefix(text, []byte("eyJ")):
		return FormatEDC
	}
	return FormatUnknown
}

// Input is a file that was read.
type Input struct {
	Format      Format
	Document    *elmo.Document                    // of FormatELMO
	Credentials []*edci.EuropeanDigitalCredential // of FormatEDC
}

// Read reads a file of either kind. The errors are those of elmo.Read and edci.Read, and ErrFormat.
// The result shares memory with data, which must not be changed afterwards.
func Read(data []byte) (*Input, error) {
	in := &Input{Format: Detect(data)}
	var err error
	switch in.Format {
	case FormatELMO:
		in.Document, err = readELMO(data)
	case FormatEDC:
		in.Credentials, err = edci.Read(data, edci.ReadOptions{})
	default:
		err = unknownFormat(data)
	}
	if err != nil {
		return nil, err
	}
	return in, nil
}

// readELMO names credentials of ELM v2, which are XML, too.
func readELMO(data []byte) (*elmo.Document, error) {
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if errors.Is(err, elmo.ErrNotELMO) {
		if _, other := edci.Read(data, edci.ReadOptions{}); errors.Is(other, edci.ErrELM2) {
			return nil, other
		}
	}
	return doc, err
}

// gzipBase64 begins what EMREX clients post: base64 of gzip.
var gzipBase64 = []byte("H4sI")

func unknownFormat(data []byte) error {
	text := bytes.TrimSpace(data)
	switch {
	case len(text) == 0:
		return fmt.Errorf("%w: the file is empty", ErrFormat)
	case bytes.HasPrefix(text, gzipBase64):
		return fmt.Errorf("%w: it looks like the form field of EMREX, base64 of a gzip file; unpack it with base64 -d and gunzip", ErrFormat)
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		return fmt.Errorf("%w: it is a gzip file; unpack it first", ErrFormat)
	case bytes.HasPrefix(data, []byte("%PDF")):
		return fmt.Errorf("%w: it is a PDF file", ErrFormat)
	}
	return ErrFormat
}
