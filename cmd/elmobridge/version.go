package main

import (
	"fmt"
	"runtime/debug"

	"elmobridge/mapping"
)

type versionCommand struct{}

// Run prints the versions.
func (versionCommand) Run(a *app) error {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value[:min(len(s.Value), 12)]
			}
		}
	}
	fmt.Fprintf(a.stdout, "elmobridge %s%s\n", programVersion(), revision)
	fmt.Fprintf(a.stdout, "mapping table %s\n", mapping.TableVersion)
	fmt.Fprintln(a.stdout, "reads ELMO 1.0 to 1.7 and 2.0, European Digital Credentials of ELM 3.0 to 3.2")
	fmt.Fprintln(a.stdout, "writes ELMO 1.7 (1.0 to 2.0 on request), European Digital Credentials of ELM 3.2")
	return nil
}

// builtVersion is set by the linker, where the source that is built has no history: -X main.builtVersion=v1.2.3.
var builtVersion string

// programVersion is the version of the module, or says that it was built from a working copy.
func programVersion() string {
	if builtVersion != "" {
		return builtVersion
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
