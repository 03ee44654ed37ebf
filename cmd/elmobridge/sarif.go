package main

import (
	"net/url"
	"path/filepath"

	"elmobridge/convert"
)

// The parts of SARIF 2.1.0 (OASIS, 2020) that code hosts show: one run, its rules, a result for each
// finding with the line and, as logical location, the path in the document.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		Results    []sarifResult `json:"results"`
		ColumnKind string        `json:"columnKind"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string             `json:"id"`
		Short         sarifText          `json:"shortDescription"`
		Help          sarifText          `json:"help"`
		Configuration sarifConfiguration `json:"defaultConfiguration"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
	}
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// unreadable is the rule of files that could not be read at all.
const unreadable = "UNREADABLE"

var sarifLevels = map[convert.Severity]string{convert.SeverityError: "error", convert.SeverityWarning: "warning", convert.SeverityAdvice: "note"}

func (c *validateCommand) writeSARIF(items []validateItem) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
		Tool: sarifTool{sarifDriver{Name: "elmobridge", Rules: []sarifRule{{
			ID: unreadable, Short: sarifText{"The file can be read."}, Help: sarifText{"The file can be read."}, Configuration: sarifConfiguration{"error"},
		}}}}}
	index := map[string]int{unreadable: 0}
	for _, r := range convert.Rules() {
		index[r.ID] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: r.ID, Short: sarifText{r.Text}, Help: sarifText{r.Text + " Source: " + r.Source + "."}, Configuration: sarifConfiguration{sarifLevels[r.Severity]},
		})
	}
	for _, item := range items {
		for _, f := range item.all() {
			run.Results = append(run.Results, sarifOf(f, item.Input, index[f.Rule]))
		}
	}
	return writeJSON(c.SARIF, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// all are the findings of a file, the error of reading it among them.
func (i validateItem) all() []convert.Finding {
	if i.Validation == nil {
		return []convert.Finding{{Rule: unreadable, Severity: convert.SeverityError, Text: i.Error}}
	}
	return i.Findings
}

// sarifOf is a finding as a result; rule is the index of its rule.
func sarifOf(f convert.Finding, file string, rule int) sarifResult {
	location := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{address(file)}}}
	if f.Line > 0 {
		location.Physical.Region = &sarifRegion{f.Line}
	}
	if f.Path != "" {
		location.Logical = []sarifLogical{{f.Path}}
	}
	return sarifResult{RuleID: f.Rule, RuleIndex: rule, Level: sarifLevels[f.Severity], Message: sarifText{f.Text}, Locations: []sarifLocation{location}}
}

// address is a file as a URI reference: relative, or of scheme file.
func address(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}
