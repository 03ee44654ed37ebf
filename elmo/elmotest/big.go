package elmotest

import (
	"fmt"

	"elmobridge/elmo"
)

// Courses gives a transcript of n courses under one programme, about 0.9 KB of XML each, as
// universities send it.
func Courses(n int) *elmo.Document {
	programme := &elmo.LearningOpportunitySpecification{
		Identifiers: []elmo.Identifier{{Type: "local", Value: "BSC"}},
		Titles:      []elmo.Text{{Lang: "en", Value: "Bachelor of Science"}},
		Type:        "Degree Programme",
		Specifies:   &elmo.Specifies{Instance: &elmo.LearningOpportunityInstance{Status: "passed"}},
	}
	for i := range n {
		programme.HasParts = append(programme.HasParts, &elmo.HasPart{Specification: course(i)})
	}
	return &elmo.Document{
		GeneratedDate: "2026-01-31T12:00:00+01:00",
		Learner:       &elmo.Learner{GivenNames: "Kari", FamilyName: "Nordmann", DateOfBirth: "2000-02-29"},
		Reports: []*elmo.Report{{
			Issuer: &elmo.Issuer{
				Country:     "NO",
				Identifiers: []elmo.Identifier{{Type: "schac", Value: "example.org"}},
				Titles:      []elmo.Text{{Lang: "en", Value: "Example University"}},
				URL:         "https://example.org",
			},
			LearningOpportunitySpecifications: []*elmo.LearningOpportunitySpecification{programme},
			IssueDate:                         "2026-01-31T12:00:00+01:00",
		}},
	}
}

func course(i int) *elmo.LearningOpportunitySpecification {
	return &elmo.LearningOpportunitySpecification{
		Identifiers:  []elmo.Identifier{{Type: "local", Value: fmt.Sprintf("INF-%04d", i)}},
		Titles:       []elmo.Text{{Lang: "en", Value: fmt.Sprintf("Course number %d", i)}, {Lang: "no", Value: fmt.Sprintf("Emne nummer %d", i)}},
		Type:         "Course",
		ISCEDCode:    "0613",
		URL:          fmt.Sprintf("https://example.org/course/INF-%04d", i),
		Descriptions: []elmo.Text{{Lang: "en", Value: "What the course is about, in a sentence or two of plain text."}},
		Specifies: &elmo.Specifies{Instance: &elmo.LearningOpportunityInstance{
			Identifiers:           []elmo.Identifier{{Type: "local", Value: fmt.Sprintf("INF-%04d/2025", i)}},
			Start:                 "2025-08-15",
			Date:                  "2025-12-15",
			Status:                "passed",
			ResultLabel:           "B",
			Credits:               []*elmo.Credit{{Scheme: "ects", Value: "7.5"}},
			Levels:                []*elmo.Level{{Type: "EQF", Value: "6"}},
			LanguageOfInstruction: "en",
			EngagementHours:       "200",
		}},
	}
}
