package main

import (
	"fmt"
	"runtime"
	"strings"

	"elmobridge/convert"
	"elmobridge/elmo"
)

type validateCommand struct {
	Profile     string   `enum:"auto,no-cv,full,accredited,converted,issued-by-mandate,diploma-supplement" default:"auto" placeholder:"NAME" help:"Profile for credentials: no-cv, full, accredited, converted, issued-by-mandate, diploma-supplement; auto is what a credential names itself, else full (default ${default})."`
	ELMOVersion string   `name:"elmo-version" placeholder:"1.7" help:"Schema for ELMO documents: 1.0 to 1.7, 2.0 or 2.0-v2. Without it by namespace: 1.7, or 2.0 when the document has what only 2.0 has."`
	JSON        bool     `name:"json" help:"Print the findings as JSON."`
	SARIF       string   `name:"sarif" placeholder:"FILE" help:"Write the findings as SARIF 2.1.0 to this file, for code hosts."`
	Values      bool     `help:"Put the values concerned into the findings. They are personal data."`
	Quiet       bool     `short:"q" help:"Print nothing about files without errors, nor warnings and advice."`
	Files       []string `arg:"" name:"file" help:"ELMO documents or credentials; - is standard input."`
}

// Help is the text below the flags.
func (validateCommand) Help() string {
	return `Checks ELMO documents against the schema of their version and what its documentation demands, credentials against a profile of EDC-AP 3.2 and what JSON-LD and viewers make of them. Seals and signatures are not verified.

Examples:

    elmobridge validate transcript.xml credential.jsonld
    elmobridge validate --elmo-version 1.5 *.xml
    elmobridge validate --profile accredited --json credential.jsonld
    elmobridge validate --sarif findings.sarif out/*.jsonld

Exit codes: 0 no errors, though there may be warnings and advice; 1 a file has errors or cannot be read; 2 wrong usage.`
}

// validateItem is one file in the JSON of validate:
//
//	{"files":[{"input":"a.xml","format":"elmo","against":["ELMO 1.7"],"valid":true,"findings":[
//	            {"rule":"...","severity":"warning","path":"...","line":12,"text":"...","source":"..."}]},
//	          {"input":"b.xml","valid":false,"error":"..."}]}
type validateItem struct {
	Input string `json:"input"`
	Error string `json:"error,omitempty"`
	Valid bool   `json:"valid"`
	*convert.Validation
}

// validated is what became of an input.
type validated struct {
	in     *input
	result *convert.Validation
	err    error
}

// Run checks all files.
func (c *validateCommand) Run(a *app) error {
	opt, err := c.options()
	if err != nil {
		return err
	}
	a.quiet = c.Quiet
	items := c.all(a, inputs(c.Files), opt)
	if c.JSON {
		err = encode(a.stdout, map[string]any{"files": items})
	}
	if err == nil && c.SARIF != "" {
		err = c.writeSARIF(items)
	}
	if err == nil && a.failed {
		err = exitError(exitInput)
	}
	return err
}

func (c *validateCommand) options() (convert.ValidateOptions, error) {
	opt := convert.ValidateOptions{Profile: c.Profile, ELMOVersion: elmo.Version(c.ELMOVersion), Values: c.Values}
	if err := opt.Check(); err != nil {
		return opt, usage("%s", strings.TrimPrefix(err.Error(), convert.ErrOptions.Error()+": "))
	}
	if err := once(c.Files); err != nil || c.SARIF == "" {
		return opt, err
	}
	if c.SARIF == "-" {
		return opt, usage("--sarif takes the name of a file, such as findings.sarif or /dev/stdout")
	}
	if hit := guardOf(c.Files).hit(c.SARIF); hit != "" {
		return opt, usage("--sarif %s is %s", c.SARIF, hit)
	}
	return opt, nil
}

// all checks the files in order.
func (c *validateCommand) all(a *app, list []*input, opt convert.ValidateOptions) []validateItem {
	items := []validateItem{}
	bar := a.progress(list, "checking")
	ordered(list, runtime.GOMAXPROCS(0), func(in *input) validated {
		data, err := in.read(a.stdin)
		if err != nil {
			return validated{in: in, err: err}
		}
		v, err := convert.Validate(data, opt)
		return validated{in, v, err}
	}, func(v validated) {
		bar.step(v.in.name, v.err)
		items = append(items, c.take(a, v))
	})
	bar.end()
	return items
}

// take prints what was found in a file.
func (c *validateCommand) take(a *app, v validated) validateItem {
	item := validateItem{Input: v.in.name, Validation: v.result}
	if v.err != nil {
		item.Error = advise(v.err)
		a.fail(v.in.name, v.err)
		return item
	}
	item.Valid = v.result.Valid()
	a.failed = a.failed || !item.Valid
	if !c.JSON && !(c.Quiet && item.Valid) {
		fmt.Fprintln(a.stdout, a.paint(bold, visible(v.in.name+": "+v.result.Summary())))
		a.findings(a.stdout, v.result.Findings, c.shown()...)
	}
	return item
}

// shown are the severities that are printed.
func (c *validateCommand) shown() []convert.Severity {
	if c.Quiet {
		return convert.Severities[:1]
	}
	return convert.Severities
}
