package main

import (
	"fmt"
	"runtime"
	"slices"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/mapping"
)

type convertCommand struct {
	To string `enum:",edc,elmo" default:"" placeholder:"edc|elmo" help:"Format to write. Without it the other one than the input's; elmo of an ELMO input changes its version."`
	conversionFlags
	Check  bool     `help:"Check what was written as validate does; errors are printed, and the exit code is 3."`
	FailOn string   `enum:"never,normalised,added,kept,reduced,dropped" default:"never" placeholder:"LEVEL" help:"Exit with 3 when a report holds something of this level or worse: normalised, added, kept, reduced, dropped (default ${default})."`
	Files  []string `arg:"" name:"file" help:"Inputs; - is standard input."`
}

// Help is the text below the flags.
func (convertCommand) Help() string {
	return `One credential is written as an object, several as an array; an ELMO document as XML. Credentials of one learner become one document. The report goes to standard error: what was normalised, added, kept, reduced or dropped, and why.

Examples:

    elmobridge convert --issuer issuer.json transcript.xml > transcript.jsonld
    elmobridge convert --issuer issuer.json --display minimal -o out/ *.xml
    elmobridge convert -o transcript.xml credential.jsonld
    elmobridge convert --to elmo --elmo-version 2.0 transcript.xml
    elmobridge convert --fail-on reduced --report report.json transcript.xml

` + issuerHelp + "\n\n" + exitHelp + " 3 as well when --check finds an error."
}

// Run converts all files.
func (c *convertCommand) Run(a *app) error {
	opt, list, err := c.begin(a, c.Files)
	if err != nil {
		return err
	}
	out, err := a.open(&c.conversionFlags, list)
	if err != nil {
		return err
	}
	j := &job{a, opt, convert.Format(c.To), c.Check}
	reports := &reportLog{}
	done := j.all(list, out, reports)
	if err := out.close(); err != nil {
		return err
	}
	if err := a.finish(reports, c.Report, done); err != nil {
		return err
	}
	return a.verdict(c.FailOn)
}

// verdict ends the run.
func (a *app) verdict(failOn string) error {
	if code := a.judge(failOn); code != exitDone {
		return exitError(code)
	}
	return nil
}

// all converts the inputs in order and gives the number of files written.
func (j *job) all(list []*input, out sink, reports *reportLog) int {
	bar := j.app.progress(list, "converting")
	var waiting []*result
	take := func(r *result) {
		bar.step(r.inputs[0], r.err)
		if r.err == nil && r.credentials != nil {
			waiting = append(waiting, r)
			return
		}
		j.deliver(r, out, reports)
	}
	ordered(list, runtime.GOMAXPROCS(0), j.convert, take)
	for _, r := range j.groups(waiting, out.many()) {
		j.toELMO(r)
		j.deliver(r, out, reports)
	}
	bar.end()
	return len(list)
}

// groups puts credentials together that become one document: those of one learner when there may be
// several documents, else all.
func (j *job) groups(waiting []*result, many bool) []*result {
	var list []*result
	byLearner := map[string]*result{}
	for _, r := range waiting {
		for _, c := range r.credentials {
			key := ""
			if many {
				key = mapping.LearnerKey(c)
			}
			g := byLearner[key]
			if g == nil {
				g = &result{base: r.base}
				byLearner[key] = g
				list = append(list, g)
			}
			g.take(r, c)
		}
	}
	return list
}

// take adds a credential of another result.
func (r *result) take(from *result, c *edci.EuropeanDigitalCredential) {
	r.credentials = append(r.credentials, c)
	name := from.inputs[0]
	if n := len(r.inputs); n == 0 || r.inputs[n-1] != name {
		r.inputs = append(r.inputs, name)
	}
}

// deliver writes the outputs of a result, or reports its error.
func (j *job) deliver(r *result, out sink, reports *reportLog) {
	var names []string
	if r.err == nil {
		r.checks, r.err = j.checks(r.outputs)
	}
	for _, o := range r.outputs {
		if r.err != nil {
			break
		}
		var name string
		if name, r.err = out.put(r.base, o); name != "" {
			names = append(names, name)
		}
	}
	if r.err != nil {
		j.app.fail(joined(r.inputs), r.err)
	} else {
		j.app.saw(r.report.Worst())
		j.app.faulty = j.app.faulty || slices.ContainsFunc(r.checks, func(v *convert.Validation) bool { return !v.Valid() })
	}
	reports.add(r, names)
}

// checks validates what is going to be written, when that was asked for.
func (j *job) checks(outputs []output) ([]*convert.Validation, error) {
	var list []*convert.Validation
	for _, o := range outputs {
		if !j.check {
			break
		}
		v, err := convert.Validate(o.data, convert.ValidateOptions{ELMOVersion: j.opt.ELMOVersion, Values: j.opt.ReportValues})
		if err != nil {
			return nil, fmt.Errorf("what was written: %w", err)
		}
		list = append(list, v)
	}
	return list, nil
}
