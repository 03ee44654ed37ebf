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
	"elmobridge/elmo/emreg"
	"elmobridge/elmo/xmldsig"
)

// trustFlags say whom to believe.
type trustFlags struct {
	Trust    []string `group:"Trust" sep:"none" placeholder:"FILE|DIR" help:"Certificates and public keys (PEM) to believe, a folder of them (*.pem, *.crt, *.cer), or a list of EMREG (JSON); can be given again. An ELMO document must be signed by one of them, a credential by one of the certificates or one that leads to them."`
	Provider string   `group:"Trust" placeholder:"ACRONYM" help:"Of a list of EMREG given with --trust, believe this provider alone; else all of them."`
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
	lists := 0
	if t.Keys, err = trusted("--trust", f.Trust, func(data []byte) ([]xmldsig.Key, error) {
		if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
			return certificates(data)
		}
		lists++
		providers, err := emreg.Read(data)
		if err != nil {
			return nil, err
		}
		return emreg.Keys(providers, f.Provider)
	}); err != nil {
		return t, err
	}
	if f.Provider != "" && lists == 0 {
		return t, usage("--provider is one of a list of EMREG, and --trust names no such list")
	}
	t.TSA, err = authorities(f.TSATrust)
	return t, err
}

// authorities are the certificates of --tsa-trust.
func authorities(paths []string) (list []*x509.Certificate, err error) {
	found, err := trusted("--tsa-trust", paths, certificates)
	for _, k := range found {
		if k.Certificate == nil {
			return nil, usage("--tsa-trust: a public key is not enough; give the certificate")
		}
		list = append(list, k.Certificate)
	}
	return list, err
}

// files are those that were named, and those in folders.
func (f *trustFlags) files() (list []string) {
	for _, path := range slices.Concat(f.Trust, f.TSATrust) {
		files, _, _ := trustFiles(path) // load tells of the error
		list = append(append(list, path), files...)
	}
	return list
}

// trusted reads the keys in files and folders. A file that is named must hold one; in a folder others may
// stand beside those that do, such as private keys.
func trusted(flag string, paths []string, parse func([]byte) ([]xmldsig.Key, error)) ([]xmldsig.Key, error) {
	var keys []xmldsig.Key
	for _, path := range paths {
		files, folder, err := trustFiles(path)
		if err != nil {
			return nil, usage("%s %s: %w", flag, path, reason(err))
		}
		before := len(keys)
		for _, file := range files {
			more, err := trustFile(file, parse)
			if err != nil && !(folder && errors.Is(err, xmldsig.ErrNoKeys)) {
				return nil, usage("%s %s: %w", flag, file, reason(err))
			}
			keys = append(keys, more...)
		}
		if len(keys) == before {
			return nil, usage("%s %s: no certificate and no public key in the *.pem, *.crt and *.cer of this folder", flag, path)
		}
	}
	return keys, nil
}

// trustFiles are the files that a path stands for: itself, or in a folder those that may hold
// certificates.
func trustFiles(path string) (files []string, folder bool, err error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, false, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, true, err
	}
	for _, e := range entries {
		file := filepath.Join(path, e.Name())
		end := strings.ToLower(filepath.Ext(file))
		if (end == ".pem" || end == ".crt" || end == ".cer") && !isOther(file) {
			files = append(files, file)
		}
	}
	switch n := len(files); {
	case n == 0:
		return nil, true, errors.New("no *.pem, *.crt or *.cer in this folder")
	case n > mostFiles:
		return nil, true, fmt.Errorf("more than %d files", mostFiles)
	}
	return files, true, nil
}

// isOther tells whether there is something that is no regular file, such as a folder or a pipe.
func isOther(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular()
}

// trustFile reads the keys in a file.
func trustFile(path string, parse func([]byte) ([]xmldsig.Key, error)) ([]xmldsig.Key, error) {
	if isOther(path) { // opening a pipe would wait for its writer
		return nil, errors.New("is no regular file")
	}
	data, err := readFile(path, trustLimit)
	if err != nil {
		return nil, err
	}
	return parse(data)
}

// certificates reads PEM, or one certificate in DER, as *.cer files often have it.
func certificates(data []byte) ([]xmldsig.Key, error) {
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		if c, err := x509.ParseCertificate(data); err == nil {
			return []xmldsig.Key{{Certificate: c}}, nil
		}
	}
	return xmldsig.ParseKeys(data)
}
