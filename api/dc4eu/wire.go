package dc4eu

import "elmobridge/convert"

// request is what is sent to /rest/request, where To is one protocol, and to /rest/request2, where it is a list.
// DC4EU-converter 1.0, components/schemas.
type request[To protocol | []protocol] struct {
	From       protocol   `json:"From"`
	To         To         `json:"To"`
	Parameters parameters `json:"Parameters"` // null or missing is no parameters
	Content    string     `json:"Content"`    // Base64 of the document, or of the document packed with gzip

	unknown int // members that are none of these
}

// protocol is a format and its version: elmo 1.7, elm 3.2.
type protocol struct {
	Name    string `json:"Name"`
	Version string `json:"Version"`
}

// parameters are those of a conversion; the names are written as the description has them.
type parameters struct {
	PreferredLanguages []string `json:"PreferredLanguages"`
	Flags              []string `json:"flags"`
	DefaultLanguage    string   `json:"defaultLanguage"`
}

// validateInput is the only flag that is known.
const validateInput = "VALIDATE_ELMO_INPUT_WITH_SCHEMA"

// response is the answer of /rest/request. Errors and Warnings are never null.
type response struct {
	ResponseProtocol protocol        `json:"ResponseProtocol"`
	Content          []byte          `json:"Content"` // Base64, never packed
	ConverterVersion string          `json:"ConverterVersion"`
	Timestamp        string          `json:"Timestamp"` // of the conversion: UTC with milliseconds and Z
	Errors           []message       `json:"Errors"`
	Warnings         []message       `json:"Warnings"`
	Report           *convert.Report `json:"Report"` // ours; the client passes over members that it does not know
}

// response2 is the answer of /rest/request2, with an entry for each target in the order of To. Its own Errors are
// those of all entries, its Warnings are about the request.
type response2 struct {
	ResponseFormat   []format  `json:"ResponseFormat"`
	ConverterVersion string    `json:"ConverterVersion"`
	Timestamp        string    `json:"Timestamp"`
	Errors           []message `json:"Errors"`
	Warnings         []message `json:"Warnings"`
}

// format is the result for one target of /rest/request2; Content and Report are null where there are Errors.
type format struct {
	ResponseProtocol protocol        `json:"ResponseProtocol"`
	Content          []byte          `json:"Content"`
	Errors           []message       `json:"Errors"`
	Warnings         []message       `json:"Warnings"`
	Report           *convert.Report `json:"Report"`
}

// message is a text for people.
type message struct {
	Message string `json:"Message"`
}

// failure is the answer when there is no result. The description has none; clients look for Errors.
type failure struct {
	Errors []message `json:"Errors"`
}

// timestamp is the form of Timestamp, for a time in UTC.
const timestamp = "2006-01-02T15:04:05.000Z"
