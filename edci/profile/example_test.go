package profile_test

import (
	"fmt"
	"os"

	"elmobridge/edci"
	"elmobridge/edci/profile"
)

// A credential is read and checked; no finding holds a value of it.
func ExampleCheckSource() {
	src, err := os.ReadFile("testdata/small.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	credentials, err := edci.Read(src, edci.ReadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range profile.CheckSource(credentials[0].Source, profile.Accredited, profile.Options{}) {
		fmt.Printf("%s %s %q: %s\n(%s)\n", f.Severity, f.Rule, f.Path, f.Text, f.Source)
	}
	// Output:
	// error EDC-MIN "": A EuropeanDigitalCredential needs at least 1 evidence, and this one has 0: add it.
	// (EDC-AP 3.2 edc-accredited, EuropeanDigitalCredential/evidence)
}
