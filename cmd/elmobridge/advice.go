package main

import (
	"errors"
	"strings"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
)

// advice says what to do about an error.
var advice = []struct {
	err  error
	what string
}{
	{elmo.ErrPre10, "ask the institution for ELMO 1.0 or later"},
	{elmo.ErrDTD, "remove the declaration, ELMO needs none"},
	{elmo.ErrEncoding, "save the file as UTF-8"},
	{elmo.ErrLimit, "split the document"},
	{edci.ErrLimit, "split the file"},
	{elmo.ErrVersion, "choose another --elmo-version"},
	{edci.ErrContext, "remove the context, or replace it by those of the EDC profile"},
	{mapping.ErrLearners, "use -o DIR/ to write one document for each learner"},
	{mapping.ErrNoDate, "use --issued, such as --issued 2024-06-30T12:00:00+02:00"},
	{convert.ErrCertificate, "describe the issuer (convert --issuer), or use the certificate of this issuer"},
	{errSeveral, "use -o DIR/ or --ndjson"},
	{errNoSeal, "leave --seal out, and sign the document with elmobridge sign"},
	{errTarget, "leave --to out"},
	{errMixed, "use -o DIR/ to write a file for each"},
}

// advise gives the text of an error and what to do about it.
func advise(err error) string {
	text := plainError(reason(err).Error())
	for _, a := range advice {
		if errors.Is(err, a.err) {
			return text + "; " + a.what
		}
	}
	if errors.Is(err, convert.ErrFormat) && !strings.Contains(text, "; ") {
		return text + "; give an ELMO document or a credential"
	}
	return text
}
