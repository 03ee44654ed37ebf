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

var versions = []Version{V10, V11, V12, V13, V14, V15, V16, V17, V20, V20v2}

const (
	rankLatest = 7
	rank13     = 3
	rank20     = 8
)

// rank is the place of v among the versions, -1 for an unknown one.
func (v Version) rank() int {
	for i, w := range versions {
		if v == w {
			return i
		}
	}
	return -1
}

// namespace is what a document of the version is in.
func (v Version) namespace() string {
	if v == V20v2 {
		return NSv2
	}
	return NS
}

func mustRank(where, v string) int {
	n := Version(v).rank()
	if n < 0 {
		panic("elmo: " + where + ": unknown version " + v)
	}
	return n
}
