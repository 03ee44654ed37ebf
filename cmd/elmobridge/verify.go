package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"elmobridge/convert"
	"elmobridge/edci/verification"
)

type verifyCommand struct {
	trustFlags
	At    string   `group:"Trust" placeholder:"DATETIME" help:"Verify as of this time, such as 2024-06-30T12:00:00Z; else now."`
	JSON  bool     `name:"json" help:"Print the checks as JSON."`
	Quiet bool     `short:"q" help:"Nothing about files that passed, one line about others."`
	Files []string `arg:"" name:"file" help:"ELMO documents or credentials, sealed or as JWT; - is standard input."`
}

// Help is the text below the flags.
func (verifyCommand) Help() string {
	return `Verifies the signature of ELMO documents, those of their diploma supplements, and the seals of credentials, in arrays, presentations and upload files as well. Each check is passed, failed or not checked, with its reason: nobody is asked over the network, so that revocation, accreditation and qualified status are never checked. Nor does the check "Seal" of the EU list therefore ever pass, which says that a seal is valid and qualified; "trust" says whether it holds, leads to what is trusted, and is the issuer's. Without --trust it can only be told whether a file is whole, not who signed it.

Examples:

    elmobridge verify --trust emreg/ transcript.xml
    elmobridge verify --trust ca.pem --tsa-trust tsa.pem credential.jsonld
    elmobridge verify --trust ca.pem --json out/*.jsonld

Exit codes: 0 every file passed; 1 a file failed or cannot be read; 2 wrong usage; 3 nothing failed, but it was not checked who signed (no --trust), whether that is the issuer (no identifier to compare), or something else that a pass takes.`
}

// verifyItem is one file in the JSON of verify:
//
//	{"files":[{"input":"a.xml","format":"elmo","status":"passed","reason":"...",
//	           "checks":[{"id":"...","of":"seal 1","name":"...","status":"not-checked","reason":"..."}],
//	           "signatures":[{"of":"seal 1","form":"jades","algorithm":"RS256","signer":{...}}],"warnings":[...]},
//	          {"input":"b.xml","error":"..."}]}
type verifyItem struct {
	Input string `json:"input"`
	Error string `json:"error,omitempty"`
	*convert.Verification
}

// verified is what became of an input.
type verified struct {
	in     *input
	result *convert.Verification
	err    error
}

// Run verifies all files.
func (c *verifyCommand) Run(a *app) error {
	trust, err := c.trust()
	if err != nil {
		return err
	}
	a.quiet = c.Quiet
	list := inputs(c.Files)
	items := []verifyItem{}
	bar := a.progress(list, "verifying")
	ordered(list, runtime.GOMAXPROCS(0), func(in *input) verified {
		data, err := in.read(a.stdin)
		if err != nil {
			return verified{in: in, err: err}
		}
		v, err := convert.Verify(data, trust)
		return verified{in, v, err}
	}, func(v verified) {
		bar.step(v.in.name, v.err)
		items = append(items, c.take(a, v))
	})
	bar.end()
	if c.JSON {
		if err := encode(a.stdout, map[string]any{"files": items}); err != nil {
			return err
		}
	}
	return outcome(items)
}

func (c *verifyCommand) trust() (convert.Trust, error) {
	if err := once(c.Files); err != nil {
		return convert.Trust{}, err
	}
	trust, err := c.load()
	if err != nil || c.At == "" {
		return trust, err
	}
	if trust.Time, err = time.Parse(time.RFC3339, c.At); err != nil {
		return trust, usage("--at is not a date and time with its zone, such as 2024-06-30T12:00:00Z")
	}
	return trust, nil
}

// outcome is the exit code: that of the worst file.
func outcome(items []verifyItem) error {
	code := exitDone
	for _, i := range items {
		switch {
		case i.Verification == nil || i.Status == verification.Failed:
			return exitError(exitInput)
		case i.Status != verification.Passed:
			code = exitLoss
		}
	}
	if code != exitDone {
		return exitError(code)
	}
	return nil
}

// take prints what is known of a file.
func (c *verifyCommand) take(a *app, v verified) verifyItem {
	item := verifyItem{Input: v.in.name, Verification: v.result}
	switch {
	case v.err != nil:
		item.Error = advise(v.err)
		a.fail(v.in.name, v.err)
	case c.JSON, c.Quiet && v.result.Status == verification.Passed:
	default:
		head := fmt.Sprintf("%s: %s: %s", v.in.name, status(v.result.Status), plainError(v.result.Reason))
		fmt.Fprintln(a.stdout, a.paint(bold, visible(head)))
		if !c.Quiet {
			a.verification(a.stdout, v.result)
		}
	}
	return item
}

// status is a status for people.
func status(s verification.Status) string { return strings.ReplaceAll(string(s), "-", " ") }

var statusColours = map[verification.Status]string{
	verification.Failed: red, verification.NotChecked: yellow, verification.Passed: plain,
}

// verification writes the checks of a file for people, in groups of what they are of.
func (a *app) verification(w io.Writer, v *convert.Verification) {
	width := 0
	for _, c := range v.Checks {
		width = max(width, len(c.Name))
	}
	of := ""
	for _, c := range v.Checks {
		if c.Of != of {
			of = c.Of
			fmt.Fprintf(w, "%s\n", visible(of))
		}
		padded := fmt.Sprintf("%-11s", status(c.Status))
		fmt.Fprintf(w, "  %-*s  %s  %s\n", width, c.Name, a.paint(statusColours[c.Status], padded), visible(plainError(c.Reason)))
	}
	for _, s := range v.Signatures {
		fmt.Fprintf(w, "  by: %s\n", visible(signerOf(s)))
	}
	for _, text := range v.Warnings {
		fmt.Fprintf(w, "  %s %s\n", a.paint(yellow, "warning:"), visible(text))
	}
}

// signerOf tells of a signature who it says has made it, and when.
func signerOf(s convert.Signature) string {
	parts := []string{s.Of, string(s.Form), s.Algorithm}
	if s.Level != "" {
		parts = append(parts, "level "+s.Level)
	}
	switch {
	case s.XML != nil && s.XML.Certificate != nil:
		parts = append(parts, s.XML.Certificate.Subject)
	case s.Signer != nil:
		parts = append(parts, cmp.Or(s.Signer.Organization, s.Signer.CommonName), s.Signer.OrganizationIdentifier, s.Signer.Country)
	}
	for _, t := range []struct {
		what string
		time *time.Time
	}{{"claimed ", s.Claimed}, {"stamped ", s.Stamped}} {
		if t.time != nil {
			parts = append(parts, t.what+t.time.Format(time.RFC3339))
		}
	}
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, ", ")
}
