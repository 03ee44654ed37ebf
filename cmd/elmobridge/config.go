package main

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// configuration is a file of --config: a section with the flags of serve, and those of partners.
type configuration struct {
	sections map[string]any
	alone    bool // variables of the environment do not go before it
}

// loadConfiguration is a kong.ConfigurationLoader.
func loadConfiguration(r io.Reader) (kong.Resolver, error) { return readConfiguration(r, false) }

func readConfiguration(r io.Reader, alone bool) (kong.Resolver, error) {
	c := &configuration{alone: alone}
	d := yaml.NewDecoder(r)
	if err := d.Decode(&c.sections); err != nil && err != io.EOF {
		return nil, fmt.Errorf("not YAML of sections with flags: %w", err)
	}
	if err := d.Decode(new(any)); err != io.EOF {
		return nil, errors.New("there is more than one YAML document in the file")
	}
	return c, nil
}

// Validate refuses what the command does not have: a misspelt name would have no effect. It is a method of
// kong.Resolver.
func (c *configuration) Validate(app *kong.Application) error {
	for _, name := range slices.Sorted(maps.Keys(c.sections)) {
		if name != serveSection && !slices.Contains(partnerSections, name) {
			return fmt.Errorf("%s: no such section; the file has %s and %s", name, serveSection, strings.Join(partnerSections, ", "))
		}
	}
	section, ok := c.sections[serveSection].(map[string]any)
	if !ok && c.sections[serveSection] != nil {
		return fmt.Errorf("%s: not names of flags with values", serveSection)
	}
	for _, name := range slices.Sorted(maps.Keys(section)) {
		if !known(app, name) {
			return fmt.Errorf("%s: %s: no such flag of serve", serveSection, name)
		}
		if section[name] == nil {
			return fmt.Errorf("%s: %s: no value", serveSection, name)
		}
	}
	return nil
}

// serveSection is the section that a file can have, the command that takes --config.
const serveSection = "serve"

// known tells whether serve has a flag that can stand in a file.
func known(app *kong.Application, flag string) bool {
	for _, command := range app.Children {
		if command.Name == serveSection {
			return flag != "config" && slices.ContainsFunc(command.Flags, func(f *kong.Flag) bool { return f.Name == flag })
		}
	}
	return false
}

// Resolve gives the value of a flag. Out of the box kong lets a file go before the environment.
func (c *configuration) Resolve(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	if n := parent.Node(); n == nil || n.Name != serveSection {
		return nil, nil
	}
	set := func(name string) bool { _, set := os.LookupEnv(name); return set }
	if !c.alone && slices.ContainsFunc(flag.Envs, set) {
		return nil, nil
	}
	section, _ := c.sections[serveSection].(map[string]any)
	return section[flag.Name], nil
}

type configCommand struct {
	Check configCheck `cmd:"" help:"Check a file for serve --config: names, values, and the files it names."`
	Token configToken `cmd:"" help:"Make a token for a client or for the operator, and the digest that the configuration has of it."`
}

type configToken struct{}

// Run makes a token of 130 random bits. Who has the digest cannot find it.
func (configToken) Run(a *app) error {
	token := rand.Text()
	_, err := fmt.Fprintf(a.stdout, "token    %s\nsha-256  %x\n", token, sha256.Sum256([]byte(token)))
	return err
}

type configCheck struct {
	File string `arg:"" name:"file" help:"The file; - is standard input."`
}

// Help is the text below the flags.
func (configCheck) Help() string {
	return `The file has four sections; what is not in it has its default.

    serve:                # flags of serve, without the dashes
      listen: 0.0.0.0:8080
    sources:              # of results of learners
      archive:
        folder: /srv/elmo # a folder of ELMO documents, or one file
      studies:
        url: https://studies.example.org/elmo
        identifier: nationalIdentifier # which of the learner's it knows
        in: header        # header, query, or path with {identifier} in the url
        name: X-Learner   # of the header or the query parameter
        token-file: FILE  # bearer token of this service
        certificate: FILE # of this service (PEM), with key: FILE, for mutual TLS
        ca: FILE          # that the certificate of the source leads to (PEM)
        proxy: false      # use the proxy that the environment names
        time: 10s         # for an answer
        assurance: low    # with which the learner must be logged in: low, substantial or high
    clients:              # who may ask sources
      portal:
        tokens-sha256: [] # digests of its tokens, from elmobridge config token
        sources: [archive, studies]
        assurance: substantial # with which it logs learners in
    consent: [application-2026] # keys of the texts that clients show to learners

Exit codes: 0 serve would start with it; 2 it would not.`
}

// Run checks a file as serve would read it without variables of the environment.
func (c *configCheck) Run(a *app) error {
	data, err := (&input{file: c.File}).read(a.stdin)
	if err != nil {
		return usage("%s: %w", c.File, reason(err))
	}
	if err := checkConfiguration(string(data)); err != nil {
		return usageError{fmt.Errorf("%s: %w", c.File, err)}
	}
	_, err = fmt.Fprintf(a.stdout, "%s: can be used\n", visible(c.File))
	return err
}

func checkConfiguration(text string) error {
	resolver, err := readConfiguration(strings.NewReader(text), true)
	if err != nil {
		return err
	}
	var c commands
	parser, err := kong.New(&c, kong.Resolvers(resolver))
	if err != nil {
		return err
	}
	if _, err := parser.Parse([]string{serveSection}); err != nil {
		return err
	}
	more, err := readPartners([]byte(text))
	if err != nil {
		return err
	}
	_, err = c.Serve.load(more, slog.New(slog.DiscardHandler))
	return err
}
