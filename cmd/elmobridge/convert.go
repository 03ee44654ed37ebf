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
	Seal string `group:"Keys" placeholder:"FILE|URI" help:"Seal the credentials with this private key, as sign does; without --issuer the certificate says who issues."`
	sealFlags
	RequireSignature bool `group:"Trust" help:"Convert only what verify passes: each input must be signed by somebody of --trust."`
	trustFlags
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
    elmobridge convert --require-signature --trust emreg/ --seal seal.p12 -o out/ *.xml

` + issuerHelp + "\n\n" + keyHelp + "\n\n" + exitHelp + " 3 as well when --check finds an error."
}

// Run converts all files.
func (c *convertCommand) Run(a *app) error {
	c.reads = append(c.sealFlags.files(c.Seal), c.trustFlags.files()...)
	opt, list, err := c.begin(a, c.Files)
	if err != nil {
		return err
	}
	j := &job{app: a, opt: opt, to: convert.Format(c.To), check: c.Check}
	if err := c.signatures(j); err != nil {
		return err
	}
	if j.seal != nil {
		defer j.seal.key.Close()
	}
	out, err := a.open(&c.conversionFlags, list)
	if err != nil {
		return err
	}
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

// signatures prepares what is verified before the conversion and sealed after it.
func (c *convertCommand) signatures(j *job) error {
	switch {
	case c.RequireSignature && c.Trust == nil:
		return usage("--require-signature needs --trust: without it nobody's signature counts")
	case !c.RequireSignature && (c.Trust != nil || c.Provider != ""):
		return usage("--trust and --provider go with --require-signature")
	case !c.RequireSignature && c.TSA == "" && c.TSATrust != nil:
		return usage("--tsa-trust goes with --require-signature or --tsa")
	case c.Seal == "" && (c.Cert != "" || c.TSA != ""):
		return usage("--cert and --tsa go with --seal")
	}
	if c.RequireSignature {
		trust, err := c.load()
		if err != nil {
			return err
		}
		j.trust = &trust
	}
	if c.Seal == "" {
		return nil
	}
	return c.sealing(j)
}

// sealing prepares the seals.
func (c *convertCommand) sealing(j *job) error {
	j.opt.Indent = false
	j.alone = !isFolder(c.Output) && !c.NDJSON
	switch {
	case c.To == string(convert.FormatELMO):
		return usage("--seal is for credentials; sign the document with elmobridge sign")
	case c.Indent:
		return usage("--seal and --indent exclude each other: what is sealed cannot be changed")
	case j.alone && len(c.Files) > 1:
		return usage("--seal of several files needs -o DIR/ or --ndjson")
	}
	opt := convert.SignOptions{}
	if c.TSA != "" {
		roots, err := authorities(c.TSATrust)
		if err != nil {
			return err
		}
		opt.TSA = roots
	}
	key, tsa, err := c.open(j.app.passphrase, "--seal", c.Seal)
	if err != nil {
		return err
	}
	opt.Timestamper = tsa
	if j.opt.Issuer == nil {
		j.opt.Issuer = convert.IssuerOf(key.Chain[0])
	}
	j.seal = &sealing{key, opt}
	return nil
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
		r.vouched = append(r.vouched, from.vouched...)
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
