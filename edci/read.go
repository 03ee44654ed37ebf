package edci

import "fmt"

// ErrSubjects is returned for a credential that has several subjects or issuers. It is an ErrNotEDC,
// too: the profile allows one of each.
var ErrSubjects error = subjectsError{}

type subjectsError struct{}

func (subjectsError) Error() string { return "edci" }

// Is makes such a credential an ErrNotEDC.
func (subjectsError) Is(target error) bool { return target == ErrNotEDC }

// ReadOptions bound what is read; the zero value is right.
type ReadOptions struct {
	Limits Limits
}

// Read returns the credentials in a file, each with its Source. It takes, also inside each other:
//
//	a credential                    plain EDC JSON, or JSON-LD of any other form
//	an array of credentials
//	a presentation                  EuropeanDigitalPresentation, VerifiablePresentation
//	an EDCI upload file             {"credential":...,"deliveryDetails":...}
//	a sealed file                   JWS JSON serialisation (JAdES), payload plain or base64url
//	a compact JWS or JWT            the payload, or its claim vc, vp or elm
//	an SD-JWT VC                    claim elm, plain or disclosed
//	a claim set with claim elm      {"elm":...}, object or base64
//
// Signatures are not verified; Source.Sealed says that there is one. Nothing is fetched.
//
// A document that is plain, members of the EDC context in nested objects, is read as it stands.
// Others go through a JSON-LD processor and come out in the same shape. In both cases Source.Tree
// holds all members, those that the model or JSON-LD does not know included, and the observations
// say what was unusual. A member of a wrong shape is not read into the model (see Decode).
//
// Errors: *SyntaxError (is ErrNotEDC), ErrNotEDC, ErrSubjects (is ErrNotEDC), ErrELM2, ErrContext,
// ErrJSONLD, ErrLimit. None contains a value of the document but a short URL of a context, a class of
// the profile and member names.
func Read(src []byte, opt ReadOptions) ([]*EuropeanDigitalCredential, error) {
	u := opener{lim: opt.Limits.withDefaults()}
	if err := u.open(src); err != nil {
		return nil, err
	}
	t := newTally(len(src), u.lim)
	var credentials []*EuropeanDigitalCredential
	for _, f := range u.found {
		sources, err := f.read(u.lim, t)
		if err != nil {
			return nil, err
		}
		for _, s := range sources {
			if err := single(s.Tree); err != nil {
				return nil, err
			}
			s.Data = src
			s.Index = len(credentials)
			c := Decode(s.Tree)
			c.Source = s
			credentials = append(credentials, c)
		}
	}
	return credentials, nil
}

// single refuses a credential with several subjects or issuers: the model would take the first.
func single(tree Object) error {
	subjects, _ := tree.Get("credentialSubject")
	if n := count(subjects); n > 1 {
		return fmt.Errorf("%w: a credential with %d subjects; only one learner is supported", ErrSubjects, n)
	}
	issuers, _ := tree.Get("issuer")
	if n := count(issuers); n > 1 {
		return fmt.Errorf("%w: a credential with %d issuers; only one is supported", ErrSubjects, n)
	}
	return nil
}

// count is how many values a member has, but null.
func count(v any) (n int) {
	for _, e := range values(v) {
		if e != nil {
			n++
		}
	}
	return n
}

// read makes the trees of one document.
func (f found) read(lim Limits, t *tally) ([]*Source, error) {
	s, err := surveyDocument(f.value, f.context, lim, t)
	if err != nil {
		return nil, err
	}
	o, isObject := f.value.(Object)
	if isObject && !s.processor {
		return []*Source{f.plain(o, s)}, nil
	}
	return f.jsonLD(s)
}

// plain is the source of a document whose shape is the plain one.
func (f found) plain(o Object, s *survey) *Source {
	source := f.source(s)
	source.Form, source.Tree = "plain", o
	for _, at := range s.unknown {
		source.Observations = append(source.Observations, Observation{NotInContext, at, ""})
	}
	return source
}

// jsonLD is the sources of a document that needs a JSON-LD processor.
func (f found) jsonLD(s *survey) ([]*Source, error) {
	trees, embedders, err := embedAll(f.value, f.context, s)
	if err != nil {
		return nil, err
	}
	if len(trees)*len(s.observations) > mostRepeated {
		return nil, fmt.Errorf("%w: %d unusual things in a document of %d credentials", ErrLimit, len(s.observations), len(trees))
	}
	// The survey's pointers are those of the document, which has another shape than the tree.
	for i := range s.observations {
		if s.observations[i].Kind == Spelling {
			s.observations[i].Note += " at " + s.observations[i].Pointer + " of the document"
			s.observations[i].Pointer = ""
		}
	}
	var sources []*Source
	for i, tree := range trees {
		source := f.source(s)
		source.Form = "json-ld"
		source.Tree = append(Object{{"@context", Array{contextVC, contextEDC}}}, tree...)
		source.Observations = append(source.Observations, embedders[i].observations...)
		sources = append(sources, source)
	}
	if o, ok := f.value.(Object); ok && s.linked && len(sources) == 1 {
		sources[0].Written = o
	}
	return sources, nil
}

// source is what is the same for both forms.
func (f found) source(s *survey) *Source {
	context := f.context
	if o, ok := f.value.(Object); ok {
		if own, ok := o.Get("@context"); ok {
			context = own
		}
	}
	return &Source{
		Envelope:     f.envelope,
		Version:      s.version,
		Contexts:     contextNames(context),
		Sealed:       f.sealed,
		Around:       f.around,
		At:           f.at,
		Encoded:      f.encoded,
		Observations: append([]Observation(nil), s.observations...),
	}
}

// contextNames lists contexts as written; those of the document itself are "(inline)".
func contextNames(context any) []string {
	var names []string
	for _, v := range values(context) {
		name, ok := v.(string)
		if !ok {
			name = "(inline)"
		}
		names = append(names, name)
	}
	return names
}
