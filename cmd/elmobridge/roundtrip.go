package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"

	"elmobridge/convert"
)

type roundtripCommand struct {
	conversionFlags
	JSON   bool     `name:"json" help:"Print the trips as JSON."`
	FailOn string   `enum:"never,normalised,added,kept,reduced,dropped" default:"reduced" placeholder:"LEVEL" help:"Exit with 3 when a report holds something of this level or worse (default ${default}). A difference that no report names counts as dropped."`
	Files  []string `arg:"" name:"file" help:"Inputs; - is standard input."`
}

// Help is the text below the flags.
func (roundtripCommand) Help() string {
	return `Both reports and the real differences between input and result are printed to standard output; with -o the result is written, too. Each difference must be named by one of the reports. An ELMO document of 2.0 comes back as 2.0, others as 1.7.

Examples:

    elmobridge roundtrip --issuer issuer.json transcript.xml
    elmobridge roundtrip --keep source -o back.xml transcript.xml
    elmobridge roundtrip --json credential.jsonld

` + issuerHelp + "\n\n" + exitHelp
}

// tripItem is one trip in the JSON of roundtrip:
//
//	{"trips":[{"input":"a.xml","format":"elmo","there":REPORT,"back":REPORT,
//	           "differences":[{"path":...,"kind":...,"named":true,"row":...,"verdict":...}],"unnamed":0},
//	          {"input":"b.xml","error":"..."}]}
type tripItem struct {
	Input       string               `json:"input"`
	Error       string               `json:"error,omitempty"`
	Format      convert.Format       `json:"format,omitempty"`
	There       *convert.Report      `json:"there,omitempty"`
	Back        *convert.Report      `json:"back,omitempty"`
	Differences []convert.Difference `json:"differences,omitempty"`
	Unnamed     int                  `json:"unnamed"`
	Outputs     []string             `json:"outputs,omitempty"`
}

// trip is what became of an input.
type trip struct {
	in   *input
	trip *convert.Trip
	err  error
}

// Run sends all files there and back.
func (c *roundtripCommand) Run(a *app) error {
	opt, list, err := c.begin(a, c.Files)
	if err != nil {
		return err
	}
	var out sink
	if c.Output != "" {
		if out, err = a.open(&c.conversionFlags, list); err != nil {
			return err
		}
	}
	items := c.trips(a, list, opt, out)
	if out != nil {
		if err := out.close(); err != nil {
			return err
		}
	}
	if err := c.write(a, items); err != nil {
		return err
	}
	return a.verdict(c.FailOn)
}

// trips makes the trips in order.
func (c *roundtripCommand) trips(a *app, list []*input, opt convert.Options, out sink) []tripItem {
	var items []tripItem
	work := func(in *input) trip {
		data, err := in.read(a.stdin)
		if err != nil {
			return trip{in: in, err: err}
		}
		t, err := convert.RoundTrip(data, opt)
		return trip{in, t, err}
	}
	bar := a.progress(list, "converting")
	ordered(list, runtime.GOMAXPROCS(0), work, func(t trip) {
		bar.step(t.in.name, t.err)
		item := a.arrived(t, out)
		if t.err == nil && item.Error == "" && !c.JSON && !c.Quiet {
			a.printTrip(t)
		}
		items = append(items, item)
	})
	bar.end()
	return items
}

// arrived writes the result of a trip.
func (a *app) arrived(t trip, out sink) tripItem {
	item := tripItem{Input: t.in.name}
	if t.err == nil {
		item.Outputs, t.err = bringHome(t, out)
	}
	if t.err != nil {
		a.fail(t.in.name, t.err)
		item.Error = advise(t.err)
		return item
	}
	a.saw(t.trip.Worst())
	item.Format, item.There, item.Back, item.Differences = t.trip.Format, t.trip.There, t.trip.Back, t.trip.Differences
	item.Unnamed = unnamed(t.trip)
	return item
}

func bringHome(t trip, out sink) ([]string, error) {
	var names []string
	if out == nil {
		return nil, nil
	}
	for _, data := range t.trip.Result {
		name, err := out.put(t.in.base, output{t.trip.Format, data})
		if err != nil {
			return names, err
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}

func unnamed(t *convert.Trip) int {
	n := 0
	for _, d := range t.Differences {
		if !d.Named {
			n++
		}
	}
	return n
}

// write gives the JSON to those who want it.
func (c *roundtripCommand) write(a *app, items []tripItem) error {
	v := map[string]any{"trips": items}
	if c.Report != "" {
		if err := writeJSON(c.Report, v); err != nil {
			return err
		}
	}
	if !c.JSON {
		return nil
	}
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	if c.Indent || a.outTerminal {
		e.SetIndent("", "  ")
	}
	return e.Encode(v)
}

// printTrip tells people about a trip.
func (a *app) printTrip(t trip) {
	for _, way := range []struct {
		name   string
		report *convert.Report
	}{{"there", t.trip.There}, {"back", t.trip.Back}} {
		r := way.report
		fmt.Fprintf(a.stdout, "%s\n", visible(fmt.Sprintf("%s, %s: %s %s to %s %s: %s", t.in.name, way.name, r.Source.Name, r.Source.Version, r.Target.Name, r.Target.Version, counts(r))))
		a.text(a.stdout, r)
		fmt.Fprintln(a.stdout)
	}
	a.printDifferences(a.stdout, t)
}

// printDifferences tells what the real comparison found.
func (a *app) printDifferences(w io.Writer, t trip) {
	name, n := visible(t.in.name), len(t.trip.Differences)
	if n == 0 {
		fmt.Fprintf(w, "%s: the result is equal to the input\n", name)
		return
	}
	fmt.Fprintf(w, "%s: %s between input and result; ", name, plural(n, "difference"))
	if u := unnamed(t.trip); u > 0 {
		fmt.Fprintf(w, "%d not named by a report, which is a fault of elmobridge\n", u)
	} else {
		fmt.Fprintln(w, "the reports name each")
	}
	for _, d := range t.trip.Differences {
		by := d.Row + " " + string(d.Verdict)
		if !d.Named {
			by = "NOT NAMED"
		}
		fmt.Fprintf(w, "  %-9s  %-17s  %s\n", d.Kind, by, visible(short(d.Path)))
	}
}
