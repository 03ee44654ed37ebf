package main

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"elmobridge/convert"
	"elmobridge/edci/verification"
)

type signCommand struct {
	Key string `required:"" group:"Keys" placeholder:"FILE|URI" help:"The private key: PEM, PKCS#12 or a pkcs11: URI, see above."`
	sealFlags
	TSATrust   []string `name:"tsa-trust" group:"Keys" sep:"none" placeholder:"FILE|DIR" help:"Certificates (PEM) that the one of the time-stamping authority must lead to. Without them any authority will do."`
	Output     string   `short:"o" placeholder:"FILE|DIR/" help:"Write to this file, or one file per input into this folder. Files get mode 0600: they hold personal data."`
	Form       string   `enum:",jades,jwt" default:"" placeholder:"jades|jwt" help:"Form of the seal of a credential: JAdES as Europass has it, or a JWT (default jades)."`
	Reissue    bool     `help:"Credentials: the date of issue becomes that of sealing, as Europass has it. Else it is filled in only where it is missing."`
	Hash       string   `enum:",sha256,sha384,sha512" default:"" placeholder:"sha256|sha384|sha512" help:"ELMO: hash of signature and digest (default sha256)."`
	Replace    bool     `help:"ELMO: take away the signature that is there."`
	Supplement int      `placeholder:"N" help:"ELMO: sign this diploma supplement, from 1; it must be signed before the document."`
	Quiet      bool     `short:"q" help:"Errors only."`
	Files      []string `arg:"" name:"file" help:"ELMO documents or credentials; - is standard input."`
}

// Help is the text below the flags.
func (signCommand) Help() string {
	return `An ELMO document gets an XML signature as EMREX wants it; its other bytes stay as they are. A credential gets what the sealing services of Europass fill in from the certificate, if it is missing, and a seal around it. What is signed must not be changed afterwards, not even indented.

` + keyHelp + `

Examples:

    elmobridge sign --key seal.p12 -o sealed.jsonld credential.jsonld
    elmobridge sign --key emp.pem --cert emp.crt -o signed/ *.xml
    elmobridge sign --key seal.p12 --tsa https://tsa.example.org/tsr credential.jsonld > sealed.jsonld
    elmobridge sign --key "pkcs11:token=seals;object=rsa?module-path=/usr/lib/softhsm/libsofthsm2.so" -o sealed.jsonld credential.jsonld

Exit codes: 0 done; 1 an input could not be signed, the others are; 2 wrong usage, or a key that cannot be used.`
}

// hashes are those of --hash.
var hashes = map[string]crypto.Hash{"": 0, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}

// signed is what became of an input.
type signed struct {
	in     *input
	result *convert.Signed
	err    error
}

// Run signs all files.
func (c *signCommand) Run(a *app) error {
	to := conversionFlags{Output: c.Output, reads: append(c.sealFlags.files(c.Key), (&trustFlags{TSATrust: c.TSATrust}).files()...)}
	if err := c.check(&to); err != nil {
		return err
	}
	a.quiet = c.Quiet
	seal, err := c.sealing(a)
	if err != nil {
		return err
	}
	defer seal.key.Close()
	list := inputs(c.Files)
	out, err := a.open(&to, list)
	if err != nil {
		return err
	}
	bar := a.progress(list, "signing")
	ordered(list, runtime.GOMAXPROCS(0), func(in *input) signed {
		data, err := in.read(a.stdin)
		if err != nil {
			return signed{in: in, err: err}
		}
		s, err := convert.Sign(context.Background(), data, seal.key, seal.opt)
		return signed{in, s, err}
	}, func(s signed) {
		bar.step(s.in.name, s.err)
		a.signed(s, out)
	})
	bar.end()
	if err := out.close(); err != nil {
		return err
	}
	if a.failed {
		return exitError(exitInput)
	}
	return nil
}

// check refuses what cannot be meant.
func (c *signCommand) check(to *conversionFlags) error {
	switch {
	case c.Supplement < 0:
		return usage("--supplement counts from 1")
	case c.TSATrust != nil && c.TSA == "":
		return usage("--tsa-trust goes with --tsa")
	case len(c.Files) > 1 && !isFolder(c.Output):
		return usage("several files need -o DIR/")
	}
	return to.check(c.Files)
}

func (c *signCommand) sealing(a *app) (*sealing, error) {
	roots, err := authorities(c.TSATrust)
	if err != nil {
		return nil, err
	}
	key, tsa, err := c.open(a.passphrase, "--key", c.Key)
	if err != nil {
		return nil, err
	}
	return &sealing{key, convert.SignOptions{Form: convert.SignatureForm(c.Form), Hash: hashes[c.Hash], Replace: c.Replace,
		Supplement: c.Supplement, Timestamper: tsa, TSA: roots, Reissue: c.Reissue}}, nil
}

// signed writes a file that was signed, and says so.
func (a *app) signed(s signed, out sink) {
	err := s.err
	name := ""
	if err == nil {
		name, err = out.put(s.in.base, output{s.result.Format, s.result.Data})
	}
	switch {
	case err != nil:
		a.fail(s.in.name, err)
	case !a.quiet:
		text := fmt.Sprintf("%s: signed (%s)", s.in.name, s.result.Form)
		if name != "" {
			text += ", written to " + name
		}
		if list := s.result.Around; len(list) > 0 {
			text += "; not in the signed file: " + strings.Join(list, ", ")
		}
		if p := s.result.Issuer; p.Status == verification.NotChecked {
			text += "; issuer not checked: " + p.Reason
		}
		fmt.Fprintln(a.stderr, visible(text))
	}
}

// extension is that of the file an output goes to.
func (o output) extension() string {
	if o.kind == convert.FormatEDC && bytes.HasPrefix(o.data, []byte("eyJ")) {
		return ".jwt"
	}
	return extensions[o.kind]
}

var (
	errSeveral = errors.New("it makes several credentials, and sealed ones do not stand in one array")
	errNoSeal  = errors.New("--seal is for credentials, and this becomes an ELMO document")
)
