package elmo

// Version is an ELMO version: "1.0" to "1.7", "2.0", or "2.0-v2" for 2.0 in the namespace tree/v2.
type Version string

// The versions in order; Latest is what is written by default.
const (
	V10   Version = "1.0"
	V11   Version = "1.1"
	V12   Version = "1.2"
	V13   Version = "1.3"
	V14   Version = "1.4"
	V15   Version = "1.5"
	V16   Version = "1.6"
	V17   Version = "1.7"
	V20   Version = "2.0"
	V20v2 Version = "2.0-v2"

	Latest = V17
)
