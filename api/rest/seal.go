package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"elmobridge/api/problem"
	"elmobridge/convert"
	"elmobridge/convert/keys"
)

// Sealer seals credentials in the name of one organisation. Whatever is given to it with that issuer is sealed: who uses
// it must know that the content is by somebody to vouch for.
type Sealer struct {
	key     *keys.Pair
	options convert.SignOptions // of seals as JAdES
	issuer  *convert.Issuer
}

// NewSealer gives the sealer for a key. The issuer is that of all that is sealed; nil: what the certificate says. The
// options are those of JAdES; a JWT goes without their Timestamper. The error tells what is wrong with the certificate or
// the issuer.
func NewSealer(key *keys.Pair, issuer *convert.Issuer, opt convert.SignOptions) (*Sealer, error) {
	own := convert.IssuerOf(key.Chain[0])
	switch {
	case own == nil:
		return nil, errors.New("the certificate does not name an organisation with its country and its identifier (organizationIdentifier, such as VATNO-123456789), whom a seal is of")
	case issuer == nil:
		issuer = own
	case issuer.EIDASIdentifier != own.EIDASIdentifier:
		return nil, errors.New("the issuer has another eidasIdentifier than the certificate of the key, so that no seal of it would be accepted")
	}
	return &Sealer{key, opt, issuer}, nil
}

// Issuer is the issuer of all that is sealed.
func (s *Sealer) Issuer() *convert.Issuer { return s.issuer }

// sealTime is how long the seals of an answer may take: a time-stamping authority that does not answer must not keep the
// workers busy.
const sealTime = 10 * time.Second

// seal seals credentials, each on its own.
func (s *Sealer) seal(ctx context.Context, form convert.SignatureForm, credentials [][]byte) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, sealTime)
	defer cancel()
	opt := s.options
	if opt.Form = form; form == convert.SignatureJWT {
		opt.Timestamper = nil // JWTs have no place for a stamp
	}
	sealed := make([][]byte, len(credentials))
	for i, c := range credentials {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		signed, err := convert.Sign(ctx, c, s.key, opt)
		if err != nil {
			return nil, err
		}
		sealed[i] = signed.Data
	}
	return sealed, nil
}

// sealedForm is a form of credentials that are sealed.
type sealedForm struct {
	form    convert.SignatureForm
	several bool // it can have more than one credential, each on a line of its own
}

// sealedForms are those by media type.
var sealedForms = map[string]sealedForm{
	typeJAdES: {convert.SignatureSeal, false}, typeVCJWT: {convert.SignatureJWT, false}, typeJWT: {convert.SignatureJWT, false},
	typeLines: {convert.SignatureSeal, true},
}

// Media types of sealed forms, the better ones first.
const (
	typeJAdES = "application/jose+json"
	typeVCJWT = "application/vc+jwt"
	typeJWT   = "application/jwt"
)

var sealedTypes = []string{typeJAdES, typeVCJWT, typeJWT, typeLines}

// chooseResult chooses the media type of a result. Sealed forms stand behind the others, so that they are given to
// those alone who name them.
func (h *handlers) chooseResult(r *http.Request, f convert.Format, plain []string) (string, error) {
	if f == convert.FormatEDC && h.Seal != nil {
		return choose(r, slices.Concat(plain, sealedTypes)...)
	}
	mediaType, err := choose(r, plain...)
	if err == nil || f != convert.FormatEDC {
		return mediaType, err
	}
	if _, other := choose(r, sealedTypes...); other == nil {
		return "", problem.New(problem.Unacceptable, "this service has no key to seal with (serve --seal); the answer can be "+strings.Join(plain, ", "))
	}
	return "", err
}

// unsealable are the options with which nothing is sealed: with them a credential says something of the learner, or of
// the document, that only the request says, or it leaves out results; indented it would be other bytes.
var unsealable = []struct {
	name  string
	given func(*Conversion) bool
}{
	{"birth-country", func(q *Conversion) bool { return q.BirthCountry != "" }},
	{"birthdate-zone", func(q *Conversion) bool { return q.BirthdateZone != "" }},
	{"issued", func(q *Conversion) bool { return q.Issued != "" }},
	{"default-language", func(q *Conversion) bool { return q.DefaultLanguage != "" }},
	{"name-language", func(q *Conversion) bool { return q.NameLanguage != "" }},
	{"only-passed", func(q *Conversion) bool { return q.OnlyPassed }},
	{"indent", func(q *Conversion) bool { return q.Indent }},
}

// sealable refuses to seal what anybody can have made up: a seal would make it the word of the institution.
func (q *convertQuery) sealable(u *upload) error {
	if !q.RequireSignature {
		return problem.New(problem.Unsealed, "sealed forms are given of documents whose signature is verified: add require-signature=true")
	}
	if u.issuer != nil {
		return problem.New(problem.Unsealed, "the issuer of what is sealed is that of the seal: leave the part issuer out")
	}
	for _, o := range unsealable {
		if o.given(&q.Conversion) {
			return problem.New(problem.Unsealed, "what is sealed says what the document says, all of it and nothing else: leave "+o.name+" out")
		}
	}
	return nil
}

// answer gives a result in the form that was chosen. For a sealed form the content must be by somebody to vouch for.
func (h *handlers) answer(ctx context.Context, res *result, mediaType string) (*answer, error) {
	form, wanted := sealedForms[mediaType]
	if !wanted {
		return res.answer(mediaType)
	}
	if n := len(res.parts); n > 1 && !form.several {
		return nil, problem.New(problem.Impossible, fmt.Sprintf("it makes %d credentials, and sealed ones do not stand in one array; accept %s for a line each", n, typeLines))
	}
	sealed, err := h.Seal.seal(ctx, form.form, res.parts)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		h.Log.ErrorContext(ctx, "a credential is not sealed", "error", err)
		return nil, problem.New(problem.SealUnavailable, "")
	}
	a := &answer{mediaType: mediaType, losses: losses(res.reports), body: sealed[0]}
	if form.several {
		a.body = append(bytes.Join(sealed, []byte("\n")), '\n')
	}
	return a, nil
}
