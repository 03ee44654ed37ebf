// Package inspect shows what is in a file as a person reads it: the learner, and what each institution says,
// in the same few words for ELMO documents and credentials. It is for looking, not for reading by programs:
// texts are those in English, else the first.
package inspect

import "elmobridge/convert"

// Inspection is what is in a file. It holds the personal data of the file.
type Inspection struct {
	Contents []*View `json:"contents" nullable:"false" doc:"The document, or the credentials."`
	Validity string  `json:"validity" doc:"What validate says, in short."`
}

// View is a document or a credential.
type View struct {
	Kind        string    `json:"kind" doc:"ELMO, or European Digital Credential, ELM."`
	Version     string    `json:"version"`
	Form        []Fact    `json:"form,omitempty" doc:"How it was written, by whom and when. Signatures and seals are noticed, not verified."`
	Learner     []Fact    `json:"learner"`
	Facts       []Fact    `json:"facts,omitempty"`
	Reports     []*Report `json:"reports"`
	Attachments []*File   `json:"attachments,omitempty"`
}

// Fact is a named value.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Report is what one institution says.
type Report struct {
	Institution string    `json:"institution"`
	Facts       []Fact    `json:"facts,omitempty"`
	Results     []*Result `json:"results"`
	Attachments []*File   `json:"attachments,omitempty"`
}

// Result is a programme, module, course or class. Values are as the file has them.
type Result struct {
	Title   string    `json:"title"`
	Type    string    `json:"type,omitempty"`
	Code    string    `json:"code,omitempty"`
	Grade   string    `json:"grade,omitempty"`
	Credits string    `json:"credits,omitempty" doc:"With the scheme, such as 7.5 ECTS."`
	Date    string    `json:"date,omitempty"`
	Status  string    `json:"status,omitempty"`
	Level   string    `json:"level,omitempty"`
	Parts   []*Result `json:"parts,omitempty"`
}

// File is an attachment, without its content.
type File struct {
	Title     string `json:"title"`
	Type      string `json:"type,omitempty"`
	MediaType string `json:"mediaType,omitempty"`
	Bytes     int    `json:"bytes,omitempty" doc:"About."`
}

// Of inspects a file of either kind. The errors are those of convert.Read.
func Of(data []byte) (*Inspection, error) {
	in, err := convert.Read(data)
	if err != nil {
		return nil, err
	}
	v, err := convert.Validate(data, convert.ValidateOptions{})
	if err != nil {
		return nil, err
	}
	return &Inspection{viewsOf(in), v.Summary()}, nil
}

// add adds a fact unless it is empty.
func add(list []Fact, name, value string) []Fact {
	if value == "" {
		return list
	}
	return append(list, Fact{name, value})
}
