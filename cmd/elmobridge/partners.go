package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"elmobridge/api"
	"elmobridge/api/evidence"
	resultfiles "elmobridge/api/evidence/folder"
	"elmobridge/api/evidence/resultservice"
	"elmobridge/api/rest"

	"github.com/go-playground/validator/v10"
	"go.yaml.in/yaml/v3"
)

// partners are the sections of a configuration file that are no flags: where results of learners come from, and
// who may ask for them.
type partners struct {
	Sources map[string]sourceSettings `yaml:"sources" validate:"dive,keys,max=64,endkeys"`
	Clients map[string]clientSettings `yaml:"clients" validate:"dive,keys,max=64,endkeys"`
	Consent []string                  `yaml:"consent" validate:"max=100,unique,dive,min=1,max=64"`
}

// partnerSections are their names in a file.
var partnerSections = []string{"sources", "clients", "consent"}

// sourceSettings are a folder or a file, or a result service.
type sourceSettings struct {
	Assurance string `yaml:"assurance" validate:"omitempty,oneof=low substantial high"`

	Folder string `yaml:"folder" validate:"required_without=URL,excluded_with=URL"`

	URL         string        `yaml:"url" validate:"omitempty,url"`
	Identifier  string        `yaml:"identifier" validate:"required_with=URL"`
	In          string        `yaml:"in" validate:"required_with=URL,omitempty,oneof=header query path"`
	Name        string        `yaml:"name"`
	TokenFile   string        `yaml:"token-file"`
	Certificate string        `yaml:"certificate" validate:"required_with=Key"`
	Key         string        `yaml:"key" validate:"required_with=Certificate"`
	CA          string        `yaml:"ca"`
	Proxy       bool          `yaml:"proxy"`
	Time        time.Duration `yaml:"time" validate:"min=0"`
}

// clientSettings are those of a portal that logs learners in.
type clientSettings struct {
	Tokens    []string `yaml:"tokens-sha256" validate:"min=1,max=10,dive,len=64,hexadecimal"`
	Sources   []string `yaml:"sources" validate:"min=1"`
	Assurance string   `yaml:"assurance" validate:"omitempty,oneof=low substantial high"`
}

// readPartners reads the sections of a file; what is misspelt is an error.
func readPartners(data []byte) (*partners, error) {
	var file struct {
		Serve    yaml.Node `yaml:"serve"`
		partners `yaml:",inline"`
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil && err != io.EOF {
		var typed *yaml.TypeError
		if errors.As(err, &typed) && len(typed.Errors) > 0 {
			return nil, errors.New(goTypes.Replace(typed.Errors[0]))
		}
		return nil, err
	}
	if err := checks.Struct(file.partners); err != nil {
		return nil, settingsError(err)
	}
	return &file.partners, file.together()
}

// together checks what the sections say of each other.
func (f *partners) together() error {
	if len(f.Sources) > 0 && len(f.Consent) == 0 {
		return errors.New("consent: is missing: list the keys of the texts that learners agree to")
	}
	owner := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(f.Clients)) {
		for _, s := range f.Clients[name].Sources {
			if _, known := f.Sources[s]; !known && s != api.DemoSource {
				return fmt.Errorf("clients.%s.sources: there is no source %s", name, s)
			}
		}
		for _, t := range f.Clients[name].Tokens {
			if other := owner[strings.ToLower(t)]; other != "" {
				return fmt.Errorf("clients.%s.tokens-sha256: a token is that of %s as well", name, other)
			}
			owner[strings.ToLower(t)] = name
		}
	}
	return nil
}

// goTypes takes the names of Go types out of messages of the YAML decoder.
var goTypes = strings.NewReplacer("main.sourceSettings", "a source", "main.clientSettings", "a client", "main.partners", "the file",
	"type struct { Serve yaml.Node \"yaml:\\\"serve\\\"\"; main.partners \"yaml:\\\",inline\\\"\" }", "the file", "into []string", "as a list", "into string", "as a text")

// checks validates settings by their tags, and names them as the file does.
var checks = func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		return name
	})
	return v
}()

// settingProblems are what tags of the validator stand for.
var settingProblems = map[string]string{
	"required_without": "give a folder or a url",
	"excluded_with":    "give either a folder or a url",
	"required_with":    "is missing",
	"url":              "is not a URL",
	"oneof":            "is none of ",
	"len":              "is not a SHA-256 digest as 64 hexadecimal digits; elmobridge config token makes one",
	"hexadecimal":      "is not a SHA-256 digest as 64 hexadecimal digits; elmobridge config token makes one",
	"min":              "is missing or empty",
	"max":              "is too long, or too many",
	"unique":           "names something twice",
}

// settingsError is the first problem, in the words of the file and without the value.
func settingsError(err error) error {
	var list validator.ValidationErrors
	if !errors.As(err, &list) {
		return err
	}
	e := list[0]
	text, known := settingProblems[e.Tag()]
	if !known {
		text = "is not as it must be (" + e.Tag() + ")"
	}
	if e.Tag() == "oneof" {
		text += strings.ReplaceAll(e.Param(), " ", ", ")
	}
	_, path, _ := strings.Cut(e.Namespace(), ".")
	return fmt.Errorf("%s: %s", strings.NewReplacer("[", ".", "]", "").Replace(path), text)
}

// sources opens the sources, in the order of their names.
func (f *partners) sources(log *slog.Logger) (map[string]evidence.Provider, error) {
	opened := map[string]evidence.Provider{}
	for _, name := range slices.Sorted(maps.Keys(f.Sources)) {
		s := f.Sources[name]
		source, err := s.open(log)
		if err != nil {
			return nil, usage("sources.%s: %w", name, withFile(err))
		}
		opened[name] = evidence.Provider{Source: source, Assurance: evidence.Assurance(s.Assurance)}
	}
	return opened, nil
}

func (s *sourceSettings) open(log *slog.Logger) (evidence.Source, error) {
	if s.Folder != "" {
		return resultfiles.Open(s.Folder, resultfiles.Limits{}, log)
	}
	c := resultservice.Config{URL: s.URL, Identifier: s.Identifier, In: resultservice.Place(s.In), Name: s.Name,
		TokenFile: s.TokenFile, Proxy: s.Proxy, Time: s.Time}
	if s.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(s.Certificate, s.Key)
		if err != nil {
			return nil, fmt.Errorf("certificate and key: %w", withFile(err))
		}
		c.Certificate = &pair
	}
	if s.CA != "" {
		data, err := os.ReadFile(s.CA)
		if err != nil {
			return nil, fmt.Errorf("ca: %w", withFile(err))
		}
		c.Roots = x509.NewCertPool()
		if !c.Roots.AppendCertsFromPEM(data) {
			return nil, errors.New("ca: there is no certificate in the file")
		}
	}
	return resultservice.New(c)
}

// asksDemo tells whether a client may ask the source of the demo.
func (f *partners) asksDemo() bool {
	_, own := f.Sources[api.DemoSource]
	for _, c := range f.Clients {
		if slices.Contains(c.Sources, api.DemoSource) && !own {
			return true
		}
	}
	return false
}

// withFile is an error about a file with the name of the file.
func withFile(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("%s: %w", path.Path, path.Err)
	}
	return err
}

// clients are those of package rest, in the order of their names.
func (f *partners) clients() (list []rest.Client) {
	for _, name := range slices.Sorted(maps.Keys(f.Clients)) {
		c := f.Clients[name]
		client := rest.Client{Name: name, Sources: c.Sources, Assurance: evidence.Assurance(c.Assurance)}
		for _, text := range c.Tokens {
			client.Tokens = append(client.Tokens, [sha256.Size]byte(digest(text)))
		}
		list = append(list, client)
	}
	return list
}

// digest is a SHA-256 digest in hexadecimal that was checked before.
func digest(text string) []byte {
	sum, err := hex.DecodeString(text)
	if err != nil || len(sum) != sha256.Size {
		panic("not a digest")
	}
	return sum
}
