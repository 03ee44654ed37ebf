package elmo_test

import (
	"fmt"
	"os"

	"elmobridge/elmo"
)

func ExampleRead() {
	doc, err := elmo.Read([]byte(`<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
  <generatedDate>2026-01-31T12:00:00Z</generatedDate>
  <learner><bday>2000-02-29</bday><givenNames> Zoë </givenNames><familyName/></learner>
</elmo>`), elmo.ReadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(doc.Learner.GivenNames, doc.Learner.DateOfBirth)
	for _, o := range doc.Source.Observations {
		fmt.Println(o.Line, o.Kind, o.Path)
	}
	// Output:
	// Zoë 2000-02-29
	// 3 collapsed learner/givenNames
	// 3 order learner/bday
}

func ExampleFit() {
	doc := &elmo.Document{Learner: &elmo.Learner{GivenNames: "Zoë", Gender: "2"}}
	old, moved := elmo.Fit(doc, elmo.V14)
	fmt.Println(moved)
	_ = elmo.Write(os.Stdout, old, elmo.WriteOptions{Version: elmo.V14, Indent: true, Skeleton: true})
	// Output:
	// [{learner/gender extension 1.5}]
	// <?xml version="1.0" encoding="UTF-8"?>
	// <elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
	//   <learner>
	//     <givenNames>Zoë</givenNames>
	//   </learner>
	//   <extension>
	//     <b:kept xmlns:b="urn:uuid:5001a2ef-8849-5823-bef5-a333aacf3b03" at="learner/gender" position="1"><gender xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">2</gender></b:kept>
	//   </extension>
	// </elmo>
}
