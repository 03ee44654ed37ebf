// Command elmobridge converts ELMO documents to European Digital Credentials and back, and tells what
// did not come across. Run it with --help.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"elmobridge/convert"
	"elmobridge/mapping"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// Exit codes.
const (
	exitDone  = 0
	exitInput = 1 // an input could not be converted, or an output not be written
	exitUsage = 2
	exitLoss  = 3 // done, but the report holds something at or above --fail-on, or --check found an error
)

const description = `Converts ELMO (EMREX) documents to European Digital Credentials and back, and reports everything that does not come across unchanged. Works offline, but for time stamps that are asked for; serve answers over HTTP.`

// commands are the subcommands.
type commands struct {
	Convert   convertCommand   `cmd:"" help:"Convert ELMO to European Digital Credentials, or back; the content tells which."`
	Roundtrip roundtripCommand `cmd:"" help:"Convert there and back, and compare the result with the input."`
	Inspect   inspectCommand   `cmd:"" help:"Show what is in a file: learner, institutions, results, attachments."`
	Validate  validateCommand  `cmd:"" help:"Check files against the schema of ELMO or a profile of European Digital Credentials."`
	Sign      signCommand      `cmd:"" help:"Sign ELMO documents, seal credentials."`
	Verify    verifyCommand    `cmd:"" help:"Verify signatures and seals, and tell what was not checked."`
	Gaps      gapsCommand      `cmd:"" help:"Show where each field goes and what is lost, or count what files lose."`
	Serve     serveCommand     `cmd:"" help:"Serve conversion over HTTP."`
	Audit     auditCommand     `cmd:"" help:"Print the audit log of serve, and check that nobody has changed it."`
	Config    configCommand    `cmd:"" help:"Check the configuration of serve, make tokens for it."`
	Version   versionCommand   `cmd:"" help:"Show the version of the program and of the formats."`
}

// app is one run of the program.
type app struct {
	stdin       io.Reader
	stdout      *standardOutput
	stderr      io.Writer
	outTerminal bool // stdout is a terminal
	errTerminal bool
	colour      bool // escape sequences may be written to stderr
	quiet       bool

	failed bool            // an input could not be converted
	worst  convert.Verdict // of all reports
	faulty bool            // --check found an error in what was written
}

// usageError is a mistake on the command line.
type usageError struct{ error }

// exitError ends a run that is done with a code; what there is to say has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func main() {
	a := &app{
		stdin: os.Stdin, stdout: &standardOutput{file: os.Stdout}, stderr: os.Stderr,
		outTerminal: term.IsTerminal(int(os.Stdout.Fd())), errTerminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	a.colour = a.errTerminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	os.Exit(a.complete(a.run(os.Args[1:])))
}

// helpAsked ends a run whose help was printed.
type helpAsked struct{}

func (a *app) run(args []string) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case helpAsked:
			code = exitDone
		default:
			panic(r)
		}
	}()
	var c commands
	parser, err := kong.New(&c, kong.Name("elmobridge"), kong.Description(description),
		kong.Writers(a.stdout, a.stderr), kong.Exit(func(int) { panic(helpAsked{}) }),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100}), kong.Bind(a), kong.Configuration(loadConfiguration))
	if err != nil {
		panic(err) // the struct above is wrong
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	context, err := parser.Parse(args)
	switch {
	case err == nil:
		err = context.Run(a)
	case a.stdout.err == nil: // else the help could not be written
		err = usageError{err}
	}
	return a.exitCode(err, context)
}

// exitCode reports an error that ended the run and gives the exit code.
func (a *app) exitCode(err error, context *kong.Context) int {
	var (
		mistake usageError
		code    exitError
	)
	switch {
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &mistake):
		a.errorf("%v; see elmobridge%s --help", mistake.error, commandOf(err, context))
		return exitUsage
	case errors.Is(err, convert.ErrOptions):
		a.errorf("%v", err)
		return exitUsage
	case err != nil:
		a.errorf("%s", a.tell(err))
		return exitInput
	}
	return exitDone
}

// commandOf is the subcommand that was called, with a blank before it.
func commandOf(err error, context *kong.Context) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) {
		context = parse.Context
	}
	if context == nil {
		return ""
	}
	for _, p := range context.Path {
		if p.Command != nil {
			return " " + p.Command.Name
		}
	}
	return ""
}

func (a *app) errorf(format string, args ...any) {
	fmt.Fprintf(a.stderr, "%s %s\n", a.paint(red, "elmobridge:"), visible(fmt.Sprintf(format, args...)))
}

// fail reports that an input could not be converted; the others still are.
func (a *app) fail(name string, err error) {
	a.failed = true
	a.errorf("%s: %s", name, a.tell(err))
}

// saw takes note of a verdict for --fail-on.
func (a *app) saw(v convert.Verdict) {
	if v.Severity() > a.worst.Severity() {
		a.worst = v
	}
}

// judge gives the exit code of a run that is done.
func (a *app) judge(failOn string) int {
	limit := mapping.Verdict(failOn).Severity()
	switch {
	case a.failed:
		return exitInput
	case a.faulty || limit > 0 && a.worst.Severity() >= limit:
		return exitLoss
	}
	return exitDone
}
