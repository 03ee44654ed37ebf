package main

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"elmobridge/convert"
	"elmobridge/elmo/xmldsig"
)

// trustFlags say whom to believe.
type trustFlags struct {
	Trust    []string `group:"Trust" sep:"none" placeholder:"FILE|DIR" help:"Certificates and public keys (PEM) to believe, or a folder of them (*.pem, *.crt, *.cer); can be given again. An ELMO document must be signed by one of them, a credential by one of the certificates or one that leads to them."`
	TSATrust []string `name:"tsa-trust" group:"Trust" sep:"none" placeholder:"FILE|DIR" help:"The same for time-stamping authorities: certificates. Without them the time of a seal is only claimed."`
	SHA1     string   `name:"sha1" group:"Trust" enum:"warn,refuse,accept" default:"warn" placeholder:"warn|refuse|accept" help:"Signatures of ELMO documents with SHA-1 (default ${default})."`
}

// Limits of what is trusted.
const (
	trustLimit = 1 << 20 // bytes of a file
	mostFiles  = 1000    // in a folder
)

// load reads all that is trusted.
func (f *trustFlags) load() (convert.Trust, error) {
	t := convert.Trust{SHA1: xmldsig.Policy(f.SHA1)}
	var err error
	if t.Keys, err = trusted("--trust", f.Trust); err != nil {
		return t, err
	}
	authorities, err := trusted("--tsa-trust", f.TSATrust)
	for _, k := range authorities {
		if k.Certificate == nil {
			return t, usage("--tsa-trust: a public key is not enough; give the certificate")
		}
		t.TSA = append(t.TSA, k.Certificate)
	}
	return t, err
}

// files are those that were named.
func (f *trustFlags) files() []string { return slices.Concat(f.Trust, f.TSATrust) }

// trusted reads the keys in files and folders.
func trusted(flag string, paths []string) ([]xmldsig.Key, error) {
	var keys []xmldsig.Key
	for _, path := range paths {
		files, err := trustFiles(path)
		if err != nil {
			return nil, usage("%s %s: %w", flag, path, reason(err))
		}
		for _, file := range files {
			more, err := trustFile(file)
			if err != nil {
				return nil, usage("%s %s: %w", flag, file, reason(err))
			}
			keys = append(keys, more...)
		}
	}
	return keys, nil
}

// trustFiles are the files that a path stands for.
func trustFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if end := strings.ToLower(filepath.Ext(e.Name())); end == ".pem" || end == ".crt" || end == ".cer" {
			files = append(files, filepath.Join(path, e.Name()))
		}
	}
	switch n := len(files); {
	case n == 0:
		return nil, errors.New("no *.pem, *.crt or *.cer in this folder")
	case n > mostFiles:
		return nil, fmt.Errorf("more than %d files", mostFiles)
	}
	return files, nil
}

// trustFile reads the keys in a file: PEM, or one certificate in DER, as *.cer files often have it.
func trustFile(path string) ([]xmldsig.Key, error) {
	data, err := readFile(path, trustLimit)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		if c, err := x509.ParseCertificate(data); err == nil {
			return []xmldsig.Key{{Certificate: c}}, nil
		}
	}
	return xmldsig.ParseKeys(data)
}
