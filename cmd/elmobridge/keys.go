package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"elmobridge/convert"
	"elmobridge/convert/keys"
	"elmobridge/edci/jades"

	"golang.org/x/term"
)

// passphraseVariable is where the passphrase of a key is looked for before anybody is asked.
const passphraseVariable = "ELMOBRIDGE_PASSPHRASE"

const keyHelp = `Keys are files in PEM or DER (PKCS#8, PKCS#1, SEC 1) or PKCS#12, which their owner alone may read, or in tokens: pkcs11:token=LABEL;object=LABEL?module-path=/PATH (RFC 7512; id, serial, manufacturer and model may be there too; in programs built with the tag pkcs11). The passphrase or PIN is taken from ` + passphraseVariable + `, or asked for on the terminal.`

// sealFlags say more about a key than its name.
type sealFlags struct {
	Cert string `group:"Keys" placeholder:"FILE" help:"The certificates of the key (PEM) when they are not with it."`
	TSA  string `name:"tsa" group:"Keys" placeholder:"URL" help:"Ask this time-stamping authority (RFC 3161) to prove the time of each seal: level T. It is sent a digest, nothing else goes over the network."`
}

// open loads the key that a flag names, and the time-stamping authority.
func (f *sealFlags) open(passphrase func() ([]byte, error), flag, key string) (*keys.Pair, jades.Timestamper, error) {
	var tsa jades.Timestamper
	if f.TSA != "" {
		authority, err := newAuthority(f.TSA)
		if err != nil {
			return nil, nil, usage("--tsa %w", err)
		}
		tsa = jades.NewTimestamper(authority.ask)
	}
	pair, err := keys.Open(key, keys.Options{Certificates: f.Cert, Passphrase: passphrase})
	if err != nil {
		return nil, nil, usage("%s: %s", flag, plainError(err.Error()))
	}
	return pair, tsa, nil
}

// files are those that hold the key and its certificates.
func (f *sealFlags) files(key string) (list []string) {
	if key != "" && !keys.IsURI(key) {
		list = append(list, key)
	}
	if f.Cert != "" {
		list = append(list, f.Cert)
	}
	return list
}

var errNobody = errors.New("set " + passphraseVariable + ", or call it from a terminal")

// givenPassphrase gives the passphrase that the environment has, for a program that nobody sits at.
func givenPassphrase() ([]byte, error) {
	if p, ok := os.LookupEnv(passphraseVariable); ok {
		return []byte(p), nil
	}
	return nil, errors.New("set " + passphraseVariable)
}

// passphrase gives the passphrase of a key that is encrypted.
func (a *app) passphrase() ([]byte, error) {
	if p, err := givenPassphrase(); err == nil {
		return p, nil
	}
	terminal := os.Stdin
	if !term.IsTerminal(int(terminal.Fd())) { // it may be an input
		var err error
		if terminal, err = os.OpenFile("/dev/tty", os.O_RDWR, 0); err != nil {
			return nil, errNobody
		}
		defer terminal.Close()
	}
	fmt.Fprint(a.stderr, "Passphrase of the key: ")
	p, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(a.stderr)
	if err != nil {
		return nil, errNobody
	}
	return p, nil
}

// sealing is how the results of a conversion are sealed.
type sealing struct {
	key *keys.Pair
	opt convert.SignOptions
}

// plainError is the text of an error without the names of our packages, which mean nothing to people.
func plainError(text string) string {
	for _, name := range []string{"edci", "jades", "jose", "jwtvc", "keys", "options"} {
		text = strings.ReplaceAll(strings.TrimPrefix(text, name+": "), ": "+name+": ", ": ")
	}
	return text
}
