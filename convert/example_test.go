package convert_test

import (
	"fmt"
	"log"
	"os"

	"elmobridge/convert"
	"elmobridge/elmo"
)

// The code in README.md is the body of this function.
func ExampleToEDC() {
	xml, err := os.ReadFile("../testdata/elmo/one-course.xml")
	if err != nil {
		log.Fatal(err)
	}
	doc, err := elmo.Read(xml, elmo.ReadOptions{})
	if err != nil {
		log.Fatal(err) // with line and path, without values: safe to log
	}
	credentials, report, err := convert.ToEDC(doc, convert.Options{DefaultLanguage: "en"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(credentials), "credential, worst:", report.Worst())
	// Output: 1 credential, worst: kept
}
