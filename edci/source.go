package edci

// Source tells where a credential came from and what the reader had to do to read it.
type Source struct {
	Data     []byte   // the file as received
	Index    int      // position among the credentials of that file, from 0
	Envelope string   // "credential", "array", "presentation", "upload", "jades", "jwt", "sd-jwt", "elm"
	Form     string   // "plain" or "json-ld" (read through a JSON-LD processor)
	Version  string   // of ELM: "3.2", "3.1", "3.0"
	Contexts []string // as written
	Sealed   bool     // there is a signature around or inside (not verified here)

	At      string // RFC 6901: where the credential stands in the file, as far as that is JSON
	Encoded bool   // and that it is in a text that must be decoded first: a JWS, base64

	// Around names the members of envelopes that are not read: presentation/holder, jwt/exp.
	Around []string

	// Tree is the credential in plain shape: compact members of the EDC context, nested nodes.
	Tree Object

	// Written is the document in plain shape when it needed the JSON-LD processor for its references
	// only: nodes that are told of at one place and named at another. nil otherwise. Spellings are repaired.
	Written Object

	Observations []Observation
}

// ObservationKind says what the reader met.
type ObservationKind string

const (
	NotInContext ObservationKind = "not-in-context" // JSON-LD drops the member and all below it; it is in Tree
	Spelling     ObservationKind = "spelling"       // an older or wrong spelling was read as the right member
	ContextPair  ObservationKind = "context"        // the contexts cannot be processed as written; read as VC 1.1
	Resolved     ObservationKind = "reference"      // a node reference was replaced by the node
)

// Observation is one such finding.
type Observation struct {
	Kind    ObservationKind
	Pointer string // RFC 6901, in Tree
	Note    string
}

// Object is a JSON object in the order of its members; Array a JSON array. Other values are string,
// json.Number, bool and nil.
type (
	Object []Member
	Array  []any
)

// Member is one member of an Object.
type Member struct {
	Name  string
	Value any
}

// Get returns the value of a member.
func (o Object) Get(name string) (any, bool) {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value, true
		}
	}
	return nil, false
}
