package elmo

import "crypto/sha256"

// Source tells where a document came from and what the reader had to do to read it.
type Source struct {
	Data        []byte            // the bytes as received; texts of the model may share their memory
	Digest      [sha256.Size]byte // SHA-256 of Data
	Encoding    string            // "UTF-8", "UTF-16LE", "ISO-8859-1" ...
	Namespace   string            // of the root element; empty when it has none
	Wrapper     string            // local name of the document's root when the elmo element stood inside another one
	Version     Version           // the ELMO version the document claims or needs
	VersionFrom string            // what tells it: "schemaLocation", "namespace" or "elements"

	Known bool // the schema knows all of it: there is no Extra anywhere

	Observations []Observation
}

// ObservationKind says how the model differs from the bytes although nothing is missing in it.
type ObservationKind string

const (
	Empty     ObservationKind = "empty"     // an empty element without attributes: not in the model
	Collapsed ObservationKind = "collapsed" // white space of an xs:token was collapsed
	Order     ObservationKind = "order"     // elements stood in another order than the schema's
	Instance  ObservationKind = "xsi"       // an attribute of XML Schema Instance: not in the model
	Missing   ObservationKind = "missing"   // a required element or attribute is not there; the writer writes it empty
	Namespace ObservationKind = "namespace" // elements were in no namespace, or in an old one, and read as ELMO
	Restored  ObservationKind = "restored"  // an element was taken out of an extension (Unfit): other readers do not see it
)

// Observation is one such difference.
type Observation struct {
	Kind ObservationKind
	Path string // as in Path: report[1]/issuer/url
	Line int
}
