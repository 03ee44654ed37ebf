package main

import (
	"elmobridge/api/rest"
	"elmobridge/convert"
)

// serviceSeal are the flags of the key with which the service seals.
type serviceSeal struct {
	Seal     string `group:"Keys" env:"ELMOBRIDGE_SEAL" placeholder:"FILE|URI" help:"Seal with this private key, for requests that accept sealed forms, what is signed by somebody of --trust (require-signature) and results of the sources of the configuration; without --issuer the certificate says who issues. As for convert; the passphrase or PIN is taken from ELMOBRIDGE_PASSPHRASE."`
	SealCert string `name:"seal-cert" group:"Keys" env:"ELMOBRIDGE_SEAL_CERT" placeholder:"FILE" help:"The certificates of the key (PEM) when they are not with it."`
	TSA      string `name:"tsa" group:"Keys" env:"ELMOBRIDGE_TSA" placeholder:"URL" help:"Ask this time-stamping authority (RFC 3161) to prove the time of each JAdES seal: level T; with --tsa-trust one that leads there. It is sent a digest, nothing else."`
}

// load opens the key, for a service whose other settings are known.
func (c *serviceSeal) load(s *settings) error {
	switch {
	case c.Seal == "" && (c.SealCert != "" || c.TSA != ""):
		return usage("--seal-cert and --tsa go with --seal")
	case c.Seal == "":
		return nil
	case s.api.Demo:
		return usage("--demo and --seal exclude each other: results of made-up learners would be sealed")
	case len(s.api.Trust.Keys) == 0 && len(s.api.Sources) == 0:
		return usage("--seal needs --trust, or sources: what nobody vouches for is not sealed")
	}
	flags := sealFlags{Cert: c.SealCert, TSA: c.TSA}
	key, tsa, err := flags.open(givenPassphrase, "--seal", c.Seal)
	if err != nil {
		return err
	}
	opt := convert.SignOptions{Timestamper: tsa}
	if tsa != nil {
		opt.TSA = s.api.Trust.TSA
	}
	s.key = key
	if s.api.Seal, err = rest.NewSealer(key, s.api.Issuer, opt); err != nil {
		return usage("--seal: %w", err)
	}
	return nil
}
