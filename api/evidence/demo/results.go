package demo

import (
	"elmobridge/elmo"
)

// Short names of the model, which the documents below are full of.
type (
	los = elmo.LearningOpportunitySpecification
	loi = elmo.LearningOpportunityInstance
)

// The institutions.
var (
	fjordheim  = issuer("NO", "fjordheim.example.org", text("en", "University of Fjordheim"), text("no", "Universitetet i Fjordheim"))
	wzorowice  = issuer("PL", "wzorowice.example.org", text("pl", "Uniwersytet w Wzorowicach"), text("en", "University of Wzorowice"))
	paradeisos = issuer("GR", "paradeisos.example.org", text("el", "Πανεπιστήμιο Παραδείσου"), text("en", "University of Paradeisos"))
)

func issuer(country, domain string, titles ...elmo.Text) *elmo.Issuer {
	return &elmo.Issuer{Country: country, Identifiers: []elmo.Identifier{{Type: "schac", Value: domain}}, Titles: titles, URL: "https://www." + domain}
}

func text(lang, value string) elmo.Text { return elmo.Text{Lang: lang, Value: value} }

func texts(t ...elmo.Text) []elmo.Text { return t }

// issued is when all of the documents were made.
const issued = "2026-06-30T12:00:00Z"

func document(l *elmo.Learner, reports ...*elmo.Report) *elmo.Document {
	return &elmo.Document{GeneratedDate: issued, Learner: l, Reports: reports}
}

func report(i *elmo.Issuer, results ...*los) *elmo.Report {
	return &elmo.Report{Issuer: i, LearningOpportunitySpecifications: results, IssueDate: issued}
}

// result is a specification with its instance.
func result(kind, code string, titles []elmo.Text, i *loi, parts ...*los) *los {
	s := &los{Identifiers: []elmo.Identifier{{Type: "local", Value: code}}, Titles: titles, Type: kind, Specifies: &elmo.Specifies{Instance: i}}
	for _, p := range parts {
		s.HasParts = append(s.HasParts, &elmo.HasPart{Specification: p})
	}
	return s
}

// passed is an instance with a grade of a scheme of the report.
func passed(date, scheme, grade, ects string) *loi {
	return &loi{Date: date, Status: "passed", GradingSchemeLocalID: scheme, ResultLabel: grade,
		Credits: []*elmo.Credit{{Scheme: "ects", Value: ects}}, LanguageOfInstruction: "en"}
}

func scheme(id string, t ...elmo.Text) *elmo.GradingScheme {
	return &elmo.GradingScheme{LocalID: id, Descriptions: t}
}

func file(kind, id string, titles []elmo.Text, content string) *elmo.Attachment {
	return &elmo.Attachment{Identifiers: []elmo.Identifier{{Type: "elmo", Value: id}}, Titles: titles, Type: kind, Contents: texts(text("en", content))}
}

// letters is the scheme of Norway.
func letters() *elmo.GradingScheme {
	return scheme("A-F", text("en", "A (best) to E (sufficient), F is failed"), text("no", "A (best) til E (tilstrekkelig), F er ikke bestått"))
}

// programme: a degree with courses, a scheme for letters and one for pass and fail, and the transcript of the provider.
func programme(l *elmo.Learner) *elmo.Document {
	degree := passed("2026-06-15", "A-F", "B", "180")
	degree.Start, degree.Levels = "2023-08-14", []*elmo.Level{{Type: "EQF", Value: "6"}}
	bachelor := result("Degree Programme", "BA-FISH", texts(text("en", "Bachelor in Fjord Studies"), text("no", "Bachelor i fjordstudier")), degree,
		result("Course", "FJ101", texts(text("en", "Introduction to fjords"), text("no", "Innføring i fjorder")), passed("2023-12-11", "A-F", "A", "10")),
		result("Course", "FJ102", texts(text("en", "Tides and currents"), text("no", "Tidevann og strømmer")), passed("2024-06-03", "A-F", "C", "7.5")),
		result("Course", "FJ199", texts(text("en", "Fieldwork by boat"), text("no", "Feltarbeid i båt")), passed("2024-08-30", "pass", "Passed", "5")))
	bachelor.ISCEDCode, bachelor.URL = "0532", "https://www.fjordheim.example.org/ba-fish"
	bachelor.Descriptions = texts(text("en", "Three years beside the water."))
	r := report(fjordheim, bachelor)
	r.GradingSchemes = []*elmo.GradingScheme{letters(), scheme("pass", text("en", "Passed or failed"))}
	d := document(l, r)
	d.Attachments = []*elmo.Attachment{file("EMREX transcript", "transcript", texts(text("en", "Transcript")), pdf("University of Fjordheim: transcript of a made-up learner"))}
	return d
}

// failures: courses that are not passed, in terms as groups.
func failures(l *elmo.Learner) *elmo.Document {
	again := passed("2025-12-15", "A-F", "F", "10")
	again.Status = "failed"
	absent := passed("2026-06-02", "A-F", "Absent", "10")
	absent.Status = "failed"
	now := &loi{Start: "2026-01-12", Status: "in-progress", Credits: []*elmo.Credit{{Scheme: "ects", Value: "10"}}, LanguageOfInstruction: "no",
		AcademicTerm: &elmo.AcademicTerm{Titles: texts(text("en", "Spring 2026")), Start: "2026-01-01", End: "2026-07-31"}}
	fine := passed("2025-12-18", "A-F", "E", "7.5")
	again.Grouping, fine.Grouping = &elmo.Grouping{TypeRef: "term", IDRef: "2025-2"}, &elmo.Grouping{TypeRef: "term", IDRef: "2025-2"}
	absent.Grouping, now.Grouping = &elmo.Grouping{TypeRef: "term", IDRef: "2026-1"}, &elmo.Grouping{TypeRef: "term", IDRef: "2026-1"}
	r := report(fjordheim,
		result("Course", "MAT100", texts(text("en", "Calculus"), text("no", "Matematisk analyse")), again),
		result("Course", "MAT100", texts(text("en", "Calculus"), text("no", "Matematisk analyse")), absent),
		result("Course", "PHI001", texts(text("en", "Examen philosophicum")), fine),
		result("Course", "CHE200", texts(text("en", "Chemistry of sea water")), now))
	r.GradingSchemes = []*elmo.GradingScheme{letters()}
	d := document(l, r)
	d.Groups = &elmo.Groups{GroupTypes: []*elmo.GroupType{{ID: "term", Titles: texts(text("en", "Term")), Groups: []*elmo.Group{
		{ID: "2025-2", SortingKey: "1", Titles: texts(text("en", "Autumn 2025"))}, {ID: "2026-1", SortingKey: "2", Titles: texts(text("en", "Spring 2026"))}}}}}
	return d
}

// diploma: a degree with a supplement, and files that it refers to.
func diploma(l *elmo.Learner) *elmo.Document {
	degree := passed("2022-07-05", "2-5", "5", "300")
	degree.Start, degree.LanguageOfInstruction = "2017-10-01", "pl"
	degree.Levels = []*elmo.Level{{Type: "EQF", Value: "7"}, {Type: "NQF", Value: "7", Description: &elmo.Text{Lang: "pl", Value: "Poziom 7 Polskiej Ramy Kwalifikacji"}}}
	degree.Attachments = &elmo.AttachmentRefs{Refs: []string{"diploma", "supplement"}}
	degree.DiplomaSupplement = supplement(l)
	thesis := passed("2022-06-20", "2-5", "5", "20")
	thesis.LanguageOfInstruction = "pl"
	r := report(wzorowice,
		result("Degree Programme", "MGR-FIL", texts(text("pl", "Filologia wymyślona, studia magisterskie"), text("en", "Master in Invented Philology")), degree,
			result("Course", "PRACA", texts(text("pl", "Praca magisterska: Źdźbło w literaturze"), text("en", "Thesis: the blade of grass in literature")), thesis)),
		result("Course", "WF", texts(text("pl", "Wychowanie fizyczne"), text("en", "Physical education")), passed("2018-06-15", "zal", "zal.", "0")))
	r.GradingSchemes = []*elmo.GradingScheme{scheme("2-5", text("pl", "5 – bardzo dobry … 2 – niedostateczny"), text("en", "5 (very good) to 2 (failed)")), scheme("zal", text("pl", "zal. – zaliczono"))}
	r.Attachments = []*elmo.Attachment{
		file("Diploma", "diploma", texts(text("pl", "Dyplom")), pdf("Uniwersytet w Wzorowicach: dyplom")),
		file("Diploma Supplement", "supplement", texts(text("en", "Diploma Supplement")), pdf("University of Wzorowice: diploma supplement")),
	}
	return document(l, r)
}

func supplement(l *elmo.Learner) *elmo.DiplomaSupplement {
	section := func(number, title, content string, parts ...*elmo.Section) *elmo.Section {
		s := &elmo.Section{Number: number, Title: title, Sections: parts}
		if content != "" {
			s.Content = &elmo.SectionContent{Value: content}
		}
		return s
	}
	return &elmo.DiplomaSupplement{Lang: "en", Version: "2018", IssueDate: "2022-07-30",
		Introduction: elmo.Raw{XML: "This Diploma Supplement is made up; its form is that of the European Commission, Council of Europe and UNESCO/CEPES."},
		Sections: []*elmo.Section{
			section("1", "Information identifying the holder of the qualification", "", section("1.1", "Last name(s)", l.FamilyName), section("1.2", "First name(s)", l.GivenNames)),
			section("2", "Information identifying the qualification", "", section("2.1", "Name of qualification", "magister"), section("2.2", "Main fields of study", "Invented philology")),
			section("4", "Information on the programme completed and the results obtained", "", section("4.3", "Programme details", "Ten semesters; see the transcript."))}}
}

// exchange: reports of two issuers, each with a scheme of the same local name.
func exchange(l *elmo.Learner) *elmo.Document {
	at := report(wzorowice,
		result("Course", "INF-1", texts(text("pl", "Algorytmy"), text("en", "Algorithms")), passed("2023-01-30", "S", "4+", "6")),
		result("Course", "INF-2", texts(text("pl", "Języki formalne"), text("en", "Formal languages")), passed("2023-06-22", "S", "3,5", "5")))
	at.GradingSchemes = []*elmo.GradingScheme{scheme("S", text("pl", "Skala od 2 do 5"))}
	abroad := report(fjordheim,
		result("Course", "INF210", texts(text("en", "Compilers"), text("no", "Kompilatorer")), passed("2024-12-09", "S", "B", "10")),
		result("Class", "NOR1", texts(text("en", "Norwegian for beginners")), passed("2024-12-01", "", "Passed", "5")))
	abroad.GradingSchemes = []*elmo.GradingScheme{scheme("S", text("en", "A to F"))}
	abroad.Attachments = []*elmo.Attachment{file("Transcript of Records", "tor", texts(text("en", "Transcript of Records")), pdf("University of Fjordheim: results of an exchange"))}
	return document(l, at, abroad)
}

// modules: three levels of parts, in Greek and English, and how the results of others were spread.
func modules(l *elmo.Learner) *elmo.Document {
	exam := passed("2021-02-11", "0-10", "8,5", "6")
	exam.ResultDistribution = &elmo.ResultDistribution{Categories: []*elmo.Category{{Label: "5", Count: "12"}, {Label: "8,5", Count: "4"}, {Label: "10", Count: "1"}}}
	other := passed("2021-06-25", "0-10", "7", "6")
	other.ShortenedGrading = &elmo.ShortenedGrading{PercentageLower: "40", PercentageEqual: "25", PercentageHigher: "35"}
	other.EngagementHours = "150"
	degree := passed("2024-07-12", "0-10", "7,92", "240")
	degree.LanguageOfInstruction, degree.Levels = "el", []*elmo.Level{{Type: "EQF", Value: "6"}}
	r := report(paradeisos, result("Degree Programme", "ΦΥΣ", texts(text("el", "Πτυχίο Φανταστικής Φυσικής"), text("en", "Degree in Imaginary Physics")), degree,
		result("Module", "Α", texts(text("el", "Κύκλος Α΄: θεμέλια"), text("en", "Module A: foundations")), passed("2021-06-30", "0-10", "7,75", "12"),
			result("Course", "Α1", texts(text("el", "Μηχανική"), text("en", "Mechanics")), exam),
			result("Course", "Α2", texts(text("el", "Κύματα"), text("en", "Waves")), other)),
		result("Module", "Β", texts(text("el", "Κύκλος Β΄: εργαστήρια"), text("en", "Module B: laboratories")), passed("2023-06-30", "0-10", "9", "30"))))
	r.GradingSchemes = []*elmo.GradingScheme{scheme("0-10", text("el", "Από 0 έως 10, βάση το 5"), text("en", "0 to 10, passed from 5"))}
	return document(l, r)
}

// microCredential: one result with a picture, and a file of the document that it does not refer to.
func microCredential(l *elmo.Learner) *elmo.Document {
	i := passed("2025-10-03", "", "", "3")
	i.Levels, i.Attachments = []*elmo.Level{{Type: "EQF", Value: "5"}}, &elmo.AttachmentRefs{Refs: []string{"badge"}}
	s := result("Course", "MC-7", texts(text("el", "Διαχείριση φανταστικών δεδομένων"), text("en", "Managing imaginary data")), i)
	s.Descriptions = texts(text("en", "Two weeks, online."))
	s.HTML = texts(text("en", "<p>Two weeks, <b>online</b>.</p>"))
	r := report(paradeisos, s)
	r.Attachments = []*elmo.Attachment{file("Micro Credential", "badge", texts(text("el", "Σήμα"), text("en", "Badge")), badge())}
	d := document(l, r)
	d.Attachments = []*elmo.Attachment{file("Other", "terms", texts(text("en", "Terms of the course")), pdf("Terms of a course that does not exist"))}
	return d
}
