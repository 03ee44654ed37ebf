package evidence_test

import (
	"testing"

	"elmobridge/api/evidence"
	"elmobridge/convert"
	"elmobridge/elmo"
	"elmobridge/elmo/elmotest"
)

// BenchmarkHandOver measures all steps from the learner to the credential beside the conversion alone.
func BenchmarkHandOver(b *testing.B) {
	data, err := elmo.Marshal(elmotest.Courses(40), elmo.WriteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	opt := convert.Options{Display: convert.DisplayMinimal}
	b.Run("convert", func(b *testing.B) {
		for b.Loop() {
			list, _, err := convert.ToEDC(read(b, data), opt)
			if err != nil {
				b.Fatal(err)
			}
			convert.AppendEDC(nil, list[0], opt)
		}
	})
	for name, key := range map[string]string{"everything": evidence.Everything, "a course": "report[1]/learningOpportunitySpecification[1]/hasPart[7]/learningOpportunitySpecification"} {
		b.Run(name, func(b *testing.B) {
			s := withSource(b, fixed{data: data})
			for b.Loop() {
				session := begin(b, s, anybody)
				if _, err := deliver(s, portal, consent(b, s, session, convert.FormatEDC, key)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
