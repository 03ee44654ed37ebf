package display

import (
	"fmt"

	"elmobridge/edci"
)

// texts makes a language map of tag, text, tag, text.
func texts(pairs ...string) edci.LangString {
	var s edci.LangString
	for i := 0; i+1 < len(pairs); i += 2 {
		s = append(s, edci.LangText{Lang: pairs[i], Text: pairs[i+1]})
	}
	return s
}

// course makes a claim as our mapping does.
func course(title edci.LangString, code, grade, points, date string, parts ...*edci.LearningAchievement) *edci.LearningAchievement {
	a := &edci.LearningAchievement{Title: title, HasPart: parts, AwardedBy: &edci.AwardingProcess{AwardingDate: date}}
	a.SpecifiedBy = &edci.LearningAchievementSpecification{Identifier: []*edci.Identifier{
		{Notation: "c_1", SchemeName: "elmo:type:los"}, {Notation: code, SchemeName: "local"}}}
	if grade != "" {
		a.ProvenBy = []*edci.LearningAssessment{{Grade: &edci.Note{NoteLiteral: texts("und", grade)},
			GradeStatus: &edci.Concept{ID: "http://data.europa.eu/snb/grade-status/c_60a1cf9a"}}}
	}
	if points != "" {
		a.CreditReceived = []*edci.CreditPoint{{Point: points, Framework: &edci.Concept{ID: "http://data.europa.eu/snb/education-credit/6fcec5c5af"}}}
	}
	return a
}

// credential puts claims in a credential.
func credential(title, institution, given, familyName edci.LangString, top ...*edci.LearningAchievement) *edci.EuropeanDigitalCredential {
	school := &edci.Organisation{LegalName: institution}
	p := &edci.Person{GivenName: given, FamilyName: familyName, DateOfBirth: "1999-03-07T00:00:00",
		NationalID: &edci.Identifier{Notation: "070399-123A"}}
	for _, a := range top {
		a.AwardedBy.AwardingBody = []edci.AnyAgent{school}
		p.HasClaim = append(p.HasClaim, a)
	}
	return &edci.EuropeanDigitalCredential{ValidFrom: "2026-06-30T00:00:00+03:00", Issuer: school, CredentialSubject: p,
		DisplayParameter: &edci.DisplayParameter{Title: title}}
}

var subjects = []edci.LangString{
	texts("en", "Introduction to Programming", "fi", "Johdatus ohjelmointiin"),
	texts("en", "Linear Algebra and Matrices I", "fi", "Lineaarialgebra ja matriisit I"),
	texts("en", "Academic Writing in the Second National Language, oral and written skills for students of Engineering and Natural Sciences"),
	texts("en", "Data Structures & Algorithms"),
	texts("en", "Operating Systems"),
	texts("fi", "Tietoliikennetekniikan perusteet"),
}

// courses makes n courses.
func courses(n int) []*edci.LearningAchievement {
	var all []*edci.LearningAchievement
	for i := range n {
		all = append(all, course(subjects[i%len(subjects)], fmt.Sprintf("CS.%03d", 100+7*i), fmt.Sprint(1+i*3%5),
			[]string{"5", "7.5", "10", "2.5"}[i%4], fmt.Sprintf("202%d-%02d-%02dT00:00:00", 3+i/20%3, 1+i%12, 1+i*5%28)))
	}
	return all
}

// degree is a programme of n courses in modules of twelve.
func degree(n int) *edci.EuropeanDigitalCredential {
	var modules []*edci.LearningAchievement
	for i := 0; i < n; i += 12 {
		modules = append(modules, course(texts("en", fmt.Sprintf("Module %d: Foundations of Computing", i/12+1), "fi", fmt.Sprintf("Moduuli %d: Tietotekniikan perusteet", i/12+1)),
			fmt.Sprintf("MOD-%d", i/12+1), "", "60", "", courses(min(12, n-i))...))
	}
	if n >= 5 {
		modules[0].HasPart[2].HasPart = courses(2)
		modules[0].HasPart[3].ProvenBy[0].GradeStatus = &edci.Concept{ID: "x#status/failed", PrefLabel: texts("en", "failed")}
		modules[0].HasPart[4].CreditReceived = append(modules[0].HasPart[4].CreditReceived, &edci.CreditPoint{Point: "3", Framework: &edci.Concept{Notation: "ov"}})
	}
	top := course(texts("en", "Bachelor of Science (Technology), Information Technology", "fi", "Tekniikan kandidaatti, tietotekniikka"), "TITE-K", "4.2", "180", "2026-06-15T00:00:00+03:00", modules...)
	top.SpecifiedBy.EQFLevel = &edci.Concept{ID: "http://data.europa.eu/snb/eqf/6"}
	top.SpecifiedBy.DCType = []*edci.Concept{{PrefLabel: texts("en", "Educational programme")}}
	top.ProvenBy[0].SpecifiedBy = &edci.LearningAssessmentSpecification{GradingScheme: &edci.GradingScheme{Title: texts("und", "0-5"),
		Description: texts("en", "Scale of 0 to 5, where 5 is the best and 1 the lowest passing grade. Some courses are graded pass or fail only. The final grade is the mean of the grades of all courses, weighted with their credits.")}}
	c := credential(texts("en", "Transcript of records", "fi", "Opintosuoritusote"), texts("en", "University of Turku", "fi", "Turun yliopisto"), texts("und", "Väinö Olavi"), texts("und", "Mäki-Łukaszewicz"), top)
	c.Issuer = &edci.Organisation{LegalName: texts("en", "Finnish National Agency for Education")}
	return c
}

// bulgarian and greek are credentials in other scripts.
func bulgarian() *edci.EuropeanDigitalCredential {
	return credential(texts("bg", "Академична справка"), texts("bg", "Софийски университет „Св. Климент Охридски“"), texts("und", "Ѝоанна"), texts("und", "Хаджиѐва-Щърбанова"),
		course(texts("bg", "Бакалавър по информатика"), "ИН-Б", "Отличен 5,87", "240", "2026-06-15T00:00:00",
			course(texts("bg", "Увод в програмирането"), "И101", "Отличен 6", "8", "2024-01-31T00:00:00"),
			course(texts("bg", "Дискретна математика и математическа логика с приложения в информатиката"), "И102", "Мн. добър 5", "7.5", "2024-02-07T00:00:00"),
			course(texts("bg", "Геометрия"), "И103", "Добър 4", "5", "2024-02-12T00:00:00")))
}

func greek() *edci.EuropeanDigitalCredential {
	return credential(texts("el", "Αναλυτική βαθμολογία"), texts("el", "Εθνικό και Καποδιστριακό Πανεπιστήμιο Αθηνών"), texts("und", "Ἑλένη"), texts("und", "Παπαδοπούλου-Ξαΐδη"),
		course(texts("el", "Εισαγωγή στη φιλοσοφία"), "ΦΙΛ01", "8,5", "6", "2025-02-14T00:00:00"),
		course(texts("el", "Αρχαία ελληνική γραμματεία: Ὅμηρος, Ἰλιάς, ῥαψῳδία Α"), "ΦΙΛ02", "10", "6", "2025-06-20T00:00:00"),
		course(texts("el", "Nguyễn Văn, ẞ ş ț ğ ő ł ż ə 漢字 מ x̃"), "ΦΙΛ03", "9", "4.5", "2025-06-28T00:00:00"))
}
